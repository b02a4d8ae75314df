"""A corpus larger than memory, on many cores or machines: partial counts and their merge (大规模计数).

The documents of a shard become integer counts (`counts_of`), which `merge` adds up in any order. `count_corpus` does
the whole: term matrix, keywords and network, the same as with all documents at hand.
"""

from govtext.scale.cluster import on_cluster
from govtext.scale.maps import counts_of
from govtext.scale.partial import Counts, merge
from govtext.scale.results import Found
from govtext.scale.running import Execute, Totals, count_corpus, with_joblib
from govtext.scale.shards import SHARD, Settings
from govtext.scale.store import Store

__all__ = [
    "SHARD",
    "Counts",
    "Execute",
    "Found",
    "Settings",
    "Store",
    "Totals",
    "count_corpus",
    "counts_of",
    "merge",
    "on_cluster",
    "with_joblib",
]
