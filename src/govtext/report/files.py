"""Tables, network files and figures of a report (文件)."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from govtext import network, plots, tables
from govtext.report.analysis import title_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import networkx as nx

    from govtext.report.analysis import Analysis
    from govtext.tables import Row


def write_tables(analysis: Analysis, folder: Path) -> None:
    by_document = {
        "outline": (tables.OUTLINE, [tables.outline(r.document) for r in analysis.results]),
        "lint": (tables.LINT, [tables.findings(r.findings) for r in analysis.results]),
        "sections": (tables.SECTIONS, [tables.labels(r.document, r.themes, r.roles) for r in analysis.results]),
    }
    several = len(analysis.results) > 1
    for name, (columns, parts) in by_document.items():
        ids = [result.document.id for result in analysis.results]
        rows = [{"document": id_, **row} for id_, part in zip(ids, parts, strict=True) for row in part]
        _put_table(folder / f"{name}.csv", rows, ("document", *columns) if several else columns)
    found = [*analysis.keywords, *analysis.section_keywords]
    _put_table(folder / "keywords.csv", tables.keyword_rows(found), tables.KEYWORDS)
    _put_table(folder / "network.csv", tables.edges(analysis.graph), tables.NETWORK)
    _put_table(folder / "nodes.csv", _nodes(analysis.graph), NODES)


NODES = ("term", "community", "category", "count", "units", "degree", "strength", "betweenness")


def _nodes(graph: nx.Graph[str]) -> list[Row]:
    measures = network.centralities(graph).to_dict("records") if len(graph) else []
    return [{str(name): value for name, value in row.items()} | graph.nodes[row["term"]] for row in measures]


def _put_table(path: Path, rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> None:
    # The byte order mark makes Excel read the file as UTF-8.
    put(path, tables.to_csv(rows, columns).encode("utf-8-sig"))


ILLEGAL_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graphs(analysis: Analysis, folder: Path) -> None:
    """Write the network as GraphML and GEXF, without the date that networkx puts into the latter."""
    import networkx as nx

    clean = {node: ILLEGAL_IN_XML.sub(lambda m: f"\\u{ord(m[0]):04x}", node) for node in analysis.graph}
    graph = nx.relabel_nodes(analysis.graph, clean)
    out = io.BytesIO()
    nx.write_graphml_xml(graph, out)  # not write_graphml, whose bytes depend on whether lxml is installed
    put(folder / "network.graphml", out.getvalue() + b"\n")
    gexf = "\n".join(nx.generate_gexf(graph))
    put(folder / "network.gexf", (re.sub(r' lastmodifieddate="[^"]*"', "", gexf, count=1) + "\n").encode())


def write_figures(analysis: Analysis, folder: Path) -> None:
    from matplotlib.figure import Figure

    graph, positions = analysis.drawn
    first = analysis.results[0].document
    rows = [keyword for keyword in analysis.keywords if keyword.document == first.id]
    with plots.style():
        drawing = Figure(figsize=(9, 6.5), layout="constrained")
        plots.network(drawing.subplots(), graph, positions=positions, communities=analysis.communities)
        bars = Figure(figsize=(7, 0.8 + 0.27 * max(4, min(20, len(rows)))), layout="constrained")
        plots.keywords(bars.subplots(), rows)
        bars.axes[0].set_title(plots.shown(title_of(first), most=36), size=10, loc="left")
    folder.mkdir(exist_ok=True)
    for name, figure in (("network", drawing), ("keywords", bars)):
        for suffix in ("svg", "png"):
            plots.save(figure, folder / f"{name}.{suffix}")


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
