"""The grammar of quantities: number, approximation, unit, kind, value (数量)."""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from govtext.indicators.words import any_of, roles, unit_at
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["count", "rate", "change", "money", "measure", "duration"]
Bound = Literal["", "lower", "upper", "about"]


class Quantity(NamedTuple):
    """A number with its unit as it stands in the text; `start` and `end` take in the mark of approximation."""

    start: int
    end: int
    number: Span
    unit_span: Span
    value: Decimal
    unit: str
    kind: Kind
    approx: str
    bound: Bound


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
    "day": r"\d{1,2}(?:[-—–－~～至、]{1,2}\d{1,2})?日(?![均产内])",
    "quarter": r"[1-4](?:[-—–－~～至、]{1,2}[1-4])?季度",
    "clock": r"\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?!\d)",
    "ratio": r"\d+(?:[.．]\d+)?\s{0,2}(?:[∶:：]\s{0,2}\d+(?:[.．]\d+)?\s{0,2})+",  # 8.7∶41.2∶50.1
    "formula": r"\d+(?:[+＋][\dA-Za-z]+)+|\d+[+＋]|\d+[×xX*]\d+(?![万千兆.])",  # 1+1+N, 7×24
    "multiplier": r"\d+[×xX*](?=\d)",  # 2×35万千瓦: what counts is each
    "day_named": r"\d+[·•・]\d+",  # 1·24
    "anniversary": r"\d+周年",
    "rank": r"\d+(?:[.．]\d+)?(?:万亿|[万亿千百])*(?:级(?!别)|[号强版型]|连[增优冠]|系列)",  # 100亿级, 500强
    "latin": r"\d+(?:[.．]\d+)?[-—]?[A-Za-z]+",  # 5G, 4S店; units such as km are tried before
    "year_plan": r"\d年(?:行动|计划|规划|攻坚)",
    "item_of_year": r"\d{1,3}[.．](?:19|20)\d\d年",  # 20.2026年10件民生实事
}
_NO_QUANTITY = re.compile("|".join(f"(?P<{name}>{rule})" for name, rule in NO_QUANTITY.items()).replace(r"\1", r"(?P=sep)").replace("([-/.])", "(?P<sep>[-/.])"))
# Whole stretches without quantities: titles, and the short phrases in quotes that are names (“3815”战略).
_NAMES = re.compile(r"《[^《》\n]{0,200}》|“[^“”\n，。；]{0,24}”|〔\d{4}〕\s?\d+号|［\d{4}］\s?\d+号")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d])|\d+(?:[.．]\d+|/\d+(?![/\d年月]))?")
_MAGNITUDE = re.compile(
    r"(?P<more>[余多几])?(?P<size>万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千(?![瓦米伏克卡赫佳])|百(?!分))?(?P<most>余|多(?![个种]?[元边层样]))?"
)
_MARKER = re.compile(r"[ \t\u3000\xa0#*]*")
_RANGE = re.compile(r"[-—–－~～]{1,2}|[至到]")
_LIST = re.compile(r"、|和|与|及|以及|，|,|或")
# A bare number counts where a verb leads up to it and nothing of a name follows: 指数达93.5，
_BARE = re.compile(r"(?:达到?|为|至|到|突破|超过?|提高|下降|从|由|[增减][加少]?)$")
_BARE_END = re.compile(r"[，,。；;、）)！\s]|$|提升|提高|缩小|降|上升|下降|增加|扩大|调整|左右|以上|以下|以内")
_SHARE = re.compile(r"[超约近占的国省市县区重占达为过]$")


def find(text: str) -> list[Quantity]:
    """Return the quantities of a text in Arabic digits, in order (数量).

    >>> [(q.value, q.unit, q.kind, q.approx) for q in find("增长5.6%，覆盖300余人，投入近1.75亿元")]
    [(Decimal('5.6'), '%', 'change', ''), (Decimal('300'), '人', 'count', '余'), (Decimal('175000000'), '元', 'money', '近')]
    """
    raws = _shared(text, list(_raws(text)))
    return _with_kinds(text, [raw for raw in raws if _is_quantity(text, raw)])


