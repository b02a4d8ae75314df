"""The manifest of a run: what went in, with what it was made, what came out; it runs nothing (来源记录).

A manifest has two parts. `result` is the same between equal runs: ids and digests of the inputs, lexicon, stop words,
options, seed, versions, digests of the outputs. `run` is of one run alone and never compared: times, paths, jobs,
platform, commit, install.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import string
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from importlib import metadata, resources
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from govtext.errors import OptionError, ReadError
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
    "kiwisolver",  # places the parts of a figure
    "lxml",
    "markupsafe",  # writes the page's special characters
    "matplotlib",
    "networkx",
    "numpy",
    "pandas",
    "pillow",  # writes png
    "pylopdf-fonts-zh-cn",
    "python-docx",
    "rjieba",
    "scikit-learn",
    "scipy",
    "textalloc",
    "xlsxwriter",
)
Manifest = dict[str, Any]
NAME = "manifest.json"
CRATE = "ro-crate-metadata.json"
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


def input_digest(document: Document) -> str:
    """Return the sha256 of the file a document was read from; of one made from a string, of its text (输入摘要)."""
    return document.metadata.sha256 or digest(document.text.encode("utf-8", "surrogatepass"))


def input_name(failure: GovtextError) -> str:
    """Return what an input that could not be read is called: its path within the corpus, no absolute one (输入名称)."""
    return failure.file or PurePath(failure.where).name


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

    As the last cell of a notebook: `gt.provenance.record(corpus, lexicon=segment.lexicon, options={"top": 20})`. Of
    options with the names that a report has (engine, top, unit, min_count) `methods` can say what they mean.
    """
    lexicon = Lexicon.default() if lexicon is None else lexicon
    result = {
        "format": FORMAT,
        "inputs": [_input(document) for document in documents],
        "quarantined": sorted(({"file": input_name(f), "reason": f.what} for f in failures), key=str),
        "lexicon": {"terms": len(lexicon), "sha256": lexicon.sha256},
        "stopwords": {name: digest("\n".join(sorted(stopwords(name))).encode()) for name in STOPWORD_LISTS},
        "options": {name: _plain(value, f"the option {name}") for name, value in sorted((options or {}).items())},
        "seed": SEED,
        "versions": {"python": platform.python_version(), **versions()},
        "outputs": dict(sorted((outputs if isinstance(outputs, Mapping) else _digests(outputs)).items())),
    }
    here: dict[str, object] = {
        "finished": now(),
        "platform": platform.platform(),
        "python": sys.version,
        "commit": commit(Path.cwd()),
        "install": _install(),
    }
    return {"result": result, "run": here | dict(run or {})}


