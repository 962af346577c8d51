"""declare, attest, waive, rotate: what people answer for with a signature."""

from dataclasses import replace

import click

from pipeline.cli.acts import Options, sign_here, verb_of
from pipeline.cli.options import Session, named_post
from pipeline.cli.signing_options import Signing
from pipeline.detect.secrets import Strength, strength
from pipeline.errors import Fault, Misuse
from pipeline.history.duties import SOON, duties
from pipeline.model.calendar import local_date
from pipeline.model.duties import last_declared
from pipeline.model.findings import EXIT_REFUSE, say, say_day
from pipeline.report.language import harmless
from pipeline.sign.act import SigningContext
from pipeline.sign.acts import rotate as rotation
from pipeline.sign.acts.attest import ATTEST, NamedEvents
from pipeline.sign.acts.declare import DECLARE, Declaring
from pipeline.sign.acts.waive import WAIVE, Waiver, waivable


@verb_of(DECLARE)
@click.option("--all", "everything", is_flag=True, help="All that is due, with one signature.")
def declare(session: Session, asked: Declaring, options: Options) -> None:
    """Declare what a clause asks for, in the words of the register wordings.

    With --all, what is overdue or falls due within ten days, with one signature.
    """
    everything = options["everything"]
    if everything is bool(asked.name) or (everything and replace(asked, note="") != Declaring()):
        raise Misuse(
            say("Name one declaration, or give --all without a subject, days or files."),
            say("`sanshen due --mine` lists what you owe."),
        )
    if everything:
        _declare_all(session, asked, options)
    else:
        sign_here(session, DECLARE, asked, options, _shown)


def _declare_all(session: Session, asked: Declaring, options: Options) -> None:
    """Show all that is due, and sign with one signature what its signer does not refuse."""
    now, context = session.now(), DECLARE.opened(asked, session.repository(), session.now())
    signing = Signing.open(session, context, options)
    person = signing.person
    owed = duties(context.repository, context.repository.commit("HEAD"), lambda _: now)
    due = owed.declarations(person, now + SOON)
    if not due:
        until = say_day(local_date(now + SOON))
        session.remark(
            say("No declaration of {person} falls due by {day}.", person=person.name, day=until)
        )
        return
    names = []
    for name, subject in due:
        one = replace(asked, name=f"{name}:{subject}")
        (made,) = one.pledges(context, person, now)
        days = (last_declared(a, made.wording, subject) for a in (context.archive, owed.archive))
        if len({*days}) == 1:  # else signed, and not committed yet
            _shown(signing, one)
            names += [one.name] if signing.affirmed(DECLARE.question) else []
    if names:
        asked = replace(asked, name=",".join(names))
        made_of_all = DECLARE.sign(asked, context, person, now, signing.sign)
        signing.store(made_of_all.record, made_of_all.done)
    else:
        session.remark(say("Signed: {count} declarations.", count=0))


def _shown(signing: Signing, asked: Declaring) -> Declaring:
    """Show what would be declared."""
    for made in asked.pledges(signing.context, signing.person, signing.session.now()):
        about = signing.context.trusted.registers.called(made.subject) if made.subject else "—"
        first, last = say_day(made.first), say_day(made.last)
        signing.session.remark(
            say("From {first} to {last}, about: {subject}", first=first, last=last, subject=about)
        )
        click.echo(f"\n{made.wording['text']}\n", err=True)
    return asked


@verb_of(ATTEST)
def attest(session: Session, asked: NamedEvents, options: Options) -> None:
    """Sign what records say: without --event, all that waits for a signature you may give.

    One signature covers all records that are named.
    """
    sign_here(session, ATTEST, asked, options)


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


@verb_of(rotation.ROTATE)
@click.option("--only", is_flag=True, help="Measure the password and sign nothing.")
def rotate(session: Session, asked: rotation.Rotation, options: Options) -> None:
    """Measure a password at the terminal, say pass or fail, and sign that it was changed.

    It is never kept. With --only nothing is signed.
    """
    if options["only"]:
        _measured(session, rotation.ROTATE.opened(asked, session.repository(), session.now()))
    else:
        sign_here(session, rotation.ROTATE, asked, options, _with_password)


def _with_password(signing: Signing, asked: rotation.Rotation) -> rotation.Rotation:
    """With its measure. Faults come before it is asked for: no such account, not entitled."""
    rotation.known_account(signing.context, asked.account)
    rotation.answering_role(asked.reason, signing.context, signing.person, signing.session.now())
    if asked.reason == rotation.DEVIATION:
        return asked
    return replace(asked, strength=_measured(signing.session, signing.context))


def _measured(session: Session, context: SigningContext) -> Strength:
    """Two figures of a password that is read without echo and forgotten at once; with fail the
    command ends."""
    if not session.attended:
        raise Fault(
            say("A password is read from a terminal alone."),
            say("Run it in a terminal; never put a password into a command or a file."),
        )
    question = session.tr(say("Password (not shown, not kept)"))
    given = click.prompt(question, hide_input=True, err=True, default="", show_default=False)
    measured = strength(given, rotation.least_length(context, session.now()))
    enough = measured.classes >= rotation.least_classes(context, session.now())
    passed = enough and measured.long_enough
    click.echo(session.tr(say("pass") if passed else say("fail")))
    if not passed:
        raise SystemExit(EXIT_REFUSE)
    return measured
