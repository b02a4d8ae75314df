"""The arrow of modules, the front door, and what the packaging promises."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

import govtext as gt
from govtext import provenance

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src" / "govtext").rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def module(path):
    """The module a source file belongs to: its own name, or that of its folder."""
    return path.relative_to(ROOT / "src" / "govtext").with_suffix("").parts[0]


def test_one_arrow():
    layers = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    order = layers[::-1]
    assert {module(path) for path in SOURCES} - {"__init__"} == set(order)
    for path in SOURCES:
        if module(path) == "__init__":
            continue
        found = re.findall(r"(?:from govtext\.(\w+)[.\w]* import|from govtext import (\w+))", path.read_text("utf-8"))
        for name in {a or b for a, b in found} & set(order):
            assert order.index(name) <= order.index(module(path)), f"{path} imports {name}"


def test_modules_stay_small():
    for path in SOURCES:
        assert len(path.read_text("utf-8").splitlines()) <= 550, path


def imported():
    """The distributions that the sources import, theirs alone and no standard library."""
    providers = metadata.packages_distributions()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for root in {name.split(".")[0] for name in names} - sys.stdlib_module_names - {"govtext", "__future__"}:
                yield re.sub("[-_.]+", "-", providers[root][0]).lower()


def test_what_is_imported_is_declared():
    declared = {re.match("[a-z0-9-]+", line)[0] for line in PROJECT["project"]["dependencies"]}
    assert set(imported()) == declared


def test_the_manifest_names_every_library_that_changes_results():
    # These run, print, draw progress bars, store models, and write sheets beside the report;
    # no byte of its outputs is theirs.
    assert set(imported()) - {
        "joblib",
        "openpyxl",
        "platformdirs",
        "pydantic",
        "rich",
        "skops",
        "tqdm",
        "typer",
        "xlsxwriter",
    } <= set(provenance.LIBRARIES)


def test_root_names():
    assert gt.__all__ == sorted(gt.__all__)
    assert len(gt.__all__) <= 14
    for name in gt.__all__:
        assert getattr(gt, name) is not None
    with pytest.raises(AttributeError):
        gt.nothing  # noqa: B018


def test_import_loads_nothing_heavy():
    code = "import sys, govtext; print(sorted({'numpy', 'pandas', 'sklearn', 'matplotlib', 'rjieba', 'jieba'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: "/".join(p.parts[-2:]))
def test_style(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print"
        assert not isinstance(node, ast.Global)


def test_version_is_the_newest_of_the_changelog():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[?(\d+\.\d+\.\d+)", changelog, re.MULTILINE)[1] == gt.__version__
    assert PROJECT["project"]["version"] == gt.__version__


def test_the_test_extra_and_the_dev_group_agree():
    extra = set(PROJECT["project"]["optional-dependencies"]["test"])
    assert extra <= set(PROJECT["dependency-groups"]["dev"])
