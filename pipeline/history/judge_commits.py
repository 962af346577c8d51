"""Judge the changes of main, each by itself: those not judged before, in several processes.

A change is judged by the registers of its parent, whatever became of other changes; what that
means for main, `replay` decides.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from pipeline.evidence.log.merkle import Log
from pipeline.history.delta import Delta, delta_since, judge_rows, touched_by
from pipeline.judge.archive_at import Scope, archive_of, assemble, version_of
from pipeline.judge.judge_posts import Judges, judge_all, judge_one, one_by_one
from pipeline.judge.judgements import change_report, standing
from pipeline.judge.load_governance import (
    Trusted,
    When,
    governance,
    governs,
    is_stable,
    pinned,
    trust,
)
from pipeline.law.engine import judge_governance
from pipeline.memo.read_posts import Leave, PostStore
from pipeline.memo.snapshot import (
    NOTHING,
    PostRow,
    Snapshot,
    Year,
    YearPublications,
    YearRows,
    Years,
    rows_of,
)
from pipeline.memo.store import SealedStore
from pipeline.memo.verdict_cache import CommitVerdicts, Ledger
from pipeline.model.archive import Archive, OnMain
from pipeline.model.calendar import CLOCKS_DIFFER, Clock, Span
from pipeline.model.cards import READ, Card, Shown, Volume, card_of
from pipeline.model.ids import NO_COMMIT, CommitId, PostId
from pipeline.model.law import Rulebook
from pipeline.model.lazy import Lazy
from pipeline.model.part import program
from pipeline.model.records import Expunged
from pipeline.model.registers import NO_POLICY, NO_REGISTERS
from pipeline.model.rendered import Channels
from pipeline.model.reports import Verdict, shared
from pipeline.source.content.paths import RECORDS, paths_of, publication_name
from pipeline.source.content.records import reviews_in
from pipeline.source.git.bulk_history import BulkHistory, dated_back, read_history, times
from pipeline.source.git.history import GitHistory, History, handlers, posts_by_commit, proposed
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import Listing
from pipeline.workers import spread

FEW = 6
"""Up to so many changes, asking git for each is faster than reading all of history."""
_WORTH_A_FORK = 3
"""Changes, of which one may bring a hundred posts."""

Gone = Mapping[PostId, Expunged]


@dataclass(frozen=True)
class Means:
    """How to look at history; no verdict depends on it."""

    store: SealedStore | None = None
    """Where passing verdicts are stored from run to run."""
    processes: int = 1


@dataclass(frozen=True)
class MainLine:
    """Commits of main that are judged in one run, and what judges them."""

    repository: Repository
    commits: Sequence[CommitId]
    when: When
    gone: Gone
    """The posts that signatures erase."""
    ledger: Ledger
    """What it holds is not judged again; what is judged goes into it."""
    means: Means
    cards: dict[str, Card] = field(default_factory=dict)
    """`version_of` → card, of posts judged by the governance that stands at the end."""


@dataclass(frozen=True)
class Prior:
    """What earlier runs established of history."""

    entered: Mapping[CommitId, datetime]
    """When each of the changes came to main."""
    genesis: CommitId = NO_COMMIT
    """The first commit of all, when the first of the commits is not."""
    commit: CommitId = NO_COMMIT
    """The first of the commits, when an earlier run judged it, and history up to it."""
    ever_held: Callable[[str], bool] = lambda _folder: True
    """Whether history up to it ever held a post's folder."""
    history: BulkHistory | None = None
    """All changes of main, if they were read already."""


@dataclass(frozen=True)
class _Answer:
    """The judgement of one change."""

    verdicts: tuple[Verdict, ...]
    span: Span
    touched: frozenset[PostId] = frozenset()
    """The posts whose earlier rows it makes stale."""
    rows: tuple[PostRow, ...] = ()
    cards: Mapping[str, Card] = field(default_factory=dict)


