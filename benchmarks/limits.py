"""The figures of docs/limits.md, on the reports under GOVTEXT_DATA; nothing was tuned by them.

GOVTEXT_DATA=… python benchmarks/limits.py
"""

import os
import random
import re
from pathlib import Path

import govtext as gt
from govtext import classify, compare, document, indicators, keywords

REPORTS = Path(os.environ["GOVTEXT_DATA"]) / "reports"
MARKER = re.compile(r"\s*[（(]?[一二三四五六七八九十\d]+[)）、.．]+")
HEADINGS = 6  # of each report that lose their numbers


def year_pairs(segment):
    """Of how many words, and of how many policy terms, two years of a province differ at q < 0.05."""
    found = []
    years = (gt.read_corpus(REPORTS / f"provincial-{year}", names="{year}_{place}.txt") for year in (2026, 2025))
    of_place = [{d.metadata.place: d for d in corpus} for corpus in years]
    for place in sorted(of_place[0].keys() & of_place[1].keys()):
        pair = [one[place] for one in of_place]
        words, terms = (compare.term_changes(*pair, segment=segment, policy=policy) for policy in (False, True))
        found.append([sum(c.q < 0.05 for c in words), len(words), sum(c.q < 0.05 for c in terms), len(terms)])
    words, compared, terms, of_terms = map(sum, zip(*found, strict=True))
    print(f"two years, {len(found)} pairs: {words} of {compared} words, {terms} of {of_terms} policy terms at q < 0.05")


def lost_numbers(documents):
    """How often lint tells that a heading lost its number, by where it stood among its sisters."""
    rng, told = random.Random(0), {}  # noqa: S311 - a sample, no secret
    for doc in documents:
        before = {(f.code, f.message) for f in document.lint(doc)}
        sections = [s for s in doc.sections if s.level in ("1", "2")]
        for section in rng.sample(sections, min(HEADINGS, len(sections))):
            sisters = [s for s in doc.sections if s.parent == section.parent and s.level == section.level]
            place = "first" if section == sisters[0] else "last" if section == sisters[-1] else "between"
            start = section.span.start
            text = doc.text[:start] + MARKER.sub("", doc.text[start:], count=1)
            after = {(f.code, f.message) for f in document.lint(gt.parse(text))}
            row = told.setdefault(place, [0, 0])
            row[0] += bool(after - before)
            row[1] += 1
    print("a heading without its number is told:", {place: told[place] for place in sorted(told)})


def main():
    segment = gt.Segmenter()
    year_pairs(segment)
    recent = gt.read_corpus(REPORTS / "provincial-2026", names="{year}_{place}.txt")
    documents = [*recent, *gt.read_corpus(REPORTS / "provincial-2025"), *gt.read_corpus(REPORTS / "hailar-gb18030")]
    lost_numbers([*documents, *gt.reference_corpus()])
    spans = compare.boilerplate(recent)
    shares = sorted(sum(s.end - s.start for s in spans[d.id]) / len(d.text) for d in recent)
    print(f"boilerplate of {len(shares)} reports: {shares[0]:.3f} to {shares[-1]:.3f} of the characters")
    rows = keywords.stability(segment(next(iter(gt.reference_corpus()))), n=20)
    print("ranks of the reference report:", [(row.term, row.low, row.high) for row in rows[:5]])
    figures = [one for d in documents for one in indicators.extract(d)]
    print(f"figures without a name: {sum(not one.name for one in figures)} of {len(figures)}")
    themes = [one for d in documents for one in classify.themes(d, segment=segment)]
    print(f"themes below 0.5: {sum(one.probability < 0.5 for one in themes)} of {len(themes)}")


if __name__ == "__main__":
    main()
