"""The output folder of a report: ours or refused, locked, replaced as a whole (输出文件夹)."""

from __future__ import annotations

import errno
import json
import os
import shutil
import socket
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from govtext import provenance
from govtext.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import DirEntry

FOLDERS = ("figures", "tables")
IGNORED = (".DS_Store", "Thumbs.db", "desktop.ini")  # what file managers leave behind


def check_folder(folder: str | Path) -> None:
    """Make sure that a folder is new, empty, or holds nothing but the outputs of an earlier run (检查输出文件夹).

    Raises:
        OutputError: it is a file, or holds something else.
    """
    with _writing(folder):
        place = _resolved(folder)
        if not place.exists():
            return
        if not place.is_dir():
            raise OutputError("this is a file", where=folder, remedy="name a folder")
        foreign = next(unlisted(place), None)
    if foreign is not None:
        remedy = "name a new folder, or move what is not from govtext out of it"
        raise OutputError(f"the folder holds {foreign}, which is no output of govtext", where=folder, remedy=remedy)


def unlisted(folder: Path) -> Iterator[str]:
    """Yield what a folder holds beyond the outputs that its manifest lists (清单之外的文件).

    Only the folder itself and our own folders in it are looked into, however large what it holds besides.
    """
    begun = hidden(folder, "")
    # A run that was killed while it moved files has left a part here, and the manifest in one of its own folders.
    left = [place / hidden(folder, purpose) for place in (folder, folder.parent) for purpose in ("new", "old")]
    ours = frozenset().union(*map(_outputs, (folder, *left)))
    for entry in _entries(folder):
        if entry.name in FOLDERS and entry.is_dir(follow_symlinks=False):
            inner = (f"{entry.name}/{inside.name}" for inside in _entries(Path(entry.path)))
            yield from (name for name in inner if name not in ours and PurePath(name).name not in IGNORED)
        elif entry.name not in ours and entry.name not in IGNORED and not entry.name.startswith(begun):
            yield entry.name


def _entries(folder: Path) -> list[DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _outputs(folder: Path) -> frozenset[str]:
    """Return what the manifest of a folder lists, itself among it; nothing where there is none of ours."""
    try:
        outputs = json.loads((folder / provenance.NAME).read_bytes())["result"]["outputs"]
        return frozenset([*outputs.keys(), provenance.NAME, provenance.CRATE])
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return frozenset()


def hidden(folder: Path, purpose: str) -> str:
    """Return the name of what a run keeps beside its folder for a purpose (隐藏名称)."""
    return f".{folder.name}.govtext-{purpose}"


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Give a folder to write into, and put what was written in place at the end; on an error nothing has changed."""
    with _writing(folder):
        folder = _resolved(folder)
        check_folder(folder)
        beside = beside_of(folder)
        with _locked(beside / hidden(folder, "lock"), folder), ExitStack() as tidy:
            check_folder(folder)  # again: another run may have ended in between
            stage, old = (beside / hidden(folder, purpose) for purpose in ("new", "old"))
            _undo(folder, stage, old)
            for path in (stage, old):
                shutil.rmtree(path, ignore_errors=True)  # left by a run that was killed
                tidy.callback(shutil.rmtree, path, ignore_errors=True)
                path.mkdir()
            try:
                yield stage
            except OutputError as error:  # of a file in the stage, which nobody knows of
                raise error.__cause__ if isinstance(error.__cause__, OSError) else error from None
            _swap(folder, stage, old)


def _resolved(folder: str | Path) -> Path:
    try:
        return Path(folder).resolve()
    except RuntimeError as error:  # Python before 3.13 on links in a circle
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from error


@contextmanager
def _writing(folder: str | Path) -> Iterator[None]:
    """Turn what the file system refuses into one error that names the folder."""
    try:
        yield
    except OSError as error:
        what = f"the results cannot be written ({error.strerror or error})"
        raise OutputError(what, where=folder, remedy="check space and rights, or name another folder") from error


def beside_of(folder: Path) -> Path:
    """Return where lock and unfinished outputs stand: beside the folder, or in it if it is a file system (旁置位置)."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not folder.is_dir():
        return folder.parent
    apart = folder.stat().st_dev != folder.parent.stat().st_dev or not os.access(folder.parent, os.W_OK)
    return folder if apart else folder.parent


def _swap(folder: Path, stage: Path, old: Path) -> None:
    """Move the old outputs out and the new ones in; the folder itself stays. An error undoes every move.

    The manifest goes first and comes last, so that a folder with a manifest is whole whenever a run is killed.
    """
    folder.mkdir(exist_ok=True)
    mine = _tops(folder) | set(FOLDERS)
    leaving = sorted((p for p in folder.iterdir() if p.name in mine), key=lambda p: (p.name != provenance.NAME, p.name))
    coming = sorted(stage.iterdir(), key=lambda p: (p.name == provenance.NAME, p.name))
    with ExitStack() as undo:
        for path, target in (*((p, old / p.name) for p in leaving), *((p, folder / p.name) for p in coming)):
            path.rename(target)
            undo.callback(target.rename, path)
        undo.pop_all()


def _tops(folder: Path) -> set[str]:
    """Return the outputs that a manifest lists, and the folders among them."""
    return {name.split("/")[0] for name in _outputs(folder)}


def _undo(folder: Path, stage: Path, old: Path) -> None:
    """Put a folder back as it was before a run that was killed while it moved files."""
    cut_short = (stage / provenance.NAME).exists() and folder.is_dir() and not (folder / provenance.NAME).exists()
    if not cut_short:
        return
    for name in sorted(_tops(stage)):
        if not (stage / name).exists() and (folder / name).exists():
            (folder / name).rename(stage / name)
    for path in sorted(old.iterdir(), key=lambda p: (p.name == provenance.NAME, p.name)):
        path.rename(folder / path.name)


@contextmanager
def _locked(lock: Path, folder: Path) -> Iterator[None]:
    """Hold a lock file; one that a dead process of this host left is taken over."""
    mine = f"{os.getpid()} {socket.gethostname()} {_begun(os.getpid())}".strip()
    if _is_stale(lock):
        _take_away(lock)
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError as error:
        remedy = f"wait for it, or delete {lock} if there is none"
        raise OutputError("another run is writing here", where=folder, remedy=remedy) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(mine)
        yield
    finally:
        lock.unlink(missing_ok=True)


def _take_away(lock: Path) -> None:
    """Remove a stale lock, but not the fresh one that another run may have put in its place just now."""
    aside = lock.with_name(f"{lock.name}-{os.getpid()}")
    with suppress(FileNotFoundError):
        lock.rename(aside)
        if _is_stale(aside):
            aside.unlink()
        else:
            aside.rename(lock)


def _is_stale(lock: Path) -> bool:
    """Tell whether a lock is of a process of this host that does not run any more."""
    try:
        pid, host, *begun = lock.read_text(encoding="utf-8").split()
        if host != socket.gethostname() or os.name != "posix":  # elsewhere signal 0 would end the process
            return False
        os.kill(int(pid), 0)
        # In a container that was started again, another process has the same number.
        return bool(begun) and begun != [_begun(int(pid))]
    except ProcessLookupError:
        return True
    except (OSError, ValueError, OverflowError):
        return False


def _begun(pid: int) -> str:
    """Return when a process began, in the kernel's ticks; an empty string where the system does not tell."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
