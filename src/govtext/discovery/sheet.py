"""Candidates as a sheet to tick, and the ticked rows as a lexicon (勾选表)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govtext.errors import LexiconError
from govtext.lexicon import Lexicon, Term, parse_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from govtext.discovery.candidates import Candidate

COLUMNS = (
    "add", "term", "category", "variants", "year", "note",
    "known", "score", "count", "document_frequency", "quoted", "evidence", "contexts",
)  # fmt: skip
YES = frozenset(("x", "√", "✓", "✔", "v", "y", "yes", "1", "1.0", "是", "要", "收", "true"))  # in small letters
NO = frozenset(("", "n", "no", "0", "0.0", "否", "不", "false", "×"))


def sheet(found: Iterable[Candidate], lexicon: Lexicon) -> list[dict[str, object]]:
    """Return one row a candidate, the column `add` left for a person to tick (勾选表).

    What the lexicon has already shows its entry.
    """
    rows: list[dict[str, object]] = []
    for one in found:
        term = lexicon.get(one.term) or Term(one.term)
        entry: dict[str, object] = {
            "category": term.category,
            "variants": "|".join(term.variants),
            "year": term.year,
            "note": term.note,
        }
        evidence: dict[str, object] = {"evidence": "|".join(one.evidence), "contexts": " / ".join(one.contexts)}
        counts: dict[str, object] = {
            name: getattr(one, name) for name in ("known", "score", "count", "document_frequency", "quoted")
        }
        rows.append({"add": "", "term": one.term, **entry, **counts, **evidence})
    return rows


def ticked(rows: Iterable[Mapping[str, object]], *, where: str = "") -> Lexicon:
    """Return the ticked rows of a sheet as a lexicon (读回勾选表).

    Any of x, √, y, 1, 是 in the column `add` ticks a row; rows of terms the lexicon knew need none.

    Raises:
        LexiconError: there is no column `add` or `term`, a mark is neither yes nor no, or an entry is malformed or
            repeated.

    >>> [term.text for term in ticked([{"add": "x", "term": "五个一办"}, {"add": "", "term": "开工建设"}])]
    ['五个一办']
    """
    return Lexicon(_terms(rows, where))


def _terms(rows: Iterable[Mapping[str, object]], where: str) -> Iterator[Term]:
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        place = f"{where}, line {number}".removeprefix(", ")
        cells = {name: "" if value is None else str(value).strip() for name, value in row.items() if name}
        missing = [name for name in ("add", "term") if name not in cells]
        if missing:
            remedy = "the first line names the columns; keep those of the sheet that was written"
            raise LexiconError(f"the sheet has no column {missing[0]!r}", where=place, remedy=remedy)
        if cells["add"].lower() in NO:
            continue
        if cells["add"].lower() not in YES:
            raise LexiconError(
                f"the mark is {cells['add']!r}", where=place, remedy="write x to take the term, or nothing"
            )
        yield _term(cells, place, seen)
        seen[cells["term"]] = number


def _term(cells: Mapping[str, str], place: str, seen: Mapping[str, int]) -> Term:
    text = cells["term"]
    if not text:
        raise LexiconError("a ticked row has no term", where=place, remedy="write the term or remove the tick")
    if text in seen:
        raise LexiconError(f"“{text}” stands in line {seen[text]}, too", where=place, remedy="tick one of the two")
    variants = tuple(sorted({v.strip() for v in cells.get("variants", "").split("|") if v.strip()}))
    year = parse_year(cells.get("year", "").removesuffix(".0"), place)
    return Term(text, cells.get("category", ""), variants, year, cells.get("note", ""))
