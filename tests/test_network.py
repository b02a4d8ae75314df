"""The co-occurrence network against a count by brute force."""

import contextlib
import gc
import re
from itertools import combinations
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

import govtext as gt
from govtext import network
from govtext.errors import OptionError, OutputError, ReadError
from govtext.lexicon import Term
from govtext.native import kernels
from govtext.network import centrality, edges, forces, louvain

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
    rest = {"document_frequency": 1, "sections": 1, "category": ""}
    assert dict(graph.nodes(data=True)) == {
        "乙乙": {"count": 2, "units": 2} | rest,
        "甲甲": {"count": 3, "units": 3} | rest,
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


# --- nodes, terms, attributes ---------------------------------------------------------------------------------------


def test_frequent_terms_without_a_partner_stay():
    graph = network.cooccurrence(cut("甲甲，乙乙。甲甲，乙乙。丙丙。丙丙，丁丁。"), min_count=2)
    # 丙丙 occurs in two sentences, but shares none twice; 丁丁 occurs in one
    assert (list(graph), counts_of(graph)) == (["丙丙", "乙乙", "甲甲"], {("乙乙", "甲甲"): 2})


def test_node_attributes():
    lexicon = [Term("甲甲", "类别"), Term("乙乙", variants=("乙己",))]
    graph = network.cooccurrence(
        cut("一、节\n甲甲，甲甲，乙乙。\n二、节\n甲甲。", "乙己，甲甲。", lexicon=lexicon), min_count=1
    )
    assert graph.nodes["甲甲"] == {
        "count": 4, "units": 3, "document_frequency": 2, "sections": 3, "category": "类别",
    }  # fmt: skip
    assert graph.nodes["乙乙"] == {  # a variant counts as its term
        "count": 2, "units": 2, "document_frequency": 2, "sections": 2, "category": "",
    }  # fmt: skip
    # two headings, each a sentence, and three more
    assert graph.graph == {"units": 5, "min_count": 1, "terms": "policy", "unit": "sentence"}


def test_the_graph_is_as_networkx_would_build_it(tokens):
    graph = network.cooccurrence(tokens, min_count=1, measures=["jaccard"])
    again = nx.Graph(**graph.graph)
    again.add_nodes_from(graph.nodes(data=True))
    again.add_edges_from(graph.edges(data=True))
    assert list(graph.adjacency()) == list(again.adjacency())
    assert list(graph.edges) == sorted(graph.edges)
    a, b = next(iter(graph.edges))
    assert graph[a][b] is graph[b][a]  # one dictionary for both ends
    assert {type(value) for value in graph[a][b].values()} == {int, float}  # of Python, not of numpy


LEXICON = [Term("甲甲", "一类"), Term("乙乙", "一类", variants=("乙己",)), Term("丙丙", "二类")]
CHOICES = [
    # all policy terms
    (None, {"甲甲", "乙乙", "丙丙"}),
    # a category
    ("一类", {"甲甲", "乙乙"}),
    # a list, of plain words, too
    (["甲甲", "工作"], {"甲甲", "工作"}),
    # a variant stands for its term
    (["甲甲", "乙己"], {"甲甲", "乙乙"}),
    # a lexicon: its terms
    (gt.Lexicon(["丙丙", "甲甲", "戊戊"]), {"甲甲", "丙丙"}),
    # nothing wanted, nothing found
    ([], set()),
    (["戊戊"], set()),
    # any iterable
    (iter(["甲甲", "丙丙"]), {"甲甲", "丙丙"}),
]


@pytest.mark.parametrize(("terms", "nodes"), CHOICES)
def test_terms(terms, nodes):
    tokens = cut("甲甲，乙己，丙丙，工作。", lexicon=LEXICON)
    assert set(network.cooccurrence(tokens, terms=terms, min_count=1)) == nodes


def test_looking_for_a_term_adds_nothing_to_the_vocabulary():
    (tokens,) = cut("甲甲，乙乙。")
    before = list(tokens.vocabulary.strings)
    network.cooccurrence(tokens, terms=["没有的词"], min_count=1)
    assert network.evidence(tokens, "没有的词", "甲甲") == []
    assert tokens.vocabulary.strings == before


def test_an_unknown_category_names_the_known():
    with pytest.raises(OptionError, match="一类, 二类"):
        network.cooccurrence(cut("甲甲", lexicon=LEXICON), terms="三类")


WINDOWS = [
    # a number alone: windows in sentences
    ({"window": 3}, "甲甲和乙乙和丙丙。", {("乙乙", "甲甲"): 1, ("丙丙", "乙乙"): 1}),
    ({"unit": "window", "window": 3}, "甲甲和乙乙和丙丙。", {("乙乙", "甲甲"): 1, ("丙丙", "乙乙"): 1}),
    # it never leaves the sentence
    ({"window": 50}, "甲甲。乙乙。", {}),
    # but goes over sentences within a paragraph, if told so
    ({"unit": "paragraph", "window": 50}, "甲甲。乙乙。\n丙丙。", {("乙乙", "甲甲"): 1}),
    ({"unit": "paragraph", "window": 3}, "甲甲。乙乙。", {("乙乙", "甲甲"): 1}),
    ({"unit": "paragraph", "window": 2}, "甲甲。乙乙。", {}),
    # a section, a document
    ({"unit": "document", "window": 9}, "甲甲\n乙乙", {("乙乙", "甲甲"): 1}),
]


@pytest.mark.parametrize(("options", "text", "expected"), WINDOWS)
def test_windows(options, text, expected):
    tokens = cut(text)
    assert counts_of(network.cooccurrence(tokens, min_count=1, **options)) == expected
    for (a, b), count in expected.items():
        spans = network.evidence(tokens, a, b, **options)
        assert len(spans) == count
        assert all(a in s.of(text) and b in s.of(text) for s in spans)


@pytest.mark.parametrize("options", [{"unit": unit} for unit in network.UNITS] + [{"unit": "paragraph", "window": 9}])
def test_evidence_of_every_unit_is_as_much_as_the_edge_counts(tokens, options):
    graph = network.cooccurrence(tokens, min_count=1, **options)
    for a, b, count in list(graph.edges(data="count"))[::7]:
        spans = network.evidence(tokens, a, b, **options)
        assert len(spans) == count
        assert spans == sorted(spans)


def test_a_word_that_is_quoted_once_is_a_term_only_there():
    # 提质 is a coined phrase in quotes, and a plain word elsewhere: an edge and its evidence mean the same mentions
    tokens = cut("“提质”和甲甲。提质，甲甲。提质，甲甲。")
    graph = network.cooccurrence(tokens, min_count=1)
    spans = network.evidence(tokens, "提质", "甲甲")
    assert graph.edges["提质", "甲甲"]["count"] == len(spans)
    # by a list all mentions count
    graph = network.cooccurrence(tokens, terms=["提质", "甲甲"], min_count=1)
    assert graph.edges["提质", "甲甲"]["count"] == 3
    assert len(network.evidence(tokens, "提质", "甲甲", terms=["提质", "甲甲"])) == 3


ROWS = st.lists(st.lists(st.sampled_from(TERMS), max_size=5), max_size=6)


@given(ROWS, st.integers(1, 3))
def test_any_sentences_are_counted_like_by_hand(rows, least):
    text = "".join("，".join(row) + "。" for row in rows if row)
    tokens = cut(text)
    expected = {pair: n for pair, n in brute_force(tokens, lambda d: d.sentences, set(TERMS)).items() if n >= least}
    assert counts_of(network.cooccurrence(tokens, min_count=least)) == expected


def test_the_collector_runs_again_afterwards():
    assert gc.isenabled()
    network.cooccurrence(cut("甲甲，乙乙。"), min_count=1)
    assert gc.isenabled()
    gc.disable()
    try:
        network.cooccurrence(cut("甲甲，乙乙。"), min_count=1)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_large_products_come_in_blocks(tokens, monkeypatch):
    whole = network.cooccurrence(tokens, min_count=1)
    monkeypatch.setattr(edges, "BLOCK", 1000)  # a few rows at a time
    parts = network.cooccurrence(tokens, min_count=1)
    assert list(whole.edges(data=True)) == list(parts.edges(data=True))


# --- measures -------------------------------------------------------------------------------------------------------

# Five terms in ten sentences, by hand: 甲甲 stands in 5, 乙乙 in 4, 丙丙 in 3, 丁丁 in 2, 戊戊 in 1; two hold none.
FIVE = ["甲乙丙", "甲乙", "甲乙", "甲丙", "甲丁", "乙戊", "丙", "丁", "", ""]


@pytest.fixture(scope="module")
def five():
    texts = ["，".join(2 * c for c in row) or "空" for row in FIVE]
    return network.cooccurrence(
        cut("。".join(texts) + "。", lexicon=[2 * c for c in "甲乙丙丁戊"]), min_count=1, measures=network.MEASURES
    )


BY_HAND = [
    # c = 3, a = 5, b = 4, n = 10
    ("甲甲", "乙乙", {"count": 3, "jaccard": 3 / 6, "dice": 6 / 9, "cosine": 3 / 20**0.5, "association_strength": 30 / 20, "pmi": 0.5849625, "npmi": 0.3367726}),
    # c = 1, a = 1, b = 4
    ("戊戊", "乙乙", {"count": 1, "jaccard": 1 / 4, "dice": 2 / 5, "cosine": 0.5, "association_strength": 10 / 4, "pmi": 1.3219281, "npmi": 0.3979400}),
    # as often as by chance: c = 1, a = 5, b = 2
    ("甲甲", "丁丁", {"count": 1, "jaccard": 1 / 6, "dice": 2 / 7, "cosine": 1 / 10**0.5, "association_strength": 1.0, "pmi": 0.0, "npmi": 0.0, "log_likelihood": 0.0, "p": 1.0, "q": 1.0}),
    # c = 2, a = 5, b = 3
    ("甲甲", "丙丙", {"count": 2, "jaccard": 2 / 6, "dice": 4 / 8, "cosine": 2 / 15**0.5, "association_strength": 20 / 15, "pmi": 0.4150375, "npmi": 0.1787469}),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "expected"), BY_HAND)
