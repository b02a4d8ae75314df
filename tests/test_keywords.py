"""TF-IDF keywords."""

import sys

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfTransformer

import govtext as gt
from govtext import counts, keywords
from govtext.document import Metadata
from govtext.errors import OptionError
from govtext.keywords import distinct
from govtext.keywords.stability import intervals_of_each
from govtext.text import Span
from govtext.tokens import FURNITURE, PHRASE


def cut(*texts, lexicon=()):
    segment = gt.Segmenter(gt.Lexicon(lexicon))
    return [segment(gt.parse(text, id=str(i))) for i, text in enumerate(texts)]


def test_scores_equal_scikit_learn():
    rows = cut("法治政府，行政复议，法治政府", "行政复议，营商环境", "数字政府，营商环境")
    matrix, terms = counts.term_matrix(rows)
    expected = TfidfTransformer(norm=None).fit_transform(matrix).toarray()
    for keyword in keywords.tfidf(rows, n=100, stop=(), phrases=False):
        value = expected[int(keyword.document), terms.index(keyword.term)]
        assert keyword.score == pytest.approx(value, abs=1e-12)


def test_scores_equal_scikit_learn_on_the_report(tokens, report):
    parts = [tokens.within(span) for _, span in keywords.units(report)]
    matrix, terms = counts.term_matrix(parts)
    transformer = TfidfTransformer(norm=None).fit(matrix)
    expected = dict(zip(terms, transformer.idf_ * np.asarray(matrix.sum(axis=0)).ravel(), strict=True))
    found = keywords.tfidf(tokens, n=10_000, stop=(), phrases=False)
    assert len(found) > 500
    assert all(abs(k.score - expected[k.term]) < 1e-12 for k in found)


def test_one_document_takes_idf_from_its_own_sections():
    (rows,) = cut("一、甲\n法治政府，营商环境。\n二、乙\n法治政府，法治政府。", lexicon=["法治政府", "营商环境"])
    found = {k.term: k for k in keywords.tfidf(rows, stop=())}
    # two sections: 法治政府 is in both, 营商环境 in one; nine of the fourteen tokens lie between the ends of 法治政府
    assert found["法治政府"].score == pytest.approx((3 + 9 / 14) * (np.log(3 / 3) + 1), abs=1e-12)
    assert found["营商环境"].score == pytest.approx(1 * (np.log(3 / 2) + 1), abs=1e-12)
    assert (found["法治政府"].document_frequency, found["营商环境"].document_frequency) == (2, 1)


SPREAD = [
    # once
    ("法治政府，营商环境。", "法治政府", 0.0),
    # from the first token to the last but one
    ("法治政府，营商环境，法治政府。", "法治政府", 4 / 6),
]


def test_the_spread_counts_once_in_a_resample():
    # Drawn twice, the block of 乙 has it four times: 4 + .75, never as much as the 5 that 甲 has in every resample.
    first = keywords.Keyword("d", None, 1, "甲", 5.0, 2, 1, (Span(0, 1), Span(10, 11)), 2, 2.5, 1.0, 0.0)
    second = keywords.Keyword("d", None, 2, "乙", 2.75, 2, 1, (Span(1, 2), Span(5, 6)), 2, 1.0, 1.0, 0.75)
    rows = keywords.intervals([first, second], [Span(0, 10), Span(10, 20)])
    assert [(row.term, row.low, row.high) for row in rows] == [("甲", 1, 1), ("乙", 2, 2)]


@pytest.mark.parametrize(("text", "term", "spread"), SPREAD)
def test_spread(text, term, spread):
    lexicon = ["营商环境", "法治政府"]
    found = {k.term: k.spread for k in keywords.tfidf(cut(text, lexicon=lexicon), n=50)}
    assert found[term] == pytest.approx(spread, abs=1e-12)


def test_section_keywords_name_their_section(tokens, report):
    found = keywords.tfidf(tokens, n=3, unit="section")
    starts = {span.start for _, span in keywords.units(report)}
    assert {k.section for k in found} <= starts
    assert max(k.rank for k in found) == 3


def test_spans_point_back(tokens, report):
    for keyword in keywords.tfidf(tokens, n=30):
        assert len(keyword.spans) == keyword.count
        assert all(tokens.lexicon.canonical(span.of(report.text)) == keyword.term for span in keyword.spans)


