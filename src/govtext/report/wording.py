"""What went wrong, said in Chinese: messages are English where they arise (失败原因的中文)."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources


def in_chinese(message: str) -> str:
    """Return a message of an error in Chinese; one that is not in the list stays as it is, named as English (中文说法).

    >>> in_chinese("the file is empty")
    '文件是空的'
    >>> in_chinese("a.txt: files of type .pdf are not read")
    'a.txt：不读 .pdf 类型的文件'
    """
    return _looked_up(message) or f"（英文原文）{message}"


def _looked_up(message: str, depth: int = 0) -> str:
    for pattern, chinese in _messages():
        match = pattern.fullmatch(message)
        if match:
            parts = [(_looked_up(part, depth + 1) if depth < 2 else "") or part for part in match.groups()]
            return chinese.format(*parts)
    place, _, rest = message.partition(": ")
    if rest and (said := _looked_up(rest)):
        return f"{place}：{said}"
    what, _, remedy = message.partition("; ")
    return f"{said}；{then}" if remedy and (said := _looked_up(what)) and (then := _looked_up(remedy)) else ""


@lru_cache(maxsize=1)
def _messages() -> list[tuple[re.Pattern[str], str]]:
    """Return the list of messages: what each looks like, and how it reads in Chinese."""
    text = (resources.files("govtext") / "data" / "page-messages-zh.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return [(re.compile("(.+?)".join(map(re.escape, re.split(r"\{\}", en))), re.DOTALL), zh) for en, zh in rows]
