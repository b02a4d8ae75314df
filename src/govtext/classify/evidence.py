"""What speaks for a label: words in texts and headings, and paragraphs with the headings they lie under (依据)."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray

from govtext.classify.taxonomy import Taxonomy, bare, bare_each
from govtext.native import kernels
from govtext.text import Span, codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pandas as pd

    from govtext.document import Document, Section
    from govtext.lexicon import Lexicon
    from govtext.native._kernels import Words as Trie

    Ints = NDArray[np.int64]

Floats = NDArray[np.float64]
MARKS = "，。、；：！？（）《》—…"


@dataclass(frozen=True, slots=True)
class Label:
    """What a paragraph is about, or which part it plays (标签).

    Attributes:
        span: the paragraph.
        probability: how sure the label is, among all labels of the taxonomy.
        why: the headings and words that decided, the strongest first (Y stands for a year, N for a number); empty if
            nothing spoke but the neighbours.
        taxonomy: the name of the taxonomy the label belongs to.
    """

    span: Span
    label: str
    probability: float
    why: tuple[str, ...] = ()
    taxonomy: str = ""


class Heard(NamedTuple):
    """Words found in texts, by text and then by word (所见词).

    Attributes:
        owner: int64[m], the number of the text.
        rows: int64[m], the number of the word.
        weights: float64[m, labels], what it weighs.
        times: float64[m], 1 + ln n for the n places where the text has it.
    """

    owner: Ints
    rows: Ints
    weights: Floats
    times: Floats


class Words:
    """Words with a weight for each label; finds the longest at each place of a text."""

    def __init__(self, weights: Mapping[str, Floats], size: int) -> None:
        self.words = sorted(weights)
        self.plain = [word.strip(MARKS) for word in self.words]
        self.weights = np.array([weights[word] for word in self.words], np.float64).reshape(-1, size)
        ends_words = "\0" in "".join(self.words)  # the mark that does in the compiled trie; hardly any word has it
        self._found = (_trie if kernels and not ends_words else _automaton)(self.words)

    def find(self, texts: Sequence[str]) -> Heard:
        """Return the words that texts have."""
        size = len(self.words)
        words, starts = self._found(BREAK.join(texts))
        ends = np.cumsum([len(text) + 1 for text in texts])
        owner = np.searchsorted(ends, starts, "right")
        pairs, counts = np.unique(owner * size + words, return_counts=True)
        rows = pairs % max(size, 1)
        return Heard(pairs // max(size, 1), rows, self.weights[rows], 1 + np.log(counts))


def _automaton(words: list[str]) -> Callable[[str], tuple[Ints, Ints]]:
    """Return what finds the words of a text: their numbers, and where they begin."""
    kind = ahocorasick_rs.MatchKind.LeftmostLongest
    find = ahocorasick_rs.AhoCorasick(words, matchkind=kind).find_matches_as_indexes

    def found(text: str) -> tuple[Ints, Ints]:
        matches = np.array(find(text) if words else (), np.int64).reshape(-1, 3)
        return matches[:, 0], matches[:, 1]

    return found


def _trie(words: list[str]) -> Callable[[str], tuple[Ints, Ints]]:
    """Return the compiled twin of `_automaton`."""
    trie: Trie = kernels.Words(codes("".join(f"{word}\0" for word in words)))

    def found(text: str) -> tuple[Ints, Ints]:
        points = codes(text)
        numbers, starts = np.empty(len(points), np.int32), np.empty(len(points), np.int64)
        size = trie.find(points, numbers, starts)
        return numbers[:size].astype(np.int64), starts[:size]

    return found


def added(owner: Ints, values: Floats, size: int) -> Floats:
    """Add up rows of values by their owners, in their order; float64[size, columns] (逐行相加)."""
    width = values.shape[1]
    cells = (owner[:, None] * width + np.arange(width)).ravel()
    sums = np.bincount(cells, values.ravel(), minlength=size * width)
    return np.asarray(sums.reshape(size, width), np.float64)


BREAK = "\n"  # between texts; no bare word has it


@dataclass(frozen=True, slots=True)
class Model:
    """A taxonomy made ready for reading: the words that count in a text, and those that count in a heading."""

    labels: tuple[str, ...]
    priors: Floats
    seeds: Words
    headings: Words
    name: str = ""

    def labelled(self, spans: Sequence[Span], chances: Floats, parts: Sequence[Reasons]) -> list[Label]:
        """Return the likeliest label of each paragraph and the words that spoke most for it."""
        best = chances.argmax(axis=1) if len(spans) else np.zeros(0, np.int64)
        sure, why = chances[np.arange(len(spans)), best].tolist(), _whys(best, parts)
        rows = zip(spans, best.tolist(), sure, why, strict=True)
        return [Label(span, self.labels[label], chance, words, self.name) for span, label, chance, words in rows]


class Reasons(NamedTuple):
    """Words that may have spoken for the label of a paragraph (理由).

    Attributes:
        owner: int64[m], the number of the paragraph.
        rows: int64[m], the number of the word in `words`.
        weights: float64[m, labels], what it weighs for each label; only above 0 it speaks for one.
        words: the words, without marks at their ends.
    """

    owner: Ints
    rows: Ints
    weights: Floats
    words: Sequence[str]


MOST_REASONS = 6


def _whys(best: Ints, parts: Sequence[Reasons]) -> list[tuple[str, ...]]:
    """Return the words that spoke most for each label, of equal ones those of the first part first."""
    offsets = np.cumsum([0, *(len(part.words) for part in parts)]).tolist()
    words = list(chain.from_iterable(part.words for part in parts))
    owner = np.concatenate([part.owner for part in parts])
    weights = np.concatenate([part.weights[np.arange(len(part.owner)), best[part.owner]] for part in parts])
    rows = np.concatenate([part.rows + offset for part, offset in zip(parts, offsets, strict=False)])
    spoke = np.flatnonzero(weights > 0)
    spoke = spoke[np.lexsort((-weights[spoke], owner[spoke]))]
    ranked = [words[row] for row in rows[spoke].tolist()]
    edges = [0, *np.searchsorted(owner[spoke], np.arange(len(best)), "right").tolist()]
    return [tuple(dict.fromkeys(filter(None, ranked[i:j])))[:MOST_REASONS] for i, j in pairwise(edges)]


@lru_cache(maxsize=16)
def model_of(taxonomy: Taxonomy, lexicon: Lexicon | None) -> Model:
    """Make a taxonomy ready for reading (备好)."""
    seeds = [dict(topic.seeds) for topic in taxonomy.topics]
    headings = [dict(topic.seeds) | dict(topic.headings) for topic in taxonomy.topics]
    priors = np.array([topic.prior for topic in taxonomy.topics])
    return Model(taxonomy.labels, priors, _words(seeds, lexicon), _words(headings, lexicon), taxonomy.name)


def _words(columns: Sequence[Mapping[str, float]], lexicon: Lexicon | None) -> Words:
    """Return the words of all labels; all forms of a term of the lexicon stand for the one that is given."""
    weights: dict[str, Floats] = {}
    for column, words in enumerate(columns):
        for word, weight in words.items():
            weights.setdefault(word, np.zeros(len(columns)))[column] = weight
    terms = [(word, lexicon.get(word)) for word in weights] if lexicon is not None else []
    for word, term in terms:
        for form in (term.text, *term.variants) if term else ():
            weights.setdefault(form, weights[word])
    return Words({bare(word): weight for word, weight in weights.items() if bare(word)}, len(columns))


class Place(NamedTuple):
    """A paragraph with the headings it lies under, the outermost first, and those that begin inside it."""

    span: Span
    text: str
    path: tuple[Section, ...]
    inside: tuple[Section, ...]


def places_of(document: Document) -> Iterator[Place]:
    """Yield the paragraphs of a document with their headings (段落与标题)."""
    sections = document.sections
    starts = [section.span.start for section in sections]
    for span in document.paragraphs:
        text = span.of(document.text)
        anchor = span.start + len(text) - len(text.lstrip())
        first, last = bisect_right(starts, anchor), bisect_right(starts, max(anchor, span.end - 1))
        path, section = [], sections[first - 1] if first else None
        while section is not None:
            if anchor < section.span.end:
                path.append(section)
            section = section.parent
        yield Place(span, text.strip(), tuple(reversed(path)), sections[first:last])


class Reading(NamedTuple):
    """What is read of a document, the same for its themes and its roles (待判文本).

    Attributes:
        places: its paragraphs.
        bodies: their texts, bare.
        headings: those of its sections, bare.
        owner, sections: int64[m] each, a paragraph and a section that it lies under, or holds, the outermost first.
        under: bool[m], whether it lies under it.
    """

    places: list[Place]
    bodies: list[str]
    headings: list[str]
    owner: Ints
    sections: Ints
    under: NDArray[np.bool_]


@lru_cache(maxsize=2)
def reading(document: Document) -> Reading:
    """Return what is read of a document (读取段落与标题)."""
    places, sections = list(places_of(document)), document.sections
    number = {section.span.start: n for n, section in enumerate(sections)}
    near = [place.path + place.inside for place in places]
    owner = np.repeat(np.arange(len(places)), [len(found) for found in near])
    numbers = np.array([number[section.span.start] for found in near for section in found], np.int64)
    rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
    under = rank < np.array([len(place.path) for place in places], np.int64)[owner]
    bare = bare_each([*(place.text for place in places), *(section.heading for section in sections)])
    return Reading(places, bare[: len(places)], bare[len(places) :], owner, numbers, under)


class Passage(NamedTuple):
    """A paragraph as a classifier reads it: its text and the headings it lies under, the outermost first (段落)."""

    text: str
    headings: tuple[str, ...] = ()
    span: Span = Span(0, 0)


def passages(document: Document) -> list[Passage]:
    r"""Return the paragraphs of a document with their headings, for `SectionClassifier` and annotation (取段落).

    >>> from govtext.document import parse
    >>> passages(parse("一、规范执法\n查办案件325件。"))[1]
    Passage(text='查办案件325件。', headings=('规范执法',), span=Span(start=7, end=16))
    """
    return [
        Passage(place.text, tuple(section.heading for section in place.path), place.span)
        for place in places_of(document)
    ]


def role_shares(themes: Sequence[Label], roles: Sequence[Label]) -> pd.DataFrame:
    r"""Return what share of the paragraphs each theme (rows) has in each role (columns), in order of size (占比矩阵).

    >>> from govtext.classify import roles, themes
    >>> from govtext.document import parse
    >>> doc = parse("去年调解纠纷1826件，同比增长5.6%。\n今年要加强人民调解。")
    >>> role_shares(themes(doc), roles(doc)).loc["disputes"].to_dict()
    {'plan': 0.5, 'review': 0.5}
    """
    import pandas as pd

    times = Counter((a.label, b.label) for a, b in zip(themes, roles, strict=True))
    names = [sorted({pair[side] for pair in times}) for side in (0, 1)]
    table = np.array([[times[row, column] for column in names[1]] for row in names[0]]).reshape(*map(len, names))
    down, across = (np.argsort(-table.sum(axis=axis), kind="stable") for axis in (1, 0))
    index, columns = (pd.Index(found, name=name) for found, name in zip(names, ("theme", "role"), strict=True))
    return pd.DataFrame(table[down][:, across] / max(len(themes), 1), index[down], columns[across])


def softmax(scores: Floats) -> Floats:
    """Return scores as probabilities along the last axis (归一)."""
    if not scores.size:
        return scores
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), np.float64)
