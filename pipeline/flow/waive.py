"""Sign a waiver: one finding on one content of a post may stand until a day (Article 13)."""

import hashlib
from dataclasses import replace
from datetime import date, datetime

from pipeline.engine import judge_post
from pipeline.errors import Fault
from pipeline.flow.declare import proven, signed_record
from pipeline.flow.desk import Desk, Record, Sign
from pipeline.model.archive import Mode
from pipeline.model.calendar import local_date
from pipeline.model.findings import Effect, Finding, say
from pipeline.model.posts import Post
from pipeline.model.registers import Person
from pipeline.model.waivers import ROLES


def waivable(place: Desk, post: Post) -> tuple[Finding, ...]:
    """The findings on a post that a waiver may excuse."""
    archive = replace(place.archive, mode=Mode.DRAFT)
    found = judge_post(post, archive, place.trusted.rulebook).findings
    return tuple(f for f in found if f.waivable and f.effect > Effect.NOTE)


def waiver(
    place: Desk,
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
    found = waivable(place, post)
    if not any((f.clause, f.waivable) == (clause, text) for f in found):
        others = ", ".join(f"{f.clause} {f.waivable}" for f in found) or "—"
        raise Fault(
            say("There is no finding of {clause} on these words that may be waived.",
                clause=clause),
            say("These may be: {others}.", others=others),
        )  # fmt: skip
    role = next((r for r in ROLES if person.holds(r, local_date(now))), ROLES[0])
    predicate = {
        "archive": place.trusted.registers.policy.archive["id"],
        "person": person.id,
        "role": role,
        "signed_at": now,
        "clause": clause,
        "post": post.id,
        "text": text,
        "content": post.content_digest,
        "reason": reason,
        "expires_on": expires_on.isoformat(),
    }
    named = hashlib.sha256(repr((clause, text, post.content_digest, person.id)).encode())
    stem = f"{post.id}.{named.hexdigest()[:12]}"
    year = local_date(now).year
    record = signed_record(place, "waiver", year, stem, post.manifest, predicate, sign)
    _prove(place, post, record)
    return record


def _prove(place: Desk, post: Post, record: Record) -> None:
    """The engine would count it: no finding of its own, and the words excused."""
    made = proven(place, "waiver", record)
    signed = {**place.archive.signed, "waiver": (*place.archive.signed["waiver"], made)}
    archive = replace(place.archive, mode=Mode.DRAFT, signed=signed)
    for finding in judge_post(post, archive, place.trusted.rulebook).findings:
        own = finding.location.path == record.path
        kept = (finding.clause, finding.waivable) == (made["clause"], made["text"])
        if own or (kept and finding.effect > Effect.NOTE):
            raise Fault(finding.message, finding.remedy)
