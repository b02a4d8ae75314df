"""Find lexicon terms in a text, and decide where a term and the cut disagree (术语匹配)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govtext.native import kernels
from govtext.tokens.columns import TERM, interiors
from govtext.tokens.engine import TOTAL, listed
from govtext.tokens.trie import Trie
from govtext.tokens.unknown import SUFFIXES, foreign_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    Table = NDArray[np.int64]
    Finder = Callable[[str], list[tuple[int, int, int]]]

    from govtext.lexicon import Lexicon

# How much more probable a lexicon term is than its parts side by side (natural logarithm); see docs/segmentation.md.
TERM_BONUS = 1.0
LEAST_FREQUENCY = 50  # of such a term with single characters, in a dictionary of sixty million words


# What a string that is looked for is: a form of the lexicon, a general word, a sign of unknown words.
LEXICAL, GENERAL, SUFFIX, FOREIGN = 1, 2, 4, 8


@lru_cache(maxsize=8)
def automaton(lexicon: Lexicon) -> tuple[Finder, bytes]:
    """Return what finds every form of a lexicon, every general word and sign of unknown words in a line.

    What is found are start, end and the number of the string, overlapping ones, too; the second value says what each
    string is. In a line one search for all lists takes as long as one for a single list.
    """
    signs = {SUFFIX: SUFFIXES, FOREIGN: foreign_pairs()}
    roles = _roles({LEXICAL: lexicon.forms, GENERAL: listed("words.txt")} | signs)
    return finder(list(roles)), bytes(roles.values())


@lru_cache(maxsize=8)
def trie(lexicon: Lexicon) -> tuple[Trie, NDArray[np.uint8]]:
    """Return what finds every form of a lexicon and every general word in a document, and what each string is."""
    roles = _roles({LEXICAL: lexicon.forms, GENERAL: listed("words.txt")})
    return Trie.of(list(roles)), np.array([*roles.values()], np.uint8)


def _roles(lists: Mapping[int, Iterable[str]]) -> dict[str, int]:
    """Return what each string of some lists is, in code point order."""
    roles: dict[str, int] = {}
    for role, strings in lists.items():
        for string in strings:
            roles[string] = roles.get(string, 0) | role
    return dict(sorted(roles.items()))


class Matches(NamedTuple):
    """What is found of the lists in a text: forms with their roles, and where suffixes and foreign pairs stand."""

    forms: list[tuple[int, int, int]]
    suffixes: list[int]
    pairs: list[int]


def finder(forms: list[str]) -> Finder:
    """Return what finds strings in a text: daachorse, or the slower one where it has no wheels (Linux on ARM)."""
    try:
        from daachorse import CharwiseDoubleArrayAhoCorasick
    except ImportError:
        import ahocorasick_rs

        find = ahocorasick_rs.AhoCorasick(forms).find_matches_as_indexes
        return lambda text: [(start, end, form) for form, start, end in find(text, overlapping=True)]
    # What common text looks like decides how the automaton lies in memory, not what it finds.
    found: Finder = CharwiseDoubleArrayAhoCorasick(forms, corpus=list(listed("phrases.txt"))).find_overlapping
    return found


def _splits_code(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch begins or ends inside letters and digits: A级景区 in AAA级景区."""
    first, last = text[start], text[end - 1]
    return (first.isascii() and first.isalnum() and _goes_on(text, start - 1)) or (
        last.isascii() and last.isalnum() and _goes_on(text, end)
    )


def _goes_on(text: str, at: int) -> bool:
    beside = text[at : at + 1] if at >= 0 else ""
    return beside.isascii() and beside.isalnum()


FEW = 12  # matches that are sorted one by one


def _shortness(match: tuple[int, int, int]) -> int:
    return match[0] - match[1]


