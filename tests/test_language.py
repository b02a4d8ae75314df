"""The language of the command: one switch, a catalogue that lacks nothing, help in both languages."""

import ast
import io
import re
import sys
from pathlib import Path
from string import Formatter

import pytest
import typer

from govtext import cli, messages
from govtext.cli import language
from govtext.errors import Mistake, OptionError, ReadError, StudyError

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


LOCALES = [
    # the usual ones
    ({"LANG": "zh_CN.UTF-8"}, True),
    ({"LANG": "en_US.UTF-8"}, False),
    # traditional characters read the simplified ones, too
    ({"LANG": "zh_TW"}, True),
    # what stands before goes before
    ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, False),
    ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "zh_CN", "LC_ALL": "en_US.UTF-8"}, False),
    # an empty variable is none
    ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, True),
    # a list of languages, the first that is spoken
    ({"LANG": "de_DE.UTF-8", "LANGUAGE": "de:zh_CN:en"}, True),
    ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en_GB:zh"}, False),
    # which counts for nothing without a locale
    ({"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}, False),
    ({"LC_ALL": "POSIX", "LANG": "zh_CN.UTF-8"}, False),
    # any other language reads English
    ({"LANG": "ja_JP.UTF-8"}, False),
]


@pytest.mark.parametrize(("environ", "chinese"), LOCALES)
def test_locale(environ, chinese):
    assert language.is_chinese(environ) is chinese


def test_the_system_is_asked_where_no_variable_is_set(monkeypatch):
    monkeypatch.setattr(language.locale, "getlocale", lambda: ("Chinese (Simplified)_China", "936"))
    assert language.is_chinese({})


def test_every_message_has_a_translation():
    known = messages.messages()
    assert len(set(spoken())) > 200  # the call sites are found
    assert [f"{place}: {template}" for place, template in spoken() if template not in known] == []


def test_the_catalogue_is_sound():
    lines = (ROOT / "data" / messages.CATALOGUE).read_text(encoding="utf-8").splitlines()[1:]
    assert lines == sorted(set(lines))
    for english, chinese in messages.messages().items():
        assert re.search(r"[A-Za-z]{2}|^\W+$", english), english
        assert places(chinese) <= places(english), english
        assert re.search("[一-鿿]", chinese) or chinese == "{0}", english


def places(template):
    return {place for _, place, *_ in Formatter().parse(template) if place is not None}


@pytest.mark.parametrize("value", ["甲、乙; 丙", "Zhou's {0}", "a.txt"])
def test_every_message_is_found_by_what_it_says(value):
    for english, chinese in messages.messages().items():
        values = [f"{value}{number}" for number in range(len(places(english)))]
        assert messages.translated(english.format(*values)) == chinese.format(*values)


MESSAGES = [
    # a message within a message
    (
        "the file cannot be read (Permission denied)",
        "文件无法读取（没有权限）",
    ),
    # nothing that we say
    ("完成检查227项", "完成检查227项"),
    # a value that is long is that of a broken file
    ("the year is " + "9" * 5000, "the year is " + "9" * 5000),
]


@pytest.mark.parametrize(("message", "chinese"), MESSAGES)
def test_translation(message, chinese):
    assert messages.translated(message) == chinese


ERROR = ReadError("the year is 'x'", where="语料/corpus.csv, line 3", remedy="write four digits")
WRONG = StudyError([Mistake("study.toml, line 2", ("inputs", 0), "缺少这一项", "it is missing")])
LINES = [
    (ERROR, "zh_CN", "govtext：语料/corpus.csv，第 3 行：年份写作 'x'；请写四位数字"),
    (ERROR, "en_US", "govtext: 语料/corpus.csv, line 3: the year is 'x'; write four digits"),
    # without a place and a remedy
    (OptionError("n is -1"), "zh_CN", "govtext：n 为 -1"),
    # the mistakes of a study are of one language, too
    (WRONG, "zh_CN", "govtext：study.toml，第 2 行：inputs[0]：缺少这一项"),
    (WRONG, "en_US", "govtext: study.toml, line 2: inputs[0]: it is missing"),
]


@pytest.mark.parametrize(("error", "name", "line"), LINES)
def test_errors_are_one_line_of_the_language(error, name, line, monkeypatch):
    monkeypatch.setenv("LC_ALL", name)
    assert language.error_lines(error) == [line]


def test_exceptions_are_english_in_every_locale(monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert str(ERROR) == "语料/corpus.csv, line 3: the year is 'x'; write four digits"


def helps(command):
    for one in language._within(command):
        yield one.name, one.help
        yield one.name, one.rich_help_panel
        with one.make_context("", [], resilient_parsing=True) as context:
            yield from ((f"{one.name} {p.name}", p.help) for p in one.get_params(context))


@pytest.mark.parametrize("chinese", [True, False])
def test_every_help_text_is_in_both_languages(chinese):
    command = typer.main.get_command(cli.app)
    language.localise(command, chinese=chinese)
    rows = list(helps(command))
    assert len(rows) > 150
    for name, text in rows:
        if not isinstance(text, str):  # no panel
            continue
        assert text, name
        assert bool(language.HAN.search(text)) == chinese, f"{name}: {text}"
        assert len(text) > 3 or chinese, f"{name}: {text}"


def run(*arguments, monkeypatch, locale, encoding="utf-8", **environ):
    """The command in a locale: its exit code, and what it says on stdout and stderr."""
    out, error = (io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True) for _ in range(2))
    with monkeypatch.context() as patch:
        for name, value in {"LC_ALL": locale, "COLUMNS": "100", **environ}.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["govtext", *arguments])
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", error)
        with pytest.raises(SystemExit) as end:
            cli.main()
    return end.value.code, out.buffer.getvalue().decode(encoding), error.buffer.getvalue().decode(encoding)


