"""A document: its text, its metadata and its heading tree 一、→(一)→1.→(1)→一是 (文档)."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from govtext.text import Span, codes, lines, normalise, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Level = Literal["chapter", "1", "article", "2", "3", "4", "point"]
# From the outermost to the innermost: a heading closes every open one that does not rank above it.
LEVELS: tuple[Level, ...] = ("chapter", "1", "article", "2", "3", "4", "point")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a document; what is not known is None, never guessed (元数据).

    The fields follow the elements of official documents in GB/T 9704.
    """

    title: str | None = None
    doc_number: str | None = None
    issuer: str | None = None
    addressee: str | None = None
    date: str | None = None
    place: str | None = None
    year: int | None = None
    genre: str | None = None
    source: str | None = None
    encoding: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and everything under it (章节).

    Attributes:
        level: chapter (第X章), 1 (一、), article (第X条), 2 (（一）), 3 (1.), 4 (（1）) or point (一是).
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


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a document: a code, what it says in Chinese and in English, and where (问题)."""

    code: str
    message: str
    message_en: str
    span: Span


@dataclass(frozen=True)
class Document:
    """One immutable text with what is known about it; its structure is computed on first use (文档).

    Attributes:
        text: the normalised text; every `Span` of every result counts its code points.
        id: a name that is unique in its corpus.
        metadata: what the caller or `corpus.csv` says, completed by what the text itself says.
    """

    text: str
    id: str = ""
    given: Metadata = field(default=Metadata(), repr=False)

    def __repr__(self) -> str:
        return f"Document(id={self.id!r}, {len(self.text)} characters, {self.text[:20].strip()!r}…)"

    def _repr_html_(self) -> str:
        """Show the document in a notebook: what it is, and its heading tree."""
        known = {name: getattr(self.metadata, name) for name in ("place", "year", "genre", "date")}
        facts = " · ".join([f"{len(self.text)} 字", *(str(value) for value in known.values() if value is not None)])
        title = escape(self.metadata.title or self.id or "Document")
        rows = "".join(
            f"<li style='margin-left:{1.5 * section.depth}em'>{escape(section.marker + section.heading)}</li>"
            for section in self.sections
        )
        return f"<h4>{title}</h4><p>{escape(facts)}</p><ul style='list-style:none;padding-left:0'>{rows}</ul>"

    @cached_property
    def metadata(self) -> Metadata:
        """What is known about the document: what was given, completed by what the text says (元数据)."""
        found = read_metadata(self)
        known = {name: value for name in Metadata.__slots__ if (value := getattr(self.given, name)) is not None}
        return replace(found, **known)

    @cached_property
    def furniture(self) -> tuple[Span, ...]:
        """The lines that are no part of the document: navigation, print buttons, page numbers (页面杂项)."""
        return tuple(_find_furniture(self.text, self._lines))

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """Lines with their line ends; with the furniture they tile the text (段落)."""
        return tuple(_outside(self._lines, self.furniture))

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Sentences; with the furniture they tile the text (句子)."""
        return tuple(_outside(sentences(self.text), self.furniture))

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The heading tree, flat, in the order of the text (章节树)."""
        return tuple(_find_sections(self.text, self._lines, self.furniture))

    @cached_property
    def _lines(self) -> list[Span]:
        return _line_spans(self.text)


def parse(text: str, id: str = "", *, metadata: Metadata | None = None) -> Document:  # noqa: A002
    r"""Make a document from a string: normalise it, nothing else (解析).

    >>> doc = parse("一、总则\\n（一）目的。为了公开。", id="demo")
    >>> [(s.level, s.numeral, s.heading) for s in doc.sections]
    [('1', 1, '总则'), ('2', 1, '目的')]
    """
    return Document(normalise(text), id, metadata or Metadata())


# --- lines and page furniture ---------------------------------------------------------------------------------------


def _line_spans(text: str) -> list[Span]:
    """Return lines that tile the text: a line, its line end and the blank lines after it."""
    starts = [line.start for line in lines(text)]
    if not starts:
        return [Span(0, len(text))] if text else []
    return [Span(a, b) for a, b in pairwise([0, *starts[1:], len(text)])]


def _outside(spans: Iterable[Span], holes: tuple[Span, ...]) -> Iterator[Span]:
    """Yield the parts of rising spans that lie outside the rising holes."""
    rest = list(reversed(holes))
    for span in spans:
        start = span.start
        while rest and rest[-1].start < span.end:
            hole = rest[-1]
            if start < hole.start:
                yield Span(start, hole.start)
            start = max(start, min(hole.end, span.end))
            if hole.end > span.end:
                break
            rest.pop()
        if start < span.end:
            yield Span(start, span.end)


# Each is a whole line, blanks at its ends removed. STRONG lines are furniture wherever they stand near the edges of the
# page; WEAK ones only in a run with a strong one.
STRONG = re.compile(
    r"""
    【?\s*(?:字体|字号)\s*[:：]?.*                         # 【字号：  【字体：大 中 小】
    | (?:您(?:现)?(?:的|在|所在的?)?|当前|所在)位置\s*[:：]?.*    # 您的位置: 首页 > 政府工作报告
    | (?:下载|打印|打印本页|打印此页|关闭|关闭窗口|关闭本页|收藏|全屏|加大|还原|减小|返回顶部|回到顶部)
    | (?:来源|信息来源|文章来源|稿件来源|发布机构|信息索引|索引号|主题分类|发文机构)\s*[:：].{0,40}
    | (?:发布时间|发布日期|时间|日期|更新时间|成文日期)\s*[:：]\s*\d{4}[-年/.].{0,30}
    | (?:浏览次数|浏览量|阅读次数|阅读|点击数|点击率|访问量)\s*[:：].{0,30}
    | (?:相关报道|相关文档|相关链接|相关新闻|相关阅读|相关附件|延伸阅读|推荐阅读)\s*[:：]?.{0,60}
    | (?:分享到|分享至|分享到微信|扫一扫.*|用微信扫.*|微信扫一扫.*)\s*[:：]?
    | (?:责任编辑|编辑|责编|校对|审核|终审|录入|作者)\s*[:：]\s*\S{1,20}
    | [（(]\s*(?:来源|责任编辑|编辑)\s*[:：].{1,40}[)）]
    | (?:上一篇|下一篇|上一页|下一页)\s*[:：]?.{0,60}
    | 》》?点击.*
    | .{0,20}版权所有.*  | .{0,12}ICP备.*
    """,
    re.VERBOSE,
)
WEAK = re.compile(
    r"大|中|小|首页|[>|×*·]+|】|正文|网站首页|\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?|.{1,8}要闻|政务公开|公开"
)
PAGE_NUMBER = re.compile(r"(?:[-—–－]+|第)\s*\d{1,4}\s*(?:[-—–－]+|页(?:\s*[,，]?\s*共\s*\d+\s*页)?)")
BODY_LENGTH = 60  # a line this long is body text: the zone at the edge of the page ends there
EDGE_LINES = 40


def _find_furniture(text: str, rows: list[Span]) -> list[Span]:
    """Find the lines around and inside a text that belong to the page it stood on, not to the document (页面杂项)."""
    found = _edge(text, rows[:EDGE_LINES]) | _edge(text, rows[-EDGE_LINES:][::-1])
    short = (row for row in rows if row.end - row.start <= 24)
    found.update(row for row in short if PAGE_NUMBER.fullmatch(row.of(text).strip()))
    return sorted(found)


def _edge(text: str, rows: list[Span]) -> set[Span]:
    """Return the furniture among rows that are read from the edge of the page inwards."""
    found: set[Span] = set()
    weak: list[Span] = []
    strong_seen = False
    for row in rows:
        line = row.of(text).strip()
        if len(line) >= BODY_LENGTH:
            break
        if STRONG.fullmatch(line):
            strong_seen = True
            found.add(row)
        elif WEAK.fullmatch(line):
            weak.append(row)
    return found.union(weak) if strong_seen else found


# --- numerals and markers -------------------------------------------------------------------------------------------

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


_N = "[一二三四五六七八九十百零〇]"
_B = r"[ \t\u3000\xa0]*"
# The markers that open a line, tried in this order. Each group is named after its level.
LINE_MARKER = re.compile(
    rf"""{_B}(?:
      (?P<chapter>第{_B}{_N}{{1,5}}{_B}(?:章|部分|编))(?=[ \t\u3000\xa0:：]|$|.{{1,40}}$)
    | (?P<article>第{_B}{_N}{{1,6}}{_B}条)(?=[ \t\u3000\xa0:：]|$)
    | (?P<one>{_N}{{1,4}}{_B}、)
    | (?P<two>[（(]\s*{_N}{{1,4}}\s*[）)])、?
    | (?P<four>[（(]\s*\d{{1,3}}\s*[）)])
    | (?P<three>\d{{1,3}}{_B}[.．、])
    | (?P<point>{_N}{{1,3}}[是要])
    )""",
    re.VERBOSE | re.MULTILINE,
)
GROUPS: dict[str, Level] = {
    "chapter": "chapter",
    "article": "article",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "point": "point",
}
_POINT_DIGITS = "一二三四五六七八九十"
_DIGIT, _VERB = 1, 2
_POINT_CLASS = np.zeros(0x110000, np.uint8)
_POINT_CLASS[[ord(c) for c in _POINT_DIGITS]] = _DIGIT
_POINT_CLASS[[ord(c) for c in "是要"]] = _VERB
# What stands before a point inside a paragraph.
AFTER_STOP = frozenset("。；;：:！？!?”）)\n \t\u3000\xa0.")
AFTER_COMMA = frozenset("，,")
# What follows 一要 or 三是 where they are no enumerators: 三要素, 一是一.
NOT_A_POINT = re.compile(r"要[素件点义害塞求]|是一[、，。]")
# What follows 一、 where it is a list of numerals and no marker: 一、二季度; 一、二、三产业.
NOT_ONE = re.compile(rf"{_N}{{1,3}}(?:、|季度|产业?|线|等|类|级|号|批|期)")
HEADING_END = re.compile(r"[。！？!?\n]")
POINT_END = re.compile(r"[，,；;。！？!?\n]|\.(?![0-9A-Za-z])")
ANNEX = re.compile(
    rf"""
      附{_B}(?:件|录|表|注)?{_B}\d{{0,2}}{_B}(?:[:：].{{0,60}})?
    | 附件\d{{0,2}}.{{0,40}}
    | (?:《?[^。，\n]{{0,24}}》?)?(?:有关)?(?:内容)?(?:名词|用语|词语)(?:解释|注释|说明|释义)
      (?:\s*[（(].{{0,20}}[)）])?{_B}[:：]?
    | 注释{_B}[:：]?
    """,
    re.VERBOSE,
)
ANNEX_LENGTH = 100


class _Mark(NamedTuple):
    """A marker found: where it starts and ends, its level and number."""

    start: int
    end: int
    level: Level
    numeral: int
    inline: bool


def _line_marks(text: str, rows: list[Span]) -> Iterator[_Mark]:
    candidates = [match for row in rows if (match := LINE_MARKER.match(text, _line_start(text, row)))]
    items = [(match.start("three"), _number(match)) for match in candidates if match.lastgroup == "three"]
    doubtful = _doubtful_items(text, items)
    for match in candidates:
        group = match.lastgroup or ""
        start, end = match.span(group)
        if group == "one" and NOT_ONE.match(text, end):
            continue
        if group == "point" and NOT_A_POINT.match(text, end - 1):
            continue
        if start not in doubtful:
            yield _Mark(start, match.end(), GROUPS[group], _number(match), inline=False)


def _line_start(text: str, row: Span) -> int:
    """Return where the first line of a row begins that is not blank; only the first row may hold blank ones."""
    return row.start if row.start else len(text) - len(text.lstrip("\n"))


def _number(match: re.Match[str]) -> int:
    return numeral("".join(c for c in match[match.lastgroup or 0] if c.isdigit() or c in DIGITS or c in UNITS))


def _doubtful_items(text: str, items: list[tuple[int, int]]) -> set[int]:
    """Return where 3.5 or 1、2 opens a line and no list goes on there; 14.2025年 after 13. is an item."""
    out = set()
    for i, (start, number) in enumerate(items):
        if not re.match(rf"\d+{_B}[.．、]\d", text[start : start + 8]):
            continue
        before = items[i - 1][1] if i else 0
        after = items[i + 1][1] if i + 1 < len(items) else 0
        if after != number + 1 and (before != number - 1 or number == 1):
            out.add(start)
    return out


def _point_ends(text: str) -> list[int]:
    """Return the ends of all strings such as 一是 and 十二要."""
    kinds = _POINT_CLASS[codes(text)]
    return (np.flatnonzero((kinds[:-1] == _DIGIT) & (kinds[1:] == _VERB)) + 2).tolist()


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


def _find_sections(text: str, rows: list[Span], furniture: tuple[Span, ...]) -> list[Section]:
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
    return _tree(text, marks, _annexes(text, rows), body_end)


def _annexes(text: str, rows: list[Span]) -> list[int]:
    """Return where annexes begin: lines such as 附件 and 名词解释."""
    short = (row for row in rows if row.end - row.start <= ANNEX_LENGTH)
    return [row.start for row in short if ANNEX.fullmatch(row.of(text).strip())]


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
    while start < end and text[start] in " \t\u3000\xa0":
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
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    return Span(start, stop), run_in


# --- metadata: the elements of GB/T 9704 that the text itself holds -------------------------------------------------

HEAD_LINES = 16
_DATE = re.compile(
    rf"(?P<year>\d{{4}}|[二〇零○一三四五六七八九]{{4}})年(?P<month>\d{{1,2}}|{_N}{{1,2}})月(?P<day>\d{{1,2}}|{_N}{{1,3}})日"
)
_TITLE = re.compile(
    r"[^。；!?！？]{0,70}(?:报告|通知|意见|办法|规划|方案|决定|决议|公报|公告|通告|通报|纲要|计划|条例|规定|细则|要点|批复|函|说明|总结)"
    r"(?:\s*[（(][^（）()]{1,20}[)）])?"
)
_DOC_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,16}\s*[〔［\[（(【]\s*\d{4}\s*[〕］\]）)】]\s*第?\s*\d{1,5}\s*号")
_ORGAN = r"(?:人民政府|政府|国务院|委员会|办公厅|办公室|人大常委会|党委|[局部厅院办署])"
_ISSUER = re.compile(rf"[\u4e00-\u9fff]{{0,24}}{_ORGAN}")
_TITLE_ISSUER = re.compile(rf"(?P<issuer>[\u4e00-\u9fff]{{0,20}}?{_ORGAN}(?:办公厅|办公室)?)(?:关于|印发|转发)")
_ADDRESSEE = re.compile(r"[^。]{0,200}(?:政府|委|局|厅|部门|单位|机构|企业|院|部|办)[^。]{0,20}[:：]")
_PLACE = r"[\u4e00-\u9fff]{2,9}?(?:省|自治区|特别行政区|市|自治州|地区|盟|自治县|县|自治旗|旗|区)"
_TITLE_PLACE = re.compile(rf"(?:\d{{4}}年)?(?P<place>{_PLACE})(?:人民政府|政府|\d{{4}}年|法治)")
_SESSION_PLACE = re.compile(rf"在(?P<place>{_PLACE})(?:第?{_N}+届|人民代表大会)")
_SIMPLE_GENRES = (
    "公报",
    "公告",
    "通告",
    "通报",
    "通知",
    "意见",
    "办法",
    "规划",
    "方案",
    "决定",
    "决议",
    "纲要",
    "条例",
    "规定",
    "批复",
    "报告",
)


def read_metadata(document: Document) -> Metadata:
    """Read the metadata that a document's own text states; what it does not state is None (元数据)."""
    text = document.text
    first = document.sections[0].span.start if document.sections else len(text)
    head = [span.of(text).strip() for span in _head(document, first)]
    title = next((line for line in head if _TITLE.fullmatch(line) and not line.startswith("——")), None)
    tail = [span.of(text).strip() for span in document.paragraphs[-6:]]
    date = _date(head, tail)
    stated_year = re.search(r"(20\d\d|19\d\d)年", title or "")
    place = _TITLE_PLACE.match(title or "") or next((m for line in head if (m := _SESSION_PLACE.search(line))), None)
    return Metadata(
        title=title,
        doc_number=next((m[0] for line in head if (m := _DOC_NUMBER.fullmatch(line))), None),
        issuer=_issuer(title, tail),
        addressee=_addressee(head, title),
        date=date,
        place=place["place"] if place else None,
        year=int(stated_year[1]) if stated_year else int(date[:4]) if date else None,
        genre=_genre(title),
    )


