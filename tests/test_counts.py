"""Frequencies, the term matrix, concordance."""

import numpy as np
import pytest

import govtext as gt
from govtext import counts
from govtext.errors import OptionError


def cut(*texts, lexicon=()):
    segment = gt.Segmenter(gt.Lexicon(lexicon))
    return [segment(gt.parse(text, id=str(i))) for i, text in enumerate(texts)]


def test_term_matrix_counts_words_and_nothing_else():
    matrix, terms = counts.term_matrix(cut("法治，法治。\n2022年", "法治"))
    assert terms == ["2022年", "法治"]
    assert matrix.toarray().tolist() == [[1, 2], [0, 1]]
    assert matrix.dtype == np.int64


def test_terms_are_sorted_by_code_point():
    _, terms = counts.term_matrix(cut("政府建设，法治，ABC，2022年"))
    assert terms == sorted(terms)


def test_ids_of_many_are_those_of_each():
    term = gt.Term("双随机、一公开", "", ("双随机一公开",))
    rows = cut("双随机一公开，法治", "双随机、一公开", "", lexicon=[term])
    apart = cut("双随机一公开", lexicon=[term])  # of another segmenter
    for group in (rows, rows + apart):
        ids, vocabulary = counts.shared_ids(group)
        for one, found in zip(group, ids, strict=True):
            assert [vocabulary.strings[i] for i in found.tolist()] == [token.term for token in one]


def test_variants_count_as_their_term():
    term = gt.Term("双随机、一公开", "", ("双随机一公开",))
    matrix, terms = counts.term_matrix(cut("双随机一公开，双随机、一公开", lexicon=[term]))
    assert (terms, matrix.toarray().tolist()) == (["双随机、一公开"], [[2]])


def test_tokens_of_two_segmenters_share_a_matrix():
    matrix, terms = counts.term_matrix(cut("法治", "政府") + cut("政府"))
    assert (terms, matrix.toarray().tolist()) == (["政府", "法治"], [[0, 1], [1, 0], [1, 0]])


EMPTY = [
    # no tokens at all
    [],
    # a document of punctuation
    ["，。"],
    # an empty document
    [""],
]


@pytest.mark.parametrize("texts", EMPTY)
def test_nothing_to_count(texts):
    matrix, terms = counts.term_matrix(cut(*texts))
    assert terms == []
    assert matrix.shape == (len(texts), 0)
    assert counts.frequencies(cut(*texts)) == []


def test_frequencies():
    first, second = counts.frequencies(cut("法治 法治", "法治政府", lexicon=["法治政府"]))
    # eight characters that are no blanks
    assert (first.term, first.count, first.document_frequency) == ("法治", 2, 1)
    assert first.relative_frequency == pytest.approx(10_000 * 2 / 8)
    assert second.term == "法治政府"


def test_frequencies_equal_a_count_by_hand(tokens):
    found = {f.term: f.count for f in counts.frequencies(tokens)}
    assert found["法律顾问"] == sum(t.term == "法律顾问" for t in tokens)


KWIC = [
    # a term
    ("法治政府", ["法治政府"]),
    # a regular expression over whole tokens
    ("法治.*", ["法治政府", "法治"]),
    # nothing
    ("没有", []),
]


@pytest.mark.parametrize(("pattern", "matches"), KWIC)
def test_kwic(pattern, matches):
    rows = cut("建设法治政府，法治", lexicon=["法治政府"])
    found = counts.kwic(rows, pattern, window=2)
    assert [c.match for c in found] == matches
    assert all(c.span.of(rows[0].document.text) == c.match for c in found)


def test_kwic_leads_from_a_term_to_its_variants_and_leaves_furniture_out():
    term = gt.Term("双随机、一公开", "", ("双随机一公开",))
    rows = cut("下载\n打印\n2026年政府工作报告\n推进双随机一公开，下载材料。", lexicon=[term])
    assert [c.match for c in counts.kwic(rows, "双随机、一公开")] == ["双随机一公开"]
    (found,) = counts.kwic(rows, "下载", window=0)
    assert (found.left, found.right) == ("", "")
    assert found.span.start == rows[0].document.text.rindex("下载")


def test_kwic_with_a_negative_window():
    with pytest.raises(OptionError, match="window is -1"):
        counts.kwic(cut("法治"), "法治", window=-1)


def test_shares_leave_furniture_out():
    (body,) = cut("2026年政府工作报告\n法治。")
    (page,) = cut("下载\n打印\n2026年政府工作报告\n法治。")
    shares = [next(f.relative_frequency for f in counts.frequencies(t) if f.term == "法治") for t in (body, page)]
    assert shares[0] == shares[1] == 10_000 / counts.characters(body)


