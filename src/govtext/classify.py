"""Paragraphs → theme and role by weighted words and headings; a classifier for the user's own labels (分类).

`themes` and `roles` need no labelled texts: what speaks for a label stands in a `Taxonomy`, a TSV file that people can
read and replace. `SectionClassifier` learns from labelled texts; it is a scikit-learn estimator, and scikit-learn is
loaded when the name is first used.

>>> from govtext.document import parse
>>> doc = parse("一、2022年工作情况\\n办结行政复议案件61件。\\n二、下一步打算\\n加强行政执法监督。")
>>> [(theme.label, role.label) for theme, role in zip(themes(doc), roles(doc))][1::2]
[('disputes', 'review'), ('enforcement', 'plan')]
"""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import ahocorasick_rs
import numpy as np

from govtext.errors import GovtextError, OptionError
from govtext.text import Span, decode, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from govtext.document import Document, Section
    from govtext.lexicon import Lexicon
    from govtext.tokens import Segmenter

    Floats = NDArray[np.float64]
    SectionClassifier: Any  # made by __getattr__, so that scikit-learn loads late

Seeds = tuple[tuple[str, float], ...]
NEEDED, OPTIONAL = ("label", "seeds"), ("name_zh", "description", "prior", "headings")
OTHER = "other"
UNWEIGHTED = 2.0  # the weight of a seed without one: 3 is a sure sign, 1 a weak one


class TaxonomyError(GovtextError):
    """A taxonomy is malformed or contradicts itself (分类体系有误)."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a paragraph is about, or which part it plays (标签).

    Attributes:
        span: the paragraph.
        label: a label of the taxonomy.
        probability: how sure the label is, among all labels of the taxonomy.
        why: the headings and words that decided, the strongest first; empty if only the neighbours spoke.
    """

    span: Span
    label: str
    probability: float
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """One label of a taxonomy and the words that speak for it (类目).

    Attributes:
        label: its code.
        seeds: words, each with its weight, that count wherever they stand.
        headings: words that count only in a heading; there they replace a seed of the same form.
        name: its Chinese name.
        description: what belongs to it, for people.
        prior: its score before anything is read.
    """

    label: str
    seeds: Seeds
    headings: Seeds = ()
    name: str = ""
    description: str = ""
    prior: float = 0.0


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """An immutable list of topics (分类体系); for roles their order is the usual order of the parts.

    >>> Taxonomy.default().labels[:3]
    ('leadership', 'functions', 'rulemaking')
    """

    topics: tuple[Topic, ...]

    def __post_init__(self) -> None:
        labels = self.labels
        twice = sorted({label for label in labels if labels.count(label) > 1})
        if twice or not labels:
            what = f"the label {twice[0]!r} is given twice" if twice else "no label is given"
            raise TaxonomyError(what, remedy="give every label one row")

    @property
    def labels(self) -> tuple[str, ...]:
        """The codes of the topics, in order."""
        return tuple(topic.label for topic in self.topics)

    @classmethod
    def read(cls, path: str | Path) -> Taxonomy:
        """Read a taxonomy from a TSV file with a header line (读取分类体系).

        The columns `label` and `seeds` are needed; `name_zh`, `description`, `prior` and `headings` are optional. Seeds and
        headings are words parted by |, each with its weight after a colon (`行政复议:3`), or 1. Lines that begin
        with # are remarks.

        Raises:
            TaxonomyError: the file cannot be read, or a line is malformed or repeats a label.
        """
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            raise TaxonomyError(f"the taxonomy cannot be read ({error.strerror})", where=path) from error
        return cls(tuple(_topics(decode(data, where=path)[0], str(path))))

    @classmethod
    def default(cls) -> Taxonomy:
        """Return the themes of reports on the rule of law: the chapters of 法治政府建设实施纲要(2021—2025年) (默认体系)."""
        return _shipped("rule-of-law")

    @classmethod
    def roles(cls) -> Taxonomy:
        """Return the roles: preamble, review, duty, problem, plan (段落功能)."""
        return _shipped("roles")


@lru_cache(maxsize=4)
def _shipped(name: str) -> Taxonomy:
    file = f"taxonomy-{name}.tsv"
    return Taxonomy(tuple(_topics(_data(file), file)))


def _data(file: str) -> str:
    return (resources.files("govtext") / "data" / file).read_text(encoding="utf-8")


