"""A printed table as LaTeX: three lines, and no wider than a line of text (LaTeX 三线表)."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from govtext.errors import printable
from govtext.tables.workbook import room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govtext.tables.printed import Table

LONG = 32  # lines of text of a page, about; a table of more goes over pages
LINE = 330.0  # points of a line of text in the standard classes, at the least
TOO_WIDE = "% wider than a line of text: print fewer columns, or turn the page (pdflscape)"
LEAST = 8.0  # Chinese characters of a column of long text, at the least


class _Setting(NamedTuple):
    """A command, points of a Chinese character and on either side of a column, lines of a heading at the most."""

    command: str
    size: float
    apart: float
    lines: int


# The first in which a table is no wider than the line is taken.
SETTINGS = (_Setting("", 10.5, 6.0, 1), _Setting(r"\small", 9.0, 4.0, 2), _Setting(r"\footnotesize", 8.0, 3.0, 3))

SIGNS = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "χ²": r"$\chi^2$",
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": "$<$", ">": "$>$",
    "[": "{[}", "]": "{]}", "*": "{*}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
    "²": "$^2$", "₂": "$_2$", "χ": r"$\chi$", "−": "$-$", "≥": r"$\geq$", "≤": r"$\leq$", "×": r"$\times$", "–": "--",
}  # fmt: skip
_SIGN = re.compile("|".join(map(re.escape, SIGNS)))


def escaped(text: str) -> str:
    r"""Return a text as LaTeX prints it (LaTeX 转义).

    >>> escaped("50% & G²_a")
    '50\\% \\& G$^2$\\_a'
    """
    return _SIGN.sub(lambda match: SIGNS[match[0]], printable(text))


def to_latex(table: Table, *, label: str = "") -> str:
    r"""Return a three-line table in LaTeX, with the packages it needs as a remark (三线表).

    Chinese needs a class or package such as ctex. A table longer than a page goes over pages (longtable). One that is
    wider than a line of text is set smaller, its headings and its long texts in several lines; a remark says so where
    it is too wide even then.

    >>> from govtext.keywords import Keyness
    >>> from govtext.tables.printed import printed
    >>> table = printed([Keyness("法治", 9, 1, 8.2, 0.5, 12.3, 3.1, 0.0002, 0.0004, 4.0)], columns=["term", "p"])
    >>> [line.strip() for line in to_latex(table).splitlines() if " & " in line]
    ['词语 & p \\\\', '法治 & $<$0.001 \\\\']
    """
    shape = _shape(table)
    body = [" & ".join(map(escaped, row)) + r" \\" for row in table.cells()]
    lines = _longtable(table, shape, body, label) if shape.lines > LONG else _tabular(table, shape, body, label)
    return "\n".join(lines) + "\n"


class _Shape(NamedTuple):
    """How a table is set: in how many lines, a remark on it, commands before it, its columns, its headings."""

    lines: int
    remark: tuple[str, ...]
    setting: str
    sides: str
    head: str


def _shape(table: Table) -> _Shape:
    cells = table.cells()
    widths = [max((room(row[i]) / 2 for row in cells), default=0.0) for i in range(len(table.columns))]
    texts = [column.kind == "text" for column in table.columns]
    long = [is_text and width > LEAST for is_text, width in zip(texts, widths, strict=True)]
    for setting in SETTINGS:
        heads = [_lines(one.heading, max(w, 2.0), setting.lines) for one, w in zip(table.columns, widths, strict=True)]
        wide = [max(w, *(room(line) / 2 for line in head)) for w, head in zip(widths, heads, strict=True)]
        fixed = sum(w for w, is_long in zip(wide, long, strict=True) if not is_long)
        rest = (LINE - 2 * setting.apart * len(wide)) / setting.size - fixed  # Chinese characters for the long texts
        if rest >= LEAST * sum(long):
            break
    share = _share([w for w, is_long in zip(wide, long, strict=True) if is_long], rest)
    part = rf">{{\raggedright\arraybackslash}}p{{{max(share, LEAST) * setting.size / LINE:.3f}\linewidth}}"
    broken = [is_long and width > share for is_long, width in zip(long, wide, strict=True)]
    sides = [part if one else "l" if is_text else "r" for one, is_text in zip(broken, texts, strict=True)]
    before = rf"{setting.command}\setlength{{\tabcolsep}}{{{setting.apart:g}pt}}" if setting.command else ""
    remark = () if rest >= LEAST * sum(long) else (TOO_WIDE,)
    lines = sum(
        max(-(-room(text) // (2 * max(share, LEAST))) for text in [" ", *row]) for row in _broken(cells, broken)
    )
    return _Shape(int(lines), remark, before, "".join(sides), " & ".join(map(_heading, heads, sides)) + r" \\")


def _broken(cells: Sequence[Sequence[str]], broken: Sequence[bool]) -> list[list[str]]:
    """Return the cells of the columns that are broken into lines, row by row."""
    return [[text for text, is_broken in zip(row, broken, strict=True) if is_broken] for row in cells]


def _share(widths: Sequence[float], rest: float) -> float:
    """Return how wide a column of long text may be: those that are narrower leave what they spare to the others."""
    left = sorted(widths)
    while left and left[0] <= rest / len(left):
        rest -= left.pop(0)
    return rest / len(left) if left else float("inf")


PARTS = re.compile("^参照(?=..)|^所称(?=..)|[^（]+(?=（)|.+")  # of a heading, each of which begins a line


PIECES = re.compile("[!-~]+|.")  # of a heading, which no line end parts


def _lines(heading: str, width: float, most: int) -> list[str]:
    """Return a heading in lines, up to so many, if it is wider than its column; Latin words are kept whole."""
    if most == 1 or room(heading) / 2 <= width:
        return [heading]
    if heading.isascii():
        words = heading.split()
        return [" ".join(part) for part in _parts(words, min(most, len(words)))]
    parts = PARTS.findall(heading)
    if len(parts) > 1:
        return [*parts[: most - 1], *filter(None, ["".join(parts[most - 1 :])])]
    pieces = PIECES.findall(heading)
    count = max(1, min(most, -(-len(heading) // max(int(width), 2)), len(pieces) // 2))
    return ["".join(part).strip() for part in _parts(pieces, count)]


def _parts(items: Sequence[str], count: int) -> list[Sequence[str]]:
    """Return items in so many parts, the first the longer ones."""
    size, more = divmod(len(items), count)
    ends = [0]
    for at in range(count):
        ends.append(ends[-1] + size + (at < more))
    return [items[a:b] for a, b in pairwise(ends)]


def _heading(lines: Sequence[str], side: str) -> str:
    texts = r" \\ ".join(map(escaped, lines))
    if len(lines) == 1:
        return texts
    return rf"\begin{{tabular}}[b]{{@{{}}{'r' if side == 'r' else 'l'}@{{}}}}{texts}\end{{tabular}}"


def _tabular(table: Table, shape: _Shape, body: Sequence[str], label: str) -> list[str]:
    named = [rf"    \caption{{{escaped(table.caption)}}}"] if table.caption else []
    named += [rf"    \label{{{label}}}"] if label else []
    note = escaped(table.under)
    under = [r"    \begin{tablenotes}[flushleft]", rf"      \footnotesize \item {note}", r"    \end{tablenotes}"]
    return [
        "% \\usepackage{booktabs,threeparttable,array}" + ("" if table.lang == "en" else "  % ctex"),
        *shape.remark,
        r"\begin{table}[htbp]",
        r"  \centering",
        r"  \begin{threeparttable}",
        *named,
        *([f"    {shape.setting}"] if shape.setting else []),
        rf"    \begin{{tabular}}{{{shape.sides}}}",
        *(f"      {line}" for line in (r"\toprule", shape.head, r"\midrule", *body, r"\bottomrule")),
        r"    \end{tabular}",
        *(under if note else []),
        r"  \end{threeparttable}",
        r"\end{table}",
    ]


def _longtable(table: Table, shape: _Shape, body: Sequence[str], label: str) -> list[str]:
    named = rf"\caption{{{escaped(table.caption)}}}" if table.caption else ""
    named += rf"\label{{{label}}}" if label else ""
    note = escaped(table.under)
    return [
        "% \\usepackage{booktabs,longtable,array}" + ("" if table.lang == "en" else "  % ctex"),
        *shape.remark,
        *([f"{{{shape.setting}"] if shape.setting else []),
        rf"\begin{{longtable}}{{{shape.sides}}}",
        *([rf"  {named} \\"] if named else []),
        *(f"  {line}" for line in (r"\toprule", shape.head, r"\midrule", r"\endfirsthead")),
        *(f"  {line}" for line in (r"\toprule", shape.head, r"\midrule", r"\endhead")),
        *(f"  {line}" for line in (r"\bottomrule", r"\endfoot")),
        *(f"  {line}" for line in body),
        r"\end{longtable}",
        *(["}"] if shape.setting else []),
        *([rf"\noindent{{\footnotesize {note}\par}}"] if note else []),
    ]
