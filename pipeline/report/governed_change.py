"""A change of policy and registers in words, and what the end of an office leaves to do."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pipeline.model.documents import Document, Route
from pipeline.model.findings import Message, say, say_day, say_names
from pipeline.model.ids import NO_DIGEST
from pipeline.model.registers import Person, Registers, RosterKey, Tenure

_APART = ("people", "policy", "roster")
"""Registers with sentences of their own."""
_UNTOLD = ("roles", "specs")
Texts = Mapping[str, str]
"""Name of a parameter → what it is, as its article's schema describes it."""


def governed_change_in_words(
    before: Registers, after: Registers, parameters: Texts
) -> list[Message]:
    """What a change of governance does, a sentence each; empty: nothing of it is registers.

    What cannot be read in `after` is named, never taken for empty.
    """
    law = before.regulation_digest != after.regulation_digest
    return [
        *[say("The wording of the regulation changes.")] * law,
        *(_unread(n) for n in sorted(after.unread - before.unread)),
        *_entries("people", before, after),
        *_tenures(before, after),
        *_roster(before, after),
        *_policy(before, after, parameters),
        *(line for n in sorted(after.documents) if n not in _APART
          for line in _entries(n, before, after)),
        *_calendar(before, after),
    ]  # fmt: skip


def _unread(name: str) -> Message:
    return say("The register {kind} can no longer be read: `sanshen verify` says why.", kind=name)


def _called(registers: Registers, id: str) -> str:
    name = registers.name_of(id)
    return id if name == id else f"{name}（{id}）"


def _tenures(before: Registers, after: Registers) -> Iterator[Message]:
    if "people" in after.unread:
        return
    for id in [*before.people, *(p for p in after.people if p not in before.people)]:
        old, new = _offices(before.people.get(id)), _offices(after.people.get(id))
        name = _called(after if id in after.people else before, id)
        for key in [*old, *(k for k in new if k not in old)]:
            if old.get(key) != new.get(key):
                yield _tenure(name, old.get(key), new.get(key), after)


def _offices(person: Person | None) -> dict[tuple[str, str, date], Tenure]:
    tenures = person.tenures if person else ()
    return {(t.role, t.department, t.start): t for t in tenures}


def _tenure(name: str, was: Tenure | None, now: Tenure | None, registers: Registers) -> Message:
    """One role that begins, ends, or is given another end; `was` and `now` begin on one day."""
    tenure = now or was
    assert tenure
    office = {
        "person": name, "role": tenure.role, "department": registers.name_of(tenure.department),
        "start": say_day(tenure.start), "end": _end(tenure),
    }  # fmt: skip
    if now is None:
        return say(
            "The entry that {person} is {role} of {department} from {start} is taken out.", **office
        )
    if was is None:
        return say("{person} becomes {role} of {department} on {start}, with {end} as the last"
                   " day.", **office)  # fmt: skip
    return say("{person} ceases to be {role} of {department}: {end} is the last day, until now"
               " {old}.", **office, old=_end(was))  # fmt: skip


def _end(tenure: Tenure) -> Message:
    return say_day(tenure.end) if tenure.end else say("no end")


def _roster(before: Registers, after: Registers) -> Iterator[Message]:
    old, new = before.roster, after.roster
    keys = {k.fingerprint: k for k in old.keys}
    for key in new.keys:
        if key != keys.pop(key.fingerprint, None):
            yield _key(key, after)
    for key in keys.values():
        yield say("{key} is taken out.", key=key_in_words(key, before))
    for gone, rows, registers in ((True, old, before), (False, new, after)):
        others = new if gone else old
        for mandate in (d for d in rows.delegations if d not in others.delegations):
            yield _crossed(gone, say(
                "{delegate} acts for {delegator} as {role}, {start} to {end} ({authority})",
                delegate=_called(registers, mandate.delegate), role=mandate.role,
                delegator=_called(registers, mandate.delegator),
                start=f"{mandate.start:%Y-%m-%d %H:%M}", end=f"{mandate.end:%Y-%m-%d %H:%M}",
                authority=mandate.authority,
            ))  # fmt: skip
        for account in (a for a in rows.accounts if a not in others.accounts):
            yield _crossed(gone, say(
                "{person}  account {id} of {forge}  {start} to {end}",
                person=_called(registers, account.person), id=account.id, forge=account.forge,
                start=f"{account.start:%Y-%m-%d %H:%M}",
                end=f"{account.end:%Y-%m-%d %H:%M}" if account.end else "-",
            ))  # fmt: skip


