"""Figures of classes: themes by roles, and the strip of a document (分类图)."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from govtext.plots.axes import below_axis, dress, extent, inked, label, number, numbers, room, rows_of, word
from govtext.plots.fonts import INK, LINE, SMALL, style
from govtext.plots.picture import PALETTE, REST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from govtext.classify import Label
    from govtext.plots.axes import Lang

LABEL_COLOURS = (*PALETTE, "#5b7f95", "#d98c5f")


def label_colours(labels: Sequence[str]) -> dict[str, str]:
    """Return the colour of each label of a taxonomy; what comes after the tenth, and `other`, is grey (类目颜色)."""
    named = [label for label in labels if label != "other"]
    return dict(zip(named, (*LABEL_COLOURS, *[REST] * len(named)), strict=False)) | {"other": REST}


def role_shares(
    ax: Axes, shares: pd.DataFrame, *, names: Mapping[str, str] | None = None, themes: bool = True, lang: Lang = "zh"
) -> None:
    """Draw the shares of `classify.role_shares`, in per cent of the paragraphs (主题与功能矩阵).

    Args:
        ax: where to draw.
        shares: themes in rows, roles in columns.
        names: what to write for a label; one without a name is written as it is.
        themes: whether to name the rows; a figure beside it may have done so.
        lang: of what is not a name.
    """
    values = shares.to_numpy()
    if not values.size:
        ax.set_axis_off()
        return
    with style():
        dress(ax, sides=())
        most = max(float(values.max(initial=0.0)), 1e-9)
        # Cells are drawn one by one: an image would be a picture of dots in a file of lines.
        ax.pcolormesh(values, cmap="Blues", vmin=0, vmax=1.25 * most, edgecolors="white", linewidth=0.8)
        ax.invert_yaxis()
        rows = [label(c, names) if themes else "" for c in shares.index]
        ax.set_yticks(np.arange(len(rows)) + 0.5, labels=rows, **inked())
        ax.set_xticks([])
        fold = max(2, int(extent(ax)[1] / len(shares.columns) / SMALL - 0.1))
        roles = [_folded(label(c, names), fold) for c in shares.columns]
        apart = 1.3 if any("\n" in role and not role.isascii() for role in roles) else 1.2
        ax.set_xticks(np.arange(len(roles)) + 0.5, labels=roles, linespacing=apart, **inked(SMALL))
        for (y, x), value in np.ndenumerate(values):
            look = inked(SMALL, ha="center", va="center_baseline")
            look["color"] = "white" if value > 0.78 * most else INK
            ax.annotate(f"{100 * value:.1f}" if value else "", (x + 0.5, y + 0.5), **look)
        ax.tick_params(length=0)
        below_axis(ax, word("paragraphs", lang))


def _folded(name: str, most: int) -> str:
    """Return a name in lines of so many Chinese characters, all about as long; a Latin word is kept whole."""
    latin = room(name) < len(name)
    wide = int(most / 0.55) if latin else -(-len(name) // -(-len(name) // most))
    return "\n".join(textwrap.wrap(name, wide, break_long_words=not latin))


def strip(
    ax: Axes,
    labels: Sequence[Label],
    taxonomy: Sequence[str],
    *,
    names: Mapping[str, str] | None = None,
    headings: Mapping[int, str] | None = None,
    lang: Lang = "zh",
) -> None:
    """Draw a document as a strip, each paragraph in the colour of its label, as wide as it has characters (主题色带).

    Below the strip each label has a line of its own, with the same paragraphs: so it can be read in grey.

    Args:
        ax: where to draw; a label takes about 4 mm.
        labels: of the paragraphs.
        taxonomy: all labels in order: so a label has the same colour in every strip.
        names: what to write for a label.
        headings: from where a section begins to what stands above it, such as its number.
        lang: of what is not a name.
    """
    if not labels:
        ax.set_axis_off()
        return
    from matplotlib.ticker import FuncFormatter

    colours = label_colours(taxonomy)
    found = [one for one in taxonomy if any(each.label == one for each in labels)]
    with style():
        dress(ax)
        starts, widths = zip(*((x.span.start, x.span.end - x.span.start) for x in labels), strict=True)
        fills = [colours.get(each.label, REST) for each in labels]
        rows = [found.index(each.label) + 1 if each.label in found else -1 for each in labels]
        ax.barh([0] * len(widths), widths, left=starts, color=fills, height=0.9, linewidth=0)
        own = [i for i, row in enumerate(rows) if row > 0]
        places, lefts = [rows[i] for i in own], [starts[i] for i in own]
        ax.barh(places, [widths[i] for i in own], left=lefts, color=[fills[i] for i in own], height=0.7, linewidth=0)
        ax.hlines(range(1, len(found) + 1), 0, labels[-1].span.end, color=LINE, lw=0.3, zorder=0)
        rows_of(ax, [word("all", lang), *(label(one, names) for one in found)])
        end = max(each.span.end for each in labels)
        _sections(ax, headings or {}, end)
        numbers(ax.xaxis, most=8)
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value / 1000)))
        ax.set_xlim(0, end)
        below_axis(ax, word("characters", lang))


def _sections(ax: Axes, headings: Mapping[int, str], end: int) -> None:
    """Draw where sections begin; a name that has no room after the one before it is left out."""
    look = inked(SMALL, ha="left", va="bottom", xycoords=("data", "axes fraction"), textcoords="offset points")
    points = extent(ax)[1]
    free = 0.0
    for start, heading in sorted(headings.items()):
        ax.axvline(start, color=INK, lw=0.4, ls=(0, (2, 2)))
        name = label(heading, most=12)
        width = (room(name) + 0.3) * SMALL * end / points
        if free <= start <= end - width:
            ax.annotate(name, (start, 1), (1, 1), **look)
            free = start + width
