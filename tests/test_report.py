"""The output folder: whole, repeatable, refused where it is not ours."""

import csv
import errno
import hashlib
import io
import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import networkx as nx
import pytest

import govtext as gt
from drawn import faults
from govtext import report, tables
from govtext.document import Metadata
from govtext.errors import GovtextError, OptionError, OutputError
from govtext.report import figures
from govtext.report import folder as folders
from govtext.report.files import INTERVALS, NODES

OF_THE_RUN = {"manifest.json", "ro-crate-metadata.json"}  # these hold times and are not compared
HOSTILE = '"><script>alert(1)</script>'
TEXT = (
    "一、=HYPERLINK(1)\n<img src=http://evil.example/x onerror=alert(1)>{{7*7}}“甲\x07乙”和法治政府。\n"
    '“甲\x07乙”和法治政府@@FONT@@&amp;‘引号’"双"。\n三、<b>营商环境</b>\n优化营商环境。\ufffe\x85\n'
)


def corpus():
    """The reference report and a small document that tries to break out of every format."""
    hostile = gt.parse(TEXT, id=HOSTILE)
    return gt.Corpus(
        (next(iter(gt.reference_corpus())), hostile), (GovtextError("it is empty", where="/a/b/empty.txt"),)
    )


def tiny():
    return gt.Corpus((gt.parse("一、总则\n建设法治政府。", id="a"),))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("report") / "out"
    report.write(corpus(), out)
    return out


@pytest.fixture(scope="module")
def manifest(folder):
    return json.loads((folder / "manifest.json").read_bytes())


def rows(folder, name):
    return list(csv.DictReader(io.StringIO((folder / "tables" / name).read_bytes().decode("utf-8-sig"))))


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# --- what is written --------------------------------------------------------------------------------------------------


def test_every_output_is_in_the_manifest(folder, manifest):
    found = {name: hashlib.sha256(data).hexdigest() for name, data in files(folder).items() if name not in OF_THE_RUN}
    assert manifest["result"]["outputs"] == found
    names = "index.html network.graphml network.gexf figures/network.svg figures/keywords.png tables/outline.csv"
    assert set(names.split()) < found.keys()
    assert manifest["result"]["options"] == report.Options().recorded()
    assert manifest["result"]["quarantined"] == [{"file": "empty.txt", "reason": "it is empty"}]


def test_no_output_holds_a_time_or_a_path(folder):
    for name, data in files(folder).items():
        if name not in OF_THE_RUN:
            for trace in (str(folder.parent), str(Path.cwd()), "/a/b", time.strftime("%Y-%m-%d")):
                assert trace.encode() not in data, name


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("outline.csv", ("document", *tables.OUTLINE)),  # with several documents their id comes first
        ("lint.csv", ("document", *tables.LINT)),
        ("sections.csv", ("document", *tables.SECTIONS)),
        ("indicators.csv", ("document", *tables.INDICATORS)),
        ("checks.csv", ("document", *tables.CHECKS)),
        ("citations.csv", ("document", *tables.CITATIONS)),
        ("keywords.csv", tables.KEYWORDS),
        ("intervals.csv", INTERVALS),
        ("network.csv", tables.NETWORK),
        ("nodes.csv", NODES),
    ],
)
def test_tables(folder, name, columns):
    data = (folder / "tables" / name).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")  # for Excel
    assert next(csv.reader(io.StringIO(data.decode("utf-8-sig")))) == list(columns)
    assert rows(folder, name)


def test_cells_are_no_formulas(folder):
    assert "'=HYPERLINK(1)" in {row["heading"] for row in rows(folder, "outline.csv")}


def test_keywords_are_of_documents_and_sections(folder):
    found = rows(folder, "keywords.csv")
    assert {row["document"] for row in found} == {"qingzhen-2022", HOSTILE}
    assert {bool(row["section"]) for row in found} == {True, False}


