"""What is one token by its form, whatever a dictionary says: numbers, codes, enumerators, quoted phrases (形式规则).

A mask is a bytearray with a 1 at every place where a token begins or ends, one longer than its text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from govtext.text import one_to_one
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
    rf"(?:[余多][万亿]*(?![{_N}])|年(?![代度产均级])|月(?!亮)|日(?![元本均夜前])|[%％‰])?"
)
# No coined formula holds a unit or an adverb: 一年一度, 三届六次, 一直十分, 一步一个.
_PLAIN = (
    _N
    + "百千万亿两几数零年月日天时分秒岁周季代次遍趟回步个名位人者届期轮批件项条套本张封篇份种类样层段级倍点元角吨斤亩里"
    "寸尺至到起些般定致切直旦共向贯就是的得了不也又再以在而和与及等"
)
HAN_NUMBER_RULE = re.compile(
    rf"[{_N}两几数](?:"
    rf"(?=[{_N}几百千万亿点余多])(?:[{_N}几百]|点(?=[{_N}])|千(?![瓦米克伏赫卡吨])|[万亿])*"
    rf"(?:[余多][万亿]*(?![{_N}])|年(?![代度产均级])|月(?!亮)|日(?![元本均夜前]))?"
    # 两降一保, 一核两翼三带
    rf"|(?P<formula>(?:(?![{_PLAIN}])[\u4e00-\u9fd5][一二三四五六七八九十两]){{1,4}}(?![{_PLAIN}])[\u4e00-\u9fd5](?![{_N}])))"
)
BEFORE_UNIT = frozenset("第每近约达共超有" + _N + "百千万亿两几数0123456789")
RATIO = ("百分之", "千分之", "万分之")
# GDP, 5G-A, PM2.5, 1+1+N, 5+3
DIGIT = re.compile("[0-9]")
CODE_RULE = re.compile(r"[0-9A-Za-z]+(?:[.+\-/&_][0-9A-Za-z]+)*")
IS_CODE = re.compile("[A-Za-z+]")  # 2-3 is two numbers
# A short phrase in quotes without marks inside: “两降一保”, “五个一办”; a longer one where it counts:
# “一区两地一园一通道”; one of two to four short parts: “五统一、一开放”.
_INSIDE = r"[^“”‘’，。；：！？、,.;:!?\s（）()《》]"
QUOTED_RULE = re.compile(
    rf"“({_INSIDE}{{2,8}}"
    rf"|(?=(?:[^一二三四五六七八九十两”]{{0,4}}[一二三四五六七八九十两]){{3}}){_INSIDE}{{9,16}}"
    rf"|{_INSIDE}{{2,5}}(?:、{_INSIDE}{{2,5}}){{1,3}})”"
)
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


def narrowed(text: str, stretches: list[tuple[int, int]]) -> str:
    """Return a text with full-width letters and digits as ASCII, given its foreign stretches; the length stays."""
    pieces: list[str] = []
    done = 0
    for start, end in stretches:
        stretch = text[start:end]
        if not stretch.isascii():
            pieces += text[done:start], stretch.translate(_one_to_one())
            done = end
    return "".join((*pieces, text[done:])) if pieces else text


@lru_cache(maxsize=1)
def _one_to_one() -> dict[int, int]:
    """Return what `one_to_one` maps, as a table: many short stretches take it a tenth of the time."""
    characters = "".join(map(chr, (*range(0xFF10, 0xFF5B), *range(0xD800, 0xE000))))
    return {ord(a): ord(b) for a, b in zip(characters, one_to_one(characters), strict=True) if a != b}


HAN = re.compile("[\u4e00-\u9fd5]*")


def han_start(text: str, end: int) -> int:
    """Return where the Han characters begin that end at a place."""
    while end and "\u4e00" <= text[end - 1] <= "\u9fd5":
        end -= 1
    return end


def han_end(text: str, start: int) -> int:
    """Return where the Han characters end that begin at a place."""
    found = HAN.match(text, start)
    return found.end() if found else start


def apply(text: str, mask: bytearray, stretches: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Enforce the rules on a mask, given the foreign stretches; return start, end and kind of each token they make."""
    found: list[tuple[int, int, int]] = []
    codes: list[tuple[int, int, int]] = []
    for start, end in stretches:
        mask[start : end + 1] = b"\x01" * (end + 1 - start)
        _read_foreign(text, start, end, found, codes)
    found += _han_numbers(text, mask)
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
        mask[start] = mask[end] = 1
        mask[start + 1 : end] = bytes(end - start - 1)
    return found


def _han_numbers(text: str, mask: bytearray) -> Iterator[tuple[int, int, int]]:
    """Yield numbers in Chinese numerals, and formulas coined with them."""
    for match in HAN_NUMBER_RULE.finditer(text):
        start, end = match.span()
        if match["formula"]:
            if _is_formula(text, mask, start, end):
                yield start, end, COINED
        elif text[start - 3 : start] in RATIO:
            yield start - 3, end, NUMBER
        elif mask[start] and _is_number(text, mask, start, end):
            yield start, end, NUMBER


def _read_foreign(
    text: str, start: int, end: int, found: list[tuple[int, int, int]], codes: list[tuple[int, int, int]]
) -> None:
    """Note the numbers that begin in a foreign stretch, and its codes."""
    stretch = text[start:end]
    if stretch.isspace():
        if stretch == "\n":
            codes.append((start, end, SPACE))
        else:
            codes += ((*match.span(), SPACE) for match in RUN_RULE.finditer(text, start, end))
        return
    plain = stretch.isdigit() and stretch.isascii()
    if not plain and end - start > 1:
        codes += _codes(text, start, end)
    if found and found[-1][1] > start:  # 3万5000 is one number
        start = found[-1][1]
    if not plain:
        start = _next_digit(text, start, end)
    while start < end:
        number = NUMBER_RULE.match(text, start)
        stop = number.end() if number else end
        found.append((start, stop, NUMBER))
        start = _next_digit(text, stop, end)


def _next_digit(text: str, start: int, end: int) -> int:
    """Return where the next digit stands, or the end."""
    found = DIGIT.search(text, start, end) if start < end else None
    return found.start() if found else end


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


def _is_formula(text: str, mask: bytearray, start: int, end: int) -> bool:
    """Tell whether numerals and characters in turn are a coined formula; no two of its characters are the same."""
    if not (mask[start] and mask[end]) or text[start - 1 : start] in BEFORE_UNIT:
        return False
    things = text[start + 1 : end : 2]
    return len(set(things)) == len(things) and all(mask[at] for at in range(start, end, 2))


def _is_number(text: str, mask: bytearray, start: int, end: int) -> bool:
    """Tell whether Chinese numerals are a number, and not parts of words: 一些, 三农, 数字; 四十|二个 is one."""
    if end - start < 2 or (end - start == 2 and text[end - 1] in "年月日"):
        return False
    if mask[end]:
        return True
    inside = end - 1
    while inside > start and not mask[inside]:
        inside -= 1
    return inside > start  # else the whole run begins one word, such as 十分
