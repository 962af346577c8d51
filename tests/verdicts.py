"""Looking into verdicts."""

from pipeline.model.findings import Finding
from pipeline.model.reports import Verdict


def findings_of(verdict: Verdict, clause: str) -> tuple[Finding, ...]:
    """What one clause found."""
    return tuple(f for f in verdict.own if f.clause == clause)
