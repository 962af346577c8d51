"""Open duties as a calendar feed (RFC 5545): the same duties and time give the same bytes."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from pipeline.model.findings import Finding, say
from pipeline.model.reports import open_duties
from pipeline.report.duties import is_late, owner
from pipeline.report.language import Translate

PRODUCT = "-//sanshen//duties//ZH"
LENGTH = timedelta(minutes=30)
"""How long an entry looks in a calendar; it ends when the duty falls due."""


def duties_ical(
    findings: Iterable[Finding],
    names: Mapping[str, str],
    archive: str,
    title: str,
    as_of: datetime,
    tr: Translate,
) -> bytes:
    """A calendar of every open duty; `archive`: its id, the name space of the entries' ids."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    for duty in open_duties(findings):
        calendar.add_component(_event(duty, names, archive, as_of, tr))
    return bytes(calendar.to_ical())


def _event(
    duty: Finding, names: Mapping[str, str], archive: str, as_of: datetime, tr: Translate
) -> Event:
    assert duty.due is not None  # only open duties come here
    words = tr(duty.message)
    late = is_late(duty, as_of)
    event = Event()
    event.add("uid", f"{_identity(duty)}@{archive}")
    event.add("dtstamp", as_of.astimezone(UTC))
    event.add("dtstart", (duty.due - LENGTH).astimezone(UTC))
    event.add("dtend", duty.due.astimezone(UTC))
    event.add("summary", tr(say("Overdue: {what}", what=words)) if late else words)
    event.add("description", "\n".join(_details(duty, names, tr)))
    event.add("categories", [duty.clause])
    return event


def _details(duty: Finding, names: Mapping[str, str], tr: Translate) -> list[str]:
    who = tr(say("Owed by {who}.", who=owner(duty, names, tr)))
    following = [tr(say("Next: {what}", what=duty.remedy))] if duty.remedy else []
    return [f"{duty.clause}  {who}", *following]


def _identity(duty: Finding) -> str:
    """The same for a duty from the day it is known until it is done, late or not."""
    about = sorted((name, str(value)) for name, value in duty.message.values)
    location = (duty.location.path, duty.location.line)
    text = repr((duty.clause, duty.owes, location, duty.due, about))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
