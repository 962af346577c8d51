"""11(1), 11(2): what a change brings that was signed too late, unseen, or under another roster.

A time that a person claims proves nothing, and most who leave an office keep their key. Main holds
the time when a record came (threats A10).
"""

from collections.abc import Iterable, Iterator
from datetime import date

from pipeline.model import evidence, invisible
from pipeline.model.archive import Archive, Change, Mode
from pipeline.model.calendar import Clock, local_date
from pipeline.model.findings import Complaint, Effect, Location, say, say_day
from pipeline.model.ids import PersonId
from pipeline.model.law import ChangeCheck, note, refuse, something
from pipeline.model.policy import Parameter, Policy
from pipeline.model.registers import Registers, Tenure

REVIEWS, RECORDS = "content/reviews/", "content/records/"
_OF_LEAD = ("information-officer", "section-head")
"""Roles that review for the department which leads."""


def signed_in_time(*, reviews: bool) -> ChangeCheck:
    """No signature comes whose key or office ended long before: a person who left may have signed
    in time, and policy says for how many days that may still enter (``roster.late_days``).

    `reviews`: of reviews, or of other records.
    """

    def check(change: Change, archive: Archive) -> Iterator[Complaint]:  # 11(1), 11(2)
        something([e for e in change.entries if e.path.startswith(REVIEWS if reviews else RECORDS)])
        came = Clock(archive.entered) if archive.entered else archive.clock
        late = _late(change, archive.registers, came)
        if not late and change.facts.dated_back:
            late = _late(change, archive.registers, archive.clock)
        yield from (c for c in late if c.location.path.startswith(REVIEWS) is reviews)

    return check


def _late(change: Change, registers: Registers, came: Clock) -> list[Complaint]:
    """`came`: when the change came to main, at the earliest; of a proposal, the run's clock."""
    days = int(registers.current("roster.late_days", came) or 0)
    left = _left(registers, came, days)
    if not left and not any(k.end and came.passed(k.end, days) for k in registers.roster.keys):
        return []
    late = []
    for signed in change.facts.signatures:
        key = registers.roster.key(signed.fingerprint)
        if key and key.end and came.passed(key.end, days):
            values = {"person": key.person, "day": f"{came.today}", "end": f"{local_date(key.end)}"}
            late.append(refuse("signature-after-key", Location(signed.path), say(**values)))
        elif signed.person in left:
            end = _office_end(signed, registers)
            if end is not None and came.day_passed(end, days):
                values = {"person": signed.person, "day": f"{came.today}", "end": f"{end}"}
                late.append(refuse("signature-after-office", Location(signed.path), say(**values)))
    return late


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


def _office_end(signed: evidence.OwnSignature, registers: Registers) -> date | None:
    """The last day of the office that a record was signed in.

    None: it goes on, or there was none, which is refused where the record is judged.
    """
    if signed.signed_at is None:
        return None
    moment, day = signed.signed_at, local_date(signed.signed_at)
    mandates = (
        local_date(d.end)
        for d in registers.roster.delegations
        if (d.delegate, d.role) == (signed.person, signed.role)
        and signed.acting_for in ("", d.delegator)
        and d.covers(moment)
    )
    person, role = signed.person, signed.role
    own = [] if signed.acting_for else list(_own_ends(person, role, day, registers))
    return max(own or mandates, default=None)


def _own_ends(person: PersonId, role: str, day: date, registers: Registers) -> Iterator[date]:
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


def rosters_stood(change: Change, archive: Archive) -> Iterator[Complaint]:  # 11(1)
    """A review names a roster that main held: the signer saw no other one (threats A2).

    The roster in force names the digest of the one before it. History is read for older ones, which
    only a review names that waited while the roster changed twice. One with the serial in force or
    a later one does not count at all.
    """
    something(archive.posts)
    roster = archive.registers.roster
    recent = {(roster.serial, roster.digest), (roster.serial - 1, roster.previous)}
    states = (s for post in archive.posts for s in archive.approvals[post].states.values())
    for review in (s.review for s in states if isinstance(s, evidence.Approved)):
        roster_of = review.roster_serial, review.roster_digest
        if roster_of not in recent and roster_of not in change.facts.rosters:
            yield refuse("review-roster-unknown", Location(review.path))


def signed_as_seen(change: Change, archive: Archive) -> Iterator[Complaint]:  # 11(1)
    """No statement holds invisible characters, which a page shows in another way than was signed.

    Only JSON is looked at: of YAML its reader tells. What stands is noted, for no signature can be
    given again (docs/decisions/0031).
    """
    effect = Effect.REFUSE if archive.mode is Mode.CHANGE else Effect.NOTE
    something(statements := [w for w in change.words if w.path.endswith(".json")])
    for statement in statements:
        if sign := invisible.hidden_in(statement.text):
            code = f"U+{ord(sign[0]):04X}"
            message = say(code=code)
            yield Complaint("character-invisible {code}", effect, message, Location(statement.path))


def steps_lost(change: Change, _archive: Archive) -> Iterator[Complaint]:  # 11(1)
    """What a change of the roster takes from posts that stand is noted (threats A55)."""
    something(change.facts.lost)
    for lost in change.facts.lost:
        yield note("step-lost {post} {step}", Location(lost.path), lost.words)


# Tokens of trusted time, which policy could ask for and no program reads (docs/decisions/0082).

STAMPED = "review.stamped_steps"


def asks_no_tokens(change: Change, archive: Archive) -> Iterator[Complaint]:  # 11(1)
    """No proposal asks anew for tokens. What was asked for in the past is noted, for the program of
    then checked it, and a proposal with reviews says that this one does not."""
    proposal, stands = archive.mode is Mode.CHANGE, archive.registers
    if proposal and "reviews" in change.areas:
        yield from tokens_unchecked(archive)
    asked = {s.effective_from for s in stands.policy.parameters.get(STAMPED, ()) if s.value}
    head = (change.proposed or stands).policy
    new = (s for s in head.parameters.get(STAMPED, ()) if s.effective_from not in asked)
    effect = Effect.REFUSE if proposal else Effect.NOTE
    yield from _unchecked("tokens-asked {day}", effect, head, new)


def tokens_unchecked(archive: Archive) -> Iterator[Complaint]:  # 11(1)
    """Nothing is silently unchecked: a policy in force that asks for tokens is noted."""
    policy = archive.registers.policy
    now = [policy.current(STAMPED, archive.clock)] if STAMPED in policy.parameters else []
    yield from _unchecked("tokens-unchecked", Effect.NOTE, policy, now)


def _unchecked(
    name: str, effect: Effect, policy: Policy, settings: Iterable[Parameter]
) -> Iterator[Complaint]:
    for setting in settings:
        if setting.value:
            message = say("From {day} on policy asks for tokens of trusted time; none is checked.",
                          day=say_day(setting.effective_from))  # fmt: skip
            remedy = say("Set review.stamped_steps to [] from a day on; what was signed stays.")
            where = policy.document.locate("parameters", STAMPED)
            yield Complaint(name, effect, message, where, remedy)
