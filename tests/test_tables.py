"""Results as rows, frames and files."""

import io
import re
import time
import zipfile
from decimal import Decimal

import pytest

import govtext as gt
from govtext import keywords, network, tables
from govtext.document import lint
from govtext.errors import OutputError, ReadError
from govtext.text import Span


def test_frame_of_results(tokens, report):
    assert list(tables.frame(lint(report)).columns) == ["code", "message", "message_en", "start", "end"]
    assert len(tables.frame(keywords.tfidf(tokens, n=5))) == 5
    assert tables.frame([Span(1, 2)]).to_dict("list") == {"start": [1], "end": [2]}
    assert tables.frame([]).empty


def test_outline_rows(report):
    first, second, *_ = tables.outline(report)
    assert (first["start"], first["level"], first["numeral"], first["parent"]) == (194, "1", 1, None)
    assert (second["parent"], second["heading_start"], second["path"]) == (194, 213, "一、›(一)")


def test_info_rows():
    document = gt.parse("下载\n打印\n2026年北京市政府工作报告\n一、甲\n正文。", id="x")
    facts = {row["field"]: row["value"] for row in tables.info(document)}
    assert (facts["title"], facts["year"], facts["sections_1"], facts["issuer"]) == (
        "2026年北京市政府工作报告",
        2026,
        1,
        None,
    )
    assert [(r["value"], r["start"], r["end"]) for r in tables.info(document) if r["field"] == "furniture"] == [
        ("下载", 0, 3),
        ("打印", 3, 6),
    ]


def test_edges_are_sorted_by_count(tokens):
    counts = [row["count"] for row in tables.edges(network.cooccurrence(tokens))]
    assert counts == sorted(counts, reverse=True)


CELLS = [
    # floats have six significant digits
    (1 / 3, "0.333333"),
    # a whole float loses its point
    (2.0, "2"),
    # exact decimals stay as they are
    (Decimal("1E+3"), "1000"),
    # nothing
    (None, ""),
    # truth
    (True, "true"),
    # numbers and text
    (3, 3),
    ("法治", "法治"),
]


@pytest.mark.parametrize(("value", "shown"), CELLS)
def test_cells(value, shown):
    assert tables.plain(value) == shown


FORMULAS = [
    # what a spreadsheet would run
    ("=1+1", "'=1+1"),
    ("+86", "'+86"),
    ("-x", "'-x"),
    ("@SUM(A1)", "'@SUM(A1)"),
    # plain text and numbers stay
    ("一是", "一是"),
    (-3, "-3"),
    (-0.5, "-0.5"),
]


@pytest.mark.parametrize(("value", "cell"), FORMULAS)
def test_formulas_are_quoted_in_files_only(value, cell):
    rows = [{"a": value}]
    assert tables.to_csv(rows, ["a"]) == f"a\n{cell}\n"
    assert tables.to_csv(rows, ["a"], quote_formulas=False) == f"a\n{value}\n"


def test_csv_quotes_what_needs_it():
    assert tables.to_csv([{"a": 'x,"y"\nz'}], ["a"]) == 'a\n"x,""y""\nz"\n'


def test_json():
    assert tables.to_json([], ["a"]) == "[]\n"
    assert tables.to_json([{"a": None, "b": 1 / 3}], ["a", "b"]) == '[\n{"a": null, "b": 0.333333}\n]\n'


def test_labels_abstain_below_the_least_probability(report, segment):
    from govtext import classify

    themes, roles = classify.themes(report, segment=segment), classify.roles(report, segment=segment)
    rows = tables.labels(report, themes, roles)
    assert len(rows) == len(report.paragraphs)
    assert all(row["theme"] and row["role"] for row in rows)
    strict = tables.labels(report, themes, roles, least=1.1)
    assert not any(row["theme"] or row["role"] for row in strict)


