"""Models on disk without pickle: a JSON file that a person can read, and beside it arrays or a skops file (模型存取).

Nothing in such a file can run code: JSON holds plain values, `.npz` is read with `allow_pickle=False`, and a pipeline
is rebuilt by skops from the types of scikit-learn and those the caller trusts by name. The JSON file holds a digest of
itself and of its companion: what was changed after saving is refused. A digest proves no origin: whoever can replace
both files can replace the model.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from functools import lru_cache
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from govtext.classify.ngrams import NgramModel
from govtext.errors import ModelError, OptionError, OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.resources.abc import Traversable

    Arrays = Mapping[str, Any]

FORMAT = 1  # raised whenever an older reader would misread a newer file
NGRAMS, CLASSIFIER, PIPELINE = "ngrams", "section-classifier", "pipeline"
AGAIN = "train and save it again with this version"


def save(model: Any, path: str | Path, *, about: str = "") -> None:
    """Save a model as a JSON file and its companion beside it (保存模型).

    An `NgramModel` and a fitted `SectionClassifier` become JSON and `.npz`; any other scikit-learn estimator or
    pipeline becomes JSON and `.skops`.

    Args:
        model: what to save.
        path: the JSON file; its name ends in .json. Both files are replaced.
        about: what the model was trained on and how, for whoever loads it.

    Raises:
        OptionError: the name does not end in .json, or the model is not fitted.
        OutputError: the files cannot be written.
    """
    target = Path(path)
    if target.suffix != ".json":
        raise OptionError(f"a model is not saved as {target.name}", remedy="end the name in .json")
    kind, facts, companion = _taken_apart(model)
    companion_path = target.with_suffix(".skops" if kind == PIPELINE else ".npz")
    sheet = {
        "format": FORMAT,
        "kind": kind,
        "govtext": metadata.version("govtext"),
        "about": about or facts.pop("about", ""),
        "companion": {"file": companion_path.name, "sha256": hashlib.sha256(companion).hexdigest()},
        "facts": facts,
    }
    try:
        target.write_text(_written(sheet | {"digest": _digest(sheet)}), encoding="utf-8")
        companion_path.write_bytes(companion)
    except OSError as error:
        raise OutputError(f"the model cannot be written ({error.strerror})", where=target) from error


def load(path: str | Path, *, segment: Any = None, trusted: Sequence[str] = ()) -> Any:
    """Load a model that `save` wrote (读取模型).

    Args:
        path: the JSON file; its companion lies beside it.
        segment: the segmenter of a `SectionClassifier`; it must have the lexicon that it was trained with.
        trusted: names of types, as `module.Class`, that a pipeline may hold besides those of scikit-learn.

    Raises:
        ModelError: a file is missing, was changed after saving, is no model, was made for another version, or holds
            types that nobody trusts.
    """
    source = Path(path)
    return _put_together(source, source.parent, segment=segment, trusted=trusted)


@lru_cache(maxsize=4)
def bundled(name: str) -> NgramModel:
    """Return a model that is shipped with the package (随包模型)."""
    folder = resources.files("govtext") / "data"
    model: NgramModel = _put_together(folder / f"{name}.json", folder)
    return model


def _taken_apart(model: Any) -> tuple[str, dict[str, Any], bytes]:
    if isinstance(model, NgramModel):
        facts: dict[str, Any] = {"bias": model.bias, "longest": model.longest, "about": model.about}
        return NGRAMS, facts, _npz({"keys": model.keys, "weights": model.weights})
    if type(model).__name__ == "SectionClassifier" and hasattr(model, "state"):
        state, arrays = model.state()
        return CLASSIFIER, state, _npz(arrays)
    import sklearn
    import skops.io

    return PIPELINE, {"scikit_learn": sklearn.__version__}, skops.io.dumps(model)


def _put_together(source: Traversable, folder: Traversable, *, segment: Any = None, trusted: Sequence[str] = ()) -> Any:
    sheet = _sheet(source)
    facts, data = sheet["facts"], _companion(sheet, source, folder)
    try:
        if sheet["kind"] == NGRAMS:
            arrays = _arrays(data, source)
            return _ngrams(facts, arrays, str(sheet["about"]))
        if sheet["kind"] == CLASSIFIER:
            from govtext.classify.classifier import SectionClassifier

            return SectionClassifier.of_state(facts, _arrays(data, source), segment=segment)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        if isinstance(error, OptionError):
            raise
        raise ModelError(f"the parts do not fit together ({error})", where=source, remedy=AGAIN) from error
    if sheet["kind"] == PIPELINE:
        return _pipeline(facts, data, source, trusted)
    raise ModelError(f"the kind {sheet['kind']!r} is unknown", where=source, remedy=AGAIN)


def _ngrams(facts: Mapping[str, Any], arrays: Arrays, about: str) -> NgramModel:
    keys, weights = arrays["keys"], arrays["weights"]
    if keys.dtype != np.uint64 or keys.shape != weights.shape or not np.all(keys[1:] > keys[:-1]):
        raise ValueError("keys and weights")
    return NgramModel(keys, weights.astype(np.float32), float(facts["bias"]), int(facts["longest"]), about)


# --- the JSON file --------------------------------------------------------------------------------------------------


def _written(sheet: Mapping[str, Any]) -> str:
    return json.dumps(sheet, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _digest(sheet: Mapping[str, Any]) -> str:
    return hashlib.sha256(_written(sheet).encode()).hexdigest()


def _sheet(source: Traversable) -> dict[str, Any]:
    """Read and check the JSON file of a model."""
    try:
        sheet = json.loads(source.read_bytes())
    except OSError as error:
        raise ModelError(f"the model cannot be read ({error.strerror})", where=source) from error
    except (ValueError, RecursionError) as error:
        raise ModelError("this is no JSON file of a model", where=source, remedy="give the .json file") from error
    if not isinstance(sheet, dict) or not {"format", "kind", "facts", "companion", "about"} <= set(sheet):
        raise ModelError("this is no JSON file of a model", where=source, remedy="give the .json file that was saved")
    if not isinstance(sheet["facts"], dict) or not isinstance(sheet["companion"], dict):
        raise ModelError("facts and companion are no objects", where=source, remedy="take the original, or train again")
    if sheet["format"] != FORMAT:
        what = f"made for format {sheet['format']!r} (govtext {sheet.get('govtext')}); this version reads {FORMAT}"
        raise ModelError(what, where=source, remedy=AGAIN)
    if sheet.pop("digest", None) != _digest(sheet):
        raise ModelError("the file was changed after saving", where=source, remedy="take the original, or train again")
    return sheet


def _companion(sheet: Mapping[str, Any], source: Traversable, folder: Traversable) -> bytes:
    """Read the other file of a model; its name is that of the JSON file but for the suffix."""
    suffix = ".skops" if sheet["kind"] == PIPELINE else ".npz"
    path = folder / (Path(source.name).stem + suffix)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"the companion cannot be read ({error.strerror})", where=path, remedy="keep both files"
        ) from error
    if hashlib.sha256(data).hexdigest() != sheet["companion"].get("sha256"):
        raise ModelError(
            "the file is not the one that was saved", where=path, remedy="take the original, or train again"
        )
    return data


# --- the companions -------------------------------------------------------------------------------------------------


def _npz(arrays: Arrays) -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def _arrays(data: bytes, source: Traversable) -> Arrays:
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise ModelError(f"the arrays cannot be read ({error})", where=source, remedy=AGAIN) from error


def _pipeline(facts: Mapping[str, Any], data: bytes, source: Traversable, trusted: Sequence[str]) -> Any:
    import sklearn
    import skops.io

    if facts.get("scikit_learn") != sklearn.__version__:
        what = f"made with scikit-learn {facts.get('scikit_learn')}; here is {sklearn.__version__}"
        raise ModelError(what, where=source, remedy="install that version, or train and save it again")
    unknown = sorted(set(skops.io.get_untrusted_types(data=data)) - set(trusted))
    if unknown:
        remedy = "name them in trusted= if you know that they do no harm"
        raise ModelError(
            f"the pipeline holds types that are not trusted: {', '.join(unknown)}", where=source, remedy=remedy
        )
    return skops.io.loads(data, trusted=list(trusted))
