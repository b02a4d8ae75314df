"""What is characteristic of a document or section, and how sure we are: TF-IDF, keyness, phrases (关键词)."""

from govtext.keywords.weighting import Background, Keyword, background, tfidf, units

__all__ = ["Background", "Keyword", "background", "tfidf", "units"]
