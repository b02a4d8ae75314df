"""Results as plain values for JSON, and back: spans, labels, findings, figures, citations (编码)."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from govtext.citations import Citation
from govtext.classify import Label
from govtext.compare import Attention, IndicatorPair, Promise, Reuse
from govtext.document import Finding, Metadata, Section
from govtext.indicators import Check, Indicator
from govtext.keywords import Keyword, Stability
from govtext.readers import Note
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

# The values that results are made of; each is written as its name and its fields in order.
RECORDS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        Attention, Check, Citation, Finding, Indicator, IndicatorPair, Keyword, Label, Metadata, Note, Promise, Reuse,
        Stability,
    )
}  # fmt: skip


def encode(value: Any, sections: Sequence[Section] = ()) -> Any:
    """Return a value as JSON can hold it; a section of the document is its number (编码).

    Raises:
        TypeError: it holds something that is none of our results.

    >>> encode([Span(0, 2), Decimal("1.50")])
    ['list', ['Span', 0, 2], ['Decimal', '1.50']]
    """
    numbers = {id(section): number for number, section in enumerate(sections)}
    return _encoded(value, numbers)


def _encoded(value: Any, numbers: dict[int, int]) -> Any:
    kind = type(value)
    if value is None or kind in (str, int, float, bool):
        return value
    if kind is Decimal:
        return ["Decimal", str(value)]
    if kind is Section:
        return ["Section", numbers[id(value)]]
    if kind is Span:
        return ["Span", *value]
    if kind in (list, tuple):
        return [kind.__name__, *(_encoded(one, numbers) for one in value)]
    if RECORDS.get(kind.__name__) is kind:
        return [kind.__name__, *(_encoded(getattr(value, name), numbers) for name in _fields(kind))]
    raise TypeError(f"{kind.__name__} has no code")


@lru_cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else kind._fields


def decode(value: Any, sections: Sequence[Section] = ()) -> Any:
    """Return the value that `encode` was given (解码).

    >>> decode(["list", ["Span", 0, 2], ["Decimal", "1.50"]])
    [Span(start=0, end=2), Decimal('1.50')]
    """
    if not isinstance(value, list):
        return value
    name, *rest = value
    if name == "Span":
        return Span(*rest)
    if name == "Decimal":
        return Decimal(rest[0])
    if name == "Section":
        return sections[rest[0]]
    found = [decode(one, sections) for one in rest]
    if name in ("list", "tuple"):
        return found if name == "list" else tuple(found)
    return RECORDS[name](*found)


def encode_sections(sections: Sequence[Section]) -> list[list[Any]]:
    """Return the heading tree as rows, a parent as its number (章节编码)."""
    numbers = {id(section): number for number, section in enumerate(sections)}
    return [
        [s.level, s.numeral, s.marker, s.heading, *s.span, *s.heading_span, s.run_in, numbers.get(id(s.parent))]
        for s in sections
    ]


def decode_sections(rows: list[list[Any]]) -> tuple[Section, ...]:
    """Return the heading tree of rows (章节解码)."""
    out: list[Section] = []
    for level, numeral, marker, heading, start, end, first, last, run_in, parent in rows:
        above = None if parent is None else out[parent]
        out.append(Section(level, numeral, marker, heading, Span(start, end), Span(first, last), run_in, above))
    return tuple(out)