def _rows(text: str, where: str, needed: Sequence[str], optional: Sequence[str] = ()) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of a TSV text, each with its place for messages."""
    reader = csv.reader(io.StringIO(normalise(text)), delimiter="\t", quoting=csv.QUOTE_NONE)
    rows = [(f"{where}, line {reader.line_num}", row) for row in reader if row and not row[0].startswith("#")]
    header = rows[0][1] if rows else []
    if set(needed) - set(header) or set(header) - {*needed, *optional} or len(set(header)) < len(header):
        raise TaxonomyError(
            f"the header is {' '.join(header) or 'missing'}",
            where=rows[0][0] if rows else where,
            remedy=f"name the columns, parted by tabs: {' '.join(needed)}, and any of {' '.join(optional)}",
        )
    for place, row in rows[1:]:
        if len(row) > len(header):
            raise TaxonomyError(f"{len(row)} fields, but the header has {len(header)}", where=place, remedy="check the tabs")
        yield place, dict.fromkeys(header, "") | dict(zip(header, row, strict=False))


def _topics(text: str, where: str) -> Iterator[Topic]:
    seen: set[str] = set()
    for place, cells in _rows(text, where, NEEDED, OPTIONAL):
        label = cells["label"].strip()
        if not label or label in seen:
            what = f"the label {label!r} stands in an earlier line, too" if label else "the label is missing"
            raise TaxonomyError(what, where=place, remedy="give every label one row")
        seen.add(label)
        yield Topic(
            label,
            _seeds(cells["seeds"], place),
            _seeds(cells.get("headings", ""), place),
            cells.get("name_zh", ""),
            cells.get("description", ""),
            _number(cells.get("prior", "") or "0", place),
        )


def _seeds(cell: str, place: str) -> Seeds:
    """Read `行政复议:3|调解` as words with their weights."""
    out: dict[str, float] = {}
    for part in filter(None, map(str.strip, cell.split("|"))):
        word, colon, weight = part.rpartition(":")
        word, value = (word, _number(weight, place)) if colon else (part, UNWEIGHTED)
        if not word or word in out:
            what = f"“{word}” stands twice in one cell" if word else f"{part!r} has no word"
            raise TaxonomyError(what, where=place, remedy="write each word once, as word:weight")
        out[word] = value
    return tuple(out.items())


def _number(text: str, place: str) -> float:
    if not re.fullmatch(r"\s*[-+]?\d+(?:\.\d+)?\s*", text, re.ASCII):
        raise TaxonomyError(f"the weight is {text!r}", where=place, remedy="write a number such as 2 or 0.5")
    return float(text)


# --- words in texts -------------------------------------------------------------------------------------------------


_CHINESE = str.maketrans(",:;()?!", "，：；（）？！")
_BLANKS = re.compile(r"\s+")
_QUOTES = re.compile("[“”‘’\"']")


def _plain(text: str) -> str:
    """Return a text without blanks and with Chinese punctuation."""
    return _BLANKS.sub("", text).translate(_CHINESE)


def _bare(text: str) -> str:
    """Return a plain text without quote marks: “八五”普法 and 八五普法 are one word."""
    return _QUOTES.sub("", _plain(text))


class _Matcher:
    """Finds the words of a list in texts: at each place the longest, none over another."""

    def __init__(self, weights: Mapping[str, Floats], size: int) -> None:
        bare = {_bare(word): weight for word, weight in weights.items() if _bare(word)}
        self.words = sorted(bare)
        self.weights = np.array([bare[word] for word in self.words], np.float64).reshape(-1, size)
        kind = ahocorasick_rs.MatchKind.LeftmostLongest
        self._find = ahocorasick_rs.AhoCorasick(self.words, matchkind=kind) if self.words else None

    def counts(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the words found, as rows of `weights`, and how often each occurs."""
        found = [match[0] for match in self._find.find_matches_as_indexes(_bare(text))] if self._find else []
        return np.unique(np.array(found, np.int64), return_counts=True)

    def evidence(self, text: str, *, count: bool = True) -> tuple[Floats, NDArray[np.int64]]:
        """Return the score of each label, and the words found; a word counts 1 + ln n, or once."""
        rows, counts = self.counts(text)
        times = 1 + np.log(counts) if count else np.ones(len(rows))
        return times @ self.weights[rows], rows


