"""file: lay a signed approval form into the archive."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli.post_names import named_post
from pipeline.cli.session import Session
from pipeline.errors import Fault, no_post
from pipeline.judge.judgements import standing_of
from pipeline.judge.record_precheck import fact_objections
from pipeline.model.archive import Archive
from pipeline.model.filings import RETENTIONS
from pipeline.model.findings import say
from pipeline.model.forms import Form
from pipeline.new.starter_files import MemoryTree
from pipeline.render.form import forms_of_day, item_form
from pipeline.sign.filing import FilingDetails, filing
from pipeline.source.git.repository import Repository

Day = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.argument("subject")
@click.option("--in", "location", required=True, help="Where the paper or its file lies.")
@click.option("--by", "person", required=True, help="Who files it: an id of people.yml.")
@click.option("--on", "filed_on", type=Day, help="Day of filing; default: today.")
@click.option(
    "--scan",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The paper signed in ink: PDF, JPEG or PNG.",
)
@click.option("--scanned-on", type=Day, help="Day of the scan; default: day of filing.")
@click.option("--filled-on", type=Day, help="Day written on the paper.")
@click.option("--retention", type=click.Choice(RETENTIONS), help="Default: as policy says.")
@click.option("--replaces", metavar="NAME", help="A wrong filing, whose place this one takes.")
@click.option("-r", "--reason", help="With --replaces: why that filing is wrong.")
@click.pass_obj
def file(session: Session, /, subject: str, **given: Any) -> None:
    """Record that the form of SUBJECT, a day or a post, was signed and filed."""
    if bool(given["replaces"]) != bool((given["reason"] or "").strip()):
        raise click.UsageError(session.tr(say("--replaces and --reason go together.")))
    repository = session.repository()
    head, when = repository.commit("HEAD"), session.when(None)
    subject = _subject(repository, subject)
    archive, trusted = standing_of(repository, head, when, subject)
    scan: Path | None = given["scan"]
    filed_on = _day(given["filed_on"]) or archive.today
    details = FilingDetails(
        given["person"],
        given["location"],
        filed_on,
        given["retention"] or "",
        _day(given["filled_on"]),
        (scan.name, scan.read_bytes()) if scan else None,
        _day(given["scanned_on"]),
        given["replaces"] or "",
        (given["reason"] or "").strip(),
    )
    existing = {p.relative_to(repository.root).as_posix() for p in _stored(repository.root)}
    files = filing(archive, _form(archive, subject), details, existing)
    path, after = next(iter(files)), MemoryTree(files)
    for wrong in fact_objections(
        trusted, path, after, archive.post_ids, archive.as_of, archive.publications
    ):
        raise Fault(wrong.message, wrong.remedy)
    for path, data in files.items():
        target = repository.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        click.echo(session.path(target))


def _stored(root: Path) -> list[Path]:
    return sorted((root / "content" / "records" / "filings").glob("*/*"))


def _day(moment: datetime | None) -> Any:
    return moment.date() if moment else None


def _subject(repository: Repository, subject: str) -> str:
    """A day as it is given, else the id of the post that is meant."""
    try:
        return date.fromisoformat(subject).isoformat()
    except ValueError:
        return named_post(repository, subject)


def _form(archive: Archive, subject: str) -> Form:
    """The form of a day or of a post. Faults: no such post, nothing on that day."""
    try:
        day = date.fromisoformat(subject)
    except ValueError:
        if subject not in archive.posts:
            raise no_post(subject) from None
        return item_form(archive, archive.posts[subject])
    forms = forms_of_day(archive, day)
    if len(forms) != 1:
        raise Fault(
            say("{day} has {count} forms.", day=subject, count=len(forms)),
            say("Name the post whose form is filed."),
        )
    return forms[0]
