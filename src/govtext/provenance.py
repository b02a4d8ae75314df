"""The manifest of a run: what went in, with what it was made, what came out; it runs nothing (来源记录).

A manifest has two parts. `result` is the same between equal runs: ids and digests of the inputs, lexicon, stop words,
options, seed, versions, digests of the outputs. `run` is of one run alone and never compared: times, paths, jobs,
platform.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from govtext.errors import ReadError
from govtext.lexicon import STOPWORD_LISTS, Lexicon, stopwords

if TYPE_CHECKING:
    from collections.abc import Iterable

    from govtext.document import Document
    from govtext.errors import GovtextError

FORMAT = 1
# Every library whose release can change a result.
LIBRARIES = (
    "govtext",
    "ahocorasick-rs",
    "fonttools",
    "jieba",
    "jinja2",
    "matplotlib",
    "networkx",
    "numpy",
    "pandas",
    "pylopdf-fonts-zh-cn",
    "python-docx",
    "rjieba",
    "scikit-learn",
    "scipy",
    "textalloc",
)
Manifest = dict[str, Any]
NAME = "manifest.json"
SEED = 0  # of communities and layout; no other part of a result is drawn by lot


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same in two manifests (差异).

    Attributes:
        part: inputs, lexicon, stopwords, options, seed, versions or outputs.
        name: which one of it.
        recorded: its value in the first manifest, None where it is missing there.
        found: its value in the second.
    """

    part: str
    name: str
    recorded: object
    found: object

    def __str__(self) -> str:
        old, new = (_short(value) for value in (self.recorded, self.found))
        what = f"{self.part} {self.name}".strip()
        if self.recorded is None:
            return f"{what}: new"
        return f"{what}: missing" if self.found is None else f"{what}: {old}, now {new}"


def _short(value: object) -> str:
    text = str(value)
    return text[:12] if re.fullmatch("[0-9a-f]{64}", text) else text


def digest(data: bytes) -> str:
    """Return the sha256 of bytes in hexadecimal (摘要)."""
    return hashlib.sha256(data).hexdigest()


def record(
    documents: Iterable[Document],
    *,
    lexicon: Lexicon | None = None,
    options: Mapping[str, object] | None = None,
    outputs: Mapping[str, str] | Iterable[str | Path] = (),
    failures: Iterable[GovtextError] = (),
    run: Mapping[str, object] | None = None,
) -> Manifest:
    """Return the manifest of a run (运行清单).

    Args:
        documents: the inputs, in the order of the corpus.
        lexicon: the lexicon used; None means `Lexicon.default()`.
        options: every option that changes results.
        outputs: the name of each output file with the sha256 of its bytes, or the paths of files.
        failures: the inputs that could not be read.
        run: what belongs to this run alone (times, paths, jobs); it is not compared between runs.

    Returns:
        A dictionary of two parts: `result` is the same between equal runs, `run` is not.

    As the last cell of a notebook: `gt.provenance.record(corpus, lexicon=segment.lexicon, options={"n": 20})`.
    """
    lexicon = Lexicon.default() if lexicon is None else lexicon
    if not isinstance(outputs, Mapping):
        outputs = {Path(path).name: digest(Path(path).read_bytes()) for path in outputs}
    result = {
        "format": FORMAT,
        "inputs": [
            {"id": d.id, "sha256": d.metadata.sha256 or digest(d.text.encode()), "encoding": d.metadata.encoding}
            for d in documents
        ],
        "quarantined": sorted(({"file": PurePath(f.where).name, "reason": f.what} for f in failures), key=str),
        "lexicon": {"terms": len(lexicon), "sha256": lexicon.sha256},
        "stopwords": {name: digest("\n".join(sorted(stopwords(name))).encode()) for name in STOPWORD_LISTS},
        "options": dict(sorted((options or {}).items())),
        "seed": SEED,
        "versions": {"python": platform.python_version(), **versions()},
        "outputs": dict(sorted(outputs.items())),
    }
    here: dict[str, object] = {"platform": platform.platform(), "python": sys.version, "commit": commit(Path.cwd())}
    return {"result": result, "run": here | dict(run or {})}


def commit(folder: Path) -> str | None:
    """Return the git commit a folder stands at, read from its files; None outside a repository (提交)."""
    for place in (folder, *folder.parents):
        git = place / ".git"
        try:
            head = (git / "HEAD").read_text(encoding="utf-8").strip()
            if not head.startswith("ref: "):
                return head
            reference = git / head.removeprefix("ref: ")
            if reference.is_file():
                return reference.read_text(encoding="utf-8").strip()
            packed = (git / "packed-refs").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        match = re.search(rf"^([0-9a-f]{{40,64}}) {re.escape(head.removeprefix('ref: '))}$", packed, re.MULTILINE)
        return match[1] if match else None
    return None


