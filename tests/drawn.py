"""What can be wrong with a drawn figure: a text that is cut, small, or under another; a dot or a leader over one."""

from itertools import combinations

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.text import Text


def texts_of(figure):
    """The texts that are seen, each with its box."""
    figure.draw_without_rendering()
    hidden = set()
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = [
                tick.label1 for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high or not ax.axison
            ]
            hidden |= {id(text) for text in ticks}
    found = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip() and id(t) not in hidden]
    return [(text, text.get_window_extent()) for text in found]


def faults(figure):
    """What is wrong with the texts of a figure, and with the dots and leaders of its networks."""
    found, page = texts_of(figure), figure.bbox
    out = [
        ("cut", text.get_text())
        for text, box in found
        if min(box.x0 - page.x0, page.x1 - box.x1, box.y0 - page.y0, page.y1 - box.y1) < -0.5
    ]
    out += [("small", text.get_text()) for text, _ in found if text.get_fontsize() < 6.5]
    for (one, a), (two, b) in combinations(found, 2):
        across, down = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        if across > 1 and down > 0.15 * min(a.height, b.height):
            out.append(("under another", one.get_text(), two.get_text()))
    return out + [fault for ax in figure.axes if not ax.axison for fault in _of_network(ax)]


def _of_network(ax):
    labels = [(text, text.get_window_extent()) for text in ax.texts if text.get_text()]
    points = ax.figure.dpi / 72
    for dots in ax.collections:
        if isinstance(dots, PathCollection):
            places = ax.transData.transform(dots.get_offsets())
            radii = np.sqrt(dots.get_sizes()) / 2 * points
            for (a, r), (b, s) in combinations(zip(places, radii, strict=True), 2):
                if np.hypot(*(a - b)) < r + s:
                    yield ("a dot over another", tuple(a), tuple(b))
    for line in ax.lines:
        ends = ax.transData.transform(line.get_xydata())
        along = ends[0] + np.linspace(0, 1, 50)[:, None] * (ends[1] - ends[0])
        near = [np.hypot(*(np.clip(ends[0], box.min, box.max) - ends[0])) for _, box in labels]
        for at, (text, box) in enumerate(labels):
            if at != int(np.argmin(near)) and ((along > box.min + 1) & (along < box.max - 1)).all(axis=1).any():
                yield ("a leader over a label", text.get_text())
