"""All that a judgement looks at: one archive, one change, one time."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cached_property

from pipeline.model.calendar import local_date
from pipeline.model.evidence import Approvals
from pipeline.model.findings import Finding
from pipeline.model.posts import Post
from pipeline.model.records import Authorisation, Correction, Fact, Publication, Signed
from pipeline.model.registers import Registers
from pipeline.model.renditions import Rendition


class Mode(Enum):
    """How the archive is looked at."""

    DRAFT = "draft"
    """A writer's working tree: no evidence is expected."""
    CHANGE = "change"
    """A proposal: what is not there yet holds."""
    STANDING = "standing"
    """What stands on main: what is not there refuses."""


@dataclass(frozen=True)
class Entry:
    """One changed path."""

    path: str
    status: str
    """A added, M modified, D deleted, T type changed."""
    area: str
    """posts, reviews, records, governance, rules, site, workflows, other, or unknown."""
    digest: str
    """sha256 after the change; empty when deleted."""
    mode: str = "100644"
    """Git file mode after the change; only regular files may enter content/."""


@dataclass(frozen=True)
class Change:
    """What a proposal changes against its base."""

    base: str
    head: str
    entries: tuple[Entry, ...]
    passing: tuple[str, ...] = ()
    """Paths under content/posts that commits of the change held but its end does not (A16)."""
    authorisations: tuple[Authorisation, ...] = ()
    problems: tuple[Finding, ...] = ()
    """Findings on registers as the change would leave them."""
    proposed: Registers | None = None
    """The registers as the change would leave them, when it touches them and they can be read."""

    @property
    def areas(self) -> frozenset[str]:
        return frozenset(e.area for e in self.entries)


@dataclass(frozen=True)
class Archive:
    """One look at an archive. `posts` holds those under judgement, `post_ids` all there are."""

    mode: Mode
    as_of: datetime
    registers: Registers
    posts: Mapping[str, Post]
    post_ids: frozenset[str]
    approvals: Mapping[str, Approvals]
    publications: tuple[Publication, ...]
    corrections: tuple[Correction, ...]
    renditions: Mapping[tuple[str, str], Rendition] = field(default_factory=dict)
    """(post id, channel) → rendition, made before judging."""
    change: Change | None = None
    record_problems: tuple[Finding, ...] = ()
    """Findings on records that could not be read or verified."""
    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    """Record kind (``inquiries``, ``relays`` …) → plain records, by path."""
    signed: Mapping[str, tuple[Signed, ...]] = field(default_factory=dict)
    """Predicate kind (``declaration``, ``rotation``, ``waiver``) → verified records, by path."""

    @property
    def today(self) -> date:
        return local_date(self.as_of)

    @cached_property
    def _publications(self) -> Mapping[str, tuple[Publication, ...]]:
        """By post; made once, because every post's clauses ask."""
        found: dict[str, list[Publication]] = defaultdict(list)
        for publication in self.publications:
            found[publication.post].append(publication)
        return {post: tuple(rows) for post, rows in found.items()}

    def publications_of(self, post: str) -> tuple[Publication, ...]:
        return self._publications.get(post, ())

    def corrections_of(self, post: str) -> tuple[Correction, ...]:
        return tuple(c for c in self.corrections if c.post == post)

    def day_of(self, post: Post) -> date:
        """The day whose policy judges a post: its publication day, else today."""
        return local_date(post.publish_at) if post.publish_at else self.today
