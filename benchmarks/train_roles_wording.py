"""Train `src/govtext/data/roles-wording.tsv` from reports whose level-1 headings tell review from plan.

usage: GOVTEXT_DATA=FOLDER python benchmarks/train_roles_wording.py OUT.tsv
"""

import os
import re
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import rjieba
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from govtext.classify import _Words, wording
from govtext.text import decode, normalise

HELD = ("江苏", "湖南", "青海", "北京", "广西")  # kept for measuring
FOLDERS = ("provincial-2025", "provincial-2026", "national", "hailar-gb18030")
HEADING = re.compile(r"(?m)^[ \u3000]*(?:[一二三四五六七八九十]+、|第[一二三四五六七八九十]+部分)(.{2,60})$")
PLAN = re.compile(
    r"总体要求|目标|任务|安排|重点工作|建议|部署|努力|做好|今年|自身建设|的说明|治理|主要考虑|要求|举措|蓝图绘到底|开好局"
    r"|^关于20\d\d年工作$|20\d\d年工作重点|20\d\d年主要工作$"
)
REVIEW = re.compile(r"回顾|过去|主要成绩|工作总结|取得新进展|20\d\d年工作$|“十四五”时期|“十四五”发展")
SINGLE = frozenset("了将要已把让使更再还仍均达超获过好会应须我。")  # single characters that may be forms
MARKS = re.compile(r"[，。、；：！？“”‘’（）()《》—…,.;:!?\n]+")
LEAST, MOST, C, SMOOTHING = 8, 4000, 30, 10
HEADER = Path(__file__).with_name("train_roles_wording.header.txt")


def role(heading):
    if REVIEW.search(heading) and not re.search(r"^关于20\d\d年工作$", heading):
        return "review"
    return "plan" if PLAN.search(heading) else None


def paragraphs():
    """Yield (place or year, role, wording) of the labelled paragraphs of 40 characters or more."""
    root = Path(os.environ["GOVTEXT_DATA"]) / "reports"
    for path in (path for folder in FOLDERS for path in sorted((root / folder).glob("*.txt"))):
        provincial = path.parent.name.startswith("provincial")
        place = path.stem[5:7] if provincial else path.stem if path.parent.name == "national" else "hailar"
        if place in HELD:
            continue
        text = normalise(decode(path.read_bytes())[0])
        heads = [(m.start(), role(m[1])) for m in HEADING.finditer(text)]
        half = len(text) // 2
        annex = re.search(r"(?m)^\s*(附件|名词解释)", text[half:])
        stop = annex.start() + half if annex else len(text)
        for match in re.finditer(r"(?m)^.{40,}$", text):
            label = next((label for at, label in reversed(heads) if at < match.start()), None)
            if label and match.start() < stop:
                yield place, label, wording(match[0])


def candidates(text, cut):
    words = cut(text)
    return {*words, *map("".join, pairwise(words))}


def fit(matrix, wanted):
    scaled = sparse.diags(1 / np.sqrt(np.asarray(matrix.sum(1)).ravel() + SMOOTHING)) @ matrix
    model = LogisticRegression(C=C, max_iter=5000, class_weight="balanced", fit_intercept=False)
    return model.fit(scaled, wanted).coef_[0]


def main():
    places, labels, texts = zip(*paragraphs(), strict=True)
    cut = rjieba.Jieba().cut
    counts, where = Counter(), defaultdict(set)
    for place, text in zip(places, texts, strict=True):
        for form in candidates(text, cut):
            counts[form] += 1
            where[form].add(place)
    forms = sorted(
        form
        for form, n in counts.items()
        if n >= LEAST
        and len(where[form]) >= LEAST
        and len(form) <= 8
        and (form in SINGLE or (len(form) > 1 and not MARKS.fullmatch(form)))
    )
    finder = _Words({form: [0.0] for form in forms}, 1, overlapping=True)
    column = {form: i for i, form in enumerate(forms)}
    found = [[column[form] for form in finder.find(text)[0]] for text in texts]
    pointers = np.cumsum([0, *map(len, found)])
    matrix = sparse.csr_matrix((np.ones(pointers[-1]), np.concatenate(found), pointers), (len(texts), len(forms)))
    wanted = np.array([label == "plan" for label in labels])
    share = np.asarray(matrix.mean(0)).ravel()
    weight = np.abs(fit(matrix, wanted)) * np.sqrt(np.maximum(share * (1 - share), 0))
    weight[column["。"]] = np.inf  # stands before every text: the intercept
    best = np.sort(np.argsort(-weight, kind="stable")[:MOST])
    rows = zip([forms[i] for i in best], fit(matrix[:, best], wanted), strict=True)
    rows = [(form, round(float(w), 2)) for form, w in rows]
    body = "".join(f"{form}\t{w}\n" for form, w in sorted(rows) if w)
    Path(sys.argv[1]).write_text(HEADER.read_text(encoding="utf-8") + "term\tweight\n" + body, encoding="utf-8")


if __name__ == "__main__":
    main()
