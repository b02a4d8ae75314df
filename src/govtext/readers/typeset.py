"""Characters on pages to lines, columns and paragraphs, without what runs along the edges of pages (版面还原)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

UNKNOWN = [0, 0xFFFD, 0xFFFE, 0xFFFF]
LEFT, BOTTOM, RIGHT, TOP, X, Y, SIZE, ANGLE = range(8)
DASHES = [0x2014, 0x2015, 0x2026]  # a pair of these may be one glyph, of which PDFium gives both characters
TIED = list(map(ord, "%.,;:)"))  # no blank stands before these
APART = 0.75  # em between characters of one run
CELL = 1.5  # em between cells of a table
TILT = 0.09  # radians
NEAR = 4.0  # points that a running line may move from page to page
EDGE = 3  # lines at each edge of a page that may be running ones
FULL = 3  # lines that end at one place show the margin
GUTTER = 0.8  # em between two columns
HEADING = re.compile(
    r"第[一二三四五六七八九十百]+[编章节条]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[）)]"
)
PAGE_NUMBER = re.compile(
    r"[-—–－·•~〜]*\s*(?:第\s*)?\d{1,4}\s*(?:页)?\s*(?:[,，/／]?\s*(?:共\s*)?\d{1,4}\s*页?)?\s*[-—–－·•~〜]*|[-—–－]+\s*[IVXivx]{1,6}\s*[-—–－]+"
)
ENDS = "。；：！？.;:!?”）)》"
OPENING, CLOSING = "“‘（(《〈「『【〔[", "”’）)》〉」』】〕]，。、；：！？,.;:!?%％"

# Radicals that stand for the character they look like (Unicode, EquivalentUnifiedIdeograph.txt), of the supplement;
# those of U+2F00 to U+2FD5 have a decomposition.
_SUPPLEMENT = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎尢⺏尣⺐尢⺑尣⺒巳⺓幺⺔彐⺕彐⺖忄⺗㣺⺘扌⺙攵⺛旡⺜曰⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛"
    "⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺳罓⺴罓⺵网⺶羊⺷羊⺸羊⺹耂⺺肀⺻聿⺼月⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶"
    "⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫齐⻬齐⻭齿⻮齿⻯竜⻰龙⻱龟⻲龟⻳龟"
)
RADICALS = dict(zip(map(ord, _SUPPLEMENT[::2]), _SUPPLEMENT[1::2], strict=True))
_ATOM = rf"[{re.escape(OPENING)}]*(?:[A-Za-z0-9.+\-/%]+|.)[{re.escape(CLOSING)}]*"
UNIT = re.compile(rf"{_ATOM}(?:(?<=[“”‘’]){_ATOM}|(?=[“”‘’]){_ATOM}){{0,4}}")  # lines do not break at quotes


class Line(NamedTuple):
    """A line: its text and where it stands; `column` is the number of its column on the page (行)."""

    text: str
    left: float
    right: float
    y: float
    em: float
    page: int = 0
    column: int = 0

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return "\t" in self.text


class Run(NamedTuple):
    """Characters beside each other, printed one after another (连写)."""

    text: str
    left: float
    right: float
    y: float
    em: float


@dataclass(frozen=True, slots=True)
class Typeset:
    """The text of pages, and what was left out of it (还原的文本).

    Attributes:
        text: paragraphs and rows of tables, one a line.
        running: the kinds of running lines, an example of each.
        removed: how many running lines there were.
        turned: how many characters stood at an angle to the rest of their page.
    """

    text: str
    running: tuple[str, ...] = ()
    removed: int = 0
    turned: int = 0


def typeset(pages: Sequence[tuple[np.ndarray, np.ndarray]], widths: Sequence[float] = ()) -> Typeset:
    """Return the text of pages, each given as code points and places as `pdfium` writes them (还原版面).

    The widths of the pages, where they are given, tell how long lines may be on a page with few of them.
    """
    levelled = [_level(codes, places) for codes, places in pages]
    runs = [_runs(codes, places) for codes, places, *_ in levelled]
    edges = [_rows(page) for page in runs]
    level_widths = [0.0 if turn else width for width, (*_, turn) in zip(widths, levelled, strict=False)]
    running = _running(edges)
    kept = [
        [run for row, gone in zip(rows, out, strict=True) if not gone for run in row]
        for rows, out in zip(edges, running, strict=True)
    ]
    lines = [line for number, page in enumerate(kept) for line in _page_lines(page, number)]
    removed = [
        _joined(row).text
        for rows, out in zip(edges, running, strict=True)
        for row, gone in zip(rows, out, strict=True)
        if gone
    ]
    kinds = {_shape(text): text for text in reversed(removed)}
    return Typeset(
        "\n".join(_paragraphs(lines, level_widths)),
        tuple(reversed(kinds.values())),
        len(removed),
        sum(n for *_, n, _ in levelled),
    )


# --- characters to runs ---------------------------------------------------------------------------------------------


def _level(codes: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray, int, int]:
    """Turn a page so that most of its text is level; leave out what stands at an angle.

    Also return how many characters that were, and by how many quarters the page was turned.
    """
    inked = (codes > 0x20) & (codes != 0xA0) & (codes != 0x3000)
    quarter = np.round(places[:, ANGLE] / (np.pi / 2)).astype(np.int64)
    straight = np.abs(places[:, ANGLE] - quarter * np.pi / 2) < TILT
    if not straight.any():
        return codes, places, 0, 0
    most = Counter((quarter[straight & inked] % 4).tolist()).most_common(1)
    turn = most[0][0] if most else 0
    keep = (straight & (quarter % 4 == turn)) | ~inked
    codes, turned, places = codes[keep], int((~keep).sum()), places[keep].copy()
    for _ in range(-turn % 4):  # a quarter clockwise each; PDFium counts angles clockwise, too
        x, y = places[:, X].copy(), places[:, Y].copy()
        left, bottom, right, top = (places[:, i].copy() for i in (LEFT, BOTTOM, RIGHT, TOP))
        places[:, X], places[:, Y] = y, -x
        places[:, LEFT], places[:, RIGHT], places[:, BOTTOM], places[:, TOP] = bottom, top, -right, -left
    return codes, places, turned, turn


def _is_wide(codes: np.ndarray) -> np.ndarray:
    wide: np.ndarray = (codes >= 0x2E80) & (codes < 0xFF00)
    return wide


def _runs(codes: np.ndarray, places: np.ndarray) -> list[Run]:
    """Return the runs of a page; what is printed twice in one place, to look bold, is there once."""
    finite = np.isfinite(places).all(axis=1) & (np.abs(places[:, :6]) < 1e5).all(axis=1)
    keep = finite & ~np.isin(codes, (0x0A, 0x0D))
    codes, places = codes[keep], places[keep]
    if not len(codes):
        return []
    em = _ems(codes, places)
    again = np.zeros(len(codes), np.bool_)
    again[1:] = (codes[1:] == codes[:-1]) & (np.hypot(np.diff(places[:, X]), np.diff(places[:, Y])) < 0.2 * em[1:])
    again &= ~(np.isin(codes, DASHES) & (places[:, RIGHT] - places[:, LEFT] > 1.5 * em))
    codes, places, em = codes[~again], places[~again], em[~again]
    gap = places[1:, LEFT] - places[:-1, RIGHT]
    wider = np.maximum(em[1:], em[:-1])
    parted = (np.abs(np.diff(places[:, Y])) > 0.35 * wider) | (gap > APART * wider) | (gap < -0.6 * wider)
    starts = np.concatenate([[0], np.flatnonzero(parted) + 1])
    text = _text(codes, _blanks(codes, places, em) & ~parted)
    at = np.concatenate([[0], np.cumsum(np.fromiter(map(len, text), np.int64, len(text)))])
    whole, ends = "".join(text), np.append(starts[1:], len(codes))
    columns = (
        np.minimum.reduceat(places[:, LEFT], starts),
        np.maximum.reduceat(places[:, RIGHT], starts),
        places[starts, Y],
        np.add.reduceat(em, starts) / (ends - starts),
    )
    found: dict[tuple[str, int, int], Run] = {}
    edges = zip(at[starts].tolist(), at[ends].tolist(), strict=True)
    for (start, end), *place in zip(edges, *(column.tolist() for column in columns), strict=True):
        run = Run(_plain(whole[start:end]), *place)
        if run.text.strip():
            found.setdefault((run.text, round(run.left), round(run.y)), run)
    return list(found.values())


def _text(codes: np.ndarray, blanks: np.ndarray) -> list[str]:
    """Return the characters of a page, those with a blank before them together with it."""
    text = list(map(chr, np.where((codes > 0) & (codes < 0x110000), codes, 0xFFFD).tolist()))
    for i in (np.flatnonzero(blanks) + 1).tolist():
        text[i] = " " + text[i]
    return text


def _blanks(codes: np.ndarray, places: np.ndarray, em: np.ndarray) -> np.ndarray:
    """Tell after which characters a blank stands: between letters or digits that stand apart.

    Not where digits take the room of a Chinese character each, and stand as far apart as these. Nor between Chinese
    characters: lines are filled by setting them apart.
    """
    ascii_ = (codes > 0x20) & (codes < 0x7F)
    gap = places[1:, LEFT] - places[:-1, RIGHT]
    pitch = places[1:, X] - places[:-1, X]
    digit = (codes >= 0x30) & (codes <= 0x39)
    on_grid = (digit[1:] | digit[:-1]) & (pitch > 0.8 * em[1:]) & (pitch < 1.3 * em[1:]) & (gap > 0.38 * em[1:])
    tied = np.isin(codes[1:], TIED) | (codes[:-1] == ord("("))
    letters: np.ndarray = ascii_[1:] & ascii_[:-1] & (gap > 0.2 * em[1:]) & ~on_grid & ~tied
    return letters


def _ems(codes: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the width of a Chinese character at each place: by its width, for others by the height of the line."""
    height = np.maximum(places[:, TOP] - places[:, BOTTOM], 0.1)
    width = places[:, RIGHT] - places[:, LEFT]
    wide = _is_wide(codes) & (width > 0.3 * height)
    ratio = float(np.median(width[wide] / height[wide])) if wide.any() else 0.8
    own = np.where(wide, width, height * ratio)
    at = np.arange(len(own))
    before = np.maximum.accumulate(np.where(wide, at, 0))  # the Chinese character before each, and the one after it
    after = np.minimum.accumulate(np.where(wide, at, len(own) - 1)[::-1])[::-1]
    near = np.where(np.abs(places[before, Y] - places[:, Y]) < 0.5 * own, before, after)
    alike = wide[near] & (own[near] > 0.6 * own) & (own[near] < 1.6 * own)
    alike &= np.abs(places[near, Y] - places[:, Y]) < 0.5 * own
    found: np.ndarray = np.maximum(np.where(wide | ~alike, own, own[near]), 0.5)
    return found


