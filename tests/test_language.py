"""The language of the command: one switch, a catalogue that lacks nothing, help in both languages."""

import ast
import re
from pathlib import Path
from string import Formatter

ROOT = Path(__file__).parents[1] / "src" / "govtext"
SOURCES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(ROOT.rglob("*.py"))}
ERRORS = {node.name for node in SOURCES[ROOT / "errors.py"].body if isinstance(node, ast.ClassDef)} - {"Mistake"}
SPOKEN = {"say", "local", "translated"}  # what the command prints in the language of the locale


# What else is printed: the sentences of these functions.
FUNCTIONS = {"lexicon.py": {"__str__"}, "provenance/comparison.py": {"__str__", "surroundings", "changed"}}


def templates(node, tree):
    """The messages that an expression may be, names followed to what they are assigned; places numbered."""
    seen, todo = set(), [node]
    while todo:
        one = todo.pop()
        if isinstance(one, ast.Name) and one.id not in seen:
            seen.add(one.id)
            todo += assigned(one.id, tree)
        elif isinstance(one, ast.JoinedStr):
            places = iter(range(len(one.values)))
            parts = [braced(v.value) if isinstance(v, ast.Constant) else f"{{{next(places)}}}" for v in one.values]
            if one is node or " " in "".join(parts).strip():
                yield "".join(parts)
            todo += [v.value for v in one.values if isinstance(v, ast.FormattedValue)]
        elif isinstance(one, ast.Constant):
            if isinstance(one.value, str) and (one is node or " " in one.value.strip()):
                yield braced(one.value)
        else:
            todo += list(ast.iter_child_nodes(one))


def braced(text):
    return text.replace("{", "{{").replace("}", "}}")


def assigned(name, tree):
    """What a name stands for: assignments to it, and what it runs through in a loop."""
    for node in ast.walk(tree):
        pairs = []
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.AnnAssign | ast.For):
            pairs = [(node.target, node.value if isinstance(node, ast.AnnAssign) else node.iter)]
        for target, value in pairs:
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                yield from (v for t, v in zip(target.elts, value.elts, strict=False) if name in names(t))
            elif value is not None and name in names(target):
                yield value


def names(target):
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}


def calls(wanted):
    for path, tree in SOURCES.items():
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        for node in ast.walk(tree):
            called = getattr(node, "func", None)
            if isinstance(node, ast.Call) and getattr(called, "id", getattr(called, "attr", "")) in wanted:
                around = [one for one in functions if one.lineno <= node.lineno <= one.end_lineno]
                constants = [one for one in tree.body if isinstance(one, ast.Assign | ast.AnnAssign)]
                yield path, node, ast.Module([*around[-1:], *passed(around, tree), *constants], [])


def passed(functions, tree):
    """What the innermost function is called with in its module, as assignments to its parameters."""
    for function in functions[-1:]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function.name:
                for parameter, value in zip(function.args.args, node.args, strict=False):
                    yield ast.Assign([ast.Name(parameter.arg)], value)


def spoken():
    """Every template that is raised as an error, or printed by the command, with its place."""
    for path, call, scope in calls(ERRORS | SPOKEN):
        parts = [*call.args[:1], *(k.value for k in call.keywords if k.arg == "remedy")]
        for part in parts:
            for template in templates(part, scope):
                if is_english(template):
                    yield f"{path.relative_to(ROOT)}:{call.lineno}", template
    for file, wanted in FUNCTIONS.items():
        for node in ast.walk(SOURCES[ROOT / file]):
            if isinstance(node, ast.FunctionDef) and node.name in wanted:
                body = node.body[1:] if ast.get_docstring(node) else node.body
                yield from ((file, one) for one in templates(ast.Module(body, []), node) if is_english(one))


def is_english(template):
    said = "".join(said for said, *_ in Formatter().parse(template))
    return bool(re.search("[A-Za-z]{2}", said)) and not re.search("[一-鿿]", said)
