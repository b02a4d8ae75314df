"""The output folder of a corpus that is larger than memory: counts, keywords, network, no page a document (大规模报告).

What is counted is what `write` counts of a corpus that fits: the same numbers in `keywords.csv` and `network.csv`.
Every table is written a document, or a block of rows, at a time.
"""

from __future__ import annotations

import zipfile
from contextlib import nullcontext
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from govtext import provenance, scale, tables
from govtext import study as studies
from govtext.corpus import file_digest, skipped
from govtext.document import Document, Metadata
from govtext.errors import ReadError
from govtext.lexicon import Lexicon, to_tsv
from govtext.network.files import write_each
from govtext.network.measures import association_strength
from govtext.readers import Note
from govtext.report import page
from govtext.report.files import put
from govtext.report.folder import beside_of, hidden, staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from govtext.corpus import Entry
    from govtext.errors import GovtextError
    from govtext.scale import Found, Store
    from govtext.study import Study

    Steps = Callable[[str, int, int], None]

EDGES = 100_000  # edges of a network that is written as GraphML and GEXF, too
BLOCK = 10_000  # rows of a table that are written at once
SHOWN = 100  # terms and edges on the page
DOCUMENTS = (
    "document", "year", "place", "genre", "title", "date", "characters", "words", "terms", "sha256", "encoding", "path",
)  # fmt: skip
TERMS = ("term", "count", "document_frequency", "section_frequency")
NODES = ("term", "category", "count", "units", "document_frequency", "sections", "degree", "strength")


@dataclass(frozen=True, slots=True)
class Streamed:
    """What a run over shards has written (结果概要)."""

    folder: Path
    documents: int
    files: int
    failures: tuple[GovtextError, ...]
    notes: tuple[Note, ...]


def stream(study: Study, *, run: Mapping[str, object] | None = None, progress: Steps | None = None) -> Streamed:
    """Count a corpus of any size and write the output folder (分片报告).

    Partial counts are kept until the folder is written, and taken up by the same command after an interruption. They
    lie beside the folder, or where the study says: there they stay.

    Args:
        study: what to do; of its analyses the keywords and the network are done.
        run: what the manifest is to say of this run alone.
        progress: called with the step, the tasks done and in all.

    Raises:
        GovtextError: an input, the lexicon or the stop list cannot be read; the folder cannot be written; the cluster
            is lost.
    """
    folder, lexicon = Path(study.output), studies.lexicon_of(study)
    entries = studies.entries_of(study)
    begun = {"started": provenance.now(), "jobs": study.jobs, **(run or {})}
    with staged(folder) as stage:
        place = folder.resolve()
        store = scale.Store(study.work or str(beside_of(place) / hidden(place, "work")))
        found = _counted(study, entries, store, lexicon, progress)
        failures, notes = _failures(entries, found), _notes(entries, found)
        if not found.documents:
            raise _nothing(failures)
        files = _write(found, stage, study, lexicon)
        documents = [Document("", row["id"], Metadata(**row["known"])) for row in found.documents]
        if lexicon.sha256 != Lexicon.default().sha256:
            put(stage / studies.TERMS, to_tsv(lexicon).encode())
            files.append(stage / studies.TERMS)
        manifest = provenance.record(
            documents,
            lexicon=lexicon,
            options=studies.options_of(study).recorded() | {"stream": True},
            outputs={p.relative_to(stage).as_posix(): str(file_digest(p)) for p in files},
            failures=failures,
            run=begun | {"notes": [note._asdict() for note in notes]},
        )
        put(stage / provenance.NAME, provenance.to_json(manifest).encode())
        put(stage / provenance.CRATE, provenance.to_json(provenance.ro_crate(manifest)).encode())
    if study.work is None:
        store.clear()
    return Streamed(folder, len(documents), len(files) + 2, tuple(failures), tuple(notes))


def settings_of(study: Study) -> scale.Settings:
    """Return what the counts of a study depend on (设置)."""
    options = studies.options_of(study)
    return scale.Settings(
        unit=options.unit,
        min_count=options.min_count,
        max_nodes=scale.Settings.max_nodes if "network" in options.analyses else 0,
        top=options.top if "keywords" in options.analyses else 0,
        stopwords=options.stopwords,
        engine=options.engine,
        convert=study.convert,
        software=studies.software(),
    )


