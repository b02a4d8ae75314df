"""The lexicon: look-up, union, files and their faults."""

import copy
import hashlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import govtext as gt
from govtext.errors import LexiconError
from govtext.lexicon import Conflict, Lexicon, Term, conflicts, read_stopwords, stopwords, to_tsv, write
from govtext.text import normalise

A = Term("双随机、一公开", "行政执法", ("双随机一公开",))
B = Term("法治政府", "法治政府")


def test_order_of_entries_is_irrelevant():
    assert Lexicon([A, B]) == Lexicon([B, A])
    assert hash(Lexicon([A, B])) == hash(Lexicon([B, A]))
    assert Lexicon([A, B]).sha256 == Lexicon([B, A]).sha256


def test_variants_lead_to_the_canonical_form():
    lexicon = Lexicon([A])
    assert lexicon.canonical("双随机一公开") == "双随机、一公开"
    assert lexicon.get("双随机一公开") == A
    assert lexicon.canonical("别的") == "别的"


def test_union_keeps_the_left_entry_and_all_variants():
    other = Lexicon([Term("双随机、一公开", "监管", ("双随机",)), B])
    union = Lexicon([A]) | other
    assert union.get("双随机") == Term("双随机、一公开", "行政执法", ("双随机", "双随机一公开"))
    assert "法治政府" in union


def test_union_completes_what_an_entry_does_not_say():
    # a plain list of terms before the default lexicon keeps the categories of the latter
    full = Lexicon([Term("法治政府", "法治政府", (), 2004, "注")])
    assert Lexicon(["法治政府"]) | full == full
    assert (Lexicon([Term("法治政府", "别的")]) | full).get("法治政府") == Term("法治政府", "别的", (), 2004, "注")


def test_union_of_what_does_not_fit():
    with pytest.raises(LexiconError, match="stands for two terms"):
        Lexicon([A]) | Lexicon(["双随机一公开"])
    with pytest.raises(TypeError):
        Lexicon([A]) | {"法治政府"}


def test_forms_are_narrowed_like_documents():
    lexicon = Lexicon([Term("５Ｇ基站", "", ("５Ｇ站",))])
    assert list(lexicon) == [Term("5G基站", "", ("5G站",))]
    assert "5G基站" in gt.Segmenter(lexicon)(gt.parse("建设５Ｇ基站")).vocabulary


WRONG = [
    # a string instead of a list of terms
    ("法治政府", "the terms are one string"),
    # a string instead of a tuple of variants
    ([Term("法治政府", "", "法治")], "法治政府: the variants are one string"),
    # what would part the fields or lines of a file
    ([Term("法治政府", "a\tb")], "法治政府: a category or note has a tab"),
    ([Term("法治政府", note="a\nb")], "法治政府: a category or note has a tab"),
    (["法治|政府"], "a tab, a line end or |"),
    # empty, or with blanks around
    ([""], "empty"),
    ([" 法治"], "blanks around"),
    # one string, two terms; always named in the same order
    ([Term("甲乙", "b"), Term("甲乙", "a")], r"two terms, 甲乙 \(a\) and 甲乙 \(b\)"),
]


@pytest.mark.parametrize(("terms", "message"), WRONG)
def test_wrong_entries(terms, message):
    with pytest.raises(LexiconError, match=message):
        Lexicon(terms)


def test_empty_lexicon():
    assert len(Lexicon()) == 0
    assert gt.Lexicon() == Lexicon([])


FAULTS = [
    # one string, two terms
    ("term\tvariants\n甲乙\t丙丁\n戊己\t丙丁\n", "line 3: .*stands in line 2, too, for 甲乙"),
    # a term twice
    ("term\tcategory\n甲乙\ta\n甲乙\tb\n", r"line 3: .*line 2, too"),
    # an unknown column
    ("term\tkind\n甲乙\ta\n", "line 1: the header is term kind"),
    # no header at all
    ("甲乙\n", "line 1"),
    # too many fields
    ("term\n甲乙\t丙\n", "line 2: 2 fields"),
    # a year that is none
    ("term\tyear\n甲乙\tnow\n", "line 2: the year is 'now'"),
    # a year of two digits
    ("term\tyear\n甲乙\t20\n", "line 2: the year is '20'; write four digits"),
    # a variant twice
    ("term\tvariants\n甲乙\t丙|丙\n", "line 2: the variant “丙” is given twice"),
    # a variant that is a term of another line
    ("term\tvariants\n甲乙\t\n丙丁\t甲乙\n", "line 3: “甲乙” stands in line 2, too"),
    # blanks around a variant
    ("term\tvariants\n甲乙\t丙 |丁\n", "line 2: a form is empty or has blanks"),
    # no lexicon at all, of one very long line
    ("法" * 200_000, "line 1: the header is 法法法"),
    # one column twice
    ("term\tterm\n甲乙\t丙丁\n", "line 1: the header is term term"),
    # an empty term
    ("term\tcategory\n\tx\n", "empty"),
]


