"""Study files: every mistake in its place, one name an option, runs that repeat; the cache: nothing twice, nothing damaged."""

import contextlib
import functools
import io
import json
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import tomli_w
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import govtext as gt
from govtext import (
    citations,
    classify,
    cli,
    compare,
    corpus,
    document,
    indicators,
    network,
    plots,
    report,
    study,
)
from govtext.cli import reports
from govtext.errors import GovtextError, Mistake, OutputError, StudyError
from govtext.keywords import weighting
from govtext.study import cache as caches
from govtext.study import codec, kept, mistakes
from govtext.text import Span
from govtext.tokens import Segmenter

ROOT = Path(__file__).parents[1]
RUN = CliRunner()
OF_THE_RUN = {"manifest.json", "ro-crate-metadata.json"}
SHA = "0" * 64


def here(*arguments):
    """Run the command in this process, its errors told as `main` tells them."""
    done = RUN.invoke(cli.app, [str(argument) for argument in arguments])
    if not isinstance(done.exception, GovtextError):
        return SimpleNamespace(exit_code=done.exit_code, stdout=done.stdout, stderr=done.stderr, output=done.output)
    with contextlib.redirect_stderr(io.StringIO()) as told:
        cli.complain(done.exception)
    stderr = done.stderr + told.getvalue()
    return SimpleNamespace(exit_code=done.exception.exit_code, stdout=done.stdout, stderr=stderr, output=stderr)


def outputs(folder):
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    result = json.loads(found["manifest.json"])["result"]
    return {name: data for name, data in found.items() if name not in OF_THE_RUN}, json.dumps(result, sort_keys=True)


# --- mistakes ---------------------------------------------------------------------------------------------------------

# A study file, and where it is wrong, with a part of what is said in each language.
WRONG = [
    # a value out of range, of another type, of a fixed choice
    ("top = -1", [("line 1", "top", "不得小于 0", "at least 0")]),
    ("\n\ntop = '5'", [("line 3", "top", "应为整数", "a whole number")]),
    ("top = true", [("line 1", "top", "应为整数", "a whole number")]),
    ("figures = 1", [("line 1", "figures", "true 或 false", "true or false")]),
    ("unit = 'chapter'", [("line 1", "unit", "'sentence', 'paragraph'", "choose 'sentence'")]),
    ("analyses = ['network', 'netwerk']", [("line 1", "analyses[1]", "不能是 'netwerk'", "choose 'lint'")]),
    ("stopwords = 3", [("line 1", "stopwords", "文件路径或词的列表", "a list of words")]),
    ("stopwords = ['的', 3]", [("line 1", "stopwords", "文件路径或词的列表", "a list of words")]),
    ("jobs = 0", [("line 1", "jobs", "应为正整数", "a number of processes")]),
    ("names = '{yeer}.txt'", [("line 1", "names", "文件名模式中 {yeer} 未知或重复，可用", "the field {yeer} of the")]),
    ("names = 'a.txt'", [("line 1", "names", "文件名模式 'a.txt' 没有字段，可用", "'a.txt' has no field; give some")]),
    ("lexicon = 5", [("line 1", "lexicon", "应为表", "a table")]),
    ("[lexicon]\nfile = 'a.tsv'", [("line 1", "lexicon.path", "缺少", "missing"), ("line 2", "lexicon.file", "", "")]),
    # an unknown option, and one that was meant; a table that is none of ours
    ("tops = 3", [("line 1", "tops", "是否为 top？", "is top meant?")]),
    ("[options]\ntop = 3", [("line 1", "options", "没有这个选项", "no such option")]),
    # inputs: of another type, without a name, a digest that is none, an id twice
    ("inputs = ['a', 3]", [("line 1", "inputs[1]", "应为表", "a table")]),
    ("inputs = 'a'", [("line 1", "inputs", "应为列表", "a list")]),
    ("[[inputs]]\nid = 'a'", [("line 1", "inputs[0]", "应有 path", "both id and sha256")]),
    ("[[inputs]]\nid = 'a'\nsha256 = 'x'", [("line 3", "inputs[0].sha256", "64 位", "64 hexadecimal")]),
    (
        f"[[inputs]]\nid = 'a'\nsha256 = '{SHA}'\n[[inputs]]\nsha256 = '{SHA}'\n\nid = 'a'",
        [("line 7", "inputs[1].id", "出现两次", "twice")],
    ),
    # several at once, in the order of the file, after a value of many lines that looks like keys
    (
        "names = '''\ntop = 3 '''\nstopwords = [\n  'a',\n  ']',\n]\ntop = -3\n[[inputs]]\npath = 'a'\nyear = '2022'",
        [("line 1", "names", "", ""), ("line 7", "top", "", ""), ("line 10", "inputs[0].year", "整数", "whole")],
    ),
    # no TOML: the parser says where
    ("top = 3\nunit 4\n", [("study.toml", "", "不是合格的 TOML", "line 2")]),
    ("top =", [("study.toml", "", "不是合格的 TOML", "no TOML")]),
]


@pytest.mark.parametrize(("toml", "wanted"), WRONG)
def test_every_mistake_is_named_in_its_place(tmp_path, toml, wanted):
    file = tmp_path / "study.toml"
    file.write_text(toml, encoding="utf-8")
    with pytest.raises(StudyError) as error:
        study.Study.read(file)
    found = error.value.mistakes
    assert len(found) == len(wanted)
    for mistake, (where, place, zh, en) in zip(found, wanted, strict=True):
        assert mistake.where.endswith(where)
        assert str(mistake).startswith(f"{mistake.where}: {place}")
        assert zh in mistake.message
        assert not re.search("[a-z]+ [a-z]+ [a-z]+", mistake.message)  # no English in the Chinese half
        assert en in mistake.message_en
    done = here("report", "--study", file, "-o", tmp_path / "out")
    assert done.exit_code == 2
    assert done.stderr.count("\n") == len(wanted)
    assert not (tmp_path / "out").exists()


