"""Units: groups of files that are made together, each named by a digest of all that goes in.

A unit whose key is the one of the last build is not made again; so a key must name everything
that its files are a function of. Units without a key are made at every build, and written only
where their bytes changed.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

WHOLE = "whole"
"""The group of what shows the whole site, looked at in every build."""
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
    """Archive paths that making it asks for; units that have some are made several at a time."""
    heads: tuple[str, ...] = ()
    """Paths of its files that lists of the whole site name."""


@dataclass(frozen=True)
class Group:
    """Units that are looked at together: while its key is that of the last build, none of them is.

    A site of seventy years is one group a year, and one more for what shows the whole.
    """

    id: str
    key: str
    """`digest` of all inputs of all its units; empty: looked at in every build."""
    units: Callable[[], Iterable[Unit]]
    told: Any = None
    """Plain values of JSON, handed to the next build with the group's key."""
    posts: int = 0
    done: Callable[[], None] = lambda: None
    """Lets go of what was read for its units."""


class Made(NamedTuple):
    """What became of a unit. A site has tens of thousands, so their files stay one text."""

    key: str
    size: int
    """Bytes of all its files."""
    lines: str
    """``sha256  path`` and a line feed for each of its files."""

    @property
    def files(self) -> Mapping[str, str]:
        """Path → sha256."""
        return {line[66:]: line[:64] for line in self.lines.split("\n")[:-1]}


def made_of(key: str, files: Iterable[tuple[str, str, int]]) -> Made:
    """From (path, sha256, size) of every file."""
    found = list(files)
    lines = "".join(f"{digest}  {path}\n" for path, digest, _ in found)
    return Made(key, sum(size for _, _, size in found), lines)


@dataclass(frozen=True)
class Late:
    """Files about other files of the site: made last, from what then stands in it."""

    id: str
    make: Callable[["Standing"], Iterable[File]]


class Standing(Protocol):
    """What stands in a site by the time its last files are made."""

    @property
    def heads(self) -> tuple[str, ...]:
        """Those of all units, sorted."""

    def there(self, paths: Set[str]) -> set[str]:
        """Those of these paths that are files of the site."""

    def read(self, path: str) -> bytes: ...

    def listing(self) -> bytes:
        """All files that no list of a group names, in the form of ``sha256sum``."""


def digest(*values: object) -> str:
    """A digest of plain values (str, int, date, None and tuples of them), by their `repr`."""
    return hashlib.sha256(repr(values).encode("utf-8", "surrogatepass")).hexdigest()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
