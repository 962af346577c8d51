"""A month, and a table of what it brought."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from pipeline.model.archive import Archive
from pipeline.model.attestations import resting
from pipeline.model.calendar import SHANGHAI, YEARS, local_date, minute, weeks_between
from pipeline.model.cards import Card
from pipeline.model.duties import (
    COUNTED,
    NONE,
    SUNDAY,
    end_of,
    owed_weeks,
    owing,
    relay_carried,
    relay_start,
    update_days,
)
from pipeline.model.findings import Finding, Message, Outcome, say, say_names
from pipeline.model.records import Fact, Publication
from pipeline.model.reports import open_duties

# Quarters of the calendar year, by which shares and contributions are counted (Articles 4–7).

Quarter = tuple[int, int]
"""(year, number from 0)."""


def quarter_of(day: date) -> Quarter:
    """The quarter a day lies in."""
    return day.year, (day.month - 1) // 3


def last_day(quarter: Quarter) -> date:
    """The last day of a quarter."""
    year, number = quarter
    after = date(year + number // 3, (number * 3 + 3) % 12 + 1, 1)
    return after - timedelta(days=1)


def quarter_named(text: str) -> Quarter:
    """``2026Q3``. Raises ValueError for anything else."""
    year, mark, number = text[:4], text[4:5], text[5:]
    if mark not in ("Q", "q") or number not in ("1", "2", "3", "4") or int(year) not in YEARS:
        raise ValueError(text)
    return int(year), int(number) - 1


def say_quarter(quarter: Quarter) -> Message:
    """A quarter for people: ``2026, fourth quarter``, in Chinese ``2026年第四季度``."""
    year, number = quarter
    return Message(_QUARTERS[number].text, (("year", year),))


_QUARTERS = (
    say("{year}, first quarter"),
    say("{year}, second quarter"),
    say("{year}, third quarter"),
    say("{year}, fourth quarter"),
)


def first_day(quarter: Quarter) -> date:
    """The first day of a quarter."""
    return date(quarter[0], quarter[1] * 3 + 1, 1)


def before(quarter: Quarter) -> Quarter:
    """The quarter before."""
    year, number = quarter
    return (year, number - 1) if number else (year - 1, 3)


def posts_of(archive: Archive, quarter: Quarter) -> tuple[Card, ...] | None:
    """The standing posts of a quarter, by id; None unless every one of them is there.

    A look at a single change holds only the posts it touches, and shares of these mean nothing.
    """
    year = f"{quarter[0]:04}"
    ids = {i for i in archive.ids_of(year) if _quarter_of_id(i) == quarter}
    if not ids <= archive.posts.keys():
        return None
    return tuple(c for c in map(archive.card, sorted(ids)) if not c.withdrawn)


def _quarter_of_id(post_id: str) -> Quarter | None:
    """The quarter of a post id, which begins with its date; None when it does not."""
    try:
        return quarter_of(date.fromisoformat(post_id[:10]))
    except ValueError:
        return None


class NamedCell(NamedTuple):
    """An account, a department, a person or a type: the id for machines, the name for people."""

    id: str
    name: str | Message


Cell = str | int | Message | NamedCell | None


@dataclass(frozen=True)
class Table:
    """One table: a stable name, a title, the columns' headings, and rows of cells."""

    name: str
    title: Message
    columns: tuple[tuple[str, Message], ...]
    """(stable name, heading)"""
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Month:
    """A calendar month in Asia/Shanghai."""

    first: date

    @classmethod
    def of(cls, text: str) -> "Month":
        """``2026-11``. Raises ValueError for anything else."""
        if len(text) != 7:
            raise ValueError(text)
        first = date.fromisoformat(f"{text}-01")
        if first.year not in YEARS:
            raise ValueError(text)
        return cls(first)

    @property
    def last(self) -> date:
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])

    @property
    def end(self) -> datetime:
        """Its last second."""
        return end_of(self.last)

    @property
    def before(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def after(self) -> "Month":
        return Month(self.last + timedelta(days=1))

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


# The work of one month as plain tables: pure, from what an archive holds (Articles 5–16).


def month_tables(archive: Archive, periods: Iterable[Finding], month: Month) -> tuple[Table, ...]:
    """Every table of a month's report; `periods`: findings of the duties at the archive's time."""
    return (
        table_of(
            "cadence", say("Updates per account and week"), _CADENCE, _cadence(archive, month)
        ),
        table_of("publications", say("Publications"), _PUBLISHED, _published(archive, month)),
        table_of("relays", say("Relays of superior bodies"), _RELAYS, _relays(archive, month)),
        table_of("replies", say("Inquiries and replies"), _REPLIES, _replies(archive, month)),
        table_of("contributions", say("Contributions"), _SHARES, _contributions(archive, month)),
        table_of("declarations", say("Declarations signed"), _DECLARED, _declared(archive, month)),
        table_of("passwords", say("Passwords"), _PASSWORDS, _passwords(archive)),
        table_of("overdue", say("Overdue duties"), _OVERDUE, _overdue(archive, periods)),
    )


def table_of(
    name: str,
    title: Message,
    columns: tuple[tuple[str, Message], ...],
    rows: Iterable[tuple[Cell, ...]],
) -> Table:
    return Table(name, title, columns, tuple(rows))


def name_cell(entry: str, archive: Archive) -> NamedCell:
    return NamedCell(entry, archive.registers.called(entry))


_CADENCE = (
    ("account", say("account")),
    ("week", say("week from Monday")),
    ("updates", say("updates")),
    ("demanded", say("demanded")),
)


def _cadence(archive: Archive, month: Month) -> Iterator[tuple[Cell, ...]]:
    days = update_days(archive)
    for account in archive.registers.accounts.values():
        owed = set(owed_weeks(account, archive, month.first, month.last - SUNDAY))
        for monday in weeks_between(month.first, min(month.last, archive.today)):
            if not (account.active(monday) or account.active(monday + SUNDAY)):
                continue
            count = days.get(account.id, NONE).within(monday, monday + SUNDAY)
            counted = account.content_mode == "text" and monday in owed
            least = archive.parameter(COUNTED, monday) if counted else None
            yield name_cell(account.id, archive), monday.isoformat(), count, least


_PUBLISHED = (
    ("time", say("time")),
    ("account", say("account")),
    ("post", say("post")),
    ("title", say("title")),
    ("url", say("address")),
    ("remark", say("remarks")),
)


def _remark(p: Publication) -> NamedCell:
    """What was otherwise than it should be."""
    marks = {
        "early": (p.unconfirmed, say("before its confirmation")),
        "pressed": (p.pressed_by, say("by another")),
        "removed": (p.removed_at, say("not shown any more")),
    }
    holds = {key: words for key, (mark, words) in marks.items() if mark}
    return NamedCell(" ".join(holds), say_names([*holds.values()]) if holds else "")


def _published(archive: Archive, month: Month) -> Iterator[tuple[Cell, ...]]:
    rows = sorted(archive.publications, key=lambda p: (p.published_at, p.account, p.post))
    for p in rows:
        if month.holds(local_date(p.published_at)) and archive.clock.reached(p.published_at):
            account = name_cell(p.account, archive)
            yield minute(p.published_at), account, p.post, p.title, p.url, _remark(p)


_RELAYS = (
    ("relay", say("relay")),
    ("title", say("title")),
    ("start", say("the clock started")),
    ("account", say("account")),
    ("carried", say("carried")),
    ("minutes", say("minutes")),
    ("counts_as", say("counts as")),
)
_WORTH = {
    Outcome.DECLARED: say("declared"),
    Outcome.ENTERED: say("entered"),
    Outcome.NOT_APPLICABLE: say("entered by another than it names"),
}


def _worth(fact: Fact, archive: Archive) -> Cell:
    """Whether someone answers by signature for all that a record says."""
    outcome, _ = resting((fact,), archive)
    return NamedCell(outcome.value, _WORTH[outcome])


def _relays(archive: Archive, month: Month) -> Iterator[tuple[Cell, ...]]:
    for relay in archive.facts.get("relays", ()):
        start = relay_start(relay)
        if not month.holds(local_date(start)):
            continue
        carried = relay_carried(relay, archive)
        for account in relay.get("accounts") or sorted({*owing(relay, archive), *carried}) or [""]:
            at = carried.get(account)
            minutes = max(0, int((at - start).total_seconds() // 60)) if at else None
            yield (
                relay.id,
                relay["title"],
                minute(start),
                name_cell(account, archive),
                minute(at) if at else None,
                minutes,
                _worth(relay, archive),
            )


_REPLIES = (
    ("inquiry", say("inquiry")),
    ("type", say("type")),
    ("received", say("received")),
    ("answered", say("answered")),
    ("workdays", say("working days")),
    ("counts_as", say("counts as")),
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
                NamedCell(inquiry["type"], INQUIRY_TYPES[inquiry["type"]]),
                received.isoformat(),
                minute(at) if at else None,
                days,
                _worth(inquiry, archive),
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


_SHARES = (("department", say("department")), ("posts", say("number of posts")))


def _contributions(archive: Archive, month: Month) -> Iterator[tuple[Cell, ...]]:
    """Posts by the department that supplied them; a department without any stands with 0.

    The id of a post begins with its day (F-2), so that no post of another month need be read.
    """
    cards = (archive.card(i) for i in archive.posts if i.startswith(str(month)))
    now = archive.as_of.astimezone(SHANGHAI).isoformat()
    counts = Counter(c.department for c in cards if not c.withdrawn and c.moment <= now)
    for name in archive.registers.departments_on(month.first):
        called = archive.registers.departments[name].name_on(month.first.isoformat())
        yield NamedCell(name, called), counts[name]


_DECLARED = (
    ("declaration", say("declaration")),
    ("subject", say("about")),
    ("person", say("person")),
    ("signed", say("signed")),
    ("until", say("speaks up to")),
)


def _declared(archive: Archive, month: Month) -> Iterator[tuple[Cell, ...]]:
    rows = sorted(archive.signed.get("declaration", ()), key=lambda s: (s.signed_at, s.path))
    for s in rows:
        if month.holds(local_date(s.signed_at)) and archive.clock.reached(s.signed_at):
            signed, until = minute(s.signed_at), s["until"].isoformat()
            about, person = name_cell(s["subject"], archive), name_cell(s.person, archive)
            name = NamedCell(s["name"], say("{name}", name=s["name"]))
            yield name, about, person, signed, until


_PASSWORDS = (
    ("account", say("account")),
    ("custodian", say("custodian")),
    ("rotated", say("changed")),
    ("days", say("days since")),
)


def _passwords(archive: Archive) -> Iterator[tuple[Cell, ...]]:
    for account in archive.registers.accounts.values():
        if not account.active(archive.today):
            continue
        changed = [
            local_date(r["rotated_at"])
            for r in archive.signed.get("rotation", ())
            if r["account"] == account.id
            and r["reason"] != "deviation"
            and archive.clock.reached(r["rotated_at"])
        ]
        last = max(changed, default=None)
        age = (archive.today - last).days if last else None
        cells = (name_cell(i, archive) for i in (account.id, account.custodian))
        yield *cells, last.isoformat() if last else None, age


_OVERDUE = (
    ("clause", say("clause")),
    ("due", say("due")),
    ("owes", say("owed by")),
    ("duty", say("duty")),
)


def _overdue(archive: Archive, periods: Iterable[Finding]) -> Iterator[tuple[Cell, ...]]:
    for duty in open_duties(periods):
        if duty.due is None or archive.clock.passed(duty.due):
            moment = minute(duty.due) if duty.due else None
            yield duty.clause, moment, name_cell(duty.owes, archive), duty.message
