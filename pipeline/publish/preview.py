"""A draft as the public archive would show it, were it approved (design .6)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pipeline.errors import Fault, no_post
from pipeline.judge.archive_at import assemble
from pipeline.judge.change_facts import theme_of
from pipeline.judge.judge_posts import judge_one
from pipeline.judge.load_governance import When, trust
from pipeline.model.archive import Archive, OnDisk, OnMain
from pipeline.model.calendar import Clock
from pipeline.model.cards import Shown, Volume, card_of
from pipeline.model.evidence import Approvals, Missing, Step
from pipeline.model.findings import Effect, say
from pipeline.model.ids import CommitId, PostId
from pipeline.model.posts import Post
from pipeline.model.rendered import Channels
from pipeline.model.reports import counts, never_checked
from pipeline.model.verdicts import Verdict
from pipeline.report.language import Translate
from pipeline.site.build import preview
from pipeline.site.inputs import Shelf, SiteInput
from pipeline.source.git.repository import Repository

MARK = "【预览，未经审核】"


def draft_page(
    repository: Repository,
    name: PostId,
    when: When,
    tr: Translate,
    work: Path,
    shelf: Shelf,
    proposed: CommitId,
    base: CommitId,
    shown_as: Callable[[Post], Post],
) -> dict[str, bytes]:
    """Path → bytes of the page and of all that it loads, from the root of a site.

    Of the proposed commit nothing but the draft is read: law, registers and theme are those of
    `base`. `shown_as` changes what is shown, and not what is judged. Raises Fault when there is no
    such post, or when post or theme cannot be read.
    """
    tree, trusted = repository.tree(proposed), trust(repository.tree(base))
    clock = Clock(when(trusted.registers))
    archive = assemble(trusted, tree, OnDisk(), clock, {}, frozenset({name}))
    if name not in archive.post_ids:
        raise no_post(name)
    post = archive.posts[name]
    if post.invalid or any(p.effect is Effect.REFUSE for p in post.problems):
        raise Fault(
            say("{post} cannot be shown yet: its form is not in order.", post=name),
            say("`sanshen check {post}` says what to correct.", post=name),
        )
    verdict, book = judge_one(name, archive, trusted.rulebook), trusted.rulebook
    shown = Shown(card_of(post), counts(verdict, book, never_checked(book)))
    site = SiteInput(
        archive=_alone(archive, shown_as(post)),
        rulebook=book,
        volumes=(Volume(name[:4], shown.card.seal, {name: shown}),),
        duties=Verdict("archive", {}, ()),
        media=tree.read,
        gettext=tr,
        revision=base,
        theme=theme_of(repository.tree(base)),
        shelf=shelf,
    )
    return dict(preview(site, work))


def _alone(archive: Archive, post: Post) -> Archive:
    """An archive of this post alone, without evidence, marked everywhere as no publication."""
    registers = archive.registers
    own = registers.policy.archive
    policy = replace(registers.policy, archive={**own, "name": f"{MARK}{own['name']}"})
    registers, posts = replace(registers, policy=policy), {post.id: post}
    return replace(
        archive,
        situation=OnMain(),
        registers=registers,
        posts=posts,
        approvals={post.id: Approvals({step: Missing(step) for step in Step})},
        renditions=Channels(posts, registers),
        publications=(),
    )
