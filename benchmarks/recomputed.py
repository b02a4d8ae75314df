"""Count what a run computes again: the first one, one with nothing changed, one document changed, one option changed.

    GOVTEXT_DATA=... python benchmarks/recomputed.py

The runs are of the 40 provincial reports of the data, with all analyses and without pictures, in this process.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from govtext import citations, classify, compare, corpus, indicators, keywords, network, report
from govtext.study import Cache, Study
from govtext.tokens import Segmenter

DATA = Path(os.environ["GOVTEXT_DATA"]) / "reports"
COUNTED: dict[str, tuple[object, str]] = {
    "parse": (corpus, "parse"),
    "cut": (Segmenter, "__call__"),
    "themes": (classify, "themes"),
    "roles": (classify, "roles"),
    "figures": (indicators, "extract"),
    "citations": (citations, "extract"),
    "pairs": (compare, "promises"),
    "attention": (compare, "attention"),
    "reuse": (compare, "reuse_corpus"),
    "keywords": (keywords, "tfidf"),
    "centralities": (network, "centralities"),
}
CHANGES: dict[str, dict[str, Any]] = {
    "top = 5": {"top": 5},
    "min_count = 3": {"min_count": 3},
    "stopwords": {"stopwords": ["发展"]},
    "analyses = comparison": {"analyses": ["comparison"]},
    "engine = jieba": {"engine": "jieba"},
}


def counting(name: str, function: Callable[..., Any], found: Counter[str]) -> Callable[..., Any]:
    def counted(*arguments: Any, **options: Any) -> Any:
        found[name] += 1
        return function(*arguments, **options)

    return counted


def main() -> None:
    found: Counter[str] = Counter()
    for name, (owner, attribute) in COUNTED.items():
        setattr(owner, attribute, counting(name, getattr(owner, attribute), found))
    with TemporaryDirectory() as place:
        root = Path(place)
        for folder in ("provincial-2025", "provincial-2026"):
            shutil.copytree(DATA / folder, root / "in" / folder)
        changed = sorted((root / "in").rglob("*.txt"))[7]

        def run(what: str, **options: Any) -> None:
            found.clear()
            study = Study(**{"inputs": [str(root / "in")], "output": str(root / "out"), "figures": False} | options)
            report.run(study, cache=Cache(root / "cache"))
            print(f"{what:22}" + " ".join(f"{name} {found[name]:3}" for name in COUNTED), flush=True)

        run("first")
        run("unchanged")
        changed.write_text(changed.read_text(encoding="utf-8") + "修改。\n", encoding="utf-8")
        run("1 of 40 changed")
        for what, options in CHANGES.items():
            run(what, **options)


if __name__ == "__main__":
    main()