class _Raw(NamedTuple):
    """A number with what follows it, before it is known whether it is a quantity."""

    number: Span
    value: Decimal
    size: str  # the magnitude
    more: str  # 余 or 多
    unit: str
    kind: str
    unit_span: Span


def _raws(text: str) -> Iterator[_Raw]:
    holes = [match.span() for match in _NAMES.finditer(text)]
    starts = [start for start, _ in holes]
    resume = 0
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if start < resume:
            continue
        hole = bisect_right(starts, start) - 1
        if hole >= 0 and start < holes[hole][1]:
            continue
        if end - start > LONGEST or _is_bound(text, start, end):
            continue
        raw = _raw(text, match)
        none = _NO_QUANTITY.match(text, start)
        if none and not (none.lastgroup == "latin" and raw.unit):
            resume = none.end()
            continue
        yield raw


def _is_bound(text: str, start: int, end: int) -> bool:
    """Tell whether a number is part of something else: 第14, 前3, PM2.5, 5+2, （1）, or the number of a list item."""
    before = text[start - 1 : start]
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


def _raw(text: str, match: re.Match[str]) -> _Raw:
    end = match.end()
    size = _MAGNITUDE.match(text, end)
    assert size  # noqa: S101 - every part of it may be empty
    free = text[size.end() : size.end() + 1] == " "  # 100 个
    found = unit_at(text, size.end() + free)
    if found is None and size["size"] in ("千", "百", "百万", "千万"):  # 3千米 was taken for 3千 and 米
        found = unit_at(text, end)
    unit, kind, unit_end = found or ("", "", size.end())
    number = match[0].replace(",", "").replace("．", ".")
    top, _, bottom = number.partition("/")
    value = Decimal(top) / Decimal(bottom) if bottom and int(bottom) else Decimal(top)
    if size["size"]:
        value = _plain(value * MAGNITUDES[size["size"]])
    more = size["more"] or size["most"] or ""
    return _Raw(Span(match.start(), end), value, size["size"] or "", more, unit, kind, Span(size.end(), unit_end))


