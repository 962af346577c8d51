"""Dated facts: publications on accounts, corrections, authorised governance changes.

A kind of record or register that one article alone asks about is a `Fact`, typed by its schema,
or a `Signed`, when a person answers for it with a signature; the kinds that several parts read
have classes of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.model.documents import Document, Route
from pipeline.model.findings import Location


class Stated:
    """What a record says, asked for by its keys."""

    value: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.value[key]

    def get(self, key: str, default: Any = None) -> Any:
        return self.value.get(key, default)


@dataclass(frozen=True)
class Fact(Stated):
    """An entry of a register, or a plain record, as its schema typed it."""

    kind: str
    """Register or record kind: ``contractors``, ``inquiries`` …"""
    id: str
    value: Mapping[str, Any]
    document: Document
    route: Route = ()
    """Where the entry stands in its document; empty for a record, which is one file."""

    @property
    def path(self) -> str:
        return self.document.path

    def at(self, *route: str | int) -> Location:
        """Where a value of this entry stands."""
        return self.document.locate(*self.route, *route)


@dataclass(frozen=True)
class Signed(Stated):
    """A record one person signed: a declaration, a password rotation, a waiver, an attestation."""

    kind: str
    """Predicate kind: ``declaration``, ``rotation``, ``waiver``, ``attestation``."""
    path: str
    id: str
    person: str
    role: str
    """Empty where none is stated."""
    signed_at: datetime
    value: Mapping[str, Any]
    """The whole predicate, typed by its schema."""
    subject: Mapping[str, str]
    """Name → sha256 of what was signed about."""
    fingerprint: str

    def at(self) -> Location:
        return Location(self.path)


@dataclass(frozen=True, slots=True)
class Publication:
    """An account carried a post, as the operator signed it (Articles 5 and 11)."""

    path: str
    post: str
    revision: int
    account: str
    title: str
    url: str
    published_at: datetime
    operator: str
    batch: str
    """Publications of one account that share a batch are one update (R05-1)."""
    recorded_at: datetime
    manifest: Mapping[str, str]
    fingerprint: str
    digest: str = ""
    """sha256 over the statement's bytes and then the signature's."""
    rendition: str = ""
    """`Rendition.digest` of what the account was given; empty in records before there was one."""
    supersedes: str = ""
    """`digest` of the wrong record that this one takes the place of."""
    reason: str = ""
    """Why that one was wrong."""
    void: bool = False
    """Nothing takes the place of the wrong record: the account did not carry the post."""


@dataclass(frozen=True)
class Correction:
    """A public correction, update, withdrawal or expiry of a published post."""

    path: str
    id: str
    post: str
    revision: int
    kind: str
    """``correction`` 更正, ``update`` 更新, ``withdrawal`` 撤回, ``expiry`` 失效."""
    reason: str
    changed_on: date
    person: str
    changes: tuple[tuple[str, str], ...]
    """(old sentence, new sentence) pairs."""
    document: Document
    withhold: bool = False
    """Whether what was public before is shown no more: it holds what must not be public."""

    @property
    def ends_earlier(self) -> bool:
        return self.withhold or self.kind == "withdrawal"


@dataclass(frozen=True)
class Authorisation:
    """One signature under a governance, schema, site or workflow change (R13-7)."""

    path: str
    person: str
    role: str
    reason: str
    signed_at: datetime
    files: Mapping[str, str]
    """Path → sha256 after the change; an empty digest means the file is removed."""
    roster_serial: int
    roster_digest: str
    fingerprint: str
    acknowledges: tuple[str, ...] = ()
    """Commits whose break of the rules the signer answers for."""
    expunges: "Expunging | None" = None
    """The post whose bytes the signer has erased."""


@dataclass(frozen=True)
class Expunging:
    """What an authorisation says of a post that is erased (threats A36)."""

    post: str
    revision: int
    title: str
    """What its address shows instead; never the old title without a look."""
    files: frozenset[tuple[str, str]]
    """(path, sha256) of every version of every file of the post that main ever held."""


@dataclass(frozen=True)
class Expunged:
    """A post whose bytes are gone from the tree, and perhaps from history; its reviews stay."""

    post: str
    revision: int
    title: str
    reason: str
    on: datetime
    """When the last of the signers signed."""
    files: frozenset[tuple[str, str]]
    people: tuple[str, ...]
    paths: tuple[str, ...]
    """The signed records."""
    awaits: tuple[str, ...] = ()
    """``head`` and ``leader``: whose signature is missing; empty: it counts."""
