"""status: what waits for whom."""

import click

from pipeline.cli.session import Session
from pipeline.evidence.conditions import makers, may_prepare
from pipeline.flow.desk import Desk, desk
from pipeline.flow.merged import is_merged
from pipeline.flow.waiting import may_wait
from pipeline.model.evidence import (
    REVIEW_STEPS,
    STEP_NAMES,
    Approvals,
    Missing,
    Rejected,
    Returned,
    Step,
)
from pipeline.model.findings import say, say_names
from pipeline.model.office import entitled
from pipeline.model.posts import Post
from pipeline.report.language import harmless


@click.command()
@click.option(
    "-a", "--all", "everything", is_flag=True, help="All posts, old and published ones too."
)
@click.pass_obj
def status(session: Session, everything: bool) -> None:
    """What waits for whom, and the exact next command."""
    repository, now = session.repository(), session.now()
    only = None if everything else may_wait(repository, repository.commit("HEAD"), now)
    place = desk(repository, now, only)
    shown = 0
    for post_id, post in sorted(place.archive.posts.items()):
        found = place.archive.approvals[post_id]
        carried = {p.account for p in place.archive.publications_of(post_id)}
        waiting = [a for a in post.accounts if a not in carried]
        if not everything and found.complete and (not waiting or post.withdrawn):
            continue
        shown += 1
        click.echo(f"{post_id}  {harmless(post.title)}")
        for line in _waits(session, post, found, waiting, place):
            click.echo(f"    {line}")
    if not shown:
        session.remark(say("Nothing waits: every post is approved and published."))


def _waits(
    session: Session, post: Post, found: Approvals, waiting: list[str], place: Desk
) -> list[str]:
    """Lines about one post: the first thing that stands in its way."""
    for stray in found.stray:
        return [
            session.tr(stray.reason),
            session.tr(say("Next: {what}", what=stray.remedy)),
        ]
    for step in Step:
        state = found.states[step]
        name = session.tr(STEP_NAMES[step])
        if isinstance(state, Missing):
            return _missing(session, place, post, step)
        if isinstance(state, Rejected):
            return [
                session.tr(say("{path}: {what}", path=name, what=state.reason)),
                session.tr(say("Next: {what}", what=state.remedy)),
            ]
        if isinstance(state, Returned):
            person = place.trusted.registers.name_of(state.review.reviewer)
            return [
                session.tr(say("returned at {step} by {person}", step=name, person=person)),
                session.tr(say("Next: {what}", what=state.remedy)),
            ]
    if waiting and not post.withdrawn and not is_merged(place, post):
        return [session.tr(say("approved; waits to be merged, and is published after that"))]
    if waiting and not post.withdrawn:
        return [
            session.tr(say("approved; waits for publication on {account}", account=a))
            + f"\n    sanshen publish {post.id} --account {a} --url https://…"
            for a in waiting
        ]
    return [session.tr(say("published"))]


def _missing(session: Session, place: Desk, post: Post, step: Step) -> list[str]:
    """Who may take a step that waits, and how."""
    name, people = session.tr(STEP_NAMES[step]), _holders(place, step, post)
    if not people:
        nobody = say("Nobody may take {step}: whoever holds its role made this post.", step=name)
        entered = say("Have somebody else entered in people.yml and roster.yml.")
        return [session.tr(nobody), session.tr(entered)]
    awaited = say("waits for {step} by {people}", step=name, people=say_names(people))
    verb = "confirm" if step is Step.CONFIRM else "approve"
    return [session.tr(awaited), f"sanshen {verb} {post.id}"]


def _holders(place: Desk, step: Step, post: Post) -> list[str]:
    """Names of those who may take the step now; of a review, not who made the post."""
    registers = place.trusted.registers
    free = step not in REVIEW_STEPS or may_prepare(step, place.archive.today, registers)
    made = frozenset() if free else makers(post, registers)
    able = entitled(step, registers, place.archive.as_of)
    here = sorted((leader, p.name) for p, leader in able if p.id not in made)
    return [f"{name}（--acting-for {leader}）" if leader else name for leader, name in here]