def _head(document: Document, first: int) -> list[Span]:
    """Return the lines before the first heading and the first long paragraph."""
    out: list[Span] = []
    for span in document.paragraphs[:HEAD_LINES]:
        if span.start >= first:
            break
        out.append(span)
        if span.end - span.start > 4 * BODY_LENGTH:
            break
    return out


def _date(head: list[str], tail: list[str]) -> str | None:
    """Return the date of the document: a line of its own at the end, or the line under the title."""
    signed = [m for line in tail if len(line) <= 40 and (m := _DATE.fullmatch(line.strip("（）() ")))]
    under_title = [m for line in head if len(line) <= 60 and (m := _DATE.search(line))]
    match = (signed[-1:] + under_title + [None])[0]
    if match is None:
        return None
    year, month, day = match["year"], numeral(match["month"]), numeral(match["day"])
    digits = year if year.isascii() else "".join(str(DIGITS.get(c, 0)) for c in year)
    return f"{digits}-{month:02}-{day:02}" if month <= 12 and day <= 31 else None


def _issuer(title: str | None, tail: list[str]) -> str | None:
    """Return who issued the document: named in the title before 关于, or signed above the date."""
    if title and (match := _TITLE_ISSUER.match(title)):
        return match["issuer"]
    for line, following in pairwise(tail):
        if _DATE.fullmatch(following) and _ISSUER.fullmatch(line):
            return line
    return None


