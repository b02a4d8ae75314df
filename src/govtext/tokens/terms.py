"""Find lexicon terms in a text, and decide where a term and the cut disagree (术语匹配)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from govtext.tokens.columns import TERM
from govtext.tokens.engine import TOTAL, listed
from govtext.tokens.unknown import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Callable

    Finder = Callable[[str], list[tuple[int, int, int]]]

    from govtext.lexicon import Lexicon

# How much more probable a lexicon term is than its parts side by side (natural logarithm); see docs/segmentation.md.
TERM_BONUS = 1.0
LEAST_FREQUENCY = 50  # of such a term with single characters, in a dictionary of sixty million words


@lru_cache(maxsize=8)
def automaton(lexicon: Lexicon) -> tuple[Finder, tuple[bool, ...]]:
    """Return what finds every form of a lexicon and every general word, and which of them are of the lexicon.

    What is found are start, end and the number of the form, overlapping ones, too.
    """
    forms = sorted({*lexicon.forms, *listed("words.txt")})
    return finder(forms), tuple(form in lexicon for form in forms)


def finder(forms: list[str]) -> Finder:
    """Return what finds strings in a text: daachorse, or the slower one where it has no wheels (Linux on ARM)."""
    try:
        from daachorse import CharwiseDoubleArrayAhoCorasick
    except ImportError:
        import ahocorasick_rs

        find = ahocorasick_rs.AhoCorasick(forms).find_matches_as_indexes
        return lambda text: [(start, end, form) for form, start, end in find(text, overlapping=True)]
    found: Finder = CharwiseDoubleArrayAhoCorasick(forms, use_prefilter=False).find_overlapping
    return found


def _splits_code(text: str, at: int) -> bool:
    around = text[max(at - 1, 0) : at + 1]
    return len(around) == 2 and around.isascii() and around.isalnum()


def _longest_first(found: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return matches that rise by their ends, the longest first, those of one length in the order of the text."""
    by_length: dict[int, list[tuple[int, int, int]]] = {}
    for match in found:
        length = match[1] - match[0]
        if length in by_length:
            by_length[length].append(match)
        else:
            by_length[length] = [match]
    return [match for length in sorted(by_length, reverse=True) for match in by_length[length]]


@dataclass(frozen=True, slots=True)
class TermFinder:
    """Finds the terms of a lexicon that are words of a text (术语匹配).

    Attributes:
        lexicon: the terms.
        finder: what finds its forms and the general words.
        is_term: which of them are of the lexicon.
        cut: the engine's cut of a stretch of text.
        frequency: the look-up of word frequencies.
    """

    lexicon: Lexicon
    finder: Finder
    is_term: tuple[bool, ...]
    cut: Callable[[str], list[str]]
    frequency: Callable[[str], int]

    def find(self, text: str, mask: bytearray) -> list[tuple[int, int, int]]:
        """Join the terms that are words of the text, and return start, end and kind of those of the lexicon.

        The longest come first, none lies over another. A term whose edges are edges of the cut is one. Where the cut
        crosses an edge, the more probable of the two readings wins: 我|市容|缺|审批 gives way to 我市|容缺审批,
        中国|有|企业家 does not give way to 中|国有企业|家.
        """
        found = self.finder(text)
        if not found:
            return []
        if len(found) > 1:
            found = _longest_first(found)
        taken = bytearray(len(text) + 1)
        out = []
        is_term = self.is_term
        for start, end, form in found:
            if taken[start] or taken[end - 1]:
                continue
            if (mask[start] and mask[end]) or self._wins(text, mask, taken, start, end):
                taken[start:end] = b"\x01" * (end - start)
                mask[start + 1 : end] = bytes(end - start - 1)
                if is_term[form]:
                    out.append((start, end, TERM))
        return out

    def _wins(self, text: str, mask: bytearray, taken: bytearray, start: int, end: int) -> bool:
        """Decide where the cut crosses an edge of a term; if the term wins, recut what is left beside it."""
        if _splits_code(text, start) or _splits_code(text, end):  # A级景区 in AAA级景区
            return False
        left, right = mask.rindex(1, 0, start + 1), mask.index(1, end)
        if 1 not in mask[left + 1 : right] or any(taken[left:right]):  # inside one word, or beside a longer term
            return False
        if right - end == 1 and SUFFIX.match(text, end):  # 政务公开|制度化 keeps 制度化
            return False
        edges = [i for i in range(left, right + 1) if mask[i]]
        parts = [text[a:b] for a, b in pairwise(edges)]
        if (left < start and parts[0] in self.lexicon) or (end < right and parts[-1] in self.lexicon):
            return False  # 市政府|法律顾问 keeps 市政府
        beside = (*self.cut(text[left:start]), "", *self.cut(text[end:right]))
        pieces = self.cut(text[start:end])
        term = self._log(pieces) + TERM_BONUS
        if any(len(piece) == 1 for piece in pieces):  # 容|缺|审批: its parts say nothing of how frequent it is
            term = max(term, math.log(LEAST_FREQUENCY / TOTAL))
        if term + self._log(beside) <= self._log(parts):
            return False
        mask[left + 1 : right] = bytes(right - left - 1)
        at = left
        for word in beside:
            at += len(word) or end - start
            mask[at - (0 if word else end - start)] = mask[at] = 1
        if start - left == 1 and left and not taken[left - 1]:  # 我|市: what is left may be a word with what precedes
            before = mask.rindex(1, 0, left)
            if len(self.cut(text[before:start])) == 1:
                mask[left] = 0
        return True

    def _log(self, words: list[str] | tuple[str, ...]) -> float:
        """Return the log-probability of words side by side."""
        return sum(math.log(max(self.frequency(word), 1) / TOTAL) for word in words if word)