NEVER = [
    # a year
    "2022年",
    # an enumerator
    "二是",
    # a unit word
    "件",
    # boilerplate
    "推进",
]


@pytest.mark.parametrize("term", NEVER)
def test_no_junk_among_keywords(tokens, term):
    assert term not in {k.term for k in keywords.tfidf(tokens, n=1000)}


EDGES = [
    # an empty document
    ("", 20, 0),
    # only stop words
    ("的和了", 20, 0),
    # n larger than the vocabulary
    ("营商环境", 20, 1),
    # none wanted
    ("营商环境", 0, 0),
]


@pytest.mark.parametrize(("text", "n", "count"), EDGES)
def test_edges(text, n, count):
    assert len(keywords.tfidf(cut(text, lexicon=["营商环境"]), n=n)) == count


def test_a_part_of_a_document_has_the_units_it_touches():
    (tokens,) = cut("一、甲\n法治政府。\n二、乙\n营商环境，法治政府。", lexicon=["法治政府", "营商环境"])
    part = tokens.within(tokens.document.sections[1].span)
    found = {k.term: (k.document_frequency, k.idf) for k in keywords.tfidf(part)}
    assert found == {"营商环境": (1, 1.0), "法治政府": (1, 1.0)}  # ln(2 / 2) + 1
    assert keywords.tfidf(tokens.within((0, 0))) == []


def test_a_term_cut_in_two_ways_is_one_keyword():
    # one token in quotation marks, two words without them
    (tokens,) = cut("“湘商回归”。湘商回归。湘商回归。")
    texts = [token.text for token in tokens]
    assert texts.count("湘商回归") == 1
    assert texts.count("湘商") == texts.count("回归") == 2
    assert [k.count for k in keywords.tfidf(tokens, n=50) if k.term == "湘商回归"] == [2]


def test_those_left_out_make_room_for_others():
    # many candidates stand only inside the best phrase; what is left must still fill the list
    text = "法律意见制度改革方案。" * 9 + "".join(
        f"{word}。" for word in ("政务", "环境", "市场", "企业", "群众", "土地")
    )
    wanted = {k.term for k in keywords.tfidf(cut(text), n=1000)}
    for n in range(1, len(wanted) + 1):
        assert len(keywords.tfidf(cut(text), n=n)) == n


def test_no_documents():
    assert keywords.tfidf([]) == []


@pytest.mark.parametrize("options", [{"n": -1}, {"unit": "chapter"}])
def test_wrong_options(options):
    with pytest.raises(OptionError):
        keywords.tfidf(cut("法治"), **options)


FORMS = [
    # a phrase that begins with a verb counts less than the same words as a name
    ("保护环境。环境保护。", ["环境保护", "保护环境"]),
    # the shorter of equals first, then code points
    ("乡村振兴战略，营商环境。", ["营商环境", "乡村振兴战略"]),
]


@pytest.mark.parametrize(("text", "order"), FORMS)
def test_forms(text, order):
    ranks = {k.term: k.rank for k in keywords.tfidf(cut(text, lexicon=["乡村振兴战略", "营商环境"]), n=50)}
    assert sorted(order, key=ranks.__getitem__) == order


def test_ties_are_in_code_point_order():
    terms = [k.term for k in keywords.tfidf(cut("营商环境，法治政府", lexicon=["营商环境", "法治政府"]))]
    assert terms == sorted(terms)


# --- phrases --------------------------------------------------------------------------------------------------------


def test_a_score_is_what_it_says(tokens, report):
    for keyword in keywords.tfidf(tokens, n=50):
        assert keyword.score == pytest.approx(
            ((keyword.count + keyword.free) / 2 + keyword.spread) * keyword.idf * keyword.form
        )
        assert 0 <= keyword.free <= keyword.count
        assert all(span.of(report.text) for span in keyword.spans)


