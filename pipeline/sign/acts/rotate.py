"""Say that the password of an account was changed, or why it was not (Article 14); never it."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pipeline.detect.secrets import Strength
from pipeline.errors import Fault
from pipeline.model.calendar import SHANGHAI, local_date
from pipeline.model.duties import account_digest, rotation_fault
from pipeline.model.findings import say
from pipeline.model.ids import AccountId, PersonId
from pipeline.model.registers import Account, Person, in_office
from pipeline.sign import act

DEVIATION = "deviation"
REASONS = {
    "scheduled": say("as planned"),
    "handover": say("at a handover"),
    "incident": say("after an incident"),
    DEVIATION: say("it was not changed in time"),
}
NOT_MEASURED = Strength(0, False)
LEAST_LENGTH = 8
"""Used where policy states no password.min_length."""


@dataclass(frozen=True)
class Rotation:
    """What happened: to which account, when, and in whose keeping the password is now."""

    account: AccountId = act.ask(say("Account"), argument=True)
    reason: str = act.ask(
        say("Reason"),
        "Why it was changed; deviation: why it was not.",
        "scheduled",
        short="r",
        choices=REASONS,
    )
    deviation_reason: str = act.ask(
        say("Why it was not changed in time"), "Why it was not changed in time.", ""
    )
    access_revoked: bool | None = act.ask(
        say("Access of the predecessor ended"), "At a handover.", None,
        option="access-revoked/--access-kept",
    )  # fmt: skip
    devices_returned: bool | None = act.ask(
        say("Devices came back"), "At a handover.", None, option="devices-returned/--devices-kept"
    )
    moment: datetime | None = act.ask(
        say("When it was changed"), "When it was changed; default: now.", None, option="at"
    )
    custodian: PersonId = act.ask(
        say("Who keeps it now"), "Who keeps it now; default: as registered.", ""
    )
    strength: Strength = NOT_MEASURED
    """Measured where the password was typed; no form asks for it."""


class Rotate(act.Act[Rotation]):
    asks = Rotation
    question = say("Is it so, and do you sign?")

    def refuse(self, asked: Rotation) -> None:
        """What no rule can tell of a record: why there is none of a change."""
        act.refuse_left_open(asked, *(["deviation_reason"] if asked.reason == DEVIATION else ()))

    def sign(
        self,
        asked: Rotation,
        context: act.SigningContext,
        person: Person,
        now: datetime,
        sign: act.Sign,
    ) -> act.SignedOutcome:
        """Faults: unknown account, role."""
        registers, account = context.trusted.registers, known_account(context, asked.account)
        moment = asked.moment or now
        predicate = {
            "archive": registers.policy.archive["id"],
            "person": person.id,
            "role": answering_role(asked.reason, context, person, now),
            "signed_at": now,
            "account": account.id,
            "rotated_at": moment,
            "custodian": asked.custodian or account.custodian or person.id,
            "reason": asked.reason,
            "classes": asked.strength.classes,
            "long_enough": asked.strength.long_enough,
        }
        for key in ("deviation_reason", "devices_returned", "access_revoked"):
            if getattr(asked, key) not in (None, ""):
                predicate[key] = getattr(asked, key)
        subject = {f"accounts/{account.id}": account_digest(registers, account.id)}
        stem = f"{moment.astimezone(SHANGHAI):%Y-%m-%dT%H%M}.{account.id}.{asked.reason}"
        remedy = say("Correct --custodian, a member of staff, or --at; the time is Asia/Shanghai.")
        fault = partial(rotation_fault, archive=context.archive)
        stated = act.NewRecord("rotation", local_date(moment).year, stem, subject, predicate)
        record = act.signed_record(context, stated, sign, fault, remedy)
        done = say("Password record of {account} signed by {person}.",
                   account=registers.called(account.id), person=person.name)  # fmt: skip
        return act.SignedOutcome(record, done)


ROTATE = Rotate()


def least_length(context: act.SigningContext, now: datetime) -> int:
    """Characters a password has at least."""
    policy = context.trusted.registers.policy
    if "password.min_length" not in policy.parameters:
        return LEAST_LENGTH
    return int(policy.value("password.min_length", local_date(now)))


def least_classes(context: act.SigningContext, now: datetime) -> int:
    """Kinds of characters a password has at least."""
    return int(context.trusted.registers.parameter("password.min_classes", local_date(now)))


def known_account(context: act.SigningContext, name: AccountId) -> Account:
    """The account of that id. Raises Fault when none is registered."""
    accounts = context.trusted.registers.accounts
    if name not in accounts:
        raise Fault(
            say("The account {account} is not registered.", account=name),
            say("Choose one of: {accounts}.", accounts=", ".join(accounts)),
        )
    return accounts[name]


def answering_role(reason: str, context: act.SigningContext, person: Person, now: datetime) -> str:
    """The role the signer answers in; a deviation is the head of the lead department's alone."""
    day = local_date(now)
    if reason != DEVIATION and person.holds("operator", day) and not person.contractor:
        return "operator"
    if in_office(person, "section-head", day, context.trusted.registers):
        return "section-head"
    raise Fault(
        say("{person} could not answer for the password that day.", person=person.name),
        say("The operator signs a change; the head of the lead department a deviation."),
    )
