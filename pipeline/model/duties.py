"""Duties over time: kept, still to come, or overdue; and periodic signed declarations.

Every period clause reports a duty the same way, so that the audit, the month's report and the
desk's calendar can sort them: `duty` yields a NOTE with its due time while there is time, and
REFUSE (or the effect given) from the moment it is late.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from pipeline.model import documents, lazy, run
from pipeline.model.archive import Archive
from pipeline.model.calendar import SHANGHAI, Span, local_date, week_of, weeks_between
from pipeline.model.findings import (
    Complaint,
    Effect,
    Finding,
    Location,
    Message,
    Reason,
    say,
    say_day,
)
from pipeline.model.ids import AccountId, PersonId, sha256_of
from pipeline.model.law import PeriodClause, refuse
from pipeline.model.records import Fact, Signed, parts_of, tally
from pipeline.model.registers import Account, Person, Registers, in_office

# What counts as an update of an account (Article 5, R05-1): rules and pages count alike.


@dataclass(frozen=True)
class Updates:
    """The updates of one account, day by day, from the first to the last."""

    first: date = date.min
    counts: tuple[int, ...] = ()
    """Of the first day and of each that follows; neither end is 0."""

    @property
    def last(self) -> date | None:
        """The day of the last update, if there was any."""
        return self._day(len(self.counts) - 1) if self.counts else None

    def within(self, first: date, last: date) -> int:
        """Updates from one day to another, both included."""
        start = (first - self.first).days
        return sum(self.counts[max(start, 0) : max(start + (last - first).days + 1, 0)])

    def days(self) -> Iterator[date]:
        """Each day that had an update, in order."""
        return (self._day(n) for n, count in enumerate(self.counts) if count)

    def _day(self, number: int) -> date:
        return date.fromordinal(self.first.toordinal() + number)


NONE = Updates()


def update_days(archive: Archive) -> Mapping[str, Updates]:
    """Account → its updates by day (`records.Carried` says what counts)."""
    updates, span = _update_days(archive)
    archive.clock.narrow(span)
    return updates


def _counted(archive: Archive) -> Mapping[str, Updates]:
    counts = tally(parts_of(archive.publications), archive.clock.reached)
    return {i: Updates(date.fromordinal(row[0]), tuple(row[1:])) for i, row in counts.items()}


_update_days: run.PerRun[Archive, tuple[Mapping[str, Updates], Span]] = run.PerRun(
    lambda archive: archive.clock.tracked(partial(_counted, archive)), lazy.FEW
)


# Weeks in which a text account owes updates (Article 5, R05-1): rule and reports count alike.

COUNTED = "cadence.text.count"
"""Parameter: updates a week; a law that counts none by weeks does not have it."""
SUNDAY = timedelta(days=6)
"""From the Monday of a week."""


def judged_from(account: Account, parameter: str, archive: Archive) -> date:
    """No duty before the account opened or the regulation was in force (Article 17)."""
    policy = archive.registers.policy
    return max(account.opened_on, policy.parameters[parameter][0].effective_from, policy.since)


def owed_weeks(account: Account, archive: Archive, first: date, last: date) -> Iterator[date]:
    """Mondays from one day to another of the weeks that the account owes: whole weeks in use, less
    those that policy leaves out, with a reason in its history."""
    if COUNTED not in archive.registers.policy.parameters:
        return
    start = judged_from(account, COUNTED, archive)
    stated = archive.parameter("cadence.exempt_weeks")
    exempt = {week_of(date.fromisoformat(day)) for day in stated}
    for monday in weeks_between(max(first, start), last):
        if start <= monday and monday not in exempt and account.active(monday + SUNDAY):
            yield monday


# Relays of items of superior bodies (Article 5, R05-4): rules and pages count alike.


def relay_start(relay: Fact) -> datetime:
    """When the twelve hours begin: with the notice if there was one, never before the item."""
    published: datetime = relay["source_published_at"]
    return max(relay.get("notice_received_at") or published, published)


def relay_carried(relay: Fact, archive: Archive) -> dict[str, datetime]:
    """Account → when it first carried the relaying post; what came before the item is no relay."""
    first: dict[str, datetime] = {}
    for p in archive.publications_of(relay.get("post", "")):
        if p.published_at >= relay["source_published_at"] and archive.clock.reached(p.published_at):
            first[p.account] = min(first.get(p.account, p.published_at), p.published_at)
    return first


def owing(relay: Fact, archive: Archive, of_all: bool = False) -> list[AccountId]:
    """The accounts that owe a relay, less those left out with a reason.

    All in use on a platform that policy names; else those that the relay names, if not `of_all`.
    """
    accounts, day = relay.get("accounts"), local_date(relay_start(relay))
    if not accounts or of_all:
        platforms = archive.parameter("relay.platforms", day)
        entries = archive.registers.accounts.values()
        accounts = [a.id for a in entries if a.active(day) and a.platform in platforms]
    return sorted({*accounts} - {row["account"] for row in relay.get("except", ())})


OF_LEAD = ("information-officer", "section-head", "operator")
"""Roles that many departments have: only those of the lead department speak for the archive."""


def end_of(day: date) -> datetime:
    """The last second of a local day: what is due on a day is late on the next."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=SHANGHAI)


