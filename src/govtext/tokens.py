"""Cut a text into tokens that tile it; lexicon terms, numbers and codes stay whole (分词)."""

from __future__ import annotations

import re
import tempfile
import warnings
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import ahocorasick_rs
import numpy as np

from govtext.errors import OptionError
from govtext.lexicon import Lexicon
from govtext.text import codes, one_to_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from govtext.document import Document
    from govtext.text import Span

    Ints = NDArray[np.int32]

# Kinds of tokens, the values of `Tokens.kinds`.
WORD, TERM, COINED, PHRASE, NUMBER, PUNCTUATION, SPACE, FURNITURE = range(8)
KINDS = ("word", "term", "coined", "phrase", "number", "punctuation", "space", "furniture")
POLICY = (TERM, COINED, PHRASE)

Engine = Literal["rjieba", "jieba"]


class Token(NamedTuple):
    """One token: its text, where it stands, and the canonical form of the term it is (词例)."""

    text: str
    start: int
    end: int
    term: str


class Vocabulary(dict[str, int]):
    """Strings and their ids; looking up an unknown string gives it the next id (词汇表)."""

    def __init__(self, strings: Iterable[str] = ()) -> None:
        super().__init__()
        self.strings: list[str] = []
        for string in strings:
            self.__missing__(string)

    def __missing__(self, string: str) -> int:
        self.strings.append(string)
        # With threads two may number one string at once; setdefault makes both use the first number.
        return self.setdefault(string, len(self.strings) - 1)

    def ids(self, strings: list[str]) -> Ints:
        """Return the ids of a list of strings."""
        return np.fromiter(map(self.__getitem__, strings), np.int32, len(strings))


@dataclass(frozen=True, eq=False)
class Tokens:
    """The tokens of one document as columns (词例列).

    Attributes:
        document: the document they tile (or a part of it, after `within`).
        ids: int32[n], ids in the vocabulary.
        starts, ends: int32[n], code points of `document.text`.
        kinds: uint8[n], indexes of `KINDS`.
        lexicon: the lexicon they were cut with.
        vocabulary: id ↔ string, shared by all Tokens of one Segmenter.

    >>> from govtext.document import parse
    >>> tokens = Segmenter(Lexicon(["双随机、一公开"]))(parse("推进“双随机、一公开”监管"))
    >>> [token.text for token in tokens]
    ['推进', '“', '双随机、一公开', '”', '监管']
    """

    document: Document
    ids: Ints
    starts: Ints
    ends: Ints
    kinds: NDArray[np.uint8]
    lexicon: Lexicon
    vocabulary: Vocabulary = field(repr=False)

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Token]:
        strings, text = self.vocabulary.strings, self.document.text
        rows = zip(self.term_ids.tolist(), self.starts.tolist(), self.ends.tolist(), strict=True)
        return (Token(text[start:end], start, end, strings[term]) for term, start, end in rows)

    def __repr__(self) -> str:
        return f"Tokens({len(self)} tokens of {self.document.id or 'a document'!r})"

    def __reduce__(self) -> tuple[object, ...]:
        used, ids = np.unique(self.ids, return_inverse=True)
        strings = [self.vocabulary.strings[i] for i in used.tolist()]
        columns = (ids.astype(np.int32), self.starts, self.ends, self.kinds)
        return _restore, (self.document, columns, self.lexicon, strings)

    @cached_property
    def term_ids(self) -> Ints:
        """int32[n]: like `ids`, but a variant of a lexicon term has the id of its canonical form."""
        out = self.ids.copy()
        strings, canonical = self.vocabulary.strings, self.lexicon.canonical
        terms = self.kinds == TERM
        used, where = np.unique(self.ids[terms], return_inverse=True)
        if len(used):
            out[terms] = self.vocabulary.ids([canonical(strings[i]) for i in used.tolist()])[where]
        return out

    @property
    def policy(self) -> NDArray[np.bool_]:
        """bool[n]: which tokens are policy terms (kinds term, coined and phrase)."""
        return np.isin(self.kinds, POLICY)

    def within(self, span: Span) -> Tokens:
        """Return the tokens that lie in a span: a section, a paragraph, a sentence (范围内)."""
        low = int(np.searchsorted(self.starts, span[0], "left"))
        high = max(low, int(np.searchsorted(self.ends, span[1], "right")))
        part = slice(low, high)
        columns = (self.ids[part], self.starts[part], self.ends[part], self.kinds[part])
        return Tokens(self.document, *columns, self.lexicon, self.vocabulary)

    def adopted(self, document: Document, segment: Segmenter) -> Tokens:
        """Return these tokens, made in another process, as if `segment` had made them here from `document`."""
        ids = segment.vocabulary.ids(self.vocabulary.strings)[self.ids] if len(self) else self.ids
        return Tokens(document, ids, self.starts, self.ends, self.kinds, segment.lexicon, segment.vocabulary)


