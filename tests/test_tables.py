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
from govtext.errors import OutputError
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
    assert [float(v) for v in re.findall(r'<c r="B\d+"><v>([^<]+)', sheet)] == [1, 2.5, -3, 1000, 0, 0.333333]


def test_the_same_rows_are_the_same_workbook(monkeypatch):
    first = tables.to_xlsx([{"a": "法治"}], ["a"])
    monkeypatch.setattr(time, "time", lambda: 2e9)
    assert tables.to_xlsx([{"a": "法治"}], ["a"]) == first
    assert "2000-01-01" in parts(first)["docProps/core.xml"]


def test_what_does_not_fit_into_a_workbook_is_an_error():
    with pytest.raises(OutputError, match="a cell of row 2 is too long; write CSV instead"):
        tables.to_xlsx([{"a": "长" * 40_000}], ["a"])
