"""Lines, and which of them belong to the page and not to the document (页面杂项)."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate, groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from govtext.text import Span, spans_between

if TYPE_CHECKING:
    from collections.abc import Iterable


def line_spans(text: str) -> list[Span]:
    """Return lines that tile the text: a line, its line end and the blank lines after it."""
    if not text:
        return []
    rows = text.split("\n")
    starts = accumulate((len(row) + 1 for row in rows), initial=0)
    filled = [start for start, row in zip(starts, rows, strict=False) if row and not row.isspace()]
    return spans_between([0, *filled[1:], len(text)])


def outside(spans: list[Span], holes: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the spans that lie outside the holes; a span lies wholly in a hole or outside, and both rise."""
    out: list[Span] = []
    done = 0
    for hole in holes:
        out += spans[done : bisect_left(spans, hole.start, key=_start)]
        done = bisect_left(spans, hole.end, key=_start)
    return (*out, *spans[done:])


_start = itemgetter(0)

# What no line of a page's edge begins with, but a numbered heading.
NUMBERED = re.compile(
    r"第[一二三四五六七八九十百]+[章条节篇]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、](?!\d)"
)
# Each is a whole line, blanks at its ends removed: a button of the page, a field that only pages have, a field that
# documents may have too, and what counts only in a run with one of these.
_DAY = r"\d{4}\s*[-年/.]\s*\d{1,2}\s*[-月/.]\s*\d{1,2}\s*日?(?:\s+\d{1,2}[:：时]\d{2}(?:分|[:：]\d{2})?)?"
_NAMES = r"[\u4e00-\u9fff·]{2,4}(?:[ 、,，\u3000][\u4e00-\u9fff·]{2,4}){0,4}"
KINDS = re.compile(
    rf"""
    (?P<button>
      【?\s*(?:字体|字号)\s*(?:[:：].{{0,20}})?                    # 【字号：  【字体：大 中 小】
    | (?:您(?:现)?(?:的|在|所在的?)?|当前|所在)位置\s*[:：].*        # 您的位置: 首页 > 政府工作报告
    | (?:网站)?首页\s*[>＞»›→/].{{0,80}}
    | (?:浏览次数|浏览量|阅读次数|阅读量|阅读|点击数|点击率|点击量|访问量)\s*[:：]\s*(?:\d+\s*次?)?
    | 相关(?:报道|文档|链接|新闻|阅读|稿件|附件)\s*(?:[:：].{{0,60}})?  |  (?:延伸|推荐)阅读\s*(?:[:：].{{0,60}})?
    | 分享(?:到|至)?\s*[:：]?(?:\s*(?:微信|微博|新浪微博|腾讯微博|QQ空间|QQ|QQ好友|朋友圈|人人网|豆瓣))*
    | (?:微信)?[“"]?扫一扫[”"]?(?:\s*(?:在手机上?(?:打开|阅读|浏览|查看)\S{{0,4}}|分享\S{{0,8}}|手机\S{{0,8}}))?
    | 用微信[“"]?(?:扫一扫|扫描)[”"]?.{{0,4}}二维码(?:[\s,，]*分享\S{{0,12}})?
    | (?:上一篇|下一篇|上一页|下一页)\s*(?:[:：].{{0,60}})?
    | 》》?点击\S{{0,12}}  |  .{{0,20}}版权所有(?:[\s:：©Cc（(].*)?
    | (?:政府)?(?:网站)?标识码\s*[:：].*  |  .{{0,80}}(?:ICP[备证]|公网安备)\s*(?:第\s*)?\d.* )
    | (?P<source>
      [（(]?\s*(?:(?:信息|文章|稿件)?来源|发布(?:机构|单位)|信息索引|索引号|主题分类)\s*[:：]\s*\S{{0,30}}\s*[)）]? )
    | (?P<field>
      (?:发布时间|发布日期|时间|日期|更新时间|成文日期|生成日期|公开日期)\s*[:：]\s*{_DAY}
    | [（(]?\s*(?:责任编辑|编辑|责编|校对|审核|终审|录入|作者|供稿|撰稿)\s*[:：]\s*{_NAMES}\s*[)）]?
    | (?:发文机关|发文机构|发文字号|文号|标题|有效性|主题词|公开方式|公开形式|公开范围)\s*[:：].{{0,60}}
    | \S{{2,14}}(?:网|网站|在线)\s+(?:www\.\S{{3,40}}\s+)?{_DAY} )
    | (?P<weak>
      大|中|小|首页|网站首页|[>|×*·]+|】|正文|{_DAY}|[\u4e00-\u9fff]{{1,8}}要闻|政务公开|信息公开|公开
    | (?:<U\+[0-9A-F]{{4}}>)+|<!--|--> )                           # left over from a page
    """,
    re.VERBOSE,
)
# Lines that hold nothing but these words are rows of buttons: 【打印】 【关闭】, 字体：[大 中 小].
_BUTTONS = (
    "字体 字号 保护视力色 视力保护色 下载 打印 打印本页 打印此页 打印本文 关闭 关闭窗口 关闭本页 关闭页面 收藏 "
    "收藏本页 加入收藏 设为首页 全屏 加大 还原 减小 返回顶部 回到顶部 返回首页 返回列表 我要纠错 纠错 无障碍浏览 "
    "无障碍阅读 长者模式 长者版 关怀版 语音播报 语音朗读 网站地图 联系我们 关于我们 网站声明 隐私声明 使用帮助 "
    "分享到 分享"
)
_BESIDE = "大 中 小 默认 首页 微信 微博 登录 注册 简体 繁体"  # what may stand in such a row, too
BUTTONS = frozenset(_BUTTONS.split())
BESIDE_BUTTONS = frozenset(_BESIDE.split())
BETWEEN_BUTTONS = re.compile(r"[\s|｜【】\[\]〔〕()（）:：、]+")
# Several fields in one line: 发布日期：2024-03-20 来源：区司法局 浏览次数：123
LABELS = {
    "button": "字体 字号 浏览次数 浏览量 阅读次数 阅读量 点击数 点击率 点击量 访问量 分享到 分享 网站标识码",
    "source": "信息来源 文章来源 稿件来源 来源 发布机构 发布单位 信息索引 索引号 主题分类 组配分类 体裁分类",
    "field": "发布时间 发布日期 更新时间 成文日期 生成日期 公开日期 时间 日期 责任编辑 编辑 责编 校对 审核 终审 录入 "
    "作者 供稿 撰稿 发文机关 发文机构 发文字号 公文时效 文号 标题 有效性 主题词 公开方式 公开形式 公开范围",
    "weak": "主办单位 承办单位 主办 承办 协办 技术支持 运行维护",
}
_B = r"[ \t\u3000\xa0]*"
_LABEL = "|".join(
    f"(?P<{kind}>" + "|".join(_B.join(label) for label in labels.split()) + ")" for kind, labels in LABELS.items()
)
LABEL = re.compile(rf"(?:^|(?<=[ \t\u3000\xa0|｜【\[(（]))(?:{_LABEL}){_B}[:：]")
STAMP = re.compile(rf"(?:\S{{2,14}}\s+)?(?:www\.\S{{3,40}}\s+)?{_DAY}\s*")  # what may stand before the first label
LINE_LENGTH = 240  # a longer line is no furniture
LINKS = re.compile(r"相关(?:报道|文档|链接|新闻|阅读|稿件)\s*[:：]?|(?:延伸|推荐)阅读\s*[:：]?")
PAGE_NUMBER = re.compile(r"(?:[-—–－]+|第)\s*\d{1,4}\s*(?:[-—–－]+|页(?:\s*[,，]?\s*共\s*\d+\s*页)?)")
BODY_LENGTH = 60  # a line this long is body text: the zone at the edge of the page ends there
EDGE_LINES = 40


