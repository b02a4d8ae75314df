"""The tree of a web page as lines, as a browser would break them (网页的行)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from govtext.readers.numbering import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Each begins and ends a line.
_BLOCKS = (
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul "
    "ucapcontent ucaptitle"
)
BLOCKS = frozenset(_BLOCKS.split())
_SILENT = (
    "script style noscript template iframe frame frameset head title select option button input textarea svg math "
    "canvas audio video object embed map rt rp datalist comment -comment !doctype"
)
SILENT = frozenset(_SILENT.split())
HIDDEN = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt)?\s*(?:;|$))", re.IGNORECASE
)
BLANKS = re.compile(r"[ \t\n\r\f]+")
# A line end in the source between two Chinese characters is no blank.
HAN = re.compile(r"[\u2e80-\u9fff\uf900-\uffee“”‘’—…]")
SENTENCE = re.compile(r"[。；！？]|，.{12}")
HEADING = re.compile(r"第[一二三四五六七八九十]+[章条节]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]")
LONG_CELL = 200  # characters: a longer cell is layout
WIDEST = 60  # columns or rows that a cell may span
CHINESE = re.compile(r"list-style(?:-type)?\s*:[^;]*(?:cjk-ideographic|simp-chinese|trad-chinese)", re.IGNORECASE)
LISTS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


def is_hidden(node: Any) -> bool:
    """Tell whether an element is not shown (隐藏元素)."""
    attributes = node.attributes
    return "hidden" in attributes or bool(HIDDEN.search(attributes.get("style") or ""))


def _is_silent(node: Any) -> bool:
    return node.tag in SILENT or (not _is_text(node) and is_hidden(node))


def _is_text(node: Any) -> bool:
    return bool(node.tag == "-text")


class Tree:
    """The shown elements of a page in order, and how many characters, and of sentences, each holds (元素树).

    Text in links does not count: it is of other pages.
    """

    def __init__(self, root: Any) -> None:
        self.root = root
        self.nodes: list[Any] = []
        self.parents: list[int] = []
        self.sizes: list[int] = []
        self.sentences: list[int] = []
        self.headings: list[int] = []  # numbered ones
        body = root.css_first("body") if root else None
        if body is not None:
            self._walk(body)
            self._add_up()

    def _walk(self, body: Any) -> None:
        stack = [(body, -1, False)]
        while stack:
            node, parent, linked = stack.pop()
            if _is_text(node):
                text = "" if linked else (node.text_content or "").strip()
                self.sizes[parent] += len(text)
                self.sentences[parent] += len(text) if SENTENCE.search(text) else 0
                self.headings[parent] += bool(HEADING.match(text))
            elif not _is_silent(node):
                linked = linked or node.tag == "a"
                self.nodes.append(node)
                self.parents.append(parent)
                self.sizes.append(0)
                self.sentences.append(0)
                self.headings.append(0)
                stack.extend((child, len(self.nodes) - 1, linked) for child in reversed(list(children(node))))

    def _add_up(self) -> None:
        for i in range(len(self.nodes) - 1, 0, -1):
            self.sizes[self.parents[i]] += self.sizes[i]
            self.sentences[self.parents[i]] += self.sentences[i]
            self.headings[self.parents[i]] += self.headings[i]
        self._below: dict[int, list[int]] = {}
        for i, parent in enumerate(self.parents):
            self._below.setdefault(parent, []).append(i)

    def weight(self, i: int) -> int:
        """Return the characters of sentences in an element; where the page has none, all characters (权重)."""
        return 0 if i < 0 else self.sentences[i] if self.sentences[0] else self.sizes[i]

    def children(self, i: int) -> list[int]:
        """Return the numbers of the elements right below one (子元素)."""
        return self._below.get(i, [])


def children(node: Any) -> Iterator[Any]:
    """Yield the nodes right below one, text included (子节点)."""
    child = node.child
    while child is not None:
        yield child
        child = child.next


def lines_of(node: Any, *, skip: Callable[[Any], bool] = lambda _: False) -> list[str]:
    """Return the lines of an element: paragraphs, items with their numbers, a row of a table parted by tabs (行).

    A table whose cells hold long text or other tables is layout: its cells are lines.
    """
    flow = _Flow(skip)
    flow.block(node)
    return flow.finished()


class _Flow:
    """The lines so far, and the pieces of the one that is not ended."""

    def __init__(self, skip: Callable[[Any], bool]) -> None:
        self.skip = skip
        self.lines: list[str] = []
        self.numbers: dict[int, int] = {}  # of each ordered list the number of its last item
        self.pieces: list[str] = []

    def block(self, root: Any) -> None:
        """Add an element: a stack, not recursion, since a page may nest as deeply as it likes."""
        stack: list[tuple[Any, bool]] = [(root, False)]
        while stack:
            node, ends = stack.pop()
            if ends:
                self.end()
            elif _is_text(node):
                self.pieces.append(node.text_content or "")
            elif node.tag == "br":
                self.end()
            elif not _is_silent(node) and not self.skip(node):
                self.enter(node, stack)

    def enter(self, node: Any, stack: list[tuple[Any, bool]]) -> None:
        """Begin an element: put what is in it on the stack, or add it whole."""
        if node.tag == "table" and (rows := _grid(node, self.skip)) is not None:
            self.end()
            self.lines += rows
            return
        if node.tag == "pre":
            self.end()
            self.lines += [line.rstrip() for line in node.text(deep=True).split("\n")]
            return
        if node.tag in BLOCKS:
            self.end()
            stack.append((node, True))
        if node.tag == "li":
            self.pieces.append(self.number(node))
        stack.extend((child, False) for child in reversed(list(children(node))))

    def number(self, item: Any) -> str:
        """Return the number that a browser puts before an item of an ordered list."""
        parent = item.parent
        if parent is None or parent.tag != "ol" or _unnumbered(parent) or _unnumbered(item):
            return ""
        start = _integer(parent.attributes.get("start"))
        given = _integer(item.attributes.get("value"))
        following = self.numbers.get(parent.mem_id, (1 if start is None else start) - 1) + 1
        value = self.numbers[parent.mem_id] = following if given is None else given
        if CHINESE.search(parent.attributes.get("style") or ""):
            return FORMATS["chineseCounting"](value) + "、"
        kind = LISTS.get(parent.attributes.get("type") or "1", "decimal")
        return (FORMATS[kind](value) if 0 < value < 4000 else str(value)) + ". "

    def end(self) -> None:
        """End a line; blanks at its ends are layout."""
        if self.pieces:
            line = _collapsed("".join(self.pieces)).strip(" \xa0\u3000\u2002\u2003\u2009\u200b\ufeff\t")
            self.pieces.clear()
            if line:
                self.lines.append(line)

    def finished(self) -> list[str]:
        """Return the lines."""
        self.end()
        return self.lines


def _collapsed(text: str) -> str:
    """Return a line with its blanks as a browser shows them."""

    def blank(match: re.Match[str]) -> str:
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        breaks = "\n" in match[0] or "\r" in match[0]
        return "" if breaks and (HAN.match(before) or HAN.match(after)) else " "

    return BLANKS.sub(blank, text)


def _unnumbered(node: Any) -> bool:
    style = (node.attributes.get("style") or "").replace(" ", "").lower()
    return "list-style:none" in style or "list-style-type:none" in style


def _integer(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


# --- tables ---------------------------------------------------------------------------------------------------------


def _grid(table: Any, skip: Callable[[Any], bool]) -> list[str] | None:
    """Return a line a row, its cells parted by tabs; None where the table is layout."""
    rows = [[cell for cell in children(row) if cell.tag in ("td", "th")] for row in _rows(table)]
    if max(map(len, rows), default=0) < 2 or any(one.mem_id != table.mem_id for one in table.css("table")):
        return None
    texts: list[list[str]] = []
    for row in rows:
        texts.append([])
        for cell in row:
            lines = lines_of(cell, skip=skip)
            if sum(map(len, lines)) > LONG_CELL and len(row) <= 3:
                return None
            texts[-1].append(" ".join(" ".join(lines).split()))
    return [line for line in _placed(rows, texts) if line.strip()]


def _placed(rows: list[list[Any]], texts: list[list[str]]) -> Iterator[str]:
    """Yield the rows with every cell in its column; one over several columns or rows stands once."""
    taken: dict[int, int] = {}  # column, and how many more rows a cell above reaches
    for row, cells in zip(rows, texts, strict=True):
        line: dict[int, str] = {}
        column = 0
        for cell, text in zip(row, cells, strict=True):
            while taken.get(column, 0):
                column += 1
            line[column] = text
            wide, high = (min(_integer(cell.attributes.get(name)) or 1, WIDEST) for name in ("colspan", "rowspan"))
            for at in range(column, column + wide):
                taken[at] = high
            column += wide
        taken = {at: left - 1 for at, left in taken.items() if left > 1}
        yield "\t".join(line.get(at, "") for at in range(max(line, default=-1) + 1))


def _rows(table: Any) -> Iterator[Any]:
    """Yield the rows of a table, not of tables in it."""
    for child in children(table):
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in children(child) if row.tag == "tr")
