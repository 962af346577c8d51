"""Article 9 paragraph 2: a reprint's title and text against the snapshot of its source."""

import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import takewhile

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.posts import Post
from pipeline.model.regex import regex
from pipeline.rules.a09_reposts.refusals import refuse

UNREAD = regex(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)")
"""Images and link targets in Markdown; `_likeness` ignores the other marks."""
COMPARED = 4_000_000
"""Pairs of characters compared at most; beyond that two texts count as unlike."""


def undistorted(post: Post, archive: Archive) -> Iterator[Complaint]:  # 9 para 2
    """Title and text against the source's own."""
    day, source = archive.day_of(post), post.meta["source"]
    ours, theirs = (_plain(title) for title in (post.title, source["title"]))
    alike = _likeness(ours, theirs)
    if alike < archive.registers.parameter("reprint.title_min", day):
        message = say("The title is not the source's (likeness {alike}).", alike=round(alike, 2))
        yield refuse(post.at("title"), message, say("Keep the source's title."))
    elif ours != theirs:
        reason = "title_change_reason" in post.meta
        message = say("The title differs from that of the source.")
        remedy = say("Keep the source's title, or give a title_change_reason.")
        effect = Effect.NOTE if reason else Effect.REFUSE
        yield Complaint(effect, message, post.at("title"), remedy)
    snapshot = post.texts.get(f"{post.folder}/{source['snapshot']}")
    if snapshot is None:
        message = say("The snapshot of the source is not beside the post.")
        remedy = say("Save the source's text under the name given in source.snapshot.")
        yield refuse(post.at("source", "snapshot"), message, remedy)
    elif not (post.meta["origin"] == "forward" and post.meta.get("excerpt")):
        alike = _likeness(UNREAD.sub("", post.body), snapshot)
        if alike < archive.registers.parameter("reprint.body_min", day):
            message = say("The text is not the source's (likeness {alike}).", alike=round(alike, 2))
            remedy = say("Restore the text, or set origin to forward and excerpt to true.")
            yield refuse(Location(post.path, post.body_line), message, remedy)


def _plain(text: str) -> str:
    """Width and spacing evened out; punctuation stays, for it can turn a meaning."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _likeness(one: str, other: str) -> float:
    """Ratio from 0 to 1 of what two texts share, letters and digits only, form ignored."""
    a, b = ("".join(c for c in _plain(t).casefold() if c.isalnum()) for t in (one, other))
    total = len(a) + len(b)
    head = _same(a, b)
    a, b = a[head:], b[head:]
    tail = _same(a[::-1], b[::-1])
    a, b = a[: len(a) - tail], b[: len(b) - tail]
    middle = 0.0
    if a and b and len(a) * len(b) <= COMPARED:
        middle = SequenceMatcher(None, a, b, autojunk=False).ratio() * (len(a) + len(b))
    return (2 * (head + tail) + middle) / total if total else 1.0


def _same(one: str, other: str) -> int:
    """Length of what two texts begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
