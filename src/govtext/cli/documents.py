"""Commands on one document: its outline, faults, tokens, figures, classes (单篇命令)."""

from __future__ import annotations

from typing import Annotated

import typer

import govtext as gt
from govtext.cli.inputs import (
    segmenter_of,
    taxonomy_of,
)
from govtext.cli.options import (
    ONE,
    EngineName,
    EngineOption,
    File,
    Format,
    FormatOption,
    LexiconOption,
    SheetOption,
    TaxonomyOption,
    app,
)
from govtext.cli.output import print_rows
from govtext.errors import printable

# What of a paragraph a narrow terminal shows before all else.
READ_FIRST = frozenset(("start", "end", "theme", "role", "text_head"))


@app.command(rich_help_panel=ONE)
def outline(file: File, format: FormatOption = Format.table, output: SheetOption = None) -> None:
    """Print the heading tree of a file, indented; as a table with --format.

    章节树（大纲），逐级缩进；加 --format 则为表格。
    """
    from govtext import tables

    document = gt.read(file)
    if format is Format.table and output is None:
        for section in document.sections:
            typer.echo("  " * section.depth + printable(section.line))
        return
    print_rows(tables.outline(document), tables.OUTLINE, format, output)


@app.command(rich_help_panel=ONE)
def info(file: File, format: FormatOption = Format.table, output: SheetOption = None) -> None:
    """Print what is known about a file: title, date, encoding, how it was read, page furniture.

    文件概况：标题、日期、编码、怎样读入、页眉页脚。
    """
    from govtext import tables

    print_rows(tables.info(gt.read(file)), tables.INFO, format, output)


@app.command(rich_help_panel=ONE)
def lint(file: File, format: FormatOption = Format.table, output: SheetOption = None) -> None:
    """Print the faults of a file: its numbering, arithmetic, characters, copies. 检查编号、数值、可疑字符与重复。"""
    from govtext import document, indicators, tables

    text = gt.read(file)
    found = sorted([*document.lint(text), *indicators.faults(text)], key=lambda one: (one.span.start, one.code))
    print_rows(tables.findings(found), tables.LINT, format, output)


@app.command(rich_help_panel=ONE)
def segment(
    file: File,
    format: FormatOption = Format.table,
    output: SheetOption = None,
    lexicon: LexiconOption = None,
    engine: EngineOption = EngineName.rjieba,
) -> None:
    """Print the tokens of a file. 分词结果。"""
    from govtext import tables

    tokens = segmenter_of(lexicon, engine)(gt.read(file))
    print_rows(tables.segments(tokens), tables.SEGMENT, format, output)


@app.command(rich_help_panel=ONE)
def classify(
    file: File,
    min_probability: Annotated[
        float, typer.Option("--min-probability", min=0, max=1, help="Abstain below it. 低于此概率的段落不作判断")
    ] = 0.0,
    taxonomy: TaxonomyOption = None,
    format: FormatOption = Format.table,
    output: SheetOption = None,
    lexicon: LexiconOption = None,
    engine: EngineOption = EngineName.rjieba,
) -> None:
    """Print theme and role of each paragraph. 各段的主题与角色（总结、计划等）。"""
    from govtext import classify as classes
    from govtext import tables

    document = gt.read(file)
    segmenter = segmenter_of(lexicon, engine)
    themes = classes.themes(document, taxonomy=taxonomy_of(taxonomy), segment=segmenter)
    roles = classes.roles(document, segment=segmenter)
    read = format is Format.table and output is None
    columns = sorted(tables.SECTIONS, key=READ_FIRST.__contains__, reverse=True) if read else tables.SECTIONS
    print_rows(tables.labels(document, themes, roles, least=min_probability), columns, format, output)


@app.command(rich_help_panel=ONE)
def indicators(
    file: File,
    checks: Annotated[
        bool, typer.Option("--checks", help="The checks of their arithmetic instead. 改列对数值的核对")
    ] = False,
    format: FormatOption = Format.table,
    output: SheetOption = None,
) -> None:
    """Print every figure of a file with its unit, kind and name. 每个数字的数值、单位、类别、名称。"""
    from govtext import indicators as figures
    from govtext import tables

    document = gt.read(file)
    if checks:
        print_rows(tables.rows(figures.check(document)), tables.CHECKS, format, output)
        return
    print_rows(tables.rows(figures.extract(document)), tables.INDICATORS, format, output)


@app.command(rich_help_panel=ONE)
def citations(file: File, format: FormatOption = Format.table, output: SheetOption = None) -> None:
    """Print the titles, document numbers and quoted phrases of a file. 书名号、文号与引号短语。"""
    from govtext import citations as cited
    from govtext import tables

    print_rows(tables.citation_rows(cited.extract(gt.read(file))), tables.CITATIONS, format, output)
