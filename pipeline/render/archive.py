"""A post as the public archive shows it: an HTML fragment, and the same as plain text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import nh3
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from pipeline.model.calendar import SHANGHAI
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import Link, Rendition, late
from pipeline.render.body import Body, archive_url, read_body
from pipeline.render.markup import (
    HEADINGS,
    SCHEMES,
    TAGS,
    UNKNOWN,
    ArchiveDialect,
    Sizes,
    address_of,
    blocks_html,
    host_of,
    label_html,
    sanitise,
    source_html,
)
from pipeline.render.token_words import headings_of, plain_text, says_something
from pipeline.render.tokens import links_to, parse

CHANNEL = "archive"


def render_archive(
    post: Post, registers: Registers, sizes: Sizes = UNKNOWN, body: Body | None = None
) -> Rendition:
    """The rendition of channel ``archive``; of a withdrawn post nothing is left but its title.

    `images` holds every image the body asks for, `links` the source's first. Its HTML is made
    lazily. Never raises.
    """
    if post.withdrawn:
        return Rendition(CHANNEL, post.title, "", "", (), ())
    body = body or read_body(post, registers)
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


def _dialect(body: Body, registers: Registers, sizes: Sizes) -> ArchiveDialect:
    headings = headings_of(without_empty_headings(body.shown))
    return ArchiveDialect(
        body.post, sizes, host_of(str(registers.policy.archive.get("url"))), headings
    )


def _html(post: Post, registers: Registers, sizes: Sizes) -> str:
    """Parsed again, so that a rendition that is never shown holds no tokens."""
    body = read_body(post, registers)
    blocks = without_empty_headings(body.shown)
    return sanitise(unfiltered_html(body, registers, sizes, blocks))


def unfiltered_html(body: Body, registers: Registers, sizes: Sizes, blocks: Sequence[Token]) -> str:
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


# A post for an APP: HTML that stands on its own outside the archive, and its JSON Feed item.

APP = "app"
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "ol": frozenset({"start"}),
    "th": frozenset({"scope"}),
    **dict.fromkeys(HEADINGS, frozenset({"id"})),
}
"""No classes, roles or places for the keyboard: those belong to the archive's own page."""


def render_app(
    post: Post, registers: Registers, sizes: Sizes = UNKNOWN, body: Body | None = None
) -> Rendition:
    """The archive's rendition without its page: plain tags, images by their full address.

    Channel ``app``; same text, links and images. Never raises.
    """
    made = render_archive(post, registers, sizes, body)
    html = _cleaner(archive_url(post, registers)).clean(made.html)
    return replace(made, channel=APP, html=html)


def _cleaner(page: str) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS - {"div", "span"}),
        clean_content_tags={"script", "style"},
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_absolute(page),
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )


def _absolute(page: str) -> Callable[[str, str, str], str | None]:
    """Files are named relative to the archive's page, which an APP does not know."""

    def rewritten(tag: str, name: str, value: str) -> str | None:
        relative = name == "href" and not links_to(value)
        return page + value if (tag, name) == ("img", "src") or relative else value

    return rewritten


def feed_item(post: Post, registers: Registers, rendition: Rendition) -> dict[str, Any]:
    """The post as one item of a JSON Feed 1.1, keys without a value left out.

    `rendition` is that of channel ``app``; its id is the one the archive's own feeds give.
    """
    page = archive_url(post, registers)
    moment = post.publish_at
    images = [page + quote(i.file) for i in rendition.images if _beside(i.file, post)]
    unit = str(registers.policy.unit_of(post.id).get("full_name", ""))
    item = {
        "id": registers.policy.tag(post.id),
        "url": page,
        "title": rendition.title,
        "summary": str(post.meta.get("summary", "")),
        "content_html": rendition.html,
        "content_text": rendition.text,
        "image": images[0] if images else "",
        "date_published": moment.astimezone(SHANGHAI).isoformat() if moment else "",
        "tags": [str(tag) for tag in post.meta.get("tags", ())],
        "authors": [{"name": unit}] if unit else [],
        "language": "zh-CN",
    }
    filled = {key: value for key, value in item.items() if value}
    # An item needs content even when it is withdrawn and empty (JSON Feed 1.1, items).
    return {"content_html": "", **filled}


def _beside(file: str, post: Post) -> bool:
    return f"{post.folder}/{file}" in post.manifest


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
