"""Article 3: responsibility (第三条 谁主办谁负责、公开及时).

1. Author, co-authors and department of origin are in the registers, and so is everyone whose review
   counts. | Human: whether the person named really wrote it.
   accepted: author and department of origin that the registers hold.
   violated: an author whose id people.yml does not hold.
   boundary: a draft has no reviews yet: its author and department alone are looked up.
   next: correct the id; a new colleague is entered in people.yml, which two people sign.
   department-unregistered: Department {department} is not in the register. | Correct the id, or
   have the lead department enter it in departments.yml.
   person-unregistered: Person {person} is not in the register. | Correct the id, or have the lead
   department enter the person in people.yml.
2. Every step of the review has a responsible person in office today, none of them a contractor, and
   the three reviews can be made by three different people. What went wrong for good is explained
   and closed by signatures (the records of rectifications), and a duty roster, where one is kept,
   has someone for every step. | Human: how duties are divided.
   accepted: three people in office today for the three reviews.
   violated: the head of the lead department left yesterday, and no one follows.
   boundary: the principal stands in for the leader in charge; two people for three reviews are too
   few.
   next: enter the appointment in people.yml, and have two people sign the register.
   head-vacant: No one is head of the lead department today. | Enter the appointment in people.yml.
   leader-vacant: No one is leader in charge or principal today. | Enter the appointment in
   people.yml.
   officer-vacant: No one is information officer of the lead department today. | Enter the
   appointment in people.yml.
   reviewers-too-few: Fewer than three people share the three reviews. | Appoint different people to
   the three reviews in people.yml.
3. A post that follows its event by more working days than policy says, or is dated before the
   information was made, is noted, and so is a mandatory disclosure after the legal time: it is
   owed all the same.
   | Human: whether an urgent matter needed less time.
   accepted: published on the next working day.
   violated: published on the fourth working day after the event: it is noted.
   boundary: the third working day (timeliness.event_days); days off do not count.
   next: publish it without delay and leave the days as they are; a late disclosure is noted, never
   held back.
   calendar-missing: The working days are provisional: no holiday calendar for {years} is on file. |
   Have the lead department enter the State Council's calendar of that year.
   disclosure-late: A mandatory disclosure comes {days} working days after it was made; the limit is
   {limit}. | Publish it without delay, and report to the lead department why it is late.
   post-after-event: The post follows its event by {days} working days; {limit} are usual. | Publish
   sooner, or say why not.
   post-before-event: The post is dated before the day on which the information was made. | Correct
   created_on or publish_at.
4. The final reviewer has stated that the post is lawful; only the presence of that signed statement
   is checked. | Human: the judgement itself.
   accepted: a final review that states that the post is lawful.
   violated: a final review without that statement.
   boundary: a post without final review: Article 11 awaits it.
   next: the final reviewer signs again with the statement (`sanshen approve POST`), or returns the
   post.
   lawfulness-unstated: The final review does not state that the post is lawful. | The final
   reviewer signs again with that statement, or returns the post.
"""

from collections.abc import Iterator
from datetime import date

from pipeline.model import evidence, shifts, waivers
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Location, Reason, say
from pipeline.model.ids import PersonId
from pipeline.model.law import ItemClause, PeriodClause, note, refuse, rule, statement
from pipeline.model.posts import Post
from pipeline.model.registers import Registers


def registered_people(post: Post, archive: Archive) -> Iterator[Complaint]:  # 3
    """Everyone who answers for the post is in the registers."""
    registers = archive.registers
    routes: list[tuple[tuple[str | int, ...], PersonId]] = [(("author",), post.meta["author"])]
    routes += [(("co_authors", i), p) for i, p in enumerate(post.meta.get("co_authors", ()))]
    for route, person in routes:
        if person not in registers.people:
            yield _unknown_person(person, post.at(*route), registers)
    department = post.meta["origin_dept"]
    if department not in registers.departments:
        message = say(department=department)
        cause = registers.unread_path("departments")
        yield refuse("department-unregistered", post.at("origin_dept"), message, cause=cause)
    approvals = archive.approvals.get(post.id)
    for state in approvals.states.values() if approvals else ():
        if isinstance(state, evidence.Approved) and state.review.reviewer not in registers.people:
            yield _unknown_person(state.review.reviewer, Location(state.review.path), registers)


