"""What a lexicon has for nothing, and what it lacks, judged by a corpus (词典审计)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import ahocorasick_rs
import numpy as np

from govtext.discovery.candidates import Candidate, Place, candidates, cut
from govtext.text import Span
from govtext.tokens import POLICY, Segmenter, Tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from govtext.document import Document
    from govtext.lexicon import Lexicon, Term

# What two forms of one term may differ in: 双随机、一公开 and 双随机一公开, 社会主义的核心价值观.
MARKS = re.compile(r"[、·,，“”\"（）()\s的和与及]")
PLACES = 100
MESSAGES = {
    "unmatched": ("没有一处出现（连同变体）", "neither the term nor a variant occurs"),
    "swallowed": ("总被更长的词条“{other}”等吞没", "always swallowed by longer terms such as {other}"),
    "crossed": (
        "出现了，但从未单独成词（如在“{other}”中）",
        "occurs, but the cut never makes a token of it, as in {other}",
    ),
    "uncanonical": ("规范形式从未出现，只有变体“{other}”", "the canonical form never occurs, only its variant {other}"),
    "twin": (
        "与词条“{other}”只差标点或虚词，应并为一条",
        "differs from the term {other} in marks only: make it one entry",
    ),
    "variant": ("像是“{other}”的变体，但词典没有规范形式", "looks like a variant of {other}, but no entry says so"),
    "missing": ("像是词典所缺的术语（{other}）", "looks like a term that the lexicon lacks ({other})"),
}


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One remark on a lexicon (词典问题).

    Attributes:
        code: unmatched, swallowed, crossed, uncanonical, twin, variant or missing.
        term: the entry, variant or string it is about.
        count: how often that string stands in the corpus.
        other: the term, variant or evidence that the remark names.
        message: the remark in Chinese.
        message_en: the remark in English.
        places: where the string stands, at most the first hundred.
    """

    code: str
    term: str
    count: int
    other: str
    message: str
    message_en: str
    places: tuple[Place, ...] = ()


class _Use(NamedTuple):
    """How often each form occurs, as what, and an example of the rest; int64[forms]."""

    occurs: NDArray[np.int64]
    tokens: NDArray[np.int64]
    swallowed: NDArray[np.int64]
    inside: dict[int, str]
    places: dict[int, list[Place]]


def audit(
    lexicon: Lexicon, documents: Document | Tokens | Iterable[Document] | Iterable[Tokens], *, n: int = 100
) -> list[AuditFinding]:
    """Hold a lexicon against one or many documents, or their Tokens (词典审计).

    unmatched: no form of a term occurs. swallowed: a form occurs, but only inside longer terms. crossed: a form occurs,
    but the cut never makes a token of it. uncanonical: the canonical form never occurs, its variants do. twin: two
    terms differ in marks alone. variant: a string of the corpus differs from a term in marks alone, and no
    entry names it. missing: the n strings that look most like terms the lexicon lacks.

    Returns:
        Findings by code in this order, then as the lexicon orders its terms; the missing by score.

    >>> from govtext.document import parse
    >>> from govtext.lexicon import Lexicon, Term
    >>> lexicon = Lexicon(["法治政府", "法治政府建设", "双随机、一公开", "网格员"])
    >>> report = parse("推进法治政府建设，实行“双随机一公开”，开展“五个一办”。")
    >>> [(f.code, f.term) for f in audit(lexicon, report)]
    [('unmatched', '双随机、一公开'), ('unmatched', '网格员'), ('swallowed', '法治政府'), ('variant', '双随机一公开'), \
('missing', '五个一办')]
    """
    segment = Segmenter(lexicon)
    rows = cut(documents, segment)
    rows = [row if row.lexicon == lexicon else segment(row.document).within(row.span) for row in rows]
    forms = sorted(lexicon.forms)
    use = _use(forms, rows)
    unknown = candidates(rows, n=n, known=False) if rows else []
    findings = [*_of_entries(lexicon, forms, use), *_twins(lexicon), *_of_strings(lexicon, unknown)]
    order = list(MESSAGES)
    return sorted(findings, key=lambda finding: order.index(finding.code))