def test_a_study_that_cannot_be_read(tmp_path):
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe\x00")
    for name, says in (("none.toml", "No such file"), ("a.toml", "UTF-8"), (".", "directory"), ("\0", "null")):
        with pytest.raises(StudyError, match=says):
            study.Study.read(tmp_path / name)


def test_mistakes_in_python_have_the_same_words():
    with pytest.raises(StudyError) as error:
        study.Study(top=-1, engine="x", inputs=[{"id": "a"}])
    assert [mistake.place for mistake in error.value.mistakes] == [("top",), ("engine",), ("inputs", 0)]
    again = pickle.loads(pickle.dumps(error.value))  # noqa: S301 - our own
    assert again.mistakes == error.value.mistakes
    assert isinstance(error.value.mistakes[0], Mistake)
    with pytest.raises(StudyError, match="unit"):
        report.Options(unit="chapter")


def test_a_value_of_many_lines_is_not_parsed_at_every_line(monkeypatch):
    parsed = []
    monkeypatch.setattr(
        mistakes,
        "tomllib",
        SimpleNamespace(
            loads=lambda text: parsed.append(text) or tomllib.loads(text), TOMLDecodeError=tomllib.TOMLDecodeError
        ),
    )
    toml = "inputs = [\n" + "  'a',\n" * 3000 + "]\ntop = -1\n"
    assert mistakes.lines_of(toml)["top",] == 3003
    assert len(parsed) < 10


# --- one name an option -----------------------------------------------------------------------------------------------


def parameters():
    command = typer.main.get_command(cli.app).commands["report"]
    return {one.name: one for one in command.params if one.name not in ("help", "study")}


def test_every_option_has_one_name_and_one_default():
    fields = {name: field.default for name, field in study.Study.model_fields.items() if name != "govtext"}
    assert set(parameters()) == set(fields)
    for name, one in parameters().items():
        if name != "inputs":
            assert f"--{name.replace('_', '-')}" in one.opts
        told = getattr(one.default, "value", one.default)
        default = None if name in ("analyses", "inputs") else fields[name]
        assert (str(told) if isinstance(told, Path) else told) == default, name
    assert set(study.Options.model_fields) <= set(fields)


# Each option with a value other than its default, as Python and TOML have it; the command line takes it from there.
VALUES = {
    "corpus": "texts", "output": "out", "analyses": ["lint", "comparison"], "top": 3, "unit": "window", "min_count": 4,
    "figures": False, "names": "{year}.txt", "convert": "t2s", "lexicon": "terms.tsv", "stopwords": "stop.txt",
    "engine": "jieba", "jobs": 2, "fresh": True, "cache": "c", "cache_limit": 7, "stream": True,
    "scheduler": "tcp://127.0.0.1:1", "work": "shards",
}  # fmt: skip


def test_the_table_has_every_option():
    assert set(VALUES) == set(parameters()) - {"inputs"}
    assert all(name in parameters()["analyses"].help for name in study.ANALYSES)


@pytest.mark.parametrize(("name", "value"), VALUES.items())
def test_an_option_is_the_same_in_toml_on_the_command_line_and_in_python(tmp_path, monkeypatch, name, value):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "study.toml").write_text("inputs = ['a']", encoding="utf-8")
    (tmp_path / "full.toml").write_text(tomli_w.dumps({name: value, "inputs": ["a"]}), encoding="utf-8")
    flag = f"--{name.replace('_', '-')}"
    text = ",".join(value) if isinstance(value, list) else str(value)
    told = [flag, text] if value not in (True, False) or type(value) is int else [flag if value else f"--no-{name}"]
    seen = []
    monkeypatch.setattr(report, "check_folder", lambda _: None)
    for begun in ("cache_of", "_stream"):
        monkeypatch.setattr(reports, begun, lambda asked, *_: seen.append(asked) or sys.exit(0))
    here("report", "--study", "study.toml", *told)
    here("report", "--study", "full.toml")
    python = study.Study(inputs=["a"], **{name: value})
    found = [getattr(one, name) for one in (*seen, study.Study.parse((tmp_path / "full.toml").read_text()))]
    assert len(found) == 3
    below = study.Study(inputs=["a"], **{name: value}).below(tmp_path)
    assert found[1:] == [getattr(below, name), getattr(python, name)]
    assert found[0] == getattr(python, name)


def test_the_command_line_goes_before_the_study(tmp_path):
    (tmp_path / "a.txt").write_text("法治政府。营商环境。", encoding="utf-8")
    (tmp_path / "study.toml").write_text(
        "inputs = ['a.txt']\ntop = 3\nmin_count = 5\nfigures = false", encoding="utf-8"
    )
    done = here(
        "report", "--study", tmp_path / "study.toml", "-o", tmp_path / "out", "--top", "4", "--analyses", "lint,network"
    )
    assert done.exit_code == 0, done.output
    options = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["result"]["options"]
    assert (options["top"], options["min_count"], options["analyses"]) == (4, 5, ["lint", "network"])


