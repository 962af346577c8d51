"""Which posts may wait for a person, in this clone and on every branch (`sanshen status`)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pipeline.errors import Fault
from pipeline.judge.archive_at import assemble
from pipeline.judge.load_governance import Trusted, pinned, trust
from pipeline.judge.publication_reader import RECENT
from pipeline.model.archive import Archive, Mode
from pipeline.model.calendar import local_date
from pipeline.model.clock import Clock
from pipeline.model.findings import Message
from pipeline.model.posts import Post
from pipeline.source.content.post_paths import POSTS, home, post_ids
from pipeline.source.content.publication_names import PUBLICATIONS, publication_name
from pipeline.source.content.records import REVIEWS, paths_under
from pipeline.source.git.branches import Ahead, Branches, ahead, short, state_of
from pipeline.source.git.first_appearances import appearances
from pipeline.source.git.history import GitHistory
from pipeline.source.git.proposed import posts_named
from pipeline.source.git.repository import Repository


def may_wait(repository: Repository, head: str, now: datetime) -> frozenset[str]:
    """Ids of recent posts, and of all that were never carried or changed recently.

    What was carried long ago and not changed since was approved when it was carried; `audit`
    checks that.
    """
    tree, first = repository.tree(head), local_date(now) - RECENT
    ids = frozenset(post_ids(tree))
    carried = {publication_name(path)[1] for path in paths_under(tree, PUBLICATIONS)}
    folders = (POSTS, REVIEWS, PUBLICATIONS)
    changed = (a.path for a in appearances(repository, head, *folders, since=first))
    moved = {*changed, *repository.uncommitted(*folders)}
    late = {post for post in ids if post[:10] >= first.isoformat()}
    return ids & (late | (ids - carried) | set(posts_named(moved)))


@dataclass(frozen=True)
class Elsewhere:
    """A post as it stands on a branch that is not checked out."""

    post: Post
    branch: str
    """Full name of the branch."""
    trusted: Trusted
    """What main judges it by."""
    archive: Archive
    merged: bool
    """Whether the branch is main itself."""


def elsewhere(
    repository: Repository, every: Branches, base: str, now: datetime
) -> tuple[list[Elsewhere], frozenset[str], list[tuple[str, Message]]]:
    """What may wait on main and on each branch, the posts of HEAD that a branch holds newer, and
    the branches that cannot be read, with the reason: one broken branch hides no other.

    `base`: main's last commit. A post is listed where its commits are newest, and on no branch when
    main holds it confirmed at that revision or a later one.
    """
    look = _Look(repository, base, now)
    head, trunk = repository.commit("HEAD"), repository.tree(base)
    onward = ahead(repository, base)
    reach = {tip: onward.reach(tip) for tip in sorted({head, *every.commits.values()})}
    newest = {tip: _newest(onward, reach, tip) for tip in reach}
    current = repository.tree(head)
    moved = {
        p for p in may_wait(repository, base, now) if state_of(trunk, p) != state_of(current, p)
    }
    main = look.at(base, moved.union(*newest.values()))
    shown = [
        Elsewhere(main.posts[p], every.ending_at(base), look.trusted, main, True)
        for p in moved - newest[head]
    ]
    states = {state_of(current, p) for p in newest[head]}
    unread = []
    for tip in sorted(reach.keys() - {head}):
        try:
            own = {p: state_of(repository.tree(tip), p) for p in newest[tip]}
            fresh = [p for p in own if own[p] not in {*states, state_of(trunk, p)}]
            archive = look.at(tip, fresh) if fresh else main
        except Fault as fault:
            unread.append((short(every.ending_at(tip)), fault.message))
            continue
        states.update(own.values())
        shown += [
            Elsewhere(archive.posts[p], every.ending_at(tip), look.trusted, archive, False)
            for p in fresh
            if p in archive.posts and not _overtaken(archive.posts[p], main)
        ]
    return shown, onward.posts(reach[head]) - newest[head], unread


def _newest(onward: Ahead, reach: Mapping[str, frozenset[str]], tip: str) -> frozenset[str]:
    """The posts that a branch touches and that no branch beyond it touches again."""
    beyond = (commits - reach[tip] for commits in reach.values() if tip in commits)
    return onward.posts(reach[tip]).difference(*map(onward.posts, beyond))


def _overtaken(post: Post, main: Archive) -> bool:
    stands = main.posts.get(post.id)
    return bool(stands and main.approvals[post.id].complete and stands.revision >= post.revision)


@dataclass(frozen=True)
class _Look:
    """Looks at posts of any commit by what main judges with."""

    repository: Repository
    base: str
    now: datetime

    @cached_property
    def trusted(self) -> Trusted:
        return pinned(trust(self.repository.tree(self.base)), self.repository, self.base)

    def at(self, commit: str, posts: Collection[str]) -> Archive:
        only = frozenset(posts)
        handled = GitHistory(self.repository).handlers(commit, map(home, sorted(only)))
        tree = self.repository.tree(commit)
        return assemble(self.trusted, tree, Mode.CHANGE, Clock(self.now), handled, only)
