"""Texts as arrays of characters, and the runs of characters that they share (字符片段)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govtext.native import kernels
from govtext.text import codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Hashes = NDArray[np.uint64]

MOST = 64  # places of one shingle in the first text, each of which is compared with each in the second
_BLANK = np.zeros(0x110000, np.bool_)
_BLANK[[code for code in range(0x3001) if chr(code).isspace()]] = True
BREAK = 0x110000  # from here on: characters that no text holds, one after each text, so that no run goes beyond it


class Characters(NamedTuple):
    """The characters of some texts without blanks, one text after the other (字符序列).

    Attributes:
        points: uint32[n], code points; after each text one that occurs nowhere else.
        offsets: int64[n], the place of each in its text.
        texts: int64[n], the number of the text.
    """

    points: NDArray[np.uint32]
    offsets: Ints
    texts: Ints


def is_blank(points: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return which code points are blanks or line ends (空白)."""
    return _BLANK.take(points)


def characters(texts: Sequence[str], *, first: int = 0) -> Characters:
    """Return the characters of texts without blanks and line ends; `first` numbers the breaks between them (取字).

    >>> characters(["法 治", "政府"]).offsets.tolist()
    [0, 2, 3, 0, 1, 2]
    """
    points, offsets, numbers = [], [], []
    for number, text in enumerate(texts):
        own = codes(text)
        kept = np.flatnonzero(~is_blank(own))
        points.append(np.append(own[kept], np.uint32(BREAK + first + number)))
        offsets.append(np.append(kept, len(text)))
        numbers.append(np.full(len(kept) + 1, number))
    if not points:
        return Characters(np.zeros(0, np.uint32), np.zeros(0, np.int64), np.zeros(0, np.int64))
    return Characters(np.concatenate(points), np.concatenate(offsets), np.concatenate(numbers))


def shingles(points: NDArray[np.uint32], size: int) -> Hashes:
    """Return a hash of each run of `size` characters; uint64[n - size + 1] (片段指纹).

    A polynomial in an odd multiplier modulo 2^64 (Karp & Rabin 1987), mixed at the end so that all bits count.
    """
    count = len(points) - size + 1
    if count < 1:
        return np.zeros(0, np.uint64)
    out = np.zeros(count, np.uint64)
    if kernels:
        kernels.shingles(np.ascontiguousarray(points, np.uint32), size, out)
        return out
    for i in range(size):
        out *= np.uint64(0x9E3779B97F4A7C15)
        out += points[i : i + count]
    out ^= out >> np.uint64(29)
    out *= np.uint64(0xBF58476D1CE4E5B9)
    out ^= out >> np.uint64(32)
    return out


def recurring(hashes: Hashes) -> Ints:
    """Return the places of all hashes that stand twice or more, and of some others; rising (重复者)."""
    if kernels is None:
        return np.arange(len(hashes))
    mask = np.zeros(len(hashes), np.bool_)
    kernels.recurring(hashes, mask)
    return np.flatnonzero(mask)


class Runs(NamedTuple):
    """Runs of characters that two arrays share: a[starts_a + i] == b[starts_b + i] for i < lengths (共有片段)."""

    starts_a: Ints
    starts_b: Ints
    lengths: Ints