def test_paths_of_a_study_count_from_its_folder(tmp_path, monkeypatch):
    (tmp_path / "a" / "texts").mkdir(parents=True)
    (tmp_path / "a" / "texts" / "x.txt").write_text("法治政府建设。", encoding="utf-8")
    (tmp_path / "a" / "terms.tsv").write_text("term\n法治政府\n", encoding="utf-8")
    (tmp_path / "a" / "stop.txt").write_text("建设\n", encoding="utf-8")
    toml = "inputs = ['texts']\nlexicon = 'terms.tsv'\nstopwords = 'stop.txt'\noutput = 'out'\nfigures = false"
    (tmp_path / "a" / "study.toml").write_text(toml, encoding="utf-8")
    monkeypatch.chdir("/")
    done = here("report", "--study", tmp_path / "a" / "study.toml")
    assert done.exit_code == 0, done.output
    manifest = json.loads((tmp_path / "a" / "out" / "manifest.json").read_bytes())
    assert manifest["result"]["options"]["stopwords"] == ["建设"]
    assert manifest["result"]["lexicon"]["terms"] == 1
    assert here("verify", tmp_path / "a" / "out").exit_code == 0


def test_analyses_left_out_are_neither_computed_nor_written(tmp_path, monkeypatch):
    for module, name in ((classify, "themes"), (indicators, "extract"), (citations, "extract")):
        monkeypatch.setattr(module, name, None)  # calling it would fail
    options = report.Options(analyses=["keywords"], figures=False)
    report.write(gt.reference_corpus(), tmp_path / "out", options=options)
    found, _ = outputs(tmp_path / "out")
    assert set(found) == {
        "index.html",
        "study.toml",
        *(f"tables/{x}.csv" for x in ("intervals", "keywords", "outline")),
    }
    page = found["index.html"].decode()
    assert 'href="tables/keywords.csv"' in page
    assert not any(text in page for text in ("tables/network.csv", "共现网络</", "数值检查</", 'id="network"'))


# --- the study that repeats a run -------------------------------------------------------------------------------------


@pytest.fixture
def texts(tmp_path):
    """Files with metadata from a table, one of them unreadable, one inside a folder, one of another encoding."""
    folder = tmp_path / "texts"
    (folder / "市").mkdir(parents=True)
    (folder / "a.txt").write_text("一、法治政府\n法治政府和营商环境。办结100件，占50%。\n", encoding="utf-8")
    (folder / "市" / "b.txt").write_bytes("二、营商环境\n营商环境和法治政府，落实《民法典》。\n".encode("gb18030"))
    (folder / "市" / "empty.txt").write_bytes(b"")
    rows = 'id,path,year,place,title\n甲,a.txt,2021,清镇市,"题,""目"""\nb,市/b.txt,,,\ne,市/empty.txt,,,\n'
    (folder / "corpus.csv").write_text(rows, encoding="utf-8")
    return folder


def test_a_run_writes_the_study_that_repeats_it(tmp_path, texts):
    (tmp_path / "terms.tsv").write_text("term\tvariants\n法治政府\t法治的政府|法治之政府\n", encoding="utf-8")
    (tmp_path / "stop.txt").write_text("营商环境\n", encoding="utf-8")
    options = ["--lexicon", tmp_path / "terms.tsv", "--stopwords", tmp_path / "stop.txt", "--min-count", "1"]
    assert here("report", texts, "-o", tmp_path / "one", "--no-figures", *options).exit_code == 1
    written = tomllib.loads((tmp_path / "one" / "study.toml").read_text(encoding="utf-8"))
    assert [row.get("id", row.get("path")) for row in written["inputs"]] == ["b", "甲", "市/empty.txt"]
    # Moved, renamed, and another file of the name of one beside it: what counts is the digest.
    moved = texts.rename(tmp_path / "moved")
    (moved / "a.txt").rename(moved / "z.txt")
    (moved / "corpus.csv").unlink()
    (moved / "甲.txt").write_text("别的文件。", encoding="utf-8")
    done = here("report", "--study", tmp_path / "one" / "study.toml", "--corpus", moved, "-o", tmp_path / "two")
    assert done.exit_code == 1, done.output
    (first, one), (second, two) = outputs(tmp_path / "one"), outputs(tmp_path / "two")
    assert second == first
    assert two == one
    assert (tmp_path / "one" / "lexicon.tsv").read_bytes() == (tmp_path / "terms.tsv").read_bytes()
    for name in ("one", "two"):
        assert here("verify", tmp_path / name, *(["--corpus", moved] if name == "two" else [])).exit_code == (
            name == "one"
        )


def test_verify_a_run_of_a_study_that_names_digests(tmp_path, texts):
    here("report", texts, "-o", tmp_path / "one", "--no-figures")
    here("report", "--study", tmp_path / "one" / "study.toml", "--corpus", texts, "-o", tmp_path / "two")
    assert here("verify", tmp_path / "two").exit_code == 0
    texts.rename(tmp_path / "moved")
    done = here("verify", tmp_path / "two")
    assert done.exit_code == 1
    assert "say with --corpus where the inputs are" in done.stderr
    assert here("verify", tmp_path / "two", "--corpus", tmp_path / "moved").exit_code == 0


def test_an_input_that_changed_is_named_and_the_rest_goes_on(tmp_path, texts):
    here("report", texts, "-o", tmp_path / "one", "--no-figures")
    (texts / "a.txt").write_text("改过。", encoding="utf-8")
    done = here("report", "--study", tmp_path / "one" / "study.toml", "--corpus", texts, "-o", tmp_path / "two")
    assert done.exit_code == 1
    assert "of the input 甲: it is missing or has changed" in done.stderr
    assert [row["id"] for row in json.loads((tmp_path / "two" / "manifest.json").read_bytes())["result"]["inputs"]] == [
        "b"
    ]


