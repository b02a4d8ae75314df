"""The tables of units and words; read on first use (单位表与用词表)."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def _rows(name: str) -> Iterator[list[str]]:
    text = (resources.files("govtext") / "data" / name).read_text(encoding="utf-8")
    rows = [row.split("\t") for row in text.splitlines() if row and not row.startswith("#")]
    yield from rows[1:]


@lru_cache(maxsize=1)
def roles() -> Mapping[str, tuple[str, ...]]:
    """Return the words of every role (用词)."""
    return {role: tuple(cell.split("|")) for role, cell in _rows("indicator-words.tsv")}


@lru_cache(maxsize=1)
def units() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Return every unit with its kind and the words that it must not go on to (单位).

    >>> units()["倍"]
    ('change', ('数', '增'))
    """
    out = {}
    for kind, cell, unless in _rows("units.tsv"):
        for unit in cell.split("|"):
            out[unit] = (kind, tuple(filter(None, unless.split("|"))))
    return out


def any_of(*names: str) -> str:
    """Return a pattern of any of the words of these roles, the longest first.

    >>> any_of("about_after")
    '(?:上下|左右|来)'
    """
    return _alternatives(word for name in names for word in roles()[name])


def _alternatives(found: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, sorted(set(found), key=lambda word: (-len(word), word))))})"


# What a unit may be given for: 元/月, 微克/立方米.
PER = re.compile(
    "/(?:人·月|人·年|人次|人|平方公里|平方米|立方米|公里|千瓦时|公斤|千克|小时|分钟|个|日|天|月|年|秒|吨|升|亩|户|斤|度|例|件|辆|台|箱|次)"
)

# A second classifier in brackets is part of the unit: 台（套）, 套（间）.
OTHER = re.compile("[（(][套间户台件辆次个条只头家处][)）]")
_BRACKETS = frozenset("（(")


def unit_at(text: str, at: int) -> tuple[str, str, int] | None:
    """Return the longest unit that begins at a place, its kind and where it ends.

    >>> unit_at("3个百分点", 1), unit_at("27.4微克/立方米", 4), unit_at("100家庭", 3)
    (('百分点', 'change', 5), ('微克/立方米', 'measure', 10), None)
    """
    for unit, kind, unless, latin in _by_first().get(text[at : at + 1], ()):
        if not text.startswith(unit, at):
            continue
        end = at + len(unit)
        following = text[end : end + 1]
        if (unless and text.startswith(unless, end)) or (latin and following.isascii() and following.isalpha()):
            continue
        if unit == "个" and (inner := unit_at(text, end)) and inner[1] in ("duration", "change"):
            return inner
        if following == "/" and (per := PER.match(text, end)):
            return unit + per[0], kind, per.end()
        if following in _BRACKETS and kind == "count" and (other := OTHER.match(text, end)):
            return unit + other[0], kind, other.end()
        return "%" if unit == "％" else unit, kind, end
    return None


@lru_cache(maxsize=1)
def _by_first() -> Mapping[str, list[tuple[str, str, tuple[str, ...], bool]]]:
    """Return the units by their first character, the longest first, with whether letters must not follow."""
    table: dict[str, list[tuple[str, str, tuple[str, ...], bool]]] = {}
    for unit, (kind, unless) in sorted(units().items(), key=lambda item: (-len(item[0]), item[0])):
        table.setdefault(unit[0], []).append((unit, kind, unless, unit.isascii() and unit.isalpha()))
    return table
