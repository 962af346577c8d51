"""Posts as the pages list them: sorted, with the words a reader sees."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from html import escape
from typing import TypeVar

from pipeline.detect.folding import words_of
from pipeline.model import zh_names
from pipeline.model.archive import Archive
from pipeline.model.calendar import SHANGHAI
from pipeline.model.cards import Card, Volume
from pipeline.model.posts import Post
from pipeline.model.records import Correction
from pipeline.model.registers import Account, Registers
from pipeline.render.validity import Alert, alert_of, validity_of
from pipeline.render.xml_text import clean
from pipeline.site.units import digest

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")
_SLUG = re.compile(r"[^\w]+")
_STOPS = re.compile(r"[，、：；。？！]")
_OPENING = "“‘《〈（〔［【「『([<"


@dataclass(frozen=True)
class PostView:
    """One post in words. `url` is relative to the site's root and ends in a slash."""

    card: Card
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
    corrections: tuple[Correction, ...]
    """The newest last."""
    posts: Mapping[str, Post] = field(repr=False, compare=False)

    @property
    def id(self) -> str:
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
    def change(self) -> Correction | None:
        """The newest record of a change after publication."""
        return self.corrections[-1] if self.corrections else None

    @cached_property
    def changed_on(self) -> date:
        """The day of the last public change: publication, or a later correction record."""
        return max((self.day, *(c.changed_on for c in self.corrections)))

    @cached_property
    def updated(self) -> datetime:
        """When the post last changed for a reader: published, or corrected (start of that day)."""
        return max(self.moment, datetime.combine(self.changed_on, time(), SHANGHAI))

    @cached_property
    def mark(self) -> str:
        """Another one whenever the post, later records of it, or whether it holds change."""
        if not (self.alert or self.corrections or self.card.expires_on):
            return self.card.seal
        later = [(c.id, c.kind, c.changed_on) for c in self.corrections]
        return digest(self.card.seal, self.alert and self.alert.state, self.validity, later)


def views_of(
    volume: Volume, archive: Archive, corrections: Mapping[str, Sequence[Correction]]
) -> tuple[PostView, ...]:
    """The posts of a volume, newest first; ties are broken by id, so the order is one."""
    made = [view_of(s.card, archive, corrections.get(i, ())) for i, s in volume.posts.items()]
    return tuple(sorted(made, key=lambda v: (v.moment, v.id), reverse=True))


def view_of(card: Card, archive: Archive, corrections: Iterable[Correction]) -> PostView:
    moment, accounts = datetime.fromisoformat(card.moment), archive.registers.accounts
    alert = alert_of(card.alert, archive.as_of)
    return PostView(
        card,
        url_of(card.id),
        clean(card.title),
        "" if card.withdrawn else clean(card.summary),
        index_number(card.id, archive.registers),
        moment.date(),
        moment,
        tuple(accounts[a] for a in card.accounts if a in accounts),
        () if card.withdrawn else tuple(map(clean, card.tags)),
        alert,
        validity_of(card, alert, archive.today),
        tuple(sorted(corrections, key=lambda c: (c.changed_on, c.revision, c.id))),
        archive.posts,
    )


def url_of(post: str) -> str:
    """Where a post's page lies, from the site's root."""
    return f"posts/{post[:4]}/{post}/"


def version_url(post: str, revision: int) -> str:
    """Where an earlier version lies: beside the post, for its links to lead where the post's do."""
    return f"posts/{post[:4]}/{post}.r{revision}/"


def broken_title(title: str) -> str:
    """A title as HTML with `<wbr>` between its words, where alone a line of it may end; where no
    part between stops is too long for a phone, it may end at stops alone."""
    if max(map(len, _STOPS.split(title))) <= 11:
        return escape(title)
    parts: list[str] = []
    for word in words_of(title):
        last = parts[-1][-1] if parts else ""
        closing = not word[0].isalnum() and word[0] not in _OPENING
        if last and (closing or last in _OPENING or last.isdigit()):
            parts[-1] += word
        else:
            parts.append(word)
    return "<wbr>".join(map(escape, parts))


def index_number(post: str, registers: Registers) -> str:
    """索引号: organisation code / year - month and day - name, all of them from the post's id.

    The guideline of the government information directory wants a number that never changes,
    and suggests a running serial. A serial counted from what is present shifts when a post of an
    earlier day joins later; the id is unique, never reused and never changes, so it counts.
    """
    code = registers.policy.code_of(post).replace("-", "")
    year, month, day, name = post.split("-", 3)
    return f"{code}/{year}-{month}{day}-{name}"


def tag_slug(tag: str) -> str:
    """A folder name for a tag: itself when that is safe, else with a digest that keeps it apart."""
    plain = unicodedata.normalize("NFC", tag)
    slug = _SLUG.sub("-", plain.casefold()).strip("-_")
    if slug == tag and len(slug.encode()) <= 90:
        return slug
    return f"{slug[:20]}-{hashlib.sha256(tag.encode()).hexdigest()[:8]}".lstrip("-")


def grouped(
    items: Iterable[PostView], keys: Callable[[PostView], Iterable[Key]]
) -> dict[Key, tuple[PostView, ...]]:
    """Key → its views in the given order."""
    groups: defaultdict[Key, list[PostView]] = defaultdict(list)
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
