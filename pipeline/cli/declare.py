"""declare, waive, rotate, password-check: what people answer for with a signature."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from pipeline.cli.post_names import named_post
from pipeline.cli.session import Moment, Session
from pipeline.cli.signing_options import affirm, fingerprint_of, key_of, options, signer_of, store
from pipeline.detect.secrets import Strength, strength
from pipeline.errors import Fault
from pipeline.model.calendar import local_date
from pipeline.model.findings import say, say_day
from pipeline.model.registers import Person
from pipeline.report.language import harmless
from pipeline.sign import declare as declaring
from pipeline.sign import rotate as rotating
from pipeline.sign.signing_context import SigningContext, open_context, signer
from pipeline.sign.waive import waivable, waiver

REASONS = ("scheduled", "handover", "incident", "deviation")
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class Day(click.ParamType[date]):
    """An ISO 8601 day."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            session = ctx.find_object(Session) if ctx else None
            wrong = say("{value} is no day; write it like 2026-11-03.", value=value)
            self.fail(session.tr(wrong) if session else str(wrong), param, ctx)


@click.command()
@click.argument("name")
@click.option("-s", "--subject", help="Account, department or person it is about.")
@click.option("--from", "first", type=Day(), help="First day it speaks of; default: since last.")
@click.option("--until", "last", type=Day(), help="Last day it speaks of; default: today.")
@click.option("--note", default="", help="A remark to go with it.")
@click.option(
    "--attach",
    "attached",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file whose digest is signed with it, such as a screenshot.",
)
@options
@click.pass_obj
def declare(
    session: Session,
    /,
    name: str,
    subject: str | None,
    first: date | None,
    last: date | None,
    note: str,
    attached: tuple[Path, ...],
    **options: Any,
) -> None:
    """Declare what a clause asks for, in the words of the register wordings."""
    now = session.now()
    context = open_context(session.repository(), now, frozenset())
    key = key_of(session, context, options["key"])
    person = signer(context, fingerprint_of(session, key))
    made = declaring.pledge(context, name, person, local_date(now), subject, first, last)
    made = declaring.completed(made, note, {p.name: p.read_bytes() for p in attached})
    about = context.trusted.registers.called(made.subject) if made.subject else "—"
    session.remark(
        say(
            "From {first} to {last}, about: {subject}",
            first=say_day(made.first),
            last=say_day(made.last),
            subject=about,
        )
    )
    click.echo(f"\n{made.wording['text']}\n", err=True)
    affirm(session, options, say("Do you declare this and sign?"))
    record = declaring.declaration(made, context, person, now, signer_of(session, key))
    done = say("Declaration {name} signed by {person}.", name=name, person=person.name)
    store(session, context, record, options, done)


@click.command()
@click.argument("post")
@click.option("-c", "--clause", help="The clause whose finding is waived, like R13-2.")
@click.option("-t", "--text", help="The words found, as the finding names them.")
@click.option("-r", "--reason", default="", help="Why they may stand.")
@click.option("--expires", type=Day(), help="Last day it counts; default: in thirty days.")
@options
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
    key = key_of(session, context, options["key"])
    person = signer(context, fingerprint_of(session, key))
    affirm(session, options, say("Do you answer for this exception and sign?"))
    until = expires or local_date(now) + timedelta(days=30)
    sign = signer_of(session, key)
    record = waiver(context, subject, clause.upper(), text, reason, until, person, now, sign)
    done = say("Waiver of {clause} on {post} signed by {person}.", clause=clause.upper(),
               post=wanted, person=person.name)  # fmt: skip
    store(session, context, record, options, done)


def _rotating(command: Callable[..., Any]) -> Callable[..., Any]:
    """What every change of a password has."""
    chosen: tuple[Decorator, ...] = (
        click.option("--custodian", help="Who keeps it now; default: as registered."),
        click.option("--at", "moment", type=Moment(), help="When it was changed; default: now."),
        click.option("--devices-returned/--devices-kept", default=None, help="At a handover."),
        click.option("--access-revoked/--access-kept", default=None, help="At a handover."),
    )
    for option in chosen:
        command = option(command)
    return command


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
@_rotating
@options
@click.pass_obj
def rotate(session: Session, /, account: str, reason: str, **options: Any) -> None:
    """Sign that the password of an account was changed; it is measured and never kept."""
    now = session.now()
    context = open_context(session.repository(), now, frozenset())
    signing = _signing(session, context, account, reason, options, now)
    measured = Strength(0, False)
    if reason != "deviation":
        measured = _measured(session, context, now)
    _sign(session, context, account, reason, measured, options, now, *signing)


@click.command("password-check")
@click.argument("account")
@click.option("--only", is_flag=True, help="Measure it and sign nothing.")
@_rotating
@options
@click.pass_obj
def password_check(session: Session, /, account: str, only: bool, **options: Any) -> None:
    """Measure a password at the terminal, say pass or fail, and sign that it was changed."""
    now = session.now()
    context = open_context(session.repository(), now, frozenset())
    signing = None if only else _signing(session, context, account, "scheduled", options, now)
    measured = _measured(session, context, now)
    enough = measured.classes >= rotating.least_classes(context, now)
    passed = enough and measured.long_enough
    click.echo(session.tr(say("pass") if passed else say("fail")))
    if not passed:
        raise SystemExit(11)
    if signing:
        _sign(session, context, account, "scheduled", measured, options, now, *signing)


def _signing(
    session: Session,
    context: SigningContext,
    account: str,
    reason: str,
    options: dict[str, Any],
    now: datetime,
) -> tuple[Path, Person]:
    """The key and whose it is; a Fault before anybody is asked for a password in vain."""
    rotating.known_account(context, account)
    key = key_of(session, context, options["key"])
    person = signer(context, fingerprint_of(session, key))
    rotating.entitled(reason, context, person, now)
    return key, person


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


def _sign(
    session: Session,
    context: SigningContext,
    account: str,
    reason: str,
    measured: Strength,
    options: dict[str, Any],
    now: datetime,
    key: Path,
    person: Person,
) -> None:
    registered = rotating.known_account(context, account)
    keeper = options["custodian"] or registered.custodian or person.id
    made = rotating.Rotation(
        account,
        options["moment"] or now,
        keeper,
        reason,
        measured,
        options.get("deviation_reason", ""),
        options["devices_returned"],
        options["access_revoked"],
    )
    affirm(session, options, say("Is it so, and do you sign?"))
    record = rotating.rotation(made, context, person, now, signer_of(session, key))
    name = context.trusted.registers.called(registered.id)
    done = say("Password record of {account} signed by {person}.", account=name,
               person=person.name)  # fmt: skip
    store(session, context, record, options, done)
