"""The steps of a run over a corpus of any size, and what executes them: joblib, or a cluster through it (执行)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govtext.errors import ClusterError, ReadError
from govtext.scale import maps
from govtext.scale.shards import Settings, announce, digest, shards
from govtext.scale.store import Packed, Store

if TYPE_CHECKING:
    from govtext.corpus import Entry
    from govtext.lexicon import Lexicon

FAN = 16  # files that one merge takes in
PHRASES = 1 << 23  # phrases that are merged at once, all files together

Task = tuple[object, ...]
# What executes tasks: it is given a function and the arguments of each call, and yields what they return, in any order.
Execute = Callable[[Callable[..., str], Sequence[Task]], Iterable[str]]
Progress = Callable[[str, int, int], None]


def with_joblib(jobs: int | None) -> Execute:
    """Return what executes tasks through joblib, in processes of this machine or on the backend in force (本机执行).

    Args:
        jobs: worker processes; -1: one a core; None: what `joblib.parallel_config` says.
    """

    def execute(function: Callable[..., str], tasks: Sequence[Task]) -> Iterator[str]:
        import joblib
        from joblib.externals.loky.process_executor import TerminatedWorkerError

        calls = [joblib.delayed(function)(*task) for task in tasks]
        try:
            yield from joblib.Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1)(calls)
        except TerminatedWorkerError as error:
            remedy = "give it fewer --jobs if memory is short; the same command goes on where it was"
            raise ClusterError("a worker process was ended from outside", remedy=remedy) from error

    return execute


@dataclass(frozen=True)
class _Run:
    """A run: its tasks go to `execute`, those whose files are there do not."""

    store: Store
    execute: Execute
    progress: Progress | None

    def all(self, step: str, function: Callable[..., str], tasks: Mapping[str, Task]) -> list[str]:
        """See that the file of every task is there; return their names."""
        there = self.store.names()
        missing = [task for name, task in tasks.items() if name not in there]
        done = len(tasks) - len(missing)
        for _ in self.execute(function, missing) if missing else ():
            done += 1
            if self.progress:
                self.progress(step, done, len(tasks))
        if not missing and self.progress:
            self.progress(step, done, len(tasks))
        return list(tasks)

    def merged(self, step: str, function: Callable[..., str], names: Sequence[str]) -> str:
        """Merge files in a tree until one is left."""
        level = sorted(names)
        while True:
            groups = {
                f"{step}-{digest(*part)}": part for part in (level[i : i + FAN] for i in range(0, len(level), FAN))
            }
            level = self.all(step, function, {n: (self.store.address, part, n) for n, part in groups.items()})
            if len(level) == 1:
                return level[0]


@dataclass(frozen=True)
class Totals:
    """What was counted in a corpus; all that is large stays in its files (总计).

    Attributes:
        store: where the files are.
        settings: what was asked for.
        shards: the keys of the shards.
        counts: the file of the counts of all documents.
        fixed: the file of the vocabulary.
        pairs: the file of the pairs of nodes.
    """

    store: Store
    settings: Settings
    shards: tuple[str, ...]
    counts: str
    fixed: str
    pairs: str

    def tag(self, shard: str) -> str:
        """Return what the files of a shard are called after (名称)."""
        return digest(self.fixed, shard)


def count_corpus(  # noqa: PLR0913 - the options of a run, all but the first two by keyword
    entries: Iterable[Entry],
    store: Store,
    *,
    settings: Settings,
    lexicon: Lexicon,
    pattern: str | None = None,
    execute: Execute | None = None,
    shard: int | None = None,
    progress: Progress | None = None,
) -> Totals:
    """Count a corpus of any size: terms, documents and sections with them, pairs, keywords (大规模计数).

    Every step leaves files in the store that are whole or absent; a run that was interrupted takes up those that are
    there. The results depend on neither the size of shards, nor their order, nor on what executes them.

    Args:
        entries: the files, as `corpus.expand` gives them.
        store: where partial results are kept; every worker must reach it, and the files.
        settings: what is counted.
        lexicon: the policy terms.
        pattern: a pattern of file names that gives metadata.
        execute: what executes the tasks; None: this process alone, see `with_joblib`.
        shard: bytes of files that are looked at together.
        progress: called with the step, the tasks done and in all.

    Raises:
        ReadError: there is no file to read.
        OptionError: two documents have one id, or an option is not allowed.
        OutputError: the store cannot be written.
    """
    job = announce(store, settings, lexicon)
    parts = shards(entries, pattern=pattern, job=job, **({"size": shard} if shard else {}))
    if not parts:
        raise ReadError("there is no file to read", remedy="name files or folders with documents")
    run, keys = _Run(store, execute or with_joblib(1), progress), [part.key for part in parts]
    run.all("cut", maps.cut, {f"cut-{part.key}": (store.address, job, part) for part in parts})
    counts = run.merged("counts", maps.merge_counts, [f"counts-{key}" for key in keys])
    fixed = maps.fix(store, counts, settings)
    tags = {key: digest(fixed, key) for key in keys}
    run.all("count", maps.count, {f"counted-{tags[key]}": (store.address, job, key, fixed) for key in keys})
    pairs = run.merged("pairs", maps.merge_pairs, [f"pairs-{tag}" for tag in tags.values()])
    if settings.top:
        phrases = _phrases(run, [f"phrases-{tag}" for tag in tags.values()])
        ranked = {f"keywords-{tags[key]}": (store.address, job, key, fixed, phrases) for key in keys}
        run.all("rank", maps.rank, ranked)
    return Totals(store, settings, tuple(keys), counts, fixed, pairs)


def _phrases(run: _Run, names: list[str]) -> list[str]:
    """Merge the phrases of all shards, a range of hashes at a time; return the files."""
    total = sum(Packed.of(run.store, name).rows["keys"][1][0] for name in names)
    ranges = 1
    while total / ranges > PHRASES and ranges < 1 << maps.BITS:
        ranges *= 2
    step = (1 << maps.BITS) // ranges
    named = digest(*sorted(names))
    tasks = {
        f"frequency-{named}-{ranges}-{low}": (low * step, (low + 1) * step) for low in range(ranges)
    }  # fmt: skip
    return run.all(
        "phrases",
        maps.merge_phrases,
        {name: (run.store.address, names, name, *bounds) for name, bounds in tasks.items()},
    )