SHOWN = [
    # help, its panels, and where it ends
    (["--help"], 0, ("用法：govtext", "单篇", "选项", "显示本帮助。")),
    (["report", "--help"], 0, ("参数", "[默认：20]", "分隔：lint", "不写则用参考语料")),
    # what typer finds wrong
    (["nothing"], 2, ("错误", "没有命令 'nothing'。")),
    (["outlin"], 2, ("没有命令 'outlin'。是否为 'outline', 'lint'？",)),
    (["outline"], 2, ("缺少参数", "用 'govtext outline --help' 查看帮助。")),
    (["network", "--unit", "page"], 2, ("'--unit' 的值有误", "'page' 不在可选值")),
    (["keywords", "--top", "-1"], 2, ("不得小于 0",)),
    (["keywords", "--top", "x"], 2, ("应为整数",)),
    (["report", "--tpo"], 2, ("没有选项 --tpo",)),
    # what we find wrong
    (["outline", "none.txt"], 1, ("govtext：none.txt：文件无法读取（没有这个文件或文件夹）；请核对文件名与读取权限",)),
    (["keyness", "none.txt"], 2, ("govtext：没有比较的对象；请用 --reference 指明",)),
    (["report", "--jobs", "0"], 2, ("govtext：jobs：应为正整数，或 -1（每核一个进程）",)),
]


@pytest.mark.parametrize(("arguments", "code", "says"), SHOWN)
def test_the_command_speaks_chinese(arguments, code, says, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    ended, out, error = run(*arguments, monkeypatch=monkeypatch, locale="zh_CN.UTF-8")
    assert ended == code
    for one in says:
        assert one in out + error
    english = ("Usage", "Options", "Arguments", "Error", "default", "required", "Missing", "Invalid", "Try ")
    assert not any(word in out + error for word in english)


def test_what_typer_says_is_english_again_afterwards(monkeypatch):
    run("--help", monkeypatch=monkeypatch, locale="zh_CN.UTF-8")
    _, out, _ = run("--help", monkeypatch=monkeypatch, locale="en_US.UTF-8")
    assert "Usage: govtext" in out
    assert not language.HAN.search(out)


def test_a_pipe_of_another_encoding_is_no_reason_to_fail(monkeypatch):
    code, out, _ = run("keyness", "--help", monkeypatch=monkeypatch, locale="zh_CN.GBK", encoding="gbk")
    assert (code, "附 G?、p 与 q" in out) == (0, True)


COMPLETED = [
    # commands, options, values
    ("govtext net", 1, "network"),
    ("govtext network --un", 2, "--unit"),
    ("govtext network --unit ", 3, "window"),
]


@pytest.mark.parametrize(("words", "at", "found"), COMPLETED)
def test_the_shell_completes(words, at, found, monkeypatch):
    environ = {"_GOVTEXT_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(at)}
    assert found in run(monkeypatch=monkeypatch, locale="C.UTF-8", **environ)[1].split()


def test_no_progress_is_shown_without_a_terminal(monkeypatch, tmp_path):
    for name, text in {"a": "推进法治政府建设，完成检查227项。", "b": "优化营商环境；新增就业三千人。"}.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    arguments = ["report", str(tmp_path), "-o", str(tmp_path / "out"), "--analyses", "lint", "--no-figures"]
    code, out, error = run(*arguments, monkeypatch=monkeypatch, locale="zh_CN.UTF-8")
    assert (code, error) == (0, "")
    assert "已分析 2 篇文档" in out
