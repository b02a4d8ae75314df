"""`SectionClassifier`: a scikit-learn estimator for the user's own labels, made for few of them (段落分类器)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import normalize
from sklearn.utils.validation import check_is_fitted

from govtext.classify.evidence import Label, Passage, passages, softmax
from govtext.errors import ModelError, OptionError
from govtext.text import normalise
from govtext.tokens import Segmenter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from govtext.document import Document

    Rows = list[Passage]
    Features = dict[str, list[list[str]]]  # of each kind, for each text

# What each kind of feature weighs. Single characters and pairs carry most: with few labels, longer ones do not recur.
WEIGHTS = {"characters": 1.0, "triples": 0.3, "words": 0.3, "headings": 0.7}
# The factor on the scores that makes probabilities true, as expected before it is measured, and how firmly: its
# logarithm has this standard deviation. With few labels the measurement is rough.
SHARPNESS, FIRMNESS = 2.4, 0.2
SHARPEST = np.geomspace(0.5, 32.0, 49)
FOLDS = 5


def characters(row: Passage) -> list[str]:
    """Return the characters and pairs of characters of a paragraph (单字与二字)."""
    text = row.text
    return [*text, *(text[i : i + 2] for i in range(len(text) - 1))]


def triples(row: Passage) -> list[str]:
    """Return every three characters in a row (三字)."""
    return [row.text[i : i + 3] for i in range(len(row.text) - 2)]


def headings(row: Passage) -> list[str]:
    """Return the characters and pairs of the headings above a paragraph (标题)."""
    return [gram for heading in row.headings for gram in characters(Passage(heading))]


@dataclass(frozen=True)
class _Block:
    """One kind of feature, its TF-IDF and what it weighs."""

    name: str
    vectorizer: TfidfVectorizer

    def transform(self, features: Features) -> sparse.csr_matrix:
        return self.vectorizer.transform(features[self.name]) * WEIGHTS[self.name]

    def names(self) -> list[str]:
        return list(self.vectorizer.get_feature_names_out())


class SectionClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """A classifier of paragraphs for the user's own labels, a scikit-learn estimator (段落分类器).

    TF-IDF of characters and of two and three in a row, of the words of a segmenter, and of the headings above; then
    logistic regression in which rare labels count as much as frequent ones. What a label is called, and what a taxonomy
    says of it, counts as one more text with that label: it helps most where there are few. Probabilities are made true
    by cross-validation within the training texts (one factor on the scores; Guo et al. 2017).

    A text is a string or a `Passage`, which brings its headings; see `passages`.

    Args:
        segment: the `Segmenter`; None means the default one.
        C: the inverse strength of regularisation.
        taxonomy: a `Taxonomy` whose topics are labels, also those that no text has; names, descriptions and seeds are
            learnt from, so that no labelled text at all will do.
        background: further texts without labels, from which the rarity (idf) of features is learnt, too.
        names: whether labels that are strings count as texts.

    Raises:
        OptionError: texts and labels do not pair up, or there are fewer than two labels.

    >>> model = SectionClassifier().fit(["新建高标准农田", "新建中小学校"], ["农业", "教育"])
    >>> model.predict(["农业生产", "教育改革"]).tolist()
    ['农业', '教育']
    """

    def __init__(
        self,
        *,
        segment: Any = None,
        C: float = 10.0,  # noqa: N803 - the name in scikit-learn
        taxonomy: Any = None,
        background: Any = None,
        names: bool = True,
    ) -> None:
        self.segment = segment
        self.C = C
        self.taxonomy = taxonomy
        self.background = background
        self.names = names

    def __sklearn_tags__(self) -> Any:
        """Say that texts are wanted, not numbers (估计器标记)."""
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.string = False, True
        return tags

    def fit(self, texts: Iterable[str | Passage], labels: Iterable[Any]) -> SectionClassifier:
        """Learn from texts and their labels; `classes_` are the labels, sorted (训练)."""
        rows, wanted = rows_of(texts), _labels(labels)
        if len(rows) != len(wanted):
            raise OptionError(f"{len(rows)} texts, but {len(wanted)} labels", remedy="give each text one label")
        self.classes_ = np.unique(np.array([*wanted.tolist(), *(self.taxonomy.labels if self.taxonomy else ())]))
        if len(self.classes_) < 2:
            raise OptionError("fewer than two labels", remedy="give texts of at least two labels")
        codes, described = np.searchsorted(self.classes_, wanted), self._described()
        features = self._features([*rows, *(row for row, _ in described), *rows_of(self.background or ())])
        targets = np.concatenate([codes, [code for _, code in described]]).astype(np.int64)
        self.sharpness_ = self._measured(features, targets, len(rows))
        self.blocks_, self.coef_, self.intercept_ = self._learnt(features, targets, np.arange(len(targets)))
        return self

    def predict(self, texts: Iterable[str | Passage]) -> Any:
        """Return the likeliest label of each text (预测)."""
        chances = self.predict_proba(texts)
        return self.classes_[chances.argmax(axis=1)]

    def predict_proba(self, texts: Iterable[str | Passage]) -> NDArray[np.float64]:
        """Return the probability of each label for each text, columns as `classes_` (概率)."""
        check_is_fitted(self)
        matrix = _matrix(self.blocks_, self._features(rows_of(texts)))
        return softmax(self.sharpness_ * (matrix @ self.coef_.T + self.intercept_))

    def explain(self, texts: Iterable[str | Passage], *, n: int = 6) -> list[tuple[tuple[str, float], ...]]:
        """Return the features that speak most for the likeliest label of each text, each with its share (依据).

        The share of a feature is its value times how much more it speaks for this label than for the labels on
        average; a heading's feature is marked with #.
        """
        check_is_fitted(self)
        rows = rows_of(texts)
        matrix, best = _matrix(self.blocks_, self._features(rows)), self.predict_proba(rows).argmax(axis=1)
        features = [f"#{name}" if b.name == "headings" else name for b in self.blocks_ for name in b.names()]
        centred = self.coef_ - self.coef_.mean(axis=0)
        out = []
        for number, code in enumerate(best.tolist()):
            row = matrix[[number]]
            shares = row.data * centred[code, row.indices]
            order = [i for i in np.lexsort((row.indices, -shares)).tolist() if shares[i] > 0][:n]
            out.append(tuple((features[row.indices[i]], float(shares[i])) for i in order))
        return out

    def label(self, document: Document) -> list[Label]:
        """Return the label of each paragraph of a document, with what decided (标注全文)."""
        found = passages(document)
        if not found:
            return []
        chances = self.predict_proba(found)
        why = self.explain(found)
        best = chances.argmax(axis=1)
        return [
            Label(passage.span, str(self.classes_[code]), float(row[code]), tuple(name for name, _ in reasons))
            for passage, code, row, reasons in zip(found, best.tolist(), chances, why, strict=True)
        ]

    # --- training ---

    def _features(self, rows: Rows) -> Features:
        cut = (self.segment or Segmenter()).cut
        words = [[word for word in cut(row.text) if len(word) > 1] for row in rows]
        kinds = {"characters": characters, "triples": triples, "headings": headings}
        return {"words": words} | {name: [analyse(row) for row in rows] for name, analyse in kinds.items()}

    def _described(self) -> list[tuple[Passage, int]]:
        """Return what the labels are called and what the taxonomy says of them, as texts."""
        topics = {topic.label: topic for topic in self.taxonomy.topics} if self.taxonomy is not None else {}
        out = []
        for code, label in enumerate(self.classes_.tolist()):
            topic = topics.get(label)
            if topic:
                out += [(Passage(text), code) for text in (topic.name, topic.description) if text]
                out += [(Passage("，".join(word for word, _ in topic.seeds)), code)] if topic.seeds else []
            elif self.names and isinstance(label, str) and label:
                out.append((Passage(normalise(label)), code))
        return out

    def _regression(self, matrix: Any, targets: NDArray[np.int64]) -> tuple[Any, Any]:
        """Return weights and intercepts, one row a class, also where there are two."""
        model = LogisticRegression(C=self.C, class_weight="balanced", max_iter=2000).fit(matrix, targets)
        if len(model.classes_) > 2:
            return model.coef_, model.intercept_
        return np.vstack([0 * model.coef_, model.coef_]), np.array([0.0, model.intercept_[0]])

    def _learnt(self, features: Features, targets: NDArray[np.int64], seen: NDArray[np.int64]) -> tuple[Any, Any, Any]:
        """Return kinds of features, weights and intercepts, learnt from the texts seen and those without a label."""
        places = [*seen.tolist(), *range(len(targets), len(features["words"]))]
        blocks = _blocks(_chosen(features, places))
        return blocks, *self._regression(_matrix(blocks, _chosen(features, seen.tolist())), targets[seen])

    def _measured(self, features: Features, targets: NDArray[np.int64], n: int) -> float:
        """Return the factor on the scores under which the labels of left-out texts are likeliest."""
        folds = min(FOLDS, int(min(np.unique(targets[:n], return_counts=True)[1], default=0)))
        if folds < 2:
            return SHARPNESS
        scores, described = np.zeros((n, len(self.classes_))), np.arange(n, len(targets))
        for train, test in StratifiedKFold(folds, shuffle=True, random_state=0).split(np.zeros(n), targets[:n]):
            blocks, coef, intercept = self._learnt(features, targets, np.concatenate([train, described]))
            scores[test] = _matrix(blocks, _chosen(features, test.tolist())) @ coef.T + intercept
        likelihood = [np.log(softmax(s * scores)[np.arange(n), targets[:n]] + 1e-12).sum() for s in SHARPEST]
        prior = -0.5 * (np.log(SHARPEST / SHARPNESS) / FIRMNESS) ** 2
        return float(SHARPEST[int(np.argmax(likelihood + prior))])

    # --- storing, see `stored` ---

    def state(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what a fitted model knows, as plain values and arrays (状态)."""
        if not hasattr(self, "coef_"):
            raise OptionError("the classifier is not fitted", remedy="call fit first")
        facts = {
            "C": self.C,
            "classes": self.classes_.tolist(),
            "sharpness": self.sharpness_,
            "lexicon": (self.segment or Segmenter()).lexicon.sha256,
            "blocks": {block.name: block.names() for block in self.blocks_},
        }
        arrays = {f"idf_{block.name}": block.vectorizer.idf_ for block in self.blocks_}
        return facts, arrays | {"coef": self.coef_, "intercept": self.intercept_}

    @classmethod
    def of_state(cls, facts: Mapping[str, Any], arrays: Mapping[str, Any], *, segment: Any = None) -> SectionClassifier:
        """Rebuild a fitted model (由状态重建)."""
        model = cls(segment=segment, C=facts["C"])
        if (segment or Segmenter()).lexicon.sha256 != facts["lexicon"]:
            raise ModelError("the model was trained with another lexicon", remedy="give its segmenter as segment=")
        model.blocks_ = []
        for name in [name for name in WEIGHTS if name in facts["blocks"]]:
            vectorizer = _vectorizer(facts["blocks"][name])
            vectorizer.idf_ = arrays[f"idf_{name}"]
            model.blocks_.append(_Block(name, vectorizer))
        model.classes_, model.sharpness_ = np.array(facts["classes"]), float(facts["sharpness"])
        model.coef_, model.intercept_ = arrays["coef"], arrays["intercept"]
        features = sum(len(block.names()) for block in model.blocks_)
        if model.coef_.shape != (len(model.classes_), features) or len(model.intercept_) != len(model.classes_):
            raise ValueError(f"{model.coef_.shape} weights, {len(model.classes_)} labels, {features} features")
        return model


