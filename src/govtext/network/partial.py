"""A network from counts that were made in parts and added up (分批建网)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import networkx as nx
import numpy as np

from govtext.network.edges import NODE, Pairs, assemble, collector_paused, shared_counts
from govtext.network.measures import association_strength
from govtext.network.units import Scope, count, near

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import scipy.sparse as sp

    from govtext.network.units import Ints
    from govtext.tokens import Tokens


class Mentioned(NamedTuple):
    """What the network needs of some documents (提及计数).

    Attributes:
        names: the policy terms mentioned, in code point order.
        mentions, units, documents, sections: int64[names], how often each is mentioned and in how many of these; with a
            window `units` is the mentions.
        table: CSR int32: with a window [names, names], how often two are near, the first before the second in code
            point order; else [names, units], 1 where a name is mentioned in a unit.
        total: how many units there are; with a window, how many words.
    """

    names: list[str]
    mentions: Ints
    units: Ints
    documents: Ints
    sections: Ints
    table: sp.csr_matrix
    total: int


def mentioned(tokens: Iterable[Tokens], scope: Scope) -> Mentioned:
    """Count the policy terms of some documents and what they stand in (提及计数)."""
    import scipy.sparse as sp

    counted = count(list(tokens), None, scope)
    size = len(counted.names)
    if not size:
        none = np.zeros(0, np.int64)
        return Mentioned([], none, none, none, none, sp.csr_matrix((0, 0), dtype=np.int32), counted.total)
    mentions = np.bincount(counted.column, minlength=size)
    table = near(counted, scope.window) if scope.window else counted.incidence()
    return Mentioned(
        counted.names,
        mentions,
        mentions if scope.window else np.diff(table.indptr).astype(np.int64),
        counted.times(counted.documents()),
        counted.times(counted.sections()),
        table,
        counted.total,
    )


def pairs_within(table: sp.csr_matrix, nodes: Ints, scope: Scope) -> tuple[Ints, Ints, Ints]:
    """Return the pairs of nodes in the table of `mentioned`: the numbers of both among the nodes, and the counts.

    Args:
        table: as `mentioned` gives it.
        nodes: which of its rows are nodes, rising.
        scope: what counted as together.
    """
    found = table[nodes][:, nodes] if scope.window else shared_counts(table[nodes], 1)
    pairs = found.tocoo()
    return pairs.row.astype(np.int64), pairs.col.astype(np.int64), pairs.data.astype(np.int64)


class Nodes(NamedTuple):
    """The nodes of a network, in code point order, and their attributes (节点)."""

    names: Sequence[str]
    mentions: Ints
    units: Ints
    documents: Ints
    sections: Ints
    categories: Sequence[str]


def graph_of(
    nodes: Nodes, pairs: tuple[Ints, Ints, Ints], *, total: int, min_count: int, scope: Scope
) -> nx.Graph[str]:
    """Return the network that `cooccurrence` builds of the same documents (建网).

    Args:
        nodes: the nodes.
        pairs: the numbers of the two nodes of each edge, the smaller first, and its count.
        total: how many units there are in all.
        min_count: the least count of an edge.
        scope: what counted as together.
    """
    import scipy.sparse as sp

    first, second, shared = pairs
    graph: nx.Graph[str] = nx.Graph(units=total, min_count=min_count, terms="policy")
    graph.graph |= scope.recorded()
    size = len(nodes.names)
    upper = sp.csr_matrix((shared.astype(np.int64), (first, second)), shape=(size, size))
    edges = Pairs.of(upper)
    ends = nodes.units[edges.ends]
    weight = association_strength(edges.shared.astype(float), ends[0], ends[1], total)
    columns = (values.tolist() for values in (nodes.mentions, nodes.units, nodes.documents, nodes.sections))
    rows = zip(nodes.names, zip(*columns, nodes.categories, strict=True), strict=True)
    with collector_paused():
        named = ((name, dict(zip(NODE, row, strict=True))) for name, row in rows)
        assemble(graph, named, edges, {"count": edges.shared, "weight": weight})
    return graph