def test_measures_by_hand(five, a, b, expected):
    found = five.edges[a, b]
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-7)
    assert found["weight"] == found["association_strength"]


def test_measures_equal_those_of_scikit_learn_and_scipy(five):
    from scipy.stats import chi2_contingency
    from sklearn.metrics import f1_score, jaccard_score
    from sklearn.metrics.pairwise import cosine_similarity

    for a, b, data in five.edges(data=True):
        x, y = ([int(term[0] in row) for row in FIVE] for term in (a, b))
        assert data["jaccard"] == pytest.approx(jaccard_score(x, y))
        assert data["dice"] == pytest.approx(f1_score(x, y))  # the same as Dice's coefficient
        assert data["cosine"] == pytest.approx(cosine_similarity([x], [y])[0, 0])
        table = np.array([[sum(i == u and j == v for i, j in zip(x, y, strict=True)) for v in (1, 0)] for u in (1, 0)])
        test = chi2_contingency(table, correction=False, lambda_="log-likelihood")
        assert data["log_likelihood"] == pytest.approx(test.statistic)
        assert data["p"] == pytest.approx(test.pvalue)


def test_q_values_equal_those_of_scipy(five):
    from scipy.stats import false_discovery_control

    ps = [data["p"] for *_, data in five.edges(data=True)]
    # all ten pairs of five terms are tested; those that share nothing count as p = 1
    expected = false_discovery_control(ps + [1.0] * (10 - len(ps)))[: len(ps)]
    assert [data["q"] for *_, data in five.edges(data=True)] == pytest.approx(list(expected))


