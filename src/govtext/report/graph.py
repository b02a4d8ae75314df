"""What the page shows of the network: the picture, communities, terms, edges and their sentences (网络内容)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govtext import plots
from govtext.report.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from govtext.plots import Passage, Picture
    from govtext.report.analysis import Analysis
    from govtext.report.contents import Leaf
    from govtext.text import Span

    Row = dict[str, Any]
    Places = list[list[tuple[int, list[Span]]]]

TITLE = 20  # characters of a title in a link
EDGES = 20  # strongest edges on the page, besides those of the picture
GROUPS, TERMS = 12, 8  # communities on the page, and terms named of each
TALL = (400, 620)  # the size of the picture for narrow screens


def network_of(analysis: Analysis, leaves: Sequence[Leaf]) -> Row:
    """Return what the page shows of the network, and the marks of it in the texts (网络内容)."""
    wide, tall = _pictures(analysis)
    evidence = leaves[0].amount.evidence
    behind = plots.passages(analysis.drawn[0], plots.pairs_of(wide), analysis.tokens, evidence=evidence)
    edges = analysis.strongest_edges(EDGES)
    ends = [(str(edge["source"]), str(edge["target"])) for edge in edges]
    others = plots.passages(analysis.graph, ends, analysis.tokens, evidence=evidence)
    places = _places(analysis, [dot.term for dot in wide.dots])
    return {
        "nodes": len(analysis.graph),
        "edges": analysis.graph.number_of_edges(),
        "alone": sum(degree == 0 for _, degree in analysis.graph.degree()),
        "picture": wide,
        "options": analysis.overview.graph,
        "thin": analysis.is_thin,
        "figure": plots.fragment(wide, [_linked(leaves, some) for some in behind], tall=tall),
        "legend": _legend(analysis),
        "terms": _terms(analysis, leaves, wide, places),
        "strongest": [
            {"edge": edge, "evidence": _linked(leaves, some), "more": int(str(edge["count"])) - len(some)}
            for edge, some in zip(edges, others, strict=True)
        ],
        "marks": [*_marks(places), *((p.document + 1, Mark(p.span)) for some in (*behind, *others) for p in some)],
    }


def _pictures(analysis: Analysis) -> tuple[Picture, Picture]:
    """Return the picture for wide and the one for narrow screens, turned by a quarter; their dots are in one order."""
    graph, positions = analysis.drawn
    turned = {node: (y, 1 - x) for node, (x, y) in positions.items()}
    groups, (width, height) = analysis.communities, TALL
    wide = plots.picture(graph, positions=positions, communities=groups)
    return wide, plots.picture(graph, positions=turned, communities=groups, width=width, height=height)


def _legend(analysis: Analysis) -> list[Row]:
    """Return the communities with their colour and the strongest of their terms that are drawn."""
    graph, groups = analysis.drawn[0], analysis.communities
    colours = plots.colour_of(graph, groups)
    drawn = [plots.strongest(graph.subgraph(group)) if not group.isdisjoint(graph) else [] for group in groups]
    return [
        {"number": number, "colour": colours[nodes[0]], "terms": nodes[:TERMS], "size": len(group)}
        for number, (nodes, group) in enumerate(zip(drawn, groups, strict=True), start=1)
        if nodes
    ][:GROUPS]


def _terms(analysis: Analysis, leaves: Sequence[Leaf], picture: Picture, places: Places) -> list[Row]:
    """Return one row a term of the picture."""
    nodes: Mapping[str, Mapping[str, object]] = analysis.graph.nodes
    return [
        {
            "id": f"t{number}",
            "dot": dot,
            "count": sum(len(spans) for _, spans in found),
            "first": leaves[found[0][0]].places.link(found[0][1][0]) if found else None,
            "community": nodes[dot.term].get("community", ""),
        }
        for number, (dot, found) in enumerate(zip(picture.dots, places, strict=True))
    ]


def _places(analysis: Analysis, terms: Sequence[str]) -> Places:
    """Return where each term stands: the index of each document that has it, and the spans there."""
    number = {term: i for i, term in enumerate(terms)}
    out: Places = [[] for _ in terms]
    for index, tokens in enumerate(analysis.tokens):
        for term, spans in plots.places(tokens, number).items():
            out[number[term]].append((index, spans))
    return out


def _marks(places: Places) -> Iterator[tuple[int, Mark]]:
    """Yield the marks of terms, each with the number of its document; the page links to the first of each term."""
    for number, found in enumerate(places):
        for index, spans in found:
            first = index == found[0][0]
            yield from ((index + 1, Mark(span, f"t{number}", first and not i)) for i, span in enumerate(spans))


def _linked(leaves: Sequence[Leaf], found: Sequence[Passage]) -> list[Row]:
    """Return passages with a link to their place in the text, called by the document where there are several."""
    rows = []
    for passage in found:
        leaf = leaves[passage.document]
        link = leaf.places.link(passage.span)
        title = _short(leaf.name) if len(leaves) > 1 else "¶"
        rows.append({"pieces": passage.pieces, "link": link, **link._asdict(), "title": title})
    return rows


def _short(title: str) -> str:
    return title if len(title) <= TITLE else title[: TITLE - 1] + "…"
