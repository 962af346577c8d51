"""Article 4: focus (第四条 坚守主责主业).

1. Every post names its topic from the list, and the share of other topics in the running quarter is
   noted when it grows too large; shares are judged only where all posts of the quarter are loaded.
   | Human: whether the topic named is the true one.
   accepted: a post on work safety that says so in `topic`.
   violated: `topic: other` without `justification`, which is noted.
   boundary: two of ten posts of a quarter on other topics (focus.max_offtopic_ratio); three are
   noted.
   next: choose the topic that fits, or say in `justification` why the post is needed; no post is
   held back for a share.
   topic-unjustified: The post is outside the bureau's own duties and does not say why it is needed.
   | Choose the topic that fits, or give a justification.
   topics-elsewhere: {other} of {count} posts of this quarter are outside the bureau's own duties. |
   Plan more posts on emergency management, work safety and disaster reduction.
2. The share of posts that serve the public – warnings, tips, policy, replies, as policy lists the
   kinds – in the running quarter is noted when it grows too small. | Human: what the public needs.
   accepted: five of ten posts of a quarter are warnings, tips, policy or replies.
   violated: two of ten, which is noted.
   boundary: three of ten (focus.min_service_ratio); of nine posts no share is judged.
   next: plan more of them for the rest of the quarter; no post is held back for a share.
   services-too-few: Only {serving} of {count} posts of this quarter serve the public. | Plan more
   warnings, tips, explained policy and replies.
3. The final review states that the direction is right (正确导向). | Human: the judgement itself.
   accepted: a final review that states that the direction is right.
   violated: a final review that leaves the direction unstated.
   boundary: a post that is not finally reviewed: Article 11 awaits the review.
   next: the final reviewer signs again and states it (`sanshen approve POST`), or returns the post.
   direction-unstated: The final review does not state that the direction is right. | The final
   reviewer signs again with that statement, or returns the post.
"""

from collections.abc import Callable, Iterator

from pipeline.model import cards, evidence, month, posts
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Location, say
from pipeline.model.law import ItemClause, NothingEntered, PeriodClause, note, rule, statement


def topic_named(post: posts.Post, _archive: Archive) -> Iterator[Complaint]:  # 4
    """A post outside the bureau's duties says why it is published at all."""
    if post.meta["topic"] == "other" and "justification" not in post.meta:
        yield note("topic-unjustified", post.at("topic"))


POSTS = Location("content/posts")


def topic_shares(archive: Archive) -> Iterator[Complaint]:  # 4 坚守主责主业
    """The share of posts on other topics in the running quarter."""
    other, count = _counted(archive, lambda post: post.topic == "other")
    if other > archive.parameter("focus.max_offtopic_ratio") * count:
        yield note("topics-elsewhere", POSTS, say(other=other, count=count))


def service_shares(archive: Archive) -> Iterator[Complaint]:  # 4 公众需求关切
    """The share of posts that serve the public in the running quarter."""
    kinds = archive.parameter("focus.service_kinds")
    serving, count = _counted(archive, lambda post: post.kind in kinds)
    if serving < archive.parameter("focus.min_service_ratio") * count:
        yield note("services-too-few", POSTS, say(serving=serving, count=count))


def _counted(archive: Archive, wanted: Callable[[cards.Card], bool]) -> tuple[int, int]:
    """(posts wanted, posts) of the running quarter; no share is judged of too few. Raises
    NothingEntered."""
    standing = month.posts_of(archive, month.quarter_of(archive.today)) or ()
    if len(standing) < archive.parameter("focus.min_posts"):
        raise NothingEntered
    return sum(map(wanted, standing)), len(standing)


RULE = rule(
    ItemClause(1, topic_named, ("topic",)),
    PeriodClause(1, topic_shares),
    PeriodClause(2, service_shares),
    statement(3, evidence.Step.FINAL, {"direction": ("direction-unstated", say())}),
)