@pytest.mark.parametrize(("name", "read"), [("network.graphml", nx.read_graphml), ("network.gexf", nx.read_gexf)])
def test_network_files_hold_the_network(folder, name, read):
    graph = read(folder / name)
    nodes, edges = rows(folder, "nodes.csv"), rows(folder, "network.csv")
    assert set(graph) == {row["term"].replace("\x07", "\\u0007") for row in nodes}
    assert any("\\u0007" in node for node in graph)  # a character that XML cannot hold
    assert graph.number_of_edges() == len(edges)
    assert {str(data["community"]) for _, data in graph.nodes(data=True)} == {row["community"] for row in nodes}
    assert sum(data["count"] for _, _, data in graph.edges(data=True)) == sum(int(row["count"]) for row in edges)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, ""),  # an empty text
        ({}, "\n \n"),  # nothing but blanks
        ({}, "法治政府。"),  # no heading, no edge
        ({"top": 0}, "一、总则\n建设法治政府。"),  # no keywords
        ({"unit": "document", "min_count": 1}, "法治政府。营商环境。"),  # an edge without a sentence behind it
        ({"engine": "jieba"}, "法治政府。"),
    ],
)
def test_small_documents(tmp_path, options, text):
    summary = report.write(
        gt.Corpus((gt.parse(text),)), tmp_path / "out", options=report.Options(figures=False, **options)
    )
    assert summary == report.Summary(tmp_path / "out", 1, 16, 0)
    assert not (tmp_path / "out" / "figures").exists()


def test_progress_counts_documents(tmp_path):
    seen = []
    report.write(
        gt.Corpus((*tiny(), gt.parse("", id="b"))),
        tmp_path / "out",
        options=report.Options(figures=False),
        progress=lambda done, total: seen.append((done, total)),
        run={"jobs": 1},
    )
    assert seen == [(1, 2), (2, 2)]
    assert json.loads((tmp_path / "out" / "manifest.json").read_bytes())["run"]["jobs"] == 1


@pytest.mark.parametrize(
    ("documents", "options"),
    [
        ((), {}),  # nothing to write about
        (tiny(), {"unit": "chapter"}),
        (tiny(), {"min_count": 0}),
        (tiny(), {"top": -1}),
    ],
)
def test_options_are_checked_and_leave_nothing(tmp_path, documents, options):
    with pytest.raises(OptionError):
        report.write(gt.Corpus(tuple(documents)), tmp_path / "out", options=report.Options(**options))
    assert list(tmp_path.iterdir()) == []


# --- the folder -------------------------------------------------------------------------------------------------------


def put(folder, names, *, foreign=()):
    """Write a folder as a run does: some outputs and a manifest that lists them; and files it does not list."""
    for name in (*names, *foreign):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    if names:
        (folder / "manifest.json").write_text(json.dumps({"result": {"outputs": dict.fromkeys(names, "")}}))


def replace(folder, names=("index.html", "tables/new.csv")):
    with folders.staged(folder) as stage:
        put(stage, names)


@pytest.mark.parametrize(
    ("names", "foreign", "refused"),
    [
        ((), (), False),  # an empty folder
        (("index.html", "tables/old.csv", "figures/a.svg"), (), False),  # an earlier run
        (("index.html",), (".DS_Store", "tables/Thumbs.db"), False),  # what file managers leave
        (("index.html",), ("notes.txt",), True),  # a file of the user beside our outputs
        (("index.html",), ("tables/mine.csv",), True),  # in one of our folders
        (("index.html",), ("notes/a.txt",), True),  # in a folder of theirs
        ((), ("index.html",), True),  # a name of ours, but no manifest
        ((), ("manifest.json",), True),  # a manifest of something else
    ],
)
def test_folder_rules(tmp_path, names, foreign, refused):
    out = tmp_path / "out"
    out.mkdir()
    put(out, names, foreign=foreign)
    before = files(out)
    if refused:
        with pytest.raises(OutputError, match="no output of govtext"):
            replace(out)
        assert files(out) == before
    else:
        replace(out)
        kept = {name for name in foreign if "/" not in name}
        assert set(files(out)) == {"index.html", "tables/new.csv", "manifest.json"} | kept  # nothing stale
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{}",
        '{"result": 3}',
        '{"result": {"outputs": ["notes.txt"]}}',
        "{",
        '{"result": {"outputs": {"": "", "..": ""}}}',
    ],
)
def test_a_manifest_of_something_else(tmp_path, content):
    put(tmp_path / "out", (), foreign=["notes.txt"])
    (tmp_path / "out" / "manifest.json").write_text(content)
    with pytest.raises(OutputError):
        replace(tmp_path / "out")
    assert (tmp_path / "out" / "notes.txt").exists()


