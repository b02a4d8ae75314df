"""Web pages (.html) of governments: what the page says of its document, and the document alone (网页)."""

from __future__ import annotations

import re
from contextlib import suppress
from importlib import resources
from typing import TYPE_CHECKING, Any

from govtext.errors import ReadError
from govtext.readers.flow import Tree, is_hidden, lines_of
from govtext.readers.notes import Note, Reading
from govtext.text import BOMS, decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SIZE, TAGS = 32 << 20, 1_000_000  # bytes and tags of a page
DEEP, FORMATS = 400, 40  # elements one in another; a parser of HTML 5 repeats open formats in every paragraph
FORMAT = frozenset(("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"))
# What ends by itself where the next one begins, or holds nothing, and so does not nest.
_NAMES = (
    "area base basefont bgsound body br col colgroup dd dt embed frame head hr html img input li link meta option "
    "optgroup p param rb rp rt rtc source tbody td tfoot th thead tr track wbr"
)
_FLAT = frozenset(_NAMES.split())
TAG = re.compile(r"<(/?)([a-z][^\s/<>]{0,60})", re.IGNORECASE)
FORMAT_TAG = re.compile(rf"</?(?:{'|'.join(sorted(FORMAT))})(?![^\s/<>])[^<>]*>?", re.IGNORECASE)
CHARSET = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE
)
HEADER = re.compile(rb"HTTP/[\d.]{1,3} \d{3}[^\r\n]{0,100}(?:\r?\n[^\r\n]{1,8000}){0,200}\r?\n\r?\n")
HEADER_CHARSET = re.compile(rb"""\ncontent-type:[^\r\n]{0,200}charset\s*=\s*["']?([\w-]{2,20})""", re.IGNORECASE)
# data/pages.tsv: ids and classes under which the systems that governments publish with put the body and the title, the
# most telling first (TRS WCM, 开普 UCAP, 大汉 jcms, 新点 epoint, 博达, 微信; then what many call it), and the fields
# that pages print.
_TABLE = (resources.files("govtext") / "data" / "pages.tsv").read_text("utf-8")
_NAMED = [row.split("\t") for row in _TABLE.splitlines()]
RANK = {name: rank for rank, (kind, name, _) in enumerate(_NAMED) if kind == "body"}
TITLES = frozenset(name for kind, name, _ in _NAMED if kind == "title")
LABELS = {name: field for kind, name, field in _NAMED if kind == "label"}  # no field: of the page alone
# What is beside the body, inside of what holds it: buttons, links to other pages.
ASIDE = re.compile(
    r"(?:bd|social|jia)?share\w*|.*qrcode.*|ewm\w*|erweima\w*|crumbs?|bread-?crumbs?|dqwz|location|curpos\w*|"
    r"prev-?next|pre_?next|pagination|pagebar|toolbar|fontsize|font-size|print-?btn|related\w*|relevant\w*|xgwd|xgzc|xgjd|"
    r"nav|navbar|menu|sidebar|footer|foot|header|topbar|copyright|no-?print|ucap-?share\w*"
)
# Names of the elements <meta>, as the state's rules for government sites have them, and the fields that pages print.
META = {
    "articletitle": "title",
    "pubdate": "published",
    "contentsource": "source",
    "dc.title": "title",
}
_B = r"[ \t\u3000\xa0]*"
_LABEL = "|".join(_B.join(label) for label in sorted(LABELS, key=len, reverse=True))
_END = rf"[ \t\u3000\xa0]{{0,20}}(?:$|[\n\t|｜】\])）]|(?<=[\s\u3000\xa0])(?:{_LABEL}){_B}[:：])"
FIELD = re.compile(
    rf"(?:^|(?<=[\s|｜【\[(（]))({_LABEL})(?:{_B}[:：][ \t\u3000\xa0]*|\t+)([^\t\n]{{0,200}}?)(?={_END})", re.MULTILINE
)
INFO_LINE = re.compile(rf"{_B}[【\[(（]?{_B}(?:{_LABEL}){_B}(?:[:：\t【\[]|$).*")
DAY = re.compile(r"(\d{4})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})")
SITE = re.compile(r"[_|\-—–－]+|:{2,}|\s{2,}")
GENRE = re.compile(
    r".{4,80}(?:报告|通知|意见|办法|规划|方案|决定|决议|公报|公告|通告|通报|纲要|计划|条例|规定|细则|要点|批复|函|情况|总结)"
    r"(?:\s*[（(].{1,20}[)）])?"
)
OWN_NAME = re.compile(r"(?:欢迎).*|.*(?:门户网站|政府网|政务网|政务服务网|官网|网站|首页|在线)")
ORGAN = re.compile(r"[\u4e00-\u9fff]{2,30}(?:政府|国务院|委员会|办公厅|办公室|委|局|厅|部|院|办|署)")
LONGEST_TITLE, LONGEST_VALUE = 150, 80
TOP = 60  # lines among which a title is looked for
MOST = 0.9  # of the sentences of a page: an element that holds them holds the body