def test_a_lexicon_that_changed_is_refused(tmp_path, texts):
    (tmp_path / "terms.tsv").write_text("term\n法治政府\n", encoding="utf-8")
    here("report", texts, "-o", tmp_path / "one", "--no-figures", "--lexicon", tmp_path / "terms.tsv")
    (tmp_path / "one" / "lexicon.tsv").write_text("term\n营商环境\n", encoding="utf-8")
    done = here("report", "--study", tmp_path / "one" / "study.toml", "--corpus", texts, "-o", tmp_path / "two")
    assert done.exit_code == 1
    assert "as the study says" in done.stderr


@pytest.mark.parametrize(
    "terms",
    [
        [],  # an empty lexicon is another than none
        [gt.Term("法治政府", "法治", ("乙", "甲"), 2015, "备注")],
        [gt.Term('"引号"', "", ("a", "b"))],  # a mark that CSV has a meaning for
        [gt.Term("#号")],  # one that begins a remark
    ],
)
def test_the_lexicon_beside_the_study_is_that_of_the_run(tmp_path, terms):
    lexicon = gt.Lexicon(terms)
    report.write(
        gt.Corpus((gt.parse("正文。", id="a"),)),
        tmp_path / "out",
        lexicon=lexicon,
        options=report.Options(figures=False),
    )
    again = study.lexicon_of(study.Study.read(tmp_path / "out" / "study.toml"))
    assert again == lexicon
    # A lexicon made in Python is recorded as the file that stands beside the study.
    recorded = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["result"]["lexicon"]
    assert recorded["file"] == again.file_sha256


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), st.sets(st.text("的了\n\"\\'\x07 ", max_size=5)))
def test_what_is_written_is_what_is_read(name, words):
    inputs = gt.Corpus((gt.parse("正文。", id=name, metadata=document.Metadata(title=name or None, year=2020)),))
    toml = study.to_toml(inputs, lexicon=gt.Lexicon.default(), options=study.Options(stopwords=words, top=7))
    again = study.Study.parse(toml)
    assert (again.inputs[0].id, again.inputs[0].title, again.inputs[0].year) == (name, name or None, 2020)
    assert study.options_of(again) == study.Options(stopwords=words, top=7)


def test_the_reference_study_is_what_report_runs_by_default_and_writes(tmp_path):
    done = here("report", "-o", tmp_path / "out", "--no-figures")
    assert done.exit_code == 0, done.output
    shipped = (ROOT / "corpus" / "study.toml").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "study.toml").read_text(encoding="utf-8") == shipped.replace(
        "figures = true", "figures = false"
    )
    explicit = ["--study", ROOT / "corpus" / "study.toml", "--no-figures"]
    assert here("report", *explicit, "-o", tmp_path / "again").exit_code == 0
    assert outputs(tmp_path / "again") == outputs(tmp_path / "out")
    assert here("report", "--corpus", tmp_path).exit_code == 2  # the root of no study


def test_report_run_does_in_python_what_the_command_does(tmp_path, texts):
    here("report", texts, "-o", tmp_path / "one", "--no-figures", "--top", "3")
    report.run(study.Study(inputs=[str(texts)], output=str(tmp_path / "two"), figures=False, top=3))
    assert outputs(tmp_path / "two") == outputs(tmp_path / "one")


def test_a_converted_corpus_is_converted_again(tmp_path):
    pytest.importorskip("opencc")
    (tmp_path / "a.txt").write_text("依法行政，建設法治政府。", encoding="utf-8")
    here("report", tmp_path / "a.txt", "-o", tmp_path / "one", "--no-figures", "--convert", "t2s")
    done = here("report", "--study", tmp_path / "one" / "study.toml", "--corpus", tmp_path, "-o", tmp_path / "two")
    assert done.exit_code == 0, done.output
    assert outputs(tmp_path / "two") == outputs(tmp_path / "one")


def test_the_schema_for_editors_is_the_one_in_the_docs():
    printed = here("study", "--schema").stdout
    assert (ROOT / "docs" / "study.schema.json").read_text(encoding="utf-8") == printed
    schema = json.loads(printed)
    assert set(schema["properties"]) == set(study.Study.model_fields)
    assert all(re_ascii_and_chinese(one["description"]) for one in schema["properties"].values())
    assert "null" not in printed


def re_ascii_and_chinese(text):
    return any("\u4e00" <= c <= "\u9fff" for c in text) and any(c.isascii() and c.isalpha() for c in text)


def test_a_study_of_another_release_is_noted(tmp_path):
    (tmp_path / "a.txt").write_text("正文。", encoding="utf-8")
    (tmp_path / "study.toml").write_text("govtext = '0.0.1'\ninputs = ['a.txt']\nfigures = false", encoding="utf-8")
    done = here("report", "--study", tmp_path / "study.toml", "-o", tmp_path / "out")
    assert done.exit_code == 0
    assert "govtext 0.0.1 wrote the study, this is" in done.stderr


def test_the_study_command_checks_a_file(tmp_path):
    (tmp_path / "good.toml").write_text("top = 5\ninputs = ['a']", encoding="utf-8")
    (tmp_path / "bad.toml").write_text("top = -5\nunits = 3", encoding="utf-8")
    done = here("study", tmp_path / "good.toml")
    assert done.exit_code == 0
    assert {"top = 5", "min_count = 2", "inputs: 1"} <= set(done.stdout.splitlines())
    assert RUN.invoke(cli.app, ["study", str(tmp_path / "bad.toml")]).exit_code != 0


