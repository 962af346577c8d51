"""Calendars for other programs (RFC 5545), by icalendar."""

from collections.abc import Iterable, Mapping


def calendar_file(product: str, title: str, events: Iterable[Mapping[str, object]]) -> bytes:
    """A calendar; the same events give the same bytes. `events`: property → value of each, times
    in UTC."""
    from icalendar import Calendar, Event  # 40 ms, and few runs make one

    calendar = Calendar()
    calendar.add("prodid", product)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    for values in events:
        event = Event()
        for name, value in values.items():
            event.add(name, value)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
