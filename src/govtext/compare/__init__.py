"""Years and places side by side: attention, terms, indicators, promises, text reuse (比较)."""

from govtext.compare.attention import Attention, attention
from govtext.compare.figures import Known
from govtext.compare.localise import Localised, localise
from govtext.compare.pairs import IndicatorPair, indicator_pairs
from govtext.compare.promises import Promise, promises
from govtext.compare.reuse import NearDuplicate, Reuse, boilerplate, near_duplicates, reuse_corpus, reuse_pairs
from govtext.compare.terms import TermChange, term_changes

__all__ = [
    "Attention",
    "IndicatorPair",
    "Known",
    "Localised",
    "NearDuplicate",
    "Promise",
    "Reuse",
    "TermChange",
    "attention",
    "boilerplate",
    "indicator_pairs",
    "localise",
    "near_duplicates",
    "promises",
    "reuse_corpus",
    "reuse_pairs",
    "term_changes",
]
