"""What is one token by its form, whatever a dictionary says: numbers, codes, enumerators, quoted phrases (形式规则).

A mask is a bytearray with a 1 at every place where a token begins or ends, one longer than its text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from string import ascii_letters, digits
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govtext.text import one_to_one
from govtext.tokens.columns import COINED, NUMBER, PUNCTUATION, SPACE, WORD, interiors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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


# What a foreign character may begin that is one token: nothing, a code, a run of blanks, of dashes, of dots, a number.
ALIEN, CODED, BLANK, DASHED, DOTTED, DIGIT = 1, 2, 4, 8, 16, 32
# What may begin a number in Chinese numerals or a formula, and what goes on in a number.
NUMERAL, NUMERIC = 64, 128


class Stretches(NamedTuple):
    """The foreign stretches of a text as columns.

    Attributes:
        starts, ends: of each.
        inside: uint8, for each character whether it is foreign.
        classes: uint8, what their characters may begin, as bits.
        digits: where digits begin.
        numerals: where a number in Chinese numerals or a formula may begin.
    """

    starts: Ints
    ends: Ints
    inside: NDArray[np.uint8]
    classes: NDArray[np.uint8]
    digits: Ints
    numerals: Ints

    def holding(self, wanted: int) -> Iterator[tuple[int, int]]:
        """Return those of two characters and more that hold what may begin one of some tokens."""
        found = ((self.classes & np.uint8(wanted)) > 0) & (self.ends - self.starts > 1)
        return zip(self.starts[found].tolist(), self.ends[found].tolist(), strict=True)


def foreign_columns(points: NDArray[np.intp]) -> Stretches:
    """Return the foreign stretches of a text, and where numbers may begin, given its code points."""
    classes = np.zeros(len(points) + 3, np.uint8)  # one before the text, two after it
    classes[1:-2] = _classes()[points]
    inside = classes & np.uint8(ALIEN)
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, own = edges[::2], classes[1:]
    own[:-2] &= np.uint8(0xFF - DOTTED) | (own[1:-1] & own[2:])  # one dot or two begin nothing
    held = np.bitwise_or.reduceat(own, starts) if len(starts) else own[:0]  # no other character has these bits
    digit = classes & np.uint8(DIGIT)
    numerals = np.flatnonzero((own & np.uint8(NUMERAL)) > 0)
    goes_on = (own[numerals + 1] & np.uint8(NUMERIC)) | (own[numerals + 2] & np.uint8(NUMERAL))
    digits = np.flatnonzero(digit[1:] > digit[:-1])
    return Stretches(starts, edges[1::2], inside[1:-2], held, digits, numerals[goes_on > 0])


@lru_cache(maxsize=1)
def _classes() -> NDArray[np.uint8]:
    """Return for every code point whether it is foreign, and what it may begin or carry on."""
    table = np.full(0x110000, ALIEN, np.uint8)
    signs = "".join(map(chr, (*range(0x2000, 0x3100), *range(0xFF00, 0x10000))))
    table[0x4E00:0x9FD6] = 0
    for character in FOREIGN.sub("", signs):
        table[ord(character)] = 0
    for code in (*range(0x3100), 0xFEFF):
        table[code] |= BLANK * chr(code).isspace()
    signs_of = {CODED: "+" + ascii_letters, DASHED: "—…", DOTTED: ".", DIGIT: digits}
    signs_of |= {NUMERAL: _N + "两几数", NUMERIC: _N + "几百千万亿点余多"}
    for bit, characters in signs_of.items():
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
            codes += _runs(text, start, end)
    found = [(*match.span(), NUMBER) for match in NUMBER_RULE.finditer(text)] if digits else []
    found += _han_numbers(text, mask, HAN_NUMBER_RULE.finditer(text))
    found += codes
    found += _escapes(text)
    found += ((*match.span(1), COINED) for match in _quoted(text))
    found += _enumerators(text)
    _enforce(mask, found)


def apply_to_columns(text: str, mask: bytearray, stretches: Stretches) -> NDArray[np.int64]:
    """Do what `apply` does, on columns: for documents; return start, end and kind of the tokens made, int64[n, 3]."""
    edges = np.frombuffer(mask, np.uint8)
    edges[:-1] |= stretches.inside
    edges[1:] |= stretches.inside
    numbers = _columns(_numbers(text, stretches.digits), NUMBER)
    # Where two rules differ the later one counts, so that all are found before any is enforced.
    found = [*_han_numbers(text, mask, _matches_at(HAN_NUMBER_RULE, text, stretches.numerals))]
    for start, end in stretches.holding(CODED):
        found += _codes(text, start, end)
    for start, end in stretches.holding(BLANK | DASHED | DOTTED):
        found += _runs(text, start, end)
    found += _escapes(text)
    quoted = _columns([end for match in _quoted(text) for end in match.span(1)], COINED)
    enumerators = _enumerators(text)
    _enforce_columns(edges, numbers)
    _enforce(mask, found)
    _enforce_columns(edges, quoted)
    _enforce(mask, enumerators)
    others = np.fromiter(chain.from_iterable((*found, *enumerators)), np.int64).reshape(-1, 3)
    return np.concatenate((numbers, others[: len(found)], quoted, others[len(found) :]))


def _matches_at(rule: re.Pattern[str], text: str, starts: Ints) -> Iterator[re.Match[str]]:
    """Yield the matches that `finditer` does, given the places where one may begin; most of a text need not be read."""
    done = 0
    for at in starts.tolist():
        if at >= done and (match := rule.match(text, at)):
            done = match.end()
            yield match


def _numbers(text: str, digits: Ints) -> list[int]:
    """Return start and end of one number in digits after the other, given where digits begin."""
    match, done = NUMBER_RULE.match, 0
    ends: list[int] = []
    for at in digits.tolist():
        if at >= done and (found := match(text, at)):
            done = found.end()
            ends += at, done
    return ends


def _columns(ends: list[int], kind: int) -> Ints:
    """Return stretches that do not overlap as a table, given start and end of one after the other, and their kind."""
    table = np.full((len(ends) // 2, 3), kind, np.int64)
    table[:, :2] = np.array(ends, np.int64).reshape(-1, 2)
    return table


def _enforce_columns(edges: NDArray[np.uint8], found: Ints) -> None:
    edges[found[:, :2]] = 1
    edges[interiors(found[:, 0], found[:, 1])] = 0


def _enforce(mask: bytearray, found: Iterable[tuple[int, int, int]]) -> None:
    for start, end, _ in found:
        mask[start] = mask[end] = 1
        if end - start > 1:
            mask[start + 1 : end] = bytes(end - start - 1)


def _escapes(text: str) -> list[tuple[int, int, int]]:
    return [(*match.span(), SPACE) for match in ESCAPE_RULE.finditer(text)] if "<" in text and "<U+" in text else []


def _quoted(text: str) -> Iterator[re.Match[str]]:
    """Return the quotes whose inside, their first group, is one token."""
    return QUOTED_RULE.finditer(text) if "“" in text else iter(())


def _enumerators(text: str) -> list[tuple[int, int, int]]:
    """Return points and the markers of headings."""
    found = [(*span, PUNCTUATION) for span in _points(text)] if "是" in text else []
    if text[:1] in MARKER_STARTS or "\n" in text:
        found += ((*span, PUNCTUATION) for span in _markers(text))
    return found


def _han_numbers(text: str, mask: bytearray, matches: Iterable[re.Match[str]]) -> Iterator[tuple[int, int, int]]:
    """Yield which matches are numbers in Chinese numerals, and formulas coined with them."""
    for match in matches:
        start, end = match.span()
        if match["formula"]:
            if _is_formula(text, mask, start, end):
                yield start, end, COINED
        elif text[start - 3 : start] in RATIO:
            yield start - 3, end, NUMBER
        elif mask[start] and _is_number(text, mask, start, end):
            yield start, end, NUMBER


def _codes(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield the codes of a foreign stretch."""
    for match in CODE_RULE.finditer(text, start, end):
        code = match[0]
        if IS_CODE.search(code):
            yield *match.span(), COINED if "+" in code and code[0].isdigit() else WORD


def _runs(text: str, start: int, end: int) -> list[tuple[int, int, int]]:
    """Return the runs of blanks, dashes and dots of a foreign stretch."""
    found = RUN_RULE.finditer(text, start, end)
    return [(*match.span(), SPACE if match[0].isspace() else PUNCTUATION) for match in found]


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
