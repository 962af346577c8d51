"""Article 12: due times of answers, in working days of Asia/Shanghai, and what is late."""

from collections.abc import Iterator
from datetime import date, datetime, time

from pipeline.model.archive import Archive
from pipeline.model.calendar import SHANGHAI, local_date
from pipeline.model.duties import duty, end_of
from pipeline.model.findings import Complaint, Effect, Message, say
from pipeline.model.records import Fact


def counted_from(received: datetime, archive: Archive) -> date:
    """The day an inquiry counts as received: the day before the next working day, after hours.

    What comes in after the cut-off or on a day off is taken up on the next working day, so its
    first working day is that one.
    """
    day = local_date(received)
    cutoff = time.fromisoformat(archive.registers.parameter("reply.cutoff", day))
    calendar = archive.registers.calendar
    in_hours = calendar.is_workday(day) and received.astimezone(SHANGHAI).time() <= cutoff
    return day if in_hours else calendar.workday_after(day, 1)


def workdays_due(received: datetime, count: int, archive: Archive) -> datetime:
    """The last second of the `count`-th working day after the day an inquiry counts from."""
    return end_of(archive.registers.calendar.workday_after(counted_from(received, archive), count))


def answer(
    archive: Archive,
    fact: Fact,
    done: datetime | None,
    due: datetime,
    what: Message,
    late: Message,
    remedy: Message,
    owes: str,
    effect: Effect = Effect.REFUSE,
) -> Iterator[Complaint]:
    """An answer that is owed, overdue, or came late; nothing when it came in time.

    One that is dated after the time of the run has not been given yet. A late answer of long ago
    cannot be mended and is only noted.
    """
    if done is None or not archive.clock.reached(done):
        yield duty(archive, due, what, late, fact.at(), remedy, owes, effect)
    elif done > due:
        past = say("A late answer cannot be mended; report the cause.")
        yield Complaint(past_mending(archive, done, effect), late, fact.at(), past, owes)


def past_mending(archive: Archive, done: datetime, effect: Effect = Effect.REFUSE) -> Effect:
    """What something weighs that was done wrongly and stays so: noted after a while."""
    days = archive.registers.parameter("reply.audit_days", archive.today)
    return effect if archive.clock.recent(done, days) else Effect.NOTE


def provisional(
    archive: Archive, received: datetime, due: datetime, fact: Fact
) -> Iterator[Complaint]:
    """A due time that was reckoned without the State Council's notice for its year."""
    first, last = local_date(received), local_date(due)
    if archive.registers.calendar.is_provisional(first, last):
        message = say("The days off of {year} are not on file; the time limit is provisional.",
                      year=last.year)  # fmt: skip
        remedy = say("Enter the State Council's notice in content/registers/calendar/.")
        yield Complaint(Effect.NOTE, message, fact.at("received_at"), remedy)
