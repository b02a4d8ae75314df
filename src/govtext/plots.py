"""Figures on a given matplotlib `Axes`, and what a drawing needs: fonts, colours, places of labels (图形)."""

from __future__ import annotations

import io
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from govtext.errors import OptionError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import networkx as nx
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from govtext.keywords import Keyword

    Positions = Mapping[str, tuple[float, float]]

# From dark to light, so that neighbours in this order differ in grey, too (after Tol 2021, "muted").
PALETTE = ("#332288", "#882255", "#117733", "#cc6677", "#44aa99", "#999933", "#88ccee", "#ddcc77")
REST = "#b8b8b8"  # every further community
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
        OptionError: there is none.
    """
    try:
        import pylopdf_fonts_zh_cn  # noqa: PLC0415 - needed for figures only

        packaged = Path(pylopdf_fonts_zh_cn.sans_path())
    except ImportError:
        packaged = Path()
    if packaged.is_file():
        return packaged
    return _system_font()


def _system_font() -> Path:
    from matplotlib.font_manager import fontManager  # noqa: PLC0415 - slow to import

    installed = {font.name: font.fname for font in reversed(fontManager.ttflist)}
    for name in SYSTEM_FONTS:
        if name in installed:
            return Path(installed[name])
    raise OptionError(
        "there is no font with Chinese characters",
        remedy="pip install pylopdf-fonts-zh-cn, or leave the figures out",
    )


@contextmanager
def style() -> Iterator[None]:
    """Within this context figures show Chinese and have the same bytes each run; rcParams are as before after it (样式).

    >>> import matplotlib
    >>> with style():
    ...     matplotlib.rcParams["svg.hashsalt"]
    'govtext'
    """
    import matplotlib as mpl  # noqa: PLC0415 - slow to import

    with mpl.rc_context(_settings(_family(chinese_font()))):
        yield


@lru_cache(maxsize=4)
def _family(path: Path) -> str:
    """Make a font file known to matplotlib and return the name of its family."""
    from matplotlib.font_manager import FontProperties, fontManager  # noqa: PLC0415 - slow to import

    fontManager.addfont(path)
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
    }


def web_font(characters: str) -> bytes:
    """Return the Chinese font reduced to some characters, as WOFF (网页字体子集).

    Characters that the font lacks are left out.
    """
    from fontTools import subset  # noqa: PLC0415 - slow to import

    options = subset.Options()
    options.flavor = "woff"  # woff2 needs brotli, which nothing else here needs
    options.layout_features, options.name_IDs = [], []
    options.hinting = options.notdef_outline = False
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
    rows = list(keywords)[:n]
    with style():
        ax.barh(range(len(rows)), [k.score for k in rows], color=BAR, height=0.62)
        ax.set_yticks(range(len(rows)), labels=[shown(k.term) for k in rows])
        ax.set_ylim(len(rows) - 0.4, -0.6)
        for y, keyword in enumerate(rows):
            ax.annotate(
                str(keyword.count), (keyword.score, y), (3, 0), textcoords="offset points", va="center", size=8
            )
        ax.set_xlabel("TF-IDF（条末数字为出现次数）")
        ax.spines[["top", "right", "left"]].set_visible(False)
        ax.tick_params(axis="y", length=0)


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
        graph: nodes, and edges with `count`; nodes without a position are left out. For a large graph draw its `backbone`.
        positions: from `network.layout`.
        communities: from `network.communities`; the first eight have a colour each, the others are grey.
        labels: how many of the strongest nodes may have a label; one that finds no free place is left out.
    """
    nodes = [node for node in strongest(graph) if node in positions]
    with style():
        ax.set_axis_off()
        if nodes:
            sizes = _sizes(graph, nodes)
            _draw_edges(ax, graph, positions)
            colours = colour_of(communities or [])
            xs, ys = zip(*(positions[node] for node in nodes), strict=True)
            areas = [4 * r * r for r in sizes]
            fills = [colours.get(node, REST) for node in nodes]
            dots = ax.scatter(xs, ys, s=areas, c=fills, edgecolors="white", linewidths=0.7, zorder=2)
            ax.margins(0.08)
            _draw_labels(ax, nodes[:labels], positions, sizes, dots)


def _draw_edges(ax: Axes, graph: nx.Graph[str], positions: Positions) -> None:
    from matplotlib.collections import LineCollection  # noqa: PLC0415 - slow to import

    edges = [(a, b, c) for a, b, c in graph.edges(data="count", default=1) if a in positions and b in positions]
    most = max((c for _, _, c in edges), default=1)
    lines = [(positions[a], positions[b]) for a, b, _ in edges]
    ax.add_collection(
        LineCollection(lines, linewidths=[0.4 + 3 * c / most for _, _, c in edges], colors=LINE, alpha=0.45, zorder=1)
    )


def _draw_labels(ax: Axes, nodes: list[str], positions: Positions, sizes: list[float], dots: object) -> None:
    import textalloc  # noqa: PLC0415 - slow to import

    xs, ys = ([positions[node][i] for node in nodes] for i in (0, 1))
    textalloc.allocate(
        ax,
        xs,
        ys,
        [shown(node) for node in nodes],
        scatter_plot=dots,
        textsize=[max(7.0, 11 * (size / sizes[0]) ** 0.5) for size in sizes[: len(nodes)]],
        draw_all=False,
        linecolor=LINE,
        linewidth=0.5,
        margin=0.002,
        min_distance=0.004,
        max_distance=0.06,
        zorder=3,
    )


# --- what drawings on paper and on the page share -------------------------------------------------------------------


def shown(term: str, *, most: int = 16) -> str:
    """Return a term as a label: what cannot be printed replaced, a long one cut."""
    clean = "".join(c if c.isprintable() else "\ufffd" for c in term)
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def strongest(graph: nx.Graph[str]) -> list[str]:
    """Return the nodes by falling strength, ties in code point order."""
    strength = dict(graph.degree(weight="count"))
    return sorted(graph, key=lambda node: (-strength[node], node))


def colour_of(communities: Sequence[set[str]]) -> dict[str, str]:
    """Return the colour of each node: one for each of the first communities, grey for the others."""
    colours = (*PALETTE, *[REST] * len(communities))
    return {node: colour for group, colour in zip(communities, colours, strict=False) for node in group}


def _sizes(graph: nx.Graph[str], nodes: list[str]) -> list[float]:
    """Return a radius in points for each node; areas are in proportion to the strength."""
    strength = dict(graph.degree(weight="count"))
    most = max(strength[node] for node in nodes) or 1
    return [max(1.6, 9 * (strength[node] / most) ** 0.5) for node in nodes]
