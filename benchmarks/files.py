"""Accuracy of reading: one text in every encoding and as docx, Word files against their plain twins, and 10,000 files.

GOVTEXT_DATA=... python benchmarks/files.py                 # needs opencc for the traditional copies
GOVTEXT_DATA=... python benchmarks/files.py --many 10000    # memory and account of a large folder
"""

import argparse
import difflib
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import docx

import govtext as gt
from govtext import keywords, provenance
from govtext.text import normalise

DATA = Path(os.environ["GOVTEXT_DATA"])
ENCODINGS = ("utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be")


def word(text):
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def accuracy(found, expected):
    """Characters of the longer text that stand in both in the same order."""
    if found == expected:
        return 1.0
    blocks = difflib.SequenceMatcher(None, found, expected, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(len(found), len(expected))


def facts(document, segment):
    headings = [(s.level, s.numeral, s.heading) for s in document.sections]
    return headings, [(k.term, k.count, round(k.score, 6)) for k in keywords.tfidf(segment(document), n=30)]


def read(folder, name, data):
    path = Path(folder) / name
    path.write_bytes(data)
    return gt.read(path)


def formats(folder):
    """Every development report in every encoding and as docx gives the same headings and keywords."""
    import opencc

    segment, traditional = gt.Segmenter(), opencc.OpenCC("s2t")
    worst, differ, count = 1.0, [], 0
    for source in sorted(DATA.glob("reports/*/*.txt")):
        text = gt.read(source).text
        copies = {name: (text, text.encode(name), "txt") for name in ENCODINGS}
        copies["docx"] = (text, word(text), "docx")
        old = traditional.convert(text).encode("big5", "ignore").decode("big5")
        copies["big5"] = (old, old.encode("big5"), "txt")
        for name, (expected, data, suffix) in copies.items():
            plain = gt.parse(expected)
            found = read(folder, f"copy.{suffix}", data)
            worst = min(worst, accuracy(found.text, plain.text))
            count += 1
            if facts(found, segment) != facts(plain, segment) or (suffix == "txt" and found.metadata.encoding != name):
                differ.append((source.name, name, found.metadata.encoding))
    return {"copies": count, "least_accuracy": worst, "differ": differ}


def twins():
    """Word files against their plain twins, blanks aside, and GB18030 files against the codec."""
    rows = {}
    for file in sorted(DATA.glob("**/*年*政府工作报告.docx")):
        place = file.stem.removeprefix("2025年").removesuffix("政府工作报告")
        a, b = gt.read(file), gt.read(DATA / "reports" / "provincial-2025" / f"2025_{place}.txt")
        same = facts(a, gt.Segmenter())[0] == facts(b, gt.Segmenter())[0]
        rows[file.name] = accuracy("".join(a.text.split()), "".join(b.text.split())), same
    for file in sorted(DATA.glob("reports/hailar-gb18030/*.txt")):
        document = gt.read(file)
        expected = normalise(file.read_bytes().decode("gb18030"))
        rows[file.name] = accuracy(document.text, expected), document.metadata.encoding == "gb18030"
    return rows


KINDS = ("utf-8", "gb18030", "utf-16-le", "docx", "truncated", "empty", "random", "doc", "jpg", "copy")


def make(folder, size):
    """Write files of mixed quality, each kind as often as the others."""
    texts = [p.read_text("utf-8") for p in sorted(DATA.glob("reports/provincial-*/*.txt"))]
    rng = random.Random(7)  # noqa: S311 - no secret
    for i in range(size):
        kind, text = KINDS[i % len(KINDS)], texts[i % len(texts)]
        start = rng.randrange(len(text) // 2)
        piece = f"第{i}号\n" + text[start : start + 4000]
        place = Path(folder) / f"{i % 100:02}"
        place.mkdir(exist_ok=True)
        (place / f"{i:05}.{SUFFIXES.get(kind, 'txt')}").write_bytes(content(kind, piece, rng, texts[0]))


SUFFIXES = {"docx": "docx", "truncated": "docx", "doc": "doc", "jpg": "jpg"}


def content(kind, piece, rng, whole):
    """Return the bytes of a file of a kind."""
    if kind in ("docx", "truncated"):
        data = word(piece)
        return data if kind == "docx" else data[: len(data) // 2]
    other = {
        "empty": b"",
        "random": rng.randbytes(4000),
        "doc": b"\xd0\xcf\x11\xe0",
        "jpg": b"x",
        "copy": whole.encode(),
    }
    return other[kind] if kind in other else piece.encode(kind)


def memory():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    now = next(int(x.split()[1]) for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("VmRSS"))
    return {"peak_mb": peak, "now_mb": now >> 10}


def many(size):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, __file__, "--make", folder, "--many", str(size)], check=True
        )  # its memory apart
        expected = {"files": size, "good": size // 10 * 5, "bad": size // 10 * 4, "foreign": size // 10}
        before, begun = memory(), time.process_time()
        corpus = gt.read_corpus(folder)
        after_reading = memory()
        characters = sum(len(document.text) for document in corpus)
        manifest = provenance.record(corpus, failures=corpus.failures)
        skipped = sum(note.code == "skipped" for note in corpus.notes)
        inputs, gone = len(manifest["result"]["inputs"]), len(manifest["result"]["quarantined"])
        return {
            **expected, "inputs": inputs, "quarantined": gone, "skipped": skipped,
            "accounted": inputs + gone + skipped == size, "characters": characters, "seconds":
            round(time.process_time() - begun, 1), "before": before, "read": after_reading, "manifest": memory(),
        }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int)
    parser.add_argument("--make")
    options = parser.parse_args()
    if options.make:
        make(options.make, options.many)
        sys.exit()
    if options.many:
        json.dump(many(options.many), sys.stdout)
    else:
        with tempfile.TemporaryDirectory() as place:
            json.dump({"formats": formats(place), "twins": twins()}, sys.stdout, ensure_ascii=False)
    print()
