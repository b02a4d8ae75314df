"""What went in, with what it was made, what came out: the values of a manifest (运行清单)."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import sys
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from govtext.document import Document
from govtext.errors import OptionError, ReadError
from govtext.lexicon import STOPWORD_LISTS, Lexicon, stopwords
from govtext.provenance.software import commit, install, versions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from govtext.errors import GovtextError

FORMAT = 1
Manifest = dict[str, Any]
NAME = "manifest.json"
CRATE = "ro-crate-metadata.json"
SEED = 0  # of communities and layout; no other part of a result is drawn by lot


def digest(data: bytes) -> str:
    """Return the sha256 of bytes in hexadecimal (摘要)."""
    return hashlib.sha256(data).hexdigest()


def input_digest(document: Document) -> str:
    """Return the sha256 of the file a document was read from; of one made from a string, of its text (输入摘要)."""
    return document.metadata.sha256 or digest(document.text.encode("utf-8", "surrogatepass"))


def input_name(failure: GovtextError) -> str:
    """Return what an input that could not be read is called: its path within the corpus, no absolute one (输入名称)."""
    return failure.file or PurePath(failure.where).name


def record(
    documents: Document | Iterable[Document],
    *,
    lexicon: Lexicon | None = None,
    options: Mapping[str, object] | None = None,
    outputs: Mapping[str, str] | Iterable[str | Path] | str | Path = (),
    failures: Iterable[GovtextError] = (),
    run: Mapping[str, object] | None = None,
) -> Manifest:
    """Return the manifest of a run (运行清单).

    Args:
        documents: the inputs, in the order of the corpus; or one.
        lexicon: the lexicon used; None means `Lexicon.default()`.
        options: every option that changes results; one named seed is recorded as the seed, which is 0 otherwise.
        outputs: the name of each output file with the sha256 of its bytes, or the paths of files.
        failures: the inputs that could not be read.
        run: what belongs to this run alone (times, paths, jobs); it is not compared between runs.

    Returns:
        A dictionary of two parts: `result` is the same between equal runs, `run` is not.

    Raises:
        OptionError: an option, or what is known of an input, is nothing that JSON can hold.
        ReadError: an output cannot be read.

    As the last cell of a notebook: `gt.provenance.record(corpus, lexicon=segment.lexicon, options={"top": 20})`. Of
    options with the names that a report has (engine, top, unit, min_count) `methods` can say what they mean.
    """
    lexicon = Lexicon.default() if lexicon is None else lexicon
    options = dict(options or {})
    seed = options.pop("seed", SEED)
    if type(seed) is not int:
        raise OptionError(f"the seed is {seed!r}", remedy="give a whole number")
    rows = [documents] if isinstance(documents, Document) else documents
    result = {
        "format": FORMAT,
        "inputs": [_input(document) for document in rows],
        "quarantined": sorted(({"file": input_name(f), "reason": f.what} for f in failures), key=str),
        "lexicon": _lexicon(lexicon),
        "stopwords": {name: digest("\n".join(sorted(stopwords(name))).encode()) for name in STOPWORD_LISTS},
        "options": {name: _plain(value, f"the option {name}") for name, value in sorted(options.items())},
        "seed": seed,
        "versions": {"python": platform.python_version(), **versions()},
        "outputs": dict(sorted((outputs if isinstance(outputs, Mapping) else _digests(outputs)).items())),
    }
    here: dict[str, object] = {
        "finished": now(),
        "platform": platform.platform(),
        "python": sys.version,
        "commit": commit(Path.cwd()),
        "install": install(),
    }
    return {"result": result, "run": here | dict(run or {})}


def now() -> str:
    """Return the time as the manifest writes it (时间)."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _input(document: Document) -> dict[str, object]:
    """Return what is recorded of an input: its id, its bytes, and what is known of it, given or found in its text."""
    apart, known = {"encoding", "sha256"}, document.metadata
    given = {f.name: getattr(known, f.name) for f in fields(known) if f.name not in apart}
    return {
        "id": document.id,
        "sha256": input_digest(document),
        "encoding": document.metadata.encoding,
        "metadata": {
            name: _plain(value, f"the {name} of {document.id}") for name, value in given.items() if value is not None
        },
    }


def _lexicon(lexicon: Lexicon) -> dict[str, object]:
    """Return what is recorded of a lexicon: its terms, and the bytes of the file where it was read from one."""
    known = {"terms": len(lexicon), "sha256": lexicon.sha256}
    return known | ({"file": lexicon.file_sha256} if lexicon.file_sha256 else {})


def _plain(value: object, what: str) -> object:
    """Return a value as JSON gives it back, so that what is recorded equals what is read."""
    try:
        return json.loads(json.dumps(value, default=_scalar, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        remedy = "give text, numbers, or lists and dictionaries of them"
        raise OptionError(f"{what} cannot be recorded ({error})", remedy=remedy) from error


def _scalar(value: object) -> object:
    """Return the plain number of a numpy one."""
    if not hasattr(value, "item"):
        raise TypeError(f"it is a {type(value).__name__}")
    return value.item()


def _digests(paths: Iterable[str | Path] | str | Path) -> dict[str, str]:
    """Return the digest of each file under its path below their common folder."""
    files = [Path(path).absolute() for path in ([paths] if isinstance(paths, str | Path) else paths)]
    root = os.path.commonpath([file.parent for file in files]) if files else ""
    out = {}
    for file in files:
        try:
            out[file.relative_to(root).as_posix()] = digest(file.read_bytes())
        except OSError as error:
            remedy = "write it before the manifest is made"
            raise ReadError(f"the output cannot be read ({error.strerror})", where=file, remedy=remedy) from error
    return out


def to_json(manifest: Manifest) -> str:
    """Return a manifest as JSON text, the same bytes for the same manifest (清单文本)."""
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
    # A path that is no UTF-8 holds lone surrogates; as escapes they can be written.
    return re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)
