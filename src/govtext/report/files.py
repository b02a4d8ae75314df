"""Tables, network files and figures of a report (文件)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govtext import classify, network, plots, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import networkx as nx
    from matplotlib.figure import Figure

    from govtext.document import Document
    from govtext.report.analysis import Analysis, Comparison
    from govtext.tables import Row


def write_tables(analysis: Analysis, folder: Path) -> None:
    """Write every table as CSV; with several documents those of one document begin with its id."""
    by_document = {
        "outline": (tables.OUTLINE, [tables.outline(r.document) for r in analysis.results]),
        "lint": (tables.LINT, [tables.findings(r.findings) for r in analysis.results]),
        "indicators": (tables.INDICATORS, [tables.rows(r.indicators) for r in analysis.results]),
        "checks": (tables.CHECKS, [tables.rows(r.checks) for r in analysis.results]),
        "citations": (tables.CITATIONS, [tables.citation_rows(r.citations) for r in analysis.results]),
        "sections": (tables.SECTIONS, [tables.labels(r.document, r.themes, r.roles) for r in analysis.results]),
    }
    several, wanted = len(analysis.results) > 1, table_names(analysis)
    for name, (columns, parts) in by_document.items():
        if name not in wanted:
            continue
        ids = [result.document.id for result in analysis.results]
        rows = [{"document": id_, **row} for id_, part in zip(ids, parts, strict=True) for row in part]
        _put_table(folder / f"{name}.csv", rows, ("document", *columns) if several else columns)
    if "keywords" in wanted:
        found = [*analysis.keywords, *analysis.section_keywords]
        _put_table(folder / "keywords.csv", tables.keyword_rows(found), tables.KEYWORDS)
        _put_table(folder / "intervals.csv", tables.rows(analysis.intervals), INTERVALS)
    if "network" in wanted:
        _put_table(folder / "network.csv", tables.edges(analysis.graph), tables.NETWORK)
        _put_table(folder / "nodes.csv", _nodes(analysis.graph), NODES)
    if analysis.comparison is not None:
        for name, (titles, found_rows) in comparisons(analysis.comparison, analysis.corpus).items():
            _put_table(folder / f"{name}.csv", found_rows, titles)


def comparisons(found: Comparison, documents: Iterable[Document]) -> dict[str, tuple[Sequence[str], list[Row]]]:
    """Return the tables of a comparison that have rows, by name (比较表)."""
    whole = list(documents)
    out: dict[str, tuple[Sequence[str], list[Row]]] = {
        "attention": (tables.ATTENTION, tables.rows(found.attention)),
        "promises": (tables.PROMISES, tables.promise_rows(found.promises, whole)),
        "pairs": (tables.INDICATOR_PAIRS, tables.pair_rows(found.pairs, whole)),
        "reuse": (tables.REUSE, tables.reuse_rows(found.reuse, whole)),
    }
    return {name: table for name, table in out.items() if table[1]}


# The tables of each analysis, where they are called otherwise or are several; the outline always is there.
TABLES = {
    "indicators": ("indicators", "checks"),
    "keywords": ("keywords", "intervals"),
    "network": ("network", "nodes"),
}
ORDER = (
    *("outline", "lint", "indicators", "checks", "citations", "keywords", "intervals"),
    *("network", "nodes", "sections"),
)
INTERVALS = ("document", "section", "rank", "term", "low", "high", "share", "count", "score")


def table_names(analysis: Analysis) -> list[str]:
    """Return the names of the tables that the analyses asked for fill."""
    wanted = {"outline", *(name for one in analysis.options.analyses for name in TABLES.get(one, (one,)))}
    return [name for name in ORDER if name in wanted]


NODES = (
    *("term", "community", "category", "count", "units", "degree", "strength", "betweenness"),
    *("closeness", "eigenvector", "pagerank", "document_frequency", "sections"),
)


def _nodes(graph: nx.Graph[str]) -> list[Row]:
    measures = network.centralities(graph).to_dict("records") if len(graph) else []
    return [{str(name): value for name, value in row.items()} | graph.nodes[row["term"]] for row in measures]


def _put_table(path: Path, rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> None:
    # The byte order mark makes Excel read the file as UTF-8.
    put(path, tables.to_csv(rows, columns).encode("utf-8-sig"))


def write_graphs(analysis: Analysis, folder: Path) -> None:
    """Write the network as GraphML and GEXF."""
    for suffix in ("graphml", "gexf"):
        network.write(analysis.graph, folder / f"network.{suffix}")


def write_figures(analysis: Analysis, folder: Path) -> None:
    """Draw the network, keywords, themes and roles of the first six documents, and attention, each as svg and png."""
    folder.mkdir(exist_ok=True)
    with plots.style():
        for name, figure in _figures(analysis).items():
            for suffix in ("svg", "png"):
                plots.save(figure, folder / f"{name}.{suffix}")


def _figures(analysis: Analysis) -> dict[str, Figure]:
    drawings = {"network": _network, "keywords": _keywords, "sections": _sections}
    drawn: dict[str, Figure] = {
        str(name): draw(analysis) for name, draw in drawings.items() if name in analysis.options.analyses
    }
    found = analysis.comparison
    if found is not None and len({row.group for row in found.attention}) > 1:
        drawn["attention"] = _attention(found)
    return drawn


def _sections(analysis: Analysis) -> Figure:
    """Draw for each document the strip of its themes and the matrix of themes by roles, up to six."""
    from matplotlib.figure import Figure

    results = analysis.results[:6]
    figure = Figure(figsize=(11, 4.6 * max(len(results), 1)), dpi=120, layout="constrained")
    panels = figure.subplots(2 * max(len(results), 1), 1, squeeze=False, height_ratios=[1, 5] * max(len(results), 1))
    roles = {topic.label: topic.name for topic in classify.Taxonomy.roles().topics}
    for (above, below), result in zip(panels[:, 0].reshape(-1, 2), results, strict=False):
        taxonomy = classify.Taxonomy.of(result.document)
        names = roles | {topic.label: topic.name for topic in taxonomy.topics}
        plots.strip(above, result.themes, taxonomy.labels, names=names)
        above.set_title(plots.shown(analysis.titles[result.document.id], most=40), size=10, loc="left")
        plots.role_shares(below, classify.role_shares(result.themes, result.roles), names=names)
    return figure


def _network(analysis: Analysis) -> Figure:
    from matplotlib.figure import Figure

    graph, positions = analysis.drawn
    figure = Figure(figsize=(10, 7), dpi=120, layout="constrained")
    plots.network(figure.subplots(), graph, positions=positions, communities=analysis.communities, labels=len(graph))
    return figure


def _attention(found: Comparison) -> Figure:
    from matplotlib.figure import Figure

    groups = len({row.group for row in found.attention})
    figure = Figure(figsize=(min(4 + 0.8 * groups, 16), 5), dpi=120, layout="constrained")
    plots.attention(figure.subplots(), [row for row in found.attention if row.boilerplate == "in"])
    return figure


def _keywords(analysis: Analysis) -> Figure:
    """Draw one panel a document: up to six, in two columns."""
    from matplotlib.figure import Figure

    documents = [result.document for result in analysis.results[:6]]
    n, columns = (20, 1) if len(documents) == 1 else (10, 2)
    height = -(-len(documents) // columns)
    size = (3 + 4 * columns, height * (0.9 + 0.27 * n))
    figure = Figure(figsize=size, dpi=120, layout="constrained")
    panels = figure.subplots(height, columns, squeeze=False).flat
    for ax, document in zip(panels, documents, strict=False):
        rows = [keyword for keyword in analysis.keywords if keyword.document == document.id]
        plots.keywords(ax, rows, n=n)
        ax.set_title(plots.shown(analysis.titles[document.id], most=26), size=10, loc="left")
    for ax in list(figure.axes)[len(documents) :]:
        ax.remove()
    return figure


def put(path: Path, data: bytes) -> None:
    """Write a file, and the folder it stands in if it is not there."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
