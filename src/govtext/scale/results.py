"""What a run over a corpus of any size has found, read in order, a document at a time (结果)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from govtext import errors
from govtext.keywords import Keyword
from govtext.network.partial import Nodes, graph_of
from govtext.scale.maps import read_pairs
from govtext.scale.partial import Counts
from govtext.scale.store import Packed
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx
    from numpy.typing import NDArray

    from govtext.lexicon import Lexicon
    from govtext.scale.running import Totals

    Ints = NDArray[np.int64]


class Place(NamedTuple):
    """Where the results of a document are: its shard and its number there (位置)."""

    shard: str
    number: int


@dataclass(frozen=True)
class Found:
    """The results of a run, documents in the order of a corpus: year, place, id (结果).

    Attributes:
        totals: where they are.
    """

    totals: Totals

    @cached_property
    def _rows(self) -> list[tuple[dict[str, Any], Place]]:
        rows = []
        for shard in self.totals.shards:
            known = Packed.of(self.totals.store, f"cut-{shard}").plain["documents"]
            rows += [(row, Place(shard, number)) for number, row in enumerate(known)]
        return sorted(rows, key=lambda row: tuple(row[0]["order"]))

    @property
    def documents(self) -> list[dict[str, Any]]:
        """What is known of each document: `id`, `name`, `given`, `known` (metadata), `characters`, `bytes`, `notes`."""
        return [row for row, _ in self._rows]

    @cached_property
    def failures(self) -> list[errors.GovtextError]:
        """The files that could not be read."""
        out = []
        for shard in self.totals.shards:
            for kind, what, where, remedy, file in Packed.of(self.totals.store, f"cut-{shard}").plain["failures"]:
                error: errors.GovtextError = getattr(errors, kind)(what, where=where, remedy=remedy)
                error.file = file
                out.append(error)
        return out

    @cached_property
    def counts(self) -> Counts:
        """The counts of all documents, without neighbours."""
        return Counts.read(self.totals.store, self.totals.counts, neighbours=False)

    def keywords(self) -> Iterator[list[Keyword]]:
        """Yield the keywords of each document, as `keywords.tfidf` ranks them with all documents at hand (关键词)."""
        read = lru_cache(maxsize=64)(self._keywords_of)
        for row, place in self._rows:
            text, stops = read(place.shard)
            found = json.loads(text[stops[place.number] : stops[place.number + 1]].decode("utf-8", "surrogatepass"))
            yield [_keyword(row["id"], values) for values in found]

    def _keywords_of(self, shard: str) -> tuple[bytes, list[int]]:
        file = Packed.of(self.totals.store, f"keywords-{self.totals.tag(shard)}")
        return file.array("text").tobytes(), file.array("stops").tolist()

    def matrix_rows(self) -> Iterator[tuple[Ints, Ints]]:
        """Yield the row of each document in the matrix of counts: the columns, rising, and the counts (矩阵的行)."""
        read = lru_cache(maxsize=8)(self._matrix_of)
        for _, place in self._rows:
            stops, columns, values = read(place.shard)
            part = slice(stops[place.number], stops[place.number + 1])
            yield columns[part], values[part]

    def _matrix_of(self, shard: str) -> tuple[Ints, Ints, Ints]:
        cut = Packed.of(self.totals.store, f"cut-{shard}")
        counted = Packed.of(self.totals.store, f"counted-{self.totals.tag(shard)}")
        return cut.array("matrix stops"), counted.array("matrix"), cut.array("matrix values")

    def nodes(self, lexicon: Lexicon) -> Nodes:
        """Return the nodes of the network with their attributes (节点)."""
        at = np.flatnonzero(Packed.of(self.totals.store, self.totals.fixed).array("nodes"))
        found = self.counts
        names = [found.terms[i] for i in at.tolist()]
        mentions, units, documents, sections = (
            found.column(name)[at] for name in ("mentions", "units", "node_documents", "node_sections")
        )
        categories = [term.category if term else "" for term in map(lexicon.get, names)]
        return Nodes(names, mentions, units, documents, sections, categories)

    def edges(self) -> tuple[Ints, Ints, Ints]:
        """Return the edges: the numbers of their two nodes, the smaller first, and their counts (边)."""
        at = np.flatnonzero(Packed.of(self.totals.store, self.totals.fixed).array("nodes"))
        pairs = read_pairs(self.totals.store, self.totals.pairs)
        often = pairs.counts >= self.totals.settings.min_count
        first, second = pairs.ends
        return np.searchsorted(at, first[often]), np.searchsorted(at, second[often]), pairs.counts[often]

    @property
    def edge_total(self) -> int:
        """How many units of co-occurrence there are in all; with a window, how many words."""
        return self.counts.totals["units"]

    def graph(self, lexicon: Lexicon) -> nx.Graph[str]:
        """Return the network, as `network.cooccurrence` builds it with all documents at hand (共现网络)."""
        settings = self.totals.settings
        nodes = self.nodes(lexicon)
        return graph_of(nodes, self.edges(), total=self.edge_total, min_count=settings.min_count, scope=settings.scope)


def _keyword(document: str, values: list[Any]) -> Keyword:
    rank, term, score, count, frequency, spans, *rest = values
    return Keyword(document, None, rank, term, score, count, frequency, tuple(Span(*span) for span in spans), *rest)
