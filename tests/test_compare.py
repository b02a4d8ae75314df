"""Years and places side by side: each rule once, by tables of cases; what must hold of any text, by properties."""

from dataclasses import replace
from itertools import combinations
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

import govtext as gt
from govtext import compare, plots, tables
from govtext.classify import Taxonomy, Topic
from govtext.compare import figures, shingles
from govtext.document import Metadata
from govtext.errors import MetadataError, OptionError
from govtext.lexicon import Lexicon, Term
from govtext.text import Span

GENRE = "政府工作报告"


def document(text, year=2025, place="甲市", id="", date=None, genre=GENRE):
    return gt.parse(text, id=id, metadata=Metadata(year=year, place=place, genre=genre, date=date))


def plan(text, **known):
    return document(f"二、2025年重点工作\n今年要{text}", id="plan", **known)


def review(text, **known):
    return document(f"一、2025年工作回顾\n过去一年，{text}", year=2026, id="review", **known)


def test_characters_that_part_texts_inside_are_texts():
    # what a wrong decoding leaves; texts are joined by it when many are compared at once
    texts = ("城镇\x00新增就业5万人，人均GDP增长5%。", "城镇\x00新增就业5.2万人，人均GDP增长5.1%。")
    (first, second) = compare.promises(plan(texts[0]), review(texts[1]))
    assert (first.verdict, second.verdict) == ("met", "met")
    assert "人均GDP" in second.name


# --- metadata -------------------------------------------------------------------------------------------------------

