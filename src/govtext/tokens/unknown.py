"""Words no dictionary has: names of persons and places, transliterations, new words of rare characters (未登录词).

The dictionary cut leaves them as runs of single characters. A run is joined only where its characters are much more at
home in such a word than alone: `data/characters.tsv` holds the log-odds of each role against standing alone, estimated
from the frequencies and name tags of jieba's dictionary.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govtext.native import kernels
from govtext.text import codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Places = NDArray[np.intp]

# Thresholds on the summed log-odds, chosen on the People's Daily lines of January 1998 (see docs/segmentation.md).
NAME3, NAME2, FOREIGN, PAIR, GIVEN, PLACE, FAMILIAR = 8.0, 8.0, 5.0, 3.0, 2.0, 0.5, 2.0
FOREIGN_RUN, FOREIGN_MEAN = 9.0, 1.5  # over several tokens, in all and on average
STRONG = 2.5  # of each of two characters side by side in such a run
ONE, TWO = b"\x01\x01", b"\x01\x01\x01"  # in a mask: a single character, and two side by side
SINGLES = re.compile(rb"\x01+")
FAMILIAR_WITH = frozenset("老小阿")  # before a surname: 老王
PAIR_AND_ONE = b"\x01\x00\x01\x01"  # a word of two characters and then a single one
# What makes one word with the two characters before it: 满意率, 实验厂, 灯谜队.
SUFFIXES = frozenset("率度员者性化力局厂厅队系乡镇村街岭沟湖湾坝岛线路法")
LONGEST = 16  # characters of an unknown word
PLACE_SUFFIX = frozenset("省市县区镇乡村屯庄寨街路巷湾岛岭沟坝港寺")
NAME_SUFFIX = PLACE_SUFFIX | frozenset("州庙店厂局厅司院所系站队社馆团")
# Words before which 市, 村, 县 … is no part of a name: 我市, 各县, 全省.
NOT_IN_PLACE = frozenset(
    "本该各全这那每某我贵一两几三四五六七八九十新老大小前后上下内外同第进出回到在过入离农山渔都夜超菜个城"
)


class Odds(NamedTuple):
    """Log-odds of a character against standing alone, in each role it can have."""

    surname: float
    given: float
    foreign: float
    initial: float
    final: float


@lru_cache(maxsize=1)
def odds() -> dict[str, Odds]:
    """Return the table of characters that ships with govtext."""
    file = resources.files("govtext") / "data" / "characters.tsv"
    rows = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    number = lru_cache(maxsize=None)(lambda cell: int(cell) / 100)  # equal numbers are one object: few differ
    return {row[0]: Odds(*map(number, row[1:])) for row in rows if row[0] != "character"}


@lru_cache(maxsize=1)
def _bounds() -> tuple[bytes, bytes]:
    """Return for each code point how far it can at best take a pair as its first, and as its second.

    Where the two sum to less than `PLAUSIBLE` no rule of `_length` can hold; nearly all pairs end there. Arrays keep
    this out of the way of the engine's dictionary in the processor's caches.
    """
    most = max(row.given for row in odds().values())
    first, second = bytearray(0x110000), bytearray(0x110000)
    for character, row in odds().items():
        as_first = max(row.initial - PLACE / 2, row.given - GIVEN / 2, 0.0 if character in FAMILIAR_WITH else -9.0)
        as_first = max(as_first, row.surname or -9.0, row.foreign)
        as_second = max(row.final - PLACE / 2, row.given - GIVEN / 2, row.given + most - NAME3, row.surname - FAMILIAR)
        as_second = max(as_second, 0.01 if row.foreign > 0 else -9.0)
        first[ord(character)], second[ord(character)] = (100 + math.ceil(x * 10) for x in (as_first, as_second))
    return bytes(first), bytes(second)


PLAUSIBLE = 200


@lru_cache(maxsize=1)
def foreign_pairs() -> tuple[str, ...]:
    """Return the pairs of characters that tell of a transliteration: 塞拉, 维埃."""
    strong = [character for character, row in odds().items() if row.foreign > STRONG]
    return tuple(sorted(first + second for first in strong for second in strong))


def join(text: str, mask: bytearray, suffixes: Sequence[int], pairs: Sequence[int]) -> None:
    """Join the unknown words among the single characters of a cut, in place.

    Args:
        text: the text.
        mask: its mask.
        suffixes: where a character of SUFFIXES stands, rising.
        pairs: where one of `foreign_pairs` stands, rising.
    """
    _join_singles(text, mask)
    _join_pairs(text, mask, pairs)
    _join_suffixes(text, mask, suffixes)


def join_columns(text: str, points: NDArray[np.intp], mask: bytearray) -> None:
    """Do what `join` does, on columns: for documents."""
    signs = _signs()[points]
    done = 0
    starts, stops = _plausible(text, points, mask)
    for at, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        if at >= done:
            mask[at + 1 : stop] = bytes(stop - at - 1)
            done = stop
    strong = (signs & STRONG_SIGN) > 0
    _join_pairs(text, mask, np.flatnonzero(strong[:-1] & strong[1:]).tolist())
    edges = np.frombuffer(mask, np.bool_)
    suffix = np.flatnonzero((signs & SUFFIX_SIGN) > 0)
    _join_suffixes(text, mask, suffix[edges[suffix] & edges[suffix + 1] & ~edges[suffix - 1]].tolist())


def _join_pairs(text: str, mask: bytearray, pairs: Sequence[int]) -> None:
    done = 0
    for at in pairs:
        if at >= done:
            done = _join_foreign(text, mask, at)


def _join_suffixes(text: str, mask: bytearray, suffixes: Sequence[int]) -> None:
    for at in suffixes:
        after_pair = mask[at] and mask[at + 1] and mask[max(at - 2, 0) : at + 2] == PAIR_AND_ONE
        if after_pair and text[at - 2] not in NOT_IN_PLACE and text[at - 2 : at].isalpha():
            mask[at] = 0


SUFFIX_SIGN, STRONG_SIGN = 1, 2


@lru_cache(maxsize=1)
def _signs() -> NDArray[np.uint8]:
    """Return for every code point whether it is a suffix, and whether it is strongly foreign."""
    table = np.zeros(0x110000, np.uint8)
    table[[*map(ord, SUFFIXES)]] |= SUFFIX_SIGN
    table[[ord(character) for character, row in odds().items() if row.foreign > STRONG]] |= STRONG_SIGN
    return table


def _join_singles(text: str, mask: bytearray) -> None:
    """Join the unknown words among the single characters of a line, one pair after the other."""
    first, second = _bounds()
    points = memoryview(text.encode("utf-32-le")).cast("I")
    at = mask.find(TWO)
    while at >= 0:
        plausible = first[points[at]] + second[points[at + 1]] > PLAUSIBLE
        at = mask.find(TWO, at + (_join_at(text, mask, at) if plausible else 1))


def _plausible(text: str, points: NDArray[np.intp], mask: bytearray) -> tuple[Places, Places]:
    """Return where unknown words may begin among the single characters of a document, and where each ends."""
    at, lengths = _plausible_compiled(text, mask) if kernels else _plausible_columns(points, mask)
    for i in np.flatnonzero(lengths == 0).tolist():
        lengths[i] = _length_at(text, mask, int(at[i]))
    long = lengths > 1
    return at[long], (at + lengths)[long]


def _plausible_compiled(text: str, mask: bytearray) -> tuple[Places, Places]:
    """Do what `_plausible_columns` does, in compiled code."""
    table = _roles()
    thresholds = np.array([NAME2, NAME3, PAIR, GIVEN, PLACE, FAMILIAR])
    found = kernels.unknown(codes(text), mask, *_bounds(), PLAUSIBLE, table.row, table.columns, _sets(), thresholds)
    at, lengths, _ = np.frombuffer(found, np.int64).reshape(-1, 3).T.copy()
    return at, lengths


def _plausible_columns(points: NDArray[np.intp], mask: bytearray) -> tuple[Places, Places]:
    """Return where words may begin among single characters, and how long each is; 0 where more must be seen."""
    first, second = (np.frombuffer(bound, np.uint8) for bound in _bounds())
    edges = np.zeros(len(mask) + 1, np.bool_)
    edges[:-1] = np.frombuffer(mask, np.bool_)
    at = np.flatnonzero(edges[:-3] & edges[1:-2] & edges[2:-1])
    at = at[first[points[at]].astype(np.int16) + second[points[at + 1]] > PLAUSIBLE]
    third = points.take(at + 2, mode="clip") * edges[at + 3]
    lengths = _lengths(points[at], points[at + 1], third)
    more = lengths != 1
    return at[more], lengths[more]


class _Roles(NamedTuple):
    """What `odds` and the sets of characters say, as arrays.

    Attributes:
        row: int16, for every code point the number of its row in the columns.
        columns: float64[roles, rows], the log-odds; not a number for a character without.
        familiar, suffix, stands_free: bool, for each row.
    """

    row: NDArray[np.int16]
    columns: NDArray[np.float64]
    familiar: NDArray[np.bool_]
    suffix: NDArray[np.bool_]
    stands_free: NDArray[np.bool_]


@lru_cache(maxsize=1)
def _roles() -> _Roles:
    sets = FAMILIAR_WITH, NAME_SUFFIX, NOT_IN_PLACE
    known = sorted({*odds(), *frozenset().union(*sets)})
    nothing = (math.nan,) * len(Odds._fields)
    row = np.zeros(0x110000, np.int16)
    row[[*map(ord, known)]] = np.arange(1, len(known) + 1)
    columns = np.array([nothing, *(odds().get(character, nothing) for character in known)]).T.copy()
    return _Roles(row, columns, *(np.array([False, *(c in chosen for c in known)]) for chosen in sets))


@lru_cache(maxsize=1)
def _sets() -> NDArray[np.bool_]:
    """Return the sets of `_roles` as one array."""
    table = _roles()
    return np.array([table.familiar, table.suffix, table.stands_free])


def _lengths(first: Places, second: Places, third: Places) -> Places:
    """Do what `_length` does, given the code points of three characters each; 0 where it must see more of them."""
    table = _roles()
    a, b, c = (table.row[points] for points in (first, second, third))
    surname, given, foreign, initial, final = table.columns
    of_word, name = initial[a] + final[b], surname[a] + given[b]
    is_name = surname[a] != 0
    two = is_name & (name > NAME2)
    three = (of_word > PLACE) & table.suffix[c] & ~(table.stands_free[a] | table.stands_free[b] | two)
    three |= is_name & (given[c] > 0) & (name + given[c] > NAME3)
    two |= (of_word > PAIR) | (given[a] + given[b] > GIVEN) | ((surname[b] > FAMILIAR) & table.familiar[a])
    lengths: Places = np.where(three, 3, np.where(two, 2, 1))
    lengths[(foreign[a] > 0) & (foreign[b] > 0)] = 0
    return lengths


def _join_at(text: str, mask: bytearray, at: int) -> int:
    """Join the unknown word that begins with the single character at a place; return how many characters it has."""
    length = _length_at(text, mask, at)
    mask[at + 1 : at + length] = bytes(length - 1)
    return length


def _length_at(text: str, mask: bytearray, at: int) -> int:
    singles = SINGLES.match(mask, at, at + LONGEST + 1)
    return _length(text[at : singles.end() - 1]) if singles else 1


@lru_cache(maxsize=1 << 14)
def _length(run: str) -> int:
    """Return how many characters at the start of a run of two and more single ones make one word; at least 1."""
    table = odds()
    first, second, third = table.get(run[0]), table.get(run[1]), run[2:3]
    if first is None or second is None:
        return 1
    length, strength = 1, 0.0
    if first.surname:
        length, strength = _name(first, second, table.get(third))
    if first.foreign > 0 and second.foreign > 0:
        foreign, total = _foreign(run)
        if total > FOREIGN and total > strength:
            return foreign
    if length > 1:
        return length
    of_word = first.initial + second.final
    if third in NAME_SUFFIX and of_word > PLACE and NOT_IN_PLACE.isdisjoint(run[:2]):
        return 3
    if second.surname > FAMILIAR and run[0] in FAMILIAR_WITH:
        return 2
    return 2 if of_word > PAIR or first.given + second.given > GIVEN else 1


def _name(first: Odds, second: Odds, third: Odds | None) -> tuple[int, float]:
    """Return the length of a person's name and its log-odds; length 1 where there is none."""
    two = first.surname + second.given
    if third and third.given > 0 and two + third.given > NAME3:
        return 3, two + third.given
    return (2, two) if two > NAME2 else (1, 0.0)


