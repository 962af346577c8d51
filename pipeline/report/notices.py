"""What people are reminded of: a calendar feed, and a message to the robot of a group chat."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

LENGTH = timedelta(minutes=30)
"""How long an entry looks in a calendar; it ends when it falls due."""
LONGEST = 2000
"""Bytes of a message: WeCom takes 2048 (https://developer.work.weixin.qq.com/document/path/99110),
the others more."""
_FEISHU = ("feishu.cn", "larksuite.com")


@dataclass(frozen=True)
class CalendarEntry:
    """One thing to do by a time."""

    uid: str
    due: datetime
    summary: str
    description: str
    category: str


def calendar_feed(
    product: str, title: str, entries: Iterable[CalendarEntry], as_of: datetime
) -> bytes:
    """A calendar (RFC 5545); the same entries and time give the same bytes."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", product)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", as_of.astimezone(UTC))
        event.add("dtstart", (entry.due - LENGTH).astimezone(UTC))
        event.add("dtend", entry.due.astimezone(UTC))
        event.add("summary", entry.summary)
        event.add("description", entry.description)
        event.add("categories", [entry.category])
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def chat_message(host: str, lines: Sequence[str]) -> str:
    """The JSON that the robot of a host takes: Feishu's own, and that of WeCom and DingTalk.

    Lines that do not fit are counted at the end.
    """
    text = lines[0]
    for number, line in enumerate(lines[1:], 1):
        rest = f"\n… +{len(lines) - number}"
        if len(f"{text}\n{line}{rest}".encode()) > LONGEST:
            text += rest
            break
        text += f"\n{line}"
    value: dict[str, Any] = {"msgtype": "text", "text": {"content": text}}
    if host.endswith(_FEISHU):
        value = {"msg_type": "text", "content": {"text": text}}
    return json.dumps(value, ensure_ascii=False)
