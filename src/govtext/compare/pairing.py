"""Which documents are compared with which, by their metadata; what is missing is said, never guessed (配对)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from govtext.corpus import Corpus
from govtext.document import Document
from govtext.errors import MetadataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Field = Literal["year", "place", "genre", "date"]
    Documents = Document | Corpus | Iterable[Document]

REMEDY = "say it in corpus.csv, by --names (names=), or as metadata= of read or parse"


def documents_of(documents: Documents) -> Sequence[Document]:
    """Return one document, a corpus or any documents as a sequence (文档序列)."""
    if isinstance(documents, Document):
        return [documents]
    return documents.documents if isinstance(documents, Corpus) else list(documents)


def demand(documents: Iterable[Document], *wanted: Field) -> None:
    """Make sure that documents say what a comparison needs to know of them (检查元数据).

    Raises:
        MetadataError: some do not; it names the first of them and what each lacks.

    >>> from govtext.document import parse
    >>> demand([parse("发展经济。", id="a")], "year")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    govtext.errors.MetadataError: a: the year is not known; say it in corpus.csv, by --names (names=), ...
    """
    lacking = []
    for document in documents:
        missing = [name for name in wanted if getattr(document.metadata, name) is None]
        if missing:
            lacking.append((document.id or "the document", missing))
    if lacking:
        name, missing = lacking[0]
        others = f" (nor is everything of {len(lacking) - 1} others)" if len(lacking) > 1 else ""
        one, *more = missing
        what = f"the {' and '.join(missing)} are not known{others}" if more else f"the {one} is not known{others}"
        raise MetadataError(what, where=name, remedy=REMEDY)


def same_series(a: Document, b: Document) -> None:
    """Make sure that two documents are of one place and genre, the second of the year after the first (检查系列).

    Raises:
        MetadataError: they are not, or do not say.
    """
    demand([a, b], "year", "place", "genre")
    first, second = a.metadata, b.metadata
    for name in ("place", "genre"):
        one, other = getattr(first, name), getattr(second, name)
        if one != other:
            raise MetadataError(
                f"the {name} is {one}, but that of {b.id or 'the other document'} is {other}",
                where=a.id or "the document",
                remedy=f"compare reports of one {name}, or correct the metadata",
            )
    if (second.year or 0) - (first.year or 0) != 1:
        raise MetadataError(
            f"the year is {first.year}, but the report compared with it is of {second.year}, not of the next year",
            where=a.id or "the document",
            remedy="give the report of the next year, or correct the metadata",
        )


def series(a: Documents, b: Documents) -> list[tuple[Document, Document]]:
    """Return each document of a with that of b for the same place, genre and the next year (年度配对).

    Two single documents must be such a pair. Of many those without a partner are left out.

    Raises:
        MetadataError: the metadata that it takes are missing, or no two documents are such a pair.
    """
    if isinstance(a, Document) and isinstance(b, Document):
        same_series(a, b)
        return [(a, b)]
    ours, theirs = documents_of(a), documents_of(b)
    demand([*ours, *theirs], "year", "place", "genre")
    following = {(m.place, m.genre, m.year): d for d in theirs for m in (d.metadata,)}
    pairs = []
    for document in ours:
        meta = document.metadata
        other = following.get((meta.place, meta.genre, (meta.year or 0) + 1))
        if other is not None:
            pairs.append((document, other))
    if not pairs:
        raise MetadataError(
            "no document has one of the same place and genre in the year after it",
            remedy="give reports of consecutive years, or correct the metadata",
        )
    return pairs
