"""Files: text in several encodings, Word, and files that are none."""

import hashlib
import io
import os
import zipfile
from contextlib import suppress

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

import govtext as gt
from govtext.errors import OptionError, ReadError
from govtext.readers import archive, read_source
from govtext.readers.numbering import FORMATS, by_place

TEXT = "一、总则\n（一）目的。为了公开。"


def test_text_files(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode("gb18030"))
    source = read_source(path)
    assert (source.text, source.encoding) == (TEXT, "gb18030")
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


REPORT = "# 清镇市法治政府建设情况报告\n一、主要做法\n（一）切实压实责任。严格落实“双随机、一公开”监管，完成检查227项。\n二、下一步\n1.推进执法规范化。持续优化营商环境。\n"
WRITTEN = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", WRITTEN)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("suffix", ["txt", "md", "TXT"])
def test_one_text_in_every_encoding(tmp_path, encoding, line_end, suffix):
    (tmp_path / f"a.{suffix}").write_bytes(REPORT.replace("\n", line_end).encode(encoding))
    document = gt.read(tmp_path / f"a.{suffix}")
    plain = gt.parse(REPORT)
    assert document.text == plain.text
    assert document.sections == plain.sections


def test_traditional_text_is_the_same_in_big5_and_utf8(tmp_path):
    text = "一、主要做法\n（一）優化營商環境。嚴格落實監管責任，完成檢查227項。\n二、下一步\n繼續推進。\n"
    (tmp_path / "a.txt").write_bytes(text.encode("big5"))
    assert gt.read(tmp_path / "a.txt").text == text
    assert gt.read(tmp_path / "a.txt").sections == gt.parse(text).sections


def test_characters_are_converted_only_when_asked(tmp_path):
    pytest.importorskip("opencc")
    (tmp_path / "a.txt").write_bytes("優化營商環境，建設法治政府。".encode("big5"))
    assert gt.read(tmp_path / "a.txt").text == "優化營商環境，建設法治政府。"
    document = gt.read(tmp_path / "a.txt", convert="t2s")
    assert document.text == "优化营商环境，建设法治政府。"
    assert document.metadata.encoding.startswith("big5, OpenCC ")
    with pytest.raises(OptionError, match="no conversion 't2x'; give one of"):
        gt.read(tmp_path / "a.txt", convert="t2x")


def test_conversion_without_opencc(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "opencc", None)
    (tmp_path / "a.txt").write_text("優化", encoding="utf-8")
    with pytest.raises(OptionError, match=r"not installed; install it with: pip install 'govtext\[opencc\]'"):
        gt.read(tmp_path / "a.txt", convert="t2s")


# --- Word -----------------------------------------------------------------------------------------------------------

R = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"


def p(text, properties=""):
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{R.format(text)}</w:p>"


def numbered(text, number, level=0):
    return p(text, f"<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{number}'/></w:numPr>")


def cell(inner, properties=""):
    return f"<w:tc>{f'<w:tcPr>{properties}</w:tcPr>' if properties else ''}{inner}</w:tc>"


def row(*cells):
    return f"<w:tr>{''.join(cells)}</w:tr>"


def table(*rows):
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def level(depth, style, text, extra=""):
    return f"<w:lvl w:ilvl='{depth}'><w:start w:val='1'/><w:numFmt w:val='{style}'/>{extra}<w:lvlText w:val='{text}'/></w:lvl>"


def word(path, body, *, numbering=""):
    """Write a Word file with this body and these definitions of lists."""
    document = docx.Document()
    element = document.element.body
    for child in list(element):
        element.remove(child)
    for child in parse_xml(f"<w:body {nsdecls('w')} {OTHER}>{body}</w:body>"):
        element.append(child)
    if numbering:
        part = document.part.numbering_part.element
        for child in list(part):
            part.remove(child)
        for child in parse_xml(f"<w:numbering {nsdecls('w')}>{numbering}</w:numbering>"):
            part.append(child)
    document.save(path)
    return path


