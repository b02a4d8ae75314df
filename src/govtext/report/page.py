"""The page of a report: one self-contained HTML text (网页)."""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING, Any

from govtext import classify, counts, plots, provenance, tables
from govtext.report.files import comparisons, table_names
from govtext.study import ANALYSES
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govtext.citations import Citation
    from govtext.classify import Label
    from govtext.document import Document, Section
    from govtext.indicators import Indicator
    from govtext.keywords import Keyword
    from govtext.report.analysis import Analysis, Result

BESIDE = 14  # characters shown on each side of a figure
TITLE = 20  # characters of a title in a link
PROMISES, SHARED = 60, 12  # promises with a verdict and borrowed passages on the page
EDGES, EVIDENCE = 40, 3  # edges on the page, and sentences shown behind each
UNIT_NAMES = {
    "sentence": ("句", "sentence(s)"),
    "paragraph": ("段", "paragraph(s)"),
    "section": ("章节", "section(s)"),
    "document": ("篇文档", "document(s)"),
    "window": ("窗口", "window(s)"),
}
KIND_NAMES = {
    "count": "计数", "rate": "比率", "change": "变动", "money": "金额", "measure": "度量", "duration": "时长",
}  # fmt: skip
TYPE_NAMES = {
    "law": "法律", "regulation": "法规", "plan": "规划", "rule": "规定", "policy": "政策文件", "report": "报告",
    "agreement": "协定", "course": "课程", "work": "作品", "doc_number": "文号", "slogan": "数字口号",
    "period": "规划期", "quotation": "引语",
}  # fmt: skip
NO_LABEL = classify.Label(Span(0, 0), "", 0.0)
FONT_PLACE = "@@FONT@@"
# Control characters may not stand in HTML; tab and line end may.
VISIBLE: dict[int, str] = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160), 0xFFFE, 0xFFFF), "\ufffd")
# Characters that turn the direction of the text after them, and so show something else than it says.
VISIBLE |= {code: f"\\u{code:04x}" for code in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def render(analysis: Analysis) -> str:
    """Return the page as one self-contained HTML text (网页)."""
    import jinja2

    data = resources.files("govtext") / "data"
    text = {name: (data / f"page.{name}").read_text(encoding="utf-8") for name in ("html", "css", "js")}
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    text["css"] += plots.part("css")
    text["js"] += plots.part("js").replace('"use strict";\n', "")
    digest = base64.b64encode(hashlib.sha256(text["js"].encode()).digest()).decode()
    page = environment.from_string(text["html"]).render(
        css=text["css"],
        script=text["js"],
        script_digest=digest,
        documents=_documents(analysis),
        net=_network(analysis) if "network" in analysis.options.analyses else None,
        asked=analysis.options.analyses,
        all_asked=analysis.options.analyses == ANALYSES,
        tables=table_names(analysis),
        beside=_beside_each_other(analysis),
        run=_run(analysis),
        names=_names(),
        units=UNIT_NAMES,
        kinds=KIND_NAMES,
        types=TYPE_NAMES,
        uses={"made": "制定", "obeyed": "执行"},
        verdicts={"holds": "✓", "rounding": "≈", "fails": "✗"},
    )
    page = page.translate(VISIBLE)
    font = base64.b64encode(plots.web_font(page)).decode()
    # The style stands before anything that comes from a document.
    return page.replace(FONT_PLACE, font, 1)


def _names() -> dict[str, str]:
    """Return the Chinese name of every theme and role."""
    shipped = (classify.Taxonomy.work_report(), classify.Taxonomy.default(), classify.Taxonomy.roles())
    return {topic.label: topic.name or topic.label for taxonomy in shipped for topic in taxonomy.topics}


@dataclass(frozen=True)
class _Anchors:
    """The ids of the paragraphs of a document on the page."""

    number: int
    starts: list[int]

    def of(self, place: int) -> str:
        """Return the id of the paragraph that holds a place."""
        at = max(0, bisect_right(self.starts, place) - 1)
        return f"p-{self.number}-{self.starts[at] if self.starts else 0}"

    def paragraph(self, place: int) -> int:
        """Return the number of the paragraph that holds a place, beginning with 1."""
        return max(1, bisect_right(self.starts, place))


def _anchors(analysis: Analysis) -> list[_Anchors]:
    documents = [result.document for result in analysis.results]
    return [_Anchors(n, [p.start for p in d.paragraphs]) for n, d in enumerate(documents, start=1)]


def _documents(analysis: Analysis) -> list[dict[str, Any]]:
    asked = "keywords" in analysis.options.analyses
    whole = {k: list(group) for k, group in groupby(analysis.keywords if asked else (), key=lambda k: k.document)}
    parts = {
        k: list(group) for k, group in groupby(analysis.section_keywords if asked else (), key=lambda k: k.document)
    }
    return [
        {
            "number": anchors.number,
            "id": result.document.id,
            "title": analysis.titles[result.document.id],
            "metadata": result.document.metadata,
            "sha256": provenance.input_digest(result.document),
            "characters": len(result.document.text),
            "tokens": int(counts.counted(result.tokens).sum()),
            "sections": len(result.document.sections),
            "outline": _tree(result.document, anchors),
            "findings": [{"anchor": anchors.of(f.span.start), "finding": f} for f in result.findings],
            "keywords": _keyword_rows(whole.get(result.document.id, []), anchors),
            "section_keywords": _section_rows(result.document, parts.get(result.document.id, []), anchors),
            "indicators": [_figure_row(result.document, one, anchors) for one in result.indicators],
            "checks": [{"anchor": anchors.of(one.span.start), "check": one} for one in result.checks],
            "citations": _citation_rows(result.citations, anchors),
            "paragraphs": _paragraphs(result, anchors),
            "taxonomy": classify.Taxonomy.of(result.document).name,
            "themes": _present(result.themes, classify.Taxonomy.of(result.document)),
            "roles": _present(result.roles, classify.Taxonomy.roles()),
        }
        for result, anchors in zip(analysis.results, _anchors(analysis), strict=True)
    ]


def _tree(document: Document, anchors: _Anchors) -> list[dict[str, Any]]:
    """Return the headings as a tree of rows."""
    roots: list[dict[str, Any]] = []
    rows: dict[int, dict[str, Any]] = {}
    for section in document.sections:
        row = {"section": section, "anchor": anchors.of(section.span.start), "children": []}
        rows[id(section)] = row
        (rows[id(section.parent)]["children"] if section.parent else roots).append(row)
    return roots


def _keyword_rows(found: Sequence[Keyword], anchors: _Anchors) -> list[dict[str, Any]]:
    most = max((keyword.score for keyword in found), default=1.0) or 1.0
    rows = []
    for keyword in found:
        places = {anchors.paragraph(span.start): anchors.of(span.start) for span in keyword.spans}
        share = round(100 * keyword.score / most, 1)
        rows.append({"keyword": keyword, "share": share, "places": list(places.items())[:8], "more": len(places) - 8})
    return rows


def _figure_row(document: Document, figure: Indicator, anchors: _Anchors) -> dict[str, Any]:
    """Return a figure with its value written out and the words around it."""
    start, end = figure.span
    return {
        "figure": figure,
        "value": tables.plain(figure.value),
        "anchor": anchors.of(start),
        "paragraph": anchors.paragraph(start),
        "before": _beside(document.text[max(0, start - BESIDE) : start], -1),
        "after": _beside(document.text[end : end + BESIDE], 0),
    }


def _beside(text: str, side: int) -> str:
    """Return the part of the words beside a figure that stands on its line."""
    return text.split("\n")[side].strip()


def _citation_rows(found: Sequence[Citation], anchors: _Anchors) -> list[dict[str, Any]]:
    """Return one row a title or phrase, with the paragraphs that mention it."""
    groups: dict[Span, list[Citation]] = {}
    for one in found:
        groups.setdefault(one.first, []).append(one)
    rows = []
    for group in groups.values():
        roles = sorted({one.role for one in group if one.role})
        verbs = list(dict.fromkeys(one.verb for one in group if one.verb))
        places = {anchors.paragraph(one.span.start): anchors.of(one.span.start) for one in group}
        rows.append(
            {"citation": group[0], "count": len(group), "roles": roles, "verbs": verbs, "places": list(places.items())}
        )
    return rows


def _section_rows(document: Document, found: Sequence[Keyword], anchors: _Anchors) -> list[dict[str, Any]]:
    """Return the first five keywords of every section; where there is no heading, of every paragraph."""
    headings = {section.span.start: section for section in document.sections if section.level != "point"}
    return [
        {"anchor": anchors.of(start or 0), "section": headings.get(start), "keywords": list(group)[:5]}
        for start, group in groupby(found, key=lambda keyword: keyword.section)
    ]


def _paragraphs(result: Result, anchors: _Anchors) -> list[dict[str, Any]]:
    document = result.document
    levels: dict[str, Section] = {}
    for section in document.sections:
        levels.setdefault(anchors.of(section.span.start), section)
    rows = []
    themes, roles = (found or [NO_LABEL] * len(document.paragraphs) for found in (result.themes, result.roles))
    for number, span in enumerate(document.paragraphs):
        text, anchor = span.of(document.text).strip(), anchors.of(span.start)
        rows.append(
            {
                "number": number + 1,
                "anchor": anchor,
                "text": text,
                "length": max(1, len(text)),
                "level": _level(levels.get(anchor), text),
                "theme": themes[number],
                "role": roles[number],
                "why": list(dict.fromkeys((*themes[number].why, *roles[number].why))),
            }
        )
    return rows


def _present(labels: Sequence[Label], taxonomy: classify.Taxonomy) -> list[str]:
    """Return the labels that occur, in the order of their taxonomy."""
    found = {one.label for one in labels}
    return [label for label in taxonomy.labels if label in found]


def _level(section: Section | None, text: str) -> str:
    """Return the level of the heading that a short line is, or nothing."""
    return section.level if section and section.level != "point" and len(text) < 60 else ""


def _network(analysis: Analysis) -> dict[str, Any]:
    graph, positions = analysis.drawn
    groups = analysis.communities
    colours = plots.colour_of(graph, groups)
    drawn = [[node for node in plots.strongest(graph.subgraph(group)) if node in graph] for group in groups]
    picture = plots.picture(graph, positions=positions, communities=groups)
    found = plots.passages(graph, plots.pairs_of(picture), analysis.tokens)
    return {
        "nodes": len(analysis.graph),
        "edges": analysis.graph.number_of_edges(),
        "alone": sum(degree == 0 for _, degree in analysis.graph.degree()),
        "communities": sum(len(group) > 1 for group in groups),
        "picture": picture,
        "options": analysis.overview.graph,
        "thin": analysis.is_thin,
        "figure": plots.fragment(picture, [_linked(analysis, some) for some in found]),
        "legend": [
            {"number": number, "colour": colours[nodes[0]], "terms": nodes[:8], "size": len(group)}
            for number, (nodes, group) in enumerate(zip(drawn, groups, strict=True), start=1)
            if nodes
        ][:12],
        "strongest": _edge_rows(analysis),
    }


def _beside_each_other(analysis: Analysis) -> dict[str, Any] | None:
    """Return what the page shows of a comparison: counts, the promises with a verdict, the widest shared passages."""
    found = analysis.comparison
    if found is None:
        return None
    documents = list(analysis.corpus)
    anchors = {r.document.id: a for r, a in zip(analysis.results, _anchors(analysis), strict=True)}
    promises = [
        {
            "row": row,
            "promise": promise,
            "from": anchors[promise.document].of(promise.span.start),
            "to": anchors[promise.next_document].of(promise.found_span.start) if promise.found_span else "",
        }
        for promise, row in zip(found.promises, tables.promise_rows(found.promises, documents), strict=True)
        if promise.verdict in ("met", "not met")
    ]
    borrowed = [r for r in found.reuse if r.relation == "borrowed" and (r.common or 0) < 0.5]
    borrowed = sorted(borrowed, key=lambda r: (-r.same, r.document, r.span))[:SHARED]
    shared = [
        {"row": row, "anchor": anchors[one.document].of(one.span.start)}
        for one, row in zip(borrowed, tables.reuse_rows(borrowed, documents), strict=True)
    ]
    return {
        "tables": list(comparisons(found, documents)),
        "verdicts": Counter(promise.verdict for promise in found.promises),
        "promises": promises[:PROMISES],
        "pairs": len(found.pairs),
        "relations": Counter(one.relation for one in found.reuse),
        "shared": shared,
        "missing": found.missing,
    }


def _edge_rows(analysis: Analysis) -> list[dict[str, Any]]:
    """Return the strongest edges, each with the first sentences behind it and how many there are."""
    edges = tables.edges(analysis.graph)[:EDGES]
    pairs = [(str(edge["source"]), str(edge["target"])) for edge in edges]
    found = plots.passages(analysis.graph, pairs, analysis.tokens, evidence=EVIDENCE)
    return [
        {"edge": edge, "evidence": _linked(analysis, some), "more": analysis.graph.edges[pair]["count"] - len(some)}
        for edge, pair, some in zip(edges, pairs, found, strict=True)
    ]


def _linked(analysis: Analysis, found: Sequence[plots.Passage]) -> list[dict[str, Any]]:
    """Return passages with a link to their place in the text, called by the title where there are several documents."""
    anchors, rows = _anchors(analysis), []
    for passage in found:
        title = analysis.titles[analysis.tokens[passage.document].document.id]
        link = {"href": "#" + anchors[passage.document].of(passage.span.start)}
        rows.append({"pieces": passage.pieces, **link, "title": _short(title) if len(anchors) > 1 else "¶"})
    return rows


def _short(title: str) -> str:
    return title if len(title) <= TITLE else title[: TITLE - 1] + "…"


def _run(analysis: Analysis) -> dict[str, Any]:
    documents, asked = [result.document for result in analysis.results], analysis.options.analyses
    return {
        "options": analysis.options,
        "lexicon": {"terms": len(analysis.lexicon), "sha256": analysis.lexicon.sha256},
        "versions": provenance.versions(),
        "documents": len(documents),
        "characters": sum(len(document.text) for document in documents),
        "sections": sum(len(document.sections) for document in documents),
        "tokens": sum(int(counts.counted(tokens).sum()) for tokens in analysis.tokens),
        "keywords": len(analysis.keywords) + len(analysis.section_keywords) if "keywords" in asked else 0,
        "figures": sum(len(result.indicators) for result in analysis.results),
        "citations": sum(len(result.citations) for result in analysis.results),
        "findings": sum(len(result.findings) for result in analysis.results),
        "failures": sorted((provenance.input_name(f), f.what) for f in analysis.corpus.failures),
    }
