"""Build the public archive of what stands on main (design.md §8)."""

from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.detect.images import pixel_size
from pipeline.engine import judge_periods
from pipeline.flow.assemble import When
from pipeline.flow.judge import judge_all, standing
from pipeline.flow.replay import replay
from pipeline.model.archive import Archive
from pipeline.model.findings import Verdict
from pipeline.model.posts import Post
from pipeline.model.reports import EXIT_REFUSE, Report
from pipeline.render.channels import render_channels
from pipeline.report.language import Translate
from pipeline.site.build import build
from pipeline.site.inputs import BuildReport, SiteInput
from pipeline.source.repository import Repository, Tree

IMAGES = (".png", ".jpg", ".jpeg", ".webp", ".gif")


@dataclass(frozen=True)
class Built:
    """What came of a build; `site` is None when the archive was refused and the old one stays."""

    report: Report
    site: BuildReport | None
    left_out: tuple[str, ...]
    """Posts that stand but wait: for their time, or for a review."""


def build_site(
    repository: Repository,
    head: str,
    when: When,
    out: Path,
    work: Path,
    tr: Translate,
    root: str = "",
) -> Built:
    """Judge the history up to a commit and what stands there and, unless refused, build the site.

    A refusal on main means that something got in unseen: the old site stays (threats A20).
    """
    archive, trusted = standing(repository, head, when)
    posts = judge_all(archive, trusted.rulebook)
    verdicts = (*replay(repository, head, when, root), *posts)
    report = Report("build", archive.as_of, head, head, verdicts, trusted.rulebook)
    if report.exit_code == EXIT_REFUSE:
        return Built(report, None, ())
    shown = _shown(archive, {v.subject: v for v in posts})
    tree = repository.tree(head)
    site = SiteInput(
        archive=_only(archive, shown, tree),
        rulebook=trusted.rulebook,
        verdicts={v.subject: v for v in posts},
        duties=judge_periods(archive, trusted.rulebook),
        media=tree.read,
        gettext=tr,
        revision=head,
        theme={p: tree.read(p) for p in tree.files if p.startswith("site/") or p == "mkdocs.yml"},
    )
    return Built(report, build(site, out, work), tuple(sorted(archive.posts.keys() - shown)))


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


def _only(archive: Archive, shown: frozenset[str], tree: Tree) -> Archive:
    posts = {i: p for i, p in archive.posts.items() if i in shown}
    return replace(
        archive,
        posts=posts,
        approvals={i: archive.approvals[i] for i in posts},
        renditions={
            place: rendition
            for post in posts.values()
            for place, rendition in render_channels(
                post, archive.registers, _sizes(post, tree)
            ).items()
        },
    )


def _sizes(post: Post, tree: Tree) -> dict[str, tuple[int, int]]:
    """Path → (width, height) in pixels of the post's images that can be read."""
    found = {p: pixel_size(tree.read(p)) for p in post.manifest if p.endswith(IMAGES)}
    return {path: size for path, size in found.items() if size is not None}