OTHER = (
    "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' "
    "xmlns:wps='http://schemas.microsoft.com/office/word/2010/wordprocessingShape' "
    "xmlns:v='urn:schemas-microsoft-com:vml' "
    "xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'"
)
BOX = "<w:txbxContent>" + p("框内") + "</w:txbxContent>"
BODIES = [
    # paragraphs and tables in their order
    (p("一、总则") + table(row(cell(p("指标")), cell(p("5%")))) + p("二、附则"), "一、总则\n指标\t5%\n二、附则"),
    # a cell over two columns stands once, and the columns after it keep their place
    (
        table(row(cell(p("合计"), "<w:gridSpan w:val='2'/>"), cell(p("3"))), row(*(cell(p(x)) for x in "甲乙丙"))),
        "合计\t\t3\n甲\t乙\t丙",
    ),
    # a cell over two rows stands once
    (
        table(
            row(cell(p("甲"), "<w:vMerge w:val='restart'/>"), cell(p("1"))),
            row(cell(p(""), "<w:vMerge/>"), cell(p("2"))),
        ),
        "甲\t1\n\t2",
    ),
    # a row that begins at a later column
    (table("<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>" + cell(p("1")) + cell(p("2")) + "</w:tr>"), "\t1\t2"),
    # a table in a cell: its text stands in the cell
    (table(row(cell(table(row(cell(p("内一")), cell(p("内二"))))), cell(p("外")))), "内一 内二\t外"),
    # a frame of one cell is layout: its paragraphs are lines
    (table(row(cell(p("一、总则") + p("正文。")))), "一、总则\n正文。"),
    # text inserted and text deleted in tracked changes
    (f"<w:p>{R.format('推进')}<w:ins>{R.format('法治')}</w:ins><w:del><w:r><w:delText>人治</w:delText></w:r></w:del></w:p>", "推进法治"),
    # a paragraph whose end was deleted goes on in the next
    (p("推进", "<w:rPr><w:del/></w:rPr>") + p("法治"), "推进法治"),
    # moved text stands where it went
    (f"<w:p><w:moveFrom>{R.format('甲')}</w:moveFrom>{R.format('乙')}<w:moveTo>{R.format('甲')}</w:moveTo></w:p>", "乙甲"),
    # content controls around paragraphs, around words, and around rows
    (f"<w:sdt><w:sdtPr/><w:sdtContent>{p('一、总则')}</w:sdtContent></w:sdt>", "一、总则"),
    (f"<w:p>{R.format('在')}<w:sdt><w:sdtContent>{R.format('2022年')}</w:sdtContent></w:sdt></w:p>", "在2022年"),
    (table(f"<w:sdt><w:sdtContent>{row(cell(p('甲')), cell(p('乙')))}</w:sdtContent></w:sdt>"), "甲\t乙"),
    # links, simple fields and smart tags
    (
        f"<w:p><w:hyperlink>{R.format('甲')}</w:hyperlink><w:fldSimple>{R.format('乙')}</w:fldSimple><w:smartTag>{R.format('丙')}</w:smartTag></w:p>",
        "甲乙丙",
    ),
    # the code of a field is no text, its result is
    ("<w:p><w:r><w:instrText>PAGE</w:instrText></w:r>" + R.format("3") + "</w:p>", "3"),
    # tabs, line breaks, hyphens that do not break
    ("<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>5</w:t><w:noBreakHyphen/><w:t>6</w:t></w:r></w:p>", "甲\t乙\n5-6"),
    # characters with a phonetic guide above
    ("<w:p><w:ruby><w:rt><w:r><w:t>fǎ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>法</w:t></w:r></w:rubyBase></w:ruby></w:p>", "法"),
    # a text box, written for newer and for older programs, stands once, after its paragraph
    (
        f"<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{BOX}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{BOX}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
        "正文\n框内",
    ),
    # a formula
    ("<w:p><m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath></w:p>", "a+b"),
    # a symbol given by its code
    ("<w:p><w:r><w:sym w:font='x' w:char='2460'/><w:t>甲</w:t></w:r></w:p>", "①甲"),
    # hidden text is not printed, and not read
    ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>" + R.format("显") + "</w:p>", "显"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "text"), BODIES)
def test_word_bodies(tmp_path, body, text):
    assert read_source(word(tmp_path / "a.docx", body)).text == text


LEFT_OUT = [
    # what is left out is said
    ("<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>" + R.format("新") + "</w:p>", {"deleted"}),
    ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>" + R.format("显") + "</w:p>", {"hidden"}),
    ("<w:p><w:r><w:drawing/></w:r>" + R.format("图1") + "</w:p>", {"pictures"}),
    (p("正文") + "<w:altChunk/>", {"embedded"}),
    # and of an ordinary file nothing
    (p("正文"), set()),
]


@pytest.mark.parametrize(("body", "codes"), LEFT_OUT)
def test_word_says_what_it_leaves_out(tmp_path, body, codes):
    file = word(tmp_path / "a.docx", body)
    assert {note.code for note in read_source(file).notes} == codes
    assert {note.code for note in gt.read(file).notes} == codes


def test_footnotes_stand_at_the_end(tmp_path):
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    document = docx.Document()
    document.add_paragraph("正文。")
    notes = f"<w:footnotes {nsdecls('w')}><w:footnote w:type='separator' w:id='0'>{p('—')}</w:footnote><w:footnote w:id='1'>{p('名词解释。')}</w:footnote></w:footnotes>"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    document.save(tmp_path / "a.docx")
    source = read_source(tmp_path / "a.docx")
    assert source.text == "正文。\n[1] 名词解释。"
    assert [note.message for note in source.notes] == ["1条脚注或尾注置于文末"]


A = "<w:abstractNum w:abstractNumId='{}'>{}</w:abstractNum>"
N = "<w:num w:numId='{}'><w:abstractNumId w:val='{}'/>{}</w:num>"
OFFICIAL = A.format(
    0, level(0, "chineseCountingThousand", "%1、") + level(1, "chineseCounting", "（%2）") + level(2, "decimal", "%3.")
) + N.format(1, 0, "")
NUMBERED = [
    # the levels of official documents; a deeper one begins anew
    (
        OFFICIAL,
        numbered("总则", 1) + numbered("目的", 1, 1) + numbered("依据", 1, 1) + numbered("甲", 1, 2) + numbered("附则", 1) + numbered("施行", 1, 1),
        "一、总则\n（一）目的\n（二）依据\n1.甲\n二、附则\n（一）施行",
    ),
    # articles run into their text, so a blank parts them; unnumbered paragraphs do not count
    (A.format(0, level(0, "chineseCounting", "第%1条")) + N.format(1, 0, ""), numbered("为了公开。", 1) + p("另款。") + numbered("适用本法。", 1), "第一条 为了公开。\n另款。\n第二条 适用本法。"),
    # 1. before a figure
    (A.format(0, level(0, "decimal", "%1.")) + N.format(1, 0, ""), numbered("2025年", 1) + numbered("推进", 1), "1. 2025年\n2.推进"),
    # the number of a higher level in the text, and as a decimal where it is legal style
    (
        A.format(0, level(0, "chineseCounting", "第%1章") + level(1, "decimal", "%1.%2", "<w:isLgl/>")) + N.format(1, 0, ""),
        numbered("总则", 1) + numbered("范围", 1, 1) + numbered("术语", 1, 1),
        "第一章 总则\n1.1 范围\n1.2 术语",
    ),
    # two lists of one kind count on together, unless one starts anew
    (
        A.format(0, level(0, "decimal", "%1、")) + N.format(1, 0, "") + N.format(2, 0, "") + N.format(3, 0, "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride>"),
        numbered("甲", 1) + numbered("乙", 2) + numbered("丙", 3) + numbered("丁", 3),
        "1、甲\n2、乙\n1、丙\n2、丁",
    ),
    # a level that never begins anew
    (
        A.format(0, level(0, "chineseCounting", "第%1章") + level(1, "chineseCounting", "第%2条", "<w:lvlRestart w:val='0'/>")) + N.format(1, 0, ""),
        numbered("总则", 1) + numbered("甲", 1, 1) + numbered("附则", 1) + numbered("乙", 1, 1),
        "第一章 总则\n第一条 甲\n第二章 附则\n第二条 乙",
    ),
    # bullets of a symbol font
    (A.format(0, level(0, "bullet", "\uf0b7")) + N.format(1, 0, ""), numbered("甲", 1), "• 甲"),
    # numbering switched off, and a list that is not there
    (OFFICIAL, numbered("甲", 0) + numbered("乙", 9) + numbered("丙", 1, 7), "甲\n乙\n丙"),
]  # fmt: skip


@pytest.mark.parametrize(("numbering", "body", "text"), NUMBERED)
def test_numbers_of_lists_are_written_out(tmp_path, numbering, body, text):
    assert read_source(word(tmp_path / "a.docx", body, numbering=numbering)).text == text


def test_numbers_by_the_style_of_a_paragraph(tmp_path):
    document = docx.Document(
        word(tmp_path / "a.docx", p("总则", "<w:pStyle w:val='Heading1'/>") + p("正文"), numbering=OFFICIAL)
    )
    style = document.styles["Heading 1"].element
    style.get_or_add_pPr().append(parse_xml(f"<w:numPr {nsdecls('w')}><w:numId w:val='1'/></w:numPr>"))
    document.save(tmp_path / "a.docx")
    assert read_source(tmp_path / "a.docx").text == "一、总则\n正文"


STYLES = [
    # a style takes its list from the one it is based on
    ("<w:basedOn w:val='Heading1'/>", "一、总则"),
    # with a level of its own
    ("<w:basedOn w:val='Heading1'/><w:pPr><w:numPr><w:ilvl w:val='2'/></w:numPr></w:pPr>", "1.总则"),
    # or leaves it
    ("<w:basedOn w:val='Heading1'/><w:pPr><w:numPr><w:numId w:val='0'/></w:numPr></w:pPr>", "总则"),
    # styles based on each other, or on one that is not there
    ("<w:basedOn w:val='own'/>", "总则"),
    ("<w:basedOn w:val='none'/>", "总则"),
]


@pytest.mark.parametrize(("style", "text"), STYLES)
def test_numbers_by_a_style_based_on_another(tmp_path, style, text):
    file = word(tmp_path / "a.docx", p("总则", "<w:pStyle w:val='own'/>"), numbering=OFFICIAL)
    document = docx.Document(file)
    heading = document.styles["Heading 1"].element
    heading.get_or_add_pPr().append(parse_xml(f"<w:numPr {nsdecls('w')}><w:numId w:val='1'/></w:numPr>"))
    own = f"<w:style {nsdecls('w')} w:type='paragraph' w:styleId='own'><w:name w:val='own'/>{style}</w:style>"
    document.styles.element.append(parse_xml(own))
    document.save(file)
    assert read_source(file).text == text


def test_a_list_gives_the_same_headings_as_typed_numbers(tmp_path):
    body = numbered("主要做法", 1) + numbered("压实责任。严格落实。", 1, 1) + numbered("下一步", 1) + p("继续推进。")
    listed = gt.read(word(tmp_path / "a.docx", body, numbering=OFFICIAL))
    typed = gt.parse("一、主要做法\n（一）压实责任。严格落实。\n二、下一步\n继续推进。")
    assert listed.text == typed.text
    assert listed.sections == typed.sections


WRITES = [
    ("chineseCounting", 21, "二十一"),
    ("chineseCountingThousand", 105, "一百零五"),
    ("ideographDigital", 20, "二〇"),
    ("chineseLegalSimplified", 15, "壹拾伍"),
    ("ideographTraditional", 3, "丙"),
    ("ideographZodiac", 13, "子"),
    ("decimalEnclosedCircleChinese", 7, "⑦"),
    ("decimalEnclosedCircle", 21, "21"),
    ("decimalEnclosedParen", 2, "⑵"),
    ("decimalFullWidth", 12, "１２"),
    ("decimalZero", 3, "03"),
    ("upperRoman", 14, "XIV"),
    ("lowerLetter", 28, "bb"),
    ("lowerLetter", 781, "a"),  # Word begins anew, and so no label grows beyond thirty letters
    ("ordinal", 12, "12th"),
    ("none", 1, ""),
]


@pytest.mark.parametrize(("name", "number", "written"), WRITES)
def test_formats_of_numbers(name, number, written):
    assert FORMATS[name](number) == written


def test_chinese_numerals_read_back():
    """Every number up to 9999 differs and is read back by the digits and units that it is written with."""
    values = {c: i for i, c in enumerate("零一二三四五六七八九")}
    units = {"十": 10, "百": 100, "千": 1000}
    for number in range(1, 10_000):
        total, digit = 0, 0
        for c in by_place(number):
            if c in units:
                total, digit = total + (digit or 1) * units[c], 0
            else:
                digit = values[c]
        assert total + digit == number


# --- files that cannot be read --------------------------------------------------------------------------------------

BAD = [
    # no bytes
    ("a.txt", b"", "empty"),
    # blanks only
    ("a.txt", b" \n\n ", "empty"),
    # a full-width blank only
    ("a.txt", "　".encode(), "holds no text"),
    # rubbish
    ("a.txt", bytes(range(256)) * 20, "no text in"),
    # a broken Word file
    ("a.docx", b"PK\x03\x04 broken", "no intact Word file"),
    # text under a Word name
    ("a.docx", TEXT.encode(), "no intact Word file"),
    # the old Word format, by its name, under a new name and under that of a text
    ("a.doc", b"\xd0\xcf\x11\xe0", r"files of type \.doc are not read; open it in Word, WPS .* save it as \.docx"),
    ("a.wps", b"\xd0\xcf\x11\xe0", r"files of type \.wps are not read; open it in Word, WPS .* save it as \.docx"),
    ("a.docx", b"\xd0\xcf\x11\xe0" * 9, "an old or a protected Office file under a name that ends in .docx"),
    ("a.txt", b"\xd0\xcf\x11\xe0" * 9, "an old or a protected Office file under a name that ends in .txt"),
    # other formats under the name of a text
    ("a.txt", b"PK\x03\x04" * 9, "a zip archive or an Office file"),
    ("a.txt", b"%PDF-1.4 x", "a PDF file"),
    ("a.txt", b"{\\rtf1 x}", "a rich text file"),
    # a type of a later release
    ("a.pdf", b"%PDF-1.4 x", "no intact PDF file; open it in a reader"),
    # no suffix
    ("a", b"x", r"\(none\)"),
]


@pytest.mark.parametrize(("name", "data", "message"), BAD)
def test_bad_files(tmp_path, name, data, message):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReadError, match=message):
        read_source(path)


