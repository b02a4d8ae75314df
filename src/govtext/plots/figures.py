"""Figures on a given matplotlib `Axes`, and as files (图形)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from govtext.errors import OptionError, OutputError
from govtext.plots.fonts import LINE, style
from govtext.plots.picture import PALETTE, REST, groups_of, shown, sizes, strongest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import networkx as nx
    from matplotlib.axes import Axes
    from matplotlib.collections import PathCollection
    from matplotlib.figure import Figure
    from matplotlib.path import Path as Outline

    from govtext.keywords import Keyword, Stability

    Positions = Mapping[str, tuple[float, float]]
    Line = tuple[tuple[float, float], tuple[float, float]]

FEW_LINES = 60
LEGEND = 28  # characters of a name in the legend
LONG = 10  # characters of a label in one line
SHAPES = "os^DvPX*"
LOOKS = tuple(zip(PALETTE, SHAPES, strict=True))
OTHER = (REST, "o")
LARGER = {"^": 1.15, "v": 1.15, "D": 0.85, "s": 0.9, "P": 1.1, "X": 1.1, "*": 1.35}
BAR = "#3d5a80"
FORMATS: dict[str, dict[str, str | None]] = {
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None},
    ".png": {},
}


def save(figure: Figure, path: str | Path) -> None:
    """Write a figure as svg, pdf or png, the same bytes each run (保存).

    Raises:
        OptionError: the suffix is none of the three.
        OutputError: the file cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise OptionError(f"no figure format {suffix!r}", where=path, remedy=f"choose from {' '.join(FORMATS)}")
    with style():
        try:
            figure.savefig(path, format=suffix[1:], metadata=FORMATS[suffix])
        except OSError as error:
            raise OutputError(f"the figure cannot be written ({error.strerror})", where=path) from error


def keywords(ax: Axes, keywords: Sequence[Keyword], *, n: int = 20) -> None:
    """Draw the first n keywords as bars, the first on top (关键词条形图)."""
    import matplotlib as mpl

    rows = list(keywords)[:n]
    with style():
        ax.barh(range(len(rows)), [k.score for k in rows], color=BAR, height=0.62)
        family = mpl.rcParams["font.family"]  # the axes were made outside this style and have the font of that time
        ax.set_yticks(range(len(rows)), labels=[shown(k.term) for k in rows], family=family)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        for y, keyword in enumerate(rows):
            ax.annotate(str(keyword.count), (keyword.score, y), (3, 0), textcoords="offset points", va="center", size=8)
        ax.set_xlabel("TF-IDF（条末数字为出现次数）", family=family)
        ax.spines[["top", "right", "left"]].set_visible(False)
        ax.tick_params(axis="y", length=0)


def rank_intervals(ax: Axes, rows: Sequence[Stability], *, n: int = 20) -> None:
    """Draw the rank of the first n keywords with its interval, the first on top (关键词位次区间图).

    The scale is logarithmic: between the first and the second rank lies as much as between the tenth and twentieth.
    """
    import matplotlib as mpl

    shown_rows = list(rows)[:n]
    with style():
        family = mpl.rcParams["font.family"]
        places = range(len(shown_rows))
        ax.hlines(places, [r.low for r in shown_rows], [r.high for r in shown_rows], color=BAR, lw=2.4, alpha=0.55)
        ax.scatter([r.rank for r in shown_rows], places, s=22, color=BAR, zorder=3)
        ax.set_xscale("log")
        ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500) if t <= max((r.high for r in shown_rows), default=1)]
        ax.set_xticks(ticks, labels=[str(t) for t in ticks], family=family)
        ax.minorticks_off()
        ax.set_yticks(places, labels=[shown(r.term) for r in shown_rows], family=family)
        ax.set_ylim(len(shown_rows) - 0.4, -0.6)
        ax.set_xlabel("位次与 95% 区间", family=family)
        ax.spines[["top", "right", "left"]].set_visible(False)
        ax.tick_params(axis="y", length=0)


