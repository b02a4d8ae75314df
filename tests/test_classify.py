"""Themes and roles of paragraphs, the taxonomies behind them, and the estimator for the user's own labels."""

import hashlib
import io
import itertools
import json
import pickle
import subprocess
import sys
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import TEXTS
from govtext import classify, tables
from govtext.classify import NgramModel, Taxonomy, Topic, evidence, ngrams, stored
from govtext.classify.ngrams import keys_of, pack, unpack
from govtext.classify.stored import bundled
from govtext.document import parse
from govtext.errors import GovtextError, LexiconError, ModelError, OptionError, OutputError
from govtext.lexicon import Lexicon, Term
from govtext.text import Span
from govtext.tokens import Segmenter

# --- themes: headings and paragraphs as reports of many places and years write them ---------------------------------

HEADINGS = [
    ("leadership", "坚持党的领导，扛牢法治政府建设政治责任"),
    ("leadership", "健全法治政府建设推进机制"),
    ("leadership", "全面提高政府工作人员法治思维和依法行政能力"),
    ("leadership", "党政主要负责人履行推进法治建设第一责任人职责情况"),
    ("functions", "依法全面履行政府职能"),
    ("functions", "深化“放管服”改革，持续优化法治化营商环境"),
    ("functions", "动态调整权责清单"),
    ("rulemaking", "完善依法行政制度体系"),
    ("rulemaking", "加强行政规范性文件监督管理"),
    ("rulemaking", "推进科学立法、民主立法、依法立法"),
    ("decision", "推进行政决策科学化民主化法治化"),
    ("decision", "充分发挥法律顾问作用"),
    ("enforcement", "坚持严格规范公正文明执法"),
    ("enforcement", "加强行政执法监督，规范涉企检查"),
    ("emergency", "健全突发事件应对体系，依法预防处置重大突发事件"),
    ("emergency", "提升应急处置能力"),
    ("disputes", "依法有效化解社会矛盾纠纷"),
    ("disputes", "坚持和发展新时代“枫桥经验”"),
    ("disputes", "加强行政复议和行政应诉工作"),
    ("oversight", "健全行政权力制约和监督体系，促进行政权力规范透明运行"),
    ("oversight", "全面推进政务公开"),
    ("digital", "健全法治政府建设科技保障体系，全面建设数字法治政府"),
    ("digital", "推动政务数据共享，提升智慧监管水平"),
    ("publicity", "落实“谁执法谁普法”责任制"),
    ("publicity", "扎实推进“八五”普法"),  # the quotes stand inside the word
    ("other", "2023年度法治政府建设情况"),
    ("other", "下一步工作打算"),
    ("other", "加快发展新质生产力，建设现代化产业体系"),
    ("other", "大力发展数字经济"),  # not digital government
]
PARAGRAPHS = [
    ("leadership", "全市共举办领导干部专题法治讲座6场，组织政府常务会议学法4次。"),
    ("functions", "取消行政许可事项12项，推行“一件事一次办”，政务服务事项网上可办率达到98%。"),
    ("rulemaking", "全年共制定政府规章2件，审查各部门规范性文件草案37件，备案9件。"),
    ("decision", "将12项事项纳入重大行政决策目录，均履行公众参与、专家论证、风险评估和集体讨论程序。"),
    ("enforcement", "办理行政处罚案件1200件，开展案卷评查2次，推行“首违不罚”。"),
    ("emergency", "修订突发事件总体应急预案，组织防汛、地震应急演练23场。"),
    ("disputes", "各级调解组织共排查调处矛盾纠纷3465件，调解成功率98%。"),
    ("oversight", "办理人大代表建议120件、政协提案98件，办理依申请公开56件。"),
    ("digital", "建成全市统一的政务数据共享交换平台，推广应用电子证照。"),
    ("publicity", "开展“宪法宣传周”活动86场，培育“法律明白人”1200名。"),
    ("other", "地区生产总值增长5.6%，规模以上工业增加值增长7.2%。"),
    ("other", "我县认真开展法治政府建设各项工作，现将情况报告如下。"),
]


@pytest.mark.parametrize(("theme", "heading"), HEADINGS, ids=[h for _, h in HEADINGS])
def test_theme_of_a_heading(theme, heading):
    assert [x.label for x in classify.themes(parse(f"（一）{heading}"))] == [theme]


@pytest.mark.parametrize(("theme", "text"), PARAGRAPHS, ids=[t for t, _ in PARAGRAPHS])
def test_theme_of_a_paragraph(theme, text):
    label = classify.themes(parse(text))[0]
    assert label.label == theme
    assert label.span == Span(0, len(text))


def test_theme_is_inherited_from_the_headings():
    doc = parse(
        "一、工作情况\n（三）规范行政执法\n一是提升水平。邀请专家授课。\n（四）化解矛盾纠纷\n一是健全网络。配备人员52名。"
    )
    labels = classify.themes(doc)
    assert [x.label for x in labels] == ["other", "enforcement", "enforcement", "disputes", "disputes"]
    assert labels[2].why[0] == "规范行政执法"


# --- roles ----------------------------------------------------------------------------------------------------------

