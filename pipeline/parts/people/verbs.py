"""policy, roster: parameters from a day on, and who may sign what."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import AS_OF, Day, head_option
from pipeline.cli.session import Session
from pipeline.cli.signing_options import account_of, public_key, show_change, show_losses
from pipeline.cli.terminal import Moment
from pipeline.errors import Misuse
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.history.change_in_words import governed_with
from pipeline.judge.load_governance import Trusted, pinned, trust
from pipeline.model.calendar import local_date
from pipeline.model.findings import Message, say
from pipeline.model.ids import NO_PERSON, PersonId
from pipeline.model.registers import Delegation, RosterKey, allowed_signers
from pipeline.model.reports import names_of
from pipeline.parts.people.offices import (
    FACTS,
    confirm_parameters,
    set_fact,
    set_parameter,
)
from pipeline.report.language import calling
from pipeline.sign.roster import ROSTER, Ending, NewKey, next_roster
from pipeline.source.git.worktree import WorkTree, work_tree


def _write(session: Session, tree: WorkTree, files: Mapping[str, bytes]) -> None:
    """Show what files change, and write them."""
    show_change(session, tree, governed_with(tree, files))
    session.write_files(tree.root, files)
    session.remark(say("Commit it on a branch and have it authorised: `sanshen authorise`."))


@click.group()
def policy() -> None:
    """Set a parameter from a day on, or state a fact of the unit anew."""


@policy.command("set")
@click.argument("name")
@click.argument("value")
@click.option("--from", "first", type=Day(), help="The day from which it holds.")
@click.option("--source", default="", help="By what: `[S] …`, `[V] …`, `[K] …` or `[D] …`.")
@click.option("--ahead", metavar="UNIT", help="No article has it yet: its unit, or nothing.")
@click.pass_obj
def set_(
    session: Session, /, name: str, value: str, first: date | None, source: str, ahead: str | None
) -> None:
    """Append a setting of the parameter NAME; what stood before stays for its days.

    `archive.…` and `unit.…` are facts, which have no day and no source. A list is given with
    commas between. `sanshen rules --parameters` lists all parameters.
    """
    tree = work_tree(session.repository())
    if name.startswith(FACTS):
        _write(session, tree, set_fact(tree, name, value))
    elif first is None or not source:
        raise Misuse(
            say("A parameter needs a first day and a source."),
            say("Give --from and --source, like `--source '[D] …'`."),
        )
    else:
        _write(session, tree, set_parameter(tree, name, value, first, source, ahead))


@policy.command("confirm")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@click.pass_obj
def confirm_(session: Session, /, names: tuple[str, ...]) -> None:
    """State that parameters were compared with the articles they cite, and stay as they are."""
    tree = work_tree(session.repository())
    _write(session, tree, confirm_parameters(tree, names, local_date(session.now())))


HEAD = head_option("Commit.")


@click.group()
def roster() -> None:
    """Who may sign with which key: show, propose, allowed-signers."""


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


@roster.command()
@click.option("--base", default="HEAD", show_default=True, help="Commit whose roster it follows.")
@click.option("--add", "added", multiple=True, metavar="PERSON=KEY.pub", help="A key that joins.")
@click.option("--retire", multiple=True, metavar="KEY", help="A key that ends, good before.")
@click.option(
    "--compromised", multiple=True, metavar="KEY", help="A key that is stolen or lost: from now."
)
@click.option("--void-from", default="", metavar="POINT", help="Commit or time of the theft.")
@click.option("--at", type=Moment(), help="When it begins or ends; default: now.")
@click.option("--delegate", metavar="LEADER:PERSON:ROLE", help="Somebody acts for a leader.")
@click.option(
    "--end-mandate", "withdrawn", multiple=True, metavar="LEADER:PERSON", help="A mandate to end."
)
@click.option("--until", type=Moment(last=True), help="Its last day, or moment.")
@click.option("--authority", default="", help="The paper that grants the mandate.")
@click.option(
    "--account",
    "accounts",
    multiple=True,
    metavar="PERSON=HOST:ID",
    help="A forge account whose reviews a workflow may witness.",
)
@click.option("--end-account", "left", multiple=True, metavar="HOST:ID", help="One that ends.")
@click.pass_obj
def propose(session: Session, /, base: str, **given: Any) -> None:
    """Write the next version of the roster into the working tree."""
    at = given["at"] or session.now()
    repository = session.repository()
    commit = repository.commit(base)
    tree = repository.tree(commit)
    raw = next_roster(
        tree,
        session.now(),
        [_joining(session, text, at) for text in given["added"]],
        [
            *(Ending(k, "retired", at) for k in given["retire"]),
            *(Ending(k, "compromised", at, _point(given)) for k in given["compromised"]),
        ],
        [
            *([_mandate(given, at)] if given["delegate"] else []),
            *(_ended(text, at) for text in given["withdrawn"]),
        ],
        [
            *(
                account_of(PersonId(text.partition("=")[0] or "="), text, at)
                for text in given["accounts"]
            ),
            *(account_of(NO_PERSON, text, at) for text in given["left"]),
        ],
    )
    show_losses(session, repository, commit, governed_with(tree, {ROSTER: raw}))
    session.write_files(repository.root, {ROSTER: raw})
    session.remark(
        say(
            "Commit it alone on a branch; then the head of the lead department and a leader"
            " run `sanshen authorise`."
        )
    )


def _point(given: dict[str, Any]) -> str:
    """A commit as it is; a time in the one form the roster takes."""
    text = str(given["void_from"])
    if not text or all(c in "0123456789abcdef" for c in text):
        return text
    return Moment().convert(text, None, None).isoformat(timespec="seconds")


def _joining(session: Session, text: str, at: datetime) -> NewKey:
    person, _, name = text.partition("=")
    if not name:
        raise Misuse(say("{given} is not PERSON=KEY.pub.", given=text))
    return NewKey(PersonId(person), public_key(session, Path(name)).line, at)


def _mandate(given: dict[str, Any], at: datetime) -> Delegation:
    parts = str(given["delegate"]).split(":")
    if len(parts) != 3 or given["until"] is None or not given["authority"]:
        raise Misuse(
            say("A mandate needs LEADER:PERSON:ROLE, --until and --authority."),
            say("Its start is --at, or now."),
        )
    leader, person = PersonId(parts[0]), PersonId(parts[1])
    return Delegation(leader, person, parts[2], at, given["until"], given["authority"])


def _ended(text: str, at: datetime) -> Delegation:
    leader, _, person = text.partition(":")
    return Delegation(PersonId(leader), PersonId(person), "", at, at, "")


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
