"""What the plan of a report promised, and what the next report says of it (承诺与落实)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from govtext.compare.figures import ATTRIBUTES, Figure, bigrams, figures, one_wordings, overlap
from govtext.compare.found import Found
from govtext.compare.pairing import series
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    from govtext.compare.figures import Bigrams
    from govtext.compare.pairing import Documents
    from govtext.document import Document
    from govtext.indicators import Bound, Indicator, Kind
    from govtext.tokens import Segmenter

    Floats = NDArray[np.float64]

Delivery = Literal["met", "not met", "unclear", "not reported"]


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment with a figure, and the passage of the next report that speaks of it (承诺).

    Attributes:
        document: the id of the report that promises.
        next_document: the id of the report of the year after.
        span: the figure promised.
        passage: the sentence it stands in.
        name, target, unit, kind, bound: the figure, as in `Indicator`.
        verdict: met, not met, unclear (a passage speaks of it, but its figure does not decide) or not reported.
        why: the reason for the verdict, in Chinese, and `why_en` in English.
        actual, actual_unit: the figure reported, if the passage has one.
        found_span: the figure reported, or the clause where there is none; None if nothing is reported.
        found_passage: the sentence it stands in.
        score: how well the two fit, 0 to 1.
    """

    document: str
    next_document: str
    span: Span
    passage: Span
    name: str
    target: Decimal
    unit: str
    kind: Kind
    bound: Bound
    verdict: Delivery
    why: str
    why_en: str
    actual: Decimal | None
    actual_unit: str
    found_span: Span | None
    found_passage: Span | None
    score: float


def promises(
    plan_report: Documents, next_report: Documents, *, segment: Segmenter | Found | None = None
) -> list[Promise]:
    r"""Match each figure that a report promises with the best passage of the next report's review (承诺与落实).

    A commitment is a figure of the part about the plan (`classify.roles`) for the year of the report: no fact of the
    past, no goal for a later year. Candidates are the figures of what the next report says before its own plan, then
    its clauses without a figure. Two figures fit by their names and by what stands around them, compared as character
    bigrams weighted by their rarity, by kind and unit, and by whether they are of one year or of several.

    A verdict is given only where name, kind and unit are the same and both are of one year: a target is met if the
    figure reported is no worse; 左右 allows a twentieth. For prices, unemployment, energy use, pollution and accidents
    less is better. Everything else that is found is unclear: the spans show the evidence, and the reader decides.

    Args:
        plan_report: a report, or many.
        next_report: the report of the same place and genre for the next year, or many, which are paired by metadata.
        segment: as in `classify.roles`, or what was found in the reports (`Found`).

    Raises:
        MetadataError: year, place or genre are not known, or do not fit.

    >>> from govtext.document import Metadata, parse
    >>> known = [Metadata(place="甲市", year=year, genre="政府工作报告") for year in (2025, 2026)]
    >>> plan = parse("二、2025年重点工作\n今年要实现城镇新增就业5万人。", metadata=known[0])
    >>> review = parse("一、2025年工作回顾\n过去一年，城镇新增就业5.2万人。", metadata=known[1])
    >>> [(p.name, p.verdict, p.found_span.of(review.text)) for p in promises(plan, review)]
    [('城镇新增就业', 'met', '5.2万人')]
    """
    found = Found.anew(segment)
    return [row for plan, review in series(plan_report, next_report) for row in _promises(plan, review, found)]


def _promises(plan: Document, review: Document, found: Found) -> list[Promise]:
    wanted = [one for one in figures(plan, found=found) if _is_commitment(plan, one)]
    reported = [one for one in figures(review, found=found) if _is_report(review, one)]
    if not wanted:
        return []
    fits = _fits(wanted, reported)
    clauses = _Clauses.of(review, found)
    said = clauses.fits(wanted)
    out = []
    for row, one in enumerate(wanted):
        best = int(fits.score[row].argmax()) if reported else -1
        if best >= 0 and fits.score[row, best] >= LEAST:
            other = reported[best]
            decision = _decide(one, other, float(fits.name[row, best]))
            answer = _Answer(decision, other.indicator.span, other.passage, other, float(fits.score[row, best]))
        elif len(said.T) and said[row].max() >= LEAST_SAID:
            span = clauses.spans[int(said[row].argmax())]
            answer = _Answer(NO_FIGURE, span, span, score=float(said[row].max()))
        else:
            answer = _Answer(NOTHING)
        out.append(_promise(plan, review, one, answer))
    return out