def _restore(document: Document, columns: tuple[Any, Any, Any, Any], lexicon: Lexicon, strings: list[str]) -> Tokens:
    return Tokens(document, *columns, lexicon, Vocabulary(strings))


# --- the engines ----------------------------------------------------------------------------------------------------


class _Cutter(Protocol):
    def __call__(self, text: str) -> list[str]: ...


@lru_cache(maxsize=4)
def _cutter(engine: Engine, hmm: bool) -> _Cutter:
    """Return the cutting function of an engine; the dictionary is loaded once and never changed."""
    if engine == "rjieba":
        import rjieba

        cut = rjieba.Jieba().cut
        return lambda text: cut(text, hmm)
    if engine == "jieba":
        with warnings.catch_warnings():  # its source has escapes that newer Pythons warn of
            warnings.simplefilter("ignore")
            import jieba

        jieba.setLogLevel(60)
        tokenizer = jieba.Tokenizer()
        with tempfile.TemporaryDirectory() as folder:
            tokenizer.tmp_dir = folder  # its default cache is a predictable file in a shared folder
            tokenizer.initialize()
        return lambda text: tokenizer.lcut(text, HMM=hmm)
    raise OptionError(f"no engine {engine!r}", remedy="choose rjieba or jieba")


# --- rules of form: what is one token whatever the dictionary says --------------------------------------------------

_N = "[一二三四五六七八九十百]"
RULES = re.compile(
    rf"""
      (?P<enumerator>                       # a number with its mark at the start of a line: 一、 （一） 1.
        (?m:^[ \t\u3000]*)(?P<marker>(?:{_N}{{1,4}}、|[（(]{_N}{{1,4}}[）)]|[（(]\d{{1,2}}[）)]|\d{{1,2}}[.．、](?!\d)))
      )
    | (?P<point>(?<![\u4e00-\u9fff、]){_N}{{1,3}}是)      # 一是, 二是
    | (?P<formula>\d+(?:\+(?:\d+|[A-Z]))+)               # 5+3, 1+1+N
    | (?P<latin>(?=[\d.+\-/&_]*[A-Za-z])[A-Za-z0-9]+(?:[.+\-/&_][A-Za-z0-9]+)*)   # GDP, 5G-A, PM2.5
    | (?P<number>\d+(?:,\d{{3}})*(?:[.．]\d+)?(?:[%％‰]|[百千万亿]{{1,3}}[余多]?|[余多]|[年月日](?![均度]))?)
    | (?<=“)(?P<coined>[^“”‘’，。；：！？、,.;:!?\s（）()《》]{{2,8}})(?=”)   # a short phrase in quotes
    | (?P<space>[^\S\n]+|\n+)
    | (?P<dash>—{{2,}}|…{{2,}}|\.{{3,}})
    """,
    re.VERBOSE,
)
RULE_KINDS = {
    "marker": PUNCTUATION,
    "point": PUNCTUATION,
    "formula": COINED,
    "latin": WORD,
    "number": NUMBER,
    "coined": COINED,
    "space": SPACE,
    "dash": PUNCTUATION,
}
_HAN = np.zeros(0x110000, np.bool_)
for _first, _last in ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)):
    _HAN[_first : _last + 1] = True
_LETTER = _HAN.copy()
for _code in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B)):
    _LETTER[_code] = True
for _code in range(0x80, 0x3000):
    _LETTER[_code] = chr(_code).isalnum()


