"""Verdicts as rows of JSON, and back: what is kept of them from one run to the next.

Most verdicts of a run differ in nothing but their subject, so a row names the pattern of its
outcomes by a number; findings stand in the row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pipeline.model.findings import (
    Effect,
    Finding,
    Location,
    Message,
    Outcome,
    Verdict,
)

Outcomes = Mapping[str, Outcome]
Pattern = tuple[tuple[str, Outcome], ...]
"""The outcome of each clause, in their order."""
Patterns = dict[Pattern, int]
"""Each with the number rows know it by; a new one gets the next."""
_PLAIN = (str, int, float, bool, type(None))


class NotKept(Exception):
    """A verdict that holds a value which cannot be written down."""


def shared(verdicts: Iterable[Verdict], known: dict[Pattern, Outcomes]) -> list[Verdict]:
    """The verdicts, equal outcomes of different subjects held once."""
    return [
        replace(v, outcomes=known.setdefault(tuple(v.outcomes.items()), v.outcomes))
        for v in verdicts
    ]


def row_of(verdict: Verdict, patterns: Patterns) -> list[Any]:
    """The row of a verdict. Raises NotKept."""
    number = patterns.setdefault(tuple(verdict.outcomes.items()), len(patterns))
    return [verdict.subject, number, [*map(_told, verdict.own)], [*map(_told, verdict.extra)]]


def _told(finding: Finding) -> list[Any]:
    remedy = None if finding.remedy is None else _said(finding.remedy)
    place = finding.location
    return [
        finding.clause,
        int(finding.effect),
        _said(finding.message),
        [place.path, place.line, place.column],
        remedy,
        finding.owes,
        None if finding.due is None else finding.due.isoformat(),
        finding.waivable,
        finding.cause,
    ]


def _said(message: Message) -> list[Any]:
    values = [[k, v if type(v) in _PLAIN else _nested(v)] for k, v in message.values]
    return [message.text, values]


def _nested(value: object) -> dict[str, Any]:
    if not isinstance(value, Message):
        raise NotKept
    return {"message": _said(value)}


def told_patterns(patterns: Patterns) -> list[Any]:
    """The patterns in values of JSON, in the order of their numbers."""
    return [{i: o.value for i, o in pattern} for pattern in patterns]


def outcomes_of(patterns: Iterable[Any]) -> list[Outcomes]:
    """What `told_patterns` was given."""
    return [{i: Outcome(o) for i, o in pattern.items()} for pattern in patterns]


def verdict_of(row: list[Any], patterns: list[Outcomes]) -> Verdict:
    """The verdict that `row_of` wrote."""
    subject, number, own, extra = row
    return Verdict(
        subject, patterns[number], tuple(map(_finding, own)), tuple(map(_finding, extra))
    )


def _finding(told: list[Any]) -> Finding:
    clause, effect, message, place, remedy, owes, due, waivable, cause = told
    return Finding(
        clause,
        Effect(effect),
        _message(message),
        Location(*place),
        None if remedy is None else _message(remedy),
        owes,
        None if due is None else datetime.fromisoformat(due),
        waivable,
        cause,
    )


def _message(said: list[Any]) -> Message:
    text, values = said
    return Message(
        text, tuple((k, _message(v["message"]) if isinstance(v, dict) else v) for k, v in values)
    )
