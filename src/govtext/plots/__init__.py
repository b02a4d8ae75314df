"""Figures on a given matplotlib `Axes`, and what a drawing needs: fonts, colours, places of labels (图形)."""

from govtext.plots.figures import keywords, network, save
from govtext.plots.fonts import chinese_font, style, web_font
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
    "Picture",
    "chinese_font",
    "colour_of",
    "groups_of",
    "keywords",
    "network",
    "picture",
    "save",
    "shown",
    "skeleton",
    "strongest",
    "style",
    "web_font",
]
