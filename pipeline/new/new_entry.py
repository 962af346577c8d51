"""A new entry of a register, or a new plain record: a file that already satisfies its schema."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import date, datetime
from functools import partial
from itertools import count
from pathlib import PurePath
from typing import Any

from pipeline.errors import Misuse
from pipeline.judge.load_governance import governing_files, trust
from pipeline.judge.record_entries import fact_objections, record_objections, replaced
from pipeline.model.attestations import CORRECTED, dotted, route_of, value_at, with_correction
from pipeline.model.calendar import local_date
from pipeline.model.conformance import Conformance
from pipeline.model.findings import Effect, Finding, say
from pipeline.model.frozen import dataclass, field
from pipeline.model.ids import NO_CLAUSE, PersonId
from pipeline.model.part import program
from pipeline.new.fields import ABSENT, Field, parsed
from pipeline.new.yaml_writer import rewritten, yaml_lines
from pipeline.source.content.paths import RECORDS, Files, MemoryTree, area_of, post_ids
from pipeline.source.content.records import CORRECTIONS, paths_under, read_corrections
from pipeline.source.content.registers import CALENDAR, REGISTERS
from pipeline.source.content.text import read_yaml

Describe = Callable[[str], str]
"""A schema's description in the reader's language."""


@dataclass(frozen=True)
class Shape:
    """A kind of entry or record, as its schema says."""

    name: str
    register: bool
    schema: Mapping[str, Any]

    @property
    def alone(self) -> bool:
        """Whether a file holds one entry: a record, or a year of the calendar."""
        return not self.register or not program().kind(self.name).listed

    @property
    def entry(self) -> Mapping[str, Any]:
        """The schema of one entry, or of the whole record but for its corrections."""
        if not self.alone:
            items: Mapping[str, Any] = self.schema["properties"][self.name]["items"]
            return items
        parts = {k: p for k, p in self.schema["properties"].items() if k != CORRECTED}
        return {**self.schema, "properties": parts}

    @property
    def written_once(self) -> bool:
        """Whether its records are corrected, and never rewritten."""
        return not self.register and CORRECTED in self.schema["properties"]


@dataclass(frozen=True)
class Correcting:
    """What a replaced value of a record asks for: what stands on main, who corrects it, and why."""

    stands: Files
    person: PersonId
    reason: str
    texts: Mapping[str, str] = field(default_factory=dict)
    """Dotted field → the right value as it is typed; empty: the field is taken away."""


def entry_files(
    tree: Files, kind: Shape, value: Mapping[str, Any], stem: str, now: datetime, describe: Describe
) -> dict[str, bytes]:
    """Path → bytes of the register with a new entry, or of a new record.

    Raises Misuse when the outcome would not satisfy schema and registers.
    """
    path, raw = _placed(tree, kind, value, stem, local_date(now), describe)
    return _sound(tree, kind, path, raw, now)


def amended_files(
    tree: Files, kind: Shape, name: str, value: Mapping[str, Any], now: datetime,
    *, whole: bool = False, correcting: Correcting | None = None,
) -> dict[str, bytes]:  # fmt: skip
    """Path → bytes of a register or a record with fields of one entry altered or completed.

    `name`: the id of the entry, or the name of the record; `value`: those fields alone, of which
    a list of small mappings grows, or has a row completed, and any other value is replaced; with
    `whole` all of the entry. `correcting`: of a record; what stands on main stays, and the other
    value is written beside it. Raises Misuse as `entry_files`.
    """
    alone = kind.alone
    under = CALENDAR if kind.register else f"{RECORDS}{kind.name}/"
    file = next((p for p in paths_under(tree, under) if PurePath(p).stem == name), "")
    path = file if alone else f"{REGISTERS}{kind.name}.yml"
    raw = tree.read(path) if path in tree.files else b""
    wanted = deepcopy(read_yaml(path, raw).value)
    rows = [wanted] if alone else (wanted or {}).get(kind.name, ())
    row = next((row for row in rows if row and (alone or row["id"] == name)), None)
    if row is None:
        raise Misuse(say("{id} is no entry of {kind}.", id=name, kind=kind.name))
    if whole:
        row.clear()
    if correcting is not None:
        files = correcting.stands.files
        stood = read_yaml(path, correcting.stands.read(path)).value if path in files else {}
        try:
            wanted = _with_corrections(wanted, stood, value, correcting, kind, now)
        except LookupError as error:
            raise Misuse(say("The record holds no {key} to correct.", key=error.args[0])) from error
    else:
        _merge(row, value)
    return _sound(tree, kind, path, rewritten(path, raw, wanted), now)


def _with_corrections(
    record: dict[str, Any],
    stood: Mapping[str, Any],
    value: Mapping[str, Any],
    correcting: Correcting,
    kind: Shape,
    now: datetime,
) -> dict[str, Any]:
    """The record with `value` in it, and an item of `corrected` for each value that stood.

    Raises LookupError with a field that is none of the record.
    """
    holds = record
    for item in record.get(CORRECTED, ()):
        holds = with_correction(holds, record, item)
    wanted, becomes = deepcopy(record), deepcopy(holds)
    _merge(wanted, value)
    _merge(becomes, value)
    wrong = {r: new for r, _, new in replaced(holds, becomes) if value_at(stood, r) is not None}
    for route, old, new in replaced(stood, wanted):
        wanted = with_correction(wanted, stood, {"field": dotted(route), "value": old})
        if value_at(holds, route) != new:
            wrong.setdefault(route, new)
    schema = Conformance(kind.schema, NO_CLAUSE)
    for name, text in correcting.texts.items():
        route = route_of(name)
        right = parsed(Field(tuple(map(str, route)), schema.part(route), required=False), [text])
        item = {"field": name, "value": None if right is ABSENT else right}
        if value_at(stood, route[:-1] or route) is None:
            wanted = with_correction(wanted, record, item)
        else:
            wrong[route] = item["value"]
    for key in map(dotted, list(wrong)[:1] if not correcting.reason else ()):
        message = say("{key} stands on main and is written once.", key=key)
        remedy = say("Say why it was wrong with `--reason`: the right value is then written beside"
                     " it, as a correction.")  # fmt: skip
        raise Misuse(message, remedy)
    items = [
        {"field": dotted(route), "value": new, "reason": correcting.reason}
        | {"person": correcting.person, "at": now.isoformat(timespec="seconds")}
        for route, new in wrong.items()
    ]
    return wanted | ({CORRECTED: [*record.get(CORRECTED, ()), *items]} if items else {})


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


def _placed(
    tree: Files, kind: Shape, value: Mapping[str, Any], stem: str, today: date, describe: Describe
) -> tuple[str, bytes]:
    """(path, the file with the new entry in it)."""
    if kind.name == "calendar":
        path = f"{CALENDAR}{value['year']}.yml"
        if not value["off_days"]:
            raise Misuse(
                say("--{option} is needed.", option="off-days"),
                say("Copy every day off from the year's notice; without them each deadline errs."),
            )
        return _absent(tree, path), _file(kind, value, describe)
    if not kind.register:
        year = stem[:4] if program().kind(kind.name).stem else str(today.year)
        path = f"{RECORDS}{kind.name}/{year}/{stem}.yml"
        if area_of(path) != "records":
            raise Misuse(
                say("{path} cannot be the name of a record.", path=path),
                say("Names have at most 80 letters, digits, dots and hyphens."),
            )
        return _absent(tree, path), _file(kind, value, describe)
    path = f"{REGISTERS}{kind.name}.yml"
    raw = tree.read(path) if path in tree.files else f"{kind.name}: []\n".encode()
    wanted = {kind.name: [*read_yaml(path, raw).value[kind.name], value]}
    lines = yaml_lines([value], 0, {"items": kind.entry}, partial(_comment, describe=describe))
    return path, rewritten(path, raw, wanted, [*lines])


def _absent(tree: Files, path: str) -> str:
    if path in tree.files:
        raise Misuse(say("{path} is there already.", path=path), say("Change it there."))
    return path


def _file(kind: Shape, value: Mapping[str, Any], describe: Describe) -> bytes:
    lines = yaml_lines(value, 0, kind.entry, partial(_comment, describe=describe))
    left = {k: part for k, part in kind.entry["properties"].items() if k not in value}
    later = (f"# {line}" for line in _open(left, describe))
    text = "\n".join([f"# {_comment(kind.schema, describe)}", *lines, *later]) + "\n"
    return text.encode()


def _open(parts: Mapping[str, Any], describe: Describe) -> Iterator[str]:
    """Lines of what may be filled in later, in its shape: keys below keys, entries after dashes."""
    for key, part in parts.items():
        inner = tuple(_open(part.get("items", part).get("properties", {}), describe))
        remark = _comment(part, describe)
        yield f"{key}: {'# ' * bool(inner and remark)}{remark}".rstrip()
        first, later = ("  - ", "    ") if "items" in part else ("  ", "  ")
        yield from (f"{later if n else first}{line}" for n, line in enumerate(inner))


def _comment(part: Mapping[str, Any], describe: Describe) -> str:
    return " ".join(describe(part["description"]).split()) if part.get("description") else ""


def _sound(tree: Files, kind: Shape, path: str, raw: bytes, now: datetime) -> dict[str, bytes]:
    """The changed file; Misuse for the first thing it would break that stood before."""
    contents = governing_files(tree)
    if kind.register:
        return sound_registers(contents, {path: raw})
    contents |= {p: tree.read(p) for p in paths_under(tree, f"{RECORDS}account-events/")}
    after = MemoryTree({**contents, path: raw})
    trusted = trust(after)
    if kind.name == "corrections":
        problems = [*read_corrections(after, trusted.schemas, paths_under(after, CORRECTIONS))[1]]
        problems += record_objections(trusted, path, raw, now)
    else:
        problems = [*fact_objections(trusted, path, after, post_ids(tree), now)]
    _refuse(problems)
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
