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
    # a heading ends where its points begin
    ("（一）压实责任：一是甲；二是乙。\n1.督查，一是丙，二是丁。",
     "2:1:压实责任|point:1:甲|point:2:乙|3:1:督查|point:1:丙|point:2:丁"),
    # a list parted by commas in a later paragraph
    ("问题：一是甲。二是乙。\n今年，一是丙，二是丁。", "point:1:甲|point:2:乙|point:1:丙|point:2:丁"),
    # points parted by 、, and points that begin without a mark or in brackets
    ("做到：一是甲、二是乙、三是丙。", "point:1:甲|point:2:乙|point:3:丙"),
    ("主要表现为一是甲；二是乙。", "point:1:甲|point:2:乙"),
    ("两项任务（一是甲；二是乙）。", "point:1:甲|point:2:乙）"),
    # 一要求真务实 is no 要求
    ("一要求真务实，二要点燃热情。", "point:1:求真务实|point:2:点燃热情"),
    # the one-character marks of old files, half a bracket, a stop after a Chinese numeral
    ("一．甲\n㈠乙\n⒈丙\n⑴丁\n⑵戊\n二.己", "1:1:甲|2:1:乙|3:1:丙|4:1:丁|4:2:戊|1:2:己"),
    ("1）甲\n2）乙", "4:1:甲|4:2:乙"),
    # the end of a bracket that opened on the line before
    ("发展（2022—\n23）规划", ""),
    # 三级 begins a heading between 二、 and 四、
    ("二、甲\n三、三级联动\n四、乙", "1:2:甲|1:3:三级联动|1:4:乙"),
    # an ASCII stop ends a heading after a Chinese character
    ("（一）强化责任.增长3.5.加强", "2:1:强化责任"),
    # a marker alone above another marker has no heading
    ("一、\n（一）甲\n正文。", "1:1:|2:1:甲"),
    # an inserted article; Arabic digits
    ("第三条 甲。\n第三条之一 乙。\n第四条 丙。", "article:3:|article:3:|article:4:"),
    ("第1章 总则\n第1条 甲。\n第2条 乙。", "chapter:1:总则|article:1:|article:2:"),
    # digits of other scripts are no markers
    ("（٣）甲\n٣.乙", ""),
    # a table of contents, with page numbers and without a body, with a body and without page numbers
    ("目 录\n第一章 甲……1\n第二章 乙……12\n正文。", ""),
    ("目录\n第一章 甲\n第二章 乙\n附件1\n第一章 甲\n正文。\n第二章 乙", "chapter:1:甲|chapter:2:乙"),
    # bullets of Markdown
    ("- 一是甲。\n- 二是乙。", "point:1:甲|point:2:乙"),
]  # fmt: skip

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
    # a point without a mark before it needs a second one
    "问题之一是计划性不足。",
    "关键是一是一，二是二。",
    "发展是第一是现实；二者统一。",
    # a list of months between two headings that do not enclose it
    "四、五月份召开。",
    # a table of contents alone
    "目录\n一、总则 1\n二、附则 12",
    # numbers of three levels, as plans for emergencies have
    "1 总则\n1.1 编制目的\n1.2 编制依据\n2 体系\n2.1 机构",
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
    ("一、甲\n（一）乙\n附表1 重点项目表\n1.丙", "一、|一、›（一）|1."),
    ("一、甲\n相关专业术语解释\n1.乙", "一、|1."),
    # a new level-1 heading closes all that is open
    ("（一）甲\n一、乙", "（一）|一、"),
]


@pytest.mark.parametrize(("text", "paths"), PATHS)
def test_paths(text, paths):
    assert "|".join(s.path for s in gt.parse(text).sections) == paths


