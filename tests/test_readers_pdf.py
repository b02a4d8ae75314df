"""PDF files: paragraphs, columns, running lines, radicals, pictures of text, and files built to exhaust a reader."""

import difflib
import io
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import govtext as gt
import prints
from govtext import citations, indicators
from govtext.errors import ReadError
from govtext.readers import READERS, pdf, pdfium, read_source, typeset

PARAGRAPHS = [
    "一、总体要求",
    "为贯彻落实《国务院关于加强法治政府建设的意见》，完成检查227项，现就有关事项通知如下，请认真贯彻执行，务必抓好落实。",
    "（一）目标。行政执法人员满意度达到98.5%以上，“双随机、一公开”监管覆盖所有部门，办结时间压缩到3个工作日以内。",
    "二、附则",
    "本通知自公布之日起施行。",
]
TEXT = "\n".join(PARAGRAPHS)


def text_of(data):
    return READERS[".pdf"](data, Path("a.pdf")).text


def notes_of(data):
    return {note.code: note.message for note in READERS[".pdf"](data, Path("a.pdf")).notes}


def page(number=None, header=None, **options):
    items = prints.set_text(PARAGRAPHS, **options)
    items += [(280, 40, 9, number)] if number else []
    return items + ([(90, 810, 9, header)] if header else [])


OTHER = "三、组织实施\n各部门要加强领导，压实责任，定期调度，确保各项任务落到实处，重大事项及时报告市人民政府。"


def other(number=None, header=None):
    """A page with other text, and the same number and header."""
    return prints.set_text(OTHER.split("\n")) + page(number, header)[len(prints.set_text(PARAGRAPHS)) :]


def column(left, lines=PARAGRAPHS):
    return prints.set_text(lines, left=left, width=200, size=10, leading=16, top=700)


