"""The one walk through a paragraph that every HTML channel makes, each in its own dialect."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Protocol
from urllib.parse import quote

from markdown_it.token import Token

from pipeline.render.body import file_of
from pipeline.render.source_line import SourceLine
from pipeline.render.token_words import AI_MARK, alt_of, caption_of, mark_of, pieces_of


class Dialect(Protocol):
    """How one channel writes what stands inside a paragraph; every answer is escaped HTML."""

    def anchor(self, url: str) -> tuple[str, str]:
        """What stands before and after the words of a link."""

    def image(self, file: str, attributes: str) -> str:
        """An image element; `attributes` are src and alt, escaped."""

    def mark(self, token: Token) -> str:
        """Any other inline token: words, stress, code, a line break."""

    def figure(self, image: str, caption: str) -> str:
        """An image that stands by itself, with its caption, which may be empty."""

    def words(self, html: str, tight: bool) -> str:
        """A paragraph; in a tight list it is none."""


def run_html(tokens: Iterable[Token], dialect: Dialect) -> str:
    """A run of inline tokens; links cannot stand in one another."""
    parts: list[str] = []
    closing = ""
    for token in tokens:
        if token.type == "link_open":
            opening, closing = dialect.anchor(str(token.attrs["href"]))
            parts.append(opening)
        elif token.type == "link_close":
            parts.append(closing)
        elif token.type == "image":
            parts.append(image_html(token, dialect) + _label_html(token, dialect))
        else:
            parts.append(dialect.mark(token))
    return "".join(parts)


def paragraph_html(inline: Token, tight: bool, dialect: Dialect) -> Iterator[str]:
    """Words in paragraphs, images between them as figures."""
    for piece in pieces_of(inline):
        if isinstance(piece, Token):
            caption = escape(caption_of(piece)) + _label_html(piece, dialect)
            yield dialect.figure(image_html(piece, dialect), caption)
        else:
            yield dialect.words(run_html(piece, dialect).strip(), tight)


def image_html(image: Token, dialect: Dialect) -> str:
    """An image by the name of its file."""
    file = file_of(image)
    where, alt = escape(quote(file)), escape(alt_of(image))
    return dialect.image(file, f'src="{where}" alt="{alt}"')


def _label_html(image: Token, dialect: Dialect) -> str:
    mark = mark_of(image)
    return dialect.mark(Token(AI_MARK, "", 0, content=mark)) if mark else ""


def source_words(source: SourceLine, dialect: Dialect) -> str:
    """The line that names a reprint's source, its name a link where the channel has links."""
    start, end = dialect.anchor(source.url) if source.url else ("", "")
    before, name, after = map(escape, (source.before, source.name, source.after))
    return f"{before}{start}{name}{end}{after}"


def stressed(token: Token) -> str:
    """The tag of a stressed passage, opened or closed."""
    return f"</{token.tag}>" if token.nesting == -1 else f"<{token.tag}>"
