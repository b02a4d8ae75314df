"""What each stage of a report costs, in cuts: the processor time of bare cutting of the same texts by rjieba (各步骤).

usage: GOVTEXT_DATA=… python benchmarks/report.py [ROUNDS]

Prints a table of stages of `govtext report --no-figures` of the provincial reports, the dearest first, each without the
stages inside it, and the sum. One warm process: a whole report is written before the clock starts. Bare cutting is
timed before and after every round; all figures are medians.
"""

import gc
import importlib
import os
import platform
import statistics
import sys
import tempfile
import time
from functools import wraps
from pathlib import Path

import rjieba

import govtext as gt
from govtext import provenance, report

PATHS = sorted(Path(os.environ["GOVTEXT_DATA"]).glob("reports/provincial-202[56]/*.txt"))
# What is timed: the stage, the module that calls it, and its name there.
STAGES = (
    ("read", "govtext", "read_corpus"),
    ("parse, segment", "govtext.tokens.Segmenter", "__call__"),
    ("themes", "govtext.classify", "themes"),
    ("roles", "govtext.classify", "roles"),
    ("indicators", "govtext.indicators", "extract"),
    ("checks", "govtext.indicators", "check"),
    ("citations", "govtext.citations", "extract"),
    ("lint", "govtext.report.analysis", "lint"),
    ("keywords", "govtext.keywords.weighting", "keywords_in"),
    ("intervals of keywords", "govtext.report.analysis", "intervals_of_each"),
    ("network", "govtext.network", "cooccurrence"),
    ("communities", "govtext.network", "communities"),
    ("centralities", "govtext.network", "centralities"),
    ("layout", "govtext.network", "layout"),
    ("attention", "govtext.compare", "attention"),
    ("promises", "govtext.compare", "promises"),
    ("indicator pairs", "govtext.compare", "indicator_pairs"),
    ("shared passages", "govtext.compare", "reuse_corpus"),
    ("tables", "govtext.report", "write_tables"),
    ("graphml, gexf", "govtext.report", "write_graphs"),
    ("page", "govtext.report", "render"),
    ("page: network", "govtext.report.page", "network_of"),
    ("page: marks, text", "govtext.report.contents.Leaf", "full_text"),
    ("page: font", "govtext.report.analysis", "page_font"),
    ("manifest", "govtext.provenance", "record"),
)


class Clock:
    """Processor time by stage, of each stage without those that it calls."""

    def __init__(self):
        self.spent, self.open, self.last = {}, ["the rest"], time.process_time()

    def turn(self):
        now = time.process_time()
        self.spent[self.open[-1]] = self.spent.get(self.open[-1], 0.0) + now - self.last
        self.last = now

    def of(self, stage, function):
        @wraps(function)
        def timed(*args, **options):
            self.turn()
            self.open.append(stage)
            try:
                return function(*args, **options)
            finally:
                self.turn()
                self.open.pop()

        return timed


def watched(clock):
    for stage, place, name in STAGES:
        try:
            owner = importlib.import_module(place)
        except ModuleNotFoundError:
            module, _, kind = place.rpartition(".")
            owner = getattr(importlib.import_module(module), kind)
        setattr(owner, name, clock.of(stage, getattr(owner, name)))


def once(clock, texts, bare, folder):
    """Return the seconds of each stage of one report, of the whole, and of bare cutting beside it."""
    cuts = []

    def cut():
        began = time.process_time()
        for text in texts:
            bare.cut(text)
        cuts.append(time.process_time() - began)

    for _ in range(3):
        cut()
    gc.collect()  # what the round before has left
    clock.__init__()
    report.write(gt.read_corpus(*PATHS), folder, options=report.Options(figures=False))
    clock.turn()
    for _ in range(3):
        cut()
    return dict(clock.spent), statistics.median(cuts)


def main(rounds):
    texts = [path.read_text(encoding="utf-8-sig") for path in PATHS]
    clock, bare = Clock(), rjieba.Jieba()
    watched(clock)
    with tempfile.TemporaryDirectory() as folder:
        found = [once(clock, texts, bare, Path(folder) / "report") for _ in range(rounds + 1)][1:]
    print(f"# {time.strftime('%Y-%m-%d')}, {platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
          f"load {os.getloadavg()[0]:.1f}, commit {str(provenance.install()['commit'])[:12]}, {len(texts)} texts, "
          f"{sum(len(text.encode()) for text in texts) / 1e6:.2f} MB, {rounds} rounds")  # fmt: skip
    names = sorted({name for spent, _ in found for name in spent})
    ratios = {name: statistics.median(spent.get(name, 0) / cut for spent, cut in found) for name in names}
    for name in sorted(ratios, key=ratios.get, reverse=True):
        print(f"{name:24s} {ratios[name]:7.2f}")
    wholes = [sum(spent.values()) / cut for spent, cut in found]
    print(f"{'sum':24s} {statistics.median(wholes):7.2f}   ({min(wholes):.1f} to {max(wholes):.1f}; "
          f"a cut is {statistics.median(cut for _, cut in found):.3f} s)")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
