"""Article 5: how often an account is updated, and for how long it may be silent."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from pipeline.model.archive import Archive
from pipeline.model.calendar import week_of, weeks_between
from pipeline.model.duties import NONE, Updates, end_of, update_days
from pipeline.model.findings import Complaint, Effect, Message, say, say_day
from pipeline.model.registers import Account

SUNDAY = timedelta(days=6)
TOO_LONG = say("Account {account} had no update for {days} days from {start}; {limit} is the most.")
RED_LINE = say(
    "Account {account} was silent for {days} days from {start}: {limit} fail the inspection."
)


class Gap(NamedTuple):
    """Days without an update; `running` when it reaches to today."""

    start: date
    end: date
    running: bool

    @property
    def days(self) -> int:
        """Days from one update to the next."""
        return (self.end - self.start).days


def text_cadence(archive: Archive) -> Iterator[Complaint]:  # 5
    """Finished weeks below the number, and the running week near its end."""
    updates = update_days(archive)
    for account in archive.registers.accounts.values():
        if account.content_mode == "text":
            found = updates.get(account.id, NONE)
            yield from _finished_weeks(account, found, archive)
            yield from _running_week(account, found, archive)


def _finished_weeks(account: Account, updates: Updates, archive: Archive) -> Iterator[Complaint]:
    start, window = _judged_from(account, "cadence.text.count", archive), _window(archive)
    exempt, older = _exempt(archive), list[date]()
    for monday in weeks_between(start, archive.today):
        needed = archive.registers.parameter("cadence.text.count", monday)
        whole = start <= monday and account.active(monday + SUNDAY)
        if not whole or monday in exempt or monday + SUNDAY >= archive.today:
            continue
        count = updates.within(monday, monday + SUNDAY)
        if count >= needed:
            continue
        if monday < window:
            older.append(monday)
            continue
        message = say(
            "Account {account} had {count} updates in the week of {monday}; {needed} are due.",
            account=account.name,
            count=count,
            monday=say_day(monday),
            needed=needed,
        )
        remedy = say("A past week cannot be mended: keep to the number now and report the cause.")
        yield _owed(account, Effect.REFUSE, message, remedy, archive)
    if older:
        message = say(
            "Account {account} fell short in {weeks} earlier weeks, last in that of {monday}.",
            account=account.name,
            weeks=len(older),
            monday=say_day(older[-1]),
        )
        remedy = say("Nothing to do; the audit keeps them in view.")
        yield _owed(account, Effect.NOTE, message, remedy, archive)


def _running_week(account: Account, updates: Updates, archive: Archive) -> Iterator[Complaint]:
    today, monday = archive.today, week_of(archive.today)
    count = updates.within(monday, monday + SUNDAY)
    needed = archive.registers.parameter("cadence.text.count", today)
    late = today.isoweekday() >= archive.registers.parameter("cadence.text.warn_day", today)
    whole = _judged_from(account, "cadence.text.count", archive) <= monday
    short = whole and monday not in _exempt(archive) and count < needed
    if short and account.active(today):
        values = {"account": account.name, "count": count, "needed": needed,
                  "sunday": say_day(monday + SUNDAY)}  # fmt: skip
        message = (
            say(
                "Account {account} has {count} of {needed} updates; the week ends on {sunday}.",
                **values,
            )
            if late
            else say(
                "Account {account} still owes {needed} updates by {sunday}; it has {count}.",
                **values,
            )
        )
        remedy = say("Publish what is still due before the week ends.")
        found = _owed(account, Effect.NOTE, message, remedy, archive)
        yield replace(found, due=end_of(monday + SUNDAY))


def _exempt(archive: Archive) -> frozenset[date]:
    """Mondays of weeks that policy leaves out, with a reason in its history."""
    stated = archive.registers.parameter("cadence.exempt_weeks", archive.today)
    return frozenset(week_of(date.fromisoformat(day)) for day in stated)


def av_cadence(archive: Archive) -> Iterator[Complaint]:  # 5
    """Silence of audio and video accounts."""
    updates = update_days(archive)
    for account in archive.registers.accounts.values():
        if account.content_mode != "av":
            continue
        for gap in _gaps(account, updates, "cadence.av.max_gap_days", archive):
            limit = archive.registers.parameter("cadence.av.max_gap_days", gap.end)
            warn = archive.registers.parameter("cadence.av.warn_days", gap.end)
            if gap.days > limit:
                yield _silence(account, gap, TOO_LONG, limit, archive)
            elif gap.running:
                due = gap.start + timedelta(limit)
                message = _coming(account, gap, due, urgent=gap.days >= warn)
                remedy = say("Publish on this account by that day.")
                found = _owed(account, Effect.NOTE, message, remedy, archive)
                yield replace(found, due=end_of(due))


def _coming(account: Account, gap: Gap, due: date, urgent: bool) -> Message:
    """What an audio or video account owes next."""
    values = {"account": account.name, "days": gap.days, "due": say_day(due)}
    if urgent:
        return say(
            "Account {account} has had no update for {days} days; one is due by {due}.", **values
        )
    return say("Account {account} owes an update by {due}; the last was {days} days ago.", **values)


def red_line(archive: Archive) -> Iterator[Complaint]:  # 5
    """Silence that alone fails the national inspection (国办秘函 2019 No. 19)."""
    updates = update_days(archive)
    for account in archive.registers.accounts.values():
        for gap in _gaps(account, updates, "cadence.redline_days", archive):
            limit = archive.registers.parameter("cadence.redline_days", gap.end)
            if gap.days >= limit:
                yield _silence(account, gap, RED_LINE, limit, archive)


def _silence(account: Account, gap: Gap, text: Message, limit: int, archive: Archive) -> Complaint:
    values = {"account": account.name, "days": gap.days, "start": say_day(gap.start)}
    message = replace(text, values=(*values.items(), ("limit", limit)))
    past = say("A past gap cannot be mended: keep to the number now and report the cause.")
    remedy = say("Publish on this account now.") if gap.running else past
    counts = gap.running or gap.end >= _window(archive)
    return _owed(account, Effect.REFUSE if counts else Effect.NOTE, message, remedy, archive)


def _owed(
    account: Account, effect: Effect, message: Message, remedy: Message, archive: Archive
) -> Complaint:
    document = archive.registers.documents["accounts"]
    index = list(archive.registers.accounts).index(account.id)
    return Complaint(effect, message, document.locate("accounts", index), remedy, account.id)


def _gaps(
    account: Account, updates: Mapping[str, Updates], parameter: str, archive: Archive
) -> Iterator[Gap]:
    """The gaps that may be too long; the first as well, for which a limit must be stated."""
    start = _judged_from(account, parameter, archive)
    end = min(archive.today, account.closed_on or archive.today)
    least = min(setting.value for setting in archive.registers.policy.parameters[parameter])
    days = (day for day in updates.get(account.id, NONE).days() if start <= day <= end)
    pairs = list(pairwise((start, *days, end)))
    for index, (before, after) in enumerate(pairs if start <= end else (), 1):
        if (after - before).days >= least or index in (1, len(pairs)):
            yield Gap(before, after, index == len(pairs) and account.active(archive.today))


def _judged_from(account: Account, parameter: str, archive: Archive) -> date:
    """No duty before the account opened or the regulation was in force (Article 17)."""
    settings = archive.registers.policy.parameters[parameter]
    begun = archive.registers.policy.since
    return max(account.opened_on, settings[0].effective_from, begun)


def _window(archive: Archive) -> date:
    """The Monday from which a breach still refuses."""
    weeks = archive.registers.parameter("cadence.audit_weeks", archive.today)
    return week_of(archive.today) - timedelta(weeks=weeks)
