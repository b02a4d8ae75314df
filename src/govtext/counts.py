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
    from collections.abc import Iterable, Sequence

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


def listed(tokens: Tokens | Iterable[Tokens]) -> list[Tokens]:
    """Return one Tokens or many as a list."""
    return [tokens] if isinstance(tokens, Tokens) else list(tokens)


def counted(tokens: Tokens) -> NDArray[np.bool_]:
    """Return which tokens count as words: all but punctuation, blanks and page furniture; bool[n]."""
    return ~np.isin(tokens.kinds, NOT_COUNTED)


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
    terms = [one.kinds == TERM for one in tokens]
    found = np.zeros(len(vocabulary.strings), np.bool_)
    for one, chosen in zip(tokens, terms, strict=True):
        found[one.ids[chosen]] = True
    used = np.flatnonzero(found)
    form = np.arange(len(found), dtype=np.int32)
    form[used] = vocabulary.ids([canonical(vocabulary.strings[i]) for i in used.tolist()])
    return [np.where(chosen, form[one.ids], one.ids) for one, chosen in zip(tokens, terms, strict=True)]


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
