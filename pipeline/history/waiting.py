"""What waits for whom, on main and on every branch: for `sanshen status`, and for the desk."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from functools import partial

from pipeline.errors import Fault
from pipeline.evidence.review.conditions import makers, may_prepare
from pipeline.judge.archive_at import RECENT, assemble
from pipeline.judge.load_governance import Trusted, governs, pinned, trust
from pipeline.law.engine import judge_post
from pipeline.model import evidence
from pipeline.model.archive import Archive, OnBranch, OnDisk
from pipeline.model.calendar import EVER, NEVER, SHANGHAI, Clock, Span, local_date
from pipeline.model.findings import Effect, Finding, Message, say, say_names
from pipeline.model.ids import (
    NO_COMMIT,
    NO_PERSON,
    AccountId,
    BranchName,
    CommitId,
    PersonId,
    PostId,
)
from pipeline.model.law import Rulebook
from pipeline.model.posts import Handler, Post
from pipeline.model.records import behind
from pipeline.model.registers import Person, Registers, entitled, operators
from pipeline.model.run import PerRun
from pipeline.source.content.paths import POSTS, PUBLICATIONS, home, post_ids, publication_name
from pipeline.source.content.records import CORRECTIONS, REVIEWS, paths_under
from pipeline.source.git.branches import (
    DRAFTS,
    Ahead,
    Branches,
    ahead,
    branches,
    local,
    short,
    states_of,
    trunk,
)
from pipeline.source.git.bulk_history import appearances
from pipeline.source.git.history import GitHistory, committed_at, posts_named
from pipeline.source.git.objects import unreadable_object
from pipeline.source.git.repository import Repository


class WaitState(Enum):
    """Where a post stands."""

    DRAFT = "draft"
    """Its makers write it, on a branch for drafts; no one is asked for a review."""
    STEP = "step"
    """It waits for the next step."""
    RETURNED = "returned"
    """A reviewer sent it back; its makers raise the revision."""
    REJECTED = "rejected"
    """A record of a step does not count."""
    STRAY = "stray"
    """A file lies beside its reviews that belongs to no step."""
    MERGE = "merge"
    """All steps are signed; main does not hold it so."""
    PUBLICATION = "publication"
    """Main holds it; accounts have still to carry it."""
    PUBLISHED = "published"
    """Nothing waits: every account carried it, or it was withdrawn."""


STAGES = {
    WaitState.DRAFT: say("draft"),
    WaitState.RETURNED: say("returned"),
    WaitState.REJECTED: say("a record does not count"),
    WaitState.STRAY: say("a file is in the way"),
    WaitState.MERGE: say("approved, waits to enter the archive"),
    WaitState.PUBLICATION: say("approved, waits for publication"),
    WaitState.PUBLISHED: say("published"),
}


@dataclass(frozen=True)
class Assignee:
    """A person for whom a post waits."""

    person: Person
    acting_for: PersonId = NO_PERSON
    """Id of the absent leader whose mandate they hold; empty in an office of their own."""


@dataclass(frozen=True)
class WaitingPost:
    """A post where it stands, with what its next step needs."""

    post: Post
    branch: BranchName
    """Full name of the branch; empty: it is checked out."""
    commit: CommitId
    state: WaitState
    step: evidence.Step | None
    """The step that waits, was returned or does not count; None: the state is of no step."""
    takers: tuple[Assignee, ...]
    """For whom it waits: of a returned post, its makers."""
    steps: tuple[evidence.Review, ...]
    """What was signed on this revision, in order; a return is the last one."""
    since: datetime | None
    """The last signature on this revision, or else the last commit of the post, as they claim."""
    accounts: tuple[AccountId, ...]
    """Those that have not carried it yet."""
    merged: bool
    """Whether main holds it as it stands."""
    reason: Message | None
    """What is in its way; None where it only waits for `takers`."""
    remedy: Message | None
    archive: Archive = field(repr=False)
    """What it was read in: its commit, by the registers that judge it."""
    judge: Callable[[], tuple[Finding, ...]] = field(repr=False)

    @property
    def again(self) -> tuple[AccountId, ...]:
        """Those of `accounts` that carried an earlier revision."""
        old = behind(self.archive.publications_of(self.post.id), self.post.revision)
        return tuple(account for account in self.accounts if account in old)

    @property
    def stage(self) -> Message:
        """Where it stands, in two or three words."""
        waits = self.step if self.state is WaitState.STEP else None
        return evidence.STEP_NAMES[waits] if waits else STAGES[self.state]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the machine says of the post, missing signatures left out; judged lazily, once for
        all that look at the same bytes."""
        return self.judge()

    def count(self, effect: Effect) -> int:
        """How many findings have this effect."""
        return sum(finding.effect is effect for finding in self.findings)

    def waits_for(self, person: PersonId) -> bool:
        """Whether its next act is this person's."""
        return any(taker.person.id == person for taker in self.takers)