def _counted(study: Study, entries: list[Entry], store: Store, lexicon: Lexicon, progress: Steps | None) -> Found:
    """Count what the entries stand for, on the cluster of the study or in processes of this machine."""
    cluster = scale.on_cluster(study.scheduler) if study.scheduler else nullcontext(scale.with_joblib(study.jobs))
    if study.fresh:
        store.clear()
    with cluster as execute:
        totals = scale.count_corpus(
            entries,
            store,
            settings=settings_of(study),
            lexicon=lexicon,
            pattern=study.names,
            execute=execute,
            progress=progress,
        )
    return scale.Found(totals)


def _failures(entries: Iterable[Entry], found: Found) -> list[GovtextError]:
    """Return what could not be read: paths that stand for nothing, and files."""
    failed = [entry for entry in entries if entry.failure]
    for entry in failed:
        if entry.failure and not entry.failure.file:
            entry.failure.file = entry.path.name
    return [*(entry.failure for entry in failed if entry.failure), *found.failures]


def _notes(entries: list[Entry], found: Found) -> list[Note]:
    """Return what should be known of the inputs: files that were skipped, that are there twice, doubtful characters."""
    notes = skipped(entries, [entry for entry in entries if not entry.skipped])
    seen: dict[str, str] = {}
    for row in sorted(found.documents, key=lambda row: str(row["name"])):
        before = seen.setdefault(row["given"]["sha256"], row["name"])
        if before != row["name"]:
            notes.append(Note("duplicate", f"与 {before} 是同一文件", f"the same file as {before}", row["name"]))
        notes += [Note(code, zh, en, row["name"]) for code, zh, en in row["notes"]]
    return sorted(notes, key=lambda note: (note.file, note.code))


def _nothing(failures: Sequence[GovtextError]) -> ReadError:
    first = failures[0] if failures else None
    what = f"none of {len(failures)} files can be read, the first because {first.what}" if first else "there is no file"
    return ReadError(what, where=first.where if first else "", remedy=first.remedy if first else "")


# --- files ----------------------------------------------------------------------------------------------------------


def _write(found: Found, stage: Path, study: Study, lexicon: Lexicon) -> list[Path]:
    """Write everything but the manifest; return the files."""
    folder = stage / "tables"
    counts = found.counts
    _put_rows(folder / "documents.csv", DOCUMENTS, _document_rows(found))
    columns = (counts.column(name).tolist() for name in TERMS[1:])
    _put_rows(folder / "terms.csv", TERMS, _rows(TERMS, counts.terms, *columns))
    _put_matrix(stage / "matrix.npz", found)
    files = [folder / "documents.csv", folder / "terms.csv", stage / "matrix.npz"]
    if "keywords" in study.analyses:
        rows = (row for part in found.keywords() for row in tables.keyword_rows(part))
        files.append(_put_rows(folder / "keywords.csv", tables.KEYWORDS, rows))
    strongest: list[tables.Row] = []
    if "network" in study.analyses:
        more, strongest = _put_network(stage, found, lexicon)
        files += more
    put(stage / "index.html", _page(found, study, strongest, files).encode())
    return sorted([*files, stage / "index.html"])


def _rows(names: Sequence[str], *columns: Iterable[object]) -> Iterator[tables.Row]:
    return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))


