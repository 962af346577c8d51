"""Sign a waiver: one finding on one content of a post may stand until a day (Article 13)."""

import hashlib
from dataclasses import replace
from datetime import date, datetime

from pipeline.errors import Fault
from pipeline.law.engine import judge_post
from pipeline.model.archive import Mode
from pipeline.model.calendar import local_date
from pipeline.model.findings import Effect, Finding, say, say_names
from pipeline.model.posts import Post
from pipeline.model.registers import Person, signing_roles
from pipeline.model.waivers import too_long, waived_already
from pipeline.sign.declare import proven, signed_record
from pipeline.sign.signing_context import Record, Sign, SigningContext


def waivable(context: SigningContext, post: Post) -> tuple[Finding, ...]:
    """The findings on a post that a waiver may excuse."""
    archive = replace(context.archive, mode=Mode.DRAFT)
    findings = judge_post(post, archive, context.trusted.rulebook).findings
    return tuple(f for f in findings if f.waivable and f.effect > Effect.NOTE)


def admitted(
    context: SigningContext,
    post: Post,
    clause: str,
    text: str,
    expires_on: date,
    person: Person,
    now: datetime,
) -> None:
    """Raise Fault, before the question to sign, when the waiver could not count."""
    day, registers = local_date(now), context.trusted.registers
    if given := waived_already(clause, text, post, context.archive):
        raise Fault(
            say("{clause} on “{words}” is waived already, by {person} until {day}.", clause=clause,
                words=text, person=given.person, day=given["expires_on"].isoformat()),
            say("Nothing is left to do; `sanshen check` shows it as a note."),
        )  # fmt: skip
    findings = waivable(context, post)
    if not any((f.clause, f.waivable) == (clause, text) for f in findings):
        others = ", ".join(f"{f.clause} {f.waivable}" for f in findings) or "—"
        raise Fault(
            say("There is no finding of {clause} on these words that may be waived.",
                clause=clause),
            say("These may be: {others}.", others=others),
        )  # fmt: skip
    if not signing_roles(person, day, registers):
        able = [p.id for p in registers.people.values() if signing_roles(p, day, registers)]
        raise Fault(
            say("{person} may not waive: section heads and leaders do.", person=person.id),
            say("Ask one of: {people}.", people=say_names(able)),
        )
    if message := too_long(expires_on, day, registers):
        raise Fault(message, say("Give an earlier day with --expires."))
    if expires_on < day:
        raise Fault(
            say("The waiver had expired on {day}.", day=expires_on.isoformat()),
            say("Give a later day with --expires."),
        )


def waiver(
    context: SigningContext,
    post: Post,
    clause: str,
    text: str,
    reason: str,
    expires_on: date,
    person: Person,
    now: datetime,
    sign: Sign,
) -> Record:
    """Sign a waiver and prove that it excuses the finding before it is handed back.

    Raises Fault when there is no such finding, or when the signer may not waive it.
    """
    admitted(context, post, clause, text, expires_on, person, now)
    registers, today = context.trusted.registers, local_date(now)
    predicate = {
        "archive": registers.policy.archive["id"],
        "person": person.id,
        "role": signing_roles(person, today, registers)[0],
        "signed_at": now,
        "clause": clause,
        "post": post.id,
        "text": text,
        "content": post.content_digest,
        "reason": reason,
        "expires_on": expires_on.isoformat(),
    }
    digest = hashlib.sha256(repr((clause, text, post.content_digest, person.id)).encode())
    stem = f"{post.id}.{digest.hexdigest()[:12]}"
    year = local_date(now).year
    record = signed_record(context, "waiver", year, stem, post.manifest, predicate, sign)
    _prove(context, post, record)
    return record


def _prove(context: SigningContext, post: Post, record: Record) -> None:
    """The engine would count it: no finding of its own, and the words excused."""
    made = proven(context, "waiver", record)
    signed = {**context.archive.signed, "waiver": (*context.archive.signed["waiver"], made)}
    archive = replace(context.archive, mode=Mode.DRAFT, signed=signed)
    for finding in judge_post(post, archive, context.trusted.rulebook).findings:
        own = finding.location.path == record.path
        same = (finding.clause, finding.waivable) == (made["clause"], made["text"])
        if own or (same and finding.effect > Effect.NOTE):
            raise Fault(finding.message, finding.remedy)
