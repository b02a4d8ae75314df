"""What a text itself marks as a name: phrases in quotation marks, and slogans made of numerals (引号词与数字缩略语)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ahocorasick_rs
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govtext.discovery.grams import Stream
    from govtext.tokens import Tokens

# A phrase in quotation marks that is no sentence: “双随机、一公开”, “贵人服务·清松办”. 、 and · may stand inside.
QUOTED = re.compile(
    r"“([^“”‘’\"，。；：！？,;:!?\s（）()《》]{2,16})”" r"|\"([^“”‘’\"，。；：！？,;:!?\s（）()《》]{2,16})\""
)
NUMERALS = "一二两三四五六七八九十百双"
# 1+1+N, 5+3
FORMULA = re.compile(r"\d{1,4}(?:\+(?:\d{1,4}|[NnXx]))+")
# 一规划两纲要, 两降一保, 双随机、一公开: two or more numerals, each with what it counts
COUNTED_TWICE = re.compile(rf"(?:[{NUMERALS}][^{NUMERALS}0-9]{{1,6}}、?){{2,}}")
# 五个一办, 三个高地, 四大产业集群, 第一议题
COUNTED_ONCE = re.compile(rf"(?:第?[{NUMERALS}]|\d{{1,2}})(?:个|大|项|条|张|件)?(?![类项型级种批次]$)[^0-9]{{1,7}}")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A phrase that stands in quotation marks somewhere in the corpus (引号词).

    Attributes:
        count: how often it stands in the corpus, with or without marks.
        quoted: how often in marks.
        places: document number, start and end of each.
    """

    count: int
    quoted: int
    places: list[tuple[int, int, int]]


def has_numeral(text: str, *, quoted: bool) -> bool:
    """Tell whether a string is a slogan made of numerals; one numeral is enough in quotation marks (数字缩略语).

    >>> [has_numeral("两降一保", quoted=False), *(has_numeral("三个高地", quoted=q) for q in (False, True))]
    [True, False, True]
    """
    shapes = (FORMULA, COUNTED_TWICE, COUNTED_ONCE) if quoted else (FORMULA, COUNTED_TWICE)
    return any(shape.fullmatch(text) for shape in shapes)


def quoted(tokens: Sequence[Tokens], source: Stream) -> dict[str, Quoted]:
    """Return every phrase in quotation marks, with all places where it stands between edges of tokens (引号词).

    Args:
        tokens: what was cut; of a part of a document only the part is looked at.
        source: the same as one stream.
    """
    marked: Counter[str] = Counter()
    for one in tokens:
        marked.update(match[1] or match[2] for match in QUOTED.finditer(one.document.text, *one.span))
    names = sorted(name for name in marked if any(map(str.isalpha, name)) or FORMULA.fullmatch(name))
    if not names:
        return {}
    finder = ahocorasick_rs.AhoCorasick(names)
    found: dict[str, list[tuple[int, int, int]]] = {name: [] for name in names}
    for number, one in enumerate(tokens):
        text = one.document.text
        part = slice(int(source.offsets[number]), int(source.offsets[number + 1]) - 1)
        edges = np.zeros(len(text) + 1, np.bool_)
        edges[source.starts[part]] = edges[source.ends[part]] = True
        for name, start, end in finder.find_matches_as_indexes(text, overlapping=True):
            if edges[start] and edges[end]:
                found[names[name]].append((number, start, end))
    return {name: Quoted(len(places), marked[name], places) for name, places in found.items() if places}
