"""Many documents under one table of metadata: read, order, filter, group (语料库)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from html import escape
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar, overload, runtime_checkable

from govtext.corpus.duplicates import Duplicates
from govtext.corpus.paths import (
    TABLE,
    Entry,
    NamePattern,
    by_digest,
    completed,
    expand,
    file_digest,
    ids,
    metadata_of,
    named,
    names,
    read_table,
    unfit,
)
from govtext.document import Document, Metadata, parse, reading
from govtext.errors import GovtextError, OptionError, ReadError
from govtext.readers import READERS, Note, read_source

if TYPE_CHECKING:
    from importlib.abc import Traversable

    from govtext.readers import Source
    from govtext.tokens import Segmenter, Tokens

__all__ = [
    "Corpus",
    "Entry",
    "NamePattern",
    "Progress",
    "by_digest",
    "expand",
    "file_digest",
    "of_each",
    "order",
    "read",
    "read_corpus",
    "read_entries",
    "reference_corpus",
    "reference_folder",
    "segment_all",
    "skipped",
]

T = TypeVar("T")
SHOWN = 20  # documents in a notebook
FILES = 32  # the most that a worker process reads before it hands them over
HELD = 10_000_000  # characters that a corpus keeps in memory; documents beyond are read again when they are asked for
Progress = Callable[[int, int], None]
Read = Callable[..., Document]  # path, id, metadata and convert to a document, as `read` does


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents in the order (year, place, id), unknown first, and the files that could not be read (语料库).

    Attributes:
        documents: the documents. Beyond ten million characters they stay in their files and are read, and their sha256
            checked, each time they are asked for, so that a corpus of any size can be gone through.
        failures: the files that could not be read.
        notes: what should be known of the others: copies of one another, files skipped, doubtful characters.
    """

    documents: Sequence[Document]
    failures: tuple[GovtextError, ...] = ()
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)

    def __len__(self) -> int:
        return len(self.documents)

    def __getitem__(self, id: str) -> Document:
        known = [one.id for one in _unread(self.documents)]
        if id not in known:
            remedy = f"it has {', '.join(known)[:200]}"
            raise OptionError(f"the corpus has no document {id!r}", remedy=remedy)
        return self.documents[known.index(id)]

    def __repr__(self) -> str:
        return f"Corpus({len(self)} documents, {len(self.failures)} files not read)"

    def _repr_html_(self) -> str:
        """Show the corpus in a notebook: its first documents, and how many files could not be read."""
        rows = []
        for document in islice(self, SHOWN):
            known = (document.id, document.metadata.title, document.metadata.place, document.metadata.year)
            cells = [*("" if one is None else escape(str(one))[:200] for one in known), len(document.text)]
            rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
        head = "".join(f"<th>{name}</th>" for name in ("id", "title", "place", "year", "characters"))
        counts = f"{len(self)} 篇文档，{len(self.failures)} 个文件未能读取，{len(self.notes)} 条说明"
        more = f"<p>…… 只列出前 {SHOWN} 篇</p>" if len(self) > SHOWN else ""
        return f"<p>{counts}</p><table><tr>{head}</tr>{''.join(rows)}</table>{more}"

    def filter(self, keep: Callable[[Document], bool]) -> Corpus:
        """Return the corpus of the documents for which `keep` is true (筛选)."""
        kept = [one for one, document in zip(_unread(self.documents), self, strict=True) if keep(document)]
        return Corpus(_sequence(kept), self.failures, self.notes)

    def group(self, key: Callable[[Document], object]) -> dict[object, Corpus]:
        """Return a corpus for each value of a key such as the year, in rising order (分组)."""
        values: dict[object, list[Document | _Filed]] = {}
        for one, document in zip(_unread(self.documents), self, strict=True):
            values.setdefault(key(document), []).append(one)
        return {value: Corpus(_sequence(values[value])) for value in sorted(values, key=lambda v: (v is not None, v))}


class _Filed(NamedTuple):
    """A document that stays in its file: what it takes to read it again."""

    id: str
    path: Path
    given: Metadata
    convert: str | None
    reader: Read

    def read(self) -> Document:
        return self.reader(self.path, id=self.id, metadata=self.given, convert=self.convert)


class _Documents(Sequence[Document]):
    """Documents of which some are in memory and the rest in their files (文档序列)."""

    def __init__(self, held: Sequence[Document | _Filed]) -> None:
        self.held = tuple(held)

    def __len__(self) -> int:
        return len(self.held)

    @overload
    def __getitem__(self, index: int) -> Document: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Document]: ...
    def __getitem__(self, index: int | slice) -> Document | Sequence[Document]:
        one = self.held[index]
        if isinstance(one, tuple) and not isinstance(one, _Filed):
            return _sequence(one)
        return one.read() if isinstance(one, _Filed) else one


