"""Which files the paths of a corpus stand for, with what is known about each beforehand (路径)."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
from collections import Counter
from dataclasses import fields, replace
from glob import glob
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from govtext.document import Metadata
from govtext.errors import OptionError, ReadError
from govtext.readers import READERS, UNREAD, Note
from govtext.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.abc import Traversable

    from govtext.errors import GovtextError

TABLE = "corpus.csv"
SYSTEM = ("thumbs.db", "desktop.ini", "icon\r")
OUTPUTS = ("manifest.json", "ro-crate-metadata.json")  # what stands in every report of ours
FOUND = frozenset(("encoding", "sha256"))  # what only the file itself says


class Entry(NamedTuple):
    """A file of a corpus, or why there is none (条目).

    Attributes:
        path: the file or folder.
        metadata: what corpus.csv says of it.
        id: the id that corpus.csv gives it.
        failure: why it cannot be read.
        skipped: why it is not meant to be read, in Chinese and in English.
    """

    path: Path
    metadata: Metadata | None = None
    id: str | None = None
    failure: GovtextError | None = None
    skipped: tuple[str, str] | None = None


def expand(paths: Iterable[str | Path]) -> list[Entry]:
    """Return the files of paths: files, folders, patterns such as reports/*.txt, and tables of metadata (展开路径).

    Each file is there once, with its metadata if one naming of it has them.
    """
    entries: list[Entry] = []
    for path in dict.fromkeys(paths):
        entries.extend(_expand(path))
    entries.sort(key=lambda entry: (entry.metadata is None, entry.skipped is not None))
    return list({_absolute(entry.path): entry for entry in reversed(entries)}.values())[::-1]


def by_digest(root: Path, wanted: Mapping[str, str]) -> dict[str, Path]:
    """Return the files below a folder that have given digests, however they are called now (按摘要查找).

    `wanted` gives for each digest the id of its document: files called like it are looked at first, and all others only
    while one is missing.
    """
    out: dict[str, Path] = {}
    likely = [root / f"{name}{suffix}" for name in wanted.values() for suffix in sorted(READERS)]
    if not wanted:
        return out  # nothing below the folder is any matter
    entries = _walk(root, set(), tables=False) if _is_folder(root) else _expand(root)
    for path in chain(likely, (entry.path for entry in entries)):
        digest = file_digest(path) if path.suffix.lower() in READERS else None
        if digest and digest in wanted:
            out.setdefault(digest, path)
            if len(out) == len(wanted):
                break
    return out


def file_digest(path: Path) -> str | None:
    """Return the sha256 of a file that can be read; None for anything else (文件摘要)."""
    try:
        if not path.is_file():  # reading a pipe might never end
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):  # ValueError: no file can have such a name
        return None


def _absolute(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # links in a circle, or a name that no file can have
        return Path(os.path.abspath(path)) if "\0" not in str(path) else path  # noqa: PTH100 - follows no link


def _expand(given: str | Path) -> Iterator[Entry]:
    """Yield the files of one path."""
    path = Path(given)
    if _is_folder(path):
        yield from _walk(path, set())
    elif path.suffix.lower() == ".csv":
        yield from _listed(path)
    elif re.search(r"[*?[]", str(given)) and not os.path.lexists(path):
        found = sorted(glob(str(given), recursive=True))  # noqa: PTH207 - the pattern may begin anywhere
        matches = [match for one in found if not _is_folder(Path(one)) for match in _candidate(Path(one))]
        if not matches:
            error = ReadError("no file fits this pattern", where=given, remedy="check it, and quote it for the shell")
            yield Entry(path, failure=error)
        yield from matches
    else:
        yield Entry(path)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _walk(folder: Path, seen: set[tuple[int, int]], *, tables: bool = True) -> Iterator[Entry]:
    """Yield what a folder holds, in the order of names; a corpus.csv speaks for its folder and those below.

    Without `tables` it is not looked into: a broken one is no matter to who looks for a file by its digest.
    """
    try:
        status = folder.stat()
        entries = sorted(folder.iterdir())
    except OSError as error:
        what = f"the folder cannot be read ({error.strerror})"
        yield Entry(folder, failure=ReadError(what, where=folder, remedy="check your permissions"))
        return
    if (status.st_dev, status.st_ino) in seen:  # a link back to a folder that was read already
        return
    seen.add((status.st_dev, status.st_ino))
    if tables and folder / TABLE in entries:
        listed = list(_listed(folder / TABLE))
        yield from listed
        known = {_absolute(entry.path) for entry in listed}
        for entry in _below(entries, seen):
            if entry.failure or _absolute(entry.path) not in known:
                yield entry if entry.failure else entry._replace(skipped=entry.skipped or UNLISTED)
        return
    yield from _below(entries, seen, tables=tables)


UNLISTED = (f"未列入 {TABLE}", f"not listed in {TABLE}")


def _below(entries: Iterable[Path], seen: set[tuple[int, int]], *, tables: bool = True) -> Iterator[Entry]:
    for path in entries:
        if path.name == TABLE:
            continue
        if _is_folder(path):
            if path.name.startswith("."):
                yield Entry(path, skipped=("隐藏文件夹", "a hidden folder"))
            elif all((path / name).is_file() for name in OUTPUTS):
                yield Entry(path, skipped=("govtext 写出的报告", "a report that govtext wrote"))
            else:
                yield from _walk(path, seen, tables=tables)
        else:
            yield from _candidate(path)


def _candidate(path: Path) -> Iterator[Entry]:
    """Yield a file found in a folder; one that is no document is skipped, and said to be."""
    suffix = path.suffix.lower()
    if path.name.startswith((".", "~$")) or path.name.lower() in SYSTEM:
        yield Entry(path, skipped=("隐藏文件或临时文件", "a hidden or temporary file"))
    elif suffix not in READERS and suffix not in UNREAD:
        yield Entry(
            path, skipped=(f"不读取 {suffix or '无后缀'} 文件", f"files of type {suffix or '(none)'} are not read")
        )
    else:
        yield Entry(path)


def _listed(table: Path) -> Iterator[Entry]:
    """Yield the files that a table of metadata lists."""
    for row in read_table(table):
        yield Entry(_there(table.parent, row["path"]), metadata_of(row), row["id"])


def _there(folder: Path, name: str) -> Path:
    """Return the file that a table names; where the locale is none of UTF-8, the name on disk may still be UTF-8."""
    file = folder / name
    there = os.path.lexists(file)
    return file if there else folder / os.fsdecode(name.encode("utf-8", "surrogateescape"))


def read_table(file: Path | Traversable) -> list[dict[str, str]]:
    """Return the rows of a corpus.csv (读取元数据表).

    Raises:
        ReadError: it cannot be read, or a row has no id or path, or a year that is none.
    """
    try:
        text = decode(file.read_bytes(), where=file)[0].removeprefix("\ufeff")
        table = csv.DictReader(io.StringIO(text, newline=""))
        rows = [(table.line_num, row) for row in table]
    except (OSError, csv.Error) as error:
        raise ReadError(f"the table cannot be read ({error})", where=file, remedy="write it as UTF-8 CSV") from error
    for number, row in rows:
        if not row.get("path") or not row.get("id"):
            raise ReadError("a row needs `id` and `path`", where=f"{file}, line {number}", remedy="fill both columns")
        if row.get("year") and not re.fullmatch(r"\d{4}", row["year"]):
            raise ReadError(f"the year is {row['year']!r}", where=f"{file}, line {number}", remedy="write four digits")
    return [row for _, row in rows]


def metadata_of(row: dict[str, str]) -> Metadata:
    """Return the metadata of a row of corpus.csv (元数据)."""
    known: dict[str, Any] = {f.name: row.get(f.name) or None for f in fields(Metadata)}
    return Metadata(**known | {"year": int(row["year"]) if row.get("year") else None, "encoding": None})


# --- names ----------------------------------------------------------------------------------------------------------


def names(files: list[Path]) -> list[str]:
    """Return for each file its path below the common root."""
    if not files:
        return []
    absolute = [_absolute(file) for file in files]
    root = Path(*_common([file.parent.parts for file in absolute]))
    return [named(file.relative_to(root).as_posix()) for file in absolute]


def ids(found: list[str]) -> list[str]:
    """Return an id for each name: it without its suffix, which is kept where two would collide."""
    plain = [str(Path(name).with_suffix("").as_posix()) if Path(name).name else name for name in found]
    counts = Counter(plain)
    return [short if counts[short] == 1 else name for short, name in zip(plain, found, strict=True)]


def named(name: str) -> str:
    """Return a file name as text, the same in every locale: read as UTF-8, other bytes shown as escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _common(parts: list[tuple[str, ...]]) -> list[str]:
    out: list[str] = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        out.append(level[0])
    return out


class NamePattern:
    """A pattern that file names follow, such as {year}_{place}.txt (文件名模式).

    A field in braces is one of the metadata, {year} four digits; {} stands for anything. A pattern with / fits the path
    below the common root, another the name alone; without a suffix it fits files of any type.

    Raises:
        OptionError: a field is unknown or stands twice, or there is none.

    >>> NamePattern("{year}_{place}.txt").match("reports/2025_广西.txt")
    Metadata(title=None, doc_number=None, issuer=None, addressee=None, date=None, place='广西', year=2025, ...)
    """

    FIELDS = tuple(sorted({f.name for f in fields(Metadata)} - FOUND))

    def __init__(self, pattern: str) -> None:
        wrong = self.mistake(pattern)
        if wrong is not None:
            what = f"the pattern {pattern!r} has no field"
            if wrong:
                what = f"the field {{{wrong}}} of {pattern!r} is unknown or stands twice"
            raise OptionError(what, remedy=f"give each once, of {', '.join(self.FIELDS)}; {{}} is anything")
        self.pattern = pattern
        self._whole = "/" in pattern
        self._suffix = Path(pattern).suffix.lower() in READERS
        pieces = re.split(r"(\{\w*\})", pattern)
        self._regex = re.compile("".join(_regex_of(piece) for piece in pieces))

    @classmethod
    def mistake(cls, pattern: str) -> str | None:
        """Return the first field that is unknown or stands twice, an empty string if there is none at all (错误字段).

        None: the pattern is right.

        >>> NamePattern.mistake("{yeer}.txt"), NamePattern.mistake("a.txt"), NamePattern.mistake("{year}.txt")
        ('yeer', '', None)
        """
        asked = re.findall(r"\{(\w*)\}", pattern)
        wrong = (name for name in asked if name and (name not in cls.FIELDS or asked.count(name) > 1))
        return next(wrong, None if any(asked) else "")

    def match(self, name: str) -> Metadata | None:
        """Return the metadata that a file name gives; None if it does not fit."""
        path = Path(name)
        target = path if self._suffix else path.with_suffix("")
        found = self._regex.fullmatch(target.as_posix() if self._whole else target.name)
        if not found:
            return None
        known: dict[str, Any] = found.groupdict()
        return Metadata(**known | ({"year": int(known["year"])} if "year" in known else {}))


def _regex_of(piece: str) -> str:
    if not re.fullmatch(r"\{\w*\}", piece):
        return re.escape(piece)
    name = piece[1:-1]
    if not name:
        return "[^/]*?"
    return rf"(?P<{name}>\d{{4}})" if name == "year" else rf"(?P<{name}>[^/]+?)"


def completed(metadata: Metadata | None, name: str, pattern: NamePattern | None) -> Metadata | None:
    """Return the metadata of a file: what corpus.csv says, then what its name says."""
    found = pattern.match(name) if pattern else None
    if found is None or metadata is None:
        return metadata or found
    return replace(metadata, **{f.name: getattr(metadata, f.name) or getattr(found, f.name) for f in fields(found)})


def unfit(pattern: NamePattern, name: str) -> Note:
    """Say that a file name does not follow the pattern."""
    zh = f"文件名不合模式 {pattern.pattern}，元数据只取自文本"
    en = f"its name does not follow {pattern.pattern}; metadata come from its text alone"
    return Note("name", zh, en, name)