@dataclass(frozen=True)
class Waiting:
    """What waits, and what was read to know it."""

    items: tuple[WaitingPost, ...]
    """By id and branch; of main, those that `may_wait`, published ones included."""
    branches: Branches
    """Those that were read."""
    unread: tuple[tuple[str, Message], ...]
    """(branch, why) of those that could not be read."""

    def seen_by(self, reader: PersonId) -> list[WaitingPost]:
        """Without what others write and did not hand in: on a branch for drafts, of its makers, or
        of who began a revision, whom the end of its name tells (threat A53)."""
        return [i for i in self.items if i.state is not WaitState.DRAFT or _is_own(i, reader)]

    registers: Registers
    """Those that judge: main's."""


def _is_own(draft: WaitingPost, reader: PersonId) -> bool:
    name, revision = local(draft.branch), f"{DRAFTS}{draft.post.id}-"
    if name.startswith(revision):
        return name.endswith(f"-r{draft.post.revision}-{reader}")
    return draft.waits_for(reader)


def waiting(repository: Repository, now: datetime, *, shared: bool = True) -> Waiting:
    """Every post that may wait, where it is newest. Raises Fault when main cannot be read.

    Commits alone are read: main and all branches as fetched, or the clone's own where there is no
    remote; without `shared` the clone's own as well. What was read is cached in the process.
    """
    every = branches(repository)
    every = every.shared if shared else every
    base = trunk(repository, every)
    reader = _reader_of(repository)
    lines, unread = reader.lines(every, base, now)
    rulebook, times = reader.trusted.rulebook, reader.times(lines)
    items = (_item(line, times, rulebook, now) for line in lines)
    ordered = sorted(items, key=lambda item: (item.post.id, item.branch))
    gone = ((short(name), unreadable_object(oid).message) for name, oid in every.unread.items())
    return Waiting(tuple(ordered), every, (*unread, *gone), reader.trusted.registers)


def may_wait(repository: Repository, head: CommitId, now: datetime) -> frozenset[PostId]:
    """Ids of recent posts, and of all that were never carried or changed recently, or that an
    account carried on fewer days than there are wordings.

    What was carried long ago and not changed since was approved when it was carried; `audit`
    checks that.
    """
    tree, first = repository.tree(head), local_date(now) - RECENT
    ids = frozenset(post_ids(tree))
    changes = Counter(path.split("/")[-1].split(".")[0] for path in paths_under(tree, CORRECTIONS))
    days = {publication_name(path) for path in paths_under(tree, PUBLICATIONS)}
    times = Counter((post, account) for _, account, post in days)
    behind_on = (post for (post, _), count in times.items() if count <= changes[post])
    carried = {post for post, _ in times}.difference(behind_on)
    folders = (POSTS, REVIEWS, PUBLICATIONS)
    moved = {a.path for a in appearances(repository, head, *folders, since=first)}
    late = {post for post in ids if post[:10] >= first.isoformat()}
    return ids & (late | (ids - carried) | set(posts_named(moved)))


# What one post waits for.


@dataclass
class _ReadPost:
    """The archive that a post was read in, and for which times its approvals hold."""

    archive: Archive
    span: Span = EVER
    _judged: tuple[tuple[Finding, ...], Span] = ((), NEVER)
    """What the machine says of the post, and when."""

    def findings(self, post: Post, rulebook: Rulebook, now: datetime) -> tuple[Finding, ...]:
        if not self._judged[1].holds(now):
            clock = Clock(now)
            archive = replace(self.archive, situation=OnDisk(), clock=clock)
            self._judged = judge_post(post, archive, rulebook).findings, clock.span
        return self._judged[0]