PHRASES = [
    # neighbours make a phrase, and its parts give way where they stand only in it
    ("完善法律意见制度。审核法律意见制度。", "法律意见制度", "意见制度"),
    # no phrase goes over a mark
    ("法律，意见。法律，意见。", None, "法律意见"),
    # nor over a function word
    ("法律的意见。法律的意见。", None, "法律意见"),
    # nor over a line
    ("法律\n意见\n法律\n意见", None, "法律意见"),
    # a noun too general to stand alone ends one
    ("饲养方法好。饲养方法多。", "饲养方法", "方法"),
    ("危险因素多。危险因素少。", "危险因素", "因素"),
    # a rare noun that the dictionary gives another tag: 可靠度 zg, MPEG-2 a number
    ("可靠度高。可靠度低。", "可靠度", None),
    ("采用MPEG-2标准。采用MPEG-2标准。", "MPEG-2标准", None),
    # a word of place begins one
    ("在沿海地区。到沿海地区。", "沿海地区", "沿海"),
    # a verb that wants an object ends none
    ("信心来源于群众。信心来源于群众。", None, "信心来源于"),
    # boilerplate alone is none
    ("全面开工建设。全面开工建设。", None, "开工建设"),
    # a verb of boilerplate does not take a policy term as its head
    ("高标准建设海南自由贸易港。", "海南自由贸易港", "建设海南自由贸易港"),
    # numbers are in none
    ("完成12项目。完成12项目。", None, "12项目"),
]


@pytest.mark.parametrize(("text", "there", "missing"), PHRASES)
def test_phrases_among_keywords(text, there, missing):
    lexicon = ["海南自由贸易港"]
    found = {k.term for k in keywords.tfidf(cut(text, lexicon=lexicon), n=50)}
    assert there is None or there in found
    assert missing not in found


def test_the_place_of_a_report_is_no_keyword_of_it():
    text = "2022年清镇市法治政府建设年度报告\n一、甲\n清镇市推进法治。清镇市推进法治。清镇监管。清镇监管。"
    assert not {"清镇", "清镇市"} & {k.term for k in keywords.tfidf(cut(text), n=50)}


REFERENCE = ["行政执法", "法治政府建设", "政务公开", "法律顾问", "行政复议", "行政决策", "行政规范性文件", "两降一保"]
JUNK = ["2022", "2022年", "二是", "工作", "法治固", "部门", "推进", "清镇市"]


def test_the_best_of_the_reference_report(tokens):
    best = {k.term for k in keywords.tfidf(tokens, n=20)}
    assert set(REFERENCE) <= best
    assert not set(JUNK) & best


def test_a_background_gives_idf():
    rows = cut("法律意见。政务服务。", "政务服务。", "政务服务。")
    table = keywords.background(rows, name="三篇")
    (k,) = (k for k in keywords.tfidf(rows[0], background=table) if k.term == "法律意见")
    assert (k.document_frequency, k.idf) == (1, pytest.approx(np.log(4 / 2) + 1))
    # what the background lacks occurs in none of its documents
    (k,) = (k for k in keywords.tfidf(cut("数字乡村", lexicon=["数字乡村"]), background=table))
    assert (k.document_frequency, k.idf) == (0, pytest.approx(np.log(4) + 1))


def test_order_and_workers_change_nothing(report, segment):
    rows = [segment(report), *cut("法治政府。营商环境。")]
    forward = keywords.tfidf(rows, n=30)
    backward = keywords.tfidf(rows[::-1], n=30)
    assert sorted(forward, key=lambda k: (k.document, k.rank)) == sorted(backward, key=lambda k: (k.document, k.rank))


def test_compound_joins_phrases_without_losing_a_character(tokens, report):
    found = keywords.phrases(tokens, min_count=2)
    joined = keywords.compound(tokens, phrases=found)
    assert "".join(token.text for token in joined) == report.text
    assert len(joined) < len(tokens)
    texts = {phrase.text for phrase in found}
    assert {t.term for t, kind in zip(joined, joined.kinds.tolist(), strict=True) if kind == PHRASE} <= texts
    assert keywords.compound(tokens, phrases=[]) is tokens


# --- keyness --------------------------------------------------------------------------------------------------------

G2 = [
    # Rayson & Garside's formula by hand: 2 (10 ln(10/6) + 2 ln(2/6))
    (10, 2, 1000, 1000, 5.8221),
    # the same share of two corpora of different size
    (10, 20, 1000, 2000, 0.0),
    # missing in one: 2 x 5 ln(5 / 2.5)
    (5, 0, 100, 100, 6.9315),
]


