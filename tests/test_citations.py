"""Titles, document numbers and quoted phrases: span, type, verb, mentions, expansion."""

from collections import Counter

import pytest

import govtext as gt
from govtext import citations, tables


def read(text):
    return citations.extract(gt.parse(text))


TITLES = [
    # types by the end of the title
    ("贯彻《中华人民共和国民法典》。", [("law", "obeyed", "中华人民共和国民法典")]),
    ("修订《贵州省行政执法监督条例》。", [("regulation", "made", "贵州省行政执法监督条例")]),
    ("印发《清镇市行政应诉工作规定》。", [("rule", "made", "清镇市行政应诉工作规定")]),
    ("编制《国民经济和社会发展纲要（草案）》。", [("plan", "made", "国民经济和社会发展纲要（草案）")]),
    ("根据省委《关于改进作风的意见》要求", [("policy", "obeyed", "关于改进作风的意见")]),
    ("签署《友好合作备忘录》。", [("agreement", "made", "友好合作备忘录")]),
    ("现提出《政府工作报告》。", [("report", "made", "政府工作报告")]),
    # by what stands beside it
    ("开设《习近平法治思想》专题课。", [("course", "", "习近平法治思想")]),
    ("舞剧《天工开物》精彩亮相。", [("work", "", "天工开物")]),
    # a list shares its verb; a comma ends it
    ("制发《甲指引》《乙目录》、《丙办法》。", [("rule", "made", t) for t in ("甲指引", "乙目录", "丙办法")]),
    ("印发《甲办法》，《乙办法》另行公布。", [("rule", "made", "甲办法"), ("rule", "", "乙办法")]),
    # what is made goes before what is obeyed
    ("制定并组织实施《甲办法》。", [("rule", "made", "甲办法")]),
    # a title in a title
    ("印发《关于贯彻《民法典》的通知》。", [("policy", "made", "关于贯彻《民法典》的通知"), ("law", "", "民法典")]),
    # blanks in a title do not count
    ("落实《全国 统一大市场建设指引》", [("rule", "obeyed", "全国统一大市场建设指引")]),
    # marks that do not pair up
    ("《甲办法", []),
    ("甲办法》", []),
    ("《甲\n办法》", []),
    ("《》", []),
]


@pytest.mark.parametrize(("text", "expected"), TITLES, ids=[t for t, _ in TITLES])
def test_titles(text, expected):
    assert [(c.type, c.role, c.title) for c in read(text)] == expected


PHRASES = [
    # slogans with numerals
    ("两降一保", "slogan"), ("一个目标七个抓手", "slogan"), ("双随机、一公开", "slogan"), ("三调", "slogan"), ("五个一办", "slogan"),
    ("1+1+N", "slogan"), ("3815", "slogan"), ("7个专项行动", "slogan"), ("一带一路", "slogan"), ("一产做优、二产做大", "slogan"),
    # plan periods
    ("十四五", "period"),
    # ordinals and words that begin with a numeral are no slogans, nor sentences
    ("第一议题", "quotation"), ("一把手", "quotation"), ("2030启航计划", "quotation"), ("一件接着一件干的精神", "quotation"),
    # plain quotation
    ("强省会", "quotation"), ("行政执法+行政检察", "quotation"), ("不敢、不能、不想", "quotation"),
]  # fmt: skip


@pytest.mark.parametrize(("phrase", "kind"), PHRASES)
def test_phrases(phrase, kind):
    (found,) = read(f"坚持“{phrase}”。")
    assert (found.type, found.title, found.text) == (kind, phrase, f"“{phrase}”")


EXPANSIONS = [
    # in brackets
    ("推进“三调”联动（人民调解、行政调解、司法调解）。", "人民调解、行政调解、司法调解"),
    ("坚决做到“两个维护”（坚持）。", ""),
    # after 即
    ("做到“两个确立”，即确立核心地位、确立指导地位。", "确立核心地位、确立指导地位"),
    # in a glossary, for every phrase before the colon
    ("名词解释\n7.“三通一码”：甲通、乙通。", "甲通、乙通。"),
    ("4.货运企业“三上门”行动：上门宣讲。", "上门宣讲。"),
    # a colon in running text explains nothing
    ("千方百计解决好“三农”问题：一要投入。", ""),
]


@pytest.mark.parametrize(("text", "expansion"), EXPANSIONS)
def test_expansions(text, expansion):
    (found,) = read(text)
    assert found.expansion == expansion
    assert (found.expansion_span is None) == (not expansion)


def test_mentions_share_what_one_of_them_says():
    text = "制定《甲清单》。落实《甲清单》。推进“三调”。\n“三调”：甲、乙、丙。"
    made, obeyed, first, second = read(text)
    assert [(c.mention, c.first, c.own) for c in (made, obeyed)] == [(1, made.span, True), (2, made.span, True)]
    assert (first.expansion, second.expansion, second.mention) == ("甲、乙、丙。", "甲、乙、丙。", 2)


def test_own_is_what_is_made_here():
    assert [c.own for c in read("国务院印发《甲办法》。制定《乙办法》。修订《公务员法》。")] == [False, True, False]


NUMBERS = [
    ("根据黔府发〔2022〕5号文件", "黔府发〔2022〕5号"),
    ("印发清府办函［2021］ 12号", "清府办函［2021］12号"),
    ("第（2022）号", None),
]


@pytest.mark.parametrize(("text", "number"), NUMBERS)
def test_document_numbers(text, number):
    assert [c.title for c in read(text) if c.type == "doc_number"] == ([number] if number else [])


def test_a_title_knows_its_number():
    title, number = read("落实《关于改进作风的意见》（黔府发〔2022〕5号）。")
    assert title.doc_number == number.title == "黔府发〔2022〕5号"


def test_the_reference_report(report):
    found = citations.extract(report)
    assert all(report.text[slice(*c.span)] == c.text for c in found)
    titles = [c for c in found if c.text[0] == "《"]
    phrases = [c for c in found if c.text[0] == "“"]
    assert (len(titles), len({c.title for c in titles}), len(phrases)) == (15, 13, 28)
    assert Counter(c.type for c in titles) == {"rule": 11, "plan": 3, "course": 1}
    assert Counter(c.role for c in titles) == {"made": 12, "obeyed": 2, "": 1}
    slogans = {c.title for c in phrases if c.type == "slogan"}
    wanted = "一规划两纲要|一规划三方案|两降一保|双随机、一公开|一个目标七个抓手|五个一办|1+1+N|三调|一云一网一平台"
    assert "|".join(sorted(slogans)) == "|".join(sorted(wanted.split("|")))


def test_tables(report):
    rows = tables.citation_rows(citations.extract(report))
    assert {"start", "end", "text", "type", "first_start"} <= set(rows[0])


HOSTILE = [
    "《" * 50_000, "《" * 20_000 + "》" * 20_000, "《甲" * 20_000, "“" * 50_000, "“一”" * 20_000, "“" + "一" * 15 + "的”" * 2_000, "即" * 30_000,
    "“三农”（" * 10_000, "〔2022〕" * 20_000, "\n".join(["“三农”：甲"] * 5_000),
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=[t[:4] for t in HOSTILE])
def test_hostile_texts_end(text):
    found = read(text)
    assert all(c.span.of(gt.parse(text).text) == c.text for c in found[:10])