ALONE = [
    ("review", "全年完成固定资产投资325.6亿元，同比增长8.3%，城镇新增就业1.2万人。"),
    ("review", "五年来，我们克服了前所未有的困难，综合实力显著增强。"),
    ("plan", "今年，要加快推进重点项目建设，力争完成投资200亿元以上。"),
    ("plan", "下一步，我市将继续深化改革，进一步优化营商环境。"),
    ("plan", "加快建设数字政府，推动政务数据共享，让群众办事更方便。"),
    ("problem", "在看到成绩的同时，我们也清醒认识到，还存在不少困难和问题：部分干部能力不强，服务意识有待提高。"),
    ("preamble", "各位代表：现在，我代表市人民政府，向大会作政府工作报告，请予审议。"),
]
REPORTS = {
    "county, usual headings": [
        ("preamble", "某县2021年度法治政府建设年度报告"),
        ("review", "一、2021年推进法治政府建设的主要举措和成效"),
        ("review", "（一）依法全面履行政府职能"),
        ("review", "深化“放管服”改革。取消证明事项12项。"),
        ("problem", "二、2021年推进法治政府建设存在的不足和原因"),
        ("problem", "行政执法规范化水平还不够高，主要原因是人员力量不足。"),
        ("duty", "三、2021年党政主要负责人履行推进法治建设第一责任人职责的有关情况"),
        ("duty", "（一）加强学习。带头学法用法，主持政府常务会议学法4次。"),
        ("plan", "四、2022年推进法治政府建设的主要安排"),
        ("plan", "（一）持续优化营商环境。全面落实公平竞争审查制度。"),
    ],
    "bureau, themes for headings": [
        ("preamble", "2023年，我局认真落实法治政府建设各项任务。现将有关情况报告如下："),
        ("review", "一、加强党的领导，扛牢法治建设政治责任"),
        ("review", "局党组理论学习中心组专题学习习近平法治思想4次。"),
        ("review", "二、严格规范公正文明执法"),
        ("review", "严格落实“三项制度”，查办案件325件，罚没款560万元。"),
        ("problem", "三、存在的不足"),
        ("problem", "一是执法人员能力有待提高。部分人员业务不够熟练。"),
        ("plan", "四、2024年工作计划"),
        ("plan", "一是持续加强学习。把学习习近平法治思想作为首要任务。"),
    ],
    "no headings": [
        ("preamble", "2022年，我县扎实推进法治政府建设，现将情况报告如下。"),
        ("review", "全县共取消行政许可事项32项，网办率达95%。"),
        ("review", "调解各类矛盾纠纷2356件，调解成功率99.1%。"),
        ("problem", "一年来取得了一定成效，但还存在一定差距：执法力量薄弱，应诉能力有待提升。"),
        ("plan", "下一步，我县将重点抓好以下工作："),
        ("plan", "规范行政执法。深入开展行政执法人员培训，全面落实裁量权基准制度。"),
    ],
    "problem and plan under one heading, duty below the top level": [
        ("review", "一、2023年法治政府建设情况"),
        ("review", "（一）强化理论学习。组织专题学习4次。"),
        ("duty", "（二）党政主要负责人履行第一责任人职责情况。市长主持召开常务会议6次，带头述法。"),
        ("problem", "二、存在问题及下步打算"),
        ("problem", "（一）存在的问题。执法规范化不够，人员不足。"),
        ("plan", "（二）下一步工作计划。加强培训，规范执法。"),
    ],
    "government work report": [
        ("preamble", "现在，我代表市人民政府向大会作政府工作报告，请予审议。"),
        ("review", "一、2024年工作回顾"),
        ("review", "坚持不懈抓改革、促开放，不断激发市场活力。"),  # an imperative, but the heading says when
        ("plan", "二、2025年工作安排"),
        ("plan", "地区生产总值增长5%左右。"),
        ("plan", "三、加强政府自身建设"),
        ("plan", "严格依法行政，自觉接受监督。"),
    ],
}


@pytest.mark.parametrize(("role", "text"), ALONE)
def test_role_of_a_paragraph_alone(role, text):
    assert [x.label for x in classify.roles(parse(text))] == [role]


@pytest.mark.parametrize("rows", REPORTS.values(), ids=REPORTS)
def test_roles_of_a_report(rows):
    labels = classify.roles(parse("\n".join(text for _, text in rows)))
    assert [x.label for x in labels] == [role for role, _ in rows]


def test_neighbours_count():
    doubtful = "组织开展专项行动，维护社会稳定。"
    plan = "今年，要加快推进重点项目建设，力争完成投资200亿元以上。"
    review = "全年完成固定资产投资325.6亿元，同比增长8.3%。"
    for other, role in ((plan, "plan"), (review, "review")):
        assert classify.roles(parse(f"{other}\n{doubtful}\n{other}"))[1].label == role


def test_place_in_the_text_is_no_evidence():
    review = "全年完成固定资产投资325.6亿元，同比增长8.3%，城镇新增就业1.2万人。"
    assert {x.label for x in classify.roles(parse("\n".join([review] * 20)))} == {"review"}


def test_the_wording_that_decided_is_named():
    assert "今年" in classify.roles(parse("今年要加快建设。"))[0].why[0]
    assert "N.N%" in classify.roles(parse("同比增长8.3%。"))[0].why[0]


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("2022年, 增长5.6%", "。Y年，增长N.N%"),
        ("　“十四五”时期", "。Y五时期"),
        ("投资2025万元", "。投资N万元"),  # no year
    ],
)
def test_wording(text, wording):
    assert classify.as_wording(text) == wording


# --- both -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [classify.themes, classify.roles])
@pytest.mark.parametrize("text", ["", "\n", "　\n\n", "法", "一、", "一、总则\n二、附则", "附件\n1.名词解释"])
def test_one_label_a_paragraph_of_any_text(function, text):
    doc = parse(text)
    assert [x.span for x in function(doc)] == list(doc.paragraphs)


@given(TEXTS)
def test_labels_tile_the_paragraphs(text):
    doc = parse(text)
    for labels, taxonomy in ((classify.themes(doc), Taxonomy.default()), (classify.roles(doc), Taxonomy.roles())):
        assert [x.span for x in labels] == list(doc.paragraphs)
        assert all(
            x.label in taxonomy.labels and 1 / len(taxonomy.labels) <= x.probability + 1e-9 <= 1.01 for x in labels
        )
        assert all(isinstance(word, str) and word for x in labels for word in x.why)


def test_the_reference_report(report, segment):
    themes, roles = classify.themes(report, segment=segment), classify.roles(report, segment=segment)
    assert {x.label for x in themes} == set(Taxonomy.default().labels) - {"publicity"}
    order = [role for role, _ in itertools.groupby(x.label for x in roles)]
    assert order == ["preamble", "review", "duty", "problem", "plan"]
    assert themes == classify.themes(parse(report.text), segment=segment)


# --- taxonomies -----------------------------------------------------------------------------------------------------


def test_shipped_taxonomies():
    themes = "leadership functions rulemaking decision enforcement emergency disputes oversight digital publicity other"
    assert Taxonomy.default().labels == tuple(themes.split())
    assert Taxonomy.roles().labels == ("preamble", "review", "duty", "problem", "plan")
    for topic in (*Taxonomy.default().topics, *Taxonomy.roles().topics):
        assert topic.name
        assert topic.description


def test_a_taxonomy_of_ones_own(tmp_path):
    path = tmp_path / "fields.tsv"
    path.write_text(
        "# 我的分类\r\nlabel\tseeds\r\n农业\t粮食|农田:3|乡村振兴\r\n教育\t学校:3|教师\r\n", encoding="gb18030"
    )
    taxonomy = Taxonomy.read(path)
    assert taxonomy.topics[0] == Topic("农业", (("粮食", 2.0), ("农田", 3.0), ("乡村振兴", 2.0)))
    doc = parse("新建高标准农田50万亩。\n新建改扩建学校23所。\n城市面貌焕然一新。")
    assert [x.label for x in classify.themes(doc, taxonomy=taxonomy)] == ["农业", "教育", "other"]
    assert classify.themes(doc, taxonomy=taxonomy)[0].why == ("农田",)