def duty(
    name: str,
    archive: Archive,
    due: datetime,
    what: Message,
    at: Location,
    remedy: Message | None = None,
    owes: str = "",
    effect: Effect = Effect.REFUSE,
) -> Complaint:
    """One open duty: a NOTE until `due` has passed, then the effect, and called overdue. `what`:
    what is due and when; `remedy`: as of `law.refuse`."""
    if not archive.clock.passed(due):
        return Complaint(name, Effect.NOTE, what, at, remedy, owes, due)
    late = say("Overdue: {duty}", **dict(what.values), duty=what)
    return Complaint(name, effect, late, at, remedy, owes, due)


def done_late(what: Message) -> Message:
    """A duty that was done after it was due."""
    return say("Done late: {duty}", **dict(what.values), duty=what)


def months_after(day: date, months: int) -> date:
    """The same day some calendar months later; the last of the month where there is none."""
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def digest_of(wording: Fact) -> str:
    """sha256 of a wording's text: what its declarations are bound to."""
    return sha256_of(wording["text"].encode())


def each_declared(signed: Signed) -> tuple[Signed, ...]:
    """What one record declares: itself, and what is declared with the same signature."""
    also = signed.get("also", ())
    return signed, *(replace(signed, role=a["role"], value={**signed.value, **a}) for a in also)


def declarations_due(
    archive: Archive, name: str, effect: Effect = Effect.REFUSE
) -> Iterator[Complaint]:
    """The declaration `name` of the register ``wordings``: who owes it, since when, until when.

    A declaration counts when its wording's version and text are those in force on the day it was
    signed, and its signer held the wording's role then (in the lead department, when it speaks for
    the archive or an account) and works for no contractor. It is fresh for `every_months` calendar
    months from the end of the period it speaks of; that periods leave no gap is asked when one is
    signed: a month that was missed could never be healed. Each subject (the archive, department,
    account or person that the wording's scope names) owes its own, from the day it was there;
    one that is overdue weighs `effect`.
    """
    wordings = [w for w in archive.registers.entries.get("wordings", ()) if w["name"] == name]
    if not wordings:
        location = Location("content/registers/wordings.yml")
        message = say("The wording of the declaration {name} is missing.", name=name)
        remedy = say("Restore it in the register wordings.")
        yield refuse("wording-missing {name}", location, message, remedy)
        return
    wording = wording_on(archive, name, archive.today) or wordings[0]
    for subject, owes in subjects_of(archive, wording):
        yield from _due(archive, wording, subject, owes, effect)


def declaration_of(duty: Finding) -> tuple[str, str] | None:
    """(wording, subject) of the declaration that meets a duty; None: another act does."""
    name, _, subject = duty.about.partition(" ")
    return (name, subject) if duty.name == "declaration-due" else None


def declaration(number: int, name: str, effect: Effect = Effect.REFUSE) -> PeriodClause:
    """The clause under which the declaration `name` of the register ``wordings`` is owed."""
    owed = partial(declarations_due, name=name, effect=effect)
    return PeriodClause(number, owed, declared=partial(in_force, name=name))


