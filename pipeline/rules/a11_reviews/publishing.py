"""Article 11: who published what, after which confirmation; and the road for emergencies."""

from collections import Counter
from collections.abc import Iterator

from pipeline.model.archive import Archive, Mode
from pipeline.model.calendar import local_date
from pipeline.model.emergency import approval_due, excused, ordered
from pipeline.model.evidence import Review
from pipeline.model.findings import Complaint, Effect, Location, Message, say
from pipeline.model.posts import Post
from pipeline.model.records import Publication


def operated(post: Post, archive: Archive) -> Iterator[Complaint]:  # 11 para 1
    """Who published what, after which confirmation."""
    for publication in archive.publications_of(post.id):
        approvals, place = archive.approvals[post.id], Location(publication.path)
        confirm = approvals.confirmation(publication.revision)
        cause = archive.registers.unread_path("people")
        for message, remedy in _operator_faults(publication, archive):
            yield Complaint(Effect.REFUSE, message, place, remedy, cause=cause)
        cause = approvals.broken_at if publication.revision == post.revision else ""
        ordered_out = excused(post, publication.published_at, confirm, archive)
        for message, remedy in _content_faults(publication, confirm, ordered_out):
            yield Complaint(Effect.REFUSE, message, place, remedy, cause=cause)


def _operator_faults(
    publication: Publication, archive: Archive
) -> Iterator[tuple[Message, Message]]:
    operator = archive.registers.people.get(publication.operator)
    day = local_date(publication.published_at)
    if operator is None or not operator.holds("operator", day):
        yield (
            say("{person} was no operator on the day of publication.", person=publication.operator),
            say("Only an operator in office publishes; report who did to the lead department."),
        )
    allowed = archive.registers.parameter("outsourcing.contractor_may_operate", day)
    if operator and operator.contractor and not allowed:
        yield (
            say("{person} is a contractor and may not publish.", person=publication.operator),
            say("Take the publishing rights back and let the bureau's operator publish."),
        )


def _content_faults(
    publication: Publication, confirm: Review | None, ordered_out: bool
) -> Iterator[tuple[Message, Message]]:
    remedy = say("Take the post down until what is shown has been confirmed.")
    if confirm is None:
        if not ordered_out:
            yield say("Revision {n} was published unconfirmed.", n=publication.revision), remedy
    elif publication.published_at < confirm.signed_at and not ordered_out:
        yield say("The post was published before its final confirmation."), remedy
    elif publication.manifest != confirm.manifest:
        yield say("What was published is not what was confirmed."), remedy


def known_posts(archive: Archive) -> Iterator[Complaint]:  # 11 para 1
    """Every publication carries a post of the archive."""
    for publication in archive.publications:
        if publication.post not in archive.post_ids:
            message = say(
                "Account {account} carried a post that does not exist.",
                account=archive.registers.name_of(publication.account),
            )
            remedy = say("Record the publication under the id of its post.")
            yield Complaint(Effect.REFUSE, message, Location(publication.path), remedy)


def after_the_fact(post: Post, archive: Archive) -> Iterator[Complaint]:  # 11 gives none
    """An emergency order is allowed by policy, given by a leader, and answered in time."""
    order = post.meta.get("emergency")
    if not order:
        return
    if not archive.registers.parameter("review.allow_post_hoc", archive.day_of(post)):
        message = say("Policy allows no approval after the fact, not even in an emergency.")
        remedy = say("Remove `emergency`; the three reviews can be signed from anywhere.")
        yield Complaint(Effect.REFUSE, message, post.at("emergency"), remedy)
        return
    if archive.mode is Mode.DRAFT:
        return  # a draft has been carried nowhere, and has no evidence yet
    for publication in archive.publications_of(post.id):
        confirm = archive.approvals[post.id].confirmation(publication.revision)
        if confirm and confirm.signed_at <= publication.published_at:
            continue
        yield _ordered_out(post, publication, confirm, archive)


def _ordered_out(
    post: Post, publication: Publication, confirm: Review | None, archive: Archive
) -> Complaint:
    """What went out before its reviews: refused, awaited, or noted for ever."""
    place, published = post.at("emergency"), publication.published_at
    due = approval_due(published, archive)
    remedy = say("The reviewers sign at once; take the post down when they cannot.")
    if not ordered(post, published, archive):
        message = say("No leader in office ordered this alert or accident report out in time.")
        return Complaint(Effect.REFUSE, message, place, remedy)
    if not excused(post, published, confirm, archive):
        message = say("The approval after the fact came too late or never.")
        return Complaint(Effect.REFUSE, message, place, remedy, due=due)
    if confirm is None:
        message = say("The post went out in an emergency; its reviews are awaited.")
        return Complaint(Effect.HOLD, message, place, remedy, due=due)
    message = say("The post went out in an emergency, before its reviews.")
    return Complaint(Effect.NOTE, message, place, say("Nothing to do; the audit counts it."))


def emergencies_rare(archive: Archive) -> Iterator[Complaint]:  # A27: never the normal road
    """No more emergency orders in one month than policy allows."""
    orders: Counter[tuple[int, int]] = Counter()
    for post in archive.stating("emergency"):
        if post.meta["emergency"] and "emergency" not in post.invalid:
            day = archive.day_of(post)
            orders[(day.year, day.month)] += 1
    most = archive.registers.parameter("review.post_hoc_per_month", archive.today)
    for (year, month), count in sorted(orders.items()):
        if count > most:
            message = say(
                "{count} posts of {month} went out before their reviews; {most} are allowed.",
                count=count, month=f"{year}-{month:02d}", most=most,
            )  # fmt: skip
            remedy = say("Go back to reviews before publication; report the cause.")
            yield Complaint(Effect.REFUSE, message, Location("content/policy.yml"), remedy)
