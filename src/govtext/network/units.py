"""Which terms stand in which units of text: the counts that a network is built from (共现单元)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from govtext.counts import listed, shared_ids
from govtext.counts import unit_spans as section_spans
from govtext.errors import OptionError
from govtext.lexicon import Lexicon
from govtext.text import Span
from govtext.tokens import SPACE, Tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import scipy.sparse as sp
    from numpy.typing import NDArray

    from govtext.document import Document

    Ints = NDArray[np.signedinteger[Any]]
    Terms = Lexicon | Collection[str] | str | None

Unit = Literal["sentence", "paragraph", "section", "document", "window"]
UNITS = ("sentence", "paragraph", "section", "document", "window")
WINDOW = 5  # words, where unit is "window" and no number is given


class Scope(NamedTuple):
    """What counts as together: within one unit; with a window, near each other within one unit (共现范围)."""

    unit: Unit
    window: int | None

    @classmethod
    def of(cls, unit: Unit, window: int | None) -> Scope:
        """Return the scope that two options mean; a window never reaches over the end of a unit, else of a sentence.

        Raises:
            OptionError: there is no such unit, or the window is too short.
        """
        if unit not in UNITS:
            raise OptionError(f"no unit {unit!r}", remedy=f"choose from {', '.join(UNITS)}")
        if unit == "window":
            unit, window = "sentence", WINDOW if window is None else window
        if window is not None and window < 2:
            raise OptionError(f"the window is {window}", remedy="it begins at 2 words")
        return cls(unit, window)

    def recorded(self) -> dict[str, object]:
        """Return the attributes of a graph that say what counted as together."""
        return {"unit": "window", "window": self.window, "boundary": self.unit} if self.window else {"unit": self.unit}

    @classmethod
    def recall(cls, recorded: Mapping[str, Any]) -> Scope:
        """Return the scope that the attributes of a graph say."""
        return cls.of(recorded.get("boundary", recorded["unit"]), recorded.get("window"))


class Mentions(NamedTuple):
    """The mentions of the nodes in one document (提及).

    Attributes:
        tokens: the tokens of the document.
        at: which of them are mentions; places in the columns.
        column: int[mentions], the number of each node in the names.
        number: int[mentions], the number of the unit each lies in, counted over all documents.
    """

    tokens: Tokens
    at: Ints
    column: Ints
    number: Ints


@dataclass(frozen=True)
class Counted:
    """The mentions of all documents (计数).

    Attributes:
        names: the nodes, in code point order.
        rows: the mentions, document by document.
        total: how many units there are; with a window, how many words.
        boundaries: how many units there are.
    """

    names: list[str]
    rows: list[Mentions]
    total: int
    boundaries: int

    @cached_property
    def column(self) -> Ints:
        """int[mentions]: the node of every mention."""
        return np.concatenate([row.column for row in self.rows])

    @cached_property
    def _by_node(self) -> tuple[Ints, Ints]:
        """The mentions node by node, and the node of each."""
        short = self.column.astype(np.uint16) if len(self.names) <= 1 << 16 else self.column  # numpy's linear sort
        order = np.argsort(short, kind="stable")
        return order, self.column[order]

    def distinct(self, numbers: Ints) -> tuple[Ints, Ints]:
        """Return each node with each number among its mentions once, node by node; -1 is no number.

        Equal numbers follow each other, as those of units and sections do.
        """
        order, columns = self._by_node
        numbers = numbers[order]
        new = numbers >= 0
        new[1:] &= (columns[1:] != columns[:-1]) | (numbers[1:] != numbers[:-1])
        return columns[new], numbers[new]

    def times(self, numbers: Ints) -> Ints:
        """Return with how many different numbers each node is mentioned; int64[names]."""
        return np.bincount(self.distinct(numbers)[0], minlength=len(self.names))

    def documents(self) -> Ints:
        """Return the document that each mention lies in."""
        return np.repeat(np.arange(len(self.rows), dtype=np.int32), [len(row.at) for row in self.rows])

    def sections(self) -> Ints:
        """Return the section that each mention lies in, counted over all documents; -1 for none."""
        found, total = [], 0
        for row in self.rows:
            spans = unit_spans(row.tokens.document, "section")
            number = numbers_within(row.tokens.starts[row.at], spans)
            found.append(np.where(number < 0, -1, number + total))
            total += len(spans)
        return np.concatenate(found)

    def incidence(self) -> sp.csr_matrix:
        """Return CSR int32[nodes, units]: 1 where a node is mentioned in a unit."""
        import scipy.sparse as sp

        number = np.concatenate([row.number for row in self.rows])
        columns, units_of = self.distinct(number)
        stops = np.searchsorted(columns, np.arange(len(self.names) + 1))
        shape = (len(self.names), int(number.max(initial=-1)) + 1)
        entries = (np.ones(len(columns), np.int32), units_of.astype(np.int32), stops.astype(np.int32))
        return sp.csr_matrix(entries, shape=shape)


def count(tokens: Tokens | Iterable[Tokens], terms: Terms, scope: Scope) -> Counted:
    """Find the mentions of the wanted terms and the units they lie in.

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> found = count(Segmenter()(parse("法治政府。法治政府和营商环境。")), None, Scope("sentence", None))
    >>> found.names, found.incidence().toarray().tolist()
    (['法治政府', '营商环境'], [[1, 1], [0, 1]])
    """
    documents = listed(tokens)
    if not documents:
        return Counted([], [], 0, 0)
    ids, vocabulary = shared_ids(documents)
    wanted = None
    if terms is not None:
        wanted = np.zeros(len(vocabulary.strings), np.bool_)
        known = (vocabulary.get(term, -1) for term in wanted_terms(terms, documents))
        wanted[[i for i in known if 0 <= i < len(wanted)]] = True
    rows, total = [], 0
    for one, all_ids in zip(documents, ids, strict=True):
        spans = unit_spans(one.document, scope.unit)
        number = numbers_within(one.starts, spans)
        chosen = one.policy if wanted is None else wanted[all_ids]
        at = np.flatnonzero(chosen & (number >= 0))
        rows.append(Mentions(one, at, all_ids[at], number[at] + total))
        total += len(spans)
    present = np.zeros(len(vocabulary.strings), np.bool_)
    for row in rows:
        present[row.column] = True
    used = np.flatnonzero(present).tolist()
    used.sort(key=vocabulary.strings.__getitem__)
    rank = np.zeros(len(present), np.int32)
    rank[used] = np.arange(len(used))
    rows = [row._replace(column=rank[row.column]) for row in rows]
    words = sum(int((one.kinds != SPACE).sum()) for one in documents)
    return Counted([vocabulary.strings[i] for i in used], rows, words if scope.window else total, total)


def wanted_terms(terms: Terms, documents: Sequence[Tokens]) -> set[str]:
    """Return the terms that an option means: a lexicon, a category of the lexicons of the tokens, or a list.

    Raises:
        OptionError: no lexicon of the tokens has the category.
    """
    lexicons = {id(one.lexicon): one.lexicon for one in documents}.values()
    if isinstance(terms, Lexicon):
        return set(terms.forms)
    if isinstance(terms, str):
        found = {term.text for lexicon in lexicons for term in lexicon if term.category == terms}
        if not terms or not found:
            known = sorted({term.category for lexicon in lexicons for term in lexicon if term.category})
            remedy = f"choose from {', '.join(known) or 'none: the lexicon has no categories'}; put a term into a list"
            raise OptionError(f"the lexicon has no category {terms!r}", remedy=remedy)
        return found
    listed_terms = set(terms or ())
    return listed_terms | {lexicon.canonical(term) for lexicon in lexicons for term in listed_terms}


def unit_spans(document: Document, unit: Unit) -> list[Span]:
    """Return the rising, disjoint spans of a unit."""
    if unit == "sentence":
        return list(document.sentences)
    if unit == "paragraph":
        return list(document.paragraphs)
    if unit == "section":
        return section_spans(document)
    return [Span(0, len(document.text))] if document.text else []


def numbers_within(places: NDArray[np.int32], spans: Sequence[Span]) -> Ints:
    """Return for each of the rising places the number of the span it lies in, -1 for none; spans rise and part."""
    bounds = np.searchsorted(places, np.fromiter(chain.from_iterable(spans), np.int64, 2 * len(spans)))
    numbers = np.full(len(bounds) + 1, -1, np.int32)
    numbers[1::2] = np.arange(len(spans))
    return np.repeat(numbers, np.diff(bounds, prepend=0, append=len(places)))


def near_pairs(row: Mentions, window: int) -> Iterator[tuple[Ints, Ints]]:
    """Yield the pairs of mentions (their numbers in the row) that stand fewer than `window` words apart in one unit."""
    words = np.cumsum(row.tokens.kinds != SPACE)[row.at]
    for apart in range(1, len(row.at)):
        left, right = np.arange(len(row.at) - apart), np.arange(apart, len(row.at))
        close = words[right] - words[left] < window
        if not close.any():
            return
        near = close & (row.number[left] == row.number[right])
        yield left[near], right[near]


def window_pairs(counted: Counted, window: int) -> tuple[Ints, Ints, Ints]:
    """Return the units and the two nodes (the smaller number first) of each pair of mentions in one window."""
    unit, first, second = ([np.zeros(0, np.int64)] for _ in range(3))
    for row in counted.rows:
        for left, right in near_pairs(row, window):
            a, b = row.column[left], row.column[right]
            unit.append(row.number[left][a != b])
            first.append(np.minimum(a, b)[a != b])
            second.append(np.maximum(a, b)[a != b])
    numbers, a, b = (np.concatenate(part).astype(np.int64) for part in (unit, first, second))
    return numbers, a, b


def near(counted: Counted, window: int) -> sp.csr_matrix:
    """Count the pairs of mentions in one window; CSR int32[names, names], the smaller number first."""
    import scipy.sparse as sp

    size = len(counted.names)
    _, *ends = window_pairs(counted, window)
    return sp.csr_matrix((np.ones(len(ends[0]), np.int32), tuple(ends)), shape=(size, size))
