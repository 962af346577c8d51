"""What was signed too late: after the signer's key or office had ended (threats A10).

A time that a person claims proves nothing, and most who leave an office keep their key. When a
record came to main is known, though.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from pipeline.evidence.review.site_bundle import moment_of
from pipeline.evidence.review.statements import NAMESPACE, predicate_of
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import verify
from pipeline.judge.load_governance import SIGNED
from pipeline.model.archive import Archive, Entry
from pipeline.model.calendar import local_date
from pipeline.model.clock import Clock
from pipeline.model.evidence import Approved, SignedFile
from pipeline.model.findings import Effect, Finding, Location, Message, say
from pipeline.model.registers import Registers, RosterKey, Tenure
from pipeline.source.content.records import signed_files
from pipeline.source.content.yaml import read_yaml
from pipeline.source.git.first_appearances import appearances
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree

# Reviews that name a roster which never was in force: another was shown to who signed (A2).

ROSTER = "content/registers/roster.yml"


def unknown_rosters(archive: Archive, repository: Repository, base: str) -> Iterator[Finding]:
    """The counted reviews of a change's posts against the rosters that stood on main until `base`.

    The roster in force names the digest of the one before it; history is read for older ones, which
    only a review names that waited while the roster changed twice. Of one with the serial in force
    or a later one condition 8 tells (`evidence/review/conditions.py`).
    """
    roster = archive.registers.roster
    known = {(roster.serial, roster.digest), (roster.serial - 1, roster.previous)}
    states = (s for post in archive.posts for s in archive.approvals[post].states.values())
    reviews = (s.review for s in states if isinstance(s, Approved))
    old = [r for r in reviews if (r.roster_serial, r.roster_digest) not in known]
    stood = _versions(repository, base) if old else frozenset()
    for review in old:
        if (review.roster_serial, review.roster_digest) not in stood:
            message = say("The review names a roster that never was in force here.")
            remedy = say("Have the step signed again: `sanshen approve`.")
            yield Finding("R11-1", Effect.REFUSE, message, Location(review.path), remedy)


def _versions(repository: Repository, head: str) -> frozenset[tuple[object, str]]:
    found = appearances(repository, head, ROSTER)
    return frozenset(_version(repository.blob(a.oid)) for a in found if a.oid)


def _version(raw: bytes) -> tuple[object, str]:
    value = read_yaml(ROSTER, raw).value
    return value.get("serial") if isinstance(value, dict) else None, sha256(raw).hexdigest()


_OF_LEAD = ("information-officer", "section-head")
"""Roles that review for the department which leads."""


def late_signatures(
    after: Tree, entries: Iterable[Entry], registers: Registers, entered: Clock
) -> tuple[Finding, ...]:
    """Signatures that a change brings although key or office had ended long before it entered main.

    `entered`: when the change came to main, at the earliest; for a proposal, the run's clock.
    Whoever left may have signed in their time, but then the signature did not lie about for more
    than the days that policy allows (``roster.late_days``).
    """
    days = int(registers.current("roster.late_days", entered) or 0)
    keys = any(k.end and entered.passed(k.end, days) for k in registers.roster.keys)
    left = _left(registers, entered, days)
    if not keys and not left:
        return ()
    stems = {e.path.removesuffix(".sig") for e in entries if e.status != "D"}
    paths = {s for s in stems if s.startswith(SIGNED) and s.endswith(".json")}
    files = signed_files(after, [p for s in paths for p in (s, f"{s}.sig") if p in after.files])
    found = []
    for file in files:
        key = _key(file, registers)
        if key and key.end and entered.passed(key.end, days):
            found.append(_late(file.path, KEY, key.person, key.end, entered.today))
        elif key and (person := _decider(file, key)) in left:
            end = _office_end(file, person, registers)
            if end is not None and entered.day_passed(end, days):
                found.append(_late(file.path, OFFICE, person, end, entered.today))
    return tuple(found)


def _left(registers: Registers, entered: Clock, days: int) -> set[str]:
    """Who has left some office, or acted for somebody, more than so many days before."""
    led = {d.id for d in registers.departments.values() if d.led_until}
    return {
        p.id
        for p in registers.people.values()
        if any(
            (t.end and entered.day_passed(t.end, days)) or t.department in led for t in p.tenures
        )
    } | {d.delegate for d in registers.roster.delegations if entered.passed(d.end, days)}


def _key(signed: SignedFile, registers: Registers) -> RosterKey | None:
    if signed.statement is None or signed.signature is None:
        return None
    key = verify(signed.signature, signed.statement, NAMESPACE)
    return registers.roster.key(key.fingerprint) if isinstance(key, PublicKey) else None


def _decider(signed: SignedFile, key: RosterKey) -> str:
    """Whose office a record rests on: the owner of the key, or who decided before a witness."""
    said = predicate_of(signed.statement or b"")
    return str(said.get("reviewer")) if "witness" in said else key.person


def _office_end(signed: SignedFile, person: str, registers: Registers) -> date | None:
    """The last day of the office that a record was signed in; None: it goes on, or there was none,
    which is refused where the record is judged."""
    try:
        said = predicate_of(signed.statement or b"")
        moment = moment_of(said.get("signed_at") or said["recorded_at"])
        day = local_date(moment)
        role, absent = said.get("role", "operator"), said.get("acting_for", "")
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return None
    mandates = (
        local_date(d.end)
        for d in registers.roster.delegations
        if (d.delegate, d.role) == (person, role)
        and absent in ("", d.delegator)
        and d.covers(moment)
    )
    own = [] if absent else list(_own_ends(person, role, day, registers))
    return max(own or mandates, default=None)


def _own_ends(person: str, role: Any, day: date, registers: Registers) -> Iterator[date]:
    """When each office of that role ended which a person held on a day; who is back never left."""
    known = registers.people.get(person)
    tenures = known.tenures if known else ()
    for held in (t for t in tenures if t.role == role and t.covers(day)):
        same = [t for t in tenures if (t.role, t.department) == (role, held.department)]
        yield min(max(t.end or date.max for t in same), _leads_until(held, day, registers))


def _leads_until(held: Tenure, day: date, registers: Registers) -> date:
    department = registers.departments.get(held.department)
    until = department.led_until if department and held.role in _OF_LEAD else None
    return until if until and day <= until else date.max


KEY = say("The signature of {person} came on {day}, after their key had ended on {end}.")
OFFICE = say("The signature of {person} came on {day}, after their office had ended on {end}.")


def _late(path: str, words: Message, person: str, end: date, entered: date) -> Finding:
    day = local_date(end) if isinstance(end, datetime) else end
    values = (("person", person), ("day", f"{entered}"), ("end", f"{day}"))
    again = say("Have it signed again with a key that is valid now.")
    if words is OFFICE:
        again = say("Have it signed again by whoever holds the office now.")
    return Finding(
        "R11-1" if path.startswith("content/reviews/") else "R11-4",
        Effect.REFUSE,
        replace(words, values=values),
        Location(path),
        again,
    )