# --- the cache: nothing twice -----------------------------------------------------------------------------------------

COUNTED = (
    (corpus, "parse"), (document, "find_sections"), (document, "read_metadata"), (document, "sentences"),
    (document, "line_spans"), (document, "find_reading"), (Segmenter, "__call__"), (classify, "themes"),
    (classify, "roles"), (indicators, "extract"), (indicators, "check"), (citations, "extract"),
)  # fmt: skip
# What all documents make together.
TOGETHER = (
    (compare, "attention"), (compare, "promises"), (compare, "indicator_pairs"), (compare, "reuse_corpus"),
    (weighting, "keywords_in"), (network, "centralities"), (network, "communities"), (network, "layout"), (plots, "save"),
    (plots, "web_font"),
)  # fmt: skip


def called(counted):
    return {f"{owner.__name__.rpartition('.')[2]}.{name}" for owner, name in counted}


@pytest.fixture
def calls(monkeypatch):
    """Count the calls of everything that parses, cuts, classifies, extracts, compares or draws."""
    from govtext.report import analysis

    found = Counter()

    def counting(name, function):
        @functools.wraps(function)
        def counted(*arguments, **options):
            found[name] += 1
            return function(*arguments, **options)

        return counted

    for owner, name in (*COUNTED, *TOGETHER, (analysis, "lint")):
        label = f"{owner.__name__.rpartition('.')[2]}.{name}"
        monkeypatch.setattr(owner, name, counting(label, getattr(owner, name)))
    return found


SHARED = "坚持以习近平新时代中国特色社会主义思想为指导，全面贯彻党的二十大精神"


@pytest.fixture
def many(tmp_path):
    return reports_in(tmp_path)


