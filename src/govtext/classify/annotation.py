"""Paragraphs for people to label, as the rows of a sheet, and the labels back from the sheet (标注表)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from govtext.classify.agreement import alpha, kappa
from govtext.classify.evidence import Label, Passage, passages
from govtext.errors import OptionError
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from govtext.document import Document

ANNOTATION_COLUMNS = (
    "document",
    "start",
    "end",
    "headings",
    "text",
    "suggested",
    "probability",
    "label",
    "note",
    "check",
)
BETWEEN = " / "  # headings


@dataclass(frozen=True, slots=True)
class Annotation:
    """The label that a person gave a paragraph (人工标注)."""

    document: str
    span: Span
    label: str
    note: str = ""


def annotation_rows(document: Document, *, suggested: Sequence[Label] = ()) -> list[dict[str, object]]:
    """Return one row a paragraph for a person to fill in `label` and `note` (标注行).

    `suggested` are labels of the same paragraphs, as `themes` or a classifier gives them. Suggestions sway coders:
    leave them out where agreement is measured. `check` ties a row to its text.
    """
    found = passages(document)
    by_span = {one.span: one for one in suggested}
    return [
        {
            "document": document.id,
            "start": passage.span.start,
            "end": passage.span.end,
            "headings": BETWEEN.join(passage.headings),
            "text": passage.text,
            "suggested": by_span[passage.span].label if passage.span in by_span else "",
            "probability": by_span[passage.span].probability if passage.span in by_span else None,
            "label": "",
            "note": "",
            "check": _check(passage.span.of(document.text)),
        }
        for passage in found
    ]


def read_annotations(
    rows: Iterable[Mapping[str, object]], documents: Iterable[Document], *, labels: Iterable[str] = ()
) -> list[Annotation]:
    """Return the labels that a sheet holds; rows whose label is empty are left out (读标注).

    Args:
        rows: the rows of the sheet, as `tables.read_sheet` gives them.
        documents: the documents the rows come from, by their id.
        labels: the labels that are allowed; empty means any.

    Raises:
        OptionError: a column is missing, a document is unknown, a row no longer fits its text, a paragraph is labelled
            twice, or a label is not allowed; each says which line of the sheet.
    """
    known, allowed = {document.id: document for document in documents}, set(labels)
    out: dict[tuple[str, Span], Annotation] = {}
    for line, row in enumerate(rows, start=2):
        label = _cell(row, "label", line)
        if not label:
            continue
        if allowed and label not in allowed:
            raise OptionError(
                f"line {line}: the label {label!r} is not known", remedy=f"use {' '.join(sorted(allowed))}"
            )
        one = Annotation(*_place(row, known, line), label, _cell(row, "note", line))
        if (one.document, one.span) in out:
            raise OptionError(f"line {line}: this paragraph is labelled twice", remedy="keep one of the lines")
        out[one.document, one.span] = one
    return list(out.values())


def training_rows(
    found: Iterable[Annotation], documents: Iterable[Document]
) -> tuple[list[Passage], list[str], list[str]]:
    """Return passages, labels and groups (the documents) of annotations, for `fit` and `cross_validate` (训练数据)."""
    by_place = {(d.id, passage.span): passage for d in documents for passage in passages(d)}
    annotations = list(found)
    texts = [by_place[one.document, one.span] for one in annotations]
    return texts, [one.label for one in annotations], [one.document for one in annotations]


def paired(sheets: Sequence[Sequence[Annotation]]) -> list[list[str | None]]:
    """Return the labels of several coders, unit by unit, for `kappa` and `alpha`; None where one gave none (配对)."""
    by_place = [{(one.document, one.span): one.label for one in sheet} for sheet in sheets]
    places = sorted({place for sheet in by_place for place in sheet})
    return [[sheet.get(place) for place in places] for sheet in by_place]


def agreement_rows(sheets: Sequence[Sequence[Annotation]], *, names: Sequence[str]) -> list[dict[str, object]]:
    """Return Cohen's kappa of each two coders and Krippendorff's alpha of all, one row each (一致性表).

    Columns: coders, units (that both, or at least two, labelled), measure, value.

    Raises:
        OptionError: there are fewer than two sheets, or two of them share no labelled paragraph.
    """
    if len(sheets) < 2:
        raise OptionError("one sheet alone", remedy="give the sheets of at least two coders")
    labels = dict(zip(names, paired(sheets), strict=True))
    rows: list[dict[str, object]] = []
    for a, b in combinations(labels, 2):
        units = sum(None not in pair for pair in zip(labels[a], labels[b], strict=True))
        value = kappa(labels[a], labels[b])
        rows.append({"coders": f"{a}|{b}", "units": units, "measure": "kappa", "value": value})
    units = sum(len(unit) - unit.count(None) > 1 for unit in zip(*labels.values(), strict=True))
    value = alpha(list(labels.values()))
    return [*rows, {"coders": "|".join(labels), "units": units, "measure": "alpha", "value": value}]


def _place(row: Mapping[str, object], known: Mapping[str, Document], line: int) -> tuple[str, Span]:
    name = _cell(row, "document", line)
    if name not in known:
        raise OptionError(
            f"line {line}: the document {name!r} is not among those given ({', '.join(sorted(known)[:5])})",
            remedy="give the documents of the sheet (--corpus)",
        )
    try:
        span = Span(*(int(float(_cell(row, column, line))) for column in ("start", "end")))
    except ValueError as error:
        raise OptionError(
            f"line {line}: start and end are no numbers", remedy="leave these columns as they were"
        ) from error
    document = known[name]
    if span not in document.paragraphs or _check(span.of(document.text)) != _cell(row, "check", line):
        raise OptionError(
            f"line {line}: the document has no such paragraph", remedy="make a new sheet; the text changed"
        )
    return name, span


def _cell(row: Mapping[str, object], column: str, line: int) -> str:
    if column not in row:
        raise OptionError(f"line {line}: the column {column} is missing", remedy="leave the header as it was")
    value = row[column]
    return "" if value is None else str(value).strip()


def _check(text: str) -> str:
    return "#" + hashlib.sha256(text.encode()).hexdigest()[:10]