class Segmenter:
    """Cuts documents into tokens; two instances never influence each other (分词器).

    Args:
        lexicon: terms to keep whole; None means `Lexicon.default()`, `Lexicon()` means none.
        engine: "rjieba" (compiled, the default) or "jieba" (the reference); both give the same tokens.
        hmm: whether unknown words are guessed by the engine's hidden Markov model.

    >>> Segmenter(Lexicon()).cut("公布行政许可1634项")
    ['公布', '行政许可', '1634', '项']
    """

    def __init__(self, lexicon: Lexicon | None = None, *, engine: Engine = "rjieba", hmm: bool = True) -> None:
        self.lexicon = Lexicon.default() if lexicon is None else lexicon
        self.engine: Engine = engine
        self.hmm = hmm
        self.vocabulary = Vocabulary()
        self._cut = _cutter(engine, hmm)
        self._matcher = _matcher(self.lexicon)

    def __repr__(self) -> str:
        return f"Segmenter({self.lexicon!r}, engine={self.engine!r}, hmm={self.hmm})"

    def __reduce__(self) -> tuple[object, ...]:
        # Engines do not pickle: the worker process builds its own.
        return _rebuild, (self.lexicon, self.engine, self.hmm)

    def __call__(self, document: Document) -> Tokens:
        """Cut a document into `Tokens` (分词)."""
        text = document.text
        words = self._cut(text)
        mask, marked = self._boundaries(text, words)
        edges = np.flatnonzero(mask).astype(np.int32)
        starts, ends = edges[:-1], edges[1:]
        kinds = marked[starts]
        for hole in document.furniture:
            kinds[np.searchsorted(starts, hole.start) : np.searchsorted(starts, hole.end)] = FURNITURE
        ids = self._ids(text, words, starts, ends)
        return Tokens(document, ids, starts, ends, kinds, self.lexicon, self.vocabulary)

    def cut(self, text: str) -> list[str]:
        """Cut a string into a list of strings that joins to it; fit as a scikit-learn analyzer (切分).

        >>> Segmenter().cut("我市２０２２年")
        ['我市', '２０２２年']
        """
        plain = one_to_one(text)
        mask, _ = self._boundaries(plain, self._cut(plain))
        edges = np.flatnonzero(mask).tolist()
        return [text[a:b] for a, b in pairwise(edges)]

    def _boundaries(self, text: str, words: list[str]) -> tuple[NDArray[np.bool_], NDArray[np.uint8]]:
        """Return where tokens begin and end (bool[len + 1]), and the kind of a token that begins at each character."""
        size = len(text)
        mask = np.zeros(size + 1, np.bool_)
        mask[np.cumsum(np.fromiter(map(len, words), np.int64, len(words)))] = True
        mask[0] = mask[size] = True
        points = codes(text)
        # Outside Han characters the engines differ, so every other character stands alone until a rule joins it.
        alone = np.flatnonzero(~_HAN[points])
        mask[alone] = True
        mask[alone + 1] = True
        kinds = np.where(_LETTER[points], np.uint8(WORD), np.uint8(PUNCTUATION))
        for match in RULES.finditer(text):
            group = "marker" if match["marker"] else match.lastgroup or ""
            start, end = match.span(group)
            if start < end:
                mask[start + 1 : end] = False
                mask[start] = mask[end] = True
                kinds[start] = RULE_KINDS[group]
        for start, end in self._terms(text, mask):
            mask[start + 1 : end] = False
            kinds[start] = TERM
        return mask, kinds

    def _terms(self, text: str, mask: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
        """Yield the lexicon terms whose edges are edges of the cut, the longest first, none over another."""
        if self._matcher is None:
            return
        found = self._matcher.find_matches_as_indexes(text, overlapping=True)
        if not found:
            return
        table = np.array(found, np.int64)
        table = table[mask[table[:, 1]] & mask[table[:, 2]]]
        order = np.lexsort((table[:, 1], table[:, 1] - table[:, 2]))
        taken = np.zeros(len(text) + 1, np.bool_)
        for _, start, end in table[order].tolist():
            if not taken[start] and not taken[end - 1]:
                taken[start:end] = True
                yield start, end

    def _ids(self, text: str, words: list[str], starts: Ints, ends: Ints) -> Ints:
        """Return the ids of the tokens; those the engine cut like this need no new string."""
        ids = np.empty(len(starts), np.int32)
        if not words:
            return ids
        cut = np.cumsum(np.fromiter(map(len, words), np.int32, len(words)), dtype=np.int32)
        begun = np.concatenate((np.zeros(1, np.int32), cut[:-1]))
        at = np.searchsorted(cut, ends)
        same = (cut[at] == ends) & (begun[at] == starts)
        ids[same] = self.vocabulary.ids(words)[at[same]]
        rest = ~same
        pieces = [text[a:b] for a, b in zip(starts[rest].tolist(), ends[rest].tolist(), strict=True)]
        ids[rest] = self.vocabulary.ids(pieces)
        return ids


@lru_cache(maxsize=8)
def _matcher(lexicon: Lexicon) -> ahocorasick_rs.AhoCorasick | None:
    """Return the automaton that finds every form of a lexicon."""
    forms = sorted(lexicon.forms)
    return ahocorasick_rs.AhoCorasick(forms, implementation=ahocorasick_rs.Implementation.DFA) if forms else None


def _rebuild(lexicon: Lexicon, engine: Engine, hmm: bool) -> Segmenter:
    return Segmenter(lexicon, engine=engine, hmm=hmm)
