"""declare, attest, waive, rotate, password-check: what people answer for with a signature."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import EXISTING, Day, together
from pipeline.cli.post_names import named_post
from pipeline.cli.session import Moment, Session
from pipeline.cli.signing_options import SIGNING, Signing
from pipeline.detect.secrets import Strength, strength
from pipeline.errors import Fault, Misuse
from pipeline.history.duties import SOON, duties
from pipeline.model.calendar import local_date
from pipeline.model.duties import last_declared
from pipeline.model.findings import say, say_day
from pipeline.report.language import harmless, record_line
from pipeline.sign import attest as attesting
from pipeline.sign import declare as declaring
from pipeline.sign import declare as rotating
from pipeline.sign.authorise import waivable, waiver
from pipeline.sign.signing_context import SigningContext, open_context

NOT_GIVEN = (None, None, None, ())
REASONS = ("scheduled", "handover", "incident", "deviation")


@click.command()
@click.argument("name", default="")
@click.option("--all", "everything", is_flag=True, help="All that is due, with one signature.")
@click.option("-s", "--subject", help="Account, department or person it is about.")
@click.option("--from", "first", type=Day(), help="First day it speaks of; default: since last.")
@click.option("--until", "last", type=Day(), help="Last day it speaks of; default: today.")
@click.option("--note", default="", help="A remark to go with it.")
@click.option(
    "--attach",
    "attached",
    multiple=True,
    type=EXISTING,
    help="A file whose digest is signed with it, such as a screenshot.",
)
@SIGNING
@click.pass_obj
def declare(
    session: Session,
    /,
    name: str,
    everything: bool,
    subject: str | None,
    first: date | None,
    last: date | None,
    note: str,
    attached: tuple[Path, ...],
    **options: Any,
) -> None:
    """Declare what a clause asks for, in the words of the register wordings.

    With --all, what is overdue or falls due within ten days, with one signature.
    """
    if everything is bool(name) or (everything and (subject, first, last, attached) != NOT_GIVEN):
        raise Misuse(
            say("Name one declaration, or give --all without a subject, days or files."),
            say("`sanshen due --mine` lists what you owe."),
        )
    now = session.now()
    context = open_context(session.repository(), now, frozenset())
    signing = Signing.open(session, context, options)
    if everything:
        _declare_all(signing, note, now)
        return
    made = declaring.pledge(context, name, signing.person, local_date(now), subject, first, last)
    made = declaring.completed(made, note, {p.name: p.read_bytes() for p in attached})
    if not _affirmed(signing, made):
        raise click.Abort
    record = declaring.declaration([made], context, signing.person, now, signing.sign)
    done = say("Declaration {name} signed by {person}.", name=name, person=signing.person.name)
    signing.store(record, done)


def _declare_all(signing: Signing, note: str, now: datetime) -> None:
    """Show all that is due, and sign with one signature what its signer does not refuse."""
    session, context, person = signing.session, signing.context, signing.person
    owed = duties(context.repository, context.repository.commit("HEAD"), lambda _: now)
    due = owed.declarations(person, now + SOON)
    if not due:
        until = say_day(local_date(now + SOON))
        session.remark(say("No declaration of {person} falls due by {day}.",
                           person=person.name, day=until))  # fmt: skip
        return
    pledges = []
    for name, subject in due:
        made = declaring.pledge(context, name, person, local_date(now), subject, None, None)
        days = (last_declared(a, made.wording, subject) for a in (context.archive, owed.archive))
        if len({*days}) == 1 and _affirmed(signing, made):  # else signed, and not committed yet
            pledges.append(declaring.completed(made, note, {}))
    done = say("Signed: {count} declarations.", count=len(pledges))
    if pledges:
        record = declaring.declaration(pledges, context, person, now, signing.sign)
        signing.store(record, done)
    else:
        session.remark(done)


def _affirmed(signing: Signing, made: declaring.Pledge) -> bool:
    """Show what would be declared and ask."""
    about = signing.context.trusted.registers.called(made.subject) if made.subject else "—"
    signing.session.remark(
        say(
            "From {first} to {last}, about: {subject}",
            first=say_day(made.first),
            last=say_day(made.last),
            subject=about,
        )
    )
    click.echo(f"\n{made.wording['text']}\n", err=True)
    return signing.affirmed(say("Do you declare this and sign?"))


@click.command()
@click.argument("kind")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("-e", "--event", "chosen", multiple=True, help="One event: reply, of a list tasks.0.")
@SIGNING
@click.pass_obj
def attest(
    session: Session, /, kind: str, ids: tuple[str, ...], chosen: tuple[str, ...], **options: Any
) -> None:
    """Sign what records say: without --event, all that waits for a signature you may give.

    One signature covers all records that are named.
    """
    if chosen and len(ids) > 1:
        raise Misuse(say("--{option} goes with one record.", option="event"))
    now = session.now()
    context = open_context(session.repository(), now, frozenset())
    signing = Signing.open(session, context, options)
    person, registers = signing.person, context.trusted.registers
    made = attesting.prepared(context, kind, ids, person, chosen)
    parts = [part for values in made.events.values() for part in values.items()]
    session.remark(say("You sign:"))
    for event, value in parts:
        words = say("{key}: {what}", key=event, what=record_line(registers, value))
        click.echo(f"  {session.tr(words)}", err=True)
    signing.affirm(say("Is all of this so, do you answer for it, and do you sign?"))
    record = attesting.attestation(context, made, person, now, signing.sign)
    done = say("{kind} {ids}: {count} events signed by {person}.", kind=kind, ids=", ".join(ids),
               count=len(parts), person=person.name)  # fmt: skip
    signing.store(record, done, more=made.files)


@click.command()
@click.argument("post")
@click.option("-c", "--clause", help="The clause whose finding is waived, like R13-2.")
@click.option("-t", "--text", help="The words found, as the finding names them.")
@click.option("-r", "--reason", default="", help="Why they may stand.")
@click.option("--expires", type=Day(), help="Last day it counts; default: in thirty days.")
@SIGNING
@click.pass_obj
def waive(
    session: Session,
    /,
    post: str,
    clause: str | None,
    text: str | None,
    reason: str,
    expires: date | None,
    **options: Any,
) -> None:
    """Excuse one finding on a post; without --clause, list what may be excused."""
    now, repository = session.now(), session.repository()
    wanted = named_post(repository, post)
    context = open_context(repository, now, frozenset({wanted}))
    subject = context.post(wanted)
    if clause is None or text is None:
        findings = waivable(context, subject)
        for finding in findings:
            click.echo(f"{finding.clause}  {harmless(finding.waivable)}  ", nl=False)
            click.echo(session.tr(finding.message))
        session.remark(
            say("Give --clause, --text and --reason to waive one of them.")
            if findings
            else say("Nothing in this post can be waived.")
        )
        return
    if not reason.strip():
        raise Fault(
            say("--{option} is needed.", option="reason"), say("Say why the words may stand.")
        )
    signing, clause = Signing.open(session, context, options), clause.upper()
    signing.affirm(say("Do you answer for this exception and sign?"))
    until = expires or local_date(now) + timedelta(days=30)
    person = signing.person
    record = waiver(context, subject, clause, text, reason, until, person, now, signing.sign)
    done = say("Waiver of {clause} on {post} signed by {person}.", clause=clause, post=wanted,
               person=person.name)  # fmt: skip
    signing.store(record, done)


_ROTATION = together(
    click.option("--access-revoked/--access-kept", default=None, help="At a handover."),
    click.option("--devices-returned/--devices-kept", default=None, help="At a handover."),
    click.option("--at", "moment", type=Moment(), help="When it was changed; default: now."),
    click.option("--custodian", help="Who keeps it now; default: as registered."),
)
"""The options of every change of a password."""


@click.command()
@click.argument("account")
@click.option(
    "-r",
    "--reason",
    type=click.Choice(REASONS),
    required=True,
    help="Why it was changed; deviation: why it was not.",
)
@click.option("--deviation-reason", default="", help="Why it was not changed in time.")
@_ROTATION
@SIGNING
@click.pass_obj
def rotate(session: Session, /, account: str, reason: str, **options: Any) -> None:
    """Sign that the password of an account was changed; it is measured and never kept."""
    now = session.now()
    signing = _opened(session, account, reason, options, now)
    measured = Strength(0, False)
    if reason != "deviation":
        measured = _measured(session, signing.context, now)
    _sign(signing, account, reason, measured, now)


@click.command("password-check")
@click.argument("account")
@click.option("--only", is_flag=True, help="Measure it and sign nothing.")
@_ROTATION
@SIGNING
@click.pass_obj
def password_check(session: Session, /, account: str, only: bool, **options: Any) -> None:
    """Measure a password at the terminal, say pass or fail, and sign that it was changed."""
    now = session.now()
    signing = None if only else _opened(session, account, "scheduled", options, now)
    context = signing.context if signing else open_context(session.repository(), now, frozenset())
    measured = _measured(session, context, now)
    enough = measured.classes >= rotating.least_classes(context, now)
    passed = enough and measured.long_enough
    click.echo(session.tr(say("pass") if passed else say("fail")))
    if not passed:
        raise SystemExit(11)
    if signing:
        _sign(signing, account, "scheduled", measured, now)


def _opened(
    session: Session, account: str, reason: str, options: dict[str, Any], now: datetime
) -> Signing:
    """The signer. Faults come before a password is asked for: no such account, not entitled."""
    context = open_context(session.repository(), now, frozenset())
    rotating.known_account(context, account)
    signing = Signing.open(session, context, options)
    rotating.entitled(reason, context, signing.person, now)
    return signing


def _measured(session: Session, context: SigningContext, now: datetime) -> Strength:
    """Two figures of a password that is read without echo and forgotten at once."""
    if not session.attended:
        raise Fault(
            say("A password is read from a terminal alone."),
            say("Run it in a terminal; never put a password into a command or a file."),
        )
    question = session.tr(say("Password (not shown, not kept)"))
    given = click.prompt(question, hide_input=True, err=True, default="", show_default=False)
    return strength(given, rotating.least_length(context, now))


def _sign(signing: Signing, account: str, reason: str, measured: Strength, now: datetime) -> None:
    context, person, options = signing.context, signing.person, signing.options
    registered = rotating.known_account(context, account)
    made = rotating.Rotation(
        account,
        options["moment"] or now,
        options["custodian"] or registered.custodian or person.id,
        reason,
        measured,
        options.get("deviation_reason", ""),
        options["devices_returned"],
        options["access_revoked"],
    )
    signing.affirm(say("Is it so, and do you sign?"))
    record = rotating.rotation(made, context, person, now, signing.sign)
    name = context.trusted.registers.called(registered.id)
    done = say("Password record of {account} signed by {person}.", account=name,
               person=person.name)  # fmt: skip
    signing.store(record, done)
