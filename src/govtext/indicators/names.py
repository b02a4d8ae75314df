"""What a quantity counts: its name before or after the number, shared or carried over (指标名称)."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from govtext.indicators.trimming import (
    HAS_DIGIT,
    LENGTH,
    MAGNITUDE,
    MOST,
    after_verbs,
    before,
    noun_end,
    shrunk,
    strip_end,
    strip_start,
    word_sets,
)
from govtext.text import Span, places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govtext.indicators.quantities import Quantity


class Name(NamedTuple):
    """A name and where it stands; `subject` is what was carried over to it from an earlier place of the sentence."""

    text: str
    span: Span | None
    subject: Span | None = None


NONE = Name("", None)
REACH = 80  # how far before a number its name may begin
STOP = "。！？!?\n"
BOUNDARY = "，,；;：:" + STOP
_QUOTES = dict.fromkeys(map(ord, '“”‘’"＂ \t\u3000\xa0*'))
_QUOTED = re.compile(f"[{''.join(map(chr, _QUOTES))}]")
_BRACKET = re.compile(r"[（(][^（）()]*$")
_PER = re.compile(r"占[^，。；]*$")
_GROUP_GAP = re.compile(r"[、，,]?(?:和|与|及|以及)?")
_RANGE = re.compile(r"[-—–－~～]{1,2}|[至到]")
_HAS_FIGURES = re.compile(r"[0-9][^，,。]{0,8}[，,]$")
_SHARED_GAP = re.compile(r"[，,、](?:同比|比上年|较上年|均)?分别[^，。；]*")
_SHARES = re.compile(r"分别|各自|依次")
_JOINTS = re.compile(r"、|以及|(?<![共中温总])和(?![平谐美田县])|(?<![参])与(?![会京])|(?<![普以涉])及(?!时|格)")


def boundaries(text: str) -> tuple[list[int], list[int]]:
    """Return where clauses end, and where sentences do (分句界)."""
    return places(text, BOUNDARY), places(text, STOP)


def name_all(text: str, quantities: Sequence[Quantity], edges: list[int], stops: list[int]) -> list[Name]:
    """Name the quantities of a text whose clauses end at the edges, its sentences at the stops (命名).

    >>> from govtext.indicators.quantities import find
    >>> text = "对88件规范性文件进行清理,保留48件;甲县、乙县分别增长2%、3%。"
    >>> [name.text for name in name_all(text, find(text), *boundaries(text))]
    ['规范性文件', '规范性文件保留', '甲县', '乙县']
    """
    shared = _shared_names(text, quantities, edges)
    out: list[Name] = []
    subject: Span | None = None
    for i, quantity in enumerate(quantities):
        if i and _is_range(text, quantities[i - 1].end, quantity.start):  # 5%-5.5%, 1—2个
            out.append(out[-1])
            continue
        low = _low(text, edges, quantities, i)
        if subject and bisect_left(stops, subject.end) != bisect_left(stops, low):
            subject = subject if text.startswith("其中", low) else None
        if out and (last := out[-1].span) and last.start >= quantities[i - 1].end and low < last.end <= quantity.start:
            low = last.end  # the name that stands after the quantity before is not this one's
        extended, high = _extended(text, quantities, i)
        if i in shared:
            name, own = shared[i]
        elif echo := _echoed(text, quantities, i):  # 甲10吨、乙20吨，分别增长2%、3%
            name, own = out[i - echo], out[i - echo].span
        else:
            name, own = _name(_Place(text, edges, low, high), extended, subject)
        out.append(name)
        subject = own or subject
    return out


LIST_GAP = 3  # characters between the members of a list: 、, 以及
ECHO_GAP, ECHO_MOST = 12, 8  # characters between two lists of figures for the same subjects, and how many they are


def _echoed(text: str, quantities: Sequence[Quantity], i: int) -> int:
    """Return how far back the quantity of the same subject is, where 分别 joins two lists of figures; else 0."""
    first = i
    while first and i - first < ECHO_MOST and _is_list(text, quantities[first - 1].end, quantities[first].start):
        first -= 1
    last = i
    while last + 1 < len(quantities) and _is_list(text, quantities[last].end, quantities[last + 1].start):
        last += 1
        if last - first >= ECHO_MOST:
            return 0
    count = last + 1 - first
    if count < 2 or count > first:
        return 0
    gap = text[quantities[first - 1].end : quantities[first].start]
    return count if len(gap) <= ECHO_GAP and _SHARED_GAP.fullmatch(gap) else 0


RANGE_GAP, RANGE_MOST = 2, 4  # characters between those that belong together, and how many they may be


def _is_range(text: str, end: int, start: int) -> bool:
    return start - end <= RANGE_GAP and bool(_RANGE.fullmatch(text, end, start))


def _extended(text: str, quantities: Sequence[Quantity], i: int) -> tuple[Quantity, int]:
    """Return a quantity with those that belong to it (1—2个, 1467位80岁以上), and where the next one begins."""
    quantity, ahead = quantities[i], i + 1
    most = min(len(quantities), i + RANGE_MOST)
    while ahead < most and quantities[ahead].start - quantity.end <= RANGE_GAP:
        other = quantities[ahead]
        if other.start != quantity.end and not (ahead == i + 1 and _is_range(text, quantity.end, other.start)):
            break
        quantity = quantity._replace(end=other.end)
        ahead += 1
    return quantity, quantities[ahead].start if ahead < len(quantities) else len(text)


class _Place(NamedTuple):
    """Where the name of a quantity may stand: from `low` before it to `high` after it."""

    text: str
    edges: list[int]
    low: int
    high: int


def _low(text: str, edges: list[int], quantities: Sequence[Quantity], i: int) -> int:
    """Return where the stretch before a quantity begins: after the quantity before, or the last boundary."""
    start = quantities[i].start
    low = max(quantities[i - 1].end if i else 0, start - REACH)
    at = bisect_left(edges, start) - 1
    while at >= 0 and edges[at] >= low:
        if text[edges[at]] not in ",:：" or not _BRACKET.search(text, low, edges[at]):
            return edges[at] + 1
        at -= 1
    return low


def _name(place: _Place, quantity: Quantity, subject: Span | None) -> tuple[Name, Span | None]:
    """Return the name of a quantity, and the subject that it gives to those after it."""
    text, table = place.text, word_sets()
    own = before(text, place.low, quantity.start)
    said = own.of(text) if own else ""
    ahead = text[quantity.end : quantity.end + 1] != "的" and (
        quantity.kind == "count"
        or (quantity.kind == "measure" and not _MEASURED.search(text, place.low, quantity.start))
    )
    after = _after(place, quantity) if ahead or own is None or said in table["verbs"] else None
    if after:
        return _spoken(text, after), after
    if subject is None and (own is None or said in table["relative"]):
        subject = _earlier(place)
    if own is None:
        return (_spoken(text, subject), None) if subject else (NONE, None)
    return _completed(text, own, subject)


# Before 436亿斤以上 these name what is measured; else 700万吨露天矿 names it after the number.
_MEASURED = re.compile(
    r"(?:面积|里程|产量|总产|[量力积度长距径]|规模|装机|存栏|出栏|库存|储备|吞吐|缺口|保有量|用地|收储|排放|标准|用水|用电)[^，。；]{0,6}$"
)


def _earlier(place: _Place) -> Span | None:
    """Return the noun that the clause before begins with: 参合率再创新高，达到98.5%."""
    text, edges = place.text, place.edges
    at = bisect_left(edges, place.low) - 1
    if at < 0 or edges[at] + 1 != place.low or text[edges[at]] not in "，,":
        return None
    start = max(edges[at - 1] + 1 if at else 0, edges[at] - REACH)
    start = strip_start(text, start, edges[at])
    end = strip_end(text, start, noun_end(text, start, edges[at]))
    return Span(start, end) if 2 <= end - start <= MOST and not HAS_DIGIT.search(text, start, end) else None


def _completed(text: str, own: Span, subject: Span | None) -> tuple[Name, Span | None]:
    """Complete a name that says little by itself with the subject named before: 总量, 占比, 废止."""
    said, table = own.of(text), word_sets()
    if said not in table["relative"] and said not in table["bare"] and not _PER.match(said):
        return _spoken(text, own), own
    if subject is None:
        return _spoken(text, own), None if said in table["bare"] else own
    subject = Span(_after_verb(text, subject), subject.end)
    joined = (subject.of(text) + said).translate(_QUOTES)
    return (Name(joined, own, subject) if len(joined) <= MOST else _spoken(text, own)), None


def _after_verb(text: str, span: Span) -> int:
    """Return where a name begins without the verb it begins with: 保留规范性文件 leaves 规范性文件."""
    table = word_sets()
    for length in (4, 3, 2):
        word = text[span.start : span.start + length]
        if (word in table["action"] or word in table["bare"]) and span.end - span.start - length >= 2:
            return span.start + length
    return span.start


def _spoken(text: str, span: Span) -> Name:
    """Return a stretch as a name, without quote marks and blanks."""
    name = span.of(text)
    if _QUOTED.search(name):
        name = name.translate(_QUOTES)
    return Name(name, span) if name else NONE


# --- after the number -----------------------------------------------------------------------------------------------


_GOES_ON = re.compile("和(?![平谐美])|与(?!会)|及(?!时)|以及|并(?!网)|或")


def _after(place: _Place, quantity: Quantity) -> Span | None:
    """Return the name that follows a quantity: up to the next boundary, quantity or verb; or None."""
    text, start = place.text, quantity.end
    while text[start : start + 1] in ("的", " ", "\u3000") and start < place.high:
        start += 1
    if _GOES_ON.match(text, start):
        return None
    at = bisect_left(place.edges, start)
    high = min(place.high, place.edges[at] if at < len(place.edges) else len(text), start + 40)
    new = 3 if text.startswith("新", start) else 0  # 新投产项目
    end = noun_end(text, start + new, high) if start + new < high else start
    if end == start and (of := text.find("的", start, high)) > 0:  # 在全国有影响力的企业
        start = of + 1
        end = noun_end(text, start, high)
    if end == start and quantity.kind == "duration":  # 连续19年获评…
        start = after_verbs(text, start, high)
        end = noun_end(text, start, high)
    start, end = _without_digits(text, start, end)
    if end <= start or MAGNITUDE.fullmatch(text, start, end):
        return None
    of = text.rfind("的", start, end)
    if of >= 0 and end - of > 2:
        head = of - start
        if head > 4 or head < 1:
            start = of + 1
        else:
            end = of
    if end - start > LENGTH:
        start = max(start, shrunk(text, start, end).start)
    return Span(start, end)


_LATIN = re.compile(r"(?<![和与及、])(?:[0-9][A-Z]/?)+级?|［[0-9]+］")


def _without_digits(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the part of a name without digits: 国家级5G工厂 is 工厂, of 经开区跻身全国30强 the start is left."""
    latin = _LATIN.search(text, start, end)
    if latin and end > latin.end():
        start = latin.end()
    digit = HAS_DIGIT.search(text, start, end)
    if digit:
        end = strip_end(text, start, digit.start())
        while end > start and text[end - 1] in "和与及、的“（(［":
            end -= 1
        end = end if end - start > 1 else start
    return start, end


