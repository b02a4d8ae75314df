"""Rows as files: CSV, JSON, and sheets that people edit and give back (表格文件)."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from govtext.errors import OptionError, ReadError
from govtext.native import kernels
from govtext.tables.cells import Row, plain
from govtext.tables.workbook import to_xlsx
from govtext.text import FORMULA, as_cell, decode, from_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def to_csv(rows: Iterable[Mapping[str, object]], columns: Sequence[str], *, quote_formulas: bool = True) -> str:
    r"""Return rows as CSV text with `\n` line ends (CSV 文本).

    With `quote_formulas` a text cell that a spreadsheet would run as a formula gets a leading apostrophe: right for
    files that people open, wrong for a pipe.
    """
    listed = list(rows)
    cells = {column: [row.get(column) for row in listed] for column in columns}
    return columns_to_csv(cells, columns, quote_formulas=quote_formulas)


def columns_to_csv(
    cells: Mapping[str, Sequence[object]], columns: Sequence[str], *, quote_formulas: bool = True
) -> str:
    """Return columns of equal length as `to_csv` does rows; a column that is missing is empty (列转 CSV)."""
    given = _columns(cells, columns)
    rows = _compiled(given, quote_formulas=quote_formulas)
    return _head(columns) + (_rows(given, quote_formulas=quote_formulas) if rows is None else rows.decode())


def columns_to_file(cells: Mapping[str, Sequence[object]], columns: Sequence[str]) -> bytes:
    """Return columns as a CSV file; the byte order mark makes Excel read it as UTF-8 in any country (列转 CSV 文件)."""
    given = _columns(cells, columns)
    rows = _compiled(given, quote_formulas=True)
    return _head(columns).encode("utf-8-sig") + (_rows(given).encode() if rows is None else rows)


def _columns(cells: Mapping[str, Sequence[object]], columns: Sequence[str]) -> list[Sequence[object]]:
    """Return the columns wanted, the missing ones empty."""
    empty = [""] * max(map(len, cells.values()), default=0)
    return [cells.get(name, empty) for name in columns]


def _head(columns: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(columns)
    return out.getvalue()


def _compiled(columns: Sequence[Sequence[object]], *, quote_formulas: bool) -> bytes | None:
    """Return the rows, or None where nothing was compiled or a cell needs what the csv module of this Python does."""
    if kernels is None:
        return None
    lists = tuple(column if type(column) is list else list(column) for column in columns)
    rows: bytes | None = kernels.csv_rows(lists, "".join(FORMULA) if quote_formulas else "", plain)
    return rows


def _rows(columns: Iterable[Sequence[object]], *, quote_formulas: bool = True) -> str:
    out = io.StringIO()
    rows = zip(*(_cells(column, quote_formulas=quote_formulas) for column in columns), strict=True)
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


RISKY = frozenset(("'", *FORMULA))  # what `as_cell` looks for begins with one of these


def _cells(values: Sequence[object], *, quote_formulas: bool) -> Sequence[object]:
    """Return a column as it is written."""
    kinds = set(map(type, values))
    if kinds == {float}:
        return [f"{value:.6g}" for value in values]
    if quote_formulas and any(issubclass(kind, str) for kind in kinds):
        values = [as_cell(v) if isinstance(v, str) and v[:1] in RISKY else v for v in values]
    return values if kinds <= {str, int} else [v if type(v) is str or type(v) is int else plain(v) for v in values]


def to_json(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> str:
    """Return rows as a JSON array, one object a line (JSON 文本)."""
    lines = [json.dumps({c: _json(row.get(c)) for c in columns}, ensure_ascii=False) for row in rows]
    return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"


def _json(value: object) -> object:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    return str(value) if isinstance(value, Decimal) else value


# --- sheets: tables that people edit and give back ------------------------------------------------------------------


def write_sheet(rows: Iterable[Mapping[str, object]], columns: Sequence[str], path: str | Path) -> None:
    """Write rows as a sheet for people: .xlsx, or .csv that spreadsheets open as UTF-8 (写表).

    Raises:
        OptionError: the name of the file ends otherwise.
    """
    kind = Path(path).suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise OptionError(f"no sheet is written as {Path(path).name}", remedy="end it in .xlsx or .csv")
    data = to_xlsx(rows, columns) if kind == ".xlsx" else to_csv(rows, columns).encode("utf-8-sig")
    Path(path).write_bytes(data)


def read_sheet(path: str | Path) -> list[Row]:
    """Read a table that a person edited: .xlsx, or CSV with commas, semicolons or tabs in any Chinese encoding (读表).

    Raises:
        ReadError: the file cannot be read.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ReadError(f"the sheet cannot be read ({error.strerror})", where=path) from error
    if data[:4] == b"PK\x03\x04":
        return _from_xlsx(data, path)
    text = decode(data, where=path)[0].removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [{name: from_cell(value or "") for name, value in row.items() if isinstance(name, str)} for row in rows]
    except csv.Error as error:
        raise ReadError(f"the sheet is no CSV ({error})", where=path, remedy="save it as CSV or xlsx") from error


def _from_xlsx(data: bytes, path: str | Path) -> list[Row]:
    import zipfile

    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise ReadError(f"this is no Excel file ({error})", where=path, remedy="save it as xlsx or CSV") from error
    lines = book.worksheets[0].iter_rows(values_only=True)
    names = [str(name or "").strip() for name in next(lines, ())]
    return [dict(zip(names, line, strict=False)) for line in lines if any(cell is not None for cell in line)]
