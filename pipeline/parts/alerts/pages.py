"""Warnings: their page, each as a message of CAP 1.2 (OASIS), and an Atom feed of these.

A drill is a message of status Exercise and stands apart on the page; the feed holds none.

A message is made of what was signed and of when each revision was confirmed, never of the time of
a build. A later revision is an Update of all before it, a lifted or withdrawn warning a Cancel.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from pipeline.detect.alerts import alerts
from pipeline.evidence.review.statements import moment_of, predicate_of
from pipeline.model import zh_names
from pipeline.model.calendar import SHANGHAI
from pipeline.model.posts import DRILL_LABEL
from pipeline.render.xml_text import clean, escape, quoteattr
from pipeline.site.atom import atom_feed
from pipeline.site.evidence.confirmations import earlier_confirmations
from pipeline.site.page import Page
from pipeline.site.pages.post_view import PostView
from pipeline.site.units import File, Unit
from pipeline.site.view import ALERT, EVERY, SiteView

URL = "alerts/"
TYPE = "application/cap+xml"
NEWEST = 100  # warnings of the page and the feed
_SEVERITY: Mapping[int, str] = {1: "Extreme", 2: "Severe", 3: "Moderate", 4: "Minor"}
_CATEGORIES = (
    ("Fire", re.compile("火")),
    ("Geo", re.compile("地质|地震|滑坡|泥石流|山体")),
    ("Env", re.compile("污染")),
)
_TAG = re.compile(r"<[^<>]*>")
_SOON = timedelta(hours=1)
_Pairs = Iterator[tuple[str, str]]


def alert_units(ctx: SiteView) -> Iterator[Unit]:
    """The page and the feed."""
    totals = ctx.totals_of(ALERT, EVERY)
    yield ctx.unit(URL, ctx.key(URL, totals), partial(_page, ctx))
    yield Unit(f"feed:{URL}", ctx.key("feed", URL, totals), lambda: [_feed(ctx)])


def _page(ctx: SiteView) -> Page:
    newest = ctx.newest_of(NEWEST, ALERT, EVERY)
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


def address(post: str) -> str:
    """Where the message of a warning lies, from the site's root."""
    return f"{URL}{post}.xml"


def message(ctx: SiteView, view: PostView, text: str, advice: str) -> Iterator[File]:
    """A warning's newest message; nothing beside other posts.

    `text`: its body; `advice`: HTML of what to do, if any.
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
        info = f"<info>\n{_xml(_info(ctx, view, view.card.alert, text, advice))}</info>\n"
    whole = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">\n{_xml(rows)}{info}</alert>\n'
    )
    yield address(view.id), whole.encode()


def hazard_of(view: PostView) -> str:
    """What its title warns of, like 暴雨; empty when it names nothing known."""
    return next((a.hazard for a in alerts(view.title) if a.hazard), "")


def _info(
    ctx: SiteView, view: PostView, alert: Mapping[str, Any], text: str, advice: str
) -> _Pairs:
    issued, starts, ends = (
        datetime.fromisoformat(alert[key]) for key in ("issued_at", "starts_at", "ends_at")
    )
    lifted = datetime.fromisoformat(alert["lifted_at"]) if alert.get("lifted_at") else None
    hazard = hazard_of(view)
    yield "language", "zh-CN"
    yield "category", next((c for c, words in _CATEGORIES if words.search(hazard)), "Met")
    word = zh_names.DRILL if view.card.drill else "预警"
    yield "event", f"{hazard}{zh_names.COLOURS.get(alert['color'], '')}{word}"
    if lifted:
        yield "responseType", "AllClear"
    near = "Immediate" if starts <= issued else "Expected" if starts - issued <= _SOON else "Future"
    yield "urgency", "Past" if lifted else near
    yield "severity", _SEVERITY.get(alert["level"], "Unknown")
    yield "certainty", "Likely"
    yield "effective", _time(issued)
    yield "onset", _time(starts)
    yield "expires", _time(min(ends, lifted or ends))
    yield "senderName", str(alert["issuer"])
    yield "headline", view.title
    yield "description", text
    if advice and not lifted:
        yield "instruction", unescape(_TAG.sub("", advice))
    yield "web", ctx.base + view.url
    for area in alert["areas"]:
        yield "area", f"\n<areaDesc>{escape(clean(str(area)))}</areaDesc>\n"


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
    path = view.card.reviews[-1] if view.card.reviews else ""
    at = moment_of(predicate_of(ctx.media(path))["signed_at"]) if path else view.moment
    return [*rows, (view.card.revision, at)]


def _identifier(ctx: SiteView, view: PostView, revision: int) -> str:
    return f"{ctx.policy.archive['id']}.{view.id}.{revision}"


def _sender(ctx: SiteView) -> str:
    return str(urlsplit(ctx.base).hostname or ctx.base)


def _time(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _feed(ctx: SiteView) -> File:
    views = [v for v in ctx.newest_of(NEWEST, ALERT, EVERY) if not v.card.drill]
    rows = [(view, max(view.moment, _sent(ctx, view)[-1][1])) for view in views]
    begun = datetime(2000, 1, 1, tzinfo=SHANGHAI)
    updated = max((moment for _, moment in rows), default=begun)
    tag = ctx.policy.tag
    entries = "".join(
        f"<entry>\n<title>{'已撤回：' if view.withdrawn else ''}{escape(view.title)}</title>\n"
        f"<id>{escape(tag(view.id))}</id>\n<updated>{_time(moment)}</updated>\n"
        f'<link rel="alternate" type="{TYPE}" href={quoteattr(ctx.base + address(view.id))}/>\n'
        f'<link rel="alternate" type="text/html" href={quoteattr(ctx.base + view.url)}/>\n'
        f"<summary>{escape(view.summary)}</summary>\n</entry>\n"
        for view, moment in rows
    )
    return atom_feed(ctx, URL, f"预警 - {ctx.name}", _time(updated), entries)
