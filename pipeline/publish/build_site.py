"""Build the public archive of what stands on main (design.md .8)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from pipeline.detect.private import private_data
from pipeline.errors import Fault
from pipeline.evidence.log.checkpoint import note_key, read_note
from pipeline.evidence.log.leaves import read_builds
from pipeline.evidence.log.merkle import Leaf
from pipeline.evidence.log.tiles import BUILDS
from pipeline.evidence.review.chain import approvals
from pipeline.evidence.review.statements import Statement, read_statement
from pipeline.history.judge_commits import Means, Standing, posts_by_year, release_post, unjudged_at
from pipeline.history.replay import Replayed, erased, replay_since, roster_digest
from pipeline.judge.change_facts import theme_of
from pipeline.judge.load_governance import When
from pipeline.law.engine import judge_periods
from pipeline.memo.read_posts import PostAsRead
from pipeline.memo.snapshot import NOTHING, LostRow, Snapshot, Years, read_snapshot, rows_of
from pipeline.memo.store import SealedStore
from pipeline.memo.verdict_cache import digest_of, time_settings
from pipeline.model.archive import Archive
from pipeline.model.cards import READ
from pipeline.model.evidence import Approvals, Step
from pipeline.model.findings import EXIT_REFUSE, Finding, say
from pipeline.model.ids import CommitId, PostId, sha256_of
from pipeline.model.lazy import Lazy
from pipeline.model.posts import Post
from pipeline.model.program import Program
from pipeline.model.records import Correction, FiledRecords, filed_under
from pipeline.model.rendered import Channels
from pipeline.model.reports import Report, names_of
from pipeline.publish.publication_log import (
    Builds,
    PublicationLog,
    Seal,
    has_builds,
    own_seal,
    publication_log,
    site_log,
)
from pipeline.report.language import Translate
from pipeline.site.build import Plan, build
from pipeline.site.inputs import BuildReport, Shelf, SiteInput, SiteLog
from pipeline.source.content.paths import POSTS, MemoryTree, home, id_of
from pipeline.source.content.posts import read_post
from pipeline.source.content.records import REVIEWS, correction_digest, paths_under, signed_files
from pipeline.source.git.bulk_history import appearances, read_history
from pipeline.source.git.history import posts_named
from pipeline.source.git.repository import Repository
from pipeline.source.program import running

# The versions of posts that readers saw before a correction, each with its own evidence.
#
# The reviews of every revision stay in the archive and name the digest of each file; history holds
# the bytes. So a version is what three people signed, and not what some commit happened to hold.

_FEW = 8
"""Posts whose history is read one by one; for more, one walk of that of a year costs less."""
Version = tuple[Post, Approvals, Mapping[str, bytes]]
"""Post as it stood, its four steps, the bytes of its files."""


@dataclass
class EarlierVersions:
    """The earlier versions of what stands at a commit. History is read when a page is made."""

    repository: Repository
    head: CommitId
    standing: Standing
    _asked: int = 0
    _walked: dict[str, Mapping[str, Mapping[str, set[str]]]] = field(default_factory=dict)
    _last: dict[str, tuple[SiteInput, ...]] = field(default_factory=dict)

    def of(self, site: SiteInput, post: PostId) -> tuple[SiteInput, ...]:
        """As `SiteInput.earlier`."""
        if post not in self._last:
            self._last = {post: tuple(self._of(site, post))[::-1]}
        return self._last[post]

    def _of(self, site: SiteInput, post: PostId) -> Iterator[SiteInput]:
        """Newest first. Private data that the present version has, too, was published lawfully."""
        archive, present = site.archive, site.archive.posts[post]
        later = archive.approved(post, Step.CONFIRM)
        numbers = range(site.first_shown(present), present.revision)
        blobs = self._blobs(post) if numbers and post not in archive.expunged else {}
        for number in reversed(numbers):
            version = self._version(post, number, blobs)
            if version and later:
                old, steps, contents = version
                was_public = old.publish_at is not None and old.publish_at <= later.signed_at
                private = _private(old)
                if was_public and (not private or private <= _private(present)):
                    yield _alone(site, old, steps, contents)
            later = version[1].approved(Step.CONFIRM) if version else later

    def _version(self, post: PostId, number: int, blobs: Mapping[str, set[str]]) -> Version | None:
        """None unless all four steps of a revision count, and history still holds each file."""
        tree, trusted, reviews = self.standing.tree, self.standing.trusted, f"{REVIEWS}{post[:4]}/"
        schema, last = trusted.statements["review"], f"{reviews}{post}/r{number}/"
        folders = (f"{reviews}{post}/r{n}/" for n in range(1, number + 1))
        files = signed_files(tree, [path for f in folders for path in paths_under(tree, f)])
        confirm = next((f for f in files if f.path == f"{last}{Step.CONFIRM.stem}.json"), None)
        signed = read_statement(confirm, schema) if confirm else None
        if not isinstance(signed, Statement):
            return None
        raws = ((p, self.repository.blob(o)) for p in signed.subject for o in blobs.get(p, ()))
        contents = {p: raw for p, raw in raws if sha256_of(raw) == signed.subject[p]}
        if contents.keys() != signed.subject.keys():
            return None
        old = read_post(MemoryTree(contents), home(post), contents, trusted.front_matter)
        if number > 1:
            old = replace(old, correction=correction_digest(tree, old.correction_path))
        steps = approvals(old, files, trusted.registers, self.standing.archive.clock, schema)
        whole = old.revision == number and not old.invalid and steps.complete
        return (old, steps, contents) if whole else None

    def _blobs(self, post: PostId) -> Mapping[str, set[str]]:
        """Path → git objects of what main ever held of a post."""
        self._asked += 1
        folder = home(post) if self._asked <= _FEW else f"{POSTS}{post[:4]}/"
        if folder not in self._walked:  # posts are asked for year by year
            self._walked = {folder: self._walk(folder)}
        return self._walked[folder].get(post, {})

    def _walk(self, folder: str) -> Mapping[str, Mapping[str, set[str]]]:
        blobs: dict[str, dict[str, set[str]]] = {}
        for one in appearances(self.repository, self.head, folder):
            if one.oid:
                post = id_of("/".join(one.path.split("/")[:4]))
                blobs.setdefault(post, {}).setdefault(one.path, set()).add(one.oid)
        return blobs


def _private(post: Post) -> set[str]:
    """The private data of its texts that no reader could take for anything else (R13-10)."""
    texts = (str(post.document.value), post.body, *post.texts.values())
    return {t[m.start : m.end] for t in texts for m in private_data(t) if m.certain}


def _alone(
    site: SiteInput, post: Post, steps: Approvals, contents: Mapping[str, bytes]
) -> SiteInput:
    """A site of this version alone. Where it was carried, the page of the present one says."""
    archive, posts = site.archive, {post.id: post}
    corrections = archive.corrections_of(post.id)
    return replace(
        site,
        archive=replace(
            archive,
            posts=posts,
            approvals={post.id: steps},
            cards={},
            renditions=Channels(posts, archive.registers),
            publications=(),
            corrections=tuple(c for c in corrections if c.revision <= post.revision),
        ),
        media=lambda path: contents[path] if path in contents else site.media(path),
        uncounted=lambda _post: (),
    )


@dataclass(frozen=True)
class Built:
    """Result of a build; `site` is None when the archive is refused and the old site stays."""

    report: Report
    site: BuildReport | None
    left_out: tuple[str, ...]
    """Posts that stand but wait: for their time, or for a review."""


@dataclass(frozen=True)
class Order:
    """What to build, where, and with whose key."""

    out: Path
    work: Path
    """Where the shell is made."""
    plan: Plan = field(default_factory=Plan)
    root: str = ""
    """sha256 of the first roster, given from outside."""
    log_key: bytes | None = None
    """OpenSSH private key that signs the log's checkpoint."""
    means: Means = field(default_factory=Means)
    """How many processes, and the store of what the next build need not judge again."""
    after: bytes | None = None
    """The checkpoint that was published last, when the old site is not in `out`."""
    builds: bytes | None = None
    """Its list of builds; None: that of the old site in `out`, if any."""
    new_key: bool = False
    """Whether `log_key` may be another than signed `after`."""
    seal: Seal | None = None
    """Use this seal instead of that of `log_key`."""
    program: Program | None = None
    """What the site says that made it; None: the program that runs."""
    anew: bool = False
    """Whether what an earlier build judged counts for nothing."""


