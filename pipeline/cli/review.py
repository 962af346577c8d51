"""approve, return, confirm: one step each, signed with a key people own."""

from collections.abc import Iterator
from dataclasses import replace

import click

from pipeline.cli.acts import Options, sign_here, verb_of
from pipeline.cli.options import Session, named_post
from pipeline.cli.signing_options import Signing
from pipeline.detect.private import mask
from pipeline.model.evidence import STEP_NAMES, Review, Step
from pipeline.model.findings import Message, say
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.zh_names import CORRECTIONS
from pipeline.render.body import read_body
from pipeline.report import formats, front_matter, summary
from pipeline.report.language import whole
from pipeline.sign.act import SigningContext
from pipeline.sign.acts.review import APPROVE, CONFIRM, RETURN, AskedConfirmation, Decide
from pipeline.sign.review_step import AFFIRMED, objections, opinions


@verb_of(APPROVE)
def approve(session: Session, asked: AskedConfirmation, options: Options) -> None:
    """Approve a post at the step that waits: first, second or final review."""
    _review(session, APPROVE, asked, options)


@verb_of(RETURN, "return")
def return_(session: Session, asked: AskedConfirmation, options: Options) -> None:
    """Send a post back; only a new revision lifts it."""
    _review(session, RETURN, asked, options)


@verb_of(CONFIRM)
def confirm(session: Session, asked: AskedConfirmation, options: Options) -> None:
    """Confirm a finally reviewed post (Article 15(2)): head of the lead department."""
    _review(session, CONFIRM, asked, options)


def _review(session: Session, act: Decide, asked: AskedConfirmation, options: Options) -> None:
    asked = replace(asked, post=named_post(session.repository(), asked.post))

    def shown(signing: Signing, asked: AskedConfirmation) -> AskedConfirmation:
        context = signing.context
        post = context.post(asked.post)
        step = act.step(context, post)
        _show(session, context, post, step)
        for sentence in AFFIRMED[step] if act.affirmed and not options["yes"] else ():
            click.echo(f"  ☐ {session.tr(sentence)}", err=True)
        return asked

    sign_here(session, act, asked, options, shown)


def _show(session: Session, context: SigningContext, post: Post, step: Step) -> None:
    """What is about to be signed, whole, and what the machine found."""
    registers, reviews = context.archive.registers, context.archive.approvals[post.id]
    wording = front_matter.Wording(session.tr, session.language == "zh", registers)
    lines = [f"{session.tr(STEP_NAMES[step])}  {post.id}  r{post.revision}", whole(post.title), ""]
    lines += [session.tr(decided(review, registers)) for review in opinions(reviews)]
    lines += ["", *wording.lines(post), "", *_text(session, post, registers)]
    lines += ["", *_correction(session, context, post)]
    signed: dict[str, str] = dict(post.manifest)
    if post.correction:
        signed[post.correction_path] = post.correction
    lines += [*(f"  {digest[:16]}  {path}" for path, digest in signed.items()), ""]
    for finding in objections(context, post):
        lines.append(
            f"  {finding.clause}  {session.tr(summary.EFFECTS[finding.effect])}  "
            f"{formats.location_text(finding.location)}  {session.tr(finding.message)}"
        )
    lines += _unanswered(session, context, post)
    click.echo("\n".join(lines), err=True)


def _correction(session: Session, context: SigningContext, post: Post) -> Iterator[str]:
    """What the page and the feeds will tell of this revision: it is signed with the post."""
    for correction in context.archive.corrections_of(post.id):
        if correction.revision == post.revision:
            kind = CORRECTIONS[correction.kind] if session.language == "zh" else correction.kind
            day = correction.changed_on.isoformat()
            head = say("The page will tell of this revision ({kind}, {day}):", kind=kind, day=day)
            changes = (line for old, new in correction.changes for line in (f"− {old}", f"+ {new}"))
            yield session.tr(head)
            yield from (f"  {mask(whole(line))}" for line in (correction.reason, *changes))
            yield ""


def _unanswered(session: Session, context: SigningContext, post: Post) -> Iterator[str]:
    """R11-5 waits for all three reviews; the first signer should know what it will say."""
    for review in context.archive.approvals[post.id].earlier:
        if (review.decision, review.content) == ("return", post.content_digest):
            person = context.archive.registers.name_of(review.reviewer)
            same = say("Nothing changed since {person} returned the post.", person=person)
            yield f"  R11-5  {session.tr(same)}"
            answer = say("Answer “{opinion}” with an opinion of your own (-m), or return it.",
                         opinion=review.opinion)  # fmt: skip
            yield f"      {session.tr(say('Next: {what}', what=answer))}"


def _text(session: Session, post: Post, registers: Registers) -> Iterator[str]:
    """What channels add above the text, then the text as written, each line with its number.

    Nothing of it is left out or cut, for all of it is signed: where a link leads, what is struck.
    """
    body = read_body(post, registers)
    yield from filter(None, (body.source.text if body.source else "", body.label))
    hidden = []
    for number, line in enumerate(post.body.rstrip("\n").split("\n"), post.body_line):
        yield f"{number:>5}  {whole(line)}".rstrip()
        hidden += [number] * (mask(line) != line)
    if hidden:
        numbers = ", ".join(map(str, hidden))
        words = say("Private numbers are masked here; read lines {lines} of {path} itself.",
                    lines=numbers, path=post.path)  # fmt: skip
        yield session.tr(words)


_DECIDED = {
    "approve": say("r{revision}, {step}: {person} approved on {when}: “{opinion}”"),
    "return": say("r{revision}, {step}: {person} returned on {when}: “{opinion}”"),
}


def decided(review: Review, registers: Registers) -> Message:
    """Who decided what on which revision, with the opinion."""
    return Message(
        _DECIDED[review.decision].text,
        (
            ("revision", review.revision),
            ("step", STEP_NAMES[review.step]),
            ("person", registers.name_of(review.reviewer)),
            ("when", review.signed_at),
            ("opinion", review.opinion),
        ),
    )