def test_a_part_of_a_document_counts_for_itself():
    (tokens,) = cut("一、甲\n法治政府。\n二、乙\n营商环境。网格人员。", lexicon=POLICY)
    second = tokens.document.sections[1].span
    rows = counts.categories(tokens.within(second))
    assert {(row.section, row.category): row.count for row in rows} == {
        (None, "法治"): 1, (None, "治理"): 1, (second.start, "法治"): 1, (second.start, "治理"): 1,
    }  # fmt: skip
    assert all(row.span == second for row in rows)


def test_kwic_with_a_broken_pattern():
    with pytest.raises(OptionError, match="regular expression"):
        counts.kwic(cut("法治"), "(")


POLICY = [
    gt.Term("法治政府", "法治"),
    gt.Term("网格员", "治理", ("网格人员",)),
    gt.Term("营商环境", "法治"),
    gt.Term("无类"),
]


def test_categories_of_a_document_and_its_sections():
    text = "一、法治\n法治政府，法治政府。\n（一）环境\n营商环境。\n二、治理\n网格人员，无类，“五个一办”。"
    rows = counts.categories(cut(text, lexicon=POLICY))
    got = {(row.section, row.category): (row.count, row.terms, row.share) for row in rows}
    second = text.index("二、")
    assert got[None, "法治"] == (3, 2, 0.75)
    assert got[None, "治理"] == (1, 1, 0.25)
    # a section counts with what it holds
    assert got[0, "法治"] == (3, 2, 1.0)
    assert got[text.index("（一）"), "法治"] == (1, 1, 1.0)
    assert got[second, "法治"] == (0, 0, 0.0)
    assert got[second, "治理"] == (1, 1, 1.0)
    size = sum(not character.isspace() for character in text)
    assert rows[1].relative_frequency == pytest.approx(10_000 * 3 / size)
    assert {row.category for row in rows} == {"法治", "治理"}


def test_categories_sum_to_the_terms_that_have_one(tokens):
    rows = [row for row in counts.categories(tokens) if row.section is None]
    lexicon = tokens.lexicon
    with_category = [t for t in tokens if lexicon.get(t.text) and lexicon.get(t.text).category]
    terms = {t.term for t in with_category}
    assert sum(row.count for row in rows) == sum(1 for t in with_category)
    assert sum(row.terms for row in rows) == len(terms)
    assert sum(row.share for row in rows) == pytest.approx(1)


def test_categories_without_a_lexicon_or_text():
    assert counts.categories(cut("法治政府")) == []
    assert [row.count for row in counts.categories(cut("", lexicon=POLICY))] == [0, 0]
    assert counts.categories([]) == []


def test_dispersion_is_gries_deviation_of_proportions():
    segment = gt.Segmenter(gt.Lexicon(["法治政府", "营商环境"]))
    rows = [segment(gt.parse(text)) for text in ("法治政府，营商环境", "法治政府，营商环境", "法治政府，法治政府")]
    found = {f.term: f.dispersion for f in counts.frequencies(rows)}
    # 营商环境: shares of the parts 1/3 each, of the term 1/2, 1/2, 0
    assert found["营商环境"] == pytest.approx((1 / 6 + 1 / 6 + 1 / 3) / 2)
    assert found["法治政府"] == pytest.approx((1 / 12 + 1 / 12 + 1 / 6) / 2)


def test_units_lose_no_word(report, tokens):
    parts = [tokens.within(span) for _, span in counts.units(report)]
    assert sum(int(counts.counted(part).sum()) for part in parts) == int(counts.counted(tokens).sum())
    text = "某通知\n导语。\n一、甲\n正文。\n附件\n某表"
    assert [span.of(text) for _, span in counts.units(gt.parse(text))] == [
        "某通知\n导语。\n",
        "一、甲\n正文。",
        "\n附件\n某表",
    ]


def test_by_section_sums_to_the_whole(tokens):
    whole = {f.term: f.count for f in counts.frequencies(tokens)}
    summed = {}
    for row in counts.by_section(tokens):
        summed[row.term] = summed.get(row.term, 0) + row.count
    assert summed == whole


def test_rank_changes():
    segment = gt.Segmenter(gt.Lexicon(["法治政府", "营商环境", "政务服务"]))
    a = segment(gt.parse("法治政府，法治政府，营商环境，政务服务"))
    b = segment(gt.parse("营商环境，营商环境，法治政府"))
    found = [(r.term, r.rank, r.reference_rank, r.change) for r in counts.rank_changes(a, b)]
    # equal counts share a rank; what one text lacks has none there
    assert found == [("法治政府", 1, 2, 1), ("营商环境", 2, 1, -1), ("政务服务", 2, None, None)]
    assert counts.rank_changes(a, b, terms=["法治政府"])[0].change == 0


@pytest.mark.parametrize("wrong", ["文本", 3, gt.parse("文本"), [gt.parse("文本")], None, gt.reference_corpus()])
def test_what_are_no_tokens(wrong):
    with pytest.raises(OptionError, match="cut documents first"):
        counts.frequencies(wrong)
