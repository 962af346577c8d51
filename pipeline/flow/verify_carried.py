"""Where the page of a post says it was carried, held to what operators signed (threats A23, A24).

Compared are account, minute and address. The names of accounts and platforms stand in registers,
which no site publishes signed.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from html import unescape

from pipeline.evidence.bundle_checks import Trusted
from pipeline.evidence.carried_checks import carried_of, timed_problems
from pipeline.evidence.log import record_digest
from pipeline.evidence.site_bundle import SiteBundle, moment_of
from pipeline.flow.verify_page import MAIN, PAGE, Folder, post_of
from pipeline.model.calendar import minute
from pipeline.model.emergency import KINDS
from pipeline.model.evidence import record_stem
from pipeline.model.findings import Message, say

_BEGIN = '<h2 id="carried">'
_PART = re.compile(rf"{_BEGIN}账号发布情况</h2>\n(.*?)\n?</section>", re.DOTALL)
_LIST = re.compile(r'<ul class="sn-carried">(.*)</ul>', re.DOTALL)
_NONE = '<p class="sn-none">尚无账号发布记录。</p>'
_ROW = re.compile(
    r'<li><a href="(?:\.\./)+accounts/([a-z0-9-]{1,64})/">([^<>]+)</a>（[^<>（）]+）　'
    r'<span class="sn-when">(\d{4}-\d\d-\d\d \d\d:\d\d)</span>　'
    r'<a href="([^"]*)" rel="external noopener noreferrer">查看“\2”上的原帖</a></li>'
)
_CLASS = 'class="sn-carried"'
Row = tuple[str, str, str]
"""Account, minute, address."""


def carried_problems(
    folder: Folder, bundle: SiteBundle, trusted: Trusted, known: Collection[str] | None
) -> Iterator[Message]:
    """What is wrong with the records of a post, and with what its page says of them.

    `known`: digests of the records that the log has of it; None: there is no log.
    """
    standing, problems = carried_of(bundle, trusted)
    yield from problems
    yield from timed_problems(bundle, standing, _ordered(folder, bundle))
    gone = folder.withdrawn and MAIN not in folder.digests
    if known is not None:
        yield from _logged(bundle, known, gone)
    if PAGE not in folder.held:
        return
    shown = _shown(folder.page, gone)
    if shown is None:
        yield say("Where the post was carried cannot be told from the rest of the page.")
    else:
        rows = ((p.account, minute(p.published_at), p.url) for p in standing)
        yield from _parted(Counter(shown), Counter(rows))


def _logged(bundle: SiteBundle, known: Collection[str], gone: bool) -> Iterator[Message]:
    """All records are in the log, and all that it has are here: unless the post was withdrawn."""
    held = [record_digest(*record) for record in bundle.records]
    for number, digest in enumerate(held, 1):
        if digest not in known:
            yield say("{name} is not in the log.", name=f"{record_stem(number)}.json")
    missing = len(set(known) - set(held))
    if missing and not gone:
        yield say(
            "The log knows of {n} records of publication that the evidence does not hold.",
            n=missing,
        )


def _ordered(folder: Folder, bundle: SiteBundle) -> datetime | None:
    """When a leader ordered the post out before its reviews, as the reviewed words say (A27)."""
    if MAIN not in folder.held:
        return None
    post = post_of(folder, bundle)
    order = post.meta.get("emergency")
    try:
        return moment_of(order["ordered_at"]) if order and post.kind in KINDS else None
    except (ValueError, TypeError, KeyError):
        return None


def _shown(page: str, gone: bool) -> list[Row] | None:
    """What the page tells; None when there is more or less than one such place, or other words.

    The page of a withdrawn post has none (`gone`).
    """
    begins, lists = page.count(_BEGIN), page.count(_CLASS)
    if gone and begins + lists == 0:
        return []
    part = _PART.search(page) if (begins, lists + page.count(_NONE)) == (1, 1) else None
    if part is None:
        return None
    found = _LIST.fullmatch(part[1])
    if found is None:
        return [] if part[1] == _NONE else None
    rows = list(_ROW.finditer(found[1]))
    if "".join(row[0] for row in rows) != found[1]:
        return None
    return [(row[1], row[3], unescape(row[4])) for row in rows]


def _parted(shown: Counter[Row], signed: Counter[Row]) -> Iterator[Message]:
    for account, moment, _ in (shown - signed).elements():
        yield say(
            "The page says that {account} carried the post at {time}, and no record says so, or"
            " none with its address.",
            account=account,
            time=moment,
        )
    for account, moment, _ in (signed - shown).elements():
        yield say(
            "The page does not say that {account} carried the post at {time}.",
            account=account[:64],
            time=moment,
        )