PLAIN = gt.parse("过去一年，生产总值增长5%。", id="plain")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: compare.attention([PLAIN]), "plain: the year is not known"),
        (lambda: compare.attention([PLAIN], by="place"), "plain: the place is not known"),
        (lambda: compare.promises(PLAIN, PLAIN), "plain: the year and place and genre are not known"),
        (lambda: compare.indicator_pairs(PLAIN, PLAIN), "not known"),
        (lambda: compare.reuse_corpus([PLAIN]), "the place is not known"),
        # A report of another place, of another genre, of the year after the next
        (lambda: compare.promises(document("一"), document("二", 2026, "乙市")), "the place is 甲市, but that of"),
        (lambda: compare.promises(document("一"), document("二", 2026, genre="公报")), "the genre is 政府工作报告"),
        (lambda: compare.promises(document("一"), document("二", 2027)), "is of 2027, not of the next year"),
        (lambda: compare.indicator_pairs(document("一"), document("二", genre="公报")), "the genre is"),
        # Many documents of which no two are consecutive
        (lambda: compare.promises([document("一")], [document("二", 2028)]), "no document has one of the same place"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_not_guessed(call, message):
    with pytest.raises(MetadataError, match=message) as caught:
        call()
    assert "metadata" in caught.value.remedy or "reports" in caught.value.remedy


@pytest.mark.parametrize(
    "call",
    [
        lambda: compare.attention([document("一")], by="month"),
        lambda: compare.attention([document("一")], topics="words"),
        lambda: compare.attention([document("一")], draws=0),
        lambda: compare.reuse_pairs(PLAIN, PLAIN, least=1),
        lambda: compare.reuse_pairs(PLAIN, PLAIN, gap=-1),
        lambda: compare.reuse_corpus([document("一")], many=1),
        lambda: compare.term_changes([], PLAIN),
    ],
)
def test_wrong_options(call):
    with pytest.raises(OptionError):
        call()


# --- promises -------------------------------------------------------------------------------------------------------

CASES = [
    # No worse than the target is met; 左右 allows a twentieth, and up to a tenth is for the reader to say
    ("实现城镇新增就业100万人以上。", "城镇新增就业105万人。", "met", "105万人"),
    ("实现城镇新增就业100万人以上。", "城镇新增就业98万人。", "not met", "98万人"),
    ("实现地区生产总值增长5%左右。", "地区生产总值增长4.8%。", "met", "4.8%"),
    ("实现地区生产总值增长5%左右。", "地区生产总值增长4.6%。", "unclear", "4.6%"),
    ("实现地区生产总值增长5%左右。", "地区生产总值增长4.2%。", "not met", "4.2%"),
    # 6%左右 and 5.5% are not the same for being rounded; 58.1% and 58.08% are
    ("实现地区生产总值增长6%左右。", "地区生产总值增长5.5%。", "unclear", "5.5%"),
    ("推动常住人口城镇化率达到58.1%。", "常住人口城镇化率达到58.08%。", "met", "58.08%"),
    # Less is better
    ("将城镇调查失业率控制在5.5%以内。", "城镇调查失业率5.2%。", "met", "5.2%"),
    ("将城镇调查失业率控制在5.5%以内。", "城镇调查失业率5.7%。", "not met", "5.7%"),
    ("推动单位地区生产总值能耗下降2%。", "单位地区生产总值能耗下降3%。", "met", "3%"),
    ("推动单位地区生产总值能耗下降2%。", "单位地区生产总值能耗下降1%。", "not met", "1%"),
    # Prices that hardly rise: whether that is what was meant is not for us to say
    ("将居民消费价格涨幅保持在2%左右。", "居民消费价格涨幅0.2%。", "unclear", "0.2%"),
    # A bound does not decide: 超3.5万 may be 3.6万 or not
    ("培育高新技术企业3.6万家。", "培育高新技术企业超3.5万家。", "unclear", "超3.5万家"),
    ("培育高新技术企业3.4万家。", "培育高新技术企业超3.5万家。", "met", "超3.5万家"),
    # Other names of the same
    ("实现社会消费品零售总额增长5%。", "社零总额增长6%。", "met", "6%"),
    ("实现规模以上工业增加值增长8%。", "规上工业增加值增长9%。", "met", "9%"),
    # 城乡居民 with two figures: the first is of towns, the second of the country
    ("实现城镇居民人均可支配收入增长6%。", "城乡居民人均可支配收入分别增长5%、7%。", "not met", "5%"),
    ("实现农村居民人均可支配收入增长6%。", "城乡居民人均可支配收入分别增长5%、7%。", "met", "7%"),
    # Of several years, of another scope, of another kind: found, but no verdict
    ("新增保障性租赁住房2万套。", "工作有力。五年来，新增保障性租赁住房3万套。", "unclear", "3万套"),
    ("实现固定资产投资增长5%。", "扣除房地产开发投资后，固定资产投资增长6%。", "unclear", "6%"),
    ("实现外贸进出口总额增长5%。", "外贸进出口总额达到6000亿元。", "unclear", "6000亿元"),
    ("建设高标准农田20万亩。", "建设高标准农田300万亩。", "unclear", "300万亩"),
    # A clause without a figure
    ("新建国家区域医疗中心4个。", "国家区域医疗中心全面建成。", "unclear", "国家区域医疗中心全面建成"),
    # Nothing of the kind; the target of the next year is no report
    ("新建幼儿园20所。", "地区生产总值增长5%。", "not reported", None),
    ("实现粮食产量100亿斤。", "工作有力。\n二、2026年重点工作\n今年粮食产量100亿斤。", "not reported", None),
]  # fmt: skip


@pytest.mark.parametrize(("promised", "reported", "verdict", "found"), CASES)
def test_promises(promised, reported, verdict, found):
    first, second = plan(promised), review(reported)
    one = compare.promises(first, second)[0]
    assert (one.verdict, one.found_span and one.found_span.of(second.text)) == (verdict, found)
    assert one.passage.covers(one.span)
    assert one.found_passage is None or one.found_passage.covers(one.found_span)
    assert (one.score > 0) == (found is not None)


@pytest.mark.parametrize(
    "text",
    [
        "总结经验，去年建成幼儿园20所。",  # a fact
        "谋划长远，到2030年建成幼儿园20所。",  # for a later year
        "推进第二轮土地承包到期后再延长三十年试点。",  # a duration that is no deadline
        "建成500千伏输变电工程。",  # what a thing is, not how much of it
    ],
)
def test_what_is_no_promise(text):
    assert compare.promises(plan(text), review("一切顺利。")) == []


def test_promises_of_many_are_paired_by_place_and_year():
    sides = [
        [replace(plan("建设公园10个。", place=place), id=f"{place}1") for place in ("甲市", "乙市", "丙市")],
        [replace(review("建设公园12个。", place=place), id=f"{place}2") for place in ("乙市", "甲市")],
    ]
    found = compare.promises(*sides)
    assert [(p.document, p.next_document) for p in found] == [("甲市1", "甲市2"), ("乙市1", "乙市2")]
    rows = tables.promise_rows(found, [d for side in sides for d in side])
    assert (rows[0]["promised"], rows[0]["reported"]) == ("今年要建设公园10个", "过去一年，建设公园12个")


# --- indicator pairs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("发电量达到100亿度。", "发电量达到108亿度，增长8%。", [(8.0, "holds")]),
        ("发电量达到100亿度。", "发电量达到108亿度，增长12%。", [(8.0, "differs")]),
        # Growth by constant prices is no contradiction
        ("地区生产总值达到100亿元。", "地区生产总值达到103亿元，增长5%。", [(3.0, "real")]),
        ("地区生产总值达到100亿元。", "地区生产总值增长3%、达到103亿元。", [(3.0, "holds")]),
        # As exactly as they are printed: 1.2万亿 and 1.3万亿 are anything from 4% to 17% apart
        ("存款余额1.2万亿元。", "存款余额1.3万亿元，同比增长5%。", [(8.3333, "holds")]),
        ("发电量达到100多亿度。", "发电量达到108亿度，增长20%。", [(8.0, "unclear")]),
        # No growth beside it, or of something else
        ("发电量达到100亿度。", "发电量达到108亿度。", [(8.0, "")]),
        ("重点产业17个。", "重点产业17个，其产值增长5%。", [(0.0, "")]),
        # Shares and growth themselves have a difference alone
        ("城镇化率达到60%。", "城镇化率达到61%。", [(None, "")]),
        # Not the same: another unit, another kind, of several years, limited, too far apart, a general name
        ("粮食产量100万吨。", "粮食产量20亿斤。", []),
        ("社会消费品零售总额达到100亿元。", "社会消费品零售总额增长5%。", []),
        ("外贸进出口增长5%。", "外贸进出口年均增长6%。", []),
        ("固定资产投资增长5%。", "扣除房地产，固定资产投资增长6%。", []),
        ("发放贷款10亿元。", "发放贷款90亿元。", []),
        ("进展顺利。投资10亿元。", "进展顺利。投资12亿元。", []),
        ("水质优良比例提高2个百分点。", "水质优良比例高于全国3个百分点。", []),
    ],
)  # fmt: skip
def test_indicator_pairs(first, second, expected):
    a = document(f"一、工作回顾\n过去一年，{first}")
    found = compare.indicator_pairs(a, review(second))
    assert [(p.growth, p.claim) for p in found] == expected


