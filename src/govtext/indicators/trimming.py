"""Stretches of text cut down to the name they hold, by tables of words (名称的修剪)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from govtext.indicators.words import roles
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Index = Mapping[str, tuple[str, ...]]

LENGTH = 12  # a longer name is cut
ENOUGH = 10  # at the first verb or particle that leaves no more than this, else at the last
MOST = 16  # a name that cannot be cut so keeps its last LENGTH characters
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


@lru_cache(maxsize=1)
def word_sets() -> dict[str, frozenset[str]]:
    """Return the words of every role, and the unions that naming needs (用词集合)."""
    table = {role: frozenset(found) for role, found in roles().items()}
    table["tail"] = table["link"] | table["rise"] | table["fall"] | frozenset("、（( \u3000")
    table["soft"] = (
        table["adverb"]
        | table["actor"]
        | frozenset(
            (
                "的",
                "了",
                "、",
                "等",
                " ",
                "\u3000",
                "”",
                "（",
                "(",
                "和",
                "与",
                "及",
                "以及",
                "同口径",
                "各类",
                "各项",
                "各种",
            )
        )
    )
    table["cut"] = table["light"] | frozenset(("的", "了", "、", "累计", "以来", "后", "对", "与", "和", "等", "通过"))
    table["verbs"] = table["light"] | table["action"] | table["bare"] | frozenset(("重点", "新"))
    table["inside"] = table["action"] | table["cut"]
    table["stop"] = table["verb"] | frozenset("（(）)、【[ \u3000")
    return table


# What after a verb makes it part of a noun: 保障性住房, 服务业; but not where it begins a word: 力争数字经济.
_NOUN_END = re.compile(
    "(?!数[字据智实]|单[位个元]|制[造定]|品[牌种]|类别|化[工学解]|业[务态]|力[量度争]|办[理好学公])"
    "[性业率度量额者员数型期点化力费品式制单类办局厅]"
)
_COMPARED = re.compile(
    r"(?:高于|低于|高出|低出|快于|好于|优于|多于|少于|超过|超|比|较|高|快|低|与|居|位居|列)"
    r"(?:(?:19|20)\d\d年|“?十[一二三四五六七]五|全国|全省|全市|全区|上年|去年|年度|预期|计划|国家|规划|目标|序时|同期|经济增|"
    r"平均|年初|前年|周边|上月|往年|近年|历年|东部|西部|中部|地区)[^，。；]*$"
)
_AFTER_ADVERB = re.compile(
    r"累计|共计|总计|先后|以来|其中|(?<![一公])共(?![同和公享服建产识治青富体])|"
    r"(?:完成|实现)(?=投资|产值|销售|营收|营业|税收|利润|增加值|总产值|出口|进出口|收入|旅游)"
)
# Single characters without which the patterns above cannot match, tried first because they are quick to miss.
_MARKS_COMPARED = re.compile("[高低快好优多少超比较与居列]")
_MARKS_ADVERB = re.compile("[计共后来中成现]")
_OPEN_LIST = re.compile(r"(?:、|(?<![共中温总])和|(?<![普以涉])及|(?<!参)与)$")
_YEAR_OF = re.compile(rf"(?:{_YEARS}年|上年|去年|前年|五年前)[末底初]?的$")
# Whatever `str.isdigit` calls one, such as ① before an item.
DIGIT = (
    r"\d²³¹⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪❶-❾➀-➈➊-➒⓵-⓽⓿\u1369-\u1371\u19da\U00010a40-\U00010a43\U00010e60-\U00010e68"
    r"\U00011052-\U0001105a\U0001f100-\U0001f10a"
)
HAS_DIGIT = re.compile(f"[{DIGIT}]")


# --- before the number ----------------------------------------------------------------------------------------------


def before(text: str, start: int, end: int) -> Span | None:
    """Return the name in the stretch before a number, or None (数前名称).

    >>> [before(text, 0, len(text)).of(text) for text in ("全市共聘请法律顾问", "2022年地区生产总值同比增长")]
    ['法律顾问', '地区生产总值']
    """
    if start >= end or (text[end - 1] in "、和及与" and _OPEN_LIST.search(text, max(start, end - 2), end)):
        return None
    stop = _without_tail(text, start, end)
    if stop is None or start >= stop:
        return None
    if _MARKS_CLOSED.search(text, start, stop) and (closed := _CLOSED.match(text, start, stop)):
        start = closed.end()  # 9个州（市）并延长至
    start, end = _after_period(text, start, stop)
    if _MARKS_ADVERB.search(text, start, end):
        for match in _AFTER_ADVERB.finditer(text, start, end):
            rest = text[match.end() : end]
            if rest in word_sets()["light"] and match.start() - start > 1:  # 中欧班列累计开行
                end = strip_end(text, start, match.start())
                break
            if rest in word_sets()["action"] and match.start() - start > 1:  # 碳市场累计成交
                break
            start = match.end() if match.end() < end else start
    start = _after_digits(text, strip_start(text, start, end), end)
    if end - start < 2 or MAGNITUDE.fullmatch(text, start, end):  # 双双突破9万亿元 after 万亿元台阶
        return None
    return shrunk(text, start, end)


MAGNITUDE = re.compile("[十百千万亿]+[级元]?")


def _without_tail(text: str, start: int, end: int) -> int | None:
    """Return where a stretch ends without what links it to the number; None if it says what kind, not of what."""
    end = strip_end(text, start, end)
    if text.endswith("的", start, end) and (of_year := _YEAR_OF.search(text, max(start, end - 9), end)):
        end = strip_end(text, start, of_year.start())  # 里程由1997年的123万公里
    if text.endswith(("的", "等"), start, end):
        if "占" not in text[start:end]:  # 新建的4个, but 占全年支出的50.2%
            return None
        end -= 1
    if text.endswith(("人均", "户均"), start, end) and end - start > 6:
        end = strip_end(text, start, end - 2)
    compared = _COMPARED.search(text, start, end) if _MARKS_COMPARED.search(text, start, end) else None
    return strip_end(text, start, compared.start()) if compared else end


_MARKS_PERIOD = re.compile("[年期月前]")


def _after_period(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch after the last time it names, or before it where nothing follows."""
    last = None
    if _MARKS_PERIOD.search(text, start, end):
        for match in PERIOD.finditer(text, start, end):
            last = match
    if last is None:
        return start, end
    return (last.end(), end) if last.end() < end else (start, strip_end(text, start, last.start()))