def test_roles_of_ones_own():
    taxonomy = Taxonomy((Topic("依据", (("根据", 6.0),)), Topic("决定", (("决定", 6.0),), headings=(("处罚", 4.0),))))
    doc = parse("根据有关法律。\n决定如下。\n一、处罚\n罚款。")
    assert [x.label for x in classify.roles(doc, taxonomy=taxonomy)] == ["依据", "决定", "决定", "决定"]


def test_headings_count_only_in_headings():
    taxonomy = Taxonomy((Topic("监督", (), headings=(("监督", 3.0),)),))
    labels = classify.themes(parse("一、监督\n监督。"), taxonomy=taxonomy)
    assert labels[0].why == ("监督",)
    assert classify.themes(parse("监督。"), taxonomy=taxonomy)[0].label == "other"


def test_forms_of_a_lexicon_term_stand_for_the_seed():
    taxonomy = Taxonomy((Topic("执法", (("双随机、一公开", 3.0),)),))
    segment = Segmenter(Lexicon([Term("双随机、一公开", variants=("双随机抽查",))]))
    doc = parse("开展双随机抽查。")
    assert classify.themes(doc, taxonomy=taxonomy)[0].label == "other"
    assert classify.themes(doc, taxonomy=taxonomy, segment=segment)[0].label == "执法"


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("", "", "the header is missing"),
        ("# remark\nlabel\twords\n", "line 2", "the header is label words"),
        ("label\tseeds\tseeds\n", "line 1", "the header is"),
        ("label\tseeds\na\t法\tx\n", "line 2", "3 fields, but the header has 2"),
        ("label\tseeds\na\t法\n# x\na\t治\n", "line 4", "'a' stands in an earlier line"),
        ("label\tseeds\n\t法\n", "line 2", "the label is missing"),
        ("label\tseeds\na\t法:x\n", "line 2", "the weight is 'x'"),
        ("label\tseeds\na\t法:1e9\n", "line 2", "the weight is '1e9'"),
        ("label\tseeds\na\t法|法:2\n", "line 2", "“法” stands twice"),
        ("label\tseeds\na\t:2\n", "line 2", "has no word"),
        ("label\tseeds\tprior\na\t法\tmany\n", "line 2", "the weight is 'many'"),
    ],
)
def test_malformed_taxonomies(tmp_path, content, line, message):
    path = tmp_path / "t.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError) as caught:
        Taxonomy.read(path)
    assert message in caught.value.what
    assert caught.value.where.endswith(line)
    assert caught.value.remedy


def test_a_missing_taxonomy(tmp_path):
    with pytest.raises(GovtextError, match="cannot be read"):
        Taxonomy.read(tmp_path / "none.tsv")


# --- the estimator --------------------------------------------------------------------------------------------------

TEXTS_OF_FIELDS = ["粮食产量稳步增长", "新建高标准农田", "发展乡村产业", "新建中小学校", "招聘乡村教师", "减轻学生负担"]
FIELDS = ["农业", "农业", "农业", "教育", "教育", "教育"]


@pytest.fixture(scope="module")
def fitted(segment):
    return classify.SectionClassifier(segment=segment).fit(TEXTS_OF_FIELDS, FIELDS)


def test_section_classifier(fitted):
    assert fitted.classes_.tolist() == ["农业", "教育"]
    assert fitted.predict(["高标准农田建设", "乡村教师队伍"]).tolist() == ["农业", "教育"]
    chances = fitted.predict_proba(TEXTS_OF_FIELDS)
    assert chances.shape == (6, 2)
    assert np.allclose(chances.sum(axis=1), 1)
    assert fitted.score(TEXTS_OF_FIELDS, FIELDS) == 1


def test_section_classifier_is_an_estimator(fitted, segment):
    from sklearn.base import clone, is_classifier
    from sklearn.exceptions import NotFittedError
    from sklearn.model_selection import cross_val_score

    assert is_classifier(fitted)
    assert clone(fitted).get_params()["C"] == 10.0
    assert cross_val_score(classify.SectionClassifier(segment=segment), TEXTS_OF_FIELDS, FIELDS, cv=2).shape == (2,)
    copy = pickle.loads(pickle.dumps(fitted))  # noqa: S301 - as worker processes do
    assert np.array_equal(copy.predict_proba(TEXTS_OF_FIELDS), fitted.predict_proba(TEXTS_OF_FIELDS))
    with pytest.raises(NotFittedError):
        classify.SectionClassifier().predict(["法"])


@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        (["甲", "乙"], ["a"], "2 texts, but 1 labels"),
        (["甲", "乙"], ["a", "a"], "fewer than two labels"),
        ([], [], "fewer than two labels"),
        ("甲乙", ["a", "b"], "one string instead of a list"),
    ],
)
def test_section_classifier_refuses(texts, labels, message):
    with pytest.raises(OptionError, match=message):
        classify.SectionClassifier().fit(texts, labels)


