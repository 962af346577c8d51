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
    for publication in archive.publications_of(post.id):
        signed = _confirmation(post, publication.revision, archive)
        out = excused(post, publication.published_at, signed, archive)
        ends = _ends(post, publication.revision, archive)
        within = None if out or not (signed and ends) else (signed.signed_at, ends)
        for message in _false_times(publication, within, slack, archive.clock):
            remedy = say("The operator records the true time again.")
            yield Complaint(Effect.REFUSE, message, Location(publication.path), remedy)


def _false_times(
    publication: Publication,
    within: tuple[datetime, datetime] | None,
    slack: timedelta,
    clock: Clock,
) -> Iterator[Message]:
    """`within`: from the confirmation to the end of the first of its reviews that runs out."""
    published = publication.published_at
    if not clock.reached(published, slack):
        yield say("The recorded time of publication lies in the future.")
    if publication.recorded_at < published - slack:
        yield say("The publication was recorded before it happened.")
    if within and published < within[0] - slack:
        yield say("The recorded time of publication lies before the final confirmation.")
    if within and published > within[1] + slack:
        yield say("The post was published after its reviews had run out.")


def _confirmation(post: Post, revision: int, archive: Archive) -> Review | None:
    """A writer's draft has no approvals at all."""
    approvals = archive.approvals.get(post.id)
    return approvals.confirmation(revision) if approvals else None


def _ends(post: Post, revision: int, archive: Archive) -> datetime | None:
    approvals = archive.approvals.get(post.id)
    return approvals.ends(revision) if approvals else None
