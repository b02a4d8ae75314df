"""Cells as every output writes them (单元格)."""

from __future__ import annotations

from decimal import Decimal

Row = dict[str, object]


def plain(value: object) -> object:
    """Return a cell as every output writes it: floats with six significant digits, None as nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else value
