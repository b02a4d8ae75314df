"""Candidates for keywords: terms, words and the phrases they make, and joining phrases into tokens (候选短语)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from govtext.counts import counted, listed, shared_ids
from govtext.errors import OptionError
from govtext.keywords.distinct import distinct
from govtext.lexicon import stopwords
from govtext.tokens import KINDS, PHRASE, POLICY, TOTAL, WORD, Tokens, frequency, part_of_speech

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from govtext.tokens import Vocabulary

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

PLACE_SUFFIX = re.compile("(?:省|市|县|区|州|盟|旗|(?:壮族|回族|维吾尔)?自治区|特别行政区)$")
MAX_WORDS, MAX_CHARACTERS = 5, 12  # of a phrase
# Tags of jieba's dictionary: function words, pronouns, numerals, adverbs, words of time and place end a phrase before
# them; nouns, verbal nouns, names, abbreviations, idioms and foreign words may stand alone and end one.
BREAKING = re.compile("(?!eng)[upcrdmqtfyeok]|zg")
NOMINAL = re.compile("[njlx]|vn|an|eng|b")
# No keyword: whatever holds no letter but digits, marks and unit words.
NUMERIC = re.compile(r"[\d.,%％‰+\-/年月日万亿千百十余多]+[年月日个]?")
# Verbs that want an object after them end nothing: 来源于, 达到.
UNFINISHED = frozenset("于到为着了成出入至以")
# Single characters that begin no phrase, being the ends of words that were cut: 强|省建设.
TAILS = frozenset("省市县区州盟旗乡镇村户家型化性率")
# What a token may do: begin a phrase, end one, be a candidate alone, stand in one; BOILERPLATE makes none of its own.
# A phrase that begins with a plain VERB is more often a clause than a name: 保护环境 beside 环境保护.
BEGINS, ENDS, ALONE, INSIDE, BOILERPLATE, VERB = 1, 2, 4, 8, 16, 32
# How much a word counts by its frequency in the dictionary: nothing near one in a thousand, all beyond one in 100,000.
COMMON, RARE = 3.0, 5.0
LEAST_WEIGHT = 0.05
LEAST_COHESION = 0.0  # of two neighbours in a phrase


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of some groups of tokens, such as documents or sections, as columns; one row a pair (候选).

    Attributes:
        group: int64[m], the number of the group.
        phrase: int64[m], the number of the candidate.
        count: int64[m], its occurrences in the group.
        nested: int64[m], the count there of the commonest longer candidate that holds it.
        spread: float64[m], how much of the group lies between its first and its last occurrence there, 0 to 1.
        first: int64[phrases], a place in the joined tokens where each candidate begins.
        words: int64[phrases], how many tokens each has.
        characters: int64[phrases], how many characters each has.
    """

    group: Ints
    phrase: Ints
    count: Ints
    nested: Ints
    spread: NDArray[np.float64]
    first: Ints
    words: Ints
    characters: Ints


@dataclass(frozen=True, slots=True)
class Line:
    """Many Tokens joined into one line, as columns.

    Attributes:
        ids: term ids in one vocabulary.
        strings: the strings of that vocabulary.
        roles: uint8, sums of BEGINS, ENDS, ALONE, INSIDE, BOILERPLATE, VERB.
        is_term: whether each is a policy term.
        weights: how much each counts alone, by how rare it is in general Chinese, 0.05 to 1.
        part: which of the Tokens each stands in.
        lengths: characters of each token's term.
    """

    ids: NDArray[np.signedinteger[Any]]
    strings: list[str]
    roles: NDArray[np.uint8]
    is_term: Mask
    weights: NDArray[np.float64]
    part: Ints
    lengths: Ints

    def phrase(self, first: int, words: int) -> str:
        """Return the string of the tokens from a place on."""
        return "".join(self.strings[i] for i in self.ids[first : first + words].tolist())


def check_n(n: int | None) -> None:
    """Refuse a number of results that is below zero; None stands for all.

    Raises:
        OptionError: it is.
    """
    if n is not None and n < 0:
        raise OptionError(f"n is {n}", remedy="give the number of results wanted")


