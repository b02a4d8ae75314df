"""The heading tree, paragraphs, page furniture, metadata and lint."""

from importlib import resources

import pytest

import govtext as gt
from govtext.document import Finding, Metadata, Section, lint, numeral, reading
from govtext.document.places import full_name

NUMERALS = [
    ("一", 1),
    ("十", 10),
    ("十一", 11),
    ("二十", 20),
    ("二十一", 21),
    ("一百零八", 108),
    ("二〇", 20),
    ("12", 12),
]


@pytest.mark.parametrize(("text", "value"), NUMERALS)
def test_numeral(text, value):
    assert numeral(text) == value


# text -> level:numeral:heading of every heading, parted by |
HEADINGS = [
    # the five levels, alone on their lines
    ("一、甲\n（一）乙\n1.丙\n（1）丁\n正文。", "1:1:甲|2:1:乙|3:1:丙|4:1:丁"),
    # half-width brackets, full-width stop, 、 after a digit
    ("(一)甲\n1．乙\n2、丙\n(1)丁", "2:1:甲|3:1:乙|3:2:丙|4:1:丁"),
    # run in: the heading ends at the first sentence end
    ("(一)切实压实责任。严格落实要求。", "2:1:切实压实责任"),
    # indented with full-width and other blanks
    ("　　一、甲\n\u00a0 （一）乙", "1:1:甲|2:1:乙"),
    # points at the start of lines; the heading ends at the first comma, semicolon or stop
    ("一是理论武装持续深入。深入学习。\n二是统筹谋划，一体推进。", "point:1:理论武装持续深入|point:2:统筹谋划"),
    # points inside a paragraph, after a stop, a colon, a semicolon
    ("主要表现在:一是甲。乙。二是丙；三是丁。", "point:1:甲|point:2:丙|point:3:丁"),
    # points parted by commas go on once the list has begun
    ("目标：一是甲，二是乙，三是丙。", "point:1:甲|point:2:乙|point:3:丙"),
    # 一要 lists
    ("一要甲。二要乙。", "point:1:甲|point:2:乙"),
    # numbers above ten
    ("十一是甲。\n十二是乙。", "point:11:甲|point:12:乙"),
    # chapters and articles of a rule
    ("第一章 总则\n第一条 为了公开，制定本办法。\n第二条　适用。", "chapter:1:总则|article:1:|article:2:"),
    # a blank after the mark
    ("一、 过去五年\n（六） 更加", "1:1:过去五年|2:6:更加"),
    # a marker broken over lines
    ("（\n三）改革开放持续深化", "2:3:改革开放持续深化"),
    # a marker alone on its line: the next line is the heading
    ("一、\n总体要求\n正文。", "1:1:总体要求"),
    # a list whose items begin with digits
    ("13.甲\n14.2025年10件民生实事\n15.乙", "3:13:甲|3:14:2025年10件民生实事|3:15:乙"),
    # a list that changes its mark on the way
    ("1.甲\n2.乙\n3．10种有色金属", "3:1:甲|3:2:乙|3:3:10种有色金属"),
    # parts, chapters and sections; a chapter may stand without a blank
    ("第一编 总论\n第一章总则\n第一节 目的", "part:1:总论|chapter:1:总则|section:1:目的"),
    ("第二部分：成效\n正文。", "chapter:2:成效"),
    # articles without a blank count from one, or go on beside sure ones
    ("第一条为了公开，制定本办法。\n第二条本办法适用于本市。", "article:1:|article:2:"),
    ("第一条 为了公开。\n第二条本办法适用。", "article:1:|article:2:"),
    # the marks of Markdown
    ("# 一、甲\n## （一）乙\n**二、丙**\n正文。", "1:1:甲|2:1:乙|1:2:丙"),
    # the marks between marker and heading are of neither
    ("（二）．健全机制\n三是：落实责任。", "2:2:健全机制|point:3:落实责任"),
    # the heading of an item has no semicolon
    ("(一)甲；\n(二)乙。", "2:1:甲|2:2:乙"),
    # a year opens the first item
    ("1.2025年工作\n2.2026年安排", "3:1:2025年工作|3:2:2026年安排"),
    # an annex names no heading, its own list is one
    ("一、甲\n正文。\n附件：1.某清单\n　　2.某目录\n　　3.某表", "1:1:甲"),
    # the points of a run-in heading
    ("（一）坚持到底。一要打好基础。二要守住底线。", "2:1:坚持到底|point:1:打好基础|point:2:守住底线"),
]

