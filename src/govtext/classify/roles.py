"""The part each paragraph plays: preamble, review, duty, problem or plan; parts are contiguous (段落功能)."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from govtext.classify.evidence import MARKS, Floats, Label, Reasons, added, model_of, reading
from govtext.classify.stored import bundled
from govtext.classify.taxonomy import Taxonomy, bare
from govtext.native import kernels
from govtext.text import changed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from govtext.classify.evidence import Heard, Model, Place, Reading
    from govtext.classify.ngrams import NgramModel
    from govtext.document import Document, Section
    from govtext.tokens import Segmenter

TOP = ("chapter", "1")
SURE = 5.0  # in lower headings only words of this weight count, but twice: 存在的问题 does, 坚持目标导向 does not
PREAMBLE, PLAN, REVIEW, PROBLEM = "preamble", "plan", "review", "problem"
OPENING = 6.0  # what stands before the first top heading is the opening, unless it says otherwise
ELSEWHERE = 1.5  # a role that a heading names is less likely under those that do not name it
MOST, MOST_WORDING = 18.0, 5.0  # seeds and wording of one paragraph say no more than this
HEADING_WORDING = 0.5  # a heading, which ends without a stop, orders (加强、深化) in reviews, too
STOPS = ("。", "！", "？", "；", "：", "”", "）", "…", ".", "!", "?", ";", ":", ")")
# The cost of a change of role between neighbours, onwards and back; its share at a top heading and after the opening.
ONWARDS, BACK, EASY = 5.0, 10.0, 0.4
# From plan back to what comes before it: of 57 work reports none goes back to its review.
RETURNS = {REVIEW: 20.0, PROBLEM: 10.0}


def roles(
    document: Document,
    *,
    taxonomy: Taxonomy | None = None,
    segment: Segmenter | None = None,
    wording: NgramModel | None = None,
) -> list[Label]:
    """Label each paragraph with the part it plays: preamble, review, duty, problem or plan (段落功能).

    Log-odds for each role come from the headings of a paragraph, from the seeds of the taxonomy, and, for plan against
    review, from the wording (a model of character n-grams). As parts are contiguous and come in a usual order, a change
    of role between neighbours costs, a change back more, from plan to review most, one at a top heading less; the
    probabilities are the marginals of this chain (forward-backward; Rabiner 1989). How far into the text a paragraph
    stands is no evidence.

    Args:
        document: any document; a single paragraph will do.
        taxonomy: the roles in their usual order; None means `Taxonomy.roles()`. The wording counts if one is `plan`.
        segment: as in `themes`.
        wording: log-odds of plan against review of texts as `as_wording` gives them; None means the model that is
            shipped, whose `about` says what it was trained on.

    >>> from govtext.document import parse
    >>> [label.label for label in roles(parse("今年要加快建设数字政府。")) + roles(parse("生产总值同比增长5.6%。"))]
    ['plan', 'review']
    """
    model, known = model_of(taxonomy or Taxonomy.roles(), segment.lexicon if segment else None), reading(document)
    size, labels, sections = len(known.places), model.labels, document.sections
    heads = _headings(sections, model.headings.find(known.headings), len(labels))
    owner, over = known.owner[known.under], known.sections[known.under]
    seeds = model.seeds.find(known.bodies)
    named = added(owner, heads[over], size)
    scores = named + added(seeds.owner, seeds.weights, size).clip(-MOST, MOST)
    parts = [
        Reasons(owner, over, heads[over], [section.heading.strip(MARKS) for section in sections]),
        Reasons(seeds.owner, seeds.rows, seeds.weights, model.seeds.plain),
    ]
    if PLAN in labels:
        odds, said = _wordings(known, labels, wording or bundled("roles-wording"))
        scores += odds
        parts.append(said)
    scores += _expected(model, known.places, sections, named > 0)
    chances = _chain(scores, labels, _begun(known, sections, heads))
    return model.labelled([place.span for place in known.places], chances, parts)


def _expected(model: Model, places: Sequence[Place], sections: Sequence[Section], named: NDArray[np.bool_]) -> Floats:
    """Return what is known of each paragraph before its words and headings are counted."""
    # A role that a heading names needs no words to make it likely.
    scores = np.where(named, 0.0, model.priors - ELSEWHERE * named.any(axis=0))
    if PREAMBLE in model.labels:
        first = next((section.span.start for section in sections if section.level in TOP), 0)
        scores[[place.span.end <= first for place in places], model.labels.index(PREAMBLE)] += OPENING
    return scores


def _headings(sections: Sequence[Section], found: Heard, labels: int) -> Floats:
    """Return what each heading says of each role: its best word, as 存在问题及下步打算 names two."""
    scores = np.zeros((len(sections), labels))
    cells = (found.owner[:, None] * labels + np.arange(labels)).ravel()
    np.maximum.at(scores.reshape(-1), cells, found.weights.ravel())
    top = np.array([section.level in TOP for section in sections], np.bool_)
    return np.where(top[:, None], scores, np.where(scores >= SURE, 2 * scores, 0.0))


def _begun(known: Reading, sections: Sequence[Section], heads: Floats) -> NDArray[np.bool_]:
    """Return at which paragraphs a section begins that parts a text, or one inside them."""
    starts = np.array([section.span.start for section in sections], np.int64)
    parting = heads.any(axis=1) | np.array([section.level in TOP for section in sections], np.bool_)
    parted = np.isin(starts, starts[parting])[known.sections]
    own = np.array([place.span.start for place in known.places], np.int64)[known.owner] <= starts[known.sections]
    begun = np.zeros(len(known.places), np.bool_)
    begun[known.owner[own & parted]] = True
    return begun


def _wordings(known: Reading, labels: Sequence[str], wording: NgramModel) -> tuple[Floats, Reasons]:
    """Return what the wording of each paragraph says; what speaks against plan speaks for review."""
    found, said = wording.reasons([f"。{text}" for text in changed(_wording, known.bodies)])
    scale = [1.0 if place.text.endswith(STOPS) else HEADING_WORDING for place in known.places]
    odds = (found * scale).clip(-MOST_WORDING, MOST_WORDING)[:, None]
    plan, review = (np.array([label == role for label in labels], np.float64) for role in (PLAN, REVIEW))
    words = [phrase.strip(MARKS) for phrase in said.phrases]
    weights = said.weights[:, None] * np.where(odds > 0, plan, review)[said.texts]
    return plan * odds, Reasons(said.texts, np.arange(len(words)), weights, words)


def _chain(scores: Floats, labels: Sequence[str], easy: NDArray[np.bool_]) -> Floats:
    """Return the probability of each role at each paragraph, the neighbours considered."""
    order = np.arange(len(labels))
    costs = np.where(order[:, None] < order, ONWARDS, BACK) * (order[:, None] != order)  # rows from, columns to
    costs[[label == PREAMBLE for label in labels]] *= EASY
    aside = np.array([label == PROBLEM for label in labels])  # reviews pause to name their problems, and go on
    costs[aside[:, None] | aside] *= EASY
    for i, j in product(range(len(labels)), repeat=2):
        if labels[i] == PLAN:
            costs[i, j] = RETURNS.get(labels[j], costs[i, j])
    if not len(scores):
        return scores
    # The chances of each change, elsewhere and at a place where it is easy.
    changes = np.array([np.exp(-costs), np.exp(-costs * EASY)])
    emissions = np.exp(scores - scores.max(axis=1, keepdims=True))
    both = (_passes_compiled if kernels else _passes)(emissions, changes, easy)
    return np.asarray(both / both.sum(axis=1, keepdims=True), np.float64)


def _passes_compiled(emissions: Floats, changes: Floats, easy: NDArray[np.bool_]) -> Floats:
    """Return the product of what both passes of the chain make of each place."""
    ahead, behind = np.empty_like(emissions), np.empty_like(emissions)
    kernels.forward_backward(emissions, changes, easy.tobytes(), emissions.shape[1], ahead, behind)
    return np.asarray(ahead * behind, np.float64)


def _passes(emissions: Floats, changes: Floats, easy: NDArray[np.bool_]) -> Floats:
    """Do in numpy what the compiled twin does: sums in the order of the labels, the largest of a row made 1."""
    ahead, behind = emissions.copy(), np.ones_like(emissions)
    turned = np.ascontiguousarray(changes.transpose(0, 2, 1))
    for i, kind in enumerate(easy[1:].astype(int).tolist(), start=1):
        row = (ahead[i - 1][:, None] * changes[kind]).sum(axis=0) * emissions[i]
        ahead[i] = row / row.max()
    for i, kind in reversed(list(enumerate(easy[1:].astype(int).tolist()))):
        row = ((emissions[i + 1] * behind[i + 1])[:, None] * turned[kind]).sum(axis=0)
        behind[i] = row / row.max()
    return np.asarray(ahead * behind, np.float64)


_PERIOD, _NUMBER = re.compile("十[一二三四五六七]五"), re.compile(r"\d+")


def as_wording(text: str) -> str:
    """Return a text as the wording model reads it: bare, with Y for a year, N for a number (措辞).

    >>> as_wording("2022年, 增长5.6%")
    '。Y年，增长N.N%'
    """
    return "。" + _wording(bare(text))


def _wording(text: str) -> str:
    """Return a bare text with Y for a year, N for a number."""
    return _NUMBER.sub(_number, _PERIOD.sub("Y五", text))


def _number(match: re.Match[str]) -> str:
    digits = match[0]
    is_year = len(digits) == 4 and digits.startswith(("19", "20")) and match.string.startswith("年", match.end())
    return "Y" if is_year else "N"
