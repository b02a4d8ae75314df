"""Score `classify.themes` on paragraphs of five provincial work reports, labelled by reading (benchmarks/gold/themes).

The seeds were tuned on Shandong 2025, Hubei 2026 and Yunnan 2025; Jiangsu 2026 and Chongqing 2025 only measure.
Paragraphs whose label is doubtful (confidence low) are counted apart.

usage: GOVTEXT_DATA=FOLDER [VERBOSE=1] python benchmarks/themes.py
"""

import csv
import os
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

import govtext as gt
from govtext import classify

GOLD = Path(__file__).parent / "gold" / "themes"
TUNED = {"shandong-2025": "2025_山东省", "hubei-2026": "2026_湖北省", "yunnan-2025": "2025_云南省"}
MEASURED = {"jiangsu-2026": "2026_江苏省", "chongqing-2025": "2025_重庆市"}


def pairs(name, file):
    document = gt.read(Path(os.environ["GOVTEXT_DATA"]) / "reports" / f"provincial-{file[:4]}" / f"{file}.txt")
    labels = {one.span: one for one in classify.themes(document)}
    with (GOLD / f"{name}.csv").open(encoding="utf-8") as sheet:
        for row in csv.DictReader(sheet):
            one = labels[gt.Span(int(row["start"]), int(row["end"]))]
            if os.environ.get("VERBOSE") and one.label != row["theme"]:
                text = one.span.of(document.text).strip()[:24]
                print(name, row["confidence"], row["theme"], "→", one.label, round(one.probability, 2), text, one.why)
            yield row["theme"], one.label, one.probability, row["confidence"] == "high"


def main():
    for use, files in (("tuned", TUNED), ("measured", MEASURED)):
        rows = [row for name, file in files.items() for row in pairs(name, file)]
        gold, said, sure, high = (np.array(column) for column in zip(*rows, strict=True))
        right = gold == said
        covered = np.argsort(-sure[high], kind="stable")[: high.sum() * 8 // 10]
        print(
            f"{use}: accuracy {right[high].mean():.3f} of {high.sum()} (with the doubtful {right.mean():.3f} of "
            f"{len(rows)}), macro-F1 {f1_score(gold[high], said[high], average='macro'):.3f}; at 80 % coverage "
            f"{right[high][covered].mean():.3f}; ECE {classify.calibration_error(right[high], sure[high]):.3f}"
        )


if __name__ == "__main__":
    main()