def _plain(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _shared(text: str, raws: list[_Raw]) -> list[_Raw]:
    """Give numbers without a unit that of the next one: 1—2个, 1.28万亿、8200亿元."""
    for i in range(len(raws) - 2, -1, -1):
        one, other = raws[i], raws[i + 1]
        if one.unit or not other.unit or other.number.start - one.unit_span.end > 2:
            continue
        gap = text[one.unit_span.end : other.number.start]
        value = one.value
        if _RANGE.fullmatch(gap):
            if other.size and not one.size:
                value = _plain(value * MAGNITUDES[other.size])
        elif not (_LIST.fullmatch(gap) and gap not in ("，", ",") and (one.size or other.unit == "%")):
            continue
        raws[i] = one._replace(value=value, unit=other.unit, kind=other.kind, unit_span=Span(one.unit_span.end, one.unit_span.end))
    return raws


def _is_quantity(text: str, raw: _Raw) -> bool:
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


@lru_cache(maxsize=1)
def _approx_before() -> re.Pattern[str]:
    return re.compile(rf"(?<![最附])(?P<mark>{any_of('lower', 'upper', 'about')})$")


@lru_cache(maxsize=1)
def _approx_after() -> re.Pattern[str]:
    return re.compile(any_of("lower_after", "upper_after", "about_after"))


@lru_cache(maxsize=1)
def _bounds() -> dict[str, Bound]:
    sides: tuple[Bound, ...] = ("lower", "upper", "about")
    return {word: side for side in sides for role in (side, f"{side}_after") for word in roles()[role]}


NOT_APPROX = re.compile(r"(?:[节制集公合签特协条民]约|[赶反高]超|[最附]近|加大于|[提最]高于)$")


def _approximation(text: str, raw: _Raw) -> tuple[int, int, str]:
    """Return the start and end of a quantity with its marks of approximation, and the mark that counts."""
    start, end = raw.number.start, raw.unit_span.end
    head = text[max(0, start - 4) : start]
    before = _approx_before().search(head)
    mark = before["mark"] if before and not NOT_APPROX.search(head) else ""
    start -= len(mark)
    after = _approx_after().match(text, end)
    if after and not (after[0] in ("内", "来", "余", "多") and (raw.kind != "duration" or text[after.end() : after.end() + 1] in "蒙外地")):
        end = after.end()
        mark = mark or after[0]
    return start, end, mark or raw.more


# --- kinds ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _change_before() -> re.Pattern[str]:
    """Return the pattern of a verb of change right before a number, with what may stand between."""
    between = r"(?:了|率|速度|分别|均|各|约|近|超过?|达到?|为|是|在|控制|保持|稳定|维持|不低于|高于|预计|左右|同比|环比|年均|平均|累计|只有|仅|逾|均超|至少)*"
    return re.compile(rf"(?:(?<!新)(?P<rise>{any_of('rise')})|(?P<fall>{any_of('fall')})){between}$")


_CHANGE_AFTER = re.compile(r"(?:以上|左右|以内)?的(?:[^，。；、]{0,4})(?:(?P<fall>降幅|跌幅|下降)|增长|增速|增幅|涨幅|速度)")
_NET = re.compile(r"(?:净增加?|净减少?|减少|压减|削减)(?!率)[^，,。；;：\d]{0,20}$")
_LEVEL = re.compile(r"[至到成](?:了|约|近|超过?)*$")


def _with_kinds(text: str, raws: list[_Raw]) -> list[Quantity]:
    out: list[Quantity] = []
    for raw in raws:
        start, end, approx = _approximation(text, raw)
        kind: Kind = raw.kind or ("rate" if "." in text[raw.number.start : raw.number.end] and not raw.size or "/" in text[raw.number.start : raw.number.end] else "count")  # type: ignore[assignment]
        value = raw.value
        change = _change(text, start, end, raw, out[-1] if out else None)
        if change:
            kind = "change"
            value = -value if change < 0 else value
        elif text[raw.number.start - 1 : raw.number.start] in ("-", "－", "−") and not _range_before(text, out, start):
            value, start = -value, min(start, raw.number.start - 1)
        bound = _bounds().get(approx, "")
        out.append(Quantity(start, end, raw.number, raw.unit_span, value, raw.unit, kind, approx, bound))
    return out


def _range_before(text: str, out: list[Quantity], start: int) -> bool:
    return bool(out) and start - out[-1].end <= 2


def _change(text: str, start: int, end: int, raw: _Raw, previous: Quantity | None) -> int:
    """Return 1 where a number is a growth, -1 a fall, 0 neither."""
    if previous is not None and previous.kind == "change" and previous.unit == raw.unit:
        gap = text[previous.end : start]
        if len(gap) <= 3 and (_LIST.fullmatch(gap) or _RANGE.fullmatch(gap)):
            return -1 if previous.value < 0 else 1
    head = text[max(0, start - 28) : start]
    found = _change_before().search(head)
    if found and raw.kind != "duration" and raw.unit:
        return 1 if found["rise"] else -1
    if raw.unit in ("%", "‰"):
        after = _CHANGE_AFTER.match(text, end)
        return 0 if not after else -1 if after["fall"] else 1
    if raw.kind == "change":
        return -1 if found and found["fall"] else 1
    if raw.kind == "count" or raw.kind == "measure":
        net = _NET.search(head)
        if net and not _LEVEL.search(head):
            return -1 if "减" in net[0] else 1
    return 0
