"""Which posts may state a front-matter key, told by their bytes, without parsing."""

import re
from collections.abc import Iterable

from pipeline.source.content.post_paths import Files
from pipeline.source.content.posts import FILE_LIMIT
from pipeline.source.git.tree import Tree

AT_ONCE = 1000
"""Posts whose bytes are searched together."""


def may_state(tree: Files, folders: Iterable[str], key: str) -> frozenset[str]:
    """Ids of the posts that may have a front-matter key, told by bytes, without parsing.

    A key is its plain letters before a colon unless something is escaped (a backslash) or the
    key is marked as one (a question mark; YAML 1.2.2 .8.2.2): where one of these is, it may.
    """
    stated = re.compile(re.escape(key.encode()) + rb"[\"']?\s*:")
    mains = [path for f in folders if (path := f"{f}/post.md") in tree.files]
    ids = []
    for at in range(0, len(mains), AT_ONCE):
        some = mains[at : at + AT_ONCE]
        if isinstance(tree, Tree):
            tree.prepare(some)
        for path in some:
            blob = tree.files[path]
            if blob.mode != "100644" or blob.size > FILE_LIMIT:
                continue  # such a file is not read at all, so it states nothing
            raw = tree.read(path)
            if b"\\" in raw or b"? " in raw or b"?\n" in raw or stated.search(raw):
                ids.append(path.split("/")[3])
    return frozenset(ids)