# --- lists ----------------------------------------------------------------------------------------------------------


def _shared_names(text: str, quantities: Sequence[Quantity], edges: list[int]) -> dict[int, tuple[Name, Span | None]]:
    """Give each quantity of a list its own subject: 甲、乙分别增长2%、3%."""
    out: dict[int, tuple[Name, Span | None]] = {}
    first = 0
    for last in range(len(quantities)):
        if last + 1 < len(quantities) and _is_list(text, quantities[last].end, quantities[last + 1].start):
            continue
        if last > first:
            low = _low(text, edges, quantities, first)
            names = _subjects(text, low, quantities[first].start, last + 1 - first, edges)
            out.update({first + k: (name, name.span) for k, name in enumerate(names)})
        first = last + 1
    return out


def _is_list(text: str, end: int, start: int) -> bool:
    return start - end <= LIST_GAP and bool(_GROUP_GAP.fullmatch(text, end, start))


def _subjects(text: str, low: int, start: int, count: int, edges: list[int]) -> list[Name]:
    """Return the subjects of a list of quantities, or none where they are not as many."""
    shares = _SHARES.search(text, low, start)
    end = strip_end(text, low, shares.start() if shares else start)
    items = _items(text, low, end)
    own = items[0] if shares and len(items) == 1 else None
    if shares and len(items) < count and not _HAS_FIGURES.search(text, max(0, low - 12), low):
        at = bisect_left(edges, low) - 1
        if at >= 0 and text[edges[at]] in "，,":
            low = max(edges[at - 1] + 1 if at else 0, edges[at] - REACH)
            items = _items(text, low, strip_end(text, low, edges[at]))
    if len(items) < count or not (shares or len(items) == count):
        return []
    names = [_spoken(text, item) for item in items[len(items) - count :]]
    if own and _MEASURE_NOUN.search(text, own.start, own.end):  # 甲、乙能力提高，处理率分别达到…
        return [name._replace(text=name.text + own.of(text)) for name in names]
    return _with_common_end(names)


