"""export: a year as one bag for the archive room."""

from datetime import datetime
from pathlib import Path

import click

from pipeline.cli.session import Moment, Session
from pipeline.handover.export import export as hand_over
from pipeline.model.findings import say
from pipeline.report.form_pdf import Press


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--year", type=click.IntRange(1950, 2100), required=True, help="Year of the posts.")
@click.option(
    "--head", metavar="COMMIT", default="HEAD", show_default=True, help="Commit to read from."
)
@click.option("--as-of", type=Moment(), help="Time that is printed as the time of making.")
@click.pass_obj
def export(session: Session, /, folder: Path, year: int, head: str, as_of: datetime | None) -> None:
    """Hand a year over: sources, renditions, reviews, forms and evidence, verifiable alone."""
    repository = session.repository()
    made = hand_over(
        repository, repository.commit(head), session.when(as_of), year, folder, Press.open().print
    )
    click.echo(str(folder))
    session.remark(
        say(
            "{posts} posts, {files} files of {year}.", posts=made.posts, files=made.files, year=year
        )
    )
    for post in made.left_out:
        session.remark(say("Left out, never approved: {post}", post=post))
