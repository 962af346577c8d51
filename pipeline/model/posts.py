"""A post: its front matter, body, files, and who handled them in git."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cached_property
from html import unescape
from types import MappingProxyType
from typing import Any, Generic, TypeVar
from urllib.parse import unquote

from pipeline.model.calendar import local_date
from pipeline.model.documents import Document
from pipeline.model.findings import Effect, Finding, Location, Message
from pipeline.model.ids import NO_DIGEST, AccountId, CommitId, Digest, PostId, sha256_of

DRILL_LABEL = "本信息为演练，不是真实预警"
"""What every channel shows of a drill."""
ON_DEMAND = frozenset({"docx", "xlsx", "pptx", "ofd", "csv"})
"""Endings of files that are published only where the text names them."""


@dataclass(frozen=True)
class Handler:
    """An author, committer or co-author of a commit that touched a post's files."""

    email: str
    part: str
    """``author``, ``committer`` or ``co-author``."""
    commit: CommitId
    records: tuple[str, ...] = ()
    """Of a commit that a merge made (a squash): the signed statements on the post it brought."""


@dataclass(frozen=True)
class MediaFact:
    """What the bytes of a file beside the post tell, read once (R13-10)."""

    path: str
    words: str = ""
    """Text of a table or an office document."""
    position: bool = False
    """Where it was made: a GPS position."""
    author: bool = False
    """Who made it, in a hidden field."""
    unread: bool = False
    """There may be words that no machine looked at."""
    broken: bool = False
    """It cannot be read, or is not what its name says (R10-5)."""
    made_by_machine: str = ""
    """Its implicit label (GB 45438-2025): ``1`` made by a machine, ``2`` perhaps, ``3`` by all
    appearances; empty: it carries none (R13-5)."""
    acts: tuple[str, ...] = ()
    """What it does beyond being read, or what keeps that from sight: ``script``, ``launch``,
    ``embedded``, ``encrypted``, ``hidden``, ``macro``, ``formula``, ``external``, ``dtd``,
    ``path``, ``revisions`` (R13-4)."""
    where: str = ""
    """Where in it the first of the last five stands: line and cell of a table, or a part's name."""
    trailing: bool = False
    """A picture with something behind its end (R10-5)."""
    withheld: bool = False
    """Its bytes are not what its ending says, so that no link to it would work (R10-6)."""


Value = TypeVar("Value")


class Read(Generic[Value]):
    """A property that one line reads from its front matter or its id."""

    def __init__(self, read: "Callable[[Post], Value]") -> None:
        self._read = read

    def __get__(self, post: "Post", _: type) -> Value:
        return self._read(post)


