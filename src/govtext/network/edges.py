"""How many units two terms share, and the Graph that is made of such counts (共现计数与建图)."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import scipy.sparse as sp

    from govtext.network.units import Ints

BLOCK = 1 << 25  # the most pair counts that are held at once
PARTS = 4  # rows are multiplied with themselves and what follows: five eighths of the work
NODE = ("count", "units", "document_frequency", "sections", "category")


def shared_counts(incidence: sp.csr_matrix, min_count: int) -> sp.csr_matrix:
    """Count in how many columns of a 0/1 matrix two rows are 1 together, a block of rows at a time (共现计数).

    Returns:
        CSR int32[rows, rows], above the diagonal alone, no count below the least one; columns rise in each row.
    """
    import scipy.sparse as sp

    size = incidence.shape[0]
    step = min(max(1, BLOCK // max(1, size)), -(-size // PARTS) or 1)
    blocks = [_above(incidence, low, min(low + step, size), min_count) for low in range(0, size, step)]
    return sp.vstack(blocks, format="csr") if blocks else sp.csr_matrix((0, 0), dtype=np.int32)


def _above(incidence: sp.csr_matrix, low: int, high: int, min_count: int) -> sp.csr_matrix:
    """Return the counts of some rows with those behind them."""
    following = incidence[low:]
    found = frequent(following[: high - low] @ following.T.tocsr(), min_count)
    found.indices += low
    found.resize((high - low, incidence.shape[0]))
    return found


def frequent(found: sp.csr_matrix, min_count: int) -> sp.csr_matrix:
    """Return the counts above the diagonal that reach the least one; columns rise in each row (常见的词对)."""
    import scipy.sparse as sp

    row = np.repeat(np.arange(found.shape[0], dtype=np.int32), np.diff(found.indptr))
    keep = np.flatnonzero((found.data >= min_count) & (found.indices > row))
    stops = np.searchsorted(keep, found.indptr).astype(np.int32)
    out = sp.csr_matrix((found.data[keep], found.indices[keep], stops), shape=found.shape)
    out.sort_indices()
    return out


class Pairs(NamedTuple):
    """The edges between nodes by their numbers (边).

    Attributes:
        ends: [2, edges] in rising order; the first row has the smaller numbers.
        shared: int64[edges], how many units each shares.
        stops: int[nodes + 1], where the neighbours of each node begin and end in the next two.
        neighbours: int[2 edges], rising for each node.
        edge: int[2 edges], the number of the edge to each neighbour.
    """

    ends: Ints
    shared: Ints
    stops: Ints
    neighbours: Ints
    edge: Ints

    @classmethod
    def of(cls, upper: sp.csr_matrix) -> Pairs:
        """Read the counts above the diagonal, the columns of each row rising."""
        import scipy.sparse as sp

        row = np.repeat(np.arange(upper.shape[0], dtype=np.int32), np.diff(upper.indptr))
        numbers = np.arange(1, upper.nnz + 1, dtype=np.int32)  # an entry of 0 would be none
        numbered = sp.csr_matrix((numbers, upper.indices, upper.indptr), shape=upper.shape)
        both = numbered + numbered.T.tocsr()
        ends = np.array([row, upper.indices])
        return cls(ends, upper.data.astype(np.int64), both.indptr, both.indices, both.data - 1)


def assemble(
    graph: nx.Graph[str], nodes: Iterable[tuple[str, dict[str, Any]]], pairs: Pairs, columns: dict[str, Any]
) -> None:
    """Add nodes with their attributes and edges with columns of attributes to an empty graph (组装).

    It does what `add_nodes_from` and `add_edges_from` do, the edges in a third of the time. The two ends of an edge
    share one dictionary of attributes, as networkx has it.
    """
    graph.add_nodes_from(nodes)
    # Arrays of objects pick many of them by number faster than lists do.
    names = np.fromiter(graph, object, len(graph))
    rows = _dictionaries({name: column.tolist() for name, column in columns.items()})
    data = np.fromiter(rows, object, len(rows))
    neighbours, shared = names[pairs.neighbours].tolist(), data[pairs.edge].tolist()
    stops = pairs.stops.tolist()
    for name, low, high in zip(names, stops[:-1], stops[1:], strict=True):
        graph._adj[name] = dict(zip(neighbours[low:high], shared[low:high], strict=True))


def _dictionaries(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Return one dictionary a row."""
    if list(columns) == ["count", "weight"]:  # the usual edges, in half the time
        return [{"count": c, "weight": w} for c, w in zip(columns["count"], columns["weight"], strict=True)]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the collector of cycles from walking through all objects of the process while a hundred thousand are made.

    For what holds few cycles, such as a graph or a report: objects without one go at once as ever (暂停垃圾回收).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
