"""What went wrong, said in Chinese on the page (失败原因的中文)."""

from __future__ import annotations

from govtext.messages import translated


def in_chinese(message: str) -> str:
    """Return a message of an error in Chinese; one that the catalogue lacks stays, named as English (中文说法).

    >>> in_chinese("the file is empty")
    '文件是空的'
    >>> in_chinese("a.txt: files of type .pdf are not read")
    'a.txt：不读 .pdf 类型的文件'
    """
    return _said(message) or f"（英文原文）{message}"


def _said(message: str) -> str:
    """Return a message in Chinese, with a place before it and a remedy behind it; empty where it is not known."""
    what, _, remedy = message.partition("; ")
    if remedy and (said := _said(what)) and (then := _said(remedy)):
        return f"{said}；{then}"
    if (said := translated(message)) != message:
        return said
    place, _, rest = message.partition(": ")
    return f"{place}：{said}" if rest and (said := _said(rest)) else ""
