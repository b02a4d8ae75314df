"""Decoding, normalising, sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.errors import ReadError
from govtext.text import BOMS, CANDIDATES, DOUBTFUL, Span, decode, doubtful, lines, normalise, sentences

TEXT = "法治政府建设，2022年。"
# Traditional text as Hong Kong and Taiwan write it.
OLD = "依法行政，建設法治政府，優化營商環境。2022年完成專案檢查36次。"

ENCODINGS = [
    # plain UTF-8
    (TEXT.encode(), "utf-8"),
    # UTF-8 with a mark
    (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8-sig"),
    # GB18030, as most county files are
    (TEXT.encode("gb18030"), "gb18030"),
    # UTF-16 with a mark, as Notepad's "Unicode" saves it
    (TEXT.encode("utf-16"), "utf-16"),
    # UTF-16 without one, in both orders of bytes
    (TEXT.encode("utf-16-le"), "utf-16-le"),
    (TEXT.encode("utf-16-be"), "utf-16-be"),
]


@pytest.mark.parametrize(("data", "name"), ENCODINGS)
def test_decode(data, name):
    assert decode(data) == (TEXT, name)


TRADITIONAL = ["utf-8", "big5", "gb18030", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("name", TRADITIONAL)
def test_traditional_text_in_its_encodings(name):
    assert decode(OLD.encode(name)) == (OLD, name)


HARD = [
    # ASCII alone is UTF-8
    (b"GDP 5.5%\n", "GDP 5.5%\n", "utf-8"),
    # ASCII alone as UTF-16 without a mark
    ("GDP 5.5%\n".encode("utf-16-le"), "GDP 5.5%\n", "utf-16-le"),
    # mostly ASCII, and the two encodings of Chinese share most bytes
    (("a1,b2\n" * 99 + "法治政府建设").encode("gb18030"), "a1,b2\n" * 99 + "法治政府建设", "gb18030"),
    (("a1,b2\n" * 99 + "法治政府建設").encode("big5"), "a1,b2\n" * 99 + "法治政府建設", "big5"),
    # a character of the Microsoft variant of Big5
    ((OLD + "碁").encode("cp950"), OLD + "碁", "big5"),
    # one of Hong Kong's
    ((OLD + "啲").encode("big5hkscs"), OLD + "啲", "big5"),
    # GB18030 has these since 2005; the codec of Python gives private use
    (TEXT.encode("gb18030") + b"\xa6\xd9\xfe\x59", TEXT + "\ufe10\u9fb4", "gb18030"),
    # a file cut off in the middle of its last character
    ((TEXT * 5).encode()[:-1], TEXT * 5, "utf-8"),
    ((TEXT * 5).encode("gb18030")[:-1], TEXT * 5, "gb18030"),
    # one byte damaged in the middle: UTF-8 stays UTF-8
    (
        (TEXT * 20).encode().replace(b"\xe6\xb3\x95", b"\xe6\xff\x95", 1),
        "\ufffd\ufffd\ufffd" + TEXT[1:] + TEXT * 19,
        "utf-8",
    ),
]


@pytest.mark.parametrize(("data", "text", "name"), HARD)
def test_decode_hard_cases(data, text, name):
    found, encoding = decode(data)
    assert encoding == name
    assert found.rstrip("\ufffd") == text.removesuffix("。" if found.endswith("\ufffd") else "")


@given(st.text(st.characters() | st.sampled_from("锟斤拷烫屯\x00\ue000")))
def test_doubtful_characters_are_those_of_the_pattern(text):
    assert [match.span() for match in doubtful(text)] == [match.span() for match in DOUBTFUL.finditer(text)]


def test_decode_four_byte_gb18030():
    assert decode("㐂𠀀法治".encode("gb18030"))[0] == "㐂𠀀法治"


RUBBISH = [
    # a picture
    b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
    # zeros
    b"\x00" * 100,
    # a UTF-16 mark and an odd number of bytes
    b"\xff\xfea",
    # random bytes with no structure
    bytes((i * 7919) % 256 for i in range(2000)),
]


@pytest.mark.parametrize("data", RUBBISH)
def test_rubbish_is_refused(data):
    with pytest.raises(ReadError, match=r"^x\.bin: .*; "):
        decode(data, where="x.bin")


NORMALISED = [
    # line ends of Windows and of old Macs
    ("a\r\nb\rc", "a\nb\nc"),
    # full-width letters and digits, one to one
    ("２０２２年ＧＤＰ", "2022年GDP"),
    # full-width marks stay as they are
    ("％，（）．＋", "％，（）．＋"),
    # the byte order mark goes, a full-width blank stays
    ("\ufeff　第一条", "　第一条"),
    # as often as it stands there
    ("\ufeff\ufeff第一条", "第一条"),
    # a lone surrogate is no character
    ("a\ud800b", "a\ufffdb"),
    # superscripts and enclosed numbers are not touched
    ("㎡①⑴", "㎡①⑴"),
]


@pytest.mark.parametrize(("text", "expected"), NORMALISED)
def test_normalise(text, expected):
    assert normalise(text) == expected


SENTENCES = [
    # nothing
    ("", []),
    # only blanks
    (" \n ", [" \n "]),
    # two sentences
    ("甲。乙！", ["甲。", "乙！"]),
    # a run of marks is one end
    ("甲？！乙", ["甲？！", "乙"]),
    # closing quotes belong to the sentence
    ("他说：“好。”他走了。", ["他说：“好。”", "他走了。"]),
    # inside quotes nothing ends
    ("“好。走。”他说。", ["“好。走。”", "他说。"]),
    # a quoted sentence that is part of another
    ("坚持“发展。”的要求。完。", ["坚持“发展。”的要求。", "完。"]),
    # straight quotes open and close by turns, line by line
    ('"好。走。"他说。"行。"', ['"好。走。"', "他说。", '"行。"']),
    ('甲"乙。\n"丙。丁。"', ['甲"乙。\n', '"丙。丁。"']),
    # brackets likewise
    ("甲（见附件。详下。）乙。", ["甲（见附件。详下。）", "乙。"]),
    # an unclosed quote holds nothing together
    ("“甲。乙。\n丙", ["“甲。", "乙。\n", "丙"]),
    # line ends end, blank lines stay with the line before
    ("甲\n\n乙", ["甲\n\n", "乙"]),
    # leading blank lines join the first sentence
    ("\n\n甲。", ["\n\n甲。"]),
    # a decimal point is no end, an ASCII stop after a Chinese character is
    ("增长3.5,模型.在此", ["增长3.5,模型.", "在此"]),
    # a semicolon ends no sentence
    ("甲；乙。", ["甲；乙。"]),
    # marks at the start of a line do not reach back
    ("甲\n。乙", ["甲\n", "。", "乙"]),
    ("【字号：\n减小\n】\n甲", ["【字号：\n", "减小\n", "】\n", "甲"]),
    # brackets of one line do not touch the next
    ("甲（乙。丙\n丁。）戊。\n己？！庚", ["甲（乙。", "丙\n", "丁。）", "戊。\n", "己？！", "庚"]),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentences(text, expected):
    assert [span.of(text) for span in sentences(text)] == expected


def test_lines_leave_out_blank_ones():
    assert list(lines("\n甲\n 　\n乙")) == [Span(1, 2), Span(6, 7)]


def test_span_covers():
    assert Span(0, 5).covers(Span(0, 5))
    assert not Span(1, 5).covers(Span(0, 2))


@given(st.binary(max_size=400) | st.text(max_size=80).map(lambda text: text.encode("utf-16-le", "surrogatepass")))
def test_any_bytes_are_text_or_refused(data):
    try:
        text, name = decode(data)
    except ReadError:
        return
    assert name in (*CANDIDATES, *(bom for _, bom in BOMS))
    normalise(text).encode("utf-8")  # no lone surrogate is left


COMMON = st.text(st.characters(codec="gb2312", min_codepoint=0x4E00), min_size=20, max_size=60)


@given(COMMON, st.sampled_from(["utf-8", "gb18030", "utf-16-le", "utf-16-be"]))
def test_hanzi_in_any_order_are_decoded(text, name):
    text += "，推进法治政府建设，优化营商环境。各级部门要高度重视，认真落实。" * 3
    assert decode(text.encode(name)) == (text, name)
