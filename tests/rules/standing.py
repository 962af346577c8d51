"""Registers with every document, and policies as changes propose them, for tests of rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline.model.archive import Archive, Change
from pipeline.model.documents import Document, Route
from pipeline.model.findings import Complaint, Effect
from pipeline.model.law import PeriodClause, Rule
from pipeline.model.policy import Parameter
from pipeline.model.records import Fact
from pipeline.model.registers import Department, Person, Registers
from tests.rules import governance
from tests.rules.builders import change, marks_of, until_nothing
from tests.rules.governance import PEOPLE, day

SINCE = day("2026-08-17")
DEPARTMENTS = "content/registers/departments.yml"
NAMED = (
    Department("xjk", "宣教科", True, ("宣教和信息技术科",)),
    Department("jzk", "救助科", False, ()),
)
Setting = tuple[Any, str, str]
"""(value, source, effective_from)"""


def registers(
    departments: Sequence[Department] = NAMED,
    people: Iterable[Person] = PEOPLE,
    entries: Mapping[str, tuple[Fact, ...]] | None = None,
    **more: Any,
) -> Registers:
    """Registers of an archive that began in August 2026; departments stand on lines 2, 3 …"""
    made = governance.registers(people=people, **more)
    marks: dict[Route, tuple[int, int]] = {("departments",): (1, 1)}
    marks |= {("departments", n): (2 + n, 3) for n in range(len(departments))}
    return replace(
        made,
        departments={d.id: d for d in departments},
        documents={**made.documents, "departments": Document(DEPARTMENTS, None, marks)},
        policy=replace(made.policy, archive={**made.policy.archive, "since": SINCE}),
        entries=dict(entries or {}),
    )


def policed(
    legal_basis: Sequence[Mapping[str, Any]] = (),
    limits: Sequence[Mapping[str, Any]] = (),
    since: str = "2026-08-17",
    **settings: Sequence[Setting],
) -> Registers:
    """Registers whose policy holds only these parameters (dots written as ``__``), with lines."""
    value = {
        "archive": {"since": since},
        "legal_basis": list(legal_basis),
        "limits": list(limits),
        "parameters": {name.replace("__", "."): [] for name in settings},
    }
    parameters = {}
    for name, rows in settings.items():
        dotted = name.replace("__", ".")
        value["parameters"][dotted] = [{"value": v, "source": s} for v, s, _ in rows]
        parameters[dotted] = tuple(Parameter(dotted, v, "", s, day(d)) for v, s, d in rows)
    marks = {route: (line, 1) for line, route in enumerate(marks_of(value), 1)}
    made = registers()
    policy = replace(
        made.policy,
        document=Document("content/policy.yml", value, marks),
        archive={**made.policy.archive, "since": day(since)},
        parameters={**parameters},
        legal_basis=tuple(legal_basis),
        limits=tuple(limits),
    )
    return replace(made, policy=policy)


def proposed(after: Registers, **more: Any) -> Change:
    """A change that leaves the registers like this."""
    return change(proposed=after, **more)


def declared(rule: Rule, number: int, look: Archive) -> list[Complaint]:
    """What the declared period clauses of a number say."""
    return [c for clause in _periods(rule, number, of=True) for c in until_nothing(clause, look)]


def checked(rule: Rule, number: int, look: Archive) -> list[Complaint]:
    """What the period clauses of a number say that are no declarations."""
    return [c for clause in _periods(rule, number, of=False) for c in until_nothing(clause, look)]


def _periods(rule: Rule, number: int, *, of: bool) -> list[PeriodClause]:
    found = [c for c in rule.clauses if isinstance(c, PeriodClause) and c.number == number]
    return [c for c in found if (c.declared is not None) is of]


def said(found: Iterable[Complaint]) -> list[tuple[Effect, str]]:
    """(effect, name) of every complaint."""
    return [(c.effect, c.name) for c in found]


def without_due(found: Iterable[Complaint]) -> list[tuple[Effect, str]]:
    """As `said`, without the duties that are still to come."""
    return said(c for c in found if not (c.effect is Effect.NOTE and c.due))
