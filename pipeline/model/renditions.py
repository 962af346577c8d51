"""A post as one channel shows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A link of the rendition, with the line of the post it came from."""

    url: str
    text: str
    line: int


@dataclass(frozen=True)
class Image:
    """An image of the rendition: file beside the post, alternative text, line."""

    file: str
    alt: str
    line: int


@dataclass(frozen=True)
class Rendition:
    """What a channel would publish: made before judging, so that clauses judge it."""

    channel: str
    title: str
    html: str
    """Sanitised HTML fragment, source line included."""
    text: str
    """The same as plain text."""
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    headings: tuple[tuple[int, str, str], ...] = ()
    """(level, id, text) of the body's headings, for a table of contents."""
