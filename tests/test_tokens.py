"""Segmentation: rules of form, lexicon terms, columns."""

import multiprocessing
import pickle
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

import govtext as gt
from govtext.errors import OptionError
from govtext.native import kernels
from govtext.text import codes
from govtext.tokens import KINDS, TOTAL, Vocabulary, form, trie
from govtext.tokens.engine import cutter, listed, marker, mask_of
from govtext.tokens.terms import finder
from govtext.tokens.trie import Trie
from govtext.tokens.vocabulary import windows

RULES = [
    # a number, a classifier that stands free
    ("227项", "227|项"),
    # decimal point, 万 and the unit of money
    ("3649.41万元", "3649.41万|元"),
    # per cent
    ("增长35.6%，", "增长|35.6%|，"),
    # 余 stays with its number
    ("180余份", "180余|份"),
    # a word that ends in 数 begins no number
    ("总数115件，人数1561万", "总数|115|件|，|人数|1561万"),
    ("数十万人", "数十万|人"),
    # Chinese numerals
    ("三百二十一万人", "三百二十一万|人"),
    # numbers that are parts of words
    ("一些三农工作", "一些|三农|工作"),
    # two numbers, and dotted digits
    ("2-3", "2|-|3"),
    # dates are cut after 年 and 月 only
    ("2022年11月6日", "2022年|11月|6日"),
    # a number that goes on behind 万, and one beside letters
    ("3万5000元和3万5G", "3万5000|元|和|3万|5G"),
    # words of the dictionary with letters are cut as if their characters stood alone
    ("新建成的4S店正在", "新|建成|的|4S|店|正在"),
    # 万 after 余 and 多; a share in words
    ("2700多万人三百多万元", "2700多万|人|三百多万|元"),
    ("达百分之九十八点五", "达|百分之九十八点五"),
    # formulas coined with numerals, without quotes; counted units are none
    ("落实两降一保", "落实|两降一保"),
    ("一圈一群两翼一带布局", "一圈一群两翼一带|布局"),
    ("市委三届六次全会", "市委|三届|六次|全会"),
    ("三县一体化，三年两地", "三县|一体化|，|三年|两地"),
    # a long phrase in quotes is one where it counts
    ("“一区两地一园一通道”建设", "“|一区两地一园一通道|”|建设"),
    ("“我们一定要把这项工作做好”", "“|我们|一定|要|把|这项|工作|做好|”"),
    # so is one of short parts, but no list of long ones
    ("实行“一强化、两剥离”改革", "实行|“|一强化、两剥离|”|改革"),
    ("推动“城市引领升级、县域承载配套”", "推动|“|城市|引领|升级|、|县域|承载|配套|”"),
    # Latin words and codes
    ("发展5G-A和PM2.5治理", "发展|5G-A|和|PM2.5|治理"),
    # number formulas
    ("“1+1+N”模式", "“|1+1+N|”|模式"),
    # an enumerator stays with its mark
    ("一、总则", "一、|总则"),
    ("（一）总则", "（一）|总则"),
    ("一是加强", "一是|加强"),
    # a short phrase in quotes is coined
    ("推动“两降一保”工作", "推动|“|两降一保|”|工作"),
    # a long quotation is none
    ("“紧紧围绕全面推进依法治国目标”", None),
    # every mark stands alone, dashes join
    ("好——是，。", "好|——|是|，|。"),
]


@pytest.mark.parametrize(("text", "expected"), RULES)
def test_rules_of_form(text, expected):
    cut = gt.Segmenter(gt.Lexicon()).cut(text)
    assert "".join(cut) == text
    if expected is None:
        assert len(cut) > 3
    else:
        assert "|".join(cut) == expected


TERMS = [
    # a term with 、 inside
    (["双随机、一公开"], "推进双随机、一公开监管", "双随机、一公开"),
    # the longest of two
    (["法治政府", "法治政府建设"], "推进法治政府建设。", "法治政府建设"),
    # a term with digits and +
    (["行政执法+行政检察"], "召开“行政执法+行政检察”会议", "行政执法+行政检察"),
    # a term that is a whole text
    (["营商环境"], "营商环境", "营商环境"),
]


