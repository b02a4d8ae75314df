"""Quantities in Chinese numerals: 三百二十一万, 百分之九十八点五, 一百余 (汉字数字)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from govtext.document import numeral
from govtext.indicators.digits import MAGNITUDES, Raw, within
from govtext.indicators.words import unit_at
from govtext.text import Span

if TYPE_CHECKING:
    from govtext.indicators.digits import Holes

_DIGIT = "一二三四五六七八九"
_BELOW = (
    rf"(?:(?:[{_DIGIT}两]千零?)?(?:[{_DIGIT}两]百零?)?(?:[{_DIGIT}]?十[{_DIGIT}]?|[{_DIGIT}])?)"  # below ten thousand
)
# A numeral has a magnitude; single digits (三个, 五项) are names more often than counts: 一是, 两降一保, 第一责任人.
_WHOLE = rf"(?:{_BELOW}亿零?)?(?:{_BELOW}万零?)?{_BELOW}"
_PERCENT = re.compile(
    rf"百分之(?:(?P<hundred>百)|(?P<whole>[{_DIGIT}]?十[{_DIGIT}]?|[{_DIGIT}零])(?:点(?P<part>[{_DIGIT}零〇]+))?)"
)
_NUMBER = re.compile(rf"{_WHOLE}")
_START = re.compile(rf"[{_DIGIT}两十百](?:(?<=百)分之|(?<!百)(?=[千百十万亿{_DIGIT}]))")
# What numerals in names, ordinals and dates stand after or before, by a name each; each has its row in the tests.
VETOES = {
    "ordinal": (rf"[第初{_DIGIT}十百]$", ""),  # 第十四届
    "congress": ("", r"[届大中世]"),  # 二十大, 二十届三中全会
    "plan_period": ("", rf"[{_DIGIT}]"),  # 十四五, 十五五
    "date": ("", r"[月日]"),  # 十二月
    "meeting": ("", r"次(?:全会|全委|会议)"),  # 十一届十次全会
    "decade": ("", r"年代"),
    "centenary": ("", r"年奋斗"),
    "inexact": (r"[几数上]$", r"[几]"),  # 几十个
    "rank": (r"前$", r"[强级号线]"),
    "campaign": ("", r"(?:年|天|日)(?:行动|计划|攻坚|制|一贯)"),
}
_BEFORE = re.compile("|".join(before for before, _ in VETOES.values() if before))
_AFTER = re.compile("|".join(after for _, after in VETOES.values() if after))


def numerals(text: str, holes: Holes) -> list[Raw]:
    """Return the quantities of a text in Chinese numerals, in order (汉字数字).

    >>> from govtext.indicators.digits import names
    >>> [(raw.value, raw.unit) for raw in numerals("惠及三百二十一万人，满意率百分之九十八点五，党的二十大", names(""))]
    [(Decimal('3210000'), '人'), (Decimal('98.5'), '%')]
    """
    out: list[Raw] = []
    resume = 0
    for match in _START.finditer(text):
        start = match.start()
        if start < resume or within(holes, start) or _BEFORE.search(text, max(0, start - 1), start):
            continue
        raw = _percent(text, start) if match[0] == "百分之" else _whole(text, start)
        if raw:
            out.append(raw)
            resume = raw.unit_span.end
    return out


def _percent(text: str, start: int) -> Raw | None:
    match = _PERCENT.match(text, start)
    if not match:
        return None
    value = "100" if match["hundred"] else str(numeral(match["whole"]))
    part = "".join(str(numeral(digit)) for digit in match["part"] or "")
    end = match.end()
    return Raw(Span(start, end), Decimal(value + (f".{part}" if part else "")), "", "", "%", "rate", Span(end, end))


def _whole(text: str, start: int) -> Raw | None:
    match = _NUMBER.match(text, start)
    if not match or match.end() - start < 2:
        return None
    end = match.end()
    if text[end : end + 1] in MAGNITUDE_MARKS or _AFTER.match(text, end):
        return None
    more = text[end] if text[end : end + 1] in ("余", "多") else ""
    size = text[end + 1] if more and text[end + 1 : end + 2] in ("万", "亿") else ""
    unit_start = end + len(more) + len(size)
    found = unit_at(text, unit_start)
    if (not found and not more) or (found and found[0] in _NO_UNITS):
        return None
    unit, kind, unit_end = found or ("", "", unit_start)
    value = _value(match[0]) * (MAGNITUDES[size] if size else 1)
    return Raw(Span(start, end), Decimal(value), size, more, unit, kind, Span(unit_start, unit_end))


MAGNITUDE_MARKS = frozenset("千百十万亿点分零〇")
_NO_UNITS = frozenset(
    ("大", "届", "代", "道", "路", "门", "线", "队", "层", "级", "对", "班", "口", "部", "金", "银", "支")
)


def _value(digits: str) -> int:
    """Read a numeral of any size: 三百二十一万.

    >>> _value("三百二十一万"), _value("一亿零五十")
    (3210000, 100000050)
    """
    total = 0
    for mark, size in (("亿", 10**8), ("万", 10**4)):
        head, found, rest = digits.partition(mark)
        if found:
            total += numeral(head) * size
            digits = rest
    return total + (numeral(digits.lstrip("零")) if digits.strip("零") else 0)
