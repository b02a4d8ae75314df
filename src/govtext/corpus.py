"""Many documents under one table of metadata: read, order, filter, group (语料库)."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govtext.document import Document, Metadata, parse
from govtext.errors import GovtextError, OptionError, ReadError
from govtext.readers import READERS, read_source
from govtext.text import decode

if TYPE_CHECKING:
    from importlib.abc import Traversable

    from govtext.tokens import Segmenter, Tokens

MANIFEST = "corpus.csv"


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents in the order (year, place, id), unknown first, and the files that could not be read (语料库)."""

    documents: tuple[Document, ...]
    failures: tuple[GovtextError, ...] = ()

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)

    def __len__(self) -> int:
        return len(self.documents)

    def __getitem__(self, id: str) -> Document:  # noqa: A002 - the field's name
        for document in self.documents:
            if document.id == id:
                return document
        raise OptionError(f"the corpus has no document {id!r}", remedy=f"it has {', '.join(d.id for d in self)[:200]}")

    def __repr__(self) -> str:
        return f"Corpus({len(self)} documents, {len(self.failures)} files not read)"

    def filter(self, keep: Callable[[Document], bool]) -> Corpus:
        """Return the corpus of the documents for which `keep` is true (筛选)."""
        return Corpus(tuple(d for d in self if keep(d)), self.failures)

    def group(self, key: Callable[[Document], object]) -> dict[object, Corpus]:
        """Return a corpus for each value of a key such as the year, in rising order (分组)."""
        values: dict[object, list[Document]] = {}
        for document in self:
            values.setdefault(key(document), []).append(document)
        return {value: Corpus(tuple(values[value])) for value in sorted(values, key=lambda v: (v is not None, v))}


def read(path: str | Path, *, id: str | None = None, metadata: Metadata | None = None) -> Document:  # noqa: A002
    """Read one file as a `Document`; its format and encoding are found out (读取).

    Raises:
        ReadError: the file is missing, empty, damaged, of a format that is not read, or its sha256 is not the one that
            `metadata` gives.
    """
    source = read_source(path)
    expected = metadata and metadata.sha256
    if expected and expected.strip().lower() != source.sha256:
        raise ReadError(
            f"its sha256 is {source.sha256[:12]}…, not {expected.strip()[:12]}… as given",
            where=path,
            remedy=f"restore the file, or correct the sha256 (in {MANIFEST})",
        )
    known = replace(metadata or Metadata(), encoding=source.encoding, sha256=source.sha256)
    return parse(source.text, id=_named(Path(path).stem) if id is None else id, metadata=known)


def read_corpus(*paths: str | Path) -> Corpus:
    """Read files and folders (recursively) as a `Corpus`; a `corpus.csv` in a folder gives metadata (读取语料库).

    A file that cannot be read never ends the rest: it is listed in `Corpus.failures`, as is a path that does not exist
    and a file whose sha256 is not the one in `corpus.csv`.

    Raises:
        ReadError: the paths are folders without any file to read, or a `corpus.csv` is malformed.
        OptionError: two documents have one id.
    """
    corpus = order([*_entries(paths)])
    if not corpus.documents and not corpus.failures:
        raise ReadError("there is no file to read", where=", ".join(map(str, paths)), remedy=_readable())
    return corpus


def _readable() -> str:
    return f"files of these types are read: {' '.join(sorted(READERS))}"


def order(results: Iterable[Document | GovtextError]) -> Corpus:
    """Put documents into the order of a corpus and keep the failures beside them."""
    found = list(results)
    documents = sorted((r for r in found if isinstance(r, Document)), key=_key)
    twice = sorted(name for name, count in Counter(d.id for d in documents).items() if count > 1)
    if twice:
        raise OptionError(f"two documents have the id {twice[0]!r}", remedy="give each its own")
    return Corpus(tuple(documents), tuple(r for r in found if isinstance(r, GovtextError)))


def _key(document: Document) -> tuple[int, str, str]:
    meta = document.metadata
    return (meta.year or 0, meta.place or "", document.id)


def _entries(paths: Iterable[str | Path]) -> Iterator[Document | GovtextError]:
    files: list[tuple[Path, Metadata | None, str | None]] = []
    for path in dict.fromkeys(Path(p) for p in paths):
        files.extend(_expand(path))
    files.sort(key=lambda entry: entry[1] is None)  # each file once, with its metadata if one naming of it has them
    files = list({entry[0].resolve(): entry for entry in reversed(files)}.values())[::-1]
    names = _names([file for file, _, _ in files])
    for (file, metadata, given_id), name, found_id in zip(files, names, _ids(names), strict=True):
        try:
            yield read(file, id=given_id or found_id, metadata=metadata)
        except GovtextError as error:
            error.file = name
            yield error