def _addressee(head: list[str], title: str | None) -> str | None:
    """Return the organs a document is addressed to: the line with a colon under the title."""
    after = head[head.index(title) + 1 :] if title in head else head
    found = next((line for line in after if _ADDRESSEE.fullmatch(line) and "报告如下" not in line), None)
    return found[:-1] if found else None


def _genre(title: str | None) -> str | None:
    """Return the genre that the title names."""
    if not title:
        return None
    if "政府工作报告" in title:
        return "政府工作报告"
    if "法治政府建设" in title and re.search("报告|情况|总结", title):
        return "法治政府建设年度报告"
    plain = re.sub(r"\s*[（(][^（）()]*[)）]$", "", title)
    return next((genre for genre in _SIMPLE_GENRES if plain.endswith(genre)), None)


# --- lint -----------------------------------------------------------------------------------------------------------


def lint(document: Document) -> list[Finding]:
    r"""Check the numbering of a document: gap, empty and lone, in the order of the text (结构检查).

    >>> [f.code for f in lint(parse("一、总则\\n为了公开。\\n三、附则\\n自公布之日起施行。"))]
    ['gap']
    """
    groups = list(_lists(document))
    found = [f for check in (_gap, _empty, _lone) for group in groups for f in check(document, group)]
    return sorted(found, key=lambda finding: (finding.span.start, finding.code))


