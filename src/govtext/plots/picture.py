"""What drawings on paper and on the page share, and a network in the coordinates of a page (网络图坐标)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import networkx as nx
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Positions = Mapping[str, tuple[float, float]]

# Eight colours from dark to light, in steps of 9 to 11 of lightness L*, so that they differ in grey; found by a search
# that kept them apart for the colour-blind, too (CIE 1976 distance 28 or more as seen by deuteranopes, protanopes and
# tritanopes after Machado et al. 2009).
PALETTE = ("#511727", "#51318d", "#a3380d", "#3d7d8e", "#918d66", "#e09226", "#52c8f9", "#f9c8cc")
REST = "#b0b0b0"  # every further community


def shown(term: str, *, most: int = 16) -> str:
    """Return a term as a label: what cannot be printed replaced, a long one cut."""
    clean = "".join(c if c.isprintable() else "\ufffd" for c in term)
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def strongest(graph: nx.Graph[str]) -> list[str]:
    """Return the nodes by falling strength, ties in code point order."""
    from govtext.network import by_strength

    return by_strength(graph)


def groups_of(
    graph: nx.Graph[str], nodes: Iterable[str], communities: Sequence[set[str]] | str | None
) -> list[tuple[str, set[str]]]:
    """Return the groups among the nodes drawn, those with most first, with their names.

    Communities are named by their most central terms; groups by an attribute by its value.
    """
    from govtext.network import community_names

    kept = set(nodes)
    if isinstance(communities, str):
        values = {node: str(graph.nodes[node].get(communities) or "—") for node in kept}
        found = [(value, {node for node in kept if values[node] == value}) for value in sorted(set(values.values()))]
    else:
        parts = [group & kept for group in communities or () if group & kept]
        found = list(zip(community_names(graph, parts), parts, strict=True))
    return sorted(found, key=lambda one: (-len(one[1]), sorted(one[1])))


def colour_of(nodes: Iterable[str], communities: Sequence[set[str]]) -> dict[str, str]:
    """Return the colour of each node: one for each of the eight communities with most of the nodes, else grey."""
    nodes = set(nodes)
    groups = sorted((sorted(group & nodes) for group in communities), key=lambda group: (-len(group), group))
    colours = (*PALETTE, *[REST] * len(groups))
    found = {node: colour for group, colour in zip(groups, colours, strict=False) for node in group}
    return {node: found.get(node, REST) for node in sorted(nodes)}


def skeleton(graph: nx.Graph[str], *, nodes: int = 80, edges: int = 160, weight: str = "count") -> nx.Graph[str]:
    """Return the part of a large graph that a drawing can show: the backbone of its strongest nodes (骨架).

    These are the maximum spanning forest over their edges, so that what hangs together stays so, and the further edges
    that stand out most by the disparity of `network.backbone`. Nodes without an edge among them are left out.
    """
    from govtext import network

    among = graph.subgraph(strongest(graph)[:nodes])
    ranked = network.backbone(among, alpha=1.0, weight=weight)
    found = sorted(ranked.edges(data=True), key=lambda e: (not e[2]["in_forest"], e[2]["disparity"], e[0], e[1]))
    forest = sum(data["in_forest"] for *_, data in found)
    out: nx.Graph[str] = graph.__class__(**graph.graph)
    chosen = found[: max(edges, forest)]
    out.add_nodes_from((node, graph.nodes[node]) for node in sorted({n for edge in chosen for n in edge[:2]}))
    out.add_edges_from((a, b, graph.edges[a, b]) for a, b, _ in chosen)
    return out


def sizes(graph: nx.Graph[str], nodes: list[str]) -> list[float]:
    """Return a radius in points for each node; areas are in proportion to the strength."""
    strength = dict(graph.degree(weight="count"))
    most = max(strength[node] for node in nodes) or 1
    return [max(2.4, 9 * (strength[node] / most) ** 0.5) for node in nodes]


class Caption(NamedTuple):
    """The label of a dot: where its text is anchored, how, and how large; `shown` unless it would cover something."""

    text: str
    x: float
    y: float
    anchor: str
    size: float
    shown: bool


class Dot(NamedTuple):
    """A node of a picture; `near` are the numbers of the dots it has an edge with."""

    term: str
    x: float
    y: float
    radius: float
    colour: str
    strength: int
    near: tuple[int, ...]
    caption: Caption


class Stroke(NamedTuple):
    """An edge of a picture between two dots, by their numbers, with the units they share."""

    a: int
    b: int
    width: float
    shared: int


class Picture(NamedTuple):
    """A network in the coordinates of a drawing, y downwards (网络图坐标)."""

    width: int
    height: int
    dots: tuple[Dot, ...]
    strokes: tuple[Stroke, ...]


def picture(
    graph: nx.Graph[str],
    *,
    positions: Positions,
    communities: Sequence[set[str]] = (),
    width: int = 1000,
    height: int = 680,
) -> Picture:
    """Return a network in the coordinates of a page: dots by falling strength, strokes and labels (网络图)."""
    nodes = [node for node in strongest(graph) if node in positions]
    if not nodes:
        return Picture(width, height, (), ())
    number = {node: i for i, node in enumerate(nodes)}
    radii = [1.5 * size for size in sizes(graph, nodes)]
    side = min(90, width // 9)  # room for labels
    places = [(side + x * (width - 2 * side), 40 + (1 - y) * (height - 80)) for x, y in (positions[n] for n in nodes)]
    edges = [(*sorted((number[a], number[b])), c) for a, b, c in graph.edges(data="count") if {a, b} <= number.keys()]
    lines = np.array([(*places[a], *places[b]) for a, b, _ in edges], float).reshape(-1, 4)
    captions = _captions(nodes, places, radii, lines, (width, height))
    colours, strength = colour_of(nodes, communities), dict(graph.degree(weight="count"))
    near = [tuple(sorted(number[other] for other in graph[node] if other in number)) for node in nodes]
    dots = tuple(
        Dot(node, round(x, 1), round(y, 1), round(r, 1), colours[node], strength[node], others, caption)
        for node, (x, y), r, others, caption in zip(nodes, places, radii, near, captions, strict=True)
    )
    most = max((c for *_, c in edges), default=1)
    return Picture(
        width, height, dots, tuple(Stroke(a, b, round(0.5 + 4 * c / most, 2), c) for a, b, c in sorted(edges))
    )


Box = tuple[float, float, float, float]  # left, top, right, bottom


def _captions(
    nodes: list[str],
    places: list[tuple[float, float]],
    radii: list[float],
    lines: Floats,
    canvas: tuple[int, int],
) -> list[Caption]:
    """Give each node the best place for its label: over no other label, over no dot, over few lines.

    Where there is none the label is not shown; the first twelve may stand over a dot.
    """
    dots = np.array([(x - r, y - r, x + r, y + r) for (x, y), r in zip(places, radii, strict=True)])
    labels, held = np.zeros((len(nodes), 4)), 0
    out = []
    for i, (node, (x, y), r) in enumerate(zip(nodes, places, radii, strict=True)):
        text, size = shown(node), round(10 + 5 * r / radii[0], 1)
        choices = _choices(x, y, r, _width(text) * size, size)
        boxes = np.array([box for _, box in choices])
        costs = _costs(boxes, labels[:held], dots, i, lines, canvas)
        best = int(costs.argmin())
        (at_x, at_y, anchor), box = choices[best]
        fits = bool(costs[best] < (BLOCKED if i < 12 else COVERS))
        if fits:
            labels[held] = box
            held += 1
        out.append(Caption(text, round(at_x, 1), round(at_y, 1), anchor, size, fits))
    return out


def _choices(x: float, y: float, r: float, w: float, h: float) -> list[tuple[tuple[float, float, str], Box]]:
    """Return the places a label may have: the anchor of its text (its base line) and the box it fills."""
    gap, near, base = r + 2, 0.7 * r + 1, 0.82 * h
    below, above, level = y + gap, y - gap - h, y - h / 2
    corners = [
        (x, "middle", x - w / 2, below),
        (x, "middle", x - w / 2, above),
        (x + gap, "start", x + gap, level),
        (x - gap, "end", x - gap - w, level),
        (x + near, "start", x + near, y + near),
        (x - near, "end", x - near - w, y + near),
        (x + near, "start", x + near, y - near - h),
        (x - near, "end", x - near - w, y - near - h),
    ]
    return [((at, top + base, anchor), (left, top, left + w, top + h)) for at, anchor, left, top in corners]


def _width(text: str) -> float:
    """Return about how wide a text is, in units of its size."""
    return sum(0.58 if c.isascii() else 1.0 for c in text)


BLOCKED, COVERS = 1e6, 100.0  # a label that may not stand there; the cost of each dot it covers


def _costs(boxes: Floats, labels: Floats, dots: Floats, own: int, lines: Floats, canvas: tuple[int, int]) -> Floats:
    """Return how bad some places for a label are; it may cover its own dot."""
    left, top, right, bottom = boxes.T
    blocked = (left < 0) | (top < 0) | (right > canvas[0]) | (bottom > canvas[1]) | (_overlaps(boxes, labels) > 0)
    covered = _overlaps(boxes, dots) - _overlaps(boxes, dots[own : own + 1])
    out: Floats = np.where(blocked, BLOCKED, COVERS * covered + _crossings(boxes, lines))
    return out


def _overlaps(boxes: Floats, others: Floats) -> NDArray[np.int64]:
    """Count for each box the others that it overlaps."""
    mine, (left, top, right, bottom) = boxes[:, :, None], others.T
    over = (left < mine[:, 2]) & (mine[:, 0] < right) & (top < mine[:, 3]) & (mine[:, 1] < bottom)
    return np.asarray(over.sum(axis=1))


def _crossings(boxes: Floats, lines: Floats) -> NDArray[np.int64]:
    """Count for each box the lines (x, y, x, y; float[n, 4]) that run through it (Liang & Barsky 1984)."""
    starts, steps = lines[:, :2], lines[:, 2:] - lines[:, :2]
    steps = np.where(steps == 0, 1e-9, steps)
    first, last = ((boxes[:, None, corner] - starts) / steps for corner in (slice(2), slice(2, 4)))
    enter, leave = np.minimum(first, last).max(axis=2), np.maximum(first, last).min(axis=2)
    return np.asarray((np.maximum(enter, 0) <= np.minimum(leave, 1)).sum(axis=1))
