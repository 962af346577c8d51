"""The posts that were read lately: a replay meets one when it comes to main, and again when it is
published, with the same files and made by the same people."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.model.conformance import Conformance
from pipeline.model.memoize import Once
from pipeline.model.posts import Handler, Post
from pipeline.source.content.post_paths import Files
from pipeline.source.content.posts import read_post
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import Blob

KEPT = 32
"""Posts, the last that were read."""
Key = tuple[str, tuple[tuple[str, Blob], ...], frozenset[Handler]]
"""Folder, what stands at each path of it, and who handled it."""


@dataclass(frozen=True)
class Reader:
    """Reads posts by one schema of their front matter."""

    schema: Conformance
    _kept: OrderedDict[Key, Post] = field(default_factory=OrderedDict)

    def read(
        self, tree: Files, folder: str, paths: Sequence[str], handlers: Iterable[Handler]
    ) -> Post:
        """As `read_post`; the very same value when nothing of it changed."""
        if not isinstance(tree, Tree):
            return read_post(tree, folder, paths, self.schema, handlers)
        people = frozenset(handlers)
        key = folder, tuple((path, tree.files[path]) for path in paths), people
        if key not in self._kept:
            self._kept[key] = read_post(tree, folder, paths, self.schema, people)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return self._kept[key]


reader_of: Once[Conformance, Reader] = Once(Reader)
