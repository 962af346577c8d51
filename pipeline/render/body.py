"""A post's body read once: every channel renders from the same tokens and changes none."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from markdown_it.token import Token

from pipeline.model.findings import Effect, Location, say
from pipeline.model.once import Once
from pipeline.model.posts import Post
from pipeline.model.regex import regex
from pipeline.model.registers import Registers
from pipeline.model.renditions import ChannelProblem, Image
from pipeline.render.ai_label import ai_label
from pipeline.render.reading import alt_of, links_of, located, plain_text
from pipeline.render.source_line import SourceLine, source_line
from pipeline.render.tokens import parse

SIMPLER = say("Write it more simply: shorter, in several posts, or as an attachment.")
_PICTURE = regex(r".+\.(?:png|jpe?g|webp|gif|avif)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Body:
    """What all channels of a post have in common."""

    post: Post
    tokens: Sequence[Token]
    """As written."""
    source: SourceLine | None
    label: str
    """`ai_label`: part of what is shown, in every channel."""

    @cached_property
    def _marks(self) -> frozenset[str]:
        """Types of all that stands inside the lines: most bodies have neither image nor link."""
        return frozenset(c.type for token in self.tokens for c in token.children or ())

    @cached_property
    def shown(self) -> Sequence[Token]:
        """The tokens with words in place of pictures that are not there."""
        if "image" not in self._marks:
            return self.tokens
        return tuple(_with_pictures(self.tokens, self.post))

    @cached_property
    def images(self) -> tuple[Image, ...]:
        """Every image the body asks for, whether it is there or not."""
        if "image" not in self._marks:
            return ()
        first = self.post.body_line
        return tuple(
            Image(file_of(token), alt_of(token), first + line)
            for token, line in located(self.tokens)
            if token.type == "image"
        )

    @cached_property
    def links(self) -> tuple[tuple[str, str, int], ...]:
        """(address, words, line of the file) of every link of the body."""
        if "link_open" not in self._marks:
            return ()
        first = self.post.body_line
        return tuple((url, words, first + line) for url, words, line in links_of(self.tokens))

    @property
    def problems(self) -> tuple[ChannelProblem, ...]:
        """Why the body is refused, being out of proportion: it is shown as it was typed."""
        meta = self.tokens[0].meta if self.tokens else {}
        if "why" not in meta:
            return ()
        place = Location(self.post.path, self.post.body_line + meta["line"])
        return (ChannelProblem("as_typed", Effect.REFUSE, meta["why"], place, SIMPLER),)

    @cached_property
    def plain(self) -> str:
        """The body as plain text."""
        return plain_text(self.shown)

    def text(self, *after: str) -> str:
        """Source line, label and body as text, with lines after them."""
        named = self.source.text if self.source else ""
        return "\n".join(filter(None, (named, self.label, self.plain, *after)))


def read_body(post: Post, registers: Registers) -> Body:
    """Parse a body; its source line and label with it. Never raises.

    The last few are remembered: the channels of one post are made one after another.
    """
    return _reader(registers)(post)


def _read(post: Post, registers: Registers) -> Body:
    return Body(post, parse(post.body), source_line(post, registers), ai_label(post))


_reader: Once[Registers, Once[Post, Body]] = Once(lambda r: Once(lambda post: _read(post, r)))


def archive_url(post: Post, registers: Registers) -> str:
    """Address of the post's page in the public archive."""
    base = str(registers.policy.archive.get("url", "")).rstrip("/")
    return f"{base}/posts/{post.year}/{post.id}/"


def file_of(image: Token) -> str:
    """The name that the body gives an image's file."""
    return unquote(str(image.attrs["src"]))


def is_shown(file: str, post: Post) -> bool:
    """Only pictures beside the post are shown; an SVG is a document that can hold scripts."""
    return bool(_PICTURE.fullmatch(file)) and f"{post.folder}/{file}" in post.manifest


def _with_pictures(tokens: Iterable[Token], post: Post) -> Iterable[Token]:
    for token in tokens:
        children = token.children or ()
        if any(c.type == "image" and not is_shown(file_of(c), post) for c in children):
            yield token.copy(children=[_or_missing(child, post) for child in children])
        else:
            yield token


def _or_missing(token: Token, post: Post) -> Token:
    if token.type != "image" or is_shown(file_of(token), post):
        return token
    return Token("text", "", 0, content=f"[图片缺失：{file_of(token)}]", level=token.level)
