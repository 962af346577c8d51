"""approve, return, confirm: one step each, signed with a key people own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import click

from pipeline.cli.acts import Options, sign_here, verb_of
from pipeline.cli.post_names import named_post
from pipeline.cli.session import Session
from pipeline.cli.signing_options import Signing
from pipeline.detect.formats import image_sizes
from pipeline.detect.private import mask
from pipeline.model.evidence import STEP_NAMES, Review, Step
from pipeline.model.findings import Message, say
from pipeline.model.posts import Post
from pipeline.model.registers import Person, Registers
from pipeline.model.zh_names import CORRECTIONS
from pipeline.render.body import read_body
from pipeline.render.comparison import Comparison, FileState, SentenceChange, compare_posts
from pipeline.report.formats import location_text
from pipeline.report.front_matter import Wording
from pipeline.report.language import whole
from pipeline.report.summary import EFFECTS
from pipeline.sign.acts.review import APPROVE, CONFIRM, RETURN, AskedConfirmation, Decide
from pipeline.sign.review_step import AFFIRMED, SignedRevision, last_signed, objections, opinions
from pipeline.sign.signing_context import SigningContext


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
        _show(session, context, post, step, signing.person)
        for sentence in AFFIRMED[step] if act.affirmed and not options["yes"] else ():
            click.echo(f"  ☐ {session.tr(sentence)}", err=True)
        return asked

    sign_here(session, act, asked, options, shown)


def _show(
    session: Session, context: SigningContext, post: Post, step: Step, reader: Person
) -> None:
    """What is about to be signed, and what the machine found. Of a revision that follows one the
    reader signed, what changed since; to anybody else the content as a whole."""
    registers, reviews = context.archive.registers, context.archive.approvals[post.id]
    wording = Wording(session.tr, session.language == "zh", registers)
    repository, trusted = context.repository, context.trusted
    base = last_signed(repository, trusted, repository.commit("HEAD"), post, reviews, reader.id)
    lines = [f"{session.tr(STEP_NAMES[step])}  {post.id}  r{post.revision}", whole(post.title), ""]
    lines += [session.tr(decided(review, registers)) for review in opinions(reviews)]
    if base:
        sizes = image_sizes(base.post, base.tree.read), image_sizes(post, context.files.read)
        compared = compare_posts(base.post, post, registers, *sizes)
        lines += ["", *changed_since(session, base, compared, wording)]
    if base is None or base.review.reviewer != reader.id:
        lines += ["", *wording.lines(post), "", *_text(session, post, registers)]
    as_readers = say("As readers will see it: `sanshen preview {post}`", post=post.id)
    lines += ["", session.tr(as_readers), "", *_correction(session, context, post)]
    signed = dict(post.manifest)
    if post.correction:
        signed[post.correction_path] = post.correction
    lines += [*(f"  {digest[:16]}  {path}" for path, digest in signed.items()), ""]
    for finding in objections(context, post):
        lines.append(
            f"  {finding.clause}  {session.tr(EFFECTS[finding.effect])}  "
            f"{location_text(finding.location)}  {session.tr(finding.message)}"
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
    yield from map(session.tr, masked(hidden, post))


_DECIDED = {
    "approve": say("r{revision}, {step}: {person} approved on {when}: “{opinion}”"),
    "return": say("r{revision}, {step}: {person} returned on {when}: “{opinion}”"),
}
OTHERWISE_SET = say("paragraphs, headings, lists or tables begin otherwise here")


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


def changed_since(
    session: Session, base: SignedRevision, compared: Comparison, wording: Wording
) -> Iterator[str]:
    """What changed since `base`: front matter by key, text by sentence, files by their bytes."""
    tr, review = session.tr, base.review
    who = wording.registers.name_of(review.reviewer)
    head = say("Changed since r{revision}, which {person} signed last on {when}:",
               revision=review.revision, person=who, when=review.signed_at)  # fmt: skip
    yield tr(head)
    for key, *values in compared.keys:
        yield f"  {wording.label(key)}"
        words = ("" if value is None else wording.value(key, value) for value in values)
        yield from _pair(" " * 9, *words)
    yield from _sentences(session, compared.rows)
    lines = [r.line for r in compared.changed_rows if any(mask(t) != t for t in r.texts)]
    yield from map(tr, masked(lines, compared.new))
    for change in compared.files:
        yield f"  {whole(change.name)}"
        yield from _pair(" " * 9, *(_state(session, one) for one in (change.old, change.new)))
    if not (compared.keys or compared.changed_rows or compared.files):
        yield f"  {tr(say('Nothing but the number of the revision.'))}"


def masked(lines: Sequence[int], post: Post) -> Iterator[Message]:
    """That private numbers are masked on these lines of a post, if there are any."""
    if lines:
        numbers = ", ".join(map(str, lines))
        yield say("Private numbers are masked here; read lines {lines} of {path} itself.",
                  lines=numbers, path=post.path)  # fmt: skip


def _pair(before: str, old: str, new: str) -> Iterator[str]:
    for sign, text in (("−", old), ("+", new)):
        yield from (f"{before}{sign} {whole(line)}" for line in text.splitlines())


def _sentences(session: Session, rows: Iterable[SentenceChange]) -> Iterator[str]:
    for change, run in groupby(rows, key=lambda row: row.change):
        if change == "kept":
            count = sum(not row.is_break for row in run)
            same = say("… {count} sentences as before", count=count)
            yield from [f"         {session.tr(same)}"] * bool(count)
            continue
        for row in run:
            number = f"{row.line:>5}    "
            if row.is_break:
                yield f"{number}± {session.tr(OTHERWISE_SET)}"
            elif change == "moved":
                yield f"{number}± {session.tr(say('moved: {words}', words=row.texts[1]))}"
            else:
                yield from _pair(number, *row.texts)


def _state(session: Session, state: FileState | None) -> str:
    if state is None:
        return ""
    size = "{}×{}  ".format(*state.pixels) if state.pixels else ""
    count = session.tr(say("{size} bytes", size=state.size))
    return f"{size}{count}  {state.digest[:16]}  {state.alt}".rstrip()
