"""Read verdicts: every reason for a refusal must be the right one."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from pipeline.model.findings import Effect, Finding
from pipeline.model.reports import Report
from tests.builders.cast import AS_OF
from tests.builders.judging import run

CONSEQUENCE = "earlier-step-missing"
"""Of every step after the one that fails; never a reason of its own."""
UNREVIEWED = (
    ("R11-1", "first-review-missing"),
    ("R11-1", "second-review-missing"),
    ("R11-1", "final-review-missing"),
    ("R15-2", "confirmation-missing"),
)
"""Of a post without any step."""


def marks(report: Report, effect: Effect = Effect.REFUSE) -> set[tuple[str, str]]:
    """(clause, name) of every finding of one effect, consequences left out; behind the name what
    tells it apart: ``("R11-1", "file-changed-since content/…/post.md")``."""
    return {(f.clause, mark(f)) for f in _own(report, effect)}


def mark(finding: Finding) -> str:
    """The name of a finding, and behind it what tells it apart."""
    return f"{finding.name} {finding.about}".rstrip()


def bears(finding: Finding, clause: str, name: str, place: str = "") -> bool:
    """Whether a finding is one of a clause, of a name, which may say what tells it apart, and in a
    file whose path ends so."""
    of_name = f"{mark(finding)} ".startswith(f"{name} ")
    return finding.clause == clause and of_name and finding.location.path.endswith(place)


def _own(report: Report, effect: Effect) -> list[Finding]:
    """The findings of one effect, consequences left out."""
    return [f for f in report.findings if f.effect is effect and f.name != CONSEQUENCE]


def finds(report: Report, *wanted: str, effect: Effect = Effect.REFUSE) -> bool:
    """Whether one of its findings is wanted; see `bears`."""
    return any(bears(found, *wanted) for found in _own(report, effect))


def reasons(report: Report, effect: Effect = Effect.REFUSE) -> set[tuple[str, str]]:
    """(clause, sentence) of the same findings: of those whose words are the matter."""
    return {(f.clause, str(f.message)) for f in _own(report, effect)}


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


def refused_for(report: Report, *wanted: tuple[str, ...]) -> bool:
    """Exit 11 for exactly these reasons (see `bears`), and a remedy for each."""
    found = _own(report, Effect.REFUSE)
    unexpected = {(f.clause, mark(f)) for f in found if not any(bears(f, *w) for w in wanted)}
    assert not unexpected, f"refused for another reason: {unexpected}"
    _holds(found, wanted)
    assert all(f.remedy for f in refusals(report)), "a refusal says what to do next"
    return report.exit_code == 11


def _holds(found: list[Finding], wanted: Iterable[tuple[str, ...]]) -> None:
    missing = {w for w in wanted if not any(bears(f, *w) for f in found)}
    assert not missing, f"{missing} not among {[(f.clause, mark(f), f.location) for f in found]}"


def run_verify(folder: Path, *arguments: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
    return run(folder, "verify", "--as-of", AS_OF.isoformat(), *arguments, lang=lang)


def waits_for(report: Report, *wanted: tuple[str, ...]) -> bool:
    """Exit 10, nothing refused, and these reasons (see `bears`) among the holds."""
    assert not reasons(report), reasons(report)
    _holds(_own(report, Effect.HOLD), wanted)
    return report.exit_code == 10