@pytest.mark.parametrize(("terms", "text", "whole"), TERMS)
def test_terms_stay_whole(terms, text, whole):
    assert whole in gt.Segmenter(gt.Lexicon(terms)).cut(text)


# A term of the lexicon, and a text that holds its characters but not the word.
NOT_FOUND = [
    # a part of a code
    ("A级景区", "国家AAA级景区"),
    ("国有企业", "中国有企业家参加"),
    ("国有企业", "我国有企业遇到困难"),
    ("政府法律顾问", "组建市政府法律顾问团队"),
    ("民生", "丰富人民生活"),
    ("家政", "落实国家政策"),
    ("法治", "坚持依法治理"),
    ("民政", "报省人民政府批准"),
    ("市政", "推动全市政府系统"),
    ("区政府", "自治区政府印发"),
    ("会展", "社会展现新气象"),
    ("学会", "召开大学会议"),
    ("人大", "本人大力支持"),
    ("政协", "签订行政协议"),
    ("政协", "加强行政协调"),
    ("党建", "向党建言献策"),
    ("农民工", "做好农民工作"),
    ("外资", "吸收国外资金"),
    ("外贸", "打击境外贸易"),
    ("制造业", "制造业绩神话"),
    ("大数据", "建设十大数据中心"),
    ("金融", "促进资金融通"),
    ("消费", "取消费用"),
    ("高企", "提高企业效益"),
    ("政风", "防范财政风险"),
    ("入世", "融入世界经济"),
    ("社会安全", "社会安全感明显增强"),
    ("新区", "不断更新区域规划"),
    ("能源", "动能源于创新"),
]


@pytest.mark.parametrize(("term", "text"), NOT_FOUND)
def test_a_term_across_real_words_is_not_found(term, text):
    assert term not in gt.Segmenter(gt.Lexicon([term])).cut(text)


# A text in which the dictionary's cut crosses a term that is the better reading.
FOUND_ACROSS = [
    ("容缺审批", "我市容缺审批事项227项", "我市|容缺审批|事项|227|项"),
    ("追责问责", "追责问责725人", "追责问责|725|人"),
    ("多元化解", "推进多元化解", "推进|多元化解"),
]


@pytest.mark.parametrize(("term", "text", "expected"), FOUND_ACROSS)
def test_a_term_that_the_cut_crosses(term, text, expected):
    assert "|".join(gt.Segmenter(gt.Lexicon([term])).cut(text)) == expected


NAMES = [
    # a surname and two, and one, characters
    ("教授田勇军及", "教授|田勇军|及"),
    ("副秘书长王静，", "副|秘书长|王静|，"),
    # a place of the dictionary's, and one of none
    ("清镇市人民", "清镇市|人民"),
    # a transliteration
    ("总统布罗扎表示", "总统|布罗扎|表示"),
    # no names: function words side by side
    ("他从这里和我说", "他|从|这里|和|我|说"),
]


@pytest.mark.parametrize(("text", "expected"), NAMES)
def test_names_the_dictionary_lacks(text, expected):
    assert "|".join(gt.Segmenter(gt.Lexicon()).cut(text)) == expected


FREE = [
    # a frequent pair of words in jieba's dictionary is no word
    ("认真学习宣传", "认真|学习|宣传"),
    ("严厉打击诈骗", "严厉|打击|诈骗"),
    # a true word of four characters stays whole
    ("艰苦奋斗", "艰苦奋斗"),
    ("全心全意", "全心全意"),
]


@pytest.mark.parametrize(("text", "expected"), FREE)
def test_free_phrases_are_cut(text, expected):
    assert "|".join(gt.Segmenter(gt.Lexicon()).cut(text)) == expected


def test_order_of_entries_is_irrelevant(report):
    terms = [term.text for term in gt.Lexicon.default()][:500]
    one, two = (gt.Segmenter(gt.Lexicon(order)) for order in (terms, terms[::-1]))
    assert one.cut(report.text) == two.cut(report.text)


