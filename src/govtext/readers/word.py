"""Word files (.docx): paragraphs, tables and numbers in the order in which Word prints them (Word 文件)."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from govtext.readers.notes import Note
from govtext.readers.numbering import Numbering, qn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document
    from lxml.etree import _Element as Element

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
P, TABLE, ROW, CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
BOX = qn("w:txbxContent")
CHOICES = MC + "AlternateContent"
TEXT = frozenset((qn("w:t"), qn("m:t")))
SIGNS = {
    qn("w:tab"): "\t",
    qn("w:ptab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
# Properties, the phonetic guide above characters, the codes of fields: no text of the document.
SILENT = frozenset(
    qn(name)
    for name in ("w:pPr", "w:rPr", "w:tblPr", "w:trPr", "w:tcPr", "w:sdtPr", "w:rt", "w:instrText", "w:fldData")
)
DELETED = frozenset((qn("w:del"), qn("w:moveFrom")))
# What is left out or moved, in Chinese and in English.
NOTES = {
    "deleted": ("{}处修订所删的文字未读入", "{} passages deleted in tracked changes are left out"),
    "hidden": ("{}处隐藏文字未读入", "{} hidden passages are left out"),
    "notes": ("{}条脚注或尾注置于文末", "{} footnotes or endnotes stand at the end"),
    "comments": ("{}条批注未读入", "{} comments are left out"),
    "pictures": ("{}幅图片中的文字未读入", "{} pictures: what they show is not read"),
    "embedded": ("{}个嵌入的文件未读入", "{} embedded files are not read"),
}


def read_document(data: bytes) -> tuple[str, tuple[Note, ...]]:
    """Return the text of a .docx file and what was left out of it (读取 Word 文件)."""
    import docx

    document = docx.Document(io.BytesIO(data))
    reading = _Reading(_numbering(document))
    lines = list(reading.blocks(document.element.body))
    if reading.carried:
        lines.append(reading.carried)
    for kind in ("footnotes", "endnotes"):
        root = _part(document, kind)
        notes = [] if root is None else [n for n in root if n.get(qn("w:type")) in (None, "normal")]
        for number, note in enumerate(notes, start=1):
            reading.left_out["notes"] += 1
            lines.append(f"[{number}] " + " ".join(line.strip() for line in reading.blocks(note)))
    comments = _part(document, "comments")
    reading.left_out["comments"] += 0 if comments is None else len(comments.findall(qn("w:comment")))
    found = [(code, n) for code, n in sorted(reading.left_out.items()) if n]
    return "\n".join(lines), tuple(Note(code, *(text.format(n) for text in NOTES[code])) for code, n in found)


def _part(document: Document, kind: str) -> Element | None:
    """Return the root of a part beside the main one, found by its relationship; None where there is none."""
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        if relation.reltype.endswith(f"/{kind}") and not relation.is_external:
            part = relation.target_part
            return part.element if hasattr(part, "element") else parse_xml(part.blob)
    return None


def _numbering(document: Document) -> Numbering:
    return Numbering(_part(document, "numbering"), _part(document, "styles"))


@dataclass(slots=True)
class _Reading:
    """The state of a reading: counters of lists, what was left out, and a line whose end was deleted."""

    numbering: Numbering
    left_out: Counter[str] = field(default_factory=Counter)
    carried: str = ""

    def blocks(self, parent: Element) -> Iterator[str]:
        """Yield the lines of paragraphs and tables, through content controls, insertions and other wrappers."""
        for child in parent:
            if child.tag == P:
                yield from self.paragraph(child)
            elif child.tag == TABLE:
                yield from self.table(child)
            elif child.tag == qn("w:altChunk"):
                self.left_out["embedded"] += 1
            elif child.tag in DELETED:
                self.left_out["deleted"] += 1
            elif child.tag not in SILENT:
                yield from self.blocks(_chosen(child))

    def paragraph(self, element: Element) -> Iterator[str]:
        """Yield the line of a paragraph with its number, then those of its text boxes."""
        pieces: list[str] = []
        boxes: list[Element] = []
        self.inline(element, pieces, boxes)
        properties = element.find(qn("w:pPr"))
        text = self.carried + "".join(pieces)
        self.carried = ""
        if properties is not None and properties.find(f"{qn('w:rPr')}/{qn('w:del')}") is not None:
            self.carried = text  # its end was deleted: it goes on in the next paragraph
        else:
            yield self.numbering.label(properties, text) + text
        for box in boxes:
            yield from self.blocks(box)

    def inline(self, parent: Element, pieces: list[str], boxes: list[Element]) -> None:
        """Collect the text of a paragraph, and its text boxes."""
        for child in parent:
            tag = child.tag
            if tag in TEXT:
                pieces.append(child.text or "")
            elif tag in SIGNS:
                pieces.append(SIGNS[tag])
            elif tag == qn("w:sym"):
                pieces.append(_symbol(child.get(qn("w:char"), "")))
            elif tag == BOX:
                boxes.append(child)
            elif tag in DELETED:
                self.left_out["deleted"] += 1
            elif tag == qn("w:r") and _is_hidden(child):
                self.left_out["hidden"] += 1
            elif tag not in SILENT:
                if tag in (qn("w:drawing"), qn("w:pict"), qn("w:object")) and next(child.iter(BOX), None) is None:
                    self.left_out["pictures"] += 1
                self.inline(_chosen(child), pieces, boxes)

    def table(self, element: Element) -> Iterator[str]:
        """Yield a line a row, its cells parted by tabs; a row of one cell is layout, and its paragraphs are lines."""
        for row in _inside(element, ROW):
            if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None:
                self.left_out["deleted"] += 1
                continue
            cells = list(_inside(row, CELL))
            if len(cells) == 1:
                yield from () if _is_continued(cells[0]) else self.blocks(cells[0])
                continue
            line = "\t" * _span(row, "w:trPr", "w:gridBefore")
            for cell in cells:
                text = "" if _is_continued(cell) else " ".join(" ".join(self.blocks(cell)).split())
                line += text + "\t" * max(1, _span(cell, "w:tcPr", "w:gridSpan"))
            if line.strip():
                yield line.rstrip("\t")


def _inside(parent: Element, tag: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row through content controls and insertions, not of tables in it."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag not in SILENT and child.tag not in DELETED and child.tag not in (TABLE, P):
            yield from _inside(_chosen(child), tag)


def _chosen(element: Element) -> Element | list[Element]:
    """Return an element, or of alternatives for newer and older programs the first."""
    if element.tag != CHOICES:
        return element
    choices = [*element.findall(MC + "Choice"), *element.findall(MC + "Fallback")]
    return choices[0] if choices else []


def _is_continued(cell: Element) -> bool:
    """Tell whether a cell is the lower part of one that was merged over rows."""
    merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merged is not None and merged.get(qn("w:val"), "continue") == "continue"


def _span(element: Element, properties: str, name: str) -> int:
    found = element.find(f"{qn(properties)}/{qn(name)}")
    value = "" if found is None else found.get(qn("w:val"), "")
    return min(int(value), 63) if value.isascii() and value.isdigit() and len(value) < 4 else 0  # Word's most columns


def _is_hidden(run: Element) -> bool:
    found = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return found is not None and found.get(qn("w:val"), "1") not in ("0", "false", "off")


def _symbol(code: str) -> str:
    """Return the character of w:sym; one of a symbol font stays in the private use area, and is reported there."""
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return "\ufffd"
