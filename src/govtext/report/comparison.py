"""What the documents of a corpus have with one another, for a report (比较)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Literal

from govtext import compare
from govtext.compare.pairing import series
from govtext.errors import MetadataError
from govtext.study import Together, cut_with, identity

if TYPE_CHECKING:
    from collections.abc import Callable

    from govtext.corpus import Corpus
    from govtext.document import Document
    from govtext.study import Cache

    Rows = tuple[list[compare.Promise], list[compare.IndicatorPair]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the documents of a corpus have with one another; empty where their metadata do not allow it (比较).

    Attributes:
        attention: by year, else by place.
        promises, pairs: of reports of one place and genre in consecutive years.
        reuse: passages that documents share.
        missing: why a comparison is not there, one line each.
    """

    attention: list[compare.Attention]
    promises: list[compare.Promise]
    pairs: list[compare.IndicatorPair]
    reuse: list[compare.Reuse]
    missing: tuple[str, ...]


def compared(corpus: Corpus, found: compare.Found, together: Together) -> Comparison:
    """Compare the documents of a corpus as far as what is known of them allows (比较语料)."""
    years = {document.metadata.year for document in corpus}
    by: Literal["year", "place"] = "place" if len(years) == 1 and None not in years else "year"
    missing: list[str] = []

    def tried(compute: Callable[[], list[Any]]) -> list[Any]:
        try:
            return compute()
        except MetadataError as error:
            missing.append(str(error))
            return []

    @cache
    def reuse() -> list[compare.Reuse]:
        return together.values("reuse", lambda: compare.reuse_corpus(corpus))

    found = replace(found, reuse=lambda _: reuse())
    attention = tried(
        lambda: together.values(
            "attention", lambda: compare.attention(corpus, by=by, segment=found), by=by, **cut_with(found.segment)
        )
    )
    try:
        rows = _by_pair(series(corpus, corpus), found, together.cache)
    except MetadataError as error:
        missing.append(str(error))
        rows = []
    passages = tried(reuse)
    return Comparison(
        attention,
        promises=[row for promises, _ in rows for row in promises],
        pairs=[row for _, pairs in rows for row in pairs],
        reuse=passages,
        missing=tuple(dict.fromkeys(missing)),
    )


def _by_pair(pairs: list[tuple[Document, Document]], found: compare.Found, cache: Cache | None) -> list[Rows]:
    """Compare each report with that of the next year; a pair of which neither has changed stays in the cache."""
    known = {document.id: identity(document) for pair in pairs for document in pair} if cache else {}
    words = {"lexicon": found.segment.lexicon.sha256}

    return [
        Together(tuple(known[one.id] for one in pair if known), cache).values(
            "pair", partial(_rows, *pair, found), **words
        )
        for pair in pairs
    ]


def _rows(plan: Document, review: Document, found: compare.Found) -> Rows:
    return compare.promises(plan, review, segment=found), compare.indicator_pairs(plan, review, segment=found)
