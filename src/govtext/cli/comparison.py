"""The command that compares years and places (比较命令)."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govtext.cli.inputs import corpus_of, finish, jobs_of, segmenter_of, stopwords_of
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
    NamesOption,
    SheetOption,
    StopOption,
    app,
)
from govtext.cli.output import print_rows
from govtext.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govtext.compare.found import Part
    from govtext.corpus import Corpus


class What(StrEnum):
    """What two sets of documents are compared by."""

    terms = "terms"
    indicators = "indicators"
    promises = "promises"
    reuse = "reuse"
    attention = "attention"


# What of a comparison fits on a terminal; CSV and JSON have all.
SHOWN = 33  # characters of a cell
BRIEF = {
    What.indicators: ("name", "text", "other_text", "growth", "claimed", "claim"),
    What.promises: ("verdict", "promised", "reported", "score"),
    What.reuse: ("document", "source", "relation", "same", "places", "text"),
    What.attention: ("group", "topic", "boilerplate", "share", "low", "high", "sentences", "about"),
}


def _parts(what: What, *, themes: bool, localised: bool) -> Sequence[Part]:
    """Return what of each document a comparison asks for."""
    if what in (What.indicators, What.promises):
        return ("indicators", "roles")
    if what is What.reuse:
        return ("tokens",) if localised else ()
    return ("themes",) if what is What.attention and themes else ("tokens",)


@app.command(rich_help_panel=MANY)
def compare(
    a: Annotated[
        Path,
        typer.Argument(
            help="A file, folder, pattern or corpus.csv. 文件、文件夹、通配符或 corpus.csv", show_default=False
        ),
    ],
    b: Annotated[
        Path | None,
        typer.Argument(
            help="The other; none: within A. 与之比较的另一方；reuse、attention 可不写，只看 A 内部", show_default=False
        ),
    ] = None,
    what: Annotated[
        What, typer.Option("--what", help="What to compare. 比较什么：术语、指标、承诺、共有段落、关注度")
    ] = What.terms,
    by_place: Annotated[
        bool, typer.Option("--by-place", help="Attention by place, not year. 关注度按地区，不按年度")
    ] = False,
    themes: Annotated[bool, typer.Option("--themes", help="Attention to themes. 关注度按主题，不按术语类别")] = False,
    policy: Annotated[bool, typer.Option("--policy", help="Policy terms alone. 只比政策术语")] = False,
    localised: Annotated[
        bool, typer.Option("--localised", help="Reuse: names made neutral. 共有段落：不计地名、机构名之别")
    ] = False,
    min_count: BothCountOption = 3,
    least: Annotated[
        int, typer.Option("--least", min=5, help="Characters of the shortest passage. 共有段落至少的字数")
    ] = 25,
    names: NamesOption = None,
    convert: ConvertOption = None,
    format: FormatOption = Format.table,
    output: SheetOption = None,
    lexicon: LexiconOption = None,
    stopwords: StopOption = None,
    engine: EngineOption = EngineName.rjieba,
    jobs: JobsOption = 1,
) -> None:
    """Compare A with B, the reference of terms, or the next year of promises.

    比较 A 与 B：术语以 B 为参照，承诺以 B 为次年。
    """
    from govtext import compare as comparison
    from govtext import tables

    corpora = _apart([corpus_of([path], names, convert, jobs) for path in (a, b) if path is not None])
    first, second = corpora[0], corpora[-1]
    one, other = (c.documents[0] if len(c) == 1 else c for c in (first, second))
    documents = list({d.id: d for corpus in corpora for d in corpus}.values())
    parts = _parts(what, themes=themes, localised=localised)
    cut = comparison.Found.of(documents, segmenter_of(lexicon, engine), parts=parts, jobs=jobs_of(jobs))
    stop = stopwords_of(stopwords)
    columns: Sequence[str]
    if b is None and what is What.terms:
        raise OptionError(
            "there is nothing to compare with", remedy="name a second file or folder, or add --what attention"
        )
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
            shared = comparison.reuse_corpus(first, least=least, localised=localised, segment=cut.tokens)
        else:
            shared = comparison.reuse_pairs(first, second, least=least, localised=localised, segment=cut.tokens)
        rows, columns = tables.reuse_rows(shared, documents), tables.REUSE
    else:
        shares = comparison.attention(
            documents, by="place" if by_place else "year", topics="themes" if themes else "categories", segment=cut
        )
        rows, columns = tables.rows(shares), tables.ATTENTION
    if format is Format.table and output is None:
        columns = BRIEF.get(what, columns)
        rows = [{name: cell[:SHOWN] if isinstance(cell, str) else cell for name, cell in row.items()} for row in rows]
    print_rows(rows, columns, format, output)
    for corpus in corpora:
        finish(corpus)


def _apart(corpora: list[Corpus]) -> list[Corpus]:
    """Give the documents of two corpora ids of their own where both have one of the same id."""
    ids = [{document.id for document in corpus} for corpus in corpora]
    if len(corpora) < 2 or not ids[0] & ids[1]:
        return corpora
    return [
        replace(corpus, documents=tuple(replace(d, id=f"{side}/{d.id}") for d in corpus))
        for side, corpus in zip("AB", corpora, strict=True)
    ]
