"""Figures: what is one and what is none, value, unit, kind, name; the arithmetic on them."""

from decimal import Decimal

import pytest

import govtext as gt
from govtext import indicators, tables
from govtext.indicators import chinese, digits, words
from govtext.text import Span


def read(text):
    return indicators.extract(gt.parse(text))


def rows(text):
    return [(str(i.value), i.unit, i.kind, i.approx) for i in read(text)]


# --- what is a quantity, its value, unit, kind and mark of approximation -----------------------------------------------

QUANTITIES = [
    # a count with its classifier
    ("办理行政复议案件61件", [("61", "件", "count", "")]),
    # money in 元; the magnitude is multiplied out
    ("处罚3649.41万元", [("36494100", "元", "money", "")]),
    ("总额1.22万亿元", [("1220000000000", "元", "money", "")]),
    # every unit is, not money alone
    ("装机1.5亿千瓦", [("150000000", "千瓦", "measure", "")]),
    # a magnitude without unit
    ("惠及43万儿童", [("430000", "", "count", "")]),
    ("惠及120余万婴幼儿", [("1200000", "", "count", "余")]),
    # thousand separators
    ("办理1,826件", [("1826", "件", "count", "")]),
    ("至2021,300件", [("300", "件", "count", "")]),
    # a level, as printed
    ("败诉率20%", [("20", "%", "rate", "")]),
    ("公示率97.20％", [("97.20", "%", "rate", "")]),
    # growth and fall
    ("生产总值增长5.3%", [("5.3", "%", "change", "")]),
    ("警情同比下降35.6%", [("-35.6", "%", "change", "")]),
    ("投资增速达到16.1%", [("16.1", "%", "change", "")]),
    ("实现5%以上的增长", [("5", "%", "change", "以上")]),
    ("利润增长-1.2%", [("-1.2", "%", "change", "")]),
    # the level that something rises to is none
    ("城镇化率提高到65.8%", [("65.8", "%", "rate", "")]),
    ("浓度降至30微克/立方米", [("30", "微克/立方米", "measure", "")]),
    # 百分点 without 个
    ("提高1.8个百分点", [("1.8", "百分点", "change", "")]),
    ("下降0.3个百分点", [("-0.3", "百分点", "change", "")]),
    # absolute growth
    ("人均增加200元", [("200", "元", "change", "")]),
    ("净增经营主体48万户", [("480000", "户", "change", "")]),
    ("开采量压减1.77亿立方米", [("-177000000", "立方米", "change", "")]),
    # what is abolished is counted
    ("削减审批事项62项", [("62", "项", "count", "")]),
    # 新增 counts what is new
    ("新增上市公司6家", [("6", "家", "count", "")]),
    # multiples
    ("增长2倍", [("2", "倍", "change", "")]),
    # durations
    ("压缩至3个工作日", [("3", "工作日", "duration", "")]),
    ("连续13年", [("13", "年", "duration", "")]),
    ("预期寿命79岁", [("79", "岁", "duration", "")]),
    ("连续61个月", [("61", "个月", "duration", "")]),
    # compound units and another currency
    ("低保标准740元/月", [("740", "元/月", "money", "")]),
    ("达1.12万美元", [("11200", "美元", "money", "")]),
    # a second classifier in brackets is part of the unit; a place is none
    ("危旧房3.1万套（户）、设备20台(套)", [("31000", "套（户）", "count", ""), ("20", "台(套)", "count", "")]),
    ("支持9个州（市）", [("9", "个", "count", "")]),
    # 群 counts in 3群, but not before 众
    ("惠及46万群众", [("460000", "", "count", "")]),
    # a list shares the unit of its last member, and the sign of its first
    ("分别达1.28万亿、8200亿元", [("1280000000000", "元", "money", ""), ("820000000000", "元", "money", "")]),
    ("下降35.6%、14.85%", [("-35.6", "%", "change", ""), ("-14.85", "%", "change", "")]),
    # both ends of a range
    ("增长5%-5.5%", [("5", "%", "change", ""), ("5.5", "%", "change", "")]),
    ("发展1—2个主导产业", [("1", "个", "count", ""), ("2", "个", "count", "")]),
    # a share written as a fraction
    ("占全国1/4以上", [("0.25", "", "rate", "以上")]),
    # a bare number after a verb
    ("倍差从1.96缩小至1.81。", [("1.96", "", "rate", ""), ("1.81", "", "rate", "")]),
    # a blank before the unit
    ("全省 100 个县", [("100", "个", "count", "")]),
    # of two factors the second counts
    ("东电2×35万千瓦热电联产", [("350000", "千瓦", "measure", "")]),
    # a unit is not the start of another word
    ("建设10家庭院", []),
    ("平均浓度下降3米", [("-3", "米", "change", "")]),
    # full-width digits
    ("增长２２．５％", [("22.5", "%", "change", "")]),
    # Latin units
    ("铺设5km", [("5", "km", "measure", "")]),
]


