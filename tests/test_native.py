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
from govtext.tokens import trie, unknown

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


def test_what_was_compiled_from_other_sources_is_left_out(monkeypatch):
    """As after a pull, where nothing was installed anew."""
    monkeypatch.setattr(native, "sources", lambda: "s0")
    assert native._loaded() is None


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
        ([b"a"], ints(0, 1), ints(0), ints(0), ("k",), ([1],)),  # a name that is no string
        (["a"], ints(0, 1), ints(0), ints(0), (1,), ([1],)),  # a key that is none
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


FITTING = trie.Trie.of(["法治", "法治政府", "政府"])
COLUMNS = [
    getattr(FITTING, name)
    for name in ("number", "base", "parent", "string", "first", "size", "lengths", "tail", "kept")
]


def changed(name, at, value):
    """The columns of a trie, a number of one of them changed."""
    columns = [*COLUMNS]
    number = ["number", "base", "parent", "string", "first", "size"].index(name)
    columns[number] = columns[number].copy()
    columns[number].flat[at] = value
    return frozen(columns)


def frozen(columns):
    for column in columns:
        column.setflags(write=False)
    return columns


@compiled
@pytest.mark.parametrize(
    "columns",
    [
        [*COLUMNS[:1], COLUMNS[1][:-1], *COLUMNS[2:]],  # a node less
        [COLUMNS[0][:-1], *COLUMNS[1:]],  # a character less
        frozen([*COLUMNS[:-1], COLUMNS[-1][:, :-1].copy()]),  # a string less
        [*COLUMNS[:1], COLUMNS[1].copy(), *COLUMNS[2:]],  # one that could be written to later
        changed("number", 7, -1),  # no number of a character
        changed("number", 7, 1 << 20),  # beyond the nodes
        changed("base", 1, 1 << 20),  # a child beyond the nodes
        changed("base", 1, -1),
        changed("string", 1, 3),  # a string that there is not
        changed("first", 1, 4),
        changed("size", 1, -1),
        [*COLUMNS[:1], *(column[:0] for column in COLUMNS[1:6]), *COLUMNS[6:]],  # no node at all
    ],
)
def test_a_trie_whose_columns_do_not_fit(columns):
    with pytest.raises(ValueError, match="fit together"):
        kernels.Trie(*columns)


@compiled
def test_a_trie_of_other_things():
    with pytest.raises(TypeError):
        kernels.Trie(*COLUMNS[:-1], "kept")
    with pytest.raises(TypeError):
        kernels.Trie(number=COLUMNS[0])
    with pytest.raises(ValueError, match="code point"):
        kernels.Trie(*COLUMNS).find(np.array([0x110000], np.uint32))


@compiled
@pytest.mark.parametrize(
    "table",
    [
        longs(0, 5, 1),  # beyond the mask
        longs(-1, 2, 1),
        longs(2, 2, 1),  # no character
        longs(3, 4, 1, 0, 1, 1),  # falling
    ],
)
def test_plain_of_what_are_no_matches(table):
    with pytest.raises(ValueError, match="matches"):
        kernels.plain(table, bytearray(5))


@compiled
def test_plain_where_the_mask_has_no_edge():
    """Such a mask there is not; it is looked at to its ends."""
    assert kernels.plain(longs(0, 2, 1, 2, 4, 1), bytearray(5)) == bytes([2, 2])
    assert kernels.plain(longs(), bytearray(1)) == b""


KEYS = np.zeros(4, np.uint64)


@compiled
@pytest.mark.parametrize(
    "arguments",
    [
        (ints(0), ints(5), ints(-1, -1, -1, -1), KEYS, KEYS),  # beyond the text
        (ints(-1), ints(2), ints(-1, -1, -1, -1), KEYS, KEYS),
        (ints(2), ints(1), ints(-1, -1, -1, -1), KEYS, KEYS),
        (ints(0), ints(2, 3), ints(-1, -1, -1, -1), KEYS, KEYS),  # an end too many
        (ints(0), ints(2), ints(-1, -1, -1), KEYS[:3], KEYS[:3]),  # no power of two
        (ints(0), ints(2), ints(-1, -1, -1, -1), KEYS[:2], KEYS),  # keys missing
        (ints(0), ints(2), NONE, KEYS[:0], KEYS[:0]),  # no slot
    ],
)
def test_ids_of_what_does_not_fit(arguments):
    with pytest.raises(ValueError, match="table of keys"):
        kernels.ids(POINTS, *arguments)


