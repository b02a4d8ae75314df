"""The software and the platform at work: releases, commit, digest of the code (软件环境)."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib import metadata, resources
from pathlib import Path

from govtext.native import kernels

# Every library whose release can change a result.
LIBRARIES = (
    "govtext",
    "ahocorasick-rs",
    "daachorse",
    "cycler",  # gives a figure its colours
    "fonttools",
    "jieba",
    "jinja2",
    "kiwisolver",  # places the parts of a figure
    "lxml",
    "markupsafe",  # writes the page's special characters
    "matplotlib",
    "networkx",
    "numpy",
    "pandas",
    "pillow",  # writes png
    "pylopdf-fonts-zh-cn",
    "pypdfium2",
    "pyparsing",  # reads formulas in a figure
    "python-docx",
    "rjieba",
    "scikit-learn",
    "scipy",
    "selectolax",
    "textalloc",
    "tomli-w",  # writes the study file
    "uharfbuzz",  # makes the font of the page small
)


def install() -> dict[str, object]:
    """Return which govtext is at work: folder, commit of a checkout, digest of its code, whether compiled (安装)."""
    folder = Path(str(resources.files("govtext")))
    files = sorted(p for p in (*folder.rglob("*.py"), *folder.rglob("*.[ch]"), *folder.glob("data/*")) if p.is_file())
    digests = [f"{p.relative_to(folder).as_posix()} {hashlib.sha256(p.read_bytes()).hexdigest()}\n" for p in files]
    checkout = (folder.parents[1] / "pyproject.toml").is_file()
    return {
        "folder": str(folder),
        "commit": commit(folder) if checkout else None,
        "sha256": hashlib.sha256("".join(digests).encode()).hexdigest(),
        "compiled": kernels is not None,
    }


def commit(folder: Path) -> str | None:
    """Return the git commit a folder stands at, read from its files; None outside a repository (提交)."""
    for place in (folder, *folder.parents):
        if (place / ".git").exists():
            try:
                return _head(place / ".git")
            except (OSError, UnicodeDecodeError):
                return None
    return None


def _head(git: Path) -> str | None:
    """Return the commit that a repository stands at; in a worktree `.git` is a file that names the place of HEAD."""
    if git.is_file():
        git = git.parent / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
    head = (git / "HEAD").read_text(encoding="utf-8").strip()
    if head.startswith("ref:"):
        name = head.removeprefix("ref:").strip()
        shared = git / "commondir"
        common = git / shared.read_text(encoding="utf-8").strip() if shared.is_file() else git
        if (common / name).is_file():
            head = (common / name).read_text(encoding="utf-8").strip()
        else:
            packed = (common / "packed-refs").read_text(encoding="utf-8")
            found = re.search(rf"^(\w+) {re.escape(name)}$", packed, re.MULTILINE)
            head = found[1] if found else ""
    return head if re.fullmatch("[0-9a-f]{40,64}", head) else None


def versions() -> dict[str, str]:
    """Return the installed release of every library that can change a result (版本)."""
    return {name: _release(name) for name in LIBRARIES}


@cache
def _release(name: str) -> str:
    """Return the release of a library; looked up once, as what a process has loaded stays."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