@pytest.mark.parametrize(("text", "expected"), QUANTITIES, ids=[t for t, _ in QUANTITIES])
def test_quantities(text, expected):
    assert rows(text) == expected


APPROXIMATE = [
    # before the number: lower, upper, about
    ("超800亿元", "超", "lower"), ("突破1万亿元", "突破", "lower"), ("不低于5%", "不低于", "lower"),
    ("不超过3次", "不超过", "upper"), ("近1.75亿元", "近", "about"), ("接近2万家", "接近", "about"), ("约30人", "约", "about"),
    # after the unit, or between number and unit
    ("200余份", "余", "lower"), ("2700多万元", "多", "lower"), ("100家以上", "以上", "lower"),
    ("4.08%以内", "以内", "upper"), ("5.5%左右", "左右", "about"),
    # 节约 and 最近 are no marks
    ("节约30万元", "", ""), ("最近3年", "", ""), ("村规民约240件", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "mark", "bound"), APPROXIMATE)
def test_approximation(text, mark, bound):
    (found,) = read(f"达到{text}，")
    assert (found.approx, found.bound) == (mark, bound)
    assert found.span.of(f"达到{text}，") == found.text
    assert mark in found.text


# One row a rule of `digits.NO_QUANTITY`, and the other reasons why a number is none.
NONE = [
    ("year", "2022年和2025—2027年，"), ("date", "时间：2026-02-05，"), ("month", "1—11月，"), ("day", "1月27日，"),
    ("quarter", "2季度末，"), ("clock", "09:02:33，"), ("ratio", "结构为8.7∶41.2∶50.1，"), ("formula", "1+1+N和7×24，"),
    ("day_named", "新余1·24事故，"), ("anniversary", "成立70周年，"), ("rank", "世界500强、100亿级、7号线，"),
    ("latin", "5G和4S店，"), ("year_plan", "3年行动，"), ("item_of_year", "\n20.2026年，"), ("multiplier", "2×X，"),
    ("ordinal", "第14届、前3位、居第1，"), ("letters before", "PM2.5、AR-E3000、G60，"), ("title", "《规划（2021—2025年）第3件》，"),
    ("quoted name", "“3815”战略、“7个专项行动”，"), ("document number", "黔府发〔2022〕5号，"),
    ("list item", "1.总则\n2.附则\n"), ("brackets", "（1）总则，"), ("hotline", "12345热线，"), ("code", "1234567890123456789件，"),
]  # fmt: skip


@pytest.mark.parametrize("text", [text for _, text in NONE], ids=[rule for rule, _ in NONE])
def test_what_is_no_quantity(text):
    assert rows(text) == []


def test_every_rule_has_its_row():
    assert set(digits.NO_QUANTITY) <= {rule for rule, _ in NONE}
    assert set(chinese.VETOES) <= {rule for rule, _ in VETOED}


@pytest.mark.parametrize("unit", sorted(words.units()))
def test_every_unit_is_read(unit):
    (found,) = read(f"数量30{unit}。")
    kind, _ = words.units()[unit]
    assert (found.unit, found.kind) == ("%" if unit == "％" else unit, kind)


