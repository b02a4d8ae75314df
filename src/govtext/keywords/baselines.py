"""Collocations, and TextRank as a baseline to compare with (搭配; TextRank)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from govtext.counts import listed
from govtext.errors import OptionError
from govtext.keywords.candidates import ALONE, Line, check_n, line_of, pair_information

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx
    from numpy.typing import NDArray

    from govtext.tokens import Tokens

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Collocation:
    """Two terms that stand side by side (搭配).

    Attributes:
        first, second: the terms, in the order of the text.
        count: how often they stand so.
        g2: the log-likelihood ratio G² of the 2 x 2 table (Dunning 1993), negative where they meet less than by chance.
        npmi: their normalised pointwise mutual information (Bouma 2009), -1 to 1.
    """

    first: str
    second: str
    count: int
    g2: float
    npmi: float


def collocations(tokens: Tokens | Iterable[Tokens], *, n: int | None = None, min_count: int = 2) -> list[Collocation]:
    """Return the pairs of words that stand side by side, the surest first (搭配).

    Neither is a function word, a number or a mark, and nothing stands between them.

    Args:
        tokens: one Tokens or many.
        n: how many; None means all.
        min_count: the least number of occurrences.

    >>> from govtext.document import parse
    >>> from govtext.lexicon import Lexicon
    >>> from govtext.tokens import Segmenter
    >>> rows = collocations(Segmenter(Lexicon())(parse("法律意见，法律意见，法律职业。")))
    >>> [(row.first, row.second, row.count) for row in rows]
    [('法律', '意见', 2)]
    """
    check_n(n)
    line = line_of(listed(tokens))
    pairs = pair_information(line)
    keep = np.flatnonzero(pairs.count >= min_count)
    g2 = _g2(pairs.count[keep], pairs.first_count[keep], pairs.second_count[keep], pairs.total)
    rows = zip(
        (line.strings[i] for i in pairs.first[keep].tolist()),
        (line.strings[i] for i in pairs.second[keep].tolist()),
        pairs.count[keep].tolist(),
        g2.tolist(),
        pairs.npmi[keep].tolist(),
        strict=True,
    )
    found = sorted((Collocation(*row) for row in rows), key=lambda c: (-c.g2, c.first, c.second))
    return found if n is None else found[:n]


def _g2(both: NDArray[np.int64], first: NDArray[np.int64], second: NDArray[np.int64], total: int) -> Floats:
    """Return the signed G² of 2 x 2 tables, from the counts of pairs, of their parts, and of all pairs."""
    from scipy.special import xlogy

    cells = [both, first - both, second - both, total - first - second + both]
    margins = [first, total - first, second, total - second]
    g2: Floats = 2 * (sum(xlogy(c, c) for c in cells) - sum(xlogy(m, m) for m in margins) + xlogy(total, total))
    signed: Floats = np.copysign(np.maximum(g2, 0), both * total - first * second.astype(np.float64))
    return signed


@dataclass(frozen=True, slots=True)
class Ranked:
    """A term and its score (排序)."""

    term: str
    score: float


def _word_graph(line: Line, window: int) -> nx.Graph[str]:
    """Return the graph of the words that may stand alone, those near each other joined; sorted."""
    import networkx as nx

    at = np.flatnonzero((line.roles & ALONE) > 0)
    pairs: dict[tuple[str, str], int] = {}
    for apart in range(1, window):
        near = (at[apart:] - at[:-apart] < window) & (line.part[at[apart:]] == line.part[at[:-apart]])
        left, right = line.ids[at[:-apart][near]], line.ids[at[apart:][near]]
        for a, b in zip(left.tolist(), right.tolist(), strict=True):
            if a != b:
                key = (min(line.strings[a], line.strings[b]), max(line.strings[a], line.strings[b]))
                pairs[key] = pairs.get(key, 0) + 1
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(sorted({line.strings[i] for i in line.ids[at].tolist()}))
    graph.add_weighted_edges_from((a, b, count) for (a, b), count in sorted(pairs.items()))
    return graph


def textrank(tokens: Tokens | Iterable[Tokens], *, n: int = 20, window: int = 5) -> list[Ranked]:
    """Rank words by TextRank, a baseline to compare TF-IDF with (TextRank).

    PageRank with damping 0.85 on the graph of candidate words that stand fewer than `window` words apart (Mihalcea &
    Tarau 2004); deterministic.

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> [row.term for row in textrank(Segmenter()(parse("法治政府和营商环境。营商环境和政务服务。")), n=1)]
    ['营商环境']
    """
    check_n(n)
    if window < 2:
        raise OptionError(f"window is {window}", remedy="it begins at 2")
    import networkx as nx

    graph = _word_graph(line_of(listed(tokens)), window)
    if not graph:
        return []
    scores = nx.pagerank(graph, alpha=0.85, weight="weight")
    rows = sorted((Ranked(term, float(score)) for term, score in scores.items()), key=lambda r: (-r.score, r.term))
    return rows[:n]
