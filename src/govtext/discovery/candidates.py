"""Candidate terms of a corpus, each with its evidence; nothing enters a lexicon by itself (候选术语)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govtext.counts import shared_ids
from govtext.discovery import grams, slogans
from govtext.document import Document
from govtext.errors import OptionError
from govtext.lexicon import stopwords
from govtext.text import Span
from govtext.tokens import FURNITURE, NUMBER, POLICY, PUNCTUATION, SPACE, TERM, Segmenter, Tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from govtext.discovery.grams import Stream
    from govtext.lexicon import Lexicon

WORDS_OF_ONE = 4  # a single word of the dictionary is a candidate from this many characters on
UNIT_COHESION = 7.0  # what cohesion counts at most, and for what is one token by a rule or the lexicon
WORD_COHESION = 4.0  # for a word of the dictionary: many are idioms
BONUS = {"quoted": 2.0, "numeral": 2.0, "head": 0.7}
QUOTED_SHARE = 0.3  # what stands in quotation marks less often than this has not been quoted as a name
PLACES = 100
CONTEXTS = 3
BESIDE = 15  # characters of context on each side


class Place(NamedTuple):
    """Where a candidate stands (位置)."""

    document: str
    span: Span

    def __str__(self) -> str:
        return f"{self.document}:{self.span.start}-{self.span.end}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A string that looks like a term of a corpus, with what speaks for it (候选术语).

    Attributes:
        term: the string, or the canonical form where the lexicon knows it.
        score: the sum of the evidence, see `candidates`.
        count: how often it occurs.
        document_frequency: in how many documents.
        cohesion: mutual information of its weakest joint (nats), 4 for a word of the dictionary; None for what is one
            token by the lexicon or by a rule.
        freedom: the lesser entropy of its left and right neighbours (nats); None for what is only quoted.
        quoted: how often it stands in quotation marks.
        evidence: which of recurrent, quoted, numeral and head speak for it.
        known: whether the lexicon has it.
        category: its category in the lexicon; empty if it is not known.
        places: where it stands, at most the first hundred.
        contexts: some of them with the text around, the candidate in 【】.
    """

    term: str
    score: float
    count: int
    document_frequency: int
    cohesion: float | None
    freedom: float | None
    quoted: int
    evidence: tuple[str, ...]
    known: bool
    category: str
    places: tuple[Place, ...]
    contexts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A string before its places are looked up; what is only quoted has length 0 (in tokens)."""

    term: str
    count: int
    cohesion: float | None
    freedom: float | None
    length: int
    first: int
    quoted: int = 0

    @property
    def evidence(self) -> tuple[str, ...]:
        named = self.quoted >= QUOTED_SHARE * self.count
        numeral = slogans.has_numeral(self.term, quoted=named)
        holds = {
            "recurrent": self.freedom is not None and self.count > 1,
            "quoted": named,
            "numeral": numeral,
            "head": not numeral and len(self.term) > 2 and self.term.endswith(_heads()),
        }
        return tuple(name for name, true in holds.items() if true)

    @property
    def score(self) -> float:
        strength = UNIT_COHESION if self.cohesion is None else min(self.cohesion, UNIT_COHESION)
        bonus = sum(BONUS.get(name, 0.0) for name in self.evidence)
        return math.log(self.count) + strength / 2 + (self.freedom or 0.0) + bonus


def candidates(
    documents: Document | Tokens | Iterable[Document | Tokens],
    *,
    segment: Segmenter | None = None,
    n: int = 200,
    min_count: int | None = None,
    known: bool | None = None,
) -> list[Candidate]:
    """Return the strings of one or many documents that look most like terms, the best first (候选术语).

    Candidates are recurrent sequences of at most six tokens, quoted phrases from their first occurrence on, and what
    the lexicon knows. score = ln(count) + min(cohesion, 7) / 2 + freedom
    + 2 if three of ten places are in quotation marks
    + 2 if it is a slogan made of numerals (两降一保, 1+1+N)
    + 0.7 if it ends in a head noun (…机制, …行动, …工程).

    Args:
        documents: one or many, or their Tokens.
        segment: what cuts documents and knows terms; by default with the default lexicon. Tokens keep their lexicon.
        n: how many to return at most.
        min_count: how often a sequence must recur; by default 2 for one document, rising with the logarithm of their
            number.
        known: True for what the lexicon has, False for what it lacks, None for both.

    Raises:
        OptionError: n or min_count is too small, or the Tokens were cut with different lexicons.

    >>> from govtext.document import parse
    >>> report = parse("开展“五个一办”。推进海绵校园试点，建设海绵校园，评价海绵校园。")
    >>> [(c.term, c.count, c.evidence) for c in candidates(report, known=False)]
    [('五个一办', 1, ('quoted', 'numeral')), ('海绵校园', 3, ('recurrent',))]
    """
    if n < 0:
        raise OptionError(f"n is {n}", remedy="give the number of candidates wanted")
    if min_count is not None and min_count < 1:
        raise OptionError(f"min_count is {min_count}", remedy="give 1 or more")
    rows = cut(documents, segment)
    if not rows:
        return []
    source = grams.stream(rows, *shared_ids(rows))
    lexicon = _lexicon(rows)
    least = 2 + int(math.log2(len(rows))) if min_count is None else min_count
    quoted = slogans.quoted(rows, source)
    found = _merged([*_recurrent(source, lexicon, least), *_quoted(quoted)], quoted)
    if known is not None:
        found = [one for one in found if (one.term in lexicon) is known]
    scores = {one.term: one.score for one in found}
    best = sorted(found, key=lambda one: (-scores[one.term], one.term))[:n]
    places = _places(best, source, quoted)
    return [_candidate(one, places[one.term], rows, lexicon) for one in best]


def cut(documents: Document | Tokens | Iterable[Document | Tokens], segment: Segmenter | None) -> list[Tokens]:
    """Return the Tokens of documents; those that are Tokens already stay as they are."""
    rows = [documents] if isinstance(documents, Document | Tokens) else list(documents)
    if all(isinstance(row, Tokens) for row in rows):
        return [row for row in rows if isinstance(row, Tokens)]
    segment = segment or Segmenter()
    return [row if isinstance(row, Tokens) else segment(row) for row in rows]


def _lexicon(rows: Sequence[Tokens]) -> Lexicon:
    """Return the lexicon that all were cut with."""
    lexicon = rows[0].lexicon
    if any(row.lexicon is not lexicon and row.lexicon != lexicon for row in rows):
        raise OptionError("the Tokens were cut with different lexicons", remedy="cut all documents with one Segmenter")
    return lexicon


@lru_cache(maxsize=8)
def edge_words(*roles: str) -> frozenset[str]:
    """Return the words of some roles in `term-edges.tsv`: head, end, inside, never, not_first."""
    file = resources.files("govtext") / "data" / "term-edges.tsv"
    rows = (row.split("\t") for row in file.read_text(encoding="utf-8").splitlines() if not row.startswith("#"))
    return frozenset(word for word, role in rows if role in roles)


@lru_cache(maxsize=1)
def _heads() -> tuple[str, ...]:
    return tuple(sorted(edge_words("head")))


# --- recurrent sequences --------------------------------------------------------------------------------------------


def _recurrent(source: Stream, lexicon: Lexicon, least: int) -> Iterator[_Found]:
    strings = source.vocabulary.strings
    usable = np.isin(source.kinds, (PUNCTUATION, SPACE, FURNITURE, NUMBER), invert=True) & (source.ids >= 0)
    inside, starts, ends, alone, is_term = _flags(source, usable, lexicon)
    usable[usable] = inside[source.ids[usable]]
    for level in grams.weigh(source, grams.count(source, usable, least=least), starts, ends):
        if level.length == 1:
            keep = np.flatnonzero(alone[source.ids[level.first]] & (level.counts >= least))
        else:
            keep = np.flatnonzero(level.cohesion > 0)
        for i in keep.tolist():
            first = int(level.first[i])
            term = "".join(strings[j] for j in source.ids[first : first + level.length].tolist())
            cohesion = None if is_term[source.ids[first]] else WORD_COHESION
            if level.length > 1:
                cohesion = float(level.cohesion[i])
            yield _Found(term, int(level.counts[i]), cohesion, float(level.freedom[i]), level.length, first)


def _flags(source: Stream, usable: NDArray[np.bool_], lexicon: Lexicon) -> tuple[NDArray[np.bool_], ...]:
    """Return for each string of the vocabulary: may it stand in a term, start one, end one, be one alone, is it one."""
    stop, ends, inside = stopwords(), edge_words("head", "end"), edge_words("head", "end", "inside")
    never, not_first = edge_words("never"), edge_words("not_first")
    flags = np.zeros((5, len(source.vocabulary.strings)), np.bool_)
    used = np.unique(source.ids[usable])
    alone = np.unique(source.ids[usable & (source.kinds == TERM)])
    flags[3, alone] = True
    flags[4, np.unique(source.ids[usable & np.isin(source.kinds, POLICY)])] = True
    for i in used.tolist():
        word = source.vocabulary.strings[i]
        term, numeral = flags[3, i] or word in lexicon, word in slogans.NUMERALS
        plain = term or (word not in stop and word not in never)
        flags[0, i] = plain or numeral or word in inside
        flags[1, i] = (plain or numeral) and word not in not_first
        flags[2, i] = (plain and not numeral) or word in ends
        flags[3, i] |= plain and len(word) >= WORDS_OF_ONE and word.isalpha() and not word.isascii()
    return tuple(flags)


# --- quoted phrases, and all together -------------------------------------------------------------------------------


def _quoted(found: dict[str, slogans.Quoted]) -> Iterator[_Found]:
    for term, row in found.items():
        if row.quoted >= QUOTED_SHARE * row.count:
            yield _Found(term, row.count, None, None, 0, -1)


def _merged(found: Iterable[_Found], quoted: dict[str, slogans.Quoted]) -> list[_Found]:
    """Return one candidate for each string: what recurs and is quoted, too, has the evidence of both.

    A string that is cut in two ways counts as the commoner of them.
    """
    out: dict[str, _Found] = {}
    for one in found:
        marks, other = quoted.get(one.term), out.get(one.term)
        if other is None or (one.length and _preference(one) > _preference(other)):
            out[one.term] = replace(one, quoted=marks.quoted) if marks else one
    return list(out.values())


def _preference(one: _Found) -> tuple[int, int, float]:
    """Return what decides between two cuts of a string: not their order, which depends on what was cut before."""
    return one.count, -one.length, one.freedom or 0.0


# --- places ---------------------------------------------------------------------------------------------------------


def _places(
    best: Sequence[_Found], source: Stream, quoted: dict[str, slogans.Quoted]
) -> dict[str, list[tuple[int, int, int]]]:
    """Return document number, start and end of every occurrence of the best candidates."""
    out = {}
    for one in best:
        if not one.length:
            out[one.term] = quoted[one.term].places
            continue
        wanted = source.ids[one.first : one.first + one.length]
        at = np.flatnonzero(source.ids[: len(source.ids) - one.length] == wanted[0])
        for step in range(1, one.length):
            at = at[source.ids[at + step] == wanted[step]]
        number = np.searchsorted(source.offsets, at, "right") - 1
        columns = (number, source.starts[at], source.ends[at + one.length - 1])
        out[one.term] = list(zip(*(column.tolist() for column in columns), strict=True))
    return out


def _candidate(
    one: _Found, places: Sequence[tuple[int, int, int]], rows: Sequence[Tokens], lexicon: Lexicon
) -> Candidate:
    term = lexicon.get(one.term)
    spread = list({number: (number, start, end) for number, start, end in reversed(places)}.values())[::-1]
    shown = (spread + [place for place in places if place not in spread[:CONTEXTS]])[:CONTEXTS]
    return Candidate(
        one.term,
        one.score,
        one.count,
        len(spread),
        one.cohesion,
        one.freedom,
        one.quoted,
        one.evidence,
        term is not None,
        term.category if term else "",
        tuple(Place(rows[number].document.id, Span(start, end)) for number, start, end in places[:PLACES]),
        tuple(_context(rows[number].document.text, start, end) for number, start, end in shown),
    )


def _context(text: str, start: int, end: int) -> str:
    left, right = text[max(0, start - BESIDE) : start], text[end : end + BESIDE]
    return f"{left.rsplit(chr(10), 1)[-1]}【{text[start:end]}】{right.split(chr(10), 1)[0]}"