def test_segmenters_in_other_processes_give_the_same(report):
    with_term, without = gt.Segmenter(gt.Lexicon(["全面依法治市"])), gt.Segmenter(gt.Lexicon())
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(segment.cut, report.text) for segment in (with_term, without)]
        results = [future.result() for future in futures]
    assert results == [with_term.cut(report.text), without.cut(report.text)]
    assert results[0] != results[1]


def test_engines_give_the_same_tokens(report):
    ours = gt.Segmenter(engine="rjieba")(report)
    theirs = gt.Segmenter(engine="jieba")(report)
    assert np.array_equal(ours.starts, theirs.starts)
    assert np.array_equal(ours.kinds, theirs.kinds)


def test_lone_surrogates_are_cut_as_the_characters_they_stand_for():
    text = "法治\ud800政府２０２２年\udfff"
    for engine in ("rjieba", "jieba"):
        segment = gt.Segmenter(gt.Lexicon(), engine=engine)
        assert segment.cut(text) == ["法治", "\ud800", "政府", "２０２２年", "\udfff"]
        assert [len(token) for token in segment.cut(text)] == [len(t.text) for t in segment(gt.parse(text))]


# Letters of any script are words, whatever plane they stand on.
KINDS_OF = [
    ("彝ꀀ", "word"),
    ("한", "word"),
    ("𝐀", "word"),
    ("𠀀", "word"),
    ("ｱ", "word"),
    ("😀", "punctuation"),
    ("．", "punctuation"),
]


@pytest.mark.parametrize(("text", "kind"), KINDS_OF)
def test_kinds_of_letters_and_signs(text, kind):
    assert {KINDS[k] for k in gt.Segmenter(gt.Lexicon())(gt.parse(text)).kinds.tolist()} == {kind}


def test_the_sum_of_frequencies_is_that_of_the_dictionary():
    package = find_spec("jieba").origin  # to import it is to be warned of its source
    lines = Path(package).with_name("dict.txt").read_text(encoding="utf-8").splitlines()
    rows = [(word, int(count)) for word, count, *_ in map(str.split, lines)]
    phrases = map(dict(rows).__getitem__, listed("phrases.txt"))
    assert sum(count for _, count in rows) - sum(phrases) == TOTAL


def test_full_width_letters_are_cut_like_narrow_ones():
    wide = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x30, 0x7B) if chr(c).isalnum()})
    cut = gt.Segmenter().cut
    for text, _ in RULES:
        assert [len(token) for token in cut(text.translate(wide))] == [len(token) for token in cut(text)], text


def test_finders_find_the_same(monkeypatch, report):
    forms = sorted(gt.Lexicon.default().forms)
    fast = finder(forms)(report.text)
    monkeypatch.setitem(sys.modules, "daachorse", None)  # as on Linux on ARM
    slow = finder(forms)(report.text)
    assert len(fast) > 200
    assert sorted(fast) == sorted(slow)
    points = codes(report.text)
    by_columns = Trie.of(forms).find(report.text, points, windows(points))
    assert [tuple(row) for row in by_columns.tolist()] == sorted(fast, key=lambda row: (row[0], row[1]))


def test_a_trie_of_nothing_finds_nothing():
    points = codes("法治政府")
    assert Trie.of([]).find("法治政府", points, windows(points)).tolist() == []
    assert Trie.of(["法治"]).find("", codes(""), windows(codes(""))).tolist() == []


def test_a_trie_looks_at_many_strings_in_parts(monkeypatch):
    # a hundred strings go on behind 行政执, everywhere in the text
    forms = sorted("行政执" + chr(code) * length for code in range(0x4E00, 0x4E32) for length in (1, 9))
    text = "行政执一" * 200 + "行政执" + "七" * 9
    points, found = codes(text), Trie.of(forms)._replace(compiled=None)
    whole = found.find(text, points, windows(points)).tolist()
    assert len(whole) == 202
    monkeypatch.setattr(trie, "BLOCK", 150)
    assert found.find(text, points, windows(points)).tolist() == whole