def now() -> str:
    """Return the time as the manifest writes it (时间)."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _input(document: Document) -> dict[str, object]:
    """Return what is recorded of an input: its id, its bytes, and the metadata that its text alone does not say."""
    found = {"encoding", "sha256"}
    given = {f.name: getattr(document.given, f.name) for f in fields(document.given) if f.name not in found}
    return {
        "id": document.id,
        "sha256": input_digest(document),
        "encoding": document.metadata.encoding,
        "metadata": {
            name: _plain(value, f"the {name} of {document.id}") for name, value in given.items() if value is not None
        },
    }


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


def _digests(paths: Iterable[str | Path]) -> dict[str, str]:
    """Return the digest of each file under its path below their common folder."""
    files = [Path(path).absolute() for path in paths]
    root = os.path.commonpath([file.parent for file in files]) if files else ""
    out = {}
    for file in files:
        try:
            out[file.relative_to(root).as_posix()] = digest(file.read_bytes())
        except OSError as error:
            remedy = "write it before the manifest is made"
            raise ReadError(f"the output cannot be read ({error.strerror})", where=file, remedy=remedy) from error
    return out


def _install() -> dict[str, object]:
    """Return which govtext is at work: its folder, the commit of a checkout, and a digest of its code and data."""
    folder = Path(str(resources.files("govtext")))
    files = sorted(p for p in (*folder.rglob("*.py"), *folder.glob("data/*")) if p.is_file())
    digests = [f"{p.relative_to(folder).as_posix()} {digest(p.read_bytes())}\n" for p in files]
    checkout = (folder.parents[1] / "pyproject.toml").is_file()
    return {
        "folder": str(folder),
        "commit": commit(folder) if checkout else None,
        "sha256": digest("".join(digests).encode()),
    }


def commit(folder: Path) -> str | None:
    """Return the git commit a folder stands at, read from its files; None outside a repository (提交)."""
    for place in (folder, *folder.parents):
        if (place / ".git").exists():
            try:
                return _head(place / ".git")
            except (OSError, UnicodeDecodeError):
                return None
    return None


def _head(git: Path) -> str | None:
    """Return the commit that a repository stands at; in a worktree `.git` is a file that names the place of HEAD."""
    if git.is_file():
        git = git.parent / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
    head = (git / "HEAD").read_text(encoding="utf-8").strip()
    if head.startswith("ref:"):
        name = head.removeprefix("ref:").strip()
        shared = git / "commondir"
        common = git / shared.read_text(encoding="utf-8").strip() if shared.is_file() else git
        if (common / name).is_file():
            head = (common / name).read_text(encoding="utf-8").strip()
        else:
            packed = (common / "packed-refs").read_text(encoding="utf-8")
            found = re.search(rf"^(\w+) {re.escape(name)}$", packed, re.MULTILINE)
            head = found[1] if found else ""
    return head if re.fullmatch("[0-9a-f]{40,64}", head) else None


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
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
    # A path that is no UTF-8 holds lone surrogates; as escapes they can be written.
    return re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def read(folder: str | Path) -> Manifest:
    """Read the manifest of an output folder (读取清单).

    Raises:
        ReadError: there is none, or it is none of ours.
    """
    path = Path(folder) / NAME
    try:
        manifest = json.loads(path.read_bytes())
        known = manifest["result"]["format"] == FORMAT
    except OSError as error:
        remedy = "name a folder that `govtext report` wrote"
        raise ReadError(f"there is no manifest ({error.strerror})", where=path, remedy=remedy) from error
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ReadError("this is no manifest of govtext", where=path, remedy="run the report again") from error
    if not known:
        raise ReadError("the manifest is of another format", where=path, remedy="run the report again")
    if not _fits(manifest, SHAPE) or not _is_sound(manifest["result"]):
        raise ReadError("the manifest is damaged", where=path, remedy="run the report again")
    return dict(manifest)


# What a manifest holds: a type, a list of one shape, names with their shapes, or any names with one shape.
SHAPE: dict[object, object] = {
    "result": {
        "inputs": [{"id": str, "sha256": str, "metadata": dict}],
        "quarantined": [{"file": str, "reason": str}],
        "lexicon": {"terms": int, "sha256": str},
        "stopwords": {str: str},
        "options": dict,
        "seed": int,
        "versions": {str: str},
        "outputs": {str: str},
    },
    "run": dict,
}


def _fits(value: object, shape: object) -> bool:
    """Tell whether a JSON value has a shape."""
    if isinstance(shape, type):
        return isinstance(value, shape)
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(one, shape[0]) for one in value)
    if not isinstance(value, dict) or not isinstance(shape, dict):
        return False
    if str in shape:
        return all(_fits(one, shape[str]) for one in value.values())
    return all(_fits(value.get(name), one) for name, one in shape.items())


def _is_sound(result: Manifest) -> bool:
    """Tell whether every id is there once and every output lies in the folder."""
    ids = Counter(row["id"] for row in result["inputs"])
    places = [PurePath(name) for name in result["outputs"]]
    return max(ids.values(), default=1) == 1 and not any(p.is_absolute() or ".." in p.parts for p in places)


def compare(recorded: Manifest, found: Manifest) -> list[Difference]:
    """Return what differs between the `result` parts of two manifests, causes before outputs (比较).

    >>> from govtext.lexicon import Lexicon
    >>> options = {"lexicon": Lexicon(), "outputs": {}}
    >>> a, b = (record([], options={"top": n}, **options) for n in (10, 20))
    >>> [str(difference) for difference in compare(a, b)]
    ['options top: 10, now 20']
    """
    old, new = (_flat(manifest["result"]) for manifest in (recorded, found))
    for key in [key for key in new if key[0] == ENCODINGS and old.get(key) is None]:
        del new[key]  # the input was a string, and files may hold the same text
    keys = [key for key in dict.fromkeys([*old, *new]) if _written(old.get(key)) != _written(new.get(key))]
    order = {part: i for i, part in enumerate(PARTS)}
    keys.sort(key=lambda key: (order.get(key[0], len(PARTS)), key[1]))
    return [Difference(*key, old.get(key), new.get(key)) for key in keys]


ENCODINGS = "encoding of the input"
METADATA = "metadata of the input"
PARTS = (
    "format", "inputs", ENCODINGS, METADATA, "quarantined", "lexicon", "stopwords", "options", "seed", "versions",
    "outputs",
)  # fmt: skip


def _written(value: object) -> str:
    return json.dumps(value, sort_keys=True)  # 1, 1.0 and true are equal, but not the same option


def _flat(result: Manifest) -> dict[tuple[str, str], object]:
    """Return every value of a result under its part and name; inputs go by their id."""
    out: dict[tuple[str, str], object] = {}
    for part, values in result.items():
        if part == "inputs":
            for row in values:
                out[part, row["id"]] = row["sha256"]
                out[ENCODINGS, row["id"]] = row.get("encoding")
                out.update({(METADATA, f"{row['id']} {name}"): value for name, value in row["metadata"].items()})
        elif part == "quarantined":
            reasons: dict[str, list[str]] = {}
            for row in values:
                reasons.setdefault(row["file"], []).append(row["reason"])
            out.update({(part, name): "; ".join(rows) for name, rows in reasons.items()})
        elif isinstance(values, dict):
            out.update({(part, name): value for name, value in values.items()})
        else:
            out[part, ""] = values
    return out


def surroundings(recorded: Manifest, found: Manifest) -> str:
    """Say what may be behind outputs that differ though nothing else in the `result` parts does (环境差异)."""
    old, new = (manifest["run"] for manifest in (recorded, found))
    installs = [run["install"].get("sha256") if isinstance(run.get("install"), dict) else None for run in (old, new)]
    if installs[0] != installs[1]:
        return "no input, option or version differs, but the code of govtext does"
    if old.get("platform") != new.get("platform"):
        return (
            f"no input, option or version differs, but the platform does: {old.get('platform')}, now {new['platform']}"
        )
    return "nothing else that is recorded differs"


def changed(folder: str | Path, manifest: Manifest) -> dict[str, str]:
    """Return the files of an output folder that are not as they were written, and what is wrong (被改动的输出).

    The metadata beside the manifest hold its digest, so that a change of the manifest itself shows, too.
    """
    folder, wrong = Path(folder), "its bytes are not those that were written"
    out = {}
    for name, expected in manifest["result"]["outputs"].items():
        data = _bytes(folder / name)
        if data is None or digest(data) != expected:
            out[name] = "it is missing" if data is None else wrong
    own, crate = _bytes(folder / NAME) or b"", _bytes(folder / CRATE)
    if crate is None:
        out[CRATE] = "it is missing"
    elif digest(own).encode() not in crate:
        out[NAME] = f"it is not the one that {CRATE} describes; one of the two was changed"
    elif crate != to_json(ro_crate(manifest)).encode():
        out[CRATE] = wrong
    return out


def _bytes(path: Path) -> bytes | None:
    """Return what a file holds, None where there is none."""
    try:
        return path.read_bytes() if path.is_file() else None
    except (OSError, ValueError):  # ValueError: no file can have such a name
        return None


def methods(manifest: Manifest) -> tuple[str, str]:
    """Return the methods paragraph of a paper, in Chinese and in English, from what the manifest records (方法说明).

    A sentence about something that is not recorded is left out.
    """
    result = manifest["result"]
    options, version, lexicon = result["options"], result["versions"], result["lexicon"]
    engine, documents = options.get("engine"), len(result["inputs"])
    facts = {
        "version": version.get("govtext"),
        "engine": engine,
        "engine_version": version.get(str(engine)),
        "terms": lexicon["terms"],
        "lexicon": lexicon["sha256"][:12],
        "documents": documents,
        "least": options.get("min_count"),
        "seed": result["seed"],
        "python": version.get("python"),
        "networkx": version.get("networkx"),
    }
    bases = ("各章节", "the sections of the report") if documents == 1 else ("各文档", "the documents of the corpus")
    base = bases if "top" in options else (None, None)
    unit = UNITS.get(str(options.get("unit")), (None, None))
    zh = _paragraph("methods-zh.txt", {**facts, "base": base[0], "unit": unit[0]})
    return "".join(zh), " ".join(_paragraph("methods-en.txt", {**facts, "base": base[1], "unit": unit[1]}))


def _paragraph(name: str, facts: Mapping[str, object]) -> list[str]:
    """Return the sentences of a template, one a line, whose facts are all known."""
    lines = (resources.files("govtext") / "data" / name).read_text(encoding="utf-8").splitlines()
    asked = {line: [field for _, field, _, _ in string.Formatter().parse(line) if field] for line in lines}
    return [line.format(**facts) for line in lines if all(facts[field] is not None for field in asked[line])]


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
    """Return RO-Crate 1.1 metadata of an output folder; its date is of the run, not compared (RO-Crate 元数据).

    They hold the digest of the manifest, which holds those of all other outputs.
    """
    result, finished = manifest["result"], manifest["run"].get("finished")
    own = {"@id": NAME, "@type": "File", "sha256": digest(to_json(manifest).encode())}
    files = [{"@id": name, "@type": "File", "sha256": value} for name, value in sorted(result["outputs"].items())]
    inputs = [
        {"@id": f"#input-{row['id']}", "@type": "CreativeWork", "identifier": row["id"], "sha256": row["sha256"]}
        for row in result["inputs"]
    ]
    software = {
        "@id": "#govtext",
        "@type": "SoftwareApplication",
        "name": "govtext",
        "softwareVersion": result["versions"].get("govtext"),
    }
    action = {
        "@id": "#run",
        "@type": "CreateAction",
        "instrument": {"@id": "#govtext"},
        "object": [{"@id": row["@id"]} for row in inputs],
        "result": [{"@id": row["@id"]} for row in files],
        "endTime": finished,
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": "govtext report",
        "description": methods(manifest)[1],
        "datePublished": finished,
        "hasPart": [{"@id": row["@id"]} for row in (own, *files)],
        "mentions": {"@id": "#run"},
    }
    descriptor = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    graph: list[Mapping[str, object]] = [descriptor, root, own, *files, *inputs, software, action]
    known = [{name: value for name, value in row.items() if value is not None} for row in graph]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": known}
