"""The cache: what was found in a document, kept in files that are whole or not believed (缓存).

A file is named by the digest of everything that its content depends on: the input, the options that matter to it, the
code and data of govtext, the releases of the libraries. It begins with this name and the digest of the rest. Nothing in
it is code: arrays as npz without pickle, all else as JSON.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import re
import time
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from govtext import provenance
from govtext.errors import OutputError
from govtext.readers import Note
from govtext.study.mistakes import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    Arrays = Mapping[str, NDArray[Any]]

T = TypeVar("T")
VARIABLE = "GOVTEXT_CACHE"
MAGIC = b"govtext cache 1 "
LIMIT = 1 << 30
OURS = re.compile(r"[0-9a-f]{62}\.[a-z]+")
UNFINISHED = re.compile(r"\.[0-9a-f]{62}\.\w+\.part")
STALE = 3600  # seconds after which an unfinished file is of a run that was killed
TRIES = 8  # a folder that is taken away under one's hands is made anew so many times
TAG = "CACHEDIR.TAG"  # by which programs that make backups know a cache
SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55\n# What govtext has found in documents; it can be deleted.\n"
DAMAGED = (ValueError, TypeError, LookupError, EOFError, ArithmeticError, zlib.error, zipfile.BadZipFile)


def place() -> Path:
    """Return where the cache is: what GOVTEXT_CACHE says, else the platform's folder for caches (缓存位置)."""
    import platformdirs

    given = os.environ.get(VARIABLE)
    return Path(given) if given else platformdirs.user_cache_path("govtext", appauthor=False)


def software() -> str:
    """Return a digest of the code and data of govtext and of the releases of all libraries that matter (软件摘要)."""
    facts = [provenance.install()["sha256"], platform.python_version(), provenance.versions()]
    return provenance.digest(json.dumps(facts, sort_keys=True).encode())


@dataclass
class Tally:
    """What happened with the cache in one process (计数)."""

    found: int = 0
    kept: int = 0
    damaged: int = 0
    written: int = 0  # bytes since the size was looked at
    trouble: Reason | None = None  # why the folder cannot be used; nothing more is tried then

    def add(self, other: Tally) -> None:
        """Count what happened in another process, too."""
        self.found += other.found
        self.kept += other.kept
        self.damaged += other.damaged
        self.trouble = self.trouble or other.trouble


