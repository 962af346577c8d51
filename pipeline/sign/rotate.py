"""Sign that a password was changed, or why it was not; never the password (Article 14)."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.detect.secrets import Strength
from pipeline.errors import Fault
from pipeline.model.calendar import SHANGHAI, local_date
from pipeline.model.duties import account_digest
from pipeline.model.findings import say
from pipeline.model.registers import Account, Person
from pipeline.sign.declare import proven, signed_record
from pipeline.sign.signing_context import Desk, Record, Sign

LEAST_LENGTH = 8
"""Used where policy states no password.min_length."""


@dataclass(frozen=True)
class Rotation:
    """What happened: to which account, when, and in whose keeping the password is now."""

    account: str
    rotated_at: datetime
    custodian: str
    reason: str
    strength: Strength
    deviation_reason: str = ""
    devices_returned: bool | None = None
    access_revoked: bool | None = None


def least_length(place: Desk, now: datetime) -> int:
    """Characters a password has at least."""
    policy = place.trusted.registers.policy
    if "password.min_length" not in policy.parameters:
        return LEAST_LENGTH
    return int(policy.value("password.min_length", local_date(now)))


def least_classes(place: Desk, now: datetime) -> int:
    """Kinds of characters a password has at least."""
    return int(place.trusted.registers.parameter("password.min_classes", local_date(now)))


def known_account(place: Desk, name: str) -> Account:
    """The account of that id. Raises Fault when none is registered."""
    accounts = place.trusted.registers.accounts
    if name not in accounts:
        raise Fault(
            say("The account {account} is not registered.", account=name),
            say("Choose one of: {accounts}.", accounts=", ".join(accounts)),
        )
    return accounts[name]


def rotation(made: Rotation, place: Desk, person: Person, now: datetime, sign: Sign) -> Record:
    """Sign a rotation and prove that it is read. Faults: unknown account, role, weak password."""
    registers, account = place.trusted.registers, known_account(place, made.account)
    _allowed(made, place, now)
    predicate = {
        "archive": registers.policy.archive["id"],
        "person": person.id,
        "role": entitled(made.reason, place, person, now),
        "signed_at": now,
        "account": made.account,
        "rotated_at": made.rotated_at,
        "custodian": made.custodian,
        "reason": made.reason,
        "classes": made.strength.classes,
        "long_enough": made.strength.long_enough,
    }
    for key in ("deviation_reason", "devices_returned", "access_revoked"):
        if getattr(made, key) not in (None, ""):
            predicate[key] = getattr(made, key)
    subject = {f"accounts/{account.id}": account_digest(registers, account.id)}
    stem = f"{made.rotated_at.astimezone(SHANGHAI):%Y-%m-%dT%H%M}.{account.id}.{made.reason}"
    year = local_date(made.rotated_at).year
    record = signed_record(place, "rotation", year, stem, subject, predicate, sign)
    proven(place, "rotation", record)
    return record


def _allowed(made: Rotation, place: Desk, now: datetime) -> None:
    keeper = place.trusted.registers.people.get(made.custodian)
    if keeper is None or keeper.contractor:
        raise Fault(
            say("{person} may not keep a password.", person=made.custodian),
            say("Name a member of staff with --custodian."),
        )
    if made.rotated_at > now:
        raise Fault(
            say("The record speaks of a time to come."),
            say("Check --at; the time is Asia/Shanghai."),
        )
    if made.reason == "deviation":
        if not made.deviation_reason.strip():
            raise Fault(
                say("--{option} is needed.", option="deviation-reason"),
                say("Say why the password was not changed in time."),
            )
    elif made.strength.classes < least_classes(place, now):
        raise Fault(
            say("The password has too few kinds of characters."),
            say("Take at least two of digits, letters and symbols, and change it again."),
        )


def entitled(reason: str, place: Desk, person: Person, now: datetime) -> str:
    """The role the signer answers in; a deviation is the head of the lead department's alone."""
    day = local_date(now)
    lead = place.trusted.registers.lead_on(day)
    if reason != "deviation" and person.holds("operator", day) and not person.contractor:
        return "operator"
    if person.holds("section-head", day, lead) and not person.contractor:
        return "section-head"
    raise Fault(
        say("{person} could not answer for the password that day.", person=person.name),
        say("The operator signs a change; the head of the lead department a deviation."),
    )
