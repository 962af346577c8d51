"""Posts of a commit by what stands in them, found by git: no index is kept for it."""

from collections.abc import Iterable
from pathlib import PurePath

from pipeline.model.ids import CommitId, PostId
from pipeline.source.content.paths import POSTS, post_ids
from pipeline.source.git.repository import Repository


def posts_holding(
    repository: Repository, commit: CommitId, words: Iterable[str], *patterns: str
) -> set[PostId]:
    """Ids of the posts that hold all words, in any case, and a line of each extended pattern."""
    matching = set(post_ids(repository.tree(commit)))
    for how, what in [*(("-F", word) for word in words), *(("-E", p) for p in patterns)]:
        asked = ("grep", "-lzIi", how, "-e", what, commit, "--", f"{POSTS}*/post.md")
        paths = repository.git(*asked, ok=(0, 1)).decode(errors="replace").split("\0")
        matching &= {PostId(PurePath(path).parent.name) for path in paths}
    return matching