@lru_cache(maxsize=32)
def _matcher(taxonomy: Taxonomy, lexicon: Lexicon | None, headings: bool) -> _Matcher:  # noqa: FBT001 - a cache key
    """Return the finder of a taxonomy's words; forms of one lexicon term stand for each other."""
    size = len(taxonomy.topics)
    weights: dict[str, Floats] = {}
    for column, topic in enumerate(taxonomy.topics):
        for word, weight in (dict(topic.seeds) | dict(topic.headings) if headings else dict(topic.seeds)).items():
            weights.setdefault(word, np.zeros(size))[column] = weight
    for word in list(weights) if lexicon is not None else []:
        term = lexicon.get(word)
        for form in (term.text, *term.variants) if term else ():
            weights.setdefault(form, weights[word])
    return _Matcher(weights, size)


class _Place(NamedTuple):
    """A paragraph with the headings it lies under, the outermost first, and those inside it."""

    span: Span
    text: str
    path: tuple[Section, ...]
    inside: tuple[Section, ...]


def _places(document: Document) -> Iterator[_Place]:
    sections = document.sections
    starts = [section.span.start for section in sections]
    for span in document.paragraphs:
        text = span.of(document.text)
        anchor = span.start + len(text) - len(text.lstrip())
        first, last = bisect_right(starts, anchor), bisect_right(starts, max(anchor, span.end - 1))
        yield _Place(span, text.strip(), _path(sections[first - 1] if first else None, anchor), sections[first:last])


def _path(section: Section | None, anchor: int) -> tuple[Section, ...]:
    """Return the sections around a place, the outermost first."""
    out: list[Section] = []
    while section is not None:
        if anchor < section.span.end:
            out.append(section)
        section = section.parent
    return tuple(reversed(out))


def _softmax(scores: Floats) -> Floats:
    shifted = np.exp(scores - scores.max())
    return shifted / shifted.sum()


def _best(words: Iterable[tuple[str, float]], n: int = 6) -> tuple[str, ...]:
    """Return the n words of the highest positive weight, each once."""
    ranked = sorted((-weight, word) for word, weight in words if weight > 0 and word)
    return tuple(dict.fromkeys(word for _, word in ranked))[:n]


# --- themes ---------------------------------------------------------------------------------------------------------

# What the evidence of a heading weighs, by its level, and that of the words of a paragraph.
THEME_WEIGHTS = {"chapter": 2.0, "1": 2.0, "article": 2.0, "2": 3.5, "3": 3.5, "4": 3.5, "point": 2.0}
BODY, ABSENT = 3.0, 2.0
# Of so many characters a heading or a paragraph leaves as much unsaid as a seed of weight 1 says.
HEADING_LENGTH, BODY_LENGTH = 30, 60


def themes(document: Document, *, taxonomy: Taxonomy | None = None, segment: Segmenter | None = None) -> list[Label]:
    """Label each paragraph with its theme (主题分类).

    Evidence for a label are the seeds of the taxonomy in the headings that the paragraph stands under or holds, and in
    its own words. The evidence of each text is shared out among the labels, s / (Σs + h), with a constant h for what
    stays unsaid; the shares are weighted by the level of the heading and added; the probabilities are the softmax of the
    sums. Where nothing speaks the label is `other`, whether the taxonomy names it or not.

    Args:
        document: any document; headings help, but are not needed.
        taxonomy: the labels and their words; None means `Taxonomy.default()`.
        segment: with a segmenter, all forms of a term of its lexicon count like the form that is a seed.

    >>> from govtext.document import parse
    >>> themes(parse("全市人民调解组织调解纠纷1826件。"))[0].label
    'disputes'
    """
    taxonomy = _with_other(taxonomy or Taxonomy.default())
    scorer = _Themes(taxonomy, segment.lexicon if segment else None)
    return [scorer.label(place) for place in _places(document)]


class _Evidence(NamedTuple):
    """What one heading or one text says for each label, and the words it says it with."""

    scores: Floats
    words: tuple[tuple[str, Floats], ...]


