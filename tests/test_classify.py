"""Themes and roles of paragraphs, the taxonomies behind them, and the estimator for the user's own labels."""

import itertools
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given

from conftest import TEXTS
from govtext import classify
from govtext.classify import Taxonomy, Topic
from govtext.document import parse
from govtext.errors import GovtextError, LexiconError, OptionError
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
