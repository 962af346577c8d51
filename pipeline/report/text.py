"""Reports for a terminal: a Report in, a string out."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator

from pipeline.model.findings import Effect, Finding, Location, Message, say
from pipeline.model.reports import Report
from pipeline.report.duties import duty_lines
from pipeline.report.formats import location_text
from pipeline.report.language import Translate
from pipeline.report.summary import (
    EFFECTS,
    VerdictSummary,
    closing,
    following_counts,
    subject_in_words,
    summarise,
)

MOST_NOTES = 50
"""Notes of one clause that a text names one by one."""


def render_text(report: Report, tr: Translate, paint: Callable[[str, Effect | None], str]) -> str:
    """For a terminal: subjects that have findings, open duties, then the closing lines.

    Of a clause with very many notes, as in an audit of years, they are only counted. A note that
    several commits share is printed once; what follows from a finding is counted beneath it.
    """
    lines: list[str] = []
    notes = Counter(f.clause for f in report.findings if _is_note(f))
    many = {clause: count for clause, count in sorted(notes.items()) if count > MOST_NOTES}
    printed: set[tuple[str, str, Location]] = set()
    for each in summarise(report.verdicts):
        lines += _block(each, tr, paint, () if each.verdict.acknowledged else many, printed)
    lines += [tr(_counted(*each)) for each in many.items()]
    lines += duty_lines(report.findings, report.names, report.as_of, tr)
    return "\n".join([*lines, *map(tr, closing(report))]) + "\n"


def _is_note(finding: Finding) -> bool:
    """Worth knowing, and no duty, which stands in a list of its own."""
    return finding.effect is Effect.NOTE and finding.due is None


def _counted(clause: str, count: int) -> Message:
    return say("{clause}: {count} notes; --format json names each.", clause=clause, count=count)


def _block(
    each: VerdictSummary,
    tr: Translate,
    paint: Callable[[str, Effect | None], str],
    many: Collection[str],
    printed: set[tuple[str, str, Location]],
) -> Iterator[str]:
    verdict = each.verdict
    rows = [
        (f, follow)
        for f, follow in zip(each.findings, each.follow, strict=True)
        if f.effect > Effect.NOTE
        or (f.due is None and f.clause not in many and _key(f) not in printed)
    ]
    if not rows and (verdict.publishable or each.elsewhere):
        return
    printed.update(_key(f) for f, _ in rows)
    word = paint(tr(EFFECTS[verdict.decision]), verdict.decision)
    yield f"{word}  {subject_in_words(verdict.subject, tr)}"
    for finding, follow in rows:
        at = location_text(finding.location)
        yield f"  {finding.clause}  {tr(EFFECTS[finding.effect])}  {at}"
        yield f"      {tr(finding.message)}"
        if finding.remedy:
            yield f"      {tr(say('Next: {what}', what=finding.remedy))}"
        if follow:
            yield f"      {tr(following_counts(verdict, follow, tr))}"
    if each.elsewhere:
        yield f"  {tr(say('{count} more: told with what they follow from.', count=each.elsewhere))}"
    yield ""


def _key(finding: Finding) -> tuple[str, str, Location]:
    return finding.clause, str(finding.message), finding.location
