"""What is one token by its form, whatever a dictionary says: numbers, codes, enumerators, quoted phrases (形式规则).

A mask is a bytearray with a 1 at every place where a token begins or ends, one longer than its text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from govtext.tokens.columns import COINED, NUMBER, PUNCTUATION, SPACE, WORD

if TYPE_CHECKING:
    from collections.abc import Iterator

# Stretches where the engines may differ: anything but Han characters and Chinese punctuation. There every character
# stands alone until a rule joins it. Full-width letters and digits, which a string may still hold, are foreign, too.
FOREIGN = re.compile("[^\u4e00-\u9fd5\u2018-\u201d\u3001-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uffef]+")
_N = "零〇○一二三四五六七八九十"
# 227, 3649.41万, 35.6%, 1,234, 300余, 2022年, 三百二十一万, 一九九八年; 千 before a unit of measure belongs to it.
NUMBER_RULE = re.compile(
    r"[0-9](?:[0-9百]|[.．](?=[0-9])|(?<![0-9]{4}),(?=[0-9]{3}(?![0-9]))|千(?![瓦米克伏赫卡吨])|[万亿])*"
    rf"(?:[余多](?![{_N}])|年(?![代度产均级])|月(?!亮)|日(?![元本均夜前])|[%％‰])?"
)
HAN_NUMBER_RULE = re.compile(
    rf"[{_N}两几数](?=[{_N}几百千万亿点余多])(?:[{_N}几百]|点(?=[{_N}])|千(?![瓦米克伏赫卡吨])|[万亿])*"
    rf"(?:[余多](?![{_N}])|年(?![代度产均级])|月(?!亮)|日(?![元本均夜前]))?"
)
# GDP, 5G-A, PM2.5, 1+1+N, 5+3
CODE_RULE = re.compile(r"[0-9A-Za-z]+(?:[.+\-/&_][0-9A-Za-z]+)*")
IS_CODE = re.compile("[A-Za-z+]")  # 2-3 is two numbers
# A short phrase in quotes without marks inside: “两降一保”, “五个一办”.
QUOTED_RULE = re.compile(r"“([^“”‘’，。；：！？、,.;:!?\s（）()《》]{2,8})”")
# 一、 （一） 1. at the start of a line
MARKER_RULE = re.compile(
    rf"[ \t\u3000\xa0]*((?:[{_N}百]{{1,4}}、|[（(][{_N}百]{{1,4}}[）)]|[（(]\d{{1,2}}[）)]|\d{{1,2}}[.．、](?!\d)))"
)
MARKER_STARTS = frozenset(" \t\u3000\xa0（(0123456789百" + _N)
POINT_NUMERALS = frozenset("一二三四五六七八九十")
AFTER_STOP = frozenset("。；;：:，,、！？!?”）)\n \t\u3000\xa0.")
# What a copied web page leaves where a blank was: <U+00A0>
ESCAPE_RULE = re.compile(r"(?:<U\+[0-9A-F]{4,6}>)+")
RUN_RULE = re.compile(r"[^\S\n]+|\n+|—{2,}|…{2,}|\.{3,}")


def foreign(text: str) -> list[tuple[int, int]]:
    """Return start and end of the stretches of other characters than Han and Chinese punctuation."""
    return [match.span() for match in FOREIGN.finditer(text)]


def apply(text: str, mask: bytearray, stretches: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Enforce the rules on a mask, given the foreign stretches; return start, end and kind of each token they make."""
    found: list[tuple[int, int, int]] = []
    codes: list[tuple[int, int, int]] = []
    if _cut_foreign(text, mask, stretches, codes):
        found += ((*match.span(), NUMBER) for match in NUMBER_RULE.finditer(text))
    for match in HAN_NUMBER_RULE.finditer(text):
        start, end = match.span()
        if _is_number(text, mask, start, end):
            found.append((start, end, NUMBER))
    found += codes  # PM2.5 holds a number, too
    if "<U+" in text:
        found += ((*match.span(), SPACE) for match in ESCAPE_RULE.finditer(text))
    if "“" in text:
        found += ((*match.span(1), COINED) for match in QUOTED_RULE.finditer(text))
    if "是" in text:
        found += ((*span, PUNCTUATION) for span in _points(text))
    if text[:1] in MARKER_STARTS or "\n" in text:
        found += ((*span, PUNCTUATION) for span in _markers(text))
    for start, end, _ in found:
        mask[start : end + 1] = b"\x01" + bytes(end - start - 1) + b"\x01"
    return found


def _cut_foreign(
    text: str, mask: bytearray, stretches: list[tuple[int, int]], codes: list[tuple[int, int, int]]
) -> bool:
    """Cut the foreign stretches into characters, note the codes in them, and tell whether there may be numbers."""
    digits = False
    for start, end in stretches:
        mask[start : end + 1] = b"\x01" * (end + 1 - start)
        stretch = text[start:end]
        if stretch.isascii() and stretch.isdigit():
            digits = True
        elif end - start > 1 or stretch.isspace():
            digits = True
            codes += _codes(text, start, end)
    return digits


def _codes(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield codes, blanks and dashes of a foreign stretch."""
    for match in CODE_RULE.finditer(text, start, end):
        code = match[0]
        if IS_CODE.search(code):
            yield *match.span(), COINED if "+" in code and code[0].isdigit() else WORD
    for match in RUN_RULE.finditer(text, start, end):
        yield *match.span(), SPACE if match[0].isspace() else PUNCTUATION


def _points(text: str) -> Iterator[tuple[int, int]]:
    """Yield 一是, 十二是 after a stop."""
    at = text.find("是", 1)
    while at > 0:
        start = at
        while start and at - start < 3 and text[start - 1] in POINT_NUMERALS:
            start -= 1
        if start < at and (start == 0 or text[start - 1] in AFTER_STOP):
            yield start, at + 1
        at = text.find("是", at + 1)


def _markers(text: str) -> Iterator[tuple[int, int]]:
    """Yield 一、 and the like at the start of lines."""
    start = 0
    while True:
        if text[start : start + 1] in MARKER_STARTS and (match := MARKER_RULE.match(text, start)):
            yield match.span(1)
        start = text.find("\n", start) + 1
        if not start:
            return


def _is_number(text: str, mask: bytearray, start: int, end: int) -> bool:
    """Tell whether Chinese numerals are a number, and not parts of words: 一些, 三农, 数字; 四十|二个 is one."""
    if not mask[start] or end - start < 2 or (end - start == 2 and text[end - 1] in "年月日"):
        return False
    if mask[end]:
        return True
    inside = end - 1
    while inside > start and not mask[inside]:
        inside -= 1
    return inside > start  # else the whole run begins one word, such as 十分
