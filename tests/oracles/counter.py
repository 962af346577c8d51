"""A second counter of "three different people approved these bytes in order, one confirmed".

Written after the specification (docs/design.md, Evidence; Articles 11 and 15(2)), not after `chain`
or `conditions`. It shares with them only the verification of one signature: it reads the JSON
itself and returns a number. Tests compare the two: on hostile archives, on the demo, on whatever
the property tests and the fuzzer make (threats A30).

What it demands of the record of each step, in order: it stands in its place with its signature
[1], speaks of this archive, post, revision, step and accounts, and approves [2]; names every file
of the post with its digest and no other, the same content and, if it speaks of one, the same
record of a correction [3]; names the record before it [4]; is signed by a key that the roster gave
its reviewer for that moment [5]; the reviewer is in office, or acts by mandate for one who is, and
is no contractor [6]; three reviewers differ, and made nothing of the post, but the first where
policy allows it [7]; it is not older than the one before, not of the future, and neither it nor one
before had expired [8]; and the roster it names is no later one [9]. A record that names a witness
is signed by the witness's key instead [5], and counts where the policy of that day names the step
and the forge, the witness is one then, and the account the reviewer's [10]. A passkey signed on a
page whose address the policy of that day lists [11].
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import origin_of, verify
from pipeline.model.calendar import SHANGHAI, Clock
from pipeline.model.evidence import Approvals, Rejected, SignedFile
from pipeline.model.posts import Post
from pipeline.model.registers import Person, Registers, RosterKey

_NAMESPACE: Final = "sanshen-review@v1"
_KIND: Final = "urn:sanshen:review/v1"
_PLAN: Final = (
    ("1-first", "first", ("information-officer",)),
    ("2-second", "second", ("section-head",)),
    ("3-final", "final", ("leader-in-charge", "principal")),
    ("4-confirm", "confirm", ("section-head",)),
)
"""File name, step, roles that may sign it."""
_NUMBER: Final = re.compile("[1-9][0-9]{0,3}")
"""A revision has one name."""
_NEVER: Final = datetime(1, 1, 2, tzinfo=UTC)
"""Before every other moment, and still a valid time in every zone."""
_FAR: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""After every moment that `_moment` returns."""


def count(post: Post, files: Iterable[SignedFile], registers: Registers, clock: Clock) -> int:
    """How many steps of the post's present revision count, from the first without a gap: 0–4."""
    records = {f.path: f for f in files}
    home = f"content/reviews/{post.id[:4]}/{post.id}"
    previous = _end_of_earlier(records, home, post.revision)
    reviewers: set[str] = set()
    makers = _made_by(post, registers)
    since = _NEVER
    until, slack = _FAR, timedelta(minutes=_tolerance(registers, clock))
    for number, (stem, step, roles) in enumerate(_PLAN):
        record = records.get(f"{home}/r{post.revision}/{stem}.json")
        opened = _open(record)
        if opened is None:  # [1]
            return number
        predicate, key_hash, digest, origin = opened
        moment = _moment(predicate.get("signed_at"))
        good = (
            _speaks_of(predicate, post, step, registers)  # [2] [3]
            and predicate.get("previous") == previous  # [4]
            and _key_holds(predicate, key_hash, digest, moment, registers)  # [5]
            and _in_office(predicate, roles, moment, registers)  # [6]
            and (step == "confirm" or predicate["reviewer"] not in reviewers)
            and (_allowed(step, moment, registers) or predicate["reviewer"] not in makers)  # [7]
            and since <= moment <= (until := min(until, _moment(predicate.get("not_after"))))
            and clock.reached(moment, slack)  # [8]
            and _roster_not_later(predicate, registers)  # [9]
            and ("witness" not in predicate or _vouched(predicate, step, moment, registers))  # [10]
            and (not origin or _desk(origin, moment, registers))  # [11]
        )
        if not good:
            return number
        reviewers.add(predicate["reviewer"])  # [7]
        since, previous = moment, digest
    return len(_PLAN)