def build_site(
    repository: Repository, head: CommitId, when: When, order: Order, tr: Translate
) -> Built:
    """Judge the history up to a commit and what stands there and, unless refused, build the site.

    A refusal on main means that something came in unseen: the old site stays (threats A20).
    """
    try:
        return _built(repository, head, when, order, tr)
    except LostRow:
        return _built(repository, head, when, replace(order, anew=True), tr)


def _built(
    repository: Repository, head: CommitId, when: When, order: Order, tr: Translate
) -> Built:
    means, gone = order.means, erased(repository, head)
    erasures = digest_of(gone[post] for post in sorted(gone))
    past = NOTHING if order.anew else read_snapshot(means.store, erasures)
    history = None if past.commit else read_history(repository, head)
    unjudged = unjudged_at(repository, head, when, past, history)
    # In between: what was read serves the replay, and workers copy what they find in memory.
    line = replay_since(repository, head, when, order.root, gone, means, past, history)
    standing = unjudged.judge(means, line.rows)
    rulebook = standing.trusted.rulebook
    verdicts = (*line.verdicts, *standing.judged.values())  # cached verdicts refuse nothing
    names = names_of(standing.trusted.registers)
    now = standing.archive.clock.as_given
    report = Report("build", now, head, head, verdicts, rulebook, running(), names)
    if report.exit_code == EXIT_REFUSE:
        return Built(replace(report, verdicts=(*line.verdicts, *standing.verdicts)), None, ())
    builds = _builds_before(order)
    before, origin = standing.delta.past, standing.archive.registers.policy.log_name
    other = not has_builds(before.log, builds)
    earlier_log = () if other else (before.commit, before.log, before.levels)
    log = publication_log(repository, head, origin, builds, *earlier_log)
    standing = standing.placed(log, anew=other)
    news = len(standing.judged) > 1 or (past.commit, past.span) != (head, line.span) or other
    if means.store and news:
        _snapshot(head, standing, line, log).save(means.store, erasures)
        if not before.commit:  # else of the rows of all posts, to remove those of a few
            standing.left.tidy()
    due = standing.due
    earlier = EarlierVersions(repository, head, standing).of
    seal = order.seal or own_seal(log.origin, order.log_key)
    _refuse_unless_own(order, log.origin)
    program = order.program or running()
    public_log = site_log(log, Builds(builds, head, now, program), seal)
    site = site_input(head, standing, due, public_log, tr, means.store, earlier)
    root = roster_digest(repository.tree(line.genesis))
    site = replace(site, program=program, root=root)
    objection = public_log.objection(order.after) if order.after is not None else None
    if objection:
        lacks = say("Give the site's log/builds too, with --builds, if it has that file.")
        raise Fault(
            objection, say("Compare main with a clone that others hold.") if builds else lacks
        )
    left_out = tuple(sorted(standing.delta.ids.difference(*(y.ids for y in due.values()))))
    return Built(report, build(site, order.out, order.work, order.plan), left_out)