_DIGITS = re.compile(rf".*(?:“[^“”]*[{DIGIT}][^“”]*”|[{DIGIT}])[%％‰A-Za-z级户人个年岁以上下之内]*", re.DOTALL)


def _after_digits(text: str, start: int, end: int) -> int:
    """Return where a name may begin that must not hold a digit: PM2.5平均浓度 is 平均浓度."""
    digits = _DIGITS.match(text, start, end) if HAS_DIGIT.search(text, start, end) else None
    return start if not digits else strip_start(text, digits.end(), end)


@lru_cache(maxsize=1)
def _indices() -> tuple[Index, Index, Index, Index]:
    """Return what may end a stretch by its last character, and what may begin, stop or keep one by its first."""
    table = word_sets()
    return (
        _index(table["tail"], -1),
        _index(table["soft"] | table["light"], 0),
        _index(table["stop"], 0),
        _index(table["keep"], 0),
    )


def _index(words: Iterable[str], place: int) -> Index:
    out: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        out.setdefault(word[place], []).append(word)
    return {character: tuple(found) for character, found in out.items()}


def strip_end(text: str, start: int, end: int) -> int:
    """Return where a stretch ends without the words that link a name to its number (去尾)."""
    tails = _indices()[0]
    while end > start and (words := tails.get(text[end - 1])) and text.endswith(words, start, end):
        if text.endswith(roles()["whole"], start, end):
            break
        end -= len(next(word for word in words if text.endswith(word, start, end)))
    return end


def strip_start(text: str, start: int, end: int) -> int:
    """Return where a stretch begins without adverbs, actors and light verbs; the last verb stays alone (去首)."""
    soft, heads = word_sets()["soft"], _indices()[1]
    while start < end and (words := heads.get(text[start])) and text.startswith(words, start, end):
        for word in words:
            following = start + len(word)
            if not text.startswith(word, start, end) or (following == end and word not in soft):
                continue
            if len(word) > 1 and _NOUN_END.match(text, following):
                continue
            if text.startswith(_longer(word), start):
                continue  # 可再生能源
            start = following
            break
        else:
            break
    return start


@lru_cache(maxsize=1 << 10)
def _longer(word: str) -> tuple[str, ...]:
    """Return the beginnings of nouns that are longer than a word which begins with the same character."""
    return tuple(kept for kept in _indices()[3].get(word[0], ()) if len(kept) > len(word))


_CLOSES = re.compile(r"[^（(]*[）)]")  # a bracket that opened before
_MARKS_CLOSED = re.compile("[）)]")
_CLOSED = re.compile("[（(]?" + _CLOSES.pattern + "(?:左右|以上|以下|以内|[、并和])*")
_SHARE = re.compile("占|与[^，、]*的?比[率值重]")  # 社会物流总费用与GDP的比率 is named by both