@pytest.mark.parametrize(("unit", "word"), [(u, w) for u, (_, unless) in sorted(words.units().items()) for w in unless])
def test_no_unit_is_the_start_of_another_word(unit, word):
    found = read(f"数量30{unit}{word}。")
    assert all(i.unit != unit for i in found)


CHINESE = [
    ("惠及三百二十一万人", [("3210000", "人", "count", "")]),
    ("满意率百分之九十八点五", [("98.5", "%", "rate", "")]),
    ("百分之百达标", [("100", "%", "rate", "")]),
    ("调解纠纷一百余件", [("100", "件", "count", "余")]),
    ("增长百分之十二", [("12", "%", "change", "")]),
    ("两千多名干部", [("2000", "名", "count", "多")]),
    ("抓好十一个方面", [("11", "个", "count", "")]),
]


@pytest.mark.parametrize(("text", "expected"), CHINESE)
def test_chinese_numerals(text, expected):
    assert rows(text) == expected


# One row a rule of `chinese.VETOES`, and names that hold numerals.
VETOED = [
    ("ordinal", "第十四届、第三十九位"), ("congress", "党的二十大、二十届三中全会"), ("plan_period", "十四五期间"),
    ("meeting", "省委十一届十次、十一次全会"), ("date", "十二月二十日"), ("decade", "八十年代"), ("centenary", "建军一百年奋斗目标"),
    ("inexact", "几十个、上百个"), ("rank", "前十二名"), ("campaign", "三十天行动"),
    ("person", "第一责任人"), ("point", "一是加强。二是改进。"), ("slogan", "两降一保、六五普法、三个一百"), ("idiom", "千方百计、万众一心"),
]  # fmt: skip


@pytest.mark.parametrize("text", [text for _, text in VETOED], ids=[rule for rule, _ in VETOED])
def test_numerals_that_are_no_quantity(text):
    assert rows(text) == []


# --- names ------------------------------------------------------------------------------------------------------------

