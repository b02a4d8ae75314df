"""Score the heading tree on reports annotated by reading; the annotations are offsets and labels only.

usage: GOVTEXT_DATA=FOLDER python benchmarks/outline.py
"""

import csv
import json
import os
import sys
from pathlib import Path

import govtext as gt

GOLD = Path(__file__).parent / "gold" / "outline"
TEXTS = {"hailar_2014": "reports/hailar-gb18030/2014.txt", "national_2010": "reports/national/2010.txt"}
STRIP = " 。,，;；:："


def path_of(name, data):
    return data / TEXTS.get(name, f"reports/provincial-{name[:4]}/{name}.txt")


def score(document, rows):
    predicted = {section.span.start: section for section in document.sections}
    hits = heading = parent = run_in = 0
    for row in rows:
        section = predicted.get(int(row["start"]))
        if section is None or section.level != row["level"]:
            continue
        hits += 1
        gold = document.text[int(row["heading_start"]) : int(row["heading_end"])]
        heading += section.heading.strip(STRIP) == gold.strip(STRIP)
        parent += str(section.parent.span.start if section.parent else "") == row["parent"]
        run_in += str(section.run_in).lower() == row["run_in"]
    f1 = 2 * hits / (len(rows) + len(predicted))
    return {"gold": len(rows), "f1": f1, "heading": heading / hits, "parent": parent / hits, "run_in": run_in / hits}


def main():
    if "GOVTEXT_DATA" not in os.environ:
        sys.exit("set GOVTEXT_DATA to the folder of the reports")
    data = Path(os.environ["GOVTEXT_DATA"])
    for gold in sorted(GOLD.glob("*.csv")):
        with gold.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        figures = score(gt.read(path_of(gold.stem, data)), rows)
        rounded = {k: round(v, 4) for k, v in figures.items()}
        print(json.dumps({"document": gold.stem, **rounded}, ensure_ascii=False))


if __name__ == "__main__":
    main()
