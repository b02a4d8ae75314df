"""Paragraphs → theme and role by weighted words, headings and wording; a classifier for the user's own labels (分类).

`themes` and `roles` need no labelled texts: what speaks for a label stands in a `Taxonomy`, a TSV file that people can
read and replace. `SectionClassifier` learns from labelled texts; scikit-learn loads when a name that needs it is first
used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from govtext.classify.evidence import Label, Passage, passages
from govtext.classify.ngrams import NgramModel
from govtext.classify.roles import as_wording, roles
from govtext.classify.stored import load, save
from govtext.classify.taxonomy import Taxonomy, Topic
from govtext.classify.themes import themes

if TYPE_CHECKING:
    from govtext.classify.classifier import SectionClassifier

__all__ = [
    "Label", "NgramModel", "Passage", "SectionClassifier", "Taxonomy", "Topic", "as_wording", "load", "passages",
    "roles", "save", "themes",
]  # fmt: skip

_HOME = {"SectionClassifier": "classifier"}


def __getattr__(name: str) -> Any:
    """Load what needs scikit-learn when it is first used (PEP 562)."""
    if name in _HOME:
        return getattr(importlib.import_module(f"govtext.classify.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
