"""Every clause's outcome for one subject (design.md .2)."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from pipeline.model.findings import Effect, Finding, Outcome
from pipeline.model.frozen import dataclass, field, replace
from pipeline.model.ids import ClauseId

SUBJECT = "{subject}"
Outcomes = Mapping[ClauseId, Outcome]
Records = Mapping[ClauseId, tuple[str, ...]]
Pattern = tuple[tuple[Any, ...], ...]
"""The outcome of each clause, in their order, and the signed records of those declared."""


@dataclass(frozen=True)
class Verdict:
    """Every clause's outcome for one subject: a post id, ``change`` or ``archive``."""

    subject: str
    outcomes: Mapping[ClauseId, Outcome] = field(default_factory=dict)
    """By clause id; the verdicts of an archive share the few that there are (`verdict_rows`)."""
    own: tuple[Finding, ...] = ()
    """What the clauses found, in their order."""
    extra: tuple[Finding, ...] = ()
    """Findings outside the subject's own clauses, such as an overdue duty that holds a change."""
    acknowledged: bool = False
    """A break of the past that the right people answered for; its findings are notes."""
    signed: Mapping[ClauseId, tuple[str, ...]] = field(default_factory=dict)
    """Clause id of a declared outcome → paths of the signed records it rests on, with `SUBJECT` for
    the subject's id, so that verdicts share them."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.own + self.extra

    def records(self, clause: ClauseId) -> tuple[str, ...]:
        """Paths of the signed records that a declared outcome rests on."""
        name = self.subject.rpartition(" ")[2]
        return tuple(path.replace(SUBJECT, name) for path in self.signed.get(clause, ()))

    @property
    def pattern(self) -> Pattern:
        """What most verdicts of a run have in common."""
        return (*self.outcomes.items(), *self.signed.items())

    @cached_property
    def decision(self) -> Effect | None:
        """Maximum effect; a clause not evaluated refuses, no clause at all refuses."""
        if self.acknowledged:
            return Effect.NOTE
        if not self.outcomes or Outcome.NOT_EVALUATED in self.outcomes.values():
            return Effect.REFUSE
        return max((f.effect for f in self.findings), default=None)

    @property
    def publishable(self) -> bool:
        return self.decision in (None, Effect.NOTE)


def shared(
    verdicts: Iterable[Verdict], seen: dict[Pattern, tuple[Outcomes, Records]]
) -> list[Verdict]:
    """The verdicts; subjects with equal outcomes share their mappings."""
    rows = ((v, seen.setdefault(v.pattern, (v.outcomes, v.signed))) for v in verdicts)
    return [replace(v, outcomes=outcomes, signed=signed) for v, (outcomes, signed) in rows]
