"""TF-IDF: what is characteristic of a document or section (TF-IDF 关键词)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from govtext.counts import listed, units
from govtext.errors import OptionError
from govtext.keywords.candidates import MAX_WORDS, VERB, Candidates, Line, Runs, candidates, check_n, line_of, runs_of
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
    return keywords_in(ground_of(tokens, stop=stop), n=n, unit=unit, phrases=phrases, background=background)


class Ground(NamedTuple):
    """Some documents as one line of tokens, in which keywords of documents and of sections are found (底本).

    Attributes:
        documents: the ids of the documents.
        parts: the units of all: the number of the document, and where it begins if it is a section.
        places: the line, and where its tokens stand.
        runs: the words of the line, and the phrases that they may make.
    """

    documents: list[str]
    parts: list[tuple[int, int | None]]
    places: Places
    runs: Runs


def ground_of(tokens: Tokens | Iterable[Tokens], *, stop: Collection[str] | None = None) -> Ground:
    """Join documents into the line that `tfidf` works on, for several calls of `keywords_in` (铺开)."""
    rows = listed(tokens)
    parts = parts_of(rows)
    line = line_of([part.tokens for part in parts], stop=stop)
    none = np.zeros(0, np.int32)
    starts, ends = (
        np.concatenate([none, *(getattr(part.tokens, name) for part in parts)]) for name in ("starts", "ends")
    )
    names = [one.document.id for one in rows]
    return Ground(names, [(part.row, part.section) for part in parts], Places(line, starts, ends), runs_of(line))


def keywords_in(
    ground: Ground, *, n: int, unit: Unit, phrases: bool = True, background: Background | None = None
) -> list[Keyword]:
    """Rank the terms and phrases of each document or section of a ground; see `tfidf` (排序关键词)."""
    names, parts, places, runs = ground
    if not parts:
        return []
    line = places.line
    row_of = np.array([row for row, _ in parts], np.int64)[line.part]
    group, base = (line.part if unit == "section" else row_of), line.part
    if unit == "document" and len(names) > 1:
        base = row_of
    if not phrases:
        runs = runs._replace(levels=runs.levels[:1])
    wanted = candidates(line, group, runs=runs)
    frequency = _document_frequency(wanted if base is group else candidates(line, base, runs=runs))
    size = len(names) if base is row_of else len(parts)
    if background:
        frequency, size = _looked_up(line, wanted, background), background.documents
    scored = score(wanted, frequency, size, line if phrases else None)
    return list(ranked(scored, parts, names, unit, n, places))


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
        self.ids = np.where(line.roles > 0, line.ids, -1).astype(np.int64)  # furniture and numbers are no part of any
        self.order = np.argsort(self.ids, kind="stable")
        self.keys = self.ids[self.order] * len(self.ids) + self.order  # by id, then place

    def spans(self, first: Ints, words: Ints, low: Ints, high: Ints) -> list[tuple[Span, ...]]:
        """Return the spans of each of some phrases, given a place where it begins, between two places of the line."""
        at, owner = self._occurrences(first, words, low, high)
        last = at + words[owner] - 1
        spans = list(map(Span, self.starts[at].tolist(), self.ends[last].tolist()))
        stops = np.searchsorted(owner, np.arange(len(first) + 1)).tolist()
        return [tuple(spans[a:b]) for a, b in pairwise(stops)]

    def _occurrences(self, first: Ints, words: Ints, low: Ints, high: Ints) -> tuple[Ints, Ints]:
        """Return where the phrases begin, and the number of the phrase for each place."""
        ids, key = self.ids, self.ids[first] * len(self.ids)
        left, right = np.searchsorted(self.keys, key + low), np.searchsorted(self.keys, key + high - words + 1)
        found = np.maximum(right - left, 0)
        owner = np.repeat(np.arange(len(first)), found)
        at = self.order[np.arange(len(owner)) + np.repeat(left - np.cumsum(found) + found, found)]
        for step in range(1, int(words.max(initial=1))):
            reach = np.minimum(step, words[owner] - 1)
            same = ids[at + reach] == ids[first[owner] + reach]
            at, owner = at[same], owner[same]
        inside = self.line.part[at] == self.line.part[at + words[owner] - 1]
        return at[inside], owner[inside]


def ranked(
    scored: Scored,
    sections: list[tuple[int, int | None]],
    rows: list[str],
    unit: Unit,
    n: int,
    places: Places,
) -> Iterator[Keyword]:
    """Yield the n best candidates of each group; `rows` are the ids of the documents (排序)."""
    part, found = places.line.part, scored.found
    groups = len(sections) if unit == "section" else len(rows)
    row_of = np.array([row for row, _ in sections], np.int64)
    limits = np.searchsorted(part if unit == "section" else row_of[part], np.arange(groups + 1))
    chosen = list(_best(scored, places.line, groups, n))
    pairs = np.array([pair for _, _, pair, _ in chosen], np.int64)
    group, phrase = np.array([group for group, *_ in chosen], np.int64), found.phrase[pairs]
    spans = places.spans(found.first[phrase], found.words[phrase], limits[group], limits[group + 1])
    columns = (scored.score, found.count, scored.frequency, scored.free, scored.idf, scored.form, scored.spread)
    figures = zip(*(column[pairs].tolist() for column in columns), strict=True)
    for (number, rank, _, term), where, (value, count, frequency, *parts) in zip(chosen, spans, figures, strict=True):
        row, section = sections[number] if unit == "section" else (number, None)
        yield Keyword(rows[row], section, rank, term, value, count, frequency, where, *parts)


SPARE = 2  # how many times n candidates are looked at first, for the sake of those that stand only inside others


def _best(scored: Scored, line: Line, groups: int, n: int) -> Iterator[tuple[int, int, int, str]]:
    """Yield the n best pairs of each group: the group, the rank, the pair, its term.

    A term that stands only inside a better one is left out; one that is cut in two ways counts as the better of them.
    """
    order = np.lexsort((-scored.score, scored.found.group))
    bounds = np.searchsorted(scored.found.group[order], np.arange(groups + 1)).tolist()
    falling = -scored.score[order]
    most, waiting = SPARE * n, [(group, low, high) for group, (low, high) in enumerate(pairwise(bounds)) if n]
    done: dict[int, list[tuple[int, str]]] = {}
    while waiting:
        # Of several with the score of the last one all are looked at.
        stops = [
            high
            if high - low <= most
            else low + int(np.searchsorted(falling[low:high], falling[low + most - 1], "right"))
            for _, low, high in waiting
        ]
        terms = iter(
            _terms(scored.found, line, order, [(low, stop) for (_, low, _), stop in zip(waiting, stops, strict=True)])
        )
        again = []
        for (group, low, high), stop in zip(waiting, stops, strict=True):
            done[group] = _distinct(scored, order[low:stop], list(islice(terms, stop - low)), n)
            if len(done[group]) < n and stop < high:
                again.append((group, low, high))
        most, waiting = most * SPARE, again
    for group in sorted(done):
        yield from ((group, rank, pair, term) for rank, (pair, term) in enumerate(done[group], start=1))


def _terms(found: Candidates, line: Line, order: Ints, ranges: list[tuple[int, int]]) -> list[str]:
    """Return the terms of some ranges of pairs."""
    pairs = np.concatenate([order[low:high] for low, high in ranges])
    used, number = np.unique(found.phrase[pairs], return_inverse=True)
    strings = line.strings
    columns = [line.ids[np.minimum(found.first[used] + step, len(line.ids) - 1)].tolist() for step in range(MAX_WORDS)]
    names = [
        "".join([strings[i] for i in ids[:words]])
        for words, *ids in zip(found.words[used].tolist(), *columns, strict=True)
    ]
    return [names[i] for i in number.tolist()]


def _distinct(scored: Scored, pairs: Ints, terms: list[str], n: int) -> list[tuple[int, str]]:
    """Return the best n of some pairs with their terms, looking at all of them."""
    columns = (-scored.score[pairs]).tolist(), map(len, terms), terms, pairs.tolist(), scored.free[pairs].tolist()
    rows = sorted(zip(*columns, strict=True))
    out: dict[str, int] = {}
    held = ""
    for _, _, term, pair, free in rows:
        if term not in out and (free or term not in held):
            out[term] = pair
            held += f"\n{term}"
        if len(out) == n:
            break
    return [(pair, term) for term, pair in out.items()]
