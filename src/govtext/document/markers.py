"""The markers of headings: 第一章, 一、, （一）, 1., （1）, 一是; and the lines that begin annexes (标题序号)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from govtext.text import Span, codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Level = Literal["part", "chapter", "section", "1", "article", "2", "3", "4", "point"]
# From the outermost to the innermost: a heading closes every open one that does not rank above it.
LEVELS: tuple[Level, ...] = ("part", "chapter", "section", "1", "article", "2", "3", "4", "point")
RANKS = {level: rank for rank, level in enumerate(LEVELS)}
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
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


NUMERAL = "[一二三四五六七八九十百零〇○]"
_B = r"[ \t\u3000\xa0]*"
_ORDINAL = rf"第{_B}(?:{NUMERAL}{{1,6}}|[0-9]{{1,3}}){_B}"
_APART = r"(?=[ \t\u3000\xa0:：]|$)"
# The markers that open a line, tried in this order. Each group is named after its level.
LINE_MARKER = re.compile(
    rf"""{_B}(?:\#{{1,6}}[ \t]+|[-*+•][ \t]+)?(?:\*\*)?(?:                 # the marks of Markdown
      (?P<part>{_ORDINAL}[编篇]){_APART}
    | (?P<chapter>{_ORDINAL}(?:章(?!程)(?=[^。，；,;\n]{{0,40}}$)|部分{_APART}))
    | (?P<section>{_ORDINAL}节){_APART}
    | (?P<article>{_ORDINAL}条(?:之[一二三四五六七八九十])?)
    | (?P<one>{NUMERAL}{{1,4}}{_B}(?:、|[.．](?!{NUMERAL}|[0-9])))
    | (?P<two>[（(]\s*{NUMERAL}{{1,4}}\s*[）)]|[㈠-㈩])、?
    | (?P<four>[（(]\s*[0-9]{{1,3}}\s*[）)]|[⑴-⒇]|[0-9]{{1,2}}[)）])
    | (?P<three>[0-9]{{1,3}}{_B}[.．、]|[⒈-⒛])
    | (?P<point>{NUMERAL}{{1,3}}[是要])
    )""",
    re.VERBOSE | re.MULTILINE,
)
# What a line with a marker may begin with.
STARTERS = frozenset(
    [
        *" \t\u3000\xa0#*-+•第（(0123456789一二三四五六七八九十百零〇○",
        *map(chr, range(0x2474, 0x249C)),
        *"㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩",
    ]
)
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
AFTER_STOP = frozenset("。；;：:！？!?”）)（(\n \t\u3000\xa0.")
AFTER_COMMA = frozenset("，,、")
# The last characters of what leads to a list without a mark: 主要表现为一是…；二是…
LEADS_IN = frozenset("为有是括在于到面题作务施求点因现即")
# What follows 一要 or 三是 where they are no enumerators: 三要素, 一是一; but 一要求真务实, 二要点燃激情.
NOT_A_POINT = re.compile(r"要(?:[素件义害塞]|求(?![真实稳新变进强])|点(?![燃面线亮]))|是一[、，。]")
# What follows 一、 where it is a list of numerals and no marker: 一、二季度; 一、二、三产业. 三、三级联动 may be one
# if its neighbours say so.
NOT_ONE = re.compile(rf"{NUMERAL}{{1,3}}(?:、|季度|月|产业?|线|等|类|级|号|批|期)")
ANNEX = re.compile(
    rf"""
      [（(]?附{_B}[件录表注图]?{_B}(?:[0-9]{{0,2}}|{NUMERAL}{{1,2}}){_B}[）)]?{_B}(?:[:：].{{0,60}})?
    | 附[件录表图]{_B}(?:[0-9]{{1,2}}|{NUMERAL}{{1,2}})(?:[ \t\u3000\xa0.．、][^。]{{0,60}}
      |[^。]{{0,40}}(?:[表图]|清单|目录|名单|方案|办法|报告|分工|计划|要点|样式|模板|指南|标准|细则|规范|制度|台账))
    | (?:《?[^。，\n]{{0,24}}》?)?(?:有关)?(?:内容)?(?:名词|用语|词语|术语)(?:解释|注释|说明|释义)
      (?:\s*[（(].{{0,20}}[)）])?{_B}[:：]?
    | (?:注释|尾注|脚注){_B}[:：]?
    """,
    re.VERBOSE,
)
ANNEX_LENGTH = 100
ANNEXES_NAMED = re.compile(rf"{_B}附{_B}件?{_B}[:：]{_B}1{_B}[.．、]")
YEAR = re.compile(r"(?:19|20)[0-9]{2}(?![0-9])")
BLANK_OR_COLON = frozenset(["", *" \t\u3000\xa0:：\n"])
CONTENTS_WORD = re.compile(rf"目{_B}[录次]")  # a text without it need not be read line by line
CONTENTS = re.compile(rf"(?:#{{1,6}}[ \t]+)?目{_B}[录次]")
LEADER = re.compile(r"(?:[.．…·\-—]{2,}|[ \t\u3000\xa0])[.．…·\-— \t\u3000\xa0]*[（(]?[0-9]{1,4}[）)]?$")  # ……12
ENTRY_LENGTH = 80  # a longer line is no entry of a table of contents


class Mark(NamedTuple):
    """A marker found: where it starts and ends, its level and number."""

    start: int
    end: int
    level: Level
    numeral: int
    inline: bool


def find_marks(text: str, rows: list[Span]) -> list[Mark]:
    """Find the markers of headings, in the order of the text; those of a table of contents are none (标题序号)."""
    at_line = list(_line_marks(text, rows))
    marks = sorted([*at_line, *_inline_marks(text, {mark.start for mark in at_line})])
    contents = contents_of(text, rows)
    return [mark for mark in marks if not contents.start <= mark.start < contents.end]


def find_heading_marks(text: str, rows: list[Span]) -> list[Mark]:
    """Find the markers of headings but the points (标题序号，不含列举)."""
    contents = contents_of(text, rows)
    found = _line_marks(text, rows)
    return [m for m in found if m.level != "point" and not contents.start <= m.start < contents.end]


def annexes_of(text: str, rows: list[Span]) -> list[int]:
    """Return where annexes begin: lines such as 附件 and 名词解释 (附件)."""
    contents = contents_of(text, rows)
    short = ((row.start, row.of(text)) for row in rows if row.end - row.start <= ANNEX_LENGTH)
    return [
        at
        for at, line in short
        if ("附" in line or "释" in line or "注" in line or "说明" in line)
        and ANNEX.fullmatch(line.strip())
        and not contents.start <= at < contents.end
    ]


def contents_of(text: str, rows: list[Span]) -> Span:
    """Return the span of the table of contents, empty if there is none (目录).

    It begins with a line 目录 and ends where its first entry stands again; if it never does, with the last line that
    ends in a page number.
    """
    if not CONTENTS_WORD.search(text):
        return Span(0, 0)
    first = next(
        (i for i, r in enumerate(rows) if r.end - r.start < 16 and CONTENTS.fullmatch(r.of(text).strip())), None
    )
    if first is None:
        return Span(0, 0)
    entry, end = "", rows[first].end
    for row in rows[first + 1 :]:
        line = row.of(text).strip()
        if len(line) > ENTRY_LENGTH:
            break
        if entry and _entry(line) == entry:
            return Span(rows[first].start, row.start)
        entry = entry or _entry(line)
        if LEADER.search(line):
            end = row.end
    return Span(rows[first].start, end)


def _entry(line: str) -> str:
    """Return the heading that an entry of a table of contents names, without blanks, leader and page number."""
    return "".join(LEADER.sub("", line).split())


def _line_marks(text: str, rows: list[Span]) -> Iterator[Mark]:
    starts = [row.start for row in rows]
    if starts:  # only the first row may begin with blank lines
        starts[0] = min(len(text) - len(text.lstrip("\n")), len(text) - 1)
    candidates = [match for at in starts if text[at] in STARTERS and (match := LINE_MARKER.match(text, at))]
    named = _annexes_named(text, candidates)
    candidates = [match for match in candidates if match.start(match.lastgroup or 0) not in named]
    doubtful = _doubtful(text, candidates)
    for match in candidates:
        group = match.lastgroup or ""
        if group == "point" and NOT_A_POINT.match(text, match.end(group) - 1):
            continue
        if match.start(group) not in doubtful:
            yield Mark(match.start(group), match.end(), GROUPS[group], _number(match), inline=False)


def _number(match: re.Match[str]) -> int:
    return _marker_number(match[match.lastgroup or 0])


@lru_cache(maxsize=1024)
def _marker_number(marker: str) -> int:
    """Return the number of a marker; ⒈, ⑴ and ㈠ are one character each."""
    plain = unicodedata.normalize("NFKC", marker).partition("之")[0]
    return numeral("".join(c for c in plain if c.isdecimal() or c in DIGITS or c in UNITS))


class _Candidate(NamedTuple):
    """A marker that opens a line: where, its number, and whether what follows leaves no doubt."""

    start: int
    number: int
    sure: bool


def _doubtful(text: str, matches: list[re.Match[str]]) -> set[int]:
    """Return where a marker opens a line that may be none, and no list of sure ones goes on there.

    3.5亿元 and 1、2号楼 are amounts, but 14.2025年 after 13. is an item; 第一条高速公路 is none, but 第一条为了…
    before 第二条 is an article; 三、四月份 is none, but between 二、 and 四、 三、三级联动 is a heading.
    """
    out: set[int] = set()
    groups: dict[str, list[re.Match[str]]] = {}
    for match in matches:
        groups.setdefault(match.lastgroup or "", []).append(match)
    for group, (is_sure, goes_on) in DOUBTS.items():
        sure = [is_sure(text, match) for match in groups.get(group, ())]
        if not all(sure):
            members = [_Candidate(m.start(group), _number(m), yes) for m, yes in zip(groups[group], sure, strict=True)]
            out.update(c.start for c, yes in zip(members, goes_on(members), strict=True) if not yes)
    return out


def _beside(members: list[_Candidate]) -> list[bool]:
    """Tell which are sure, or go on from one that is, or lead to it."""
    taken = [member.sure for member in members]
    for step in (1, -1):  # from its neighbour before, then from the one after
        for i in range(len(members))[::step]:
            j = i - step
            if not taken[i] and 0 <= j < len(members) and taken[j]:
                taken[i] = members[j].number == members[i].number - step
    return taken


def _beside_or_all(members: list[_Candidate]) -> list[bool]:
    """Tell which are sure or stand beside one that is; where none is, all are if they count from one."""
    if len(members) < 2 or any(member.sure for member in members):
        return _beside(members)
    return [[member.number for member in members] == list(range(1, len(members) + 1))] * len(members)


def _between(members: list[_Candidate]) -> list[bool]:
    """Tell which are sure, or stand between the number before and the sure number after."""
    taken = [member.sure for member in members]
    for i in range(1, len(members) - 1):
        number = members[i].number
        if not taken[i] and members[i + 1].sure:
            taken[i] = taken[i - 1] and members[i - 1].number == number - 1 and members[i + 1].number == number + 1
    return taken


def _sure_item(text: str, match: re.Match[str]) -> bool:
    return not text[match.end() : match.end() + 1].isdecimal() or bool(YEAR.match(text, match.end()))


def _sure_article(text: str, match: re.Match[str]) -> bool:
    return text[match.end() : match.end() + 1] in BLANK_OR_COLON


def _sure_heading(text: str, match: re.Match[str]) -> bool:
    return not NOT_ONE.match(text, match.end())


def _sure_bracket(_: str, match: re.Match[str]) -> bool:
    """Tell whether a bracket opens, too: 23） may end one that opened on the line before."""
    return match["four"][-1] not in ")）" or match["four"][0] in "(（" or _number(match) == 1


# For each group that may be no marker: what makes it sure, and which of the others go on from sure ones.
DOUBTS: dict[str, tuple[Callable[[str, re.Match[str]], bool], Callable[[list[_Candidate]], list[bool]]]] = {
    "one": (_sure_heading, _between),
    "article": (_sure_article, _beside_or_all),
    "three": (_sure_item, _beside),
    "four": (_sure_bracket, _beside),
}


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


class _Point(NamedTuple):
    """A string such as 一是 or 十二要: where, and its number."""

    start: int
    end: int
    number: int


def _points(text: str) -> list[_Point]:
    """Return all strings such as 一是 and 十二要."""
    points = codes(text)
    verbs = np.flatnonzero((points == ord("是")) | (points == ord("要"))).tolist()
    out = []
    for at in (at for at in verbs if at and text[at - 1] in _POINT_DIGITS):
        start = at - 1
        while start and at - start < 3 and text[start - 1] in _POINT_DIGITS:
            start -= 1
        out.append(_Point(start, at + 1, numeral(text[start:at])))
    return out


def _inline_marks(text: str, taken: set[int]) -> Iterator[Mark]:
    """Yield the points inside paragraphs: after a stop, or after a comma where the list goes on."""
    following, line_end = 0, -1
    for point, after in pairwise([*_points(text), None]):
        if point is None:
            continue
        if point.start > line_end:  # the first of its line
            following, line_end = 0, text.find("\n", point.end)
            line_end = len(text) if line_end < 0 else line_end
        begins = point.number == 1 and after is not None and after.number == 2 and after.start < line_end
        if point.start not in taken:
            if NOT_A_POINT.match(text, point.end - 1) or not _stands_free(text, point, following, begins=begins):
                continue
            yield Mark(point.start, point.end, "point", point.number, inline=True)
        following = point.number + 1


def _stands_free(text: str, point: _Point, following: int, *, begins: bool) -> bool:
    """Tell whether what stands before a point parts it from the text: 统一是 and 第一要务 hold none."""
    before = text[point.start - 1 : point.start]
    if before in AFTER_COMMA:
        return point.number == following or (point.number == 1 and before != "、")
    return before in AFTER_STOP or (before in LEADS_IN and begins)
