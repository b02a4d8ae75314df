"""Strings and their ids, and a table that finds the ids of short strings without making them (词汇表)."""

from __future__ import annotations

import sys
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from govtext.native import kernels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Ints = NDArray[np.int32]
    Keys = NDArray[np.uint64]

_NUMBERING = Lock()  # one for all vocabularies: it is held for a moment, and only for a string seen for the first time
NONE, UNSURE = -1, -2  # instead of an id
ROUNDS = 2  # after which a dictionary takes less time for the few that are left than arrays do
PACKED = 4  # characters that fit into a key of 64 bits
LARGEST = 0xFFFF  # code point of a character that fits
KEPT = np.array([(1 << 16 * length) - 1 for length in range(PACKED + 1)], np.uint64)  # the bits of so many characters
# Multiplying by 2^64 divided by the golden ratio spreads keys over a table (Knuth, The Art of Computer Programming,
# vol. 3, 6.4).
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Vocabulary(dict[str, int]):
    """Strings and their ids; looking up an unknown string gives it the next id (词汇表).

    >>> vocabulary = Vocabulary(["法治", "政府"])
    >>> vocabulary["政府"], vocabulary["新词"], vocabulary.strings
    (1, 2, ['法治', '政府', '新词'])
    """

    def __init__(self, strings: Iterable[str] = ()) -> None:
        super().__init__()
        self.strings: list[str] = []
        self._packed = _Table()
        for string in strings:
            self.__missing__(string)

    def __missing__(self, string: str) -> int:
        with _NUMBERING:
            number = self.get(string)
            if number is None:  # else another thread has numbered it meanwhile
                number = len(self.strings)
                self.strings.append(string)
                self[string] = number
        return number

    def __reduce__(self) -> tuple[object, ...]:
        return Vocabulary, (self.strings,)

    def ids(self, strings: list[str]) -> Ints:
        """Return the ids of a list of strings."""
        return np.fromiter(map(self.__getitem__, strings), np.int32, len(strings))

    def ids_at(
        self, text: str, points: NDArray[np.uint32], starts: Ints, ends: Ints, *, window: Keys | None = None
    ) -> Ints:
        """Return the ids of stretches of a text, given its code points; only long and new ones become strings.

        Where the caller has the `windows` of the text they are not made again.
        """
        if kernels:
            ids = self._packed.find(points, starts, ends)
        else:
            lengths = ends - starts
            _exclude(lengths, points, starts, ends)
            ids = self._packed.look_up(*_keys(points, starts, lengths, window), rounds=ROUNDS)
            ids[lengths > 2 * PACKED] = UNSURE
        rest = (ids < 0).nonzero()[0]
        if len(rest):
            new = rest[ids[rest] == NONE]
            spans = zip(starts[rest].tolist(), ends[rest].tolist(), strict=True)
            ids[rest] = self.ids([text[start:end] for start, end in spans])
            if len(new):
                keys = _keys(points, starts[new], ends[new] - starts[new], window)
                with _NUMBERING:
                    self._packed.add(ids[new], *keys)
        return ids


def windows(points: NDArray[np.integer[Any]]) -> Keys:
    """Return for each place of a text its four characters from there on, sixteen bits each (四字窗)."""
    window = np.zeros(len(points) + 2 * PACKED, np.uint64)
    np.minimum(points, LARGEST, out=window[: len(points)], casting="unsafe")
    for width in (1, 2):  # two characters side by side, then four
        window[:-width] |= window[width:] << np.uint64(16 * width)
    return window


def _keys(points: NDArray[np.integer[Any]], starts: Ints, lengths: Ints, window: Keys | None) -> tuple[Keys, Keys]:
    """Return the two keys of each short stretch of a text."""
    window, at = windows(points) if window is None else window, starts.astype(np.intp)
    first = window.take(at) & KEPT.take(lengths, mode="clip")
    return first, window.take(at + PACKED) & KEPT.take(lengths - PACKED, mode="clip")


def _exclude(lengths: Ints, points: NDArray[np.uint32], starts: Ints, ends: Ints) -> None:
    """Let stretches seem too long that hold a character which does not fit into sixteen bits, or is 0."""
    if points.max(initial=1) > LARGEST or not points.all():
        unfit = np.concatenate(([0], np.cumsum((points > LARGEST) | (points == 0))))
        lengths[unfit[ends] > unfit[starts]] = 2 * PACKED + 1


class _Table:
    """An open-addressing hash table of ids as arrays, filled and read by the array (开放寻址散列表).

    A key is two numbers of 64 bits; the first is never 0. At most a third is taken: a round of look-ups for the few
    that stand beside others costs as much as the first for all.
    """

    __slots__ = ("_columns", "_count")

    def __init__(self, size: int = 1 << 10) -> None:
        # They change hands together, so that a thread that reads never sees one of them alone.
        self._columns = np.full(size, -1, np.int32), np.zeros(size, np.uint64), np.zeros(size, np.uint64)
        self._count = 0

    def look_up(self, first: Keys, second: Keys, *, rounds: int = sys.maxsize) -> Ints:
        """Return the id of each key: NONE for one that it lacks, UNSURE for one not found in so many rounds."""
        ids, *held = self._columns
        slots = _slots(first, second, len(ids))
        out: Ints = ids.take(slots)
        pending = ((held[0].take(slots) != first) | (held[1].take(slots) != second)).nonzero()[0]
        pending = pending[out[pending] >= 0]
        out[pending] = UNSURE
        while len(pending) and rounds:
            slots[pending] = at = (slots[pending] + 1) % len(ids)
            found = ids[at]
            other = (held[0][at] != first[pending]) | (held[1][at] != second[pending])
            other &= found >= 0
            out[pending] = np.where(other, UNSURE, found)
            pending, rounds = pending[other], rounds - 1
        return out

    def find(self, points: NDArray[np.uint32], starts: Ints, ends: Ints) -> Ints:
        """Return the id of each stretch of a text by compiled code: NONE, or UNSURE for one too long for a key."""
        return np.frombuffer(kernels.ids(points, starts, ends, *self._columns), np.int32).copy()

    def add(self, ids: Ints, first: Keys, second: Keys) -> None:
        """Add keys, of which it may hold some already."""
        ids, once = np.unique(ids, return_index=True)
        first, second = first[once], second[once]
        new = self.look_up(first, second) == NONE
        self._count += int(np.count_nonzero(new))
        if self._count * 3 > len(self._columns[0]):
            self._grow()
        self._put(ids[new], first[new], second[new])

    def _grow(self) -> None:
        ids, first, second = self._columns
        larger = _Table(1 << (self._count * 3).bit_length())
        used = ids >= 0
        larger._put(ids[used], first[used], second[used])
        self._columns = larger._columns

    def _put(self, ids: Ints, first: Keys, second: Keys) -> None:
        numbers, *held = self._columns
        slots = _slots(first, second, len(numbers))
        while len(ids):
            free = np.flatnonzero(numbers[slots] < 0)
            at, once = np.unique(slots[free], return_index=True)  # one key a slot: no thread ever reads another's id
            free = free[once]
            held[0][at], held[1][at] = first[free], second[free]  # before the id, which says that the slot is taken
            numbers[at] = ids[free]
            left = numbers[slots] != ids
            ids, first, second, slots = ids[left], first[left], second[left], (slots[left] + 1) % len(numbers)


def _slots(first: Keys, second: Keys, size: int) -> NDArray[np.int64]:
    """Return where each key is looked for first in a table whose size is a power of two."""
    shift = np.uint64(65 - size.bit_length())
    return (((first * GOLDEN ^ second) * GOLDEN) >> shift).astype(np.int64)
