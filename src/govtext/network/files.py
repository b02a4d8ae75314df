"""Networks as files that other programs read, and back (导出与导入)."""

from __future__ import annotations

import csv
import io
import re
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx

from govtext.errors import GovtextError, OptionError, OutputError, ReadError
from govtext.network import markup
from govtext.text import as_cell, from_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Groups = Sequence[set[str]]
    Positions = Mapping[str, tuple[float, float]]

MARK = "\ufeff"  # makes Pajek, VOSviewer and Excel read UTF-8
ILLEGAL_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MAP, NETWORK = "-map.txt", "-network.txt"


def write(
    graph: nx.Graph[str], path: str | Path, *, groups: Groups = (), positions: Positions | None = None
) -> list[Path]:
    """Write a network; the suffix says how (导出).

    `.graphml` and `.gexf` (Gephi, Cytoscape) keep all attributes of nodes and edges; `.net` (Pajek) keeps counts and
    positions; `.csv` is the list of edges with their attributes; `.txt` stands for the two files of VOSviewer,
    `NAME-map.txt` and `NAME-network.txt`. Numbers have six significant digits; equal graphs give equal bytes.

    Args:
        graph: nodes are strings; edges have `count`.
        path: where to write.
        groups: from `communities`: the number of its community becomes an attribute of each node, from 1.
        positions: from `layout`, for `.net` and `.txt`.

    Returns:
        The files written.

    Raises:
        OptionError: no such format.
        OutputError: a file cannot be written.
    """
    return write_each(graph, [path], groups=groups, positions=positions)


def write_each(
    graph: nx.Graph[str], paths: Iterable[str | Path], *, groups: Groups = (), positions: Positions | None = None
) -> list[Path]:
    """Write a network to several files as `write` does (分别导出)."""
    listed, clean = list(map(Path, paths)), _plain(graph, groups)
    for path in listed:
        if path.suffix.lower() not in WRITERS:
            what = f"no network format {path.suffix!r}"
            raise OptionError(what, where=path, remedy=f"choose from {' '.join(WRITERS)}")
    return [file for path in listed for file in _put(path, WRITERS[path.suffix.lower()](clean, positions or {}))]


def _put(path: Path, found: Mapping[str, str]) -> list[Path]:
    out = []
    for ending, text in found.items():
        place = path.with_name(path.stem + ending) if ending else path
        try:
            place.write_bytes(text.encode())
        except OSError as error:
            raise OutputError(f"the network cannot be written ({error.strerror})", where=place) from error
        out.append(place)
    return out


def read(path: str | Path) -> nx.Graph[str]:
    """Read a network that `write` has written, or one of the same form (导入).

    Of the files of VOSviewer either may be named; the other must lie beside it.

    Raises:
        OptionError: no such format.
        ReadError: the file is missing or malformed.
    """
    path = Path(path)
    if path.suffix.lower() not in READERS:
        raise OptionError(f"no network format {path.suffix!r}", where=path, remedy=f"choose from {' '.join(READERS)}")
    try:
        found = READERS[path.suffix.lower()](path)
    except OSError as error:
        raise ReadError(f"the network cannot be read ({error.strerror})", where=path) from error
    except GovtextError:
        raise
    except (ValueError, KeyError, IndexError, SyntaxError, nx.NetworkXException) as error:  # ParseError: a SyntaxError
        what = f"this is no network as {path.suffix} ({error})"
        raise ReadError(what, where=path, remedy="give a file that network.write has written") from error
    of_graph = {name: value for name, value in found.graph.items() if not name.endswith("_default") and name != "mode"}
    graph: nx.Graph[str] = nx.Graph(**of_graph)
    graph.add_nodes_from((node, found.nodes[node]) for node in sorted(found))
    graph.add_edges_from((a, b, found.edges[a, b]) for a, b in sorted((*sorted(edge),) for edge in found.edges))
    return graph


