"""Verdicts on changes of main that passed, cached from one audit to the next.

A commit's id names what its verdict is made of: its files and its parents, so the registers that
judge it and the people who handled its posts. Four things are left. The program is in the seal, the
posts that later signatures erase are in the row's key, the time of the run is held as the span in
which a verdict holds (`Clock`), and the root of trust is judged in every run. Only changes that
pass are cached: a refusal is made anew each time. The duties of the last commit are cached as they
are, overdue ones too.

Most verdicts of a run differ in nothing but their subject. So a packed one, a value of JSON, names
its outcomes by their digest, and they are a row of their own. Findings stand in the packed verdict.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from pipeline.memo.store import SealedStore
from pipeline.model.calendar import Span
from pipeline.model.findings import (
    Effect,
    Finding,
    Location,
    Message,
    Outcome,
    Outcomes,
    Pattern,
    Records,
    Verdict,
)

KIND = "outcomes"
_PLAIN = (str, int, float, bool, type(None))


class NotKept(Exception):
    """A verdict holds a value that JSON cannot express."""


class VerdictCodec:
    """Packs and unpacks verdicts by the outcomes that stand in the store."""

    def __init__(self, stored: Mapping[str, bytes]) -> None:
        self.rows = dict(stored)
        """Digest → outcomes in JSON, of those that were stored or packed."""
        self._outcomes: dict[str, tuple[Outcomes, Records]] = {}
        self._digests: dict[Pattern, str] = {}

    def pack(self, verdict: Verdict) -> list[Any]:
        """A verdict in values of JSON. Raises NotKept."""
        pattern = verdict.pattern
        if pattern not in self._digests:
            outcomes = [(i, o.value) for i, o in verdict.outcomes.items()]
            raw = json.dumps([outcomes, list(verdict.signed.items())]).encode()
            digest = self._digests[pattern] = sha256(raw).hexdigest()
            self.rows[digest] = raw
        own, extra = map(_packed, verdict.own), map(_packed, verdict.extra)
        return [verdict.subject, self._digests[pattern], [*own], [*extra]]

    def unpack(self, packed: list[Any]) -> Verdict:
        """The inverse of `pack`. Raises KeyError when its outcomes are absent."""
        subject, digest, own, extra = packed
        if digest not in self._outcomes:
            pairs, signed = json.loads(self.rows[digest])
            records = {i: tuple(paths) for i, paths in signed}
            self._outcomes[digest] = {i: Outcome(o) for i, o in pairs}, records
        outcomes, by = self._outcomes[digest]
        findings = tuple(map(_finding, own)), tuple(map(_finding, extra))
        return Verdict(subject, outcomes, *findings, signed=by)


def _packed(finding: Finding) -> list[Any]:
    remedy = None if finding.remedy is None else _packed_message(finding.remedy)
    at = finding.location
    return [
        finding.clause,
        finding.name,
        int(finding.effect),
        _packed_message(finding.message),
        [at.path, at.line, at.column],
        remedy,
        finding.owes,
        None if finding.due is None else finding.due.isoformat(),
        finding.waivable,
        finding.cause,
        finding.about,
    ]


def _packed_message(message: Message) -> list[Any]:
    values = [[k, v if type(v) in _PLAIN else _nested(v)] for k, v in message.values]
    return [message.text, values]


def _nested(value: object) -> dict[str, Any]:
    if not isinstance(value, Message):
        raise NotKept
    return {"message": _packed_message(value)}


def _finding(packed: list[Any]) -> Finding:
    clause, name, effect, message, at, remedy, owes, due, waivable, cause, about = packed
    return Finding(
        clause,
        name,
        Effect(effect),
        _message(message),
        Location(*at),
        None if remedy is None else _message(remedy),
        owes,
        None if due is None else datetime.fromisoformat(due),
        waivable,
        cause,
        about,
    )


def _message(packed: list[Any]) -> Message:
    text, values = packed
    return Message(
        text, tuple((k, _message(v["message"]) if isinstance(v, dict) else v) for k, v in values)
    )


CHANGE, DUTIES = "change", "duties"
"""Kinds of rows."""
STATED = ("as_of", "demo")
"""Keys of a policy that set the time of a run."""
MomentOf = Callable[[Mapping[str, Any]], datetime]
"""The time of this run, by what a policy says of it."""


@dataclass(frozen=True)
class CommitVerdicts:
    """The cached verdicts of one commit of main."""

    verdicts: tuple[Verdict, ...]
    """Of its change, by the registers of its parent."""
    governance: str
    """Digest of what judges after it (`load_governance.governance`)."""
    archive: Mapping[str, Any]
    """`time_settings` of the judging policy."""
    span: Span
    """The times of a run at which the verdicts are the same (`Clock`)."""


@dataclass
class Ledger:
    """Cache by commit: `get` what holds now, `add` what this run judged, `save` it for the next."""

    store: SealedStore | None = None
    erased: str = ""
    """Digest of the erased posts: what keys begin with."""
    changes: dict[str, CommitVerdicts] = field(default_factory=dict)
    duties: dict[str, CommitVerdicts] = field(default_factory=dict)
    """Commit → the verdict on all duties there."""
    codec: VerdictCodec = field(default_factory=lambda: VerdictCodec({}))
    fresh: set[str] = field(default_factory=set)
    """Commits of which something was added or dropped since."""

    @classmethod
    def open(cls, store: SealedStore | None, expunged: Iterable[Any]) -> "Ledger":
        """The ledger that earlier runs of this very program saved; empty without a store."""
        if store is None:
            return cls()
        changes, duties, outcomes = store.rows(CHANGE, DUTIES, KIND)
        made = cls(store, digest_of(expunged), codec=VerdictCodec(outcomes))
        for rows, into in ((changes, made.changes), (duties, made.duties)):
            for key, value in rows.items():
                erased, _, commit = key.partition(" ")
                with suppress(KeyError):
                    if erased == made.erased:
                        into[commit] = made._unpacked(value)
        return made

    def get(self, commit: str, moment_of: MomentOf) -> CommitVerdicts | None:
        """The verdicts on a change, if they hold at the time of this run."""
        return _fitting(self.changes.get(commit), moment_of)

    def duties_at(self, commit: str, moment_of: MomentOf) -> Verdict | None:
        """The verdict on the duties at a commit, if it holds at the time of this run."""
        cached = _fitting(self.duties.get(commit), moment_of)
        return cached.verdicts[0] if cached else None

    def add(
        self,
        commit: str,
        verdicts: tuple[Verdict, ...],
        governance: str,
        archive: Mapping[str, Any],
        span: Span,
    ) -> CommitVerdicts:
        """Enter verdicts; only those of a change that passed are saved for the next run."""
        made = CommitVerdicts(verdicts, governance, time_settings(archive), span)
        self.fresh.add(commit)
        if all(v.publishable and not v.acknowledged for v in verdicts):
            self.changes[commit] = made
        else:
            self.changes.pop(commit, None)
        return made

    def add_duties(
        self, commit: str, verdict: Verdict, archive: Mapping[str, Any], span: Span
    ) -> Verdict:
        """Enter the verdict on the duties at a commit, and drop those at earlier ones."""
        self.duties = {commit: CommitVerdicts((verdict,), "", time_settings(archive), span)}
        self.fresh.add(commit)
        return verdict

    def save(self, commits: Iterable[str]) -> None:
        """Write what is new of these commits, and remove the rows of all others."""
        if self.store is None or not self.fresh:
            return
        standing = {c: self.changes[c] for c in commits if c in self.changes}
        put: dict[str, dict[str, bytes]] = {CHANGE: {}, DUTIES: {}}
        for kind, entries in ((CHANGE, standing), (DUTIES, self.duties)):
            for commit in entries.keys() & self.fresh:
                with suppress(NotKept):
                    put[kind][f"{self.erased} {commit}"] = self._packed(entries[commit])
        only = {CHANGE: self._keys(standing), DUTIES: self._keys(self.duties)}
        self.store.write({**put, KIND: self.codec.rows}, only)
        self.fresh.clear()

    def _keys(self, commits: Iterable[str]) -> set[str]:
        return {f"{self.erased} {commit}" for commit in commits}

    def _packed(self, entry: CommitVerdicts) -> bytes:
        """Raises NotKept."""
        verdicts = [*map(self.codec.pack, entry.verdicts)]
        value = [entry.governance, as_json(entry.archive), *entry.span.as_json(), verdicts]
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")

    def _unpacked(self, raw: bytes) -> CommitVerdicts:
        """Raises KeyError when the outcomes of a verdict are absent."""
        governance, archive, low, high, packed = json.loads(raw.decode("utf-8", "surrogatepass"))
        verdicts = tuple(map(self.codec.unpack, packed))
        return CommitVerdicts(verdicts, governance, of_json(archive), Span.of(low, high))


def digest_of(expunged: Iterable[Any]) -> str:
    """The part of a key that stands for the posts which later signatures erase."""
    return sha256("\n".join(map(repr, expunged)).encode()).hexdigest()[:16]


def time_settings(archive: Mapping[str, Any]) -> dict[str, Any]:
    """The settings for the time of a run, out of a policy's settings of its archive."""
    return {k: archive[k] for k in STATED if k in archive}


def as_json(policy: Mapping[str, Any]) -> dict[str, Any]:
    """The result of `time_settings` in values of JSON."""
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in policy.items()}


def of_json(policy: dict[str, Any]) -> dict[str, Any]:
    """The inverse of `as_json`."""
    return policy | {k: datetime.fromisoformat(policy[k]) for k in ("as_of",) if k in policy}


def _fitting(entry: CommitVerdicts | None, moment_of: MomentOf) -> CommitVerdicts | None:
    return entry if entry and entry.span.holds(moment_of(entry.archive)) else None
