"""Where the page of a post says it was carried, held to what operators signed (threats A23, A24).

Compared are account, minute and address. The names of accounts and platforms stand in registers,
which no site publishes signed. What a theme shows elsewhere than the shipped one is `NotCompared`.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime

from pipeline.evidence.log.leaves import record_digest
from pipeline.evidence.review.bundle_checks import Trusted
from pipeline.evidence.review.publication_checks import carried_of, late_records, timed_problems
from pipeline.evidence.review.site_bundle import SiteBundle, moment_of
from pipeline.model.calendar import minute
from pipeline.model.emergency import KINDS
from pipeline.model.evidence import record_stem
from pipeline.model.findings import Message, say
from pipeline.verify_site.markup import Element, Markup, outermost
from pipeline.verify_site.page import MAIN, PAGE, Folder, NotCompared, Remark, post_of

_WEB = ("https://", "http://")
_NAME = "账号发布情况"
_ACCOUNT = re.compile(r"(?:\.\./)+accounts/([a-z0-9-]{1,64})/")
_MINUTE = re.compile(r"(\d{4}-\d\d-\d\d)(\d\d:\d\d)")
_LINE = re.compile(rf"(.+)（[^（）]+）{_MINUTE.pattern}(?:查看“\1”上的原帖)?")
Row = tuple[str, str, str]
"""Account, minute, address."""


def carried_problems(
    folder: Folder, bundle: SiteBundle, trusted: Trusted, known: Collection[str] | None
) -> Iterator[Message | NotCompared | Remark]:
    """What is wrong with the records of a post, and with what its page says of them.

    `known`: digests of the records that the log has of it; None: there is no log.
    """
    standing, problems = carried_of(bundle, trusted)
    yield from problems
    ordered_at = _ordered(folder, bundle)
    yield from timed_problems(bundle, standing, ordered_at)
    for name in late_records(bundle, standing, ordered_at):
        words = say(
            "{post} was carried after its reviews had run out ({name}).",
            post=bundle.post, name=name,
        )  # fmt: skip
        yield Remark(words)
    gone = folder.withdrawn and MAIN not in folder.digests
    if known is not None:
        yield from _logged(bundle, known, gone)
    if PAGE not in folder.held:
        return
    rows = Counter(
        (p.account, minute(p.published_at), p.url if p.url.startswith(_WEB) else "")
        for p in standing
    )
    yield from _compared(folder.markup, rows, gone)


def _compared(page: Markup, signed: Counter[Row], gone: bool) -> Iterator[Message | NotCompared]:
    """What the page tells against the records; that of a withdrawn post (`gone`) tells nothing."""
    lists = page.classed("sn-carried")
    lines = [*outermost(e for part in lists for e in page.inside(part) if e.tag == "li")]
    rows = [row for row in (_row(page, line) for line in lines) if row]
    if len(rows) < len(lines) and rows:
        yield say("Where the post was carried cannot be told from the rest of the page.")
    elif len(rows) < len(lines) or not (lists or page.classed("sn-none") or gone or not signed):
        yield NotCompared(_NAME)
    else:
        yield from _parted(Counter(rows), signed)
        if not all(_LINE.fullmatch(page.words_of(line)) for line in lines):
            yield NotCompared(f"{_NAME}的其他文字")


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


def _row(page: Markup, line: Element) -> Row | None:
    """What a line tells; None when it does not tell it as the shipped theme does."""
    inner = page.inside(line)
    links = [e.attributes.get("href", "") for e in inner if e.tag == "a"]
    account = _ACCOUNT.fullmatch(links[0]) if links else None
    moments = outermost(e for e in inner if "sn-when" in e.classes)
    times = [_MINUTE.fullmatch(page.words_of(e)) for e in moments]
    if not account or len(links) > 2 or len(times) != 1 or not times[0]:
        return None
    return account[1], " ".join(times[0].groups()), "".join(links[1:])


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
