"""The study file that repeats a run, and the JSON schema of study files (研究文件)."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib import metadata
from typing import TYPE_CHECKING, Any

from govtext import provenance
from govtext.lexicon import Lexicon, to_tsv
from govtext.study.model import NAME, Study

if TYPE_CHECKING:
    from govtext.corpus import Corpus
    from govtext.document import Document
    from govtext.study.options import Options

__all__ = ["NAME", "TERMS", "filed", "schema", "to_toml"]

TERMS = "lexicon.tsv"  # the lexicon of a run, where it is not the one that ships with govtext
HEADER = """\
# 研究文件，可重复本次分析。 This study file repeats the run:
# govtext report --study study.toml --corpus FOLDER
# FOLDER 为输入文件所在的文件夹，按 sha256 查找。 FOLDER is where the inputs lie; they are found by their sha256.

"""


def to_toml(corpus: Corpus, *, lexicon: Lexicon, options: Options) -> str:
    """Return the study file that repeats a run: every option, and the inputs by id and sha256 (写出研究文件).

    A lexicon other than the default one stands beside it as lexicon.tsv. An input that could not be read has its path
    alone, and is tried again.
    """
    import tomli_w

    given = {name: value for name, value in options.recorded().items() if value is not None}
    study: dict[str, Any] = {"govtext": metadata.version("govtext"), **given}
    if convert := _conversion(corpus):
        study["convert"] = convert
    if sha256 := filed(lexicon).file_sha256:
        study["lexicon"] = {"path": TERMS, "sha256": sha256}
    failed = sorted({provenance.input_name(failure) for failure in corpus.failures})
    study["inputs"] = [*map(_row, corpus), *({"path": name} for name in failed)]
    return HEADER + tomli_w.dumps(study)


def filed(lexicon: Lexicon) -> Lexicon:
    """Return a lexicon with the file that stands beside the study; the default one has and needs none (词典文件)."""
    default = lexicon.sha256 == Lexicon.default().sha256
    return lexicon if lexicon.file is not None or default else Lexicon.parse(to_tsv(lexicon).encode())


def _row(document: Document) -> dict[str, object]:
    """Return what names an input, and what is known of it that its text does not say."""
    given = {f.name: getattr(document.given, f.name) for f in fields(document.given)}
    known = {name: value for name, value in given.items() if value is not None and name not in ("encoding", "sha256")}
    return {"id": document.id, "sha256": provenance.input_digest(document), **known}


def _conversion(corpus: Corpus) -> str:
    """Return the conversion of characters that the encoding of documents tells of."""
    found = [re.search(r", OpenCC \S+ (\w+)$", document.given.encoding or "") for document in corpus]
    return next((match[1] for match in found if match), "")


def schema() -> dict[str, Any]:
    """Return the JSON schema of study files, with which editors complete and check them (JSON 模式)."""
    found = Study.model_json_schema()
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    found["title"] = "govtext study"
    found["properties"]["inputs"]["items"] = _or_path({"$ref": "#/$defs/Input"})
    found["properties"]["lexicon"]["anyOf"] = [{"type": "string"}, {"$ref": "#/$defs/LexiconFile"}]
    found["$defs"]["Input"]["anyOf"] = [{"required": ["path"]}, {"required": ["id", "sha256"]}]
    return {name: _without_null(value) for name, value in found.items()}


def _or_path(shape: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"type": "string"}, shape]}


def _without_null(value: Any) -> Any:
    """Return a schema without null, which TOML does not have."""
    if isinstance(value, list):
        return [_without_null(one) for one in value if one != {"type": "null"}]
    if not isinstance(value, dict):
        return value
    kept = {name: _without_null(one) for name, one in value.items() if not (name == "default" and one is None)}
    choices = kept.get("anyOf")
    if choices and len(choices) == 1:
        return {name: one for name, one in kept.items() if name != "anyOf"} | choices[0]
    return kept
