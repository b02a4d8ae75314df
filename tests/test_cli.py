"""The command: columns, formats, exit codes, one line for every error."""

import csv
import io
import json
import os
import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

import govtext as gt
from govtext import cli, tables
from govtext.cli import output

RUN = CliRunner()
TEXT = "一、总则\n（一）目的。推进法治政府建设，优化营商环境。法治政府建设和营商环境。\n二、附则\n自公布之日起施行。\n"

COLUMNS = {
    "outline": "start,end,level,numeral,heading,parent,run_in",
    "info": "field,value,start,end",
    "lint": "start,code,message",
    "segment": "start,end,token",
    "keywords": "document,section,rank,term,score,count",
    "network": "source,target,count,weight",
    "terms": "term,score,count,document_frequency,known,places,contexts",
    "audit": "code,term,count,other,message",
    "indicators": "start,end,text,value,unit,kind,approx,name,name_start,name_end",
    "citations": "start,end,text,type",
    "classify": "start,end,theme,theme_probability,role,role_probability",
}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def run(*arguments, cwd=".", env=None):
    """The real command as users and scripts call it; in a process of its own where it has an environment of its own."""
    command = ["govtext", *arguments]
    if env:
        return subprocess.run(
            [sys.executable, "-m", "govtext.cli", *arguments], capture_output=True, check=False, env=env
        )
    out, error = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.setattr(sys, "argv", command)
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", error)
        try:
            cli.main()
        except SystemExit as end:
            code = end.code or 0
    return subprocess.CompletedProcess(command, code, out.buffer.getvalue(), error.buffer.getvalue())


@pytest.mark.parametrize("command", COLUMNS)
def test_csv_columns(command, file):
    done = RUN.invoke(cli.app, [command, file, "--format", "csv"])
    assert done.exit_code == 0
    header = next(csv.reader(io.StringIO(done.stdout)))
    wanted = COLUMNS[command].split(",")
    assert [c for c in header if c in wanted] == wanted
    if command == "lint":
        assert header[:3] == wanted


@pytest.mark.parametrize("command", COLUMNS)
def test_json_has_the_same_rows(command, file):
    rows = json.loads(RUN.invoke(cli.app, [command, file, "--format", "json"]).stdout)
    table = list(csv.DictReader(io.StringIO(RUN.invoke(cli.app, [command, file, "--format", "csv"]).stdout)))
    assert len(rows) == len(table)
    assert all(list(a) == list(b) for a, b in zip(rows, table, strict=True))


@pytest.mark.parametrize("command", COLUMNS)
def test_readable_table(command, file):
    done = RUN.invoke(cli.app, [command, file])
    assert done.exit_code == 0
    assert ("  （一）目的" if command == "outline" else "rows") in done.stdout


def test_outline_cells(file):
    rows = list(csv.DictReader(io.StringIO(RUN.invoke(cli.app, ["outline", file, "--format", "csv"]).stdout)))
    assert [(r["start"], r["level"], r["parent"], r["run_in"]) for r in rows] == [
        ("0", "1", "", "false"),
        ("5", "2", "0", "true"),
        (str(TEXT.index("二、")), "1", "", "false"),
    ]


def test_keywords_of_sections(file):
    found = RUN.invoke(cli.app, ["keywords", file, "--sections", "--format", "csv"]).stdout
    rows = list(csv.DictReader(io.StringIO(found)))
    assert {r["section"] for r in rows} >= {"", "5"}


def test_options_reach_the_analysis(file, tmp_path):
    lexicon = tmp_path / "terms.tsv"
    lexicon.write_text("term\n自公布之日起施行\n", encoding="utf-8")
    rows = RUN.invoke(cli.app, ["segment", file, "--lexicon", str(lexicon), "--format", "csv"]).stdout
    assert "自公布之日起施行" in rows
    one = RUN.invoke(cli.app, ["keywords", file, "--top", "1", "--format", "csv"]).stdout
    assert len(one.splitlines()) == 2


