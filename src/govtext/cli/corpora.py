"""Commands on many documents: keywords, keyness, network, terms (多篇命令)."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import govtext as gt
from govtext.cli.inputs import (
    corpus_of,
    finish,
    jobs_of,
    lexicon_of,
    segmenter_of,
    stopwords_of,
    taxonomy_of,
)
from govtext.cli.language import say
from govtext.cli.options import (
    MANY,
    BothCountOption,
    ConvertOption,
    EngineName,
    EngineOption,
    Format,
    FormatOption,
    JobsOption,
    LexiconOption,
    MinCountOption,
    NamesOption,
    Paths,
    SheetOption,
    StopOption,
    TaxonomyOption,
    TopOption,
    UnitName,
    UnitOption,
    app,
)
from govtext.cli.output import print_rows
from govtext.errors import OptionError, printable

if TYPE_CHECKING:
    from govtext.lexicon import Lexicon


@app.command(rich_help_panel=MANY)
def keywords(
    paths: Paths = None,
    top: TopOption = 20,
    sections: Annotated[bool, typer.Option("--sections", help="Of each section, too. 另列各章节的关键词")] = False,
    phrases: Annotated[
        bool, typer.Option("--phrases/--no-phrases", help="Runs of words are candidates, too. 短语是否也作候选")
    ] = True,
    names: NamesOption = None,
    convert: ConvertOption = None,
    format: FormatOption = Format.table,
    output: SheetOption = None,
    lexicon: LexiconOption = None,
    stopwords: StopOption = None,
    engine: EngineOption = EngineName.rjieba,
    jobs: JobsOption = 1,
) -> None:
    """Print the TF-IDF keywords of documents. TF-IDF 关键词。"""
    from govtext import keywords as kw
    from govtext import tables
    from govtext.corpus import segment_all

    corpus = corpus_of(paths, names, convert, jobs)
    tokens = segment_all(corpus, segmenter_of(lexicon, engine), jobs=jobs_of(jobs))
    stop = stopwords_of(stopwords)
    found = kw.tfidf(tokens, n=top, phrases=phrases, stop=stop)
    if sections:
        found += kw.tfidf(tokens, n=top, unit="section", phrases=phrases, stop=stop)
    print_rows(tables.keyword_rows(found), tables.KEYWORDS, format, output)
    finish(corpus)


@app.command(rich_help_panel=MANY)
def keyness(
    paths: Paths = None,
    reference: Annotated[
        list[Path] | None,
        typer.Option("--reference", "-r", help="What to compare with; repeat for more. 参照的文件或文件夹，可写多次"),
    ] = None,
    top: Annotated[int | None, typer.Option("--top", "-n", min=0, help="How many terms. 列出多少个词")] = None,
    min_count: BothCountOption = 3,
    names: NamesOption = None,
    convert: ConvertOption = None,
    format: FormatOption = Format.table,
    output: SheetOption = None,
    lexicon: LexiconOption = None,
    stopwords: StopOption = None,
    engine: EngineOption = EngineName.rjieba,
    jobs: JobsOption = 1,
) -> None:
    """Print the terms that are more, and less, frequent than in a reference, with G², p and q.

    比参照多用、少用的词（关键性），附 G²、p 与 q。
    """
    from govtext import keywords as kw
    from govtext import tables
    from govtext.corpus import segment_all

    if not reference:
        raise OptionError("there is nothing to compare with", remedy="name it with --reference")
    segmenter = segmenter_of(lexicon, engine)
    corpora = [corpus_of(which, names, convert, jobs) for which in (paths, reference)]
    target, other = (segment_all(corpus, segmenter, jobs=jobs_of(jobs)) for corpus in corpora)
    found = kw.keyness(target, other, n=top, min_count=min_count, stop=stopwords_of(stopwords))
    print_rows(tables.rows(found), tables.KEYNESS, format, output)
    for corpus in corpora:
        finish(corpus)


@app.command(rich_help_panel=MANY)
def network(
    paths: Paths = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="A file instead: .gexf, .graphml, .net, .csv, .txt. "
            "写成文件：.gexf（Gephi）、.graphml、.net（Pajek）、.txt（VOSviewer）、.csv",
            show_default=False,
        ),
    ] = None,
    unit: UnitOption = UnitName.sentence,
    min_count: MinCountOption = 2,
    window: Annotated[
        int | None, typer.Option("--window", min=2, help="Words of a window in a unit. 窗口的词数，不越出共现单元")
    ] = None,
    category: Annotated[
        str | None, typer.Option("--category", help="Only terms of this category. 只取这一类别的术语")
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            help="A further column: jaccard, npmi, log_likelihood and others. "
            "另列的关联度量：jaccard、npmi、log_likelihood 等",
            show_default=False,
        ),
    ] = None,
    names: NamesOption = None,
    convert: ConvertOption = None,
    format: FormatOption = Format.table,
    lexicon: LexiconOption = None,
    engine: EngineOption = EngineName.rjieba,
    jobs: JobsOption = 1,
) -> None:
    """Print the co-occurrence network of policy terms as an edge list. 政策术语共现网络的边。"""
    from govtext import network as net
    from govtext import tables
    from govtext.corpus import segment_all

    corpus = corpus_of(paths, names, convert, jobs)
    tokens = segment_all(corpus, segmenter_of(lexicon, engine), jobs=jobs_of(jobs))
    asked = measure or []
    graph = net.cooccurrence(
        tokens, unit=unit.value, terms=category, min_count=min_count, window=window, measures=asked
    )
    further = ["p", "q"] if "log_likelihood" in asked else []
    columns = [*tables.NETWORK, *(name for name in net.MEASURES if name in asked), *further]
    if output is None:
        print_rows(tables.edges(graph), columns, format)
    else:
        files = net.write(graph, output, groups=net.communities(graph, weight="weight"))
        say(f"Wrote {len(graph)} terms and {graph.number_of_edges()} edges to {', '.join(map(str, files))}")
    finish(corpus)


@app.command(rich_help_panel=MANY)
def terms(
    paths: Paths = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="A sheet to tick (.csv, .xlsx); with --ticked a .tsv. "
            "写出待勾选的表（.csv、.xlsx）；与 --ticked 同用时写出词典 .tsv",
        ),
    ] = None,
    ticked: Annotated[
        Path | None,
        typer.Option("--ticked", help="A sheet with ticks: write the lexicon it makes. 读回打了勾的表，写出词典"),
    ] = None,
    top: Annotated[int, typer.Option("--top", "-n", min=0, help="How many candidates. 列出多少个候选")] = 200,
    min_count: Annotated[
        int | None,
        typer.Option("--min-count", min=1, help="Least count of a recurrent string. 重复出现的字串至少的次数"),
    ] = None,
    new: Annotated[bool, typer.Option("--new", help="Only what the lexicon lacks. 只列词典没有的")] = False,
    only: Annotated[
        bool,
        typer.Option(
            "--only",
            help="With --ticked: the ticked terms alone, without the lexicon. 与 --ticked 同用：只写勾选的，不含原词典",
        ),
    ] = False,
    format: FormatOption = Format.table,
    lexicon: LexiconOption = None,
    engine: EngineOption = EngineName.rjieba,
    jobs: JobsOption = 1,
    names: NamesOption = None,
    convert: ConvertOption = None,
) -> None:
    """Print candidate terms, or write them as a sheet to tick; --ticked reads it back into a lexicon.

    候选术语；可写成待勾选的表，--ticked 读回成词典。
    """
    from govtext import discovery, tables
    from govtext.corpus import segment_all

    if ticked is not None:
        _write_lexicon(ticked, output, None if only else lexicon_of(lexicon))
        return
    segmenter = segmenter_of(lexicon, engine)
    corpus = corpus_of(paths, names, convert, jobs)
    cut = segment_all(corpus, segmenter, jobs=jobs_of(jobs))
    found = discovery.candidates(cut, n=top, min_count=min_count, known=False if new else None)
    if output is None:
        print_rows(tables.rows(found), tables.TERMS, format)
    else:
        tables.write_sheet(discovery.sheet(found, segmenter.lexicon), discovery.COLUMNS, output)
        then = f"govtext terms --ticked {output} -o my-terms.tsv"
        say(f"Wrote {len(found)} candidates - write x into the column add, then: {then}")
    finish(corpus)


def _write_lexicon(sheet: Path, output: Path | None, base: Lexicon | None) -> None:
    """Write the lexicon that the ticks of a sheet and a base lexicon make; say where they contradict each other."""
    from govtext import discovery, tables
    from govtext import lexicon as lexicons

    found = discovery.ticked(tables.read_sheet(sheet), where=str(sheet))
    for conflict in lexicons.conflicts(found, base or found):
        say(f"govtext: {printable(str(conflict))}; the sheet is followed", err=True)
    whole = found if base is None else found | base
    if output is None:
        sys.stdout.buffer.write(lexicons.to_tsv(whole).encode())
        return
    lexicons.write(whole, output)
    say(f"Wrote {len(whole)} terms, {len(found)} of them ticked, to {output} - use --lexicon {output}")


@app.command(rich_help_panel=MANY)
def audit(
    paths: Paths = None,
    top: Annotated[int, typer.Option("--top", "-n", min=0, help="Missing terms to name. 列出多少个所缺的术语")] = 100,
    format: FormatOption = Format.table,
    output: SheetOption = None,
    lexicon: LexiconOption = None,
    names: NamesOption = None,
    convert: ConvertOption = None,
    jobs: JobsOption = 1,
) -> None:
    """Print what a lexicon has for nothing and what it lacks, judged by documents. 词典审计：用不上的与所缺的术语。"""
    from govtext import discovery, tables
    from govtext.corpus import segment_all

    corpus, words = corpus_of(paths, names, convert, jobs), lexicon_of(lexicon)
    tokens = segment_all(corpus, gt.Segmenter(words), jobs=jobs_of(jobs))
    print_rows(tables.rows(discovery.audit(words, tokens, n=top)), tables.AUDIT, format, output)
    finish(corpus)


@app.command(rich_help_panel=MANY)
def annotate(
    paths: Paths = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The sheet to write: .xlsx or .csv. 写出的标注表：.xlsx 或 .csv")
    ] = Path("annotation.xlsx"),
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Write the likeliest theme beside. 另附一列建议的主题")
    ] = False,
    taxonomy: TaxonomyOption = None,
    names: NamesOption = None,
    convert: ConvertOption = None,
    jobs: JobsOption = 1,
) -> None:
    """Write a sheet with one row a paragraph for people to label. 写出供人工标注的表，每段一行。"""
    from govtext import classify as classes
    from govtext import tables
    from govtext.corpus import of_each

    corpus, wanted = corpus_of(paths, names, convert, jobs), taxonomy_of(taxonomy)
    find, number = partial(classes.themes, taxonomy=wanted), jobs_of(jobs)
    themes = of_each(corpus, find, jobs=number) if suggest else [()] * len(corpus)
    rows = [
        row
        for document, found in zip(corpus, themes, strict=True)
        for row in classes.annotation_rows(document, suggested=found)
    ]
    tables.write_sheet(rows, classes.ANNOTATION_COLUMNS, output)
    say(f"Wrote {len(rows)} paragraphs to {output} - fill in the column label, a copy for each coder")
    finish(corpus)


@app.command(rich_help_panel=MANY)
def agreement(
    sheets: Annotated[list[Path], typer.Argument(help="Sheets of two or more coders. 两位以上编码者填好的标注表")],
    corpus: Annotated[
        list[Path] | None,
        typer.Option("--corpus", help="The documents of the sheets. 标注表所据的文件", show_default=False),
    ] = None,
    names: NamesOption = None,
    convert: ConvertOption = None,
    format: FormatOption = Format.table,
    output: SheetOption = None,
) -> None:
    """Print Cohen's kappa of each pair of coders and Krippendorff's alpha of all. 编码者一致性：两两 κ 与总体 α。"""
    from govtext import classify as classes
    from govtext import tables

    documents = corpus_of(corpus, names, convert)
    read = [classes.read_annotations(tables.read_sheet(sheet), documents) for sheet in sheets]
    stems = [sheet.stem for sheet in sheets]
    labels = stems if len(set(stems)) == len(stems) else [str(sheet) for sheet in sheets]
    print_rows(classes.agreement_rows(read, names=labels), tables.AGREEMENT, format, output)
