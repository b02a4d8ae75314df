"""Passages that documents share: who has them from whom, and what everybody has (文本复用)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from govtext.compare.localise import localise
from govtext.compare.pairing import demand, documents_of
from govtext.compare.shingles import (
    Characters,
    Runs,
    characters,
    joined,
    lengthened,
    recurring,
    shared_runs,
    shingles,
    verified,
)
from govtext.corpus.duplicates import KEYS, LEAST_ALIKE, alike, sketch
from govtext.errors import OptionError
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from govtext.compare.localise import Cutter
    from govtext.compare.pairing import Documents
    from govtext.document import Document

    Ints = NDArray[np.int64]

LEAST, GAP, MANY = 25, 12, 3
Relation = Literal["boilerplate", "borrowed", "own", "shared"]


@dataclass(frozen=True, slots=True)
class Reuse:
    """A passage of a document that another has, too (复用段落).

    Attributes:
        document, span: the later of the two, and the passage there.
        source, source_span: the earlier one, and the passage there; the same document where it is the first to have
            what many have.
        same: how many characters, blanks not counted, are the same in both.
        similarity: their share of the longer passage: below 1 where a few words in between differ.
        relation: boilerplate (many places have it), borrowed (of another place), own (of the same place), shared (a
            place is not known).
        places: how many places have it, or its most widely shared part.
        common: the share of its characters that many places have, too; None where two documents alone are compared.
        directed: whether dates or years tell which of the two is earlier; if not, the order says nothing.
    """

    document: str
    span: Span
    source: str
    source_span: Span
    same: int
    similarity: float
    relation: Relation
    places: int
    common: float | None
    directed: bool


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two documents with nearly the same text, and the estimated Jaccard similarity of their shingles (近似重复)."""

    document: str
    other: str
    similarity: float


def reuse_pairs(
    a: Documents, b: Documents, *, least: int = LEAST, gap: int = GAP, localised: bool = False,
    segment: Cutter | None = None,
) -> list[Reuse]:  # fmt: skip
    """Return the passages that a document of a and one of b share (两两复用).

    Every run of `least` characters or more that both have, blanks not counted, is found. Runs that follow each other in
    both documents with no more than `gap` other characters between them make one passage.

    Args:
        a: a document or many.
        b: a document or many; what is in both a and b is not compared with itself.
        least: characters of the shortest run.
        gap: characters that may differ between two runs of one passage; 0 keeps every run apart.
        localised: compare the texts with place names and leaders made neutral, so that 江苏省 and 浙江省 are the same.
        segment: as in `localise`.

    Returns:
        The longest first. `document` is the later of the two by date, or by year.

    >>> from govtext.document import parse
    >>> law = "坚持以习近平新时代中国特色社会主义思想为指导，全面贯彻党的二十大精神"
    >>> first, second = parse("今年，" + law + "。", id="a"), parse("我们" + law + "！", id="b")
    >>> [(r.source, r.span, r.same) for r in reuse_pairs(first, second)]
    [('a', Span(start=2, end=36), 34)]
    """
    _check(least, gap)
    ours, theirs = documents_of(a), documents_of(b)
    first = _Side.of(ours, localised, segment, 0)
    second = _Side.of(theirs, localised, segment, len(ours))
    runs = shared_runs(first.characters, second.characters, least)
    of_a, of_b = ([_Origin.of(document) for document in side] for side in (ours, theirs))
    rows = []
    for (i, j), passages in _passages(first, second, runs, gap):
        one, other = of_a[i], of_b[j]
        if one == other:
            continue
        late, turned = _later(one, other)
        relation, places = _relation(one, other), len({one.place, other.place})
        for left, right, same, similarity, *_ in passages:
            here, there = ((one, left), (other, right)) if turned else ((other, right), (one, left))
            spans = (here[0].id, here[1], there[0].id, there[1])
            rows.append(Reuse(*spans, same, similarity, relation, places, None, late))
    return sorted(rows, key=lambda r: (-r.same, r.document, r.span, r.source, r.source_span))


