"""How much of reports is about what, by year or by place, and how sure that is (关注度)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from govtext import classify
from govtext.compare.found import Found
from govtext.compare.pairing import demand, documents_of
from govtext.compare.reuse import MANY, boilerplate, merged
from govtext.compare.shingles import is_blank
from govtext.errors import OptionError
from govtext.text import codes
from govtext.tokens import TERM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from govtext.compare.pairing import Documents
    from govtext.document import Document
    from govtext.lexicon import Lexicon
    from govtext.text import Span
    from govtext.tokens import Segmenter, Tokens
    from govtext.tokens.vocabulary import Vocabulary

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Topics = Literal["categories", "themes"] | classify.Taxonomy
SEED = 20220101
ENOUGH = 10  # documents of a group that are drawn themselves; of fewer their paragraphs are
LEVEL = 0.95
AT_ONCE = 20_000_000  # numbers drawn in one array

OTHER = "other"  # what every taxonomy has, named or not


@dataclass(frozen=True, slots=True)
class Attention:
    """How much of the reports of a year or place is about a topic (关注度).

    Attributes:
        group: the year or the place.
        topic: a category of the lexicon, or a theme.
        boilerplate: whether the passages that many places share count ("in") or not ("out").
        share, low, high: the share of sentences about it, and its 95% bootstrap interval.
        character_share, character_low, character_high: the same for the characters of these sentences.
        sentences: the sentences counted, and those about the topic.
        documents: how many documents the group has.
        unit: what the bootstrap draws: document, or paragraph where there are fewer than ten documents.
    """

    group: int | str
    topic: str
    boilerplate: Literal["in", "out"]
    share: float
    low: float
    high: float
    character_share: float
    character_low: float
    character_high: float
    sentences: int
    about: int
    documents: int
    unit: Literal["document", "paragraph"]


def attention(
    corpus: Documents, *, by: Literal["year", "place"] = "year", topics: Topics = "categories",
    segment: Segmenter | Found | None = None, draws: int = 1000, seed: int = SEED,
) -> list[Attention]:  # fmt: skip
    """Return the share of sentences and characters about each topic, by year or by place (关注度).

    A sentence is about a category if it has a term of it, and so about several or none; it is about the theme of its
    paragraph. The intervals are percentiles (Efron 1979) of `draws` samples, with replacement, of the documents of a
    group, or of their paragraphs where there are few; sentences of one paragraph are not independent. Where the corpus
    has three places or more each topic has a second row, without what three places or more share (`boilerplate`): a
    sentence of which more than half is such does not count.

    Args:
        corpus: the documents.
        by: what groups them.
        topics: "categories" of the lexicon, "themes", or a taxonomy whose labels are the themes.
        segment: cuts the text, or tells what was found in it (`Found`); None: the default lexicon.
        draws: samples of the bootstrap.
        seed: of the random numbers; the same seed gives the same intervals.

    Raises:
        MetadataError: the year or place of a document is not known.

    >>> from govtext.document import Metadata, parse
    >>> reports = [parse("建设法治政府。发展经济。", metadata=Metadata(year=2025, place="甲市"))]
    >>> [(row.topic, row.share) for row in attention(reports) if row.about]
    [('法治政府', 0.5)]
    """
    if by not in ("year", "place"):
        raise OptionError(f"by is {by!r}", remedy="choose year or place")
    if draws < 1:
        raise OptionError(f"draws is {draws}", remedy="give at least one sample")
    documents = documents_of(corpus)
    demand(documents, by)
    found = Found.anew(segment)
    names = _names(topics, found.segment, documents)
    known = all(document.metadata.place for document in documents)
    several = known and len({document.metadata.place for document in documents}) >= MANY
    boiler = _boilerplate(documents, found) if several else None
    groups: dict[int | str, list[_Sums]] = {}
    categories = _Categories(names)
    for document in documents:
        edges = _edges(document)
        of = _paragraphs_of(document, edges[0])
        if topics == "categories":
            about = categories.about(found.tokens(document), edges[0])
        else:
            about = _about_themes(document, None if topics == "themes" else topics, names, found)[of]
        group = getattr(document.metadata, by)
        groups.setdefault(group, []).append(_sums(document, about, edges, of, boiler))
    return [
        row
        for number, group in enumerate(sorted(groups))
        for row in _rows(group, groups[group], names, draws, [seed, number])
    ]


def _boilerplate(documents: Sequence[Document], found: Found) -> dict[str, list[Span]]:
    return merged(documents, found.reuse(documents)) if found.reuse else boilerplate(documents)


def _names(topics: Topics, segment: Segmenter, documents: Sequence[Document]) -> list[str]:
    if topics == "categories":
        return sorted({term.category for term in segment.lexicon if term.category})
    if isinstance(topics, str) and topics != "themes":
        raise OptionError(f"no topics {topics!r}", remedy="choose categories, themes, or give a taxonomy")
    taxonomies = [classify.Taxonomy.of(d) for d in documents] if isinstance(topics, str) else [topics]
    labels = dict.fromkeys(label for taxonomy in taxonomies for label in taxonomy.labels)
    return [*(label for label in labels if label != OTHER), OTHER]


class _Sums(NamedTuple):
    """The paragraphs of a document: sentences and characters, of each topic and in all.

    `inside` counts everything, `outside` leaves boilerplate out (None where it is not known): float[paragraphs,
    2 (topics + 1)], first the sentences about each topic, then their characters, at the end both in all.
    """

    inside: Floats
    outside: Floats | None


def _sums(
    document: Document, about: Floats, edges: tuple[Ints, Ints], of: Ints, boiler: Mapping[str, list[Span]] | None
) -> _Sums:
    starts, ends = edges
    ink = np.concatenate([[0], np.cumsum(~is_blank(codes(document.text)))])
    columns = np.hstack([about, np.ones((len(starts), 1))])
    table = np.hstack([columns, columns * (ink[ends] - ink[starts]).astype(np.float64)[:, None]])
    size = len(document.paragraphs)
    inside = _added(table, of, size)
    if boiler is None:
        return _Sums(inside, None)
    free = ~_mostly(boiler[document.id], starts, ends)
    return _Sums(inside, _added(table[free], of[free], size))


def _paragraphs_of(document: Document, starts: Ints) -> Ints:
    """Return the number of the paragraph that each sentence begins in."""
    paragraphs = np.array([p.start for p in document.paragraphs], np.int64)
    return np.maximum(np.searchsorted(paragraphs, starts, "right") - 1, 0)


def _edges(document: Document) -> tuple[Ints, Ints]:
    """Return where the sentences of a document begin and end."""
    edges = np.fromiter(chain.from_iterable(document.sentences), np.int64)
    return np.ascontiguousarray(edges[::2]), np.ascontiguousarray(edges[1::2])


class _Categories:
    """Which sentences have a term of each category; a form is looked up once, however many documents have it."""

    def __init__(self, names: Sequence[str]) -> None:
        self.number = {name: i for i, name in enumerate(names)}
        # By vocabulary and lexicon, which are held so that no others get their place.
        self.known: dict[tuple[int, int], tuple[Vocabulary, Lexicon, Ints]] = {}

    def about(self, tokens: Tokens, starts: Ints) -> Floats:
        """Return which sentences, by where they begin, have a term of each category; float[sentences, categories]."""
        is_term = np.flatnonzero(tokens.kinds == TERM)
        category = self._of(tokens, tokens.ids[is_term])  # a variant is of the category of its term
        has = category >= 0
        out = np.zeros((len(starts), len(self.number)))
        if len(starts):
            at = np.searchsorted(starts, tokens.starts[is_term[has]], "right") - 1
            out[np.maximum(at, 0), category[has]] = 1.0
        return out

    def _of(self, tokens: Tokens, ids: NDArray[np.integer[Any]]) -> Ints:
        """Return the number of the category of each form, -1 where it has none."""
        vocabulary, lexicon = tokens.vocabulary, tokens.lexicon
        key = id(vocabulary), id(lexicon)
        table = self.known[key][2] if key in self.known else np.zeros(0, np.int64)
        if len(table) < len(vocabulary.strings):
            table = np.concatenate([table, np.full(len(vocabulary.strings) - len(table), UNKNOWN, np.int64)])
            self.known[key] = vocabulary, lexicon, table
        new = np.unique(ids[table[ids] == UNKNOWN])
        terms = [lexicon.get(vocabulary.strings[i]) for i in new.tolist()]
        table[new] = [self.number.get(term.category, -1) if term else -1 for term in terms]
        return np.asarray(table[ids], np.int64)


UNKNOWN = -2


def _about_themes(document: Document, taxonomy: classify.Taxonomy | None, names: list[str], found: Found) -> Floats:
    """Return the theme of each paragraph; float[paragraphs, themes]."""
    if taxonomy is None and found.themes is not None:
        labels = found.themes(document)
    else:
        labels = classify.themes(document, taxonomy=taxonomy, segment=found.segment)
    out = np.zeros((max(len(labels), 1), len(names)))
    out[np.arange(len(labels)), [names.index(label.label) for label in labels]] = 1.0
    return out


def _mostly(spans: Sequence[Span], starts: Ints, ends: Ints) -> NDArray[np.bool_]:
    """Return which sentences lie in some spans with more than half of their length."""
    edges = np.array([edge for span in spans for edge in span], np.int64)
    lengths = np.concatenate([[0], np.cumsum(edges[1::2] - edges[::2])])

    def covered(at: Ints) -> Ints:
        """Return how many characters of the spans stand before each place."""
        number = np.searchsorted(edges, at, "right")
        partly = np.where(number % 2 == 1, at - edges[np.maximum(number - 1, 0)], 0) if len(edges) else 0
        return np.asarray(lengths[number // 2] + partly, np.int64)

    return np.asarray(2 * (covered(ends) - covered(starts)) > ends - starts, np.bool_)


def _added(table: Floats, of: Ints, size: int) -> Floats:
    """Add up the rows of sentences, which are in order, to those of their paragraphs."""
    out = np.zeros((size, table.shape[1]))
    first = np.flatnonzero(np.diff(of, prepend=-1))
    if len(first):
        out[of[first]] = np.add.reduceat(table, first, axis=0)
    return out


def _rows(
    group: int | str, parts: Sequence[_Sums], names: Sequence[str], draws: int, seed: list[int]
) -> Iterator[Attention]:
    whole = len(parts) >= ENOUGH
    for which, tables in (("in", [p.inside for p in parts]), ("out", [p.outside for p in parts])):
        known = [table for table in tables if table is not None]
        if not known:
            continue
        units = np.stack([table.sum(axis=0) for table in known]) if whole else np.concatenate(known)
        total = units.sum(axis=0)
        share, low, high = _shares(total, _drawn(units, draws, seed), len(names))
        width = len(names)
        for i, name in enumerate(names):
            j = width + i
            yield Attention(
                group, name, "in" if which == "in" else "out", share[i], low[i], high[i], share[j], low[j], high[j],
                int(total[width]), int(total[i]), len(parts), "document" if whole else "paragraph",
            )  # fmt: skip


def _drawn(units: Floats, draws: int, seed: list[int]) -> Floats:
    """Return the sums of samples with replacement of the rows; float[draws, columns]."""
    random = np.random.default_rng(seed)
    size = len(units)
    if not size:
        return np.zeros((draws, units.shape[1]))
    step = max(1, AT_ONCE // size)
    chunks = [min(step, draws - done) for done in range(0, draws, step)]
    chances = np.full(size, 1 / size)
    return np.concatenate([random.multinomial(size, chances, size=chunk) @ units for chunk in chunks])


def _shares(total: Floats, drawn: Floats, width: int) -> tuple[list[float], list[float], list[float]]:
    """Return the shares of sentences and of characters and their percentiles; 2 x topics each."""
    columns = [*range(width), *range(width + 1, 2 * width + 1)]
    wholes = [width] * width + [2 * width + 1] * width
    shares = drawn[:, columns] / np.maximum(drawn[:, wholes], 1e-12)
    low, high = np.quantile(shares, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    exact = total[columns] / np.maximum(total[wholes], 1e-12)
    share, below, above = (np.round(column, 6).tolist() for column in (exact, low, high))
    return share, below, above
