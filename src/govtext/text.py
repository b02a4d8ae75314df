"""Bytes to text, text to lines and sentences; `Span` is the one coordinate system (文本)."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from functools import lru_cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govtext.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray


class Span(NamedTuple):
    """A half-open range of code points in one text (区间).

    >>> Span(2, 4).of("法治政府")
    '政府'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters of the text that the span covers."""
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        """Tell whether the other span lies within this one."""
        return self.start <= other.start and other.end <= self.end


def spans_between(edges: list[int]) -> list[Span]:
    """Return the spans from each edge to the next (相邻区间).

    >>> spans_between([0, 2, 5])
    [Span(start=0, end=2), Span(start=2, end=5)]
    """
    return list(map(_pair_to_span, pairwise(edges)))


_pair_to_span = partial(tuple.__new__, Span)  # half the time of Span(*pair), and there is one a line and a sentence

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Characters that no text holds, and that a wrong decoding of bytes yields in numbers: control characters (tab, line
# ends and form feed are fine), private use, the replacement character, and what it becomes decoded once more as GBK.
DOUBTFUL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufffd\ufffe\uffff]|锟斤拷|[烫屯]{4,}")
# GB 18030-2005 gave these characters a code point of their own; the codec of Python still maps them to private use.
_GB18030 = {0xE78D + i: 0xFE10 + i for i in range(10)} | dict(
    zip(
        (0xE7C7, 0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854, 0xE864),
        (0x1E3F, 0x9FB4, 0x9FB5, 0x9FB6, 0x9FB7, 0x9FB8, 0x9FB9, 0x9FBA, 0x9FBB),
        strict=True,
    )
)
CANDIDATES = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be")
SAMPLE = 1 << 18  # bytes that decide between them; an even number
STRAY = 50  # one stray character in so many is a blemish, more is another format
LEAST_USUAL = (
    0.4  # of the characters beyond ASCII; development texts have above .98 in their encoding, random bytes below .3
)


def decode(data: bytes, *, where: object = "") -> tuple[str, str]:
    """Decode the bytes of a text file and name the encoding found (解码).

    The order is: byte order mark, strict UTF-8, then whichever of UTF-8, GB18030 (a superset of GBK and GB2312), Big5
    and UTF-16 without a mark yields the greatest share of common hanzi. A few bytes that do not fit become U+FFFD each.

    Raises:
        ReadError: the bytes are no text in these encodings.

    >>> decode("法治政府".encode("gb18030"))
    ('法治政府', 'gb18030')
    >>> decode("依法行政，建設法治政府".encode("big5"))
    ('依法行政，建設法治政府', 'big5')
    """
    name = next((name for bom, name in BOMS if data.startswith(bom)), None) or _encoding(data)
    text = _decoded(data, name) if name else ""
    stray = sum(len(match[0]) for match in doubtful(text))
    if not name or stray * STRAY > len(text):
        raise ReadError(
            "this is no text in UTF-8, UTF-16, GB18030 or Big5",
            where=where,
            remedy="convert it to a UTF-8 text file or to .docx",
        )
    return text, name


def doubtful(text: str) -> list[re.Match[str]]:
    r"""Return where a text holds what no text holds, see `DOUBTFUL` (可疑字符).

    >>> [match[0] for match in doubtful("法治\x00政府锟斤拷")]
    ['\x00', '锟斤拷']
    """
    if not _may_be_doubtful().take(codes(text)).any():  # as in most texts; this sees it sooner than the pattern does
        return []
    return list(DOUBTFUL.finditer(text))


@lru_cache(maxsize=1)
def _may_be_doubtful() -> NDArray[np.bool_]:
    """Return for every code point whether what is doubtful may begin with it."""
    table = np.zeros(0x110000, np.bool_)
    every = np.arange(0x10000, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
    table[[*(match.start() for match in DOUBTFUL.finditer(every)), *map(ord, "锟烫屯")]] = True
    return table


def _encoding(data: bytes) -> str:
    """Return the encoding of bytes without a mark; an empty string if they are no Chinese text in any."""
    if b"\0" not in data:  # in UTF-16 every line end and every digit has one
        with suppress(UnicodeDecodeError):
            data.decode("utf-8")
            return "utf-8"
    sample = data[:SAMPLE]
    damaged = sample.decode("utf-8", "replace")
    if b"\0" not in sample and damaged.count("\ufffd") * STRAY <= sum(not c.isascii() for c in damaged):
        return "utf-8"  # in any language: bytes of other encodings hardly ever look like this
    shares = {name: _usual_share(_decoded(sample, name)) for name in CANDIDATES}
    best = max(CANDIDATES, key=lambda name: shares[name])
    return best if shares[best] >= LEAST_USUAL else ""


def _decoded(data: bytes, name: str) -> str:
    """Decode bytes; Big5 by the first of its variants that has every character."""
    for variant in {"big5": ("big5", "cp950", "big5hkscs")}.get(name, ()):
        with suppress(UnicodeDecodeError):
            return data.decode(variant)
    text = data.decode(name, "replace")
    return text.translate(_GB18030) if name == "gb18030" and max(text, default="") > "\ue78c" else text


def _usual_share(text: str) -> float:
    """Return the share of common hanzi and marks among the characters beyond ASCII; control characters count, too."""
    points = codes(text)
    points = points[(points > 0x7E) | (points < 0x09)]
    return float(_usual()[points].mean()) if len(points) else 1.0


@lru_cache(maxsize=1)
def _usual() -> NDArray[np.bool_]:
    """Return for every code point whether Chinese texts commonly hold it.

    Common are the 3,755 hanzi of level 1 of GB 2312, the 5,401 of level 1 of Big5, and Chinese and typographic marks.
    """
    table = np.zeros(0x110000, np.bool_)
    rows = {"gb2312": (0xB0, 0xD7, range(0xA1, 0xFF)), "big5": (0xA4, 0xC6, (*range(0x40, 0x7F), *range(0xA1, 0xFF)))}
    for name, (first, last, cells) in rows.items():
        pairs = bytes(byte for lead in range(first, last + 1) for cell in cells for byte in (lead, cell))
        table[codes(pairs.decode(name, "ignore"))] = True
    for first, last in ((0x2010, 0x2027), (0x2160, 0x217F), (0x2460, 0x249B), (0x3000, 0x301F), (0xFF01, 0xFF5E)):
        table[first : last + 1] = True
    table[[0xA0, 0xB1, 0xB7, 0xD7, 0x2030, 0x2103, 0x25CB, 0x25CF, 0x33A1]] = True
    return table


def codes(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text as an array (码位)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


# A spreadsheet runs a text cell that begins with one of these as a formula; Chinese editions the full-width ones, too.
FORMULA = tuple("=+-@＝＋－＠\t\r\n")


def as_cell(text: str) -> str:
    """Return a text for a cell of a CSV file: an apostrophe before what a spreadsheet would run (单元格转义).

    >>> as_cell("=HYPERLINK(1)"), as_cell("法治"), from_cell(as_cell("'=1"))
    ("'=HYPERLINK(1)", '法治', "'=1")
    """
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def from_cell(text: str) -> str:
    """Return what `as_cell` was given (还原单元格)."""
    return text[1:] if text[:1] == "'" and text.lstrip("'").startswith(FORMULA) else text


_CHANGED = re.compile("[０-９Ａ-Ｚａ-ｚ\ud800-\udfff]+")
_TO_ASCII = {code: code - 0xFEE0 for a, b in ("０９", "ＡＺ", "ａｚ") for code in range(ord(a), ord(b) + 1)}
_ONE_TO_ONE = _TO_ASCII | dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)


def normalise(text: str) -> str:
    r"""Normalise a text once, before it becomes a document (规范化).

    A byte order mark at the start goes, line ends become `\n`, full-width ASCII letters and digits become ASCII one to
    one, and lone surrogates, which are no characters, become U+FFFD. Everything else stays: Chinese punctuation,
    full-width blanks, ％ and the like.

    >>> normalise("２０２２年\r\nＧＤＰ增长５％")
    '2022年\nGDP增长5％'
    """
    text = text.lstrip("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return one_to_one(text)


def one_to_one(text: str) -> str:
    """Map full-width ASCII letters and digits to ASCII and lone surrogates to U+FFFD; the length stays (全角转半角)."""
    if not _changed().take(codes(text)).any():  # as in most texts; this sees it sooner than a pattern does
        return text
    return _CHANGED.sub(lambda match: match[0].translate(_ONE_TO_ONE), text)


@lru_cache(maxsize=1)
def _changed() -> NDArray[np.bool_]:
    """Return for every code point whether `one_to_one` maps it."""
    table = np.zeros(0x110000, np.bool_)
    table[[*_ONE_TO_ONE]] = True
    return table


def lines(text: str, span: Span | None = None) -> Iterator[Span]:
    r"""Yield the span of each line that holds more than blanks, without its line end (行).

    >>> [s.of("一、总则\n\n　第一条") for s in lines("一、总则\n\n　第一条")]
    ['一、总则', '　第一条']
    """
    start, stop = span or (0, len(text))
    while start < stop:
        end = text.find("\n", start, stop)
        end = stop if end < 0 else end
        if end > start and not (text[start].isspace() and text[start:end].isspace()):
            yield Span(start, end)
        start = end + 1


OPENING, CLOSING = "“‘（(《「『【〔［[", "”’）)》」』】〕］]"
# After a closing quote these carry the sentence on: “……。”的要求
CONTINUES = frozenset("，,、；;：:。的等")
_STOP, _DOT, _LINE, _OPEN, _CLOSE = 1, 2, 3, 4, 5 + len(OPENING)
_CLASS = np.zeros(0x110000, np.uint8)
for _marks, _value in (("。！？!?", _STOP), (".", _DOT), ("\n", _LINE)):
    for _mark in _marks:
        _CLASS[ord(_mark)] = _value
for _index, (_open, _close) in enumerate(zip(OPENING, CLOSING, strict=True)):
    _CLASS[ord(_open)], _CLASS[ord(_close)] = _OPEN + _index, _CLOSE + _index
_CLASS[ord('"')] = _OPEN + len(OPENING)
_BINDS = np.array([chr(code).isalnum() for code in range(128)] + [False])  # ASCII letters and digits
_FIRST_HAN, _LAST_HAN = 0x3400, 0x9FFF  # between them stands none of the marks, but most of every text
_BLANK = np.array([chr(code).isspace() for code in range(0x3001)] + [False] * (0x110000 - 0x3001))


def sentences(text: str) -> list[Span]:
    r"""Split a text into sentences that tile it (分句).

    A sentence ends after 。！？ (also in their ASCII forms, a full stop only where it is no decimal point) with the
    closing quotes and brackets that follow, and at a line end. Inside quotes or brackets that open and close on the
    same line nothing ends; where they do not pair up, they are not looked at. Blank lines belong to the sentence
    before them.

    >>> text = "他说：“好。走吧。”大家走了。\n（一）总则"
    >>> [span.of(text) for span in sentences(text)]
    ['他说：“好。走吧。”', '大家走了。\n', '（一）总则']
    """
    if not text:
        return []
    points = codes(text)
    bounds = np.concatenate([[0], _cuts(text, points), [len(text)]])
    bounds = bounds[np.flatnonzero(np.diff(bounds, append=len(text) + 1))]
    # A stretch of blanks alone joins the sentence before it; at the very start it joins the one after it.
    begins_blank = np.flatnonzero(_BLANK[points[bounds[:-1]]])
    blank = [i for i in begins_blank.tolist() if text[bounds[i] : bounds[i + 1]].isspace()]
    edges = np.delete(bounds, [i or 1 for i in blank if len(bounds) > 2]).tolist()
    return spans_between(edges)


def _cuts(text: str, points: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the offsets after which a new sentence begins, rising."""
    places = np.flatnonzero((points < _FIRST_HAN) | (points > _LAST_HAN))
    events = _CLASS[points[places]]
    places, events = places[events > 0], events[events > 0]
    if '"' in text:
        _pair_straight_quotes(events)
    places, events = _without_empty_pairs(places, events)
    dots = np.flatnonzero(events == _DOT)
    events[dots] = _STOP * _are_stops(points, places[dots])
    places, events = places[events > 0], events[events > 0]
    line = np.cumsum(events == _LINE) - (events == _LINE)
    bracketed = np.zeros(len(events) + 1, np.bool_)
    bracketed[line[events >= _OPEN]] = True
    inside = bracketed[line]
    cuts = _bracketed_cuts(text, places[inside], events[inside])
    return np.sort(np.concatenate([_plain_cuts(places[~inside], events[~inside]), np.array(cuts, np.int64)]))