def line_of(parts: Sequence[Tokens], *, stop: Iterable[str] | None = None) -> Line:
    """Join many Tokens into one line and find what each token may do in a candidate."""
    if not parts:
        masks = (np.zeros(0, np.uint8), np.zeros(0, np.bool_), np.zeros(0))
        return Line(np.zeros(0, np.int32), [], *masks, np.zeros(0, np.int64), np.zeros(0, np.int64))
    ids, vocabulary = shared_ids(parts)
    joined, kinds = np.concatenate(ids), np.concatenate([p.kinds for p in parts])
    part = np.repeat(np.arange(len(parts)), [len(p) for p in parts])
    used, where = _numbered(joined, len(vocabulary.strings))
    words = [vocabulary.strings[i] for i in used.tolist()]
    stops = None if stop is None else frozenset(stop)
    is_term, roles = IS_POLICY[kinds], np.zeros(len(joined), np.uint8)
    for those, role in ((kinds == WORD, _roles), (is_term, _roles_of_term)):
        role_of = np.zeros(len(words), np.uint8)
        some = np.flatnonzero(np.bincount(where[those], minlength=len(words)))
        role_of[some] = [role(words[i], stops) for i in some.tolist()]
        roles[those] = role_of[where[those]]
    roles[_of_own_place(parts, joined, vocabulary)] = 0
    weights = np.array([_weight(word) for word in words], np.float64)[where] if words else np.zeros(0)
    lengths = np.array([len(word) for word in words], np.int64)[where] if words else np.zeros(0, np.int64)
    return Line(joined, vocabulary.strings, roles, is_term, weights, part, lengths)


IS_POLICY = np.isin(np.arange(len(KINDS)), POLICY)


def _numbered(ids: NDArray[np.int32], size: int) -> tuple[Ints, Ints]:
    """Return the distinct ids, rising, and the number of each among them, given how many ids there are in all."""
    used = np.flatnonzero(np.bincount(ids, minlength=size))
    number = np.zeros(size, np.intp)
    number[used] = np.arange(len(used))
    return used, number[ids]


def own_place(tokens: Tokens) -> tuple[str, ...]:
    """Return what the place of a document is called, with and without 省, 市 and the like (本地名称)."""
    place = tokens.document.metadata.place
    return (place, PLACE_SUFFIX.sub("", place)) if place else ()


def _of_own_place(parts: Sequence[Tokens], joined: NDArray[np.int32], vocabulary: Vocabulary) -> Mask:
    """Tell where a document names its own place, which is no keyword of it: 清镇市, 清镇."""
    own = np.zeros(len(joined), np.bool_)
    end = 0
    for _, members in groupby(parts, key=lambda part: id(part.document)):
        of_document = list(members)
        start, end = end, end + sum(map(len, of_document))
        for name in own_place(of_document[0]):
            own[start:end] |= joined[start:end] == vocabulary.get(name, -1)
    return own


@lru_cache(maxsize=1 << 16)
def _weight(word: str) -> float:
    rarity = math.log10(TOTAL / max(frequency()(word), 1))
    return min(1.0, max(LEAST_WEIGHT, (rarity - COMMON) / (RARE - COMMON)))


@lru_cache(maxsize=1 << 16)
def _roles_of_term(term: str, stop: frozenset[str] | None) -> int:
    """Return what a policy term may do: everything, but where it is a stop word."""
    listed = term in (stopwords() if stop is None else stop) or NUMERIC.fullmatch(term)
    return INSIDE if listed else BEGINS | ENDS | ALONE | INSIDE | (VERB if _tag(term) == "v" else 0)


@lru_cache(maxsize=1 << 16)
def _tag(word: str) -> str:
    return part_of_speech(word)


