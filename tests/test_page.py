"""The page: self-contained, escaped, every result linked to its characters and back; the pieces of the text."""

import base64
import csv
import hashlib
import io
import re
from bisect import bisect_left
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import govtext as gt
from govtext import report, tables
from govtext.errors import GovtextError
from govtext.report import contents, page, summary, wording
from govtext.report.marks import KINDS, Mark, Places
from govtext.report.rows import escaped
from govtext.text import Span

HOSTILE = '"><script>alert(1)</script>'
# Text that tries to break out: markup, a template, our own marks, ends of every block, controls, marks of direction.
TEXT = (
    "一、=HYPERLINK(1)\n<img src=http://evil.example/x onerror=alert(1)>{{7*7}}“甲\x07乙”和法治政府。\n"
    '“甲\x07乙”和法治政府{% raw %}@@FONT@@&amp;‘引号’"双"。\n三、<b>营商环境</b>\n优化营商环境。\ufffe\x85\n'
    "]]></style></script><script>document.title='x'</script><!-- -->\x00\x1b[31m红\x1b[0m\u202e反向\u2066。\n"
    "<script>alert(2)</script>增长5%，《<i>办法</i>》，\U00020bb7野家3家。\n"
)


def corpus():
    """The reference report and a small document that tries to break out of every format."""
    hostile = gt.parse(TEXT, id=HOSTILE)
    return gt.Corpus(
        (next(iter(gt.reference_corpus())), hostile), (GovtextError("the file is empty", where="/a/b/empty.txt"),)
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("page") / "out"
    report.write(corpus(), out, options=report.Options(figures=False))
    return out


def rows(folder, name):
    return list(csv.DictReader(io.StringIO((folder / "tables" / name).read_bytes().decode("utf-8-sig"))))


VOID = {"meta", "input", "br", "img", "link", "line", "circle", "rect"}
# Tags whose end HTML lets one leave out, and the tags at whose beginning they end.
ENDS = {"td": {"td", "th"}, "th": {"td", "th"}, "tr": {"td", "th", "tr"}}


class Page(HTMLParser):
    """Reads a page: its elements, ids, text, and whether every element is closed."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.text, self.links = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        while self.open and self.open[-1] in ENDS.get(tag, ()):
            self.open.pop()
        self.elements.append((tag, dict(attrs)))
        assert len(attrs) == len(dict(attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        while tag == "tbody" and self.open[-1] in ("td", "th", "tr"):
            self.open.pop()
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def all(self, name):
        return [attrs for tag, attrs in self.elements if tag == name]

    def values(self, attribute):
        return [attrs[attribute] for _, attrs in self.elements if attribute in attrs]


@pytest.fixture(scope="module")
def html(folder):
    return (folder / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def parsed(html):
    return Page(html)


@pytest.fixture(scope="module")
def whole(parsed):
    return "".join(parsed.text)


def test_the_page_is_well_formed(parsed):
    assert parsed.open == []
    ids = parsed.values("id")
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[\w-]+", value) for value in ids)


def test_every_link_has_its_target(parsed, folder):
    ids = set(parsed.values("id"))
    for link in parsed.values("href"):
        assert link[1:] in ids if link.startswith("#") else (folder / link).is_file(), link
    assert ids.issuperset(parsed.values("for"))
    assert ids.issuperset(parsed.values("data-for"))


def test_results_and_text_are_linked_both_ways(parsed):
    ids, rows_linked = set(parsed.values("id")), set()
    for _, attrs in parsed.elements:
        if attrs.get("href", "").startswith("#") and attrs["href"][1] in KINDS:
            rows_linked |= {attrs["href"][1:], *attrs.get("data-r", "").split()}
    of_rows = {value for value in ids if re.fullmatch(r"[fckst]\d+(-\d+)*", value)}
    assert of_rows
    assert of_rows <= rows_linked  # every figure, citation, keyword and term is marked in the text
    assert rows_linked <= ids  # and every mark leads to its row


def test_the_page_loads_nothing(html, parsed):
    tags = {tag for tag, _ in parsed.elements}
    assert tags.isdisjoint({"img", "link", "iframe", "object", "embed", "base", "form", "b", "i", "image", "use"})
    assert parsed.values("src") == []
    assert parsed.values("style") == []
    assert not any(name.startswith("on") for _, attrs in parsed.elements for name in attrs)
    style = html[html.index("<style>") : html.index("</style>")]
    assert re.findall(r"url\((.{10})", style) == ["data:font/"]
    assert "@import" not in style


@pytest.mark.parametrize("kind", ["style", "script"])
def test_the_policy_names_our_style_and_our_script_alone(html, parsed, kind):
    policy = next(a["content"] for a in parsed.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    (found,) = re.findall(rf"<{kind}>(.*?)</{kind}>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(found.encode()).digest()).decode()
    assert f"{kind}-src 'sha256-{digest}'" in policy
    assert len(parsed.all(kind)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "<img src=http://evil.example/x onerror=alert(1)>",  # markup in the text
        "{{7*7}}",  # what a template would run
        "{% raw %}",
        HOSTILE,  # in the id
        "]]></style></script><script>document.title='x'</script><!-- -->",  # the ends of blocks
        '&amp;‘引号’"双"',  # what must not be unescaped
        "@@FONT@@",  # what might be a mark of ours
        "甲\ufffd乙",  # a control character
        "\ufffd\ufffd[31m红\ufffd[0m",  # NUL and the escapes of terminals
        "\\u202e反向\\u2066",  # marks of direction
        "《<i>办法</i>》",
    ],
)
def test_hostile_text_is_text(whole, text):
    assert text in whole


def test_no_character_that_html_may_not_hold_or_that_turns_what_follows(html):
    assert not re.search(
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069]", html
    )


def test_the_font_has_every_character_that_is_shown(html, parsed):
    from fontTools.ttLib import TTFont

    data = base64.b64decode(re.search(r"data:font/woff;base64,([^)]*)\)", html)[1])
    with TTFont(io.BytesIO(data)) as font:
        used = {ord(c) for c in "".join(parsed.text) if "\u4e00" <= c <= "\u9fff"} | set(map(ord, "再显示一百行↕▷▽"))
        assert used <= font.getBestCmap().keys()
    assert len(data) < 300_000


def test_the_page_says_what_was_found(whole, folder, tokens):
    document = tokens.document
    for section in document.sections:
        assert section.marker + section.heading[:50] in whole
    for row in rows(folder, "lint.csv"):
        assert row["message"] in whole
        assert row["message_en"] in whole
    for row in rows(folder, "intervals.csv"):
        if row["document"] == document.id:
            assert row["term"] in whole
            assert f"{row['low']}–{row['high']}" in whole
    text = whole[whole.index("左侧数字为段号") :]
    for span in document.paragraphs:
        assert span.of(document.text).strip() in text
    for row in rows(folder, "indicators.csv"):
        if row["document"] == document.id:
            assert row["text"] in whole
    assert "empty.txt" in whole
    assert "文件是空的" in whole  # in Chinese, too
    assert f"{len(document.text) + len(TEXT):,}" in whole


def test_every_paragraph_has_a_place(parsed):
    ids = set(parsed.values("id"))
    for number, document in enumerate(corpus(), start=1):
        for span in Places.of(document, number).spans:
            assert f"m{number}-{span.start}" in ids


def test_everything_is_said_in_both_languages(parsed):
    classes = [attrs.get("class", "").split() for _, attrs in parsed.elements]
    assert sum("zh" in names for names in classes) == sum("en" in names for names in classes) > 100
    labelled = [attrs for _, attrs in parsed.elements if "data-en" in attrs]
    assert labelled
    assert all(re.search("[\u4e00-\u9fff]", attrs["data-zh"]) for attrs in labelled)


def test_words_of_cells_have_their_english_in_the_style(html, parsed):
    style = html[html.index("<style>") : html.index("</style>")]
    words = {a["class"].split()[-1] for _, a in parsed.elements if a.get("class", "").split()[:1] == ["w"]}
    assert {"count", "rate", "money"} & words
    assert all(f".w.{word}::after" in style for word in words)


def test_the_picture_is_drawn_for_wide_and_narrow_screens(parsed):
    pictures = [attrs for attrs in parsed.all("svg") if attrs.get("class") in ("wide", "tall")]
    assert [attrs["class"] for attrs in pictures] == ["wide", "tall"]
    assert all(attrs["aria-label"] for attrs in pictures)
    found = [(attrs["data-i"], attrs["data-near"]) for _, attrs in parsed.elements if "data-near" in attrs]
    assert found[: len(found) // 2] == found[len(found) // 2 :]
    near = {i: others.split() for i, others in found}
    assert all(i in near[j] for i, others in near.items() for j in others)


def test_evidence_marks_both_terms(html, folder):
    edge = rows(folder, "network.csv")[0]
    piece = html[html.index("<li>" + edge["source"] + " — " + edge["target"]) :]
    evidence = piece[: piece.index("</ul>")]
    shown = min(contents.Amount.of(2).evidence, int(edge["count"]))
    assert evidence.count("<li>") - 1 - ("另有" in evidence) == shown
    assert {edge["source"], edge["target"]} <= set(re.findall("<mark>(.*?)</mark>", evidence))


def test_the_summary_names_faults_and_failures(parsed):
    analysis = report.analyse(corpus(), gt.Lexicon.default(), report.Options(), 1, None)
    found = summary.warnings(analysis, contents.leaves(analysis))
    assert any("empty.txt" in one.zh and "文件是空的" in one.zh for one in found)
    assert any("编号跳号" in one.zh and "gap" in one.en for one in found)  # many faults are counted by their code
    ids = set(parsed.values("id"))
    facts = summary.facts(analysis, contents.leaves(analysis), None)
    assert all(one.href[1:] in ids for one in (*found, *facts))
    assert any("行政执法" in one.zh and "行政执法" in one.en for one in facts)


def test_a_single_document_has_its_faults_named_one_by_one():
    document = gt.parse("一、总则\n建设法治政府。\n三、附则\n优化营商环境。", id="a")
    analysis = report.analyse(gt.Corpus((document,)), gt.Lexicon.default(), report.Options(), 1, None)
    found = [one.zh for one in summary.warnings(analysis, contents.leaves(analysis))]
    assert found[0].startswith("编号从1跳到3")
    assert any("不足 10 段" in one for one in found)


@pytest.mark.parametrize(
    ("analyses", "text"),
    [
        ((), ""),  # nothing asked of nothing
        (("keywords", "network"), "法治政府。"),  # a keyword, no edge
        (("sections", "citations"), "法治政府。"),
        (("indicators", "lint"), "一、总则\n建设法治政府48件，《民法典》。\n二、附则\n法治政府。"),
        (report.Options().analyses, "\n \n"),  # blanks alone
    ],
)
def test_pages_of_little(analyses, text):
    options = report.Options(analyses=list(analyses))
    analysis = report.analyse(gt.Corpus((gt.parse(text, id="a"),)), gt.Lexicon.default(), options, 1, None)
    parsed = Page(report.render(analysis))
    ids = parsed.values("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in parsed.values("href") if link.startswith("#")} <= set(ids)


# --- the pieces of the text -------------------------------------------------------------------------------------------


def cut(text, *marks):
    places = Places.of(gt.parse(text), 1)
    found = places.pieces(marks)
    pieces = [(text[a:b], id_, tuple(rows)) for a, b, id_, rows, _ in zip(*found, strict=True)]
    bounds = [bisect_left(found.paragraphs, number) for number in range(len(places.spans) + 1)]
    return [pieces[first:last] for first, last in pairwise(bounds)]


@pytest.mark.parametrize(
    ("marks", "pieces"),
    [
        ([], [("建设法治政府", "", ())]),
        # one mark in the middle has a place of its own
        ([Mark(Span(2, 4), "k1-1")], [("建设", "", ()), ("法治", "m1-2", ("k1-1",)), ("政府", "", ())]),
        # at the beginning the place is that of the paragraph
        ([Mark(Span(0, 2), "k1-1")], [("建设", "", ("k1-1",)), ("法治政府", "", ())]),
        # where marks overlap, both rows, the more telling first
        (
            [Mark(Span(0, 4), "t1"), Mark(Span(2, 6), "f1-1", linked=False)],
            [("建设", "", ("t1",)), ("法治", "", ("f1-1", "t1")), ("政府", "", ("f1-1",))],
        ),
        # a place without a row, and one without length
        ([Mark(Span(2, 6))], [("建设", "", ()), ("法治政府", "m1-2", ())]),
        ([Mark(Span(2, 2), "x1-1")], [("建设", "", ()), ("法治政府", "m1-2", ())]),
        # a mark that reaches beyond the paragraph
        ([Mark(Span(4, 99), "r1")], [("建设法治", "", ()), ("政府", "m1-4", ("r1",))]),
        # the same row twice in a row stays one piece each
        (
            [Mark(Span(0, 2), "k1-1"), Mark(Span(2, 4), "k1-1")],
            [("建设", "", ("k1-1",)), ("法治", "m1-2", ("k1-1",)), ("政府", "", ())],
        ),
    ],
)
def test_pieces(marks, pieces):
    assert cut("建设法治政府", *marks) == [pieces]


def test_blanks_alone_are_no_link():
    marks = [Mark(Span(0, 13), "c1-1"), Mark(Span(1, 9), "k1-1"), Mark(Span(10, 12), "k1-2")]
    assert cut("“Discover 江西”", *marks) == [
        [
            ("“", "", ("c1-1",)),
            ("Discover ", "m1-1", ("c1-1", "k1-1")),
            ("江西", "m1-10", ("c1-1", "k1-2")),
            ("”", "", ("c1-1",)),
        ]
    ]


def test_blanks_that_begin_a_mark_are_no_link():
    marks = [Mark(Span(2, 5), "k1-1"), Mark(Span(3, 5), "k1-2")]
    rows = ("k1-1", "k1-2")
    assert cut("建设 法治", *marks) == [[("建设", "", ()), (" ", "m1-2", ()), ("法治", "m1-3", rows)]]
    marks[0] = Mark(Span(2, 5), "k1-1", linked=False)
    assert cut("建设 法治", *marks) == [[("建设", "", ()), (" ", "", ()), ("法治", "m1-3", rows)]]


def test_a_mark_over_two_paragraphs():
    found = cut("甲乙\n　　丙丁", Mark(Span(1, 7), "r1"))  # with the blanks before the second
    assert found == [[("甲", "", ()), ("乙", "m1-1", ("r1",))], [("丙丁", "", ("r1",))]]


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from(["", "k1-1", "f1-2", "t3", "x1-1"])),
        max_size=9,
    )
)
def test_pieces_make_up_the_text_and_each_mark_is_covered(found):
    text = "建设法治政府。\n优化营商环境，\U00020bb7。\n　　完"
    marks = [Mark(Span(min(a, b), max(a, b)), row) for a, b, row in found]
    places = Places.of(gt.parse(text), 1)
    pieces = list(zip(*places.pieces(marks), strict=True))
    ids = [places.id(span.start) for span in places.spans] + [id_ for _, _, id_, _, _ in pieces if id_]
    for number, span in enumerate(places.spans):
        assert "".join(text[a:b] for a, b, *_, paragraph in pieces if paragraph == number) == span.of(text)
    for start, end, _, rows, _ in pieces:
        assert set(rows) == {m.row for m in marks if m.row and m.span.start <= start and end <= m.span.end}
    assert len(ids) == len(set(ids))
    for mark in marks:
        assert places.link(mark.span).href[1:] in ids


# --- what went wrong, in Chinese ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "chinese"),
    [
        ("the file is empty", "文件是空的"),
        ("files of type .pdf are not read", "不读 .pdf 类型的文件"),
        # a reason of the system within
        ("the file cannot be read (Permission denied)", "文件无法读取（没有权限）"),
        # a place before it, a remedy behind it
        ("a.txt: the file is empty", "a.txt：文件是空的"),
        (
            "甲: the year and place are not known (nor is everything of 3 others); "
            "say it in corpus.csv, by --names (names=), or as metadata= of read or parse",
            "甲：年份、地区不详（另有 3 篇也缺）；请写在 corpus.csv 中，或用 --names（names=）说明，或作为 read、parse 的 metadata=",
        ),
        ("something new", "（英文原文）something new"),  # better English than nothing
        ("{}", "（英文原文）{}"),  # no pattern of ours
    ],
)
def test_in_chinese(message, chinese):
    assert wording.in_chinese(message) == chinese


def test_errors_of_reading_have_chinese(tmp_path):
    """Every way in which an input fails in practice is said in Chinese."""
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blank.txt").write_bytes(" \u3000\n".encode())
    (tmp_path / "zip.txt").write_bytes(b"PK\x03\x04rest")
    (tmp_path / "noise.txt").write_bytes(bytes(range(128, 256)) * 40)
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04broken")
    (tmp_path / "old.pdf").write_bytes(b"%PDF-1.4")
    names = ("empty.txt", "blank.txt", "zip.txt", "noise.txt", "broken.docx", "old.pdf", "missing.txt", "no*.txt.gz")
    found = gt.read_corpus(*(tmp_path / name for name in names))
    assert len(found.failures) == len(names)
    for failure in found.failures:
        assert "英文原文" not in wording.in_chinese(failure.what), failure.what


def test_style_and_script_are_small_files_of_ours():
    for kind, most in (("css", 20_000), ("js", 22_000)):
        text = page.part(kind)
        assert 1_000 < len(text) < most
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
        assert "innerHTML" not in text
        assert "eval(" not in text


def test_figures_of_the_page_are_those_of_the_table(html, folder):
    found = re.findall(r'<tr id="f1-\d+"><td>[^<]*<th>[^<]*<td>([^<]*)', html)
    assert [value.replace(",", "") for value in found] == [
        row["value"] for row in rows(folder, "indicators.csv") if row["document"] == "qingzhen-2022"
    ]
    assert tables.INDICATORS


def test_escaped_at_once_or_one_by_one():
    cells = ["a<b", "", "'\"&", "法治"]
    assert escaped(cells) == ["a&lt;b", "", "&#39;&#34;&amp;", "法治"]
    assert escaped([*cells, "a\x00<"]) == [*escaped(cells), "a\x00&lt;"]  # it has the border between cells
    assert escaped([]) == []


def test_templates_are_compiled_once_and_asked_for_no_row(monkeypatch):
    """What a page costs: the templates are a frame; a document more is no template more, and few values more."""
    import jinja2

    asked, text = [], "一、甲\n" + "法治政府，营商环境5个。\n" * 30
    get = jinja2.Environment.getattr
    monkeypatch.setattr(jinja2.Environment, "getattr", lambda *given: asked.append(given[2]) or get(*given))
    for number in (2, 8):
        documents = gt.Corpus(tuple(gt.parse(text, id=str(i)) for i in range(number)))
        analysis = report.analyse(documents, gt.Lexicon.default(), report.Options(), 1, None)
        asked.append(None)
        report.render(analysis)
    cut = [i for i, name in enumerate(asked) if name is None]
    few, many = asked[cut[0] : cut[1]], asked[cut[1] :]
    assert len(many) - len(few) < 6 * 120  # of a document more, which has 31 paragraphs, 30 figures and their marks
