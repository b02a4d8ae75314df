"""What the page shows of documents side by side: promises, figures, shared passages, attention (比较)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from govtext import tables
from govtext.report.files import compared_tables
from govtext.report.marks import Mark
from govtext.report.wording import in_chinese

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from govtext.report.analysis import Analysis
    from govtext.report.comparison import Comparison
    from govtext.report.contents import Leaf

    Row = dict[str, Any]

PROMISES, PAIRS, SHARED = 60, 40, 12  # promises with a verdict, figures and borrowed passages on the page
TOPICS = 12  # topics of attention on the page
VERDICTS = (("met", "完成"), ("not met", "未完成"), ("unclear", "有提及而难以判断"), ("not reported", "未见报告"))


def beside(analysis: Analysis, leaves: list[Leaf]) -> Row | None:
    """Return what the page shows of a comparison, None if there is none (比较内容)."""
    found = analysis.comparison
    if found is None:
        return None
    by_id = {leaf.result.document.id: leaf for leaf in leaves}
    return {
        "tables": compared_tables(found),
        "verdicts": Counter(promise.verdict for promise in found.promises),
        "promises": _promises(analysis, found, by_id),
        "pairs": _pairs(analysis, found, by_id),
        "pairs_found": len(found.pairs),
        "claims": Counter(pair.claim for pair in found.pairs),
        "relations": Counter(one.relation for one in found.reuse),
        "shared": _shared(analysis, found, by_id),
        "attention": _attention(found),
        "missing": [(in_chinese(line), line) for line in found.missing],
    }


def _promises(analysis: Analysis, found: Comparison, leaves: Mapping[str, Leaf]) -> list[Row]:
    chosen = [p for p in found.promises if p.verdict in ("met", "not met")]
    chosen = sorted(chosen, key=lambda p: p.verdict != "not met")[:PROMISES]
    return [
        {
            "id": f"p{number}",
            "promise": promise,
            "row": row,
            "name": leaves[promise.document].name,
            "link": leaves[promise.document].places.link(promise.span),
            "found": leaves[promise.next_document].places.link(promise.found_span) if promise.found_span else None,
        }
        for number, (promise, row) in enumerate(
            zip(chosen, tables.promise_rows(chosen, analysis.corpus), strict=True), start=1
        )
    ]


def _pairs(analysis: Analysis, found: Comparison, leaves: Mapping[str, Leaf]) -> list[Row]:
    """Return the figures of two years, first those whose growth the second report states otherwise."""
    chosen = sorted(found.pairs, key=lambda p: ("differs", "holds", "real", "unclear", "").index(p.claim))[:PAIRS]
    return [
        {
            "id": f"g{number}",
            "pair": pair,
            "row": {name: tables.plain(value) for name, value in row.items()},
            "name": leaves[pair.other].name,
            "link": leaves[pair.document].places.link(pair.span),
            "found": leaves[pair.other].places.link(pair.other_span),
        }
        for number, (pair, row) in enumerate(
            zip(chosen, tables.pair_rows(chosen, analysis.corpus), strict=True), start=1
        )
    ]


def _shared(analysis: Analysis, found: Comparison, leaves: Mapping[str, Leaf]) -> list[Row]:
    chosen = [r for r in found.reuse if r.relation != "boilerplate" and (r.common or 0) < 0.5]
    chosen = sorted(chosen, key=lambda r: (r.relation == "own", -r.same, r.document, r.span))[:SHARED]
    return [
        {
            "id": f"r{number}",
            "reuse": one,
            "text": row["text"],
            "name": leaves[one.document].name,
            "source": leaves[one.source].name,
            "link": leaves[one.document].places.link(one.span),
            "found": leaves[one.source].places.link(one.source_span),
        }
        for number, (one, row) in enumerate(
            zip(chosen, tables.reuse_rows(chosen, analysis.corpus), strict=True), start=1
        )
    ]


def _attention(found: Comparison) -> Row | None:
    """Return the shares of the topics that are spoken of most, one row a topic, one column a year or place."""
    rows = [row for row in found.attention if row.boilerplate == "in"]
    groups = list(dict.fromkeys(row.group for row in rows))
    if len(groups) < 2:
        return None
    by_topic: dict[str, dict[int | str, Any]] = {}
    for row in rows:
        by_topic.setdefault(row.topic, {})[row.group] = row
    topics = sorted(by_topic, key=lambda topic: (-max(row.share for row in by_topic[topic].values()), topic))[:TOPICS]
    return {
        "groups": groups,
        "topics": [(topic, [by_topic[topic].get(group) for group in groups]) for topic in topics],
        "hidden": len(by_topic) - len(topics),
    }


def marks(found: Row | None, leaves: list[Leaf]) -> Iterator[tuple[int, Mark]]:
    """Yield the marks of a comparison, each with the number of its document (比较标记)."""
    number = {leaf.result.document.id: leaf.number for leaf in leaves}
    for row in found["promises"] if found else ():
        one = row["promise"]
        yield number[one.document], Mark(one.span, row["id"])
        if one.found_span:
            yield number[one.next_document], Mark(one.found_span, row["id"])
    for row in found["pairs"] if found else ():
        yield number[row["pair"].document], Mark(row["pair"].span, row["id"])
        yield number[row["pair"].other], Mark(row["pair"].other_span, row["id"])
    for row in found["shared"] if found else ():
        yield number[row["reuse"].document], Mark(row["reuse"].span, row["id"])
        yield number[row["reuse"].source], Mark(row["reuse"].source_span, row["id"])