def _plain(text: str) -> str:
    """Return the characters that are meant: radicals as characters, hyphens as such, ligatures as letters."""
    if text.isascii() and "\x02" not in text:
        return text
    out = []
    for c in text:
        if "\u2f00" <= c <= "\u2fd5" or "\ufb00" <= c <= "\ufb06":
            out.append(unicodedata.normalize("NFKC", c))
        elif c in "\xad\x02":
            out.append("-")
        else:
            out.append(RADICALS.get(ord(c), c))
    return "".join(out)


# --- runs to lines --------------------------------------------------------------------------------------------------


def _rows(runs: Iterable[Run]) -> list[list[Run]]:
    """Return runs by the lines they stand on, from the top, each from the left."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (-run.y, run.left)):
        if rows and abs(rows[-1][0].y - run.y) < 0.4 * min(rows[-1][0].em, run.em):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.left) for row in rows]


def _joined(row: Sequence[Run], page: int = 0, column: int = 0) -> Line:
    """Return a line; a wide gap parts cells, unless the line is a title with its characters set apart."""
    em = float(np.median([run.em for run in row]))
    spaced = len(row) > 1 and all(len(run.text.strip()) == 1 for run in row)
    text = row[0].text
    gaps = [run.left - before.right for before, run in pairwise(row)]
    stretched = not spaced and len(gaps) > 2 and max(gaps) < min(CELL * em, 2 * min(gaps))  # to fill the line
    for gap, run in zip(gaps, row[1:], strict=True):
        narrow = gap < CELL * em or spaced
        text += (" " if gap > 0.2 * em and not stretched else "") + run.text if narrow else "\t" + run.text
    cells = [" ".join(cell.strip().split(" ")) for cell in text.split("\t")]
    return Line(
        "\t".join(cells).strip(" \u3000\xa0"),
        min(r.left for r in row),
        max(r.right for r in row),
        row[0].y,
        em,
        page,
        column,
    )


def _shape(text: str) -> str:
    """Return what is the same of a running line on every page: all but its numbers."""
    return re.sub(r"[0-9]+|[一二三四五六七八九十百]+(?=页)", "#", "".join(text.split()))


def _running(pages: list[list[list[Run]]]) -> list[list[bool]]:
    """Tell of each line whether it runs along the edge of the pages: it recurs there, or is the number of the page."""
    shapes = [[(_shape(_joined(row).text), round(row[0].y / NEAR)) for row in rows] for rows in pages]
    seen: Counter[tuple[bool, str, int]] = Counter()
    for rows in shapes:
        places = {(top, text, at) for top, some in ((True, rows[:EDGE]), (False, rows[-EDGE:])) for text, at in some}
        seen.update({(top, text, at + by) for top, text, at in places for by in (-1, 0, 1)})
    filled = sum(bool(rows) for rows in pages)
    least = max(2, filled / 3)
    numbers = _numbered(pages)
    out = []
    for page, (lines, found) in enumerate(zip(pages, shapes, strict=True)):
        gone = [False] * len(lines)
        for top in (True, False):
            for i in list(range(len(lines)))[: EDGE + 1] if top else list(range(len(lines)))[: -EDGE - 2 : -1]:
                recurs = seen[top, *found[i]] >= least and filled > 1 and len(lines) > 1
                if not (recurs or ((page, top) in numbers and _is_number(_joined(lines[i]).text))):
                    break
                gone[i] = True
        if sum(gone) > len(gone) / 2:  # pages that are alike: forms, copies
            gone = [one and _is_number(_joined(line).text) for one, line in zip(gone, lines, strict=True)]
        out.append(gone)
    return out


def _is_number(text: str) -> bool:
    return bool(PAGE_NUMBER.fullmatch(text.replace("\t", " ").strip()))


def _numbered(pages: list[list[list[Run]]]) -> set[tuple[int, bool]]:
    """Return the edges of pages where the number of the page stands: it rises with them, or is set off by marks."""
    found: set[tuple[int, bool]] = set()
    for top in (True, False):
        values: dict[int, int] = {}
        for page, rows in enumerate(pages):
            text = _joined(rows[0 if top else -1]).text if len(rows) > 1 else ""
            if _is_number(text):
                digits = re.search(r"\d+", text)
                values[page] = int(digits[0]) - page if digits else 0
                if not text.strip().isdigit():
                    found.add((page, top))
        common = Counter(values.values())
        found |= {(page, top) for page, value in values.items() if common[value] >= 2}
    return found


# --- columns --------------------------------------------------------------------------------------------------------


def _page_lines(runs: list[Run], page: int) -> list[Line]:
    """Return the lines of a page in the order of reading."""
    out: list[Line] = []
    for column, block in enumerate(_blocks(runs, depth=0)):
        out += [_joined(row, page, column) for row in _rows(block)]
    return out


def _blocks(runs: list[Run], *, depth: int) -> list[list[Run]]:
    """Return the columns of a region one after another; lines over all columns part those above from those below."""
    split = _gutter(runs) if depth < 3 else None
    if split is None:
        return [runs] if runs else []
    out: list[list[Run]] = []
    left: list[Run] = []
    right: list[Run] = []
    over: list[Run] = []
    for row in [*_rows(runs), []]:
        crosses = not row or any(run.left < split < run.right for run in row)
        if crosses and (left or right):
            out += [*_blocks(left, depth=depth + 1), *_blocks(right, depth=depth + 1)]
            left, right = [], []
        if (not crosses and over) or not row:
            out += [over] if over else []
            over = []
        if crosses:
            over += row
        else:
            left += [run for run in row if run.right <= split]
            right += [run for run in row if run.right > split]
    return out


def _gutter(runs: list[Run]) -> float | None:
    """Return where a region is parted into two columns of running text; None if it is not."""
    if len(runs) < 8:
        return None
    lefts, rights = np.array([r.left for r in runs]), np.array([r.right for r in runs])
    em = float(np.median([r.em for r in runs]))
    low, high = float(lefts.min()), float(rights.max())
    width = high - low
    xs = np.arange(low + 0.2 * width, high - 0.2 * width, max(em / 4, width / 800))
    if width < 16 * em or not len(xs):
        return None
    starts, ends = np.sort(lefts), np.sort(rights)
    crossing = np.searchsorted(starts, xs, "left") - np.searchsorted(ends, xs, "right")
    best = int(crossing.min())
    groups = [list(g) for free, g in groupby(range(len(xs)), key=lambda i: bool(crossing[i] == best)) if free]
    widest = max(groups, key=len)
    at = float((xs[widest[0]] + xs[widest[-1]]) / 2)
    if (len(widest) + 1) * (xs[1] - xs[0] if len(xs) > 1 else 0) < GUTTER * em:
        return None
    left, right = [r for r in runs if r.right <= at], [r for r in runs if r.left >= at]
    over = len(runs) - len(left) - len(right)
    return at if over <= 0.4 * len(runs) and _is_text(left) and _is_text(right) else None


def _is_text(runs: list[Run]) -> bool:
    """Tell whether runs are a column of text, whose lines fill its width, and not of a table."""
    rows = _rows(runs)
    if len(rows) < 4:
        return False
    low, high = min(r.left for r in runs), max(r.right for r in runs)
    widths = [row[-1].right - row[0].left for row in rows]
    length = [sum(len(run.text) for run in row) for row in rows]
    return float(np.median(widths)) >= 0.7 * (high - low) and float(np.median(length)) >= 8


# --- lines to paragraphs --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Measure:
    """The measure of a column, over all pages: where its lines begin and end, and how far apart they are."""

    left: float
    right: float
    leading: float
    lines: list[Line] = field(default_factory=list)


def _measures(lines: list[Line], widths: Sequence[float]) -> dict[tuple[int, int], _Measure]:
    """Return the measure of each column of each page; columns that begin at the same place share one.

    Where hardly a line is full, the margin at the right is taken to be that at the left.
    """
    columns = Counter(page for page, _ in {(line.page, line.column) for line in lines})
    blocks: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in lines:
        blocks[line.page, line.column].append(line)
    shared: list[_Measure] = []
    out = {}
    for key, block in sorted(blocks.items(), key=lambda item: -len(item[1])):
        left, em = _common_left(block), block[0].em
        right = max(line.right for line in block)
        same = next((m for m in shared if abs(m.left - left) < 3.5 * em and right < m.right + 2 * em), None)
        if same is None or (len(block) > 12 and abs(same.left - left) > 0.8 * em):
            gaps = [a.y - b.y for a, b in pairwise(block) if a.y > b.y]
            edge = _common_right(block)
            if columns[key[0]] == 1 and key[0] < len(widths) and sum(edge - line.right < em for line in block) < FULL:
                edge = max(edge, widths[key[0]] - left)
            same = _Measure(left, edge, float(np.median(gaps)) if gaps else 0.0)
            shared.append(same)
        out[key] = same
    return out


def _common_left(block: list[Line]) -> float:
    """Return where the lines of a column begin, the outermost place that several share."""
    em = block[0].em
    places = sorted(line.left for line in block)
    least = max(1, len(places) // 12)
    return next(
        (x for i, x in enumerate(places) if sum(y - x < 0.5 * em for y in places[i : i + 200]) > least), places[0]
    )


def _common_right(block: list[Line]) -> float:
    """Return where full lines of a column end: a mark that hangs over the edge does not count."""
    places = sorted((line.right for line in block), reverse=True)
    em = block[0].em
    least = max(0, len(places) // 12)
    return next(
        (x for i, x in enumerate(places) if sum(x - y < 0.5 * em for y in places[i : i + 200]) > least), places[0]
    )


def _paragraphs(lines: list[Line], widths: Sequence[float]) -> list[str]:
    """Return paragraphs: a line that is full goes on in the next, unless that is set off."""
    if not lines:
        return []
    measures = _measures(lines, widths)
    first = [b for a, b in pairwise(lines) if not _is_full(a, b, measures[a.page, a.column])]
    indents = [1.2 * line.em < line.left - measures[line.page, line.column].left < 4.5 * line.em for line in first]
    indented = sum(indents) > 0.4 * len(first)  # paragraphs begin so; titles and tables do not
    body = float(np.median([line.em for line in lines]))
    out = [lines[0].text]
    for before, line in pairwise(lines):
        of_before, of_line = measures[before.page, before.column], measures[line.page, line.column]
        if _is_title(before, line, body) or _goes_on(before, line, (of_before, of_line), indented=indented):
            out[-1] = _glued(out[-1], line.text)
        else:
            out.append(line.text)
    return [text for text in out if text.strip()]


def _is_title(before: Line, line: Line, body: float) -> bool:
    """Tell whether two lines are of one title: larger than the text, centred on each other, close."""
    em = before.em
    return (
        min(em, line.em) > 1.2 * body
        and abs(em - line.em) < 0.1 * em
        and abs(before.left + before.right - line.left - line.right) < 2 * em
        and abs(before.left - line.left) > 0.4 * em
        and before.page == line.page
        and 0 < before.y - line.y < 2 * em
        and not (before.is_row or line.is_row or HEADING.match(line.text))
    )


def _goes_on(before: Line, line: Line, measures: tuple[_Measure, _Measure], *, indented: bool) -> bool:
    of_before, of_line = measures
    em = max(before.em, line.em)
    if before.is_row or line.is_row or not line.text or abs(before.em - line.em) > 0.15 * em:
        return False
    if not _is_full(before, line, of_before):
        return False
    drop = before.y - line.y
    if (before.page, before.column) == (line.page, line.column) and (
        drop < 0.8 * em or drop > 1.35 * of_line.leading > 0
    ):
        return False
    if indented:
        return line.left - of_line.left < 1.2 * line.em
    return not (HEADING.match(line.text) and before.text.endswith(tuple(ENDS)))


def _is_full(before: Line, line: Line, measure: _Measure) -> bool:
    """Tell whether a line goes as far as it can: the next word would have had no room."""
    return measure.right - before.right <= (_unit(line.text) + 0.8) * max(before.em, line.em)


def _unit(text: str) -> float:
    """Return how many em the first part of a line takes that is not broken: a character, or a word, with its marks."""
    match = UNIT.match(text)
    return min(sum(0.6 if c.isascii() else 1.0 for c in match[0]), 8.0) if match else 1.0


def _glued(before: str, after: str) -> str:
    """Return two lines as one: with a blank between words of letters."""
    a, b = before[-1:], after[:1]
    if a == "-" and before[-2:-1].isascii() and before[-2:-1].isalpha() and b.isascii() and b.isalpha():
        return before[:-1] + after
    words = a.isascii() and b.isascii() and b.isalnum() and (a.isalpha() or (a.isdigit() and b.isalpha()))
    return before + (" " if words else "") + after
