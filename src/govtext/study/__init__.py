"""The options of a run, from TOML, command line or Python; the cache of what was found in each document (研究文件).

A `Study` says what a run is told: the same name in `study.toml`, on the command line and in Python. A `Cache` keeps
what was found in each document, so that a run that was interrupted goes on where it was.
"""

from govtext.study.cache import Cache, place, software
from govtext.study.file import NAME, TERMS, filed, schema, to_toml
from govtext.study.inputs import corpus_of, entries_of, lexicon_of, options_of, reference
from govtext.study.kept import Kept, NotKeptError, Reader, cut_with, identity
from govtext.study.model import Input, Study
from govtext.study.options import ANALYSES, AnalysisName, Options
from govtext.study.together import Together

__all__ = [
    "ANALYSES",
    "NAME",
    "TERMS",
    "AnalysisName",
    "Cache",
    "Input",
    "Kept",
    "NotKeptError",
    "Options",
    "Reader",
    "Study",
    "Together",
    "corpus_of",
    "cut_with",
    "entries_of",
    "filed",
    "identity",
    "lexicon_of",
    "options_of",
    "place",
    "reference",
    "schema",
    "software",
    "to_toml",
]
