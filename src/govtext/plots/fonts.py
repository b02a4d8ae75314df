"""The Chinese font, and settings that make figures repeat byte by byte (字体与样式)."""

from __future__ import annotations

import io
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govtext.errors import FontError

if TYPE_CHECKING:
    from collections.abc import Iterator

INK, LINE = "#222222", "#9a9a9a"
SIZE = 8.0  # points of text, on paper as in the file: figures are drawn at the size at which they are printed
SMALL = 7.0  # of numbers beside marks, and of legends
OURS, REST_OF_SIGNS = "govtext Chinese", "govtext signs"  # what matplotlib calls our two fonts; no system has such
MISSING = "〓"  # what Chinese printers set for a character that is not in the case
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

    It begins with the defaults of matplotlib, so that no matplotlibrc changes it. After it rcParams are as they
    were, but for `interactive`, which belongs to the backend.

    >>> import matplotlib
    >>> with style():
    ...     matplotlib.rcParams["svg.hashsalt"]
    'govtext'
    """
    import matplotlib as mpl
    import matplotlib.style

    _register()
    settings = dict(SETTINGS)
    if "text.language" in mpl.rcParams:  # else the shapes of glyphs follow the locale
        settings["text.language"] = "zh-Hans"
    interactive = mpl.is_interactive()
    try:
        # Unlike rcdefaults, the default style leaves the backend alone.
        with mpl.style.context("default"), mpl.rc_context(settings):  # type: ignore[arg-type] # literals since 3.11
            try:
                yield
            finally:
                interactive = mpl.is_interactive()
    finally:
        # The backend of notebooks turns it on with the first figure; turned off, no later figure would be shown.
        mpl.interactive(interactive)


def _register() -> None:
    """Make our fonts known to matplotlib, under names that no font of the system can have or win.

    The list of matplotlib may be built anew at any time, so it is looked at each time.
    """
    from matplotlib.font_manager import FontEntry, fontManager

    wanted = {OURS: str(chinese_font()), REST_OF_SIGNS: str(_signs_font())}
    known = {font.name: font.fname for font in fontManager.ttflist if font.name in wanted}
    if known == wanted:
        return
    for path in wanted.values():
        fontManager.addfont(path)  # it also forgets what was looked up before
    others = [font for font in fontManager.ttflist if font.name not in wanted]
    fontManager.ttflist[:] = others + [FontEntry(fname=path, name=name) for name, path in wanted.items()]


def _signs_font() -> Path:
    """Return the font that comes with matplotlib, for signs that the Chinese one lacks."""
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


@lru_cache(maxsize=4)
def _characters(paths: tuple[Path, ...]) -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(code for path in paths for code in FT2Font(str(path)).get_charmap())


def drawable(text: str) -> str:
    r"""Return a text with 〓 for what our fonts cannot draw, and a blank for blanks of any kind (可绘文字).

    >>> drawable("法治\U0003fffd政府\n")
    '法治〓政府 '
    """
    known = _characters((chinese_font(), _signs_font()))
    return "".join(" " if c.isspace() else c if ord(c) in known and c.isprintable() else MISSING for c in text)


# Nothing of it depends on the user, the locale or the time.
SETTINGS: dict[str, Any] = {
    "font.family": [OURS, REST_OF_SIGNS],
    "font.size": SIZE,
    "axes.labelsize": SIZE,
    "axes.titlesize": SIZE + 1,
    "axes.unicode_minus": True,
    "axes.linewidth": 0.6,
    "axes.edgecolor": LINE,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "govtext",
    "svg.fonttype": "path",
    "text.parse_math": False,  # a term may hold dollar signs
}


def web_font(characters: str) -> bytes:
    """Return the Chinese font reduced to some characters, as WOFF (网页字体子集).

    Characters that the font lacks are left out.
    """
    import uharfbuzz as hb  # in a twentieth of the time that fontTools takes
    from fontTools.ttLib import TTFont

    wanted = hb.SubsetInput()
    wanted.unicode_set.update(ord(c) for c in set(characters))
    # Subroutines apart are no smaller after compression.
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.DESUBROUTINIZE | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    dropped = ("BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx")
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in dropped)
    found = hb.subset(hb.Face(hb.Blob.from_file_path(str(chinese_font()))), wanted)
    out = io.BytesIO()
    with TTFont(io.BytesIO(found.blob.data), lazy=True, recalcTimestamp=False) as font:
        font.flavor = "woff"  # woff2 needs brotli, which nothing else here needs
        font.save(out, reorderTables=False)
    return out.getvalue()
