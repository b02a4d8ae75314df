"""Cut a text into tokens that tile it; lexicon terms, numbers and names stay whole (分词)."""

from govtext.tokens.columns import (
    COINED,
    FURNITURE,
    KINDS,
    NUMBER,
    PHRASE,
    POLICY,
    PUNCTUATION,
    SPACE,
    TERM,
    WORD,
    Token,
    Tokens,
)
from govtext.tokens.engine import TOTAL, Engine, frequency, part_of_speech
from govtext.tokens.segmenter import Segmenter
from govtext.tokens.vocabulary import Vocabulary

__all__ = [
    "COINED",
    "FURNITURE",
    "KINDS",
    "NUMBER",
    "PHRASE",
    "POLICY",
    "PUNCTUATION",
    "SPACE",
    "TERM",
    "TOTAL",
    "WORD",
    "Engine",
    "Segmenter",
    "Token",
    "Tokens",
    "Vocabulary",
    "frequency",
    "part_of_speech",
]
