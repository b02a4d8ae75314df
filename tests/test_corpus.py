"""Corpora: order, ids, metadata, failures, and the reference corpus of wheel and checkout."""

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import govtext as gt
from govtext.corpus import segment_all
from govtext.errors import OptionError, ReadError

ROOT = Path(__file__).parents[1]


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_reference_corpus_is_verbatim():
    corpus = gt.reference_corpus()
    document = corpus["qingzhen-2022"]
    data = (ROOT / "corpus" / "qingzhen-2022.txt").read_bytes()
    assert document.metadata.sha256 == hashlib.sha256(data).hexdigest()
    assert document.metadata.sha256 == "66e92978bb9a48bc2081af10f3137501f17cb6ce4fd991429d7da2edee448487"
    assert (document.metadata.place, document.metadata.year) == ("清镇市", 2022)
    assert document.metadata.issuer is None  # the text names none


def test_reference_corpus_in_any_folder(tmp_path):
    code = "import govtext; print(len(govtext.reference_corpus()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"


def test_reference_corpus_from_the_wheel(tmp_path):
    """The wheel is built offline with the installed hatchling, unpacked and put on the path."""
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    with zipfile.ZipFile(tmp_path / done.stdout.split()[-1]) as wheel:
        wheel.extractall(tmp_path / "site")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); import govtext; print(govtext.__file__);"
        "print(len(govtext.reference_corpus()), len(govtext.Lexicon.default()))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    place, counts = done.stdout.strip().splitlines()
    assert Path(place).is_relative_to(tmp_path / "site")
    assert counts == f"1 {len(gt.Lexicon.default())}"


def test_order_is_year_place_id(tmp_path):
    write(
        tmp_path,
        {
            "c.txt": "没有年份的文件。",
            "b.txt": "2026年北京市政府工作报告\n正文。",
            "a.txt": "2026年天津市政府工作报告\n正文。",
            "d.txt": "2025年天津市政府工作报告\n正文。",
        },
    )
    names = ["a.txt", "b.txt", "c.txt", "d.txt"]
    expected = ["c", "d", "b", "a"]
    for shuffled in (names, names[::-1]):
        assert [d.id for d in gt.read_corpus(*(tmp_path / n for n in shuffled))] == expected


IDS = [
    # the path below the common root, without suffix
    (("x/a.txt", "y/a.txt"), ["x/a", "y/a"]),
    # suffixes stay where two would collide
    (("a.txt", "a.md", "b.txt"), ["a.md", "a.txt", "b"]),
    # one file has its own name
    (("x/a.txt",), ["a"]),
]


@pytest.mark.parametrize(("names", "ids"), IDS)
def test_ids(tmp_path, names, ids):
    write(tmp_path, dict.fromkeys(names, "正文。"))
    assert sorted(d.id for d in gt.read_corpus(*(tmp_path / n for n in names))) == ids


def test_a_file_named_twice_is_read_once(tmp_path):
    write(tmp_path, {"a.txt": "正文。", "b.txt": "正文。"})
    assert [d.id for d in gt.read_corpus(tmp_path, tmp_path / "a.txt")] == ["a", "b"]


@pytest.mark.parametrize(
    "name", ['a"b.txt', "a\nb.txt", "<script>.txt", "报告 一.txt", os.fsdecode("报告".encode("gbk")) + ".txt"]
)
def test_odd_file_names(tmp_path, name):
    try:
        write(tmp_path, {name: "正文。"})
    except (OSError, UnicodeEncodeError):
        pytest.skip("this file system has no such names")
    (document,) = gt.read_corpus(tmp_path)
    assert document.id.encode("utf-8")  # an id can be written
    assert gt.read(tmp_path / name).id == document.id


def test_a_bad_file_never_stops_the_rest(tmp_path):
    write(tmp_path, {"a.txt": "正文。", "b.txt": ""})
    corpus = gt.read_corpus(tmp_path)
    assert [d.id for d in corpus] == ["a"]
    assert ["b.txt" in str(f) for f in corpus.failures] == [True]


def test_failures_go_by_their_path_below_the_common_root(tmp_path):
    write(tmp_path, {"x/a.txt": "", "y/a.txt": "", "y/b.txt": "正文。"})
    assert [f.file for f in gt.read_corpus(tmp_path).failures] == ["x/a.txt", "y/a.txt"]


def test_a_path_that_does_not_exist_is_a_failure(tmp_path):
    corpus = gt.read_corpus(tmp_path / "nope")
    assert len(corpus) == 0
    assert ["No such file" in str(f) for f in corpus.failures] == [True]


