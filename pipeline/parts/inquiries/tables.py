"""What the public asked in a month, and when it had its answer."""

from collections.abc import Iterator
from datetime import datetime

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date, minute
from pipeline.model.findings import say
from pipeline.model.month import Cell, Month, Table, table_of, worth
from pipeline.model.records import Fact


def replies(archive: Archive, month: Month) -> Table:
    return table_of(say("Inquiries and replies"), _REPLIES, _replies(archive, month))


_REPLIES = (
    say("inquiry"),
    say("type"),
    say("received"),
    say("answered"),
    say("working days"),
    say("counts as"),
)


INQUIRY_TYPES = {
    "general": say("general question"),
    "processing": say("needs work"),
    "report": say("report or petition"),
}


def _replies(archive: Archive, month: Month) -> Iterator[tuple[Cell, ...]]:
    calendar = archive.registers.calendar
    for inquiry in archive.facts.get("inquiries", ()):
        received = local_date(inquiry["received_at"])
        if month.holds(received):
            at = answered_at(inquiry)
            days = calendar.workdays_between(received, local_date(at)) if at else None
            yield (
                inquiry.id,
                INQUIRY_TYPES[inquiry["type"]],
                received.isoformat(),
                minute(at) if at else None,
                days,
                worth(inquiry, archive),
            )


def answered_at(inquiry: Fact) -> datetime | None:
    """When the public had its answer, or the report its transfer."""
    reply, transferred = inquiry.get("reply", {}), inquiry.get("transferred", {})
    moment: datetime | None = (
        transferred.get("at")
        if inquiry["type"] == "report"
        else (inquiry.get("closed_at") or reply.get("at"))
    )
    return moment
