"""status: what waits for whom; as a list, a calendar feed, a message to a group chat."""

from hashlib import sha256
from urllib.parse import urlsplit

import click

from pipeline.cli.forge_calls import NOTIFY, send
from pipeline.cli.options import OUTPUT, form_option
from pipeline.cli.post_names import way_to
from pipeline.cli.session import Session
from pipeline.cli.signing_options import identity
from pipeline.detect.private import mask
from pipeline.errors import Fault
from pipeline.history.waiting import (
    Assignee,
    CheckedOut,
    Waiting,
    WaitingPost,
    WaitState,
    may_wait,
    waiting,
)
from pipeline.judge.judgements import overview
from pipeline.model.archive import Archive
from pipeline.model.attestations import decisions_of
from pipeline.model.calendar import local_date
from pipeline.model.duties import end_of
from pipeline.model.evidence import STEP_NAMES, Step
from pipeline.model.findings import Message, say, say_names
from pipeline.model.shifts import on_duty
from pipeline.report.duties import CalendarEntry, calendar_feed, chat_message
from pipeline.report.language import harmless
from pipeline.sign.publication import is_merged
from pipeline.sign.signing_context import open_context
from pipeline.source.git.branches import branches_read, short
from pipeline.source.git.repository import Repository


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
    waits = _waiting(session, repository, everything)
    shown = [i for i in waits.items if everything or i.state is not WaitState.PUBLISHED]
    none = say("Nothing waits on the branches read: every post is approved and published.")
    main, _ = overview(repository, repository.commit("HEAD"), lambda _: session.now())
    decisions: list[str] = []
    if mine:
        me = identity(session, repository, waits.registers)
        shown = [item for item in shown if item.waits_for(me.id)]
        none = say("Nothing waits for {person} on the branches read.", person=me.name)
        decisions = _decisions(session, main, me.id)
    open_items = [
        item for item in shown if item.state not in (WaitState.PUBLISHED, WaitState.DRAFT)
    ]
    if notify and open_items:
        _notify(session, open_items, waits)
    elif form == "ical":
        session.write(_feed(session, open_items, waits).decode(), output)
    elif not notify:
        lines = [line for i in shown for line in _block(session, i, waits, repository.branch)]
        lines += _on_duty(session, main)
        session.write("".join(f"{line}\n" for line in (*lines, *decisions)), output)
    if not (shown or decisions):
        session.remark(none)
    for branch, reason in waits.unread:
        session.remark(say("{path}: {what}", path=branch, what=reason))
    session.remark(branches_read(waits.branches))


def _on_duty(session: Session, archive: Archive) -> list[str]:
    """Who is on duty today, where a roster is kept."""
    people = [archive.registers.name_of(id) for id in on_duty(archive, archive.today)]
    return [session.tr(say("On duty today: {people}.", people=say_names(people)))] if people else []


def _decisions(session: Session, archive: Archive, person: str) -> list[str]:
    """The decisions on accounts that wait for a leader, each with its command."""
    lines = []
    for event, step in decisions_of(archive, person):
        words = say("{key} of the event on account {account} waits for you: {what}", key=step,
                    account=archive.registers.name_of(event["account"]),
                    what=event["what"])  # fmt: skip
        lines += [session.tr(words), f"    sanshen attest account-events {event.id} --commit"]
    return lines


def _waiting(session: Session, repository: Repository, everything: bool) -> Waiting:
    """What waits, with what is signed in the working tree; `everything`: its old posts as well."""
    now = session.now()
    only = None if everything else may_wait(repository, repository.commit("HEAD"), now)
    try:
        context = open_context(repository, now, only)
    except Fault:  # a draft that is not committed yet
        waits = waiting(repository, now)
        session.remark(say("What is not committed here waits for no one: only commits were read."
                           " A draft goes out with `sanshen submit`."))  # fmt: skip
        return waits
    return waiting(
        repository, now, CheckedOut(context.archive, lambda post: is_merged(context, post))
    )


def _notify(session: Session, items: list[WaitingPost], waits: Waiting) -> None:
    """One message to a group chat: a line for each post, numbers in titles masked."""
    unit = waits.registers.policy.unit["short_name"]
    lines = [session.tr(say("{unit}: {count} posts wait", unit=unit, count=len(items)))]
    lines += [f"{_act(session, i)}  {'、'.join(t.person.name for t in i.takers)}" for i in items]
    address = session.environment.get(NOTIFY, "")
    send(address, chat_message(urlsplit(address).hostname or "", lines))
    session.remark(say("Sent: {count} posts wait.", count=len(items)))


def _act(session: Session, item: WaitingPost) -> str:
    return f"{session.tr(item.stage)}《{harmless(mask(item.post.title))}》"


def _feed(session: Session, items: list[WaitingPost], waits: Waiting) -> bytes:
    """A calendar in which a post ends at its wished time, or today where that has passed."""
    now, policy = session.now(), waits.registers.policy
    entries = []
    for item in items:
        wished = item.post.publish_at
        due = wished if wished and wished > now else end_of(local_date(now))
        about = (item.post.id, item.post.revision, item.stage.text)
        uid = f"{sha256(repr(about).encode()).hexdigest()[:32]}@{policy.archive['id']}"
        people = say_names([taker.person.name for taker in item.takers])
        words = session.tr(say("Waits for {people}.", people=people))
        entries.append(CalendarEntry(uid, due, _act(session, item), words, item.post.id))
    title = session.tr(say("What waits at {unit}", unit=policy.unit["short_name"]))
    return calendar_feed("-//sanshen//waiting//ZH", title, entries, now)


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
