"""The rows of the long parts of the page as HTML, a document at a time (网页长表的行).

A template is asked for each cell, and escapes each alone; here a column is escaped at once. What is not from a document
or a lexicon, such as ids, numbers and the codes of kinds, needs no escape.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from govtext.report.contents import PLACES
from govtext.text import changed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from govtext.keywords import Stability
    from govtext.report.contents import Leaf
    from govtext.report.marks import Link

    Row = dict[str, Any]

KIND_NAMES = {
    "count": "计数", "rate": "比率", "change": "变动", "money": "金额", "measure": "度量", "duration": "时长",
}  # fmt: skip
TYPE_NAMES = {
    "law": "法律", "regulation": "法规", "plan": "规划", "rule": "规定", "policy": "政策文件", "report": "报告",
    "agreement": "协定", "course": "课程", "work": "作品", "doc_number": "文号", "slogan": "数字口号",
    "period": "规划期", "quotation": "引语",
}  # fmt: skip
USE_NAMES = {"made": "制定", "obeyed": "执行"}
VERDICTS = {"holds": "✓", "rounding": "≈", "fails": "×"}
EXPANSION, HEADING = 80, 60  # characters of what a slogan stands for, and of a heading
FEW = ' class="few"'  # of a section with few sentences


def escaped(cells: Iterable[str]) -> list[str]:
    """Return texts as HTML shows them (转义).

    >>> escaped(["a < b", "法治"])
    ['a &lt; b', '法治']
    """
    from jinja2.filters import FILTERS

    escape = FILTERS["escape"]
    return changed(lambda text: str(escape(text)), list(cells))


def own(link: Link, text: object) -> str:
    """Return a link to a place of the text, given what it shows as HTML (链接)."""
    return f'<a href="{link.href}">{text}</a>'


def linked(link: Link, text: str) -> str:
    """Return a link that says how many characters it is to, given what it shows as HTML (带长度的链接)."""
    size = f' data-n="{link.length}"' if link.length else ""
    return f'<a href="{link.href}"{size}>{text}</a>'


def both(zh: str, en: str) -> str:
    """Return what is shown in Chinese or English, given as HTML (双语)."""
    return f'<span class="zh">{zh}</span><span class="en" lang="en">{en}</span>'


def outline(leaf: Leaf) -> str:
    """Return the headings of a document as nested lists (大纲)."""
    sections = leaf.result.document.sections
    heads = escaped(section.marker + shortened(section.heading, HEADING) for section in sections)
    return _branch(leaf.outline, dict(zip(map(id, sections), heads, strict=True)))


def _branch(rows: Iterable[Row], heads: Mapping[int, str]) -> str:
    return "".join(
        f'<li class="{row["section"].level}">{linked(row["link"], heads[id(row["section"])])}'
        f"{''.join(map(_fault, row['faults']))}"
        f"{'<ol>' + _branch(row['children'], heads) + '</ol>' if row['children'] else ''}</li>\n"
        for row in rows
    )


def _fault(row: Row) -> str:
    return f' <a class="code" href="#{row["id"]}">{row["finding"].code}</a>'


def keywords(leaf: Leaf) -> str:
    """Return the keywords of a document with their contexts (关键词的行)."""
    rows = leaf.keyword_rows
    terms = escaped(row["keyword"].term for row in rows)
    *columns, links = leaf.contexts([span for row in rows for span in row["spans"]])
    contexts = iter(
        [
            f'<li><span class="l">{left}</span>{own(link, match)}<span class="r">{right}</span></li>'
            for link, left, match, right in zip(links, *map(escaped, columns), strict=True)
        ]
    )
    return "".join(
        f'<details class="kwd" id="{row["id"]}"><summary class="kw"><span class="n">{row["keyword"].rank}</span>'
        f'<span class="term">{term}</span><span class="n c">{row["keyword"].count}</span>'
        f'<span class="n">{row["keyword"].score:.1f}</span><span class="iv">{_interval(row)}</span></summary>\n'
        f'<ol class="kwic">{"".join(islice(contexts, len(row["spans"])))}</ol>\n{_more(row["more"])}</details>\n'
        for row, term in zip(rows, terms, strict=True)
    )


def _interval(row: Row) -> str:
    """Return the interval of a rank as a bar and in numbers."""
    if not row["interval"]:
        return ""
    low, high = row["ends"]
    return (
        '<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><path d="M0 4h100"/>'
        f'<path d="M{low} 4H{max(high, low + 1)}"/></svg><span class="num">{_ranks(row["interval"])}</span>'
    )


def _ranks(interval: Stability) -> str:
    return f"{interval.low}–{interval.high}"


def _more(number: int) -> str:
    if number <= 0:
        return ""
    said = both(f"另有 {number} 处，见全文中的标记。", f"and {number} more, marked in the full text.")
    return f'<p class="small quiet">{said}</p>'


def section_keywords(leaf: Leaf) -> str:
    """Return the rows of the keywords of the sections of a document (章节关键词的行)."""
    rows = leaf.section_rows
    heads = escaped(
        row["section"].marker + shortened(row["section"].heading, HEADING) if row["section"] else "" for row in rows
    )
    terms = iter(escaped(one["keyword"].term for row in rows for one in row["keywords"]))
    return "".join(
        f'<tr><th scope="row">{linked(row["link"], head if row["section"] else both("正文", "text"))}</th>'
        f"<td{FEW if row['few'] else ''}>{' '.join(map(_ranked, row['keywords'], terms))}</td></tr>\n"
        for row, head in zip(rows, heads, strict=True)
    )


def _ranked(one: Row, term: str) -> str:
    return f'<span id="{one["id"]}">{own(one["link"], term)} {one["keyword"].count} · {_ranks(one["interval"])}</span>'


def _first(leaf: Leaf, one: bool) -> str:
    """Return the first cell of each row of a document: its name, where there are several."""
    return "" if one else f"<td>{escaped([leaf.name])[0]}"


def figures(leaf: Leaf, *, one: bool, checks: bool) -> str:
    """Return the rows of the figures of a document (数字表的行).

    Args:
        leaf: the document.
        one: whether it is the only one on the page.
        checks: whether there is a column of checks.
    """
    first, found = _first(leaf, one), leaf.result.indicators
    left, match, right, links = leaf.contexts([figure.span for figure in found], leaf.amount.beside)
    columns = (
        [figure.name or "—" for figure in found],
        [figure.unit for figure in found],
        [f"{f.period} {f.comparison}" if f.period and f.comparison else f.period or f.comparison for f in found],
        *(left, match, right),
    )
    checked = leaf.checked
    return "".join(
        f'<tr id="{id_}">{first}<th>{name}<td>{figure.value:,f}<td>{unit}'
        f'<td class="w {figure.kind}">{KIND_NAMES.get(figure.kind, figure.kind)}<td>{period}'
        f"<td>{left}{own(link, match)}{right}{_checks(checked.get(figure.span, ())) if checks else ''}"
        for id_, figure, link, name, unit, period, left, match, right in zip(
            leaf.figures, found, links, *map(escaped, columns), strict=True
        )
    )


def _checks(rows: Iterable[Row]) -> str:
    return "<td>" + "".join(f'<a href="#{row["id"]}">{VERDICTS[row["check"].verdict]}</a>' for row in rows)


def citations(leaf: Leaf, *, one: bool) -> str:
    """Return the rows of the citations of a document (引用表的行)."""
    rows, first = leaf.citations, _first(leaf, one)
    columns = (
        [row["citation"].text for row in rows],
        ["、".join(row["verbs"]) for row in rows],
        [shortened(row["citation"].expansion, EXPANSION) for row in rows],
    )
    spans = [mention.span for row in rows for mention in row["mentions"][:PLACES]]
    places = iter(list(map(own, leaf.places.links(spans), leaf.places.paragraphs(spans))))
    return "".join(
        f'<tr id="{row["id"]}">{first}<th>{text}<td class="w {kind}">{TYPE_NAMES.get(kind, kind)}'
        f"<td>{verbs}{''.join(map(_use, row['roles']))}<td>{len(row['mentions'])}<td>{expansion}"
        f"<td>{_places(row, places)}"
        for row, text, verbs, expansion in zip(rows, *map(escaped, columns), strict=True)
        for kind in (row["citation"].type,)
    )


def _use(role: str) -> str:
    return f' <span class="w {role}">{USE_NAMES.get(role, role)}</span>'


def _places(row: Row, links: Iterator[str]) -> str:
    """Return the next links of some, those of a row."""
    more = len(row["mentions"]) - PLACES
    return " ".join(islice(links, len(row["mentions"][:PLACES]))) + (f" +{more}" if more > 0 else "")


def shortened(text: str, most: int) -> str:
    """Return a text cut to so many characters (截短)."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def strip(leaf: Leaf) -> str:
    """Return the strip of the themes and roles of a document (主题带)."""
    return "".join(
        f'<a href="{row["link"].href}" aria-label="{row["number"]}">'
        f'<path class="{row["theme"].label}" d="M{row["x"]} 0h{row["width"]}v22H{row["x"]}"/>'
        f'<path class="{row["role"].label}" d="M{row["x"]} 23h{row["width"]}v9H{row["x"]}"/></a>\n'
        for row in leaf.paragraphs
    )


