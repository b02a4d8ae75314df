"""The manifest of a run: what went in, with what it was made, what came out; it runs nothing (来源记录).

A manifest has two parts. `result` is the same between equal runs: ids and digests of the inputs, lexicon, stop words,
options, seed, versions, digests of the outputs. `run` is of one run alone and never compared: times, paths, jobs,
platform, commit, install.
"""

from govtext.provenance.comparison import Difference, changed, compare, surroundings
from govtext.provenance.crate import ro_crate
from govtext.provenance.manifest import (
    CRATE,
    FORMAT,
    NAME,
    SEED,
    Manifest,
    digest,
    input_digest,
    input_name,
    now,
    record,
    to_json,
)
from govtext.provenance.software import LIBRARIES, commit, install, versions
from govtext.provenance.stored import read
from govtext.provenance.wording import cite, methods

__all__ = [
    "CRATE",
    "FORMAT",
    "LIBRARIES",
    "NAME",
    "SEED",
    "Difference",
    "Manifest",
    "changed",
    "cite",
    "commit",
    "compare",
    "digest",
    "input_digest",
    "input_name",
    "install",
    "methods",
    "now",
    "read",
    "record",
    "ro_crate",
    "surroundings",
    "to_json",
    "versions",
]