def _put_rows(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Path:
    """Write a table some rows at a time; the byte order mark makes Excel read it as UTF-8."""
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        file.write(tables.to_csv((), columns).encode("utf-8-sig"))
        head = len(tables.to_csv((), columns))
        for block in _blocks(rows):
            file.write(tables.to_csv(block, columns)[head:].encode("utf-8", "surrogatepass"))
    return path


def _blocks(rows: Iterable[Mapping[str, object]]) -> Iterator[list[Mapping[str, object]]]:
    block: list[Mapping[str, object]] = []
    for row in rows:
        block.append(row)
        if len(block) == BLOCK:
            yield block
            block = []
    yield block


def _document_rows(found: Found) -> Iterator[tables.Row]:
    for row, (columns, values) in zip(found.documents, found.matrix_rows(), strict=True):
        sizes = {"characters": row["characters"], "words": int(values.sum()), "terms": len(columns)}
        yield {"document": row["id"], "path": row["name"], **row["known"], **sizes}


def _put_matrix(path: Path, found: Found) -> None:
    """Write the matrix of counts, one row a document, as `scipy.sparse.load_npz` reads it; a row at a time."""
    stops = np.concatenate(([0], np.cumsum([len(columns) for columns, _ in found.matrix_rows()])))
    shape = (len(stops) - 1, len(found.counts.terms))
    wide = np.int64 if int(stops[-1]) > np.iinfo(np.int32).max else np.int32
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        _put_array(archive, "indices", wide, int(stops[-1]), (columns for columns, _ in found.matrix_rows()))
        _put_array(archive, "indptr", wide, len(stops), [stops])
        _put_array(archive, "data", np.int32, int(stops[-1]), (values for _, values in found.matrix_rows()))
        for name, value in (("shape", np.array(shape, np.int64)), ("format", np.array(b"csr"))):
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w") as file:
                np.lib.format.write_array(file, value, allow_pickle=False)


def _put_array(
    archive: zipfile.ZipFile, name: str, dtype: type[np.signedinteger[Any]], size: int, parts: Iterable[NDArray[Any]]
) -> None:
    info = zipfile.ZipInfo(f"{name}.npy")  # which has no time
    info.compress_type = zipfile.ZIP_DEFLATED
    # It takes none from the archive, and has a public name for it only since Python 3.13.
    setattr(info, "compress_level" if hasattr(info, "compress_level") else "_compresslevel", 1)
    with archive.open(info, "w", force_zip64=True) as file:
        head = {"descr": np.dtype(dtype).str, "fortran_order": False, "shape": (size,)}
        np.lib.format.write_array_header_1_0(file, head)
        for part in parts:
            file.write(part.astype(dtype).tobytes())


def _put_network(stage: Path, found: Found, lexicon: Lexicon) -> tuple[list[Path], list[tables.Row]]:
    """Write nodes and edges, the strongest first, and a graph if it is not large; return the files, and some rows."""
    nodes, (first, second, shared) = found.nodes(lexicon), found.edges()
    of_first, of_second = (nodes.units[side].astype(float) for side in (first, second))
    weight = association_strength(shared.astype(float), of_first, of_second, found.edge_total)
    size = len(nodes.names)
    order = np.lexsort((second, first, -weight, -shared))
    columns = (first[order], second[order], shared[order], weight[order])
    edges = stage / "tables" / "network.csv"
    _put_rows(edges, tables.NETWORK, _edge_rows(nodes.names, columns))
    ends, times = np.concatenate((first, second)), np.concatenate((shared, shared)).astype(float)
    degree, strength = np.bincount(ends, minlength=size), np.bincount(ends, times, minlength=size).astype(np.int64)
    figures = (nodes.mentions, nodes.units, nodes.documents, nodes.sections, degree, strength)
    rows = _rows(NODES, nodes.names, nodes.categories, *(values.tolist() for values in figures))
    files = [edges, _put_rows(stage / "tables" / "nodes.csv", NODES, rows)]
    if len(first) <= EDGES:
        files += write_each(found.graph(lexicon), [stage / "network.graphml", stage / "network.gexf"])
    return files, list(_edge_rows(nodes.names, tuple(column[:SHOWN] for column in columns)))


def _edge_rows(names: Sequence[str], columns: tuple[NDArray[Any], ...]) -> Iterator[tables.Row]:
    for low in range(0, len(columns[0]), BLOCK):
        first, second, shared, weight = (column[low : low + BLOCK].tolist() for column in columns)
        sources, targets = ([names[i] for i in ends] for ends in (first, second))
        yield from _rows(tables.NETWORK, sources, targets, shared, weight)


def _page(found: Found, study: Study, edges: list[tables.Row], files: Sequence[Path]) -> str:
    """Return a page with the sums, the most frequent policy terms, the strongest edges, and what the files hold."""
    import jinja2

    counts = found.counts
    units = counts.column("mentions")
    often = np.lexsort((np.arange(len(units)), -units))[:SHOWN]
    rows = zip(*(counts.column(name)[often].tolist() for name in ("mentions", "document_frequency")), strict=True)
    data = resources.files("govtext") / "data"
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string((data / "stream.html").read_text(encoding="utf-8")).render(
        css=page.part("css"),  # without the font: it has any character
        version=provenance.versions()["govtext"],
        totals=counts.totals | {"terms": len(counts.terms), "failures": len(found.failures)},
        terms=[(counts.terms[i], *row) for i, row in zip(often.tolist(), rows, strict=True) if row[0]],
        edges=edges,
        unit=study.unit,
        files=sorted(
            f"{file.parent.name}/{file.name}" if file.parent.name == "tables" else file.name for file in files
        ),
    )
