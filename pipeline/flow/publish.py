"""Build the public archive of what stands on main (design.md §8)."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path

from pipeline.engine import judge_periods
from pipeline.errors import Fault
from pipeline.evidence.counted import counted
from pipeline.evidence.log import prove
from pipeline.evidence.merkle import root
from pipeline.evidence.tiles import blocks
from pipeline.flow.changes import Means
from pipeline.flow.channels import Channels
from pipeline.flow.governance import governance
from pipeline.flow.kept_log import KeptLog, Outline
from pipeline.flow.lazy import Lazy
from pipeline.flow.ledger import said
from pipeline.flow.log import (
    block_files,
    checkpoint_note,
    not_extended,
    origin_of,
    other_files,
    publication_log,
    verifier_key,
)
from pipeline.flow.replay import Line, erased, replay_since
from pipeline.flow.stand import Standing, let_go, shown, stand
from pipeline.flow.stood import Keep, Stood
from pipeline.flow.trusted import When
from pipeline.model.archive import Archive
from pipeline.model.cards import Card
from pipeline.model.evidence import Approvals
from pipeline.model.findings import say
from pipeline.model.log import Log
from pipeline.model.posts import Post
from pipeline.model.reports import EXIT_REFUSE, Report
from pipeline.model.volumes import Shown, bound
from pipeline.render.app import feed_item
from pipeline.report.language import Translate
from pipeline.site.build import Plan, build, build_shard
from pipeline.site.inputs import BuildReport, SiteInput, SiteLog
from pipeline.site.parcels import Shard
from pipeline.site.shelf import Shelf
from pipeline.source.posts import read_post
from pipeline.source.records import signed_files
from pipeline.source.repository import Repository
from pipeline.source.sealed import Sealed


@dataclass(frozen=True)
class Built:
    """What came of a build; `site` is None when the archive was refused and the old one stays."""

    report: Report
    site: BuildReport | None
    left_out: tuple[str, ...]
    """Posts that stand but wait: for their time, or for a review."""


@dataclass(frozen=True)
class Order:
    """What to build, where, and with whose key."""

    out: Path
    work: Path
    """Where the shell is made, and kept when `means` has no place for it."""
    plan: Plan = field(default_factory=Plan)
    shard: Shard | None = None
    """Make only this share, into a parcel in `out`."""
    root: str = ""
    """sha256 of the first roster, given from outside."""
    log_key: bytes | None = None
    """OpenSSH private key that signs the log's checkpoint."""
    means: Means = field(default_factory=Means)
    """How many processes, and where to keep what the next build need not judge again."""
    after: bytes | None = None
    """The checkpoint that was published last, when the old site is not in `out`."""


def build_site(repository: Repository, head: str, when: When, order: Order, tr: Translate) -> Built:
    """Judge the history up to a commit and what stands there and, unless refused, build the site.

    A refusal on main means that something got in unseen: the old site stays (threats A20).
    """
    gone, means = erased(repository, head), order.means
    keep = Keep.of(means.sealed, (gone[post] for post in sorted(gone)))
    past = keep.read()
    standing = stand(repository, head, when, means, past)
    line = replay_since(repository, head, when, order.root, gone, means, past)
    archive, rulebook = standing.archive, standing.trusted.rulebook
    verdicts = (*line.verdicts, *standing.judged.values())  # what is kept refuses nothing
    report = Report("build", archive.as_of, head, head, verdicts, rulebook)
    if report.exit_code == EXIT_REFUSE:
        return Built(replace(report, verdicts=(*line.verdicts, *standing.verdicts)), None, ())
    log, kept = _log(repository, head, standing, means.sealed)
    if kept and (len(standing.judged) > 1 or past.commit != head):
        keep.write(_stood(head, standing, line, kept.plus(log)))
    site = site_input(head, standing, log, tr, order.log_key, means.sealed)
    objection = site.log.objection(order.after) if site.log and order.after is not None else None
    if objection:
        raise Fault(objection, say("Compare main with a clone that others hold."))
    waiting = archive.posts.keys() - site.archive.posts.keys()
    return Built(report, _built(site, order), tuple(sorted(waiting)))


