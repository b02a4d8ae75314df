"""Time and memory of `govtext report --stream`: memory and processor time of all processes (大规模计数的开销).

usage: python benchmarks/stream.py FOLDER JOBS... [-- OPTIONS OF THE COMMAND]

Prints one JSON line a run: megabytes, jobs, seconds, processor seconds, peak megabytes of memory (proportional set
size of the process and its children, sampled five times a second), and a digest of all outputs.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def family(root):
    """The process and all its descendants."""
    parents = {}
    for entry in os.listdir("/proc"):  # noqa: PTH208
        if entry.isdigit():
            try:
                stat = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
                parents.setdefault(int(stat[1]), []).append(int(entry))
            except OSError:
                continue
    out, todo = [], [root]
    while todo:
        out.append(todo.pop())
        todo += parents.get(out[-1], [])
    return out


def memory(pid):
    """The proportional set size of a process in kB: shared pages are parted among those that share them."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        return 0
    return 0


def measured(folder, jobs, options):
    """Run the command once."""
    place = Path(tempfile.mkdtemp(prefix="govtext-stream-"))
    command = [sys.executable, "-m", "govtext.cli", "report", "--stream", folder, "-o", str(place / "out"),
               "--jobs", str(jobs), *options]  # fmt: skip
    before, began, peak = os.times(), time.perf_counter(), 0
    with (place / "log").open("w") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log)
        while running.poll() is None:
            peak = max(peak, sum(map(memory, family(running.pid))))
            time.sleep(0.2)
    after = os.times()
    seconds = time.perf_counter() - began
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    size = sum(path.stat().st_size for path in Path(folder).rglob("*.txt")) / 1e6
    manifest = json.loads((place / "out" / "manifest.json").read_bytes())
    digest = hashlib.sha256(json.dumps(manifest["result"]["outputs"], sort_keys=True).encode()).hexdigest()
    shutil.rmtree(place)
    return {"megabytes": round(size, 1), "jobs": jobs, "seconds": round(seconds, 1), "processor": round(spent, 1),
            "peak_mb": round(peak / 1000), "per_mb": round(spent / size, 3), "outputs": digest[:16],
            "load": os.getloadavg()[0]}  # fmt: skip


if __name__ == "__main__":
    mark = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    for jobs in sys.argv[2:mark]:
        print(json.dumps(measured(sys.argv[1], int(jobs), sys.argv[mark + 1 :])), flush=True)
