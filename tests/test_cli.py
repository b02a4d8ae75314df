"""The command: columns, formats, exit codes, one line for every error."""

import csv
import io
import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from govtext import cli

RUN = CliRunner()
TEXT = "一、总则\n（一）目的。推进法治政府建设，优化营商环境。法治政府建设和营商环境。\n二、附则\n自公布之日起施行。\n"

COLUMNS = {
    "outline": "start,end,level,numeral,heading,parent,run_in",
    "info": "field,value,start,end",
    "lint": "start,code,message",
    "segment": "start,end,token",
    "keywords": "document,section,rank,term,score,count",
    "network": "source,target,count,weight",
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