def _plain(graph: nx.Graph[str], groups: Groups) -> nx.Graph[str]:
    """Return a copy in code point order that any format can hold: six digits, no character that XML forbids."""
    home = {node: number for number, group in enumerate(groups, start=1) for node in group}
    clean = {node: _legal(node) for node in graph}
    out: nx.Graph[str] = nx.Graph(**_rounded(graph.graph))
    for node in sorted(graph):
        number = {"community": home[node]} if node in home else {}
        out.add_node(clean[node], **_rounded(graph.nodes[node] | number))
    edges = ((a, b, data) if a <= b else (b, a, data) for a, b, data in graph.edges(data=True))
    rows = out._adj  # what `add_edges_from` does, in a third of the time
    for a, b, data in sorted(edges, key=itemgetter(0, 1)):
        rows[clean[a]][clean[b]] = rows[clean[b]][clean[a]] = _rounded(data)
    return out


def _rounded(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: float(f"{x:.6g}") if isinstance(x, float) else _legal(x) if isinstance(x, str) else x
        for name, x in data.items()
        if x is not None
    }


def _legal(text: str) -> str:
    """Return a text with what XML forbids as an escape."""
    return text if text.isalnum() else ILLEGAL_IN_XML.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


# --- graphml, gexf --------------------------------------------------------------------------------------------------


def to_graphml(graph: nx.Graph[str], _: Positions) -> dict[str, str]:
    """Return the text of a GraphML file."""
    if markup.is_plain(graph):
        return {"": markup.graphml(graph)}
    named = graph.copy()
    nx.set_node_attributes(named, {node: node for node in graph}, "label")  # what Gephi writes beside a node
    out = io.BytesIO()
    nx.write_graphml_xml(named, out)  # not write_graphml, whose bytes depend on whether lxml is installed
    return {"": out.getvalue().decode() + "\n"}


def to_gexf(graph: nx.Graph[str], _: Positions) -> dict[str, str]:
    """Return the text of a GEXF file, without the date that networkx puts into it."""
    if markup.is_plain(graph):
        return {"": markup.gexf(graph)}
    text = "\n".join(nx.generate_gexf(graph)) + "\n"
    return {"": re.sub(r' lastmodifieddate="[^"]*"', "", text, count=1)}


def from_graphml(path: Path) -> nx.Graph[str]:
    """Read a GraphML file; labels that repeat the node are left out."""
    return _unlabelled(nx.read_graphml(path))


def _unlabelled(graph: nx.Graph[str]) -> nx.Graph[str]:
    for node, data in graph.nodes(data=True):
        if data.get("label") == node:
            del data["label"]
    return graph


def from_gexf(path: Path) -> nx.Graph[str]:
    """Read a GEXF file; labels and edge numbers, which repeat what is there, are left out."""
    graph = _unlabelled(nx.read_gexf(path))
    for *_, data in graph.edges(data=True):
        data.pop("id", None)
    return nx.Graph(graph)


# --- pajek ----------------------------------------------------------------------------------------------------------


def to_pajek(graph: nx.Graph[str], positions: Positions) -> dict[str, str]:
    """Return the text of a Pajek file; a quote mark in a label becomes two single ones."""
    lines = [f"*Vertices {len(graph)}"]
    number = {node: i for i, node in enumerate(graph, start=1)}
    for node, i in number.items():
        place = "".join(f" {x:.4f}" for x in positions.get(node, ()))
        lines.append(f'{i} "{_one_line(node).replace(chr(34), chr(39) * 2)}"{place}')
    lines += ["*Edges", *(f"{number[a]} {number[b]} {count:g}" for a, b, count in graph.edges(data="count", default=1))]
    return {"": MARK + "\n".join(lines) + "\n"}


def from_pajek(path: Path) -> nx.Graph[str]:
    """Read the vertices and edges of a Pajek file; the value of an edge becomes its count."""
    graph: nx.Graph[str] = nx.Graph()
    labels: dict[str, str] = {}
    part = ""
    for line in _text(path).splitlines():
        if line.startswith("*"):
            part = line.split()[0].lower()
        elif part == "*vertices" and (match := re.match(r'\s*(\d+)\s+"([^"]*)"', line)):
            labels[match[1]] = match[2]
            graph.add_node(match[2])
        elif part in ("*edges", "*arcs") and line.strip():
            a, b, *value = line.split()
            graph.add_edge(labels[a], labels[b], count=_number(value[0]) if value else 1)
    if not part:
        raise ReadError("the file has no *Vertices", where=path, remedy="give a Pajek network")
    return graph


