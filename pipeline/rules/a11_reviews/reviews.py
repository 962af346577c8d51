"""Article 11: the state of the three reviews, what they state, and what was returned."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.model.archive import Archive, Mode
from pipeline.model.calendar import local_date
from pipeline.model.emergency import excused
from pipeline.model.evidence import (
    REVIEW_STEPS,
    Missing,
    Rejected,
    Returned,
    Step,
)
from pipeline.model.findings import Complaint, Effect, Location, Message, say, say_names
from pipeline.model.posts import Post
from pipeline.model.registers import entitled

AWAITED: Mapping[Step, Message] = {
    Step.FIRST: say(
        "The first review is missing: it is awaited from an information officer of the lead "
        "department ({people})."
    ),
    Step.SECOND: say(
        "The second review is missing: it is awaited from the head of the lead department "
        "({people})."
    ),
    Step.FINAL: say(
        "The final review is missing: it is awaited from the leader in charge or the principal "
        "({people})."
    ),
}

RETURNED: Mapping[Step, Message] = {
    Step.FIRST: say("{person} returned the post at the first review."),
    Step.SECOND: say("{person} returned the post at the second review."),
    Step.FINAL: say("{person} returned the post at the final review."),
}

CHECKLIST: Mapping[str, Message] = {
    "collected": say("The first review does not state that the material was collected."),
    "sorted": say("The first review does not state that the material was sorted."),
    "filled": say("The first review does not state that the entries were filled in."),
    "proofread": say("The first review does not state that the text was proofread."),
    "formatted": say("The first review does not state that the format was checked."),
}


def three_reviews(post: Post, archive: Archive) -> Iterator[Complaint]:  # 11
    """The state of each review; the chain itself is verified with the evidence."""
    approvals = archive.approvals[post.id]
    for step in REVIEW_STEPS:
        match approvals.states[step]:
            case Missing():
                yield _awaited(step, post, archive)
            case Rejected(reason=reason, location=place, remedy=remedy, cause=cause):
                yield Complaint(Effect.REFUSE, reason, place, remedy, cause=cause)
            case Returned(review=review) as state:
                message = replace(RETURNED[step], values=(("person", review.reviewer),))
                yield Complaint(Effect.REFUSE, message, Location(review.path), state.remedy)
    for stray in approvals.stray:
        yield Complaint(
            Effect.REFUSE, stray.reason, stray.location, stray.remedy, cause=stray.cause
        )


def _awaited(step: Step, post: Post, archive: Archive) -> Complaint:
    people = say_names(
        [f"{p.name} {p.id}" for p, _ in entitled(step, archive.registers, archive.as_of)]
    )
    message = replace(AWAITED[step], values=(("people", people),))
    remedy = say("They read the post and run: sanshen approve {post}", post=post.id)
    published = any(
        p.revision == post.revision and not excused(post, p.published_at, None, archive)
        for p in archive.publications_of(post.id)
    )
    waits = archive.mode is Mode.CHANGE and not published
    effect = Effect.HOLD if waits else Effect.REFUSE
    return Complaint(effect, message, post.at("revision"), remedy)


def first_checklist(post: Post, archive: Archive) -> Iterator[Complaint]:  # 11 para 2
    """The five works of the first reviewer, each stated."""
    review = archive.approvals[post.id].approved(Step.FIRST)
    if review is None:
        return
    for name, message in CHECKLIST.items():
        if not review.assertions.get(name, False):
            remedy = say("The first reviewer does that work and signs again.")
            yield Complaint(Effect.REFUSE, message, Location(review.path), remedy)


def form_filled(post: Post, archive: Archive) -> Iterator[Complaint]:  # 11 para 2
    """The first reviewer fills in the form."""
    review = archive.approvals[post.id].approved(Step.FIRST)
    if review and not review.assertions.get("form_filled", False):
        message = say("The first review does not state that the approval form is filled in.")
        remedy = say("The first reviewer fills in the form and signs again.")
        yield Complaint(Effect.REFUSE, message, Location(review.path), remedy)


def answered_return(post: Post, archive: Archive) -> Iterator[Complaint]:  # 11
    """The same bytes as a returned revision."""
    approvals = archive.approvals[post.id]
    same = [
        r for r in approvals.earlier if r.decision == "return" and r.content == post.content_digest
    ]
    if not same:
        return
    old = {r.opinion.strip() for r in approvals.earlier}
    now = {r.opinion.strip() for s in REVIEW_STEPS if (r := approvals.approved(s))}
    effect = Effect.NOTE if now - old - {""} else Effect.REFUSE
    message = say("Nothing changed since {person} returned the post.", person=same[-1].reviewer)
    remedy = say("Change what the opinion asks for, or answer it with a new opinion.")
    yield Complaint(effect, message, post.at("revision"), remedy)


def escalated(post: Post, archive: Archive) -> Iterator[Complaint]:  # 11, after 12(3)
    """Grave kinds go to the principal."""
    day, registers = archive.day_of(post), archive.registers
    review = archive.approvals[post.id].approved(Step.FINAL)
    if review is None or post.kind not in registers.parameter("review.escalate_kinds", day):
        return
    person = registers.people.get(review.reviewer)
    if person is None or not person.holds("principal", local_date(review.signed_at)):
        strict = registers.parameter("review.escalate_effect", day) == "refuse"
        message = say(
            "The final review of a post of kind {kind} is not the principal's.", kind=post.kind
        )
        remedy = say("Ask the principal to make the final review.")
        effect = Effect.REFUSE if strict else Effect.NOTE
        yield Complaint(effect, message, Location(review.path), remedy)
