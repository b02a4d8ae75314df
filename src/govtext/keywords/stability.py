"""How sure the ranks of keywords are: a block bootstrap over sections or sentences (稳定性)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from govtext.counts import units
from govtext.errors import OptionError
from govtext.keywords.weighting import Keyword, tfidf

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import scipy.sparse as sp
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
    counts, drawn = _counts([found], [blocks]).toarray().T, _drawn(len(blocks), resamples, seed)
    if block == "section":
        frequency = drawn @ (counts > 0)
    else:
        frequency = _sections_with(drawn, counts > 0, _numbers(blocks, sections))
    idf = np.log((1 + len(sections)) / (1 + frequency)) + 1
    scores = _score(found, (drawn @ counts).T, idf.T)[None]
    return _bounds([found], _ranks(scores, n), n)[0]


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
    return intervals_of_each([(found, blocks)], n=n, resamples=resamples, seed=seed)[0]


def intervals_of_each(
    groups: Sequence[tuple[Sequence[Keyword], Sequence[Span]]], *, n: int = 20, resamples: int = 1000, seed: int = 0
) -> list[list[Stability]]:
    """Return what `intervals` returns for each of many documents or sections, in their order (各组名次区间).

    Those with as many blocks are drawn once and ranked together: the draws depend on the number of blocks alone.

    Args:
        groups: the keywords of each by rank, and the spans that are drawn.
        n: how many keywords of each get an interval.
        resamples: how often blocks are drawn.
        seed: of the generator; the same seed gives the same intervals.
    """
    if n < 1 or resamples < 1:
        raise OptionError(f"n is {n}, resamples is {resamples}", remedy="give one or more")
    alike: dict[int, list[int]] = {}
    for number, (found, blocks) in enumerate(groups):
        if found and blocks:
            alike.setdefault(len(blocks), []).append(number)
    out: list[list[Stability]] = [[] for _ in groups]
    for size, numbers in sorted(alike.items()):
        drawn = _drawn(size, resamples, seed)
        most = max(len(groups[number][0]) for number in numbers)
        step = max(1, AT_ONCE // (most * resamples))
        for some in (numbers[i : i + step] for i in range(0, len(numbers), step)):
            listed = [groups[number][0] for number in some]
            ranks = _ranks(_scores(drawn, listed, [groups[number][1] for number in some]), n)
            for number, rows in zip(some, _bounds(listed, ranks, n), strict=True):
                out[number] = rows
    return out


AT_ONCE = 200_000  # scores compared at once: they stay near the processor


def _scores(drawn: Floats, found: Sequence[Sequence[Keyword]], blocks: Sequence[Sequence[Span]]) -> Floats:
    """Return the score of each keyword of each group in each resample, -1 where a group has fewer keywords."""
    listed = [keyword for some in found for keyword in some]
    occurrences = _counts(found, blocks) @ np.ascontiguousarray(drawn.T)
    scores = _score(listed, occurrences, np.array([k.idf for k in listed])[:, None])
    sizes = np.array(list(map(len, found)))
    if (sizes == sizes[0]).all():
        return scores.reshape(len(found), -1, len(drawn))
    out = np.full((len(found), int(sizes.max()), len(drawn)), -1.0)
    out[np.arange(out.shape[1]) < sizes[:, None]] = scores
    return out


def _bounds(found: Sequence[Sequence[Keyword]], ranks: NDArray[np.integer[Any]], n: int) -> list[list[Stability]]:
    """Return the keywords with the middle 95 % of their ranks; ranks: int[groups, at most n, resamples]."""
    groups, most, resamples = ranks.shape
    width = int(ranks.max()) + 1
    number = np.arange(groups * most)[:, None] * width + ranks.reshape(-1, resamples)
    times = np.bincount(number.ravel(), minlength=groups * most * width).reshape(groups, most, width).cumsum(axis=-1)
    # The rank that so many resamples reach, as numpy's "inverted_cdf": Hyndman & Fan 1996, definition 1.
    low, high = ((times < np.ceil(resamples * part)).sum(axis=-1).tolist() for part in (0.025, 0.975))
    share = (times[..., min(n, width - 1)] / resamples).tolist()
    return [
        [
            Stability(k.document, k.term, k.rank, first, last, part, k.score, k.count, k.spans, k.section)
            for k, first, last, part in zip(some[:n], *bounds, strict=False)
        ]
        for some, *bounds in zip(found, low, high, share, strict=True)
    ]


def _touched(spans: Iterable[Span], tokens: Tokens) -> list[Span]:
    """Return the spans that hold some of the tokens, which may be a part of a document."""
    start, end = tokens.span
    return [span for span in spans if span.end > start and span.start < end]


def _numbers(spans: Sequence[Span], blocks: Sequence[Span]) -> NDArray[np.int64]:
    """Return in which of the blocks each span begins."""
    starts = [block.start for block in blocks]
    return np.maximum(np.searchsorted(starts, [span.start for span in spans], "right") - 1, 0)


def _counts(found: Sequence[Sequence[Keyword]], blocks: Sequence[Sequence[Span]]) -> sp.csr_array:
    """Return how often each keyword of each group stands in each block of it; float64[keywords, blocks]."""
    import scipy.sparse as sp

    numbers = np.concatenate(
        [_numbers([span for k in some for span in k.spans], spans) for some, spans in zip(found, blocks, strict=True)]
    )
    ends = np.cumsum([0, *(len(keyword.spans) for some in found for keyword in some)])
    out = sp.csr_array((np.ones(len(numbers)), numbers, ends), shape=(len(ends) - 1, len(blocks[0])))
    out.sum_duplicates()
    return out


def _drawn(blocks: int, resamples: int, seed: int) -> Floats:
    """Return how often each block is drawn in each resample; float64[resamples, blocks]."""
    draw = _kept if blocks < 256 and blocks * resamples <= MOST_KEPT else _multinomial
    return draw(blocks, resamples, seed).astype(np.float64)


MOST_KEPT = 50_000  # draws of one number of blocks that stay in memory, a byte each


@lru_cache(maxsize=256)
def _kept(blocks: int, resamples: int, seed: int) -> NDArray[np.integer[Any]]:
    """Return draws that are small enough to be kept: documents and sections have the same few numbers of blocks."""
    return _multinomial(blocks, resamples, seed).astype(np.uint8)


def _multinomial(blocks: int, resamples: int, seed: int) -> NDArray[np.integer[Any]]:
    return np.random.default_rng(seed).multinomial(blocks, np.full(blocks, 1 / blocks), size=resamples)


def _sections_with(drawn: Floats, present: NDArray[np.bool_], section: NDArray[np.int64]) -> Floats:
    """Return in how many sections a drawn sentence has each keyword; float64[resamples, keywords]."""
    out = np.zeros((len(drawn), present.shape[1]))
    for number in np.unique(section):
        own = section == number
        out += drawn[:, own] @ present[own] > 0
    return out


def _score(found: Sequence[Keyword], occurrences: Floats, idf: Floats) -> Floats:
    """Return the scores of keywords that occur so often in each resample; float64[keywords, resamples].

    As in `tfidf`: the spread, which stays as it is, counts once where the keyword occurs at all.
    """
    share, spread, form = (
        np.array(column)[:, None]
        for column in zip(*(((k.count + k.free) / (2 * k.count), k.spread, k.form) for k in found), strict=True)
    )
    scores: Floats = (occurrences * share + spread * (occurrences > 0)) * idf * form
    return scores


def _ranks(scores: Floats, n: int) -> NDArray[np.integer[Any]]:
    """Return the ranks of the first n keywords among all; of equal scores the first is better.

    Args:
        scores: float64[groups, keywords, resamples].
        n: how many keywords are asked for.

    Returns:
        int[groups, at most n, resamples].
    """
    most = scores.shape[1]
    small = np.uint8 if most < 256 else np.int32
    out = np.ones((len(scores), min(n, most), scores.shape[2]), small)
    for number in range(out.shape[1]):
        own = scores[:, number : number + 1]
        for better in (scores[:, :number] >= own, scores[:, number + 1 :] > own):
            out[:, number] += better.view(np.uint8).sum(axis=1, dtype=small)
    return out
