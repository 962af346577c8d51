"""The posts that may be shown, in a volume a year of their ids.

A site is brought up to date by looking at the years that changed, so each volume says by one mark
whether anything in it did.
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
    not_applicable: int
    unchecked: int


class Shown(NamedTuple):
    """One post that may be shown, as lists and keys know it."""

    card: Card
    counts: Counts
    place: tuple[int, int] | None = None
    """Where its confirmation is in the log: index, and size of the earliest tree that holds it."""


@dataclass(frozen=True, eq=False)
class Volume:
    """The posts of one year (that of their ids) that may be shown."""

    year: str
    mark: str
    """Another one whenever anything of them changes: a card, counts, place or publication, and
    records of publications that do not count."""
    posts: Mapping[str, Shown]
    """By id, each read lazily."""


def mark_of(
    posts: Iterable[tuple[object, ...]],
    carried: Iterable[object],
    uncounted: Mapping[str, str] | None = None,
) -> str:
    """The mark of a volume: of its posts by id the seal, counts and place, what carried them by
    path, and records that do not count, with what names their bytes."""
    values = repr((list(posts), list(carried), sorted((uncounted or {}).items())))
    return hashlib.sha256(values.encode("utf-8", "surrogatepass")).hexdigest()
