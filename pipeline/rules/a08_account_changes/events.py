"""Article 8: an event in the life of an account was applied for, reviewed, signed and filed."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from pipeline.model.archive import Archive
from pipeline.model.duties import duty, end_of
from pipeline.model.findings import Complaint, Effect, Location, Message, say, say_day
from pipeline.model.posts import Post
from pipeline.model.records import Fact
from pipeline.model.registers import Account

AGAIN = say("Have the missing step made and record the event as it then stands.")
LIFE = ("open", "change", "suspend", "close", "cancel")
"""Types of events in the order in which those of one day count."""
ENDS = ("close", "cancel")


def events_in_order(archive: Archive) -> Iterator[Complaint]:  # 8
    """Each event's steps, and an opening for every account opened since recording began."""
    for event in archive.facts.get("account-events", ()):
        yield from faults(event, archive)
        yield from _filed(event, archive)
    yield from _sequence(archive)
    begun = archive.registers.policy.since
    for index, account in enumerate(archive.registers.accounts.values()):
        if _recorded_opening(account.id, archive) is not None:
            continue
        place = archive.registers.documents["accounts"].locate("accounts", index)
        if begun > date.min and account.opened_on > begun:
            message = say("No opening of account {account} is recorded for {day}.",
                          account=account.name, day=say_day(account.opened_on))  # fmt: skip
            remedy = say("Record it: sanshen new account-events.")
            yield Complaint(Effect.REFUSE, message, place, remedy, account.id)
        elif not account.filed:
            yield _unfiled(account, place, archive)


def _unfiled(account: Account, place: Location, archive: Archive) -> Complaint:
    """An account of before recording began: as for an opening, the office has some days."""
    days = archive.registers.parameter("filing.within_days", archive.today)
    due = account.opened_on + timedelta(days=days)
    values = {"account": account.name, "day": say_day(due)}
    return duty(
        archive,
        end_of(due),
        say("Account {account} has no filing: it is due on {day}.", **values),
        say("Account {account} has no filing: it was due on {day}.", **values),
        place,
        say("File it with the municipal office and enter the reference."),
        account.id,
    )


def opened_properly(post: Post, archive: Archive) -> Iterator[Complaint]:  # 8
    """A post names no account whose opening is unrecorded or out of order."""
    for index, name in enumerate(post.accounts):
        account = archive.registers.accounts.get(name)
        if account is None or account.opened_on <= archive.registers.policy.since:
            continue
        opening = _recorded_opening(name, archive)
        faulty = opening is None or any(faults(opening, archive))
        if faulty:
            message = say("The opening of account {account} is not in order.", account=account.name)
            remedy = say("`sanshen audit` says what is missing; until then publish elsewhere.")
            yield Complaint(Effect.REFUSE, message, post.at("accounts", index), remedy, name)


def _sequence(archive: Archive) -> Iterator[Complaint]:
    """Nothing happens to an account before it opens, nor after it closes but its cancellation."""
    lives: dict[str, list[Fact]] = defaultdict(list)
    for event in archive.facts.get("account-events", ()):
        lives[event["account"]].append(event)
    for _, events in sorted(lives.items()):
        events.sort(key=lambda e: (e["effective_on"], LIFE.index(e["type"]), e.id))
        for before, after in pairwise(events):
            ended = before["type"] in ENDS
            follows = (before["type"], after["type"]) == ("close", "cancel")
            if after["type"] == "open" or (ended and not follows):
                message = say("The event {event} cannot follow the event {before}.",
                              event=after.id, before=before.id)  # fmt: skip
                yield _wrong(after, message, "effective_on")


def ended_early(archive: Archive) -> Iterator[Complaint]:  # 8
    """An account that was gone before its end was signed, as one that its platform closed."""
    for event in archive.facts.get("account-events", ()):
        signed: date = event["signed"]["on"]
        if event["type"] in ENDS and event["effective_on"] < signed:
            days = archive.registers.parameter("filing.within_days", signed)
            recent = archive.today <= signed + timedelta(days=days)
            message = say("Account {account} ended on {day}, before its end was signed.",
                          account=archive.registers.name_of(event["account"]),
                          day=say_day(event["effective_on"]))  # fmt: skip
            remedy = say("Report the cause; it cannot be mended.")
            effect = Effect.REFUSE if recent else Effect.NOTE
            yield Complaint(effect, message, event.at("effective_on"), remedy, event["account"])


def _recorded_opening(account: str, archive: Archive) -> Fact | None:
    events = archive.facts.get("account-events", ())
    return next((e for e in events if (e["account"], e["type"]) == (account, "open")), None)


def faults(event: Fact, archive: Archive) -> Iterator[Complaint]:
    """What is wrong with who did what when."""
    registers, applied = archive.registers, event["applied"]
    if applied["department"] != registers.lead_on(applied["on"]):
        message = say("The event was not applied for by the lead department.")
        yield _wrong(event, message, "applied", "department")
    for step, role, message in (
        ("reviewed", "leader-in-charge",
         say("{person} was not the leader in charge on {day}.", person=event["reviewed"]["person"],
             day=say_day(event["reviewed"]["on"]))),
        ("signed", "principal",
         say("{person} was not the principal on {day}.", person=event["signed"]["person"],
             day=say_day(event["signed"]["on"]))),
    ):  # fmt: skip
        person = registers.people.get(event[step]["person"])
        if person is None or not person.holds(role, event[step]["on"]):
            yield _wrong(event, message, step, "person")
    yield from _order(event)


def _order(event: Fact) -> Iterator[Complaint]:
    """Apply ≤ review ≤ sign ≤ filing, and no effect but an end before the signature."""
    steps: list[tuple[str, date]] = [(s, event[s]["on"]) for s in ("applied", "reviewed", "signed")]
    if filing := event.get("filing"):
        steps.append(("filing", filing["on"]))
    for (before, first), (after, second) in pairwise(steps):
        if second < first:
            message = say("The step {after} lies before the step {before}.", after=after,
                          before=before)  # fmt: skip
            yield _wrong(event, message, after, "on")
    if event["effective_on"] < event["signed"]["on"] and event["type"] not in ENDS:
        yield _wrong(event, say("The event took effect before it was signed."), "effective_on")


def _filed(event: Fact, archive: Archive) -> Iterator[Complaint]:
    """Filed with the municipal office in time (备案)."""
    signed: date = event["signed"]["on"]
    days = archive.registers.parameter("filing.within_days", signed)
    due = signed + timedelta(days=days)
    name = archive.registers.name_of(event["account"])
    values = {"account": name, "day": say_day(due)}
    filing = event.get("filing")
    if filing is None:
        yield duty(
            archive,
            end_of(due),
            say("The filing of the event on account {account} is due on {day}.", **values),
            say("The filing of the event on account {account} was due on {day}.", **values),
            event.at("signed"),
            say(
                "File it with the municipal office, then fill in `filing`: number, office and day."
            ),
            event["applied"]["person"],
        )
    elif filing["on"] > due:
        message = say("The event on account {account} was filed after {day}.", **values)
        remedy = say("Nothing to do; file the next one in time.")
        yield Complaint(Effect.NOTE, message, event.at("filing", "on"), remedy)


def _wrong(event: Fact, message: Message, *route: str) -> Complaint:
    place: Location = event.at(*route)
    return Complaint(Effect.REFUSE, message, place, AGAIN, event["account"])
