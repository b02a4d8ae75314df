"""govtext: mining Chinese government documents (中国政府文件文本挖掘).

text → Document → Tokens → counts → keywords · network · classes · indicators → tables · plots · report. Heavy libraries
load when a name that needs them is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govtext.corpus import Corpus, read, read_corpus, reference_corpus
    from govtext.document import Document, parse
    from govtext.errors import GovtextError
    from govtext.lexicon import Lexicon, Term
    from govtext.text import Span
    from govtext.tokens import Segmenter, Tokens

__version__ = "0.1.0"
__all__ = [
    "Corpus",
    "Document",
    "GovtextError",
    "Lexicon",
    "Segmenter",
    "Span",
    "Term",
    "Tokens",
    "__version__",
    "parse",
    "read",
    "read_corpus",
    "reference_corpus",
]

_HOME = {
    "Corpus": "corpus",
    "Document": "document",
    "GovtextError": "errors",
    "Lexicon": "lexicon",
    "Segmenter": "tokens",
    "Span": "text",
    "Term": "lexicon",
    "Tokens": "tokens",
    "parse": "document",
    "read": "corpus",
    "read_corpus": "corpus",
    "reference_corpus": "corpus",
}
_MODULES = frozenset((
    "citations", "classify", "compare", "corpus", "counts", "discovery", "document", "errors", "indicators", "keywords",
    "lexicon", "network", "plots", "provenance", "readers", "report", "tables", "text", "tokens",
))  # fmt: skip


def __getattr__(name: str) -> object:
    """Load a public name or module when it is first used (PEP 562)."""
    if name in _MODULES:
        return importlib.import_module(f"govtext.{name}")
    if name in _HOME:
        value = getattr(importlib.import_module(f"govtext.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'govtext' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*__all__, *_MODULES})
