"""Checks of the numbering of a document, each with a code (结构检查)."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from govtext.document.finding import Finding
from govtext.document.furniture import line_spans
from govtext.document.markers import annexes_of
from govtext.document.reading import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govtext.document import Document
    from govtext.document.markers import Level
    from govtext.document.sections import Section


HEADING_LENGTH = 20  # a longer line that ends in a full stop is a sentence


def lint(document: Document) -> list[Finding]:
    r"""Check the numbering of a document, in the order of the text (结构检查).

    gap: a number is left out, or a list starts above one; duplicate: a number stands twice; empty: a heading has no
    body; lone: a list has one member. The codes of `reading` (doubtful, repeat and others) stand among them.

    >>> from govtext.document import parse
    >>> [f.code for f in lint(parse("一、总则\n为了公开。\n三、附则\n自公布之日起施行。"))]
    ['gap']
    """
    groups = list(_lists(document))
    found = [f for check in (_gap, _duplicate, _empty, _lone) for group in groups for f in check(document, group)]
    return sorted([*found, *reading(document)], key=lambda finding: (finding.span.start, finding.code))


def _lists(document: Document) -> Iterator[list[Section]]:
    """Yield the lists: sections of one level under one parent; a number that does not rise begins a new one."""
    lists: dict[tuple[int, int, Level], list[list[Section]]] = {}
    waiting: dict[tuple[int, int, Level, int], list[list[Section]]] = {}  # lists that go on with a number, newest last
    annexes = annexes_of(document.text, line_spans(document.text))
    for section in document.sections:
        # Articles are numbered through all chapters, and an annex begins anew.
        under = -1 if section.level == "article" or not section.parent else section.parent.span.start
        place = (under, bisect_right(annexes, section.span.start), section.level)
        group = lists.setdefault(place, [])
        # 七是 … (一是 … 十是 in its text) … 八是: the outer list goes on.
        goes_on = waiting.get((*place, section.numeral))
        found = goes_on.pop() if goes_on else None
        if found is None and group and section.numeral > group[-1][-1].numeral:
            found = group[-1]
        if found is None and group and section.numeral == group[-1][-1].numeral > 1:  # 二、 … 二、: no new list
            found = group[-1]
        if found is None:
            found = []
            group.append(found)
        found.append(section)
        waiting.setdefault((*place, section.numeral + 1), []).append(found)
    for group in lists.values():
        yield from group


def _gap(_: Document, group: list[Section]) -> Iterator[Finding]:
    """Numbering skips a number or starts above one."""
    for previous, section in pairwise([None, *group]):
        expected = previous.numeral + 1 if previous else 1
        if section is not None and section.numeral not in (expected, previous.numeral if previous else expected):
            name = _name(section)
            if previous is None:
                zh, en = f"编号从{section.numeral}开始：“{name}”", f"numbering starts at {section.numeral}: {name}"
            else:
                zh = f"编号从{previous.numeral}跳到{section.numeral}：“{name}”"
                en = f"numbering skips from {previous.numeral} to {section.numeral}: {name}"
            yield Finding("gap", zh, en, section.span)


def _duplicate(_: Document, group: list[Section]) -> Iterator[Finding]:
    """A number stands twice in a list."""
    for previous, section in pairwise(group):
        if section.numeral == previous.numeral and "之" not in section.marker:  # 第三条之一
            name = _name(section)
            zh, en = f"编号{section.numeral}重复：“{name}”", f"number {section.numeral} stands twice: {name}"
            yield Finding("duplicate", zh, en, section.span)


def _empty(document: Document, group: list[Section]) -> Iterator[Finding]:
    """A heading has no body, though others of its list have one; a list of plain items is none: （一）甲；（二）乙。"""
    bare = [s for s in group if s.level != "point" and not _has_body(document, s)]
    if len(bare) == len(group) or any(_is_item(document, section) for section in group):
        return
    for section in bare:
        name = _name(section)
        yield Finding("empty", f"标题下没有正文：“{name}”", f"heading without a body: {name}", section.span)


def _has_body(document: Document, section: Section) -> bool:
    """Tell whether anything follows the heading; a long one that ends in a full stop is a body itself."""
    after = document.text[section.heading_span.end : section.span.end].strip()
    if section.level == "article" or not after or after.strip("。；;！？!? "):
        return section.level == "article" or bool(after)
    return len(section.heading) > HEADING_LENGTH or "：" in section.heading


def _is_item(document: Document, section: Section) -> bool:
    return document.text[section.heading_span.end : section.heading_span.end + 1] in ("；", ";")


def _lone(_: Document, group: list[Section]) -> Iterator[Finding]:
    """A list has one member."""
    if len(group) == 1:
        name = _name(group[0])
        yield Finding("lone", f"列表只有一项：“{name}”", f"a list with a single member: {name}", group[0].span)


def _name(section: Section) -> str:
    heading = section.heading
    return section.marker + (heading if len(heading) <= HEADING_LENGTH else heading[:HEADING_LENGTH] + "…")