def versions() -> dict[str, str]:
    """Return the installed release of every library that can change a result (版本)."""
    out = {}
    for name in LIBRARIES:
        try:
            out[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            out[name] = "not installed"
    return out


def to_json(manifest: Manifest) -> str:
    """Return a manifest as JSON text, the same bytes for the same manifest (清单文本)."""
    return json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read(folder: str | Path) -> Manifest:
    """Read the manifest of an output folder (读取清单).

    Raises:
        ReadError: there is none, or it is none of ours.
    """
    path = Path(folder) / NAME
    try:
        manifest = json.loads(path.read_bytes())
        if manifest["result"]["format"] == FORMAT and isinstance(manifest["run"], dict):
            return dict(manifest)
    except OSError as error:
        remedy = "name a folder that `govtext report` wrote"
        raise ReadError(f"there is no manifest ({error.strerror})", where=path, remedy=remedy) from error
    except (ValueError, LookupError, TypeError) as error:
        raise ReadError("this is no manifest of govtext", where=path, remedy="run the report again") from error
    raise ReadError("the manifest is of another format", where=path, remedy="run the report again")


def compare(recorded: Manifest, found: Manifest) -> list[Difference]:
    """Return what differs between the `result` parts of two manifests, causes before outputs (比较).

    >>> from govtext.lexicon import Lexicon
    >>> options = {"lexicon": Lexicon(), "outputs": {}}
    >>> a, b = (record([], options={"top": n}, **options) for n in (10, 20))
    >>> [str(difference) for difference in compare(a, b)]
    ['options top: 10, now 20']
    """
    old, new = (_flat(manifest["result"]) for manifest in (recorded, found))
    keys = [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]
    order = {part: i for i, part in enumerate(PARTS)}
    keys.sort(key=lambda key: (order.get(key[0], len(PARTS)), key[1]))
    return [Difference(*key, old.get(key), new.get(key)) for key in keys]


PARTS = ("inputs", "quarantined", "lexicon", "stopwords", "options", "seed", "versions", "outputs")


def _flat(result: Manifest) -> dict[tuple[str, str], object]:
    """Return every value of a result under its part and name; inputs go by their id."""
    out: dict[tuple[str, str], object] = {}
    for part, values in result.items():
        if part == "inputs":
            out.update({(part, row["id"]): row["sha256"] for row in values})
        elif part == "quarantined":
            out.update({(part, row["file"]): row["reason"] for row in values})
        elif isinstance(values, dict):
            out.update({(part, name): value for name, value in values.items()})
        else:
            out[part, ""] = values
    return out


def changed(folder: str | Path, manifest: Manifest) -> list[str]:
    """Return the outputs whose bytes are not those the manifest lists, or that are gone (被改动的输出)."""
    out = []
    for name, expected in manifest["result"]["outputs"].items():
        path = Path(folder) / name
        if not path.is_file() or digest(path.read_bytes()) != expected:
            out.append(name)
    return out


def methods(manifest: Manifest) -> tuple[str, str]:
    """Return the methods paragraph of a paper, in Chinese and in English, from what the manifest records (方法说明)."""
    result = manifest["result"]
    options, version, lexicon = result["options"], result["versions"], result["lexicon"]
    engine, unit = options["engine"], options["unit"]
    facts = {
        "version": version["govtext"],
        "engine": engine,
        "engine_version": version.get(engine, ""),
        "terms": lexicon["terms"],
        "lexicon": lexicon["sha256"][:12],
        "documents": len(result["inputs"]),
        "least": options["min_count"],
        "seed": result["seed"],
        "python": version["python"],
        "networkx": version["networkx"],
    }
    single = facts["documents"] == 1
    base = ("各章节", "the sections of the report") if single else ("各文档", "the documents of the corpus")
    zh_unit, en_unit = UNITS[unit]
    zh, en = (_template(f"methods-{language}.txt") for language in ("zh", "en"))
    return zh.format(**facts, base=base[0], unit=zh_unit), en.format(**facts, base=base[1], unit=en_unit)


def _template(name: str) -> str:
    return (resources.files("govtext") / "data" / name).read_text(encoding="utf-8").strip()


UNITS = {
    "sentence": ("同一句", "the same sentence"),
    "paragraph": ("同一段", "the same paragraph"),
    "section": ("同一章节", "the same section"),
    "document": ("同一文档", "the same document"),
    "window": ("五词窗口", "a window of five words"),
}


def cite() -> str:
    """Return how to cite govtext, in words and as BibTeX (引用格式)."""
    version = metadata.version("govtext")
    return (
        f"The govtext developers (2026). govtext: mining Chinese government documents (version {version}) [computer "
        "software].\n\n"
        "@software{govtext,\n"
        "  author  = {{The govtext developers}},\n"
        "  title   = {govtext: mining Chinese government documents},\n"
        "  year    = {2026},\n"
        f"  version = {{{version}}},\n"
        "}"
    )


def ro_crate(manifest: Manifest) -> Manifest:
    """Return RO-Crate 1.1 metadata of an output folder; its date is of the run, not compared (RO-Crate 元数据)."""
    outputs = manifest["result"]["outputs"]
    files = [{"@id": name, "@type": "File", "sha256": value} for name, value in sorted(outputs.items())]
    inputs = [
        {"@id": f"#input-{row['id']}", "@type": "CreativeWork", "identifier": row["id"], "sha256": row["sha256"]}
        for row in manifest["result"]["inputs"]
    ]
    software = {"@id": "#govtext", "@type": "SoftwareApplication", "name": "govtext"}
    software["softwareVersion"] = manifest["result"]["versions"]["govtext"]
    action = {
        "@id": "#run",
        "@type": "CreateAction",
        "instrument": {"@id": "#govtext"},
        "object": [{"@id": row["@id"]} for row in inputs],
        "result": [{"@id": row["@id"]} for row in files],
        "endTime": manifest["run"].get("finished"),
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": "govtext report",
        "description": methods(manifest)[1],
        "datePublished": manifest["run"].get("finished"),
        "hasPart": [{"@id": NAME}, *({"@id": row["@id"]} for row in files)],
        "mentions": {"@id": "#run"},
    }
    descriptor = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    graph = [descriptor, root, {"@id": NAME, "@type": "File"}, *files, *inputs, software, action]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