SHA256 = hashlib.sha256("正文。".encode()).hexdigest()
DIGESTS = [
    # the digest of the file, in either case
    (SHA256, None),
    (SHA256.upper(), None),
    # not given
    ("", None),
    # of another file, and none at all
    ("0" * 64, f"its sha256 is {SHA256[:12]}…, not 000000000000… as given"),
    ("soon", f"its sha256 is {SHA256[:12]}…, not soon… as given"),
]


@pytest.mark.parametrize(("given", "says"), DIGESTS)
def test_a_digest_in_corpus_csv_is_checked(tmp_path, given, says):
    write(tmp_path, {"x.txt": "正文。", "y.txt": "正文", "corpus.csv": f"id,path,sha256\nx,x.txt,{given}\ny,y.txt,\n"})
    corpus = gt.read_corpus(tmp_path)
    if says is None:
        assert [d.id for d in corpus] == ["x", "y"]
        assert corpus["x"].metadata.sha256 == SHA256
    else:
        assert [d.id for d in corpus] == ["y"]
        (failure,) = corpus.failures
        assert (failure.what, failure.file) == (says, "x.txt")
        assert "corpus.csv" in failure.remedy


@pytest.mark.parametrize("paths", [(".", "x.txt"), ("x.txt", ".")])
def test_metadata_whatever_the_order_of_the_paths(tmp_path, paths):
    write(tmp_path, {"x.txt": "正文。", "corpus.csv": "id,path,place\nqz,x.txt,清镇市\n"})
    assert [d.id for d in gt.read_corpus(*(tmp_path / path for path in paths))] == ["qz"]


def test_metadata_from_corpus_csv(tmp_path):
    write(tmp_path, {"x.txt": "正文。", "corpus.csv": "id,path,place,year\nqz,x.txt,清镇市,2021\n"})
    (document,) = gt.read_corpus(tmp_path)
    assert (document.id, document.metadata.place, document.metadata.year) == ("qz", "清镇市", 2021)
    assert document.metadata.title is None


BAD_MANIFESTS = [
    # no path
    ("id,path\nx,\n", "line 2"),
    # a year that is none
    ("id,path,year\nx,x.txt,soon\n", "soon"),
    # a cell longer than csv reads
    (f"id,path,title\nx,x.txt,{'长' * 140_000}\n", "field larger than"),
]


@pytest.mark.parametrize(("content", "message"), BAD_MANIFESTS)
def test_bad_corpus_csv(tmp_path, content, message):
    write(tmp_path, {"x.txt": "正文。", "corpus.csv": content})
    with pytest.raises(ReadError, match=message):
        gt.read_corpus(tmp_path)


def test_empty_folder(tmp_path):
    with pytest.raises(ReadError, match="no file to read"):
        gt.read_corpus(tmp_path)


def test_unknown_id():
    with pytest.raises(OptionError, match="qingzhen-2022"):
        gt.reference_corpus()["none"]


def test_filter_and_group(tmp_path):
    write(tmp_path, {"a.txt": "2026年政府工作报告\n正文。", "b.txt": "2025年政府工作报告\n正文。", "c.txt": "正文。"})
    corpus = gt.read_corpus(tmp_path)
    assert [d.id for d in corpus.filter(lambda d: d.metadata.year == 2026)] == ["a"]
    assert list(corpus.group(lambda d: d.metadata.year)) == [None, 2025, 2026]


def test_segment_all_is_the_same_on_two_cores(report):
    documents = [report, gt.parse("推进双随机、一公开监管。", id="b"), gt.parse("营商环境", id="c")]
    one = segment_all(documents, gt.Segmenter())
    two = segment_all(documents, gt.Segmenter(), jobs=2)
    for a, b in zip(one, two, strict=True):
        assert a.document is b.document
        assert [*a] == [*b]
        assert a.kinds.tolist() == b.kinds.tolist()


def test_names_that_are_too_long_are_failures(tmp_path):
    (tmp_path / "a.txt").write_text("正文。", encoding="utf-8")
    (tmp_path / "corpus.csv").write_text(f"id,path\na,a.txt\nb,{'x' * 9999}.txt\n", encoding="utf-8")
    corpus = gt.read_corpus(tmp_path, "y" * 9999)
    assert [document.id for document in corpus] == ["a"]
    assert [failure.what for failure in corpus.failures] == ["the file cannot be read (File name too long)"] * 2
