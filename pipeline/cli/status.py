"""status: what waits for whom."""

import click

from pipeline.cli.post_names import way_to
from pipeline.cli.session import Session
from pipeline.cli.signing_options import identity
from pipeline.errors import Fault
from pipeline.history.waiting import (
    CheckedOut,
    Taker,
    Waiting,
    WaitingPost,
    WaitState,
    may_wait,
    waiting,
)
from pipeline.model.evidence import STEP_NAMES, Step
from pipeline.model.findings import Message, say, say_names
from pipeline.report.language import harmless
from pipeline.sign.on_main import is_merged
from pipeline.sign.signing_context import open_context
from pipeline.source.git.branches import branches_read, short
from pipeline.source.git.repository import Repository


@click.command()
@click.option(
    "-a", "--all", "everything", is_flag=True, help="All posts, old and published ones too."
)
@click.option("--mine", is_flag=True, help="Only what waits for me.")
@click.pass_obj
def status(session: Session, everything: bool, mine: bool) -> None:
    """What waits for whom, on every branch that was fetched, and the exact next command."""
    repository = session.repository()
    waits = _waiting(session, repository, everything)
    shown = [i for i in waits.items if everything or i.state is not WaitState.PUBLISHED]
    none = say("Nothing waits on the branches read: every post is approved and published.")
    if mine:
        me = identity(session, repository, waits.registers)
        shown = [item for item in shown if item.waits_for(me.id)]
        none = say("Nothing waits for {person} on the branches read.", person=me.name)
    for item in shown:
        click.echo(f"{item.post.id}  {harmless(item.post.title)}")
        for line in _lines(session, item, waits, repository.branch):
            click.echo(f"    {line}")
    if not shown:
        session.remark(none)
    for branch, reason in waits.unread:
        session.remark(say("{path}: {what}", path=branch, what=reason))
    session.remark(branches_read(waits.branches))


def _waiting(session: Session, repository: Repository, everything: bool) -> Waiting:
    """What waits, with what is signed in the working tree; `everything`: its old posts as well."""
    now = session.now()
    only = None if everything else may_wait(repository, repository.commit("HEAD"), now)
    try:
        context = open_context(repository, now, only)
    except Fault as fault:  # a draft that is not committed yet
        session.remark(fault.message)
        return waiting(repository, now)
    return waiting(
        repository, now, CheckedOut(context.archive, lambda post: is_merged(context, post))
    )


def _lines(session: Session, item: WaitingPost, waits: Waiting, current: str) -> list[str]:
    """Where a post stands, what is in its way, and the commands that take it away."""
    commands = _commands(item, bool(waits.branches.remotes))
    where = say("on the branch {branch}", branch=short(item.branch)) if item.branch else None
    remedy = say("Next: {what}", what=item.remedy) if item.remedy else None
    messages = (where, item.reason or _awaited(item), remedy)
    onto = way_to(item.branch, waits.branches, current) if item.branch and commands else ()
    return [*(session.tr(message) for message in messages if message), *onto, *commands]


def _awaited(item: WaitingPost) -> Message:
    people = say_names([_label(taker) for taker in item.takers])
    name = STEP_NAMES[item.step or Step.FIRST]
    return say("waits for {step} by {people}", step=name, people=people)


def _label(taker: Taker) -> str:
    leader = taker.acting_for
    return f"{taker.person.name}（--acting-for {leader}）" if leader else taker.person.name


def _commands(item: WaitingPost, shared: bool) -> list[str]:
    """What to type. `shared`: there is a remote, where others see what is pushed."""
    post = item.post.id
    if item.state is WaitState.PUBLICATION:
        command = "sanshen publish {} --account {} --url https://… --commit"
        return [command.format(post, account) for account in item.accounts]
    if item.reason:
        return []
    verb = "confirm" if item.step is Step.CONFIRM else "approve"
    return [f"sanshen {verb} {post} {'--commit --push' if shared else '--commit'}"]