def test_measures_later_are_measures_at_once(five):
    plain = nx.Graph(**five.graph)
    plain.add_nodes_from(five.nodes(data=True))
    plain.add_edges_from((a, b, {"count": data["count"]}) for a, b, data in five.edges(data=True))
    again = network.measured(plain)
    assert all(five.edges[edge].items() >= again.edges[edge].items() for edge in again.edges)
    assert all(data == {"count": data["count"]} for *_, data in plain.edges(data=True))  # the one given is as it was


@pytest.mark.parametrize("name", network.MEASURES)
def test_whoever_adds_a_measure_names_its_source_its_formula_and_its_values(name):
    """`FORMULAS` is the one place that has them all; its function, the table of the docs and the rows above follow."""
    assert network.measures.FORMULAS[name].__name__ == name
    assert re.search(r"[1-2]\d{3}", network.measures.FORMULAS[name].__doc__), "name the source in the docstring"
    table = (Path(__file__).parents[1] / "docs" / "network.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| .*`{name}`.* \| .+ \| .*\d{{4}}.* \|$", table, re.MULTILINE), "add it to docs/network.md"
    assert any(name in expected for *_, expected in BY_HAND), "add its values to BY_HAND"


CELLS = st.lists(st.tuples(st.integers(1, 40), *3 * [st.integers(0, 40)]), min_size=1, max_size=5)


@pytest.mark.parametrize("name", network.MEASURES)
@given(CELLS)
def test_any_measure_is_a_number_whichever_term_stands_first(name, cells):
    both, one, other, neither = np.array(cells, float).T
    n = int((both + one + other + neither).max())  # as many units for each pair
    c, a, b = both, both + one, both + other
    found = network.measures.FORMULAS[name](c, a, b, n)
    assert found.shape == c.shape
    assert np.isfinite(found).all()
    assert found == pytest.approx(network.measures.FORMULAS[name](c, b, a, n))
    assert found[0] == pytest.approx(
        float(network.measures.FORMULAS[name](c[:1], a[:1], b[:1], n)[0])
    )  # a pair at a time


WRONG_MEASURES = [
    # a name that is none
    (nx.Graph(unit="sentence", units=3), ["tfidf"]),
    # measures of units, for windows
    (nx.Graph(unit="window", units=3), ["jaccard"]),
    # a graph that does not say what it counts
    (nx.Graph(), ["jaccard"]),
    (nx.Graph({"甲": {"乙": {"count": 1}}}, unit="sentence", units=3), ["jaccard"]),
]


@pytest.mark.parametrize(("graph", "names"), WRONG_MEASURES)
def test_wrong_measures(graph, names):
    with pytest.raises(OptionError):
        network.measured(graph, *names)


# --- structure ------------------------------------------------------------------------------------------------------


def weighted(**edges):
    graph = nx.Graph()
    graph.add_edges_from((name[0], name[1], {"count": count}) for name, count in edges.items())
    return graph


def test_backbone_by_hand():
    # a has strength 12 in 3 edges: (1 - 10/12)^2 = 1/36 for ab, (1 - 1/12)^2 for the others; cd closes a ring
    graph = weighted(ab=10, ac=1, ad=1, cd=1)
    kept = network.backbone(graph, alpha=0.05)
    assert kept.edges["a", "b"]["disparity"] == pytest.approx(1 / 36)
    assert kept.edges["a", "c"]["disparity"] == pytest.approx(1 - 1 / 2)  # of c: two edges of one each
    assert set(kept.edges) == {("a", "b"), ("a", "c"), ("a", "d")}  # cd is neither strong nor needed
    assert kept.graph == {"alpha": 0.05, "edges_before": 4, "edges_kept": 3, "edges_significant": 1, "edges_forest": 2}


