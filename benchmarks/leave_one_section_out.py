"""Train `SectionClassifier` on all sections of a labelled document but one, predict that one, and so on; reported only.

The label of a paragraph is its theme, its group the heading above it on the first two levels. With a taxonomy, the
classifier also reads what the themes are called and their seeds.

usage: python benchmarks/leave_one_section_out.py GOLD.csv TEXT.txt     (columns of GOLD: start, end, theme, confidence)
"""

import csv
import sys
from pathlib import Path

import govtext as gt
from govtext import classify


def main():
    gold_path, text_path = sys.argv[1:]
    document = gt.read(text_path)
    with Path(gold_path).open(encoding="utf-8-sig") as file:
        gold = [row for row in csv.DictReader(file) if row["confidence"] != "low"]
    found = {}
    for row in gold:
        middle = (int(row["start"]) + int(row["end"])) // 2
        passage = next(p for p in classify.passages(document) if p.span.start <= middle < p.span.end)
        found[passage] = row["theme"]
    groups = [" / ".join(passage.headings[:2]) for passage in found]
    for name, taxonomy in (("alone", None), ("with the taxonomy", classify.Taxonomy.of(document))):
        model = classify.SectionClassifier(taxonomy=taxonomy)
        done = classify.cross_validate(model, list(found), list(found.values()), groups=groups)
        table = classify.scores(done)
        right = (done.gold == done.predicted).mean()
        print(f"{name}: accuracy {right:.3f} of {len(found)} paragraphs in {len(set(groups))} sections")
        print(table.round(3).to_string(index=False))


if __name__ == "__main__":
    main()