@dataclass(frozen=True)
class JudgingContext:
    """What the judgement of every change needs."""

    line: MainLine
    governance: Sequence[str]
    """Digest of the registers that stand at each commit."""
    trusted: Mapping[str, Trusted]
    """Such digest → the registers as judges, of those that are needed."""
    history: History
    passed: Mapping[str, Collection[str]]
    """Commit of main → folders of the posts that it, or what it merged, touched; may be empty."""
    entered: Mapping[CommitId, datetime]
    back: frozenset[str]
    """Commits of main that are dated before what stood there."""
    rows: bool
    """Whether the rows of posts are wanted."""


def judged_changes(
    line: MainLine, prior: Prior | None = None, rows: dict[PostId, PostRow] | None = None
) -> list[CommitVerdicts]:
    """The verdicts on every change, in order, from the ledger where it holds them for this time.

    `rows` is given those of posts as they stand, where the last change that touched a post was
    judged now, by the governance that stands at the end.
    """
    commits, ledger, time = line.commits, line.ledger, stated_time(line.when)
    cached = {c: one for c in commits if (one := ledger.get(c, time)) is not None}
    todo = [number for number, commit in enumerate(commits) if commit not in cached]
    if todo:
        prior = prior or Prior(times(line.repository, commits[-1]))
        past = _past(line, cached, todo, prior, rows is not None)
        whole = -1  # up to here `rows` is
        for number, answer in zip(todo, _all(todo, past), strict=True):
            line.cards.update(answer.cards)
            policy = _judge(number, past).registers.policy.archive
            cached[commits[number]] = ledger.add(
                commits[number], answer.verdicts, past.governance[number], policy, answer.span
            )
            if rows is not None:
                if number != whole + 1:  # which posts the changes between touched is not known
                    rows.clear()
                whole = number
                for post in answer.touched:
                    rows.pop(post, None)
                rows.update((row.card.id, row) for row in answer.rows)
        if rows is not None and whole + 1 != len(commits):
            rows.clear()
    return [cached[c] for c in commits]


def judge_at(repository: Repository, commit: CommitId, gone: Gone) -> Trusted:
    """The registers that stand at a commit, as judges."""
    return replace(pinned(trust(repository.tree(commit)), repository, commit), expunged=gone)


def _past(
    line: MainLine,
    cached: Mapping[CommitId, CommitVerdicts],
    todo: Sequence[int],
    prior: Prior,
    rows: bool,
) -> JudgingContext:
    repository, commits = line.repository, line.commits
    bulk = prior.history or (read_history(repository, commits[-1]) if len(todo) > FEW else None)
    governance = _governance_of(repository, commits, cached, bulk)
    first = {digest: number for number, digest in reversed(list(enumerate(governance)))}
    needed = {governance[max(0, number - 1)] for number in todo}
    trusted = {d: judge_at(repository, commits[first[d]], line.gone) for d in sorted(needed)}
    return JudgingContext(
        line,
        governance,
        trusted,
        bulk or GitHistory(repository, prior.commit, prior.ever_held),
        posts_by_commit(bulk) if bulk else {},
        prior.entered,
        dated_back(repository, prior.entered, CLOCKS_DIFFER),
        rows,
    )


def _governance_of(
    repository: Repository,
    commits: Sequence[CommitId],
    cached: Mapping[CommitId, CommitVerdicts],
    bulk: BulkHistory | None,
) -> list[str]:
    """Of each commit; only a change that touches what governs makes another digest."""
    digests: list[str] = []
    for number, commit in enumerate(commits):
        if commit in cached:
            digests.append(cached[commit].governance)
        elif bulk and number and not any(map(governs, bulk.paths(commit))):
            digests.append(digests[-1])
        else:
            digests.append(governance(repository.tree(commit)))
            repository.forget(commit)
    return digests


def _judge(number: int, past: JudgingContext) -> Trusted:
    return past.trusted[past.governance[max(0, number - 1)]]


