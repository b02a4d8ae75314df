"""The manifest: what it records, and what changes it."""

import json

import pytest

import govtext as gt
from govtext import provenance
from govtext.errors import ReadError


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
    one = provenance.to_json(manifest(options={"a": 1, "b": 2}))
    two = provenance.to_json(manifest(options={"b": 2, "a": 1}))
    assert one == two
    assert json.loads(one)["result"]["options"] == {"a": 1, "b": 2}


def test_versions_name_every_library():
    found = provenance.versions()
    assert set(found) == set(provenance.LIBRARIES)
    assert "not installed" not in found.values()
