"""Score promises, indicator pairs and reuse on real reports, and measure how the cost of reuse grows.

The annotations are offsets and labels only: of ten pairs of provincial reports, which promises the next report speaks
of and where, whether each verdict is right, and whether paired figures are of one indicator.

usage: GOVTEXT_DATA=FOLDER python benchmarks/compare.py [--growth]
"""

import csv
import itertools
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

import govtext as gt
from govtext import compare

GOLD = Path(__file__).parent / "gold"
DATA = Path(os.environ.get("GOVTEXT_DATA", "."))


def rows(name):
    with (GOLD / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def reports(year):
    corpus = gt.read_corpus(DATA / "reports" / f"provincial-{year}")
    return {document.metadata.place: document for document in corpus}


def touches(row, span):
    return span is not None and int(row["start"]) < span.end and span.start < int(row["end"])


def score_promises(first, second):
    gold = rows("promises/reported.csv")
    places = sorted({row["place"] for row in gold})
    found = {(p, r.span.start): r for p in places for r in compare.promises(first[p], second[p])}
    right = lost = false = 0
    for row in gold:
        one = found.get((row["place"], int(row["plan_start"])))
        if row["reported"] == "yes":
            hit = one is not None and touches(row, one.found_span)
            right, lost = right + hit, lost + (not hit)
        elif one is not None and one.found_span is not None:
            false += 1
    known = {(r["place"], r["plan_start"], r["start"], r["verdict"]): r["right"] for r in rows("promises/verdicts.csv")}
    decided = [(p, r) for (p, _), r in found.items() if r.verdict in ("met", "not met")]
    judged = [known.get((p, str(r.span.start), str(r.found_span.start), r.verdict)) for p, r in decided]
    return {
        "reported": right + lost, "matched to the right passage": right, "matched though not reported": false,
        "met or not met": len(decided), "of them judged": sum(j is not None for j in judged),
        "right": judged.count("yes"), "wrong": judged.count("no"),
    }  # fmt: skip


def score_pairs(first, second):
    gold = rows("pairs/same.csv")
    places = sorted({row["place"] for row in gold})
    called = {
        (p, str(r.span.start), str(r.other_span.start))
        for p in places
        for r in compare.indicator_pairs(first[p], second[p])
    }
    still = [row for row in gold if (row["place"], row["start"], row["other_start"]) in called]
    return {
        "judged": len(gold), "the same": sum(r["same"] == "yes" for r in gold), "still called": len(still),
        "of them the same": sum(r["same"] == "yes" for r in still),
    }  # fmt: skip


def by_brute_force(a, b, least):
    """Every maximal run of equal characters, blanks left out, by going along every diagonal."""
    sides = [np.array([(i, ord(c)) for i, c in enumerate(text) if not c.isspace()]) for text in (a, b)]
    (at_a, of_a), (at_b, of_b) = (side.T for side in sides)
    found = set()
    for shift in range(-len(of_b) + 1, len(of_a)):
        i, j = max(0, shift), max(0, -shift)
        size = min(len(of_a) - i, len(of_b) - j)
        if size < least:
            continue
        step = np.diff(np.concatenate(([0], of_a[i : i + size] == of_b[j : j + size], [0])).astype(np.int8))
        for start, end in zip(np.flatnonzero(step == 1), np.flatnonzero(step == -1), strict=True):
            if end - start >= least:
                found.add((at_a[i + start], at_a[i + end - 1] + 1, at_b[j + start], at_b[j + end - 1] + 1))
    return found


def score_reuse(documents):
    missing = extra = total = uncovered = 0
    corpus = [replace(document, id=str(n)) for n, document in enumerate(documents)]
    covered = {d.id: np.zeros(len(d.text), bool) for d in corpus}
    for row in compare.reuse_corpus(corpus):
        covered[row.document][slice(*row.span)] = True
    for a, b in itertools.combinations(corpus, 2):
        found = set()
        for r in compare.reuse_pairs(a, b, gap=0):
            one, other = (r.source_span, r.span) if r.source == a.id else (r.span, r.source_span)
            found.add((*one, *other))
        plain = [compare.reuse.without_furniture(d) for d in (a, b)]
        real = by_brute_force(*plain, 25)
        total, missing, extra = total + len(real), missing + len(real - found), extra + len(found - real)
        for start, end, start_b, end_b in real:
            uncovered += not (covered[a.id][start:end].all() or covered[b.id][start_b:end_b].all())
    return {"passages": total, "missed": missing, "false": extra, "in neither of the corpus": uncovered}


def growth(documents):
    """Time and passages for more and more reports of real sentences, most with their characters shuffled."""
    random = np.random.default_rng(0)
    sentences = [s.of(d.text) for d in documents for s in d.sentences]
    for count in (125, 250, 500, 1000):
        made = []
        for number in range(count):
            chosen = random.integers(0, len(sentences), 330)
            known = gt.document.Metadata(place=f"{number % 300}县", year=2000 + number // 300, genre="政府工作报告")
            shuffled = "".join(
                sentences[i] if i % 7 == 0 else "".join(random.permutation(list(sentences[i]))) for i in chosen
            )
            made.append(gt.parse(shuffled, id=f"{number:04}", metadata=known))
        start = time.process_time()
        found = compare.reuse_corpus(made)
        seconds = time.process_time() - start
        characters = sum(len(d.text) for d in made)
        print(
            json.dumps(
                {"reports": count, "characters": characters, "passages": len(found), "seconds": round(seconds, 2)}
            )
        )


if __name__ == "__main__":
    first, second = reports(2025), reports(2026)
    print(json.dumps({"promises": score_promises(first, second)}, ensure_ascii=False))
    print(json.dumps({"pairs": score_pairs(first, second)}, ensure_ascii=False))
    five = [first["北京市"], second["北京市"], first["湖南省"], second["湖北省"], second["河北省"]]
    print(json.dumps({"reuse": score_reuse(five)}))
    if "--growth" in sys.argv:
        growth([*first.values(), *second.values()])
