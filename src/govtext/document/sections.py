"""The heading tree: sections, their headings and parents (章节树)."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from govtext.document.markers import RANKS, annexes_of, find_heading_marks, find_marks
from govtext.text import Span, lines

if TYPE_CHECKING:
    from govtext.document.markers import Level, Mark


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and everything under it (章节).

    Attributes:
        level: part (第X编, 第X篇), chapter (第X章, 第X部分), section (第X节), 1 (一、), article (第X条), 2 (（一）),
            3 (1.), 4 (（1）) or point (一是).
        numeral: the number that the marker writes.
        marker: the marker as printed.
        heading: the text of the heading without its marker and final punctuation; empty for an article.
        span: the whole section, from the marker to its last character.
        heading_span: the heading text.
        run_in: whether the body follows the heading on the same line.
        parent: the section it lies in, or None.
    """

    level: Level
    numeral: int
    marker: str
    heading: str
    span: Span
    heading_span: Span
    run_in: bool
    parent: Section | None = field(default=None, repr=False)

    @property
    def path(self) -> str:
        """The markers from the outermost heading to this one, such as 一、›(三)›二是 (路径)."""
        return (f"{self.parent.path}›" if self.parent else "") + self.marker

    @property
    def line(self) -> str:
        """The heading as one prints it: marker and text, with a blank after 第一章 and the like (标题行)."""
        apart = " " if self.heading and self.marker.startswith("第") else ""
        return f"{self.marker}{apart}{self.heading}"

    @property
    def depth(self) -> int:
        """How many headings enclose this one."""
        return self.parent.depth + 1 if self.parent else 0


# An ASCII stop ends a heading only after Chinese and before no digit or letter: 3.5, U.S. and 1. end none.
HEADING_END = re.compile(r"[。！？!?\n.]")
POINT_END = re.compile(r"[，,；;。！？!?\n.]")
_CLOSING = r" \t\u3000\xa0。！？!?”’）)"  # what may follow a heading and is no body
BODY = re.compile(rf"[{_CLOSING}]*[^{_CLOSING}\n]")
CHINESE_END = re.compile(r"[\u4e00-\u9fff”）)]\.(?![0-9A-Za-z])")


def find_sections(text: str, rows: list[Span], furniture: tuple[Span, ...]) -> list[Section]:
    """Find the heading tree of a text (章节树).

    A heading closes every open one of its own rank or below; a point never holds others; an annex (附件, 名词解释)
    closes all. Linear in the length of the text.
    """
    marks = _drop(find_marks(text, rows), furniture)
    return _tree(text, marks, annexes_of(text, rows), _body_end(text, furniture))


def find_heads(text: str, rows: list[Span], furniture: tuple[Span, ...]) -> list[Span]:
    """Find the spans of the sections of a text but its points, which close no other; a third of the work (章节范围)."""
    marks = _drop(find_heading_marks(text, rows), furniture)
    ends = _ends(text, marks, annexes_of(text, rows), _body_end(text, furniture))
    return [Span(mark.start, end) for mark, end in zip(marks, ends, strict=True)]


def _body_end(text: str, furniture: tuple[Span, ...]) -> int:
    """Return where the text ends but for the furniture after it."""
    end = len(text)
    for hole in reversed(furniture):
        if hole.end == end:
            end = hole.start
    return end


def _drop(marks: list[Mark], furniture: tuple[Span, ...]) -> list[Mark]:
    """Return the markers that do not stand in page furniture."""
    starts = [hole.start for hole in furniture]
    holes = [bisect_right(starts, mark.start) - 1 for mark in marks]
    return [m for m, i in zip(marks, holes, strict=True) if i < 0 or m.start >= furniture[i].end]


def _tree(text: str, marks: list[Mark], annexes: list[int], body_end: int) -> list[Section]:
    """Give each marker its end and its parent."""
    ends = _ends(text, marks, annexes, body_end)
    out: list[Section] = []
    stack: list[Section] = []
    pending = list(reversed(annexes))
    for i, (mark, end) in enumerate(zip(marks, ends, strict=True)):
        while pending and pending[-1] <= mark.start:
            pending.pop()
            stack.clear()
        rank = RANKS[mark.level]
        while stack and (RANKS[stack[-1].level] >= rank or stack[-1].span.end <= mark.start):
            stack.pop()
        limit = min(end, marks[i + 1].start) if i + 1 < len(marks) else end
        heading, run_in = _heading(text, mark, end, limit)
        section = Section(
            level=mark.level,
            numeral=mark.numeral,
            marker="".join(text[mark.start : mark.end].split()),
            heading=heading.of(text),
            span=Span(mark.start, end),
            heading_span=heading,
            run_in=run_in,
            parent=stack[-1] if stack else None,
        )
        out.append(section)
        stack.append(section)
    return out


def _ends(text: str, marks: list[Mark], annexes: list[int], body_end: int) -> list[int]:
    """Return where the section of each marker ends: before the next marker that does not rank below it."""
    ends = [0] * len(marks)
    open_marks: list[int] = []
    boundaries = sorted([(m.start, i) for i, m in enumerate(marks)] + [(a, -1) for a in annexes])
    for at, index in boundaries:
        rank = RANKS[marks[index].level] if index >= 0 else -1
        while open_marks and RANKS[marks[open_marks[-1]].level] >= rank:
            ends[open_marks.pop()] = at
        if index >= 0:
            open_marks.append(index)
    for index in open_marks:
        ends[index] = max(body_end, marks[index].end)
    out = []
    for mark, end in zip(marks, ends, strict=True):
        stop = end
        if mark.inline:  # a point inside a paragraph ends with the paragraph
            line_end = text.find("\n", mark.end, end)
            stop = end if line_end < 0 else line_end
        while stop > mark.end and text[stop - 1].isspace():
            stop -= 1
        out.append(stop)
    return out


def _heading(text: str, mark: Mark, end: int, limit: int) -> tuple[Span, bool]:
    """Return the span of the heading after a marker, and whether body text follows on its line.

    The heading ends before the next marker, at `limit`, at the latest: （一）压实责任：一是….
    """
    start = mark.end
    while start < limit and text[start] in " \t\u3000\xa0：:.．、":
        start += 1
    if start < limit and text[start] == "\n":  # the marker stands alone on its line: the next line is its heading
        start = next((line.start for line in lines(text, Span(start, limit))), limit)
        while start < limit and text[start].isspace():
            start += 1
        if start >= limit:  # no heading at all: 一、 and on the next line （一）
            return Span(mark.end, mark.end), False
    if mark.level == "article":
        return Span(start, start), start < end
    ends = POINT_END if mark.level == "point" else HEADING_END
    match = ends.search(text, start, limit)
    while match and match[0] == "." and not CHINESE_END.match(text, match.start() - 1):
        match = ends.search(text, match.end(), limit)
    stop = match.start() if match else limit
    run_in = text[stop : stop + 1] != "\n" and BODY.match(text, stop + 1, end) is not None
    while stop > start and (text[stop - 1].isspace() or text[stop - 1] in "；;：:，,、*"):
        stop -= 1
    return Span(start, stop), run_in
