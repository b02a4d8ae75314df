"""How many units two terms share, and the Graph that is made of such counts (共现计数与建图)."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx
import numpy as np

from govtext.native import kernels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import scipy.sparse as sp

    from govtext.network.units import Ints

BLOCK = 1 << 25  # the most pair counts that are held at once
PARTS = 4  # rows are multiplied with themselves and what follows: five eighths of the work
NODE = ("count", "units", "document_frequency", "sections", "category")


def shared_counts(incidence: sp.csr_matrix, min_count: int) -> sp.csr_matrix:
    """Count in how many columns of a 0/1 matrix two rows are 1 together (共现计数).

    Returns:
        CSR int32[rows, rows], above the diagonal alone, no count below the least one; columns rise in each row.
    """
    if kernels is None:
        return _products(incidence, min_count)
    import scipy.sparse as sp

    incidence.sort_indices()
    turned = incidence.tocsc()
    columns = incidence.indptr, incidence.indices, turned.indptr, turned.indices
    found = kernels.shared(*(column.astype(np.int32, copy=False) for column in columns), min_count)
    stops, indices, counts = map(np.frombuffer, found, (np.int64, np.int32, np.int32))
    # Else scipy would look whether every index fits into 32 bits.
    stops = stops.astype(np.int32) if len(counts) < 1 << 31 else stops
    return sp.csr_matrix((counts, indices, stops), shape=2 * incidence.shape[:1])


def _products(incidence: sp.csr_matrix, min_count: int) -> sp.csr_matrix:
    """Do what `shared_counts` does where nothing was compiled: multiply, a block of rows at a time."""
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

    It does what `add_nodes_from` and `add_edges_from` do, the edges in a fraction of the time. The two ends of an edge
    share one dictionary of attributes, as networkx has it.
    """
    graph.add_nodes_from(nodes)
    names, lists = list(graph), tuple(column.tolist() for column in columns.values())
    if kernels:
        ends = (column.astype(np.int32, copy=False) for column in (pairs.stops, pairs.neighbours, pairs.edge))
        made = kernels.adjacency(names, *ends, tuple(columns), lists)
    else:
        made = _adjacency(names, pairs, _dictionaries(dict(zip(columns, lists, strict=True))))
    graph._adj.update(zip(names, made, strict=True))


def _adjacency(names: list[str], pairs: Pairs, rows: list[dict[str, Any]]) -> Iterable[dict[str, dict[str, Any]]]:
    """Yield the dictionary of each node: its neighbours and the attributes of the edge to each."""
    # Arrays of objects pick many of them by number faster than lists do.
    others = np.fromiter(names, object, len(names))[pairs.neighbours].tolist()
    shared = np.fromiter(rows, object, len(rows))[pairs.edge].tolist()
    for low, high in pairwise(pairs.stops.tolist()):
        yield dict(zip(others[low:high], shared[low:high], strict=True))


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
