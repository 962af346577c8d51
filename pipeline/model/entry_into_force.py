"""From which day the regulation binds (Article 17)."""

from datetime import date

from pipeline.model.archive import Archive
from pipeline.model.posts import Post


def in_force_from(archive: Archive) -> date:
    """The day of `regulation.in_force_from`; a policy without it (which refuses) spares nothing."""
    if "regulation.in_force_from" not in archive.registers.policy.parameters:
        return date.min
    return date.fromisoformat(archive.registers.parameter("regulation.in_force_from", date.min))


def bound(post: Post, archive: Archive) -> bool:
    """Whether a post is judged: all are but those that stand and are dated before the regulation.

    A change that brings one in or alters it is judged whatever its date, so that no date of old
    carries anything past the reviews.
    """
    return archive.change is not None or archive.day_of(post) >= in_force_from(archive)
