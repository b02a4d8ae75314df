"""A manifest read from its folder, and whether it is one (读取清单)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path, PurePath

from govtext.errors import ReadError
from govtext.provenance.manifest import FORMAT, NAME, Manifest


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
