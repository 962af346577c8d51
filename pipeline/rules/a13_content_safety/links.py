"""13(1): no link whose page nobody can have looked at."""

from collections.abc import Iterator

from pipeline.detect.links import target, under
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.posts import Post

OPEN = ("", "http", "https", "mailto", "tel")
"""Schemes that lead to a page, a letter or a call; anything else runs or opens a program."""


def open_links(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(1)
    """Short links hide where they lead, and may lead elsewhere tomorrow. The rest is article 10."""
    hidden = archive.registers.parameter("content.hidden_hosts", archive.day_of(post))
    for link in archive.renditions[(post.id, "archive")].links:
        leads = target(link.url)
        if under(leads.host, hidden):
            message = say("A short link hides the page that it leads to.")
            remedy = say("Link the page itself.")
            yield Complaint(Effect.REFUSE, message, Location(post.path, link.line), remedy)
        if leads.scheme not in OPEN:
            message = say("A link leads to no page (scheme {scheme}).", scheme=leads.scheme[:20])
            remedy = say("Link a page by http or https.")
            yield Complaint(Effect.REFUSE, message, Location(post.path, link.line), remedy)
