"""What is one token by its form, whatever a dictionary says: numbers, codes, enumerators, quoted phrases (形式规则).

A mask is a bytearray with a 1 at every place where a token begins or ends, one longer than its text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from govtext.tokens.columns import COINED, NUMBER, PUNCTUATION, SPACE, WORD

if TYPE_CHECKING:
    from collections.abc import Iterator

# Stretches where the engines may differ: anything but the common Han characters and Chinese punctuation. There every
# character stands alone until a rule below joins it.
FOREIGN = re.compile("[^\u4e00-\u9fd5，。、；：？！“”（）《》]+")
_N = "零〇○一二三四五六七八九十"
# 227, 3649.41万, 35.6%, 1,234, 300余, 2022年, 三百二十一万, 一九九八年; 千 before a unit of measure belongs to the unit.
NUMBER_RULE = re.compile(
    rf"(?:\d{{1,3}}(?:,\d{{3}})+|[{_N}两几数]|\d)"
    rf"(?:[{_N}几\d百]|[.．点](?=[\d{_N}])|千(?![瓦米克伏赫卡吨])|[万亿])*"
    rf"(?:[余多](?![{_N}])|年(?![代度产均级])|月(?!亮)|日(?![元本均夜前])|[%％‰])?"
)
# GDP, 5G-A, PM2.5, 1+1+N, 5+3
CODE_RULE = re.compile(
    r"[0-9]+(?:\+(?:[0-9]+|[A-Za-z]))+|(?=[0-9.+\-/&_]*[A-Za-z])[0-9A-Za-z]+(?:[.+\-/&_][0-9A-Za-z]+)*"
)
# A short phrase in quotes without marks inside: “两降一保”, “五个一办”.
QUOTED_RULE = re.compile(r"“([^“”‘’，。；：！？、,.;:!?\s（）()《》]{2,8})”")
# 一、 （一） 1. at the start of a line
MARKER_RULE = re.compile(
    rf"(?m:^[ \t\u3000\xa0]*)((?:[{_N}百]{{1,4}}、|[（(][{_N}百]{{1,4}}[）)]|[（(]\d{{1,2}}[）)]|\d{{1,2}}[.．、](?!\d)))"
)
POINT_RULE = re.compile(rf"[{_N}]{{1,3}}是")
AFTER_STOP = frozenset("。；;：:，,、！？!?”）)\n \t\u3000\xa0.")
RUN_RULE = re.compile(r"[^\S\n]+|\n+|—{2,}|…{2,}|\.{3,}")


def apply(text: str, mask: bytearray) -> Iterator[tuple[int, int, int]]:
    """Enforce the rules on a mask; yield start, end and kind of each token they make."""
    for match in FOREIGN.finditer(text):
        start, end = match.span()
        mask[start : end + 1] = b"\x01" * (end + 1 - start)
    for match in NUMBER_RULE.finditer(text):
        if span := _number(text, mask, *match.span()):
            yield *_join(mask, *span), NUMBER
    for rule, kind in ((CODE_RULE, WORD), (RUN_RULE, SPACE)):
        for match in rule.finditer(text):
            start, end = match.span()
            if end - start > 1 or kind == SPACE:
                yield *_join(mask, start, end), _kind(text, match[0], kind)
    if "“" in text:
        for match in QUOTED_RULE.finditer(text):
            yield *_join(mask, *match.span(1)), COINED
    if "是" in text:
        for match in POINT_RULE.finditer(text):
            start, end = match.span()
            if start == 0 or text[start - 1] in AFTER_STOP:
                yield *_join(mask, start, end), PUNCTUATION
    for match in MARKER_RULE.finditer(text):
        yield *_join(mask, *match.span(1)), PUNCTUATION


def _kind(text: str, found: str, kind: int) -> int:
    if kind == SPACE:
        return SPACE if found.isspace() else PUNCTUATION
    return COINED if "+" in found and found[0].isdigit() else kind


def _join(mask: bytearray, start: int, end: int) -> tuple[int, int]:
    """Make one token of a stretch; what it cuts through is cut there."""
    mask[start : end + 1] = b"\x01" + bytes(end - start - 1) + b"\x01"
    return start, end


def _number(text: str, mask: bytearray, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of a number, or None where numerals are part of words: 一些, 三农, 数字, 四十|二个."""
    if text[start].isdecimal():
        return start, end
    if not mask[start] or end - start < 2 or (end - start == 2 and text[end - 1] in "年月日"):
        return None
    if not mask[end]:
        inside = end - 1
        while inside > start and not mask[inside]:
            inside -= 1
        if inside == start:  # the whole run begins one word, such as 十分 or 两两相
            return None
    return start, end
