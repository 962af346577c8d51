"""status: what waits for whom."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import click

from pipeline.cli.post_names import branches_read, trunk, way_to
from pipeline.cli.session import Session
from pipeline.evidence.review.conditions import makers, may_prepare
from pipeline.history.status_candidates import Elsewhere, elsewhere, may_wait
from pipeline.model.archive import Archive
from pipeline.model.evidence import REVIEW_STEPS, STEP_NAMES, Missing, Rejected, Returned, Step
from pipeline.model.findings import say, say_names
from pipeline.model.posts import Post
from pipeline.model.registers import Registers, entitled
from pipeline.report.language import harmless
from pipeline.sign.on_main import is_merged
from pipeline.sign.signing_context import open_context
from pipeline.source.git.branches import Branches, branches, short


@dataclass(frozen=True)
class _OpenPost:
    """A post where it stands, and whatever one has to know to take its next step."""

    post: Post
    registers: Registers
    archive: Archive
    merged: Callable[[Post], bool]
    onto: tuple[str, ...] = ()
    """Commands that check out the branch it stands on; none: it is checked out."""
    branch: str = ""
    shared: bool = True
    """Whether there is a remote, where others see what is pushed."""


@click.command()
@click.option(
    "-a", "--all", "everything", is_flag=True, help="All posts, old and published ones too."
)
@click.pass_obj
def status(session: Session, everything: bool) -> None:
    """What waits for whom, on every branch that was fetched, and the exact next command."""
    repository, now = session.repository(), session.now()
    every, base = branches(repository), trunk(repository)
    others, newer, unread = elsewhere(repository, every, base, now)
    only = None if everything else may_wait(repository, repository.commit("HEAD"), now)
    context = open_context(repository, now, only)
    shared = bool(every.remotes)
    views = [
        _OpenPost(
            post,
            context.archive.registers,
            context.archive,
            partial(is_merged, context),
            shared=shared,
        )
        for name, post in context.archive.posts.items()
        if name not in newer
    ]
    views += [_away(one, every, repository.branch) for one in others]
    shown = 0
    for view in sorted(views, key=lambda view: (view.post.id, view.branch)):
        carried = {p.account for p in view.archive.publications_of(view.post.id)}
        waiting = [a for a in view.post.accounts if a not in carried]
        complete = view.archive.approvals[view.post.id].complete
        if not everything and complete and (not waiting or view.post.withdrawn):
            continue
        shown += 1
        click.echo(f"{view.post.id}  {harmless(view.post.title)}")
        for line in _waits(session, view, waiting):
            click.echo(f"    {line}")
    if not shown:
        session.remark(say("Nothing waits: every post is approved and published."))
    for branch, reason in unread:
        session.remark(say("{path}: {what}", path=branch, what=reason))
    session.remark(branches_read(every))


def _away(one: Elsewhere, every: Branches, current: str) -> _OpenPost:
    """A post of a branch that is not checked out."""
    return _OpenPost(
        one.post,
        one.trusted.registers,
        one.archive,
        lambda _: one.merged,
        way_to(one.branch, every, current),
        short(one.branch),
        bool(every.remotes),
    )


def _waits(session: Session, view: _OpenPost, waiting: list[str]) -> list[str]:
    """Lines about one post: where it stands, and the first thing that stands in its way."""
    lines, command = _step(session, view, waiting)
    where = [session.tr(say("on the branch {branch}", branch=view.branch))] if view.branch else []
    return [*where, *lines, *(view.onto if command else ()), *command]


def _step(session: Session, view: _OpenPost, waiting: list[str]) -> tuple[list[str], list[str]]:
    """What stands in its way, and the commands that take it away."""
    post, approvals = view.post, view.archive.approvals[view.post.id]
    for stray in approvals.stray:
        remedy = session.tr(say("Next: {what}", what=stray.remedy))
        return [session.tr(stray.reason), remedy], []
    for step in Step:
        state = approvals.states[step]
        name = session.tr(STEP_NAMES[step])
        if isinstance(state, Missing):
            return _missing(session, view, step)
        if isinstance(state, Rejected):
            reason = session.tr(say("{path}: {what}", path=name, what=state.reason))
            return [reason, session.tr(say("Next: {what}", what=state.remedy))], []
        if isinstance(state, Returned):
            person = view.registers.name_of(state.review.reviewer)
            returned = session.tr(say("returned at {step} by {person}", step=name, person=person))
            return [returned, session.tr(say("Next: {what}", what=state.remedy))], []
    if not waiting or post.withdrawn:
        return [session.tr(say("published"))], []
    if not view.merged(post):
        return [session.tr(say("approved; waits to be merged, and is published after that"))], []
    lines = [
        session.tr(say("approved; waits for publication on {account}", account=a)) for a in waiting
    ]
    command = "sanshen publish {} --account {} --url https://… --commit"
    return lines, [command.format(post.id, account) for account in waiting]


def _missing(session: Session, view: _OpenPost, step: Step) -> tuple[list[str], list[str]]:
    """Who may take a step that waits, and how, so that others learn of it."""
    name, people = session.tr(STEP_NAMES[step]), _holders(view, step)
    if not people:
        none = say("No one may take {step}: all who hold its role made this post.", step=name)
        entered = say("Have somebody else entered in people.yml and roster.yml.")
        return [session.tr(none), session.tr(entered)], []
    awaited = say("waits for {step} by {people}", step=name, people=say_names(people))
    verb = "confirm" if step is Step.CONFIRM else "approve"
    options = "--commit --push" if view.shared else "--commit"
    return [session.tr(awaited)], [f"sanshen {verb} {view.post.id} {options}"]


def _holders(view: _OpenPost, step: Step) -> list[str]:
    """Names of those who may take the step now; of a review, not who made the post."""
    free = step not in REVIEW_STEPS or may_prepare(step, view.archive.today, view.registers)
    made = frozenset() if free else makers(view.post, view.registers)
    able = entitled(step, view.registers, view.archive.as_of)
    holders = sorted((leader, p.name) for p, leader in able if p.id not in made)
    return [f"{name}（--acting-for {leader}）" if leader else name for leader, name in holders]
