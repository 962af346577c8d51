"""Article 7: departments and their information officers (第七条 各科室和直属单位).

1. Every department and affiliated unit has an information officer in office today who is no
   contractor; a single one without stand-in is noted. | Human: whether the person has the time.
   accepted: two information officers in each department.
   violated: a department whose information officer left yesterday.
   boundary: a single officer without stand-in, which is noted.
   next: let the department name one, and enter the role in people.yml.
   officer-missing: Department {department} has no information officer in office today. | Let it
   name one and enter the role in people.yml.
   officer-single: {person} is the only information officer of {department}. | Let the department
   name a stand-in.
2. Every department supplies at least one post a quarter; one that still owes it is named before the
   quarter ends, and noted after. | Human: whether what it supplies is worth publishing.
   accepted: a department that supplied one post in the quarter.
   violated: a quarter that ended without any post of a department: it is noted.
   boundary: a post on the last day of the quarter; in its last thirty days those who owe one are
   named.
   next: ask its information officer for a draft; a quarter that has ended cannot be mended.
   contributions-due: Department {department} has supplied {supplied} posts of at least {least}; the
   quarter ends on {day}. | Ask its information officer for a draft.
3. An event of high attention about which only the lead department is asked is noted, and events
   and tasks name registered departments; the dates of tasks are judged with Article 12.
   | Human: the proposal itself.
   accepted: an event of high attention that names the department whose business it is.
   violated: such an event that names the lead department alone, noted; a task for a department that
   is not in the register.
   boundary: an event of little attention may name the lead department alone.
   next: ask those concerned and name them in its record, as a correction where that stands on main.
   department-unknown: There is no department {department}. | Name one of departments.yml.
   departments-not-asked: Only the lead department is asked about an event of high attention. | Ask
   the departments whose business it is, and name them.
"""

from collections.abc import Iterator
from datetime import timedelta

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.duties import duty, end_of
from pipeline.model.findings import Complaint, Effect, Location, say, say_day
from pipeline.model.law import PeriodClause, note, refuse, rule
from pipeline.model.month import Quarter, before, first_day, last_day, posts_of, quarter_of


def officers_named(archive: Archive) -> Iterator[Complaint]:  # 7 指定政务新媒体信息员
    """Every department has an information officer; a single one is noted."""
    people, today = archive.registers.people.values(), archive.today
    for name in archive.registers.departments_on(today):
        officers = [
            p.id for p in people if not p.contractor and p.holds("information-officer", today, name)
        ]
        if not officers:
            message = say(department=archive.registers.name_of(name))
            location = archive.registers.at("departments", name)
            yield refuse("officer-missing", location, message, owes=name)
        elif len(officers) == 1:
            message = say(
                person=archive.registers.name_of(officers[0]),
                department=archive.registers.name_of(name),
            )
            location = archive.registers.at("departments", name)
            yield note("officer-single", location, message, owes=name)


def contributions(archive: Archive) -> Iterator[Complaint]:  # 7 负责提供发布信息
    """Posts by department of origin, in the quarter before and in the running one."""
    running = quarter_of(archive.today)
    warn = timedelta(archive.parameter("contrib.warn_days"))
    if first_day(before(running)) >= archive.registers.policy.since:
        yield from _owed(before(running), archive)
    if last_day(running) - archive.today <= warn:
        yield from _owed(running, archive)


def departments_asked(archive: Archive) -> Iterator[Complaint]:  # 7 研究拟定处理、回复意见
    """Who is asked to propose, for hot events and for tasks."""
    departments = archive.registers.departments
    for opinion in archive.records("opinions"):
        lead = archive.registers.lead_on(local_date(opinion["found_at"]))
        if opinion["hot"] and set(opinion["departments"]) <= {lead}:
            yield note("departments-not-asked", opinion.at("departments"))
        for index, name in enumerate(opinion["departments"]):
            if name not in departments:
                yield _unknown(name, opinion.at("departments", index))
    for inquiry in archive.records("inquiries"):
        for index, task in enumerate(inquiry.get("tasks", ())):
            if task["department"] not in departments:
                yield _unknown(task["department"], inquiry.at("tasks", index, "department"))


def _owed(quarter: Quarter, archive: Archive) -> Iterator[Complaint]:
    """A duty for each department below the number; none where not all posts are loaded."""
    standing = posts_of(archive, quarter)
    if standing is None:
        return
    end = last_day(quarter)
    least = archive.parameter("contrib.min_per_quarter", end)
    for department in archive.registers.departments_on(end):
        supplied = sum(post.department == department for post in standing)
        if supplied >= least:
            continue
        what = say(
            department=archive.registers.name_of(department),
            supplied=supplied,
            least=least,
            day=say_day(end),
        )
        name = "contributions-due {department} {day}"
        at = archive.registers.at("departments", department)
        yield duty(name, archive, end_of(end), what, at, owes=department, effect=Effect.NOTE)


def _unknown(name: str, location: Location) -> Complaint:
    return refuse("department-unknown {department}", location, say(department=name))


RULE = rule(
    PeriodClause(1, officers_named, lapse=True),
    PeriodClause(2, contributions),
    PeriodClause(3, departments_asked, rests_on=("opinions", "inquiries")),
)
