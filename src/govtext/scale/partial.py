"""Integer partial counts, and their merge: associative, commutative, the same in any order (部分计数)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from govtext.scale.store import Packed, pack, shrunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from govtext.scale.store import Store

    Ints = NDArray[np.int64]
    Keys = NDArray[np.uint64]

COLUMNS = (
    "count",  # occurrences as a word or term
    "document_frequency",
    "section_frequency",
    "candidate_frequency",  # documents where it may be a keyword by itself
    "mentions",  # occurrences as a node of the network
    "units",  # units of co-occurrence that it is mentioned in; with a window its mentions
    "node_documents",  # documents that it is mentioned in
    "node_sections",  # sections that it is mentioned in
)
TOTALS = ("documents", "sections", "words", "characters", "units", "neighbours", "bytes")
LOW = np.uint64(0xFFFFFFFF)
SHIFT = np.uint64(32)


class Pairs(NamedTuple):
    """How often pairs of numbered terms were counted (词对计数).

    Attributes:
        keys: uint64, rising: the number of the first term x 2^32 + that of the second.
        counts: int64.
    """

    keys: Keys
    counts: Ints

    @classmethod
    def none(cls) -> Pairs:
        """Return no pairs."""
        return cls(np.zeros(0, np.uint64), np.zeros(0, np.int64))

    @property
    def ends(self) -> tuple[Ints, Ints]:
        """The numbers of the first and of the second terms."""
        return (self.keys >> SHIFT).astype(np.int64), (self.keys & LOW).astype(np.int64)

    def renumbered(self, numbers: Ints) -> Pairs:
        """Return the pairs with the numbers of another vocabulary, in their order."""
        first, second = self.ends
        return Pairs(keys_of(numbers[first], numbers[second]), self.counts)


def keys_of(first: NDArray[Any], second: NDArray[Any]) -> Keys:
    """Return the keys of pairs (词对键)."""
    return (first.astype(np.uint64) << SHIFT) | second.astype(np.uint64)


def summed(parts: Sequence[Pairs]) -> Pairs:
    """Add up the counts of equal keys (合计).

    >>> a = Pairs(np.array([1, 3], np.uint64), np.array([2, 5]))
    >>> [values.tolist() for values in summed([a, Pairs(np.array([3], np.uint64), np.array([1]))])]
    [[1, 3], [2, 6]]
    """
    if not parts:
        return Pairs.none()
    keys = np.concatenate([part.keys for part in parts])
    counts = np.concatenate([part.counts for part in parts]).astype(np.int64)
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], counts[order]
    new = np.ones(len(keys), np.bool_)
    new[1:] = keys[1:] != keys[:-1]
    return Pairs(keys[new], np.add.reduceat(counts, np.flatnonzero(new)) if len(keys) else counts)


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted in some documents (计数).

    Attributes:
        terms: every word, term and number, in code point order.
        table: int64[terms, columns], see `COLUMNS`.
        neighbours: words side by side that may stand in a phrase, by their places in `terms`.
        totals: sums over the documents, see `TOTALS`.
    """

    terms: list[str]
    table: Ints
    neighbours: Pairs
    totals: dict[str, int]

    def column(self, name: str) -> Ints:
        """Return one column of the table (列)."""
        values: Ints = self.table[:, COLUMNS.index(name)]
        return values

    def packed(self) -> bytes:
        """Return the counts as the bytes of a file (打包)."""
        arrays = {f"column {name}": shrunk(self.column(name)) for name in COLUMNS}
        arrays |= {"keys": self.neighbours.keys, "counts": shrunk(self.neighbours.counts)}
        return pack({"terms": self.terms, "totals": self.totals}, arrays)

    @classmethod
    def read(cls, store: Store, name: str, *, neighbours: bool = True) -> Counts:
        """Read counts; without neighbours where they are not needed (读取)."""
        file = Packed.of(store, name)
        table = np.stack([file.array(f"column {name}").astype(np.int64) for name in COLUMNS], axis=1)
        pairs = Pairs(file.array("keys"), file.array("counts").astype(np.int64)) if neighbours else Pairs.none()
        return cls(file.plain["terms"], table, pairs, file.plain["totals"])


def merge(parts: Iterable[Counts]) -> Counts:
    """Add up partial counts (合并计数).

    The order of the parts, and which of them were merged before, make no difference. Terms are matched by their text,
    so parts need no common numbering.
    """
    whole = list(parts)
    terms = sorted(set().union(*(part.terms for part in whole)))
    place = {term: number for number, term in enumerate(terms)}
    table = np.zeros((len(terms), len(COLUMNS)), np.int64)
    pairs = []
    for part in whole:
        at = np.fromiter(map(place.__getitem__, part.terms), np.int64, len(part.terms))
        table[at] += part.table
        pairs.append(part.neighbours.renumbered(at))
    totals = {name: sum(part.totals[name] for part in whole) for name in TOTALS}
    return Counts(terms, table, summed(pairs), totals)