@pytest.mark.parametrize(("content", "message"), FAULTS)
def test_faulty_files(tmp_path, content, message):
    path = tmp_path / "terms.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match=message):
        Lexicon.read(path)


def test_read_in_gb18030(tmp_path):
    path = tmp_path / "terms.tsv"
    path.write_bytes("term\tcategory\n法治政府\t法治政府\n".encode("gb18030"))
    assert Lexicon.read(path) == Lexicon([B])


def test_missing_file(tmp_path):
    with pytest.raises(LexiconError, match="cannot be read"):
        Lexicon.read(tmp_path / "none.tsv")


def test_default_lexicon_is_sound():
    lexicon = Lexicon.default()
    assert len(lexicon) >= 2500
    assert sum(term.year is not None for term in lexicon) >= 400
    assert all(term.category for term in lexicon)
    assert {"法治政府", "双随机、一公开", "行政机关负责人出庭应诉"} <= {term.text for term in lexicon}


def test_stop_lists():
    assert "的" in stopwords("general")
    assert "推进" in stopwords("official")
    assert stopwords() == stopwords("general") | stopwords("official")
    with pytest.raises(LexiconError, match="no stop list"):
        stopwords("none")


def test_no_stop_word_is_a_term():
    assert not stopwords() & {term.text for term in Lexicon.default()}


def test_the_digest_of_the_file_is_kept_beside_that_of_the_terms(tmp_path):
    path = tmp_path / "terms.tsv"
    path.write_bytes("term\r\n法治政府\r\n\r\n".encode())
    lexicon = Lexicon.read(path)
    assert lexicon.file_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert copy.copy(lexicon).file_sha256 == lexicon.file_sha256  # worker processes get it so
    assert lexicon == Lexicon(["法治政府"])  # equality is that of the terms
    assert (lexicon | Lexicon([A])).file_sha256 is Lexicon.default().file_sha256 is None


CELLS = st.text(st.characters(categories=("L", "N", "P"), exclude_characters="|"), max_size=4).map(normalise)


@given(st.dictionaries(CELLS.filter(bool), st.tuples(CELLS, st.none() | st.integers(1000, 9999), CELLS), max_size=4))
def test_what_is_written_is_read(entries):
    lexicon = Lexicon(Term(form, category, (), year, note) for form, (category, year, note) in entries.items())
    with tempfile.TemporaryDirectory() as folder:
        write(lexicon, Path(folder) / "terms.tsv")
        assert Lexicon.read(Path(folder) / "terms.tsv") == lexicon


def test_a_lexicon_is_written_as_it_is_read(tmp_path):
    lexicon = Lexicon([Term("双随机、一公开", "行政执法", ("双随机一公开",), 2015, "注"), B])
    path = tmp_path / "terms.tsv"
    path.write_text(to_tsv(lexicon), encoding="utf-8")
    assert Lexicon.read(path) == lexicon


CONFLICTS = [
    # another category
    (Term("甲乙", "a"), Term("甲乙", "b"), [Conflict("甲乙", "category", "a", "b")]),
    # one form, two terms
    (Term("甲乙", "", ("丙丁",)), Term("丙丁"), [Conflict("丙丁", "term", "甲乙", "丙丁")]),
    # what is empty contradicts nothing
    (Term("甲乙", "a"), Term("甲乙", "", (), 2020), []),
    # nothing in common
    (Term("甲乙", "a"), Term("丙丁", "b"), []),
]


@pytest.mark.parametrize(("ours", "theirs", "expected"), CONFLICTS)
def test_conflicts(ours, theirs, expected):
    assert conflicts(Lexicon([ours]), Lexicon([theirs])) == expected


def test_own_stop_list(tmp_path):
    path = tmp_path / "stop.txt"
    path.write_bytes("# 注\n推进\n\n工作\n".encode("gb18030"))
    assert read_stopwords(path) == {"推进", "工作"}
    path.write_text("推进 工作\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"stop.txt, line 1: .* no single word"):
        read_stopwords(path)
    path.write_text("# 空\n", encoding="utf-8")
    with pytest.raises(LexiconError, match="no word in it"):
        read_stopwords(path)
    with pytest.raises(LexiconError, match="cannot be read"):
        read_stopwords(tmp_path / "none.txt")
