"""Texts as arrays of characters, and the runs of characters that they share (字符片段)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govtext.text import codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Hashes = NDArray[np.uint64]

MOST = 64  # places of one shingle in the first text that each of its places in the second is compared with
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


def characters(texts: Sequence[str], *, first: int = 0) -> Characters:
    """Return the characters of texts without blanks and line ends; `first` numbers the breaks between them (取字).

    >>> characters(["法 治", "政府"]).offsets.tolist()
    [0, 2, 3, 0, 1, 2]
    """
    points, offsets, numbers = [], [], []
    for number, text in enumerate(texts):
        own = codes(text)
        kept = np.flatnonzero(~_BLANK[own])
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
    for i in range(size):
        out *= np.uint64(0x9E3779B97F4A7C15)
        out += points[i : i + count]
    out ^= out >> np.uint64(29)
    out *= np.uint64(0xBF58476D1CE4E5B9)
    out ^= out >> np.uint64(32)
    return out


class Runs(NamedTuple):
    """Runs of characters that two arrays share: a[starts_a + i] == b[starts_b + i] for i < lengths (共有片段)."""

    starts_a: Ints
    starts_b: Ints
    lengths: Ints


def shared_runs(a: NDArray[np.uint32], b: NDArray[np.uint32], least: int) -> Runs:
    """Return every run of at least `least` characters that two arrays share and that no side can lengthen (共有片段).

    Each place of b is compared with the first 64 places of a that hold the same shingle. Time and space grow with the
    two lengths (times the logarithm, for sorting) and with what is found.

    >>> runs = shared_runs(characters(["关于法治政府"]).points, characters(["建设法治政府", ""], first=9).points, 3)
    >>> [column.tolist() for column in runs]
    [[2], [2], [4]]
    """
    of_a, of_b = shingles(a, least), shingles(b, least)
    order = np.argsort(of_a, kind="stable")
    rising = of_a[order]
    low = np.searchsorted(rising, of_b, "left")
    count = np.minimum(np.searchsorted(rising, of_b, "right") - low, MOST)
    places_b = np.repeat(np.arange(len(of_b)), count)
    rank = np.arange(len(places_b)) - np.repeat(np.cumsum(count) - count, count)
    places_a = order[np.repeat(low, count) + rank]
    return verified(a, b, joined(places_a, places_b, least))


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


def lengthened(points: NDArray[np.uint32], runs: Runs) -> Runs:
    """Return runs of one array with itself, each as long as it can be, once (延伸)."""
    found: dict[tuple[int, int], int] = {}
    ends: dict[tuple[int, int], int] = {}
    order = np.lexsort((runs.starts_b, runs.starts_a))
    for a, b, length in np.stack([column[order] for column in runs], axis=1).tolist():
        diagonal = (b - a, 0)
        if ends.get(diagonal, -1) >= a + length:
            continue
        back = _same(points[:a][::-1], points[:b][::-1])
        ahead = _same(points[a + length :], points[b + length :])
        start, end = a - back, a + length + ahead
        found[start, b - back] = end - start
        ends[diagonal] = end
    rows = sorted((a, b, length) for (a, b), length in found.items())
    columns = np.array(rows, np.int64).reshape(-1, 3)
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
