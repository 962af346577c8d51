"""A new entry of a register, or a new plain record: a file that already satisfies its schema."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import PurePath
from typing import Any

from pipeline.errors import Misuse
from pipeline.judge.load_governance import governing_files, trust
from pipeline.judge.record_entries import fact_objections
from pipeline.model import calendar, conformance
from pipeline.model.attestations import CORRECTED, route_of, value_at, with_correction
from pipeline.model.findings import Effect, Finding, say
from pipeline.model.ids import NO_CLAUSE
from pipeline.model.part import program
from pipeline.new.fields import ABSENT, Field, parsed
from pipeline.new.yaml_writer import dump, rewritten
from pipeline.source.content.paths import RECORDS, Files, MemoryTree, post_ids
from pipeline.source.content.records import paths_under
from pipeline.source.content.registers import REGISTERS
from pipeline.source.content.text import read_yaml


@dataclass(frozen=True)
class Shape:
    """A kind of entry or record, as its schema says."""

    name: str
    register: bool
    schema: Mapping[str, Any]

    @property
    def entry(self) -> Mapping[str, Any]:
        """The schema of one entry, or of the whole record but for its corrections."""
        if self.register and program().kind(self.name).listed:
            items: Mapping[str, Any] = self.schema["properties"][self.name]["items"]
            return items
        parts = {k: p for k, p in self.schema["properties"].items() if k != CORRECTED}
        return {**self.schema, "properties": parts}


def entry_files(
    tree: Files, kind: Shape, value: Mapping[str, Any], stem: str, now: datetime
) -> dict[str, bytes]:
    """Path → bytes of the register with a new entry, or of a new record of the name `stem`.

    Raises Misuse when the outcome would not satisfy schema and registers.
    """
    if not kind.register:
        path = f"{RECORDS}{kind.name}/{calendar.local_date(now).year}/{stem}.yml"
        return _sound(tree, kind, path, dump(value), now)
    path = f"{REGISTERS}{kind.name}.yml"
    raw = tree.read(path) if path in tree.files else f"{kind.name}: []\n".encode()
    wanted = {kind.name: [*read_yaml(path, raw).value[kind.name], value]}
    return _sound(tree, kind, path, rewritten(path, raw, wanted), now)


def amended_files(
    tree: Files, kind: Shape, name: str, value: Mapping[str, Any], now: datetime
) -> dict[str, bytes]:
    """Path → bytes of a register with another entry of the id `name`, or of the record `name` with
    some fields more.

    `value`: of a register the whole entry; of a record those fields alone, of which a list of small
    mappings grows, or has a row completed. Raises Misuse as `entry_files`.
    """
    path, wanted = _standing(tree, kind, name)
    if kind.register:
        row = next((row for row in wanted.get(kind.name, ()) if row["id"] == name), None)
        if row is None:
            raise _no_entry(kind, name)
        row.clear()
        row.update(value)
    else:
        _merge(wanted, value)
    return _sound(tree, kind, path, rewritten(path, tree.read(path), wanted), now)


def corrected_files(
    tree: Files, main: Files, kind: Shape, name: str, item: Mapping[str, str], now: datetime
) -> dict[str, bytes]:
    """Path → bytes of a record with the right value of one field: beside what stands on main, and
    else in its place.

    `item`: `field`, `value` as it is typed, `reason` and `person`; an empty value takes the field
    away. Raises Misuse as `entry_files`, and where there is no such field.
    """
    path, record = _standing(tree, kind, name)
    stood = read_yaml(path, main.read(path)).value if path in main.files else {}
    route = route_of(item["field"])
    part = conformance.Conformance(kind.schema, NO_CLAUSE).part(route)
    right = parsed(Field(tuple(map(str, route)), part, required=False), [item["value"]])
    made = {**item, "value": None if right is ABSENT else right}
    if value_at(stood, route[:-1] or route) is None:
        try:
            wanted = with_correction(record, record, made)
        except LookupError as error:
            raise Misuse(say("The record holds no {key} to correct.", key=error.args[0])) from error
    elif not item["reason"]:
        raise Misuse(
            say("{key} stands on main and is written once.", key=item["field"]),
            say("Say why it was wrong: the right value is then written beside it."),
        )
    else:
        made["at"] = now.isoformat(timespec="seconds")
        wanted = record | {CORRECTED: [*record.get(CORRECTED, ()), made]}
    return _sound(tree, kind, path, rewritten(path, tree.read(path), wanted), now)


def _standing(tree: Files, kind: Shape, name: str) -> tuple[str, dict[str, Any]]:
    """(path, value) of a register or of the record of a name. Raises Misuse where it is not."""
    path = f"{REGISTERS}{kind.name}.yml"
    if not kind.register:
        paths = paths_under(tree, f"{RECORDS}{kind.name}/")
        path = next((p for p in paths if PurePath(p).stem == name), "")
    if path not in tree.files:
        raise _no_entry(kind, name)
    return path, deepcopy(read_yaml(path, tree.read(path)).value)


def _no_entry(kind: Shape, name: str) -> Misuse:
    return Misuse(say("{id} is no entry of {kind}.", id=name, kind=kind.name))


def _merge(row: dict[str, Any], value: Mapping[str, Any]) -> None:
    for key, part in value.items():
        before = row.get(key)
        if isinstance(part, Mapping) and isinstance(before, dict):
            _merge(before, part)
        elif isinstance(before, list) and part and isinstance(part[0], Mapping):
            _grow(before, part)
        else:
            row[key] = part


def _grow(rows: list[Any], part: Iterable[Mapping[str, Any]]) -> None:
    """Append rows; one that repeats a row that stands, with more keys, completes it."""
    for new in part:
        old = next((row for row in rows if row.items() <= new.items()), None)
        if old is None:
            rows.append(dict(new))
        else:
            old.update(new)


def free_stems(tree: Files, kind: Shape, day: date) -> Iterator[str]:
    """Names for records that are not taken: the day and a number."""
    taken = {PurePath(path).stem for path in paths_under(tree, f"{RECORDS}{kind.name}/")}
    stems = (f"{day.isoformat()}-{number}" for number in count(1))
    return (stem for stem in stems if stem not in taken)


def _sound(tree: Files, kind: Shape, path: str, raw: bytes, now: datetime) -> dict[str, bytes]:
    """The changed file; Misuse for the first thing it would break that stood before."""
    contents = governing_files(tree)
    if kind.register:
        return sound_registers(contents, {path: raw})
    contents |= {p: tree.read(p) for p in paths_under(tree, f"{RECORDS}account-events/")}
    after = MemoryTree({**contents, path: raw})
    trusted = trust(after)
    _refuse(fact_objections(trusted, path, after, post_ids(tree), now))
    return {path: raw}


def sound_registers(
    contents: Mapping[str, bytes], changed: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The changed governance files; Misuse for the first thing they would break that stood before.

    `contents`: all files of governance, as `governing_files` reads them.
    """
    before = {f.mark for f in trust(MemoryTree(contents)).registers.problems}
    after = trust(MemoryTree({**contents, **changed}))
    _refuse([f for f in after.registers.problems if f.mark not in before])
    return dict(changed)


def _refuse(problems: Iterable[Finding]) -> None:
    for problem in problems:
        if problem.effect is Effect.REFUSE:
            raise Misuse(problem.message, problem.remedy, name=problem.name)