def test_backbone_keeps_what_hangs_together(tokens):
    graph = network.cooccurrence(tokens, min_count=1)
    for alpha in (0.0, 0.05, 0.5, 1.0):
        kept = network.backbone(graph, alpha=alpha)
        assert list(kept) == list(graph)
        assert nx.number_connected_components(kept) == nx.number_connected_components(graph)
        assert kept.number_of_edges() == kept.graph["edges_kept"]
        assert all(graph.edges[a, b].items() <= data.items() for a, b, data in kept.edges(data=True))
    forest = network.backbone(graph, alpha=0.0)
    weight = nx.maximum_spanning_tree(graph, weight="count").size("count")
    assert forest.size("count") == weight
    pair = weighted(ab=3)  # an edge that both ends have alone
    assert network.backbone(pair).graph["edges_kept"] == 1


WRONG = [
    (network.backbone, {"alpha": 2}),
    (network.backbone, {"weight": "size"}),
    (network.communities, {"resolution": 0}),
    (network.communities, {"weight": "size"}),
    (network.centralities, {"weight": "size"}),
    (network.ego, {"term": "zz"}),
]


@pytest.mark.parametrize(("function", "options"), WRONG)
def test_wrong_options_of_measures(function, options):
    with pytest.raises(OptionError):
        function(weighted(ab=1, bc=2), **options)


def test_communities_of_two_cliques():
    graph = weighted(ab=5, bc=5, ac=5, de=5, ef=5, df=5, cd=1)
    graph.add_node("x")
    groups = network.communities(graph)
    assert groups == [{"a", "b", "c"}, {"d", "e", "f"}, {"x"}]
    assert network.community_names(graph, groups, n=2) == ["a·b", "d·e", "x"]  # of most strength within it


def test_ego():
    graph = weighted(ab=1, bc=1, cd=1, ac=2)
    assert set(network.ego(graph, "a").edges) == {("a", "b"), ("a", "c"), ("b", "c")}
    assert set(network.ego(graph, "a", radius=2)) == set("abcd")
    with pytest.raises(OptionError, match="法治政府建设"):
        network.ego(nx.Graph([("法治政府建设", "依法行政")]), "法治政府")


def test_centralities_equal_networkx(tokens):
    graph = network.cooccurrence(tokens, min_count=1)
    table = network.centralities(graph).set_index("term")
    expected = {
        "closeness": nx.closeness_centrality(graph),
        "pagerank": nx.pagerank(graph, weight="count"),
        "degree": dict(graph.degree()),
    }
    for name, values in expected.items():
        assert max(abs(table[name][node] - values[node]) for node in graph) < 1e-5
    part = graph.subgraph(max(nx.connected_components(graph), key=len))  # more than a hundred nodes
    vector = nx.eigenvector_centrality(part, weight="count", max_iter=5000, tol=1e-10)
    assert max(abs(table["eigenvector"][node] - vector[node]) for node in part) < 1e-6


GRAPHS = [
    # nothing, one node, two that are joined, two that are not
    [nx.empty_graph(0), nx.empty_graph(1), nx.path_graph(2), nx.empty_graph(2)],
    # trees: everything hangs
    [nx.path_graph(9), nx.star_graph(6), nx.balanced_tree(2, 3), nx.random_labeled_tree(30, seed=1)],
    # circles with trees that hang from them, several components, an edge from a node to itself
    [nx.lollipop_graph(5, 4), nx.cycle_graph(7), nx.disjoint_union(nx.cycle_graph(5), nx.star_graph(3))],
    [nx.Graph([(0, 0), (0, 1), (1, 2), (2, 0), (2, 3), (3, 4)])],
    [nx.gnm_random_graph(n, m, seed=n) for n, m in ((20, 15), (30, 60), (60, 70), (90, 400))],
]


@pytest.mark.parametrize("graph", [graph for row in GRAPHS for graph in row], ids=str)
def test_paths_equal_networkx(graph):
    graph = nx.relabel_nodes(graph, {node: f"n{node:02}" for node in graph})
    nx.set_edge_attributes(graph, 1, "count")
    table = network.centralities(graph).set_index("term")
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    for name, expected in (
        ("betweenness", nx.betweenness_centrality(graph)),
        ("closeness", nx.closeness_centrality(graph)),
    ):
        assert all(table[name][node] == pytest.approx(expected[node], abs=1e-11) for node in graph)


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.sampled_from((0.5, 1.0, 2.75))), max_size=40),
    st.integers(0, 5),
    st.sampled_from((0.5, 1.0, 1.7)),
)
def test_communities_are_those_of_networkx(edges, seed, resolution):
    graph = nx.Graph()
    graph.add_nodes_from(f"n{i:02}" for i in range(13))
    graph.add_weighted_edges_from((f"n{min(a, b):02}", f"n{max(a, b):02}", w) for a, b, w in sorted(edges))
    plain = nx.Graph()
    plain.add_nodes_from(sorted(graph))
    plain.add_edges_from(sorted(graph.edges(data=True), key=lambda edge: edge[:2]))
    expected = nx.community.louvain_communities(plain, seed=seed, resolution=resolution)
    found = network.communities(graph, seed=seed, weight="weight", resolution=resolution)
    assert sorted(map(sorted, found)) == sorted(map(sorted, expected))


# --- compiled, and not ----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def without(*modules):
    """Let some modules find nothing compiled."""
    with pytest.MonkeyPatch.context() as patch:
        for module in modules:
            patch.setattr(module, "kernels", None)
        yield