def test_growth_is_checked_between_consecutive_years_alone():
    a, b = document("过去一年，发电量达到100亿度。"), document("过去一年，发电量达到108亿度，增长12%。", 2028)
    assert [p.claim for p in compare.indicator_pairs(a, b)] == [""]


# --- terms ----------------------------------------------------------------------------------------------------------


def test_term_changes():
    a, b = gt.parse("法治政府，法治政府，营商环境，数字政府。"), gt.parse("营商环境，营商环境，数字政府，网格员。")
    rows = compare.term_changes(a, b, min_count=1)
    assert {r.term: (r.change, r.count, r.reference_count, r.rank, r.reference_rank, r.moved) for r in rows} == {
        "法治政府": ("gained", 2, 0, 1, None, None),
        "数字政府": ("kept", 1, 1, 2, 2, 0),
        "营商环境": ("kept", 1, 2, 2, 1, -1),
        "网格员": ("lost", 0, 1, None, 2, None),
    }
    assert [r.difference > 0 for r in rows] == [True, False, False, False]
    assert all(r.difference == r.a - r.b and r.p <= r.q <= 1 for r in rows)


def test_policy_terms_alone_are_corrected_for_alone():
    a, b = gt.parse("法治政府。蔬菜水果道路桥梁。" * 3), gt.parse("营商环境。汽车轮船飞机火车。" * 3)
    every, policy = compare.term_changes(a, b), compare.term_changes(a, b, policy=True)
    assert {r.term for r in policy} == {"法治政府", "营商环境"} < {r.term for r in every}
    whole = {r.term: r for r in every}
    assert all(r.p == whole[r.term].p and r.q <= whole[r.term].q for r in policy)


# --- attention ------------------------------------------------------------------------------------------------------

SEGMENT = gt.Segmenter(Lexicon([Term("法治政府", "法治"), Term("网格员", "治理")]))


