"""Messages in Chinese: they are English where they arise (信息的中文).

The catalogue `data/messages-zh.tsv` holds one row a template as the call sites spell it: `the year is {0}`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from string import Formatter

CATALOGUE = "messages-zh.tsv"
LONGEST = 2000  # characters of a message that is translated; what is longer quotes a broken input


def translated(message: str) -> str:
    """Return a message in Chinese; one that the catalogue lacks stays as it is (译文).

    What stands in the places of a template may be a message itself.

    >>> translated("the year is '25'")
    "年份写作 '25'"
    """
    whole, templates = _catalogue()
    if message in whole or len(message) > LONGEST:
        return whole.get(message, message)
    for template, chinese in templates:
        if found := template.fullmatch(message):
            return chinese.format(*map(translated, found.groups()))
    return message


@lru_cache(maxsize=1)
def _catalogue() -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """Return the messages without places, and the templates, those that say most themselves first."""
    whole: dict[str, str] = {}
    templates = []
    for english, chinese in messages().items():
        pieces = list(Formatter().parse(english))
        if all(place is None for _, place, _, _ in pieces):
            whole[english.format()] = chinese.format()
            continue
        pattern = "".join(re.escape(said) + ("" if place is None else "(.*?)") for said, place, _, _ in pieces)
        templates.append((-sum(len(said) for said, *_ in pieces), re.compile(pattern, re.DOTALL), chinese))
    return whole, [(pattern, chinese) for _, pattern, chinese in sorted(templates, key=lambda row: row[0])]


def messages() -> dict[str, str]:
    """Return the catalogue: English templates, with their places numbered, and what they are in Chinese (译文表)."""
    text = (resources.files("govtext") / "data" / CATALOGUE).read_text(encoding="utf-8")
    return dict(line.split("\t") for line in text.splitlines()[1:])
