"""A post for an APP: HTML that stands on its own outside the archive, and its JSON Feed item."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import nh3

from pipeline.detect.classes import classes
from pipeline.model.calendar import SHANGHAI
from pipeline.model.channels import ChannelCode, ChannelRegisters, SavedPage
from pipeline.model.posts import UNKNOWN, Post, Rendition, Sizes
from pipeline.render import archive, body, tokens
from pipeline.render.markup import HEADINGS, SCHEMES, TAGS

APP = "app"
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "ol": frozenset({"start"}),
    "th": frozenset({"scope"}),
    **dict.fromkeys(HEADINGS, frozenset({"id"})),
}
"""No classes, roles or places for the keyboard: those belong to the archive's own page."""


def render_app(post: Post, registers: ChannelRegisters, sizes: Sizes = UNKNOWN) -> Rendition:
    """The archive's rendition without its page: plain tags, images by their full address.

    Channel ``app``; same text, links and images. Never raises.
    """
    made = archive.render_archive(post, registers, sizes)
    html = _cleaner(body.archive_url(post, registers)).clean(made.html)
    return replace(made, channel=APP, html=html)


def _cleaner(page: str) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS - {"div", "span"}),
        clean_content_tags={"script", "style"},
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_absolute(page),
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )


def _absolute(page: str) -> Callable[[str, str, str], str | None]:
    """Files are named relative to the archive's page, which an APP does not know."""

    def rewritten(tag: str, name: str, value: str) -> str | None:
        relative = name == "href" and not tokens.links_to(value)
        return page + value if (tag, name) == ("img", "src") or relative else value

    return rewritten


def feed_item(post: Post, registers: ChannelRegisters, rendition: Rendition) -> dict[str, Any]:
    """The post as one item of a JSON Feed 1.1, keys without a value left out.

    `rendition` is that of channel ``app``; its id is the one the archive's own feeds give.
    """
    page = body.archive_url(post, registers)
    moment = post.publish_at
    images = [page + quote(i.file) for i in rendition.images if _beside(i.file, post)]
    unit = str(registers.policy.unit_of(post.id).get("full_name", ""))
    item = {
        "id": registers.policy.tag(post.id),
        "url": page,
        "title": rendition.title,
        "summary": str(post.meta.get("summary", "")),
        "content_html": rendition.html,
        "content_text": rendition.text,
        "image": images[0] if images else "",
        "date_published": moment.astimezone(SHANGHAI).isoformat() if moment else "",
        "tags": [str(tag) for tag in post.meta.get("tags", ())],
        "authors": [{"name": unit}] if unit else [],
        "language": "zh-CN",
    }
    filled = {key: value for key, value in item.items() if value}
    # An item needs content even when it is withdrawn and empty (JSON Feed 1.1, items).
    return {"content_html": "", **filled}


def _beside(file: str, post: Post) -> bool:
    return f"{post.folder}/{file}" in post.manifest


class AppChannel(ChannelCode):
    """An APP, which takes what the archive shows."""

    page = SavedPage(added=classes("drift")["app"])

    def render(self, post: Post, registers: ChannelRegisters, sizes: Sizes) -> Rendition:
        return render_app(post, registers, sizes)

    def feed_item(
        self, post: Post, registers: ChannelRegisters, made: Rendition
    ) -> Mapping[str, Any]:
        return feed_item(post, registers, made)


CODE = AppChannel()