@dataclass(frozen=True)
class Post:
    """One post with all its files.

    `meta` holds only front-matter keys that passed their article's schema; the others are in
    `invalid`, and clauses that need them are not evaluated.
    """

    id: PostId
    folder: str
    """``content/posts/<year>/<id>``"""
    document: Document
    meta: Mapping[str, Any]
    invalid: frozenset[str]
    body: str
    body_line: int
    """Line of the file on which the body starts, from 1."""
    manifest: Mapping[str, Digest]
    """Path inside the archive → sha256 (lower-case hex) of every file of the post."""
    problems: tuple[Finding, ...] = ()
    handlers: tuple[Handler, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
    """Path → size in bytes of every file of the post."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Path → text of the snapshots beside the post (``*.txt``, ``*.md`` but post.md)."""
    media: tuple[MediaFact, ...] = ()
    """Of every other file that has such facts."""
    correction: Digest = NO_DIGEST
    """sha256 (hex) of the record at `correction_path`; empty when there is none."""
    door_problems: tuple[Finding, ...] = ()
    """What refuses a post that is still to come to main and is noted of one that stands, for
    older programs let it pass (docs/decisions/0031)."""
    unread: tuple[str, ...] = ()
    """``body`` where it could not be told from the bytes of post.md, ``texts`` where a snapshot
    could not be read: what is empty here says nothing then."""

    path = Read(lambda post: f"{post.folder}/post.md")
    year = Read(lambda post: post.id[:4])
    title = Read(lambda post: str(post.meta.get("title", post.id)))
    revision = Read(lambda post: int(post.meta.get("revision", 1)))
    kind = Read(lambda post: str(post.meta.get("kind", "")))
    declared = Read(
        lambda post: frozenset({str(post.meta.get("author", "")), *post.meta.get("co_authors", ())})
    )
    """Ids of those whom the front matter names as makers."""
    accounts = Read[tuple[AccountId, ...]](lambda post: tuple(post.meta.get("accounts", ())))
    publish_at = Read[datetime | None](lambda post: post.meta.get("publish_at"))
    created_on = Read[date | None](lambda post: post.meta.get("created_on"))
    withdrawn = Read(lambda post: post.meta.get("validity") == "withdrawn")
    ended = Read(lambda post: post.meta.get("validity") in ("withdrawn", "expired"))
    """Whether it holds no more, so that no account is to carry it anew."""
    drill = Read(lambda post: bool(post.meta.get("alert", {}).get("exercise")))
    """Whether its warning is an exercise."""

    @property
    def correction_path(self) -> str:
        """Path of the record that says what this revision changes."""
        return f"content/records/corrections/{self.year}/{self.id}.r{self.revision}.yml"

    @cached_property
    def publish_day(self) -> date | None:
        """The day of `publish_at` in Asia/Shanghai: asked for by most clauses, for their settings.
        None where it breaks its schema: today's settings do then."""
        if "publish_at" in self.invalid or "" in self.invalid:
            return None
        return local_date(self.publish_at) if self.publish_at else None

    @cached_property
    def attachments(self) -> tuple[str, ...]:
        """Names of the files beside it that its readers are given: PDFs, and those of `ON_DEMAND`
        that the body names."""
        names = [p.removeprefix(f"{self.folder}/") for p in sorted(self.manifest)]
        names = [name for name in names if name.rpartition(".")[2].lower() in {"pdf", *ON_DEMAND}]
        if not names:
            return ()
        body = unescape(unquote(self.body)).replace("\\", "")
        withheld = {fact.path for fact in self.media if fact.withheld}
        return tuple(
            name
            for name in names
            if f"{self.folder}/{name}" not in withheld
            and (name.lower().endswith(".pdf") or name in body)
        )

    @property
    def may_go_first(self) -> bool:
        """Whether it is of a kind that an order may bring out before its reviews; no drill is."""
        return self.kind in ("alert", "accident") and not self.drill

    @cached_property
    def content_digest(self) -> str:
        """`content_digest` of this post."""
        return content_digest(self.document.value, self.body, self.manifest, self.path)

    def at(self, *route: str | int) -> Location:
        """Where a front-matter key stands."""
        return self.document.locate(*route)


class Unread(Exception):
    """A clause asked for a part of a post that could not be read."""


@dataclass(frozen=True)
class _Sound(Mapping[str, Any]):
    """The keys of a front matter that passed their schema; asked for another, it raises Unread."""

    meta: Mapping[str, Any]
    invalid: frozenset[str]

    def __getitem__(self, key: str) -> Any:
        if key in self.invalid or (key not in self.meta and "" in self.invalid):
            raise Unread
        return self.meta[key]

    def __iter__(self) -> Iterator[str]:
        raise Unread

    def __len__(self) -> int:
        raise Unread


def all_unread() -> Mapping[Any, Any]:
    """Of which nothing could be read, such as the renditions of a body that could not."""
    return _Sound({}, frozenset({""}))


class Unreadable(Post):
    """A post as its clauses meet it when some of it is unread: what asks for that is told so.

    A clause that had an empty text or no key instead would say that it is satisfied.
    """

    @classmethod
    def of(cls, post: Post) -> "Unreadable":
        return cls(**{f.name: getattr(post, f.name) for f in fields(post)})

    def __getattribute__(self, name: str) -> Any:
        if name in ("body", "texts") and name in self.unread:
            raise Unread
        value = super().__getattribute__(name)
        return _Sound(value, self.invalid) if name == "meta" and self.invalid else value


def content_digest(front_matter: Any, body: str, manifest: Mapping[str, str], path: str) -> str:
    """sha256 (hex) of all that readers see: everything but the number of the revision (R11-5).

    Over UTF-8 JSON, keys sorted, of [front matter without `revision`, body, manifest without
    the post.md at `path`].
    """
    value = front_matter if isinstance(front_matter, dict) else {}
    keys = {k: v for k, v in value.items() if k != "revision"}
    files = {p: d for p, d in manifest.items() if p != path}
    text = json.dumps([keys, body, files], ensure_ascii=False, sort_keys=True, default=str)
    return sha256_of(text.encode("utf-8", "surrogatepass"))


def manifest_digest(folder: str, manifest: Mapping[str, str]) -> Digest:
    """sha256 (hex) over the lines of ``sha256sum``, names as beside the post's page.

    The post's page shows it too, and its commands make it from the signed statements: so a scan of
    the paper can be compared with either.
    """
    pairs = ((path.removeprefix(f"{folder}/"), digest) for path, digest in manifest.items())
    return lines_digest(sorted(pairs))


def lines_digest(pairs: Iterable[tuple[str, str]]) -> Digest:
    """sha256 (hex) over ``digest  name`` lines."""
    text = "".join(f"{digest}  {name}\n" for name, digest in pairs)
    return sha256_of(text.encode("utf-8", "surrogatepass"))


# A post as one channel shows it: first the words that a site adds, kinds and sizes of files.


def file_mark(name: str, size: int | None) -> str:
    """Kind and size (bytes) of a file: ``（PDF，120 KB）``; of an unknown size, the kind alone."""
    kind = name.rpartition(".")[2].upper()
    return f"（{kind}，{_measure(size)}）" if size is not None else f"（{kind}）"


_NO_NAME = re.compile(r'[\\/:*?"<>|\s\x00-\x1f\x7f]+')
"""What the name of a file may not hold, on some computer."""


def saved_as(name: str, words: str) -> str:
    """The name under which a reader's computer keeps a file: the words of the link to it, where
    it opens in a program of its own; empty for others, which a browser shows."""
    kind = name.rpartition(".")[2].lower()
    stem = _NO_NAME.sub("", words).lstrip(".").removesuffix(f".{kind}")[:80]
    return f"{stem}.{kind}" if stem and kind in ON_DEMAND else ""


def _measure(size: int) -> str:
    return f"{max(1, round(size / 1024))} KB" if size < 1024**2 else f"{size / 1024**2:.1f} MB"


Sizes = Mapping[str, tuple[int, int]]
"""Path inside the archive → (width, height) of an image, in pixels."""
UNKNOWN: Sizes = MappingProxyType({})


@dataclass(frozen=True)
class Link:
    """A link of the rendition, with the line of the post it came from."""

    url: str
    text: str
    line: int


@dataclass(frozen=True)
class Image:
    """An image of the rendition: file beside the post, alternative text, line."""

    file: str
    alt: str
    line: int


@dataclass(frozen=True)
class ChannelProblem:
    """What a channel refuses (REFUSE), or shows in another way than meant (NOTE)."""

    name: str
    """As of `Complaint`, and one in its channel: ``title-long``, ``image-type`` …"""
    effect: Effect
    message: Message
    location: Location
    remedy: Message | None = None


def late(make: Callable[[], str]) -> Any:
    """A text that is made lazily, and is the same whenever that is."""
    return make


class _LazyText:
    """A text of a frozen value, given as it is or by `late`."""

    def __init__(self, name: str) -> None:
        self._kept = f"_{name}"

    def __get__(self, instance: object, _owner: type) -> str:
        given = vars(instance)[self._kept]
        if not isinstance(given, str):
            given = vars(instance)[self._kept] = given()
        return str(given)

    def __set__(self, instance: object, given: str | Callable[[], str]) -> None:
        vars(instance)[self._kept] = given


@dataclass(frozen=True)
class Rendition:
    """What a channel would publish: made before judging, so that clauses judge it."""

    channel: str
    title: str
    html: str
    """Sanitised HTML fragment, source line included; may be given `late`, for few ask for it."""
    text: str
    """The same as plain text."""
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    headings: tuple[tuple[int, str, str], ...] = ()
    """(level, id, text) of the body's headings, for a table of contents."""
    short: str = ""
    """The text for where the channel takes only a few words; empty: there is no such place."""
    ai_label: str = ""
    """The words that say that a machine wrote or helped, as shown; empty: none are needed."""
    problems: tuple[ChannelProblem, ...] = ()
    attachments: tuple[Link, ...] = ()
    """Links that name a file instead of an address, in the archive's; `url` is that name."""

    def __getstate__(self) -> dict[str, Any]:
        """Another process gets the text, not what makes it."""
        return {**vars(self), "_html": self.html}

    @property
    def digest(self) -> str:
        """sha256 (hex) of what readers get, without its looks: a new theme leaves it as it is.

        Over UTF-8 JSON, keys sorted, no spaces, of {channel, title, text, short, images}, the
        last a list of file names in order.
        """
        value = {
            "channel": self.channel,
            "title": self.title,
            "text": self.text,
            "short": self.short,
            "images": [image.file for image in self.images],
        }
        words = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256_of(words.encode("utf-8", "surrogatepass"))


# In the body of the class it would be taken for the field's default.
Rendition.html = _LazyText("html")  # type: ignore[assignment]
