"""Candidate terms of a corpus with their evidence, and the audit of a lexicon against a corpus (新词发现)."""

from govtext.discovery.audit import AuditFinding, audit
from govtext.discovery.candidates import Candidate, Place, candidates
from govtext.discovery.sheet import COLUMNS, sheet, ticked

__all__ = ["COLUMNS", "AuditFinding", "Candidate", "Place", "audit", "candidates", "sheet", "ticked"]
