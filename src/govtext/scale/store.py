"""Where partial results are kept: files that are whole or absent, in a folder or at any fsspec address (存放)."""

from __future__ import annotations

import importlib
import json
import re
import uuid
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from govtext.errors import OptionError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Arrays = Mapping[str, NDArray[Any]]

HEAD = 8  # bytes that say how long the description at the start of a file is
PART = ".part"
OURS = re.compile("(job|cut|counts|fixed|counted|pairs|phrases|frequency|keywords)-[0-9a-z-]+")


@dataclass(frozen=True)
class Store:
    """A place for files that appear as a whole or not at all (存放处).

    Attributes:
        address: a folder, or an address that fsspec knows, such as s3://bucket/folder or memory://folder.

    Raises:
        OptionError: fsspec does not know the address, or what it needs for it is not installed.
        OutputError: a file cannot be read or written.
    """

    address: str

    @cached_property
    def _files(self) -> Any:
        """The file system of fsspec; None for a folder, which needs none."""
        if "://" not in self.address:
            return None
        try:
            return importlib.import_module("fsspec").core.url_to_fs(self.address)[0]
        except (ImportError, ValueError) as error:
            remedy = "install govtext[cluster] and what fsspec needs for the address, or name a folder"
            raise OptionError(f"the address cannot be used ({error})", where=self.address, remedy=remedy) from error

    def _path(self, name: str) -> str:
        return f"{self.address.rstrip('/')}/{name}" if name else self.address

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn what a file system refuses into one error that names the place."""
        try:
            yield
        except OSError as error:
            what = f"the partial results cannot be kept ({error.strerror or error})"
            remedy = "check space and rights, or name another place; the same command goes on where it was"
            raise OutputError(what, where=self.address, remedy=remedy) from error

    def put(self, name: str, data: bytes) -> None:
        """Write a file; what another worker has written meanwhile is the same (写)."""
        unfinished = f"{name}.{uuid.uuid4().hex}{PART}"
        with self._telling():
            if self._files:
                self._files.makedirs(self._path(""), exist_ok=True)
                self._files.pipe_file(self._path(unfinished), data)
                self._files.mv(self._path(unfinished), self._path(name))
                return
            Path(self.address).mkdir(parents=True, exist_ok=True)
            Path(self._path(unfinished)).write_bytes(data)
            Path(self._path(unfinished)).replace(self._path(name))

    def get(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        """Read a file, or the bytes of it from `start` to `end` (读)."""
        with self._telling():
            if self._files:
                return bytes(self._files.cat_file(self._path(name), start=start, end=end))
            with Path(self._path(name)).open("rb") as file:
                file.seek(start)
                return file.read(-1 if end is None else max(0, end - start))

    def names(self) -> set[str]:
        """Return the names of the files that are there as a whole (清单)."""
        with self._telling():
            return {name for name in self._all() if not name.endswith(PART)}

    def _all(self) -> set[str]:
        if not self._files:
            folder = Path(self.address)
            return {path.name for path in folder.iterdir()} if folder.is_dir() else set()
        self._files.invalidate_cache()
        there = self._files.ls(self._path(""), detail=False) if self._files.exists(self._path("")) else []
        return {str(path).rstrip("/").rpartition("/")[2] for path in there}

    def clear(self) -> None:
        """Delete our files, and the place if nothing else is in it (清空)."""
        with self._telling():
            if self._files:
                ours = [self._path(name) for name in self._all() if OURS.match(name)]
                if ours:
                    self._files.rm(ours)
                return
            folder = Path(self.address)
            for name in self._all():
                if OURS.match(name):
                    (folder / name).unlink(missing_ok=True)
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


# --- arrays and plain values in one file ----------------------------------------------------------------------------


def pack(plain: object, arrays: Arrays) -> bytes:
    """Return plain values and arrays as the bytes of a file: nothing in it is code (打包)."""
    rows, parts, at = [], [], 0
    for name, array in arrays.items():
        data = np.ascontiguousarray(array)
        rows.append([name, data.dtype.str, list(data.shape), at])
        parts.append(data.tobytes())
        at += len(parts[-1])
    head = json.dumps([plain, rows], ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return len(head).to_bytes(HEAD, "little") + head + b"".join(parts)


class Packed(NamedTuple):
    """A file that `pack` has made, of which arrays are read when they are asked for (包)."""

    store: Store
    name: str
    plain: Any
    rows: dict[str, tuple[str, list[int], int]]
    body: int

    @classmethod
    def of(cls, store: Store, name: str) -> Packed:
        """Read the description of a file (打开)."""
        size = int.from_bytes(store.get(name, 0, HEAD), "little")
        plain, rows = json.loads(store.get(name, HEAD, HEAD + size).decode("utf-8", "surrogatepass"))
        return cls(store, name, plain, {key: (kind, shape, at) for key, kind, shape, at in rows}, HEAD + size)

    def array(self, key: str, start: int = 0, end: int | None = None) -> NDArray[Any]:
        """Return an array, or its rows from `start` to `end` (数组)."""
        kind, shape, at = self.rows[key]
        dtype = np.dtype(kind)
        width = dtype.itemsize * int(np.prod(shape[1:], dtype=np.int64))
        end = shape[0] if end is None else end
        data = self.store.get(self.name, self.body + at + start * width, self.body + at + end * width)
        return np.frombuffer(data, dtype).reshape(-1, *shape[1:])


def shrunk(values: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers from zero on in the smallest type that holds them, others as they are (压缩类型)."""
    if values.dtype.kind == "f":
        return values
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))
