"""status: what waits for whom; as a list, a calendar feed, a message to a group chat."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import click

from pipeline.cli.calls import NOTIFY, send
from pipeline.cli.options import OUTPUT, form_option
from pipeline.cli.post_names import way_to
from pipeline.cli.session import Session
from pipeline.cli.signing_options import identity
from pipeline.detect.private import mask
from pipeline.errors import Fault
from pipeline.history.agenda import ActKind, Agenda, OpenAct, agenda
from pipeline.history.waiting import Assignee, CheckedOut, Waiting, WaitingPost, WaitState, may_wait
from pipeline.judge.load_governance import trust
from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.duties import end_of
from pipeline.model.evidence import STEP_NAMES, Step
from pipeline.model.findings import Message, say, say_names
from pipeline.model.frozen import dataclass
from pipeline.model.ids import NO_PERSON, sha256_of
from pipeline.model.registers import Person
from pipeline.model.shifts import on_duty
from pipeline.report.calendar_file import calendar_file
from pipeline.report.duties import chat_message
from pipeline.report.language import harmless
from pipeline.sign.acts.publish import is_merged
from pipeline.sign.signing_context import open_context
from pipeline.source.git.branches import branches_read, short, trunk
from pipeline.source.git.commits import cut_off
from pipeline.source.git.repository import Repository

LENGTH = timedelta(minutes=30)
"""How long an entry looks in a calendar; it ends when it falls due."""


@click.command()
@click.option(
    "-a", "--all", "everything", is_flag=True, help="All posts, old and published ones too."
)
@click.option("--mine", is_flag=True, help="Only what waits for me.")
@form_option(("text", "ical"), "Form of the list; ical is a calendar feed.")
@click.option("--notify", is_flag=True, help="Send it to the chat robot of SANSHEN_NOTIFY_URL.")
@OUTPUT
@click.pass_obj
def status(
    session: Session, everything: bool, mine: bool, form: str, notify: bool, output: str | None
) -> None:
    """What waits for whom, on every branch that was fetched, and the exact next command."""
    repository = session.repository()
    me = _reader(session, repository, needed=mine)
    plan = _agenda(session, repository, everything)
    waits, posts = plan.waits, plan.posts(me.id if me else NO_PERSON)
    acts: list[OpenAct] = [*plan.acts]
    none = say("No proposal and no record waits on the branches read. What the bureau owes besides"
               " says `sanshen due`; what was missed, `sanshen audit`.")  # fmt: skip
    if everything:
        posts += [i for i in waits.items if i.state is WaitState.PUBLISHED]
    if mine and me:
        posts = [item for item in posts if item.waits_for(me.id)]
        acts = [act for act in acts if act.waits_for(me.id)]
        none = say("Nothing waits for {person} on the branches read.", person=me.name)
    idle = (WaitState.PUBLISHED, WaitState.DRAFT)
    notices = [*(_of_post(i) for i in posts if i.state not in idle), *map(_of_act, acts)]
    if notify and notices:
        _notify(session, notices, waits)
    elif form == "ical":
        session.write(_feed(session, notices, waits).decode(), output)
    elif not notify:
        lines = [line for i in posts for line in _block(session, i, waits, repository.branch)]
        lines += [line for a in acts for line in _act_block(session, a, waits, repository.branch)]
        lines += _on_duty(session, plan.archive)
        session.write("".join(f"{line}\n" for line in lines), output)
    if not (posts or acts):
        session.remark(none)
    if cut_off(repository):
        session.remark(say("A command was cut off before its commit: the next one that signs or"
                           " submits ends it."))  # fmt: skip
    for branch, reason in waits.unread:
        session.remark(say("{path}: {what}", path=branch, what=reason))
    session.remark(branches_read(waits.branches))
    session.name_mains_apart(repository)


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


def _agenda(session: Session, repository: Repository, everything: bool) -> Agenda:
    """All that waits, with what is signed in the working tree; `everything`: old posts as well."""
    now = session.now()
    only = None if everything else may_wait(repository, repository.commit("HEAD"), now)
    try:
        context = open_context(repository, now, only)
    except Fault:  # a draft that is not committed yet
        plan = agenda(repository, now)
        session.remark(say("What is not committed here waits for no one: only commits were read."
                           " A draft goes out with `sanshen submit`."))  # fmt: skip
        return plan
    return agenda(
        repository, now, CheckedOut(context.archive, lambda post: is_merged(context, post))
    )


@dataclass(frozen=True)
class _Notice:
    """A line of the message and an entry of the calendar."""

    stage: Message
    title: str | Message
    people: tuple[Person, ...]
    due: datetime | None
    category: str
    mark: object
    """What stays the same as long as it is the same to do."""

    def line(self, session: Session) -> str:
        title = self.title if isinstance(self.title, str) else session.tr(self.title)
        return f"{session.tr(self.stage)}《{harmless(mask(title))}》"


def _of_post(item: WaitingPost) -> _Notice:
    """A post is to be done by its wished time."""
    post, people = item.post, tuple(taker.person for taker in item.takers)
    mark = post.id, post.revision, item.stage.text
    return _Notice(item.stage, post.title, people, post.publish_at, post.id, mark)


def _of_act(act: OpenAct) -> _Notice:
    mark = act.kind.value, act.about, act.branch
    return _Notice(act.stage, act.words, act.takers, act.due, act.kind.value, mark)


def _notify(session: Session, notices: list[_Notice], waits: Waiting) -> None:
    """One message to a group chat: a line for each, numbers in titles masked."""
    unit, count = waits.registers.policy.unit["short_name"], len(notices)
    lines = [session.tr(say("{unit}: {count} matters wait", unit=unit, count=count))]
    lines += [f"{n.line(session)}  {'、'.join(p.name for p in n.people)}" for n in notices]
    address = session.environment.get(NOTIFY, "")
    send(address, chat_message(urlsplit(address).hostname or "", lines))
    session.remark(say("Sent: {count} matters wait.", count=count))


def _feed(session: Session, notices: list[_Notice], waits: Waiting) -> bytes:
    """An iCalendar file; an entry ends when it is due, or today if that is past or not set."""
    now, policy = session.now(), waits.registers.policy
    entries = []
    for one in notices:
        due = one.due if one.due and one.due > now else end_of(local_date(now))
        uid = f"{sha256_of(repr(one.mark).encode())[:32]}@{policy.archive['id']}"
        words = session.tr(say("Waits for {people}.", people=_names(one.people)))
        entries.append(
            {
                "uid": uid,
                "dtstamp": now.astimezone(UTC),
                "dtstart": (due - LENGTH).astimezone(UTC),
                "dtend": due.astimezone(UTC),
                "summary": one.line(session),
                "description": words,
                "categories": [one.category],
            }
        )
    title = session.tr(say("What waits at {unit}", unit=policy.unit["short_name"]))
    return calendar_file("-//sanshen//waiting//ZH", title, entries)


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
        if act.kind is ActKind.ENTRY else None,
    )  # fmt: skip
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
