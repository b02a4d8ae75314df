"""The command that draws figures for a paper (论文用图命令)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govtext.cli.inputs import corpus_of, finish, jobs_of, lexicon_of, stopwords_of
from govtext.cli.options import (
    MANY,
    ConvertOption,
    EngineName,
    EngineOption,
    JobsOption,
    Language,
    LexiconOption,
    MinCountOption,
    NamesOption,
    Paths,
    Size,
    StopOption,
    UnitName,
    UnitOption,
    app,
)
from govtext.errors import OptionError, OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from govtext.report.figures import Drawn


@app.command(rich_help_panel=MANY)
def figures(
    paths: Paths = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write. 输出文件夹")] = Path(
        "govtext-figures"
    ),
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            help="Of network,keywords,intervals,sections,attention,indicators,keyness,changes,ranks. 只画这些",
            show_default=False,
        ),
    ] = None,
    format: Annotated[
        list[str] | None,
        typer.Option("--format", help="Of svg,pdf,png,tif; default pdf,png. 文件格式", show_default=False),
    ] = None,
    size: Annotated[Size, typer.Option("--size", help="One column (85 mm) or two (174 mm). 单栏或双栏")] = Size.two,
    lang: Annotated[Language, typer.Option("--lang", help="Language of axes and captions. 语言")] = Language.zh,
    dpi: Annotated[int, typer.Option("--dpi", min=50, max=1200, help="Dots an inch of png and tif. 分辨率")] = 300,
    reference: Annotated[
        list[Path] | None,
        typer.Option("--reference", "-r", help="What to compare with; none: the year before. 参照", show_default=False),
    ] = None,
    indicator: Annotated[
        str, typer.Option("--indicator", help="The indicator by place; none: the commonest. 指标名", show_default=False)
    ] = "",
    unit: UnitOption = UnitName.sentence,
    min_count: MinCountOption = 2,
    names: NamesOption = None,
    convert: ConvertOption = None,
    lexicon: LexiconOption = None,
    stopwords: StopOption = None,
    engine: EngineOption = EngineName.rjieba,
    jobs: JobsOption = 1,
) -> None:
    """Draw figures for a paper, with their captions in captions.md. 论文用图。"""
    from govtext import report
    from govtext.report import figures as drawing
    from govtext.tokens import Segmenter

    asked, suffixes = _parts(only) or list(drawing.FIGURES), _suffixes(_parts(format) or ["pdf", "png"])
    drawing.check(asked)
    corpus = corpus_of(paths, names, convert, jobs)
    words, stop = lexicon_of(lexicon), stopwords_of(stopwords)
    others = corpus_of(reference, names, convert, jobs) if reference else ()
    options = report.Options(
        unit=unit.value,
        min_count=min_count,
        engine=engine.value,
        stopwords=None if stop is None else tuple(sorted(stop)),
    )
    analysis = report.analyse(corpus, words, options, jobs_of(jobs), None)
    cut = tuple(map(Segmenter(words, engine=engine.value), others))
    drawn = drawing.draw(analysis, asked, drawing.Sheet(size.value, lang.value, cut, indicator))
    if not drawn:
        raise OptionError("none of the figures can be drawn", remedy=drawing.NEEDS[asked[0]])
    files = _write(drawn, output, suffixes, dpi)
    typer.echo(f"Wrote {files} files to {output}: {', '.join(drawn)}, captions.md")
    for name in _parts(only):
        if name not in drawn:
            typer.echo(f"govtext: note: no figure {name}: {drawing.NEEDS[name]}", err=True)
    finish(corpus)


def _parts(given: Sequence[str] | None) -> list[str]:
    """Return the values of an option that may be repeated, or hold several with commas between."""
    return [part.strip() for one in given or () for part in one.split(",") if part.strip()]


def _suffixes(formats: Sequence[str]) -> list[str]:
    from govtext import plots

    wrong = next((one for one in formats if f".{one}" not in plots.FORMATS), None)
    if wrong is not None:
        known = ", ".join(suffix[1:] for suffix in plots.FORMATS)
        raise OptionError(f"no figure format {wrong!r}", where="--format", remedy=f"choose from {known}")
    return [f".{one}" for one in formats]


def _write(drawn: Mapping[str, Drawn], folder: Path, suffixes: Sequence[str], dpi: int) -> int:
    """Write the figures and their captions; return how many files there are."""
    from govtext import plots
    from govtext.report import figures as drawing

    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "captions.md").write_text(drawing.captions(drawn), encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"the figures cannot be written ({error.strerror})", where=folder) from error
    for name, one in drawn.items():
        for suffix in suffixes:
            plots.save(one.figure, folder / f"{name}{suffix}", dpi=dpi)
    return len(drawn) * len(suffixes) + 1
