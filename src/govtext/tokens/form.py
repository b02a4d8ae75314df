"""What is one token by its form, whatever a dictionary says: numbers, codes, enumerators, quoted phrases (形式规则).

A mask is a bytearray with a 1 at every place where a token begins or ends, one longer than its text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from string import ascii_letters
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govtext.text import one_to_one
from govtext.tokens.columns import COINED, NUMBER, PUNCTUATION, SPACE, WORD, interiors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

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


# What a foreign character may begin that is one token: nothing, a code, a run of blanks, of dashes, of dots.
ALIEN, CODED, BLANK, DASHED, DOTTED = 1, 2, 4, 8, 16


class Stretches(NamedTuple):
    """The foreign stretches of a text as columns.

    Attributes:
        starts, ends: of each.
        inside: uint8, for each character whether it is foreign.
        classes: uint8, what their characters may begin, as bits.
    """

    starts: Ints
    ends: Ints
    inside: NDArray[np.uint8]
    classes: NDArray[np.uint8]

    def odd(self, *, dots: bool) -> NDArray[np.bool_]:
        """Return which may hold codes and runs; all others are digits and single characters."""
        wanted = CODED | BLANK | DASHED | (DOTTED if dots else 0)
        found: NDArray[np.bool_] = ((self.classes & wanted) != 0) & (self.ends - self.starts > 1)
        return found


def foreign_columns(points: NDArray[np.intp]) -> Stretches:
    """Return the foreign stretches of a text, given its code points."""
    classes = _classes()[points]
    inside: NDArray[np.uint8] = classes & np.uint8(ALIEN)
    edges = np.flatnonzero(np.diff(inside, prepend=0, append=0))
    starts = edges[::2]
    held = np.bitwise_or.reduceat(classes, starts) if len(starts) else classes[:0]  # other characters have no class
    return Stretches(starts, edges[1::2], inside, held)


@lru_cache(maxsize=1)
def _classes() -> NDArray[np.uint8]:
    """Return for every code point whether it is foreign, and what it may begin."""
    table = np.full(0x110000, ALIEN, np.uint8)
    signs = "".join(map(chr, (*range(0x2000, 0x3100), *range(0xFF00, 0x10000))))
    table[0x4E00:0x9FD6] = 0
    for character in FOREIGN.sub("", signs):
        table[ord(character)] = 0
    for code in (*range(0x3100), 0xFEFF):
        table[code] |= BLANK * chr(code).isspace()
    for characters, bit in (("+" + ascii_letters, CODED), ("—…", DASHED), (".", DOTTED)):
        table[[*map(ord, characters)]] |= bit
    return table


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


def apply(text: str, mask: bytearray, stretches: list[tuple[int, int]]) -> None:
    """Enforce the rules on a mask, given the foreign stretches."""
    codes: list[tuple[int, int, int]] = []
    digits = False
    for start, end in stretches:
        mask[start : end + 1] = b"\x01" * (end + 1 - start)
        stretch = text[start:end]
        if stretch.isascii() and stretch.isdigit():
            digits = True
        elif end - start > 1:
            digits = True
            codes += _codes(text, start, end)
    found = [(*match.span(), NUMBER) for match in NUMBER_RULE.finditer(text)] if digits else []
    found += _others(text, mask, codes)
    _enforce(mask, found)


def apply_to_columns(text: str, mask: bytearray, stretches: Stretches) -> NDArray[np.int64]:
    """Do what `apply` does, on columns: for documents; return start, end and kind of the tokens made, int64[n, 3]."""
    edges = np.frombuffer(mask, np.uint8)
    edges[:-1] |= stretches.inside
    edges[1:] |= stretches.inside
    odd = stretches.odd(dots="..." in text)
    codes: list[tuple[int, int, int]] = []
    for start, end in zip(stretches.starts[odd].tolist(), stretches.ends[odd].tolist(), strict=True):
        codes += _codes(text, start, end)
    others = _others(text, mask, codes)
    numbers = np.array([match.span() for match in NUMBER_RULE.finditer(text)], np.int64).reshape(-1, 2)
    edges[numbers] = 1
    edges[interiors(*numbers.T)] = 0
    _enforce(mask, others)
    table = np.full((len(numbers) + len(others), 3), NUMBER, np.int64)
    table[: len(numbers), :2] = numbers
    table[len(numbers) :] = np.array(others, np.int64).reshape(-1, 3)
    return table


def _enforce(mask: bytearray, found: list[tuple[int, int, int]]) -> None:
    for start, end, _ in found:
        mask[start] = mask[end] = 1
        if end - start > 1:
            mask[start + 1 : end] = bytes(end - start - 1)


def _others(text: str, mask: bytearray, codes: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return start, end and kind of what the rules make besides numbers in digits, in the order in which they count."""
    found = [*_han_numbers(text, mask), *codes]
    if "<U+" in text:
        found += ((*match.span(), SPACE) for match in ESCAPE_RULE.finditer(text))
    if "“" in text:
        found += ((*match.span(1), COINED) for match in QUOTED_RULE.finditer(text))
    if "是" in text:
        found += ((*span, PUNCTUATION) for span in _points(text))
    if text[:1] in MARKER_STARTS or "\n" in text:
        found += ((*span, PUNCTUATION) for span in _markers(text))
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


def _codes(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield codes, blanks and dashes of a foreign stretch."""
    if not text[start:end].isspace():
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
