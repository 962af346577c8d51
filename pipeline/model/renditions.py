"""A post as one channel shows it, with what that channel would refuse of it."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pipeline.model.findings import Effect, Location, Message
from pipeline.model.ids import sha256_of
from pipeline.model.posts import ON_DEMAND

# Words that the site adds to a text from what stands in files: labels, kinds and sizes.


def file_mark(name: str, size: int | None) -> str:
    """Kind and size (bytes) of a file: ``（PDF，120 KB）``; of an unknown size, the kind alone."""
    kind = name.rpartition(".")[2].upper()
    return f"（{kind}，{_measure(size)}）" if size is not None else f"（{kind}）"


_NO_NAME = re.compile(r'[\\/:*?"<>|\s\x00-\x1f\x7f]+')
"""What the name of a file may not hold, on some computer."""


def saved_as(name: str, words: str) -> str:
    """The name under which a reader's computer keeps a file: the words of the link to it, where
    it opens in a program of its own; empty for others, which a browser shows."""
    kind = name.rpartition(".")[2].lower()
    stem = _NO_NAME.sub("", words).lstrip(".").removesuffix(f".{kind}")[:80]
    return f"{stem}.{kind}" if stem and kind in ON_DEMAND else ""


def _measure(size: int) -> str:
    return f"{max(1, round(size / 1024))} KB" if size < 1024**2 else f"{size / 1024**2:.1f} MB"


Sizes = Mapping[str, tuple[int, int]]
"""Path inside the archive → (width, height) of an image, in pixels."""
UNKNOWN: Sizes = MappingProxyType({})


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
class ChannelProblem:
    """What a channel refuses (REFUSE), or shows in another way than meant (NOTE)."""

    name: str
    """As of `Complaint`, and one in its channel: ``title-long``, ``image-type`` …"""
    effect: Effect
    message: Message
    location: Location
    remedy: Message | None = None


def late(make: Callable[[], str]) -> Any:
    """A text that is made lazily, and is the same whenever that is."""
    return make


class _LazyText:
    """A text of a frozen value, given as it is or by `late`."""

    def __init__(self, name: str) -> None:
        self._kept = f"_{name}"

    def __get__(self, instance: object, _owner: type) -> str:
        given = vars(instance)[self._kept]
        if not isinstance(given, str):
            given = vars(instance)[self._kept] = given()
        return str(given)

    def __set__(self, instance: object, given: str | Callable[[], str]) -> None:
        vars(instance)[self._kept] = given


@dataclass(frozen=True)
class Rendition:
    """What a channel would publish: made before judging, so that clauses judge it."""

    channel: str
    title: str
    html: str
    """Sanitised HTML fragment, source line included; may be given `late`, for few ask for it."""
    text: str
    """The same as plain text."""
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    headings: tuple[tuple[int, str, str], ...] = ()
    """(level, id, text) of the body's headings, for a table of contents."""
    short: str = ""
    """The text for where the channel takes only a few words; empty: there is no such place."""
    ai_label: str = ""
    """The words that say that a machine wrote or helped, as shown; empty: none are needed."""
    problems: tuple[ChannelProblem, ...] = ()
    attachments: tuple[Link, ...] = ()
    """Links that name a file instead of an address, in the archive's; `url` is that name."""

    def __getstate__(self) -> dict[str, Any]:
        """Another process gets the text, not what makes it."""
        return {**vars(self), "_html": self.html}

    @property
    def digest(self) -> str:
        """sha256 (hex) of what readers get, without its looks: a new theme leaves it as it is.

        Over UTF-8 JSON, keys sorted, no spaces, of {channel, title, text, short, images}, the
        last a list of file names in order.
        """
        value = {
            "channel": self.channel,
            "title": self.title,
            "text": self.text,
            "short": self.short,
            "images": [image.file for image in self.images],
        }
        words = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256_of(words.encode("utf-8", "surrogatepass"))


# In the body of the class it would be taken for the field's default.
Rendition.html = _LazyText("html")  # type: ignore[assignment]
