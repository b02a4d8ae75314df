"""The elements of GB/T 9704 that the text of a document itself states: title, number, issuer, date (公文要素)."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

from govtext.document.furniture import BODY_LENGTH, LABEL, LINE_LENGTH
from govtext.document.markers import DIGITS, NUMERAL, annexes_of, numeral

if TYPE_CHECKING:
    from govtext.document import Document
    from govtext.text import Span


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a document; what is not known is None, never guessed (元数据).

    The fields follow the elements of official documents in GB/T 9704.
    """

    title: str | None = None
    doc_number: str | None = None
    issuer: str | None = None
    addressee: str | None = None
    date: str | None = None
    place: str | None = None
    year: int | None = None
    genre: str | None = None
    source: str | None = None
    encoding: str | None = None
    sha256: str | None = None


HEAD_LINES = 16
TAIL_LINES = 10  # a signature, a date, 附注, 抄送, 印发
FIRST_YEAR = 1900  # an earlier date is a slip
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff])[ \u3000]{1,2}(?=[\u4e00-\u9fff](?:[ \u3000]|$))")  # 政 府 工 作 报 告
_DATE = re.compile(
    rf"(?P<year>[0-9]{{4}}|[二〇零○一三四五六七八九]{{4}})年(?P<month>[0-9]{{1,2}}|{NUMERAL}{{1,2}})月(?P<day>[0-9]{{1,2}}|{NUMERAL}{{1,3}})日"
)
_TITLE = re.compile(
    r"[^。；!?！？]{0,70}(?:报告|通知|意见|办法|规划|方案|决定|决议|公报|公告|通告|通报|纲要|计划|条例|规定|细则|要点|批复|函|说明|总结|情况)"
    r"(?:\s*[（(][^（）()]{1,20}[)）])?"
)
_CARRIED_ON = re.compile(
    r"[^。；!?！？,，:：]*(?:关于|印发|转发|《[^》]*)[^。；!?！？,，:：]*"
)  # a title that goes on in the next line
_SPOKEN = re.compile("我代表|现在|报告如下|——")
_RANGE = re.compile(r"\d{4}年?\s*[-—–~～至到]+\s*\d{4}")
_DOC_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,16}\s*[〔［\[（(【]\s*\d{4}\s*[〕］\]）)】]\s*第?\s*\d{1,5}\s*号|[\u4e00-\u9fff]{2,16}令\s*第?\s*\d{1,5}\s*号"
)
_ORGAN = r"(?:人民政府|政府|国务院|委员会|办公厅|办公室|人大常委会|党委|[局部厅院办署])"
_ISSUER = re.compile(rf"[\u4e00-\u9fff]{{0,24}}{_ORGAN}")
_TITLE_ISSUER = re.compile(rf"(?P<issuer>[\u4e00-\u9fff]{{0,20}}?{_ORGAN}(?:办公厅|办公室)?)(?:关于|印发|转发)")
_ADDRESSEE = re.compile(r"[^。]{0,200}(?:政府|委|局|厅|部门|单位|机构|企业|院|部|办)[^。]{0,20}[:：]")
_SENTENCE = re.compile(
    "如下|现将|现就|现提|以下|我代表|决定[:：]|^(?:经|为|根据|按照)|研究|提出|安排[:：]|^(?:责任|主办|承办)单位"
)
_PLACE = r"[\u4e00-\u9fff]{2,9}?(?:省|自治区|特别行政区|市|自治州|地区|盟|自治县|县|自治旗|旗|区)"
_TITLE_PLACE = re.compile(rf"(?:\d{{4}}年)?(?P<place>{_PLACE})(?:人民政府|政府|\d{{4}}年|法治)")
_SESSION_PLACE = re.compile(rf"在(?P<place>{_PLACE})(?:第?{NUMERAL}+届|人民代表大会)")
_SIMPLE_GENRES = (
    "公报",
    "公告",
    "通告",
    "通报",
    "通知",
    "意见",
    "办法",
    "规划",
    "方案",
    "决定",
    "决议",
    "纲要",
    "条例",
    "规定",
    "批复",
    "报告",
)


def read_metadata(document: Document) -> Metadata:
    """Read the metadata that a document's own text states; what it does not state is None (元数据)."""
    text = document.text
    first = document.sections[0].span.start if document.sections else len(text)
    head = [_SPACED.sub("", span.of(text).strip(" \t\n\u3000\xa0#*")) for span in _head(document, first)]
    title = _title(head)
    tail = _tail(document)
    stated = _stated(document)
    date = _date(head, tail) or (_iso(match) if (match := _DATE.match(stated.get("成文日期", ""))) else None)
    stated_year = None if _RANGE.search(title or "") else re.search(r"(20\d\d|19\d\d)年", title or "")
    place = _TITLE_PLACE.match(title or "") or next((m for line in head if (m := _SESSION_PLACE.search(line))), None)
    return Metadata(
        title=title,
        doc_number=next((m[0] for line in [*head, *_numbers(stated)] if (m := _DOC_NUMBER.fullmatch(line))), None),
        issuer=_issuer(title, tail) or stated.get("发文机关") or stated.get("发文机构"),
        addressee=_addressee(head, title),
        date=date,
        place=place["place"] if place else None,
        year=int(stated_year[1]) if stated_year else int(date[:4]) if date else None,
        genre=_genre(title),
    )


