"""setup: who a person is in this archive, or the first thing that the first day still lacks."""

from pathlib import Path, PurePath

import click

from pipeline.cli.options import Session
from pipeline.cli.signing_options import identity, key_of, public_key
from pipeline.errors import Fault
from pipeline.judge.load_governance import trust
from pipeline.model.calendar import local_date
from pipeline.model.findings import say
from pipeline.new.archive_files import EDITOR_SCHEMAS
from pipeline.source.atomic import write_whole
from pipeline.source.program import shipped

UNSIGNED = {"writer", "editor", "technician"}
"""Roles that sign nothing, and need no key."""


@click.command()
@click.option(
    "--editor", is_flag=True, help="Check nothing: write the schemas where the editor looks."
)
@click.pass_obj
def setup(session: Session, editor: bool) -> None:
    """Say who you are here by your address or key, and your roles.

    Of what the first day lacks the first is named, with the next step. Nothing is written.
    """
    if editor:
        _write_schemas(session.folder)
        return
    repository = session.repository()
    registers = trust(repository.tree(repository.commit("HEAD"))).registers
    person = identity(session, repository, registers)
    roles = [t for t in person.tenures if t.covers(local_date(session.now()))]
    if not roles:
        raise Fault(
            say("{person} holds no role today.", person=person.name),
            say("Ask the lead department to enter it in content/registers/people.yml."),
        )
    keys = [k for k in registers.roster.keys if k.person == person.id and k.usable(session.now())]
    passkey = any(k.line.startswith("sk-ecdsa-") for k in keys)
    if {t.role for t in roles} - UNSIGNED and not passkey:
        own = public_key(session, path := key_of(session, repository))
        if own.fingerprint not in {k.fingerprint for k in keys}:
            raise Fault(
                say("Your key {path} is not in the roster.", path=str(path)),
                say(
                    "Hand this line to the lead department, which enters it for {person} in `keys`"
                    " of content/registers/roster.yml: {line}",
                    person=person.id,
                    line=own.line,
                ),
            )
    for tenure in roles:
        department = registers.name_of(tenure.department)
        words = say("You are {role} of {department}.", role=tenure.role, department=department)
        click.echo(session.tr(words))


def _write_schemas(folder: Path) -> None:
    """Put the program's schemas, and those that the archive lays over them, into `EDITOR_SCHEMAS`.

    Editors read files alone, and the schemas ship in the program.
    """
    own = {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in (folder / "schemas").rglob("*.json")
    }
    for path, raw in {**shipped("schemas"), **own}.items():
        write_whole(folder / EDITOR_SCHEMAS / PurePath(path).relative_to("schemas"), raw)