def in_force(archive: Archive, name: str) -> tuple[Signed, ...]:
    """The last declaration of each subject that owes one; none unless all of them still hold."""
    wording = wording_on(archive, name, archive.today)
    if wording is None:
        return ()
    standing = []
    for subject, _ in subjects_of(archive, wording):
        last = _last(archive, wording, subject)
        if last is None or archive.clock.passed(end_of(_falls_due(archive, wording, subject))):
            return ()
        standing.append(last)
    return tuple(standing)


def subjects_of(archive: Archive, wording: Fact) -> Iterator[tuple[str, str]]:
    """(subject, person who owes it) of every declaration of a wording."""
    registers, today, role = archive.registers, archive.today, wording["role"]
    scope = wording["scope"]
    if scope == "person":
        for person in registers.people.values():
            if person.holds(role, today):
                yield person.id, person.id
        return
    departments = registers.departments_on(today) if scope == "department" else []
    accounts = [a.id for a in registers.accounts.values() if a.active(today)]
    alone: dict[str, list[str]] = {"archive": [""], "account": [*accounts]}
    for subject in sorted(alone.get(scope, departments)):
        where = _department(registers, wording, subject, today)
        holders = [p.id for p in registers.people.values() if p.holds(role, today, where)]
        yield subject, min(holders, default="")


def last_declared(archive: Archive, wording: Fact, subject: str) -> date | None:
    """Last day that the declarations that count speak of; None when there is none."""
    last = _last(archive, wording, subject)
    return last["until"] if last else None


def _last(archive: Archive, wording: Fact, subject: str) -> Signed | None:
    """Of the declarations that count, the one that speaks of the latest day."""
    counted = (
        s
        for s in archive.signed.get("declaration", ())
        if s["name"] == wording["name"]
        and s["subject"] == subject
        and declaration_fault(archive, s) is None
    )
    return max(counted, default=None, key=lambda s: (s["until"], s.path))


def earliest(archive: Archive, name: str) -> date:
    """The day from which a declaration is owed: the archive's beginning, or its first wording's."""
    entries = archive.registers.entries.get("wordings", ())
    begun = min((w["from"] for w in entries if w["name"] == name), default=date.min)
    return max(archive.registers.policy.since, begun)


COMING = (
    "period-in-future",
    say("A declaration speaks of a period that has passed when it is signed."),
)


def period_fault(archive: Archive, name: str, first: date, last: date, day: date) -> Reason | None:
    """Why a declaration signed on a day cannot speak of a period; None: it can.

    It may begin with the month in which it is first owed: a month is declared whole.
    """
    if last < first:
        message = say("The period declared ends ({last}) before it begins ({first}).",
                        first=say_day(first), last=say_day(last))  # fmt: skip
        return "period-backwards", message
    if last > day:
        return COMING
    owed = earliest(archive, name)
    if first < owed.replace(day=1):
        return "period-too-early", say(
            "Nothing is declared for days before {day}, when it was first owed.", day=say_day(owed)
        )
    return None


def _department(registers: Registers, wording: Fact, subject: str, day: date) -> str | None:
    """Where the signer holds the wording's role; None: in any department."""
    if wording["scope"] == "department":
        return subject
    speaks_for_all = wording["scope"] in ("archive", "account") and wording["role"] in OF_LEAD
    return registers.lead_on(day) if speaks_for_all else None


def _there_since(archive: Archive, wording: Fact, subject: str) -> date:
    """The day from which a subject can owe anything: its account's opening, its person's office."""
    registers, scope = archive.registers, wording["scope"]
    if scope == "account":
        return registers.accounts[AccountId(subject)].opened_on
    held = registers.people[PersonId(subject)].tenures if scope == "person" else ()
    now = (t.start for t in held if t.role == wording["role"] and t.covers(archive.today))
    return min(now, default=date.min)


def _falls_due(archive: Archive, wording: Fact, subject: str) -> date:
    """The last day on which the next declaration about a subject is in time."""
    since = max(earliest(archive, wording["name"]), _there_since(archive, wording, subject))
    last = max(last_declared(archive, wording, subject) or since, since)
    grace = timedelta(days=wording.get("grace_days", 0))
    return months_after(last, wording["every_months"]) + grace


