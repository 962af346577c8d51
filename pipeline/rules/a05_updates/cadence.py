"""Article 5: how often an account is updated, how long it may be silent, and true times."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from pipeline.model.archive import Archive
from pipeline.model.calendar import Clock, minute, week_of, weeks_between
from pipeline.model.duties import NONE, Updates, end_of, update_days
from pipeline.model.evidence import Review
from pipeline.model.findings import Complaint, Effect, Location, Message, say, say_day
from pipeline.model.posts import Post
from pipeline.model.records import Publication
from pipeline.model.registers import Account
from pipeline.model.waivers import excused_post_hoc

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
            own = updates.get(account.id, NONE)
            yield from _finished_weeks(account, own, archive)
            yield from _running_week(account, own, archive)


def _finished_weeks(account: Account, updates: Updates, archive: Archive) -> Iterator[Complaint]:
    start, window = _judged_from(account, "cadence.text.count", archive), _window(archive)
    exempt, older = _exempt(archive), list[date]()
    for monday in weeks_between(start, archive.today):
        needed = archive.parameter("cadence.text.count", monday)
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
        yield _owed(account, Effect.REFUSE, message, remedy, archive, monday)
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
    needed = archive.parameter("cadence.text.count", today)
    late = today.isoweekday() >= archive.parameter("cadence.text.warn_day", today)
    whole = _judged_from(account, "cadence.text.count", archive) <= monday
    short = whole and monday not in _exempt(archive) and count < needed
    if short and account.active(today):
        values = {"account": account.name, "count": count, "needed": needed,
                  "sunday": say_day(monday + SUNDAY)}  # fmt: skip
        message = say(
            "Account {account} still owes {needed} updates by {sunday}; it has {count}.", **values
        )
        if late:
            message = say(
                "Account {account} has {count} of {needed} updates; the week ends on {sunday}.",
                **values,
            )
        remedy = say("Publish what is still due before the week ends.")
        complaint = _owed(account, Effect.NOTE, message, remedy, archive)
        yield replace(complaint, due=end_of(monday + SUNDAY))


def _exempt(archive: Archive) -> frozenset[date]:
    """Mondays of weeks that policy leaves out, with a reason in its history."""
    stated = archive.parameter("cadence.exempt_weeks")
    return frozenset(week_of(date.fromisoformat(day)) for day in stated)


def av_cadence(archive: Archive) -> Iterator[Complaint]:  # 5
    """Silence of audio and video accounts."""
    updates = update_days(archive)
    for account in archive.registers.accounts.values():
        if account.content_mode != "av":
            continue
        for gap in _gaps(account, updates, "cadence.av.max_gap_days", archive):
            limit = archive.parameter("cadence.av.max_gap_days", gap.end)
            warn = archive.parameter("cadence.av.warn_days", gap.end)
            if gap.days > limit:
                yield _silence(account, gap, TOO_LONG, limit, archive)
            elif gap.running:
                due = gap.start + timedelta(limit)
                message = _coming(account, gap, due, urgent=gap.days >= warn)
                remedy = say("Publish on this account by that day.")
                complaint = _owed(account, Effect.NOTE, message, remedy, archive)
                yield replace(complaint, due=end_of(due))


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
            limit = archive.parameter("cadence.redline_days", gap.end)
            if gap.days >= limit:
                yield _silence(account, gap, RED_LINE, limit, archive)


def _silence(account: Account, gap: Gap, text: Message, limit: int, archive: Archive) -> Complaint:
    values = {"account": account.name, "days": gap.days, "start": say_day(gap.start)}
    message = replace(text, values=(*values.items(), ("limit", limit)))
    past = say("A past gap cannot be mended: keep to the number now and report the cause.")
    remedy = say("Publish on this account now.") if gap.running else past
    counts = gap.running or gap.end >= _window(archive)
    effect = Effect.REFUSE if counts else Effect.NOTE
    return _owed(account, effect, message, remedy, archive, None if gap.running else gap.start)


def _owed(
    account: Account,
    effect: Effect,
    message: Message,
    remedy: Message,
    archive: Archive,
    past: date | None = None,
) -> Complaint:
    """`past`: the first day of a fault that is over."""
    location = archive.registers.at("accounts", account.id)
    fault = f"{account.id} {past}" if past else ""
    return Complaint(effect, message, location, remedy, account.id, waivable=fault)


def _gaps(
    account: Account, updates: Mapping[str, Updates], parameter: str, archive: Archive
) -> Iterator[Gap]:
    """The gaps that may be too long, and always the first and the last."""
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
    weeks = archive.parameter("cadence.audit_weeks")
    return week_of(archive.today) - timedelta(weeks=weeks)


# Article 5: the times that are recorded are true (伪造发稿日期 is a veto of the inspection).


def true_dates(post: Post, archive: Archive) -> Iterator[Complaint]:  # 5, 伪造发稿日期
    """Planned and recorded times against the confirmation and the time of the run."""
    minutes = archive.parameter("time.tolerance_minutes", archive.day_of(post))
    slack = timedelta(minutes=minutes)
    confirm = _confirmation(post, post.revision, archive)
    ends = _ends(post, post.revision, archive)
    if confirm and ends and post.publish_at and post.publish_at > ends:
        end = minute(ends)
        message = say("The reviews end at {end}, before the post is due.", end=end)
        remedy = say("Plan an earlier time, or have a new revision reviewed.")
        yield Complaint(Effect.REFUSE, message, post.at("publish_at"), remedy)
    elif confirm and ends and archive.brings(post) and archive.clock.passed(ends + slack):
        yield _too_late(post, ends)
    for publication in archive.publications_of(post.id):
        signed = _confirmation(post, publication.revision, archive)
        out = excused_post_hoc(post, publication.published_at, signed, archive)
        ends = _ends(post, publication.revision, archive)
        since = None if out or not signed else signed.signed_at
        for message in _false_times(publication, since, slack, archive.clock):
            remedy = say("The operator records the true time again.")
            yield Complaint(Effect.REFUSE, message, Location(publication.path), remedy)
        if since and ends and publication.published_at > ends + slack:
            yield _late(post, publication, archive)


def _too_late(post: Post, ends: datetime) -> Complaint:
    """A post that has not come to main needs reviews that are still valid."""
    message = say("The reviews ended at {end}, before the post came to main.", end=minute(ends))
    return Complaint(
        Effect.REFUSE, message, post.at("publish_at"), say("Have a new revision reviewed.")
    )


def _late(post: Post, publication: Publication, archive: Archive) -> Complaint:
    """A note on what stands on main; expired reviews bring no new post in (A24)."""
    return Complaint(
        Effect.REFUSE if archive.brings(post) else Effect.NOTE,
        say("The post was published after its reviews had run out."),
        Location(publication.path),
        say(
            "Article 11 allows no publication without valid reviews: report it to the lead"
            " department, and have a new revision reviewed before the post goes out again."
        ),
    )


def _false_times(
    publication: Publication, since: datetime | None, slack: timedelta, clock: Clock
) -> Iterator[Message]:
    """`since`: when the post was confirmed; None: it was ordered out, or is not confirmed."""
    published = publication.published_at
    if not clock.reached(published, slack):
        yield say("The recorded time of publication lies in the future.")
    if publication.recorded_at < published - slack:
        yield say("The publication was recorded before it happened.")
    if since and published < since - slack:
        yield say("The recorded time of publication lies before the final confirmation.")


def _confirmation(post: Post, revision: int, archive: Archive) -> Review | None:
    """None for a draft, which has no approvals."""
    approvals = archive.approvals.get(post.id)
    return approvals.confirmation(revision) if approvals else None


def _ends(post: Post, revision: int, archive: Archive) -> datetime | None:
    approvals = archive.approvals.get(post.id)
    return approvals.ends(revision) if approvals else None
