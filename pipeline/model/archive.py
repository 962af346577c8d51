"""The input of a judgement: one archive, one change, one time."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cached_property, partial
from typing import Any, NamedTuple, TypeVar

from pipeline.model.calendar import Clock, local_date
from pipeline.model.cards import Card, card_of
from pipeline.model.evidence import Approvals, LostSignature, OwnSignature, Review, Step
from pipeline.model.findings import Complaint, Finding, Location, Message
from pipeline.model.ids import CommitId, Digest, PostId
from pipeline.model.posts import Handler, Post, Rendition
from pipeline.model.records import (
    Authorisation,
    Correction,
    Expunged,
    Fact,
    Publication,
    Publications,
    Signed,
    by_post,
    filed_under,
    parts_of,
)
from pipeline.model.registers import Registers
from pipeline.model.run import PerRun

Row = TypeVar("Row")
RELAYS = "relays"
"""Record kind: items of superior bodies, each with the post that relays it."""
GOVERNED = frozenset({"governance", "rules"})
"""Values of `Entry.area` of what judges."""


class Mode(Enum):
    """What a judgement is for."""

    DRAFT = "draft"
    """A writer's working tree: no evidence is expected."""
    CHANGE = "change"
    """A proposal: what is missing holds it."""
    STANDING = "standing"
    """What stands on main: what is missing refuses."""


@dataclass(frozen=True)
class Entry:
    """One changed path."""

    path: str
    status: str
    """A added, M modified, D deleted, T type changed."""
    area: str
    """posts, reviews, records, governance, rules, site, workflows, other, or unknown."""
    digest: Digest
    """sha256 after the change; empty when deleted."""
    mode: str = "100644"
    """Git file mode after the change; only regular files may enter content/."""


@dataclass(frozen=True)
class RecordWords:
    """The text of all strings of a record or review."""

    path: str
    text: str
    stored: int = 0
    """How many characters of `text`, from the first, are the file's own, in order."""

    def at(self, start: int) -> Location:
        """Where a character stands in the file; the file alone for an escaped string."""
        if start >= self.stored:
            return Location(self.path)
        before = self.text[:start]
        return Location(self.path, before.count("\n") + 1, start - before.rfind("\n"))


class CommitMessage(NamedTuple):
    """The message of one commit, which stays in the history for ever (threats A36)."""

    commit: CommitId
    seconds: int
    """When it was committed, as it claims, in seconds since 1970; 0: not readably."""
    words: str
    """Its message with trailers and names."""
    parents: Sequence[CommitId] = ()


@dataclass(frozen=True)
class ChangeFacts:
    """What git and files say of a change beside its entries; each is read when a clause asks."""

    commits: Sequence[CommitMessage] = ()
    """Of a proposal, oldest first (A36); of main, the one that claims a time to come."""
    undated: Sequence[str] = ()
    """Its commits whose time git cannot read."""
    broken_base: Sequence[str] = ()
    """The commit that made the governance of its base unlawful (A20)."""
    files: Collection[str] = ()
    """The paths that main would hold."""
    program: Sequence[Complaint] = ()
    """What is wrong with the program that it would name."""
    ungoverned: Sequence[tuple[Message, Message | None]] = ()
    """Why the governance that it would leave cannot judge, and what to do."""
    unanswered: Sequence[tuple[str, str]] = ()
    """(article, sentence) of the law that it would leave, which no clause answers for."""
    themes: Sequence[Mapping[str, bytes]] = ()
    """Path → bytes of the theme after it and before it; empty for one that holds a link."""
    signatures: Sequence[OwnSignature] = ()
    """Those of its files that a key of the roster made."""
    rosters: Sequence[tuple[object, str]] = ()
    """(serial, digest) of every roster that main held by its base."""
    lost: Sequence[LostSignature] = ()
    """The steps of standing posts that would count no more."""
    dated_back: bool = False
    """It claims a time before its base, so it may have come as late as this run."""


@dataclass(frozen=True)
class Change:
    """What a proposal changes against its base."""

    base: CommitId
    head: CommitId
    entries: tuple[Entry, ...]
    passing: tuple[str, ...] = ()
    """Paths under content/ that commits of the change held but its end does not (A16)."""
    authorisations: tuple[Authorisation, ...] = ()
    problems: tuple[Finding, ...] = ()
    """Findings on registers as the change would leave them."""
    proposed: Registers | None = None
    """The registers as the change would leave them; None: untouched, or unreadable."""
    words: tuple[RecordWords, ...] = ()
    """One for each record and review that the change adds or alters (A36)."""
    facts: ChangeFacts = ChangeFacts()

    @property
    def areas(self) -> frozenset[str]:
        return frozenset(e.area for e in self.entries)


# What an archive is judged for; these are all that there are.


@dataclass(frozen=True)
class OnDisk:
    """A writer's working tree."""


@dataclass(frozen=True)
class OnBranch:
    """A change that is proposed, or posts that are on their way alone."""

    change: Change | None = None


@dataclass(frozen=True)
class Entered:
    """A change of main, judged by what stood before it."""

    change: Change
    at: datetime
    """When it came to main, at the earliest."""


