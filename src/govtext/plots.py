"""Figures on a given matplotlib `Axes`, and what a drawing needs: fonts, colours, places of labels (图形)."""

from __future__ import annotations

import io
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from govtext.errors import FontError, OptionError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import networkx as nx
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from govtext.compare import Attention, TermChange
    from govtext.keywords import Keyword, Stability

    Floats = NDArray[np.float64]
    Positions = Mapping[str, tuple[float, float]]
    Line = tuple[tuple[float, float], tuple[float, float]]

# Eight hues that colour-blind people can tell apart (after Tol 2021, "muted"), from dark to light in steps of grey.
PALETTE = ("#2a1a70", "#882255", "#1f8a45", "#c0556a", "#4fb3a2", "#bdb24a", "#8fd0f0", "#e8dc9c")
REST = "#b0b0b0"  # every further community
FEW_LINES = 60
INK, LINE, BAR = "#222222", "#9a9a9a", "#3d5a80"
# Families of common systems, tried when the font of the package is missing.
SYSTEM_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
    "Arial Unicode MS",
)
FORMATS: dict[str, dict[str, str | None]] = {
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None},
    ".png": {},
}


# --- fonts ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def chinese_font() -> Path:
    """Return the file of a font with Chinese characters: the packaged one, else one of the system (中文字体).

    Raises:
        FontError: there is none.
    """
    try:
        import pylopdf_fonts_zh_cn

        packaged = Path(pylopdf_fonts_zh_cn.sans_path())
    except ImportError:
        packaged = Path()
    if packaged.is_file():
        return packaged
    return _system_font()


def _system_font() -> Path:
    from matplotlib.font_manager import fontManager

    installed = {font.name: font.fname for font in reversed(fontManager.ttflist)}
    for name in SYSTEM_FONTS:
        if name in installed:
            return Path(installed[name])
    raise FontError(
        "there is no font with Chinese characters",
        remedy="pip install pylopdf-fonts-zh-cn, or leave the figures out",
    )


@contextmanager
def style() -> Iterator[None]:
    """Make figures show Chinese, with the same bytes each run, within a `with` block (样式).

    It begins with the defaults of matplotlib, so that no matplotlibrc changes it. After it rcParams are as they were.

    >>> import matplotlib
    >>> with style():
    ...     matplotlib.rcParams["svg.hashsalt"]
    'govtext'
    """
    import matplotlib as mpl
    import matplotlib.style

    settings = _settings(_family(chinese_font()))
    if "text.language" in mpl.rcParams:  # else the shapes of glyphs follow the locale
        settings["text.language"] = "zh-Hans"
    # Unlike rcdefaults, the default style leaves the backend alone.
    with mpl.style.context("default"), mpl.rc_context(settings):  # type: ignore[arg-type] # keys are literals since 3.11
        yield


@lru_cache(maxsize=4)
def _family(path: Path) -> str:
    """Make a font file known to matplotlib and return the name of its family."""
    from matplotlib.font_manager import FontProperties, fontManager

    known = len(fontManager.ttflist)
    fontManager.addfont(path)
    # To the front, so that another release of the same font among those of the system does not win.
    fontManager.ttflist[:] = fontManager.ttflist[known:] + fontManager.ttflist[:known]
    return str(FontProperties(fname=path).get_name())


def _settings(family: str) -> dict[str, Any]:
    return {
        "font.family": [family, "DejaVu Sans"],
        "axes.unicode_minus": False,
        "axes.edgecolor": LINE,
        "axes.labelcolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "text.color": INK,
        "svg.hashsalt": "govtext",
        "svg.fonttype": "path",
        "text.parse_math": False,  # a term may hold dollar signs
    }


def web_font(characters: str) -> bytes:
    """Return the Chinese font reduced to some characters, as WOFF (网页字体子集).

    Characters that the font lacks are left out.
    """
    from fontTools import subset

    options = subset.Options()
    options.flavor = "woff"  # woff2 needs brotli, which nothing else here needs
    options.layout_features, options.name_IDs = [], []
    options.hinting = options.notdef_outline = False
    options.desubroutinize = True  # a little smaller after compression
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
    out = io.BytesIO()
    with subset.load_font(str(chinese_font()), options, lazy=True) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[ord(c) for c in set(characters)])
        subsetter.subset(font)
        subset.save_font(font, out, options)
    return out.getvalue()


# --- figures --------------------------------------------------------------------------------------------------------


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


def term_changes(ax: Axes, rows: Sequence[TermChange], *, n: int = 20, names: tuple[str, str] = ("A", "B")) -> None:
    """Draw the first n terms with their frequency in the target and in the reference, joined by a line (术语变化图).

    Args:
        ax: where to draw.
        rows: in the order they are drawn, the first on top; such as the first and the last of `compare.term_changes`.
        n: how many.
        names: what target and reference are called.
    """
    import matplotlib as mpl

    drawn = list(rows)[:n]
    with style():
        family = mpl.rcParams["font.family"]
        places = range(len(drawn))
        ax.hlines(places, [min(r.a, r.b) for r in drawn], [max(r.a, r.b) for r in drawn], color=LINE, lw=1.6)
        for values, colour, name in zip(([r.a for r in drawn], [r.b for r in drawn]), (BAR, REST), names, strict=True):
            ax.scatter(values, places, s=34, color=colour, edgecolors=INK, linewidths=0.5, zorder=3, label=shown(name))
        ax.set_yticks(places, labels=[shown(r.term) for r in drawn], family=family)
        ax.set_ylim(len(drawn) - 0.4, -0.6)
        ax.set_xlabel("每万词次数", family=family)
        if drawn:
            ax.legend(frameon=False, prop={"family": family})
        ax.spines[["top", "right", "left"]].set_visible(False)
        ax.tick_params(axis="y", length=0)


