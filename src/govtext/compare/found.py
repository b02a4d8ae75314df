"""Where a comparison takes what is found in each document: found anew, or what is known already (单篇结果的来源)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from govtext import classify, indicators

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from govtext.classify import Label
    from govtext.compare.figures import Figure
    from govtext.compare.reuse import Reuse
    from govtext.document import Document
    from govtext.indicators import Indicator
    from govtext.tokens import Segmenter, Tokens


@dataclass(frozen=True, slots=True)
class Found:
    """What is found in each document, given where a segmenter is wanted, so that nothing is found twice (单篇结果).

    Attributes:
        segment: what the documents were cut with.
        tokens: gives the tokens of a document.
        indicators: gives its figures, in the order of the text.
        roles: gives the role of each of its paragraphs.
        reuse: gives what some documents share; None: `reuse_corpus`.
        figures: those of `figures`, each report's once however many it is compared with.

    >>> from govtext.document import parse
    >>> from govtext.tokens import Segmenter
    >>> found = Found.anew(Segmenter())
    >>> [str(one.value) for one in found.indicators(parse("办结100件。"))]
    ['100']
    """

    segment: Segmenter
    tokens: Callable[[Document], Tokens]
    indicators: Callable[[Document], Sequence[Indicator]]
    roles: Callable[[Document], Sequence[Label]]
    reuse: Callable[[Sequence[Document]], Sequence[Reuse]] | None = None
    figures: dict[Document, list[Figure]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def anew(cls, source: Segmenter | Found | None) -> Found:
        """Return what is known already as it is, else what finds everything with a segmenter (逐篇求取)."""
        from govtext.tokens import Segmenter

        if isinstance(source, Found):
            return source
        segment = source or Segmenter()
        return cls(segment, segment, indicators.extract, lambda document: classify.roles(document, segment=segment))
