"""Candidate terms, the audit of a lexicon, and sheets to tick."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import govtext as gt
from govtext import discovery
from govtext.discovery import grams, slogans
from govtext.errors import LexiconError, OptionError
from govtext.tokens import Vocabulary

EMPTY = gt.Segmenter(gt.Lexicon())


def found(text, **options):
    return {one.term: one for one in discovery.candidates(gt.parse(text, id="x"), **options)}


SLOGANS = [
    # two numerals, each with what it counts
    ("两降一保", False, True),
    ("一规划两纲要", False, True),
    # a mark inside
    ("双随机、一公开", False, True),
    # a formula
    ("1+1+N", False, True),
    ("5+3", False, True),
    # one numeral needs quotation marks
    ("五个一办", True, True),
    ("三个高地", False, False),
    ("三个高地", True, True),
    # a classifier alone names nothing, even in quotation marks
    ("三类", True, False),
    # no numeral
    ("打非治违", True, False),
]


@pytest.mark.parametrize(("text", "quoted", "expected"), SLOGANS)
def test_slogans_of_numerals(text, quoted, expected):
    assert slogans.has_numeral(text, quoted=quoted) is expected


QUOTED = [
    # 、 and · may stand inside
    ("推进“双随机、一公开”，打造“贵人服务·清松办”", ["双随机、一公开", "贵人服务·清松办"]),
    # a formula
    ("建立“1+1+N”模式", ["1+1+N"]),
    # a sentence is no name
    ("他说“我们要坚持，不能放弃”", []),
    # ASCII quotation marks
    ('落实"强省会"战略', ["强省会"]),
    # numbers alone are no name
    ("“2022”年", []),
]


@pytest.mark.parametrize(("text", "names"), QUOTED)
def test_quoted_phrases(text, names):
    assert sorted(one.term for one in found(text, segment=EMPTY).values()) == sorted(names)


RECURRENT = [
    # a sequence that recurs
    ("建设海绵校园。评价海绵校园。", {"海绵校园"}),
    # once is not enough
    ("建设海绵校园。", set()),
    # a stop word neither begins nor ends a term
    ("的海绵和。的海绵和。", set()),
    # the longer sequence stands for the shorter one that occurs in it alone
    ("海绵校园试点。海绵校园试点。", {"海绵校园试点"}),
    # punctuation ends a sequence
    ("海绵，校园。海绵，校园。", set()),
    # nothing at all
    ("", set()),
]


@pytest.mark.parametrize(("text", "terms"), RECURRENT)
def test_recurrent_sequences(text, terms):
    assert set(found(text, segment=EMPTY)) == terms


def test_the_slogans_of_the_reference_report_are_among_the_best(report):
    best = [one.term for one in discovery.candidates(report, n=30)]
    assert {"两降一保", "五个一办", "一规划两纲要", "双随机、一公开", "1+1+N"} <= set(best)
    without = [one.term for one in discovery.candidates(report, segment=EMPTY, n=30)]
    assert {"两降一保", "五个一办", "一规划两纲要", "双随机、一公开", "1+1+N"} <= set(without)


def test_places_contexts_and_counts_stand_on_the_text(report):
    for one in discovery.candidates(report):
        assert len(one.places) == min(one.count, 100)
        assert all(one.document_frequency == 1 and place.document == report.id for place in one.places)
        forms = {place.span.of(report.text) for place in one.places}
        assert one.known or forms == {one.term}
        assert all("【" in context and "\n" not in context for context in one.contexts)


def test_known_and_unknown_part_the_candidates(report):
    both, known, new = (
        {one.term for one in discovery.candidates(report, n=1000, known=known)} for known in (None, True, False)
    )
    assert known | new == both
    assert not known & new
    lexicon = gt.Lexicon.default()
    assert all(term in lexicon for term in known)


def test_tokens_and_documents_give_the_same(report, tokens):
    assert discovery.candidates(tokens) == discovery.candidates([report])


def test_order_of_documents_does_not_change_terms():
    texts = [gt.parse(text, id=text) for text in ("建设海绵校园。“三调”", "评价海绵校园。", "海绵校园")]
    forward, backward = (discovery.candidates(rows, segment=EMPTY) for rows in (texts, texts[::-1]))
    assert [(c.term, c.score, c.count) for c in forward] == [(c.term, c.score, c.count) for c in backward]
    assert forward[0].document_frequency == len({place.document for place in forward[0].places})


def test_a_part_of_a_document_is_all_that_is_looked_at():
    text = "一、甲\n“五个一办”，海绵校园，法治。海绵校园。\n二、乙\n“三个高地”，网格员。“五个一办”。"
    tokens = gt.Segmenter(gt.Lexicon(["法治", "网格员"]))(gt.parse(text))
    part = tokens.within(tokens.document.sections[0].span)
    found = {one.term: (one.count, one.quoted) for one in discovery.candidates(part)}
    assert found == {"五个一办": (1, 1), "海绵校园": (2, 0)}
    findings = discovery.audit(tokens.lexicon, part)
    assert [(f.code, f.term) for f in findings if f.code == "unmatched"] == [("unmatched", "网格员")]
    assert all(place.span.end <= part.span.end for f in findings for place in f.places)
    # with another lexicon only the part is cut anew
    assert discovery.audit(gt.Lexicon(["高地"]), part)[0].code == "unmatched"
    assert discovery.candidates(tokens.within((0, 0))) == []


def test_candidates_do_not_depend_on_what_was_cut_before(report):
    fresh, used = gt.Segmenter(), gt.Segmenter()
    for sentence in reversed(report.sentences):
        used(gt.parse(sentence.of(report.text)))
    assert discovery.candidates(report, segment=fresh) == discovery.candidates(report, segment=used)


def test_tokens_of_two_lexicons_are_refused():
    rows = [gt.Segmenter(gt.Lexicon(terms))(gt.parse("法治")) for terms in ([], ["法治"])]
    with pytest.raises(OptionError, match="different lexicons; cut all documents with one Segmenter"):
        discovery.candidates(rows)


def test_wrong_options(report):
    with pytest.raises(OptionError, match="n is -1"):
        discovery.candidates(report, n=-1)
    with pytest.raises(OptionError, match="min_count is 0"):
        discovery.candidates(report, min_count=0)
    assert discovery.candidates([]) == []


@given(st.lists(st.text("甲乙丙。", max_size=30), min_size=1, max_size=4))
def test_grams_are_counted_as_by_hand(texts):
    rows = [EMPTY(gt.parse(text, id=str(i))) for i, text in enumerate(texts)]
    source = grams.stream(rows, [row.ids for row in rows], EMPTY.vocabulary)
    usable = (source.ids >= 0) & (source.ids != EMPTY.vocabulary["。"])
    levels = grams.count(source, usable, least=2)
    by_hand = {}
    for at in range(len(usable)):
        for n in range(1, grams.LONGEST + 1):
            if at + n <= len(usable) and usable[at : at + n].all():
                key = tuple(source.ids[at : at + n].tolist())
                by_hand[key] = by_hand.get(key, 0) + 1
    counted = {
        tuple(source.ids[first : first + n].tolist()): int(count)
        for n, level in enumerate(levels, start=1)
        for first, count in zip(level.first.tolist(), level.counts.tolist(), strict=True)
    }
    assert counted == {key: count for key, count in by_hand.items() if len(key) == 1 or count > 1}


BESIDE = [
    # two different neighbours on each side, each once
    ("丙甲乙戊 丁甲乙己 庚 庚", np.log(2)),
    # the same neighbour on one side
    ("丙甲乙戊 丁甲乙戊 庚 庚", 0.0),
]


@pytest.mark.parametrize(("text", "freedom"), BESIDE)
def test_cohesion_and_freedom_by_hand(text, freedom):
    # 甲乙 twice among ten tokens, 甲 and 乙 twice each
    vocabulary = Vocabulary("甲乙丙丁戊己庚")
    ids = np.array([-1 if character == " " else vocabulary[character] for character in text + " "], np.int32)
    nothing = np.zeros(len(ids), np.int32)
    source = grams.Stream(ids, nothing.astype(np.uint8), nothing, nothing, np.array([0, len(ids)]), vocabulary)
    starts, ends = (np.array([character == only for character in vocabulary]) for only in "甲乙")
    pairs = grams.weigh(source, grams.count(source, ids >= 0, least=2), starts, ends)[1]
    assert pairs.counts.tolist() == [2]
    assert pairs.cohesion[0] == pytest.approx(np.log(2 * 10 / (2 * 2)))
    assert pairs.freedom[0] == pytest.approx(freedom)


AUDITS = [
    # neither the term nor a variant
    (["网格员"], "推进法治。", [("unmatched", "网格员")]),
    # only inside a longer term
    (["法治政府", "法治政府建设"], "推进法治政府建设。", [("swallowed", "法治政府")]),
    # the canonical form never occurs, a variant does
    ([gt.Term("双随机、一公开", "", ("双随机一公开",))], "双随机一公开", [("uncanonical", "双随机、一公开")]),
    # two entries that differ in marks
    (["双随机、一公开", "双随机一公开"], "双随机、一公开，双随机一公开", [("twin", "双随机一公开")]),
    # a quoted string that looks like a variant
    (["双随机、一公开"], "双随机、一公开。“双随机一公开”。", [("variant", "双随机一公开")]),
    # a quoted string that looks like a missing term
    (["法治"], "法治。“五个一办”", [("missing", "五个一办")]),
    # nothing to say
    (["法治政府"], "法治政府。", []),
    # an empty lexicon
    ([], "法治。", []),
]


@pytest.mark.parametrize(("terms", "text", "expected"), AUDITS)
def test_audit(terms, text, expected):
    assert [(f.code, f.term) for f in discovery.audit(gt.Lexicon(terms), gt.parse(text))] == expected


def test_audit_names_a_term_that_the_cut_crosses():
    findings = discovery.audit(gt.Lexicon(["国有企业"]), gt.parse("中国有企业家。"))
    assert [(f.code, f.term, f.other) for f in findings] == [("crossed", "国有企业", "中国有企业家")]
    assert findings[0].places[0].span.of("中国有企业家。") == "国有企业"


def test_sheet_of_candidates(report):
    lexicon = gt.Lexicon.default()
    rows = discovery.sheet(discovery.candidates(report, n=30), lexicon)
    assert tuple(rows[0]) == discovery.COLUMNS
    known = next(row for row in rows if row["term"] == "双随机、一公开")
    assert (known["add"], known["known"], known["category"]) == ("", True, "行政执法")


TICKED = [
    # any mark of consent
    ([{"add": mark, "term": "甲乙"}], ["甲乙"])
    for mark in ("x", "X", "√", "✓", "1", 1, 1.0, True, "是", " y ")
] + [
    # none, or one of refusal
    ([{"add": mark, "term": "甲乙"}], [])
    for mark in ("", None, "n", "0", 0, False, "否")
]


@pytest.mark.parametrize(("rows", "terms"), TICKED)
def test_ticks(rows, terms):
    assert [term.text for term in discovery.ticked(rows)] == terms


def test_a_ticked_row_gives_an_entry():
    row = {
        "add": "x",
        "term": "甲乙",
        "category": "类",
        "variants": "甲 乙|乙甲",
        "year": "2020.0",
        "note": "注",
        "score": 1,
    }
    assert list(discovery.ticked([row])) == [gt.Term("甲乙", "类", ("乙甲", "甲 乙"), 2020, "注")]


BAD_SHEETS = [
    # a mark that is neither
    ([{"add": "maybe", "term": "甲乙"}], r"s.csv, line 2: the mark is 'maybe'; write x"),
    # no term
    ([{"add": "x", "term": ""}], "line 2: a ticked row has no term"),
    # twice
    ([{"add": "x", "term": "甲乙"}, {"add": "x", "term": "甲乙"}], "line 3: “甲乙” stands in line 2, too"),
    # a column is gone
    ([{"term": "甲乙"}], "no column 'add'"),
    # a year that is none
    ([{"add": "x", "term": "甲乙", "year": "20"}], "line 2: the year is '20'"),
]


@pytest.mark.parametrize(("rows", "message"), BAD_SHEETS)
def test_bad_sheets(rows, message):
    with pytest.raises(LexiconError, match=message):
        discovery.ticked(rows, where="s.csv")
