"""The duty roster: who is on duty on a day and in the night after it (Article 3)."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from pipeline.model.archive import Archive
from pipeline.model.duties import end_of
from pipeline.model.evidence import STEP_NAMES, Step
from pipeline.model.findings import Complaint, Message, say, say_day, say_names
from pipeline.model.law import note
from pipeline.model.records import Fact
from pipeline.model.registers import entitled, operators

AHEAD = timedelta(days=7)
"""How far ahead a roster is looked at: once one is kept, it is to reach so far."""


def on_duty(archive: Archive, day: date) -> tuple[str, ...]:
    """Ids of the people on duty; of two entries of one day the later counts."""
    row = _rows(archive).get(day)
    return tuple(row[0]["days"][row[1]]["people"]) if row else ()


def _rows(archive: Archive) -> Mapping[date, tuple[Fact, int]]:
    return {
        row["day"]: (fact, index)
        for fact in archive.records("shifts")
        for index, row in enumerate(fact["days"])
    }


def covered_nights(archive: Archive) -> Iterator[Complaint]:
    """Days to come on which someone is missed, and the day on which the roster ends."""
    rows, today = _rows(archive), archive.today
    if not rows:
        return
    for day, (fact, index) in sorted(rows.items()):
        if today <= day <= today + AHEAD:
            missing = list(_missing(archive, day))
            if missing:
                message = say("On {day} the roster has no one for: {steps}.", day=say_day(day),
                              steps=say_names(missing))  # fmt: skip
                at, due = fact.at("days", index), end_of(day)
                yield note("night-uncovered {day}", at, message, _ADD, owes=fact["person"], due=due)
    last = max(rows)
    if last < today + AHEAD:
        message = say("The duty roster ends on {day}.", day=say_day(last))
        fact, _ = rows[last]
        due = end_of(last)
        yield note("shifts-end", fact.at(), message, _ADD, owes=fact["person"], due=due)


_ADD = say("Add days to the record, or write another one under content/records/shifts/.")


def _missing(archive: Archive, day: date) -> Iterator[str | Message]:
    people, moment = set(on_duty(archive, day)), end_of(day)
    for step in Step:
        if people.isdisjoint(person.id for person, _ in entitled(step, archive.registers, moment)):
            yield STEP_NAMES[step]
    if people.isdisjoint(person.id for person in operators(archive.registers, day)):
        yield say("publish")
