"""theme: which files of theme and schemas an archive may take over, and one of them taken over."""

import click

from pipeline.cli.session import Session
from pipeline.model.findings import say
from pipeline.source.content.ejected import eject as ejected
from pipeline.source.content.ejected import outgrown, own, theirs
from pipeline.source.git.worktree import work_tree


@click.group()
def theme() -> None:
    """Take a file of theme or schemas over from the program, and see which are yours."""


@theme.command("list")
@click.pass_obj
def listed(session: Session) -> None:
    """Every file that may be taken over, by path; the archive's own are marked."""
    tree = work_tree(session.repository())
    mine, ships = own(tree), theirs()
    both, added = session.tr(say("own")), session.tr(say("own, added"))
    for path in sorted({*mine, *ships}):
        click.echo(f"{path}  {both if path in ships else added}" if path in mine else path)
    for note in outgrown(tree):
        session.remark(note)


@theme.command()
@click.argument("file")
@click.pass_obj
def eject(session: Session, file: str) -> None:
    """Copy a file of the program into the archive, to be changed there; two people consent.

    From then on the archive's file counts, whatever a newer program ships.
    """
    repository = session.repository()
    root, tree = repository.root, work_tree(repository)
    session.write_files(root, ejected(root, tree, file))
