"""The co-occurrence network of policy terms as a `networkx.Graph`, and its measures (共现网络)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from govtext.counts import listed, shared_ids
from govtext.errors import OptionError
from govtext.keywords import units
from govtext.text import Span
from govtext.tokens import SPACE, Tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    import networkx as nx
    import pandas as pd
    import scipy.sparse as sp
    from numpy.typing import NDArray

    from govtext.document import Document

Unit = Literal["sentence", "paragraph", "section", "document", "window"]
UNITS = ("sentence", "paragraph", "section", "document", "window")


def cooccurrence(
    tokens: Tokens | Iterable[Tokens],
    *,
    unit: Unit = "sentence",
    terms: Collection[str] | None = None,
    min_count: int = 2,
    window: int = 5,
) -> nx.Graph[str]:
    """Build the network of terms that occur in the same unit of text (共现网络).

    Each pair counts once per unit, whatever the number of its mentions; there are no self-loops. Nodes are `Token.term`
    values.

    Args:
        tokens: one Tokens or many.
        unit: sentence, paragraph, section (the innermost heading), document, or window: two mentions in one sentence
            that stand fewer than `window` words apart; here each pair of mentions counts once.
        terms: the nodes wanted; by default all policy terms (lexicon terms, coined phrases, phrases).
        min_count: the least number of units a pair must share to become an edge.
        window: the number of words of a window; used only with unit="window".

    Returns:
        A Graph with the node attributes `count` (mentions), `units` (units it occurs in) and `category`, and the edge
        attributes `count` (units shared) and `weight`, the association strength count x N / (units_a x units_b) with
        N units (van Eck & Waltman 2009, eq. 6, times N). Nodes without an edge are left out; nodes and edges are in
        code point order.

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> text = "法治政府和营商环境。法治政府和营商环境。"
    >>> list(cooccurrence(Segmenter()(parse(text))).edges(data="count"))
    [('法治政府', '营商环境', 2)]
    """
    if unit not in UNITS:
        raise OptionError(f"no unit {unit!r}", remedy=f"choose from {', '.join(UNITS)}")
    if min_count < 1 or window < 2:
        raise OptionError(f"min_count is {min_count}, window is {window}", remedy="they begin at 1 and 2")
    import networkx as nx

    rows = listed(tokens)
    graph: nx.Graph[str] = nx.Graph()
    found = _pairs(rows, unit, terms, window)
    if found is None:
        return graph
    pairs, names, mentions, occurs, total = found
    keep = (pairs.row < pairs.col) & (pairs.data >= min_count)
    a, b, count = pairs.row[keep], pairs.col[keep], pairs.data[keep]
    order = np.lexsort((b, a))
    a, b, count = a[order], b[order], count[order]
    weight = count * total / (occurs[a] * occurs[b])
    for i in np.unique(np.concatenate((a, b))).tolist():
        term = rows[0].lexicon.get(names[i])
        category = term.category if term else ""
        graph.add_node(names[i], count=int(mentions[i]), units=int(occurs[i]), category=category)
    edges = zip(a.tolist(), b.tolist(), count.tolist(), weight.tolist(), strict=True)
    graph.add_edges_from((names[i], names[j], {"count": int(c), "weight": w}) for i, j, c, w in edges)
    return graph


class _Pairs(NamedTuple):
    """Pair counts (upper triangle), node names in code point order, mentions, units a node occurs in, units in all."""

    pairs: sp.coo_matrix
    names: list[str]
    mentions: NDArray[np.int64]
    occurs: NDArray[np.int64]
    total: int


def _pairs(rows: list[Tokens], unit: Unit, terms: Collection[str] | None, window: int) -> _Pairs | None:
    """Count mentions and pairs; None where no node is mentioned."""
    import scipy.sparse as sp

    if not rows:
        return None
    ids, vocabulary = shared_ids(rows)
    wanted = None if terms is None else vocabulary.ids(sorted(set(terms)))
    places: list[tuple[Tokens, NDArray[np.int64], NDArray[np.int64]]] = []
    chosen_ids, unit_numbers = [], []
    total = 0
    for one, all_ids in zip(rows, ids, strict=True):
        number, size = _unit_numbers(one, unit)
        chosen = one.policy if wanted is None else np.isin(all_ids, wanted)
        at = np.flatnonzero(chosen & (number >= 0))
        places.append((one, number, at))
        chosen_ids.append(all_ids[at])
        unit_numbers.append(number[at] + total)
        total += size
    used, column = np.unique(np.concatenate(chosen_ids), return_inverse=True)
    if not len(used):
        return None
    strings = [vocabulary.strings[i] for i in used.tolist()]
    by_text = sorted(range(len(strings)), key=strings.__getitem__)
    rank = np.empty(len(strings), np.int64)
    rank[by_text] = np.arange(len(strings))
    column = rank[column]
    mentions = np.bincount(column, minlength=len(strings))
    names = [strings[i] for i in by_text]
    if unit == "window":
        total = sum(int((one.kinds != SPACE).sum()) for one in rows)
        return _Pairs(_sum_windows(places, column, len(names), window), names, mentions, mentions, total)
    shape = (total, len(names))
    matrix = sp.csr_matrix((np.ones(len(column), np.int64), (np.concatenate(unit_numbers), column)), shape=shape)
    matrix.data[:] = 1  # a pair counts once per unit
    return _Pairs(sp.triu(matrix.T @ matrix, 1).tocoo(), names, mentions, matrix.getnnz(axis=0), total)


def _sum_windows(
    places: list[tuple[Tokens, NDArray[np.int64], NDArray[np.int64]]],
    column: NDArray[np.int64],
    size: int,
    window: int,
) -> sp.coo_matrix:
    """Count the pairs of mentions that stand near each other; each pair of mentions counts once."""
    import scipy.sparse as sp

    first, second = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    offset = 0
    for one, number, at in places:
        for left, right in _window_pairs(one, number, at, window):
            a, b = column[offset + left], column[offset + right]
            first.append(np.minimum(a, b)[a != b])
            second.append(np.maximum(a, b)[a != b])
        offset += len(at)
    index = (np.concatenate(first), np.concatenate(second))
    return sp.csr_matrix((np.ones(len(index[0]), np.int64), index), shape=(size, size)).tocoo()


def _unit_spans(document: Document, unit: Unit) -> list[Span]:
    """Return the rising, disjoint spans of a unit."""
    if unit in ("sentence", "window"):
        return list(document.sentences)
    if unit == "paragraph":
        return list(document.paragraphs)
    if unit == "section":
        return [span for _, span in units(document)]
    return [Span(0, len(document.text))] if document.text else []


def _unit_numbers(tokens: Tokens, unit: Unit) -> tuple[NDArray[np.int64], int]:
    """Return for each token the number of the unit it lies in, -1 for none, and how many units there are."""
    spans = _unit_spans(tokens.document, unit)
    if not spans or not len(tokens):
        return np.full(len(tokens), -1, np.int64), 0
    starts = np.array([s.start for s in spans])
    ends = np.array([s.end for s in spans])
    number = np.searchsorted(starts, tokens.starts, "right") - 1
    outside = (number < 0) | (tokens.starts >= ends[np.maximum(number, 0)])
    number[outside] = -1
    return number, len(spans)


def _window_pairs(
    tokens: Tokens, number: NDArray[np.int64], at: NDArray[np.int64], window: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield the pairs of chosen tokens (places in `at`) that stand fewer than `window` words apart in one sentence."""
    words = np.cumsum(tokens.kinds != SPACE)[at]
    for apart in range(1, len(at)):
        left, right = np.arange(len(at) - apart), np.arange(apart, len(at))
        near = (words[right] - words[left] < window) & (number[at[left]] == number[at[right]])
        if not near.any() and (words[right] - words[left] >= window).all():
            return
        yield left[near], right[near]


