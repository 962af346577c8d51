"""What was signed too late: after the signer's key or office had ended (threats A10).

A time that a person claims proves nothing, and most who leave an office keep their key. Main holds
the time when a record came.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from pipeline.evidence.review.statements import NAMESPACE, digest, moment_of, predicate_of
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import fingerprint_of, verify
from pipeline.judge.load_governance import SIGNED, Trusted, last_before, pinned
from pipeline.model.archive import Archive, Entry
from pipeline.model.calendar import Clock, local_date
from pipeline.model.evidence import STEP_NAMES, Approved, SignedFile, Step
from pipeline.model.findings import Effect, Finding, Location, Message, Reason, say
from pipeline.model.registers import Registers, Roster, RosterKey, Tenure
from pipeline.source.content.records import REVIEWS, signed_files
from pipeline.source.content.text import read_yaml
from pipeline.source.git.bulk_history import appearances, times
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree

# Reviews that name a roster which never was in force: the signer saw another one (A2).

ROSTER = "content/registers/roster.yml"


def unknown_rosters(archive: Archive, repository: Repository, base: str) -> Iterator[Finding]:
    """Findings on counted reviews of a change that name a roster which main never held by `base`.

    The roster in force names the digest of the one before it. History is read for older ones, which
    only a review names that waited while the roster changed twice. Condition 8 judges one with the
    serial in force or a later one (`evidence/review/conditions.py`).
    """
    roster = archive.registers.roster
    recent = {(roster.serial, roster.digest), (roster.serial - 1, roster.previous)}
    states = (s for post in archive.posts for s in archive.approvals[post].states.values())
    reviews = (s.review for s in states if isinstance(s, Approved))
    old = [r for r in reviews if (r.roster_serial, r.roster_digest) not in recent]
    stood = _versions(repository, base) if old else frozenset()
    for review in old:
        if (review.roster_serial, review.roster_digest) not in stood:
            message = say("The review names a roster that never was in force here.")
            remedy = say("Have the step signed again: `sanshen approve`.")
            what = "R11-1", "review-roster-unknown", Effect.REFUSE
            yield Finding(*what, message, Location(review.path), remedy)


def _versions(repository: Repository, head: str) -> frozenset[tuple[object, str]]:
    versions = appearances(repository, head, ROSTER)
    return frozenset(_version(repository.blob(a.oid)) for a in versions if a.oid)


def _version(raw: bytes) -> tuple[object, str]:
    value = read_yaml(ROSTER, raw).value
    return value.get("serial") if isinstance(value, dict) else None, sha256(raw).hexdigest()


_OF_LEAD = ("information-officer", "section-head")
"""Roles that review for the department which leads."""


def late_signatures(
    after: Tree, entries: Iterable[Entry], registers: Registers, entered: Clock
) -> tuple[Finding, ...]:
    """Findings on signatures of a change whose key or office ended long before it entered main.

    `entered`: when the change came to main, at the earliest; for a proposal, the run's clock.
    A person who left may have signed in time; policy says for how many days such a signature may
    still enter (``roster.late_days``).
    """
    days = int(registers.current("roster.late_days", entered) or 0)
    keys = any(k.end and entered.passed(k.end, days) for k in registers.roster.keys)
    left = _left(registers, entered, days)
    if not keys and not left:
        return ()
    stems = {e.path.removesuffix(".sig") for e in entries if e.status != "D"}
    paths = {s for s in stems if s.startswith(SIGNED) and s.endswith(".json")}
    files = signed_files(after, [p for s in paths for p in (s, f"{s}.sig") if p in after.files])
    findings = []
    for file in files:
        key = _key(file, registers)
        if key and key.end and entered.passed(key.end, days):
            findings.append(_late(file.path, KEY, key.person, key.end, entered.today))
        elif key and (person := _decider(file, key)) in left:
            end = _office_end(file, person, registers)
            if end is not None and entered.day_passed(end, days):
                findings.append(_late(file.path, OFFICE, person, end, entered.today))
    return tuple(findings)


def _left(registers: Registers, entered: Clock, days: int) -> set[str]:
    """Ids of those whose office or delegation ended more than so many days before."""
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
    """The person whose office counts: the owner of the key, or who decided before a witness."""
    predicate = predicate_of(signed.statement or b"")
    return str(predicate.get("reviewer")) if "witness" in predicate else key.person


def _office_end(signed: SignedFile, person: str, registers: Registers) -> date | None:
    """The last day of the office that a record was signed in.

    None: it goes on, or there was none, which is refused where the record is judged.
    """
    try:
        predicate = predicate_of(signed.statement or b"")
        moment = moment_of(predicate.get("signed_at") or predicate["recorded_at"])
        day = local_date(moment)
        fallback = "" if "signed_at" in predicate else "operator"  # an attestation names no office
        role, absent = predicate.get("role", fallback), predicate.get("acting_for", "")
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
    """The end of each office of a role that a person held on a day; who is back never left."""
    entry = registers.people.get(person)
    tenures = entry.tenures if entry else ()
    for held in (t for t in tenures if t.role == role and t.covers(day)):
        same = [t for t in tenures if (t.role, t.department) == (role, held.department)]
        yield min(max(t.end or date.max for t in same), _leads_until(held, day, registers))


def _leads_until(held: Tenure, day: date, registers: Registers) -> date:
    department = registers.departments.get(held.department)
    until = department.led_until if department and held.role in _OF_LEAD else None
    return until if until and day <= until else date.max


KEY = (
    "signature-after-key",
    say("The signature of {person} came on {day}, after their key had ended on {end}."),
)
OFFICE = (
    "signature-after-office",
    say("The signature of {person} came on {day}, after their office had ended on {end}."),
)


def _late(path: str, why: Reason, person: str, end: date, entered: date) -> Finding:
    day = local_date(end) if isinstance(end, datetime) else end
    values = (("person", person), ("day", f"{entered}"), ("end", f"{day}"))
    again = say("Have it signed again with a key that is valid now.")
    if why is OFFICE:
        again = say("Have it signed again by the present holder of the office.")
    name, words = why
    clause = "R11-1" if path.startswith("content/reviews/") else "R11-4"
    message = replace(words, values=values)
    return Finding(clause, name, Effect.REFUSE, message, Location(path), again)


# What a change of the roster takes from posts that stand (threats A55).


@dataclass(frozen=True)
class LostSignature:
    """A step of a standing post that would count no more."""

    post: str
    step: Step
    person: str
    path: str

    @property
    def words(self) -> Message:
        return say("The post {post} loses the {step} of {person}.", post=self.post,
                   step=STEP_NAMES[self.step], person=self.person)  # fmt: skip


def lost_signatures(
    repository: Repository, head: str, old: Trusted, new: Trusted
) -> tuple[LostSignature, ...]:
    """The steps of present revisions on main that count under one roster and not under the next.

    Only what came since a key ends is read.
    """
    before, after = (pinned(t, repository, head).registers.roster for t in (old, new))
    ended = {k.fingerprint: k for k in after.keys if _ends_anew(before.key(k.fingerprint), k)}
    if not ended:
        return ()
    tree, line = repository.tree(head), times(repository, head)
    paths: set[str] = set()
    for key in ended.values():
        point = key.revoked_from if key.stopped or not key.end else key.end.isoformat()
        start = last_before(line, point) if point else ""
        came = (c.path for c in repository.changes(start, head)) if start else tree.files
        paths.update(p for p in came if p.startswith(REVIEWS) and p.endswith((".json", ".sig")))
    stems = {p.removesuffix(".sig") for p in paths} & {p for p in paths if p in tree.files}
    files = signed_files(tree, [p for s in stems for p in (s, f"{s}.sig") if p in tree.files])
    lost = (_lost(file, before, ended) for file in sorted(files, key=lambda f: f.path))
    return tuple(row for row in lost if row and _is_present(row, tree))


def _ends_anew(old: RosterKey | None, key: RosterKey) -> bool:
    ends = ("valid_until", "revoked_at", "revocation", "revoked_from")
    return old is not None and any(getattr(old, n) != getattr(key, n) for n in ends)


def _lost(file: SignedFile, before: Roster, ended: Mapping[str, RosterKey]) -> LostSignature | None:
    if file.statement is None or file.signature is None:
        return None
    key = ended.get(fingerprint_of(file.signature, NAMESPACE))
    try:
        predicate = predicate_of(file.statement)
        moment, step = moment_of(predicate["signed_at"]), Step(predicate["step"])
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return None
    record = digest(file.statement, file.signature)
    old = before.key(key.fingerprint) if key else None
    if key is None or old is None or not old.usable(moment, record) or key.usable(moment, record):
        return None
    return LostSignature(file.path.split("/")[3], step, key.person, file.path)


def _is_present(row: LostSignature, tree: Tree) -> bool:
    """Whether no later revision of the post was reviewed."""
    folder, number = row.path.split("/")[:4], int(row.path.split("/")[4][1:])
    later = {p.split("/")[4] for p in tree.files.under(f"{'/'.join(folder)}/")}
    return number == max(int(name[1:]) for name in later)
