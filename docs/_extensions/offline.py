"""The build speaks to no other machine, and a page that loads anything from elsewhere fails it (离线)."""

import os
import re
import runpy
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

GUARD = Path(__file__).with_name("guard")
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
    """Guard this process and the kernels; check when all pages are written."""
    runpy.run_path(str(GUARD / "sitecustomize.py"))
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(GUARD), os.environ.get("PYTHONPATH"))))
    app.connect("build-finished", _check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