def test_only_the_folder_itself_is_looked_into(tmp_path, monkeypatch):
    # Such as `-o /`: one foreign name is enough to refuse, and nobody waits for the rest.
    put(tmp_path / "out", (), foreign=["theirs/deep/a.txt"])
    seen, scandir = [], os.scandir

    def counting(path):
        seen.append(Path(path))
        return scandir(path)

    monkeypatch.setattr(folders.os, "scandir", counting)
    with pytest.raises(OutputError, match="the folder holds theirs,"):
        report.check_folder(tmp_path / "out")
    assert seen == [tmp_path / "out"]


@pytest.mark.parametrize("error", [PermissionError(errno.EACCES, "Permission denied"), OSError(errno.EIO, "I/O error")])
def test_a_folder_that_cannot_be_looked_into(tmp_path, monkeypatch, error):
    def failing(_):
        raise error

    monkeypatch.setattr(folders.os, "scandir", failing)
    with pytest.raises(OutputError, match=error.strerror):
        report.check_folder(tmp_path)


def test_links_in_a_circle(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    for use in (report.check_folder, replace):
        with pytest.raises(OutputError, match="symbolic links"):
            use(tmp_path / "a")


def test_what_a_killed_run_left_in_the_folder_is_ours(tmp_path, monkeypatch):
    # Where the folder is a file system of its own, the unfinished outputs stand in it, under its full name.
    put(tmp_path / "out", ["index.html"], foreign=[".out.govtext-new/half.csv"])
    monkeypatch.chdir(tmp_path / "out")
    report.check_folder(".")


@pytest.mark.parametrize("place", ["file", "file/out"])  # a file where the folder should be, or above it
def test_a_file_in_the_way(tmp_path, place):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        replace(tmp_path / place)
    assert (tmp_path / "file").read_text() == "x"


def test_the_folder_itself_stays(tmp_path, monkeypatch):
    # A shell may stand in it, or a link lead to it.
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    before = (tmp_path / "real").stat().st_ino
    monkeypatch.chdir(tmp_path / "real")
    replace(Path())
    replace(tmp_path / "link")
    assert (tmp_path / "real").stat().st_ino == before
    assert (tmp_path / "link").is_symlink()
    assert "index.html" in files(Path())


def test_a_link_to_a_folder_is_not_followed(tmp_path):
    put(tmp_path / "out", ["index.html"])
    put(tmp_path / "theirs", (), foreign=["a.csv"])
    (tmp_path / "out" / "tables").symlink_to(tmp_path / "theirs")
    with pytest.raises(OutputError):
        replace(tmp_path / "out")
    assert (tmp_path / "theirs" / "a.csv").exists()


def half_done(folder, error):
    with folders.staged(folder) as stage:
        put(stage, ["half.csv"])
        raise error


def test_a_full_disk_is_said_of_the_folder_that_was_named(tmp_path, monkeypatch):
    def full(*_):
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            raise OutputError("the network cannot be written", where="inside the stage") from error

    monkeypatch.setattr(report, "write_graphs", full)
    with pytest.raises(OutputError) as caught:
        report.write(gt.reference_corpus(), tmp_path / "out", options=report.Options(figures=False))
    assert str(caught.value).startswith(f"{tmp_path / 'out'}: the results cannot be written (No space left on device)")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt(), OptionError("x")]
)
def test_an_error_while_working_changes_nothing(tmp_path, error):
    put(tmp_path / "out", ["index.html"])
    before = files(tmp_path / "out")
    with pytest.raises(OutputError if isinstance(error, OSError) else type(error)):
        half_done(tmp_path / "out", error)
    assert files(tmp_path / "out") == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("step", range(1, 6))  # two moves out (index.html, manifest.json), then three in
def test_an_error_while_moving_is_undone(tmp_path, monkeypatch, step):
    put(tmp_path / "out", ["index.html"])
    before = files(tmp_path / "out")
    rename, calls = Path.rename, []

    def failing(path, target):
        calls.append(path)
        if len(calls) == step:
            raise OSError(errno.EIO, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OutputError, match="Input/output error"):
        replace(tmp_path / "out")
    assert files(tmp_path / "out") == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