@lru_cache(maxsize=1 << 16)
def _roles(word: str, stop: frozenset[str] | None) -> int:
    """Return what a word may do in a candidate."""
    if NUMERIC.fullmatch(word):
        return 0
    tag = _tag(word)
    nominal = bool(NOMINAL.match(tag))
    if word in (stopwords("general") if stop is None else stop):
        says_what = stop is None and len(word) > 1 and tag in NOUNS
        return INSIDE | BOILERPLATE | ENDS if says_what else 0  # 方法 and 因素 are none, 饲养方法 and 危险因素 are
    if BREAKING.match(tag):
        return _roles_of_breaking(word, tag)
    ends = ENDS if word[-1] not in UNFINISHED else 0
    if stop is None and word in stopwords("official"):
        return INSIDE | BOILERPLATE | (BEGINS | ends if nominal and word not in WEAK else 0)
    verb = VERB if tag == "v" else 0
    if len(word) == 1:
        return INSIDE | verb | (0 if word in TAILS else BEGINS) | (ends if nominal else 0)
    return INSIDE | verb | BEGINS | ends | (ALONE if nominal else 0)


NOUNS = frozenset(("n", "vn", "an"))


def _roles_of_breaking(word: str, tag: str) -> int:
    """Return what a word may do whose tag ends phrases, but which is a noun or a part of one.

    The dictionary tags many rare nouns zg (可靠度), and words as what their first reading is: 聚类 a measure word,
    MPEG-2 a number.
    """
    if tag == "k":
        return INSIDE | ENDS  # 凝聚|型|菌株
    if len(word) == 1:
        return 0
    if tag == "zg" or (tag == "m" and LATIN.search(word)):
        return INSIDE | BEGINS | ENDS | ALONE
    return {"q": INSIDE | BEGINS | ENDS, "f": INSIDE | BEGINS}.get(tag, 0)  # 沿海|地区


LATIN = re.compile("[A-Za-z]")


# Boilerplate that ends no phrase worth printing, though it is a noun: 信访工作, 发展情况.
WEAK = frozenset(
    ("工作", "情况", "方面", "问题", "要求", "作用", "力度", "水平", "能力", "任务", "措施", "成效", "部门", "单位")
)


class Runs(NamedTuple):
    """The words of a line and the runs of several that may be phrases (词串).

    Attributes:
        levels: of one word, of two and so on: where each begins, and the number of its words among those of its length.
        firsts: where each of those numbers occurs first.
        cohesion: how much each token and the next belong together.
    """

    levels: list[tuple[Ints, Ints]]
    firsts: list[Ints]
    cohesion: NDArray[np.float64]


def runs_of(line: Line, *, phrases: bool = True, cohesion: NDArray[np.float64] | None = None) -> Runs:
    """Find the words of a line and, with `phrases`, the runs of up to five; see `candidates` (词串)."""
    ends = _run_ends(line)
    if cohesion is None:
        cohesion = _cohesion(line, ends) if phrases else np.zeros(0)
    code = np.where(line.roles > 0, line.ids.astype(np.int64), -1)
    at = np.flatnonzero(code >= 0)
    code = code[at]
    levels, firsts = [], []
    for words in range(1, (MAX_WORDS if phrases else 1) + 1):
        if words > 1:
            fits = ends[at] - at >= words
            at, code = at[fits], code[fits] * (1 << 32)
            code += line.ids[at + words - 1]
        found = distinct(code)
        code = found.number
        levels.append((at, code))
        firsts.append(at[found.first])
    return Runs(levels, firsts, cohesion)


def candidates(
    line: Line,
    group: Ints,
    *,
    phrases: bool = True,
    cohesion: NDArray[np.float64] | None = None,
    runs: Runs | None = None,
) -> Candidates:
    """Find the candidates of each group of a line: words and, with `phrases`, runs of up to five (候选).

    A string that is a policy term in one place and a plain word in another is in each group what it is there first.

    Args:
        line: the tokens.
        group: int64[tokens], the group that each token belongs to; a candidate lies in one part of the line.
        phrases: whether runs of several tokens are candidates.
        cohesion: how much each token and the next belong together in a larger corpus; None: in the line itself.
        runs: from `runs_of`, with the same options, where the same line is looked at in several groupings.
    """
    if runs is None:
        runs = runs_of(line, phrases=phrases, cohesion=cohesion)
    levels = [_level(line, runs, group, words) for words in range(1, len(runs.levels) + 1)]
    nested = np.zeros(0, np.int64)
    above: _Level | None = None
    for level in reversed(levels):
        nested = _nested(level, above, nested, len(line.ids))
        level.nested = nested
        above = level
    return _merged(levels, np.bincount(group, minlength=1))


