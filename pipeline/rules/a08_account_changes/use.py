"""Article 8: opening, changing and closing accounts (第八条 账号分级备案).

1. Posts and publications use only registered accounts that are active on the day; the address of a
   publication is on its account's host; a link to a social platform leads to a registered account,
   to a recorded publication or to the declared source.
   | Human: whether unregistered accounts exist elsewhere.
2. Unchecked: not built yet, needs the record of account events with application, review, approval
   and filing. | Human: the leaders' decision.
3. Unchecked: not built yet, needs the same record to compare with changes of the accounts register.
   | Human: nothing.
4. Unchecked: not built yet, needs the record of a closing, its notice and its report.
   | Human: whether the platform really closed the account.
5. Unchecked: not built yet, one account on one platform; waits for the record of account events.
   | Human: whether a second account is justified.
"""

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.findings import Complaint, Effect, Location, Message, say
from pipeline.model.law import ItemClause, Rule, Unchecked
from pipeline.model.posts import Post
from pipeline.model.records import Publication


def registered_accounts(post: Post, archive: Archive) -> Iterator[Complaint]:  # 8(1)
    """Accounts named, accounts used and links to platforms."""
    for index, name in enumerate(post.accounts):
        for message in _not_usable(name, archive.day_of(post), archive):
            remedy = say("Name an account that is in use, or have it registered first.")
            yield Complaint(Effect.REFUSE, message, post.at("accounts", index), remedy)
    for publication in archive.publications_of(post.id):
        yield from _published_where(publication, archive)
    yield from _platform_links(post, archive)


def _not_usable(name: str, day: date, archive: Archive) -> Iterator[Message]:
    account = archive.registers.accounts.get(name)
    if account is None:
        yield say("Account {account} is not in the register.", account=name)
    elif not account.active(day):
        yield say("Account {account} is not in use on {day}.", account=name, day=day.isoformat())


def _published_where(publication: Publication, archive: Archive) -> Iterator[Complaint]:
    place = Location(publication.path)
    for message in _not_usable(publication.account, local_date(publication.published_at), archive):
        remedy = say("Remove the post from that account and report it to the lead department.")
        yield Complaint(Effect.REFUSE, message, place, remedy)
    account = archive.registers.accounts.get(publication.account)
    if account is None:
        return
    host = _host(publication.url)
    if not host or host != _host(account.url):
        yield Complaint(
            Effect.REFUSE,
            say(
                "The address recorded for account {account} is not on that account's host.",
                account=account.id,
            ),
            place,
            say("The operator records the address under which the platform shows the post."),
        )


def _platform_links(post: Post, archive: Archive) -> Iterator[Complaint]:
    hosts = archive.registers.parameter("account.platform_hosts", archive.day_of(post))
    for link in archive.renditions[(post.id, "archive")].links:
        host = _host(link.url)
        on_platform = any(host == h or host.endswith(f".{h}") for h in hosts)
        if on_platform and not _ours(link.url, post, archive):
            yield Complaint(
                Effect.REFUSE,
                say("A link leads to an account on {host} that is not registered.", host=host),
                Location(post.path, link.line),
                say("Remove the link, link a registered account, or declare it as the source."),
            )


def _ours(url: str, post: Post, archive: Archive) -> bool:
    if url == post.meta.get("source", {}).get("url"):
        return True
    if any(_under(url, account.url) for account in archive.registers.accounts.values()):
        return True
    return any(url == p.url for p in archive.publications)


def _under(url: str, base: str) -> bool:
    """Whether an address is a base or lies below it: weibo.com/ab is not below weibo.com/a."""
    if not base or not url.startswith(base):
        return False
    rest = url[len(base) :]
    return not rest or base[-1] in "/?#&" or rest[0] in "/?#&"


def _host(url: str) -> str:
    """The host an address leads to, lower case; empty when it is no web address."""
    try:
        parts = urlsplit(url if "//" not in url[:2] else f"https:{url}")
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".") if parts.scheme in ("http", "https") else ""


RULE = Rule(
    (
        ItemClause(1, registered_accounts, ("accounts",)),
        Unchecked(2),
        Unchecked(3),
        Unchecked(4),
        Unchecked(5),
    )
)
