"""Which posts may wait for somebody, told without reading one (`sanshen status`)."""

from datetime import datetime

from pipeline.flow.carried import RECENT
from pipeline.model.calendar import local_date
from pipeline.source.appearances import appearances
from pipeline.source.places import POSTS, post_ids
from pipeline.source.proposed import posts_named
from pipeline.source.publication_names import PUBLICATIONS, publication_name
from pipeline.source.records import REVIEWS, paths_under
from pipeline.source.repository import Repository


def may_wait(repository: Repository, head: str, now: datetime) -> frozenset[str]:
    """Ids of the posts of late, and of any that was never carried or of which something changed.

    What was carried long ago and left alone since was approved when it was carried; `audit` would
    say otherwise.
    """
    tree, first = repository.tree(head), local_date(now) - RECENT
    ids = frozenset(post_ids(tree))
    carried = {publication_name(path)[1] for path in paths_under(tree, PUBLICATIONS)}
    places = (POSTS, REVIEWS, PUBLICATIONS)
    changed = (a.path for a in appearances(repository, head, *places, since=first))
    moved = {*changed, *repository.uncommitted(*places)}
    late = {post for post in ids if post[:10] >= first.isoformat()}
    return ids & (late | (ids - carried) | set(posts_named(moved)))