def _crossed(gone: bool, row: Message) -> Message:
    return say("No longer: {row}", row=row) if gone else say("New: {row}", row=row)


def _key(key: RosterKey, registers: Registers) -> Message:
    which = key_in_words(key, registers)
    if key.stopped:
        point = key.void_since or key.revoked_from or key.valid_from
        return say("{key} is lost or stolen: of what it signed counts only what was in the archive"
                   " before {point}.", key=which, point=point)  # fmt: skip
    if key.end:
        return say("{key} signs until {end} only.", key=which, end=key.end)
    return say("{key} may sign from then on.", key=which)


def key_in_words(key: RosterKey, registers: Registers) -> Message:
    """A key as people know it: whose, what it is, since when, its check number."""
    return say("The {device} of {person} (since {start}, check number {number})",
               device=key.device, person=_called(registers, key.person), start=key.valid_from,
               number=key.number)  # fmt: skip


def _policy(before: Registers, after: Registers, parameters: Texts) -> Iterator[Message]:
    old, new = before.policy, after.policy
    for name in sorted({*old.parameters, *new.parameters}):
        was, now = old.parameters.get(name, ()), new.parameters.get(name, ())
        what = Message(parameters.get(name) or "-")
        plain = [[replace(s, article_digest=NO_DIGEST) for s in each] for each in (was, now)]
        if was != now and plain[0] == plain[1]:
            yield say("{parameter}: compared with the text of the law as it reads now; the number"
                      " stays. {what}", parameter=name, what=what)  # fmt: skip
            continue
        for setting in (s for s in was if s not in now):
            yield say("{parameter}: the setting {value} from {day} is taken out or altered. {what}",
                      parameter=name, what=what, value=amount(setting.value, setting.unit),
                      day=say_day(setting.effective_from))  # fmt: skip
        for setting in (s for s in now if s not in was):
            yield say("{parameter}: from {old} to {value} from {day} on; {source}. {what}",
                      parameter=name, what=what,
                      old=amount(was[-1].value, was[-1].unit) if was else say("nothing"),
                      value=amount(setting.value, setting.unit), source=setting.source,
                      day=say_day(setting.effective_from))  # fmt: skip
    sides = [_stated(r) for r in (before, after)]
    yield from _differences(say("Facts"), str(new.archive.get("name", "")), *sides)


def _stated(registers: Registers) -> dict[str, Any]:
    value = registers.policy.document.value or {}
    return {key: part for key, part in value.items() if key != "parameters"}


def amount(value: Any, unit: str) -> Message:
    """A parameter's value with its unit; yes and no have none (是否 would say them twice)."""
    words = _value(value)
    return words if isinstance(words, Message) else say("{value} {unit}", value=words, unit=unit)


def _entries(name: str, before: Registers, after: Registers) -> Iterator[Message]:
    """Entries that came, went or changed."""
    if name in after.unread:
        return
    old, new = (_rows(r.documents.get(name, Document("")), name) for r in (before, after))
    for id in (id for id in old if id not in new):
        yield say("{kind}: {entry} is taken out.", kind=name, entry=_called(before, id))
    for id, row in new.items():
        entry = f"{row['name']}（{id}）" if "name" in row else id
        if id not in old:
            yield say("{kind}: {entry} is entered.", kind=name, entry=entry)
        yield from _differences(name, entry, old.get(id, {"id": id}), row)


def _rows(document: Document, name: str) -> dict[str, Mapping[str, Any]]:
    """Id → entry, but for the roles of people, which have sentences of their own, and the examples
    of a word list, which decide nothing."""
    rows = (document.value or {}).get(name, ())
    return {row["id"]: {k: v for k, v in row.items() if k not in _UNTOLD} for row in rows}


