"""Error messages: what, where, remedy, on one line."""

import pickle

import pytest

from govtext import errors

ROWS = [
    # what alone
    (("it is empty", "", ""), "it is empty"),
    # place first
    (("it is empty", "a.txt", ""), "a.txt: it is empty"),
    # remedy last
    (("it is empty", "a.txt", "fill it"), "a.txt: it is empty; fill it"),
    # a hostile file name stays on one line
    (("it is empty", "a\nb\x1b[31m.txt", ""), "a\\nb\\x1b[31m.txt: it is empty"),
]


@pytest.mark.parametrize(("parts", "message"), ROWS)
def test_message(parts, message):
    what, where, remedy = parts
    assert str(errors.GovtextError(what, where=where, remedy=remedy)) == message


@pytest.mark.parametrize(
    "kind", [errors.ReadError, errors.LexiconError, errors.OptionError, errors.OutputError, errors.FontError]
)
def test_errors_survive_pickling(kind):
    error = kind("what", where="where", remedy="remedy")
    error.file = "x/a.txt"
    twin = pickle.loads(pickle.dumps(error))  # noqa: S301 - worker processes do this
    assert (type(twin), str(twin), twin.exit_code, twin.file) == (kind, str(error), error.exit_code, "x/a.txt")


def test_option_errors_are_value_errors():
    assert issubclass(errors.OptionError, ValueError)
