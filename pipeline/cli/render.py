"""render, drift: what a platform is to show, and whether it does."""

from pathlib import Path
from typing import Any, BinaryIO

import click

from pipeline.cli.options import OUTPUT, Option, base_option, form_option, together
from pipeline.cli.post_names import named_post
from pipeline.cli.renditions import (
    CHANNELS,
    approved_texts,
    as_json,
    closest,
    decoded,
    difference_message,
    differences_json,
    ready,
    remarks,
)
from pipeline.cli.session import Session
from pipeline.errors import no_post
from pipeline.handover.export import image_sizes
from pipeline.judge.archive_at import assemble
from pipeline.judge.judgements import standing_of
from pipeline.judge.load_governance import trust
from pipeline.model.archive import Archive, Mode
from pipeline.model.calendar import Clock
from pipeline.model.findings import EXIT_REFUSE, say
from pipeline.model.posts import Post
from pipeline.publish.copy_sheets import Pixels, Rendered, confirmed, rendered, sheets
from pipeline.report.copy_page import copy_page
from pipeline.source.content.post_paths import Files
from pipeline.source.git.worktree import work_tree

# The local page to copy from: one sheet of a rendition, or two of Weibo's texts.


def write_copy_page(
    session: Session,
    post: Post,
    tree: Files,
    made: Rendered,
    sizes: Pixels,
    output: str | None,
    *,
    draft: bool,
) -> None:
    """Write the page (default: under build/), print its path, and open it for who sits there.

    `draft`: of an unconfirmed post; the page says so and offers nothing to copy.
    """
    target = Path(output) if output else _default(session, post, made)
    target.parent.mkdir(parents=True, exist_ok=True)
    shown = tuple(sheets(post, tree, made, sizes, session.tr))
    session.write(copy_page(shown, session.tr, draft=draft), str(target))
    click.echo(str(target))
    if session.attended:
        click.launch(str(target))


def _default(session: Session, post: Post, made: Rendered) -> Path:
    folder = session.repository().root / "build" / "copy"
    return folder / f"{post.id}.{made.rendition.channel}.html"


def _channel_options(channel_help: str, form_help: str) -> Option[Any]:
    """The options --for, --format and --output, with the help of the first two."""
    channel = click.option(
        "--for", "channel", type=click.Choice(CHANNELS), required=True, help=channel_help
    )
    return together(channel, form_option(("text", "json"), form_help), OUTPUT, click.pass_obj)


@click.command()
@click.argument("post")
@click.option(
    "--copy-page",
    is_flag=True,
    help="Make a local page to copy a confirmed post from, and open it.",
)
@click.option(
    "--draft", is_flag=True, help="With --copy-page: look at the working tree; nothing to copy."
)
@base_option("The branch that is published.")
@_channel_options("The channel it is for.", "Ready to paste, or with all fields as JSON.")
def render(
    session: Session,
    /,
    post: str,
    channel: str,
    copy_page: bool,
    draft: bool,
    base: str,
    form: str,
    output: str | None,
) -> None:
    """Show a draft as a channel will carry it, and what that channel would refuse."""
    if draft and not copy_page:
        raise click.UsageError(session.tr(say("--draft goes with --copy-page.")))
    wanted = named_post(session.repository(), post, base if copy_page and not draft else "HEAD")
    archive, tree = (
        _confirmed(session, wanted, base) if copy_page and not draft else _draft(session, wanted)
    )
    shown, registers = archive.posts[wanted], archive.registers
    sizes = image_sizes(shown, tree)
    made = rendered(channel, shown, registers, sizes)
    if copy_page:
        write_copy_page(session, shown, tree, made, sizes, output, draft=draft)
    else:
        tr = session.tr
        text = as_json(made, tr) if form == "json" else ready(made, shown, sizes, tr)
        session.write(text, output)
    remarks(session, shown, registers, made)
    if made.refused:
        raise SystemExit(EXIT_REFUSE)


@click.command()
@click.argument("post")
@click.argument("file", type=click.File("rb"))
@_channel_options("The channel it is from.", "Form of the report.")
def drift(
    session: Session, /, post: str, file: BinaryIO, channel: str, form: str, output: str | None
) -> None:
    """Compare a platform's text, pasted or a saved page, with the approved one."""
    wanted = named_post(session.repository(), post)
    archive = _standing(session, wanted)
    approved = archive.posts[wanted]
    if not archive.approvals[wanted].complete:
        session.remark(say("{post} is not approved; compared with what stands.", post=wanted))
    text, differences = closest(
        approved_texts(rendered(channel, approved, archive.registers, {})),
        decoded(file),
        channel,
        [approved.title],
        [a.name for a in archive.registers.accounts.values() if a.platform == channel],
    )
    if form == "json":
        session.write(differences_json(wanted, channel, differences), output)
    else:
        session.write(
            "".join(f"{session.tr(difference_message(d, text))}\n" for d in differences), output
        )
    if differences:
        session.remark(say("{count} differences from the approved text.", count=len(differences)))
        raise SystemExit(EXIT_REFUSE)
    session.remark(say("The platform shows what was approved."))


def _draft(session: Session, wanted: str) -> tuple[Archive, Files]:
    """One post of the working tree, as `check` reads it, and that tree."""
    tree = work_tree(session.repository())
    trusted = trust(tree)
    clock = Clock(session.when(None)(trusted.registers))
    return _with(assemble(trusted, tree, Mode.DRAFT, clock, {}, {wanted}), wanted), tree


def _confirmed(session: Session, wanted: str, base: str) -> tuple[Archive, Files]:
    """One post as it stands on main, and main's tree. Fault unless it is confirmed there."""
    repository = session.repository()
    archive, commit = confirmed(repository, base, session.when(None), wanted)
    session.remark(say("As confirmed on {base}, at {commit}.", base=base, commit=commit[:12]))
    return archive, repository.tree(commit)


def _standing(session: Session, wanted: str) -> Archive:
    """One post with its reviews as committed."""
    repository = session.repository()
    head = repository.commit("HEAD")
    archive, _ = standing_of(repository, head, session.when(None), wanted)
    return _with(archive, wanted)


def _with(archive: Archive, wanted: str) -> Archive:
    if wanted not in archive.posts:
        raise no_post(wanted)
    return archive
