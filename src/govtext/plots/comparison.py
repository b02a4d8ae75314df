"""Figures of comparisons: terms of two texts, attention to topics (比较图)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govtext.plots.fonts import INK, LINE, style
from govtext.plots.picture import PALETTE, REST, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from govtext.compare import Attention, TermChange

BAR = "#3d5a80"


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