def test_attention_by_hand():
    texts = ["建设法治政府。发展。", "网格员建设法治政府。\n修路。修桥。"]
    reports = [document(text, year, id=str(year)) for text, year in zip(texts, (2024, 2025), strict=True)]
    rows = compare.attention(reports, segment=SEGMENT)
    shares = {(r.group, r.topic): (r.about, r.sentences, r.share, r.character_share) for r in rows}
    assert shares == {
        (2024, "治理"): (0, 2, 0, 0),
        (2024, "法治"): (1, 2, 0.5, 0.7),
        (2025, "治理"): (1, 3, 0.333333, 0.625),
        (2025, "法治"): (1, 3, 0.333333, 0.625),
    }
    assert all(r.low <= r.share <= r.high and r.boilerplate == "in" and r.unit == "paragraph" for r in rows)


def test_attention_leaves_boilerplate_out():
    common = "坚持以习近平新时代中国特色社会主义思想为指导，全面推进法治政府建设工作。"
    words = ("修路架桥。", "种树种草。", "办学办医。")
    reports = [document(common + own, place=place, id=place) for own, place in zip(words, "甲乙丙", strict=True)]
    rows = {(r.topic, r.boilerplate): r for r in compare.attention(reports, segment=SEGMENT)}
    assert (rows["法治", "in"].about, rows["法治", "in"].sentences) == (3, 6)
    assert (rows["法治", "out"].about, rows["法治", "out"].sentences) == (0, 3)


def test_attention_is_seeded_and_does_not_depend_on_order():
    texts = ["建设法治政府。", "发展。", "网格员。修路。"]
    reports = [document("\n".join(texts[i:] + texts[:i]), 2020 + i, id=str(i)) for i in range(3)]
    one = compare.attention(reports, segment=SEGMENT, draws=50)
    assert one == compare.attention(reports[::-1], segment=SEGMENT, draws=50)
    assert one != compare.attention(reports, segment=SEGMENT, draws=50, seed=1)


def test_many_documents_are_drawn_themselves():
    reports = [document("建设法治政府。发展。" if i % 2 else "发展。", id=str(i)) for i in range(12)]
    (row,) = [r for r in compare.attention(reports, segment=SEGMENT) if r.topic == "法治"]
    assert (row.unit, row.documents, row.share) == ("document", 12, 0.333333)
    assert 0.1 < row.low < row.share < row.high < 0.5


def test_attention_to_themes():
    taxonomy = Taxonomy((Topic("roads", (("修路", 3.0),)), Topic("schools", (("办学", 3.0),))))
    reports = [document("修路修路修路。修路。\n办学办学办学。", id="a")]
    rows = {r.topic: r.about for r in compare.attention(reports, topics=taxonomy)}
    assert rows == {"roads": 2, "schools": 1, "other": 0}
    assert {r.topic for r in compare.attention(reports, topics="themes")} == {*Taxonomy.of(reports[0]).labels, "other"}


# --- reuse ----------------------------------------------------------------------------------------------------------

LAW = "深入学习宣传贯彻习近平法治思想，推动法治政府建设各项任务落地见效"
OWN = ("清镇", "修文县", "开阳", "息烽县")


def by_brute_force(a, b, least):
    """Every maximal run that two texts share, blanks left out, as spans in both."""
    (of_a, at_a), (of_b, at_b) = (
        zip(*[(c, i) for i, c in enumerate(t) if not c.isspace()] or [("", 0)], strict=True) for t in (a, b)
    )
    found = set()
    for i in range(len(of_a)):
        for j in range(len(of_b)):
            if i and j and of_a[i - 1] == of_b[j - 1]:
                continue
            n = 0
            while i + n < len(of_a) and j + n < len(of_b) and of_a[i + n] == of_b[j + n]:
                n += 1
            if n >= least:
                found.add((at_a[i], at_a[i + n - 1] + 1, at_b[j], at_b[j + n - 1] + 1))
    return found


def spans_of(rows, a):
    return {(*r.source_span, *r.span) if r.source == a.id else (*r.span, *r.source_span) for r in rows}


# Few letters and passages repeated within and between the texts, with blanks and line ends in between
PIECES = st.lists(
    st.sampled_from(["甲乙丙丁戊己", "庚辛壬癸", "子 丑\n寅卯", "辰", "己庚", "甲乙丙丁戊", " "]), max_size=14
)


@given(PIECES, PIECES)
def test_reuse_finds_every_shared_run(first, second):
    a, b = gt.parse("".join(first), id="a"), gt.parse("".join(second), id="b")
    texts = [compare.reuse.without_furniture(d) for d in (a, b)]
    assert spans_of(compare.reuse_pairs(a, b, least=5, gap=0), a) == by_brute_force(*texts, 5)


