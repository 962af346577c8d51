"""Pages for machines of the wider web: JSON-LD of schema.org, and the manifest of the site."""

import json
import re
from collections.abc import Mapping

from pipeline.model import zh_names
from pipeline.parts.alerts.pages import hazard_of
from pipeline.site.pages.post_view import PostView
from pipeline.site.render_context import RenderContext
from pipeline.site.units import File

_TELLING = ("correction", "withdrawal")
"""Kinds of later changes that say that something was wrong."""


def article(ctx: RenderContext, view: PostView, labels: Mapping[str, str]) -> dict[str, object]:
    """A post as a NewsArticle, a warning as a SpecialAnnouncement; of a withdrawn one no more than
    its page tells. `labels`: those of its page."""
    policy, url = ctx.site.archive.registers.policy, ctx.base + view.url
    warning = None if view.card.drill else view.card.alert
    unit = {
        "@type": "GovernmentOrganization",
        "name": str(policy.unit_of(view.id).get("full_name", "")),
        "url": ctx.base,
    }
    source = labels["ContentSource"]
    author = {"@type": "Organization", "name": source} if source != unit["name"] else unit
    posted = view.moment.isoformat()
    values: dict[str, object] = {
        "@type": "SpecialAnnouncement" if warning and not view.withdrawn else "NewsArticle",
        "@id": url,
        "url": url,
        "mainEntityOfPage": url,
        "identifier": view.index_no,
        "name": view.title,
        "headline": view.title,
        "inLanguage": "zh-CN",
        "isAccessibleForFree": True,
        "datePublished": posted,
        "dateModified": view.updated.isoformat(),
        "publisher": unit,
        "author": author,
        "creativeWorkStatus": view.validity,
        "correction": [
            {
                "@type": "CorrectionComment",
                "name": zh_names.CORRECTIONS[change.kind],
                "text": change.reason,
                "datePublished": change.changed_on.isoformat(),
                "url": f"{url}#corrections",
            }
            for change in view.corrections
            if change.kind in _TELLING
        ],
    }
    if not view.withdrawn:
        values |= {
            "description": view.summary,
            "articleSection": view.short_category,
            "keywords": list(view.tags),
            "image": labels.get("Image", ""),
            "expires": view.card.expires_on,
        }
    if warning and not view.withdrawn:
        values |= {
            "text": view.summary,
            "category": hazard_of(view) or view.kind,
            "datePosted": posted,
            "expires": warning.get("lifted_at") or warning["ends_at"],
            "spatialCoverage": [{"@type": "Place", "name": each} for each in warning["areas"]],
            "webFeed": f"{ctx.base}alerts/feed.xml",
        }
        del values["articleSection"], values["creativeWorkStatus"]  # the reader's clock tells
    return {name: value for name, value in values.items() if value or value is False}


def web_manifest(ctx: RenderContext) -> File:
    """How a phone shows the site on its home screen (W3C, Web Application Manifest)."""
    unit, theme = ctx.site.archive.registers.policy.unit, ctx.site.theme
    icons = [
        {"src": f"assets/icon-{n}.png", "sizes": f"{n}x{n}", "type": "image/png", "purpose": use}
        for n in (192, 512)
        for use in ("any", "maskable")
    ]
    colour = re.search(rb'theme-color" content="(.+?)"', theme.get("site/overrides/main.html", b""))
    value = {
        "name": ctx.name,
        "short_name": str(unit.get("short_name", ctx.name)),
        "lang": "zh-CN",
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",
        **({"theme_color": colour[1].decode()} if colour else {}),
        "background_color": "#ffffff",
        "icons": icons,
    }
    return "site.webmanifest", f"{json.dumps(value, ensure_ascii=False, indent=1)}\n".encode()
