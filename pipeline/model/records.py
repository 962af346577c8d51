"""Dated facts: publications on accounts, corrections, authorised governance changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.model.documents import Document


@dataclass(frozen=True)
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
    fingerprint: str
    acknowledges: tuple[str, ...] = ()
    """Commits whose break of the rules the signer answers for."""