class _Level:
    """The candidates of one length: pairs of group and code, and where each occurs."""

    __slots__ = (
        "admitted", "at", "characters", "count", "first", "group", "nested", "pair", "phrase", "reach", "words",
    )  # fmt: skip

    def __init__(self, at: Ints, words: int) -> None:
        self.at, self.words = at, words
        self.nested: Ints = np.zeros(0, np.int64)
        self.pair: Ints = np.zeros(0, np.int64)
        self.count: Ints = np.zeros(0, np.int64)
        self.group: Ints = np.zeros(0, np.int64)
        self.phrase: Ints = np.zeros(0, np.int64)
        self.reach: Ints = np.zeros(0, np.int64)
        self.first: Ints = np.zeros(0, np.int64)
        self.characters: Ints = np.zeros(0, np.int64)
        self.admitted: Mask = np.zeros(0, np.bool_)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Neighbours in the runs of a line, one row a pair of words, as columns.

    Attributes:
        first, second: the ids of the words.
        count: how often they stand side by side.
        first_count: how often the first stands before any word of a run, second_count: the second after one.
        npmi: ln(p(ab) / (p(a) p(b))) / -ln p(ab) (Bouma 2009); 1 where it is the only pair.
        total: pairs in all.
        at: the places of the first words, pair: which pair stands there.
    """

    first: Ints
    second: Ints
    count: Ints
    first_count: Ints
    second_count: Ints
    npmi: NDArray[np.float64]
    total: int
    at: Ints
    pair: Ints


def pair_information(line: Line, ends: Ints | None = None) -> Pairs:
    """Count the neighbours in the runs of a line and how much they belong together (相邻词对)."""
    at = np.flatnonzero(line.roles > 0)
    at = at[(_run_ends(line) if ends is None else ends)[at] - at >= 2]
    first, second = line.ids[at].astype(np.int64), line.ids[at + 1].astype(np.int64)
    pairs, _, _, count, pair = distinct(first * (1 << 32) + second)
    a, b = np.divmod(pairs, 1 << 32)
    befores, afters = np.bincount(first, minlength=1), np.bincount(second, minlength=1)
    total = max(len(at), 1)
    npmi = npmi_of(count, befores[a], afters[b], total)
    return Pairs(a, b, count, befores[a], afters[b], npmi, total, at, pair)


def npmi_of(count: Ints, first_count: Ints, second_count: Ints, total: int) -> NDArray[np.float64]:
    """Return the normalised pointwise mutual information of pairs from their counts, see `Pairs` (点互信息)."""
    joint = count / total
    npmi = np.ones(len(count))  # where there is one pair only, its words never stand apart
    some = joint < 1
    npmi[some] = (np.log(joint * total / first_count * total / second_count))[some] / -np.log(joint[some])
    return npmi


def _cohesion(line: Line, ends: Ints | None = None) -> NDArray[np.float64]:
    """Return for each token how much it and the next belong together; 1 where none follows in the run."""
    pairs = pair_information(line, ends)
    out = np.ones(len(line.ids))
    out[pairs.at] = pairs.npmi[pairs.pair]
    return out


def _level(line: Line, runs: Runs, group: Ints, words: int) -> _Level:
    """Count the runs of so many words in each group, and tell which are candidates."""
    (at, code), first, cohesion = runs.levels[words - 1], runs.firsts[words - 1], runs.cohesion
    level = _Level(at, words)
    pairs, first_of_pair, last_of_pair, level.count, level.pair = distinct(group[at] * max(len(first), 1) + code)
    level.group, level.phrase = np.divmod(pairs, max(len(first), 1))
    level.first = first
    reach = np.concatenate((np.zeros(1, np.int64), np.cumsum(line.lengths)))
    level.characters = reach[level.first + words] - reach[level.first]
    place, characters = at[first_of_pair], level.characters[level.phrase]
    level.reach = at[last_of_pair] - place
    roles, last = line.roles[place], line.roles[place + words - 1]
    if words == 1:
        level.admitted = (roles & ALONE) > 0
    else:
        level.admitted = ((roles & BEGINS) > 0) & ((last & ENDS) > 0) & (characters <= MAX_CHARACTERS)
        own = np.concatenate((np.zeros(1, np.int64), np.cumsum((line.roles & BOILERPLATE) == 0)))
        level.admitted &= own[place + words] > own[place]  # 开工|建设 says nothing
        for step in range(words - 1):
            level.admitted &= cohesion[place + step] >= LEAST_COHESION
    level.admitted &= characters > 1
    return level


def _run_ends(line: Line) -> Ints:
    """Return for each token where the run of tokens that may stand in one phrase ends."""
    size = len(line.ids)
    ends = np.arange(size + 1)
    breaks = np.ones(size + 1, np.bool_)
    if size:
        breaks[1:size] = (line.roles[1:] == 0) | (line.roles[:-1] == 0) | (line.part[1:] != line.part[:-1])
        breaks[1:size] |= ((line.roles[:-1] & BOILERPLATE) > 0) & line.is_term[1:]  # 建设|海南自由贸易港
    borders = np.flatnonzero(breaks)
    return borders[np.searchsorted(borders, ends[:size], "right")] if size else ends[:0]


def _nested(level: _Level, above: _Level | None, nested_above: Ints, size: int) -> Ints:
    """Return for each pair of a level the count of the commonest longer candidate around it in its group."""
    nested = np.zeros(len(level.count), np.int64)
    if above is None or not len(above.at):
        return nested
    around = np.where(above.admitted, np.maximum(above.count, nested_above), nested_above)[above.pair]
    pair_at = np.full(size, -1, np.int64)
    pair_at[level.at] = level.pair
    for shift in (0, 1):
        np.maximum.at(nested, pair_at[above.at + shift], around)
    return nested


def _merged(levels: list[_Level], sizes: Ints) -> Candidates:
    """Put the candidates of all lengths into one table; `sizes` are those of the groups in tokens."""
    offsets = np.concatenate(([0], np.cumsum([len(level.first) for level in levels])))
    keep = [level.admitted for level in levels]
    group = np.concatenate([level.group[k] for level, k in zip(levels, keep, strict=True)])
    reach = np.concatenate([level.reach[k] for level, k in zip(levels, keep, strict=True)])
    return Candidates(
        group=group,
        phrase=np.concatenate(
            [level.phrase[k] + offset for level, k, offset in zip(levels, keep, offsets, strict=False)]
        ),
        count=np.concatenate([level.count[k] for level, k in zip(levels, keep, strict=True)]),
        nested=np.concatenate([level.nested[k] for level, k in zip(levels, keep, strict=True)]),
        spread=reach / sizes[group],
        first=np.concatenate([level.first for level in levels]),
        words=np.repeat([level.words for level in levels], [len(level.first) for level in levels]),
        characters=np.concatenate([level.characters for level in levels]),
    )


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that a corpus repeats (短语).

    Attributes:
        text: its characters.
        words: the terms it is made of.
        count: occurrences outside the longer candidate that holds it most often.
        npmi: the least normalised pointwise mutual information of its neighbours (Bouma 2009).
    """

    text: str
    words: tuple[str, ...]
    count: int
    npmi: float


