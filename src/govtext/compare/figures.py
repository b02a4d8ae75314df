"""The figures of a report with the words around them, made ready to be matched (待匹配的指标)."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache, partial
from importlib import resources
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govtext.compare.localise import without_own
from govtext.native import kernels
from govtext.text import BORDER, Span, changed, codes, places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import scipy.sparse as sp
    from numpy.typing import NDArray

    from govtext.compare.found import Found
    from govtext.document import Document
    from govtext.indicators import Indicator

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

OUTPUT = "地区生产总值"
LEAD, TAIL = 45, 14  # characters before and after a figure that say what it is of
_BEGINS = "。；;！？\n"  # what a sentence or a part of it begins after
_STOPS = _BEGINS + "!?"
_YEAR_NAMED = re.compile(r"20\d\d(?=年)")
# What says that the figures after it are of several years, or of the one that has passed: 一年, 20…. Every alternative
# begins with a fixed character, so that it is found several times as fast.
_FRAME = re.compile(
    r"过去?的?五年|近去?的?五年|这五年|五年来|五年间|五年累计|届政府|十[二三四]五”?(?:时期|期间|以来)|规划期|"
    r"过去的?一年|过去的20\d\d年|一年来|20\d\d年(?:的?主要)?工作回顾|20\d\d年[，,是]"
)
_ONE_YEAR, _LINE_START = re.compile("一年|20"), re.compile(r"20\d\d年[，,是]")
_SINCE = re.compile(
    "|".join((*(rf"{than}“?十[二三]五|{than}20[12]\d年[底末]?(?:的|提高|增|下降)" for than in "比较"), "五年前"))
)
_NOW = re.compile(r"去年|20\d\d年(?!以来|底|末|前|至|—)")  # at the start of a sentence, for that sentence alone
_LONG = re.compile(
    r"年均|累计|五年|三年来|四年来|20\d\d年以来|比“?十[二三]五|较“?十[二三]五|比20\d\d年|较20\d\d年|翻番|翻一番"
)
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
    text, labels, listed = document.text, found.roles(document), found.indicators(document)
    starts = [label.span.start for label in labels]
    frames = list(_frames(text))
    ends = [end for end, _ in frames]
    passages = sentences(text, [one.span for one in listed])
    heads = [
        text[max(passage.start, one.span.start - LEAD) : one.span.start]
        for one, passage in zip(listed, passages, strict=True)
    ]
    columns = (passages, heads, one_wordings([_PART.split(head)[-1] for head in heads]))
    for one, passage, head, part, (name, lead, clause) in zip(
        listed, *columns, _worded(document, listed, heads, passages), strict=True
    ):
        at = bisect_right(starts, one.span.start) - 1
        if at < 0:
            continue
        frame = bisect_right(ends, one.span.start) - 1
        years = bool(_LONG.search(head[-14:]) or _SINCE.search(head)) or (
            frame >= 0 and frames[frame][1] and not _NOW.match(text, passage.start)
        )
        level = bool(_LEVEL.search(head + one.text[:2]))
        # What limits the figure stands in its own clause, but 扣除… also in the one before.
        scopes = frozenset((*_SCOPE.findall(part), *_WITHOUT.findall(head[-25:])))
        context = lead.replace(name, "") if name else lead
        yield Figure(one, name, lead, clause, context, labels[at].label, years, level, scopes, passage)


def _frames(text: str) -> Iterator[tuple[int, bool]]:
    """Yield where what frames the figures after it ends, and whether it is several years; 2025年， begins a line."""
    for match in _FRAME.finditer(text):
        if text[match.start() - 1 : match.start()] in ("", "\n") or not _LINE_START.fullmatch(match[0]):
            yield match.end(), not _ONE_YEAR.search(match[0])


def _worded(
    document: Document, listed: Sequence[Indicator], heads: Sequence[str], passages: Sequence[Span]
) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each figure, what its sentence says before and just after it, and its own clause of that."""
    text = document.text
    names = [_apart(text, listed, number) for number in range(len(listed))]
    after = [
        _CLAUSE.split(text[one.span.end : min(passage.end, one.span.end + TAIL)], maxsplit=1)[0]
        for one, passage in zip(listed, passages, strict=True)
    ]
    leads = [head + tail for head, tail in zip(heads, after, strict=True)]
    clauses = [_CLAUSE.split(head)[-1] + tail for head, tail in zip(heads, after, strict=True)]
    columns = (one_wordings(changed(partial(without_own, document), texts)) for texts in (names, leads, clauses))
    for one, name, lead, clause in zip(listed, *columns, strict=True):
        whole = name[:-2] if len(name) > 3 and name.endswith(_AMOUNT) else name
        yield OUTPUT if whole == "经济" and one.kind == "change" else whole, lead, clause  # 经济增长5%左右


