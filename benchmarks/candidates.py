"""Judge the best 200 candidates of 40 provincial reports, and time them against bare cutting of the same texts.

The verdicts in gold/candidates.csv are one reader's: is the string a policy term, or a slogan or its name, that a
researcher would want as one node? A string without a verdict is reported, never counted as right.

usage: GOVTEXT_DATA=… python benchmarks/candidates.py [COPIES]     COPIES of the reports: only memory is measured
"""

import csv
import os
import resource
import sys
import time
from pathlib import Path

import govtext as gt
from govtext import discovery

GOLD = Path(__file__).parent / "gold" / "candidates.csv"


def judged(corpus, segment, known):
    verdicts = {row["term"]: row["verdict"] for row in csv.DictReader(GOLD.open(encoding="utf-8"))}
    found = [one.term for one in discovery.candidates(corpus, segment=segment, known=known)]
    right = sum(verdicts.get(term) == "term" for term in found)
    return f"{right} of {len(found)}, {sum(term not in verdicts for term in found)} without a verdict"


def ratio(corpus, segment):
    import rjieba

    bare = rjieba.Jieba()
    bare.cut("预热")
    texts = [document.text for document in corpus]
    times = []
    for run in (lambda: [bare.cut(text) for text in texts], lambda: discovery.candidates(corpus, segment=segment)):
        best = float("inf")
        for _ in range(5):
            began = time.process_time()
            run()
            best = min(best, time.process_time() - began)
        times.append(best)
    return times[1] / times[0]


def main():
    reports = Path(os.environ["GOVTEXT_DATA"]) / "reports"
    corpus = gt.read_corpus(reports / "provincial-2025", reports / "provincial-2026")
    if len(sys.argv) > 1:
        many = [gt.parse(d.text + f"\n{i}", id=f"{d.id}-{i}") for i in range(int(sys.argv[1])) for d in corpus]
        discovery.candidates(many)
        print(f"{len(many)} reports: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")
        return
    default, empty = gt.Segmenter(), gt.Segmenter(gt.Lexicon())
    for name, segment, known in (("default", default, None), ("empty lexicon", empty, None), ("new", default, False)):
        print(f"{name}: {judged(corpus, segment, known)}")
    print(f"times bare cutting: {ratio(corpus, default):.1f}")


if __name__ == "__main__":
    main()
