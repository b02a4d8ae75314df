"""What a study names: its corpus, its lexicon, its options (研究的输入)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from govtext.corpus import Entry, by_digest, expand, read_entries, reference_folder
from govtext.errors import LexiconError, ReadError
from govtext.lexicon import Lexicon, read_stopwords
from govtext.readers import READERS
from govtext.study.kept import Reader
from govtext.study.model import NAME, Study
from govtext.study.options import Choices, Options

if TYPE_CHECKING:
    from govtext.corpus import Corpus, Progress
    from govtext.study.cache import Cache
    from govtext.study.model import Input


def reference() -> Study:
    """Return the study of the reference corpus, which ships with govtext (参考语料的研究).

    >>> [one.id for one in reference().inputs]
    ['qingzhen-2022']
    """
    folder = reference_folder()
    text = (folder / NAME).read_text(encoding="utf-8")
    return Study.parse(text).told(corpus=str(folder))


def corpus_of(study: Study, *, cache: Cache | None = None, progress: Progress | None = None) -> Corpus:
    """Read the inputs of a study; what the cache holds is not parsed again (读取研究的语料).

    Inputs with a sha256 are looked for under the root of the study, by their id first; one that is not there is among
    the failures of the corpus, as is a file that has changed.

    Raises:
        ReadError: there is no file to read.
    """
    reader = Reader(cache) if cache else None
    corpus = read_entries(
        entries_of(study),
        names=study.names,
        convert=study.convert,
        reader=reader,
        jobs=study.jobs,
        progress=progress,
    )
    if not len(corpus) and not corpus.failures:
        remedy = f"files of these types are read: {' '.join(sorted(READERS))}"
        where = ", ".join(str(one.path) for one in study.inputs)
        raise ReadError("there is no file to read", where=where, remedy=remedy)
    return corpus


def entries_of(study: Study) -> list[Entry]:
    """Return the files that the inputs of a study stand for; without any the reference corpus (输入文件)."""
    if not study.inputs:
        return _entries(reference().inputs, Path(str(reference_folder())))
    return _entries(study.inputs, Path(study.corpus) if study.corpus else Path())


def _entries(inputs: tuple[Input, ...], root: Path) -> list[Entry]:
    """Return the files of inputs: those with a digest wherever they lie, the others by their paths."""
    found = by_digest(root, {one.sha256: one.id or "" for one in inputs if one.sha256 and one.path is None})
    out: list[Entry] = []
    for one in inputs:
        if one.path is None:
            out.append(_pinned(one, found.get(one.sha256 or ""), root))
        elif one.names_a_path:
            out += expand([str(root / one.path)])
        else:
            out.append(Entry(root / one.path, one.metadata, one.id))
    return out


def _pinned(one: Input, path: Path | None, root: Path) -> Entry:
    if path:
        return Entry(path, one.metadata, one.id)
    what = f"no file has the sha256 {str(one.sha256)[:12]}… of the input {one.id}: it is missing or has changed"
    error = ReadError(what, where=root, remedy="say with --corpus where the inputs are, or restore the file")
    return Entry(root / (one.id or "?"), failure=error)


def lexicon_of(study: Study) -> Lexicon:
    """Return the lexicon of a study (研究的词典).

    Raises:
        LexiconError: it cannot be read, or is not the file that the study names.
    """
    if study.lexicon is None:
        return Lexicon.default()
    lexicon, expected = Lexicon.read(study.lexicon.path), study.lexicon.sha256
    if expected and expected != lexicon.file_sha256:
        what = f"its sha256 is {str(lexicon.file_sha256)[:12]}…, not {expected[:12]}… as the study says"
        remedy = "restore the file, or name another lexicon with --lexicon"
        raise LexiconError(what, where=study.lexicon.path, remedy=remedy)
    return lexicon


def options_of(study: Study) -> Options:
    """Return the options of a study, the words of its stop list among them (研究的选项).

    Raises:
        LexiconError: the stop list cannot be read.
    """
    given = {name: getattr(study, name) for name in Choices.model_fields}
    stop = study.stopwords
    words = tuple(read_stopwords(stop)) if isinstance(stop, str) else stop
    return Options(**given, stopwords=words)
