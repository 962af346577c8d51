"""export: a year for the archive room."""

from datetime import datetime
from pathlib import Path

import click

from pipeline.cli.options import PRINTED_AS_OF, head_option
from pipeline.cli.session import Session
from pipeline.model.findings import say
from pipeline.parts.form.verbs import layout_of
from pipeline.parts.handover.export import export as hand_over


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--year", type=click.IntRange(1950, 2100), required=True, help="Year of the posts.")
@head_option("Commit to read from.")
@PRINTED_AS_OF
@click.pass_obj
def export(session: Session, /, folder: Path, year: int, head: str, as_of: datetime | None) -> None:
    """Hand a year over: sources, renditions, reviews, forms and evidence, verifiable alone."""
    repository = session.repository()
    made = hand_over(
        repository, repository.commit(head), session.when(as_of), year, folder, layout_of("pdf")
    )
    click.echo(str(folder))
    session.remark(
        say(
            "{posts} posts, {files} files of {year}.", posts=made.posts, files=made.files, year=year
        )
    )
    for post in made.left_out:
        session.remark(say("Left out, never approved: {post}", post=post))
