"""The report, and what is done with one: verify, cite (报告命令)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import govtext as gt
from govtext.cli.inputs import (
    cache_of,
    complain,
    finish,
    jobs_of,
    lexicon_of,
    note,
    recorded_path,
    run_of,
    study_corpus,
    study_of,
)
from govtext.cli.language import local, say
from govtext.cli.options import (
    REPORT,
    AnalysesOption,
    CacheLimitOption,
    CacheOption,
    ConvertOption,
    EngineName,
    EngineOption,
    FiguresOption,
    FreshOption,
    JobsOption,
    LexiconOption,
    MinCountOption,
    NamesOption,
    OutputOption,
    Paths,
    RootOption,
    SchedulerOption,
    StopOption,
    StreamOption,
    StudyOption,
    TopOption,
    UnitName,
    UnitOption,
    WorkOption,
    app,
)
from govtext.errors import GovtextError, LexiconError, OptionError, ReadError, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govtext import provenance
    from govtext.corpus import Corpus
    from govtext.lexicon import Lexicon
    from govtext.study import Study


@app.command(rich_help_panel=REPORT)
def report(
    context: typer.Context,
    inputs: Paths = None,
    study: StudyOption = None,
    corpus: RootOption = None,
    output: OutputOption = Path("govtext-report"),
    analyses: AnalysesOption = None,
    top: TopOption = 20,
    unit: UnitOption = UnitName.sentence,
    min_count: MinCountOption = 2,
    figures: FiguresOption = True,
    names: NamesOption = None,
    convert: ConvertOption = None,
    lexicon: LexiconOption = None,
    stopwords: StopOption = None,
    engine: EngineOption = EngineName.rjieba,
    jobs: JobsOption = 1,
    stream: StreamOption = False,
    scheduler: SchedulerOption = None,
    work: WorkOption = None,
    fresh: FreshOption = False,
    cache: CacheOption = None,
    cache_limit: CacheLimitOption = 1024,
) -> None:
    """Analyse documents and write the page, tables, network, study file and manifest.

    分析文档，写出网页、表格、网络、研究文件与清单。
    """
    from tqdm import tqdm

    from govtext import report as reports

    asked = study_of(context)  # which looks at every option by its name
    reports.check_folder(asked.output)
    if asked.streams:
        _stream(asked, study)
        return
    kept = cache_of(asked)
    documents = study_corpus(asked, kept)
    with tqdm(total=len(documents), unit="doc", desc=local("analysing"), file=sys.stderr, disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)
            if done == total:  # what follows takes longer, and counts nothing
                bar.set_description(local("comparing, drawing, writing"))

        summary = reports.run(asked, corpus=documents, cache=kept, run=run_of(asked, study), progress=progress)
    note(summary.notes)
    folder, failed = Path(asked.output), len(documents.failures)
    made, on = summary.files, summary.documents
    say(f"Wrote {made} files on {on} document(s) to {folder} - open {folder / 'index.html'}")
    if failed:
        say(f"{failed} file(s) could not be read; they are listed in {folder / 'manifest.json'}")
    finish(documents)


def _stream(asked: Study, file: Path | None) -> None:
    """Count a corpus in shards, and say what came of it."""
    from tqdm import tqdm

    from govtext import report as reports

    with tqdm(unit="task", file=sys.stderr, disable=None) as bar:

        def progress(step: str, done: int, total: int) -> None:
            bar.set_description_str(f"govtext {step}", refresh=False)
            bar.total, bar.n = total, done
            bar.refresh()

        summary = reports.stream(asked, run=run_of(asked, file), progress=progress)
    for failure in summary.failures:
        complain(failure)
    note(summary.notes)
    what = f"{summary.files} files on {summary.documents} document(s)"
    typer.echo(f"Wrote {what} to {summary.folder} - open {summary.folder / 'index.html'}")
    if summary.failures:
        what = f"{len(summary.failures)} file(s) could not be read"
        typer.echo(f"{what}; they are listed in {summary.folder / 'manifest.json'}")
        raise typer.Exit(1)


@app.command(rich_help_panel=REPORT)
def verify(
    folder: Annotated[
        Path,
        typer.Argument(help="A folder that `govtext report` wrote. `govtext report` 写出的文件夹", show_default=False),
    ],
    corpus: Annotated[
        list[Path] | None,
        typer.Option("--corpus", help="Where the inputs are now, if they moved. 输入文件若已移动，现在的位置"),
    ] = None,
    lexicon: LexiconOption = None,
    jobs: JobsOption = 1,
) -> None:
    """Recompute a report from its manifest and say what differs: exit 0 same, 1 differs or cannot tell.

    按清单复算一份报告并指出不同：退出码 0 相同，1 不同或无法判断。
    """
    from govtext import provenance
    from govtext import report as reports

    jobs, recorded = jobs_of(jobs), provenance.read(folder)
    touched = provenance.changed(folder, recorded)
    for name, what in touched.items():
        say(f"changed  {printable(name)}: {what}")
    for name in reports.unlisted(folder.resolve()):
        say(f"unlisted {printable(name)}: the manifest knows nothing of it")
    try:
        found = _recompute(folder, recorded, corpus, lexicon, jobs)
    except GovtextError as error:
        complain(error)
        say("cannot tell: the run could not be repeated")
        raise typer.Exit(1) from error
    differences = provenance.compare(recorded, found)
    for difference in differences:
        say(f"differs  {printable(str(difference))}")
    if provenance.NAME not in touched and {difference.part for difference in differences} == {"outputs"}:
        say(f"why: {printable(provenance.surroundings(recorded, found))}")
    if touched or differences:
        say(f"differs: {len(touched)} output(s) changed, {len(differences)} difference(s) when recomputed")
        raise typer.Exit(1)
    say(f"same: {len(recorded['result']['outputs'])} outputs")


def _recompute(
    folder: Path, recorded: provenance.Manifest, corpus: Sequence[Path] | None, lexicon: Path | None, jobs: int
) -> provenance.Manifest:
    """Repeat a recorded run in a temporary folder, without the cache, and return its manifest."""
    from tempfile import TemporaryDirectory

    from govtext import provenance
    from govtext import report as reports

    if "index.html" not in recorded["result"]["outputs"]:
        remedy = "run again what made it, and compare the two with `provenance.compare`"
        raise ReadError("the manifest is of no report: it lists no index.html", remedy=remedy)
    given = dict(recorded["result"]["options"])
    if given.pop("stream", False):
        return _recount(recorded, given, corpus, lexicon, jobs)
    options = reports.Options.restore(given)
    documents = _inputs(folder, recorded, corpus)
    words = _recorded_lexicon(recorded) if lexicon is None else lexicon_of(lexicon)
    if recorded_path(recorded["run"].get("lexicon")) is None:  # it was made of strings: files may hold the same
        words = gt.Lexicon(words)
    with TemporaryDirectory() as place:
        out = Path(place) / "report"
        reports.write(documents, out, lexicon=words, options=options, jobs=jobs)
        return provenance.read(out)


def _recount(
    recorded: provenance.Manifest,
    given: dict[str, Any],
    corpus: Sequence[Path] | None,
    lexicon: Path | None,
    jobs: int,
) -> provenance.Manifest:
    """Repeat a recorded run over shards in a temporary folder; return its manifest."""
    from tempfile import TemporaryDirectory

    from govtext import provenance
    from govtext import report as reports

    run = recorded["run"]
    paths = corpus or _recorded_paths(run.get("paths"))
    if paths is None or (not paths and isinstance(run.get("study"), str)):
        raise ReadError("the manifest does not say where the inputs are", remedy="say with --corpus where they are")
    words = lexicon or recorded_path(run.get("lexicon"))
    told: dict[str, Any] = {name: run[name] for name in ("names", "convert") if isinstance(run.get(name), str)}
    told |= {"lexicon": str(words)} if words else {}
    with TemporaryDirectory() as place:
        told |= {"inputs": [str(path.absolute()) for path in paths], "output": str(Path(place) / "report")}
        study = reports.Study(**given, **told, jobs=jobs, stream=True)
        return provenance.read(reports.stream(study).folder)


def _inputs(folder: Path, recorded: provenance.Manifest, corpus: Sequence[Path] | None) -> Corpus:
    """Return the inputs of a recorded run.

    Raises:
        ReadError: some are missing, or the manifest does not say where they are.
    """
    known = {row["id"]: row["sha256"] for row in recorded["result"]["inputs"]}
    paths = corpus or _recorded_paths(recorded["run"].get("paths"))
    names, convert = (v if isinstance(v := recorded["run"].get(name), str) else None for name in ("names", "convert"))
    if isinstance(recorded["run"].get("study"), str):
        documents = _named(folder, corpus or [recorded_path(recorded["run"].get("corpus")) or folder])
    else:
        documents = gt.read_corpus(*paths, names=names, convert=convert) if paths else gt.reference_corpus()
    if paths is None and {d.id: d.metadata.sha256 for d in documents} != known:
        what = "the manifest does not say where the inputs are (the report was not written by the command)"
        raise ReadError(what, remedy="say with --corpus where they are, as files")
    gone = sorted(known.keys() - {document.id for document in documents})
    recorded_failures = {row["file"] for row in recorded["result"]["quarantined"]}
    broken = [failure for failure in documents.failures if failure.file not in recorded_failures]
    elsewhere = "say with --corpus where the inputs are now"
    if gone and broken:
        what = f"the input {gone[0]} is missing or cannot be read: {broken[0].what}"
        raise ReadError(what, where=broken[0].where, remedy=f"{broken[0].remedy}; or {elsewhere}")
    if gone:
        raise ReadError(f"the input {gone[0]} is missing", remedy=elsewhere)
    return documents


def _named(folder: Path, roots: Sequence[Path]) -> Corpus:
    """Return the inputs that the study file of a report names by their sha256."""
    from govtext import study as studies

    if len(roots) > 1:
        raise OptionError("--corpus is given twice", remedy="name the one folder that holds all inputs")
    return studies.corpus_of(studies.Study.read(folder / studies.NAME).told(corpus=str(roots[0])))


def _recorded_paths(value: object) -> list[Path] | None:
    """Return the paths of a recorded run, none for the reference corpus; None where the manifest has no paths."""
    paths = [recorded_path(path) for path in value] if isinstance(value, list) else [None]
    return None if None in paths else [path for path in paths if path]


def _recorded_lexicon(recorded: provenance.Manifest) -> Lexicon:
    """Return the lexicon of a recorded run.

    Raises:
        LexiconError: it is missing, or the manifest does not say where it is.
    """
    run, default = recorded["run"], gt.Lexicon.default()
    path = recorded_path(run.get("lexicon"))
    if path:
        return gt.Lexicon.read(path)
    by_default = run.get("lexicon", "unknown") is None or recorded["result"]["lexicon"]["sha256"] == default.sha256
    if not by_default:
        what = "the manifest does not say where the lexicon is (the report was not written by the command)"
        raise LexiconError(what, remedy="say with --lexicon where it is, as a TSV file")
    return default


@app.command(rich_help_panel=REPORT)
def cite(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="A report: print its methods paragraph, too. 报告文件夹；另给出它的方法说明", show_default=False
        ),
    ] = None,
) -> None:
    """Print how to cite govtext, and the methods paragraph of a report. 怎样引用 govtext，以及一份报告的方法说明。"""
    from govtext import provenance

    paragraphs = provenance.methods(provenance.read(folder)) if folder else ()
    typer.echo("\n\n".join((provenance.cite(), *map(printable, paragraphs))))
