"""Article 12: comments and questions, and matters to be handled."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date, minute
from pipeline.model.duties import end_of, months_after
from pipeline.model.findings import Complaint, Effect, say
from pipeline.model.records import Fact
from pipeline.rules.a12_replies.clock import (
    answer,
    counted_from,
    past_mending,
    provisional,
    workdays_due,
)

ANSWER = say("The operator answers and adds `reply` to the record of the inquiry.")


def inquiries(archive: Archive, kind: str) -> Iterator[Fact]:
    """The inquiries of one type: general, processing or report."""
    return (i for i in archive.facts.get("inquiries", ()) if i["type"] == kind)


def early(inquiry: Fact, *parts: str) -> Iterator[Complaint]:
    """Steps that are dated before the inquiry came in: no time that is kept by a wrong date."""
    for part in parts:
        found = inquiry.get(part)
        moment = found.get("at") if isinstance(found, Mapping) else found
        if moment is not None and moment < inquiry["received_at"]:
            message = say("A step of the inquiry {inquiry} lies before it came in ({part}).",
                          inquiry=inquiry.id, part=part)  # fmt: skip
            remedy = say("Correct the times of the record.")
            yield Complaint(Effect.REFUSE, message, inquiry.at(part), remedy, inquiry["person"])


def general(archive: Archive) -> Iterator[Complaint]:  # 12(1)
    """Drafted by an information officer and answered by the operator, in time."""
    for inquiry in inquiries(archive, "general"):
        yield from _hands(inquiry, archive)
        received, reply = inquiry["received_at"], inquiry.get("reply")
        day = local_date(received)
        days = archive.registers.parameter("reply.general_workdays", day)
        target = archive.registers.parameter("reply.general_target_workdays", day)
        due, done = workdays_due(received, days, archive), reply["at"] if reply else None
        yield from provisional(archive, received, due, inquiry)
        values = {"inquiry": inquiry.id, "at": minute(due)}
        yield from answer(
            archive, inquiry, done, due,
            say("The inquiry {inquiry} is to be answered by {at}.", **values),
            say("The inquiry {inquiry} was to be answered by {at}.", **values),
            ANSWER, inquiry["person"],
        )  # fmt: skip
        hoped = workdays_due(received, target, archive)
        if done is not None and archive.clock.reached(done):
            missed = hoped < done <= due
        else:
            missed = archive.clock.passed(hoped) and not archive.clock.passed(due)
        if missed:
            message = say("The inquiry {inquiry} missed the target of {at}.", inquiry=inquiry.id,
                          at=minute(hoped))  # fmt: skip
            yield Complaint(Effect.NOTE, message, inquiry.at(), ANSWER, inquiry["person"])


def general_dated(archive: Archive) -> Iterator[Complaint]:  # 12(1)
    """No step before it came in."""
    for inquiry in inquiries(archive, "general"):
        yield from early(inquiry, "drafted", "reply")


def _hands(inquiry: Fact, archive: Archive) -> Iterator[Complaint]:
    """Who drafted and who answered held that role on the day."""
    for part, role, message in (
        (
            "drafted",
            "information-officer",
            say("{person} drafted it without being an information officer.",
                person=_who(inquiry, "drafted")),
        ),
        (
            "reply",
            "operator",
            say("{person} answered without being an operator.", person=_who(inquiry, "reply")),
        ),
    ):  # fmt: skip
        done = inquiry.get(part)
        if done is None:
            if part == "drafted" and inquiry.get("reply"):
                missing = say("The answer was published without a recorded draft.")
                remedy = say("Record who drafted it, and when.")
                effect = past_mending(archive, inquiry["reply"]["at"])
                yield Complaint(effect, missing, inquiry.at(), remedy)
            continue
        person = archive.registers.people.get(done["person"])
        moment = done.get("at", inquiry["received_at"])
        if person is None or not person.holds(role, local_date(moment)):
            remedy = say("Article 12 (1): the information officer drafts, the operator answers.")
            effect = past_mending(archive, moment)
            yield Complaint(effect, message, inquiry.at(part, "person"), remedy)


def _who(inquiry: Fact, part: str) -> str:
    return str((inquiry.get(part) or {}).get("person", ""))


def handled(archive: Archive) -> Iterator[Complaint]:  # 12(2)
    """Acknowledged the same day with a limit; done within it, with a result."""
    for inquiry in inquiries(archive, "processing"):
        yield from _acknowledged(inquiry, archive)
        yield from _closed(inquiry, archive)
        yield from _promised(inquiry, archive)


def handled_dated(archive: Archive) -> Iterator[Complaint]:  # 12(2)
    """No step before it came in."""
    for inquiry in inquiries(archive, "processing"):
        yield from early(inquiry, "acknowledged", "closed_at")


def _promised(inquiry: Fact, archive: Archive) -> Iterator[Complaint]:
    """A limit within the most there is, and a result."""
    day, found = local_date(inquiry["received_at"]), inquiry.get("acknowledged")
    months = archive.registers.parameter("reply.hard_cap_months", day)
    done = inquiry.get("closed_at")
    for wrong, message in (
        (found is not None and found["promised_due"] > months_after(day, months),
         say("The promised time lies beyond {months} months.", months=months)),
        (done is not None and not inquiry.get("result"),
         say("The inquiry {inquiry} was closed without a result.", inquiry=inquiry.id)),
    ):  # fmt: skip
        if wrong:
            remedy = say("Correct the record, and tell the person.")
            yield Complaint(Effect.REFUSE, message, inquiry.at(), remedy, inquiry["person"])


def _acknowledged(inquiry: Fact, archive: Archive) -> Iterator[Complaint]:
    """On the day of receipt; after hours the next working day is only noted."""
    received, found = inquiry["received_at"], inquiry.get("acknowledged")
    same, grace = end_of(local_date(received)), end_of(counted_from(received, archive))
    done: datetime | None = found["at"] if found else None
    values = {"inquiry": inquiry.id, "at": minute(same)}
    late = say("The inquiry {inquiry} was to be acknowledged with a time limit by {at}.", **values)
    if done is not None and same < done <= grace:
        remedy = say("It came in after hours; nothing to do.")
        yield Complaint(Effect.NOTE, late, inquiry.at("acknowledged"), remedy)
        return
    yield from answer(
        archive, inquiry, done, grace,
        say("The inquiry {inquiry} is to be acknowledged with a time limit by {at}.", **values),
        late, say("Tell the person the time limit and record `acknowledged`."), inquiry["person"],
    )  # fmt: skip


def _closed(inquiry: Fact, archive: Archive) -> Iterator[Complaint]:
    received, found = inquiry["received_at"], inquiry.get("acknowledged")
    day = local_date(received)
    months = archive.registers.parameter("reply.hard_cap_months", day)
    days = archive.registers.parameter("reply.processing_workdays", day)
    usual, cap = workdays_due(received, days, archive), end_of(months_after(day, months))
    promised = end_of(found["promised_due"]) if found else usual
    due, done = min(promised, cap), inquiry.get("closed_at")
    yield from provisional(archive, received, due, inquiry)
    values = {"inquiry": inquiry.id, "at": minute(due)}
    yield from answer(
        archive, inquiry, done, due,
        say("The inquiry {inquiry} is to be settled by {at}.", **values),
        say("The inquiry {inquiry} was to be settled by {at}.", **values),
        say("Settle it, answer with the result and record `closed_at` and `result`."),
        inquiry["person"],
    )  # fmt: skip
    if usual < promised <= cap:
        message = say("The promised time is longer than the usual {days} working days.", days=days)
        remedy = say("Nothing to do when the matter needs it.")
        yield Complaint(Effect.NOTE, message, inquiry.at("acknowledged"), remedy)
