"""What is characteristic of a document or section, and how sure we are: TF-IDF, keyness, phrases (关键词)."""

from govtext.counts import units
from govtext.keywords.baselines import Collocation, Ranked, collocations, textrank
from govtext.keywords.candidates import Phrase, compound, phrases
from govtext.keywords.keyness import Keyness, corrected, keyness, log_likelihood
from govtext.keywords.stability import SmallDocumentWarning, Stability, intervals, stability
from govtext.keywords.weighting import Background, Keyword, background, tfidf

__all__ = [
    "Background",
    "Collocation",
    "Keyness",
    "Keyword",
    "Phrase",
    "Ranked",
    "SmallDocumentWarning",
    "Stability",
    "background",
    "collocations",
    "compound",
    "corrected",
    "intervals",
    "keyness",
    "log_likelihood",
    "phrases",
    "stability",
    "textrank",
    "tfidf",
    "units",
]