def phrases(tokens: Tokens | Iterable[Tokens], *, min_count: int = 3, min_npmi: float = 0.3) -> list[Phrase]:
    """Find the noun phrases that a text or corpus repeats (短语发现).

    Args:
        tokens: one Tokens or many.
        min_count: the least of such occurrences.
        min_npmi: the least cohesion of neighbours, -1 to 1.

    Returns:
        The most frequent first, ties in code point order.

    >>> from govtext.document import parse
    >>> from govtext.lexicon import Lexicon
    >>> from govtext.tokens import Segmenter
    >>> tokens = Segmenter(Lexicon())(parse("审核法律意见。" * 3 + "形成法律意见。" * 3))
    >>> [(phrase.text, phrase.count) for phrase in phrases(tokens)]
    [('法律意见', 6)]
    """
    line = line_of(listed(tokens))
    cohesion = _cohesion(line)
    verbal = ((line.roles & (ALONE | BOILERPLATE)) == 0) & (line.lengths > 1)
    roles = np.where(verbal, line.roles & ~np.uint8(BEGINS | ENDS), line.roles)  # 审核|法律意见
    found = candidates(replace(line, roles=roles), np.zeros(len(line.ids), np.int64))
    out = []
    rows = zip(found.phrase.tolist(), (found.count - found.nested).tolist(), strict=True)
    for number, free in rows:
        first, words = int(found.first[number]), int(found.words[number])
        if words > 1 and free >= min_count and (npmi := float(cohesion[first : first + words - 1].min())) >= min_npmi:
            parts = tuple(line.strings[i] for i in line.ids[first : first + words].tolist())
            out.append(Phrase("".join(parts), parts, free, npmi))
    return sorted(out, key=lambda phrase: (-phrase.count, phrase.text))


