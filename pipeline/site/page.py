"""A page of the site, before it is stamped into a frame."""

from collections.abc import Mapping

from pipeline.model.frozen import dataclass, field
from pipeline.site.addresses import root_of


@dataclass(frozen=True)
class Crumb:
    """A step of the way from the home page; `url` is relative to the site's root."""

    text: str
    url: str


@dataclass(frozen=True)
class Page:
    """What is stamped into a frame."""

    url: str
    """From the site's root, `` for home, ending in a slash otherwise."""
    title: str
    description: str
    content: str
    crumbs: tuple[Crumb, ...] = ()
    toc: tuple[tuple[int, str, str], ...] = ()
    """(level 2 or more, id, text)."""
    earlier: Crumb | None = None
    later: Crumb | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    """Of an article, for search engines; other pages are columns."""
    feed: str = ""
    """Folder of the feeds of what the page lists, from the site's root."""
    data: Mapping[str, object] = field(default_factory=dict)
    """What the page is about as JSON-LD, in the words of schema.org."""
    picture: str = ""
    """Attributes of a preload of the picture on its first screen, as HTML."""

    @property
    def root(self) -> str:
        return root_of(self.url)