NAMES = [
    # before the number, without verbs and adverbs that say nothing
    ("办理行政复议案件61件。", ["行政复议案件"]),
    ("粮食产量达到446.1亿斤。", ["粮食产量"]),
    ("全省共聘请法律顾问132名。", ["法律顾问"]),
    # a verb that tells one figure from another stays
    ("注销执法证件25个。", ["注销执法证件"]),
    # after the number, up to the verb
    ("举办6个干部教育培训班开展教学。", ["干部教育培训班"]),
    ("34个项目进入名录。", ["项目"]),
    ("98%的基层医疗机构达到标准。", ["基层医疗机构"]),
    ("在12个乡(镇、街道)设立办公室。", ["乡"]),
    # the noun after a measure rather than the owner before it
    ("大唐700万吨露天煤矿开工。", ["露天煤矿"]),
    ("蔬菜产量9.2万吨。", ["蔬菜产量"]),
    # quote marks are left out, what is quoted stays
    ("开展“双随机、一公开”抽查231次。", ["双随机、一公开抽查"]),
    # carried over commas, completed where the own words say too little
    ("对88件规范性文件进行清理,保留48件,废止21件。", ["规范性文件", "规范性文件保留", "规范性文件废止"]),
    ("生产总值253.7亿元，同比增长10.1%。", ["生产总值", "生产总值"]),
    ("净增经营主体155万户、总量达474万户。", ["净增经营主体", "经营主体总量"]),
    ("收到依申请公开65件,依法审核65件。", ["依申请公开", "依申请公开审核"]),
    # of a pair each its own
    ("五年共办理人大代表建议405件和政协委员提案590件。", ["人大代表建议", "政协委员提案"]),
    # what the figure brings about is not what it counts
    ("旅客吞吐量实现183万人次的历史性突破。", ["旅客吞吐量"]),
    # 等 ends a list, but not 二等奖
    ("完成60个小区等城区绿化工程。", ["小区"]),
    ("获评2个一等奖、3个二等奖。", ["一等奖", "二等奖"]),
    # from the clause before, where there is no number in it
    ("新农合参合率再创新高，达到98.5%。", ["新农合参合率"]),
    # not over a full stop
    ("甲项10件。达到20件。", ["甲项", ""]),
    # shared out
    ("刑事警情、刑事立案分别同比下降35.6%、14.85%。", ["刑事警情", "刑事立案"]),
    ("城镇、农村居民收入分别增长4%、5%。", ["城镇居民收入", "农村居民收入"]),
    ("医疗废物、生活垃圾处理能力提高，处理率分别达到95%、85%。", ["医疗废物处理率", "生活垃圾处理能力处理率"]),
    ("起数、死亡人数下降17.6%、11.6%。", ["起数", "死亡人数"]),
    # two lists of figures for the same subjects
    ("签约金额1.15万亿元、到位资金7969.9亿元，分别增长13.1%、33.7%。", ["签约金额", "到位资金"] * 2),
    ("原煤、原油产量达到6640万吨、1253万吨，分别增长9.3%、7.3%。", ["原煤", "原油产量"] * 2),
    # steps that are passed are no names
    ("人均生产总值突破5万关口。", ["人均生产总值"]),
    ("经济总量突破千亿、达到1042亿元。", ["经济总量"]),
    # words that only look like adverbs, verbs that follow the name
    ("建设紧密型县域医共体172个。", ["紧密型县域医共体"]),
    ("服务贸易增长7%。", ["服务贸易"]),
    ("中欧班列累计开行1.4万列。", ["中欧班列"]),
    ("3920个新投产项目增加产值。", ["新投产项目"]),
    # 其中
    ("9条次干道路开工建设，其中4条实现通车。", ["次干道路", "次干道路"]),
    ("建成房屋20栋，其中，住宅12栋。", ["房屋", "住宅"]),
    # of a range both ends, of a pair of classifiers both
    ("发展1—2个主导产业。", ["主导产业", "主导产业"]),
    ("为1467位80岁以上低收入老年人发放高龄补贴176万元。", ["低收入老年人", "低收入老年人", "发放高龄补贴"]),
    # no digits in a name
    ("PM2.5平均浓度27.4微克/立方米。", ["平均浓度"]),
    # a year before the number is no name
    ("里程由1997年的123万公里增加到2002年的176万公里。", ["里程", "里程"]),
    # a comparison is none either
    ("民间投资增长2.7%，高出全国平均水平9.1个百分点。", ["民间投资", "民间投资"]),
    # words that only look like light verbs
    ("查处违法行为100起。", ["查处违法行为"]),
    ("成功率99.7%。", ["成功率"]),
    ("建成保障性住房20套。", ["保障性住房"]),
    ("可再生能源占比56.2%。", ["可再生能源占比"]),
    ("力争数字经济核心产业增加值增长10%。", ["数字经济核心产业增加值"]),
    # verbs with 工程 or 项目 are nouns, as are new ones
    ("44项水毁修复工程汛前完工。", ["水毁修复工程"]),
    ("培育10家引领型链主企业。", ["引领型链主企业"]),
    ("完成1074户危旧房屋的新建。", ["危旧房屋"]),
    ("230个计划新开工项目全部开工。", ["计划新开工项目"]),
    ("2个品牌新入选精品培育计划。", ["品牌"]),
    ("有20个对外开放口岸。", ["对外开放口岸"]),
    # 新增, 首次 and 每月 link a name to its number
    ("小巨人企业新增711家、累计达2215家。", ["小巨人企业", "小巨人企业"]),
    ("外贸进出口总值首次突破700亿元。", ["外贸进出口总值"]),
    ("城乡低保标准提高到每月815元。", ["城乡低保标准"]),
    # what closes a bracket before is no part of a name
    ("危旧房3.1万套（户）、老旧管道1.68万公里。", ["危旧房", "老旧管道"]),
    ("工程师2000人（含重点产业1000人）左右、技师300人。", ["工程师", "含重点产业", "技师"]),
    # digits in what follows: the noun after 5G, or what stands before the digits
    ("新增22家国家级5G工厂。", ["工厂"]),
    ("8家4S店建成。", ["店"]),
    ("9家国家级经开区跻身全国30强。", ["国家级经开区"]),
    ("20户以上自然村千兆光纤和5G网络通达。", ["自然村千兆光纤"]),
    # a bare magnitude is no name
    ("贷款余额连跨4个万亿元台阶、双双突破9万亿元。", ["贷款余额", "贷款余额"]),
    # 、 and 与 in a long one
    ("新建、改扩建各类保障性租赁住房200万套。", ["改扩建各类保障性租赁住房"]),
    ("社会物流总费用与国内生产总值的比率降低1.1个百分点。", ["社会物流总费用与国内生产总值的比率"]),
    # of a list with a common end the last shows where it begins
    ("新材料、生物医药产业产值分别增长195.6%、83.5%。", ["新材料产业产值", "生物医药产业产值"]),
    # a verb alone after 累计 is no name
    ("碳市场累计成交5136万吨。", ["碳市场累计成交"]),
    # a long one is cut at a verb
    ("法律顾问累计审查各类协议合同200余份。", ["审查各类协议合同"]),
    ("市政府分管副市长代表市政府出庭应诉13次。", ["代表市政府出庭应诉"]),
]


