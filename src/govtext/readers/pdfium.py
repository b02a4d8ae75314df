"""Run by itself: the characters of a PDF file and where they stand, from PDFium, to standard output (PDF 字符).

PDFium is a large library in C++, and other people's files are given to it. So it runs in a process of its own, with
limits on time and memory; a crash ends that process and nothing else. Only there can it be told which fonts to use,
too: with the fonts of the machine the same file gives other text on other machines.

usage: pdfium.py FOLDER-OF-PYPDFIUM2 FOLDER-OF-FONTS SECONDS MEGABYTES < a.pdf

It writes a line of JSON a page (width, height, number of characters, the share that its largest picture covers), then
the code points (uint32) and eight float32 a character: left, bottom, right, top, origin x, origin y, size, angle.
"""

from __future__ import annotations

import ctypes
import json
import sys
from array import array
from typing import Any

PAGES = 5_000
CHARACTERS, LEAST_CHARACTERS = 3_000_000, 100_000  # of all pages; beyond the lesser, two a byte of the file
PASSWORD = 4  # FPDF_ERR_PASSWORD
IMAGE = 3  # FPDF_PAGEOBJ_IMAGE
LOOKED_AT = 10_000  # objects of a page that are looked at for pictures
FIELDS = 8


def limit(seconds: int, megabytes: int) -> None:
    """Limit CPU time and memory of this process, where the system can (限制资源)."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows: the time is limited from outside
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # macOS does not keep to it
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def start(api: Any, fonts: str) -> None:
    """Start PDFium with the fonts of one folder and no others."""
    paths = (ctypes.c_char_p * 2)(fonts.encode("utf-8", "surrogateescape"), None)
    config = api.FPDF_LIBRARY_CONFIG(version=2)
    config.m_pUserFontPaths = ctypes.cast(paths, type(config.m_pUserFontPaths))
    api.FPDF_InitLibraryWithConfig(config)


def characters(api: Any, text: Any, count: int) -> tuple[array[int], array[float]]:
    """Return the code points of a page, and of each its box, origin, size and angle; none that PDFium made up."""
    found, places = array("I"), array("f")
    box, x, y = api.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for i in range(count):
        if api.FPDFText_IsGenerated(text, i) == 1:
            continue
        code = 0xFFFD if api.FPDFText_HasUnicodeMapError(text, i) == 1 else api.FPDFText_GetUnicode(text, i)
        api.FPDFText_GetLooseCharBox(text, i, box)
        api.FPDFText_GetCharOrigin(text, i, x, y)
        found.append(code)
        size, angle = api.FPDFText_GetFontSize(text, i), api.FPDFText_GetCharAngle(text, i)
        places.extend((box.left, box.bottom, box.right, box.top, x.value, y.value, size, angle))
    return found, places


def pictured(api: Any, page: Any, area: float) -> float:
    """Return the share of a page that its largest picture covers."""
    a, b, c, d = (ctypes.c_float() for _ in range(4))
    most = 0.0
    for i in range(min(api.FPDFPage_CountObjects(page), LOOKED_AT)):
        one = api.FPDFPage_GetObject(page, i)
        if api.FPDFPageObj_GetType(one) == IMAGE and api.FPDFPageObj_GetBounds(one, a, b, c, d):
            most = max(most, (c.value - a.value) * (d.value - b.value))
    return min(most / area, 1.0) if area > 0 else 0.0


def run(api: Any, data: bytes, out: Any) -> str:
    """Write the pages to a stream; return why the file cannot be read, or nothing."""
    document = api.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        return "password" if api.FPDF_GetLastError() == PASSWORD else "damaged"
    pages = api.FPDF_GetPageCount(document)
    if pages > PAGES:
        return f"{pages} pages"
    most = min(CHARACTERS, max(LEAST_CHARACTERS, 2 * len(data)))
    total = 0
    for number in range(pages):
        page = api.FPDF_LoadPage(document, number)
        width, height = (api.FPDF_GetPageWidthF(page), api.FPDF_GetPageHeightF(page)) if page else (0.0, 0.0)
        if page and api.FPDFPage_GetRotation(page) % 2:  # characters stand where they stood before the page was turned
            width, height = height, width
        text = api.FPDFText_LoadPage(page) if page else None
        count = max(0, api.FPDFText_CountChars(text)) if text else 0
        total += count
        if total > most:
            return f"more than {most} characters in {len(data)} bytes"
        codes, places = characters(api, text, count)
        share = pictured(api, page, width * height) if page else 0.0
        head = {"width": width, "height": height, "count": len(codes), "pictured": share, "read": bool(page)}
        out.write(json.dumps(head).encode() + b"\n" + codes.tobytes() + places.tobytes())
        if text:
            api.FPDFText_ClosePage(text)
        if page:
            api.FPDF_ClosePage(page)
    return ""


def main() -> None:
    """Read a PDF file from standard input (主程序)."""
    library, fonts, seconds, megabytes = sys.argv[1:]
    sys.path.append(library)
    import pypdfium2_raw as api

    data = sys.stdin.buffer.read()
    limit(int(seconds), int(megabytes))
    start(api, fonts)
    fault = run(api, data, sys.stdout.buffer)
    sys.stdout.buffer.write(json.dumps({"fault": fault}).encode() + b"\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
