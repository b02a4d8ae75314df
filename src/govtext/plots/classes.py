"""Figures of classes: themes by roles, and the strip of a document (分类图)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from govtext.plots.fonts import INK, style
from govtext.plots.picture import PALETTE, REST, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from govtext.classify import Label

LABEL_COLOURS = (*PALETTE, "#5b7f95", "#d98c5f")


def label_colours(labels: Sequence[str]) -> dict[str, str]:
    """Return the colour of each label of a taxonomy; what comes after the tenth, and `other`, is grey (类目颜色)."""
    named = [label for label in labels if label != "other"]
    return dict(zip(named, (*LABEL_COLOURS, *[REST] * len(named)), strict=False)) | {"other": REST}


def role_shares(ax: Axes, shares: pd.DataFrame, *, names: Mapping[str, str] | None = None) -> None:
    """Draw the shares of `classify.role_shares`, in per cent of the paragraphs (主题与功能矩阵).

    `names` says what to write for a label; one without a name is written as it is.
    """
    import matplotlib as mpl

    known, values = names or {}, shares.to_numpy()
    if not values.size:
        ax.set_axis_off()
        return
    with style():
        family = mpl.rcParams["font.family"]
        most = max(float(values.max(initial=0.0)), 1e-9)
        ax.imshow(values, cmap="Blues", vmin=0, vmax=1.25 * most, aspect="auto")
        themes, roles = ([shown(known.get(c, c)) for c in axis] for axis in (shares.index, shares.columns))
        ax.set_xticks(range(len(roles)), labels=roles, family=family)
        ax.set_yticks(range(len(themes)), labels=themes, family=family)
        for (y, x), value in np.ndenumerate(values):
            ink = "white" if value > most / 2 else INK
            ax.annotate(f"{100 * value:.1f}" if value else "", (x, y), ha="center", va="center", size=8, color=ink)
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)


def strip(
    ax: Axes, labels: Sequence[Label], taxonomy: Sequence[str], *, names: Mapping[str, str] | None = None
) -> None:
    """Draw a document as a strip, each paragraph in the colour of its label, as wide as it has characters (主题色带).

    `taxonomy` holds all labels in order: so a label has the same colour in every strip. `names` is for the legend.
    """
    import matplotlib as mpl
    from matplotlib.patches import Patch

    known, colours = names or {}, label_colours(taxonomy)
    if not labels:
        ax.set_axis_off()
        return
    with style():
        family = mpl.rcParams["font.family"]
        starts, widths = zip(*((x.span.start, x.span.end - x.span.start) for x in labels), strict=True)
        fills = [colours.get(label.label, REST) for label in labels]
        ax.barh([0] * len(widths), widths, left=starts, color=fills, height=1.0)
        found = [label for label in taxonomy if any(one.label == label for one in labels)]
        patches = [Patch(color=colours[label], label=shown(known.get(label, label))) for label in found]
        look = {"frameon": False, "prop": {"family": family, "size": 8}, "bbox_to_anchor": (0.5, -0.35)}
        ax.legend(handles=patches, ncols=6, loc="upper center", **look)
        ax.set(ylim=(-0.5, 0.5), yticks=[], xlim=(0, max(label.span.end for label in labels)))
        ax.spines[["top", "right", "left"]].set_visible(False)
