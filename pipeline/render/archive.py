"""A post as the public archive shows it: an HTML fragment, and the same as plain text."""

from collections.abc import Iterator, Sequence

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from pipeline.model.channels import ChannelRegisters
from pipeline.model.posts import Post
from pipeline.model.renditions import UNKNOWN, Link, Rendition, Sizes, late
from pipeline.render.body import Body, read_body
from pipeline.render.markup import (
    ArchiveDialect,
    address_of,
    blocks_html,
    host_of,
    label_html,
    sanitise,
    source_html,
)
from pipeline.render.token_words import headings_of, plain_text, says_something
from pipeline.render.tokens import parse

CHANNEL = "archive"


def render_archive(post: Post, registers: ChannelRegisters, sizes: Sizes = UNKNOWN) -> Rendition:
    """The rendition of channel ``archive``; of a withdrawn post nothing is left but its title.

    `images` holds every image the body asks for, `links` the source's first. Its HTML is made
    lazily. Never raises.
    """
    if post.withdrawn:
        return Rendition(CHANNEL, post.title, "", "", (), ())
    body = read_body(post, registers)
    dialect = _dialect(body, registers, sizes)
    return Rendition(
        CHANNEL,
        post.title,
        late(lambda: _html(post, registers, sizes)),
        body.text(),
        tuple(_links(body, dialect)),
        body.images,
        tuple((h.level, h.id, h.text) for h in dialect.headings),
        ai_label=body.ai_label,
        attachments=body.attachments,
    )


def _dialect(body: Body, registers: ChannelRegisters, sizes: Sizes) -> ArchiveDialect:
    headings = headings_of(without_empty_headings(body.shown))
    return ArchiveDialect(
        body.post, sizes, host_of(str(registers.policy.archive.get("url"))), headings
    )


def _html(post: Post, registers: ChannelRegisters, sizes: Sizes) -> str:
    """Parsed again, so that a rendition that is never shown holds no tokens."""
    body = read_body(post, registers)
    blocks = without_empty_headings(body.shown)
    return sanitise(unfiltered_html(body, registers, sizes, blocks))


def unfiltered_html(
    body: Body, registers: ChannelRegisters, sizes: Sizes, blocks: Sequence[Token]
) -> str:
    """Source line, label and `blocks`, which are those of the body; `sanitise` comes after."""
    dialect = _dialect(body, registers, sizes)
    opening = source_html(body.source, dialect) + label_html(body.label)
    return opening + "".join(blocks_html(blocks, dialect))


def without_empty_headings(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without empty headings, at which a screen reader would stop in silence."""
    left: list[Token] = []
    for token in tokens:
        left.append(token)
        if token.type == "heading_close" and not says_something(left[-2].children or ()):
            del left[-3:]
    return left


def _links(body: Body, dialect: ArchiveDialect) -> Iterator[Link]:
    if body.source and body.source.url:
        yield Link(body.source.url, body.source.name, body.source.line)
    for url, words, line in body.links:
        yield Link(address_of(url, dialect), words, line)


# A sentence of a post as a correction quotes it: what a reader saw, no signs of Markdown.

BETWEEN = " ｜ "
"""Between the cells of a table's row."""


def quoted(sentence: str) -> str:
    """Its words, a line to each block or row of a table. Never raises."""
    return plain_text(_tokens(sentence), BETWEEN)


def _tokens(sentence: str) -> list[Token]:
    """Rows without their table's head are no table to the parser: an empty head stands in."""
    tokens = parse(sentence)
    rows = [line.strip() for line in sentence.strip().splitlines()]
    bare = rows and all(row.startswith("|") for row in rows)
    if not bare or any(token.type == "table_open" for token in tokens):
        return tokens
    columns = max(len(escapedSplit(row)) for row in rows)
    return parse("\n".join((f"|{' |' * columns}", f"|{'-|' * columns}", *rows)))