def test_scikit_learn_loads_late():
    code = (
        "import sys; from govtext import classify; from govtext.document import parse; "
        "classify.roles(parse('今年要加快建设。')); print('sklearn' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    with pytest.raises(AttributeError):
        classify.nothing  # noqa: B018


PROBLEMS = [
    # the paragraph of difficulties inside a review, as nearly every work report has one
    "我们也清醒地看到，全省发展中仍面临不少困难和问题，主要是：经济总量不大，产业结构不优，创新能力不强。",
    "同时，政府工作还存在不少差距和不足，对这些问题，我们将高度重视。",
]


@pytest.mark.parametrize("paragraph", PROBLEMS)
def test_a_review_pauses_to_name_its_problems(paragraph):
    text = f"一、2025年工作回顾\n一年来，地区生产总值增长5.6%，完成了全年任务。\n{paragraph}\n二、2026年工作安排\n今年要加快建设。"
    assert [label.label for label in classify.roles(parse(text))] == ["review", "review", "problem", "plan", "plan"]


# --- themes of a government work report -----------------------------------------------------------------------------

WORK_REPORT = [
    ("macro", "深入实施提振消费专项行动，加力扩围实施消费品以旧换新，扩大有效投资。"),
    ("macro", "提升新型城镇化质量，推动都市圈和城市群协同发展。"),
    ("industry", "加强关键核心技术攻关，培育壮大战略性新兴产业和未来产业，新增高新技术企业2000家。"),
    ("rural", "新建和改造高标准农田200万亩，粮食产量稳定在400亿斤以上，建设宜居宜业和美乡村。"),
    ("livelihood", "城镇新增就业60万人，新增公办义务教育学位5万个，完善分级诊疗和医保支付制度。"),
    ("ecology", "持续打好蓝天、碧水、净土保卫战，PM2.5平均浓度下降3%，积极稳妥推进碳达峰。"),
    ("reform", "深化国资国企改革，落实促进民营经济发展的措施，优化营商环境，稳外贸稳外资。"),
    ("security", "有序化解地方债务风险，深入开展安全生产治本攻坚，坚决遏制重特大事故。"),
    ("governance", "坚持和发展新时代“枫桥经验”，完善基层治理体系，推进信访工作法治化，铸牢中华民族共同体意识。"),
    ("self", "加强政府自身建设，严格落实中央八项规定精神，力戒形式主义、官僚主义，建设廉洁政府。"),
    ("other", "现在，我代表省人民政府，向大会报告工作，请予审议，并请各位政协委员提出意见。"),
]
WORK = Taxonomy.work_report()


@pytest.mark.parametrize(("theme", "text"), WORK_REPORT, ids=[t[:12] for _, t in WORK_REPORT])
def test_theme_of_a_paragraph_of_a_work_report(theme, text):
    assert classify.themes(parse(text), taxonomy=WORK)[0].label == theme


def test_closing_words_do_not_belong_to_the_last_heading():
    closing = "各位代表！让我们更加紧密地团结在以习近平同志为核心的党中央周围，奋力谱写新篇章！"
    doc = parse(f"二、2025年重点任务\n（九）防范化解重点领域风险\n抓好防灾减灾救灾和安全生产。\n{closing}")
    assert [x.label for x in classify.themes(doc, taxonomy=WORK)][2:] == ["security", "other"]


GENRES = [
    ("2024年政府工作报告\n一、2023年工作回顾", "work-report"),
    # no title, but the opening words of the genre, also after page furniture
    ("字号：大 中 小\n各位代表：\n现在，我代表省人民政府，向大会报告工作，请予审议。", "work-report"),
    ("各位代表：\n我代表国务院，向大会作政府工作报告，请予审议。", "work-report"),
    ("某县2022年度法治政府建设情况报告\n一、主要举措和成效", "rule-of-law"),
    ("各位代表提出建议120件。政府法治工作报告如下。", "rule-of-law"),
    ("", "rule-of-law"),
]


@pytest.mark.parametrize(("text", "name"), GENRES)
def test_the_taxonomy_is_chosen_by_genre_and_named(text, name):
    doc = parse(text)
    assert Taxonomy.of(doc).name == name
    assert {x.taxonomy for x in classify.themes(doc)} <= {name}
    assert {x.taxonomy for x in classify.roles(doc)} <= {"roles"}


def test_a_read_taxonomy_is_called_as_its_file(tmp_path):
    (tmp_path / "fields.tsv").write_text("label\tseeds\n农业\t粮食\n", encoding="utf-8")
    doc = parse("粮食增产。")
    assert classify.themes(doc, taxonomy=Taxonomy.read(tmp_path / "fields.tsv"))[0].taxonomy == "fields"


def test_role_shares():
    doc = parse("去年调解纠纷1826件，同比增长5.6%。\n今年要加强人民调解。")
    shares = classify.role_shares(classify.themes(doc), classify.roles(doc))
    assert shares.to_numpy().sum() == 1
    assert classify.role_shares([], []).empty


# --- the wording of plans and reviews -------------------------------------------------------------------------------

CHAPTERS = [
    # a chapter that names both is parted where its text turns, and only there
    ("review", "一、2025年工作回顾"),
    ("review", "一年来，全省地区生产总值增长5.6%，城镇新增就业52万人，完成了全年任务。"),
    ("review", "二、“十四五”时期发展成就和“十五五”时期主要目标任务"),
    ("review", "“十四五”时期，经济总量连续跨越两个万亿元台阶，脱贫攻坚成果持续巩固，取得了历史性成就。"),
    ("plan", "“十五五”时期，要加快构建现代化产业体系，着力扩大有效需求，推动生产力合理布局。"),
    ("plan", "三、2026年重点工作"),
    ("plan", "新建改扩建学校30所。"),
]
INTERLEAVED = [
    # headings may turn back: each bureau has its own review and plan
    ("review", "一、2024年工作总结"),
    ("review", "全年办理案件325件，同比增长12%，取得了明显成效。"),
    ("plan", "二、2025年工作计划"),
    ("plan", "下一步，要进一步加强队伍建设，力争办结率达到95%以上。"),
    ("review", "三、2024年信访工作总结"),
    ("review", "全年接待群众来访1200批次，同比下降8%，化解积案36件，取得了明显成效。"),
]


BEFORE_PROBLEMS = [
    ("review", "全县调解各类矛盾纠纷2356件，调解成功率99.1%。"),
    # these two read like a plan, but the problems, which close a review, are still to come
    ("review", "推动政务公开规范透明，自觉接受人大法律监督和政协民主监督。"),
    ("review", "切实提高法治思维能力，落实会前学法制度，强化责任担当。"),
    ("problem", "一年来取得了一定成效，但还存在一定差距：执法力量薄弱，应诉能力有待提升。"),
    ("plan", "下一步，我县将规范行政执法，深入开展行政执法人员培训，全面落实裁量权基准制度。"),
]


@pytest.mark.parametrize(
    "rows",
    [CHAPTERS, INTERLEAVED, BEFORE_PROBLEMS],
    ids=["both in one chapter", "plan, then review again", "problems close the review"],
)
def test_parts_turn_where_text_or_headings_say_so(rows):
    labels = classify.roles(parse("\n".join(text for _, text in rows)))
    assert [x.label for x in labels] == [role for role, _ in rows]


def test_a_lone_past_sentence_does_not_turn_a_plan_back():
    plan = "今年，要加快推进重点项目建设，力争完成投资200亿元以上，进一步优化营商环境。"
    past = "去年完成投资325.6亿元，同比增长8.3%。"
    assert {x.label for x in classify.roles(parse("\n".join([plan, plan, past, plan, plan])))} == {"plan"}


def test_the_shipped_wording_says_what_it_was_trained_on():
    model = bundled("roles-wording")
    assert "57 government work reports" in model.about
    assert model.keys.dtype == np.uint64
    assert len(model.keys) == len(model.weights) == len(np.unique(model.keys))


def test_a_wording_of_ones_own():
    keys = np.array([pack("甲"), pack("乙")], np.uint64)
    order = np.argsort(keys)
    model = NgramModel(keys[order], np.array([20.0, -20.0], np.float32)[order], longest=1)
    doc = parse("甲甲甲。")
    assert classify.roles(doc, wording=model)[0].label == "plan"
    assert classify.roles(parse("乙。"), wording=model)[0].label == "review"


# Levels of headings, the last of them in statutes alone.
@pytest.mark.parametrize("marker", ["第一编", "第一章", "第一节", "一、", "第一条", "（一）", "1.", "（1）", "一是"])
def test_headings_of_every_level_say_a_theme(marker):
    doc = parse(f"第一编 总则\n第一章 总则\n{marker} 加强行政复议和行政应诉工作\n为了公开。")
    assert {label.label for label in classify.themes(doc)} <= set(Taxonomy.default().labels)


@given(st.lists(TEXTS, max_size=4))
def test_ngrams_of_several_texts_are_those_of_each(texts):
    model = bundled("roles-wording")
    scores, phrases = model.evidence(texts)
    assert np.allclose(scores, model.scores(texts))
    assert np.allclose(scores, [model.scores([text])[0] for text in texts])
    clean = [text.replace("\n", " ") for text in texts]
    assert all(phrase in text for text, found in zip(clean, phrases, strict=True) for phrase, _ in found)
    assert all(weight > 0 for found in phrases for _, weight in found)


# --- compiled and in Python: the same to the last bit ---------------------------------------------------------------

ROLES = sys.modules["govtext.classify.roles"]  # the module; its name in the package is the function
compiled = pytest.mark.skipif(ngrams.kernels is None, reason="govtext.native is not compiled")
FEW = st.text(alphabet="ab。，\n𠮷\U0010ffff", max_size=30)  # short alphabets: n-grams that recur, and beyond 16 bits


@st.composite
def models(draw):
    grams = draw(st.lists(st.text(alphabet="ab。，\n𠮷", min_size=1, max_size=4), unique=True, max_size=20))
    keys = np.array(sorted({pack(gram) for gram in grams}), np.uint64)
    weights = draw(st.lists(st.floats(-9, 9, width=32), min_size=len(keys), max_size=len(keys)))
    return NgramModel(keys, np.array(weights, np.float32), longest=draw(st.integers(1, 5)))


def in_python(module, function):
    """What a function returns where nothing is compiled."""
    with mock.patch.object(module, "kernels", None):
        return function()


@compiled
@given(models(), st.lists(FEW, max_size=5), st.integers(0, 6))
def test_ngrams_are_the_same_compiled(model, texts, n):
    for function in (lambda: model.evidence(texts, n=n), lambda: (model.scores(texts), [])):
        (scores, found), (twin_scores, twin_found) = function(), in_python(ngrams, function)
        assert scores.tolist() == twin_scores.tolist()
        assert found == twin_found


@compiled
@given(
    st.lists(st.text(alphabet="ab\0\n𠮷", min_size=1, max_size=4), unique=True, max_size=9), st.lists(FEW, max_size=4)
)
def test_words_are_found_the_same_compiled(words, texts):
    weights = {word: np.array([1.0, number]) for number, word in enumerate(words)}
    texts = [text.replace("\n", "") for text in texts]
    found = evidence.Words(weights, 2).find(texts)
    twin = in_python(evidence, lambda: evidence.Words(weights, 2)).find(texts)
    assert [column.tolist() for column in found] == [column.tolist() for column in twin]


@compiled
@given(st.data())
def test_chains_are_the_same_compiled(data):
    labels = data.draw(st.lists(st.sampled_from(["preamble", "review", "plan", "x"]), min_size=1, max_size=9))
    scores = data.draw(st.lists(st.lists(st.floats(-2e4, 2e4), min_size=len(labels), max_size=len(labels)), max_size=9))
    easy = np.array(data.draw(st.lists(st.booleans(), min_size=len(scores), max_size=len(scores))), np.bool_)
    table = np.array(scores, np.float64).reshape(-1, len(labels))
    found = ROLES._chain(table, labels, easy)
    twin = in_python(ROLES, lambda: ROLES._chain(table, labels, easy))
    assert found.tolist() == twin.tolist()
    assert np.allclose(found.sum(axis=1), 1.0)


NOTHING, ZERO, ONE = np.zeros(0), np.zeros(1, np.int64), np.ones(1)
BAD = [
    ("Grams", (np.zeros(2, np.uint64), np.zeros(1, np.float32))),  # a key without a weight
    ("Grams", (np.zeros(3, np.uint8), NOTHING)),  # half a key
    ("Words", (np.zeros(3, np.uint8),)),  # half a character
    ("stretches", (np.zeros(2, np.uint32), ZERO, ONE, NOTHING, 1, ZERO, ZERO, ONE, ZERO.copy())),  # too few weights
    ("stretches", (np.zeros(1, np.uint32), ZERO + 1, ONE, NOTHING, 1, ZERO, ZERO, ONE, ZERO)),  # does not begin at 0
    ("stretches", (np.zeros(1, np.uint32), np.array([0, 0]), ONE, NOTHING, 0, NOTHING, NOTHING, NOTHING, np.zeros(2))),
    ("stretches", (np.zeros(1, np.uint32), ZERO, ONE, NOTHING, -1, ZERO, ZERO, ONE, ZERO)),
    ("stretches", (np.zeros(1, np.uint32), ZERO, ONE, NOTHING, 2**62, ZERO, ZERO, ONE, ZERO)),  # room that none has
    ("stretches", (NOTHING, ZERO + 5, NOTHING, NOTHING, 1, ZERO, ZERO, ONE, ZERO)),  # a text beyond the text
    ("forward_backward", (ONE, ONE, b"\x01", 1, ONE, ONE)),  # no such matrix
    ("forward_backward", (ONE, ONE, b"\x00", 0, ONE, ONE)),  # no labels
    ("forward_backward", (ONE, ONE, b"\x00", 2**40, ONE, ONE)),
    ("forward_backward", (ONE, ONE, b"\x00\x00", 1, np.ones(2), np.ones(2))),  # too few emissions
]


@compiled
@pytest.mark.parametrize(("name", "arguments"), BAD)
def test_compiled_functions_refuse_what_does_not_fit(name, arguments):
    with pytest.raises(ValueError, match=r"wanted|rise"):
        getattr(ngrams.kernels, name)(*arguments)


@compiled
@pytest.mark.parametrize("starts", [[1], [0, 0], [0, 4], [0, -1], []])
def test_compiled_ngrams_refuse_texts_that_do_not_lie_in_one(starts):
    grams = ngrams.kernels.Grams(np.array([97], np.uint64), np.ones(1, np.float32))
    sums, counts = np.zeros(len(starts)), np.zeros(len(starts), np.int64)
    with pytest.raises(ValueError, match="rise"):
        grams.weigh(np.zeros(3, np.uint32), np.array(starts, np.int64), 1, sums, counts, np.zeros(3))


@compiled
def test_compiled_words_refuse_too_little_room():
    words = ngrams.kernels.Words(np.array([97, 0], np.uint32))
    for room in ((np.zeros(1, np.int32), np.zeros(2, np.int64)), (np.zeros(2, np.int32), np.zeros(1, np.int64))):
        with pytest.raises(ValueError, match="room"):
            words.find(np.full(2, 97, np.uint32), *room)


@pytest.mark.parametrize("gram", ["法", "同比", "同比增", "同比增长"])
def test_ngrams_pack(gram):
    assert unpack(pack(gram)) == gram
    assert int(list(keys_of(f"x{gram}", len(gram)))[-1][1]) == pack(gram)


# --- the estimator, continued ---------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_check_estimator():
    from sklearn.utils import estimator_checks as checks

    model = classify.SectionClassifier()
    checks.check_estimator(model)  # with text input most of it is skipped; the rest by name:
    name = "SectionClassifier"
    checks.check_parameters_default_constructible(name, model)
    checks.check_no_attributes_set_in_init(name, model)
    checks.check_get_params_invariance(name, model)
    checks.check_set_params(name, model)
    assert not model.__sklearn_tags__().input_tags.two_d_array


def test_section_classifier_keeps_the_contract_of_an_estimator(segment):
    from sklearn.model_selection import GridSearchCV

    model = classify.SectionClassifier(segment=segment)
    parameters = model.get_params()
    assert model.fit(TEXTS_OF_FIELDS, FIELDS) is model
    assert model.get_params() == parameters
    first = model.predict_proba(TEXTS_OF_FIELDS)
    assert np.array_equal(model.fit(TEXTS_OF_FIELDS, FIELDS).predict_proba(TEXTS_OF_FIELDS), first)  # idempotent
    assert np.allclose(model.predict_proba(TEXTS_OF_FIELDS[:1]), first[:1])  # a text does not depend on the others
    assert model.predict_proba([]).shape == (0, 2)
    assert classify.SectionClassifier(segment=segment).fit(TEXTS_OF_FIELDS, [0, 0, 0, 1, 1, 1]).predict(["农田"]) == [0]
    search = GridSearchCV(model, {"C": [1.0, 10.0]}, cv=2).fit(TEXTS_OF_FIELDS, FIELDS)
    assert search.best_params_["C"] in (1.0, 10.0)


def test_names_of_labels_help_where_texts_are_few(segment):
    texts, labels = ["高标准建设", "提升质量水平"], ["农业", "教育"]
    with_names = classify.SectionClassifier(segment=segment).fit(texts, labels)
    assert with_names.predict(["教育", "农业"]).tolist() == ["教育", "农业"]
    without = classify.SectionClassifier(segment=segment, names=False).fit(texts, labels)
    assert np.allclose(without.predict_proba(["教育"]), without.predict_proba(["农业"]))


def test_a_taxonomy_alone_will_do(segment):
    model = classify.SectionClassifier(segment=segment, taxonomy=Taxonomy.default()).fit([], [])
    assert set(model.classes_) == set(Taxonomy.default().labels)
    assert model.predict(["调处矛盾纠纷3465件", "开展宪法宣传周活动"]).tolist() == ["disputes", "publicity"]


def test_headings_and_background_count(segment):
    a, b = classify.Passage("提升水平。", ("农业",)), classify.Passage("提升水平。", ("教育",))
    model = classify.SectionClassifier(segment=segment, names=False, background=["提升能力"] * 5)
    model.fit([a, b], ["x", "y"])
    assert model.predict([a, b]).tolist() == ["x", "y"]
    assert model.explain([a])[0][0][0].startswith("#")
    assert np.allclose(model.predict_proba(["提升水平。"]), 0.5)


def test_what_decided_is_named(fitted):
    features = [name for name, share in fitted.explain(["高标准农田建设"])[0] if share > 0]
    assert "农" in features
    assert fitted.explain(["、"])[0] == ()
    doc = parse("一、农业\n新建农田。\n二、教育\n新建学校。")
    labels = fitted.label(doc)
    assert [x.span for x in labels] == list(doc.paragraphs)
    assert [x.label for x in labels] == ["农业", "农业", "教育", "教育"]
    assert fitted.label(parse("")) == []


@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        (["甲", "乙"], ["a", ""], "a label is empty"),
        (["甲", "乙"], ["a", None], "a label is empty"),
        (["甲", "乙"], ["a", 1], "labels of two types"),
        ([1, 2], ["a", "b"], "int instead of a text"),
        (["", ""], [0, 1], "the texts are empty"),
    ],
)
def test_section_classifier_refuses_labels(segment, texts, labels, message):
    with pytest.raises(OptionError, match=message):
        classify.SectionClassifier(segment=segment).fit(texts, labels)