def _plain_cuts(places: NDArray[np.int64], events: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the cuts in lines where no bracket matters: after each stop and line end but the last of a run (？！)."""
    follows = np.diff(places) == 1
    begins_line = (events[:-1] == _LINE) & (events[1:] == _STOP)  # a stop at the start of a line does not reach back
    ends = np.ones(len(places), np.bool_)
    ends[:-1] = ~follows | begins_line
    out: NDArray[np.int64] = places[ends] + 1
    return out


def _bracketed_cuts(text: str, places: NDArray[np.int64], events: NDArray[np.uint8]) -> list[int]:
    """Return the cuts in lines with brackets that hold a stop, or that do not pair up."""
    cuts: list[int] = []
    opened: list[tuple[int, int]] = []  # bracket, and how many cuts there were before it
    last = -1  # where the newest cut is; a mark right after it (？！, or a line end) moves it
    for at, kind in zip(places.tolist(), events.tolist(), strict=True):
        if kind == _STOP:
            if last == at and text[at - 1] != "\n":
                cuts.pop()
        elif kind == _LINE:
            opened.clear()
            if last == at:
                cuts.pop()
        elif kind >= _CLOSE:
            last = _take_back(text, cuts, opened, at, kind)
            continue
        else:
            opened.append((kind - _OPEN, len(cuts)))
            continue
        last = at + 1
        cuts.append(last)
    return cuts


def _pair_straight_quotes(events: NDArray[np.uint8]) -> None:
    """Let every second straight quote of a line close."""
    quotes = np.flatnonzero(events == _OPEN + len(OPENING))
    line = np.cumsum(events == _LINE)[quotes]
    first = np.flatnonzero(np.diff(line, prepend=-1))
    rank = np.arange(len(quotes)) - np.repeat(first, np.diff(first, append=len(quotes)))
    events[quotes[rank % 2 == 1]] = _CLOSE + len(OPENING)


def _without_empty_pairs(
    places: NDArray[np.int64], events: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Drop brackets that close with nothing of interest inside; most do, and the loop after this is the slow part."""
    opens = np.flatnonzero(
        (events[:-1] >= _OPEN) & (events[:-1] < _CLOSE) & (events[1:] == events[:-1] + (_CLOSE - _OPEN))
    )
    keep = np.ones(len(events), np.bool_)
    keep[opens] = keep[opens + 1] = False
    return places[keep], events[keep]


def _take_back(text: str, cuts: list[int], opened: list[tuple[int, int]], at: int, kind: int) -> int:
    """Take back the cuts inside a bracket that closes; one right before it moves behind it. Return the newest cut."""
    carried = bool(cuts) and cuts[-1] == at and text[at - 1] != "\n"
    if opened and opened[-1][0] == kind - _CLOSE:
        del cuts[opened.pop()[1] :]
        carried = carried and text[at + 1 : at + 2] not in CONTINUES
    elif carried:
        cuts.pop()
    if carried:
        cuts.append(at + 1)
    return cuts[-1] if cuts else -1


def _are_stops(points: NDArray[np.uint32], dots: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which ASCII full stops end a sentence: 模型.在 does, 3.5 and U.S. do not."""
    before, after = points[np.maximum(dots - 1, 0)], points[np.minimum(dots + 1, len(points) - 1)]
    bound_left = _BINDS[np.minimum(before, 128)] | (before == ord(" ")) | (before == ord(".")) | (dots == 0)
    bound_right = _BINDS[np.minimum(after, 128)] & (dots < len(points) - 1)
    stops: NDArray[np.bool_] = ~(bound_left | bound_right)
    return stops


BORDER = "\x00"  # between texts that are changed at once


def changed(change: Callable[[str], str], texts: Sequence[str]) -> list[str]:
    """Return texts changed, all at once where none has the border between them (逐篇改写).

    Args:
        change: what does to joined texts what it does to each, and leaves the border alone.
        texts: the texts.

    >>> changed(str.upper, ["a", "b"])
    ['A', 'B']
    """
    found = change(BORDER.join(texts)).split(BORDER)
    return found if len(found) == len(texts) else [change(text) for text in texts]


def places(text: str, marks: str) -> list[int]:
    """Return where a text has one of some characters, rising (标记位置).

    >>> places("一、二；三。", "、。")
    [1, 5]
    """
    found: list[int] = np.flatnonzero(_is_one_of(marks).take(codes(text), mode="clip")).tolist()
    return found


@lru_cache(maxsize=16)
def _is_one_of(marks: str) -> NDArray[np.bool_]:
    """Return for every code point of the basic plane, and one for all others, whether it is one of some characters."""
    table = np.zeros(0x10001, np.bool_)
    table[[*map(ord, marks)]] = True
    return table
