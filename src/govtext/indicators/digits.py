"""Numbers in Arabic digits and what follows them; what holds digits and is no quantity (阿拉伯数字)."""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from govtext.indicators.words import unit_at
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator


class Raw(NamedTuple):
    """A number with what follows it, before its approximation and kind are known."""

    number: Span
    value: Decimal
    size: str  # the magnitude
    more: str  # 余 or 多
    unit: str
    kind: str
    unit_span: Span


MAGNITUDES = {
    "万亿": Decimal(10**12), "千亿": Decimal(10**11), "百亿": Decimal(10**10), "十亿": Decimal(10**9),
    "亿": Decimal(10**8), "千万": Decimal(10**7), "百万": Decimal(10**6), "十万": Decimal(10**5),
    "万": Decimal(10**4), "千": Decimal(1000), "百": Decimal(100),
}  # fmt: skip
LONGEST = 15  # digits; what is longer is a code
# What holds digits and no quantity, by a name each; every one has its row in the tests. Tried where a number begins.
NO_QUANTITY = {
    "year": r"(?:19|20)\d\d(?:[-—–－~～至、]{1,2}(?:19|20)?\d\d)*年",  # 2022年, 2025—2027年
    "date": r"(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}",  # 2026-02-05
    "month": r"\d{1,2}(?:[-—–－~～至、]{1,2}\d{1,2})?月(?!均)",  # 1—11月
    "day": r"\d{1,2}(?:[-—–－~～至、]{1,2}\d{1,2})?日(?![均产内元])",
    "quarter": r"[1-4](?:[-—–－~～至、]{1,2}[1-4])?季度",
    "clock": r"\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?!\d)",
    "ratio": r"\d+(?:[.．]\d+)?\s{0,2}(?:[∶:：]\s{0,2}\d+(?:[.．]\d+)?\s{0,2})+",  # 8.7∶41.2∶50.1
    "formula": r"\d+(?:[+＋][\dA-Za-z]+)+|\d+[+＋]|\d+[×xX*]\d+(?![\d万千兆.])",  # 1+1+N, 7×24
    "multiplier": r"\d+[×xX*](?=\d)",  # 2×35万千瓦: what counts is each
    "day_named": r"\d+[·•・]\d+",  # 1·24
    "anniversary": r"\d+周年",
    "rank": r"\d+(?:[.．]\d+)?(?:万亿|[万亿千百])*(?:级(?!别)|[号强版型]|连[增优冠]|系列)",  # 100亿级, 500强
    "latin": r"\d+(?:[.．]\d+)?[-—]?[A-Za-z]+",  # 5G, 4S店; units such as km are tried before
    "year_plan": r"\d年(?:行动|计划|规划|攻坚)",
    "item_of_year": r"\d{1,3}[.．](?:19|20)\d\d年",  # 20.2026年10件民生实事
}
_NO_QUANTITY = re.compile(
    "|".join(f"(?P<{name}>{rule})" for name, rule in NO_QUANTITY.items())
    .replace(r"\1", r"(?P=sep)")
    .replace("([-/.])", "(?P<sep>[-/.])")
)
# After a number with a unit only these can make it none: 2022年, 2×35万千瓦.
_DOUBTFUL = frozenset("年月日季周:：∶ +＋×xX*·•・-—–－~～至、./")
# Whole stretches without quantities: titles, and the short phrases in quotes that are names (“3815”战略).
_NAMES = re.compile(r"《[^《》\n]{0,200}》|“[^“”\n，。；]{0,24}”|〔\d{4}〕\s?\d+号|［\d{4}］\s?\d+号")


class Holes(NamedTuple):
    """Stretches of a text, as the lists of their starts and ends."""

    starts: list[int]
    ends: list[int]


def names(text: str) -> Holes:
    """Return the titles, document numbers and short phrases in quotes of a text, where no quantity is looked for."""
    spans = [match.span() for match in _NAMES.finditer(text)]
    return Holes([start for start, _ in spans], [end for _, end in spans])


def within(holes: Holes, at: int) -> bool:
    """Tell whether a place lies in one of the stretches."""
    hole = bisect_right(holes.starts, at) - 1
    return hole >= 0 and at < holes.ends[hole]


_NUMBER = re.compile(r"[0-9](?:[0-9]{0,2}(?:,[0-9]{3})+(?![0-9])|[0-9]*(?:[.．][0-9]+|/[0-9]+(?![/0-9年月]))?)")
_MAGNITUDE = re.compile(
    r"(?P<more>[余多几])?(?P<size>万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千(?![瓦米伏克卡赫佳])|百(?!分))?(?P<most>余|多(?![个种]?[元边层样]))?"
)
_MARKER = re.compile(r"[ \t\u3000\xa0#*]*")
RANGE = re.compile(r"[-—–－~～]{1,2}|[至到]")
LIST = re.compile(r"、|和|与|及|以及|，|,|或")
# A bare number counts where a verb leads up to it and nothing of a name follows: 指数达93.5，
_BARE = re.compile(r"(?:达到?|为|至|到|突破|超过?|提高|下降|从|由|[增减][加少]?)$")
_BARE_END = re.compile(r"[，,。；;、）)！\s]|$|提升|提高|缩小|降|上升|下降|增加|扩大|调整|左右|以上|以下|以内")
_SHARE = re.compile(r"[超约近占的国省市县区重占达为过]$")


