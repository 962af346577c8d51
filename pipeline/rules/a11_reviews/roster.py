"""11(1): who may sign from now on: a change of the roster (threats A2, A26, A55)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from pipeline.model.archive import Archive, Change, Mode
from pipeline.model.calendar import CLOCKS_DIFFER, Clock, local_date
from pipeline.model.findings import Complaint, Message, Reason, say
from pipeline.model.law import left_by, refuse
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


def roster_follows(change: Change, archive: Archive) -> Iterator[Complaint]:  # 11(1)
    """A new roster counts on from the old one, names it, and keeps every key with its person.

    A key that was removed could come back as another person's, and nothing could verify what it
    signed. So `until` or `revocation` ends a key; it is never removed.
    """
    new = left_by(change)
    where = new.documents["roster"].locate("serial")
    for name, message, remedy in _succession(archive.registers, new):
        yield refuse(name, where, message, remedy)


def _succession(old: Registers, new: Registers) -> Iterator[tuple[str, Message, Message | None]]:
    before, after = old.roster, new.roster
    if before.digest == after.digest:
        return
    if after.serial != before.serial + 1 or after.previous != before.digest:
        yield (
            "roster-not-following", say(),
            say("Set serial to {serial} and previous to {digest}.", serial=before.serial + 1,
                digest=before.digest),
        )  # fmt: skip
    for key in before.keys:
        successor = after.key(key.fingerprint)
        if successor is None or successor.person != key.person:
            yield "key-removed {person}", say(person=key.person), None
        elif key.revocation and not _as_hard(key, successor):
            yield "revocation-taken-back {person}", say(person=key.person), None
    for row in before.accounts:
        ends = {a.end for a in after.accounts if replace(a, end=None) == replace(row, end=None)}
        if row.end not in ends and (row.end is not None or not ends):
            yield "forge-account-altered {person}", say(person=row.person), None


def _as_hard(key: RosterKey, successor: RosterKey) -> bool:
    """Whether a revocation is the same or harder: compromised after retired, or void from earlier.

    What was void must not count again: no record may come to lie before the point of revocation.
    """
    if successor.revoked_at != key.revoked_at:
        return False
    if key.revocation == "retired":
        return successor.revocation in ("retired", "compromised")
    return successor.revocation == "compromised" and successor.prior_records <= key.prior_records


def stopped_now(change: Change, archive: Archive) -> Iterator[Complaint]:  # 11(1)
    """A proposal stops a key from now on or from an earlier moment of its own time: until a coming
    one a thief would sign on."""
    new = left_by(change)
    where = new.documents["roster"].locate("serial")
    stopped = stopped_keys(archive.registers.roster, new.roster)
    for key in stopped if archive.mode is Mode.CHANGE else ():
        for name, message in _ill_timed(key, archive.clock):
            yield refuse(name, where, message)


def _ill_timed(key: RosterKey, clock: Clock) -> Iterator[Reason]:
    for moment in filter(None, (key.revoked_at, key.void_since)):
        if not clock.reached(moment, CLOCKS_DIFFER):
            yield "key-stop-late {person}", say(person=key.person, moment=moment)
        elif moment < key.valid_from:
            message = say(person=key.person, start=key.valid_from, moment=moment)
            yield "key-stop-backwards {person}", message


def mandates_given(change: Change, archive: Archive) -> Iterator[Complaint]:  # 11(1)
    """A new mandate is signed by the leader who gives it, or by the principal, and is one that may
    be given: that is asked at the door, and not of history.

    While no signature authorises the change, it waits for that anyway.
    """
    old, new, signed = archive.registers, left_by(change), change.authorisations
    waits = not signed or any(_by_principal(a, old) for a in signed)
    signers = {a.person for a in signed}
    fresh = [d for d in new.roster.delegations if d not in old.roster.delegations]
    unsigned = [
        (d, "mandate-unsigned {leader}", say(leader=d.delegator))
        for d in fresh
        if not waits and d.delegator not in signers
    ]
    strict = archive.mode is Mode.CHANGE
    unlawful = [(d, *fault) for d in fresh if strict for fault in _mandate_faults(d, old, new)]
    where, rows = new.documents["roster"], new.roster.delegations
    for d, name, what in (*unsigned, *unlawful):
        yield refuse(name, where.locate("delegations", rows.index(d)), what)


def _mandate_faults(given: Delegation, old: Registers, new: Registers) -> Iterator[Reason]:
    """Why a mandate may not be given; one that is only ended earlier is asked nothing."""
    was = [d for d in old.roster.delegations if replace(d, end=given.end) == given]
    if any(given.end <= d.end for d in was):
        return
    day, name = local_date(given.start), new.name_of
    if given.end <= given.start:
        yield "mandate-backwards {person}", say(person=name(given.delegate))
    if given.delegator == given.delegate:
        yield "mandate-for-oneself {person}", say(person=name(given.delegate))
    elif not may_act(new.people.get(given.delegate), day):
        yield "mandate-holder-unfit {person}", say(person=name(given.delegate))
    if not in_office(new.people.get(given.delegator), given.role, day, new):
        yield "mandate-giver-unfit {person}", say(person=name(given.delegator))
    most = old.parameter_if_stated("mandate.max_days", day)
    if most and given.end - given.start > timedelta(days=most):
        days = -((given.start - given.end) // timedelta(days=1))
        yield "mandate-too-long {person}", say(most=most, person=name(given.delegate), days=days)
    if _BY_WORD.search(given.authority) or not _DOCUMENT.search(given.authority):
        yield "mandate-undocumented {person}", say(person=name(given.delegate))
    for other in new.roster.delegations:
        same = (other.delegator, other.role) == (given.delegator, given.role)
        both = max(other.start, given.start) < min(other.end, given.end)
        if same and both and other.delegate != given.delegate:
            one, two, leader = map(name, (given.delegate, other.delegate, given.delegator))
            yield "mandates-overlap {one} {other} {leader}", say(one=one, other=two, leader=leader)


_BY_WORD = regex("口头|口信|当面|微信|短信|电话(?!会)")
_DOCUMENT = regex(
    r"〔\d{4}〕\s*\d+\s*号|第?\s*\d+\s*号|\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d{1,2}-\d{1,2}"
)
"""A number or a date, by which a paper is found."""


def _by_principal(signed: Authorisation, registers: Registers) -> bool:
    """Whether the principal of that day signed; a former principal cannot give a mandate."""
    person = registers.people.get(signed.person)
    return person is not None and person.holds("principal", local_date(signed.signed_at))
