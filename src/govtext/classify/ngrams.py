"""A linear model over the character n-grams of texts, as arrays: fast to score, safe to store (字符 n 元线性模型)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govtext.native import kernels
from govtext.text import codes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from govtext.native._kernels import Grams

    Points = NDArray[np.uint32]

    Floats = NDArray[np.float64]
    Keys = NDArray[np.uint64]
    Places = NDArray[np.int64]
    Phrases = list[tuple[str, float]]

LONGEST = 4  # characters of 16 bits in a key of 64; the few beyond the basic plane count as U+FFFD
BREAK = "\n"  # stands between texts; no n-gram reaches across it
MARKS = "，。、；：！？（）《》—… "
SMOOTHING = 10.0  # as if a text held ten more n-grams that say nothing


def pack(gram: str) -> int:
    """Return the key of an n-gram of at most four characters (编码).

    >>> unpack(pack("同比"))
    '同比'
    """
    key = 0
    for character in gram:
        key = key << 16 | min(ord(character), 0xFFFD)
    return key


def unpack(key: int) -> str:
    """Return the n-gram of a key (解码)."""
    out = ""
    while key:
        out, key = chr(key & 0xFFFF) + out, key >> 16
    return out


def keys_of(text: str | Points, longest: int) -> Iterator[Keys]:
    """Yield, for n = 1 … longest, the key of the n characters that begin at each place of a text (n 元)."""
    points = np.minimum(codes(text) if isinstance(text, str) else text, 0xFFFD).astype(np.uint64)
    keys = points
    for n in range(1, longest + 1):
        if n > 1:
            keys = (keys[:-1] << np.uint64(16)) | points[n - 1 :]
        yield keys


@dataclass(frozen=True, slots=True, eq=False)
class NgramModel:
    """Log-odds of one label against another by the n-grams of a text (n 元模型).

    The score of a text is the sum of the weights of its m different known n-grams over sqrt(m + 10), plus the bias.

    Attributes:
        keys: uint64[n], rising, the n-grams as `pack` makes them.
        weights: float32[n].
        bias: the score of a text without any of them.
        longest: the most characters of an n-gram.
        about: what it was trained on and how, for people.
    """

    keys: Keys
    weights: NDArray[np.float32]
    bias: float = 0.0
    longest: int = 3
    about: str = ""

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return the log-odds of each text (得分)."""
        joined, starts = _joined(texts)
        return self._weighed(codes(joined), starts)[0]

    def find(self, texts: Sequence[str]) -> tuple[Places, Places]:
        """Return the known n-grams of texts, each once a text: the numbers of the texts, and those of the n-grams."""
        joined, starts = _joined(texts)
        rows, numbers = self._each_once(self._hits(codes(joined)), starts)
        order = np.lexsort((numbers, rows))
        return rows[order], numbers[order]

    def evidence(self, texts: Sequence[str], *, n: int = 6) -> tuple[Floats, list[Phrases]]:
        """Return the log-odds of each text, and the stretches of it that speak most for their sign (得分与依据).

        The weight of an n-gram is shared out among its characters; a stretch is a run of characters that bear at least
        a quarter of what the strongest one bears. The weights are on the scale of the scores, the strongest come first.
        """
        scores, found = self.reasons(texts, n=n)
        pairs = list(zip(found.phrases, found.weights.tolist(), strict=True))
        ends = np.searchsorted(found.texts, np.arange(len(texts)), "right").tolist()
        return scores, [pairs[low:high] for low, high in pairwise([0, *ends])]

    def reasons(self, texts: Sequence[str], *, n: int = 6) -> tuple[Floats, Stretches]:
        """Return what `evidence` does, the stretches of all texts in columns (依据列)."""
        joined, starts = _joined(texts)
        points = codes(joined)
        scores, shares = self._weighed(points, starts)
        signed = shares * np.repeat(np.sign(scores), np.diff(starts, append=len(points)))
        return scores, (_stretches_compiled if kernels else _stretches)(joined, points, signed, starts, n)

    def _weighed(self, points: Points, starts: Places) -> tuple[Floats, Floats]:
        """Return the score of each text, and the weight of each character; the break before a text belongs to it."""
        sums, counts = np.zeros(len(starts)), np.zeros(len(starts), np.int64)
        shares = np.zeros(len(points))
        if kernels:
            _compiled(self).weigh(points, starts, self.longest, sums, counts, shares)
        else:
            self._weigh(points, starts, sums, counts, shares)
        return np.asarray(self.bias + sums / np.sqrt(counts + SMOOTHING), np.float64), shares

    def _weigh(self, points: Points, starts: Places, sums: Floats, counts: Places, shares: Floats) -> None:
        """Do in numpy what the compiled twin does, with the additions in the same order."""
        hits = self._hits(points)
        for length, (begins, numbers) in enumerate(hits, start=1):
            for shift in range(length):
                shares[begins + shift] += self.weights[numbers] / np.float32(length)
        rows, numbers = self._each_once(hits, starts)
        sums += np.bincount(rows, self.weights[numbers], minlength=len(starts))
        counts += np.bincount(rows, minlength=len(starts))

    def _hits(self, points: Points) -> list[tuple[Places, Places]]:
        """Return for each n where known n-grams begin, and their numbers."""
        buckets = _buckets(self)
        return [buckets.found(keys, self.keys) for keys in keys_of(points, self.longest)]

    def _each_once(self, hits: Sequence[tuple[Places, Places]], starts: Places) -> tuple[Places, Places]:
        """Return the texts and the numbers of n-grams, each once a text, where it is found first."""
        none = np.zeros(0, np.int64), np.zeros(0, np.int64)
        begins, numbers = (np.concatenate(column) for column in zip(none, *hits, strict=True))
        rows = np.searchsorted(starts, begins + 1, "right") - 1
        first = np.sort(np.unique(rows * len(self.keys) + numbers, return_index=True)[1])
        return rows[first], numbers[first]


