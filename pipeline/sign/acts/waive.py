"""Let one finding on one content of a post stand, until a day (Article 13)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from pipeline.errors import Fault
from pipeline.law.engine import judge_post
from pipeline.model.archive import OnDisk
from pipeline.model.calendar import local_date
from pipeline.model.findings import Effect, Finding, Reason, say, say_names
from pipeline.model.ids import ClauseId, PostId, sha256_of
from pipeline.model.posts import Post
from pipeline.model.records import Signed
from pipeline.model.registers import Person, signing_roles
from pipeline.sign.act import (
    Act,
    NewRecord,
    Sign,
    SignedOutcome,
    SigningContext,
    ask,
    signed_record,
)

USUAL = timedelta(days=30)


@dataclass(frozen=True)
class Waiver:
    """One finding on a post, and why it may stand."""

    post: PostId = ask(say("Post"), argument=True)
    clause: str = ask(
        say("Clause"), "The clause whose finding is waived, like R13-2.", "", short="c",
        required=True,
    )  # fmt: skip
    text: str = ask(
        say("Words found"), "The words found, as the finding names them.", "", short="t",
        required=True,
    )  # fmt: skip
    reason: str = ask(
        say("Reason, public and without names or numbers"), "Why they may stand.", "", short="r",
        required=True,
    )  # fmt: skip
    expires: date | None = ask(
        say("Last day it counts"), "Last day it counts; default: in thirty days.", None
    )


class Waive(Act[Waiver]):
    asks = Waiver
    question = say("Do you answer for this exception and sign?")

    def posts(self, asked: Waiver) -> frozenset[PostId]:
        return frozenset({asked.post})

    def offer(self, asked: Waiver, context: SigningContext, person: Person) -> Sequence[Waiver]:
        findings = waivable(context, context.post(asked.post))
        return [replace(asked, clause=f.clause, text=f.waivable) for f in findings]

    def sign(
        self, asked: Waiver, context: SigningContext, person: Person, now: datetime, sign: Sign
    ) -> SignedOutcome:
        """Prove that it excuses the finding. Raises Fault when there is no such finding, or when
        the signer may not waive it."""
        post, clause, text = context.post(asked.post), ClauseId(asked.clause.upper()), asked.text
        _admitted(context, post, clause, text, person, now)
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
            "reason": asked.reason,
            "expires_on": (asked.expires or today + USUAL).isoformat(),
        }
        digest = sha256_of(repr((clause, text, post.content_digest, person.id)).encode())
        remedy = say("Give another day with --expires, or have another head or leader sign.")
        fault = partial(_fault, context, post)
        stem = f"{post.id}.{digest[:12]}"
        stated = NewRecord("waiver", today.year, stem, post.manifest, predicate)
        record = signed_record(context, stated, sign, fault, remedy)
        done = say("Waiver of {clause} on {post} signed by {person}.", clause=clause, post=post.id,
                   person=person.name)  # fmt: skip
        return SignedOutcome(record, done)


WAIVE = Waive()


def waivable(context: SigningContext, post: Post) -> tuple[Finding, ...]:
    """The findings on a post that a waiver may excuse."""
    archive = replace(context.archive, situation=OnDisk())
    findings = judge_post(post, archive, context.trusted.rulebook).findings
    return tuple(f for f in findings if f.waivable and f.effect > Effect.NOTE)


def _admitted(
    context: SigningContext, post: Post, clause: ClauseId, text: str, person: Person, now: datetime
) -> None:
    """Raise Fault, before the question to sign, when the waiver could not count."""
    day, registers = local_date(now), context.trusted.registers
    findings = waivable(context, post)
    if not any((f.clause, f.waivable) == (clause, text) for f in findings):
        others = ", ".join(f"{f.clause} {f.waivable}" for f in findings) or "—"
        raise Fault(
            say(
                "There is no finding of {clause} on these words that may be waived.", clause=clause
            ),
            say("These may be: {others}.", others=others),
        )
    if not signing_roles(person, day, registers):
        able = [p.id for p in registers.people.values() if signing_roles(p, day, registers)]
        raise Fault(
            say("{person} may not waive: section heads and leaders do.", person=person.id),
            say("Ask one of: {people}.", people=say_names(able)),
        )


def _fault(context: SigningContext, post: Post, made: Signed) -> Reason | None:
    """Why the engine would not count it: a finding of its own, or the words are not excused."""
    signed = {**context.archive.signed, "waiver": (*context.archive.signed["waiver"], made)}
    archive = replace(context.archive, situation=OnDisk(), signed=signed)
    for finding in judge_post(post, archive, context.trusted.rulebook).findings:
        own = finding.location.path == made.path
        same = (finding.clause, finding.waivable) == (made["clause"], made["text"])
        if own or (same and finding.effect > Effect.NOTE):
            return finding.name, finding.message
    return None
