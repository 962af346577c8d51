"""A post as the public archive shows it: an HTML fragment, and the same as plain text."""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import Image, Link, Rendition
from pipeline.render.markup import (
    UNKNOWN,
    Look,
    Sizes,
    address_of,
    blocks_html,
    file_of,
    host_of,
    source_html,
)
from pipeline.render.reading import (
    alt_of,
    headings_of,
    links_of,
    located,
    plain_text,
    says_something,
)
from pipeline.render.sanitise import sanitise
from pipeline.render.source_line import SourceLine, source_line
from pipeline.render.tokens import parse

CHANNEL = "archive"

_PICTURE = re.compile(r".+\.(?:png|jpe?g|webp|gif|avif)", re.IGNORECASE | re.DOTALL)


def render_archive(post: Post, registers: Registers, sizes: Sizes = UNKNOWN) -> Rendition:
    """The rendition of channel ``archive``; of a withdrawn post nothing is left but its title.

    `images` holds every image the body asks for, `links` the source's first. Never raises.
    """
    if post.withdrawn:
        return Rendition(CHANNEL, post.title, "", "", (), ())
    tokens = _without_empty_headings(parse(post.body))
    images = tuple(_images(tokens, post.body_line))
    for token in tokens:
        token.children = [_or_missing(child, post) for child in token.children or ()]
    look = Look(
        post,
        sizes,
        host_of(str(registers.policy.archive.get("url"))),
        headings_of(tokens),
    )
    source = source_line(post, registers)
    return Rendition(
        CHANNEL,
        post.title,
        sanitise(source_html(source, look) + "".join(blocks_html(tokens, look))),
        "\n".join(filter(None, (source.text if source else "", plain_text(tokens)))),
        tuple(_links(tokens, source, look)),
        images,
        tuple((h.level, h.id, h.text) for h in look.headings),
    )


def _shown(file: str, post: Post) -> bool:
    """Only pictures beside the post are shown; an SVG is a document that can hold scripts."""
    return bool(_PICTURE.fullmatch(file)) and f"{post.folder}/{file}" in post.manifest


def _or_missing(token: Token, post: Post) -> Token:
    if token.type != "image" or _shown(file_of(token), post):
        return token
    return Token("text", "", 0, content=f"[图片缺失：{file_of(token)}]", level=token.level)


def _without_empty_headings(tokens: Sequence[Token]) -> list[Token]:
    """A heading without words would be a stop that says nothing to a screen reader."""
    kept: list[Token] = []
    for token in tokens:
        kept.append(token)
        if token.type == "heading_close" and not says_something(kept[-2].children or ()):
            del kept[-3:]
    return kept


def _images(tokens: Sequence[Token], body_line: int) -> Iterator[Image]:
    for token, line in located(tokens):
        if token.type == "image":
            yield Image(file_of(token), alt_of(token), body_line + line)


def _links(tokens: Sequence[Token], source: SourceLine | None, look: Look) -> Iterator[Link]:
    if source and source.url:
        yield Link(source.url, source.name, source.line)
    for url, text, line in links_of(tokens):
        yield Link(address_of(url, look), text, look.post.body_line + line)
