"""A linear model over the character n-grams of texts, as arrays: fast to score, safe to store (字符 n 元线性模型)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govtext.text import codes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

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


def keys_of(text: str, longest: int) -> Iterator[Keys]:
    """Yield, for n = 1 … longest, the key of the n characters that begin at each place of a text (n 元)."""
    points = np.minimum(codes(text), 0xFFFD).astype(np.uint64)
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
        return self._scores(*self.find(texts), len(texts))

    def _scores(self, rows: Places, found: Places, n: int) -> Floats:
        sums = np.bincount(rows, self.weights[found], minlength=n)
        return np.asarray(self.bias + sums / np.sqrt(np.bincount(rows, minlength=n) + SMOOTHING), np.float64)

    def find(self, texts: Sequence[str]) -> tuple[Places, Places]:
        """Return the known n-grams of texts, each once a text: the numbers of the texts, and those of the n-grams."""
        joined, owner, _ = _joined(texts)
        return self._distinct(owner, self._hits(joined))

    def _hits(self, joined: str) -> list[tuple[Places, Places]]:
        """Return for each n where known n-grams begin, and their numbers."""
        if not len(self.keys):
            return []
        buckets = _buckets(self)
        return [buckets.found(keys, self.keys) for keys in keys_of(joined, self.longest)]

    def _distinct(self, owner: Places, hits: Sequence[tuple[Places, Places]]) -> tuple[Places, Places]:
        none = [np.zeros(0, np.int64)]
        pairs = np.sort(np.concatenate([owner[starts] * len(self.keys) + found for starts, found in hits] + none))
        pairs = pairs[np.diff(pairs, prepend=-1) > 0]
        return pairs // max(len(self.keys), 1), pairs % max(len(self.keys), 1)

    def evidence(self, texts: Sequence[str], *, n: int = 6) -> tuple[Floats, list[Phrases]]:
        """Return the log-odds of each text, and the stretches of it that speak most for their sign (得分与依据).

        The weight of an n-gram is shared out among its characters; a stretch is a run of characters that bear at least
        a quarter of what the strongest one bears. The weights are on the scale of the scores, the strongest come first.
        """
        joined, owner, starts = _joined(texts)
        hits = self._hits(joined)
        scores = self._scores(*self._distinct(owner, hits), len(texts))
        shares = np.zeros(len(joined) + self.longest)
        for length, (begins, found) in enumerate(hits, start=1):
            for shift in range(length):
                shares[begins + shift] += self.weights[found] / length
        signed = shares[: len(joined)] * np.sign(scores)[owner]
        return scores, _stretches(joined, signed, owner=owner, starts=starts, n=n)


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


def _joined(texts: Sequence[str]) -> tuple[str, Places, Places]:
    """Return texts as one, the number of the text that each character belongs to, and where each text begins."""
    joined = BREAK.join(text.replace(BREAK, " ") for text in texts)
    breaks = codes(joined) == ord(BREAK)
    return (
        joined,
        np.cumsum(breaks),
        np.concatenate([np.zeros(min(1, len(texts)), np.int64), np.flatnonzero(breaks) + 1]),
    )


def _stretches(joined: str, weights: Floats, *, owner: Places, starts: Places, n: int) -> list[Phrases]:
    """Return the n heaviest stretches of each text."""
    out: list[dict[str, float]] = [{} for _ in starts]
    if joined and len(starts):
        padded = np.append(weights, 0.0)  # an empty text begins where the next character, or nothing, is
        most = np.maximum.reduceat(padded, starts)[owner]
        strong = (weights > np.maximum(most / 4, 1e-9)) & (codes(joined) != ord(BREAK))
        edges = np.flatnonzero(np.diff(strong, prepend=False, append=False))
        sums = np.concatenate([[0.0], np.cumsum(weights)])
        first, last = edges[::2], edges[1::2]
        columns = (owner[first], first, last, sums[last] - sums[first])
        for text, start, end, weight in zip(*(column.tolist() for column in columns), strict=True):
            found, phrase = out[text], joined[start:end].strip(MARKS)
            found[phrase] = found.get(phrase, 0.0) + weight
    return [sorted(found.items(), key=lambda item: (-item[1], item[0]))[:n] for found in out]