def packed(members, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return out.getvalue()


def members(path):
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_truncated_word_files(tmp_path):
    whole = word(tmp_path / "a.docx", p(TEXT) * 50).read_bytes()
    for share in (0.02, 0.5, 0.9, 0.99):
        (tmp_path / "b.docx").write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(ReadError, match="no intact Word file"):
            read_source(tmp_path / "b.docx")


def test_damaged_word_files(tmp_path):
    """Whatever byte is damaged: the text is read whole, or the error is ours."""
    whole = word(tmp_path / "a.docx", p(TEXT)).read_bytes()
    for at in range(0, len(whole), 997):
        (tmp_path / "b.docx").write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        with suppress(ReadError):
            assert "一、总则" in read_source(tmp_path / "b.docx").text


MAIN = "word/document.xml"
NOTHING = "this is no ordinary document"


def test_a_valid_word_file_that_unpacks_to_gigabytes(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "FREE", 1 << 20)
    parts = members(word(tmp_path / "a.docx", p(TEXT)))
    blown = parts[MAIN].replace(b"</w:body>", b"<w:p/>" * 1_400_000 + b"</w:body>")
    (tmp_path / "b.docx").write_bytes(packed(parts | {MAIN: blown}))
    with pytest.raises(ReadError, match=f"{NOTHING}: it unpacks to 8 MB, [0-9]+ times its size"):
        read_source(tmp_path / "b.docx")


LIMITS = [
    ("MEMBERS", 5, "it holds [0-9]+ parts"),
    ("SIZE", 1000, "it unpacks to"),
    ("XML_SIZE", 1000, "its part .* unpacks to"),
    ("TAGS", 10, "its part .* has [0-9]+ tags"),
]


@pytest.mark.parametrize(("limit", "value", "message"), LIMITS)
def test_limits_of_archives(tmp_path, monkeypatch, limit, value, message):
    file = word(tmp_path / "a.docx", p(TEXT))
    read_source(file)
    monkeypatch.setattr(archive, limit, value)
    with pytest.raises(ReadError, match=f"{NOTHING}: {message}"):
        read_source(file)


ENTITIES = [
    # a file of this machine
    "<!ENTITY x SYSTEM 'file:///etc/hostname'>",
    # one that multiplies
    "<!ENTITY a 'ha'><!ENTITY x '&a;&a;&a;'>",
]


@pytest.mark.parametrize("entity", ENTITIES)
def test_entities_are_refused(tmp_path, entity):
    parts = members(word(tmp_path / "a.docx", p("MARK")))
    head, body = parts[MAIN].split(b"?>", 1)
    hostile = head + b"?><!DOCTYPE d [" + entity.encode() + b"]>" + body.replace(b"MARK", b"&x;")
    (tmp_path / "b.docx").write_bytes(packed(parts | {MAIN: hostile}))
    with pytest.raises(ReadError, match="declares a document type"):
        read_source(tmp_path / "b.docx")


PARTS = [
    # the encodings that Office files are written in
    ("utf-8", "utf-8", "法治"),
    ("UTF-16", "utf-16", "法治"),
    # a document type in UTF-16, and encodings in which < need not be written so
    ("UTF-16", "utf-16", "<!DOCTYPE"),
    ("UTF-7", "ascii", "neither UTF-8 nor UTF-16"),
    ("gb18030", "gb18030", "neither UTF-8 nor UTF-16"),
]


@pytest.mark.parametrize(("declared", "encoding", "expected"), PARTS)
def test_encodings_of_the_parts_of_a_word_file(tmp_path, declared, encoding, expected):
    parts = members(word(tmp_path / "a.docx", p("MARK")))
    head = f"<?xml version='1.0' encoding='{declared}'?>" + ("<!DOCTYPE d []>" if expected == "<!DOCTYPE" else "")
    body = parts[MAIN].decode().split("?>", 1)[1].replace("MARK", "MARK" if encoding == "ascii" else "法治")
    (tmp_path / "b.docx").write_bytes(packed(parts | {MAIN: (head + body).encode(encoding)}))
    if expected == "法治":
        assert read_source(tmp_path / "b.docx").text == expected
    else:
        with pytest.raises(ReadError, match="declares a document type" if expected == "<!DOCTYPE" else expected):
            read_source(tmp_path / "b.docx")


def test_a_part_is_checked_whatever_it_is_called(tmp_path, monkeypatch):
    parts = members(word(tmp_path / "a.docx", p(TEXT) + "<w:p/>" * 20_000))
    hidden = {
        name.replace("document.xml", "document.bin"): data.replace(b"document.xml", b"document.bin")
        for name, data in parts.items()
    }
    (tmp_path / "b.docx").write_bytes(packed(hidden))
    assert read_source(tmp_path / "b.docx").text.strip() == TEXT
    monkeypatch.setattr(archive, "TAGS", 20_000)
    with pytest.raises(ReadError, match=r"document\.bin has .* tags"):
        read_source(tmp_path / "b.docx")


def test_what_a_list_writes_has_limits(tmp_path):
    """Without them a small file of many paragraphs with a long label would fill the memory."""
    long = A.format(0, level(0, "decimal", "甲" * 5000) + level(12, "decimal", "%1.")) + N.format(1, 0, "")
    body = numbered("总则", 1) + numbered("附则", 1, 12)
    assert read_source(word(tmp_path / "a.docx", body, numbering=long)).text == "甲" * 255 + " 总则\n附则"


def test_deep_nesting(tmp_path):
    deep = "<w:sdt><w:sdtContent>" * 5000 + p("深") + "</w:sdtContent></w:sdt>" * 5000
    parts = members(word(tmp_path / "a.docx", p("MARK")))
    start = parts[MAIN].index(b"<w:p>")
    hostile = parts[MAIN][:start] + deep.encode() + parts[MAIN][parts[MAIN].index(b"</w:body>") :]
    (tmp_path / "b.docx").write_bytes(packed(parts | {MAIN: hostile}))
    with pytest.raises(ReadError, match="no intact Word file"):
        read_source(tmp_path / "b.docx")


def test_a_word_file_of_another_kind(tmp_path):
    parts = members(word(tmp_path / "a.docx", p(TEXT)))
    types = parts["[Content_Types].xml"].replace(b"document.main+xml", b"template.main+xml")
    (tmp_path / "b.docx").write_bytes(packed(parts | {"[Content_Types].xml": types}))
    with pytest.raises(ReadError, match="no intact Word file"):
        read_source(tmp_path / "b.docx")


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(ReadError, match="cannot be read"):
        read_source(tmp_path / "none.txt")
    with pytest.raises(ReadError, match="folder"):
        read_source(tmp_path)
    with pytest.raises(ReadError, match="no file can have this name"):
        read_source("a\0b.txt")


@pytest.mark.skipif(os.name != "posix", reason="named pipes are of POSIX")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(ReadError, match="no regular file"):
        read_source(tmp_path / "a.txt")


def test_a_file_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr("govtext.readers.LARGEST", 1 << 20)
    (tmp_path / "a.txt").write_bytes(b"x" * (3 << 20))
    with pytest.raises(ReadError, match="the file has 3 MB, more than 1"):
        read_source(tmp_path / "a.txt")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads every file")
def test_file_without_permission(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    path.chmod(0)
    with pytest.raises(ReadError, match="permissions"):
        read_source(path)