@pytest.mark.parametrize(("text", "expected"), NAMES, ids=[t for t, _ in NAMES])
def test_names(text, expected):
    assert [i.name for i in read(text)] == expected


def test_a_name_knows_where_it_stands():
    text = "对88件规范性文件进行清理,废止21件。"
    found = read(text)[1]
    assert found.name_span.of(text) == "废止"
    assert found.subject_span.of(text) == "规范性文件"
    assert found.number_span.of(text) == "21"
    assert found.unit_span.of(text) == "件"


def test_context():
    text = "一、总结\n对全市2012年至2021年制发的88件文件清理，保留48件。刑事警情比上年下降5%、6%。"
    first, second, third, fourth = read(text)
    assert (first.period, first.actor, second.period) == ("2012年至2021年", "全市", "2012年至2021年")
    assert (third.period, third.comparison, fourth.comparison) == ("上年", "比上年", "比上年")
    assert {i.section.heading for i in (first, fourth)} == {"总结"}
    assert [i.actor for i in read("贵州省委党校培训干部30人。获评全国先进5个。")] == ["", ""]
    assert [i.actor for i in read("全市办理案件8件，全国首家环保法庭审结案件3件。")] == ["全市", "全市"]


def test_page_furniture_is_left_out():
    text = "下载\n打印\n2026年北京市政府工作报告\n一、总结\n办理案件61件。\n浏览次数：300次\n"
    document = gt.parse(text)
    assert all(not any(hole.covers(i.span) for hole in document.furniture) for i in indicators.extract(document))


def test_the_reference_report(report):
    found = indicators.extract(report)
    assert len([i for i in found if any(c.isdigit() for c in i.text)]) == 83
    assert all(i.name for i in found)
    assert all(report.text[slice(*i.span)] == i.text for i in found)


# --- checks -----------------------------------------------------------------------------------------------------------

