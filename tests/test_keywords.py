"""TF-IDF keywords."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfTransformer

import govtext as gt
from govtext import counts, keywords
from govtext.errors import OptionError


def cut(*texts, lexicon=()):
    segment = gt.Segmenter(gt.Lexicon(lexicon))
    return [segment(gt.parse(text, id=str(i))) for i, text in enumerate(texts)]


def test_scores_equal_scikit_learn():
    rows = cut("法治政府，行政复议，法治政府", "行政复议，营商环境", "数字政府，营商环境")
    matrix, terms = counts.term_matrix(rows)
    expected = TfidfTransformer(norm=None).fit_transform(matrix).toarray()
    for keyword in keywords.tfidf(rows, n=100, stop=()):
        value = expected[int(keyword.document), terms.index(keyword.term)]
        assert keyword.score == pytest.approx(value, abs=1e-12)


def test_one_document_takes_idf_from_its_own_sections():
    (rows,) = cut("一、甲\n法治政府，营商环境。\n二、乙\n法治政府，法治政府。", lexicon=["法治政府", "营商环境"])
    found = {k.term: k for k in keywords.tfidf(rows, stop=())}
    # two sections: 法治政府 is in both, 营商环境 in one
    assert found["法治政府"].score == pytest.approx(3 * (np.log(3 / 3) + 1), abs=1e-12)
    assert found["营商环境"].score == pytest.approx(1 * (np.log(3 / 2) + 1), abs=1e-12)
    assert (found["法治政府"].document_frequency, found["营商环境"].document_frequency) == (2, 1)


def test_section_keywords_name_their_section(tokens, report):
    found = keywords.tfidf(tokens, n=3, unit="section")
    starts = {s.span.start for s, _ in keywords.units(report) if s}
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


def test_no_documents():
    assert keywords.tfidf([]) == []


@pytest.mark.parametrize("options", [{"n": -1}, {"unit": "chapter"}])
def test_wrong_options(options):
    with pytest.raises(OptionError):
        keywords.tfidf(cut("法治"), **options)


def test_ties_are_in_code_point_order():
    terms = [k.term for k in keywords.tfidf(cut("营商环境，法治政府", lexicon=["营商环境", "法治政府"]))]
    assert terms == sorted(terms)