def reuse_corpus(
    corpus: Documents, *, least: int = LEAST, many: int = MANY, gap: int = GAP, localised: bool = False,
    segment: Cutter | None = None,
) -> list[Reuse]:  # fmt: skip
    """Return what the documents of a corpus share, without comparing all pairs of them (语料复用).

    A run of characters that at least `many` places have is boilerplate, such as what comes from above: each document
    that has some is named with the earliest that begins so. What fewer places have is traced to the earliest document
    that has it, and taken as far as the two agree. So every run of `least` characters that two documents share lies in
    a passage of the later one. The cost grows with the length of the texts (times its logarithm, for sorting) and with
    what is found.

    Args:
        corpus: the documents; what is said of their place counts, and of their date or year.
        least: characters of the shortest run, blanks not counted.
        many: how many places make it boilerplate.
        gap: as in `reuse_pairs`.
        localised: as in `reuse_pairs`.
        segment: as in `localise`.

    Returns:
        By document in the order of the corpus, then by place in the text.

    Raises:
        MetadataError: the place of a document is not known.
    """
    _check(least, gap)
    if many < 2:
        raise OptionError(f"many is {many}", remedy="give 2 places or more")
    documents = documents_of(corpus)
    demand(documents, "place")
    side = _Side.of(documents, localised, segment, 0)
    origins = [_Origin.of(document) for document in documents]
    found = _Shared.of(side.characters, origins, least)
    boiler = found.places >= many
    rows = [*_boilerplate(side, origins, found, boiler), *_borrowed(side, origins, found, boiler, gap)]
    number = {origin.id: n for n, origin in enumerate(origins)}
    return sorted(rows, key=lambda r: (number[r.document], r.span, r.source, r.source_span))


def boilerplate(corpus: Documents, *, least: int = LEAST, many: int = MANY) -> dict[str, list[Span]]:
    """Return the spans of each document that `many` places have, too, by its id; none overlap (套话).

    Raises:
        MetadataError: the place of a document is not known.
    """
    documents = documents_of(corpus)
    return merged(documents, reuse_corpus(documents, least=least, many=many))


def merged(documents: Iterable[Document], reuses: Iterable[Reuse]) -> dict[str, list[Span]]:
    """Return the boilerplate among what documents share as `boilerplate` does (合并套话)."""
    out: dict[str, list[Span]] = {document.id: [] for document in documents}
    for row in reuses:
        spans = out[row.document]
        if row.relation != "boilerplate":
            continue
        if spans and row.span.start <= spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(spans[-1].end, row.span.end))
        else:
            spans.append(row.span)
    return out


def near_duplicates(corpus: Documents, *, least: float = LEAST_ALIKE) -> list[NearDuplicate]:
    """Return the documents that are nearly the same as an earlier one of the corpus, with that one (近似重复).

    Only documents that share one of their eight smallest shingle hashes are compared (`corpus` notes them, too, when it
    reads files).
    """
    holders: dict[int, list[int]] = {}
    seen: list[tuple[str, NDArray[np.uint64]]] = []
    out = []
    for document in documents_of(corpus):
        own = sketch(document.text)
        keys = [int(key) for key in own[:KEYS]]
        likely = Counter(place for key in keys for place in holders.get(key, ()))
        for place, _ in likely.most_common(8):
            share = alike(own, seen[place][1])
            if share >= least:
                out.append(NearDuplicate(document.id, seen[place][0], share))
        for key in keys:
            holders.setdefault(key, []).append(len(seen))
        seen.append((document.id, own))
    return sorted(out, key=lambda row: (-row.similarity, row.document, row.other))


def _check(least: int, gap: int) -> None:
    if least < 5 or gap < 0:
        raise OptionError(
            f"least is {least}, gap is {gap}", remedy="give at least 5 characters, and a gap of 0 or more"
        )


class _Origin(NamedTuple):
    """What is known of a document: its place, and its date or else its year. A corpus may not keep its documents."""

    id: str
    place: str | None
    when: str

    @classmethod
    def of(cls, document: Document) -> _Origin:
        meta = document.metadata
        return cls(document.id, meta.place, meta.date or (str(meta.year) if meta.year else ""))


def _relation(a: _Origin, b: _Origin) -> Relation:
    return "shared" if a.place is None or b.place is None else "own" if a.place == b.place else "borrowed"


def _later(a: _Origin, b: _Origin) -> tuple[bool, bool]:
    """Return whether it is known which of two documents is later, and whether that is the first."""
    one, other = a.when, b.when
    if not one or not other or one.startswith(other) or other.startswith(one):
        return False, False
    return True, one > other


