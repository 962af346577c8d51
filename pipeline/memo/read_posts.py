"""What was read of posts, rendered and drawn of them, left in the store for what shows them.

Who judges a post leaves it here, and the process that makes its page takes it instead of reading
it again, in this build or in a later one. A row is named by the governance and by the post's card,
which pins the bytes of all its files and steps. Nothing of it depends on the time.
"""

import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple, TypeVar

from pipeline.memo.store import SealedStore
from pipeline.model.archive import Archive
from pipeline.model.cards import KINDS, READ, Card
from pipeline.model.channels import ARCHIVE
from pipeline.model.evidence import Approvals
from pipeline.model.ids import NO_DIGEST, PostId
from pipeline.model.part import program
from pipeline.model.posts import Post, Rendition

Made = TypeVar("Made")
_LARGE = 1 << 20
"""Bytes of a row, such as that of fifty pictures, that waits for no other."""


class PostAsRead(NamedTuple):
    """A post as it was read, but for what its card does not pin."""

    post: Post
    approvals: Approvals
    renditions: Mapping[str, Rendition]
    """Channel → rendition, of those that the site shows."""

    @classmethod
    def of(cls, archive: Archive, post: PostId) -> "PostAsRead":
        fed = (c.platform for c in program().channels.values() if c.feed)
        keys = [(post, channel) for channel in (ARCHIVE, *fed)]
        made = {key[1]: archive.renditions[key] for key in keys if key in archive.renditions}
        # No site shows what history, other names or a record decide, and no card pins it.
        bare = partial(replace, handlers=(), problems=(), door_problems=(), correction=NO_DIGEST)
        return cls(bare(archive.posts[post]), Approvals(archive.approvals[post].states), made)


Leave = Callable[[Card, PostAsRead], None]


@dataclass(frozen=True)
class PostStore:
    """Rows of the posts of one governance."""

    store: SealedStore | None
    governance: str
    cards: Mapping[PostId, Card] = field(default_factory=dict)
    """Of the posts that are asked for."""
    _rows: dict[tuple[str, str], bytes] = field(default_factory=dict)
    _made: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """Kind → rows that are to be left."""

    def leave(self, kind: str, made: Iterable[tuple[Card, object]]) -> None:
        """Leave something of posts for later."""
        rows = ((self._key(card), pickle.dumps(value, -1)) for card, value in made)
        if self.store and (left := dict(rows)):
            self.store.write({kind: left}, {})

    def prepare(self, posts: Iterable[PostId], kinds: Iterable[str] = KINDS) -> list[PostId]:
        """Look for what there is of these posts, and of no others, in one go; what was made of
        others is left in one go, too. Answers with the posts that are to be read."""
        keys = {post: self._key(self.cards[post]) for post in posts if post in self.cards}
        self._rows.clear()
        self._leave_made()
        if self.store and keys:
            self._rows.update(self.store.several((k, key) for key in keys.values() for k in kinds))
        return [post for post, key in keys.items() if (READ, key) not in self._rows]

    def once(self, kind: str, post: PostId, make: Callable[[], Made]) -> Made:
        """What was left of a post, or what is made now, to be left with the next `prepare`."""
        key = self._key(self.cards[post])
        raw = self._rows.get((kind, key)) or self._made.get(kind, {}).get(key)
        if raw is not None:
            left: Made = pickle.loads(raw)  # noqa: S301 — as of `SealedStore.value`
            return left
        if (made := make()) and self.store:
            rows = self._made.setdefault(kind, {})
            rows[key] = pickle.dumps(made, -1)
            if len(rows[key]) > _LARGE:
                self._leave_made()
        return made

    def _leave_made(self) -> None:
        if self.store and self._made:
            self.store.write(self._made, {})
        self._made.clear()

    def tidy(self) -> None:
        """Remove what there is of other posts, and of these as they stood before."""
        if self.store:
            keys = frozenset(map(self._key, self.cards.values()))
            self.store.write({}, dict.fromkeys(KINDS, keys))

    def _key(self, card: Card) -> str:
        return f"{self.governance}-{card.seal}"