def _all(numbers: Sequence[int], past: JudgingContext) -> list[_Answer]:
    seen: dict[Any, Any] = {}
    genesis = [_genesis(past)] if numbers[0] == 0 else []
    later, judge = [n for n in numbers if n], partial(_change, past=past, seen=seen)
    passed, commits, processes = past.passed, past.line.commits, past.line.means.processes
    some = [n for n in later if passed.get(commits[n])]
    first = None if some and processes > 1 and len(later) >= _WORTH_A_FORK else 0
    if first is None:  # a whole change may bring a hundred posts, and no worker begins before
        _change(some[0], past, seen, alone=True)  # no later one: workers list files from there on
    return genesis + spread(later, judge, processes, few=_WORTH_A_FORK, first=first)


def _genesis(past: JudgingContext) -> _Answer:
    """What stood at the beginning, as one change against itself."""
    line = past.line
    archive, trusted = standing(line.repository, line.commits[0], line.when, line.gone)
    return _Answer(judge_all(archive, trusted.rulebook, line.means.processes), archive.clock.span)


def _change(
    number: int, past: JudgingContext, seen: dict[Any, Any], *, alone: bool = False
) -> _Answer:
    """`alone`: as if the change brought the first of its posts and nothing else."""
    line = past.line
    parent, commit = line.commits[number - 1], line.commits[number]
    judge = _judge(number, past)
    clock = Clock(line.when(judge.registers))
    proposal = proposed(line.repository, parent, commit, past.history, past.passed.get(commit))
    proposal = proposal.of_one_post if alone else proposal
    rows: list[PostRow] = []
    left: list[tuple[Card, object]] = []
    cards: dict[str, Card] = {}
    judges: Judges = one_by_one
    if past.governance[number - 1] == past.governance[-1]:
        if not past.rows:
            judges = partial(_with_cards, cards, proposal.after)
        elif is_stable(judge):
            judges = partial(_with_rows, rows, seen, lambda *one: left.append(one))
    report = change_report(
        line.repository,
        proposal,
        clock,
        judge,
        past.entered[commit],
        back=commit in past.back,
        judges=judges,
    )
    PostStore(line.means.store, past.governance[-1]).leave(READ, left)
    touched: frozenset[PostId] = frozenset()
    if past.rows:
        before = line.repository.tree(parent)
        touched = proposal.touched | touched_by(proposal.changes, before, proposal.after, judge)
    verdicts = tuple(shared(report.verdicts, seen))
    return _Answer(verdicts, clock.span, touched, tuple(rows), cards)


def _with_cards(
    cards: dict[str, Card], after: Tree, archive: Archive, rulebook: Rulebook
) -> Callable[[PostId], Verdict]:
    """Judges posts, and collects their cards for the duties of the day."""

    def judge(post: PostId) -> Verdict:
        verdict = judge_one(post, archive, rulebook)
        cards[version_of(after, post)] = card_of(archive.posts[post])
        return verdict

    return judge


def _with_rows(
    rows: list[PostRow], seen: dict[Any, Any], leave: Leave, archive: Archive, rulebook: Rulebook
) -> Callable[[PostId], Verdict]:
    """Judges posts, and collects the rows of those that are judged alike once they stand."""
    judge_row = judge_rows(archive, rulebook, seen, leave)

    def judge(post: PostId) -> Verdict:
        verdict, row = judge_row(post)
        if row and row.queries.kinds <= program().with_posts and post not in archive.expunged:
            rows.append(row)
        return verdict

    return judge


def stated_time(when: When) -> Callable[[Mapping[str, Any]], datetime]:
    """The time of a run by a policy's `archive` section, which is all it depends on."""
    return lambda archive: when(replace(NO_REGISTERS, policy=replace(NO_POLICY, archive=archive)))


REGISTERS = ""
"""Key of the verdict on registers and records in `Standing.judged`."""


