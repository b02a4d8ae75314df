"""The same bytes whatever surrounds a run, and `verify` that names what has changed."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from typer.testing import CliRunner

import govtext as gt
from govtext import cli, plots, provenance, report

ROOT = Path(__file__).parents[1]
SECOND = "2021年清镇市法治政府建设年度报告\n一、情况\n推进法治政府建设和营商环境。推进法治政府建设和营商环境。\n"
# What tries to break out of every format.
HOSTILE = '一、=HYPERLINK(1)\n<b>{{7*7}}</b>“甲乙”和法治政府@@FONT@@&amp;"$x$"。\n“甲乙”和法治政府。\n'
CRATE = "ro-crate-metadata.json"
OF_THE_RUN = {"manifest.json", CRATE}


def govtext(*arguments, cwd, **environment):
    command = [sys.executable, "-m", "govtext.cli", *map(str, arguments)]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))} | environment
    return subprocess.run(command, capture_output=True, check=False, cwd=cwd, env=env)


def here(*arguments):
    """The command in this process, quicker where the surroundings do not matter."""
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def outputs(folder):
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    result = json.loads(found["manifest.json"])["result"]
    return {name: data for name, data in found.items() if name not in OF_THE_RUN}, json.dumps(result, sort_keys=True)


# The names of the inputs; the last two cannot be read, and `report` exits with 1 for them.
NAMES = ("qingzhen-2022.txt", "清镇市/2021年报告.txt", "清镇市/所列.txt", "c.docx", "空.txt", "also-empty.txt")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    import docx

    folder = tmp_path_factory.mktemp("inputs")
    (folder / "清镇市").mkdir()
    shutil.copy(ROOT / "corpus" / "qingzhen-2022.txt", folder)
    (folder / NAMES[1]).write_text(SECOND, encoding="utf-8")
    (folder / NAMES[2]).write_text(HOSTILE, encoding="utf-8")
    table = "id,path,year,place\n二,2021年报告.txt,2021,清镇市\n三,所列.txt,,\n"
    (folder / "清镇市" / "corpus.csv").write_text(table, encoding="utf-8")
    word = docx.Document()
    word.add_paragraph("优化营商环境，建设法治政府。")
    word.save(folder / NAMES[3])
    for name in NAMES[4:]:
        (folder / name).write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def locale_folder(tmp_path_factory):
    """A zh_CN.GB18030 locale, made with localedef where the system has what it needs, while other tests run."""
    folder = tmp_path_factory.mktemp("locale")
    if not shutil.which("localedef"):
        yield None, folder
        return
    command = ["localedef", "-i", "zh_CN", "-f", "GB18030", str(folder / "zh_CN.GB18030")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as making:
        yield making, folder


def chinese_locale(making, folder):
    if making is None:
        pytest.skip("there is no localedef to make the zh_CN.GB18030 locale with")
    if making.wait():
        pytest.skip("localedef cannot make the zh_CN.GB18030 locale here")
    return {"LOCPATH": str(folder), "LC_ALL": "zh_CN.GB18030", "PYTHONUTF8": "0"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The wheel, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    command = [sys.executable, "-c", build, str(folder)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()[-1]
    with zipfile.ZipFile(folder / made) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def plain(locale_folder, inputs, tmp_path_factory):  # noqa: ARG001 - the locale is made meanwhile
    """The outputs of the editable install run in the plainest way, and the modules that were loaded."""
    folder = tmp_path_factory.mktemp("plain")
    code = (
        "import pathlib, sys\nfrom govtext import cli\ntry:\n    cli.main()\nfinally:\n"
        "    pathlib.Path('modules').write_text('\\n'.join(sys.modules))"
    )
    paths = [str(inputs / name) for name in NAMES if "/" not in name]
    command = [sys.executable, "-c", code, "report", *paths, str(inputs / "清镇市"), "-o", "out"]
    done = subprocess.run(command, capture_output=True, check=False, cwd=folder)
    assert done.returncode == 1, done.stderr
    return folder


@pytest.mark.parametrize("locale", ["C", "zh_CN.GB18030"])
def test_same_bytes_whatever_surrounds_the_run(inputs, plain, tmp_path, locale, locale_folder, site):
    """Another hash seed, two jobs, shuffled arguments, working folder, locale, matplotlibrc, install, no compiled code."""
    environment = (
        {"LC_ALL": "C", "PYTHONPATH": str(site), "GOVTEXT_NATIVE": "0"}
        if locale == "C"
        else chinese_locale(*locale_folder)
    )
    (tmp_path / "matplotlibrc").write_text(
        "lines.linewidth: 7\naxes.facecolor: red\nfont.size: 30\nsvg.fonttype: none\n"
    )
    environment["MATPLOTLIBRC"] = str(tmp_path / "matplotlibrc")
    arguments = [f"../{inputs.name}/{name}" for name in ("清镇市", *NAMES[::-1]) if "/" not in name]
    elsewhere = inputs.parent / f"elsewhere-{locale}"
    elsewhere.mkdir()
    done = govtext(
        "report", *arguments, "-o", tmp_path / "out", "--jobs", 2, cwd=elsewhere, PYTHONHASHSEED="7", **environment
    )
    assert done.returncode == 1, done.stderr
    assert outputs(tmp_path / "out") == outputs(plain / "out")
    run = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["run"]
    assert run["install"]["folder"] == str((site if locale == "C" else ROOT / "src") / "govtext")
    assert run["paths"] == [str((inputs.parent / argument[3:]).resolve()) for argument in arguments]


def test_the_inputs_are_what_they_should_be(plain):
    result = json.loads((plain / "out" / "manifest.json").read_bytes())["result"]
    assert [row["id"] for row in result["inputs"]] == ["c", "qingzhen-2022", "三", "二"]
    assert [row["file"] for row in result["quarantined"]] == ["also-empty.txt", "空.txt"]


# What a report loads besides, and why no byte of an output is theirs.
LOADED = {
    "annotated-doc",  # typer's
    "annotated-types",  # typer's
    "charset-normalizer",  # read by numpy.f2py, where it is installed
    "packaging",  # compares versions
    "platformdirs",  # says where the cache is
    "pydantic",  # checks options
    "pydantic-core",  # pydantic's
    "python-dateutil",  # of pandas and matplotlib, for dates; we draw and compute none
    "setuptools",  # lends jieba its pkg_resources, where it is installed
    "shellingham",  # typer's
    "six",  # dateutil's
    "tqdm",  # draws the progress bar
    "typer",  # reads the command line
    "typing-extensions",  # types
    "typing-inspection",  # types
}


def test_the_manifest_names_every_library_that_a_report_loads(plain):
    """Whoever adds a library, by itself or through another, has to say whether it can change a result."""
    providers = metadata.packages_distributions()
    roots = {name.split(".")[0] for name in (plain / "modules").read_text().splitlines()}
    loaded = {re.sub("[-_.]+", "-", name).lower() for root in roots for name in providers.get(root, ())}
    assert {"numpy", "rjieba", "matplotlib", "lxml"} <= loaded
    assert loaded - LOADED <= set(provenance.LIBRARIES)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run with a lexicon of its own: the folder of its inputs, and its output folder; and a copy of both."""
    folder = tmp_path_factory.mktemp("run") / "live"
    files = folder / "in"
    files.mkdir(parents=True)
    (files / "b.txt").write_text(SECOND, encoding="utf-8")
    (files / "corpus.csv").write_text("id,path,year,sha256,place\nb,b.txt,2021,,清镇市\n", encoding="utf-8")
    (folder / "terms.tsv").write_text("term\n法治政府\n营商环境\n", encoding="utf-8")
    done = here("report", files, "-o", folder / "out", "--no-figures", "--lexicon", folder / "terms.tsv")
    assert done.exit_code == 0, done.output
    return shutil.copytree(folder, folder.with_name("copy")), folder


