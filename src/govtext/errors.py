"""The errors of govtext: each says what is wrong, where, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Place = tuple[str | int, ...]


class GovtextError(Exception):
    """Base of every error that govtext raises on purpose (错误).

    Args:
        what: what is wrong, one clause without a final stop.
        where: the file, line or value it is about; empty if there is none.
        remedy: what the reader can do about it; empty if nothing.

    `exit_code` is what the command ends with: 1 an input cannot be processed, 2 the call is wrong. `file` is the path
    of an input below the common root of its corpus; empty where the error is about no input of a corpus.

    >>> print(GovtextError("the file is empty", where="a.txt", remedy="give a file with text"))
    a.txt: the file is empty; give a file with text
    """

    exit_code = 1

    def __init__(self, what: str, *, where: object = "", remedy: str = "") -> None:
        self.what = what
        self.where = printable(str(where))
        self.remedy = remedy
        self.file = ""
        super().__init__(what)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.what, self.where, self.remedy, self.file)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what}" + (f"; {self.remedy}" if self.remedy else "")


class ReadError(GovtextError):
    """A file cannot be read as a document (读取失败)."""


class LexiconError(GovtextError):
    """A lexicon is malformed or contradicts itself (词典有误)."""


class OptionError(GovtextError, ValueError):
    """An option or argument has a value that is not allowed (选项有误)."""

    exit_code = 2


class MetadataError(GovtextError):
    """What a comparison must know of its documents is missing or does not fit (元数据缺失)."""


class Mistake(NamedTuple):
    """One thing that is wrong with the options of a run (选项错误).

    Attributes:
        where: the file and the line; empty where there is no file.
        place: the option: its name, or the steps that lead to it.
        message: what is wrong, in Chinese, and `message_en` in English.
    """

    where: str
    place: Place
    message: str
    message_en: str

    def __str__(self) -> str:
        return ": ".join(
            filter(None, (printable(self.where), shown(self.place), f"{self.message} / {self.message_en}"))
        )


class StudyError(OptionError):
    """Options of a run are wrong; it names every mistake, one a line (研究选项有误)."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))

    def __reduce__(self) -> tuple[object, ...]:
        return StudyError, (self.mistakes,)


class FontError(GovtextError):
    """There is no font with Chinese characters (缺少中文字体)."""


class ModelError(GovtextError):
    """A stored model is damaged, was changed, or fits another version (模型有误)."""


class OutputError(GovtextError):
    """The results cannot be written where they should go (无法写出)."""

    exit_code = 2


class ClusterError(GovtextError):
    """A cluster cannot be reached, or was lost on the way (集群中断)."""


def shown(place: Place) -> str:
    """Return an option's place as one writes it (选项位置).

    >>> shown(("inputs", 2, "sha256"))
    'inputs[2].sha256'
    """
    out = ""
    for step in place:
        out += f"[{step}]" if isinstance(step, int) else f".{printable(step)}" if out else printable(step)
    return out


def printable(text: str) -> str:
    r"""Return the text with control characters escaped, fit for one line of a terminal (可显示).

    >>> printable("a\nb")
    'a\\nb'
    >>> printable("总　则")
    '总　则'
    """
    return "".join(
        c if c.isprintable() or c in "\u3000\xa0" else c.encode("unicode_escape").decode("ascii") for c in text
    )


def _rebuild(kind: type[GovtextError], what: str, where: str, remedy: str, file: str) -> GovtextError:
    # Exceptions with keyword arguments do not unpickle by themselves, and worker processes pickle them.
    error = kind(what, where=where, remedy=remedy)
    error.file = file
    return error