def _differences(
    name: str | Message, entry: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Message]:
    was, now = dict(_leaves(old)), dict(_leaves(new))
    for route in [*was, *(r for r in now if r not in was)]:
        one, other = was.get(route), now.get(route)
        if one == other:
            continue
        where = {"kind": name, "entry": entry, "field": ".".join(map(str, route))}
        if isinstance(one, list) and isinstance(other, list):
            more, less = [v for v in other if v not in one], [v for v in one if v not in other]
            yield say("{kind} {entry}: {field} gains {new} and loses {old}.",
                      **where, new=_value(more), old=_value(less))  # fmt: skip
        elif one is None:
            yield say("{kind} {entry}: {field} is {new}.", **where, new=_value(other))
        else:
            yield say("{kind} {entry}: {field} was {old} and becomes {new}.",
                      **where, old=_value(one), new=_value(other))  # fmt: skip


def _leaves(value: Any, route: Route = ()) -> Iterator[tuple[Route, Any]]:
    """(route, value) of every text, number and list of them."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(part, (*route, key))
    elif isinstance(value, list) and any(isinstance(part, Mapping) for part in value):
        for number, part in enumerate(value):
            yield from _leaves(part, (*route, number))
    else:
        yield route, value


def _value(value: Any) -> str | Message:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return say("nothing") if value is None else str(value)


def _calendar(before: Registers, after: Registers) -> Iterator[Message]:
    old, new = before.calendar, after.calendar
    days = (old.off_days ^ new.off_days) | (old.work_weekends ^ new.work_weekends)
    if days:
        years = sorted({str(day.year) for day in days})
        yield say("The working days of {years} change; {count} days are counted otherwise.",
                  years=say_names(years), count=len(days))  # fmt: skip


def matters_left(before: Registers, after: Registers) -> Iterator[Message]:
    """What is left to do by everyone whose office a change ends."""
    for person in after.people.values():
        old = before.people.get(person.id)
        ends = [t.end for t in person.tenures if t.end and old and t not in old.tenures]
        if ends:
            yield from _vacant(after, person, max(ends))
            yield from _in_hand(after, person, max(ends))
            yield from _roster_left(after, person, max(ends))


def _vacant(registers: Registers, person: Person, last: date) -> Iterator[Message]:
    day = last + timedelta(days=1)
    for tenure in person.tenures:
        if tenure.end == last and not any(
            p.holds(tenure.role, day, tenure.department) for p in registers.people.values()
        ):
            yield say("From {day} on {department} has no {role}.", day=say_day(day),
                      department=registers.name_of(tenure.department),
                      role=tenure.role)  # fmt: skip


def _in_hand(registers: Registers, person: Person, last: date) -> Iterator[Message]:
    """Passwords that the person has had access to, accounts and devices that they keep."""
    day, name = last + timedelta(days=1), person.name
    roles = registers.parameter_if_stated("password.access_roles", day) or ()
    held = [t for t in person.tenures if t.role in roles]
    ended = any(t.end == last for t in held) and not any(t.covers(day) for t in held)
    for account in registers.accounts_in_use(day):
        called = registers.called(account.id)
        if ended or account.custodian == person.id:
            yield say("{person} has the password of {account}.", person=name, account=called)
        if account.custodian == person.id:
            yield say("{person} is the keeper of {account}.", person=name, account=called)
    for device in registers.listed("devices"):
        until = device.get("until")
        if device["keeper"] == person.id and (until is None or until >= day):
            yield say("{person} keeps the device {device}.", person=name, device=device.id)


def _roster_left(registers: Registers, person: Person, last: date) -> Iterator[Message]:
    """Mandates that outlast a person's office; of one who leaves, open keys and accounts too."""
    roster, leaves = registers.roster, all(t.end and t.end <= last for t in person.tenures)
    for key in (k for k in roster.keys if k.person == person.id and not k.end and leaves):
        yield say("{key} still signs.", key=key_in_words(key, registers))
    for account in (a for a in roster.accounts if a.person == person.id and not a.end and leaves):
        yield say("Reviews from the account {id} of {forge} still count as those of {person}.",
                  id=account.id, forge=account.forge, person=person.name)  # fmt: skip
    for mandate in roster.delegations:
        if person.id in (mandate.delegator, mandate.delegate) and mandate.end.date() > last:
            yield say("{delegate} acts for {delegator} until {end}.",
                      delegate=registers.name_of(mandate.delegate),
                      delegator=registers.name_of(mandate.delegator),
                      end=f"{mandate.end:%Y-%m-%d %H:%M}")  # fmt: skip