NO_HEADINGS = [
    # lists of numerals
    "三、四月份召开会议。",
    "一、二季度增长。",
    "一、二、三产业协调。",
    "一、二、三产",
    # numerals inside words
    "五证合一、一照一码",
    "“五统一、一开放”",
    "国家统一、社会稳定",
    "实现有机统一是关键",
    "第一要求是忠诚",
    "发展是第一要务。",
    "人一我十、人十我百",
    # decimals and amounts at the start of a line
    "PM\n2.5浓度下降",
    "1、2号楼完工",
    "3.5亿元",
    # numbers of three levels, lines of decimals
    "1.1总体要求\n1.2适用范围\n2.1工作原则",
    "1.3亿元\n2.4亿元\n3.5亿元",
    "10.5%\n11.5%",
    # words that begin like parts, chapters and articles
    "第一部分群众反映强烈。",
    "第二编辑部负责。",
    "第二章程修订草案。",
    "第一条高速公路建成通车。",
    "第三条生产线投产。",
    # three essentials are no third point
    "落实；三要素保障有力",
    # ordinals and dashes
    "首先，第一个阶段",
    "——这五年成就巨大",
    "第一，深化改革。",
    # a year at the start of a line
    "2024年是关键一年",
    # words that begin like markers
    "一体推进教育科技人才发展。",
    "一般公共预算收入增长。",
    # an idiom
    "说到做到，一是一、二是二。",
    # a comma does not begin a list in the middle
    "我们认为，三是多数。",
]


def shown(text):
    return "|".join(f"{s.level}:{s.numeral}:{s.heading}" for s in gt.parse(text).sections)


