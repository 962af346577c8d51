"""publish, authorise, expunge: signed facts that are no reviews."""

from datetime import datetime
from typing import Any

import click

from pipeline.cli.options import base_option
from pipeline.cli.post_names import named_post
from pipeline.cli.session import Moment, Session
from pipeline.cli.signing_options import SIGNING, Signing, show_governed
from pipeline.evidence.review.records import REMOVERS
from pipeline.model.findings import say
from pipeline.report.language import whole
from pipeline.sign.authorise import ERASED_TITLE, authorisation, remove
from pipeline.sign.authorise import expunge as sign_expunging
from pipeline.sign.publication import (
    OutOfOrder,
    Wrong,
    publication,
    refuse_unless_merged,
    refuse_unless_whole,
)
from pipeline.sign.signing_context import SigningContext, open_context, write_record
from pipeline.source.git.commits import add_and_commit


@click.command()
@click.argument("post")
@click.option("-a", "--account", help="The account that carried it.")
@click.option("-u", "--url", help="Its address on the platform.")
@click.option("--at", "at", type=Moment(), help="When; default: now.")
@click.option("--batch", default="", help="Name of the mass send it belonged to.")
@click.option(
    "--revision",
    type=click.IntRange(min=1),
    help="The revision that the account carried; default: the present one.",
)
@click.option("--supersedes", metavar="PATH", help="A wrong record, whose place this one takes.")
@click.option("--void", is_flag=True, help="With --supersedes: that account never carried it.")
@click.option(
    "--removed-at",
    type=Moment(),
    help="With --supersedes: when the platform ceased to show what that record says.",
)
@click.option(
    "--removed-by", type=click.Choice(list(REMOVERS)), help="With --removed-at: who removed it."
)
@click.option("-r", "--reason", help="With --supersedes: why it is wrong, void or removed.")
@click.option(
    "--unconfirmed",
    metavar="REASON",
    default="",
    help="It went out before its confirmation, and why; the audit refuses it until signatures"
    " close it.",
)
@click.option(
    "--pressed-by",
    metavar="PERSON",
    default="",
    help="Who published it, where that was not you; `unknown` where it cannot be found out.",
)
@base_option("The branch that is published.")
@SIGNING
@click.pass_obj
def publish(
    session: Session,
    /,
    post: str,
    account: str | None,
    url: str | None,
    at: datetime | None,
    batch: str,
    revision: int | None,
    base: str,
    **options: Any,
) -> None:
    """Record that an account carried a post: where, when, by whom.

    You sign that the time is the one which the platform shows.
    """
    wrong = _wrong(session, options)
    out = OutOfOrder(options["unconfirmed"].strip(), options["pressed_by"])
    copies = wrong is not None and wrong.copies
    if not copies and not (account and url):
        raise click.UsageError(session.tr(say("Give --account and --url.")))
    if url and not copies:
        refuse_unless_whole(url)
    now, repository = session.now(), session.repository()
    wanted = named_post(repository, post)
    context = open_context(repository, now, frozenset({wanted}))
    signing = Signing.open(session, context, options)
    if not copies:
        refuse_unless_merged(context, context.post(wanted), at or now, base, out)
    record = publication(
        context,
        context.post(wanted),
        account or "",
        url or "",
        at or now,
        batch,
        signing.person,
        now,
        signing.sign,
        wrong,
        revision,
        out,
    )
    carrier = context.trusted.registers.called(account or "")
    done = say("Publication of {post} on {account} recorded.", post=wanted, account=carrier)
    if wrong and wrong.void:
        done = say("The record {path} is taken back.", path=wrong.path)
    elif wrong and wrong.removed:
        done = say("The removal of {post} is recorded.", post=wanted)
    signing.store(record, done)


