"""The directive `commands`: every command with its arguments and options, from the application itself (命令参考)."""

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import typer
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from typer.models import ArgumentInfo, OptionInfo

from govtext.cli import app as application

MARKUP = re.compile(r"[*_`|<\[\]]")
VALUES = {Path: "path", int: "integer", float: "number", str: "text"}


def markdown() -> list[str]:
    """Return the reference of all commands as lines of Markdown."""
    lines: list[str] = []
    panel = ""
    for name, command in _commands(application, "govtext"):
        if command.rich_help_panel and isinstance(command.rich_help_panel, str) and command.rich_help_panel != panel:
            panel = command.rich_help_panel
            lines += [f"## {panel}", ""]
        lines += _lines(name, command.help or inspect.getdoc(command.callback) or "", command.callback)
    return lines


def _commands(app: typer.Typer, name: str) -> Iterator[tuple[str, Any]]:
    """Yield the commands panel by panel as --help does, those of groups where their panel stands."""
    found = [(f"{name} {c.name or c.callback.__name__.replace('_', '-')}", c) for c in app.registered_commands]
    for group in app.registered_groups:
        for full, command in _commands(group.typer_instance, f"{name} {group.name or group.typer_instance.info.name}"):
            command.rich_help_panel = group.rich_help_panel or group.typer_instance.info.rich_help_panel
            found.append((full, command))
    panels = list(dict.fromkeys(command.rich_help_panel for _, command in found))
    yield from sorted(found, key=lambda pair: panels.index(pair[1].rich_help_panel))


def _lines(name: str, text: str, callback: Any) -> Iterator[str]:
    """Yield one command: what it does, how it is called, a table of what it takes."""
    hints = get_type_hints(callback, include_extras=True)
    taken = [(p, *_declared(hints[p.name], p.default)) for p in inspect.signature(callback).parameters.values()]
    taken = [row for row in taken if row[2] is not None and not row[2].hidden]
    arguments = [row for row in taken if isinstance(row[2], ArgumentInfo)]
    options = [row for row in taken if isinstance(row[2], OptionInfo)]
    shape = " ".join([name, *(_argument(*row) for row in arguments), "[OPTIONS]" * bool(options)])
    yield from (f"### `{name}`", "", " ".join(text.split()), "", "```text", shape.strip(), "```", "")
    if taken:
        yield from ("| 参数 | 值 | 默认 | 说明 |", "|--|--|--|--|")
    for parameter, kind, info in arguments + options:
        shown = (
            f"`{_argument(parameter, kind, info)}`" if (parameter, kind, info) in arguments else _names(parameter, info)
        )
        help_ = MARKUP.sub(r"\\\g<0>", " ".join((info.help or "").split()))
        yield f"| {shown} | {_values(kind, info)} | {_default(parameter, info)} | {help_} |"
    yield ""


def _declared(hint: Any, default: Any) -> tuple[Any, Any]:
    """Return the bare type of a parameter, None taken off, and what typer is told of it."""
    metadata = getattr(hint, "__metadata__", (default,))
    info = next((m for m in metadata if isinstance(m, (ArgumentInfo, OptionInfo))), None)
    kind = hint.__origin__ if hasattr(hint, "__metadata__") else hint
    if get_origin(kind) in (Union, UnionType):
        kind = next(part for part in get_args(kind) if part is not NoneType)
    return kind, info


def _argument(parameter: inspect.Parameter, kind: Any, _info: Any) -> str:
    shown = parameter.name.upper() + ("..." if get_origin(kind) is list else "")
    return shown if parameter.default is inspect.Parameter.empty else f"[{shown}]"


def _names(parameter: inspect.Parameter, info: Any) -> str:
    first = info.default if isinstance(info.default, str) else ""  # where typer keeps the first name in Annotated
    declared = [name for name in (first, *(info.param_decls or ())) if name.startswith("-")]
    return " ".join(f"`{name}`" for name in declared or [f"--{parameter.name.replace('_', '-')}"])


def _values(kind: Any, info: Any) -> str:
    kind = get_args(kind)[0] if get_origin(kind) is list else kind
    if kind is bool:
        return ""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " ".join(f"`{member.value}`" for member in kind)
    return VALUES.get(kind, "text") + (f" ≥ {info.min}" if info.min is not None else "")


def _default(parameter: inspect.Parameter, info: Any) -> str:
    default = parameter.default
    if default is inspect.Parameter.empty or default in (None, False) or info.show_default is False or default == []:
        return ""
    return f"`{getattr(default, 'value', default)}`"


class Commands(SphinxDirective):
    """All commands."""

    def run(self) -> list[nodes.Node]:
        """Parse the lines as if they stood in the page."""
        self.content = StringList(markdown(), source="govtext --help")
        return self.parse_content_to_nodes(allow_section_headings=True)


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("commands", Commands)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
