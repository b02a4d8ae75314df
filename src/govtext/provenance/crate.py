"""RO-Crate metadata of an output folder (RO-Crate 元数据)."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from govtext.provenance.manifest import CRATE, NAME, digest, to_json
from govtext.provenance.wording import methods

if TYPE_CHECKING:
    from collections.abc import Mapping

    from govtext.provenance.manifest import Manifest


def ro_crate(manifest: Manifest) -> Manifest:
    """Return RO-Crate 1.1 metadata of an output folder; its date is of the run, not compared (RO-Crate 元数据).

    They hold the digest of the manifest, which holds those of all other outputs.
    """
    result, finished = manifest["result"], manifest["run"].get("finished")
    own = _file(NAME, digest(to_json(manifest).encode()))
    files = [_file(name, value) for name, value in sorted(result["outputs"].items())]
    inputs = [_input(row) for row in result["inputs"]]
    software = {
        "@id": "#govtext",
        "@type": "SoftwareApplication",
        "name": "govtext",
        "softwareVersion": result["versions"].get("govtext"),
    }
    action = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": "govtext report",
        "instrument": _links(software),
        "object": _links(*inputs),
        "result": _links(own, *files),
        "endTime": finished,
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": "govtext report",
        "description": methods(manifest)[1],
        "datePublished": finished,
        "license": _links(RIGHTS),
        "hasPart": _links(own, *files),
        "mentions": _links(action),
    }
    descriptor = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    graph: list[Mapping[str, object]] = [descriptor, root, own, *files, *inputs, software, action, RIGHTS]
    known = [{name: value for name, value in row.items() if value is not None} for row in graph]
    return {"@context": CONTEXT, "@graph": known}


# The context of RO-Crate 1.1 is older than this term of schema.org.
CONTEXT = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "http://schema.org/sha256"}]
RIGHTS = {
    "@id": "#rights",
    "@type": "CreativeWork",
    "name": "No licence stated",
    "description": "Whoever publishes this folder decides on a licence. The texts of the inputs are quoted in it and "
    "remain with those who issued them.",
}
FORMATS = {
    ".csv": "text/csv",
    ".gexf": "application/xml",
    ".graphml": "application/xml",
    ".html": "text/html",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}


def _links(*rows: Mapping[str, object]) -> object:
    """Return references to entities: of one the reference itself, otherwise a list."""
    links = [{"@id": row["@id"]} for row in rows]
    return links[0] if len(links) == 1 else links


def _file(name: str, sha256: str) -> dict[str, object]:
    return {
        "@id": quote(name, errors="surrogatepass"),
        "@type": "File",
        "name": name,
        "encodingFormat": FORMATS.get(PurePath(name).suffix),
        "sha256": sha256,
    }


def _input(row: Mapping[str, Any]) -> dict[str, object]:
    """Return an input as an entity of its own: it lies outside the folder."""
    given = row["metadata"]
    return {
        "@id": f"#input-{quote(row['id'], safe='', errors='surrogatepass')}",
        "@type": "CreativeWork",
        "name": given.get("title") or row["id"],
        "identifier": row["id"],
        "sha256": row["sha256"],
    }
