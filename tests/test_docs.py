"""The code blocks of the READMEs run, and both READMEs give the same commands."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
READMES = ["README.md", "README.en.md"]
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


GUIDES = sorted(
    str(path.relative_to(ROOT))
    for folder in ("tutorial", "howto")
    for path in (ROOT / "docs" / folder).glob("*.md")
    if "```python" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", [*READMES, "docs/classification.md", "docs/large-corpora.md", *GUIDES])
def test_python_blocks_run(name, capsys):
    blocks = [code for kind, code in BLOCK.findall((ROOT / name).read_text(encoding="utf-8")) if kind == "python"]
    assert blocks
    for code in blocks:
        exec(compile(code, name, "exec"), {})  # noqa: S102 - the documentation's own code
    assert capsys.readouterr().out


@pytest.mark.parametrize("name", ["docs/network.md", "docs/gallery.md"])
def test_python_blocks_run_one_after_another(name, capsys):
    names: dict[str, object] = {}
    for kind, code in BLOCK.findall((ROOT / name).read_text(encoding="utf-8")):
        if kind == "python":
            exec(compile(code, name, "exec"), names)  # noqa: S102 - the documentation's own code
    assert capsys.readouterr().out


@pytest.mark.parametrize("name", READMES)
def test_the_two_commands_stand_alone_at_their_first_mention(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for command in ("pip install -q uv && uv run govtext report", "pip install -q uv && uv run pytest"):
        block = next(code for kind, code in BLOCK.findall(text) if command in code)
        assert block.strip() == command
        assert text.index(command) == text.index(block)


def test_the_gallery_has_its_pictures():
    page = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    named = re.findall(r"```\n\n!\[[^]]+\]\((gallery/[a-z-]+\.png)\)", page)
    assert len(named) == len(re.findall(r"^figure = ", page, re.MULTILINE))
    assert sorted(named) == sorted(f"gallery/{path.name}" for path in (ROOT / "docs" / "gallery").iterdir())
    assert all((ROOT / "docs" / name).stat().st_size <= 60_000 for name in named)
