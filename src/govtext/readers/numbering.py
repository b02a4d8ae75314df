"""The numbers that Word's list feature writes before paragraphs: 一、 （一） 第一条 1.1 (自动编号)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from docx.oxml.ns import qn as qualified

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

qn = lru_cache(maxsize=None)(qualified)  # it splits its argument each time
BULLET = "•"
DEPTHS, LABEL = 9, 255  # the limits of Word: levels of a list, characters of the text of a level
# Chinese numerals by place, and by digit.
_DIGITS = "零一二三四五六七八九"
_LEGAL, _LEGAL_TRADITIONAL = "零壹贰叁肆伍陆柒捌玖", "零壹貳參肆伍陸柒捌玖"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def by_place(number: int, digits: str = _DIGITS, units: str = "十百千万") -> str:
    """Write a number below 100,000 in Chinese numerals with their units (中文数目).

    >>> [by_place(n) for n in (0, 10, 12, 20, 105, 110)]
    ['零', '十', '十二', '二十', '一百零五', '一百一十']
    """
    if not 0 < number < 100_000:
        return digits[0] if number == 0 else str(number)
    out = ""
    for place in range(4, -1, -1):
        digit = number // 10**place % 10
        if digit:
            out += digits[digit] + (units[place - 1] if place else "")
        elif out and number % 10**place and not out.endswith(digits[0]):
            out += digits[0]
    return out[1:] if 10 <= number < 20 and units[0] == "十" else out


def _by_digit(number: int, zero: str = "〇") -> str:
    return "".join(_DIGITS[int(c)] for c in str(number)).replace("零", zero)


def _roman(number: int) -> str:
    out = ""
    for value, letters in _ROMAN if 0 < number < 4000 else ():
        out += letters * (number // value)
        number %= value
    return out


def _letters(number: int) -> str:
    """Return a … z, aa … zz, aaa: the letter is repeated, as Word does."""
    number = (number - 1) % 780  # thirty times z, after which Word begins anew
    return chr(ord("a") + number % 26) * (number // 26 + 1)


def _cycle(number: int, signs: str) -> str:
    return signs[(number - 1) % len(signs)] if number > 0 else ""


def _enclosed(number: int, first: str, count: int = 20) -> str:
    return chr(ord(first) + number - 1) if 1 <= number <= count else str(number)


def _full_width(number: int) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in str(number))


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


# The values of w:numFmt (ECMA-376 part 1, 17.18.59) that Chinese documents use; others are written as decimals.
FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": "{:02d}".format,
    "decimalHalfWidth": str,
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "numberInDash": "- {} -".format,
    "ordinal": _ordinal,
    "chineseCounting": by_place,
    "chineseCountingThousand": by_place,
    "japaneseCounting": by_place,
    "koreanCounting": by_place,
    "taiwaneseCounting": by_place,
    "taiwaneseCountingThousand": by_place,
    "ideographDigital": _by_digit,
    "taiwaneseDigital": lambda n: _by_digit(n, "○"),
    "japaneseDigitalTenThousand": _by_digit,
    "chineseLegalSimplified": lambda n: by_place(n, _LEGAL, "拾佰仟万"),
    "ideographLegalTraditional": lambda n: by_place(n, _LEGAL_TRADITIONAL, "拾佰仟萬"),
    "ideographTraditional": lambda n: _cycle(n, _STEMS),
    "ideographZodiac": lambda n: _cycle(n, _BRANCHES),
    "decimalEnclosedCircle": lambda n: _enclosed(n, "①"),
    "decimalEnclosedCircleChinese": lambda n: _enclosed(n, "①"),
    "decimalEnclosedParen": lambda n: _enclosed(n, "⑴"),
    "decimalEnclosedFullstop": lambda n: _enclosed(n, "⒈"),
    "ideographEnclosedCircle": lambda n: _enclosed(n, "㊀", 10),
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerLetter": _letters,
    "none": lambda _: "",
}


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how its number is written, and what follows (编号级别)."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False
    style: str = ""


@dataclass(slots=True)
class Numbering:
    """The lists of a Word file, with the counters as they stand while its paragraphs are read in order (编号).

    Args:
        definitions: the element `w:numbering`, None where there is none.
        styles: the element `w:styles`, whose paragraph styles may carry a list.
    """

    definitions: Element | None
    styles: Element | None
    _lists: dict[str, tuple[str, dict[int, Level], dict[int, int]]] = field(default_factory=dict)
    _styles: dict[str, Element] = field(default_factory=dict)
    _default: str = ""
    _by_style: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _overridden: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        for style in () if self.styles is None else self.styles.iterfind(qn("w:style")):
            self._styles[style.get(qn("w:styleId"), "")] = style
            if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in ("1", "true", "on"):
                self._default = style.get(qn("w:styleId"), "")
        if self.definitions is not None:
            self._lists = _lists(self.definitions, self._styles)

    def label(self, properties: Element | None, text: str) -> str:
        """Return the number that stands before a paragraph, with the blank after it if it needs one; count on.

        Args:
            properties: the element `w:pPr` of the paragraph, None where it has none.
            text: the text of the paragraph.
        """
        number, depth = self._place(properties) if self._lists else ("", 0)
        if number not in self._lists:
            return ""
        abstract, levels, starts = self._lists[number]
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(abstract, {})
        if depth in starts and (number, depth) not in self._overridden:
            self._overridden.add((number, depth))
            counts[depth] = starts[depth]
        else:
            counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [d for d in counts if d > depth and _begins_anew(levels.get(d, level), d, depth)]:
            del counts[deeper]
        return _spaced(_written(levels, depth, counts), level, text)

    def _place(self, properties: Element | None) -> tuple[str, int]:
        """Return the number of the list and the level of a paragraph; an empty one outside lists."""
        own = None if properties is None else properties.find(qn("w:numPr"))
        style = _value(properties, "w:pStyle") or self._default
        if style not in self._by_style:
            self._by_style[style] = self._place_of(style)
        number, depth = self._by_style[style]
        if (given := _value(own, "w:numId")) is not None and given != number:
            number, depth = given, None
        level = _value(own, "w:ilvl")
        return number or "", _integer(depth if level is None else level, 0)

    def _place_of(self, style: str) -> tuple[str | None, str | None]:
        """Return the list and the level that a style, or one that it is based on, gives to its paragraphs."""
        chain: dict[str, Element] = {}
        while style in self._styles and style not in chain and style not in self._by_style:
            chain[style] = self._styles[style]
            style = _value(chain[style], "w:basedOn") or ""
        number, depth = self._by_style.get(style, (None, None))
        for name, element in reversed(chain.items()):
            own = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if (given := _value(own, "w:numId")) is not None:
                number, depth = given, _value(own, "w:ilvl") or self._depth_of(given, name)
            else:
                depth = _value(own, "w:ilvl") or depth
            self._by_style[name] = number, depth
        return number, depth

    def _depth_of(self, number: str, style: str) -> str | None:
        """Return the level of a list that is tied to a paragraph style."""
        levels = self._lists[number][1] if number in self._lists else {}
        return next((str(depth) for depth, level in levels.items() if level.style == style), None)


def _lists(definitions: Element, styles: dict[str, Element]) -> dict[str, tuple[str, dict[int, Level], dict[int, int]]]:
    """Return for each w:num its abstract list, its levels, and where it starts anew."""
    abstracts = {a.get(qn("w:abstractNumId"), ""): a for a in definitions.iterfind(qn("w:abstractNum"))}
    numbers = {n.get(qn("w:numId"), ""): n for n in definitions.iterfind(qn("w:num"))}
    links = {name: _value(abstract, "w:numStyleLink") for name, abstract in abstracts.items()}
    read: dict[str, dict[int, Level]] = {}
    out = {}
    for name, number in numbers.items():
        abstract = _value(number, "w:abstractNumId") or ""
        link = links.get(abstract)
        if link and link in styles:  # the levels stand in the list of that style
            linked = _value(styles[link].find(f"{qn('w:pPr')}/{qn('w:numPr')}"), "w:numId")
            abstract = _value(numbers.get(linked or ""), "w:abstractNumId") or abstract
        if abstract not in read:
            read[abstract] = _levels(abstracts.get(abstract))
        levels = dict(read[abstract])
        starts = {}
        for override in number.iterfind(qn("w:lvlOverride")):
            depth = _integer(override.get(qn("w:ilvl")), 0)
            levels |= _levels(override)
            if (start := _value(override, "w:startOverride")) is not None:
                starts[depth] = _integer(start, 1)
        out[name] = (abstract, levels, starts)
    return out


def _levels(parent: Element | None) -> dict[int, Level]:
    found = {}
    for element in () if parent is None else parent.iterfind(qn("w:lvl")):
        depth = _integer(element.get(qn("w:ilvl")), 0)
        if depth >= DEPTHS:
            continue
        restart = _value(element, "w:lvlRestart")
        legal = element.find(qn("w:isLgl"))
        found[depth] = Level(
            start=_integer(_value(element, "w:start"), 1),
            format=_value(element, "w:numFmt") or "decimal",
            text=(_value(element, "w:lvlText") or "")[:LABEL],
            suffix=_value(element, "w:suff") or "tab",
            restart=None if restart is None else _integer(restart, 0),
            legal=legal is not None and legal.get(qn("w:val"), "1") not in ("0", "false", "off"),
            style=_value(element, "w:pStyle") or "",
        )
    return found


def _begins_anew(level: Level, deeper: int, depth: int) -> bool:
    """Tell whether a deeper level begins anew after a number of a higher one; w:lvlRestart counts from one."""
    return level.restart is None or depth < min(level.restart, deeper)


def _written(levels: dict[int, Level], depth: int, counts: dict[int, int]) -> str:
    level = levels[depth]
    if level.format == "bullet":
        return BULLET if any("\ue000" <= c <= "\uf8ff" for c in level.text) else level.text

    def number(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        one = levels.get(at, Level())
        write = FORMATS.get("decimal" if level.legal else one.format, str)
        return write(counts.get(at, one.start))

    return re.sub("%([1-9])", number, level.text)


def _spaced(label: str, level: Level, text: str) -> str:
    """Put a blank after a label where its text would run into it: 第一条 and 1.1, not 一、 or （一）."""
    if not label or level.suffix == "nothing" or not text:
        return label
    runs_in = label[-1].isalnum() or label == BULLET or (label[-1] in ".．" and text[0].isascii() and text[0].isalnum())
    return f"{label} " if runs_in else label


def _value(parent: Element | None, name: str) -> str | None:
    """Return the attribute w:val of a child; None where there is none."""
    child = None if parent is None else parent.find(qn(name))
    return None if child is None else child.get(qn("w:val"))


def _integer(value: str | None, default: int) -> int:
    return int(value) if value is not None and value.isascii() and value.isdigit() and len(value) < 8 else default
