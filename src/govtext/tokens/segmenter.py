"""The Segmenter: an engine's cut, the rules of form, unknown words, lexicon terms, in this order (分词器)."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np

from govtext.document import Document
from govtext.errors import OptionError
from govtext.lexicon import Lexicon
from govtext.native import kernels
from govtext.text import codes
from govtext.tokens import form, terms, unknown
from govtext.tokens.columns import FURNITURE, PUNCTUATION, SPACE, WORD, Tokens
from govtext.tokens.engine import Engine, cutter, frequency, marker, mask_of
from govtext.tokens.vocabulary import Vocabulary, windows

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Segmenter:
    """Cuts documents into tokens; two instances never influence each other (分词器).

    Args:
        lexicon: terms to keep whole; None means `Lexicon.default()`, `Lexicon()` means none.
        engine: "rjieba" (compiled, the default) or "jieba" (the reference); both give the same tokens.
        hmm: whether the engine's hidden Markov model guesses unknown words, too; it finds more and errs more.
        names: whether unknown names and words are joined where their characters speak for it (`tokens.unknown`).

    >>> Segmenter(Lexicon()).cut("公布行政许可1634项")
    ['公布', '行政', '许可', '1634', '项']
    """

    def __init__(
        self, lexicon: Lexicon | None = None, *, engine: Engine = "rjieba", hmm: bool = False, names: bool = True
    ) -> None:
        if not isinstance(lexicon, Lexicon | None):
            what = f"a lexicon is wanted, not {type(lexicon).__name__}"
            raise OptionError(what, remedy="read a file with gt.Lexicon.read(path), or give gt.Lexicon(terms)")
        self.lexicon = Lexicon.default() if lexicon is None else lexicon
        self.engine: Engine = engine
        self.hmm = hmm
        self.names = names
        self.vocabulary = Vocabulary()
        self._cut = cutter(engine, hmm=hmm)
        self._mark = marker(engine, hmm=hmm)
        self._terms = terms.TermFinder(self.lexicon, self._cut, frequency())

    def __repr__(self) -> str:
        return f"Segmenter({self.lexicon!r}, engine={self.engine!r}, hmm={self.hmm}, names={self.names})"

    def __reduce__(self) -> tuple[object, ...]:
        # Engines do not pickle: the worker process builds its own.
        return _rebuild, (self.lexicon, self.engine, self.hmm, self.names)

    def __call__(self, document: Document) -> Tokens:
        """Cut a document into `Tokens` (分词)."""
        if not isinstance(document, Document):
            what = f"a document is wanted, not {type(document).__name__}"
            raise OptionError(what, remedy="gt.parse(text) makes one of a string; cut those of a corpus one by one")
        text = document.text
        points = codes(text)
        at, window = points.astype(np.intp), None if kernels else windows(points)
        mask = self._mark(text, points)
        found = self._refine_columns(text, at, window, mask)
        places = _Places(mask)
        kinds = _kinds(at, places, found)
        for hole in document.furniture:
            kinds[places.token_at[hole.start] : places.token_at[hole.end]] = FURNITURE
        vocabulary = self.vocabulary  # once: another thread may give the segmenter a new one meanwhile
        ids = vocabulary.ids_at(text, points, places.starts, places.ends, window=window)
        return Tokens(document, ids, places.starts, places.ends, kinds, self.lexicon, vocabulary)

    def cut(self, text: str) -> list[str]:
        """Cut a string into a list of strings that joins to it; fit as a scikit-learn analyzer (切分).

        >>> Segmenter().cut("我市２０２２年")
        ['我市', '２０２２年']
        """
        stretches = form.foreign(text)
        plain = form.narrowed(text, stretches)
        try:
            words = self._cut(text)  # ２０２２ will do: what the engine makes of a foreign stretch does not matter
        except UnicodeEncodeError:  # lone surrogates
            ends = list(accumulate(map(len, self._cut(plain)), initial=0))
            words = [text[a:b] for a, b in pairwise(ends)]
        cut = mask_of(words)
        mask = bytearray(cut)
        self._refine(plain, mask, stretches)
        return _patched(text, words, cut, mask)

    def _refine(self, text: str, mask: bytearray, stretches: list[tuple[int, int]]) -> None:
        """Mend a mask in place by the rules of form, unknown words and the lexicon: for lines."""
        for start, end in stretches:
            if not (mask[start] and mask[end]):
                self._cut_beside(text, mask, start, end)
        form.apply(text, mask, stretches)
        listed = self._terms.search(text)
        if self.names:
            unknown.join(text, mask, listed.suffixes, listed.pairs)
        self._terms.join(text, mask, listed.forms)

    def _refine_columns(
        self, text: str, points: NDArray[np.intp], window: NDArray[np.uint64] | None, mask: bytearray
    ) -> NDArray[np.int64]:
        """Do what `_refine` does, on columns: for documents.

        Returns:
            start, end and kind of the tokens that a rule or the lexicon made, int64[n, 3].
        """
        stretches = form.foreign_columns(points)
        edges = np.frombuffer(mask, np.uint8)
        across = (edges[stretches.starts] & edges[stretches.ends]) == 0
        for start, end in zip(stretches.starts[across].tolist(), stretches.ends[across].tolist(), strict=True):
            self._cut_beside(text, mask, start, end)
        found = form.apply_to_columns(text, mask, stretches)
        if self.names:
            unknown.join_columns(text, points, mask)
        return np.concatenate((found, self._terms.join_columns(text, points, window, mask)))

    def _cut_beside(self, text: str, mask: bytearray, start: int, end: int) -> None:
        """Cut what stands beside a foreign stretch as if it stood alone; the dictionary has words such as 4S店."""
        for a, b in ((form.han_start(text, start), start), (end, form.han_end(text, end))):
            mask[a : b + 1] = mask_of(self._cut(text[a:b]))


class _Places:
    """Where the tokens of a mask stand.

    Attributes:
        starts, ends: int32[n], of each token.
        token_at: int32, the number of the first token that begins at a place or after it.
    """

    __slots__ = ("ends", "starts", "token_at")

    def __init__(self, mask: bytearray) -> None:
        edges = np.frombuffer(mask, np.bool_)
        at = np.flatnonzero(edges).astype(np.int32)
        self.starts, self.ends = at[:-1], at[1:]
        self.token_at = np.cumsum(edges, dtype=np.int32) - edges


def _patched(text: str, words: list[str], cut: bytes, mask: bytearray) -> list[str]:
    """Return the tokens of a mask: the words of the cut, but where it was changed."""
    before, after = int.from_bytes(cut, "big"), int.from_bytes(mask, "big")
    common = (before & after).to_bytes(len(cut), "big")
    differs = (before ^ after).to_bytes(len(cut), "big")
    out: list[str] = []
    done = begun = 0  # words taken over, and where the first of the others begins
    at = differs.find(1)
    while at >= 0:
        left, right = common.rindex(1, 0, at), common.index(1, at)
        kept = done + cut.count(1, begun, left)
        out += words[done:kept]
        done, begun = kept + cut.count(1, left, right), right
        while left < right:
            end = mask.index(1, left + 1)
            out.append(text[left:end])
            left = end
        at = differs.find(1, right + 1)
    out += words[done:]
    return out


def _kinds(points: NDArray[np.intp], places: _Places, found: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the kind of each token: what a rule says, else that of its first character."""
    kinds = _kinds_of_characters()[points[places.starts]]
    at = places.token_at[found[:, 0]]
    # A later rule may have swallowed what an earlier one made.
    at[at == len(kinds)] = 0
    whole = (places.starts[at] == found[:, 0]) & (places.ends[at] == found[:, 1]) if len(kinds) else np.zeros(0, bool)
    kinds[at[whole]] = found[whole, 2]
    return kinds


@lru_cache(maxsize=1)
def _kinds_of_characters() -> NDArray[np.uint8]:
    """Return for every code point the kind it is alone: word for letters and digits, space, punctuation."""
    table = np.full(0x110000, PUNCTUATION, np.uint8)
    table[0x3400:0xA000] = table[0xAC00:0xD7A4] = table[0x20000:0x40000] = WORD  # Han and Hangul, without asking
    for start, end in ((0, 0x3400), (0xA000, 0xAC00), (0xF900, 0x20000)):
        for code in range(start, end):
            if chr(code).isalnum():
                table[code] = WORD
            elif chr(code).isspace():
                table[code] = SPACE
    return table


def _rebuild(lexicon: Lexicon, engine: Engine, hmm: bool, names: bool) -> Segmenter:
    return Segmenter(lexicon, engine=engine, hmm=hmm, names=names)
