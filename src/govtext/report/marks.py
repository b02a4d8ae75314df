"""The full text with every span that a result stands on: cut into pieces that link to the results (标记)."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import chain, compress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from govtext.document import Document

    Ints = NDArray[np.int64]

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


class Pieces(NamedTuple):
    """The stretches of all paragraphs that the same marks cover, in columns (片段).

    Attributes:
        starts, ends: where each begins and ends in the text.
        ids: the id of the place where it begins; empty if nothing links there.
        rows: the rows that speak of it, the most telling first.
        paragraphs: the index of the paragraph it belongs to, rising.
    """

    starts: list[int]
    ends: list[int]
    ids: list[str]
    rows: list[list[str]]
    paragraphs: list[int]


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
        ends: where they begin and end, two arrays.
    """

    number: int
    text: str
    spans: tuple[Span, ...]
    starts: tuple[int, ...]
    ends: tuple[Ints, Ints] = field(compare=False, repr=False)

    @classmethod
    def of(cls, document: Document, number: int) -> Places:
        """Return the places of a document."""
        spans = tuple(_stripped(document.text, span) for span in document.paragraphs)
        return cls(number, document.text, spans, tuple(span.start for span in spans), _columns(spans))

    def link(self, span: Span) -> Link:
        """Return the link to a span; one that begins outside the body leads to the paragraph before it."""
        return self.links((span,))[0]

    def links(self, spans: Sequence[Span]) -> list[Link]:
        """Return the links to spans."""
        if not self.spans or not spans:
            return [Link(f"#d{self.number}", 0)] * len(spans)
        first, last = self.ends
        start, end = _columns(spans)
        at = np.maximum(np.searchsorted(first, start, "right") - 1, 0)
        start = np.maximum(start, first[at])
        within = start < last[at]
        length = np.where(within, np.maximum(np.minimum(end, last[at]) - start, 0), 0)
        head = f"#{self.id('')}"
        places = np.where(within, start, first[at]).tolist()
        return list(map(Link, [f"{head}{place}" for place in places], length.tolist()))

    def paragraphs(self, spans: Sequence[Span]) -> list[int]:
        """Return the number of the paragraph that each span begins in, beginning with 1."""
        return [max(bisect_right(self.starts, start), 1) for start, _ in spans]

    def id(self, place: int | str) -> str:
        """Return the id of a place."""
        return f"m{self.number}-{place}"

    def pieces(self, marks: Sequence[Mark]) -> Pieces:
        """Return the paragraphs cut at the marks."""
        first, last = self.ends
        spans, of, linked = zip(*marks, strict=True) if marks else ((), (), ())
        names = sorted({row for row in of if row}, key=_order)
        number = {row: i for i, row in enumerate(names)} | {"": -1}
        rank = np.array([number[row] for row in of], np.int64)
        mark, start, stop, head = _within(_columns(spans), first, last)
        rank, link = rank[mark], np.array(linked, np.bool_)[mark]
        named = rank >= 0
        edges = np.unique(np.concatenate((first, last, start[named | link], stop[named])))
        paragraph = np.maximum(np.searchsorted(first, edges, "right") - 1, 0)
        inside = np.flatnonzero(edges < last[paragraph]) if len(last) else np.zeros(0, np.int64)
        wanted = np.zeros(len(edges), np.bool_)
        wanted[np.searchsorted(edges, start[link & (start != head)])] = True
        held = _held(np.searchsorted(edges, start[named]), np.searchsorted(edges, stop[named]), rank[named], len(names))
        rows = [names[i] for i in (held % max(len(names), 1)).tolist()]
        bounds = np.searchsorted(held, np.arange(len(edges) + 1) * len(names)).tolist()
        starts = edges[inside].tolist()
        ids = [self.id(place) if some else "" for place, some in zip(starts, wanted[inside].tolist(), strict=True)]
        found = [rows[bounds[i] : bounds[i + 1]] for i in inside.tolist()]
        pieces = Pieces(starts, edges[inside + 1].tolist(), ids, found, paragraph[inside].tolist())
        return _without(pieces, _blanks(self.text, pieces))


def _columns(spans: Sequence[Span]) -> tuple[Ints, Ints]:
    """Return where spans begin and end."""
    flat = np.fromiter(chain.from_iterable(spans), np.int64, 2 * len(spans))
    return flat[::2], flat[1::2]


def _within(spans: tuple[Ints, Ints], first: Ints, last: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the parts of spans within paragraphs: the number of the span, start, end, where its paragraph begins."""
    start, end = spans
    low = np.searchsorted(last, start, "right")
    count = np.maximum(np.searchsorted(first, np.maximum(end, start + 1)) - low, 0)
    number, at = _spread(low, count)
    start = np.maximum(start[number], first[at])
    return number, start, np.maximum(start, np.minimum(end[number], last[at])), first[at]


def _held(low: Ints, high: Ints, rank: Ints, size: int) -> Ints:
    """Return which row holds which piece: the number of the piece times that of rows, plus the row; rising."""
    number, piece = _spread(low, high - low)
    return np.unique(piece * size + rank[number])


def _spread(low: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Return for each of some stretches of whole numbers its own number and each number in it."""
    own = np.repeat(np.arange(len(low)), count)
    return own, np.arange(len(own)) + np.repeat(low - np.cumsum(count) + count, count)


def _blanks(text: str, pieces: Pieces) -> dict[int, int]:
    """Return the pieces of blanks alone that marks of the one before go on over, and which that is.

    They become a part of it: a link of blanks alone has no name. So those that begin a mark are no part of any.
    """
    starts, ends, ids, rows, paragraph = pieces
    found: dict[int, int] = {}
    for i, place in enumerate(starts):
        if rows[i] and text[place].isspace() and text[place : ends[i]].isspace():
            before = found.get(i - 1, i - 1)
            goes_on = before >= 0 and paragraph[before] == paragraph[i] and set(rows[i]) <= set(rows[before])
            if goes_on and not ids[i]:
                found[i] = before
            else:
                rows[i] = []
    return found


def _without(pieces: Pieces, blanks: Mapping[int, int]) -> Pieces:
    """Return pieces, those of blanks as parts of the ones before them."""
    for number, before in blanks.items():
        pieces.ends[before] = pieces.ends[number]
    keep = [number not in blanks for number in range(len(pieces.starts))]
    return Pieces._make(list(compress(column, keep)) for column in pieces) if blanks else pieces


def _order(row: str) -> tuple[int, int, str]:
    return ORDER[row[0]], len(row), row


def _stripped(text: str, span: Span) -> Span:
    """Return a span without the blanks around its text."""
    inside = span.of(text)
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, max(start, span.start + len(inside.rstrip())))
