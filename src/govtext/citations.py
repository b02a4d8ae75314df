"""Titles in 《》, document numbers and quoted phrases: what a document cites, makes and obeys (引用)."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from govtext.document import Document


class Citation(NamedTuple):
    """A mention of a title, a document number or a quoted phrase (引用).

    Attributes:
        span: with the marks 《》 or “”.
        text: these characters.
        type: of a title law, regulation, plan, rule, policy, report, agreement, course or work; doc_number (发文字号);
            of a quoted phrase slogan (with numerals: 两降一保, 1+1+N), period (十四五) or quotation.
        title: the text without its marks and blanks, the same for every mention.
        verb: the verb that governs it, as printed: 印发, 落实; empty if none does.
        role: made (印发, 制定), obeyed (落实, 根据) or empty.
        own: whether the document says at one of its mentions that it is made here.
        doc_number: the 发文字号 that follows a title, else empty.
        mention: 1 at its first mention in the document, 2 at the second, and so on.
        first: where it is first mentioned.
        expansion: what the text says that a phrase stands for; empty if it does not.
        expansion_span: where that stands, or None.
    """

    span: Span
    text: str
    type: str
    title: str
    verb: str = ""
    role: str = ""
    own: bool = False
    doc_number: str = ""
    mention: int = 1
    first: Span = Span(0, 0)
    expansion: str = ""
    expansion_span: Span | None = None


def extract(document: Document) -> list[Citation]:
    """Return what a document mentions in 《》 and “”, and document numbers, in the order of the text (引用提取).

    A title in a title counts, too. Linear in the length of the text.

    >>> from govtext.document import parse
    >>> [(c.type, c.role, c.title) for c in extract(parse("印发《应诉工作规定》,落实《民法典》和“两降一保”。"))]
    [('rule', 'made', '应诉工作规定'), ('law', 'obeyed', '民法典'), ('slogan', '', '两降一保')]
    """
    text = document.text
    numbers = _numbers(text)
    found = [*_titles(text, numbers), *_quotations(text), *numbers]
    inside = _outside(sorted(found, key=_place), document.furniture)
    return _counted(inside)


def _outside(found: list[Citation], furniture: Sequence[Span]) -> list[Citation]:
    starts = [hole.start for hole in furniture]
    holes = [bisect_right(starts, one.span.start) - 1 for one in found]
    return [c for c, i in zip(found, holes, strict=True) if i < 0 or c.span.start >= furniture[i].end]


def _counted(found: list[Citation]) -> list[Citation]:
    """Number the mentions of the same title, and give all what one of them says of it."""
    groups: dict[str, list[Citation]] = {}
    for one in found:
        groups.setdefault(one.text[0] + one.title, []).append(one)
    out: list[Citation] = []
    for group in groups.values():
        first = group[0]
        if len(group) == 1:
            out.append(first)
            continue
        own = any(one.own for one in group)
        explained = next((one for one in group if one.expansion_span), first)
        out += [
            Citation(*one[:6], own, one.doc_number, mention, first.span, explained.expansion, explained.expansion_span)
            for mention, one in enumerate(group, start=1)
        ]
    return sorted(out, key=_place)


def _place(one: Citation) -> tuple[int, int]:
    return one.span.start, -one.span.end


# --- the tables -----------------------------------------------------------------------------------------------------


class _Words(NamedTuple):
    """The labels of words, and a pattern of the words at the end or the start of a stretch."""

    labels: Mapping[str, str]
    pattern: re.Pattern[str]


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, _Words]:
    text = (resources.files("govtext") / "data" / "citations.tsv").read_text(encoding="utf-8")
    rows = [row.split("\t") for row in text.splitlines() if row and not row.startswith("#")][1:]
    labels: dict[str, dict[str, str]] = {}
    for table, label, words in rows:
        labels.setdefault(table, {}).update(dict.fromkeys(words.split("|"), label))
    return {table: _Words(found, _pattern(table, found)) for table, found in labels.items()}


def _pattern(table: str, words: Mapping[str, str]) -> re.Pattern[str]:
    either = "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))
    return re.compile(f"(?:{either})$" if table in ("title", "context_before") else f"(?:{either})")


# --- titles ---------------------------------------------------------------------------------------------------------

_MARKS = re.compile("[《》\n]")
TITLE_LENGTH = 200  # a longer stretch between 《 and 》 is no title
DEPTH = 2  # a title in a title; deeper ones are noise
REACH = 30  # how far before a title its verb may stand
_CLAUSE = re.compile(r"[，,。；;：:！!？?\n]")
_JOINED = re.compile(r"[、和及与]?\s{0,2}(?:以及|等)?")
_DRAFT = re.compile(r"\s*(?:[（(][^（）()]{1,24}[)）]|草案)$")  # （试行）, (2022—2025年)
# Bodies above: what they make, a document of another body obeys.
_ABOVE = re.compile("国务院|党中央|中共中央|全国人大|国家[发工科教财税市统]")
_BLANK = re.compile(r"\s+")


def _titles(text: str, numbers: Sequence[Citation]) -> list[Citation]:
    opened: list[int] = []
    out: list[Citation] = []
    at = text.find("《")
    while at >= 0:
        if text[at] == "《":
            opened.append(at)
        elif text[at] == "\n":
            opened.clear()
        elif opened:
            start = opened.pop()
            if len(opened) < DEPTH and 2 < at + 1 - start <= TITLE_LENGTH + 2:
                out.append(_title(text, Span(start, at + 1)))
        following = _MARKS.search(text, at + 1) if opened else None
        at = following.start() if following else text.find("《", at + 1)
    out.sort(key=lambda one: one.span)
    return [*_numbered(text, _governed(text, out), numbers)]


def _title(text: str, span: Span) -> Citation:
    title = _BLANK.sub("", text[span.start + 1 : span.end - 1])
    return Citation(span, span.of(text), _type_of(text, span, title), title, first=span)


def _type_of(text: str, span: Span, title: str) -> str:
    """Return the type of a title: what stands beside it says course, its end the rest, and else it is a work."""
    before, after = text[max(0, span.start - 6) : span.start], text[span.end : span.end + 6]
    tables = _tables()
    beside = [
        tables["context_after"].labels[m[0]] if (m := tables["context_after"].pattern.match(after)) else "",
        tables["context_before"].labels[m[0]] if (m := tables["context_before"].pattern.search(before)) else "",
    ]
    if "course" in beside:
        return "course"
    bare = _DRAFT.sub("", title)
    match = tables["title"].pattern.search(bare)
    if match:
        return tables["title"].labels[match[0]]
    return "work"


def _governed(text: str, titles: list[Citation]) -> Iterator[Citation]:
    """Yield titles with the verb before them; those of a list share that of the first."""
    outer: Citation | None = None
    here = False
    for title in titles:
        inside = outer is not None and title.span.end <= outer.span.end
        if outer is not None and not inside and _JOINED.fullmatch(text, outer.span.end, title.span.start):
            verb, role = outer.verb, outer.role
        else:
            verb, role, here = ("", "", False) if inside else _verb(text, title.span.start)
        own = here and title.type not in ("law", "course", "work")
        found = title._replace(verb=verb, role=role, own=own)
        outer = outer if inside else found
        yield found


def _verb(text: str, start: int) -> tuple[str, str, bool]:
    """Return the verb before a title, one of making before one of obeying, its role, and whether it is done here."""
    head = text[max(0, start - REACH) : start]
    clause = _CLAUSE.split(head)[-1].rpartition("》")[2]
    words = _tables()["verb"]
    found = [match[0] for match in words.pattern.finditer(clause)]
    made = [verb for verb in found if words.labels[verb] == "made"]
    verb = (made or found or [""])[-1]
    return verb, words.labels.get(verb, ""), bool(made) and not _ABOVE.search(clause)


def _numbered(text: str, titles: Iterator[Citation], numbers: Sequence[Citation]) -> Iterator[Citation]:
    """Yield titles with the document number that follows in brackets: 《…通知》（黔府发〔2022〕5号）."""
    after = {number.span.start: number.title for number in numbers}
    for one in titles:
        at = one.span.end + (text[one.span.end : one.span.end + 1] in ("（", "("))
        yield one._replace(doc_number=after.get(at, ""))


# --- document numbers -----------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[〔［\[【（(]\s?(?:19|20)\d\d\s?[〕］\]】）)]\s?第?\s?\d{1,5}\s?号")
_ORGAN = re.compile(r"[\u4e00-\u9fff]{1,12}$")


def _numbers(text: str) -> list[Citation]:
    out = []
    for match in _NUMBER.finditer(text):
        head = _ORGAN.search(text, max(0, match.start() - 12), match.start())
        if head is None:
            continue
        start = head.start()
        for verb in _tables()["verb"].pattern.finditer(text, start, match.start() - 1):
            start = verb.end()
        span = Span(start, match.end())
        out.append(Citation(span, span.of(text), "doc_number", _BLANK.sub("", span.of(text)), first=span))
    return out


# --- quoted phrases -------------------------------------------------------------------------------------------------

_QUOTED = re.compile('“[^“”\n]{1,300}”|"[^"“”\n]{1,60}"')
_NUMERAL = "[一二三四五六七八九十两双百千万]+"
_PERIOD = re.compile("十[一二三四五六七八九]五")
# It begins with a numeral and goes on in Chinese: 两降一保, 一个目标七个抓手, 双随机、一公开.
_SLOGAN = re.compile(f"{_NUMERAL}[\u4e00-\u9fff、·]+")
_FORMULA = re.compile(
    r"[0-9N]+(?:[+＋×xX-][0-9A-Z]+)+[\u4e00-\u9fff]{0,8}|[0-9]{2,6}(?![0-9年])[\u4e00-\u9fff]{0,6}|[0-9]{1,2}[个大项条][\u4e00-\u9fff]{1,8}"
)
_YEAR = re.compile(r"(?:19|20)\d\d(?=[\u4e00-\u9fff])")
SLOGAN_LENGTH = 16
_STARTS = frozenset("一二三四五六七八九十两双百千万0123456789N")
_NOTE = re.compile(r"\s+|[［\[]\d{1,3}[］\]]")  # blanks, and marks of notes: “五张清单［3］”


def _quotations(text: str) -> Iterator[Citation]:
    for match in _QUOTED.finditer(text):
        span = Span(*match.span())
        title = _NOTE.sub("", match[0][1:-1])
        if not title:
            continue
        kind = _kind(title)
        expansion = _expansion(text, span) if kind != "period" else None
        yield Citation(
            span,
            match[0],
            kind,
            title,
            first=span,
            expansion=expansion.of(text) if expansion else "",
            expansion_span=expansion,
        )


def _kind(phrase: str) -> str:
    """Tell slogans with numerals and plan periods from plain quotation.

    >>> [_kind(p) for p in ("两降一保", "1+1+N", "十四五", "第一议题", "一把手", "强省会")]
    ['slogan', 'slogan', 'period', 'quotation', 'quotation', 'quotation']
    """
    if phrase[0] not in _STARTS:
        return "quotation"
    if _PERIOD.fullmatch(phrase):
        return "period"
    plain = len(phrase) > SLOGAN_LENGTH or phrase in _tables()["plain"].labels or _YEAR.match(phrase) or "的" in phrase
    if plain:
        return "quotation"
    return "slogan" if _SLOGAN.fullmatch(phrase) or _FORMULA.fullmatch(phrase) else "quotation"


_IN_BRACKETS = re.compile(r"[\u4e00-\u9fff]{0,6}[（(](?P<said>(?:即|指)?[^（）()\n]{2,200})[)）]")
_NAMELY = re.compile(r"[^，,。；;“”\n]{0,10}[，,]?(?:即|是指|指的是|也就是)[：:]?(?P<said>[^。；;\n]{2,300})")
_NAMELY_MARK = re.compile("[即指就]")
_GLOSSARY = re.compile(r"[^。；;！？\n：:]{0,40}[：:](?P<said>[^\n]{2,300})")
_ITEM = re.compile(
    r"[ \t\u3000]*(?:[（(［\[]?\d{1,3}[)）］\].．、][ \t\u3000]*[\u4e00-\u9fff]{0,16})?(?:“[^“”\n]{1,30}”[、和及 ]?)*$"
)


def _expansion(text: str, span: Span) -> Span | None:
    """Return where the text says what a phrase stands for: in brackets, after 即, or in a glossary at its end."""
    near = text[span.end : span.end + 44]
    match = _IN_BRACKETS.match(text, span.end) if "（" in near[:8] or "(" in near[:8] else None
    if match and ("、" in match["said"] or "，" in match["said"] or match["said"][0] in "即指《"):
        return Span(*match.span("said"))
    match = _NAMELY.match(text, span.end) if _NAMELY_MARK.search(near[:16]) else None
    if match:
        return Span(*match.span("said"))
    if "：" not in near and ":" not in near:
        return None
    line = text.rfind("\n", max(0, span.start - 80), span.start) + 1
    if line or span.start <= 80:
        item = _ITEM.match(text, line, span.start)
        match = _GLOSSARY.match(text, span.end) if item and item.end() == span.start else None
    return Span(*match.span("said")) if match else None