@dataclass(frozen=True)
class _Line:
    """A post as it was read where it stands."""

    post: Post
    branch: BranchName
    commit: CommitId
    merged: bool
    reading: _ReadPost

    @property
    def archive(self) -> Archive:
        return self.reading.archive

    @property
    def approvals(self) -> evidence.Approvals:
        return self.archive.approvals[self.post.id]

    @property
    def steps(self) -> tuple[evidence.Review, ...]:
        """The verified decisions on the present revision, in order."""
        states = (self.approvals.states[step] for step in evidence.Step)
        return tuple(
            s.review for s in states if not isinstance(s, evidence.Missing | evidence.Rejected)
        )


def _item(line: _Line, times: Mapping[str, int], rulebook: Rulebook, now: datetime) -> WaitingPost:
    post, archive, steps = line.post, line.archive, line.steps
    accounts = still_to_carry(post, archive)
    state, step, reason, remedy = _state(line, accounts)
    takers = tuple(_takers(line, state, step, now))
    if state is WaitState.STEP and step and not takers:
        name = evidence.STEP_NAMES[step]
        reason = say("No one may take {step}: all who hold its role made this post"
                     " or took another step.", step=name)  # fmt: skip
        remedy = say("Have somebody else entered in people.yml and roster.yml.")
    commits = [times[h.commit] for h in post.handlers if h.commit in times]
    since = datetime.fromtimestamp(max(commits), SHANGHAI) if commits else None
    return WaitingPost(
        post, line.branch, line.commit, state, step, takers, steps,
        steps[-1].signed_at if steps else since,
        accounts, line.merged, reason, remedy, archive,
        partial(line.reading.findings, post, rulebook, now),
    )  # fmt: skip


def still_to_carry(post: Post, archive: Archive) -> tuple[AccountId, ...]:
    """The accounts of a post that never carried it, and those that show what it said before it was
    changed. One that it has no more is to take it down, which is no publication."""
    carried = archive.publications_of(post.id)
    carriers = {p.account for p in carried}
    again = () if post.ended else behind(carried, post.revision)
    first = (a for a in post.accounts if a not in carriers)
    return (*first, *(a for a in again if a in post.accounts))


def _state(
    line: _Line, accounts: tuple[AccountId, ...]
) -> tuple[WaitState, evidence.Step | None, Message | None, Message | None]:
    """Where a post stands, at which step, what is in its way, and what to do."""
    if local(line.branch).startswith(DRAFTS):
        return WaitState.DRAFT, None, say("is being written; not submitted yet"), None
    for stray in line.approvals.stray:
        return WaitState.STRAY, None, stray.reason, stray.remedy
    for step in evidence.Step:
        state, name = line.approvals.states[step], evidence.STEP_NAMES[step]
        if isinstance(state, evidence.Missing):
            return WaitState.STEP, step, None, None
        if isinstance(state, evidence.Rejected):
            reason = say("{path}: {what}", path=name, what=state.reason)
            return WaitState.REJECTED, step, reason, state.remedy
        if isinstance(state, evidence.Returned):
            person = line.archive.registers.name_of(state.review.reviewer)
            reason = say("returned at {step} by {person}", step=name, person=person)
            return WaitState.RETURNED, step, reason, state.remedy
    if not line.merged:
        reason = say("approved; waits to be merged, and is published after that")
        return WaitState.MERGE, None, reason, None
    if not accounts or line.post.withdrawn:
        return WaitState.PUBLISHED, None, say("published"), None
    old = behind(line.archive.publications_of(line.post.id), line.post.revision)
    names = say_names([line.archive.registers.called(account) for account in accounts])
    reason = say("approved; waits for publication on {account}", account=names)
    if {*accounts} <= {*old}:
        reason = say("approved; the change waits to be carried by {account}", account=names)
    return WaitState.PUBLICATION, None, reason, None