@dataclass(frozen=True)
class Standing:
    """What stands at a commit."""

    archive: Archive
    """At the time of the run; a post is read lazily."""
    trusted: Trusted
    tree: Tree
    """Its files; it caches what the archive reads and lists."""
    judged: Mapping[str, Verdict]
    """Verdicts made in this run, and the one on registers and records."""
    years: Years
    """The rows of the posts that may be published, and of all publications."""
    delta: Delta
    """What an earlier run judged, and what came since."""
    left: PostStore
    """What was read of the posts that may be published."""

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Of every post by id, then of the registers and records."""
        posts = (self.judged.get(i) or self.rows[i].verdict for i in sorted(self.archive.posts))
        return (*posts, self.judged[REGISTERS])

    @cached_property
    def rows(self) -> Mapping[PostId, PostRow]:
        """By id, of the posts that may be published."""
        return rows_of(self.years)

    @property
    def due(self) -> Years:
        """The same, of the posts whose time to be published has come."""
        now = self.archive.clock.as_given
        return {name: year.until(now) for name, year in self.years.items()}

    def placed(self, log: Log, *, anew: bool = False) -> "Standing":
        """The same, each post that has none yet, or all of them `anew`, with its place in the
        log."""
        return replace(self, years={n: _placed(y, log, anew) for n, y in self.years.items()})

    def uncounted(self, post: PostId) -> list[tuple[str, str]]:
        """Paths of the publication records of a post that do not count, with the object ids
        of their bytes."""
        year = self.years.get(post[:4])
        rows = sorted(year.rows.uncounted.items()) if year else ()
        return [(path, objects) for path, objects in rows if publication_name(path)[2] == post]


@dataclass(frozen=True)
class Unjudged:
    """What stands at a commit, not judged yet: its records are read, and its posts are not."""

    archive: Archive
    trusted: Trusted
    tree: Tree
    delta: Delta
    governance: str

    def judge(self, means: Means, replayed: Mapping[PostId, PostRow]) -> Standing:
        """Judge the posts without a row that holds, and the registers and records.

        `replayed`: rows that the replay of this run made, by the governance that stands.
        """
        same = {i: row for i in self.delta.todo if (row := replayed.get(i)) and self._holds(row)}
        todo = self.delta.todo - same.keys()
        left = PostStore(means.store, self.governance)
        fresh = _judged(self.archive, self.trusted, todo, means.processes, left)
        new = {i: row for i, (_, row) in fresh.items() if row}
        seen: dict[Any, Any] = {}  # rows of another process share nothing
        made = {
            i: replace(row, verdict=shared([row.verdict], seen)[0])
            for i, row in (same | new).items()
        }
        years = _grown(self.delta.years, made)
        rows, may_state = rows_of(years), partial(_stating, self.delta.ids, years)
        cards = Lazy(rows, lambda post: rows[post].card)
        archive = replace(self.archive, cards=cards, may_state=may_state)
        judged: dict[str, Verdict] = {i: row.verdict for i, row in same.items()}
        judged |= {i: verdict for i, (verdict, _) in fresh.items()}
        judged[REGISTERS] = judge_governance(archive)
        left = replace(left, cards=cards)
        return Standing(archive, self.trusted, self.tree, judged, years, self.delta, left)

    def _holds(self, row: PostRow) -> bool:
        """Whether the verdict on a change is the one on what stands: nothing touched the post or a
        record of it since, so what it looked up elsewhere and the time decide."""
        archive, asked = self.archive, row.queries
        return (
            row.span.holds(archive.clock.as_given)
            and row.card.id not in archive.expunged
            and all(
                (member in archive.post_ids or member in archive.addresses)
                is (member not in asked.missing)
                for member in asked.members
            )
        )


def unjudged_at(
    repository: Repository,
    head: CommitId,
    when: When,
    past: Snapshot,
    history: BulkHistory | None = None,
) -> Unjudged:
    """Look up what stands at a commit, and what of it an earlier build judged.

    `history`: all changes up to `head`, if they were read already.
    """
    tree = repository.tree(head)
    _listed(tree.files, whole=not past.commit)
    trusted = pinned(trust(tree), repository, head)
    now = when(trusted.registers)
    governing = governance(tree)
    same = past.governance == governing
    delta = delta_since(repository, tree, trusted, past if same else NOTHING, now, history)
    archive = _archive(repository, delta, trusted, tree, Clock(now))
    return Unjudged(archive, trusted, tree, delta, governing)


def _archive(
    repository: Repository, delta: Delta, trusted: Trusted, tree: Tree, clock: Clock
) -> Archive:
    """All that stands: what holds from an earlier run, and what is to be judged."""
    if delta.before is None:
        return assemble(trusted, tree, OnMain(), clock, delta.handled)
    todo, paths = delta.todo, delta.paths or []
    folders = paths_of(tree.files, delta.posts.where(todo, delta.posts.years))
    listed = delta.reviews.where(delta.touched | todo, delta.reviews.years)
    read = [year for year in delta.years.values() if not year.key]  # of others no post went
    changed = {change.path for change in delta.changes}
    untouched = [each for each in delta.past.corrections if each.path not in changed]
    scope = Scope(
        folders,
        delta.ids,
        reviews_in(tree.files, listed),
        YearPublications(delta.years, [p for year in read for p in year.rows.publications]),
        delta.problems,
        lambda records: records.since(paths, untouched),
        paths,
        alone=delta.ids,
    )
    handled = dict(delta.handled)
    if earlier := [f for f in folders if delta.ever_held(f) or f not in handled]:
        handled |= handlers(repository, tree.oid, earlier)
    return archive_of(trusted, tree, OnMain(), clock, handled, scope)


def _grown(years: Years, made: Mapping[PostId, PostRow]) -> Years:
    """The same with more rows of posts."""
    several = dict(years)
    for name in {post[:4] for post in made}:
        old = years[name].rows if name in years else YearRows()
        posts = {**old.posts, **{i: row for i, row in made.items() if i[:4] == name}}
        several[name] = Year.of(old._replace(posts=dict(sorted(posts.items()))))
    return several


def _stating(ids: frozenset[PostId], years: Years, key: str) -> Set[PostId]:
    """Posts that may state one of `cards.RARE`: rows say it, and any other post may."""
    others = ids.difference(*(year.ids for year in years.values()))
    return others.union(*(year.rare[key] for year in years.values()))


def posts_by_year(due: Years) -> tuple[Volume, ...]:
    """The posts that are shown, by the years of their ids."""
    return tuple(
        Volume(name, year.mark, Lazy(dict.fromkeys(sorted(year.ids)), partial(_shown, year)))
        for name, year in sorted(due.items())
        if year.ids
    )


def _shown(year: Year, post: PostId) -> Shown:
    return year.rows.posts[post].shown


def _placed(year: Year, log: Log, anew: bool) -> Year:
    if year.placed and not anew:
        return year
    posts = dict(year.rows.posts)
    for i, row in posts.items():
        index = log.places.get(row.card.confirmed) if anew or not row.position else None
        if index is not None:
            posts[i] = replace(row, position=(index, log.leaves[index].since))
    return Year.of(year.rows._replace(posts=posts))


def _listed(files: Listing, *, whole: bool) -> None:
    """List in one git command what every build looks at, whatever changed; records for the
    `whole`."""
    kinds = (k for k in files.folders(RECORDS) if k != "publications") if whole else ()
    files.complete("schemas", "content/registers", "site", *(f"{RECORDS}{k}" for k in kinds))


def _judged(
    archive: Archive, trusted: Trusted, todo: Iterable[PostId], processes: int, left: PostStore
) -> dict[PostId, tuple[Verdict, PostRow | None]]:
    """Post → its verdict, and its row when it may be published."""
    judge_row = judge_rows(archive, trusted.rulebook, {}, lambda *one: left.leave(READ, [one]))

    def judge(post: PostId) -> tuple[Verdict, PostRow | None]:
        judged = judge_row(post)
        release_post(archive, post)
        return judged

    ordered = sorted(todo)
    return dict(zip(ordered, spread(ordered, judge, processes), strict=True))


def release_post(archive: Archive, post: PostId) -> None:
    """Drop a post from memory: thousands are read in turn, and most are not needed again."""
    for made in (archive.posts, archive.approvals, archive.renditions):
        if isinstance(made, Channels):
            made.drop_post(post)
        elif isinstance(made, Lazy):
            made.drop(post)
