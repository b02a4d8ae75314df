"""Web pages: the body alone, what the page says of it, charsets, and pages built to exhaust a reader."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import govtext as gt
import layouts
from govtext import citations, indicators
from govtext.errors import GovtextError, ReadError
from govtext.readers import read_source
from govtext.readers.page import decoded, read_page


def text_of(body, head=""):
    return read_page(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "a.html").text


@pytest.mark.parametrize("layout", sorted(layouts.LAYOUTS))
def test_the_reference_report_as_a_page(tmp_path, report, layout):
    (tmp_path / "a.html").write_bytes(layouts.LAYOUTS[layout](report.text))
    found = gt.read(tmp_path / "a.html")
    assert found.text == report.text
    assert found.sections == report.sections
    assert indicators.extract(found) == indicators.extract(report)
    assert citations.extract(found) == citations.extract(report)
    meta = found.metadata
    assert (meta.title, meta.year, meta.place, meta.genre) == (layouts.TITLE, 2022, "清镇市", "法治政府建设年度报告")
    assert (meta.issuer, meta.date) == {
        "trs": ("清镇市司法局", "2023-03-15"),
        "jcms": ("清镇市人民政府", "2023-03-10"),  # 成文日期, not the date of publication
        "nested": ("清镇市司法局", "2023-03-15"),
    }[layout]
    assert [note.code for note in found.notes] == ["page"]


NAMES = "TRS_Editor Custom_UnionStyle content zoom ArticleTitle crumbs bdsharebuttonbox ewm xgwd prevnext"


@pytest.mark.parametrize("layout", sorted(layouts.LAYOUTS))
def test_the_body_is_found_without_a_name(report, layout):
    page = layouts.LAYOUTS[layout](report.text).decode("utf-8" if layout == "jcms" else "gb18030")
    for name in NAMES.split():
        page = re.sub(rf"""(class|id)=(["']?){name}\b""", r"\1=\2w", page)
    found = read_page(page.encode(), "a.html")
    assert found.text == report.text
    assert dict(found.fields)["title"] == layouts.TITLE


def test_what_the_text_and_the_table_say_goes_before_the_page(tmp_path):
    text = (
        "清镇市人民政府办公室关于印发方案的通知\n各乡镇人民政府：\n现印发给你们。\n清镇市人民政府办公室\n2023年1月5日\n"
    )
    body = "".join(f"<p>{line}</p>" for line in text.splitlines())
    page = f"<meta name=PubDate content='2023-03-15'><meta name=ContentSource content=新华网><div class=TRS_Editor>{body}</div>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    found = gt.read(tmp_path / "a.html").metadata
    assert (found.date, found.issuer, found.source) == ("2023-01-05", "清镇市人民政府办公室", "新华网")
    assert gt.read(tmp_path / "a.html", metadata=gt.document.Metadata(date="2023-01-06")).metadata.date == "2023-01-06"


S = "全面推进依法行政，加快建设法治政府。"
BODIES = [
    # no name at all: where the sentences are, with the headings beside them
    (f"<div><a href=/>首页</a></div><div><h3>一、总则</h3><div><p>{S}</p><p>{S}</p></div></div>", f"一、总则\n{S}\n{S}"),
    # a name that holds only little of the text is not the body
    (f"<div class=content>{S}</div><td><div><p>{S * 9}</p><p>{S * 9}</p></div>", f"{S * 9}\n{S * 9}"),
    # links, buttons and shares around and in the body
    (f"<div id=zoom><p>{S}</p><div class=bdsharebuttonbox>微信</div><p>二</p></div><ul><li><a>{S}</a></ul>", f"{S}\n二"),
    # what is not shown
    (f"<div id=zoom>{S}<p style='DISPLAY: none'>隐</p><p hidden>隐</p><script>隐</script><!-- 隐 --></div>", S),
    # lines as a browser breaks them; blanks at their ends are layout, those inside are not
    (f"<div id=zoom>　　{S}<br>&nbsp;&nbsp;第二行\n<div>第　三  行</div>第<b>四</b>行</div>", f"{S}\n第二行\n第　三 行\n第四行"),
    # a line end in the source between Chinese characters is no blank, between words it is
    (f"<div id=zoom><p>{S}</p><p>法治\n政府 law\nbased</p></div>", f"{S}\n法治政府 law based"),
    # the numbers of lists are text
    (f"<div id=zoom>{S}<ol start=3><li>甲<li value=7>乙<li>丙</ol></div>", f"{S}\n3. 甲\n7. 乙\n8. 丙"),
    (f"<div id=zoom>{S}<ol style='list-style-type: simp-chinese-informal'><li>甲<li>乙</ol></div>", f"{S}\n一、甲\n二、乙"),
    (f"<div id=zoom>{S}<ol style='list-style: none'><li>1.甲</ol></div>", f"{S}\n1.甲"),
    # a table in its place, a row a line; a cell over several stands once
    (
        f"<div id=zoom><p>{S}</p><table><tr><th>指标<th colspan=2>数值<tr><td rowspan=2>产值<td>5<td>%<tr><td>6<td>%</table><p>后</p></div>",
        f"{S}\n指标\t数值\n产值\t5\t%\n\t6\t%\n后",
    ),
    # a table for layout: its cells are lines
    (f"<table id=zoom><tr><td>一、总则</td></tr><tr><td><p>{S}</p><p>{S}</p></td></tr></table>", f"一、总则\n{S}\n{S}"),
    # the title and the fields above the body belong to the page
    (f"<article><h1>关于建设的通知</h1><p>发布时间：2023-01-05 来源：市司法局</p><p>{S}</p></article>", S),
    # text that looks like tags, entities and sections
    ("<div id=zoom>1 &lt; 2 &amp;&amp; 3 &gt; 2，]]&gt;。{{ x }}</div>", "1 < 2 && 3 > 2，]]>。{{ x }}"),
    # 300 unclosed formats do not matter
    (f"<div id=zoom>{'<font><p>' * 300}{S}</div>", S),
]  # fmt: skip


@pytest.mark.parametrize(("body", "text"), BODIES)
def test_bodies(body, text):
    assert text_of(body) == text


TITLES = [
    ("<title>关于建设的通知_清镇市人民政府</title>", "", "关于建设的通知"),
    ("<title>清镇市人民政府门户网站</title>", "<h1>关于建设的通知</h1>", "关于建设的通知"),
    ("<title>::欢迎光临::</title>", "<b>关于建设的通知</b>", "关于建设的通知"),
    ("<meta name=ArticleTitle content='关于建设的通知'><title>正文</title>", "<h1>公开</h1>", "关于建设的通知"),
    ("<title>首页</title>", "<a>关于别的通知</a>", None),
]


@pytest.mark.parametrize(("head", "before", "title"), TITLES)
def test_titles(head, before, title):
    page = f"<html><head>{head}</head><body>{before}<div id=zoom>{S}</div></body></html>"
    assert dict(read_page(page.encode(), "a.html").fields).get("title") == title


CHARSETS = [
    # what is declared, how it is written, what is found
    ("<meta charset=gb2312>", "gb18030", "gb18030"),
    ("<meta charset=gb2312>", "utf-8", "utf-8"),  # bytes that are UTF-8 are not anything else
    ("<meta charset=utf-8>", "gb18030", "gb18030"),  # a declaration that the bytes do not bear out
    ("<meta http-equiv=Content-Type content='text/html; charset=big5'>", "big5", "big5"),
    ("", "gb18030", "gb18030"),
    ("", "utf-16", "utf-16"),
    ("", "utf-8-sig", "utf-8-sig"),
]


@pytest.mark.parametrize(("head", "written", "found"), CHARSETS)
def test_charsets(head, written, found):
    text = "依法行政，建設政府。" if written == "big5" else "依法行政，建设政府—镕。"
    data = f"<html><head>{head}</head><body>{text}</body></html>".encode(written)
    assert read_page(data, "a.html").text == text
    assert decoded(data, "a.html")[1] == found


def test_a_saved_header_names_the_charset():
    data = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=GBK\r\n\r\n<p>" + "镕基".encode("gbk")
    assert read_page(data, "a.html")[:2] == ("镕基", "gb18030")


EMPTY = [
    ("<frameset><frame src=a.html></frameset>", "shows other pages in frames; open it in a browser"),
    ("<body><div id=app></div><script src=app.js></script></body>", "a script fetches it; open it in a browser"),
    ("<html><body><!-- 无 --></body></html>", "holds no text; open it in a browser"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "message"), EMPTY)
def test_pages_without_text(tmp_path, page, message):
    (tmp_path / "a.htm").write_text(page, encoding="utf-8")
    with pytest.raises(ReadError, match=message):
        read_source(tmp_path / "a.htm")


BOMBS = [
    # elements one in another: a parser of HTML 5 looks through all of them at each tag
    ("<div>" * 20_000 + S, "20000 elements one in another"),
    ("<nav>" * 20_000 + S, "20000 elements one in another"),
    ("<table><tr><td>" * 9_000 + S, "9000 elements one in another"),
    # each paragraph repeats the open formats: this one took 4.5 GB
    ("".join(f"<font id={i}><p>法" for i in range(5_000)), "法"),
    ("<p>" * 1_000_001, "1000001 tags"),
    ("<td colspan=99999 rowspan=99999>" * 500 + S, S),
    ("<!--" * 50_000, "holds no text"),
    ("<script>" * 20_000, "holds no text"),
    ("<" * 90_000 + S, "<"),
    ("<li value=99999>" * 5_000 + S, S),
]


@pytest.mark.parametrize(("page", "found"), BOMBS)
def test_pages_built_to_exhaust(page, found):
    try:
        text = read_page(page.encode(), "a.html").text
    except ReadError as error:
        text = str(error)
    assert found in text


PIECES = ["<div>", "</div>", "<p>", "</p>", "<table>", "<tr>", "<td rowspan=2>", "<ol>", "<li>", "<!--", "-->", "<script>", "</script>", "&nbsp;", "\0", "<", ">", S, "来源：", "\t", "1"]  # fmt: skip


@example("\x85")  # a line end, and nothing else
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text(max_size=60))
def test_any_page_is_read_or_refused(page):
    try:
        found = read_page(page.encode("utf-8", "replace"), "a.html")
    except GovtextError:
        return
    assert found.text.strip()
    assert "\0" not in found.text
