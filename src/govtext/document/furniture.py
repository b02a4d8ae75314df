"""Lines, and which of them belong to the page and not to the document (页面杂项)."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from govtext.text import Span, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def line_spans(text: str) -> list[Span]:
    """Return lines that tile the text: a line, its line end and the blank lines after it."""
    starts = [line.start for line in lines(text)]
    if not starts:
        return [Span(0, len(text))] if text else []
    return [Span(a, b) for a, b in pairwise([0, *starts[1:], len(text)])]


def outside(spans: Iterable[Span], holes: tuple[Span, ...]) -> Iterator[Span]:
    """Yield the parts of rising spans that lie outside the rising holes."""
    rest = list(reversed(holes))
    for span in spans:
        start = span.start
        while rest and rest[-1].start < span.end:
            hole = rest[-1]
            if start < hole.start:
                yield Span(start, hole.start)
            start = max(start, min(hole.end, span.end))
            if hole.end > span.end:
                break
            rest.pop()
        if start < span.end:
            yield Span(start, span.end)


# Each is a whole line, blanks at its ends removed. STRONG lines are furniture wherever they stand near the edges of the
# page; WEAK ones only in a run with a strong one.
STRONG = re.compile(
    r"""
    【?\s*(?:字体|字号)\s*(?:[:：].*)?                         # 【字号：  【字体：大 中 小】
    | (?:您(?:现)?(?:的|在|所在的?)?|当前|所在)位置\s*[:：].*    # 您的位置: 首页 > 政府工作报告
    | (?:下载|打印|打印本页|打印此页|关闭|关闭窗口|关闭本页|收藏|全屏|加大|还原|减小|返回顶部|回到顶部)
    | (?:来源|信息来源|文章来源|稿件来源|发布机构|信息索引|索引号|主题分类|发文机构)\s*[:：].{0,40}
    | (?:发布时间|发布日期|时间|日期|更新时间|成文日期)\s*[:：]\s*\d{4}[-年/.].{0,30}
    | (?:浏览次数|浏览量|阅读次数|阅读|点击数|点击率|访问量)\s*[:：].{0,30}
    | (?:相关报道|相关文档|相关链接|相关新闻|相关阅读|相关附件|延伸阅读|推荐阅读)\s*[:：]?.{0,60}
    | (?:分享到|分享至|分享到微信|扫一扫.*|用微信扫.*|微信扫一扫.*)\s*[:：]?
    | (?:责任编辑|编辑|责编|校对|审核|终审|录入|作者)\s*[:：]\s*\S{1,20}
    | [（(]\s*(?:来源|责任编辑|编辑)\s*[:：].{1,40}[)）]
    | (?:上一篇|下一篇|上一页|下一页)\s*[:：]?.{0,60}
    | 》》?点击.*
    | .{0,20}版权所有.*  | .{0,12}ICP备.*
    """,
    re.VERBOSE,
)
WEAK = re.compile(
    r"大|中|小|首页|[>|×*·]+|】|正文|网站首页|\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?|.{1,8}要闻|政务公开|公开"
)
PAGE_NUMBER = re.compile(r"(?:[-—–－]+|第)\s*\d{1,4}\s*(?:[-—–－]+|页(?:\s*[,，]?\s*共\s*\d+\s*页)?)")
BODY_LENGTH = 60  # a line this long is body text: the zone at the edge of the page ends there
EDGE_LINES = 40


def find_furniture(text: str, rows: list[Span]) -> list[Span]:
    """Find the lines around and inside a text that belong to the page it stood on, not to the document (页面杂项)."""
    found = _edge(text, rows[:EDGE_LINES]) | _edge(text, rows[-EDGE_LINES:][::-1])
    short = (row for row in rows if row.end - row.start <= 24)
    found.update(row for row in short if PAGE_NUMBER.fullmatch(row.of(text).strip()))
    return sorted(found)


def _edge(text: str, rows: list[Span]) -> set[Span]:
    """Return the furniture among rows that are read from the edge of the page inwards."""
    found: set[Span] = set()
    weak: list[Span] = []
    strong_seen = False
    for row in rows:
        line = row.of(text).strip()
        if len(line) >= BODY_LENGTH:
            break
        if STRONG.fullmatch(line) and not line.endswith(("。", "！", "；", "，")):
            strong_seen = True
            found.add(row)
        elif WEAK.fullmatch(line):
            weak.append(row)
    return found.union(weak) if strong_seen else found
