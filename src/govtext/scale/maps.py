"""The pure maps over the documents of a shard: cut, count, rank; each leaves one file (分片映射).

Whoever runs them, and in what order, the files are the same; one that is there is not made again. `cut` needs the texts
alone, `count` the vocabulary of the whole corpus, `rank` the document frequencies of all phrases.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from copy import copy
from dataclasses import asdict, fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from govtext import counts
from govtext.corpus import read
from govtext.document import reading
from govtext.errors import GovtextError, OptionError
from govtext.keywords import contenders as kw
from govtext.keywords.candidates import LEAST_COHESION, Candidates, Line, line_of, npmi_of, pair_information
from govtext.keywords.weighting import parts_of
from govtext.network.partial import mentioned, pairs_within
from govtext.scale.partial import COLUMNS, TOTALS, Counts, Pairs, keys_of, merge, summed
from govtext.scale.shards import digest, job_of, metadata_of
from govtext.scale.store import Packed, Store, pack, shrunk
from govtext.tokens import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    import scipy.sparse as sp
    from numpy.typing import NDArray

    from govtext.document import Document
    from govtext.keywords import Keyword
    from govtext.keywords.weighting import Part
    from govtext.scale.shards import File, Settings, Shard
    from govtext.tokens import Tokens

    Ints = NDArray[np.int64]

IS_TERM = 128  # beside the roles of a token
BITS = 8  # at the start of a hash, by which phrases are parted when they are merged


# --- first: documents to counts -------------------------------------------------------------------------------------


def cut(address: str, job_name: str, shard: Shard) -> str:
    """Read and cut the documents of a shard; leave their tokens as numbers, and their counts (切分)."""
    job = job_of(address, job_name)
    segment = copy(job.segment)  # other threads may use it
    segment.vocabulary = Vocabulary()  # that of the corpus is made of counts; this one must not grow for ever
    documents, rows, failures = _read(shard.files, job.settings.convert)
    tokens = [segment(document) for document in documents]
    found = counted(tokens, job.settings, size=sum(row["bytes"] for row in rows))
    job.store.put(f"counts-{shard.key}", found.counts.packed())
    plain = {
        "documents": rows,
        "failures": failures,
        "terms": found.counts.terms,
        "parts": found.parts,
    }
    job.store.put(f"cut-{shard.key}", pack(plain, found.arrays))
    return shard.key


def _read(files: Sequence[File], convert: str | None) -> tuple[list[Document], list[dict[str, Any]], list[list[str]]]:
    """Read files; return the documents, what is recorded of each, and what went wrong with the others."""
    documents, rows, failures = [], [], []
    for file in files:
        try:
            document = read(file.path, id=file.id, metadata=metadata_of(file), convert=convert)
        except OptionError:
            raise
        except GovtextError as error:
            failures.append([type(error).__name__, error.what, error.where, error.remedy, file.name])
            continue
        documents.append(document)
        known = document.metadata
        rows.append(
            {
                "id": document.id,
                "name": file.name,
                "order": [known.year or 0, known.place or "", document.id],
                "given": asdict(document.given),
                "known": asdict(known),
                "characters": len(document.text),
                "bytes": len(document.text.encode()),
                "notes": [[f.code, f.message, f.message_en] for f in reading(document)],
            }
        )
    return documents, rows, failures


class Found(NamedTuple):
    """What was counted in a shard, and its tokens as numbers."""

    counts: Counts
    parts: list[int]
    arrays: dict[str, NDArray[Any]]


def counts_of(tokens: Sequence[Tokens], settings: Settings) -> Counts:
    """Count documents: the pure map of which `merge` adds up the results (部分计数).

    >>> from govtext.document import parse
    >>> from govtext.scale import Settings, merge
    >>> from govtext.tokens import Segmenter
    >>> a, b = ([Segmenter()(parse(text, id=text))] for text in ("法治政府。", "法治政府和营商环境。"))
    >>> both = merge(counts_of(part, Settings()) for part in (a, b))
    >>> dict(zip(both.terms, both.column("document_frequency").tolist(), strict=True))
    {'和': 1, '法治政府': 2, '营商环境': 1}
    """
    return counted(tokens, settings, size=sum(len(one.document.text.encode()) for one in tokens)).counts


def counted(tokens: Sequence[Tokens], settings: Settings, *, size: int) -> Found:
    """Count documents, and return their tokens as numbers in the vocabulary of the shard, too (计数)."""
    parts = parts_of(list(tokens))
    totals = dict.fromkeys(TOTALS, 0) | {"documents": len(tokens), "bytes": size}
    if not parts:
        empty = Counts([], np.zeros((0, len(COLUMNS)), np.int64), Pairs.none(), totals)
        arrays = _columns(_no_line(), [], []) | _table_columns("matrix", len(tokens)) | _table_columns("network", 0)
        return Found(empty, [], arrays | {"nodes": np.zeros(0, np.uint8), "width": np.zeros(1, np.uint8)})
    matrix, terms = counts.term_matrix(tokens)
    place = {term: number for number, term in enumerate(terms)}
    line, neighbours = _laid(parts, place, settings)
    row_of = np.array([part.row for part in parts], np.int64)
    mentions = mentioned(tokens, settings.scope)
    is_word = np.concatenate([counts.counted(part.tokens) for part in parts])
    table = np.zeros((len(terms), len(COLUMNS)), np.int64)
    table[:, 0] = np.asarray(matrix.sum(axis=0)).ravel()
    table[:, 1] = np.bincount(matrix.indices, minlength=len(terms))
    table[:, 2] = _parts_with(line.ids[is_word], line.part[is_word], (len(parts), len(terms)))
    table[:, 3] = kw.single_frequency(line, row_of[line.part], len(terms))
    nodes = np.array([place[name] for name in mentions.names], np.int64)
    table[nodes, 4:] = np.stack(mentions[1:5], axis=1) if len(nodes) else 0
    totals |= {
        "sections": len(parts),
        "words": int(table[:, 0].sum()),
        "characters": counts.characters(tokens),
        "units": mentions.total,
        "neighbours": int(neighbours.counts.sum()),
    }
    arrays = _columns(line, [part.tokens for part in parts], terms)
    arrays |= _table_columns("matrix", len(tokens), matrix) | _table_columns("network", len(nodes), mentions.table)
    arrays |= {"nodes": shrunk(nodes), "width": np.array([mentions.table.shape[1]])}
    return Found(Counts(terms, table, neighbours, totals), row_of.tolist(), arrays)


def _laid(parts: Sequence[Part], place: dict[str, int], settings: Settings) -> tuple[Line, Pairs]:
    """Return the tokens of parts in the vocabulary of the shard, and how often words stand side by side.

    Marks, blanks and furniture, which no list of terms has, share the number after the last.
    """
    stop = None if settings.stopwords is None else frozenset(settings.stopwords)
    line = line_of([part.tokens for part in parts], stop=stop)
    used = np.flatnonzero(np.bincount(line.ids, minlength=len(line.strings)))
    of_id = np.zeros(len(line.strings), np.int64)
    of_id[used] = [place.get(line.strings[i], len(place)) for i in used.tolist()]
    found = pair_information(line)
    neighbours = summed([Pairs(keys_of(of_id[found.first], of_id[found.second]), found.count)])
    return replace(line, ids=of_id[line.ids], strings=[*place, ""]), neighbours


def _no_line() -> Line:
    empty = np.zeros(0, np.int64)
    return Line(empty, [""], empty.astype(np.uint8), empty.astype(np.bool_), np.zeros(0), empty, empty)


def _parts_with(ids: Ints, part: Ints, shape: tuple[int, int]) -> Ints:
    """Return in how many parts each term occurs, given the part of each token, which rises."""
    import scipy.sparse as sp

    starts = np.searchsorted(part, np.arange(shape[0] + 1))
    of_term = sp.csr_matrix((np.ones(len(ids), np.int8), ids, starts), shape=shape).tocsc()
    new = np.ones(len(ids) + 1, np.int64)  # whether a term is met in a part for the first time
    new[1:-1] = of_term.indices[1:] != of_term.indices[:-1]
    new[of_term.indptr] = 1
    found = np.concatenate(([0], np.cumsum(new[:-1])))
    times: Ints = np.diff(found[of_term.indptr])
    return times


def _columns(line: Line, parts: Sequence[Tokens], terms: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Return a line as arrays that take little room."""
    none = [np.zeros(0, np.int32)]
    starts, ends = (np.concatenate([getattr(part, name) for part in parts] or none) for name in ("starts", "ends"))
    weights = np.zeros(len(terms) + 1)
    weights[line.ids] = line.weights
    return {
        "ids": shrunk(line.ids),
        "roles": line.roles | (line.is_term * np.uint8(IS_TERM)),
        "starts": starts,
        "lengths": shrunk(ends - starts),
        "part": np.array([len(part) for part in parts], np.int64),
        "weights": weights,
    }


