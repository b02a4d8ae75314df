"""The full text with every span that a result stands on: cut into pieces that link to the results (标记)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
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
    """

    number: int
    text: str
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, document: Document, number: int) -> Places:
        """Return the places of a document."""
        return cls(number, document.text, tuple(_stripped(document.text, span) for span in document.paragraphs))

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
        found = bisect_right(self.spans, place, key=lambda span: span.start) - 1
        return max(found, 0) if self.spans else -1

    def paragraphs(self, marks: Iterable[Mark]) -> list[Paragraph]:
        """Return the paragraphs cut at the marks."""
        held: list[list[Mark]] = [[] for _ in self.spans]
        ends = [span.end for span in self.spans]
        for mark in sorted(marks, key=lambda m: (m.span, m.row)):
            first = bisect_right(ends, mark.span.start)
            last = bisect_left(self.spans, max(mark.span.end, mark.span.start + 1), key=lambda span: span.start)
            for number in range(first, last):
                held[number].append(mark)
        return [
            Paragraph(self.id(span.start), number, tuple(_with_blanks(self._pieces(span, some))))
            for number, (span, some) in enumerate(zip(self.spans, held, strict=True), start=1)
        ]

    def _pieces(self, span: Span, marks: Sequence[Mark]) -> Iterable[Piece]:
        """Yield the pieces of a paragraph, which together are its text."""
        places = {max(mark.span.start, span.start) for mark in marks if mark.linked}
        changes: dict[int, Counter[str]] = {place: Counter() for place in (*places, span.start, span.end)}
        for start, end, row in ((*_clipped(mark.span, span), mark.row) for mark in marks if mark.row):
            changes.setdefault(start, Counter())[row] += 1
            changes.setdefault(end, Counter())[row] -= 1
        active: Counter[str] = Counter()
        for start, end in pairwise(sorted(changes)):
            active.update(changes[start])
            active += Counter()  # what has ended goes
            rows = tuple(sorted(active, key=_order))
            wanted = start in places and start != span.start
            yield Piece(self.text[start:end], self.id(start) if wanted else "", rows)


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


def _clipped(inner: Span, outer: Span) -> Span:
    """Return the part of a span that lies in another, which it touches."""
    return Span(max(inner.start, outer.start), max(inner.start, outer.start, min(inner.end, outer.end)))


def _order(row: str) -> tuple[int, int, str]:
    return ORDER[row[0]], len(row), row


def _stripped(text: str, span: Span) -> Span:
    """Return a span without the blanks around its text."""
    inside = span.of(text)
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, max(start, span.start + len(inside.rstrip())))
