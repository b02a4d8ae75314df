"""One result as one row (行)."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Hashable

    from govtext.tables.cells import Row


def row_of(result: Any) -> Row:
    """Return the fields of a result as cells; a span becomes start and end (行)."""
    if isinstance(result, dict):
        return result
    out: Row = {}
    for name in _names(cast("Hashable", type(result))):
        value = getattr(result, name)
        if type(value) in PLAIN:
            out[name] = value
        else:
            out.update(cells_of(name, value))
    return out


PLAIN = frozenset((str, int, float, bool, Decimal, type(None)))  # most cells are what they are


@lru_cache(maxsize=64)
def _names(kind: Hashable) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind)) if is_dataclass(kind) else tuple(getattr(kind, "_fields", ()))


def cells_of(name: str, value: Any) -> Row:
    """Return the cells of one field (单元格)."""
    if isinstance(value, Span):
        prefix = "" if name == "span" else name.removesuffix("_span") + "_"
        return {f"{prefix}start": value.start, f"{prefix}end": value.end}
    if isinstance(value, tuple) and value and isinstance(value[0], Span):
        return {name: " ".join(f"{s.start}-{s.end}" for s in value)}
    if isinstance(value, tuple) and value and hasattr(value[0], "span"):
        return {name: " ".join(f"{one.span.start}-{one.span.end}" for one in value)}
    if isinstance(value, tuple):
        return {name: "|".join(map(str, value))}
    if is_dataclass(value) and hasattr(value, "span"):
        return {name: value.span.start}  # a section names its parent by its start
    return {name: value}