def _unknown_person(person: PersonId, location: Location, registers: Registers) -> Complaint:
    cause = registers.unread_path("people")
    return refuse("person-unregistered {person}", location, say(person=person), cause=cause)


def responsible_tiers(archive: Archive) -> Iterator[Complaint]:  # 3
    """Each of the three reviews has someone in office today who may make it."""
    document = archive.registers.documents["people"]
    tiers = [_in_office(archive, *roles) for roles in _TIERS]
    for people, (name, message) in zip(tiers, _VACANT, strict=True):
        if not people:
            yield refuse(name, document.locate("people"), message)
    if all(tiers) and not any(
        len({a, b, c}) == 3 for a in tiers[0] for b in tiers[1] for c in tiers[2]
    ):
        yield refuse("reviewers-too-few", document.locate("people"))


_TIERS = (("information-officer", True), ("section-head", True), ("leader-in-charge", False))

_VACANT: tuple[Reason, ...] = (
    ("officer-vacant", say()),
    ("head-vacant", say()),
    ("leader-vacant", say()),
)


def _in_office(archive: Archive, role: str, in_lead: bool) -> frozenset[str]:
    registers, today = archive.registers, archive.today
    department = registers.lead_on(today) if in_lead else None
    roles = (role,) if in_lead else (role, "principal")
    return frozenset(
        p.id
        for p in registers.people.values()
        if not p.contractor and any(p.holds(r, today, department) for r in roles)
    )


def timely(post: Post, archive: Archive) -> Iterator[Complaint]:  # 3
    """Working days from the event, or from the making, to the first publication."""
    created: date = post.meta["created_on"]
    day = archive.first_day(post)
    if created > day:
        yield note("post-before-event", post.at("created_on"))
    event: date = post.meta.get("event_date", created)
    limit = archive.parameter("timeliness.event_days", day)
    lag = archive.registers.calendar.workdays_between(event, day)
    if lag > limit:
        key = "event_date" if "event_date" in post.meta else "created_on"
        yield note("post-after-event", post.at(key), say(days=lag, limit=limit))
        yield from _provisional(event, day, post, archive)
    yield from _disclosed_in_time(created, day, post, archive)


def _disclosed_in_time(
    created: date, day: date, post: Post, archive: Archive
) -> Iterator[Complaint]:
    if post.meta.get("disclosure") != "mandatory":
        return
    limit = archive.parameter("timeliness.disclosure_workdays", day)
    lag = archive.registers.calendar.workdays_between(created, day)
    if lag > limit:
        yield note("disclosure-late", post.at("disclosure"), say(days=lag, limit=limit))
        yield from _provisional(created, day, post, archive)


def _provisional(start: date, end: date, post: Post, archive: Archive) -> Iterator[Complaint]:
    """A note when the count includes a year whose holidays are not on file."""
    calendar = archive.registers.calendar
    if calendar.is_provisional(start, end):
        years = [y for y in range(start.year, end.year + 1) if y not in calendar.years]
        yield note("calendar-missing", post.at("created_on"), say(years=", ".join(map(str, years))))


RULE = rule(
    ItemClause(1, registered_people, ("author", "origin_dept")),
    PeriodClause(2, responsible_tiers, lapse=True),
    PeriodClause(2, shifts.covered_nights, lapse=True, rests_on=("shifts",)),
    PeriodClause(2, waivers.open_rectifications, lapse=True, rests_on=("rectifications",)),
    ItemClause(3, timely, ("created_on",)),
    statement(4, evidence.Step.FINAL, {"lawful": ("lawfulness-unstated", say())}),
)
