"""What is wrong with the options of a run: every mistake at once, each in its place, in two languages (选项错误)."""

from __future__ import annotations

import errno
import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from govtext.errors import Mistake, StudyError, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from govtext.errors import Place

# What each kind of pydantic's errors means. {given} is the value, the rest is what pydantic says of the kind.
WORDING = {
    "extra_forbidden": ("没有这个选项{near}", "there is no such option{near_en}"),
    "missing": ("缺少这一项", "it is missing"),
    "int_type": ("应为整数，而不是 {given}", "a whole number is wanted, not {given}"),
    "bool_type": ("应为 true 或 false，而不是 {given}", "true or false is wanted, not {given}"),
    "string_type": ("应为字符串，而不是 {given}", "a string is wanted, not {given}"),
    "tuple_type": ("应为列表，而不是 {given}", "a list is wanted, not {given}"),
    "model_type": ("应为表，而不是 {given}", "a table is wanted, not {given}"),
    "literal_error": ("不能是 {given}，应为 {expected}", "it cannot be {given}; choose {expected}"),
    "greater_than_equal": ("不得小于 {ge}，而不是 {given}", "it is at least {ge}, not {given}"),
    "string_pattern_mismatch": ("应为 64 位十六进制的 sha256", "a sha256 of 64 hexadecimal digits is wanted"),
    "words": ("应为文件路径或词的列表，而不是 {given}", "the path of a file or a list of words is wanted, not {given}"),
    "jobs": ("应为正整数，或 -1（每核一个进程）", "a number of processes is wanted, or -1 for one a core"),
    "names": (
        "文件名模式中 {{{which}}} 未知或重复，可用 {choices}，各一次",
        "the field {{{which}}} of the pattern is unknown or stands twice; give each once, of {choices}",
    ),
    "no_field": (
        "文件名模式 {given} 没有字段，可用 {choices}", "the pattern {given} has no field; give some of {choices}",
    ),
    "twice": ("编号 {given} 出现两次", "the id {given} stands twice"),
    "unnamed": (
        "应有 path，或同时有 id 与 sha256", "a path is wanted, or both id and sha256",
    ),
}  # fmt: skip


class WrongError(ValueError):
    """A value that is not allowed: a kind of `WORDING`, the part that is wrong, and what may be (不合要求的值)."""


class Reason(NamedTuple):
    """Why the file system refused something, in Chinese and in English (原因)."""

    zh: str
    en: str

    @classmethod
    def of(cls, error: OSError | ValueError) -> Reason:
        """Return why a file cannot be used."""
        if isinstance(error, UnicodeError):
            return cls("不是 UTF-8", "no UTF-8")
        said: str = getattr(error, "strerror", None) or str(error)
        return cls(REASONS.get(getattr(error, "errno", None) or 0, said), said)


REASONS = {
    errno.EACCES: "没有权限", errno.EDQUOT: "配额已满", errno.EISDIR: "这是文件夹", errno.ENOENT: "没有这个文件",
    errno.ENOSPC: "磁盘已满", errno.ENOTDIR: "路径中有一段不是文件夹", errno.EPERM: "没有权限", errno.EROFS: "只读",
}  # fmt: skip


def study_error(rows: Iterable[Mapping[str, Any]], names: Iterable[str]) -> StudyError:
    """Return what is wrong with options as one error.

    Args:
        rows: what pydantic has found: type, loc, input, msg, ctx.
        names: the options that there are, for a hint at the one that was meant.
    """
    known = sorted(names)
    return StudyError([_mistake(row, known) for row in rows])


def _mistake(row: Mapping[str, Any], names: list[str]) -> Mistake:
    place: Place = row["loc"]
    near = get_close_matches(str(place[-1]), names, 1) if place else []
    ours = wrong.args if isinstance(wrong := row.get("ctx", {}).get("error"), WrongError) else ()
    kind = ours[0] if ours else row["type"]
    facts = {
        "given": printable(_short(row["input"])),
        "near": f"，是否为 {near[0]}？" if near else "",
        "near_en": f"; is {near[0]} meant?" if near else "",
        **dict(zip(("which", "choices"), ours[1:], strict=False)),
        **{name: str(value).replace(" or ", ", ") for name, value in row.get("ctx", {}).items()},
    }
    zh, en = WORDING.get(kind) or (row["msg"].replace("{", "{{").replace("}", "}}"),) * 2
    return Mistake("", place, zh.format_map(facts), en.format_map(facts))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"


# --- lines of a TOML file -------------------------------------------------------------------------------------------


def lines_of(text: str) -> dict[Place, int]:
    r"""Return the line where each key and table of a TOML text begins, beginning with 1 (行号).

    The standard parser gives no lines, so each statement is parsed by itself.

    >>> lines_of("top = 3\n\n[[inputs]]\nid = 'a'\n")
    {('top',): 1, ('inputs',): 3, ('inputs', 0): 3, ('inputs', 0, 'id'): 4}
    """
    out: dict[Place, int] = {}
    table: Place = ()
    lists: dict[Place, int] = {}
    for number, statement in _statements(text):
        found = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            table = _table(found, lists)
            for depth in range(1, len(table) + 1):
                out.setdefault(table[:depth], number)
        else:
            for place in _places(found):
                out.setdefault((*table, *place), number)
    return out


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield the statements of a TOML text with the line where each begins."""
    begun, rows = 0, list[str]()
    for number, line in enumerate(text.split("\n"), start=1):
        if not rows and (not line.strip() or line.lstrip().startswith("#")):
            continue
        begun = begun if rows else number
        rows.append(line)
        # A list or a string of several lines ends with one of these; to try at every line would take long.
        if len(rows) > 1 and not any(mark in line for mark in ("]", '"""', "'''")):
            continue
        statement = "\n".join(rows)
        try:
            tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue
        yield begun, statement
        rows = []


def _table(found: Mapping[str, Any], lists: dict[Place, int]) -> Place:
    """Return the place of the table that a header opens, and count the tables of lists."""
    place: Place = ()
    value: Any = found
    while isinstance(value, dict) and value:
        (name,) = value
        place, value = (*place, name), value[name]
        if isinstance(value, list):
            lists[place] = lists.get(place, -1) + 1
            value = value[0]
        if place in lists:
            place = (*place, lists[place])
    return place


def _places(value: object, place: Place = ()) -> Iterator[Place]:
    if place:
        yield place
    inner = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for name, one in inner:
        yield from _places(one, (*place, name))
