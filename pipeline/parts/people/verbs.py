"""policy, roster: numbers compared with the law, and who may sign what."""

from datetime import datetime

import click

from pipeline.cli.options import AS_OF, Session, head_option
from pipeline.cli.signing_options import show_change
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.history.change_in_words import governed_with
from pipeline.judge.load_governance import Trusted, pinned, trust
from pipeline.model.calendar import local_date
from pipeline.model.findings import Message, say
from pipeline.model.registers import RosterKey, allowed_signers
from pipeline.model.reports import names_of
from pipeline.parts.people.offices import confirm_parameters
from pipeline.report.language import calling
from pipeline.source.git.worktree import work_tree


@click.group()
def policy() -> None:
    """State that numbers were compared with the articles they cite."""


@policy.command("confirm")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@click.pass_obj
def confirm_(session: Session, /, names: tuple[str, ...]) -> None:
    """State beside each NAME the digest of the articles it cites, as they read now.

    Run it for a number that stays though its article changed, and for a new one with source [S].
    """
    tree = work_tree(session.repository())
    files = confirm_parameters(tree, names, local_date(session.now()))
    show_change(session, tree, governed_with(tree, files))
    session.write_files(tree.root, files)
    session.remark(say("Commit it on a branch and have it authorised: `sanshen authorise`."))


HEAD = head_option("Commit.")


@click.group()
def roster() -> None:
    """Who may sign with which key: show, allowed-signers."""


@roster.command("show")
@HEAD
@AS_OF
@click.pass_obj
def show_roster(session: Session, /, head: str, as_of: datetime | None) -> None:
    """List the keys and mandates of the roster, and whether they hold now."""
    trusted = _trusted(session, head)
    current, tr = trusted.registers.roster, calling(session.tr, names_of(trusted.registers))
    now = session.when(as_of)(trusted.registers)
    click.echo(tr(say("Roster {serial}  {digest}", serial=current.serial, digest=current.digest)))
    for key in current.keys:
        state = tr(_state(key, now))
        row = (key.person, key.fingerprint, f"{key.valid_from:%Y-%m-%d}", state,
               tr(key.device), str(key.number))  # fmt: skip
        click.echo("  ".join(row))
    for d in current.delegations:
        line = say(
            "{delegate} acts for {delegator} as {role}, {start} to {end} ({authority})",
            delegate=d.delegate,
            delegator=d.delegator,
            role=d.role,
            start=f"{d.start:%Y-%m-%d %H:%M}",
            end=f"{d.end:%Y-%m-%d %H:%M}",
            authority=d.authority,
        )
        click.echo(tr(line))
    for a in current.accounts:
        until = f"{a.end:%Y-%m-%d %H:%M}" if a.end else "-"
        line = say(
            "{person}  account {id} of {forge}  {start} to {end}",
            person=a.person,
            id=a.id,
            forge=a.forge,
            start=f"{a.start:%Y-%m-%d %H:%M}",
            end=until,
        )
        click.echo(tr(line))


def _state(key: RosterKey, now: datetime) -> Message:
    if key.stopped:
        point = key.revoked_from or "-"
        return say("compromised, void from {point}", point=point)
    if key.end and key.end <= now:
        return say("ended {end}", end=f"{key.end:%Y-%m-%d %H:%M}")
    return say("in force") if key.usable(now) else say("not yet in force")


@roster.command("allowed-signers")
@HEAD
@click.pass_obj
def allowed_signers_(session: Session, /, head: str) -> None:
    """Print the roster as `ssh-keygen -Y verify` reads it."""
    click.echo(allowed_signers(_trusted(session, head).registers.roster, NAMESPACE), nl=False)


def _trusted(session: Session, head: str) -> Trusted:
    repository = session.repository()
    commit = repository.commit(head)
    return pinned(trust(repository.tree(commit)), repository, commit)
