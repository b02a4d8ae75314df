"""Years and places side by side (比较)."""
from govtext.compare.attention import attention
from govtext.compare.localise import localise
from govtext.compare.promises import promises
from govtext.compare.terms import term_changes
from govtext.compare.reuse import reuse_pairs, reuse_corpus, near_duplicates
