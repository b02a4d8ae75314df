"""The grammar of quantities: number, approximation, unit, kind, value (数量)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from govtext.indicators.chinese import numerals
from govtext.indicators.digits import LIST, RANGE, Raw, names, numbers
from govtext.indicators.words import any_of, roles

if TYPE_CHECKING:
    from decimal import Decimal

    from govtext.text import Span

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


def find(text: str) -> list[Quantity]:
    """Return the quantities of a text, in order (数量).

    >>> [(str(q.value), q.unit, q.kind, q.approx) for q in find("增长5.6%，覆盖300余人，投入近1.75亿元")]
    [('5.6', '%', 'change', ''), ('300', '人', 'count', '余'), ('175000000', '元', 'money', '近')]
    """
    holes = names(text)
    return _with_kinds(text, sorted(numbers(text, holes) + numerals(text, holes)))


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


_BEFORE_ENDS = frozenset("过破于小下少逾超达多限到足近约为致")
_AFTER_STARTS = frozenset("及以之余多有开内左上来")
NOT_APPROX = re.compile(r"(?:[节制集公合签特协条民]约|[赶反高]超|[最附]近|加大于|[提最]高于)$")


def _approximation(text: str, raw: Raw) -> tuple[int, int, str]:
    """Return the start and end of a quantity with its marks of approximation, and the mark that counts."""
    start, end = raw.number.start, raw.unit_span.end
    head = text[max(0, start - 4) : start]
    before = _approx_before().search(head) if head[-1:] in _BEFORE_ENDS else None
    mark = before["mark"] if before and not NOT_APPROX.search(head) else ""
    start -= len(mark)
    after = _approx_after().match(text, end) if text[end : end + 1] in _AFTER_STARTS else None
    if after and not (
        after[0] in ("内", "来", "余", "多")
        and (raw.kind != "duration" or text[after.end() : after.end() + 1] in "蒙外地")
    ):
        end = after.end()
        mark = mark or after[0]
    return start, end, mark or raw.more


# --- kinds ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _change_before() -> re.Pattern[str]:
    """Return the pattern of a verb of change right before a number, both read backwards, which is quick to match."""
    rise, fall, between = (
        "|".join(sorted((word[::-1] for word in roles()[role]), key=lambda word: (-len(word), word)))
        for role in ("rise", "fall", "between")
    )
    return re.compile(rf"(?:{between})*(?:(?P<rise>{rise})(?!新)|(?P<fall>{fall}))")


@lru_cache(maxsize=1)
def _change_ends() -> frozenset[str]:
    """Return the characters that the pattern of change can end with, tried first because they are quick to miss."""
    return frozenset(word[-1] for role in ("rise", "fall", "between") for word in roles()[role])


_CHANGE_AFTER = re.compile(
    r"(?:以上|左右|以内)?的(?:[^，。；、]{0,4})(?:(?P<fall>降幅|跌幅|下降)|增长|增速|增幅|涨幅|速度)"
)
_NET = re.compile(r"(?:净增加?|净减少?|减少|压减|削减)(?!率)[^，,。；;：\d]{0,20}$")
_LEVEL = re.compile(r"[至到成](?:了|约|近|超过?)*$")


def _kind(text: str, raw: Raw) -> Kind:
    """Return the kind of a number by its unit; bare decimals (指数达93.5) and fractions are rates."""
    if raw.kind:
        return cast("Kind", raw.kind)
    number = raw.number.of(text)
    return "rate" if "/" in number or ("." in number and not raw.size) else "count"


def _with_kinds(text: str, raws: list[Raw]) -> list[Quantity]:
    out: list[Quantity] = []
    for raw in raws:
        start, end, approx = _approximation(text, raw)
        kind = _kind(text, raw)
        value = raw.value
        change = _change(text, start, end, raw, out[-1] if out else None)
        if change:
            kind = "change"
            value = -value if change < 0 else value
        if text[start - 1 : start] in MINUS and not _range_before(out[-1] if out else None, start):
            value, start = -value, start - 1
        bound = _bounds().get(approx, "")
        out.append(Quantity(start, end, raw.number, raw.unit_span, value, raw.unit, kind, approx, bound))
    return out


MINUS = ("-", "－", "−")


def _range_before(previous: Quantity | None, start: int) -> bool:
    return previous is not None and start - previous.end <= 2


def _change(text: str, start: int, end: int, raw: Raw, previous: Quantity | None) -> int:
    """Return 1 where a number is a growth, -1 a fall, 0 neither."""
    if previous is not None and previous.kind == "change" and previous.unit == raw.unit:
        gap = text[previous.end : start]
        if len(gap) <= 3 and (LIST.fullmatch(gap) or RANGE.fullmatch(gap)):
            return -1 if previous.value < 0 else 1
    signed = text[start - 1 : start] in MINUS and not _range_before(previous, start)
    head = text[max(0, start - 28) : start - signed]
    found = _change_before().match(head[::-1]) if head[-1:] in _change_ends() else None
    if found and raw.kind != "duration" and raw.unit:
        return 1 if found["rise"] else -1
    if raw.unit in ("%", "‰"):
        after = _CHANGE_AFTER.match(text, end)
        return 0 if not after else -1 if after["fall"] else 1
    if raw.kind == "change":
        return -1 if found and found["fall"] else 1
    if raw.kind in ("count", "measure") and ("净" in head or "减" in head):
        net = _NET.search(head)
        if net and ("净" in net[0] or raw.kind == "measure") and not _LEVEL.search(head):
            return -1 if "减" in net[0] else 1
    return 0
