"""A study: everything that a run is told, checked as a whole (研究)."""

from __future__ import annotations

import datetime
import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, PlainValidator, model_validator
from pydantic import WithJsonSchema as Schema

from govtext.corpus import NamePattern
from govtext.document import Metadata
from govtext.errors import Mistake, StudyError
from govtext.study.mistakes import Reason, WrongError, lines_of
from govtext.study.options import Choices, Model, Text, Words, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from govtext.errors import Place

NAME = "study.toml"
SHA256 = "^[0-9a-f]{64}$"


def _path_alone(value: object) -> object:
    return {"path": value} if isinstance(value, str) else value


def _date(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime.date) else value


def _jobs(value: object) -> int:
    if type(value) is not int:
        raise WrongError("int_type")
    if value == 0 or value < -1:
        raise WrongError("jobs")
    return value


def _pattern(value: object) -> str | None:
    if value is None:
        return None
    wrong = NamePattern.mistake(text(value))
    if wrong is not None:
        raise WrongError("names" if wrong else "no_field", wrong, ", ".join(NamePattern.FIELDS))
    return text(value)


class Input(Model):
    """An input of a study: a file by id and sha256, or a path (输入).

    Attributes:
        path: a file, a folder, a pattern or a table such as corpus.csv, below the root of the study.
        id: what the document is called.
        sha256: the digest of its bytes; a file that has another one is not read.
        title, doc_number, issuer, addressee, date, place, year, genre, source: what is known about it.
    """

    path: Text | None = None
    id: Text | None = None
    sha256: str | None = Field(default=None, pattern=SHA256)
    title: Text | None = None
    doc_number: Text | None = None
    issuer: Text | None = None
    addressee: Text | None = None
    date: Annotated[Text | None, BeforeValidator(_date)] = None
    place: Text | None = None
    year: int | None = None
    genre: Text | None = None
    source: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _a_path_alone(cls, value: object) -> object:
        return _path_alone(value)

    @property
    def names_a_path(self) -> bool:
        """Whether it is a path alone, of which nothing else is said."""
        return self.path is not None and self.id is None and self.metadata == Metadata()

    @property
    def metadata(self) -> Metadata:
        """What is known about the document, and the digest that its file must have."""
        return Metadata(**{f.name: getattr(self, f.name, None) for f in fields(Metadata)})


class LexiconFile(Model):
    """A lexicon by its path, and the digest of its bytes (词典文件)."""

    path: Text
    sha256: str | None = Field(default=None, pattern=SHA256)

    @model_validator(mode="before")
    @classmethod
    def _a_path_alone(cls, value: object) -> object:
        return _path_alone(value)


LINE = re.compile(r"line\s(\d+)")  # where the TOML reader stopped