def _builds_before(order: Order) -> Sequence[Leaf]:
    """The builds that were published. Raises Fault for a list that is none."""
    raw, path = order.builds, order.out / BUILDS
    if raw is None:
        raw = path.read_bytes() if path.is_file() else b""
    rows = read_builds(raw)
    if rows is None:
        raise Fault(say("The list of builds that was given is none."))
    return rows


def _refuse_unless_own(order: Order, origin: str) -> None:
    """Raise Fault when builds from elsewhere would be signed that this key did not sign before.

    Who serves the old site could add a build of their own to the list (threats A23).
    """
    if not order.log_key or not order.builds or order.new_key:
        return
    note = read_note(order.after or b"")
    if note is None or not note.signed_by(note_key(origin, order.log_key)):
        raise Fault(
            say("The published checkpoint is not signed by the log's key, but its builds count."),
            say("Is the key new? Compare the site with a copy, and build with --new-key once."),
        )


def _snapshot(head: CommitId, standing: Standing, line: Replayed, log: PublicationLog) -> Snapshot:
    """What the next build need not judge again."""
    return Snapshot(
        head,
        line.genesis,
        standing.left.governance,
        time_settings(standing.archive.registers.policy.archive),
        line.span,
        line.entered,
        standing.delta.ever(),
        standing.delta.ids.difference(*(year.ids for year in standing.years.values())),
        standing.years,
        tuple(standing.archive.corrections),
        log.leaves,
        log.levels,
    )


