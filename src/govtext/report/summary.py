"""The findings and warnings that matter most, in plain words (摘要)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from govtext import provenance
from govtext.report.wording import in_chinese

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from govtext.report.analysis import Analysis
    from govtext.report.contents import Leaf

WARNED = 6  # findings and failed inputs that are named one by one
UNSURE = 0.5  # a label below it is called unsure
SMALL = 10  # a document of fewer sections or paragraphs says little
FIRST = 5
CODES = {
    "gap": ("编号跳号", "gap(s) in numbering"),
    "duplicate": ("编号重复", "number(s) that stand twice"),
    "empty": ("标题下无正文", "heading(s) without a body"),
    "lone": ("列表只有一项", "list(s) of one"),
    "sum": ("合计不符", "sum(s) that do not agree"),
    "rate": ("比率不符", "rate(s) that do not agree"),
    "growth": ("增幅不符", "growth that does not agree"),
    "part": ("部分大于整体", "part(s) larger than the whole"),
    "doubtful": ("可疑字符", "doubtful characters"),
    "repeat": ("重复段落", "repeated passage(s)"),
}


class Statement(NamedTuple):
    """One line of the summary: in Chinese and English, and where the page says more (一句话)."""

    zh: str
    en: str
    href: str


def facts(analysis: Analysis, leaves: Sequence[Leaf], beside: dict[str, Any] | None) -> list[Statement]:
    """Return what was found, most telling first (发现)."""
    asked = analysis.options.analyses
    parts = {"keywords": _keywords, "sections": _themes, "network": _network, "indicators": _figures}
    out = [one for name, part in parts.items() if name in asked for one in part(analysis, leaves)]
    out += _citations(leaves) if "citations" in asked else []
    return out + list(_comparison(beside))


def _keywords(_: Analysis, leaves: Sequence[Leaf]) -> Iterator[Statement]:
    for leaf in leaves[: FIRST if len(leaves) <= FIRST else 0]:
        found = leaf.keywords[:FIRST]
        if found:
            head = f"{leaf.name}：" if len(leaves) > 1 else ""
            head_en = f"{leaf.name}: the" if len(leaves) > 1 else "The"
            words, words_en = "、".join(k.term for k in found), ", ".join(k.term for k in found)
            sure = [k.term for k in found if (row := leaf.intervals.get((None, k.term))) and row.share >= 0.9]
            zh = f"{head}最突出的关键词是{words}"
            en = f"{head_en} most characteristic terms are {words_en}"
            if sure:
                zh += f"；其中{'、'.join(sure)}最稳，换一批章节也几乎总在前列"
                en += f"; surest, whichever sections are drawn, are {', '.join(sure)}"
            yield Statement(zh + "。", en + ".", "#keywords")
    if len(leaves) > FIRST:
        leading = Counter(k.term for leaf in leaves for k in leaf.keywords[:FIRST]).most_common(FIRST)
        zh = "、".join(f"{term}（{n} 篇）" for term, n in leading)
        en = ", ".join(f"{term} ({n})" for term, n in leading)
        yield Statement(f"最常列入各篇前五的关键词：{zh}。", f"Most often among the first five: {en}.", "#keywords")


def _themes(_: Analysis, leaves: Sequence[Leaf]) -> Iterator[Statement]:
    names = {topic.label: topic.name for leaf in leaves for topic in leaf.taxonomy.topics}
    sizes: Counter[str] = Counter()
    for leaf in leaves:
        for one in leaf.result.themes:
            sizes[one.label] += 1
    total = sum(sizes.values())
    sizes.pop("other", None)
    if sizes:
        first = sizes.most_common(3)
        zh = "、".join(f"{names.get(label, label)}（{100 * n / total:.0f}%）" for label, n in first)
        en = ", ".join(f"{label} ({100 * n / total:.0f}%)" for label, n in first)
        yield Statement(f"段落最多的主题：{zh}。", f"Most paragraphs are about {en}.", "#themes")


def _network(analysis: Analysis, _: Sequence[Leaf]) -> Iterator[Statement]:
    edges = analysis.strongest_edges(3)
    if edges:
        zh = "、".join(f"{e['source']}与{e['target']}（{e['count']} 次）" for e in edges)
        en = ", ".join(f"{e['source']} with {e['target']} ({e['count']})" for e in edges)
        yield Statement(f"最常同现的政策术语：{zh}。", f"The policy terms that go together most: {en}.", "#network")


def _figures(analysis: Analysis, _: Sequence[Leaf]) -> Iterator[Statement]:
    figures = sum(len(result.indicators) for result in analysis.results)
    if not figures:
        return
    verdicts = Counter(check.verdict for result in analysis.results for check in result.checks)
    zh, en = f"读出 {figures:,} 个数字", f"{figures:,} figures were read"
    if verdicts:
        zh += (
            f"；原文写明关系、可验算的 {sum(verdicts.values())} 处：相符 {verdicts['holds']}、"
            f"末位出入 {verdicts['rounding']}、不符 {verdicts['fails']}"
        )
        en += (
            f"; {sum(verdicts.values())} relations that the wording states were checked: {verdicts['holds']} hold, "
            f"{verdicts['rounding']} are off in the last digit, {verdicts['fails']} fail"
        )
    yield Statement(zh + "。", en + ".", "#figures")


def _citations(leaves: Sequence[Leaf]) -> list[Statement]:
    titles = Counter(
        one.text for leaf in leaves for one in leaf.result.citations if one.text.startswith("《")
    ).most_common(3)
    if not titles:
        return []
    zh = "、".join(f"{text}（{n} 次）" for text, n in titles)
    en = ", ".join(f"{text} ({n})" for text, n in titles)
    return [Statement(f"提及最多的文件：{zh}。", f"Cited most: {en}.", "#citations")]


def _comparison(found: dict[str, Any] | None) -> Iterator[Statement]:
    if found and found["verdicts"]:
        v = found["verdicts"]
        zh = (
            f"上年承诺的 {sum(v.values())} 个数字：完成 {v['met']}，未完成 {v['not met']}，"
            f"难以判断 {v['unclear']}，未见报告 {v['not reported']}。"
        )
        en = (
            f"Of {sum(v.values())} figures promised the year before, {v['met']} were met, {v['not met']} were not, "
            f"{v['unclear']} are unclear, {v['not reported']} were not reported."
        )
        yield Statement(zh, en, "#compare")


def warnings(analysis: Analysis, leaves: Sequence[Leaf]) -> list[Statement]:
    """Return what a reader must know before relying on the rest (警告)."""
    return [*_failures(analysis), *_faults(leaves), *_limits(analysis, leaves)]


def _failures(analysis: Analysis) -> Iterator[Statement]:
    found = sorted((provenance.input_name(f), f.what) for f in analysis.corpus.failures)
    for name, what in found[:WARNED]:
        yield Statement(f"未能读取 {name}：{in_chinese(what)}。", f"{name} could not be read: {what}.", "#failures")
    if len(found) > WARNED:
        more = len(found) - WARNED
        yield Statement(f"另有 {more} 个文件未能读取。", f"{more} more files could not be read.", "#failures")


def _faults(leaves: Sequence[Leaf]) -> Iterator[Statement]:
    rows = [(leaf, row) for leaf in leaves for row in leaf.findings]
    if len(rows) > WARNED:
        counts = Counter(row["finding"].code for _, row in rows).most_common()
        zh = "、".join(f"{CODES.get(code, (code,))[0]} {n}" for code, n in counts)
        en = ", ".join(f"{n} {CODES.get(code, ('', code))[1]}" for code, n in counts)
        yield Statement(f"结构与数值检查发现 {len(rows)} 处问题：{zh}。", f"{len(rows)} findings: {en}.", "#outline")
        return
    for leaf, row in rows:
        finding = row["finding"]
        head = f"{leaf.name}：" if len(leaves) > 1 else ""
        head_en = f"{leaf.name}: " if len(leaves) > 1 else ""
        yield Statement(f"{head}{finding.message}。", f"{head_en}{finding.message_en}.", f"#{row['id']}")


def _limits(analysis: Analysis, leaves: Sequence[Leaf]) -> Iterator[Statement]:
    asked = analysis.options.analyses
    short = [leaf.name for leaf in leaves if len(leaf.places.spans) < SMALL]
    if short:
        some = "、".join(short[:3]) + (f" 等 {len(short)} 篇" if len(short) > 3 else "")
        some_en = ", ".join(short[:3]) + (f" and {len(short) - 3} more" if len(short) > 3 else "")
        yield Statement(
            f"{some}不足 {SMALL} 段，统计结果仅供参考。",
            f"Statistics of {some_en} say little: fewer than {SMALL} paragraphs.",
            "#text",
        )
    if "network" in asked and analysis.is_thin:
        yield Statement(
            "术语网络的边少于节点，图与社群改用更宽的共现单元，只宜作概览。",
            "The network has fewer edges than nodes; picture and communities go by wider units, as an overview only.",
            "#network",
        )
    labels = [one for leaf in leaves for one in leaf.result.themes]
    unsure = sum(one.probability < UNSURE for one in labels)
    if unsure:
        share = 100 * unsure / len(labels)
        yield Statement(
            f"{len(labels):,} 段中有 {unsure:,} 段（{share:.0f}%）的主题概率低于 {UNSURE}，引用前请核对原文。",
            f"The theme of {unsure:,} of {len(labels):,} paragraphs ({share:.0f}%) has a probability below {UNSURE}: "
            "read them before you rely on it.",
            "#themes",
        )