def _wrong(session: Session, options: dict[str, Any]) -> Wrong | None:
    """The record named by --supersedes; its companions make no sense without it."""
    path, reason = options["supersedes"], options["reason"]
    at, by = options["removed_at"], options["removed_by"]
    if not path:
        if options["void"] or reason or at or by:
            words = say("--void, --removed-at and --reason go with --supersedes.")
            raise click.UsageError(session.tr(words))
        return None
    if bool(at) != bool(by) or (at and options["void"]):
        words = say("--removed-at and --removed-by go together, and not with --void.")
        raise click.UsageError(session.tr(words))
    if not (reason or "").strip():
        raise click.UsageError(session.tr(say("Say with --reason why the record is wrong.")))
    removed = (at, by) if at else None
    return Wrong(str(path).removesuffix(".sig"), reason.strip(), options["void"], removed)


@click.command()
@base_option()
@click.option(
    "--acknowledge",
    "acknowledged",
    multiple=True,
    metavar="COMMIT",
    help="A commit that broke the rules and that you answer for.",
)
@click.option("-r", "--reason", required=True, help="Why the change is made.")
@SIGNING
@click.pass_obj
def authorise(
    session: Session, /, base: str, reason: str, acknowledged: tuple[str, ...], **options: Any
) -> None:
    """Consent to a change of policy, registers, rules, site or workflows (two people must)."""
    repository = session.repository()
    context = open_context(repository, session.now(), frozenset(), judges=repository.base(base))
    signing = Signing.open(session, context, options)
    broken = tuple(repository.commit(name) for name in acknowledged)
    show_governed(session, context, base, broken)
    signing.affirm(say("Do you consent to this change and sign?"))
    person = signing.person
    record = authorisation(context, base, reason, person, session.now(), signing.sign, broken)
    signing.store(record, say("Change authorised by {person}.", person=person.name))


@click.command()
@click.argument("post")
@click.option("-r", "--reason", required=True, help="Why, in words that repeat nothing private.")
@click.option("--title", default=ERASED_TITLE, help="What the post's address shows instead.")
@base_option()
@SIGNING
@click.pass_obj
def expunge(
    session: Session, /, post: str, reason: str, title: str, base: str, **options: Any
) -> None:
    """Erase a post's text and media, keep digests and reviews (two people must sign).

    The first signer runs it on a branch, the second on the same branch. History still holds the
    bytes until it is rewritten: docs/runbooks/expunge.md.
    """
    repository = session.repository()
    wanted = named_post(repository, post, erased=True)
    context = open_context(repository, session.now(), frozenset({wanted}), leaving=wanted)
    signing = Signing.open(session, context, options)
    _show_erased(session, context, wanted, reason, title)
    signing.affirm(say("Do you have it erased and sign?"))
    person = signing.person
    record = sign_expunging(
        context, base, wanted, title, reason, person, session.now(), signing.sign
    )
    # The record comes first: after an interruption the same command finishes the work.
    with repository.lock():
        write_record(repository.root, record, again=True)
        gone = remove(repository.root, wanted)
        if gone and (options["commit"] or options["push"]):
            words = session.tr(say("Remove the bytes of {post}", post=wanted))
            add_and_commit(repository, gone, words)
    done = say(
        "{post} is erased from the tree, signed by {person}.", post=wanted, person=person.name
    )
    signing.store(record, done, again=True)
    session.remark(
        say("The bytes are still in history: docs/runbooks/expunge.md says how they go.")
    )


def _show_erased(
    session: Session, context: SigningContext, wanted: str, reason: str, title: str
) -> None:
    """What goes, and what stands in public instead; the first signer's words stand."""
    post, erased = context.archive.posts.get(wanted), context.archive.expunged.get(wanted)
    paths = sorted({path for path, _ in erased.files}) if erased else post.manifest if post else ()
    if erased:
        reason, title = erased.reason, erased.title
    lines = [f"{wanted}  {whole(post.title) if post else ''}".rstrip()]
    lines += [f"  {whole(path)}" for path in paths]
    lines += [
        session.tr(say("Shown in public: {title}", title=title)),
        session.tr(say("Reason, in public too: {reason}", reason=reason)),
    ]
    click.echo("\n".join(lines), err=True)
