"""Figures on a given matplotlib `Axes`, and what a drawing needs: fonts, colours, places of labels (图形)."""

from govtext.plots.classes import label_colours, role_shares, strip
from govtext.plots.comparison import attention, term_changes
from govtext.plots.figures import keywords, network, rank_intervals, save
from govtext.plots.fonts import chinese_font, style, web_font
from govtext.plots.interactive import Passage, fragment, interactive, pairs_of, part, passages, places
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

__all__ = [
    "PALETTE",
    "REST",
    "Passage",
    "Picture",
    "attention",
    "chinese_font",
    "colour_of",
    "fragment",
    "groups_of",
    "interactive",
    "keywords",
    "label_colours",
    "network",
    "pairs_of",
    "part",
    "passages",
    "picture",
    "places",
    "rank_intervals",
    "role_shares",
    "save",
    "shown",
    "skeleton",
    "strip",
    "strongest",
    "style",
    "term_changes",
    "web_font",
]
