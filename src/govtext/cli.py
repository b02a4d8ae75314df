"""The `govtext` command: reads files, prints tables, writes reports (命令行)."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import govtext as gt
from govtext.errors import GovtextError, LexiconError, OptionError, ReadError, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from govtext import provenance
    from govtext.corpus import Corpus
    from govtext.lexicon import Lexicon
    from govtext.tokens import Segmenter


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"


class EngineName(StrEnum):
    """The segmentation engine."""

    rjieba = "rjieba"
    jieba = "jieba"


class UnitName(StrEnum):
    """The unit of co-occurrence."""

    sentence = "sentence"
    paragraph = "paragraph"
    section = "section"
    document = "document"
    window = "window"


app = typer.Typer(
    name="govtext",
    help="Mine Chinese government documents. 中国政府文件文本挖掘。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

# Columns too wide for a terminal; CSV and JSON have them.
WIDE = frozenset(("spans", "message_en", "theme_why", "role_why"))
File = Annotated[Path, typer.Argument(help="A .txt, .md or .docx file. 文件", show_default=False)]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Files and folders; none: the reference corpus. 文件或文件夹，缺省为参考语料", show_default=False
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the table. 输出格式")]
LexiconOption = Annotated[
    Path | None, typer.Option("--lexicon", help="A TSV of policy terms instead of the default one. 自备词典")
]
EngineOption = Annotated[EngineName, typer.Option("--engine", help="Segmentation engine. 分词引擎")]
JobsOption = Annotated[int, typer.Option("--jobs", help="Worker processes; -1: one a core. 并行进程数")]
TopOption = Annotated[int, typer.Option("--top", "-n", min=0, help="Keywords per document or section. 关键词个数")]
UnitOption = Annotated[UnitName, typer.Option("--unit", help="Unit of co-occurrence. 共现单元")]
MinCountOption = Annotated[int, typer.Option("--min-count", min=1, help="Least edge count. 最小共现次数")]


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave. 版本")] = False,
) -> None:
    if version:
        typer.echo(gt.__version__)
        raise typer.Exit


@app.command()
def report(
    paths: Paths = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write. 输出文件夹")] = Path(
        "govtext-report"
    ),
    top: TopOption = 20,
    unit: UnitOption = UnitName.sentence,
    min_count: MinCountOption = 2,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Leave pictures out. 不画图")] = False,
    lexicon: LexiconOption = None,
    engine: EngineOption = EngineName.rjieba,
    jobs: JobsOption = 1,
) -> None:
    """Analyse documents and write the page, tables, network and manifest. 生成完整报告。"""
    from tqdm import tqdm

    from govtext import report as reports

    reports.check_folder(output)
    corpus = _corpus(paths)
    options = reports.Options(
        top=top, unit=unit.value, min_count=min_count, figures=not no_figures, engine=engine.value
    )
    with tqdm(total=len(corpus), unit="doc", desc="govtext", file=sys.stderr, disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        summary = reports.write(
            corpus,
            output,
            lexicon=_lexicon(lexicon),
            options=options,
            jobs=_jobs(jobs),
            run=_run(paths, lexicon),
            progress=progress,
        )
    typer.echo(
        f"Wrote {summary.files} files on {summary.documents} document(s) to {output} - open {output / 'index.html'}"
    )
    _finish(corpus)


@app.command()
def outline(file: File, format: FormatOption = Format.table) -> None:
    """Print the heading tree of a file, indented; as a table with --format. 章节大纲。"""
    from govtext import tables

    document = gt.read(file)
    if format is Format.table:
        for section in document.sections:
            typer.echo("  " * section.depth + printable(section.line))
        return
    _print(tables.outline(document), tables.OUTLINE, format)


@app.command()
def info(file: File, format: FormatOption = Format.table) -> None:
    """Print what is known about a file: title, date, counts, page furniture. 文件概况。"""
    from govtext import tables

    _print(tables.info(gt.read(file)), tables.INFO, format)


@app.command()
def lint(file: File, format: FormatOption = Format.table) -> None:
    """Print the faults of a file's numbering. 结构检查。"""
    from govtext import document, tables

    _print(tables.findings(document.lint(gt.read(file))), tables.LINT, format)