_MEASURE_NOUN = re.compile(r"(?:[率量额数值度]|比重|比例|面积|规模|指数|水平)$")
_HEADED = re.compile(r"(?:[率量额数值度费业品电池车件]|收入|支出|投资|出口|进口|产业|企业|面积|规模)$")


_HEAD = re.compile("常住居民|居民|产业|企业|行业|工业|地区")  # 新材料、生物医药产业产值 differ before 产业


def _with_common_end(names: list[Name]) -> list[Name]:
    """Complete short first subjects by the end of the last: 城镇、农村居民收入 is 城镇居民收入 and 农村居民收入."""
    last = names[-1].text
    out = []
    for name in names[:-1]:
        short = name.text
        if len(short) <= 4 and len(last) >= len(short) + 4 and not _HEADED.search(short):
            head = _HEAD.search(last, 2)
            out.append(name._replace(text=short + last[head.start() if head else len(short) :]))
        else:
            out.append(name)
    return [*out, names[-1]]


def _items(text: str, low: int, end: int) -> list[Span]:
    """Return the members of a list of subjects; what stands in brackets or quotes is not split."""
    items, start = [], low
    for match in _JOINTS.finditer(text, low, end):
        at = match.start()
        if not _BRACKET.search(text, low, at) and text.count("“", low, at) == text.count("”", low, at):
            items.append((start, at))
            start = match.end()
    spans = [before(text, *item) for item in [*items, (start, end)]]
    return [span for span in spans if span]