class _Answer(NamedTuple):
    """What the review says of a promise: how it is judged, where, the figure if it gives one, how sure that is."""

    decision: Decision
    span: Span | None = None
    passage: Span | None = None
    figure: Figure | None = None
    score: float = 0.0


def _promise(plan: Document, review: Document, one: Figure, answer: _Answer) -> Promise:
    figure, decision = one.indicator, answer.decision
    actual = answer.figure.indicator if answer.figure else None
    return Promise(
        plan.id, review.id, figure.span, one.passage, figure.name, figure.value, figure.unit, figure.kind,
        figure.bound, decision.verdict, decision.why, decision.why_en, actual.value if actual else None,
        actual.unit if actual else "", answer.span, answer.passage, round(min(answer.score, 1.0), 4),
    )  # fmt: skip


# --- what is promised, what is reported -----------------------------------------------------------------------------

_PAST = re.compile(r"去年|上年|上一年|过去|五年来|以来|已经|连续|累计")
_LATER = re.compile(
    r"到20(?P<year>\d\d)年|20(?P<other>\d\d)年(?:底)?前|未来[三五]年|今后[三五]年|[三五]年内|十五五|每年"
)
_TARGETS = re.compile(r"预期目标|主要目标|奋斗目标|目标是")
_SHORT = frozenset(("小时", "分钟", "天", "工作日", "日"))


def _is_commitment(document: Document, one: Figure) -> bool:
    """Tell whether a figure is one that the report promises for its own year."""
    figure, year = one.indicator, document.metadata.year or 0
    if one.role != "plan" or figure.unit in ATTRIBUTES or (figure.kind == "duration" and figure.unit not in _SHORT):
        return False
    head = document.text[one.passage.start : figure.span.start]
    if _PAST.search(head[-12:]) or figure.period in ("去年", "上年"):
        return False
    later = any(int(m["year"] or m["other"] or 99) + 2000 > year for m in _LATER.finditer(head))
    section = figure.section
    while section is not None:
        if "十五五" in section.heading and str(year) not in section.heading:
            return False
        section = section.parent
    return not later


def _is_report(document: Document, one: Figure) -> bool:
    """Tell whether a figure is one that the report gives of what has been."""
    head = document.text[one.passage.start : one.indicator.span.start]
    return one.role != "plan" and one.indicator.period != "今年" and not _TARGETS.search(head)


# --- how well two figures fit ---------------------------------------------------------------------------------------

LEAST, LEAST_SAID = 0.48, 0.8  # the least score of a match with a figure, and of one with a clause without
NAME, AROUND = 0.65, 0.35  # what the name weighs, and what stands around
OTHER_UNIT, OTHER_KIND, SEVERAL_YEARS, CLOSE = 0.93, 0.75, 0.9, 0.1
# Words of which two figures of one thing have the same; no two groups have a character in common.
_CONTRASTS = (
    "国家|全国|省级|市级|县级",
    "城镇|城乡|农村|农民",
    "进口(?!额)|出口",
    "人均",
    "占|比重|比例",
    "海洋|文旅|数字",
)
_CONTRAST = re.compile("|".join(_CONTRASTS))
_GROUP = {word[:2]: group for group, words in enumerate(_CONTRASTS) for word in words.split("|")}
CONTRARY, SHORT, GENERAL = 0.9, 0.7, 2


class _Texts(NamedTuple):
    """What figures are compared by, one text a figure."""

    name: list[str]
    lead: list[str]
    clause: list[str]
    context: list[str]

    @classmethod
    def of(cls, figures: Sequence[Figure]) -> _Texts:
        return cls(*([getattr(figure, field) for figure in figures] for field in cls._fields))


class _Tables(NamedTuple):
    """The bigrams of these texts."""

    name: Bigrams
    lead: Bigrams
    clause: Bigrams
    context: Bigrams


class Fits(NamedTuple):
    """How well figures fit; float[wanted, reported] each: in all, and by their names alone."""

    score: Floats
    name: Floats


