"""The manifest: what it records, and what changes it."""

import copy
import json
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest

import govtext as gt
from govtext import document, provenance, report
from govtext.errors import OptionError, ReadError


def manifest(**changes):
    options = {
        "documents": [gt.parse("正文。", id="a")],
        "lexicon": gt.Lexicon(["法治政府"]),
        "options": {"top": 20, "unit": "sentence"},
        "outputs": {"tables/keywords.csv": provenance.digest(b"x")},
    } | changes
    documents = options.pop("documents")
    return provenance.record(documents, **options)


def test_two_parts():
    found = manifest(run={"jobs": 2})
    assert set(found) == {"result", "run"}
    assert found["run"]["jobs"] == 2
    assert found["result"]["inputs"][0]["id"] == "a"
    assert found["result"]["lexicon"]["terms"] == 1


CHANGES = [
    # another text
    {"documents": [gt.parse("正文！", id="a")]},
    # the same text with metadata that it does not say itself
    {"documents": [gt.parse("正文。", id="a", metadata=document.Metadata(year=2022))]},
    # another id
    {"documents": [gt.parse("正文。", id="b")]},
    # another lexicon
    {"lexicon": gt.Lexicon(["营商环境"])},
    # another option
    {"options": {"top": 10, "unit": "sentence"}},
    # another output
    {"outputs": {"tables/keywords.csv": provenance.digest(b"y")}},
    # a file that could not be read
    {"failures": [ReadError("it is empty", where="b.txt")]},
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_shows_in_the_result(change):
    assert manifest(**change)["result"] != manifest()["result"]


def test_what_belongs_to_the_run_alone_does_not_show():
    assert manifest(run={"jobs": 1})["result"] == manifest(run={"jobs": 2})["result"]


def test_the_same_bytes_whatever_the_order_of_options():
    orders = ({"a": 1, "b": 2}, {"b": 2, "a": 1})
    # without the part on the run, which has the second it ended in
    one, two = (provenance.to_json({**manifest(options=options), "run": {}}) for options in orders)
    assert one == two
    assert json.loads(one)["result"]["options"] == {"a": 1, "b": 2}


def named(recorded, found):
    return [str(difference) for difference in provenance.compare(recorded, found)]


def given(**metadata):
    return manifest(documents=[gt.parse("正文。", id="a", metadata=document.Metadata(**metadata))])


def failed(*names):
    failures = []
    for name in names:
        failures.append(ReadError("it is empty", where=f"/x/{name}"))
        failures[-1].file = name
    return manifest(failures=failures)


A, B = (provenance.digest(text.encode())[:12] for text in ("正文。", "正文！"))
DIFFERENCES = [
    # the same
    (manifest(), []),
    # the text of an input
    (manifest(documents=[gt.parse("正文！", id="a")]), [f"inputs a: {A}, now {B}"]),
    # metadata that were given and that are not
    (given(year=2022, genre="通知"), ["metadata of the input a genre: new", "metadata of the input a year: new"]),
    # a file with the text that was a string
    (given(encoding="utf-8"), []),
    # files of one name in two folders
    (failed("x/b.txt", "y/b.txt"), ["quarantined x/b.txt: new", "quarantined y/b.txt: new"]),
    # an option of another type
    (manifest(options={"top": 20.0, "unit": "sentence"}), ["options top: 20, now 20.0"]),
]


@pytest.mark.parametrize(("found", "says"), DIFFERENCES)
def test_differences_are_named(found, says):
    assert named(manifest(), found) == says


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ((1, 2), [1, 2]),  # as JSON gives it back
        (np.int64(3), 3),  # a number of numpy
        ({"a": None}, {"a": None}),
    ],
)
def test_options_are_recorded_as_they_are_read(value, kept):
    assert manifest(options={"n": value})["result"]["options"] == {"n": kept}


@pytest.mark.parametrize("value", [{1, 2}, object(), float("nan"), np.arange(3)])
def test_options_that_cannot_be_recorded(value):
    with pytest.raises(OptionError, match="the option n cannot be recorded"):
        manifest(options={"n": value})


def test_outputs_by_path(tmp_path):
    paths = [tmp_path / "a" / "x.csv", tmp_path / "b" / "x.csv"]
    for path in paths:
        path.parent.mkdir()
        path.write_text(path.parent.name)
    found = {"a/x.csv": provenance.digest(b"a"), "b/x.csv": provenance.digest(b"b")}
    assert manifest(outputs=paths)["result"]["outputs"] == found
    assert list(manifest(outputs=paths[:1])["result"]["outputs"]) == ["x.csv"]
    with pytest.raises(ReadError, match=r"none\.csv: the output cannot be read"):
        manifest(outputs=[tmp_path / "none.csv"])


def test_a_path_that_is_no_utf8_can_be_written_and_read(tmp_path):
    text = provenance.to_json(manifest(run={"paths": ["/in/\udcb1.txt"]}))
    (tmp_path / "manifest.json").write_bytes(text.encode("utf-8"))
    assert provenance.read(tmp_path)["run"]["paths"] == ["/in/\udcb1.txt"]


