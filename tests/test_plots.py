"""Figures: Chinese is there, bytes repeat, nothing global changes, labels do not cover each other."""

import io
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import matplotlib as mpl
import networkx as nx
import pytest
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.text import Text

import govtext as gt
from govtext import classify, keywords, network, plots
from govtext.errors import FontError, OptionError, OutputError
from govtext.plots import fonts
from govtext.plots.picture import _width as width_of


@pytest.fixture(scope="module")
def graph(tokens):
    return network.cooccurrence(tokens)


@pytest.fixture(scope="module")
def figures(tokens, graph):
    bars, drawing = Figure(figsize=(6, 4)), Figure(figsize=(9, 6))
    plots.keywords(bars.subplots(), keywords.tfidf(tokens), n=8)
    plots.network(drawing.subplots(), graph, positions=network.layout(graph), communities=network.communities(graph))
    return {"keywords": bars, "network": drawing}


def test_importing_is_quick():
    code = "import sys, govtext.plots; print(sorted({'matplotlib', 'networkx', 'fontTools', 'textalloc'} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_the_font_has_chinese():
    with TTFont(plots.chinese_font()) as font:
        assert {ord(c) for c in "法治政府建设，〔2022〕"} <= font.getBestCmap().keys()


@pytest.mark.parametrize(
    ("installed", "found"),
    [
        (["DejaVu Sans", "SimHei"], "SimHei"),  # a font of the system
        (["SimHei", "Noto Sans CJK SC"], "Noto Sans CJK SC"),  # in the order of our list
        (["DejaVu Sans"], None),  # none has Chinese
    ],
)
def test_without_the_packaged_font(monkeypatch, installed, found):
    from matplotlib.font_manager import FontEntry, fontManager

    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    monkeypatch.setattr(fontManager, "ttflist", [FontEntry(fname=f"/{name}.ttf", name=name) for name in installed])
    plots.chinese_font.cache_clear()
    try:
        if found:
            assert plots.chinese_font().stem == found
        else:
            with pytest.raises(FontError, match="pip install pylopdf-fonts-zh-cn"):
                plots.chinese_font()
    finally:
        plots.chinese_font.cache_clear()


def test_our_font_wins_over_one_of_the_same_name(monkeypatch):
    from matplotlib.font_manager import FontEntry, FontProperties, fontManager

    family = str(FontProperties(fname=plots.chinese_font()).get_name())
    other = FontEntry(fname=findfont("DejaVu Sans"), name=family, weight=400, size="scalable")
    with monkeypatch.context() as patch:
        patch.setattr(fontManager, "ttflist", [other, *fontManager.ttflist])
        fonts._family.cache_clear()
        with plots.style():
            assert Path(findfont(family)) == plots.chinese_font()
    fonts._family.cache_clear()


# What a user may have set: line widths, colours, sizes, and how files are saved.
RC = """
lines.linewidth: 7
axes.facecolor: red
axes.grid: True
figure.facecolor: black
font.size: 30
savefig.dpi: 33
savefig.bbox: tight
svg.fonttype: none
path.sketch: 5, 100, 2
"""


def test_the_settings_of_the_user_change_nothing(tokens, graph, tmp_path):
    from govtext.report import files

    found = SimpleNamespace(
        comparison=None,
        options=SimpleNamespace(analyses=("network", "keywords", "sections")),
        titles={tokens.document.id: "报告"},
        results=[
            SimpleNamespace(
                document=tokens.document,
                themes=classify.themes(tokens.document),
                roles=classify.roles(tokens.document),
            )
        ],
        keywords=keywords.tfidf(tokens, n=20),
        drawn=(graph, network.layout(graph)),
        communities=network.communities(graph),
    )
    (tmp_path / "rc").write_text(RC)
    files.write_figures(found, tmp_path / "plain")
    with mpl.rc_context(fname=tmp_path / "rc"):
        files.write_figures(found, tmp_path / "set")
    for path in (tmp_path / "plain").iterdir():
        assert path.read_bytes() == (tmp_path / "set" / path.name).read_bytes()