def _takers(
    line: _Line, state: WaitState, step: evidence.Step | None, now: datetime
) -> Iterable[Assignee]:
    """Who may act next: of a review, none who made the post or took another step of it."""
    registers = line.archive.registers
    made = makers(line.post, registers)
    if state is WaitState.STEP and step:
        free = step not in evidence.REVIEW_STEPS or may_prepare(step, local_date(now), registers)
        barred = frozenset() if free else made
        if step in evidence.REVIEW_STEPS:
            barred |= {review.reviewer for review in line.steps}
        able = entitled(step, registers, now)
        takers = (Assignee(p, leader) for p, leader in able if p.id not in barred)
        return sorted(takers, key=lambda taker: (taker.acting_for, taker.person.name))
    if state in (WaitState.MERGE, WaitState.PUBLICATION):
        return map(Assignee, operators(registers, local_date(now)))
    if state is WaitState.PUBLISHED:
        return ()
    return (Assignee(person) for person in registers.people.values() if person.id in made)


# What is read of commits, and cached as long as the process runs.

_Unread = list[tuple[BranchName, Message]]


@dataclass(frozen=True)
class _Spots:
    """Where posts are newest, by names and git objects alone."""

    posts: Mapping[CommitId, Collection[PostId]]
    """Commit → ids of the posts."""
    main: Collection[PostId]
    """Those to be read on main."""
    unread: _Unread


