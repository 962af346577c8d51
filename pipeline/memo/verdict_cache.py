"""Verdicts on changes of main that passed, cached from one audit to the next.

A commit's id names what its verdict is made of: its files and its parents, so the registers that
judge it and the people who handled its posts. Four things are left. The program is in the seal, the
posts that later signatures erase are in the row's key, the time of the run is held as the span in
which a verdict holds (`Clock`), and the root of trust is judged in every run. Only changes that
pass are cached: a refusal is made anew each time. The duties of the last commit are cached as they
are, overdue ones too.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline.memo.store import SealedStore
from pipeline.model.calendar import Span
from pipeline.model.ids import CommitId, sha256_of
from pipeline.model.reports import Verdict, shared

LEDGER = "ledger"
"""The kind of the row."""
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
    """Digest of the erased posts: the key of the row."""
    changes: dict[CommitId, CommitVerdicts] = field(default_factory=dict)
    duties: dict[CommitId, CommitVerdicts] = field(default_factory=dict)
    """Commit → the verdict on all duties there."""
    fresh: bool = False
    """Whether something was added or dropped since."""
    seen: dict[Any, Any] = field(default_factory=dict)
    """As of `shared`."""

    @classmethod
    def open(cls, store: SealedStore | None, expunged: Iterable[Any]) -> "Ledger":
        """The ledger that earlier runs of this very program saved; empty without a store."""
        made = cls(store, digest_of(expunged))
        if store is not None and (rows := store.value(LEDGER, made.erased)):
            made.changes, made.duties = rows
        return made

    def get(self, commit: CommitId, moment_of: MomentOf) -> CommitVerdicts | None:
        """The verdicts on a change, if they hold at the time of this run."""
        return _fitting(self.changes.get(commit), moment_of)

    def duties_at(self, commit: CommitId, moment_of: MomentOf) -> Verdict | None:
        """The verdict on the duties at a commit, if it holds at the time of this run."""
        cached = _fitting(self.duties.get(commit), moment_of)
        return cached.verdicts[0] if cached else None

    def add(
        self,
        commit: CommitId,
        verdicts: tuple[Verdict, ...],
        governance: str,
        archive: Mapping[str, Any],
        span: Span,
    ) -> CommitVerdicts:
        """Enter verdicts; only those of a change that passed are saved for the next run."""
        alike = tuple(shared(verdicts, self.seen))  # those of another process share nothing
        made = CommitVerdicts(alike, governance, time_settings(archive), span)
        self.fresh = True
        if all(v.publishable and not v.acknowledged for v in verdicts):
            self.changes[commit] = made
        else:
            self.changes.pop(commit, None)
        return made

    def add_duties(
        self, commit: CommitId, verdict: Verdict, archive: Mapping[str, Any], span: Span
    ) -> Verdict:
        """Enter the verdict on the duties at a commit, and drop those at earlier ones."""
        self.duties = {commit: CommitVerdicts((verdict,), "", time_settings(archive), span)}
        self.fresh = True
        return verdict

    def save(self, commits: Iterable[CommitId]) -> None:
        """Write what there is of these commits, if something is new."""
        if self.store is not None and self.fresh:
            standing = {c: self.changes[c] for c in commits if c in self.changes}
            self.store.put(LEDGER, self.erased, (standing, self.duties))
            self.fresh = False


def digest_of(expunged: Iterable[Any]) -> str:
    """The part of a key that stands for the posts which later signatures erase."""
    return sha256_of("\n".join(map(repr, expunged)).encode())[:16]


def time_settings(archive: Mapping[str, Any]) -> dict[str, Any]:
    """The settings for the time of a run, out of a policy's settings of its archive."""
    return {k: archive[k] for k in STATED if k in archive}


def _fitting(entry: CommitVerdicts | None, moment_of: MomentOf) -> CommitVerdicts | None:
    return entry if entry and entry.span.holds(moment_of(entry.archive)) else None
