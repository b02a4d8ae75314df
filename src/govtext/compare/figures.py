"""The figures of a report with the words around them, made ready to be matched (待匹配的指标)."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govtext.compare.localise import without_own
from govtext.text import Span, codes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from govtext.compare.found import Found
    from govtext.document import Document
    from govtext.indicators import Indicator

    Floats = NDArray[np.float64]

OUTPUT = "地区生产总值"
LEAD, TAIL = 45, 14  # characters before and after a figure that say what it is of
_STOP = re.compile(r"[。；;！？!?\n]")
_YEAR_NAMED = re.compile(r"20\d\d(?=年)")
# What says that the figures after it are of several years, or of the one that has passed.
_FRAME = re.compile(
    r"(?P<years>[过近]去?的?五年|这五年|五年来|五年间|五年累计|届政府|十[二三四]五”?(?:时期|期间|以来)|规划期)|"
    r"(?P<year>过去的?一年|过去的20\d\d年|一年来|20\d\d年(?:的?主要)?工作回顾|(?<![^\n])20\d\d年(?:[，,]|是))"
)
_SINCE = re.compile(r"[比较]“?十[二三]五|[比较]20[12]\d年(?:底|末)?(?:的|提高|增|下降)|五年前")
_NOW = re.compile(r"去年|20\d\d年(?!以来|底|末|前|至|—)")  # at the start of a sentence, for that sentence alone
_LONG = re.compile(r"年均|累计|五年|[三四五]年来|20\d\d年以来|[比较]“?十[二三]五|[比较]20\d\d年|翻番|翻一番")
_LEVEL = re.compile(
    r"(?:达到?|增至|增加到|提高[到至]|升至|总[数量]|拥有|保有|突破|超过?|稳定在|保持在)[^，。；、]{0,4}$"
)
_SCOPE = re.compile(
    r"省属|市属|区属|国有|央企|国企|民营|民间|外资|限上|规上|服务贸易|跨境|机电|一带一路|东盟|新三样|首发|线上|网上|高技术"
)  # fmt: skip
_WITHOUT = re.compile("扣除|不含|剔除|同口径")


class Figure(NamedTuple):
    """An indicator in its sentence, as it is compared (语境中的指标).

    Attributes:
        indicator: the figure.
        name: its name with synonyms made one and place names taken out; empty where nothing names it.
        lead: what its sentence says before and just after it, in the same form.
        clause: the part of this between two commas that the figure stands in.
        context: what it says but for the name.
        role: the role of its paragraph.
        years: whether it is of several years (年均, 累计, 五年来), not of one.
        level: whether it says how much there is (达到, 增至, 突破), not how much was added.
        scopes: the words that limit what it is of (扣除, 省属, 民间), in its own part of the sentence.
        passage: the sentence it stands in.
    """

    indicator: Indicator
    name: str
    lead: str
    clause: str
    context: str
    role: str
    years: bool
    level: bool
    scopes: frozenset[str]
    passage: Span


def figures(document: Document, *, found: Found) -> list[Figure]:
    """Return the figures of a report with what is needed to compare them, in the order of the text (指标与语境)."""
    if document not in found.figures:
        found.figures[document] = list(_figures(document, found))
    return found.figures[document]


def _figures(document: Document, found: Found) -> Iterator[Figure]:
    named, labels = found.indicators(document), found.roles(document)
    starts = [label.span.start for label in labels]
    frames = [(m.end(), m.lastgroup == "years") for m in _FRAME.finditer(document.text)]
    ends = [end for end, _ in frames]
    for number, one in enumerate(named):
        at = bisect_right(starts, one.span.start) - 1
        if at < 0:
            continue
        frame = bisect_right(ends, one.span.start) - 1
        passage = sentence(document.text, one.span)
        head = document.text[max(passage.start, one.span.start - LEAD) : one.span.start]
        years = bool(_LONG.search(head[-14:]) or _SINCE.search(head)) or (
            frame >= 0 and frames[frame][1] and not _NOW.match(document.text, passage.start)
        )
        name = _AMOUNT.sub("", one_wording(without_own(document, _apart(document.text, named, number))))
        name = OUTPUT if name == "经济" and one.kind == "change" else name  # 经济增长5%左右
        level, scopes = bool(_LEVEL.search(head + one.text[:2])), _scopes(head)
        lead, clause = _around(document, one, passage)
        context = lead.replace(name, "") if name else lead
        role = labels[at].label
        yield Figure(one, name, lead, clause, context, role, years, level, scopes, passage)


def _scopes(head: str) -> frozenset[str]:
    """Return what limits the figure after these words: in its own clause, and 扣除… also in the one before."""
    return frozenset((*_SCOPE.findall(one_wording(re.split("[，；]", head)[-1])), *_WITHOUT.findall(head[-25:])))


# Units of what a thing is, not of how much of it there is: a line of 500千伏, a berth of 20万吨级.
ATTRIBUTES = frozenset(("千伏", "吨级", "级"))


def sentence(text: str, span: Span) -> Span:
    """Return the sentence or the part of it between semicolons that a figure stands in (所在句).

    >>> sentence("粮食增产。就业增加5万人；物价平稳。", Span(9, 12))
    Span(start=5, end=13)
    """
    start = max((text.rfind(mark, 0, span.start) for mark in "。；;！？\n"), default=-1) + 1
    stop = _STOP.search(text, span.end)
    end = stop.end() if stop and stop[0] != "\n" else stop.start() if stop else len(text)
    while start < span.start and text[start].isspace():
        start += 1
    return Span(start, end)


_BOTH = "城乡居民"


def _apart(text: str, found: Sequence[Indicator], number: int) -> str:
    """Return the name of a figure; of two for 城乡居民 the first is of 城镇居民, the second of 农村居民."""
    one = found[number]
    if _BOTH not in one.name:
        return one.name
    for step, place in ((1, "城镇居民"), (-1, "农村居民")):
        other = found[number + step] if 0 <= number + step < len(found) else None
        between = text[min(one.span.end, other.span.end) : max(one.span.start, other.span.start)] if other else ""
        if other and other.name == one.name and between in ("、", "和", "，"):
            return one.name.replace(_BOTH, place)
    return one.name


def _around(document: Document, one: Indicator, passage: Span) -> tuple[str, str]:
    """Return what the sentence of a figure says before it and in the clause after it, and its own clause alone."""
    text = document.text
    before = text[max(passage.start, one.span.start - LEAD) : one.span.start]
    after = _CLAUSE.split(text[one.span.end : min(passage.end, one.span.end + TAIL)])[0]
    own = _CLAUSE.split(before)[-1]
    lead, clause = (one_wording(without_own(document, part + after)) for part in (before, own))
    return lead, clause


_CLAUSE = re.compile(r"[，,。；;、]")
_ROMAN = str.maketrans({"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "Ⅴ": "V"})
_IDLE = re.compile(r"[\s“”‘’\"'（）()《》：:]+")


def one_wording(text: str) -> str:
    """Return a text with synonyms made one and quote marks and blanks left out (统一说法).

    >>> one_wording("规模以上工业增加值"), one_wording("人均GDP")
    ('规上工业增加值', '人均地区生产总值')
    """
    text = _IDLE.sub("", text).translate(_ROMAN)
    pattern, table = _synonyms()
    return pattern.sub(lambda match: table[match[0]], text)


_AMOUNT = re.compile("(?<=..)(?:数量|总数|总量)$")


@lru_cache(maxsize=1)
def _synonyms() -> tuple[re.Pattern[str], dict[str, str]]:
    source = resources.files("govtext") / "data" / "indicator-synonyms.tsv"
    rows = [row.split("\t") for row in source.read_text(encoding="utf-8").splitlines() if not row.startswith("#")]
    table = {form: cells[0] for cells in rows[1:] for form in (cells[0], *cells[1].split("|"))}
    return re.compile("|".join(map(re.escape, sorted(table, key=lambda form: (-len(form), form))))), table


# --- how much two texts have in common ------------------------------------------------------------------------------


def grams(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return the character bigrams of some texts as rows, column numbers, and the number of columns (二元字串)."""
    whole = codes("\0".join(texts) + "\0").astype(np.int64)
    row = np.cumsum(whole == 0) - (whole == 0)
    pair = whole[:-1] * 0x110000 + whole[1:]
    keep = (whole[:-1] != 0) & (whole[1:] != 0)
    columns, numbers = np.unique(pair[keep], return_inverse=True)
    return row[:-1][keep], numbers, len(columns)