def reports_in(place):
    """Reports of four places in two years: what they promise, report and share is compared."""
    folder = place / "many"
    folder.mkdir()
    for number in range(8):
        place, year = ["云南", "贵州", "四川", "湖南"][number // 2], 2025 + number % 2
        text = (
            f"{place}省{year}年政府工作报告\n一、{year - 1}年工作回顾\n过去一年，城镇新增就业{number + 4}万人，"
            f"一般公共预算收入{number + 200}亿元，占50%。\n二、{year}年重点工作\n今年要实现城镇新增就业5万人，"
            f"落实《民法典》。{SHARED}，建设法治政府和营商环境。\n（一）法治政府。优化营商环境。\n"
        )
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


def again(folder, out, calls, *options):
    calls.clear()
    done = here("report", folder, "-o", out, "--no-figures", "--cache", out.with_name("cache"), *options)
    assert done.exit_code == 0, done.output
    return dict(calls)


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    """A folder with the reports, the output of a first run and its cache."""
    place = tmp_path_factory.mktemp("first")
    options = ["-o", place / "out", "--no-figures", "--cache", place / "cache"]
    assert here("report", reports_in(place), *options).exit_code == 0
    return place


@pytest.fixture
def warm(tmp_path, first_run):
    """Such a folder of a test's own: the reports come from it."""
    shutil.copytree(first_run, tmp_path, dirs_exist_ok=True)
    return tmp_path / "many"


def test_nothing_that_did_not_change_is_computed_again(tmp_path, many, calls):
    first = again(many, tmp_path / "out", calls)
    assert set(first) == {*called(COUNTED), *called(TOGETHER), "analysis.lint"} - {"plots.save"}
    # A document is read, cut, classified and searched once, though three comparisons ask for it.
    once = {"corpus.parse", "document.find_sections", "analysis.lint", *CUT, *CLASSES, *EXTRACTED}
    assert {name: first[name] for name in once} == dict.fromkeys(once, 8)
    assert {name: first[name] for name in PAIRED | {"compare.attention"}} == {
        **dict.fromkeys(PAIRED, 4),
        "compare.attention": 1,
    }
    before = outputs(tmp_path / "out")
    assert {"tables/attention.csv", "tables/promises.csv", "tables/pairs.csv", "tables/reuse.csv"} < set(before[0])
    assert again(many, tmp_path / "out", calls) == {}
    assert outputs(tmp_path / "out") == before
    with (many / "3.txt").open("a", encoding="utf-8") as file:
        file.write("改过的法治政府。\n")
    changed = again(many, tmp_path / "out", calls)
    assert changed == dict.fromkeys(first, 1) | {"weighting.keywords_in": 2}
    # What comes out is what a run without any cache makes.
    warm = outputs(tmp_path / "out")
    again(many, tmp_path / "plain", calls, "--cache-limit", "0")
    assert outputs(tmp_path / "plain") == warm != before


CUT, CLASSES = {"Segmenter.__call__"}, {"classify.themes", "classify.roles"}
EXTRACTED = {"indicators.extract", "indicators.check", "citations.extract"}
PAIRED = {"compare.promises", "compare.indicator_pairs"}
KEYWORDS, NET = {"weighting.keywords_in"}, {"network.centralities", "network.communities", "network.layout"}
# What an option makes necessary again, of the parts of a document and of what all make together.
DEPENDS = [
    (["--top", "3"], KEYWORDS),
    (["--unit", "paragraph"], NET),
    (["--min-count", "1"], NET),
    (["--analyses", "keywords,lint"], set()),
    (["--analyses", "comparison"], set()),
    (["--stopwords", "STOP"], KEYWORDS),
    (["--jobs", "2"], set()),
    (["--engine", "jieba"], CUT | KEYWORDS | NET | {"compare.attention"}),
    (["--lexicon", "TERMS"], CUT | CLASSES | KEYWORDS | NET | PAIRED | {"compare.attention"}),
    (["--names", "{issuer}.txt"], CLASSES | PAIRED | {"compare.attention", "compare.reuse_corpus"}),
    (["--figures"], {"plots.save"}),
    (["--fresh"], None),  # everything
]


@pytest.mark.parametrize(("options", "wanted"), DEPENDS)
def test_an_option_computes_again_only_what_depends_on_it(tmp_path, warm, calls, options, wanted):
    (tmp_path / "stop.txt").write_text("营商环境\n", encoding="utf-8")
    (tmp_path / "terms.tsv").write_text("term\n法治政府\n", encoding="utf-8")
    files = {"STOP": tmp_path / "stop.txt", "TERMS": tmp_path / "terms.tsv"}
    options = [files.get(one, one) for one in options]
    found = again(warm, tmp_path / "out", calls, *options)
    font = {"plots.web_font"}  # the page may have other characters
    everything = {*called(COUNTED), *called(TOGETHER), "analysis.lint"} - {"plots.save"}
    assert set(found) - font == (everything - font if wanted is None else wanted)
    assert again(warm, tmp_path / "out", calls, *(one for one in options if one != "--fresh")) == {}


def test_workers_say_what_they_found_in_the_cache(tmp_path, many):
    inputs = study.Study(inputs=[str(many)], jobs=2)
    for counts in ((0, 8), (8, 0)):
        cache = caches.Cache(tmp_path / "cache")
        assert len(study.corpus_of(inputs, cache=cache)) == 8
        assert (cache.tally.found, cache.tally.kept) == counts


def test_keywords_are_found_again_for_another_place(tmp_path, calls):
    # the name of its own place is no keyword of a document, and parts no other
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(
        "清镇市行政规范性文件。\n清镇市行政规范性文件。\n清镇市行政规范性文件。", encoding="utf-8"
    )
    again(folder, tmp_path / "out", calls)
    (folder / "corpus.csv").write_text("id,path,place\na,a.txt,清镇市\n", encoding="utf-8")
    assert set(again(folder, tmp_path / "out", calls)) >= KEYWORDS
    warm = outputs(tmp_path / "out")
    again(folder, tmp_path / "out", calls, "--fresh")
    assert outputs(tmp_path / "out") == warm


def test_workers_fill_and_use_the_same_cache(tmp_path, many, calls):
    again(many, tmp_path / "out", calls, "--jobs", "2")
    before = outputs(tmp_path / "out")
    assert again(many, tmp_path / "out", calls) == {}
    assert outputs(tmp_path / "out") == before


def test_verify_trusts_no_cache(tmp_path, many, calls):
    again(many, tmp_path / "out", calls)
    calls.clear()
    assert here("verify", tmp_path / "out").exit_code == 0
    assert calls["Segmenter.__call__"] == calls["corpus.parse"] == 8


def test_a_corpus_that_stays_in_its_files_is_read_from_the_cache(tmp_path, many, calls, monkeypatch):
    monkeypatch.setattr(corpus, "HELD", 60)
    again(many, tmp_path / "out", calls)
    assert again(many, tmp_path / "out", calls) == {}


# --- the cache: nothing damaged ---------------------------------------------------------------------------------------


def files_of(folder):
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "CACHEDIR.TAG")


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 16
    path.write_bytes(bytes(data))


def version_before(path):
    """Put what another version of govtext would have written under this name."""
    data = path.read_bytes()
    path.write_bytes(data.replace(b"govtext cache 1", b"govtext cache 0"))


def other_of_its_kind(path):
    """Put a sound file of another document under this name; of another kind where the corpus has one of a kind."""
    others = [other for other in files_of(path.parents[1]) if other != path]
    path.write_bytes(min(others, key=lambda other: other.suffix != path.suffix).read_bytes())


