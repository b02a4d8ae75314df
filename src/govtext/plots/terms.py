"""Figures of terms: keywords, their ranks with intervals, keyness, changes of rank and frequency (词语图)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govtext.plots.axes import (
    BAR,
    WARM,
    below,
    below_axis,
    dress,
    extent,
    fitted,
    inked,
    label,
    narrow,
    numbers,
    place_of,
    room,
    row_labels,
    rows_of,
    word,
)
from govtext.plots.fonts import INK, LINE, SIZE, SMALL, style
from govtext.plots.picture import REST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from govtext.compare import TermChange
    from govtext.counts import RankChange
    from govtext.keywords import Keyness, Keyword, Stability
    from govtext.plots.axes import Lang

    Written = Mapping[str, str] | None
    Names = tuple[str, str]
    Slope = tuple[int, int, str]

SURE = 0.05  # q below it
COLUMN = (0.34, 0.4)  # of a figure of ranks is for each column of terms: at the least, at the most
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def keywords(ax: Axes, keywords: Sequence[Keyword], *, n: int = 20, lang: Lang = "zh", written: Written = None) -> None:
    """Draw the first n keywords as bars, the first on top, each with its count (关键词条形图).

    Args:
        ax: where to draw.
        keywords: of one document or section.
        n: how many.
        lang: of what is not a term.
        written: what to write for a term, such as its translation.
    """
    rows = list(keywords)[:n]
    with style():
        dress(ax)
        ax.barh(range(len(rows)), [k.score for k in rows], color=BAR, height=0.62)
        row_labels(ax, [k.term for k in rows], written)
        for y, keyword in enumerate(rows):
            _beside(ax, keyword.score, y, str(keyword.count))
        numbers(ax.xaxis)
        ax.set_xlim(0, 1.1 * max((k.score for k in rows), default=1) or 1)
        below_axis(ax, word("tfidf", lang))


def _beside(ax: Axes, x: float, y: float, text: str, *, left: bool = False) -> None:
    look = inked(SMALL, va="center_baseline", ha="right" if left else "left")
    ax.annotate(text, (x, y), (-3 if left else 3, 0), textcoords="offset points", **look)


def rank_intervals(
    ax: Axes, rows: Sequence[Stability], *, n: int = 20, lang: Lang = "zh", written: Written = None
) -> None:
    """Draw the rank of the first n keywords with its interval, the first on top (关键词位次区间图).

    The scale is logarithmic: between the first and the second rank lies as much as between the tenth and twentieth.
    `written` says what to write for a term, such as its translation.
    """
    drawn = list(rows)[:n]
    with style():
        dress(ax)
        _intervals(ax, drawn, range(len(drawn)))
        row_labels(ax, [r.term for r in drawn], written)
        below_axis(ax, word("rank", lang))


def section_keywords(
    ax: Axes,
    sections: Mapping[str, Sequence[Stability]],
    *,
    n: int = 5,
    lang: Lang = "zh",
    written: Written = None,
) -> None:
    """Draw the rank of the first n keywords of each section with its interval, section by section (分节关键词图).

    Args:
        ax: where to draw; a row takes about 4.2 mm.
        sections: from what a section is called to the rows of `keywords.stability` of its tokens.
        n: how many of each.
        lang: of what is not a term.
        written: what to write for a term, such as its translation.
    """
    rows = [row for some in sections.values() for row in (None, *list(some)[:n])]  # None is a heading
    drawn = [(y, row) for y, row in enumerate(rows) if row is not None]
    texts, size = fitted(ax, ["" if row is None else row.term for row in rows], written)
    with style():
        dress(ax)
        _intervals(ax, [row for _, row in drawn], [y for y, _ in drawn])
        rows_of(ax, texts, size=size)
        _headings(ax, [y for y, row in enumerate(rows) if row is None], list(sections))
        below_axis(ax, word("rank", lang))


def _headings(ax: Axes, places: Sequence[int], names: Sequence[str]) -> None:
    """Write what each group of rows is called above it, on a line through the figure."""
    small = narrow(ax)  # there a heading may begin left of the axes
    points = (place_of(ax) if small else extent(ax)[1]) - 12
    look = inked(va="center_baseline", ha="right" if small else "left", textcoords="offset points")
    for y, name in zip(places, names, strict=True):
        if y:
            ax.axhline(y - 0.5, color=LINE, lw=0.4)
        place = (1, y) if small else (0, y)
        look["size"] = SIZE if room(name) * SIZE <= points else SMALL
        ax.annotate(
            label(name, most=points / look["size"]),
            place,
            (2 - 4 * small, 0),
            xycoords=("axes fraction", "data"),
            **look,
        )


def _intervals(ax: Axes, rows: Sequence[Stability], places: Sequence[int] | range) -> None:
    from matplotlib.ticker import NullLocator

    ax.hlines(places, [r.low for r in rows], [r.high for r in rows], color=BAR, lw=2.2, alpha=0.45)
    ax.scatter([r.rank for r in rows], places, s=14, color=BAR, zorder=3, linewidths=0)
    most = max((r.high for r in rows), default=1)
    ax.set_xscale("log")
    ticks = [t for t in TICKS if t <= most] or [1]
    ax.set_xticks(ticks, labels=[str(t) for t in ticks])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlim(0.85, max(1.25 * most, 2))


def keyness(
    ax: Axes,
    rows: Sequence[Keyness],
    *,
    n: int = 10,
    names: Names = ("A", "B"),
    lang: Lang = "zh",
    written: Written = None,
) -> None:
    """Draw the n terms most characteristic of the target, and of the reference, by their log ratio (关键性图).

    A filled bar has q below 0.05, a bar of hatches has not. Beside each stand its counts in target and reference.

    Args:
        ax: where to draw.
        rows: all of `keywords.keyness`, in its order.
        n: how many of each side.
        names: what target and reference are called.
        lang: of what is not a term.
        written: what to write for a term, such as its translation.
    """
    more = [row for row in rows if row.log_ratio > 0][:n]
    less = [row for row in rows if row.log_ratio <= 0][-n:] if n else []
    drawn = [*more, *less]
    with style():
        dress(ax)
        row_labels(ax, [row.term for row in drawn], written)
        ax.set_xlim(*_log_ratios(ax, drawn))
        for sure in (True, False):
            for right in (True, False):
                some = [(y, r) for y, r in enumerate(drawn) if (r.q < SURE) is sure and (r.log_ratio > 0) is right]
                _bars(ax, [y for y, _ in some], [r.log_ratio for _, r in some], BAR if right else WARM, sure=sure)
        for y, row in enumerate(drawn):
            _beside(ax, row.log_ratio, y, _counts(row), left=row.log_ratio <= 0)
        ax.axvline(0, color=LINE, lw=0.6)
        numbers(ax.xaxis)
        sides = word("log_ratio_of", lang).format(*(label(name, most=10) for name in reversed(names)))
        below_axis(ax, f"{word('ratio', lang)}\n{sides}")
        if drawn:
            below(ax, *_sureness(lang), drop=38)


def _log_ratios(ax: Axes, rows: Sequence[Keyness]) -> tuple[float, float]:
    """Return the limits of the log ratios, with room for the counts that stand beside the bars."""
    low, high = (any(row.log_ratio <= 0 for row in rows), any(row.log_ratio > 0 for row in rows))
    most = max((abs(row.log_ratio) for row in rows), default=1.0) or 1.0
    text = max((room(_counts(row)) for row in rows), default=0) * SMALL + 6
    side = extent(ax)[1] / (2 if low and high else 1)
    most *= side / max(side - text, 0.25 * side)
    return -most if low else 0.0, most if high else 0.01


def _counts(row: Keyness) -> str:
    return f"{row.count} : {row.reference_count}"


def _bars(ax: Axes, places: Sequence[int], widths: Sequence[float], colour: str, *, sure: bool) -> None:
    ax.barh(
        places,
        widths,
        height=0.62,
        facecolor=colour if sure else "white",
        edgecolor=colour,
        linewidth=0.7,
        hatch=None if sure else "////",
    )


def _sureness(lang: Lang) -> tuple[list[str], list[object]]:
    from matplotlib.patches import Patch

    looks: list[dict[str, Any]] = [{"facecolor": INK}, {"facecolor": "white", "hatch": "////"}]
    names = [word("sure", lang), word("unsure", lang)]
    keys: list[object] = [
        Patch(edgecolor=INK, linewidth=0.7, label=name, **look) for name, look in zip(names, looks, strict=True)
    ]
    return names, keys


def term_changes(
    ax: Axes,
    rows: Sequence[TermChange],
    *,
    n: int = 20,
    names: Names = ("A", "B"),
    lang: Lang = "zh",
    written: Written = None,
) -> None:
    """Draw the first n terms with their frequency in the target and in the reference, joined by a line (频率变化图).

    Args:
        ax: where to draw.
        rows: in the order they are drawn, the first on top; such as the first and the last of `compare.term_changes`.
        n: how many.
        names: what target and reference are called.
        lang: of what is not a term.
        written: what to write for a term, such as its translation.
    """
    drawn = list(rows)[:n]
    with style():
        dress(ax)
        places = range(len(drawn))
        ax.hlines(places, [min(r.a, r.b) for r in drawn], [max(r.a, r.b) for r in drawn], color=LINE, lw=1.4)
        looks = ((BAR, "o"), ("white", "D"))  # filled and empty, round and angular: different in grey, too
        for values, (colour, shape), name in zip(
            ([r.a for r in drawn], [r.b for r in drawn]), looks, names, strict=True
        ):
            look: dict[str, Any] = {
                "edgecolors": BAR,
                "linewidths": 0.9,
                "zorder": 3,
                "marker": shape,
                "clip_on": False,
            }
            ax.scatter(values, places, s=26 if shape == "o" else 20, color=colour, label=label(name), **look)
        row_labels(ax, [r.term for r in drawn], written)
        numbers(ax.xaxis)
        most = max((max(r.a, r.b) for r in drawn), default=1) or 1
        ax.set_xlim(-0.03 * most, 1.04 * most)
        below_axis(ax, word("rate", lang))
        if drawn:
            below(ax, names)


def rank_changes(
    ax: Axes,
    rows: Sequence[RankChange | TermChange],
    *,
    n: int = 15,
    names: Names = ("A", "B"),
    lang: Lang = "zh",
    written: Written = None,
) -> None:
    """Draw how terms rise and fall in rank from the reference, on the left, to the target, on the right (位次变化图).

    Those among the first n of either side are drawn, in the order of their ranks; before each stands its rank, — where
    it does not occur. A thick line rises, a dashed one falls, a dotted one has an end where the term is missing.

    Args:
        ax: where to draw; a row takes about 4 mm, and there are up to 2 n.
        rows: of `counts.rank_changes` or `compare.term_changes`, any order.
        n: how many of each side.
        names: what target and reference are called.
        lang: of what is not a term.
        written: what to write for a term, such as its translation.
    """
    drawn = [row for row in rows if min(row.rank or n + 1, row.reference_rank or n + 1) <= n]
    right = sorted(drawn, key=lambda r: (r.rank or 10**9, r.reference_rank or 10**9, r.term))
    left = sorted(drawn, key=lambda r: (r.reference_rank or 10**9, r.rank or 10**9, r.term))
    places = {row.term: (left.index(row), y) for y, row in enumerate(right)}
    most = COLUMN[1] * place_of(ax) / SMALL
    columns = [[_ranked(row, side is right, written, most) for row in side] for side in (left, right)]
    widest = max((room(text) for column in columns for text in column), default=0)
    edge = max(COLUMN[0], widest * SMALL / place_of(ax))
    with style():
        dress(ax, sides=())
        ax.set(xlim=(0, 1), ylim=(max(len(drawn), 1) - 0.4, -1.6), xticks=[], yticks=[])
        for row in drawn:
            colour, dash, width = _slope(row)
            ends: dict[str, Any] = {"marker": "o", "ms": 3, "markeredgewidth": 0}
            ax.plot(
                (edge + 0.02, 0.98 - edge), places[row.term], color=colour, ls=dash, lw=width, clip_on=False, **ends
            )
        for x, texts, name in zip((edge, 1 - edge), columns, reversed(names), strict=True):
            _column(ax, x, texts, label(name, most=edge * place_of(ax) / SIZE))
        if drawn:
            _slopes(ax, drawn, lang)


def _slope(row: RankChange | TermChange) -> tuple[str, str, float]:
    """Return colour, dashes and width of the line of a term."""
    if row.rank is None or row.reference_rank is None:
        return REST, ":", 1.1
    if row.rank == row.reference_rank:
        return REST, "-", 1.1
    return (BAR, "-", 1.7) if row.rank < row.reference_rank else (WARM, "--", 1.3)


def _ranked(row: RankChange | TermChange, right: bool, written: Written, most: float) -> str:
    rank = row.rank if right else row.reference_rank
    before = "—" if rank is None else str(rank)
    text = label(row.term, written, most=most - room(before) - 1.1)
    return f"{before}  {text}" if right else f"{text}  {before}"


def _column(ax: Axes, x: float, texts: Sequence[str], name: str) -> None:
    place: dict[str, Any] = {"ha": "left" if x > 0.5 else "right", "va": "center_baseline"}
    for y, text in enumerate(texts):
        ax.text(x, y, text, **inked(SMALL, **place))
    ax.text(x, -1.1, name, **inked(**place))


def _slopes(ax: Axes, rows: Sequence[RankChange | TermChange], lang: Lang) -> None:
    """Name the kinds of lines that there are."""
    from matplotlib.lines import Line2D

    kinds = {(BAR, "-", 1.7): "rises", (WARM, "--", 1.3): "falls", (REST, "-", 1.1): "stays", (REST, ":", 1.1): "new"}
    there = {_slope(row) for row in rows}
    keys = [
        Line2D([], [], color=colour, ls=dash, lw=width, label=word(kinds[colour, dash, width], lang))
        for colour, dash, width in kinds
        if (colour, dash, width) in there
    ]
    below(ax, [str(key.get_label()) for key in keys], keys, drop=4)