@app.command()
def segment(
    file: File,
    format: FormatOption = Format.table,
    lexicon: LexiconOption = None,
    engine: EngineOption = EngineName.rjieba,
) -> None:
    """Print the tokens of a file. 分词。"""
    from govtext import tables

    tokens = _segmenter(lexicon, engine)(gt.read(file))
    _print(tables.segments(tokens), tables.SEGMENT, format)


@app.command()
def keywords(
    paths: Paths = None,
    top: TopOption = 20,
    sections: Annotated[bool, typer.Option("--sections", help="Of each section, too. 各章节关键词")] = False,
    format: FormatOption = Format.table,
    lexicon: LexiconOption = None,
    engine: EngineOption = EngineName.rjieba,
    jobs: JobsOption = 1,
) -> None:
    """Print the TF-IDF keywords of documents. 关键词。"""
    from govtext import keywords as kw
    from govtext import tables
    from govtext.corpus import segment_all

    corpus = _corpus(paths)
    tokens = segment_all(corpus, _segmenter(lexicon, engine), jobs=_jobs(jobs))
    found = kw.tfidf(tokens, n=top)
    if sections:
        found += kw.tfidf(tokens, n=top, unit="section")
    _print(tables.keyword_rows(found), tables.KEYWORDS, format)
    _finish(corpus)


@app.command()
def network(
    paths: Paths = None,
    unit: UnitOption = UnitName.sentence,
    min_count: MinCountOption = 2,
    window: Annotated[int | None, typer.Option("--window", min=2, help="Words of a window in a unit. 窗口词数")] = None,
    category: Annotated[str | None, typer.Option("--category", help="Only terms of this category. 术语类别")] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure", help="A further column: jaccard, npmi, log_likelihood, ... 关联度量", show_default=False
        ),
    ] = None,
    format: FormatOption = Format.table,
    lexicon: LexiconOption = None,
    engine: EngineOption = EngineName.rjieba,
    jobs: JobsOption = 1,
) -> None:
    """Print the co-occurrence network of policy terms as an edge list. 共现网络。"""
    from govtext import network as net
    from govtext import tables
    from govtext.corpus import segment_all

    corpus = _corpus(paths)
    tokens = segment_all(corpus, _segmenter(lexicon, engine), jobs=_jobs(jobs))
    names = measure or []
    graph = net.cooccurrence(
        tokens, unit=unit.value, terms=category, min_count=min_count, window=window, measures=names
    )
    further = ["p", "q"] if "log_likelihood" in names else []
    columns = [*tables.NETWORK, *(name for name in net.MEASURES if name in names), *further]
    _print(tables.edges(graph), columns, format)
    _finish(corpus)


@app.command()
def classify(
    file: File,
    min_probability: Annotated[
        float, typer.Option("--min-probability", min=0, max=1, help="Abstain below it. 低于此概率不作判断")
    ] = 0.0,
    format: FormatOption = Format.table,
    lexicon: LexiconOption = None,
    engine: EngineOption = EngineName.rjieba,
) -> None:
    """Print theme and role of each paragraph. 段落分类。"""
    from govtext import classify as classes
    from govtext import tables

    document = gt.read(file)
    segmenter = _segmenter(lexicon, engine)
    themes, roles = classes.themes(document, segment=segmenter), classes.roles(document, segment=segmenter)
    _print(tables.labels(document, themes, roles, least=min_probability), tables.SECTIONS, format)