def _head(document: Document, first: int) -> list[Span]:
    """Return the lines before the first heading and the first long paragraph."""
    out: list[Span] = []
    for span in document.paragraphs[:HEAD_LINES]:
        if span.start >= first:
            break
        out.append(span)
        if span.end - span.start > 4 * BODY_LENGTH:
            break
    return out


def _tail(document: Document) -> list[str]:
    """Return the last lines before the first annex under which a date stands, or the last lines of all."""
    paragraphs = document.paragraphs
    annexes = annexes_of(document.text, list(paragraphs))
    for stop in [bisect_left(paragraphs, at, key=attrgetter("start")) for at in annexes] + [len(paragraphs)]:
        lines = [span.of(document.text).strip() for span in paragraphs[max(stop - TAIL_LINES, 0) : stop]]
        if any(_DATE.fullmatch(line.strip("（）() ")) for line in lines):
            return lines
    return [span.of(document.text).strip() for span in paragraphs[-TAIL_LINES:]]


def _stated(document: Document) -> dict[str, str]:
    """Return what the fields of the page say: 发文机关：…, 发文字号：…, 成文日期：…."""
    out: dict[str, str] = {}
    for line in (span.of(document.text).strip() for span in document.furniture[:HEAD_LINES]):
        labels = list(LABEL.finditer(line)) if len(line) <= LINE_LENGTH else []
        for label, after in pairwise([*labels, None]):
            if label:
                value = line[label.end() : after.start() if after else len(line)].strip()
                out.setdefault("".join(label[0].split())[:-1], value)
    return {name: value for name, value in out.items() if value}


def _numbers(stated: dict[str, str]) -> list[str]:
    return [stated[name] for name in ("发文字号", "文号") if name in stated]


def _title(head: list[str]) -> str | None:
    """Return the first line that ends like a title, with the lines before it that it carries on."""
    for i, line in enumerate(head):
        if _SPOKEN.search(line) or not _TITLE.fullmatch(line):
            continue
        start = i
        while start and _CARRIED_ON.fullmatch(head[start - 1]) and not _TITLE.fullmatch(head[start - 1]):
            start -= 1
        whole = "".join(head[start : i + 1])
        return whole if _TITLE.fullmatch(whole) else line
    return None


def _date(head: list[str], tail: list[str]) -> str | None:
    """Return the date of the document: a line of its own at the end, or the line under the title."""
    signed = [m for line in tail if len(line) <= 40 and (m := _DATE.fullmatch(line.strip("（）() ")))]
    # ——2026年1月25日在…会议上, （2022年3月4日）; a line with a date inside is the page's: 中国政府网 2006年02月23日
    under_title = [m for line in head if len(line) <= 60 and (m := _DATE.match(line.lstrip("—―-－–（( 　")))]
    match = (signed[-1:] + under_title + [None])[0]
    return _iso(match) if match else None


def _iso(match: re.Match[str]) -> str | None:
    """Return a date as YYYY-MM-DD, None if the calendar lacks it or it is too early."""
    year, month, day = match["year"], numeral(match["month"]), numeral(match["day"])
    digits = year if year.isascii() else "".join(str(DIGITS.get(c, 0)) for c in year)
    try:
        found = datetime.date(int(digits), month, day)
    except ValueError:  # 2023年2月31日
        return None
    return found.isoformat() if found.year >= FIRST_YEAR else None


def _issuer(title: str | None, tail: list[str]) -> str | None:
    """Return who issued the document: named in the title before 关于, or signed above the date."""
    if title and (match := _TITLE_ISSUER.match(title)):
        return match["issuer"]
    for line, following in pairwise(tail):
        if _DATE.fullmatch(following) and _ISSUER.fullmatch(line):
            return line
    return None


def _addressee(head: list[str], title: str | None) -> str | None:
    """Return the organs a document is addressed to: the line with a colon under the title."""
    after = head[head.index(title) + 1 :] if title in head else head
    found = next((line for line in after if _ADDRESSEE.fullmatch(line) and not _SENTENCE.search(line)), None)
    return found[:-1] if found else None


def _genre(title: str | None) -> str | None:
    """Return the genre that the title names."""
    if not title:
        return None
    if "政府工作报告" in title:
        return "政府工作报告"
    if "法治政府建设" in title and re.search("报告|情况|总结", title):
        return "法治政府建设年度报告"
    plain = re.sub(r"\s*[（(][^（）()]*[)）]$", "", title)
    return next((genre for genre in _SIMPLE_GENRES if plain.endswith(genre)), None)
