"""What signatures excuse or close: findings waived (Article 13), faults rectified, late approval.

A waiver is a reviewer's signed word that one finding on one post may stand. It names clause, words
and content. It counts when its signer reviews posts from the second step up, held that role on the
day of signing, did not make the post, when it was given for no longer than policy allows, and had
not expired on the day the post is judged by. It excuses only findings that their rule calls
waivable.

A late answer stays what it was. A `rectifications` record names it, the person who knows why signs
the cause, and the head of the lead department or a leader, another person, signs what was done.
From then on the fault is a note that says so. What can still be done is not explained away: only a
finding that its rule names in `Complaint.waivable` can be rectified. A publication is one event:
what closes it under one clause closes it under each that it violates.

Approval after the fact is excused never by default; where policy allows it, it is bounded (threats
A27).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from pipeline.model import attestations, duties, law
from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date, minute
from pipeline.model.evidence import Review
from pipeline.model.findings import (
    Complaint,
    Effect,
    Finding,
    Location,
    Message,
    Reason,
    say,
    say_day,
    say_names,
)
from pipeline.model.ids import NO_CLAUSE, R13_2, ClauseId, PersonId
from pipeline.model.posts import Post
from pipeline.model.records import PUBLICATION, UNKNOWN, Fact, Publication, Signed, odd
from pipeline.model.registers import Registers, in_office, leads, signing_roles

MAX_DAYS = "waiver.max_days"
LONGEST_WAIVER = 90
"""Days, used where policy does not state them; that is refused for itself."""


def excused(finding: Finding, waivers: Iterable[Signed], post: Post, archive: Archive) -> Finding:
    """The finding as a note that names who waived it, if a waiver that counts covers it."""
    if not finding.waivable or finding.effect is Effect.NOTE:
        return finding
    for waiver in waivers:
        if _covers(waiver, finding) and _objection(waiver, post, archive) is None:
            message = say("{what} Waived by {person} until {day}: {reason}", what=finding.message,
                          person=archive.registers.name_of(waiver.person),
                          day=_expiry(waiver).isoformat(), reason=waiver["reason"])  # fmt: skip
            nothing = say("Nothing to do; the exception is on record.")
            return replace(finding, effect=Effect.NOTE, message=message, remedy=nothing)
    return finding


def waiver_findings(
    waivers: Iterable[Signed],
    before: Iterable[Finding],
    post: Post,
    archive: Archive,
    clauses: Iterable[ClauseId],
) -> Iterator[Finding]:
    """What is wrong with the waivers of a post, each under the clause it names.

    `found`: the findings before any was excused. What was wrong from the start refuses; what came
    to nothing since, because the post was changed or the day is past, is a note.
    """
    findings, clause_ids = tuple(before), frozenset(clauses)
    for waiver in waivers:
        clause = waiver["clause"]
        objection = _objection(waiver, post, archive)
        effect = Effect.REFUSE
        if clause not in clause_ids:
            none = say("The waiver names the clause {clause}, which is none.", clause=clause)
            objection, clause = ("waiver-clause-unknown", none), R13_2
        elif objection is None or _lapsed(waiver, post, archive):
            effect = Effect.NOTE
            if objection is None and not any(_covers(waiver, f) for f in findings):
                objection = "waiver-idle", say("The waiver excuses nothing that was found.")
            elif objection is None and archive.clock.day_passed(_expiry(waiver)):
                message = say("The waiver expired on {day}; the post was published before.",
                           day=_expiry(waiver).isoformat())  # fmt: skip
                objection = "waiver-outlived", message
        if objection is not None:
            remedy = say("`sanshen waive` signs another, for the content as it is now.")
            name, message = objection
            yield Finding(clause, name, effect, message, waiver.at(), remedy)


def _covers(waiver: Signed, finding: Finding) -> bool:
    return bool(finding.waivable) and (waiver["clause"], waiver["text"]) == (
        finding.clause,
        finding.waivable,
    )


def _expiry(waiver: Signed) -> date:
    expires: date = waiver["expires_on"]
    return expires


def _objection(waiver: Signed, post: Post, archive: Archive) -> Reason | None:
    """Why a waiver does not count for a post as it is; None when it counts."""
    if objection := _never_counted(waiver, post, archive):
        return objection
    if waiver["content"] != post.content_digest:
        return "waiver-other-content", say("The waiver was given for another content of the post.")
    if _expiry(waiver) < archive.day_of(post):
        message = say("The waiver had expired on {day}.", day=_expiry(waiver).isoformat())
        return "waiver-expired", message
    return None


def _never_counted(waiver: Signed, post: Post, archive: Archive) -> Reason | None:
    """What was wrong with a waiver from the start, whatever became of the post."""
    person, day = archive.registers.people.get(waiver.person), local_date(waiver.signed_at)
    if person is not None and person.contractor:
        message = say("{person} works for a contractor and may not waive.", person=person.name)
        return "waiver-by-contractor", message
    if waiver.role not in signing_roles(person, day, archive.registers):
        message = say("{person} may not waive: section heads and leaders do.", person=waiver.person)
        return "waiver-lacks-role", message
    if waiver.person in _makers(post, archive):
        message = say("{person} made the post and may not waive on it.", person=waiver.person)
        return "waiver-by-maker", message
    if not archive.clock.reached(waiver.signed_at):
        return "waiver-in-future", say("The waiver was signed in the future.")
    return too_long(_expiry(waiver), day, archive.registers)


def too_long(expires: date, signed: date, registers: Registers) -> Reason | None:
    """What to say of a waiver that is to last longer than policy allows; None: it is not."""
    stated = MAX_DAYS in registers.policy.parameters
    days = int(registers.parameter(MAX_DAYS, signed)) if stated else LONGEST_WAIVER
    if expires <= signed + timedelta(days=days):
        return None
    return "waiver-too-long", say("A waiver lasts {days} days at most; this one until {day}.",
                                  days=days, day=expires.isoformat())  # fmt: skip


def waived_words(post: Post, archive: Archive) -> frozenset[str]:
    """The words of a post that waivers which count excuse."""
    given = archive.waivers_of(post.id)
    return frozenset(w["text"] for w in given if _objection(w, post, archive) is None)


def _lapsed(waiver: Signed, post: Post, archive: Archive) -> bool:
    """Whether it would count, had the post not changed and the day not passed."""
    expired = _expiry(waiver) < archive.day_of(post)
    changed = waiver["content"] != post.content_digest
    meant = _expiry(waiver) >= local_date(waiver.signed_at)
    return (expired or changed) and meant and _never_counted(waiver, post, archive) is None


def _makers(post: Post, archive: Archive) -> frozenset[str]:
    """Author, co-authors, and the writers of the post's files in git."""
    written = (h.email for h in post.handlers if h.part in ("author", "co-author"))
    people = filter(None, map(archive.registers.person_of, written))
    return post.declared | {p.id for p in people}


