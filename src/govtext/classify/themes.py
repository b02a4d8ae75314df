"""The theme of each paragraph by the words of a taxonomy, in the headings above it and in its own text (主题)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govtext.classify.evidence import Label, model_of, places_of, softmax
from govtext.classify.taxonomy import Taxonomy, Topic, bare_each

if TYPE_CHECKING:
    from govtext.classify.evidence import Evidence, Floats, Spoken
    from govtext.document import Document, Section
    from govtext.tokens import Segmenter

OTHER = "other"
# What a heading weighs by its level, what the words of a paragraph weigh, and what they leave unsaid.
THEME_WEIGHTS = {"chapter": 2.8, "1": 2.8, "article": 2.8, "2": 3.5, "3": 3.5, "4": 3.5, "point": 2.0}
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
    model = model_of(taxonomy, segment.lexicon if segment else None)
    sections, places = document.sections, list(places_of(document))
    spoken = model.headings.find(bare_each([section.heading for section in sections]))
    heads = {s.span.start: _theme_heading(s, *found) for s, found in zip(sections, spoken, strict=True)}
    other, out = model.labels.index(OTHER), []
    for place, found in zip(places, model.seeds.find(bare_each([place.text for place in places])), strict=True):
        body, share = _theme_body(place.text, found, other)
        above = [_shared(heads[section.span.start], share) for section in place.path + place.inside]
        scores = sum((scores for scores, *_ in above), body[0] + model.priors)
        out.append(model.label(place.span, softmax(SHARPNESS * scores), [body, *above]))
    return out


def _shared(heading: Evidence, share: float) -> Evidence:
    scores, words, weights = heading
    return scores * share, words, weights * share


def _theme_heading(section: Section, _: object, weights: Floats, times: Floats) -> Evidence:
    said = (times @ weights).clip(0.0)  # a negative weight only takes back
    scale = THEME_WEIGHTS[section.level] / (said.sum() + 0.5 + len(section.heading) / HEADING_LENGTH)
    return said * scale, [section.heading], (said * scale)[None]


def _theme_body(text: str, found: Spoken, other: int) -> tuple[Evidence, float]:
    """Return what the words of a paragraph say, and what share the headings have beside them."""
    words, weights, times = found
    said, unsaid = (times @ weights).clip(0.0), 1 + len(text) / BODY_LENGTH
    scale = SAID / (said.sum() + unsaid)
    scores = said * scale
    scores[other] += UNSAID * unsaid / (said.sum() + unsaid)
    share = FORMULA_SHARE if weights[:, other].max(initial=0.0) >= FORMULA else 1.0
    return (scores, words, weights * scale), share
