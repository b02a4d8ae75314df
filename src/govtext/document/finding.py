"""A finding: what a check of a document says, and where (问题)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govtext.text import Span


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a document: a code, what it says in Chinese and in English, and where (问题)."""

    code: str
    message: str
    message_en: str
    span: Span