def _table_columns(name: str, rows: int, table: sp.csr_matrix | None = None) -> dict[str, NDArray[Any]]:
    """Return a sparse table as arrays; without one it is empty."""
    if table is None or not table.nnz:
        empty = np.zeros(0, np.uint8)
        return {f"{name} stops": np.zeros(rows + 1, np.uint32), f"{name} columns": empty, f"{name} values": empty}
    arrays = {"stops": table.indptr, "columns": table.indices, "values": table.data}
    return {f"{name} {key}": shrunk(values) for key, values in arrays.items()}


def _table(file: Packed, name: str, columns: int) -> sp.csr_matrix:
    """Return the sparse table of a file."""
    import scipy.sparse as sp

    stops, indices = (file.array(f"{name} {key}").astype(np.int32) for key in ("stops", "columns"))
    return sp.csr_matrix(
        (file.array(f"{name} values").astype(np.int32), indices, stops), shape=(len(stops) - 1, columns)
    )


def _line(file: Packed) -> Line:
    """Return the line of a file."""
    terms = file.plain["terms"]
    ids, roles = file.array("ids").astype(np.int64), file.array("roles")
    sizes = np.array([*map(len, terms), 0], np.int64)
    part = np.repeat(np.arange(len(file.plain["parts"])), file.array("part"))
    is_term = (roles & IS_TERM) > 0
    return Line(ids, [*terms, ""], roles & ~np.uint8(IS_TERM), is_term, file.array("weights")[ids], part, sizes[ids])