def layout(graph: nx.Graph[str], *, seed: int = 0) -> dict[str, tuple[float, float]]:
    """Return a position for every node, in the unit square, by ForceAtlas2 (布局).

    Deterministic for a seed (Jacomy et al. 2014).
    """
    import networkx as nx

    if not graph:
        return {}
    ordered = _ordered(graph)
    for _, _, data in ordered.edges(data=True):
        data["count"] **= 0.5  # else the strongest pairs pull all into one knot
    with np.errstate(invalid="ignore", divide="ignore"):
        found = nx.forceatlas2_layout(
            ordered, seed=seed, weight="count", max_iter=1000, strong_gravity=True, linlog=True
        )
    nodes = list(ordered)
    points = np.array([found[node] for node in nodes], float)
    low, high = points.min(axis=0), points.max(axis=0)
    scaled = (points - low) / np.where(high > low, high - low, 1)
    return {node: (round(x, 6), round(y, 6)) for node, (x, y) in zip(nodes, scaled.tolist(), strict=True)}


def _ordered(graph: nx.Graph[str]) -> nx.Graph[str]:
    """Return a copy with nodes and edges in code point order and the edge counts alone."""
    import networkx as nx

    ordered: nx.Graph[str] = nx.Graph()
    ordered.add_nodes_from(sorted(graph))
    ordered.add_edges_from(sorted((*sorted((a, b)), {"count": c}) for a, b, c in graph.edges(data="count")))
    return ordered


