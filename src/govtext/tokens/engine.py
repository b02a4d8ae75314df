"""The engines and the dictionary they share, without the free phrases among its entries (切分引擎)."""

from __future__ import annotations

import tempfile
import warnings
from functools import lru_cache, partial
from importlib import resources, util
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from govtext.errors import OptionError
from govtext.native import kernels
from govtext.text import codes

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from govtext.native._kernels import Dictionary

Engine = Literal["rjieba", "jieba"]
MASKS = 64
TOTAL = 59_812_272  # the sum of all frequencies in the dictionary, without the free phrases


@lru_cache(maxsize=2)
def listed(name: str) -> tuple[str, ...]:
    """Return the rows of a list that ships with govtext."""
    file = resources.files("govtext") / "data" / name
    return tuple(row for row in file.read_text(encoding="utf-8").split("\n") if row and not row.startswith("#"))


@lru_cache(maxsize=1)
def _rjieba() -> tuple[Callable[..., list[str]], Callable[[str], int], Callable[..., list[Any]]]:
    """Return an engine's cut, its look-up of frequencies and its tagger; loaded once, never changed afterwards."""
    import rjieba

    engine = rjieba.Jieba()
    for phrase in listed("phrases.txt"):
        engine.add_word(phrase, 0, None)  # an entry of frequency 0 is never chosen
    return engine.cut, lru_cache(maxsize=1 << 16)(engine.suggest_freq), engine.tag


@lru_cache(maxsize=1)
def _jieba() -> Callable[..., list[str]]:
    """Return the cut of a private jieba with the same dictionary; the package's own stays as it is."""
    with warnings.catch_warnings():  # its source has escapes that newer Pythons warn of
        warnings.simplefilter("ignore")
        import jieba

    jieba.setLogLevel(60)
    engine = jieba.Tokenizer()
    with tempfile.TemporaryDirectory() as folder:
        engine.tmp_dir = folder  # its default cache is a predictable file in a shared folder
        engine.initialize()
    phrases = dict.fromkeys(listed("phrases.txt"), 0)
    engine.total -= sum(map(engine.FREQ.__getitem__, phrases))
    engine.FREQ.update(phrases)  # its add_word would tell all other tokenizers
    return lambda text, *, hmm: engine.lcut(text, HMM=hmm)


def cutter(engine: Engine, *, hmm: bool) -> Callable[[str], list[str]]:
    """Return the cutting function of an engine.

    Raises:
        OptionError: there is no such engine.
    """
    if engine == "rjieba":
        cut, *_ = _rjieba()
    elif engine == "jieba":
        cut = _jieba()
    else:
        raise OptionError(f"no engine {engine!r}", remedy="choose rjieba or jieba")
    return partial(cut, hmm=hmm)


def marker(engine: Engine, *, hmm: bool) -> Callable[[str, NDArray[np.uint32]], bytearray]:
    """Return what marks the tokens of a text, given its code points: a 1 at every place where one begins or ends.

    Without a hidden Markov model the compiled twin of rjieba's cut does it, a fifth of the time; what either makes of
    a foreign stretch (`tokens.form`) may differ.
    """
    if kernels and engine == "rjieba" and not hmm:
        return _marked_by_dictionary
    cut = cutter(engine, hmm=hmm)
    return lambda text, _: _marked(cut(text), len(text))


def _marked_by_dictionary(text: str, points: NDArray[np.uint32]) -> bytearray:
    mask = bytearray(len(text) + 1)
    _dictionary().mark(points, mask)
    return mask


@lru_cache(maxsize=1)
def _dictionary() -> Dictionary:
    """Return the dictionary of the engines, compiled; the free phrases with frequency 0, as for rjieba."""
    spec = util.find_spec("jieba")  # not imported: that takes longer than reading the file
    folder = Path(next(iter(spec.submodule_search_locations or ()))) if spec else Path()
    rows = (folder / "dict.txt").read_text(encoding="utf-8") + "".join(
        f"{word} 0 x\n" for word in listed("phrases.txt")
    )
    points = codes(rows)
    ends = np.flatnonzero(points == ord("\n"))
    blanks = np.flatnonzero(points == ord(" ")).reshape(-1, 2)  # 法治 1234 n
    starts = np.concatenate(([0], ends[:-1] + 1))
    frequencies = np.zeros(len(ends), np.int64)
    for digit in range(int((blanks[:, 1] - blanks[:, 0]).max()) - 1):
        at = blanks[:, 0] + 1 + digit
        value = points.take(at, mode="clip") - ord("0")
        frequencies = np.where(at < blanks[:, 1], 10 * frequencies + value, frequencies)
    dictionary: Dictionary = kernels.Dictionary(points, starts, blanks[:, 0].copy(), frequencies, TOTAL)
    return dictionary


def frequency() -> Callable[[str], int]:
    """Return the look-up of word frequencies; whatever the engine, all ask the same dictionary.

    A word the dictionary lacks has the frequency its parts would have side by side.
    """
    return _rjieba()[1]


def part_of_speech(word: str) -> str:
    """Return the part of speech of a word in jieba's tags: n noun, v verb, vn verbal noun (词性).

    That of its last part where the dictionary lacks the word, "x" where it lacks that, too.

    >>> part_of_speech("政府"), part_of_speech("推进"), part_of_speech("的")
    ('n', 'v', 'uj')
    """
    tagged = _rjieba()[2](word, hmm=False)
    return (tagged[-1][1] or "x") if tagged else "x"


def _marked(words: list[str], length: int) -> bytearray:
    """Return the mask of the cut of a document; the words are not looked at one by one."""
    between = np.flatnonzero(codes("\0".join(words)) == 0)
    if len(between) + 1 != len(words):  # no word at all, or the text itself has such characters
        return bytearray(mask_of(words))
    mask = bytearray(length + 1)
    edges = np.frombuffer(mask, np.uint8)
    edges[between - np.arange(len(between))] = edges[0] = edges[length] = 1
    return mask


@lru_cache(maxsize=1)
def _masks() -> list[bytes]:
    """Return the masks of words of zero, one, two … characters, without their beginning."""
    return [b""] + [bytes(length) + b"\x01" for length in range(MASKS)]


def mask_of(words: list[str]) -> bytes:
    """Return the mask of a cut: a 1 at every place where a word begins or ends."""
    masks = _masks()
    try:
        return b"\x01" + b"".join([masks[len(word)] for word in words])
    except IndexError:  # a word longer than any in a dictionary: a code, a run of blanks
        return b"\x01" + b"".join([bytes(len(word) - 1) + b"\x01" for word in words])
