"""13(1): the seven bottom lines, stated by whoever confirms, in the words of the regulation."""

from collections.abc import Iterator, Mapping

from pipeline.model.archive import Archive, Mode
from pipeline.model.evidence import Step
from pipeline.model.findings import Complaint, Effect, Location, Message, say
from pipeline.model.posts import Post

BOTTOM_LINES: Mapping[str, Message] = {
    "law": say("laws and regulations"),
    "system": say("the socialist system"),
    "national_interest": say("the national interest"),
    "citizens_rights": say("citizens' lawful rights"),
    "public_order": say("public order"),
    "morality": say("social morality"),
    "truth": say("true information"),
}
"""Assertion of the confirmation → bottom line, in the order of article 13(1)."""


def stated(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(1)
    """All seven, under the regulation in force: its digest is the version of their wording.

    A confirmation that is not there yet is article 15's to await.
    """
    review = archive.approvals[post.id].approved(Step.CONFIRM)
    if review is None:
        return
    for name, line in BOTTOM_LINES.items():
        if not review.assertions.get(name, False):
            message = say("The confirmation does not state the bottom line of {line}.", line=line)
            remedy = say("The head of the lead department checks it and confirms again.")
            yield Complaint(Effect.REFUSE, message, Location(review.path), remedy)
    proposed = archive.mode is Mode.CHANGE and not archive.publications_of(post.id)
    if proposed and review.regulation_digest != archive.registers.regulation_digest:
        message = say("The bottom lines were confirmed under another wording of the regulation.")
        remedy = say("The head of the lead department confirms again under today's regulation.")
        yield Complaint(Effect.REFUSE, message, Location(review.path), remedy)