NARROW = [line[:19] for line in PARAGRAPHS]
PAGES = [
    # first lines indented
    ([page()], TEXT),
    # a paragraph that goes on over the page
    ([prints.set_text([PARAGRAPHS[1]])[:1], prints.set_text([PARAGRAPHS[1]], top=760)[1:]], PARAGRAPHS[1]),
    # page numbers and a header
    ([page("— 1 —"), other("— 2 —")], f"{TEXT}\n{OTHER}"),
    ([page("12"), other("13"), page("14")], f"{TEXT}\n{OTHER}\n{TEXT}"),
    ([page("第1页 共2页", "清镇市人民政府公报2023年第3期"), other("第2页 共2页", "清镇市人民政府公报2023年第4期")], f"{TEXT}\n{OTHER}"),
    # what stands at another height on each page recurs, but runs along no edge
    ([page(), [(122, 700, 16, "一、总体要求"), *prints.set_text(OTHER.split("\n"), top=672)]], f"{TEXT}\n一、总体要求\n{OTHER}"),
    # a year at the end of a page is no number of it
    ([[*page(), (280, 40, 16, "2023")]], f"{TEXT}\n2023"),
    # two columns, under a title over both
    ([[(200, 760, 18, "清镇市人民政府文件"), *column(60), *column(320)]], f"清镇市人民政府文件\n{TEXT}\n{TEXT}"),
    # paragraphs without indents, parted by gaps
    ([prints.set_text(PARAGRAPHS[1:2], indent=0) + prints.set_text(PARAGRAPHS[4:], indent=0, top=560)], "\n".join([PARAGRAPHS[1], PARAGRAPHS[4]])),
    # a table: a row a line, its cells parted by tabs
    ([[(90 + 150 * (i % 3), 700 - 25 * (i // 3), 12, cell) for i, cell in enumerate(["指标", "单位", "数值", "产值", "亿元", "120.5", "就业", "万人", "3.2"])]], "指标\t单位\t数值\n产值\t亿元\t120.5\n就业\t万人\t3.2"),
    # a title in two lines
    ([[(190, 780, 22, "清镇市法治政府建设"), (245, 745, 22, "实施方案"), *prints.set_text(PARAGRAPHS, top=690)]], f"清镇市法治政府建设实施方案\n{TEXT}"),
    # radicals that stand for characters, and others that are what they are
    ([[(90, 700, 16, "⼀、⾏政执法⼈员⺠意⻓期⻅效，㎡％①")]], "一、行政执法人员民意长期见效，㎡％①"),
    # bold by printing twice
    ([[(90, 700, 16, "一、总则"), (90.4, 700, 16, "一、总则")]], "一、总则"),
    ([[(90 + 16 * (i // 2) + 0.3 * (i % 2), 700, 16, c * 1) for i, c in enumerate("依依法法行行政政")]], "依法行政"),
    # a title with its characters set apart
    ([[(150 + 48 * i, 700, 22, c) for i, c in enumerate("工作报告")]], "工 作 报 告"),
    # digits that take the room of a character each
    ([[(90 + 16 * i, 700, 16, c) for i, c in enumerate("到2005年为19.5%。")]], "到2005年为19.5%。"),
    # a page on its side
    ([[b"q 0 1 -1 0 595 0 cm", *prints.set_text(PARAGRAPHS, top=500), b"Q"]], TEXT),
]  # fmt: skip


@pytest.mark.parametrize(("pages", "text"), PAGES)
def test_pages(pages, text):
    assert text_of(prints.pdf(*pages)) == text


def test_what_was_left_out_is_said():
    mark = b"q 0.7 0.7 -0.7 0.7 200 200 cm BT /F 40 Tf <%s> Tj ET Q" % "内部资料".encode("utf-16-be").hex().encode()
    found = notes_of(prints.pdf([*page("— 1 —"), mark], other("— 2 —"), ["image"]))
    assert found == {
        "running": "页眉、页脚与页码2行未读入：— 1 —",
        "scanned": "第3页是图片，未读入",
        "turned": "斜置的4个字符（如水印）未读入",
    }


def test_a_page_turned_by_its_reader_is_the_same():
    assert text_of(prints.pdf(page(), rotate=90)) == TEXT


def test_the_metadata_of_a_pdf(tmp_path):
    lines = ["清镇市人民政府关于印发方案的通知", "各乡镇人民政府：", "现印发给你们。"]
    (tmp_path / "a.pdf").write_bytes(prints.pdf(prints.set_text(lines)))
    found = gt.read(tmp_path / "a.pdf").metadata
    assert (found.title, found.issuer, found.encoding) == (lines[0], "清镇市人民政府", "pdf")


REFUSED = [
    (prints.pdf(["image"], ["image"]), r"2 page\(s\) are pictures, such as scans, without a text layer; .*ocrmypdf"),
    (prints.pdf([]), r"1 page\(s\) hold no text"),
    (b"%PDF-1.7 and nothing else", "no intact PDF file"),
    (prints.pdf(page())[:600], "no intact PDF file"),
    (b"PK\x03\x04", "a zip archive or an Office file under a name that ends in .pdf"),
    (prints.pdf(page(), extra=b"/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O(" + b"x" * 32 + b")/U(" + b"y" * 32 + b")>>/ID[(a)(a)]"), "protected by a password"),
    # a font that does not say which characters it shows
    (prints.pdf([(90, 700, 16, "全部都是看不懂的字符啊")], font="Identity-H").replace(b"(GB1)", b"(Own)"), "characters are unknown|hold no text"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), REFUSED)
def test_refused(tmp_path, data, message):
    (tmp_path / "a.pdf").write_bytes(data)
    with pytest.raises(ReadError, match=message):
        read_source(tmp_path / "a.pdf")


def bomb():
    """A small file whose page unpacks to more than a gigabyte."""
    import zlib

    packer = zlib.compressobj(9)
    piece = packer.compress(b" " * (1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)  # once more is the same bytes
    packed = piece + piece[2:] * 80
    whole = prints.pdf([])
    start, end = whole.index(b"<</Filter/FlateDecode"), whole.index(b"endstream", whole.index(b"<</Filter/FlateDecode"))
    return whole[:start] + b"<</Filter/FlateDecode/Length %d>>stream\n%s\n" % (len(packed), packed) + whole[end:]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited where the system can")
def test_a_file_that_unpacks_to_too_much(tmp_path):
    (tmp_path / "a.pdf").write_bytes(bomb())
    with pytest.raises(ReadError, match=r"cannot be read: .*|hold no text"):
        read_source(tmp_path / "a.pdf")


FAILED = [
    (-11, b"", "PDFium fails on it"),
    (-24, b"", "more time or memory"),
    (1, b"MemoryError", "more time or memory"),
]


@pytest.mark.parametrize(("code", "stderr", "message"), FAILED)
def test_a_crash_is_an_error_with_a_remedy(monkeypatch, code, stderr, message):
    monkeypatch.setattr(subprocess, "run", lambda *a, **_: subprocess.CompletedProcess(a, code, b"", stderr))
    with pytest.raises(ReadError, match=f"{message}.*; if you trust it"):
        text_of(prints.pdf(page()))


def test_a_file_that_takes_too_long(monkeypatch):
    def run(*_args, **_options):
        raise subprocess.TimeoutExpired("pdfium", 1)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(ReadError, match="takes more than 8 seconds; if you trust it"):
        text_of(prints.pdf(page()))


def test_a_process_that_does_not_start(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/none/python")
    with pytest.raises(ReadError, match=r"PDFium cannot be started \(No such file"):
        text_of(prints.pdf(page()))


def test_the_limits_of_the_process():
    """Where the system has limits they hold: a process that asks for more memory than it may have ends."""
    code = f"import sys; sys.path.insert(0, {str(Path(pdfium.__file__).parent)!r}); import pdfium; pdfium.limit(5, 300); bytes(400 << 20)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    if sys.platform == "linux":
        assert b"MemoryError" in found.stderr
    else:
        assert found.returncode == 0


def test_the_radicals_are_what_unicode_says():
    assert len(typeset.RADICALS) == 114
    assert all(0x2E80 <= code <= 0x2EF3 for code in typeset.RADICALS)
    assert all(not 0x2E80 <= ord(c) <= 0x2FDF for c in typeset.RADICALS.values())


def characters(rows, y=700.0):
    """Code points and places of characters: (character, left, width), each 16 points high."""
    codes = np.array([ord(c) for c, *_ in rows], np.uint32)
    return codes, np.array([(x, y - 2, x + w, y + 14, x, y, 16, 0) for _, x, w in rows], np.float64)


LINES = [
    # a pair of dashes that is one glyph: PDFium gives both in one place
    ([("甲", 0, 16), ("—", 16, 27), ("—", 16, 27), ("乙", 43, 16)], "甲——乙"),
    # one dash printed twice, to look bold
    ([("甲", 0, 16), ("—", 16, 16), ("—", 16.5, 16), ("乙", 32, 16)], "甲—乙"),
    # a line of a narrow column, its parts set apart to fill it
    ([("处", 0, 16), ("置", 16, 16), ("漾", 46, 16), ("濞", 76, 16), ("级", 106, 16), ("地", 136, 16)], "处置漾濞级地"),
    # words of letters, digits beside letters, and figures that stand apart
    ([("a", 0, 8), ("b", 12, 8), ("1", 20, 8), ("2", 40, 8)], "a b1 2"),
    ([("2", 0, 8), ("0", 16, 8), ("1", 32, 8), ("年", 48, 16), ("%", 64, 8)], "201年%"),
    # what the font does not name
    ([("甲", 0, 16), ("\0", 16, 16)], "甲\ufffd"),
]


@pytest.mark.parametrize(("rows", "text"), LINES)
def test_lines(rows, text):
    assert typeset.typeset([characters(rows)]).text == text


PLACES = st.lists(
    st.tuples(st.sampled_from("一、总2. 页—⼀(\0"), st.floats(width=32), st.floats(0, 800, width=32), st.integers(1, 30), st.integers(0, 4)),
    max_size=40,
)  # fmt: skip


@given(st.lists(PLACES, max_size=3))
def test_any_characters_anywhere_become_text(pages):
    given_pages = []
    for rows in pages:
        codes = np.array([ord(c) for c, *_ in rows], np.uint32)
        places = np.array([(x, y, x + s, y + s, x, y, s, a * np.pi / 4) for _, x, y, s, a in rows], np.float64)
        given_pages.append((codes, places.reshape(-1, pdfium.FIELDS)))
    assert isinstance(typeset.typeset(given_pages).text, str)


def test_what_the_process_writes_is_read_back():
    out = io.BytesIO(
        b'{"width": 1, "height": 1, "count": 1, "pictured": 0, "read": true}\n'
        + struct.pack("=I8f", 65, *range(8))
        + b'{"fault": ""}\n'
    )
    [found] = pdf._pages(out.getvalue(), Path("a.pdf"))
    assert found.codes.tolist() == [65]
    assert found.places.tolist() == [list(map(float, range(8)))]
    with pytest.raises(ReadError, match="stops in the middle"):
        pdf._pages(out.getvalue()[:-14], Path("a.pdf"))


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """The reference report as Chromium prints it: as an official document, in two columns, and from the browser."""
    if not shutil.which("chromium"):
        pytest.skip("Chromium is not installed; benchmarks/printed.py prints the report with it")
    folder = tmp_path_factory.mktemp("prints")
    script = Path(__file__).parents[1] / "benchmarks" / "printed.py"
    subprocess.run([sys.executable, str(script), str(folder)], check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("style", ["official", "bulletin", "browser", "three", "landscape"])
def test_the_reference_report_printed(printed, report, style):
    found = gt.read(printed / f"{style}.pdf")
    same = difflib.SequenceMatcher(None, report.text, found.text, autojunk=False).ratio()
    assert same >= 0.999  # it is 1.0 as Chromium 150 prints it
    assert [s.heading for s in found.sections] == [s.heading for s in report.sections]
    figures, expected = (indicators.extract(document) for document in (found, report))
    assert [(f.text, f.value, f.unit, f.name) for f in figures] == [(f.text, f.value, f.unit, f.name) for f in expected]
    assert [c.text for c in citations.extract(found)] == [c.text for c in citations.extract(report)]
