"""One result as one row (行)."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from govtext.tables.cells import Row

Columns = dict[str, list[object]]


def row_of(result: Any) -> Row:
    """Return the fields of a result as cells; a span becomes start and end (行)."""
    if isinstance(result, dict):
        return result
    names, fields_of = _fields(cast("Hashable", type(result)))
    out: Row = {}
    for name, value in zip(names, fields_of(result), strict=True):
        if type(value) in PLAIN:
            out[name] = value
        elif type(value) is Span:
            out.update(zip(_ends(name), value, strict=True))
        else:
            out.update(cells_of(name, value))
    return out


def columns_of(results: Sequence[Any]) -> Columns:
    """Return the cells of results of one kind by column, as `row_of` makes them; faster for many (列)."""
    names, fields_of = _fields(cast("Hashable", type(results[0]))) if results else ((), tuple)
    out: Columns = {}
    for name, values in zip(names, zip(*map(fields_of, results), strict=True), strict=True):
        kinds = set(map(type, values))
        if kinds <= PLAIN:
            out[name] = list(values)
        elif kinds <= {Span, type(None)}:
            start, end = _ends(name)
            out[start], out[end] = ([span and span[side] for span in values] for side in (0, 1))
        elif kinds == {tuple} and {type(value[0]) for value in values if value} == {Span}:
            out[name] = [_ranges(value) for value in values]
        else:
            out |= _unlike(name, values)
    return out


def _unlike(name: str, values: Sequence[Any]) -> Columns:
    """Return the columns of a field whose values are no plain cells; many rows have one value, such as a section."""
    apart = {id(value): value for value in values}
    cells = {number: cells_of(name, value) for number, value in apart.items()}
    numbers = list(map(id, values))
    columns = dict.fromkeys(column for row in cells.values() for column in row)
    return {column: [cells[number].get(column) for number in numbers] for column in columns}


def _ranges(spans: tuple[Span, ...]) -> str:
    return " ".join([f"{start}-{end}" for start, end in spans])


PLAIN = frozenset((str, int, float, bool, Decimal, type(None)))  # most cells are what they are


@lru_cache(maxsize=64)
def _fields(kind: Hashable) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """Return the names of the fields of a kind of results, and what gives their values."""
    names = tuple(f.name for f in fields(kind)) if is_dataclass(kind) else tuple(getattr(kind, "_fields", ()))
    if len(names) > 1:
        return names, attrgetter(*names)
    return names, lambda result: tuple(getattr(result, name) for name in names)


@lru_cache(maxsize=256)
def _ends(name: str) -> tuple[str, str]:
    """Return what the ends of a span are called."""
    prefix = "" if name == "span" else name.removesuffix("_span") + "_"
    return f"{prefix}start", f"{prefix}end"


def cells_of(name: str, value: Any) -> Row:
    """Return the cells of one field (单元格)."""
    if isinstance(value, Span):
        return dict(zip(_ends(name), value, strict=True))
    if isinstance(value, tuple) and value and isinstance(value[0], Span):
        return {name: _ranges(value)}
    if isinstance(value, tuple) and value and hasattr(value[0], "span"):
        return {name: " ".join(f"{one.span.start}-{one.span.end}" for one in value)}
    if isinstance(value, tuple):
        return {name: "|".join(map(str, value))}
    if is_dataclass(value) and hasattr(value, "span"):
        return {name: value.span.start}  # a section names its parent by its start
    return {name: value}
