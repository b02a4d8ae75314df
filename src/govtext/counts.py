"""Frequencies, dispersion, concordance and the sparse term matrix (计数)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from govtext.errors import OptionError
from govtext.text import Span
from govtext.tokens import FURNITURE, KINDS, PUNCTUATION, SPACE, TERM, Tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import scipy.sparse as sp
    from numpy.typing import NDArray

    from govtext.document import Document, Section
    from govtext.tokens import Vocabulary

NOT_COUNTED = (PUNCTUATION, SPACE, FURNITURE)
COUNTED = np.array([kind not in NOT_COUNTED for kind in range(len(KINDS))])


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often a term occurs (词频).

    Attributes:
        term: the canonical form.
        count: occurrences.
        relative_frequency: occurrences per 10,000 characters of text, blanks and page furniture not counted.
        document_frequency: in how many of the Tokens it occurs.
        dispersion: how unevenly it is spread over the Tokens, or over the sections of a single one: Gries' deviation of
            proportions (Gries 2008), half the sum of the differences between each part's share of the term and of all
            words; 0 even, near 1 all in one small part.
    """

    term: str
    count: int
    relative_frequency: float
    document_frequency: int
    dispersion: float


@dataclass(frozen=True, slots=True)
class SectionFrequency:
    """How often a term occurs in one section (分节词频).

    Attributes:
        document: the id of the document.
        section: the start of the unit, see `units`.
        term: the canonical form.
        count: occurrences.
        relative_frequency: occurrences per 10,000 characters of the section, see `Frequency`.
        span: the unit.
    """

    document: str
    section: int
    term: str
    count: int
    relative_frequency: float
    span: Span


@dataclass(frozen=True, slots=True)
class RankChange:
    """How the rank of a term differs between two texts (位次变化).

    Attributes:
        term: the canonical form.
        rank, reference_rank: 1 for the most frequent; None where it does not occur. Equal counts share the best rank.
        change: the reference rank less the rank, positive for a rise; None where it is missing in one of them.
        count, reference_count: occurrences.
        relative_frequency, reference_relative_frequency: occurrences per 10,000 characters.
    """

    term: str
    rank: int | None
    reference_rank: int | None
    change: int | None
    count: int
    reference_count: int
    relative_frequency: float
    reference_relative_frequency: float


@dataclass(frozen=True, slots=True)
class Concordance:
    """One occurrence in its context (上下文关键词, KWIC)."""

    document: str
    span: Span
    left: str
    match: str
    right: str


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """How much of a document or section is about a category of the lexicon (类别计数).

    Attributes:
        document: the id of the document.
        section: the start of the section, or None for the whole document.
        category: a category of the lexicon that the tokens were cut with.
        count: mentions of its terms.
        terms: how many different terms of it are mentioned.
        share: its part of all mentions that have a category; 0 where there are none.
        relative_frequency: mentions per 10,000 characters, see `Frequency`.
        span: the document or section.
    """

    document: str
    section: int | None
    category: str
    count: int
    terms: int
    share: float
    relative_frequency: float
    span: Span


def listed(tokens: Tokens | Iterable[Tokens]) -> list[Tokens]:
    """Return one Tokens or many as a list."""
    rows = [tokens] if isinstance(tokens, Tokens) or not isinstance(tokens, Iterable) else list(tokens)
    wrong = next((row for row in rows if not isinstance(row, Tokens)), None)
    if wrong is not None or tokens is None:
        what = f"this wants Tokens, not {type(wrong).__name__}"
        raise OptionError(what, remedy="cut documents first: segment = gt.Segmenter(); segment(document)")
    return rows


def counted(tokens: Tokens) -> NDArray[np.bool_]:
    """Return which tokens count as words: all but punctuation, blanks and page furniture; bool[n]."""
    return COUNTED[tokens.kinds]


