"""Posts as the pages list them: sorted, with the words a reader sees."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import TypeVar

from pipeline.model import calendar, cards, records, zh_names
from pipeline.model.ids import PostId
from pipeline.model.posts import Post
from pipeline.model.registers import Account, Registers
from pipeline.render.alert import Alert
from pipeline.site.units import digest

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")


@dataclass(frozen=True)
class PostView:
    """One post in words. `url` is relative to the site's root and ends in a slash."""

    card: cards.Card
    url: str
    title: str
    summary: str
    index_no: str
    day: date
    moment: datetime
    accounts: tuple[Account, ...]
    tags: tuple[str, ...]
    alert: Alert | None
    validity: str
    """`validity_of` it at `as_of`."""
    corrections: tuple[records.Correction, ...]
    """The newest last."""
    posts: Mapping[PostId, Post] = field(repr=False, compare=False)

    @property
    def id(self) -> PostId:
        return self.card.id

    @property
    def post(self) -> Post:
        """The post itself, read from its files when its own page is made."""
        return self.posts[self.card.id]

    @property
    def category(self) -> int:
        return self.card.category

    @property
    def withdrawn(self) -> bool:
        return self.card.withdrawn

    @property
    def kind(self) -> str:
        kinds = zh_names.KINDS
        return zh_names.DRILL if self.card.drill else kinds.get(self.card.kind, self.card.kind)

    @property
    def pictured(self) -> bool:
        """Whether lists show a picture of it (`media.LISTED`)."""
        return bool(self.card.picture) and not self.withdrawn

    @property
    def short_category(self) -> str:
        return zh_names.SHORT_CATEGORIES.get(self.category, "")

    @property
    def introduction(self) -> str:
        """The sentence by which search results, chats and feeds introduce it."""
        if self.withdrawn:
            return f"“{self.title}”已撤回，本页保留索引号、日期和原因。"
        return self.summary or f"{self.title}（{self.kind}）"

    @property
    def change(self) -> records.Correction | None:
        """The newest record of a change after publication."""
        return self.corrections[-1] if self.corrections else None

    @cached_property
    def changed_on(self) -> date:
        """The day of the last public change: publication, or a later correction record."""
        return max((self.day, *(c.changed_on for c in self.corrections)))

    @cached_property
    def updated(self) -> datetime:
        """When the post last changed for a reader: published, or corrected (start of that day)."""
        return max(self.moment, datetime.combine(self.changed_on, time(), calendar.SHANGHAI))

    @cached_property
    def mark(self) -> str:
        """Another one whenever the post, later records of it, or whether it holds change."""
        if not (self.alert or self.corrections or self.card.expires_on):
            return self.card.seal
        later = [(c.id, c.kind, c.changed_on) for c in self.corrections]
        return digest(self.card.seal, self.alert and self.alert.state, self.validity, later)


def index_number(post: PostId, registers: Registers) -> str:
    """索引号: organisation code / year - month and day - name, all of them from the post's id.

    The guideline of the government information directory wants a number that never changes,
    and suggests a running serial. A serial counted from what is present shifts when a post of an
    earlier day joins later; the id is unique, never reused and never changes, so it counts.
    """
    code = registers.policy.code_of(post).replace("-", "")
    year, month, day, name = post.split("-", 3)
    return f"{code}/{year}-{month}{day}-{name}"


def grouped(
    items: Iterable[Item], keys: Callable[[Item], Iterable[Key]]
) -> dict[Key, tuple[Item, ...]]:
    """Key → its items in the given order."""
    groups: defaultdict[Key, list[Item]] = defaultdict(list)
    for item in items:
        for key in keys(item):
            groups[key].append(item)
    return {key: tuple(group) for key, group in groups.items()}


def leaves(items: Sequence[Item], size: int = 50) -> list[tuple[Item, ...]]:
    """Newest-first items cut into pages, the newest page first.

    Full pages are counted from the oldest end, so that a new post changes only the newest page,
    which holds between `size` and twice as many (or all there are).
    """
    full = max(len(items) // size - 1, 0)
    head = len(items) - full * size
    rest = [tuple(items[head + n * size : head + (n + 1) * size]) for n in range(full)]
    return [tuple(items[:head]), *rest]