def chained(times):
    """Return a chain of threefold ways: from end to end so many paths that the order of adding them is seen."""
    graph = nx.Graph()
    for i in range(times):
        graph.add_edges_from((f"{i:02}.{way}", f"{i + side:02}") for way in "123" for side in (0, 1))
    graph.add_edges_from([("00.1", "00.3"), ("00", "00.4"), ("00.4", "00.5")])
    return graph


@pytest.mark.skipif(kernels is None, reason="nothing was compiled")
@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.sampled_from((1, 2, 0.1, 0.7, 2.75))), max_size=60),
    st.integers(0, 3),
)
def test_compiled_networks_are_those_of_python(edges, seed):
    graph = nx.Graph()
    graph.add_nodes_from(f"n{i:02}" for i in range(21 if seed else 0))
    graph.add_weighted_edges_from((f"n{a:02}", f"n{b:02}", w) for a, b, w in edges)
    compiled = _found(graph, seed)
    with without(centrality, louvain):
        assert _found(graph, seed) == compiled


def _found(graph, seed):
    table = network.centralities(graph, weight="weight")
    return repr(table.values.tolist()), network.communities(graph, seed=seed, weight="weight")


@pytest.mark.skipif(kernels is None, reason="nothing was compiled")
@pytest.mark.parametrize("times", [1, 4, 40, 70])
def test_compiled_paths_are_those_of_python(times):
    matrix = nx.to_scipy_sparse_array(chained(times), weight=None, dtype=float, format="csr")
    weights = np.arange(1.0, len(matrix.indptr))
    between, away = centrality._paths_within(matrix, weights)
    with without(centrality):
        passed, far = centrality._paths_within(matrix, weights)
    assert between.tolist() == passed.tolist()
    assert away.tolist() == far.tolist()


@pytest.mark.parametrize(
    "graph",
    [
        # two that are joined, a circle, several parts
        *(nx.path_graph(2), nx.cycle_graph(7), nx.disjoint_union(nx.path_graph(3), nx.star_graph(5))),
        # an edge from a node to itself, nodes without edges, many
        *(nx.Graph([(0, 0), (0, 1), (1, 2)]), nx.empty_graph(3), nx.gnm_random_graph(30, 60, seed=1)),
    ],
    ids=str,
)
def test_layout_equals_networkx(graph):
    graph = nx.relabel_nodes(graph, {node: f"n{node:02}" for node in graph})
    nx.set_edge_attributes(graph, {edge: 1 + i % 3 for i, edge in enumerate(graph.edges)}, "count")
    found = np.array(list(network.layout(graph, seed=3).values()))
    with without(forces):
        assert np.array(list(network.layout(graph, seed=3).values())).tobytes() == found.tobytes()
    for *_, data in graph.edges(data=True):
        data["count"] **= 0.5
    fixed = {"max_iter": 1000, "jitter_tolerance": 0.1, "strong_gravity": True, "linlog": True}
    with np.errstate(invalid="ignore", divide="ignore"):
        places = np.array(list(nx.forceatlas2_layout(graph, seed=3, weight="count", **fixed).values()))
    low, high = places.min(axis=0), places.max(axis=0)
    assert found == pytest.approx((places - low) / (high - low), abs=1e-3)


@pytest.mark.skipif(kernels is None, reason="nothing was compiled")
@pytest.mark.parametrize("size", [0, 1, 2, 3, 40])
def test_compiled_repulsion_is_that_of_python(size):
    x, y, mass = np.random.default_rng(size).random((3, size))
    across, down = forces._repulsion(x, y, mass)
    with without(forces):
        left, up = forces._repulsion(x, y, mass)
    assert (across.tobytes(), down.tobytes()) == (left.tobytes(), up.tobytes())


ROWS = np.array([0, 1, 2], np.int32), np.array([1, 0], np.int32)  # one edge
TWO, ONE, NONE = np.ones(2), np.ones(1), np.zeros(0)
NODES = np.zeros(2, np.int32)
BAD_ROWS = [
    (ROWS[0][:0], ROWS[1]),  # no start at all
    (np.array([0, 1, 3], np.int32), ROWS[1]),  # more edges than there are
    (np.array([0, 3, 2], np.int32), ROWS[1]),  # falling
    (np.array([1, 1, 2], np.int32), ROWS[1]),  # not from 0
    (np.array([0, -1, 2], np.int32), ROWS[1]),
    (ROWS[0], np.array([1, 2], np.int32)),  # no such node
    (ROWS[0], np.array([-1, 0], np.int32)),
    (ROWS[0], np.zeros(7, np.int8)),  # half a number
    (np.zeros(13, np.int8), ROWS[1]),
]
BAD = [
    *(("shortest_paths", (*rows, TWO, TWO.copy(), TWO.copy())) for rows in BAD_ROWS),
    *(("move_to_communities", (*rows, TWO, TWO, NODES, NODES.copy(), 1.0, 2.0, 1.0)) for rows in BAD_ROWS),
    # a column too short: weights, betweenness, distances
    *(("shortest_paths", (*ROWS, *columns)) for columns in ((ONE, TWO, TWO), (TWO, NONE, TWO), (TWO, TWO, ONE))),
    # too short: weights, degrees, communities; a node that is not there, half a node
    ("move_to_communities", (*ROWS, ONE, TWO, NODES, NODES.copy(), 1.0, 2.0, 1.0)),
    ("move_to_communities", (*ROWS, TWO, ONE, NODES, NODES.copy(), 1.0, 2.0, 1.0)),
    ("move_to_communities", (*ROWS, TWO, TWO, NODES, NODES[:1], 1.0, 2.0, 1.0)),
    ("move_to_communities", (*ROWS, TWO, TWO, NODES + 2, NODES.copy(), 1.0, 2.0, 1.0)),
    ("move_to_communities", (*ROWS, TWO, TWO, NODES - 1, NODES.copy(), 1.0, 2.0, 1.0)),
    ("move_to_communities", (*ROWS, TWO, TWO, np.zeros(5, np.int8), NODES.copy(), 1.0, 2.0, 1.0)),
    # columns of several lengths, half a number
    ("repulsion", (TWO, TWO, ONE, TWO.copy(), TWO.copy())),
    ("repulsion", (TWO, TWO, TWO, TWO.copy(), NONE)),
    ("repulsion", (np.zeros(9, np.int8),) * 5),
]