def _due(
    archive: Archive, wording: Fact, subject: str, owes: str, effect: Effect
) -> Iterator[Complaint]:
    day = _falls_due(archive, wording, subject)
    what = say("{name}", name=wording["name"])
    if subject:
        called = archive.registers.name_of(subject)
        what = say("{name} ({subject})", name=wording["name"], subject=called)
    command = wording["name"] + (f" --subject {subject}" if subject else "")
    remedy = say("`sanshen declare {name}` shows the wording and signs it.", name=command)
    owed = say("The declaration {what} is due on {day}.", what=what, day=say_day(day))
    due, at = end_of(day), wording.at("name")
    complaint = duty("declaration-due", archive, due, owed, at, remedy, owes, effect)
    yield replace(complaint, about=f"{wording['name']} {subject}".rstrip())


def may_declare(
    registers: Registers, wording: Fact, subject: str, person: Person, day: date
) -> bool:
    """Whether a declaration about a subject, signed by a person on a day, would count."""
    if person.contractor or (wording["scope"] == "person" and subject != person.id):
        return False
    return person.holds(wording["role"], day, _department(registers, wording, subject, day))


def wording_on(archive: Archive, name: str, day: date) -> Fact | None:
    """The newest version of a wording that was in force on a day."""
    entries = archive.registers.entries.get("wordings", ())
    return max(
        (w for w in entries if w["name"] == name and w["from"] <= day),
        key=lambda w: w["version"],
        default=None,
    )


def declaration_fault(archive: Archive, signed: Signed) -> Reason | None:
    """Why a verified declaration does not count: wording, role, subject or time; None: it does."""
    day = local_date(signed.signed_at)
    wording = wording_on(archive, signed["name"], day)
    person = archive.registers.people.get(signed.person)
    if wording is None or person is None:
        message = say("There is no wording {name} on that day.", name=signed["name"])
        return "wording-unknown", message
    if (signed["version"], signed["text_digest"]) != (wording["version"], digest_of(wording)):
        return "wording-outdated", say("The words declared are not those in force on that day.")
    where = _department(archive.registers, wording, signed["subject"], day)
    if person.contractor:
        message = say(
            "{person} works for a contractor and cannot declare this.", person=person.name
        )
        return "declarer-contractor", message
    if signed.role != wording["role"] or not person.holds(wording["role"], day, where):
        return "declarer-lacks-role", say(
            "{person} does not hold the role {role}.", person=person.name, role=wording["role"]
        )
    if wording["scope"] == "person" and signed["subject"] != signed.person:
        return "declared-for-another", say("Each person declares this for themselves alone.")
    in_order = signed["from"] <= signed["until"] <= day
    if not in_order or not archive.clock.reached(signed.signed_at):
        return COMING
    return None


def rotation_fault(record: Signed, archive: Archive) -> Reason | None:
    """Why a rotation does not count; None when it does."""
    registers, day = archive.registers, local_date(record.signed_at)
    signer, keeper = (registers.people.get(record[k]) for k in ("person", "custodian"))
    deviation = record["reason"] == "deviation"
    roles = ("section-head",) if deviation else ("operator", "section-head")
    if record.role not in roles or not in_office(signer, record.role, day, registers):
        name = registers.name_of(record.person)
        message = say("{person} could not answer for the password that day.", person=name)
        return "rotation-signer-unfit", message
    if record["account"] not in registers.accounts:
        message = say("Account {account} is not in the register.", account=record["account"])
        return "account-unregistered", message
    if keeper is None or keeper.contractor:
        return "keeper-unfit", say("{person} may not keep a password.", person=record["custodian"])
    if record["rotated_at"] > record.signed_at or not archive.clock.reached(record.signed_at):
        return "rotation-in-future", say("The record speaks of a time to come.")
    return None


def account_digest(registers: Registers, account: AccountId) -> str:
    """`canonical_digest` of an account's entry as accounts.yml holds it: what a rotation is bound
    to. Empty when there is no such entry."""
    value = registers.documents["accounts"].value
    rows = value.get("accounts", ()) if isinstance(value, dict) else ()
    for row in rows:
        if row.get("id") == account:
            return documents.canonical_digest(row)
    return ""
