"""The directive `constants`, and a check: a public name that the reference lacks fails the build (公开名称)."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

import govtext

PRIVATE = ("cli", "data")  # the command has a page of its own
WIDEST = 100  # characters of a value that are shown


class Constants(SphinxDirective):
    """The constants and type aliases of a module with their values, which autodoc passes over."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Describe each as data."""
        module, lines = self.arguments[0], []
        for name in names(module):
            value = _value(f"{module}.{name}")
            if not (inspect.isclass(value) or inspect.isroutine(value)):
                shown = ", ".join(map(repr, value)) if isinstance(value, dict) else repr(value)
                shown = shown if len(shown) <= WIDEST else f"{shown[:WIDEST]} …"
                lines += [f".. py:data:: {name}", f"   :module: {module}", f"   :value: {shown}", ""]
        self.content = StringList(lines, source=module)
        return self.parse_content_to_nodes()


def modules() -> list[str]:
    """Return the public modules."""
    return sorted(m.name for m in pkgutil.iter_modules(govtext.__path__) if m.name not in PRIVATE)


def names(module: str) -> Iterator[str]:
    """Yield the public names of a module: those of `__all__`, or else the classes and functions that it defines."""
    loaded = importlib.import_module(module)
    listed = getattr(loaded, "__all__", None)
    yield from listed or (
        name
        for name, value in vars(loaded).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == module
    )


def missing(described: set[str]) -> list[str]:
    """Return the full public names of which no page tells, under this or another public name of the same object."""
    objects = {id(_value(name)) for name in described}
    wanted = {
        f"{module}.{name}" for module in ["govtext", *(f"govtext.{m}" for m in modules())] for name in names(module)
    }
    wanted.discard("govtext.__version__")
    return sorted(name for name in wanted - described if not callable(_value(name)) or id(_value(name)) not in objects)


def _value(full: str) -> object:
    """Return what a dotted name stands for, None if it is no attribute of a module."""
    module, _, name = full.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name, None) if module else None
    except ModuleNotFoundError:  # a member of a class
        return None


def _check(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        for name in missing(set(app.env.domains.python_domain.objects)):
            logging.getLogger(__name__).warning("the reference lacks %s: describe it under docs/reference/api/", name)


def setup(app: Sphinx) -> dict[str, bool]:
    """Check when all pages are written."""
    app.add_directive("constants", Constants)
    app.connect("build-finished", _check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