@pytest.mark.parametrize("name", ["keywords", "network"])
def test_chinese_is_drawn_with_our_font(figures, name, tmp_path):
    plots.save(figures[name], tmp_path / "a.svg")  # a missing glyph is a warning, and warnings are errors here
    texts = [text for text in figures[name].findobj(Text) if re.search("[\u4e00-\u9fff]", text.get_text())]
    assert len(texts) > 8
    assert {Path(findfont(text.get_fontproperties())) for text in texts} == {plots.chinese_font()}


@pytest.mark.parametrize("name", ["keywords", "network"])
@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
def test_saving_twice_gives_the_same_bytes(figures, name, suffix, tmp_path):
    for stem in "ab":
        plots.save(figures[name], tmp_path / (stem + suffix))
    data = (tmp_path / f"a{suffix}").read_bytes()
    assert data == (tmp_path / f"b{suffix}").read_bytes()
    assert b"dc:date" not in data
    assert b"CreationDate" not in data


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("a.jpg", OptionError),  # a format whose bytes we do not promise
        ("a", OptionError),  # no suffix
        ("missing/a.svg", OutputError),  # no such folder
    ],
)
def test_saving_refuses(figures, tmp_path, name, error):
    with pytest.raises(error):
        plots.save(figures["keywords"], tmp_path / name)


def test_global_settings_stay(graph, tmp_path):
    before = dict(mpl.rcParams)
    figure = Figure()
    plots.network(figure.subplots(), graph, positions=network.layout(graph))
    plots.save(figure, tmp_path / "a.png")
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(
    "term",
    [
        "$法治$",  # no formula
        "\x07法治",  # a control character
        "习近平新时代中国特色社会主义思想主题教育",  # longer than a label
    ],
)
def test_any_term_can_be_drawn(term, tmp_path):
    graph = nx.Graph()
    graph.add_edge(term, "政府", count=2)
    figure = Figure()
    plots.network(figure.subplots(), graph, positions={term: (0, 0), "政府": (1, 1)})
    plots.save(figure, tmp_path / "a.svg")


def test_nothing_can_be_drawn(tmp_path):
    figure = Figure()
    left, right = figure.subplots(1, 2)
    plots.network(left, nx.Graph(), positions={})
    plots.keywords(right, [])
    plots.save(figure, tmp_path / "a.png")


def chain(n):
    """A path, with a stronger triangle at its end, and a pair apart."""
    graph = nx.Graph()
    graph.add_edges_from((f"n{i:02}", f"n{i + 1:02}", {"count": 2}) for i in range(n))
    graph.add_edges_from([("n00", "n02", {"count": 9}), ("x", "y", {"count": 5})])
    return graph


@pytest.mark.parametrize(
    ("nodes", "edges", "kept"),
    [
        (99, 99, (13, 12)),  # a small graph is kept whole
        (99, 10, (13, 11)),  # what hangs together stays so, though that takes more edges than asked for: 13 - 2
        (3, 99, (2, 1)),  # of the three strongest n00, n02 have an edge, x has none among them
        (0, 0, (0, 0)),
    ],
)
def test_skeleton(nodes, edges, kept):
    graph = chain(10)
    small = plots.skeleton(graph, nodes=nodes, edges=edges)
    assert (len(small), small.number_of_edges()) == kept
    assert all(graph.has_edge(a, b) for a, b in small.edges)
    assert list(small) == sorted(small)


def test_colours_follow_the_drawn_size():
    groups = [{"a", "b", "c"}, {"d", "e"}, {"f"}]
    found = plots.colour_of("adef", groups)
    assert found["d"] == found["e"] == plots.PALETTE[0]  # the second is the largest of what is drawn
    assert found["a"] == plots.PALETTE[1]
    assert plots.colour_of("ab", []) == dict.fromkeys("ab", plots.REST)
    many = [{str(i)} for i in range(20)]
    assert list(plots.colour_of(map(str, range(20)), many).values()).count(plots.REST) == 12