def _lists(document: Document) -> Iterator[list[Section]]:
    """Yield the lists: sections of one level under one parent; a number that does not rise begins a new one."""
    lists: dict[tuple[int, Level], list[list[Section]]] = {}
    waiting: dict[tuple[int, Level, int], list[list[Section]]] = {}  # the lists that go on with a number, newest last
    annexes = _annexes(document.text, _line_spans(document.text))
    for section in document.sections:
        # Articles are numbered through all chapters, and an annex begins anew.
        under = -1 if section.level == "article" or not section.parent else section.parent.span.start
        annex = bisect_right(annexes, section.span.start)
        place = (under * (len(annexes) + 1) + annex, section.level)
        group = lists.setdefault(place, [])
        # 七是 … (一是 … 十是 in its text) … 八是: the outer list goes on.
        goes_on = waiting.get((*place, section.numeral))
        found = goes_on.pop() if goes_on else None
        if found is None and group and section.numeral > group[-1][-1].numeral:
            found = group[-1]
        if found is None:
            found = []
            group.append(found)
        found.append(section)
        waiting.setdefault((*place, section.numeral + 1), []).append(found)
    for group in lists.values():
        yield from group


def _gap(_: Document, group: list[Section]) -> Iterator[Finding]:
    """Numbering skips a number or starts above one."""
    for previous, section in pairwise([None, *group]):
        expected = previous.numeral + 1 if previous else 1
        if section is not None and section.numeral != expected:
            name = _name(section)
            if previous is None:
                zh, en = f"编号从{section.numeral}开始：“{name}”", f"numbering starts at {section.numeral}: {name}"
            else:
                zh = f"编号从{previous.numeral}跳到{section.numeral}：“{name}”"
                en = f"numbering skips from {previous.numeral} to {section.numeral}: {name}"
            yield Finding("gap", zh, en, section.span)


def _empty(document: Document, group: list[Section]) -> Iterator[Finding]:
    """A heading has no body, though others of its list have one; a list of plain items is none."""
    bare = [s for s in group if s.level != "point" and not _has_body(document, s)]
    if len(bare) == len(group):
        return
    for section in bare:
        name = _name(section)
        yield Finding("empty", f"标题下没有正文：“{name}”", f"heading without a body: {name}", section.span)


def _has_body(document: Document, section: Section) -> bool:
    after = document.text[section.heading_span.end : section.span.end]
    return section.level == "article" or bool(after.strip())


def _lone(_: Document, group: list[Section]) -> Iterator[Finding]:
    """A list has one member."""
    if len(group) == 1:
        name = _name(group[0])
        yield Finding("lone", f"列表只有一项：“{name}”", f"a list with a single member: {name}", group[0].span)


def _name(section: Section) -> str:
    return section.marker + section.heading[:20]