DAMAGE = [
    lambda path: path.write_bytes(path.read_bytes()[:-1]),  # cut short by a byte
    lambda path: path.write_bytes(path.read_bytes()[:100]),  # in its head
    lambda path: path.write_bytes(b""),  # empty, as after a power failure
    flip,  # one bit
    lambda path: path.write_bytes(path.read_bytes() + b"x"),  # longer
    version_before,
    other_of_its_kind,
    lambda path: path.write_bytes(pickle.dumps([1, 2])),  # something else altogether
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_noticed_and_computed_again(tmp_path, warm, calls, damage):
    before = outputs(tmp_path / "out")
    damaged = [next(p for p in files_of(tmp_path / "cache") if p.suffix == f".{kind}") for kind in KINDS]
    for path in damaged:
        damage(path)
    calls.clear()
    done = here("report", warm, "-o", tmp_path / "out", "--no-figures", "--cache", tmp_path / "cache")
    assert done.exit_code == 0
    assert "damaged file(s) in the cache; computed again" in done.stderr
    expected = {"corpus.parse", "analysis.lint", *CUT, *CLASSES, *called(TOGETHER)} - {"plots.save"}
    assert {name for name in expected if not 0 < calls[name] <= 2} == set()
    assert outputs(tmp_path / "out") == before
    assert again(warm, tmp_path / "out", calls) == {}  # and they are whole again


KINDS = (
    "document", "tokens", "classes", "figures", "findings", "citations",
    "attention", "pair", "reuse", "keywords", "intervals", "communities", "centralities", "layout", "font",
)  # fmt: skip


def test_a_file_with_a_digest_of_its_own_but_no_result_in_it(tmp_path):
    cache = caches.Cache(tmp_path)
    cache.keep("citations", {"a": 1}, ["Citation", 1])
    assert cache.recall("citations", {"a": 1}, lambda plain, _: codec.decode(plain)) is None
    assert cache.tally.damaged == 1
    # Arrays of objects would need pickle; they are neither written nor read.
    with pytest.raises(ValueError, match="Object arrays"):
        cache.keep("citations", {"a": 1}, [], {"x": np.array([object()])})


def test_other_code_or_libraries_have_other_files(tmp_path, monkeypatch):
    one = caches.Cache(tmp_path)
    one.keep("a", {}, [1])
    monkeypatch.setattr(caches.provenance, "versions", lambda: {"rjieba": "9.9"})
    assert caches.Cache(tmp_path).recall("a", {}, lambda plain, _: plain) is None
    assert one.recall("a", {}, lambda plain, _: plain) == [1]


def test_a_killed_run_leaves_nothing_that_is_believed(tmp_path, many):
    """Killed at moments spread over the run; the benchmark does it thirty times on real reports."""
    command = [sys.executable, "-m", "govtext.cli", "report", many, "-o", tmp_path / "out", "--no-figures"]
    env = os.environ | {"GOVTEXT_CACHE": str(tmp_path / "cache")}
    for seconds in (0.8, 1.6, 2.4):
        with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(seconds)
            process.send_signal(signal.SIGKILL)
    assert subprocess.run(command, env=env, capture_output=True, check=False).returncode == 0
    here("report", many, "-o", tmp_path / "plain", "--no-figures", "--cache-limit", "0")
    assert outputs(tmp_path / "out") == outputs(tmp_path / "plain")


# --- the cache: its place, its size, its end --------------------------------------------------------------------------


def test_the_place_of_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GOVTEXT_CACHE", str(tmp_path / "x"))
    assert study.place() == tmp_path / "x"
    monkeypatch.delenv("GOVTEXT_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert study.place().name == "govtext" or sys.platform == "win32"
    assert f"{study.place()}: 0 files" in here("cache", "info").stdout


def test_the_limit_drops_what_was_not_used_for_longest(tmp_path):
    cache = caches.Cache(tmp_path, limit=3000)
    for number in range(3):
        cache.keep("a", {"n": number}, list(np.random.default_rng(number).integers(0, 10**9, 60).tolist()))
        for path in files_of(tmp_path):
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 100))
    assert cache.recall("a", {"n": 0}, lambda plain, _: plain)  # used again
    cache.keep("a", {"n": 3}, list(np.random.default_rng(3).integers(0, 10**9, 250).tolist()))
    cache.trim()
    left = [number for number in range(4) if cache.recall("a", {"n": number}, lambda plain, _: plain)]
    assert left == [0, 3]
    assert cache.size()[1] <= 3000
    cache.keep("a", {"n": 4}, list(range(10**5)))  # larger than the limit
    assert cache.size()[0] == 2


def test_what_killed_runs_left_goes_after_an_hour(tmp_path):
    cache = caches.Cache(tmp_path)
    cache.keep("a", {}, [1])
    (path,) = files_of(tmp_path)
    for age in (10, 7200):
        part = path.with_name(f".{path.stem}.{age}.part")
        part.write_bytes(b"half")
        os.utime(part, (time.time() - age,) * 2)
    cache.trim()
    assert [p.name.split(".")[2] for p in files_of(tmp_path) if p.suffix == ".part"] == ["10"]


def test_clear_deletes_the_cache_and_nothing_else(tmp_path):
    cache = caches.Cache(tmp_path / "c")
    for number in range(3):
        cache.keep("a", {"n": number}, [1])
    foreign = [tmp_path / "c" / "mine.txt", tmp_path / "c" / "ab" / "mine.txt"]
    for path in foreign:
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    done = here("cache", "clear", "--cache", tmp_path / "c")
    assert "3 files deleted" in done.stdout
    assert files_of(tmp_path / "c") == sorted(foreign)
    for path in foreign:
        path.unlink()
    cache.keep("a", {}, [1])
    assert here("cache", "clear", "--cache", tmp_path / "c").exit_code == 0
    assert not (tmp_path / "c" / "CACHEDIR.TAG").exists()
    assert here("cache", "clear", "--cache", tmp_path / "none").exit_code == 0


def test_clear_that_was_killed_leaves_what_can_be_cleared_and_believed(tmp_path, monkeypatch):
    cache = caches.Cache(tmp_path / "c")
    for number in range(4):
        cache.keep("a", {"n": number}, [number])
    unlink, done = Path.unlink, []

    def killed(path, **options):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(unlink(path, **options))

    monkeypatch.setattr(Path, "unlink", killed)
    with pytest.raises(KeyboardInterrupt):
        cache.clear()
    monkeypatch.setattr(Path, "unlink", unlink)
    left = [cache.recall("a", {"n": number}, lambda plain, _: plain) for number in range(4)]
    assert [found for found in left if found] == [[number] for number, found in enumerate(left) if found]
    assert sum(found is not None for found in left) == 2
    assert cache.clear() == 2
    assert not (tmp_path / "c").exists()


