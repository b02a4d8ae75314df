"""What differs between two manifests, and between a manifest and its folder (比较)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from govtext.provenance.crate import ro_crate
from govtext.provenance.manifest import CRATE, NAME, Manifest, digest, to_json
from govtext.provenance.software import install


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


def compare(recorded: Manifest, found: Manifest) -> list[Difference]:
    """Return what differs between the `result` parts of two manifests, causes before outputs (比较).

    >>> from govtext.lexicon import Lexicon
    >>> from govtext.provenance import record
    >>> options = {"lexicon": Lexicon(), "outputs": {}}
    >>> a, b = (record([], options={"top": n}, **options) for n in (10, 20))
    >>> [str(difference) for difference in compare(a, b)]
    ['options top: 10, now 20']
    """
    old, new = (_flat(manifest["result"]) for manifest in (recorded, found))
    for key in [key for key in new if (key[0] == ENCODINGS or key == LEXICON_FILE) and old.get(key) is None]:
        del new[key]  # the input or lexicon was no file, and files may hold the same
    keys = [key for key in dict.fromkeys([*old, *new]) if _written(old.get(key)) != _written(new.get(key))]
    order = {part: i for i, part in enumerate(PARTS)}
    keys.sort(key=lambda key: (order.get(key[0], len(PARTS)), key[1]))
    return [Difference(*key, old.get(key), new.get(key)) for key in keys]


LEXICON_FILE = ("lexicon", "file")
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
    if _code(recorded) != _code(found):
        return "no input, option or version differs, but the code of govtext does"
    if old.get("platform") != new.get("platform"):
        return (
            f"no input, option or version differs, but the platform does: {old.get('platform')}, now {new['platform']}"
        )
    return "nothing else that is recorded differs"


def _code(manifest: Manifest) -> object:
    """Return the digest of the code that was at work, None where it is not recorded."""
    install = manifest["run"].get("install")
    return install.get("sha256") if isinstance(install, dict) else None


def changed(folder: str | Path, manifest: Manifest) -> dict[str, str]:
    """Return the files of an output folder that are not as they were written, and what is wrong (被改动的输出).

    The metadata beside the manifest hold its digest, so that a change of the manifest itself shows, too.
    """
    folder, wrong, out = Path(folder), "its bytes are not those that were written", {}
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
        # Other code may have written the same facts in another way.
        out[CRATE] = wrong if _code(manifest) == install()["sha256"] else "this code of govtext writes it otherwise"
    return out


def _bytes(path: Path) -> bytes | None:
    """Return what a file holds, None where there is none."""
    try:
        return path.read_bytes() if path.is_file() else None
    except (OSError, ValueError):  # ValueError: no file can have such a name
        return None
