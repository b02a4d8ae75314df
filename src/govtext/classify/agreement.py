"""Do people agree? Cohen's kappa of two coders, Krippendorff's alpha of any number (编码者一致性)."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from govtext.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

EMPTY = (None, "")


def kappa(first: Sequence[Any], second: Sequence[Any]) -> float:
    """Return the agreement of two coders beyond chance, Cohen's kappa (科恩 κ 系数).

    (p_o - p_e) / (1 - p_e) with the observed share of equal labels p_o, and p_e the share that the coders' own
    frequencies would give by chance (Cohen 1960). Units that one of them left empty (None or "") do not count. 1.0
    where both gave one and the same label to everything.

    Raises:
        OptionError: the lengths differ, or no unit has two labels.

    >>> round(kappa(["a", "a", "b", "b"], ["a", "a", "b", "a"]), 3)
    0.5
    """
    if len(first) != len(second):
        raise OptionError(f"{len(first)} labels, but {len(second)}", remedy="give both coders the same units")
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if a not in EMPTY and b not in EMPTY]
    if not pairs:
        raise OptionError("no unit has the labels of both coders", remedy="let both label the same paragraphs")
    equal = sum(a == b for a, b in pairs) / len(pairs)
    by_first, by_second = zip(*pairs, strict=True)
    chance = sum(by_first.count(label) * by_second.count(label) for label in set(by_first)) / len(pairs) ** 2
    return 1.0 if chance == 1 else (equal - chance) / (1 - chance)


def alpha(coders: Sequence[Sequence[Any]]) -> float:
    """Return the agreement of two or more coders beyond chance, Krippendorff's alpha (克里彭多夫 α 系数).

    1 - D_o / D_e for nominal labels, from the coincidence matrix (Krippendorff 2004, ch. 11). Each coder gives one
    label a unit, None or "" where there is none; units with fewer than two labels do not count.

    Raises:
        OptionError: the lengths differ, or no unit has two labels.

    >>> round(alpha([["a", "a", "b", "b", None], ["a", "a", "b", "a", "b"]]), 3)
    0.533
    """
    if len({len(labels) for labels in coders}) > 1:
        raise OptionError("the coders have different numbers of units", remedy="give all coders the same units")
    units = [[label for label in unit if label not in EMPTY] for unit in zip(*coders, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    if not units:
        raise OptionError("no unit has two labels", remedy="let two coders label the same paragraphs")
    known = {label: number for number, label in enumerate(sorted({label for unit in units for label in unit}, key=str))}
    together = np.zeros((len(known), len(known)))
    for unit in units:
        for a, b in combinations([known[label] for label in unit], 2):
            together[a, b] += 1 / (len(unit) - 1)
            together[b, a] += 1 / (len(unit) - 1)
    totals, n = together.sum(axis=0), together.sum()
    expected = n * n - (totals**2).sum()
    return 1.0 if not expected else float(1 - (n - 1) * (n - np.trace(together)) / expected)
