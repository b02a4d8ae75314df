"""Administrative places under one name: 广西 is 广西壮族自治区 (行政区划名称)."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources


def full_name(place: str) -> str:
    """Return the full name of a place (地名全称).

    Provincial units have theirs in a table, by their usual and their one-character short name. Of any other place only
    blanks and a 人民政府 or 政府 at the end go: whether 贵阳 is a city or 朝阳 a district is not guessed.

    >>> [full_name(place) for place in ("广西", "北京 市", "黔", "清镇市人民政府", "贵阳", "宁夏回族自治区")]
    ['广西壮族自治区', '北京市', '贵州省', '清镇市', '贵阳', '宁夏回族自治区']
    """
    name = "".join(place.split())
    for body in ("人民政府", "政府"):
        if name.endswith(body) and len(name) > len(body):
            name = name.removesuffix(body)
            break
    return _table().get(name, name)


def provinces() -> frozenset[str]:
    """Return the full and the usual names of the provincial units, without the one-character ones (省级行政区).

    >>> {"广西", "广西壮族自治区"} <= provinces(), "桂" in provinces()
    (True, False)
    """
    return frozenset(name for pair in _table().items() for name in pair if len(name) > 1)


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    lines = (resources.files("govtext") / "data" / "places.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines[1:])
    return {short: name for name, also in rows for short in also.split("|")}
