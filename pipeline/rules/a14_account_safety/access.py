from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.model.archive import Archive
from pipeline.model.calendar import ONE_DAY, local_date
from pipeline.model.duties import duty, end_of, months_after
from pipeline.model.findings import Complaint, Effect, Location, Message, say, say_day
from pipeline.model.records import Signed
from pipeline.model.registers import Account, Person, in_office

# Article 14: age and strength of passwords, as signed rotations state them.


ANSWERING = ("operator", "section-head")
"""Roles in which a person may sign a rotation."""


def rotations(account: str, archive: Archive) -> list[Signed]:
    """The rotations of an account that count, oldest first; a deviation is none."""
    counting = (
        r
        for r in archive.signed.get("rotation", ())
        if r["account"] == account and r["reason"] != "deviation" and _fault(r, archive) is None
    )
    return sorted(counting, key=lambda r: (r["rotated_at"], r.path))


def rotations_sound(archive: Archive) -> Iterator[Complaint]:  # 14(1)
    """Why a signed rotation or deviation does not count."""
    for record in archive.signed.get("rotation", ()):
        if fault := _fault(record, archive):
            remedy = say("An operator in office changes the password and signs the rotation.")
            yield Complaint(Effect.REFUSE, fault, record.at(), remedy, record["account"])


