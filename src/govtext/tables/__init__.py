"""Lists of results as tidy tables (表格).

`frame` and the functions beside it make rows of results; `to_csv`, `to_json`, `to_xlsx` write every column of them for
programs; `printed` makes of them the table of a paper, and `to_latex`, `to_markdown`, `write` print it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from govtext.document import LEVELS, reading
from govtext.tables.cells import Row, plain
from govtext.tables.files import columns_to_csv, columns_to_file, read_sheet, to_csv, to_json, write_sheet
from govtext.tables.latex import to_latex
from govtext.tables.printed import Column, Table, printed, to_markdown, to_workbook, write
from govtext.tables.row import Columns, columns_of
from govtext.tables.row import cells_of as _cells
from govtext.tables.row import row_of as _row
from govtext.tables.workbook import to_xlsx
from govtext.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import networkx as nx
    import pandas as pd

    from govtext.citations import Citation
    from govtext.classify import Label
    from govtext.compare import IndicatorPair, Promise, Reuse
    from govtext.document import Document, Finding
    from govtext.keywords import Keyword
    from govtext.tokens import Tokens

__all__ = [
    "AGREEMENT",
    "ATTENTION",
    "AUDIT",
    "CHECKS",
    "CITATIONS",
    "EVIDENCE",
    "INDICATORS",
    "INDICATOR_PAIRS",
    "INFO",
    "KEYNESS",
    "KEYWORDS",
    "LINT",
    "NETWORK",
    "OUTLINE",
    "PROMISES",
    "REUSE",
    "SECTIONS",
    "SEGMENT",
    "TERMS",
    "TERM_CHANGES",
    "Column",
    "Columns",
    "Row",
    "Table",
    "citation_rows",
    "columns_of",
    "columns_to_csv",
    "columns_to_file",
    "edge_columns",
    "edges",
    "evidence",
    "findings",
    "frame",
    "info",
    "keyword_rows",
    "label_columns",
    "labels",
    "outline",
    "pair_rows",
    "pair_words",
    "plain",
    "printed",
    "promise_rows",
    "promise_words",
    "read_sheet",
    "reuse_rows",
    "reuse_words",
    "rows",
    "segments",
    "to_csv",
    "to_json",
    "to_latex",
    "to_markdown",
    "to_workbook",
    "to_xlsx",
    "write",
    "write_sheet",
]


def frame(results: Iterable[Any]) -> pd.DataFrame:
    r"""Return any list of results as a tidy DataFrame, one row a result (数据框).

    The fields of a result become columns; a span becomes `start` and `end`; a tuple of strings is joined by |.

    >>> from govtext.document import lint, parse
    >>> frame(lint(parse("一、总则\n为了公开。\n三、附则\n自公布之日起施行。")))[["start", "code"]].values.tolist()
    [[11, 'gap']]
    """
    import pandas as pd

    rows = list(results)
    if rows and isinstance(rows[0], Span):
        return pd.DataFrame(rows, columns=["start", "end"])
    return pd.DataFrame([_row(result) for result in rows])


# --- the rows of each table of the command --------------------------------------------------------------------------

OUTLINE = ("start", "end", "level", "numeral", "heading", "parent", "run_in", "path")
INFO = ("field", "value", "start", "end")
LINT = ("start", "code", "message", "message_en", "end")
SEGMENT = ("start", "end", "token", "term", "kind")
KEYWORDS = (
    "document", "section", "rank", "term", "score", "count", "document_frequency", "spans", "free", "idf", "form",
    "spread",
)  # fmt: skip
KEYNESS = (
    "term", "count", "reference_count", "log_ratio", "g2", "q", "p", "z", "relative_frequency",
    "reference_relative_frequency",
)  # fmt: skip
NETWORK = ("source", "target", "count", "weight")
EVIDENCE = ("document", "start", "end", "text")
SECTIONS = (
    "start",
    "end",
    "theme",
    "theme_probability",
    "role",
    "role_probability",
    "theme_why",
    "role_why",
    "text_head",
    "theme_taxonomy",
)
INDICATORS = (
    "start", "end", "text", "value", "unit", "kind", "approx", "name", "name_start", "name_end",
    "bound", "subject_start", "subject_end", "period", "comparison", "actor", "section",
    "number_start", "number_end", "unit_start", "unit_end",
)  # fmt: skip
CHECKS = ("start", "end", "code", "verdict", "message", "message_en", "expected", "figures")
CITATIONS = (
    "start", "end", "text", "type", "title", "verb", "role", "own", "doc_number", "mention", "first_start", "first_end",
    "expansion", "expansion_start", "expansion_end",
)  # fmt: skip


TERMS = (
    "term", "score", "count", "document_frequency", "quoted", "evidence", "known", "category", "cohesion", "freedom",
    "places", "contexts",
)  # fmt: skip
TERM_CHANGES = (
    "term", "a", "b", "difference", "p", "q", "change", "count", "reference_count", "rank", "reference_rank", "moved",
    "g2", "log_ratio", "category",
)  # fmt: skip
INDICATOR_PAIRS = (
    "document", "other", "name", "value", "other_value", "unit", "difference", "growth", "claimed", "claim", "score",
    "kind", "other_name", "text", "other_text", "start", "end", "other_start", "other_end", "claimed_start",
    "claimed_end",
)  # fmt: skip
PROMISES = (
    "document", "next_document", "name", "verdict", "target", "actual", "unit", "actual_unit", "score", "promised",
    "reported", "why", "why_en", "kind", "bound", "start", "end", "passage_start", "passage_end", "found_start",
    "found_end", "found_passage_start", "found_passage_end",
)  # fmt: skip
REUSE = (
    "document", "source", "relation", "same", "similarity", "places", "common", "directed", "text", "start", "end",
    "source_start", "source_end",
)  # fmt: skip
ATTENTION = (
    "group", "topic", "boilerplate", "share", "low", "high", "character_share", "character_low", "character_high",
    "sentences", "about", "documents", "unit",
)  # fmt: skip
AUDIT = ("code", "term", "count", "other", "message", "message_en", "places")
AGREEMENT = ("coders", "units", "measure", "value")


def outline(document: Document) -> list[Row]:
    """Return the heading tree as rows (大纲)."""
    return [_row(section) | {"path": section.path} for section in document.sections]


def info(document: Document) -> list[Row]:
    """Return what is known about a document, counts, how it was read, its page furniture, one row a fact (概况)."""
    meta = document.metadata
    rows: list[Row] = [{"field": "id", "value": document.id}]
    rows += [{"field": field.name, "value": getattr(meta, field.name)} for field in fields(meta)]
    levels = Counter(section.level for section in document.sections)
    rows += [
        {"field": "characters", "value": len(document.text)},
        {"field": "paragraphs", "value": len(document.paragraphs)},
        {"field": "sentences", "value": len(document.sentences)},
        {"field": "sections", "value": len(document.sections)},
        *({"field": f"sections_{level}", "value": levels[level]} for level in LEVELS if levels[level]),
    ]
    rows += [
        {"field": f.code, "value": f"{f.message} / {f.message_en}", "start": f.span.start, "end": f.span.end}
        for f in reading(document)
    ]
    spans = [s for s in document.furniture if not any(copy.covers(s) for copy in document.copies)]
    return rows + [
        {"field": "furniture", "value": s.of(document.text).strip(), "start": s.start, "end": s.end} for s in spans
    ]


def findings(results: Iterable[Finding]) -> list[Row]:
    """Return lint findings as rows (检查结果)."""
    return [_row(finding) for finding in results]


def segments(tokens: Tokens) -> list[Row]:
    """Return one row a token (词例)."""
    from govtext.tokens import KINDS

    kinds = tokens.kinds.tolist()
    return [
        {"start": t.start, "end": t.end, "token": t.text, "term": t.term, "kind": KINDS[k]}
        for t, k in zip(tokens, kinds, strict=True)
    ]


def keyword_rows(keywords: Iterable[Keyword]) -> list[Row]:
    """Return one row a keyword; the section is empty for a whole document (关键词)."""
    return [_row(keyword) for keyword in keywords]


def rows(results: Iterable[Any]) -> list[Row]:
    """Return any list of results as rows, one a result (行)."""
    return [_row(result) for result in results]


def pair_rows(pairs: Iterable[IndicatorPair], documents: Iterable[Document]) -> list[Row]:
    """Return one row a pair of figures, with the words around each (指标对照)."""
    listed = list(pairs)
    return _beside_rows(listed, pair_words(listed, documents))


def pair_words(pairs: Iterable[IndicatorPair], documents: Iterable[Document]) -> Columns:
    """Return the columns of words around the figures of pairs (指标对照的原文)."""
    known = {document.id: document.text for document in documents}
    found = [(_beside(known[p.document], p.span), _beside(known[p.other], p.other_span)) for p in pairs]
    return _named(("text", "other_text"), found)


def promise_rows(promises: Iterable[Promise], documents: Iterable[Document]) -> list[Row]:
    """Return one row a promise, with the words around it and around what the next report says (承诺与落实)."""
    listed = list(promises)
    return _beside_rows(listed, promise_words(listed, documents))


def promise_words(promises: Iterable[Promise], documents: Iterable[Document]) -> Columns:
    """Return the columns of words around promises and around what the next report says (承诺的原文)."""
    known = {document.id: document.text for document in documents}
    found = [
        (
            _beside(known[p.document], p.span),
            _beside(known[p.next_document], p.found_span) if p.found_span else "",
        )
        for p in promises
    ]
    return _named(("promised", "reported"), found)


def reuse_rows(reuses: Iterable[Reuse], documents: Iterable[Document]) -> list[Row]:
    """Return one row a shared passage, with its words in the later document (文本复用)."""
    listed = list(reuses)
    return _beside_rows(listed, reuse_words(listed, documents))


def reuse_words(reuses: Iterable[Reuse], documents: Iterable[Document]) -> Columns:
    """Return the column of the words of shared passages in the later document (复用的原文)."""
    known = {document.id: document.text for document in documents}
    return _named(("text",), [(" ".join(r.span.of(known[r.document]).split()),) for r in reuses])


def _named(names: Sequence[str], rows: Sequence[Sequence[object]]) -> Columns:
    """Return rows as columns."""
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def _beside_rows(results: Sequence[object], columns: Columns) -> list[Row]:
    """Return results as rows, each with its cells of some more columns."""
    more = zip(*columns.values(), strict=True)
    return [_row(result) | dict(zip(columns, cells, strict=True)) for result, cells in zip(results, more, strict=True)]


BEFORE, AFTER = 24, 12  # characters shown around a figure


def _beside(text: str, span: Span) -> str:
    """Return a figure with the words around it that stand in its sentence."""
    before = text[max(0, span.start - BEFORE) : span.start]
    after = text[span.end : span.end + AFTER]
    head = max((before.rfind(mark) for mark in "。；\n"), default=-1) + 1
    tail = min((at for mark in "。；\n" if (at := after.find(mark)) >= 0), default=len(after))
    return (before[head:] + span.of(text) + after[:tail]).strip()


def citation_rows(citations: Iterable[Citation]) -> list[Row]:
    """Return one row a mention of a title, number or phrase (引用)."""
    return [_row(citation) | _cells("first_span", citation.first) for citation in citations]


def edges(graph: nx.Graph[str]) -> list[Row]:
    """Return one row an edge, the strongest first (边)."""
    rows = [{"source": min(a, b), "target": max(a, b), **data} for a, b, data in graph.edges(data=True)]
    return sorted(rows, key=lambda row: (-row["count"], -row["weight"], row["source"], row["target"]))


def edge_columns(graph: nx.Graph[str]) -> Columns:
    """Return the columns `NETWORK` of the rows that `edges` makes (边的列)."""
    links = graph.edges(data=True)
    found = sorted(
        (-d["count"], -d["weight"], a, b) if a < b else (-d["count"], -d["weight"], b, a) for a, b, d in links
    )
    counts, weights, sources, targets = zip(*found, strict=True) if found else ((), (), (), ())
    return {
        "source": list(sources),
        "target": list(targets),
        "count": [-count for count in counts],
        "weight": [-weight for weight in weights],
    }


def evidence(tokens: Tokens | Iterable[Tokens], a: str, b: str, **options: Any) -> list[Row]:
    """Return one row a unit that two terms share, with its text; options as for `network.evidence` (证据)."""
    from govtext import network
    from govtext.counts import listed

    rows = listed(tokens)
    spans = zip(rows, network.evidence_of_each(rows, a, b, **options), strict=True)
    found = [(one.document, span) for one, some in spans for span in some]
    return [{"document": d.id, "start": s.start, "end": s.end, "text": s.of(d.text).strip()} for d, s in found]


def labels(document: Document, themes: Sequence[Label], roles: Sequence[Label], *, least: float = 0.0) -> list[Row]:
    """Return one row a paragraph with its theme and role; a label below the least probability stays empty (分类)."""
    columns = label_columns(document, themes, roles, least=least)
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def label_columns(
    document: Document, themes: Sequence[Label], roles: Sequence[Label], *, least: float = 0.0
) -> Columns:
    """Return the columns of the rows that `labels` makes (分类的列)."""
    text, spans = document.text, [theme.span for theme in themes]
    return {
        "start": [span.start for span in spans],
        "end": [span.end for span in spans],
        "theme": [one.label if one.probability >= least else "" for one in themes],
        "theme_probability": [one.probability for one in themes],
        "role": [one.label if one.probability >= least else "" for one in roles],
        "role_probability": [one.probability for one in roles],
        "theme_why": ["|".join(one.why) for one in themes],
        "role_why": ["|".join(one.why) for one in roles],
        "text_head": [text[start:end].strip()[:20] for start, end in spans],
        "theme_taxonomy": [one.taxonomy for one in themes],
    }
