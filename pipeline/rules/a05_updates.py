"""Article 5: updates (第五条 信息内容更新).

1. A text account is updated at least twice in every week from Monday to Sunday (Asia/Shanghai); one
   batch is one update; only weeks that policy exempts are left out. | Human: nothing.
   accepted: two batches in a week, on whatever days.
   violated: one batch of five posts in a week.
   boundary: the second batch on Sunday at 23:59.
   next: keep to the number from now on; a past week cannot be mended but is explained in a record
   of rectification.
   updates-due: Publish what is still due before the week ends.
   updates-short-earlier: Account {account} fell short in {weeks} earlier weeks, last in that of
   {monday}. | Nothing to do; the audit keeps them in view.
   updates-too-few: Account {account} had {count} updates in the week of {monday}; {needed} are due.
   | A past week cannot be mended: keep to the number now and report the cause.
2. An audio or video account is updated at least once in every ten days. | Human: nothing.
   accepted: a video every Monday.
   violated: eleven days from one video to the next.
   boundary: ten days from one video to the next.
   next: publish now; once the silence is over, explain it in a record of rectification.
   silence-too-long: Account {account} had no update for {days} days, from {start} to {end}; {limit}
   is the most. |
   update-due: Publish on this account by that day.
3. No account in use is silent for fourteen days, the red line of the national inspection.
   | Human: nothing.
   accepted: an update a week.
   violated: fourteen days from one update to the next.
   boundary: thirteen days from one update to the next.
   next: publish now and report at once, for the national inspection counts the silence; then
   explain it in a record of rectification.
   silence-red-line: Account {account} was silent for {days} days, from {start} to {end}: {limit}
   fail the inspection. |
4. An item of a superior body that was entered for relay is on every account that owes it within
   twelve natural hours of the notice, or of its publication where no notice is recorded. The post
   reprints or forwards that item, or links it, and comes after it. An account is left out with a
   reason alone; what would end an overdue relay, a notice or an account left out, is signed. The
   information officer declares from time to time that none was missed.
   | Human: which items of superior bodies are important, and whether a reason is sound.
   accepted: a reprint of the item on all accounts six hours after the notice.
   violated: a post of another topic or of the day before, or thirteen hours after the notice.
   boundary: twelve hours and no minutes after the notice.
   next: publish it all the same, record the true time, and explain it in a record of rectification;
   an account that does not carry it is entered under except with its reason.
   relay-account-omitted: The relay {relay} leaves out {account} without a reason. |
   relay-late: Account {account} relayed {relay} only at {at}; {hours} hours are allowed. | A late
   relay cannot be mended: report the cause to the lead department.
   relay-notice-late: The notice of {relay} came {hours} hours after the item was published. |
   Nothing to do if it came then: keep the notice; else correct its time.
   relay-of-another: The post {post} is no relay of {relay}: it neither reprints the item nor links
   it. |
   relay-post-unknown: The relay {relay} names a post that does not exist. | Name the post that
   relays it, or leave `post` out until there is one.
   upstream-unlisted: {source} is no source of sources.yml. | Correct the id, or have the source
   entered there. An item that is relayed now is entered as a relay, which needs no listed source.
   relay-target-missed: Account {account} missed the target of {at}. | Nothing to do; the target of
   the province is earlier than the duty.
5. A post that relays such an item goes to every account that owes it. | Human: nothing.
   accepted: a relaying post whose accounts are all those that owe the relay.
   violated: a relaying post for WeChat alone while Weibo owes it too.
   boundary: an account that opened on the day after the notice is left out.
   next: add the account to the post, or enter in the relay why it is left out.
   relay-account-missing: The relay {relay} must also go to {account}. | Add the account to
   `accounts`, or enter its reason in the relay's `except`.
6. A publication is neither in the future, nor before its confirmation unless its record says why
   (Article 11 judges that), nor after its reviews ran out, nor recorded before it happened; none is
   planned for after they run out. What was removed was not removed before it was published.
   | Human: whether the platform shows the time that was recorded.
   accepted: recorded two minutes after it was published, with the true time.
   violated: a time before the leader confirmed the post.
   boundary: a time that differs from the run's by no more than time.tolerance_minutes.
   next: record the true time, also when it is later than was planned.
   publication-before-confirmation: The recorded time of publication lies before the final
   confirmation. | The operator records the true time again.
   publication-in-future: The recorded time of publication lies in the future. | The operator
   records the true time again.
   published-after-reviews: The post was published after its reviews had run out. | Article 11
   allows no publication without valid reviews: report it to the lead department, and have a new
   revision reviewed before the post goes out again.
   recorded-beforehand: The publication was recorded before it happened. | The operator records the
   true time again.
   removal-before-publication: The recorded time of removal lies before the publication. | The
   operator records the true time again.
   removal-beforehand: The removal was recorded before it happened. | The operator records the true
   time again.
   reviews-end-early: The reviews end at {end}, before the post is due. | Plan an earlier time, or
   have a new revision reviewed.
   reviews-ended: The reviews ended at {end}, before the post came to main. | Have a new revision
   reviewed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from pipeline.detect.links import plain_address
from pipeline.detect.reprint import likeness
from pipeline.model import duties, evidence
from pipeline.model.archive import RELAYS, Archive, Mode
from pipeline.model.calendar import Clock, local_date, minute, week_of
from pipeline.model.findings import Complaint, Effect, Location, Message, Reason, say, say_day
from pipeline.model.ids import AccountId
from pipeline.model.law import ItemClause, PeriodClause, note, refuse, rule
from pipeline.model.posts import Post
from pipeline.model.records import Fact, Publication
from pipeline.model.registers import Account
from pipeline.model.waivers import excused_post_hoc


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
    updates = duties.update_days(archive)
    for account in archive.registers.accounts.values():
        if account.content_mode == "text":
            own = updates.get(account.id, duties.NONE)
            yield from _finished_weeks(account, own, archive)
            yield from _running_week(account, own, archive)


def _finished_weeks(
    account: Account, updates: duties.Updates, archive: Archive
) -> Iterator[Complaint]:
    window, older = _window(archive), list[date]()
    for monday in duties.owed_weeks(account, archive, date.min, archive.today - timedelta(weeks=1)):
        needed = archive.parameter("cadence.text.count", monday)
        count = updates.within(monday, monday + duties.SUNDAY)
        if count >= needed:
            continue
        if monday < window:
            older.append(monday)
            continue
        message = say(account=account.name, count=count, monday=say_day(monday), needed=needed)
        yield _owed("updates-too-few", account, Effect.REFUSE, message, archive, past=monday)
    if older:
        message = say(account=account.name, weeks=len(older), monday=say_day(older[-1]))
        yield _owed("updates-short-earlier", account, Effect.NOTE, message, archive)


def _running_week(
    account: Account, updates: duties.Updates, archive: Archive
) -> Iterator[Complaint]:
    today, monday = archive.today, week_of(archive.today)
    count = updates.within(monday, monday + duties.SUNDAY)
    needed = archive.parameter("cadence.text.count", today)
    late = today.isoweekday() >= archive.parameter("cadence.text.warn_day", today)
    if count < needed and any(duties.owed_weeks(account, archive, monday, monday)):
        values = {"account": account.name, "count": count, "needed": needed,
                  "sunday": say_day(monday + duties.SUNDAY)}  # fmt: skip
        message = say(
            "Account {account} still owes {needed} updates by {sunday}; it has {count}.", **values
        )
        if late:
            message = say(
                "Account {account} has {count} of {needed} updates; the week ends on {sunday}.",
                **values,
            )
        due = duties.end_of(monday + duties.SUNDAY)
        yield replace(_owed("updates-due", account, Effect.NOTE, message, archive), due=due)


def av_cadence(archive: Archive) -> Iterator[Complaint]:  # 5
    """Silence of audio and video accounts."""
    updates = duties.update_days(archive)
    for account in archive.registers.accounts.values():
        if account.content_mode != "av":
            continue
        for gap in _gaps(account, updates, "cadence.av.max_gap_days", archive):
            limit = archive.parameter("cadence.av.max_gap_days", gap.end)
            warn = archive.parameter("cadence.av.warn_days", gap.end)
            if gap.days > limit:
                yield _silence(account, gap, ("silence-too-long", say()), limit, archive)
            elif gap.running:
                due = gap.start + timedelta(limit)
                message = _coming(account, gap, due, urgent=gap.days >= warn)
                complaint = _owed("update-due", account, Effect.NOTE, message, archive)
                yield replace(complaint, due=duties.end_of(due))


def _coming(account: Account, gap: Gap, due: date, urgent: bool) -> Message:
    """What an audio or video account owes next."""
    values = {"account": account.name, "start": say_day(gap.start), "due": say_day(due)}
    if urgent:
        return say(
            "Account {account} has had no update since {start}; one is due by {due}.", **values
        )
    return say("Account {account} owes an update by {due}; it had none since {start}.", **values)


def red_line(archive: Archive) -> Iterator[Complaint]:  # 5
    """Silence that alone fails the national inspection (国办秘函 2019 No. 19)."""
    updates = duties.update_days(archive)
    for account in archive.registers.accounts.values():
        for gap in _gaps(account, updates, "cadence.redline_days", archive):
            limit = archive.parameter("cadence.redline_days", gap.end)
            if gap.days >= limit:
                yield _silence(account, gap, ("silence-red-line", say()), limit, archive)


def _silence(account: Account, gap: Gap, why: Reason, limit: int, archive: Archive) -> Complaint:
    days = {"start": say_day(gap.start), "end": say_day(gap.end), "days": gap.days}
    values = {"account": account.name, **days}
    name, text = why
    message = replace(text, values=(*values.items(), ("limit", limit)))
    past = say("A past gap cannot be mended: keep to the number now and report the cause.")
    remedy = say("Publish on this account now.") if gap.running else past
    counts = gap.running or gap.end >= _window(archive)
    effect = Effect.REFUSE if counts else Effect.NOTE
    over = None if gap.running else gap.start
    return _owed(name, account, effect, message, archive, remedy, over)


def _owed(
    name: str,
    account: Account,
    effect: Effect,
    message: Message,
    archive: Archive,
    remedy: Message | None = None,
    past: date | None = None,
) -> Complaint:
    """`past`: the first day of a fault that is over."""
    location = archive.registers.at("accounts", account.id)
    fault = f"{account.id} {past}" if past else ""
    return Complaint(name, effect, message, location, remedy, account.id, waivable=fault)


def _gaps(
    account: Account, updates: Mapping[str, duties.Updates], parameter: str, archive: Archive
) -> Iterator[Gap]:
    """The gaps that may be too long, and always the first and the last."""
    start = duties.judged_from(account, parameter, archive)
    end = min(archive.today, account.closed_on or archive.today)
    least = min(setting.value for setting in archive.registers.policy.parameters[parameter])
    days = (day for day in updates.get(account.id, duties.NONE).days() if start <= day <= end)
    pairs = list(pairwise((start, *days, end)))
    for index, (before, after) in enumerate(pairs if start <= end else (), 1):
        if (after - before).days >= least or index in (1, len(pairs)):
            yield Gap(before, after, index == len(pairs) and account.active(archive.today))


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
        yield refuse("reviews-end-early", post.at("publish_at"), say(end=end))
    elif confirm and ends and archive.brings(post) and archive.clock.passed(ends + slack):
        # A post that has not come to main needs reviews that are still valid.
        yield refuse("reviews-ended", post.at("publish_at"), say(end=minute(ends)))
    for publication in archive.publications_of(post.id):
        signed = _confirmation(post, publication.revision, archive)
        out = excused_post_hoc(post, publication.published_at, signed, archive)
        ends = _ends(post, publication.revision, archive)
        since = None if out or not signed or publication.unconfirmed else signed.signed_at
        for name, message in _false_times(publication, since, slack, archive.clock):
            yield refuse(name, Location(publication.path), message)
        if since and ends and publication.published_at > ends + slack:
            yield _late(post, publication, archive)


def _late(post: Post, publication: Publication, archive: Archive) -> Complaint:
    """A note on what stands on main; expired reviews bring no new post in (A24)."""
    effect = (Effect.NOTE, Effect.REFUSE)[archive.brings(post)]
    return Complaint("published-after-reviews", effect, say(), Location(publication.path))


def _false_times(
    publication: Publication, since: datetime | None, slack: timedelta, clock: Clock
) -> Iterator[Reason]:
    """`since`: when the post was confirmed; None: it was ordered out, or is not confirmed."""
    published = publication.published_at
    if not clock.reached(published, slack):
        yield "publication-in-future", say()
    if publication.recorded_at < published - slack:
        yield "recorded-beforehand", say()
    if removed := publication.removed_at:
        if removed < published:
            yield "removal-before-publication", say()
        if publication.recorded_at < removed - slack:
            yield "removal-beforehand", say()
    if since and published < since - slack:
        yield "publication-before-confirmation", say()


def _confirmation(post: Post, revision: int, archive: Archive) -> evidence.Review | None:
    """None for a draft, which has no approvals."""
    approvals = archive.approvals.get(post.id)
    return approvals.confirmation(revision) if approvals else None


def _ends(post: Post, revision: int, archive: Archive) -> datetime | None:
    approvals = archive.approvals.get(post.id)
    return approvals.ends(revision) if approvals else None


def relays_complete(archive: Archive) -> Iterator[Complaint]:  # 5
    """The post that a relay names is there, and an account is left out with a reason alone.

    What stands is only noted for an account left out (docs/decisions/0031).
    """
    for relay in archive.records("relays"):
        if _stray(relay, archive):
            yield refuse("relay-post-unknown", relay.at("post"), say(relay=relay["title"]))
        of_all = duties.owing(relay, archive, of_all=True)
        for account in of_all if "accounts" in relay.value else ():
            if account not in relay["accounts"]:
                yield _left_out(relay, account, archive)
    for item in archive.records("upstream"):
        if item["source"] not in archive.registers.sources:
            effect, message = _at_the_door(item, archive), say(source=item["source"])
            yield Complaint("upstream-unlisted", effect, message, item.at("source"))


def _left_out(relay: Fact, account: AccountId, archive: Archive) -> Complaint:
    message = say(relay=relay["title"], account=archive.registers.name_of(account))
    remedy = say("Leave `accounts` out, or enter `account: {account}` and a `reason` under"
                 " `except`.", account=account)  # fmt: skip
    where, effect = relay.at("accounts"), _at_the_door(relay, archive)
    return Complaint("relay-account-omitted", effect, message, where, remedy, account)


def _at_the_door(relay: Fact, archive: Archive) -> Effect:
    """A draft cannot mend a relay, which has a file of its own: there, too, it is noted."""
    brought = archive.mode is not Mode.DRAFT and archive.brings(relay)
    return Effect.REFUSE if brought else Effect.NOTE


def relaying(post: Post, archive: Archive) -> bool:
    """A post that a relay names, unless it was withdrawn: that keeps no text to compare."""
    return bool(archive.relays_of(post.id)) and not post.withdrawn


def relays_of(post: Post, archive: Archive) -> tuple[Fact, ...]:
    """The items that a post relays, as they were entered."""
    return archive.relays_of(post.id)


def relays_the_item(post: Post, archive: Archive) -> Iterator[Complaint]:  # 5 转载
    """A post that a relay names reprints, forwards or links the item, and not another."""
    for relay in archive.relays_of(post.id):
        if not _of_item(post, relay, archive):
            message = say(post=post.title or post.id, relay=relay["title"])
            remedy = say("Name the post that reprints, forwards or links {url}; without one, have"
                         " one reviewed.", url=relay["source"]["url"])  # fmt: skip
            effect = _at_the_door(relay, archive)
            yield Complaint("relay-of-another", effect, message, relay.at("post"), remedy)


def _of_item(post: Post, relay: Fact, archive: Archive) -> bool:
    """By address, or by the title of what is reprinted (R09-5 holds its text to the source's)."""
    url, source = plain_address(relay["source"]["url"]), post.meta.get("source")
    if source and post.meta["origin"] != "original":
        came = local_date(source.get("published_at") or relay["source_published_at"])
        alike = likeness(source["title"], relay["title"])
        least = archive.parameter("reprint.title_min", archive.day_of(post))
        later = came >= local_date(relay["source_published_at"])
        if plain_address(source["url"]) == url or (later and alike >= least):
            return True
    links = archive.renditions[(post.id, "archive")].links
    return any(plain_address(link.url) == url for link in links)


def relayed_in_time(archive: Archive) -> Iterator[Complaint]:  # 5
    """Every relay on every account that owes it, by the hour (natural hours, day and night)."""
    for relay in archive.records("relays"):
        every = {*duties.owing(relay, archive), *duties.owing(relay, archive, of_all=True)}
        for account in () if _stray(relay, archive) else sorted(every):
            yield from _on_account(relay, account, archive)
        yield from _late_notice(relay, archive)


def _stray(relay: Fact, archive: Archive) -> bool:
    post = relay.get("post", "")
    return bool(post) and post not in archive.post_ids


def _late_notice(relay: Fact, archive: Archive) -> Iterator[Complaint]:
    """A notice long after the item moves the twelve hours: people look whether it came so late."""
    start, hours = duties.relay_start(relay), archive.parameter("relay.hours")
    later = start - relay["source_published_at"]
    if later > timedelta(hours=hours) and _recent(start, archive):
        message = say(relay=relay["title"], hours=int(later.total_seconds() // 3600))
        yield note("relay-notice-late", relay.at("notice_received_at"), message)


def _while_recent(due: datetime, archive: Archive) -> Effect:
    """What older programs took for a relay is noted once it is long past."""
    return Effect.REFUSE if _recent(due, archive) else Effect.NOTE


def _unrelated(relay: Fact, archive: Archive) -> bool:
    """Whether the post is at hand and is no relay of the item; a withdrawn one keeps no text."""
    post = archive.posts.get(relay.get("post", ""))
    return post is not None and relaying(post, archive) and not _of_item(post, relay, archive)


def _recent(moment: datetime, archive: Archive) -> bool:
    return archive.clock.recent(moment, 7 * archive.parameter("cadence.audit_weeks"))


def _on_account(relay: Fact, account: AccountId, archive: Archive) -> Iterator[Complaint]:
    start = duties.relay_start(relay)
    hours = archive.parameter("relay.hours", local_date(start))
    due, name = start + timedelta(hours=hours), archive.registers.name_of(account)
    carried = duties.relay_carried(relay, archive).get(account)
    if carried is None or (_recent(due, archive) and _unrelated(relay, archive)):
        yield _open(relay, account, due, archive)
    elif carried > due:
        message = say(account=name, relay=relay["title"], at=minute(carried), hours=hours)
        effect = _while_recent(carried, archive)
        fault = f"{relay.id} {account}"
        yield Complaint("relay-late", effect, message, relay.at(), owes=account, waivable=fault)
    elif (target := _weibo_target(relay, account, archive)) and carried > target:
        message = say(account=name, at=minute(target))
        yield note("relay-target-missed", relay.at(), message, owes=account)


def _open(relay: Fact, account: AccountId, due: datetime, archive: Archive) -> Complaint:
    """A relay that is still owed: urgent from the warning hour, overdue after the last."""
    warn = archive.parameter("relay.warn_hours")
    urgent = archive.clock.reached(duties.relay_start(relay) + timedelta(hours=warn))
    name = archive.registers.name_of(account)
    values = {"account": name, "relay": relay["title"], "at": minute(due)}
    what: Message = say("Account {account} owes the relay {relay} by {at}.", **values)
    if urgent:
        what = say("Account {account} must carry the relay {relay} now, by {at}.", **values)
    effect = (
        Effect.REFUSE if account in duties.owing(relay, archive) else _while_recent(due, archive)
    )
    if account in duties.relay_carried(relay, archive):
        what = say("Account {account} carried a post that is no relay of {relay}: it neither"
                   " reprints the item nor links it; one is due by {at}.", **values)  # fmt: skip
    elif any(p.account == account for p in archive.publications_of(relay.get("post", ""))):
        # Older programs took a post that came before the item; long past, it is noted.
        what = say("Account {account} carried the post before {relay} came out, which relays"
                   " nothing; a relay is due by {at}.", **values)  # fmt: skip
        effect = _while_recent(due, archive)
    remedy = say(
        "Have a post reviewed and published (the three reviews apply to relays too), and enter"
        " its id here as `post`."
    )
    return duties.duty("relay-due", archive, due, what, relay.at(), remedy, account, effect)


def every_account(post: Post, archive: Archive) -> Iterator[Complaint]:  # 5 整体发声
    """A relaying post names each account that owes the relay."""
    for relay in archive.relays_of(post.id):
        for account in duties.owing(relay, archive):
            if account not in post.accounts:
                message = say(relay=relay["title"], account=archive.registers.name_of(account))
                name = "relay-account-missing {relay} {account}"
                yield refuse(name, post.at("accounts"), message, owes=account)


def _weibo_target(relay: Fact, account: AccountId, archive: Archive) -> datetime | None:
    hours = archive.parameter("relay.weibo_target_hours", local_date(duties.relay_start(relay)))
    entry = archive.registers.accounts.get(account)
    if not hours or entry is None or entry.platform != "weibo":
        return None
    return duties.relay_start(relay) + timedelta(hours=hours)


def decided_in_time(archive: Archive) -> Iterator[Complaint]:  # 5
    """An item that was seen is decided on within the hours of a relay; what is decided to be
    relayed is entered as a relay."""
    relays = {plain_address(relay["source"]["url"]) for relay in archive.records("relays")}
    for item in archive.records("upstream"):
        decided, entered = item.get("decided"), plain_address(item["url"]) in relays
        if entered or (decided and not decided["relay"]):
            continue
        begun = item.get("published_at") or item["seen_at"]
        due = begun + timedelta(hours=archive.parameter("relay.hours", local_date(begun)))
        if decided:
            message = say(
                "{title} is to be relayed, and no relay is entered for it.", title=item["title"]
            )
            remedy = say(
                "Enter it under content/records/relays/: title {title}, source {url}, of {at}.",
                title=item["title"], url=item["url"], at=begun.isoformat(),
            )  # fmt: skip
        else:
            message = say("Whether {title} is relayed is to be decided.", title=item["title"])
            remedy = say("Enter it in the record: `decided`, with person, at, relay and reason.")
        yield duties.duty(
            "relay-decision-due",
            archive,
            due,
            message,
            item.at(),
            remedy,
            item["person"],
            Effect.NOTE,
        )


RULE = rule(
    PeriodClause(1, text_cadence, lapse=True),
    PeriodClause(2, av_cadence, lapse=True),
    PeriodClause(3, red_line, lapse=True),
    PeriodClause(4, relays_complete, rests_on=(RELAYS, "upstream")),
    PeriodClause(4, relayed_in_time, lapse=True, rests_on=(RELAYS,)),
    PeriodClause(4, decided_in_time, lapse=True, rests_on=(RELAYS, "upstream")),
    ItemClause(4, relays_the_item, ("origin",), relaying, rests_on=relays_of),
    duties.declaration(4, "relays-complete"),
    ItemClause(5, every_account, ("accounts",), rests_on=relays_of),
    ItemClause(6, true_dates),
)
