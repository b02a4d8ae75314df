"""A file to plain text, with the libraries that know its format (读取)."""

from __future__ import annotations

import hashlib
import importlib
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from govtext.errors import OptionError, ReadError
from govtext.readers.notes import Note, Reading
from govtext.text import decode

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["READERS", "UNREAD", "Note", "Source", "read_source"]


class Source(NamedTuple):
    """What was read from a file: text, the encoding found, the sha256 of its bytes, what was left out (来源)."""

    text: str
    encoding: str
    sha256: str
    notes: tuple[Note, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()  # what the file says of the document beside its text


LARGEST = 256 << 20  # bytes of a file
_SAVE = "open it in Word, WPS or LibreOffice and save it as .docx"
_COPY = "copy its text into a .txt file"
# Documents of types that are not read, and what to do about them.
UNREAD = dict.fromkeys(
    (".doc", ".wps", ".docm", ".dot", ".dotx", ".wpt", ".rtf", ".odt", ".uot"), _SAVE
) | dict.fromkeys((".ofd", ".caj", ".mht", ".mhtml", ".epub"), _COPY)
# What the first bytes say a file is, whatever its name.
SIGNATURES = (
    (b"\xd0\xcf\x11\xe0", "an old or a protected Office file", f"{_SAVE}, without a password"),
    (b"PK\x03\x04", "a zip archive or an Office file", "name it by its type, such as .docx"),
    (b"%PDF-", "a PDF file", "name it .pdf"),
    (b"{\\rtf", "a rich text file", _SAVE),
)


def read_source(path: str | Path, *, convert: str | None = None) -> Source:
    """Read a .txt, .md, .docx, .html or .pdf file (读取文件).

    Args:
        path: the file.
        convert: a conversion of OpenCC between traditional and simplified characters, such as t2s; the extra
            `govtext[opencc]` installs it. None leaves the characters as they are.

    Raises:
        ReadError: the file is missing, empty, unreadable, or in a format that govtext does not read.
        OptionError: the conversion is unknown, or OpenCC is not installed.
    """
    file = Path(path)
    reader = READERS.get(file.suffix.lower())
    data = _bytes(file, readable=reader is not None)
    if reader is None:
        raise ReadError(
            f"files of type {file.suffix or '(none)'} are not read",
            where=path,
            remedy=UNREAD.get(file.suffix.lower(), f"convert it to one of {' '.join(sorted(READERS))}"),
        )
    text, encoding, notes, fields = reader(data, file)
    if not text.strip():
        raise ReadError("the file holds no text", where=path, remedy="give a file with text")
    if convert:
        text, encoding = _converted(text, encoding, convert)
    return Source(text, encoding, hashlib.sha256(data).hexdigest(), notes, fields)


def _bytes(file: Path, *, readable: bool) -> bytes:
    """Return what a file holds, of one that cannot be read by its type only whether it is there."""
    try:
        status = file.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ReadError("this is a folder, not a file", where=file, remedy="name a file in it")
        if not stat.S_ISREG(status.st_mode):  # reading a pipe might never end
            raise ReadError("this is no regular file", where=file, remedy="copy what it gives into a file")
        if status.st_size > LARGEST:
            what = f"the file has {status.st_size >> 20} MB, more than {LARGEST >> 20}"
            raise ReadError(what, where=file, remedy="split it into documents")
        data = file.read_bytes() if readable or not status.st_size else b"?"
    except OSError as error:
        what = f"the file cannot be read ({error.strerror})"
        raise ReadError(what, where=file, remedy="check its name and your permissions") from error
    except ValueError as error:
        raise ReadError("no file can have this name", where=file, remedy="check its name") from error
    if not data.strip():
        raise ReadError("the file is empty", where=file, remedy="give a file with text")
    return data


def _read_text(data: bytes, path: Path) -> Reading:
    _check_signature(data, path)
    return Reading(*decode(data, where=path))


def _check_signature(data: bytes, path: Path) -> None:
    for signature, kind, remedy in SIGNATURES:
        if data.startswith(signature):
            raise ReadError(f"this is {kind} under a name that ends in {path.suffix}", where=path, remedy=remedy)


def _read_docx(data: bytes, path: Path) -> Reading:
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    from govtext.readers import archive, word

    if not data.startswith(b"PK\x03\x04"):
        _check_signature(data, path)
    malformed = (PackageNotFoundError, XMLSyntaxError, KeyError, ValueError, AttributeError, TypeError)
    try:
        archive.check(data, path)
        text, notes = word.read_document(data)
    except (*archive.DAMAGED, *malformed) as error:
        raise ReadError(
            "this is no intact Word file", where=path, remedy="open it in Word and save it again as .docx"
        ) from error
    return Reading(text, "docx", notes)


def _read_html(data: bytes, path: Path) -> Reading:
    from govtext.readers import page

    _check_signature(data, path)
    return page.read_page(data, path)


def _read_pdf(data: bytes, path: Path) -> Reading:
    from govtext.readers import pdf

    if b"%PDF-" not in data[:1024]:
        _check_signature(data, path)
    return pdf.read_pdf(data, path)


def _converted(text: str, encoding: str, name: str) -> tuple[str, str]:
    """Convert characters with OpenCC; the encoding says so."""
    try:
        opencc = importlib.import_module("opencc")
    except ModuleNotFoundError as error:
        remedy = "install it with: pip install 'govtext[opencc]'"
        raise OptionError(f"the conversion {name} needs OpenCC, which is not installed", remedy=remedy) from error
    if name not in CONVERSIONS:
        raise OptionError(f"there is no conversion {name!r}", remedy=f"give one of {' '.join(CONVERSIONS)}")
    return opencc.OpenCC(name).convert(text), f"{encoding}, OpenCC {opencc.__version__} {name}"


CONVERSIONS = ("t2s", "tw2s", "tw2sp", "hk2s", "s2t", "s2tw", "s2twp", "s2hk", "t2tw", "t2hk")
READERS: dict[str, Callable[[bytes, Path], Reading]] = {
    ".txt": _read_text,
    ".text": _read_text,
    ".md": _read_text,
    ".docx": _read_docx,
    ".html": _read_html,
    ".htm": _read_html,
    ".shtml": _read_html,
    ".xhtml": _read_html,
    ".pdf": _read_pdf,
}
