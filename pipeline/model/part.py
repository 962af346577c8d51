"""What a part of the program brings, and the program that is put together of parts.

The kernel imports no part: `pipeline.program` hands them to it, and `program()` gives them to who
asks (docs/decisions/0073). A part names the modules behind what it brings as
``"module:function"``, which are imported when they are called.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar

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


class Weighing(NamedTuple):
    """What a part asks of reviews beyond their signatures."""

    asks: Deferred[..., Any]
    """Registers → whether it asks anything of a review on any day."""
    weighed: Deferred[..., Any]
    """Approvals of a post, the files of its reviews, registers, and what gives the day whose policy
    counts for a review → the approvals that count."""


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
    """(view, `PostView`, text, advice as HTML) → (path, bytes) of files about a post."""
    data: Deferred[..., Mapping[str, object]] | None = None
    """(view, `PostView`, labels) → what the page of a post says in JSON-LD."""
    values: Mapping[str, Deferred[..., Any]] = field(default_factory=dict)
    """Name → (view) → what pages of others show; made once a build, when it is asked for."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One matter, filed in a folder of its own below `pipeline.parts`."""

    name: str
    needs: tuple[str, ...] = ()
    """Parts before this one whose modules it may import."""
    verbs: tuple[Verb, ...] = ()
    channels: tuple[Channel, ...] = ()
    desk: Deferred[[], Any] | None = None
    """Its pages of the desk: a value of `pipeline.parts.desk.frame.DeskPages`."""
    weighs: tuple[Weighing, ...] = ()
    kinds: tuple[Kind, ...] = ()
    tables: tuple[str, ...] = ()
    """Of the report of a month: ``"module:function"``, archive and `Month` → `Table`."""
    reports: tuple[ReportOption, ...] = ()
    pages: PageGroup | None = None


@dataclass(frozen=True, kw_only=True)
class PutTogether:
    """The parts of a program, in their order, and what judging asks of modules it need not know."""

    parts: Sequence[Part] = ()
    rules: str
    """Package of the rules of the program's own law."""
    looks: Deferred[..., Any]
    """→ what looks into the files beside one post: path, bytes → `MediaFact`. Each has a budget."""
    masked: Deferred[..., Any]
    """Text → the same with private data hidden."""
    starred: Deferred[..., Any]
    """Old text, new text → whether the new one is the old one with nothing but these hidden."""
    theme_faults: Deferred[..., Any]
    """Path → bytes of a theme → findings on it."""

    def __post_init__(self) -> None:
        before: set[str] = set()
        for part in self.parts:
            if part.name in before or not before.issuperset(part.needs):
                raise ValueError(f"{part.name} stands twice, or before a part that it needs")
            before.add(part.name)

    @cached_property
    def weighs(self) -> tuple[Weighing, ...]:
        return tuple(weighing for part in self.parts for weighing in part.weighs)

    @cached_property
    def verbs(self) -> Mapping[str, str]:
        """Verb → ``"module:function"``."""
        return dict(verb for part in self.parts for verb in part.verbs)

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        """Platform → channel; the first is the archive, which carries every post."""
        return {channel.platform: channel for part in self.parts for channel in part.channels}

    @property
    def desks(self) -> Sequence[Deferred[[], Any]]:
        """What makes the pages of the desk, part by part."""
        return [part.desk for part in self.parts if part.desk]

    @cached_property
    def tables(self) -> Sequence[str]:
        """Of the report of a month."""
        return [table for part in self.parts for table in part.tables]

    @cached_property
    def reports(self) -> Sequence[ReportOption]:
        """Of a period, beside that of the work of a month."""
        return [report for part in self.parts for report in part.reports]

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Name → register or kind of record."""
        return {kind.name: kind for part in self.parts for kind in part.kinds}

    def kind(self, name: str) -> Kind:
        """A register or kind of record; one that the program has no row for is a plain record."""
        return self.kinds.get(name) or Kind(name, "")

    @cached_property
    def records(self) -> Mapping[str, Kind]:
        """Folder below content/records → kind of record."""
        return {name: kind for name, kind in self.kinds.items() if not kind.register}

    @cached_property
    def lists(self) -> Sequence[str]:
        """Names of the registers that are lists of entries."""
        return [name for name, kind in self.kinds.items() if kind.register and kind.listed]

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Name of a register or kind of record → what it is called in Chinese."""
        return {name: kind.label for name, kind in self.kinds.items()}

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Key or choice of an entry or record → what it is called in Chinese."""
        return {key: word for kind in self.kinds.values() for key, word in kind.words.items()}

    @cached_property
    def named_by(self) -> Mapping[str, Kind]:
        """Key of an entry or record → the register whose entry it names."""
        return {key: kind for kind in self.kinds.values() for key in kind.named_by}

    @cached_property
    def with_posts(self) -> frozenset[str]:
        """Kinds of records that a kept verdict need not ask for."""
        return frozenset(name for name, kind in self.records.items() if kind.with_posts)

    @cached_property
    def signed_folders(self) -> Mapping[str, str]:
        """Kind of the statement → folder below content/records, of those without own readers."""
        signed = (k for k in self.records.values() if k.predicate and not k.own_reader)
        return {kind.predicate: kind.name for kind in signed}

    @cached_property
    def decisions(self) -> Mapping[str, tuple[str, ...]]:
        """Kind of record → events that are a person's own decision."""
        return {name: kind.decisions for name, kind in self.records.items() if kind.decisions}

    @cached_property
    def pages(self) -> Sequence[PageGroup]:
        """What parts bring to the public site."""
        return [part.pages for part in self.parts if part.pages]

    def links(self, where: str, own: Iterable[PageLink] = ()) -> list[PageLink]:
        """A list of links on the site; those of parts stand where they say, else last."""
        rows = [*own]
        for link in (link for group in self.pages for link in group.links if link.where == where):
            urls = [row.url for row in rows]
            rows.insert(urls.index(link.before) if link.before in urls else len(rows), link)
        return rows


_PUT_TOGETHER: list[PutTogether] = []


def put_together(made: PutTogether) -> None:
    """Make this the program; called once, by the composition root."""
    _PUT_TOGETHER[:] = [made]


def program() -> PutTogether:
    """The program that runs."""
    return _PUT_TOGETHER[0]