@app.command()
def verify(
    folder: Annotated[
        Path, typer.Argument(help="A folder that `govtext report` wrote. 报告文件夹", show_default=False)
    ],
    corpus: Annotated[
        list[Path] | None, typer.Option("--corpus", help="Where the inputs are now, if they moved. 输入文件的位置")
    ] = None,
    lexicon: LexiconOption = None,
    jobs: JobsOption = 1,
) -> None:
    """Recompute a report from its manifest and say what differs: exit 0 same, 1 differs or cannot tell. 复算并核对。"""
    from govtext import provenance
    from govtext import report as reports

    jobs, recorded = _jobs(jobs), provenance.read(folder)
    touched = provenance.changed(folder, recorded)
    for name, what in touched.items():
        typer.echo(f"changed  {printable(name)}: {what}")
    for name in reports.unlisted(folder.resolve()):
        typer.echo(f"unlisted {printable(name)}: the manifest knows nothing of it")
    try:
        found = _recompute(recorded, corpus, lexicon, jobs)
    except GovtextError as error:
        _complain(error)
        typer.echo("cannot tell: the run could not be repeated")
        raise typer.Exit(1) from error
    differences = provenance.compare(recorded, found)
    for difference in differences:
        typer.echo(f"differs  {printable(str(difference))}")
    if provenance.NAME not in touched and {difference.part for difference in differences} == {"outputs"}:
        typer.echo(f"why: {printable(provenance.surroundings(recorded, found))}")
    if touched or differences:
        typer.echo(f"differs: {len(touched)} output(s) changed, {len(differences)} difference(s) when recomputed")
        raise typer.Exit(1)
    typer.echo(f"same: {len(recorded['result']['outputs'])} outputs")


def _recompute(
    recorded: provenance.Manifest, corpus: Sequence[Path] | None, lexicon: Path | None, jobs: int
) -> provenance.Manifest:
    """Repeat a recorded run in a temporary folder and return its manifest."""
    from tempfile import TemporaryDirectory

    from govtext import provenance
    from govtext import report as reports

    if "index.html" not in recorded["result"]["outputs"]:
        remedy = "run again what made it, and compare the two with `provenance.compare`"
        raise ReadError("the manifest is of no report: it lists no index.html", remedy=remedy)
    options = reports.Options.restore(recorded["result"]["options"])
    documents = _inputs(recorded, corpus)
    words = _recorded_lexicon(recorded) if lexicon is None else _lexicon(lexicon)
    with TemporaryDirectory() as folder:
        out = Path(folder) / "report"
        reports.write(documents, out, lexicon=words, options=options, jobs=jobs)
        return provenance.read(out)


def _inputs(recorded: provenance.Manifest, corpus: Sequence[Path] | None) -> Corpus:
    """Return the inputs of a recorded run.

    Raises:
        ReadError: some are missing, or the manifest does not say where they are.
    """
    known = {row["id"]: row["sha256"] for row in recorded["result"]["inputs"]}
    paths = corpus or _recorded_paths(recorded["run"].get("paths"))
    documents = gt.read_corpus(*paths) if paths else gt.reference_corpus()
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


def _recorded_paths(value: object) -> list[Path] | None:
    """Return the paths of a recorded run, none for the reference corpus; None where the manifest has no paths."""
    paths = [_recorded_path(path) for path in value] if isinstance(value, list) else [None]
    return None if None in paths else [path for path in paths if path]


def _recorded_lexicon(recorded: provenance.Manifest) -> Lexicon:
    """Return the lexicon of a recorded run.

    Raises:
        LexiconError: it is missing, or the manifest does not say where it is.
    """
    run, default = recorded["run"], gt.Lexicon.default()
    path = _recorded_path(run.get("lexicon"))
    if path:
        return gt.Lexicon.read(path)
    by_default = run.get("lexicon", "unknown") is None or recorded["result"]["lexicon"]["sha256"] == default.sha256
    if not by_default:
        what = "the manifest does not say where the lexicon is (the report was not written by the command)"
        raise LexiconError(what, remedy="say with --lexicon where it is, as a TSV file")
    return default


