"""The full text with every span that a result stands on: cut into pieces that link to the results (标记)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from govtext.document import Document

# The letters that rows of each kind begin with, the most telling first: a click follows the first where several meet.
KINDS = {
    "v": ("数值核对", "checked arithmetic"),
    "x": ("问题", "finding"),
    "f": ("数字", "figure"),
    "c": ("引用", "citation"),
    "k": ("关键词", "keyword"),
    "s": ("章节关键词", "keyword of a section"),
    "t": ("网络术语", "term of the network"),
    "p": ("承诺", "promise"),
    "g": ("指标对照", "figure in two years"),
    "r": ("共有段落", "shared passage"),
}
ORDER = {letter: number for number, letter in enumerate(KINDS)}


class Mark(NamedTuple):
    """A span of a document and the row of the page that speaks of it (标记).

    Attributes:
        span: the span.
        row: the id of the row, whose first letter says of which kind it is; empty for a place to link to alone.
        linked: whether the page links to where it begins.
    """

    span: Span
    row: str = ""
    linked: bool = True


class Piece(NamedTuple):
    """A stretch of a paragraph that the same marks cover (片段).

    Attributes:
        text: its characters.
        id: the id of the place where it begins; empty if nothing links there.
        rows: the rows that speak of it, the most telling first.
    """

    text: str
    id: str
    rows: tuple[str, ...]


class Paragraph(NamedTuple):
    """A paragraph without the blanks around it: the id of its place, its number, and its pieces (段落)."""

    id: str
    number: int
    pieces: tuple[Piece, ...]


class Link(NamedTuple):
    """A link to a span of the full text, and how many characters it has (链接)."""

    href: str
    length: int


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a document on the page: `m1-20` is character 20 of the first document (位置).

    Attributes:
        number: that of the document, beginning with 1.
        text: of the document.
        spans: the paragraphs without the blanks around them.
        starts: where these begin.
    """

    number: int
    text: str
    spans: tuple[Span, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, document: Document, number: int) -> Places:
        """Return the places of a document."""
        spans = tuple(_stripped(document.text, span) for span in document.paragraphs)
        return cls(number, document.text, spans, tuple(span.start for span in spans))

    def link(self, span: Span) -> Link:
        """Return the link to a span; one that begins outside the body leads to the paragraph before it."""
        at = self._at(span.start)
        if at < 0:
            return Link(f"#d{self.number}", 0)
        start = max(span.start, self.spans[at].start)
        if start < self.spans[at].end:
            return Link(f"#{self.id(start)}", max(0, min(span.end, self.spans[at].end) - start))
        return Link(f"#{self.id(self.spans[at].start)}", 0)

    def paragraph(self, place: int) -> int:
        """Return the number of the paragraph that holds a place, beginning with 1."""
        return max(0, self._at(place)) + 1

    def id(self, place: int) -> str:
        """Return the id of a place."""
        return f"m{self.number}-{place}"

    def _at(self, place: int) -> int:
        """Return the index of the last paragraph that begins no later than a place, the first if none does."""
        return max(bisect_right(self.starts, place) - 1, 0) if self.spans else -1

    def paragraphs(self, marks: Iterable[Mark]) -> list[Paragraph]:
        """Return the paragraphs cut at the marks."""
        held: list[list[Mark]] = [[] for _ in self.spans]
        ends = [span.end for span in self.spans]
        for mark in marks:
            start, end = mark.span
            first = bisect_right(ends, start)
            for number in range(first, bisect_left(self.starts, max(end, start + 1), lo=first)):
                held[number].append(mark)
        return [
            Paragraph(self.id(span.start), number, tuple(_with_blanks(self._pieces(span, some))))
            for number, (span, some) in enumerate(zip(self.spans, held, strict=True), start=1)
        ]

    def _pieces(self, span: Span, marks: Sequence[Mark]) -> Iterable[Piece]:
        """Yield the pieces of a paragraph, which together are its text."""
        low, high = span
        places: set[int] = set()
        begin: dict[int, list[str]] = {low: [], high: []}
        end: dict[int, list[str]] = {}
        for (first, last), row, linked in marks:
            start = max(first, low)
            if linked:
                places.add(start)
                begin.setdefault(start, [])
            if row:
                begin.setdefault(start, []).append(row)
                stop = max(start, min(last, high))
                begin.setdefault(stop, [])
                end.setdefault(stop, []).append(row)
        active: dict[str, int] = {}  # how many marks of each row
        for start, stop in pairwise(sorted(begin)):
            for row in begin[start]:
                active[row] = active.get(row, 0) + 1
            for row in end.get(start, ()):
                active[row] -= 1
                if not active[row]:
                    del active[row]
            rows = tuple(sorted(active, key=_order) if len(active) > 1 else active)
            wanted = start in places and start != low
            yield Piece(self.text[start:stop], self.id(start) if wanted else "", rows)


def _with_blanks(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Give blanks to the piece before them where its marks go on over them: a link of blanks alone has no name."""
    last: Piece | None = None
    for piece in pieces:
        if last and not piece.id and piece.rows and not piece.text.strip() and set(piece.rows) <= set(last.rows):
            last = last._replace(text=last.text + piece.text)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last


def _order(row: str) -> tuple[int, int, str]:
    return ORDER[row[0]], len(row), row


def _stripped(text: str, span: Span) -> Span:
    """Return a span without the blanks around its text."""
    inside = span.of(text)
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, max(start, span.start + len(inside.rstrip())))