@pytest.mark.skipif(kernels is None, reason="nothing was compiled")
@pytest.mark.parametrize(("name", "buffers"), BAD)
def test_compiled_functions_refuse_bad_buffers(name, buffers):
    with pytest.raises(ValueError, match=r"wanted|no such node|the rows of a network"):
        getattr(kernels, name)(*buffers)


def test_summary_equals_networkx(tokens):
    graph = network.cooccurrence(tokens)
    groups = network.communities(graph)
    row = network.summary(graph, groups).iloc[0]
    assert (row["nodes"], row["edges"]) == (len(graph), graph.number_of_edges())
    assert row["isolates"] == nx.number_of_isolates(graph)
    assert row["components"] + row["isolates"] == nx.number_connected_components(graph)
    assert row["density"] == nx.density(graph)
    assert row["modularity"] == pytest.approx(nx.community.modularity(graph, groups, weight="count"))
    assert network.summary(nx.Graph()).iloc[0]["nodes"] == 0


# --- two modes, two networks, many resamples ------------------------------------------------------------------------


def test_bipartite():
    graph = network.bipartite(cut("甲甲，甲甲，乙乙。", "甲甲。", "空"))
    assert list(graph.nodes(data="bipartite")) == [("0", 0), ("1", 0), ("2", 0), ("乙乙", 1), ("甲甲", 1)]
    assert list(graph.edges(data="count")) == [("0", "乙乙", 1), ("0", "甲甲", 2), ("1", "甲甲", 1)]
    assert nx.is_bipartite(graph)
    assert network.bipartite(cut("甲甲，甲甲，乙乙。"), min_count=2).number_of_edges() == 1


@pytest.mark.parametrize("ids", [("a", "a"), ("甲甲", "b")])
def test_bipartite_needs_names(ids):
    segment = gt.Segmenter(gt.Lexicon(TERMS))
    with pytest.raises(OptionError, match="id"):
        network.bipartite([segment(gt.parse("甲甲。", id=id_)) for id_ in ids])


def test_difference():
    from scipy.stats import chi2_contingency

    a = network.cooccurrence(cut("甲甲，乙乙。" * 8 + "丙丙。" * 12), min_count=1)
    b = network.cooccurrence(cut("甲甲，乙乙。" * 2 + "丙丙，乙乙。" * 3 + "丙丙。" * 5), min_count=1)
    table = network.difference(a, b)
    assert list(table[["source", "target"]].itertuples(index=False, name=None)) == [("丙丙", "乙乙"), ("乙乙", "甲甲")]
    row = table.set_index("source").loc["乙乙"]
    test = chi2_contingency([[8, 12], [2, 8]], correction=False, lambda_="log-likelihood")
    assert (row["count_a"], row["count_b"]) == (8, 2)
    assert row["difference"] == pytest.approx(2 / 10 - 8 / 20)
    assert row["log_likelihood"] == pytest.approx(test.statistic)
    assert row["p"] == pytest.approx(test.pvalue)
    assert list(network.difference(b, a)["difference"]) == list(-table["difference"])
    assert len(network.difference(a, a)) == 1
    assert network.difference(a, a)["p"][0] == pytest.approx(1.0)


def test_what_a_threshold_hides_is_no_difference():
    # once of ten sentences, and twice of ten: a least count of 2 hides the first
    a, b = (cut("甲甲，乙乙。" * n + "甲甲。" * (10 - n)) for n in (1, 2))
    hidden = network.difference(network.cooccurrence(a), network.cooccurrence(b))
    seen = network.difference(network.cooccurrence(a, min_count=1), network.cooccurrence(b, min_count=1))
    assert hidden["p"][0] == pytest.approx(seen["p"][0])
    assert (hidden["count_a"][0], seen["count_a"][0]) == (0, 1)