BAD = [
    # a file that is not there
    (["outline", "none.txt"], 1, "none.txt"),
    # an empty file
    (["segment", "empty.txt"], 1, "empty"),
    # binary rubbish
    (["keywords", "rubbish.txt"], 1, "rubbish.txt"),
    # a type that is not read
    (["lint", "a.doc"], 1, "a.doc"),
    # a folder where a file is wanted
    (["classify", "."], 1, "folder"),
    # nothing to read in a folder
    (["network", "void"], 1, "void"),
    # a lexicon that is none
    (["segment", "good.txt", "--lexicon", "rubbish.txt"], 1, "rubbish.txt"),
    # a number of processes that is none
    (["keywords", "good.txt", "--jobs", "0"], 2, "--jobs"),
]


@pytest.mark.parametrize(("arguments", "code", "says"), BAD)
def test_bad_input_is_one_line_and_an_exit_code(tmp_path, arguments, code, says):
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "rubbish.txt").write_bytes(bytes(range(256)) * 50)
    (tmp_path / "a.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (tmp_path / "good.txt").write_text("正文。", encoding="utf-8")
    (tmp_path / "void").mkdir()
    done = run(*arguments, cwd=tmp_path)
    lines = done.stderr.decode().splitlines()
    assert done.returncode == code
    assert len(lines) == 1
    assert says in lines[0]
    assert done.stdout == b""


USAGE = [["nothing"], ["outline"], ["outline", "a.txt", "--format", "xml"], ["network", "--unit", "page"]]


@pytest.mark.parametrize("arguments", USAGE)
def test_wrong_usage_exits_with_2(arguments):
    assert RUN.invoke(cli.app, arguments).exit_code == 2


def test_one_bad_file_of_many(tmp_path, file):
    bad = tmp_path / "b.txt"
    bad.write_bytes(b"")
    done = run("keywords", file, str(bad), "--format", "csv")
    assert done.returncode == 1
    assert done.stderr.decode().count("\n") == 1
    assert "法治政府建设" in done.stdout.decode()


def test_csv_is_utf8_in_any_locale(file):
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    done = run("outline", file, "--format", "csv", env=environment)
    assert done.returncode == 0
    assert "总则" in done.stdout.decode("utf-8")


def test_version_and_help():
    import govtext

    assert RUN.invoke(cli.app, ["--version"]).stdout.strip() == govtext.__version__
    assert set(COLUMNS) <= set(RUN.invoke(cli.app, ["--help"]).stdout.split())


def test_report_writes_what_it_says(tmp_path, file):
    folder = tmp_path / "out"
    done = run("report", file, "-o", str(folder), "--no-figures")
    assert done.returncode == 0
    assert str(folder / "index.html") in done.stdout.decode()
    names = {p.name for p in (folder / "tables").iterdir()}
    assert {"outline.csv", "keywords.csv", "network.csv", "sections.csv"} <= names
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest) == {"result", "run"}


def test_report_refuses_a_folder_with_other_files(tmp_path, file):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.txt").write_text("keep")
    done = run("report", file, "-o", str(folder))
    assert done.returncode == 2
    assert (folder / "mine.txt").read_text() == "keep"
    assert done.stderr.decode().count("\n") == 1


def test_a_sheet_is_ticked_and_becomes_a_lexicon(tmp_path, file):
    for name in ("sheet.csv", "sheet.xlsx"):
        sheet, out = tmp_path / name, tmp_path / "terms.tsv"
        done = RUN.invoke(cli.app, ["terms", file, "-o", str(sheet)])
        assert (done.exit_code, "write x into the column add" in done.stdout) == (0, True)
        rows = tables.read_sheet(sheet)
        assert all(not row["add"] for row in rows)
        rows[0] |= {"add": "x", "category": "新类"}
        rows.append({"add": "√", "term": "五个一办", "category": "新类"})
        text = tables.to_csv(rows, tuple(rows[0])) if name.endswith("csv") else None
        sheet.write_bytes(text.encode("gb18030") if text else tables.to_xlsx(rows, tuple(rows[0])))
        done = RUN.invoke(cli.app, ["terms", "--ticked", str(sheet), "--only", "-o", str(out)])
        assert done.exit_code == 0, done.output
        assert {term.text: term.category for term in gt.Lexicon.read(out)}["五个一办"] == "新类"
        assert len(gt.Lexicon.read(out)) == 2
        done = RUN.invoke(cli.app, ["terms", "--ticked", str(sheet), "-o", str(out)])
        assert done.exit_code == 0
        assert f"{rows[0]['term']}: the category is 新类 in the one" in done.stderr
        assert len(gt.Lexicon.read(out)) >= len(gt.Lexicon.default())