@given(st.lists(PIECES, min_size=2, max_size=5), st.integers(2, 4))
def test_reuse_of_a_corpus_covers_every_shared_run(texts, many):
    reports = [
        document("".join(t), 2020 + i, place=str(i % 3), id=str(i), genre="通知") for i, t in enumerate(texts)
    ]  # fmt: skip
    rows = compare.reuse_corpus(reports, least=5, many=many)
    covered = {d.id: np.zeros(len(d.text), bool) for d in reports}
    for row in rows:
        covered[row.document][slice(*row.span)] = True
    for a, b in combinations(reports, 2):
        plain = [compare.reuse.without_furniture(d) for d in (a, b)]
        for start, end, start_b, end_b in by_brute_force(*plain, 5):
            assert covered[a.id][start:end].all() or covered[b.id][start_b:end_b].all()


@given(PIECES, PIECES)
def test_a_shared_run_reads_the_same_in_both(first, second):
    a, b = gt.parse("".join(first), id="a"), gt.parse("".join(second), id="b")
    texts = {"a": a.text, "b": b.text}
    for row in compare.reuse_pairs(a, b, least=5, gap=0):
        here, there = ("".join(s.of(texts[d]).split()) for d, s in ((row.document, row.span), (row.source, row.source_span)))  # fmt: skip
        assert here == there
        assert len(here) == row.same


def test_the_later_document_has_it_from_the_earlier():
    first, second = (document(LAW, id=d, place=p, date=d) for d, p in (("2025-02-01", "甲市"), ("2025-01-01", "乙市")))
    (row,) = compare.reuse_pairs(first, second)
    assert (row.document, row.source, row.relation, row.directed) == ("2025-02-01", "2025-01-01", "borrowed", True)
    # A year alone does not say which of two documents of that year is earlier
    third = document(LAW, id="x", place="丙市")
    assert not compare.reuse_pairs(first, third)[0].directed
    # Two years of one place; a place that is not known
    assert compare.reuse_pairs(document(LAW, 2024, id="a"), document(LAW, id="b"))[0].relation == "own"
    assert compare.reuse_pairs(gt.parse(LAW, id="a"), gt.parse(LAW, id="b"))[0].relation == "shared"


def test_runs_with_a_few_other_words_between_them_are_one_passage():
    a, b = gt.parse(LAW + "的省份。" + LAW[::-1], id="a"), gt.parse(LAW + "之城市：" + LAW[::-1], id="b")
    (row,) = compare.reuse_pairs(a, b)
    assert (row.same, row.span) == (2 * len(LAW), Span(0, len(b.text)))
    assert row.similarity == round(2 * len(LAW) / len(b.text), 4)
    assert len(compare.reuse_pairs(a, b, gap=0)) == 2


def test_boilerplate_and_borrowing_are_told_apart():
    unique = (
        "甲地独有的一段话，说的是修路架桥、植树造林、兴办学校和医院这些事情",
        "全新的另外一段文字，讲数据要素市场化配置改革如何一步步做成的经过",
    )
    texts = [LAW + "。" + unique[0], LAW + "；" + unique[1], LAW + "，" + unique[1], "其他内容"]
    reports = [document(t, 2020 + i, place, id=place) for i, (t, place) in enumerate(zip(texts, OWN, strict=True))]
    rows = compare.reuse_corpus(reports)
    boiler = {r.document for r in rows if r.relation == "boilerplate"}
    (borrowed,) = [r for r in rows if r.relation == "borrowed"]
    assert boiler == set(OWN[:3])
    assert all(r.places == 3 for r in rows if r.relation == "boilerplate")
    assert (borrowed.document, borrowed.source, borrowed.common) == (OWN[2], OWN[1], 0.0)
    assert borrowed.span.of(texts[2]) == unique[1]
    assert compare.boilerplate(reports)[OWN[0]] == [Span(0, len(LAW))]
    assert compare.boilerplate(reports)[OWN[3]] == []


def test_localised_texts_share_what_differs_in_names_alone():
    texts = [
        f"{place}扎实推进法治政府建设，{place}委、{place}政府对此高度重视并作出专门部署"
        for place in ("江苏省", "浙江省")
    ]
    reports = [document(t, 2024 + i, t[:3], id=t[:3]) for i, t in enumerate(texts)]
    assert compare.reuse_pairs(*reports) == []
    (row,) = compare.reuse_pairs(*reports, localised=True)
    assert row.span == Span(0, len(texts[1]))


