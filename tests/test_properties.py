"""Invariants that hold for any text whatever."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import govtext as gt
from conftest import GB18030, TEXTS
from govtext import citations, counts, indicators
from govtext.document import lint
from govtext.native import kernels
from govtext.text import codes, normalise, sentences
from govtext.tokens import TERM, Vocabulary, terms, trie, unknown, vocabulary
from govtext.tokens.vocabulary import windows

SEGMENT = gt.Segmenter()


@given(TEXTS)
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once
    assert "\r" not in once


@given(TEXTS)
def test_sentences_tile_the_text(text):
    assert "".join(span.of(text) for span in sentences(text)) == text
    assert all(a.end == b.start for a, b in pairwise(sentences(text)))


@given(TEXTS)
def test_a_sentence_lies_in_one_line(text):
    text = text.replace("\r", "\n")
    assert all("\n" not in span.of(text).strip() for span in sentences(text))


@given(TEXTS)
def test_sentences_and_paragraphs_lose_no_character(text):
    doc = gt.parse(text)
    for spans in (doc.sentences, doc.paragraphs):
        tiles = sorted([*spans, *doc.furniture])
        assert "".join(span.of(doc.text) for span in tiles) == doc.text


@given(TEXTS)
def test_heads_are_the_sections_but_the_points(text):
    alone, doc = gt.parse(text).heads, gt.parse(text)
    assert alone == tuple(section.span for section in doc.sections if section.level != "point") == doc.heads
    assert counts.unit_spans(gt.parse(text)) == [span for _, span in counts.units(doc)]


@given(TEXTS)
def test_sections_form_a_tree(text):
    doc = gt.parse(text)
    for section in doc.sections:
        assert 0 <= section.span.start < section.span.end <= len(doc.text)
        assert section.span.covers(section.heading_span)
        if section.parent:
            assert section.parent.span.covers(section.span)
            assert section.parent in doc.sections
    for a, b in pairwise(doc.sections):
        assert a.span.start < b.span.start
    siblings = {}
    for section in doc.sections:
        siblings.setdefault(section.parent.span if section.parent else None, []).append(section)
    for group in siblings.values():
        assert all(a.span.end <= b.span.start for a, b in pairwise(group))
    codes = {"gap", "duplicate", "empty", "lone", "doubtful", "escape", "comment", "markup", "repeat"}
    assert {f.code for f in lint(doc)} <= codes


@given(TEXTS)
def test_crlf_gives_the_same_tree(text):
    text = text.replace("\r", "\n")
    assert gt.parse(text).sections == gt.parse(text.replace("\n", "\r\n")).sections


@given(TEXTS)
def test_tokens_tile_the_text(text):
    doc = gt.parse(text)
    tokens = SEGMENT(doc)
    assert "".join(token.text for token in tokens) == doc.text
    for token in tokens:
        assert doc.text[token.start : token.end] == token.text
    assert all(a.end == b.start for a, b in pairwise(tokens))


@given(TEXTS)
def test_cut_joins_to_its_input(text):
    assert "".join(SEGMENT.cut(text)) == text


@given(st.sampled_from([term.text for term in gt.Lexicon.default()]), st.sampled_from("，。；：、\n（"))
def test_a_term_alone_between_marks_is_one_token(term, mark):
    assert term in SEGMENT.cut(f"甲{mark}{term}{mark}乙")


# Terms of any lexicon: real words and parts of words, numerals, marks and letters.
FORMS = st.text("国有企业家市政府法治一二三是年月日百分之点中王门万第五两降保双随机、“”·+5A", min_size=1, max_size=6)


@given(st.lists(FORMS, min_size=1, max_size=6, unique=True), st.sampled_from("，。；：！？\n（）《》"), st.randoms())
def test_a_term_of_any_lexicon_alone_between_marks_is_one_token(forms, mark, random):
    segment, shuffled = gt.Segmenter(gt.Lexicon(forms)), random.sample(forms, len(forms))
    for form in forms:
        text = f"前文{mark}{form}{mark}后文"
        tokens = segment(gt.parse(text))
        assert (form, TERM) in {(t.text, kind) for t, kind in zip(tokens, tokens.kinds.tolist(), strict=True)}
        # order of the entries is irrelevant, and a string is cut like a document
        assert [t.text for t in tokens] == gt.Segmenter(gt.Lexicon(shuffled)).cut(text) == segment.cut(text)


# What the rules, the names and the lexicon decide about, side by side in any order.
PIECES = st.sampled_from(
    [
        "我市容缺审批",
        "国有企业家",
        "中国有企业家",
        "马塞马拉",
        "克里姆林宫",
        "王小明",
        "老王",
        "满意率",
        "李家村",
        "4S店",
        "AAA级景区",
        "5G-A",
        "1,234.5万元",
        "3万5000",
        "百分之九十八点五",
        "两降一保",
        "三届六次",
        "一是",
        "十二是",
        "（一）",
        "1.",
        "2022年11月6日",
        "“一区两地一园一通道”",
        "市政府法律顾问",
        "政务公开制度化",
        "法治政府建设",
        "双随机、一公开",
        "…",
        "...",
        "——",
        "<U+00A0>",
        "\n",
        "\n\u3000\u3000",
        "。",
        "，",
        "；",
        "的",
        "𠀀",
        "\x00",
        "\t",
        "é",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join) | TEXTS)
def test_a_document_is_cut_like_a_string(text):
    doc = gt.parse(text)
    assert [token.text for token in SEGMENT(doc)] == SEGMENT.cut(doc.text)


# Strings of any length, with characters beyond sixteen bits and the one that is 0.
WORDS = st.lists(st.text("法治政府建设0aé\0\U00020000\U0001f600", min_size=1, max_size=11), max_size=40)


@given(st.lists(WORDS, min_size=1, max_size=4), st.booleans())
def test_a_vocabulary_finds_stretches_like_strings(rounds, compiled):
    fast, plain = Vocabulary(), Vocabulary()
    for words in rounds:
        text, ends = "".join(words), np.cumsum([len(word) for word in words], dtype=np.int32)
        starts = ends - np.array([len(word) for word in words], np.int32)
        with pytest.MonkeyPatch.context() as patch:
            if not compiled:
                patch.setattr(vocabulary, "kernels", None)
            found = fast.ids_at(text, codes(text), starts, ends)
        assert [fast.strings[i] for i in found.tolist()] == words
        plain.ids(words)
        assert set(fast.strings) == set(plain)
        assert len(fast.strings) == len(fast) == len(plain)


# Strings that share their beginnings, short and long, with the characters that no key of sixteen bits holds.
FORMS = st.sets(st.text("法治政0\0\uffff\U00020000", min_size=1, max_size=14), max_size=12).map(sorted)


@given(FORMS, st.text("法治政0\0\uffff\U00020000", max_size=40), st.sampled_from([0, 1, 128]))
def test_a_trie_finds_what_stands_in_a_text(forms, text, few):
    text += "".join(forms)
    points = codes(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trie, "FEW", few)
        made = trie.Trie.of(forms)
        found = made.find(text, points, windows(points)).tolist()
        assert made._replace(compiled=None).find(text, points, windows(points)).tolist() == found
    spans = ((start, end) for start in range(len(text)) for end in range(start + 1, len(text) + 1))
    assert sorted(found) == [[a, b, forms.index(text[a:b])] for a, b in spans if text[a:b] in forms]


# Matches as a trie finds them, by their starts, and any mask of a text of forty characters.
MATCHES = st.lists(st.tuples(st.integers(0, 39), st.integers(1, 9)), min_size=1, max_size=12).map(
    lambda rows: sorted({(start, min(start + length, 40), 1) for start, length in rows})
)
MASKS = st.lists(st.booleans(), min_size=39, max_size=39).map(lambda inside: bytearray([1, *inside, 1]))


@given(MATCHES, MASKS)
@pytest.mark.skipif(kernels is None, reason="nothing was compiled")
def test_compiled_code_tells_the_same_matches_apart(rows, mask):
    table = np.array(rows, np.int64)
    compiled, plain = terms._parted(table, mask), terms._plain(table, np.frombuffer(mask, np.uint8))
    assert [part.tolist() for part in compiled] == [part.tolist() for part in plain]


@given(st.text(st.sampled_from("".join(unknown.odds())) | GB18030, max_size=40), st.integers(0, (1 << 39) - 1))
@pytest.mark.skipif(kernels is None, reason="nothing was compiled")
def test_compiled_code_finds_the_same_unknown_words(text, bits):
    inside = [bits >> at & 1 for at in range(max(len(text) - 1, 0))]
    mask = bytearray([1, *inside, 1] if text else [1])
    compiled, plain = unknown._plausible_compiled(text, mask), unknown._plausible_columns(points_of(text), mask)
    assert [part.tolist() for part in compiled] == [part.tolist() for part in plain]


def points_of(text):
    return codes(text).astype(np.intp)


@given(TEXTS)
def test_full_width_text_is_cut_like_narrow_text(text):
    wide = text.translate({code: code + 0xFEE0 for code in range(0x30, 0x7B) if chr(code).isalnum()})
    assert list(map(len, SEGMENT.cut(wide))) == list(map(len, SEGMENT.cut(text)))


@given(TEXTS)
def test_metadata_is_read_from_any_text(text):
    found = gt.parse(text).metadata
    assert found.year is None or 1900 <= found.year <= 9999


# Pieces of which sentences with figures are made.
FIGURES = st.lists(
    st.sampled_from((
        "1", "2022", "35.6", "1,826", "三百", "百分之五", "万", "亿", "%", "件", "元", "个", "公里", "年", "个百分点", "、", "，", "。",
        "和", "-", "—", "至", "增长", "下降", "分别", "其中", "率", "达到", "近", "余", "以上", "比上年", "办理", "案件", "占", "的",
        "《", "》", "“", "”", "（", "）", "\n",
    )),
    max_size=40,
).map("".join)  # fmt: skip


@given(TEXTS | FIGURES)
def test_figures_stand_where_they_say(text):
    doc = gt.parse(text)
    found = indicators.extract(doc)
    for one in found:
        assert one.span.of(doc.text) == one.text
        assert one.span.covers(one.number_span)
        assert one.value.is_finite()
        assert not any(c.isdigit() for c in one.name)
        assert bool(one.name) == (one.name_span is not None)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
    for check in indicators.check(doc, found):
        assert check.span.end <= len(doc.text)


@given(TEXTS | FIGURES)
def test_citations_stand_where_they_say(text):
    doc = gt.parse(text)
    for one in citations.extract(doc):
        assert one.span.of(doc.text) == one.text
        assert one.first.start <= one.span.start
        assert one.title