def attention(ax: Axes, rows: Sequence[Attention], *, topics: Sequence[str] | None = None, n: int = 8) -> None:
    """Draw the share of sentences about topics, by group, with their intervals (关注度图).

    Args:
        ax: where to draw.
        rows: of one treatment of boilerplate, "in" or "out".
        topics: which, in order; None: the n with the largest share.
        n: how many topics at most; there are eight colours.
    """
    import matplotlib as mpl

    groups = list(dict.fromkeys(row.group for row in rows))
    most = {row.topic: max(r.share for r in rows if r.topic == row.topic) for row in rows}
    chosen = list(topics or sorted(most, key=lambda topic: (-most[topic], topic)))[: min(n, len(PALETTE))]
    with style():
        family = mpl.rcParams["font.family"]
        for number, topic in enumerate(chosen):
            found = {row.group: row for row in rows if row.topic == topic}
            places = [i + 0.06 * (number - len(chosen) / 2) for i, group in enumerate(groups) if group in found]
            own = [found[group] for group in groups if group in found]
            spread = [[100 * (r.share - r.low) for r in own], [100 * (r.high - r.share) for r in own]]
            shares, colour = [100 * r.share for r in own], PALETTE[number]
            ax.errorbar(
                places, shares, yerr=spread, color=colour, marker="o", ms=4, lw=1.4, capsize=2, label=shown(topic)
            )
        ax.set_xticks(range(len(groups)), labels=[shown(str(group)) for group in groups], family=family)
        ax.set_ylabel("句子占比（%）与 95% 区间", family=family)
        if chosen:
            ax.legend(frameon=False, prop={"family": family}, loc="center left", bbox_to_anchor=(1, 0.5))
        ax.spines[["top", "right"]].set_visible(False)


def network(
    ax: Axes,
    graph: nx.Graph[str],
    *,
    positions: Positions,
    communities: Sequence[set[str]] | None = None,
    labels: int = 40,
) -> None:
    """Draw a network: size is strength, colour the community, line width the count (共现网络图).

    Args:
        ax: where to draw.
        graph: nodes, and edges with `count`; nodes without a position are left out. A large one needs `skeleton`.
        positions: from `network.layout`.
        communities: from `network.communities`; the first eight have a colour each, the others are grey.
        labels: how many of the strongest nodes may have a label; one that finds no free place is left out.
    """
    nodes = [node for node in strongest(graph) if node in positions]
    with style():
        ax.set_axis_off()
        if nodes:
            sizes = _sizes(graph, nodes)
            lines = _draw_edges(ax, graph, positions)
            colours = colour_of(nodes, communities or [])
            xs, ys = zip(*(positions[node] for node in nodes), strict=True)
            areas = [4 * r * r for r in sizes]
            fills = [colours.get(node, REST) for node in nodes]
            dots = ax.scatter(xs, ys, s=areas, c=fills, edgecolors="white", linewidths=0.7, zorder=2)
            ax.margins(0.08)
            _draw_labels(ax, nodes[:labels], positions, sizes, dots, lines)


def _draw_edges(ax: Axes, graph: nx.Graph[str], positions: Positions) -> list[Line]:
    from matplotlib.collections import LineCollection

    edges = [(a, b, c) for a, b, c in graph.edges(data="count", default=1) if a in positions and b in positions]
    most = max((c for _, _, c in edges), default=1)
    lines = [(positions[a], positions[b]) for a, b, _ in edges]
    ax.add_collection(
        LineCollection(lines, linewidths=[0.4 + 3 * c / most for _, _, c in edges], colors=LINE, alpha=0.45, zorder=1)
    )
    return lines


def _draw_labels(
    ax: Axes,
    nodes: list[str],
    positions: Positions,
    sizes: list[float],
    dots: object,
    lines: list[Line],
) -> None:
    import textalloc
    from matplotlib.patheffects import withStroke

    xs, ys = ([positions[node][i] for node in nodes] for i in (0, 1))
    textalloc.allocate(
        ax,
        xs,
        ys,
        [shown(node) for node in nodes],
        scatter_plot=dots,
        **(_beside(lines) if len(lines) <= FEW_LINES else {}),
        path_effects=[withStroke(linewidth=2, foreground="white")],
        textsize=[max(7.0, 11 * (size / sizes[0]) ** 0.5) for size in sizes[: len(nodes)]],
        draw_all=False,
        linecolor=LINE,
        linewidth=0.5,
        margin=0.002,
        min_distance=0.004,
        max_distance=0.06,
        zorder=3,
    )


