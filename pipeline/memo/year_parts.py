"""What stands, in parts by the years of posts: nothing of a part is looked at before it is asked.

A part is *closed* when all that is known of it holds: its rows are not read for a build that shows
nothing new of it. Views over all parts ask one part for one post, and all of them for everything.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Any, TypeVar

from pipeline.memo.year_blocks import Block, Row, Year
from pipeline.model.archive import Yearly
from pipeline.model.publications import Tally, by_post, tally
from pipeline.model.records import Publication
from pipeline.model.year_volumes import mark_of
from pipeline.source.content.publication_names import publication_name

Value = TypeVar("Value")


class Part:
    """The posts of one year (that of their ids) and what is known of them."""

    def __init__(
        self,
        year: str,
        ids: Callable[[], Set[str]],
        block: Callable[[], Block],
        as_of: datetime,
        closed: Year | None = None,
        name: str = "",
    ) -> None:
        self.year, self.closed, self.name = year, closed, name
        self._ids, self._block, self._as_of = ids, block, as_of

    @classmethod
    def of(cls, year: str, ids: Set[str], block: Block, as_of: datetime, name: str = "") -> "Part":
        """One that is open. `name`: the file that its block was read from."""
        return cls(year, lambda: ids, lambda: block, as_of, None, name)

    def holding(self, block: Block, ids: Set[str] | None = None) -> "Part":
        """The same posts, or these, with other values."""
        return Part.of(self.year, self.ids if ids is None else ids, block, self._as_of, self.name)

    @cached_property
    def ids(self) -> Set[str]:
        """Of all posts, also those that may not be published."""
        return self._ids()

    @cached_property
    def block(self) -> Block:
        return self._block()

    @property
    def publications(self) -> tuple[Publication, ...]:
        return self.block.publications

    def carrying(self, post: str) -> tuple[Publication, ...]:
        """Those that carry one of the posts."""
        if self.closed and post in self.closed.cited:
            return self.closed.cited[post]
        return by_post(self.publications).get(post, ())

    def uncounted(self, post: str) -> Sequence[tuple[str, str]]:
        """Of one of the posts the records that do not count, as `Block.others`, by path."""
        return self._uncounted.get(post, ())

    @cached_property
    def _uncounted(self) -> Mapping[str, list[tuple[str, str]]]:
        found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for path, objects in sorted(self.block.others.items()):
            found[publication_name(path)[1]].append((path, objects))
        return found

    @cached_property
    def updates(self) -> Tally:
        """What its publications count up to the time of the run."""
        if self.closed:
            return self.closed.updates
        return tally(self.publications, lambda moment: moment <= self._as_of, self.year)

    @cached_property
    def mark(self) -> str:
        """As `Volume.mark`: the site and the next run ask for it."""
        if self.closed:
            return self.closed.mark
        shown = {i: r.shown for i, r in self.block.rows.items()}
        return mark_of(shown, self.publications, self.block.others)

    @property
    def posts(self) -> int:
        """How many there are."""
        return self.closed.posts if self.closed else len(self.ids)

    @property
    def rows(self) -> int:
        """How many may be published."""
        return self.closed.posts if self.closed else len(self.block.rows)

    def __contains__(self, post: str) -> bool:
        return bool(self.closed and post in self.closed.cited) or post in self.ids

    def holds(self, post: str) -> bool:
        """Whether a post has a row: in a closed part each one has."""
        return post in (self.ids if self.closed else self.block.rows)


Parts = Mapping[str, Part]
"""Year → part."""


class Ids(Yearly):
    """The ids of all posts, and of some besides."""

    def __init__(self, parts: Parts, more: Collection[str] = ()) -> None:
        self._parts = parts
        self._more = frozenset(post for post in more if not _in(parts, post))

    def __contains__(self, post: object) -> bool:
        return isinstance(post, str) and (post in self._more or _in(self._parts, post))

    def __iter__(self) -> Iterator[str]:
        return chain(self._more, *(part.ids for part in self._parts.values()))

    def __len__(self) -> int:
        return len(self._more) + sum(part.posts for part in self._parts.values())

    def of_year(self, year: str) -> Set[str]:
        part = self._parts.get(year)
        return (part.ids if part else set()) | {i for i in self._more if i[:4] == year}

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> Any:
        return frozenset(it)


def _in(parts: Parts, post: str) -> bool:
    part = parts.get(post[:4])
    return part is not None and post in part


class Rows(Mapping[str, Value]):
    """Post → what is made of its row, by id within a year."""

    def __init__(self, parts: Parts, make: Callable[[Row], Value]) -> None:
        self._parts, self._make = parts, make

    def __getitem__(self, post: str) -> Value:
        if post not in self:
            raise KeyError(post)
        return self._make(self._parts[post[:4]].block.rows[post])

    def __contains__(self, post: object) -> bool:
        part = self._parts.get(post[:4]) if isinstance(post, str) else None
        return part is not None and part.holds(str(post))

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(part.block.rows for part in self._parts.values())

    def __len__(self) -> int:
        return sum(part.rows for part in self._parts.values())


def stating(parts: Parts, key: str) -> Set[str]:
    """Posts that may state one of `cards.RARE`: a closed year says whether any of its does."""
    told = (p for p in parts.values() if p.closed is None or key in p.closed.rare)
    return {
        i
        for part in told
        for i in part.ids
        if i not in part.block.rows or key in part.block.rows[i].card.rare
    }
