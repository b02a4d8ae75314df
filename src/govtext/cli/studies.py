"""Study files and the cache: check a study, print its schema, look at the cache, clear it (研究与缓存命令)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from govtext.cli.language import say
from govtext.cli.options import REPORT, CacheOption, app

cache = typer.Typer(
    help="What was found in documents, kept for the next run. 各篇的中间结果，留待下次使用（缓存）。",
    no_args_is_help=True,
)
app.add_typer(cache, name="cache", rich_help_panel=REPORT)


@app.command(rich_help_panel=REPORT)
def study(
    file: Annotated[Path | None, typer.Argument(help="A study.toml. 研究文件 study.toml", show_default=False)] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema for editors. 输出供编辑器使用的 JSON 模式")
    ] = False,
) -> None:
    """Check a study file and print every option it sets, or by default has. 检查研究文件，列出各项选项的值。"""
    from govtext import study as studies

    if schema:
        sys.stdout.buffer.write((json.dumps(studies.schema(), ensure_ascii=False, indent=1) + "\n").encode())
        return
    found = studies.Study.read(file) if file else studies.reference()
    for name, value in found.model_dump(exclude={"inputs"}).items():
        typer.echo(f"{name} = {json.dumps(value, ensure_ascii=False)}")
    say(f"inputs: {len(found.inputs)}")


@cache.command()
def info(cache: CacheOption = None) -> None:
    """Print where the cache is and how much it holds. 缓存在哪里、有多大。"""
    from govtext.study import Cache, place

    found = Cache(cache or place())
    files, size = found.size()
    say(f"{found.folder}: {files} files, {size / (1 << 20):.1f} MB")


@cache.command()
def clear(cache: CacheOption = None) -> None:
    """Delete the files of the cache, and nothing else. 删除缓存中的文件，不动其他。"""
    from govtext.study import Cache, place

    found = Cache(cache or place())
    say(f"{found.folder}: {found.clear()} files deleted")
