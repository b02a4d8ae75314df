"""Whatever a document says is text wherever it is shown or written: pages, networks, sheets, LaTeX, terminals."""

import csv
import http.server
import io
import json
import os
import re
import shutil
import subprocess
import threading
from xml.etree import ElementTree

import networkx as nx
import openpyxl
import pytest
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner

import govtext as gt
from govtext import network, tables
from govtext.cli.options import Format, app
from govtext.cli.output import print_rows
from govtext.tables.latex import escaped
from govtext.text import FORMULA, as_cell, from_cell

# What would act if it were not text. Where a script runs it renames the page or asks the server of the test.
HOSTILE = [
    "<script>document.title='ran'</script>",
    "</script><script>document.title='ran'</script>",
    "</style><script>document.title='ran'</script>",
    "<img src=http://hostile.invalid/a onerror=document.title='ran'>",
    "<svg onload=document.title='ran'>",
    "<iframe src=http://hostile.invalid/b></iframe><link rel=stylesheet href=http://hostile.invalid/c>",
    "<meta http-equiv=refresh content='0;url=http://hostile.invalid/d'>",
    "javascript:document.title='ran'",
    "]]><script>document.title='ran'</script>",
    "<!-- --><b>甲</b>",
    "{{ 7*7 }}{% raw %}{# x #}",
    "@@FONT@@",
    "url(http://hostile.invalid/e)",
    "\u202e倒\u202c",
    "\x1b[31m红\x1b]0;标题\x07\x9b2J",
    "\0空",
    "=HYPERLINK(\"http://hostile.invalid\",\"x\")",
    "＋SUM(1)",
    "$\\alpha$ \\input{x} 50%_&#~^",
    "\" onmouseover=document.title='ran' x=\"",
    "' onmouseover=document.title='ran' x='",
]  # fmt: skip


def hostile_document():
    """A report whose headings, titles, quotes and figures are hostile, each often enough to be a term of the network."""
    lines = [f"{HOSTILE[0]}市2022年法治政府建设{HOSTILE[4]}情况报告"]
    for number, one in enumerate(HOSTILE):
        numeral = "一二三四五六七八九十"[number % 10]
        lines += [
            f"（{numeral}）推进“{one}”。依据《{one}条例》（国发〔2022〕5号），持续推进“{one}”和“{HOSTILE[number - 1]}”，完成{one}检查{number}项。",
            f"“{one}”与“法治政府”“{HOSTILE[number - 1]}”协同，增长5%，{one}",
        ]
    return "一、总则\n" + "\n".join(lines)


@pytest.fixture(scope="module")
def report_folder(tmp_path_factory):

    folder = tmp_path_factory.mktemp("hostile")
    name = "<img src=x onerror=document.title='ran'>.txt" if os.name != "nt" else "a.txt"
    (folder / name).write_bytes(hostile_document().encode())
    (folder / "b.txt").write_bytes("\n".join(hostile_document().split("\n")[:9]).encode())
    out = folder / "out"
    done = CliRunner().invoke(
        app, ["report", str(folder / name), str(folder / "b.txt"), "-o", str(out), "--no-figures"]
    )
    assert done.exit_code == 0, done.output
    assert not CONTROL.search(done.output)
    return out


def foreign(page):
    """Elements and attributes that no page of ours has."""
    tree = LexborHTMLParser(page)
    found = tree.css("iframe, img, link, object, embed, form, base, meta[http-equiv=refresh], [src], [srcdoc]")
    found += [node for node in tree.css("*") if any(name.startswith("on") for name in node.attributes)]
    found += [node for node in tree.css("[href]") if not re.match(r"#|[\w./-]+$", node.attributes["href"])]
    return [node.html[:200] for node in found]


CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_the_page_has_no_control_characters_and_no_foreign_tags(report_folder):
    page = (report_folder / "index.html").read_text(encoding="utf-8")
    assert not CONTROL.search(page)
    assert page.count("<script") == page.count("</script") == 1
    assert not foreign(page)
    assert "hostile.invalid" in page
    assert "{{ 7*7 }}{% raw %}{# x #}" in page


