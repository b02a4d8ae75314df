"""The code blocks of the documentation run, both READMEs give the same commands, the reference has every name."""

import importlib
import inspect
import pkgutil
import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import govtext
from govtext.cli import app

ROOT = Path(__file__).parents[1]
READMES = ["README.md", "README.en.md"]
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
CELL = re.compile(r"^```(python|\{code-cell\}|bash)[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
PAGES = sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "docs").rglob("*.md") if "_build" not in p.parts)
GUIDES = ("docs/tutorial/", "docs/howto/", "docs/reference/")  # their commands run on the files that their cells make


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
