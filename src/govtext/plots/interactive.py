"""The network as HTML that answers to pointer and keys, offline, for the page and for notebooks (交互网络图)."""

from __future__ import annotations

import base64
from bisect import bisect_left, bisect_right
from functools import lru_cache
from importlib import resources
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from govtext.plots.fonts import web_font
from govtext.plots.picture import picture
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import jinja2
    import networkx as nx

    from govtext.lexicon import Lexicon
    from govtext.plots.picture import Picture
    from govtext.tokens import Tokens, Vocabulary

    Positions = Mapping[str, tuple[float, float]]
    Pairs = Sequence[tuple[str, str]]
    Shared = Callable[[tuple[str, str]], Iterator[tuple[int, Span]]]

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
    shared = [stroke.shared for stroke in drawn.strokes]
    ends = {"least": min(shared, default=1), "most": max(shared, default=1)}
    return _template().render(picture=drawn, tall=tall, passages=found, **ends)


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string(part("html"))


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

    known = {number: term for term in terms if (number := tokens.vocabulary.get(term)) is not None}
    at = np.flatnonzero(np.isin(tokens.term_ids, sorted(known)))
    out: dict[str, list[Span]] = {}
    rows = zip(tokens.term_ids[at].tolist(), tokens.starts[at].tolist(), tokens.ends[at].tolist(), strict=True)
    for number, start, end in rows:
        out.setdefault(known[number], []).append(Span(start, end))
    return out


def passages(
    graph: nx.Graph[str], pairs: Iterable[tuple[str, str]], tokens: Sequence[Tokens], *, evidence: int = EVIDENCE
) -> list[list[Passage]]:
    """Return for each pair the first units it shares, document by document (证据)."""
    listed = list(pairs)
    behind = _windows if graph.graph.get("window") else _units
    shared = behind(graph.graph, listed, tokens)
    return [
        [Passage(n, span, _pieces(tokens[n], span, pair)) for n, span in islice(shared(pair), evidence)]
        for pair in listed
    ]


def _windows(options: Mapping[str, Any], _: Pairs, tokens: Sequence[Tokens]) -> Shared:
    """Return what yields the stretches within a window that two terms share, with the number of the document."""
    from govtext import network

    told: dict[str, Any] = {"unit": options.get("boundary", options.get("unit")), "window": options["window"]}

    def shared(pair: tuple[str, str]) -> Iterator[tuple[int, Span]]:
        terms = list(pair) if options.get("terms") == "listed" else None
        for number, spans in enumerate(network.evidence_of_each(tokens, *pair, terms=terms, **told)):
            yield from ((number, span) for span in spans)

    return shared


def _units(options: Mapping[str, Any], pairs: Pairs, tokens: Sequence[Tokens]) -> Shared:
    """Return what yields the units that two terms share; each document is looked through once for all terms."""
    from govtext.network.units import unit_spans

    terms = sorted({term for pair in pairs for term in pair})
    spans = [unit_spans(one.document, options.get("unit", "sentence")) for one in tokens]
    shared_by = {(id(one.lexicon), id(one.vocabulary)): one for one in tokens}  # documents of a corpus have one of each
    forms = {key: _forms(terms, one.lexicon, one.vocabulary) for key, one in shared_by.items()}
    units = [
        _units_of(one, forms[id(one.lexicon), id(one.vocabulary)], some)
        for one, some in zip(tokens, spans, strict=True)
    ]
    # As `network.evidence` decides: where some document has a term as a policy term, only those mentions count.
    by_kind = {term: options.get("terms") != "listed" and any((term, True) in one for one in units) for term in terms}

    def shared(pair: tuple[str, str]) -> Iterator[tuple[int, Span]]:
        for number, of_term in enumerate(units):
            first, second = (of_term.get((term, by_kind[term]), set()) for term in pair)
            yield from ((number, spans[number][unit]) for unit in sorted(first & second))

    return shared


def _forms(terms: Sequence[str], lexicon: Lexicon, vocabulary: Vocabulary) -> dict[int, list[str]]:
    """Return which of some terms each number of a vocabulary stands for."""
    named: dict[int, list[str]] = {}
    for term in terms:
        for form in {term, lexicon.canonical(term)}:
            if (number := vocabulary.get(form)) is not None:
                named.setdefault(number, []).append(term)
    return named


def _units_of(one: Tokens, named: Mapping[int, list[str]], spans: Sequence[Span]) -> dict[tuple[str, bool], set[int]]:
    """Return the numbers of the units that mention each term as a policy term, and of those that do in any way."""
    import numpy as np

    from govtext.network.units import numbers_within
    from govtext.tokens import POLICY

    at = np.flatnonzero(np.isin(one.term_ids, list(named)))
    columns = (one.term_ids[at], numbers_within(one.starts[at], spans), np.isin(one.kinds[at], POLICY))
    found: dict[tuple[str, bool], set[int]] = {}
    for number, unit, policy in zip(*(column.tolist() for column in columns), strict=True):
        for term in named[number]:
            for kind in (True, False) if policy else (False,):  # all are among those of any kind
                found.setdefault((term, kind), set()).add(unit)
    return {key: units - {-1} for key, units in found.items()}


def _pieces(one: Tokens, span: Span, pair: tuple[str, str]) -> tuple[str, ...]:
    """Return the sentences within a span, or around it, that mention either term; a gap stands for those between."""
    sentences, text = one.document.sentences, one.document.text
    first = bisect_right(sentences, span.start, key=lambda s: s.end)
    last = bisect_left(sentences, span.end, key=lambda s: s.start)
    starts, ends = _mentions(one, sentences[first:last], pair)
    pieces, before = [""], first
    for number in range(first, last):
        at, stop = sentences[number]
        low, high = bisect_left(starts, at), bisect_right(ends, stop)
        if low < high and number > before:
            pieces[-1] += GAP
        for start, end in zip(starts[low:high], ends[low:high], strict=True):
            pieces[-1] += text[at:start]
            pieces += [text[start:end], ""]
            at = end
        if low < high:
            pieces[-1] += text[at:stop].rstrip()
            before = number + 1
    return tuple(pieces)


def _mentions(one: Tokens, sentences: Sequence[Span], pair: tuple[str, str]) -> tuple[list[int], list[int]]:
    """Return where either term of a pair begins and ends in some sentences that follow each other."""
    import numpy as np

    if not sentences:
        return [], []
    low, high = np.searchsorted(one.starts, sentences[0].start), np.searchsorted(one.ends, sentences[-1].end, "right")
    part = slice(int(low), int(max(low, high)))
    ids, mentioned = one.term_ids[part], np.zeros(part.stop - part.start, np.bool_)
    for term in pair:
        if (number := one.vocabulary.get(term)) is not None:
            mentioned |= ids == number
    at = np.flatnonzero(mentioned) + part.start
    return one.starts[at].tolist(), one.ends[at].tolist()
