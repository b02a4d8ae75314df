"""Terms gained, lost, kept and moved between two sets of documents (术语变化)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from govtext import counts, keywords
from govtext.compare.found import Found
from govtext.compare.pairing import documents_of
from govtext.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Collection

    from govtext.compare.pairing import Documents
    from govtext.tokens import Segmenter

Change = Literal["gained", "lost", "kept"]


@dataclass(frozen=True, slots=True)
class TermChange:
    """How a term fares in a target beside a reference (术语变化).

    Attributes:
        term: the canonical form.
        a, b: occurrences per 10,000 characters, blanks not counted, in the target and in the reference.
        difference: a less b.
        p: of the log-likelihood ratio G² of the two counts.
        q: p corrected for the number of terms compared (Benjamini & Hochberg 1995).
        change: gained (the reference lacks it), lost (the target lacks it) or kept.
        count, reference_count: occurrences.
        rank, reference_rank: by count among the terms compared; None where it is missing.
        moved: how far it rose in rank, negative for a fall; None where it is missing in one of them.
        g2, log_ratio: as in `keywords.keyness`.
        category: of the lexicon; empty if it is in none.
    """

    term: str
    a: float
    b: float
    difference: float
    p: float
    q: float
    change: Change
    count: int
    reference_count: int
    rank: int | None
    reference_rank: int | None
    moved: int | None
    g2: float
    log_ratio: float
    category: str


def term_changes(
    target: Documents, reference: Documents, *, segment: Segmenter | Found | None = None, policy: bool = False,
    min_count: int = 3, stop: Collection[str] | None = None,
) -> list[TermChange]:  # fmt: skip
    """Compare the terms of a target with those of a reference (术语变化).

    Args:
        target: a document or many, such as the reports of this year.
        reference: a document or many, such as those of the year before.
        segment: cuts both, or tells what was found in them (`Found`); None: the default lexicon.
        policy: compare policy terms alone, not every word.
        min_count: the least number of occurrences in both together; it decides how many tests q corrects for.
        stop: words left out; by default both stop lists.

    Returns:
        Those more frequent in the target, the most characteristic first, then those less frequent, the most
        characteristic of the reference last.

    >>> from govtext.document import parse
    >>> rows = term_changes(parse("法治政府，法治政府，营商环境。"), parse("营商环境，数字政府。"), min_count=1)
    >>> [(row.term, row.change) for row in rows]
    [('法治政府', 'gained'), ('营商环境', 'kept'), ('数字政府', 'lost')]
    """
    known = Found.anew(segment)
    ours, theirs = ([known.tokens(document) for document in documents_of(side)] for side in (target, reference))
    if not ours or not theirs:
        raise OptionError("there is no document to compare", remedy="give at least one on either side")
    found = keywords.keyness(ours, theirs, min_count=min_count, stop=stop)
    if policy:
        terms = counts.policy_terms([*ours, *theirs])
        found = keywords.corrected([row for row in found if row.term in terms])
    ranks = {row.term: row for row in counts.rank_changes(ours, theirs, terms=[row.term for row in found])}
    return [_change(row, ranks[row.term], known.segment) for row in found]


def _change(row: keywords.Keyness, rank: counts.RankChange, segment: Segmenter) -> TermChange:
    change: Change = "kept" if row.count and row.reference_count else "gained" if row.count else "lost"
    a, b = row.relative_frequency, row.reference_relative_frequency
    term = segment.lexicon.get(row.term)
    return TermChange(
        row.term, a, b, a - b, row.p, row.q, change, row.count, row.reference_count, rank.rank, rank.reference_rank,
        rank.change, row.g2, row.log_ratio, term.category if term else "",
    )  # fmt: skip
