"""A line of the source that ends between two Chinese characters ends in nothing, not in a blank (中文换行)."""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’—…"
BREAK = re.compile(rf"(?<=[{WIDE}])\n(?=[{WIDE}])")


class Joined(SphinxPostTransform):
    """Joins the lines of each paragraph, whatever markup stands at their ends."""

    default_priority = 900

    def run(self) -> None:
        """Change the texts in place."""
        for block in list(self.document.findall(nodes.TextElement)):
            if not isinstance(block.parent, nodes.TextElement) and not isinstance(block, nodes.FixedTextElement):
                _join([text for text in block.findall(nodes.Text) if not isinstance(text.parent, nodes.literal)])


def _join(texts: list[nodes.Text]) -> None:
    pieces = list(map(str, texts))
    for i, piece in enumerate(pieces):
        before, after = "".join(pieces[max(i - 2, 0) : i])[-1:], "".join(pieces[i + 1 : i + 3])[:1]
        joined = BREAK.sub("", before + piece + after)
        pieces[i] = joined[len(before) : len(joined) - len(after)]
    for text, piece in zip(texts, pieces, strict=True):
        if piece != str(text):
            text.parent.replace(text, nodes.Text(piece))


def setup(app: Sphinx) -> dict[str, bool]:
    """Join before pages are written and indexed."""
    app.add_post_transform(Joined)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
