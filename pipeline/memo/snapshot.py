"""What stands at a commit of main whose history passed, cached from one build to the next.

It names the commit, whose id stands for all input but three things: the program, the erased posts,
and the time of the run, held as the spans in which verdicts hold (`Clock`). A post that is refused
or held is not in it: every build judges it anew. All of it is one sealed row, so nothing of an
earlier build passes for a part of this one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from pipeline.evidence.log.merkle import Leaf
from pipeline.memo.store import SealedStore
from pipeline.memo.tracked_archive import Queries
from pipeline.model.calendar import FIRST, NEVER, Span
from pipeline.model.cards import Card, Counts, Shown
from pipeline.model.ids import NO_COMMIT, CommitId, Digest, PostId, sha256_of
from pipeline.model.records import Publication
from pipeline.model.reports import Verdict
from pipeline.source.content.paths import POSTS
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Folders

SNAPSHOT = "snapshot"
"""The kind of the row."""


@dataclass(frozen=True)
class PostRow:
    """A post that may be published: its verdict, and what the verdict depends on besides it."""

    card: Card
    counts: Counts
    moment: datetime
    """When it is to be published."""
    verdict: Verdict
    """None of its findings forbids to publish."""
    span: Span
    """The times of a run at which the verdict is this one."""
    queries: Queries
    position: tuple[int, int] | None = None
    """Where its confirmation is in the log, as `Shown` has it."""

    @property
    def shown(self) -> Shown:
        return Shown(self.card, self.counts, self.position)

    @property
    def mark(self) -> tuple[object, ...]:
        """As of `cards.mark_of`."""
        return self.card.seal, self.counts, self.position


class PublicationRow(NamedTuple):
    """A publication that counts, and a digest of it."""

    value: Publication
    digest: Digest

    @classmethod
    def of(cls, publication: Publication) -> "PublicationRow":
        return cls(publication, sha256_of(repr(publication).encode("utf-8", "surrogatepass")))


@dataclass(frozen=True)
class Snapshot:
    """The cached state of one commit of main."""

    commit: CommitId = NO_COMMIT
    genesis: CommitId = NO_COMMIT
    governance: str = ""
    """Digest of its governance (`load_governance.governance`)."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """`time_settings` of its policy."""
    span: Span = NEVER
    """The times of a run at which every change up to it passes."""
    entered: datetime = FIRST
    """When it came to main (`first_appearances.times`)."""
    ever: frozenset[str] = frozenset()
    """Folders of posts that history holds and the commit does not."""
    posts: Mapping[PostId, PostRow] = field(default_factory=dict)
    """Id → row, of the posts that may be published."""
    publications: Mapping[str, PublicationRow] = field(default_factory=dict)
    """Path → row, of the publications that count."""
    uncounted: Mapping[str, str] = field(default_factory=dict)
    """Path → git object id, of publication records that do not count: superseded or void."""
    log: Sequence[Leaf] = ()
    """The leaves of the publication log, this build's own left out."""

    def ever_held(self, repository: Repository) -> Callable[[str], bool]:
        """Predicate: whether history up to the commit ever held the folder of a post."""
        standing = Folders(repository.tree(self.commit), POSTS)
        return lambda folder: folder in self.ever or folder in standing


NOTHING = Snapshot()


def read_snapshot(store: SealedStore | None, erased: str) -> Snapshot:
    """The snapshot of the last build; `NOTHING` when this program sealed none.

    `erased`: digest of the erased posts.
    """
    return (store.value(SNAPSHOT, erased) if store else None) or NOTHING