def _sequence(held: Sequence[Document | _Filed]) -> Sequence[Document]:
    """Return documents as a tuple if all are in memory."""
    in_memory = tuple(one for one in held if isinstance(one, Document))
    return in_memory if len(in_memory) == len(held) else _Documents(held)


def _unread(documents: Sequence[Document]) -> Sequence[Document | _Filed]:
    return documents.held if isinstance(documents, _Documents) else documents


def read(
    path: str | Path,
    *,
    id: str | None = None,
    metadata: Metadata | None = None,
    convert: str | None = None,
) -> Document:
    """Read one file as a `Document`; its format and encoding are found out (读取).

    Args:
        path: a .txt, .md, .docx, .html or .pdf file.
        id: a name for it; None means its file name without suffix.
        metadata: what is known about it; the text itself completes it.
        convert: a conversion of OpenCC between traditional and simplified characters, such as t2s; None: none.

    Raises:
        ReadError: the file is missing, empty, damaged, of a format that is not read, or its sha256 is not the one that
            `metadata` gives.
        OptionError: the conversion is unknown, or OpenCC is not installed.
    """
    source = read_source(path, convert=convert)
    expected = metadata and metadata.sha256
    if expected and expected.strip().lower() != source.sha256:
        raise ReadError(
            f"its sha256 is {source.sha256[:12]}…, not {expected.strip()[:12]}… as given",
            where=path,
            remedy=f"restore the file, or correct the sha256 (in {TABLE})",
        )
    known = replace(metadata or Metadata(), encoding=source.encoding, sha256=source.sha256)
    known = _completed_by_page(known, source) if source.fields else known
    document = parse(source.text, id=named(Path(path).stem) if id is None else id, metadata=known)
    return replace(document, notes=source.notes) if source.notes else document


def _completed_by_page(known: Metadata, source: Source) -> Metadata:
    """Return what is known, with the title that a page states, what follows from it, and what the text leaves open."""
    page: dict[str, Any] = dict(source.fields)
    stated = parse(source.text).metadata
    title = page.pop("title", None)
    headed = parse(f"{title or ''}\n").metadata  # place, year and genre, as a title in the text would give them
    order = [Metadata(title=title), stated, headed, Metadata(**page)]
    if title and headed.genre:
        order = [headed, *order]
    found = {name: next((v for one in order if (v := getattr(one, name)) is not None), None) for name in _NAMES}
    return replace(known, **{name: value for name, value in found.items() if getattr(known, name) is None})


_NAMES = tuple(f.name for f in fields(Metadata))


