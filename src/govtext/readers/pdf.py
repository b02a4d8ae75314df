"""PDF files: their text layer, from PDFium in a process with limits, to paragraphs (PDF 文件)."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from govtext.errors import ReadError
from govtext.readers import pdfium, typeset
from govtext.readers.notes import Note, Reading

MEMORY = 400  # megabytes beside the file itself
LEAST_SECONDS, PER_MEGABYTE, MOST_SECONDS = 2, 20, 120  # of CPU time
LEAST_ON_PAGE = 10  # characters: a page with fewer and a picture is scanned
PICTURED = 0.5  # of the page
UNREADABLE = 0.1  # of all characters
OCR = "have its text recognised (OCR), for example with: ocrmypdf -l chi_sim in.pdf out.pdf"


class Page(NamedTuple):
    """A page: its size, what its largest picture covers, code points, and of each its place (页)."""

    width: float
    height: float
    pictured: float
    codes: np.ndarray
    places: np.ndarray


def read_pdf(data: bytes, path: Path) -> Reading:
    """Return the text of a PDF file as paragraphs, and what was left out (读取 PDF 文件).

    Running headers, footers and page numbers are left out; columns are read one after another; radicals that stand for
    characters become these.

    Raises:
        ReadError: the file is damaged or protected by a password, holds pictures of text alone or fonts that do not say
            which characters they show, or takes more time or memory than any document should.
    """
    pages = _pages(_extracted(data, path), path)
    _check(pages, path)
    found = typeset.typeset([(page.codes, page.places) for page in pages], [page.width for page in pages])
    return Reading(found.text, "pdf", tuple(_notes(pages, found)))


def _extracted(data: bytes, path: Path) -> bytes:
    """Return what the process with PDFium writes about a file."""
    seconds = min(MOST_SECONDS, max(LEAST_SECONDS, PER_MEGABYTE * len(data) // (1 << 20)))
    megabytes = MEMORY + 2 * (len(data) >> 20)
    command = [sys.executable, "-P", pdfium.__file__, _library(), _fonts(), str(seconds), str(megabytes)]
    try:
        run = subprocess.run(command, input=data, capture_output=True, check=False, timeout=4 * seconds)  # noqa: S603 - our own module
    except subprocess.TimeoutExpired as error:
        raise _refused(f"it takes more than {4 * seconds} seconds", path) from error
    except OSError as error:  # no interpreter to start, no memory for another process
        raise _refused(f"PDFium cannot be started ({error.strerror})", path) from error
    if run.returncode:
        what = "it takes more time or memory than a document does" if _is_exhausted(run) else "PDFium fails on it"
        raise _refused(what, path)
    return run.stdout


def _is_exhausted(run: subprocess.CompletedProcess[bytes]) -> bool:
    """Tell whether a process ended for want of time or memory: by KILL, XCPU, ABRT or TRAP, or in Python."""
    return run.returncode in (-9, -24, -6, -5) or b"MemoryError" in run.stderr


def _library() -> str:
    """Return the folder where the bindings of PDFium are."""
    spec = importlib.util.find_spec("pypdfium2_raw")
    if spec is None or not spec.origin:
        raise ReadError("PDF files need pypdfium2, which is not installed", remedy="pip install pypdfium2")
    return str(Path(spec.origin).parents[1])


def _fonts() -> str:
    """Return the folder of the packaged Chinese fonts: the same file is read with the same fonts everywhere."""
    spec = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    return str(Path(spec.origin).parent) if spec and spec.origin else ""


FAULTS = {
    "password": ("the file is protected by a password", "save a copy without one, for example by printing it to PDF"),
    "damaged": ("this is no intact PDF file", "open it in a reader and save it again, or fetch it again"),
}


def _pages(output: bytes, path: Path) -> list[Page]:
    """Return the pages that the process has written."""
    pages: list[Page] = []
    at = 0
    while (end := output.find(b"\n", at)) >= 0:
        head = json.loads(output[at:end])
        if "fault" in head:
            if head["fault"]:
                what, remedy = FAULTS.get(head["fault"], (f"this is no ordinary document: {head['fault']}", "split it"))
                raise ReadError(what, where=path, remedy=remedy)
            return pages
        count, at = head["count"], end + 1
        codes = np.frombuffer(output, np.uint32, count, at)
        places = np.frombuffer(output, np.float32, count * pdfium.FIELDS, at + 4 * count).reshape(count, pdfium.FIELDS)
        at += 4 * count * (1 + pdfium.FIELDS)
        pages.append(Page(head["width"], head["height"], head["pictured"], codes, places.astype(np.float64)))
    raise _refused("PDFium stops in the middle of it", path)


def _refused(what: str, path: Path) -> ReadError:
    remedy = "if you trust it, open it in a reader and save its text as .txt"
    return ReadError(f"this PDF file cannot be read: {what}", where=path, remedy=remedy)


def _scanned(pages: list[Page]) -> list[int]:
    return [i for i, p in enumerate(pages, 1) if p.pictured >= PICTURED and len(p.codes) < LEAST_ON_PAGE]


def _check(pages: list[Page], path: Path) -> None:
    """Make sure that there is a text layer, and that it says which characters it shows."""
    total = sum(len(page.codes) for page in pages)
    scanned = _scanned(pages)
    if scanned and total < LEAST_ON_PAGE * len(pages):
        what = f"its {len(pages)} page(s) are pictures, such as scans, without a text layer"
        raise ReadError(what, where=path, remedy=OCR)
    if total == 0:
        raise ReadError(f"its {len(pages)} page(s) hold no text", where=path, remedy=f"if they show text, {OCR}")
    unknown = sum(int(np.isin(page.codes, typeset.UNKNOWN).sum()) for page in pages)
    if unknown > UNREADABLE * total:
        what = f"{unknown} of its {total} characters are unknown: its fonts do not say what they show"
        raise ReadError(what, where=path, remedy=OCR.replace("ocrmypdf", "ocrmypdf --force-ocr"))


def _notes(pages: list[Page], found: typeset.Typeset) -> list[Note]:
    """Say what was left out: running lines with an example, pages that are pictures, turned text."""
    notes = []
    if found.running:
        shown = "；".join(found.running[:4])
        notes.append(
            Note(
                "running",
                f"页眉、页脚与页码{found.removed}行未读入：{shown}",
                f"{found.removed} running headers, footers and page numbers are left out: {shown}",
            )
        )
    if scanned := _scanned(pages):
        which = ", ".join(map(str, scanned[:10])) + ("…" if len(scanned) > 10 else "")
        notes.append(Note("scanned", f"第{which}页是图片，未读入", f"pages that are pictures are not read: {which}"))
    if found.turned:
        message = f"{found.turned} characters at an angle, such as watermarks, are left out"
        notes.append(Note("turned", f"斜置的{found.turned}个字符（如水印）未读入", message))
    return notes
