"""What every figure has in common: size on paper, language, look of the axes, file (图的共同部分)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from govtext.errors import OptionError, OutputError
from govtext.plots.fonts import INK, LINE, SIZE, SMALL, drawable, style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

Lang = Literal["zh", "en"]
Width = Literal["one", "two"]
WIDTHS: dict[Width, float] = {"one": 85.0, "two": 174.0}  # millimetres of one column and of two, as journals have them
TALLEST = 225.0  # millimetres of a page between its margins
NARROW = 4.5  # inches of a figure below which there is little room for labels
LABELS = 0.47  # of the place that axes have in a figure, at the most, is for the labels of rows
INCH = 25.4
DPI = 300
BAR, WARM = "#3d5a80", "#d98c5f"  # a dark and a light colour, for the one and the other
FORMATS: dict[str, dict[str, Any]] = {
    ".svg": {"metadata": {"Date": None}},
    ".pdf": {"metadata": {"CreationDate": None}},
    ".png": {},
    ".tif": {"format": "tiff", "pil_kwargs": {"compression": "tiff_lzw"}},
}


def canvas(width: Width = "two", *, height: float | None = None) -> Figure:
    """Return an empty figure as wide as one or two columns of a journal, with the look of govtext (画布).

    Args:
        width: "one" (85 mm) or "two" (174 mm).
        height: in millimetres; None: two thirds of the width.

    Raises:
        OptionError: there is no such width, or the height is not more than 0.

    >>> [round(float(inches) * 25.4) for inches in canvas("one", height=60).get_size_inches()]
    [85, 60]
    """
    from matplotlib.figure import Figure

    if width not in WIDTHS:
        raise OptionError(f"no width {width!r}", remedy=f"choose from {', '.join(WIDTHS)}")
    tall = WIDTHS[width] / 1.5 if height is None else height
    if tall <= 0:
        raise OptionError(f"the height is {tall} mm", remedy="give more than 0")
    with style():
        return Figure(figsize=(WIDTHS[width] / INCH, tall / INCH), dpi=DPI, layout="constrained")


def save(figure: Figure, path: str | Path, *, dpi: float | None = None) -> None:
    """Write a figure as svg, pdf, png or tif, the same bytes each run (保存).

    Text is written as outlines in svg and pdf, so that it looks the same wherever it is opened.

    Args:
        figure: the figure.
        path: where to write.
        dpi: dots an inch of png and tif; None: those of the figure.

    Raises:
        OptionError: the suffix is none of the four.
        OutputError: the file cannot be written.
    """
    path = Path(path)
    suffix = {".tiff": ".tif"}.get(path.suffix.lower(), path.suffix.lower())
    if suffix not in FORMATS:
        raise OptionError(f"no figure format {suffix!r}", where=path, remedy=f"choose from {' '.join(FORMATS)}")
    look = {"format": suffix[1:], "facecolor": "white", "edgecolor": "none"} | FORMATS[suffix]
    with style():
        if suffix == ".pdf":
            _outline(figure)
        try:
            figure.savefig(path, dpi=dpi or "figure", **look)
        except OSError as error:
            raise OutputError(f"the figure cannot be written ({error.strerror})", where=path) from error


def _outline(figure: Figure) -> None:
    """Make texts be drawn as outlines: as a font matplotlib would embed ours in a form that Acrobat cannot read."""
    from matplotlib.patheffects import Normal
    from matplotlib.text import Text

    figure.draw_without_rendering()  # makes the labels of ticks
    for text in figure.findobj(Text):
        if not text.get_path_effects():
            text.set_path_effects([Normal()])


# --- words ----------------------------------------------------------------------------------------------------------

WORDS: dict[str, tuple[str, str]] = {
    "tfidf": ("TF-IDF 值（条末数字为出现次数）", "TF-IDF (numbers: occurrences)"),
    "rank": ("位次与 95% 区间", "Rank and 95% interval"),
    "rate": ("每万字次数", "Per 10,000 characters"),
    "ratio": ("频率之比的对数（log₂）", "Log ratio of frequencies (log₂)"),
    "log_ratio_of": ("{0} ← 更多用于 → {1}", "{0} ← more frequent in → {1}"),
    "sure": ("q < 0.05", "q < 0.05"),
    "unsure": ("q ≥ 0.05", "q ≥ 0.05"),
    "rises": ("上升", "rises"),
    "falls": ("下降", "falls"),
    "stays": ("不变", "stays"),
    "new": ("新增或消失", "in one alone"),
    "share": ("句子占比（%）与 95% 区间", "% of sentences, 95% interval"),
    "paragraphs": ("占段落的百分比", "Per cent of paragraphs"),
    "characters": ("在文中的位置（千字）", "Place in the text (1,000 characters)"),
    "others": ("其他", "others"),
    "all": ("全文", "whole"),
    "value": ("数值", "Value"),
}


def word(key: str, lang: Lang) -> str:
    """Return what a figure says in a language.

    Raises:
        OptionError: the language is neither zh nor en.
    """
    if lang not in ("zh", "en"):
        raise OptionError(f"no language {lang!r}", remedy="choose zh or en")
    return WORDS[key][lang == "en"]


def row_labels(ax: Axes, terms: Iterable[str], written: Mapping[str, str] | None = None) -> None:
    """Write one term a row, the first on top, as long as leaves room for the drawing."""
    texts, size = fitted(ax, terms, written)
    rows_of(ax, texts, size=size)


def fitted(ax: Axes, terms: Iterable[str], written: Mapping[str, str] | None = None) -> tuple[list[str], float]:
    """Return terms as labels of rows, and their size: small where one would be cut else, cut where it is even then."""
    terms = list(terms)
    most = LABELS * place_of(ax)
    widest = max((room(label(term, written, most=1000)) for term in terms), default=0)
    size = SIZE if widest * SIZE <= most else SMALL
    return [label(term, written, most=most / size) for term in terms], size


def place_of(ax: Axes) -> float:
    """Return how many points wide the place is that axes have in a figure, with their labels."""
    spec = ax.get_subplotspec()
    share = 1.0 if spec is None else len(spec.colspan) / spec.get_gridspec().ncols
    return 72 * share * float(ax.figure.figure.get_size_inches()[0])


def extent(ax: Axes) -> tuple[float, float]:
    """Return where axes begin and how wide they are, in points, laid out with what is drawn so far."""
    figure = ax.figure.figure
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    box, points = ax.get_window_extent(), 72 / figure.dpi
    return box.x0 * points, box.width * points


def label(term: str, written: Mapping[str, str] | None = None, *, most: float = 16) -> str:
    """Return what is written for a term: in place of it what `written` says, a long one cut, nothing undrawable.

    `most` is in Chinese characters; a Latin letter takes half the room.

    >>> label("法治政府", {"法治政府": "law-based government"}), label("建" * 20, most=4)
    ('law-based government', '建建建…')
    """
    text = drawable((written or {}).get(term, term))
    if room(text) <= most:
        return text
    kept = ""
    for sign in text:
        if room(kept + sign) > most - 1:
            break
        kept += sign
    return kept + "…"


def room(text: str) -> float:
    """Return about how wide a text is, in Chinese characters."""
    return sum(0.55 if ord(c) < 0x2000 else 1.0 for c in text)


# --- the look of axes -----------------------------------------------------------------------------------------------


def dress(ax: Axes, *, sides: Sequence[str] = ("bottom",)) -> None:
    """Give axes our look, whatever settings they were made with: white, no grid, thin lines at some sides."""
    import matplotlib as mpl

    for part in (*ax.findobj(), ax.figure.figure.patch):
        part.set_sketch_params()
    ax.set_facecolor("white")
    ax.grid(visible=False)
    for side, spine in ax.spines.items():
        spine.set(visible=side in sides, color=LINE, linewidth=0.6)
    family = mpl.rcParams["font.family"]
    look: dict[str, Any] = {
        "color": LINE,
        "labelcolor": INK,
        "labelsize": SIZE,
        "labelfontfamily": family,
        "width": 0.6,
        "length": 2.5,
    }
    ax.tick_params(which="both", direction="out", pad=2.5, top=False, right=False, labelrotation=0, **look)
    for axis, side in ((ax.xaxis, "bottom"), (ax.yaxis, "left")):
        shown = side in sides
        visible: dict[str, Any] = {side: shown, f"label{side}": True}
        axis.set_tick_params(which="both", **visible)
        axis.label.set(family=family, size=SIZE, color=INK)


def inked(size: float = SIZE, **more: Any) -> dict[str, Any]:
    """Return how text is written; axes made outside our style have the font of their time."""
    import matplotlib as mpl

    return {"family": mpl.rcParams["font.family"], "size": size, "color": INK, **more}


def narrow(ax: Axes) -> bool:
    """Return whether the figure has about the width of one column."""
    return float(ax.figure.figure.get_size_inches()[0]) < NARROW


def below_axis(ax: Axes, text: str) -> None:
    """Write what the horizontal axis is; where that is longer than the axis, to the right."""
    widest = max(room(line) for line in text.splitlines())
    long = narrow(ax) and widest * SIZE > extent(ax)[1]
    ax.set_xlabel(text, loc="right" if long else "center")


def rows_of(ax: Axes, texts: Sequence[str], *, size: float = SIZE) -> None:
    """Write one label a row, the first on top."""
    ax.set_yticks(range(len(texts)), labels=list(texts), **inked(size))
    ax.set_ylim(max(len(texts), 1) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)


def numbers(axis: Axis, *, most: int = 5) -> None:
    """Let an axis have a few round numbers, written the same in every locale."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axis.set_minor_locator(NullLocator())