def themes(leaf: Leaf, names: Mapping[str, str], *, one: bool) -> str:
    """Return the rows of the themes and roles of a document (主题表的行)."""
    rows, first = leaf.paragraphs, _first(leaf, one)
    heads = escaped(row["head"][:12] for row in rows) if one else ["" for _ in rows]
    why = escaped("、".join(row["why"]) for row in rows) if leaf.amount.reasons else ["" for _ in rows]
    return "".join(
        f"<tr>{first}<td>{own(row['link'], row['number'])}{'<th>' if one else ''}{head}"
        f"{_label(row['theme'], names)}{_label(row['role'], names)}{'<td>' if leaf.amount.reasons else ''}{reasons}"
        for row, head, reasons in zip(rows, heads, why, strict=True)
    )


def _label(label: Any, names: Mapping[str, str]) -> str:
    return f'<td class="w {label.label}">{names.get(label.label, label.label)}<td>{label.probability:.2f}'


def text(full: Row) -> str:
    """Return the paragraphs of a text, their marks linked to the results (全文)."""
    whole, (starts, ends, ids, rows, paragraphs) = full["text"], full["pieces"]
    shown = escaped([whole[start:end] for start, end in zip(starts, ends, strict=True)])
    pieces = [
        _marked(piece, id_, some) if some or id_ else piece for piece, id_, some in zip(shown, ids, rows, strict=True)
    ]
    bounds = [bisect_left(paragraphs, number) for number in range(len(full["ids"]) + 1)]
    return "".join(
        f'<p id="{id_}" class="{theme}{" h" if heading else ""}">{"".join(pieces[first:last])}</p>\n'
        for id_, theme, heading, (first, last) in zip(
            full["ids"], full["themes"], full["headings"], pairwise(bounds), strict=True
        )
    )


def _marked(piece: str, id_: str, rows: Sequence[str]) -> str:
    """Return a piece that rows speak of or that the page links to."""
    place = f' id="{id_}"' if id_ else ""
    if not rows:
        return f"<span{place}>{piece}</span>"
    more = f' data-r="{" ".join(rows[1:])}"' if len(rows) > 1 else ""
    return f'<a{place} href="#{rows[0]}"{more}>{piece}</a>'