@pytest.fixture
def run(made):
    copy, folder = made
    shutil.rmtree(folder)
    return Path(shutil.copytree(copy, folder))


def append(path, text):
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def another_input(run):
    (run / "in" / "c.txt").write_text("营商环境。", encoding="utf-8")
    append(run / "in" / "corpus.csv", "c,c.txt,,,\n")


def digest_of(run):
    return provenance.digest((run / "out" / "manifest.json").read_bytes())


def edit_manifest(run, part, name, value):
    path = run / "out" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest[part][name] = manifest[part][name] | value if isinstance(value, dict) else value
    path.write_text(json.dumps(manifest), encoding="utf-8")


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


CHANGES = [
    # nothing: the same
    (lambda _: None, 0, ["same"]),
    # a byte of an input
    (lambda run: append(run / "in" / "b.txt", "。"), 1, ["inputs b", "index.html", "tables/sections.csv"]),
    # an input more
    (another_input, 1, ["inputs c: new"]),
    # the lexicon
    (lambda run: append(run / "terms.tsv", "清镇市\n"), 1, ["lexicon sha256"]),
    # a byte of its file that changes no term: the file beside the study, and the digest in it
    (lambda run: append(run / "terms.tsv", "\n"), 1, ["lexicon file", "0 output(s) changed, 3 difference(s)"]),
    # a stop list other than recorded
    (lambda run: edit_manifest(run, "result", "stopwords", {"official": "0" * 64}), 1, ["stopwords official: 000000"]),
    # a byte of an output
    (lambda run: append(run / "out" / "index.html", " "), 1, ["changed  index.html"]),
    # an output is gone
    (lambda run: (run / "out" / "network.gexf").unlink(), 1, ["changed  network.gexf"]),
    # a library and an option other than recorded
    (lambda run: edit_manifest(run, "result", "versions", {"networkx": "0.1"}), 1, ["versions networkx: 0.1"]),
    (lambda run: edit_manifest(run, "result", "options", {"top": 1}), 1, ["manifest.json", "tables/keywords.csv"]),
    # an option that changes no output of these inputs
    (lambda run: edit_manifest(run, "result", "options", {"min_count": 1}), 1, ["changed  manifest.json"]),
    # an option of another type, and one of a value that there is not: cannot tell
    (lambda run: edit_manifest(run, "result", "options", {"top": "1"}), 1, ["cannot tell"]),
    (lambda run: edit_manifest(run, "result", "options", {"unit": "chapter"}), 1, ["cannot tell"]),
    # what is not compared
    (lambda run: edit_manifest(run, "run", "finished", "2000-01-01"), 1, ["changed  manifest.json"]),
    # a blank in the manifest
    (lambda run: append(run / "out" / "manifest.json", " "), 1, ["changed  manifest.json"]),
    # the metadata beside it: a word, a digit of the manifest's digest, all
    (lambda run: replace(run / "out" / CRATE, "CreateAction", "CreateThing"), 1, [f"changed  {CRATE}: its bytes"]),
    (lambda run: replace(run / "out" / CRATE, digest_of(run), "0" * 64), 1, [f"the one that {CRATE} describes"]),
    (lambda run: (run / "out" / CRATE).unlink(), 1, [f"changed  {CRATE}: it is missing"]),
    # a file that the report did not write
    (lambda run: (run / "out" / "mine.txt").write_text("x"), 0, ["unlisted mine.txt", "same"]),
    # what corpus.csv says, and the digest it gives
    (
        lambda run: replace(run / "in" / "corpus.csv", "2021", "2020"),
        1,
        ["metadata of the input b year: 2021, now 2020"],
    ),
    (lambda run: replace(run / "in" / "corpus.csv", ",,", f",{'0' * 64},"), 1, ["cannot tell"]),
    # an input is gone: cannot tell
    (lambda run: (run / "in" / "b.txt").unlink(), 1, ["cannot tell"]),
    # the lexicon is gone: cannot tell
    (lambda run: (run / "terms.tsv").unlink(), 1, ["cannot tell"]),
]