def differs(
    first: Approvals,
    post: Post,
    files: Iterable[SignedFile],
    registers: Registers,
    clock: Clock,
) -> bool:
    """Whether this counter contradicts the program's.

    Contradiction: the first finds the chain complete and this one does not; or this one finds it
    complete and the first, without a reason to reject anything, does not.
    """
    whole = count(post, files, registers, clock) == len(_PLAN)
    rejected = [*first.stray, *(s for s in first.states.values() if isinstance(s, Rejected))]
    return first.complete != whole and (first.complete or not rejected)


@lru_cache(maxsize=128)
def _open(record: SignedFile | None) -> tuple[dict[str, Any], str, str, str] | None:
    """(predicate with its subject, key fingerprint, digest, origin of a passkey's page or empty) of
    a signed record, or None."""
    if record is None or record.statement is None or record.signature is None:
        return None
    key = verify(record.signature, record.statement, _NAMESPACE)
    if not isinstance(key, PublicKey):
        return None
    try:
        value = json.loads(record.statement)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or value.get("predicateType") != _KIND:
        return None
    predicate, subject = value.get("predicate"), _digests(value.get("subject"))
    if (
        not isinstance(predicate, dict)
        or subject is None
        or not isinstance(predicate.get("reviewer"), str)
    ):
        return None
    digest = sha256(record.statement + record.signature).hexdigest()
    origin = origin_of(record.signature, key, _NAMESPACE)
    return {**predicate, "subject": subject}, key.fingerprint, digest, origin


def _digests(rows: Any) -> dict[str, Any] | None:
    """Name → sha256 of a subject; None for another shape or a name that comes twice."""
    if not isinstance(rows, list):
        return None
    digests: dict[str, Any] = {}
    for row in rows:
        name = row.get("name") if isinstance(row, dict) else None
        hashes = row.get("digest") if isinstance(row, dict) else None
        if not isinstance(name, str) or not isinstance(hashes, dict) or name in digests:
            return None
        digests[name] = hashes.get("sha256")
    return digests


def _end_of_earlier(records: Mapping[str, SignedFile], home: str, revision: int) -> str | None:
    """Digest of the last record of the revisions before; None when there is none."""
    places = {f"{stem}.json": number for number, (stem, _, _) in enumerate(_PLAN)}
    earlier = []
    for path in records:
        folder, _, name = path.rpartition("/")
        number = folder.removeprefix(f"{home}/r")
        if name in places and _NUMBER.fullmatch(number) and int(number) < revision:
            earlier.append((int(number), places[name], path))
    opened = (_open(records[path]) for _, _, path in sorted(earlier, reverse=True))
    return next((o[2] for o in opened if o is not None), None)


def _speaks_of(predicate: Mapping[str, Any], post: Post, step: str, registers: Registers) -> bool:
    accounts = predicate.get("accounts")
    return (
        predicate.get("archive") == registers.policy.archive.get("id")
        and predicate.get("post") == post.id
        and predicate.get("revision") == post.revision
        and predicate.get("step") == step
        and predicate.get("decision") == "approve"
        and isinstance(accounts, list)
        and sorted({str(a) for a in accounts}) == sorted(set(post.accounts))
        and predicate["subject"] == dict(post.manifest)
        and predicate.get("content") == post.content_digest
        and predicate.get("correction", post.correction) == post.correction
    )


def _key_holds(
    predicate: Mapping[str, Any], key_hash: str, digest: str, moment: datetime, registers: Registers
) -> bool:
    owned = [k for k in registers.roster.keys if k.fingerprint == key_hash]
    witness = predicate.get("witness", {"by": predicate.get("reviewer")})
    by = witness.get("by") if isinstance(witness, dict) else None
    if not owned or owned[0].person != by:  # two owners: the roster is invalid
        return False
    key: RosterKey = owned[0]
    if key.revocation == "compromised" and digest not in key.prior_records:
        return False
    ends = [e for e in (key.valid_until, key.revoked_at) if e is not None]
    return key.valid_from <= moment and all(moment < end for end in ends)


