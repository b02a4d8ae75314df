"""Docstrings are plain text with `code`: no star, bar or underscore in them is markup (文档字符串)."""

import re
from typing import Any

from sphinx.application import Sphinx

CODE = re.compile(r"(``.*?``|`[^`]*`)")
MARKUP = re.compile(r"(?<!\\)[*|]|(?<=\w)_(?!\w)")
STARRED = re.compile(r"\s*\*+\w+:")  # *paths: of the arguments, which napoleon knows


def _plain(_app: Sphinx, _what: str, _name: str, _object: Any, _options: Any, lines: list[str]) -> None:
    """Escape what reStructuredText would take for markup."""
    example = False
    for i, line in enumerate(lines):
        example = line.lstrip().startswith(">>>") or (example and bool(line.strip()))
        if not example and not STARRED.match(line):
            lines[i] = "".join(
                piece if n % 2 else MARKUP.sub(r"\\\g<0>", piece) for n, piece in enumerate(CODE.split(line))
            )


def _skip(_app: Sphinx, what: str, name: str, value: Any, skip: bool, _options: Any) -> bool | None:
    """Leave out the bare fields of a class, which its signature and docstring name, and what scikit-learn adds."""
    bare = what == "class" and not callable(value) and not isinstance(value, (property, classmethod, staticmethod))
    routed = name.startswith("set_") and name.endswith("_request")
    return True if (bare or routed) and not skip else None


def setup(app: Sphinx) -> dict[str, bool]:
    """Escape before napoleon reads the sections of a docstring."""
    app.connect("autodoc-process-docstring", _plain, priority=100)
    app.connect("autodoc-skip-member", _skip)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
