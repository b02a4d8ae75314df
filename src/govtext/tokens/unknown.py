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
from typing import NamedTuple

import numpy as np

from govtext.text import codes

# Thresholds on the summed log-odds, chosen on the People's Daily lines of January 1998 (see docs/segmentation.md).
NAME3, NAME2, FOREIGN, PAIR, GIVEN, PLACE, FAMILIAR = 8.0, 8.0, 5.0, 3.0, 2.0, 0.5, 2.0
FOREIGN_RUN, FOREIGN_MEAN = 9.0, 1.5  # over several tokens, in all and on average
SINGLES_IN = re.compile(rb"\x01\x01")
SINGLES = re.compile(rb"\x01{3,}")
FAMILIAR_WITH = frozenset("老小阿")  # before a surname: 老王
PAIR_AND_ONE = b"\x01\x00\x01\x01"  # a word of two characters and then a single one
# What makes one word with the two characters before it: 满意率, 实验厂, 灯谜队.
SUFFIX = re.compile("[率度员者性化力局厂厅队系乡镇村街岭沟湖湾坝岛线路法]")
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
    return {row[0]: Odds(*(int(cell) / 100 for cell in row[1:])) for row in rows if row[0] != "character"}


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
LONG = 600  # characters from which columns are worth their while


def join(text: str, mask: bytearray) -> None:
    """Join the unknown words among the single characters of a cut, in place."""
    done = 0
    for at in _plausible(text, mask) if len(text) < LONG else _plausible_of_long(text, mask):
        if at >= done:
            stop = mask.find(0, at + 1) - 1  # where the run of single characters ends
            length = _length(text, at, stop if stop >= 0 else len(text))
            if length > 1:
                mask[at + 1 : at + length] = bytes(length - 1)
            done = at + length
    table = odds()
    for run in _foreign_runs().finditer(text):
        _join_foreign(text, mask, *run.span(), table)
    for found in SUFFIX.finditer(text, 2):
        at = found.start()
        after_pair = mask[at] and mask[at + 1] and mask[at - 2 : at + 2] == PAIR_AND_ONE
        if after_pair and text[at - 2] not in NOT_IN_PLACE and text[at - 2 : at].isalpha():
            mask[at] = 0


def _plausible(text: str, mask: bytearray) -> list[int]:
    """Return where two single characters may begin an unknown word."""
    first, second = _bounds()
    points = memoryview(text.encode("utf-32-le")).cast("I")
    out = []
    for match in SINGLES.finditer(mask):
        start, end = match.span()
        before = points[start]
        for at in range(start + 1, end - 1):
            point = points[at]
            if first[before] + second[point] > PLAUSIBLE:
                out.append(at - 1)
            before = point
    return out


def _plausible_of_long(text: str, mask: bytearray) -> list[int]:
    """Return the same for a long text, on columns."""
    first, second = (np.frombuffer(bound, np.uint8) for bound in _bounds())
    edges, points = np.frombuffer(bytes(mask), np.bool_), codes(text)
    at = np.flatnonzero(edges[:-2] & edges[1:-1] & edges[2:])
    likely = first[points[at]].astype(np.int16) + second[points[at + 1]] > PLAUSIBLE
    found: list[int] = at[likely].tolist()
    return found


def _length(text: str, at: int, end: int) -> int:
    """Return how many of the single characters from `at` on make one word; at least 1."""
    table = odds()
    first, second = table.get(text[at]), table.get(text[at + 1])
    if first is None or second is None:
        return 1
    third = text[at + 2] if at + 2 < end else ""
    length, strength = 1, 0.0
    if first.surname:
        length, strength = _name(first, second, table.get(third))
    if first.foreign > 0 and second.foreign > 0:
        foreign, total = _foreign(text, at, end, table)
        if total > FOREIGN and total > strength:
            return foreign
    if length > 1:
        return length
    of_word = first.initial + second.final
    if third in NAME_SUFFIX and _is_place(text, at, of_word):
        return 3
    if second.surname > FAMILIAR and text[at] in FAMILIAR_WITH:
        return 2
    return 2 if of_word > PAIR or first.given + second.given > GIVEN else 1


def _name(first: Odds, second: Odds, third: Odds | None) -> tuple[int, float]:
    """Return the length of a person's name and its log-odds; length 1 where there is none."""
    two = first.surname + second.given
    if third and third.given > 0 and two + third.given > NAME3:
        return 3, two + third.given
    return (2, two) if two > NAME2 else (1, 0.0)


def _foreign(text: str, at: int, end: int, table: dict[str, Odds]) -> tuple[int, float]:
    """Return the length of a run of characters used for transliteration, and its log-odds."""
    stop, total = at, 0.0
    while stop < end and (row := table.get(text[stop])) and row.foreign > 0:
        total += row.foreign
        stop += 1
    return (stop - at + 1 if stop < end and text[stop] in PLACE_SUFFIX else stop - at), total


@lru_cache(maxsize=1)
def _foreign_runs() -> re.Pattern[str]:
    """Return what finds runs of characters used for transliteration."""
    return re.compile("[" + "".join(sorted(c for c, row in odds().items() if row.foreign > 0)) + "]{3,}")


def _join_foreign(text: str, mask: bytearray, start: int, end: int, table: dict[str, Odds]) -> None:
    """Join the tokens of a run, such as 马塞|马拉, unless each of them is a longer word of its own."""
    while start < end and not mask[start]:
        start += 1
    while end > start and not mask[end]:
        end -= 1
    if end - start < 3 or 1 not in mask[start + 1 : end] or not SINGLES_IN.search(mask, start, end + 1):
        return
    total = sum(table[character].foreign for character in text[start:end])
    if total > FOREIGN_RUN and total > FOREIGN_MEAN * (end - start):
        mask[start + 1 : end] = bytes(end - start - 1)


def _is_place(text: str, at: int, strength: float) -> bool:
    return strength > PLACE and text[at] not in NOT_IN_PLACE and text[at + 1] not in NOT_IN_PLACE