WRONG = [
    # the path of a lexicon instead of the lexicon
    (lambda: gt.Segmenter("terms.tsv"), "read a file with gt.Lexicon.read"),
    # a string, a corpus
    (lambda: gt.Segmenter()("一句话"), "gt.parse"),
    (lambda: gt.Segmenter()(gt.reference_corpus()), "one by one"),
]


@pytest.mark.parametrize(("call", "remedy"), WRONG)
def test_what_is_no_lexicon_and_no_document(call, remedy):
    with pytest.raises(OptionError, match=remedy):
        call()


def test_unknown_engine():
    with pytest.raises(OptionError, match="choose"):
        gt.Segmenter(engine="thulac")


def test_columns(tokens, report):
    assert tokens.ids.dtype == tokens.starts.dtype == tokens.ends.dtype == np.int32
    assert tokens.kinds.dtype == np.uint8
    assert tokens.starts[0] == 0
    assert tokens.ends[-1] == len(report.text)
    assert len(KINDS) > tokens.kinds.max()


def test_within_takes_whole_tokens(tokens, report):
    span = report.sentences[1]
    assert "".join(token.text for token in tokens.within(span)) == span.of(report.text)


def test_variants_have_the_canonical_term():
    lexicon = gt.Lexicon([gt.Term("双随机、一公开", "", ("双随机一公开",))])
    found = {t.text: t.term for t in gt.Segmenter(lexicon)(gt.parse("推进双随机一公开监管"))}
    assert found["双随机一公开"] == "双随机、一公开"


def test_tokens_pickle_small_and_same(tokens):
    twin = pickle.loads(pickle.dumps(tokens))  # noqa: S301 - worker processes do this
    assert len(twin.vocabulary) == len(set(tokens.ids.tolist()))
    assert [t.term for t in twin] == [t.term for t in tokens]


def test_segmenters_do_not_influence_each_other(report):
    alone = gt.Segmenter(gt.Lexicon()).cut(report.text)
    with_term = gt.Segmenter(gt.Lexicon(["全面依法治市"]))
    results = []
    threads = [threading.Thread(target=lambda: results.append(with_term.cut(report.text))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(result == results[0] and "全面依法治市" in result for result in results)
    assert gt.Segmenter(gt.Lexicon()).cut(report.text) == alone


def test_scikit_learn_analyzer(segment):
    vectorizer = CountVectorizer(analyzer=segment.cut).fit(["建设法治政府", "良好的营商环境"])
    assert {"法治政府", "营商环境"} <= set(vectorizer.get_feature_names_out())


def test_a_part_knows_its_span(tokens, report):
    sentence = report.sentences[3]
    assert tokens.within(sentence).span == sentence
    assert tokens.span == (0, len(report.text))
    assert tokens.within((5, 5)).span == (0, 0)


def test_tokens_of_the_default_lexicon_pickle_without_it(tokens):
    data = pickle.dumps(tokens)
    assert len(data) < 20 * len(tokens) + 3 * len(tokens.document.text.encode())
    assert pickle.loads(data).lexicon is gt.Lexicon.default()  # noqa: S301 - worker processes do this
    own = gt.Segmenter(gt.Lexicon(["法治"]))(gt.parse("法治"))
    assert pickle.loads(pickle.dumps(own)).lexicon == own.lexicon  # noqa: S301


def test_vocabulary_numbers_strings_once():
    vocabulary = Vocabulary(["甲"])
    assert vocabulary.ids(["乙", "甲", "乙"]).tolist() == [1, 0, 1]
    assert vocabulary.strings == ["甲", "乙"]


def test_a_vocabulary_outgrows_its_tables():
    # every pair and every sixth of a run of characters: short and long keys, many in one slot
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 6000)))
    vocabulary, points = Vocabulary(), codes(text)
    for length in (2, 6):
        starts = np.arange(len(text) - length, dtype=np.int32)
        first = vocabulary.ids_at(text, points, starts, starts + length)
        assert len(set(first.tolist())) == len(starts)
        assert vocabulary.ids_at(text, points, starts, starts + length).tolist() == first.tolist()
    assert len(vocabulary) == 2 * 6000 - 8


