"""The site as who makes a page sees it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from pipeline.model.policy import Policy
from pipeline.site.pages.post_view import PostView
from pipeline.site.units import File, Page, Unit

CATEGORY, ACCOUNT, TAG, ALERT = "category", "account", "tag", "alert"
KIND, TOPIC, DEPARTMENT, WAY = "kind", "topic", "department", "way"
"""Kinds of lists of posts."""
EVERY = "every"
"""The one value of `ALERT`."""
WARNINGS = 100
"""Newest ones that a page and a feed show."""


class SiteView(Protocol):
    """What is asked for most; all of it is in `render_context.RenderContext`."""

    @property
    def base(self) -> str:
        """The site's public address, ending in a slash."""

    @property
    def name(self) -> str:
        """Of the archive."""

    @property
    def policy(self) -> Policy: ...

    @property
    def newest(self) -> datetime:
        """When the newest post came."""

    def media(self, path: str) -> bytes:
        """A file of the archive (`SiteInput.media`). Raises KeyError."""

    @property
    def counts(self) -> Mapping[tuple[str, str], int]:
        """(kind, value) of a list → how many posts it holds."""

    def newest_of(self, most: int, kind: str = "", value: str = "") -> tuple[PostView, ...]:
        """The newest posts of a list, or of all; no year is opened that has none of them."""

    @property
    def warnings(self) -> list[tuple[str, datetime]]:
        """(url, when it last changed for a reader) of the newest `WARNINGS`."""

    def totals_of(self, kind: str, value: str) -> tuple[object, ...]:
        """What names a list of the whole as it stands, without a look at its posts."""

    def value(self, name: str, default: Any = ()) -> Any:
        """What a part gives to pages of others (`PageGroup.values`)."""

    def key(self, *values: object) -> str:
        """The key of a unit that shows these values besides what all pages share."""

    def simple(self, url: str, title: str, description: str, template: str, **values: Any) -> Page:
        """A page of one template without a table of contents."""

    def unit(
        self, url: str, key: str, make: Callable[[], Page], changed: datetime | None = None
    ) -> Unit:
        """One page as a unit. Without `changed` its last change is that of the newest post."""

    def stamped(self, page: Page) -> File: ...
