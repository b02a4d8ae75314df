"""Paragraphs → theme and role by weighted words and headings; a classifier for the user's own labels (分类).

`themes` and `roles` need no labelled texts: what speaks for a label stands in a `Taxonomy`, a TSV file that people can
read and replace. `SectionClassifier` learns from labelled texts; scikit-learn loads when that name is first used.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import ahocorasick_rs
import numpy as np

from govtext.errors import LexiconError, OptionError
from govtext.text import Span, decode, normalise
from govtext.tokens import Segmenter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable

    from numpy.typing import NDArray

    from govtext.document import Document, Section
    from govtext.lexicon import Lexicon

    Floats = NDArray[np.float64]
    Weights = tuple[tuple[str, float], ...]
    Evidence = tuple[Floats, Sequence[str], Floats]  # a score for each label, the words behind it, their own scores
    SectionClassifier: Any  # made by `__getattr__` below

OTHER = "other"
MARKS = "，。、；：！？（）《》—…"
UNWEIGHTED = 2.0  # the weight of a word without one: 3 is a sure sign, 1 a weak one


@dataclass(frozen=True, slots=True)
class Label:
    """What a paragraph is about, or which part it plays (标签).

    Attributes:
        span: the paragraph.
        probability: how sure the label is, among all labels of the taxonomy.
        why: the headings and words that decided, the strongest first (Y stands for a year, N for a number); empty if
            nothing spoke but the neighbours.
    """

    span: Span
    label: str
    probability: float
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """One label of a taxonomy and the words that speak for it (类目).

    Attributes:
        seeds: words with their weights, that count wherever they stand.
        headings: words that count only in a heading; there they replace a seed of the same form.
        name, description: its Chinese name, and what belongs to it, for people.
        prior: its score before anything is read.
    """

    label: str
    seeds: Weights
    headings: Weights = ()
    name: str = ""
    description: str = ""
    prior: float = 0.0


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """An immutable list of topics; for roles in the usual order of the parts of a text (分类体系).

    >>> Taxonomy.default().labels[:3]
    ('leadership', 'functions', 'rulemaking')
    """

    topics: tuple[Topic, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The codes of the topics, in order."""
        return tuple(topic.label for topic in self.topics)

    @classmethod
    def read(cls, path: str | Path) -> Taxonomy:
        """Read a taxonomy from a TSV file with a header line (读取分类体系).

        The columns `label` and `seeds` are needed; `name_zh`, `description`, `prior` and `headings` are optional. Seeds
        and headings are words parted by |, each with its weight after a colon (`行政复议:3`), or 2. Lines that begin
        with # are remarks.

        Raises:
            LexiconError: the file cannot be read, or a line is malformed or repeats a label.
        """
        return cls(_topics(Path(path)))

    @classmethod
    def default(cls) -> Taxonomy:
        """Return the themes of 法治政府建设实施纲要(2021—2025年), chapter by chapter (默认体系)."""
        return _shipped("taxonomy-rule-of-law.tsv")

    @classmethod
    def roles(cls) -> Taxonomy:
        """Return the roles preamble, review, duty, problem and plan (段落功能)."""
        return _shipped("taxonomy-roles.tsv")


@lru_cache(maxsize=4)
def _shipped(file: str) -> Taxonomy:
    return Taxonomy(_topics(resources.files("govtext") / "data" / file))


def _topics(source: Traversable) -> tuple[Topic, ...]:
    out: dict[str, Topic] = {}
    for place, cells in _rows(source, ("label", "seeds"), ("name_zh", "description", "prior", "headings")):
        label = cells["label"].strip()
        if not label or label in out:
            what = f"the label {label!r} stands in an earlier line, too" if label else "the label is missing"
            raise LexiconError(what, where=place, remedy="give every label one line")
        seeds, headings = _weights(cells["seeds"], place), _weights(cells.get("headings", ""), place)
        prior = _number(cells.get("prior") or "0", place)
        out[label] = Topic(label, seeds, headings, cells.get("name_zh", ""), cells.get("description", ""), prior)
    return tuple(out.values())


