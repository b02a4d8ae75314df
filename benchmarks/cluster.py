"""Count a corpus on two Dask workers: the same as in one process, also when a worker or the scheduler is killed (集群).

usage: python benchmarks/cluster.py FOLDER [--timings N] [--kills]

Prints a JSON line a run: seconds, processor seconds of all processes, tasks asked for and tasks begun (with the one
more for each that was begun again), and a digest of everything found. `--timings N` runs joblib with two workers and
Dask with two, by turns, N times; `--kills` kills a worker, and then the scheduler, when half of the tasks are done.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager

import psutil
from distributed import Client
from distributed.diagnostics.plugin import SchedulerPlugin
from spark import digest

import govtext as gt
from govtext import scale
from govtext.corpus import expand
from govtext.errors import ClusterError


class Begun(SchedulerPlugin):
    """Counts how often each task is given to a worker."""

    name = "begun"

    def __init__(self):
        self.times = {}

    def transition(self, key, start, finish, *args, **kwargs):  # noqa: ARG002 - the signature of plugins
        if finish == "processing":
            self.times[key] = self.times.get(key, 0) + 1


def begun(dask_scheduler):
    return dask_scheduler.plugins["begun"].times


@contextmanager
def cluster():
    """A scheduler and two workers of one thread, without nannies that would start them anew."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    place = ["--host", "127.0.0.1"]
    port = address.rpartition(":")[2]
    with ExitStack() as stack:
        started = [subprocess.Popen([*dask, "scheduler", *place, "--port", port, "--no-dashboard"], **quiet)]
        worker = [*dask, "worker", address, *place, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        started += [subprocess.Popen(worker, **quiet) for _ in range(2)]
        for process in started:
            stack.callback(process.wait)
            stack.callback(process.kill)
        with Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
            client.register_plugin(Begun())
        yield address, started


def counted(folder, store, execute):
    settings, lexicon = scale.Settings(), gt.Lexicon.default()
    totals = scale.count_corpus(
        expand([folder]), scale.Store(store), settings=settings, lexicon=lexicon, execute=execute
    )
    return digest(scale.Found(totals))[:16]


def watching(execute, when, then, asked):
    """Execute tasks; do something when half of the cutting, the first batch, is done."""

    def run(function, tasks):
        tasks = list(tasks)
        asked.append(len(tasks))
        for number, done in enumerate(execute(function, tasks), start=1):
            if when and number >= len(tasks) // 2 and len(tasks) > 1:
                when.clear()
                then()
            yield done

    return run


def spent(pids):
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids if psutil.pid_exists(pid))


def tell(**row):
    print(json.dumps(row | {"load": round(os.getloadavg()[0], 1)}, ensure_ascii=False), flush=True)


def with_joblib(folder, jobs):
    with tempfile.TemporaryDirectory() as store:
        before, began = os.times(), time.perf_counter()
        command = [sys.executable, __file__, folder, "--joblib", str(jobs), "--store", store]
        found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        after = os.times()
        user, system = after.children_user - before.children_user, after.children_system - before.children_system
        seconds = time.perf_counter() - began
        tell(run=f"joblib {jobs}", seconds=round(seconds, 1), processor=round(user + system, 1), digest=found)


def with_dask(folder):
    with tempfile.TemporaryDirectory() as store, cluster() as (address, started):
        own, at_first, began = os.times(), spent([p.pid for p in started]), time.perf_counter()
        with scale.on_cluster(address) as execute:
            found = counted(folder, store, execute)
        seconds, now = time.perf_counter() - began, os.times()
        processor = spent([p.pid for p in started]) - at_first + now.user + now.system - own.user - own.system
        tell(run="Dask, two workers", seconds=round(seconds, 1), processor=round(processor, 1), digest=found)


def with_a_worker_killed(folder):
    asked = []
    with tempfile.TemporaryDirectory() as store, cluster() as (address, started):

        def kill():
            os.kill(started[1].pid, signal.SIGKILL)

        with scale.on_cluster(address) as execute:
            found = counted(folder, store, watching(execute, [True], kill, asked))
        with Client(address, set_as_default=False) as client:
            times = client.run_on_scheduler(begun)
        tell(run="a worker killed", tasks=sum(asked), begun=sum(times.values()), digest=found)


def with_the_scheduler_killed(folder):
    asked = []
    with tempfile.TemporaryDirectory() as store:
        with cluster() as (address, started):
            try:
                with scale.on_cluster(address) as execute:
                    counted(folder, store, watching(execute, [True], started[0].kill, asked))
                said = None
            except ClusterError as error:
                said = str(error)
        again = []
        with cluster() as (address, _), scale.on_cluster(address) as execute:
            found = counted(folder, store, watching(execute, [], None, again))
        tell(run="the scheduler killed", said=said, asked_first=asked, asked_again=again, digest=found)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--timings", type=int, default=0)
    parser.add_argument("--kills", action="store_true")
    parser.add_argument("--joblib", type=int, help=argparse.SUPPRESS)  # one run in a process of its own
    parser.add_argument("--store", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.joblib:
        print(counted(given.folder, given.store, scale.with_joblib(given.joblib)))
        return
    with_joblib(given.folder, 1)
    for _ in range(given.timings):
        with_joblib(given.folder, 2)
        with_dask(given.folder)
    if given.kills:
        with_a_worker_killed(given.folder)
        with_the_scheduler_killed(given.folder)


if __name__ == "__main__":
    main()
