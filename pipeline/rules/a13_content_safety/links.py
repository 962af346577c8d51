"""13(1): no link whose page nobody can have looked at."""

import re
from collections.abc import Iterator, Sequence

from pipeline.detect.links import target, under
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.passages import passages
from pipeline.model.posts import Post
from pipeline.model.regex import regex

_ADDRESS = regex(
    r"(?<![0-9a-z@.-])(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,}/[0-9a-z])", re.IGNORECASE
)
OPEN = ("", "http", "https", "mailto", "tel")
"""Schemes that lead to a page, a letter or a call; anything else runs or opens a program."""


def open_links(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(1)
    """Short links hide where they lead, and may lead elsewhere tomorrow. The rest is article 10."""
    hidden = archive.registers.parameter("content.hidden_hosts", archive.day_of(post))
    seen = set()
    for link in archive.renditions[(post.id, "archive")].links:
        leads = target(link.url)
        if under(leads.host, hidden):
            seen.add(link.line)
            yield _hidden(Location(post.path, link.line))
        if leads.scheme not in OPEN:
            message = say("A link leads to no page (scheme {scheme}).", scheme=leads.scheme[:20])
            remedy = say("Link a page by http or https.")
            yield Complaint(Effect.REFUSE, message, Location(post.path, link.line), remedy)
    for place in _written(post, hidden):
        if place.line not in seen:
            yield _hidden(place)


def _hidden(place: Location) -> Complaint:
    message = say("A short link hides the page that it leads to.")
    return Complaint(Effect.REFUSE, message, place, say("Link the page itself."))


def _written(post: Post, hidden: Sequence[str]) -> Iterator[Location]:
    """Short addresses among the words: platforms make links of them, and readers type them."""
    for passage in passages(post):
        if any(name.strip(".") in passage.text.lower() for name in hidden):
            for found in _ADDRESS.finditer(passage.text):
                if under(target(f"https://{found[1]}").host, hidden):
                    yield passage.at(found.start())
