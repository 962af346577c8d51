"""status: what waits for whom, and the command that does it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import click

from pipeline.cli.options import OUTPUT, Session, way_to
from pipeline.cli.signing_options import identity
from pipeline.errors import Fault
from pipeline.history.agenda import ActKind, OpenAct, agenda
from pipeline.history.waiting import Assignee, Waiting, WaitingPost, WaitState
from pipeline.judge.load_governance import trust
from pipeline.model.archive import Archive
from pipeline.model.evidence import STEP_NAMES, Step
from pipeline.model.findings import Message, say, say_names
from pipeline.model.ids import NO_BRANCH, NO_PERSON
from pipeline.model.registers import Person
from pipeline.model.shifts import on_duty
from pipeline.report.language import harmless
from pipeline.source.git.branches import branches_read, short, trunk
from pipeline.source.git.repository import Repository, cut_off


@click.command()
@click.option("--mine", is_flag=True, help="Only what waits for me.")
@click.option("--notice", is_flag=True, help="A line each, in words alone: for a group or by mail.")
@OUTPUT
@click.pass_obj
def status(session: Session, mine: bool, notice: bool, output: str | None) -> None:
    """What waits for whom, on every branch that was fetched, and the exact next command."""
    repository = session.repository()
    me = _reader(session, repository, needed=mine)
    plan = agenda(repository, session.now(), shared=False)
    waits, here = plan.waits, repository.commit("HEAD")
    posts = [
        replace(item, branch=NO_BRANCH) if item.commit == here else item
        for item in plan.posts(me.id if me else NO_PERSON)
    ]
    acts: list[OpenAct] = [*plan.acts]
    none = say("No proposal and no record waits on the branches read. What the bureau owes besides"
               " says `sanshen due`; what was missed, `sanshen audit`.")  # fmt: skip
    if mine and me:
        posts = [item for item in posts if item.waits_for(me.id)]
        acts = [act for act in acts if act.waits_for(me.id)]
        none = say("Nothing waits for {person} on the branches read.", person=me.name)
    if notice:
        lines = [session.tr(line) for line in _notices(posts, acts)]
    else:
        lines = [line for i in posts for line in _block(session, i, waits, repository.branch)]
        lines += [line for a in acts for line in _act_block(session, a, waits, repository.branch)]
    lines += _on_duty(session, plan.archive)
    session.write("".join(f"{line}\n" for line in lines), output)
    if not (posts or acts):
        session.remark(none)
    if repository.uncommitted("content"):
        session.remark(say("What is not committed here waits for no one: only commits were read."
                           " A draft goes out with `sanshen submit`."))  # fmt: skip
    if cut_off(repository):
        session.remark(say("A command was cut off before its commit: the next one that signs or"
                           " submits ends it."))  # fmt: skip
    for branch, reason in waits.unread:
        session.remark(say("{path}: {what}", path=branch, what=reason))
    session.remark(branches_read(waits.branches))
    session.name_mains_apart(repository)


def _notices(posts: Iterable[WaitingPost], acts: Iterable[OpenAct]) -> Iterator[Message]:
    """What waits, for who has no terminal: no id, branch, path or command."""
    for item in posts:
        takers = _names(tuple(taker.person for taker in item.takers))
        title = harmless(item.post.title)
        yield say("“{title}”: {stage}, with {people}", title=title, stage=item.stage, people=takers)
    for act in acts:
        people = _names(act.takers)
        yield say("{stage}: {what} (with {people})", stage=act.stage, what=act.words, people=people)


def _reader(session: Session, repository: Repository, *, needed: bool) -> Person | None:
    """Who asks; None where that is not known. Raises Fault then, where it is needed."""
    try:
        registers = trust(repository.tree(trunk(repository))).registers
        return identity(session, repository, registers)
    except Fault:
        if needed:
            raise
        return None


def _on_duty(session: Session, archive: Archive) -> list[str]:
    """Who is on duty today, where a roster is kept."""
    people = [archive.registers.name_of(id) for id in on_duty(archive, archive.today)]
    return [session.tr(say("On duty today: {people}.", people=say_names(people)))] if people else []


def _names(people: tuple[Person, ...]) -> str | Message:
    return say_names([person.name for person in people]) if people else say("no one in office")


def _act_block(session: Session, act: OpenAct, waits: Waiting, current: str) -> list[str]:
    """An act with its people and the commands that do it."""
    tr, path = session.tr, act.branch
    facts = (
        say("on the branch {branch}", branch=short(path)) if path else None,
        say("Signed by {people}.", people=_names(act.signed)) if act.signed else None,
        say("since {when}", when=act.since) if act.since else None,
        say("Waits for {people}.", people=_names(act.takers)),
        say("Next: merge it on the forge, or press its button at the desk: `sanshen desk`.")
        if act.kind is ActKind.ENTRY
        else None,
    )
    commands: tuple[str, ...] = ()
    if act.kind is not ActKind.ENTRY:
        onto = way_to(path, waits.branches, current) if path else ()
        pushed = " --push" if path and waits.branches.remotes else ""
        commands = (*onto, f"{_command(act)}{pushed}")
    lines = [*(tr(fact) for fact in facts if fact), *commands]
    return [f"{tr(act.stage)}  {tr(act.words)}", *(f"    {line}" for line in lines)]


def _command(act: OpenAct) -> str:
    """What to type, on the branch of the act."""
    kind, _, id = act.about.partition("/")
    commands = {
        ActKind.CONSENT: "sanshen authorise --reason … --commit",
        ActKind.ERASURE: f"sanshen expunge {act.about} --reason … --commit",
        ActKind.DECISION: f"sanshen attest {kind} {id} --commit",
        ActKind.DECLARATION: f"sanshen declare {act.about} --commit",
    }
    return commands[act.kind]


def _block(session: Session, item: WaitingPost, waits: Waiting, current: str) -> list[str]:
    lines = _lines(session, item, waits, current)
    return [f"{item.post.id}  {harmless(item.post.title)}", *(f"    {line}" for line in lines)]


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


def _label(taker: Assignee) -> str:
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
