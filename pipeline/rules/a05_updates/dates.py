"""Article 5: the times that are recorded are true (伪造发稿日期 is a veto of the inspection)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pipeline.model.archive import Archive
from pipeline.model.calendar import minute
from pipeline.model.clock import Clock
from pipeline.model.emergency import excused
from pipeline.model.evidence import Review
from pipeline.model.findings import Complaint, Effect, Location, Message, say
from pipeline.model.posts import Post
from pipeline.model.records import Publication


def true_dates(post: Post, archive: Archive) -> Iterator[Complaint]:  # 5, 伪造发稿日期
    """Planned and recorded times against the confirmation and the time of the run."""
    minutes = archive.registers.parameter("time.tolerance_minutes", archive.day_of(post))
    slack = timedelta(minutes=minutes)
    confirm = _confirmation(post, post.revision, archive)
    ends = _ends(post, post.revision, archive)
    if confirm and ends and post.publish_at and post.publish_at > ends:
        end = minute(ends)
        message = say("The reviews end at {end}, before the post is due.", end=end)
        remedy = say("Plan an earlier time, or have a new revision reviewed.")
        yield Complaint(Effect.REFUSE, message, post.at("publish_at"), remedy)
    elif confirm and ends and archive.brings(post) and archive.clock.passed(ends + slack):
        yield _too_late(post, ends)
    for publication in archive.publications_of(post.id):
        signed = _confirmation(post, publication.revision, archive)
        out = excused(post, publication.published_at, signed, archive)
        ends = _ends(post, publication.revision, archive)
        since = None if out or not signed else signed.signed_at
        for message in _false_times(publication, since, slack, archive.clock):
            remedy = say("The operator records the true time again.")
            yield Complaint(Effect.REFUSE, message, Location(publication.path), remedy)
        if since and ends and publication.published_at > ends + slack:
            yield _late(post, publication, archive)


def _too_late(post: Post, ends: datetime) -> Complaint:
    """What older reviews carried stays; a post that is still to come needs reviews that hold."""
    message = say("The reviews ended at {end}, before the post came to main.", end=minute(ends))
    return Complaint(
        Effect.REFUSE, message, post.at("publish_at"), say("Have a new revision reviewed.")
    )


def _late(post: Post, publication: Publication, archive: Archive) -> Complaint:
    """It happened, so it can be recorded; but reviews that ran out bring no post in (A24)."""
    return Complaint(
        Effect.REFUSE if archive.brings(post) else Effect.NOTE,
        say("The post was published after its reviews had run out."),
        Location(publication.path),
        say(
            "Article 11 allows no publication without valid reviews: report it to the lead"
            " department, and have a new revision reviewed before the post goes out again."
        ),
    )


def _false_times(
    publication: Publication, since: datetime | None, slack: timedelta, clock: Clock
) -> Iterator[Message]:
    """`since`: when the post was confirmed; None: it was ordered out, or is not confirmed."""
    published = publication.published_at
    if not clock.reached(published, slack):
        yield say("The recorded time of publication lies in the future.")
    if publication.recorded_at < published - slack:
        yield say("The publication was recorded before it happened.")
    if since and published < since - slack:
        yield say("The recorded time of publication lies before the final confirmation.")


def _confirmation(post: Post, revision: int, archive: Archive) -> Review | None:
    """A writer's draft has no approvals at all."""
    approvals = archive.approvals.get(post.id)
    return approvals.confirmation(revision) if approvals else None


def _ends(post: Post, revision: int, archive: Archive) -> datetime | None:
    approvals = archive.approvals.get(post.id)
    return approvals.ends(revision) if approvals else None