@dataclass(frozen=True)
class OnMain:
    """What stands on main."""


Situation = OnDisk | OnBranch | Entered | OnMain
_MODES: Mapping[type, Mode] = {OnDisk: Mode.DRAFT, OnBranch: Mode.CHANGE}


@dataclass(frozen=True)
class Archive:
    """One archive to judge. `posts` holds the posts under judgement, `post_ids` all there are."""

    situation: Situation
    clock: Clock
    registers: Registers
    posts: Mapping[PostId, Post]
    post_ids: Set[PostId]
    approvals: Mapping[PostId, Approvals]
    publications: Sequence[Publication]
    corrections: Sequence[Correction]
    renditions: Mapping[tuple[PostId, str], Rendition] = field(default_factory=dict)
    """(post id, channel) → rendition, made lazily."""
    record_problems: Sequence[Finding] = ()
    """Findings on records that could not be read or verified."""
    facts: Mapping[str, Sequence[Fact]] = field(default_factory=dict)
    """Record kind (``inquiries``, ``relays`` …) → plain records, by path."""
    signed: Mapping[str, Sequence[Signed]] = field(default_factory=dict)
    """Predicate kind (``declaration``, ``attestation`` …) → verified records, by path."""
    expunged: Mapping[PostId, Expunged] = field(default_factory=dict)
    """Post id → its erasure by signed records; one that awaits a signature is included."""

    cards: Mapping[PostId, Card] = field(default_factory=dict)
    """Post id → its card, for posts that need not be read for it."""

    @property
    def mode(self) -> Mode:
        return _MODES.get(type(self.situation), Mode.STANDING)

    @property
    def change(self) -> Change | None:
        return self.situation.change if isinstance(self.situation, OnBranch | Entered) else None

    @property
    def entered(self) -> datetime | None:
        """When the change came to main, at the earliest; None: it has not."""
        return self.situation.at if isinstance(self.situation, Entered) else None

    def ids_of(self, year: str) -> Set[PostId]:
        """The ids in `post_ids` that begin with a year."""
        return {i for i in self.post_ids if i[:4] == year}

    def card(self, post: PostId) -> Card:
        """The summary of front matter and files of one of `posts`."""
        return self.cards.get(post) or card_of(self.posts[post])

    writers: Mapping[str, Collection[Handler]] = field(default_factory=dict)
    """Path of a plain record → who wrote it by its commits; of what git does not say, nothing."""
    may_state: Callable[[str], Set[str]] | None = None
    """Front-matter key → ids of the posts whose bytes may state it; None: all may."""

    def stating(self, key: str) -> Iterator[Post]:
        """The posts whose front matter states one of the keys of `cards.RARE`, by id."""
        ids: Set[PostId] = self.posts.keys()
        if self.may_state is not None:
            ids &= self.may_state(key)
        return (self.posts[i] for i in sorted(ids) if key in self.card(i).rare)

    def parameter(self, name: str, day: date | None = None) -> Any:
        """The value of a policy parameter on a day, or today."""
        return self.registers.parameter(name, day or self.today)

    def records(self, kind: str) -> Sequence[Fact]:
        """The plain records of a kind (``inquiries``, ``relays`` …), by path."""
        return self.facts.get(kind, ())

    def approved(self, post: PostId, step: Step) -> Review | None:
        """The review that approves the present revision of a post at a step; a draft has none."""
        approvals = self.approvals.get(post)
        return approvals.approved(step) if approvals else None

    @property
    def as_of(self) -> datetime:
        """The time of the run (`Clock.now`). Prefer the questions of `clock`: they narrow less."""
        return self.clock.now

    @property
    def today(self) -> date:
        """The day of the run in Shanghai (`Clock.today`)."""
        return self.clock.today

    @property
    def entry_day(self) -> date:
        """The day whose settings judge the change itself; later settings do not reach back."""
        return local_date(self.entered) if self.entered else self.today

    def publications_of(self, post: PostId) -> tuple[Publication, ...]:
        publications = self.publications
        if isinstance(publications, Publications):
            return publications.of_post(post)
        return by_post(publications).get(post, ())

    @cached_property
    def addresses(self) -> Set[str]:
        """The recorded URLs of all publications."""
        parts = parts_of(self.publications)
        return frozenset().union(*(part.addresses for part, _ in parts))

    def corrections_of(self, post: PostId) -> tuple[Correction, ...]:
        return tuple(c for c in filed_under(self.corrections, f"{post}.r") if c.post == post)

    def relays_of(self, post: PostId) -> tuple[Fact, ...]:
        """The items of superior bodies that a post relays."""
        # A slice of a whole tuple is the same object, so `Once` hits.
        rows = self.facts.get(RELAYS, ())[:]
        return tuple(_by_post(rows).get(post, ()))

    def waivers_of(self, post: PostId) -> tuple[Signed, ...]:
        """The verified waivers that name a post, in the file name and in the statement alike."""
        waivers = filed_under(self.signed.get("waiver", ()), f"{post}.")
        return tuple(w for w in waivers if w["post"] == post)

    def brings(self, item: Post | Fact) -> bool:
        """Whether a post or record is still to come to main: a draft, or part of a proposal.

        What older programs let pass counts against it then, and is noted of what stands.
        """
        if self.mode is Mode.DRAFT:
            return True
        change = self.change if self.entered is None else None
        return change is not None and any(e.path == item.path for e in change.entries)

    def first_day(self, post: Post) -> date:
        """The day of the first publication, which the form bears; before that, the planned day."""
        moments = [p.published_at for p in self.publications_of(post.id)]
        return local_date(min(moments)) if moments else self.day_of(post)

    def day_of(self, post: Post) -> date:
        """The day whose policy judges a post: its publication day, else today."""
        return post.publish_day or self.today