class Counting(http.server.BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012 - one server a test

    def do_GET(self):
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed: the page is not opened")
def test_nothing_runs_and_nothing_is_asked_for_in_a_browser(report_folder, tmp_path):
    server = http.server.HTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = f"127.0.0.1:{server.server_port}"
    command = [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}", "--virtual-time-budget=3000",
        f"--host-resolver-rules=MAP hostile.invalid:80 {place}", "--disable-component-update", "--no-first-run",
    ]  # fmt: skip
    try:
        probe = tmp_path / "probe.html"
        probe.write_text("<title>x</title><img src=http://hostile.invalid/probe onerror=document.title='ran'>")
        found = subprocess.run([*command, "--dump-dom", probe.as_uri()], capture_output=True, check=True)
        assert "<title>ran</title>" in found.stdout.decode()  # it would be seen
        assert Counting.asked == ["/probe"]
        page = (report_folder / "index.html").as_uri()
        dom = subprocess.run([*command, "--dump-dom", page], capture_output=True, check=True).stdout.decode()
    finally:
        server.shutdown()
        server.server_close()
    assert Counting.asked == ["/probe"]
    assert "<title>ran</title>" not in dom
    assert "&lt;script&gt;document.title='ran'&lt;/script&gt;" in dom
    assert not foreign(dom)


@pytest.mark.parametrize("suffix", ["graphml", "gexf"])
def test_networks_are_xml_that_gives_the_terms_back(report_folder, suffix):
    data = (report_folder / f"network.{suffix}").read_bytes()
    assert not re.search(rb"<script|<img", data)
    ElementTree.fromstring(data)  # noqa: S314 - our own
    assert network.read(report_folder / f"network.{suffix}").number_of_nodes() > 3


def test_attributes_of_a_network_are_legal_xml(tmp_path):
    graph = nx.Graph(lexicon="a\0b")
    graph.add_edge("\x1b[31m", "<b>]]>&", count=1, category="\ufffe")
    network.write(graph, tmp_path / "a.graphml")
    network.write(graph, tmp_path / "a.gexf")
    assert sorted(network.read(tmp_path / "a.graphml")) == ["<b>]]>&", "\\u001b[31m"]
    assert sorted(network.read(tmp_path / "a.gexf")) == ["<b>]]>&", "\\u001b[31m"]


def test_no_cell_of_a_csv_is_a_formula(report_folder):
    files = sorted((report_folder / "tables").glob("*.csv"))
    assert files
    for file in files:
        for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")):
            assert not [
                cell for cell in row if cell.startswith(FORMULA) and not re.fullmatch(r"-?[\d.e+-]+(?:\s.*)?", cell)
            ], file


@pytest.mark.parametrize("text", [*HOSTILE, "'=1", "''@x", "'", "\n=1", "－1", "法治"])
def test_cells_come_back(text):
    assert from_cell(as_cell(text)) == text
    assert not as_cell(text).startswith(FORMULA)


def test_a_workbook_holds_text_alone():
    rows = [{"text": one} for one in HOSTILE]
    [sheet] = openpyxl.load_workbook(io.BytesIO(tables.to_xlsx(rows, ["text"]))).worksheets
    cells = [cell for (cell,) in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)


def test_latex_holds_no_command_of_a_document():
    found = " ".join(map(escaped, HOSTILE))
    assert not CONTROL.search(found)
    # a bracket or a star after the end of a row would be an option of it
    allowed = r"\\[&%$#_{}]|\\text\w+\{\}|\{[*\[\]]\}|\$[<>]\$"
    assert not re.search(r"[\\&%$#_{}~^*\[\]]", re.sub(allowed, "", found))
    assert r"\textbackslash{}input\{x\} 50\%\_\&\#\textasciitilde{}\textasciicircum{}" in found


@pytest.mark.parametrize("how", list(Format))
def test_a_terminal_obeys_no_document(monkeypatch, how):
    class Terminal(io.TextIOWrapper):
        def isatty(self):
            return True

    out = Terminal(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setenv("TERM", "dumb")
    print_rows([{"text": one, "n": 1} for one in HOSTILE], ["n", "text"], how)
    out.flush()
    assert not CONTROL.search(out.buffer.getvalue().decode())


def test_a_pipe_gets_every_character(capsysbinary):
    print_rows([{"text": one} for one in HOSTILE], ["text"], Format.json)
    assert [row["text"] for row in json.loads(capsysbinary.readouterr().out)] == HOSTILE
    print_rows([{"text": one} for one in HOSTILE], ["text"], Format.csv)
    rows = csv.reader(io.StringIO(capsysbinary.readouterr().out.decode(), newline=""))
    assert [row[0] for row in rows][1:] == HOSTILE


COMMANDS = ["outline", "info", "lint", "keywords", "indicators", "citations"]


@pytest.mark.parametrize("command", COMMANDS)
def test_readable_tables_have_no_control_characters(tmp_path, command):
    (tmp_path / "a.txt").write_bytes(hostile_document().encode())
    done = CliRunner().invoke(app, [command, str(tmp_path / "a.txt")])
    assert done.exit_code == 0, done.output
    assert not CONTROL.search(done.output)


def test_a_notebook_shows_text():
    found = gt.parse("一、<script>1</script>\n正文。", id="<img>")._repr_html_()
    assert "<script" not in found
    assert "<img" not in found
