"""Build the public archive of what stands on main (design.md §8)."""

import os
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from pipeline.engine import judge_periods
from pipeline.errors import Fault
from pipeline.evidence.log import prove
from pipeline.evidence.merkle import root
from pipeline.flow.assemble import Trusted, When
from pipeline.flow.judge import judge_all, standing
from pipeline.flow.log import (
    checkpoint_note,
    log_files,
    not_extended,
    origin_of,
    publication_log,
    verifier_key,
)
from pipeline.flow.replay import replay
from pipeline.model.archive import Archive
from pipeline.model.findings import Verdict, say
from pipeline.model.log import Log
from pipeline.model.reports import EXIT_REFUSE, Report
from pipeline.render.app import feed_item
from pipeline.report.language import Translate
from pipeline.site.build import Plan, build, build_shard
from pipeline.site.inputs import BuildReport, SiteInput, SiteLog
from pipeline.site.parcels import Shard
from pipeline.source.repository import Repository


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
    """Where the shell is kept."""
    plan: Plan = field(default_factory=Plan)
    shard: Shard | None = None
    """Make only this share, into a parcel in `out`."""
    root: str = ""
    """sha256 of the first roster, given from outside."""
    log_key: bytes | None = None
    """OpenSSH private key that signs the log's checkpoint."""
    after: bytes | None = None
    """The checkpoint that was published last, when the old site is not in `out`."""


def build_site(repository: Repository, head: str, when: When, order: Order, tr: Translate) -> Built:
    """Judge the history up to a commit and what stands there and, unless refused, build the site.

    A refusal on main means that something got in unseen: the old site stays (threats A20).
    """
    archive, trusted = standing(repository, head, when)
    posts = judge_all(archive, trusted.rulebook)
    verdicts = (*replay(repository, head, when, order.root), *posts)
    report = Report("build", archive.as_of, head, head, verdicts, trusted.rulebook)
    if report.exit_code == EXIT_REFUSE:
        return Built(report, None, ())
    site = site_input(repository, head, (archive, trusted, posts), tr, order.log_key)
    objection = site.log.objection(order.after) if site.log and order.after is not None else None
    if objection:
        raise Fault(objection, say("Compare main with a clone that others hold."))
    waiting = archive.posts.keys() - site.archive.posts.keys()
    return Built(report, _built(site, order), tuple(sorted(waiting)))


def site_input(
    repository: Repository,
    head: str,
    judged: tuple[Archive, Trusted, tuple[Verdict, ...]],
    tr: Translate,
    log_key: bytes | None = None,
) -> SiteInput:
    """What the site is made of, out of what stands at a commit and its verdicts."""
    archive, trusted, posts = judged
    verdicts = {v.subject: v for v in posts}
    tree = repository.tree(head)
    log = publication_log(repository, head, origin_of(archive.registers))
    return SiteInput(
        archive=_only(archive, _shown(archive, verdicts)),
        rulebook=trusted.rulebook,
        verdicts=verdicts,
        duties=judge_periods(archive, trusted.rulebook),
        media=_reader(repository, head),
        gettext=tr,
        feed_item=feed_item,
        revision=head,
        theme={p: tree.read(p) for p in tree.files if p.startswith("site/") or p == "mkdocs.yml"},
        log=_site_log(log, head, log_key),
    )


def _built(site: SiteInput, order: Order) -> BuildReport:
    if order.shard:
        return build_shard(site, order.out, order.work, order.shard, order.plan.processes)
    return build(site, order.out, order.work, order.plan)


def _reader(repository: Repository, head: str) -> Callable[[str], bytes]:
    """Read files of a commit, in a forked worker too.

    One `git cat-file` answers one process: a worker that read from its parent's would take
    answers that are not meant for it, so it opens the repository for itself.
    """
    owner = os.getpid()
    own: dict[int, Callable[[str], bytes]] = {owner: repository.tree(head).read}

    def read(path: str) -> bytes:
        here = os.getpid()
        if here not in own:
            own[here] = replace(
                repository.tree(head), repository=Repository.open(repository.root)
            ).read
        return own[here](path)

    return read


def _site_log(log: Log, head: str, key: bytes | None) -> SiteLog:
    def place(record: str) -> tuple[int, int] | None:
        index = log.places.get(record)
        return None if index is None else (index, log.leaves[index].since)

    return SiteLog(
        origin=log.origin,
        size=log.size,
        root=b64encode(root(log.levels)).decode(),
        prove=partial(prove, log),
        place=place,
        files=partial(log_files, log),
        note=lambda manifest: checkpoint_note(log, manifest, head, key),
        objection=partial(not_extended, log),
        verifier=verifier_key(log, key) if key else "",
    )


def _shown(archive: Archive, verdicts: dict[str, Verdict]) -> frozenset[str]:
    """Reviewed, confirmed, judged publishable, and their time has come."""
    return frozenset(
        i
        for i, post in archive.posts.items()
        if verdicts[i].publishable
        and archive.approvals[i].complete
        and post.publish_at is not None
        and post.publish_at <= archive.as_of
    )


def _only(archive: Archive, shown: frozenset[str]) -> Archive:
    posts = {i: p for i, p in archive.posts.items() if i in shown}
    return replace(archive, posts=posts, approvals={i: archive.approvals[i] for i in posts})