CLOSED = say("Nothing to do; the rectification is on record.")
CLOSED_BY_SIGNATURES = say(
    "Nothing to change: it is what happened. The audit refuses it until it is explained and closed"
    " by signatures, in a record of rectification."
)
RECTIFICATIONS = "rectifications"
"""The record kind."""
OPEN = ClauseId("R03-2")
"""The clause under which they are owed (Article 3)."""


def open_rectifications(archive: Archive) -> Iterator[Complaint]:
    """Each that is not closed, with its time limit, or that its signatures do not close."""
    for record in archive.records(RECTIFICATIONS):
        objection = unclosed(record, archive)
        if objection is None:
            continue
        due = duties.end_of(record["assigned"]["due"])
        finding = fault_in_words(record["finding"], archive)
        values = {"clause": record["clause"], "finding": finding, "why": objection}
        coming = say("{clause} ({finding}) is being rectified: {why}", **values)
        remedy = say(
            "Add `explained` and `closed` to its record; `sanshen attest rectifications {id}` signs"
            " them.",
            id=record.id,
        )
        yield duties.duty(
            "rectification-due",
            archive,
            due,
            coming,
            record.at(),
            remedy,
            record["assigned"]["person"],
            Effect.NOTE,
        )


def fault_in_words(fault: str, archive: Archive) -> str | Message:
    """What a rectification names: a publication by title, account and day, else part by part."""
    for p in archive.publications:
        if p.fault == fault:
            return say("“{title}”, {account}, {day}", title=p.title, day=say_day(p.day),
                       account=archive.registers.called(p.account))  # fmt: skip
    return say_names([_part(part, archive) for part in fault.split()])


