"""What is characteristic of a document or section: TF-IDF, and joining phrases (关键词)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from govtext.counts import listed, term_matrix
from govtext.errors import OptionError
from govtext.lexicon import stopwords
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from govtext.document import Document, Section
    from govtext.tokens import Tokens

Unit = Literal["document", "section"]
# No keyword: single characters, and whatever holds no letter but digits, marks and unit words.
NO_KEYWORD = re.compile(r"[\d.,%％‰+\-/年月日万亿千百十余多]+[年月日个]?|.")


@dataclass(frozen=True, slots=True)
class Keyword:
    """A term that is characteristic of a document or of one of its sections (关键词).

    Attributes:
        document: the id of the document.
        section: the start of the section, or None for the whole document.
        rank: 1 for the highest score.
        term: the canonical form.
        score: its TF-IDF.
        count: occurrences in the document or section.
        document_frequency: in how many units it occurs.
        spans: where it stands.
    """

    document: str
    section: int | None
    rank: int
    term: str
    score: float
    count: int
    document_frequency: int
    spans: tuple[Span, ...]


def units(document: Document) -> list[tuple[Section | None, Span]]:
    """Return the sections that idf and section keywords are counted over (统计单元).

    These are the headings that are no points, each with the text up to the next of them; where a heading holds others,
    the text before its first child counts as its own. A document without headings has its paragraphs.
    """
    heads = [s for s in document.sections if s.level != "point"]
    if not heads:
        return [(None, span) for span in document.paragraphs]
    starts = [s.span.start for s in heads]
    ends = [min(end, s.span.end) for s, end in zip(heads, [*starts[1:], len(document.text)], strict=True)]
    return [(s, Span(start, max(start, end))) for s, start, end in zip(heads, starts, ends, strict=True)]


def tfidf(
    tokens: Tokens | Iterable[Tokens],
    *,
    n: int = 20,
    unit: Unit = "document",
    stop: Collection[str] | None = None,
) -> list[Keyword]:
    """Rank the terms of each document or section by TF-IDF (关键词).

    score = count x idf, idf = ln((1 + N) / (1 + df)) + 1, with N units and df of them holding the term: the smoothed
    form of scikit-learn's `TfidfTransformer(norm=None)`. With several documents N counts documents; with one document,
    or with unit="section", it counts the sections of `units`.

    Args:
        tokens: one Tokens or many.
        n: how many keywords for each document or section; fewer where there are fewer candidates.
        unit: "document" or "section".
        stop: words that are no keywords; by default both stop lists.

    Returns:
        Keywords by document in the given order, then section, then rank; ties in code point order.

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> [k.term for k in tfidf(Segmenter()(parse("推进法治政府。建设法治政府和营商环境。")), n=2)]
    ['法治政府', '营商环境']
    """
    if n < 0:
        raise OptionError(f"n is {n}", remedy="give the number of keywords wanted")
    if unit not in ("document", "section"):
        raise OptionError(f"no unit {unit!r}", remedy="choose document or section")
    rows = listed(tokens)
    parts = [(t.document.id, at, part) for t in rows for at, part in _parts(t)]
    wanted = parts if unit == "section" else [(t.document.id, None, t) for t in rows]
    base = rows if unit == "document" and len(rows) > 1 else [part for *_, part in parts]
    return list(_ranked(wanted, base, n, stopwords() if stop is None else stop))


def _parts(tokens: Tokens) -> list[tuple[int, Tokens]]:
    """Return the units of a document: where each starts, and its tokens."""
    return [(span.start, tokens.within(span)) for _, span in units(tokens.document)]


def _ranked(
    wanted: Sequence[tuple[str, int | None, Tokens]], base: list[Tokens], n: int, stop: Collection[str]
) -> Iterator[Keyword]:
    """Yield the n best terms of each Tokens."""
    matrix, terms = term_matrix([tokens for *_, tokens in wanted])
    frequency = _document_frequency(base, terms)
    idf = np.log((1 + len(base)) / (1 + frequency)) + 1
    allowed = np.array([term not in stop and not NO_KEYWORD.fullmatch(term) for term in terms], np.bool_)
    for row, (document, section, tokens) in enumerate(wanted):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        columns, counts = matrix.indices[part], matrix.data[part]
        columns, counts = columns[allowed[columns]], counts[allowed[columns]]
        scores = counts * idf[columns]
        best = np.lexsort((columns, -scores))[:n]
        spans = _spans(tokens, {terms[i] for i in columns[best].tolist()})
        for rank, i in enumerate(best.tolist(), start=1):
            term, df = terms[columns[i]], int(frequency[columns[i]])
            yield Keyword(document, section, rank, term, float(scores[i]), int(counts[i]), df, spans[term])


def _document_frequency(base: list[Tokens], terms: list[str]) -> NDArray[np.int64]:
    """Return in how many of the base units each term occurs; terms are in code point order."""
    matrix, found = term_matrix(base)
    frequency = np.zeros(len(terms), np.int64)
    places = {term: i for i, term in enumerate(terms)}
    at = np.array([places.get(term, -1) for term in found], np.int64)
    counts = np.bincount(matrix.indices, minlength=len(found)) if found else np.zeros(0, np.int64)
    frequency[at[at >= 0]] = counts[at >= 0]
    return frequency


def _spans(tokens: Tokens, terms: set[str]) -> dict[str, tuple[Span, ...]]:
    """Return where each of the terms stands."""
    index = {tokens.vocabulary[term]: term for term in sorted(terms)}
    at = np.flatnonzero(np.isin(tokens.term_ids, list(index)))
    out: dict[str, list[Span]] = {term: [] for term in terms}
    columns = (tokens.term_ids[at], tokens.starts[at], tokens.ends[at])
    for i, start, end in zip(*(c.tolist() for c in columns), strict=True):
        out[index[i]].append(Span(start, end))
    return {term: tuple(spans) for term, spans in out.items()}
