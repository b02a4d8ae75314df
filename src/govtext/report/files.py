"""Tables, network files and figures of a report (文件)."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from govtext import plots, tables
from govtext.network.files import write_each
from govtext.report.figures import Sheet, draw
from govtext.report.fonts import font_digest
from govtext.study import cut_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from govtext.document import Document
    from govtext.report.analysis import Analysis
    from govtext.report.comparison import Comparison
    from govtext.tables import Row

    Columns = dict[str, list[object]]


def write_tables(analysis: Analysis, folder: Path) -> None:
    """Write every table as CSV; with several documents those of one document begin with its id."""
    results, wanted = analysis.results, table_names(analysis)
    by_document: dict[str, tuple[Sequence[str], list[Columns]]] = {
        "outline": (tables.OUTLINE, [_columns(tables.outline(r.document)) for r in results]),
        "lint": (tables.LINT, [tables.columns_of(r.findings) for r in results]),
        "indicators": (tables.INDICATORS, [tables.columns_of(r.indicators) for r in results]),
        "checks": (tables.CHECKS, [tables.columns_of(r.checks) for r in results]),
        "citations": (tables.CITATIONS, [tables.columns_of(r.citations) for r in results]),
        "sections": (tables.SECTIONS, [_columns(tables.labels(r.document, r.themes, r.roles)) for r in results]),
    }
    for name, (columns, parts) in by_document.items():
        if name in wanted:
            several = ("document",) if len(results) > 1 else ()
            ids = [result.document.id for result in results]
            _put_columns(folder / f"{name}.csv", _joined(ids, parts, columns), (*several, *columns))
    if "keywords" in wanted:
        found = [*analysis.keywords, *analysis.section_keywords]
        _put_columns(folder / "keywords.csv", tables.columns_of(found), tables.KEYWORDS)
        _put_columns(folder / "intervals.csv", tables.columns_of(analysis.intervals), INTERVALS)
    if "network" in wanted:
        _put_table(folder / "network.csv", tables.edges(analysis.graph), tables.NETWORK)
        _put_table(folder / "nodes.csv", _nodes(analysis), NODES)
    if analysis.comparison is not None:
        for name, (titles, found_rows) in comparisons(analysis.comparison, analysis.corpus).items():
            _put_table(folder / f"{name}.csv", found_rows, titles)


def _columns(rows: Sequence[Row]) -> Columns:
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def _joined(ids: Sequence[str], parts: Sequence[Columns], columns: Sequence[str]) -> Columns:
    """Return the columns of all documents as those of one table, which begins with their ids."""
    sizes = [len(next(iter(part.values()), ())) for part in parts]
    out: Columns = {"document": [id_ for id_, size in zip(ids, sizes, strict=True) for _ in range(size)]}
    for name in columns:
        cells = (part.get(name, [None] * size) for part, size in zip(parts, sizes, strict=True))
        out[name] = list(chain.from_iterable(cells))
    return out


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


def _nodes(analysis: Analysis) -> list[Row]:
    return [row | analysis.graph.nodes[term] for term, row in analysis.centralities.items()]


def _put_columns(path: Path, cells: Columns, columns: Sequence[str]) -> None:
    put(path, tables.columns_to_csv(cells, columns).encode("utf-8-sig"))


def _put_table(path: Path, rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> None:
    # The byte order mark makes Excel read the file as UTF-8.
    put(path, tables.to_csv(rows, columns).encode("utf-8-sig"))


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
