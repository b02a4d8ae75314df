"""The heading tree: numerals, markers, sections (章节树)."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from govtext.text import Span, codes, lines

if TYPE_CHECKING:
    from collections.abc import Iterator

Level = Literal["part", "chapter", "section", "1", "article", "2", "3", "4", "point"]
# From the outermost to the innermost: a heading closes every open one that does not rank above it.
LEVELS: tuple[Level, ...] = ("part", "chapter", "section", "1", "article", "2", "3", "4", "point")


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
    def depth(self) -> int:
        """How many headings enclose this one."""
        return self.parent.depth + 1 if self.parent else 0


DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}


def numeral(text: str) -> int:
    """Read a Chinese or Arabic ordinal numeral below ten thousand (数字).

    >>> [numeral(n) for n in ("十", "二十一", "一百零八", "12")]
    [10, 21, 108, 12]
    """
    if text.isascii():
        return int(text)
    total = digit = 0
    for character in text:
        if character in UNITS:
            total += (digit or 1) * UNITS[character]
            digit = 0
        else:
            digit = digit * 10 + DIGITS[character]
    return total + digit


NUMERAL = "[一二三四五六七八九十百零〇]"
_B = r"[ \t\u3000\xa0]*"
# The markers that open a line, tried in this order. Each group is named after its level.
LINE_MARKER = re.compile(
    rf"""{_B}(?:\#{{1,6}}[ \t]+)?(?:\*\*)?(?:                          # the marks of Markdown
      (?P<part>第{_B}{NUMERAL}{{1,5}}{_B}[编篇])(?=[ \t\u3000\xa0:：]|$)
    | (?P<chapter>第{_B}{NUMERAL}{{1,5}}{_B}(?:章(?!程)(?=[^。，；,;\n]{{0,40}}$)|部分(?=[ \t\u3000\xa0:：]|$)))
    | (?P<section>第{_B}{NUMERAL}{{1,5}}{_B}节)(?=[ \t\u3000\xa0:：]|$)
    | (?P<article>第{_B}{NUMERAL}{{1,6}}{_B}条)
    | (?P<one>{NUMERAL}{{1,4}}{_B}、)
    | (?P<two>[（(]\s*{NUMERAL}{{1,4}}\s*[）)])、?
    | (?P<four>[（(]\s*\d{{1,3}}\s*[）)])
    | (?P<three>\d{{1,3}}{_B}[.．、])
    | (?P<point>{NUMERAL}{{1,3}}[是要])
    )""",
    re.VERBOSE | re.MULTILINE,
)
# What a line with a marker may begin with.
STARTERS = frozenset(" \t\u3000\xa0#*第（(0123456789一二三四五六七八九十百零〇")
GROUPS: dict[str, Level] = {
    "part": "part",
    "chapter": "chapter",
    "section": "section",
    "article": "article",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "point": "point",
}
_POINT_DIGITS = "一二三四五六七八九十"
# What stands before a point inside a paragraph.
AFTER_STOP = frozenset("。；;：:！？!?”）)\n \t\u3000\xa0.")
AFTER_COMMA = frozenset("，,")
# What follows 一要 or 三是 where they are no enumerators: 三要素, 一是一.
NOT_A_POINT = re.compile(r"要[素件点义害塞求]|是一[、，。]")
# What follows 一、 where it is a list of numerals and no marker: 一、二季度; 一、二、三产业.
NOT_ONE = re.compile(rf"{NUMERAL}{{1,3}}(?:、|季度|月|产业?|线|等|类|级|号|批|期)")
HEADING_END = re.compile(r"[。！？!?\n]")
POINT_END = re.compile(r"[，,；;。！？!?\n]|\.(?![0-9A-Za-z])")
ANNEX = re.compile(
    rf"""
      [（(]?附{_B}(?:件|录|表|注)?{_B}(?:\d{{0,2}}|{NUMERAL}{{1,2}}){_B}[）)]?{_B}(?:[:：].{{0,60}})?
    | 附件{_B}(?:\d{{1,2}}|{NUMERAL}{{1,2}})(?:[ \t\u3000\xa0.．、][^。]{{0,60}}
      |[^。]{{0,40}}(?:表|清单|目录|名单|方案|办法|报告))
    | (?:《?[^。，\n]{{0,24}}》?)?(?:有关)?(?:内容)?(?:名词|用语|词语)(?:解释|注释|说明|释义)
      (?:\s*[（(].{{0,20}}[)）])?{_B}[:：]?
    | 注释{_B}[:：]?
    """,
    re.VERBOSE,
)
ANNEX_LENGTH = 100
ANNEXES_NAMED = re.compile(rf"{_B}附{_B}件{_B}[:：]{_B}1{_B}[.．、]")
YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
BLANK_OR_COLON = frozenset(["", *" \t\u3000\xa0:：\n"])


class _Mark(NamedTuple):
    """A marker found: where it starts and ends, its level and number."""

    start: int
    end: int
    level: Level
    numeral: int
    inline: bool


def _line_marks(text: str, rows: list[Span]) -> Iterator[_Mark]:
    starts = (at for row in rows if text[at := _line_start(text, row)] in STARTERS)
    candidates = [match for at in starts if (match := LINE_MARKER.match(text, at))]
    doubtful = _doubtful(text, candidates) | _annexes_named(text, candidates)
    for match in candidates:
        group = match.lastgroup or ""
        end = match.end(group)
        if group == "one" and NOT_ONE.match(text, end):
            continue
        if group == "point" and NOT_A_POINT.match(text, end - 1):
            continue
        if match.start(group) not in doubtful:
            yield _Mark(match.start(group), match.end(), GROUPS[group], _number(match), inline=False)


def _line_start(text: str, row: Span) -> int:
    """Return where the first line of a row begins that is not blank; only the first row may hold blank ones."""
    return row.start if row.start else min(len(text) - len(text.lstrip("\n")), len(text) - 1)


def _number(match: re.Match[str]) -> int:
    return numeral("".join(c for c in match[match.lastgroup or 0] if c.isdigit() or c in DIGITS or c in UNITS))


def _doubtful(text: str, candidates: list[re.Match[str]]) -> set[int]:
    """Return where a marker opens a line that may be none, and no list of sure ones goes on there.

    3.5亿元 and 1、2号楼 are amounts, but 14.2025年 after 13. is an item; 第一条高速公路 is none, but 第一条为了…
    before 第二条 is an article.
    """
    out: set[int] = set()
    for group in ("three", "article"):
        members = [(m.start(group), _number(m), _is_sure(text, m)) for m in candidates if m.lastgroup == group]
        taken = [sure for *_, sure in members]
        for step in (1, -1):  # from its neighbour before, then from the one after
            for i in range(len(members))[::step]:
                j = i - step
                if not taken[i] and 0 <= j < len(members) and taken[j]:
                    taken[i] = members[j][1] == members[i][1] - step
        if group == "article" and not any(taken):  # all stand without a blank: a rule, if they count from one
            taken = [[number for _, number, _ in members] == list(range(1, len(members) + 1))] * len(members)
            taken = taken if len(members) > 1 else [False] * len(members)
        out.update(start for (start, *_), yes in zip(members, taken, strict=True) if not yes)
    return out


def _is_sure(text: str, match: re.Match[str]) -> bool:
    if match.lastgroup == "three":
        return not text[match.end() : match.end() + 1].isdigit() or bool(YEAR.match(text, match.end()))
    return text[match.end() : match.end() + 1] in BLANK_OR_COLON


def _annexes_named(text: str, candidates: list[re.Match[str]]) -> set[int]:
    """Return where 2. opens a line that goes on with the list of annexes that 附件：1. began; they are no headings."""
    out: set[int] = set()
    expected, end = 0, -1
    for match in candidates:
        if match.lastgroup != "three":
            continue
        start, number = match.start("three"), _number(match)
        if expected == 0 or expected != number or text[end:start].strip():
            line = text.rfind("\n", 0, start) + 1
            before = text[text.rfind("\n", 0, max(line - 1, 0)) + 1 : line]
            expected = 2 if number == 2 and ANNEXES_NAMED.match(before) else 0
        if expected == number and expected:
            out.add(start)
            line_end = text.find("\n", start)
            expected, end = number + 1, len(text) if line_end < 0 else line_end
    return out


def _point_ends(text: str) -> list[int]:
    """Return the ends of all strings such as 一是 and 十二要."""
    points = codes(text)
    verbs = np.flatnonzero((points == ord("是")) | (points == ord("要"))).tolist()
    return [at + 1 for at in verbs if at and text[at - 1] in _POINT_DIGITS]


def _inline_marks(text: str, taken: set[int]) -> Iterator[_Mark]:
    """Yield the points inside paragraphs: after a stop, or after a comma where the list goes on."""
    following = 0
    line_end = -1
    for end in _point_ends(text):
        start = end - 2
        while start and end - start < 4 and text[start - 1] in _POINT_DIGITS:
            start -= 1
        number = numeral(text[start : end - 1])
        if start in taken:
            following, line_end = number + 1, text.find("\n", end)
            continue
        before = text[start - 1 : start]
        if NOT_A_POINT.match(text, end - 1) or not before:
            continue
        if before in AFTER_COMMA:
            if 0 <= line_end < start or number not in (1, following):
                continue
        elif before not in AFTER_STOP:
            continue
        following, line_end = number + 1, text.find("\n", end)
        yield _Mark(start, end, "point", number, inline=True)


def find_sections(text: str, rows: list[Span], furniture: tuple[Span, ...]) -> list[Section]:
    """Find the heading tree of a text (章节树).

    A heading closes every open one of its own rank or below; a point never holds others; an annex (附件, 名词解释)
    closes all. Linear in the length of the text.
    """
    at_line = list(_line_marks(text, rows))
    marks = sorted([*at_line, *_inline_marks(text, {mark.start for mark in at_line})])
    marks = _drop(marks, furniture)
    body_end = len(text)
    for hole in reversed(furniture):
        if hole.end == body_end:
            body_end = hole.start
    return _tree(text, marks, annexes_of(text, rows), body_end)


def annexes_of(text: str, rows: list[Span]) -> list[int]:
    """Return where annexes begin: lines such as 附件 and 名词解释."""
    short = ((row.start, row.of(text)) for row in rows if row.end - row.start <= ANNEX_LENGTH)
    return [
        at for at, line in short if ("附" in line or "释" in line or "说明" in line) and ANNEX.fullmatch(line.strip())
    ]


def _drop(marks: list[_Mark], furniture: tuple[Span, ...]) -> list[_Mark]:
    """Return the markers that do not stand in page furniture."""
    starts = [hole.start for hole in furniture]
    holes = [bisect_right(starts, mark.start) - 1 for mark in marks]
    return [m for m, i in zip(marks, holes, strict=True) if i < 0 or m.start >= furniture[i].end]


def _tree(text: str, marks: list[_Mark], annexes: list[int], body_end: int) -> list[Section]:
    """Give each marker its end and its parent."""
    ends = _ends(text, marks, annexes, body_end)
    out: list[Section] = []
    stack: list[Section] = []
    pending = list(reversed(annexes))
    for mark, end in zip(marks, ends, strict=True):
        while pending and pending[-1] <= mark.start:
            pending.pop()
            stack.clear()
        rank = LEVELS.index(mark.level)
        while stack and (LEVELS.index(stack[-1].level) >= rank or stack[-1].span.end <= mark.start):
            stack.pop()
        heading, run_in = _heading(text, mark, end)
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


def _ends(text: str, marks: list[_Mark], annexes: list[int], body_end: int) -> list[int]:
    """Return where the section of each marker ends: before the next marker that does not rank below it."""
    ends = [0] * len(marks)
    open_marks: list[int] = []
    boundaries = sorted([(m.start, i) for i, m in enumerate(marks)] + [(a, -1) for a in annexes])
    for at, index in boundaries:
        rank = LEVELS.index(marks[index].level) if index >= 0 else -1
        while open_marks and LEVELS.index(marks[open_marks[-1]].level) >= rank:
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


def _heading(text: str, mark: _Mark, end: int) -> tuple[Span, bool]:
    """Return the span of the heading after a marker, and whether body text follows on its line."""
    start = mark.end
    while start < end and text[start] in " \t\u3000\xa0：:．、":
        start += 1
    if start < end and text[start] == "\n":  # the marker stands alone on its line: the next line is its heading
        start = next((line.start for line in lines(text, Span(start, end))), end)
        while start < end and text[start].isspace():
            start += 1
    if mark.level == "article":
        return Span(start, start), start < end
    match = (POINT_END if mark.level == "point" else HEADING_END).search(text, start, end)
    stop = match.start() if match else end
    line_end = text.find("\n", stop, end)
    rest = text[stop + 1 : end if line_end < 0 else line_end]
    run_in = text[stop : stop + 1] != "\n" and bool(rest.strip(" \t\u3000\xa0。！？!?”’）)"))
    while stop > start and (text[stop - 1].isspace() or text[stop - 1] in "；;*"):
        stop -= 1
    return Span(start, stop), run_in
