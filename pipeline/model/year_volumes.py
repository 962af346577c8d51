"""The posts that may be shown, one volume for each year of their ids.

A site is updated by the years that changed, so each volume has one mark over all that is in it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.model.cards import Card


class Counts(NamedTuple):
    """Clauses by what became of them; never summed into one number (design.md .6)."""

    checked: int
    violated: int
    declared: int
    entered: int
    not_applicable: int
    unchecked: int


class Shown(NamedTuple):
    """One post that may be shown, as lists and keys know it."""

    card: Card
    counts: Counts
    position: tuple[int, int] | None = None
    """Of its confirmation in the log: index, and size of the earliest tree that holds it."""


@dataclass(frozen=True, eq=False)
class Volume:
    """The posts of one year (that of their ids) that may be shown."""

    year: str
    mark: str
    """Changes with any card, counts, log position or publication, and with the records of
    publications that do not count."""
    posts: Mapping[str, Shown]
    """By id, each read lazily."""


def mark_of(
    posts: Iterable[tuple[object, ...]],
    carried: Iterable[object],
    uncounted: Mapping[str, str] | None = None,
) -> str:
    """The mark (sha256, hex) of a volume.

    `posts`: by id, each with seal, counts and log position; `carried`: publications by path;
    `uncounted`: path → object id, of records that do not count.
    """
    values = repr((list(posts), list(carried), sorted((uncounted or {}).items())))
    return hashlib.sha256(values.encode("utf-8", "surrogatepass")).hexdigest()
