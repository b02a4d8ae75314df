"""Where the nodes of a network come to rest under forces: ForceAtlas2, as networkx has it (力导向布局)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from govtext.native import kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEPS = 1000
REPULSION = 2.0
JITTER, MOST_JITTER = 0.1, 10.0  # what is tolerated: a little lets small networks settle, too
LEAST_EFFICIENCY, MOST_RISE = 0.05, 0.5
AT_REST = 1e-10  # the sum of all moves, at which the search ends


def settled(points: Floats, ends: NDArray[np.integer[Any]], weights: Floats) -> Floats:
    """Return where points come to rest that edges pull together and that repel one another (布局).

    Jacomy et al. 2014: the pull grows with the logarithm of the distance ("LinLog") and with the weight; a node repels
    and is drawn to the middle by its degree and one more; what has swung about moves less.

    Args:
        points: float64[nodes, 2], where they begin, no two in one place.
        ends: int[edges, 2], the nodes of each edge; an edge from a node to itself pulls nothing.
        weights: float64[edges].

    Returns:
        float64[nodes, 2].

    >>> settled(np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[0, 1]]), np.ones(1)).round(3).tolist()
    [[-0.647, 0.0], [1.647, 0.0]]
    """
    x, y = np.array(points, np.float64).T.copy()
    size = len(x)
    own = ends[:, 0] == ends[:, 1]
    mass = np.bincount(ends.ravel(), minlength=size) + np.ones(size)
    a, b = ends[~own].T
    weights = weights[~own]
    both = np.concatenate((a, b))
    speed = efficiency = swing = traction = 1.0
    with np.errstate(invalid="ignore", divide="ignore"):
        for _ in range(STEPS):
            across, down = _repulsion(x, y, mass)
            dx, dy = x[a] - x[b], y[a] - y[b]
            distance = np.sqrt(dx * dx + dy * dy)
            pull = np.log(1 + distance) / distance * weights
            dx *= pull
            dy *= pull
            dx = np.bincount(both, np.concatenate((-dx, dx)), size) + REPULSION * across - mass * (x - x.mean())
            dy = np.bincount(both, np.concatenate((-dy, dy)), size) + REPULSION * down - mass * (y - y.mean())
            swing += float((mass * np.sqrt((x - dx) ** 2 + (y - dy) ** 2)).sum())
            traction += float((0.5 * mass * np.sqrt((x + dx) ** 2 + (y + dy) ** 2)).sum())
            speed, efficiency = _paced(speed, efficiency, swing, traction, size)
            step = speed / (1 + np.sqrt(speed * mass * np.sqrt(dx * dx + dy * dy)))
            dx *= step
            dy *= step
            x += dx
            y += dy
            if np.abs(dx).sum() + np.abs(dy).sum() < AT_REST:
                break
    return np.column_stack((x, y))


def _paced(speed: float, efficiency: float, swing: float, traction: float, size: int) -> tuple[float, float]:
    """Return how fast all may move, and how well that went, from how they have swung and been drawn so far."""
    best = 0.05 * size**0.5
    jitter = JITTER * max(best**0.5, min(MOST_JITTER, best * traction / size**2))
    if swing / traction > 2:
        if efficiency > LEAST_EFFICIENCY:
            efficiency *= 0.5
        jitter = max(jitter, JITTER)
    wanted = jitter * efficiency * traction / swing if swing else np.inf
    if swing > jitter * traction:
        if efficiency > LEAST_EFFICIENCY:
            efficiency *= 0.7
    elif speed < 1000:
        efficiency *= 1.3
    return speed + min(wanted - speed, MOST_RISE * speed), efficiency


def _repulsion(x: Floats, y: Floats, mass: Floats) -> tuple[Floats, Floats]:
    """Return the sums of the forces with which all others repel each point, added in their order."""
    across, down = np.empty(len(x)), np.empty(len(x))
    if kernels:
        kernels.repulsion(x, y, mass, across, down)
        return across, down
    dx, dy = x - x[:, None], y - y[:, None]  # of each column from each row
    square = dx * dx + dy * dy
    np.fill_diagonal(square, 1)
    factor = mass * mass[:, None] / square
    return _added(dx * factor), _added(dy * factor)


def _added(rows: Floats) -> Floats:
    """Return the sum of rows, one after the other; that of numpy goes by its own order where there is one column."""
    total = np.zeros(rows.shape[1])
    for row in rows:
        total += row
    return total
