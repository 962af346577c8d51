"""setup: what a machine and an archive still lack on a person's first day, and how to get it."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import click

from pipeline.cli.session import Session
from pipeline.errors import Fault
from pipeline.model.calendar import local_date
from pipeline.model.findings import EXIT_REFUSE, Message, say
from pipeline.model.frozen import dataclass
from pipeline.new.archive_files import EDITOR_SCHEMAS
from pipeline.source.atomic import write_whole
from pipeline.source.program import shipped

if TYPE_CHECKING:  # GitPython cannot be imported where git is missing
    from pipeline.model.registers import Person, Registers, Tenure
    from pipeline.source.git.repository import Repository

PROGRAMS = (("git", ("git", "--version"), (2, 38)), ("OpenSSH", ("ssh", "-V"), (8, 9)))
"""Name, how it tells its version, the oldest that will do."""
CARDS = {
    "writer": "writer",
    "information-officer": "first-reviewer",
    "section-head": "department-head",
    "leader-in-charge": "leader",
    "principal": "leader",
    "operator": "operator",
}
"""Role → its card, as `sanshen guide` names it below ``cards``."""
UNSIGNED = {"writer", "editor", "technician"}
"""Roles that sign nothing, and need no key."""
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=10"}


@dataclass(frozen=True)
class Check:
    """One thing that the first day needs."""

    name: str
    good: bool
    what: Message
    following: Message | None = None


@click.command()
@click.option(
    "--editor", is_flag=True, help="Check nothing: write the schemas where the editor looks."
)
@click.pass_obj
def setup(session: Session, editor: bool) -> None:
    """Check what the first day needs, and name the next step of what is missing.

    Programs, clone, name and address, key, role. Nothing is written. Exit 0: all is in order; 11:
    something is left.
    """
    if editor:
        _write_schemas(session.folder)
        return
    checks = _checks(session)
    for check in checks:
        click.echo(f"{'✓' if check.good else '✗'} {session.tr(check.what)}")
        if check.following:
            click.echo(f"    {session.tr(say('Next: {what}', what=check.following))}")
    if not all(check.good for check in checks):
        raise SystemExit(EXIT_REFUSE)


def _write_schemas(folder: Path) -> None:
    """Put the program's schemas, and those that the archive lays over them, into `EDITOR_SCHEMAS`.

    Editors read files alone, and the program's lie in another folder with each version of Python.
    """
    own = {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in (folder / "schemas").rglob("*.json")
    }
    for path, raw in {**shipped("schemas"), **own}.items():
        write_whole(folder / EDITOR_SCHEMAS / PurePath(path).relative_to("schemas"), raw)


def _checks(session: Session) -> list[Check]:
    programs = [_program(session, *program) for program in PROGRAMS]
    if not programs[0].good:  # without git nothing else can be asked
        return programs
    try:
        repository = session.repository()
        return [*programs, *_archive(session, repository)]
    except Fault as fault:
        return [*programs, Check("clone", False, fault.message, fault.remedy)]


def _program(
    session: Session, name: str, command: tuple[str, ...], least: tuple[int, int]
) -> Check:
    wanted = f"{name} {least[0]}.{least[1]}"
    install = say("Install {wanted} or newer: `sanshen guide install`.", wanted=wanted)
    try:
        run = subprocess.run(
            command, env=dict(session.environment), capture_output=True, text=True, timeout=30,
            check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return Check(name, False, say("{program} is not installed.", program=name), install)
    match = re.search(r"(\d+)\.(\d+)", run.stdout + run.stderr)
    good = match is not None and (int(match[1]), int(match[2])) >= least
    what = say("{program} {version}", program=name, version=match[0] if match else "?")
    return Check(name, good, what, None if good else install)


def _archive(session: Session, repository: "Repository") -> Iterator[Check]:
    from pipeline.judge.load_governance import trust

    registers = trust(repository.tree(repository.commit("HEAD"))).registers
    name = str(registers.policy.archive.get("name", "-"))
    yield Check("clone", True, say("Clone of {name} in {path}", name=name, path=repository.root))
    yield _remote(repository)
    person = registers.person_of(repository.setting("user.email") or "-")
    yield _identity(repository, person)
    if person:
        today = local_date(session.now())
        held = [t for t in person.tenures if t.covers(today)]
        if {t.role for t in held} - UNSIGNED:
            yield _key(session, repository, registers, person)
        yield _role(person.name, held, registers)


def _remote(repository: "Repository") -> Check:
    address = repository.setting("remote.origin.url")
    if not address:
        following = say("Clone it from the bureau's address: `git clone ADDRESS`.")
        return Check("remote", False, say("This clone follows no remote."), following)
    try:
        repository.git("ls-remote", "--exit-code", "origin", "main", env=_QUIET)
    except Fault as fault:
        what = say("{address} does not answer: {what}", address=address, what=fault.message)
        following = say("Check network and rights, then `git fetch origin`.")
        return Check("remote", False, what, following)
    return Check("remote", True, say("{address} answers.", address=address))


def _identity(repository: "Repository", person: "Person | None") -> Check:
    name, email = repository.setting("user.name"), repository.setting("user.email")
    if person is None:
        following = say(
            "Set the one that is entered: `git config user.email …`; or have yours entered:"
            " `sanshen amend people ID --emails …`."
        )
        return Check("identity", False, _unknown(email), following)
    what = say("git calls you {name} <{email}>.", name=name or "-", email=email)
    right = say('`git config user.name "{name}"`, as in people.yml', name=person.name)
    good = name == person.name
    return Check("identity", good, what, None if good else right)


def _unknown(email: str) -> Message:
    return say("No person in people.yml has the address {email}.", email=email or "-")


def _key(
    session: Session, repository: "Repository", registers: "Registers", person: "Person"
) -> Check:
    from pipeline.cli.signing_options import key_of, public_key

    now = session.now()
    usable = [k for k in registers.roster.keys if k.person == person.id and k.usable(now)]
    passkey = any(k.line.startswith("sk-ecdsa-") for k in usable)
    try:
        own = public_key(session, path := key_of(session, repository))
    except Fault as fault:
        if passkey:
            return Check("key", True, say("You sign with a passkey, on a page of the desk."))
        desks = registers.parameter_if_stated("review.desk_origins", local_date(now)) or ("-",)
        following = say("Make one: `ssh-keygen -t ed25519`; or enrol a passkey on a page of the"
                        " desk: {desks}", desks=", ".join(desks))  # fmt: skip
        return Check("key", False, fault.message, following)
    if own.fingerprint in {k.fingerprint for k in usable}:
        return Check("key", True, say("Your key {path} is in the roster.", path=str(path)))
    return Check("key", passkey, say("Your key {path} is not in the roster.", path=str(path)), say(
        "Hand this line to the lead department, which runs `sanshen roster propose --add"
        " {person}=FILE.pub`: {line}", person=person.id, line=own.line,
    ))  # fmt: skip


def _role(name: str, held: "list[Tenure]", registers: "Registers") -> Check:
    if not held:
        following = say("Ask the lead department to enter it: `sanshen people role`.")
        return Check("role", False, say("{person} holds no role today.", person=name), following)
    tenure = next((t for t in held if t.role in CARDS), held[0])
    department = registers.name_of(tenure.department)
    what = say("You are {role} of {department}.", role=tenure.role, department=department)
    card = f"sanshen guide cards/{CARDS.get(tenure.role, 'inspector')}"
    return Check("role", True, what, say("Read the card of your role: `{command}`", command=card))
