"""The `govtext` command: reads files, prints tables, writes reports (命令行)."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

import typer

# Each adds its commands to the application, in this order.
from govtext.cli import reports

# isort: split
from govtext.cli import studies

# isort: split
from govtext.cli import documents

# isort: split
from govtext.cli import corpora

# isort: split
from govtext.cli import comparison

# isort: split
from govtext.cli import figures

# isort: split
from govtext.cli.inputs import complain
from govtext.cli.language import furniture, is_chinese, localise, say
from govtext.cli.options import app
from govtext.errors import GovtextError

__all__ = ["app", "comparison", "corpora", "documents", "figures", "main", "reports", "studies"]


def main() -> None:
    """Run the command; every foreseen error is one line on stderr and an exit code."""
    if isinstance(sys.stdout, TextIOWrapper):  # GBK lacks ², and a table with one question mark is better than none
        sys.stdout.reconfigure(errors="replace")
    chinese, command = is_chinese(), typer.main.get_command(app)
    localise(command, chinese=chinese)
    try:
        with furniture(chinese=chinese):
            command(prog_name="govtext")
    except GovtextError as error:
        complain(error)
        sys.exit(error.exit_code)
    except OSError as error:
        if isinstance(error, BrokenPipeError):  # the reader of a pipe, such as head, has had enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        say(f"govtext: the output cannot be written ({error.strerror}); check the space left", err=True)
        sys.exit(1)