def test_the_palette_differs_in_grey():
    def grey(colour):
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    levels = [grey(colour) for colour in plots.PALETTE]
    assert levels == sorted(levels)
    assert min(b - a for a, b in pairwise(levels)) > 15


def boxes(picture):
    for dot in picture.dots:
        if dot.caption.shown:
            width = width_of(dot.caption.text) * dot.caption.size
            left = dot.caption.x - {"start": 0, "middle": 0.5, "end": 1}[dot.caption.anchor] * width
            yield left, dot.caption.y - 0.8 * dot.caption.size, left + width, dot.caption.y + 0.1 * dot.caption.size


@pytest.mark.parametrize("scale", [1.0, 0.2])  # as laid out, and with all nodes in a corner
def test_labels_of_the_picture_cover_no_other(graph, scale):
    positions = {node: (scale * x, scale * y) for node, (x, y) in network.layout(graph).items()}
    picture = plots.picture(graph, positions=positions, communities=network.communities(graph))
    found = list(boxes(picture))
    assert found
    assert all(min(a, b) >= 0 and c <= picture.width and d <= picture.height for a, b, c, d in found)
    for i, one in enumerate(found):
        for two in found[:i]:
            assert one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
    if scale == 1.0:
        assert len(found) == len(graph)


def test_picture(graph):
    picture = plots.picture(graph, positions=network.layout(graph))
    assert {dot.term for dot in picture.dots} == set(graph)
    strengths = [dot.strength for dot in picture.dots]
    assert strengths == sorted(strengths, reverse=True)
    for i, dot in enumerate(picture.dots):
        assert {picture.dots[n].term for n in dot.near} == set(graph[dot.term])
        assert all(i in picture.dots[n].near for n in dot.near)
    assert len(picture.strokes) == graph.number_of_edges()
    assert plots.picture(nx.Graph(), positions={}) == plots.Picture(1000, 680, (), ())


def test_web_font():
    data = plots.web_font("法治政府abc\U0010ffff")
    assert data == plots.web_font("法治政府abc\U0010ffff")
    assert len(data) < 10_000
    with TTFont(io.BytesIO(data)) as font:
        assert set(font.getBestCmap()) == {ord(c) for c in "法治政府abc"}


def test_themes_by_roles_and_the_strip(report, segment):
    themes, roles = classify.themes(report, segment=segment), classify.roles(report, segment=segment)
    taxonomy = classify.Taxonomy.of(report)
    names = {topic.label: topic.name for topic in taxonomy.topics}
    figure = Figure(figsize=(8, 6))
    above, below = figure.subplots(2, 1)
    plots.strip(above, themes, taxonomy.labels, names=names)
    plots.role_shares(below, classify.role_shares(themes, roles), names=names)
    assert len(above.patches) == len(themes)
    found = {label.label for label in themes}
    assert {text.get_text() for text in above.get_legend().get_texts()} == {names[label] for label in found}
    assert next(label.get_text() for label in below.get_yticklabels()) == names["leadership"]
    cells = [float(text.get_text()) for text in below.texts if text.get_text()]
    assert sum(cells) == pytest.approx(100, abs=0.05 * len(cells))


def test_nothing_to_draw():
    figure = Figure()
    above, below = figure.subplots(2, 1)
    plots.strip(above, [], ("a",))
    plots.role_shares(below, classify.role_shares([], []))


def test_label_colours():
    colours = plots.label_colours(classify.Taxonomy.default().labels)
    assert len(set(colours.values())) == len(colours)  # ten themes and other
    assert plots.label_colours([f"t{n}" for n in range(12)])["t11"] == plots.REST