@app.command()
def cite(
    folder: Annotated[
        Path | None, typer.Argument(help="A report: print its methods paragraph, too. 报告文件夹", show_default=False)
    ] = None,
) -> None:
    """Print how to cite govtext, and the methods paragraph of a report. 引用格式与方法说明。"""
    from govtext import provenance

    paragraphs = provenance.methods(provenance.read(folder)) if folder else ()
    typer.echo("\n\n".join((provenance.cite(), *paragraphs)))


# --- what the commands share ----------------------------------------------------------------------------------------


def _corpus(paths: Sequence[Path] | None) -> Corpus:
    if not paths:
        return gt.reference_corpus()
    corpus = gt.read_corpus(*paths)
    for failure in corpus.failures:
        _complain(failure)
    if not len(corpus):
        raise typer.Exit(1)
    return corpus


def _finish(corpus: Corpus) -> None:
    """End with exit code 1 where some input could not be read."""
    if corpus.failures:
        raise typer.Exit(1)


def _run(paths: Sequence[Path] | None, lexicon: Path | None) -> dict[str, object]:
    """Return what the manifest says of this run alone: where its inputs lay."""
    return {"paths": [_written(path) for path in paths or ()], "lexicon": _written(lexicon) if lexicon else None}


def _written(path: Path) -> str:
    """Return an absolute path as the manifest has it: as UTF-8, in whatever locale it is written and read."""
    return os.fsencode(path.resolve()).decode("utf-8", "surrogateescape")


def _recorded_path(value: object) -> Path | None:
    """Return the path that a manifest has; None where it is none."""
    try:
        data = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else b""
    except UnicodeEncodeError:
        return None
    return Path(os.fsdecode(data)) if data and b"\0" not in data else None


def _lexicon(path: Path | None) -> Lexicon:
    return gt.Lexicon.read(path) if path else gt.Lexicon.default()


def _segmenter(lexicon: Path | None, engine: EngineName) -> Segmenter:
    return gt.Segmenter(_lexicon(lexicon), engine=engine.value)


def _jobs(jobs: int) -> int:
    if jobs == 0 or jobs < -1:
        raise OptionError(f"--jobs is {jobs}", remedy="give a number of processes, or -1 for one a core")
    return jobs


def _complain(error: GovtextError) -> None:
    typer.echo(f"govtext: {printable(str(error))}", err=True)


def _print(rows: Iterable[Mapping[str, object]], columns: Sequence[str], how: Format) -> None:
    """Print rows; CSV and JSON are UTF-8 whatever the locale, so that a pipe always gets the same bytes."""
    from govtext import tables

    if how is Format.table:
        _print_table(list(rows), columns)
        return
    text = tables.to_csv(rows, columns, quote_formulas=False) if how is Format.csv else tables.to_json(rows, columns)
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()


def _print_table(rows: list[Mapping[str, object]], columns: Sequence[str]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from govtext import tables

    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    columns = [column for column in columns if column not in WIDE]
    table = Table(box=box.SIMPLE_HEAD, caption=f"{len(rows)} rows", caption_justify="left")
    for column in columns:
        number = bool(rows) and isinstance(rows[0].get(column), int | float)
        table.add_column(column, justify="right" if number else "left", overflow="ellipsis", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(printable(str(tables.plain(row.get(column))))) for column in columns))
    console.print(table)


def main() -> None:
    """Run the command; every foreseen error is one line on stderr and an exit code."""
    try:
        app(standalone_mode=True)
    except GovtextError as error:
        _complain(error)
        sys.exit(error.exit_code)
    except OSError as error:
        if isinstance(error, BrokenPipeError):  # the reader of a pipe, such as head, has had enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        typer.echo(f"govtext: the output cannot be written ({error.strerror}); check the space left", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
