"""The figures of a corpus, composed for one or two columns of a journal, with captions from the data (成组的图)."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from govtext import classify, compare, counts, keywords, network, plots, provenance
from govtext.document import LEVELS
from govtext.errors import OptionError
from govtext.tokens import Segmenter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import networkx as nx
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from govtext.document import Document, Section
    from govtext.indicators import Indicator
    from govtext.plots import Lang, Width
    from govtext.report.analysis import Analysis, Result
    from govtext.tokens import Tokens

# How many documents a figure shows, so that a page holds it: of keywords, and of strips with matrices.
PANELS: dict[Width, int] = {"one": 3, "two": 6}
STRIPS: dict[Width, int] = {"one": 1, "two": 3}
ROWS = 45  # of text on a page
NODES = 26  # of a network in one column
TITLE, BARE = 12, 4  # points between a figure and its title, with numbers of chapters between them and without
ROW = 4.3  # millimetres of a row of text


class Sheet(NamedTuple):
    """How figures are drawn (版式).

    Attributes:
        width: "one" column of a journal or "two".
        lang: of what is not a term.
        reference: what the documents are compared with; empty: the years before the last.
        indicator: the name of the indicator that is drawn by place; empty: the one that most places give.
    """

    width: Width = "two"
    lang: Lang = "zh"
    reference: tuple[Tokens, ...] = ()
    indicator: str = ""

    def say(self, zh: str, en: str) -> str:
        """Return which of the two is meant."""
        return zh if self.lang == "zh" else en


class Drawn(NamedTuple):
    """A figure with what stands under it (图及图题): the caption, and a note on unit, test and numbers."""

    figure: Figure
    caption: str
    note: str


def draw(analysis: Analysis, names: Sequence[str], sheet: Sheet) -> dict[str, Drawn]:
    """Draw the figures named that the corpus allows, in the order of `FIGURES` (绘制).

    Raises:
        OptionError: there is no figure of a name.
    """
    check(names)
    with plots.style():
        found = {name: draw(analysis, sheet) for name, draw in FIGURES.items() if name in names}
    return {name: drawn for name, drawn in found.items() if drawn is not None}


def check(names: Sequence[str]) -> None:
    """Make sure that all are names of figures (检查图名).

    Raises:
        OptionError: one is not.
    """
    unknown = next((name for name in names if name not in FIGURES), None)
    if unknown is not None:
        raise OptionError(f"no figure {unknown!r}", remedy=f"choose from {', '.join(FIGURES)}")


def captions(drawn: Mapping[str, Drawn]) -> str:
    """Return what stands under figures as Markdown, one section a figure (图题)."""
    return "\n".join(f"## {name}\n\n**{one.caption}**\n\n{one.note.strip()}\n" for name, one in drawn.items())


def _panels(count: int, sheet: Sheet, height: float, *, columns: int | None = None) -> tuple[Figure, list[Axes]]:
    """Return a figure with so many axes, in two columns where there are several and there is room."""
    across = columns or (2 if count > 1 and sheet.width == "two" else 1)
    down = -(-max(count, 1) // across)
    figure = plots.canvas(sheet.width, height=height * down)
    figure.set_layout_engine("constrained", h_pad=0.08 if down > 1 else 0.04)  # a title is nearer to its own panel
    axes = list(figure.subplots(down, across, squeeze=False).flat)
    for ax in axes[max(count, 1) :]:
        ax.remove()
    return figure, axes[: max(count, 1)]


def _title(ax: Axes, analysis: Analysis, document: Document, *, most: int = 22, pad: float = BARE) -> None:
    ax.set_title(plots.label(analysis.titles[document.id], most=most), size=8.5, loc="left", pad=pad)


def _several(analysis: Analysis, sheet: Sheet, most: int) -> str:
    """Return what is said where not all documents are shown."""
    n = len(analysis.results)
    return sheet.say(f"共 {n} 篇，图示前 {most} 篇。", f"The first {most} of {n} documents.") if n > most else ""


# --- of each document -----------------------------------------------------------------------------------------------


def _network(analysis: Analysis, sheet: Sheet) -> Drawn | None:
    if not len(analysis.drawn[0]):
        return None
    figure = plots.canvas(sheet.width, height=125 if sheet.width == "two" else 100)
    graph, positions = analysis.drawn if sheet.width == "two" else _small(analysis)
    ax = figure.subplots()
    plots.network(
        ax, graph, positions=positions, communities=analysis.communities, labels=len(graph),
        lang=sheet.lang,
    )  # fmt: skip
    unit = UNITS[str(graph.graph.get("unit", "sentence"))][sheet.lang == "en"]
    n, edges = len(graph), graph.number_of_edges()
    total, joined = len(analysis.overview), analysis.overview.number_of_edges()
    note = sheet.say(
        f"共现单元为{unit}；图示 {n} 个术语、{edges} 条边（全网 {total} 个术语、{joined} 条边）。圆的面积与强度成正比，"
        "线宽与共现次数成正比，颜色与形状为社群。",
        f"Terms that share a {unit}; {n} terms and {edges} edges of {total} and {joined}. Areas are in proportion to "
        "strength, widths of lines to counts; colour and shape are the community.",
    )
    bare = n - len(ax.texts)
    if bare:
        note += sheet.say(f"{bare} 个术语因无空位未标名。", f" {bare} terms have no room for a name.")
    return Drawn(figure, sheet.say("政策术语共现网络", "Co-occurrence network of policy terms"), note)


def _small(analysis: Analysis) -> tuple[nx.Graph[str], dict[str, tuple[float, float]]]:
    """Return as much of the network as fits into one column, and where its nodes stand."""
    graph = plots.skeleton(analysis.overview, nodes=NODES, edges=2 * NODES, weight="weight")
    return graph, network.layout(graph, seed=provenance.SEED, weight="weight")


UNITS = {
    "sentence": ("同一句", "sentence"),
    "paragraph": ("同一段", "paragraph"),
    "section": ("同一章节", "section"),
    "document": ("同一文档", "document"),
    "window": ("词窗", "window of words"),
}


def _keywords(analysis: Analysis, sheet: Sheet) -> Drawn:
    most = PANELS[sheet.width]
    results = analysis.results[:most]
    n = 20 if len(results) == 1 else 10
    figure, axes = _panels(len(results), sheet, 14 + ROW * n)
    for ax, result in zip(axes, results, strict=True):
        rows = [keyword for keyword in analysis.keywords if keyword.document == result.document.id]
        plots.keywords(ax, rows, n=n, lang=sheet.lang)
        if len(results) > 1:
            _title(ax, analysis, result.document)
    one = len(analysis.results) == 1
    base = sheet.say("本文各章节" if one else "全部文档", "the sections of the document" if one else "all documents")
    note = sheet.say(f"TF-IDF 的 idf 取自{base}；条末为出现次数。", f"idf over {base}; numbers are occurrences. ")
    return Drawn(figure, sheet.say("关键词", "Keywords"), note + _several(analysis, sheet, most))


def _intervals(analysis: Analysis, sheet: Sheet) -> Drawn | None:
    """Draw the keywords of each chapter of the first document, with the intervals of their ranks."""
    result = analysis.results[0]
    chapters = _chapters(result.document)
    found = {name: rows for name, part in chapters if (rows := _stable(result.tokens.within(part)))}
    if not found:
        return None
    many = sum(len(rows) for rows in found.values()) + len(found)
    figure, (ax,) = _panels(1, sheet, 12 + 4.0 * many)
    plots.section_keywords(ax, found, lang=sheet.lang)
    note = sheet.say(
        f"位次的 95% 区间由句子的自助重抽样（{RESAMPLES} 次）得出；横轴为对数刻度。",
        f"95% intervals of ranks from a bootstrap of sentences ({RESAMPLES} resamples); logarithmic scale.",
    )
    title = analysis.titles[result.document.id]
    return Drawn(figure, sheet.say(f"各章节关键词：{title}", f"Keywords of each chapter: {title}"), note)


RESAMPLES, MOST_CHAPTERS, LEAST_SENTENCES = 500, 8, 10


def _chapters(document: Document) -> list[tuple[str, Any]]:
    """Return what the sections of the highest level are called and where they stand; the document where it has none."""
    return [(section.line, section.span) for section in _top(document)[:MOST_CHAPTERS]]


def _top(document: Document) -> list[Section]:
    """Return the sections of the highest level; the numbered notes of an appendix are of a lower one."""
    outer = [section for section in document.sections if section.parent is None and section.level != "point"]
    highest = min((LEVELS.index(section.level) for section in outer), default=0)
    return [section for section in outer if LEVELS.index(section.level) == highest]


def _stable(tokens: Tokens) -> list[keywords.Stability]:
    start, end = tokens.span
    if sum(start <= sentence.start < end for sentence in tokens.document.sentences) < LEAST_SENTENCES:
        return []
    return keywords.stability(tokens, n=5, block="sentence", resamples=RESAMPLES)


def _sections(analysis: Analysis, sheet: Sheet) -> Drawn:
    """Draw for each document the strip of its themes and the matrix of themes by roles, up to three."""
    most = STRIPS[sheet.width]
    results = analysis.results[:most]
    n = max(len(results), 1)
    wide = sheet.width == "two"
    figure = plots.canvas(sheet.width, height=n * (62 if wide else 118))
    figure.set_layout_engine("constrained", w_pad=0.08)
    shape: dict[str, Any] = {"width_ratios": [1.5, 1]} if wide else {}
    panels = figure.subplots(n if wide else 2 * n, 2 if wide else 1, squeeze=False, **shape).reshape(-1, 2)
    for (left, right), result in zip(panels, results, strict=False):
        names, taxonomy = _names(result.document, sheet), classify.Taxonomy.of(result.document)
        shares = classify.role_shares(result.themes, result.roles)
        found = [one for one in taxonomy.labels if one in {label.label for label in result.themes}]
        plots.strip(
            left, result.themes, taxonomy.labels, names=names, headings=_numerals(result.document), lang=sheet.lang
        )
        order = [one for one in classify.Taxonomy.roles().labels if one in shares.columns]
        shares = shares.reindex(index=found, columns=order) if found else shares
        plots.role_shares(right, shares, names=names, themes=not wide, lang=sheet.lang)
        if wide:  # both have the same rows, but for the first, so one list of names serves
            right.set_ylim(len(found) + 0.1, -1.1)
        if len(results) > 1:
            _title(left, analysis, result.document, most=26, pad=TITLE)
    paragraphs = sum(len(result.themes) for result in results)
    note = sheet.say(
        f"左：各段主题在文中的位置；右：主题与功能，占段落的百分比。n = {paragraphs} 段。",
        f"Left: where the paragraphs of each theme stand; right: themes by roles, per cent of paragraphs. "
        f"n = {paragraphs} paragraphs. ",
    )
    return Drawn(figure, sheet.say("主题与功能", "Themes and roles"), note + _several(analysis, sheet, most))


def _names(document: Document, sheet: Sheet) -> dict[str, str]:
    """Return what is written for themes and roles; their codes are English."""
    taxonomies = (classify.Taxonomy.of(document), classify.Taxonomy.roles())
    topics = [topic for taxonomy in taxonomies for topic in taxonomy.topics]
    return {topic.label: sheet.say(topic.name or topic.label, topic.label.replace("-", " ")) for topic in topics}


def _numerals(document: Document) -> dict[int, str]:
    """Return where the chapters of a document begin, and their numbers, without brackets and 、 to save room."""
    return {section.span.start: section.path.strip("（()）、.．· ") for section in _top(document)}


# --- of several documents -------------------------------------------------------------------------------------------


def _attention(analysis: Analysis, sheet: Sheet) -> Drawn | None:
    found = analysis.comparison
    rows = [row for row in found.attention if row.boilerplate == "in"] if found else []
    groups = len({row.group for row in rows})
    if groups < 2:
        return None
    years = all(isinstance(row.group, int) for row in rows)
    height = (80 if sheet.width == "two" else 75) if years else 22 + (2 + ROW) * groups
    figure = plots.canvas(sheet.width, height=height)
    english = category_names() if sheet.lang == "en" else None
    plots.attention(figure.subplots(), rows, n=6 if years else 4, lang=sheet.lang, written=english)
    unit = sheet.say(*DRAWN[rows[0].unit])
    note = sheet.say(
        f"句子占比；95% 区间由{unit}的自助重抽样得出；n = {len(analysis.results)} 篇，"
        f"{sum(_once(rows).values()):,} 句。",
        f"Share of sentences; 95% intervals from a bootstrap of {unit}; n = {len(analysis.results)} documents, "
        f"{sum(_once(rows).values()):,} sentences.",
    )
    return Drawn(figure, sheet.say("对各议题的关注度", "Attention to topics"), note)


@lru_cache(maxsize=1)
def category_names() -> Mapping[str, str]:
    """Return what the categories of the lexicon are called in English (类别英文名)."""
    lines = (files("govtext") / "data" / "categories.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines[1:] if line)


DRAWN = {"document": ("文档", "documents"), "paragraph": ("段落", "paragraphs")}


def _once(rows: Sequence[compare.Attention]) -> dict[int | str, int]:
    """Return how many sentences each group has."""
    return {row.group: row.sentences for row in rows}


def _sides(analysis: Analysis, sheet: Sheet) -> tuple[list[Tokens], list[Tokens], tuple[str, str]] | None:
    """Return the target and the reference of a comparison, and what they are called.

    The reference is what is given; without it the year before the last, or the other of two documents.
    """
    tokens = analysis.tokens
    if sheet.reference:
        return tokens, list(sheet.reference), (_called(tokens, sheet), _called(sheet.reference, sheet))
    years = sorted({t.document.metadata.year for t in tokens if t.document.metadata.year is not None})
    if len(years) > 1:
        last, before = ([t for t in tokens if t.document.metadata.year == year] for year in (years[-1], years[-2]))
        return last, before, (str(years[-1]), str(years[-2]))
    if len(tokens) == 2:
        return tokens[1:], tokens[:1], (_called(tokens[1:], sheet), _called(tokens[:1], sheet))
    return None


def _called(tokens: Sequence[Tokens], sheet: Sheet) -> str:
    """Return what some documents are called: by the place or the year that all have, else by the title of the one."""
    metadata = [one.document.metadata for one in tokens]
    places, years = {m.place for m in metadata}, {m.year for m in metadata}
    parts = [str(next(iter(found))) for found in (places, years) if len(found) == 1 and None not in found]
    if parts:
        return " ".join(parts)
    first, n = tokens[0].document, len(tokens)
    return (first.metadata.title or first.id) if n == 1 else sheet.say(f"{n} 篇", f"{n} documents")


def _keyness(analysis: Analysis, sheet: Sheet) -> Drawn | None:
    sides = _sides(analysis, sheet)
    if sides is None:
        return None
    target, reference, names = sides
    rows = keywords.keyness(target, reference)
    figure, (ax,) = _panels(1, sheet, 24 + ROW * 20)
    plots.keyness(ax, rows, names=names, lang=sheet.lang)
    return Drawn(figure, sheet.say("关键性", "Keyness") + _against(names, sheet), _tested(len(rows), sides, sheet))


def _against(names: tuple[str, str], sheet: Sheet) -> str:
    return sheet.say(f"：{names[0]}与{names[1]}相比", f": {names[0]} against {names[1]}")


def _tested(terms: int, sides: tuple[list[Tokens], list[Tokens], Any], sheet: Sheet) -> str:
    """Return the note on the test behind a comparison of terms."""
    sizes = [f"{counts.characters(side):,}" for side in sides[:2]]
    return sheet.say(
        f"G² 检验（χ²，自由度 1），q 为按 Benjamini–Hochberg 校正的 p，n = {terms:,} 个词；"
        f"两方各 {sizes[0]}、{sizes[1]} 字；数字为两方的次数。",
        f"G² test (χ², 1 df); q: p after Benjamini–Hochberg for n = {terms:,} terms; {sizes[0]} and {sizes[1]} "
        "characters; numbers are counts in the one and the other.",
    )


def _changes(analysis: Analysis, sheet: Sheet) -> Drawn | None:
    """Draw the frequencies of the policy terms that changed most."""
    sides = _sides(analysis, sheet)
    if sides is None:
        return None
    rows = _changed(analysis, sides)
    figure, (ax,) = _panels(1, sheet, 20 + ROW * 20)
    ends = rows if len(rows) <= 20 else [*rows[:10], *rows[-10:]]
    plots.term_changes(ax, ends, names=sides[2], lang=sheet.lang)
    caption = sheet.say("政策术语的频率变化", "Changes in the frequency of policy terms") + _against(sides[2], sheet)
    note = sheet.say("每万字次数；", "Occurrences per 10,000 characters. ") + _tested(len(rows), sides, sheet)
    return Drawn(figure, caption, note)


def _changed(analysis: Analysis, sides: tuple[list[Tokens], list[Tokens], Any]) -> list[compare.TermChange]:
    target, reference = ([one.document for one in side] for side in sides[:2])
    segment = Segmenter(analysis.lexicon, engine=analysis.options.engine)
    return compare.term_changes(target, reference, segment=segment, policy=True)


def _ranks(analysis: Analysis, sheet: Sheet) -> Drawn | None:
    """Draw how the most frequent policy terms rise and fall."""
    sides = _sides(analysis, sheet)
    if sides is None:
        return None
    rows = counts.rank_changes(*sides[:2])
    best = sorted(min(row.rank or len(rows), row.reference_rank or len(rows)) for row in rows)
    n = next((n for n in (15, 10, 5, 2, 1) if bisect_right(best, n) <= ROWS), 0)  # many terms may share a rank
    drawn = bisect_right(best, n)
    if not drawn:
        return None
    figure, (ax,) = _panels(1, sheet, 14 + 3.7 * drawn)
    plots.rank_changes(ax, rows, n=n, names=sides[2], lang=sheet.lang)
    caption = sheet.say("政策术语的位次变化", "Changes in the rank of policy terms") + _against(sides[2], sheet)
    note = sheet.say(
        f"任一方位列前 {n} 的政策术语（共 {len(rows):,} 个）；— 为未出现。",
        f"Policy terms among the first {n} of either, of {len(rows):,}; — is none.",
    )
    return Drawn(figure, caption, note)


def _indicators(analysis: Analysis, sheet: Sheet) -> Drawn | None:
    """Draw by place the indicator that is asked for, or that most places give."""
    found = dict(list(_by_place(analysis, sheet.indicator).items())[:ROWS])
    if len(found) < 2:
        return None
    figure, (ax,) = _panels(1, sheet, 16 + ROW * len(found))
    plots.indicators(ax, found, lang=sheet.lang)
    name = next(iter(found.values())).name
    note = sheet.say(
        f"各地报告中首次写出的该指标，数字照原文；n = {len(found)} 地。",
        f"The first mention in the report of each place, as printed; n = {len(found)} places.",
    )
    return Drawn(figure, sheet.say(f"{name}，分地区", f"{name}, by place"), note)


Key = tuple[str, str, str]


def _by_place(analysis: Analysis, name: str) -> Mapping[str, Indicator]:
    """Return for each place the first figure of the indicator, of the unit and the role that most places have it in."""
    first: dict[Key, dict[str, Indicator]] = {}
    for result in _latest(analysis):
        place = str(result.document.metadata.place)
        for one in result.indicators:
            if one.name and (one.name == name or not name):
                first.setdefault((one.name, one.unit, _role(result, one)), {}).setdefault(place, one)
    best = max(first, key=lambda key: (len(first[key]), key), default=None)
    return first[best] if best else {}


def _latest(analysis: Analysis) -> list[Result]:
    """Return the results of the last year of each place."""
    out: dict[str, Result] = {}
    for result in analysis.results:
        place, year = result.document.metadata.place, result.document.metadata.year or 0
        if place and (place not in out or year > (out[place].document.metadata.year or 0)):
            out[place] = result
    return list(out.values())


def _role(result: Result, one: Indicator) -> str:
    """Return the role of the paragraph that a figure stands in."""
    return next((label.label for label in result.roles if label.span.start <= one.span.start < label.span.end), "")


FIGURES: dict[str, Callable[[Analysis, Sheet], Drawn | None]] = {
    "network": _network,
    "keywords": _keywords,
    "intervals": _intervals,
    "sections": _sections,
    "attention": _attention,
    "indicators": _indicators,
    "keyness": _keyness,
    "changes": _changes,
    "ranks": _ranks,
}

_TWO = "it takes documents of two years, two documents, or --reference"
# What a figure takes that is not always there.
NEEDS: dict[str, str] = {
    "network": "no policy terms share a unit",
    "keywords": "there are no keywords",
    "intervals": f"no chapter has {LEAST_SENTENCES} sentences",
    "sections": "there are no paragraphs",
    "attention": "it takes documents of two years, or of two places in one year",
    "indicators": "no two places give one indicator; name another with --indicator",
    "keyness": _TWO,
    "changes": _TWO,
    "ranks": f"{_TWO}, and terms that differ in rank",
}
