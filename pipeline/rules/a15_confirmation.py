"""Article 15: final confirmation (第十五条 日常运营管理).

1. The lead department has an operator in office today who is no contractor; a single one without
   stand-in is noted. | Human: whether the person has the time.
2. The head of the lead department has confirmed these very bytes after the final review and stated
   that there is no grave wrong wording, no sensitive word and no private data; a confirmation long
   before publication is noted. | Human: the judgement itself.
3. Unchecked: not built yet, needs the lexicon of trivial topics and the monthly declaration.
   | Human: likes and comments given by the account.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from pipeline.model.archive import Archive, Mode
from pipeline.model.evidence import Approved, Missing, Rejected, Returned, Review, Step
from pipeline.model.findings import Complaint, Effect, Location, Message, say
from pipeline.model.law import ItemClause, PeriodClause, Rule, Unchecked
from pipeline.model.posts import Post

NEGATIVES: Mapping[str, Message] = {
    "no_wording_error": say("The confirmation does not state that no wording is gravely wrong."),
    "no_sensitive_words": say("The confirmation does not state that no word is sensitive."),
    "no_private_data": say("The confirmation does not state that no private data is shown."),
}


def operator_appointed(archive: Archive) -> Iterator[Complaint]:  # 15(1)
    """Someone is appointed for daily operation, better two."""
    registers, today = archive.registers, archive.today
    operators = [
        p
        for p in registers.people.values()
        if not p.contractor and p.holds("operator", today, registers.lead_department)
    ]
    place = registers.documents["people"].locate("people")
    if not operators:
        message = say("The lead department has no operator in office today.")
        remedy = say("Appoint one and enter the role in people.yml.")
        yield Complaint(Effect.REFUSE, message, place, remedy)
    elif len(operators) == 1:
        message = say("{person} is the only operator.", person=operators[0].id)
        remedy = say("Appoint a stand-in and enter the role in people.yml.")
        yield Complaint(Effect.NOTE, message, place, remedy, operators[0].id)


def confirmed(post: Post, archive: Archive) -> Iterator[Complaint]:  # 15(2)
    """The fourth step, its three statements and its age."""
    match archive.approvals[post.id].states[Step.CONFIRM]:
        case Missing():
            yield _awaited(post, archive)
        case Rejected(reason=reason, location=place, remedy=remedy):
            yield Complaint(Effect.REFUSE, reason, place, remedy)
        case Returned(review=review):
            message = say("{person} returned the post at confirmation.", person=review.reviewer)
            remedy = say("Change the post, raise its revision by one and submit it again.")
            yield Complaint(Effect.REFUSE, message, Location(review.path), remedy)
        case Approved(review=review):
            yield from _stated(review)
            yield from _fresh(review, post, archive)


def _awaited(post: Post, archive: Archive) -> Complaint:
    registers = archive.registers
    acting = {
        d.delegate
        for d in registers.roster.delegations
        if d.role == "section-head" and d.start <= archive.as_of <= d.end
    }
    heads = [
        p
        for p in registers.people.values()
        if not p.contractor
        and (p.id in acting or p.holds("section-head", archive.today, registers.lead_department))
    ]
    message = say(
        "The final confirmation is missing: it is awaited from the head of the lead department "
        "({people}).",
        people=", ".join(f"{p.name} {p.id}" for p in heads) or "-",
    )
    remedy = say("After the final review they run: sanshen confirm {post}", post=post.id)
    published = any(p.revision == post.revision for p in archive.publications_of(post.id))
    waits = archive.mode is Mode.CHANGE and not published
    effect = Effect.HOLD if waits else Effect.REFUSE
    return Complaint(effect, message, post.at("revision"), remedy)


def _stated(review: Review) -> Iterator[Complaint]:
    for name, message in NEGATIVES.items():
        if not review.assertions.get(name, False):
            remedy = say("The head of the lead department checks it and confirms again.")
            yield Complaint(Effect.REFUSE, message, Location(review.path), remedy)


def _fresh(review: Review, post: Post, archive: Archive) -> Iterator[Complaint]:
    hours = archive.registers.parameter("final_check.max_age_hours", archive.day_of(post))
    if post.publish_at and post.publish_at - review.signed_at > timedelta(hours=hours):
        message = say(
            "The confirmation is more than {hours} hours older than its use.", hours=hours
        )
        remedy = say("Read the post once more before it is published.")
        yield Complaint(Effect.NOTE, message, Location(review.path), remedy)


def _reviewed(_post: Post, archive: Archive) -> bool:
    """A writer's draft has no evidence yet."""
    return archive.mode is not Mode.DRAFT


RULE = Rule(
    (
        PeriodClause(1, operator_appointed),
        ItemClause(2, confirmed, applies=_reviewed),
        Unchecked(3),
    )
)