def shared_ids(tokens: Sequence[Tokens]) -> tuple[list[NDArray[np.int32]], Vocabulary]:
    """Return the term ids of each Tokens in one vocabulary; nothing is copied where they share it already."""
    vocabulary = tokens[0].vocabulary
    if all(one.vocabulary is vocabulary and one.lexicon is tokens[0].lexicon for one in tokens):
        return _term_ids(tokens), vocabulary
    out = []
    for one in tokens:
        ids = one.term_ids
        if one.vocabulary is not vocabulary:
            used, where = np.unique(ids, return_inverse=True)
            ids = vocabulary.ids([one.vocabulary.strings[i] for i in used.tolist()])[where]
        out.append(ids)
    return out, vocabulary


def _term_ids(tokens: Sequence[Tokens]) -> list[NDArray[np.int32]]:
    """Return `term_ids` of Tokens that share lexicon and vocabulary; a canonical form is looked up once for all."""
    vocabulary, canonical = tokens[0].vocabulary, tokens[0].lexicon.canonical
    unknown = [one for one in tokens if "term_ids" not in vars(one)]
    terms = [np.flatnonzero(one.kinds == TERM) for one in unknown]
    found = np.zeros(len(vocabulary.strings), np.bool_)
    for one, at in zip(unknown, terms, strict=True):
        found[one.ids[at]] = True
    used = np.flatnonzero(found)
    form = np.arange(len(found), dtype=np.int32)
    form[used] = vocabulary.ids([canonical(vocabulary.strings[i]) for i in used.tolist()])
    for one, at in zip(unknown, terms, strict=True):
        ids = one.ids.copy()
        ids[at] = form[ids[at]]
        vars(one)["term_ids"] = ids  # where the property keeps it
    return [one.term_ids for one in tokens]


def term_matrix(tokens: Tokens | Iterable[Tokens]) -> tuple[sp.csr_matrix, list[str]]:
    """Return the matrix of raw counts and its terms (词频矩阵).

    Returns:
        CSR int64[rows, terms], one row a Tokens, and the terms in code point order: canonical forms of words, terms and
        numbers, no punctuation and no blanks.

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> matrix, terms = term_matrix(Segmenter()(parse("法治政府，法治政府。")))
    >>> matrix.toarray().tolist(), terms
    ([[2]], ['法治政府'])
    """
    import scipy.sparse as sp

    rows = listed(tokens)
    if not rows:
        return sp.csr_matrix((0, 0), dtype=np.int64), []
    ids, vocabulary = shared_ids(rows)
    ids = [row[counted(one)] for row, one in zip(ids, rows, strict=True)]
    found = np.zeros(len(vocabulary.strings), np.bool_)
    for row in ids:
        found[row] = True
    used = np.flatnonzero(found)
    strings = [vocabulary.strings[i] for i in used.tolist()]
    by_text = sorted(range(len(strings)), key=strings.__getitem__)
    column = np.empty(len(found), np.int32)
    column[used[by_text]] = np.arange(len(used))
    uniques = [_distinct(column[row], len(strings)) for row in ids]
    columns = np.concatenate([terms for terms, _ in uniques])
    data = np.concatenate([count for _, count in uniques]).astype(np.int64)
    pointers = np.concatenate(([0], np.cumsum([len(terms) for terms, _ in uniques])))
    matrix = sp.csr_matrix((data, columns, pointers), shape=(len(rows), len(strings)))
    matrix.sort_indices()
    return matrix, [strings[i] for i in by_text]


