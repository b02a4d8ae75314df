"""What is known of each kind of results: the columns that a paper prints, caption, unit, test and n (表题与表注)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from govtext.tables.cells import Row

Both = tuple[str, str]  # in Chinese and in English


def _rows(rows: Sequence[Row], lang: str) -> str:
    return f"n = {len(rows):,}" + ("。" if lang == "zh" else ".")


class Words(NamedTuple):
    """What is known of a kind of results (说明).

    Attributes:
        columns: those that a paper prints.
        caption: of the table.
        note: the note below, given the rows and the language.
        marks: the columns by which rows of this kind are known.
        headings: of columns that mean something else here: Chinese, English, kind.
    """

    columns: tuple[str, ...] = ()
    caption: Both = ("", "")
    note: Callable[[Sequence[Row], str], str] = _rows
    marks: frozenset[str] = frozenset()
    headings: Mapping[str, tuple[str, str, Any]] = {}


def words_of(first: object, rows: Sequence[Row]) -> Words:
    """Return what is known of results: by their type, else by their columns (结果说明)."""
    name = type(first).__name__
    if name in KNOWN:
        return KNOWN[name]
    there = frozenset(rows[0]) if rows else frozenset()
    return next((words for words in KNOWN.values() if words.marks and words.marks <= there), Words())


def _say(zh: str, en: str) -> Callable[[Sequence[Row], str], str]:
    """Return a note with the number of rows for {n}."""
    return lambda rows, lang: (zh if lang == "zh" else en).format(n=f"{len(rows):,}")


def _keywords(rows: Sequence[Row], lang: str) -> str:
    documents = len({row["document"] for row in rows})
    parts = len({(row["document"], row["section"]) for row in rows if row["section"] is not None})
    if lang == "zh":
        unit = f"{parts} 个章节" if parts else f"{documents} 篇文档"
        return f"得分为 TF-IDF；{unit}，n = {len(rows):,} 个关键词。"
    unit = f"{parts} sections" if parts else f"{documents} document{'s' * (documents > 1)}"
    return f"Score: TF-IDF; {unit}, n = {len(rows):,} keywords."


TEST = (
    "G² 为对数似然比（χ² 检验，自由度 1），q 为 p 按 Benjamini–Hochberg 法对全部所比词语校正；频率为每万字次数，"
    "对数比以 2 为底；n = {n} 个词。",
    "G²: log-likelihood ratio (χ² test, 1 df); q: p after Benjamini–Hochberg over all terms compared; frequencies per "
    "10,000 characters; log ratio to base 2; n = {n} terms.",
)


def _attention(rows: Sequence[Row], lang: str) -> str:
    groups = {row["group"]: (row["documents"], row["sentences"]) for row in rows if row["boilerplate"] == "in"}
    groups = groups or {row["group"]: (row["documents"], row["sentences"]) for row in rows}
    documents, sentences = (sum(int(str(one[i])) for one in groups.values()) for i in (0, 1))
    drawn = {"document": ("文档", "documents"), "paragraph": ("段落", "paragraphs")}
    units = sorted({str(row["unit"]) for row in rows})
    if lang == "zh":
        unit = "、".join(drawn[one][0] for one in units)
        return f"占比为句子占比；95% 区间由{unit}的自助重抽样得出；n = {documents:,} 篇、{sentences:,} 句。"
    unit = " or ".join(drawn[one][1] for one in units)
    return (
        f"Share of sentences; 95% intervals from a bootstrap of {unit}; n = {documents:,} documents, {sentences:,} "
        "sentences."
    )


def _claims(rows: Sequence[Row], lang: str) -> str:
    checked = sum(1 for row in rows if row["claim"])
    differing = sum(1 for row in rows if row["claim"] == "differs")
    if lang == "zh":
        return f"金额以元计；n = {len(rows):,} 对指标，其中 {checked} 对写明增幅，{differing} 对与两数不符。"
    return (
        f"Money in yuan; n = {len(rows):,} pairs, {checked} of them with a growth said, {differing} at odds with the "
        "two figures."
    )


def _promises(rows: Sequence[Row], lang: str) -> str:
    counts: dict[str, int] = {}
    for row in rows:
        counts[str(row["verdict"])] = counts.get(str(row["verdict"]), 0) + 1
    found = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    listed = ("，" if lang == "zh" else ", ").join(f"{name} {count}" for name, count in found)
    unit = "金额以元计；" if lang == "zh" else "Money in yuan; "
    return f"{unit}n = {len(rows):,}{'：' if lang == 'zh' else ': '}{listed}{'。' if lang == 'zh' else '.'}"


FREQUENCIES = ("term", "count", "reference_count", "relative_frequency", "reference_relative_frequency")
KNOWN: dict[str, Words] = {
    "Keyness": Words(
        (*FREQUENCIES, "log_ratio", "g2", "q"),
        ("关键性：目标语料与参照语料相比", "Keyness of the target against the reference"),
        _say(*TEST),
        frozenset({"g2", "z", "reference_count"}),
    ),
    "TermChange": Words(
        ("term", "a", "b", "difference", "rank", "reference_rank", "g2", "q"),
        ("术语频率与位次的变化", "Changes in the frequency and rank of terms"),
        _say(*TEST),
        frozenset({"moved", "reference_rank", "g2"}),
    ),
    "RankChange": Words(
        ("term", "rank", "reference_rank", "change", "count", "reference_count"),
        ("术语的位次变化", "Changes in the rank of terms"),
        _say("位次以次数计，并列者同位；n = {n} 个词。", "Ranks by count, ties share the best; n = {n} terms."),
        frozenset({"reference_rank", "change", "reference_relative_frequency"}),
        {"change": ("位次变化", "Change of rank", "plain")},
    ),
    "Stability": Words(
        ("rank", "term", "low", "high", "share", "score", "count"),
        ("关键词的位次及其 95% 区间", "Ranks of keywords with 95% intervals"),
        _say(
            "区间为自助重抽样所得位次的中间 95%；占比为进入前列的重抽样的百分比；n = {n} 个关键词。",
            "Intervals: the middle 95% of ranks in a block bootstrap; share: of resamples in which the keyword is "
            "among the first; n = {n} keywords.",
        ),
        frozenset({"low", "high", "rank"}),
    ),
    "Keyword": Words(
        ("document", "section", "rank", "term", "score", "count", "document_frequency"),
        ("关键词", "Keywords"),
        _keywords,
        frozenset({"idf", "free", "rank", "spread"}),
        {"section": ("章节起点", "Start of section", "plain")},
    ),
    "Frequency": Words(
        ("term", "count", "relative_frequency", "document_frequency", "dispersion"),
        ("词频", "Frequencies of terms"),
        _say(
            "频率为每万字次数；DP 为 Gries 离散度，0 为均匀；n = {n} 个词型。",
            "Frequencies per 10,000 characters; DP: deviation of proportions after Gries, 0 is even; n = {n} types.",
        ),
        frozenset({"dispersion"}),
    ),
    "CategoryCount": Words(
        ("category", "count", "terms", "share", "relative_frequency"),
        ("词典各类别的提及", "Mentions of the categories of the lexicon"),
        _say("频率为每万字次数；n = {n} 行。", "Frequencies per 10,000 characters; n = {n} rows."),
        frozenset({"terms", "share", "category"}),
    ),
    "Attention": Words(
        ("group", "topic", "boilerplate", "share", "low", "high", "sentences"),
        ("对各议题的关注度", "Attention to topics"),
        _attention,
        frozenset({"boilerplate", "share"}),
        {"low": ("下限（%）", "Lower (%)", "percent"), "high": ("上限（%）", "Upper (%)", "percent")},
    ),
    "IndicatorPair": Words(
        ("name", "value", "other_value", "unit", "growth", "claimed", "claim"),
        ("两年指标对照", "Indicators of two reports"),
        _claims,
        frozenset({"other_value", "claim"}),
        {"value": ("上年", "First", "plain"), "other_value": ("次年", "Second", "plain")},
    ),
    "Promise": Words(
        ("name", "target", "actual", "unit", "verdict"),
        ("承诺与落实", "Promises and delivery"),
        _promises,
        frozenset({"verdict", "target"}),
    ),
    "Indicator": Words(
        ("name", "value", "unit", "approx", "period", "comparison", "text"),
        ("指标", "Indicators"),
        _say("金额以元计；n = {n} 个数字。", "Money in yuan; n = {n} figures."),
        frozenset({"approx", "bound", "comparison"}),
        {
            "approx": ("近似", "Approx.", "text"),
            "period": ("时间", "Period", "text"),
            "comparison": ("比较", "Against", "text"),
        },
    ),
    "Citation": Words(
        ("text", "type", "verb", "role", "own", "doc_number", "expansion"),
        ("引用的文件与短语", "Documents and phrases cited"),
        _say("n = {n} 处。", "n = {n} mentions."),
        frozenset({"mention", "own"}),
        {"role": ("关系", "Relation", "text")},
    ),
    "edges": Words(
        ("source", "target", "count", "weight"),
        ("共现网络的边", "Edges of the co-occurrence network"),
        _say("次数为同现的单元数；n = {n} 条边。", "Count: units that two terms share; n = {n} edges."),
        frozenset({"source", "target", "weight"}),
        {"source": ("术语甲", "Term A", "text"), "target": ("术语乙", "Term B", "text")},
    ),
    "nodes": Words(
        ("term", "community", "degree", "strength", "betweenness", "closeness", "eigenvector", "pagerank"),
        ("术语的中心性", "Centralities of terms"),
        _say("强度为各边次数之和；n = {n} 个术语。", "Strength: the sum of the counts of edges; n = {n} terms."),
        frozenset({"betweenness", "strength"}),
    ),
}
