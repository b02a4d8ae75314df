"""Score figures on reports annotated by reading, and measure the time; the annotations are offsets and labels only.

One line a document: detection with value and unit right (f1_right), kind, name, mark of approximation, and all of
value, unit, kind and name (full). A name is right when it holds the key, is at most eight characters longer, and has no
digit.

usage: GOVTEXT_DATA=FOLDER python benchmarks/indicators.py [--speed]
"""

import csv
import json
import os
import sys
import time
from pathlib import Path

import rjieba

import govtext as gt
from govtext import citations, indicators

GOLD = Path(__file__).parent / "gold" / "indicators"
TEXTS = {"hailar_2013": "reports/hailar-gb18030/2013.txt"}
LONGER = 8  # characters that a name may have beyond its key


def path_of(name, data):
    return data / TEXTS.get(name, f"reports/provincial-{name[:4]}/{name}.txt")


def name_is_right(name, keys):
    fits = any(key in name and len(name) <= len(key) + LONGER for key in keys.split("|"))
    return fits and not any(c.isdigit() for c in name)


def pairs(found, rows):
    """Pair each annotation with the shortest figure that holds its number; each figure is used once."""
    used = set()
    for row in rows:
        start, end = int(row["start"]), int(row["end"])
        fits = [i for i, one in enumerate(found) if i not in used and one.span.start <= start and end <= one.span.end]
        best = min(fits, key=lambda i: found[i].span.end - found[i].span.start, default=None)
        used.add(best)
        yield row, None if best is None else found[best]


def score(document, rows):
    found = [one for one in indicators.extract(document) if any(c.isdigit() for c in one.text)]
    paired = [(row, one) for row, one in pairs(found, rows) if one is not None]
    right = [float(one.value) == float(row["value"]) and one.unit == row["unit"] for row, one in paired]
    kind = [one.kind == row["kind"] for row, one in paired]
    name = [name_is_right(one.name, row["key"]) for row, one in paired]
    approx = [one.approx == row["approx"] for row, one in paired]
    n = len(paired)
    return {
        "gold": len(rows),
        "f1_right": 2 * sum(right) / (len(found) + len(rows)),
        "kind": sum(kind) / n,
        "name": sum(name) / n,
        "approx": sum(approx) / n,
        "full": sum(map(all, zip(right, kind, name, strict=True))) / len(rows),
    }


def spent(work, times=5):
    """Return the least CPU time that some work takes."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def speed(data):
    """Return the times of figures and citations over that of bare rjieba cutting of the same texts."""
    paths = sorted(path for year in ("2025", "2026") for path in (data / f"reports/provincial-{year}").glob("*.txt"))
    documents = [gt.read(path) for path in paths]
    bare = rjieba.Jieba()
    for document in documents:
        indicators.extract(document)  # sections and furniture are found once and kept

    def both(parsed):
        for document in parsed:
            indicators.extract(document)
            citations.extract(document)

    limit = spent(lambda: [bare.cut(document.text) for document in documents])
    return {
        "documents": len(documents),
        "figures_and_citations": spent(lambda: both(documents)) / limit,
        "with_parsing": spent(lambda: both([gt.parse(document.text) for document in documents])) / limit,
    }


def main():
    if "GOVTEXT_DATA" not in os.environ:
        sys.exit("set GOVTEXT_DATA to the folder of the reports")
    data = Path(os.environ["GOVTEXT_DATA"])
    results = []
    for gold in sorted(GOLD.glob("*.csv")):
        with gold.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        results.append({"document": gold.stem, **score(gt.read(path_of(gold.stem, data)), rows)})
    if "--speed" in sys.argv[1:]:
        results.append(speed(data))
    for figures in results:
        rounded = {k: round(v, 4) if isinstance(v, float) else v for k, v in figures.items()}
        print(json.dumps(rounded, ensure_ascii=False))


if __name__ == "__main__":
    main()
