"""Speed against what people use, on the same texts in one run, as ratios of processor time (与同类工具比较速度).

usage: GOVTEXT_DATA=… python benchmarks/speed.py [ROUNDS]

Prints a table: what, seconds, and how many times the bare cutting of the same texts by rjieba it takes. Peers that are
not installed are named; put them into an environment of their own together with govtext: harvesttext, cntext, jionlp.
Imports and dictionaries are loaded before the clock starts.
"""

import importlib
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

import jieba
import rjieba
from sklearn.feature_extraction.text import CountVectorizer

import govtext as gt
from govtext import counts, keywords, network, provenance, report

PATHS = sorted(Path(os.environ["GOVTEXT_DATA"]).glob("reports/provincial-202[56]/*.txt"))
TEXTS = [path.read_text(encoding="utf-8-sig") for path in PATHS]
PEERS = {
    "harvesttext": ("HarvestText().seg", lambda m: m.HarvestText().seg),
    "cntext": ("term_freq", lambda m: lambda text: m.term_freq(text, "chinese")),
    "jionlp": ("split_sentence", lambda m: m.split_sentence),
}


def spent(function):
    began = time.process_time()
    function()
    return time.process_time() - began


def rows():
    """What is measured, by name."""
    segment, bare = gt.Segmenter(), rjieba.Jieba()
    jieba.setLogLevel(60)
    jieba.initialize()
    documents = [gt.parse(text, id=str(number)) for number, text in enumerate(TEXTS)]
    tokens = [segment(document) for document in documents]
    folder = tempfile.TemporaryDirectory()
    place = Path(folder.name)

    def whole():
        report.write(gt.read_corpus(*PATHS), place / "report", options=report.Options(figures=False))

    def stream():
        inputs = [str(path) for path in PATHS]
        report.stream(report.Study(inputs=inputs, output=str(place / "stream"), stream=True))

    yield "rjieba.cut", lambda: [bare.cut(text) for text in TEXTS]
    yield "govtext: parse, segment, term matrix", lambda: counts.term_matrix([segment(gt.parse(t)) for t in TEXTS])
    yield "govtext: keywords of tokens", lambda: keywords.tfidf(tokens)
    yield "govtext: network of tokens", lambda: network.cooccurrence(tokens)
    yield "govtext report --no-figures", whole
    yield "govtext report --stream", stream
    yield "jieba.lcut + CountVectorizer", lambda: CountVectorizer(analyzer=jieba.lcut).fit_transform(TEXTS)
    for name, (what, use) in PEERS.items():
        try:
            call = use(importlib.import_module(name))
        except (ImportError, OSError, RuntimeError) as error:
            print(f"# {name}: not measured ({type(error).__name__})")
            continue
        yield f"{name}: {what}", lambda call=call: [call(text) for text in TEXTS]


def main(rounds):
    size = sum(len(text.encode()) for text in TEXTS) / 1e6
    commit = provenance.install()["commit"]
    print(f"# {time.strftime('%Y-%m-%d')}, {platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
          f"load {os.getloadavg()[0]:.1f}, commit {str(commit)[:12]}, {len(TEXTS)} texts, {size:.2f} MB")  # fmt: skip
    table = []
    for name, function in rows():
        function()  # once without the clock
        table.append((name, statistics.median(spent(function) for _ in range(rounds))))
    for name, seconds in table:
        print(f"{name:40s} {seconds:8.3f} s {seconds / table[0][1]:8.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