class Killed(BaseException):
    """Stands for kill -9: nothing that should run at the end does."""


class DeadStack(folders.ExitStack):
    def __exit__(self, kind, *details):
        if kind is Killed:
            self.pop_all()
        return super().__exit__(kind, *details)


@pytest.mark.parametrize("before", [(), ("index.html", "tables/old.csv")], ids=["new", "again"])
@pytest.mark.parametrize("step", range(1, 7))
def test_a_run_killed_while_moving(tmp_path, monkeypatch, before, step):
    out = tmp_path / "out"
    if before:
        put(out, before)
    whole = files(out)
    rename, calls = Path.rename, []

    def dying(path, target):
        calls.append(path)
        if len(calls) == step:
            raise Killed
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", dying)
        patch.setattr(folders, "ExitStack", DeadStack)
        with suppress(Killed):
            replace(out)
    moved = {"index.html", "tables/new.csv", "manifest.json"}
    # Where there is a manifest, all is there that it lists.
    assert "manifest.json" not in files(out) or set(files(out)) in (moved, set(whole))
    left = files(out)
    # The next run fails: the outputs of before are back. The one after it succeeds.
    with pytest.raises(OptionError):
        half_done(out, OptionError("x"))
    assert files(out) == (left if "manifest.json" in left else whole)
    replace(out)
    assert set(files(out)) == moved
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def dead():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (f"{os.getpid()} {socket.gethostname()}", True),  # a run at work
        (f"{dead()} {socket.gethostname()}", False),  # a run that was killed
        (f"{dead()} elsewhere.example", True),  # a run on another machine: who knows
        ("", True),  # a run that is just beginning
        ("x y", True),
    ],
    ids=("at work", "killed", "elsewhere", "just begun", "no lock of ours"),
)
def test_two_runs_at_once(tmp_path, content, refused):
    lock = tmp_path / ".out.govtext-lock"
    lock.write_text(content)
    if refused:
        with pytest.raises(OutputError, match="another run is writing here"):
            replace(tmp_path / "out")
        assert lock.read_text() == content
        assert not (tmp_path / "out").exists()
    else:
        replace(tmp_path / "out")
        assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_the_second_of_two_runs_stops(tmp_path):
    with folders.staged(tmp_path / "out") as stage:
        put(stage, ["index.html"])
        with pytest.raises(OutputError, match="another run"):
            replace(tmp_path / "out")
    assert set(files(tmp_path / "out")) == {"index.html", "manifest.json"}


def test_a_fresh_lock_is_not_taken_away(tmp_path):
    lock = tmp_path / "lock"
    lock.write_text(f"{os.getpid()} {socket.gethostname()}")
    folders._take_away(lock)
    assert lock.exists()


def test_leftovers_of_a_killed_run_go(tmp_path):
    put(tmp_path / ".out.govtext-new", ["half.csv"])
    put(tmp_path / ".out.govtext-old", ["index.html"])
    replace(tmp_path / "out")
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_folder_whose_parent_cannot_be_written(tmp_path, monkeypatch):
    # Such as a volume of a container: the unfinished outputs stand in the folder itself.
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(folders.os, "access", lambda *_: False)
    replace(tmp_path / "out")
    replace(tmp_path / "out", ["b.csv"])
    assert set(files(tmp_path / "out")) == {"b.csv", "manifest.json"}


# --- several documents side by side ---------------------------------------------------------------------------------


def two_years(*, known=True):
    """The reports of one place for two years."""
    texts = (
        "一、2023年工作回顾\n过去一年，发电量达到100亿度。\n二、2024年重点工作\n今年要新建学校20所。推进法治政府建设。",
        "一、2024年工作回顾\n过去一年，发电量达到108亿度，增长8%。新建学校22所。推进法治政府建设。",
    )
    return gt.Corpus(
        tuple(
            gt.parse(text, id=str(year), metadata=gt.document.Metadata(place="甲市", year=year, genre="政府工作报告") if known else None)
            for year, text in zip((2024, 2025), texts, strict=True)
        )
    )  # fmt: skip


