"""Keyness: which terms are more frequent in a target than in a reference (关键性)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from govtext.counts import characters, listed, term_matrix
from govtext.errors import OptionError
from govtext.keywords.candidates import NUMERIC, check_n, own_place
from govtext.lexicon import stopwords

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray

    from govtext.tokens import Tokens

    Floats = NDArray[np.float64]

PRIOR = 0.01  # of the log-odds: so much of both corpora together is added to each of them as pseudo-occurrences


@dataclass(frozen=True, slots=True)
class Keyness:
    """How much more frequent a term is in a target than in a reference (关键性).

    Attributes:
        term: the canonical form.
        count: occurrences in the target.
        reference_count: occurrences in the reference.
        relative_frequency: occurrences in the target per 10,000 characters, blanks not counted, as everywhere.
        reference_relative_frequency: the same in the reference.
        g2: the log-likelihood ratio G² (Dunning 1993; Rayson & Garside 2000), not negative.
        log_ratio: the binary logarithm of the ratio of the shares of words (Hardie 2014), half an occurrence standing
            for none.
        p: of G² under χ² with one degree of freedom.
        q: p corrected for the number of terms (Benjamini & Hochberg 1995).
        z: the difference of the log-odds with an informative prior over its standard deviation (Monroe, Colaresi &
            Quinn 2008, eqs. 16 to 22); the prior is one percent of both corpora together.
    """

    term: str
    count: int
    reference_count: int
    relative_frequency: float
    reference_relative_frequency: float
    g2: float
    log_ratio: float
    p: float
    q: float
    z: float


def keyness(
    target: Tokens | Iterable[Tokens],
    reference: Tokens | Iterable[Tokens],
    *,
    n: int | None = None,
    order: Literal["g2", "z"] = "g2",
    min_count: int = 3,
    stop: Collection[str] | None = None,
) -> list[Keyness]:
    """Compare the frequencies of every term in a target and in a reference (关键性).

    Args:
        target: one Tokens or many.
        reference: one Tokens or many; cut with the same lexicon, else the comparison is of lexicons.
        n: how many to return; None means all.
        order: "g2" (G², taken as negative where the share of words is less in the target) or "z" (weighted log-odds).
        min_count: the least number of occurrences in both together; it decides how many tests q corrects for.
        stop: words left out; by default both stop lists. Numbers, single characters and the names of the documents' own
            places are always left out.

    Returns:
        Terms that are more frequent in the target, the most characteristic first, then those that are less frequent,
        the most characteristic of the reference last; ties in code point order. Nothing if either is empty.

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> segment = Segmenter()
    >>> a, b = segment(parse("法治政府，法治政府，法治政府。")), segment(parse("营商环境，营商环境。"))
    >>> [(k.term, round(k.g2, 2)) for k in keyness(a, b, min_count=1)]
    [('法治政府', 3.06), ('营商环境', 3.67)]
    """
    check_n(n)
    if order not in ("g2", "z"):
        raise OptionError(f"no order {order!r}", remedy="choose g2 or z")
    ours, theirs = listed(target), listed(reference)
    matrix, terms = term_matrix([*ours, *theirs])
    if not terms or not ours or not theirs:
        return []
    a = np.asarray(matrix[: len(ours)].sum(axis=0), np.float64).ravel()
    b = np.asarray(matrix[len(ours) :].sum(axis=0), np.float64).ravel()
    left_out = {
        *(stopwords() if stop is None else stop),
        *(name for one in (*ours, *theirs) for name in own_place(one)),
    }
    keep = np.array([len(t) > 1 and t not in left_out and not NUMERIC.fullmatch(t) for t in terms])
    keep &= a + b >= min_count
    words, size = (a.sum(), b.sum()), (characters(ours), characters(theirs))
    if not all(words):
        return []
    rows = _rows([term for term, k in zip(terms, keep, strict=True) if k], a[keep], b[keep], words, size)
    rows.sort(key=lambda row: (-(row.z if order == "z" else _signed_g2(row, words)), row.term))
    return rows[:n]


def corrected(rows: Sequence[Keyness]) -> list[Keyness]:
    """Return some rows of a comparison with q corrected for them alone, such as for the policy terms (重新校正)."""
    from scipy.stats import false_discovery_control

    q = false_discovery_control([row.p for row in rows]).tolist() if rows else []
    return [replace(row, q=value) for row, value in zip(rows, q, strict=True)]


def _signed_g2(row: Keyness, words: tuple[float, float]) -> float:
    """Return G², as negative where the share of words is less in the target; log_ratio smooths and may differ."""
    return math.copysign(row.g2, row.count * words[1] - row.reference_count * words[0])


def _rows(terms: list[str], a: Floats, b: Floats, words: tuple[float, float], size: tuple[int, int]) -> list[Keyness]:
    """Return the measures of terms, given their counts, all words and all characters of the two corpora."""
    from scipy.stats import chi2, false_discovery_control

    size_a, size_b = words
    g2 = log_likelihood(a, b, size_a, size_b)
    p = chi2.sf(g2, 1)
    q = false_discovery_control(p) if len(p) else p
    smooth_a, smooth_b = np.where(a > 0, a, 0.5), np.where(b > 0, b, 0.5)
    ratio = np.log2((smooth_a / size_a) / (smooth_b / size_b))
    z = _log_odds(a, b, size_a, size_b)
    shares = (1e4 * a / size[0], 1e4 * b / size[1])
    columns = (a.astype(int), b.astype(int), *shares, g2, ratio, p, q, z)
    return [Keyness(term, *values) for term, *values in zip(terms, *(c.tolist() for c in columns), strict=True)]


def log_likelihood(a: Floats, b: Floats, size_a: float, size_b: float) -> Floats:
    """Return the log-likelihood ratio G² of counts in two corpora (对数似然比).

    2 (a ln(a / E_a) + b ln(b / E_b)), E_a = size_a (a + b) / (size_a + size_b), the two-cell form of Rayson & Garside
    (2000), "Comparing corpora using frequency profiling", section 3.

    >>> log_likelihood(np.array([10.0]), np.array([2.0]), 1000.0, 1000.0).round(4).tolist()
    [5.8221]
    """
    from scipy.special import xlogy

    share = (a + b) / (size_a + size_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        out: Floats = 2 * (xlogy(a, a / (size_a * share)) + xlogy(b, b / (size_b * share)))
    return np.maximum(np.nan_to_num(out), 0)


def _log_odds(a: Floats, b: Floats, size_a: float, size_b: float) -> Floats:
    """Return the z-scores of the log-odds with the corpora together as the prior; 0 for the only word of both."""
    prior = (a + b) * PRIOR
    others = (size_a + size_b - a - b) * PRIOR
    with np.errstate(divide="ignore", invalid="ignore"):
        odds_a = np.log((a + prior) / (size_a - a + others))
        odds_b = np.log((b + prior) / (size_b - b + others))
        z: Floats = (odds_a - odds_b) / np.sqrt(1 / (a + prior) + 1 / (b + prior))
    return np.nan_to_num(z)
