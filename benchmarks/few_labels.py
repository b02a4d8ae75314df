"""Learning curves of `SectionClassifier` against word TF-IDF + logistic regression, with few labels of each class.

five-year-plan-sentences-dev: the classes with at least 15 sentences; so many of each are drawn, the rest is predicted.
csl-disciplines: so many titles of each of 13 classes are drawn from the training part, the test part is predicted.
Each draw has its own seed and serves both models; intervals are the percentile bootstrap over draws.
The weights of the features were chosen on these data (few draws); the data are development data, not kept back.

usage: GOVTEXT_DATA=FOLDER python benchmarks/few_labels.py [DRAWS] > benchmarks/few_labels.csv
"""

import csv
import os
import sys
from pathlib import Path

import numpy as np
import rjieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline

import govtext as gt
from govtext import classify

FOLDER = Path(os.environ["GOVTEXT_DATA"]) / "classification"
SIZES = {"five-year-plan": (2, 5, 10), "csl-disciplines": (5, 10, 20)}
LEAST = 15
COLUMNS = (
    *("data", "size", "draws", "model", "accuracy", "low", "high", "macro_f1", "accuracy_at_80"),
    *("ece_of_a_draw", "ece"),
    *("gain", "gain_low", "gain_high"),
)


def csl(part):
    lines = (FOLDER / f"csl-disciplines-{part}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    return [row[1] for row in rows], np.array([row[2] for row in rows])


def five_year_plan():
    with (FOLDER / "five-year-plan-sentences-dev.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    labels = np.array([row["label"] for row in rows])
    kept = [i for i, label in enumerate(labels) if (labels == label).sum() >= LEAST]
    return [rows[i]["text"] for i in kept], labels[kept]


def draws(name, size, n):
    """Yield training texts and labels, test texts and labels."""
    texts, labels = csl("train") if name == "csl-disciplines" else five_year_plan()
    for seed in range(n):
        mixed = np.random.default_rng(seed).permutation(len(labels))
        chosen = np.concatenate([mixed[labels[mixed] == label][:size] for label in np.unique(labels)])
        test = csl("test") if name == "csl-disciplines" else None
        if test is None:
            rest = np.setdiff1d(np.arange(len(labels)), chosen)
            test = [texts[i] for i in rest], labels[rest]
        yield [texts[i] for i in chosen], labels[chosen], *test


def baseline():
    cut = rjieba.Jieba().cut
    return make_pipeline(TfidfVectorizer(analyzer=cut), LogisticRegression(max_iter=1000))


def answers(model, draw):
    """Return whether each answer is right, how sure it was, and macro-F1."""
    texts, labels, others, gold = draw
    chances = model.fit(texts, labels).predict_proba(others)
    said = model.classes_[chances.argmax(axis=1)]
    return said == gold, chances.max(axis=1), f1_score(gold, said, average="macro")


def measured(done):
    """Return accuracy of each draw, and macro-F1, accuracy at 80 % coverage, ECE of a draw, and of all draws."""
    rights, sures, f1 = zip(*done, strict=True)
    tops = [np.argsort(-sure, kind="stable")[: len(sure) * 8 // 10] for sure in sures]
    covered = np.mean([right[top].mean() for right, top in zip(rights, tops, strict=True)])
    each = np.mean([classify.calibration_error(right, sure) for right, sure in zip(rights, sures, strict=True)])
    pooled = classify.calibration_error(np.concatenate(rights), np.concatenate(sures))
    return np.array([right.mean() for right in rights]), [np.mean(f1), covered, each, pooled]


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    segment = gt.Segmenter()
    models = {"word TF-IDF + LR": baseline(), "SectionClassifier": classify.SectionClassifier(segment=segment)}
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(COLUMNS)
    for name, size in ((name, size) for name, sizes in SIZES.items() for size in sizes):
        drawn = np.random.default_rng(0).integers(0, n, (2000, n))
        before = None
        for kind, model in models.items():
            accuracy, others = measured([answers(model, draw) for draw in draws(name, size, n)])
            row = [accuracy.mean(), *np.quantile(accuracy[drawn].mean(axis=1), (0.025, 0.975)), *others]
            if before is not None:
                gain = accuracy - before
                row += [gain.mean(), *np.quantile(gain[drawn].mean(axis=1), (0.025, 0.975))]
            before = accuracy
            out.writerow([name, size, n, kind, *(f"{value:.3f}" for value in row)])
            sys.stdout.flush()


if __name__ == "__main__":
    main()
