"""Excel workbooks: column types, widths of Chinese text, and the three-line table (Excel 工作簿)."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from govtext.errors import OutputError
from govtext.tables.cells import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from govtext.tables.printed import Table

NARROWEST, WIDEST = 6.0, 48.0  # widths of columns in Latin characters; longer text is broken into lines
PLAINLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def to_xlsx(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> bytes:
    """Return rows as an Excel workbook of one sheet, its first line frozen and filtered (Excel 工作簿).

    Text is written as plain strings: nothing in it becomes a formula, a link or a number. Whole numbers are shown
    whole, others with three decimals, the rest of their digits kept; a column is as wide as what it holds. The same
    rows give the same bytes.

    Raises:
        OutputError: there are more rows, or a longer cell, than Excel holds.
    """
    listed = list(rows)
    out = io.BytesIO()
    book, sheet = _book(out)
    sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
    for at, column in enumerate(columns):
        values = [row.get(column) for row in listed]
        look = book.add_format({"num_format": _format(values)})
        for number, value in enumerate(values, start=1):
            _put_cell(sheet, number, at, value, look)
        sheet.set_column(at, at, _width([column, *map(_shown, values)]) + FILTER)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(listed), 1), len(columns) - 1)
    book.close()
    return out.getvalue()


FILTER = 2.5  # what the button of a filter takes


def _book(out: io.BytesIO) -> tuple[Any, Any]:
    import xlsxwriter

    book = xlsxwriter.Workbook(out, PLAINLY)
    book.set_properties({"created": datetime(2000, 1, 1)})  # not the time of the run
    return book, book.add_worksheet()


def _format(values: Sequence[object]) -> str:
    """Return how the numbers of a column are shown."""
    numbers = [value for value in values if isinstance(value, int | float | Decimal) and not isinstance(value, bool)]
    if any(isinstance(value, float) and not value.is_integer() for value in numbers):
        return "0.000"
    return "General" if any(isinstance(value, Decimal) for value in numbers) else "0"


def _shown(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(plain(value))


def _width(texts: Iterable[str]) -> float:
    """Return the width of a column in Latin characters; a Chinese one takes two."""
    widest = max((max(map(room, text.split("\n")), default=0.0) for text in texts), default=0.0)
    return min(max(widest + 1, NARROWEST), WIDEST)


def room(text: str) -> float:
    """Return how wide a text is, in Latin characters (宽度).

    >>> room("法治 ab")
    7.0
    """
    return sum(1.0 if ord(c) < 0x2000 else 2.0 for c in text)


def three_lines(table: Table, formats: Mapping[str, str], note: str) -> bytes:
    """Return a printed table as a workbook: caption, headings between lines, rows, note (三线表)."""
    out = io.BytesIO()
    book, sheet = _book(out)
    base = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
    last = len(table.columns) - 1
    _across(
        sheet, 0, last, table.caption, book.add_format({**base, "bold": True, "align": "center", "text_wrap": True})
    )
    cells = table.cells()
    for at, column in enumerate(table.columns):
        side = "left" if column.kind == "text" else "right"
        apart = int(at > 0 and side == "left")  # text does not touch the number on its left
        head = {**base, "indent": apart, "align": side, "top": THICK, "bottom": THIN, "text_wrap": True}
        sheet.write_string(1, at, column.heading, book.add_format(head))
        shape = {
            **base,
            "indent": apart,
            "align": side,
            "num_format": formats[column.kind],
            "text_wrap": column.kind == "text",
        }
        looks = [book.add_format({**shape, **line}) for line in ({}, {"bottom": THICK})]
        scale = 100 if column.kind == "percent" else 1
        for number, row in enumerate(table.rows):
            value = row.get(column.name)
            if isinstance(value, bool):
                value = cells[number][at]
            elif isinstance(value, float):
                value *= scale
            _put_cell(sheet, number + 2, at, value, looks[number == len(table.rows) - 1])
        sheet.set_column(at, at, _width([column.heading, *(row[at] for row in cells)]) + 1.5 * apart)
    if note:
        under = book.add_format({**base, "font_size": 9, "text_wrap": True, "valign": "top"})
        _across(sheet, len(table.rows) + 2, last, note, under)
    sheet.hide_gridlines(2)
    sheet.freeze_panes(2, 0)
    sheet.repeat_rows(1)
    sheet.fit_to_pages(1, 0)
    book.close()
    return out.getvalue()


FONT, THICK, THIN = "宋体", 2, 1
LINE = 14.0  # points of a line of text


def _across(sheet: Any, row: int, last: int, text: str, look: Any) -> None:
    """Write a text over all columns, in as many lines as it may need."""
    if last:
        sheet.merge_range(row, 0, row, last, "", look)
    sheet.write_string(row, 0, text, look)
    sheet.set_row(row, LINE * max(1, -(-int(room(text)) // max(12 * (last + 1), 30))))


def _put_cell(sheet: Any, row: int, column: int, value: object, look: Any) -> None:
    """Write a cell: numbers as numbers while Excel can hold them exactly, anything else as text."""
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if is_number and abs(number := float(str(plain(value)))) < 1e15:
        failed = sheet.write_number(row, column, number, look)
    else:
        failed = sheet.write_string(row, column, str(plain(value)), look)
    if failed:
        what = (
            f"row {row + 1} is beyond what an Excel sheet holds"
            if failed == -1
            else f"a cell of row {row + 1} is too long"
        )
        raise OutputError(what, remedy="write CSV instead")