def _longest_first(found: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return matches in the order of the text the longest first, those of one length in the order of the text."""
    if len(found) < FEW:
        return sorted(found, key=_shortness)
    by_length: dict[int, list[tuple[int, int, int]]] = {}
    for match in found:
        length = match[1] - match[0]
        if length in by_length:
            by_length[length].append(match)
        else:
            by_length[length] = [match]
    return [match for length in sorted(by_length, reverse=True) for match in by_length[length]]


SURE, OPEN = 1, 2  # what the compiled twin of `_plain` says of a match


def _parted(table: Table, mask: bytearray) -> tuple[Table, Table]:
    """Return what `_plain` does, by compiled code where there is any."""
    if kernels is None:
        return _plain(table, np.frombuffer(mask, np.uint8))
    verdict = np.frombuffer(kernels.plain(table, mask), np.uint8)
    return table[verdict == SURE], table[verdict == OPEN]


def _plain(table: Table, edges: NDArray[np.uint8]) -> tuple[Table, Table]:
    """Return the matches that are terms whatever stands around them, and those that `join` must look at.

    Matches that lie over each other are a cluster. It is plain if its longest match covers all others and the cut has
    an edge at its start and its end, and if no other cluster can move these: what `join` weighs reaches at most two
    edges before a match and one after it.

    Args:
        table: start, end and role of the matches, rising by their starts.
        edges: the mask.
    """
    starts, ends = table[:, 0].copy(), table[:, 1].copy()
    fresh = np.empty(len(table), np.bool_)  # where a cluster begins
    fresh[0] = True
    fresh[1:] = starts[1:] >= np.maximum.accumulate(ends[:-1])
    first = np.flatnonzero(fresh)
    low, high = starts[first], np.maximum.reduceat(ends, first)
    cluster = np.cumsum(fresh) - 1
    longest = np.flatnonzero(ends - starts == (high - low)[cluster])
    of_longest = cluster[longest]
    plain = np.zeros(len(first), np.bool_)
    plain[of_longest] = True
    plain &= (edges[low] & edges[high]).view(np.bool_)
    at = np.flatnonzero(edges.view(np.bool_))
    new = ~plain
    while new.any():
        before = at[np.maximum(np.searchsorted(at, low[new], "right") - 3, 0)]
        after = at[np.minimum(np.searchsorted(at, high[new], "left") + 1, len(at) - 1)]
        begins = np.bincount(np.searchsorted(high, before, "right"), minlength=len(first) + 1)
        stops = np.bincount(np.searchsorted(low, after, "left"), minlength=len(first) + 1)
        new = (np.cumsum(begins - stops)[:-1] > 0) & plain
        plain &= ~new
    sure = longest[plain[of_longest]]
    return table[sure], table[~plain[cluster]]


@dataclass(frozen=True)
class TermFinder:
    """Finds the terms of a lexicon that are words of a text (术语匹配).

    Attributes:
        lexicon: the terms.
        cut: the engine's cut of a stretch of text.
        frequency: the look-up of word frequencies.
    """

    lexicon: Lexicon
    cut: Callable[[str], list[str]]
    frequency: Callable[[str], int]

    @cached_property
    def _automaton(self) -> tuple[Finder, bytes]:
        return automaton(self.lexicon)

    @cached_property
    def _trie(self) -> tuple[Trie, NDArray[np.uint8]]:
        return trie(self.lexicon)

    def search(self, text: str) -> Matches:
        """Return what stands in a text of the lexicon, the general words, and the signs of unknown words."""
        found = Matches([], [], [])
        find, roles = self._automaton
        for start, end, number in find(text):
            role = roles[number]
            if role & (LEXICAL | GENERAL):
                found.forms.append((start, end, role))
            if role & SUFFIX:
                found.suffixes.append(start)
            elif role & FOREIGN:
                found.pairs.append(start)
        return found

    def join_columns(
        self, text: str, points: NDArray[np.intp], window: NDArray[np.uint64] | None, mask: bytearray
    ) -> NDArray[np.int64]:
        """Do what `join` does, on columns; return start, end and kind of the terms of the lexicon, int64[n, 3]."""
        strings, roles = self._trie
        table = strings.find(text, points, window)
        if not len(table):
            return table
        table[:, 2] = roles[table[:, 2]]
        edges = np.frombuffer(mask, np.uint8)
        sure, left = _parted(table, mask)
        edges[interiors(sure[:, 0], sure[:, 1])] = 0
        terms = self.join(text, mask, list(zip(*left.T.tolist(), strict=True)))
        lexical = sure[(sure[:, 2] & LEXICAL) != 0]
        lexical[:, 2] = TERM
        return np.concatenate((lexical, np.array(terms, np.int64).reshape(-1, 3)))

    def join(self, text: str, mask: bytearray, found: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
        """Join the terms that are words of the text, and return start, end and kind of those of the lexicon.

        The longest come first, none lies over another. A term whose edges are edges of the cut is one. Where the cut
        crosses an edge, the more probable of the two readings wins: 我|市容|缺|审批 gives way to 我市|容缺审批,
        中国|有|企业家 does not give way to 中|国有企业|家.
        """
        if not found:
            return []
        if len(found) > 1:
            found = _longest_first(found)
        taken = bytearray(len(text) + 1)
        out = []
        for start, end, role in found:
            if taken[start] or taken[end - 1]:
                continue
            if (mask[start] and mask[end]) or self._wins(text, mask, taken, start, end):
                taken[start:end] = b"\x01" * (end - start)
                mask[start + 1 : end] = bytes(end - start - 1)
                if role & LEXICAL:
                    out.append((start, end, TERM))
        return out

    def _wins(self, text: str, mask: bytearray, taken: bytearray, start: int, end: int) -> bool:
        """Decide where the cut crosses an edge of a term; if the term wins, recut what is left beside it."""
        if _splits_code(text, start, end):
            return False
        left, right = mask.rindex(1, 0, start + 1), mask.index(1, end)
        if 1 not in mask[left + 1 : right] or 1 in taken[left:right]:  # inside one word, or beside a longer term
            return False
        if right - end == 1 and text[end] in SUFFIXES:  # 政务公开|制度化 keeps 制度化
            return False
        reading = self._reading(text[left:right], start - left, end - left, bytes(mask[left : right + 1]))
        if not reading:
            return False
        mask[left : right + 1] = reading
        if start - left == 1 and left and not taken[left - 1]:  # 我|市: what is left may be a word with what precedes
            before = mask.rindex(1, 0, left)
            if len(self.cut(text[before:start])) == 1:
                mask[left] = 0
        return True

    def _weighed(self, words: str, start: int, end: int, edges: bytes) -> bytes:
        """Return the mask of a term among words that it crosses, empty if the words are more probable without it."""
        parts = [words[a:b] for a, b in pairwise([at for at, edge in enumerate(edges) if edge])]
        if (start and parts[0] in self.lexicon) or (end < len(words) and parts[-1] in self.lexicon):
            return b""  # 市政府|法律顾问 keeps 市政府
        before, pieces, after = self.cut(words[:start]), self.cut(words[start:end]), self.cut(words[end:])
        term = self._log(pieces) + TERM_BONUS
        if any(len(piece) == 1 for piece in pieces):  # 容|缺|审批: its parts say nothing of how frequent it is
            term = max(term, math.log(LEAST_FREQUENCY / TOTAL))
        if term + self._log([*before, *after]) <= self._log(parts):
            return b""
        mask = bytearray(len(edges))
        at, mask[0] = 0, 1
        for word in (*before, words[start:end], *after):
            at += len(word)
            mask[at] = 1
        return bytes(mask)

    @cached_property
    def _reading(self) -> Callable[[str, int, int, bytes], bytes]:
        return lru_cache(maxsize=1 << 14)(self._weighed)  # one text has the same crossings again and again

    def _log(self, words: list[str]) -> float:
        """Return the log-probability of words side by side."""
        return sum(math.log(max(self.frequency(word), 1) / TOTAL) for word in words)
