"""A page that loads a script, style, font or picture from elsewhere fails the build (离线)."""

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

LOADED = re.compile(
    r"""<(?:script|img|iframe|link(?![^>]*rel=.(?:canonical|next|prev|index|search)))[^>]*?(?:src|href)=.(?:https?:)?//"""
    r"""[^"' >]+|(?:@import|url\()[^;)]*//[^;)]+"""
)


def remote(text: str) -> list[str]:
    """Return what a page or style sheet loads from other machines."""
    return LOADED.findall(text)


def _check(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        for path in sorted(Path(app.outdir).rglob("*")):
            if path.suffix in (".html", ".css"):
                for found in remote(path.read_text(encoding="utf-8")):
                    logging.getLogger(__name__).warning("%s loads from elsewhere: %s", path.name, found[:120])


def setup(app: Sphinx) -> dict[str, bool]:
    """Check when all pages are written."""
    app.connect("build-finished", _check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
