"""How strongly two terms are associated, beyond their frequency, and whether that may be chance (关联度量)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from govtext.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

# Each takes c, the units two terms share, a and b, the units of each, and n, all units; all but n are float[edges].


def jaccard(c: Floats, a: Floats, b: Floats, n: int) -> Floats:  # noqa: ARG001 - all have one signature
    """Return c / (a + b - c) (Jaccard 1912)."""
    return np.divide(c, a + b - c)


def dice(c: Floats, a: Floats, b: Floats, n: int) -> Floats:  # noqa: ARG001
    """Return 2c / (a + b) (Dice 1945)."""
    return np.divide(2 * c, a + b)


def cosine(c: Floats, a: Floats, b: Floats, n: int) -> Floats:  # noqa: ARG001
    """Return c / √(ab), also called Ochiai or Salton's index (Salton & McGill 1983)."""
    return np.divide(c, np.sqrt(a * b))


def association_strength(c: Floats, a: Floats, b: Floats, n: int) -> Floats:
    """Return cn / (ab): observed over expected (van Eck & Waltman 2009, eq. 6, times n)."""
    return np.divide(c * n, a * b)


def pmi(c: Floats, a: Floats, b: Floats, n: int) -> Floats:
    """Return log₂(cn / (ab)) in bits (Church & Hanks 1990)."""
    return np.log2(association_strength(c, a, b, n))


def npmi(c: Floats, a: Floats, b: Floats, n: int) -> Floats:
    """Return PMI / -log₂(c/n): 1 for terms that never part, 0 for independent ones (Bouma 2009)."""
    everywhere = c >= n
    bits = -np.log2(np.where(everywhere, 0.5, c / n))
    return np.where(everywhere, 1.0, pmi(c, a, b, n) / bits)


def log_likelihood(c: Floats, a: Floats, b: Floats, n: int) -> Floats:
    """Return G² = 2 Σ O ln(O / E) over the four cells of the contingency table (Dunning 1993)."""
    return g_squared(np.array([c, a - c, b - c, n - a - b + c]))


def g_squared(cells: Floats) -> Floats:
    """Return G² of 2 x 2 tables, given as their cells 11, 12, 21, 22 (float[4, tables]).

    >>> round(float(g_squared(np.array([10.0, 5, 5, 20]))), 3)
    8.81
    """
    from scipy.special import xlogy

    one, two, three, four = cells
    rows, columns, total = [one + two, three + four], [one + three, two + four], cells.sum(axis=0)
    inside = sum(xlogy(cell, cell) for cell in cells)
    margins = sum(xlogy(margin, margin) for margin in (*rows, *columns))
    return np.asarray(2 * np.maximum(inside - margins + xlogy(total, total), 0.0), float)


def p_value(g2: Floats) -> Floats:
    """Return the probability of so large a G² or a larger one by chance: χ² with one degree of freedom."""
    from scipy.special import chdtrc

    return np.asarray(chdtrc(1, g2), float)


def q_values(p: Floats, tests: int | None = None) -> Floats:
    """Return p values adjusted for many tests: the false discovery rate (Benjamini & Hochberg 1995).

    Args:
        p: float[tests given].
        tests: how many tests there were, if not all are given; those left out count as p = 1.

    >>> q_values(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    tests = max(len(p), tests or 0)
    order = np.argsort(p, kind="stable")
    raised = p[order] * tests / np.arange(1, len(p) + 1)
    out = np.empty(len(p))
    out[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return out


FORMULAS: dict[str, Callable[[Floats, Floats, Floats, int], Floats]] = {
    "jaccard": jaccard,
    "dice": dice,
    "cosine": cosine,
    "pmi": pmi,
    "npmi": npmi,
    "association_strength": association_strength,
    "log_likelihood": log_likelihood,
}
MEASURES = tuple(FORMULAS)
OF_WINDOWS = ("pmi", "association_strength")  # the others need units that both terms are in or not


def edge_columns(
    graph: nx.Graph[str], measures: Collection[str], shared: ArrayLike, occurs: ArrayLike, terms: int
) -> dict[str, Floats]:
    """Return the edge attributes that the names of measures stand for; log_likelihood has its p and q beside it."""
    names = (measures,) if isinstance(measures, str) else measures
    known = OF_WINDOWS if graph.graph["unit"] == "window" else MEASURES
    wrong = sorted(set(names) - set(known))
    if wrong:
        where = " of windows" if wrong[0] in MEASURES else ""
        raise OptionError(f"no measure {wrong[0]!r}{where}", remedy=f"choose from {', '.join(known)}")
    out: dict[str, Floats] = {}
    a, b = np.asarray(occurs, float).reshape(2, -1)
    for name in (name for name in known if name in names):
        out[name] = FORMULAS[name](np.asarray(shared, float), a, b, graph.graph["units"])
    if "log_likelihood" in out:
        out["p"] = p_value(out["log_likelihood"])
        out["q"] = q_values(out["p"], terms * (terms - 1) // 2)
    return out


def measured(graph: nx.Graph[str], *measures: str) -> nx.Graph[str]:
    """Return a copy of a network with further edge attributes, by default with all measures (关联度量).

    The family of the q values is all pairs of nodes, whether they share a unit or not: an edge is not judged more
    mildly because pairs that never meet were left out. Where E is below 5 in small corpora, p is approximate.

    Args:
        graph: from `cooccurrence`, or read back with `network.read`.
        measures: of `MEASURES`.

    Raises:
        OptionError: there is no such measure, or the graph does not say of how many units it was built.

    >>> graph = nx.Graph(unit="sentence", units=10)
    >>> graph.add_nodes_from([("甲", {"units": 4}), ("乙", {"units": 5})])
    >>> graph.add_edge("甲", "乙", count=3)
    >>> measured(graph, "jaccard", "dice").edges["甲", "乙"]
    {'count': 3, 'jaccard': 0.5, 'dice': 0.6666666666666666}
    """
    out: nx.Graph[str] = graph.copy()
    if not {"unit", "units"} <= out.graph.keys() or any("units" not in data for _, data in out.nodes(data=True)):
        what = "the graph does not say how many units there are, and of each node"
        raise OptionError(what, remedy="build it with network.cooccurrence, or set graph.graph['units'] and unit")
    ends = [[out.nodes[edge[i]]["units"] for edge in out.edges] for i in (0, 1)]
    shared = [data["count"] for *_, data in out.edges(data=True)]
    columns = edge_columns(out, measures or known(out), shared, ends, len(out))
    values: dict[str, list[Any]] = {name: column.tolist() for name, column in columns.items()}
    for i, (*_, data) in enumerate(out.edges(data=True)):
        data.update((name, column[i]) for name, column in values.items())
    return out


def known(graph: nx.Graph[str]) -> tuple[str, ...]:
    """Return the measures that a graph can have."""
    return OF_WINDOWS if graph.graph["unit"] == "window" else MEASURES
