"""Which files make a shard, and what every worker must know of the run (分片)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from socket import gethostname
from typing import TYPE_CHECKING, Any, NamedTuple

from govtext import corpus as corpora
from govtext.corpus.paths import completed, ids, names
from govtext.document import Metadata
from govtext.errors import ClusterError, OptionError
from govtext.lexicon import Lexicon, Term
from govtext.network.units import Scope, Unit
from govtext.scale.store import Store
from govtext.tokens import Engine, Segmenter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from govtext.corpus import Entry

SHARD = 4_000_000  # bytes of files that are looked at together
KEY = 24  # characters of a digest in a file name


@dataclass(frozen=True)
class Settings:
    """What the counts depend on besides the documents (设置).

    Attributes:
        unit: the unit of co-occurrence, see `network.cooccurrence`.
        window: a number of words, as there.
        min_count: in how many units a term must occur to be a node, and a pair to be an edge.
        max_nodes: how many nodes the network has at most: the most frequent, ties in code point order; 0: no network.
        top: keywords for each document; 0: none.
        stopwords: words that are no keywords; None: the stop lists of govtext.
        engine: the segmentation engine.
        convert: a conversion of OpenCC between traditional and simplified characters.
        software: a digest of what the counts are made with; results of other software are not taken up.

    Raises:
        OptionError: there is no such unit or engine, or a number is too small.
    """

    unit: Unit = "sentence"
    window: int | None = None
    min_count: int = 2
    max_nodes: int = 20_000
    top: int = 20
    stopwords: tuple[str, ...] | None = None
    engine: Engine = "rjieba"
    convert: str | None = None
    software: str = ""

    def __post_init__(self) -> None:
        Scope.of(self.unit, self.window)
        least = {"min_count": 1, "max_nodes": 0, "top": 0}
        for name, low in least.items():
            if getattr(self, name) < low:
                raise OptionError(f"the option {name} is {getattr(self, name)}", remedy=f"it begins at {low}")

    @property
    def scope(self) -> Scope:
        """What counts as together."""
        return Scope.of(self.unit, self.window)


class File(NamedTuple):
    """One file of a shard (文件)."""

    path: str
    id: str
    name: str
    metadata: dict[str, Any] | None


class Shard(NamedTuple):
    """Files that are looked at together (分片).

    Attributes:
        files: the files, in the order of their names.
        key: a digest of all that their counts depend on: names, sizes and times of the files, settings, lexicon.
    """

    files: tuple[File, ...]
    key: str


def digest(*facts: object) -> str:
    """Return a digest of values that JSON can hold, short enough for a file name (摘要)."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:KEY]


def shards(entries: Iterable[Entry], *, pattern: str | None, job: str, size: int = SHARD) -> list[Shard]:
    """Part files into shards of some megabytes, in the order they come (分片).

    Raises:
        OptionError: two documents have one id, or the pattern of names is unknown.
    """
    wanted = [entry for entry in entries if not entry.skipped and not entry.failure]
    named = names([entry.path for entry in wanted])
    given = corpora.NamePattern(pattern) if pattern else None
    rows = []
    for entry, name, id_ in zip(wanted, named, ids(named), strict=True):
        known = completed(entry.metadata, name, given)
        path = str(entry.path.absolute())
        rows.append(File(path, id_ if entry.id is None else entry.id, name, asdict(known) if known else None))
    _check_ids(rows)
    out: list[Shard] = []
    part: list[tuple[File, list[int]]] = []
    for number, row in enumerate(rows, start=1):
        part.append((row, _status(row.path)))
        if sum(status[0] for _, status in part) >= size or number == len(rows):
            out.append(Shard(tuple(file for file, _ in part), digest(job, part)))
            part = []
    return out


def _check_ids(rows: Sequence[File]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            raise OptionError(f"two documents have the id {row.id!r}", remedy="give each its own")
        seen.add(row.id)


def _status(path: str) -> list[int]:
    """Return size and time of a file; of one that cannot be seen nothing, reading it will say why."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return [0, 0]
    return [status.st_size, status.st_mtime_ns]


# --- what every worker knows ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Job:
    """What a worker needs for every shard; it is made once in each process (任务).

    Attributes:
        store: where partial results are.
        settings: what the counts depend on.
        segment: the segmenter.
    """

    store: Store
    settings: Settings
    segment: Segmenter


def announce(store: Store, settings: Settings, lexicon: Lexicon) -> str:
    """Write down what every worker must know; return the name of the file (公布任务)."""
    known = {**asdict(settings), "lexicon": lexicon.sha256}
    name = f"job-{digest(known)}.json"
    if name not in store.names():
        terms = None if lexicon.sha256 == Lexicon.default().sha256 else [asdict(term) for term in lexicon]
        facts = {"settings": asdict(settings), "lexicon": terms, "govtext": version("govtext")}
        text = json.dumps(facts, ensure_ascii=False)
        store.put(name, text.encode("utf-8", "surrogatepass"))
    return name


@lru_cache(maxsize=2)
def job_of(address: str, name: str) -> Job:
    """Return what was written down for the workers; the segmenter is built once in each process (领取任务).

    Raises:
        ClusterError: this process has another release of govtext.
    """
    store = Store(address)
    known = json.loads(store.get(name).decode("utf-8", "surrogatepass"))
    if known["govtext"] != version("govtext"):
        what = f"the worker {gethostname()} has govtext {version('govtext')}, not {known['govtext']}"
        raise ClusterError(what, remedy="install the same release on every machine")
    settings, terms = known["settings"], known["lexicon"]
    stop = settings["stopwords"]
    settings = Settings(**settings | {"stopwords": None if stop is None else tuple(stop)})
    rows = (Term(**term | {"variants": tuple(term["variants"])}) for term in terms or ())
    lexicon = Lexicon.default() if terms is None else Lexicon(rows)
    return Job(store, settings, Segmenter(lexicon, engine=settings.engine))


def metadata_of(file: File) -> Metadata | None:
    """Return what is known of a file beforehand (已知元数据)."""
    return None if file.metadata is None else replace(Metadata(), **file.metadata)
