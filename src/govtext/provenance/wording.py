"""The methods paragraph of a paper, and how to cite govtext (方法说明与引用)."""

from __future__ import annotations

import string
from importlib import metadata, resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from govtext.provenance.manifest import Manifest


def methods(manifest: Manifest) -> tuple[str, str]:
    """Return the methods paragraph of a paper, in Chinese and in English, from what the manifest records (方法说明).

    A sentence about something that is not recorded is left out.
    """
    result = manifest["result"]
    options, version, lexicon = result["options"], result["versions"], result["lexicon"]
    engine, documents = options.get("engine"), len(result["inputs"])
    count = "1 document" if documents == 1 else f"{documents:,} documents"
    facts = {
        "version": version.get("govtext"),
        "engine": engine,
        "engine_version": version.get(str(engine)),
        "terms": lexicon["terms"],
        "lexicon": lexicon["sha256"][:12],
        "documents": documents,
        "least": options.get("min_count"),
        "seed": result["seed"],
        "python": version.get("python"),
        "networkx": version.get("networkx"),
    }
    asked = options.get("analyses", ("keywords", "network"))
    base = BASES[documents == 1] if "top" in options and "keywords" in asked else (None, None)
    unit = UNITS.get(str(options.get("unit") if "network" in asked else None), (None, None))
    stop = _stop(options.get("stopwords"))
    zh = _paragraph("methods-zh.txt", {**facts, "base": base[0], "unit": unit[0], "stop": stop[0]})
    english = {**facts, "documents": count, "base": base[1], "unit": unit[1], "stop": stop[1]}
    return "".join(zh), " ".join(_paragraph("methods-en.txt", english))


def _stop(words: object) -> tuple[str, str]:
    """Return what the stop words were: those of the package, or the user's."""
    if isinstance(words, list | tuple):
        return f"自备的 {len(words)} 个词", f"a stop list of our own ({len(words):,} words)"
    return "通用与公文两表", "the general and the official stop list"


def _paragraph(name: str, facts: Mapping[str, object]) -> list[str]:
    """Return the sentences of a template, one a line, whose facts are all known."""
    lines = (resources.files("govtext") / "data" / name).read_text(encoding="utf-8").splitlines()
    asked = {line: [field for _, field, _, _ in string.Formatter().parse(line) if field] for line in lines}
    return [line.format(**facts) for line in lines if all(facts[field] is not None for field in asked[line])]


# What idf is counted over: in a corpus, and in a document alone.
BASES = (
    ("各文档（章节关键词取自全部章节）", "the documents of the corpus (for keywords of sections: over all sections)"),
    ("该文档各章节", "the sections of the document"),
)
UNITS = {
    "sentence": ("同一句", "the same sentence"),
    "paragraph": ("同一段", "the same paragraph"),
    "section": ("同一章节", "the same section"),
    "document": ("同一文档", "the same document"),
    "window": ("五词窗口", "a window of five words"),
}


def cite() -> str:
    """Return how to cite govtext: in the style of APA, by GB/T 7714, and as BibTeX (引用格式)."""
    version = metadata.version("govtext")
    return (
        f"The govtext developers (2026). govtext: mining Chinese government documents (version {version}) [computer "
        "software].\n"
        f"The govtext developers. govtext: mining Chinese government documents: {version}[CP]. 2026.\n\n"
        "@software{govtext,\n"
        "  author  = {{The govtext developers}},\n"
        "  title   = {govtext: mining Chinese government documents},\n"
        "  year    = {2026},\n"
        f"  version = {{{version}}},\n"
        "}"
    )
