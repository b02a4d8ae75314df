"""The manifest of a run: what went in, with what it was made, what came out; it runs nothing (来源记录)."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from importlib import metadata
from pathlib import PurePath
from typing import TYPE_CHECKING

from govtext.lexicon import STOPWORD_LISTS, stopwords

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from govtext.document import Document
    from govtext.errors import GovtextError
    from govtext.lexicon import Lexicon

FORMAT = 1
# Every library whose release can change a result.
LIBRARIES = (
    "govtext",
    "ahocorasick-rs",
    "fonttools",
    "jieba",
    "jinja2",
    "matplotlib",
    "networkx",
    "numpy",
    "pandas",
    "pylopdf-fonts-zh-cn",
    "python-docx",
    "rjieba",
    "scikit-learn",
    "scipy",
    "textalloc",
)
Manifest = dict[str, object]


def digest(data: bytes) -> str:
    """Return the sha256 of bytes in hexadecimal (摘要)."""
    return hashlib.sha256(data).hexdigest()


def record(
    documents: Iterable[Document],
    *,
    lexicon: Lexicon,
    options: Mapping[str, object],
    outputs: Mapping[str, str],
    failures: Iterable[GovtextError] = (),
    run: Mapping[str, object] | None = None,
) -> Manifest:
    """Return the manifest of a run (运行清单).

    Args:
        documents: the inputs, in the order of the corpus.
        lexicon: the lexicon used.
        options: every option that changes results.
        outputs: the name of each output file with the sha256 of its bytes.
        failures: the inputs that could not be read.
        run: what belongs to this run alone (times, paths, jobs); it is not compared between runs.

    Returns:
        A dictionary of two parts: `result` is the same between equal runs, `run` is not.
    """
    result = {
        "format": FORMAT,
        "inputs": [
            {"id": d.id, "sha256": d.metadata.sha256 or digest(d.text.encode()), "encoding": d.metadata.encoding}
            for d in documents
        ],
        "quarantined": sorted(({"file": PurePath(f.where).name, "reason": f.what} for f in failures), key=str),
        "lexicon": {"terms": len(lexicon), "sha256": lexicon.sha256},
        "stopwords": {name: digest("\n".join(sorted(stopwords(name))).encode()) for name in STOPWORD_LISTS},
        "options": dict(sorted(options.items())),
        "versions": {"python": platform.python_version(), **versions()},
        "outputs": dict(sorted(outputs.items())),
    }
    return {"result": result, "run": {"platform": platform.platform(), "python": sys.version, **(run or {})}}


def versions() -> dict[str, str]:
    """Return the installed release of every library that can change a result (版本)."""
    out = {}
    for name in LIBRARIES:
        try:
            out[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            out[name] = "not installed"
    return out


def to_json(manifest: Manifest) -> str:
    """Return a manifest as JSON text, the same bytes for the same manifest (清单文本)."""
    return json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
