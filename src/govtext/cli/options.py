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


class Size(StrEnum):
    """How wide a figure is: 85 mm or 174 mm."""

    one = "one"
    two = "two"


class Language(StrEnum):
    """The language of what is not a term."""

    zh = "zh"
    en = "en"


app = typer.Typer(
    name="govtext",
    help="Mine Chinese government documents. 中国政府文件文本挖掘。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

# The panels of --help.
REPORT, ONE, MANY = "Report 报告", "One document 单篇", "Many documents 多篇"
File = Annotated[
    Path,
    typer.Argument(
        help="A file, such as .txt, .docx, .html, .pdf. 一个文件，如 .txt、.docx、.html、.pdf", show_default=False
    ),
]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Files, folders, patterns, corpus.csv; none: the reference corpus. "
        "文件、文件夹、通配符或 corpus.csv；不写则用参考语料",
        show_default=False,
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the table. 表格的输出格式")]
SheetOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", help="Write the table to a file: .xlsx or .csv. 写成文件：.xlsx 或 .csv", show_default=False
    ),
]
LexiconOption = Annotated[
    Path | None,
    typer.Option(
        "--lexicon", help="A TSV of policy terms instead of the default one. 自备的术语词典（TSV），代替默认词典"
    ),
]
StopOption = Annotated[
    Path | None,
    typer.Option(
        "--stopwords", help="Your own stop list, one word a line, instead of ours. 自备的停用词表，每行一词，代替默认的"
    ),
]
EngineOption = Annotated[EngineName, typer.Option("--engine", help="Segmentation engine. 分词引擎，结果相同")]
TaxonomyOption = Annotated[
    Path | None,
    typer.Option(
        "--taxonomy", help="A TSV of themes instead of those of the genre. 自备的主题体系（TSV），代替按文种选定的"
    ),
]
JobsOption = Annotated[int, typer.Option("--jobs", help="Worker processes; -1: one a core. 并行进程数，-1 为每核一个")]
TopOption = Annotated[
    int, typer.Option("--top", "-n", min=0, help="Keywords per document or section. 每篇、每节的关键词个数")
]
UnitOption = Annotated[
    UnitName, typer.Option("--unit", help="Unit of co-occurrence. 共现单元：同句、同段、同节、同篇或窗口内")
]
NamesOption = Annotated[
    str | None,
    typer.Option(
        "--names",
        help="Metadata from file names, such as {year}_{place}.txt. 从文件名取元数据，例如 {year}_{place}.txt",
    ),
]
ConvertOption = Annotated[
    str | None,
    typer.Option("--convert", help="Convert characters with OpenCC, such as t2s. 用 OpenCC 转换繁简，例如 t2s"),
]
StudyOption = Annotated[
    Path | None,
    typer.Option(
        "--study", help="A study.toml; options given here go before it. 研究文件 study.toml；命令行上的选项优先"
    ),
]
RootOption = Annotated[
    Path | None, typer.Option("--corpus", help="The folder of the inputs that a study names. 研究文件所列输入的位置")
]
OutputOption = Annotated[Path, typer.Option("--output", "-o", help="The folder to write. 写入结果的文件夹")]
AnalysesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--analyses",
        help="Of lint,keywords,network,sections,indicators,citations,comparison. "
        "只做其中几项，逗号分隔：lint,keywords,network,sections,indicators,citations,comparison",
    ),
]
FiguresOption = Annotated[bool, typer.Option("--figures/--no-figures", help="Whether pictures are drawn. 是否画图")]
FreshOption = Annotated[bool, typer.Option("--fresh", help="Compute everything again. 不用缓存，全部重算")]
CacheOption = Annotated[
    Path | None,
    typer.Option(
        "--cache", help="The folder of the cache; see govtext cache info. 缓存所在的文件夹（govtext cache info 可查）"
    ),
]
CacheLimitOption = Annotated[
    int, typer.Option("--cache-limit", min=0, help="What it may hold, in MB; 0: no cache. 缓存上限（MB），0 为不用缓存")
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
MinCountOption = Annotated[int, typer.Option("--min-count", min=1, help="Least edge count. 一条边至少共现的次数")]
BothCountOption = Annotated[
    int, typer.Option("--min-count", min=1, help="Least count in both together. 两边合计至少出现的次数")
]


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave. 显示版本")] = False,
) -> None:
    if version:
        typer.echo(gt.__version__)
        raise typer.Exit
