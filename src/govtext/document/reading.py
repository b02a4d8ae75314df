"""What the reading of a document has found: doubtful characters, remains of a web page, copies (读取检查)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from govtext.document.debris import LITERAL, MARKUP, comments
from govtext.document.finding import Finding
from govtext.text import Span, doubtful

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govtext.document import Document

KINDS = 4  # kinds of doubtful characters that a message names


def reading(document: Document) -> list[Finding]:
    r"""Return what should be known of how a document was read, one finding a kind and a copied passage (读取检查).

    doubtful: characters that a wrong or damaged encoding leaves, counted; escape: characters written as <U+00A0>;
    comment, markup: remains of HTML; repeat: a passage that stands earlier in the same file and is left out of the
    body, as are lines of escapes and comments alone. Then the notes of the reader, such as text deleted in tracked
    changes.

    >>> from govtext.document import parse
    >>> [(f.code, f.message_en) for f in reading(parse("建设法治政府\ufffd。"))]
    [('doubtful', '1 doubtful character(s): U+FFFD')]
    """
    return list(document._reading)


def find_reading(document: Document) -> list[Finding]:
    """Compute what `reading` returns (计算读取检查)."""
    notes = [Finding(n.code, n.message, n.message_en, Span(0, 0)) for n in document.notes]
    found = [f for check in (_doubtful, _escapes, _comments, _markup, _repeats) for f in check(document)]
    return [*notes, *sorted(found, key=lambda finding: (finding.span, finding.code))]


def _doubtful(document: Document) -> Iterator[Finding]:
    found = doubtful(document.text)
    if found:
        kinds = Counter(_name(match[0]) for match in found).most_common(KINDS)
        names = ", ".join(f"{name} ×{count}" if count > 1 else name for name, count in kinds)
        count = sum(len(match[0]) for match in found)
        message, message_en = f"可疑字符{count}个：{names}", f"{count} doubtful character(s): {names}"
        yield Finding("doubtful", message, message_en, Span(*found[0].span()))


def _name(characters: str) -> str:
    return f"U+{ord(characters):04X}" if len(characters) == 1 else characters


def _escapes(document: Document) -> Iterator[Finding]:
    spans = [Span(*match.span()) for match in LITERAL.finditer(document.text)]
    yield from _counted(
        "escape", spans, "字符写成转义（如“{}”）{}处", "{1} character(s) written as an escape such as {0}", document
    )


def _comments(document: Document) -> Iterator[Finding]:
    spans = list(comments(document.text))
    yield from _counted("comment", spans, "网页注释{1}处", "{1} HTML comment(s)", document)


def _markup(document: Document) -> Iterator[Finding]:
    text = document.text
    found = MARKUP.finditer(text) if "<" in text or "&" in text else ()  # the expression alone is slow
    spans = [Span(*match.span()) for match in found]
    yield from _counted("markup", spans, "网页标记（如“{}”）{}处", "{1} HTML tag(s) or entities such as {0}", document)


def _counted(code: str, spans: list[Span], zh: str, en: str, document: Document) -> Iterator[Finding]:
    if spans:
        first = spans[0].of(document.text)[:20]
        yield Finding(code, zh.format(first, len(spans)), en.format(first, len(spans)), spans[0])


def _repeats(document: Document) -> Iterator[Finding]:
    for span in document.copies:
        size = span.end - span.start
        message = f"与前文重复的一段（{size}字）不计入正文"
        yield Finding("repeat", message, f"a passage of {size} characters repeats earlier text and is left out", span)