# --- second: with the vocabulary fixed ------------------------------------------------------------------------------


class Fixed(NamedTuple):
    """What is fixed once the whole corpus was counted (固定的词表).

    Attributes:
        terms: the vocabulary, in code point order.
        single: int64[terms], in how many documents each may be a keyword by itself.
        nodes: bool[terms], which are nodes of the network.
        loose: uint64, rising: the neighbours that stand together less often than by chance.
        documents: how many documents there are.
    """

    terms: list[str]
    single: Ints
    nodes: NDArray[np.bool_]
    loose: NDArray[np.uint64]
    documents: int


def fix(store: Store, counts_name: str, settings: Settings) -> str:
    """Fix the vocabulary and what depends on it; return the name of the file (固定词表)."""
    name = f"fixed-{counts_name}"
    if name in store.names():
        return name
    found = Counts.read(store, counts_name)
    first, second = found.neighbours.ends
    befores, afters = (
        np.bincount(ends, weights=found.neighbours.counts, minlength=len(found.terms)).astype(np.int64)
        for ends in (first, second)
    )
    npmi = npmi_of(found.neighbours.counts, befores[first], afters[second], max(found.totals["neighbours"], 1))
    units = found.column("units")
    often = np.flatnonzero((units >= settings.min_count) & (units > 0))
    chosen = often[np.lexsort((often, -units[often]))][: settings.max_nodes]
    nodes = np.zeros(len(found.terms), np.bool_)
    nodes[chosen] = True
    arrays = {
        "single": shrunk(found.column("candidate_frequency")),
        "nodes": nodes,
        "loose": found.neighbours.keys[npmi < LEAST_COHESION],
    }
    store.put(name, pack({"terms": found.terms, "documents": found.totals["documents"]}, arrays))
    return name


