"""What is found in one document, taken from the cache where it is there (单篇结果的缓存)."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import numpy as np

from govtext import provenance
from govtext.corpus import file_digest, read
from govtext.document import Document, Metadata, restored, structure
from govtext.study.codec import decode, decode_sections, encode, encode_sections
from govtext.text import Span
from govtext.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from govtext.document import Section
    from govtext.study.cache import Arrays, Cache
    from govtext.tokens import Segmenter

T = TypeVar("T")
SPANS = ("copies", "furniture", "paragraphs", "sentences")


class NotKeptError(LookupError):
    """Something is not in the cache, and nothing was to be computed (缓存中没有)."""


class Form(NamedTuple, Generic[T]):
    """How results stand in a file: as a plain value and arrays, and back (存取形式)."""

    to_file: Callable[[T], tuple[Any, Arrays]]
    from_file: Callable[[Any, Arrays], T]


def taken(cache: Cache | None, kind: str, key: Mapping[str, object], compute: Callable[[], T], form: Form[T]) -> T:
    """Return what a cache holds under a key, else compute it and put it there (取得或求取)."""
    found = cache.recall(kind, key, form.from_file) if cache else None
    if found is not None:
        return found
    value = compute()
    if cache:
        cache.keep(kind, key, *form.to_file(value))
    return value


@dataclass(frozen=True)
class Kept:
    """What is found in one document: from the cache, else computed and put into it (单篇结果).

    Attributes:
        document: the document.
        cache: where results are kept; None: nowhere.
        computes: whether what is missing is computed; otherwise `NotKeptError` is raised.
    """

    document: Document
    cache: Cache | None = None
    computes: bool = True

    @cached_property
    def _text(self) -> str:
        return _text_digest(self.document)

    def values(self, kind: str, compute: Callable[[], T], **depends: object) -> T:
        """Return results of one kind (取得结果).

        Args:
            kind: what they are called in the cache.
            compute: makes them; all they are made of must have a code in `codec`.
            depends: what they depend on besides the text, as JSON can hold it.

        Raises:
            NotKeptError: they are not in the cache and are not to be computed.
        """
        sections = self.document.sections

        form: Form[T] = plain_form(sections)
        return self._take(kind, depends, compute, form)

    def tokens(self, segment: Segmenter) -> Tokens:
        """Return the tokens of the document as the segmenter makes them (取得词例)."""
        form = Form(_columns, self._restore(segment))
        return self._take("tokens", cut_with(segment), lambda: segment(self.document), form)

    def _restore(self, segment: Segmenter) -> Callable[[Any, Arrays], Tokens]:
        def tokens(strings: list[str], columns: Arrays) -> Tokens:
            ids = segment.vocabulary.ids(strings)[columns["ids"]] if strings else columns["ids"]
            rest = (columns["starts"], columns["ends"], columns["kinds"])
            return Tokens(self.document, ids, *rest, segment.lexicon, segment.vocabulary)

        return tokens

    def _take(self, kind: str, depends: Mapping[str, object], compute: Callable[[], T], form: Form[T]) -> T:
        def computed() -> T:
            if not self.computes:
                raise NotKeptError(kind)
            return compute()

        key = {"text": self._text, **depends} if self.cache else {}
        return taken(self.cache, kind, key, computed, form)


def plain_form(sections: Sequence[Section] = ()) -> Form[Any]:
    """Return the form of results that are no arrays; they may name sections of one document (普通形式)."""
    return Form(lambda value: (encode(value, sections), {}), lambda plain, _: decode(plain, sections))


def cut_with(segment: Segmenter) -> dict[str, object]:
    """Return what the tokens of a text depend on besides the text (分词依据)."""
    return {"lexicon": segment.lexicon.sha256, "engine": segment.engine, "hmm": segment.hmm, "names": segment.names}


def _text_digest(document: Document) -> str:
    """Return a digest of a text and the notes of its reader, on which everything depends."""
    notes = encode(list(document.notes))
    return provenance.digest(repr((document.text, notes)).encode("utf-8", "surrogatepass"))


def identity(document: Document, *, metadata: bool = True) -> str:
    """Return a digest of what a document is among others: its id, its text, and what is known of it (文档摘要)."""
    facts = [document.id, _text_digest(document), known(document) if metadata else None]
    return provenance.digest(json.dumps(facts, sort_keys=True).encode())


def _columns(tokens: Tokens) -> tuple[list[str], Arrays]:
    """Return tokens as the strings they use, and their columns."""
    used, ids = np.unique(tokens.ids, return_inverse=True)
    strings = [tokens.vocabulary.strings[i] for i in used.tolist()]
    return strings, {
        "ids": ids.astype(np.int32),
        "starts": tokens.starts,
        "ends": tokens.ends,
        "kinds": tokens.kinds,
    }


def known(document: Document) -> dict[str, object]:
    """Return the metadata of a document that its file itself does not decide (元数据)."""
    values = {field.name: getattr(document.metadata, field.name) for field in fields(document.metadata)}
    return {name: value for name, value in values.items() if name not in ("encoding", "sha256")}


@dataclass(frozen=True)
class Reader:
    """Reads a file as `govtext.read` does; one that is in the cache is not parsed again (读取)."""

    cache: Cache

    def __call__(
        self,
        path: str | Path,
        *,
        id: str,
        metadata: Metadata | None = None,
        convert: str | None = None,
    ) -> Document:
        """Return the document of a file, its structure known (读取)."""
        found = file_digest(Path(path))
        expected = metadata.sha256.strip().lower() if metadata and metadata.sha256 else found
        if found is None or expected != found:
            return read(path, id=id, metadata=metadata, convert=convert)  # which says what is wrong
        key = {"sha256": found, "type": Path(path).suffix.lower(), **_converter(convert)}
        document = self.cache.recall("document", key, lambda plain, spans: _document(plain, spans, id, metadata))
        if document:
            return document
        document = read(path, id=id, metadata=metadata, convert=convert)
        if document.given.sha256 == found:  # it has not changed meanwhile
            self.cache.keep("document", key, *_filed(document))
        return document

    def apart(self) -> Reader:
        """Return a reader for another process, whose cache counts for itself (另一进程)."""
        return Reader(self.cache.apart())

    def add(self, other: Reader) -> None:
        """Count what the cache of another process did, too."""
        self.cache.tally.add(other.cache.tally)


def _converter(convert: str | None) -> dict[str, object]:
    """Return what a conversion of characters depends on; where OpenCC is missing, the reader says so."""
    try:
        return {"convert": convert, "opencc": metadata.version("opencc")} if convert else {}
    except metadata.PackageNotFoundError:
        return {"convert": convert}


def _filed(document: Document) -> tuple[Any, Arrays]:
    """Return a document and its structure as a file holds them."""
    found = structure(document)
    plain = {
        "text": document.text,
        "encoding": document.given.encoding,
        "sha256": document.given.sha256,
        "notes": encode(document.notes),
        "sections": encode_sections(found["sections"]),
        "stated": encode(found["_stated"]),
        "reading": encode(found["_reading"]),
    }
    return plain, {name: np.array(found[name], np.int32).reshape(-1, 2) for name in SPANS}


def _document(plain: dict[str, Any], spans: Arrays, id: str, given: Metadata | None) -> Document:
    known = replace(given or Metadata(), encoding=plain["encoding"], sha256=plain["sha256"])
    found: dict[str, object] = {name: _spans(spans[name]) for name in SPANS}
    found |= {"sections": decode_sections(plain["sections"])}
    found |= {"_stated": decode(plain["stated"]), "_reading": decode(plain["reading"])}
    return restored(Document(plain["text"], id, known, decode(plain["notes"])), found)


def _spans(rows: NDArray[np.int32]) -> Sequence[Span]:
    return tuple(Span(start, end) for start, end in rows.tolist())
