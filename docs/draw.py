"""Draw the pictures of gallery.md: run its code, save the figure that each block leaves; write its table."""

import contextlib
import io
import re
from pathlib import Path

from PIL import Image

from govtext import plots

DOCS = Path(__file__).parent
PAGE = DOCS / "gallery.md"
PART = re.compile(r"```python\n(.*?)```(?:\n+!\[[^]]*\]\((gallery/[a-z-]+\.png)\))?", re.DOTALL)
DPI, COLOURS = 150, 64
TABLE = re.compile(r"(?<=<!-- table -->\n).*?(?=\n命令也能)", re.DOTALL)


def draw(text: str) -> str:
    """Run the blocks one after another and save each figure; return what they print."""
    names: dict[str, object] = {}
    printed = io.StringIO()
    for code, picture in PART.findall(text):
        with contextlib.redirect_stdout(printed):
            exec(compile(code, PAGE.name, "exec"), names)  # noqa: S102 - the documentation's own code
        if picture:
            path = DOCS / picture
            path.parent.mkdir(exist_ok=True)
            plots.save(names["figure"], path, dpi=DPI)
            with Image.open(path) as image:
                # Octree, not median cut: that gives most colours to shades of grey and changes the few of the lines.
                small = image.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
            small.save(path, optimize=True)
    return printed.getvalue()


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    table = draw(page).split("% \\usepackage")[0].strip()
    PAGE.write_text(TABLE.sub(lambda _: f"\n{table}\n", page), encoding="utf-8")
