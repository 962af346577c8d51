"""Article 5: important items of superior bodies are relayed in time and by every account."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date, minute
from pipeline.model.duties import declarations_due, duty
from pipeline.model.findings import Complaint, Effect, Message, say
from pipeline.model.posts import Post
from pipeline.model.records import Fact, Publication


def relays_known(archive: Archive) -> Iterator[Complaint]:  # 5
    """The post that a relay names is there."""
    for relay in archive.facts.get("relays", ()):
        if _stray(relay, archive):
            message = say("The relay {relay} names a post that does not exist.", relay=relay.id)
            remedy = say("Name the post that relays it, or leave `post` out until there is one.")
            yield Complaint(Effect.REFUSE, message, relay.at("post"), remedy)


def relayed_in_time(archive: Archive) -> Iterator[Complaint]:  # 5
    """Every relay on every account that owes it, by the hour (natural hours, day and night)."""
    for relay in archive.facts.get("relays", ()):
        for account in () if _stray(relay, archive) else _owing(relay, archive):
            yield from _on_account(relay, account, archive)


def _stray(relay: Fact, archive: Archive) -> bool:
    post = relay.get("post", "")
    return bool(post) and post not in archive.post_ids


def _on_account(relay: Fact, account: str, archive: Archive) -> Iterator[Complaint]:
    start = _start(relay)
    hours = archive.registers.parameter("relay.hours", local_date(start))
    due, name = start + timedelta(hours=hours), archive.registers.name_of(account)
    carried = min(_carried(relay, account, archive), default=None)
    if carried is None:
        yield _open(relay, account, due, archive)
    elif carried > due:
        message = say(
            "Account {account} relayed {relay} only at {at}; {hours} hours are allowed.",
            account=name, relay=relay["title"], at=minute(carried), hours=hours,
        )  # fmt: skip
        weeks = archive.registers.parameter("cadence.audit_weeks", archive.today)
        effect = Effect.REFUSE if archive.clock.recent(carried, 7 * weeks) else Effect.NOTE
        remedy = say("A late relay cannot be mended: report the cause to the lead department.")
        yield Complaint(effect, message, relay.at(), remedy, account)
    elif (target := _weibo_target(relay, account, archive)) and carried > target:
        message = say("Account {account} missed the target of {at}.", account=name,
                      at=minute(target))  # fmt: skip
        remedy = say("Nothing to do; the target of the province is earlier than the duty.")
        yield Complaint(Effect.NOTE, message, relay.at(), remedy, account)


def _open(relay: Fact, account: str, due: datetime, archive: Archive) -> Complaint:
    """A relay that is still owed: urgent from the warning hour, overdue after the last."""
    warn = archive.registers.parameter("relay.warn_hours", archive.today)
    urgent = archive.clock.reached(_start(relay) + timedelta(hours=warn))
    name = archive.registers.name_of(account)
    values = {"account": name, "relay": relay["title"], "at": minute(due)}
    coming: Message = say("Account {account} owes the relay {relay} by {at}.", **values)
    if urgent:
        coming = say("Account {account} must carry the relay {relay} now, by {at}.", **values)
    return duty(
        archive,
        due,
        coming,
        say("Account {account} has not relayed {relay}; it was due at {at}.", **values),
        relay.at(),
        say(
            "Have a post reviewed and published (the three reviews apply to relays too), and enter"
            " its id here as `post`."
        ),
        account,
    )


def none_missed(archive: Archive) -> Iterator[Complaint]:  # 5
    """The monthly word of the information officer that every important item was entered."""
    return declarations_due(archive, "relays-complete")


def every_account(post: Post, archive: Archive) -> Iterator[Complaint]:  # 5 整体发声
    """A relaying post names each account that owes the relay."""
    for relay in archive.relays_of(post.id):
        for account in _owing(relay, archive):
            if account not in post.accounts:
                message = say("The relay {relay} must also go to {account}.", relay=relay.id,
                              account=account)  # fmt: skip
                remedy = say("Add the account to `accounts`.")
                yield Complaint(Effect.REFUSE, message, post.at("accounts"), remedy, account)


def _owing(relay: Fact, archive: Archive) -> list[str]:
    """The accounts named by the relay; else all in use on a platform that policy names."""
    if named := relay.get("accounts"):
        return sorted(named)
    day = local_date(_start(relay))
    platforms = archive.registers.parameter("relay.platforms", day)
    return sorted(
        a.id
        for a in archive.registers.accounts.values()
        if a.active(day) and a.platform in platforms
    )


def _carried(relay: Fact, account: str, archive: Archive) -> Iterator[datetime]:
    found: tuple[Publication, ...] = archive.publications_of(relay.get("post", ""))
    for p in found:
        if p.account == account and archive.clock.reached(p.published_at):
            yield p.published_at


def _weibo_target(relay: Fact, account: str, archive: Archive) -> datetime | None:
    hours = archive.registers.parameter("relay.weibo_target_hours", local_date(_start(relay)))
    known = archive.registers.accounts.get(account)
    if not hours or known is None or known.platform != "weibo":
        return None
    return _start(relay) + timedelta(hours=hours)


def _start(relay: Fact) -> datetime:
    """The notice if there was one, else the publication by the superior body."""
    start: datetime = relay.get("notice_received_at") or relay["source_published_at"]
    return start
