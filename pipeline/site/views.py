"""Posts as the pages list them: sorted, with the words a reader sees."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any, TypeVar

from pipeline.model.archive import Archive
from pipeline.model.calendar import SHANGHAI, minute
from pipeline.model.cards import Card
from pipeline.model.posts import Post
from pipeline.model.records import Correction
from pipeline.model.registers import Account, Registers
from pipeline.model.volumes import Volume
from pipeline.site import words
from pipeline.site.units import digest

Key = TypeVar("Key", bound=Hashable)
_NOT_TEXT = re.compile("[\0-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # Unicode 16, UAX 9
_SLUG = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Alert:
    """A warning with level and colour in words, and its state at `as_of`."""

    words: str
    colour: str
    state: str
    """生效中, 未开始, 已解除 or 已过期."""
    issuer: str
    issued_at: str
    starts_at: str
    ends_at: str
    lifted_at: str
    areas: tuple[str, ...]

    @property
    def over(self) -> bool:
        """Nothing about it depends on the time of a build any more."""
        return self.state in ("已解除", "已过期")

    @property
    def in_force(self) -> bool:
        return self.state == "生效中"


@dataclass(frozen=True)
class View:
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
        return words.KINDS.get(self.card.kind, self.card.kind)

    @property
    def short_category(self) -> str:
        return words.SHORT_CATEGORIES.get(self.category, "")

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
        """Another one whenever the post, later records of it, or the state of its alert change."""
        if not (self.alert or self.corrections):
            return self.card.seal
        later = [(c.id, c.kind, c.changed_on) for c in self.corrections]
        return digest(self.card.seal, self.alert and self.alert.state, later)


def views_of(
    volume: Volume, archive: Archive, corrections: Mapping[str, Sequence[Correction]]
) -> tuple[View, ...]:
    """The posts of a volume, newest first; ties are broken by id, so the order is one."""
    made = [_view(s.card, archive, corrections.get(i, ())) for i, s in volume.posts.items()]
    return tuple(sorted(made, key=lambda v: (v.moment, v.id), reverse=True))


def _view(card: Card, archive: Archive, corrections: Iterable[Correction]) -> View:
    moment, accounts = datetime.fromisoformat(card.moment), archive.registers.accounts
    return View(
        card,
        url_of(card.id),
        clean(card.title),
        "" if card.withdrawn else clean(card.summary),
        index_number(card.id, archive.registers),
        moment.date(),
        moment,
        tuple(accounts[a] for a in card.accounts if a in accounts),
        () if card.withdrawn else tuple(map(clean, card.tags)),
        _alert(card.alert, archive.as_of),
        tuple(sorted(corrections, key=lambda c: (c.changed_on, c.revision, c.id))),
        archive.posts,
    )


def url_of(post: str) -> str:
    """Where a post's page lies, from the site's root."""
    return f"posts/{post[:4]}/{post}/"


def index_number(post: str, registers: Registers) -> str:
    """索引号: organisation code / year - month and day - name, all of them from the post's id.

    The guideline of the government information directory wants a number that never changes,
    and suggests a running serial. A serial counted from what is present shifts when a post of an
    earlier day joins later; the id is unique, never reused and never changes, so it counts.
    """
    code = str(registers.policy.unit.get("organisation_code", "")).replace("-", "")
    year, month, day, name = post.split("-", 3)
    return f"{code}/{year}-{month}{day}-{name}"


def _alert(told: Mapping[str, Any] | None, as_of: datetime) -> Alert | None:
    if not told:
        return None
    alert = {**told} | {k: datetime.fromisoformat(told[k]) for k in _TIMES if told.get(k)}
    colour = str(alert.get("color", ""))
    lifted = alert.get("lifted_at")
    level = words.LEVELS.get(alert.get("level", 0), "")
    times = {k: minute(alert[k]) if alert.get(k) else "" for k in _ALERT_TIMES}
    return Alert(
        words=f"{words.COLOURS.get(colour, '')}预警 {level}".strip(),
        colour=colour,
        state=alert_state(alert, as_of),
        issuer=clean(str(alert.get("issuer", ""))),
        **times,
        lifted_at=minute(lifted) if lifted and lifted <= as_of else "",
        areas=tuple(clean(str(a)) for a in alert.get("areas", ())),
    )


def turns_of(views: Iterable[View]) -> set[str]:
    """The times at which the alerts of posts change their states, as `turn_of` writes them."""
    told = (v.card.alert for v in views if v.card.alert)
    times = (alert[key] for alert in told for key in _TIMES[1:] if alert.get(key))
    return {turn_of(datetime.fromisoformat(time)) for time in times}


def turn_of(moment: datetime) -> str:
    """A time in a form that sorts as times do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


_ALERT_TIMES = ("issued_at", "starts_at", "ends_at")
_TIMES = (*_ALERT_TIMES, "lifted_at")


def alert_state(alert: Mapping[str, Any], as_of: datetime) -> str:
    """A lifted alert is lifted even after its end; an end is the first moment no longer warned."""
    lifted, start, end = (alert.get(k) for k in ("lifted_at", "starts_at", "ends_at"))
    if lifted and lifted <= as_of:
        return "已解除"
    if end and end <= as_of:
        return "已过期"
    return "未开始" if start and start > as_of else "生效中"


def clean(text: str) -> str:
    """The text without what no feed can hold (XML 1.0, 2.2), nor what turns the words around."""
    return text if text.isprintable() else _NOT_TEXT.sub("\ufffd", _TURNS.sub("", text))


def tag_slug(tag: str) -> str:
    """A folder name for a tag: itself when that is safe, else with a digest that keeps it apart."""
    plain = unicodedata.normalize("NFC", tag)
    slug = _SLUG.sub("-", plain.casefold()).strip("-_")
    if slug == tag and len(slug.encode()) <= 90:
        return slug
    return f"{slug[:20]}-{hashlib.sha256(tag.encode()).hexdigest()[:8]}".lstrip("-")


def grouped(
    items: Iterable[View], keys: Callable[[View], Iterable[Key]]
) -> dict[Key, tuple[View, ...]]:
    """Key → its views in the given order."""
    found: defaultdict[Key, list[View]] = defaultdict(list)
    for item in items:
        for key in keys(item):
            found[key].append(item)
    return {key: tuple(group) for key, group in found.items()}


def leaves(items: Sequence[View], size: int = 50) -> list[tuple[View, ...]]:
    """Newest-first items cut into pages, the newest page first.

    Full pages are counted from the oldest end, so that a new post changes only the newest page,
    which holds between `size` and twice as many (or all there are).
    """
    full = max(len(items) // size - 1, 0)
    head = len(items) - full * size
    rest = [tuple(items[head + n * size : head + (n + 1) * size]) for n in range(full)]
    return [tuple(items[:head]), *rest]
