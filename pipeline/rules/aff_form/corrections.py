"""Annex, 备注: what changed since the public saw a post, and who reviewed the words for it."""

from collections.abc import Iterator

from pipeline.model.archive import Archive, Change, Mode
from pipeline.model.evidence import Step
from pipeline.model.findings import Complaint, Effect, say
from pipeline.model.posts import Post

FOLDER = "content/records/corrections/"


def corrections_recorded(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 备注
    """What changed since the public saw it."""
    if not _published_before(post, archive):
        return
    found = [c for c in archive.corrections_of(post.id) if c.revision == post.revision]
    if not found:
        message = say("Revision {n} changes a published post without a record.", n=post.revision)
        remedy = say(
            "Add the record of the correction, update, withdrawal or expiry:"
            " sanshen new corrections --post {post} --revision {n}",
            post=post.id,
            n=post.revision,
        )
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


def corrections_reviewed(change: Change, archive: Archive) -> Iterator[Complaint]:  # annex, 备注
    """A record comes with the revision that it tells of: its words stand on the post's page, and
    whoever could add some later would publish them without a review."""
    brought = {e.path for e in change.entries if e.status == "A"}
    for path in sorted(e.path for e in change.entries if e.status != "D"):
        if not path.startswith(FOLDER):
            continue
        post = archive.posts.get(path.rpartition("/")[2].rpartition(".r")[0])
        records = archive.corrections_of(post.id) if post else ()
        record = next((c for c in records if c.path == path), None)
        if post is None or record is None:
            continue  # of an erased post, or refused where it is read
        confirm = archive.approvals[post.id].approved(Step.CONFIRM)
        place = record.document.locate("revision")
        remedy = say("Raise `revision` by one, and record with it what is to be told.")
        if record.revision != post.revision:
            message = say("The record tells of revision {n}, the post is of revision {m}.",
                          n=record.revision, m=post.revision)  # fmt: skip
            yield Complaint(Effect.REFUSE, message, place, remedy)
        elif confirm is not None and confirm.path not in brought:
            message = say("Revision {n} was confirmed before this record told of it.",
                          n=record.revision)  # fmt: skip
            yield Complaint(Effect.REFUSE, message, place, remedy)
        elif record.changed_on > archive.entry_day:
            effect = Effect.HOLD if archive.mode is Mode.CHANGE else Effect.REFUSE
            message = say("{key} lies in the future.", key="changed_on")
            remedy = say("Correct it, or record it when it has happened.")
            yield Complaint(effect, message, record.document.locate("changed_on"), remedy)
