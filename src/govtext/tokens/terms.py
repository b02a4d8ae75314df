"""Find lexicon terms in a text, and decide where a term and the cut disagree (术语匹配)."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import ahocorasick_rs

from govtext.tokens.compounds import TOTAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from govtext.lexicon import Lexicon

    Cut = Callable[[str], list[str]]
    Frequency = Callable[[str], int]

# How much more probable a lexicon term is than its parts side by side (natural logarithm); see docs/segmentation.md.
TERM_BONUS = 3.0


@lru_cache(maxsize=8)
def matcher(lexicon: Lexicon) -> ahocorasick_rs.AhoCorasick | None:
    """Return the automaton that finds every form of a lexicon."""
    forms = sorted(lexicon.forms)
    return ahocorasick_rs.AhoCorasick(forms, implementation=ahocorasick_rs.Implementation.DFA) if forms else None


def find(
    text: str, mask: bytearray, automaton: ahocorasick_rs.AhoCorasick, cut: Cut, frequency: Frequency
) -> Iterator[tuple[int, int]]:
    """Yield the terms that are words of the text, the longest first, none over another.

    A term whose edges are edges of the cut is one. Where the cut crosses an edge, the more probable of the two readings
    wins: 我|市容|缺|审批 gives way to 我市|容缺审批, 中国|有|企业家 does not give way to 中|国有企业|家.
    """
    taken = bytearray(len(text) + 1)
    found = automaton.find_matches_as_indexes(text, overlapping=True)
    found.sort(key=lambda row: (row[1] - row[2], row[1]))
    for _, start, end in found:
        if taken[start] or taken[end - 1]:
            continue
        if not (mask[start] and mask[end]) and not _wins(text, mask, taken, start, end, cut, frequency):
            continue
        taken[start:end] = b"\x01" * (end - start)
        yield start, end


def _wins(  # noqa: PLR0917 - all of the place at issue
    text: str, mask: bytearray, taken: bytearray, start: int, end: int, cut: Cut, frequency: Frequency
) -> bool:
    """Decide for the term where the cut crosses one of its edges; then recut what is left beside it."""
    left, right = start, end
    while not mask[left]:
        left -= 1
    while not mask[right]:
        right += 1
    if 1 not in mask[left + 1 : right] or any(taken[left:right]):  # inside one word, or beside a longer term
        return False
    words = _words(text, mask, left, right)
    before, after = cut(text[left:start]), cut(text[end:right])
    term = sum(_log(word, frequency) for word in cut(text[start:end])) + TERM_BONUS
    reading = term + sum(_log(word, frequency) for word in (*before, *after))
    if reading <= sum(_log(word, frequency) for word in words):
        return False
    mask[left : right + 1] = b"\x01" + bytes(right - left - 1) + b"\x01"
    mask[start] = mask[end] = 1
    for pieces, at in ((before, left), (after, end)):
        for word in pieces:
            at += len(word)  # noqa: PLW2901 - the running offset
            mask[at] = 1
    return True


def _words(text: str, mask: bytearray, left: int, right: int) -> list[str]:
    edges = [i for i in range(left, right + 1) if mask[i]]
    return [text[a:b] for a, b in zip(edges, edges[1:], strict=False)]


def _log(word: str, frequency: Frequency) -> float:
    return math.log(max(frequency(word), 1)) - math.log(TOTAL)
