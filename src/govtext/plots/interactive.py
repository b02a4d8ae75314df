"""The network as HTML that answers to pointer and keys, offline, for the page and for notebooks (交互网络图)."""

from __future__ import annotations

import base64
from bisect import bisect_left, bisect_right
from importlib import resources
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from govtext.plots.fonts import web_font
from govtext.plots.picture import picture
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import networkx as nx

    from govtext.plots.picture import Picture
    from govtext.tokens import Tokens

    Positions = Mapping[str, tuple[float, float]]

EVIDENCE = 5  # units shown behind each edge
GAP = "…"


class Passage(NamedTuple):
    """One unit that two terms share: its sentences with either of them (证据段).

    Attributes:
        document: the number of its document among the tokens.
        span: the unit.
        pieces: the text; every second piece is a mention.
    """

    document: int
    span: Span
    pieces: tuple[str, ...]


def interactive(
    graph: nx.Graph[str],
    *,
    positions: Positions,
    communities: Sequence[set[str]] = (),
    tokens: Tokens | Iterable[Tokens] = (),
    evidence: int = EVIDENCE,
) -> str:
    """Return a network as HTML for a notebook: `IPython.display.HTML(plots.interactive(...))` (交互网络图).

    Pointing at a term shows its neighbours, a slider hides weak edges, a click on an edge shows its sentences; arrow
    keys go from term to term and Enter through the edges of one. Nothing is loaded from anywhere.

    Args:
        graph: nodes, and edges with `count`; a large one needs `skeleton`.
        positions: from `network.layout`.
        communities: from `network.communities`, for the colours.
        tokens: those that the graph was built from; without them there are no sentences.
        evidence: the most units that are shown behind an edge.
    """
    from govtext.counts import listed

    drawn = picture(graph, positions=positions, communities=communities)
    rows = listed(tokens)
    several = len(rows) > 1
    found = [
        [
            {"pieces": p.pieces, "href": "", "length": 0, "title": rows[p.document].document.id if several else ""}
            for p in some
        ]
        for some in passages(graph, pairs_of(drawn), rows, evidence=evidence)
    ]
    body = fragment(drawn, found if rows else ())
    font = base64.b64encode(web_font(body)).decode()
    face = f'@font-face {{ font-family: "Govtext Net"; src: url(data:font/woff;base64,{font}) format("woff"); }}'
    look = '.net { font-family: "Govtext Net", sans-serif; } .net .en { margin-left: .4em; opacity: .7; }'
    return f"<style>\n{face}\n{look}\n{part('css')}</style>\n{body}\n<script>{part('js')}</script>\n"


def part(kind: str) -> str:
    """Return the style sheet (css), the script (js) or the template (html) of the network."""
    return (resources.files("govtext") / "data" / f"network.{kind}").read_text(encoding="utf-8")


def fragment(drawn: Picture, found: Sequence[Sequence[Mapping[str, Any]]], *, tall: Picture | None = None) -> str:
    """Return the markup of a network: the picture, a slider, and a list of edges with their passages.

    Args:
        drawn: the picture.
        found: for each stroke its passages: `pieces`, `href`, `title` of the source, `length` of what is linked to;
            empty for none at all.
        tall: the same network for narrow screens, which show it instead.
    """
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    shared = [stroke.shared for stroke in drawn.strokes]
    template = environment.from_string(part("html"))
    ends = {"least": min(shared, default=1), "most": max(shared, default=1)}
    return template.render(picture=drawn, tall=tall, passages=found, **ends)


def pairs_of(drawn: Picture) -> list[tuple[str, str]]:
    """Return the terms at the ends of each stroke."""
    return [(drawn.dots[stroke.a].term, drawn.dots[stroke.b].term) for stroke in drawn.strokes]


def places(tokens: Tokens, terms: Iterable[str]) -> dict[str, list[Span]]:
    """Return where each of some terms stands in a document; terms that it lacks are left out (术语位置).

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> places(Segmenter()(parse("建设法治政府。")), ["法治政府", "营商环境"])
    {'法治政府': [Span(start=2, end=6)]}
    """
    import numpy as np

    wanted, strings = set(terms), tokens.vocabulary.strings
    used = [i for i in np.unique(tokens.term_ids).tolist() if strings[i] in wanted]
    at = np.flatnonzero(np.isin(tokens.term_ids, used))
    out: dict[str, list[Span]] = {}
    rows = zip(tokens.term_ids[at].tolist(), tokens.starts[at].tolist(), tokens.ends[at].tolist(), strict=True)
    for number, start, end in rows:
        out.setdefault(strings[number], []).append(Span(start, end))
    return out


def passages(
    graph: nx.Graph[str], pairs: Iterable[tuple[str, str]], tokens: Sequence[Tokens], *, evidence: int = EVIDENCE
) -> list[list[Passage]]:
    """Return for each pair the first units it shares, document by document (证据)."""
    return [list(islice(_passages(graph.graph, pair, tokens), evidence)) for pair in pairs]


def _passages(options: Mapping[str, Any], pair: tuple[str, str], tokens: Sequence[Tokens]) -> Iterator[Passage]:
    from govtext import network

    terms = list(pair) if options.get("terms") == "listed" else None
    unit, window = options.get("boundary", options.get("unit", "sentence")), options.get("window")
    for number, one in enumerate(tokens):
        for span in network.evidence(one, *pair, unit=unit, window=window, terms=terms):
            yield Passage(number, span, _pieces(one, span, pair))


def _pieces(one: Tokens, span: Span, pair: tuple[str, str]) -> tuple[str, ...]:
    """Return the sentences within a span, or around it, that mention either term; a gap stands for those between."""
    sentences, text = one.document.sentences, one.document.text
    first = bisect_right(sentences, span.start, key=lambda s: s.end)
    last = bisect_left(sentences, span.end, key=lambda s: s.start)
    pieces, before = [""], first
    for number in range(first, last):
        at = sentences[number].start
        mentions = [token for token in one.within(sentences[number]) if token.term in pair]
        if mentions and number > before:
            pieces[-1] += GAP
        for token in mentions:
            pieces[-1] += text[at : token.start]
            pieces += [token.text, ""]
            at = token.end
        if mentions:
            pieces[-1] += text[at : sentences[number].end].rstrip()
            before = number + 1
    return tuple(pieces)
