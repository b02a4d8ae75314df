"""Is it chance? Two networks compared edge by edge, and one network under resampling (检验与稳健性)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx
import numpy as np

from govtext.errors import OptionError
from govtext.network.measures import association_strength, g_squared, p_value, q_values
from govtext.network.structure import communities
from govtext.network.units import Counted, Scope, count, window_pairs

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    import scipy.sparse as sp
    from numpy.typing import NDArray

    from govtext.network.units import Ints
    from govtext.tokens import Tokens

    Floats = NDArray[np.float64]

BLOCK = 1 << 22  # cells that are worked on at once


def difference(a: nx.Graph[str], b: nx.Graph[str]) -> pd.DataFrame:
    """Compare two networks edge by edge, such as those of two years or places (网络比较).

    Whether a pair shares more of the units of one side than of the other is tested by G² on the table of units with
    and without the pair (Dunning 1993; Rayson & Garside 2000), with q values over all rows. A graph built with
    min_count m says nothing of pairs that share fewer units: where one lacks the edge, the test takes the count from 0
    to m - 1 that speaks least for a difference. With min_count=1 nothing is assumed.

    Args:
        a: from `cooccurrence`.
        b: another, with the same unit.

    Returns:
        One row a pair that is an edge in either, the surest difference first: `source`, `target`, `count_a`, `count_b`
        (0 where there is no edge), `share_a`, `share_b` (of the units), `difference` (share_b - share_a), `log_ratio`
        (log₂ of the shares, 0.5 added to each count; Hardie 2014), `log_likelihood`, `p`, `q`.

    Raises:
        OptionError: a graph does not say what its units are, has none, or the units differ.
    """
    import pandas as pd

    sizes = _sizes(a, b)
    pairs = sorted({(*sorted(edge),) for graph in (a, b) for edge in graph.edges})
    counts = np.array([[g.edges[e]["count"] if g.has_edge(*e) else 0 for e in pairs] for g in (a, b)], float)
    g2 = _surely_different(counts.reshape(2, -1), sizes, [g.graph.get("min_count", 1) for g in (a, b)])
    share = counts.reshape(2, -1) / sizes[:, None]
    smooth = (counts.reshape(2, -1) + 0.5) / (sizes[:, None] + 0.5)
    p = p_value(g2)
    columns: dict[str, Any] = {
        "source": [x for x, _ in pairs],
        "target": [y for _, y in pairs],
        "count_a": counts[0].astype(int) if pairs else [],
        "count_b": counts[1].astype(int) if pairs else [],
        "share_a": share[0],
        "share_b": share[1],
        "difference": share[1] - share[0],
        "log_ratio": np.log2(smooth[1] / smooth[0]),
        "log_likelihood": g2,
        "p": p,
        "q": q_values(p),
    }
    order = ["log_likelihood", "source", "target"]
    return pd.DataFrame(columns).sort_values(order, ascending=[False, True, True], ignore_index=True)


def _sizes(a: nx.Graph[str], b: nx.Graph[str]) -> Floats:
    scopes = [{key: graph.graph.get(key) for key in ("unit", "window", "boundary")} for graph in (a, b)]
    if scopes[0] != scopes[1] or scopes[0]["unit"] is None:
        what = f"the units of the two networks differ ({scopes[0]['unit']}, {scopes[1]['unit']})"
        raise OptionError(what, remedy="build both with network.cooccurrence and the same unit")
    sizes = np.array([graph.graph["units"] for graph in (a, b)], float)
    if not sizes.all():
        raise OptionError("a network has no units", remedy="build it from a text that is not empty")
    return sizes


def _surely_different(counts: Floats, sizes: Floats, least: list[int]) -> Floats:
    """Return the G² of each pair of counts; an unknown one takes the value below the least that fits the other."""
    fitting = counts[::-1] * (sizes / sizes[::-1])[:, None]
    known = counts > 0
    highest = np.array(least, float)[:, None] - 1
    taken = np.where(known, counts, np.minimum(fitting, highest))
    return g_squared(np.array([taken[0], sizes[0] - taken[0], taken[1], sizes[1] - taken[1]]))


# --- resampling -----------------------------------------------------------------------------------------------------


def stability(
    tokens: Tokens | Iterable[Tokens],
    graph: nx.Graph[str],
    *,
    n: int = 200,
    level: float = 0.95,
    partitions: int = 50,
    seed: int = 0,
) -> pd.DataFrame:
    """Say how far the weights of a network would vary, had other units of the same kind been read (稳健性检验).

    The units (sentences, ...; with windows the units these lie in) are drawn anew with replacement, as many as there
    are, n times; intervals are percentiles (Efron & Tibshirani 1993). The order of documents makes no difference.

    Args:
        tokens: those that the graph was built from.
        graph: from `cooccurrence`.
        n: how many resamples.
        level: of the intervals.
        partitions: how many of the resamples are partitioned into communities, too, which takes most of the time.
        seed: of the generator.

    Returns:
        One row an edge in code point order: `source`, `target`, `count`, `count_low`, `count_high`, `weight`,
        `weight_low`, `weight_high` (association strength), `kept` (the share of resamples in which the pair reaches
        min_count), `same_community` (the share in which both are in one community; empty where partitions is 0).

    Raises:
        OptionError: the graph was not built from these tokens, or an option has a value that is not allowed.
    """
    import pandas as pd

    if n < 1 or not 0 < level < 1 or not 0 <= partitions <= n:
        what = f"n is {n}, level {level}, partitions {partitions}"
        raise OptionError(what, remedy="n begins at 1, the level lies between 0 and 1, partitions between 0 and n")
    sample = _sample(tokens, graph)
    counts, weights = _resampled(sample, n, np.random.default_rng(seed))
    of_count, of_weight = (_interval(values, level) for values in (counts, weights))
    data = [graph.edges[edge] for edge in sample.edges]
    columns = {
        "source": [a for a, _ in sample.edges],
        "target": [b for _, b in sample.edges],
        "count": [row["count"] for row in data],
        "count_low": of_count[0],
        "count_high": of_count[1],
        "weight": [row["weight"] for row in data],
        "weight_low": of_weight[0],
        "weight_high": of_weight[1],
        "kept": (counts >= graph.graph["min_count"]).mean(axis=1),
        "same_community": _same_community(sample, counts[:, :partitions], seed),
    }
    return pd.DataFrame(columns)


def _interval(values: Floats, level: float) -> Floats:
    """Return the percentiles of each row, float[2, rows]."""
    bounds = [(1 - level) / 2, (1 + level) / 2]
    return np.asarray(np.quantile(values, bounds, axis=1)) if len(values) else np.zeros((2, 0))


class _Sample(NamedTuple):
    """What is drawn from: the units that hold a node, in an order that does not depend on that of the documents."""

    edges: list[tuple[str, str]]
    ends: Ints  # [2, edges], nodes by their numbers
    within: sp.csr_matrix  # int[edges, units], how often an edge is counted in a unit
    mentions: sp.csr_matrix  # int[nodes, units], how often a node is counted in a unit
    units: int  # all units, those without a node among them
    total: int  # what the association strength is relative to


def _sample(tokens: Tokens | Iterable[Tokens], graph: nx.Graph[str]) -> _Sample:
    if not {"unit", "units", "min_count", "terms"} <= graph.graph.keys():
        raise OptionError("the graph does not say how it was built", remedy="build it with network.cooccurrence")
    scope = Scope.recall(graph.graph)
    counted = count(tokens, None if graph.graph["terms"] == "policy" else sorted(graph), scope)
    edges = sorted((*sorted(edge),) for edge in graph.edges)
    number = {name: i for i, name in enumerate(counted.names)}
    if counted.total != graph.graph["units"] or not set(graph) <= number.keys():
        raise OptionError("the graph was not built from these tokens", remedy="give the tokens it was built from")
    ends = np.array([[number[a], number[b]] for a, b in edges], np.int64).reshape(-1, 2).T
    within, mentions = _window_sample(counted, scope.window, ends) if scope.window else _unit_sample(counted, ends)
    order = _content_order(within, mentions)
    units = counted.total if not scope.window else counted.boundaries
    return _Sample(edges, ends, within[:, order], mentions[:, order], units, counted.total)


def _unit_sample(counted: Counted, ends: Ints) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    import scipy.sparse as sp

    incidence = counted.incidence()
    step = 4096
    starts = range(0, max(1, ends.shape[1]), step)
    blocks = [incidence[ends[0, s : s + step]].multiply(incidence[ends[1, s : s + step]]) for s in starts]
    return sp.vstack(blocks, format="csr"), incidence


def _window_sample(counted: Counted, window: int, ends: Ints) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    import scipy.sparse as sp

    size = len(counted.names)
    number = np.concatenate([row.number for row in counted.rows])
    units = int(number.max(initial=-1)) + 1
    mentions = sp.csr_matrix((np.ones(len(number), np.int32), (counted.column, number)), shape=(size, units))
    unit, a, b = window_pairs(counted, window)
    keys = ends[0] * size + ends[1]  # rising, as the edges are
    at = np.minimum(np.searchsorted(keys, a * size + b), max(0, len(keys) - 1))
    inside = keys[at] == a * size + b if len(keys) else np.zeros(len(a), np.bool_)
    shape = (ends.shape[1], units)
    return sp.csr_matrix((np.ones(inside.sum(), np.int32), (at[inside], unit[inside])), shape=shape), mentions


def _content_order(within: sp.csr_matrix, mentions: sp.csr_matrix) -> Ints:
    """Return the units that hold a node, ordered by what they hold."""
    parts = [matrix.tocsc() for matrix in (mentions, within)]
    for part in parts:
        part.sort_indices()
    held = np.flatnonzero(np.diff(parts[0].indptr)).tolist()
    return np.array(sorted(held, key=lambda unit: [_column(part, unit) for part in parts]), np.int64)


def _column(matrix: sp.csc_matrix, number: int) -> tuple[bytes, bytes]:
    span = slice(matrix.indptr[number], matrix.indptr[number + 1])
    return matrix.indices[span].tobytes(), matrix.data[span].tobytes()


def _resampled(sample: _Sample, n: int, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Return the counts and the association strengths of the edges in each resample, float[edges, n]."""
    held = sample.within.shape[1]
    chances = np.full(held + 1, 1 / max(1, sample.units))
    chances[-1] = max(0.0, 1 - chances[:-1].sum())  # all units without a node are one outcome
    counts, weights = (np.zeros((len(sample.edges), n)) for _ in range(2))
    step = max(1, BLOCK // (held + 1))
    for low in range(0, n, step):
        drawn = random.multinomial(sample.units, chances, size=min(step, n - low))[:, :held].T
        part = slice(low, low + drawn.shape[1])
        counts[:, part] = sample.within @ drawn
        ends = np.maximum(sample.mentions @ drawn, 1)[sample.ends]
        weights[:, part] = association_strength(counts[:, part], ends[0], ends[1], sample.total)
    return counts, weights


def _same_community(sample: _Sample, counts: Floats, seed: int) -> Any:
    """Return in which share of the resamples the two ends of each edge are in one community."""
    if not counts.shape[1]:
        return None
    together = np.zeros(len(sample.edges))
    for column in counts.T.astype(int).tolist():
        drawn: nx.Graph[str] = nx.Graph()
        pairs = zip(sample.edges, column, strict=True)
        drawn.add_edges_from((a, b, {"count": shared}) for (a, b), shared in pairs if shared)
        home = {node: i for i, group in enumerate(communities(drawn, seed=seed)) for node in group}
        together += [home.get(a, -1) == home.get(b, -2) for a, b in sample.edges]
    return together / counts.shape[1]
