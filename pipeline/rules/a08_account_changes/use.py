"""Article 8: only registered accounts carry posts, and no other is shown as the bureau's own."""

import re
from collections.abc import Iterator
from datetime import date

from pipeline.detect.links import under, web_host
from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.duties import declarations_due
from pipeline.model.findings import Complaint, Effect, Location, Message, say, say_day
from pipeline.model.posts import Post
from pipeline.model.records import Publication
from pipeline.model.regex import regex
from pipeline.model.renditions import Link

_OURSELVES = ("我局", "本局", "我们", "本单位", "本号", "本公众号")
_ACCOUNT = r"(?:官方|政务|新浪|腾讯)*(?:微信|微博|公众号|视频号|抖音|头条号|快手|账号|新媒体)"
_OFFICIAL = regex(r"官方(?:微信|微博|公众号|视频号|抖音|账号)")
"""Words of a link that begin like this name nobody: they are the speaker's."""


def registered_accounts(post: Post, archive: Archive) -> Iterator[Complaint]:  # 8(1)
    """Accounts named, accounts used and links to platforms."""
    for index, name in enumerate(post.accounts):
        for message in _not_usable(name, archive.day_of(post), archive):
            remedy = say("Name an account that is in use, or have it registered first.")
            place, cause = post.at("accounts", index), archive.registers.unread_path("accounts")
            yield Complaint(Effect.REFUSE, message, place, remedy, cause=cause)
    for publication in archive.publications_of(post.id):
        yield from _published_where(publication, archive)
    yield from _platform_links(post, archive)


def no_others_known(archive: Archive) -> Iterator[Complaint]:  # 8 未经允许不得开设
    """The quarterly word of every department."""
    return declarations_due(archive, "no-unregistered-accounts")


def _not_usable(name: str, day: date, archive: Archive) -> Iterator[Message]:
    account = archive.registers.accounts.get(name)
    if account is None:
        yield say("Account {account} is not in the register.", account=name)
    elif not account.active(day):
        yield say("Account {account} is not in use on {day}.", account=name, day=say_day(day))


def _published_where(publication: Publication, archive: Archive) -> Iterator[Complaint]:
    place = Location(publication.path)
    for message in _not_usable(publication.account, local_date(publication.published_at), archive):
        remedy = say("Remove the post from that account and report it to the lead department.")
        cause = archive.registers.unread_path("accounts")
        yield Complaint(Effect.REFUSE, message, place, remedy, cause=cause)
    account = archive.registers.accounts.get(publication.account)
    if account is None:
        return
    host = web_host(publication.url)
    if not host or host != web_host(account.url):
        yield Complaint(
            Effect.REFUSE,
            say(
                "The address recorded for account {account} is not on that account's host.",
                account=account.name,
            ),
            place,
            say("The operator records the address under which the platform shows the post."),
        )


def _platform_links(post: Post, archive: Archive) -> Iterator[Complaint]:
    hosts = archive.registers.parameter("account.platform_hosts", archive.day_of(post))
    for link in archive.renditions[(post.id, "archive")].links:
        host = web_host(link.url)
        on_platform = under(host, hosts)
        if not on_platform or _ours(link.url, post, archive):
            continue
        place = Location(post.path, link.line)
        if _claimed(link, post, archive):
            yield Complaint(
                Effect.REFUSE,
                say("A link shows an account on {host} that is not registered as the bureau's own.",
                    host=host),
                place,
                say("Link a registered account, or say whose account it is."),
            )  # fmt: skip
        else:
            message = say("A link leads to an account on {host} that is not registered.", host=host)
            remedy = say("Nothing to do when it is somebody else's, and the words say whose.")
            yield Complaint(Effect.NOTE, message, place, remedy)


def _claimed(link: Link, post: Post, archive: Archive) -> bool:
    """Whether the words of a link, or the line that it stands on, call the account our own."""
    unit = archive.registers.policy.unit_of(post.id)
    names = [str(unit[key]) for key in ("full_name", "short_name") if unit.get(key)]
    own = "|".join(map(re.escape, [*_OURSELVES, *names]))
    line = "".join(post.body.split("\n")[max(0, link.line - post.body_line) :][:1])
    claim = re.compile(rf"(?:{own})的?{_ACCOUNT}|关注(?:{own})")
    return bool(claim.search(line) or claim.search(link.text) or _OFFICIAL.match(link.text))


def _ours(url: str, post: Post, archive: Archive) -> bool:
    if url == post.meta.get("source", {}).get("url"):
        return True
    if any(_under(url, account.url) for account in archive.registers.accounts.values()):
        return True
    return url in archive.addresses


def _under(url: str, base: str) -> bool:
    """Whether an address is a base or lies below it: weibo.com/ab is not below weibo.com/a."""
    if not base or not url.startswith(base):
        return False
    rest = url[len(base) :]
    return not rest or base[-1] in "/?#&" or rest[0] in "/?#&"
