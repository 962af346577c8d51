"""Annex: the approval form (附件 六安市应急局信息发布审批表).

0. Unchecked: `sanshen form` prints it with its number; no record says that it was.
   | Human: that every item has its form.
1. The post names at least one known account; a platform without a box on the form is noted.
   | Human: nothing.
2. The planned time has come; the first publication is on the planned day, and the id of the post
   begins with that day. | Human: nothing.
3. Every publication of the present revision carries the title of the form.
   | Human: whether the platform shows it.
4. The form can say whether the post is original, a reprint or a forward, and name a listed source.
   | Human: nothing.
5. A published post that is changed has the record of its correction, and a withdrawn one the record
   of its withdrawal. | Human: whether the reason is the true one.
6. Unchecked: `sanshen form` lists the items of a day; a paper form is not seen.
   | Human: that the paper lists the same items.
7. Unchecked: not built yet, opinions and signatures on paper; the electronic ones are judged
   with Article 11. | Human: the handwritten signature.
8. Unchecked: the form is made from the first review, so its day is that review's; a paper form is
   not seen. | Human: the day on the paper.
9. Unchecked: not built yet, needs the record of filing. | Human: where the paper lies.
10. Unchecked: the form prints `archive.retention`; where it is kept is not seen.
   | Human: that it is kept so long.
"""

from collections.abc import Iterator

from pipeline.model.archive import Archive, Mode
from pipeline.model.calendar import SHANGHAI, local_date
from pipeline.model.evidence import Step
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.law import ItemClause, Rule, Unchecked
from pipeline.model.posts import Post


def boxes(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 信息发布类别
    """The boxes to tick."""
    channels = archive.registers.parameter("form.channels", archive.day_of(post))
    known = archive.registers.accounts
    if not any(name in known for name in post.accounts):
        message = say("The form has no account to tick.")
        remedy = say("Name at least one account of the register.")
        yield Complaint(Effect.REFUSE, message, post.at("accounts"), remedy)
    for index, name in enumerate(post.accounts):
        if name in known and known[name].platform not in channels:
            message = say("The form has no box for account {account}.", account=name)
            remedy = say("Nothing to do; it is printed under other.")
            yield Complaint(Effect.NOTE, message, post.at("accounts", index), remedy)


def planned_day(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 发布日期
    """The planned time against now, the post's id and its first publication."""
    planned = post.meta["publish_at"]
    day, place = local_date(planned).isoformat(), post.at("publish_at")
    if planned > archive.as_of and archive.mode is not Mode.DRAFT:
        message = say(
            "The post is to be published at {time}, a time to come.",
            time=f"{planned.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        )
        yield Complaint(Effect.HOLD, message, place, say("Nothing to do: wait for that time."))
    if post.id[:10] != day:
        message = say("The id of the post does not begin with its day, {day}.", day=day)
        remedy = say("Rename the folder, or correct publish_at.")
        yield Complaint(Effect.REFUSE, message, place, remedy)
    publications = archive.publications_of(post.id)
    first = min((p.revision for p in publications), default=0)
    for publication in publications:
        # A correction is carried later by its nature; only the first wording keeps the form's day.
        actual = local_date(publication.published_at).isoformat()
        if publication.revision == first and actual != day:
            message = say(
                "The post was published on {actual}, planned for {day}.", actual=actual, day=day
            )
            remedy = say("The operator records the true day; keep to the planned one.")
            yield Complaint(Effect.REFUSE, message, Location(publication.path), remedy)


def same_title(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 信息标题
    """Titles as published."""
    for publication in archive.publications_of(post.id):
        if publication.revision == post.revision and publication.title != post.title:
            message = say(
                "Account {account} carries another title than the form.",
                account=publication.account,
            )
            remedy = say("Correct the title on the platform, or record it as it stands there.")
            yield Complaint(Effect.REFUSE, message, Location(publication.path), remedy)


def named_source(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 发布类型/来源
    """A reprint's source has a name that can be printed."""
    source = post.meta.get("source")
    if post.meta["origin"] == "original":
        return
    if source is None:
        message = say("The form has no source to print.")
        remedy = say("Fill in source.")
        yield Complaint(Effect.REFUSE, message, post.at("origin"), remedy)
    elif source["id"] not in archive.registers.sources:
        message = say("Source {source} has no name in the register.", source=source["id"])
        remedy = say("Have the lead department enter the source in sources.yml.")
        yield Complaint(Effect.REFUSE, message, post.at("source", "id"), remedy)


def corrections_recorded(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 备注
    """What changed since the public saw it."""
    if not _published_before(post, archive):
        return
    found = [c for c in archive.corrections_of(post.id) if c.revision == post.revision]
    if not found:
        message = say("Revision {n} changes a published post without a record.", n=post.revision)
        remedy = say("Add the record of the correction, update, withdrawal or expiry.")
        yield Complaint(Effect.REFUSE, message, post.at("revision"), remedy)
    elif post.withdrawn and all(c.kind != "withdrawal" for c in found):
        message = say("The post is withdrawn, but its record is of another kind.")
        remedy = say("Set the kind of the record to withdrawal.")
        yield Complaint(Effect.REFUSE, message, found[0].document.locate("kind"), remedy)


def _published_before(post: Post, archive: Archive) -> bool:
    """Whether an earlier revision was published or confirmed for publication."""
    approvals = archive.approvals.get(post.id)
    earlier = approvals.earlier if approvals else ()
    return any(p.revision < post.revision for p in archive.publications_of(post.id)) or any(
        (r.step, r.decision) == (Step.CONFIRM, "approve") and r.revision < post.revision
        for r in earlier
    )


RULE = Rule(
    (
        Unchecked(0),
        ItemClause(1, boxes, ("accounts",)),
        ItemClause(2, planned_day, ("publish_at",)),
        ItemClause(3, same_title, ("title",)),
        ItemClause(4, named_source, ("origin",)),
        ItemClause(5, corrections_recorded, ("revision",)),
        *(Unchecked(n) for n in range(6, 11)),
    )
)