def _grouped(relays: Sequence[Fact]) -> Mapping[str, list[Fact]]:
    groups: dict[str, list[Fact]] = defaultdict(list)
    for relay in relays:
        groups[relay.get("post", "")].append(relay)
    return dict(groups)


_by_post: PerRun[Sequence[Fact], Mapping[str, list[Fact]]] = PerRun(_grouped)


# What clauses look up. A verdict on a post depends on its own files, reviews and records, on the
# registers, on the time (`Clock`), and on what its clauses look up elsewhere: other records, which
# posts there are, where publications stand. These look-ups are noted, without a list of what
# clauses may ask: so a run knows which outcomes rest on the post alone, and a later one when a kept
# verdict is stale.

Key = TypeVar("Key")
Value = TypeVar("Value")
EVERYTHING = "*"
"""The kind of a look-up that any change may make stale: it asked for all there is."""
CHANGE = "change"
"""The kind of a look-up of the change that is judged, or of when it came: a verdict with one is not
taken from the change for what stands."""
_OF_A_POST = ("publications_of", "corrections_of", "waivers_of", "relays_of")
_BY_POST = ("posts", "approvals", "expunged")
_MEMBERS = ("post_ids", "addresses")
_KINDS = {
    "situation": CHANGE,
    **dict.fromkeys(("publications", "corrections", "record_problems"), EVERYTHING),
}
"""Field of an archive → the kind of a look-up of it; of other fields nothing becomes stale."""


@dataclass
class Queries:
    """Noted look-ups: kinds of records (`EVERYTHING`: all there is), and members of sets."""

    kinds: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    """Post ids and publication URLs that were looked up, with or without success."""
    missing: set[str] = field(default_factory=set)
    """The members that were absent."""


class Look:
    """An archive as the clauses on one post see it."""

    parameter, day_of = Archive.parameter, Archive.day_of
    # A rule may make another archive of it: `dataclasses.replace` asks for both, and reads all.
    __dataclass_fields__ = Archive.__dataclass_fields__
    __class__ = property(lambda self: Archive)

    def __init__(self, archive: Archive, post: PostId) -> None:
        self._archive, self._post, self.queries = archive, post, Queries()
        self.beyond = False
        """Whether anything was asked for but the post, its renditions and waivers, the registers,
        and what `law.engine.settled` tells apart."""
        self.registers, self.mode, self.brings = archive.registers, archive.mode, archive.brings
        rows: Mapping[Any, Any] = _Rows(archive.renditions, lambda key: self._own(key and key[0]))
        self.renditions = rows

    def _own(self, post: object) -> None:
        """Take note of another post's id; of all, where it is None."""
        if post != self._post:
            self.beyond = True
            self.queries.kinds.add(EVERYTHING)

    def _of_a_post(self, name: str, post: PostId) -> Any:
        self.beyond |= name != "waivers_of"
        self._own(post)
        return getattr(self._archive, name)(post)

    def _kind(self, kind: str | None) -> None:
        self.queries.kinds.add(EVERYTHING if kind is None else kind)

    def __getattr__(self, name: str) -> Any:
        if name in _OF_A_POST:
            return partial(self._of_a_post, name)
        self.beyond = True
        if name not in self.__dataclass_fields__ and name not in _MEMBERS:
            return getattr(Archive, name).__get__(self)  # it asks in its turn
        value = getattr(self._archive, name)
        if name in _MEMBERS:
            return _Members(value, self.queries)
        if name in _BY_POST:
            return _Rows(value, self._own)
        if name in ("facts", "signed"):
            return _Rows(value, self._kind)
        if name in _KINDS:
            self.queries.kinds.add(_KINDS[name])
        return value


class _Rows(Mapping[Key, Value]):
    """A mapping that tells which key is asked for; None: all."""

    def __init__(self, rows: Mapping[Key, Value], ask: Callable[[Any], None]) -> None:
        self._rows, self._ask = rows, ask

    def __getitem__(self, key: Key) -> Value:
        self._ask(key)
        return self._rows[key]

    def __contains__(self, key: object) -> bool:
        self._ask(key)
        return key in self._rows

    def __iter__(self) -> Iterator[Key]:
        self._ask(None)
        return iter(self._rows)

    def __len__(self) -> int:
        self._ask(None)
        return len(self._rows)


class _Members(Set[str]):
    """A set that notes each membership test."""

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
