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

from govtext import keywords, network, plots
from govtext.errors import FontError, OptionError, OutputError


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
        plots._family.cache_clear()
        with plots.style():
            assert Path(findfont(family)) == plots.chinese_font()
    plots._family.cache_clear()


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
        results=[SimpleNamespace(document=tokens.document)],
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
            width = plots._width(dot.caption.text) * dot.caption.size
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
