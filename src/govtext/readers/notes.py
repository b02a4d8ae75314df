"""What a reader has to say about a file that it has read (读取说明)."""

from __future__ import annotations

from typing import NamedTuple


class Note(NamedTuple):
    """Something that a user should know about a file that was read, or not read: no error (读取说明).

    Attributes:
        code: what kind of thing, such as deleted, pictures, duplicate, skipped.
        message: what it is, in Chinese.
        message_en: the same in English.
        file: the path of the file below the common root of its corpus, empty for a file read alone.
    """

    code: str
    message: str
    message_en: str
    file: str = ""


class Reading(NamedTuple):
    """What a reader makes of the bytes of a file (读出的内容).

    Attributes:
        text: the document.
        encoding: how it was written: an encoding, or the format.
        notes: what was left out or moved.
        fields: what the file says of the document beside its text, by the names of `Metadata`.
    """

    text: str
    encoding: str
    notes: tuple[Note, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
