"""Paragraphs → theme and role by weighted words, headings and wording; a classifier for the user's own labels (分类).

`themes` and `roles` need no labelled texts: what speaks for a label stands in a `Taxonomy`, a TSV file that people can
read and replace. `SectionClassifier` learns from labelled texts; scikit-learn loads when it is first used. People label
paragraphs in a sheet (`annotation_rows`, `read_annotations`), their agreement is `kappa` or `alpha`, and
`cross_validate` says how far a classifier can be trusted.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from govtext.classify.agreement import alpha, kappa
from govtext.classify.annotation import (
    ANNOTATION_COLUMNS,
    Annotation,
    agreement_rows,
    annotation_rows,
    paired,
    read_annotations,
    training_rows,
)
from govtext.classify.evidence import Label, Passage, passages, role_shares
from govtext.classify.ngrams import NgramModel
from govtext.classify.roles import as_wording, roles
from govtext.classify.stored import load, save
from govtext.classify.taxonomy import Taxonomy, Topic
from govtext.classify.themes import themes
from govtext.classify.validation import (
    Query,
    Validation,
    calibration_error,
    confusion,
    coverage_curve,
    cross_validate,
    learning_curve,
    queries,
    scores,
)

if TYPE_CHECKING:
    from govtext.classify.classifier import SectionClassifier

__all__ = [
    "ANNOTATION_COLUMNS",
    "Annotation",
    "Label",
    "NgramModel",
    "Passage",
    "Query",
    "SectionClassifier",
    "Taxonomy",
    "Topic",
    "Validation",
    "agreement_rows",
    "alpha",
    "annotation_rows",
    "as_wording",
    "calibration_error",
    "confusion",
    "coverage_curve",
    "cross_validate",
    "kappa",
    "learning_curve",
    "load",
    "paired",
    "passages",
    "queries",
    "read_annotations",
    "role_shares",
    "roles",
    "save",
    "scores",
    "themes",
    "training_rows",
]


def __getattr__(name: str) -> Any:
    """Load `SectionClassifier` when it is first used, because scikit-learn takes seconds (PEP 562)."""
    if name == "SectionClassifier":
        return importlib.import_module("govtext.classify.classifier").SectionClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
