"""Results as rows, frames and files."""

import io
import re
import time
import zipfile
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import govtext as gt
from govtext import citations, compare, counts, document, indicators, keywords, network, tables
from govtext.document import Metadata, lint
from govtext.errors import OptionError, OutputError, ReadError
from govtext.native import kernels
from govtext.tables import files
from govtext.tables.printed import EXCEL
from govtext.tables.printed import _known as known_columns
from govtext.text import Span

needs_kernels = pytest.mark.skipif(kernels is None, reason="nothing is compiled here")


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


CELLS = (
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.dates()),
    st.text(st.characters(codec="utf-8") | st.sampled_from("'=+-@＝\",\n\r\t")),
)


@needs_kernels
@given(
    st.integers(1, 3).flatmap(lambda n: st.lists(st.lists(st.one_of(*CELLS), min_size=n, max_size=n))), st.booleans()
)
def test_compiled_rows_are_those_of_the_csv_module(rows, guarded):
    names = [str(i) for i in range(len(rows[0]) if rows else 1)]
    columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}

    def written():
        text = tables.columns_to_csv(columns, names, quote_formulas=guarded)
        return text, tables.columns_to_file(columns, names)

    compiled = written()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "kernels", None)
        assert written() == compiled


ROWS = [
    (([],), b""),
    (([None],), b'""\n'),  # a line that is empty is none
    (
        (["=1", "'=1", "'", "＋"], [True, 2**70, -(2**63), 1e-7]),
        "'=1,true\n''=1,1180591620717411303424\n',-9223372036854775808\n'＋,1e-07\n".encode(),
    ),
    ((['a"b', "c,d", "e\nf", "𠀀"], [0, -1, 10, 0.5]), '"a""b",0\n"c,d",-1\n"e\nf",10\n𠀀,0.5\n'.encode()),
    ((["a\rb"],), None),  # left to the csv module
    ((["\ud800"],), None),
]


@needs_kernels
@pytest.mark.parametrize(("columns", "rows"), ROWS)
def test_compiled_rows(columns, rows):
    assert files.kernels.csv_rows(columns, "=＋", tables.plain) == rows


def _shorten(cells):
    def plain(_):
        cells.clear()
        return ""

    return plain


BAD_ROWS = [
    (([1],), 3, str, TypeError),  # no text of risky characters
    ([[1]], "", str, TypeError),  # no tuple of columns
    (((1,),), "", str, ValueError),  # a column that is no list
    (([1], [1, 2]), "", str, ValueError),  # columns of unequal length
    (([b""],), "", None, TypeError),  # nothing to call
    ((cells := [b"", b""],), "", _shorten(cells), IndexError),  # a column that changes while it is written
]


@needs_kernels
@pytest.mark.parametrize(("columns", "risky", "plain", "error"), BAD_ROWS)
def test_compiled_rows_refuse_what_they_cannot_write(columns, risky, plain, error):
    with pytest.raises(error):
        files.kernels.csv_rows(columns, risky, plain)


