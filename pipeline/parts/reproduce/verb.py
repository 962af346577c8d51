"""reproduce: make a published site again from a clone, and compare every address with it."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click

from pipeline.cli.options import ANY_PROGRAM, ROOT, Session
from pipeline.errors import Fault
from pipeline.evidence.log.checkpoint import read_checkpoint, read_note
from pipeline.evidence.log.leaves import builds_text, read_builds
from pipeline.evidence.log.merkle import Leaf
from pipeline.evidence.log.tiles import BUILDS, CHECKPOINT, FOLDER
from pipeline.history.judge_commits import Means
from pipeline.model.calendar import SHANGHAI
from pipeline.model.findings import EXIT_FAULT, EXIT_REFUSE, say
from pipeline.model.ids import CommitId
from pipeline.model.program import Program, read_program
from pipeline.parts.verify_site.log import ReportBuilder, Site, unsigned
from pipeline.parts.verify_site.site import compare
from pipeline.parts.verify_site.verb import folder_site, key_text, opened, show_problems
from pipeline.publish.build_site import Order, build_site
from pipeline.publish.publication_log import published_seal
from pipeline.report.formats import render_text
from pipeline.report.language import translator
from pipeline.site.build import Plan
from pipeline.source.git.repository import Repository
from pipeline.source.program import running


class Published(NamedTuple):
    """What a site says of itself: all that it takes to make it again, besides the clone."""

    note: bytes
    key: str
    builds: tuple[Leaf, ...]

    @property
    def commit(self) -> CommitId:
        return CommitId(self.builds[-1].path)

    @property
    def program(self) -> Program | None:
        """Which program made it, by the log's leaf; None before 0.9."""
        return read_program(self.builds[-1].program)

    @property
    def as_of(self) -> datetime:
        return datetime.fromisoformat(self.builds[-1].post).astimezone(SHANGHAI)

    @classmethod
    def read(cls, site: Site) -> "Published":
        """Raises Fault when the site names no build."""
        note, key, builds = (site.read(p) or b"" for p in (CHECKPOINT, f"{FOLDER}key", BUILDS))
        rows = read_builds(builds)
        if not note or not rows or not _is_time(rows[-1].post):
            raise Fault(
                say("The site names no build that could be made again."),
                say("Versions of the program before builds were entries of the log left none."),
            )
        return cls(note, key.decode("utf-8", "replace").strip(), rows)


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


@click.command()
@click.argument("location", metavar="DIR|URL")
@click.option("-k", "--key", help="The log's public key, or a file that holds it.")
@ROOT
@click.option("-j", "--processes", type=click.IntRange(1, 64), help="Default: one per core.")
@ANY_PROGRAM
@click.pass_obj
def reproduce(
    session: Session,
    /,
    location: str,
    key: str | None,
    root: str,
    processes: int | None,
    any_program: bool,
) -> None:
    """Make a published site again from this clone and compare every address with it."""
    repository = session.repository()
    site, server = opened(location)
    published, report, given = Published.read(site), ReportBuilder(), key_text(key)
    if given:
        note = read_note(published.note)
        stated = read_checkpoint(note.text) if note else None
        report.add(CHECKPOINT, *unsigned(note, given, stated.origin if stated else ""))
    else:
        session.remark(say("No key was given: who signed the checkpoint was not checked."))
    strange = bool(report.problems)
    if published.program != running():
        theirs = published.program.stated if published.program else "?"
        session.remark(
            say("Another program made the site: {theirs}. This is {ours}; what differs may come of"
                " that.", theirs=theirs, ours=running().stated)
        )  # fmt: skip
    with TemporaryDirectory() as folder:
        order = _order(session, published, Path(folder), root, processes)
        made = _made(session, repository, published, order, any_program)
        files = compare(site, folder_site(made), report)
    show_problems(session, report.problems)
    session.remark(
        say(
            "Made again of {commit}, for {as_of}: {files} files, {answers} answers compared.",
            commit=published.commit,
            as_of=published.builds[-1].post,
            files=files,
            answers=server.answers if server else 0,
        )
    )
    if not report.problems:
        click.echo(session.tr(say("The site is what this clone gives, to the byte.")))
        return
    session.remark(say("{n} things do not hold.", n=len(report.problems)))
    if published.program == running():
        session.remark(say("The libraries must be those of program.lock, too: `make install`."))
    raise SystemExit(EXIT_REFUSE if strange or published.program == running() else EXIT_FAULT)


def _order(
    session: Session, published: Published, folder: Path, root: str, processes: int | None
) -> Order:
    """To build below a folder, with nothing that earlier runs kept."""
    workers = processes or session.processes
    return Order(
        folder / "site",
        folder / "work",
        Plan(workers),
        root=root,
        means=Means(None, workers),
        builds=builds_text(published.builds[:-1]),
        seal=published_seal(published.note, published.key),
        program=published.program,
    )


def _made(
    session: Session, repository: Repository, published: Published, order: Order, any_program: bool
) -> Path:
    """The folder of the site made again. Raises Fault for a commit that is not on this clone's main
    line or names another program, SystemExit for one that the archive's own rules refuse."""
    if repository.after(published.commit, repository.commit("HEAD")) is None:
        raise Fault(
            say(
                "The site was built of commit {commit}, which main of this clone does not have.",
                commit=published.commit,
            ),
            say("Fetch first: `git fetch origin`, and check main out."),
        )
    session.judging(repository, published.commit, any_program)
    when = session.when(published.as_of)
    built = build_site(repository, published.commit, when, order, translator("zh"))
    if built.site is None:
        click.echo(render_text(built.report, session.tr, session.paint), nl=False)
        session.remark(say("The rules refuse the commit of which the site says it was built."))
        raise SystemExit(EXIT_REFUSE)
    return order.out
