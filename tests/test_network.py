"""The co-occurrence network against a count by brute force."""

from itertools import combinations

import networkx as nx
import pytest

import govtext as gt
from govtext import network
from govtext.errors import OptionError

TERMS = ["甲甲", "乙乙", "丙丙", "丁丁"]


def cut(*texts, lexicon=TERMS):
    segment = gt.Segmenter(gt.Lexicon(lexicon))
    return [segment(gt.parse(text, id=str(i))) for i, text in enumerate(texts)]


def brute_force(rows, spans_of, terms):
    found = {}
    for tokens in rows:
        for span in spans_of(tokens.document):
            present = sorted({t.term for t in tokens.within(span)} & terms)
            for pair in combinations(present, 2):
                found[pair] = found.get(pair, 0) + 1
    return found


def counts_of(graph):
    return {tuple(sorted((a, b))): c for a, b, c in graph.edges(data="count")}


UNITS = [("sentence", lambda d: d.sentences), ("paragraph", lambda d: d.paragraphs)]


@pytest.mark.parametrize(("unit", "spans_of"), UNITS)
def test_counts_equal_brute_force(tokens, unit, spans_of):
    terms = {t.term for t, policy in zip(tokens, tokens.policy, strict=True) if policy}
    graph = network.cooccurrence(tokens, unit=unit, min_count=1)
    assert counts_of(graph) == brute_force([tokens], spans_of, terms)


def test_terms_chosen_by_the_caller(tokens):
    terms = {"工作", "推进", "行政执法"}
    graph = network.cooccurrence(tokens, terms=terms, min_count=1)
    assert counts_of(graph) == brute_force([tokens], lambda d: d.sentences, terms)


EDGES = [
    # a pair counts once per sentence, whatever its mentions
    ("甲甲，乙乙，甲甲，乙乙。", "sentence", {("乙乙", "甲甲"): 1}),
    # no edge across a sentence end
    ("甲甲。乙乙。", "sentence", {}),
    # but within a paragraph
    ("甲甲。乙乙。", "paragraph", {("乙乙", "甲甲"): 1}),
    # and not across paragraphs
    ("甲甲\n乙乙", "paragraph", {}),
    # a document joins all
    ("甲甲\n乙乙", "document", {("乙乙", "甲甲"): 1}),
    # a section joins its paragraphs
    ("一、节\n甲甲\n乙乙\n二、节\n丙丙", "section", {("乙乙", "甲甲"): 1}),
    # no self-loops
    ("甲甲，甲甲。", "sentence", {}),
    # a window: near pairs only, each pair of mentions once
    ("甲甲和乙乙，，，，，丙丙。", "window", {("乙乙", "甲甲"): 1}),
    # a window never reaches over a sentence end
    ("甲甲。乙乙", "window", {}),
    # two pairs of mentions in one window
    ("甲甲和乙乙，甲甲。", "window", {("乙乙", "甲甲"): 2}),
]


@pytest.mark.parametrize(("text", "unit", "expected"), EDGES)
def test_units(text, unit, expected):
    assert counts_of(network.cooccurrence(cut(text), unit=unit, min_count=1)) == expected


def test_attributes():
    graph = network.cooccurrence(cut("甲甲，乙乙。甲甲，乙乙。甲甲，丙丙。丁丁。"), min_count=2)
    assert dict(graph.nodes(data=True)) == {
        "乙乙": {"count": 2, "units": 2, "category": ""},
        "甲甲": {"count": 3, "units": 3, "category": ""},
    }
    # association strength: 2 shared of 4 sentences, 3 and 2 with each
    assert graph["甲甲"]["乙乙"] == {"count": 2, "weight": pytest.approx(2 * 4 / (3 * 2))}


def test_many_documents_add_up():
    one = network.cooccurrence(cut("甲甲，乙乙。", "乙乙，甲甲。"), min_count=1)
    assert counts_of(one) == {("乙乙", "甲甲"): 2}


NOTHING = [[], [""], ["。"], ["没有术语。"]]


@pytest.mark.parametrize("texts", NOTHING)
def test_nothing_gives_an_empty_graph(texts):
    graph = network.cooccurrence(cut(*texts))
    assert isinstance(graph, nx.Graph)
    assert len(graph) == 0
    assert network.communities(graph) == []
    assert network.layout(graph) == {}
    assert len(network.centralities(graph)) == 0


@pytest.mark.parametrize("options", [{"unit": "page"}, {"min_count": 0}, {"unit": "window", "window": 1}])
def test_wrong_options(options):
    with pytest.raises(OptionError):
        network.cooccurrence(cut("甲甲"), **options)


def test_communities_partition_the_nodes(tokens):
    graph = network.cooccurrence(tokens, min_count=1)
    groups = network.communities(graph)
    assert sorted(node for group in groups for node in group) == sorted(graph)
    assert [len(g) for g in groups] == sorted((len(g) for g in groups), reverse=True)


def test_centralities_have_one_row_a_node(tokens):
    graph = network.cooccurrence(tokens)
    table = network.centralities(graph)
    assert sorted(table["term"]) == sorted(graph)
    top = table.iloc[0]
    assert top["strength"] == sum(graph[top["term"]][other]["count"] for other in graph[top["term"]])


def test_betweenness_equals_networkx(tokens):
    whole = network.cooccurrence(tokens, terms={t.term for t in tokens}, min_count=1)
    graph = nx.Graph(nx.minimum_spanning_edges(whole, weight="count"))  # few edges, which networkx is quicker with
    graph.add_edges_from(list(whole.edges(data=True))[::40])
    table = network.centralities(graph).set_index("term")["betweenness"]
    expected = nx.betweenness_centrality(graph)
    assert len(expected) > 300  # more than one block of sources
    assert max(abs(table[node] - expected[node]) for node in graph) < 1e-12


def test_evidence_returns_as_many_sentences_as_the_edge_counts(tokens, report):
    graph = network.cooccurrence(tokens)
    for a, b, count in graph.edges(data="count"):
        spans = network.evidence(tokens, a, b)
        assert len(spans) == count
        assert all(span in report.sentences for span in spans)


def test_the_graph_does_not_depend_on_document_order():
    texts = ["甲甲，乙乙。丙丙，甲甲。", "乙乙，丙丙，丁丁。"]
    one, two = (network.cooccurrence(cut(*order), min_count=1) for order in (texts, texts[::-1]))
    assert list(one.edges(data=True)) == list(two.edges(data=True))
    assert network.layout(one) == network.layout(two)
    assert network.communities(one) == network.communities(two)


def test_layout_lies_in_the_unit_square(tokens):
    points = network.layout(network.cooccurrence(tokens))
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in points.values())
