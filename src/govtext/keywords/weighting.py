"""TF-IDF: what is characteristic of a document or section (TF-IDF 关键词)."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from govtext.counts import listed, units
from govtext.errors import OptionError
from govtext.keywords.candidates import VERB, Candidates, Line, candidates, check_n, line_of
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from govtext.tokens import Tokens

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

Unit = Literal["document", "section"]
# A keyword of fewer than four characters, of more than eight, or of more than two words counts less.
SHORT, LONG, WORDS = 4, 8, 2
VERBAL = 0.7  # the weight of a phrase that begins with a verb


@dataclass(frozen=True, slots=True)
class Keyword:
    """A term or phrase that is characteristic of a document or of one of its sections (关键词).

    Attributes:
        document: the id of the document.
        section: the start of the section, or None for the whole document.
        rank: 1 for the highest score.
        term: the canonical form.
        score: its TF-IDF: ((count + free) / 2 + spread) x idf x form.
        count: occurrences in the document or section.
        document_frequency: in how many units it occurs.
        spans: where it stands.
        free: occurrences outside the longer candidate that holds it most often.
        idf: the inverse document frequency.
        form: the weight of its form, 1 for a term or a phrase of two words with four to eight characters.
        spread: how much of the document or section lies between its first and its last occurrence, 0 to 1; 0 for a
            candidate that stands only inside longer ones.
    """

    document: str
    section: int | None
    rank: int
    term: str
    score: float
    count: int
    document_frequency: int
    spans: tuple[Span, ...]
    free: int
    idf: float
    form: float
    spread: float


@dataclass(frozen=True, slots=True)
class Background:
    """In how many documents of some corpus each term occurs (背景语料).

    Attributes:
        name: what the corpus is called in methods paragraphs.
        documents: how many there are.
        document_frequency: term → documents it occurs in; a term that is missing occurs in none.
    """

    name: str
    documents: int
    document_frequency: Mapping[str, int]


def tfidf(
    tokens: Tokens | Iterable[Tokens],
    *,
    n: int = 20,
    unit: Unit = "document",
    phrases: bool = True,
    background: Background | None = None,
    stop: Collection[str] | None = None,
) -> list[Keyword]:
    """Rank the terms and phrases of each document or section by TF-IDF (关键词).

    score = ((count + free) / 2 + spread) x idf x form. idf = ln((1 + N) / (1 + df)) + 1, with N units and df of them
    holding the term: the smoothed form of scikit-learn's `TfidfTransformer(norm=None)`. `free` counts the occurrences
    outside the longer candidate that holds the term most often (after the C-value of Frantzi et al. 2000). spread =
    (last - first) / tokens, of a term that stands free somewhere (after Medelyan 2009): what a text comes back to from
    beginning to end counts as one occurrence more. form = min(1, c / 4) x min(1, 8 / c) x min(1, 2 / w) for c
    characters and w words, times 0.7 for a phrase that begins with a verb (保护环境 beside 环境保护); a single word
    counts by its rarity in general Chinese, too: (2 - lg f) / 2 within 0.05 and 1, for a word that f of 100,000 words
    in jieba's dictionary are. Without phrases the score is count x idf, as in scikit-learn.

    With several documents N counts documents; with one document, or with unit="section", it counts the sections of
    `units` (of a part of a document, `tokens.within(span)`, those it touches); with a background it counts its
    documents.

    Args:
        tokens: one Tokens or many.
        n: how many keywords for each document or section; fewer where there are fewer candidates.
        unit: "document" or "section".
        phrases: whether runs of two to five words are candidates, too; a term that stands only inside a better one is
            then left out.
        background: where idf comes from, instead of the tokens themselves; see `background`.
        stop: words that are no keywords and part no phrase; by default both stop lists.

    Returns:
        Keywords by document in the given order, then section, then rank; of equals the shorter first, then by code
        point. Nothing for a document of nothing but stop words, marks and numbers.

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> [k.term for k in tfidf(Segmenter()(parse("推进法治政府。建设法治政府和营商环境。")), n=2)]
    ['法治政府', '营商环境']
    """
    check_n(n)
    if unit not in ("document", "section"):
        raise OptionError(f"no unit {unit!r}", remedy="choose document or section")
    rows = listed(tokens)
    parts = parts_of(rows)
    if not parts:
        return []
    line = line_of([part.tokens for part in parts], stop=stop)
    row_of = np.array([part.row for part in parts], np.int64)[line.part]
    group, base = (line.part if unit == "section" else row_of), line.part
    if unit == "document" and len(rows) > 1:
        base = row_of
    wanted = candidates(line, group, phrases=phrases)
    frequency = _document_frequency(wanted if base is group else candidates(line, base, phrases=phrases))
    size = len(rows) if base is row_of else len(parts)
    if background:
        frequency, size = _looked_up(line, wanted, background), background.documents
    scored = score(wanted, frequency, size, line if phrases else None)
    starts, ends = (np.concatenate([getattr(part.tokens, name) for part in parts]) for name in ("starts", "ends"))
    places, names = Places(line, starts, ends), [one.document.id for one in rows]
    return list(ranked(scored, [(part.row, part.section) for part in parts], names, unit, n, places))


class Part(NamedTuple):
    """A unit of a document: which, where it begins if it is a section, and its tokens."""

    row: int
    section: int | None
    tokens: Tokens


def parts_of(rows: list[Tokens]) -> list[Part]:
    """Return the units of every document; of a part of a document those it has tokens of."""
    parts = (
        Part(number, span.start, tokens.within(span))
        for number, tokens in enumerate(rows)
        for _, span in units(tokens.document)
    )
    return [part for part in parts if len(part.tokens)]


def background(tokens: Iterable[Tokens], *, name: str) -> Background:
    """Count in how many documents each term and phrase of a corpus occurs, as a background for others (背景语料).

    Args:
        tokens: the corpus, one Tokens a document.
        name: what to call it.
    """
    rows = listed(tokens)
    parts = parts_of(rows)
    line = line_of([part.tokens for part in parts])
    found = candidates(line, np.array([part.row for part in parts], np.int64)[line.part])
    frequency = _document_frequency(found)
    used = np.flatnonzero(frequency)
    terms = [line.phrase(a, b) for a, b in zip(found.first[used].tolist(), found.words[used].tolist(), strict=True)]
    table = sorted(zip(terms, frequency[used].tolist(), strict=True))
    return Background(name, len(rows), MappingProxyType(dict(table)))


def _document_frequency(found: Candidates) -> Ints:
    """Return in how many groups each candidate occurs."""
    return np.bincount(found.phrase, minlength=len(found.first))


def _looked_up(line: Line, found: Candidates, table: Background) -> Ints:
    """Return in how many documents of a background each candidate occurs."""
    frequency = np.zeros(len(found.first), np.int64)
    used = np.unique(found.phrase)
    rows = zip(used.tolist(), found.first[used].tolist(), found.words[used].tolist(), strict=True)
    for number, first, words in rows:
        frequency[number] = table.document_frequency.get(line.phrase(first, words), 0)
    return frequency


class Scored(NamedTuple):
    """Candidates with what each score is made of, one value a pair."""

    found: Candidates
    frequency: Ints
    free: Ints
    idf: Floats
    form: Floats
    spread: Floats
    score: Floats


def score(found: Candidates, frequency: Ints, size: int, line: Line | None) -> Scored:
    """Return the scores of candidates of a line from the document frequency of each; without it, count x idf (计分)."""
    frequency = frequency[found.phrase]
    idf = np.log((1 + size) / (1 + frequency)) + 1
    if line is None:
        none = np.zeros(len(idf))
        return Scored(found, frequency, found.count, idf, none + 1, none, found.count * idf)
    free = np.maximum(found.count - found.nested, 0)
    form = np.minimum(1, found.characters / SHORT) * np.minimum(1, LONG / np.maximum(found.characters, 1))
    form *= np.minimum(1, WORDS / found.words)
    verbal = np.where(line.roles[found.first] & VERB, VERBAL, 1)
    form *= np.where(found.words == 1, line.weights[found.first], verbal)
    form = form[found.phrase]
    spread = np.where(free > 0, found.spread, 0)
    return Scored(found, frequency, free, idf, form, spread, ((found.count + free) / 2 + spread) * idf * form)


class Places:
    """Where the tokens of a line stand in their documents, and where in the line each phrase occurs."""

    def __init__(self, line: Line, starts: NDArray[np.int32], ends: NDArray[np.int32]) -> None:
        self.line, self.starts, self.ends = line, starts, ends
        self.ids = np.where(line.roles > 0, line.ids, -1)  # furniture and numbers are no part of any
        self.order = np.argsort(self.ids, kind="stable")
        self.sorted = self.ids[self.order]

    def spans(self, first: int, words: int, low: int, high: int) -> tuple[Span, ...]:
        """Return the spans of a phrase, given a place where it begins, between two places of the line."""
        ids = self.ids
        left, right = np.searchsorted(self.sorted, [ids[first], ids[first] + 1])
        at = self.order[left:right]
        at = at[(at >= low) & (at + words <= high)]
        for step in range(1, words):
            at = at[ids[at + step] == ids[first + step]]
        at = at[self.line.part[at] == self.line.part[at + words - 1]]
        return tuple(map(Span, self.starts[at].tolist(), self.ends[at + words - 1].tolist()))


def ranked(
    scored: Scored,
    sections: list[tuple[int, int | None]],
    rows: list[str],
    unit: Unit,
    n: int,
    places: Places,
) -> Iterator[Keyword]:
    """Yield the n best candidates of each group; `rows` are the ids of the documents (排序)."""
    part = places.line.part
    by_group = np.argsort(scored.found.group, kind="stable")
    groups = len(sections) if unit == "section" else len(rows)
    bounds = np.searchsorted(scored.found.group[by_group], np.arange(groups + 1))
    row_of = np.array([row for row, _ in sections], np.int64)
    limits = np.searchsorted(part if unit == "section" else row_of[part], np.arange(groups + 1))
    for group in range(groups):
        row, section = sections[group] if unit == "section" else (group, None)
        chosen = _best(scored, places.line, by_group[bounds[group] : bounds[group + 1]], n)
        for rank, (i, term) in enumerate(chosen, start=1):
            number = int(scored.found.phrase[i])
            first, words = int(scored.found.first[number]), int(scored.found.words[number])
            yield Keyword(
                document=rows[row],
                section=section,
                rank=rank,
                term=term,
                score=float(scored.score[i]),
                count=int(scored.found.count[i]),
                document_frequency=int(scored.frequency[i]),
                spans=places.spans(first, words, int(limits[group]), int(limits[group + 1])),
                free=int(scored.free[i]),
                idf=float(scored.idf[i]),
                form=float(scored.form[i]),
                spread=float(scored.spread[i]),
            )


SPARE = 4  # how many times n candidates are looked at first, for the sake of those that stand only inside others


def _best(scored: Scored, line: Line, pairs: Ints, n: int) -> list[tuple[int, str]]:
    """Return the best n of some pairs with their terms.

    A term that stands only inside a better one is left out; one that is cut in two ways counts as the better of them.
    """
    most = SPARE * n
    while n and len(pairs):
        scores = scored.score[pairs]
        best = pairs[scores >= np.partition(scores, -most)[-most]] if len(pairs) > most else pairs
        out = _distinct(scored, line, best, n)
        if len(out) == n or len(best) == len(pairs):
            return out
        most *= SPARE
    return []


def _distinct(scored: Scored, line: Line, pairs: Ints, n: int) -> list[tuple[int, str]]:
    """Return the best n of some pairs with their terms, looking at all of them."""
    found = scored.found
    numbers = found.phrase[pairs]
    rows = zip(found.first[numbers].tolist(), found.words[numbers].tolist(), strict=True)
    terms = [line.phrase(first, words) for first, words in rows]
    order = sorted(range(len(pairs)), key=lambda i: (-scored.score[pairs[i]], len(terms[i]), terms[i]))
    out: dict[str, int] = {}
    for i in order:
        pair, term = int(pairs[i]), terms[i]
        if term not in out and (scored.free[pair] or not any(term in other for other in out)):
            out[term] = pair
        if len(out) == n:
            break
    return [(pair, term) for term, pair in out.items()]
