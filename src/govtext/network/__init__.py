"""The co-occurrence network of policy terms as a `networkx.Graph`, and its measures (共现网络).

Build: `cooccurrence`, `bipartite`; look behind an edge: `evidence`. Judge: `measured`, `backbone`, `difference`,
`stability`. Describe: `communities`, `community_names`, `centralities`, `summary`, `ego`. Keep: `write`, `read`.
"""

from govtext.network.build import bipartite, cooccurrence, evidence, evidence_of_each
from govtext.network.centrality import centralities, summary
from govtext.network.files import read, write
from govtext.network.inference import difference, stability
from govtext.network.measures import MEASURES, measured
from govtext.network.structure import backbone, by_strength, communities, community_names, ego, layout, spanning_forest
from govtext.network.units import UNITS, Unit

__all__ = [
    "MEASURES",
    "UNITS",
    "Unit",
    "backbone",
    "bipartite",
    "by_strength",
    "centralities",
    "communities",
    "community_names",
    "cooccurrence",
    "difference",
    "ego",
    "evidence",
    "evidence_of_each",
    "layout",
    "measured",
    "read",
    "spanning_forest",
    "stability",
    "summary",
    "write",
]
