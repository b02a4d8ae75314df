"""How far a classifier can be trusted: validated by whole groups, with intervals, curves and calibration (检验).

Paragraphs of one document, place or year resemble each other, so a random split of paragraphs flatters every model.
Here whole groups are left out, and intervals come from drawing whole groups (cluster bootstrap; Field and Welsh 2007).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from govtext.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]

DRAWS = 1000  # of the bootstrap
FOLDS = 10  # with more groups than this, several are left out at a time
MACRO = "macro"


@dataclass(frozen=True, slots=True)
class Validation:
    """What a model said of texts whose whole group it had not seen (检验结果).

    Attributes:
        labels: the labels, sorted.
        gold, predicted: the number of the right and of the likeliest label of each text.
        probability: how sure the likeliest label was.
        groups: the number of the group of each text.
    """

    labels: tuple[Any, ...]
    gold: NDArray[np.int64]
    predicted: NDArray[np.int64]
    probability: Floats
    groups: NDArray[np.int64]


def cross_validate(model: Any, texts: Sequence[Any], labels: Sequence[Any], *, groups: Sequence[Any]) -> Validation:
    """Predict each text by a model that saw none of its group (分组交叉验证).

    Args:
        model: an unfitted estimator with `predict_proba`; it is cloned.
        texts: as for `fit`.
        labels: one a text.
        groups: the document, place or year of each text.

    Raises:
        OptionError: the lengths differ, there are fewer than two groups, or all but one group lack a second label.

    >>> from govtext.classify import SectionClassifier
    >>> texts = ["粮食增产", "农田建设", "学校建设", "教师招聘"]
    >>> done = cross_validate(SectionClassifier(), texts, ["农", "农", "教", "教"], groups=[2023, 2024, 2023, 2024])
    >>> done.labels
    ('农', '教')
    """
    from sklearn.base import clone
    from sklearn.model_selection import GroupKFold

    texts, labels = list(texts), list(labels)
    _, gold, numbers = _numbered(texts, labels, groups)
    said, sure = np.array(labels, object), np.zeros(len(gold))
    for train, test in GroupKFold(min(FOLDS, int(numbers.max()) + 1)).split(gold, groups=numbers):
        fitted = clone(model).fit([texts[i] for i in train], [labels[i] for i in train])
        chances = fitted.predict_proba([texts[i] for i in test])
        said[test] = fitted.classes_[chances.argmax(axis=1)].tolist()
        sure[test] = chances.max(axis=1)
    names = np.unique(np.array([*labels, *said.tolist()]))  # a model with a taxonomy knows labels that no text has
    gold, predicted = (np.searchsorted(names, np.array(list(of))) for of in (labels, said))
    return Validation(tuple(names.tolist()), gold, predicted, sure, numbers)


def _numbered(texts: Sequence[Any], labels: Sequence[Any], groups: Sequence[Any]) -> tuple[Any, Places, Places]:
    """Return the labels, sorted, and the numbers of the label and of the group of each text."""
    if not len(texts) == len(labels) == len(groups):
        what = f"{len(texts)} texts, {len(labels)} labels, {len(groups)} groups"
        raise OptionError(what, remedy="give each text one label and one group")
    names, gold = np.unique(np.array(labels), return_inverse=True)
    known, numbers = np.unique(np.array(list(map(str, groups))), return_inverse=True)
    if len(known) < 2:
        raise OptionError("fewer than two groups", remedy="label paragraphs of at least two documents, places or years")
    return names, gold, numbers


def scores(done: Validation, *, draws: int = DRAWS, level: float = 0.95) -> pd.DataFrame:
    """Return precision, recall and F1 of each label and their macro-average, with intervals of F1 (得分).

    Columns: label, support, precision, recall, f1, low, high. The interval is the percentile bootstrap over groups with
    a fixed seed; with fewer than five groups it says little.
    """
    import pandas as pd

    size = len(done.labels)
    parts = _counts(done)
    true, gold, said = parts.sum(axis=0)
    f1 = _f1(true, gold, said)
    drawn = np.random.default_rng(0).integers(0, len(parts), (draws, len(parts)))
    samples = np.array([_f1(*parts[draw].sum(axis=0)) for draw in drawn])
    samples = np.column_stack([samples, samples.mean(axis=1)])
    low, high = np.quantile(samples, [(1 - level) / 2, (1 + level) / 2], axis=0)
    precision, recall = true / np.maximum(said, 1), true / np.maximum(gold, 1)
    return pd.DataFrame(
        {
            "label": [*done.labels, MACRO],
            "support": [*gold.astype(int).tolist(), int(gold.sum())],
            "precision": [*precision, precision.mean()],
            "recall": [*recall, recall.mean()],
            "f1": [*f1, f1.mean()],
            "low": low,
            "high": high,
        },
        index=range(size + 1),
    )


def _counts(done: Validation) -> NDArray[np.float64]:
    """Return for each group the numbers of right answers, of texts and of predictions of each label."""
    size, n = len(done.labels), int(done.groups.max()) + 1
    right = done.gold == done.predicted
    pairs = ((done.groups[right], done.gold[right]), (done.groups, done.gold), (done.groups, done.predicted))
    counted = [np.bincount(group * size + label, minlength=n * size) for group, label in pairs]
    return np.stack([counts.reshape(n, size) for counts in counted], axis=1).astype(np.float64)


def _f1(true: Floats, gold: Floats, said: Floats) -> Floats:
    return 2 * true / np.maximum(gold + said, 1)


def confusion(done: Validation) -> pd.DataFrame:
    """Return how often each label (rows) was taken for each (columns) (混淆矩阵)."""
    import pandas as pd

    size = len(done.labels)
    cells = np.bincount(done.gold * size + done.predicted, minlength=size * size).reshape(size, size)
    return pd.DataFrame(
        cells, index=pd.Index(done.labels, name="label"), columns=pd.Index(done.labels, name="predicted")
    )


def coverage_curve(right: Iterable[bool], probability: Iterable[float]) -> pd.DataFrame:
    """Return the accuracy of the surest answers at each share of all, in tenths (覆盖率曲线).

    Columns: coverage, accuracy, min_probability: what to pass to the command to keep that share.
    """
    import pandas as pd

    hits, sure = np.array(list(right), np.float64), np.array(list(probability), np.float64)
    order = np.argsort(-sure, kind="stable")
    rows = []
    for tenth in range(1, 11):
        kept = order[: max(1, len(order) * tenth // 10)]
        if len(kept):
            rows.append({"coverage": tenth / 10, "accuracy": hits[kept].mean(), "min_probability": sure[kept].min()})
    return pd.DataFrame(rows)


def calibration_error(right: Iterable[bool], probability: Iterable[float], *, bins: int = 10) -> float:
    """Return the expected calibration error: how far probabilities are from accuracies (期望校准误差).

    The mean, over bins of equal width, of |accuracy - mean probability|, weighted by size (Naeini et al. 2015).

    >>> calibration_error([True, True, False, True], [0.75, 0.75, 0.75, 0.75])
    0.0
    """
    hits, sure = np.array(list(right), np.float64), np.array(list(probability), np.float64)
    if not len(sure):
        return 0.0
    places = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = np.bincount(places, hits - sure, minlength=bins)
    return float(np.abs(gaps).sum() / len(sure))


def learning_curve(
    model: Any,
    texts: Sequence[Any],
    labels: Sequence[Any],
    *,
    groups: Sequence[Any],
    sizes: Sequence[int] = (2, 5, 10, 20),
    repeats: int = 5,
) -> pd.DataFrame:
    """Return macro-F1 and accuracy by the number of labelled texts of each label (学习曲线).

    Whole groups are left out to measure on; from the others so many texts of each label are drawn (all, where there are
    fewer), several times with fixed seeds. Columns: size, macro_f1, low, high, accuracy: the mean and the range in
    which nineteen of twenty repeats lie.
    """
    import pandas as pd
    from sklearn.base import clone
    from sklearn.metrics import accuracy_score, f1_score
    from sklearn.model_selection import GroupShuffleSplit

    texts, labels, rows = list(texts), list(labels), []
    names, gold, numbers = _numbered(texts, labels, groups)
    split = GroupShuffleSplit(repeats, test_size=0.3, random_state=0)
    for seed, (train, test) in enumerate(split.split(gold, groups=numbers)):
        shuffled = np.random.default_rng(seed).permutation(train)
        for size in sizes:
            chosen = np.sort(np.concatenate([shuffled[gold[shuffled] == code][:size] for code in range(len(names))]))
            fitted = clone(model).fit([texts[i] for i in chosen], [labels[i] for i in chosen])
            said, right = fitted.predict([texts[i] for i in test]), names[gold[test]]
            f1 = f1_score(right, said, average="macro", zero_division=0)
            rows.append({"size": size, "macro_f1": f1, "accuracy": accuracy_score(right, said)})
    table = pd.DataFrame(rows).groupby("size")
    low, high = (table["macro_f1"].quantile(q) for q in (0.025, 0.975))
    means = table.mean()
    out = pd.DataFrame({"macro_f1": means["macro_f1"], "low": low, "high": high, "accuracy": means["accuracy"]})
    return out.reset_index()


class Query(NamedTuple):
    """A text whose label would teach a model much (待标段落)."""

    number: int
    margin: float
    likely: tuple[Any, Any]


def queries(model: Any, texts: Sequence[Any], *, n: int = 10, likeness: float = 0.5) -> list[Query]:
    """Return which of the unlabelled texts to label next, the most useful first (主动学习).

    Those where the two likeliest labels are nearly as likely (smallest margin; Scheffer et al. 2001); a text that is
    much like one already chosen (cosine of TF-IDF of character pairs above `likeness`) waits, so that a batch is not
    one paragraph over and over.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = list(texts)
    if not texts:
        return []
    chances = model.predict_proba(texts)
    order = np.argsort(-chances, axis=1, kind="stable")[:, :2]
    margins = np.take_along_axis(chances, order, axis=1) @ np.array([1.0, -1.0])
    plain = [text if isinstance(text, str) else text.text for text in texts]
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 2)).fit_transform([f"{text}\n" for text in plain])
    chosen: list[int] = []
    for number in np.argsort(margins, kind="stable").tolist():
        if len(chosen) == n:
            break
        if not chosen or (vectors[chosen] @ vectors[number].T).max() <= likeness:
            chosen.append(number)
    labels = model.classes_.tolist()
    return [Query(i, float(margins[i]), (labels[order[i, 0]], labels[order[i, 1]])) for i in chosen]
