"""What a part of the program brings.

It names the modules behind as ``"module:function"``, which are imported when they are called.
"""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar

from pipeline.model.findings import Message
from pipeline.model.kinds import Kind

Given = ParamSpec("Given")
Made = TypeVar("Made", covariant=True)


def load(where: str) -> Any:
    """What ``"module:name"`` names, or a ``"module"``; the only place that imports by a name."""
    module, _, name = where.partition(":")
    loaded = import_module(module)
    return getattr(loaded, name) if name else loaded


@dataclass(frozen=True)
class Deferred(Generic[Given, Made]):
    """A function of a part, imported when it is first called."""

    where: str
    """``"module:function"``."""

    def __call__(self, *args: Given.args, **kwargs: Given.kwargs) -> Made:
        made: Made = load(self.where)(*args, **kwargs)
        return made


class Verb(NamedTuple):
    """A command of the terminal; its help is the docstring of its function."""

    name: str
    where: str
    """``"module:function"`` of the click command."""


class ReportOption(NamedTuple):
    """The tables of a period: ``sanshen report --NAME PERIOD``."""

    name: str
    help: str
    where: str
    """``"module:function"``: repository, commit, `Month` or `Quarter`, time → `PeriodReport`."""
    quarter: bool = False
    """Whether it is of a quarter; else of a month."""


@dataclass(frozen=True, kw_only=True)
class Channel:
    """Where posts appear in a form of its own."""

    platform: str
    """Of the accounts that carry it, and the channel's own name; ``archive`` has no account."""
    code: str
    """``"module:NAME"`` of its `pipeline.model.channels.ChannelCode`."""
    box: str = ""
    """The word beside its box on the annex's form."""
    hosts: tuple[str, ...] = ()
    """Hosts that the platform's accounts share, so that a host alone names none of them."""
    linked: bool = False
    """Whether its readers can follow every link."""
    image_bytes: int = sys.maxsize
    """An image is smaller than this."""
    feed: str = ""
    """File of the site's feed of its accounts' posts, each ``item`` as its code's `fields` say."""


class PageLink(NamedTuple):
    """An entry of a list of links."""

    where: str
    """`tab`: of the navigation and, on the map, of what is looked for; `foot`: of every page;
    `find` and `data`: of the map; `watch`: of the map and, as a card, of 监督核验."""
    url: str
    title: str
    """Empty: what the regulation calls itself."""
    about: str = ""
    before: str = ""
    """The address before which it stands, in a list that has it; else it stands last."""


@dataclass(frozen=True, kw_only=True)
class PageGroup:
    """Pages of the site about one matter; templates and frames lie below ``site/`` of the part.

    Every function is called with the site's view first: a `pipeline.site.view.SiteView`, or all of
    `pipeline.site.render_context.RenderContext` for who needs more.
    """

    links: tuple[PageLink, ...] = ()
    sections: tuple[str, ...] = ()
    """Folders with pages that have no frame of their own: those that are made by numbers."""
    pages: Mapping[str, Deferred[..., Any]] = field(default_factory=dict)
    """Address → (view) → `Page`, made at every build."""
    whole: Deferred[..., Iterable[Any]] | None = None
    """(view) → `Unit`s of what shows the whole site. Pages that they name stand in the sitemap."""
    year: Deferred[..., Iterable[Any]] | None = None
    """(view, `SiteYear`) → `Unit`s of a year, made of nothing but the year and its neighbours."""
    last: Deferred[..., Iterable[Any]] | None = None
    """(view) → `FinalUnit`s, about other files of the site."""
    beside: Deferred[..., Iterable[tuple[str, bytes]]] | None = None
    """(view, `PostView`, body, advice as HTML) → (path, bytes) of files about a version of it."""
    data: Deferred[..., Mapping[str, object]] | None = None
    """(view, `PostView`, labels) → what the page of a post says in JSON-LD."""
    values: Mapping[str, Deferred[..., Any]] = field(default_factory=dict)
    """Name → (view) → what pages of others show; made once a build, when it is asked for."""


@dataclass(frozen=True, kw_only=True)
class Forge:
    """A kind of server on which an archive may stand."""

    kind: str
    hints: tuple[str, ...] = ()
    """Parts of a host's name that tell of it."""
    host: str = ""
    """Its own host, where none is named."""
    files: tuple[str, ...] = ()
    """What an archive needs there, of the files that ship beside the program."""
    new: str = ""
    """Path below a repository at which a person opens the proposal of {branch} onto {base}."""
    pushed: bool = False
    """Whether a push with options opens the proposal."""
    page: int = 0
    """Entries of a page: an answer of this length may continue, so it counts as not read."""
    code: str = ""
    """``"module:NAME"`` of its `pipeline.cli.forges.ForgeCode`; empty: none knows its API."""
    settings: str = ""
    """``"module:NAME"`` of its `pipeline.parts.witness.settings.ForgeSettings`."""
    polled: bool = False
    """Whether a machine of the bureau looks at its proposals (`sanshen forge poll`)."""
    signed_only: Message | None = None
    """Why its reviews cannot be witnessed."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One matter, filed in a folder of its own below `pipeline.parts`."""

    name: str
    needs: tuple[str, ...] = ()
    """Parts before this one whose modules it may import."""
    verbs: tuple[Verb, ...] = ()
    channels: tuple[Channel, ...] = ()
    forges: tuple[Forge, ...] = ()
    desk: Deferred[[], Any] | None = None
    """Its pages of the desk: a value of `pipeline.parts.desk.frame.DeskPages`."""
    founding: Deferred[..., None] | None = None
    """(session, folder, `pipeline.new.new_archive.NewArchive`, address): an archive is founded on
    pages."""
    kinds: tuple[Kind, ...] = ()
    tables: tuple[str, ...] = ()
    """Of the report of a month: ``"module:function"``, archive and `Month` → `Table`."""
    reports: tuple[ReportOption, ...] = ()
    pages: PageGroup | None = None
