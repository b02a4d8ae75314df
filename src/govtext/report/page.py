"""The page of a report: one self-contained HTML text (网页).

Templates, style and script are files of the package. Everything that comes from a document is escaped, by the templates
or, for the rows of long tables, in `rows`; the content security policy names the digests of our one style and one
script, so that nothing else runs.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from govtext import classify, plots, provenance
from govtext.report import beside as side
from govtext.report import rows, summary
from govtext.report.contents import leaves as leaves_of
from govtext.report.files import table_names
from govtext.report.graph import network_of
from govtext.report.marks import KINDS, Mark
from govtext.report.rows import KIND_NAMES, TYPE_NAMES, USE_NAMES, VERDICTS
from govtext.report.wording import in_chinese
from govtext.text import codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import jinja2

    from govtext.report.analysis import Analysis
    from govtext.report.contents import Leaf

    Row = dict[str, Any]

UNIT_NAMES = {
    "sentence": ("句", "sentence(s)"),
    "paragraph": ("段", "paragraph(s)"),
    "section": ("章节", "section(s)"),
    "document": ("篇文档", "document(s)"),
    "window": ("窗口", "window(s)"),
}
# What may not stand in HTML is shown as the replacement character: control characters but tab and line end,
# noncharacters, lone surrogates.
VISIBLE: dict[int, str] = dict.fromkeys(
    (*range(9), 11, 12, *range(14, 32), *range(127, 160), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)), "\ufffd"
)
# Characters that turn the direction of the text after them, and so show something else than it says.
VISIBLE |= {code: f"\\u{code:04x}" for code in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def render(analysis: Analysis) -> str:
    """Return the page as one self-contained HTML text (网页)."""
    environment = _environment()
    content = _content(analysis)
    (body, seen), (title, _) = (
        _visible(environment.get_template(name).render(content)) for name in ("body.html", "title.html")
    )
    for name in ("documents", "texts"):  # what templates were given they hold in circles, which only the collector ends
        content[name].clear()
    script = part("js") + plots.part("js").replace('"use strict";\n', "")
    # Style and script write words, too.
    font = analysis.web_font(seen | _characters(title + script + part("css")))
    style = _style(base64.b64encode(font).decode())
    return environment.get_template("page.html").render(
        title=title,
        body=body,
        style=style,
        script=script,
        style_digest=_digest(style),
        script_digest=_digest(script),
        version=content["run"]["versions"]["govtext"],
    )


def _visible(text: str) -> tuple[str, set[str]]:
    """Return a text without what may not stand in HTML, which few texts have, and the characters it is left with."""
    seen = _characters(text)
    if seen.isdisjoint(map(chr, VISIBLE)):
        return text, seen
    text = text.translate(VISIBLE)
    return text, _characters(text)


def _characters(text: str) -> set[str]:
    """Return the characters of a text."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    found = np.flatnonzero(np.bincount(units))
    if ((found >= 0xD800) & (found < 0xE000)).any():  # characters of two units
        found = np.flatnonzero(np.bincount(codes(text)))
    return set(map(chr, found.tolist()))


def part(kind: str) -> str:
    """Return the style sheet (css) or the script (js) of the page (样式与脚本)."""
    return _read(f"page.{kind}")


def _read(name: str) -> str:
    return (resources.files("govtext") / "data" / "page" / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    """Return what keeps the compiled templates; what `rows` writes in a cell they write in the same way."""
    import jinja2
    from jinja2.filters import FILTERS

    escape, safe = FILTERS["escape"], FILTERS["safe"]
    environment = jinja2.Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FunctionLoader(_read),
    )
    environment.globals |= {  # what they are given is escaped
        "t": lambda zh, en: safe(rows.both(escape(zh), escape(en))),
        "to": lambda link, text: safe(rows.linked(link, escape(text))),
        "num": "{:,}".format,
    }
    return environment


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _style(font: str) -> str:
    """Return the style sheet with the font and the English of the words that stand in many cells."""
    face = f'@font-face {{ font-family: "Govtext Sans"; src: url(data:font/woff;base64,{font}) format("woff"); }}\n'
    labels = sorted({*KIND_NAMES, *TYPE_NAMES, *USE_NAMES, *_names()})
    words = "".join(
        f':root:has(#en:checked) .w.{label}::after {{ content: "{_spaced(label)}"; }}\n' for label in labels
    )
    return face + part("css") + words + plots.part("css")


def _spaced(label: str) -> str:
    return label.replace("_", " ")


def _content(analysis: Analysis) -> Row:
    """Return everything that the templates show."""
    leaves = leaves_of(analysis)
    found = side.beside(analysis, leaves)
    net = network_of(analysis, leaves) if "network" in analysis.options.analyses else None
    marks = _marks(leaves, net, found)
    return {
        "one": len(leaves) == 1,
        "documents": leaves,
        "texts": [leaf.full_text(marks[leaf.number]) for leaf in leaves],
        "mark_counts": _mark_counts(marks),
        "net": net,
        "beside": found,
        "facts": summary.facts(analysis, leaves, found),
        "warnings": summary.warnings(analysis, leaves),
        "asked": analysis.options.analyses,
        "tables": table_names(analysis),
        "run": _run(analysis, leaves),
        "names": _names(),
        "units": UNIT_NAMES,
        "kinds": KIND_NAMES,
        "types": TYPE_NAMES,
        "marks": KINDS,
        "verdicts": VERDICTS,
        "promise_verdicts": side.VERDICTS,
        "amount": leaves[0].amount,
        "sha256": provenance.input_digest,
        "rows": rows,
    }


def _names() -> dict[str, str]:
    """Return the Chinese name of every theme and role."""
    shipped = (classify.Taxonomy.work_report(), classify.Taxonomy.default(), classify.Taxonomy.roles())
    return {topic.label: topic.name or topic.label for taxonomy in shipped for topic in taxonomy.topics}


def _marks(leaves: Sequence[Leaf], net: Row | None, found: Row | None) -> dict[int, list[Mark]]:
    """Return the marks of each document by its number."""
    out = {leaf.number: leaf.marks() for leaf in leaves}
    for number, mark in (*(net["marks"] if net else ()), *side.marks(found, list(leaves))):
        out[number].append(mark)
    return out


def _mark_counts(marks: dict[int, list[Mark]]) -> dict[str, int]:
    """Return how many results of each kind are marked, by the letter of the kind; kinds without any are left out."""
    found = Counter(row[0] for row in {mark.row for some in marks.values() for mark in some if mark.row})
    return {letter: found[letter] for letter in KINDS if letter in found}


def _run(analysis: Analysis, leaves: Sequence[Leaf]) -> Row:
    return {
        "options": analysis.options,
        "lexicon": {"terms": len(analysis.lexicon), "sha256": analysis.lexicon.sha256},
        "versions": provenance.versions(),
        "seed": provenance.SEED,
        "documents": len(leaves),
        "characters": sum(leaf.characters for leaf in leaves),
        "sections": sum(len(leaf.result.document.sections) for leaf in leaves),
        "tokens": sum(leaf.tokens for leaf in leaves),
        "figures": sum(len(leaf.result.indicators) for leaf in leaves),
        "checks": sum(len(leaf.result.checks) for leaf in leaves),
        "citations": sum(len(leaf.citations) for leaf in leaves),
        "findings": sum(len(leaf.findings) for leaf in leaves),
        "paragraphs": sum(len(leaf.places.spans) for leaf in leaves),
        "failures": [
            (name, in_chinese(what), what)
            for name, what in sorted((provenance.input_name(f), f.what) for f in analysis.corpus.failures)
        ],
    }
