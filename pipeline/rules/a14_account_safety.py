"""Article 14: safety of accounts (第十四条 账号安全).

1. The password of every account in use is changed within three calendar months, as signed rotations
   say; an age beyond that is only noted when the head of the lead department signed why, for three
   more months at most; a rotation by a person who could not answer for it does not count.
   | Human: whether the password was really changed.
   accepted: a password that was changed and signed two months ago.
   violated: no rotation within three months and a day.
   boundary: three calendar months to the last second; a reason that the head signed excuses for
   three more.
   next: change it, then sign `sanshen rotate ACCOUNT --reason scheduled`; of a delay the head signs
   why with `--reason deviation`, never a change that was not made.
2. Every signed rotation states at least two kinds of characters; a short password is noted. The
   password itself is nowhere. | Human: what the password is.
   accepted: letters and digits, twelve of them.
   violated: digits alone.
   boundary: seven characters of two kinds, which is noted (password.min_length).
   next: choose a better one with `sanshen rotate ACCOUNT --only`, set it on the platform, and sign
   that.
   password-short: The password of account {account} is short. | Choose a better one; `sanshen
   rotate --only` tells whether it is.
   password-weak: The password of account {account} has fewer than {least} kinds of characters. |
   Choose a better one; `sanshen rotate --only` tells whether it is.
3. After a person with access left, every password is changed, rights are revoked and devices
   returned, all within a day; no one without office keeps a device or an account; the register of
   accounts names the same keeper as the last rotation. | Human: what the person still knows.
   accepted: changed on the last day of the operator who left, rights revoked, devices returned.
   violated: no change two days after an operator left.
   boundary: the day after (password.handover_days); a later change is noted.
   next: change it now, take back rights and devices, sign `sanshen rotate ACCOUNT --reason
   handover`; then record the new keeper.
   device-return-due: {person} left and must return the device {device}. | Take it back, and enter
   the day or the next keeper in devices.yml.
   handover-password-due: {person} left on {left}: the password of account {account} is to be
   changed by {day}. |
   handover-password-late: {person} left on {left}: the password of account {account} was changed
   late. | Nothing to do; change it at once next time.
   handover-unstated: {person} left on {left}: that rights ended and devices came back is still to
   be signed. | Take back rights and devices, then sign another rotation that states both.
   keeper-entry-due: {keeper} keeps account {account} since its last change of password; the
   register is still to say so. |
   keeper-missing: Account {account} has no keeper. | Record the change of the account first, then
   enter the keeper as `custodian`.
   keeper-without-role: {person} keeps account {account} without holding a role today. |
4. There is a register of devices, and none without safeguards is in use; in the months that its
   wording sets the operator declares for each account that no one logged in at public places or
   stayed logged in.
   | Human: where people log in.
   accepted: devices with safeguards, and each account declared in time.
   violated: a device in use that is entered with `hardened: false`.
   boundary: a device that was given back yesterday does not count; that none is entered is noted.
   next: secure it or take it out of use, and enter what is true; declare `account-hygiene` only
   when it is so.
   device-unprotected: The device {device} has no safeguards. | Secure it before anybody logs in
   with it, or take it out of use.
   devices-missing: No device is registered for working on accounts. | Enter the devices people log
   in with in devices.yml.
5. No password, key or token stands in a post, its texts, a record or an entry of a register; other
   files of a change are not looked into. | Human: pictures, and files that are no text.
   accepted: a tip on how to choose a password.
   violated: a password or an access token in a post, a record or a register.
   boundary: the public id of an app, which is noted.
   next: remove it and change the secret at once: the history keeps what was written.
   secret-written: Something that looks like a secret stands here: {kind}. | Remove it, and change
   the secret at once: history keeps what was once written.
6. A fake account is verified at once, reported to an authority at least and to its platform, and
   filed with the superior body, each by its clock; a case open for long is noted, and pressed
   again before it rests for the days set. | Human: whether the account is fake.
   accepted: verified in three hours, reported and filed the next day, closed in a week.
   violated: written to the platform in April, still open in November.
   boundary: pressed again on the thirtieth day (impersonation.press_days).
   next: write to the platform again, add that to `notified`, and close the case when it is gone.
   fake-case-open: The case of the fake account has been open for more than {days} days: press it
   again by {at}. |
   fake-filing-due: The fake account is to be filed with the superior body (备案). |
   fake-letter-due: The platform of the fake account is to be written to (致函平台). |
   fake-report-due: The authorities are to be told of the fake account (网信、公安、电信). |
   fake-verification-due: The fake account is to be verified (立即排查核实). |
   step-before-case: A step of the case lies before it was found. | Correct the times of the record.
7. An account that was stolen or attacked (账号被盗用或被恶意攻击) is entered as a case of its own:
   taken back or stopped within the hours set, its password changed and signed afterwards within the
   days set, reported to an authority at least and filed with the superior body.
   | Human: what the thief saw and published; that every case was entered.
   accepted: stopped in two hours, the password changed the same evening, reported and filed the
   next day.
   violated: a stolen account whose password is as it was two days later.
   boundary: twenty-four hours (impersonation.verify_hours); the day after (password.handover_days);
   three days for report and filing (impersonation.file_days).
   next: have the platform stop it, change the password and sign `sanshen rotate ACCOUNT --reason
   incident`, then enter the true times in the record.
   step-before-case: A step of the case lies before it was found. | Correct the times of the record.
   stolen-account-missing: The case names no account of the register. | Name the account that was
   stolen under `account`.
   stolen-password-due: Nothing to do; be quicker next time.
   theft-filing-due: The theft of the account is to be filed with the superior body (备案). |
   theft-report-due: The theft of the account is to be reported to an authority (网信、公安、电信).
   |
   theft-stop-due: The stolen account is to be taken back or stopped. |
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import chain

from pipeline.detect.post_words import words_of
from pipeline.detect.secrets import secrets, speaks_of_secrets
from pipeline.model.archive import Archive
from pipeline.model.calendar import ONE_DAY, local_date, minute
from pipeline.model.documents import Route
from pipeline.model.duties import declaration, done_late, duty, end_of, months_after, rotation_fault
from pipeline.model.findings import Complaint, Effect, Location, Message, say, say_day
from pipeline.model.ids import AccountId
from pipeline.model.law import ItemClause, PeriodClause, note, refuse, rule, something
from pipeline.model.posts import Post
from pipeline.model.records import Fact, Signed
from pipeline.model.registers import Account, Person
from pipeline.model.run import PerRun

# Article 14: age and strength of passwords, as signed rotations state them.


def rotations(account: AccountId, archive: Archive) -> list[Signed]:
    """The rotations of an account that count, oldest first; a deviation is none."""
    counting = (
        r
        for r in archive.signed.get("rotation", ())
        if r["account"] == account
        and r["reason"] != "deviation"
        and rotation_fault(r, archive) is None
    )
    return sorted(counting, key=lambda r: (r["rotated_at"], r.path))


def last_rotations(archive: Archive) -> list[Signed]:
    """The last rotation of each account in use; none unless every account has one."""
    accounts = archive.registers.accounts_in_use(archive.today)
    last = [next(reversed(rotations(a.id, archive)), None) for a in accounts]
    return [] if None in last else [r for r in last if r]


def rotations_sound(archive: Archive) -> Iterator[Complaint]:  # 14(1)
    """Why a signed rotation or deviation does not count."""
    for record in archive.signed.get("rotation", ()):
        if fault := rotation_fault(record, archive):
            name, message = fault
            remedy = say("An operator in office changes the password and signs the rotation.")
            yield refuse(name, record.at(), message, remedy, owes=record["account"])


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
        what = say("The password of account {account} is to be changed by {day}.", **values)
        if due - archive.today <= warn:
            what = say(
                "The password of account {account} must be changed soon, by {day}.", **values
            )
        remedy = say("Change it and sign: sanshen rotate {account}", account=account.id)
        at, owes = archive.registers.at("accounts", account.id, "custodian"), account.custodian
        excused = _excused(account.id, last, months, archive)
        effect, name = Effect.NOTE if excused else Effect.REFUSE, "password-due {account}"
        yield duty(name, archive, end_of(due), what, at, remedy, owes or account.id, effect)


def passwords_strong(archive: Archive) -> Iterator[Complaint]:  # 14(1) 至少使用2种
    """What the last rotation of every account in use says of its password."""
    for account in archive.registers.accounts_in_use(archive.today):
        last = next(reversed(rotations(account.id, archive)), None)
        if last is None:
            continue
        day = local_date(last["rotated_at"])
        least = archive.parameter("password.min_classes", day)
        if last["classes"] < least:
            message = say(account=account.name, least=least)
            yield refuse("password-weak", last.at(), message, owes=account.id)
        elif not last["long_enough"]:
            yield note("password-short", last.at(), say(account=account.name), owes=account.id)


def _excused(account: AccountId, last: date, months: int, archive: Archive) -> bool:
    """Whether the head of the lead department signed why, since the last change (原则上)."""
    for record in archive.signed.get("rotation", ()):
        signed = local_date(record.signed_at)
        if (
            record["account"] == account
            and record["reason"] == "deviation"
            and record.get("deviation_reason", "").strip()
            and rotation_fault(record, archive) is None
            and last <= signed
            and archive.today <= months_after(signed, months)
        ):
            return True
    return False


# Article 14: when people change, passwords change, rights end and devices come back.


DONE = say("Change the password and sign: sanshen rotate ACCOUNT --reason handover")


def handed_over(archive: Archive) -> Iterator[Complaint]:  # 14(1) 管理人员变动后
    """After each person with access who left, passwords change, and it is stated in time."""
    for person, left in _leavers(archive):
        after: list[Signed] = []
        for account, changed in _changed_since(left, archive):
            after += changed
            if not changed:
                yield _owed(person, left, account, archive)
            elif local_date(changed[0]["rotated_at"]) > _due(left, archive):
                yield _late(person, left, changed[0], archive)
        if after and not any(
            r.get("devices_returned", False) and r.get("access_revoked", False) for r in after
        ):
            yield _unstated(person, left, after[0], archive)


def handovers(archive: Archive) -> list[Signed]:
    """The rotations after people left; none unless every password was changed."""
    rows = [r for _, left in _leavers(archive) for _, r in _changed_since(left, archive)]
    return list(chain.from_iterable(rows)) if all(rows) else []


def _changed_since(left: date, archive: Archive) -> Iterator[tuple[AccountId, list[Signed]]]:
    """(account, its rotations from that day on) of each account in use that was there then."""
    for account in archive.registers.accounts_in_use(archive.today):
        if account.opened_on <= left:
            every = rotations(account.id, archive)
            yield account.id, [r for r in every if local_date(r["rotated_at"]) >= left]


def keepers_in_office(archive: Archive) -> Iterator[Complaint]:  # 14(1) 收回权限及所配设备
    """Keepers of accounts and of devices hold a role today."""
    yield from _keepers(archive)
    days = archive.parameter("password.handover_days")
    for device in archive.registers.listed("devices"):
        until = device.get("until")
        keeper = archive.registers.people.get(device["keeper"])
        if keeper is None or not device["from"] <= archive.today <= (until or archive.today):
            continue
        if keeper.serves(archive.today):
            continue
        last = max((t.end for t in keeper.tenures if t.end), default=archive.today)
        what = say(person=keeper.name, device=device.id)
        due, at = end_of(last + timedelta(days)), device.at("keeper")
        yield duty("device-return-due {device}", archive, due, what, at, owes=keeper.id)


def _keepers(archive: Archive) -> Iterator[Complaint]:
    for account in archive.registers.accounts_in_use(archive.today):
        location = archive.registers.at("accounts", account.id, "custodian")
        keeper = archive.registers.people.get(account.custodian)
        last = next(reversed(rotations(account.id, archive)), None)
        if not account.custodian:
            yield note("keeper-missing", location, say(account=account.name), owes=account.id)
        elif last and last["custodian"] != account.custodian and _serves(last, archive):
            yield _handed_on(account, last, location, archive)
        elif keeper is None or not keeper.serves(archive.today):
            message = say(person=archive.registers.name_of(account.custodian), account=account.name)
            yield refuse("keeper-without-role", location, message, DONE, owes=account.id)


def _serves(record: Signed, archive: Archive) -> bool:
    """Whether the keeper that a rotation names holds some role today."""
    keeper = archive.registers.people.get(record["custodian"])
    return keeper is not None and keeper.serves(archive.today)


def _handed_on(account: Account, last: Signed, location: Location, archive: Archive) -> Complaint:
    """The password went on to somebody in office; the register has to follow, which takes two
    signatures and an event. Rotating again would not heal what the register says."""
    days = timedelta(archive.parameter("filing.within_days"))
    what = say(account=account.name, keeper=archive.registers.name_of(last["custodian"]))
    remedy = say(
        "Record the change of the account, then enter {keeper} as `custodian` in "
        "accounts.yml; if somebody else keeps it: sanshen rotate {account} --reason handover "
        "--custodian PERSON", keeper=last["custodian"], account=account.id,
    )  # fmt: skip
    due = end_of(local_date(last["rotated_at"]) + days)
    return duty("keeper-entry-due", archive, due, what, location, remedy, account.id)


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
    message = say(person=person.name, left=say_day(left), account=account)
    return note("handover-password-late {person}", record.at(), message, owes=record["account"])


def _owed(person: Person, left: date, account: AccountId, archive: Archive) -> Complaint:
    due, at = _due(left, archive), archive.registers.at("accounts", account)
    what = say(
        person=person.name,
        account=archive.registers.name_of(account),
        left=say_day(left),
        day=say_day(due),
    )
    name = "handover-password-due {person} {account}"
    return duty(name, archive, end_of(due), what, at, DONE, account)


def _unstated(person: Person, left: date, record: Signed, archive: Archive) -> Complaint:
    due = end_of(_due(left, archive))
    what = say(person=person.name, left=say_day(left))
    return duty("handover-unstated {person}", archive, due, what, record.at(), owes=person.id)


# Article 14: the devices people log in with.


def devices_safe(archive: Archive) -> Iterator[Complaint]:  # 14(1) 不得在无安全保障设备上登录
    """There are devices in use today, each with safeguards."""
    devices = [
        d
        for d in archive.registers.listed("devices")
        if d["from"] <= archive.today <= (d.get("until") or archive.today)
    ]
    if not devices:
        yield note("devices-missing", Location("content/registers/devices.yml"))
    for device in devices:
        if not device["hardened"]:
            message = say(device=device.id)
            owes = device["keeper"]
            yield refuse("device-unprotected {device}", device.at("hardened"), message, owes=owes)


# Article 14: no password, key or token in what is written down.


_APART = "\n" * 4
"""A gap wide enough that two joined texts never make a secret together."""


def none_in_post(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 14(1)
    """Front matter, body and the texts beside the post."""
    if not speaks_of_secrets(words_of(post).text):
        return
    strings = tuple(_strings(post.document.value))
    # All texts are searched together first: there is nearly always nothing in any.
    if not secrets(_APART.join((*(t for _, t in strings), post.body, *post.texts.values()))):
        return
    for route, text in strings:
        yield from _secrets(text, post.at(*route))
    beside = ((path, 1, text) for path, text in sorted(post.texts.items()))
    for path, first, text in ((post.path, post.body_line, post.body), *beside):
        yield from _secrets(text, Location(path, first), lines=True)


def none_in_records(archive: Archive) -> Iterator[Complaint]:  # 14(1)
    """Plain and signed records, and registers that hold entries."""
    every: Iterable[Iterable[Fact | Signed]] = chain(
        archive.facts.values(), archive.registers.entries.values(), archive.signed.values()
    )
    for fact, strings in chain.from_iterable(map(_suspects, every)):
        for route, text in strings:
            yield from _secrets(text, fact.at(*route) if isinstance(fact, Fact) else fact.at())


Suspects = tuple[tuple[Fact | Signed, tuple[tuple[Route, str], ...]], ...]


def _with_secrets(facts: Iterable[Fact | Signed]) -> Suspects:
    """Those whose strings together hold a secret, with each string and its route."""
    every = ((fact, tuple(_strings(fact.value))) for fact in facts)
    return tuple(row for row in every if secrets(_APART.join(text for _, text in row[1])))


_suspects = PerRun(_with_secrets, 64)
"""Registers are read once for many proposals, and lists that ship once for all archives: an archive
has some thirty of both."""


def _secrets(text: str, start: Location, *, lines: bool = False) -> Iterator[Complaint]:
    """A complaint for each secret of a text; it never holds the secret.

    `lines`: the text begins at `start` and goes on line by line, as it stands in its file.
    """
    for match in secrets(text):
        effect = Effect.REFUSE if match.certain else Effect.NOTE
        down = text.count("\n", 0, match.start) if lines else 0
        location = Location(start.path, start.line + down)
        yield Complaint("secret-written {kind}", effect, say(kind=match.kind), location)


def _strings(value: object) -> Iterator[tuple[Route, str]]:
    """Every string of a value with its route: those of the value itself, then those below."""
    todo: list[tuple[Route, object]] = [((), value)]
    for route, each in todo:
        if isinstance(each, str):
            yield route, each
        elif isinstance(each, dict | Mapping | list | tuple):  # nearly all are the first
            rows = enumerate(each) if isinstance(each, list | tuple) else each.items()
            todo += [((*route, key), below) for key, below in rows]


# Article 14: accounts that pretend to be the bureau's.


AUTHORITIES = ("cyberspace", "police", "telecom")
STEPS: tuple[tuple[str, str, Message], ...] = (
    ("verified_at", "fake-verification-due", say()),
    ("notified", "fake-report-due", say()),
    ("platform_letter_at", "fake-letter-due", say()),
    ("filed_at", "fake-filing-due", say()),
)
"""(step, name, what is to be done)."""


def fakes_pursued(archive: Archive) -> Iterator[Complaint]:  # 14(2)
    """The steps of every case found since recording began, and cases open for long."""
    for incident in _incidents(archive, stolen=False):
        for step in STEPS:
            yield from _step(incident, *step, archive)
        yield from _open(incident, archive)


def _incidents(archive: Archive, *, stolen: bool) -> list[Fact]:
    """The cases of one kind that were found since recording began. Raises NothingEntered."""
    since, every = archive.registers.policy.since, archive.records("incidents")
    cases = [i for i in every if (i.get("kind") == STOLEN) is stolen]
    something(cases)
    return [i for i in cases if local_date(i["found_at"]) >= since]


STOLEN = "stolen"
"""The kind of an incident that befell an account of the bureau; any other is a fake account."""
RECOVERED: tuple[tuple[str, str, Message], ...] = (
    ("stopped_at", "theft-stop-due", say()),
    ("notified", "theft-report-due", say()),
    ("filed_at", "theft-filing-due", say()),
)
"""As of `STEPS`."""


def thefts_pursued(archive: Archive) -> Iterator[Complaint]:  # 14(1) 账号被盗用或被恶意攻击
    """The steps of every stolen account, and the change of its password afterwards."""
    for incident in _incidents(archive, stolen=True):
        if incident.get("account") not in archive.registers.accounts:
            owes = incident["person"]
            yield refuse("stolen-account-missing", incident.at(), owes=owes)
            continue
        for step in RECOVERED:
            yield from _step(incident, *step, archive)
        yield from _password_after(incident, archive)


def _password_after(incident: Fact, archive: Archive) -> Iterator[Complaint]:
    """A signed rotation once the account was taken back: before that the thief sees it."""
    begun: datetime = max(incident["found_at"], incident.get("stopped_at") or incident["found_at"])
    days = timedelta(days=archive.parameter("password.handover_days", local_date(begun)))
    due, account = end_of(local_date(begun) + days), incident["account"]
    later = (r["rotated_at"] for r in rotations(account, archive) if r["rotated_at"] >= begun)
    changed = min(later, default=None)
    what = say("The password of the stolen account {account} is to be changed.",
               account=archive.registers.name_of(account))  # fmt: skip
    if changed is None:
        remedy = say("Change it and sign: sanshen rotate {account}", account=account)
        yield duty("stolen-password-due", archive, due, what, incident.at(), remedy, account)
    elif changed > due:
        yield note("stolen-password-due", incident.at(), done_late(what), owes=account)


def _step(
    incident: Fact, step: str, name: str, what: Message, archive: Archive
) -> Iterator[Complaint]:
    start: datetime = incident["found_at"]
    due = start + _allowed(step, start, archive)
    done = _moment(incident, step)
    if done is not None and done < start:
        yield refuse("step-before-case", incident.at(step), owes=incident["person"])
    elif done is None or not archive.clock.reached(done):
        remedy = say("Take the step, and enter its time under `{step}`.", step=step)
        yield duty(name, archive, due, what, incident.at(step), remedy, incident["person"])
    elif done > due:
        remedy = say("Nothing to do; be quicker next time.")
        yield note(name, incident.at(step), done_late(what), remedy, owes=incident["person"])


def _allowed(step: str, start: datetime, archive: Archive) -> timedelta:
    day = local_date(start)
    if step in ("verified_at", "stopped_at"):
        return timedelta(hours=archive.parameter("impersonation.verify_hours", day))
    return timedelta(days=archive.parameter("impersonation.file_days", day))


def _moment(incident: Fact, step: str) -> datetime | None:
    """When a step was first taken."""
    bodies = {"notified": AUTHORITIES, "platform_letter_at": ("platform",)}.get(step, ())
    moments = [n["at"] for n in incident["notified"] if n["body"] in bodies]
    if step in incident.value and step != "notified":
        moments.append(incident[step])
    return min(moments, default=None)


def _open(incident: Fact, archive: Archive) -> Iterator[Complaint]:
    """A case open for long is pressed again and again; each step begins the days anew."""
    closed, days = incident.get("closed_at"), archive.parameter("impersonation.max_open_days")
    ended = closed is not None and archive.clock.reached(closed)
    if ended or not archive.clock.passed(incident["found_at"] + timedelta(days=days)):
        return
    steps = [incident["found_at"], *(n["at"] for n in incident["notified"])]
    steps += [incident[s] for s in ("platform_letter_at", "filed_at") if s in incident.value]
    last = max(filter(archive.clock.reached, steps))
    due = last + timedelta(days=archive.parameter("impersonation.press_days"))
    remedy = say("Write to the platform again, and enter it under `notified`; of a case that is"
                 " closed, enter `closed_at`.")  # fmt: skip
    at, owes = incident.at("found_at"), incident["person"]
    yield duty("fake-case-open", archive, due, say(days=days, at=minute(due)), at, remedy, owes)


RULE = rule(
    PeriodClause(1, rotations_sound, declared=last_rotations),
    PeriodClause(1, passwords_fresh, declared=last_rotations),
    PeriodClause(2, passwords_strong, declared=last_rotations),
    PeriodClause(3, keepers_in_office, lapse=True),
    PeriodClause(3, handed_over, declared=handovers),
    PeriodClause(4, devices_safe, lapse=True),
    declaration(4, "account-hygiene"),
    ItemClause(5, none_in_post),
    PeriodClause(5, none_in_records),
    PeriodClause(6, fakes_pursued, rests_on=("incidents",)),
    PeriodClause(7, thefts_pursued, rests_on=("incidents",)),
)
