"""Parameters of the regulation: value, unit, source and the day they take effect (Article 17)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from pipeline.model.calendar import Clock
from pipeline.model.documents import Document
from pipeline.model.ids import NO_DIGEST, Digest, PostId


@dataclass(frozen=True)
class Parameter:
    """One setting of one parameter, in force from its own day until a later one replaces it."""

    name: str
    value: Any
    unit: str
    source: str
    """Begins with [S] regulation, [V] cited instrument, [K] unconfirmed or [D] own default."""
    effective_from: date
    article_digest: Digest = NO_DIGEST
    """`law.article_digest` of what its source cites, as it read when the number was last compared
    with it; empty where no one said so."""


class Unstated(KeyError):
    """The policy states no parameter of this name; the engine refuses and names it."""


@dataclass(frozen=True)
class Policy:
    """The whole policy file: facts of the archive and of the unit, and dated parameters."""

    document: Document
    archive: Mapping[str, Any]
    """id, name, url, as_of (demo only), demo, show_names …"""
    unit: Mapping[str, Any]
    """full_name, short_name, organisation_code, footer …"""
    parameters: Mapping[str, tuple[Parameter, ...]]
    """Name → settings, oldest first."""
    legal_basis: tuple[Mapping[str, Any], ...] = ()
    """Cited texts: title, number, url, and layer national, provincial, city or bureau."""
    limits: tuple[Mapping[str, Any], ...] = ()
    """What a higher layer allows at most or at least of a parameter (Article 18)."""

    def unit_of(self, name: str) -> Mapping[str, Any]:
        """The unit's facts, with the names and the code that it bore on the day with which the
        name of a post or of a form begins."""
        former = sorted(self.unit.get("former", ()), key=lambda was: was["until"])
        then = (was for was in former if name[:10] <= was["until"].isoformat())
        return {**self.unit, **next(then, {})}

    def code_of(self, name: str) -> str:
        """The organisation code of that day, as `unit_of`; empty when the policy lacks one."""
        return str(self.unit_of(name).get("organisation_code", ""))

    @property
    def names(self) -> tuple[str, ...]:
        """Every full name that the unit bears or bore."""
        units = (self.unit, *self.unit.get("former", ()))
        return tuple(str(unit.get("full_name", "")) for unit in units)

    @property
    def log_name(self) -> str:
        """Name of the publication log: host and path of the first address, then the archive's id
        (C2SP tlog-checkpoint: origin). It stays when the address changes."""
        parts = urlsplit(str(self.archive.get("url", "")))
        address = f"{parts.netloc}{parts.path}".strip("/") or "archive"
        return str(self.archive.get("log") or f"{address}/{self.archive.get('id', '')}")

    @property
    def digests_published(self) -> str:
        """Where the roster's digest and the log's key are published outside the site."""
        return str(
            self.archive.get("digests_published") or "主办单位在本站以外（公文、公告栏、电话）"
        )

    def tag(self, post: PostId) -> str:
        """The id of a post in every feed, for ever (RFC 4151)."""
        host = self.log_name.split("/")[0].split(":")[0]
        return f"tag:{host},{post[:4]}:{post}"

    @property
    def since(self) -> date:
        """The day the archive begins to record: no duty is counted before it (Article 17)."""
        begun: date = self.archive.get("since", date.min)
        return begun

    def setting(self, name: str, on: date) -> Parameter:
        """The setting in force on a day (the oldest one before any took effect).

        Raises Unstated for a name that is not there: the engine turns that into a refusal.
        """
        settings = self.parameters.get(name)
        if not settings:
            raise Unstated(name)
        if settings[-1].effective_from <= on:
            return settings[-1]
        return next((s for s in reversed(settings) if s.effective_from <= on), settings[0])

    def current(self, name: str, clock: Clock) -> Parameter:
        """As `setting`, of the day of the run."""
        settings = self.parameters.get(name)
        if not settings:
            raise Unstated(name)
        begun = (s for s in reversed(settings) if clock.day_reached(s.effective_from))
        return next(begun, settings[0])

    def value(self, name: str, on: date) -> Any:
        """The value in force on a day."""
        return self.setting(name, on).value
