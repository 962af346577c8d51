"""Consent to a change of what governs (R13-7), or have a post erased (threats A36): two people."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.model.findings import say
from pipeline.model.registers import Person
from pipeline.sign.act import Act, SignedOutcome, ask
from pipeline.sign.authorise import ERASED_TITLE, authorisation, expunge
from pipeline.sign.signing_context import Sign, SigningContext, open_context
from pipeline.source.git.branches import MAIN
from pipeline.source.git.repository import Repository


@dataclass(frozen=True, kw_only=True)
class Consent:
    """A change of what governs, and why it is made."""

    base: str = ask(say("Branch"), "The branch the change is for.", MAIN)
    acknowledged: tuple[str, ...] = ask(
        say("Commits answered for"), "A commit that broke the rules and that you answer for.", (),
        option="acknowledge", metavar="COMMIT",
    )  # fmt: skip
    reason: str = ask(say("Reason"), "Why the change is made.", short="r", required=True)
    head: str = "HEAD"
    """The last commit of the change."""


class Authorise(Act[Consent]):
    asks = Consent
    question = say("Do you consent to this change and sign?")

    def opened(self, asked: Consent, repository: Repository, now: datetime) -> SigningContext:
        return open_context(repository, now, frozenset(), judges=repository.base(asked.base))

    def sign(
        self, asked: Consent, context: SigningContext, person: Person, now: datetime, sign: Sign
    ) -> SignedOutcome:
        broken = tuple(map(context.repository.commit, asked.acknowledged))
        record = authorisation(
            context, asked.base, asked.reason, person, now, sign, broken, asked.head
        )
        return SignedOutcome(record, say("Change authorised by {person}.", person=person.name))


AUTHORISE = Authorise()


@dataclass(frozen=True)
class Erasure:
    """A post that is to be erased, and what its address shows then."""

    post: str = ask(say("Post"), argument=True)
    reason: str = ask(
        say("Reason, public and without names or numbers"),
        "Why, in words that repeat nothing private.", short="r", required=True,
    )  # fmt: skip
    title: str = ask(
        say("What its address shows instead"), "What the post's address shows instead.",
        ERASED_TITLE,
    )  # fmt: skip
    base: str = ask(say("Branch"), "The branch the change is for.", MAIN)


class Erase(Act[Erasure]):
    """Its files go from the tree with it; that is for who stores the record."""

    asks = Erasure
    question = say("Do you have it erased and sign?")

    def opened(self, asked: Erasure, repository: Repository, now: datetime) -> SigningContext:
        return open_context(repository, now, frozenset({asked.post}), leaving=asked.post)

    def sign(
        self, asked: Erasure, context: SigningContext, person: Person, now: datetime, sign: Sign
    ) -> SignedOutcome:
        record = expunge(
            context, asked.base, asked.post, asked.title, asked.reason, person, now, sign
        )
        done = say("{post} is erased from the tree, signed by {person}.", post=asked.post,
                   person=person.name)  # fmt: skip
        return SignedOutcome(record, done)


ERASE = Erase()