def _beside(lines: list[Line]) -> dict[str, Any]:
    """Return the lines that labels are to stand beside; among many no label would find a place."""
    return {f"{axis}_lines": [[a[i], b[i]] for a, b in lines] for i, axis in enumerate("xy")}


# --- what drawings on paper and on the page share -------------------------------------------------------------------


def shown(term: str, *, most: int = 16) -> str:
    """Return a term as a label: what cannot be printed replaced, a long one cut."""
    clean = "".join(c if c.isprintable() else "\ufffd" for c in term)
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def strongest(graph: nx.Graph[str]) -> list[str]:
    """Return the nodes by falling strength, ties in code point order."""
    strength = dict(graph.degree(weight="count"))
    return sorted(graph, key=lambda node: (-strength[node], node))


def colour_of(nodes: Iterable[str], communities: Sequence[set[str]]) -> dict[str, str]:
    """Return the colour of each node: one for each of the eight communities with most of the nodes, else grey."""
    nodes = set(nodes)
    groups = sorted((sorted(group & nodes) for group in communities), key=lambda group: (-len(group), group))
    colours = (*PALETTE, *[REST] * len(groups))
    found = {node: colour for group, colour in zip(groups, colours, strict=False) for node in group}
    return {node: found.get(node, REST) for node in sorted(nodes)}


def skeleton(graph: nx.Graph[str], *, nodes: int = 80, edges: int = 160) -> nx.Graph[str]:
    """Return the part of a large graph that a drawing can show (骨架).

    These are the strongest nodes, the maximum spanning forest over their edges (Kruskal 1956), so that what hangs
    together stays so, and their strongest further edges. Nodes without an edge among them are left out.
    """
    import networkx as nx

    kept = set(strongest(graph)[:nodes])
    found = [(*sorted((a, b)), data) for a, b, data in graph.edges(kept, data=True) if a in kept and b in kept]
    found.sort(key=lambda edge: (-edge[2]["count"], edge[0], edge[1]))
    joined = nx.utils.UnionFind(kept)
    tree: list[tuple[str, str, dict[str, Any]]] = []
    rest: list[tuple[str, str, dict[str, Any]]] = []
    for a, b, data in found:
        (tree if joined[a] != joined[b] else rest).append((a, b, data))
        joined.union(a, b)
    out: nx.Graph[str] = nx.Graph()
    chosen = [*tree, *rest[: max(0, edges - len(tree))]]
    out.add_nodes_from((node, graph.nodes[node]) for node in sorted({n for edge in chosen for n in edge[:2]}))
    out.add_edges_from(chosen)
    return out


def _sizes(graph: nx.Graph[str], nodes: list[str]) -> list[float]:
    """Return a radius in points for each node; areas are in proportion to the strength."""
    strength = dict(graph.degree(weight="count"))
    most = max(strength[node] for node in nodes) or 1
    return [max(1.6, 9 * (strength[node] / most) ** 0.5) for node in nodes]


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
    radii = [1.5 * size for size in _sizes(graph, nodes)]
    places = [(90 + x * (width - 180), 40 + (1 - y) * (height - 80)) for x, y in (positions[n] for n in nodes)]
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
    labels: list[Box] = []
    out = []
    for i, (node, (x, y), r) in enumerate(zip(nodes, places, radii, strict=True)):
        text, size = shown(node), round(10 + 5 * r / radii[0], 1)
        choices = _choices(x, y, r, _width(text) * size, size)
        costs = [_cost(box, labels, np.delete(dots, i, 0), lines, canvas) for _, box in choices]
        (at_x, at_y, anchor), box = choices[costs.index(min(costs))]
        fits = min(costs) < (BLOCKED if i < 12 else COVERS)
        if fits:
            labels.append(box)
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


def _cost(box: Box, labels: list[Box], dots: Floats, lines: Floats, canvas: tuple[int, int]) -> float:
    """Return how bad a place for a label is."""
    left, top, right, bottom = box
    outside = left < 0 or top < 0 or right > canvas[0] or bottom > canvas[1]
    if outside or _overlaps(box, np.array(labels).reshape(-1, 4)):
        return BLOCKED
    return COVERS * _overlaps(box, dots) + _crossing(box, lines)


def _overlaps(box: Box, boxes: Floats) -> int:
    """Count the boxes that a box overlaps."""
    left, top, right, bottom = boxes.T
    return int(((left < box[2]) & (box[0] < right) & (top < box[3]) & (box[1] < bottom)).sum())


def _crossing(box: Box, lines: Floats) -> int:
    """Count the lines (x, y, x, y; float[n, 4]) that run through a box (Liang & Barsky 1984)."""
    starts, steps = lines[:, :2], lines[:, 2:] - lines[:, :2]
    steps = np.where(steps == 0, 1e-9, steps)
    first, last = (np.array(corner) - starts for corner in (box[:2], box[2:]))
    enter = np.minimum(first / steps, last / steps).max(axis=1)
    leave = np.maximum(first / steps, last / steps).min(axis=1)
    return int((np.maximum(enter, 0) <= np.minimum(leave, 1)).sum())
