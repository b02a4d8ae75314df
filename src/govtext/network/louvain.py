"""Communities by Louvain modularity, step for step as networkx finds them, on numbers instead of graphs (鲁汶算法)."""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from govtext.native import kernels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Neighbours = Sequence[dict[int, float]]  # of each node: the weight of its edge to each neighbour

LEAST_GAIN = 1e-7  # of modularity, at which the search ends


def louvain(neighbours: Neighbours, *, seed: int, resolution: float) -> list[list[int]]:
    """Return the communities of a network (Blondel et al. 2008), each as its nodes (鲁汶社群).

    What `networkx.community.louvain_communities` returns, sums in the same order, in a third of its time: it builds a
    graph of each level and asks it for every weight.

    >>> louvain([{1: 1.0}, {0: 1.0}, {3: 1.0}, {2: 1.0}], seed=0, resolution=1.0)
    [[0, 1], [2, 3]]
    """
    generator = random.Random(seed)  # noqa: S311 - the order in which nodes are tried
    degrees = _degrees(neighbours)
    half = sum(degrees) / 2
    groups = [[node] for node in range(len(neighbours))]
    if not half:
        return groups
    before = _modularity(neighbours, list(range(len(neighbours))), resolution)
    while True:
        home = _moved(neighbours, degrees, half, generator=generator, resolution=resolution)
        numbers = {old: new for new, old in enumerate(sorted(set(home)))}
        home = [numbers[old] for old in home]
        merged: list[list[int]] = [[] for _ in numbers]
        for node, number in enumerate(home):
            merged[number] += groups[node]
        groups, after = [sorted(group) for group in merged], _modularity(neighbours, home, resolution)
        if after - before <= LEAST_GAIN:
            return groups
        before, neighbours = after, _merged(neighbours, home, len(groups))
        degrees = _degrees(neighbours)


def _degrees(neighbours: Neighbours) -> list[float]:
    """Return the sum of the weights of each node, its edge to itself twice."""
    return [sum(row.values()) + row.get(node, 0) for node, row in enumerate(neighbours)]


def _moved(
    neighbours: Neighbours, degrees: list[float], half: float, *, generator: random.Random, resolution: float
) -> list[int]:
    """Move nodes to the community of a neighbour as long as modularity grows; return the community of each."""
    order = list(range(len(neighbours)))
    generator.shuffle(order)
    order = [node for node in order if len(neighbours[node]) > (node in neighbours[node])]  # the others stay
    if kernels:
        home = np.zeros(len(neighbours), np.int32)
        of_nodes = np.array(degrees, float), np.array(order, np.int32), home
        kernels.move_to_communities(*columns_of(neighbours), *of_nodes, half, 2 * half**2, resolution)
        return home.tolist()
    return _moved_by_turns(neighbours, degrees, half, order=order, resolution=resolution)


MOST_PASSES = 10_000  # real networks need some ten; with weights below zero two nodes may follow each other for ever


def _moved_by_turns(
    neighbours: Neighbours, degrees: list[float], half: float, *, order: list[int], resolution: float
) -> list[int]:
    home, total = list(range(len(neighbours))), degrees.copy()
    rows = [[(other, weight) for other, weight in row.items() if other != node] for node, row in enumerate(neighbours)]
    for _ in range(MOST_PASSES):
        moves = 0
        for node in order:
            degree, own = degrees[node], home[node]
            weights: defaultdict[int, float] = defaultdict(float)
            for other, weight in rows[node]:
                weights[home[other]] += weight
            total[own] -= degree
            cost = -weights[own] / half + resolution * (total[own] * degree) / (2 * half**2)
            best, most = own, 0.0
            for group, weight in weights.items():
                gain = cost + weight / half - resolution * (total[group] * degree) / (2 * half**2)
                if gain > most:
                    best, most = group, gain
            total[best] += degree
            if best != own:
                home[node] = best
                moves += 1
        if not moves:
            break
    return home


def _merged(neighbours: Neighbours, home: list[int], size: int) -> list[dict[int, float]]:
    """Return the network of the communities."""
    out: list[dict[int, float]] = [{} for _ in range(size)]
    for node, row in enumerate(neighbours):
        for other, weight in row.items():
            if other >= node:
                a, b = home[node], home[other]
                out[a][b] = out[b][a] = weight + out[a].get(b, 0)
    return out


def _modularity(neighbours: Neighbours, home: list[int], resolution: float) -> float:
    """Return the modularity of a partition (Newman 2004)."""
    starts, b, weights = columns_of(neighbours)
    a = np.repeat(np.arange(len(neighbours)), np.diff(starts))
    groups = np.array(home)
    weights = np.where(a == b, 2 * weights, weights)
    total = np.bincount(groups[a], weights)
    inside = weights[groups[a] == groups[b]].sum()
    whole = total.sum()
    return float(inside / whole - resolution * (total**2).sum() / whole**2)


def columns_of(neighbours: Neighbours) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Return where the row of each node begins, and the other ends and the weights of all rows (按列)."""
    starts = np.cumsum([0, *map(len, neighbours)], dtype=np.int32)
    others = np.fromiter(chain.from_iterable(neighbours), np.int32, int(starts[-1]))
    weights = np.fromiter(chain.from_iterable(row.values() for row in neighbours), np.float64, int(starts[-1]))
    return starts, others, weights