def communities(graph: nx.Graph[str], *, seed: int = 0) -> list[set[str]]:
    """Partition the nodes by Louvain modularity on the edge counts, the largest community first (社群).

    Deterministic for a seed: nodes and edges are sorted before (Blondel et al. 2008).
    """
    import networkx as nx

    if not graph:
        return []
    found = nx.community.louvain_communities(_ordered(graph), weight="count", seed=seed)
    return sorted(found, key=lambda group: (-len(group), sorted(group)))


def centralities(graph: nx.Graph[str]) -> pd.DataFrame:
    """Return one row a node: degree, strength (sum of edge counts), betweenness, by falling strength (中心性)."""
    import pandas as pd

    degree, strength = dict(graph.degree()), dict(graph.degree(weight="count"))
    nodes = sorted(graph)
    between = _betweenness(graph, nodes).tolist()
    rows = [(node, degree[node], strength[node], b) for node, b in zip(nodes, between, strict=True)]
    table = pd.DataFrame(rows, columns=["term", "degree", "strength", "betweenness"])
    return table.sort_values(["strength", "term"], ascending=[False, True], ignore_index=True)


def _betweenness(graph: nx.Graph[str], nodes: list[str]) -> NDArray[np.float64]:
    """Return the normalised betweenness of the nodes, unweighted (Brandes 2001).

    All sources of a block go at once, one sparse product a level: what networkx computes, some twenty times faster.
    """
    import networkx as nx

    n = len(nodes)
    total = np.zeros(n)
    if n < 3:
        return total
    adjacent = nx.to_scipy_sparse_array(graph, nodelist=nodes, weight=None, dtype=float, format="csr")
    for first in range(0, n, 256):
        sources = np.arange(first, min(n, first + 256))
        total += _dependencies(adjacent, sources).sum(axis=1)
    return total / ((n - 1) * (n - 2))


def _dependencies(adjacent: sp.csr_array, sources: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how much the shortest paths from each source (columns) depend on each node (rows)."""
    columns = np.arange(len(sources))
    paths = np.zeros((adjacent.shape[0], len(sources)))
    depth = np.full(paths.shape, -1, np.int32)
    paths[sources, columns], depth[sources, columns] = 1, 0
    level = 0
    while True:
        new = adjacent @ (paths * (depth == level))
        new[depth >= 0] = 0
        if not new.any():
            break
        level += 1
        depth[new > 0] = level
        paths += new
    depend = np.zeros_like(paths)
    for far in range(level, 0, -1):
        share = np.divide(1 + depend, paths, out=np.zeros_like(paths), where=depth == far)
        depend += np.where(depth == far - 1, (adjacent @ share) * paths, 0)
    depend[sources, columns] = 0
    return depend


def evidence(tokens: Tokens | Iterable[Tokens], a: str, b: str) -> list[Span]:
    """Return the sentences that hold both terms: what stands behind an edge (证据句).

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> evidence(Segmenter()(parse("法治政府和营商环境。法治政府。")), "法治政府", "营商环境")
    [Span(start=0, end=10)]
    """
    out: list[Span] = []
    for one in listed(tokens):
        number, _ = _unit_numbers(one, "sentence")
        first, second = (np.unique(number[one.term_ids == one.vocabulary[term]]) for term in (a, b))
        shared = np.intersect1d(first, second)
        out.extend(one.document.sentences[i] for i in shared[shared >= 0].tolist())
    return out