def _part(part: str, archive: Archive) -> str | Message:
    try:
        return say_day(date.fromisoformat(part))
    except ValueError:
        return archive.registers.called(part)


def rectified(findings: Iterable[Finding], archive: Archive) -> tuple[Finding, ...]:
    """The findings, those that were rectified as notes, the others with how to rectify them."""
    return tuple(_rectified(f, archive) if _can_be(f) else f for f in findings)


def closed_by(findings: Iterable[Finding], archive: Archive) -> Iterator[str]:
    """Paths of the attestations that closed the rectifications of some findings."""
    marks = {(f.clause, f.waivable) for f in findings}
    for record in archive.records(RECTIFICATIONS):
        if any(_names(record, *mark) for mark in marks) and unclosed(record, archive) is None:
            yield from attestations.attested_at(archive, record)


def explained(finding: Finding) -> bool:
    """Whether signatures closed the fault that a note tells of."""
    return finding.remedy == CLOSED


def _can_be(finding: Finding) -> bool:
    return bool(finding.waivable) and finding.effect is Effect.REFUSE


def _rectified(finding: Finding, archive: Archive) -> Finding:
    if closed := closing(finding.clause, finding.waivable, archive):
        message = say(
            "{what} Rectified on {day}, signed by {person}: {measures}",
            what=finding.message, day=say_day(local_date(closed["at"])),
            person=archive.registers.name_of(closed["person"]), measures=closed["measures"],
        )  # fmt: skip
        return replace(finding, effect=Effect.NOTE, message=message, remedy=CLOSED)
    ledger = say(
        "{remedy} Enter it under content/records/rectifications/: clause {clause}, finding"
        " {finding}.",
        remedy=finding.remedy or "", clause=finding.clause, finding=finding.waivable,
    )  # fmt: skip
    return replace(finding, remedy=ledger)


def closing(clause: ClauseId, fault: str, archive: Archive) -> Mapping[str, Any] | None:
    """How signatures closed a fault of the past; None: they have not."""
    records = (r for r in archive.records(RECTIFICATIONS) if _names(r, clause, fault))
    return next((r["closed"] for r in records if unclosed(r, archive) is None), None)


def left_to_do(publication: Publication, archive: Archive) -> Message:
    """What a fault that a publication's own record states still asks for."""
    return CLOSED if closing(NO_CLAUSE, publication.fault, archive) else CLOSED_BY_SIGNATURES


def _names(record: Fact, clause: ClauseId, fault: str) -> bool:
    """Whether a rectification is of a fault; a publication is one event, whatever it violates."""
    of_clause = record["clause"] == clause or fault.startswith(PUBLICATION)
    return of_clause and bool(record["finding"] == fault)


def groundless(
    records: Iterable[Fact], findings: Iterable[Finding], effect: Effect
) -> Iterator[Finding]:
    """Of each rectification of what no clause names as a fault; `findings`: of the clauses."""
    faults = {(f.clause, f.waivable) for f in findings}
    for record in records:
        if not any(_names(record, *fault) for fault in faults):
            message = say("{clause} names no fault {finding}: there is nothing to rectify.",
                          clause=record["clause"], finding=record["finding"])  # fmt: skip
            remedy = say("Copy clause and finding from the audit, which names both.")
            yield Finding(
                OPEN,
                "rectified-fault-unknown {clause} {finding}",
                effect,
                message,
                record.at("finding"),
                remedy,
            )


def unclosed(record: Fact, archive: Archive) -> Message | None:
    """Why a rectification is not closed yet; None: it is."""
    signed = attestations.attested(archive, record)
    for event in ("explained", "closed"):
        if event not in record.value or not archive.clock.reached(record[event]["at"]):
            return say("“{field}” is not entered.", field=event)
        if not signed.get(event):
            return say("“{field}” is not signed by the person it names.", field=event)
    closed = record["closed"]
    if closed["person"] == record["explained"]["person"]:
        return say("the same person explained and closed it.")
    if not _may_close(closed["person"], closed["at"], archive):
        return say("it is for the head of the lead department or a leader to close it.")
    return None


def _may_close(id: PersonId, at: datetime, archive: Archive) -> bool:
    day, registers = local_date(at), archive.registers
    head = in_office(registers.people.get(id), "section-head", day, registers)
    return head or leads(id, day, registers)


