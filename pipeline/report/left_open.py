"""What the end of an office leaves to do: each matter with the next step and who takes it."""

from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.model.findings import Message, say, say_day, say_names
from pipeline.model.registers import Registers, signing_roles

Matter = tuple[Message, Message]
"""(what is open, what to do next)"""


def unfinished_matters(
    registers: Registers, person: str, last: date, successor: str = ""
) -> list[Matter]:
    """Matters of a person whose office ends on a day, by the registers that say so.

    `successor`: the id of the person who takes over, where that is settled.
    """
    day = last + timedelta(days=1)
    leaves = not any(t.end is None or t.end >= day for t in registers.people[person].tenures)
    rows = [*_vacant(registers, person, last), *_in_hand(registers, person, day, successor)]
    rows += _roster(registers, person, day, leaves=leaves)
    if successor and not any(k.person == successor for k in registers.roster.keys):
        rows.append((
            say("{person} has no key in the roster yet.", person=registers.name_of(successor)),
            _run(f"roster propose --add {successor}={successor}.pub"),
        ))  # fmt: skip
    return [*rows, _consent(registers, last)]


def _run(command: str) -> Message:
    return say("Run `sanshen {command}`.", command=command)


def _vacant(registers: Registers, person: str, last: date) -> Iterator[Matter]:
    day = last + timedelta(days=1)
    for tenure in registers.people[person].tenures:
        if tenure.end == last and not any(
            p.holds(tenure.role, day, tenure.department) for p in registers.people.values()
        ):
            yield (
                say("From {day} on {department} has no {role}.", day=say_day(day),
                    department=registers.name_of(tenure.department), role=tenure.role),
                _run(f"people role PERSON --role {tenure.role} --department {tenure.department}"
                     f" --from {day}"),
            )  # fmt: skip


def _in_hand(registers: Registers, person: str, day: date, successor: str) -> Iterator[Matter]:
    """Passwords that the person has had access to, accounts and devices that they keep."""
    taker, name = successor or "PERSON", registers.name_of(person)
    roles = registers.parameter_if_stated("password.access_roles", day) or ()
    held = [t for t in registers.people[person].tenures if t.role in roles]
    had = any(t.end == day - timedelta(days=1) for t in held)
    ended = had and not any(t.covers(day) for t in held)
    for account in registers.accounts_in_use(day):
        if ended or account.custodian == person:
            yield (
                say("{person} has the password of {account}.", person=name,
                    account=registers.called(account.id)),
                say("Change it that day: `sanshen rotate {account} --reason handover --custodian"
                    " {taker} --devices-returned --access-revoked`",
                    account=account.id, taker=taker),
            )  # fmt: skip
        if account.custodian == person:
            yield (
                say("{person} is the keeper of {account}.", person=name,
                    account=registers.called(account.id)),
                say("First the event, signed by the principal: `sanshen new account-events"
                    " --account {account} --type change --changes-custodian {taker}`; once it is"
                    " on main: `sanshen amend accounts {account} --custodian {taker}`",
                    account=account.id, taker=taker),
            )  # fmt: skip
    for device in registers.listed("devices"):
        until = device.get("until")
        if device["keeper"] == person and (until is None or until >= day):
            yield (
                say("{person} keeps the device {device}.", person=name, device=device.id),
                _run(f"amend devices {device.id} --keeper {taker}"),
            )  # fmt: skip


def _roster(registers: Registers, person: str, day: date, *, leaves: bool) -> Iterator[Matter]:
    """Keys and accounts of a person who leaves, and mandates that outlast the office."""
    name, roster = registers.name_of(person), registers.roster
    for key in (k for k in roster.keys if k.person == person and not k.end and leaves):
        yield (
            say("The key {key_id} of {person} still signs.", key_id=key.fingerprint, person=name),
            _run(f"roster propose --retire {key.fingerprint} --at {day}"),
        )  # fmt: skip
    for account in (a for a in roster.accounts if a.person == person and not a.end and leaves):
        yield (
            say("Reviews from the account {id} of {forge} still count as those of {person}.",
                id=account.id, forge=account.forge, person=name),
            _run(f"roster propose --end-account {account.forge}:{account.id} --at {day}"),
        )  # fmt: skip
    for mandate in roster.delegations:
        if person in (mandate.delegator, mandate.delegate) and mandate.end.date() >= day:
            yield (
                say("{delegate} acts for {delegator} until {end}.",
                    delegate=registers.name_of(mandate.delegate),
                    delegator=registers.name_of(mandate.delegator),
                    end=f"{mandate.end:%Y-%m-%d %H:%M}"),
                _run(f"roster propose --end-mandate {mandate.delegator}:{mandate.delegate}"
                     f" --at {day}"),
            )  # fmt: skip


def _consent(registers: Registers, day: date) -> Matter:
    """Who may sign the change; the head of the lead department and a leader have to."""
    people = [p for p in registers.people.values() if signing_roles(p, day, registers)]
    return (
        say("Two of these sign the change, the head of the lead department and a leader:"
            " {people}.", people=say_names([p.name for p in people])),
        say("Commit it on a branch; each runs `sanshen authorise -r …`."),
    )  # fmt: skip
