"""Verdicts on changes of main that passed, kept from one audit to the next.

A commit's id names all that its verdict is made of (its files, its parents, so the registers that
judge it and the people who handled its posts) but four things: the program, the erased posts that
later signatures name, the time of the run, and the root of trust. The first is in the seal, the
second in the row's key, the third is kept as the span for which a verdict holds (`Clock`), the
fourth is judged in every run. Of changes only what passes is kept: a refusal is made anew each
time. The duties of the last commit are kept as they are, overdue ones too.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from pipeline.memo.store import SealedStore
from pipeline.memo.verdict_codec import KIND as OUTCOMES
from pipeline.memo.verdict_codec import NotKept, VerdictCodec
from pipeline.model.clock import Span
from pipeline.model.findings import Verdict

CHANGE, DUTIES = "change", "duties"
"""Kinds of rows."""
STATED = ("as_of", "demo")
"""What a policy may say about the time of a run."""
MomentOf = Callable[[Mapping[str, Any]], datetime]
"""The time of this run, by what a policy says of it."""


@dataclass(frozen=True)
class Kept:
    """What is kept of one commit of main."""

    verdicts: tuple[Verdict, ...]
    """Of its change, by the registers of its parent."""
    governance: str
    """Digest of the registers that stand there."""
    archive: Mapping[str, Any]
    """What the judging policy says about the time of a run (`When`)."""
    span: Span
    """The times of a run at which the verdicts are the same (`Clock`)."""


@dataclass
class Ledger:
    """Commit → what is kept of it; `add` and `save` for the next run."""

    store: SealedStore | None = None
    erased: str = ""
    """Digest of the erased posts: what keys begin with."""
    kept: dict[str, Kept] = field(default_factory=dict)
    duties: dict[str, Kept] = field(default_factory=dict)
    """Commit → the verdict on all duties there."""
    codec: VerdictCodec = field(default_factory=lambda: VerdictCodec({}))
    fresh: set[str] = field(default_factory=set)
    """Commits of which something was added or dropped since."""

    @classmethod
    def open(cls, store: SealedStore | None, expunged: Iterable[Any]) -> "Ledger":
        """What earlier runs of this very program kept, or nothing."""
        if store is None:
            return cls()
        changes, duties, outcomes = store.rows(CHANGE, DUTIES, OUTCOMES)
        made = cls(store, digest_of(expunged), codec=VerdictCodec(outcomes))
        for rows, into in ((changes, made.kept), (duties, made.duties)):
            for key, value in rows.items():
                erased, _, commit = key.partition(" ")
                with suppress(KeyError):
                    if erased == made.erased:
                        into[commit] = made._unpacked(value)
        return made

    def get(self, commit: str, moment_of: MomentOf) -> Kept | None:
        """What is kept of a change, if it holds for the time of this run."""
        return _fitting(self.kept.get(commit), moment_of)

    def duties_at(self, commit: str, moment_of: MomentOf) -> Verdict | None:
        """The verdict on the duties at a commit, if it holds for the time of this run."""
        kept = _fitting(self.duties.get(commit), moment_of)
        return kept.verdicts[0] if kept else None

    def add(
        self,
        commit: str,
        verdicts: tuple[Verdict, ...],
        governance: str,
        archive: Mapping[str, Any],
        span: Span,
    ) -> Kept:
        """Enter what was judged; only what passed is kept for the next run."""
        made = Kept(verdicts, governance, time_settings(archive), span)
        self.fresh.add(commit)
        if all(v.publishable and not v.acknowledged for v in verdicts):
            self.kept[commit] = made
        else:
            self.kept.pop(commit, None)
        return made

    def add_duties(
        self, commit: str, verdict: Verdict, archive: Mapping[str, Any], span: Span
    ) -> Verdict:
        """Keep the verdict on the duties at a commit; those of others are past."""
        self.duties = {commit: Kept((verdict,), "", time_settings(archive), span)}
        self.fresh.add(commit)
        return verdict

    def save(self, commits: Iterable[str]) -> None:
        """Write what is new of these commits, and remove the rows of all others."""
        if self.store is None or not self.fresh:
            return
        there = {c: self.kept[c] for c in commits if c in self.kept}
        put: dict[str, dict[str, bytes]] = {CHANGE: {}, DUTIES: {}}
        for kind, entries in ((CHANGE, there), (DUTIES, self.duties)):
            for commit in entries.keys() & self.fresh:
                with suppress(NotKept):
                    put[kind][f"{self.erased} {commit}"] = self._packed(entries[commit])
        only = {CHANGE: self._keys(there), DUTIES: self._keys(self.duties)}
        self.store.write({**put, OUTCOMES: self.codec.rows}, only)
        self.fresh.clear()

    def _keys(self, commits: Iterable[str]) -> set[str]:
        return {f"{self.erased} {commit}" for commit in commits}

    def _packed(self, kept: Kept) -> bytes:
        """Raises NotKept."""
        verdicts = [*map(self.codec.pack, kept.verdicts)]
        value = [kept.governance, as_json(kept.archive), *kept.span.as_json(), verdicts]
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")

    def _unpacked(self, raw: bytes) -> Kept:
        """Raises KeyError when the outcomes of a verdict are absent."""
        governance, archive, low, high, packed = json.loads(raw.decode("utf-8", "surrogatepass"))
        verdicts = tuple(map(self.codec.unpack, packed))
        return Kept(verdicts, governance, of_json(archive), Span.of(low, high))


def digest_of(expunged: Iterable[Any]) -> str:
    """What stands in a key for the posts that later signatures erase."""
    return sha256("\n".join(map(repr, expunged)).encode()).hexdigest()[:16]


def time_settings(archive: Mapping[str, Any]) -> dict[str, Any]:
    """What a policy says about the time of a run, out of all it says of its archive."""
    return {k: archive[k] for k in STATED if k in archive}


def as_json(policy: Mapping[str, Any]) -> dict[str, Any]:
    """What `time_settings` gave, in values of JSON."""
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in policy.items()}


def of_json(policy: dict[str, Any]) -> dict[str, Any]:
    """What `as_json` was given."""
    return policy | {k: datetime.fromisoformat(policy[k]) for k in ("as_of",) if k in policy}


def _fitting(kept: Kept | None, moment_of: MomentOf) -> Kept | None:
    return kept if kept is not None and kept.span.holds(moment_of(kept.archive)) else None