@dataclass(frozen=True)
class Cache:
    """A folder of results that are found again by what they depend on (缓存).

    Attributes:
        folder: where the files are; it is made when the first one is written.
        limit: how many bytes they may have together; those not used for longest go first.
        reads: whether what is there is used; False computes and writes everything again.
        software: a digest of what the results were made with.
        tally: what has happened so far.
    """

    folder: Path = field(default_factory=place)
    limit: int = LIMIT
    reads: bool = True
    software: str = field(default_factory=software, repr=False)
    tally: Tally = field(default_factory=Tally, compare=False, repr=False)

    def apart(self) -> Cache:
        """Return the cache for another process, which counts for itself (另一进程)."""
        return replace(self, tally=Tally())

    def recall(self, kind: str, key: Mapping[str, object], decode: Callable[[Any, Arrays], T]) -> T | None:
        """Return what is kept under a key, None where there is nothing or it is damaged (取回)."""
        if not self.reads:
            return None
        path = self._path(kind, key)
        try:
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            self.tally.trouble = self.tally.trouble or Reason.of(error)
            return None
        with suppress(OSError):  # deleted meanwhile, or a folder that can only be read
            os.utime(path)  # what is used last stays longest
        try:
            value = decode(*_unpacked(path.name, data))
        except DAMAGED:
            self.tally.damaged += 1
            return None
        self.tally.found += 1
        return value

    def keep(self, kind: str, key: Mapping[str, object], plain: object, arrays: Arrays | None = None) -> None:
        """Write a result; one that cannot be written is noted in the tally, and nothing more is tried (保存)."""
        path = self._path(kind, key)
        data = _packed(path.name, plain, arrays or {})
        if self.tally.trouble or len(data) > self.limit:
            return
        try:
            self._write(path, data)
        except OSError as error:
            self.tally.trouble = Reason.of(error)
            return
        self.tally.kept += 1
        self.tally.written += len(data)
        if self.tally.written > self.limit // 8:
            self.trim()

    def _write(self, path: Path, data: bytes) -> None:
        for tries_left in range(TRIES, -1, -1):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                if not (tag := self.folder / TAG).exists():
                    tag.write_bytes(SIGNATURE)
                _put(path, data)
                return
            except (FileNotFoundError, FileExistsError):  # another process clears the cache at this moment
                if not tries_left:
                    raise

    def trim(self) -> None:
        """Delete what was not used for longest, until the limit is kept, and what killed runs have left (清理)."""
        self.tally.written = 0
        files, total = [], 0
        for path in self._files(UNFINISHED):
            status = _status(path)
            if status and time.time() - status.st_mtime > STALE:
                _delete(path)
        for path in self._files(OURS):
            if status := _status(path):
                files.append((status.st_mtime_ns, path.name, path, status.st_size))
                total += status.st_size
        for _, _, path, size in sorted(files) if total > self.limit else ():
            _delete(path)
            total -= size
            if total <= self.limit - self.limit // 8:
                break

    def size(self) -> tuple[int, int]:
        """Return how many files there are, and their bytes (大小)."""
        sizes = [status.st_size for path in self._files(OURS) if (status := _status(path))]
        return len(sizes), sum(sizes)

    def clear(self) -> int:
        """Delete every file of the cache, and nothing else; return how many there were (清空).

        Raises:
            OutputError: one cannot be deleted.
        """
        count = 0
        try:
            for path in (*self._files(OURS), *self._files(UNFINISHED)):
                path.unlink(missing_ok=True)
                count += 1
            (self.folder / TAG).unlink(missing_ok=True)
        except OSError as error:
            what = f"the cache cannot be cleared ({error.strerror})"
            raise OutputError(what, where=self.folder, remedy="check your permissions") from error
        for folder in (*self._folders(), self.folder):
            with suppress(OSError):  # something else is in it, or it is gone
                folder.rmdir()
        return count

    def notes(self) -> tuple[Note, ...]:
        """Return what a person should know of how the cache fared (提示)."""
        out, where = [], str(self.folder)
        if self.tally.damaged:
            zh = f"缓存中有{self.tally.damaged}个文件损坏，已重算"
            out.append(Note("cache", zh, f"{self.tally.damaged} damaged file(s) in the cache; computed again", where))
        if self.tally.trouble:
            zh, en = "缓存无法使用（{}），结果未保存", "the cache cannot be used ({}), results are not kept"
            out.append(Note("cache", zh.format(self.tally.trouble.zh), en.format(self.tally.trouble.en), where))
        return tuple(out)

    def _path(self, kind: str, key: Mapping[str, object]) -> Path:
        name = provenance.digest(json.dumps([kind, key, self.software], sort_keys=True).encode())
        return self.folder / name[:2] / f"{name[2:]}.{kind}"

    def _folders(self) -> list[Path]:
        try:
            return sorted(one for one in self.folder.iterdir() if re.fullmatch("[0-9a-f]{2}", one.name))
        except OSError:
            return []

    def _files(self, pattern: re.Pattern[str]) -> Iterator[Path]:
        for folder in self._folders():
            try:
                names = sorted(os.listdir(folder))  # noqa: PTH208 - names alone are asked for
            except OSError:
                continue
            yield from (folder / name for name in names if pattern.fullmatch(name))


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:  # another run has deleted it
        return None


def _delete(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _put(path: Path, data: bytes) -> None:
    """Write a file that is there as a whole or not at all."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.stem}.", suffix=".part", delete=False) as file:
        unfinished = Path(file.name)
        try:
            file.write(data)
            file.close()
            unfinished.replace(path)
        except BaseException:
            _delete(unfinished)
            raise


def _packed(name: str, plain: object, arrays: Arrays) -> bytes:
    """Return the bytes of a file: its own name, the digest of the rest, the rest."""
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    out = io.BytesIO()
    np.savez(out, allow_pickle=False, plain=np.frombuffer(text, np.uint8), **arrays)
    body = zlib.compress(out.getvalue(), 1)
    return MAGIC + f"{name} {hashlib.sha256(body).hexdigest()}\n".encode() + body


def _unpacked(name: str, data: bytes) -> tuple[Any, Arrays]:
    """Return what a file holds.

    Raises:
        ValueError: it is not what was written under this name.
    """
    head, _, body = data.partition(b"\n")
    if head != MAGIC + f"{name} {hashlib.sha256(body).hexdigest()}".encode():
        raise ValueError(name)
    with np.load(io.BytesIO(zlib.decompress(body)), allow_pickle=False) as file:
        arrays = {key: file[key] for key in file.files}
    return json.loads(arrays.pop("plain").tobytes().decode("utf-8", "surrogatepass")), arrays
