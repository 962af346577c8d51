"""Verdicts as values of JSON, and back, for the store.

Most verdicts of a run differ in nothing but their subject. So a packed one names its outcomes by
their digest, and they are a row of their own. Findings stand in the packed verdict.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from pipeline.model.findings import (
    Effect,
    Finding,
    Location,
    Message,
    Outcome,
    Verdict,
)

KIND = "outcomes"
Outcomes = Mapping[str, Outcome]
Pattern = tuple[tuple[str, Outcome], ...]
"""The outcome of each clause, in their order."""
_PLAIN = (str, int, float, bool, type(None))


class NotKept(Exception):
    """A verdict holds a value that JSON cannot express."""


def shared(verdicts: Iterable[Verdict], seen: dict[Pattern, Outcomes]) -> list[Verdict]:
    """The verdicts; subjects with equal outcomes share one mapping."""
    return [
        replace(v, outcomes=seen.setdefault(tuple(v.outcomes.items()), v.outcomes))
        for v in verdicts
    ]


class VerdictCodec:
    """Packs and unpacks verdicts by the outcomes that stand in the store."""

    def __init__(self, stored: Mapping[str, bytes]) -> None:
        self.rows = dict(stored)
        """Digest → outcomes in JSON, of those that were stored or packed."""
        self._outcomes: dict[str, Outcomes] = {}
        self._digests: dict[Pattern, str] = {}

    def pack(self, verdict: Verdict) -> list[Any]:
        """A verdict in values of JSON. Raises NotKept."""
        pattern = tuple(verdict.outcomes.items())
        if pattern not in self._digests:
            raw = json.dumps([(i, o.value) for i, o in pattern]).encode()
            digest = self._digests[pattern] = sha256(raw).hexdigest()
            self.rows[digest] = raw
        own, extra = map(_packed, verdict.own), map(_packed, verdict.extra)
        return [verdict.subject, self._digests[pattern], [*own], [*extra]]

    def unpack(self, packed: list[Any]) -> Verdict:
        """The inverse of `pack`. Raises KeyError when its outcomes are absent."""
        subject, digest, own, extra = packed
        if digest not in self._outcomes:
            pairs = json.loads(self.rows[digest])
            self._outcomes[digest] = {i: Outcome(o) for i, o in pairs}
        findings = tuple(map(_finding, own)), tuple(map(_finding, extra))
        return Verdict(subject, self._outcomes[digest], *findings)


def _packed(finding: Finding) -> list[Any]:
    remedy = None if finding.remedy is None else _packed_message(finding.remedy)
    at = finding.location
    return [
        finding.clause,
        int(finding.effect),
        _packed_message(finding.message),
        [at.path, at.line, at.column],
        remedy,
        finding.owes,
        None if finding.due is None else finding.due.isoformat(),
        finding.waivable,
        finding.cause,
    ]


def _packed_message(message: Message) -> list[Any]:
    values = [[k, v if type(v) in _PLAIN else _nested(v)] for k, v in message.values]
    return [message.text, values]


def _nested(value: object) -> dict[str, Any]:
    if not isinstance(value, Message):
        raise NotKept
    return {"message": _packed_message(value)}


def _finding(packed: list[Any]) -> Finding:
    clause, effect, message, at, remedy, owes, due, waivable, cause = packed
    return Finding(
        clause,
        Effect(effect),
        _message(message),
        Location(*at),
        None if remedy is None else _message(remedy),
        owes,
        None if due is None else datetime.fromisoformat(due),
        waivable,
        cause,
    )


def _message(packed: list[Any]) -> Message:
    text, values = packed
    return Message(
        text, tuple((k, _message(v["message"]) if isinstance(v, dict) else v) for k, v in values)
    )