def _rows(
    source: Traversable, needed: Sequence[str], optional: Sequence[str] = ()
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of a TSV file, each with its place for messages."""
    try:
        text = normalise(decode(source.read_bytes(), where=source)[0])
    except OSError as error:
        what = f"the table cannot be read ({error.strerror})"
        raise LexiconError(what, where=source, remedy="give the path of a TSV file") from error
    lines = [(f"{source}, line {n}", line) for n, line in enumerate(text.split("\n"), start=1)]
    rows = [(place, line.split("\t")) for place, line in lines if line.strip() and not line.startswith("#")]
    place, header = rows[0] if rows else (str(source), [])
    if set(needed) - set(header) or set(header) - {*needed, *optional} or len(set(header)) < len(header):
        remedy = f"name the columns, parted by tabs: {' '.join(needed)}, and any of {' '.join(optional)}"
        raise LexiconError(f"the header is {' '.join(header) or 'missing'}", where=place, remedy=remedy)
    for place, row in rows[1:]:
        if len(row) > len(header):
            what = f"{len(row)} fields, but the header has {len(header)}"
            raise LexiconError(what, where=place, remedy="part the columns by one tab each")
        yield place, dict.fromkeys(header, "") | dict(zip(header, row, strict=False))


def _weights(cell: str, place: str) -> Weights:
    """Read `行政复议:3|调解` as words with their weights."""
    out: dict[str, float] = {}
    for part in filter(None, map(str.strip, cell.split("|"))):
        word, colon, weight = part.rpartition(":")
        word, value = (word, _number(weight, place)) if colon else (part, UNWEIGHTED)
        if not _bare(word) or word in out:
            what = f"“{word}” stands twice in one cell" if _bare(word) else f"{part!r} has no word"
            raise LexiconError(what, where=place, remedy="write each word once, as word:weight")
        out[word] = value
    return tuple(out.items())


def _number(text: str, place: str) -> float:
    if not re.fullmatch(r"[-+]?\d{1,4}(\.\d+)?", text.strip(), re.ASCII):
        raise LexiconError(f"the weight is {text!r}", where=place, remedy="write a number such as 2 or 0.5")
    return float(text)


# --- words in texts -------------------------------------------------------------------------------------------------

_IDLE = re.compile(r"[\s“”‘’\"']+")


def _bare(text: str) -> str:
    """Return a text without blanks and quote marks, with Chinese punctuation: “八五”普法 and 八五普法 are one word."""
    text = _IDLE.sub("", text)
    for ascii_mark, mark in zip(",:;()?!", "，：；（）？！", strict=True):  # many times faster than translate
        text = text.replace(ascii_mark, mark)
    return text


class _Words:
    """Words with a weight for each label; finds at each place of a text the longest, or all of them (overlapping)."""

    def __init__(self, weights: Mapping[str, Floats], size: int, *, overlapping: bool = False) -> None:
        self.words = sorted(weights)
        self.weights = np.array([weights[word] for word in self.words], np.float64).reshape(-1, size)
        kind = ahocorasick_rs.MatchKind.Standard if overlapping else ahocorasick_rs.MatchKind.LeftmostLongest
        self._find = ahocorasick_rs.AhoCorasick(self.words or ["\n"], matchkind=kind).find_matches_as_indexes
        self._overlapping = overlapping

    def find(self, text: str) -> tuple[list[str], Floats, Floats]:
        """Return the words found, sorted, their weights, and 1 + ln n for the n places of each."""
        found = [match[0] for match in self._find(text, overlapping=self._overlapping)]
        rows, counts = np.unique(np.array(found, np.int64), return_counts=True)
        return [self.words[i] for i in rows.tolist()], self.weights[rows], 1 + np.log(counts)


@dataclass(frozen=True, slots=True)
class _Model:
    """A taxonomy made ready for reading: the words that count in a text, and those that count in a heading."""

    labels: tuple[str, ...]
    priors: Floats
    seeds: _Words
    headings: _Words

    def label(self, span: Span, chances: Floats, parts: Sequence[Evidence]) -> Label:
        """Return the likeliest label of a paragraph and the words that spoke most for it."""
        best = int(chances.argmax())
        words = [word for _, words, _ in parts for word in words]
        weights = np.concatenate([weights[:, best] for *_, weights in parts])
        ranked = [words[i].strip(MARKS) for i in np.argsort(-weights, kind="stable").tolist() if weights[i] > 0]
        why = tuple(dict.fromkeys(filter(None, ranked)))[:6]
        return Label(span, self.labels[best], float(chances[best]), why)


@lru_cache(maxsize=16)
def _model(taxonomy: Taxonomy, lexicon: Lexicon | None) -> _Model:
    seeds = [dict(topic.seeds) for topic in taxonomy.topics]
    headings = [dict(topic.seeds) | dict(topic.headings) for topic in taxonomy.topics]
    priors = np.array([topic.prior for topic in taxonomy.topics])
    return _Model(taxonomy.labels, priors, _words(seeds, lexicon), _words(headings, lexicon))


def _words(columns: Sequence[Mapping[str, float]], lexicon: Lexicon | None) -> _Words:
    """Return the words of all labels; all forms of a term of the lexicon stand for the one that is given."""
    weights: dict[str, Floats] = {}
    for column, words in enumerate(columns):
        for word, weight in words.items():
            weights.setdefault(word, np.zeros(len(columns)))[column] = weight
    terms = [(word, lexicon.get(word)) for word in weights] if lexicon is not None else []
    for word, term in terms:
        for form in (term.text, *term.variants) if term else ():
            weights.setdefault(form, weights[word])
    return _Words({_bare(word): weight for word, weight in weights.items() if _bare(word)}, len(columns))


class _Place(NamedTuple):
    """A paragraph with the headings it lies under, the outermost first, and those that begin inside it."""

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
        path, section = [], sections[first - 1] if first else None
        while section is not None:
            if anchor < section.span.end:
                path.append(section)
            section = section.parent
        yield _Place(span, text.strip(), tuple(reversed(path)), sections[first:last])


def _softmax(scores: Floats) -> Floats:
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), np.float64)


# --- themes ---------------------------------------------------------------------------------------------------------

# What a heading weighs by its level, what the words of a paragraph weigh, and what they leave unsaid.
THEME_WEIGHTS = {"chapter": 2.8, "1": 2.8, "article": 2.8, "2": 3.5, "3": 3.5, "4": 3.5, "point": 2.0}
SAID, UNSAID = 3.0, 2.0
# Of so many characters a heading or a paragraph leaves as much unsaid as a word of weight 1 says.
HEADING_LENGTH, BODY_LENGTH = 30, 60


def themes(document: Document, *, taxonomy: Taxonomy | None = None, segment: Segmenter | None = None) -> list[Label]:
    """Label each paragraph with its theme (主题分类).

    What speaks are the words of the taxonomy: in the headings that the paragraph lies under or holds, and in its own
    text. Each of these shares its weight out: a label whose words sum to s (a word of weight w that occurs n times
    counts w (1 + ln n)) has s / (Σs + u), where u grows with the length; what a paragraph leaves unsaid goes to
    `other`. The probabilities are the softmax of the sums. Where nothing speaks the label is `other`.

    Args:
        document: any document; headings help, but are not needed.
        taxonomy: the labels and their words; None means `Taxonomy.default()`; `other` is added if it is not named.
        segment: with a segmenter, all forms of a term of its lexicon count like the form that is a seed.

    >>> from govtext.document import parse
    >>> themes(parse("全市人民调解组织调解纠纷1826件。"))[0].label
    'disputes'
    """
    taxonomy = taxonomy or Taxonomy.default()
    if OTHER not in taxonomy.labels:
        taxonomy = Taxonomy((*taxonomy.topics, Topic(OTHER, ())))
    model = _model(taxonomy, segment.lexicon if segment else None)
    heads = {section.span.start: _theme_heading(model, section) for section in document.sections}
    out = []
    for place in _places(document):
        parts = [_theme_body(model, place.text), *(heads[s.span.start] for s in place.path + place.inside)]
        scores = sum((scores for scores, *_ in parts), model.priors)
        out.append(model.label(place.span, _softmax(scores), parts))
    return out


def _theme_heading(model: _Model, section: Section) -> Evidence:
    _, weights, times = model.headings.find(_bare(section.heading))
    said = (times @ weights).clip(0.0)  # a negative weight only takes back
    scale = THEME_WEIGHTS[section.level] / (said.sum() + 0.5 + len(section.heading) / HEADING_LENGTH)
    return said * scale, [section.heading], (said * scale)[None]


def _theme_body(model: _Model, text: str) -> Evidence:
    words, weights, times = model.seeds.find(_bare(text))
    said, unsaid = (times @ weights).clip(0.0), 1 + len(text) / BODY_LENGTH
    scale = SAID / (said.sum() + unsaid)
    scores = said * scale
    scores[model.labels.index(OTHER)] += UNSAID * unsaid / (said.sum() + unsaid)
    return scores, words, weights * scale


# --- roles ----------------------------------------------------------------------------------------------------------

TOP = ("chapter", "1")
SURE = 5.0  # in lower headings only words of this weight count, but twice: 存在的问题 does, 坚持目标导向 does not
PREAMBLE, PLAN, REVIEW, PROBLEM = "preamble", "plan", "review", "problem"
OPENING = 6.0  # what stands before the first top heading is the opening, unless it says otherwise
ELSEWHERE = 3.0  # a role that a heading names is less likely under those that do not name it
MOST, MOST_WORDING = 18.0, 5.0  # seeds and wording of one paragraph say no more than this
HEADING_WORDING = 0.5  # a heading, which ends without a stop, orders (加强、深化) in reviews, too
STOPS = ("。", "！", "？", "；", "：", "”", "）", "…", ".", "!", "?", ";", ":", ")")
# The cost of a change of role between neighbours, onwards and back; its share at a top heading and after the opening.
ONWARDS, BACK, EASY = 5.0, 10.0, 0.4


def roles(document: Document, *, taxonomy: Taxonomy | None = None, segment: Segmenter | None = None) -> list[Label]:
    """Label each paragraph with the part it plays: preamble, review, duty, problem or plan (段落功能).

    Log-odds for each role come from the headings of a paragraph, from the seeds of the taxonomy, and, for plan against
    review, from its wording (`roles-wording.tsv`). As parts are contiguous and come in a usual order, a change of role
    between neighbours costs, a change back more, one at a top heading less; the probabilities are the marginals of this
    chain (forward-backward; Rabiner 1989). How far into the text a paragraph stands is no evidence.

    Args:
        document: any document; a single paragraph will do.
        taxonomy: the roles in their usual order; None means `Taxonomy.roles()`. The wording counts if one is `plan`.
        segment: as in `themes`.

    >>> from govtext.document import parse
    >>> [label.label for label in roles(parse("今年要加快建设数字政府。")) + roles(parse("生产总值同比增长5.6%。"))]
    ['plan', 'review']
    """
    model = _model(taxonomy or Taxonomy.roles(), segment.lexicon if segment else None)
    heads = {section.span.start: _role_heading(model, section) for section in document.sections}
    places = list(_places(document))
    parts = [[*(heads[s.span.start] for s in p.path), *_role_body(model, p)] for p in places]
    scores = np.array([sum(scores for scores, *_ in row) for row in parts]).reshape(-1, len(model.labels))
    over = [sum((heads[s.span.start][0] for s in p.path), np.zeros(len(model.labels))) for p in places]
    named = np.array(over).reshape(scores.shape) > 0
    # A role that a heading names needs no words to make it likely.
    scores += np.where(named, 0.0, model.priors - ELSEWHERE * named.any(axis=0))
    if PREAMBLE in model.labels:
        first = next((s.span.start for s in document.sections if s.level in TOP), 0)
        scores[[p.span.end <= first for p in places], model.labels.index(PREAMBLE)] += OPENING
    parted = {s.span.start for s in document.sections if s.level in TOP or heads[s.span.start][0].any()}
    begun = [any(p.span.start <= s.span.start in parted for s in p.path + p.inside) for p in places]
    chances = zip(places, _chain(scores, model.labels, begun), parts, strict=True)
    return [model.label(place.span, *row) for place, *row in chances]


def _role_heading(model: _Model, section: Section) -> Evidence:
    _, weights, _ = model.headings.find(_bare(section.heading))
    scores = weights.max(axis=0, initial=0.0)  # the best word of each role: 存在问题及下步打算 names two
    scores = scores if section.level in TOP else np.where(scores >= SURE, 2 * scores, 0.0)
    return scores, [section.heading], scores[None]


def _role_body(model: _Model, place: _Place) -> list[Evidence]:
    """Return what the seeds and the wording of a paragraph say."""
    words, weights, _ = model.seeds.find(_bare(place.text))
    parts: list[Evidence] = [(weights.sum(axis=0).clip(-MOST, MOST), words, weights)]
    if PLAN in model.labels:
        forms, odds, _ = _wording_model().find(wording(place.text))
        odds /= (len(forms) + SMOOTHING) ** 0.5
        odds *= 1.0 if place.text.endswith(STOPS) else HEADING_WORDING
        plan, review = (np.array([label == role for label in model.labels], np.float64) for role in (PLAN, REVIEW))
        # A form that speaks against plan speaks for review.
        parts.append((plan * odds.sum().clip(-MOST_WORDING, MOST_WORDING), forms, odds * (plan - review)))
    return parts


def _chain(scores: Floats, labels: Sequence[str], easy: Sequence[bool]) -> Floats:
    """Return the probability of each role at each paragraph, the neighbours considered."""
    n, order = len(scores), np.arange(len(labels))
    costs = np.where(order[:, None] < order, ONWARDS, BACK) * (order[:, None] != order)  # rows from, columns to
    costs[[label == PREAMBLE for label in labels]] *= EASY
    aside = np.array([label == PROBLEM for label in labels])  # reviews pause to name their problems, and go on
    costs[aside[:, None] | aside] *= EASY
    share = np.where(easy, EASY, 1.0)
    ahead, behind = scores.copy(), np.zeros_like(scores)
    for i in range(1, n):
        ahead[i] += np.logaddexp.reduce(ahead[i - 1][:, None] - costs * share[i], axis=0)
    for i in range(n - 2, -1, -1):
        behind[i] = np.logaddexp.reduce(scores[i + 1] + behind[i + 1] - costs * share[i + 1], axis=1)
    return _softmax(ahead + behind)


_PERIOD = re.compile("十[一二三四五六七]五")
_YEAR, _NUMBER = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)"), re.compile(r"\d+")
SMOOTHING = 10  # as if a paragraph held ten more forms that say nothing


def wording(text: str) -> str:
    """Return a text as the wording model reads it: bare, with Y for a year, N for a number (措辞).

    >>> wording("2022年, 增长5.6%")
    '。Y年，增长N.N%'
    """
    return "。" + _NUMBER.sub("N", _YEAR.sub("Y", _PERIOD.sub("Y五", _bare(text))))


@lru_cache(maxsize=1)
def _wording_model() -> _Words:
    """Return the log-odds of plan against review of words and word pairs, each found wherever it stands."""
    rows = _rows(resources.files("govtext") / "data" / "roles-wording.tsv", ("term", "weight"))
    return _Words({c["term"]: np.array([_number(c["weight"], place)]) for place, c in rows}, 1, overlapping=True)


# --- learning from labelled texts -----------------------------------------------------------------------------------


def __getattr__(name: str) -> Any:
    """Make `SectionClassifier` when it is first used, because scikit-learn takes seconds to load (PEP 562)."""
    if name == "SectionClassifier":
        return _section_classifier()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@lru_cache(maxsize=1)
def _section_classifier() -> type:
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.utils.validation import check_is_fitted

    class SectionClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
        """A classifier of texts for the user's own labels, a scikit-learn estimator (段落分类器).

        TF-IDF of character n-grams of 1 to 3 and of the words of a segmenter, then logistic regression in which rare
        labels count as much as frequent ones. `segment` is the `Segmenter` (None: the default one), `C` the inverse
        strength of regularisation.

        Raises:
            OptionError: texts and labels do not pair up, or there are fewer than two labels.
        """

        def __init__(self, *, segment: Any = None, C: float = 10.0) -> None:  # noqa: N803
            self.segment = segment
            self.C = C

        def fit(self, texts: Iterable[str], labels: Iterable[Any]) -> SectionClassifier:
            """Learn from texts and their labels; `classes_` are the labels, sorted (训练)."""
            rows, wanted = _texts(texts), list(labels)
            if len(rows) != len(wanted):
                raise OptionError(f"{len(rows)} texts, but {len(wanted)} labels", remedy="give each text one label")
            if len(set(wanted)) < 2:
                raise OptionError("fewer than two labels", remedy="give texts of at least two labels")
            characters = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), lowercase=False, sublinear_tf=True)
            words = TfidfVectorizer(analyzer=(self.segment or Segmenter()).cut, sublinear_tf=True)
            regression = LogisticRegression(C=self.C, class_weight="balanced", max_iter=1000)
            self.pipeline_ = make_pipeline(make_union(characters, words), regression).fit(rows, wanted)
            self.classes_ = self.pipeline_.classes_
            return self

        def predict(self, texts: Iterable[str]) -> Any:
            """Return the likeliest label of each text (预测)."""
            best = self.predict_proba(texts).argmax(axis=1)
            return self.classes_[best]

        def predict_proba(self, texts: Iterable[str]) -> Any:
            """Return the probability of each label for each text, columns as `classes_` (概率)."""
            check_is_fitted(self)
            return self.pipeline_.predict_proba(_texts(texts))

    SectionClassifier.__qualname__ = "SectionClassifier"  # so that it pickles for worker processes
    return SectionClassifier


def _texts(texts: Iterable[str]) -> list[str]:
    if isinstance(texts, str):
        raise OptionError("one string instead of a list of texts", remedy="put it into a list")
    return [normalise(text) for text in texts]