# --- validation -----------------------------------------------------------------------------------------------------

YEARS = [2021, 2022, 2023] * 4
SENTENCES = [
    *("粮食产量增长", "新建高标准农田", "发展设施农业", "培育农业龙头", "推广良种农机", "农民收入增长"),
    *("新建中小学校", "招聘乡村教师", "减轻学生负担", "改善学校食堂", "扩大学位供给", "教师待遇提高"),
]
TOPICS = ["农业"] * 6 + ["教育"] * 6


@pytest.fixture(scope="module")
def done(segment):
    return classify.cross_validate(classify.SectionClassifier(segment=segment), SENTENCES, TOPICS, groups=YEARS)


def test_whole_groups_are_left_out():
    seen = []

    class Spy:
        classes_ = np.array(["a", "b"])

        def __init__(self):
            pass

        def get_params(self, deep=True):  # noqa: ARG002
            return {}

        def fit(self, texts, labels):  # noqa: ARG002
            seen.append(set(texts))
            return self

        def predict_proba(self, texts):
            assert not {t[0] for t in texts} & {t[0] for t in seen[-1]}  # the first letter is the group
            return np.tile([0.7, 0.3], (len(texts), 1))

    texts = [f"{group}{n}" for group in "xyz" for n in range(3)]
    result = classify.cross_validate(Spy(), texts, ["a", "b", "a"] * 3, groups=[t[0] for t in texts])
    assert len(seen) == 3
    assert result.labels == ("a", "b")
    assert result.predicted.tolist() == [0] * 9
    table = classify.scores(result)
    assert table["recall"].tolist() == [1, 0, 0.5]
    assert classify.confusion(result).to_numpy().tolist() == [[6, 0], [3, 0]]


