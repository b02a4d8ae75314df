"""Lists of results as tidy tables, and tables as files (表格)."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govtext.document import LEVELS, reading
from govtext.errors import OptionError, OutputError, ReadError, printable
from govtext.text import Span, as_cell, decode, from_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import networkx as nx
    import pandas as pd

    from govtext.citations import Citation
    from govtext.classify import Label
    from govtext.compare import IndicatorPair, Promise, Reuse
    from govtext.document import Document, Finding
    from govtext.keywords import Keyword
    from govtext.tokens import Tokens

Row = dict[str, object]


def frame(results: Iterable[Any]) -> pd.DataFrame:
    r"""Return any list of results as a tidy DataFrame, one row a result (数据框).

    The fields of a result become columns; a span becomes `start` and `end`; a tuple of strings is joined by |.

    >>> from govtext.document import lint, parse
    >>> frame(lint(parse("一、总则\n为了公开。\n三、附则\n自公布之日起施行。")))[["start", "code"]].values.tolist()
    [[11, 'gap']]
    """
    import pandas as pd

    rows = list(results)
    if rows and isinstance(rows[0], Span):
        return pd.DataFrame(rows, columns=["start", "end"])
    return pd.DataFrame([_row(result) for result in rows])


def _row(result: Any) -> Row:
    if isinstance(result, dict):
        return result
    names = [f.name for f in fields(result)] if is_dataclass(result) else list(result._fields)
    out: Row = {}
    for name in names:
        out.update(_cells(name, getattr(result, name)))
    return out


def _cells(name: str, value: Any) -> Row:
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


# --- the rows of each table of the command --------------------------------------------------------------------------

OUTLINE = ("start", "end", "level", "numeral", "heading", "parent", "run_in", "path")
INFO = ("field", "value", "start", "end")
LINT = ("start", "code", "message", "message_en", "end")
SEGMENT = ("start", "end", "token", "term", "kind")
KEYWORDS = (
    "document", "section", "rank", "term", "score", "count", "document_frequency", "spans", "free", "idf", "form",
)  # fmt: skip
KEYNESS = (
    "term", "count", "reference_count", "log_ratio", "g2", "q", "p", "z", "relative_frequency",
    "reference_relative_frequency",
)  # fmt: skip
NETWORK = ("source", "target", "count", "weight")
EVIDENCE = ("document", "start", "end", "text")
SECTIONS = (
    "start",
    "end",
    "theme",
    "theme_probability",
    "role",
    "role_probability",
    "theme_why",
    "role_why",
    "text_head",
    "theme_taxonomy",
)
INDICATORS = (
    "start", "end", "text", "value", "unit", "kind", "approx", "name", "name_start", "name_end",
    "bound", "subject_start", "subject_end", "period", "comparison", "actor", "section",
    "number_start", "number_end", "unit_start", "unit_end",
)  # fmt: skip
CHECKS = ("start", "end", "code", "verdict", "message", "message_en", "expected", "figures")
CITATIONS = (
    "start", "end", "text", "type", "title", "verb", "role", "own", "doc_number", "mention", "first_start", "first_end",
    "expansion", "expansion_start", "expansion_end",
)  # fmt: skip


TERMS = (
    "term", "score", "count", "document_frequency", "quoted", "evidence", "known", "category", "cohesion", "freedom",
    "places", "contexts",
)  # fmt: skip
TERM_CHANGES = (
    "term", "a", "b", "difference", "p", "q", "change", "count", "reference_count", "rank", "reference_rank", "moved",
    "g2", "log_ratio", "category",
)  # fmt: skip
INDICATOR_PAIRS = (
    "document", "other", "name", "value", "other_value", "unit", "difference", "growth", "claimed", "claim", "score",
    "kind", "other_name", "text", "other_text", "start", "end", "other_start", "other_end", "claimed_start",
    "claimed_end",
)  # fmt: skip
PROMISES = (
    "document", "next_document", "name", "verdict", "target", "actual", "unit", "actual_unit", "score", "promised",
    "reported", "why", "why_en", "kind", "bound", "start", "end", "passage_start", "passage_end", "found_start",
    "found_end", "found_passage_start", "found_passage_end",
)  # fmt: skip
REUSE = (
    "document", "source", "relation", "same", "similarity", "places", "common", "directed", "text", "start", "end",
    "source_start", "source_end",
)  # fmt: skip
ATTENTION = (
    "group", "topic", "boilerplate", "share", "low", "high", "character_share", "character_low", "character_high",
    "sentences", "about", "documents", "unit",
)  # fmt: skip
AUDIT = ("code", "term", "count", "other", "message", "message_en", "places")
AGREEMENT = ("coders", "units", "measure", "value")


def outline(document: Document) -> list[Row]:
    """Return the heading tree as rows (大纲)."""
    return [_row(section) | {"path": section.path} for section in document.sections]


def info(document: Document) -> list[Row]:
    """Return what is known about a document, counts, how it was read, its page furniture, one row a fact (概况)."""
    meta = document.metadata
    rows: list[Row] = [{"field": "id", "value": document.id}]
    rows += [{"field": field.name, "value": getattr(meta, field.name)} for field in fields(meta)]
    levels = Counter(section.level for section in document.sections)
    rows += [
        {"field": "characters", "value": len(document.text)},
        {"field": "paragraphs", "value": len(document.paragraphs)},
        {"field": "sentences", "value": len(document.sentences)},
        {"field": "sections", "value": len(document.sections)},
        *({"field": f"sections_{level}", "value": levels[level]} for level in LEVELS if levels[level]),
    ]
    rows += [
        {"field": f.code, "value": f"{f.message} / {f.message_en}", "start": f.span.start, "end": f.span.end}
        for f in reading(document)
    ]
    spans = [s for s in document.furniture if not any(copy.covers(s) for copy in document.copies)]
    return rows + [
        {"field": "furniture", "value": s.of(document.text).strip(), "start": s.start, "end": s.end} for s in spans
    ]


def findings(results: Iterable[Finding]) -> list[Row]:
    """Return lint findings as rows (检查结果)."""
    return [_row(finding) for finding in results]


def segments(tokens: Tokens) -> list[Row]:
    """Return one row a token (词例)."""
    from govtext.tokens import KINDS

    kinds = tokens.kinds.tolist()
    return [
        {"start": t.start, "end": t.end, "token": t.text, "term": t.term, "kind": KINDS[k]}
        for t, k in zip(tokens, kinds, strict=True)
    ]


def keyword_rows(keywords: Iterable[Keyword]) -> list[Row]:
    """Return one row a keyword; the section is empty for a whole document (关键词)."""
    return [_row(keyword) for keyword in keywords]


def rows(results: Iterable[Any]) -> list[Row]:
    """Return any list of results as rows, one a result (行)."""
    return [_row(result) for result in results]


def pair_rows(pairs: Iterable[IndicatorPair], documents: Iterable[Document]) -> list[Row]:
    """Return one row a pair of figures, with the words around each (指标对照)."""
    known = {document.id: document.text for document in documents}
    return [
        _row(p) | {"text": _beside(known[p.document], p.span), "other_text": _beside(known[p.other], p.other_span)}
        for p in pairs
    ]


def promise_rows(promises: Iterable[Promise], documents: Iterable[Document]) -> list[Row]:
    """Return one row a promise, with the words around it and around what the next report says (承诺与落实)."""
    known = {document.id: document.text for document in documents}
    return [
        _row(p)
        | {
            "promised": _beside(known[p.document], p.span),
            "reported": _beside(known[p.next_document], p.found_span) if p.found_span else "",
        }
        for p in promises
    ]


def reuse_rows(reuses: Iterable[Reuse], documents: Iterable[Document]) -> list[Row]:
    """Return one row a shared passage, with its words in the later document (文本复用)."""
    known = {document.id: document.text for document in documents}
    return [_row(r) | {"text": " ".join(r.span.of(known[r.document]).split())} for r in reuses]


BEFORE, AFTER = 24, 12  # characters shown around a figure


def _beside(text: str, span: Span) -> str:
    """Return a figure with the words around it that stand in its sentence."""
    before = text[max(0, span.start - BEFORE) : span.start]
    after = text[span.end : span.end + AFTER]
    head = max((before.rfind(mark) for mark in "。；\n"), default=-1) + 1
    tail = min((at for mark in "。；\n" if (at := after.find(mark)) >= 0), default=len(after))
    return (before[head:] + span.of(text) + after[:tail]).strip()


def citation_rows(citations: Iterable[Citation]) -> list[Row]:
    """Return one row a mention of a title, number or phrase (引用)."""
    return [_row(citation) | _cells("first_span", citation.first) for citation in citations]


def edges(graph: nx.Graph[str]) -> list[Row]:
    """Return one row an edge, the strongest first (边)."""
    rows = [{"source": min(a, b), "target": max(a, b), **data} for a, b, data in graph.edges(data=True)]
    return sorted(rows, key=lambda row: (-row["count"], -row["weight"], row["source"], row["target"]))


def evidence(tokens: Tokens | Iterable[Tokens], a: str, b: str, **options: Any) -> list[Row]:
    """Return one row a unit that two terms share, with its text; options as for `network.evidence` (证据)."""
    from govtext import network
    from govtext.counts import listed

    found = [(one.document, span) for one in listed(tokens) for span in network.evidence(one, a, b, **options)]
    return [{"document": d.id, "start": s.start, "end": s.end, "text": s.of(d.text).strip()} for d, s in found]


def labels(document: Document, themes: Sequence[Label], roles: Sequence[Label], *, least: float = 0.0) -> list[Row]:
    """Return one row a paragraph with its theme and role; a label below the least probability stays empty (分类)."""
    rows = []
    for theme, role in zip(themes, roles, strict=True):
        start, end = theme.span
        rows.append(
            {
                "start": start,
                "end": end,
                "theme": theme.label if theme.probability >= least else "",
                "theme_probability": theme.probability,
                "role": role.label if role.probability >= least else "",
                "role_probability": role.probability,
                "theme_why": "|".join(theme.why),
                "role_why": "|".join(role.why),
                "text_head": document.text[start:end].strip()[:20],
                "theme_taxonomy": theme.taxonomy,
            }
        )
    return rows


# --- tables as text -------------------------------------------------------------------------------------------------


def plain(value: object) -> object:
    """Return a cell as every output writes it: floats with six significant digits, None as nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else value