# Whole documents in small, one of each genre -> the outline, indented, and the codes that lint finds
DOCUMENTS = [
    # an annual report on law-based government, from a page
    (
        """东山区2023年度法治政府建设工作情况报告
发布日期：2024-03-20 10:21　来源：区司法局　浏览次数：123　【字体：大 中 小】
区委、市人民政府：
　　现将有关情况报告如下：
　　一、主要做法和成效
　　（一）加强党对法治政府建设的领导
　　1.强化理论武装。区委常委会专题学习4次。
　　2.压实主体责任，一是印发要点，二是开展督察。
　　（二）依法全面履行职能
　　⒈深化放管服改革。办件量增长12.5%。
　　⒉优化营商环境。落实《优化营商环境条例》。
　　二、存在的问题
　　主要有一是执法力量不足；二是普法针对性不强。
　　三、三级联动推进下步工作
　　㈠强化组织领导。坚持党的领导。
　　㈡强化队伍建设。开展培训。
　　四、2024年安排
　　一要求真务实，二要改进作风。
　　东山区人民政府
　　2024年3月1日
【打印】 【关闭】""",
        "一、主要做法和成效|+（一）加强党对法治政府建设的领导|++1.强化理论武装|++2.压实主体责任|+++一是印发要点|+++二是开展督察|"
        "+（二）依法全面履行职能|++⒈深化放管服改革|++⒉优化营商环境|二、存在的问题|+一是执法力量不足|+二是普法针对性不强|"
        "三、三级联动推进下步工作|+㈠强化组织领导|+㈡强化队伍建设|四、2024年安排|+一要求真务实|+二要改进作风",
        [],
    ),
    # the same by a bureau, with a problem section in one paragraph and a list under a point
    (
        """河东市司法局2022年法治政府建设情况
一、2022年工作情况
(一)推进依法决策。一是健全机制。审查文件32件；二是强化审查。
(二)规范执法
一是落实“三项制度”。开展培训。
二是推行“双随机、一公开”监管。
二、主要负责人履行第一责任人职责情况
局党组坚持把法治建设作为第一要务，做到有机统一是前提。
三、存在不足
主要有以下不足：一是宣传不够，二是队伍不强。
四、下一步打算
(一)加强学习。
（二）加强监督。抓好落实。""",
        "一、2022年工作情况|+(一)推进依法决策|++一是健全机制|++二是强化审查|+(二)规范执法|++一是落实“三项制度”|"
        "++二是推行“双随机、一公开”监管|二、主要负责人履行第一责任人职责情况|三、存在不足|+一是宣传不够|+二是队伍不强|"
        "四、下一步打算|+(一)加强学习|+（二）加强监督",
        ["empty"],
    ),
    # a plan with a table of contents, boxes and tables
    (
        """河东市“十四五”法治政府建设规划
目　录
第一章 发展基础1
第一节 主要成效	1
第二章 总体要求……5
第一章 发展基础
第一节 主要成效
成效明显。
第二节 面临形势
机遇与挑战并存。
第二章 总体要求
一、指导思想
坚持人民至上。
二、主要目标
专栏1 主要指标
1.行政复议纠错率。低于10%。
2.行政诉讼败诉率。低于8%。
——制度更加完备。
附表1 重点项目表
一、规则类
项目若干。
二、平台类
项目若干。""",
        "第一章 发展基础|+第一节 主要成效|+第二节 面临形势|第二章 总体要求|+一、指导思想|+二、主要目标|++1.行政复议纠错率|"
        "++2.行政诉讼败诉率|一、规则类|二、平台类",
        [],
    ),
    # a notice that names its annexes, is signed, and carries them
    (
        """关于开展2023年行政执法案卷评查的通知
各县（市、区）司法局：
现就有关事项通知如下：
一、评查时间
12.4国家宪法日前完成。
二、评查内容
（一）主体资格
1、2号卷以后的案卷。
（二）程序
（1）立案；（2）调查。
附件：1.评查标准
　　　2.评查表
河东市司法局
2023年5月6日
附件1
评查标准
一、主体合法
10分。
二、程序合法
20分。
附件2评查表""",
        "一、评查时间|二、评查内容|+（一）主体资格|+（二）程序|++（1）立案；（2）调查|一、主体合法|二、程序合法",
        ["lone"],
    ),
    # measures in chapters and articles, with references to their own paragraphs
    (
        """河东市行政执法监督办法
（2023年2月1日市人民政府令第5号公布）
第一章　总　则
第一条　为了加强监督，制定本办法。
第二条　有下列情形之一的，予以纠正：
（一）主体不合法的；
（二）违反本办法第一条第（一）项的：
1.未告知的；
2.未听证的。
第二条之一　监督机关应当公开。
第二章　附　则
第三条　本办法自印发之日起施行。""",
        "第一章 总　则|+第一条|+第二条|++（一）主体不合法的|++（二）违反本办法第一条第（一）项的|+++1.未告知的|+++2.未听证的|"
        "+第二条之一|第二章 附　则|+第三条",
        [],
    ),
    # a work plan with the marks of careless typing
    (
        """2023年普法工作要点
一．突出重点
1）宪法宣传。开展活动。
2）民法典宣传。开展活动。
二．强化保障
一是压实责任。明确分工。
二是加强督导。纳入考核。""",
        "一．突出重点|+1）宪法宣传|+2）民法典宣传|二．强化保障|+一是压实责任|+二是加强督导",
        [],
    ),
]


