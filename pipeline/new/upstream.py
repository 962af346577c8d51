"""What superior bodies published, as their feeds and lists of pages tell: items to decide on.

A feed is someone else's text. An item of it counts only where its address is of the source that the
register lists, and its time is a claim: one to come, or none, is taken as the time it was seen.
"""

import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from pipeline.detect.links import plain_address
from pipeline.errors import Fault
from pipeline.model.calendar import SHANGHAI, local_date
from pipeline.model.findings import say
from pipeline.model.records import Fact
from pipeline.source.content.records import RECORDS

UPSTREAM = "upstream"
"""The record kind."""
MOST = 200
"""Items of one feed that are looked at, as they stand in it."""
LONGEST_TITLE, LONGEST_ADDRESS = 200, 1000
SHORTEST_TITLE = 6
"""Characters; what is shorter on a page of links leads to a section, not to an item."""
_DAY = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})", re.ASCII)


@dataclass(frozen=True)
class FeedItem:
    """One entry of a feed, or one link of a page."""

    title: str
    url: str
    published_at: datetime | None


def feed_items(raw: bytes, address: str) -> tuple[FeedItem, ...]:
    """The items of an Atom or RSS feed, else the links of a page, in their order.

    `address`: where it was read, against which its links are read. Raises Fault for a feed that
    cannot be read.
    """
    import feedparser  # one command alone reads feeds

    try:  # as a file: of bytes that look like an address or a path feedparser would open that
        parsed = feedparser.parse(io.BytesIO(raw), response_headers={"content-location": address})
    except Exception as error:  # whatever it stumbles over is the feed's fault
        raise Fault(
            say("{address} is no feed that can be read.", address=address),
            say("Open it in a browser, and correct `feeds` in the register sources."),
        ) from error
    if parsed.get("version"):
        entries = parsed.entries[:MOST]
        return tuple(
            FeedItem(_line(e.get("title", "")), urljoin(address, e.get("link", "")), _moment(e))
            for e in entries
        )
    links = _Links()
    links.feed(raw.decode("utf-8", errors="replace")[: raw.rfind(b">") + 1])
    rows = (row for row in links.rows if len(_line(row[1])) >= SHORTEST_TITLE)
    return tuple(
        FeedItem(_line(text), urljoin(address, href), _day(after))
        for href, text, after in list(rows)[:MOST]
    )


class _Links(HTMLParser):
    """Each link of a page: address, text, and what stands up to the next one."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            given = dict(attrs)
            self.rows.append([given.get("href") or "", "", ""])
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "a"

    def handle_data(self, data: str) -> None:
        if self.rows:
            self.rows[-1][1 if self._inside else 2] += data


def _line(text: str) -> str:
    plain = unicodedata.normalize("NFC", re.sub(r"<[^>]*>", "", text))  # as YAML is read
    return "".join(c for c in " ".join(plain.split()) if c.isprintable())[:LONGEST_TITLE]


def _moment(entry: Any) -> datetime | None:
    """Its time of publication, else of its last change."""
    own = dict(entry)  # whose `get` answers one for the other, with a warning
    parts = own.get("published_parsed") or own.get("updated_parsed")
    try:
        year, month, day, hour, minute, second = parts[:6] if parts else (0,) * 6
        at = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        return at.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        return None


def _day(text: str) -> datetime | None:
    match = _DAY.search(text)
    year, month, day = map(int, match.groups()) if match else (0, 0, 0)
    try:
        return datetime(year, month, day, tzinfo=SHANGHAI)
    except ValueError:
        return None


def wanted_items(
    items: Iterable[FeedItem], hosts: Iterable[str], words: Iterable[str], now: datetime, days: int
) -> Iterator[FeedItem]:
    """The items of the last days that stand on a host of their source and hold one of the words."""
    served, sought = tuple(hosts), tuple(words)
    for item in items:
        parts = urlsplit(item.url)
        host = (parts.hostname or "").lower()
        of_source = any(host == h or host.endswith(f".{h}") for h in served)
        whole = item.url.isascii() and item.url.isprintable() and " " not in item.url
        if parts.scheme != "https" or not of_source or not whole:
            continue
        if len(item.url) > LONGEST_ADDRESS:
            continue
        if not item.title or (sought and not any(word in item.title for word in sought)):
            continue
        if item.published_at is None or item.published_at > now - timedelta(days=days):
            yield item


def upstream_files(
    items: Iterable[FeedItem], source: str, person: str, now: datetime, present: Iterable[Fact]
) -> dict[str, bytes]:
    """Path → record of each item that no relay and no record names yet."""
    from pipeline.new.yaml_writer import dump

    seen = {plain_address(f["source"]["url"] if f.kind == "relays" else f["url"]) for f in present}
    files: dict[str, bytes] = {}
    for item in items:
        if plain_address(item.url) in seen:
            continue
        seen.add(plain_address(item.url))
        value: Mapping[str, Any] = {
            "person": person,
            "source": source,
            "title": item.title,
            "url": item.url,
            "seen_at": now.isoformat(),
        }
        if item.published_at is not None and item.published_at <= now:
            value = {**value, "published_at": item.published_at.isoformat()}
        digest = hashlib.sha256(item.url.encode()).hexdigest()[:10]
        path = f"{RECORDS}{UPSTREAM}/{now.year}/{local_date(now)}-{digest}.yml"
        files[path] = dump(value)
    return files