def shared_runs(a: Characters, b: Characters, least: int) -> Runs:
    """Return every run of at least `least` characters that two sides share and that no side can lengthen (共有片段).

    A shingle that stands in more than 64 places of a is sought at the first of them alone, and what it gives is left
    out where a longer run from the same text has it: repetition without end costs no more than its length. Time and
    space grow with the two lengths (times the logarithm, for sorting) and with what is found.

    >>> runs = shared_runs(characters(["关于法治政府"]), characters(["建设法治政府", ""], first=9), 3)
    >>> [column.tolist() for column in runs]
    [[2], [2], [4]]
    """
    of_a, of_b = shingles(a.points, least), shingles(b.points, least)
    order = np.argsort(of_a, kind="stable")
    rising = of_a[order]
    low = np.searchsorted(rising, of_b, "left")
    count = np.searchsorted(rising, of_b, "right") - low
    often = count > MOST
    count = np.where(often, 1, count)
    places_b = np.repeat(np.arange(len(of_b)), count)
    rank = np.arange(len(places_b)) - np.repeat(np.cumsum(count) - count, count)
    places_a = order[np.repeat(low, count) + rank]
    if not often.any():
        return verified(a.points, b.points, joined(places_a, places_b, least))
    repeated = often[places_b]
    rare = verified(a.points, b.points, joined(places_a[~repeated], places_b[~repeated], least))
    whole = lengthened(a, b, rare, inner=True)
    rest = verified(a.points, b.points, joined(places_a[repeated], places_b[repeated], least))
    both = Runs(*(np.concatenate(pair) for pair in zip(whole, lengthened(a, b, rest), strict=True)))
    return Runs(*np.unique(np.stack(both, axis=1), axis=0).T)


def joined(places_a: Ints, places_b: Ints, size: int) -> Runs:
    """Join pairs of places whose shingles are the same to runs along their diagonals (连成片段)."""
    order = np.lexsort((places_b, places_a - places_b))
    places_a, places_b = places_a[order], places_b[order]
    begins = np.ones(len(order), np.bool_)
    begins[1:] = (np.diff(places_a) != 1) | (np.diff(places_b) != 1)
    starts = np.flatnonzero(begins)
    lengths = np.diff(starts, append=len(order)) + size - 1
    return Runs(places_a[starts], places_b[starts], lengths)


def verified(a: NDArray[np.uint32], b: NDArray[np.uint32], runs: Runs) -> Runs:
    """Return the runs whose characters are indeed the same: two shingles may have one hash (核对)."""
    rank = np.arange(int(runs.lengths.sum())) - np.repeat(np.cumsum(runs.lengths) - runs.lengths, runs.lengths)
    differs = a[np.repeat(runs.starts_a, runs.lengths) + rank] != b[np.repeat(runs.starts_b, runs.lengths) + rank]
    wrong = np.repeat(np.arange(len(runs.lengths)), runs.lengths)[differs]
    keep = np.ones(len(runs.lengths), np.bool_)
    keep[wrong] = False
    return Runs(*(column[keep] for column in runs))


def lengthened(a: Characters, b: Characters, runs: Runs, *, inner: bool = False) -> Runs:
    """Return runs, each as long as it can be and once (延伸).

    Without `inner` a run whose second place lies in a longer one from the same text is left out, so that repetition
    costs no more.
    """
    kept: list[tuple[int, int, int]] = []
    reached: dict[int, int] = {}  # by text, or by diagonal: where the last run ends
    order = np.lexsort((runs.starts_a, runs.starts_b))
    sources = runs.starts_a - runs.starts_b if inner else a.texts[runs.starts_a]
    for source, (at_a, at_b, length) in zip(
        sources[order].tolist(), np.stack(runs, axis=1)[order].tolist(), strict=True
    ):
        if at_b + length <= reached.get(source, -1):
            continue
        back = _same(a.points[:at_a][::-1], b.points[:at_b][::-1])
        ahead = _same(a.points[at_a + length :], b.points[at_b + length :])
        reached[source] = at_b + length + ahead
        kept.append((at_a - back, at_b - back, back + length + ahead))
    columns = np.array(sorted(kept), np.int64).reshape(-1, 3)
    return Runs(columns[:, 0], columns[:, 1], columns[:, 2])


def _same(a: NDArray[np.uint32], b: NDArray[np.uint32]) -> int:
    """Return how many characters two arrays begin with alike."""
    size = min(len(a), len(b))
    done, step = 0, 32
    while done < size:
        part = a[done : min(done + step, size)] != b[done : min(done + step, size)]
        if part.any():
            return done + int(part.argmax())
        done, step = done + step, 2 * step
    return size
