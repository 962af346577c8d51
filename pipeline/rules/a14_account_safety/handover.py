"""Article 14: when people change, passwords change, rights end and devices come back."""

from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.model.archive import Archive
from pipeline.model.calendar import ONE_DAY, local_date
from pipeline.model.duties import duty, end_of
from pipeline.model.findings import Complaint, Effect, Location, say, say_day
from pipeline.model.records import Signed
from pipeline.model.registers import Account, Person
from pipeline.rules.a14_account_safety.passwords import place_of, rotations

DONE = say("Change the password and sign: sanshen rotate ACCOUNT --reason handover")


def handed_over(archive: Archive) -> Iterator[Complaint]:  # 14(1) 管理人员变动后
    """Everybody with access who left since recording began."""
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
                yield _owed(person, left, account.id, place_of(account, archive), archive)
            elif local_date(changed[0]["rotated_at"]) > _due(left, archive):
                yield _late(person, left, changed[0], archive)
        if after and not any(
            r.get("devices_returned", False) and r.get("access_revoked", False) for r in after
        ):
            yield _unstated(person, left, after[0], archive)


def kept_in_office(archive: Archive) -> Iterator[Complaint]:  # 14(1) 收回权限及所配设备
    """Keepers of accounts and of devices hold some role today."""
    yield from _keepers(archive)
    days = archive.registers.parameter("password.handover_days", archive.today)
    for device in archive.registers.entries.get("devices", ()):
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
        place = place_of(account, archive, "custodian")
        keeper = archive.registers.people.get(account.custodian)
        last = next(reversed(rotations(account.id, archive)), None)
        if not account.custodian:
            message = say("Nobody is named who keeps account {account}.", account=account.name)
            remedy = say(
                "Record the change first (sanshen new account-events), then enter the keeper as"
                " `custodian`."
            )
            yield Complaint(Effect.NOTE, message, place, remedy, account.id)
        elif last and last["custodian"] != account.custodian and _serves(last, archive):
            yield _handed_on(account, last, place, archive)
        elif keeper is None or not any(t.covers(archive.today) for t in keeper.tenures):
            message = say("{person} keeps account {account} without holding a role today.",
                          person=archive.registers.name_of(account.custodian),
                          account=account.name)  # fmt: skip
            yield Complaint(Effect.REFUSE, message, place, DONE, account.id)


def _serves(record: Signed, archive: Archive) -> bool:
    """Whether the keeper that a rotation names holds some role today."""
    keeper = archive.registers.people.get(record["custodian"])
    return keeper is not None and any(t.covers(archive.today) for t in keeper.tenures)


def _handed_on(account: Account, last: Signed, place: Location, archive: Archive) -> Complaint:
    """The password went on to somebody in office; the register has to follow, which takes two
    signatures and an event. Rotating again would not heal what the register says."""
    names = {"account": account.name, "keeper": archive.registers.name_of(last["custodian"])}
    days = timedelta(archive.registers.parameter("filing.within_days", archive.today))
    return duty(
        archive,
        end_of(local_date(last["rotated_at"]) + days),
        say("{keeper} keeps account {account} since its last change of password; the register is "
            "still to say so.", **names),
        say("The register names another keeper of account {account} than the last change of its "
            "password, {keeper}.", **names),
        place,
        say("Record the change (sanshen new account-events), then enter {keeper} as `custodian` in "
            "accounts.yml; if somebody else keeps it: sanshen rotate {account} --reason handover "
            "--custodian PERSON", keeper=last["custodian"], account=account.id),
        account.id,
    )  # fmt: skip


def _leavers(archive: Archive) -> Iterator[tuple[Person, date]]:
    """(person, last day with access) of everybody who has none any more since that day."""
    registers, today = archive.registers, archive.today
    roles = registers.parameter("password.access_roles", today)
    for person in registers.people.values():
        mine = [t for t in person.tenures if t.role in roles]
        for end in sorted({t.end for t in mine if t.end}):
            goes_on = any(t.covers(end + ONE_DAY) for t in mine)
            if registers.policy.since <= end < today and not goes_on:
                yield person, end


def _due(left: date, archive: Archive) -> date:
    return left + timedelta(archive.registers.parameter("password.handover_days", left))


def _late(person: Person, left: date, record: Signed, archive: Archive) -> Complaint:
    account = archive.registers.name_of(record["account"])
    message = say("{person} left on {left}: the password of account {account} was changed late.",
                  person=person.name, left=say_day(left), account=account)  # fmt: skip
    remedy = say("Nothing to do; change it at once next time.")
    return Complaint(Effect.NOTE, message, record.at(), remedy, record["account"])


def _owed(person: Person, left: date, account: str, place: Location, archive: Archive) -> Complaint:
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
        place,
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
        say("{person} left on {left}: nobody signed that rights ended and devices came back.",
            **values),
        record.at(),
        say("Take back rights and devices, then sign another rotation that states both."),
        person.id,
    )  # fmt: skip
