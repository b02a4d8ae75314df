"""Train `src/govtext/data/roles-wording.json` and `.npz`, and measure on provinces that were left out.

The labels are the level-1 headings of work reports: what stands under 工作回顾 is review, under 工作安排 plan.
Chapters whose heading names both (发展成就和主要目标任务) teach nothing and are left out of training.

usage: GOVTEXT_DATA=FOLDER python benchmarks/train_roles_wording.py OUT.json    train on all reports
       GOVTEXT_DATA=FOLDER python benchmarks/train_roles_wording.py             leave out each fifth of the provinces
"""

import os
import re
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

import govtext as gt
from govtext import classify
from govtext.classify.ngrams import SMOOTHING, NgramModel, keys_of
from govtext.classify.roles import as_wording
from govtext.text import decode, normalise

FOLDERS = ("provincial-2025", "provincial-2026", "national", "hailar-gb18030")
HEADING = re.compile(r"(?m)^[ \u3000]*(?:[一二三四五六七八九十]+、|第[一二三四五六七八九十]+部分)(.{2,60})$")
PLAN = re.compile(
    r"总体要求|目标|任务|安排|重点工作|建议|部署|努力|做好|今年|自身建设|的说明|治理|主要考虑|要求|举措|蓝图绘到底|开好局"
    r"|^关于20\d\d年工作$|20\d\d年工作重点|20\d\d年主要工作$"
)
REVIEW = re.compile(r"回顾|过去|主要成绩|工作总结|取得新进展|20\d\d年工作$|“十四五”时期|“十四五”发展")
BOTH = re.compile("(成就|回顾).*(目标|任务)")
LONGEST, LEAST, PLACES, MOST, C, FOLDS = 3, 4, 4, 20_000, 3.0, 5
ABOUT = (
    "Log-odds of plan (工作安排) against review (工作回顾) of character n-grams of 1 to 3. Logistic regression (L2, "
    "C = 3, classes balanced) on binary TF-IDF over the paragraphs of 40 characters or more of 57 government work "
    "reports: 20 provinces in 2025 and 2026, the State Council 2003-2014, Hailar district 2012-2016. Labels: their "
    "level-1 headings; chapters that name both were left out. N-grams of at least 4 paragraphs in 4 places or years; "
    "the 20,000 that weigh most."
)


class Row(NamedTuple):
    """A labelled paragraph."""

    place: str
    label: str
    wording: str
    provincial: bool
    both: bool


class Report(NamedTuple):
    """A report, its level-1 headings, and its paragraphs as (label, start, end, whether the heading names both)."""

    place: str
    name: str
    provincial: bool
    text: str
    heads: list
    rows: list


def role(heading):
    if REVIEW.search(heading) and not re.search(r"^关于20\d\d年工作$", heading):
        return "review"
    return "plan" if PLAN.search(heading) else None


def reports():
    root = Path(os.environ["GOVTEXT_DATA"]) / "reports"
    for path in (path for folder in FOLDERS for path in sorted((root / folder).glob("*.txt"))):
        provincial = path.parent.name.startswith("provincial")
        place = path.stem[5:7] if provincial else path.stem if path.parent.name == "national" else "hailar"
        text = normalise(decode(path.read_bytes())[0])
        heads = [(m.start(), m.end(), m[1]) for m in HEADING.finditer(text)]
        half = len(text) // 2
        annex = re.search(r"(?m)^\s*(附件|名词解释)", text[half:])
        stop = annex.start() + half if annex else len(text)
        rows = []
        for match in re.finditer(r"(?m)^.{40,}$", text):
            heading = next((h for at, _, h in reversed(heads) if at < match.start()), "")
            if role(heading) and match.start() < stop:
                rows.append((role(heading), match.start(), match.end(), bool(BOTH.search(heading))))
        yield Report(place, path.name, provincial, text, heads, rows)


def rows_of(found):
    return [
        Row(r.place, label, as_wording(r.text[a:b].strip()), r.provincial, both)
        for r in found
        for label, a, b, both in r.rows
    ]


