"""Every quantity of a document as one value (指标提取)."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govtext.indicators.names import boundaries, name_all
from govtext.indicators.quantities import find
from govtext.indicators.words import any_of
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from numpy.typing import NDArray

    from govtext.document import Document, Section
    from govtext.indicators.quantities import Bound, Kind, Quantity

    Places = NDArray[np.int64]


class Indicator(NamedTuple):
    """A quantity of a document: how much of what (指标).

    Attributes:
        span: the number with its mark of approximation and unit.
        text: these characters.
        value: money in 元, 万 and 亿 multiplied out, percentages as printed, a fall negative.
        unit: as printed, empty where there is none; 个百分点 is 百分点.
        kind: count, rate (a level in %), change (growth, fall, multiples), money, measure or duration.
        approx: the mark of approximation as printed: 余, 近, 以上; empty if none.
        bound: what the mark makes of the value: a lower or upper bound, about, or empty.
        name: what is counted, without quote marks; completed by the subject named before (规范性文件废止).
        name_span: where the name stands; None if nothing names the quantity.
        subject_span: where the subject stands that the name was completed with, else None.
        period: the time said last before it in the sentence: 2012年至2021年, 全年; empty if none.
        comparison: what a change is measured against: 同比, 比上年; empty if not said.
        actor: who or where, as said last before it in the sentence: 全市, 各级; empty if not said.
        section: the innermost section it stands in, or None.
        number_span: the number alone.
        unit_span: the magnitude aside, the unit alone; empty where a list shares the unit of a later number.
    """

    span: Span
    text: str
    value: Decimal
    unit: str
    kind: Kind
    approx: str
    name: str
    name_span: Span | None
    bound: Bound
    subject_span: Span | None
    period: str
    comparison: str
    actor: str
    section: Section | None
    number_span: Span
    unit_span: Span


def extract(document: Document) -> list[Indicator]:
    """Return every quantity of a document, in the order of the text (指标提取).

    Arabic numbers, and Chinese numerals with a magnitude (三百二十一万); no dates, ordinals or document numbers, and
    nothing in titles, short phrases in quotes or page furniture. Linear in the length of the text.

    >>> from govtext.document import parse
    >>> [(i.name, str(i.value), i.unit) for i in extract(parse("保留规范性文件48件,废止21件;刑事警情同比下降35.6%。"))]
    [('保留规范性文件', '48', '件'), ('规范性文件废止', '21', '件'), ('刑事警情', '-35.6', '%')]
    """
    text = document.text
    quantities = _outside(find(text), document.furniture)
    edges, stops = boundaries(text)
    names = name_all(text, quantities, edges, stops)
    starts = np.array([quantity.start for quantity in quantities], np.int64)
    after = np.searchsorted(np.array(stops, np.int64), starts)
    sentences = np.array([0, *stops])[after] + (after > 0)
    periods = _mentions(text, _periods()).last(sentences, starts)
    actors = _mentions(text, _actors(), after=_ACTOR_AFTER).last(sentences, starts)
    ends = np.array([0, *(quantity.end for quantity in quantities[:-1])], np.int64)[: len(starts)]
    comparisons = _mentions(text, _comparisons()).last(np.maximum(sentences, ends), starts)
    goes_on = (starts - ends <= LIST_GAP) & (np.arange(len(starts)) > 0)
    rows = zip(
        quantities,
        names,
        periods,
        comparisons,
        actors,
        goes_on.tolist(),
        map(_sections(document), starts.tolist()),
        strict=True,
    )
    out: list[Indicator] = []
    for quantity, name, period, said, actor, follows, section in rows:
        start, end, number, unit_span, value, unit, kind, approx, bound = quantity
        comparison = out[-1].comparison if follows else said
        out.append(Indicator(
            _span((start, end)), text[start:end], value, unit, kind, approx, name.text, name.span, bound,
            name.subject, period, comparison, actor, section, number, unit_span,
        ))  # fmt: skip
    return out


_span = partial(tuple.__new__, Span)  # half the time of Span(start, end)


# 全市, after these, says where or who; elsewhere it is part of a name: 贵州省委党校, 获评全国先进.
_ACTOR_AFTER = frozenset("，,；;。：:！？\n、 \u3000对在由为年")
LIST_GAP = 2  # characters between the members of a list: 35.6%、14.85%


def _outside(quantities: Sequence[Quantity], furniture: Sequence[Span]) -> list[Quantity]:
    """Return the quantities that do not stand in page furniture."""
    if not furniture:
        return list(quantities)
    starts = [hole.start for hole in furniture]
    holes = [bisect_right(starts, quantity.start) - 1 for quantity in quantities]
    return [q for q, i in zip(quantities, holes, strict=True) if i < 0 or q.start >= furniture[i].end]


def _sections(document: Document) -> Callable[[int], Section | None]:
    """Return a function from a place to the innermost section that it lies in."""
    sections = document.sections
    starts = [section.span.start for section in sections]

    def innermost(at: int) -> Section | None:
        index = bisect_right(starts, at) - 1
        section = sections[index] if index >= 0 else None
        while section is not None and at >= section.span.end:
            section = section.parent
        return section

    return innermost


class _Mentions(NamedTuple):
    """The places where a pattern is found, and what stands there."""

    starts: list[int]
    ends: list[int]
    texts: list[str]

    def last(self, lows: Places, highs: Places) -> list[str]:
        """Return the last mention between two places each, or nothing."""
        at = np.searchsorted(np.array(self.ends, np.int64), highs, "right")
        found = np.where(np.array([-1, *self.starts])[at] >= lows, at, 0)
        said = ["", *self.texts]
        return [said[i] for i in found.tolist()]


def _mentions(text: str, pattern: re.Pattern[str], *, after: frozenset[str] = frozenset()) -> _Mentions:
    """Find a pattern, with `after` only where a text begins or one of these characters stands before."""
    found = [m for m in pattern.finditer(text) if not after or not m.start() or text[m.start() - 1] in after]
    return _Mentions([m.start() for m in found], [m.end() for m in found], [m[0] for m in found])


# Every alternative begins with a fixed character: such patterns are found several times as fast.
_YEAR = r"\d\d年(?:度|底|末|初)?"


@lru_cache(maxsize=1)
def _periods() -> re.Pattern[str]:
    since = r"(?:[至到—–~～-]+(?:(?:19|20)\d\d年(?:底|末|初)?|今))?"
    return re.compile(
        rf"19{_YEAR}{since}|20\d\d(?:[—–~～-]+20\d\d)?年(?:度|底|末|初)?{since}|十[一二三四五六七]五(?=[”时期以末])|"
        r"过去[一二三四五六七八九十]+年|近[一二三四五六七八九十]+年|今后[一二三四五六七八九十]+年|未来[一二三四五六七八九十]+年|"
        r"一年来|三年来|五年来|十年来|全年|今年|去年|上年|当年|年内|上半年|下半年|一季度|二季度|三季度|四季度"
    )


@lru_cache(maxsize=1)
def _comparisons() -> re.Pattern[str]:
    then = r"(?:上年|去年|前年|上一年|“?十[一二三四五六七]五”?|20\d\d年|19\d\d年|上届|五年前)(?:同期|末|底|时期)?"
    return re.compile(rf"同比|环比|年均|比{then}|较{then}|与{then}相比|按可比价格|按不变价格|扣除价格因素")


@lru_cache(maxsize=1)
def _actors() -> re.Pattern[str]:
    return re.compile(any_of("actor") + "(?![首第唯前先领平])")  # 全国首家 says no actor