@pytest.mark.parametrize(("text", "outline", "codes"), DOCUMENTS)
def test_documents(text, outline, codes):
    doc = gt.parse(text)
    assert "|".join("+" * s.depth + s.line for s in doc.sections) == outline
    assert [finding.code for finding in lint(doc)] == codes


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
    # fields and buttons that share a line; a way down the site
    ("首页 > 政务公开\n某报告\n发布日期：2024-03-20 10:21　来源：司法局　作者：　浏览次数：12　【字体：大 中 小】　打印\n一、甲\n正文。\n【打印】 【关闭】",
     ["首页 > 政务公开", "发布日期：2024-03-20 10:21　来源：司法局　作者：　浏览次数：12　【字体：大 中 小】　打印", "【打印】 【关闭】"]),
    ("2024-03-20 来源：司法局\n某报告\n正文。", ["2024-03-20 来源：司法局"]),
    # the table above a document on a government site, its labels spaced out
    ("索 引 号：000-1　　主题分类：政务\n标　　题：某通知\n发文字号：某发〔2023〕5号\n某通知\n正文。",
     ["索 引 号：000-1　　主题分类：政务", "标　　题：某通知", "发文字号：某发〔2023〕5号"]),
    # who runs the site, below the document; but not who runs a project in it
    ("一、甲\n正文。\n主办：某市政府　承办：某中心\n网站标识码：520　黔ICP备123号\n网站地图 | 联系我们",
     ["主办：某市政府　承办：某中心", "网站标识码：520　黔ICP备123号", "网站地图 | 联系我们"]),
    ("一、甲\n目标：建成。\n主办单位：省交通厅\n承办单位：各县", []),
    # what is left of a page's source
    ("<!--\n-->\n当前位置： 首页>> 概况\n<U+00A0><U+00A0>\n某报告\n正文。",
     ["<!--", "-->", "当前位置： 首页>> 概况", "<U+00A0><U+00A0>"]),
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
    # signature and date stand before the annexes; the page states what the text does not
    ("某市司法局关于印发\n某办法的通知\n正文。\n附件：1.某办法\n某市司法局\n2023年2月28日\n附件1\n某办法\n第一条 甲。\n自2024年1月1日\n起施行。",
     {"title": "某市司法局关于印发某办法的通知", "issuer": "某市司法局", "date": "2023-02-28"}),
    ("发文机关：某市政府　成文日期：2023年2月28日\n来源：某网\n文号：某府发〔2023〕5号\n某工作方案\n一、甲\n正文。",
     {"title": "某工作方案", "issuer": "某市政府", "date": "2023-02-28", "doc_number": "某府发〔2023〕5号"}),
    # a signature below which the page goes on
    ("某报告\n一、甲\n正文。\n某区人民政府\n2024年3月1日\n（此件公开发布）\n【打印】 【关闭】\n上一篇：无",
     {"issuer": "某区人民政府", "date": "2024-03-01"}),
    ("某省人民政府令 第200号\n某办法\n第一条 甲。", {"doc_number": "某省人民政府令 第200号", "genre": "办法"}),
    # a date in digits of another script is none
    ("某决定\n2023年٣月1日", {"date": None}),
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
    # an inserted article repeats no number
    ("第三条 甲。\n第三条之一 乙。\n第四条 丙。", [("gap", "第三条")]),
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


def test_notebook_view_is_small():
    html = gt.parse("".join(f"第{numeral}条　为了公开。\n" for numeral in range(1, 301)))._repr_html_()
    assert html.count("<li") == 61
    assert "共 300 个标题" in html


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
