"""form: the approval form of a day, a post or a month, ready to print or to file."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from pipeline.cli.post_names import named_post
from pipeline.cli.session import Moment, Session
from pipeline.errors import Fault, no_post
from pipeline.judge.judgements import standing_of
from pipeline.model.archive import Archive
from pipeline.model.findings import say
from pipeline.model.forms import Form
from pipeline.render.form import forms_of_day, forms_of_month, item_form

Day = click.DateTime(formats=["%Y-%m-%d"])
Month = click.DateTime(formats=["%Y-%m"])


@click.command()
@click.option("--day", type=Day, metavar="YYYY-MM-DD", help="The form of the posts of this day.")
@click.option("--post", metavar="ID", help="The form of this post alone.")
@click.option("--month", type=Month, metavar="YYYY-MM", help="All forms of this month.")
@click.option(
    "-f",
    "--format",
    "kind",
    type=click.Choice(["pdf", "html"]),
    default="pdf",
    show_default=True,
    help="What to make.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File, or a folder when there are several forms. Default: this folder.",
)
@click.option(
    "--head", metavar="COMMIT", default="HEAD", show_default=True, help="Commit to read from."
)
@click.option("--as-of", type=Moment(), help="Time that is printed as the time of making.")
@click.pass_obj
def form(
    session: Session,
    /,
    day: datetime | None,
    post: str | None,
    month: datetime | None,
    kind: str,
    output: Path | None,
    head: str,
    as_of: datetime | None,
) -> None:
    """Print the approval form of the annex; a box without a signature stays empty for ink."""
    if sum(given is not None for given in (day, post, month)) != 1:
        raise click.UsageError(session.tr(say("Give one of --day, --post and --month.")))
    repository = session.repository()
    if not output and session.folder.resolve().is_relative_to(
        repository.root.resolve() / "content"
    ):
        raise Fault(
            say("A form here would be one more file among those that are signed."),
            say("Name a place with --output, or run it in another folder."),
        )
    post = named_post(repository, post, head) if post else None
    beginning = post if post else f"{day:%Y-%m-%d}" if day else f"{month:%Y-%m}"
    archive, _ = standing_of(repository, repository.commit(head), session.when(as_of), beginning)
    forms = _chosen(archive, day, post, month)
    layout = _layout(kind)
    for made in forms:
        target = _target(made, kind, output, month is not None or len(forms) > 1)
        _store(target, layout(made))
        click.echo(target)
        if made.unsigned:
            session.remark(
                say(
                    "{name}: {count} signatures are missing; their boxes are empty.",
                    name=made.name,
                    count=made.unsigned,
                )
            )


def _chosen(
    archive: Archive, day: datetime | None, post: str | None, month: datetime | None
) -> tuple[Form, ...]:
    """The forms that were asked for. Faults: no such post, no post in that time."""
    if post is not None:
        if post not in archive.posts:
            raise no_post(post)
        return (item_form(archive, archive.posts[post]),)
    if day is not None:
        forms, when = forms_of_day(archive, day.date()), f"{day:%Y-%m-%d}"
    else:
        assert month is not None
        forms, when = forms_of_month(archive, month.year, month.month), f"{month:%Y-%m}"
    if not forms:
        raise Fault(
            say("No post is planned for {when}.", when=when),
            say("`sanshen status --all` lists the posts with their days."),
        )
    return forms


def _layout(kind: str) -> Callable[[Form], bytes]:
    """The typesetter is imported only when it is wanted: it reads every font of the machine."""
    if kind == "html":
        from pipeline.report.form_html import form_html

        return lambda made: form_html(made).encode()
    from pipeline.report.form_pdf import Press

    return Press.open().print


def _target(made: Form, kind: str, output: Path | None, folder: bool) -> Path:
    """The file to write; an `output` that is a folder, or has no ending, gets files by name."""
    name = f"{made.name}.{kind}"
    if output is None:
        return Path(name)
    if folder and output.exists() and not output.is_dir():
        raise Fault(
            say("{path} is a file; several forms need a folder.", path=str(output)),
            say("Give a folder after --output."),
        )
    return output / name if folder or output.is_dir() or not output.suffix else output


def _store(target: Path, data: bytes) -> None:
    """Write whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}.new")
    draft.write_bytes(data)
    draft.replace(target)
