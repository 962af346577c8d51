"""Record that an account carried a post, or that a record of it is wrong (Article 11)."""

from dataclasses import replace
from datetime import datetime

from pipeline.errors import Misuse
from pipeline.model.findings import say
from pipeline.model.registers import Person
from pipeline.report.language import harmless
from pipeline.sign.act import Act, SignedOutcome, refuse_left_open
from pipeline.sign.publication import (
    Publishing,
    publication,
    refuse_unless_merged,
    refuse_unless_whole,
)
from pipeline.sign.signing_context import Sign, SigningContext


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
        asked = replace(
            asked, unconfirmed=asked.unconfirmed.strip(), reason=asked.reason.strip(),
            supersedes=asked.supersedes.removesuffix(".sig"),
        )  # fmt: skip
        post = context.post(asked.post)
        refuse_unless_merged(context, asked, now)
        record = publication(context, asked, person, now, sign)
        title = harmless(post.title or post.id)
        carrier = context.trusted.registers.called(asked.account)
        done = say("Publication of {post} on {account} recorded.", post=title, account=carrier)
        if asked.void:
            done = say("The record {path} is taken back.", path=asked.supersedes)
        elif asked.removed_at:
            done = say("The removal of {post} is recorded.", post=title)
        return SignedOutcome(record, done)


PUBLISH = Publish()
