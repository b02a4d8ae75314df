"""The compiled loops: built where there is a compiler, safe with any argument, left out on demand."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import govtext as gt
from govtext import native
from govtext.native import kernels

ROOT = Path(__file__).parents[1]
compiled = pytest.mark.skipif(kernels is None, reason="nothing was compiled")

POINTS = np.array([*map(ord, "法治政府")], np.uint32)
NONE = np.zeros(0, np.int32)


def longs(*numbers):
    return np.array(numbers, np.int64)


def ints(*numbers):
    return np.array(numbers, np.int32)


def dictionary():
    return kernels.Dictionary(POINTS, longs(0, 2), longs(2, 4), longs(3, 3), 6)


def test_it_was_compiled_where_there_is_a_compiler():
    if os.environ.get("GOVTEXT_NATIVE") == "0" or not shutil.which("cc"):
        pytest.skip("no compiler, or not wanted")
    assert kernels is not None, "uv sync compiles it; hatch_build.py says why not"


def test_the_build_compiles_the_same_module(tmp_path):
    """By itself, apart from the build of the wheel."""
    if not shutil.which("cc"):
        pytest.skip("no compiler")
    code = "import hatch_build, pathlib, sys; print(hatch_build.compiled(pathlib.Path(), pathlib.Path(sys.argv[1])))"
    done = subprocess.run([sys.executable, "-c", code, tmp_path], cwd=ROOT, capture_output=True, text=True, check=True)
    assert Path(done.stdout.split()[-1]).name.startswith("_kernels.")


def test_it_is_left_out_on_demand():
    code = "from govtext import native; print(native.kernels)"
    environment = os.environ | {"GOVTEXT_NATIVE": "0"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "None"


def test_the_reference_report_is_the_same_where_nothing_was_compiled():
    code = (
        "import govtext as gt, hashlib; tokens = gt.Segmenter()(gt.reference_corpus()['qingzhen-2022']);"
        "print(hashlib.sha256(repr([*tokens]).encode()).hexdigest())"
    )
    environment = os.environ | {"GOVTEXT_NATIVE": "0"}
    done = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env).stdout
        for env in (os.environ, environment)
    ]
    assert done[0] == done[1] != ""


@compiled
@pytest.mark.parametrize(
    "arguments",
    [
        (POINTS, longs(0), longs(5), longs(1), 1),  # beyond the text
        (POINTS, longs(-1), longs(2), longs(1), 1),  # before it
        (POINTS, longs(3), longs(2), longs(1), 1),  # backwards
        (POINTS, longs(0), longs(2, 4), longs(1), 1),  # an end too many
        (POINTS, longs(0), longs(2), longs(), 1),  # no frequency
    ],
)
def test_a_dictionary_of_other_than_words(arguments):
    with pytest.raises(ValueError, match="word"):
        kernels.Dictionary(*arguments)


@compiled
@pytest.mark.parametrize("arguments", [(), (POINTS,), ("法治", "治", "", "", 1), (POINTS, [0], [2], [1], 1)])
def test_a_dictionary_of_other_things(arguments):
    with pytest.raises(TypeError):
        kernels.Dictionary(*arguments)


@compiled
@pytest.mark.parametrize(
    ("words", "frequencies"),
    [
        ((longs(0, 0), longs(2, 2)), (3, 0)),  # the later counts: never chosen
        ((longs(), longs()), ()),  # none at all
        ((longs(0), longs(0)), (3,)),  # a word of no characters
    ],
)
def test_a_dictionary_without_a_word_to_choose(words, frequencies):
    mask = bytearray(5)
    kernels.Dictionary(POINTS, *words, longs(*frequencies), 6).mark(POINTS, mask)
    assert mask == bytes([1] * 5)


@compiled
@pytest.mark.parametrize("size", [0, 4, 6])
def test_a_mask_of_another_size(size):
    with pytest.raises(ValueError, match="one longer"):
        dictionary().mark(POINTS, bytearray(size))


@compiled
def test_a_text_of_nothing():
    mask = bytearray(1)
    dictionary().mark(POINTS[:0], mask)
    assert mask == b"\x01"


@compiled
def test_a_dictionary_that_must_grow_many_times():
    rng = np.random.default_rng(0)
    points = rng.integers(0x4E00, 0x9FD6, 300_000).astype(np.uint32)
    starts = np.arange(0, 300_000, 3)
    words = kernels.Dictionary(points, starts, starts + 3, np.full(len(starts), 2), 10)
    mask = bytearray(4)
    for start in starts[::997].tolist():
        mask[:] = bytes(4)
        words.mark(points[start : start + 3], mask)
        assert mask == bytes([1, 0, 0, 1])


@compiled
@pytest.mark.parametrize(
    "arguments",
    [
        (["a"], ints(0), NONE, NONE, ("k",), ([],)),  # a stop missing
        (["a"], ints(0, 1), NONE, NONE, ("k",), ([],)),  # more neighbours than there are
        (["a"], ints(0, 1), ints(1), ints(0), ("k",), ([1],)),  # a neighbour that there is not
        (["a"], ints(0, 1), ints(-1), ints(0), ("k",), ([1],)),
        (["a"], ints(0, 1), ints(0), ints(1), ("k",), ([1],)),  # an edge that there is not
        (["a"], ints(0, 1), ints(0), ints(0), ("k",), ([1], [2])),  # a column without a name
        (["a"], ints(0, 1), ints(0), ints(0), ("k", "l"), ([1], [])),  # columns of two lengths
        (["a"], ints(0, 1), ints(0), ints(0), ("k",), (1,)),  # no list
        (["a", "b", "c"], ints(0, 2, 1, 2), ints(0, 0), ints(0, 0), ("k",), ([1],)),  # stops that fall
        (["a"], ints(0, 0), NONE, NONE, (), ()),  # no column at all
    ],
)
def test_adjacency_of_what_does_not_fit(arguments):
    with pytest.raises(ValueError, match="fit together"):
        kernels.adjacency(*arguments)


@compiled
@pytest.mark.parametrize(
    "arguments",
    [
        (NONE, NONE, ints(0), NONE, 1),  # no stop
        (ints(0, 1), ints(0), ints(0), NONE, 1),  # a unit that there is not
        (ints(0, 2), ints(0), ints(0, 1), ints(0), 1),  # more units than there are
        (ints(0, 2), ints(0, 0), ints(0, 1), ints(0), 1),  # one twice
        (ints(0, 1), ints(0), ints(0, 1), ints(1), 1),  # a node that there is not
        (ints(0, 1), ints(0), ints(0, 2), ints(0), 1),
        (ints(0, 2, 1), ints(0), ints(0, 1), ints(0), 1),  # stops that fall
    ],
)
def test_shared_of_what_is_no_matrix(arguments):
    with pytest.raises(ValueError, match="sparse"):
        kernels.shared(*arguments)


@compiled
@pytest.mark.parametrize("keyword", [{"total": 1}, {"points": POINTS}])
def test_arguments_have_no_names(keyword):
    with pytest.raises(TypeError):
        kernels.Dictionary(POINTS, longs(0), longs(2), longs(1), **keyword)


def test_names_are_those_of_the_stub():
    """What the type checker believes is there."""
    stub = (ROOT / "src/govtext/native/_kernels.pyi").read_text(encoding="utf-8")
    names = {
        line.split()[1].split("(")[0].rstrip(":") for line in stub.splitlines() if line.startswith(("def ", "class "))
    }
    if native.kernels is not None:
        assert names == {name for name in vars(native.kernels) if not name.startswith("_")}


def test_tokens_need_no_kernels(monkeypatch):
    """A segmenter made where nothing was compiled cuts by the engine."""
    monkeypatch.setattr("govtext.tokens.engine.kernels", None)
    text = gt.reference_corpus()["qingzhen-2022"]
    assert [*gt.Segmenter()(text)] == [*SEGMENTED]


SEGMENTED = gt.Segmenter()(gt.reference_corpus()["qingzhen-2022"])