def _vectorizer(vocabulary: Sequence[str] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=list, sublinear_tf=True, vocabulary=vocabulary)


def _blocks(features: Features) -> list[_Block]:
    """Return the kinds of features that occur."""
    out = [_Block(name, _vectorizer().fit(features[name])) for name in WEIGHTS if any(features[name])]
    if not out:
        raise OptionError("the texts are empty", remedy="give texts with characters")
    return out


def _chosen(features: Features, places: Iterable[int]) -> Features:
    numbers = list(places)
    return {name: [lists[i] for i in numbers] for name, lists in features.items()}


def _matrix(blocks: Sequence[_Block], features: Features) -> sparse.csr_matrix:
    if not features["words"]:
        return sparse.csr_matrix((0, sum(len(block.vectorizer.vocabulary_) for block in blocks)))
    return normalize(sparse.hstack([block.transform(features) for block in blocks]).tocsr())


def _labels(labels: Iterable[Any]) -> NDArray[Any]:
    wanted = list(labels)
    if any(label is None or label == "" for label in wanted):
        raise OptionError("a label is empty", remedy="leave out texts without a label")
    if len({isinstance(label, str) for label in wanted}) > 1:
        raise OptionError("labels of two types", remedy="let all labels be strings, or all numbers")
    return np.array(wanted, None if wanted else np.str_)


def rows_of(texts: Iterable[str | Passage]) -> Rows:
    """Return texts as passages (取段落)."""
    if isinstance(texts, str | Passage):
        raise OptionError("one string instead of a list of texts", remedy="put it into a list")
    out = []
    for text in texts:
        if not isinstance(text, str | Passage):
            raise OptionError(f"{type(text).__name__} instead of a text", remedy="give strings or passages")
        out.append(Passage(normalise(text)) if isinstance(text, str) else text)
    return out