def find_furniture(text: str, rows: list[Span]) -> list[Span]:
    """Find the lines around and inside a text that belong to the page it stood on, not to the document (页面杂项)."""
    head = _zone(text, rows[:EDGE_LINES], sentences=1)
    tail = _zone(text, rows[: -EDGE_LINES - 1 : -1], sentences=0)[::-1]
    found = _of_page(head, text, at_end=False) | _of_page(tail, text, at_end=True)
    short = (row for row in rows if row.end - row.start <= 24)
    found.update(row for row in short if PAGE_NUMBER.fullmatch(row.of(text).strip()))
    return sorted(found)


def kind_of(line: str) -> str | None:
    """Return what kind of furniture a line may be: button, source, field or weak; None if it can be none."""
    if len(line) > LINE_LENGTH:
        return None
    if len(line) < BODY_LENGTH:
        words = set(BETWEEN_BUTTONS.split(line)) - {""}
        if words & BUTTONS and words <= BUTTONS | BESIDE_BUTTONS:
            return "button"
    labels = list(LABEL.finditer(line)) if "：" in line or ":" in line else []
    if labels and "。" not in line:
        before = line[: labels[0].start()]
        kinds = [label.lastgroup or "" for label in labels]
        if STAMP.fullmatch(before) or (len(labels) > 1 and not before.strip("【[（(")):
            return min(kinds, key=list(LABELS).index)
        head, colon, rest = line.partition(labels[0][0][-1])
        line = "".join(head.split()) + colon + rest  # 索 引 号：
    match = KINDS.fullmatch(line)
    return match.lastgroup if match else None


def _zone(text: str, rows: Iterable[Span], *, sentences: int) -> list[Span]:
    """Return the rows up to the first that can only be body text: a long line, a numbered heading, a sentence too many.

    A sentence may stand among the first lines: 省长王正谱作政府工作报告。
    """
    out: list[Span] = []
    for row in rows:
        line = row.of(text).strip()
        sentences -= line.endswith(("。", "！", "；", "，"))
        if sentences < 0 or NUMBERED.match(line) or (len(line) >= BODY_LENGTH and kind_of(line) is None):
            break
        out.append(row)
    return out


def _of_page(zone: list[Span], text: str, *, at_end: bool) -> set[Span]:
    """Return the furniture in a zone at one edge of the page.

    Buttons count anywhere in it. Before the body, a source vouches for the fields around it; after the body, fields
    count in a run of furniture that reaches the end or holds a button. A list of links takes the rest of the page.
    """
    kinds = [kind_of(row.of(text).strip()) for row in zone]
    if at_end:
        links = next((i for i, row in enumerate(zone) if LINKS.fullmatch(row.of(text).strip())), len(zone))
        kinds[links:] = ["button"] * (len(zone) - links)
    vouched = not at_end and bool({"button", "source"} & set(kinds))
    found: set[Span] = set()
    for furniture, members in groupby(zip(zone, kinds, strict=True), key=lambda pair: pair[1] is not None):
        run = list(members)
        here = {kind for _, kind in run}
        reaches_end = at_end and run[-1][0] == zone[-1]
        sure = vouched or "button" in here or (reaches_end and bool(here - {"weak"}))
        if furniture and sure and here != {"weak"}:
            found.update(row for row, _ in run)
    return found
