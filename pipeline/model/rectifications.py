"""Faults that cannot be mended any more, looked into, explained and closed by signatures.

A late answer stays what it was. A `rectifications` record names it, the person who knows why signs
the cause, and the head of the lead department or a leader, another person, signs what was done.
From then on the fault is a note that says so. What can still be done is not explained away: only a
finding that its rule names in `Complaint.waivable` can be rectified.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from pipeline.model.archive import Archive
from pipeline.model.attestations import attested
from pipeline.model.calendar import local_date
from pipeline.model.duties import duty, end_of
from pipeline.model.findings import Complaint, Effect, Finding, Message, say, say_day
from pipeline.model.records import Fact
from pipeline.model.registers import in_office, leads

RECTIFICATIONS = "rectifications"
"""The record kind."""


def open_rectifications(archive: Archive) -> Iterator[Complaint]:
    """Each that is not closed, with its time limit, or that its signatures do not close."""
    for record in archive.records(RECTIFICATIONS):
        objection = unclosed(record, archive)
        if objection is None:
            continue
        due = end_of(record["assigned"]["due"])
        values = {"clause": record["clause"], "finding": record["finding"], "why": objection}
        coming = say("{clause} ({finding}) is being rectified: {why}", **values)
        remedy = say(
            "`sanshen amend rectifications {id}` adds `explained` and `closed`, `sanshen attest"
            " rectifications {id}` signs them.", id=record.id,
        )  # fmt: skip
        yield duty(archive, due, coming, coming, record.at(), remedy,
                   record["assigned"]["person"], Effect.NOTE)  # fmt: skip


def rectified(findings: Iterable[Finding], archive: Archive) -> tuple[Finding, ...]:
    """The findings, those that were rectified as notes, the others with how to rectify them."""
    return tuple(_rectified(f, archive) if _can_be(f) else f for f in findings)


def _can_be(finding: Finding) -> bool:
    return bool(finding.waivable) and finding.effect is Effect.REFUSE


def _rectified(finding: Finding, archive: Archive) -> Finding:
    for record in archive.records(RECTIFICATIONS):
        same = (record["clause"], record["finding"]) == (finding.clause, finding.waivable)
        if same and unclosed(record, archive) is None:
            closed = record["closed"]
            message = say(
                "{what} Rectified on {day}, signed by {person}: {measures}",
                what=finding.message, day=say_day(local_date(closed["at"])),
                person=archive.registers.name_of(closed["person"]), measures=closed["measures"],
            )  # fmt: skip
            nothing = say("Nothing to do; the rectification is on record.")
            return replace(finding, effect=Effect.NOTE, message=message, remedy=nothing)
    ledger = say(
        "{remedy} Enter it: sanshen new rectifications --clause {clause} --finding '{finding}'",
        remedy=finding.remedy or "", clause=finding.clause, finding=finding.waivable,
    )  # fmt: skip
    return replace(finding, remedy=ledger)


def unclosed(record: Fact, archive: Archive) -> Message | None:
    """Why a rectification is not closed yet; None: it is."""
    signed = attested(archive, record)
    for event in ("explained", "closed"):
        if event not in record.value or not archive.clock.reached(record[event]["at"]):
            return say("`{event}` is not entered.", event=event)
        if not signed.get(event):
            return say("`{event}` is not signed by the person it names.", event=event)
    closed = record["closed"]
    if closed["person"] == record["explained"]["person"]:
        return say("the same person explained and closed it.")
    if not _may_close(closed["person"], closed["at"], archive):
        return say("it is for the head of the lead department or a leader to close it.")
    return None


def _may_close(id: str, at: datetime, archive: Archive) -> bool:
    day, registers = local_date(at), archive.registers
    head = in_office(registers.people.get(id), "section-head", day, registers)
    return head or leads(id, day, registers)