def to_csv(rows: Iterable[Mapping[str, object]], columns: Sequence[str], *, quote_formulas: bool = True) -> str:
    r"""Return rows as CSV text with `\n` line ends (CSV 文本).

    With `quote_formulas` a text cell that a spreadsheet would run as a formula gets a leading apostrophe: right for
    files that people open, wrong for a pipe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = [plain(row.get(column)) for column in columns]
        if quote_formulas:
            cells = [
                as_cell(str(cell)) if isinstance(row.get(column), str) else cell
                for column, cell in zip(columns, cells, strict=True)
            ]
        writer.writerow(cells)
    return out.getvalue()


def to_xlsx(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> bytes:
    """Return rows as an Excel workbook of one sheet, its first line frozen and filtered (Excel 工作簿).

    The same rows give the same bytes.

    Text is written as plain strings: nothing in it becomes a formula, a link or a number.

    Raises:
        OutputError: there are more rows, or a longer cell, than Excel holds.
    """
    import xlsxwriter

    out = io.BytesIO()
    plainly = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = xlsxwriter.Workbook(out, plainly)
    book.set_properties({"created": datetime(2000, 1, 1)})  # not the time of the run
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
    number = 0
    for number, row in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            _put_cell(sheet, number, at, row.get(column))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(number, 1), len(columns) - 1)
    sheet.autofit(240)
    book.close()
    return out.getvalue()


def _put_cell(sheet: Any, row: int, column: int, value: object) -> None:
    """Write a cell: numbers as numbers while Excel can hold them exactly, anything else as text."""
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if is_number and abs(number := float(str(plain(value)))) < 1e15:
        failed = sheet.write_number(row, column, number)
    else:
        failed = sheet.write_string(row, column, str(plain(value)))
    if failed:
        what = (
            f"row {row + 1} is beyond what an Excel sheet holds"
            if failed == -1
            else f"a cell of row {row + 1} is too long"
        )
        raise OutputError(what, remedy="write CSV instead")


def to_latex(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> str:
    r"""Return rows as a LaTeX table with the rules of booktabs; nothing in a cell is a command (LaTeX 表格).

    It needs `\usepackage{booktabs}` and, for Chinese, a class such as ctexart.

    >>> print(to_latex([{"term": "50%_{x}"}], ["term"]))
    \begin{tabular}{l}
    \toprule
    term \\
    \midrule
    50\%\_\{x\} \\
    \bottomrule
    \end{tabular}
    <BLANKLINE>
    """
    lines = [[_tex(column) for column in columns]]
    lines += [[_tex(plain(row.get(column))) for column in columns] for row in rows]
    head, *body = (" & ".join(cells) + r" \\" for cells in lines)
    form = "l" * len(columns)
    parts = [rf"\begin{{tabular}}{{{form}}}", r"\toprule", head, r"\midrule", *body, r"\bottomrule", r"\end{tabular}"]
    return "\n".join(parts) + "\n"


_TEX = {c: f"\\{c}" for c in "&%$#_{}"} | {c: f"{{{c}}}" for c in "-`'?![]"}  # braces part what would be a ligature
_TEX_NAMED = {
    "\\": "backslash",
    "~": "asciitilde",
    "^": "asciicircum",
    "<": "less",
    ">": "greater",
    "|": "bar",
    '"': "quotedbl",
}
_TEX_TABLE = str.maketrans(_TEX | {c: rf"\text{name}{{}}" for c, name in _TEX_NAMED.items()})


def _tex(value: object) -> str:
    """Return a cell for LaTeX; control characters, which it may not hold, as escapes."""
    text = " ".join(str(value).split())
    return printable(text).translate(_TEX_TABLE)


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
