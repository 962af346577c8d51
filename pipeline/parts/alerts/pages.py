"""Warnings: their page, each as a message of CAP 1.2 (OASIS), an Atom feed of these, a calendar.

A drill is a message of status Exercise and stands apart on the page; the feed holds none.

Each says the same once more in English, of what the front matter states; what it describes stays
Chinese. A message is made of what was signed and of when each revision was confirmed, never of the
time of a build. A later revision is an Update of all before it, a lifted or withdrawn warning a
Cancel.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.detect.alerts import alerts
from pipeline.evidence.review.statements import moment_of
from pipeline.model import zh_names
from pipeline.model.calendar import SHANGHAI
from pipeline.model.posts import DRILL_LABEL
from pipeline.render.xml_text import clean, escape, quoteattr
from pipeline.report.calendar_file import calendar_file
from pipeline.site.atom import atom_feed
from pipeline.site.evidence.confirmations import earlier_confirmations
from pipeline.site.pages.post_view import PostView
from pipeline.site.units import File, Page, Unit
from pipeline.site.view import ALERT, EVERY, WARNINGS, SiteView

URL = "alerts/"
TYPE = "application/cap+xml"
_SEVERITY: Mapping[int, str] = {1: "Extreme", 2: "Severe", 3: "Moderate", 4: "Minor"}
_CATEGORIES = (
    ("Fire", re.compile("火")),
    ("Geo", re.compile("地质|地震|滑坡|泥石流|山体")),
    ("Env", re.compile("污染")),
)
_TAG = re.compile(r"<[^<>]*>")
_FIGURE = re.compile(r"<figure\b.*?</figure>", re.DOTALL)
_GB2260 = "GB/T 2260"
_SOON = timedelta(hours=1)
_Pairs = Iterator[tuple[str, str]]


def alert_units(ctx: SiteView) -> Iterator[Unit]:
    """The page and the feed."""
    totals = ctx.totals_of(ALERT, EVERY)
    yield ctx.unit(URL, ctx.key(URL, totals, ctx.newest), partial(_page, ctx))
    yield Unit(f"feed:{URL}", ctx.key("feed", URL, totals), lambda: [_feed(ctx), _calendar(ctx)])


def _page(ctx: SiteView) -> Page:
    newest = ctx.newest_of(WARNINGS, ALERT, EVERY)
    drills = [v for v in newest if v.card.drill]
    current = [v for v in newest if v.alert and not v.alert.over and not v.withdrawn]
    return ctx.simple(
        URL,
        "预警",
        "生效中的预警和以往的预警",
        "alerts.html.j2",
        current=current,
        past=[v for v in newest if v not in current and v not in drills],
        drills=drills,
        count=ctx.counts.get((ALERT, EVERY), 0),
    )


def address(page: str) -> str:
    """Where the message of the version of a warning that a page shows lies, from the site's root:
    that of an earlier one stays when it is updated or cancelled."""
    return f"{URL}{page.rstrip('/').rpartition('/')[2]}.xml"


def message(ctx: SiteView, view: PostView, body: str, advice: str) -> Iterator[File]:
    """The message of a version of a warning; nothing beside other posts.

    `body`, `advice`: HTML; what to do, if any, is no part of the body.
    """
    if view.card.kind != "alert":
        return
    sent = _sent(ctx, view)
    lifted = bool(view.card.alert and view.card.alert.get("lifted_at"))
    ends, drill = lifted or view.withdrawn, view.card.drill
    policy, earlier = ctx.policy, sent[:-1]
    rows = [
        ("identifier", _identifier(ctx, view, sent[-1][0])),
        ("sender", _sender(ctx)),
        ("sent", _time(sent[-1][1])),
        ("status", "Exercise" if drill else "Test" if policy.archive.get("demo") else "Actual"),
        ("msgType", ("Cancel" if ends else "Update") if earlier or view.withdrawn else "Alert"),
        ("scope", "Public"),
        *([("note", f"{DRILL_LABEL}。")] if drill else ()),
    ]
    if earlier:
        former = (f"{_sender(ctx)},{_identifier(ctx, view, n)},{_time(at)}" for n, at in earlier)
        rows.append(("references", " ".join(former)))
    info = ""
    if view.card.alert and not view.withdrawn:
        stated = view.card.alert
        texts = _chinese(view, stated, body, advice), _english(ctx, view, stated)
        infos = (_xml(_info(ctx, view, stated, words)) for words in texts)
        info = "".join(f"<info>\n{one}</info>\n" for one in infos)
    whole = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">\n{_xml(rows)}{info}</alert>\n'
    )
    yield address(view.url), whole.encode()


def hazard_of(view: PostView) -> str:
    """What its title warns of, like 暴雨; empty when it names nothing known."""
    return next((a.hazard for a in alerts(view.title) if a.hazard), "")


_InfoText = tuple[str, str, str, str, str]
"""What a message says in one language: language, event, headline, description, instruction."""


def _chinese(view: PostView, alert: Mapping[str, Any], body: str, advice: str) -> _InfoText:
    """What to do stands once, and no picture: a description is text alone."""
    word = zh_names.DRILL if view.card.drill else "预警"
    event = f"{hazard_of(view)}{zh_names.COLOURS.get(alert['color'], '')}{word}"
    text = _FIGURE.sub("", body)
    instruction = "" if alert.get("lifted_at") else _text(advice)
    return "zh-CN", event, view.title, _text(text), instruction


def _text(html: str) -> str:
    return unescape(_TAG.sub("", html))


def _english(ctx: SiteView, view: PostView, alert: Mapping[str, Any]) -> _InfoText:
    line = english_line(ctx, view, alert)
    word = "warning exercise" if view.card.drill else "warning"
    event = f"{hazard_in_english(hazard_of(view))} {word}".strip().capitalize()
    return "en", event, line, f"{line} The full text is in Chinese: {ctx.base}{view.url}", ""


def places_in_english(ctx: SiteView, view: PostView) -> Mapping[str, str]:
    """Names of places as the unit gives them; none is made here, for signs have several sounds."""
    names: Mapping[str, str] = ctx.policy.unit_of(view.id).get("english_areas", {})
    return names


def english_line(ctx: SiteView, view: PostView, alert: Mapping[str, Any]) -> str:
    """One sentence on a warning for who reads no Chinese: level, hazard, time, places, numbers."""
    names, lifted = _names(), alert.get("lifted_at")
    what = f"{names['colours'].get(alert['color'], '')} warning".strip()
    level = names["levels"].get(str(alert["level"]), "")
    hazard = hazard_in_english(hazard_of(view))
    begin, end = (
        f"{datetime.fromisoformat(alert[key]).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        for key in ("starts_at", "ends_at")
    )
    drill = "EXERCISE ONLY. " if view.card.drill else ""
    about = f"{drill}{what}{f' ({level})' if level else ''}{f': {hazard}' if hazard else ''}"
    if lifted:
        return f"{about}. Lifted."
    places = places_in_english(ctx, view)
    areas = ", ".join(places.get(area, area) for area in map(str, alert["areas"]))
    return (
        f"{about}. From {begin} to {end} (UTC+8). Areas: {areas}."
        " Fire and rescue 119, ambulance 120, police 110."
    )


def english(ctx: SiteView) -> Callable[[PostView], str]:
    """For a post's page: the line of a warning that was not over when the site was built."""
    return lambda v: english_line(ctx, v, v.card.alert) if v.card.alert and _lasting(v) else ""


