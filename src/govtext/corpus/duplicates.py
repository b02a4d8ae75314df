"""Documents that are there twice: the same file, or nearly the same text (重复文档)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from govtext.readers import Note
from govtext.text import codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRAM = 8  # characters of a shingle
SKETCH, KEYS = 128, 8  # hashes kept of a text, and how many of them find its likes
LEAST_ALIKE = 0.8  # Jaccard similarity of the shingles


def sketch(text: str) -> NDArray[np.uint64]:
    """Return the smallest hashes of the shingles of a text, marks and blanks left out; uint64[≤128], rising (文本指纹).

    The share that two sketches have in common estimates the Jaccard similarity of the texts (Broder 1997, bottom-k).
    """
    points = codes(text)
    points = points[
        ((points >= 0x3400) & (points < 0xA000)) | ((points >= 0x30) & (points < 0x3A)) | (points > 0x1FFFF)
    ]
    count = len(points) - GRAM + 1
    if count < 1:
        return np.empty(0, np.uint64)
    hashes = np.zeros(count, np.uint64)
    for i in range(GRAM):
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + points[i : i + count]
    hashes ^= hashes >> np.uint64(29)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(32)
    if count > 4 * SKETCH:  # most texts hold few shingles twice
        part = np.unique(np.partition(hashes, 4 * SKETCH - 1)[: 4 * SKETCH])
        if len(part) >= SKETCH:
            return part[:SKETCH].copy()
    return np.unique(hashes)[:SKETCH].copy()


def alike(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> float:
    """Return the estimated Jaccard similarity of two texts from their sketches (相似度)."""
    union = np.union1d(a, b)[:SKETCH]
    if not len(union):
        return 0.0
    both = np.intersect1d(a, b, assume_unique=True)
    return float(np.isin(union, both, assume_unique=True).mean())


class Duplicates:
    """Finds documents that were there before, one at a time; it keeps a few hundred bytes of each (查重)."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._sketches: list[tuple[str, NDArray[np.uint64]]] = []
        self._places: dict[int, tuple[int, ...]] = {}

    def see(self, name: str, sha256: str, text: str) -> Note | None:
        """Note a document; return what is to be said of it if it, or one much like it, was there before."""
        before = self._files.setdefault(sha256, name)
        if before != name:
            return Note("duplicate", f"与 {before} 是同一文件", f"the same file as {before}", name)
        own = sketch(text)
        keys = [int(key) for key in own[:KEYS]]
        likely = Counter(place for key in keys for place in self._places.get(key, ()))
        for place, _ in sorted(likely.most_common(8), key=lambda pair: (-pair[1], pair[0])):
            other, their = self._sketches[place]
            if (share := alike(own, their)) >= LEAST_ALIKE:
                zh, en = f"与 {other} 的文字约有{share:.0%}相同", f"about {share:.0%} of its text is that of {other}"
                return Note("near-duplicate", zh, en, name)
        for key in keys:
            self._places[key] = (*self._places.get(key, ()), len(self._sketches))
        self._sketches.append((name, own))
        return None