def test_scores_have_intervals(done):
    table = classify.scores(done)
    assert table["label"].tolist() == ["农业", "教育", "macro"]
    assert (table["low"] <= table["f1"]).all()
    assert (table["f1"] <= table["high"]).all()
    assert table.equals(classify.scores(done))
    assert classify.confusion(done).to_numpy().sum() == 12


def test_learning_curve(segment):
    model = classify.SectionClassifier(segment=segment)
    curve = classify.learning_curve(model, SENTENCES, TOPICS, groups=YEARS, sizes=(1, 4), repeats=2)
    assert curve["size"].tolist() == [1, 4]
    assert (curve["low"] <= curve["macro_f1"]).all()


def test_what_to_label_next(fitted):
    texts = ["新建高标准农田", "乡村学校", "乡村学校。", "招聘教师"]
    found = classify.queries(fitted, texts, n=3)
    assert found[0].number in (1, 2)
    assert len({one.number for one in found} & {1, 2}) == 1  # the twin waits
    assert [one.margin for one in found] == sorted(one.margin for one in found)
    assert set(found[0].likely) == {"农业", "教育"}
    assert classify.queries(fitted, []) == []


@pytest.mark.parametrize(
    ("right", "probability", "error"),
    [
        ([True] * 8 + [False] * 2, [0.8] * 10, 0.0),
        ([True] * 5 + [False] * 5, [0.95] * 10, 0.45),
        ([True, False], [1.0, 0.5], 0.25),  # two bins: |1 - 1| / 2 + |0 - .5| / 2
        ([], [], 0.0),
    ],
)
def test_calibration_error(right, probability, error):
    assert classify.calibration_error(right, probability) == pytest.approx(error)