BAD_SHEETS = [
    # a kind of file that is no sheet, no lexicon
    (["terms", "-o", "s.txt"], 2, "end it in .xlsx or .csv"),
    (["terms", "--ticked", "{sheet}", "-o", "s.csv"], 2, "end it in .tsv"),
    # a sheet that is missing
    (["terms", "--ticked", "none.csv"], 1, "none.csv: the sheet cannot be read"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), BAD_SHEETS)
def test_sheets_that_do_not_work(tmp_path, arguments, code, message):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("add,term\nx,法治\n", encoding="utf-8")
    done = run(*(a.format(sheet=sheet) for a in arguments), cwd=tmp_path)
    assert (done.returncode, message in done.stderr.decode()) == (code, True)
    assert b"Traceback" not in done.stderr


WIDTHS = [
    # no end of room: the widths of the cells, long text is cut
    (["term", "score"], [["甲" * 40, "29.2967"]], None, [60, 7]),
    # what fits
    (["term", "score", "count"], [["甲甲", "29.2967", "13"]], 40, [4, 7, 5]),
    # a number that does not fit is left out as a whole, and all after it
    (["term", "score", "count"], [["甲甲", "29.2967", "13"]], 14, [4]),
    # text that does not fit is cut while enough of it stays
    (["code", "message"], [["gap", "甲" * 30]], 40, [4, 29]),
]


@pytest.mark.parametrize(("columns", "cells", "room", "expected"), WIDTHS)
def test_widths_of_a_table(columns, cells, room, expected):
    assert output.widths_of(columns, cells, room) == expected


def test_keyness_compares_with_a_reference(tmp_path, file):
    other = tmp_path / "other.txt"
    other.write_text("营商环境，营商环境，营商环境。数字经济。" * 3, encoding="utf-8")
    done = RUN.invoke(cli.app, ["keyness", file, "-r", str(other), "--format", "csv"])
    assert done.exit_code == 0, done.output
    header, *rows = done.stdout.splitlines()
    assert header.startswith("term,count,reference_count,log_ratio,g2,q,p")
    assert rows[-1].startswith("营商环境,")
    assert run("keyness", file).returncode == 2


def test_own_stop_words_change_keywords_and_stand_in_the_manifest(tmp_path, file):
    stop = tmp_path / "stop.txt"
    stop.write_text("法治政府建设\n法治政府\n", encoding="utf-8")
    before, after = (
        RUN.invoke(cli.app, ["keywords", file, "--format", "csv", *more]).stdout
        for more in ([], ["--stopwords", str(stop)])
    )
    assert ",法治政府建设," in before
    assert ",法治政府建设," not in after
    out = tmp_path / "out"
    assert (
        RUN.invoke(cli.app, ["report", file, "-o", str(out), "--no-figures", "--stopwords", str(stop)]).exit_code == 0
    )
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["result"]["options"]["stopwords"] == ["法治政府", "法治政府建设"]
    assert RUN.invoke(cli.app, ["verify", str(out)]).exit_code == 0


# --- folders of real files ------------------------------------------------------------------------------------------