def test_labels_of_the_figure_cover_no_other(tokens):
    wide = network.cooccurrence(tokens, unit="paragraph", min_count=1)
    graph = plots.skeleton(wide, nodes=54, edges=108, weight="weight")
    groups = network.communities(graph, weight="weight")
    figure = Figure(figsize=(10, 7), dpi=120, layout="constrained")
    positions = network.layout(graph, weight="weight")
    plots.network(figure.subplots(), graph, positions=positions, communities=groups, labels=len(graph))
    figure.draw_without_rendering()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    found = [text.get_window_extent() for text in texts]
    assert len(texts) > len(graph)  # every node has its label, and there is a legend
    for i, one in enumerate(found):
        assert not any(one.shrunk(0.99, 0.99).overlaps(two) for two in found[:i]), texts[i]
        assert figure.bbox.x0 <= one.x0
        assert one.x1 <= figure.bbox.x1


def test_the_legend_names_communities_and_shapes_differ(graph):
    figure = Figure(figsize=(10, 7), layout="constrained")
    ax = figure.subplots()
    groups = network.communities(graph)
    plots.network(ax, graph, positions=network.layout(graph), communities=groups)
    entries = [text.get_text() for text in ax.get_legend().get_texts()]
    assert entries[0].startswith(network.community_names(graph, groups, n=1)[0])
    markers = [line.get_marker() for line in ax.get_legend().get_lines()]
    assert len(set(markers[:8])) == len(markers[:8])
    bare = Figure().subplots()
    plots.network(bare, graph, positions=network.layout(graph), communities=groups, legend=False)
    assert bare.get_legend() is None


def test_colours_of_a_category(graph):
    ax = Figure().subplots()
    plots.network(ax, graph, positions=network.layout(graph), communities="category")
    categories = {data["category"] or "—" for _, data in graph.nodes(data=True)}
    entries = {text.get_text() for text in ax.get_legend().get_texts()}
    assert len(entries & categories) == min(8, len(categories))


def test_interactive(tokens, graph):
    html = plots.interactive(graph, positions=network.layout(graph), tokens=tokens)
    assert html == plots.interactive(graph, positions=network.layout(graph), tokens=tokens)
    assert html.count("<line ") == graph.number_of_edges()
    assert not re.search(r"(?:src|href)=|@import|url\((?!data:)", html)  # nothing is loaded
    a, b, count = next(iter(graph.edges(data="count")))
    rows = re.findall(r'net-name">(.*?)</span>.*?<ul class="evidence">(.*?)</ul>', html, re.DOTALL)
    assert len(rows) == graph.number_of_edges()
    (found,) = (listed for name, listed in rows if set(name.split(" — ")) == {a, b})
    assert found.count("<li>") == min(count, 5)
    assert {a, b} <= set(re.findall("<mark>(.*?)</mark>", found))
    assert 'class="evidence"' not in plots.interactive(graph, positions=network.layout(graph))


@pytest.mark.parametrize("term", ["<script>alert(1)</script>", "a&b", '"'])
def test_terms_are_text_on_the_page(term):
    graph = nx.Graph()
    graph.add_edge(term, "政府", count=2)
    html = plots.interactive(graph, positions={term: (0, 0), "政府": (1, 1)})
    assert html.count("<script>") == 1
    assert f">{term}<" not in html or term == '"'


PASSAGES = [
    # a sentence, in pieces, every second a mention
    ({}, "建设甲甲和乙乙。", [("建设", "甲甲", "和", "乙乙", "。")]),
    # of a paragraph the sentences that mention either, a gap for the others
    ({"unit": "paragraph"}, "甲甲。空。和乙乙。", [("", "甲甲", "。…和", "乙乙", "。")]),
    # of a window the sentence around it
    ({"window": 5}, "建设甲甲和乙乙。", [("建设", "甲甲", "和", "乙乙", "。")]),
]


@pytest.mark.parametrize(("options", "text", "expected"), PASSAGES)
def test_passages(options, text, expected):
    tokens = [gt.Segmenter(gt.Lexicon(["甲甲", "乙乙"]))(gt.parse(text))]
    graph = network.cooccurrence(tokens, min_count=1, **options)
    (found,) = plots.passages(graph, [("甲甲", "乙乙")], tokens)
    assert [passage.pieces for passage in found] == expected
