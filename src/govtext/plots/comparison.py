"""Figures of comparisons: attention to topics, indicators by place (比较图)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govtext.plots.axes import (
    BAR,
    below,
    below_axis,
    dress,
    fitted,
    inked,
    label,
    legend,
    narrow,
    numbers,
    row_labels,
    rows_of,
    word,
)
from govtext.plots.fonts import INK, LINE, SMALL, style
from govtext.plots.picture import PALETTE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from govtext.compare import Attention
    from govtext.indicators import Indicator
    from govtext.plots.axes import Lang

MARKERS = "osD^vPX*"
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
PALE = 6  # colours from here on are so light that a line needs an edge
SPREAD = 0.5  # of the room between two groups is taken by the marks of one


def attention(
    ax: Axes,
    rows: Sequence[Attention],
    *,
    topics: Sequence[str] | None = None,
    n: int = 8,
    lang: Lang = "zh",
    written: Mapping[str, str] | None = None,
) -> None:
    """Draw the share of sentences about topics, by group, with their intervals (关注度图).

    Years are joined by lines, from left to right; places are not, and stand one a row. Colour, shape and dashes of a
    topic differ, so that it can be read in grey.

    Args:
        ax: where to draw.
        rows: of one treatment of boilerplate, "in" or "out".
        topics: which, in order; None: the n with the largest share.
        n: how many topics at most; there are eight looks.
        lang: of what is not a topic.
        written: what to write for a topic or a place.
    """
    groups = list(dict.fromkeys(row.group for row in rows))
    most = {row.topic: max(r.share for r in rows if r.topic == row.topic) for row in rows}
    chosen = list(topics or sorted(most, key=lambda topic: (-most[topic], topic)))[: min(n, len(PALETTE))]
    years = all(isinstance(group, int) for group in groups)
    with style():
        dress(ax, sides=("left", "bottom") if years else ("bottom",))
        for place, topic in enumerate(chosen):
            found = {row.group: row for row in rows if row.topic == topic}
            aside = SPREAD * ((place + 0.5) / len(chosen) - 0.5)
            at = [i + aside for i, group in enumerate(groups) if group in found]
            own = [found[group] for group in groups if group in found]
            _errors(ax, at, own, place, label(topic, written), years=years)
        texts, size = fitted(ax, map(str, groups), written)
        _groups(ax, texts, size, years=years)
        (ax.set_ylabel(word("share", lang)) if years else below_axis(ax, word("share", lang)))
        if chosen:
            names = [label(topic, written) for topic in chosen]
            if narrow(ax) or not years:
                below(ax, names, drop=16 if years else 27)
            else:
                legend(ax, loc="center left", bbox_to_anchor=(1, 0.5))


def _errors(ax: Axes, at: list[float], rows: Sequence[Attention], place: int, name: str, *, years: bool) -> None:
    from matplotlib.patheffects import withStroke

    shares = [100 * r.share for r in rows]
    spread = [[max(100 * (r.share - r.low), 0) for r in rows], [max(100 * (r.high - r.share), 0) for r in rows]]
    look: dict[str, Any] = {
        "color": PALETTE[place],
        "marker": MARKERS[place],
        "ms": 4,
        "markeredgecolor": INK,
        "markeredgewidth": 0.4,
        "elinewidth": 0.9,
        "capsize": 1.5,
        "label": name,
        "clip_on": False,
    }
    if years:
        line = ax.errorbar(at, shares, yerr=spread, lw=1.1, ls=DASHES[place], **look)[0]
        if place >= PALE:
            line.set_path_effects([withStroke(linewidth=1.9, foreground=LINE)])
    else:
        ax.errorbar(shares, at, xerr=spread, ls="", **look)


def _groups(ax: Axes, texts: Sequence[str], size: float, *, years: bool) -> None:
    """Write the groups: years from left to right, places from top to bottom."""
    from matplotlib.ticker import NullLocator

    if years:
        fitting = max(1, -(-len(texts) * 22 // int(72 * float(ax.figure.figure.get_size_inches()[0]) * 0.6)))
        ax.set_xticks(range(0, len(texts), fitting), labels=texts[::fitting], **inked())
        ax.xaxis.set_minor_locator(NullLocator())
        ax.set_xlim(-0.5, max(len(texts), 1) - 0.5)
        numbers(ax.yaxis)
        ax.set_ylim(bottom=0)
        return
    rows_of(ax, texts, size=size)
    if not texts:
        return
    for y in range(1, len(texts)):
        ax.axhline(y - 0.5, color=LINE, lw=0.3)
    numbers(ax.xaxis)
    ax.set_xlim(left=-0.015 * ax.get_xlim()[1])  # the mark of a share of 0 does not touch the name


def indicators(
    ax: Axes,
    rows: Mapping[str, Indicator],
    *,
    reference: Mapping[str, Indicator] | None = None,
    names: tuple[str, str] = ("A", "B"),
    lang: Lang = "zh",
    written: Mapping[str, str] | None = None,
) -> None:
    """Draw one indicator by place, the largest value on top, each as it is printed in the report (指标分地区图).

    A full circle is a value, one with an arrow a bound (以上, 以内), an empty one an estimate (左右). Money is in 亿元.

    Args:
        ax: where to draw; a place takes about 4 mm.
        rows: from the place to its indicator; of one unit.
        reference: from the place to the same of another year, drawn as an empty square and joined by a line.
        names: what the two are called.
        lang: of the legend.
        written: what to write for a place or for what the indicator is called.
    """
    before = {place: one for place, one in (reference or {}).items() if place in rows}
    drawn = sorted(rows.items(), key=lambda one: (-one[1].value, one[0]))
    with style():
        dress(ax)
        for y, (place, one) in enumerate(drawn):
            if place in before:
                ax.plot([_scaled(before[place]), _scaled(one)], [y, y], color=LINE, lw=1.2, zorder=1)
        if before:
            at = [y for y, (place, _) in enumerate(drawn) if place in before]
            values = [_scaled(before[place]) for place, _ in drawn if place in before]
            ax.scatter(values, at, s=16, marker="s", facecolors="white", edgecolors=BAR, linewidths=0.9, zorder=2)
        _values(ax, [one for _, one in drawn], [before.get(place) for place, _ in drawn])
        row_labels(ax, [place for place, _ in drawn], written)
        numbers(ax.xaxis)
        if drawn:
            ax.margins(x=0.08)
            low, high = ax.get_xlim()
            ax.set_xlim(low, high + 0.16 * (high - low))  # for what is written beside the last
            ends = [min(_scaled(one), _scaled(before.get(place, one))) for place, one in drawn]
            ax.hlines(range(len(drawn)), low, ends, color=LINE, lw=0.3, zorder=0)
            below_axis(ax, _measure([one for _, one in drawn], lang, written))
        if before:
            _two(ax, names)


BOUNDS = {"lower": ">", "upper": "<"}


def _values(ax: Axes, rows: Sequence[Indicator], before: Sequence[Indicator | None]) -> None:
    for y, (one, other) in enumerate(zip(rows, before, strict=True)):
        x = _scaled(one)
        fill = "white" if one.bound == "about" else BAR
        shape = BOUNDS.get(one.bound, "o")
        ax.scatter([x], [y], s=22, marker=shape, facecolors=fill, edgecolors=BAR, linewidths=0.9, zorder=3)
        right = max(x, _scaled(other)) if other else x
        look = inked(SMALL, va="center_baseline", textcoords="offset points")
        ax.annotate(label(one.text, most=10), (right, y), (6, 0), **look)


def _scaled(one: Indicator) -> float:
    return float(one.value) / (1e8 if one.kind == "money" else 1)


def _measure(rows: Sequence[Indicator], lang: Lang, written: Mapping[str, str] | None) -> str:
    """Return what the axis is called: the name of the indicator and its unit."""
    one = rows[0]
    unit = ("亿元" if lang == "zh" else "100 million yuan") if one.kind == "money" else one.unit
    same = len({each.name for each in rows}) == 1
    name = label(one.name if same and one.name else word("value", lang), written, most=24)
    return f"{name}（{unit}）" if unit and lang == "zh" else f"{name} ({unit})" if unit else name


def _two(ax: Axes, names: tuple[str, str]) -> None:
    from matplotlib.lines import Line2D

    looks = (("o", BAR), ("s", "white"))
    keys = [
        Line2D([], [], ls="", marker=shape, ms=4.5, color=BAR, markerfacecolor=fill, label=label(name))
        for (shape, fill), name in zip(looks, names, strict=True)
    ]
    below(ax, names, keys)
