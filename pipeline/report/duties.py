"""Open duties as text."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from pipeline.model import calendar, lazy, reports
from pipeline.model.findings import Finding, Message, say
from pipeline.report.language import Translate, harmless

NEXT_DAYS = 30
_PLAIN = lazy.regex(r"content/records/[^\n]+\.yml")
"""The files in which what is done is filled in; signed records are none."""


def duty_lines(
    findings: Iterable[Finding],
    names: Mapping[str, str],
    as_of: datetime,
    tr: Translate,
    days: int = NEXT_DAYS,
    worded: Callable[[Finding], Sequence[str]] | None = None,
) -> Iterator[str]:
    """Lines for a terminal; nothing when no duty is open within `days` (`open_duties`).

    `worded`: as `sentences`, by `tr`.
    """
    worded = worded or partial(sentences, tr)
    for title, duties in due_lists(findings, as_of, days):
        yield tr(title)
        for duty in duties:
            what, *following = worded(duty)
            yield f"  {moment(duty)}  {duty.clause}  {owner(duty, names, tr)}"
            yield f"      {what}"
            if _PLAIN.fullmatch(duty.location.path):
                yield f"      {harmless(duty.location.path)}"
            yield from (f"      {line}" for line in following)
        yield ""


def sentences(tr: Translate, finding: Finding) -> list[str]:
    """What a finding says is wrong and, where there is something to do, what is next."""
    remedy = [say("Next: {what}", what=finding.remedy)] if finding.remedy else []
    return [*map(tr, (finding.message, *remedy))]


def due_lists(
    findings: Iterable[Finding], as_of: datetime, days: int = NEXT_DAYS
) -> Iterator[tuple[Message, list[Finding]]]:
    """What is overdue and what falls due within `days`, each with its title; no empty list."""
    duties = reports.open_duties(findings)
    until = as_of + timedelta(days=days)
    late = [d for d in duties if is_late(d, as_of)]
    coming = [d for d in duties if d.due is not None and as_of <= d.due <= until]
    if late:
        yield say("Overdue: {count}", count=len(late)), late
    if coming:
        yield say("Due within {days} days: {count}", days=days, count=len(coming)), coming


def is_late(duty: Finding, as_of: datetime) -> bool:
    """Whether its time has passed; what has no time to come is late."""
    return duty.due is None or duty.due < as_of


def owner(duty: Finding, names: Mapping[str, str], tr: Translate) -> str:
    """The name of the person, account or department that owes a duty; the id where it has none."""
    if not duty.owes:
        return tr(say("not named"))
    return harmless(names.get(duty.owes, duty.owes))


def moment(duty: Finding) -> str:
    """When a duty falls due; dashes where no time was set."""
    return calendar.minute(duty.due) if duty.due else "—" * 8
