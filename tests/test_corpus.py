"""Corpora: order, ids, metadata, failures, and the reference corpus of wheel and checkout."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import govtext as gt
from govtext.corpus import by_digest, of_each, segment_all
from govtext.corpus.duplicates import Duplicates, alike, sketch
from govtext.corpus.paths import NamePattern
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
        compiled = [
            name for name in wheel.namelist() if name.startswith("govtext/native/_kernels.") and name[-4:] != ".pyi"
        ]
    assert len(compiled) == bool(shutil.which("cc"))  # without a compiler a wheel all the same
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
    # one too long for an integer, and the line it stands on
    ("id,path,year\n\n\nx,x.txt," + "9" * 5000 + "\n", "line 4: the year is"),
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


# --- what a folder holds --------------------------------------------------------------------------------------------


def notes(corpus):
    return [(note.code, note.file) for note in corpus.notes]


def test_every_file_of_a_folder_is_accounted_for(tmp_path):
    write(tmp_path, {"a.txt": "正文一。", "x/b.md": "正文二。", "x/c.doc": "旧", "d.jpg": "x", "e": "x", ".f.txt": "x"})
    write(tmp_path, {"~$a.docx": "x", "Thumbs.db": "x", ".git/g.txt": "x", "h.txt": ""})
    corpus = gt.read_corpus(tmp_path)
    assert [d.id for d in corpus] == ["a", "x/b"]
    assert sorted(f.file for f in corpus.failures) == ["h.txt", "x/c.doc"]
    skipped = [".f.txt", ".git", "Thumbs.db", "d.jpg", "e", "~$a.docx"]
    assert notes(corpus) == [("skipped", name) for name in skipped]


def test_a_report_among_the_inputs_is_skipped(tmp_path):
    write(
        tmp_path,
        {"a.txt": "正文。", "out/manifest.json": "{}", "out/ro-crate-metadata.json": "{}", "out/index.html": "x"},
    )
    corpus = gt.read_corpus(tmp_path)
    assert (len(corpus), corpus.failures, notes(corpus)) == (1, (), [("skipped", "out")])


def test_files_beside_corpus_csv_that_it_does_not_list_are_said(tmp_path):
    write(tmp_path, {"x.txt": "正文一。", "y.txt": "正文二。", "corpus.csv": "id,path\nqz,x.txt\n"})
    corpus = gt.read_corpus(tmp_path)
    assert [d.id for d in corpus] == ["qz"]
    assert [(n.file, n.message_en) for n in corpus.notes] == [("y.txt", "not listed in corpus.csv")]


def test_a_corpus_csv_in_a_folder_below(tmp_path):
    write(tmp_path, {"a.txt": "正文一。", "x/b.txt": "正文二。", "x/corpus.csv": "id,path,place\nqz,b.txt,清镇市\n"})
    corpus = gt.read_corpus(tmp_path)
    assert {d.id: d.metadata.place for d in corpus} == {"a": None, "qz": "清镇市"}


def test_corpus_csv_by_its_name_and_patterns(tmp_path):
    write(tmp_path, {"x/a.txt": "正文一。", "x/b.md": "正文二。", "y/c.txt": "正文三。", "x/d.jpg": "x"})
    write(tmp_path, {"x/table.csv": "id,path,year\nA,a.txt,2021\n"})
    assert [(d.id, d.metadata.year) for d in gt.read_corpus(tmp_path / "x" / "table.csv")] == [("A", 2021)]
    assert [d.id for d in gt.read_corpus(f"{tmp_path}/*/*.txt")] == ["x/a", "y/c"]
    assert [d.id for d in gt.read_corpus(f"{tmp_path}/**/*")] == ["x/a", "x/b", "y/c"]
    with_jpg = gt.read_corpus(f"{tmp_path}/x/*")
    assert ("skipped", "d.jpg") in notes(with_jpg)
    (failure,) = gt.read_corpus(f"{tmp_path}/*.docx").failures
    assert failure.what == "no file fits this pattern"


def test_a_file_named_like_a_pattern(tmp_path):
    write(tmp_path, {"报告[1].txt": "正文。"})
    assert [d.id for d in gt.read_corpus(tmp_path / "报告[1].txt")] == ["报告[1]"]


def test_links_in_a_circle(tmp_path):
    write(tmp_path, {"a.txt": "正文。"})
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    corpus = gt.read_corpus(tmp_path)
    assert [d.id for d in corpus] == ["a"]
    assert [f.file for f in corpus.failures] == ["self.txt"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads every folder")
def test_a_folder_without_permission(tmp_path):
    write(tmp_path, {"a.txt": "正文。", "x/b.txt": "正文。", "y/c.txt": "正文。"})
    (tmp_path / "x").chmod(0)
    (tmp_path / "y").chmod(0o644)  # its names can be seen, its files cannot
    corpus = gt.read_corpus(tmp_path)
    for name in "xy":
        (tmp_path / name).chmod(0o755)
    assert [d.id for d in corpus] == ["a"]
    assert [("permissions" in f.remedy, f.file) for f in corpus.failures] == [(True, "x"), (True, "y/c.txt")]


# --- metadata from names, places ------------------------------------------------------------------------------------

PATTERNS = [
    # the pattern of the file name, with its suffix and without
    ("{year}_{place}.txt", "2025_广西.txt", (2025, "广西")),
    ("{year}_{place}", "2025_广西.docx", (2025, "广西")),
    # of the path
    ("{place}/{year}", "贵阳市/2022.txt", (2022, "贵阳市")),
    # something that is not asked for
    ("{year}年{place}政府{}", "2025年重庆市政府工作报告.docx", (2025, "重庆市")),
    # other fields
    ("{year}-{title}", "x/2025-通知.md", (2025, None)),
    # a name that does not fit, and one of another type
    ("{year}_{place}.txt", "广西_2025.txt", None),
    ("{year}_{place}.txt", "2025_广西.docx", None),
    # signs of regular expressions mean themselves
    ("{year}(1).{place}", "2025(1).广西.txt", (2025, "广西")),
]


@pytest.mark.parametrize(("pattern", "name", "expected"), PATTERNS)
def test_name_patterns(pattern, name, expected):
    found = NamePattern(pattern).match(name)
    assert (found and (found.year, found.place)) == expected


BAD_PATTERNS = ["报告", "{yaer}_{place}", "{year}_{year}", "{sha256}", "{}"]


@pytest.mark.parametrize("pattern", BAD_PATTERNS)
def test_bad_name_patterns(pattern):
    with pytest.raises(OptionError, match="give each once"):
        NamePattern(pattern)


def test_metadata_of_names_stands_between_corpus_csv_and_the_text(tmp_path):
    text = "2026年北京市政府工作报告\n正文。"
    write(tmp_path, {"2025_广西.txt": text, "other.txt": text + "又"})
    corpus = gt.read_corpus(tmp_path, names="{year}_{place}.txt")
    assert [(d.metadata.year, d.metadata.place) for d in corpus] == [(2025, "广西壮族自治区"), (2026, "北京市")]
    assert ("name", "other.txt") in notes(corpus)
    write(tmp_path, {"corpus.csv": "id,path,year,place\nx,2025_广西.txt,2024,\n"})
    (document,) = gt.read_corpus(tmp_path, names="{year}_{place}.txt")
    assert (document.metadata.year, document.metadata.place) == (2024, "广西壮族自治区")


# --- duplicates -----------------------------------------------------------------------------------------------------

LONG = "".join(f"第{i}条，推进法治政府建设，完成检查{i * 7}项，办结案件{i * 13}件。" for i in range(1, 60))
SAME = [
    # the same bytes
    (LONG, LONG, "duplicate"),
    # a few words differ, or the layout
    (LONG, LONG.replace("办结案件91件", "办结案件92件"), "near-duplicate"),
    (LONG, LONG.replace("。", "。\n　　"), "near-duplicate"),
    # half of it is another text
    (LONG, LONG[: len(LONG) // 2] + "营商环境持续优化，" * 40, None),
    # two short texts
    ("正文一。", "正文二。", None),
]


@pytest.mark.parametrize(("a", "b", "code"), SAME)
def test_duplicates_are_reported(tmp_path, a, b, code):
    write(tmp_path, {"a.txt": a, "b.txt": b})
    corpus = gt.read_corpus(tmp_path)
    assert len(corpus) == 2  # both are kept
    assert notes(corpus) == ([(code, "b.txt")] if code else [])


def test_many_copies_are_found_in_one_pass():
    seen = Duplicates()
    found = [seen.see(f"{i}.txt", f"{i}", LONG + str(i)) for i in range(300)]
    assert found[0] is None
    assert {note.message_en for note in found[1:]} <= {
        f"about {share}% of its text is that of 0.txt" for share in range(80, 101)
    }


def test_reports_of_two_years_are_no_duplicates(report):
    other = "".join(sentence[::-1] for sentence in report.text.split("。"))
    assert alike(sketch(report.text), sketch(other)) < 0.1
    assert alike(sketch(report.text), sketch(report.text)) == 1
    assert alike(sketch(""), sketch("")) == 0


def test_a_broken_table_is_no_matter_to_who_looks_for_a_digest(tmp_path):
    write(tmp_path, {"corpus.csv": "title\n甲\n", "b/corpus.csv": "no table", "b/文件.txt": "甲。"})
    digest = hashlib.sha256("甲。".encode()).hexdigest()
    assert by_digest(tmp_path, {digest: "a"}) == {digest: tmp_path / "b" / "文件.txt"}
    with pytest.raises(ReadError, match=r"corpus\.csv"):
        gt.read_corpus(tmp_path)


@pytest.mark.parametrize(
    ("names", "convert"),
    [(None, None), ("{year}年{issuer}.txt", None), (None, "t2s")],
)
def test_files_are_read_by_workers_as_in_one_process(tmp_path, names, convert):
    files = {
        f"{year}年某市政府.txt": f"{year}年某市政府工作报告\n一、回顾\n第{year}段。\n" for year in range(2015, 2026)
    }
    files |= {
        "copy.txt": files["2020年某市政府.txt"],
        "doubtful.txt": "法治\x00政府",  # no text
        "wide.md": "臺灣。",
    }
    write(tmp_path / "a", files | {"note.log": "x", "empty.txt": ""})
    write(
        tmp_path / "b", {"pinned.txt": "甲。", "corpus.csv": f"path,id,sha256\npinned.txt,p,{'0' * 64}\nlost.txt,l,\n"}
    )
    seen = []
    one, two = (
        gt.read_corpus(tmp_path, names=names, convert=convert, jobs=jobs, progress=lambda *at, s=seen: s.append(at))
        for jobs in (1, 2)
    )
    assert [*one] == [*two]
    assert [d.metadata for d in one] == [d.metadata for d in two]
    assert one.notes == two.notes
    assert [(str(e), e.file, type(e)) for e in one.failures] == [(str(e), e.file, type(e)) for e in two.failures]
    assert {e.file for e in two.failures} == {"a/doubtful.txt", "a/empty.txt", "b/lost.txt", "b/pinned.txt"}
    assert seen[: len(seen) // 2] == seen[len(seen) // 2 :] != []


def test_a_wrong_option_is_told_by_workers_too(tmp_path):
    write(tmp_path, {f"{i}.txt": "甲。" for i in range(3)})
    with pytest.raises(OptionError, match="x2y"):
        gt.read_corpus(tmp_path, convert="x2y", jobs=2)


# --- corpora that do not fit into memory ----------------------------------------------------------------------------


@pytest.fixture
def filed(tmp_path, monkeypatch):
    """A corpus of which one document is in memory and four are in their files."""
    write(tmp_path, {f"{i}.txt": f"202{i}年北京市政府工作报告\n一、回顾\n第{i}段。\n" for i in range(5)})
    everything = gt.read_corpus(tmp_path)
    monkeypatch.setattr("govtext.corpus.HELD", 30)
    return everything, gt.read_corpus(tmp_path)


def test_a_large_corpus_is_read_again_from_its_files(filed):
    everything, large = filed
    assert [*large] == [*everything]
    assert [d.metadata for d in large] == [d.metadata for d in everything]
    assert large["3"] == everything["3"]
    assert large.documents[-1] == everything.documents[-1]
    assert [*large.documents[1:3]] == [*everything.documents[1:3]]
    assert large["3"] is not large["3"]  # it was not kept
    assert (len(large), large.notes, large.failures) == (5, everything.notes, everything.failures)


def test_a_large_corpus_stays_in_its_files_when_filtered_and_grouped(filed):
    everything, large = filed
    late = large.filter(lambda d: (d.metadata.year or 0) > 2022)
    assert [d.id for d in late] == ["3", "4"]
    assert late["4"] is not late["4"]
    assert [*large.group(lambda d: d.metadata.year)] == [2020, 2021, 2022, 2023, 2024]
    assert large.group(lambda d: d.metadata.year)[2024]["4"] == everything["4"]


def test_workers_read_what_stays_in_its_files(filed):
    everything, large = filed
    assert of_each(large, own_length, jobs=2) == [len(d.text) for d in everything]
    cut = segment_all(large, gt.Segmenter(), jobs=2)
    assert [[*one] for one in cut] == [[*one] for one in segment_all(everything, gt.Segmenter())]


def own_length(document):
    return len(document.text)


def test_a_file_that_changed_since_is_an_error(filed, tmp_path):
    _, large = filed
    (tmp_path / "4.txt").write_text("另一个文件。", encoding="utf-8")
    with pytest.raises(ReadError, match="its sha256 is"):
        large["4"]
    (tmp_path / "4.txt").unlink()
    with pytest.raises(ReadError, match="cannot be read"):
        list(large)


def test_failures_hold_no_frames(tmp_path):
    """The frames of a traceback would keep the bytes of every bad file."""
    write(tmp_path, {"a.txt": "正文。", "b.docx": "坏", "c.txt": ""})
    (tmp_path / "d.txt").write_bytes(bytes(range(256)) * 20)
    for failure in gt.read_corpus(tmp_path).failures:
        assert failure.__traceback__ is None
        assert failure.__cause__ is None or failure.__cause__.__traceback__ is None


def test_progress_is_told_of_every_file(tmp_path):
    write(tmp_path, {"a.txt": "正文。", "b.txt": "", "c.jpg": "x"})
    told = []
    gt.read_corpus(tmp_path, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_notebook_view_is_escaped_and_small(tmp_path):
    for number in range(25):
        (tmp_path / f"{number:02}&.txt").write_text(f"甲<b>{number}</b>乙。", encoding="utf-8")
    (tmp_path / "空.txt").write_bytes(b"")
    html = gt.read_corpus(tmp_path)._repr_html_()
    assert "25 篇文档，1 个文件未能读取" in html
    assert html.count("<tr>") == 1 + 20
    assert "00&amp;" in html
    assert "00&<" not in html
    assert "只列出前 20 篇" in html


def test_notebook_view_of_the_reference_corpus():
    html = gt.reference_corpus()._repr_html_()
    assert ("清镇市" in html, "2022" in html, "None" in html) == (True, True, False)