def _expand(path: Path) -> Iterator[tuple[Path, Metadata | None, str | None]]:
    """Yield the files of a path: itself, or what a folder holds, or what its corpus.csv lists."""
    if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises on a name that is too long
        yield path, None, None
        return
    if (path / MANIFEST).is_file():
        for row in _manifest(path):
            yield _listed(path, row["path"]), _metadata(row), row["id"]
        return
    for file in sorted(path.rglob("*")):
        hidden = any(part.startswith((".", "~$")) for part in file.relative_to(path).parts)
        if file.suffix.lower() in READERS and file.is_file() and not hidden:
            yield file, None, None


def _listed(folder: Path, name: str) -> Path:
    """Return the file that a table names; where the locale is none of UTF-8, the name on disk may still be UTF-8."""
    file = folder / name
    there = os.path.exists(file)  # noqa: PTH110 - Path.exists raises on a name that is too long
    return file if there else folder / os.fsdecode(name.encode("utf-8", "surrogateescape"))


def _names(files: list[Path]) -> list[str]:
    """Return for each file its path below the common root."""
    if not files:
        return []
    absolute = [file.resolve() for file in files]
    root = Path(*_common([file.parent.parts for file in absolute]))
    return [_named(file.relative_to(root).as_posix()) for file in absolute]


def _ids(names: list[str]) -> list[str]:
    """Return an id for each name: it without its suffix, which is kept where two would collide."""
    plain = [str(Path(name).with_suffix("").as_posix()) for name in names]
    counts = Counter(plain)
    return [short if counts[short] == 1 else name for short, name in zip(plain, names, strict=True)]


def _named(name: str) -> str:
    """Return a file name as text, the same in every locale: read as UTF-8, other bytes shown as escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _common(parts: list[tuple[str, ...]]) -> list[str]:
    out: list[str] = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        out.append(level[0])
    return out


def _manifest(folder: Path | Traversable) -> list[dict[str, str]]:
    file = folder / MANIFEST
    try:
        text = decode(file.read_bytes(), where=file)[0].removeprefix("\ufeff")
        rows = list(csv.DictReader(io.StringIO(text)))
    except (OSError, csv.Error) as error:
        raise ReadError(f"the table cannot be read ({error})", where=file, remedy="write it as UTF-8 CSV") from error
    for number, row in enumerate(rows, start=2):
        if not row.get("path") or not row.get("id"):
            raise ReadError("a row needs `id` and `path`", where=f"{file}, line {number}", remedy="fill both columns")
        if row.get("year") and not row["year"].isdecimal():
            raise ReadError(f"the year is {row['year']!r}", where=f"{file}, line {number}", remedy="write four digits")
    return rows


def _metadata(row: dict[str, str]) -> Metadata:
    known: dict[str, Any] = {f.name: row.get(f.name) or None for f in fields(Metadata)}
    return Metadata(**known | {"year": int(row["year"]) if row.get("year") else None, "encoding": None})


def segment_all(documents: Iterable[Document], segment: Segmenter, *, jobs: int = 1) -> list[Tokens]:
    """Cut many documents, on several cores when `jobs` is above 1; the tokens are the same (批量分词).

    Each worker process builds its own engine; only columns come back.
    """
    rows = list(documents)
    if jobs == 1 or len(rows) < 2:
        return [segment(document) for document in rows]
    import joblib

    size = -(-len(rows) // (4 * jobs if jobs > 0 else 8))
    chunks = [rows[i : i + size] for i in range(0, len(rows), size)]
    cut = joblib.Parallel(n_jobs=jobs)(joblib.delayed(_segment_chunk)(chunk, segment) for chunk in chunks)
    found = (tokens for chunk in cut for tokens in chunk)
    return [tokens.adopted(document, segment) for document, tokens in zip(rows, found, strict=True)]


def _segment_chunk(documents: list[Document], segment: Segmenter) -> list[Tokens]:
    return [segment(document) for document in documents]


def reference_corpus() -> Corpus:
    """Return the reference corpus: the 2022 report on law-based government of Qingzhen, verbatim (参考语料).

    It ships with the package and needs no network.

    >>> [document.metadata.place for document in reference_corpus()]
    ['清镇市']
    """
    folder = _reference_folder()
    documents = []
    for row in _manifest(folder):
        file = folder / row["path"]
        with resources.as_file(file) as path:
            documents.append(read(path, id=row["id"], metadata=_metadata(row)))
    return order(documents)


def _reference_folder() -> Traversable:
    """Return the folder of the reference corpus: in the installed package, or in an editable install's checkout."""
    package = resources.files("govtext")
    for folder in (package / "corpus_files", Path(str(package)).parents[1] / "corpus"):
        if (folder / MANIFEST).is_file():
            return folder
    raise ReadError("the reference corpus is missing from this installation", remedy="install govtext again")