def number(value: float) -> str:
    """Return a number as it is printed, with the sign for minus.

    >>> number(-0.5), number(1234567.0)
    ('−0.5', '1,234,567')
    """
    return f"{value:,.6g}".replace("-", "−") if abs(value) < 1e6 else f"{value:,.0f}".replace("-", "−")


def legend(ax: Axes, handles: Iterable[Any] | None = None, **options: Any) -> None:
    """Write a legend without a frame, in our font."""
    import matplotlib as mpl

    found = list(ax.get_legend_handles_labels()[0] if handles is None else handles)
    if found:
        font = {"family": mpl.rcParams["font.family"], "size": SMALL}
        space: dict[str, Any] = {"handletextpad": 0.4, "columnspacing": 1.2, "borderaxespad": 0.3, "labelspacing": 0.35}
        ax.legend(handles=found, prop=font, labelcolor=INK, frameon=False, **space, **options)


def below(ax: Axes, names: Sequence[str], handles: Iterable[Any] | None = None, *, drop: float = 27) -> None:
    """Write a legend under the axes, `drop` points below them, in as many columns as there is room for."""
    from matplotlib.transforms import ScaledTranslation

    figure = ax.figure.figure
    left, width = extent(ax)
    middle, whole = left + width / 2, 72 * float(figure.get_size_inches()[0])
    widest = max((room(name) for name in names), default=1) * SMALL + 3.4 * SMALL
    columns = max(1, min(int(2 * min(middle, whole - middle) // widest), len(names), 6))
    columns = -(-len(names) // -(-len(names) // columns))  # as many in each row
    place = ax.transAxes + ScaledTranslation(0, -drop / 72, figure.dpi_scale_trans)
    legend(ax, handles, loc="upper center", bbox_to_anchor=(0.5, 0), bbox_transform=place, ncols=columns)
