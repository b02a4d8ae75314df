"""The same indicator in two reports, and the growth a report claims beside what the two figures make (指标对照)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from govtext.compare.figures import ATTRIBUTES, Figure, bigrams, figures, overlap
from govtext.compare.found import Found
from govtext.compare.pairing import demand, series
from govtext.document import Document
from govtext.errors import MetadataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from govtext.compare.pairing import Documents
    from govtext.indicators import Indicator, Kind
    from govtext.text import Span
    from govtext.tokens import Segmenter

    Floats = NDArray[np.float64]

Claim = Literal["holds", "differs", "real", "unclear", ""]


@dataclass(frozen=True, slots=True)
class IndicatorPair:
    """An indicator that two reports give (指标对照).

    Attributes:
        document, other: the ids of the two.
        name: its name in the first.
        other_name: its name in the second.
        unit, kind: of both.
        span, value: in the first.
        other_span, other_value: in the second.
        difference: the second less the first.
        growth: the difference in percent of the first, for counts, money and measures; else None.
        claimed: the growth that the second report says, in percent, if it says any.
        claimed_span: where.
        claim: holds (the two figures, as exactly as they are printed, make that growth), differs, real (they do not,
            but this indicator grows by constant prices), unclear (a figure is a bound or an estimate) or empty.
        score: how alike name and context are, 0 to 1.
    """

    document: str
    other: str
    name: str
    other_name: str
    unit: str
    kind: Kind
    span: Span
    value: Decimal
    other_span: Span
    other_value: Decimal
    difference: Decimal
    growth: float | None
    claimed: Decimal | None
    claimed_span: Span | None
    claim: Claim
    score: float


def indicator_pairs(a: Documents, b: Documents, *, segment: Segmenter | Found | None = None) -> list[IndicatorPair]:
    """Pair the figures of two reports that are of the same indicator (指标对照).

    Two figures are paired if each is the best for the other, by name and by what stands around, among those of the same
    kind, unit, part of the report (plan or not) and basis of comparison (同比, 年均), and if nothing limits one of them
    alone (民间, 省属). Where a report of the next year says a growth beside the figure, it is checked against the two.

    Args:
        a: a report, or many.
        b: another of the same genre, such as that of the next year or of another place; of many, those of the same
            place and of the next year are paired.
        segment: as in `classify.roles`, or what was found in the reports (`Found`).

    Raises:
        MetadataError: year, place or genre are not known, or the genres differ.

    >>> from govtext.document import Metadata, parse
    >>> known = [Metadata(place="甲市", year=year, genre="政府工作报告") for year in (2025, 2026)]
    >>> first = parse("过去一年，一般公共预算收入达到200亿元。", metadata=known[0])
    >>> second = parse("过去一年，一般公共预算收入达到210亿元，增长5%。", metadata=known[1])
    >>> [(p.name, p.growth, str(p.claimed), p.claim) for p in indicator_pairs(first, second)]
    [('一般公共预算收入', 5.0, '5', 'holds')]
    """
    if isinstance(a, Document) and isinstance(b, Document):
        _comparable(a, b)
        pairs = [(a, b)]
    else:
        pairs = series(a, b)
    found = Found.anew(segment)
    return [row for one, other in pairs for row in _pairs(one, other, found)]


def _comparable(a: Document, b: Document) -> None:
    demand([a, b], "year", "place", "genre")
    if a.metadata.genre != b.metadata.genre:
        what = f"the genre is {a.metadata.genre}, but that of {b.id or 'the other document'} is {b.metadata.genre}"
        raise MetadataError(what, where=a.id or "the document", remedy="compare reports of one genre")


def _pairs(a: Document, b: Document, found: Found) -> Iterator[IndicatorPair]:
    ours, theirs = (_named(document, found) for document in (a, b))
    if not ours or not theirs:
        return
    score = _alike(ours, theirs)
    following = a.metadata.place == b.metadata.place and (b.metadata.year or 0) - (a.metadata.year or 0) == 1
    best_b, best_a = score.argmax(axis=1), score.argmax(axis=0)
    for i, j in enumerate(best_b.tolist()):
        if best_a[j] == i and score[i, j] >= LEAST:
            claim = _claim(b, ours[i], theirs, j) if following else NO_CLAIM
            yield _pair(a, b, ours[i], theirs[j], claim, float(score[i, j]))


def _pair(a: Document, b: Document, one: Figure, other: Figure, claim: _Claimed, score: float) -> IndicatorPair:
    first, second = one.indicator, other.indicator
    difference = second.value - first.value
    relative = first.kind in ("count", "money", "measure") and first.value
    growth = round(float(100 * difference / first.value), 4) if relative else None
    return IndicatorPair(
        a.id, b.id, first.name, second.name, first.unit, first.kind, first.span, first.value, second.span,
        second.value, difference, growth, claim.growth, claim.span, claim.verdict, round(min(score, 1.0), 4),
    )  # fmt: skip


# --- which figures are of one indicator -----------------------------------------------------------------------------

LEAST, LEAST_GENERAL, LEAST_NAME, GENERAL = 0.72, 0.85, 0.9, 2
SCOPE = 4.0  # amounts so many times each other are not of one thing in two years
NAME, AROUND = 0.7, 0.3
NEAR = 14  # characters before a figure that say what it is of beyond its name: PM2.5平均浓度


def _named(document: Document, found: Found) -> list[Figure]:
    """Return the figures of a name, but for durations, whose years are seldom an indicator, and attributes."""
    named = (f for f in figures(document, found=found) if len(f.name) > 1 and f.indicator.kind != "duration")
    return [f for f in named if f.indicator.unit not in ATTRIBUTES]


_RELATION = re.compile("高于|低于|快于|超|提高|下降|提升|回落")


def _key(one: Figure) -> tuple[object, ...]:
    """Return what two figures of one indicator have the same."""
    figure = one.indicator
    yearly = figure.comparison in ("", "同比") or figure.comparison.startswith(("比上年", "比去年", "较上年", "较去年"))
    basis = "" if yearly else figure.comparison
    relation = frozenset(_RELATION.findall(one.lead[-12:])) if figure.unit == "百分点" else ""
    return figure.kind, figure.unit, one.role == "plan", one.years, basis, one.scopes, figure.value < 0, relation


def _alike(ours: Sequence[Figure], theirs: Sequence[Figure]) -> Floats:
    """Return how alike figures are, 0 where they cannot be of one indicator; float[ours, theirs]."""
    sides = (ours, theirs)
    names = overlap(*bigrams(*([f.name for f in side] for side in sides))).cosine
    around = overlap(*bigrams(*([f.lead[-NEAR - len(f.name) :] for f in side] for side in sides))).cosine
    numbers: dict[tuple[object, ...], int] = {}
    keys = [np.array([numbers.setdefault(_key(f), len(numbers)) for f in side]) for side in sides]
    same = (keys[0][:, None] == keys[1][None]) & (names >= LEAST_NAME) & _of_one_scope(ours, theirs)
    contexts = overlap(*bigrams(*([f.context for f in side] for side in sides))).cosine
    general = np.array([len(f.name) <= GENERAL for f in ours])[:, None]  # 企业, 投资: the context must be the same
    score = NAME * names + AROUND * np.where(general, contexts, around)
    out: Floats = np.where(same & (score >= np.where(general, LEAST_GENERAL, LEAST)), score, 0.0)
    return out


def _of_one_scope(ours: Sequence[Figure], theirs: Sequence[Figure]) -> NDArray[np.bool_]:
    """Return which amounts are not so far apart that one is of several years, or one a stock and one what was added."""
    a, b = (np.array([max(abs(float(f.indicator.value)), 1e-9) for f in side]) for side in (ours, theirs))
    amounts = np.array([f.indicator.kind in ("count", "money", "measure") for f in ours])[:, None]
    ratio = np.maximum(a[:, None] / b[None], b[None] / a[:, None])
    levels = [np.array([f.level for f in side]) for side in (ours, theirs)]
    level = levels[0][:, None] == levels[1][None]
    return np.asarray(~amounts | (ratio <= np.where(level, SCOPE, SCOPE / 2)), np.bool_)


# --- the growth that a report says ----------------------------------------------------------------------------------


class _Claimed(NamedTuple):
    """A growth that stands beside a figure, and whether the figures of two years make it."""

    growth: Decimal | None
    span: Span | None
    verdict: Claim


NO_CLAIM = _Claimed(None, None, "")
_REAL = re.compile("生产总值|增加值|实际")
_AFTER = re.compile(
    r"[，,、]?(?:同比|比上年|较上年|比去年|同口径|按可比价格?)?(?:实际|名义)?(?:增长|增加|提高|上升|下降|减少|增)了?$"
)
_BEFORE = re.compile(r"[，,、](?:总量|规模|总额)?(?:达到?|为)?$")


def _claim(document: Document, one: Figure, theirs: Sequence[Figure], j: int) -> _Claimed:
    """Return the growth said beside a figure and compare it with that of the two figures."""
    first, second = one.indicator, theirs[j].indicator
    if first.kind not in ("count", "money", "measure") or not first.value:
        return NO_CLAIM
    for k in (j + 1, j - 1):
        said = theirs[k] if 0 <= k < len(theirs) else None
        if said and _grows(document.text, theirs[j], said):
            growth = said.indicator
            return _Claimed(growth.value, growth.span, _checked(first, second, growth))
    return NO_CLAIM


def _grows(text: str, figure: Figure, said: Figure) -> bool:
    """Tell whether a figure is the growth of the one beside it."""
    one, growth = figure.indicator, said.indicator
    if growth.kind != "change" or growth.unit != "%" or said.years or figure.passage != said.passage:
        return False
    if one.span.end <= growth.span.start:
        return bool(_AFTER.fullmatch(text, one.span.end, growth.span.start))
    return said.name == figure.name and bool(_BEFORE.fullmatch(text, growth.span.end, one.span.start))


def _checked(first: Indicator, second: Indicator, growth: Indicator) -> Claim:
    """Compare a growth with the quotient of two values, each as exactly as it is printed."""
    if any(figure.approx for figure in (first, second, growth)):
        return "unclear"
    low = (second.value - _half(second)) / (first.value + _half(first)) - 1
    high = (second.value + _half(second)) / (first.value - _half(first)) - 1
    step = _half(growth)
    if 100 * low <= growth.value + step and growth.value - step <= 100 * high:
        return "holds"
    return "real" if _REAL.search(second.name) else "differs"


def _half(figure: Indicator) -> Decimal:
    """Return half of the last place that a value is printed with: 5万元 for 1.23亿元 is 50万元."""
    digits = figure.text
    match = re.search(r"\d[\d,]*(?:\.(\d+))?", digits)
    if not match:
        return Decimal(0)
    printed = Decimal(match[0].replace(",", ""))
    scale = abs(figure.value) / printed if printed else Decimal(1)
    return scale * Decimal(1).scaleb(-len(match[1] or "")) / 2
