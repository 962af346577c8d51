"""Problems of a roster, found before it is in force (threats A7, A31)."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta

from pipeline.evidence.review.statements import moment_of
from pipeline.evidence.ssh.keys import PublicKey, parse_public_key
from pipeline.model.calendar import Clock, local_date
from pipeline.model.findings import Effect, Finding, Message, say
from pipeline.model.records import Authorisation
from pipeline.model.registers import Registers, RosterKey, stopped_keys

CLAUSE = "R11-1"
AHEAD = timedelta(minutes=10)
"""How much clocks may differ."""


def roster_problems(registers: Registers) -> tuple[Finding, ...]:
    """One key belongs to one person for ever; every key is of a kind that signs here;
    every person is registered."""
    document = registers.documents["roster"]
    remedy = say("Correct content/registers/roster.yml; a replaced key keeps its old line.")
    rows = (
        *(("keys", *row) for row in _complaints(registers)),
        *(("forge_accounts", *row) for row in _accounts(registers)),
    )
    return tuple(
        Finding(CLAUSE, Effect.REFUSE, message, document.locate(name, i), remedy, cause=cause)
        for name, i, message, cause in rows
    )


def _accounts(registers: Registers) -> Iterator[tuple[int, Message, str]]:
    """As `_complaints`, of accounts on a forge."""
    owners: dict[tuple[str, int], str] = {}
    for index, row in enumerate(registers.roster.accounts):
        owner = owners.setdefault((row.forge, row.id), row.person)
        if owner != row.person:
            message = say("The account {id} is entered twice, for {one} and {other}.",
                          id=row.id, one=owner, other=row.person)  # fmt: skip
            yield index, message, ""
        if row.person not in registers.people:
            message = say("An account belongs to {person}, who is not in the register of people.",
                          person=row.person)  # fmt: skip
            yield index, message, registers.unread_path("people")
        if row.end is not None and row.end <= row.start:
            yield index, say("An account of {person} ends before it begins.", person=row.person), ""


def _complaints(registers: Registers) -> Iterator[tuple[int, Message, str]]:
    """(number of the key, what is wrong with it, path of the register that causes it)."""
    owners: dict[bytes, str] = {}
    for index, entry in enumerate(registers.roster.keys):
        key = parse_public_key(entry.line)
        if not isinstance(key, PublicKey):
            yield (
                index,
                say(
                    "A key of {person} cannot be used ({reason}).",
                    person=entry.person,
                    reason=key.reason,
                ),
                "",
            )
            continue
        if key.raw in owners:
            yield (
                index,
                say(
                    "The same key is entered twice, for {one} and {other}.",
                    one=owners[key.raw],
                    other=entry.person,
                ),
                "",
            )
        owners.setdefault(key.raw, entry.person)
        if entry.person not in registers.people:
            message = say(
                "A key belongs to {person}, who is not in the register of people.",
                person=entry.person,
            )
            yield index, message, registers.unread_path("people")
        if entry.valid_until is not None and entry.valid_until <= entry.valid_from:
            yield (
                index,
                say("A key of {person} ends before it begins.", person=entry.person),
                "",
            )
        if entry.revoked_from and entry.revocation != "compromised":
            yield (
                index,
                say("Only a compromised key is void from a point ({person}).", person=entry.person),
                "",
            )


def succession_problems(old: Registers, new: Registers) -> tuple[Finding, ...]:
    """A new roster counts on from the old one, names it, and keeps every key with its person (A2).

    A key that was removed could come back as another person's, and nothing could verify what it
    signed. So `until` or `revocation` ends a key; it is never removed.
    """
    return tuple(
        Finding(CLAUSE, Effect.REFUSE, message, new.documents["roster"].locate("serial"), remedy)
        for message, remedy in _succession(old, new)
    )


def _succession(old: Registers, new: Registers) -> Iterator[tuple[Message, Message]]:
    before, after = old.roster, new.roster
    if before.digest == after.digest:
        return
    if after.serial != before.serial + 1 or after.previous != before.digest:
        yield (
            say("The roster does not follow the one in force."),
            say(
                "Set serial to {serial} and previous to {digest}.",
                serial=before.serial + 1,
                digest=before.digest,
            ),
        )
    for key in before.keys:
        successor = after.key(key.fingerprint)
        if successor is None or successor.person != key.person:
            yield (
                say("A key of {person} was removed or given to someone else.", person=key.person),
                say("Keep its line for ever; end it with until or revocation."),
            )
        elif key.revocation and not _as_hard(key, successor):
            yield (
                say("A revocation of a key of {person} was taken back.", person=key.person),
                say("What is revoked stays revoked; enter a new key."),
            )
    for row in before.accounts:
        ends = {a.end for a in after.accounts if replace(a, end=None) == replace(row, end=None)}
        if row.end not in ends and (row.end is not None or not ends):
            yield (
                say("An account of {person} was removed or altered.", person=row.person),
                say("Keep its row for ever; end it with until, and enter a new one."),
            )


def _as_hard(key: RosterKey, successor: RosterKey) -> bool:
    """Whether a revocation is the same or harder: compromised after retired, or void from earlier.

    What was void must not count again: no record may come to lie before the point of revocation.
    """
    if successor.revoked_at != key.revoked_at:
        return False
    if key.revocation == "retired":
        return successor.revocation in ("retired", "compromised")
    return successor.revocation == "compromised" and successor.prior_records <= key.prior_records


def stop_problems(old: Registers, new: Registers, clock: Clock) -> tuple[Finding, ...]:
    """A key is stopped from now on or from an earlier moment of its own time: until a coming one a
    thief would sign on (threats A55)."""
    remedy = say("Stop it from now on, or from the moment since which it was out of your hands.")
    where = new.documents["roster"]
    return tuple(
        Finding(CLAUSE, Effect.REFUSE, message, where.locate("serial"), remedy)
        for key in stopped_keys(old.roster, new.roster)
        for message in _ill_timed(key, clock)
    )


def _ill_timed(key: RosterKey, clock: Clock) -> Iterator[Message]:
    since = moment_of(key.revoked_from) if "T" in key.revoked_from else None
    for moment in filter(None, (key.revoked_at, since)):
        if not clock.reached(moment, AHEAD):
            yield say("The key of {person} would be stopped only from {moment} on.",
                      person=key.person, moment=moment)  # fmt: skip
        elif moment < key.valid_from:
            yield say("The key of {person} signs from {start} on only, and would be stopped from"
                      " {moment} on.", person=key.person, start=key.valid_from,
                      moment=moment)  # fmt: skip


def mandate_problems(
    old: Registers, new: Registers, signed: Collection[Authorisation]
) -> tuple[Finding, ...]:
    """A new mandate is signed by the leader who gives it, or by the principal (threats A26).

    `signed`: what authorises the change; while it is empty, the change waits for that anyway.
    """
    if not signed or any(_by_principal(a, old) for a in signed):
        return ()
    signers = {a.person for a in signed}
    return tuple(
        Finding(
            CLAUSE,
            Effect.REFUSE,
            say("{leader} did not sign the mandate they are said to give.", leader=d.delegator),
            new.documents["roster"].locate("delegations", index),
            say("Have it signed by them or by the principal: `sanshen roster sign`."),
        )
        for index, d in enumerate(new.roster.delegations)
        if d not in old.roster.delegations and d.delegator not in signers
    )


def _by_principal(signed: Authorisation, registers: Registers) -> bool:
    """Whether the principal of that day signed; a former principal cannot give a mandate."""
    person = registers.people.get(signed.person)
    return person is not None and person.holds("principal", local_date(signed.signed_at))
