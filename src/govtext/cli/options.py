"""The application and the options that several commands share (选项)."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import govtext as gt


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"
    latex = "latex"
    markdown = "markdown"


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

# The panels of --help.
REPORT, ONE, MANY = "Report 报告", "One document 单篇", "Many documents 多篇"
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
TaxonomyOption = Annotated[
    Path | None, typer.Option("--taxonomy", help="A TSV of themes instead of those of the genre. 自备主题体系")
]
JobsOption = Annotated[int, typer.Option("--jobs", help="Worker processes; -1: one a core. 并行进程数")]
TopOption = Annotated[int, typer.Option("--top", "-n", min=0, help="Keywords per document or section. 关键词个数")]
UnitOption = Annotated[UnitName, typer.Option("--unit", help="Unit of co-occurrence. 共现单元")]
NamesOption = Annotated[
    str | None, typer.Option("--names", help="Metadata from file names, such as {year}_{place}.txt. 文件名模式")
]
ConvertOption = Annotated[
    str | None, typer.Option("--convert", help="Convert characters with OpenCC, such as t2s. 繁简转换")
]
StudyOption = Annotated[
    Path | None, typer.Option("--study", help="A study.toml; options given here go before it. 研究文件")
]
RootOption = Annotated[
    Path | None, typer.Option("--corpus", help="The folder of the inputs that a study names. 研究文件所列输入的位置")
]
OutputOption = Annotated[Path, typer.Option("--output", "-o", help="The folder to write. 输出文件夹")]
AnalysesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--analyses", help="Of lint,keywords,network,sections,indicators,citations,comparison. 要做的分析，逗号分隔"
    ),
]
FiguresOption = Annotated[bool, typer.Option("--figures/--no-figures", help="Whether pictures are drawn. 是否画图")]
FreshOption = Annotated[bool, typer.Option("--fresh", help="Compute everything again. 不用缓存，全部重算")]
CacheOption = Annotated[
    Path | None, typer.Option("--cache", help="The folder of the cache; see govtext cache info. 缓存文件夹")
]
CacheLimitOption = Annotated[
    int, typer.Option("--cache-limit", min=0, help="What it may hold, in MB; 0: no cache. 缓存上限，0 为不用缓存")
]
StreamOption = Annotated[
    bool, typer.Option("--stream", help="Count in shards what is larger than memory; no page a document. 分片计数")
]
SchedulerOption = Annotated[
    str | None, typer.Option("--scheduler", help="A Dask scheduler, tcp://HOST:PORT; implies --stream. Dask 调度器")
]
WorkOption = Annotated[
    str | None, typer.Option("--work", help="Keep partial counts there: a folder or fsspec address. 部分计数存放处")
]
MinCountOption = Annotated[int, typer.Option("--min-count", min=1, help="Least edge count. 最小共现次数")]


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave. 版本")] = False,
) -> None:
    if version:
        typer.echo(gt.__version__)
        raise typer.Exit
