"""An archive that remembers what the judgement of a post asked of it besides the post itself.

A verdict on a post depends on its own files, reviews and records, on the registers, on the time
(`Clock`), and on what its clauses look up elsewhere: other records, which posts there are, where
publications stand. That is listened to here, so that a kept verdict is known to be stale, and
nobody has to foresee what clauses ask.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, TypeVar

from pipeline.model.archive import Archive
from pipeline.model.lazy_sequence import Whole
from pipeline.model.records import Correction, Fact, Publication, Signed

Key = TypeVar("Key")
Value = TypeVar("Value")
EVERYTHING = "*"
"""Asked for as a whole: nothing else may change then."""


@dataclass
class Heard:
    """What was asked: kinds of records (`EVERYTHING`: of all there is), and members of sets."""

    subject: str = ""
    """Id of the post that is judged; what belongs to it is no question."""
    kinds: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    """Post ids and addresses of publications that were looked for, found or not."""
    missing: set[str] = field(default_factory=set)
    """Those that were not found."""

    def add(self, other: "Heard") -> None:
        self.kinds |= other.kinds
        self.members |= other.members
        self.missing |= other.missing


class _Rows(Mapping[Key, Value]):
    """A mapping whose keys are questions; one equal to the subject is none."""

    def __init__(self, rows: Mapping[Key, Value], heard: Heard, kind: str = "") -> None:
        self._rows, self._heard, self._kind = rows, heard, kind

    def _ask(self, key: Any) -> None:
        place = key[0] if isinstance(key, tuple) else key
        if self._kind == "record":
            self._heard.kinds.add(str(place))
        elif place != self._heard.subject:
            self._heard.kinds.add(EVERYTHING)

    def __getitem__(self, key: Key) -> Value:
        self._ask(key)
        return self._rows[key]

    def __contains__(self, key: object) -> bool:
        self._ask(key)
        return key in self._rows

    def __iter__(self) -> Iterator[Key]:
        self._heard.kinds.add(EVERYTHING)
        return iter(self._rows)

    def __len__(self) -> int:
        self._heard.kinds.add(EVERYTHING)
        return len(self._rows)


class _Members(Set[str]):
    """A set that is asked for members one by one."""

    def __init__(self, members: Set[str], heard: Heard) -> None:
        self._members, self._heard = members, heard

    def __contains__(self, member: object) -> bool:
        self._heard.members.add(str(member))
        found = member in self._members
        if not found:
            self._heard.missing.add(str(member))
        return found

    def __iter__(self) -> Iterator[str]:
        self._heard.kinds.add(EVERYTHING)
        return iter(self._members)

    def __len__(self) -> int:
        self._heard.kinds.add(EVERYTHING)
        return len(self._members)


class _All(Whole[Value]):
    """Rows that are looked at as a whole."""

    def __init__(self, rows: Sequence[Value], heard: Heard) -> None:
        self._rows, self._heard = rows, heard

    @property
    def _all(self) -> Sequence[Value]:
        self._heard.kinds.add(EVERYTHING)
        return self._rows


@dataclass(frozen=True)
class Overheard(Archive):
    """The archive `plain`, with an ear to every question."""

    plain: Archive | None = None
    heard: Heard = field(default_factory=Heard)

    @property
    def _plain(self) -> Archive:
        assert self.plain is not None
        return self.plain

    def _own(self, post: str) -> None:
        if post != self.heard.subject:
            self.heard.kinds.add(EVERYTHING)

    def publications_of(self, post: str) -> tuple[Publication, ...]:
        self._own(post)
        return self._plain.publications_of(post)

    def corrections_of(self, post: str) -> tuple[Correction, ...]:
        self._own(post)
        return self._plain.corrections_of(post)

    def waivers_of(self, post: str) -> tuple[Signed, ...]:
        self._own(post)
        return self._plain.waivers_of(post)

    def relays_of(self, post: str) -> tuple[Fact, ...]:
        self._own(post)
        return self._plain.relays_of(post)

    @cached_property
    def addresses(self) -> Set[str]:
        return _Members(self._plain.addresses, self.heard)


def overheard(archive: Archive) -> Overheard:
    """The archive, to be judged with `heard.subject` set before each post."""
    heard = Heard()
    given: dict[str, Any] = {f.name: getattr(archive, f.name) for f in fields(Archive)}
    for name in ("publications", "corrections", "record_problems"):
        given[name] = _All(given[name], heard)
    for name in ("posts", "approvals", "renditions", "expunged"):
        given[name] = _Rows(given[name], heard)
    for name in ("facts", "signed"):
        given[name] = _Rows(given[name], heard, "record")
    given["post_ids"] = _Members(archive.post_ids, heard)
    return Overheard(**given, plain=archive, heard=heard)