class Study(Choices):
    """Everything that a run is told; each option has this name in TOML, on the command line and in Python (研究).

    Raises:
        StudyError: options are unknown, missing or have values that are not allowed; it names all of them.

    >>> Study(inputs=["reports"], top=10).inputs[0].path
    'reports'
    >>> Study(top=-1, engines="jieba")
    Traceback (most recent call last):
    ...
    govtext.errors.StudyError: top: 不得小于 0，而不是 -1 / it is at least 0, not -1
    engines: 没有这个选项，是否为 engine？ / there is no such option; is engine meant?
    """

    govtext: str | None = Field(default=None, description="The release that wrote the file. 写出此文件的版本")
    inputs: Annotated[tuple[Input, ...], BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v)] = Field(
        default=(), description="Files by id and sha256, or paths below the root; none: the reference corpus. 输入"
    )
    corpus: Text | None = Field(
        default=None, description="The root of the inputs; by default the folder of this file. 输入文件的根文件夹"
    )
    names: Annotated[str | None, PlainValidator(_pattern), Schema({"type": "string"})] = Field(
        default=None, description="Metadata from file names, such as {year}_{place}.txt. 文件名模式"
    )
    convert: Text | None = Field(default=None, description="Convert characters with OpenCC, such as t2s. 繁简转换")
    lexicon: LexiconFile | None = Field(default=None, description="A TSV of policy terms. 自备词典")
    stopwords: Words = Field(default=None, description="A stop list, one word a line, or its words. 停用词表或词")
    output: Text = Field(default="govtext-report", description="The folder to write. 输出文件夹")
    jobs: Annotated[int, PlainValidator(_jobs), Schema({"type": "integer", "minimum": -1})] = Field(
        default=1, description="Worker processes; -1: one a core. 并行进程数"
    )
    stream: bool = Field(
        default=False, description="Count in shards a corpus larger than memory; no page a document. 分片计数大语料"
    )
    scheduler: Text | None = Field(
        default=None, description="A Dask scheduler that gives the shards to workers: tcp://HOST:PORT. Dask 调度器"
    )
    work: Text | None = Field(
        default=None, description="Where partial counts are kept: a folder or an fsspec address. 部分计数的存放处"
    )
    fresh: bool = Field(default=False, description="Compute everything again. 不用缓存，全部重算")
    cache: Text | None = Field(default=None, description="The folder of the cache. 缓存文件夹")
    cache_limit: int = Field(
        default=1024, ge=0, description="What the cache may hold, in megabytes; 0: there is none. 缓存上限（MB）"
    )

    @classmethod
    def read(cls, path: str | Path) -> Study:
        """Read a study file; the paths in it count from its folder (读取研究文件).

        Raises:
            StudyError: it cannot be read, is no TOML, or has mistakes; every one is named with its line.
        """
        file = Path(path)
        try:
            written = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError, ValueError) as error:
            why = Reason.of(error)
            zh, en = f"研究文件无法读取（{why.zh}）", f"the study file cannot be read ({why.en})"
            raise StudyError([Mistake(str(file), (), zh, en)]) from error
        return cls.parse(written, where=str(file)).below(file.absolute().parent)

    @classmethod
    def parse(cls, toml: str, *, where: str = NAME) -> Study:
        """Return the study that a TOML text describes, its paths as they stand (解析).

        >>> Study.parse("top = 5").top
        5
        """
        try:
            data = tomllib.loads(toml)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            what = str(error) or "too deep"
            at = LINE.search(what)
            zh = f"不是合格的 TOML（第 {at[1]} 行）" if at else "不是合格的 TOML"
            raise StudyError([Mistake(where, (), zh, f"this is no TOML: {what}")]) from error
        try:
            return cls(**data)
        except StudyError as error:
            lines = lines_of(toml)
            found = sorted(error.mistakes, key=lambda mistake: _line(lines, mistake.place))
            placed = [one._replace(where=f"{where}, line {_line(lines, one.place)}") for one in found]
            raise StudyError(placed) from None

    def below(self, folder: Path) -> Study:
        """Return the study with its paths made absolute, as seen from a folder (绝对路径)."""
        given = self.model_dump(exclude_unset=True)
        for name in ("corpus", "output", "cache"):
            if isinstance(given.get(name), str):
                given[name] = str(folder / given[name])
        if isinstance(given.get("work"), str) and "://" not in given["work"]:
            given["work"] = str(folder / given["work"])
        if isinstance(given.get("stopwords"), str):
            given["stopwords"] = str(folder / given["stopwords"])
        if self.lexicon:
            given["lexicon"]["path"] = str(folder / self.lexicon.path)
        return Study(**{"corpus": str(folder)} | given)

    @classmethod
    def _names(cls) -> set[str]:
        return {*cls.model_fields, *Input.model_fields}

    @classmethod
    def _mistakes(cls, values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        return _input_mistakes(values.get("inputs"))

    @property
    def streams(self) -> bool:
        """Whether the corpus is counted in shards; a cluster does nothing else."""
        return self.stream or self.scheduler is not None

    def told(self, **given: object) -> Study:
        """Return the study with other values of some options (改变选项)."""
        return Study(**self.model_dump(exclude_unset=True) | given)


def _line(lines: dict[Place, int], place: Place) -> int:
    """Return the line of an option, or of the table it is missing in."""
    return next((lines[place[:depth]] for depth in range(len(place), 0, -1) if place[:depth] in lines), 1)


def _input_mistakes(rows: object) -> Iterator[Mapping[str, Any]]:
    """Yield the inputs that name nothing, and the ids that stand twice, as pydantic gives its errors."""
    seen: set[str] = set()
    for number, row in enumerate(rows if isinstance(rows, list | tuple) else ()):
        if not isinstance(row, dict):
            continue
        named = row.get("id")
        if isinstance(named, str):
            if named in seen:
                yield {"type": "twice", "loc": ("inputs", number, "id"), "input": named}
            seen.add(named)
        if "path" not in row and not {"id", "sha256"} <= row.keys():
            yield {"type": "unnamed", "loc": ("inputs", number), "input": row}
