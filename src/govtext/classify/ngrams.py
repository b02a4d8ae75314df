"""A linear model over the character n-grams of texts, as arrays: fast to score, safe to store (字符 n 元线性模型)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from govtext.text import codes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Keys = NDArray[np.uint64]
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
        rows, found = self.find(texts)
        sizes = np.bincount(rows, minlength=len(texts))
        sums = np.bincount(rows, self.weights[found], minlength=len(texts))
        return np.asarray(self.bias + sums / np.sqrt(sizes + SMOOTHING), np.float64)

    def find(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the known n-grams of texts, each once a text: the numbers of the texts, and those of the n-grams."""
        joined = BREAK.join(text.replace(BREAK, " ") for text in texts)
        if not len(self.keys) or not joined:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        owner = np.cumsum(codes(joined) == ord(BREAK))
        pairs = []
        for keys in keys_of(joined, self.longest):
            places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
            hits = np.flatnonzero(self.keys[places] == keys)
            pairs.append(owner[hits] * len(self.keys) + places[hits])
        both = np.unique(np.concatenate(pairs))
        return both // len(self.keys), both % len(self.keys)

    def phrases(self, texts: Sequence[str], signs: Sequence[float] | Floats, *, n: int = 6) -> list[Phrases]:
        """Return the stretches of each text that speak most for its sign, 1 or -1, the strongest first (依据).

        The weight of an n-gram is shared out among its characters; a stretch is a run of characters that bear at least
        a third of what the strongest one bears. The weights are on the scale of the scores.
        """
        joined = BREAK.join(text.replace(BREAK, " ") for text in texts)
        edges = np.flatnonzero(codes(joined) == ord(BREAK))
        shares = self._shares(joined) * np.repeat(signs, [len(text) + 1 for text in texts])[: len(joined)]
        rows, _ = self.find(texts)
        sizes = np.sqrt(np.bincount(rows, minlength=len(texts)) + SMOOTHING)
        starts, ends = [0, *(edges + 1).tolist()], [*edges.tolist(), len(joined)]
        parts = [(joined[a:b], shares[a:b] / size) for a, b, size in zip(starts, ends, sizes, strict=True)]
        return [_stretches(text, weights)[:n] for text, weights in parts] if texts else []

    def _shares(self, text: str) -> Floats:
        """Return what each character bears."""
        out = np.zeros(len(text) + self.longest)
        for n, keys in enumerate(keys_of(text, self.longest), start=1):
            places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
            weights = np.where(self.keys[places] == keys, self.weights[places], 0.0) / n
            for shift in range(n):
                out[shift : shift + len(keys)] += weights
        return out[: len(text)]


def _stretches(text: str, weights: Floats) -> Phrases:
    strong = weights > max(weights.max(initial=0.0) / 3, 1e-9)
    edges = np.flatnonzero(np.diff(strong, prepend=False, append=False)).reshape(-1, 2).tolist()
    found: dict[str, float] = {}
    for start, end in edges:
        phrase = text[start:end].strip(MARKS)
        found[phrase] = found.get(phrase, 0.0) + float(weights[start:end].sum())
    found.pop("", None)
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))
