"""The code blocks and commands of the documentation run without a network; the reference has every public name."""

import importlib
import inspect
import os
import pkgutil
import re
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import govtext
from govtext import classify, compare, counts, document, indicators, network, tables
from govtext.cli import app

ROOT = Path(__file__).parents[1]
READMES = ["README.md", "README.en.md"]
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
CELL = re.compile(r"^```(python|\{code-cell\}|bash)[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
PAGES = sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "docs").rglob("*.md") if "_build" not in p.parts)
GUIDES = ("docs/tutorial/", "docs/howto/", "docs/reference/")  # their commands run on the files that their cells make


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    """Forbid every connection but those to this machine."""

    def guarded(real):
        def connect(one, address):
            assert one.family == socket.AF_UNIX or address[0] in ("127.0.0.1", "::1", "localhost"), f"to {address}"
            return real(one, address)

        return connect

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))


@pytest.mark.parametrize("name", ["connect", "connect_ex"])
def test_the_guard_of_these_tests_forbids_connections(name):
    with socket.socket() as one, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        getattr(one, name)(("192.0.2.1", 80))


GUARDED = [
    # an address of nobody, a name: neither is asked for
    ("socket.create_connection(('192.0.2.1', 80), timeout=1)", b"the site is built without a network, and 192.0.2.1"),
    ("socket.create_connection(('example.org', 80), timeout=1)", b"the site is built without a network, and example"),
    # the kernels of the cells are reached over loopback
    ("one = socket.create_server(('127.0.0.1', 0)); socket.create_connection(one.getsockname(), timeout=1)", b""),
]


@pytest.mark.parametrize(("code", "says"), GUARDED)
def test_the_guard_of_the_site_forbids_connections(code, says):
    """The build puts this folder on the path of every process that it starts."""
    env = os.environ | {"PYTHONPATH": str(ROOT / "docs" / "_extensions" / "guard")}
    done = subprocess.run([sys.executable, "-c", f"import socket\n{code}"], capture_output=True, check=False, env=env)
    assert (done.returncode == 0) == (not says)
    assert says in done.stderr


@pytest.mark.parametrize("name", READMES)
def test_python_blocks_run(name, capsys):
    blocks = [code for kind, code in BLOCK.findall((ROOT / name).read_text(encoding="utf-8")) if kind == "python"]
    assert blocks
    for code in blocks:
        exec(compile(code, name, "exec"), {})  # noqa: S102 - the documentation's own code
    assert capsys.readouterr().out


