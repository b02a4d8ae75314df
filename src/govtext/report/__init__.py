"""The output folder of a run and its page: tables, network, figures, `index.html`, manifest (报告).

`write` is the one entry. The folder appears as a whole or not at all, and equal runs write equal bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from govtext import provenance
from govtext import study as studies
from govtext.errors import OptionError
from govtext.lexicon import Lexicon
from govtext.network.edges import collector_paused
from govtext.report.analysis import Analysis, Result, analyse
from govtext.report.files import put, write_figures, write_graphs, write_tables
from govtext.report.folder import check_folder, staged, unlisted
from govtext.report.page import render
from govtext.report.stream import Streamed, stream
from govtext.study import Options, Study

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from govtext.corpus import Corpus
    from govtext.readers import Note
    from govtext.report.analysis import Progress
    from govtext.study import Cache

__all__ = [
    "Analysis",
    "Options",
    "Result",
    "Streamed",
    "Study",
    "Summary",
    "analyse",
    "check_folder",
    "render",
    "run",
    "stream",
    "unlisted",
    "write",
]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run has written, and what should be known of its cache (结果概要)."""

    folder: Path
    documents: int
    files: int
    failures: int
    notes: tuple[Note, ...] = ()


def run(
    study: Study,
    *,
    corpus: Corpus | None = None,
    cache: Cache | None = None,
    run: Mapping[str, object] | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Do what a study says: read its inputs, analyse them, write the output folder (执行研究).

    Args:
        study: what to do.
        corpus: its inputs, if they are read already.
        cache: where results are kept; None means nowhere.
        run: what the manifest is to say of this run alone.
        progress: called with the documents done and in all.

    Raises:
        GovtextError: as `write`, or an input, the lexicon or the stop list cannot be read.
    """
    return write(
        studies.corpus_of(study, cache=cache) if corpus is None else corpus,
        study.output,
        lexicon=studies.lexicon_of(study),
        options=studies.options_of(study),
        jobs=study.jobs,
        run=run,
        progress=progress,
        cache=cache,
    )


def write(  # noqa: PLR0913 - the contract's options, all but the first two by keyword
    corpus: Corpus,
    folder: str | Path,
    *,
    lexicon: Lexicon | None = None,
    options: Options | None = None,
    jobs: int = 1,
    run: Mapping[str, object] | None = None,
    progress: Progress | None = None,
    cache: Cache | None = None,
) -> Summary:
    """Analyse a corpus and write the output folder (写出报告).

    Args:
        corpus: the documents; their order is the order of the outputs.
        folder: a new or empty folder, or one that an earlier run wrote, whose outputs are replaced.
        lexicon: the policy terms; None means `Lexicon.default()`.
        options: what the run is told.
        jobs: worker processes; the results do not depend on their number.
        run: what the manifest is to say of this run alone, such as the time.
        progress: called with the documents done and in all.
        cache: where what is found in each document is kept, so that it need not be found again; None means nowhere.

    Raises:
        OutputError: the folder holds other files, is in use by another run, or cannot be written.
        OptionError: an option has a value that is not allowed, or the corpus is empty.
    """
    options = options or Options()
    lexicon = Lexicon.default() if lexicon is None else studies.filed(lexicon)
    if not len(corpus):
        raise OptionError("the corpus has no document", remedy="give at least one file that can be read")
    begun = {"started": provenance.now(), "jobs": jobs, "notes": [note._asdict() for note in corpus.notes]}
    with staged(Path(folder)) as stage, collector_paused():
        _put_outputs(corpus, stage, lexicon, options, lambda: analyse(corpus, lexicon, options, jobs, progress, cache))
        files = sorted(p for p in stage.rglob("*") if p.is_file())
        outputs = {p.relative_to(stage).as_posix(): provenance.digest(p.read_bytes()) for p in files}
        manifest = provenance.record(
            corpus,
            lexicon=lexicon,
            options=options.recorded(),
            outputs=outputs,
            failures=corpus.failures,
            run=begun | dict(run or {}),
        )
        put(stage / provenance.NAME, provenance.to_json(manifest).encode())
        put(stage / provenance.CRATE, provenance.to_json(provenance.ro_crate(manifest)).encode())
    if cache:
        cache.trim()
    notes = cache.notes() if cache else ()
    return Summary(Path(folder), len(corpus), len(outputs) + 2, len(corpus.failures), notes)


def _put_outputs(
    corpus: Corpus, stage: Path, lexicon: Lexicon, options: Options, analysed: Callable[[], Analysis]
) -> None:
    """Write everything but what the manifest says; the analysis ends with it, so that no collector looks at it."""
    analysis = analysed()
    write_tables(analysis, stage / "tables")
    if "network" in options.analyses:
        write_graphs(analysis, stage)
    if options.figures:
        write_figures(analysis, stage / "figures")
    put(stage / "index.html", render(analysis).encode())
    put(stage / studies.NAME, studies.to_toml(corpus, lexicon=lexicon, options=options).encode("utf-8", "replace"))
    if lexicon.file is not None:
        put(stage / studies.TERMS, lexicon.file)
