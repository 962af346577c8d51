"""Article 5: important items of superior bodies are relayed in time and by every account."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pipeline.detect.links import plain_address
from pipeline.detect.reprint import likeness
from pipeline.model.archive import Archive, Mode
from pipeline.model.calendar import local_date, minute
from pipeline.model.duties import duty, owing, relay_carried, relay_start
from pipeline.model.findings import Complaint, Effect, Message, say
from pipeline.model.posts import Post
from pipeline.model.records import Fact


def relays_complete(archive: Archive) -> Iterator[Complaint]:  # 5
    """The post that a relay names is there, and an account is left out with a reason alone.

    What stands is only noted for an account left out (docs/decisions/0031).
    """
    for relay in archive.records("relays"):
        if _stray(relay, archive):
            message = say("The relay {relay} names a post that does not exist.", relay=relay.id)
            remedy = say("Name the post that relays it, or leave `post` out until there is one.")
            yield Complaint(Effect.REFUSE, message, relay.at("post"), remedy)
        of_all = owing(relay, archive, of_all=True)
        for account in of_all if "accounts" in relay.value else ():
            if account not in relay["accounts"]:
                yield _left_out(relay, account, archive)


def _left_out(relay: Fact, account: str, archive: Archive) -> Complaint:
    return Complaint(
        _at_the_door(relay, archive),
        say("The relay {relay} leaves out {account} without a reason.", relay=relay.id,
            account=archive.registers.name_of(account)),
        relay.at("accounts"),
        say("Leave `accounts` out, or enter `account: {account}` and a `reason` under `except`.",
            account=account),
        account,
    )  # fmt: skip


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
            message = say("The post {post} is no relay of {relay}: it neither reprints the item"
                          " nor links it.", post=post.id, relay=relay.id)  # fmt: skip
            remedy = say("Name the post that reprints, forwards or links {url}; without one, have"
                         " one reviewed.", url=relay["source"]["url"])  # fmt: skip
            yield Complaint(_at_the_door(relay, archive), message, relay.at("post"), remedy)


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
        for account in () if _stray(relay, archive) else owing(relay, archive):
            yield from _on_account(relay, account, archive)
        yield from _late_notice(relay, archive)


def _stray(relay: Fact, archive: Archive) -> bool:
    post = relay.get("post", "")
    return bool(post) and post not in archive.post_ids


def _late_notice(relay: Fact, archive: Archive) -> Iterator[Complaint]:
    """A notice long after the item moves the twelve hours: people look whether it came so late."""
    start, hours = relay_start(relay), archive.parameter("relay.hours")
    later = start - relay["source_published_at"]
    if later > timedelta(hours=hours) and _recent(start, archive):
        message = say("The notice of {relay} came {hours} hours after the item was published.",
                      relay=relay["title"], hours=int(later.total_seconds() // 3600))  # fmt: skip
        remedy = say("Nothing to do if it came then: keep the notice; else correct its time.")
        yield Complaint(Effect.NOTE, message, relay.at("notice_received_at"), remedy)


def _recent(moment: datetime, archive: Archive) -> bool:
    return archive.clock.recent(moment, 7 * archive.parameter("cadence.audit_weeks"))


def _on_account(relay: Fact, account: str, archive: Archive) -> Iterator[Complaint]:
    start = relay_start(relay)
    hours = archive.parameter("relay.hours", local_date(start))
    due, name = start + timedelta(hours=hours), archive.registers.name_of(account)
    carried = relay_carried(relay, archive).get(account)
    if carried is None:
        yield _open(relay, account, due, archive)
    elif carried > due:
        message = say(
            "Account {account} relayed {relay} only at {at}; {hours} hours are allowed.",
            account=name, relay=relay["title"], at=minute(carried), hours=hours,
        )  # fmt: skip
        effect = Effect.REFUSE if _recent(carried, archive) else Effect.NOTE
        remedy = say("A late relay cannot be mended: report the cause to the lead department.")
        fault = f"{relay.id} {account}"
        yield Complaint(effect, message, relay.at(), remedy, account, waivable=fault)
    elif (target := _weibo_target(relay, account, archive)) and carried > target:
        message = say("Account {account} missed the target of {at}.", account=name,
                      at=minute(target))  # fmt: skip
        remedy = say("Nothing to do; the target of the province is earlier than the duty.")
        yield Complaint(Effect.NOTE, message, relay.at(), remedy, account)


def _open(relay: Fact, account: str, due: datetime, archive: Archive) -> Complaint:
    """A relay that is still owed: urgent from the warning hour, overdue after the last."""
    warn = archive.parameter("relay.warn_hours")
    urgent = archive.clock.reached(relay_start(relay) + timedelta(hours=warn))
    name = archive.registers.name_of(account)
    values = {"account": name, "relay": relay["title"], "at": minute(due)}
    coming: Message = say("Account {account} owes the relay {relay} by {at}.", **values)
    if urgent:
        coming = say("Account {account} must carry the relay {relay} now, by {at}.", **values)
    late = say("Account {account} has not relayed {relay}; it was due at {at}.", **values)
    effect = Effect.REFUSE
    if any(p.account == account for p in archive.publications_of(relay.get("post", ""))):
        # Older programs took a post that came before the item; long past, it is noted.
        late = say("Account {account} carried the post before {relay} came out, which relays"
                   " nothing; a relay was due at {at}.", **values)  # fmt: skip
        effect = effect if _recent(due, archive) else Effect.NOTE
    remedy = say(
        "Have a post reviewed and published (the three reviews apply to relays too), and enter"
        " its id here as `post`."
    )
    return duty(archive, due, coming, late, relay.at(), remedy, account, effect)


def every_account(post: Post, archive: Archive) -> Iterator[Complaint]:  # 5 整体发声
    """A relaying post names each account that owes the relay."""
    for relay in archive.relays_of(post.id):
        for account in owing(relay, archive):
            if account not in post.accounts:
                message = say("The relay {relay} must also go to {account}.", relay=relay.id,
                              account=account)  # fmt: skip
                remedy = say(
                    "Add the account to `accounts`, or enter its reason in the relay's `except`."
                )
                yield Complaint(Effect.REFUSE, message, post.at("accounts"), remedy, account)


def _weibo_target(relay: Fact, account: str, archive: Archive) -> datetime | None:
    hours = archive.parameter("relay.weibo_target_hours", local_date(relay_start(relay)))
    entry = archive.registers.accounts.get(account)
    if not hours or entry is None or entry.platform != "weibo":
        return None
    return relay_start(relay) + timedelta(hours=hours)


def decided_in_time(archive: Archive) -> Iterator[Complaint]:  # 5
    """An item that a feed told of is decided on within the hours of a relay; what is decided to be
    relayed is entered as a relay."""
    relays = {plain_address(relay["source"]["url"]) for relay in archive.records("relays")}
    for item in archive.records("upstream"):
        decided, entered = item.get("decided"), plain_address(item["url"]) in relays
        if entered or (decided and not decided["relay"]):
            continue
        begun = item.get("published_at") or item["seen_at"]
        due = begun + timedelta(hours=archive.parameter("relay.hours", local_date(begun)))
        if decided:
            message = say("{title} is to be relayed, and no relay is entered for it.",
                          title=item["title"])  # fmt: skip
            remedy = say(
                "Enter it: sanshen new relays --title '{title}' --source-url {url}"
                " --source-published-at {at} --source-name … --source-level …",
                title=item["title"], url=item["url"], at=begun.isoformat(),
            )  # fmt: skip
        else:
            message = say("Whether {title} is relayed is to be decided.", title=item["title"])
            remedy = say(
                "Enter it: sanshen amend upstream {id} --decided-person … --decided-at …"
                " --decided-relay true|false --decided-reason …", id=item.id,
            )  # fmt: skip
        yield duty(archive, due, message, message, item.at(), remedy, item["person"], Effect.NOTE)