@pytest.mark.parametrize("text", ["甲" * 20_000, "甲乙" * 10_000, LAW * 600, ""])
def test_hostile_repetition_ends(text):
    a, b = document(text, 2024, id="a"), document(text + "尾", 2025, "乙市", id="b")
    for found in (compare.reuse_pairs(a, b), compare.reuse_corpus([a, b])):
        assert {row.span for row in found[:1]} == ({Span(0, len(text))} if text else set())
        assert len(found) < 200


def test_runs_beside_endless_repetition_are_whole():
    a, b = "甲" * 200 + LAW, "乙" + "甲" * 100 + LAW
    found = compare.reuse_pairs(gt.parse(a, id="a"), gt.parse(b, id="b"))
    assert found[0].span == Span(1, len(b))
    assert found[0].source_span == Span(100, len(a))


def test_near_duplicates():
    texts = [f"第{i}项任务由第{i * 7}号单位负责，完成时限为{i + 3}个月。" for i in range(120)]
    a, b, c = "".join(texts), "".join(texts[:118]) + "新增一项。", "".join(texts)[::-1]
    reports = [gt.parse(t, id=i) for i, t in zip("abc", (a, b, c), strict=True)]
    assert [(d.document, d.other) for d in compare.near_duplicates(reports)] == [("b", "a")]


# --- localised texts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "neutral"),
    [
        ("江苏省人民政府省长许昆林作报告", "◇人民政府省长◆作报告"),
        ("全省上下，我市各部门，省委、省政府", "◇上下，◇各部门，◇委、◇政府"),
        ("支持南京市、苏州和甲市发展", "支持◇、◇和◇发展"),
        ("海拉尔区人民政府区长　　杜联合\n", "海拉尔区人民政府区长　　◆\n"),
        # What every report has stays: national leaders, levels in general
        ("以习近平同志为核心的党中央，国家主席习近平", "以习近平同志为核心的党中央，国家主席习近平"),
        ("推动全域治理、市场监管、县级医院建设", "推动全域治理、市场监管、县级医院建设"),
        ("", ""),
    ],
)
def test_localise(text, neutral):
    found = compare.localise(document(text))
    assert found.text == neutral
    assert len(found.offsets) == len(found.text) + 1
    assert found.offsets[-1] == len(text)


def test_a_name_within_a_word_is_none():
    source = document("淮河南岸的治理")
    assert compare.localise(source).text == "淮◇岸的治理"
    assert compare.localise(source, segment=gt.Segmenter()).text == source.text


@given(st.text(st.sampled_from("全我省市县区委江苏南京长书记许昆林，。　\n甲"), max_size=40))
def test_every_stretch_of_a_localised_text_has_its_place(text):
    source = document(text)
    found = compare.localise(source)
    for i in range(len(found.text)):
        span = found.span(i, i + 1)
        assert span.of(source.text) == found.text[i] if found.text[i] not in "◇◆" else span in found.names
    assert found.span(0, len(found.text)) == Span(0, len(source.text))


# --- figures --------------------------------------------------------------------------------------------------------


def test_pictures_show_what_they_are_given():
    figure = Figure()
    left, right = figure.subplots(1, 2)
    rows = compare.term_changes(gt.parse("法治政府。" * 3), gt.parse("营商环境。" * 3))
    plots.term_changes(left, rows, names=("2025", "2024"))
    assert [label.get_text() for label in left.get_yticklabels()] == [row.term for row in rows]
    reports = [document("建设法治政府。发展。", year, id=str(year)) for year in (2024, 2025)]
    plots.attention(right, [r for r in compare.attention(reports, segment=SEGMENT) if r.boilerplate == "in"])
    assert [label.get_text() for label in right.get_xticklabels()] == ["2024", "2025"]
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["法治", "治理"]


def test_empty_pictures():
    figure = Figure()
    for draw in (plots.term_changes, plots.attention):
        draw(figure.add_subplot(), [])


# --- compiled and in Python: the same to the last bit ---------------------------------------------------------------

compiled = pytest.mark.skipif(figures.kernels is None, reason="govtext.native is not compiled")
FEW = st.lists(st.text(alphabet="ab，\0\U0010ffff", max_size=12), max_size=5)  # short alphabets: bigrams that recur


def in_python(module, function):
    """What a function returns where nothing is compiled."""
    with mock.patch.object(module, "kernels", None):
        return function()


