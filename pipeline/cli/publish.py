"""publish, authorise: signed facts that are no reviews."""

import re
from datetime import datetime
from typing import Any

import click

from pipeline.cli.post_names import named_post
from pipeline.cli.session import Moment, Session
from pipeline.cli.signing_options import (
    affirm,
    fingerprint_of,
    key_of,
    options,
    show_governed,
    signer_of,
    store,
)
from pipeline.errors import Misuse
from pipeline.model.findings import say
from pipeline.sign.authorise import authorisation
from pipeline.sign.on_main import MAIN, refuse_unless_merged
from pipeline.sign.publication import Wrong, publication
from pipeline.sign.signing_context import open_context, signer


@click.command()
@click.argument("post")
@click.option("-a", "--account", help="The account that carried it.")
@click.option("-u", "--url", help="Its address on the platform.")
@click.option("--at", "at", type=Moment(), help="When; default: now.")
@click.option("--batch", default="", help="Name of the mass send it belonged to.")
@click.option("--supersedes", metavar="PATH", help="A wrong record, whose place this one takes.")
@click.option("--void", is_flag=True, help="With --supersedes: that account never carried it.")
@click.option("-r", "--reason", help="With --supersedes: why that record is wrong.")
@click.option("--base", default=MAIN, show_default=True, help="The branch that is published.")
@options
@click.pass_obj
def publish(
    session: Session,
    /,
    post: str,
    account: str | None,
    url: str | None,
    at: datetime | None,
    batch: str,
    base: str,
    **options: Any,
) -> None:
    """Record that an account carried a post: where, when, by whom."""
    wrong = _wrong(session, options)
    if not (wrong and wrong.void) and not (account and url):
        raise click.UsageError(session.tr(say("Give --account and --url.")))
    if url and not (wrong and wrong.void):
        _refuse_unless_whole(url)
    now, repository = session.now(), session.repository()
    wanted = named_post(repository, post)
    context = open_context(repository, now, frozenset({wanted}))
    key = key_of(session, context, options["key"])
    person = signer(context, fingerprint_of(session, key))
    if not (wrong and wrong.void):
        refuse_unless_merged(context, context.post(wanted), at or now, base)
    record = publication(
        context,
        context.post(wanted),
        account or "",
        url or "",
        at or now,
        batch,
        person,
        now,
        signer_of(session, key),
        wrong,
    )
    carrier = context.trusted.registers.called(account or "")
    done = say("Publication of {post} on {account} recorded.", post=wanted, account=carrier)
    if wrong and wrong.void:
        done = say("The record {path} is taken back.", path=wrong.path)
    store(session, context, record, options, done)


def _refuse_unless_whole(url: str) -> None:
    """Misuse for an address that begins otherwise than with https://, or holds a blank."""
    if re.fullmatch(r"https://\S+", url):
        return
    whole = f"https://{re.sub(r'^(?:https?:)?/*', '', url.strip(), flags=re.IGNORECASE)}"
    raise Misuse(
        say("{url} is not a whole web address.", url=url),
        say(
            "Copy it from the browser whole, beginning with https://: `--url {whole}`.", whole=whole
        )
        if re.fullmatch(r"https://[^\s/]+\.\S+", whole)
        else say("Copy it from the browser whole, beginning with https://."),
    )


def _wrong(session: Session, options: dict[str, Any]) -> Wrong | None:
    """The record named by --supersedes; its companions make no sense without it."""
    path, reason = options["supersedes"], options["reason"]
    if not path:
        if options["void"] or reason:
            raise click.UsageError(session.tr(say("--void and --reason go with --supersedes.")))
        return None
    if not (reason or "").strip():
        raise click.UsageError(session.tr(say("Say with --reason why the record is wrong.")))
    return Wrong(str(path).removesuffix(".sig"), reason.strip(), options["void"])


@click.command()
@click.option("--base", default=MAIN, show_default=True, help="The branch the change is for.")
@click.option(
    "--acknowledge",
    "acknowledged",
    multiple=True,
    metavar="COMMIT",
    help="A commit that broke the rules and that you answer for.",
)
@click.option("-r", "--reason", required=True, help="Why the change is made.")
@options
@click.pass_obj
def authorise(
    session: Session, /, base: str, reason: str, acknowledged: tuple[str, ...], **options: Any
) -> None:
    """Consent to a change of policy, registers, rules, site or workflows (two people must)."""
    repository = session.repository()
    context = open_context(repository, session.now(), frozenset(), judges=repository.base(base))
    key = key_of(session, context, options["key"])
    person = signer(context, fingerprint_of(session, key))
    broken = tuple(repository.commit(name) for name in acknowledged)
    sign = signer_of(session, key)
    show_governed(session, context, base, broken)
    affirm(session, options, say("Do you consent to this change and sign?"))
    record = authorisation(context, base, reason, person, session.now(), sign, broken)
    store(
        session, context, record, options, say("Change authorised by {person}.", person=person.name)
    )