def read_corpus(
    *paths: str | Path,
    names: str | None = None,
    convert: str | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Corpus:
    """Read files and folders (recursively) as a `Corpus`; a `corpus.csv` in a folder gives metadata (读取语料库).

    A file that cannot be read never ends the rest: it is listed in `Corpus.failures`, as is a path that does not exist
    and a file whose sha256 is not the one in `corpus.csv`. What else should be known is in `Corpus.notes`: files of
    other types (skipped), the same file or nearly the same text twice (duplicate, near-duplicate), names that do not
    follow the pattern (name), and what `reading` found in a document.

    Args:
        paths: files, folders, patterns such as "reports/**/*.txt", or tables such as corpus.csv.
        names: a pattern of the file names that gives metadata, such as "{year}_{place}.txt". What corpus.csv says goes
            before it, and it before what the text says.
        convert: a conversion of OpenCC between traditional and simplified characters, such as t2s; None: none.
        jobs: worker processes that read the files; -1 for one a core. The corpus does not depend on their number.
        progress: called with the number of files read and of all.

    Raises:
        ReadError: the paths are folders without any file to read, or a `corpus.csv` is malformed.
        OptionError: two documents have one id, or the pattern or the conversion is unknown.
    """
    corpus = read_entries(expand(paths), names=names, convert=convert, jobs=jobs, progress=progress)
    if not len(corpus) and not corpus.failures:
        remedy = f"files of these types are read: {' '.join(sorted(READERS))}"
        raise ReadError("there is no file to read", where=", ".join(map(str, paths)), remedy=remedy)
    return corpus


def read_entries(
    entries: list[Entry],
    *,
    names: str | None = None,
    convert: str | None = None,
    reader: Read | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Corpus:
    """Read files of which it is known how they are called and what corpus.csv says of them, as a `Corpus` (读取条目).

    `reader` reads one file, instead of `read`; for worker processes it can be pickled, and if it is `Tallied` it hears
    what it did there. The rest is as in `read_corpus`.
    """
    pattern = NamePattern(names) if names else None
    return _Run(pattern, convert, reader or read).corpus(entries, jobs, progress)


@runtime_checkable
class Tallied(Protocol):
    """A reader that counts what it does: one for another process counts for itself, and is added afterwards (计数)."""

    def apart(self) -> Read:
        """Return a reader for another process."""

    def add(self, other: Read) -> None:
        """Count what such a reader did."""


class _Request(NamedTuple):
    """One file to be read: what a reader is called with."""

    path: Path
    id: str
    metadata: Metadata | None
    convert: str | None


def _read_each(requests: Sequence[_Request], reader: Read, jobs: int) -> Iterator[Document | GovtextError]:
    """Yield what is read of files, in their order, or why a file could not be read."""
    if jobs == 1 or len(requests) < 2:
        for request in requests:
            yield _document_of(request, reader)
        return
    import joblib

    size = min(-(-len(requests) // (8 * max(jobs, 1))), FILES)
    chunks = [requests[i : i + size] for i in range(0, len(requests), size)]
    done = joblib.Parallel(n_jobs=jobs, return_as="generator")(
        joblib.delayed(_read_chunk)(chunk, reader.apart() if isinstance(reader, Tallied) else reader)
        for chunk in chunks  # each with a reader of its own: joblib sends several of them together
    )
    for found, theirs in done:
        if isinstance(reader, Tallied):
            reader.add(theirs)
        yield from found


def _read_chunk(requests: Sequence[_Request], reader: Read) -> tuple[list[Document | GovtextError], Read]:
    found = [_document_of(request, reader) for request in requests]
    for one in found:
        if isinstance(one, Document):
            reading(one)  # what is asked of every document is found in the worker, too
            _key(one)
    return found, reader


def _document_of(request: _Request, reader: Read) -> Document | GovtextError:
    try:
        return reader(request.path, id=request.id, metadata=request.metadata, convert=request.convert)
    except OptionError:
        raise
    except GovtextError as error:
        return _without_frames(error)


class _Run:
    """One reading of a corpus: how, and what was met so far."""

    def __init__(self, pattern: NamePattern | None, convert: str | None, reader: Read) -> None:
        self.pattern = pattern
        self.convert = convert
        self.reader = reader
        self.held = 0  # characters in memory
        self.seen = Duplicates()
        self.notes: list[Note] = []
        self.failures: list[GovtextError] = []

    def corpus(self, entries: list[Entry], jobs: int, progress: Progress | None) -> Corpus:
        wanted = [entry for entry in entries if not entry.skipped]
        found_names = names([entry.path for entry in wanted])
        whole = [
            self.request(entry, name, found_id)
            for entry, name, found_id in zip(wanted, found_names, ids(found_names), strict=True)
            if not entry.failure
        ]
        read_ones = _read_each(whole, self.reader, jobs)
        rows: list[tuple[tuple[int, str, str], Document | _Filed]] = []
        for number, (entry, name) in enumerate(zip(wanted, found_names, strict=True), 1):
            found = entry.failure or next(read_ones)
            if isinstance(found, Document):
                rows.append(self.row(entry, name, found))
            else:
                found.file = name
                self.failures.append(_without_frames(found))
            if progress:
                progress(number, len(wanted))
        self.notes += skipped(entries, wanted)
        return _ordered(rows, self.failures, self.notes)

    def request(self, entry: Entry, name: str, found_id: str) -> _Request:
        """Return how a file is to be read; note what its name says."""
        if self.pattern and not self.pattern.match(name):
            self.notes.append(unfit(self.pattern, name))
        metadata = completed(entry.metadata, name, self.pattern)
        return _Request(entry.path, found_id if entry.id is None else entry.id, metadata, self.convert)

    def row(self, entry: Entry, name: str, document: Document) -> tuple[tuple[int, str, str], Document | _Filed]:
        """Note what is to be said of a document; return its place in the order and where it stays."""
        note = self.seen.see(name, str(document.given.sha256), document.text)
        self.notes += [note] if note else []
        self.notes += [Note(f.code, f.message, f.message_en, name) for f in reading(document)]
        self.held += len(document.text)
        if self.held <= HELD:
            return _key(document), document
        return _key(document), _Filed(document.id, entry.path.absolute(), document.given, self.convert, self.reader)


def _without_frames(error: GovtextError) -> GovtextError:
    """Return an error without the frames of its traceback: they hold the bytes of the file."""
    one: BaseException | None = error
    while one:
        one.__traceback__ = None
        one = one.__cause__ or one.__context__
    return error


def skipped(entries: list[Entry], wanted: list[Entry]) -> list[Note]:
    """Return a note for every file that was skipped, named by its path from the folder that the others share (略过)."""
    gone = [entry for entry in entries if entry.skipped]
    found = names([entry.path for entry in (*wanted, *gone)])[len(wanted) :]
    return [Note("skipped", *entry.skipped, name) for entry, name in zip(gone, found, strict=True) if entry.skipped]


def order(results: Iterable[Document | GovtextError]) -> Corpus:
    """Put documents into the order of a corpus and keep the failures beside them."""
    found = list(results)
    rows = [(_key(r), r) for r in found if isinstance(r, Document)]
    return _ordered(rows, [r for r in found if isinstance(r, GovtextError)], [])


def _ordered(
    rows: Sequence[tuple[tuple[int, str, str], Document | _Filed]],
    failures: Iterable[GovtextError],
    notes: Iterable[Note],
) -> Corpus:
    held = [one for _, one in sorted(rows, key=lambda row: row[0])]
    twice = sorted(name for name, count in Counter(one.id for one in held).items() if count > 1)
    if twice:
        raise OptionError(f"two documents have the id {twice[0]!r}", remedy="give each its own")
    return Corpus(_sequence(held), tuple(failures), tuple(sorted(notes, key=lambda note: (note.file, note.code))))


def _key(document: Document) -> tuple[int, str, str]:
    meta = document.metadata
    return (meta.year or 0, meta.place or "", document.id)


def segment_all(documents: Iterable[Document], segment: Segmenter, *, jobs: int = 1) -> list[Tokens]:
    """Cut many documents, on several cores when `jobs` is above 1; the tokens are the same (批量分词).

    Each worker process builds its own engine; only columns come back.
    """
    rows = list(documents)
    cut = of_each(rows, segment, jobs=jobs)
    pairs = zip(rows, cut, strict=True)
    return [one if one.document is document else one.adopted(document, segment) for document, one in pairs]


def of_each(documents: Iterable[Document], find: Callable[[Document], T], *, jobs: int = 1) -> list[T]:
    """Return what a function finds in each of many documents, on several cores when `jobs` is above 1 (逐篇求取).

    Args:
        documents: the documents; those of a `Corpus` that stay in their files are read by the workers.
        find: what is asked of each; for worker processes it must be one that can be pickled, such as a segmenter.
        jobs: worker processes; -1 for one a core.
    """
    rows = _unread(documents.documents) if isinstance(documents, Corpus) else list(documents)
    if jobs == 1 or len(rows) < 2:
        return [find(_in_memory(one)) for one in rows]
    import joblib

    size = -(-len(rows) // (4 * jobs if jobs > 0 else 8))
    chunks = [rows[i : i + size] for i in range(0, len(rows), size)]
    found = joblib.Parallel(n_jobs=jobs)(joblib.delayed(_of_chunk)(chunk, find) for chunk in chunks)
    return [one for chunk in found for one in chunk]


def _of_chunk(documents: Sequence[Document | _Filed], find: Callable[[Document], T]) -> list[T]:
    return [find(_in_memory(one)) for one in documents]


def _in_memory(one: Document | _Filed) -> Document:
    """Return a document; one that stays in its file is read where it is wanted, in a worker process, too."""
    return one.read() if isinstance(one, _Filed) else one


def reference_corpus() -> Corpus:
    """Return the reference corpus: the 2022 report on law-based government of Qingzhen, verbatim (参考语料).

    It ships with the package and needs no network.

    >>> [document.metadata.place for document in reference_corpus()]
    ['清镇市']
    """
    folder = reference_folder()
    documents = []
    for row in read_table(folder / TABLE):
        file = folder / row["path"]
        with resources.as_file(file) as path:
            documents.append(read(path, id=row["id"], metadata=metadata_of(row)))
    return order(documents)


def reference_folder() -> Traversable:
    """Return the folder of the reference corpus: in the package, or in the checkout of an editable install (位置)."""
    package = resources.files("govtext")
    for folder in (package / "corpus_files", Path(str(package)).parents[1] / "corpus"):
        if (folder / TABLE).is_file():
            return folder
    raise ReadError("the reference corpus is missing from this installation", remedy="install govtext again")