class Stretches(NamedTuple):
    """The stretches of texts that speak most, by text, the strongest of each first (依据列).

    Attributes:
        texts: int64[m], the number of the text.
        phrases: the m stretches.
        weights: float64[m].
    """

    texts: Places
    phrases: list[str]
    weights: Floats


@lru_cache(maxsize=4)
def _compiled(model: NgramModel) -> Grams:
    grams: Grams = kernels.Grams(
        np.ascontiguousarray(model.keys, np.uint64), np.ascontiguousarray(model.weights, np.float32)
    )
    return grams


class _Buckets(NamedTuple):
    """The keys of a model by a hash of a few bits: a look at one place of a table, where a search takes fifteen.

    Attributes:
        order: the numbers of the keys by their hash.
        starts: int32[buckets + 1], where those of each hash begin.
        most: how many a bucket has at the most.
    """

    order: Places
    starts: NDArray[np.int32]
    most: int

    def found(self, wanted: Keys, keys: Keys) -> tuple[Places, Places]:
        """Return which of the keys wanted are known, and their numbers."""
        bucket = _hashed(wanted)
        at, ends = self.starts[bucket], self.starts[bucket + 1]
        left, places, numbers = np.arange(len(wanted)), [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for step in range(self.most):
            left = left[at[left] + step < ends[left]]
            number = self.order[at[left] + step]
            same = keys[number] == wanted[left]
            places.append(left[same])
            numbers.append(number[same])
            left = left[~same]
        where = np.concatenate(places)
        rising = np.argsort(where, kind="stable")
        return where[rising], np.concatenate(numbers)[rising]


BITS = 18  # of a hash: ten times as many buckets as the model that is shipped has keys


def _hashed(keys: Keys) -> Places:
    return ((keys * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - BITS)).astype(np.int64)  # Fibonacci hashing


@lru_cache(maxsize=4)
def _buckets(model: NgramModel) -> _Buckets:
    hashes = _hashed(model.keys)
    sizes = np.bincount(hashes, minlength=1 << BITS)
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    return _Buckets(np.argsort(hashes, kind="stable"), starts, int(sizes.max()))


def _joined(texts: Sequence[str]) -> tuple[str, Places]:
    """Return texts as one, and where each begins."""
    ends = np.cumsum([len(text) + 1 for text in texts], dtype=np.int64)
    return BREAK.join(text.replace(BREAK, " ") for text in texts), np.concatenate(([0], ends))[: len(texts)]


def _stretches_compiled(joined: str, points: Points, weights: Floats, starts: Places, n: int) -> Stretches:
    """Return the n heaviest stretches of each text."""
    first, length, counts = (np.zeros(size, np.int64) for size in (len(starts) * n, len(starts) * n, len(starts)))
    sums = np.zeros(len(starts) * n)
    kernels.stretches(points, starts, weights, codes(MARKS), n, first, length, sums, counts)
    filled = (np.arange(n) < counts[:, None]).ravel()
    begins, ends = first[filled].tolist(), (first + length)[filled].tolist()
    phrases = [joined[start:end] for start, end in zip(begins, ends, strict=True)]
    return Stretches(np.repeat(np.arange(len(starts)), counts), phrases, sums[filled])


def _stretches(joined: str, points: Points, weights: Floats, starts: Places, n: int) -> Stretches:
    """Do in Python what the compiled twin does."""
    out: list[dict[str, float]] = [{} for _ in starts]
    if joined and len(starts):
        owner = np.searchsorted(starts, np.arange(len(points)), "right") - 1
        padded = np.append(weights, 0.0)  # an empty text begins where the next character, or nothing, is
        most = np.maximum.reduceat(padded, starts)[owner]
        strong = (weights > np.maximum(most / 4, 1e-9)) & (points != ord(BREAK))
        edges = np.flatnonzero(np.diff(strong, prepend=False, append=False))
        sums = np.concatenate([[0.0], np.cumsum(weights)])
        first, last = edges[::2], edges[1::2]
        columns = (owner[first], first, last, sums[last] - sums[first])
        for text, start, end, weight in zip(*(column.tolist() for column in columns), strict=True):
            found, phrase = out[text], joined[start:end].strip(MARKS)
            found[phrase] = found.get(phrase, 0.0) + weight
    ranked = [sorted(found.items(), key=lambda item: (-item[1], item[0]))[:n] for found in out]
    listed = list(chain.from_iterable(ranked))
    numbers = np.repeat(np.arange(len(out)), [len(found) for found in ranked])
    return Stretches(numbers, [phrase for phrase, _ in listed], np.array([weight for _, weight in listed], np.float64))
