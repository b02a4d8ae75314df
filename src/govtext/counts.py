"""Frequencies, dispersion, concordance and the sparse term matrix (计数)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from govtext.errors import OptionError
from govtext.text import Span
from govtext.tokens import FURNITURE, PUNCTUATION, SPACE, TERM, Tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import scipy.sparse as sp
    from numpy.typing import NDArray

    from govtext.tokens import Vocabulary

NOT_COUNTED = (PUNCTUATION, SPACE, FURNITURE)


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often a term occurs (词频).

    Attributes:
        term: the canonical form.
        count: occurrences.
        relative_frequency: occurrences per 10,000 characters of text, blanks not counted.
        document_frequency: in how many of the Tokens it occurs.
    """

    term: str
    count: int
    relative_frequency: float
    document_frequency: int


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
        relative_frequency: mentions per 10,000 characters of text, blanks not counted.
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
    return [tokens] if isinstance(tokens, Tokens) else list(tokens)


def counted(tokens: Tokens) -> NDArray[np.bool_]:
    """Return which tokens count as words: all but punctuation, blanks and page furniture; bool[n]."""
    return ~np.isin(tokens.kinds, NOT_COUNTED)


def shared_ids(tokens: Sequence[Tokens]) -> tuple[list[NDArray[np.int32]], Vocabulary]:
    """Return the term ids of each Tokens in one vocabulary; nothing is copied where they share it already."""
    vocabulary = tokens[0].vocabulary
    out = []
    for one in tokens:
        ids = one.term_ids
        if one.vocabulary is not vocabulary:
            used, where = np.unique(ids, return_inverse=True)
            ids = vocabulary.ids([one.vocabulary.strings[i] for i in used.tolist()])[where]
        out.append(ids)
    return out, vocabulary


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
    uniques = [np.unique(i[counted(t)], return_counts=True) for i, t in zip(ids, rows, strict=True)]
    used = np.unique(np.concatenate([u for u, _ in uniques])) if uniques else np.zeros(0, np.int32)
    strings = [vocabulary.strings[i] for i in used.tolist()]
    by_text = sorted(range(len(strings)), key=strings.__getitem__)
    rank = np.empty(len(strings), np.int64)
    rank[by_text] = np.arange(len(strings))
    columns = np.concatenate([rank[np.searchsorted(used, u)] for u, _ in uniques])
    data = np.concatenate([c for _, c in uniques]).astype(np.int64)
    pointers = np.concatenate(([0], np.cumsum([len(u) for u, _ in uniques])))
    matrix = sp.csr_matrix((data, columns, pointers), shape=(len(rows), len(strings)))
    matrix.sort_indices()
    return matrix, [strings[i] for i in by_text]


def frequencies(tokens: Tokens | Iterable[Tokens]) -> list[Frequency]:
    """Count every term over one Tokens or many, the most frequent first, ties in code point order (词频).

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> frequencies(Segmenter()(parse("法治政府，法治政府。")))[0]
    Frequency(term='法治政府', count=2, relative_frequency=2000.0, document_frequency=1)
    """
    rows = listed(tokens)
    matrix, terms = term_matrix(rows)
    if not terms:
        return []
    size = sum(int((one.ends - one.starts)[one.kinds != SPACE].sum()) for one in rows)
    totals = np.asarray(matrix.sum(axis=0)).ravel()
    documents = np.bincount(matrix.indices, minlength=len(terms))
    order = np.lexsort((np.arange(len(terms)), -totals))
    return [
        Frequency(terms[i], int(totals[i]), 10_000 * int(totals[i]) / size, int(documents[i])) for i in order.tolist()
    ]


def kwic(tokens: Tokens | Iterable[Tokens], pattern: str, *, window: int = 20) -> list[Concordance]:
    """Return every place where a term stands, or a regular expression matches a token, in its context (上下文关键词).

    Args:
        tokens: one Tokens or many.
        pattern: a term, or a regular expression that must match a whole token or its canonical form.
        window: how many characters to show on each side.

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> [(c.left, c.match, c.right) for c in kwic(Segmenter()(parse("建设法治政府。")), "法治政府", window=2)]
    [('建设', '法治政府', '。')]
    """
    try:
        wanted = re.compile(pattern)
    except re.error as error:
        raise OptionError(f"the pattern is no regular expression ({error})", where=repr(pattern)) from error
    out = []
    for one in listed(tokens):
        text = one.document.text
        for token in one:
            if token.term == pattern or wanted.fullmatch(token.term) or wanted.fullmatch(token.text):
                left = text[max(0, token.start - window) : token.start]
                right = text[token.end : token.end + window]
                out.append(Concordance(one.document.id, Span(token.start, token.end), left, token.text, right))
    return out


def categories(tokens: Tokens | Iterable[Tokens]) -> list[CategoryCount]:
    """Count the mentions of each category of the lexicon, for each document and each of its sections (类别计数).

    A section counts with all it holds, so that a chapter has the mentions of its parts; points (一是) have no rows of
    their own. Quoted phrases and formulas that are in no lexicon have no category and do not count.

    Returns:
        One row for every category that has terms in the lexicon, zeros too, by document in the given order, the whole
        document first, then its sections in the order of the text; categories in code point order.

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
    of_term = _categories_of_terms(tokens, names)
    sizes = np.where(tokens.kinds == SPACE, 0, tokens.ends - tokens.starts)
    document = tokens.document
    units: list[tuple[int | None, Span]] = [(None, Span(0, len(document.text)))]
    units += [(s.span.start, s.span) for s in document.sections if s.level != "point"]
    for section, span in units:
        part = slice(np.searchsorted(tokens.starts, span.start), np.searchsorted(tokens.ends, span.end, "right"))
        has = of_term[part] >= 0
        counts = np.bincount(of_term[part][has], minlength=len(names))
        pairs = np.unique(np.stack((of_term[part][has], tokens.term_ids[part][has])), axis=1)
        terms = np.bincount(pairs[0], minlength=len(names))
        total, size = max(int(counts.sum()), 1), max(int(sizes[part].sum()), 1)
        for name, count, kinds in zip(names, counts.tolist(), terms.tolist(), strict=True):
            figures = (count, kinds, count / total, 10_000 * count / size)
            yield CategoryCount(document.id, section, name, *figures, span)


def _categories_of_terms(tokens: Tokens, names: Sequence[str]) -> NDArray[np.int64]:
    """Return for each token the number of its category, -1 where it has none."""
    number = {name: i for i, name in enumerate(names)}
    out = np.full(len(tokens), -1, np.int64)
    is_term = tokens.kinds == TERM
    used, where = np.unique(tokens.term_ids[is_term], return_inverse=True)
    found = (tokens.lexicon.get(tokens.vocabulary.strings[i]) for i in used.tolist())
    out[is_term] = np.array([number.get(term.category, -1) if term else -1 for term in found], np.int64)[where]
    return out