def passwords_fresh(archive: Archive) -> Iterator[Complaint]:  # 14(1) 每3个月变更一次
    """The next change of every account in use, reckoned in calendar months."""
    months = archive.parameter("password.max_age_months")
    warn = timedelta(archive.parameter("password.warn_days"))
    for account in archive.registers.accounts_in_use(archive.today):
        begun = max(archive.registers.policy.since, account.opened_on)
        changed = [local_date(r["rotated_at"]) for r in rotations(account.id, archive)]
        last = changed[-1] if changed else begun
        due = months_after(last, months)
        values = {"account": account.name, "day": say_day(due)}
        coming = say("The password of account {account} is to be changed by {day}.",
                              **values)  # fmt: skip
        if due - archive.today <= warn:
            coming = say("The password of account {account} must be changed soon, by {day}.",
                         **values)  # fmt: skip
        excused = _excused(account.id, last, months, archive)
        yield duty(
            archive,
            end_of(due),
            coming,
            say("The password of account {account} was to be changed by {day}.", **values),
            archive.registers.at("accounts", account.id, "custodian"),
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
        least = archive.parameter("password.min_classes", day)
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
    if record.role not in roles or not in_office(signer, record.role, day, registers):
        return say("{person} could not answer for the password that day.", person=record.person)
    if record["account"] not in registers.accounts:
        return say("Account {account} is not in the register.", account=record["account"])
    if keeper is None or keeper.contractor:
        return say("{person} may not keep a password.", person=record["custodian"])
    if record["rotated_at"] > record.signed_at or not archive.clock.reached(record.signed_at):
        return say("The record speaks of a time to come.")
    return None


# Article 14: when people change, passwords change, rights end and devices come back.


DONE = say("Change the password and sign: sanshen rotate ACCOUNT --reason handover")


def handed_over(archive: Archive) -> Iterator[Complaint]:  # 14(1) 管理人员变动后
    """After each person with access who left, passwords change, and it is stated in time."""
    for person, left in _leavers(archive):
        after: list[Signed] = []
        for account in archive.registers.accounts_in_use(archive.today):
            if account.opened_on > left:
                continue
            changed = [
                r for r in rotations(account.id, archive) if local_date(r["rotated_at"]) >= left
            ]
            after += changed
            if not changed:
                yield _owed(person, left, account.id, archive)
            elif local_date(changed[0]["rotated_at"]) > _due(left, archive):
                yield _late(person, left, changed[0], archive)
        if after and not any(
            r.get("devices_returned", False) and r.get("access_revoked", False) for r in after
        ):
            yield _unstated(person, left, after[0], archive)


def keepers_in_office(archive: Archive) -> Iterator[Complaint]:  # 14(1) 收回权限及所配设备
    """Keepers of accounts and of devices hold a role today."""
    yield from _keepers(archive)
    days = archive.parameter("password.handover_days")
    for device in archive.registers.listed("devices"):
        until = device.get("until")
        keeper = archive.registers.people.get(device["keeper"])
        if keeper is None or not device["from"] <= archive.today <= (until or archive.today):
            continue
        if any(t.covers(archive.today) for t in keeper.tenures):
            continue
        last = max((t.end for t in keeper.tenures if t.end), default=archive.today)
        values = {"person": keeper.name, "device": device.id}
        yield duty(
            archive,
            end_of(last + timedelta(days)),
            say("{person} left and must return the device {device}.", **values),
            say("{person} left and still keeps the device {device}.", **values),
            device.at("keeper"),
            say("Take it back, and enter the day or the next keeper in devices.yml."),
            keeper.id,
        )


def _keepers(archive: Archive) -> Iterator[Complaint]:
    for account in archive.registers.accounts_in_use(archive.today):
        location = archive.registers.at("accounts", account.id, "custodian")
        keeper = archive.registers.people.get(account.custodian)
        last = next(reversed(rotations(account.id, archive)), None)
        if not account.custodian:
            message = say("Account {account} has no keeper.", account=account.name)
            remedy = say(
                "Record the change first (sanshen new account-events), then enter the keeper as"
                " `custodian`."
            )
            yield Complaint(Effect.NOTE, message, location, remedy, account.id)
        elif last and last["custodian"] != account.custodian and _serves(last, archive):
            yield _handed_on(account, last, location, archive)
        elif keeper is None or not any(t.covers(archive.today) for t in keeper.tenures):
            message = say("{person} keeps account {account} without holding a role today.",
                          person=archive.registers.name_of(account.custodian),
                          account=account.name)  # fmt: skip
            yield Complaint(Effect.REFUSE, message, location, DONE, account.id)


def _serves(record: Signed, archive: Archive) -> bool:
    """Whether the keeper that a rotation names holds some role today."""
    keeper = archive.registers.people.get(record["custodian"])
    return keeper is not None and any(t.covers(archive.today) for t in keeper.tenures)


def _handed_on(account: Account, last: Signed, location: Location, archive: Archive) -> Complaint:
    """The password went on to somebody in office; the register has to follow, which takes two
    signatures and an event. Rotating again would not heal what the register says."""
    names = {"account": account.name, "keeper": archive.registers.name_of(last["custodian"])}
    days = timedelta(archive.parameter("filing.within_days"))
    return duty(
        archive,
        end_of(local_date(last["rotated_at"]) + days),
        say("{keeper} keeps account {account} since its last change of password; the register is "
            "still to say so.", **names),
        say("The register names another keeper of account {account} than the last change of its "
            "password, {keeper}.", **names),
        location,
        say("Record the change (sanshen new account-events), then enter {keeper} as `custodian` in "
            "accounts.yml; if somebody else keeps it: sanshen rotate {account} --reason handover "
            "--custodian PERSON", keeper=last["custodian"], account=account.id),
        account.id,
    )  # fmt: skip


def _leavers(archive: Archive) -> Iterator[tuple[Person, date]]:
    """(person, last day with access) of everyone whose access ended since recording began."""
    registers, today = archive.registers, archive.today
    roles = registers.parameter("password.access_roles", today)
    for person in registers.people.values():
        mine = [t for t in person.tenures if t.role in roles]
        for end in sorted({t.end for t in mine if t.end}):
            goes_on = any(t.covers(end + ONE_DAY) for t in mine)
            if registers.policy.since <= end < today and not goes_on:
                yield person, end


def _due(left: date, archive: Archive) -> date:
    return left + timedelta(archive.parameter("password.handover_days", left))


def _late(person: Person, left: date, record: Signed, archive: Archive) -> Complaint:
    account = archive.registers.name_of(record["account"])
    message = say("{person} left on {left}: the password of account {account} was changed late.",
                  person=person.name, left=say_day(left), account=account)  # fmt: skip
    remedy = say("Nothing to do; change it at once next time.")
    return Complaint(Effect.NOTE, message, record.at(), remedy, record["account"])


def _owed(person: Person, left: date, account: str, archive: Archive) -> Complaint:
    due = _due(left, archive)
    values = {
        "person": person.name,
        "account": archive.registers.name_of(account),
        "left": say_day(left),
        "day": say_day(due),
    }
    return duty(
        archive,
        end_of(due),
        say("{person} left on {left}: the password of account {account} is to be changed by {day}.",
            **values),
        say("{person} left on {left}: the password of account {account} was to be changed by "
            "{day}.", **values),
        archive.registers.at("accounts", account),
        DONE,
        account,
    )  # fmt: skip


def _unstated(person: Person, left: date, record: Signed, archive: Archive) -> Complaint:
    due = _due(left, archive)
    values = {"person": person.name, "left": say_day(left)}
    return duty(
        archive,
        end_of(due),
        say("{person} left on {left}: that rights ended and devices came back is still to be "
            "signed.", **values),
        say("{person} left on {left}: it is not signed that rights ended and devices came back.",
            **values),
        record.at(),
        say("Take back rights and devices, then sign another rotation that states both."),
        person.id,
    )  # fmt: skip


# Article 14: the devices people log in with.


def devices_safe(archive: Archive) -> Iterator[Complaint]:  # 14(1) 不得在无安全保障设备上登录
    """There are devices in use today, each with safeguards."""
    devices = [
        d
        for d in archive.registers.listed("devices")
        if d["from"] <= archive.today <= (d.get("until") or archive.today)
    ]
    if not devices:
        message = say("No device is registered for working on accounts.")
        remedy = say("Enter the devices people log in with: sanshen new devices")
        location = Location("content/registers/devices.yml")
        yield Complaint(Effect.NOTE, message, location, remedy)
    for device in devices:
        if not device["hardened"]:
            message = say("The device {device} has no safeguards.", device=device.id)
            remedy = say("Secure it before anybody logs in with it, or take it out of use.")
            yield Complaint(Effect.REFUSE, message, device.at("hardened"), remedy, device["keeper"])
