"""Checks across entries: registers and records agree with one another."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pipeline.model.brings import load
from pipeline.model.documents import Document, Route
from pipeline.model.findings import Effect, Finding, say
from pipeline.model.ids import ClauseId
from pipeline.model.part import program
from pipeline.model.records import Fact
from pipeline.model.registers import Registers

RegisterCheck = Callable[[Registers, str], Iterable[Finding]]
"""Registers, clause of the schema of one → findings between its entries (`Kind.checks`)."""
RecordCheck = Callable[[Iterable[Fact], str], Iterable[Finding]]
"""Records of one kind, clause of its schema → findings (`Kind.checks`)."""
PERIODS = (("from", "until"), ("opened_on", "closed_on"), ("signed_on", "until"))


def register_problems(registers: Registers, clauses: Mapping[str, ClauseId]) -> Iterator[Finding]:
    """Problems between entries; `clauses`: register name → clause of its schema."""
    for name, document in registers.documents.items():
        if name not in ("policy", "roster"):  # theirs are judged where they are read
            yield from references(document, (), document.value, registers, clauses[name])
            yield from _backwards(document, clauses[name])
    for kind in program().kinds.values():
        if kind.register and kind.checks:
            check: RegisterCheck = load(kind.checks)
            yield from check(registers, clauses.get(kind.name, ""))


def record_problems(
    name: str, facts: Iterable[Fact], registers: Registers, clause: ClauseId
) -> Iterator[Finding]:
    """What plain records of one kind name that is in no register, and what its own check finds."""
    kind = program().kind(name)
    for fact in facts:
        value = {key: part for key, part in fact.value.items() if key not in kind.names_new}
        yield from references(fact.document, (), value, registers, clause)
    if kind.checks:
        check: RecordCheck = load(kind.checks)
        yield from check(facts, clause)


def references(
    document: Document, route: Route, value: Any, registers: Registers, clause: ClauseId
) -> Iterator[Finding]:
    """Ids in a value that no register holds."""
    for below, key, name in _texts(route, value):
        ids = known_ids(key, registers)
        if ids is not None and name not in ids:
            message = say("{key} names {name}, who or which is in no register.", key=key, name=name)
            remedy = say("Correct the id, or enter it in its register first.")
            what, where = "reference-unknown {key} {name}", document.locate(*below)
            yield Finding(clause, what, Effect.REFUSE, message, where, remedy)


def _texts(route: Route, value: Any) -> Iterator[tuple[Route, str, str]]:
    """(route, key, text) of every text, with the key it stands under."""
    pairs: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, Mapping):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for part, below in pairs:
        inner = (*route, part)
        if isinstance(below, str):
            key = next((p for p in reversed(inner) if isinstance(p, str)), "")
            yield inner, key, below
        else:
            yield from _texts(inner, below)


def known_ids(key: str, registers: Registers) -> Iterable[str] | None:
    """The ids a key may name; None for other keys, and where the register could not be read.

    People, departments and accounts are never none: an empty register is one that broke its
    schema, and its own finding is enough.
    """
    kind = program().named_by.get(key)
    ids = registers.ids(kind.name) if kind else None
    return ids or None if kind and kind.own_reader else ids


def _backwards(document: Document, clause: ClauseId) -> Iterator[Finding]:
    for route, first, last in _periods((), document.value):
        if last < first:  # ISO 8601 days compare as text
            message = say("A period ends before it begins.")
            remedy = say("Correct the first or the last day.")
            location = document.locate(*route)
            yield Finding(clause, "period-backwards", Effect.REFUSE, message, location, remedy)


def _periods(route: Route, value: Any) -> Iterator[tuple[Route, str, str]]:
    if isinstance(value, list):
        for index, below in enumerate(value):
            yield from _periods((*route, index), below)
    if isinstance(value, dict):
        for start, end in PERIODS:
            first, last = value.get(start), value.get(end)
            if isinstance(first, str) and isinstance(last, str):
                yield (*route, end), first, last
        for key, below in value.items():
            yield from _periods((*route, key), below)
