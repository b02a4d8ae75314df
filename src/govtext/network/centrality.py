"""How central each term is, and a network in one line of figures (中心性)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from govtext.network.structure import communities, ordered

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import scipy.sparse as sp
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

COLUMNS = ("term", "degree", "strength", "betweenness", "closeness", "eigenvector", "pagerank")
BLOCK = 32  # sources that the shortest paths are found from at once: so many columns stay near the processor


def centralities(graph: nx.Graph[str], *, weight: str = "count") -> pd.DataFrame:
    """Return one row a node, by falling strength (中心性).

    Columns: `term`; `degree`; `strength`, the sum of edge weights; `betweenness` (Brandes 2001) and `closeness`
    (Wasserman & Faust 1994, for networks in several parts) over unweighted paths; `eigenvector` (Bonacich 1987) and
    `pagerank` (Page et al. 1999, damping 0.85) with weights. The eigenvector is that of the component with the largest
    eigenvalue; elsewhere it is 0. All but degree and strength are rounded to 12 decimals.
    """
    import pandas as pd

    plain = ordered(graph, weight)
    nodes = list(plain)
    degree, strength = dict(plain.degree()), dict(plain.degree(weight=weight))
    between, close = _paths(plain)
    page = nx.pagerank(plain, weight=weight) if nodes else {}
    columns = [between, close, _eigenvector(plain, weight), np.array([page[node] for node in nodes], float)]
    figures = [[degree[node] for node in nodes], [strength[node] for node in nodes]]
    rows = zip(nodes, *figures, *(np.round(column, 12).tolist() for column in columns), strict=True)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values(["strength", "term"], ascending=[False, True], ignore_index=True)


def _eigenvector(plain: nx.Graph[str], weight: str) -> Floats:
    """Return the leading eigenvector of the weights, positive and of unit length."""
    number = {node: i for i, node in enumerate(plain)}
    out, most = np.zeros(len(number)), 0.0
    for part in nx.connected_components(plain):
        members = sorted(part)
        if len(members) > 1:
            matrix = nx.to_scipy_sparse_array(plain, nodelist=members, weight=weight, dtype=float)
            value, vector = _leading(matrix)
            if value > most + 1e-9:
                most, out = value, np.zeros(len(number))
                out[[number[node] for node in members]] = vector
    return out


def _leading(matrix: sp.sparray) -> tuple[float, Floats]:
    """Return the largest eigenvalue of a connected matrix and its vector."""
    from scipy.sparse.linalg import eigsh

    size = matrix.shape[0]
    if size < 100:
        values, vectors = np.linalg.eigh(matrix.toarray())
    else:
        values, vectors = eigsh(matrix, k=1, which="LA", v0=np.ones(size))
    return float(values[-1]), np.abs(vectors[:, -1])


def _paths(plain: nx.Graph[str]) -> tuple[Floats, Floats]:
    """Return the normalised betweenness and the closeness of the nodes, unweighted.

    All sources of a block go at once, one sparse product a level: what networkx computes, some twenty times faster.
    """
    n = len(plain)
    between, close = np.zeros(n), np.zeros(n)
    if n < 2:
        return between, close
    number = {node: i for i, node in enumerate(plain)}
    for part in nx.connected_components(plain):
        members = sorted(number[node] for node in part)
        if len(members) > 1:
            between[members], away = _paths_within(plain, members)
            close[members] = (len(members) - 1) ** 2 / ((n - 1) * away)
    return between / max((n - 1) * (n - 2), 1), close


def _paths_within(plain: nx.Graph[str], members: list[int]) -> tuple[Floats, Ints]:
    """Return for the nodes of one component their betweenness, not normalised, and the sum of their distances."""
    nodes = list(plain)
    part = [nodes[i] for i in members]
    adjacent = nx.to_scipy_sparse_array(plain, nodelist=part, weight=None, dtype=float, format="csr")
    between, away = np.zeros(len(part)), np.zeros(len(part), np.int64)
    for first in range(0, len(part), BLOCK):
        sources = np.arange(first, min(len(part), first + BLOCK))
        paths, depth = _levels(adjacent, sources)
        between += _dependencies(adjacent, paths, depth, sources).sum(axis=1)
        away[sources] = depth.sum(axis=0)
    return between, away


def _levels(adjacent: sp.csr_array, sources: Ints) -> tuple[Floats, NDArray[np.int32]]:
    """Return how many shortest paths lead from each source (columns) to each node (rows), and their length or -1."""
    columns = np.arange(len(sources))
    paths = np.zeros((adjacent.shape[0], len(sources)))
    depth = np.full(paths.shape, -1, np.int32)
    paths[sources, columns], depth[sources, columns] = 1, 0
    for level in range(1, adjacent.shape[0]):
        new = adjacent @ (paths * (depth == level - 1))
        new[depth >= 0] = 0
        if not new.any():
            break
        depth[new > 0] = level
        paths += new
    return paths, depth


def _dependencies(adjacent: sp.csr_array, paths: Floats, depth: NDArray[np.int32], sources: Ints) -> Floats:
    """Return how much the shortest paths from each source (columns) depend on each node (rows)."""
    depend = np.zeros_like(paths)
    for far in range(int(depth.max()), 0, -1):
        share = np.divide(1 + depend, paths, out=np.zeros_like(paths), where=depth == far)
        depend += np.where(depth == far - 1, (adjacent @ share) * paths, 0)
    depend[sources, np.arange(len(sources))] = 0
    return depend


def summary(
    graph: nx.Graph[str], groups: Sequence[set[str]] | None = None, *, weight: str = "count", seed: int = 0
) -> pd.DataFrame:
    """Return one row of figures about a network, fit to be stacked with those of other years and places (网络概况).

    Columns: `nodes`, `edges`, `isolates`, `density`, `mean_degree`, `components` (isolates not counted),
    `largest_component` (its nodes), `clustering` (mean of the nodes; Watts & Strogatz 1998), `transitivity`,
    `communities` (of two or more nodes), `modularity` (Newman 2004). Modularity is empty without edges.

    Args:
        graph: a network.
        groups: a partition of the nodes; by default `communities` with the seed.
        weight: the edge attribute that modularity counts.
        seed: for `communities`.
    """
    import pandas as pd

    plain = ordered(graph, weight)
    groups = communities(graph, seed=seed, weight=weight) if groups is None else groups
    sizes = sorted((len(part) for part in nx.connected_components(plain)), reverse=True)
    parts = [size for size in sizes if size > 1]
    n, m = len(plain), plain.number_of_edges()
    row = {
        "nodes": n,
        "edges": m,
        "isolates": len(sizes) - len(parts),
        "density": nx.density(plain),
        "mean_degree": 2 * m / n if n else 0.0,
        "components": len(parts),
        "largest_component": max(parts, default=0),
        "clustering": nx.average_clustering(plain) if n else 0.0,
        "transitivity": nx.transitivity(plain),
        "communities": sum(len(group) > 1 for group in groups),
        "modularity": nx.community.modularity(plain, groups, weight=weight) if m else None,
    }
    return pd.DataFrame([row])