@lru_cache(maxsize=2)
def fixed(address: str, name: str) -> Fixed:
    """Return what was fixed; each process reads it once (读取词表)."""
    file = Packed.of(Store(address), name)
    single, nodes = file.array("single").astype(np.int64), file.array("nodes")
    return Fixed(file.plain["terms"], single, nodes, file.array("loose"), file.plain["documents"])


def count(address: str, job_name: str, key: str, fixed_name: str) -> str:
    """Count in the vocabulary of the corpus: pairs of nodes, phrases, rows of the matrix; leave three files (计数)."""
    job, known = job_of(address, job_name), fixed(address, fixed_name)
    file = Packed.of(job.store, f"cut-{key}")
    numbers = _numbers(file.plain["terms"], known.terms)
    tag = digest(fixed_name, key)
    job.store.put(f"pairs-{tag}", _pairs(file, numbers, known, job.settings))
    arrays = _contenders(job.store, tag, file, numbers, known, job.settings.top) if job.settings.top else {}
    rows = numbers[file.array("matrix columns")].astype(np.uint32)
    job.store.put(f"counted-{tag}", pack({}, arrays | {"matrix": rows}))
    return tag


def _contenders(store: Store, tag: str, file: Packed, numbers: Ints, known: Fixed, top: int) -> dict[str, NDArray[Any]]:
    """Leave a file of phrases with their document frequencies; return what may be among the best as arrays."""
    line = _line(file)
    found = kw.all_candidates(line, _documents_of(file), _loose(line, numbers, known))
    hashes = kw.hashes_of(line, found, numbers)
    keys, times = kw.phrase_frequency(found, hashes)
    stops = np.searchsorted(keys >> np.uint64(64 - BITS), np.arange((1 << BITS) + 1)).tolist()
    store.put(f"phrases-{tag}", pack({"stops": stops}, {"keys": keys, "counts": shrunk(times)}))
    single = np.ones(len(found.first), np.int64)
    words = np.flatnonzero(found.words == 1)
    of_word = numbers[line.ids[found.first[words]]]
    single[words[of_word < len(known.terms)]] = known.single[of_word[of_word < len(known.terms)]]
    kept = kw.contenders(line, found, hashes, single, n=top, size=known.documents)
    columns = {field.name: shrunk(getattr(kept.found, field.name)) for field in fields(Candidates)}
    return columns | {"hashes": kept.hashes, "single": shrunk(kept.single)}


def _numbers(terms: Sequence[str], vocabulary: list[str]) -> Ints:
    """Return the number of each term in the vocabulary, both in code point order; one more for what is no term."""
    out = np.empty(len(terms) + 1, np.int64)
    at = 0
    for number, term in enumerate(terms):
        at = bisect_left(vocabulary, term, at)
        out[number] = at
    out[-1] = len(vocabulary)
    return out


def _documents_of(file: Packed) -> Ints:
    """Return the document that each token of a file is of."""
    parts = np.array(file.plain["parts"], np.int64)
    return np.repeat(parts, file.array("part"))


def _loose(line: Line, numbers: Ints, known: Fixed) -> NDArray[np.bool_]:
    """Tell which tokens repel the next one in the whole corpus."""
    out = np.zeros(len(line.ids), np.bool_)
    if len(known.loose) and len(out):
        ids = numbers[line.ids]
        keys = keys_of(ids[:-1], ids[1:])
        at = np.minimum(np.searchsorted(known.loose, keys), len(known.loose) - 1)
        out[:-1] = known.loose[at] == keys
    return out


def _pairs(file: Packed, numbers: Ints, known: Fixed, settings: Settings) -> bytes:
    """Return the counts of pairs of nodes as the bytes of a file."""
    nodes = file.array("nodes").astype(np.int64)
    wanted = np.flatnonzero(known.nodes[numbers[nodes]]) if len(nodes) else nodes
    found = Pairs.none()
    if len(wanted):
        table = _table(file, "network", int(file.array("width")[0]))
        first, second, shared = pairs_within(table, wanted, settings.scope)
        ids = numbers[nodes[wanted]]
        found = summed([Pairs(keys_of(ids[first], ids[second]), shared)])
    return pack({}, {"keys": found.keys, "counts": shrunk(found.counts)})