def english_file(_ctx: SiteView) -> Callable[[PostView], str]:
    """For a post's head: its message, where that says in English what it warns of."""
    return lambda v: address(v.url) if v.card.alert and not v.withdrawn else ""


def _lasting(view: PostView) -> bool:
    """Whether its warning was not over when the site was built, and says when it is."""
    return bool(view.alert and not view.alert.over and all(view.alert.turns[:2]))


def hazard_in_english(hazard: str) -> str:
    """By the longest word of the table that it holds; empty when it holds none."""
    return next((name for word, name in _names()["hazards"].items() if word in hazard), "")


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    names: Mapping[str, Mapping[str, str]] = json.loads(
        Path(__file__).with_name("english.json").read_bytes()
    )
    return names


def _info(ctx: SiteView, view: PostView, alert: Mapping[str, Any], words: _InfoText) -> _Pairs:
    issued, starts, ends = (
        datetime.fromisoformat(alert[key]) for key in ("issued_at", "starts_at", "ends_at")
    )
    lifted = datetime.fromisoformat(alert["lifted_at"]) if alert.get("lifted_at") else None
    hazard, (language, event, headline, description, instruction) = hazard_of(view), words
    yield "language", language
    yield "category", next((c for c, kind in _CATEGORIES if kind.search(hazard)), "Met")
    yield "event", event
    asked = ["AllClear"] if lifted else alert.get("responses", ())
    yield from (("responseType", name) for name in asked)
    near = "Immediate" if starts <= issued else "Expected" if starts - issued <= _SOON else "Future"
    yield "urgency", "Past" if lifted else near
    yield "severity", _SEVERITY.get(alert["level"], "Unknown")
    yield "certainty", "Likely"
    yield "effective", _time(issued)
    yield "onset", _time(starts)
    yield "expires", _time(min(ends, lifted or ends))
    yield "senderName", str(alert["issuer"])
    yield "headline", headline
    yield "description", description
    if instruction:
        yield "instruction", instruction
    yield "web", ctx.base + view.url
    codes = ctx.policy.unit_of(view.id).get("areas", {})
    english = places_in_english(ctx, view) if language == "en" else {}
    for area in map(str, alert["areas"]):
        code = _xml([("valueName", _GB2260), ("value", codes[area])]) if area in codes else ""
        code = f"<geocode>\n{code}</geocode>\n" if code else ""
        yield "area", f"\n<areaDesc>{escape(clean(english.get(area, area)))}</areaDesc>\n{code}"