CHECKS = [
    # parts that the wording disposes of
    ("对88件文件清理,保留48件,废止21件,失效11件,修订8件。", [("sum", "holds", "88")]),
    ("对89件文件清理,保留48件,废止21件,失效11件,修订8件。", [("sum", "fails", "88")]),
    # parts among a whole: they may be not all
    ("安排项目105个，其中，工业类60个、农业类45个。", [("sum", "holds", "105")]),
    ("安排项目105个，其中，工业类3个、农业类21个。", []),
    ("甲项10件，其中已办结12件。", [("part", "fails", "10")]),
    ("年均超收2040亿元，其中去年超收2573亿元。", []),
    # a rate: equal, cut off, off in its last digit, wrong
    ("调解纠纷1826件,调解成功1822件,成功率99.78%。", [("rate", "holds", "99.781")]),
    ("调解纠纷1826件,调解成功1822件,成功率99.7%。", [("rate", "rounding", "99.78")]),
    ("应出庭案件2474件，出庭2369件，出庭率95.75%。", [("rate", "rounding", "95.756")]),
    ("应出庭案件2474件，出庭2369件，出庭率95.87%。", [("rate", "fails", "95.756")]),
    ("出庭2369件，应出庭案件2474件，出庭率95.76%。", [("rate", "holds", "95.756")]),
    ("审结100件，其中调解60件，占比60%。", [("rate", "holds", "60.00")]),
    # a rate of something else, of approximate figures, of another unit
    ("办理行政复议案件61件，行政诉讼案件15件，败诉率20%。", []),
    ("调解纠纷1800余件,调解成功1700余件,成功率99.7%。", []),
    ("调解纠纷1826件,调解成功1822人,成功率99.7%。", []),
    # growth against a stated base
    ("案件由100件增加到120件，增长20%。", [("growth", "holds", "20.0")]),
    ("案件由100件增加到120件，增长25%。", [("growth", "fails", "20.0")]),
    ("覆盖率由64%提高到65.8%，提高1.8个百分点。", [("growth", "holds", "1.8")]),
    ("覆盖率由64%提高到65.8%，提高2.8个百分点。", [("growth", "fails", "1.8")]),
    ("办理案件120件，比上年增加20件，增长20%。", [("growth", "holds", "20.0")]),
    ("办理案件120件，比上年增加20件，增长25%。", [("growth", "fails", "20.0")]),
    # what printed figures allow for is no fault; real growth and means are not compared
    ("投入由1.2亿元增加到1.5亿元，增长22%。", [("growth", "holds", "25.0")]),
    ("地区生产总值由100亿元增加到120亿元，增长5%。", []),
    ("案件由100件增加到120件，年均增长2%。", []),
    # all that came in was dealt with
    ("共收到依申请公开65件,依法审核65件,均按时办结。", [("part", "holds", "65")]),
    ("共收到依申请公开65件,依法审核64件。", []),
]


@pytest.mark.parametrize(("text", "expected"), CHECKS, ids=[t for t, _ in CHECKS])
def test_checks(text, expected):
    assert [(c.code, c.verdict, str(c.expected)) for c in indicators.check(gt.parse(text))] == expected


def test_checks_of_the_reference_report(report):
    found = indicators.check(report)
    assert [(c.code, c.verdict) for c in found] == [("sum", "holds"), ("rate", "rounding"), ("part", "holds")]
    whole, *parts = found[0].figures
    assert whole.value == sum((p.value for p in parts), Decimal(0)) == 88
    assert "99.78%" in found[1].message
    assert [f.code for f in indicators.faults(report)] == ["rate"]


def test_tables(report):
    rows = tables.rows(indicators.extract(report))
    assert set(rows[0]) <= {*tables.INDICATORS, "name_span", "subject_span"}
    assert rows[0]["name_start"] < rows[0]["name_end"]
    check = tables.rows(indicators.check(report))[0]
    assert set(check) == set(tables.CHECKS)
    assert check["figures"].count("-") == 5


HOSTILE = [
    "1" * 100_000, "1 " * 50_000, "1,111" * 20_000, "1、" * 50_000, "第1" * 50_000, "《" * 50_000, "“" * 50_000 + "”" * 50_000,
    "分别" * 10_000 + "增长1%、2%", "甲、" * 10_000 + "分别增长1%、2%", "一" * 50_000, "百分之" * 20_000, "1%-" * 30_000, "1万" * 30_000,
    "(" * 20_000 + ",1件", "其中1件，" * 20_000, "增长" * 20_000 + "1%", "20" * 50_000 + "年",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=[t[:6] for t in HOSTILE])
def test_hostile_texts_end(text):
    document = gt.parse(text)
    for check in indicators.check(document):
        assert Span(0, len(text)).covers(check.span)
