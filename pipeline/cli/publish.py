"""publish, authorise, expunge: signed facts that are no reviews."""

from dataclasses import replace
from functools import partial

import click

from pipeline.cli.acts import Options, sign_here, verb_of
from pipeline.cli.options import Session, named_post
from pipeline.cli.signing_options import Signing, show_governed
from pipeline.model.findings import say
from pipeline.model.ids import PostId
from pipeline.report.language import whole
from pipeline.sign.act import SignedOutcome, SigningContext, write_record
from pipeline.sign.acts.authorise import AUTHORISE, ERASE, Consent, Erasure, remove
from pipeline.sign.acts.publish import PUBLISH, Publishing
from pipeline.source.git.repository import add_and_commit


@verb_of(PUBLISH)
def publish(session: Session, asked: Publishing, options: Options) -> None:
    """Record that an account carried a post: where, when, by whom.

    You sign that the time is the one which the platform shows.
    """
    PUBLISH.refuse(asked)
    asked = replace(asked, post=named_post(session.repository(), asked.post))
    sign_here(session, PUBLISH, asked, options)


@verb_of(AUTHORISE)
def authorise(session: Session, asked: Consent, options: Options) -> None:
    """Consent to a change of policy, registers, rules, site or workflows (two people must)."""

    def shown(signing: Signing, asked: Consent) -> Consent:
        broken = tuple(map(signing.context.repository.commit, asked.acknowledged))
        show_governed(session, signing.context, asked.base, broken)
        return asked

    sign_here(session, AUTHORISE, asked, options, shown)


@verb_of(ERASE)
def expunge(session: Session, asked: Erasure, options: Options) -> None:
    """Erase a post's text and media, keep digests and reviews (two people must sign).

    The first signer runs it on a branch, the second on the same branch. History still holds the
    bytes until it is rewritten: docs/runbooks/expunge.md.
    """
    repository = session.repository()
    asked = replace(asked, post=named_post(repository, asked.post, erased=True))

    def shown(signing: Signing, asked: Erasure) -> Erasure:
        _show_erased(session, signing.context, asked.post, asked.reason, asked.title)
        return asked

    sign_here(session, ERASE, asked, options, shown, partial(_erased, asked.post))
    session.remark(
        say("The bytes are still in history: docs/runbooks/expunge.md says how they go.")
    )


def _erased(post: PostId, signing: Signing, made: SignedOutcome) -> None:
    """Store the record and take the post's files away. The record comes first: after an
    interruption the same command finishes the work."""
    repository, options = signing.context.repository, signing.options
    with repository.lock():
        write_record(repository.root, made.record, again=True)
        gone = remove(repository.root, post)
        if gone and (options["commit"] or options["push"]):
            words = signing.session.tr(say("Remove the bytes of {post}", post=post))
            add_and_commit(repository, gone, words)
    signing.store(made.record, made.done, again=True)


def _show_erased(
    session: Session, context: SigningContext, wanted: PostId, reason: str, title: str
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
