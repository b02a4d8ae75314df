"""Arithmetic on the quantities of a document: sums, rates, growth, parts (数值核对).

A check needs its evidence in the wording; where the wording leaves doubt nothing is said.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Literal

from govtext.document import Finding
from govtext.indicators.extraction import extract
from govtext.indicators.names import STOP
from govtext.indicators.words import any_of
from govtext.text import Span, places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from govtext.document import Document
    from govtext.indicators.extraction import Indicator

Verdict = Literal["holds", "rounding", "fails"]


@dataclass(frozen=True, slots=True)
class Check:
    """A relation between figures that the wording states, and whether it holds (核对结果).

    Attributes:
        code: sum (parts make a whole), rate (a share against its printed percentage), growth (against a stated base) or
            part (a part is no larger than its whole).
        verdict: holds, rounding (the printed figure is off in its last digit alone, such as cut off) or fails.
        message: what is compared, in Chinese, and `message_en` in English.
        span: from the first of the figures to the last.
        figures: the quantities compared, in the order of the text.
        expected: what the other figures make of the last one.
    """

    code: str
    verdict: Verdict
    message: str
    message_en: str
    span: Span
    figures: tuple[Indicator, ...]
    expected: Decimal


def check(document: Document, figures: Sequence[Indicator] | None = None) -> list[Check]:
    """Check the arithmetic that the wording of a document states (数值核对).

    `figures` are those of the document, if they are extracted already.

    >>> from govtext.document import parse
    >>> [(c.code, c.verdict, str(c.expected)) for c in check(parse("调解纠纷1826件,调解成功1822件,成功率99.7%。"))]
    [('rate', 'rounding', '99.78')]
    """
    text = document.text
    found: list[Check] = []
    for sentence in _sentences(text, extract(document) if figures is None else figures):
        for rule in RULES:
            found += rule(text, sentence)
    return sorted(found, key=lambda one: (one.span, one.code))


def faults(document: Document, checks: Sequence[Check] | None = None) -> list[Finding]:
    """Return the checks that do not hold, or only before rounding, as lint findings (数值问题).

    `checks` are those of the document, if they are made already.

    >>> from govtext.document import parse
    >>> [f.code for f in faults(parse("共办理100件，其中建议60件、提案45件。甲项10件，其中已办结12件。"))]
    ['part']
    """
    return [
        Finding(c.code, c.message, c.message_en, c.span)
        for c in (check(document) if checks is None else checks)
        if c.verdict != "holds"
    ]


def _sentences(text: str, indicators: Sequence[Indicator]) -> Iterator[list[Indicator]]:
    """Yield the figures of each sentence that has at least two."""
    stops = places(text, STOP)
    for _, group in groupby(indicators, key=lambda one: bisect_left(stops, one.span.start)):
        figures = list(group)
        if len(figures) > 1:
            yield figures


def _exact(*figures: Indicator) -> bool:
    return not any(figure.approx for figure in figures)


def _between(text: str, one: Indicator, other: Indicator) -> str:
    return text[one.span.end : other.span.start]


def _of(figures: Sequence[Indicator]) -> Span:
    return Span(min(f.span.start for f in figures), max(f.span.end for f in figures))


def _shown(figure: Indicator) -> str:
    return f"{figure.name}{figure.text}"


# --- sums -----------------------------------------------------------------------------------------------------------

# After a whole these say that what follows are all its parts: verbs that each member of a set has met, or 分为.
_ALL = re.compile(r"(?:分为|分别为|包括|包含|由)[^。；]{0,6}$")
_DISPOSED = re.compile(
    r"(?:保留|废止|失效|宣布失效|修订|修改|继续有效|维持|撤销|变更|驳回|终止|撤回|确认违法|调解结案)$"
)
_MEAN = re.compile(r"年均|平均|人均|户均|每年|每人")
_AMONG = re.compile(r"其中[^。；;]{0,12}$")


def _parts(text: str, figures: Sequence[Indicator], i: int) -> tuple[str, list[Indicator]]:
    """Return the parts that follow a whole, and the evidence: all, disposed or among; or nothing."""
    whole = figures[i]
    if _DISPOSED.search(text, max(0, whole.span.start - 8), whole.span.start):
        return "", []
    parts: list[Indicator] = []
    evidence = ""
    for previous, part in pairwise(figures[i : i + MOST]):
        gap = _between(text, previous, part)
        if (part.unit, part.kind) != (whole.unit, whole.kind) or not whole.unit or "；" in gap or ";" in gap:
            break
        if not parts:
            evidence = next((name for name, pattern in _EVIDENCE.items() if pattern.search(gap)), "")
        if not evidence or (parts and not _goes_on(gap, evidence)):
            break
        parts.append(part)
    return evidence, parts


def _goes_on(gap: str, evidence: str) -> bool:
    """Tell whether what stands between two parts leaves no doubt that the second is another part."""
    if evidence == "disposed":
        return bool(_DISPOSED.search(gap))
    return len(gap) <= REACH and ("，" not in gap or bool(_AMONG.search(gap)))


_EVIDENCE = {"among": _AMONG, "all": _ALL, "disposed": _DISPOSED}
MOST = 24  # a whole and its parts
REACH = 30  # characters between two members of a list of parts


def _sums(text: str, figures: Sequence[Indicator]) -> Iterator[Check]:
    """Parts that the wording calls all of a whole add up to it; those among it do not exceed it, each."""
    for i, whole in enumerate(figures):
        if whole.kind not in ("count", "money", "measure") or _MEAN.search(_said(text, whole)):
            continue
        evidence, parts = _parts(text, figures, i)
        if not parts or not _exact(whole, *parts):
            continue
        total = sum((part.value for part in parts), Decimal(0))
        group = (whole, *parts)
        sums = "+".join(part.text for part in parts)
        if len(parts) > 1 and total == whole.value:
            message = f"{_shown(whole)}＝{sums}"
            yield Check("sum", "holds", message, f"{whole.text} = {sums}", _of(group), group, total)
        elif evidence == "disposed" and len(parts) > 2:
            message = f"{_shown(whole)}，而{sums}＝{_plain(total)}"
            yield Check(
                "sum", "fails", message, f"{whole.text}, but {sums} = {_plain(total)}", _of(group), group, total
            )
        for part in parts:
            if evidence == "among" and part.value > whole.value:
                yield _too_large(whole, part)


def _too_large(whole: Indicator, part: Indicator) -> Check:
    message = f"“其中”{_shown(part)}大于总数{_shown(whole)}"
    group = (whole, part)
    return Check(
        "part", "fails", message, f"the part {part.text} is larger than {whole.text}", _of(group), group, whole.value
    )


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


# --- parts ----------------------------------------------------------------------------------------------------------

_RECEIVED = re.compile(r"(?:收到|受理|接收|接到|承办|交办|接访)")
_DONE = re.compile(r"(?:审核|办结|办理|答复|回复|处理|审结|办复|化解|调处)[^，,。；]{0,4}$")
_EVERY = re.compile(r"[，,、]?(?:均|全部|已全部|都)")


def _handled(text: str, figures: Sequence[Indicator]) -> Iterator[Check]:
    """What has come in and has all been dealt with is the same: 收到65件,审核65件,均按时办结."""
    for whole, part in pairwise(figures):
        head = text[max(0, whole.span.start - 20) : whole.span.start]
        gap = _between(text, whole, part)
        if not (whole.unit == part.unit and whole.kind == part.kind == "count" and _exact(whole, part)):
            continue
        same = whole.value == part.value
        if (
            same
            and _RECEIVED.search(head)
            and _DONE.search(gap)
            and len(gap) <= REACH
            and _EVERY.match(text, part.span.end)
        ):
            message = f"{_shown(whole)}＝{_shown(part)}"
            group = (whole, part)
            yield Check("part", "holds", message, f"{whole.text} = {part.text}", _of(group), group, whole.value)


# --- rates ----------------------------------------------------------------------------------------------------------

_RATE = re.compile(r"(?P<stem>[\u4e00-\u9fff]{2,4})率$")
_SHARE = re.compile(r"^(?:[，,、]?(?:占比|占比例|占总数的?|占总量的?|占全部的?|约占))(?:达到?|为|的)?$")
PLAUSIBLE = 10  # points: a rate further off than this is one of something else


def _rates(text: str, figures: Sequence[Indicator]) -> Iterator[Check]:
    """A rate that follows its part and its whole is their ratio: 纠纷1826件,成功1822件,成功率99.7%."""
    for one, other, rate in zip(figures, figures[1:], figures[2:], strict=False):
        if rate.kind != "rate" or rate.unit != "%" or one.unit != other.unit or not one.unit:
            continue
        if one.kind != other.kind or one.kind not in ("count", "money", "measure") or not _exact(one, other, rate):
            continue
        pair = _share_of(text, one, other, rate)
        if (
            pair is None
            or not pair[1].value
            or len(_between(text, one, other)) > REACH
            or len(_between(text, other, rate)) > REACH
        ):
            continue
        part, whole = pair
        exact = 100 * part.value / whole.value
        if abs(exact - rate.value) <= PLAUSIBLE:
            yield _rate(part, whole, rate, exact)


def _share_of(text: str, one: Indicator, other: Indicator, rate: Indicator) -> tuple[Indicator, Indicator] | None:
    """Return the part and the whole of a rate where the wording says which they are."""
    part, whole = (one, other) if one.value <= other.value else (other, one)
    stem = _RATE.search(rate.name)
    if stem:
        word = stem["stem"]
        words = {word[-2:], word[-3:], word[-4:]}
        heads = _said(text, part), _said(text, whole)
        in_part = any(heads[0].endswith(w) or w in part.name for w in words)
        in_whole = any(w in heads[1] for w in words)
        if in_part and (part is other or (in_whole and re.search(f"应{word[-2:]}", heads[1]))):
            return part, whole
        return None
    gap = _between(text, other, rate)
    among = "其中" in _between(text, one, other)
    return (other, one) if _SHARE.search(gap) and among and other.value <= one.value else None


def _said(text: str, figure: Indicator) -> str:
    """Return what stands in the clause before a figure."""
    head = text[max(0, figure.span.start - 20) : figure.span.start]
    return re.split(r"[，,。；;、：:\n]", head)[-1]


def _rate(part: Indicator, whole: Indicator, rate: Indicator, exact: Decimal) -> Check:
    verdict, how = _rounding(exact, rate)
    digits = max(_places(rate) + 1, 2)
    shown = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    ratio = f"{_plain(part.value)}/{_plain(whole.value)}={_plain(shown)}%"
    tail, tail_en = _TAILS[how]
    message = f"{ratio}，{rate.name}写作{rate.text}{tail}"
    group = tuple(sorted((part, whole, rate), key=lambda one: one.span))
    return Check("rate", verdict, message, f"{ratio}, printed {rate.text}{tail_en}", _of(group), group, shown)


_TAILS = {
    "holds": ("，相符", ", as it is"),
    "cut": ("，系截尾而非四舍五入", ", which is cut off, not rounded"),
    "last": ("，末位有出入", ", which is off in its last digit"),
    "fails": ("，不符", ", which does not agree"),
}


def _places(figure: Indicator) -> int:
    """Return how many decimal places a figure is printed with."""
    exponent = figure.value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _rounding(exact: Decimal, printed: Indicator) -> tuple[Verdict, str]:
    """Compare an exact value with the printed one: equal when rounded, cut off, off in the last digit, or wrong."""
    step = Decimal(1).scaleb(-_places(printed))
    value = abs(printed.value)
    exact = abs(exact)
    if exact.quantize(step, ROUND_HALF_UP) == value:
        return "holds", "holds"
    if exact.quantize(step, ROUND_DOWN) == value:
        return "rounding", "cut"
    if abs(exact - value) <= step:
        return "rounding", "last"
    return "fails", "fails"


# --- growth ---------------------------------------------------------------------------------------------------------

_FROM = re.compile(r"(?:由|从)[^，。；]{0,16}$")
_TO = re.compile(
    r"(?:增加|增长|提高|提升|上升|扩大|发展|增|升|下降|降低|减少|降|压减|缩短|缩小|调整|上调)(?:至|到|为)[^，。；]{0,10}$"
)
_NOT_GROWTH = re.compile(r"年均|平均|累计|实际|可比|不变价|同口径|分别")


@lru_cache(maxsize=1)
def _prices() -> re.Pattern[str]:
    return re.compile(any_of("price"))


def _is_real(figure: Indicator) -> bool:
    """Tell whether the growth of an amount is printed at constant prices, so that the amounts do not give it."""
    return bool(_prices().search(figure.name))


def _growth(text: str, figures: Sequence[Indicator]) -> Iterator[Check]:
    """A growth after its base and its result is their ratio, for rates their difference: 由2件增到3件,增长50%."""
    for base, result, change in zip(figures, figures[1:], figures[2:], strict=False):
        gap, after = _between(text, base, result), _between(text, result, change)
        if (
            not (_FROM.search(text, max(0, base.span.start - 20), base.span.start) and _TO.search(gap))
            or len(after) > 8
        ):
            continue
        if (
            change.kind != "change"
            or _NOT_GROWTH.search(after)
            or not _exact(base, result, change)
            or base.unit != result.unit
        ):
            continue
        if "，" in gap or "；" in gap or _is_real(base):
            continue
        if change.unit == "百分点" and base.unit == "%":
            exact = result.value - base.value
        elif change.unit == "%" and base.value and base.kind in ("count", "money", "measure"):
            exact = 100 * (result.value - base.value) / base.value
        else:
            continue
        yield from _grown(base, result, change, exact)


_MORE = re.compile(r"^[，,、](?:比|较)(?:上年|去年|上一年|前一年)(?:同期)?(?:增加|增长|多|减少|下降)(?:了)?$")
_BY = re.compile(r"^[，,、](?:同比)?(?:增长|增幅为?|增幅达|下降|减少|降幅为?)(?:了)?$")


def _added(text: str, figures: Sequence[Indicator]) -> Iterator[Check]:
    """A result and what it is above the year before make the growth: 办理120件,比上年增加20件,增长20%."""
    for result, more, change in zip(figures, figures[1:], figures[2:], strict=False):
        if result.unit != more.unit or more.kind != "change" or change.unit != "%" or not _exact(result, more, change):
            continue
        base = result.value - more.value
        if _MORE.match(_between(text, result, more)) and _BY.match(_between(text, more, change)) and base > 0:
            exact = 100 * more.value / base
            verdict, how = _rounding(exact, change)
            slack = 100 * (_half(more) / base + _half(result) * abs(more.value) / base**2) + _half(change)
            verdict, how = ("holds", "holds") if abs(exact - change.value) <= slack else (verdict, how)
            if abs(exact - change.value) <= PLAUSIBLE and not _is_real(result):
                yield _against(result, more, change, exact, (verdict, how))


def _against(
    result: Indicator, more: Indicator, change: Indicator, exact: Decimal, found: tuple[Verdict, str]
) -> Check:
    shown = exact.quantize(Decimal(1).scaleb(-max(_places(change), 1)), ROUND_HALF_UP)
    tail, tail_en = _TAILS[found[1]]
    message = f"{_shown(result)}，变动{more.text}，合{_plain(shown)}%，写作{change.text}{tail}"
    english = f"{more.text} within {result.text} is {_plain(shown)}%, printed {change.text}{tail_en}"
    group = (result, more, change)
    return Check("growth", found[0], message, english, _of(group), group, shown)


def _grown(base: Indicator, result: Indicator, change: Indicator, exact: Decimal) -> Iterator[Check]:
    """Yield the check of a growth; base and result are rounded themselves, so what they allow for is no fault."""
    verdict, how = _rounding(exact, change)
    if verdict != "holds" and change.unit == "%":
        slack = 100 * (_half(base) * result.value / base.value + _half(result)) / base.value
        verdict, how = ("holds", "holds") if abs(exact - change.value) <= slack + _half(change) else (verdict, how)
    elif verdict != "holds":
        slack = _half(base) + _half(result) + _half(change)
        verdict, how = ("holds", "holds") if abs(exact - change.value) <= slack else (verdict, how)
    if abs(exact - change.value) > PLAUSIBLE:
        return
    shown = exact.quantize(Decimal(1).scaleb(-max(_places(change), 1)), ROUND_HALF_UP)
    tail, tail_en = _TAILS[how]
    message = f"{base.name}由{base.text}到{result.text}，变动{_plain(shown)}{change.unit}，写作{change.text}{tail}"
    english = f"from {base.text} to {result.text} is {_plain(shown)}, printed {change.text}{tail_en}"
    group = (base, result, change)
    yield Check("growth", verdict, message, english, _of(group), group, shown)


_DIGITS = re.compile(r"(?P<whole>[0-9][0-9,]*)(?:[.．](?P<part>[0-9]+))?")


def _half(figure: Indicator) -> Decimal:
    """Return half a step of the last printed digit, in units of the value: 0.005万亿 for 3.68万亿."""
    match = _DIGITS.search(figure.text)
    if not match or not figure.value:
        return Decimal(0)
    part = match["part"] or ""
    printed = Decimal(f"{match['whole'].replace(',', '')}.{part or 0}")
    return abs(figure.value) / printed * Decimal(5).scaleb(-len(part) - 1)


RULES = (_sums, _handled, _rates, _growth, _added)
