"""Annex: what the form says of each item, against what was published."""

from collections.abc import Iterator, Sequence

from pipeline.model.archive import Archive, Mode
from pipeline.model.calendar import local_date, minute
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.posts import Post
from pipeline.model.records import Publication
from pipeline.model.renditions import CHANNEL_PLATFORMS, ChannelProblem, channel_of

JUDGED_ELSEWHERE = ("image_missing", "image_alt")
"""Problems of every channel alike, which R10-5 judges once."""


def boxes(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 信息发布类别
    """The boxes to tick, and whether each channel can publish the post."""
    channels = archive.parameter("form.channels", archive.day_of(post))
    accounts = archive.registers.accounts
    if not any(name in accounts for name in post.accounts):
        message = say("The form has no account to tick.")
        remedy = say("Name at least one account of the register.")
        cause = archive.registers.unread_path("accounts")
        yield Complaint(Effect.REFUSE, message, post.at("accounts"), remedy, cause=cause)
    for index, name in enumerate(post.accounts):
        if name in accounts and accounts[name].platform not in channels:
            message = say("The form has no box for account {account}.", account=name)
            remedy = say("Nothing to do; it is printed under other.")
            yield Complaint(Effect.NOTE, message, post.at("accounts", index), remedy)
    for channel, problem in _problems(post, archive):
        if problem.rule not in ("title", *JUDGED_ELSEWHERE):
            yield _problem(channel, problem)
    yield from _other_renditions(post, archive)


def _problems(post: Post, archive: Archive) -> Iterator[tuple[str, ChannelProblem]]:
    """What the channels of the post's accounts refuse; a missing rendition raises."""
    accounts = archive.registers.accounts
    platforms = {accounts[name].platform for name in post.accounts if name in accounts}
    for channel in CHANNEL_PLATFORMS:
        if channel in platforms:
            for problem in archive.renditions[post.id, channel].problems:
                yield channel, problem


def _problem(channel: str, problem: ChannelProblem) -> Complaint:
    message = say("On {channel}: {what}", channel=channel, what=problem.message)
    return Complaint(problem.effect, message, problem.location, problem.remedy)


def _other_renditions(post: Post, archive: Archive) -> Iterator[Complaint]:
    """Publications that were made from another rendering of the same bytes."""
    for carried in archive.publications_of(post.id):
        account = archive.registers.accounts.get(carried.account)
        if account and carried.rendition and carried.revision == post.revision:
            made = archive.renditions.get((post.id, channel_of(account.platform)))
            if made and made.digest != carried.rendition:
                message = say(
                    "Account {account} was given other words than are rendered now.",
                    account=account.name,
                )
                remedy = say("Compare the platform's text by `sanshen drift`.")
                yield Complaint(Effect.NOTE, message, Location(carried.path), remedy)


def planned_day(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 发布日期
    """The planned time against now, the post's id and its publications: it is the earliest time.

    The form's own day is that of the first publication, whatever day that is.
    """
    planned = post.meta["publish_at"]
    day, location = local_date(planned).isoformat(), post.at("publish_at")
    if archive.mode is not Mode.DRAFT and not archive.clock.reached(planned):
        message = say(
            "The post is to be published at {time}, a time to come.", time=minute(planned)
        )
        yield Complaint(Effect.HOLD, message, location, say("Nothing to do: wait for that time."))
    if post.id[:10] != day:
        message = say("The id of the post does not begin with its day, {day}.", day=day)
        remedy = say("Rename the folder, or correct publish_at.")
        yield Complaint(Effect.REFUSE, message, location, remedy)
    publications = archive.publications_of(post.id)
    for publication in publications:
        if publication.revision == post.revision and publication.published_at < planned:
            message = say(
                "Account {account} carried the post at {actual}, before the planned {time}.",
                account=archive.registers.name_of(publication.account),
                actual=minute(publication.published_at),
                time=minute(planned),
            )
            remedy = say("What is true stays recorded; keep to the planned time from now on.")
            yield Complaint(Effect.NOTE, message, Location(publication.path), remedy)
    yield from _carried_twice(publications, archive)


def _carried_twice(publications: Sequence[Publication], archive: Archive) -> Iterator[Complaint]:
    """A publication closes its review: a revision goes out once per account (threats A24)."""
    seen: set[tuple[str, int]] = set()
    for carried in sorted(publications, key=lambda p: (p.published_at, p.path)):
        if (carried.account, carried.revision) in seen:
            message = say(
                "Account {account} carried revision {n} twice under one review.",
                account=archive.registers.name_of(carried.account),
                n=carried.revision,
            )
            remedy = say("Have a new revision reviewed, or take the wrong record back by --void.")
            yield Complaint(Effect.REFUSE, message, Location(carried.path), remedy)
        seen.add((carried.account, carried.revision))


def same_title(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 信息标题
    """Published titles are that of the form, and every channel can carry it."""
    for channel, problem in _problems(post, archive):
        if problem.rule == "title":
            yield _problem(channel, problem)
    broken_at = archive.approvals[post.id].broken_at if post.id in archive.approvals else ""
    for publication in archive.publications_of(post.id):
        if publication.revision == post.revision and publication.title != post.title:
            message = say(
                "Account {account} carries another title than the form.",
                account=archive.registers.name_of(publication.account),
            )
            remedy = say("Correct the title on the platform, or record it as it stands there.")
            cause = broken_at if publication.manifest != post.manifest else ""
            yield Complaint(Effect.REFUSE, message, Location(publication.path), remedy, cause=cause)


def printed_source(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 发布类型/来源
    """A reprint's source has a name that can be printed."""
    source = post.meta.get("source")
    if post.meta["origin"] == "original":
        return
    if source is None:
        message = say("The form has no source to print.")
        remedy = say("Fill in source.")
        yield Complaint(Effect.REFUSE, message, post.at("origin"), remedy)
    elif not archive.registers.source_name(source):
        message = say("Source {source} has no name to print.", source=source["id"])
        remedy = say("Fill in source.name, or have the source entered in sources.yml.")
        yield Complaint(Effect.REFUSE, message, post.at("source", "id"), remedy)
