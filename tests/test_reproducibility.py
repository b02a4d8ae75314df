"""The same bytes whatever surrounds a run, and `verify` that names what has changed."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SECOND = "2021年清镇市法治政府建设年度报告\n一、情况\n推进法治政府建设和营商环境。推进法治政府建设和营商环境。\n"
OF_THE_RUN = {"manifest.json", "ro-crate-metadata.json"}


def govtext(*arguments, cwd, **environment):
    command = [sys.executable, "-m", "govtext.cli", *map(str, arguments)]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))} | environment
    return subprocess.run(command, capture_output=True, check=False, cwd=cwd, env=env)


def outputs(folder):
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    result = json.loads(found["manifest.json"])["result"]
    return {name: data for name, data in found.items() if name not in OF_THE_RUN}, json.dumps(result, sort_keys=True)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inputs")
    shutil.copy(ROOT / "corpus" / "qingzhen-2022.txt", folder)
    (folder / "b.txt").write_text(SECOND, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def plain(inputs, tmp_path_factory):
    out = tmp_path_factory.mktemp("plain") / "out"
    done = govtext("report", inputs / "b.txt", inputs / "qingzhen-2022.txt", "-o", out, cwd=inputs)
    assert done.returncode == 0, done.stderr
    return outputs(out)


def chinese_locale(folder):
    """A zh_CN.GB18030 locale, made with localedef where the system has what it needs."""
    if not shutil.which("localedef"):
        pytest.skip("there is no localedef to make the zh_CN.GB18030 locale with")
    command = ["localedef", "-i", "zh_CN", "-f", "GB18030", str(folder / "zh_CN.GB18030")]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("localedef cannot make the zh_CN.GB18030 locale here")
    return {"LOCPATH": str(folder), "LC_ALL": "zh_CN.GB18030", "PYTHONUTF8": "0"}


@pytest.mark.parametrize("locale", ["C", "zh_CN.GB18030"])
def test_same_bytes_whatever_surrounds_the_run(inputs, plain, tmp_path, locale):
    """Another hash seed, two jobs, shuffled and relative arguments, working folder, locale, matplotlibrc, all at once."""
    environment = {"LC_ALL": "C"} if locale == "C" else chinese_locale(tmp_path)
    (tmp_path / "matplotlibrc").write_text(
        "lines.linewidth: 7\naxes.facecolor: red\nfont.size: 30\nsvg.fonttype: none\n"
    )
    environment["MATPLOTLIBRC"] = str(tmp_path / "matplotlibrc")
    arguments = [f"../{inputs.name}/qingzhen-2022.txt", f"../{inputs.name}/b.txt"]
    elsewhere = inputs.parent / f"elsewhere-{locale}"
    elsewhere.mkdir()
    done = govtext(
        "report", *arguments, "-o", tmp_path / "out", "--jobs", 2, cwd=elsewhere, PYTHONHASHSEED="7", **environment
    )
    assert done.returncode == 0, done.stderr
    assert outputs(tmp_path / "out") == plain


def test_same_bytes_from_the_wheel(inputs, plain, tmp_path):
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    command = [sys.executable, "-c", build, str(tmp_path)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()[-1]
    with zipfile.ZipFile(tmp_path / made) as wheel:
        wheel.extractall(tmp_path / "site")
    done = govtext("report", inputs, "-o", tmp_path / "out", cwd=tmp_path, PYTHONPATH=str(tmp_path / "site"))
    assert done.returncode == 0, done.stderr
    assert outputs(tmp_path / "out") == plain


@pytest.fixture
def run(tmp_path):
    """A run with a lexicon of its own: the folder of its inputs, and its output folder."""
    files = tmp_path / "in"
    files.mkdir()
    (files / "b.txt").write_text(SECOND, encoding="utf-8")
    (tmp_path / "terms.tsv").write_text("term\n法治政府\n营商环境\n", encoding="utf-8")
    done = govtext(
        "report", files, "-o", tmp_path / "out", "--no-figures", "--lexicon", tmp_path / "terms.tsv", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    return tmp_path


def append(path, text):
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def edit_manifest(path):
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["result"]["versions"]["networkx"] = "0.1"
    manifest["result"]["options"]["top"] = 1
    path.write_text(json.dumps(manifest), encoding="utf-8")


CHANGES = [
    # nothing: the same
    (lambda _: None, 0, ["same"]),
    # a byte of an input
    (lambda run: append(run / "in" / "b.txt", "。"), 1, ["inputs b", "index.html", "tables/sections.csv"]),
    # an input more
    (lambda run: (run / "in" / "c.txt").write_text("营商环境。", encoding="utf-8"), 1, ["inputs c: new"]),
    # the lexicon
    (lambda run: append(run / "terms.tsv", "清镇市\n"), 1, ["lexicon sha256"]),
    # a byte of an output
    (lambda run: append(run / "out" / "index.html", " "), 1, ["changed  index.html"]),
    # an output is gone
    (lambda run: (run / "out" / "network.gexf").unlink(), 1, ["changed  network.gexf"]),
    # a library and an option other than recorded
    (lambda run: edit_manifest(run / "out" / "manifest.json"), 1, ["versions networkx: 0.1", "tables/keywords.csv"]),
    # an input is gone: cannot tell
    (lambda run: (run / "in" / "b.txt").unlink(), 1, ["cannot tell"]),
    # the lexicon is gone: cannot tell
    (lambda run: (run / "terms.tsv").unlink(), 1, ["cannot tell"]),
]


@pytest.mark.parametrize(("change", "code", "says"), CHANGES)
def test_verify_names_what_changed(run, change, code, says):
    change(run)
    done = govtext("verify", run / "out", cwd=run)
    printed = done.stdout.decode()
    assert done.returncode == code, printed
    assert all(text in printed for text in says), printed
    assert "Traceback" not in done.stderr.decode()


def test_verify_finds_inputs_that_moved(run):
    (run / "in").rename(run / "moved")
    assert govtext("verify", run / "out", cwd=run).returncode == 1
    assert govtext("verify", run / "out", "--corpus", run / "moved", cwd=run).returncode == 0


NO_MANIFESTS = [None, "{}", "not json", '{"result": {"format": 99}, "run": {}}']


@pytest.mark.parametrize("content", NO_MANIFESTS)
def test_verify_without_a_manifest_of_ours(tmp_path, content):
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    done = govtext("verify", tmp_path, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.decode().count("\n") == 1


def test_two_runs_into_one_folder_at_once(inputs, tmp_path):
    command = [sys.executable, "-m", "govtext.cli", "report", str(inputs), "-o", str(tmp_path / "out")]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate()[1].decode() for process in runs]
    codes = sorted(process.returncode for process in runs)
    # Either one was refused, or they happened to come one after the other; never a mixture.
    assert codes in ([0, 2], [0, 0])
    assert codes == [0, 0] or any("another run is writing here" in text for text in said)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert outputs(tmp_path / "out")[0].keys() == manifest["result"]["outputs"].keys()


def test_cite_prints_methods_in_both_languages(run):
    printed = govtext("cite", run / "out", cwd=run).stdout.decode()
    assert "@software{govtext" in printed
    assert "本文用 govtext" in printed
    assert "We analysed 1 document(s)" in printed
    assert "2 个术语" in printed


def test_crate_describes_every_output(run):
    crate = json.loads((run / "out" / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    files = {row["@id"] for row in crate["@graph"] if row["@type"] == "File"}
    manifest = json.loads((run / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert files == {"manifest.json", *manifest["result"]["outputs"]}