def ordered_out(post: Post, published_at: datetime, archive: Archive) -> bool:
    """Whether a leader in office ordered this alert or accident report out before its reviews."""
    day, order = local_date(published_at), post.meta.get("emergency")
    if not order or not post.may_go_first:
        return False
    if not archive.registers.parameter("review.allow_post_hoc", day):
        return False
    in_office = leads(order["ordered_by"], day, archive.registers)
    return in_office and bool(order["ordered_at"] <= published_at)


def went_out_as_reviewed(post: Post, archive: Archive) -> bool:
    """Whether a record says that the present revision went out, and not that it was unconfirmed."""
    return any(
        p.revision == post.revision
        and not p.unconfirmed
        and not excused_post_hoc(post, p.published_at, None, archive)
        for p in archive.publications_of(post.id)
    )


def unexcused(archive: Archive) -> Iterator[Publication]:
    """The publications whose records say that they were not confirmed, less those that a leader
    ordered out and that were confirmed in time for that account."""
    for p in odd(archive.publications):
        if p.unconfirmed:
            post, confirm = archive.posts.get(p.post), confirmation_of(p, archive)
            ordered = post and excused_post_hoc(post, p.published_at, confirm, archive)
            if not ordered or carried_elsewhere(p, confirm):
                yield p


def confirmation_of(publication: Publication, archive: Archive) -> Review | None:
    """That of the revision that was published; None without one, or without the post."""
    if publication.post not in archive.posts:
        return None
    return archive.approvals[publication.post].confirmation(publication.revision)


def carried_elsewhere(publication: Publication, confirm: Review | None) -> bool:
    """Whether an account carried it for which the reviews did not approve it."""
    return confirm is not None and publication.account not in confirm.accounts


def unconfirmed_fault(publication: Publication, confirm: Review | None, archive: Archive) -> Reason:
    """What is wrong with a publication whose record gives the reason why it was not confirmed."""
    if carried_elsewhere(publication, confirm):
        account = archive.registers.name_of(publication.account)
        return "published-elsewhere", say(
            "Account {account}, for which the post was not approved, carried it: {reason}",
            account=account,
            reason=publication.unconfirmed,
        )
    return "published-unconfirmed", say(
        "The post was published at {at}, before its confirmation: {reason}",
        at=minute(publication.published_at),
        reason=publication.unconfirmed,
    )


def pressing_fault(publication: Publication, archive: Archive) -> Reason | None:
    """Why who published it might not; None: an operator did, or the record names no other."""
    day, id = publication.day, publication.pressed_by
    if id in ("", UNKNOWN):
        unknown = "publisher-unknown", say("Who published it cannot be found out.")
        return unknown if id else None
    person, name = archive.registers.people.get(id), archive.registers.name_of(id)
    if person is None or not person.holds("operator", day):
        message = say("{person}, who is no operator, published it.", person=name)
        return "publisher-no-operator", message
    if person.contractor and not archive.parameter("outsourcing.contractor_may_operate", day):
        message = say("{person} is a contractor and may not publish.", person=name)
        return "operator-contractor", message
    return None


def unconfirmed(archive: Archive) -> Iterator[Complaint]:
    """What an account carried before its final confirmation, as the records say."""
    law.something(archive.publications)
    for publication in unexcused(archive):
        name, message = unconfirmed_fault(
            publication, confirmation_of(publication, archive), archive
        )
        yield publication_fault(name, publication, message)


def publication_fault(name: str, publication: Publication, message: Message) -> Complaint:
    """A fault of a publication as its record states it; signatures alone close it."""
    remedy = say("It cannot be mended: who knows why explains it, and the head of the lead"
                 " department or a leader closes it.")  # fmt: skip
    return law.refuse(name, Location(publication.path), message, remedy, waivable=publication.fault)


def approval_due(published_at: datetime, archive: Archive) -> datetime:
    """When the reviews of what went out first must all be signed."""
    day = local_date(published_at)
    return published_at + timedelta(hours=archive.registers.parameter("review.post_hoc_hours", day))


def excused_post_hoc(
    post: Post, published_at: datetime, confirm: Review | None, archive: Archive
) -> bool:
    """Ordered out, and confirmed in time or still within the time for it."""
    if not ordered_out(post, published_at, archive):
        return False
    due = approval_due(published_at, archive)
    return confirm.signed_at <= due if confirm else not archive.clock.passed(due)
