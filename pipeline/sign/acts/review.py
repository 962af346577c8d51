"""Approve, return or confirm a post: one step each (Articles 11, 15(2))."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.errors import Fault, Misuse
from pipeline.model.evidence import ROLE_NAMES, ROLE_OF_STEP, STEP_NAMES, Step
from pipeline.model.findings import Message, say
from pipeline.model.ids import NO_PERSON, PersonId, PostId
from pipeline.model.posts import Post
from pipeline.model.registers import Person
from pipeline.report.language import harmless
from pipeline.sign.act import Act, Sign, SignedOutcome, SigningContext, ask
from pipeline.sign.review_step import StepDecision, next_step, review
from pipeline.source.git.repository import Repository


@dataclass(frozen=True)
class AskedConfirmation:
    post: PostId = ask(say("Post"), argument=True)
    opinion: str = ask(say("Opinion"), "The opinion.", "确认无误", short="m")
    acting_for: PersonId = NO_PERSON
    """Empty: no one confirms in the place of another."""


@dataclass(frozen=True)
class AskedApproval(AskedConfirmation):
    opinion: str = ask(say("Opinion"), "The reviewer's opinion.", "同意", short="m")
    acting_for: PersonId = ask(
        say("In place of"), "The absent leader, by a mandate.", "", metavar="PERSON"
    )


@dataclass(frozen=True)
class AskedReturn(AskedApproval):
    opinion: str = ask(say("Opinion"), "What must change.", short="m")


class Decide(Act[AskedConfirmation]):
    """One decision on the step that waits."""

    def __init__(
        self, decision: str, asks: type[AskedConfirmation], question: Message,
        confirming: bool | None,
    ) -> None:  # fmt: skip
        self.decision, self.asks, self.question = decision, asks, question
        self.affirmed = decision == "approve"
        self.confirming = confirming
        """Whether it is the confirmation, or none; None: whatever step waits."""

    def posts(self, asked: AskedConfirmation) -> frozenset[PostId]:
        return frozenset({asked.post})

    def refuse(self, asked: AskedConfirmation) -> None:
        if self.decision == "return" and not asked.opinion.strip():
            raise Misuse(
                say("A post is returned with words."), say("Say what must change, then sign.")
            )

    def opened(
        self, asked: AskedConfirmation, repository: Repository, now: datetime
    ) -> SigningContext:
        context = super().opened(asked, repository, now)
        self.step(context, context.post(asked.post))
        return context

    def step(self, context: SigningContext, post: Post) -> Step:
        """The step that is decided. Raises Fault when none waits, or one for another verb."""
        step = next_step(context.archive.approvals[post.id])
        if self.confirming is not None and self.confirming is not (step is Step.CONFIRM):
            verb = "confirm" if step is Step.CONFIRM else "approve"
            raise Fault(
                say("The post waits for {step}.", step=STEP_NAMES[step]),
                say("Use `sanshen {verb} {post}`.", post=post.id, verb=verb),
            )
        return step

    def sign(
        self, asked: AskedConfirmation, context: SigningContext, person: Person, now: datetime,
        sign: Sign,
    ) -> SignedOutcome:  # fmt: skip
        post = context.post(asked.post)
        step = self.step(context, post)
        made = StepDecision(step, self.decision, asked.opinion, asked.acting_for)
        record = review(context, post, made, person, now, sign)
        return SignedOutcome(record, _done(self.decision, step, post, person))


def _done(decision: str, step: Step, post: Post, person: Person) -> Message:
    values = {"step": STEP_NAMES[step], "post": harmless(post.title), "person": person.name}
    if decision == "return":
        return say("{step} of {post} returned by {person}.", **values)
    if step is Step.CONFIRM:
        return say("{step} of {post} approved by {person}.", **values)
    after = ROLE_NAMES[ROLE_OF_STEP[list(Step)[step.number]]]
    return say("{step} of {post} approved by {person}; next: {next}.", **values, next=after)


_AFFIRM = say("Do you affirm all of this and sign?")
APPROVE = Decide("approve", AskedApproval, _AFFIRM, confirming=False)
RETURN = Decide("return", AskedReturn, say("You return the post."), confirming=None)
CONFIRM = Decide("approve", AskedConfirmation, _AFFIRM, confirming=True)
