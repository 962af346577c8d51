"""Units: files that are made together, named by a digest of everything that goes into them.

A unit whose key equals that of the last build is not made again, so a key must name every input.
Units without a key are made at every build and written only where their bytes changed.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, Protocol

from pipeline.model.ids import sha256_of
from pipeline.site.addresses import root_of
from pipeline.source.program import libraries, running

WHOLE = "whole"
"""The group of what shows the whole site, opened in every build."""
File = tuple[str, bytes]
"""(path from the site's root, bytes)."""


@dataclass(frozen=True)
class Unit:
    """Some files of the site and how to make them."""

    id: str
    """Unique in a site: ``post:2026-11-03-winter-co``, ``page:tags/防汛/`` …"""
    key: str
    """`digest` of all inputs; empty: made at every build."""
    make: Callable[[], Iterable[File]]
    pages: tuple[tuple[str, datetime], ...] = ()
    """(url, last change) of the pages in it, for the sitemap."""
    reads: Callable[[], Iterable[str]] | None = None
    """Archive paths that making it reads; units that have some are made several at a time."""
    heads: tuple[str, ...] = ()
    """Paths of its files that indexes of the whole site list."""


@dataclass(frozen=True)
class Group:
    """Units that are opened together: while its key is that of the last build, none of them is.

    A site of seventy years is one group a year, and one more for what shows the whole.
    """

    id: str
    key: str
    """`digest` of all inputs of all its units; empty: opened in every build."""
    units: Callable[[], Iterable[Unit]]
    summary: Any = None
    """JSON values that the next build gets back with the group's key."""
    posts: int = 0
    release: Callable[[], None] = lambda: None
    """Frees what was read for its units."""


class UnitFiles(NamedTuple):
    """The files of a unit. A site has tens of thousands of units, so this is one text."""

    key: str
    size: int
    """Bytes of all its files."""
    lines: str
    """``sha256  path`` and a line feed for each of its files."""

    @property
    def files(self) -> Mapping[str, str]:
        """Path → sha256."""
        return {line[66:]: line[:64] for line in self.lines.split("\n")[:-1]}


@dataclass(frozen=True)
class FinalUnit:
    """Files about other files of the site, made when all others stand."""

    id: str
    make: Callable[["UnfinishedSite"], Iterable[File]]
    of: str = ""
    """The only group whose files it shows, if it is of one: while these stand, it is not made."""


class UnfinishedSite(Protocol):
    """What a `FinalUnit` may ask of the site that is being built."""

    @property
    def heads(self) -> tuple[str, ...]:
        """`Unit.heads` of all units, sorted."""

    def read(self, path: str) -> bytes: ...

    def units(self, group: str) -> Mapping[str, UnitFiles]:
        """By id, those of a group that is done."""

    def listing(self) -> bytes:
        """All files that no list of a group names, as ``sha256sum`` prints them; without the
        log's."""


def digest(*values: object) -> str:
    """A digest of plain values (str, int, date, None and tuples of them), by their `repr`."""
    return sha256_of(repr(values).encode("utf-8", "surrogatepass"))


@cache
def program_digest() -> str:
    """Names the program and the libraries that shape pages; part of every key."""
    return digest(sys.version_info[:2], libraries(), running().digest)


@dataclass(frozen=True)
class Crumb:
    """A step of the way from the home page; `url` is relative to the site's root."""

    text: str
    url: str


@dataclass(frozen=True)
class Page:
    """What is stamped into a frame."""

    url: str
    """From the site's root, `` for home, ending in a slash otherwise."""
    title: str
    description: str
    content: str
    crumbs: tuple[Crumb, ...] = ()
    toc: tuple[tuple[int, str, str], ...] = ()
    """(level 2 or more, id, text)."""
    earlier: Crumb | None = None
    later: Crumb | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    """Of an article, for search engines; other pages are columns."""
    feed: str = ""
    """Folder of the feeds of what the page lists, from the site's root."""
    data: Mapping[str, object] = field(default_factory=dict)
    """What the page is about as JSON-LD, in the words of schema.org."""
    picture: str = ""
    """Attributes of a preload of the picture on its first screen, as HTML."""
    english: str = ""
    """File that says the same in English (CAP 1.2), from the site's root."""

    @property
    def root(self) -> str:
        return root_of(self.url)