def shrunk(text: str, start: int, end: int) -> Span:
    """Cut a long name after a particle or light verb, or before a verb, that leaves enough of it (缩短)."""
    if end - start <= LENGTH or _SHARE.search(text, start, end):
        return Span(start, end)
    table = word_sets()
    cut, action = table["cut"], table["action"]
    verb = next((length for length in (4, 3, 2) if text[start : start + length] in action), 0)  # 新增…
    if text[start + verb] not in "与和及":  # 研究与试验发展经费
        start += verb + (text[start + verb] == "、")  # 新建、改扩建中小学
    if end - start <= LENGTH:
        return Span(start, end)
    best, at = start, start + 1
    first = _beginnings()
    while at < end - 3 and end - best > ENOUGH:
        if text[at] not in first:
            at += 1
            continue
        for length in (4, 3, 2, 1):
            word, following = text[at : at + length], at + length
            if word in cut and _may_begin(text, following, end):
                best = at = following
                break
            if length > 1 and word in action and following < end:
                best, at = at, following
                break
        else:
            at += 1
    best = strip_start(text, best, end) if best > start else best
    return Span(best if end - best <= MOST else end - LENGTH, end)


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    """Return the characters that a word begins with before or after which a name is cut."""
    return frozenset(word[0] for word in word_sets()["inside"])


def _may_begin(text: str, at: int, end: int) -> bool:
    """Tell whether a name may begin at a place: enough of it is left, and it is no half of a word or bracket."""
    return end - at >= 4 and not _NOUN_END.match(text, at) and not _CLOSES.match(text, at, end)


# --- after the number -----------------------------------------------------------------------------------------------


def after_verbs(text: str, start: int, high: int) -> int:
    """Return where what follows the verbs at a place begins (跳过动词)."""
    stop = word_sets()["stop"]
    while start < high:
        length = next((n for n in (4, 3, 2, 1) if text[start : start + n] in stop), 0)
        if not length:
            break
        start += length
    return start


def noun_end(text: str, start: int, high: int) -> int:
    """Return where the noun that begins at a place ends: before a verb, a bracket or 、 (名词界)."""
    end = _noun_stop(text, start, high)
    while end > start and text[end - 1] in "和与及、的":
        end -= 1
    return end


def _noun_stop(text: str, start: int, high: int) -> int:
    at = start
    while halt := _halts().search(text, at, high):
        at = halt.start()
        if text[at] == "“":
            close = text.find("”", at, high)
            if close < 0:
                return at
            at = close + 1
        elif kept := _kept_at(text, at):
            at = min(at + kept, high)
        elif _ends_noun(text, start, at):
            return at - (at - start > 1 and bool(_NEWLY.search(text, start, at)))  # 品牌新入选
        else:
            at += 1
    return high


@lru_cache(maxsize=1)
def _halts() -> re.Pattern[str]:
    """Return the characters at which a noun may end, or go on with more than one character."""
    _, _, stops, keeps = _indices()
    first = {*stops, *(kept[0] for words in keeps.values() for kept in words if len(kept) > KEPT), *"“等新"}
    return re.compile(f"[{re.escape(''.join(sorted(first)))}]")


KEPT = 3  # characters; a longer beginning of a noun is passed over as a whole
_NEWLY = re.compile("(?<![更创革翻维])新$")
_NEW_ONES = re.compile("新[\u4e00-\u9fff]{2}(?:项目|工程|企业)")  # 计划新开工项目


def _kept_at(text: str, at: int) -> int:
    """Return the length of a beginning of a noun that holds words which would end it: 对外开放口岸, 新开工项目."""
    if text[at] == "新" and (found := _NEW_ONES.match(text, at)):
        return found.end() - at
    keeps = _indices()[3].get(text[at], ())
    return len(next((kept for kept in keeps if len(kept) > KEPT and text.startswith(kept, at)), ""))


def _ends_noun(text: str, start: int, at: int) -> bool:
    """Tell whether a word begins at a place that ends the noun which began at `start`; 等 does, but not in 一等奖."""
    if text[at] == "等" and at > start and not _GRADE.search(text[at - 1 : at + 2]):
        return True
    words = _indices()[2].get(text[at], ())
    return text.startswith(words, at) and any(
        text.startswith(word, at) and not _in_noun(text, start, at, word) for word in words
    )


_GRADE = re.compile("[高平中同对均初优劣上下相一二三四]等|等[级候待于奖]")
# Nouns that hold a word that would end them: 建设项目, 示范区, 可再生.
_INSIDE = re.compile(r"[性率度量额者员型化力费师式制商类]")


def _in_noun(text: str, start: int, at: int, word: str) -> bool:
    table, after = word_sets(), at + len(word)
    if len(word) == 1:
        return text[at : at + 2] in table["keep"] or text[at - 1 : at + 1] in table["ending"]
    if at == start:
        return text[after : after + 1] in ("型", "类")  # 引领型企业
    nominal = word in table["nominal"] and _UNDERTAKING.match(text, after)
    return bool(nominal or _INSIDE.match(text, after) or text.startswith("工程", after - 1))  # 修复工程 holds 复工


_UNDERTAKING = re.compile("工程|项目|行动|计划|任务")  # 水毁修复工程
