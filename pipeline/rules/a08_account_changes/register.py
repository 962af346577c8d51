"""Article 8: the register of accounts follows recorded events; closings and doubles are seen."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from pipeline.model.archive import Archive, Change
from pipeline.model.findings import Complaint, Effect, Location, Message, say, say_day, say_names
from pipeline.model.records import Fact
from pipeline.model.registers import Account
from pipeline.rules.a08_account_changes.events import ENDS, faults

REGISTER = "content/registers/accounts.yml"
FREE = ("verified", "verified_until", "content_mode", "interaction", "ads")
"""Facts the platform sets or the bureau sees there; they change without a leader's decision."""


def changes_follow_events(change: Change, archive: Archive) -> Iterator[Complaint]:  # 8
    """Every difference of the register against an event that stands recorded."""
    proposed = change.proposed
    if proposed is None:
        return
    before, after = archive.registers.accounts, proposed.accounts
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        events = _events_of(name, archive)
        for message in _unrecorded(old, new, events):
            remedy = say(
                "Record the event first, as a change of its own: sanshen new account-events."
            )
            yield Complaint(Effect.REFUSE, message, Location(REGISTER), remedy, name)


def _events_of(account: str, archive: Archive) -> list[Fact]:
    """What rightly happened to an account; an event without its leaders changes nothing."""
    events = archive.facts.get("account-events", ())
    return [e for e in events if e["account"] == account and not any(faults(e, archive))]


def _unrecorded(old: Account | None, new: Account | None, events: list[Fact]) -> Iterator[Message]:
    if new is None:
        assert old is not None
        yield say("Account {account} was taken out of the register.", account=old.name)
        return
    if old is None:
        opened = any(e["type"] == "open" and e["effective_on"] == new.opened_on for e in events)
        if not opened:
            yield say("No opening of account {account} is recorded for {day}.", account=new.name,
                      day=say_day(new.opened_on))  # fmt: skip
        return
    yield from _ended(old, new, events)
    was, now = _facts(old), _facts(new)
    for field in sorted(f for f in was if was[f] != now[f]):
        if now[field] not in _latest(field, events):
            yield say(
                "No event gives account {account} this {field}.", account=old.name, field=field
            )


def _latest(field: str, events: list[Fact]) -> list[Any]:
    """The values that the last events which name a field give it: an older one gives none back."""
    giving = [(e["effective_on"], _given(e)[field]) for e in events if field in _given(e)]
    last = max((on for on, _ in giving), default=None)
    return [value for on, value in giving if on == last]


def _given(event: Fact) -> dict[str, Any]:
    """What the register may hold after an event; an opening gives the number it was filed under."""
    changes: Mapping[str, Any] = event.get("changes", {})
    opened = event.get("filing") if event["type"] == "open" else None
    return {"filing": opened["ref"], **changes} if opened else dict(changes)


def _ended(old: Account, new: Account, events: list[Fact]) -> Iterator[Message]:
    if old.closed_on == new.closed_on:
        return
    if old.closed_on is not None:
        yield say("Account {account} is closed and stays so; enter a new one.", account=new.name)
    elif not any(e["type"] in ENDS and e["effective_on"] == new.closed_on for e in events):
        yield say("No closing of account {account} is recorded for that day.", account=new.name)


def _facts(account: Account) -> Mapping[str, Any]:
    """What only a leader's decision changes, as the register writes it."""
    plain = {k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(account).items()}
    return {k: v for k, v in plain.items() if k not in (*FREE, "id", "closed_on")}


def closings_complete(archive: Archive) -> Iterator[Complaint]:  # 8, practice of the inspection
    """Notice, last copy and national report of every closing; and a closing of every end."""
    events = [e for e in archive.facts.get("account-events", ()) if e["type"] in ENDS]
    for event in events:
        if event["effective_on"] <= archive.today:
            yield from _incomplete(event, archive)
    closed = {e["account"] for e in events}
    for account in archive.registers.accounts.values():
        if account.closed_on and account.id not in closed:
            message = say("The closing of account {account} is not recorded.", account=account.name)
            remedy = say("Record it: sanshen new account-events.")
            yield Complaint(Effect.NOTE, message, Location(REGISTER), remedy, account.id)


def _incomplete(event: Fact, archive: Archive) -> Iterator[Complaint]:
    notice, name = event.get("notice_post", ""), archive.registers.name_of(event["account"])
    for missing, message in (
        (notice not in archive.post_ids,
         say("The closing of {account} has no public notice.", account=name)),
        (event.get("archived_on") is None,
         say("The last copy of {account} is not in the archive.", account=name)),
        (not event.get("national_report"),
         say("The closing of {account} was not reported nationally.", account=name)),
    ):  # fmt: skip
        if missing:
            remedy = say("Make good what is missing and add it to the record of the closing.")
            yield Complaint(Effect.NOTE, message, event.at(), remedy, event["account"])


def one_per_platform(archive: Archive) -> Iterator[Complaint]:  # 8, 国办发〔2018〕123号
    """Two accounts in use on one platform."""
    found: dict[str, list[str]] = defaultdict(list)
    for account in archive.registers.accounts.values():
        if account.active(archive.today):
            found[account.platform].append(account.name)
    for platform, names in sorted(found.items()):
        if len(names) > 1 and platform != "other":
            message = say(
                "There are {count} accounts in use on {platform}: {accounts}.",
                count=len(names),
                platform=platform,
                accounts=say_names(sorted(names)),
            )
            remedy = say("Merge or close all but one, or explain the second in its filing.")
            yield Complaint(Effect.NOTE, message, Location(REGISTER), remedy)