@pytest.mark.parametrize(("text", "expected"), HEADINGS)
def test_headings(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize("text", NO_HEADINGS)
def test_no_headings(text):
    assert shown(text) == ""


PATHS = [
    # a point hangs on the nearest open heading
    ("一、甲\n(一)乙\n一是丙。\n二、丁\n一是戊。", "一、|一、›(一)|一、›(一)›一是|二、|二、›一是"),
    # a point never holds others
    ("一是甲。一要乙。", "一是|一要"),
    # levels may be left out
    ("一、甲\n1.乙", "一、|一、›1."),
    # articles lie in chapters, items in articles
    ("第一章 总则\n第一条 甲\n（一）乙", "第一章|第一章›第一条|第一章›第一条›（一）"),
    # an annex closes all: its list has no parent
    ("一、甲\n（一）乙\n附件\n1.丙", "一、|一、›（一）|1."),
    ("一、甲\n名词解释\n1.乙", "一、|1."),
    ("一、甲\n附件1\n某清单\n1.乙", "一、|1."),
    ("一、甲\n附件2清镇市权责清单\n1.乙", "一、|1."),
    ("一、甲\n附件一\n某某\n1.丙。", "一、|1."),
    ("一、甲\n（附件1）\n某某\n1.丙。", "一、|1."),
    # a sentence about an annex is none
    ("一、甲\n附件1所列事项自印发之日起施行。\n1.乙", "一、|一、›1."),
    ("一、甲\n附件中的表格由各单位填写\n1.乙", "一、|一、›1."),
    # chapters lie in parts, sections in chapters, articles in sections
    (
        "第一编 甲\n第一章 乙\n第一节 丙\n第一条 丁。",
        "第一编|第一编›第一章|第一编›第一章›第一节|第一编›第一章›第一节›第一条",
    ),
    ("一、甲\n《政府工作报告》有关内容名词注释\n1.乙", "一、|1."),
    # a new level-1 heading closes all that is open
    ("（一）甲\n一、乙", "（一）|一、"),
]


@pytest.mark.parametrize(("text", "paths"), PATHS)
def test_paths(text, paths):
    assert "|".join(s.path for s in gt.parse(text).sections) == paths


def test_spans_and_run_in():
    doc = gt.parse("一、甲\n正文。\n(一)乙。丙\n尾\n二、丁")
    one, two, three = doc.sections
    assert isinstance(one, Section)
    assert one.span.of(doc.text) == "一、甲\n正文。\n(一)乙。丙\n尾"
    assert two.span.of(doc.text) == "(一)乙。丙\n尾"
    assert (one.run_in, two.run_in, three.run_in) == (False, True, False)
    assert two.heading_span.of(doc.text) == "乙"
    assert two.parent is one


def test_an_inline_point_ends_with_its_paragraph():
    doc = gt.parse("问题：一是甲。二是乙。\n下一步，努力。")
    assert [s.span.of(doc.text) for s in doc.sections] == ["一是甲。", "二是乙。"]


FURNITURE = [
    # the head and tail of a news site
    ("下载\n打印\n【字号：\n加大\n】\n标题\n正文在此。\n相关报道：", ["下载", "打印", "【字号：", "加大", "】", "相关报道："]),
    # weak lines count only beside strong ones
    ("大\n中\n小\n正文。", []),
    ("您的位置:\n首页\n>\n标题\n来源：云南日报\n2026-02-03 09:02:33\n【字体：\n大\n中\n小\n】\n正文。",
     ["您的位置:", "首页", ">", "来源：云南日报", "2026-02-03 09:02:33", "【字体：", "大", "中", "小", "】"]),
    # page numbers stand anywhere
    ("甲\n— 12 —\n乙\n第3页 共9页\n丙", ["— 12 —", "第3页 共9页"]),
    # a source vouches for the day beside it; a sentence may stand under the title
    ("某省政府工作报告\n省长作报告。\n来源：河北日报\n时间：2026-02-02\n各位代表：\n正文。", ["来源：河北日报", "时间：2026-02-02"]),
    # who wrote and who edited, at the very end
    ("一、甲\n正文。\n（来源：青海日报）\n编辑：何继红", ["（来源：青海日报）", "编辑：何继红"]),
    # a list of links takes the rest of the page
    ("一、甲\n正文。\n相关链接：\n某市印发某办法\n一图读懂", ["相关链接：", "某市印发某办法", "一图读懂"]),
    # fields that documents have, too: the head of a notice of a meeting
    ("关于召开会议的通知\n时间：2023年5月6日上午9时\n地点：第一会议室\n一、议题\n正文。", []),
    ("关于召开会议的通知\n时间：2023年5月6日\n地点：第一会议室\n一、议题\n正文。", []),
    # body lines that begin like fields, between headings
    ("一、经费\n来源：省财政拨款\n二、审核\n审核：省财政厅\n大\n三、丙\n正文。", []),
    # campaigns that begin like buttons
    ("一、甲\n正文。\n用微信扫码办事\n扫一扫行动全面展开", []),
    ("分享到户到人政策\n阅读：全民活动\n公开\n一、甲\n正文。", []),
    ("下载量突破十万\n加强版权所有人保护\n大\n一、甲\n正文。", []),
    # the same words inside the body are text
    ("正文" * 40 + "\n下载\n" + "正文" * 40, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FURNITURE)
def test_furniture(text, expected):
    doc = gt.parse(text)
    assert [span.of(doc.text).strip() for span in doc.furniture] == expected


def test_furniture_is_kept_out_of_the_body_but_not_deleted():
    doc = gt.parse("下载\n打印\n一、甲\n正文。\n相关报道：")
    body = "".join(span.of(doc.text) for span in doc.paragraphs)
    assert body == "一、甲\n正文。\n"
    assert "下载" in doc.text
    assert doc.sections[0].span.of(doc.text) == "一、甲\n正文。"


METADATA = [
    # a report to a congress
    ("2026年北京市政府工作报告\n——2026年1月25日在北京市第十六届人民代表大会第四次会议上\n各位代表：\n现在报告。",
     {"title": "2026年北京市政府工作报告", "year": 2026, "place": "北京市", "date": "2026-01-25", "genre": "政府工作报告"}),
    # Chinese numerals in the date
    ("2026年甘肃省政府工作报告\n——二〇二六年一月二十七日在甘肃省十四届人民代表大会第四次会议上\n正文。",
     {"date": "2026-01-27", "place": "甘肃省"}),
    # a notice after GB/T 9704
    ("国务院办公厅关于推进基层整合审批服务执法力量的通知\n国办发〔2022〕5号\n各省、自治区、直辖市人民政府，国务院各部委：\n"
     "一、总体要求\n正文。\n国务院办公厅\n2022年3月4日",
     {"doc_number": "国办发〔2022〕5号", "issuer": "国务院办公厅", "addressee": "各省、自治区、直辖市人民政府，国务院各部委",
      "date": "2022-03-04", "genre": "通知", "year": 2022}),
    # the date of the page it stood on is not the document's
    ("1954年国务院政府工作报告\n中国政府网 2006年02月23日\n各位代表：\n正文。", {"date": None, "year": 1954}),
    # an annual report without a place
    ("2022年法治政府建设年度报告\n一、情况\n正文。", {"genre": "法治政府建设年度报告", "year": 2022, "place": None}),
    # a title over two lines
    ("清镇市人民政府关于2022年度法治政府\n建设情况的报告\n一、甲\n正文。",
     {"title": "清镇市人民政府关于2022年度法治政府建设情况的报告", "issuer": "清镇市人民政府", "year": 2022}),
    ("关于印发《清镇市数字政府建设\n实施方案》的通知\n各乡镇人民政府：\n正文。",
     {"title": "关于印发《清镇市数字政府建设实施方案》的通知", "addressee": "各乡镇人民政府", "genre": "通知"}),
    # a sentence is no title, and addresses nobody
    ("现在，我代表市人民政府向大会作工作报告\n现将有关情况向各部门通报如下：\n正文。", {"title": None, "addressee": None}),
    ("某通知\n经县委、县政府研究，决定：\n正文。", {"addressee": None}),
    # a plan for years has no year; no day is taken that the calendar lacks
    ("2021-2025年清镇市规划\n一、甲\n正文。", {"year": None}),
    ("某决定\n一、甲\n正文。\n2023年2月31日", {"date": None, "year": None}),
    ("某决定\n一、甲\n正文。\n0001年2月3日", {"date": None}),
    # a title in Markdown
    ("# 2022年清镇市法治政府建设年度报告\n\n## 一、甲\n正文。", {"title": "2022年清镇市法治政府建设年度报告"}),
    # nothing is known, nothing is guessed
    ("一、甲\n正文。", {"title": None, "year": None, "date": None, "place": None, "issuer": None, "genre": None}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), METADATA)
def test_metadata(text, expected):
    found = gt.parse(text).metadata
    assert {name: getattr(found, name) for name in expected} == expected


LINT = [
    # sound
    ("一、甲\n正文。\n二、乙\n正文。", []),
    # a number is left out
    ("一、甲\n正文。\n三、乙\n正文。", [("gap", "三、")]),
    # a list begins above one, and is alone
    ("一、甲\n二是乙。丙。\n二、丁\n正文。", [("gap", "二是"), ("lone", "二是")]),
    # a heading has no body though its neighbours have
    ("（一）甲\n正文。\n（二）乙\n（三）丙\n正文。", [("empty", "（二）")]),
    # a plain list of items is not a list of empty headings
    ("一、甲\n1.乙\n2.丙\n二、丁\n正文。", []),
    # articles are numbered through the chapters
    ("第一章 甲\n第一条 一。\n第二条 二。\n第二章 乙\n第三条 三。", []),
    # an annex begins anew
    ("一、甲\n正文。\n二、乙\n正文。\n附件\n一、丙\n正文。\n二、丁\n正文。", []),
    # an inner list stands between two members of the outer one
    ("一是甲。\n二是乙：\n一是丙；二是丁；三是戊。\n三是己。", []),
    # a number stands twice: no gap
    ("一、甲\n正文。\n二、乙\n正文。\n二、丙\n正文。\n三、丁\n正文。", [("duplicate", "二、")]),
    # the items of a rule are no empty headings, though one has a second sentence
    ("(一)甲；\n(二)乙；\n(三)丙。丁。", []),
    ("(一)甲；\n(二)乙。", []),
    # a lone full stop is no body
    ("一、甲。\n二、乙\n正文。", [("empty", "一、")]),
    # lists inside one paragraph begin anew each time
    ("一是甲。二是乙。\n一是丙。二是丁。", []),
]


@pytest.mark.parametrize(("text", "expected"), LINT)
def test_lint(text, expected):
    doc = gt.parse(text)
    found = lint(doc)
    assert [(f.code, f.span.of(doc.text)[:3].rstrip("甲乙丙丁")) for f in found] == expected
    assert all(isinstance(f, Finding) and f.message and f.message_en for f in found)


def test_reference_report(report):
    assert len(report.sections) == 54
    assert [(f.span.start, f.code) for f in lint(report)] == [
        (737, "lone"),
        (905, "gap"),
        (905, "lone"),
        (4659, "empty"),
        (4682, "empty"),
    ]
    assert report.sections[30].path == "三、›三是"


def test_notebook_view_is_escaped():
    html = gt.parse("一、<script>\n（一）甲", id="a&b")._repr_html_()
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert "a&amp;b" in html
    assert "margin-left:1.5em'>（一）甲" in html


def test_crlf_gives_the_same_tree():
    text = "一、甲\n（一）乙。丙\n一是丁。\n"
    assert gt.parse(text).sections == gt.parse(text.replace("\n", "\r\n")).sections


# --- how a document was read ----------------------------------------------------------------------------------------

PAGE = "<!--\n-->\n<U+00A0>\n1954年国务院政府工作报告\n中央政府门户网站　www.gov.cn　　 2006年02月23日 14时43分　　 来源：人民网\n"
BODY = "".join(
    f"　　第{i}段，我国工业建设在过去五年中取得了很大的成绩，各项工作都有了新的进展，人民生活得到了改善。\n"
    for i in range(30)
)
READINGS = [
    # nothing to say of an ordinary text
    ("一、总则\n为了公开。", []),
    # a wrong character, private use, a control character, and what U+FFFD becomes when decoded as GBK
    ("建设\ufffd法治\ue000政府\x07。", [("doubtful", "可疑字符3个：U+FFFD, U+E000, U+0007", 2)]),
    ("锟斤拷锟斤拷政府", [("doubtful", "可疑字符6个：锟斤拷 ×2", 0)]),
    # what R and web pages leave
    ("总则<U+00A0><U+00A0>目的", [("escape", "字符写成转义（如“<U+00A0>”）2处", 2)]),
    ("<!-- 导航 -->\n正文。", [("comment", "网页注释1处", 0)]),
    ("<p>正文&nbsp;一。</p>", [("markup", "网页标记（如“<p>”）3处", 0)]),
    # quotes, comparisons and e-mail addresses are no markup
    ("a<b，1 < 2 > 0，A&B；《<意见>》<x@y.cn>", []),
    # the same page twice in one file
    (PAGE + BODY + PAGE + BODY, [("comment", "网页注释2处", 0), ("escape", "字符写成转义（如“<U+00A0>”）2处", 9), ("repeat", f"与前文重复的一段（{len(PAGE + BODY)}字）不计入正文", len(PAGE + BODY))]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READINGS)
def test_reading(text, expected):
    document = gt.parse(text)
    assert [(f.code, f.message, f.span.start) for f in reading(document)] == expected
    assert [f for f in lint(document) if f.code in {e[0] for e in expected}] == sorted(
        reading(document), key=lambda f: (f.span.start, f.code)
    )


COPIES = [
    # a copy with another line at its head, and one that is cut off
    (BODY + "下载\n" + BODY, 1, len(BODY) + 3),
    (BODY + BODY[: len(BODY) // 2], 1, len(BODY)),
    # a paragraph or two that stand twice are no copy, nor are lists of short lines
    (BODY + BODY[:100], 0, None),
    ("责任单位：市司法局\n" * 100, 0, None),
    # new text between
    (BODY + "新的一段。" * 30 + "\n" + BODY, 1, len(BODY) + 151),
    # text of which a third is new
    ("".join(f"{line}\n新的内容{i}，{'各项工作都有了进展，' * 9}。\n" for i, line in enumerate((BODY + BODY).splitlines())), 0, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "count", "start"), COPIES)
def test_copies(text, count, start):
    document = gt.parse(text)
    assert len(document.copies) == count
    if count:
        assert document.copies[0].start == start


def test_a_page_copied_twice_has_one_body():
    once, twice = gt.parse(BODY), gt.parse(PAGE + BODY + PAGE + BODY)
    body = [span.of(twice.text) for span in twice.paragraphs]
    assert body == ["1954年国务院政府工作报告\n", *(span.of(once.text) for span in once.paragraphs)]
    assert "".join(s.of(twice.text) for s in sorted([*twice.paragraphs, *twice.furniture])) == twice.text


PLACES = [
    # provincial units by their usual, their short and their full names
    ("广西", "广西壮族自治区"),
    ("内蒙古", "内蒙古自治区"),
    ("黔", "贵州省"),
    ("北京", "北京市"),
    ("香港", "香港特别行政区"),
    ("新疆维吾尔自治区", "新疆维吾尔自治区"),
    # other places stay as they are, but for blanks and the body
    ("贵阳", "贵阳"),
    ("清镇市", "清镇市"),
    ("清镇 市人民政府", "清镇市"),
    ("贵州省人民政府", "贵州省"),
    ("河南蒙古族自治县", "河南蒙古族自治县"),
    ("政府", "政府"),
]


@pytest.mark.parametrize(("place", "name"), PLACES)
def test_places(place, name):
    assert full_name(place) == name
    assert gt.parse("正文。", metadata=Metadata(place=place)).metadata.place == name
    assert full_name(name) == name


def test_every_provincial_unit_is_in_the_table():
    rows = (resources.files("govtext") / "data" / "places.tsv").read_text(encoding="utf-8").splitlines()[1:]
    units = [row.split("\t")[0] for row in rows]
    assert sum(unit.endswith(("省", "市", "自治区", "特别行政区")) for unit in units) == 34
    shorts = [short for row in rows for short in row.split("\t")[1].split("|")]
    assert len(shorts) == len(set(shorts))
