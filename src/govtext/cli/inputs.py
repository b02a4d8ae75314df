"""What commands take in: documents, lexicon, stop words (输入)."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

import govtext as gt
from govtext.cli.options import EngineName
from govtext.errors import GovtextError, OptionError, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govtext.classify import Taxonomy
    from govtext.corpus import Corpus
    from govtext.lexicon import Lexicon
    from govtext.tokens import Segmenter


def corpus_of(paths: Sequence[Path] | None, names: str | None, convert: str | None) -> Corpus:
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
        complain(failure)
    for _, group in groupby(sorted(corpus.notes, key=lambda note: note.code), key=lambda note: note.code):
        first, *others = group
        more = f" ({first.code}; so are {len(others)} others)" if others else f" ({first.code})"
        typer.echo(f"govtext: note: {printable(f'{first.file}: {first.message_en}')}{more}", err=True)
    if not len(corpus):
        raise typer.Exit(1)
    return corpus


def finish(corpus: Corpus) -> None:
    """End with exit code 1 where some input could not be read."""
    if corpus.failures:
        raise typer.Exit(1)


def run_of(paths: Sequence[Path] | None, lexicon: Path | None) -> dict[str, object]:
    """Return what the manifest says of this run alone: where its inputs lay."""
    return {"paths": [written(path) for path in paths or ()], "lexicon": written(lexicon) if lexicon else None}


def written(path: Path) -> str:
    """Return an absolute path as the manifest has it: as UTF-8, in whatever locale it is written and read."""
    return os.fsencode(path.resolve()).decode("utf-8", "surrogateescape")


def recorded_path(value: object) -> Path | None:
    """Return the path that a manifest has; None where it is none."""
    try:
        data = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else b""
    except UnicodeEncodeError:
        return None
    return Path(os.fsdecode(data)) if data and b"\0" not in data else None


def lexicon_of(path: Path | None) -> Lexicon:
    """Return the lexicon of a file, or the default one."""
    return gt.Lexicon.read(path) if path else gt.Lexicon.default()


def stopwords_of(path: Path | None) -> frozenset[str] | None:
    """Return the stop words of a file, None where there is none."""
    from govtext.lexicon import read_stopwords

    return read_stopwords(path) if path else None


def segmenter_of(lexicon: Path | None, engine: EngineName) -> Segmenter:
    """Return the segmenter that the options ask for."""
    return gt.Segmenter(lexicon_of(lexicon), engine=engine.value)


def taxonomy_of(path: Path | None) -> Taxonomy | None:
    """Return the taxonomy of a file, None where there is none."""
    from govtext.classify import Taxonomy

    return None if path is None else Taxonomy.read(path)


def jobs_of(jobs: int) -> int:
    """Return the number of worker processes, if it is one."""
    if jobs == 0 or jobs < -1:
        raise OptionError(f"--jobs is {jobs}", remedy="give a number of processes, or -1 for one a core")
    return jobs


def complain(error: GovtextError) -> None:
    """Say on stderr what is wrong, in one line."""
    typer.echo(f"govtext: {printable(str(error))}", err=True)
