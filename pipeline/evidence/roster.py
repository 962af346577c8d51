"""Problems of a roster, found before it is in force (threats A7, A31)."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta

from pipeline.evidence.review.statements import moment_of
from pipeline.evidence.ssh.keys import PublicKey, parse_public_key
from pipeline.model.calendar import Clock, local_date
from pipeline.model.findings import Effect, Finding, Message, Reason, say
from pipeline.model.lazy import regex
from pipeline.model.records import Authorisation
from pipeline.model.registers import (
    Delegation,
    Registers,
    RosterKey,
    in_office,
    may_act,
    stopped_keys,
)

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
        Finding(
            CLAUSE, fault, Effect.REFUSE, message, document.locate(name, i), remedy, cause=cause
        )
        for name, i, fault, message, cause in rows
    )


def _accounts(registers: Registers) -> Iterator[tuple[int, str, Message, str]]:
    """As `_complaints`, of accounts on a forge."""
    owners: dict[tuple[str, int], str] = {}
    for index, row in enumerate(registers.roster.accounts):
        owner = owners.setdefault((row.forge, row.id), row.person)
        if owner != row.person:
            message = say("The account {id} is entered twice, for {one} and {other}.",
                          id=row.id, one=owner, other=row.person)  # fmt: skip
            yield index, "forge-account-twice {id}", message, ""
        if row.person not in registers.people:
            message = say("An account belongs to {person}, who is not in the register of people.",
                          person=row.person)  # fmt: skip
            unread = registers.unread_path("people")
            yield index, "forge-account-ownerless {person}", message, unread
        if row.end is not None and row.end <= row.start:
            message = say("An account of {person} ends before it begins.", person=row.person)
            yield index, "forge-account-backwards {person}", message, ""


def _complaints(registers: Registers) -> Iterator[tuple[int, str, Message, str]]:
    """(number of the key, name of the fault, what it is, path of the register that causes it)."""
    owners: dict[bytes, str] = {}
    for index, entry in enumerate(registers.roster.keys):
        key = parse_public_key(entry.line)
        if not isinstance(key, PublicKey):
            message = say("A key of {person} cannot be used ({reason}).", person=entry.person,
                          reason=key.reason)  # fmt: skip
            yield index, "key-unusable {person}", message, ""
            continue
        if key.raw in owners:
            message = say("The same key is entered twice, for {one} and {other}.",
                          one=owners[key.raw], other=entry.person)  # fmt: skip
            yield index, "key-twice {one} {other}", message, ""
        owners.setdefault(key.raw, entry.person)
        if entry.person not in registers.people:
            message = say(
                "A key belongs to {person}, who is not in the register of people.",
                person=entry.person,
            )
            yield index, "key-ownerless {person}", message, registers.unread_path("people")
        if entry.valid_until is not None and entry.valid_until <= entry.valid_from:
            message = say("A key of {person} ends before it begins.", person=entry.person)
            yield index, "key-backwards {person}", message, ""
        if entry.revoked_from and entry.revocation != "compromised":
            message = say("Only a compromised key is void from a point ({person}).",
                          person=entry.person)  # fmt: skip
            yield index, "key-void-unlawful {person}", message, ""


def succession_problems(old: Registers, new: Registers) -> tuple[Finding, ...]:
    """A new roster counts on from the old one, names it, and keeps every key with its person (A2).

    A key that was removed could come back as another person's, and nothing could verify what it
    signed. So `until` or `revocation` ends a key; it is never removed.
    """
    at = new.documents["roster"].locate("serial")
    return tuple(
        Finding(CLAUSE, name, Effect.REFUSE, message, at, remedy)
        for name, message, remedy in _succession(old, new)
    )


def _succession(old: Registers, new: Registers) -> Iterator[tuple[str, Message, Message]]:
    before, after = old.roster, new.roster
    if before.digest == after.digest:
        return
    if after.serial != before.serial + 1 or after.previous != before.digest:
        yield (
            "roster-not-following",
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
                "key-removed {person}",
                say("A key of {person} was removed or given to someone else.", person=key.person),
                say("Keep its line for ever; end it with until or revocation."),
            )
        elif key.revocation and not _as_hard(key, successor):
            yield (
                "revocation-taken-back {person}",
                say("A revocation of a key of {person} was taken back.", person=key.person),
                say("What is revoked stays revoked; enter a new key."),
            )
    for row in before.accounts:
        ends = {a.end for a in after.accounts if replace(a, end=None) == replace(row, end=None)}
        if row.end not in ends and (row.end is not None or not ends):
            yield (
                "forge-account-altered {person}",
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
        Finding(CLAUSE, name, Effect.REFUSE, message, where.locate("serial"), remedy)
        for key in stopped_keys(old.roster, new.roster)
        for name, message in _ill_timed(key, clock)
    )


def _ill_timed(key: RosterKey, clock: Clock) -> Iterator[Reason]:
    since = moment_of(key.revoked_from) if "T" in key.revoked_from else None
    for moment in filter(None, (key.revoked_at, since)):
        if not clock.reached(moment, AHEAD):
            message = say("The key of {person} would be stopped only from {moment} on.",
                          person=key.person, moment=moment)  # fmt: skip
            yield "key-stop-late {person}", message
        elif moment < key.valid_from:
            message = say("The key of {person} signs from {start} on only, and would be stopped"
                          " from {moment} on.", person=key.person, start=key.valid_from,
                          moment=moment)  # fmt: skip
            yield "key-stop-backwards {person}", message


def mandate_problems(
    old: Registers, new: Registers, signed: Collection[Authorisation], strict: bool = True
) -> tuple[Finding, ...]:
    """A new mandate is signed by the leader who gives it, or by the principal (threats A26), and is
    one that may be given: that is asked at the door, `strict`, and not of history.

    `signed`: what authorises the change; while it is empty, the change waits for that anyway.
    """
    waits = not signed or any(_by_principal(a, old) for a in signed)
    signers = {a.person for a in signed}
    fresh = [d for d in new.roster.delegations if d not in old.roster.delegations]
    unsigned = [
        (d, "mandate-unsigned {leader}",
         say("{leader} did not sign the mandate they are said to give.", leader=d.delegator),
         say("Have it signed by them or by the principal: `sanshen roster sign`."))
        for d in fresh if not waits and d.delegator not in signers
    ]  # fmt: skip
    unlawful = [(d, *fault) for d in fresh if strict for fault in _mandate_faults(d, old, new)]
    locate, rows = new.documents["roster"].locate, new.roster.delegations
    return tuple(
        Finding(CLAUSE, name, Effect.REFUSE, what, locate("delegations", rows.index(d)), remedy)
        for d, name, what, remedy in (*unsigned, *unlawful)
    )


def _mandate_faults(
    given: Delegation, old: Registers, new: Registers
) -> Iterator[tuple[str, Message, Message]]:
    """Why a mandate may not be given; one that is only ended earlier is asked nothing."""
    was = [d for d in old.roster.delegations if replace(d, end=given.end) == given]
    if any(given.end <= d.end for d in was):
        return
    day, name = local_date(given.start), new.name_of
    if given.end <= given.start:
        yield ("mandate-backwards {person}",
               say("The mandate of {person} ends before it begins.", person=name(given.delegate)),
               say("Correct its first or its last day."))  # fmt: skip
    if given.delegator == given.delegate:
        own = say("{person} cannot act for themselves.", person=name(given.delegate))
        yield "mandate-for-oneself {person}", own, _OTHER
    elif not may_act(new.people.get(given.delegate), day):
        yield ("mandate-holder-unfit {person}",
               say("{person} is neither a leader nor the head of a section, and may not act for"
                   " one.", person=name(given.delegate)), _OTHER)  # fmt: skip
    if not in_office(new.people.get(given.delegator), given.role, day, new):
        yield ("mandate-giver-unfit {person}",
               say("{person} does not hold the office that the mandate is for.",
                   person=name(given.delegator)),
               say("A mandate is given by who holds the office on its first day."))  # fmt: skip
    most = old.parameter_if_stated("mandate.max_days", day)
    if most and given.end - given.start > timedelta(days=most):
        yield ("mandate-too-long {person}",
               say("A mandate lasts {most} days at most; this one lasts {days}.", most=most,
                   person=name(given.delegate),
                   days=-((given.start - given.end) // timedelta(days=1))),
               say("End it earlier; a longer absence needs a new decision."))  # fmt: skip
    if _BY_WORD.search(given.authority) or not _DOCUMENT.search(given.authority):
        yield ("mandate-undocumented {person}",
               say("The authority of the mandate of {person} is no document.",
                   person=name(given.delegate)),
               say("Write the number of the document, like 云应急〔2026〕7号, or its name and date;"
                   " what was said or sent by telephone is none."))  # fmt: skip
    for other in new.roster.delegations:
        same = (other.delegator, other.role) == (given.delegator, given.role)
        both = max(other.start, given.start) < min(other.end, given.end)
        if same and both and other.delegate != given.delegate:
            yield ("mandates-overlap {one} {other} {leader}",
                   say("{one} and {other} would act for {leader} at one time.",
                       one=name(given.delegate), other=name(other.delegate),
                       leader=name(given.delegator)),
                   _END_FIRST)  # fmt: skip


_OTHER = say("Name another leader, or the head of another section; or the leader signs from afar.")
_END_FIRST = say("End the other one first: `sanshen roster propose --end-mandate …`.")
_BY_WORD = regex("口头|口信|当面|微信|短信|电话(?!会)")
_DOCUMENT = regex(
    r"〔\d{4}〕\s*\d+\s*号|第?\s*\d+\s*号|\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d{1,2}-\d{1,2}"
)
"""A number or a date, by which a paper is found."""


def _by_principal(signed: Authorisation, registers: Registers) -> bool:
    """Whether the principal of that day signed; a former principal cannot give a mandate."""
    person = registers.people.get(signed.person)
    return person is not None and person.holds("principal", local_date(signed.signed_at))
