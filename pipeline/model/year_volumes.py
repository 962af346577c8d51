"""The archive bound by years: what stands of a year is read only when somebody opens it.

A site of seventy years is brought up to date by opening the one year that changed, so each says
by one mark whether anything in it did.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.model.cards import Card
from pipeline.model.records import Publication


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
    """By id; it may be read only when somebody asks for one."""


def mark_of(
    posts: Mapping[str, Shown],
    publications: Iterable[Publication],
    others: Mapping[str, str] | None = None,
) -> str:
    """The mark of a volume: its posts by id, what carried them by path, and records that do not
    count, with what names their bytes."""
    carried = [repr(p) for p in publications], sorted((others or {}).items())
    said = repr(([(s.card.seal, s.counts, s.place) for s in posts.values()], carried))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
