"""The co-occurrence network on real reports: counts and evidence against a count by hand, size, time and memory.

For the first three files of each folder every edge of every unit is counted again by plain Python over the spans;
then one network is built from all files, and its peak memory taken.

usage: GOVTEXT_DATA=FOLDER python benchmarks/network.py [FOLDER_IN_IT ...]
"""

import os
import sys
import time
import tracemalloc
from collections import Counter
from itertools import combinations
from pathlib import Path

import govtext as gt
from govtext import keywords, network

FOLDERS = ("reports/provincial-2026", "reports/hailar-gb18030", "reports/national")
SPANS = {
    "sentence": lambda d: d.sentences,
    "paragraph": lambda d: d.paragraphs,
    "section": lambda d: [span for _, span in keywords.units(d)],
}


def brute_force(tokens, spans):
    found = Counter()
    for span in spans:
        part = tokens.within(span)
        present = sorted({t.term for t, policy in zip(part, part.policy.tolist(), strict=True) if policy})
        found.update(combinations(present, 2))
    return dict(found)


def check(path, segment):
    tokens = segment(gt.read(path))
    for unit, spans_of in SPANS.items():
        graph = network.cooccurrence(tokens, unit=unit, min_count=1)
        counts = {edge: graph.edges[edge]["count"] for edge in graph.edges}
        same = counts == brute_force(tokens, spans_of(tokens.document))
        some = list(counts.items())[:: max(1, len(counts) // 200)]
        shown = all(len(network.evidence(tokens, *edge, unit=unit)) == count for edge, count in some)
        print(f"{path.name} {unit}: {len(counts)} edges, counts {same}, evidence of {len(some)} edges {shown}")
    graph = network.cooccurrence(tokens)
    isolates = sum(degree == 0 for _, degree in graph.degree())
    groups, table = network.communities(graph), network.centralities(graph)
    whole = sorted(node for group in groups for node in group) == sorted(graph) and len(table) == len(graph)
    size = len(tokens.document.text)
    edges = graph.number_of_edges()
    print(f"{path.name} default: {size} characters, {len(graph)} nodes ({isolates} alone), {edges} edges, {whole}")


def measure(paths, segment):
    rows = [segment(gt.read(path)) for path in paths]
    for row in rows:
        row.document.sentences, row.document.sections  # noqa: B018 - computed on first use
    began = time.process_time()
    graph = network.cooccurrence(rows)
    spent = time.process_time() - began
    tracemalloc.start()
    network.cooccurrence(rows, min_count=1)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    print(f"{len(rows)} files: {graph}, {1000 * spent:.0f} ms; peak of all edges {peak:.0f} MB")


def main():
    data = Path(os.environ["GOVTEXT_DATA"])
    segment = gt.Segmenter()
    for folder in sys.argv[1:] or FOLDERS:
        paths = sorted((data / folder).rglob("*.txt"))
        for path in paths[:3]:
            check(path, segment)
        measure(paths, segment)


if __name__ == "__main__":
    main()
