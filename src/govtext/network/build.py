"""From tokens to the graph, and from an edge back to its sentences (建网与证据)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

# Loads with this package, not in a function: every function here gives or takes a Graph.
import networkx as nx
import numpy as np

from govtext.counts import listed
from govtext.errors import OptionError
from govtext.network.edges import NODE, Pairs, assemble, collector_paused, frequent, shared_counts
from govtext.network.measures import association_strength, edge_columns
from govtext.network.units import Counted, Scope, count, near, numbers_within, unit_spans
from govtext.text import Span
from govtext.tokens import POLICY, SPACE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    import scipy.sparse as sp

    from govtext.network.units import Ints, Terms, Unit
    from govtext.tokens import Tokens


def cooccurrence(
    tokens: Tokens | Iterable[Tokens],
    *,
    unit: Unit = "sentence",
    terms: Terms = None,
    min_count: int = 2,
    window: int | None = None,
    measures: Collection[str] = (),
) -> nx.Graph[str]:
    """Build the network of terms that occur in the same unit of text (共现网络).

    Each pair counts once per unit, whatever the number of its mentions; there are no self-loops. Nodes are `Token.term`
    values; phrases become nodes through `keywords.compound`.

    Args:
        tokens: one Tokens or many.
        unit: sentence, paragraph, section (the innermost heading), document, or window (a window in a sentence).
        terms: the nodes wanted: None for all policy terms (lexicon terms, coined phrases, phrases), a `Lexicon`, the
            name of a category of the lexicon, or a list of terms of any kind.
        min_count: in how many units a term must occur to be a node, and a pair to be an edge.
        window: with a number, two mentions are together when they stand fewer than so many words apart (punctuation
            counts) in one unit; here each pair of mentions counts. unit="window" alone means 5 words in a sentence.
        measures: further edge attributes, of `MEASURES`, such as jaccard, npmi or log_likelihood (with p and q).

    Returns:
        A Graph with the node attributes `count` (mentions), `units`, `document_frequency` and `sections` (in how many
        of these the node occurs) and `category`, and the edge attributes `count` (units shared) and `weight`, the
        association strength count x N / (units_a x units_b) with N units (van Eck & Waltman 2009, eq. 6, times N).
        A frequent term that shares too few units with any other is a node without edges. Nodes and edges are in code
        point order. `graph.graph` has the options and N (`units`).

    Raises:
        OptionError: an option has a value that is not allowed.

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> text = "法治政府和营商环境。法治政府和营商环境。"
    >>> list(cooccurrence(Segmenter()(parse(text))).edges(data="count"))
    [('法治政府', '营商环境', 2)]
    """
    scope = Scope.of(unit, window)
    if min_count < 1:
        raise OptionError(f"min_count is {min_count}", remedy="it begins at 1")
    graph: nx.Graph[str] = nx.Graph()
    with collector_paused():
        counted = count(tokens, terms, scope)
        graph.graph |= {"units": counted.total, "min_count": min_count}
        graph.graph |= {"terms": "policy" if terms is None else "listed"} | scope.recorded()
        nodes, occurs, shared = _shared(counted, scope, min_count)
        pairs = Pairs.of(shared)
        ends = occurs[pairs.ends]
        weight = association_strength(pairs.shared.astype(float), ends[0], ends[1], counted.total)
        columns = {"count": pairs.shared, "weight": weight}
        columns |= edge_columns(graph, measures, pairs.shared, ends, len(nodes))
        assemble(graph, _node_rows(counted, nodes, occurs) if len(nodes) else (), pairs, columns)
    return graph


def _shared(counted: Counted, scope: Scope, min_count: int) -> tuple[Ints, Ints, sp.csr_matrix]:
    """Return which names are nodes, the units each occurs in (with a window, its mentions), and the counts of pairs."""
    import scipy.sparse as sp

    if not counted.names:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), sp.csr_matrix((0, 0), dtype=np.int32)
    if scope.window:
        occurs = np.bincount(counted.column)
        nodes = np.flatnonzero(occurs >= min_count)
        return nodes, occurs[nodes], frequent(near(counted, scope.window)[nodes][:, nodes], min_count)
    incidence = counted.incidence()
    occurs = np.diff(incidence.indptr)
    nodes = np.flatnonzero(occurs >= min_count)
    return (
        nodes,
        occurs[nodes].astype(np.int64),
        shared_counts(incidence if len(nodes) == len(occurs) else incidence[nodes], min_count),
    )


def _node_rows(counted: Counted, nodes: Ints, occurs: Ints) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the nodes with their attributes."""
    mentions = np.bincount(counted.column, minlength=len(counted.names))
    figures = [
        mentions[nodes],
        occurs,
        counted.times(counted.documents())[nodes],
        counted.times(counted.sections())[nodes],
    ]
    names = [counted.names[i] for i in nodes.tolist()]
    columns = (figure.tolist() for figure in figures)
    for name, category, *numbers in zip(names, _categories(counted, names), *columns, strict=True):
        yield name, dict(zip(NODE, (*numbers, category), strict=True))


def _categories(counted: Counted, names: list[str]) -> list[str]:
    """Return the category of each name; where the lexicons of the tokens differ, the last in code point order."""
    out = [""] * len(names)
    for lexicon in {id(row.tokens.lexicon): row.tokens.lexicon for row in counted.rows}.values():
        terms = map(lexicon.get, names)
        out = [max(known, term.category) if term else known for known, term in zip(out, terms, strict=True)]
    return out


