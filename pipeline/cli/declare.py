"""declare, attest, waive, rotate, password-check: what people answer for with a signature."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli.acts import Options, sign_here, verb_of
from pipeline.cli.options import EXISTING, Day
from pipeline.cli.post_names import named_post
from pipeline.cli.session import Session
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
from pipeline.sign.acts.rotate import (
    DEVIATION,
    ROTATE,
    Rotation,
    answering_role,
    known_account,
    least_classes,
    least_length,
)
from pipeline.sign.acts.waive import WAIVE, Waiver, waivable
from pipeline.sign.signing_context import SigningContext, open_context

NOT_GIVEN = (None, None, None, ())


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


@verb_of(WAIVE)
def waive(session: Session, asked: Waiver, options: Options) -> None:
    """Excuse one finding on a post; without --clause, list what may be excused."""
    asked = replace(asked, post=named_post(session.repository(), asked.post))
    if asked.clause and asked.text:
        sign_here(session, WAIVE, asked, options)
        return
    context = WAIVE.opened(asked, session.repository(), session.now())
    findings = waivable(context, context.post(asked.post))
    for finding in findings:
        click.echo(f"{finding.clause}  {harmless(finding.waivable)}  ", nl=False)
        click.echo(session.tr(finding.message))
    session.remark(
        say("Give --clause, --text and --reason to waive one of them.")
        if findings
        else say("Nothing in this post can be waived.")
    )


@verb_of(ROTATE)
def rotate(session: Session, asked: Rotation, options: Options) -> None:
    """Sign that the password of an account was changed; it is measured and never kept."""
    sign_here(session, ROTATE, asked, options, _with_password)


@verb_of(ROTATE, "password-check", reason="scheduled", deviation_reason="")
@click.option("--only", is_flag=True, help="Measure it and sign nothing.")
def password_check(session: Session, asked: Rotation, options: Options) -> None:
    """Measure a password at the terminal, say pass or fail, and sign that it was changed."""
    if options["only"]:
        _passed(session, ROTATE.opened(asked, session.repository(), session.now()))
    else:
        sign_here(session, ROTATE, asked, options, _with_password_that_passes)


def _with_password(signing: Signing, asked: Rotation) -> Rotation:
    """With its measure. Faults come before it is asked for: no such account, not entitled."""
    _entitled(signing, asked)
    if asked.reason == DEVIATION:
        return asked
    return replace(asked, strength=_measured(signing.session, signing.context))


def _with_password_that_passes(signing: Signing, asked: Rotation) -> Rotation:
    _entitled(signing, asked)
    return replace(asked, strength=_passed(signing.session, signing.context))


def _entitled(signing: Signing, asked: Rotation) -> None:
    known_account(signing.context, asked.account)
    answering_role(asked.reason, signing.context, signing.person, signing.session.now())


def _passed(session: Session, context: SigningContext) -> Strength:
    """Say pass or fail of a password; with fail the command ends."""
    measured = _measured(session, context)
    enough = measured.classes >= least_classes(context, session.now())
    passed = enough and measured.long_enough
    click.echo(session.tr(say("pass") if passed else say("fail")))
    if not passed:
        raise SystemExit(11)
    return measured


def _measured(session: Session, context: SigningContext) -> Strength:
    """Two figures of a password that is read without echo and forgotten at once."""
    if not session.attended:
        raise Fault(
            say("A password is read from a terminal alone."),
            say("Run it in a terminal; never put a password into a command or a file."),
        )
    question = session.tr(say("Password (not shown, not kept)"))
    given = click.prompt(question, hide_input=True, err=True, default="", show_default=False)
    return strength(given, least_length(context, session.now()))