def _distinct(columns: NDArray[np.int32], size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the different columns of a row, rising, and how often each is there, given how many there are in all."""
    if size > 8 * len(columns):  # many short rows: a row must not cost as much as all columns
        found, times = np.unique(columns, return_counts=True)
        return found.astype(np.intp), times
    times = np.bincount(columns, minlength=size)
    at = np.flatnonzero(times > 0)
    return at, times[at]


def frequencies(tokens: Tokens | Iterable[Tokens]) -> list[Frequency]:
    """Count every term over one Tokens or many, the most frequent first, ties in code point order (词频).

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> frequencies(Segmenter()(parse("法治政府，法治政府。")))[0]
    Frequency(term='法治政府', count=2, relative_frequency=2000.0, document_frequency=1, dispersion=0.0)
    """
    rows = listed(tokens)
    matrix, terms = term_matrix(rows)
    if not terms:
        return []
    size = characters(rows)
    totals = np.asarray(matrix.sum(axis=0)).ravel()
    documents = np.bincount(matrix.indices, minlength=len(terms))
    spread = _dispersion(matrix if len(rows) > 1 else term_matrix(_parts(rows[0]))[0])
    order = np.lexsort((np.arange(len(terms)), -totals))
    return [
        Frequency(terms[i], int(totals[i]), 10_000 * int(totals[i]) / size, int(documents[i]), float(spread[i]))
        for i in order.tolist()
    ]


def _parts(tokens: Tokens) -> list[Tokens]:
    """Return the tokens of each unit of a document; a part of a document is one itself."""
    parts = [tokens.within(span) for span in unit_spans(tokens.document)]
    whole = sum(int(counted(part).sum()) for part in parts) == int(counted(tokens).sum())
    return parts if whole else [tokens]


def characters(tokens: Tokens | Iterable[Tokens]) -> int:
    """Return the number of characters of one Tokens or many, without blanks and page furniture (字数)."""
    return sum(int(_widths(one).sum()) for one in listed(tokens))


def _widths(tokens: Tokens) -> NDArray[np.int32]:
    """Return the number of characters of each token that count; int32[n]."""
    return np.where(np.isin(tokens.kinds, (SPACE, FURNITURE)), 0, tokens.ends - tokens.starts)


def _dispersion(matrix: sp.csr_matrix) -> NDArray[np.float64]:
    """Return Gries' deviation of proportions of each term over the rows of a matrix of counts."""
    totals = np.asarray(matrix.sum(axis=0), np.float64).ravel()
    sizes = np.asarray(matrix.sum(axis=1), np.float64).ravel()
    shares = sizes / max(sizes.sum(), 1)
    found = matrix.tocoo()
    own = found.data / np.maximum(totals[found.col], 1)
    # Over the rows that hold the term |own - share|, over the others their share.
    inside = np.bincount(found.col, np.abs(own - shares[found.row]) - shares[found.row], minlength=matrix.shape[1])
    spread: NDArray[np.float64] = np.where(totals > 0, (inside + shares.sum()) / 2, 0.0).round(12)
    return spread


def units(document: Document) -> list[tuple[Section | None, Span]]:
    """Return the sections that idf and section keywords are counted over (统计单元).

    These are the headings that are no points, each with the text up to the next of them; where a heading holds others,
    the text before its first child counts as its own. What lies outside all sections, such as the text before the first
    heading, is a unit without a section. A document without headings has its paragraphs. The units lose no word.
    """
    heads = [s for s in document.sections if s.level != "point"]
    tiles = _tiles(document, [s.span for s in heads])
    return [(None if number < 0 else heads[number], span) for number, span in tiles]


def unit_spans(document: Document) -> list[Span]:
    r"""Return the spans of `units`, without the work of reading the headings (统计单元的范围).

    >>> from govtext.document import parse
    >>> unit_spans(parse("一、总则\n公开。\n二、附则\n施行。"))
    [Span(start=0, end=8), Span(start=9, end=17)]
    """
    return [span for _, span in _tiles(document, document.heads)]


def _tiles(document: Document, heads: Sequence[Span]) -> list[tuple[int, Span]]:
    """Return each head, as its number, with the text up to the next, and what lies outside all as -1."""
    if not heads:
        return [(-1, span) for span in document.paragraphs]
    out: list[tuple[int, Span]] = []
    done, size = 0, len(document.text)
    for number, (head, following) in enumerate(zip(heads, [*heads[1:], Span(size, size)], strict=True)):
        if head.start > done:
            out.append((-1, Span(done, head.start)))
        done = max(head.start, min(following.start, head.end))
        out.append((number, Span(head.start, done)))
    if done < size:
        out.append((-1, Span(done, size)))
    return [(number, span) for number, span in out if number >= 0 or not span.of(document.text).isspace()]


def by_section(tokens: Tokens | Iterable[Tokens]) -> list[SectionFrequency]:
    r"""Count every term in every section, by document, section and count, ties in code point order (分节词频).

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> rows = by_section(Segmenter()(parse("一、甲\n法治政府，法治政府。\n二、乙\n法治政府。")))
    >>> [(row.section, row.term, row.count) for row in rows if row.term == "法治政府"]
    [(0, '法治政府', 2), (15, '法治政府', 1)]
    """
    out = []
    for one in listed(tokens):
        for span in unit_spans(one.document):
            part = one.within(span)
            matrix, terms = term_matrix(part)
            size = max(characters(part), 1)
            counts = np.asarray(matrix.sum(axis=0)).ravel()
            for i in np.lexsort((np.arange(len(terms)), -counts)).tolist():
                count = int(counts[i])
                share = 10_000 * count / size
                out.append(SectionFrequency(one.document.id, span.start, terms[i], count, share, span))
    return out


def rank_changes(
    target: Tokens | Iterable[Tokens], reference: Tokens | Iterable[Tokens], *, terms: Iterable[str] | None = None
) -> list[RankChange]:
    """Compare the ranks of terms by frequency in a target and in a reference (位次变化).

    Args:
        target: one Tokens or many.
        reference: one Tokens or many.
        terms: the terms to compare and rank; by default all policy terms of both.

    Returns:
        By rank in the target, those it lacks last by reference rank; ties in code point order.

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> segment = Segmenter()
    >>> a, b = segment(parse("法治政府，法治政府，营商环境。")), segment(parse("营商环境。"))
    >>> [(row.term, row.rank, row.reference_rank, row.change) for row in rank_changes(a, b)]
    [('法治政府', 1, None, None), ('营商环境', 2, 1, -1)]
    """
    ours, theirs = listed(target), listed(reference)
    wanted = set(terms) if terms is not None else policy_terms([*ours, *theirs])
    a, b = (_ranked([f for f in frequencies(rows) if f.term in wanted]) for rows in (ours, theirs))
    missing = (None, 0, 0.0)
    out = []
    for term in wanted & {*a, *b}:
        (rank, count, share), (other, other_count, other_share) = a.get(term, missing), b.get(term, missing)
        change = other - rank if rank and other else None
        out.append(RankChange(term, rank, other, change, count, other_count, share, other_share))
    last = len(out) + 1
    return sorted(out, key=lambda row: (row.rank or last, row.reference_rank or last, row.term))


def policy_terms(tokens: Iterable[Tokens]) -> set[str]:
    """Return the policy terms that occur in some Tokens (政策术语)."""
    found: set[str] = set()
    for one in tokens:
        found.update(one.vocabulary.strings[i] for i in np.unique(one.term_ids[one.policy]).tolist())
    return found


def _ranked(rows: list[Frequency]) -> dict[str, tuple[int | None, int, float]]:
    """Return rank, count and share of each term, given the most frequent first."""
    out: dict[str, tuple[int | None, int, float]] = {}
    rank = 0
    for number, row in enumerate(rows, start=1):
        rank = rank if number > 1 and row.count == rows[number - 2].count else number
        out[row.term] = (rank, row.count, row.relative_frequency)
    return out


def kwic(tokens: Tokens | Iterable[Tokens], pattern: str, *, window: int = 20) -> list[Concordance]:
    """Return every place where a term stands, or a regular expression matches a token, in its context (上下文关键词).

    Args:
        tokens: one Tokens or many.
        pattern: a term, or a regular expression that must match a whole token or its canonical form. Page furniture is
            not looked at, as nowhere in counts.
        window: how many characters to show on each side.

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> [(c.left, c.match, c.right) for c in kwic(Segmenter()(parse("建设法治政府。")), "法治政府", window=2)]
    [('建设', '法治政府', '。')]
    """
    if window < 0:
        raise OptionError(f"window is {window}", remedy="give the number of characters on each side")
    try:
        wanted = re.compile(pattern).fullmatch
    except re.error as error:
        raise OptionError(f"the pattern is no regular expression ({error})", where=repr(pattern)) from error
    out = []
    for one in listed(tokens):
        text, strings = one.document.text, one.vocabulary.strings
        used = np.unique(np.concatenate((one.ids, one.term_ids)))
        matching = [i for i in used.tolist() if strings[i] == pattern or wanted(strings[i])]
        at = (np.isin(one.ids, matching) | np.isin(one.term_ids, matching)) & (one.kinds != FURNITURE)
        for start, end in zip(one.starts[at].tolist(), one.ends[at].tolist(), strict=True):
            left, right = text[max(0, start - window) : start], text[end : end + window]
            out.append(Concordance(one.document.id, Span(start, end), left, text[start:end], right))
    return out


def categories(tokens: Tokens | Iterable[Tokens]) -> list[CategoryCount]:
    """Count the mentions of each category of the lexicon, for each document and each of its sections (类别计数).

    A section counts with all it holds, so that a chapter has the mentions of its parts; points (一是) have no rows of
    their own. Quoted phrases and formulas that are in no lexicon have no category and do not count.

    Returns:
        One row for every category that has terms in the lexicon, zeros too, by document in the given order, the whole
        document first, then its sections in the order of the text; categories in code point order. A part of a
        document counts for itself, with the sections that lie in it.

    >>> from govtext.document import parse
    >>> from govtext.lexicon import Lexicon, Term
    >>> from govtext.tokens import Segmenter
    >>> segment = Segmenter(Lexicon([Term("法治政府", "法治"), Term("网格员", "治理")]))
    >>> [(c.category, c.count, c.share, c.relative_frequency) for c in categories(segment(parse("建设法治政府。")))]
    [('治理', 0, 0.0, 0.0), ('法治', 1, 1.0, 1428.5714285714287)]
    """
    return [row for one in listed(tokens) for row in _categories(one)]


def _categories(tokens: Tokens) -> Iterator[CategoryCount]:
    names = sorted({term.category for term in tokens.lexicon if term.category})
    of_term = categories_of_tokens(tokens, names)
    sizes = _widths(tokens)
    for section, span in _whole_and_sections(tokens):
        part = slice(np.searchsorted(tokens.starts, span.start), np.searchsorted(tokens.ends, span.end, "right"))
        has = of_term[part] >= 0
        counts = np.bincount(of_term[part][has], minlength=len(names))
        pairs = np.unique(np.stack((of_term[part][has], tokens.term_ids[part][has])), axis=1)
        terms = np.bincount(pairs[0], minlength=len(names))
        total, size = max(int(counts.sum()), 1), max(int(sizes[part].sum()), 1)
        for name, count, kinds in zip(names, counts.tolist(), terms.tolist(), strict=True):
            figures = (count, kinds, count / total, 10_000 * count / size)
            yield CategoryCount(tokens.document.id, section, name, *figures, span)


def _whole_and_sections(tokens: Tokens) -> list[tuple[int | None, Span]]:
    """Return the stretch that Tokens tile, a document or a part of one, and the sections that lie in it."""
    sections = (s.span for s in tokens.document.sections if s.level != "point")
    return [(None, tokens.span), *((span.start, span) for span in sections if tokens.span.covers(span))]


def categories_of_tokens(tokens: Tokens, names: Sequence[str]) -> NDArray[np.int64]:
    """Return for each token the number of its category among these names, -1 where it has none; int64[n] (词例类别)."""
    number = {name: i for i, name in enumerate(names)}
    out = np.full(len(tokens), -1, np.int64)
    is_term = tokens.kinds == TERM
    used, where = np.unique(tokens.term_ids[is_term], return_inverse=True)
    found = (tokens.lexicon.get(tokens.vocabulary.strings[i]) for i in used.tolist())
    out[is_term] = np.array([number.get(term.category, -1) if term else -1 for term in found], np.int64)[where]
    return out