def bipartite(tokens: Tokens | Iterable[Tokens], *, terms: Terms = None, min_count: int = 1) -> nx.Graph[str]:
    """Build the network of documents and the terms they mention (二模网络).

    Args:
        tokens: one Tokens or many, each document with an id of its own.
        terms: as for `cooccurrence`.
        min_count: the least number of mentions of a term in a document.

    Returns:
        A Graph of documents (`bipartite` 0) and terms (`bipartite` 1, and `category`), with `count`, the mentions, at
        nodes and edges; documents by their id, first, then terms, each in code point order. A document without a term
        is a node without edges.

    Raises:
        OptionError: two documents have one id, or a document is called like a term.

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> list(bipartite(Segmenter()(parse("法治政府和营商环境。法治政府。", id="a"))).edges(data="count"))
    [('a', '法治政府', 2), ('a', '营商环境', 1)]
    """
    rows = sorted(listed(tokens), key=lambda one: one.document.id)
    counted = count(rows, terms, Scope("document", None))
    ids = [one.document.id for one in rows]
    wrong = sorted({x for x, y in pairwise(ids) if x == y} | set(ids) & set(counted.names))
    if wrong:
        what = f"the id {wrong[0]!r} stands for two documents, or for a document and a term"
        raise OptionError(what, remedy="give each document an id of its own: gt.parse(text, id=...)")
    times = [np.bincount(row.column, minlength=len(counted.names)) for row in counted.rows]
    times = [np.where(row >= min_count, row, 0) for row in times]
    graph: nx.Graph[str] = nx.Graph(min_count=min_count)
    graph.add_nodes_from((id_, {"bipartite": 0, "count": int(row.sum())}) for id_, row in zip(ids, times, strict=True))
    found = sum(times, np.zeros(len(counted.names), np.int64))
    nodes = zip(counted.names, found.tolist(), _categories(counted, counted.names), strict=True)
    graph.add_nodes_from((name, {"bipartite": 1, "count": c, "category": kind}) for name, c, kind in nodes if c)
    for id_, row in zip(ids, times, strict=True):
        graph.add_edges_from((id_, counted.names[i], {"count": int(row[i])}) for i in np.flatnonzero(row).tolist())
    return graph


# --- from an edge to its sentences ----------------------------------------------------------------------------------


def evidence(
    tokens: Tokens | Iterable[Tokens],
    a: str,
    b: str,
    *,
    unit: Unit = "sentence",
    terms: Terms = None,
    window: int | None = None,
) -> list[Span]:
    """Return the sentences that hold both terms: what stands behind an edge (证据句).

    With the options that `cooccurrence` was given there are as many spans as the edge counts: sentences, paragraphs,
    sections or whole documents; for a window the stretch from one mention to the other. With many documents the spans
    come document by document; `evidence_of_each` keeps them apart, `tables.evidence` names them.

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> evidence(Segmenter()(parse("法治政府和营商环境。法治政府。")), "法治政府", "营商环境")
    [Span(start=0, end=10)]
    """
    return [span for spans in evidence_of_each(tokens, a, b, unit=unit, terms=terms, window=window) for span in spans]


def evidence_of_each(
    tokens: Tokens | Iterable[Tokens],
    a: str,
    b: str,
    *,
    unit: Unit = "sentence",
    terms: Terms = None,
    window: int | None = None,
) -> list[list[Span]]:
    """Return what `evidence` does, a list a document; what counts as a mention is decided over all (逐篇证据句)."""
    rows = listed(tokens)
    scope = Scope.of(unit, window)
    first, second = (_places(rows, term, by_kind=terms is None) for term in (a, b))
    return [_together(*row, scope) for row in zip(rows, first, second, strict=True)]


def _places(rows: Sequence[Tokens], term: str, *, by_kind: bool) -> list[Ints]:
    """Return where a term is mentioned in each Tokens.

    By kind only its mentions as a policy term count where it has any, as in the default network: a word that is quoted
    once as a slogan, “人民”, is not meant wherever it stands.
    """
    found = []
    for one in rows:
        forms = {term, one.lexicon.canonical(term)}
        ids = sorted({i for form in forms if (i := one.vocabulary.get(form)) is not None})
        found.append(
            np.flatnonzero(np.logical_or.reduce([one.term_ids == i for i in ids] or [np.zeros(len(one), "?")]))
        )
    if by_kind:
        policy = [at[np.isin(one.kinds[at], POLICY)] for one, at in zip(rows, found, strict=True)]
        return policy if any(len(at) for at in policy) else found
    return found


def _together(one: Tokens, first: Ints, second: Ints, scope: Scope) -> list[Span]:
    """Return the units of a document, or the stretches within a window, that hold a mention of both."""
    if not len(first) or not len(second):
        return []
    spans = unit_spans(one.document, scope.unit)
    number = numbers_within(one.starts, spans)
    if not scope.window:
        shared = np.intersect1d(number[first], number[second])
        return [spans[i] for i in shared[shared >= 0].tolist()]
    words = np.cumsum(one.kinds != SPACE)
    low, high = (np.searchsorted(words[second], words[first] + step, side) for step, side in _ends(scope.window))
    x = np.repeat(first, high - low)
    y = second[np.concatenate([np.arange(*ends) for ends in zip(low, high, strict=True)])]
    near = (number[x] == number[y]) & (number[x] >= 0) & (x != y)
    starts, stops = one.starts[np.minimum(x, y)[near]], one.ends[np.maximum(x, y)[near]]
    return sorted(Span(*ends) for ends in zip(starts.tolist(), stops.tolist(), strict=True))


def _ends(window: int) -> tuple[tuple[int, Literal["left"]], tuple[int, Literal["right"]]]:
    return (1 - window, "left"), (window - 1, "right")