def test_a_report_of_several_documents_compares_them(tmp_path):
    out = tmp_path / "out"
    report.write(two_years(), out)
    (promise,) = rows(out, "promises.csv")
    assert (promise["verdict"], promise["promised"], promise["reported"]) == (
        "met",
        "今年要新建学校20所",
        "新建学校22所",
    )
    assert [row["claim"] for row in rows(out, "pairs.csv")] == ["holds"]
    assert {row["group"] for row in rows(out, "attention.csv")} == {"2024", "2025"}
    assert (out / "figures" / "attention.svg").is_file()
    html = (out / "index.html").read_text(encoding="utf-8")
    assert "今年要新建学校20所" in html[html.index('id="compare"') :]
    assert not (out / "tables" / "reuse.csv").exists()  # they share nothing


def test_what_is_not_known_is_named_on_the_page(tmp_path):
    report.write(two_years(known=False), tmp_path / "out", options=report.Options(figures=False))
    html = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "the year and place and genre are not known" in html[html.index('id="compare"') :]
    assert not (tmp_path / "out" / "tables" / "promises.csv").exists()


def test_one_document_is_compared_with_nothing(tmp_path):
    report.write(tiny(), tmp_path / "out", options=report.Options(figures=False))
    assert 'id="compare"' not in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


# --- figures --------------------------------------------------------------------------------------------------------


def test_the_chapters_of_a_figure_are_of_the_highest_level():
    text = "一、回顾\n甲。\n二、打算\n乙。\n名词解释\n1.五位一体：经济。\n2.四个全面：小康。\n"
    assert [section.line for section in figures._top(gt.parse(text))] == ["一、回顾", "二、打算"]


HARD = (
    "把铸牢中华民族共同体意识作为民族地区各项工作的主线", "深化落实习近平总书记和党中央赋予的五大战略定位和使命任务",
)  # fmt: skip


def hard():
    """Two years with long headings, many short chapters at the end, and terms as long as they come."""
    long = "习近平新时代中国特色社会主义思想、双随机、一公开、国民经济和社会发展第十五个五年规划纲要、人工智能"
    for year in (2025, 2026):
        said = [f"要贯彻{term}，推进{long}。" * 2 for term in ("法治政府", "营商环境", "行政执法", "乡村振兴")]
        parts = [f"{'一二三四五六七八九十'[i]}、{HARD[i % 2]}\n{'。'.join(said[: 1 + i % 4])}\n" for i in range(9)]
        yield gt.parse(
            "".join(parts) * (year - 2024) + "地区生产总值增长5%左右。新增就业6万人。\n",
            id=f"{year}", metadata=Metadata(year=year, place="新疆维吾尔自治区"),
        )  # fmt: skip


@pytest.mark.parametrize(("width", "lang"), [("one", "zh"), ("two", "zh"), ("two", "en")])
@pytest.mark.parametrize("texts", [gt.reference_corpus, lambda: gt.Corpus(tuple(hard()), ())])
def test_no_text_of_a_figure_is_cut_or_under_another(texts, width, lang):
    analysis = report.analyse(texts(), gt.Lexicon.default(), report.Options(min_count=1), 1, None)
    drawn = figures.draw(analysis, list(figures.FIGURES), figures.Sheet(width, lang))
    assert len(drawn) >= 4
    assert {name: found for name, one in drawn.items() if (found := faults(one.figure))} == {}


def test_every_category_has_an_english_name():
    named = figures.category_names()
    assert {entry.category for entry in gt.Lexicon.default()} == set(named)
    assert not any(re.search("[\u4e00-\u9fff]", name) for name in named.values())


def test_captions_say_unit_and_n():
    analysis = report.analyse(gt.reference_corpus(), gt.Lexicon.default(), report.Options(), 1, None)
    drawn = figures.draw(analysis, ["keywords", "sections"], figures.Sheet("one", "en"))
    assert list(drawn) == ["keywords", "sections"]
    assert "n = 45 paragraphs" in drawn["sections"].note
    widths = {round(25.4 * one.figure.get_size_inches()[0]) for one in drawn.values()}
    assert widths == {85}
    assert max(one.figure.get_size_inches()[1] for one in drawn.values()) * 25.4 <= 225
    with pytest.raises(OptionError, match="no figure 'x'"):
        figures.draw(analysis, ["x"], figures.Sheet())
