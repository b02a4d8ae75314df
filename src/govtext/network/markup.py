"""Networks as GraphML and GEXF text: what networkx writes, in a twentieth of its time (标记语言).

networkx builds an element of every value, puts blanks between them, and walks through all of them several times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import networkx as nx

TYPES = {int: "long", float: "double", str: "string", bool: "boolean"}
NUMBERS = frozenset((int, float))
# Names that mean more than an attribute in GEXF; a graph that has them is left to networkx.
SPECIAL = frozenset(("id", "label", "pid", "parents", "viz", "spells", "slices", "start", "end", "type", "key"))
INFINITE = {"inf": "INF", "-inf": "-INF", "nan": "NaN"}
ESCAPED = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
)
GRAPHML = """\
<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
GEXF = """\
<?xml version='1.0' encoding='utf-8'?>
<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://www.gexf.net/1.2draft http://www.gexf.net/1.2draft/gexf.xsd" version="1.2">
<meta><creator>govtext</creator></meta>
<graph defaultedgetype="undirected" mode="static" name="">
"""


def is_plain(graph: nx.Graph[str]) -> bool:
    """Tell whether a graph is simple and its attributes are text and numbers with names of their own (能否直写)."""
    if graph.is_directed() or graph.is_multigraph() or graph.graph.keys() & {"node_default", "edge_default", "id"}:
        return False
    rows = [graph.graph, *(data for _, data in graph.nodes(data=True)), *(data for *_, data in graph.edges(data=True))]
    names = {(name, type(value)) for row in rows for name, value in row.items()}
    return all(type(name) is str and name not in SPECIAL and kind in TYPES for name, kind in names)


class _Keys(dict[tuple[str, type, str], str]):
    """The number of each attribute by its name, its type, and what it is of; numbered as they are met."""

    def __missing__(self, key: tuple[str, type, str]) -> str:
        self[key] = number = str(len(self))
        return number


def graphml(graph: nx.Graph[str]) -> str:
    """Return a graph as GraphML; it must be plain (写成 GraphML)."""
    keys, rows = _Keys(), ['<graph edgedefault="undirected">\n']
    for node, data in graph.nodes(data=True):
        named = {**data, "label": node}  # what Gephi writes beside a node
        rows.append(f'<node id="{_escaped(node)}">{_data(named, "node", keys)}</node>\n')
    for a, b, data in graph.edges(data=True):
        ends = f'source="{_escaped(a)}" target="{_escaped(b)}"'
        rows.append(f"<edge {ends}>{_data(data, 'edge', keys)}</edge>\n")
    rows.append(_data(graph.graph, "graph", keys) + "\n</graph>\n</graphml>\n")
    head = "".join(
        f'<key id="d{number}" for="{of}" attr.name="{name.translate(ESCAPED)}" attr.type="{TYPES[kind]}"/>\n'
        for (name, kind, of), number in keys.items()
    )
    return GRAPHML + head + "".join(rows)


def _escaped(text: str) -> str:
    """Return a text as XML holds it; a term of letters alone, as most are, is looked at in a fraction of the time."""
    return text if text.isalnum() else text.translate(ESCAPED)


def _data(data: Mapping[str, Any], of: str, keys: _Keys) -> str:
    return "".join(
        [f'<data key="d{keys[name, type(value), of]}">{_text(value)}</data>' for name, value in data.items()]
    )


def _text(value: object) -> str:
    text = str(value)
    return text if type(value) in NUMBERS else _escaped(text)


def gexf(graph: nx.Graph[str]) -> str:
    """Return a graph as GEXF 1.2; it must be plain (写成 GEXF)."""
    keys = _Keys()
    nodes = [
        f'<node id="{name}" label="{name}">{_values(data, "node", keys)}</node>\n'
        for name, data in ((_escaped(node), data) for node, data in graph.nodes(data=True))
    ]
    edges = list(_gexf_edges(graph, keys))
    head = "".join(_attributes(of, keys) for of in ("node", "edge"))
    parts = (GEXF, head, "<nodes>\n", *nodes, "</nodes>\n<edges>\n", *edges, "</edges>\n</graph>\n</gexf>\n")
    return "".join(parts)


def _gexf_edges(graph: nx.Graph[str], keys: _Keys) -> Iterator[str]:
    for number, (a, b, data) in enumerate(graph.edges(data=True)):
        weight = f' weight="{_value(data["weight"])}"' if "weight" in data else ""
        ends = f'source="{_escaped(a)}" target="{_escaped(b)}" id="{number}"'
        rest = {name: value for name, value in data.items() if name != "weight"}
        yield f"<edge {ends}{weight}>{_values(rest, 'edge', keys)}</edge>\n"


def _values(data: Mapping[str, Any], of: str, keys: _Keys) -> str:
    found = [f'<attvalue for="{keys[name, type(value), of]}" value="{_value(value)}"/>' for name, value in data.items()]
    return f"<attvalues>{''.join(found)}</attvalues>" if found else ""


def _value(value: object) -> str:
    text = _text(value)
    if type(value) is bool:
        return text.lower()
    return INFINITE.get(text, text) if type(value) is float else text


def _attributes(of: str, keys: _Keys) -> str:
    """Return the declarations of the attributes of nodes or edges."""
    found = [(name, kind, number) for (name, kind, about), number in keys.items() if about == of]
    rows = (f'<attribute id="{n}" title="{name.translate(ESCAPED)}" type="{TYPES[k]}"/>\n' for name, k, n in found)
    return f'<attributes class="{of}" mode="static">\n{"".join(rows)}</attributes>\n' if found else ""