# --- vosviewer ------------------------------------------------------------------------------------------------------


def to_vosviewer(graph: nx.Graph[str], positions: Positions) -> dict[str, str]:
    """Return the texts of the map and the network file of VOSviewer."""
    number = {node: i for i, node in enumerate(graph, start=1)}
    clusters = "community" in {name for _, data in graph.nodes(data=True) for name in data}
    header = ["id", "label", *(["x", "y"] if positions else []), *(["cluster"] if clusters else [])]
    rows = [[*header, "weight<Links>", "weight<Total link strength>", "weight<Occurrences>"]]
    strength = dict(graph.degree(weight="count"))
    for node, i in number.items():
        data = graph.nodes[node]
        place = [f"{x:.4f}" for x in positions.get(node, (0, 0))] if positions else []
        cluster = [str(data.get("community", ""))] if clusters else []
        figures = (graph.degree(node), strength[node], data.get("count", 0))
        rows.append([str(i), _one_line(node), *place, *cluster, *map(str, figures)])
    edges = [(number[a], number[b], count) for a, b, count in graph.edges(data="count", default=1)]
    links = "".join(f"{a}\t{b}\t{count:g}\n" for a, b, count in edges)
    return {MAP: MARK + "".join("\t".join(row) + "\n" for row in rows), NETWORK: links}


def from_vosviewer(path: Path) -> nx.Graph[str]:
    """Read the map and the network file of VOSviewer."""
    stem = path.name.removesuffix(MAP).removesuffix(NETWORK).removesuffix(".txt")
    header, *rows = (line.split("\t") for line in _text(path.with_name(stem + MAP)).splitlines())
    labels: dict[str, str] = {}
    graph: nx.Graph[str] = nx.Graph()
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        labels[cells["id"]] = cells["label"]
        known = {"community": cells.get("cluster"), "count": cells.get("weight<Occurrences>")}
        graph.add_node(cells["label"], **{name: _number(value) for name, value in known.items() if value})
    for line in _text(path.with_name(stem + NETWORK)).splitlines():
        a, b, value = line.split("\t")
        graph.add_edge(labels[a], labels[b], count=_number(value))
    return graph


# --- csv ------------------------------------------------------------------------------------------------------------


def to_csv(graph: nx.Graph[str], _: Positions) -> dict[str, str]:
    """Return the edges as CSV; a term that a spreadsheet would run as a formula gets an apostrophe before it."""
    names = list(dict.fromkeys(name for *_, data in graph.edges(data=True) for name in data))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["source", "target", *names])
    for a, b, data in graph.edges(data=True):
        writer.writerow([as_cell(a), as_cell(b), *(data.get(name, "") for name in names)])
    return {"": MARK + out.getvalue()}


def from_csv(path: Path) -> nx.Graph[str]:
    """Read a list of edges with the columns source and target; numbers become numbers."""
    graph: nx.Graph[str] = nx.Graph()
    for row in csv.DictReader(io.StringIO(_text(path))):
        a, b = (row.pop(end) for end in ("source", "target"))
        a, b = from_cell(a), from_cell(b)
        graph.add_edge(a, b, **{name: _value(cell) for name, cell in row.items() if cell})
    return graph


def _value(cell: str) -> Any:
    if cell in ("True", "False"):
        return cell == "True"
    try:
        return _number(cell)
    except ValueError:
        return cell


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() and "." not in text and "e" not in text.lower() else value


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig")


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


WRITERS: dict[str, Callable[[nx.Graph[str], Positions], dict[str, str]]] = {
    ".graphml": to_graphml,
    ".gexf": to_gexf,
    ".net": to_pajek,
    ".csv": to_csv,
    ".txt": to_vosviewer,
}
READERS: dict[str, Callable[[Path], nx.Graph[str]]] = {
    ".graphml": from_graphml,
    ".gexf": from_gexf,
    ".net": from_pajek,
    ".csv": from_csv,
    ".txt": from_vosviewer,
}
