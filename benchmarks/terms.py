"""Score how many annotated mentions of policy terms come out as one token, apart for terms seen elsewhere and unseen.

The annotations (start, end, term, alternatives) are in gold/terms: two stretches of each of five provinces that were
held out while the lexicon was collected. A mention is seen where its string, or an alternative, occurs in the reports
of the other provinces, which were read for the lexicon. A token may have the extent of the term or of an alternative.

usage: GOVTEXT_DATA=… python benchmarks/terms.py [LEXICON.tsv]
"""

import csv
import os
import sys
from collections import Counter
from pathlib import Path

import govtext as gt

GOLD = Path(__file__).parent / "gold" / "terms"
HELD_OUT = ("江苏", "湖南", "青海", "北京", "广西")


def extents(text, row):
    """Return the extents that are right for a mention."""
    start, end = int(row["start"]), int(row["end"])
    right = {(start, end)}
    for form in filter(None, row["note"].removeprefix("alt:").split("/")):
        at = text.find(form, max(0, start - len(form) + 1), end + len(form) - 1)
        while 0 <= at < end:
            right.add((at, at + len(form)))
            at = text.find(form, at + 1, end + len(form) - 1)
    return right


def main():
    reports = Path(os.environ["GOVTEXT_DATA"]) / "reports"
    segment = gt.Segmenter(gt.Lexicon.read(sys.argv[1]) if len(sys.argv) > 1 else gt.Lexicon.default())
    read = "".join(
        document.text
        for document in gt.read_corpus(reports / "provincial-2025", reports / "provincial-2026")
        if not any(place in document.id for place in HELD_OUT)
    )
    whole, total = Counter(), Counter()
    for gold in sorted(GOLD.glob("*.csv")):
        name, stretch = gold.stem.rsplit("-", 1)
        document = gt.read(reports / f"provincial-{name[:4]}" / f"{name}.txt")
        found = {(token.start, token.end) for token in segment(document)}
        for row in csv.DictReader(gold.open(encoding="utf-8")):
            forms = [row["term"], *filter(None, row["note"].removeprefix("alt:").split("/"))]
            kind = "seen" if any(form in read for form in forms) else "unseen"
            for key in ((stretch, kind), (stretch, "all")):
                total[key] += 1
                whole[key] += bool(extents(document.text, row) & found)
    for key in sorted(total):
        print(f"stretch {key[0]} {key[1]:6} {whole[key]:4}/{total[key]:<4} {whole[key] / total[key]:.3f}")


if __name__ == "__main__":
    main()
