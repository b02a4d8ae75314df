"""Files: text in several encodings, Word, and files that are none."""

import hashlib
import os

import docx
import pytest

from govtext.errors import ReadError
from govtext.readers import read_source

TEXT = "一、总则\n（一）目的。为了公开。"


def test_text_files(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode("gb18030"))
    source = read_source(path)
    assert (source.text, source.encoding) == (TEXT, "gb18030")
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_word_files_keep_paragraphs_and_tables_in_order(tmp_path):
    document = docx.Document()
    document.add_paragraph("一、总则")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "指标", "5%"
    document.add_paragraph("二、附则")
    document.save(tmp_path / "a.docx")
    assert read_source(tmp_path / "a.docx").text == "一、总则\n指标\t5%\n二、附则"


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
    # the old Word format
    ("a.doc", b"\xd0\xcf\x11\xe0", r"files of type \.doc are not read"),
    # no suffix
    ("a", b"x", r"\(none\)"),
]


@pytest.mark.parametrize(("name", "data", "message"), BAD)
def test_bad_files(tmp_path, name, data, message):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReadError, match=message):
        read_source(path)


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(ReadError, match="cannot be read"):
        read_source(tmp_path / "none.txt")
    with pytest.raises(ReadError, match="folder"):
        read_source(tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads every file")
def test_file_without_permission(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    path.chmod(0)
    with pytest.raises(ReadError, match="permissions"):
        read_source(path)