def read_pairs(store: Store, name: str, low: int = 0, high: int | None = None) -> Pairs:
    """Read counts of pairs or phrases (读取词对)."""
    file = Packed.of(store, name)
    return Pairs(file.array("keys", low, high), file.array("counts", low, high).astype(np.int64))


# --- merges ---------------------------------------------------------------------------------------------------------


def merge_counts(address: str, names: Sequence[str], name: str) -> str:
    """Add up some files of counts (合并计数)."""
    store = Store(address)
    store.put(name, merge(Counts.read(store, one) for one in names).packed())
    return name


def merge_pairs(address: str, names: Sequence[str], name: str) -> str:
    """Add up some files of pairs (合并词对)."""
    store = Store(address)
    found = summed([read_pairs(store, one) for one in names])
    store.put(name, pack({}, {"keys": found.keys, "counts": shrunk(found.counts)}))
    return name


def merge_phrases(address: str, names: Sequence[str], name: str, low: int, high: int) -> str:
    """Add up the phrases whose hashes begin with `low` to `high`; those in one document are left out (合并短语)."""
    store = Store(address)
    found = []
    for one in names:
        stops = Packed.of(store, one).plain["stops"]
        found.append(read_pairs(store, one, stops[low], stops[high]))
    whole = summed(found)
    often = whole.counts > 1
    store.put(name, pack({}, {"keys": whole.keys[often], "counts": shrunk(whole.counts[often])}))
    return name


# --- third: with the document frequencies known ---------------------------------------------------------------------


def rank(address: str, job_name: str, key: str, fixed_name: str, phrases: Sequence[str]) -> str:
    """Rank the keywords of the documents of a shard; leave a file with one line of JSON a document (排序)."""
    job, known = job_of(address, job_name), fixed(address, fixed_name)
    tag = digest(fixed_name, key)
    file, counted_file = (Packed.of(job.store, name) for name in (f"cut-{key}", f"counted-{tag}"))
    found = Candidates(*(_widened(counted_file.array(field.name)) for field in fields(Candidates)))
    kept = kw.Contenders(found, counted_file.array("hashes"), counted_file.array("single").astype(np.int64))
    starts = file.array("starts")
    ids = [row["id"] for row in file.plain["documents"]]
    laid = kw.Laid(_line(file), starts, starts + file.array("lengths"), ids, file.plain["parts"])
    frequency = np.where(kept.single > 0, kept.single, _frequency(address, kept.hashes, phrases))
    rows: dict[str, list[list[object]]] = {id_: [] for id_ in ids}
    for one in kw.best(laid, kept, frequency, size=known.documents, n=job.settings.top):
        rows[one.document].append(_plain(one))
    lines = [json.dumps(rows[id_], ensure_ascii=False).encode("utf-8", "surrogatepass") for id_ in ids]
    stops = np.cumsum([0, *map(len, lines)])
    text = np.frombuffer(b"".join(lines), np.uint8)
    job.store.put(f"keywords-{tag}", pack({}, {"stops": shrunk(stops), "text": text}))
    return tag


def _widened(values: NDArray[Any]) -> NDArray[Any]:
    """Return the whole numbers of a file as they are computed with."""
    return values if values.dtype.kind == "f" else values.astype(np.int64)


def _frequency(address: str, hashes: NDArray[np.uint64], names: Sequence[str]) -> Ints:
    """Return in how many documents phrases occur; what was left out occurs in one."""
    out = np.ones(len(hashes), np.int64)
    store = Store(address)
    for name in names:
        table = read_pairs(store, name)
        if len(table.keys):
            at = np.minimum(np.searchsorted(table.keys, hashes), len(table.keys) - 1)
            known = table.keys[at] == hashes
            out[known] = table.counts[at[known]]
    return out


def _plain(one: Keyword) -> list[object]:
    """Return a keyword as JSON can hold it; `document` and `section` are known."""
    parts = (one.free, one.idf, one.form, one.spread)
    return [one.rank, one.term, one.score, one.count, one.document_frequency, one.spans, *parts]