def numbers(text: str, holes: Holes) -> list[Raw]:
    """Return the numbers of a text that are quantities, in order (数字).

    >>> [(raw.value, raw.unit) for raw in numbers("2022年6309条，5G，1—2个", names(""))]
    [(Decimal('6309'), '条'), (Decimal('1'), '个'), (Decimal('2'), '个')]
    """
    return [raw for raw in _shared(text, list(_numbers(text, holes))) if _is_quantity(text, raw)]


def _numbers(text: str, holes: Holes) -> Iterator[Raw]:
    resume = 0
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if start < resume:
            continue
        if end - start > LONGEST or within(holes, start) or _is_bound(text, start, end):
            continue
        raw = _raw(text, match)
        if not raw.unit or text[end : end + 1] in _DOUBTFUL:
            none = _NO_QUANTITY.match(text, start)
            if none and not (none.lastgroup == "latin" and raw.unit):
                resume = none.end()
                continue
        yield raw


_BOUND_BY = frozenset("第前＋·－（［【〔")


def _is_bound(text: str, start: int, end: int) -> bool:
    """Tell whether a number is part of something else: 第14, 前3, PM2.5, 5+2, （1）, or the number of a list item."""
    before = text[start - 1 : start]
    if before > "\u3000" and before not in _BOUND_BY:  # 件61件: nearly always
        return False
    if before.isascii() and before.isalpha():
        return text[max(0, start - 3) : start] not in ("GDP", "CPI")
    if before in ("第", "前", "+", "＋", "·", "∶", "№", "#", "_"):
        return True
    if before and before in "-—－" and text[start - 2 : start - 1].isascii() and text[start - 2 : start - 1].isalnum():
        return not text[start - 2].isdigit() and text[start - 2] != "%"
    after = text[end : end + 1]
    if before and before in "（([［【〔" and after and after in "）)]］】〕":
        return True
    return bool(after) and after in ".．、" and not text[end + 1 : end + 2].isdigit() and _at_line_start(text, start)


def _at_line_start(text: str, start: int) -> bool:
    line = text.rfind("\n", max(0, start - 12), start) + 1
    return (line > 0 or start < 12) and bool(_MARKER.fullmatch(text, line, start))


def _raw(text: str, match: re.Match[str]) -> Raw:
    end = size_end = match.end()
    size = more = ""
    if text[end : end + 1] in _SIZE_STARTS and (found_size := _MAGNITUDE.match(text, end)):
        before, size, behind = found_size.groups("")
        more, size_end = before or behind, found_size.end()
    found = unit_at(text, size_end + (text[size_end : size_end + 1] == " "))  # 100 个
    if found is None and size in ("千", "百", "百万", "千万"):  # 3千米 was taken for 3千 and 米
        found = unit_at(text, end)
    unit, kind, unit_end = found or ("", "", size_end)
    value = _value(match[0])
    if size:
        value = plain(value * MAGNITUDES[size])
    return Raw(Span(match.start(), end), value, size, more, unit, kind, Span(size_end, unit_end))


_SIZE_STARTS = frozenset("余多几万亿千百十")


def _value(number: str) -> Decimal:
    if number.isdigit():
        return Decimal(number)
    top, _, bottom = number.replace(",", "").replace("．", ".").partition("/")
    return Decimal(top) / Decimal(bottom) if bottom and int(bottom) else Decimal(top)


def plain(value: Decimal) -> Decimal:
    """Return a value without idle digits and exponents (化简)."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _shared(text: str, raws: list[Raw]) -> list[Raw]:
    """Give numbers without a unit that of the next one: 1—2个, 1.28万亿、8200亿元."""
    for i in range(len(raws) - 2, -1, -1):
        one, other = raws[i], raws[i + 1]
        if one.unit or not other.unit or other.number.start - one.unit_span.end > 2:
            continue
        gap = text[one.unit_span.end : other.number.start]
        value = one.value
        if RANGE.fullmatch(gap):
            if other.size and not one.size:
                value = plain(value * MAGNITUDES[other.size])
        elif not (LIST.fullmatch(gap) and gap not in ("，", ",") and (one.size or other.unit == "%")):
            continue
        raws[i] = one._replace(
            value=value, unit=other.unit, kind=other.kind, unit_span=Span(one.unit_span.end, one.unit_span.end)
        )
    return raws


def _is_quantity(text: str, raw: Raw) -> bool:
    if raw.unit:
        return True
    before = text[max(0, raw.number.start - 3) : raw.number.start]
    if "/" in text[raw.number.start : raw.number.end]:
        return bool(_SHARE.search(before))
    if raw.size:
        return True
    if re.fullmatch(r"(?:19|20)\d\d", text[raw.number.start : raw.number.end]):
        return False
    return bool(_BARE.search(before)) and bool(_BARE_END.match(text, raw.unit_span.end))
