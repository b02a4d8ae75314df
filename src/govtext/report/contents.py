"""What the page shows of one document: rows with links to the text, and marks in the text that lead back (内容)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from govtext import classify, counts
from govtext.report.marks import Mark, Places
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from govtext.citations import Citation
    from govtext.document import Document, Section
    from govtext.keywords import Keyword, Stability
    from govtext.report.analysis import Analysis, Result

    Row = dict[str, Any]

AROUND = 22  # characters shown on each side of a keyword
PLACES = 12  # paragraphs that a citation links to
SCALE = 1000  # how wide the strip of a document is, in units of its picture
HEAD = 60  # a longer line is no heading in the text
FEW = 10  # with fewer blocks an interval says little


class Amount(NamedTuple):
    """How much the page shows of each document: less of each where there are many; the tables hold all (详略).

    Attributes:
        contexts: lines of context of a keyword.
        keywords: of a section.
        beside: characters on each side of a figure.
        reasons: words that decided for a theme, and for a role.
        evidence: units behind an edge.
    """

    contexts: int
    keywords: int
    beside: int
    reasons: int
    evidence: int

    @classmethod
    def of(cls, documents: int) -> Amount:
        """Return how much is shown of each of so many documents."""
        return (
            cls(20, 5, 14, 9, 5) if documents <= 3 else cls(5, 5, 10, 3, 3) if documents <= 12 else cls(3, 3, 7, 0, 2)
        )


@dataclass(frozen=True)
class Leaf:
    """One document on the page.

    Attributes:
        places: of its text.
        result: what is found in it.
        title, name: what it is called, at length and in tables.
        keywords, parts: its keywords, and those of its sections.
        intervals: of their ranks, by section and term.
        amount: how much is shown of it.
    """

    places: Places
    result: Result
    title: str
    name: str
    keywords: Sequence[Keyword]
    parts: Sequence[Keyword]
    intervals: Mapping[tuple[int | None, str], Stability]
    amount: Amount

    @property
    def number(self) -> int:
        """The number of the document, beginning with 1."""
        return self.places.number

    @cached_property
    def characters(self) -> int:
        """How many characters its text has."""
        return len(self.result.document.text)

    @cached_property
    def tokens(self) -> int:
        """How many words its text has."""
        return int(counts.counted(self.result.tokens).sum())

    @cached_property
    def findings(self) -> list[Row]:
        """The faults of the document."""
        return [
            {"id": f"x{self.number}-{i}", "finding": f, "link": self.places.link(_head(self.places.text, f.span))}
            for i, f in enumerate(self.result.findings, start=1)
        ]

    @cached_property
    def outline(self) -> list[Row]:
        """The headings as a tree of rows, each with the faults found there."""
        faults: dict[int, list[Row]] = {}
        for row in self.findings:
            faults.setdefault(row["finding"].span.start, []).append(row)
        roots: list[Row] = []
        rows: dict[int, Row] = {}
        for section in self.result.document.sections:
            link = self.places.link(_head(self.places.text, section.span))
            row = {"section": section, "link": link, "faults": faults.get(section.span.start, []), "children": []}
            rows[id(section)] = row
            (rows[id(section.parent)]["children"] if section.parent else roots).append(row)
        return roots

    @cached_property
    def keyword_rows(self) -> list[Row]:
        """The keywords of the document with their contexts."""
        most = max((keyword.score for keyword in self.keywords), default=1.0) or 1.0
        last = max([1, *(row.high for row in self.intervals.values() if row.section is None)])
        rows = []
        for keyword in self.keywords:
            interval = self.intervals.get((None, keyword.term))
            rows.append(
                {
                    "id": f"k{self.number}-{keyword.rank}",
                    "keyword": keyword,
                    "share": round(100 * keyword.score / most, 1),
                    "interval": interval,
                    "ends": [round(100 * (n - 1) / max(1, last - 1), 1) for n in (interval.low, interval.high)]
                    if interval
                    else (),
                    "kwic": [self._context(span) for span in keyword.spans[: self.amount.contexts]],
                    "more": len(keyword.spans) - self.amount.contexts,
                }
            )
        return rows

    def _context(self, span: Span, size: int = AROUND) -> Row:
        """Return a span with what stands beside it on its line."""
        text, (start, end) = self.places.text, span
        return {
            "left": _beside(text[max(0, start - size) : start], -1),
            "match": text[start:end],
            "right": _beside(text[end : end + size], 0),
            "link": self.places.link(span),
        }

    @cached_property
    def section_rows(self) -> list[Row]:
        """The first five keywords of every section; where there is no heading, of every paragraph."""
        units = {span.start: (section, span) for section, span in counts.units(self.result.document)}
        rows = []
        for start, group in groupby(self.parts, key=lambda keyword: keyword.section):
            section, span = units[start or 0]
            few = len(sentences_of(self.result.document, span)) < FEW
            found = [k for k in group if (start, k.term) in self.intervals][: self.amount.keywords]
            rows.append(
                {
                    "section": section,
                    "span": _head(self.places.text, span),
                    "link": self.places.link(_head(self.places.text, span)),
                    "few": few,
                    "keywords": [
                        {
                            "id": f"s{self.number}-{start}-{k.rank}",
                            "keyword": k,
                            "link": self.places.link(k.spans[0]),
                            "interval": self.intervals[start, k.term],
                        }
                        for k in found
                    ],
                }
            )
        return rows

    @cached_property
    def checks(self) -> list[Row]:
        """The arithmetic that was checked."""
        return [
            {"id": f"v{self.number}-{i}", "check": one, "link": self.places.link(one.span)}
            for i, one in enumerate(self.result.checks, start=1)
        ]

    @cached_property
    def figures(self) -> list[Row]:
        """The figures with the words around them and the checks they take part in."""
        checked: dict[Span, list[Row]] = {}
        for row in self.checks:
            for figure in row["check"].figures:
                checked.setdefault(figure.span, []).append(row)
        return [
            {
                "id": f"f{self.number}-{i}",
                "figure": figure,
                "value": f"{figure.value:,f}",
                "checks": checked.get(figure.span, []),
                **self._context(figure.span, self.amount.beside),
            }
            for i, figure in enumerate(self.result.indicators, start=1)
        ]

    @cached_property
    def citations(self) -> list[Row]:
        """One row a title or phrase, with the paragraphs that mention it."""
        groups: dict[Span, list[Citation]] = {}
        for one in self.result.citations:
            groups.setdefault(one.first, []).append(one)
        return [
            {
                "id": f"c{self.number}-{i}",
                "citation": group[0],
                "mentions": group,
                "roles": sorted({one.role for one in group if one.role}),
                "verbs": list(dict.fromkeys(one.verb for one in group if one.verb)),
                "places": [(self.places.paragraph(one.span.start), self.places.link(one.span)) for one in group],
            }
            for i, group in enumerate(groups.values(), start=1)
        ]

    @cached_property
    def taxonomy(self) -> classify.Taxonomy:
        """The themes that its genre has."""
        return classify.Taxonomy.of(self.result.document)

    @cached_property
    def paragraphs(self) -> list[Row]:
        """One row a paragraph: theme and role, and where it stands in the strip of the document."""
        themes, roles = self.result.themes, self.result.roles
        widths = [max(1, span.end - span.start) for span in self.places.spans]
        unit, at, rows = SCALE / max(1, sum(widths)), 0, []
        for number, (width, theme, role) in enumerate(zip(widths, themes, roles, strict=False), start=1):
            span = self.places.spans[number - 1]
            rows.append(
                {
                    "number": number,
                    "link": self.places.link(span),
                    "head": span.of(self.places.text)[:24],
                    "x": f"{at * unit:.1f}".removesuffix(".0"),
                    "width": f"{width * unit:.1f}".removesuffix(".0"),
                    "theme": theme,
                    "role": role,
                    "why": list(dict.fromkeys((*theme.why[: self.amount.reasons], *role.why[: self.amount.reasons]))),
                }
            )
            at += width
        return rows

    @cached_property
    def shares(self) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        """What share of the paragraphs each theme has, and each role, the largest first."""
        if not self.result.themes:
            return [], []
        table = classify.role_shares(self.result.themes, self.result.roles)
        themes, roles = ([(str(k), float(v)) for k, v in table.sum(axis=axis).items()] for axis in (1, 0))
        return themes, roles

    def marks(self) -> Iterator[Mark]:
        """Yield the marks of everything above."""
        text = self.places.text
        for section in self.result.document.sections:
            yield Mark(_head(text, section.span))
        for row in self.findings:
            yield Mark(_head(text, row["finding"].span), row["id"])
        for row in self.checks:
            yield Mark(row["check"].span)
            yield from (Mark(figure.span, row["id"], linked=False) for figure in row["check"].figures)
        for row in self.figures:
            yield Mark(row["figure"].span, row["id"])
            if row["figure"].name:
                yield Mark(row["figure"].name_span, row["id"], linked=False)
        for row in self.citations:
            yield from _marked(row["id"], (one.span for one in row["mentions"]), PLACES)
        for row in self.keyword_rows:
            yield from _marked(row["id"], row["keyword"].spans, self.amount.contexts)
        for row in self.section_rows:
            yield Mark(row["span"])
            for one in row["keywords"]:
                yield from _marked(one["id"], one["keyword"].spans, 1)

    def full_text(self, marks: Iterable[Mark]) -> list[Row]:
        """Return the paragraphs of the text, cut at the marks, each with its theme and the level of its heading."""
        levels: dict[str, Section] = {}
        for section in self.result.document.sections:
            levels.setdefault(self.places.link(section.span).href, section)
        labels = [one.label for one in self.result.themes] or [""] * len(self.places.spans)
        return [
            {"paragraph": p, "theme": label, "heading": _is_heading(levels.get(f"#{p.id}"), span)}
            for p, label, span in zip(self.places.paragraphs(marks), labels, self.places.spans, strict=True)
        ]


def leaves(analysis: Analysis) -> list[Leaf]:
    """Return the documents of an analysis for the page (各篇文档)."""
    asked = "keywords" in analysis.options.analyses
    whole, parts, intervals = (
        (_by_document(found) for found in (analysis.keywords, analysis.section_keywords, analysis.intervals))
        if asked
        else ({}, {}, {})
    )
    amount = Amount.of(len(analysis.results))
    names = _names(analysis)
    return [
        Leaf(
            places=Places.of(result.document, number),
            result=result,
            title=analysis.titles[id_],
            name=names[id_],
            keywords=whole.get(id_, []),
            parts=parts.get(id_, []),
            intervals={(row.section, row.term): row for row in intervals.get(id_, [])},
            amount=amount,
        )
        for number, result in enumerate(analysis.results, start=1)
        for id_ in (result.document.id,)
    ]


def sentences_of(document: Document, unit: Span) -> Sequence[Span]:
    """Return the sentences of a unit of a document (单元内的句子)."""
    sentences = document.sentences
    first = bisect_right(sentences, unit.start, key=lambda s: s.end)
    return sentences[first : bisect_left(sentences, unit.end, lo=first, key=lambda s: s.start)]


def _marked(row: str, spans: Iterable[Span], linked: int) -> Iterator[Mark]:
    """Yield the marks of a row, of which the page links to the first ones."""
    yield from (Mark(span, row, i < linked) for i, span in enumerate(spans))


def _by_document(found: Iterable[Any]) -> dict[str, list[Any]]:
    out: dict[str, list[Any]] = {}
    for one in found:
        out.setdefault(one.document, []).append(one)
    return out


def _names(analysis: Analysis) -> dict[str, str]:
    """Return a short name of every document: place and year where these tell all apart, else its title."""
    found = {}
    for result in analysis.results:
        meta = result.document.metadata
        found[result.document.id] = f"{meta.place} {meta.year}" if meta.place and meta.year else ""
    apart = len(set(found.values())) == len(found)
    return {id_: name if name and apart else analysis.titles[id_] for id_, name in found.items()}


def _beside(text: str, side: int) -> str:
    """Return the part of the words beside a span that stands on its line."""
    return text.split("\n")[side].lstrip() if side else text.split("\n")[side].rstrip()


def _head(text: str, span: Span) -> Span:
    """Return the first line of a section, as far as it is short."""
    line = text[span.start : min(span.end, span.start + HEAD)].split("\n", maxsplit=1)[0]
    return Span(span.start, span.start + len(line))


def _is_heading(section: Section | None, paragraph: Span) -> bool:
    """Tell whether a paragraph is a heading that stands alone."""
    return bool(section and section.level != "point" and paragraph.end - paragraph.start < HEAD)