@pytest.mark.parametrize("name", [page for page in PAGES if CELL.search((ROOT / page).read_text(encoding="utf-8"))])
def test_blocks_run_one_after_another(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if not name.startswith(GUIDES):  # the reader's own study: that of the reference corpus
        shutil.copytree(ROOT / "corpus", tmp_path, dirs_exist_ok=True)
    names: dict[str, object] = {}
    for kind, code in CELL.findall((ROOT / name).read_text(encoding="utf-8")):
        if kind != "bash":
            exec(compile(code, name, "exec"), names)  # noqa: S102 - the documentation's own code
        elif name.startswith(GUIDES):
            for line in code.splitlines():
                done = CliRunner().invoke(app, shlex.split(line, comments=True)[1:])
                assert done.exit_code == 0, (line, done.output)


# What a shell block has beside `govtext`: it installs, needs the network, or is what runs these tests.
INSTALLS = ("pip install ", "python3 -m venv ", ". .venv", "pytest")
AFTER_INSTALLING = "pip install -q uv && uv run "
YEARS = [
    "一、回顾\n完成检查227项。推进法治政府建设，优化营商环境。\n",
    "一、回顾\n完成检查305项。推进法治政府建设，建设数字政府。\n",
]


def commands(name):
    """The `govtext` commands of the shell blocks of a README, as words; all else must be of the kinds named above."""
    blocks = [code for kind, code in BLOCK.findall((ROOT / name).read_text(encoding="utf-8")) if kind == "bash"]
    assert "#" not in "".join(blocks), "an interactive zsh, and Windows, take a comment for arguments"
    for line in "".join(blocks).splitlines():
        words = shlex.split(line.removeprefix(AFTER_INSTALLING).removeprefix("uv run "), comments=True)
        if words and words[0] == "govtext":
            yield words[1:]
        else:
            assert not words or line.removeprefix(AFTER_INSTALLING).startswith(INSTALLS), line


def given(words):
    """The files and folders that a command is given, which a reader has."""
    values = {at + 1 for at, word in enumerate(words) if word in ("-o", "--names")}
    return [word for at, word in enumerate(words) if at not in values and re.search(r"\w[/.]", word)]


@pytest.mark.parametrize("name", READMES)
def test_shell_blocks_run(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    listed = list(commands(name))
    assert {words[0] for words in listed} >= {"report", "network", "compare", "classify", "annotate", "agreement"}
    texts = sorted({word for words in listed for word in given(words) if word.endswith(".txt")}, reverse=True)
    for at, text in enumerate(texts):
        Path(text).write_bytes(YEARS[at % 2].encode("gb18030"))
    rows = classify.annotation_rows(govtext.read(next(t for t in texts if not re.search(r"\d", t))))
    for word in {word for words in listed for word in given(words)} - set(texts):
        if word.endswith("/"):
            for year, text in zip((2026, 2025), YEARS, strict=True):
                Path(word).mkdir(exist_ok=True)
                Path(word, f"{year}_广西.txt").write_bytes(text.encode("gb18030"))
        else:
            tables.write_sheet([row | {"label": "甲"} for row in rows], classify.ANNOTATION_COLUMNS, word)
    for words in listed:
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, (words, done.output)
        assert done.output
        if "-o" in words:
            assert Path(words[words.index("-o") + 1]).exists(), words


@pytest.mark.parametrize("module", ["lint", "reading"])
def test_the_reference_explains_every_code_of_a_check(module):
    source = (ROOT / "src" / "govtext" / "document" / f"{module}.py").read_text(encoding="utf-8")
    codes = re.findall(r"(?:Finding|_counted)\(\s*\"([\w-]+)\"", source)
    table = (ROOT / "docs" / "reference" / "formats.md").read_text(encoding="utf-8")
    assert len(codes) >= 4
    assert [code for code in codes if not re.search(rf"^\| .*`{code}`.* \| .+ \|$", table, re.MULTILINE)] == []


def of_whole(segment, text):
    return [token.text for token in segment(govtext.parse(text)) if len(token.text) > 1]


def policy_terms(segment, text):
    return sorted(counts.policy_terms([segment(govtext.parse(text))]))


def names(_, text):
    return [one.name for one in indicators.extract(govtext.parse(text))]


def lint(_, text):
    return [one.code for one in document.lint(govtext.parse(text))]


def themes(_, text):
    opening = "现在，我代表市政府向大会报告工作。\n一、工作情况\n"
    return [one.label for one in classify.themes(govtext.parse(opening + text))][2:]


def joined(segment, text):
    return sorted(map(sorted, network.cooccurrence(segment(govtext.parse(text)), min_count=1).edges))


def paired(_, text):
    of_year = [document.Metadata(place="甲市", genre="政府工作报告", year=year) for year in (2025, 2026)]
    parts = [f"一、{known.year - 1}年工作回顾\n{part}。" for known, part in zip(of_year, text.split("|"), strict=True)]
    reports = [govtext.parse(part, id=part, metadata=known) for part, known in zip(parts, of_year, strict=True)]
    return [pair.name for pair in compare.indicator_pairs(*reports)]


# What docs/limits.md says goes wrong, and what beside it does not: where a row changes, the page has to be changed.
LIMITS = [
    # names of common characters, and with a dot, beside names that are whole
    (of_whole, "省长龚正出席。", ["省长", "出席"]),
    (of_whole, "艾尔肯·吐尼亚孜出席。", ["艾尔肯", "尼亚", "出席"]),
    (of_whole, "王芳、胡衡华出席。", ["王芳", "胡衡华", "出席"]),
    # a number lost at the end of a list is not told, one between is
    (lint, "一、甲事\n正文。\n二、乙事\n正文。\n丙事\n正文。", []),
    (lint, "一、甲事\n正文。\n乙事\n正文。\n三、丙事\n正文。", ["gap"]),
    # a pronoun mentions nothing
    (joined, "行政执法部门加强行政复议。该部门推进政务公开。", [["行政复议", "行政执法"]]),
    # one label for three matters
    (
        themes,
        "新建学校12所；建成高标准农田10万亩，粮食产量增长3%；空气质量优良天数比例达到92%，关停排污企业15家。",
        ["rural"],
    ),
    # a unit at the head of a column, and in the cells
    (names, "指标\t2025年\n地区生产总值（亿元）\t3000\n财政收入（亿元）\t300\n", []),
    (names, "地区生产总值\t3000亿元\n财政收入\t300亿元\n", ["地区生产总值", "财政收入"]),
    # names a sentence before
    (names, "三次产业稳步发展。分别增长3%、5%、7%。", ["", "", ""]),
    # what an indicator counts has changed, and the text says so
    (paired, "城镇新增就业5万人，工业企业300家|城镇新增就业（含灵活就业）8万人，工业企业350家", ["工业企业"]),
    # traditional characters, and the same text in simplified ones
    (policy_terms, "優化營商環境。", []),
    (policy_terms, "优化营商环境。", ["营商环境"]),
    # other languages
    (of_whole, "optimise the environment", ["optimise", "the", "environment"]),
    (of_whole, "བོད་ལྗོངས", []),
    (themes, "The government shall optimise the environment.\n", ["other"]),
    (themes, "བོད་ལྗོངས་མི་དམངས་སྲིད་གཞུང་།\n", ["other"]),
]


@pytest.mark.parametrize(("found", "text", "expected"), LIMITS)
def test_the_limits_are_as_the_page_says(segment, found, text, expected):
    assert found(segment, text) == expected


def described(value):
    return inspect.isclass(value) or inspect.isroutine(value)


MODULES = sorted(m.name for m in pkgutil.iter_modules(govtext.__path__) if m.name not in ("cli", "data"))


@pytest.mark.parametrize("module", MODULES)
def test_the_reference_has_every_public_name(module):
    """Autodoc describes the documented classes and functions of a module, `constants` the rest of its `__all__`."""
    page = ROOT / "docs" / "reference" / "api" / f"{module}.md"
    assert page.is_file(), f"add {page.name}, such as errors.md or network.md"
    text, loaded = page.read_text(encoding="utf-8"), importlib.import_module(f"govtext.{module}")
    assert f".. automodule:: govtext.{module}\n" in text
    listed = getattr(loaded, "__all__", None)
    assert listed is None or f".. constants:: govtext.{module}\n" in text
    own = [n for n, v in vars(loaded).items() if n[0] != "_" and getattr(v, "__module__", "") == loaded.__name__]
    lazy = [name for name in listed or () if name not in vars(loaded)]  # autodoc sees what stands in the module
    assert all(f".. autoclass:: govtext.{module}.{name}\n" in text for name in lazy), lazy
    assert all(getattr(loaded, name).__doc__ for name in listed or own if described(getattr(loaded, name)))


def test_the_reference_has_every_name_of_the_root():
    text = (ROOT / "docs" / "reference" / "api" / "root.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`gt\.(\w+) <", text)) == set(govtext.__all__) - {"__version__"}


@pytest.mark.parametrize("name", READMES)
def test_the_two_commands_stand_alone_at_their_first_mention(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for command in ("pip install -q uv && uv run govtext report", "pip install -q uv && uv run pytest"):
        block = next(code for kind, code in BLOCK.findall(text) if command in code)
        assert block.strip() == command
        assert text.index(command) == text.index(block)
