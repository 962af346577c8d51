"""expunge: erase a post that should never have been public, and keep its evidence."""

from typing import Any

import click

from pipeline.cli.post_names import named_post
from pipeline.cli.session import Session
from pipeline.cli.signing_options import affirm, fingerprint_of, key_of, options, signer_of, store
from pipeline.model.findings import say
from pipeline.report.language import whole
from pipeline.sign.expunge import expunge as sign_expunging
from pipeline.sign.expunge import remove
from pipeline.sign.signing_context import SigningContext, open_context, signer, write_record


@click.command()
@click.argument("post")
@click.option("-r", "--reason", required=True, help="Why, in words that repeat nothing private.")
@click.option("--title", default="（内容已清除）", help="What the post's address shows instead.")
@click.option("--base", default="main", show_default=True, help="The branch the change is for.")
@options
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
    key = key_of(session, context, options["key"])
    person = signer(context, fingerprint_of(session, key))
    _show(session, context, wanted, reason, title)
    affirm(session, options, say("Do you have it erased and sign?"))
    record = sign_expunging(
        context, base, wanted, title, reason, person, session.now(), signer_of(session, key)
    )
    # The record first: whoever is interrupted here runs the same command again.
    with repository.lock():
        write_record(repository.root, record, again=True)
        gone = remove(repository.root, wanted)
    done = say(
        "{post} is erased from the tree, signed by {person}.", post=wanted, person=person.name
    )
    if gone and (options["commit"] or options["push"]):
        repository.add_and_commit(gone, session.tr(say("Remove the bytes of {post}", post=wanted)))
    store(session, context, record, options, done, again=True)
    session.remark(
        say("The bytes are still in history: docs/runbooks/expunge.md says how they go.")
    )


def _show(session: Session, context: SigningContext, wanted: str, reason: str, title: str) -> None:
    """What goes, and what stands in public in its place; the first signer has said it already."""
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
