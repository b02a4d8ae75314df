"""How sure the ranks of keywords are: a block bootstrap over sections or sentences (稳定性)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from govtext.counts import units
from govtext.errors import OptionError
from govtext.keywords.weighting import Keyword, tfidf

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from govtext.text import Span
    from govtext.tokens import Tokens

    Floats = NDArray[np.float64]

Block = Literal["section", "sentence"]
FEW_BLOCKS = 10  # fewer say little of how a rank varies
CONTENDERS = 10  # times n candidates compete for the n ranks


@dataclass(frozen=True, slots=True)
class Stability:
    """How the rank of a keyword varies when the blocks of its document are drawn anew (稳定性).

    Attributes:
        document, term, rank, score, count, spans: those of the `Keyword`.
        low, high: the bounds of the middle 95 % of its ranks in the resamples.
        share: in what share of the resamples it is among the first n.
        section: the start of its section, or None for the whole document.
    """

    document: str
    term: str
    rank: int
    low: int
    high: int
    share: float
    score: float
    count: int
    spans: tuple[Span, ...]
    section: int | None = None


class SmallDocumentWarning(UserWarning):
    """A document has so few blocks that intervals say little (文档过短)."""


def stability(
    tokens: Tokens,
    *,
    n: int = 20,
    block: Block = "section",
    resamples: int = 1000,
    seed: int = 0,
) -> list[Stability]:
    """Return the keywords of one document with the interval of each rank (关键词的稳定性).

    A block bootstrap (Efron & Tibshirani 1993, ch. 8): the sections or sentences of the document are drawn with
    replacement, counts and document frequencies are counted anew in each resample, and the ten times n best candidates
    are ranked again. Document frequencies count sections, as in `tfidf`: those drawn, or those that a drawn sentence
    with the term stands in. What a candidate's occurrences inside longer ones and its spread count for stays as it
    is in the document.

    Args:
        tokens: the tokens of one document, or of a part of it: `tokens.within(section.span)`.
        n: how many keywords.
        block: what is drawn: "section" (the units of `units`) or "sentence".
        resamples: how often.
        seed: of the generator; the same seed gives the same intervals.

    Raises:
        OptionError: there is no such block, or n or resamples is below one.

    Warns:
        SmallDocumentWarning: the document has fewer than ten blocks.

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> text = "法治政府和营商环境。" * 12 + "营商环境。" * 8
    >>> rows = stability(Segmenter()(parse(text)), n=2, block="sentence")
    >>> [(row.term, row.low, row.high) for row in rows]
    [('营商环境', 1, 1), ('法治政府', 2, 2)]
    """
    if block not in ("section", "sentence"):
        raise OptionError(f"no block {block!r}", remedy="choose section or sentence")
    if n < 1 or resamples < 1:
        raise OptionError(f"n is {n}, resamples is {resamples}", remedy="give one or more")
    found = tfidf(tokens, n=n * CONTENDERS)
    sections = _touched((span for _, span in units(tokens.document)), tokens)
    blocks = sections if block == "section" else _touched(tokens.document.sentences, tokens)
    if len(blocks) < FEW_BLOCKS:
        what = f"{tokens.document.id or 'the document'} has {len(blocks)} {block}s: the intervals say little"
        warnings.warn(SmallDocumentWarning(what), stacklevel=2)
    if not found:
        return []
    counts, drawn = _counts(found, blocks), _drawn(len(blocks), resamples, seed)
    if block == "section":
        frequency = drawn @ (counts > 0)
    else:
        frequency = _sections_with(drawn, counts > 0, _numbers(blocks, sections))
    idf = np.log((1 + len(sections)) / (1 + frequency)) + 1
    return _bounds(found, _ranks(found, drawn @ counts, idf)[:, :n], n)


def intervals(
    found: Sequence[Keyword], blocks: Sequence[Span], *, n: int = 20, resamples: int = 1000, seed: int = 0
) -> list[Stability]:
    """Return the interval of the rank of each of the first n keywords of one document or section (名次区间).

    As `stability`, for keywords whose idf comes from elsewhere, such as from a corpus: it stays as it is, and only the
    occurrences are counted anew. An interval cannot reach beyond the number of keywords given: give some times n.

    Args:
        found: the keywords of one document, or of one section, by rank.
        blocks: the spans that are drawn, such as sections or sentences; together they hold every occurrence.
        n: how many keywords get an interval.
        resamples: how often blocks are drawn.
        seed: of the generator; the same seed gives the same intervals.

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> document = parse("法治政府和营商环境。" * 12 + "营商环境。" * 8)
    >>> rows = intervals(tfidf(Segmenter()(document)), document.sentences, n=2)
    >>> [(row.term, row.low, row.high) for row in rows]
    [('营商环境', 1, 1), ('法治政府', 2, 2)]
    """
    if n < 1 or resamples < 1:
        raise OptionError(f"n is {n}, resamples is {resamples}", remedy="give one or more")
    if not found or not blocks:
        return []
    drawn, idf = _drawn(len(blocks), resamples, seed), np.array([k.idf for k in found])
    return _bounds(found, _ranks(found, drawn @ _counts(found, blocks), idf)[:, :n], n)


def _bounds(found: Sequence[Keyword], ranks: NDArray[np.int64], n: int) -> list[Stability]:
    """Return the keywords with the middle 95 % of their ranks; ranks: int64[resamples, at most n]."""
    low, high = np.percentile(ranks, [2.5, 97.5], axis=0, method="inverted_cdf").astype(int)
    share = (ranks <= n).mean(axis=0)
    bounds = zip(low.tolist(), high.tolist(), share.tolist(), strict=True)
    return [
        Stability(k.document, k.term, k.rank, *values, k.score, k.count, k.spans, k.section)
        for k, values in zip(found[:n], bounds, strict=True)
    ]


def _touched(spans: Iterable[Span], tokens: Tokens) -> list[Span]:
    """Return the spans that hold some of the tokens, which may be a part of a document."""
    start, end = tokens.span
    return [span for span in spans if span.end > start and span.start < end]


def _numbers(spans: Sequence[Span], blocks: Sequence[Span]) -> NDArray[np.int64]:
    """Return in which of the blocks each span begins."""
    starts = [block.start for block in blocks]
    return np.maximum(np.searchsorted(starts, [span.start for span in spans], "right") - 1, 0)


def _counts(found: Sequence[Keyword], blocks: Sequence[Span]) -> Floats:
    """Return how often each keyword stands in each block; float64[blocks, keywords]."""
    columns = [np.bincount(_numbers(keyword.spans, blocks), minlength=len(blocks)) for keyword in found]
    return np.stack(columns, axis=1).astype(np.float64)


def _drawn(blocks: int, resamples: int, seed: int) -> Floats:
    """Return how often each block is drawn in each resample; float64[resamples, blocks]."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(blocks, np.full(blocks, 1 / blocks), size=resamples).astype(np.float64)


def _sections_with(drawn: Floats, present: NDArray[np.bool_], section: NDArray[np.int64]) -> Floats:
    """Return in how many sections a drawn sentence has each keyword; float64[resamples, keywords]."""
    out = np.zeros((len(drawn), present.shape[1]))
    for number in np.unique(section):
        own = section == number
        out += drawn[:, own] @ present[own] > 0
    return out


def _ranks(found: Sequence[Keyword], occurrences: Floats, idf: Floats) -> NDArray[np.int64]:
    """Return the rank of each keyword in each resample; int64[resamples, keywords]."""
    weight = np.array([((k.count + k.free) / 2 + k.spread) / k.count * k.form for k in found])
    scores = occurrences * idf * weight
    order = np.argsort(-scores, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, len(found) + 1)[None, :], axis=1)
    return ranks