def site_input(
    head: CommitId,
    standing: Standing,
    due: Years,
    log: SiteLog,
    tr: Translate,
    store: SealedStore | None = None,
    earlier: Callable[[SiteInput, PostId], tuple[SiteInput, ...]] = lambda site, post: (),
) -> SiteInput:
    """The input of the site: what stands at a commit, with its verdicts.

    `due`: the posts that are shown; `earlier`: as of `SiteInput`.
    """
    rulebook, tree = standing.trusted.rulebook, standing.tree
    left, archive = standing.left, standing.archive
    read = Lazy(rows_of(due), partial(_read, standing))
    public = _public(archive, read)

    def prepare(paths: Iterable[str]) -> None:
        paths = list(paths)
        tree.prepare(paths)
        left.prepare(dict.fromkeys(posts_named(paths)))

    def ask(posts: Iterable[PostId]) -> None:
        unread = left.prepare(posts, (READ,))
        paths = [path for post in unread for path, _ in left.cards[post].files]
        tree.expect(paths)
        tree.prepare(paths)

    def done(post: PostId) -> None:
        read.drop(post)
        for each in public, archive:
            release_post(each, post)

    return SiteInput(
        archive=public,
        rulebook=rulebook,
        volumes=posts_by_year(due),
        duties=judge_periods(
            standing.archive, rulebook, rulebook.updates[1] if rulebook.updates else ()
        ),
        media=tree.read,
        uncounted=standing.uncounted,
        earlier=earlier,
        expect=tree.expect,
        prepare=prepare,
        ask=ask,
        done=done,
        once=left.once,
        gettext=tr,
        revision=head,
        theme=theme_of(tree),
        shelf=Shelf(store.find, store.keep) if store else None,
        log=log,
    )


def _read(standing: Standing, post: PostId) -> PostAsRead:
    """A post that is shown, as it was left by who judged it, or read now."""
    return standing.left.once(READ, post, partial(PostAsRead.of, standing.archive, post))


def _public(archive: Archive, read: Lazy[PostId, PostAsRead]) -> Archive:
    """What the site shows."""
    posts = Lazy(read, lambda post: read[post].post)
    approvals = Lazy(read, lambda post: read[post].approvals)
    renditions = Channels(posts, archive.registers, lambda post: read[post].renditions)
    corrections = _by_post(tuple(archive.corrections))
    return replace(
        archive,
        posts=posts,
        approvals=approvals,
        renditions=renditions,
        corrections=corrections,
    )


def _by_post(every: tuple[Correction, ...]) -> FiledRecords[Correction]:
    """Records by the names of their files. Each page asks for those of its post, and looked through
    the names of all there are for them."""
    stems: dict[str, list[Correction]] = {}
    for each in every:
        stems.setdefault(each.path.rpartition("/")[2].partition(".")[0], []).append(each)

    def of(stem: str) -> tuple[tuple[Correction, ...], tuple[Finding, ...]]:
        return filed_under(stems.get(stem.partition(".")[0], ()), stem), ()

    return FiledRecords(of, lambda: (every, ()))
