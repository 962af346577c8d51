"""Article 11: the three reviews (第十一条 三级审核).

1. First, second and final review of these very bytes are approved, each signed by a different
   person in the right role; a review that is returned, void or astray refuses.
   | Human: the reviewers' judgement.
2. The first reviewer states that the post was collected, sorted, filled in, proofread, formatted.
   | Human: whether it was.
3. The first reviewer states that the approval form is filled in. | Human: whether it is right.
4. What was published is what was confirmed; an operator in office, no contractor, published it
   after the confirmation; no publication names a post that does not exist.
   | Human: whether the platform shows the confirmed text.
5. What was returned comes back changed; the same bytes need at least a new opinion.
   | Human: whether the change meets the objection.
6. Unchecked: the regulation gives no fast road for emergencies; the same reviews apply, approval
   after the fact is not allowed. | Human: speed in an emergency.
7. The final review of an accident, a rumour or a penalty is the principal's.
   | Human: whether another kind of post needs the principal.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.model.archive import Archive, Mode
from pipeline.model.calendar import local_date
from pipeline.model.evidence import (
    REVIEW_STEPS,
    ROLE_OF_STEP,
    Approvals,
    Missing,
    Rejected,
    Returned,
    Review,
    Step,
)
from pipeline.model.findings import Complaint, Effect, Location, Message, say
from pipeline.model.law import ItemClause, PeriodClause, Rule, Unchecked
from pipeline.model.posts import Post
from pipeline.model.records import Publication
from pipeline.model.registers import Person

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
            case Rejected(reason=reason, location=place, remedy=remedy):
                yield Complaint(Effect.REFUSE, reason, place, remedy)
            case Returned(review=review):
                message = replace(RETURNED[step], values=(("person", review.reviewer),))
                remedy = say("Change the post, raise its revision by one and submit it again.")
                yield Complaint(Effect.REFUSE, message, Location(review.path), remedy)
    for stray in approvals.stray:
        yield Complaint(Effect.REFUSE, stray.reason, stray.location, stray.remedy)


def _awaited(step: Step, post: Post, archive: Archive) -> Complaint:
    people = ", ".join(f"{p.name} {p.id}" for p in _who(step, archive)) or "-"
    message = replace(AWAITED[step], values=(("people", people),))
    remedy = say("They read the post and run: sanshen approve {post}", post=post.id)
    published = any(p.revision == post.revision for p in archive.publications_of(post.id))
    waits = archive.mode is Mode.CHANGE and not published
    effect = Effect.HOLD if waits else Effect.REFUSE
    return Complaint(effect, message, post.at("revision"), remedy)


def _who(step: Step, archive: Archive) -> Iterator[Person]:
    """Who may make the step today: those in office, and who acts for them."""
    registers, role = archive.registers, ROLE_OF_STEP[step]
    roles = (role, "principal") if step is Step.FINAL else (role,)
    department = None if step is Step.FINAL else registers.lead_department
    acting = {
        d.delegate
        for d in registers.roster.delegations
        if d.role in roles and d.start <= archive.as_of <= d.end
    }
    for person in registers.people.values():
        in_office = any(person.holds(r, archive.today, department) for r in roles)
        if not person.contractor and (in_office or person.id in acting):
            yield person


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


def operated(post: Post, archive: Archive) -> Iterator[Complaint]:  # 11 para 1
    """Who published what, after which confirmation."""
    for publication in archive.publications_of(post.id):
        confirm = _confirmation(archive.approvals[post.id], publication.revision)
        for message, remedy in (
            *_operator_faults(publication, archive),
            *_content_faults(publication, confirm),
        ):
            yield Complaint(Effect.REFUSE, message, Location(publication.path), remedy)


def _operator_faults(
    publication: Publication, archive: Archive
) -> Iterator[tuple[Message, Message]]:
    operator = archive.registers.people.get(publication.operator)
    day = local_date(publication.published_at)
    if operator is None or not operator.holds("operator", day):
        yield (
            say("{person} was no operator on the day of publication.", person=publication.operator),
            say("Only an operator in office publishes; report who did to the lead department."),
        )
    if operator and operator.contractor:
        yield (
            say("{person} is a contractor and may not publish.", person=publication.operator),
            say("Take the publishing rights back and let the bureau's operator publish."),
        )


def _content_faults(
    publication: Publication, confirm: Review | None
) -> Iterator[tuple[Message, Message]]:
    remedy = say("Take the post down until what is shown has been confirmed.")
    if confirm is None:
        yield say("Revision {n} was published unconfirmed.", n=publication.revision), remedy
    elif publication.published_at < confirm.signed_at:
        yield say("The post was published before its final confirmation."), remedy
    elif publication.manifest != confirm.manifest:
        yield say("What was published is not what was confirmed."), remedy


def _confirmation(approvals: Approvals, revision: int) -> Review | None:
    wanted = (revision, Step.CONFIRM, "approve")
    reviews = (approvals.approved(Step.CONFIRM), *reversed(approvals.earlier))
    return next((r for r in reviews if r and (r.revision, r.step, r.decision) == wanted), None)


def known_posts(archive: Archive) -> Iterator[Complaint]:  # 11 para 1
    """Every publication carries a post of the archive."""
    for publication in archive.publications:
        if publication.post not in archive.post_ids:
            message = say(
                "Account {account} carried a post that does not exist.", account=publication.account
            )
            remedy = say("Record the publication under the id of its post.")
            yield Complaint(Effect.REFUSE, message, Location(publication.path), remedy)


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


def _reviewed(_post: Post, archive: Archive) -> bool:
    """A writer's draft has no evidence yet."""
    return archive.mode is not Mode.DRAFT


RULE = Rule(
    (
        ItemClause(1, three_reviews, ("revision",), _reviewed),
        ItemClause(2, first_checklist, applies=_reviewed),
        ItemClause(3, form_filled, applies=_reviewed),
        ItemClause(4, operated, applies=_reviewed),
        PeriodClause(4, known_posts),
        ItemClause(5, answered_return, applies=_reviewed),
        Unchecked(6),
        ItemClause(7, escalated, ("kind",), _reviewed),
    )
)
