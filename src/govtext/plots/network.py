"""The co-occurrence network on a given matplotlib `Axes` (共现网络图)."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from govtext.plots.axes import below, dress, extent, label, word
from govtext.plots.fonts import LINE, style
from govtext.plots.picture import PALETTE, REST, groups_of, sizes, strongest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import networkx as nx
    from matplotlib.axes import Axes
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path as Outline
    from numpy.typing import NDArray

    from govtext.plots.axes import Lang

    Floats = NDArray[np.float64]
    Positions = Mapping[str, tuple[float, float]]
    Line = tuple[tuple[float, float], tuple[float, float]]

FEW_LINES = 60
ROUNDS = 60  # of moving nodes apart
NAMED = 24  # Chinese characters of a name in the legend
LONG = 10  # Chinese characters of a label in one line
NEAR = 3  # Chinese characters from its middle is as far as a long label is folded
CLOSING, JOINING = "、，·", "和与及暨"  # a line of a label may end with the one and begin with the other
ENDINGS = "人者性化率"  # a line does not begin with these
LARGEST, LEAST = 8.5, 6.5  # points of a label
SMALLEST = 1.8  # points of the radius of a node
APART = 1.0  # points between two nodes, at the least
AROUND = 1.6  # points around a label in which nothing else is
WIDE = 6.5  # inches of a figure in which circles have their full size; in a narrow one they are smaller
SHAPES = "os^DvPX*"
LOOKS = tuple(zip(PALETTE, SHAPES, strict=True))
PALE, RIM = 6, "#666666"
OTHER = (REST, "o")
LARGER = {"^": 1.15, "v": 1.15, "D": 0.85, "s": 0.9, "P": 1.1, "X": 1.1, "*": 1.35}


def network(  # noqa: PLR0913 - all but the first two by keyword
    ax: Axes,
    graph: nx.Graph[str],
    *,
    positions: Positions,
    communities: Sequence[set[str]] | str | None = None,
    labels: int = 40,
    legend: bool = True,
    lang: Lang = "zh",
    written: Mapping[str, str] | None = None,
) -> None:
    """Draw a network: size is strength, colour and shape the community, line width the count (共现网络图).

    Shapes and shades differ, too, so that the picture can be read in grey.

    Args:
        ax: where to draw; its limits are set. Labels are placed for the size that the figure has now.
        graph: nodes, and edges with `count`; nodes without a position are left out. A large one needs `skeleton`.
        positions: from `network.layout`.
        communities: from `network.communities`, or the name of a node attribute such as "category"; the eight with most
            nodes have a colour and a shape each, the others are grey, and so is a community of which one node is drawn.
        labels: how many of the strongest nodes may have a label; one that finds no free place is left out.
        legend: whether to name the coloured communities, by their most central terms.
        lang: of what is not a term.
        written: what to write for a term, such as its translation.
    """
    nodes = [node for node in strongest(graph) if node in positions]
    with style():
        dress(ax, sides=())
        ax.set_axis_off()
        if nodes:
            groups = groups_of(graph, nodes, communities)
            named = [(name, group) for name, group in groups if isinstance(communities, str) or len(group) > 1]
            scale = min(1.0, float(ax.figure.figure.get_size_inches()[0]) / WIDE) ** 0.5
            radii = [max(SMALLEST, 0.8 * scale * radius) for radius in sizes(graph, nodes)]
            _frame(ax, [positions[node] for node in nodes])
            if legend and len(groups) > 1 and named:
                rest = word("others", lang) if len(groups) > min(len(named), len(LOOKS)) else ""
                _draw_legend(ax, [_shortened(name, written) for name, _ in named[: len(LOOKS)]], rest)
            places = _apart(ax, [positions[node] for node in nodes], radii)
            drawn = dict(zip(nodes, places, strict=True))
            lines = _draw_edges(ax, graph, drawn)
            dots = _draw_nodes(ax, nodes, drawn, radii, [group for _, group in named])
            texts = [_folded(label(node, written, most=28)) for node in nodes[:labels]]
            _draw_labels(ax, texts, places[:labels], radii[:labels], dots, lines)


def _frame(ax: Axes, places: Sequence[tuple[float, float]]) -> None:
    """Set the limits of the axes so that all nodes are within."""
    low, high = np.min(places, axis=0), np.max(places, axis=0)
    space = np.where(high > low, 0.06 * (high - low), 0.5)
    (left, bottom), (right, top) = (low - space).tolist(), (high + space).tolist()
    ax.set(xlim=(left, right), ylim=(bottom, top))


def _apart(ax: Axes, places: Sequence[tuple[float, float]], radii: Sequence[float]) -> list[tuple[float, float]]:
    """Return where nodes stand so that none covers another: two that do are moved apart, as little as need be."""
    extent(ax)  # lays out, with what the legend leaves
    points: Floats = ax.transData.transform(places) * 72 / ax.figure.figure.dpi
    points[:, 0] += 1e-3 * np.arange(len(points))  # two at one place part sideways
    least = np.add.outer(radii, radii) + APART
    np.fill_diagonal(least, 0)
    for _ in range(ROUNDS):
        way = points[:, None] - points
        far = np.hypot(way[..., 0], way[..., 1])
        short = np.maximum(least - far, 0)
        if not short.any():
            break
        points += 0.5 * (way * (short / np.maximum(far, 1e-9))[..., None]).sum(axis=1)
    moved: Floats = ax.transData.inverted().transform(points * ax.figure.figure.dpi / 72)
    return [(float(x), float(y)) for x, y in moved]


def _draw_nodes(
    ax: Axes, nodes: list[str], positions: Positions, radii: list[float], groups: Sequence[set[str]]
) -> PathCollection:
    """Draw the nodes as one collection; the shape of each is that of its group."""
    xs, ys = zip(*(positions[node] for node in nodes), strict=True)
    looks = {node: look for look, group in zip(LOOKS, groups, strict=False) for node in group}
    found = [looks.get(node, OTHER) for node in nodes]
    areas = [4 * r * r for r in radii]
    colours, edges = [colour for colour, _ in found], [_edge(colour) for colour, _ in found]
    dots = ax.scatter(xs, ys, s=areas, c=colours, edgecolors=edges, linewidths=0.7, zorder=2)
    dots.set_paths([_path(shape) for _, shape in found])
    return dots


def _edge(colour: str) -> str:
    """Return the colour of the rim of a node: a light node has a dark one."""
    return RIM if colour in PALETTE[PALE:] else "white"


def _path(shape: str) -> Outline:
    """Return the outline of a marker; those that look small are drawn larger."""
    from matplotlib.markers import MarkerStyle
    from matplotlib.transforms import Affine2D

    marker = MarkerStyle(shape)
    return marker.get_path().transformed(marker.get_transform() + Affine2D().scale(LARGER.get(shape, 1.0)))


def _draw_legend(ax: Axes, names: list[str], others: str) -> None:
    from matplotlib.lines import Line2D

    looks = [*LOOKS[: len(names)], OTHER]
    texts = [*names, *([others] if others else [])]
    keys = [
        Line2D(
            [],
            [],
            linestyle="",
            marker=shape,
            markersize=5.5 * LARGER.get(shape, 1.0),
            color=colour,
            markeredgecolor=_edge(colour),
            label=text,
        )
        for (colour, shape), text in zip(looks, texts, strict=False)
    ]
    below(ax, [str(key.get_label()) for key in keys], keys, drop=4)


def _shortened(name: str, written: Mapping[str, str] | None) -> str:
    """Return a name with as many of its terms as a legend has place for, one at least."""
    terms = [label(term, written, most=NAMED) for term in name.split("·")]
    while len(terms) > 1 and len("·".join(terms)) > NAMED:
        terms.pop()
    return "·".join(terms)


def _draw_edges(ax: Axes, graph: nx.Graph[str], positions: Positions) -> list[Line]:
    from matplotlib.collections import LineCollection

    edges = [(a, b, c) for a, b, c in graph.edges(data="count", default=1) if a in positions and b in positions]
    most = max((c for _, _, c in edges), default=1)
    lines = [(positions[a], positions[b]) for a, b, _ in edges]
    widths = [0.5 + 2.2 * c / most for _, _, c in edges]
    ax.add_collection(LineCollection(lines, linewidths=widths, colors=LINE, alpha=0.4, zorder=1))
    return lines


def _draw_labels(
    ax: Axes,
    texts: Sequence[str],
    places: Sequence[tuple[float, float]],
    radii: Sequence[float],
    dots: PathCollection,
    lines: list[Line],
) -> None:
    """Write the labels beside their nodes; where not all find a place clear of the lines, they may cross lines."""
    drawn = set(ax.get_children())
    beside = [True, False] if len(lines) <= FEW_LINES else [False]
    for clear in beside:
        for part in set(ax.get_children()) - drawn:
            part.remove()
        _allocate(ax, texts, places, radii, dots, _beside(lines) if clear else {})
        if len([part for part in ax.texts if part not in drawn]) == len(texts):
            break


def _allocate(
    ax: Axes,
    texts: Sequence[str],
    places: Sequence[tuple[float, float]],
    radii: Sequence[float],
    dots: PathCollection,
    lines: dict[str, Any],
) -> None:
    import textalloc
    from matplotlib.patheffects import withStroke

    textalloc.allocate(
        ax,
        [x for x, _ in places],
        [y for _, y in places],
        list(texts),
        scatter_plot=dots,
        **lines,
        path_effects=[withStroke(linewidth=1.6, foreground="white")],
        textsize=[max(LEAST, LARGEST * (size / radii[0]) ** 0.5) for size in radii],
        draw_all=False,
        linecolor=LINE,
        linewidth=0.5,
        margin=AROUND / extent(ax)[1],
        avoid_label_lines_overlap=True,
        min_distance=0.004,
        max_distance=0.1,
        nbr_candidates=400,
        linespacing=1.05,
        zorder=3,
    )


def _folded(label: str) -> str:
    """Return a long label in two lines, which find a place more easily; words of Latin letters are kept whole."""
    if " " in label:
        return textwrap.fill(label, 2 * LONG)
    half = -(-len(label) // 2)
    near = range(half - NEAR, half + NEAR + 1)
    apt = [i for i in near if len(label) > LONG and (label[i - 1] in CLOSING or label[i] in JOINING)]
    cut = min(apt, key=lambda i: abs(i - half), default=half + (label[half : half + 1] in tuple(ENDINGS)))
    return label if len(label) <= LONG else f"{label[:cut]}\n{label[cut:]}"


def _beside(lines: list[Line]) -> dict[str, Any]:
    """Return the lines that labels are to stand beside; among many no label would find a place."""
    return {f"{axis}_lines": [[a[i], b[i]] for a, b in lines] for i, axis in enumerate("xy")}
