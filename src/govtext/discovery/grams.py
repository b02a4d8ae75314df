"""Sequences of tokens that recur: counted on columns of ids, with cohesion and boundary entropy (词串统计)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from govtext.tokens import Tokens, Vocabulary

    Ints = NDArray[np.int32]
    Bools = NDArray[np.bool_]

LONGEST = 6  # tokens
# A sequence is left out for a longer one that holds it in at least this share of its places.
NESTED = 0.7


class Stream(NamedTuple):
    """The tokens of many documents one after another, a gap of one after each (词流).

    Attributes:
        ids: int32[n] in `vocabulary`; -1 in the gaps.
        kinds: uint8[n].
        starts, ends: int32[n], code points of the text of the document.
        offsets: int64[documents + 1], where each document begins.
        vocabulary: id ↔ string.
    """

    ids: Ints
    kinds: NDArray[np.uint8]
    starts: Ints
    ends: Ints
    offsets: NDArray[np.int64]
    vocabulary: Vocabulary


class Level(NamedTuple):
    """The sequences of one length that occur often enough (同长词串).

    Attributes:
        at: int64[m], the places where one begins.
        gram: int32[m], which one it is.
        first: int64[g], the first place of each.
        counts: int64[g].
    """

    at: NDArray[np.int64]
    gram: Ints
    first: NDArray[np.int64]
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grams:
    """Sequences of one length with their evidence, as columns (词串).

    Attributes:
        length: in tokens.
        first: int64[g], where each first stands in the stream.
        counts: int64[g].
        cohesion: float64[g], pointwise mutual information of the weakest joint (nats); NaN for single tokens.
        freedom: float64[g], the lesser of the entropies of the left and the right neighbour (nats).
    """

    length: int
    first: NDArray[np.int64]
    counts: NDArray[np.int64]
    cohesion: NDArray[np.float64]
    freedom: NDArray[np.float64]


def stream(tokens: Sequence[Tokens], ids: Sequence[Ints], vocabulary: Vocabulary) -> Stream:
    """Return many Tokens as one stream, given their ids in one vocabulary."""
    offsets = np.concatenate(([0], np.cumsum([len(one) + 1 for one in tokens]))).astype(np.int64)
    out = Stream(
        np.full(offsets[-1], -1, np.int32),
        np.zeros(offsets[-1], np.uint8),
        np.zeros(offsets[-1], np.int32),
        np.zeros(offsets[-1], np.int32),
        offsets,
        vocabulary,
    )
    for one, own, start in zip(tokens, ids, offsets.tolist(), strict=False):
        part = slice(start, start + len(one))
        out.ids[part], out.kinds[part], out.starts[part], out.ends[part] = own, one.kinds, one.starts, one.ends
    return out


def count(source: Stream, usable: Bools, *, least: int) -> list[Level]:
    """Count the sequences of one to `LONGEST` usable tokens; longer ones than single tokens at least `least` times.

    A sequence is looked at only where both of its parts, all but its last and all but its first token, are frequent.
    """
    place = np.full(len(source.ids) + 1, -1, np.int32)  # which sequence of the last length begins at each place
    at = np.flatnonzero(usable)
    levels = [_level(at, source.ids[at].astype(np.int64), least=1)]
    while len(levels) < LONGEST and len(levels[-1].at):
        last = levels[-1]
        place[:] = -1
        place[last.at] = last.gram
        follows = place[last.at + 1] >= 0
        at = last.at[follows]
        keys = last.gram[follows].astype(np.int64) * len(last.first) + place[at + 1]
        levels.append(_level(at, keys, least=least))
    return levels


def _level(at: NDArray[np.int64], keys: NDArray[np.int64], *, least: int) -> Level:
    _, first, inverse, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    keep = counts >= least
    rank = np.where(keep, np.cumsum(keep) - 1, -1).astype(np.int32)
    gram = rank[inverse]
    alive = gram >= 0
    return Level(at[alive], gram[alive], at[first[keep]], counts[keep])


def weigh(source: Stream, levels: Sequence[Level], may_start: Bools, may_end: Bools) -> list[Grams]:
    """Return the sequences that begin and end with tokens that may, with their evidence (词串评价).

    Cohesion is ln(c(ab) N / (c(a) c(b))) at the weakest joint (Church and Hanks 1990), freedom the entropy of the
    neighbours (branching entropy; Tanaka-Ishii 2005). `may_start` and `may_end` are bool[vocabulary]. A sequence is
    left out where a longer one that is kept too holds nearly all of its places.
    """
    out: list[Grams] = []
    keeps = [_edges_fit(source, level, n, may_start, may_end) for n, level in enumerate(levels, start=1)]
    for n, (level, fits) in enumerate(zip(levels, keeps, strict=True), start=1):
        keep = fits
        if n < len(levels):
            keep = fits & (_longer(level, levels[n], keeps[n]) < NESTED * level.counts)
        chosen = np.flatnonzero(keep)
        freedom = np.minimum(*(_entropy(source, level, keep, step)[chosen] for step in (-1, n)))
        cohesion = _cohesion(levels, n, level.first[chosen], level.counts[chosen])
        out.append(Grams(n, level.first[chosen], level.counts[chosen], cohesion, freedom))
    return out


def _edges_fit(source: Stream, level: Level, n: int, may_start: Bools, may_end: Bools) -> Bools:
    return may_start[source.ids[level.first]] & may_end[source.ids[level.first + n - 1]]


def _longer(level: Level, above: Level, kept: Bools) -> NDArray[np.int64]:
    """Return for each sequence the count of the most frequent kept one that is a token longer."""
    out = np.zeros(len(level.first), np.int64)
    for step in (0, 1):
        inside = level.gram[np.searchsorted(level.at, above.first[kept] + step)]
        np.maximum.at(out, inside, above.counts[kept])
    return out


def _entropy(source: Stream, level: Level, keep: Bools, step: int) -> NDArray[np.float64]:
    """Return the entropy of the token `step` places from the start of each kept sequence."""
    chosen = keep[level.gram]
    gram, beside = level.gram[chosen].astype(np.int64), level.at[chosen] + step
    neighbour = np.where(beside >= 0, source.ids[beside], -1)
    pairs, counts = np.unique(gram * (len(source.vocabulary.strings) + 1) + neighbour + 1, return_counts=True)
    of = pairs // (len(source.vocabulary.strings) + 1)
    total = np.maximum(np.bincount(of, counts, len(level.first)), 1)
    entropy: NDArray[np.float64] = np.log(total) - np.bincount(of, counts * np.log(counts), len(level.first)) / total
    return entropy.round(12)  # ids, and so the order of the sum, depend on what was cut before


def _cohesion(
    levels: Sequence[Level], n: int, first: NDArray[np.int64], counts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the mutual information of the weakest joint of each sequence of n tokens."""
    if n == 1:
        return np.full(len(first), np.nan)
    total = len(levels[0].at)
    joints = [
        np.log(counts * total / (_counts_at(levels[k - 1], first) * _counts_at(levels[n - k - 1], first + k)))
        for k in range(1, n)
    ]
    weakest: NDArray[np.float64] = np.stack(joints).min(axis=0)
    return weakest


def _counts_at(level: Level, at: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how often the sequence that begins at each place occurs."""
    return level.counts[level.gram[np.searchsorted(level.at, at)]].astype(np.float64)
