"""Archive that records every look-up a verdict on a post depends on, besides the post itself.

A verdict on a post depends on its own files, reviews and records, on the registers, on the time
(`Clock`), and on what its clauses look up elsewhere: other records, which posts there are, where
publications stand. These look-ups are recorded here, so that a run knows when a kept verdict is
stale without a list of what clauses may ask.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, TypeVar, cast

from pipeline.model.archive import Archive
from pipeline.model.ids import PostId
from pipeline.model.lazy import LazySequence
from pipeline.model.posts import Post
from pipeline.model.records import Fact

Key = TypeVar("Key")
Value = TypeVar("Value")
EVERYTHING = "*"
"""The kind of a look-up that any change may make stale: it asked for all there is."""
CHANGE = "change"
"""The kind of a look-up of the change that is judged, or of when it came: nothing stands alike."""


@dataclass
class Queries:
    """Recorded look-ups: kinds of records (`EVERYTHING`: all there is), and members of sets."""

    subject: str = ""
    """Id of the post that is judged; look-ups of what belongs to it are not recorded."""
    kinds: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    """Post ids and publication URLs that were looked up, with or without success."""
    missing: set[str] = field(default_factory=set)
    """The members that were absent."""

    def begin(self, subject: str) -> "Queries":
        """Record for another post; the record, without its subject."""
        self.subject, self.kinds, self.members, self.missing = subject, set(), set(), set()
        return Queries("", self.kinds, self.members, self.missing)


class _Rows(Mapping[Key, Value]):
    """A mapping that records look-ups, all but those of the subject."""

    def __init__(self, rows: Mapping[Key, Value], queries: Queries, kind: str = "") -> None:
        self._rows, self._queries, self._kind = rows, queries, kind

    def _ask(self, key: Any) -> None:
        asked = key[0] if isinstance(key, tuple) else key
        if self._kind == "record":
            self._queries.kinds.add(str(asked))
        elif asked != self._queries.subject:
            self._queries.kinds.add(EVERYTHING)

    def __getitem__(self, key: Key) -> Value:
        self._ask(key)
        return self._rows[key]

    def __contains__(self, key: object) -> bool:
        self._ask(key)
        return key in self._rows

    def __iter__(self) -> Iterator[Key]:
        self._queries.kinds.add(EVERYTHING)
        return iter(self._rows)

    def __len__(self) -> int:
        self._queries.kinds.add(EVERYTHING)
        return len(self._rows)


class _Members(Set[str]):
    """A set that records each membership test."""

    def __init__(self, members: Set[str], queries: Queries) -> None:
        self._members, self._queries = members, queries

    def __contains__(self, member: object) -> bool:
        self._queries.members.add(str(member))
        present = member in self._members
        if not present:
            self._queries.missing.add(str(member))
        return present

    def __iter__(self) -> Iterator[str]:
        self._queries.kinds.add(EVERYTHING)
        return iter(self._members)

    def __len__(self) -> int:
        self._queries.kinds.add(EVERYTHING)
        return len(self._members)


class _All(LazySequence[Value]):
    """Rows that are read as a whole."""

    def __init__(self, rows: Sequence[Value], queries: Queries) -> None:
        self._rows, self._queries = rows, queries

    @property
    def _all(self) -> Sequence[Value]:
        self._queries.kinds.add(EVERYTHING)
        return self._rows


class _OfChange:
    """A field of the archive that tells of the change."""

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    def __get__(self, archive: "TrackedArchive", _: type) -> Any:
        archive.queries.kinds.add(CHANGE)
        return getattr(archive._plain, self._name)


class _OfPost(_OfChange):
    """A method of the archive that is given a post's id."""

    def __get__(self, archive: "TrackedArchive", _: type) -> Any:
        def asked(post: PostId) -> Any:
            if post != archive.queries.subject:
                archive.queries.kinds.add(EVERYTHING)
            return getattr(archive._plain, self._name)(post)

        return asked


@dataclass(frozen=True)
class TrackedArchive(Archive):
    """The archive `plain`, which records every look-up in `queries`."""

    plain: Archive | None = None
    queries: Queries = field(default_factory=Queries)

    @property
    def _plain(self) -> Archive:
        assert self.plain is not None
        return self.plain

    change = cast(Any, _OfChange())
    entered = cast(Any, _OfChange())

    def brings(self, item: Post | Fact) -> bool:
        return self._plain.brings(item)  # what stands, and what stood as it came, brings nothing

    publications_of = cast(Any, _OfPost())
    corrections_of = cast(Any, _OfPost())
    waivers_of = cast(Any, _OfPost())
    relays_of = cast(Any, _OfPost())

    @cached_property
    def addresses(self) -> Set[str]:
        return _Members(self._plain.addresses, self.queries)


def track_queries(archive: Archive) -> TrackedArchive:
    """The archive, to be judged with `queries.subject` set before each post."""
    queries = Queries()
    given: dict[str, Any] = {f.name: getattr(archive, f.name) for f in fields(Archive)}
    for name in ("publications", "corrections", "record_problems"):
        given[name] = _All(given[name], queries)
    for name in ("posts", "approvals", "renditions", "expunged"):
        given[name] = _Rows(given[name], queries)
    for name in ("facts", "signed"):
        given[name] = _Rows(given[name], queries, "record")
    given["post_ids"] = _Members(archive.post_ids, queries)
    return TrackedArchive(**given, plain=archive, queries=queries)
