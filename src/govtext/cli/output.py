"""Rows to a readable table, CSV or JSON on stdout (输出)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

from govtext.cli.language import local, say
from govtext.cli.options import Format
from govtext.errors import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

# Columns too wide for a terminal; CSV and JSON have them.
WIDE = frozenset((
    "spans", "message_en", "theme_why", "role_why", "name_start", "name_end", "subject_start", "subject_end",
    "number_start", "number_end", "unit_start", "unit_end", "bound", "title", "first_start", "first_end",
    "expansion_start", "expansion_end", "places", "contexts", "cohesion", "freedom",
))  # fmt: skip


def print_rows(
    rows: Iterable[Mapping[str, object]], columns: Sequence[str], how: Format, output: Path | None = None
) -> None:
    """Print rows, or write them to a file that spreadsheets open.

    What is for programs is UTF-8 whatever the locale, so that a pipe always gets the same bytes.
    """
    from govtext import tables

    if output is not None:
        listed = list(rows)
        tables.write_sheet(listed, columns, output)
        say(f"Wrote {len(listed)} rows to {output}")
        return
    if how is Format.table:
        _print_table(list(rows), columns)
        return
    if how is Format.csv:
        text = tables.to_csv(rows, columns, quote_formulas=False)
    elif how is Format.json:
        text = tables.to_json(rows, columns)
    else:
        listed = list(rows)
        table = tables.printed(listed)
        if not table.caption:  # such rows are no table of a paper
            filled = {name for row in listed for name, value in row.items() if value not in (None, "")}
            there = [one for one in columns if one not in WIDE and (one in filled or not listed)]
            table = tables.printed(listed, columns=there)
        text = tables.to_latex(table) if how is Format.latex else tables.to_markdown(table)
    if sys.stdout.isatty():  # a pipe gets every character, a terminal none that it would obey
        text = "\n".join("\t".join(map(printable, line.split("\t"))) for line in text.split("\n"))
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()


def _print_table(rows: list[Mapping[str, object]], columns: Sequence[str]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from govtext import tables

    room = Console().width if sys.stdout.isatty() else None  # a pipe has room for every column
    columns = [column for column in columns if column not in WIDE]
    cells = [[printable(str(tables.plain(row.get(column)))) for column in columns] for row in rows]
    widths = widths_of(columns, cells, room)
    left_out = columns[len(widths) :]
    caption = local(f"{len(rows)} rows")
    if left_out:
        caption += local(f"; left out for want of room: {', '.join(left_out)} (--format csv has them)")
    table = Table(box=box.SIMPLE_HEAD, caption=caption, caption_justify="left")
    for column, width in zip(columns, widths, strict=False):
        number = bool(rows) and isinstance(rows[0].get(column), int | float)
        side: Literal["left", "right"] = "right" if number else "left"
        table.add_column(column, justify=side, overflow="ellipsis", no_wrap=True, min_width=width, max_width=width)
    for row in cells:
        table.add_row(*(Text(cell) for cell in row[: len(widths)]))
    Console(width=room or sum(widths) + GAP * len(widths) + 1, highlight=False).print(table)


GAP = 3  # blanks between two columns; one more stands before the first
TEXT, LEAST_TEXT = 60, 24  # characters of a cell at most, and of the last that is kept


def widths_of(columns: Sequence[str], cells: list[list[str]], room: int | None) -> list[int]:
    """Return the widths of the columns that have room, from the left; long text may be cut, a number never is."""
    from rich.cells import cell_len

    out: list[int] = []
    for at, column in enumerate(columns):
        width = min(max([cell_len(column), *(cell_len(row[at]) for row in cells)]), TEXT)
        rest = room - sum(out) - GAP * (len(out) + 1) - 1 if room else width
        if rest < min(width, LEAST_TEXT) and out:
            break
        out.append(max(min(width, rest), 1))
    return out