@compiled
def test_ids_in_a_full_table():
    """A look-up ends, even where no slot is free."""
    assert np.frombuffer(kernels.ids(POINTS, ints(0), ints(2), ints(7, 7, 7, 7), KEYS, KEYS), np.int32).tolist() == [-1]


@compiled
@pytest.mark.parametrize("wrong", range(8))
def test_unknown_words_with_tables_that_do_not_fit(wrong):
    table = unknown._roles()
    arguments = [POINTS, bytearray(b"\x01" * 5), *unknown._bounds(), 0, table.row, table.columns, unknown._sets(), KEYS]
    arguments[8] = np.zeros(6)
    assert isinstance(kernels.unknown(*arguments), bytes)
    at = wrong if wrong < 4 else wrong + 1  # all but the threshold
    arguments[at] = [
        np.array([0x110000] * 4, np.uint32), bytearray(4), b"", b"", table.row + np.int16(20_000),
        table.columns[:, :0].copy(), unknown._sets()[:2].copy(), np.zeros(5),
    ][wrong]  # fmt: skip
    with pytest.raises(ValueError, match="tables"):
        kernels.unknown(*arguments)


REALS = np.ones(4)
TEXT = np.zeros(8, np.uint32)


def overlapping(kernel, *arguments):
    """Call a kernel with one array in two places, of which one is written."""
    with pytest.raises(ValueError, match="shares memory"):
        kernel(*arguments)


@compiled
def test_no_buffer_that_is_written_is_another():
    numbers, letters, rows = longs(3, 1, 2), np.zeros(4, np.uint32), np.arange(4, dtype=np.int32)
    ring, others = np.arange(0, 10, 2, dtype=np.int32), np.array([1, 3, 0, 2, 1, 3, 0, 2], np.int32)
    overlapping(kernels.rising, numbers, numbers)
    overlapping(dictionary().mark, letters, letters.view(np.uint8)[:5])
    overlapping(kernels.shortest_paths, ring, others, REALS, others.view(np.float64), np.zeros(4))
    overlapping(kernels.move_to_communities, ring, others, np.ones(8), REALS, rows, rows, 4.0, 32.0, 1.0)
    overlapping(kernels.repulsion, REALS, REALS.copy(), REALS.copy(), REALS, np.zeros(4))
    overlapping(kernels.shingles, TEXT, 5, TEXT.view(np.uint64))
    hashes = np.zeros(4, np.uint64)
    overlapping(kernels.recurring, hashes, hashes.view(np.bool_)[:4])
    starts = longs(0, 0, 0, 0, 0)
    overlapping(kernels.bigrams, TEXT, starts, starts.view(np.int32)[:8])


@compiled
def test_communities_that_follow_each_other_end():
    """With a weight below zero one node follows another that flees between two groups."""
    home = np.zeros(4, np.int32)
    starts, others = ints(0, 1, 4, 4, 4), ints(1, 0, 2, 3)
    weights, nothing = np.array([1.0, -1.0, 0.0, 0.0]), np.zeros(4)
    kernels.move_to_communities(starts, others, weights, nothing, ints(0, 1), home, 1.0, 1.0, 0.0)
    assert set(home.tolist()) <= {0, 1, 2, 3}


@compiled
@pytest.mark.parametrize("longest", [-1, 1025, 2**31 - 1])
def test_ngrams_longer_than_a_key(longest):
    grams = kernels.Grams(np.ones(1, np.uint64), np.ones(1, np.float32))
    with pytest.raises(ValueError, match="starts"):
        grams.weigh(TEXT, longs(0), longest, np.zeros(1), np.zeros(1, np.int64), np.zeros(8))


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
        assert names | {"SOURCES"} == {name for name in vars(native.kernels) if not name.startswith("_")}


def test_tokens_need_no_kernels(monkeypatch):
    """A segmenter made where nothing was compiled cuts by the engine."""
    monkeypatch.setattr("govtext.tokens.engine.kernels", None)
    text = gt.reference_corpus()["qingzhen-2022"]
    assert [*gt.Segmenter()(text)] == [*SEGMENTED]


SEGMENTED = gt.Segmenter()(gt.reference_corpus()["qingzhen-2022"])