def test_notes_are_one_line_a_kind(tmp_path):
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (tmp_path / name).write_bytes(b"x")
    for name in ("x.txt", "y\n.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    done = run("keywords", str(tmp_path), "--format", "csv")
    assert done.returncode == 0
    assert done.stderr.decode().splitlines() == [
        "govtext: note: y\\n.txt: the same file as x.txt (duplicate)",
        "govtext: note: a.jpg: files of type .jpg are not read (skipped; so are 2 others)",
    ]


def test_metadata_of_file_names_reach_the_report_and_its_verification(tmp_path):
    for year, place in ((2025, "广西"), (2026, "广西")):
        (tmp_path / f"{year}_{place}.txt").write_text(f"第{year}号\n{TEXT}", encoding="utf-8")
    folder = tmp_path / "out"
    done = run("report", str(tmp_path / "*.txt"), "-o", str(folder), "--names", "{year}_{place}.txt", "--no-figures")
    assert done.returncode == 0, done.stderr
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert [row["metadata"] for row in manifest["result"]["inputs"]] == [
        {"year": 2025, "place": "广西壮族自治区"},  # as govtext knows it: the name of the unit
        {"year": 2026, "place": "广西壮族自治区"},
    ]
    assert manifest["run"]["names"] == "{year}_{place}.txt"
    assert run("verify", str(folder)).stdout.decode().startswith("same: ")
    assert run("keywords", str(tmp_path / "2025_广西.txt"), "--names", "{yaer}").returncode == 2


def test_every_file_stands_in_the_manifest(tmp_path):
    files = {
        "a.txt": TEXT.encode(),
        "b.docx": b"PK",
        "c.doc": b"x",
        "d.jpg": b"x",
        "e.txt": b"",
        "f.txt": TEXT.encode(),
    }
    (tmp_path / "in").mkdir()
    for name, data in files.items():
        (tmp_path / "in" / name).write_bytes(data)
    done = run("report", "in", "-o", "out", "--no-figures", cwd=tmp_path)
    assert done.returncode == 1
    assert "3 file(s) could not be read; they are listed in" in done.stdout.decode()
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert [row["id"] for row in manifest["result"]["inputs"]] == ["a", "f"]
    assert [row["file"] for row in manifest["result"]["quarantined"]] == ["b.docx", "c.doc", "e.txt"]
    assert [(row["code"], row["file"]) for row in manifest["run"]["notes"]] == [
        ("skipped", "d.jpg"),
        ("duplicate", "f.txt"),
    ]


def test_nothing_is_written_outside_the_folder(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in" / name).write_text(TEXT + name, encoding="utf-8")
    table = 'id,path,title\n../../up,a.txt,../x\n"/tmp/<script>\n",b.txt,=1+1\n'
    (tmp_path / "in" / "corpus.csv").write_text(table, encoding="utf-8")
    before = {p for p in tmp_path.rglob("*") if "out" not in p.parts}
    done = run("report", "in", "-o", "out", "--no-figures", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {p for p in tmp_path.rglob("*") if "out" not in p.parts} == before
    assert all(p.resolve().is_relative_to(tmp_path) for p in (tmp_path / "out").rglob("*"))


def test_the_network_is_never_used(tmp_path):
    """Any use of a socket ends the process."""
    import docx

    word = docx.Document()
    word.add_paragraph(TEXT)
    word.save(tmp_path / "a.docx")
    (tmp_path / "b.txt").write_bytes((TEXT + "又").encode("gb18030"))
    code = (
        "import os, sys\n"
        "sys.addaudithook(lambda event, _: os._exit(99) if event.startswith('socket.') and event != 'socket.gethostname' else None)\n"
        "from govtext.cli import main\n"
        f"sys.argv = ['govtext', 'report', {str(tmp_path / 'a.docx')!r}, {str(tmp_path / 'b.txt')!r}, '-o', {str(tmp_path / 'out')!r}]\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "index.html").is_file()
    guarded = code.split("from govtext", maxsplit=1)[0] + "import socket; socket.socket()"
    assert subprocess.run([sys.executable, "-c", guarded], check=False).returncode == 99  # the guard works


def test_characters_are_converted_where_asked(tmp_path):
    pytest.importorskip("opencc")
    (tmp_path / "a.txt").write_bytes("優化營商環境，優化營商環境。".encode("big5"))
    done = run("report", str(tmp_path / "a.txt"), "-o", str(tmp_path / "out"), "--convert", "t2s", "--no-figures")
    assert done.returncode == 0, done.stderr
    assert "营商环境" in (tmp_path / "out" / "tables" / "keywords.csv").read_text(encoding="utf-8-sig")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["result"]["inputs"][0]["encoding"].endswith(" t2s")
    assert run("verify", str(tmp_path / "out")).returncode == 0
    assert run("keywords", str(tmp_path / "a.txt"), "--convert", "t2x").returncode == 2


HOSTILE = [
    'a"b.txt',
    "a'b.txt",
    "a\nb.txt",
    "<script>alert(1)</script>.txt".replace("/", "_"),
    "=1+1.txt",
    "-o.txt",
    "报告 一.txt",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_names(tmp_path, name):
    path = tmp_path / name
    try:
        path.write_text(TEXT, encoding="utf-8")
    except OSError:
        pytest.skip("this file system has no such names")
    done = run("outline", str(path), "--format", "csv")
    assert (done.returncode, done.stderr) == (0, b"")
    path.write_bytes(b"")
    done = run("outline", str(path))
    assert done.returncode == 1
    assert len(done.stderr.decode().splitlines()) == 1


def test_sheets_for_coders_and_their_agreement(tmp_path, file):
    for coder in ("one", "two"):
        assert run("annotate", file, "-o", str(tmp_path / f"{coder}.csv"), "--suggest").returncode == 0
        rows = list(csv.DictReader(io.StringIO((tmp_path / f"{coder}.csv").read_text(encoding="utf-8-sig"))))
        assert rows[0]["suggested"]
        for row in rows:
            row["label"] = "总则" if int(row["start"]) < 10 or coder == "one" else "附则"
        with (tmp_path / f"{coder}.csv").open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.DictWriter(out, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    sheets = [str(tmp_path / "one.csv"), str(tmp_path / "two.csv")]
    done = run("agreement", *sheets, "--corpus", file, "--format", "csv")
    assert done.returncode == 0
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    assert [(row["coders"], row["measure"]) for row in rows] == [("one|two", "kappa"), ("one|two", "alpha")]
    assert float(rows[0]["value"]) == 0  # one coder has a single label
    done = run("agreement", sheets[0], "--corpus", file)
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert run("annotate", file, "-o", str(tmp_path / "a.pdf")).returncode == 2


def test_classify_by_a_taxonomy_of_ones_own(tmp_path, file):
    (tmp_path / "mine.tsv").write_text("label\tseeds\n环境\t营商环境\n", encoding="utf-8")
    done = run("classify", file, "--taxonomy", str(tmp_path / "mine.tsv"), "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    assert {row["theme_taxonomy"] for row in rows} == {"mine"}
    assert "环境" in {row["theme"] for row in rows}
    assert run("classify", file, "--taxonomy", str(tmp_path / "none.tsv")).returncode == 1


COMPARED = {
    "terms": "term,a,b,difference,p",
    "indicators": "document,other,name,value,other_value,unit,growth,claimed,claim,start,end,other_start,other_end",
    "promises": "document,next_document,name,verdict,target,actual,unit,score,start,end,found_start,found_end",
    "reuse": "document,source,relation,same,places,directed,text,start,end,source_start,source_end",
    "attention": "group,topic,boilerplate,share,low,high,sentences,about",
}


def write(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def two_years(tmp_path):
    """The reports of one place for two years, with the same file name in two folders."""
    texts = {
        2025: "一、2024年工作回顾\n过去一年，发电量达到100亿度。\n二、2025年重点工作\n今年要新建学校20所。",
        2026: "一、2025年工作回顾\n过去一年，发电量达到108亿度，增长8%。新建学校22所。",
    }
    close = "各位代表，让我们坚定信心、团结奋斗，在新征程上推动高质量发展取得更大成效。"
    for year, text in texts.items():
        write(tmp_path / f"{year}/报告.txt", f"{year}年甲乙市政府工作报告\n{text}法治政府，营商环境。\n{close}\n")
    return str(tmp_path / "2025"), str(tmp_path / "2026")


@pytest.mark.parametrize("what", COMPARED)
def test_compare(what, two_years):
    options = ["--what", what, "--min-count", "1"]
    done = RUN.invoke(cli.app, ["compare", *two_years, *options, "--format", "csv"])
    assert done.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    wanted = COMPARED[what].split(",")
    assert [c for c in rows[0] if c in wanted] == wanted
    assert "rows" in RUN.invoke(cli.app, ["compare", *two_years, *options]).stdout


# Each command that takes --jobs, with options that make every document count.
WITH_JOBS = [
    ["keywords", "--sections"],
    ["network", "--min-count", "1"],
    ["terms", "--min-count", "1"],
    ["audit"],
    ["annotate", "--suggest", "-o", "SHEET"],
    # compare: terms from tokens; figures and roles; names made neutral by the cut; attention by tokens and by themes
    ["compare", "B", "--min-count", "1"],
    ["compare", "B", "--what", "promises"],
    ["compare", "B", "--what", "indicators"],
    ["compare", "B", "--what", "reuse", "--localised"],
    ["compare", "B", "--what", "attention"],
    ["compare", "B", "--what", "attention", "--themes"],
]


@pytest.mark.parametrize("arguments", WITH_JOBS, ids=" ".join)
def test_results_do_not_depend_on_the_number_of_processes(arguments, two_years, tmp_path):
    name, *options = arguments
    where = [two_years[1] if one == "B" else str(tmp_path / "sheet.csv") if one == "SHEET" else one for one in options]
    inputs = [two_years[0]] if "B" in options else list(two_years)
    told = [] if name == "annotate" else ["--format", "csv"]
    found = []
    for jobs in ("1", "2"):
        done = RUN.invoke(cli.app, [name, *inputs, *where, *told, "--jobs", jobs])
        assert done.exit_code == 0, done.output
        found.append((tmp_path / "sheet.csv").read_bytes() if name == "annotate" else done.stdout)
    assert found[0] == found[1]
    assert len(found[0].splitlines()) > 1


def test_compare_says_what_it_found(two_years):
    def rows(what):
        done = RUN.invoke(cli.app, ["compare", *two_years, "--what", what, "--format", "json"])
        return json.loads(done.stdout)

    assert [(r["name"], r["verdict"], r["reported"]) for r in rows("promises")] == [("新建学校", "met", "新建学校22所")]
    assert [(r["name"], r["growth"], r["claim"]) for r in rows("indicators")] == [("发电量", 8.0, "holds")]
    # Two files of one name have ids of their own
    assert {(r["source"], r["document"], r["relation"]) for r in rows("reuse")} == {("A/报告", "B/报告", "own")}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["{a}"], 2, "name a second file or folder"),
        (["{a}", "{a}", "--what", "promises"], 1, "not of the next year"),
        (["{file}", "{a}", "--what", "promises"], 1, "are not known; say it in corpus.csv"),
        (["{file}", "--what", "attention"], 1, "the year is not known"),
    ],
)
def test_compare_says_what_is_missing(arguments, code, message, two_years, file):
    known = {"a": two_years[0], "file": file}
    done = run("compare", *(argument.format(**known) for argument in arguments))
    assert (done.returncode, done.stdout) == (code, b"")
    assert message in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


# --- figures for papers ---------------------------------------------------------------------------------------------


@pytest.fixture
def years(tmp_path):
    texts = {
        2024: "优化营商环境，新增就业5万人。法治政府建设和乡村振兴。",
        2025: "新增就业6万人。法治政府建设，数字政府和乡村振兴。",
    }
    for year, text in texts.items():
        write(tmp_path / f"{year}_甲市.txt", f"一、工作\n{text * 3}\n")
    return [str(tmp_path), "--names", "{year}_{place}.txt"]


def test_figures_of_two_years(years, tmp_path):
    out = tmp_path / "figures"
    options = ["--only", "changes,ranks", "--only", "keyness", "--format", "svg", "--size", "one", "--lang", "en"]
    done = RUN.invoke(cli.app, ["figures", *years, "-o", str(out), *options])
    assert done.exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == ["captions.md", "changes.svg", "keyness.svg", "ranks.svg"]
    captions = (out / "captions.md").read_text(encoding="utf-8")
    assert "**Keyness: 甲市 2025 against 甲市 2024**" in captions or "**Keyness: 2025 against 2024**" in captions
    assert "Benjamini–Hochberg" in captions
    assert "n = " in captions
    assert re.search('width="240.9', (out / "keyness.svg").read_text(encoding="utf-8"))  # 85 mm in points


def test_figures_against_a_reference(file, years, tmp_path):
    out = tmp_path / "figures"
    done = RUN.invoke(
        cli.app, ["figures", file, "-r", years[0], "-o", str(out), "--only", "keyness", "--format", "pdf"]
    )
    assert done.exit_code == 0
    assert (out / "keyness.pdf").is_file()


FIGURES = [
    # a name that is none
    (["--only", "x"], 2, "no figure 'x'; choose from network, keywords"),
    # a format whose bytes we do not promise
    (["--format", "jpg"], 2, "choose from svg, pdf, png, tif"),
    # what one document does not allow
    (["--only", "ranks"], 2, "it takes documents of two years"),
    # a file where a folder should be
    (["--only", "keywords", "-o", "a.txt"], 2, "cannot be written"),
]


@pytest.mark.parametrize(("options", "code", "what"), FIGURES)
def test_figures_that_cannot_be_drawn(file, tmp_path, options, code, what):
    done = run("figures", file, *options, cwd=tmp_path)
    assert done.returncode == code
    assert what in done.stderr.decode()
    assert not (tmp_path / "govtext-figures").exists()


@pytest.mark.parametrize("command", COLUMNS)
def test_tables_for_papers(command, file):
    latex = RUN.invoke(cli.app, [command, file, "--format", "latex"])
    assert latex.exit_code == 0
    assert "\\midrule" in latex.stdout
    markdown = RUN.invoke(cli.app, [command, file, "--format", "markdown"])
    assert "| :--" in markdown.stdout or "| --:" in markdown.stdout


@pytest.mark.parametrize("command", sorted(set(COLUMNS) - {"network", "terms"}))  # whose -o writes another kind of file
@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_table_is_written_as_a_file_for_spreadsheets(command, suffix, file, tmp_path):
    out = tmp_path / f"表{suffix}"
    done = RUN.invoke(cli.app, [command, file, "-o", str(out)])
    assert (done.exit_code, done.stdout.startswith("Wrote ")) == (0, True), done.output
    rows = list(csv.DictReader(io.StringIO(RUN.invoke(cli.app, [command, file, "--format", "csv"]).stdout)))
    assert [list(row) for row in tables.read_sheet(out)] == [list(row) for row in rows]
    if suffix == ".csv":
        assert out.read_bytes().startswith(b"\xef\xbb\xbf")  # Excel takes a file without it for another encoding


def test_a_table_of_no_known_kind_is_refused(file, tmp_path):
    done = run("keywords", file, "-o", str(tmp_path / "a.xls"))
    assert (done.returncode, b"end it in .xlsx or .csv" in done.stderr) == (2, True)


def test_a_narrow_terminal_shows_what_a_paragraph_says(file):
    head = RUN.invoke(cli.app, ["classify", file]).stdout.split("\n")[1].split()
    assert head[:5] == ["start", "end", "theme", "role", "text_head"]


WRITTEN = [
    # Gephi
    ("net.gexf", ["net.gexf"]),
    # VOSviewer, two files
    ("net.txt", ["net-map.txt", "net-network.txt"]),
]


@pytest.mark.parametrize(("name", "files"), WRITTEN)
def test_a_network_is_written_as_a_file(file, tmp_path, name, files):
    done = RUN.invoke(cli.app, ["network", file, "--min-count", "1", "-o", str(tmp_path / name)])
    assert done.exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("net")) == files
    assert f"to {tmp_path / files[-1]}" in done.stdout or files[0] in done.stdout


def test_a_network_of_no_known_format_is_refused(file, tmp_path):
    done = run("network", file, "-o", str(tmp_path / "net.svg"))
    assert (done.returncode, b"no network format" in done.stderr) == (2, True)


@pytest.mark.parametrize("count", [1, 2, 9, 14])
def test_no_column_of_a_table_is_cut_or_lost(count, capsys):
    columns = [f"column{number}" for number in range(count)]
    output.print_rows([dict.fromkeys(columns, "法治政府建设")], columns, output.Format.table)
    printed = capsys.readouterr().out
    assert printed.count("法治政府建设") == count
    assert printed.split()[:count] == columns
