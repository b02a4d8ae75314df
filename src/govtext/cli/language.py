"""What the command says, in Chinese or English by locale (命令行的语言).

One switch, `is_chinese`, reads the locale as gettext does. Exceptions raised to Python code are English in every
locale, so that a message can be searched for and matched; the command alone translates, when it prints. A help text
holds both languages where it is written, `English. 中文`, and one of them is shown; any other message is looked up in
`data/messages-zh.tsv`, by the template that its call site spells: `the year is {0}`.

gettext itself would need compiled .mo files, a step of the build that a checkout does not take, and a mark at each of
two hundred places that raise an error. A table needs neither: a test reads the call sites and fails where one of them
spells a template that the table lacks.
"""

from __future__ import annotations

import locale
import os
import re
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import typer

from govtext.errors import StudyError, printable, shown
from govtext.messages import translated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from govtext.errors import GovtextError

HAN = re.compile(r"[\u3400-\u9fff]")

# What typer says itself: the names of its settings.
FURNITURE = {
    "ABORTED_TEXT": "已中止。",
    "ARGUMENTS_PANEL_TITLE": "参数",
    "COMMANDS_PANEL_TITLE": "命令",
    "DEFAULT_STRING": "[默认：{}]",
    "ERRORS_PANEL_TITLE": "错误",
    "OPTIONS_PANEL_TITLE": "选项",
    "REQUIRED_LONG_STRING": "[必填]",
    "RICH_HELP": "用 [blue]'{command_path} {help_option}'[/] 查看帮助。",
}


def is_chinese(environ: Mapping[str, str] | None = None) -> bool:
    """Whether the command speaks Chinese: the first of LANGUAGE, LC_ALL, LC_MESSAGES, LANG that is set (是否用中文).

    LANGUAGE is a list, and counts for nothing in the locales C and POSIX. Where none is set, as on Windows, the system
    is asked.

    >>> [is_chinese({"LANG": name}) for name in ("zh_CN.UTF-8", "en_GB.UTF-8", "C")]
    [True, False, False]
    >>> is_chinese({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"})
    True
    """
    environ = os.environ if environ is None else environ
    name = next(filter(None, (environ.get(one) for one in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    name = name or locale.getlocale()[0] or ""
    if name.partition(".")[0] not in ("C", "POSIX"):
        wanted = (one for one in environ.get("LANGUAGE", "").split(":") if one[:2].lower() in ("zh", "en"))
        name = next(wanted, name)
    return name.lower().startswith(("zh", "chinese"))


def half(text: str, *, chinese: bool) -> str:
    """Return one language of a help text; one without Chinese is looked up (帮助的一种语言).

    >>> half("How many terms. 列出多少个词", chinese=True), half("Report 报告", chinese=False)
    ('列出多少个词', 'Report')
    """
    text = " ".join(text.split())
    han = HAN.search(text)
    if not han:
        return translated(text) if chinese else text
    stop = text.rfind(". ", 0, han.start())
    at = stop + 2 if stop >= 0 else text.rfind(" ", 0, han.start()) + 1
    return text[at:] if chinese else text[: at - 1]


def say(message: str, *, err: bool = False) -> None:
    """Print a message in the language of the locale."""
    typer.echo("\n".join(map(printable, local(message).split("\n"))), err=err)


def local(message: str) -> str:
    """Return a message in the language of the locale."""
    return translated(message) if is_chinese() else message


def error_lines(error: GovtextError) -> list[str]:
    """Return an error as one line in the language of the locale; of options that are wrong one line each (错误信息)."""
    chinese = is_chinese()
    if isinstance(error, StudyError):
        rows = [(m.where, shown(m.place), m.message if chinese else m.message_en) for m in error.mistakes]
        return [_line(where, place, what, chinese=chinese) for where, place, what in rows]
    if chinese:
        remedy = f"；{translated(error.remedy)}" if error.remedy else ""
        return [_line(error.where, translated(error.what) + remedy, chinese=True)]
    return [_line(str(error), chinese=False)]


def _line(where: str, *parts: str, chinese: bool) -> str:
    if chinese:
        where = re.sub(r", line (\d+)$", r"，第 \1 行", where)
    return printable(("：" if chinese else ": ").join(filter(None, ("govtext", where, *parts))))


# --- the command itself ---------------------------------------------------------------------------------------------


def localise(command: Any, *, chinese: bool) -> None:
    """Give the help of a command, its options and all below it in one language (帮助的语言)."""
    for one in _within(command):
        one.help = one.help and half(one.help, chinese=chinese)
        one.rich_help_panel = one.rich_help_panel and half(one.rich_help_panel, chinese=chinese)
        if chinese:
            one.context_class = _chinese_context(one.context_class)
        with one.make_context("", [], resilient_parsing=True) as context:
            for parameter in one.get_params(context):
                parameter.help = parameter.help and half(parameter.help, chinese=chinese)


def _within(command: Any) -> Iterator[Any]:
    yield command
    for one in getattr(command, "commands", {}).values():
        yield from _within(one)


@lru_cache(maxsize=1)
def _chinese_context(context: Any) -> Any:
    """Return the context of a command whose usage begins with 用法."""

    class Formatter(context.formatter_class):  # type: ignore[misc] # the class of the context given
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, prefix or "用法：")

    return type("Context", (context,), {"formatter_class": Formatter})


@contextmanager
def furniture(*, chinese: bool) -> Iterator[None]:
    """Let what typer says itself be Chinese for a while: panels, defaults, usage errors (界面用语)."""
    if not chinese:
        yield
        return
    from typer import rich_utils

    def show(error: Any) -> None:
        error.message, error.format_message = translated(error.format_message()), lambda: error.message
        plain(error)

    class Folding(rich_utils.OptionHighlighter):
        """Chinese has no blanks to break a line at: fold it, or its end would be left out."""

        def __call__(self, text: Any) -> Any:
            marked = super().__call__(text)
            marked.overflow = "fold"
            return marked

    plain, replaced = rich_utils.rich_format_error, FURNITURE | {"highlighter": Folding(), "rich_format_error": show}
    before = {name: getattr(rich_utils, name) for name in replaced}
    try:
        for name, ours in replaced.items():
            setattr(rich_utils, name, ours)
        yield
    finally:
        for name, theirs in before.items():
            setattr(rich_utils, name, theirs)
