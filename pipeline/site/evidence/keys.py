"""The roster's keys as the inspector's page tells them: whose, and what that person may sign."""

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.model import zh_names
from pipeline.model.archive import Archive
from pipeline.model.evidence import ROLE_OF_STEP, Step
from pipeline.model.registers import RosterKey


class KeyRow(NamedTuple):
    """One key, with its holder on the day of the build."""

    key: RosterKey
    name: str
    """Empty unless policy shows names."""
    roles: tuple[str, ...]
    """Each role that the holder has, or acts in, with the steps that it signs, in words."""


def key_rows(archive: Archive) -> Iterator[KeyRow]:
    """A row for each key, in the order of the roster."""
    people = archive.registers.people
    names = bool(archive.registers.policy.archive.get("show_names"))
    for key in archive.registers.roster.keys:
        person = people.get(key.person)
        name = person.name if names and person else ""
        yield KeyRow(key, name, tuple(dict.fromkeys(_roles(archive, key.person))))


def _roles(archive: Archive, holder: str) -> Iterator[str]:
    registers = archive.registers
    person = registers.people.get(holder)
    for tenure in person.tenures if person else ():
        if tenure.covers(archive.today):
            yield _role(tenure.role, tenure.department == registers.lead_on(archive.today))
    for given in registers.roster.delegations:
        if given.delegate == holder and given.covers(archive.as_of):
            yield f"代行{_role(given.role, lead=False)}"


def _role(role: str, lead: bool) -> str:
    """`lead`: in the lead department, whose head alone confirms (Article 15(2))."""
    steps = [s for s in Step if ROLE_OF_STEP[s] == role and (lead or s is not Step.CONFIRM)]
    signs = [zh_names.STEPS[step] for step in steps] or (["发布记录"] if role == "operator" else [])
    word = zh_names.ROLES.get(role, role)
    return f"{word}（{'、'.join(signs)}）" if signs else word
