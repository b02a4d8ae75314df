"""The theme of each paragraph by the words of a taxonomy, in the headings above it and in its own text (主题)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from govtext.classify.evidence import MARKS, Label, Reasons, added, model_of, reading, softmax
from govtext.classify.taxonomy import Taxonomy, Topic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govtext.classify.evidence import Floats, Heard
    from govtext.document import Document, Section
    from govtext.tokens import Segmenter

OTHER = "other"
# What a heading weighs by its level, what the words of a paragraph weigh, and what they leave unsaid.
THEME_WEIGHTS = {
    "part": 2.8, "chapter": 2.8, "section": 3.5, "1": 2.8, "article": 2.8, "2": 3.5, "3": 3.5, "4": 3.5, "point": 2.0,
}  # fmt: skip
SAID, UNSAID = 3.0, 2.0
# Of so many characters a heading or a paragraph leaves as much unsaid as a word of weight 1 says.
HEADING_LENGTH, BODY_LENGTH = 30, 60
# A word of this weight for `other` is a set phrase that closes a text; the last heading above it does not mean it.
FORMULA, FORMULA_SHARE = 4.0, 0.3
SHARPNESS = (
    1.8  # makes the probabilities true: set on the reports of Shandong 2025, Hubei 2026, Yunnan 2025, Qingzhen 2022
)


def themes(document: Document, *, taxonomy: Taxonomy | None = None, segment: Segmenter | None = None) -> list[Label]:
    """Label each paragraph with its theme (主题分类).

    What speaks are the words of the taxonomy: in the headings that the paragraph lies under or holds, and in its own
    text. Each of these shares its weight out: a label whose words sum to s (a word of weight w that occurs n times
    counts w (1 + ln n)) has s / (Σs + u), where u grows with the length; what a paragraph leaves unsaid goes to
    `other`. The probabilities are the softmax of the sums, times SHARPNESS. Where nothing speaks the label is `other`.

    Args:
        document: any document; headings help, but are not needed.
        taxonomy: the labels and their words; None means `Taxonomy.of(document)`, by the genre; `other` is
            added if it is not named. Each label says in `taxonomy` which it was.
        segment: with a segmenter, all forms of a term of its lexicon count like the form that is a seed.

    >>> from govtext.document import parse
    >>> themes(parse("全市人民调解组织调解纠纷1826件。"))[0].label
    'disputes'
    """
    taxonomy = taxonomy or Taxonomy.of(document)
    if OTHER not in taxonomy.labels:
        taxonomy = Taxonomy((*taxonomy.topics, Topic(OTHER, ())), taxonomy.name)
    model, known = model_of(taxonomy, segment.lexicon if segment else None), reading(document)
    other, size = model.labels.index(OTHER), len(known.places)
    heads = _headings(document.sections, model.headings.find(known.headings), len(model.labels))
    said = model.seeds.find(known.bodies)
    body, scale, share = _bodies([len(place.text) for place in known.places], said, other)
    above = heads[known.sections] * share[known.owner][:, None]
    everything = np.concatenate([np.arange(size), known.owner])
    chances = softmax(SHARPNESS * added(everything, np.concatenate([body + model.priors, above]), size))
    parts = [
        Reasons(said.owner, said.rows, said.weights * scale[said.owner][:, None], model.seeds.plain),
        Reasons(known.owner, known.sections, above, [section.heading.strip(MARKS) for section in document.sections]),
    ]
    return model.labelled([place.span for place in known.places], chances, parts)


def _said(found: Heard, size: int) -> Floats:
    """Return what the words of each text say of each label; a negative weight only takes back."""
    return added(found.owner, found.weights * found.times[:, None], size).clip(0.0)


def _headings(sections: Sequence[Section], found: Heard, labels: int) -> Floats:
    """Return what each heading says of each label."""
    said = _said(found, len(sections)).reshape(-1, labels)
    weights = np.array([THEME_WEIGHTS[section.level] for section in sections])
    lengths = np.array([len(section.heading) for section in sections]) / HEADING_LENGTH
    return np.asarray(said * (weights / (said.sum(axis=1) + 0.5 + lengths))[:, None], np.float64)


def _bodies(lengths: Sequence[int], found: Heard, other: int) -> tuple[Floats, Floats, Floats]:
    """Return what the words of each paragraph say, how much each counts, and what share the headings have beside."""
    said, unsaid = _said(found, len(lengths)), 1 + np.array(lengths) / BODY_LENGTH
    whole = said.sum(axis=1) + unsaid
    scores = said * (SAID / whole)[:, None]
    scores[:, other] += UNSAID * unsaid / whole
    share = np.ones(len(lengths))
    share[found.owner[found.weights[:, other] >= FORMULA]] = FORMULA_SHARE
    return scores, SAID / whole, share
