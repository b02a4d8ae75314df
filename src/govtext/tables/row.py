"""One result as one row (行)."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from govtext.text import Span

if TYPE_CHECKING:
    from govtext.tables.cells import Row


def row_of(result: Any) -> Row:
    """Return the fields of a result as cells; a span becomes start and end (行)."""
    if isinstance(result, dict):
        return result
    names = [f.name for f in fields(result)] if is_dataclass(result) else list(result._fields)
    out: Row = {}
    for name in names:
        out.update(cells_of(name, getattr(result, name)))
    return out


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
