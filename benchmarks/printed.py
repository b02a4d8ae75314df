"""Print the reference report to PDF in five typesettings, with headless Chromium, for the tests of the PDF reader.

usage: python benchmarks/printed.py FOLDER
"""

import argparse
import html
import subprocess
import tempfile
import unicodedata
from pathlib import Path

import pylopdf_fonts_zh_cn as fonts
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter, load_font
from fontTools.ttLib import newTable

import govtext as gt

TITLE = "清镇市2022年度法治政府建设情况报告"
MAXIMA = (
    "maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements maxSizeOfInstructions "
    "maxComponentElements maxPoints maxContours maxCompositePoints maxCompositeContours maxComponentDepth"
)
STYLES = {
    # As GB/T 9704 has it: one column, first lines indented, page numbers between dashes.
    "official": """@page { size: A4; margin: 37mm 26mm 35mm 28mm; @bottom-center { content: "— " counter(page) " —"; font: 14pt songti; } }
        body { font: 16pt/28pt songti; text-align: justify; } p { margin: 0; text-indent: 2em; } h1 { display: none; }""",
    # A bulletin: two columns under a title, a running header, page numbers of all pages.
    "bulletin": """@page { size: A4; margin: 25mm 18mm; @top-left { content: "清镇市人民政府公报"; font: 9pt heiti; }
        @top-right { content: "2023年第3期"; font: 9pt heiti; } @bottom-center { content: "第" counter(page) "页 共" counter(pages) "页"; font: 9pt heiti; } }
        body { font: 10.5pt/17pt heiti; text-align: justify; } main { columns: 2; column-gap: 9mm; } p { margin: 0; text-indent: 2em; }
        h1 { display: none; }""",
    # A page printed from the browser: paragraphs parted by gaps, date, title and address at the edges, two fonts.
    "browser": """@page { size: A4; margin: 20mm; } body { font: 12pt/20pt heiti; } p { margin: 0 0 10pt; } p.h { font-family: songti; font-size: 14pt; }
        h1 { display: none; }""",
}
STYLES["three"] = STYLES["bulletin"].replace("columns: 2", "columns: 3").replace("10.5pt/17pt", "9pt/14pt")
STYLES["landscape"] = STYLES["official"].replace("size: A4", "size: A4 landscape").replace("justify", "left")


def faces(folder, text, truetype):
    """Write the two fonts with the characters of the text alone, and the radicals that look like some of them."""
    radicals = [c for c in map(chr, range(0x2F00, 0x2FD6)) if unicodedata.normalize("NFKC", c) in text]
    rules = []
    for name, place in (("heiti", fonts.sans_path()), ("songti", fonts.serif_path())):
        font = load_font(str(place), Options())
        subsetter = Subsetter()
        subsetter.populate(text=text + "".join(radicals) + "公报第期页共— 0123456789")
        subsetter.subset(font)
        if truetype:
            to_truetype(font)
        font.save(folder / f"{name}.ttf")
        rules.append(f"@font-face {{ font-family: {name}; src: url({(folder / f'{name}.ttf').as_uri()}); }}")
    return "".join(rules)


def to_truetype(font):
    """Turn PostScript outlines, which Chromium embeds as fonts of type 3, into TrueType ones, a third as large."""
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    table = newTable("glyf")
    table.glyphOrder, table.glyphs = order, {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, 2.0, reverse_direction=True))
        table.glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), table
    font.recalcBBoxes = True
    maxp = font["maxp"] = newTable("maxp")
    maxp.tableVersion, maxp.numGlyphs, maxp.maxZones = 0x00010000, len(order), 1
    for field in MAXIMA.split():
        setattr(maxp, field, 0)
    font["post"].formatType = 3.0
    for name in ("CFF ", "VORG"):
        if name in font:
            del font[name]
    font.sfntVersion = "\000\001\000\000"


def page(text, style, rules):
    rows = "".join(f"<p{' class=h' if len(line) < 40 else ''}>{html.escape(line)}</p>" for line in text.split("\n"))
    return f"<!doctype html><meta charset=utf-8><title>{TITLE}</title><style>{rules}{STYLES[style]}</style><h1>{TITLE}</h1><main>{rows}</main>"


def write(text, folder, *, postscript=False):
    """Print a text in every style into a folder."""
    with tempfile.TemporaryDirectory() as place:
        rules = faces(Path(place), text, not postscript)
        for style in STYLES:
            source = Path(place) / f"{style}.html"
            source.write_text(page(text, style, rules), encoding="utf-8")
            extra = [] if style == "browser" else ["--no-pdf-header-footer"]
            command = [
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                f"--user-data-dir={place}/profile",
                *extra,
            ]
            target = folder / f"{style}.pdf"
            subprocess.run([*command, f"--print-to-pdf={target}", source.as_uri()], check=True, capture_output=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--postscript", action="store_true", help="leave the outlines of the fonts as they are")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    write(next(iter(gt.reference_corpus())).text, options.folder, postscript=options.postscript)


if __name__ == "__main__":
    main()
