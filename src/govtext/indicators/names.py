"""What a quantity counts: its name before or after the number, shared or carried over (指标名称)."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from govtext.indicators.words import roles
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from govtext.indicators.quantities import Quantity

    Index = Mapping[str, Sequence[str]]


class Name(NamedTuple):
    """A name and where it stands; `subject` is what was carried over to it from an earlier place of the sentence."""

    text: str
    span: Span | None
    subject: Span | None = None


NONE = Name("", None)
LENGTH = 12  # a longer name is cut
ENOUGH = 10  # at the first verb or particle that leaves no more than this, else at the last
MOST = 16  # a name that cannot be cut so keeps its last LENGTH characters
REACH = 80  # how far before a number its name may begin
BOUNDARY = re.compile(r"[，,；;。！？!?：:\n]")
STOP = frozenset("。！？!?\n")
_QUOTES = dict.fromkeys(map(ord, '“”‘’"＂ \t\u3000\xa0*'))
_QUOTED = re.compile(f"[{''.join(map(chr, _QUOTES))}]")
_YEARS = r"(?:19|20)\d\d"
# Every alternative begins with a fixed character: such patterns are found several times as fast.
_MONTHS = "|".join(f"{month}月(?:份|底|末|初)?(?:前|以前)?" for month in ("1[0-2]", *"123456789"))
_SPANS = "|".join(f"{then}[一二三四五六七八九十两]+年(?:来|里|间)?" for then in ("过去", "近", "今后", "未来", "这"))
PERIOD = re.compile(
    rf"19\d\d年(?:度|底|末|初|以来)?|20\d\d年(?:度|底|末|初|以来)?|{_MONTHS}|{_SPANS}|"
    r"“十[一二三四五六七]五”(?:时期|期间|末|以来)?|十[一二三四五六七]五”?(?:时期|期间|末|以来)?|"
    r"一年(?:来|间)|二年(?:来|间)|三年(?:来|间)|四年(?:来|间)|五年(?:来|间)|十年(?:来|间)|"
    r"全年|今年以来|今年|去年|当年|上年|年内|年底|年末|上半年|下半年|截至目前|目前|期间|时期"
)
_BRACKET = re.compile(r"[（(][^（）()]*$")


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    table = {role: frozenset(found) for role, found in roles().items()}
    table["tail"] = table["link"] | table["rise"] | table["fall"] | frozenset("、（( \u3000")
    table["soft"] = (
        table["adverb"]
        | table["actor"]
        | frozenset(("的", "了", "、", "等", " ", "\u3000", "”", "各类", "各项", "各种"))
    )
    table["cut"] = table["light"] | frozenset(
        ("的", "了", "、", "累计", "以来", "后", "对", "与", "和", "等", "中", "通过")
    )
    table["verbs"] = table["light"] | table["action"] | table["bare"] | frozenset(("重点", "新"))
    table["inside"] = table["action"] | table["cut"]
    table["stop"] = table["verb"] | frozenset("（(、【[ \u3000")
    return table


# Words that end like a word of these lists, but are none: 违法行为, 人均.
_WHOLE = (
    "行为",
    "人均",
    "户均",
    "亩均",
    "收到",
    "接到",
    "国有",
    "所有",
    "公有",
    "私有",
    "拥有",
    "降幅",
    "涨幅",
    "增幅",
    "增速",
    "预期",
    "民约",
    "公约",
    "合约",
    "条约",
)
# What after a verb makes it part of a noun: 保障性住房, 服务业.
_NOUN_ENDS = frozenset("性业率度量额者员数型期点化力费品式制单类办局厅")
_PER = re.compile(r"占[^，。；]*$")
_COMPARED = re.compile(
    r"(?:高于|低于|高出|低出|快于|好于|优于|多于|少于|超过|超|比|较|高|快|低|与|居|位居|列)(?:(?:19|20)\d\d年|“?十[一二三四五六七]五|全国|全省|全市|全区|上年|去年|年度|预期|计划|国家|规划|目标|序时|同期|平均|年初|前年|周边|上月|往年|近年|历年|东部|西部|中部|地区)[^，。；]*$"
)
_AFTER_ADVERB = re.compile(
    r"累计|(?:完成|实现)(?=投资|产值|销售|营收|营业|税收|利润|增加值|总产值|出口|进出口|收入|旅游)|共计|总计|先后|以来|其中|(?<![一公])共(?![同和公享服建产识治青富])"
)
# Single characters without which the patterns above cannot match, tried first because they are quick to miss.
_MARKS_COMPARED = re.compile("[高低快好优多少超比较与居列]")
_MARKS_ADVERB = re.compile("[计共后来中成现]")
_GROUP_GAP = re.compile(r"[、，,]?(?:和|与|及|以及)?")
_RANGE = re.compile(r"[-—–－~～]{1,2}|[至到]")
_OPEN_LIST = re.compile(r"(?:、|(?<![共中温总])和|(?<![普以涉])及|(?<!参)与)$")
_YEAR_OF = re.compile(rf"(?:{_YEARS}年|上年|去年|前年|五年前)[末底初]?的$")
_SHARES = re.compile(r"分别|各自|依次")
_JOINTS = re.compile(r"、|以及|(?<![共中温总])和(?![平谐美田县])|(?<![参])与(?![会京])|(?<![普以涉])及(?!时|格)")


def boundaries(text: str) -> list[int]:
    """Return where clauses end (分句界)."""
    return [match.start() for match in BOUNDARY.finditer(text)]


def name_all(text: str, quantities: Sequence[Quantity], edges: list[int] | None = None) -> list[Name]:
    """Name the quantities of a text whose clauses end at the edges (命名).

    >>> from govtext.indicators.quantities import find
    >>> text = "对88件规范性文件进行清理,保留48件;甲县、乙县分别增长2%、3%。"
    >>> [name.text for name in name_all(text, find(text))]
    ['规范性文件', '规范性文件保留', '甲县', '乙县']
    """
    edges = boundaries(text) if edges is None else edges
    stops = [at for at in edges if text[at] in STOP]
    shared = _shared_names(text, quantities, edges)
    out: list[Name] = []
    subject: Span | None = None
    for i, quantity in enumerate(quantities):
        low = _low(text, edges, quantities, i)
        if subject and bisect_left(stops, subject.end) != bisect_left(stops, low):
            subject = subject if text.startswith("其中", low) else None
        if (
            out
            and out[-1].span
            and out[-1].span.start >= quantities[i - 1].end
            and low < out[-1].span.end <= quantity.start
        ):
            low = out[-1].span.end
        if (
            i
            and quantity.start - quantities[i - 1].end <= RANGE_GAP
            and _RANGE.fullmatch(text, quantities[i - 1].end, quantity.start)
        ):  # 5%-5.5%, 1—2个
            out.append(out[-1])
            continue
        quantity, high = _extended(text, quantities, i)
        place = _Place(text, edges, low, high)
        name, own = shared[i] if i in shared else _name(place, quantity, subject)
        out.append(name)
        subject = own or subject
    return out


RANGE_GAP, RANGE_MOST = 2, 4  # characters between those that belong together, and how many they may be


def _extended(text: str, quantities: Sequence[Quantity], i: int) -> tuple[Quantity, int]:
    """Return a quantity with those that belong to it (1—2个, 1467位80岁以上), and where the next one begins."""
    quantity, ahead = quantities[i], i + 1
    most = min(len(quantities), i + RANGE_MOST)
    while ahead < most and quantities[ahead].start - quantity.end <= RANGE_GAP:
        other = quantities[ahead]
        if other.start != quantity.end and not (ahead == i + 1 and _RANGE.fullmatch(text, quantity.end, other.start)):
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
    text = place.text
    before = _before(text, place.low, quantity.start)
    verb_only = before is not None and text[before.start : before.end] in _words()["verbs"]
    ahead = quantity.kind == "count" or (
        quantity.kind == "measure" and not _MEASURED.search(text, place.low, quantity.start)
    )
    after = _after(place, quantity) if before is None or verb_only or ahead else None
    if after:
        return _own(text, after), after
    if before is None or (subject is None and text[before.start : before.end] in _words()["relative"]):
        subject = subject or _earlier(place)
        if before is None:
            return (_own(text, subject), None) if subject else (NONE, None)
    return _completed(text, before, subject)


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
    start = _strip_start(text, start, edges[at])
    end = _strip_end(text, start, _noun_end(text, start, edges[at]))
    return Span(start, end) if 2 <= end - start <= MOST and not _HAS_DIGIT.search(text, start, end) else None


def _completed(text: str, before: Span, subject: Span | None) -> tuple[Name, Span | None]:
    """Complete a name that says little by itself with the subject named before: 总量, 占比, 废止."""
    own = text[before.start : before.end]
    table = _words()
    if own in table["relative"] or own in table["bare"] or _PER.match(own):
        if subject is None:
            return _own(text, before), before if own not in table["bare"] else None
        subject = Span(_after_verb(text, subject), subject.end)
        joined = (subject.of(text) + own).translate(_QUOTES)
        if len(joined) <= MOST:
            return Name(joined, before, subject), None
        return _own(text, before), None
    return _own(text, before), before


def _after_verb(text: str, span: Span) -> int:
    """Return where a name begins without the verb it begins with: 保留规范性文件 leaves 规范性文件."""
    table = _words()
    for length in (4, 3, 2):
        word = text[span.start : span.start + length]
        if (word in table["action"] or word in table["bare"]) and span.end - span.start - length >= 2:
            return span.start + length
    return span.start


def _own(text: str, span: Span) -> Name:
    name = span.of(text)
    return Name(name.translate(_QUOTES) if _QUOTED.search(name) else name, span)


# --- before the number ----------------------------------------------------------------------------------------------


def _before(text: str, start: int, end: int) -> Span | None:
    """Return the name in the stretch before a number, or None."""
    if start >= end or (text[end - 1] in "、和及与" and _OPEN_LIST.search(text, max(start, end - 2), end)):
        return None
    end = _strip_end(text, start, end)
    if text.endswith("的", start, end) and (of_year := _YEAR_OF.search(text, max(start, end - 9), end)):
        end = _strip_end(text, start, of_year.start())  # 里程由1997年的123万公里
    if text.endswith(("的", "等"), start, end):
        if "占" not in text[start:end]:
            return None
        end -= 1
    if text.endswith(("人均", "户均"), start, end) and end - start > 6:
        end = _strip_end(text, start, end - 2)
    if start >= end:
        return None
    stretch = text[start:end]
    compared = _COMPARED.search(stretch) if _MARKS_COMPARED.search(stretch) else None
    if compared:
        end = _strip_end(text, start, start + compared.start())
        stretch = text[start:end]
    if "年" in stretch or "期" in stretch or "月" in stretch or "前" in stretch:
        last = None
        for last in PERIOD.finditer(stretch):
            pass
        if last and last.end() < len(stretch):
            start += last.end()
        elif last:
            end = _strip_end(text, start, start + last.start())
    if _MARKS_ADVERB.search(stretch):
        for match in _AFTER_ADVERB.finditer(text, start, end):
            if match.end() < end:
                start = match.end()
    start = _strip_start(text, start, end)
    start = _after_digits(text, start, end)
    if start >= end:
        return None
    return _shrunk(text, start, end)


_HAS_DIGIT = re.compile("[0-9]")
_DIGITS = re.compile(r".*\d[%％A-Za-z级户人个年岁以上下之内]*", re.DOTALL)


def _after_digits(text: str, start: int, end: int) -> int:
    """Return where a name may begin that must not hold a digit: PM2.5平均浓度 is 平均浓度."""
    digits = _DIGITS.match(text, start, end) if _HAS_DIGIT.search(text, start, end) else None
    return start if not digits else _strip_start(text, digits.end(), end)


@lru_cache(maxsize=1)
def _indices() -> tuple[Index, Index, Index]:
    """Return the words that may end a stretch by their last character, and those that may begin or stop one by their first."""
    table = _words()
    return _index(table["tail"], -1), _index(table["soft"] | table["light"], 0), _index(table["stop"], 0)


def _index(words: Iterable[str], place: int) -> Index:
    out: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        out.setdefault(word[place], []).append(word)
    return out


def _strip_end(text: str, start: int, end: int) -> int:
    tails = _indices()[0]
    while end > start and (words := tails.get(text[end - 1])) and not text.endswith(_WHOLE, start, end):
        for word in words:
            if text.endswith(word, start, end):
                end -= len(word)
                break
        else:
            break
    return end


def _strip_start(text: str, start: int, end: int) -> int:
    """Strip adverbs, actors and light verbs, but leave a light verb that nothing follows."""
    table, heads = _words(), _indices()[1]
    soft, keep = table["soft"], table["keep"]
    while start < end and (words := heads.get(text[start])):
        for word in words:
            following = start + len(word)
            if following > end or not text.startswith(word, start) or (word not in soft and following == end):
                continue
            if (
                text[start : following + (1 if len(word) == 1 else 2)] in keep
                or text[following : following + 1] in _NOUN_ENDS
            ):
                continue
            start = following
            break
        else:
            break
    return start


def _shrunk(text: str, start: int, end: int) -> Span:
    """Cut a long name after its last particle or light verb, or before its last verb, that leaves enough."""
    if end - start <= LENGTH or "占" in text[start:end]:
        return Span(start, end)
    table = _words()
    cut, action = table["cut"], table["action"]
    best = start
    at = start + 1
    while at < end - 3 and end - best > ENOUGH:
        for length in (4, 3, 2, 1):
            word = text[at : at + length]
            if (
                word in cut
                and end - at - length >= 4
                and text[at + length] not in _NOUN_ENDS
                and not _CLOSES.match(text, at, end)
            ):
                best = at = at + length
                break
            if length > 1 and word in action and at + length < end:
                best, at = at, at + length
                break
        else:
            at += 1
    best = _strip_start(text, best, end) if best > start else best
    return Span(best if end - best <= MOST else end - LENGTH, end)


_CLOSES = re.compile(r"[^（(]*[）)]")  # a bracket that opened before


# --- after the number -----------------------------------------------------------------------------------------------


def _after(place: _Place, quantity: Quantity) -> Span | None:
    """Return the name that follows a quantity: up to the next boundary, quantity or verb; or None."""
    text, start = place.text, quantity.end
    while text[start : start + 1] in ("的", " ", "\u3000") and start < place.high:
        start += 1
    at = bisect_left(place.edges, start)
    high = min(place.high, place.edges[at] if at < len(place.edges) else len(text), start + 40)
    end = _noun_end(text, start, high)
    if end == start and (of := text.find("的", start, high)) > 0:  # 在全国有影响力的企业
        start = of + 1
        end = _noun_end(text, start, high)
    if end == start and quantity.kind == "duration":  # 连续19年获评…
        start = _after_verbs(text, start, high)
        end = _noun_end(text, start, high)
    if end == start or _HAS_DIGIT.search(text, start, end):
        return None
    of = text.rfind("的", start, end)
    if of >= 0 and end - of > 2:
        head = of - start
        if head > 4 or head < 1:
            start = of + 1
        else:
            end = of
    if end - start > LENGTH:
        start = max(start, _shrunk(text, start, end).start)
    return Span(start, end)


def _after_verbs(text: str, start: int, high: int) -> int:
    stop = _words()["stop"]
    while start < high:
        length = next((n for n in (4, 3, 2, 1) if text[start : start + n] in stop), 0)
        if not length:
            break
        start += length
    return start


def _noun_end(text: str, start: int, high: int) -> int:
    """Return where the noun that begins at a place ends: before a verb, a bracket or 、; quotes are passed over."""
    stops = _indices()[2]
    at = start
    while at < high:
        if text[at] == "“":
            close = text.find("”", at, high)
            if close < 0:
                return at
            at = close + 1
            continue
        for word in stops.get(text[at], ()):
            if text.startswith(word, at) and not _in_noun(text, start, at, len(word)):
                return at
        if text[at] == "等" and at > start and not _GRADE.search(text[at - 1 : at + 2]):
            return at
        at += 1
    while at > start and text[at - 1] in "和与及、的":
        at -= 1
    return at


_ENDING = frozenset(
    "行为 作为 自由 潜在 存在 所在 现在 抢占 捕获 发达 到达 直达 成为 认为 包含 报到 签到 一并 合并 兼并 甚至 冬至 夏至 到位".split()
)
_GRADE = re.compile("[高平中同对均初优劣上下相]等|等[级候待于]")
# Nouns that hold a word that would end them: 建设项目, 示范区, 可再生.
_INSIDE = re.compile(r"[性率度量额者员型化力费师式制商类]")


def _in_noun(text: str, start: int, at: int, length: int) -> bool:
    following = text[at + length : at + length + 1]
    if length == 1:
        return text[at : at + 2] in _words()["keep"] or text[at - 1 : at + 1] in _ENDING
    return bool(following) and bool(_INSIDE.match(following)) and at > start


# --- lists ----------------------------------------------------------------------------------------------------------


def _shared_names(text: str, quantities: Sequence[Quantity], edges: list[int]) -> dict[int, tuple[Name, Span | None]]:
    """Give each quantity of a list its own subject: 甲、乙分别增长2%、3%."""
    out: dict[int, tuple[Name, Span | None]] = {}
    i = 0
    while i < len(quantities):
        j = i + 1
        while (
            j < len(quantities)
            and quantities[j].start - quantities[j - 1].end <= 3
            and _GROUP_GAP.fullmatch(text, quantities[j - 1].end, quantities[j].start)
        ):
            j += 1
        if j - i > 1:
            low = _low(text, edges, quantities, i)
            for k, name in enumerate(_subjects(text, low, quantities[i].start, j - i, edges)):
                out[i + k] = name, name.span
        i = j
    return out


def _subjects(text: str, low: int, start: int, count: int, edges: list[int]) -> list[Name]:
    """Return the subjects of a list of quantities, or none where they are not as many."""
    shares = _SHARES.search(text, low, start)
    end = _strip_end(text, low, shares.start() if shares else start)
    items = _items(text, low, end)
    own = items[0] if shares and len(items) == 1 else None
    if shares and len(items) < count:
        at = bisect_left(edges, low) - 1
        if at >= 0 and text[edges[at]] in "，,":
            low = max(edges[at - 1] + 1 if at else 0, edges[at] - REACH)
            items = _items(text, low, _strip_end(text, low, edges[at]))
    if len(items) < count or not (shares or len(items) == count):
        return []
    names = [_own(text, item) for item in items[len(items) - count :]]
    if own and _MEASURE_NOUN.search(text, own.start, own.end):  # 甲、乙能力提高，处理率分别达到…
        return [name._replace(text=name.text + own.of(text)) for name in names]
    return _with_common_end(names)


_MEASURE_NOUN = re.compile(r"(?:[率量额数值度]|比重|比例|面积|规模|指数|水平)$")
_HEADED = re.compile(r"(?:[率量额数值度费业品电池车件]|收入|支出|投资|出口|进口|产业|企业|面积|规模)$")


def _with_common_end(names: list[Name]) -> list[Name]:
    """Complete short first subjects by the end of the last: 城镇、农村居民收入 is 城镇居民收入 and 农村居民收入."""
    last = names[-1].text
    out = []
    for name in names[:-1]:
        short = name.text
        if len(short) <= 4 and len(last) >= len(short) + 4 and not _HEADED.search(short):
            name = name._replace(text=short + last[len(short) :])  # noqa: PLW2901
        out.append(name)
    return [*out, names[-1]]


def _items(text: str, low: int, end: int) -> list[Span]:
    items = []
    start = low
    for match in _JOINTS.finditer(text, low, end):
        if not _BRACKET.search(text, low, match.start()) and text.count("“", low, match.start()) == text.count(
            "”", low, match.start()
        ):
            items.append((start, match.start()))
            start = match.end()
    spans = [_before(text, a, b) for a, b in [*items, (start, end)]]
    return [span for span in spans if span]
