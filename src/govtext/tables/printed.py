"""The table of a paper: headings, rounded cells, caption and note, as Markdown, Excel or CSV (论文用表)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from govtext.errors import OptionError, OutputError, printable
from govtext.tables.captions import Words, words_of
from govtext.tables.cells import plain
from govtext.tables.files import to_csv
from govtext.tables.latex import to_latex
from govtext.tables.row import row_of
from govtext.tables.workbook import three_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

    from govtext.tables.cells import Row

Lang = Literal["zh", "en"]
Kind = Literal["text", "count", "plain", "number", "percent", "p"]
TABLE = "table-columns.tsv"


class Column(NamedTuple):
    """A column of a printed table (列): its name among the results, its heading, how its cells are written."""

    name: str
    heading: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands in a paper (论文用表).

    Attributes:
        columns: in order.
        rows: the values, unrounded.
        caption: what stands above; empty if nothing is known of the results.
        note: what stands below: unit, test, n.
        lang: the language of headings, caption and note.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str
    note: str
    lang: Lang

    def cells(self) -> list[list[str]]:
        """Return the cells as they are printed, row by row."""
        kinds = {column.name: column.kind for column in self.columns}
        return [[cell(row.get(name), kind) for name, kind in kinds.items()] for row in self.said()]

    def said(self) -> list[Row]:
        """Return the rows with 是 and 否 for true and false."""
        words = {True: "是", False: "否"} if self.lang == "zh" else {True: "yes", False: "no"}
        return [
            {name: words[value] if isinstance(value, bool) else value for name, value in row.items()}
            for row in self.rows
        ]

    @property
    def under(self) -> str:
        """What stands below: the note, with the word before it (表注)."""
        return f"{'注：' if self.lang == 'zh' else 'Note: '}{self.note}" if self.note else ""


def printed(
    results: Iterable[Any] | pd.DataFrame,
    *,
    columns: Sequence[str] | None = None,
    n: int | None = None,
    lang: Lang = "zh",
    caption: str | None = None,
) -> Table:
    """Make of results the table of a paper, with what is known of them as caption and note (论文用表).

    Args:
        results: any list of results of one type, rows of `tables`, or a DataFrame.
        columns: which, in order; None: those that a paper prints of such results.
        n: how many rows; the note counts the others, too.
        lang: of headings, caption and note: zh or en.
        caption: instead of the one that is known for such results.

    Raises:
        OptionError: no such language, or the results have no such column.

    >>> from govtext.keywords import Keyness
    >>> table = printed([Keyness("法治", 9, 1, 8.2, 0.5, 12.3456, 3.1, 0.0002, 0.0004, 4.0)])
    >>> [column.heading for column in table.columns][:3], table.cells()[0][-1]
    (['词语', '次数', '参照次数'], '<0.001')
    """
    if lang not in ("zh", "en"):
        raise OptionError(f"no language {lang!r}", remedy="choose zh or en")
    found = list(results) if not hasattr(results, "columns") else []
    rows = [row_of(one) for one in found] if found or not hasattr(results, "columns") else _of_frame(results)
    words = words_of(found[0] if found else None, rows)
    there = list(dict.fromkeys(name for row in rows for name in row))
    missing = [name for name in columns or () if name not in there]
    if missing and rows:
        remedy = f"choose from {', '.join(there)}"
        raise OptionError(f"the results have no column {', '.join(missing)}", remedy=remedy)
    filled = {name for row in rows for name, value in row.items() if value not in (None, "")}
    chosen = list(columns or [name for name in words.columns if name in filled] or there)
    return Table(
        tuple(_column(name, rows, words, lang) for name in chosen),
        tuple(rows[:n]),
        words.caption[lang == "en"] if caption is None else caption,
        _note(words, rows, n, lang),
        lang,
    )


def _of_frame(frame: Any) -> list[Row]:
    """Return the rows of a DataFrame; an index that has a name, or holds text, is the first column."""
    named = frame.reset_index() if frame.index.name or frame.index.dtype == object else frame
    records: list[dict[Any, Any]] = named.to_dict("records")
    return [{str(name): value for name, value in record.items()} for record in records]


def _note(words: Words, rows: Sequence[Row], n: int | None, lang: Lang) -> str:
    parts = [words.note(rows, lang)] if rows else []
    if n is not None and n < len(rows):
        parts.append(f"表列前 {n} 行，共 {len(rows):,} 行。" if lang == "zh" else f"First {n} of {len(rows):,} rows.")
    return ("" if lang == "zh" else " ").join(filter(None, parts))


@lru_cache(maxsize=1)
def _known() -> Mapping[str, tuple[str, str, Kind]]:
    lines = (resources.files("govtext") / "data" / TABLE).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")][1:]
    return {name: (zh, en, kind) for name, zh, en, kind in rows}  # type: ignore[misc] # a test reads them all


def _column(name: str, rows: Sequence[Row], words: Words, lang: Lang) -> Column:
    known = {**_known(), **words.headings}
    if name in known:
        zh, en, kind = known[name]
        return Column(name, zh if lang == "zh" else en, kind)
    values = [row[name] for row in rows if row.get(name) not in (None, "")]
    kinds = {type(value) for value in values}
    number: Kind = "count" if kinds <= {int} else "number" if kinds <= {int, float} else "text"
    return Column(name, name, number if values else "text")


# --- cells ----------------------------------------------------------------------------------------------------------


def cell(value: object, kind: Kind) -> str:
    """Return a cell as a paper prints it (单元格).

    >>> [cell(1234, "count"), cell(-0.125, "number"), cell(0.0004, "p"), cell(0.125, "percent"), cell(None, "count")]
    ['1,234', '−0.12', '<0.001', '12.5', '—']
    """
    if value is None or value == "" or value != value:  # noqa: PLR0124 - what is not a number is not itself
        return "" if kind == "text" else "—"
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return " ".join(str(plain(value)).split())
    return WRITTEN[kind](value).replace("-", "−")


def _p(value: float) -> str:
    return "<0.001" if value < 0.0005 else f"{value:.3f}"


def _short(value: Decimal) -> Decimal:
    """Return a value without the digits that a third or a ninth would go on with: six of them, or six that say much."""
    if not value.is_finite() or int(value.as_tuple().exponent) >= -6:
        return value
    return round(value, max(6, 5 - value.adjusted()))


WRITTEN: dict[Kind, Callable[[Any], str]] = {
    "text": lambda value: str(plain(value)),
    "count": lambda value: f"{value:,.0f}",
    "plain": lambda value: str(plain(value if isinstance(value, int | float) else _short(value))),
    "number": lambda value: f"{value:.2f}",
    "percent": lambda value: f"{100 * value:.1f}",
    "p": _p,
}
# The same in Excel, where the whole number stays behind what is shown.
EXCEL: dict[str, str] = {
    "text": "@",
    "count": "#,##0",
    "plain": "General",
    "number": "0.00",
    "percent": "0.0",
    "p": '[<0.0005]"<0.001";0.000',
}


# --- Markdown, CSV, Excel -------------------------------------------------------------------------------------------

_MARK = re.compile(r"([\\`*_{}\[\]<>|#])")


def to_markdown(table: Table) -> str:
    """Return the table in Markdown, the caption above and the note below (Markdown 表).

    >>> print(to_markdown(Table((Column("a", "A", "count"),), ({"a": 1000},), "C", "", "en")))
    **C**
    <BLANKLINE>
    | A |
    | --: |
    | 1,000 |
    <BLANKLINE>
    """

    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(map(_unmarked, cells)) + " |"

    sides = "| " + " | ".join("--:" if column.kind != "text" else ":--" for column in table.columns) + " |"
    parts = [f"**{_unmarked(table.caption)}**"] if table.caption else []
    parts.append("\n".join((line(column.heading for column in table.columns), sides, *map(line, table.cells()))))
    parts += [_unmarked(table.under)] if table.note else []
    return "\n\n".join(parts) + "\n"


def _unmarked(text: str) -> str:
    """Return a text in which Markdown finds no mark of its own."""
    return _MARK.sub(r"\\\1", printable(text))


def to_workbook(table: Table) -> bytes:
    """Return the table as an Excel sheet: three lines, numbers as numbers, widths that fit (Excel 三线表).

    The caption is the first row, the headings are the second, the note is the last. The same table gives the same
    bytes.
    """
    return three_lines(table, EXCEL, table.under)


def write(table: Table, path: str | Path, *, label: str = "") -> None:
    """Write a printed table; the suffix says how: .tex, .md, .xlsx, or .csv that Excel opens as Chinese (写出论文用表).

    Cells of .tex and .md are rounded, those of .xlsx only look so; .csv has six significant digits.

    Raises:
        OptionError: the name of the file ends otherwise.
        OutputError: the file cannot be written.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in WRITERS:
        remedy = f"end it in {', '.join(WRITERS)}"
        raise OptionError("no table is written so", where=path.name, remedy=remedy)
    data = to_latex(table, label=label).encode() if kind == ".tex" else WRITERS[kind](table)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise OutputError(f"the table cannot be written ({error.strerror})", where=path) from error


def _csv(table: Table) -> bytes:
    """Return the table as CSV with headings; the byte order mark makes Excel read UTF-8 in any country."""
    names = [column.name for column in table.columns]
    headings = to_csv([], [column.heading for column in table.columns])
    return (headings + to_csv(table.said(), names).split("\n", 1)[1]).encode("utf-8-sig")


WRITERS: dict[str, Callable[[Table], bytes]] = {
    ".tex": lambda table: to_latex(table).encode(),
    ".md": lambda table: to_markdown(table).encode(),
    ".xlsx": to_workbook,
    ".csv": _csv,
}