@pytest.mark.parametrize(("a", "b", "size_a", "size_b", "expected"), G2)
def test_g2(a, b, size_a, size_b, expected):
    value = keywords.log_likelihood(np.array([float(a)]), np.array([float(b)]), float(size_a), float(size_b))
    assert value[0] == pytest.approx(expected, abs=1e-4)


def test_keyness_of_two_texts():
    a, b = cut(
        "法治政府，法治政府，法治政府，营商环境", "营商环境，营商环境，法治政府", lexicon=["法治政府", "营商环境"]
    )
    first, last = keywords.keyness(a, b, min_count=1)
    assert (first.term, first.count, first.reference_count) == ("法治政府", 3, 1)
    assert first.log_ratio == pytest.approx(np.log2((3 / 4) / (1 / 3)))
    assert first.log_ratio > 0 > last.log_ratio
    assert first.z > 0 > last.z
    assert 0 < first.p <= first.q <= 1
    assert [k.term for k in keywords.keyness(a, b, min_count=1, order="z")] == ["法治政府", "营商环境"]
    # the other way round every sign turns
    assert [k.term for k in keywords.keyness(b, a, min_count=1)] == ["营商环境", "法治政府"]


def test_the_best_q_is_that_of_benjamini_and_hochberg(tokens, report):
    half = report.sections[len(report.sections) // 2].span.start
    found = keywords.keyness(tokens.within((0, half)), tokens.within((half, len(report.text))))
    p = sorted(k.p for k in found)
    expected = min(value * len(p) / rank for rank, value in enumerate(p, start=1))
    assert min(k.q for k in found) == pytest.approx(expected)


def test_the_sign_of_g2_is_that_of_the_shares():
    # 网格员 is missing in the target, though half an occurrence there would be a greater share
    a, b = cut("法治政府", "网格员。" + "法治政府，营商环境。" * 50, lexicon=["法治政府", "营商环境", "网格员"])
    found = keywords.keyness(a, b, min_count=1)
    assert [k.term for k in found] == ["法治政府", "网格员", "营商环境"]
    assert found[1].log_ratio > 0


def test_log_odds_by_hand():
    a, b = cut(
        "法治政府，法治政府，法治政府，营商环境", "营商环境，营商环境，法治政府", lexicon=["法治政府", "营商环境"]
    )
    first = keywords.keyness(a, b, min_count=1)[0]
    # a prior of .04 and .03 pseudo-occurrences (one percent of 4 and 3 in both), Monroe et al. 2008, eqs. 16, 19, 22
    odds = np.log(3.04 / (4 + 0.07 - 3.04)) - np.log(1.04 / (3 + 0.07 - 1.04))
    assert first.z == pytest.approx(odds / np.sqrt(1 / 3.04 + 1 / 1.04))
    # shares of characters, as everywhere
    assert first.relative_frequency == pytest.approx(10_000 * 3 / 19)


def test_the_only_word_of_both_says_nothing():
    (row,) = keywords.keyness(*cut("法治" + "，法治" * 6, "法治，法治，法治"))
    assert (row.g2, row.z, row.p, row.q) == (0, 0, 1, 1)


def test_keyness_leaves_out_the_names_of_own_places():
    segment = gt.Segmenter(gt.Lexicon(["法治政府"]))
    known = [Metadata(place=place) for place in ("清镇市", "北京市")]
    texts = ("清镇市法治政府。" * 4 + "清镇。" * 4, "北京市网格员。" * 4)
    a, b = (segment(gt.parse(text, metadata=one)) for text, one in zip(texts, known, strict=True))
    assert [k.term for k in keywords.keyness(a, b)] == ["法治政府", "网格员"]


@pytest.mark.parametrize("pair", [([], []), (["法治"], []), ([], ["法治"]), (["的"], ["了"])])
def test_keyness_of_nothing_is_nothing(pair):
    a, b = (cut(*texts) for texts in pair)
    assert keywords.keyness(a, b) == []


# --- stability, collocations, TextRank ------------------------------------------------------------------------------


def test_stability_of_the_report(tokens):
    rows = keywords.stability(tokens, n=20, resamples=200)
    assert [row.term for row in rows] == [k.term for k in keywords.tfidf(tokens, n=20)]
    assert all(row.low <= row.rank <= row.high for row in rows)
    assert rows == keywords.stability(tokens, n=20, resamples=200)
    assert rows != keywords.stability(tokens, n=20, resamples=200, seed=1)
    # the first is surer of its place than the last
    assert rows[0].share > rows[-1].share


def test_sentences_are_drawn_within_their_sections(tokens, segment):
    rows = keywords.stability(tokens, block="sentence", resamples=300)
    assert all(row.low <= row.rank <= row.high for row in rows)
    # every sentence has both terms: whatever is drawn, both sections have them, and nothing changes
    same = segment(
        gt.parse("一、甲\n" + "法治政府，法治政府，营商环境。" * 6 + "\n二、乙\n" + "法治政府，营商环境。" * 6)
    )
    rows = keywords.stability(same, block="sentence", resamples=100)
    assert [(row.term, row.low, row.high, row.share) for row in rows] == [
        ("法治政府", 1, 1, 1.0),
        ("营商环境", 2, 2, 1.0),
    ]


def test_a_small_document_is_warned_of():
    (tokens,) = cut("一、甲\n法律意见。\n二、乙\n政务服务。")
    with pytest.warns(keywords.SmallDocumentWarning, match="has 2 sections"):
        rows = keywords.stability(tokens, resamples=50)
    assert rows


def test_stability_of_nothing():
    (tokens,) = cut("的和了。" * 20)
    assert keywords.stability(tokens, block="sentence") == []


@pytest.mark.parametrize("options", [{"n": 0}, {"resamples": 0}, {"block": "word"}])
def test_wrong_options_of_stability(options):
    with pytest.raises(OptionError):
        keywords.stability(*cut("法治"), **options)


def test_collocations_by_hand():
    (row, *_) = keywords.collocations(cut("法律意见，法律意见，法律职业，政务服务"))
    # 2 x 2 table of 4 pairs: both 2, first 3, second 2
    assert (row.first, row.second, row.count) == ("法律", "意见", 2)
    cells, margins = [2, 1, 0, 1], [3, 1, 2, 2]
    entropy = sum(c * np.log(c) for c in cells if c) - sum(m * np.log(m) for m in margins) + 4 * np.log(4)
    assert row.g2 == pytest.approx(2 * entropy)
    assert row.npmi == pytest.approx(np.log((2 / 4) / (3 / 4 * 2 / 4)) / -np.log(2 / 4))


def test_the_only_pair_has_the_greatest_npmi():
    assert [(c.count, c.npmi) for c in keywords.collocations(cut("法律意见。法律意见。"))] == [(2, 1.0)]
    assert [p.text for p in keywords.phrases(cut("法律意见。" * 3))] == ["法律意见"]


def test_compound_leaves_furniture_alone():
    (tokens,) = cut("下载\n打印\n2026年政府工作报告\n" + "下载打印。" * 3)
    furniture = tokens.kinds == FURNITURE
    joined = keywords.compound(tokens, phrases=[keywords.Phrase("下载", ("下载",), 3, 1.0)])
    assert furniture.any()
    assert (joined.kinds == FURNITURE).sum() == furniture.sum()
    assert (joined.kinds == PHRASE).sum() == 3


@pytest.mark.parametrize(
    "function", [keywords.collocations, keywords.textrank, lambda t, n: keywords.keyness(t, t, n=n)]
)
def test_no_negative_numbers_of_results(function):
    with pytest.raises(OptionError, match="n is -1"):
        function(cut("法治"), n=-1)


def test_textrank(tokens):
    rows = keywords.textrank(tokens, n=10)
    assert rows == keywords.textrank(tokens, n=10)
    assert sum(row.score for row in keywords.textrank(tokens, n=10_000)) == pytest.approx(1)
    assert "行政执法" in {row.term for row in rows}
    assert keywords.textrank(cut("的")) == []
    with pytest.raises(OptionError):
        keywords.textrank(tokens, window=1)


# --- intervals of keywords whose idf comes from elsewhere ---------------------------------------------------------------


def test_intervals_of_one_block_are_the_ranks(tokens):
    found = keywords.tfidf(tokens, n=40)
    rows = keywords.intervals(found, [tokens.span], n=10)
    assert [(row.term, row.low, row.high) for row in rows] == [(k.term, k.rank, k.rank) for k in found[:10]]
    assert all(row.share == 1 for row in rows)


def test_intervals_hold_idf_and_repeat(segment, report):
    corpus = [segment(report), segment(gt.parse("营商环境。" * 5, id="b"))]
    found = [k for k in keywords.tfidf(corpus, n=100) if k.document == report.id]
    blocks = [span for _, span in keywords.units(report)]
    rows = keywords.intervals(found, blocks, n=20)
    assert rows == keywords.intervals(found, blocks, n=20)
    assert rows != keywords.intervals(found, blocks, n=20, seed=1)
    assert [row.term for row in rows] == [k.term for k in found[:20]]
    assert all(1 <= row.low <= row.high <= len(found) for row in rows)


def test_intervals_name_the_section(tokens):
    found = keywords.tfidf(tokens, n=5, unit="section")
    start = found[-1].section
    rows = keywords.intervals([k for k in found if k.section == start], tokens.document.sentences, n=2)
    assert {row.section for row in rows} == {start}


@pytest.mark.parametrize(("n", "resamples"), [(0, 10), (5, 0)])
def test_intervals_of_nothing(tokens, n, resamples):
    assert keywords.intervals([], [tokens.span]) == []
    assert keywords.intervals(keywords.tfidf(tokens, n=3), []) == []
    with pytest.raises(OptionError):
        keywords.intervals([], [], n=n, resamples=resamples)


def test_intervals_of_many_are_those_of_each(tokens, report):
    whole = keywords.tfidf(tokens, n=40, unit="section")
    starts = {span.start: span for _, span in keywords.units(report)}
    groups = [
        ([k for k in whole if k.section == start], [s for s in report.sentences if span.covers(s)])
        for start, span in starts.items()
    ]
    groups += [([], report.sentences), (groups[0][0], [])]  # nothing to rank, nothing to draw
    rows = intervals_of_each(groups, n=5, resamples=50)
    assert rows == [keywords.intervals(found, blocks, n=5, resamples=50) for found, blocks in groups]
    assert rows[-2:] == [[], []]


def test_many_with_as_many_blocks_are_drawn_once(tokens, report, monkeypatch):
    module, drawn = sys.modules["govtext.keywords.stability"], []
    draw = module._drawn
    monkeypatch.setattr(module, "_drawn", lambda *given: drawn.append(given[0]) or draw(*given))
    found = keywords.tfidf(tokens, n=5)
    intervals_of_each([(found, report.sentences[:size]) for size in (12, 12, 30, 12)], n=2, resamples=10)
    assert drawn == [12, 30]


COLUMNS = [
    # nothing, one value, several, as large and as small as they can be
    [[], [3], [2, 1, 2, 3, 1], [2**63 - 1, -(2**63), 0, -1, 2**63 - 1]],
    # many alike, values that differ in high digits alone
    [[7] * 50, [i << 40 for i in (5, 3, 5, 9)], [(-1) ** i * i**9 % 1009 for i in range(500)]],
]


@pytest.mark.parametrize("column", [np.array(column, np.int64) for row in COLUMNS for column in row], ids=len)
@pytest.mark.parametrize("compiled", [True, False])
def test_distinct_values_are_those_of_numpy(column, compiled, monkeypatch):
    if not compiled:
        monkeypatch.setattr(distinct, "kernels", None)
    expected = np.unique(column, return_index=True, return_inverse=True, return_counts=True)
    found = distinct.distinct(column)
    for one, other in zip((found.values, found.first, found.number, found.times), expected, strict=True):
        assert one.tolist() == other.tolist()
    assert found.last.tolist() == [max(np.flatnonzero(column == value)) for value in found.values]


@pytest.mark.skipif(distinct.kernels is None, reason="nothing was compiled")
@pytest.mark.parametrize(("numbers", "order"), [(8, 0), (8, 16), (12, 12), (0, 8)])
def test_compiled_order_refuses_bad_buffers(numbers, order):
    with pytest.raises(ValueError, match="as many places"):
        distinct.kernels.rising(bytes(numbers), bytearray(order))