class _Themes:
    """Scores paragraphs by the seeds of one taxonomy; a heading is read once."""

    def __init__(self, taxonomy: Taxonomy, lexicon: Lexicon | None) -> None:
        self.labels = taxonomy.labels
        self.other = self.labels.index(OTHER)
        self.priors = np.array([topic.prior for topic in taxonomy.topics])
        self._seeds = _matcher(taxonomy, lexicon, headings=False)
        self._headings = _matcher(taxonomy, lexicon, headings=True)
        self._read: dict[int, _Evidence] = {}

    def label(self, place: _Place) -> Label:
        heads = [self._heading(section) for section in place.path + place.inside if section.heading]
        body = self._body(place.text)
        probabilities = _softmax(self.priors + body.scores + sum(head.scores for head in heads))
        best = int(probabilities.argmax())
        words = [(word, float(s[best])) for evidence in (*heads, body) for word, s in evidence.words]
        return Label(place.span, self.labels[best], float(probabilities[best]), _best(words))

    def _heading(self, section: Section) -> _Evidence:
        if section.span.start not in self._read:
            found, _ = self._headings.evidence(section.heading)
            unsaid = 0.5 + len(section.heading) / HEADING_LENGTH
            scores = THEME_WEIGHTS[section.level] * found / (found.sum() + unsaid)
            self._read[section.span.start] = _Evidence(scores, ((section.heading, scores),))
        return self._read[section.span.start]

    def _body(self, text: str) -> _Evidence:
        found, rows = self._seeds.evidence(text)
        unsaid = 1 + len(text) / BODY_LENGTH
        scale = BODY / (found.sum() + unsaid)
        scores = scale * found
        scores[self.other] += ABSENT * unsaid / (found.sum() + unsaid)
        weights = self._seeds.weights[rows] * scale
        return _Evidence(scores, tuple(zip([self._seeds.words[i] for i in rows], weights, strict=True)))


def _with_other(taxonomy: Taxonomy) -> Taxonomy:
    return taxonomy if OTHER in taxonomy.labels else Taxonomy((*taxonomy.topics, Topic(OTHER, ())))


# --- roles ----------------------------------------------------------------------------------------------------------

ROLE_WEIGHTS = {"chapter": 1.0, "1": 1.0, "article": 0.5, "2": 0.5, "3": 0.3, "4": 0.3, "point": 0.3}
TOP = ("chapter", "1")
# Before the first heading of the top level a paragraph is the opening, unless it says otherwise.
OPENING = 4.0
MOST = 10.0  # no list of seeds says more than this for a role
# The cost of a change of role from one paragraph to the next: onwards, back; and its share at a top heading.
ONWARDS, BACK, AT_HEADING = 5.0, 10.0, 0.4


def roles(document: Document, *, taxonomy: Taxonomy | None = None, segment: Segmenter | None = None) -> list[Label]:
    """Label each paragraph with the part it plays: preamble, review, duty, problem or plan (段落功能).

    Each paragraph has log-odds for each role from its headings, from the seeds of the taxonomy, and, for plan against
    review, from its wording (`roles-wording.tsv`). As the parts of a report are contiguous and come in a usual order, a
    change of role between neighbours costs, a change back more, a change at a top heading less; the probabilities are
    the marginals of this chain (forward-backward, Rabiner 1989). Where a document lies in the year or how far into the
    text a paragraph stands is no evidence.

    Args:
        document: any document; headings and neighbours help, but a single paragraph will do.
        taxonomy: the roles in their usual order; None means `Taxonomy.roles()`. The wording counts if there is a `plan`.
        segment: with a segmenter, all forms of a term of its lexicon count like the form that is a seed.

    >>> from govtext.document import parse
    >>> [label.label for label in roles(parse("今年要加快建设数字政府。")) + roles(parse("生产总值同比增长5.6%。"))]
    ['plan', 'review']
    """
    taxonomy = taxonomy or Taxonomy.roles()
    scorer = _Roles(taxonomy, segment.lexicon if segment else None)
    places = list(_places(document))
    first = next((s.span.start for s in document.sections if s.level in TOP), 0)
    evidence = [scorer.evidence(place, opening=place.span.end <= first) for place in places]
    starts = [any(s.level in TOP for s in place.inside) or _begins(place) for place in places]
    chances = _chain(np.array([e.scores for e in evidence]).reshape(-1, len(taxonomy.topics)), starts)
    return [scorer.label(*row) for row in zip(places, evidence, chances, strict=True)]


def _begins(place: _Place) -> bool:
    """Tell whether a paragraph begins a part of the top level."""
    return bool(place.path) and place.path[-1].level in TOP and place.path[-1].span.start >= place.span.start


