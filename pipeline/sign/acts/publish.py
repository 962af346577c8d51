"""Record that an account carried a post, or that a record of it is wrong (Article 11)."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.errors import Misuse
from pipeline.evidence.review.superseding import REMOVERS
from pipeline.model.findings import say
from pipeline.model.registers import Person
from pipeline.report.language import harmless
from pipeline.sign.act import Act, SignedOutcome, ask, refuse_left_open
from pipeline.sign.publication import (
    OutOfOrder,
    Wrong,
    publication,
    refuse_unless_merged,
    refuse_unless_whole,
)
from pipeline.sign.signing_context import Sign, SigningContext
from pipeline.source.git.branches import MAIN


@dataclass(frozen=True)
class Publishing:
    """Where and when an account carried a post."""

    post: str = ask(say("Post"), argument=True)
    account: str = ask(say("Account"), "The account that carried it.", "", short="a")
    url: str = ask(say("Address on the platform"), "Its address on the platform.", "", short="u")
    at: datetime | None = ask(say("Time that the platform shows"), "When; default: now.", None)
    batch: str = ask(
        say("Name of the mass send, where it was one"),
        "Name of the mass send it belonged to.", "",
    )  # fmt: skip
    revision: int | None = ask(
        say("Revision that the account shows"),
        "The revision that the account carried; default: the present one.", None,
    )  # fmt: skip
    supersedes: str = ask(
        say("Record that is wrong"), "A wrong record, whose place this one takes.", "",
        metavar="PATH",
    )  # fmt: skip
    void: bool = ask(
        say("It was not published at all"),
        "With --supersedes: that account never carried it.", False,
    )  # fmt: skip
    removed_at: datetime | None = ask(
        say("When it was removed"),
        "With --supersedes: when the platform ceased to show what that record says.", None,
    )  # fmt: skip
    removed_by: str = ask(
        say("Who removed it"), "With --removed-at: who removed it.", "", choices=REMOVERS
    )
    reason: str = ask(
        say("Why the record is wrong"),
        "With --supersedes: why it is wrong, void or removed.", "", short="r",
    )  # fmt: skip
    unconfirmed: str = ask(
        say("Why it went out before it was confirmed"),
        "It went out before its confirmation, and why; the audit refuses it until signatures"
        " close it.", "", metavar="REASON",
    )  # fmt: skip
    pressed_by: str = ask(
        say("Who published it"),
        "Who published it, where that was not you; `unknown` where it cannot be found out.", "",
        metavar="PERSON",
    )  # fmt: skip
    base: str = ask(say("Branch"), "The branch that is published.", MAIN)

    @property
    def wrong(self) -> Wrong | None:
        """The record whose place this one takes."""
        if not self.supersedes:
            return None
        removed = (self.removed_at, self.removed_by) if self.removed_at else None
        path = self.supersedes.removesuffix(".sig")
        return Wrong(path, self.reason.strip(), self.void, removed)

    @property
    def copies(self) -> bool:
        """Whether it says again what that record says."""
        return bool(self.wrong and self.wrong.copies)


class Publish(Act[Publishing]):
    asks = Publishing
    question = say("Sign the record of this publication.")
    affirmed = False

    def posts(self, asked: Publishing) -> frozenset[str]:
        return frozenset({asked.post})

    def refuse(self, asked: Publishing) -> None:
        """What makes no sense without its companions."""
        ends = asked.removed_at or asked.removed_by
        if not asked.supersedes and (asked.void or asked.reason or ends):
            raise Misuse(say("--void, --removed-at and --reason go with --supersedes."))
        if asked.removed_by and not asked.removed_at:
            raise Misuse(say("The time of the removal is missing."))
        if ends and (asked.void or not asked.removed_by):
            raise Misuse(say("--removed-at and --removed-by go together, and not with --void."))
        if asked.supersedes and not asked.reason.strip():
            raise Misuse(
                say("The reason is missing."),
                say("Say why the record is wrong, in words for all."),
            )
        if not asked.copies:
            refuse_left_open(asked, "account", "url")
            refuse_unless_whole(asked.url)

    def sign(
        self, asked: Publishing, context: SigningContext, person: Person, now: datetime, sign: Sign
    ) -> SignedOutcome:
        post, at, wrong = context.post(asked.post), asked.at or now, asked.wrong
        out = OutOfOrder(asked.unconfirmed.strip(), asked.pressed_by)
        if not asked.copies:
            refuse_unless_merged(context, post, at, asked.base, out)
        record = publication(
            context, post, asked.account, asked.url, at, asked.batch, person, now, sign, wrong,
            asked.revision, out,
        )  # fmt: skip
        title = harmless(post.title or post.id)
        carrier = context.trusted.registers.called(asked.account)
        done = say("Publication of {post} on {account} recorded.", post=title, account=carrier)
        if wrong and wrong.void:
            done = say("The record {path} is taken back.", path=wrong.path)
        elif wrong and wrong.removed:
            done = say("The removal of {post} is recorded.", post=title)
        return SignedOutcome(record, done)


PUBLISH = Publish()