@pytest.mark.parametrize(("change", "code", "says"), CHANGES)
def test_verify_names_what_changed(run, change, code, says):
    change(run)
    done = here("verify", run / "out")
    assert done.exit_code == code, done.output
    assert all(text in done.stdout for text in says), done.output
    assert done.stderr.count("\n") <= 1


def corpus_of_strings():
    return gt.Corpus((gt.parse("推进法治政府建设。", id="a"),))


TERMS = gt.Lexicon(["法治政府"])
FROM_PYTHON = [
    # strings: nobody knows where they are
    (corpus_of_strings, None, [], 1, "the manifest does not say where the inputs are"),
    # strings, and files with the same text
    (corpus_of_strings, None, ["--corpus", "in"], 0, ""),
    # strings, and a folder without them
    (corpus_of_strings, None, ["--corpus", "other"], 1, "the input a is missing"),
    # the reference corpus is where it always is
    (gt.reference_corpus, None, [], 0, ""),
    # a lexicon made of strings, and a file with the same terms
    (corpus_of_strings, TERMS, ["--corpus", "in"], 1, "the manifest does not say where the lexicon is"),
    (corpus_of_strings, TERMS, ["--corpus", "in", "--lexicon", "terms.tsv"], 0, ""),
]


@pytest.mark.parametrize("row", FROM_PYTHON)
def test_verify_a_report_from_python(tmp_path, monkeypatch, row):
    corpus, lexicon, arguments, code, says = row
    for name in ("in/a.txt", "other/b.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("推进法治政府建设。", encoding="utf-8")
    (tmp_path / "terms.tsv").write_text("term\n法治政府\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    report.write(corpus(), "out", lexicon=lexicon, options=report.Options(figures=False))
    done = here("verify", "out", *arguments)
    assert done.exit_code == code, done.output
    assert says in done.stderr
    assert ("cannot tell" in done.stdout) == bool(code)


def mangle(out, change):
    manifest = json.loads((out / "manifest.json").read_bytes())
    change(manifest)
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


# What stands in the part that is not compared, and in the options, is of any type.
MANGLED = [
    *(lambda m, v=value: m["run"].update(paths=v, lexicon=v) for value in (None, 3, "in", {}, [3], ["\0"], ["nope"])),
    *(lambda m, v=value: m["run"].update(paths=[v], lexicon=v) for value in ("", "\ud800", "\udcb1", "x" * 9999)),
    *(lambda m, v=value: m["run"].update(install=v, platform=v, finished=v) for value in (None, 3, [], {})),
    *(lambda m, v=value: m["result"].update(options=v) for value in ({"x": 1}, {"top": None}, {"unit": []})),
    *(lambda m, v=value: m["result"]["outputs"].update({v: ""}) for value in ("\0", "\ud800", "x" * 9999, "", ".")),
    *(lambda m, v=value: m["result"]["inputs"][0].update(encoding=v) for value in (3, [], {})),
]


def test_no_manifest_makes_verify_fall(run, monkeypatch):
    monkeypatch.setattr(plots, "web_font", lambda _: b"")  # what takes longest, and is not asked here
    whole = (run / "out" / "manifest.json").read_bytes()
    for change in MANGLED:
        (run / "out" / "manifest.json").write_bytes(whole)
        mangle(run / "out", change)
        done = here("verify", run / "out")
        assert done.exit_code == 1
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert done.stdout.splitlines()[-1].startswith(("differs", "cannot tell"))
        assert done.stderr.count("\n") <= 1


def test_broken_files_of_one_name(tmp_path):
    for name in ("x/a.txt", "y/a.txt", "y/b.txt"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text("法治政府。" if name == "y/b.txt" else "", encoding="utf-8")
    assert here("report", tmp_path / "in", "-o", tmp_path / "out", "--no-figures").exit_code == 1
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert [row["file"] for row in manifest["result"]["quarantined"]] == ["x/a.txt", "y/a.txt"]
    assert "<code>y/a.txt</code>" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert str(tmp_path) not in json.dumps(manifest["result"])
    assert here("verify", tmp_path / "out").exit_code == 0


def test_an_input_whose_name_is_no_utf8(tmp_path):
    path = tmp_path / os.fsdecode(b"\xb1\xa8.txt")
    try:
        path.write_text("法治政府。", encoding="utf-8")
    except OSError:
        pytest.skip("this file system has no such names")
    assert here("report", path, "-o", tmp_path / "out", "--no-figures").exit_code == 0
    assert here("verify", tmp_path / "out").exit_code == 0


def test_verify_finds_inputs_that_moved(run):
    (run / "in").rename(run / "moved")
    done = here("verify", run / "out")
    assert done.exit_code == 1
    assert "or say with --corpus where the inputs are now" in done.stderr
    assert here("verify", run / "out", "--corpus", run / "moved").exit_code == 0


NO_MANIFESTS = [None, "{}", "not json", '{"result": {"format": 99}, "run": {}}']


@pytest.mark.parametrize("content", NO_MANIFESTS)
def test_verify_without_a_manifest_of_ours(tmp_path, content):
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    done = govtext("verify", tmp_path, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.decode().count("\n") == 1


def test_verify_the_manifest_of_a_notebook(tmp_path):
    (tmp_path / "a.txt").write_text("法治政府。", encoding="utf-8")
    manifest = provenance.record(gt.read(tmp_path / "a.txt"), options={"engine": "rjieba"})
    (tmp_path / "manifest.json").write_text(provenance.to_json(manifest), encoding="utf-8")
    done = here("verify", tmp_path, "--corpus", tmp_path / "a.txt")
    assert done.exit_code == 1
    assert "the manifest is of no report" in done.stderr
    assert "differs" not in done.stdout


def test_a_run_into_a_folder_in_use(run):
    with report.folder.staged(run / "new"):
        done = govtext("report", run / "in", "-o", "new", cwd=run)
        assert done.returncode == 2
        assert done.stderr.decode().count("\n") == 1
        assert "another run is writing here" in done.stderr.decode()
    assert list((run / "new").iterdir()) == []


def test_two_runs_into_one_folder_at_once(run, tmp_path):
    command = [sys.executable, "-m", "govtext.cli", "report", str(run / "in"), "-o", str(tmp_path / "out")]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate()[1].decode() for process in runs]
    codes = sorted(process.returncode for process in runs)
    # Either one was refused, or they happened to come one after the other; never a mixture.
    assert codes in ([0, 2], [0, 0])
    assert codes == [0, 0] or any("another run is writing here" in text for text in said)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert outputs(tmp_path / "out")[0].keys() == manifest["result"]["outputs"].keys()


def test_cite_prints_methods_in_both_languages(run):
    printed = here("cite", run / "out").stdout
    assert "@software{govtext" in printed
    assert "本文用 govtext" in printed
    assert "We analysed 1 document with" in printed
    assert "[CP]. 2026." in printed
    assert "2 个术语" in printed


def test_crate_describes_every_output(run):
    crate = json.loads((run / "out" / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    files = {row["@id"] for row in crate["@graph"] if row["@type"] == "File"}
    manifest = json.loads((run / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert files == {"manifest.json", *manifest["result"]["outputs"]}
    assert {row["@id"] for row in crate["@graph"][1]["hasPart"]} == files