def test_threads_share_a_vocabulary():
    text = "".join(map(chr, np.random.default_rng(0).integers(0x4E00, 0x9000, 30_000).tolist()))
    points, starts = codes(text), np.arange(0, len(text) - 6, 2, dtype=np.int32)

    def strings_of(vocabulary, length):
        return [vocabulary.strings[i] for i in vocabulary.ids_at(text, points, starts, starts + length).tolist()]

    wanted = {length: [text[at : at + length] for at in starts.tolist()] for length in (2, 3, 6)}
    with ThreadPoolExecutor(4) as pool:
        for _ in range(15):
            shared = Vocabulary()
            found = [(length, pool.submit(strings_of, shared, length)) for length in (2, 3, 6, 2, 3, 6)]
            assert all(strings.result() == wanted[length] for length, strings in found)


def test_furniture_is_marked():
    doc = gt.parse("下载\n打印\n2026年政府工作报告\n正文在此。\n相关报道：")
    tokens = gt.Segmenter()(doc)
    kinds = {t.text: KINDS[k] for t, k in zip(tokens, tokens.kinds.tolist(), strict=True)}
    assert kinds["下载"] == "furniture"
    assert kinds["正文"] == "word"


def test_notebook_view_is_escaped_and_small(segment):
    html = segment(gt.parse("<b>推进法治政府建设。" + "完成检查227项，" * 99, id="a&b"))._repr_html_()
    assert html.count("<mark>") == 1  # the term 法治政府建设
    assert "<b>" not in html
    assert "a&amp;b" in html
    assert html.count("<mark>") + html.count("<span>") == 80
    assert "0 个词例" in segment(gt.parse(""))._repr_html_()


# Words of the dictionary, some of them parts of others, free phrases, and characters that are no words.
PIECES = st.sampled_from(
    [*listed("phrases.txt")[::500], *"法治政府人大会议中华人民共和国行政执法一二三的了㐀鿖龥，。《", "5G", "B超", "\0"]
)


@pytest.mark.skipif(kernels is None, reason="nothing was compiled")
@given(st.lists(PIECES | st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5), max_size=40).map("".join))
def test_compiled_cut_is_that_of_the_engine(text):
    """Outside foreign stretches; a word of the engine may reach into one, and what is beside it is then cut alone."""
    points = codes(text)
    compiled = marker("rjieba", hmm=False)(text, points)
    assert compiled[0] == compiled[-1] == 1
    cut = cutter("rjieba", hmm=False)
    for start, end in han_runs(text):
        assert compiled[start : end + 1] == mask_of(cut(text[start:end])), text[start:end]
    for start, end in form.foreign(text):
        assert all(compiled[start : end + 1])


def han_runs(text):
    edges = [at for at in range(len(text) + 1) if is_han(text, at - 1) != is_han(text, at)]
    return zip(edges[::2], edges[1::2], strict=True)


def is_han(text, at):
    return 0 <= at < len(text) and "\u4e00" <= text[at] <= "\u9fd5"


@pytest.mark.skipif(kernels is None, reason="nothing was compiled")
def test_of_two_cuts_as_probable_the_one_with_the_longer_first_word_is_chosen():
    """As jieba does; the words have the same frequency."""
    rows = "甲乙丙丁甲乙丙丁"
    starts, ends = np.array([0, 3, 4, 6]), np.array([3, 4, 6, 8])  # 甲乙丙|丁, 甲乙|丙丁
    dictionary = kernels.Dictionary(codes(rows), starts, ends, np.full(4, 5), 20)
    mask = bytearray(5)
    dictionary.mark(codes("甲乙丙丁"), mask)
    assert mask == bytes([1, 0, 0, 1, 1])
