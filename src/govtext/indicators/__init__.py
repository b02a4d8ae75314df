"""Quantities with unit, kind and name, and arithmetic checks on them (指标)."""

from __future__ import annotations

from govtext.indicators.checks import Check, Verdict, check, faults
from govtext.indicators.extraction import Indicator, extract
from govtext.indicators.quantities import Bound, Kind

__all__ = ["Bound", "Check", "Indicator", "Kind", "Verdict", "check", "extract", "faults"]
