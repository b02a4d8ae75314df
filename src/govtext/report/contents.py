"""What the page shows of one document: rows with links to the text, and marks in the text that lead back (内容)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice
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
    from govtext.report.marks import Link

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
        heads = [_head(self.places.text, finding.span) for finding in self.result.findings]
        return [
            {"id": f"x{self.number}-{i}", "finding": finding, "head": head, "link": link}
            for i, (finding, head, link) in enumerate(
                zip(self.result.findings, heads, self.places.links(heads), strict=True), start=1
            )
        ]

    @cached_property
    def heads(self) -> list[tuple[Section, Span, Link]]:
        """The sections, the line that each begins with, and the link to it."""
        sections = self.result.document.sections
        heads = [_head(self.places.text, section.span) for section in sections]
        return list(zip(sections, heads, self.places.links(heads), strict=True))

    @cached_property
    def outline(self) -> list[Row]:
        """The headings as a tree of rows, each with the faults found there."""
        faults: dict[int, list[Row]] = {}
        for row in self.findings:
            faults.setdefault(row["finding"].span.start, []).append(row)
        roots: list[Row] = []
        rows: dict[int, Row] = {}
        for section, _, link in self.heads:
            row = {"section": section, "link": link, "faults": faults.get(section.span.start, []), "children": []}
            rows[id(section)] = row
            (rows[id(section.parent)]["children"] if section.parent else roots).append(row)
        return roots

    @cached_property
    def keyword_rows(self) -> list[Row]:
        """The keywords of the document, the places shown of each, and how many more it has."""
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
                    "spans": keyword.spans[: self.amount.contexts],
                    "more": len(keyword.spans) - self.amount.contexts,
                }
            )
        return rows

    def contexts(self, spans: Sequence[Span], size: int = AROUND) -> tuple[list[str], list[str], list[str], list[Link]]:
        """Return spans with what stands before and after each on its line, and the links to them: four columns."""
        text = self.places.text
        return (
            [text[max(0, start - size) : start].rpartition("\n")[2].lstrip() for start, _ in spans],
            [text[start:end] for start, end in spans],
            [text[end : end + size].partition("\n")[0].rstrip() for _, end in spans],
            self.places.links(spans),
        )

    @cached_property
    def section_rows(self) -> list[Row]:
        """The first five keywords of every section; where there is no heading, of every paragraph."""
        units = {span.start: (section, span) for section, span in counts.units(self.result.document)}
        groups = [(start, list(group)) for start, group in groupby(self.parts, key=lambda keyword: keyword.section)]
        parts = [
            (start, *units[start or 0], [k for k in group if (start, k.term) in self.intervals][: self.amount.keywords])
            for start, group in groups
        ]
        heads = [_head(self.places.text, span) for _, _, span, _ in parts]
        links = iter(self.places.links([*heads, *(k.spans[0] for *_, found in parts for k in found)]))
        return [
            {
                "section": section,
                "span": head,
                "link": link,
                "few": len(sentences_of(self.result.document, span)) < FEW,
                "keywords": self._ranked(found, links),
            }
            for (_, section, span, found), head, link in zip(parts, heads, list(islice(links, len(heads))), strict=True)
        ]

    def _ranked(self, found: Sequence[Keyword], links: Iterator[Link]) -> list[Row]:
        """Return keywords of a section with the next links of some."""
        return [
            {
                "id": f"s{self.number}-{k.section}-{k.rank}",
                "keyword": k,
                "link": link,
                "interval": self.intervals[k.section, k.term],
            }
            for k, link in zip(found, links, strict=False)
        ]

    @cached_property
    def checks(self) -> list[Row]:
        """The arithmetic that was checked."""
        links = self.places.links([one.span for one in self.result.checks])
        return [
            {"id": f"v{self.number}-{i}", "check": one, "link": link}
            for i, (one, link) in enumerate(zip(self.result.checks, links, strict=True), start=1)
        ]

    @cached_property
    def checked(self) -> dict[Span, list[Row]]:
        """The checks that each figure takes part in, by its span."""
        out: dict[Span, list[Row]] = {}
        for row in self.checks:
            for figure in row["check"].figures:
                out.setdefault(figure.span, []).append(row)
        return out

    @cached_property
    def figures(self) -> list[str]:
        """The ids of the rows of the figures, in their order."""
        return [f"f{self.number}-{i}" for i in range(1, len(self.result.indicators) + 1)]

    @cached_property
    def citations(self) -> list[Row]:
        """One row a title or phrase, with its mentions."""
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
        spans, links = self.places.spans, self.places.links(self.places.spans)
        widths = [max(1, end - start) for start, end in spans]
        unit, at, rows = SCALE / max(1, sum(widths)), 0, []
        for number, (width, theme, role) in enumerate(zip(widths, themes, roles, strict=False), start=1):
            span = spans[number - 1]
            rows.append(
                {
                    "number": number,
                    "link": links[number - 1],
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
    def labels(self) -> tuple[list[str], list[str]]:
        """The themes of the paragraphs, and their roles, those of most first."""
        return _commonest(self.result.themes), _commonest(self.result.roles)

    def marks(self) -> list[Mark]:
        """Return the marks of everything above."""
        figures = list(zip(self.result.indicators, self.figures, strict=True))
        names = [(figure.name_span, id_) for figure, id_ in figures if figure.name]
        keywords = [one for row in self.section_rows for one in row["keywords"]]
        return [
            *(Mark(head) for _, head, _ in self.heads),
            *(Mark(row["head"], row["id"]) for row in self.findings),
            *(Mark(row["check"].span) for row in self.checks),
            *(Mark(figure.span, row["id"], False) for row in self.checks for figure in row["check"].figures),
            *(Mark(figure.span, id_) for figure, id_ in figures),
            *(Mark(span, id_, False) for span, id_ in names if span),
            *_marked(((row["id"], [one.span for one in row["mentions"]]) for row in self.citations), PLACES),
            *_marked(((row["id"], row["keyword"].spans) for row in self.keyword_rows), self.amount.contexts),
            *(Mark(row["span"]) for row in self.section_rows),
            *_marked(((one["id"], one["keyword"].spans) for one in keywords), 1),
        ]

    def full_text(self, marks: Sequence[Mark]) -> Row:
        """Return the pieces of the text, cut at the marks, and id and theme of each paragraph, if it is a heading."""
        levels: dict[str, Section] = {}
        for section, _, link in self.heads:
            levels.setdefault(link.href, section)
        spans, ids = self.places.spans, [self.places.id(start) for start in self.places.starts]
        return {
            "text": self.places.text,
            "pieces": self.places.pieces(marks),
            "ids": ids,
            "themes": [one.label for one in self.result.themes] or [""] * len(spans),
            "headings": [_is_heading(levels.get(f"#{id_}"), span) for id_, span in zip(ids, spans, strict=True)],
        }


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


def _marked(rows: Iterable[tuple[str, Sequence[Span]]], linked: int) -> Iterator[Mark]:
    """Yield the marks of rows, of each of which the page links to the first ones."""
    for row, spans in rows:
        yield from (Mark(span, row) for span in spans[:linked])
        yield from (Mark(span, row, False) for span in spans[linked:])


def _commonest(found: Iterable[classify.Label]) -> list[str]:
    times = Counter(one.label for one in found)
    return sorted(times, key=lambda label: (-times[label], label))


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


def _head(text: str, span: Span) -> Span:
    """Return the first line of a section, as far as it is short."""
    line = text[span.start : min(span.end, span.start + HEAD)].split("\n", maxsplit=1)[0]
    return Span(span.start, span.start + len(line))


def _is_heading(section: Section | None, paragraph: Span) -> bool:
    """Tell whether a paragraph is a heading that stands alone."""
    return bool(section and section.level != "point" and paragraph.end - paragraph.start < HEAD)
