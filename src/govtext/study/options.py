"""The options that change what a run finds and writes (选项)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError
from pydantic import WithJsonSchema as Schema

from govtext.network import Unit
from govtext.study.mistakes import WrongError, study_error
from govtext.tokens import Engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

AnalysisName = Literal["lint", "keywords", "network", "sections", "indicators", "citations", "comparison"]
ANALYSES: tuple[AnalysisName, ...] = get_args(AnalysisName)


def _listed(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _in_order(names: tuple[AnalysisName, ...]) -> tuple[AnalysisName, ...]:
    """Return names of analyses, each once, in one order."""
    return tuple(name for name in ANALYSES if name in names)


def text(value: object) -> str:
    """Accept any string, such as a file name that is no UTF-8 (文本)."""
    if not isinstance(value, str):
        raise WrongError("string_type")
    return value


def words(value: object) -> str | tuple[str, ...] | None:
    """Accept the path of a stop list, or its words (停用词)."""
    if value is None or isinstance(value, str):
        return value
    if not isinstance(value, list | tuple | set | frozenset) or not all(isinstance(word, str) for word in value):
        raise WrongError("words")
    return tuple(sorted(set(value)))


def _only_words(value: object) -> tuple[str, ...] | None:
    found = words(value)
    if isinstance(found, str):
        raise WrongError("tuple_type")
    return found


Text = Annotated[str, PlainValidator(text), Schema({"type": "string"})]
_STRINGS = {"type": "array", "items": {"type": "string"}}
Words = Annotated[
    str | tuple[str, ...] | None, PlainValidator(words), Schema({"anyOf": [{"type": "string"}, _STRINGS]})
]
OnlyWords = Annotated[tuple[str, ...] | None, PlainValidator(_only_words), Schema(_STRINGS)]


class Model(BaseModel):
    """An immutable value whose fields are checked strictly (模型)."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Choices(Model):
    """What a study file and the options of a report have in common; all that is wrong is one error (共有选项)."""

    if not TYPE_CHECKING:  # the checker knows the fields

        def __init__(self, **values: Any) -> None:
            more = list(self._mistakes(values))
            try:
                super().__init__(**values)
            except ValidationError as error:
                raise study_error([*error.errors(include_url=False), *more], self._names()) from None
            if more:
                raise study_error(more, self._names())

    @classmethod
    def _names(cls) -> set[str]:
        return set(cls.model_fields)

    @classmethod
    def _mistakes(cls, _: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """Return what only several values together show to be wrong, as pydantic gives its errors."""
        return ()

    analyses: Annotated[tuple[AnalysisName, ...], BeforeValidator(_listed), AfterValidator(_in_order)] = Field(
        default=ANALYSES, description="What is computed and written; the outline always is. 要做的分析（大纲总是写出）"
    )
    top: int = Field(default=20, ge=0, description="Keywords per document and per section. 每篇、每节的关键词个数")
    unit: Unit = Field(default="sentence", description="The unit of co-occurrence. 共现单元")
    min_count: int = Field(default=2, ge=1, description="The least count of an edge. 边的最少共现次数")
    figures: bool = Field(default=True, description="Whether pictures are drawn. 是否画图")
    engine: Engine = Field(default="rjieba", description="The segmentation engine. 分词引擎")


class Options(Choices):
    """What a run can be told, apart from its inputs (选项).

    Attributes:
        analyses: what is computed and written, of `ANALYSES`; the outline always is.
        top: keywords per document and per section.
        unit: the unit of co-occurrence: sentence, paragraph, section, document or window.
        min_count: the least count of an edge.
        figures: whether pictures are drawn.
        engine: the segmentation engine, rjieba or jieba.
        stopwords: words that are no keywords, instead of the stop lists of govtext; None: those.

    Raises:
        StudyError: options are unknown or have values that are not allowed; it names all of them.

    >>> Options(top=5, stopwords=["的", "了"]).stopwords
    ('了', '的')
    """

    stopwords: OnlyWords = Field(default=None, description="Words that are no keywords. 停用词")

    def recorded(self) -> dict[str, object]:
        """Return the options for the manifest (记入清单的选项)."""
        values = self.model_dump()
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @classmethod
    def restore(cls, recorded: Mapping[str, Any]) -> Options:
        """Return the options that a manifest has recorded (还原选项).

        Raises:
            StudyError: it has an option that this release does not know, or a value of another type.
        """
        return cls(**{str(name): value for name, value in recorded.items()})
