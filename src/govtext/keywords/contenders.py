"""TF-IDF of a corpus that is looked at in parts: what may be a keyword, before its idf is known (分批关键词)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from govtext.keywords.candidates import ALONE, Candidates, Line, candidates
from govtext.keywords.weighting import Keyword, Places, ranked, score

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Hashes = NDArray[np.uint64]

SLACK = 1 - 1e-9  # the last digit of a bound is not relied upon


class Contenders(NamedTuple):
    """The candidates of some documents that may be among their best, whatever the idf of phrases will be (候选关键词).

    Attributes:
        found: the candidates.
        hashes: uint64[phrases], what each is known by in the whole corpus.
        single: int64[phrases], the document frequency of a single word; 0 for a phrase.
    """

    found: Candidates
    hashes: Hashes
    single: Ints


def single_frequency(line: Line, group: Ints, terms: int) -> Ints:
    """Return in how many groups each term may be a keyword by itself; int64[terms] (单词候选的文档频率)."""
    at = np.flatnonzero(line.roles > 0)
    _, first = np.unique(group[at] * terms + line.ids[at], return_index=True)
    place = at[first]
    admitted = ((line.roles[place] & ALONE) > 0) & (line.lengths[place] > 1)
    return np.bincount(line.ids[place[admitted]], minlength=terms)


def phrase_frequency(found: Candidates, hashes: Hashes) -> tuple[Hashes, Ints]:
    """Return in how many groups each phrase of several words is a candidate: its hash, rising, and the number."""
    times = np.bincount(found.phrase, minlength=len(found.first))
    several = np.flatnonzero((found.words > 1) & (times > 0))
    order = several[np.argsort(hashes[several], kind="stable")]
    return hashes[order], times[order]


def hashes_of(line: Line, found: Candidates, numbers: Ints) -> Hashes:
    """Return a hash of the terms of each candidate, by their numbers in the vocabulary of the corpus."""
    out = np.zeros(len(found.first), np.uint64)
    for step in range(int(found.words.max(initial=0))):
        some = found.words > step
        number = numbers[line.ids[found.first[some] + step]].astype(np.uint64)
        out[some] = _mixed(out[some] * np.uint64(31) + number + np.uint64(1))
    return out


def _mixed(values: Hashes) -> Hashes:
    """Scatter numbers over 64 bits (Steele, Lea & Flood 2014, splitmix64)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    out: Hashes = values ^ (values >> np.uint64(31))
    return out


def all_candidates(line: Line, group: Ints, loose: NDArray[np.bool_]) -> Candidates:
    """Find the candidates of each group; `loose` says which tokens repel the next in the whole corpus (全部候选)."""
    return candidates(line, group, cohesion=np.where(loose, -1.0, 1.0))


def contenders(line: Line, found: Candidates, hashes: Hashes, single: Ints, *, n: int, size: int) -> Contenders:
    """Keep the candidates whose score may be among the n best of their group (筛选候选).

    The scores of single words are known, those of phrases only as far as that no phrase occurs in less than one of the
    `size` documents. What cannot reach the n-th best single word that stands on its own is left out.

    Args:
        line: the tokens.
        found: all candidates.
        hashes: of each candidate.
        single: int64[phrases], the document frequency of single words, 1 for phrases.
        n: how many keywords a group is to have.
        size: how many documents the corpus has.
    """
    scored = score(found, single, size, line)
    alone = np.flatnonzero((found.words[found.phrase] == 1) & (scored.free > 0))
    groups = int(found.group.max(initial=-1)) + 1
    order = alone[np.lexsort((-scored.score[alone], found.group[alone]))]
    starts = np.searchsorted(found.group[order], np.arange(groups + 1))
    least = np.full(groups, -np.inf)
    full = np.flatnonzero(np.diff(starts) >= n) if n else np.arange(groups)
    least[full] = scored.score[order[starts[full] + n - 1]] if n else np.inf
    keep = np.flatnonzero(scored.score >= least[found.group] * SLACK)
    used, phrase = np.unique(found.phrase[keep], return_inverse=True)
    kept = Candidates(
        group=found.group[keep],
        phrase=phrase,
        count=found.count[keep],
        nested=found.nested[keep],
        spread=found.spread[keep],
        first=found.first[used],
        words=found.words[used],
        characters=found.characters[used],
    )
    return Contenders(kept, hashes[used], np.where(found.words[used] == 1, single[used], 0))


class Laid(NamedTuple):
    """Some documents laid into one line (铺开的文档).

    Attributes:
        line: the tokens of their parts.
        starts, ends: where each token stands in its document.
        documents: the ids of the documents.
        parts: which of the documents each part of the line is of.
    """

    line: Line
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    documents: list[str]
    parts: list[int]


def best(laid: Laid, kept: Contenders, frequency: Ints, *, size: int, n: int) -> list[Keyword]:
    """Rank contenders once the document frequencies are known; as `tfidf` does with all documents at hand (排序).

    Args:
        laid: the documents.
        kept: their contenders.
        frequency: int64[phrases], in how many documents each occurs.
        size: how many documents the corpus has.
        n: how many keywords each document is to have.
    """
    scored = score(kept.found, frequency, size, laid.line)
    parts: list[tuple[int, int | None]] = [(document, None) for document in laid.parts]
    places = Places(laid.line, laid.starts, laid.ends)
    return list(ranked(scored, parts, laid.documents, "document", n, places))
