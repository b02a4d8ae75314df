"""What a copied web page leaves in a text: escapes, comments, the same text several times (网页残留)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# R writes a character that the encoding of a file does not have like this: <U+00A0>
LITERAL = re.compile(r"<U\+[0-9A-F]{4,6}>")
MARKUP = re.compile(
    r"</?(?:a|b|br|body|center|div|em|font|h[1-6]|head|html|i|img|input|li|link|meta|o:p|ol|p|script|span|strong|style|"
    r"table|tbody|td|th|title|tr|u|ul)(?:\s[^<>]{0,400})?/?>|&(?:[a-z]{2,8}|#\d{2,5}|#x[0-9a-f]{2,5});",
    re.IGNORECASE,
)
# 中央政府门户网站　www.gov.cn　　 2006年02月23日 14时43分　　 来源：人民网
MASTHEAD = re.compile(
    r"\S{0,20}网\S{0,6}\s+(?:www\.\S+\s+)?\d{4}年\d{1,2}月\d{1,2}日(?:\s*\d{1,2}[时:：]\d{2}分?)?\s+来源\s*[:：]\s*\S{1,20}"
)
LONGEST_COMMENT = 2000  # a mark that closes farther away closes another one
LONG_LINE, SHORT_LINE = 40, 80  # a line to tell a text by; a line that may differ between two copies
EDGE_LINES = 40  # a masthead stands at the top
LEAST_COPY = 500  # characters of long lines that make a passage a copy, and no form or formula
LEAST_SHARE = 0.9  # of a passage that must have stood before
GAP = 4  # lines in a row that may differ


def comments(text: str) -> Iterator[Span]:
    """Yield the HTML comments of a text (注释).

    >>> [span.of("甲<!-- 乙 -->丙") for span in comments("甲<!-- 乙 -->丙")]
    ['<!-- 乙 -->']
    """
    start, end = text.find("<!--"), 0
    while start >= 0:
        if end < start + 4:
            end = text.find("-->", start + 4)
        if end < 0:
            return
        if end - start <= LONGEST_COMMENT:
            yield Span(start, end + 3)
            start = end
        start = text.find("<!--", start + 4)


def find_debris(text: str, rows: list[Span]) -> list[Span]:
    """Return the rows that hold nothing but escapes and comments, or a site with date and source (残留行)."""
    top = ((row, row.of(text)) for row in rows[:EDGE_LINES])
    mastheads = [row for row, line in top if "来源" in line and MASTHEAD.fullmatch(line.strip())]
    if "<" not in text or ("<U+" not in text and "<!--" not in text):  # one character is found faster than three
        return mastheads
    blanked = LITERAL.sub(lambda match: " " * len(match[0]), text)
    pieces, done = [], 0
    for start, end in comments(text):
        pieces += [blanked[done:start], " " * (end - start)]
        done = end
    blanked = "".join([*pieces, blanked[done:]])
    return mastheads + [row for row in rows if not row.of(blanked).strip() and row.of(text).strip()]


def find_copies(text: str, rows: list[Span]) -> list[list[Span]]:
    """Return the passages, as lists of rows, that repeat earlier rows of the same text (重复文本).

    A passage goes from one repeated row to another; up to four short rows in between may be new. It counts when its
    long rows have 500 characters, and nearly all of its characters have stood before.
    """
    long = [line.strip() for line in text.split("\n") if len(line) >= LONG_LINE]
    if len(set(long)) == len(long):  # as in nearly every document
        return []
    seen: set[str] = set()
    passages: list[list[Span]] = []
    passage: list[tuple[Span, int, bool]] = []  # row, its characters without blanks, whether it stood before
    waiting: list[tuple[Span, int, bool]] = []  # short new rows after a repeated one
    for row in rows:
        key = "".join(LITERAL.sub("", row.of(text)).split())
        found = (row, len(key), key in seen)
        seen.add(key)
        if found[2]:
            passage += [*waiting, found]
            waiting = []
        elif passage and len(key) <= SHORT_LINE and len(waiting) < GAP:
            waiting.append(found)
        else:
            _close(passages, passage)
            passage, waiting = [], []
    _close(passages, passage)
    return passages


def _close(passages: list[list[Span]], passage: list[tuple[Span, int, bool]]) -> None:
    """Add a passage if it is long enough and nearly all of it stood before."""
    before = sum(length for _, length, repeated in passage if repeated)
    long = sum(length for _, length, repeated in passage if repeated and length >= LONG_LINE)
    if long >= LEAST_COPY and before >= LEAST_SHARE * sum(length for _, length, _ in passage):
        passages.append([row for row, _, _ in passage])
