"""The parts of a network: backbone, communities and their names, ego networks, and where to draw the nodes (结构)."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from govtext.errors import OptionError
from govtext.network.forces import settled
from govtext.network.louvain import louvain

if TYPE_CHECKING:
    from collections.abc import Sequence


def ordered(graph: nx.Graph[str], weight: str = "count") -> nx.Graph[str]:
    """Return a copy with nodes and edges in code point order and the edge weights alone (定序).

    Raises:
        OptionError: an edge has no such attribute.
    """
    out: nx.Graph[str] = nx.Graph()
    out.add_nodes_from(sorted(graph))
    edges = [(*sorted((a, b)), value) for a, b, value in graph.edges(data=weight)]
    if any(value is None for *_, value in edges):
        names = sorted({name for *_, data in graph.edges(data=True) for name in data})
        raise OptionError(f"an edge has no {weight!r}", remedy=f"choose from {', '.join(names) or 'none'}")
    out.add_edges_from((a, b, {weight: value}) for a, b, value in sorted(edges))
    return out


def neighbours_of(graph: nx.Graph[str], weight: str = "count") -> tuple[list[str], list[dict[int, float]]]:
    """Return the nodes in code point order, and of each the weights of its edges by the number of the other end (邻接).

    The neighbours of a node have their order, too: what `ordered` returns, without a graph being built.

    Raises:
        OptionError: an edge has no such attribute.
    """
    if graph.is_directed() or graph.is_multigraph():
        graph = ordered(graph, weight)
    nodes = sorted(graph)
    number = {node: i for i, node in enumerate(nodes)}
    rows = dict(graph.adjacency())
    try:
        return nodes, [
            dict(sorted([(number[other], data[weight]) for other, data in rows[node].items()])) for node in nodes
        ]
    except KeyError:
        return neighbours_of(ordered(graph, weight), weight)  # which says what is missing


def by_strength(graph: nx.Graph[str], weight: str = "count") -> list[str]:
    """Return the nodes by falling strength, ties in code point order."""
    strength = dict(graph.degree(weight=weight))
    return sorted(graph, key=lambda node: (-strength[node], node))


# --- backbone -------------------------------------------------------------------------------------------------------


def backbone(graph: nx.Graph[str], *, alpha: float = 0.05, weight: str = "count") -> nx.Graph[str]:
    """Return the edges that stand out from an even share of each node's strength, and what holds them together (骨干).

    Kept are the edges whose disparity (1 - w/s)^(k - 1) at one of their ends, of strength s and degree k, is below
    alpha (Serrano, Boguñá & Vespignani 2009, eq. 2), and the maximum spanning forest (Kruskal 1956), so that no
    component falls apart and no node is lost.

    Args:
        graph: edges with positive weights.
        alpha: between 0 and 1; 0 leaves the forest alone, 1 keeps all edges of nodes with several.
        weight: the edge attribute to judge by.

    Returns:
        A Graph with the nodes and attributes given, `disparity` (the smaller of the two) and `in_forest` at each edge,
        and in `graph.graph`: `alpha`, `edges_before`, `edges_kept`, `edges_significant`, `edges_forest` (kept only for
        the forest's sake).

    >>> graph = nx.Graph([("a", "b", {"count": 9}), ("a", "c", {"count": 1}), ("b", "c", {"count": 1})])
    >>> kept = backbone(graph, alpha=0.2)
    >>> list(kept.edges), kept.graph["edges_kept"], kept.graph["edges_significant"]
    ([('a', 'b'), ('a', 'c')], 2, 1)
    """
    if not 0 <= alpha <= 1:
        raise OptionError(f"alpha is {alpha}", remedy="give a number from 0 to 1, such as 0.05")
    plain = ordered(graph, weight)
    if any(value <= 0 for *_, value in plain.edges(data=weight)):
        raise OptionError(f"an edge has a {weight} of 0 or less", remedy="choose a weight that is positive")
    forest = {frozenset(edge) for edge in spanning_forest(plain, weight)}
    out: nx.Graph[str] = nx.Graph(**graph.graph)
    out.add_nodes_from((node, dict(graph.nodes[node])) for node in plain)
    significant = 0
    for a, b, value in _disparities(plain, weight):
        in_forest = frozenset((a, b)) in forest
        significant += value < alpha
        if value < alpha or in_forest:
            out.add_edge(a, b, **graph.edges[a, b], disparity=value, in_forest=in_forest)
    kept = out.number_of_edges()
    out.graph |= {"alpha": alpha, "edges_before": graph.number_of_edges(), "edges_kept": kept}
    out.graph |= {"edges_significant": significant, "edges_forest": kept - significant}
    return out


def _disparities(plain: nx.Graph[str], weight: str) -> list[tuple[str, str, float]]:
    """Return how likely an edge so heavy is at the end where it stands out more; 1 where both ends have no other."""
    number = {node: i for i, node in enumerate(plain)}
    edges = list(plain.edges(data=weight))
    ends = np.array([[number[a], number[b]] for a, b, _ in edges], np.int64).reshape(-1, 2)
    weights = np.array([value for *_, value in edges], float)
    strength = np.bincount(ends.ravel(), np.repeat(weights, 2), len(number))
    degree = np.bincount(ends.ravel(), minlength=len(number))
    share = np.minimum(weights[:, None] / strength[ends], 1.0)
    found = np.where(degree[ends] > 1, (1 - share) ** (degree[ends] - 1), 1.0).min(axis=1)
    return [(a, b, value) for (a, b, _), value in zip(edges, found.tolist(), strict=True)]


def spanning_forest(graph: nx.Graph[str], weight: str = "count") -> list[tuple[str, str]]:
    """Return the edges of the maximum spanning forest, the strongest first, ties in code point order (Kruskal 1956)."""
    edges = [(*sorted((a, b)), value) for a, b, value in graph.edges(data=weight)]
    edges.sort(key=lambda edge: (-edge[2], edge[0], edge[1]))
    joined = nx.utils.UnionFind(graph)
    out = []
    for a, b, _ in edges:
        if joined[a] != joined[b]:
            joined.union(a, b)
            out.append((a, b))
    return out


# --- communities ----------------------------------------------------------------------------------------------------


def communities(
    graph: nx.Graph[str], *, seed: int = 0, weight: str = "count", resolution: float = 1.0
) -> list[set[str]]:
    """Partition the nodes by Louvain modularity, the largest community first (社群).

    Deterministic for a seed: nodes and edges are sorted before (Blondel et al. 2008). A node without edges is a
    community of its own.

    Args:
        graph: edges with positive weights.
        seed: the order in which nodes are tried.
        weight: the edge attribute that modularity counts.
        resolution: above 1 for smaller communities, below for larger ones (Reichardt & Bornholdt 2006).
    """
    if resolution <= 0:
        raise OptionError(f"the resolution is {resolution}", remedy="give a number above 0")
    if not graph:
        return []
    nodes, neighbours = neighbours_of(graph, weight)
    found = [{nodes[i] for i in group} for group in louvain(neighbours, seed=seed, resolution=resolution)]
    return sorted(found, key=lambda group: (-len(group), sorted(group)))


def community_names(
    graph: nx.Graph[str], groups: Sequence[set[str]], *, n: int = 3, weight: str = "count"
) -> list[str]:
    """Name each community by its most central terms: those of most strength within it (社群命名).

    >>> graph = nx.Graph([("甲", "乙", {"count": 2}), ("甲", "丙", {"count": 1})])
    >>> community_names(graph, communities(graph), n=2)
    ['甲·乙']
    """
    return ["·".join(by_strength(graph.subgraph(group), weight)[:n]) for group in groups]


def ego(graph: nx.Graph[str], term: str, *, radius: int = 1) -> nx.Graph[str]:
    """Return a term, its neighbours up to a radius, and all edges among them (自我网络).

    Raises:
        OptionError: the term is no node.

    >>> sorted(ego(nx.Graph([("甲", "乙"), ("乙", "丙"), ("丙", "丁")]), "乙"))
    ['丙', '乙', '甲']
    """
    if term not in graph:
        close = get_close_matches(term, sorted(graph), n=3, cutoff=0.3)
        remedy = f"did you mean {', '.join(close)}?" if close else "choose a node of the graph"
        raise OptionError(f"the network has no term “{term}”", remedy=remedy)
    found = nx.ego_graph(graph, term, radius=radius)
    out: nx.Graph[str] = nx.Graph(**graph.graph)
    out.add_nodes_from((node, dict(found.nodes[node])) for node in sorted(found))
    edges = sorted((*sorted((a, b)),) for a, b in found.edges)
    out.add_edges_from((a, b, dict(graph.edges[a, b])) for a, b in edges)
    return out


# --- where to draw --------------------------------------------------------------------------------------------------


def layout(graph: nx.Graph[str], *, seed: int = 0, weight: str = "count") -> dict[str, tuple[float, float]]:
    """Return a position for every node, in the unit square, by ForceAtlas2 (布局).

    Deterministic for a seed (Jacomy et al. 2014). Edges pull by the square root of their weight: by the count itself
    the strongest pairs would pull all into one knot.
    """
    if not graph:
        return {}
    nodes, neighbours = neighbours_of(graph, weight)
    begin = np.array(list(nx.random_layout(range(len(nodes)), seed=seed).values()), float)
    pairs = [(a, b, value) for a, row in enumerate(neighbours) for b, value in row.items() if a <= b]
    ends = np.array([pair[:2] for pair in pairs], np.int64).reshape(-1, 2)
    points = settled(begin, ends, np.array([value for *_, value in pairs], float) ** 0.5)
    low, high = points.min(axis=0), points.max(axis=0)
    scaled = (points - low) / np.where(high > low, high - low, 1)
    return {node: (round(x, 6), round(y, 6)) for node, (x, y) in zip(nodes, scaled.tolist(), strict=True)}
