"""Candidates for keywords: terms, words and the phrases they make, and joining phrases into tokens (候选短语)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, overload

import numpy as np

from govtext.counts import shared_ids
from govtext.errors import OptionError
from govtext.lexicon import stopwords
from govtext.tokens import COINED, PHRASE, TERM, WORD, Tokens, part_of_speech

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

MAX_WORDS, MAX_CHARACTERS = 5, 12  # of a phrase
# Tags of jieba's dictionary: function words, pronouns, numerals, adverbs, words of time and place end a phrase before
# them; nouns, verbal nouns, names, abbreviations, idioms and foreign words may stand alone and end one.
BREAKING = re.compile("(?!eng)[upcrdmqtfyeok]|zg")
NOMINAL = re.compile("[njlx]|vn|an|eng|b")
# No keyword: whatever holds no letter but digits, marks and unit words.
NUMERIC = re.compile(r"[\d.,%％‰+\-/年月日万亿千百十余多]+[年月日个]?")
BEGINS, ENDS, ALONE, INSIDE = 1, 2, 4, 8


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of some groups of tokens, such as documents or sections, as columns; one row a pair (候选).

    Attributes:
        group: int64[m], the number of the group.
        phrase: int64[m], the number of the candidate.
        count: int64[m], its occurrences in the group.
        nested: int64[m], the count there of the commonest longer candidate that holds it.
        first: int64[phrases], a place in the joined tokens where each candidate begins.
        words: int64[phrases], how many tokens each has.
        characters: int64[phrases], how many characters each has.
    """

    group: Ints
    phrase: Ints
    count: Ints
    nested: Ints
    first: Ints
    words: Ints
    characters: Ints


@dataclass(frozen=True, slots=True)
class Line:
    """Many Tokens joined into one line, as columns.

    Attributes:
        ids: term ids in one vocabulary.
        strings: the strings of that vocabulary.
        roles: uint8, sums of BEGINS, ENDS, ALONE, INSIDE: what a token may do in a candidate.
        part: which of the Tokens each stands in.
        lengths: characters of each token's term.
    """

    ids: NDArray[np.int32]
    strings: list[str]
    roles: NDArray[np.uint8]
    part: Ints
    lengths: Ints

    def phrase(self, first: int, words: int) -> str:
        """Return the string of the tokens from a place on."""
        return "".join(self.strings[i] for i in self.ids[first : first + words].tolist())


def line_of(parts: Sequence[Tokens], *, stop: Iterable[str] | None = None) -> Line:
    """Join many Tokens into one line and find what each token may do in a candidate."""
    ids, vocabulary = shared_ids(parts)
    joined = np.concatenate(ids) if ids else np.zeros(0, np.int32)
    kinds = np.concatenate([p.kinds for p in parts]) if parts else np.zeros(0, np.uint8)
    part = np.repeat(np.arange(len(parts)), [len(p) for p in parts])
    used, where = np.unique(joined, return_inverse=True)
    words = [vocabulary.strings[i] for i in used.tolist()]
    stops = frozenset(stop) if stop is not None else None
    of_word = np.array([_roles(word, stops) for word in words], np.uint8)
    of_term = np.array([_roles_of_term(word, stops) for word in words], np.uint8)
    roles = np.zeros(len(joined), np.uint8)
    for kind, table in ((WORD, of_word), (TERM, of_term), (COINED, of_term), (PHRASE, of_term)):
        at = kinds == kind
        roles[at] = table[where[at]]
    lengths = np.array([len(word) for word in words], np.int64)[where] if words else np.zeros(0, np.int64)
    return Line(joined, vocabulary.strings, roles, part, lengths)


def _roles_of_term(term: str, stop: frozenset[str] | None) -> int:
    """Return what a policy term may do: everything, but where it is a stop word."""
    listed = term in (stopwords() if stop is None else stop)
    return INSIDE if listed else BEGINS | ENDS | ALONE | INSIDE


@lru_cache(maxsize=1 << 16)
def _tag(word: str) -> str:
    return part_of_speech(word)


def _roles(word: str, stop: frozenset[str] | None) -> int:
    """Return what a word may do in a candidate."""
    if NUMERIC.fullmatch(word) or word in (stopwords("general") if stop is None else stop):
        return 0
    tag = _tag(word)
    if BREAKING.match(tag):
        return 0
    nominal = bool(NOMINAL.match(tag))
    if stop is None and word in stopwords("official"):
        return INSIDE | (BEGINS | ENDS if nominal and word not in WEAK else 0)
    if len(word) == 1:
        return INSIDE | BEGINS | (ENDS if nominal else 0)
    return INSIDE | BEGINS | ENDS | (ALONE if nominal else 0)


# Boilerplate that ends no phrase worth printing, though it is a noun: 信访工作, 发展情况.
WEAK = frozenset(("工作", "情况", "方面", "问题", "要求", "作用", "力度", "水平", "能力", "任务", "措施", "成效", "部门", "单位"))


