"""Labels, what they mean and the words that speak for them: a TSV file that people can replace (分类体系)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from govtext.errors import LexiconError
from govtext.text import changed, decode, normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable

    from govtext.document import Document

Weights = tuple[tuple[str, float], ...]
UNWEIGHTED = 2.0  # the weight of a word without one: 3 is a sure sign, 1 a weak one
WORK_REPORT = "政府工作报告"
# How a government work report opens: 现在，我代表省人民政府，向大会报告工作，请予审议
_OPENING = re.compile(r"代表[^。！\n]{0,20}(?:政府|国务院)[^。！\n]{0,12}(?:报告(?:政府)?工作|作政府工作报告|作报告)")
_OPENING_WITHIN = 2000  # characters; page furniture and an agenda may stand before it


@dataclass(frozen=True, slots=True)
class Topic:
    """One label of a taxonomy and the words that speak for it (类目).

    Attributes:
        seeds: words with their weights, that count wherever they stand.
        headings: words that count only in a heading; there they replace a seed of the same form.
        name, description: its Chinese name, and what belongs to it, for people.
        prior: its score before anything is read.
    """

    label: str
    seeds: Weights
    headings: Weights = ()
    name: str = ""
    description: str = ""
    prior: float = 0.0


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """An immutable list of topics; for roles in the usual order of the parts of a text (分类体系).

    `name` says in the output which taxonomy a label belongs to: rule-of-law, work-report, roles, or the name of the
    file that was read.

    >>> Taxonomy.default().labels[:3]
    ('leadership', 'functions', 'rulemaking')
    """

    topics: tuple[Topic, ...]
    name: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """The codes of the topics, in order."""
        return tuple(topic.label for topic in self.topics)

    @classmethod
    def read(cls, path: str | Path) -> Taxonomy:
        """Read a taxonomy from a TSV file with a header line (读取分类体系).

        The columns `label` and `seeds` are needed; `name_zh`, `description`, `prior` and `headings` are optional. Seeds
        and headings are words parted by |, each with its weight after a colon (`行政复议:3`), or 2. Lines that begin
        with # are remarks.

        Raises:
            LexiconError: the file cannot be read, or a line is malformed or repeats a label.
        """
        return cls(_topics(Path(path)), Path(path).stem)

    @classmethod
    def default(cls) -> Taxonomy:
        """Return the themes of 法治政府建设实施纲要(2021—2025年), chapter by chapter (默认体系)."""
        return _shipped("taxonomy-rule-of-law.tsv")

    @classmethod
    def work_report(cls) -> Taxonomy:
        """Return the themes of a government work report, from 宏观经济 to 政府自身建设 (工作报告体系)."""
        return _shipped("taxonomy-work-report.tsv")

    @classmethod
    def of(cls, document: Document) -> Taxonomy:
        r"""Return the shipped themes that fit the genre of a document (按文种选定).

        Those of a government work report, if its metadata call it one or it opens like one; else `default()`.

        >>> from govtext.document import parse
        >>> Taxonomy.of(parse("2024年政府工作报告\n一、2023年工作回顾")).name
        'work-report'
        """
        opens = _OPENING.search(document.text, 0, _OPENING_WITHIN)
        known = document.metadata.genre
        return cls.work_report() if known == WORK_REPORT or (known is None and opens) else cls.default()

    @classmethod
    def roles(cls) -> Taxonomy:
        """Return the roles preamble, review, duty, problem and plan (段落功能)."""
        return _shipped("taxonomy-roles.tsv")


@lru_cache(maxsize=4)
def _shipped(file: str) -> Taxonomy:
    name = file.removeprefix("taxonomy-").removesuffix(".tsv")
    return Taxonomy(_topics(resources.files("govtext") / "data" / file), name)


def _topics(source: Traversable) -> tuple[Topic, ...]:
    out: dict[str, Topic] = {}
    for place, cells in rows_of(source, ("label", "seeds"), ("name_zh", "description", "prior", "headings")):
        label = cells["label"].strip()
        if not label or label in out:
            what = f"the label {label!r} stands in an earlier line, too" if label else "the label is missing"
            raise LexiconError(what, where=place, remedy="give every label one line")
        seeds, headings = _weights(cells["seeds"], place), _weights(cells.get("headings", ""), place)
        prior = number(cells.get("prior") or "0", place)
        out[label] = Topic(label, seeds, headings, cells.get("name_zh", ""), cells.get("description", ""), prior)
    return tuple(out.values())


def rows_of(
    source: Traversable, needed: Sequence[str], optional: Sequence[str] = ()
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of a TSV file, each with its place for messages."""
    try:
        text = normalise(decode(source.read_bytes(), where=source)[0])
    except OSError as error:
        what = f"the table cannot be read ({error.strerror})"
        raise LexiconError(what, where=source, remedy="give the path of a TSV file") from error
    lines = [(f"{source}, line {n}", line) for n, line in enumerate(text.split("\n"), start=1)]
    rows = [(place, line.split("\t")) for place, line in lines if line.strip() and not line.startswith("#")]
    place, header = rows[0] if rows else (str(source), [])
    if set(needed) - set(header) or set(header) - {*needed, *optional} or len(set(header)) < len(header):
        remedy = f"name the columns, parted by tabs: {' '.join(needed)}, and any of {' '.join(optional)}"
        raise LexiconError(f"the header is {' '.join(header) or 'missing'}", where=place, remedy=remedy)
    for place, row in rows[1:]:
        if len(row) > len(header):
            what = f"{len(row)} fields, but the header has {len(header)}"
            raise LexiconError(what, where=place, remedy="part the columns by one tab each")
        yield place, dict.fromkeys(header, "") | dict(zip(header, row, strict=False))


def _weights(cell: str, place: str) -> Weights:
    """Read `行政复议:3|调解` as words with their weights."""
    out: dict[str, float] = {}
    for part in filter(None, map(str.strip, cell.split("|"))):
        word, colon, weight = part.rpartition(":")
        word, value = (word, number(weight, place)) if colon else (part, UNWEIGHTED)
        if not bare(word) or word in out:
            what = f"“{word}” stands twice in one cell" if bare(word) else f"{part!r} has no word"
            raise LexiconError(what, where=place, remedy="write each word once, as word:weight")
        out[word] = value
    return tuple(out.items())


def number(text: str, place: str) -> float:
    """Read the weight in a cell (权重)."""
    if not re.fullmatch(r"[-+]?\d{1,4}(\.\d+)?", text.strip(), re.ASCII):
        raise LexiconError(f"the weight is {text!r}", where=place, remedy="write a number such as 2 or 0.5")
    return float(text)


_MARKS = (*((mark, "") for mark in "“”‘’\"'"), *zip(",:;()?!", "，：；（）？！", strict=True))


def bare(text: str) -> str:
    """Return a text without blanks and quote marks, with Chinese punctuation: “八五”普法 and 八五普法 are one word."""
    text = "".join(text.split())
    for mark, instead in _MARKS:  # many times faster than translate, and than an expression
        text = text.replace(mark, instead)
    return text


def bare_each(texts: Sequence[str]) -> list[str]:
    """Return each of some texts as `bare` does (各自去空)."""
    return changed(bare, texts)
