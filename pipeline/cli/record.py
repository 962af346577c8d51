"""publish, authorise: signed facts that are no reviews."""

from datetime import datetime
from typing import Any

import click

from pipeline.cli.pen import fingerprint_of, key_of, options, signer_of, store
from pipeline.cli.session import Moment, Session, post_id
from pipeline.flow.desk import desk, signer
from pipeline.flow.record import authorisation, publication
from pipeline.model.findings import say


@click.command()
@click.argument("post")
@click.option("-a", "--account", required=True, help="The account that carried it.")
@click.option("-u", "--url", required=True, help="Its address on the platform.")
@click.option("--at", "at", type=Moment(), help="When; default: now.")
@click.option("--batch", default="", help="Name of the mass send it belonged to.")
@options
@click.pass_obj
def publish(
    session: Session,
    /,
    post: str,
    account: str,
    url: str,
    at: datetime | None,
    batch: str,
    **options: Any,
) -> None:
    """Record that an account carried a post: where, when, by whom."""
    wanted = post_id(post)
    place = desk(session.repository(), session.now(), frozenset({wanted}))
    key = key_of(session, place, options["key"])
    person = signer(place, fingerprint_of(session, key))
    now = session.now()
    record = publication(
        place,
        place.post(wanted),
        account,
        url,
        at or now,
        batch,
        person,
        now,
        signer_of(session, key),
    )
    store(
        session,
        place,
        record,
        options,
        say("Publication of {post} on {account} recorded.", post=wanted, account=account),
    )


@click.command()
@click.option("--base", default="main", show_default=True, help="The branch the change is for.")
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
    place = desk(repository, session.now(), frozenset())
    key = key_of(session, place, options["key"])
    person = signer(place, fingerprint_of(session, key))
    broken = tuple(repository.commit(name) for name in acknowledged)
    sign = signer_of(session, key)
    record = authorisation(place, base, reason, person, session.now(), sign, broken)
    store(
        session,
        place,
        record,
        options,
        say("Change authorised by {person}.", person=person.name),
    )