def candidates(line: Line, group: Ints, *, phrases: bool = True) -> Candidates:
    """Find the candidates of each group of a line: words and, with `phrases`, runs of up to five (候选).

    Args:
        line: the tokens.
        group: int64[tokens], the group that each token belongs to; a candidate lies in one part of the line.
        phrases: whether runs of several tokens are candidates.
    """
    size = len(line.ids)
    ends = _run_ends(line)
    levels = []
    code = np.where(line.roles > 0, line.ids.astype(np.int64), -1)
    at = np.flatnonzero(code >= 0)
    code = code[at]
    for words in range(1, (MAX_WORDS if phrases else 1) + 1):
        if words > 1:
            fits = ends[at] - at >= words
            pair = code[fits] * (1 << 32) + line.ids[at[fits] + words - 1]
            at = at[fits]
            _, code = np.unique(pair, return_inverse=True)
        levels.append(_level(line, at, code, group, words))
    nested = np.zeros(0, np.int64)
    above: _Level | None = None
    for level in reversed(levels):
        nested = _nested(level, above, nested, size)
        level.nested = nested
        above = level
    return _merged(levels)


class _Level:
    """The candidates of one length: pairs of group and code, and where each occurs."""

    __slots__ = ("admitted", "at", "characters", "count", "first", "group", "nested", "pair", "phrase", "words")

    def __init__(self, at: Ints, words: int) -> None:
        self.at, self.words = at, words
        self.nested: Ints = np.zeros(0, np.int64)
        self.pair: Ints = np.zeros(0, np.int64)
        self.count: Ints = np.zeros(0, np.int64)
        self.group: Ints = np.zeros(0, np.int64)
        self.phrase: Ints = np.zeros(0, np.int64)
        self.first: Ints = np.zeros(0, np.int64)
        self.characters: Ints = np.zeros(0, np.int64)
        self.admitted: Mask = np.zeros(0, np.bool_)


def _level(line: Line, at: Ints, code: Ints, group: Ints, words: int) -> _Level:
    """Count the runs of so many words in each group, and tell which are candidates."""
    level = _Level(at, words)
    codes, first_at, code = np.unique(code, return_index=True, return_inverse=True)
    pairs, level.pair, level.count = np.unique(
        group[at] * max(len(codes), 1) + code, return_inverse=True, return_counts=True
    )
    level.group, level.phrase = np.divmod(pairs, max(len(codes), 1))
    level.first = at[first_at]
    reach = np.concatenate((np.zeros(1, np.int64), np.cumsum(line.lengths)))
    level.characters = reach[level.first + words] - reach[level.first]
    roles, last = line.roles[level.first], line.roles[level.first + words - 1]
    if words == 1:
        level.admitted = (roles & ALONE) > 0
    else:
        level.admitted = ((roles & BEGINS) > 0) & ((last & ENDS) > 0) & (level.characters <= MAX_CHARACTERS)
    level.admitted &= level.characters > 1
    return level


def _run_ends(line: Line) -> Ints:
    """Return for each token where the run of tokens that may stand in one phrase ends."""
    size = len(line.ids)
    ends = np.arange(size + 1)
    breaks = np.ones(size + 1, np.bool_)
    breaks[1:size] = (line.roles[1:] == 0) | (line.roles[:-1] == 0) | (line.part[1:] != line.part[:-1])
    borders = np.flatnonzero(breaks)
    return borders[np.searchsorted(borders, ends[:size], "right")] if size else ends[:0]


def _nested(level: _Level, above: _Level | None, nested_above: Ints, size: int) -> Ints:
    """Return for each pair of a level the count of the commonest longer candidate around it in its group."""
    nested = np.zeros(len(level.count), np.int64)
    if above is None or not len(above.at):
        return nested
    around = np.where(above.admitted[above.phrase], np.maximum(above.count, nested_above), nested_above)[above.pair]
    pair_at = np.full(size, -1, np.int64)
    pair_at[level.at] = level.pair
    for shift in (0, 1):
        np.maximum.at(nested, pair_at[above.at + shift], around)
    return nested


def _merged(levels: list[_Level]) -> Candidates:
    """Put the candidates of all lengths into one table."""
    offsets = np.concatenate(([0], np.cumsum([len(level.first) for level in levels])))
    keep = [level.admitted[level.phrase] for level in levels]
    return Candidates(
        group=np.concatenate([level.group[k] for level, k in zip(levels, keep, strict=True)]),
        phrase=np.concatenate(
            [level.phrase[k] + offset for level, k, offset in zip(levels, keep, offsets, strict=False)]
        ),
        count=np.concatenate([level.count[k] for level, k in zip(levels, keep, strict=True)]),
        nested=np.concatenate([level.nested[k] for level, k in zip(levels, keep, strict=True)]),
        first=np.concatenate([level.first for level in levels]),
        words=np.repeat([level.words for level in levels], [len(level.first) for level in levels]),
        characters=np.concatenate([level.characters for level in levels]),
    )
