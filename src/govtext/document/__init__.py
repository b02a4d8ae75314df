"""A document: its text, its metadata and its heading tree 一、→(一)→1.→(1)→一是 (文档)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from govtext.document.debris import find_copies, find_debris
from govtext.document.elements import Metadata, read_metadata
from govtext.document.finding import Finding
from govtext.document.furniture import find_furniture, line_spans, outside
from govtext.document.lint import lint
from govtext.document.markers import LEVELS, Level, numeral
from govtext.document.places import full_name, provinces
from govtext.document.reading import find_reading, reading
from govtext.document.sections import Section, find_heads, find_sections
from govtext.readers.notes import Note
from govtext.text import Span, normalise, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "LEVELS",
    "Document",
    "Finding",
    "Level",
    "Metadata",
    "Section",
    "lint",
    "numeral",
    "parse",
    "provinces",
    "reading",
    "restored",
    "structure",
]

SHOWN = 60  # headings in a notebook


@dataclass(frozen=True)
class Document:
    """One immutable text with what is known about it; its structure is computed on first use (文档).

    Attributes:
        text: the normalised text; every `Span` of every result counts its code points.
        id: a name that is unique in its corpus.
        metadata: what the caller or `corpus.csv` says, completed by what the text itself says.
        notes: what its reader left out or moved.
    """

    text: str
    id: str = ""
    given: Metadata = field(default=Metadata(), repr=False)
    notes: tuple[Note, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return f"Document(id={self.id!r}, {len(self.text)} characters, {self.text[:20].strip()!r}…)"

    def _repr_html_(self) -> str:
        """Show the document in a notebook: what it is, and its heading tree."""
        known = {name: getattr(self.metadata, name) for name in ("place", "year", "genre", "date")}
        facts = " · ".join([f"{len(self.text)} 字", *(str(value) for value in known.values() if value is not None)])
        title = escape(self.metadata.title or self.id or "Document")
        rows = "".join(
            f"<li style='margin-left:{1.5 * section.depth}em'>{escape(section.line[:60])}</li>"
            for section in self.sections[:SHOWN]
        )
        more = f"<li>…… 共 {len(self.sections)} 个标题</li>" if len(self.sections) > SHOWN else ""
        return f"<h4>{title}</h4><p>{escape(facts)}</p><ul style='list-style:none;padding-left:0'>{rows}{more}</ul>"

    @cached_property
    def metadata(self) -> Metadata:
        """What is known about the document: what was given, completed by what the text says (元数据)."""
        found = self._stated
        known = {name: value for name in Metadata.__slots__ if (value := getattr(self.given, name)) is not None}
        merged = replace(found, **known)
        return replace(merged, place=full_name(merged.place)) if merged.place else merged

    @cached_property
    def furniture(self) -> tuple[Span, ...]:
        """The lines that are no part of the document: navigation, print buttons, page numbers, copies (页面杂项)."""
        aside = {*find_debris(self.text, self._lines), *(row for passage in self._copies for row in passage)}
        rows = [row for row in self._lines if row not in aside] if aside else self._lines
        return tuple(sorted({*find_furniture(self.text, rows), *aside}))

    @cached_property
    def copies(self) -> tuple[Span, ...]:
        """Passages that repeat earlier text of the same file; they are furniture (重复文本)."""
        return tuple(Span(passage[0].start, passage[-1].end) for passage in self._copies)

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """Lines with their line ends; with the furniture they tile the text (段落)."""
        return outside(self._lines, self.furniture)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Sentences; with the furniture they tile the text (句子)."""
        return outside(sentences(self.text), self.furniture)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The heading tree, flat, in the order of the text (章节树)."""
        return tuple(find_sections(self.text, self._lines, self.furniture))

    @cached_property
    def heads(self) -> tuple[Span, ...]:
        """The spans of the sections but the points, in the order of the text (章节范围)."""
        if "sections" in vars(self):
            return tuple(section.span for section in self.sections if section.level != "point")
        return tuple(find_heads(self.text, self._lines, self.furniture))

    @cached_property
    def _stated(self) -> Metadata:
        return read_metadata(self)

    @cached_property
    def _reading(self) -> tuple[Finding, ...]:
        return tuple(find_reading(self))

    @cached_property
    def _copies(self) -> list[list[Span]]:
        return find_copies(self.text, self._lines)

    @cached_property
    def _lines(self) -> list[Span]:
        return line_spans(self.text)


STRUCTURE = ("copies", "furniture", "paragraphs", "sentences", "sections", "_stated", "_reading")


def structure(document: Document) -> dict[str, Any]:
    """Return everything that is computed from the text of a document, for `restored` (结构)."""
    return {name: getattr(document, name) for name in STRUCTURE}


def restored(document: Document, found: Mapping[str, Any]) -> Document:
    """Return a document whose structure was found before and is not computed again (还原结构)."""
    new = replace(document)
    vars(new).update({name: found[name] for name in STRUCTURE})
    return new


def parse(text: str, id: str = "", *, metadata: Metadata | None = None) -> Document:
    r"""Make a document from a string: normalise it, nothing else (解析).

    >>> doc = parse("一、总则\n（一）目的。为了公开。", id="demo")
    >>> [(s.level, s.numeral, s.heading) for s in doc.sections]
    [('1', 1, '总则'), ('2', 1, '目的')]
    """
    return Document(normalise(text), id, metadata or Metadata())
