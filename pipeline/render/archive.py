"""A post as the public archive shows it: an HTML fragment, and the same as plain text."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import Link, Rendition, late
from pipeline.render.body import Body, read_body
from pipeline.render.markup import (
    UNKNOWN,
    Look,
    Sizes,
    address_of,
    blocks_html,
    host_of,
    label_html,
    source_html,
)
from pipeline.render.sanitise import sanitise
from pipeline.render.token_words import headings_of, says_something

CHANNEL = "archive"


def render_archive(
    post: Post, registers: Registers, sizes: Sizes = UNKNOWN, body: Body | None = None
) -> Rendition:
    """The rendition of channel ``archive``; of a withdrawn post nothing is left but its title.

    `images` holds every image the body asks for, `links` the source's first. Its HTML is made
    when somebody asks for it. Never raises.
    """
    if post.withdrawn:
        return Rendition(CHANNEL, post.title, "", "", (), ())
    body = body or read_body(post, registers)
    look = _look(body, registers, sizes)
    return Rendition(
        CHANNEL,
        post.title,
        late(lambda: _html(post, registers, sizes)),
        body.text(),
        tuple(_links(body, look)),
        body.images,
        tuple((h.level, h.id, h.text) for h in look.headings),
        ai_label=body.label,
        attachments=body.attachments,
    )


def _look(body: Body, registers: Registers, sizes: Sizes) -> Look:
    headings = headings_of(_without_empty_headings(body.shown))
    return Look(body.post, sizes, host_of(str(registers.policy.archive.get("url"))), headings)


def _html(post: Post, registers: Registers, sizes: Sizes) -> str:
    """Read anew, so that a rendition nobody shows keeps no tokens."""
    body = read_body(post, registers)
    look = _look(body, registers, sizes)
    opening = source_html(body.source, look) + label_html(body.label)
    blocks = blocks_html(_without_empty_headings(body.shown), look)
    return sanitise(opening + "".join(blocks))


def _without_empty_headings(tokens: Sequence[Token]) -> list[Token]:
    """A heading without words would be a stop that says nothing to a screen reader."""
    kept: list[Token] = []
    for token in tokens:
        kept.append(token)
        if token.type == "heading_close" and not says_something(kept[-2].children or ()):
            del kept[-3:]
    return kept


def _links(body: Body, look: Look) -> Iterator[Link]:
    if body.source and body.source.url:
        yield Link(body.source.url, body.source.name, body.source.line)
    for url, words, line in body.links:
        yield Link(address_of(url, look), words, line)
