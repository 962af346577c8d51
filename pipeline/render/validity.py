"""Whether a post is valid at a time: its warning, its last day, and when either changes."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time

from pipeline.model import zh_names
from pipeline.model.calendar import ONE_DAY, SHANGHAI
from pipeline.model.cards import Card
from pipeline.render.alert import TIMES, Alert


def validity_of(card: Card, alert: Alert | None, today: date) -> str:
    """有效, or why not: what the post says itself, then its warning, then its last day."""
    if card.validity != "valid":
        return zh_names.VALIDITY[card.validity]
    if alert and not alert.in_force:
        return {"已解除": "已解除", "已过期": "已失效"}.get(alert.state, "尚未生效")
    last = _last_day(card)
    return "已失效" if last and last < today else "有效"


def _last_day(card: Card) -> date | None:
    return date.fromisoformat(card.expires_on) if card.expires_on else None


def turns_of(cards: Iterable[Card]) -> set[str]:
    """The times at which posts become valid or cease to be, as `turn_of` writes them."""
    return {turn_of(moment) for card in cards for moment in _turns(card)}


def _turns(card: Card) -> Iterator[datetime]:
    alert, last = {} if card.drill else card.alert or {}, _last_day(card)
    yield from (datetime.fromisoformat(alert[key]) for key in TIMES[1:] if alert.get(key))
    if last and last < date.max:
        yield datetime.combine(last + ONE_DAY, time(), SHANGHAI)


def turn_of(moment: datetime) -> str:
    """A time in a form that sorts as times do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
