"""Rows to a readable table, CSV or JSON on stdout (输出)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from govtext.cli.options import Format
from govtext.errors import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Columns too wide for a terminal; CSV and JSON have them.
WIDE = frozenset((
    "spans", "message_en", "theme_why", "role_why", "name_start", "name_end", "subject_start", "subject_end",
    "number_start", "number_end", "unit_start", "unit_end", "bound", "title", "first_start", "first_end",
    "expansion_start", "expansion_end", "places", "contexts", "cohesion", "freedom",
))  # fmt: skip


def print_rows(rows: Iterable[Mapping[str, object]], columns: Sequence[str], how: Format) -> None:
    """Print rows; CSV and JSON are UTF-8 whatever the locale, so that a pipe always gets the same bytes."""
    from govtext import tables

    if how is Format.table:
        _print_table(list(rows), columns)
        return
    text = tables.to_csv(rows, columns, quote_formulas=False) if how is Format.csv else tables.to_json(rows, columns)
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()


def _print_table(rows: list[Mapping[str, object]], columns: Sequence[str]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from govtext import tables

    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    columns = [column for column in columns if column not in WIDE]
    table = Table(box=box.SIMPLE_HEAD, caption=f"{len(rows)} rows", caption_justify="left")
    for column in columns:
        number = bool(rows) and isinstance(rows[0].get(column), int | float)
        table.add_column(column, justify="right" if number else "left", overflow="ellipsis", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(printable(str(tables.plain(row.get(column))))) for column in columns))
    console.print(table)