def read_page(data: bytes, path: Path) -> Reading:
    """Return the document of a web page, what the page says of it, and how much of the page was left out (读取网页).

    Raises:
        ReadError: the page is no text, holds none, or is built to exhaust whoever reads it.
    """
    text, encoding = decoded(data, path)
    tree = Tree(_parsed(text, path))
    if not tree.parents:
        raise _empty(text, path)
    title = _title(tree)
    body = _body(tree)
    lines = lines_of(tree.nodes[body], skip=lambda node: _is_aside(node, title))
    info, lines = _cut_info(lines)
    if not any(line.strip() for line in lines):
        raise _empty(text, path)
    rest = lines_of(tree.nodes[0], skip=lambda node: node.mem_id == tree.nodes[body].mem_id)
    fields = dict(_fields(tree, "\n".join([*info, *rest])))
    if title:
        fields.setdefault("title", title)
    left_out = sum(len("".join(line.split())) for line in [*info, *rest])
    note = Note("page", f"网页正文之外的{left_out}字未读入", f"{left_out} characters around the body are left out")
    return Reading("\n".join(lines), encoding, (note,) if left_out else (), tuple(sorted(fields.items())))


def _empty(text: str, path: Path) -> ReadError:
    if re.search(r"<i?frame(?:set)?\b", text, re.IGNORECASE):
        what = "the page holds no text of its own: it shows other pages in frames"
    elif re.search(r"<script\b", text, re.IGNORECASE):
        what = "the page holds no text: a script fetches it"
    else:
        what = "the page holds no text"
    return ReadError(what, where=path, remedy="open it in a browser, and copy its text into a .txt file")


# --- bytes to a tree ------------------------------------------------------------------------------------------------


def decoded(data: bytes, path: Path) -> tuple[str, str]:
    """Decode a page: a mark, strict UTF-8, what the page or a saved HTTP header declares, else by the text (解码网页).

    A declaration counts only where the bytes bear it out: many pages are not in the encoding that they name.
    """
    header = HEADER.match(data)
    body = data[header.end() :] if header else data
    declared = (HEADER_CHARSET.search(header[0]) if header else None) or CHARSET.search(body, 0, 8192)
    named = declared[1].decode().lower() if declared else ""
    name = "gb18030" if named in ("gb2312", "gbk", "x-gbk") else named
    if not any(body.startswith(mark) for mark, _ in BOMS) and name in ("gb18030", "big5"):
        with suppress(UnicodeDecodeError):
            body.decode("utf-8")
            name = ""
        with suppress(UnicodeDecodeError, ReadError):
            if name:
                found, better = body.decode(name), decode(body, where=path)
                return (found, name) if len(body) < 4096 else better
    return decode(body, where=path)


def _parsed(text: str, path: Path) -> Any:
    """Return the root of the tree, after a look at what would make the parser slow."""
    from selectolax.lexbor import LexborHTMLParser

    if len(text) > SIZE or text.count("<") > TAGS:
        raise _refused(f"{len(text) >> 20} million characters with {text.count('<')} tags", path)
    text = "".join(_without_scripts(text.replace("\0", "\ufffd")))
    deep, formats = _depths(text)
    if deep > DEEP:
        raise _refused(f"{deep} elements one in another", path)
    if formats > FORMATS:
        text = FORMAT_TAG.sub("", text)
    return LexborHTMLParser(text).root


def _without_scripts(text: str) -> Iterator[str]:
    """Yield a page without comments, scripts and styles: what they hold looks like tags, and is none."""
    at = 0
    while match := UNSHOWN.search(text, at):
        yield text[at : match.start()]
        end = ENDS[match[1].lower()].search(text, match.start() + 2)
        if end is None:  # as a browser has it
            return
        at = end.end()
    yield text[at:]


UNSHOWN = re.compile(r"<(!--|script(?=[\s/>])|style(?=[\s/>]))", re.IGNORECASE)
ENDS = {
    "!--": re.compile(r"--!?>"),
    **{name: re.compile(rf"</{name}[^>]*>", re.IGNORECASE) for name in ("script", "style")},
}


def _depths(text: str) -> tuple[int, int]:
    """Return how many elements, and how many that only format, are open at most, as far as the tags say."""
    depths, deepest = [0, 0], [0, 0]
    for closes, name in TAG.findall(text):
        if (name := name.lower()) not in _FLAT:
            kind = name in FORMAT
            depths[kind] = max(0, depths[kind] - 1) if closes else depths[kind] + 1
            deepest[kind] = max(deepest[kind], depths[kind])
    return deepest[False], deepest[True]


