"""Sign that a password was changed, or why it was not; never the password (Article 14)."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.detect.secrets import Strength
from pipeline.errors import Fault
from pipeline.model.calendar import SHANGHAI, local_date
from pipeline.model.duties import account_digest
from pipeline.model.findings import say
from pipeline.model.registers import Account, Person, in_office
from pipeline.sign.declare import proven, signed_record
from pipeline.sign.signing_context import Record, Sign, SigningContext

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


def least_length(context: SigningContext, now: datetime) -> int:
    """Characters a password has at least."""
    policy = context.trusted.registers.policy
    if "password.min_length" not in policy.parameters:
        return LEAST_LENGTH
    return int(policy.value("password.min_length", local_date(now)))


def least_classes(context: SigningContext, now: datetime) -> int:
    """Kinds of characters a password has at least."""
    return int(context.trusted.registers.parameter("password.min_classes", local_date(now)))


def known_account(context: SigningContext, name: str) -> Account:
    """The account of that id. Raises Fault when none is registered."""
    accounts = context.trusted.registers.accounts
    if name not in accounts:
        raise Fault(
            say("The account {account} is not registered.", account=name),
            say("Choose one of: {accounts}.", accounts=", ".join(accounts)),
        )
    return accounts[name]


def rotation(
    made: Rotation, context: SigningContext, person: Person, now: datetime, sign: Sign
) -> Record:
    """Sign a rotation and prove that it is read. Faults: unknown account, role, weak password."""
    registers, account = context.trusted.registers, known_account(context, made.account)
    _allowed(made, context, now)
    predicate = {
        "archive": registers.policy.archive["id"],
        "person": person.id,
        "role": entitled(made.reason, context, person, now),
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
    record = signed_record(context, "rotation", year, stem, subject, predicate, sign)
    proven(context, "rotation", record)
    return record


def _allowed(made: Rotation, context: SigningContext, now: datetime) -> None:
    keeper = context.trusted.registers.people.get(made.custodian)
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
    elif made.strength.classes < least_classes(context, now):
        raise Fault(
            say("The password has too few kinds of characters."),
            say("Take at least two of digits, letters and symbols, and change it again."),
        )


def entitled(reason: str, context: SigningContext, person: Person, now: datetime) -> str:
    """The role the signer answers in; a deviation is the head of the lead department's alone."""
    day = local_date(now)
    if reason != "deviation" and person.holds("operator", day) and not person.contractor:
        return "operator"
    if in_office(person, "section-head", day, context.trusted.registers):
        return "section-head"
    raise Fault(
        say("{person} could not answer for the password that day.", person=person.name),
        say("The operator signs a change; the head of the lead department a deviation."),
    )
