"""Dated facts: publications on accounts, corrections, authorised governance changes.

A kind of record or register that one article alone asks about is a `Fact`, typed by its schema,
or a `Signed`, when a person answers for it with a signature; the kinds that several parts read
have classes of their own. Records are looked up by the names of their files and read lazily: a
replay meets the records of three years at every change, and a change has to do with a few.
"""

from abc import abstractmethod
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeVar

from pipeline.model.calendar import FIRST, local_date
from pipeline.model.documents import Document, Route
from pipeline.model.findings import Finding, Location
from pipeline.model.ids import NO_DIGEST, NO_PERSON, AccountId, Digest, PersonId, PostId
from pipeline.model.lazy import FEW, LazySequence
from pipeline.model.run import PerRun


class Filed(Protocol):
    """Whatever has a file of its own."""

    @property
    def path(self) -> str: ...


Row = TypeVar("Row", bound=Filed)
Read = tuple[tuple[Row, ...], tuple[Finding, ...]]
"""Records, and what is wrong with those that are none."""


class FiledRecords(LazySequence[Row]):
    """The sound records of one kind, by path; looking at one as a whole reads all of them."""

    def __init__(
        self, by_stem: Callable[[str], Read[Row]], everything: Callable[[], Read[Row]]
    ) -> None:
        """`by_stem` reads the files whose names begin like this, `everything` all of them."""
        self._by_stem, self._read = by_stem, everything
        self._found: dict[str, tuple[Row, ...]] = {}

    def filed_under(self, stem: str) -> tuple[Row, ...]:
        """Those whose file names begin like this, in any folder; no other is read."""
        if stem not in self._found:
            self._found[stem] = self._by_stem(stem)[0]
        return self._found[stem]

    @cached_property
    def _whole(self) -> Read[Row]:
        return self._read()

    @property
    def _all(self) -> tuple[Row, ...]:
        return self._whole[0]

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What is wrong with the files of the kind, each by itself."""
        return self._whole[1]


def filed_under(rows: Sequence[Row], stem: str) -> tuple[Row, ...]:
    """The rows whose file names begin like this."""
    return rows.filed_under(stem) if isinstance(rows, FiledRecords) else _beginning(rows, stem)


def _beginning(rows: Sequence[Row], stem: str) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.path.rpartition("/")[2].startswith(stem))


class Stated:
    """What a record says, asked for by its keys."""

    value: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.value[key]

    def get(self, key: str, default: Any = None) -> Any:
        return self.value.get(key, default)


@dataclass(frozen=True)
class Fact(Stated):
    """An entry of a register, or a plain record, as its schema typed it."""

    kind: str
    """Register or record kind: ``contractors``, ``inquiries`` …"""
    id: str
    value: Mapping[str, Any]
    document: Document
    route: Route = ()
    """Where the entry stands in its document; empty for a record, which is one file."""

    @property
    def path(self) -> str:
        return self.document.path

    def at(self, *route: str | int) -> Location:
        """Where a value of this entry stands."""
        return self.document.locate(*self.route, *route)


@dataclass(frozen=True)
class Signed(Stated):
    """A record one person signed: a declaration, a password rotation, a waiver, an attestation."""

    kind: str
    """Predicate kind: ``declaration``, ``rotation``, ``waiver``, ``attestation``."""
    path: str
    id: str
    person: PersonId
    role: str
    """Empty where none is stated."""
    signed_at: datetime
    value: Mapping[str, Any]
    """The whole predicate, typed by its schema."""
    subject: Mapping[str, str]
    """Name → sha256 of what was signed about."""
    fingerprint: str

    def at(self) -> Location:
        return Location(self.path)


@dataclass(frozen=True, slots=True)
class Publication:
    """An account carried a post, as the operator signed it (Articles 5 and 11)."""

    path: str
    post: PostId
    revision: int
    account: AccountId
    title: str
    url: str
    published_at: datetime
    operator: PersonId
    batch: str
    """Publications of one account that share a batch are one update (R05-1)."""
    recorded_at: datetime
    manifest: Mapping[str, str]
    fingerprint: str
    digest: Digest = NO_DIGEST
    """sha256 over the statement's bytes and then the signature's."""
    rendition: str = ""
    """`Rendition.digest` of what the account was given; empty in records before there was one."""
    supersedes: str = ""
    """`digest` of the wrong record that this one takes the place of."""
    reason: str = ""
    """Why that one was wrong."""
    void: bool = False
    """Nothing takes the place of the wrong record: the account did not carry the post."""
    unconfirmed: str = ""
    """Why the account carried it before it was confirmed; empty when it did not."""
    pressed_by: PersonId = NO_PERSON
    """Who published it, where that was not `operator`, who records it; or `UNKNOWN`."""
    removed_at: datetime | None = None
    """When the account ceased to carry it; `reason` then says why."""
    removed_by: PersonId = NO_PERSON
    """``platform``, ``order`` or ``ourselves``."""

    @property
    def day(self) -> date:
        return local_date(self.published_at)

    @property
    def fault(self) -> str:
        """What a rectification names: it stays the same when a later record takes its place."""
        return f"{PUBLICATION}{self.post}.{self.account}.r{self.revision}"


PUBLICATION = "publication:"
"""What the fault of a publication begins with: one event, whatever clauses it violates."""
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Correction:
    """A public correction, update, withdrawal or expiry of a published post."""

    path: str
    id: str
    post: PostId
    revision: int
    kind: str
    """``correction`` 更正, ``update`` 更新, ``withdrawal`` 撤回, ``expiry`` 失效."""
    reason: str
    changed_on: date
    person: PersonId
    changes: tuple[tuple[str, str], ...]
    """(old sentence, new sentence) pairs."""
    document: Document
    withhold: bool = False
    """Whether what was public before is shown no more: it holds what must not be public."""

    @property
    def ends_earlier(self) -> bool:
        return self.withhold or self.kind == "withdrawal"


@dataclass(frozen=True)
class Authorisation:
    """One signature under a governance, schema, site or workflow change (R13-7)."""

    path: str
    person: PersonId
    role: str
    reason: str
    signed_at: datetime
    files: Mapping[str, str]
    """Path → sha256 after the change; an empty digest means the file is removed."""
    roster_serial: int
    roster_digest: Digest
    fingerprint: str
    acknowledges: tuple[str, ...] = ()
    """Commits whose break of the rules the signer answers for."""
    expunges: "Expunging | None" = None
    """The post whose bytes the signer has erased."""


@dataclass(frozen=True)
class Expunging:
    """What an authorisation says of a post that is erased (threats A36)."""

    post: PostId
    revision: int
    title: str
    """What its address shows instead; never the old title without a look."""
    files: frozenset[tuple[str, str]]
    """(path, sha256) of every version of every file of the post that main ever held."""


@dataclass(frozen=True)
class Expunged:
    """A post whose bytes are gone from the tree, and perhaps from history; its reviews stay."""

    post: PostId
    revision: int
    title: str
    reason: str
    on: datetime
    """When the last of the signers signed."""
    files: frozenset[tuple[str, str]]
    people: tuple[PersonId, ...]
    paths: tuple[str, ...]
    """The signed records."""
    awaits: tuple[str, ...] = ()
    """``head`` and ``leader``: whose signature is missing; empty: it counts."""


Batch = tuple[AccountId, int, str]
"""Account, day (`date.toordinal`), name."""


class Carried(NamedTuple):
    """What is asked of publications as a whole.

    A batch counts once a day as an update, so a name used again hides no update. A revision of a
    post counts once, so a repeated record makes none (Article 5, R05-1).
    """

    last: datetime
    """When the last of them happened."""
    batches: frozenset[Batch]
    singles: Mapping[tuple[AccountId, int], int]
    """Account and day → updates without a batch."""
    addresses: frozenset[str]
    """Where they stand."""
    odd: tuple[Publication, ...]
    """Those that were not confirmed, or that another than an operator may have pressed."""

    @classmethod
    def of(cls, publications: Iterable[Publication]) -> "Carried":
        every = [*publications]
        first: dict[tuple[AccountId, PostId, int], datetime] = {}
        for p in every:
            key = p.account, p.post, p.revision
            if not p.batch:
                first[key] = min(first.get(key, p.published_at), p.published_at)
        return cls(
            max((p.published_at for p in every), default=FIRST),
            frozenset((p.account, p.day.toordinal(), p.batch) for p in every if p.batch),
            Counter((key[0], local_date(at).toordinal()) for key, at in first.items()),
            frozenset(p.url for p in every),
            tuple(p for p in every if p.unconfirmed or p.pressed_by),
        )


Part = tuple[Carried, Sequence[Publication]]


def tally(
    parts: Iterable[Part], happened: Callable[[datetime], bool]
) -> Mapping[str, Sequence[int]]:
    """Account → the first day of its updates (`date.toordinal`), then how many there were on this
    and each following day.

    `parts`: of the publications of different posts; `happened`: whether a moment lies in the past.
    """
    updates: Counter[tuple[AccountId, int]] = Counter()
    batches: set[Batch] = set()
    for whole, publications in parts:
        some = () if happened(whole.last) else publications
        part = Carried.of(p for p in some if happened(p.published_at)) if some else whole
        updates.update(part.singles)
        batches |= part.batches
    updates.update((account, day) for account, day, _ in batches)
    days_of: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for (account, day), count in updates.items():
        days_of[account][day] = count
    return {
        account: [min(days), *(days.get(day, 0) for day in range(min(days), max(days) + 1))]
        for account, days in days_of.items()
    }


def behind(publications: Iterable[Publication], revision: int) -> tuple[AccountId, ...]:
    """Accounts that show an earlier revision of a post, and have still to carry this one."""
    shown: dict[AccountId, int] = {}
    for p in publications:
        if p.removed_at is None:
            shown[p.account] = max(shown.get(p.account, 0), p.revision)
    return tuple(account for account, newest in shown.items() if newest < revision)


def _by_post(publications: Iterable[Publication]) -> Mapping[str, tuple[Publication, ...]]:
    posts: defaultdict[str, list[Publication]] = defaultdict(list)
    for publication in publications:
        posts[publication.post].append(publication)
    return {post: tuple(of) for post, of in posts.items()}


by_post: PerRun[Sequence[Publication], Mapping[str, tuple[Publication, ...]]] = PerRun(
    _by_post, FEW
)
"""Publications by post, computed once: a replay asks for the same ones at each change of a day."""


class Publications(LazySequence[Publication]):
    """Publications by path; what is asked of all may be had without reading them."""

    own: Sequence[Publication]
    """Those that are held against the posts there are."""

    @abstractmethod
    def of_post(self, post: PostId) -> tuple[Publication, ...]:
        """The publications that carry a post."""

    @property
    def parts(self) -> Iterable[Part]:
        """As of `parts_of`."""
        return [(Carried.of(self), self)]


def parts_of(rows: Sequence[Publication]) -> Iterable[Part]:
    """Publications, those of a post in one part."""
    return rows.parts if isinstance(rows, Publications) else [(Carried.of(rows), rows)]


def odd(rows: Sequence[Publication]) -> Iterator[Publication]:
    """As of `Carried`."""
    return (p for part, _ in parts_of(rows) for p in part.odd)


@dataclass(frozen=True, eq=False)
class RecentPublications(Publications):
    """The publications of some posts, and recent ones of others, which are read lazily."""

    own: tuple[Publication, ...]
    posts: Collection[PostId]
    """Ids of the posts that `own` carries."""
    recent: Callable[[], Iterable[Publication]]

    def of_post(self, post: PostId) -> tuple[Publication, ...]:
        return by_post(self.own if post in self.posts else self._all).get(post, ())

    @cached_property
    def _all(self) -> tuple[Publication, ...]:
        others = (p for p in self.recent() if p.post not in self.posts)
        return tuple(sorted((*self.own, *others), key=lambda p: p.path))