def _refused(what: str, path: Path) -> ReadError:
    remedy = "if you trust it, open it in a browser and copy its text into a .txt file"
    return ReadError(f"this is no ordinary page: {what}", where=path, remedy=remedy)


# --- where the body is ----------------------------------------------------------------------------------------------


def _names(attributes: Mapping[str, str | None]) -> list[str]:
    return f"{attributes.get('id') or ''} {attributes.get('class') or ''}".lower().split()


def _body(tree: Tree) -> int:
    """Return the number of the element that holds the document: by its name, or by where the sentences are."""
    whole = tree.sentences[0] or tree.sizes[0]
    ranked: dict[int, int] = {}
    for i, node in enumerate(tree.nodes):
        names = [node.tag, *_names(node.attributes)] if node.tag not in ("body", "html") else []
        rank = min((RANK[name] for name in names if name in RANK), default=None)
        if rank is not None and tree.weight(i) > tree.weight(ranked.get(rank, -1)):
            ranked[rank] = i
    for _, i in sorted(ranked.items()):
        if tree.weight(i) >= whole / 2:
            return i
    return _densest(tree)


def _densest(tree: Tree) -> int:
    """Return the innermost element that holds nearly all sentences, and every numbered heading, of what holds it."""
    at = 0
    while True:
        children = tree.children(at)
        best = max(children, key=tree.weight, default=None)
        if best is None or tree.weight(best) < MOST * tree.weight(at) or not tree.weight(best):
            return at
        if tree.nodes[best].tag in ("p", "span") or tree.headings[best] < tree.headings[at]:
            return at
        at = best


def _is_aside(node: Any, title: str) -> bool:
    """Tell whether an element inside of the body is none of it."""
    if node.tag in ("nav", "footer", "aside") or any(ASIDE.fullmatch(name) for name in _names(node.attributes)):
        return len(node.text(deep=True)) < 2000  # who calls a whole document a header keeps it
    named = node.tag == "h1" or node.tag in TITLES or any(name in TITLES for name in _names(node.attributes))
    return bool(named and title and _squeezed(node.text(deep=True)) == _squeezed(title))


def _cut_info(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines of fields that stand before the text, and the rest."""
    at = next((i for i, line in enumerate(lines) if line and not INFO_LINE.fullmatch(line)), len(lines))
    return lines[:at], lines[at:]


# --- what the page says of the document -----------------------------------------------------------------------------


def _squeezed(text: str | None) -> str:
    return " ".join((text or "").split())


def _title(tree: Tree) -> str:
    """Return the title: of the page's own record, of the element that is called one, or of the window."""
    root = tree.root
    own = lines_of(tree.nodes[0], skip=lambda node: node.tag == "a")[:TOP]
    record = {str(n.attributes.get("name") or n.attributes.get("property") or "").lower(): n for n in root.css("meta")}
    for name in ("articletitle", "dc.title"):
        if name in record and (found := _squeezed(record[name].attributes.get("content"))):
            return found
    called = [node for node in tree.nodes if node.tag in TITLES or not TITLES.isdisjoint(_names(node.attributes))]
    heads = [node for node in root.css("h1") if not is_hidden(node)]
    shown = [_squeezed(node.text(deep=True)) for node in called + heads]
    for found in shown:
        if 4 <= len(found) <= LONGEST_TITLE and not OWN_NAME.fullmatch(found):
            return found
    window = root.css_first("title")
    pieces = [piece.strip() for piece in SITE.split((window.text() if window else "").strip())]
    pieces = [piece for piece in pieces if len(piece) >= 4 and not OWN_NAME.fullmatch(piece)]
    printed = [line for line in own if GENRE.fullmatch(line)]
    return next((p for p in pieces if p in own or GENRE.fullmatch(p)), "") or (printed + pieces + [""])[0]


def _fields(tree: Tree, around: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of the metadata that the page states: title, source, issuer, doc_number, date."""
    found: dict[str, str] = {}
    for node in tree.root.css("meta"):
        name = META.get(str(node.attributes.get("name") or "").lower())
        if name and (value := _squeezed(node.attributes.get("content"))):
            found.setdefault(name, value)
    for match in FIELD.finditer(around):
        value = match[2].strip(" \u3000\xa0【】[]()（）")
        field = LABELS["".join(match[1].split())]
        if field and value and len(value) <= LONGEST_VALUE:
            found.setdefault(field, value)
    if "headline" in found or "title" in found:
        yield "title", found.get("title") or found["headline"]
    if "source" in found:
        yield "source", found["source"]
    if (issuer := found.get("issuer") or found.get("source", "")) and ORGAN.fullmatch(issuer):
        yield "issuer", issuer
    if "doc_number" in found:
        yield "doc_number", found["doc_number"]
    if day := DAY.match(found.get("date") or found.get("published") or ""):
        yield "date", f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
