"""How central each term is, and a network in one line of figures (中心性)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import networkx as nx
import numpy as np

from govtext.native import kernels
from govtext.network.louvain import columns_of
from govtext.network.structure import communities, neighbours_of, ordered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    import scipy.sparse as sp
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

COLUMNS = ("term", "degree", "strength", "betweenness", "closeness", "eigenvector", "pagerank")
DAMPING = 0.85  # of the page rank
BLOCK = 64  # sources that the shortest paths are found from at once: few enough to stay near the processor


def centralities(graph: nx.Graph[str], *, weight: str = "count") -> pd.DataFrame:
    """Return one row a node, by falling strength (中心性).

    Columns: `term`; `degree`; `strength`, the sum of edge weights; `betweenness` (Brandes 2001) and `closeness`
    (Wasserman & Faust 1994, for networks in several parts) over unweighted paths; `eigenvector` (Bonacich 1987) and
    `pagerank` (Page et al. 1999, damping 0.85) with weights. The eigenvector is that of the component with the largest
    eigenvalue; elsewhere it is 0. All but degree and strength are rounded to 12 decimals.
    """
    import pandas as pd

    nodes, neighbours = neighbours_of(graph, weight)
    matrix = _matrix(neighbours)
    between, close = _paths(matrix)
    columns = [between, close, _eigenvector(matrix), _page_rank(matrix)]
    degree = [len(row) + (node in row) for node, row in enumerate(neighbours)]
    strength = [sum(row.values()) + row.get(node, 0) for node, row in enumerate(neighbours)]
    rows = zip(nodes, degree, strength, *(np.round(column, 12).tolist() for column in columns), strict=True)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values(["strength", "term"], ascending=[False, True], ignore_index=True)


def _matrix(neighbours: list[dict[int, float]]) -> sp.csr_array:
    """Return the weights of all edges as a symmetric matrix."""
    import scipy.sparse as sp

    starts, others, weights = columns_of(neighbours)
    return sp.csr_array((weights, others, starts), shape=(len(neighbours), len(neighbours)))


def _page_rank(matrix: sp.csr_array) -> Floats:
    """Return the share of a walk that each node has, which by 15 in 100 goes on anywhere, as from nodes without edges.

    By powers, as networkx computes it, until a step changes less than a millionth a node.
    """
    import scipy.sparse as sp

    size = matrix.shape[0]
    if not size:
        return np.zeros(0)
    rank: Floats = np.repeat(1 / size, size)
    even = rank
    strength = matrix.sum(axis=1)
    lost = np.flatnonzero(strength == 0)
    strength[strength != 0] = 1.0 / strength[strength != 0]
    steps = sp.dia_array((strength[None], 0), shape=matrix.shape).tocsr() @ matrix
    for _ in range(100):
        before = rank
        rank = DAMPING * (before @ steps + sum(before[lost]) * even) + (1 - DAMPING) * even
        if np.abs(rank - before).sum() < size * 1e-6:
            return rank
    raise nx.PowerIterationFailedConvergence(100)


def _eigenvector(matrix: sp.csr_array) -> Floats:
    """Return the leading eigenvector of the weights, positive and of unit length."""
    from scipy.sparse.csgraph import connected_components

    size = matrix.shape[0]
    if not size:
        return np.zeros(0)
    part, strength = connected_components(matrix, directed=False)[1], np.abs(matrix).sum(axis=1)
    out, most = np.zeros(size), 0.0
    for members in np.split(np.argsort(part, kind="stable"), np.cumsum(np.bincount(part))[:-1]):
        # No eigenvalue is larger than the largest sum of a row.
        if len(members) > 1 and strength[members].max() > most:
            value, vector = _leading(matrix[members][:, members])
            if value > most + 1e-9:
                most, out = value, np.zeros(size)
                out[members] = vector
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


def _paths(matrix: sp.csr_array) -> tuple[Floats, Floats]:
    """Return the normalised betweenness and the closeness of the nodes, unweighted.

    Nodes that hang from the rest by one edge, and then those that hang by one once these are gone, need no search:
    every path to them leads by the node that they hang from (Sariyüce et al. 2013). Within the rest all sources of a
    block go at once, one sparse product a level: what networkx computes, some fifty times faster.
    """
    n = matrix.shape[0]
    if n < 2:
        return np.zeros(n), np.zeros(n)
    from scipy.sparse.csgraph import connected_components

    adjacent = matrix.copy()
    adjacent.data[:] = 1
    adjacent.setdiag(0)  # a node's edge to itself is on no shortest path
    adjacent.eliminate_zeros()
    part = connected_components(adjacent, directed=False)[1]
    hung = _hung(adjacent)
    members, below = np.bincount(part)[part], hung.size - 1
    # By way of a node lead the pairs that hang in different branches of it, and those of one of them and of the rest.
    between = (below**2 - hung.squares + 2 * below * (members - 1 - below)).astype(float)
    away = np.bincount(part, np.where(hung.above < 0, hung.depths, 0))[part]
    for core in _cores(part, hung.above):
        passed, far = _paths_within(adjacent[core][:, core], hung.size[core].astype(float))
        between[core] += passed
        away[core] += far
    for node in reversed(hung.order):
        away[node] = away[hung.above[node]] + members[node] - 2 * hung.size[node]
    close = (members - 1) ** 2 / ((n - 1) * np.where(members > 1, away, 1))
    return between / max((n - 1) * (n - 2), 1), close


class _Hung(NamedTuple):
    """What hangs from each node by one edge.

    Attributes:
        above: the node that each hangs from, -1 for the rest.
        size: the node itself and what hangs from it.
        squares: the sum of the squares of the sizes of its branches.
        depths: the sum of the distances to what hangs from it.
        order: those that hang, each before what it hangs from.
    """

    above: Ints
    size: Ints
    squares: Ints
    depths: Ints
    order: list[int]


def _hung(adjacent: sp.csr_array) -> _Hung:
    edges, ends = adjacent.indices.tolist(), adjacent.indptr.tolist()
    degree = np.diff(adjacent.indptr).tolist()
    above, order = [-1] * len(degree), [node for node, many in enumerate(degree) if many == 1]
    size, squares, depths = [1] * len(degree), [0] * len(degree), [0] * len(degree)
    for node in order:  # which grows
        up = next(
            (one for one in edges[ends[node] : ends[node + 1]] if degree[one]), -1
        )  # those that hang have none left
        above[node], degree[node] = up, 0
        if up < 0:
            continue
        degree[up] -= 1
        size[up] += size[node]
        squares[up] += size[node] ** 2
        depths[up] += depths[node] + size[node]
        if degree[up] == 1:
            order.append(up)
    columns = [np.array(column, np.int64) for column in (above, size, squares, depths)]
    return _Hung(columns[0], columns[1], columns[2], columns[3], [node for node in order if above[node] >= 0])


def _cores(part: Ints, above: Ints) -> list[Ints]:
    """Return what is left of each component, where it is more than one node."""
    left = np.flatnonzero(above < 0)
    left = left[np.argsort(part[left], kind="stable")]
    groups = np.split(left, np.flatnonzero(np.diff(part[left])) + 1)
    return [group for group in groups if len(group) > 1]


def _paths_within(adjacent: sp.csr_array, weights: Floats) -> tuple[Floats, Ints]:
    """Return for the nodes of a connected network their betweenness, not normalised, and the sum of their distances.

    A node counts as often as its weight says, as source and as target. The sources are added in their order.
    """
    size = len(weights)
    between, away = np.zeros(size), np.zeros(size)
    if kernels:
        starts, others = (np.ascontiguousarray(column, np.int32) for column in (adjacent.indptr, adjacent.indices))
        kernels.shortest_paths(starts, others, weights, between, away)
        return between, away.round().astype(np.int64)
    for first in range(0, size, BLOCK):
        sources = np.arange(first, min(size, first + BLOCK))
        passed = np.zeros((size, len(sources)))
        for level in _dependencies(adjacent, _levels(adjacent, sources), weights):
            passed += level  # a node is on one level of each source
        away[sources] = passed.sum(axis=0)
        for row in np.ascontiguousarray((passed * weights[sources]).T):
            between += row
    # Each target has as many nodes on the way to it as its distance, less one.
    return between, (away + weights.sum() - weights).round().astype(np.int64)


def _levels(adjacent: sp.csr_array, sources: Ints) -> list[Floats]:
    """Return how many shortest paths lead from each source (columns) to each node (rows) at distance 1, 2 and so on."""
    new = adjacent[:, sources].toarray()
    unseen = (new == 0).astype(float)
    unseen[sources, np.arange(len(sources))] = 0
    levels, left = [new], int(unseen.sum())
    while left:
        new = adjacent @ new
        new *= unseen
        reached = new > 0
        unseen *= ~reached
        left -= int(np.count_nonzero(reached))
        levels.append(new)
    return levels


def _dependencies(adjacent: sp.csr_array, levels: list[Floats], weights: Floats) -> Iterator[Floats]:
    """Yield how much the shortest paths from each source (columns) depend on the nodes of each level (rows)."""
    depend = np.zeros((1, 1))
    for number in range(len(levels) - 1, 0, -1):
        paths = levels[number]
        share = (weights[:, None] + depend) / np.where(paths > 0, paths, np.inf)
        depend = (adjacent @ share) * levels[number - 1]
        yield depend


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
