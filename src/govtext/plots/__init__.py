"""Figures on a given matplotlib `Axes`, and what a drawing needs: fonts, colours, places of labels (图形)."""

from govtext.plots.axes import FORMATS, TALLEST, WIDTHS, Lang, Width, canvas, label, save
from govtext.plots.classes import label_colours, role_shares, strip
from govtext.plots.comparison import attention, indicators
from govtext.plots.fonts import chinese_font, drawable, style, web_font
from govtext.plots.interactive import Passage, fragment, interactive, pairs_of, part, passages, places
from govtext.plots.network import network
from govtext.plots.picture import (
    PALETTE,
    REST,
    Picture,
    colour_of,
    groups_of,
    picture,
    shown,
    skeleton,
    strongest,
)
from govtext.plots.terms import keyness, keywords, rank_changes, rank_intervals, section_keywords, term_changes

__all__ = [
    "FORMATS",
    "PALETTE",
    "REST",
    "TALLEST",
    "WIDTHS",
    "Lang",
    "Passage",
    "Picture",
    "Width",
    "attention",
    "canvas",
    "chinese_font",
    "colour_of",
    "drawable",
    "fragment",
    "groups_of",
    "indicators",
    "interactive",
    "keyness",
    "keywords",
    "label",
    "label_colours",
    "network",
    "pairs_of",
    "part",
    "passages",
    "picture",
    "places",
    "rank_changes",
    "rank_intervals",
    "role_shares",
    "save",
    "section_keywords",
    "shown",
    "skeleton",
    "strip",
    "strongest",
    "style",
    "term_changes",
    "web_font",
]
