"""The `govtext` command: reads files, prints tables, writes reports (命令行)."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
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


class What(StrEnum):
    """What two sets of documents are compared by."""

    terms = "terms"
    indicators = "indicators"
    promises = "promises"
    reuse = "reuse"
    attention = "attention"


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
WIDE = frozenset((
    "spans", "message_en", "theme_why", "role_why", "name_start", "name_end", "subject_start", "subject_end",
    "number_start", "number_end", "unit_start", "unit_end", "bound", "title", "first_start", "first_end",
    "expansion_start", "expansion_end", "places", "contexts", "cohesion", "freedom",
))  # fmt: skip
# What of a comparison fits on a terminal; CSV and JSON have all.
SHOWN = 33  # characters of a cell
BRIEF = {
    What.indicators: ("name", "text", "other_text", "growth", "claimed", "claim"),
    What.promises: ("verdict", "promised", "reported", "score"),
    What.reuse: ("document", "source", "relation", "same", "places", "text"),
    What.attention: ("group", "topic", "boilerplate", "share", "low", "high", "sentences", "about"),
}
File = Annotated[Path, typer.Argument(help="A .txt, .md or .docx file. 文件", show_default=False)]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Files, folders, patterns, corpus.csv; none: the reference corpus. 文件、文件夹、通配符或元数据表",
        show_default=False,
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the table. 输出格式")]
LexiconOption = Annotated[
    Path | None, typer.Option("--lexicon", help="A TSV of policy terms instead of the default one. 自备词典")
]
StopOption = Annotated[
    Path | None, typer.Option("--stopwords", help="Your own stop list, one word a line, instead of ours. 自备停用词表")
]
EngineOption = Annotated[EngineName, typer.Option("--engine", help="Segmentation engine. 分词引擎")]
JobsOption = Annotated[int, typer.Option("--jobs", help="Worker processes; -1: one a core. 并行进程数")]
TopOption = Annotated[int, typer.Option("--top", "-n", min=0, help="Keywords per document or section. 关键词个数")]
UnitOption = Annotated[UnitName, typer.Option("--unit", help="Unit of co-occurrence. 共现单元")]
NamesOption = Annotated[
    str | None, typer.Option("--names", help="Metadata from file names, such as {year}_{place}.txt. 文件名模式")
]
ConvertOption = Annotated[
    str | None, typer.Option("--convert", help="Convert characters with OpenCC, such as t2s. 繁简转换")
]
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
    names: NamesOption = None,
    convert: ConvertOption = None,
    lexicon: LexiconOption = None,
    stopwords: StopOption = None,
    engine: EngineOption = EngineName.rjieba,
    jobs: JobsOption = 1,
) -> None:
    """Analyse documents and write the page, tables, network and manifest. 生成完整报告。"""
    from tqdm import tqdm

    from govtext import report as reports

    reports.check_folder(output)
    corpus = _corpus(paths, names, convert)
    options = reports.Options(
        top=top,
        unit=unit.value,
        min_count=min_count,
        figures=not no_figures,
        engine=engine.value,
        stop=" ".join(sorted(_stopwords(stopwords) or ())),
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
            run=_run(paths, lexicon) | {"names": names, "convert": convert},
            progress=progress,
        )
    typer.echo(
        f"Wrote {summary.files} files on {summary.documents} document(s) to {output} - open {output / 'index.html'}"
    )
    if corpus.failures:
        typer.echo(f"{len(corpus.failures)} file(s) could not be read; they are listed in {output / 'manifest.json'}")
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
    """Print what is known about a file: title, date, encoding, how it was read, page furniture. 文件概况。"""
    from govtext import tables

    _print(tables.info(gt.read(file)), tables.INFO, format)


@app.command()
def lint(file: File, format: FormatOption = Format.table) -> None:
    """Print the faults of a file: its numbering, arithmetic, characters, copies. 结构与数值检查。"""
    from govtext import document, indicators, tables

    text = gt.read(file)
    found = sorted([*document.lint(text), *indicators.faults(text)], key=lambda one: (one.span.start, one.code))
    _print(tables.findings(found), tables.LINT, format)


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
    phrases: Annotated[
        bool, typer.Option("--phrases/--no-phrases", help="Runs of words are candidates, too. 是否取短语")
    ] = True,
    names: NamesOption = None,
    convert: ConvertOption = None,
    format: FormatOption = Format.table,
    lexicon: LexiconOption = None,
    stopwords: StopOption = None,
    engine: EngineOption = EngineName.rjieba,
    jobs: JobsOption = 1,
) -> None:
    """Print the TF-IDF keywords of documents. 关键词。"""
    from govtext import keywords as kw
    from govtext import tables
    from govtext.corpus import segment_all

    corpus = _corpus(paths, names, convert)
    tokens = segment_all(corpus, _segmenter(lexicon, engine), jobs=_jobs(jobs))
    stop = _stopwords(stopwords)
    found = kw.tfidf(tokens, n=top, phrases=phrases, stop=stop)
    if sections:
        found += kw.tfidf(tokens, n=top, unit="section", phrases=phrases, stop=stop)
    _print(tables.keyword_rows(found), tables.KEYWORDS, format)
    _finish(corpus)


@app.command()
def keyness(
    paths: Paths = None,
    reference: Annotated[
        list[Path] | None, typer.Option("--reference", "-r", help="What to compare with; repeat for more. 参照文件")
    ] = None,
    top: Annotated[int | None, typer.Option("--top", "-n", min=0, help="How many terms. 个数")] = None,
    min_count: Annotated[int, typer.Option("--min-count", min=1, help="Least count in both together. 最少次数")] = 3,
    names: NamesOption = None,
    convert: ConvertOption = None,
    format: FormatOption = Format.table,
    lexicon: LexiconOption = None,
    stopwords: StopOption = None,
    engine: EngineOption = EngineName.rjieba,
    jobs: JobsOption = 1,
) -> None:
    """Print the terms that are more, and less, frequent than in a reference, with G², p and q. 关键性。"""
    from govtext import keywords as kw
    from govtext import tables
    from govtext.corpus import segment_all

    if not reference:
        raise OptionError("there is nothing to compare with", remedy="name it with --reference")
    segmenter = _segmenter(lexicon, engine)
    corpora = [_corpus(which, names, convert) for which in (paths, reference)]
    target, other = (segment_all(corpus, segmenter, jobs=_jobs(jobs)) for corpus in corpora)
    found = kw.keyness(target, other, n=top, min_count=min_count, stop=_stopwords(stopwords))
    _print(tables.rows(found), tables.KEYNESS, format)
    for corpus in corpora:
        _finish(corpus)


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(help="A file, folder, pattern or corpus.csv. 文件或文件夹", show_default=False)],
    b: Annotated[Path | None, typer.Argument(help="The other; none: within A. 与之比较者", show_default=False)] = None,
    what: Annotated[What, typer.Option("--what", help="What to compare. 比较什么")] = What.terms,
    by_place: Annotated[bool, typer.Option("--by-place", help="Attention by place, not year. 按地区")] = False,
    themes: Annotated[bool, typer.Option("--themes", help="Attention to themes. 按主题计关注度")] = False,
    policy: Annotated[bool, typer.Option("--policy", help="Policy terms alone. 只比政策术语")] = False,
    localised: Annotated[bool, typer.Option("--localised", help="Reuse: names made neutral. 中和地名人名")] = False,
    min_count: Annotated[int, typer.Option("--min-count", min=1, help="Least count in both together. 最少次数")] = 3,
    least: Annotated[int, typer.Option("--least", min=5, help="Characters of the shortest passage. 最短字数")] = 25,
    names: NamesOption = None,
    convert: ConvertOption = None,
    format: FormatOption = Format.table,
    lexicon: LexiconOption = None,
    stopwords: StopOption = None,
    engine: EngineOption = EngineName.rjieba,
) -> None:
    """Compare A with B, the reference of terms, or the next year of promises. 年度与地区比较。"""
    from govtext import compare as comparison
    from govtext import tables

    corpora = _apart([_corpus([path], names, convert) for path in (a, b) if path is not None])
    first, second = corpora[0], corpora[-1]
    one, other = (c.documents[0] if len(c) == 1 else c for c in (first, second))
    documents = list({d.id: d for corpus in corpora for d in corpus}.values())
    cut, stop = _segmenter(lexicon, engine), _stopwords(stopwords)
    columns: Sequence[str]
    if b is None and what is What.terms:
        raise OptionError("there is nothing to compare with", remedy="name a second file or folder")
    if what is What.terms:
        changes = comparison.term_changes(first, second, segment=cut, policy=policy, min_count=min_count, stop=stop)
        rows, columns = tables.rows(changes), tables.TERM_CHANGES
    elif what is What.indicators:
        pairs = comparison.indicator_pairs(one, other, segment=cut)
        rows, columns = tables.pair_rows(pairs, documents), tables.INDICATOR_PAIRS
    elif what is What.promises:
        rows = tables.promise_rows(comparison.promises(one, other, segment=cut), documents)
        columns = tables.PROMISES
    elif what is What.reuse:
        if b is None:
            shared = comparison.reuse_corpus(first, least=least, localised=localised, segment=cut)
        else:
            shared = comparison.reuse_pairs(first, second, least=least, localised=localised, segment=cut)
        rows, columns = tables.reuse_rows(shared, documents), tables.REUSE
    else:
        shares = comparison.attention(
            documents, by="place" if by_place else "year", topics="themes" if themes else "categories", segment=cut
        )
        rows, columns = tables.rows(shares), tables.ATTENTION
    if format is Format.table:
        columns = BRIEF.get(what, columns)
        rows = [{name: cell[:SHOWN] if isinstance(cell, str) else cell for name, cell in row.items()} for row in rows]
    _print(rows, columns, format)
    for corpus in corpora:
        _finish(corpus)


@app.command()
def network(
    paths: Paths = None,
    unit: UnitOption = UnitName.sentence,
    min_count: MinCountOption = 2,
    names: NamesOption = None,
    convert: ConvertOption = None,
    format: FormatOption = Format.table,
    lexicon: LexiconOption = None,
    engine: EngineOption = EngineName.rjieba,
    jobs: JobsOption = 1,
) -> None:
    """Print the co-occurrence network of policy terms as an edge list. 共现网络。"""
    from govtext import network as net
    from govtext import tables
    from govtext.corpus import segment_all

    corpus = _corpus(paths, names, convert)
    tokens = segment_all(corpus, _segmenter(lexicon, engine), jobs=_jobs(jobs))
    graph = net.cooccurrence(tokens, unit=unit.value, min_count=min_count)
    _print(tables.edges(graph), tables.NETWORK, format)
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
def terms(
    paths: Paths = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A sheet to tick (.csv, .xlsx); with --ticked a .tsv. 输出")
    ] = None,
    ticked: Annotated[
        Path | None, typer.Option("--ticked", help="A sheet with ticks: write the lexicon it makes. 读回勾选表")
    ] = None,
    top: Annotated[int, typer.Option("--top", "-n", min=0, help="Candidates. 候选个数")] = 200,
    min_count: Annotated[
        int | None, typer.Option("--min-count", min=1, help="Least count of a recurrent string. 最少次数")
    ] = None,
    new: Annotated[bool, typer.Option("--new", help="Only what the lexicon lacks. 只列词典没有的")] = False,
    only: Annotated[
        bool, typer.Option("--only", help="With --ticked: the ticked terms alone, without the lexicon. 只写勾选的")
    ] = False,
    format: FormatOption = Format.table,
    lexicon: LexiconOption = None,
    engine: EngineOption = EngineName.rjieba,
    jobs: JobsOption = 1,
    names: NamesOption = None,
    convert: ConvertOption = None,
) -> None:
    """Print candidate terms, or write them as a sheet to tick; --ticked reads it back into a lexicon. 候选术语。"""
    from govtext import discovery, tables
    from govtext.corpus import segment_all

    if ticked is not None:
        _write_lexicon(ticked, output, None if only else _lexicon(lexicon))
        return
    segmenter = _segmenter(lexicon, engine)
    corpus = _corpus(paths, names, convert)
    cut = segment_all(corpus, segmenter, jobs=_jobs(jobs))
    found = discovery.candidates(cut, n=top, min_count=min_count, known=False if new else None)
    if output is None:
        _print(tables.rows(found), tables.TERMS, format)
    else:
        tables.write_sheet(discovery.sheet(found, segmenter.lexicon), discovery.COLUMNS, output)
        typer.echo(
            f"Wrote {len(found)} candidates - write x into the column add, then: govtext terms --ticked {output}"
        )
    _finish(corpus)


def _write_lexicon(sheet: Path, output: Path | None, base: Lexicon | None) -> None:
    """Write the lexicon that the ticks of a sheet and a base lexicon make; say where they contradict each other."""
    from govtext import discovery, tables
    from govtext import lexicon as lexicons

    found = discovery.ticked(tables.read_sheet(sheet), where=str(sheet))
    for conflict in lexicons.conflicts(found, base or found):
        typer.echo(f"govtext: {printable(str(conflict))}; the sheet is followed", err=True)
    whole = found if base is None else found | base
    if output is None:
        sys.stdout.buffer.write(lexicons.to_tsv(whole).encode())
        return
    lexicons.write(whole, output)
    typer.echo(f"Wrote {len(whole)} terms, {len(found)} of them ticked, to {output} - use --lexicon {output}")


@app.command()
def audit(
    paths: Paths = None,
    top: Annotated[int, typer.Option("--top", "-n", min=0, help="Missing terms to name. 所缺术语个数")] = 100,
    format: FormatOption = Format.table,
    lexicon: LexiconOption = None,
    names: NamesOption = None,
    convert: ConvertOption = None,
) -> None:
    """Print what a lexicon has for nothing and what it lacks, judged by documents. 词典审计。"""
    from govtext import discovery, tables

    corpus = _corpus(paths, names, convert)
    _print(tables.rows(discovery.audit(_lexicon(lexicon), corpus, n=top)), tables.AUDIT, format)
    _finish(corpus)


@app.command()
def indicators(
    file: File,
    checks: Annotated[
        bool, typer.Option("--checks", help="The checks of their arithmetic instead. 改列数值核对")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """Print every figure of a file with its unit, kind and name. 指标。"""
    from govtext import indicators as figures
    from govtext import tables

    document = gt.read(file)
    if checks:
        _print(tables.rows(figures.check(document)), tables.CHECKS, format)
        return
    _print(tables.rows(figures.extract(document)), tables.INDICATORS, format)


@app.command()
def citations(file: File, format: FormatOption = Format.table) -> None:
    """Print the titles, document numbers and quoted phrases of a file. 引用。"""
    from govtext import citations as cited
    from govtext import tables

    _print(tables.citation_rows(cited.extract(gt.read(file))), tables.CITATIONS, format)


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
    names, convert = (v if isinstance(v := recorded["run"].get(name), str) else None for name in ("names", "convert"))
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


def _corpus(paths: Sequence[Path] | None, names: str | None, convert: str | None) -> Corpus:
    """Read the inputs; say on stderr what could not be read, and what should be known of the rest."""
    from itertools import groupby

    from tqdm import tqdm

    if not paths:
        return gt.reference_corpus()
    with tqdm(unit="file", desc="reading", file=sys.stderr, disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        corpus = gt.read_corpus(*paths, names=names, convert=convert, progress=progress)
    for failure in corpus.failures:
        _complain(failure)
    for _, group in groupby(sorted(corpus.notes, key=lambda note: note.code), key=lambda note: note.code):
        first, *others = group
        more = f" ({first.code}; so are {len(others)} others)" if others else f" ({first.code})"
        typer.echo(f"govtext: note: {printable(f'{first.file}: {first.message_en}')}{more}", err=True)
    if not len(corpus):
        raise typer.Exit(1)
    return corpus


def _apart(corpora: list[Corpus]) -> list[Corpus]:
    """Give the documents of two corpora ids of their own where both have one of the same id."""
    ids = [{document.id for document in corpus} for corpus in corpora]
    if len(corpora) < 2 or not ids[0] & ids[1]:
        return corpora
    return [
        replace(corpus, documents=tuple(replace(d, id=f"{side}/{d.id}") for d in corpus))
        for side, corpus in zip("AB", corpora, strict=True)
    ]


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


def _stopwords(path: Path | None) -> frozenset[str] | None:
    from govtext.lexicon import read_stopwords

    return read_stopwords(path) if path else None


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