# Units of what a thing is, not of how much of it there is: a line of 500千伏, a berth of 20万吨级.
ATTRIBUTES = frozenset(("千伏", "吨级", "级"))


def sentences(text: str, spans: Sequence[Span]) -> list[Span]:
    """Return the sentence or the part of it between semicolons that each figure stands in (所在句).

    >>> sentences("粮食增产。就业增加5万人；物价平稳。", [Span(9, 12)])
    [Span(start=5, end=13)]
    """
    begins, stops = [0, *(at + 1 for at in places(text, _BEGINS))], places(text, _STOPS)
    ends = [*(at + (text[at] != "\n") for at in stops), len(text)]
    first = np.searchsorted(np.array(begins), np.array([span.start for span in spans], np.int64), "right") - 1
    last = np.searchsorted(np.array(stops, np.int64), np.array([span.end for span in spans], np.int64))
    rows = zip(spans, first.tolist(), last.tolist(), strict=True)
    return [Span(_after_blanks(text, begins[low], span.start), ends[high]) for span, low, high in rows]


def _after_blanks(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


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


_PART = re.compile("[，；]")
_CLAUSE = re.compile(r"[，,。；;、]")
_ROMAN = (("Ⅰ", "I"), ("Ⅱ", "II"), ("Ⅲ", "III"), ("Ⅳ", "IV"), ("Ⅴ", "V"))
_IDLE = re.compile(r"[\s“”‘’\"'（）()《》：:]+")


def one_wording(text: str) -> str:
    """Return a text with synonyms made one and quote marks and blanks left out (统一说法).

    >>> one_wording("规模以上工业增加值"), one_wording("人均GDP")
    ('规上工业增加值', '人均地区生产总值')
    """
    text = _IDLE.sub("", text)
    for sign, letters in _ROMAN:
        text = text.replace(sign, letters)
    pattern, table = _synonyms()
    return pattern.sub(lambda match: table[match[0]], text)


def one_wordings(texts: Sequence[str]) -> list[str]:
    """Return each of some texts as `one_wording` does (统一说法)."""
    return changed(one_wording, texts)


_AMOUNT = ("数量", "总数", "总量")


@lru_cache(maxsize=1)
def _synonyms() -> tuple[re.Pattern[str], dict[str, str]]:
    source = resources.files("govtext") / "data" / "indicator-synonyms.tsv"
    rows = [row.split("\t") for row in source.read_text(encoding="utf-8").splitlines() if not row.startswith("#")]
    table = {form: cells[0] for cells in rows[1:] for form in (cells[0], *cells[1].split("|"))}
    return re.compile("|".join(map(re.escape, sorted(table, key=lambda form: (-len(form), form))))), table


# --- how much two texts have in common ------------------------------------------------------------------------------


class Bigrams(NamedTuple):
    """The bigrams of a list of texts, numbered in the order of their characters (二元字串).

    Attributes:
        starts: int64[texts + 1]; those of text i stand from starts[i] to starts[i + 1] in the columns.
        columns: int32[m], their numbers, rising and each once a text.
        size: how many there are in all lists.
    """

    starts: Ints
    columns: NDArray[np.int32]
    size: int


def bigrams(*lists: Sequence[str]) -> list[Bigrams]:
    """Return the bigrams of lists of texts, with the same numbers in all lists (二元字串)."""
    texts = list(chain.from_iterable(lists))
    points = codes(BORDER.join(text.replace(BORDER, " ") for text in texts) + BORDER * bool(texts))
    starts, columns, size = (_bigrams_compiled if kernels else _bigrams)(points, len(texts))
    ends = np.cumsum([0, *map(len, lists)]).tolist()
    return [Bigrams(starts[a : b + 1], columns, size) for a, b in pairwise(ends)]


def _bigrams_compiled(points: NDArray[np.uint32], texts: int) -> Bigrams:
    starts, columns = np.zeros(texts + 1, np.int64), np.zeros(len(points), np.int32)
    return Bigrams(starts, columns, kernels.bigrams(points, starts, columns))


def _bigrams(points: NDArray[np.uint32], texts: int) -> Bigrams:
    """Do in numpy what the compiled twin does."""
    whole = points.astype(np.int64)
    row = np.cumsum(whole == 0) - (whole == 0)
    keep = (whole[:-1] != 0) & (whole[1:] != 0)
    found, numbers = np.unique((whole[:-1] * 0x110000 + whole[1:])[keep], return_inverse=True)
    size = max(len(found), 1)
    cells = np.unique(row[:-1][keep] * size + numbers)
    starts = np.searchsorted(cells, np.arange(texts + 1) * size)
    return Bigrams(starts, (cells % size).astype(np.int32), len(found))


class Overlap(NamedTuple):
    """How much texts a[i] and b[j] have in common, weighted by rarity; float[len(a), len(b)] each (重合度).

    Attributes:
        shared: the weight of the bigrams that both have.
        total_a, total_b: the weight of those of each.
    """

    shared: Floats
    total_a: Floats
    total_b: Floats

    @property
    def cosine(self) -> Floats:
        """The cosine of the two sets of bigrams."""
        out: Floats = self.shared / np.sqrt(self.total_a * self.total_b)
        return out

    @property
    def of_a(self) -> Floats:
        """The part of a's weight that b has."""
        return self.shared / self.total_a

    @property
    def of_b(self) -> Floats:
        """The part of b's weight that a has."""
        return self.shared / self.total_b


def overlap(a: Bigrams, b: Bigrams) -> Overlap:
    """Compare every text of a with every one of b by their `bigrams`, rare ones weighing more (文本重合).

    >>> overlap(*bigrams(["城镇新增就业"], ["全省城镇新增就业"])).of_a.tolist()
    [[1.0]]
    """
    texts = len(a.starts) + len(b.starts) - 2
    by_frequency = np.log((1 + texts) / (1 + np.arange(texts + 1))) + 1
    shared, total_a, total_b = (_overlap_compiled if kernels else _overlap)(a, b, by_frequency)
    return Overlap(shared, np.maximum(total_a, 1e-9)[:, None], np.maximum(total_b, 1e-9)[None])


def _overlap_compiled(a: Bigrams, b: Bigrams, by_frequency: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the weight that each pair of texts shares, and that of each text of a and of b."""
    total_a, total_b = np.empty(len(a.starts) - 1), np.empty(len(b.starts) - 1)
    shared = np.empty((len(total_a), len(total_b)))
    kernels.overlap(a.starts, b.starts, a.columns, a.size, by_frequency, total_a, total_b, shared)
    return shared, total_a, total_b


def _overlap(a: Bigrams, b: Bigrams, by_frequency: Floats) -> tuple[Floats, Floats, Floats]:
    """Do with scipy what the compiled twin does: its products add up in the order of the columns, too, its sums not."""
    import scipy.sparse as sp

    sides = [side.columns[side.starts[0] : side.starts[-1]] for side in (a, b)]
    weight = by_frequency[sum(np.bincount(side, minlength=a.size) for side in sides)]
    ours, theirs = (
        sp.csr_matrix((weight[columns], columns, side.starts - side.starts[0]), (len(side.starts) - 1, a.size))
        for side, columns in zip((a, b), sides, strict=True)
    )
    total_a, total_b = map(_row_sums, (ours, theirs))
    theirs.data[:] = 1.0
    return (ours @ theirs.T).toarray(), total_a, total_b


def _row_sums(table: sp.csr_matrix) -> Floats:
    rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    return np.asarray(np.bincount(rows, table.data, minlength=table.shape[0]), np.float64)