def test_coverage_curve():
    curve = classify.coverage_curve([True] * 5 + [False] * 5, np.linspace(0.99, 0.5, 10))
    assert curve["accuracy"].tolist()[:5] == [1.0] * 5
    assert curve["accuracy"].iloc[-1] == 0.5
    assert curve["min_probability"].is_monotonic_decreasing


@pytest.mark.parametrize(
    ("texts", "labels", "groups", "message"),
    [
        (["a", "b"], ["x"], [1, 2], "2 texts, 1 labels, 2 groups"),
        (["a", "b"], ["x", "y"], [1, 1], "fewer than two groups"),
    ],
)
@pytest.mark.parametrize("function", [classify.cross_validate, classify.learning_curve])
def test_validation_refuses(function, texts, labels, groups, message):
    with pytest.raises(OptionError, match=message):
        function(classify.SectionClassifier(), texts, labels, groups=groups)


# --- agreement ------------------------------------------------------------------------------------------------------

# Krippendorff (2004, ch. 11): four coders, twelve units, nominal alpha .743
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


def test_krippendorffs_alpha():
    assert classify.alpha(KRIPPENDORFF) == pytest.approx(0.743, abs=0.0005)
    assert classify.alpha([["a", "b"], ["a", "b"]]) == 1
    assert classify.alpha([["a", "a"], ["a", "a"]]) == 1  # nothing could disagree
    assert classify.alpha([["a", "b"], ["b", "a"]]) < 0


@pytest.mark.parametrize(
    ("first", "second", "kappa"),
    [
        # Cohen's measure from a table of 20, 5, 10, 15: (.7 - .5) / (1 - .5)
        (["y"] * 25 + ["n"] * 25, ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15, 0.4),
        (["a", "b", None], ["a", "b", "a"], 1.0),  # a unit that one coder left empty does not count
        (["a", "a"], ["a", "a"], 1.0),
    ],
)
def test_cohens_kappa(first, second, kappa):
    assert classify.kappa(first, second) == pytest.approx(kappa)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (classify.kappa, (["a"], ["a", "b"]), "1 labels, but 2"),
        (classify.kappa, (["a"], [""]), "no unit"),
        (classify.alpha, ([["a"], [None]],), "no unit"),
        (classify.alpha, ([["a"], ["a", "b"]],), "different numbers"),
    ],
)
def test_agreement_refuses(function, arguments, message):
    with pytest.raises(OptionError, match=message):
        function(*arguments)


# --- annotation sheets ----------------------------------------------------------------------------------------------

ANNOTATED = parse("一、农业\n=1+1，新建农田50万亩。\n二、教育\n新建学校23所。", id="a")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_sheet_comes_back(tmp_path, suffix, segment):
    path = tmp_path / f"sheet{suffix}"
    rows = classify.annotation_rows(ANNOTATED, suggested=classify.themes(ANNOTATED))
    tables.write_sheet(rows, classify.ANNOTATION_COLUMNS, path)
    read = tables.read_sheet(path)
    assert read[1]["text"] == "=1+1，新建农田50万亩。"  # and no formula
    assert read[1]["headings"] == "农业"
    for row, label in zip(read, ("农业", "农业", "教育", ""), strict=True):
        row["label"] = label
    found = classify.read_annotations(read, [ANNOTATED], labels=["农业", "教育"])
    assert [one.label for one in found] == ["农业", "农业", "教育"]
    assert [one.span for one in found] == list(ANNOTATED.paragraphs)[:3]
    texts, labels, groups = classify.training_rows(found, [ANNOTATED])
    assert texts[1].headings == ("农业",)
    assert groups == ["a"] * 3
    assert classify.SectionClassifier(segment=segment).fit(texts, labels).predict(["教育"]) == ["教育"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"label": "工业"}, "line 2: the label '工业' is not known"),
        ({"document": "b"}, "line 2: the document 'b' is not among those given"),
        ({"start": "x"}, "line 2: start and end are no numbers"),
        ({"end": 3}, "line 2: the document has no such paragraph"),
        ({"check": "#0"}, "line 2: the document has no such paragraph"),
        ({"check": None}, "line 2: the document has no such paragraph"),
    ],
)
def test_a_sheet_that_does_not_fit(change, message):
    row = classify.annotation_rows(ANNOTATED)[0] | {"label": "农业"} | change
    with pytest.raises(OptionError, match=message):
        classify.read_annotations([row], [ANNOTATED], labels=["农业"])


def test_a_sheet_without_a_column_or_with_a_line_twice():
    row = classify.annotation_rows(ANNOTATED)[0] | {"label": "农业"}
    with pytest.raises(OptionError, match="line 3: this paragraph is labelled twice"):
        classify.read_annotations([row, row], [ANNOTATED])
    with pytest.raises(OptionError, match="line 2: the column note is missing"):
        classify.read_annotations([{k: v for k, v in row.items() if k != "note"}], [ANNOTATED])


