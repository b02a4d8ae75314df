"""PDF files set by hand: text at places, in a Chinese font that every reader knows and no file holds."""

import zlib

A4 = (595, 842)


def pdf(*pages, rotate=0, extra=b"", font="UniGB-UTF16-H"):
    """Return a PDF file; each page is a list of (x, y, size, text), of b"…" for operators, or of "image" to cover it."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), b" ".join(b"%d 0 R" % (6 + 2 * i) for i in range(len(pages)))),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/%s/DescendantFonts[4 0 R]>>" % font.encode(),
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/W[1 95 500]/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
        b"/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/Ascent 880/Descent -120/CapHeight 880/StemV 80/ItalicAngle 0/FontBBox[-25 -254 1000 880]>>>>",
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>stream\n\x80\nendstream",
    ]  # fmt: skip
    for page in pages:
        number = len(objects) + 1
        box = b"0 0 %d %d" % A4
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Rotate %d/Resources<</Font<</F 3 0 R>>/XObject<</I 5 0 R>>>>/Contents %d 0 R>>"
            % (box, rotate, number + 1)
        )
        content = zlib.compress(b"\n".join(map(_operators, page)))
        objects.append(b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(content), content))
    return _file(objects, extra)


def _operators(item):
    if item == "image":
        return b"q %d 0 0 %d 0 0 cm /I Do Q" % A4
    if isinstance(item, bytes):
        return item
    x, y, size, text = item
    return b"BT /F %g Tf %g %g Td <%s> Tj ET" % (size, x, y, text.encode("utf-16-be").hex().encode())


def _file(objects, extra):
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, extra, len(out),
    )  # fmt: skip


def set_text(lines, *, left=90, width=400, size=16, top=760, leading=28, indent=2):
    """Return paragraphs as items of one page: first lines indented, the rest full, half-width characters half as wide."""
    out, y = [], top
    for line in lines:
        x, piece, room = left + indent * size, "", width - indent * size
        for c in line:
            wide = size * (0.5 if c.isascii() else 1)
            if room < wide and c not in "，。、；：”）》":
                out.append((x, y, size, piece))
                x, piece, room, y = left, "", width, y - leading
            piece, room = piece + c, room - wide
        out.append((x, y, size, piece))
        y -= leading
    return out