def test_segments_tile(tokens, report):
    rows = tables.segments(tokens)
    assert "".join(str(row["token"]) for row in rows) == report.text


HOSTILE = [
    # what a spreadsheet would run stays text
    "=HYPERLINK(1)",
    "+1",
    "@a",
    # a number as text, an address
    "007",
    "http://a.b",
    # marks of the file format
    '甲,"乙"',
    "甲|乙",
]


@pytest.mark.parametrize("name", ["s.csv", "s.xlsx"])
def test_sheets_are_read_as_they_were_written(tmp_path, name):
    rows = [{"term": text, "count": 3, "score": 1.5, "known": None} for text in HOSTILE]
    columns = ("term", "count", "score", "known")
    path = tmp_path / name
    data = tables.to_xlsx(rows, columns) if name.endswith("x") else tables.to_csv(rows, columns).encode("utf-8-sig")
    path.write_bytes(data)
    back = tables.read_sheet(path)
    assert [row["term"] for row in back] == HOSTILE
    assert {str(row["count"]) for row in back} == {"3"}


def test_xlsx_has_the_same_bytes_and_no_formula():
    import io
    import zipfile

    rows = [{"term": text} for text in HOSTILE]
    data = tables.to_xlsx(rows, ("term",))
    assert data == tables.to_xlsx(rows, ("term",))
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


EDITED = [
    # as Excel saves in China
    "add,term\r\nx,法治\r\n".encode("gb18030"),
    # semicolons, tabs
    "add;term\nx;法治\n".encode(),
    "add\tterm\nx\t法治\n".encode("utf-8-sig"),
]


@pytest.mark.parametrize("data", EDITED)
def test_edited_sheets(tmp_path, data):
    path = tmp_path / "s.csv"
    path.write_bytes(data)
    assert tables.read_sheet(path) == [{"add": "x", "term": "法治"}]


def test_sheets_that_cannot_be_read(tmp_path):
    with pytest.raises(ReadError, match="cannot be read"):
        tables.read_sheet(tmp_path / "none.csv")
    path = tmp_path / "s.xlsx"
    path.write_bytes(b"PK\x03\x04 no zip")
    with pytest.raises(ReadError, match="no Excel file"):
        tables.read_sheet(path)


def parts(workbook):
    with zipfile.ZipFile(io.BytesIO(workbook)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers():
    texts = ["=1+1", "+86", "-x", "@SUM(A1)", "https://example.org", "2022", "a\x01<b>", "法治"]
    rows = [
        {"a": text, "b": number}
        for text, number in zip(texts, [1, 2.5, -3, Decimal("1E+3"), None, True, 0, 1 / 3], strict=True)
    ]
    workbook = tables.to_xlsx(rows, ["a", "b"])
    found = parts(workbook)
    sheet, strings = found["xl/worksheets/sheet1.xml"], found["xl/sharedStrings.xml"]
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert sheet.count('t="s"') == 2 + len(texts) + 2  # the header, the texts, nothing and true
    assert all(f"<t>{text}</t>" in strings for text in ("=1+1", "@SUM(A1)", "2022", "法治"))
    assert "\x01" not in strings
    assert [float(v) for v in re.findall(r'<c r="B\d+" s="\d+"><v>([^<]+)', sheet)] == [1, 2.5, -3, 1000, 0, 0.333333]


def test_the_same_rows_are_the_same_workbook(monkeypatch):
    first = tables.to_xlsx([{"a": "法治"}], ["a"])
    monkeypatch.setattr(time, "time", lambda: 2e9)
    assert tables.to_xlsx([{"a": "法治"}], ["a"]) == first
    assert "2000-01-01" in parts(first)["docProps/core.xml"]


def test_what_does_not_fit_into_a_workbook_is_an_error():
    with pytest.raises(OutputError, match="a cell of row 2 is too long; write CSV instead"):
        tables.to_xlsx([{"a": "长" * 40_000}], ["a"])