def test_columns_of_edges_are_those_of_rows(tokens):
    graph = network.cooccurrence(tokens)
    rows, columns = tables.edges(graph), tables.edge_columns(graph)
    assert rows == [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    assert tables.edge_columns(network.cooccurrence([])) == {name: [] for name in tables.NETWORK}


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


# --- tables of papers -----------------------------------------------------------------------------------------------


def keyness():
    values = [
        ("法治政府", 9, 1, 8.2, 0.5, 12.3456, 3.1, 0.0002, 0.0004, 4.0),
        ("a&b_|*", 1, 9, 0.5, 8, 9, -3.1, 0.04, 0.06, -2),
    ]
    return [keywords.Keyness(*row) for row in values]


PRINTED = [
    # results, the language, some headings, the caption begins, and the note has
    (keyness(), "zh", ["词语", "次数", "参照次数"], "关键性", "n = 2 个词"),
    (keyness(), "en", ["Term", "Count", "Reference count"], "Keyness", "per 10,000 characters"),
    # rows of the command are known by their columns
    (tables.rows(keyness()), "zh", ["词语", "次数"], "关键性", "Benjamini–Hochberg"),
    # what is not known has its own names, and n
    ([{"x": 1, "y": "b"}], "zh", ["x", "y"], "", "n = 1。"),
    (pd.DataFrame({"share": [0.5], "x": ["a"]}), "en", ["Share (%)", "x"], "", "n = 1."),
    ([], "zh", [], "", ""),
]


@pytest.mark.parametrize(("results", "lang", "headings", "caption", "note"), PRINTED)
def test_printed(results, lang, headings, caption, note):
    table = tables.printed(results, lang=lang)
    assert [column.heading for column in table.columns][: len(headings)] == headings
    assert table.caption.startswith(caption)
    assert note in table.note


PLANS = [
    gt.parse(text, metadata=Metadata(place="甲市", year=year, genre="政府工作报告"))
    for year, text in (
        (2025, "二、2025年重点工作\n今年要实现城镇新增就业5万人。"),
        (2026, "一、2025年工作回顾\n过去一年，城镇新增就业5.2万人。"),
    )
]


def test_every_kind_of_results_has_a_caption_and_a_note(report, tokens, segment):
    reports = [
        gt.parse(report.text, id=str(y), metadata=Metadata(year=y, place="清镇市", genre="报告")) for y in (2021, 2022)
    ]
    graph = network.cooccurrence(tokens)
    found = [
        keywords.tfidf(tokens, n=3), keywords.tfidf(tokens, n=3, unit="section"), keywords.stability(tokens, n=3, resamples=20),
        counts.frequencies(tokens), counts.categories(tokens), counts.rank_changes(tokens, tokens),
        indicators.extract(report), compare.attention(reports, segment=segment, draws=10),
        compare.term_changes(*reports, segment=segment), compare.indicator_pairs(*reports, segment=segment),
        compare.promises(*PLANS, segment=segment), tables.edges(graph), network.centralities(graph),
    ]  # fmt: skip
    for results in found:
        for lang, chinese in (("zh", True), ("en", False)):
            table = tables.printed(results, lang=lang)
            assert len(table.rows) == len(results) > 0
            assert bool(re.search("[\u4e00-\u9fff]", table.caption)) is chinese
            assert "n = " in table.note or "句" in table.note or "sentences" in table.note
            assert all(len(row) == len(table.columns) for row in table.cells())
            assert bool(re.search("[\u4e00-\u9fff]", "".join(c.heading for c in table.columns))) is chinese


def test_the_note_says_what_is_left_out():
    table = tables.printed(keyness(), n=1)
    assert (len(table.rows), table.note[-15:]) == (1, "。表列前 1 行，共 2 行。")


@pytest.mark.parametrize(
    ("options", "what"),
    [({"lang": "fr"}, "no language 'fr'"), ({"columns": ["term", "x"]}, "no column x")],
)
def test_what_cannot_be_printed(options, what):
    with pytest.raises(OptionError, match=what):
        tables.printed(keyness(), **options)


def test_names_of_columns_are_whole():
    kinds = set()
    for zh, en, kind in known_columns().values():
        assert zh
        assert not re.search("[\u4e00-\u9fff]", en)
        kinds.add(kind)
    assert kinds == set(EXCEL)


def test_latex():
    text = tables.to_latex(tables.printed(keyness()), label="tab:key")
    assert "\\begin{tabular}{lrrrrrrr}" in text
    assert [text.count(f"\\{line}") for line in ("toprule", "midrule", "bottomrule")] == [1, 1, 1]
    assert "      法治政府 & 9 & 1 & 8.20 & 0.50 & 3.10 & 12.35 & $<$0.001 \\\\" in text
    assert "a\\&b\\_\\textbar{}{*} & 1 & 9 & 0.50 & 8.00 & $-$3.10 & 9.00 & 0.060 \\\\" in text
    assert "\\label{tab:key}" in text
    assert "$\\chi^2$" in text
    assert balanced(text)


def balanced(text):
    """Whether every environment and every brace that begins ends."""
    names = re.findall(r"\\(begin|end)\{(\w+)\}", text)
    stack = []
    for kind, name in names:
        if kind == "begin":
            stack.append(name)
        elif not stack or stack.pop() != name:
            return False
    bare = re.sub(r"\\[\\{}]", "", text)
    return not stack and bare.count("{") == bare.count("}")


def test_long_tables_go_over_pages():
    text = tables.to_latex(tables.printed([{"term": "长" * 30, "count": i} for i in range(50)]))
    assert "\\begin{longtable}{>{\\raggedright\\arraybackslash}p{0.864\\linewidth}r}" in text  # what the line leaves
    assert text.count("\\toprule") == 2  # on the first page and on those that follow
    assert "\\caption" not in text  # nothing is known of such rows
    assert balanced(text)


@pytest.mark.parametrize(
    ("rows", "present", "absent"),
    [
        # what fits is set at full size, whole headings and whole texts
        ([{"term": "法治", "count": 3}], ["{tabular}{lr}", "词语 & 次数"], ["\\small", "wider"]),
        # many numbers: smaller, headings in lines, the second of them after 参照 and before the bracket
        (
            [{"term": "深入贯彻中央八项规定精神", "count": 9, "reference_count": 1, "reference_relative_frequency": 1.5,
              "relative_frequency": 2.5, "log_ratio": 2.0, "g2": 9.0, "q": 0.1, "claimed": 8.1}],
            ["\\footnotesize", "}参照 \\\\ 每万字次数\\end", "}所称 \\\\ 增幅 \\\\ （\\%）\\end"], ["wider"],
        ),
        # long texts share what the line leaves; a short one is whole
        ([{"start": 1, "text": "长" * 90, "term": "短"}], ["rp{0.", "}l}"], ["\\small"]),
        # more columns than a line holds, even small
        ([{f"第{i}列": "长" * 30 for i in range(15)}], ["% wider than a line of text"], []),
        # yes and no; a third in six digits; nothing is broken into letters
        ([{"term": "甲", "known": True, "value": Decimal(1) / 3}], ["甲 & 是 & 0.333333"], ["true"]),
    ],
)  # fmt: skip
def test_a_latex_table_is_no_wider_than_a_line(rows, present, absent):
    text = tables.to_latex(tables.printed(rows)).replace(">{\\raggedright\\arraybackslash}", "")
    assert [one for one in present if one not in text] == []
    assert [one for one in absent if one in text] == []
    assert balanced(text)


@pytest.mark.parametrize(
    ("rows", "text", "over_pages"),
    [(32, "短", False), (33, "短", True), (7, "长" * 90, False), (12, "长" * 90, True)],  # lines count, not rows
)
def test_what_is_longer_than_a_page_goes_over_pages(rows, text, over_pages):
    printed = tables.printed([{"term": text, "count": number} for number in range(rows)])
    assert ("longtable" in tables.to_latex(printed)) is over_pages


def test_latin_words_of_a_heading_stay_whole():
    rows = [{"term": "习近平新时代中国特色社会主义思想", "a": 1.5, "b": 2.5, "difference": 1.0, "rank": 1,
             "reference_rank": 2, "g2": 1.0, "q": 0.1, "claimed": 8.1}]  # fmt: skip
    text = tables.to_latex(tables.printed(rows, lang="en"))
    assert "Difference" in text
    assert "Reference \\\\ rank" in text


def test_latin_words_in_a_chinese_heading_stay_whole():
    rows = [{"government支出占比": 1.5} | dict.fromkeys("abcdefghij", 2.5)]
    text = tables.to_latex(tables.printed(rows))
    assert "government" in text
    assert "government支出占比" not in text  # it is folded, behind the word


def test_markdown():
    lines = tables.to_markdown(tables.printed(keyness(), columns=["term", "count"])).splitlines()
    assert lines[2:5] == ["| 词语 | 次数 |", "| :-- | --: |", "| 法治政府 | 9 |"]
    assert lines[5] == "| a&b\\_\\|\\* | 1 |"
    assert lines[-1].startswith("注：")


@pytest.mark.parametrize("suffix", [".tex", ".md", ".xlsx", ".csv"])
def test_tables_are_written(tmp_path, suffix):
    for name in "ab":
        tables.write(tables.printed(keyness()), tmp_path / f"{name}{suffix}")
    data = (tmp_path / f"a{suffix}").read_bytes()
    assert data == (tmp_path / f"b{suffix}").read_bytes()
    if suffix == ".csv":
        assert data.startswith("\ufeff词语,次数".encode())
        assert "0.0004" in data.decode()  # not rounded


@pytest.mark.parametrize(("name", "error"), [("a.doc", OptionError), ("none/a.md", OutputError)])
def test_tables_that_cannot_be_written(tmp_path, name, error):
    with pytest.raises(error):
        tables.write(tables.printed(keyness()), tmp_path / name)


def test_a_workbook_of_a_paper(tmp_path):
    import openpyxl

    tables.write(tables.printed(keyness()), tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet["A1"].value.startswith("关键性")
    assert [cell.value for cell in sheet[2]][:3] == ["词语", "次数", "参照次数"]
    assert sheet["A5"].value.startswith("注：")
    assert (sheet["A3"].data_type, sheet["B3"].data_type, sheet["B3"].value) == ("s", "n", 9)
    assert sheet["H3"].number_format == '[<0.0005]"<0.001";0.000'
    assert sheet["H3"].value == 0.0004
    lines = [(sheet[f"A{row}"].border.top.style, sheet[f"A{row}"].border.bottom.style) for row in (2, 3, 4)]
    assert lines == [("medium", "thin"), (None, None), (None, "medium")]
    assert sheet.column_dimensions["A"].width > 8  # four Chinese characters


def test_columns_of_a_workbook_have_a_type_and_a_width():
    import openpyxl

    rows = [
        {
            "term": "习近平新时代中国特色社会主义思想",
            "count": 1234,
            "score": 1 / 3,
            "year": 2022,
            "value": Decimal("1.50"),
        }
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(tables.to_xlsx(rows, list(rows[0])))).active
    assert [sheet[f"{c}2"].number_format for c in "BCDE"] == ["0", "0.000", "0", "General"]
    assert sheet.column_dimensions["A"].width >= 2 * 16
    assert sheet.column_dimensions["B"].width < 12


def test_columns_are_those_of_rows(report, tokens):
    found = (indicators.extract(report), indicators.check(report), citations.extract(report), document.lint(report))
    for results in (*found, keywords.tfidf(tokens)):
        rows, columns = tables.rows(results), tables.columns_of(results)
        names = sorted({name for row in rows for name, value in row.items() if value is not None} | set(columns))
        assert set(names) == set(columns)
        columns = {name: columns[name] for name in names}
        assert [{name: row.get(name) for name in names} for row in rows] == [
            dict(zip(names, cells, strict=True)) for cells in zip(*columns.values(), strict=True)
        ]
        assert tables.columns_to_csv(columns, [*names, "none"]) == tables.to_csv(rows, [*names, "none"])
    assert tables.columns_of([]) == {}
    assert tables.columns_to_csv({}, ["a", "b"]) == "a,b\n"