class _Roles:
    """Scores paragraphs for the roles of one taxonomy."""

    def __init__(self, taxonomy: Taxonomy, lexicon: Lexicon | None) -> None:
        self.labels = taxonomy.labels
        self.priors = np.array([topic.prior for topic in taxonomy.topics])
        self._seeds = _matcher(taxonomy, lexicon, headings=False)
        self._headings = _matcher(taxonomy, lexicon, headings=True)
        self._read: dict[int, _Evidence] = {}

    def evidence(self, place: _Place, *, opening: bool) -> _Evidence:
        heads = [self._heading(section) for section in place.path]
        parts = [*heads, self._body(place.text)]
        if "plan" in self.labels:
            parts.append(self._wording(place.text))
        # A role that the top heading names needs no words to make it likely.
        top = [head.scores > 0 for head, section in zip(heads, place.path, strict=True) if section.level in TOP]
        priors = np.where(np.any(top, axis=0), 0.0, self.priors) if top else self.priors
        scores = sum((part.scores for part in parts), priors)
        if opening and "preamble" in self.labels:
            scores[self.labels.index("preamble")] += OPENING
        return _Evidence(scores, tuple(word for part in parts for word in part.words))

    def label(self, place: _Place, evidence: _Evidence, chances: Floats) -> Label:
        best = int(chances.argmax())
        # A word speaks for a role by as much as it says more for it than for the others.
        words = [(word, float(s[best] - (s.sum() - s[best]) / max(len(s) - 1, 1))) for word, s in evidence.words]
        return Label(place.span, self.labels[best], float(chances[best]), _best(words))

    def _heading(self, section: Section) -> _Evidence:
        if section.span.start not in self._read:
            rows, _ = self._headings.counts(section.heading)
            # 存在问题及下步打算 names two roles: the best word of each counts.
            scores = ROLE_WEIGHTS[section.level] * self._headings.weights[rows].max(axis=0, initial=0.0)
            self._read[section.span.start] = _Evidence(scores, ((section.heading, scores),))
        return self._read[section.span.start]

    def _body(self, text: str) -> _Evidence:
        found, rows = self._seeds.evidence(text, count=False)
        words = [self._seeds.words[i] for i in rows]
        return _Evidence(np.clip(found, -MOST, MOST), tuple(zip(words, self._seeds.weights[rows], strict=True)))

    def _wording(self, text: str) -> _Evidence:
        model, plan = _wording(), self.labels.index("plan")
        odds, words = model.odds(text)
        scores = np.zeros(len(self.labels))
        scores[plan] = np.clip(odds, -CLIP, CLIP)
        return _Evidence(scores, tuple((word.strip(MARKS), w * (np.arange(len(self.labels)) == plan)) for word, w in words))


def _chain(scores: Floats, starts: Sequence[bool]) -> Floats:
    """Return the probability of each role at each paragraph, the neighbours considered."""
    n, size = scores.shape
    order = np.arange(size)
    cost = np.where(order[:, None] < order, ONWARDS, BACK) * (order[:, None] != order)
    share = np.where(starts, AT_HEADING, 1.0)
    ahead, behind = scores.copy(), np.zeros_like(scores)
    for i in range(1, n):
        ahead[i] += np.logaddexp.reduce(ahead[i - 1][:, None] - cost * share[i], axis=0)
    for i in range(n - 2, -1, -1):
        behind[i] = np.logaddexp.reduce(scores[i + 1] + behind[i + 1] - cost * share[i + 1], axis=1)
    return np.array([_softmax(row) for row in ahead + behind]).reshape(n, size)


# --- wording --------------------------------------------------------------------------------------------------------

MARKS = "，。、；：！？“”‘’（）《》—…"
_PERIOD = re.compile("十[一二三四五六七]五")
_YEAR, _NUMBER = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)"), re.compile(r"\d+")
CLIP = 5.0
SMOOTHING = 10  # as if a paragraph held ten more forms that say nothing


def wording(text: str) -> str:
    """Return a text as the wording model reads it: no blanks, Y for a year, N for a number (措辞).

    >>> wording("2022年, 增长5.6%")
    '。Y年，增长N.N%'
    """
    return "。" + _NUMBER.sub("N", _YEAR.sub("Y", _PERIOD.sub("Y五", _plain(text))))


class _Wording:
    """The log-odds of plan against review of words and word pairs, each found wherever it stands."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.words = sorted(weights)
        self.weights = [weights[word] for word in self.words]
        self._find = ahocorasick_rs.AhoCorasick(self.words)

    def odds(self, text: str) -> tuple[float, list[tuple[str, float]]]:
        """Return Σw / √(n + 10) over the n different forms found, and the forms."""
        matches = self._find.find_matches_as_indexes(wording(text), overlapping=True)
        found = sorted({match[0] for match in matches})
        scale = (len(found) + SMOOTHING) ** -0.5
        words = [(self.words[i], self.weights[i] * scale) for i in found]
        return sum(weight for _, weight in words), words


@lru_cache(maxsize=1)
def _wording() -> _Wording:
    file = "roles-wording.tsv"
    rows = _rows(_data(file), file, ("term", "weight"))
    return _Wording({cells["term"]: _number(cells["weight"], place) for place, cells in rows})