class Overlap(NamedTuple):
    """How much texts a[i] and b[j] have in common, weighted by rarity; float[len(a), len(b)] each (重合度).

    Attributes:
        cosine: of the two sets of bigrams.
        of_a: the part of a's weight that b has.
        of_b: the part of b's weight that a has.
    """

    cosine: Floats
    of_a: Floats
    of_b: Floats


def overlap(a: Sequence[str], b: Sequence[str]) -> Overlap:
    """Compare every text of a with every one of b by their character bigrams, rare ones weighing more (文本重合).

    >>> overlap(["城镇新增就业"], ["全省城镇新增就业"]).of_a.tolist()
    [[1.0]]
    """
    import scipy.sparse as sp

    rows, columns, width = grams([*a, *b])
    size = len(a) + len(b)
    matrix = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(size, width))
    matrix.data[:] = 1.0
    weight = np.log((1 + size) / (1 + np.asarray(matrix.sum(axis=0)).ravel())) + 1
    weighted = matrix.multiply(weight).tocsr()
    shared = np.asarray((weighted[: len(a)] @ matrix[len(a) :].T).todense(), np.float64)
    total = np.maximum(np.asarray(weighted.sum(axis=1)).ravel(), 1e-9)
    total_a, total_b = total[: len(a), None], total[None, len(a) :]
    return Overlap(shared / np.sqrt(total_a * total_b), shared / total_a, shared / total_b)