@pytest.mark.parametrize("options", [{"unit": "paragraph"}, {"window": 5}])
def test_difference_needs_equal_units(options):
    a, b = network.cooccurrence(cut("甲甲，乙乙。")), network.cooccurrence(cut("甲甲，乙乙。"), **options)
    with pytest.raises(OptionError):
        network.difference(a, b)
    with pytest.raises(OptionError):
        network.difference(nx.Graph(), nx.Graph())
    with pytest.raises(OptionError):
        network.difference(network.cooccurrence([]), network.cooccurrence([]))


class Once:
    """A generator that draws every unit once."""

    def multinomial(self, units, chances, size):
        return np.tile([1] * (len(chances) - 1) + [units - len(chances) + 1], (size, 1))


@pytest.mark.parametrize("options", [{}, {"unit": "paragraph"}, {"window": 8}, {"terms": ["工作", "推进", "依法行政"]}])
def test_a_resample_that_is_the_sample_gives_the_network(tokens, options, monkeypatch):
    monkeypatch.setattr(np.random, "default_rng", lambda _: Once())
    graph = network.cooccurrence(tokens, min_count=1, **options)
    table = network.stability(tokens, graph, n=2, partitions=0)
    assert len(table) == graph.number_of_edges() > 0
    for name in ("count", "weight"):
        for bound in ("low", "high"):
            assert list(table[f"{name}_{bound}"]) == pytest.approx(list(table[name]))
    assert set(table["kept"]) == {1.0}


def test_stability():
    rows = cut("甲甲，乙乙。" * 30, "丙丙，丁丁。甲甲，丙丙。" + "空。" * 30)
    graph = network.cooccurrence(rows, min_count=1)
    table = network.stability(rows, graph, n=100, partitions=20)
    # the same whatever the order of the documents
    assert table.equals(network.stability(rows[::-1], graph, n=100, partitions=20))
    assert not table.equals(network.stability(rows, graph, n=100, partitions=20, seed=1))
    strong = table.set_index(["source", "target"]).loc["乙乙", "甲甲"]
    # 30 of 62 units: the percentiles of a binomial distribution lie some 8 to each side
    assert 20 <= strong["count_low"] <= 25
    assert 35 <= strong["count_high"] <= 40
    assert strong["same_community"] == 1.0
    assert (table["count_low"] <= table["count"]).all()
    assert table["kept"].between(0, 1).all()


WRONG_STABILITY = [{"n": 0}, {"level": 1.0}, {"n": 10, "partitions": 11}]


@pytest.mark.parametrize("options", WRONG_STABILITY)
def test_wrong_options_of_stability(options):
    rows = cut("甲甲，乙乙。")
    with pytest.raises(OptionError):
        network.stability(rows, network.cooccurrence(rows, min_count=1), **options)


def test_stability_needs_the_tokens_of_the_graph():
    graph = network.cooccurrence(cut("甲甲，乙乙。"), min_count=1)
    for rows in (cut("甲甲，乙乙。丙丙。"), cut("丙丙。")):
        with pytest.raises(OptionError, match="not built from these"):
            network.stability(rows, graph)
    with pytest.raises(OptionError, match="how it was built"):
        network.stability(cut("甲甲"), nx.Graph())


# --- files ----------------------------------------------------------------------------------------------------------

HOSTILE = ["=1+1", "'单引号", '双"引号', "a b", "<标签>&", "\x07响铃", "-减", "换\n行"]
# What each format keeps: node attributes, edge attributes.
FORMATS = [
    (".graphml", True, True),
    (".gexf", True, True),
    (".net", False, False),
    (".csv", False, True),
    (".txt", False, False),
]


@pytest.mark.parametrize(("suffix", "nodes", "edges"), FORMATS)
def test_what_is_written_is_read_back(tokens, tmp_path, suffix, nodes, edges):
    graph = network.cooccurrence(tokens, measures=["npmi"])
    written = network.write(graph, tmp_path / f"net{suffix}")
    assert all(path.is_file() for path in written)
    again = network.read(written[0])
    assert {tuple(sorted(edge)) for edge in again.edges} == set(graph.edges)
    assert counts_of(again) == counts_of(graph)
    if suffix != ".csv":  # a list of edges has no node without one
        assert list(again) == list(graph)
    if nodes:
        assert dict(again.nodes(data=True)) == dict(graph.nodes(data=True))
    if edges:
        for edge in graph.edges:
            assert again.edges[edge] == pytest.approx(graph.edges[edge], rel=1e-5)


def test_nodes_have_the_labels_that_gephi_shows(tmp_path):
    graph = network.cooccurrence(cut("甲甲，乙乙。"), min_count=1)
    (path,) = network.write(graph, tmp_path / "a.graphml")
    assert nx.read_graphml(path).nodes["甲甲"]["label"] == "甲甲"
    assert "label" not in network.read(path).nodes["甲甲"]


@pytest.mark.parametrize("suffix", [row[0] for row in FORMATS])
def test_any_label_survives(tmp_path, suffix):
    graph = nx.Graph()
    graph.add_edges_from((a, "政府", {"count": n}) for n, a in enumerate(HOSTILE, start=1))
    again = network.read(network.write(graph, tmp_path / f"net{suffix}")[0])
    assert len(again) == len(graph)
    assert sorted(count for *_, count in again.edges(data="count")) == list(range(1, len(HOSTILE) + 1))


