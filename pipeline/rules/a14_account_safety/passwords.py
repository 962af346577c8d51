"""Article 14: age and strength of passwords, as signed rotations state them."""

from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.duties import duty, end_of, months_after
from pipeline.model.findings import Complaint, Effect, Location, Message, say, say_day
from pipeline.model.records import Signed
from pipeline.model.registers import Account

ANSWERING = ("operator", "section-head")
"""Roles in which somebody answers for a rotation."""


def rotations(account: str, archive: Archive) -> list[Signed]:
    """The rotations of an account that count, oldest first; a deviation is none."""
    found = [
        r
        for r in archive.signed.get("rotation", ())
        if r["account"] == account and r["reason"] != "deviation" and _fault(r, archive) is None
    ]
    return sorted(found, key=lambda r: (r["rotated_at"], r.path))


def place_of(account: Account, archive: Archive, *route: str) -> Location:
    """Where an account stands in its register."""
    index = list(archive.registers.accounts).index(account.id)
    return archive.registers.documents["accounts"].locate("accounts", index, *route)


def rotations_sound(archive: Archive) -> Iterator[Complaint]:  # 14(1)
    """Why a signed rotation or deviation does not count."""
    for record in archive.signed.get("rotation", ()):
        if fault := _fault(record, archive):
            remedy = say("An operator in office changes the password and signs the rotation.")
            yield Complaint(Effect.REFUSE, fault, record.at(), remedy, record["account"])


def passwords_fresh(archive: Archive) -> Iterator[Complaint]:  # 14(1) 每3个月变更一次
    """The next change of every account in use, reckoned in calendar months."""
    registers, today = archive.registers, archive.today
    months = registers.parameter("password.max_age_months", today)
    warn = timedelta(registers.parameter("password.warn_days", today))
    for account in archive.registers.accounts_in_use(archive.today):
        begun = max(registers.policy.since, account.opened_on)
        changed = [local_date(r["rotated_at"]) for r in rotations(account.id, archive)]
        last = changed[-1] if changed else begun
        due = months_after(last, months)
        values = {"account": account.name, "day": say_day(due)}
        coming: Message = say("The password of account {account} is to be changed by {day}.",
                              **values)  # fmt: skip
        if due - today <= warn:
            coming = say("The password of account {account} must be changed soon, by {day}.",
                         **values)  # fmt: skip
        excused = _excused(account.id, last, months, archive)
        yield duty(
            archive,
            end_of(due),
            coming,
            say("The password of account {account} was to be changed by {day}.", **values),
            place_of(account, archive, "custodian"),
            say("Change it and sign: sanshen rotate {account}", account=account.id),
            account.custodian or account.id,
            Effect.NOTE if excused else Effect.REFUSE,
        )


def passwords_strong(archive: Archive) -> Iterator[Complaint]:  # 14(1) 至少使用2种
    """What the last rotation of every account in use says of its password."""
    for account in archive.registers.accounts_in_use(archive.today):
        last = next(reversed(rotations(account.id, archive)), None)
        if last is None:
            continue
        day = local_date(last["rotated_at"])
        least = archive.registers.parameter("password.min_classes", day)
        remedy = say("Choose a better one; `sanshen password-check` tells whether it is.")
        if last["classes"] < least:
            message = say(
                "The password of account {account} has fewer than {least} kinds of characters.",
                account=account.name,
                least=least,
            )
            yield Complaint(Effect.REFUSE, message, last.at(), remedy, account.id)
        elif not last["long_enough"]:
            message = say("The password of account {account} is short.", account=account.name)
            yield Complaint(Effect.NOTE, message, last.at(), remedy, account.id)


def _excused(account: str, last: date, months: int, archive: Archive) -> bool:
    """Whether the head of the lead department signed why, since the last change (原则上)."""
    for record in archive.signed.get("rotation", ()):
        signed = local_date(record.signed_at)
        if (
            record["account"] == account
            and record["reason"] == "deviation"
            and record.get("deviation_reason", "").strip()
            and _fault(record, archive) is None
            and last <= signed
            and archive.today <= months_after(signed, months)
        ):
            return True
    return False


def _fault(record: Signed, archive: Archive) -> Message | None:
    """Why a record does not count; None when it does."""
    registers, day = archive.registers, local_date(record.signed_at)
    signer, keeper = (registers.people.get(record[k]) for k in ("person", "custodian"))
    deviation = record["reason"] == "deviation"
    roles = ("section-head",) if deviation else ANSWERING
    where = registers.lead_on(day) if record.role == "section-head" else None
    if signer is None or signer.contractor or record.role not in roles or not signer.holds(
        record.role, day, where
    ):  # fmt: skip
        return say("{person} could not answer for the password that day.", person=record.person)
    if record["account"] not in registers.accounts:
        return say("Account {account} is not in the register.", account=record["account"])
    if keeper is None or keeper.contractor:
        return say("{person} may not keep a password.", person=record["custodian"])
    if record["rotated_at"] > record.signed_at or not archive.clock.reached(record.signed_at):
        return say("The record speaks of a time to come.")
    return None
