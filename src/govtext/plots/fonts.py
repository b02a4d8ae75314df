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

    settings = _settings(_family(chinese_font()))
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