# What a notebook may record, and what the methods then say of it.
PARTIAL = [
    # nothing but the inputs
    ({}, ["We analysed 1 document with", "The policy lexicon holds 1 terms"], ["segmented", "TF-IDF", "co-occur"]),
    # the engine
    ({"engine": "rjieba"}, ["dictionary of rjieba"], ["TF-IDF", "co-occur"]),
    # the network, without the keywords
    ({"unit": "paragraph", "min_count": 3}, ["the same paragraph", "fewer than 3"], ["TF-IDF", "segmented"]),
    # what no release has known
    ({"unit": ["x"], "engine": {}, "min_count": 2}, ["We analysed"], ["segmented", "co-occur"]),
    # all
    (report.Options().recorded(), ["segmented", "TF-IDF", "co-occur"], []),
]


@pytest.mark.parametrize(("options", "says", "leaves_out"), PARTIAL)
def test_methods_say_what_is_known(options, says, leaves_out):
    zh, en = provenance.methods(manifest(options=options))
    assert all(text in en for text in says)
    assert not any(text in en for text in leaves_out)
    assert "None" not in zh + en
    assert zh.count("。") >= len(says) - 1


def test_methods_of_a_corpus():
    zh, en = provenance.methods(
        manifest(documents=[gt.parse("正文。", id=f"{n}") for n in range(1200)], options={"top": 20})
    )
    assert "We analysed 1,200 documents with" in en
    assert "over the documents of the corpus (for keywords of sections: over all sections)" in en
    assert "分析 1200 份文件" in zh
    assert "取自各文档（章节关键词取自全部章节）" in zh


@pytest.mark.parametrize(("options", "seed"), [({}, 0), ({"seed": 7}, 7), ({"seed": 0, "top": 1}, 0)])
def test_the_seed_is_the_one_given(options, seed):
    found = manifest(options=options | {"unit": "sentence", "min_count": 2})
    assert found["result"]["seed"] == seed
    assert "seed" not in found["result"]["options"]
    assert f"seed {seed})" in provenance.methods(found)[1]


@pytest.mark.parametrize("seed", ["7", 7.0, None, True])
def test_a_seed_that_is_none(seed):
    with pytest.raises(OptionError, match="the seed is"):
        manifest(options={"seed": seed})


