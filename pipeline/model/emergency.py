"""Approval after the fact: never by default; where policy allows it, bounded (threats A27)."""

from datetime import datetime, timedelta

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.evidence import Review
from pipeline.model.posts import Post
from pipeline.model.registers import leads

KINDS = ("alert", "accident")


def ordered(post: Post, published_at: datetime, archive: Archive) -> bool:
    """Whether a leader in office ordered this alert or accident report out before its reviews."""
    day, order = local_date(published_at), post.meta.get("emergency")
    if not order or post.kind not in KINDS:
        return False
    if not archive.registers.parameter("review.allow_post_hoc", day):
        return False
    in_office = leads(order["ordered_by"], day, archive.registers)
    return in_office and bool(order["ordered_at"] <= published_at)


def approval_due(published_at: datetime, archive: Archive) -> datetime:
    """When the reviews of what went out first must all be signed."""
    day = local_date(published_at)
    return published_at + timedelta(hours=archive.registers.parameter("review.post_hoc_hours", day))


def excused(post: Post, published_at: datetime, confirm: Review | None, archive: Archive) -> bool:
    """Ordered out, and confirmed in time or still within the time for it."""
    if not ordered(post, published_at, archive):
        return False
    due = approval_due(published_at, archive)
    return confirm.signed_at <= due if confirm else not archive.clock.passed(due)