find_phrases = phrases  # where a parameter has its name


def compound(tokens: Tokens, *, phrases: Iterable[Phrase] | None = None) -> Tokens:
    """Join phrases into tokens of kind phrase, so that they count and become nodes as one (合并短语).

    Args:
        tokens: one document.
        phrases: what to join, longest first; by default what `phrases` finds in the document itself. For a corpus find
            them in the whole corpus once, and give them for each document.

    >>> from govtext.document import parse
    >>> from govtext.lexicon import Lexicon
    >>> from govtext.tokens import Segmenter
    >>> tokens = Segmenter(Lexicon())(parse("审核法律意见。" * 3 + "形成法律意见。" * 3))
    >>> [token.text for token in compound(tokens)][:3]
    ['审核', '法律意见', '。']
    """
    wanted = sorted(find_phrases(tokens) if phrases is None else phrases, key=lambda p: (-len(p.words), p.text))
    ids, taken = tokens.term_ids, ~counted(tokens)  # page furniture stays as it is
    joins: list[tuple[int, int]] = []
    for phrase in wanted:
        numbers = [tokens.vocabulary.get(word, -1) for word in phrase.words]
        for at in _places(ids, numbers).tolist():
            if not taken[at : at + len(numbers)].any():
                taken[at : at + len(numbers)] = True
                joins.append((at, at + len(numbers)))
    return _joined(tokens, sorted(joins))


def _places(ids: NDArray[np.int32], numbers: list[int]) -> Ints:
    """Return where a sequence of ids begins."""
    size = len(ids) - len(numbers) + 1
    if size < 1:
        return np.zeros(0, np.int64)
    at = np.flatnonzero(ids[:size] == numbers[0])
    for step, number in enumerate(numbers[1:], start=1):
        at = at[ids[at + step] == number]
    return at


def _joined(tokens: Tokens, joins: list[tuple[int, int]]) -> Tokens:
    """Return the tokens with some ranges joined."""
    if not joins:
        return tokens
    first, last = np.array(joins).T
    keep = np.ones(len(tokens), np.bool_)
    for start, end in joins:
        keep[start + 1 : end] = False
    ids, ends, kinds = tokens.ids.copy(), tokens.ends.copy(), tokens.kinds.copy()
    strings = tokens.vocabulary.strings
    terms = tokens.term_ids
    ids[first] = tokens.vocabulary.ids(["".join(strings[i] for i in terms[a:b].tolist()) for a, b in joins])
    ends[first], kinds[first] = tokens.ends[last - 1], PHRASE
    columns = (ids[keep], tokens.starts[keep], ends[keep], kinds[keep])
    return Tokens(tokens.document, *columns, tokens.lexicon, tokens.vocabulary)
