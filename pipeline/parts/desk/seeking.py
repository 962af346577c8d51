"""Files of a tree by what stands in them, found by git: no index is kept for it."""

import re
from collections.abc import Iterable
from pathlib import PurePath

from pipeline.model.ids import CommitId, PostId
from pipeline.source.content.paths import POSTS
from pipeline.source.git.repository import Repository

EVERY_POST = f"{POSTS}*/post.md"


def paths_holding(
    repository: Repository, tree: str, under: Iterable[str], words: Iterable[str], *patterns: str
) -> list[str]:
    """Files that hold all words, in any case, and a line of each extended pattern; `under`: where
    they lie, as git takes it. None holds a sign that ends a word for git."""
    every = [*map(re.escape, words), *patterns] or ["^"]
    if any(sign in part for part in every for sign in "\0\n"):
        return []
    sought = [part for pattern in every for part in ("-e", pattern)]
    asked = ("grep", "-lzIiE", "--all-match", *sought, tree, "--", *under)
    paths = repository.git(*asked, ok=(0, 1)).decode(errors="replace").split("\0")
    return [path.partition(":")[2] for path in paths if path]


def posts_holding(
    repository: Repository, commit: CommitId, words: Iterable[str], *patterns: str
) -> set[PostId]:
    """Ids of the posts whose text holds them."""
    paths = paths_holding(repository, commit, [EVERY_POST], words, *patterns)
    return {PostId(PurePath(path).parent.name) for path in paths}