def _vouched(
    predicate: Mapping[str, Any], step: str, moment: datetime, registers: Registers
) -> bool:
    """Whether a witness could vouch for the reviewer's account at this step then."""
    seen, day = predicate["witness"], moment.astimezone(SHANGHAI).date()
    person = registers.people.get(str(seen.get("by")))
    forge, number = seen.get("forge"), seen.get("account")
    return (
        step in (_in_force("review.witnessed_steps", day, registers) or ())
        and bool(forge)
        and forge in [_in_force("review.forge", d, registers) for d in (day, day - _DAY)]
        and person is not None
        and any(
            t.role == "witness" and t.start <= day and (t.end is None or day <= t.end)
            for t in person.tenures
        )
        and type(number) is int
        and any(
            (a.forge, a.id, a.person) == (str(forge).split("/")[0], number, predicate["reviewer"])
            and a.start <= moment
            and (a.end is None or moment < a.end)
            for a in registers.roster.accounts
        )
    )


_DAY = timedelta(days=1)
"""On the day of a hand-over the forge of the day before counts, too."""


def _desk(origin: str, moment: datetime, registers: Registers) -> bool:
    day = moment.astimezone(SHANGHAI).date()
    return origin in (_in_force("review.desk_origins", day, registers) or ())


def _in_office(
    predicate: Mapping[str, Any], roles: tuple[str, ...], moment: datetime, registers: Registers
) -> bool:
    reviewer = registers.people.get(str(predicate.get("reviewer")))
    role = predicate.get("role")
    if reviewer is None or reviewer.contractor or role not in roles:
        return False
    absent = predicate.get("acting_for")
    if not absent:
        return _held(reviewer, role, moment, registers)
    leader = registers.people.get(str(absent))
    mandated = any(
        (d.delegator, d.delegate, d.role) == (absent, reviewer.id, role)
        and d.start <= moment <= d.end
        for d in registers.roster.delegations
    )
    return mandated and leader is not None and _held(leader, role, moment, registers)


def _held(person: Person, role: str, moment: datetime, registers: Registers) -> bool:
    """Heads and information officers are those of the lead department; leaders have none."""
    day = moment.astimezone(SHANGHAI).date()
    every = registers.departments.values()
    past = sorted((d.led_until, d.id) for d in every if d.led_until and d.led_until >= day)
    lead = [name for _, name in past] or [d.id for d in every if d.lead]
    for tenure in person.tenures:
        placed = role in ("leader-in-charge", "principal") or tenure.department in lead[:1]
        begun = tenure.start <= day
        if tenure.role == role and placed and begun and (tenure.end is None or day <= tenure.end):
            return True
    return False


def _made_by(post: Post, registers: Registers) -> set[str]:
    """Everyone who wrote the post, by its front matter and by git's addresses."""
    addresses = {h.email.casefold() for h in post.handlers}
    by_mail = {p.id for p in registers.people.values() if addresses & set(p.emails)}
    return {str(post.meta.get("author", "")), *post.meta.get("co_authors", ())} | by_mail


def _allowed(step: str, moment: datetime, registers: Registers) -> bool:
    """Whether the post's makers may take a step: the confirmation, and the first by policy."""
    if step != "first":
        return step == "confirm"
    day = moment.astimezone(SHANGHAI).date()
    return _in_force("review.first_may_prepare", day, registers) is not False


def _in_force(name: str, day: date, registers: Registers) -> Any:
    """A parameter's value on a day, of the first setting before that one; None: not stated."""
    settings = registers.policy.parameters.get(name, ())
    past = [s.value for s in settings if s.effective_from <= day] or [s.value for s in settings[:1]]
    return past[-1] if past else None


def _roster_not_later(predicate: Mapping[str, Any], registers: Registers) -> bool:
    claimed, roster = predicate.get("roster"), registers.roster
    if not isinstance(claimed, dict) or not isinstance(claimed.get("serial"), int):
        return False
    if claimed["serial"] == roster.serial:
        return bool(claimed.get("digest") == roster.digest)
    return bool(claimed["serial"] < roster.serial)


def _moment(value: Any) -> datetime:
    """A time with its offset; `_NEVER` for anything else, or without a day in Shanghai."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return _NEVER
    return moment if moment.tzinfo and 1 < moment.year < 9999 else _NEVER


def _tolerance(registers: Registers, clock: Clock) -> int:
    try:
        return int(registers.policy.current("time.tolerance_minutes", clock).value or 0)
    except KeyError:
        return 0
