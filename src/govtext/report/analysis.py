"""Everything that is found in a corpus for a report (分析)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, groupby, islice
from typing import TYPE_CHECKING, Any, Literal

from govtext import citations, classify, compare, counts, indicators, network, plots, provenance, tables
from govtext.document import lint
from govtext.keywords import weighting
from govtext.keywords.stability import intervals_of_each
from govtext.report.comparison import Comparison, compared
from govtext.report.contents import sentences_of
from govtext.report.fonts import page_font
from govtext.study import Kept, NotKeptError, Together, cut_with
from govtext.study.kept import known
from govtext.tokens import Segmenter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import networkx as nx

    from govtext.citations import Citation
    from govtext.classify import Label
    from govtext.corpus import Corpus
    from govtext.document import Document, Finding
    from govtext.indicators import Check, Indicator
    from govtext.keywords import Keyword, Stability
    from govtext.keywords.weighting import Ground
    from govtext.lexicon import Lexicon
    from govtext.network import Unit
    from govtext.study import Cache, Options
    from govtext.tables import Columns, Row
    from govtext.tokens import Tokens

    Progress = Callable[[int, int], None]
    Wanted = frozenset[str]  # analyses

# Candidates that compete for each rank; keywords of a section with an interval, and how often its sentences are drawn.
CONTENDERS, FIRST, DRAWS = 5, 5, 400


@dataclass(frozen=True, slots=True)
class Result:
    """What is found in one document; what was not asked for is empty (单篇结果).

    Attributes:
        tokens, themes, roles, findings, indicators, checks, citations: what the tables and the page show.
        compared: the indicators and roles by which it is compared with others; None where it is not.
    """

    tokens: Tokens
    themes: list[Label]
    roles: list[Label]
    findings: list[Finding]
    indicators: list[Indicator]
    checks: list[Check]
    citations: list[Citation]
    compared: tuple[list[Indicator], list[Label]] | None

    @property
    def document(self) -> Document:
        """The document."""
        return self.tokens.document


NOTHING: tuple[list[Indicator], list[Label]] = ([], [])


@dataclass(frozen=True)
class Analysis:
    """What is found in a corpus; what all documents make together is computed on first use (全部结果).

    What costs time is kept in the cache under the documents and the options that it depends on, no others.
    """

    corpus: Corpus
    lexicon: Lexicon
    options: Options
    results: tuple[Result, ...]
    cache: Cache | None = None

    @cached_property
    def together(self) -> Together:
        """What the cache holds of all documents together."""
        return Together.of((result.document for result in self.results), self.cache)

    @cached_property
    def _texts(self) -> Together:
        """What it holds of their texts, whatever is known of them."""
        return Together.of((result.document for result in self.results), self.cache, metadata=False)

    @cached_property
    def segment(self) -> Segmenter:
        """What the documents were cut with."""
        return Segmenter(self.lexicon, engine=self.options.engine)

    @property
    def of_network(self) -> dict[str, object]:
        """What the network depends on besides the documents."""
        return {"unit": self.options.unit, "min_count": self.options.min_count, **cut_with(self.segment)}

    @property
    def of_keywords(self) -> dict[str, object]:
        """What the keywords depend on besides the texts: the names of their own places are none, for one."""
        places = [result.document.metadata.place for result in self.results]
        return {"top": self.options.top, "stop": self.options.stopwords, "places": places, **cut_with(self.segment)}

    @cached_property
    def titles(self) -> dict[str, str]:
        """What each document is called, by its id: its title, with the id where others are called so, too."""
        found = {result.document.id: title_of(result.document) for result in self.results}
        times = Counter(found.values())
        return {id_: title if times[title] == 1 else f"{title}（{id_}）" for id_, title in found.items()}

    @cached_property
    def tokens(self) -> list[Tokens]:
        """The tokens of every document."""
        return [result.tokens for result in self.results]

    @cached_property
    def keywords(self) -> list[Keyword]:
        """The keywords of every document."""
        return [keyword for found in self._contenders[0] for keyword in found[: self.options.top]]

    @cached_property
    def _contenders(self) -> tuple[list[list[Keyword]], list[list[Keyword]]]:
        """The best candidates of every document and of every section, more than are listed."""
        top = self.options.top
        whole = self._keywords("document", CONTENDERS * top)
        parts = self._keywords("section", max(top, CONTENDERS * FIRST))
        documents, sections = (
            [list(group) for _, group in groupby(found, key=lambda k: (k.document, k.section))]
            for found in (whole, parts)
        )
        return documents, sections

    @cached_property
    def section_keywords(self) -> list[Keyword]:
        """The keywords of every section."""
        return [keyword for found in self._contenders[1] for keyword in found[: self.options.top]]

    @cached_property
    def intervals(self) -> list[Stability]:
        """How sure the ranks of the keywords of every document are, and of the first five of every section."""
        return self._texts.values("intervals", self._intervals, **self.of_keywords)

    def _intervals(self) -> list[Stability]:
        top = self.options.top
        if not top:
            return []
        documents = {result.document.id: result.document for result in self.results}
        units = {id_: [span for _, span in counts.units(document)] for id_, document in documents.items()}
        by_start = {(id_, span.start): span for id_, spans in units.items() for span in spans}
        whole = [(found, units[found[0].document]) for found in self._contenders[0]]
        parts = [
            (found, sentences_of(documents[one.document], by_start[one.document, one.section or 0]))
            for found in self._contenders[1]
            for one in found[:1]
        ]
        rows = intervals_of_each(whole, n=top, seed=provenance.SEED)
        rows += intervals_of_each(parts, n=min(FIRST, top), resamples=DRAWS, seed=provenance.SEED)
        return list(chain.from_iterable(rows))

    @cached_property
    def _ground(self) -> Ground:
        """What keywords of documents and of sections are found in."""
        words = self.options.stopwords
        return weighting.ground_of(self.tokens, stop=None if words is None else frozenset(words))

    def _keywords(self, unit: Literal["document", "section"], most: int) -> list[Keyword]:
        return self._texts.values(
            "keywords",
            lambda: weighting.keywords_in(self._ground, n=most, unit=unit),
            of=unit,
            **self.of_keywords,
        )

    @cached_property
    def _network(self) -> nx.Graph[str]:
        return network.cooccurrence(self.tokens, unit=self.options.unit, min_count=self.options.min_count)

    @cached_property
    def graph(self) -> nx.Graph[str]:
        """The co-occurrence network; nodes have the number of their community, beginning with 1."""
        graph = self._network
        for number, group in enumerate(self.communities, start=1):
            for node in group:
                graph.nodes[node]["community"] = number
        return graph

    @property
    def is_thin(self) -> bool:
        """Whether the network has fewer edges than nodes."""
        return bool(self._network.number_of_edges() < len(self._network))

    @cached_property
    def overview(self) -> nx.Graph[str]:
        """The network that is drawn and parted into communities: the same nodes, and edges enough to see a shape.

        One short text has few pairs that share sentences twice. Where fewer edges are left than nodes, its terms are
        joined by what they share at least once, of paragraphs at the least.
        """
        options = self.options
        graph = self._network
        if not self.is_thin:
            return graph
        unit: Unit = "paragraph" if options.unit in ("sentence", "window") else options.unit
        wider = network.cooccurrence(self.tokens, unit=unit, min_count=1)
        wider.remove_nodes_from(sorted(set(wider) - set(graph)))
        return wider

    @cached_property
    def communities(self) -> list[set[str]]:
        """The communities of the overview by association strength, in the order of their numbers."""
        found = self._texts.values("communities", self._communities, **self.of_network)
        return [set(group) for group in found]

    def _communities(self) -> list[list[str]]:
        return list(map(sorted, network.communities(self.overview, seed=provenance.SEED, weight="weight")))

    @cached_property
    def edges(self) -> Columns:
        """The columns of the edges, the strongest first."""
        return tables.edge_columns(self.graph)

    def strongest_edges(self, most: int) -> list[Row]:
        """Return the strongest edges as rows."""
        rows = islice(zip(*self.edges.values(), strict=True), most)
        return [dict(zip(self.edges, row, strict=True)) for row in rows]

    @cached_property
    def centralities(self) -> Columns:
        """The columns of the measures of the nodes, their terms among them, in the order of the table."""
        columns, rows = self._texts.values("centralities", self._centralities, **self.of_network)
        return {name: [row[i] for row in rows] for i, name in enumerate(columns)}

    def _centralities(self) -> tuple[list[str], list[list[Any]]]:
        table = network.centralities(self._network)
        return list(table.columns), table.astype(object).values.tolist()

    @cached_property
    def comparison(self) -> Comparison | None:
        """What the documents have with one another; None for a single one, or where it was not asked for."""
        if len(self.results) < 2 or "comparison" not in self.options.analyses:
            return None
        by_id = {result.document.id: result for result in self.results}
        found = compare.Found(
            self.segment,
            tokens=lambda document: by_id[document.id].tokens,
            indicators=lambda document: (by_id[document.id].compared or NOTHING)[0],
            roles=lambda document: (by_id[document.id].compared or NOTHING)[1],
        )
        return compared(self.corpus, found, self.together)

    @cached_property
    def drawn(self) -> tuple[nx.Graph[str], dict[str, tuple[float, float]]]:
        """The part of the network that is drawn, and where its nodes stand."""
        edges = min(160, 2 * len(self.overview))
        graph = plots.skeleton(self.overview, edges=edges, weight="weight")
        places = self._texts.values(
            "layout",
            lambda: list(network.layout(graph, seed=provenance.SEED, weight="weight").items()),
            **self.of_network,
        )
        return graph, dict(places)

    def web_font(self, characters: set[str]) -> bytes:
        """Return the font of a page, reduced to its characters."""
        return page_font("".join(sorted(characters)), self.cache)


def analyse(
    corpus: Corpus,
    lexicon: Lexicon,
    options: Options,
    jobs: int,
    progress: Progress | None,
    cache: Cache | None = None,
) -> Analysis:
    """Examine every document that the cache does not know, in worker processes when there are jobs for them."""
    segment = Segmenter(lexicon, engine=options.engine)
    documents = list(corpus)
    wanted = frozenset(options.analyses) - ({"comparison"} if len(documents) < 2 else frozenset())
    kept = [_kept(document, segment, wanted, cache) for document in documents]
    rest = [document for document, result in zip(documents, kept, strict=True) if result is None]
    found = chain.from_iterable(_each_chunk(rest, segment, wanted, jobs, cache))
    results: list[Result] = []
    for document, result in zip(documents, kept, strict=True):
        results.append(result or _at_home(next(found), document, segment))
        if progress:
            progress(len(results), len(documents))
    return Analysis(corpus, lexicon, options, tuple(results), cache)


def _kept(document: Document, segment: Segmenter, wanted: Wanted, cache: Cache | None) -> Result | None:
    """Return what the cache holds of a document if it is everything, else None."""
    if cache is None:
        return None
    try:
        return examine(Kept(document, cache, computes=False), segment, wanted)
    except NotKeptError:
        return None


def _at_home(result: Result, document: Document, segment: Segmenter) -> Result:
    """Return a result as if it had been made in this process."""
    return result if result.document is document else replace(result, tokens=result.tokens.adopted(document, segment))


def _each_chunk(
    documents: list[Document], segment: Segmenter, wanted: Wanted, jobs: int, cache: Cache | None
) -> Iterator[list[Result]]:
    """Yield the results of chunks of documents, in their order; a worker process builds one engine for each."""
    if jobs == 1 or len(documents) < 2:
        for document in documents:
            yield [examine(Kept(document, cache), segment, wanted)]
        return
    import joblib

    size = -(-len(documents) // (4 * jobs if jobs > 0 else 16))
    chunks = [documents[i : i + size] for i in range(0, len(documents), size)]
    done = joblib.Parallel(n_jobs=jobs, return_as="generator")(
        joblib.delayed(_examine)(chunk, segment, wanted, cache and cache.apart()) for chunk in chunks
    )
    for results, theirs in done:
        if cache and theirs:
            cache.tally.add(theirs.tally)
        yield results


def _examine(
    documents: list[Document], segment: Segmenter, wanted: Wanted, cache: Cache | None
) -> tuple[list[Result], Cache | None]:
    return [examine(Kept(document, cache), segment, wanted) for document in documents], cache


def examine(kept: Kept, segment: Segmenter, wanted: Wanted) -> Result:
    """Return what is found in one document; each part is computed only if the cache lacks it.

    What a part depends on besides the text is named with it: whatever else changes, the part stays.
    """
    document, words = kept.document, {"lexicon": segment.lexicon.sha256}
    figures: list[Indicator] = []
    checks: list[Check] = []
    themes: list[Label] = []
    roles: list[Label] = []
    if wanted & {"indicators", "lint", "comparison"}:
        figures, checks = kept.values("figures", lambda: _figures(document))
    if wanted & {"sections", "comparison"}:
        themes, roles = kept.values("classes", lambda: _classes(document, segment), metadata=known(document), **words)
    return Result(
        tokens=kept.tokens(segment),
        themes=themes if "sections" in wanted else [],
        roles=roles if "sections" in wanted else [],
        findings=kept.values("findings", lambda: _findings(document, checks)) if "lint" in wanted else [],
        indicators=figures if "indicators" in wanted else [],
        checks=checks if "indicators" in wanted else [],
        citations=kept.values("citations", lambda: citations.extract(document)) if "citations" in wanted else [],
        compared=(figures, roles) if "comparison" in wanted else None,
    )


def _figures(document: Document) -> tuple[list[Indicator], list[Check]]:
    figures = indicators.extract(document)
    return figures, indicators.check(document, figures)


def _classes(document: Document, segment: Segmenter) -> tuple[list[Label], list[Label]]:
    return classify.themes(document, segment=segment), classify.roles(document, segment=segment)


def _findings(document: Document, checks: list[Check]) -> list[Finding]:
    found = [*lint(document), *indicators.faults(document, checks)]
    return sorted(found, key=lambda finding: (finding.span.start, finding.code))


def title_of(document: Document) -> str:
    """Return what a document is called: its title, else its id."""
    return document.metadata.title or document.id or "—"
