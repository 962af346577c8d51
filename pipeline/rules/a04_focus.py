"""Article 4: focus (第四条 坚守主责主业).

1. Every post names its topic from the list, and the share of other topics in the running quarter is
   noted when it grows too large; shares are judged only where all posts of the quarter are loaded.
   | Human: whether the topic named is the true one.
2. Unchecked: not built yet, needs a list of the kinds of post that count as service to the public.
   | Human: what the public needs.
3. Unchecked: right direction and main theme are a judgement of the three reviewers.
   | Human: the reviewers judge it; the final review states it.
"""

from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.law import ItemClause, PeriodClause, Rule, Unchecked
from pipeline.model.posts import Post


def topic_named(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 4
    """A post outside the bureau's duties says why it is published at all."""
    if post.meta["topic"] == "other" and "justification" not in post.meta:
        yield Complaint(
            Effect.NOTE,
            say("The post is outside the bureau's own duties and does not say why it is needed."),
            post.at("topic"),
            say("Choose the topic that fits, or give a justification."),
        )


def topic_shares(archive: Archive) -> Iterator[Complaint]:  # 4
    """The share of posts on other topics in the running quarter."""
    today = archive.today
    quarter = {i for i in archive.post_ids if _quarter_of(i) == _quarter(today.year, today.month)}
    if not quarter <= archive.posts.keys():
        return
    standing = [archive.posts[i] for i in sorted(quarter) if not archive.posts[i].withdrawn]
    if len(standing) < archive.registers.parameter("focus.min_posts", today):
        return
    limit = archive.registers.parameter("focus.max_offtopic_ratio", today)
    other = sum(post.meta.get("topic") == "other" for post in standing)
    if other > limit * len(standing):
        yield Complaint(
            Effect.NOTE,
            say(
                "{other} of {count} posts of this quarter are outside the bureau's own duties.",
                other=other,
                count=len(standing),
            ),
            Location("content/posts"),
            say("Plan more posts on emergency management, work safety and disaster reduction."),
        )


def _quarter(year: int, month: int) -> tuple[int, int]:
    return year, (month - 1) // 3


def _quarter_of(post_id: str) -> tuple[int, int] | None:
    """The quarter of a post id, which begins with its date; None when it does not."""
    year, month = post_id[:4], post_id[5:7]
    if not (year.isdecimal() and month.isdecimal()):
        return None
    return _quarter(int(year), int(month))


RULE = Rule(
    (
        ItemClause(1, topic_named, ("topic",)),
        PeriodClause(1, topic_shares),
        Unchecked(2),
        Unchecked(3),
    )
)
