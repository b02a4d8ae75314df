"""The tokens of a document as columns, and the vocabulary they share (词例列)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from govtext.text import Span
from govtext.tokens.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from govtext.document import Document
    from govtext.lexicon import Lexicon
    from govtext.tokens.segmenter import Segmenter

    Ints = NDArray[np.int32]

# Kinds of tokens, the values of `Tokens.kinds`.
WORD, TERM, COINED, PHRASE, NUMBER, PUNCTUATION, SPACE, FURNITURE = range(8)
KINDS = ("word", "term", "coined", "phrase", "number", "punctuation", "space", "furniture")
POLICY = (TERM, COINED, PHRASE)
SHOWN = 80  # tokens in a notebook


def interiors(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return every place inside stretches of a text, their starts and ends not among them.

    >>> interiors(np.array([0, 5]), np.array([3, 7])).tolist()
    [1, 2, 6]
    """
    lengths = ends - starts - 1
    total = np.cumsum(lengths)
    return np.arange(total[-1]) + np.repeat(starts + 1 - total + lengths, lengths) if len(total) else total


class Token(NamedTuple):
    """One token: its text, where it stands, and the canonical form of the term it is (词例)."""

    text: str
    start: int
    end: int
    term: str


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
    >>> from govtext.lexicon import Lexicon
    >>> from govtext.tokens import Segmenter
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

    def _repr_html_(self) -> str:
        """Show the tokens in a notebook: how many there are, and the first of them, policy terms marked."""
        cells = []
        columns = (column[:SHOWN].tolist() for column in (self.starts, self.ends, self.policy))
        for start, end, term in zip(*columns, strict=True):
            text = escape(self.document.text[start:end]).replace("\n", "¶")
            cells.append(f"<mark>{text}</mark>" if term else f"<span>{text}</span>")
        more = " ……" if len(self) > SHOWN else ""
        counts = f"{len(self)} 个词例，其中政策术语 {int(self.policy.sum())} 个（{escape(self.document.id)}）"
        return f"<p>{counts}</p><p style='line-height:1.8'>{' · '.join(cells)}{more}</p>"

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
    def span(self) -> Span:
        """The stretch of `document.text` that they tile; empty where there are none."""
        return Span(int(self.starts[0]), int(self.ends[-1])) if len(self) else Span(0, 0)

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