def _by_date(origins: Sequence[_Origin]) -> Ints:
    """Return the rank of each document by date, unknown last."""
    keys = [(origin.when or "~", origin.place or "", origin.id) for origin in origins]
    rank = np.empty(len(keys), np.int64)
    rank[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    return rank


class _Side(NamedTuple):
    """The characters of some documents, and where they stand in the documents."""

    characters: Characters
    starts: Ints
    ends: Ints

    @classmethod
    def of(cls, documents: Sequence[Document], localised: bool, segment: Cutter | None, first: int) -> _Side:
        if not localised:
            found = characters([without_furniture(d) for d in documents], first=first)
            return cls(found, found.offsets, found.offsets + 1)
        neutral = [localise(document, segment=segment) for document in documents]
        found = characters([one.text for one in neutral], first=first)
        places = [one.offsets for one in neutral]
        starts = np.concatenate([p[found.offsets[found.texts == n]] for n, p in enumerate(places)] or [found.offsets])
        following = [np.append(p[1:], p[-1]) for p in places]
        ends = np.concatenate([p[found.offsets[found.texts == n]] for n, p in enumerate(following)] or [found.offsets])
        return cls(found, starts, ends)

    def span(self, start: int, length: int) -> Span:
        """Return the span in its document of a run of characters."""
        return Span(int(self.starts[start]), int(self.ends[start + length - 1]))


def without_furniture(document: Document) -> str:
    """Return the text of a document with its page furniture blanked out; offsets stay."""
    text, at, parts = document.text, 0, []
    for span in document.furniture:
        parts += [text[at : span.start], " " * (span.end - span.start)]
        at = max(at, span.end)
    return "".join(parts) + text[at:] if parts else text


class _Passage(NamedTuple):
    """A passage in both documents, and where its characters stand among those of the second side."""

    left: Span
    right: Span
    same: int
    similarity: float
    start: int
    size: int


def _passages(a: _Side, b: _Side, runs: Runs, gap: int) -> Iterator[tuple[tuple[int, int], list[_Passage]]]:
    """Yield the passages of each pair of documents that share some."""
    of_a, of_b = a.characters.texts[runs.starts_a], b.characters.texts[runs.starts_b]
    order = np.lexsort((runs.starts_b, runs.starts_a, of_b, of_a))
    rows = np.stack([of_a, of_b, *runs], axis=1)[order]
    edges = [0, *(np.flatnonzero(np.diff(rows[:, :2], axis=0).any(axis=1)) + 1).tolist(), len(rows)]
    for low, high in pairwise(edges):
        if low < high:
            chains = _chains(rows[low:high, 2:].tolist(), gap)
            yield (int(rows[low, 0]), int(rows[low, 1])), [_passage(a, b, chain) for chain in chains]


Run = list[int]  # start in a, start in b, length


def _chains(runs: Sequence[Run], gap: int) -> list[list[Run]]:
    """Join runs that follow each other closely on both sides; runs by their start in a, then in b.

    The chains are found by where they end, so that their number does not matter.
    """
    if not gap:
        return [[run] for run in runs]
    step = gap + 1
    ends: dict[tuple[int, int], list[list[Run]]] = {}
    chains: list[list[Run]] = []
    for run in runs:
        a, b, length = run
        cells = [(a // step - i, b // step - j) for i in (0, 1) for j in (0, 1)]
        near = ((cell, chain) for cell in cells for chain in ends.get(cell, ()) if _follows(chain[-1], run, gap))
        cell, chain = min(near, key=lambda pair: pair[1][0], default=((0, 0), []))
        if chain:
            ends[cell] = [other for other in ends[cell] if other is not chain]
        else:
            chains.append(chain)
        chain.append(run)
        ends.setdefault(((a + length) // step, (b + length) // step), []).append(chain)
    return chains


def _follows(last: Run, run: Run, gap: int) -> bool:
    """Tell whether a run begins after another on both sides, and no more than `gap` characters after it."""
    return all(0 <= run[side] - last[side] - last[2] <= gap for side in (0, 1))


def _passage(a: _Side, b: _Side, chain: list[list[int]]) -> _Passage:
    start_a, start_b, _ = chain[0]
    last_a, last_b, length = chain[-1]
    sizes = last_a + length - start_a, last_b + length - start_b
    same = sum(run[2] for run in chain)
    similarity = round(same / max(sizes), 4)
    return _Passage(a.span(start_a, sizes[0]), b.span(start_b, sizes[1]), same, similarity, start_b, sizes[1])


# --- a whole corpus -------------------------------------------------------------------------------------------------


class _Shared(NamedTuple):
    """The places whose shingle stands in more than one document, and how widely.

    Attributes:
        at: int64[m], the places, rising.
        places: int64[m], how many places (of the metadata) have the shingle.
        first: int64[m], its place in the earliest document that has it.
        size: characters of a shingle.
    """

    at: Ints
    places: Ints
    first: Ints
    size: int

    @classmethod
    def of(cls, found: Characters, origins: Sequence[_Origin], size: int) -> _Shared:
        hashes, rank = shingles(found.points, size), _by_date(origins)
        names = {name: n for n, name in enumerate(sorted({origin.place or "" for origin in origins}))}
        place_of = np.array([names[origin.place or ""] for origin in origins], np.int64)
        order = recurring(hashes)
        order = order[np.argsort(hashes[order], kind="stable")]
        rising = hashes[order]
        begins = np.ones(len(order), np.bool_)
        begins[1:] = rising[1:] != rising[:-1]
        group = np.cumsum(begins) - 1
        texts = found.texts[order]
        starts = np.flatnonzero(begins)
        several = np.zeros(len(starts), np.bool_)
        if len(starts):
            several = np.minimum.reduceat(texts, starts) != np.maximum.reduceat(texts, starts)
        keep = several[group]
        order, group, texts = order[keep], group[keep], texts[keep]
        return cls._counted(order, np.cumsum(np.diff(group, prepend=-1) > 0) - 1, place_of[texts], rank[texts], size)

    @classmethod
    def _counted(cls, at: Ints, group: Ints, place: Ints, rank: Ints, size: int) -> _Shared:
        """Count the places of each group of equal shingles and find its earliest document."""
        if not len(at):
            return cls(at, at, at, size)
        width = int(place.max()) + 1
        counts = np.bincount(np.unique(group * width + place) // width, minlength=int(group[-1]) + 1)
        by_rank = np.lexsort((at, rank, group))
        heads = by_rank[np.flatnonzero(np.diff(group[by_rank], prepend=-1) > 0)]
        order = np.argsort(at)
        return cls(at[order], counts[group][order], at[heads][group][order], size)


def _boilerplate(side: _Side, origins: Sequence[_Origin], found: _Shared, boiler: NDArray[np.bool_]) -> Iterator[Reuse]:
    """Yield each stretch of a document of which many places have every shingle."""
    at, places, first = found.at[boiler], found.places[boiler], found.first[boiler]
    texts = side.characters.texts
    starts = np.flatnonzero((np.diff(at, prepend=-2) != 1) | (np.diff(texts[at], prepend=-1) != 0))
    for low, high in pairwise([*starts.tolist(), len(at)]):
        start, source = int(at[low]), int(first[low])
        length = int(at[high - 1]) - start + found.size
        ahead = np.flatnonzero(first[low:high] - source != np.arange(high - low))
        agreed = (int(ahead[0]) if len(ahead) else high - low) + found.size - 1
        document, origin = origins[texts[start]], origins[texts[source]]
        directed = document != origin and _later(origin, document)[0]
        yield Reuse(
            document.id, side.span(start, length), origin.id, side.span(source, agreed), agreed,
            round(agreed / length, 4), "boilerplate", int(places[low:high].max()), 1.0, directed,
        )  # fmt: skip


def _covered(at: Ints, size: int, length: int) -> NDArray[np.bool_]:
    """Return which characters lie in a shingle that begins at one of some places."""
    steps = np.bincount(at, minlength=length + size) - np.bincount(at + size, minlength=length + size)
    return np.cumsum(steps)[:length] > 0


def _borrowed(
    side: _Side, origins: Sequence[_Origin], found: _Shared, boiler: NDArray[np.bool_], gap: int
) -> Iterator[Reuse]:
    """Yield what few places have: each passage of a document with the earliest that has it."""
    texts, points = side.characters.texts, side.characters.points
    linked = ~boiler & (texts[found.at] != texts[found.first])
    runs = joined(found.first[linked], found.at[linked], found.size)
    runs = lengthened(side.characters, side.characters, verified(points, points, runs))
    covered = np.concatenate([[0], np.cumsum(_covered(found.at[boiler], found.size, len(points)))])
    for (i, j), passages in _passages(side, side, runs, gap):
        source, document = origins[i], origins[j]
        relation, places = _relation(source, document), len({source.place, document.place})
        directed = _later(source, document)[0]
        for left, right, same, similarity, start, size in passages:
            common = round(float((covered[start + size] - covered[start]) / size), 4)
            spans = (document.id, right, source.id, left)
            yield Reuse(*spans, same, similarity, relation, places, common, directed)