@compiled
@given(st.lists(FEW, min_size=2, max_size=3))
def test_bigrams_and_overlaps_are_the_same_compiled(lists):
    tables = figures.bigrams(*lists)
    twins = in_python(figures, lambda: figures.bigrams(*lists))
    for table, twin in zip(tables, twins, strict=True):
        used = [side.columns[side.starts[0] : side.starts[-1]].tolist() for side in (table, twin)]
        assert used[0] == used[1]
        assert np.array_equal(table.starts, twin.starts)
        assert table.size == twin.size
    found, twin = figures.overlap(*tables[:2]), in_python(figures, lambda: figures.overlap(*twins[:2]))
    assert [column.tolist() for column in found] == [column.tolist() for column in twin]


@compiled
@given(st.text(alphabet="ab", max_size=60), st.integers(1, 9))
def test_shingles_are_the_same_compiled(text, size):
    points = shingles.codes(text)
    found, twin = shingles.shingles(points, size), in_python(shingles, lambda: shingles.shingles(points, size))
    assert found.tolist() == twin.tolist()
    values, times = np.unique(found, return_counts=True)
    again = np.flatnonzero(np.isin(found, values[times > 1]))
    assert set(again.tolist()) <= set(shingles.recurring(found).tolist()) <= set(range(len(found)))


@compiled
@given(st.lists(st.text(alphabet="ab", max_size=40), max_size=4))
def test_reuse_of_a_corpus_is_the_same_compiled(texts):
    corpus = [document(text, id=str(n), place=f"{n}市") for n, text in enumerate(texts)]
    twin = in_python(shingles, lambda: compare.reuse_corpus(corpus, least=5))
    assert compare.reuse_corpus(corpus, least=5) == twin


NONE, ROWS, ONE = np.zeros(0, np.int32), np.array([0, 1]), np.ones(1)
BAD = [
    ("shingles", (np.zeros(3, np.uint32), 2, np.zeros(1, np.uint64))),  # room for one hash, not for two
    ("shingles", (np.zeros(3, np.uint32), 0, np.zeros(4, np.uint64))),
    ("shingles", (np.zeros(3, np.uint32), 4, np.zeros(0, np.uint64))),  # longer than the text
    ("recurring", (np.zeros(2, np.uint64), np.zeros(1, np.bool_))),
    (
        "bigrams",
        (np.array([97, 0], np.uint32), np.zeros(1, np.int64), np.zeros(2, np.int32)),
    ),  # one text, room for none
    ("bigrams", (np.array([97], np.uint32), np.zeros(2, np.int64), np.zeros(1, np.int32))),  # a text without an end
    ("bigrams", (np.array([0], np.uint32), np.zeros(3, np.int64), np.zeros(1, np.int32))),  # a text too few
    ("bigrams", (np.array([0x110000, 0], np.uint32), np.zeros(2, np.int64), np.zeros(2, np.int32))),  # no code point
    ("bigrams", (np.array([0], np.uint32), NONE, np.zeros(1, np.int32))),
    ("overlap", (ROWS, ROWS, np.array([1], np.int32), 1, np.ones(3), ONE, ONE, ONE)),  # a column beyond the last
    ("overlap", (ROWS, ROWS, np.array([-1], np.int32), 1, np.ones(3), ONE, ONE, ONE)),
    ("overlap", (ROWS, ROWS, NONE, 1, np.ones(3), ONE, ONE, ONE)),  # a row beyond the columns
    ("overlap", (ROWS[::-1].copy(), ROWS, np.zeros(1, np.int32), 1, np.ones(3), ONE, ONE, ONE)),  # a row that falls
    ("overlap", (ROWS, ROWS, np.zeros(1, np.int32), 1, np.ones(2), ONE, ONE, ONE)),  # no weight for the frequency 2
    ("overlap", (ROWS, ROWS, np.zeros(1, np.int32), -1, np.ones(3), ONE, ONE, ONE)),
    ("overlap", (ROWS, ROWS, np.zeros(1, np.int32), 1, np.ones(3), ONE, ONE, np.ones(2))),
]


@compiled
@pytest.mark.parametrize(("name", "arguments"), BAD)
def test_compiled_functions_refuse_what_does_not_fit(name, arguments):
    with pytest.raises(ValueError, match="wanted"):
        getattr(figures.kernels, name)(*arguments)