def _use(forms: Sequence[str], rows: Sequence[Tokens]) -> _Use:
    """Count every occurrence of every form: as a token, inside a longer term, or across the cut."""
    zeros = (np.zeros(len(forms), np.int64) for _ in range(3))
    use = _Use(next(zeros), next(zeros), next(zeros), {}, {})
    if not forms:
        return use
    finder = ahocorasick_rs.AhoCorasick(forms)
    for row in rows:
        text = row.document.text
        found = np.array(finder.find_matches_as_indexes(text, overlapping=True), np.int64).reshape(-1, 3)
        found = found[(found[:, 1] >= row.span.start) & (found[:, 2] <= row.span.end)]  # of a part only the part
        form, start, end = found[:, 0], found[:, 1], found[:, 2]
        token = np.searchsorted(row.starts, start, "right") - 1
        whole = (row.starts[token] == start) & (row.ends[token] == end)
        inside = ~whole & (row.ends[token] >= end) & np.isin(row.kinds[token], POLICY)
        for column, chosen in ((use.occurs, slice(None)), (use.tokens, whole), (use.swallowed, inside)):
            np.add.at(column, form[chosen], 1)
        _examples(use, row, found[~whole], token[~whole])
    return use


def _examples(use: _Use, row: Tokens, found: NDArray[np.int64], token: NDArray[np.int64]) -> None:
    """Note where forms stand that are no tokens, and in what."""
    text = row.document.text
    last = np.searchsorted(row.ends, found[:, 2], "left")
    for (form, start, end), first, stop in zip(found.tolist(), token.tolist(), last.tolist(), strict=True):
        use.inside.setdefault(form, text[row.starts[first] : row.ends[stop]])
        places = use.places.setdefault(form, [])
        if len(places) < PLACES:
            places.append(Place(row.document.id, Span(start, end)))


def _of_entries(lexicon: Lexicon, forms: Sequence[str], use: _Use) -> Iterator[AuditFinding]:
    number = {form: i for i, form in enumerate(forms)}
    for term in lexicon:
        own = [number[form] for form in (term.text, *term.variants)]
        if not use.occurs[own].any():
            yield _finding("unmatched", term.text, 0)
            continue
        for i in own:
            if use.occurs[i] and not use.tokens[i]:
                code = "swallowed" if use.swallowed[i] == use.occurs[i] else "crossed"
                yield _finding(code, forms[i], int(use.occurs[i]), use.inside[i], use.places[i])
        if not use.occurs[own[0]]:
            yield _finding("uncanonical", term.text, 0, forms[max(own[1:], key=lambda i: use.occurs[i])])


def skeleton(form: str) -> str:
    """Return a form without marks and particles, by which variants are recognised."""
    return MARKS.sub("", form)


def _twins(lexicon: Lexicon) -> Iterator[AuditFinding]:
    seen: dict[str, Term] = {}
    for form, term in sorted(lexicon.forms.items()):
        other = seen.setdefault(skeleton(form), term)
        if other is not term and skeleton(form):
            yield _finding("twin", form, 0, other.text)


def _of_strings(lexicon: Lexicon, unknown: Iterable[Candidate]) -> Iterator[AuditFinding]:
    terms = {skeleton(form): term.text for form, term in sorted(lexicon.forms.items(), reverse=True)}
    for one in unknown:
        term = terms.get(skeleton(one.term))
        code, other = ("variant", term) if term else ("missing", " ".join(one.evidence))
        yield _finding(code, one.term, one.count, other, one.places)


def _finding(code: str, term: str, count: int, other: str = "", places: Iterable[Place] = ()) -> AuditFinding:
    message, message_en = (text.format(other=other) for text in MESSAGES[code])
    return AuditFinding(code, term, count, other, message, message_en, tuple(places))