def _foreign(run: str) -> tuple[int, float]:
    """Return how many characters at the start of a run are used for transliteration, and their log-odds."""
    table, length, total = odds(), 0, 0.0
    for character in run:
        if (row := table.get(character)) is None or row.foreign <= 0:
            return length + (character in PLACE_SUFFIX), total
        length, total = length + 1, total + row.foreign
    return length, total


def _join_foreign(text: str, mask: bytearray, at: int) -> int:
    """Join the tokens of a transliteration, such as 马塞|马拉, unless each of them is a longer word of its own.

    It reaches as far around a place as characters are used so; return where it ends.
    """
    table = _transliterating()
    start = stop = at
    while start and text[start - 1] in table:
        start -= 1
    while text[stop : stop + 1] in table:
        stop += 1
    end = stop
    while start < end and not mask[start]:
        start += 1
    while end > start and not mask[end]:
        end -= 1
    if end - start >= 3 and 1 in mask[start + 1 : end] and ONE in mask[start : end + 1]:
        total = sum(map(table.__getitem__, text[start:end]))
        if total > FOREIGN_RUN and total > FOREIGN_MEAN * (end - start):
            mask[start + 1 : end] = bytes(end - start - 1)
    return stop


@lru_cache(maxsize=1)
def _transliterating() -> dict[str, float]:
    """Return the log-odds of the characters used for transliteration."""
    return {character: row.foreign for character, row in odds().items() if row.foreign > 0}
