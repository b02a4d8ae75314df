"""The options of a report, and everything that is found in a corpus for it (分析)."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from govtext import citations, classify, compare, indicators, keywords, network, plots, provenance
from govtext.document import lint
from govtext.errors import MetadataError, OptionError
from govtext.tokens import Segmenter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import networkx as nx

    from govtext.citations import Citation
    from govtext.classify import Label
    from govtext.corpus import Corpus
    from govtext.document import Document, Finding
    from govtext.indicators import Check, Indicator
    from govtext.keywords import Keyword
    from govtext.lexicon import Lexicon
    from govtext.network import Unit
    from govtext.tokens import Engine, Tokens

    Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What a run can be told (选项).

    Attributes:
        top: keywords per document and per section.
        unit: the unit of co-occurrence: sentence, paragraph, section, document or window.
        min_count: the least count of an edge.
        figures: whether pictures are drawn.
        engine: the segmentation engine, rjieba or jieba.
        stop: words that are no keywords, parted by blanks, instead of the stop lists of govtext; empty: those.
    """

    top: int = 20
    unit: Unit = "sentence"
    min_count: int = 2
    figures: bool = True
    engine: Engine = "rjieba"
    stop: str = ""

    def recorded(self) -> dict[str, object]:
        """Return the options that change results, for the manifest (记入清单的选项)."""
        return asdict(self)

    @classmethod
    def restore(cls, recorded: Mapping[str, Any]) -> Options:
        """Return the options that a manifest has recorded (还原选项).

        Raises:
            OptionError: it has an option that this release does not know, or a value of another type.
        """
        types = {field.name: type(field.default) for field in fields(cls)}
        unknown = sorted(set(recorded) - set(types))
        if unknown:
            raise OptionError(f"the manifest has an unknown option {unknown[0]}", remedy="use the release it names")
        for name, value in recorded.items():
            if type(value) is not types[name]:
                what = f"the manifest has the option {name} {value!r}, which is no {types[name].__name__}"
                raise OptionError(what, remedy="run the report again")
        return cls(**recorded)


@dataclass(frozen=True, slots=True)
class Result:
    """What is found in one document (单篇结果)."""

    tokens: Tokens
    themes: list[Label]
    roles: list[Label]
    findings: list[Finding]
    indicators: list[Indicator]
    checks: list[Check]
    citations: list[Citation]

    @property
    def document(self) -> Document:
        """The document."""
        return self.tokens.document


@dataclass(frozen=True)
class Analysis:
    """What is found in a corpus; the network and its measures are computed on first use (全部结果)."""

    corpus: Corpus
    lexicon: Lexicon
    options: Options
    results: tuple[Result, ...]

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

    @property
    def _stop(self) -> frozenset[str] | None:
        return frozenset(self.options.stop.split()) or None

    @cached_property
    def keywords(self) -> list[Keyword]:
        """The keywords of every document."""
        return keywords.tfidf(self.tokens, n=self.options.top, stop=self._stop)

    @cached_property
    def section_keywords(self) -> list[Keyword]:
        """The keywords of every section."""
        return keywords.tfidf(self.tokens, n=self.options.top, unit="section", stop=self._stop)

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
        return network.communities(self.overview, seed=provenance.SEED, weight="weight")

    @cached_property
    def comparison(self) -> Comparison | None:
        """What the documents have with one another; None for a single one."""
        segment = Segmenter(self.lexicon, engine=self.options.engine)
        return _compared(self.corpus, segment) if len(self.results) > 1 else None

    @cached_property
    def drawn(self) -> tuple[nx.Graph[str], dict[str, tuple[float, float]]]:
        """The part of the network that is drawn, and where its nodes stand."""
        edges = min(160, 2 * len(self.overview))
        graph = plots.skeleton(self.overview, edges=edges, weight="weight")
        return graph, network.layout(graph, seed=provenance.SEED, weight="weight")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the documents of a corpus have with one another; empty where their metadata do not allow it (比较).

    Attributes:
        attention: by year, else by place.
        promises, pairs: of reports of one place and genre in consecutive years.
        reuse: passages that documents share.
        missing: why a comparison is not there, one line each.
    """

    attention: list[compare.Attention]
    promises: list[compare.Promise]
    pairs: list[compare.IndicatorPair]
    reuse: list[compare.Reuse]
    missing: tuple[str, ...]


def _compared(corpus: Corpus, segment: Segmenter) -> Comparison:
    """Compare the documents of a corpus as far as what is known of them allows."""
    years = {document.metadata.year for document in corpus}
    by: Literal["year", "place"] = "place" if len(years) == 1 and None not in years else "year"
    missing: list[str] = []

    def tried(found: Callable[[], list[Any]]) -> list[Any]:
        try:
            return found()
        except MetadataError as error:
            missing.append(str(error))
            return []

    return Comparison(
        attention=tried(lambda: compare.attention(corpus, by=by, segment=segment)),
        promises=tried(lambda: compare.promises(corpus, corpus, segment=segment)),
        pairs=tried(lambda: compare.indicator_pairs(corpus, corpus, segment=segment)),
        reuse=tried(lambda: compare.reuse_corpus(corpus)),
        missing=tuple(dict.fromkeys(missing)),
    )


def analyse(corpus: Corpus, lexicon: Lexicon, options: Options, jobs: int, progress: Progress | None) -> Analysis:
    """Segment and classify every document, in worker processes when there are jobs for them."""
    segment = Segmenter(lexicon, engine=options.engine)
    documents = list(corpus)
    results: list[Result] = []
    for found in _each_chunk(documents, segment, jobs):
        for result in found:
            document = documents[len(results)]
            tokens = result.tokens if result.document is document else result.tokens.adopted(document, segment)
            results.append(replace(result, tokens=tokens))
            if progress:
                progress(len(results), len(documents))
    return Analysis(corpus, lexicon, options, tuple(results))


def _each_chunk(documents: list[Document], segment: Segmenter, jobs: int) -> Iterator[list[Result]]:
    """Yield the results of chunks of documents, in their order; a worker process builds one engine for each."""
    if jobs == 1 or len(documents) < 2:
        for document in documents:
            yield _examine([document], segment)
        return
    import joblib

    size = -(-len(documents) // (4 * jobs if jobs > 0 else 16))
    chunks = [documents[i : i + size] for i in range(0, len(documents), size)]
    yield from joblib.Parallel(n_jobs=jobs, return_as="generator")(
        joblib.delayed(_examine)(chunk, segment) for chunk in chunks
    )


def _examine(documents: list[Document], segment: Segmenter) -> list[Result]:
    return [_result(document, segment) for document in documents]


def _result(document: Document, segment: Segmenter) -> Result:
    figures = indicators.extract(document)
    checks = indicators.check(document, figures)
    findings = [*lint(document), *indicators.faults(document, checks)]
    return Result(
        tokens=segment(document),
        themes=classify.themes(document, segment=segment),
        roles=classify.roles(document, segment=segment),
        findings=sorted(findings, key=lambda finding: (finding.span.start, finding.code)),
        indicators=figures,
        checks=checks,
        citations=citations.extract(document),
    )


def title_of(document: Document) -> str:
    """Return what a document is called: its title, else its id."""
    return document.metadata.title or document.id or "—"
