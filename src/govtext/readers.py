"""A file to plain text, with the libraries that know its format (读取)."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from govtext.errors import ReadError
from govtext.text import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docx.table import Table
    from docx.text.paragraph import Paragraph


class Source(NamedTuple):
    """What was read from a file: its text, the encoding found and the sha256 of its bytes (来源)."""

    text: str
    encoding: str
    sha256: str


def read_source(path: str | Path) -> Source:
    """Read a .txt, .md or .docx file (读取文件).

    Raises:
        ReadError: the file is missing, empty, unreadable, or in a format that govtext does not read.
    """
    file = Path(path)
    try:
        data = file.read_bytes()
    except IsADirectoryError as error:
        raise ReadError("this is a folder, not a file", where=path, remedy="name a file in it") from error
    except OSError as error:
        raise ReadError(
            f"the file cannot be read ({error.strerror})", where=path, remedy="check its name and your permissions"
        ) from error
    if not data.strip():
        raise ReadError("the file is empty", where=path, remedy="give a file with text")
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        raise ReadError(
            f"files of type {file.suffix or '(none)'} are not read",
            where=path,
            remedy=f"convert it to one of {' '.join(sorted(READERS))}",
        )
    text, encoding = reader(data, file)
    if not text.strip():
        raise ReadError("the file holds no text", where=path, remedy="give a file with text")
    return Source(text, encoding, hashlib.sha256(data).hexdigest())


def _read_text(data: bytes, path: Path) -> tuple[str, str]:
    return decode(data, where=path)


def _read_docx(data: bytes, path: Path) -> tuple[str, str]:
    import io

    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    try:
        document = docx.Document(io.BytesIO(data))
        blocks = list(_docx_lines(document.iter_inner_content()))
    except (
        PackageNotFoundError,
        zipfile.BadZipFile,
        XMLSyntaxError,
        KeyError,
        ValueError,
        EOFError,
        AttributeError,
        TypeError,
    ) as error:
        raise ReadError(
            "this is no intact Word file", where=path, remedy="open it in Word and save it again as .docx"
        ) from error
    return "\n".join(blocks), "docx"


def _docx_lines(blocks: Iterator[Paragraph | Table]) -> Iterator[str]:
    """Yield paragraphs and table rows in their order; the cells of a row are parted by tabs."""
    from docx.table import Table

    for block in blocks:
        if isinstance(block, Table):
            for row in block.rows:
                yield "\t".join(" ".join(cell.text.split()) for cell in row.cells)
        else:
            yield block.text


READERS: dict[str, Callable[[bytes, Path], tuple[str, str]]] = {
    ".txt": _read_text,
    ".text": _read_text,
    ".md": _read_text,
    ".docx": _read_docx,
}
