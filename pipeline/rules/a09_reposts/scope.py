"""Article 9 paragraph 1: the seven kinds of content."""

from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, say
from pipeline.model.posts import Post
from pipeline.model.registers import leads
from pipeline.rules.a09_reposts.refusals import refuse

NEEDED = {4: "consent", 5: "refutes", 6: "justification", 7: "leader_approval"}
"""What kinds of content ask for beside their number."""


def within_scope(post: Post, archive: Archive) -> Iterator[Complaint]:  # 9 para 1
    """What each of the seven kinds asks for beside its number, and whether it came in time."""
    day = archive.day_of(post)
    needed = NEEDED.get(post.meta["category"])
    if needed and needed not in post.meta and needed not in post.invalid:
        message = say("Content of kind {n} needs {key}.", n=post.meta["category"], key=needed)
        remedy = say("Fill in {key}, or choose the kind that fits.", key=needed)
        yield refuse(post.at("category"), message, remedy)
    for key, field in (("consent", "obtained_on"), ("leader_approval", "date")):
        if key in post.meta and post.meta[key][field] > day:
            message = say("What {key} records is dated after the publication.", key=key)
            remedy = say("Publish only when it has been given.")
            yield refuse(post.at(key, field), message, remedy)
    approval = post.meta.get("leader_approval")
    if approval and not leads(approval["person"], approval["date"], archive.registers):
        message = say("{person} was no leader on that day.", person=approval["person"])
        remedy = say("Name the leader who approved the publication.")
        yield refuse(post.at("leader_approval", "person"), message, remedy)
