"""Write a corpus of a given size: the sentences of real reports, drawn anew for every document (语料重抽样).

usage: GOVTEXT_DATA=… python benchmarks/resample.py FOLDER MEGABYTES [DOCUMENTS]

The files have some 50 kB each, unless their number is given; equal arguments write equal bytes.
"""

import os
import random
import sys
from pathlib import Path

import govtext as gt

SEED = 20261124
KILOBYTES = 50
FOLDERS = ("reports/provincial-2025", "reports/provincial-2026", "reports/national", "reports/hailar-gb18030")


def sentences(data):
    """The sentences of the development reports, each once, as bytes with a line end now and then."""
    corpus = gt.read_corpus(*(data / folder for folder in FOLDERS))
    found = {span.of(document.text).strip() for document in corpus for span in document.sentences}
    return sorted(one for one in found if len(one) >= 4)


def write(folder, megabytes, documents=None):
    """Write the corpus; return its size in bytes."""
    documents = documents or max(1, round(megabytes * 1000 / KILOBYTES))
    wanted = megabytes * 1_000_000 / documents
    texts = [(text + ("\n" if text.endswith(("。", "；")) and number % 4 == 0 else "")).encode() for number, text in
             enumerate(sentences(Path(os.environ["GOVTEXT_DATA"])))]  # fmt: skip
    draw = random.Random(SEED)  # noqa: S311 - equal corpora, no secrets
    total = 0
    for number in range(documents):
        place = Path(folder) / f"{number // 1000:03d}"
        place.mkdir(parents=True, exist_ok=True)
        parts, size = [], 0
        while size < wanted:
            parts.append(texts[draw.randrange(len(texts))])
            size += len(parts[-1])
        data = b"".join(parts)
        (place / f"{number:06d}.txt").write_bytes(data)
        total += len(data)
    return total


if __name__ == "__main__":
    size = write(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None)
    print(f"{size / 1e6:.1f} MB in {sys.argv[1]}")
