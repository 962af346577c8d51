"""render, drift: what a platform is to show, and whether it does."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, BinaryIO

import click

from pipeline.cli.options import OUTPUT, Option, Session, named_post, together
from pipeline.detect.drift import Difference, page_text
from pipeline.detect.drift import drift as text_drift
from pipeline.detect.formats import image_sizes
from pipeline.errors import Fault, no_post
from pipeline.judge import archive_at, judgements, load_governance
from pipeline.model import calendar, part
from pipeline.model.archive import Archive, OnDisk
from pipeline.model.channels import ARCHIVE, code_of, render_channel
from pipeline.model.findings import EXIT_REFUSE, Effect, Message, say, say_size
from pipeline.model.ids import PostId
from pipeline.model.posts import Post, Rendition
from pipeline.model.registers import Registers
from pipeline.report.language import Translate
from pipeline.source.content.paths import Files
from pipeline.source.content.text import typed_elsewhere
from pipeline.source.git.worktree import work_tree

MOST_BYTES = 20_000_000
"""Of a text or page saved from a platform."""


def _channel_options(channel_help: str) -> Option[Any]:
    """The options --for and --output, with the help of the first."""
    channel = click.option(
        "--for",
        "channel",
        type=click.Choice([c for c in part.program().channels if c != ARCHIVE]),
        required=True,
        help=channel_help,
    )
    return together(channel, OUTPUT, click.pass_obj)


@click.command()
@click.argument("post")
@_channel_options("The channel it is for.")
def render(session: Session, /, post: str, channel: str, output: str | None) -> None:
    """Show a draft as a channel will carry it, and what that channel would refuse."""
    archive, tree = _draft(session, wanted := named_post(session.repository(), post))
    shown, registers = archive.posts[wanted], archive.registers
    sizes = image_sizes(shown, tree.read)
    made = render_channel(channel, shown, registers, sizes)
    session.write(ready(code_of(channel).sections(shown, sizes, made), session.tr), output)
    remarks(session, shown, registers, made)
    if any(p.effect is Effect.REFUSE for p in made.problems):
        raise SystemExit(EXIT_REFUSE)


@click.command()
@click.argument("post")
@click.argument("file", type=click.File("rb"))
@_channel_options("The channel it is from.")
def drift(session: Session, /, post: str, file: BinaryIO, channel: str, output: str | None) -> None:
    """Compare a platform's text, pasted or a saved page, with the approved one."""
    wanted = named_post(session.repository(), post)
    archive = _standing(session, wanted)
    approved = archive.posts[wanted]
    if not archive.approvals[wanted].complete:
        session.remark(say("{post} is not approved; compared with what stands.", post=wanted))
    text, differences = closest(
        approved_texts(render_channel(channel, approved, archive.registers)),
        decoded(file),
        channel,
        [approved.title],
        [a.name for a in archive.registers.accounts.values() if a.platform == channel],
    )
    lines = (session.tr(difference_message(d, text)) for d in differences)
    session.write("".join(f"{line}\n" for line in lines), output)
    if differences:
        session.remark(say("{count} differences from the approved text.", count=len(differences)))
        raise SystemExit(EXIT_REFUSE)
    session.remark(say("The platform shows what was approved."))


def _draft(session: Session, wanted: PostId) -> tuple[Archive, Files]:
    """One post of the working tree, as `check` reads it, and that tree."""
    tree = work_tree(session.repository())
    trusted = load_governance.trust(tree)
    clock = calendar.Clock(session.when(None)(trusted.registers))
    return _with(archive_at.assemble(trusted, tree, OnDisk(), clock, {}, {wanted}), wanted), tree


def _standing(session: Session, wanted: str) -> Archive:
    """One post with its reviews as committed."""
    repository = session.repository()
    head = repository.commit("HEAD")
    archive, _ = judgements.standing_of(repository, head, session.when(None), wanted)
    return _with(archive, wanted)


def _with(archive: Archive, wanted: str) -> Archive:
    if wanted not in archive.posts:
        raise no_post(wanted)
    return archive


def ready(sections: Iterable[tuple[Message | None, str]], tr: Translate) -> str:
    """What is pasted, under a heading where there are several pieces."""
    pieces = [f"== {tr(name)} ==\n{text}" if name else text for name, text in sections]
    return "\n\n".join(pieces) + "\n" if pieces else ""


def remarks(session: Session, post: Post, registers: Registers, made: Rendition) -> None:
    """To stderr: an account that is missing, and what the channel refuses or shows otherwise."""
    channel = made.channel
    platforms = {registers.accounts[a].platform for a in post.accounts if a in registers.accounts}
    if channel not in platforms:
        session.remark(say("{post} names no account on {channel}.", post=post.id, channel=channel))
    if post.withdrawn:
        session.remark(say("{post} is withdrawn: there is nothing to publish.", post=post.id))
    for problem in made.problems:
        message = (
            say("Refused by the platform: {what}", what=problem.message)
            if problem.effect is Effect.REFUSE
            else say("Note: {what}", what=problem.message)
        )
        session.remark(message)
        if problem.remedy:
            session.remark(say("Next: {what}", what=problem.remedy))


def decoded(file: BinaryIO) -> str:
    """A saved text or page: UTF-8, or GB 18030 as Windows saves it. Raises Fault otherwise."""
    raw = file.read(MOST_BYTES + 1)
    name = getattr(file, "name", "-")
    if len(raw) > MOST_BYTES:
        raise Fault(
            say("{path} is larger than {limit}.", path=name, limit=say_size(MOST_BYTES)),
            say("Save the text alone, or the page without its images."),
        )
    return typed_elsewhere(raw, name, say("Save it as text or as a web page."))


def approved_texts(made: Rendition) -> tuple[str, ...]:
    """The texts of which a platform shows one."""
    words = page_text(made.html)
    texts = code_of(made.channel).texts(made)
    return texts or (f"{made.title}\n{words}" if words else "",)


def closest(
    approved: Sequence[str],
    shown: str,
    channel: str,
    may_lack: Collection[str],
    may_add: Collection[str],
) -> tuple[str, tuple[Difference, ...]]:
    """The approved text that the platform's differs least from, and how."""
    page = code_of(channel).page
    compared = [(text, text_drift(text, shown, page, may_lack, may_add)) for text in approved]
    return min(compared, key=lambda pair: sum(len(d.old) + len(d.new) for d in pair[1]))


def difference_message(difference: Difference, approved: str) -> Message:
    """One difference as a sentence, with the line of the approved text."""
    line = approved.count("\n", 0, difference.start) + 1
    old, new = (text.replace("\n", " ⏎ ") for text in (difference.old, difference.new))
    if not new:
        return say("Line {line}, missing on the platform: {old}", line=line, old=old)
    if not old:
        return say("Line {line}, only on the platform: {new}", line=line, new=new)
    return say("Line {line}, approved: {old} | shown: {new}", line=line, old=old, new=new)
