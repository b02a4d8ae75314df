"""Find every string of a list in a text by the array: a double-array trie, its branches cut where few go on (前缀树).

An automaton of a lexicon is a megabyte, which each document must bring back into the processor's caches after the
engine; the first characters of all strings are a tenth of it, and few places of a text get beyond them.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from govtext.native import kernels
from govtext.text import codes
from govtext.tokens.vocabulary import KEPT, LARGEST, PACKED, windows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from govtext.native import _kernels

    Numbers = NDArray[np.int32]
    Keys = NDArray[np.uint64]
    Places = NDArray[np.int64]

SHALLOW, FEW = 3, 128  # a branch ends at this depth or below, where so many strings or fewer go on
BLOCK = 1 << 22  # the most strings that are looked at at once
TRIED = 1 << 15  # how many places are tried for the children of a node; the last of them is always free


class Trie(NamedTuple):
    """Strings and their trie (前缀树).

    A node is a place in the columns; the nodes of single characters are the numbers of the characters. The child of a
    node for a character stands at `base[node]` + the number of the character, and names the node as its `parent`
    (Aoe 1989, An efficient digital search algorithm by using a double-array structure).

    Attributes:
        strings: what is looked for, in code point order.
        lengths: int32[strings].
        number: int32, for every code point the number of the character; 0 for one that no string has.
        base, parent: int32[nodes].
        string: int32[nodes], the number of the string that ends at a node, -1 for none.
        first, size: int32[nodes], which strings go on where a branch ends, none elsewhere.
        tail, kept: uint64[2, strings], up to four characters behind the end of the branch, and four more; their bits.
        longer: bool[strings], whether more must be looked at than these.
        compiled: the same in compiled code; None where nothing was compiled.
    """

    strings: Sequence[str]
    lengths: Numbers
    number: Numbers
    base: Numbers
    parent: Numbers
    string: Numbers
    first: Numbers
    size: Numbers
    tail: Keys
    kept: Keys
    longer: NDArray[np.bool_]
    compiled: _kernels.Trie | None

    @classmethod
    def of(cls, strings: Sequence[str]) -> Trie:
        """Build the trie of different strings in code point order, none of them empty.

        >>> trie = Trie.of(["政府", "法治", "法治政府"])
        >>> trie.find("法治政府", np.array([*map(ord, "法治政府")])).tolist()
        [[0, 2, 1], [0, 4, 2], [2, 4, 0]]
        """
        characters = [character for character, _ in Counter("".join(strings)).most_common()]  # the usual close together
        number = np.zeros(0x110000, np.int32)
        number[[*map(ord, characters)]] = np.arange(1, len(characters) + 1)
        branches = _Branches(strings, {character: i for i, character in enumerate(characters, start=1)})
        lengths = np.array([*map(len, strings)], np.int32)
        base, parent, string, first, size = branches.columns()
        tail, kept, longer = _tails(strings, branches.depths)
        found = number, base, parent, string, first, size
        for column in (*found, lengths, tail, kept):
            column.setflags(write=False)  # the compiled trie looks at them once, and then no more
        compiled = kernels.Trie(*found, lengths, tail, kept) if kernels else None
        return cls(strings, lengths, *found, tail, kept, longer, compiled)

    def find(self, text: str, points: NDArray[np.integer[Any]], window: Keys | None = None) -> Places:
        """Return start, end and number of every string in a text by their starts, overlapping ones, too; int64[n, 3].

        Args:
            text: the text.
            points: its code points.
            window: its `windows`, where the caller has them.
        """
        if self.compiled:
            table = np.frombuffer(self.compiled.find(codes(text)), np.int64).reshape(-1, 3)
            wrong = self._wrong(text, table[:, 0], table[:, 2])
            return np.delete(table, wrong, axis=0) if wrong else table.copy()
        window = windows(points) if window is None else window
        number = np.zeros(len(points) + 1, np.intp)
        number[:-1] = self.number.take(points)
        child = self.base.take(number[:-1]) + number[1:]
        at = (self.parent.take(child) == number[:-1]).nonzero()[0]
        node, depth = child[at], 2
        found = [_ended(self.string[number[:-1]], np.arange(len(points)))] if self.lengths.min(initial=2) == 1 else []
        while len(at):
            found.append(_ended(self.string[node], at))
            if depth >= SHALLOW:
                few = self.size[node] > 0
                found.append(self._tailed(text, node[few], at[few], window[depth:]))
                at, node = at[~few], node[~few]
            child = self.base[node] + number.take(at + depth, mode="clip")
            goes_on = (self.parent[child] == node).nonzero()[0]
            at, node, depth = at[goes_on], child[goes_on], depth + 1
        if not found:
            return np.empty((0, 3), np.int64)
        starts, strings = (np.concatenate(column) for column in zip(*found, strict=True))
        order = starts.argsort(kind="stable")
        table = np.empty((len(order), 3), np.int64)
        table[:, 0], table[:, 2] = starts[order], strings[order]
        table[:, 1] = table[:, 0] + self.lengths[table[:, 2]]
        return table

    def _tailed(self, text: str, node: Places, at: Places, window: Keys) -> tuple[Places, Numbers]:
        """Return where a string goes on as the text does behind the end of its branch: its start and number."""
        size = self.size[node]
        ends = size.cumsum()
        if len(at) > 1 and ends[-1] > BLOCK:
            middle = len(at) // 2
            halves = [self._tailed(text, node[part], at[part], window) for part in (np.s_[:middle], np.s_[middle:])]
            return np.concatenate([at for at, _ in halves]), np.concatenate([string for _, string in halves])
        string = (self.first[node] - ends + size).repeat(size)
        string += np.arange(len(string), dtype=np.int32)
        at = at.repeat(size)
        for kept, tail, ahead in zip(self.kept, self.tail, (window, window[PACKED:]), strict=True):
            same = ((ahead[at] & kept[string]) == tail[string]).nonzero()[0]
            at, string = at[same], string[same]
        wrong = self._wrong(text, at, string)
        return (np.delete(at, wrong), np.delete(string, wrong)) if wrong else (at, string)

    def _wrong(self, text: str, at: Places, string: NDArray[np.integer[Any]]) -> list[int]:
        """Return which matches of long strings are none when all of their characters are looked at."""
        longer = self.longer[string].nonzero()[0]
        rows = zip(longer.tolist(), at[longer].tolist(), string[longer].tolist(), strict=True)
        return [i for i, start, number in rows if not text.startswith(self.strings[number], start)]


def _ended(string: Numbers, at: Places) -> tuple[Places, Numbers]:
    """Return where a string ends at its node, given the strings that do: its start and number."""
    ends = (string >= 0).nonzero()[0]
    return at[ends], string[ends]


class _Branches:
    """The nodes of a trie while it is built: the columns of `Trie` by node, and how deep the branch of a string goes.

    Of the places, those from `used` on are free, and those before `free` are taken.
    """

    def __init__(self, strings: Sequence[str], number: dict[str, int]) -> None:
        self.depths = [0] * len(strings)
        self._base: dict[int, int] = {0: 0}
        self._parent: dict[int, int] = {}
        self._string: dict[int, int] = {}
        self._first: dict[int, int] = {}
        self._size: dict[int, int] = {}
        self._strings, self._number = strings, number
        self._free = self._used = self._width = len(number) + 1
        self._taken = bytearray(4 * self._width)
        todo = [(number, low, high, 1) for number, low, high in self._parts(0, len(strings), 0)]
        while todo:
            todo = [child for node in todo for child in self._fill(*node)]

    def columns(self) -> Iterator[Numbers]:
        """Yield base, parent, string, first and size; wherever a look-up leads there is a place."""
        size = max(self._base.values()) + self._width
        rows = (self._base, 0), (self._parent, -1), (self._string, -1), (self._first, 0), (self._size, 0)
        for held, nothing in rows:
            column = np.full(max(size, self._used), nothing, np.int32)
            column[[*held]] = [*held.values()]
            yield column

    def _parts(self, low: int, high: int, depth: int) -> list[tuple[int, int, int]]:
        """Return the next characters of some strings, as numbers, and which of the strings go on with each."""
        parts, start = [], low
        for character, members in groupby(self._strings[i][depth] for i in range(low, high)):
            stop = start + sum(1 for _ in members)
            parts.append((self._number[character], start, stop))
            start = stop
        return parts

    def _fill(self, node: int, low: int, high: int, depth: int) -> list[tuple[int, int, int, int]]:
        """Fill a node, given its strings and depth; return its children to be filled."""
        if depth >= SHALLOW and high - low <= FEW:
            self._first[node], self._size[node] = low, high - low
            self.depths[low:high] = [depth] * (high - low)
            return []
        if len(self._strings[low]) == depth:
            self._string[node] = low
            low += 1
        parts = self._parts(low, high, depth)
        if not parts:
            return []
        self._base[node] = base = self._place([number for number, *_ in parts])
        self._parent.update((base + number, node) for number, *_ in parts)
        return [(base + number, low, high, depth + 1) for number, low, high in parts]

    def _place(self, numbers: list[int]) -> int:
        """Return the first base from which the places of all these characters are free, and take them."""
        lowest, highest = min(numbers), max(numbers)
        room = self._used + highest - lowest + 2  # one is always free
        if room > len(self._taken):
            self._taken.extend(bytes(room))
        base = self._free - lowest
        if highest > lowest:
            tried = min(self._used - self._free, TRIED) + 1
            base = self._used + 1 - tried - lowest
            taken = np.frombuffer(self._taken, np.bool_)
            base += int(np.logical_or.reduce([taken[base + n : base + n + tried] for n in numbers]).argmin())
        for number in numbers:
            self._taken[base + number] = 1
        self._used = max(self._used, base + highest + 1)
        self._free = self._taken.index(0, self._free)
        return base


def _tails(strings: Sequence[str], depths: Sequence[int]) -> tuple[Keys, Keys, NDArray[np.bool_]]:
    """Return what of each string is behind the end of its branch: keys, their bits, and whether that is not all."""
    tails = [string[depth : depth + 2 * PACKED] for string, depth in zip(strings, depths, strict=True)]
    for i, tail in enumerate(tails):
        if "\0" in tail or max(tail, default="") >= chr(LARGEST):
            tails[i] = ""  # such characters fit into no key
    parts = [[tail[:PACKED] for tail in tails], [tail[PACKED:] for tail in tails]]
    keys = [[int.from_bytes(part.encode("utf-16-le", "surrogatepass"), "little") for part in row] for row in parts]
    longer = [len(s) > depth + len(tail) for s, depth, tail in zip(strings, depths, tails, strict=True)]
    return np.array(keys, np.uint64), KEPT[[[*map(len, row)] for row in parts]], np.array(longer)
