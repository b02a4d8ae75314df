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


def test_kwic_with_a_broken_pattern():
    with pytest.raises(OptionError, match="regular expression"):
        counts.kwic(cut("法治"), "(")
