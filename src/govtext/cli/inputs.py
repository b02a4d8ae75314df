"""What commands take in: documents, lexicon, stop words (输入)."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

import govtext as gt
from govtext.cli.language import error_lines, is_chinese, local, say
from govtext.cli.options import EngineName
from govtext.errors import GovtextError, OptionError, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from govtext.classify import Taxonomy
    from govtext.corpus import Corpus
    from govtext.lexicon import Lexicon
    from govtext.readers import Note
    from govtext.study import Cache, Study
    from govtext.tokens import Segmenter


def corpus_of(paths: Sequence[Path] | None, names: str | None, convert: str | None, jobs: int = 1) -> Corpus:
    """Read the inputs; say on stderr what could not be read, and what should be known of the rest."""
    if not paths:
        return gt.reference_corpus()
    with _reading() as progress:
        corpus = gt.read_corpus(*paths, names=names, convert=convert, jobs=jobs_of(jobs), progress=progress)
    return told(corpus)


def study_corpus(study: Study, cache: Cache | None) -> Corpus:
    """Read the inputs of a study; say on stderr what could not be read, and what should be known of the rest."""
    from govtext import study as studies

    with _reading() as progress:
        corpus = studies.corpus_of(study, cache=cache, progress=progress)
    return told(corpus)


@contextmanager
def _reading() -> Iterator[Callable[[int, int], None]]:
    """Draw a progress bar while files are read."""
    from tqdm import tqdm

    with tqdm(unit="file", desc=local("reading"), file=sys.stderr, disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


def told(corpus: Corpus) -> Corpus:
    """Say on stderr what could not be read, and what should be known of the rest; end where nothing could."""
    for failure in corpus.failures:
        complain(failure)
    note(corpus.notes)
    if not len(corpus):
        raise typer.Exit(1)
    return corpus


def note(notes: Sequence[Note]) -> None:
    """Say on stderr what should be known, one line a kind; files are skipped for different reasons."""

    def kind(one: Note) -> tuple[str, str]:
        return one.code, one.message if one.code == "skipped" else ""

    for _, group in groupby(sorted(notes, key=kind), key=kind):
        first, *others = group
        what = f"{first.file}：{first.message}" if is_chinese() else f"{first.file}: {first.message_en}"
        what = printable(what)
        if others:
            say(f"govtext: note: {what} ({first.code}; so are {len(others)} others)", err=True)
        else:
            say(f"govtext: note: {what} ({first.code})", err=True)


def finish(corpus: Corpus) -> None:
    """End with exit code 1 where some input could not be read."""
    if corpus.failures:
        raise typer.Exit(1)


def study_of(context: typer.Context) -> Study:
    """Return the study that a command is told: by its file, and by the options given beside it.

    Without either it is the study of the reference corpus.
    """
    from govtext import study as studies

    given = {name: _plain(value) for name, value in context.params.items() if _is_given(context, name)}
    file = given.pop("study", None)
    if "analyses" in given:
        given["analyses"] = [part.strip() for one in given["analyses"] for part in one.split(",") if part.strip()]
    if file is not None:
        study = studies.Study.read(file)
    elif "inputs" in given:
        study = studies.Study()
    elif "corpus" in given:
        raise OptionError("--corpus says where the inputs of a study are", remedy="name the study with --study, too")
    else:
        study = studies.reference()
    if study.govtext not in (None, gt.__version__):
        release = printable(str(study.govtext))
        say(f"govtext: note: govtext {release} wrote the study, this is {gt.__version__}", err=True)
    here = {"corpus": None} if "inputs" in given and file is not None else {}  # their paths count from where one is
    return study.told(**here | given)


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _plain(value: object) -> Any:
    """Return a value of the command line as TOML would give it."""
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.value if isinstance(value, StrEnum) else str(value) if isinstance(value, Path) else value


def cache_of(study: Study) -> Cache | None:
    """Return the cache that a study asks for."""
    from govtext.study import Cache, place

    if not study.cache_limit:
        return None
    folder = Path(study.cache) if study.cache else place()
    return Cache(folder.absolute(), limit=study.cache_limit << 20, reads=not study.fresh)


def run_of(study: Study, file: Path | None) -> dict[str, object]:
    """Return what the manifest says of this run alone: where its inputs lay."""
    lexicon = written(Path(study.lexicon.path)) if study.lexicon else None
    known = {"names": study.names, "convert": study.convert, "lexicon": lexicon}
    root = Path(study.corpus) if study.corpus else Path()
    if all(one.names_a_path for one in study.inputs):
        return known | {"paths": [written(root / str(one.path)) for one in study.inputs]}
    if file is None:
        return known | {"paths": []}  # the reference corpus
    return known | {"paths": [], "study": written(file), "corpus": written(root)}


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
    """Say on stderr what is wrong, in one line; of the options of a study one line a mistake."""
    for line in error_lines(error):
        typer.echo(line, err=True)
