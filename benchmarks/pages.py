"""Publish reports as web pages and printed PDF files, read them back, and compare characters, headings, figures.

usage: GOVTEXT_DATA=… python benchmarks/pages.py [--prints N]      N reports are printed with Chromium, too
"""

import argparse
import difflib
import json
import os
import sys
import tempfile
from pathlib import Path

import printed

import govtext as gt
from govtext import citations, indicators

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import layouts

DATA = Path(os.environ["GOVTEXT_DATA"])


def plain(text):
    """Return a report as paragraphs, without the furniture of the page it was copied from, and blanks collapsed."""
    document = gt.parse(text)
    rows = (" ".join(span.of(document.text).split()) for span in document.paragraphs)
    return "\n".join(row for row in rows if row)


def compared(file, text):
    found, expected = gt.read(file), gt.parse(text)
    same = (
        difflib.SequenceMatcher(None, expected.text, found.text, autojunk=False).ratio() if found.text != text else 1.0
    )
    return {
        "characters": same,
        "headings": [s.heading for s in found.sections] == [s.heading for s in expected.sections],
        "figures": [(f.text, f.value, f.unit) for f in indicators.extract(found)]
        == [(f.text, f.value, f.unit) for f in indicators.extract(expected)],
        "citations": [c.text for c in citations.extract(found)] == [c.text for c in citations.extract(expected)],
    }


def summary(rows):
    means = {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}
    return means | {"least": min(row["characters"] for row in rows), "files": len(rows)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prints", type=int, default=0)
    options = parser.parse_args()
    files = sorted(DATA.glob("reports/provincial-2026/*.txt")) + sorted(DATA.glob("reports/hailar-gb18030/*.txt"))
    texts = {file.stem: plain(gt.read(file).text) for file in files}
    results = {}
    with tempfile.TemporaryDirectory() as place:
        for name, layout in layouts.LAYOUTS.items():
            rows = []
            for text in texts.values():
                page = Path(place) / "a.html"
                page.write_bytes(layout(text))
                rows.append(compared(page, text))
            results[f"html {name}"] = summary(rows)
        # Others than the three that the setting of lines was read and mended with: the 1st, 9th and 17th.
        chosen = list(texts.values())[4 :: 25 // options.prints][: options.prints] if options.prints else []
        rows = {style: [] for style in printed.STYLES}
        for text in chosen:
            printed.write(text, Path(place))
            for style, found in rows.items():
                found.append(compared(Path(place) / f"{style}.pdf", text))
        results |= {f"pdf {style}": summary(found) for style, found in rows.items() if found}
    json.dump(results, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
