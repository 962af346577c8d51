"""Read verdicts: every reason for a refusal must be the right one."""

import subprocess
from pathlib import Path

from pipeline.model.findings import Effect, Finding
from pipeline.model.reports import Report
from tests.builders.cast import AS_OF
from tests.builders.judging import run

CONSEQUENCE = "A step before this one is missing or does not count."
"""Said of every step after the one that fails; never a reason of its own."""


def reasons(report: Report, effect: Effect = Effect.REFUSE) -> set[tuple[str, str]]:
    """(clause, sentence) of every finding of one effect, consequences left out."""
    return {
        (f.clause, str(f.message))
        for f in report.findings
        if f.effect is effect and str(f.message) != CONSEQUENCE
    }


def places(report: Report, clause: str) -> set[tuple[str, int]]:
    """(path, line) of every refusal of one clause."""
    return {
        (f.location.path, f.location.line)
        for f in report.findings
        if f.clause == clause and f.effect is Effect.REFUSE
    }


def refusals(report: Report) -> list[Finding]:
    return [f for f in report.findings if f.effect is Effect.REFUSE]


def passes(report: Report) -> bool:
    """Exit 0, with something judged."""
    assert not reasons(report), reasons(report)
    assert not reasons(report, Effect.HOLD), reasons(report, Effect.HOLD)
    return report.exit_code == 0 and bool(report.verdicts)


def refused_for(report: Report, *wanted: tuple[str, str]) -> bool:
    """Exit 11 for exactly these reasons (clause, words of the sentence), and a remedy for each."""
    found = reasons(report)
    unexpected = {f for f in found if not any(_meets(f, w) for w in wanted)}
    missing = {w for w in wanted if not any(_meets(f, w) for f in found)}
    assert not unexpected, f"refused for another reason: {unexpected}"
    assert not missing, f"not found: {missing}; found {found}"
    assert all(f.remedy for f in refusals(report)), "a refusal says what to do next"
    return report.exit_code == 11


def _meets(found: tuple[str, str], wanted: tuple[str, str]) -> bool:
    return found[0] == wanted[0] and wanted[1] in found[1]


def run_verify(folder: Path, *arguments: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
    return run(folder, "verify", "--as-of", AS_OF.isoformat(), *arguments, lang=lang)


def waits_for(report: Report, *wanted: tuple[str, str]) -> bool:
    """Exit 10, nothing refused, and these reasons (clause, words) among the holds."""
    assert not reasons(report), reasons(report)
    held = reasons(report, Effect.HOLD)
    missing = {w for w in wanted if not any(_meets(f, w) for f in held)}
    assert not missing, f"not found: {missing}; found {held}"
    return report.exit_code == 10
