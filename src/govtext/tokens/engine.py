"""The engines and the dictionary they share, without the free phrases among its entries (切分引擎)."""

from __future__ import annotations

import tempfile
import warnings
from functools import lru_cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from govtext.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable

Engine = Literal["rjieba", "jieba"]
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
