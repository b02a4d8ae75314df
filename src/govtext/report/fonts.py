"""The Chinese font of a report: its digest, and the part of it that a page needs (字体)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from govtext import plots, provenance
from govtext.study import Together

if TYPE_CHECKING:
    from govtext.study import Cache


@lru_cache(maxsize=1)
def font_digest() -> str:
    """Return the digest of the font, on which the bytes of pictures and pages depend (字体摘要)."""
    return provenance.digest(plots.chinese_font().read_bytes())


def page_font(characters: str, cache: Cache | None) -> bytes:
    """Return the font reduced to some characters, given in order, as WOFF (网页字体)."""
    found = Together((), cache).files(
        "font", lambda: {"woff": plots.web_font(characters)}, characters=characters, font=font_digest()
    )
    return found["woff"]
