"""Article 14: accounts that pretend to be the bureau's."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.duties import duty
from pipeline.model.findings import Complaint, Effect, Message, say
from pipeline.model.records import Fact

AUTHORITIES = ("cyberspace", "police", "telecom")
STEPS: tuple[tuple[str, Message, Message], ...] = (
    (
        "verified_at",
        say("The fake account is to be verified (立即排查核实)."),
        say("The fake account was not verified in time (立即排查核实)."),
    ),
    (
        "notified",
        say("The authorities are to be told of the fake account (网信、公安、电信)."),
        say("The authorities were not told of the fake account in time (网信、公安、电信)."),
    ),
    (
        "platform_letter_at",
        say("The platform of the fake account is to be written to (致函平台)."),
        say("The platform of the fake account was not written to in time (致函平台)."),
    ),
    (
        "filed_at",
        say("The fake account is to be filed with the superior body (备案)."),
        say("The fake account was not filed with the superior body in time (备案)."),
    ),
)
"""Step, what it is called while there is time, and after."""


def fakes_pursued(archive: Archive) -> Iterator[Complaint]:  # 14(2)
    """The steps of every case found since recording began, and cases open for long."""
    for incident in archive.facts.get("incidents", ()):
        if local_date(incident["found_at"]) < archive.registers.policy.since:
            continue
        for step, coming, late in STEPS:
            yield from _step(incident, step, coming, late, archive)
        yield from _open(incident, archive)


def _step(
    incident: Fact, step: str, coming: Message, late: Message, archive: Archive
) -> Iterator[Complaint]:
    found: datetime = incident["found_at"]
    due = found + _allowed(step, found, archive)
    done = _moment(incident, step)
    if done is not None and done < found:
        message = say("A step of the case lies before the fake account was found.")
        remedy = say("Correct the times of the record.")
        yield Complaint(Effect.REFUSE, message, incident.at(step), remedy, incident["person"])
    elif done is None or not archive.clock.reached(done):
        remedy = say("Take the step and enter its time in the record.")
        yield duty(archive, due, coming, late, incident.at(step), remedy, incident["person"])
    elif done > due:
        remedy = say("Nothing to do; be quicker next time.")
        yield Complaint(Effect.NOTE, late, incident.at(step), remedy, incident["person"])


def _allowed(step: str, found: datetime, archive: Archive) -> timedelta:
    registers, day = archive.registers, local_date(found)
    if step == "verified_at":
        return timedelta(hours=registers.parameter("impersonation.verify_hours", day))
    return timedelta(days=registers.parameter("impersonation.file_days", day))


def _moment(incident: Fact, step: str) -> datetime | None:
    """When a step was first taken."""
    told = incident["notified"]
    moments = [n["at"] for n in told if step == "notified" and n["body"] in AUTHORITIES]
    moments += [n["at"] for n in told if step == "platform_letter_at" and n["body"] == "platform"]
    if step in incident.value and step != "notified":
        moments.append(incident[step])
    return min(moments, default=None)


def _open(incident: Fact, archive: Archive) -> Iterator[Complaint]:
    days = archive.registers.parameter("impersonation.max_open_days", archive.today)
    closed = incident.get("closed_at")
    ended = closed is not None and archive.clock.reached(closed)
    if not ended and archive.clock.passed(incident["found_at"] + timedelta(days=days)):
        message = say("The case of the fake account has been open for more than {days} days.",
                      days=days)  # fmt: skip
        remedy = say("Press the platform and the authorities, or close the case.")
        yield Complaint(Effect.NOTE, message, incident.at("found_at"), remedy, incident["person"])
