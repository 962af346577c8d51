"""What a part of the program brings: kinds of records, channels, pages, forges.

It names the modules behind as ``"module:function"``, which are imported when they are called.
A kind is one row, and no name of it stands in any table. Its schema lies in
schemas/registers/NAME.json, schemas/records/NAME.json, or, of what is signed, in
schemas/statements/PREDICATE.json.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from importlib import import_module
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar

from pipeline.model.findings import Message

YEAR = r"\d{4}"
FILE = r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}"
LONG = r"[A-Za-z0-9][A-Za-z0-9._-]{0,159}"
"""A name that holds that of another record."""
POST_ID = r"\d{4}-\d{2}-\d{2}-[a-z0-9]+(?:-[a-z0-9]+)*"
SIGNED = r"\.json(?:\.sig)?"


@dataclass(frozen=True)
class Kind:
    """How the program deals with the entries of one register, or the records of one kind."""

    name: str
    """content/registers/NAME.yml, or the folder content/records/NAME."""
    label: str
    """What it is called in Chinese."""
    _: KW_ONLY
    words: Mapping[str, str] = field(default_factory=dict)
    """Key or choice of its schema → what it is called in Chinese, where `zh_names` has no word."""
    register: bool = False
    listed: bool = True
    """Whether a register is a list of entries with ids; false: whole years, settings, a roster."""
    own_reader: bool = False
    """Whether it has a class and a reader of its own in the kernel."""
    checks: str = ""
    """``"module:function"`` → findings across entries: of a register `RegisterCheck`, of plain
    records `RecordCheck`."""
    named_by: tuple[str, ...] = ()
    """Keys of other registers and records that name an entry of this register."""
    predicate: str = ""
    """What the statement is called that a person signs; empty: a plain record."""
    files: str = ""
    """Regular expression of paths below its folder; empty: YEAR/NAME.yml, or .json if signed."""
    ever: bool = False
    """Whether a record of any year counts; of others, those of the last years."""
    whole: bool = False
    """Whether a change is judged with all of them: their order counts, or they bind others."""
    with_posts: bool = False
    """Whether a kept verdict need not ask for them: they name the post or day that they are about,
    or are read at every run."""
    names_posts: bool = False
    """Whether a change of one is judged with the posts that it names."""
    names_new: tuple[str, ...] = ()
    """Keys that may name what is not in its register yet."""
    decisions: tuple[str, ...] = ()
    """Events that are a person's own decision, in their order: no one else's signature counts."""
    on_entry: str = ""
    """``"module:function"`` → findings on what a record is given (`EntryCheck`)."""
    of_long_ago: bool = False
    """Whether it lists what happened long before, so that nothing of it is entered late."""

    @property
    def plain(self) -> bool:
        """Whether its records are unsigned, one by one, and of days that the archive saw."""
        return not (self.predicate or self.own_reader or self.files or self.of_long_ago)

    def holds(self, path: str) -> bool:
        """Whether a path below content/records/NAME/ may be one of its files."""
        ending = SIGNED if self.predicate else r"\.yml"
        return bool(re.fullmatch(self.files or f"{YEAR}/{FILE}{ending}", path, re.ASCII))


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
    """(view, `PostView`, body without advice, advice, as HTML) → (path, bytes) of files about a
    version of it."""
    data: Deferred[..., Mapping[str, object]] | None = None
    """(view, `PostView`, labels) → what the page of a post says in JSON-LD."""
    values: Mapping[str, Deferred[..., Any]] = field(default_factory=dict)
    """Name → (view) → what pages of others show; made once a build, when it is asked for."""
    apart: Mapping[str, str] = field(default_factory=dict)
    """Path of a script that runs apart from every page → the policy of its own answer."""


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
