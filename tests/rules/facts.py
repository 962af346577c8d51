"""Register entries, plain records and signed records, for the tests of rules.

Keys that Python keeps for itself are written with a line at the end: ``from_="2026-01-01"``.
Strings stay strings: give `day(…)` and `at(…)` where the schema makes dates.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.documents import Document
from pipeline.model.duties import digest_of
from pipeline.model.part import program
from pipeline.model.records import Fact, Signed
from pipeline.model.registers import Registers
from tests.rules.builders import marks_of
from tests.rules.governance import FORCE, at

KINDS_OF_RECORD = tuple(
    name for name, kind in program().records.items() if not (kind.predicate or kind.own_reader)
)


def _value(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removesuffix("_"): value for name, value in given.items() if value is not None}


def fact(kind: str, id: str = "x", /, **value: Any) -> Fact:
    """A record or an entry; every key of it stands on a line of its own, from 1."""
    kept = _value(value)
    marks = {route: (line, 1) for line, route in enumerate(marks_of(kept), 1)}
    if kind in KINDS_OF_RECORD:
        return Fact(kind, id, kept, Document(f"content/records/{kind}/2026/{id}.yml", kept, marks))
    document = Document(f"content/registers/{kind}.yml", {kind: [kept]}, {
        (kind, 0, *route): place for route, place in marks.items()
    })  # fmt: skip
    return Fact(kind, id, {"id": id} | kept, document, (kind, 0))


def signed(
    kind: str,
    person: str,
    role: str,
    when: str | datetime,
    /,
    *,
    id: str = "",
    subject: Mapping[str, str] | None = None,
    **value: Any,
) -> Signed:
    """A verified declaration, rotation or waiver; `when` like ``2026-11-03 09:30``."""
    moment = at(when) if isinstance(when, str) else when
    name = id or f"{local_date(moment)}.{person}.{kind}"
    predicate = {
        "archive": "yunlan-yjj",
        "person": person,
        "role": role,
        "signed_at": moment,
    } | _value(value)
    path = f"content/records/{kind}s/{moment.year}/{name}.json"
    return Signed(
        kind, path, name, person, role, moment, predicate, dict(subject or {}), "SHA256:key"
    )


def wording(name: str, role: str, scope: str = "archive", /, **changes: Any) -> Fact:
    """A wording as the register ``wordings`` holds it, due every twelve months."""
    return fact("wordings", f"{name}-1", **({
        "name": name, "version": 1, "clause": "R01-1", "text": f"本人声明：{name}。",
        "role": role, "scope": scope, "every_months": 12, "from_": FORCE,
    } | changes))  # fmt: skip


def declaration(
    of: Fact,
    person: str,
    when: str | datetime,
    /,
    *,
    subject: str = "",
    until: date | None = None,
    **changes: Any,
) -> Signed:
    """A declaration of a wording that counts; it speaks of the year up to `until` (that day)."""
    moment = at(when) if isinstance(when, str) else when
    last = until or local_date(moment)
    return signed(
        "declaration",
        person,
        of["role"],
        moment,
        id=f"{local_date(moment)}.{of['name']}.{subject or 'archive'}",
        **({
            "name": of["name"], "version": of["version"], "text_digest": digest_of(of),
            "subject_": subject, "from_": date(last.year, 1, 1), "until": last,
        } | changes),
    )  # fmt: skip


def with_facts(archive: Archive, *more: Fact | Signed) -> Archive:
    """The archive with plain and signed records added, each under its kind."""
    facts: dict[str, tuple[Fact, ...]] = defaultdict(tuple, archive.facts)
    records: dict[str, tuple[Signed, ...]] = defaultdict(tuple, archive.signed)
    for each in more:
        if isinstance(each, Signed):
            records[each.kind] = (*records[each.kind], each)
        else:
            facts[each.kind] = (*facts[each.kind], each)
    return replace(archive, facts=dict(facts), signed=dict(records))


def entries(registers: Registers, name: str, *rows: Fact) -> Registers:
    """The registers with the entries of one register replaced by these."""
    return replace(registers, entries={**registers.entries, name: rows})


def recorded(archive: Archive, name: str, rows: Iterable[Fact]) -> Archive:
    """The archive with the entries of one register replaced by these."""
    return replace(archive, registers=entries(archive.registers, name, *rows))