def network(
    ax: Axes,
    graph: nx.Graph[str],
    *,
    positions: Positions,
    communities: Sequence[set[str]] | str | None = None,
    labels: int = 40,
    legend: bool = True,
) -> None:
    """Draw a network: size is strength, colour and shape the community, line width the count (共现网络图).

    Shapes and shades differ, too, so that the picture can be read in grey.

    Args:
        ax: where to draw; its limits are set. Labels are placed for the size that the figure has now.
        graph: nodes, and edges with `count`; nodes without a position are left out. A large one needs `skeleton`.
        positions: from `network.layout`.
        communities: from `network.communities`, or the name of a node attribute such as "category"; the eight with most
            nodes have a colour and a shape each, the others are grey.
        labels: how many of the strongest nodes may have a label; one that finds no free place is left out.
        legend: whether to name the coloured communities, by their most central terms.
    """
    nodes = [node for node in strongest(graph) if node in positions]
    with style():
        ax.set_axis_off()
        if nodes:
            named = groups_of(graph, nodes, communities)
            radii = sizes(graph, nodes)
            lines = _draw_edges(ax, graph, positions)
            dots = _draw_nodes(ax, nodes, positions, radii, [group for _, group in named])
            ax.margins(0.06)
            if legend and len(named) > 1:
                _draw_legend(ax, [name for name, _ in named])
            ax.figure.figure.draw_without_rendering()  # sets the limits and the place that the legend leaves
            _draw_labels(ax, nodes[:labels], positions, radii, dots, lines)


def _draw_nodes(
    ax: Axes, nodes: list[str], positions: Positions, radii: list[float], groups: Sequence[set[str]]
) -> PathCollection:
    """Draw the nodes as one collection; the shape of each is that of its group."""
    xs, ys = zip(*(positions[node] for node in nodes), strict=True)
    looks = {node: look for look, group in zip(LOOKS, groups, strict=False) for node in group}
    found = [looks.get(node, OTHER) for node in nodes]
    areas = [4 * r * r for r in radii]
    dots = ax.scatter(xs, ys, s=areas, c=[colour for colour, _ in found], edgecolors="white", linewidths=0.7, zorder=2)
    dots.set_paths([_path(shape) for _, shape in found])
    return dots


def _path(shape: str) -> Outline:
    """Return the outline of a marker; those that look small are drawn larger."""
    from matplotlib.markers import MarkerStyle
    from matplotlib.transforms import Affine2D

    marker = MarkerStyle(shape)
    return marker.get_path().transformed(marker.get_transform() + Affine2D().scale(LARGER.get(shape, 1.0)))


def _draw_legend(ax: Axes, names: list[str]) -> None:
    import matplotlib as mpl
    from matplotlib.lines import Line2D

    looks = [*LOOKS[: len(names)], *([OTHER] if len(names) > len(LOOKS) else [])]
    texts = [*(_shortened(name) for name in names[: len(LOOKS)]), "其他 / other"]
    keys = [
        Line2D([], [], linestyle="", marker=shape, markersize=7, color=colour, markeredgecolor="white", label=text)
        for (colour, shape), text in zip(looks, texts, strict=False)
    ]
    ax.legend(
        handles=keys,
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        ncols=2 if len(keys) < 7 else 3,
        frameon=False,
        borderpad=0.8,
        prop={"family": mpl.rcParams["font.family"], "size": 8.5},
        handletextpad=0.2,
        columnspacing=1.4,
    )


def _shortened(name: str) -> str:
    """Return a name with as many of its terms as a legend has place for, one at least."""
    terms = name.split("·")
    while len(terms) > 1 and len("·".join(terms)) > LEGEND:
        terms.pop()
    return shown("·".join(terms), most=LEGEND)


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
    nodes: list[str],
    positions: Positions,
    radii: list[float],
    dots: PathCollection,
    lines: list[Line],
) -> None:
    import textalloc
    from matplotlib.patheffects import withStroke

    xs, ys = ([positions[node][i] for node in nodes] for i in (0, 1))
    textalloc.allocate(
        ax,
        xs,
        ys,
        [_folded(shown(node, most=28)) for node in nodes],
        scatter_plot=dots,
        **(_beside(lines) if len(lines) <= FEW_LINES else {}),
        path_effects=[withStroke(linewidth=2, foreground="white")],
        textsize=[max(7.0, 11 * (size / radii[0]) ** 0.5) for size in radii[: len(nodes)]],
        draw_all=False,
        linecolor=LINE,
        linewidth=0.5,
        margin=0.003,
        min_distance=0.004,
        max_distance=0.1,
        nbr_candidates=400,
        linespacing=1.05,
        zorder=3,
    )


def _folded(label: str) -> str:
    """Return a long label in two lines, which find a place more easily."""
    half = -(-len(label) // 2)
    return label if len(label) <= LONG else f"{label[:half]}\n{label[half:]}"


def _beside(lines: list[Line]) -> dict[str, Any]:
    """Return the lines that labels are to stand beside; among many no label would find a place."""
    return {f"{axis}_lines": [[a[i], b[i]] for a, b in lines] for i, axis in enumerate("xy")}