def vocabulary(rows):
    """Return the n-grams of enough paragraphs and places, and how many paragraphs hold each."""
    places = {place: number for number, place in enumerate(sorted({row.place for row in rows}))}
    own = [np.unique(np.concatenate(list(keys_of(row.wording, LONGEST)))) for row in rows]
    where = np.repeat([places[row.place] for row in rows], [len(keys) for keys in own])
    keys, column, counts = np.unique(np.concatenate(own), return_inverse=True, return_counts=True)
    spread = np.bincount(np.unique(column * len(places) + where) // len(places), minlength=len(keys))
    keep = (counts >= LEAST) & (spread >= PLACES)
    return keys[keep], counts[keep]


def fit(rows, keys, idf):
    """Return the weights of n-grams as `NgramModel` scores them, and the bias."""
    texts = [row.wording for row in rows]
    row, column = NgramModel(keys, np.ones(len(keys), np.float32), longest=LONGEST).find(texts)
    size = np.sqrt(np.bincount(row, minlength=len(texts)) + SMOOTHING)
    matrix = sparse.csr_matrix((idf[column] / size[row], (row, column)), (len(texts), len(keys)))
    model = LogisticRegression(C=C, class_weight="balanced", solver="liblinear", random_state=0)
    model.fit(matrix, np.array([r.label == "plan" for r in rows]))
    return model.coef_[0] * idf, float(model.intercept_[0])


def train(rows, about=""):
    keys, counts = vocabulary(rows)
    idf = np.log(len(rows) / counts) + 1
    weights, _ = fit(rows, keys, idf)
    best = np.sort(np.argsort(-np.abs(weights) * np.sqrt(counts), kind="stable")[:MOST])
    weights, bias = fit(rows, keys[best], idf[best])
    weights = np.round(weights, 2).astype(np.float16).astype(np.float32)
    return NgramModel(keys[best], weights, round(bias, 2), LONGEST, about)


def blanked(report):
    text = report.text
    for start, end, heading in report.heads:
        text = text[:start] + "\u3000" * (end - start) + text[end:] if role(heading) or heading else text
    return text


def answers(report, text, model):
    labels = classify.roles(gt.parse(text), wording=model)
    for gold, start, end, both in report.rows:
        middle = (start + end) // 2
        one = next((x for x in labels if x.span.start <= middle < x.span.end), None)
        yield gold, two(one.label) if one else "none", one.probability if one else 0.0, both


def two(label):
    return "review" if label in ("review", "duty", "problem") else label


def alone(report, model):
    for gold, start, end, both in report.rows:
        labels = classify.roles(gt.parse(report.text[start:end]), wording=model)
        yield gold, two(labels[0].label) if labels else "none", labels[0].probability if labels else 0.0, both


def measure(found, models):
    """Print macro-F1 and the calibration on reports, each with a model that never saw its place."""
    for name in ("alone", "text", "full"):
        out = []
        for report in found:
            model = models[report.place]
            if name == "alone":
                out += alone(report, model)
            else:
                out += answers(report, blanked(report) if name == "text" else report.text, model)
        gold, said, sure, both = (np.array(column) for column in zip(*out, strict=True))
        kinds = ["review", "plan"]
        ece = classify.calibration_error(gold == said, sure)
        order = np.argsort(-sure, kind="stable")[: len(sure) * 8 // 10]
        print(
            f"{name}: macro-F1 {f1_score(gold, said, labels=kinds, average='macro'):.4f} of {len(gold)}; without "
            f"chapters that name both {f1_score(gold[~both], said[~both], labels=kinds, average='macro'):.4f}; "
            f"accuracy {(gold == said).mean():.4f}, at 80 % coverage {(gold == said)[order].mean():.4f}; ECE {ece:.4f}"
        )


def main():
    found = list(reports())
    rows = [row for row in rows_of(found) if not row.both]
    if len(sys.argv) > 1:
        classify.save(train(rows, ABOUT), sys.argv[1])
        return
    places = sorted({report.place for report in found if report.provincial})
    models = {}
    for fold in (places[i::FOLDS] for i in range(FOLDS)):
        model = train([row for row in rows if row.place not in fold])
        models |= dict.fromkeys(fold, model)
    measure([report for report in found if report.provincial and report.rows], models)


if __name__ == "__main__":
    main()
