"""Reviews that name a roster which never was in force: another was shown to who signed (A2)."""

from collections.abc import Iterator
from hashlib import sha256

from pipeline.model.archive import Archive
from pipeline.model.evidence import Approved
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.source.content.yaml import read_yaml
from pipeline.source.git.first_appearances import appearances
from pipeline.source.git.repository import Repository

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
