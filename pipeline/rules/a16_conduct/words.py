"""Article 16: what a post may not press its readers to do, nor sell them."""

from collections.abc import Iterator

from pipeline.detect.words import sightings
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, say
from pipeline.model.posts import Post


def no_pressure(post: Post, archive: Archive) -> Iterator[Complaint]:  # 16 不得强制要求
    """Words that press readers to download, like or share."""
    entries = archive.registers.entries.get("lexicons", ())
    return (s.complaint() for s in sightings(post, entries, {"forced-sharing"}))


def no_precondition(post: Post, archive: Archive) -> Iterator[Complaint]:  # 16 前置条件
    """A service, said or marked to depend on following or downloading."""
    if post.meta.get("requires_follow"):
        message = say("A service of the post depends on following or downloading.")
        remedy = say("Offer it without, and set requires_follow to false.")
        yield Complaint(Effect.REFUSE, message, post.at("requires_follow"), remedy)
    entries = archive.registers.entries.get("lexicons", ())
    for sighting in sightings(post, entries, {"precondition"}):
        yield sighting.complaint()


def no_business(post: Post, archive: Archive) -> Iterator[Complaint]:  # 16 盈利性经营活动
    """Words of sponsorship, payment and sale."""
    entries = archive.registers.entries.get("lexicons", ())
    return (s.complaint() for s in sightings(post, entries, {"profit"}))
