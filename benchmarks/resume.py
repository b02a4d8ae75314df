"""Kill runs at random moments with SIGKILL and start them again: the outputs must be those of an undisturbed run.

    GOVTEXT_DATA=... python benchmarks/resume.py [KILLS] [SEED]

The runs are `govtext report --no-figures` over the 40 provincial reports of the data, with one or two processes by
turns. Each is killed once: every third at a moment drawn evenly from the time that a run takes, the others in its first
six seconds, in which documents are read and examined. Then it is started again with the same cache and output folder
until it ends. Half of the runs begin with an empty cache and no output folder; the others begin with what the run
before has left, after one input was changed. A run that has ended before its moment does not count and is done again.
Compared with a run that nobody disturbed are all outputs, byte by byte, and the `result` part of the manifest; nothing
else may be left beside the output folder. Every fifth of these runs has no cache, the others one of their own, which no
run that is killed ever touches.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

DATA = Path(os.environ["GOVTEXT_DATA"]) / "reports"
OF_THE_RUN = {"manifest.json", "ro-crate-metadata.json"}


def command(inputs: Path, out: Path, jobs: int) -> list[str]:
    options = ["--no-figures", "--jobs", str(jobs)]
    return [sys.executable, "-m", "govtext.cli", "report", str(inputs), "-o", str(out), *options]


def outputs(folder: Path) -> dict[str, object]:
    found: dict[str, object] = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in OF_THE_RUN
    }
    return found | {"manifest": json.loads((folder / "manifest.json").read_bytes())["result"]}


def cached(folder: Path) -> Counter[str]:
    return Counter(path.suffix[1:] for path in folder.rglob("*") if path.is_file() and path.suffix)


def killed(inputs: Path, out: Path, cache: Path, *, jobs: int, after: float) -> bool:
    """Start a run and kill it and its workers after some seconds; return whether it was still running."""
    process = subprocess.Popen(
        command(inputs, out, jobs),
        env=os.environ | {"GOVTEXT_CACHE": str(cache)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # its own session: the run and its workers, nothing else
        process.wait()
        return True
    return False


def run(inputs: Path, out: Path, cache: Path, *, jobs: int) -> float:
    begun = time.monotonic()
    done = subprocess.run(
        command(inputs, out, jobs),
        env=os.environ | {"GOVTEXT_CACHE": str(cache)},
        capture_output=True,
        check=False,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"the run failed: {done.stderr}")
    return time.monotonic() - begun


def prepare(number: int, files: list[Path], root: Path, draw: random.Random) -> bool:
    """Change an input; in every second pair of runs, begin anew; return whether the run begins anew."""
    fresh = number % 4 < 2
    if fresh:
        shutil.rmtree(root / "cache", ignore_errors=True)
        shutil.rmtree(root / "out", ignore_errors=True)
    changed = draw.choice(files)
    changed.write_text(changed.read_text(encoding="utf-8") + f"第{number}次修改。\n", encoding="utf-8")
    for name in ("plain", "other") if number % 5 == 0 else ("plain",):
        shutil.rmtree(root / name, ignore_errors=True)
    return fresh


def main(kills: int = 30, seed: int = 13) -> int:
    draw = random.Random(seed)  # noqa: S311 - moments, no secrets
    bad = done = number = 0
    whole = 0.0
    with TemporaryDirectory() as place:
        root = Path(place)
        inputs, out, cache = root / "in", root / "out", root / "cache"
        for folder in ("provincial-2025", "provincial-2026"):
            shutil.copytree(DATA / folder, inputs / folder)
        files = sorted(path for path in inputs.rglob("*.txt"))
        print(f"{len(files)} documents", flush=True)
        while done < kills:
            fresh, jobs = prepare(number, files, root, draw), 1 + number % 2
            plain = run(inputs, root / "plain", root / "other", jobs=1)
            whole = whole if number % 5 else plain  # the time of a run without a cache
            after = draw.uniform(0.2, 6.0 if number % 3 else whole)
            number += 1
            was_running = killed(inputs, out, cache, jobs=jobs, after=after)
            left = cached(cache)
            run(inputs, out, cache, jobs=jobs)
            same = outputs(out) == outputs(root / "plain")
            alone = {path.name for path in root.iterdir()} == {"cache", "in", "other", "out", "plain"}
            bad += not (same and alone)
            done += was_running
            print(
                f"{done:2} {'empty' if fresh else 'used '} cache, jobs {jobs}, "
                f"{'killed' if was_running else 'ended before'} at {after:4.1f} of {whole:4.1f} s; "
                f"cache held {left['document']:2} read, {left['tokens']:2} cut, {left['classes']:2} classified, "
                f"{left['pair']:2} compared; "
                f"then {'same' if same else 'DIFFERENT'}{'' if alone else ', something left behind'}",
                flush=True,
            )
    print(f"{done} kills, {bad} differences", flush=True)
    return bad


if __name__ == "__main__":
    raise SystemExit(bool(main(*map(int, sys.argv[1:]))))
