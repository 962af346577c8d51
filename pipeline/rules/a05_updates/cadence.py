"""Article 5: updates (第五条 信息内容更新).

1. A text account is updated at least twice in every week from Monday to Sunday (Asia/Shanghai); one
   batch is one update. | Human: nothing.
2. An audio or video account is updated at least once in every ten days. | Human: nothing.
3. No account in use is silent for fourteen days, the red line of the national inspection.
   | Human: nothing.
4. Unchecked: not built yet, needs the record of notices from above that are to be relayed.
   | Human: which items of superior bodies are important.
5. Unchecked: not built yet, needs the same record to see that every account carried a relay.
   | Human: nothing.
6. A publication is neither in the future, nor before its confirmation, nor after the confirmation
   ran out, nor recorded before it happened; the planned time lies within the confirmation.
   | Human: whether the platform shows the time that was recorded.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from pipeline.model.archive import Archive
from pipeline.model.cadence import update_days
from pipeline.model.calendar import SHANGHAI, week_of, weeks_between
from pipeline.model.evidence import Review, Step
from pipeline.model.findings import Complaint, Effect, Location, Message, say
from pipeline.model.law import ItemClause, PeriodClause, Rule, Unchecked
from pipeline.model.posts import Post
from pipeline.model.records import Publication
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
            weeks = Counter(week_of(day) for day in updates.get(account.id, ()))
            yield from _finished_weeks(account, weeks, archive)
            yield from _running_week(account, weeks, archive)


def _finished_weeks(
    account: Account, weeks: Mapping[date, int], archive: Archive
) -> Iterator[Complaint]:
    start, window = _judged_from(account, "cadence.text.count", archive), _window(archive)
    older: list[date] = []
    for monday in weeks_between(start, archive.today):
        needed = archive.registers.parameter("cadence.text.count", monday)
        whole = start <= monday and account.active(monday + SUNDAY)
        if not whole or monday + SUNDAY >= archive.today or weeks.get(monday, 0) >= needed:
            continue
        if monday < window:
            older.append(monday)
            continue
        message = say(
            "Account {account} had {count} updates in the week of {monday}; {needed} are due.",
            account=account.id,
            count=weeks.get(monday, 0),
            monday=monday.isoformat(),
            needed=needed,
        )
        remedy = say("A past week cannot be mended: keep to the number now and report the cause.")
        yield _owed(account, Effect.REFUSE, message, remedy, archive)
    if older:
        message = say(
            "Account {account} fell short in {weeks} earlier weeks, last in that of {monday}.",
            account=account.id,
            weeks=len(older),
            monday=older[-1].isoformat(),
        )
        remedy = say("Nothing to do; the audit keeps them in view.")
        yield _owed(account, Effect.NOTE, message, remedy, archive)


def _running_week(
    account: Account, weeks: Mapping[date, int], archive: Archive
) -> Iterator[Complaint]:
    today, monday = archive.today, week_of(archive.today)
    needed = archive.registers.parameter("cadence.text.count", today)
    late = today.isoweekday() >= archive.registers.parameter("cadence.text.warn_day", today)
    whole = _judged_from(account, "cadence.text.count", archive) <= monday
    if late and whole and account.active(today) and weeks.get(monday, 0) < needed:
        message = say(
            "Account {account} has {count} of {needed} updates; the week ends on {sunday}.",
            account=account.id,
            count=weeks.get(monday, 0),
            needed=needed,
            sunday=(monday + SUNDAY).isoformat(),
        )
        remedy = say("Publish what is still due before the week ends.")
        yield _owed(account, Effect.NOTE, message, remedy, archive)


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
            elif gap.running and gap.days >= warn:
                message = say(
                    "Account {account} has had no update for {days} days; one is due by {due}.",
                    account=account.id,
                    days=gap.days,
                    due=(gap.start + timedelta(limit)).isoformat(),
                )
                remedy = say("Publish on this account by that day.")
                yield _owed(account, Effect.NOTE, message, remedy, archive)


def red_line(archive: Archive) -> Iterator[Complaint]:  # 5
    """Silence that alone fails the national inspection (国办秘函 2019 No. 19)."""
    updates = update_days(archive)
    for account in archive.registers.accounts.values():
        for gap in _gaps(account, updates, "cadence.redline_days", archive):
            limit = archive.registers.parameter("cadence.redline_days", gap.end)
            if gap.days >= limit:
                yield _silence(account, gap, RED_LINE, limit, archive)


def _silence(account: Account, gap: Gap, text: Message, limit: int, archive: Archive) -> Complaint:
    values = {"account": account.id, "days": gap.days, "start": gap.start.isoformat()}
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


def true_dates(post: Post, archive: Archive) -> Iterator[Complaint]:  # 5, 伪造发稿日期
    """Planned and recorded times against the confirmation and the time of the run."""
    minutes = archive.registers.parameter("time.tolerance_minutes", archive.day_of(post))
    slack = timedelta(minutes=minutes)
    confirm = _confirmation(post, post.revision, archive)
    if confirm and post.publish_at and post.publish_at > confirm.not_after:
        end = f"{confirm.not_after.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        message = say("The confirmation ends at {end}, before the post is due.", end=end)
        remedy = say("Plan an earlier time, or have a new revision reviewed.")
        yield Complaint(Effect.REFUSE, message, post.at("publish_at"), remedy)
    for publication in archive.publications_of(post.id):
        signed = _confirmation(post, publication.revision, archive)
        for message in _false_times(publication, signed, slack, archive.as_of):
            remedy = say("The operator records the true time again.")
            yield Complaint(Effect.REFUSE, message, Location(publication.path), remedy)


def _false_times(
    publication: Publication, confirm: Review | None, slack: timedelta, as_of: datetime
) -> Iterator[Message]:
    published = publication.published_at
    if published > as_of + slack:
        yield say("The recorded time of publication lies in the future.")
    if publication.recorded_at < published - slack:
        yield say("The publication was recorded before it happened.")
    if confirm and published < confirm.signed_at - slack:
        yield say("The recorded time of publication lies before the final confirmation.")
    if confirm and published > confirm.not_after + slack:
        yield say("The post was published after its confirmation had run out.")


def _confirmation(post: Post, revision: int, archive: Archive) -> Review | None:
    """The confirmation of a revision, present or earlier; None when there is none."""
    approvals, wanted = archive.approvals.get(post.id), (revision, Step.CONFIRM, "approve")
    if approvals is None:
        return None
    reviews = (approvals.approved(Step.CONFIRM), *reversed(approvals.earlier))
    return next((r for r in reviews if r and (r.revision, r.step, r.decision) == wanted), None)


def _gaps(
    account: Account, updates: Mapping[str, Sequence[date]], parameter: str, archive: Archive
) -> Iterator[Gap]:
    start = _judged_from(account, parameter, archive)
    end = min(archive.today, account.closed_on or archive.today)
    days = (day for day in updates.get(account.id, ()) if start <= day <= end)
    pairs = list(pairwise((start, *days, end)))
    for index, (before, after) in enumerate(pairs if start <= end else (), 1):
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


RULE = Rule(
    (
        PeriodClause(1, text_cadence),
        PeriodClause(2, av_cadence),
        PeriodClause(3, red_line),
        Unchecked(4),
        Unchecked(5),
        ItemClause(6, true_dates),
    )
)