def test_one_document_and_one_output(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("x")
    found = manifest(documents=gt.parse("正文。", id="a"), outputs=path)
    assert found["result"] == manifest(outputs=[path])["result"] == manifest(outputs=str(path))["result"]


def test_a_lexicon_from_a_file_is_recorded_with_its_bytes(tmp_path):
    path = tmp_path / "terms.tsv"
    path.write_bytes("term\n法治政府\n".encode())
    read, made = (manifest(lexicon=one) for one in (gt.Lexicon.read(path), gt.Lexicon(["法治政府"])))
    assert read["result"]["lexicon"] == made["result"]["lexicon"] | {"file": provenance.digest(path.read_bytes())}
    assert named(made, read) == []  # no file was recorded, and one may hold the same
    path.write_bytes("term\r\n法治政府\r\n".encode())
    (says,) = named(read, manifest(lexicon=gt.Lexicon.read(path)))
    assert says.startswith("lexicon file: ")


@pytest.mark.parametrize("options", [row[0] for row in PARTIAL])
def test_a_crate_holds_no_null(options):
    recorded = manifest(options=options)
    del recorded["run"]["finished"]
    crate = provenance.ro_crate(recorded)
    assert all(value is not None for row in crate["@graph"] for value in row.values())


@pytest.mark.parametrize(
    ("recorded", "edit", "says"),
    [
        ({}, lambda text: text, None),
        ({}, lambda text: text.replace("CreateAction", "Action"), "its bytes are not those that were written"),
        # of another release, which may have put the same facts in another way
        ({"install": {"sha256": "0"}}, lambda text: text, None),
        (
            {"install": {"sha256": "0"}},
            lambda text: text.replace("  ", " "),
            "this code of govtext writes it otherwise",
        ),
        ({"install": None}, lambda text: text.replace("  ", " "), "this code of govtext writes it otherwise"),
    ],
)
def test_a_changed_crate(tmp_path, recorded, edit, says):
    found = manifest(run=recorded, outputs={})
    (tmp_path / "manifest.json").write_text(provenance.to_json(found), encoding="utf-8")
    crate = provenance.to_json(provenance.ro_crate(found))
    (tmp_path / "ro-crate-metadata.json").write_text(edit(crate), encoding="utf-8")
    assert provenance.changed(tmp_path, found) == ({"ro-crate-metadata.json": says} if says else {})


def references(value):
    """Every `@id` that stands in the values of entities."""
    if isinstance(value, dict):
        yield from [value["@id"]] if set(value) == {"@id"} else (x for v in value.values() for x in references(v))
    elif isinstance(value, list):
        yield from (x for v in value for x in references(v))


# Ids and names that are no parts of a URI as they are.
ODD = ["a", "清镇市/2022 年", 'x"y', "a#b?c%41", "../e", "\\xb1", "\udcb1", ""]


def test_a_crate_is_what_the_specification_asks_for():
    found = manifest(documents=[gt.parse("正文。", id=id_) for id_ in ODD], outputs={"tables/政策 1.csv": "0"})
    crate = json.loads(provenance.to_json(provenance.ro_crate(found)))
    entities = {row["@id"]: row for row in crate["@graph"]}
    assert len(entities) == len(crate["@graph"])
    assert set(references(crate["@graph"])) - {"https://w3id.org/ro/crate/1.1"} <= entities.keys()  # none dangles
    assert all(re.fullmatch(r"[\w.~/%#-]+", id_, re.ASCII) for id_ in entities)  # they are URI references
    descriptor, root = entities["ro-crate-metadata.json"], entities["./"]
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert descriptor["about"] == {"@id": "./"}
    assert {"name", "description", "datePublished", "license", "hasPart"} <= root.keys()
    assert datetime.fromisoformat(root["datePublished"]).tzinfo
    assert {"name", "description"} <= entities[root["license"]["@id"]].keys()
    parts = [entities[part["@id"]] for part in root["hasPart"]]
    assert [unquote(part["@id"]) for part in parts] == [part["name"] for part in parts]
    assert [part["name"] for part in parts] == ["manifest.json", "tables/政策 1.csv"]
    assert all({"@type", "encodingFormat", "sha256"} <= part.keys() for part in parts)
    assert len(entities["#run"]["object"]) == len(ODD)


def test_the_citation_is_that_of_the_citation_file():
    file = (Path(__file__).parents[1] / "CITATION.cff").read_text(encoding="utf-8")
    version, year = (re.search(pattern, file)[1] for pattern in (r"\nversion: (.*)\n", r"released: (\d+)"))
    assert version == gt.__version__
    for line in (f"({year}). govtext", f"{version}[CP]. {year}.", f"year    = {{{year}}}", f"version = {{{version}}}"):
        assert line in provenance.cite()


def mangled():
    """Manifests with one value replaced by one of another type, or left out."""
    whole = json.loads(provenance.to_json(manifest(failures=[ReadError("it is empty", where="b.txt")])))
    places = [("result",), ("run",), *(("result", part) for part in whole["result"])]
    places += [("result", "inputs", 0), ("result", "inputs", 0, "id"), ("result", "inputs", 0, "metadata")]
    places += [("result", "quarantined", 0, "file"), ("result", "lexicon", "sha256"), ("result", "versions", "govtext")]
    places += [("result", "outputs", "tables/keywords.csv")]
    for place in places:
        for value in (None, 3.5, "text", [], [[]], {}, {"a": []}):
            changed = copy.deepcopy(whole)
            inner = changed
            for step in place[:-1]:
                inner = inner[step]
            if type(inner[place[-1]]) is not type(value):
                inner[place[-1]] = value
                yield changed
    for name in ("../x", "/etc/passwd"):
        yield whole | {"result": whole["result"] | {"outputs": {name: ""}}}
    yield whole | {"result": whole["result"] | {"inputs": whole["result"]["inputs"] * 2}}


def test_mangled_manifests_are_refused(tmp_path):
    for one in (*mangled(), [], None, 3, "text"):
        (tmp_path / "manifest.json").write_text(json.dumps(one), encoding="utf-8")
        with pytest.raises(ReadError, match="manifest"):
            provenance.read(tmp_path)
    (tmp_path / "manifest.json").write_text("[" * 100_000)
    with pytest.raises(ReadError, match="no manifest of govtext"):
        provenance.read(tmp_path)


def repository(folder):
    def git(*arguments):
        names = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        done = subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    git("init", "-q", "-b", "main")
    return git


@pytest.mark.skipif(not shutil.which("git"), reason="there is no git to make a repository with")
def test_commit(tmp_path):
    (tmp_path / "main" / "deep").mkdir(parents=True)
    git = repository(tmp_path / "main")
    assert provenance.commit(tmp_path / "main") is None  # nothing committed yet
    git("commit", "-q", "--allow-empty", "-m", "one")
    head = git("rev-parse", "HEAD")
    assert provenance.commit(tmp_path / "main" / "deep") == head
    git("worktree", "add", "-q", "-b", "other", str(tmp_path / "tree"))
    assert provenance.commit(tmp_path / "tree") == head
    git("pack-refs", "--all")
    assert provenance.commit(tmp_path / "main") == head
    git("checkout", "-q", "--detach")
    assert provenance.commit(tmp_path / "main") == head


def test_versions_name_every_library():
    found = provenance.versions()
    assert set(found) == set(provenance.LIBRARIES)
    assert "not installed" not in found.values()
