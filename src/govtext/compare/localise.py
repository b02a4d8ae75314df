"""Place names and leaders made neutral, offsets kept (地方信息中和)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import ahocorasick_rs
import numpy as np

from govtext.document import provinces
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from govtext.document import Document
    from govtext.tokens import Tokens

    Cutter = Callable[[Document], Tokens]  # a segmenter, or what has cut the documents already

PLACE, PERSON = "◇", "◆"  # what stands for a place and for a leader; neither is written in official documents

_LEVEL = "(?:省|市|县|区|州|旗|盟|自治区|自治州|自治县)"
_SUFFIX = re.compile("省|市|自治区|自治州|自治县|地区|县|区|州|盟|旗")
# How a report names its own place without its name: 全省, 我市, 省委, 区政府; but 海拉尔区政府 is a name.
_BEFORE = "在对由向经按据和与及为是把将请表委我日"
# A pattern that looks back at its start would be found several times as slowly.
_SELF = re.compile(rf"(?:全|我|本){_LEVEL}(?![域位长面行旗])|{_LEVEL}(?=委|党委|人民政府|政府|政协)")
_IN_NAME = re.compile(rf"[\u4e00-\u9fff](?<![{_BEFORE}])")
# The name of a leader after a local office: 省长许昆林, 区长　　杜联合, 任振鹤同志.
_NAME = r"[\u4e00-\u9fff](?:[ \u3000]*[\u4e00-\u9fff]){1,2}"
_LEADER = re.compile(
    r"(?:(?:省|市|县|区|州|盟|旗)长|(?<!家)主席|(?<!总)书记|(?<=政府)主任)[ \u3000\n:：]*"
    rf"(?P<name>{_NAME})(?=同志|作|代表|向|在|说|指出|强调|主持|[ \u3000\n，。,）)]|$)"
)


@dataclass(frozen=True, slots=True)
class Localised:
    """A text in which each place is one ◇ and each leader one ◆, and where each of its characters stood (中和文本).

    Attributes:
        text: the neutral text.
        offsets: int64[len(text) + 1], the place of each character in the text of the document, and its end.
        names: the spans of the document that were replaced, in order.
    """

    text: str
    offsets: NDArray[np.int64]
    names: tuple[Span, ...]

    def span(self, start: int, end: int) -> Span:
        """Return the span of the document that a stretch of the neutral text stands for (还原区间)."""
        if start >= end:
            at = int(self.offsets[start])
            return Span(at, at)
        return Span(int(self.offsets[start]), int(self.offsets[end]))


def localise(document: Document, *, segment: Cutter | None = None, places: Iterable[str] = ()) -> Localised:
    """Replace place names by ◇ and the names of local leaders by ◆ (地方信息中和).

    Places are the document's own (also as 全省, 我市, 省委), the provincial units and the prefectures, with or without
    省, 市 and the like, and those given. Leaders are names that follow a local office (省长, 区长, 市委书记). Names
    that every report shares, such as those of national leaders, stay.

    Args:
        document: any document.
        segment: with a segmenter a name counts only where its cut ends with the name, too: no 河南 in 淮河南岸.
        places: further names, such as those of counties.

    >>> from govtext.document import parse
    >>> neutral = localise(parse("省长王小明说，全省推进南京市和苏州建设。"))
    >>> neutral.text, neutral.span(8, 9)
    ('省长◆说，◇推进◇和◇建设。', Span(start=11, end=14))
    """
    text = document.text
    found = [(span, PLACE) for span in _places(document, segment, places)]
    found += [(Span(*match.span("name")), PERSON) for match in _LEADER.finditer(text)]
    kept: list[tuple[Span, str]] = []
    for span, mark in sorted(found, key=lambda row: (row[0].start, -row[0].end)):
        if not kept or span.start >= kept[-1][0].end:
            kept.append((span, mark))
    return _replaced(text, kept)


def _replaced(text: str, names: list[tuple[Span, str]]) -> Localised:
    keep = np.ones(len(text) + 1, np.bool_)
    for span, _ in names:
        keep[span.start + 1 : span.end] = False
    marked = list(text)
    for span, mark in names:
        marked[span.start] = mark
    offsets = np.flatnonzero(keep)
    return Localised("".join(marked[i] for i in offsets[:-1].tolist()), offsets, tuple(span for span, _ in names))


def _places(document: Document, segment: Cutter | None, given: Iterable[str]) -> Iterator[Span]:
    text, own = document.text, document.metadata.place
    more = frozenset((*given, own) if own else given)
    forms = {form for name in more if len(name) > 1 for form in (name, _usual(name))}
    yield from (Span(*match.span()) for match in _SELF.finditer(text) if _is_own(match))
    edges = None
    if segment is not None:
        tokens = segment(document)
        edges = {*tokens.starts.tolist(), *tokens.ends.tolist()}
    for start, end in _finder(frozenset(forms)).spans(text):
        suffix = _SUFFIX.match(text, end)
        whole = Span(start, suffix.end() if suffix else end)
        if edges is None or (start in edges and (whole.end in edges or end in edges)):
            yield whole if edges is None or whole.end in edges else Span(start, end)


@lru_cache(maxsize=1 << 10)
def _usual(name: str) -> str:
    """Return a name without its suffix where two characters are left: 清镇市 is 清镇."""
    short = re.sub(rf"(?:{_SUFFIX.pattern})$", "", name)
    return short if len(short) > 1 else name


def without_own(document: Document, text: str) -> str:
    """Return a text without what names the document's own place: its name, 全省, 我市 (去本地名).

    >>> from govtext.document import parse
    >>> without_own(parse("一"), "全省城镇新增就业")
    '城镇新增就业'
    """
    own = document.metadata.place
    if own:
        text = text.replace(own, "").replace(_usual(own), "")
    return _SELF.sub(lambda match: "" if _is_own(match) else match[0], text)


def _is_own(match: re.Match[str]) -> bool:
    """Tell whether what looks like an own place is no end of a name."""
    return match[0][0] in "全我本" or not _IN_NAME.match(match.string, match.start() - 1, match.start())


class _Finder:
    """Finds the longest of the known names at each place."""

    def __init__(self, names: Iterable[str]) -> None:
        kind = ahocorasick_rs.MatchKind.LeftmostLongest
        self._find = ahocorasick_rs.AhoCorasick(sorted(names), matchkind=kind).find_matches_as_indexes

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [(start, end) for _, start, end in self._find(text)]


@lru_cache(maxsize=64)
def _finder(more: frozenset[str]) -> _Finder:
    source = resources.files("govtext") / "data" / "prefectures.txt"
    lines = source.read_text(encoding="utf-8").splitlines()
    prefectures = [name for line in lines if not line.startswith("#") for name in line.split()]
    return _Finder({*prefectures, *provinces(), *more})
