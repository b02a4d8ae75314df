"""Limits on files that are zip archives, so that a small file cannot fill the memory (压缩包的限制).

All of them are sizes and counts: they bound the time as well, and refuse the same file on every machine.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from govtext.errors import ReadError

if TYPE_CHECKING:
    from pathlib import Path

MEMBERS = 10_000
SIZE = 512 << 20  # bytes of all members, unpacked
RATIO, FREE = 100, 4 << 20  # an archive above this size may not unpack to more than so many times its own
XML_SIZE = 64 << 20  # bytes of one member that is XML
TAGS = 1_000_000  # in one member: a report has half a tag a character
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


def check(data: bytes, path: Path) -> None:
    """Make sure that an archive is intact and unpacks to a reasonable size (检查压缩包).

    Raises:
        ReadError: it is damaged, encrypted, or too large once unpacked.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        size = sum(member.file_size for member in members)
        if len(members) > MEMBERS:
            raise _refused(f"it holds {len(members)} parts", path)
        if size > SIZE or size > max(FREE, RATIO * len(data)):
            raise _refused(f"it unpacks to {size >> 20} MB, {size // max(1, len(data))} times its size", path)
        for member in members:
            if _is_xml(archive, member):
                _check_xml(archive, member, path)


def _is_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Tell whether a member is XML by how it begins: what it is called does not decide how it is read."""
    with archive.open(member) as part:
        return bool(_XML.match(part.read(64)))


# A byte order mark and blanks may stand before it; in UTF-16 every other byte is zero.
_XML = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\0\t\n\r ]*<")
# Office files are UTF-8 or UTF-16 (ECMA-376 part 2); in another encoding < may be written so that it is not counted.
_ENCODING = re.compile(
    rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"'](?!utf-?8[\"']|utf-?16[\"']|us-ascii[\"'])", re.IGNORECASE
)


def _check_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> None:
    if member.file_size > XML_SIZE:
        raise _refused(f"its part {member.filename} unpacks to {member.file_size >> 20} MB", path)
    text = archive.read(member).replace(b"\0", b"")
    if _ENCODING.search(text, 0, 200):
        raise _refused(f"its part {member.filename} is neither UTF-8 nor UTF-16", path)
    if b"<!DOCTYPE" in text:  # Word writes none; it is there to declare entities
        raise _refused(f"its part {member.filename} declares a document type", path)
    if text.count(b"<") > TAGS:
        raise _refused(f"its part {member.filename} has {text.count(b'<')} tags", path)


def _refused(what: str, path: Path) -> ReadError:
    remedy = "if you trust it, open it in Word and save its text as .txt"
    return ReadError(f"this is no ordinary document: {what}", where=path, remedy=remedy)
