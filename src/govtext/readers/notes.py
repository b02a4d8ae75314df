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