def test_agreement_of_sheets():
    def sheet(*labels):
        rows = classify.annotation_rows(ANNOTATED)
        return classify.read_annotations(
            [row | {"label": label} for row, label in zip(rows, labels, strict=True)], [ANNOTATED]
        )

    rows = classify.agreement_rows([sheet("a", "a", "b", "b"), sheet("a", "a", "b", "")], names=["one", "two"])
    assert [(r["coders"], r["units"], r["measure"], r["value"]) for r in rows] == [
        ("one|two", 3, "kappa", 1.0),
        ("one|two", 3, "alpha", 1.0),
    ]
    with pytest.raises(OptionError, match="one sheet alone"):
        classify.agreement_rows([sheet("a", "a", "b", "b")], names=["one"])


# --- models on disk -------------------------------------------------------------------------------------------------


def test_a_stored_classifier_predicts_the_same(tmp_path, fitted, segment):
    path = tmp_path / "model.json"
    classify.save(fitted, path, about="six sentences")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model.json", "model.npz"]
    first = [p.read_bytes() for p in sorted(tmp_path.iterdir())]
    loaded = classify.load(path, segment=segment)
    assert np.array_equal(loaded.predict_proba(TEXTS_OF_FIELDS), fitted.predict_proba(TEXTS_OF_FIELDS))
    assert loaded.explain(TEXTS_OF_FIELDS) == fitted.explain(TEXTS_OF_FIELDS)
    classify.save(loaded, path, about="six sentences")
    assert [p.read_bytes() for p in sorted(tmp_path.iterdir())] == first  # the same bytes
    assert json.loads(path.read_text(encoding="utf-8"))["about"] == "six sentences"


def test_a_stored_ngram_model(tmp_path):
    model = bundled("roles-wording")
    classify.save(model, tmp_path / "wording.json")
    loaded = classify.load(tmp_path / "wording.json")
    assert loaded.about == model.about
    assert np.array_equal(loaded.scores(["今年要加快建设。"]), model.scores(["今年要加快建设。"]))


def pipeline():
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(TfidfVectorizer(analyzer="char"), LogisticRegression()).fit(TEXTS_OF_FIELDS, FIELDS)


def test_a_stored_pipeline(tmp_path):
    model = pipeline()
    classify.save(model, tmp_path / "p.json")
    assert np.array_equal(classify.load(tmp_path / "p.json").predict(TEXTS_OF_FIELDS), model.predict(TEXTS_OF_FIELDS))


class Unknown:
    """A type that no allow-list names."""


def test_a_pipeline_of_unknown_types_is_refused(tmp_path):
    model = pipeline()
    model.extra_ = Unknown()
    classify.save(model, tmp_path / "p.json")
    with pytest.raises(ModelError, match=r"types that are not trusted: .*Unknown"):
        classify.load(tmp_path / "p.json")
    name = f"{Unknown.__module__}.Unknown"
    assert isinstance(classify.load(tmp_path / "p.json", trusted=[name]).extra_, Unknown)


def rewritten(path, **changes):
    """Change a stored model as someone who knows the digest would."""
    sheet = json.loads(path.read_text(encoding="utf-8")) | changes
    del sheet["digest"]
    sheet["digest"] = stored._digest(sheet)
    path.write_text(json.dumps(sheet), encoding="utf-8")


def evil(path):
    """Put an object array, which only pickle could read, in the place of the weights."""
    data = io.BytesIO()
    np.savez(data, coef=np.array([Unknown()], object), intercept=np.zeros(2))
    path.with_suffix(".npz").write_bytes(data.getvalue())
    rewritten(path, companion={"file": "m.npz", "sha256": hashlib.sha256(data.getvalue()).hexdigest()})


TAMPERED = {
    "the JSON changed": (
        lambda p: p.write_text(p.read_text("utf-8").replace("农业", "工业"), "utf-8"),
        "changed after",
    ),
    "the arrays changed": (lambda p: p.with_suffix(".npz").write_bytes(b"PK\x03\x04"), "not the one that was saved"),
    "the arrays are gone": (lambda p: p.with_suffix(".npz").unlink(), "companion cannot be read"),
    "no JSON": (lambda p: p.write_bytes(b"\x80\x04\x95"), "no JSON file of a model"),
    "another JSON": (lambda p: p.write_text("[1]", "utf-8"), "no JSON file of a model"),
    "deep JSON": (lambda p: p.write_text("[" * 100_000, "utf-8"), "no JSON file of a model"),
    "gone": (lambda p: p.unlink(), "cannot be read"),
    "another version": (lambda p: rewritten(p, format=99), "made for format 99"),
    "another kind": (lambda p: rewritten(p, kind="oracle"), "kind 'oracle' is unknown"),
    "facts are no object": (lambda p: rewritten(p, facts=[]), "no objects"),
    "facts are missing": (lambda p: rewritten(p, facts={}), "do not fit together"),
    "arrays of another kind": (lambda p: rewritten(p, kind="ngrams"), "do not fit together"),
    "pickled arrays": (evil, "arrays cannot be read"),
}


@pytest.mark.parametrize(("change", "message"), TAMPERED.values(), ids=TAMPERED)
def test_tampered_models_are_refused(tmp_path, fitted, segment, change, message):
    path = tmp_path / "m.json"
    classify.save(fitted, path)
    change(path)
    with pytest.raises(ModelError, match=message) as caught:
        classify.load(path, segment=segment)
    assert "m." in caught.value.where


def test_models_of_other_versions_are_refused(tmp_path, fitted):
    classify.save(fitted, tmp_path / "m.json")
    with pytest.raises(ModelError, match="another lexicon"):
        classify.load(tmp_path / "m.json", segment=Segmenter(Lexicon()))
    classify.save(pipeline(), tmp_path / "p.json")
    rewritten(tmp_path / "p.json", facts={"scikit_learn": "0.1"})
    with pytest.raises(ModelError, match=r"made with scikit-learn 0\.1"):
        classify.load(tmp_path / "p.json")


def test_save_refuses(tmp_path, fitted):
    with pytest.raises(OptionError, match=r"not saved as m\.pkl"):
        classify.save(fitted, tmp_path / "m.pkl")
    with pytest.raises(OptionError, match="not fitted"):
        classify.save(classify.SectionClassifier(), tmp_path / "m.json")
    with pytest.raises(OutputError, match="cannot be written"):
        classify.save(fitted, tmp_path / "none" / "m.json")