def _fits(wanted: Sequence[Figure], reported: Sequence[Figure]) -> Fits:
    if not reported:
        return Fits(np.zeros((len(wanted), 0)), np.zeros((len(wanted), 0)))
    ours, theirs = (_Texts.of(side) for side in (wanted, reported))
    tables = bigrams(*ours, *theirs)
    a, b = _Tables(*tables[:4]), _Tables(*tables[4:])
    names, leads = overlap(a.name, b.name), overlap(a.lead, b.lead)
    near = np.minimum(overlap(a.name, b.clause).of_a, overlap(a.clause, b.name).of_b)
    around = np.minimum(overlap(a.name, b.lead).of_a, overlap(a.lead, b.name).of_b)
    nameless, short = (
        np.logical_or.outer(*(np.array([len(f.name) < least for f in side], np.bool_) for side in (wanted, reported)))
        for least in (1, GENERAL + 1)
    )
    kind, unit = (
        _equal([getattr(f.indicator, field) for f in wanted], [getattr(f.indicator, field) for f in reported])
        for field in ("kind", "unit")
    )
    name = np.maximum(names.cosine, np.maximum(np.where(kind, 0.9, 0.7) * near, 0.7 * around))
    contrary = _contrary(wanted, reported)
    name = np.where(nameless, leads.cosine, name) * contrary
    name = np.where(short, SHORT * name, name)  # 项目, 企业: the same word, hardly the same thing
    score = NAME * name + AROUND * np.where(short, overlap(a.context, b.context).cosine, leads.cosine)
    score *= np.where(kind, np.where(unit, 1.0, OTHER_UNIT), OTHER_KIND)
    score *= np.where([figure.years for figure in reported], SEVERAL_YEARS, 1.0)[None]
    return Fits(score + CLOSE * _closeness(wanted, reported) * (kind & unit) * (score > 0), name * contrary)


def _equal(a: Sequence[Hashable], b: Sequence[Hashable]) -> NDArray[np.bool_]:
    """Return which values of a are those of b; bool[len(a), len(b)]."""
    numbers: dict[Hashable, int] = {}
    ours, theirs = (np.array([numbers.setdefault(one, len(numbers)) for one in side], np.int64) for side in (a, b))
    same: NDArray[np.bool_] = ours[:, None] == theirs[None]
    return same


def _contrary(wanted: Sequence[Figure], reported: Sequence[Figure]) -> Floats:
    """Return a factor below one where one of two names has a word that the other has not or has otherwise."""
    out = np.ones((len(wanted), len(reported)))
    numbers: dict[tuple[int, frozenset[str]], int] = {}
    for a, b in zip(*(_contrasts(side, numbers) for side in (wanted, reported)), strict=True):
        if a.any() or b.any():
            out *= np.where(a[:, None] == b[None], 1.0, CONTRARY)
    return out


def _contrasts(figures: Sequence[Figure], numbers: dict[tuple[int, frozenset[str]], int]) -> NDArray[np.int64]:
    """Return a number for the words of each group that a name has, 0 for none; int64[groups, figures]."""
    out = np.zeros((len(_CONTRASTS), len(figures)), np.int64)
    for i, figure in enumerate(figures):
        words = _CONTRAST.findall(figure.name)
        for group in {_GROUP[word] for word in words} if words else ():
            own = frozenset(word for word in words if _GROUP[word] == group)
            out[group, i] = numbers.setdefault((group, own), len(numbers) + 1)
    return out


def _closeness(wanted: Sequence[Figure], reported: Sequence[Figure]) -> Floats:
    """Return the ratio of the smaller to the larger of two values; 0 where their signs differ."""
    a = np.array([float(f.indicator.value) for f in wanted])[:, None]
    b = np.array([float(f.indicator.value) for f in reported])[None]
    larger = np.maximum(np.abs(a), np.abs(b))
    out: Floats = np.where(a * b > 0, np.minimum(np.abs(a), np.abs(b)) / np.where(larger > 0, larger, 1), 0.0)
    return out


_ADDED = re.compile("^(?:新[增建改设]|建成|建设)")
_CLAUSE = re.compile(r"[^，。；;！？\n]+")