@dataclass
class _Reader:
    """Reads posts of any commit by what main judges with; a post is read once for its bytes.

    Its approvals depend on the time as well: they are verified again outside the span for which
    they hold.
    """

    repository: Repository
    _base: CommitId = NO_COMMIT
    """Main's last commit, when it was looked at last."""
    _changed: dict[str, str] = field(default_factory=dict)
    """Post → the last of these commits that changed it or what is recorded of it."""
    _recent: tuple[object, frozenset[PostId]] = (None, frozenset())
    """(day, what `may_wait` gave on it, and what changed on main since)."""
    _spots: tuple[object, _Spots] = (None, _Spots({}, (), []))
    _posts: dict[tuple[object, str], _ReadPost] = field(default_factory=dict)
    """By what a reading depends on, and the post."""
    _made: dict[str, set[Handler]] = field(default_factory=dict)
    """Folder of a post → who touched it on main up to `_base`."""
    _times: dict[str, int] = field(default_factory=dict)

    trusted: Trusted = field(init=False)

    def lines(self, every: Branches, base: CommitId, now: datetime) -> tuple[list[_Line], _Unread]:
        """The posts where they are newest, and the branches left unread."""
        self._follow(base)
        key = base, every.commits, local_date(now)
        if self._spots[0] != key:
            before = self._spots[1].posts.keys()
            self._spots = key, self._look(every, base, now)
            for gone in before - self._spots[1].posts.keys():
                self.repository.forget(gone)
        spots, cached = self._spots[1], self._posts
        unread, lines = [*spots.unread], []
        self._posts = {}  # what is not read again is dropped
        versions = {p: self._changed.get(p) for p in spots.main}
        on_main = self._read(base, versions, now, cached)
        for commit, posts in spots.posts.items():
            branch = every.ending_at(commit)
            try:
                read = (
                    on_main
                    if commit == base
                    else self._read(commit, dict.fromkeys(posts, commit), now, cached)
                )
                lines += [
                    _Line(post, branch, commit, commit == base, read[p])
                    for p in posts
                    if p in read
                    and (post := read[p].archive.posts[p])
                    and not (commit != base and _overtaken(post, on_main.get(p)))
                ]
            except Fault as fault:
                unread.append((short(branch), fault.message))
        return lines, unread

    def times(self, lines: Iterable[_Line]) -> Mapping[str, int]:
        """Commit → its seconds, at least for those that made posts on which no one signed."""
        wanted = {h.commit for line in lines if not line.steps for h in line.post.handlers}
        self._times |= committed_at(self.repository, sorted(wanted - self._times.keys()))
        return self._times

    def _follow(self, base: CommitId) -> None:
        """Take main's last commit for the base, and note what it changes."""
        if base == self._base:
            return
        repository, before = self.repository, self._base
        paths = None
        if before and repository.holds(before, base):
            paths = [c.path for c in repository.changes(before, base)]
        if paths is None or any(map(governs, paths)):
            self.trusted = pinned(trust(repository.tree(base)), repository, base)
            self._posts = {}
        if paths is None:
            self._made, self._changed, self._recent = {}, {}, (None, frozenset())
        else:
            changed = frozenset(posts_named(paths))
            self._changed |= dict.fromkeys(changed, base)
            self._recent = self._recent[0], self._recent[1] | changed
            self._note_makers(base)
            repository.forget(before)
        self._base = base

    def _note_makers(self, base: CommitId) -> None:
        """Note who made what came to main since the last base."""
        since = GitHistory(self.repository, self._base, lambda _: False, base)
        before = self.repository.tree(self._base).files
        for folder, people in since.handlers(base, [POSTS]).items():
            if folder in self._made or not before.under(f"{folder}/"):
                self._made[folder] = self._made.get(folder, set()) | people

    def _look(self, every: Branches, base: CommitId, now: datetime) -> _Spots:
        repository, tips = self.repository, {*every.commits.values()}
        main, onward = repository.tree(base), ahead(repository, base, tips | {base})
        reach = {tip: onward.reach(tip) for tip in sorted(tips | {base})}
        newest = {tip: _newest(onward, reach, tip) for tip in reach}
        if self._recent[0] != local_date(now):
            self._recent = local_date(now), may_wait(repository, base, now)
        waits = self._recent[1]
        stands = states_of(main, frozenset().union(*newest.values()))
        posts: dict[CommitId, Collection[PostId]] = {base: waits}
        states, unread = {*states_of(main, newest[base]).values()}, []
        for tip in sorted(reach.keys() - {base}):
            try:
                own = states_of(repository.tree(tip), newest[tip])
            except Fault as fault:
                unread.append((short(every.ending_at(tip)), fault.message))
                continue
            posts[tip] = [p for p in own if own[p] not in {*states, stands[p]}]
            states.update(own.values())
        both = waits | {p for some in posts.values() for p in some if stands.get(p)}
        return _Spots(posts, both, unread)

    def _read(
        self,
        commit: CommitId,
        marks: Mapping[PostId, object],
        now: datetime,
        cached: Mapping[tuple[object, str], _ReadPost],
    ) -> dict[PostId, _ReadPost]:
        """Post → its reading, of those that the commit holds. `marks`: post → what its reading
        depends on."""
        hits = {p: cached.get((mark, p)) for p, mark in marks.items()}
        read = {p: hit for p, hit in hits.items() if hit and hit.span.holds(now)}
        if missing := marks.keys() - read.keys():
            tree = self.repository.tree(commit)
            history = GitHistory(self.repository)
            handled = self._handlers(commit, missing)
            archive = assemble(
                self.trusted, tree, OnBranch(), Clock(now), handled, missing, history=history
            )
            for post in sorted(missing & archive.posts.keys()):
                _, span = archive.clock.tracked(partial(archive.approvals.__getitem__, post))
                read[post] = _ReadPost(archive, span)
        self._posts.update({(marks[p], p): hit for p, hit in read.items()})
        return read

    def _handlers(self, commit: CommitId, posts: Collection[PostId]) -> Mapping[str, set[Handler]]:
        """Folder of a post → who touched it. All of main's history is walked for posts that it
        holds and that were not asked for before."""
        repository, folders = self.repository, set(map(home, posts))
        stands = self.repository.tree(self._base).files
        if new := {f for f in folders - self._made.keys() if stands.under(f"{f}/")}:
            people = GitHistory(repository, base=self._base).handlers(self._base, sorted(new))
            self._made |= {f: set() for f in new} | dict(people)
        own = GitHistory(repository, self._base, lambda _: False, self._base)
        ahead_of_main = own.handlers(commit, sorted(folders)) if commit != self._base else {}
        return {f: self._made.get(f, set()) | set(ahead_of_main.get(f, ())) for f in folders}


_reader_of: PerRun[Repository, _Reader] = PerRun(_Reader)


def _newest(
    onward: Ahead, reach: Mapping[CommitId, frozenset[CommitId]], tip: CommitId
) -> frozenset[PostId]:
    """The posts that a branch touches and that no branch beyond it touches again."""
    beyond = (commits - reach[tip] for commits in reach.values() if tip in commits)
    return onward.posts(reach[tip]).difference(*map(onward.posts, beyond))


def _overtaken(post: Post, main: _ReadPost | None) -> bool:
    """Whether main holds a post confirmed at this revision or a later one."""
    if main is None or not main.archive.approvals[post.id].complete:
        return False
    return main.archive.posts[post.id].revision >= post.revision