def test_runs_that_share_a_cache_while_it_is_cleared(tmp_path):
    """What one run deletes, another computes again; neither fails, and nothing wrong is believed."""

    def work(seed):
        cache = caches.Cache(tmp_path / "c", limit=4000)
        for number in range(150):
            key = {"n": (number * seed) % 9}
            cache.keep("a", key, [key["n"]] * 50)
            assert cache.recall("a", key, lambda plain, _: plain) in (None, [key["n"]] * 50)
            if number % 10 == seed:
                cache.clear() if seed == 1 else cache.trim()
        return cache.tally

    with ThreadPoolExecutor(3) as pool:
        tallies = list(pool.map(work, (1, 2, 4)))
    assert [(one.damaged, one.trouble) for one in tallies] == [(0, None)] * 3


def test_a_cache_that_can_only_be_read_is_read(tmp_path, monkeypatch):
    cache = caches.Cache(tmp_path)
    cache.keep("a", {}, [1])

    def refused(*_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "utime", refused)
    monkeypatch.setattr(caches, "_put", refused)
    assert cache.recall("a", {}, lambda plain, _: plain) == [1]
    cache.keep("a", {"b": 1}, [1])
    assert [note.message for note in cache.notes()] == ["缓存无法使用（只读），结果未保存"]


def test_a_cache_that_cannot_be_used_is_a_note(tmp_path, many, monkeypatch):
    (tmp_path / "file").write_text("x")
    done = here("report", many, "-o", tmp_path / "out", "--no-figures", "--cache", tmp_path / "file" / "cache")
    assert done.exit_code == 0
    assert "note: " in done.stderr
    assert "the cache cannot be used" in done.stderr
    assert (tmp_path / "file").read_text() == "x"

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(caches, "_put", full)
    done = here("report", many, "-o", tmp_path / "out", "--no-figures", "--cache", tmp_path / "cache")
    assert done.exit_code == 0
    assert "the cache cannot be used (No space left on device)" in done.stderr
    assert files_of(tmp_path / "cache") == []


def test_a_full_disk_leaves_no_part_of_a_file(tmp_path, monkeypatch):
    cache = caches.Cache(tmp_path)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    cache.keep("a", {}, [1])
    assert files_of(tmp_path) == []
    assert cache.tally.trouble == ("磁盘已满", "No space left on device")
    monkeypatch.setattr(Path, "unlink", full)
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / f"{'0' * 62}.a").write_bytes(b"")
    with pytest.raises(OutputError, match="cannot be cleared"):
        cache.clear()


# --- values -----------------------------------------------------------------------------------------------------------


def test_every_result_comes_back_as_it_was(report, segment):
    figures = indicators.extract(report)
    found = [
        document.lint(report), document.reading(report), figures, indicators.check(report, figures),
        citations.extract(report), classify.themes(report, segment=segment), classify.roles(report, segment=segment),
        report.metadata, (None, True, 1.5, -0.0, "a\ud800", []),
    ]  # fmt: skip
    for value in found:
        plain = json.loads(json.dumps(codec.encode(value, report.sections)))
        again = codec.decode(plain, report.sections)
        assert again == value
        assert repr(again) == repr(value)
    assert any(one.section is not None for one in figures)
    with pytest.raises(TypeError, match="has no code"):
        codec.encode({"a": 1})


def test_a_document_and_its_tokens_come_back_as_they_were(tmp_path, segment):
    path = ROOT / "corpus" / "qingzhen-2022.txt"
    reader = study.Reader(caches.Cache(tmp_path))
    given = document.Metadata(year=2022, title="题")
    first, second = (reader(path, id="a", metadata=given) for _ in range(2))
    assert reader.cache.tally.found == 1
    plain = gt.read(path, id="a", metadata=given)
    assert second == first == plain
    assert document.structure(second) == document.structure(plain)
    assert second.metadata == plain.metadata
    assert all(type(span) is Span for span in second.sentences)
    parents = [(s.path, s.depth) for s in second.sections]
    assert parents == [(s.path, s.depth) for s in plain.sections]
    one, two = (study.Kept(second, reader.cache).tokens(segment) for _ in range(2))
    assert list(one) == list(two) == list(segment(plain))
    assert np.array_equal(one.kinds, two.kinds)
    assert one.vocabulary is two.vocabulary is segment.vocabulary


def test_a_file_that_has_another_digest_than_given_is_refused_though_it_is_kept(tmp_path):
    (tmp_path / "a.txt").write_text("正文。", encoding="utf-8")
    reader = study.Reader(caches.Cache(tmp_path / "cache"))
    reader(tmp_path / "a.txt", id="a")
    with pytest.raises(gt.GovtextError, match="its sha256 is"):
        reader(tmp_path / "a.txt", id="a", metadata=document.Metadata(sha256=SHA))
    with pytest.raises(gt.GovtextError, match="cannot be read"):
        reader(tmp_path / "none.txt", id="a")


def test_what_is_not_there_is_not_computed_where_nothing_is_to_be(tmp_path):
    one = study.Kept(gt.parse("正文。"), caches.Cache(tmp_path), computes=False)
    with pytest.raises(kept.NotKeptError):
        one.values("citations", list)


def test_inputs_by_path_leave_the_working_folder_alone(tmp_path, monkeypatch):
    # a table there that cannot be read, in a folder that is none of the inputs
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "corpus.csv").write_text("file,year\na.txt,99999\n", encoding="utf-8")
    (tmp_path / "report.txt").write_text("一、甲\n法治政府。", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    asked = study.Study(inputs=["report.txt"], output="out")
    assert [entry.path.name for entry in study.entries_of(asked)] == ["report.txt"]
