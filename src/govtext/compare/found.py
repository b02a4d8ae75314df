"""Where a comparison takes what is found in each document: found anew, or what is known already (单篇结果的来源)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from govtext import classify, indicators
from govtext.corpus import of_each

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from govtext.classify import Label
    from govtext.compare.figures import Figure
    from govtext.compare.reuse import Reuse
    from govtext.document import Document
    from govtext.indicators import Indicator
    from govtext.tokens import Segmenter, Tokens


Part = Literal["tokens", "indicators", "roles", "themes"]
PARTS: tuple[Part, ...] = ("tokens", "indicators", "roles", "themes")


@dataclass(frozen=True, slots=True)
class Found:
    """What is found in each document, given where a segmenter is wanted, so that nothing is found twice (单篇结果).

    Attributes:
        segment: what the documents were cut with.
        tokens: gives the tokens of a document.
        indicators: gives its figures, in the order of the text.
        roles: gives the role of each of its paragraphs.
        reuse: gives what some documents share; None: `reuse_corpus`.
        themes: gives the theme of each of its paragraphs; None: `classify.themes`.
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
    themes: Callable[[Document], Sequence[Label]] | None = None
    figures: dict[Document, list[Figure]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls, documents: Iterable[Document], segment: Segmenter, *, parts: Collection[Part] = PARTS, jobs: int = 1
    ) -> Found:
        """Return some parts of what is found in documents, found on several cores when `jobs` is above 1 (批量求取).

        Args:
            documents: those that will be asked for; ids must tell them apart.
            segment: cuts them.
            parts: what will be asked for; anything else is found when it is.
            jobs: worker processes; -1 for one a core.
        """
        found, listed = cls.anew(segment), list(documents)
        if jobs == 1 or len(listed) < 2:
            return found
        held = dict(
            zip((d.id for d in listed), of_each(listed, partial(_parts, segment, tuple(parts)), jobs=jobs), strict=True)
        )
        given: dict[str, Any] = {part: partial(_held, held, part) for part in parts}
        if "tokens" in parts:
            given["tokens"] = lambda document: held[document.id]["tokens"].adopted(document, segment)
        return replace(found, **given)

    @classmethod
    def anew(cls, source: Segmenter | Found | None) -> Found:
        """Return what is known already as it is, else what finds everything with a segmenter (逐篇求取)."""
        from govtext.tokens import Segmenter

        if isinstance(source, Found):
            return source
        segment = source or Segmenter()
        return cls(segment, segment, indicators.extract, lambda document: classify.roles(document, segment=segment))


def _parts(segment: Segmenter, parts: tuple[Part, ...], document: Document) -> dict[str, Any]:
    """Return some parts of what is found in one document, by name."""
    find: dict[Part, Callable[[Document], Any]] = {
        "tokens": segment,
        "indicators": indicators.extract,
        "roles": partial(classify.roles, segment=segment),
        "themes": partial(classify.themes, segment=segment),
    }
    return {part: find[part](document) for part in parts}


def _held(held: Mapping[str, Mapping[str, Any]], part: Part, document: Document) -> Any:
    return held[document.id][part]
