"""Article 12: reports and petitions go to the bureau's office, and no record tells who wrote."""

from collections.abc import Iterator

from pipeline.detect.private import private_data
from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date, minute
from pipeline.model.findings import Complaint, Effect, Message, say
from pipeline.model.records import Fact
from pipeline.rules.a12_replies.clock import answer, provisional, workdays_due
from pipeline.rules.a12_replies.inquiries import early, inquiries

HANDED_OVER = ("转办", "转交", "移交", "移送", "转局办公室")
"""One of these words stands in the public answer to a report."""


def reports(archive: Archive) -> Iterator[Complaint]:  # 12(3) 举报、信访
    """Handed to the office itself, with a receipt, in time; the public answer says so."""
    for inquiry in inquiries(archive, "report"):
        received, found = inquiry["received_at"], inquiry.get("transferred")
        days = archive.registers.parameter("reply.transfer_workdays", local_date(received))
        due = workdays_due(received, days, archive)
        yield from provisional(archive, received, due, inquiry)
        values = {"inquiry": inquiry.id, "at": minute(due)}
        yield from answer(
            archive, inquiry, found["at"] if found else None, due,
            say("The report {inquiry} is to be handed to the office by {at}.", **values),
            say("The report {inquiry} was to be handed to the office by {at}.", **values),
            say("Hand it over, and record `transferred` with the receipt."), inquiry["person"],
        )  # fmt: skip
        yield from _transfer(inquiry, archive)
        yield from _told(inquiry)


def reports_bare(archive: Archive) -> Iterator[Complaint]:  # 12(3) 举报、信访
    """No inquiry's record holds private data; no report was handed over before it came in."""
    for inquiry in archive.facts.get("inquiries", ()):
        yield from _bare(inquiry)
    for inquiry in inquiries(archive, "report"):
        yield from early(inquiry, "transferred")


def _transfer(inquiry: Fact, archive: Archive) -> Iterator[Complaint]:
    found = inquiry.get("transferred")
    if not found:
        return
    day = local_date(found["at"])
    names = archive.registers.parameter("reply.office_names", day)
    office = archive.registers.departments.get(found["to"])
    called = {office.name_on(day.isoformat()), *office.aliases} if office else set()
    known = bool(called & set(names))
    for wrong, message in (
        (not known, say("The report {inquiry} did not go to the bureau's office.",
                        inquiry=inquiry.id)),
        (not found.get("receipt"), say("The office's receipt for {inquiry} is missing.",
                                       inquiry=inquiry.id)),
    ):  # fmt: skip
        if wrong:
            remedy = say("Article 12 (3): hand it to the office and record the receipt.")
            yield Complaint(Effect.REFUSE, message, inquiry.at("transferred"), remedy)


def _told(inquiry: Fact) -> Iterator[Complaint]:
    """The public answer to a report says that it was handed over; the matter is not its place."""
    reply = inquiry.get("reply")
    if reply and not any(word in reply["text"] for word in HANDED_OVER):
        message = say("The answer to the report {inquiry} does not say that it was handed over.",
                      inquiry=inquiry.id)  # fmt: skip
        remedy = say("Answer in public only that it was handed over (已转办).")
        yield Complaint(Effect.REFUSE, message, inquiry.at("reply", "text"), remedy)


def _bare(inquiry: Fact) -> Iterator[Complaint]:
    """No private data in the record of what people wrote: the repository is read by many.

    Answer and result of what is no report are article 12's eighth clause.
    """
    parts = [("summary", inquiry["summary"])]
    if inquiry["type"] == "report":
        parts += [
            ("result", inquiry.get("result", "")),
            ("reply", (inquiry.get("reply") or {}).get("text", "")),
        ]
    for part, text in parts:
        if any(found.certain for found in private_data(text)):
            message: Message = say("The record of an inquiry holds private data ({part}).",
                                   part=part)  # fmt: skip
            remedy = say("Take it out, also from the history: docs/runbooks/expunge.md.")
            yield Complaint(Effect.REFUSE, message, inquiry.at(part), remedy)
