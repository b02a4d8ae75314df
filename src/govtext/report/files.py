"""Tables, network files and figures of a report (文件)."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from govtext import plots, tables
from govtext.network.files import write_each
from govtext.report.figures import Sheet, draw
from govtext.report.fonts import font_digest
from govtext.study import cut_with

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from govtext.document import Document
    from govtext.report.analysis import Analysis
    from govtext.report.comparison import Comparison
    from govtext.tables import Columns, Row

    Table = tuple[Sequence[str], Columns]


def write_tables(analysis: Analysis, folder: Path) -> None:
    """Write every table as CSV; with several documents those of one document begin with its id."""
    results, wanted = analysis.results, table_names(analysis)
    found: dict[str, tuple[Sequence[str], list[Sequence[Any]]]] = {
        "lint": (tables.LINT, [r.findings for r in results]),
        "indicators": (tables.INDICATORS, [r.indicators for r in results]),
        "checks": (tables.CHECKS, [r.checks for r in results]),
        "citations": (tables.CITATIONS, [r.citations for r in results]),
    }
    made: dict[str, tuple[Sequence[str], list[Columns]]] = {
        "outline": (tables.OUTLINE, [_columns(tables.outline(r.document)) for r in results]),
        "sections": (tables.SECTIONS, [tables.label_columns(r.document, r.themes, r.roles) for r in results]),
    }
    of_each = {
        **{name: (titles, *_together(parts)) for name, (titles, parts) in found.items() if name in wanted},
        **{name: (titles, *_joined(parts, titles)) for name, (titles, parts) in made.items() if name in wanted},
    }
    for name, (titles, sizes, columns) in of_each.items():
        ids = [r.document.id for r, size in zip(results, sizes, strict=True) for _ in range(size)]
        several = ("document",) if len(results) > 1 else ()
        put(folder / f"{name}.csv", tables.columns_to_file({"document": ids, **columns}, (*several, *titles)))
    for name, (titles, columns) in _of_all(analysis, wanted).items():
        put(folder / f"{name}.csv", tables.columns_to_file(columns, titles))


def _columns(rows: Sequence[Row]) -> Columns:
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def _together(parts: Sequence[Sequence[object]]) -> tuple[list[int], Columns]:
    """Return how many results each document has, and the columns of all."""
    return list(map(len, parts)), tables.columns_of(list(chain.from_iterable(parts)))


def _joined(parts: Sequence[Columns], names: Sequence[str]) -> tuple[list[int], Columns]:
    """Return how many rows each document has, and the columns of all."""
    sizes = [len(next(iter(part.values()), ())) for part in parts]
    return sizes, {name: list(chain.from_iterable(part.get(name, ()) for part in parts)) for name in names}


def _of_all(analysis: Analysis, wanted: Sequence[str]) -> dict[str, Table]:
    """Return the tables of all documents together."""
    out: dict[str, Table] = {}
    if "keywords" in wanted:
        out["keywords"] = tables.KEYWORDS, tables.columns_of([*analysis.keywords, *analysis.section_keywords])
        out["intervals"] = INTERVALS, tables.columns_of(analysis.intervals)
    if "network" in wanted:
        out["network"] = tables.NETWORK, analysis.edges
        out["nodes"] = NODES, _nodes(analysis)
    if analysis.comparison is not None:
        out |= _comparisons(analysis.comparison, list(analysis.corpus))
    return out


def compared_tables(found: Comparison) -> list[str]:
    """Return the names of the tables of a comparison, which are those that have rows (比较表)."""
    parts = {"attention": found.attention, "promises": found.promises, "pairs": found.pairs, "reuse": found.reuse}
    return [name for name, results in parts.items() if results]


def _comparisons(found: Comparison, documents: Sequence[Document]) -> dict[str, Table]:
    of, promises, pairs, reuse = tables.columns_of, found.promises, found.pairs, found.reuse
    out: dict[str, Table] = {
        "attention": (tables.ATTENTION, of(found.attention)),
        "promises": (tables.PROMISES, of(promises) | tables.promise_words(promises, documents)),
        "pairs": (tables.INDICATOR_PAIRS, of(pairs) | tables.pair_words(pairs, documents)),
        "reuse": (tables.REUSE, of(reuse) | tables.reuse_words(reuse, documents)),
    }
    return {name: out[name] for name in compared_tables(found)}


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


def _nodes(analysis: Analysis) -> Columns:
    """Return the columns of the nodes: their measures, and what the network knows of them."""
    measures = analysis.centralities
    nodes: list[Any] = [analysis.graph.nodes[term] for term in measures.get("term", ())]
    return {name: measures[name] if name in measures else [node.get(name) for node in nodes] for name in NODES}


def write_graphs(analysis: Analysis, folder: Path) -> None:
    """Write the network as GraphML and GEXF."""
    write_each(analysis.graph, [folder / f"network.{suffix}" for suffix in ("graphml", "gexf")])


# The figures of a report, of those that the analyses asked for allow.
DPI = 200  # of png: 1,370 dots for the width of two columns
DRAWN = ("network", "keywords", "sections", "attention")


def write_figures(analysis: Analysis, folder: Path) -> None:
    """Draw the network, keywords, themes and roles of the first six documents, and attention, each as svg and png."""
    cut = {"font": font_digest(), **cut_with(analysis.segment)}
    depends = {"network": cut | analysis.of_network, "keywords": cut | analysis.of_keywords}
    wanted = {*analysis.options.analyses, *(("attention",) if analysis.comparison is not None else ())}
    folder.mkdir(exist_ok=True)
    for name in (name for name in DRAWN if name in wanted):
        pictures = analysis.together.files(
            "pictures", partial(_drawn, analysis, folder / name), picture=name, **depends.get(name, cut)
        )
        for suffix, data in pictures.items():
            put(folder / f"{name}.{suffix}", data)


def _drawn(analysis: Analysis, path: Path) -> dict[str, bytes]:
    """Write a figure as svg and png, and return both; nothing where the documents allow none."""
    found = draw(analysis, [path.name], Sheet()).get(path.name)
    if found is None:
        return {}
    files = {suffix: path.with_name(f"{path.name}.{suffix}") for suffix in ("svg", "png")}
    for file in files.values():
        plots.save(found.figure, file, dpi=DPI)
    return {suffix: file.read_bytes() for suffix, file in files.items()}


def put(path: Path, data: bytes) -> None:
    """Write a file, and the folder it stands in if it is not there."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