def _xml(rows: Any) -> str:
    return "".join(f"<{k}>{v if k == 'area' else escape(_lines(v))}</{k}>\n" for k, v in rows)


def _lines(text: str) -> str:
    """Without blank lines and what XML cannot hold."""
    return "\n".join(filter(None, (clean(line).strip() for line in text.split("\n"))))


def _sent(ctx: SiteView, view: PostView) -> list[tuple[int, datetime]]:
    """(revision, when it was confirmed) of the published ones, the present one last."""
    rows = [
        (number, moment_of(statement["predicate"]["signed_at"]))
        for number, statement in earlier_confirmations(ctx.media, view)
    ]
    return [*rows, (view.card.revision, _confirmed(view))]


def _confirmed(view: PostView) -> datetime:
    """When the present revision was confirmed."""
    return datetime.fromisoformat(view.card.confirmed_at or view.moment.isoformat())


def _identifier(ctx: SiteView, view: PostView, revision: int) -> str:
    return f"{ctx.policy.archive['id']}.{view.id}.{revision}"


def _sender(ctx: SiteView) -> str:
    return str(urlsplit(ctx.base).hostname or ctx.base)


def _time(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _feed(ctx: SiteView) -> File:
    views = [v for v in ctx.newest_of(WARNINGS, ALERT, EVERY) if not v.card.drill]
    rows = [(view, max(view.moment, _confirmed(view))) for view in views]
    updated = max((moment for _, moment in rows), default=datetime(2000, 1, 1, tzinfo=SHANGHAI))
    entries = "".join(
        f"<entry>\n<title>{'已撤回：' if view.withdrawn else ''}{escape(view.title)}</title>\n"
        f"<id>{escape(ctx.policy.tag(view.id))}</id>\n<updated>{_time(moment)}</updated>\n"
        f'<link rel="alternate" type="{TYPE}" href={quoteattr(ctx.base + address(view.url))}/>\n'
        f'<link rel="alternate" type="text/html" href={quoteattr(ctx.base + view.url)}/>\n'
        f"<summary>{escape(view.summary)}</summary>\n</entry>\n"
        for view, moment in rows
    )
    return atom_feed(ctx, URL, f"预警 - {ctx.name}", _time(updated), entries)


def _calendar(ctx: SiteView) -> File:
    """For calendars of phones: each warning while it holds; no drill."""
    events = filter(None, (_event(ctx, view) for view in ctx.newest_of(WARNINGS, ALERT, EVERY)))
    return f"{URL}calendar.ics", calendar_file("-//sanshen//zh-CN", f"预警 - {ctx.name}", events)


def _event(ctx: SiteView, view: PostView) -> dict[str, object]:
    """A warning in a calendar; nothing of a drill, or of one that says not how long it holds."""
    alert = view.card.alert
    if not alert or not view.alert or not all(view.alert.turns[:2]):
        return {}
    begin, end, *lifted = (
        datetime.fromisoformat(turn).astimezone(UTC) for turn in view.alert.turns if turn
    )
    return {
        "uid": f"{view.id}@{_sender(ctx)}",
        "dtstamp": _confirmed(view).astimezone(UTC),
        "sequence": view.card.revision - 1,
        "dtstart": begin,
        "dtend": max(begin, min(end, *lifted or [end])),
        "summary": f"{'已撤回：' if view.withdrawn else ''}{view.title}",
        "location": "、".join(map(str, alert["areas"])),
        "url": ctx.base + view.url,
        "status": "CANCELLED" if view.withdrawn else "CONFIRMED",
    }