def _log(
    repository: Repository, head: str, standing: Standing, sealed: Sealed | None
) -> tuple[Log, KeptLog | None]:
    """The log, and what is kept of an earlier one; None: nothing is kept anywhere."""
    past, origin = standing.since.past, origin_of(standing.archive.registers)
    anew = cache(partial(publication_log, repository, past.commit, origin))
    kept = KeptLog(past.commit, past.log, sealed, anew) if sealed else None
    return publication_log(repository, head, origin, kept), kept


def _stood(head: str, standing: Standing, line: Line, log: Outline) -> Stood:
    """What the next build need not find out again."""
    return Stood(
        head,
        line.genesis,
        governance(standing.tree),
        said(standing.archive.registers.policy.archive),
        line.low,
        line.high,
        frozenset(standing.heard.kinds),
        frozenset(standing.heard.members),
        standing.ever,
        standing.rows,
        standing.archive.publications,
        log,
    )


def site_input(
    head: str,
    standing: Standing,
    log: Log,
    tr: Translate,
    log_key: bytes | None = None,
    sealed: Sealed | None = None,
) -> SiteInput:
    """What the site is made of, out of what stands at a commit and its verdicts."""
    archive, rulebook, cards = standing.archive, standing.trusted.rulebook, shown(standing)
    tree = standing.tree
    theme = (*tree.files.under("site/"), "mkdocs.yml")
    public = _public(standing, cards)
    return SiteInput(
        archive=public,
        rulebook=rulebook,
        volumes=bound(
            {p: Shown(c, standing.rows[p].counts, place_of(log, c)) for p, c in cards.items()},
            archive.publications,
        ),
        duties=judge_periods(archive, rulebook),
        media=tree.read,
        expect=tree.expect,
        prepare=tree.prepare,
        done=partial(let_go, public),
        gettext=tr,
        feed_item=feed_item,
        revision=head,
        theme={p: tree.read(p) for p in theme if p in tree.files},
        shelf=Shelf(sealed.read, sealed.write) if sealed else None,
        log=_site_log(log, head, log_key),
    )


def place_of(log: Log, card: Card) -> tuple[int, int] | None:
    """Where a post's confirmation is in the log: index, and size of the earliest tree with it."""
    index = log.places.get(card.confirmed)
    return None if index is None else (index, log.leaves[index].since)


def _public(standing: Standing, cards: Mapping[str, Card]) -> Archive:
    """What the site shows, each post read when its page is made."""
    posts = Lazy(cards, partial(_post, standing, cards))
    return replace(
        standing.archive,
        posts=posts,
        approvals=Lazy(cards, partial(_steps, standing, cards)),
        renditions=Channels(posts, standing.archive.registers),
    )


def _post(standing: Standing, cards: Mapping[str, Card], post: str) -> Post:
    """A post that is shown, read as its card names its files: none was looked for but these."""
    files = cards[post].files
    folder = "/".join(files[0][0].split("/")[:4])
    read = read_post(standing.tree, folder, [p for p, _ in files], standing.trusted.front_matter)
    same = tuple(sorted(read.manifest.items())) == files
    return read if same else standing.archive.posts[post]


def _steps(standing: Standing, cards: Mapping[str, Card], post: str) -> Approvals:
    """The steps of a post that is shown: verified here, unless its card was made of these bytes."""
    reviews = cards[post].reviews
    files = signed_files(standing.tree, (p for r in reviews for p in (r, f"{r}.sig")))
    known = counted(cards[post], files, standing.trusted.statements["review"])
    return known or standing.archive.approvals[post]


def _built(site: SiteInput, order: Order) -> BuildReport:
    if order.shard:
        return build_shard(site, order.out, order.work, order.shard, order.plan.processes)
    return build(site, order.out, order.work, order.plan)


def _site_log(log: Log, head: str, key: bytes | None) -> SiteLog:
    return SiteLog(
        origin=log.origin,
        size=log.size,
        root=b64encode(root(log.levels)).decode(),
        prove=partial(prove, log),
        blocks=blocks(log),
        block=partial(block_files, log),
        others=partial(other_files, log),
        note=lambda manifest: checkpoint_note(log, manifest, head, key),
        objection=partial(not_extended, log),
        verifier=verifier_key(log, key) if key else "",
    )
