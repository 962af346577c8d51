"""What readers verify the whole archive with: the roster, its keys and the publication log."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pipeline.detect.private import private_data
from pipeline.errors import Fault
from pipeline.evidence.log.tiles import WELL_KNOWN
from pipeline.model import zh_names
from pipeline.model.archive import Archive
from pipeline.model.evidence import ROLE_OF_STEP, Step
from pipeline.model.findings import say
from pipeline.model.ids import PersonId, sha256_of
from pipeline.model.lazy import regex
from pipeline.model.registers import RosterKey
from pipeline.site.inputs import SiteInput, SiteLog
from pipeline.site.state import Units
from pipeline.site.units import File, FinalUnit, UnfinishedSite, Unit, digest

# The roster's own file on the site: what the digest that readers hold is made of.

ROSTER = "content/registers/roster.yml"
_KEY = regex(r"(?:ssh|ecdsa)-\S+ \S+")


def public_roster(site: SiteInput) -> bytes | None:
    """The bytes of the roster, whole, for only so do they have their digest.

    None when remarks or mandates in it tell more than ids and keys: private data, or a person's
    name where policy shows none (threats A36).
    """
    raw = site.media(ROSTER)
    return None if names_people(site, _KEY.sub("", raw.decode())) else raw


def names_people(site: SiteInput, text: str) -> bool:
    """Whether a file holds private data, or a person's name where policy shows none."""
    registers = site.archive.registers
    names = {p.name for p in registers.people.values() if p.name}
    if not registers.policy.archive.get("show_names") and any(n in text for n in names):
        return True
    return any(f.certain for f in private_data(text))


# The roster's keys as the inspector's page tells them: whose, and what that person may sign.


class KeyRow(NamedTuple):
    """One key, with its holder on the day of the build."""

    key: RosterKey
    kind: str
    """What kind of key it is, in words."""
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
        kind = zh_names.KEY_KINDS.get(key.line.partition(" ")[0], "")
        yield KeyRow(key, kind, name, tuple(dict.fromkeys(_roles(archive, key.person))))


def _roles(archive: Archive, holder: PersonId) -> Iterator[str]:
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


# What the site is, in one file for programs: whose, under which keys, made by what.

SCHEMA = "schemas/well-known.json"


def well_known(site: SiteInput, base: str) -> Iterator[File]:
    """The file, and its schema where the theme has it. `base`: the site's address."""
    registers, locked = site.archive.registers, site.rulebook.locked
    own, log, program = registers.policy.archive, site.log, site.program
    value = {
        "version": 1,
        "id": own["id"],
        "archive": own["name"],
        "unit": registers.policy.names[0],
        "addresses": [base],
        "demo": bool(own.get("demo")),
        "log": {"origin": log.origin, "key": log.verifier or None} if log else None,
        "roster": {"serial": registers.roster.serial, "sha256": registers.roster.digest},
        "root": site.root or None,
        "catalogue": "catalogue.json",
        "program": program.value if program else None,
        "locked": locked.value if locked else None,
    }
    if program:
        yield WELL_KNOWN, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
    if SCHEMA in site.theme:
        yield "data/sanshen.schema.json", site.theme[SCHEMA]


# The publication log on the site: key, list of all files, tiles, checkpoint.
#
# The list names every file of the site but itself and those of the log other than its key. The
# log's last entry names the list, and the checkpoint states the log, so that a whole downloaded
# site can be checked against one signature (docs/decisions/0054).

CHECKPOINT = "log/checkpoint"
KEY = "log/key"
MANIFEST = "site-manifest.sha256"
UNLISTED = "log:"
"""How the ids of units begin whose files the list does not name."""
_LIST, _NOTE = "manifest", "checkpoint"


def log_units(log: SiteLog | None) -> Iterator[Unit]:
    """The log's public key; tiles and entries of each full block by itself."""
    if log is None:
        return
    if log.verifier:
        yield Unit("key", digest(log.verifier), lambda: [(KEY, f"{log.verifier}\n".encode())])
    for number, block in enumerate(log.blocks):
        yield Unit(f"{UNLISTED}{number}", block.hex(), partial(log.block, number))


def closing(log: SiteLog | None) -> Iterator[FinalUnit]:
    """The list of all files, then the log that names the list."""

    def listed(site: UnfinishedSite) -> Iterator[File]:
        yield MANIFEST, site.listing()

    yield FinalUnit(_LIST, listed)
    if log is None:
        return

    def noted(site: UnfinishedSite) -> Iterator[File]:
        yield from log.close(sha256_of(site.read(MANIFEST)))

    yield FinalUnit(_NOTE, noted)


def refuse_unless_extended(out: Path, whole: Units, log: SiteLog | None) -> None:
    """Raise Fault when the new log does not begin with the one that `out` shows (threats A23).

    `whole`: the units of the whole in the present site, as far as its state is known.
    """
    try:
        published = (out / CHECKPOINT).read_bytes()
    except FileNotFoundError:
        published = None
    stored = whole[_NOTE].files[CHECKPOINT] if _NOTE in whole else None
    if stored and (published is None or sha256_of(published) != stored):
        raise Fault(
            say("The checkpoint published in {path} was changed after the build.", path=str(out)),
            say("Restore {file} from a copy of the site.", file=CHECKPOINT),
        )
    if published is None:
        return
    objection = log.objection(published) if log else say("The published site has a log, this none.")
    if objection:
        raise Fault(
            objection, say("The old site stands. Compare main with a clone that others hold.")
        )