class _Clauses(NamedTuple):
    """The clauses of what a report says before its plan."""

    spans: list[Span]
    texts: list[str]

    @classmethod
    def of(cls, document: Document, found: Found) -> _Clauses:
        parts = [label.span for label in found.roles(document) if label.label != "plan"]
        spans = [Span(*m.span()) for part in parts for m in _CLAUSE.finditer(document.text, *part) if m[0].strip()]
        return cls(spans, one_wordings([span.of(document.text) for span in spans]))

    def fits(self, wanted: Sequence[Figure]) -> Floats:
        """Return how much of the name of each figure a clause has, less where it says much besides."""
        names = [_ADDED.sub("", f.name) for f in wanted]
        long = [name if len(name) > 4 else "" for name in names]
        found = overlap(*bigrams(long, self.texts))
        return found.of_a * (0.8 + 0.2 * found.cosine)


# --- verdicts -------------------------------------------------------------------------------------------------------


class Decision(NamedTuple):
    """A verdict and its reason in both languages."""

    verdict: Delivery
    why: str
    why_en: str


NOTHING = Decision("not reported", "未见报告", "nothing found")
NO_FIGURE = Decision("unclear", "提到而无数字", "mentioned without a figure")
LEAST_NAME = 0.72  # names less alike may be of two things
TOLERANCE = Decimal("0.05")  # what 左右 allows, as a share of the target; up to twice as much is a matter of opinion
SCOPE = Decimal("2.5")  # a count so many times the target, or the target so many times it, is of another scope
_PRICE = re.compile("价格|物价")
_LESS = re.compile(r"价格|物价|失业率|能耗|浓度|死亡|事故|负债|债务|赤字|排放|差距|收入比|死亡率|发案")


def _decide(one: Figure, other: Figure, name: float) -> Decision:
    """Compare a target with what is reported."""
    target, actual = one.indicator, other.indicator
    if name < LEAST_NAME:
        return Decision("unclear", "名称不尽相同", "the names differ in part")
    if target.kind != actual.kind or not _same_unit(target, actual):
        return Decision("unclear", "口径不同（类别或单位）", "of another kind or unit")
    if one.scopes != other.scopes:
        return Decision("unclear", "限定范围不同", "limited to another scope")
    if other.years and not (target.kind == "rate" or (one.level and other.level) or _same_count(target, actual)):
        return Decision("unclear", "报告的是多年累计或年均", "reported for several years")
    counts = target.kind in ("count", "money", "measure")
    if counts and not target.value / SCOPE <= actual.value <= target.value * SCOPE:
        return Decision("unclear", "数值相差过大，恐非同一口径", "too far apart to be of one scope")
    return _compared(target, actual)


def _same_count(a: Indicator, b: Indicator) -> bool:
    """Tell whether two figures are the same number of things: 每年实施20项 is what was promised, 年均增长7% is not."""
    return a.kind != "change" and a.value == b.value


def _same_unit(a: Indicator, b: Indicator) -> bool:
    return a.unit == b.unit or (a.kind == "count" and {a.unit, b.unit} <= {"家", "户", "个"})


def _compared(target: Indicator, actual: Indicator) -> Decision:
    """Return whether a figure is no worse than its target, as far as its mark of approximation lets one say."""
    less = target.bound == "upper" or bool(_LESS.search(target.name)) or target.value < 0
    sign = -1 if less else 1
    slack = abs(target.value) * TOLERANCE if target.bound == "about" else Decimal(0)
    value = _as_printed(actual.value, target)
    margin = sign * (value - target.value) + slack
    shown, shown_en = f"{actual.text}，目标{target.text}", f"{actual.text}, target {target.text}"
    if _PRICE.search(target.name) and slack and value < target.value - slack:
        return Decision("unclear", f"{shown}，涨幅低于预期", f"{shown_en}: below what was expected")
    if margin >= 0 and not (actual.bound == "upper" and not less):
        return Decision("met", shown, shown_en)
    if actual.bound and (actual.bound != "upper" or margin >= 0):
        return Decision("unclear", f"{shown}，约数不足以判断", f"{shown_en}: too vague to say")
    if slack and margin + slack >= 0:
        return Decision("unclear", f"{shown}，差距不大", f"{shown_en}: a little short of it")
    return Decision("not met", shown, shown_en)


def _as_printed(value: Decimal, target: Indicator) -> Decimal:
    """Return a percentage with no more places than its target has, at least one: 58.08% is 58.1%."""
    exponent = target.value.as_tuple().exponent
    if target.unit != "%" or not isinstance(exponent, int):
        return value
    return value.quantize(Decimal(1).scaleb(min(exponent, -1)), ROUND_HALF_UP)
