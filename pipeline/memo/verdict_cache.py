"""Verdicts on changes of main that passed, kept from one audit to the next.

A commit's id names all that its verdict is made of (its files, its parents, so the registers that
judge it and the people who handled its posts) but four things: the code, the erased posts that
later signatures name, the time of the run, and the root of trust. The first two are in the name
of the file, the third is kept as the span for which a verdict holds (`Clock`), the fourth is
judged in every run. Of changes only what passes is kept: a refusal is found anew each time. The
duties of the last commit are kept as they are, overdue ones too.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pipeline
from pipeline.memo.sealed import Sealed
from pipeline.memo.verdict_codec import (
    NotKept,
    Outcomes,
    Patterns,
    outcomes_of,
    row_of,
    told_patterns,
    verdict_of,
)
from pipeline.model.clock import Span
from pipeline.model.findings import Verdict

LIBRARIES = (
    "ahocorasick-rs", "cryptography", "GitPython", "icalendar", "Jinja2", "jsonschema",
    "jsonschema-rs", "markdown-it-py", "nh3", "Pillow", "PyYAML", "rfc3161-client",
)  # fmt: skip
"""What verdicts are computed with, besides our own code."""
STATED = ("as_of", "demo")
"""What a policy may say about the time of a run."""
MomentOf = Callable[[Mapping[str, Any]], datetime]
"""The time of this run, by what a policy says of it."""


@dataclass(frozen=True)
class Kept:
    """What is known of one commit of main."""

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

    sealed: Sealed | None
    name: str
    kept: dict[str, Kept] = field(default_factory=dict)
    duties: dict[str, Kept] = field(default_factory=dict)
    """Commit → the verdict on all duties there."""
    changed: bool = False

    @classmethod
    def open(cls, sealed: Sealed | None, expunged: Iterable[Any]) -> "Ledger":
        """What earlier runs of this very code kept, or nothing."""
        if sealed is None:
            return cls(None, "")
        made_of = [code_digest(), *map(repr, expunged)]
        name = "changes-" + hashlib.sha256("\n".join(made_of).encode()).hexdigest()
        raw = sealed.read(name)
        if raw is None:
            return cls(sealed, name)
        stored = json.loads(raw)
        patterns = outcomes_of(stored["patterns"])
        changes, duties = (dict(_read(stored[k], patterns)) for k in ("changes", "duties"))
        return cls(sealed, name, changes, duties)

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
        """Enter what was found; only what passed is kept for the next run."""
        made = Kept(verdicts, governance, said(archive), span)
        if all(v.publishable and not v.acknowledged for v in verdicts):
            self.kept[commit] = made
            self.changed = True
        else:
            self.changed |= self.kept.pop(commit, None) is not None
        return made

    def add_duties(
        self, commit: str, verdict: Verdict, archive: Mapping[str, Any], span: Span
    ) -> Verdict:
        """Keep the verdict on the duties at a commit; those of others are past."""
        self.duties = {commit: Kept((verdict,), "", said(archive), span)}
        self.changed = True
        return verdict

    def save(self, commits: Iterable[str]) -> None:
        """Write what is known of these commits."""
        if self.sealed is None or not self.changed:
            return
        known = {c: self.kept[c] for c in commits if c in self.kept}
        patterns: Patterns = {}
        value: dict[str, Any] = {
            "changes": dict(_written(known, patterns)),
            "duties": dict(_written(self.duties, patterns)),
        }
        value["patterns"] = told_patterns(patterns)
        self.sealed.write(self.name, json.dumps(value, ensure_ascii=False).encode())
        self.changed = False


def said(archive: Mapping[str, Any]) -> dict[str, Any]:
    """What a policy says about the time of a run, out of all it says of its archive."""
    return {k: archive[k] for k in STATED if k in archive}


def as_json(told: Mapping[str, Any]) -> dict[str, Any]:
    """What `said` gave, in values of JSON."""
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in told.items()}


def of_json(told: dict[str, Any]) -> dict[str, Any]:
    """What `as_json` was given."""
    return told | {k: datetime.fromisoformat(told[k]) for k in ("as_of",) if k in told}


def _fitting(kept: Kept | None, moment_of: MomentOf) -> Kept | None:
    return kept if kept is not None and kept.span.holds(moment_of(kept.archive)) else None


def code_digest() -> str:
    """sha256 (hex) of the program, the interpreter and the libraries that verdicts come from."""
    home = Path(pipeline.__file__).parent
    found = hashlib.sha256(sys.version.encode())
    for path in sorted(p for p in home.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        raw = path.read_bytes()
        found.update(f"{path.relative_to(home)} {len(raw)}\n".encode() + raw)
    for name in LIBRARIES:
        try:
            found.update(f"{name} {version(name)}\n".encode())
        except PackageNotFoundError:
            found.update(f"{name} -\n".encode())
    return found.hexdigest()


def _written(kept: Mapping[str, Kept], patterns: Patterns) -> Iterable[tuple[str, list[Any]]]:
    for commit, one in kept.items():
        with suppress(NotKept):
            rows = [row_of(v, patterns) for v in one.verdicts]
            yield commit, [one.governance, as_json(one.archive), *one.span.as_json(), rows]


def _read(commits: dict[str, Any], patterns: list[Outcomes]) -> Iterable[tuple[str, Kept]]:
    for commit, (governance, archive, low, high, rows) in commits.items():
        verdicts = tuple(verdict_of(row, patterns) for row in rows)
        yield commit, Kept(verdicts, governance, of_json(archive), Span.of(low, high))
