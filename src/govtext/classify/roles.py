"""The part each paragraph plays: preamble, review, duty, problem or plan; parts are contiguous (段落功能)."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from govtext.classify.evidence import Floats, Label, Model, Place, model_of, places_of, softmax
from govtext.classify.stored import bundled
from govtext.classify.taxonomy import Taxonomy, bare, bare_each
from govtext.text import changed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from govtext.classify.evidence import Evidence
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
    model = model_of(taxonomy or Taxonomy.roles(), segment.lexicon if segment else None)
    sections, places = document.sections, list(places_of(document))
    spoken = model.headings.find(bare_each([section.heading for section in sections]))
    heads = {s.span.start: _role_heading(s, weights) for s, (_, weights, _) in zip(sections, spoken, strict=True)}
    seeds = model.seeds.find(bare_each([place.text for place in places]))
    bodies = [(weights.sum(axis=0).clip(-MOST, MOST), words, weights) for words, weights, _ in seeds]
    parts = [[*(heads[s.span.start] for s in p.path), body] for p, body in zip(places, bodies, strict=True)]
    if PLAN in model.labels:
        for row, part in zip(parts, _wordings(model, places, wording or bundled("roles-wording")), strict=True):
            row.append(part)
    scores = np.array([sum(scores for scores, *_ in row) for row in parts]).reshape(-1, len(model.labels))
    scores += _expected(model, document, places, heads)
    parted = {s.span.start for s in document.sections if s.level in TOP or heads[s.span.start][0].any()}
    begun = [any(p.span.start <= s.span.start in parted for s in p.path + p.inside) for p in places]
    chances = zip(places, _chain(scores, model.labels, begun), parts, strict=True)
    return [model.label(place.span, *row) for place, *row in chances]


def _expected(model: Model, document: Document, places: Sequence[Place], heads: Mapping[int, Evidence]) -> Floats:
    """Return what is known of each paragraph before its words and headings are counted."""
    none = np.zeros(len(model.labels))
    over = [sum((heads[s.span.start][0] for s in p.path), none) for p in places]
    named = np.array(over).reshape(-1, len(model.labels)) > 0
    # A role that a heading names needs no words to make it likely.
    scores = np.where(named, 0.0, model.priors - ELSEWHERE * named.any(axis=0))
    if PREAMBLE in model.labels:
        first = next((s.span.start for s in document.sections if s.level in TOP), 0)
        scores[[p.span.end <= first for p in places], model.labels.index(PREAMBLE)] += OPENING
    return scores


def _role_heading(section: Section, weights: Floats) -> Evidence:
    scores = weights.max(axis=0, initial=0.0)  # the best word of each role: 存在问题及下步打算 names two
    scores = scores if section.level in TOP else np.where(scores >= SURE, 2 * scores, 0.0)
    return scores, [section.heading], scores[None]


def _wordings(model: Model, places: Sequence[Place], wording: NgramModel) -> list[Evidence]:
    """Return what the wording of each paragraph says; what speaks against plan speaks for review."""
    scores, reasons = wording.evidence(_as_wordings([place.text for place in places]))
    scale = [1.0 if place.text.endswith(STOPS) else HEADING_WORDING for place in places]
    odds = (scores * scale).clip(-MOST_WORDING, MOST_WORDING)
    plan, review = (np.array([label == role for label in model.labels], np.float64) for role in (PLAN, REVIEW))
    out: list[Evidence] = []
    for one, found in zip(odds.tolist(), reasons, strict=True):
        weights = np.array([weight for _, weight in found]).reshape(-1, 1)
        out.append((plan * one, [phrase for phrase, _ in found], weights * (plan if one > 0 else review)))
    return out


def _chain(scores: Floats, labels: Sequence[str], easy: Sequence[bool]) -> Floats:
    """Return the probability of each role at each paragraph, the neighbours considered."""
    n, order = len(scores), np.arange(len(labels))
    costs = np.where(order[:, None] < order, ONWARDS, BACK) * (order[:, None] != order)  # rows from, columns to
    costs[[label == PREAMBLE for label in labels]] *= EASY
    aside = np.array([label == PROBLEM for label in labels])  # reviews pause to name their problems, and go on
    costs[aside[:, None] | aside] *= EASY
    for i, j in product(range(len(labels)), repeat=2):
        if labels[i] == PLAN:
            costs[i, j] = RETURNS.get(labels[j], costs[i, j])
    # The chances of each change, at a place where it is easy and elsewhere.
    chances = np.exp(-costs), np.exp(-costs * EASY)
    ahead, behind = scores.copy(), np.zeros_like(scores)
    for i in range(1, n):
        ahead[i] += _summed(ahead[i - 1], chances[easy[i]])
    for i in range(n - 2, -1, -1):
        behind[i] = _summed(scores[i + 1] + behind[i + 1], chances[easy[i + 1]].T)
    return softmax(ahead + behind)


def _summed(scores: Floats, chances: Floats) -> Floats:
    """Return the logarithm of the sums of exponents, weighted by the chances of each change; rows from, columns to."""
    most = scores.max()
    return np.asarray(most + np.log(np.exp(scores - most) @ chances), np.float64)


_PERIOD = re.compile("十[一二三四五六七]五")
_YEAR, _NUMBER = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)"), re.compile(r"\d+")


def _as_wordings(texts: Sequence[str]) -> list[str]:
    """Return each of some texts as `as_wording` does."""
    return [f"。{text}" for text in changed(_wording, texts)]


def as_wording(text: str) -> str:
    """Return a text as the wording model reads it: bare, with Y for a year, N for a number (措辞).

    >>> as_wording("2022年, 增长5.6%")
    '。Y年，增长N.N%'
    """
    return "。" + _wording(text)


def _wording(text: str) -> str:
    return _NUMBER.sub("N", _YEAR.sub("Y", _PERIOD.sub("Y五", bare(text))))