@pytest.mark.parametrize("suffix", [row[0] for row in FORMATS])
def test_equal_networks_give_equal_files(tmp_path, suffix):
    texts = ["甲甲，乙乙。丙丙，甲甲。", "乙乙，丙丙，丁丁。"]
    for name, order in (("a", texts), ("b", texts[::-1])):
        graph = network.cooccurrence(cut(*order), min_count=1)
        network.write(
            graph, tmp_path / f"{name}{suffix}", groups=network.communities(graph), positions=network.layout(graph)
        )
    for path in tmp_path.glob("a*"):
        assert path.read_bytes() == path.with_name("b" + path.name[1:]).read_bytes()


def test_files_of_vosviewer(tmp_path):
    graph = network.cooccurrence(cut("甲甲，乙乙。甲甲，乙乙。甲甲，丙丙。"), min_count=1)
    files = network.write(graph, tmp_path / "n.txt", groups=[{"甲甲", "乙乙"}, {"丙丙"}], positions={"甲甲": (0.5, 1)})
    assert [path.name for path in files] == ["n-map.txt", "n-network.txt"]
    assert files[0].read_text(encoding="utf-8-sig").splitlines() == [
        "id\tlabel\tx\ty\tcluster\tweight<Links>\tweight<Total link strength>\tweight<Occurrences>",
        "1\t丙丙\t0.0000\t0.0000\t2\t1\t1\t1",
        "2\t乙乙\t0.0000\t0.0000\t1\t1\t2\t2",
        "3\t甲甲\t0.5000\t1.0000\t1\t2\t3\t3",
    ]
    assert files[1].read_text(encoding="utf-8") == "1\t3\t1\n2\t3\t2\n"


def test_a_pajek_file(tmp_path):
    (path,) = network.write(weighted(ab=2), tmp_path / "n.net", positions={"a": (0, 0.25)})
    assert path.read_text(encoding="utf-8-sig") == '*Vertices 2\n1 "a" 0.0000 0.2500\n2 "b"\n*Edges\n1 2 2\n'


BAD_FILES = [
    ("a.xyz", b"", OptionError),  # no such format
    ("missing.graphml", None, ReadError),
    ("a.graphml", b"<graphml", ReadError),  # cut short
    ("a.gexf", b"nothing", ReadError),
    ("a.net", b"nothing", ReadError),
    ("b.net", b"*Vertices 1\n*Edges\n1 2 1\n", ReadError),  # an edge of unknown vertices
    ("a.csv", b"from,to\n1,2\n", ReadError),  # other columns
    ("a.csv", "甲".encode("gb18030"), ReadError),  # another encoding
    ("a-map.txt", b"id\tlabel\n1\ta\n", ReadError),  # without its network
]


@pytest.mark.parametrize(("name", "data", "error"), BAD_FILES)
def test_bad_files_are_named(tmp_path, name, data, error):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(error, match=name.split(".")[0]):
        network.read(tmp_path / name)


def test_writing_refuses(tmp_path):
    with pytest.raises(OptionError):
        network.write(nx.Graph(), tmp_path / "a.xyz")
    with pytest.raises(OutputError):
        network.write(nx.Graph(), tmp_path / "missing" / "a.net")


# --- compiled and not ----------------------------------------------------------------------------------------------

MATRICES = st.integers(0, 30).flatmap(
    lambda units: st.lists(st.lists(st.booleans(), min_size=units, max_size=units), max_size=40).map(
        lambda rows: np.array(rows, np.int32).reshape(len(rows), units)
    )
)


@pytest.mark.skipif(kernels is None, reason="nothing was compiled")
@given(MATRICES, st.integers(1, 4))
def test_compiled_counts_are_those_of_the_product(rows, least):
    compiled = edges.shared_counts(sp.csr_matrix(rows), least)
    plain = edges._products(sp.csr_matrix(rows), least)
    assert compiled.shape == plain.shape == (len(rows), len(rows))
    for part in ("indptr", "indices", "data"):
        assert getattr(compiled, part).tolist() == getattr(plain, part).tolist()
    assert compiled.data.dtype == plain.data.dtype
    assert compiled.indices.dtype == plain.indices.dtype


@pytest.mark.skipif(kernels is None, reason="nothing was compiled")
def test_compiled_counts_of_few_among_many():
    """Rows with few units count those met, not all; both ways meet here."""
    rows = sp.random(400, 300, density=0.01, format="csr", random_state=1, dtype=float)
    rows = sp.csr_matrix((np.ones(rows.nnz, np.int32), rows.indices, rows.indptr), shape=rows.shape)
    assert (edges.shared_counts(rows, 1) != edges._products(rows, 1)).nnz == 0


@pytest.mark.parametrize("measures", [(), ("jaccard", "log_likelihood")])
def test_the_graph_is_the_same_where_nothing_was_compiled(tokens, monkeypatch, measures):
    compiled = network.cooccurrence(tokens, min_count=1, measures=measures)
    monkeypatch.setattr(edges, "kernels", None)
    plain = network.cooccurrence(tokens, min_count=1, measures=measures)
    assert [*compiled.nodes(data=True)] == [*plain.nodes(data=True)]
    assert [*compiled.edges(data=True)] == [*plain.edges(data=True)]
    a, b = next(iter(plain.edges))
    assert compiled.edges[a, b] is compiled.edges[b, a]  # networkx changes both ends at once
