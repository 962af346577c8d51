"""Policy, registers and calendar out of a tree, as typed values with their problems.

The policy file is read as dated parameters, each held to the schema of the article that owns it.
"""

import base64
import binascii
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import prod
from typing import Any, TypeVar

from pipeline.errors import Fault
from pipeline.model import registers as model
from pipeline.model.calendar import Calendar
from pipeline.model.conformance import Conformance
from pipeline.model.documents import Document, Route, schema_in
from pipeline.model.findings import Effect, Finding, Message, Reason, say
from pipeline.model.ids import R13_7, R18_1, ClauseId, Digest
from pipeline.model.lazy import regex
from pipeline.model.policy import Parameter, Policy
from pipeline.model.records import Fact
from pipeline.model.run import PerRun, per_run
from pipeline.source.content import cross_checks, shipped_lists
from pipeline.source.content.paths import Files
from pipeline.source.content.text import read_yaml
from pipeline.source.git.tree_listing import files_under

# Regular expressions from policy: only those that surely end (issue: a pattern that never ends).
#
# Words of lexicons and terms are taken literally and never reach a regular expression. A parameter
# whose schema says ``"format": "regex"`` may hold one, without anything that can backtrack beyond
# measure: no unbounded repetition, no repeated group, no reference back.

LONGEST_PATTERN = 200
WAYS = 4096
"""In how many ways a pattern may be tried at one offset: repetitions, options, alternatives."""
_CLASS = regex(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_ESCAPED = regex(r"\\(?:[^1-9])")
_UNBOUNDED = regex(r"[*+]|\{\d*,\}")
_REPEATED_GROUP = regex(r"\)[?*+{]")
_REFERENCE = regex(r"\\[1-9]|\(\?P=|\(\?\(")
_CHOICE = regex(r"(?<!\()\?|\|")
_REPEAT = regex(r"\{(\d+)(?:,(\d+))?\}")


def pattern_problem(pattern: str) -> Reason | None:
    """Why a pattern is refused; None for one that compiles and always ends soon."""
    if len(pattern) > LONGEST_PATTERN:
        message = say("The pattern is longer than {limit} characters.", limit=LONGEST_PATTERN)
        return "pattern-long", message
    try:
        re.compile(pattern)
    except re.error:
        return "pattern-invalid", say("The pattern is no regular expression.")
    # What stands in a class or behind a backslash repeats nothing.
    bare = _CLASS.sub("x", _ESCAPED.sub("x", pattern))
    if _REFERENCE.search(bare):
        return "pattern-refers-back", say("The pattern refers back to what it found.")
    if _UNBOUNDED.search(bare) or _REPEATED_GROUP.search(bare):
        return "pattern-endless", say("The pattern may repeat without end.")
    widths = [int(m[2] or m[1]) - int(m[1]) + 1 for m in _REPEAT.finditer(bare)]
    if prod(widths) * 2 ** len(_CHOICE.findall(bare)) > WAYS:
        message = say("The pattern can be tried in more than {limit} ways.", limit=WAYS)
        return "pattern-slow", message
    return None


_COMPARE = say("Compare content/policy.yml with `sanshen rules --parameters`.")


_of_settings: PerRun[Mapping[str, Any], Conformance] = PerRun(
    lambda value: Conformance({"items": {"properties": {"value": value}}}, R13_7), 256
)
"""Schema of a parameter's value → that of its settings."""


def read_policy(
    value: Mapping[str, Any],
    document: Document,
    schemas: Mapping[str, Mapping[str, Any]],
    problems: list[Finding],
) -> Policy:
    stated: Mapping[str, list[dict[str, Any]]] = value.get("parameters", {})
    parameters, marks = {}, _marks(document)
    for name, settings in stated.items():
        if name not in schemas:
            problems.append(_unowned(document, name, all(s.get("ahead") for s in settings)))
            continue
        check = _of_settings(schemas[name]).findings
        faults = [f for f, _ in check(Document(document.path, settings, marks[name]))]
        problems.extend(faults)
        if not faults:
            parameters[name] = tuple(
                Parameter(
                    name,
                    s["value"],
                    s["unit"],
                    s["source"],
                    s["effective_from"],
                    s.get("article_digest", ""),
                )
                for s in sorted(settings, key=lambda s: s["effective_from"])
            )
    before = value.get("archive", {}).get("since", date.max) - timedelta(days=1)
    for name in (name for name, schema in schemas.items() if schema.get("unowned")):
        parameters[name] = (_default(name, schemas[name], before), *parameters.get(name, ()))
    unstated = sorted(schemas.keys() - stated.keys() - parameters.keys()) if value else []
    problems.extend(_unstated(document, name) for name in unstated)
    problems.extend(_patterns(document, parameters, schemas))
    problems.extend(_unknown_limits(document, value.get("limits", ()), schemas))
    return Policy(
        document,
        value.get("archive", {}),
        value.get("unit", {}),
        parameters,
        tuple(value.get("legal_basis", ())),
        tuple(value.get("limits", ())),
    )


def _default(name: str, schema: Mapping[str, Any], first: date) -> Parameter:
    """What holds of a parameter that the program itself asks until the policy sets another."""
    unit, source = schema.get("unit", ""), schema["source"]
    return Parameter(name, schema["default"], unit, source, first)


def _patterns(
    document: Document,
    parameters: Mapping[str, tuple[Parameter, ...]],
    schemas: Mapping[str, Mapping[str, Any]],
) -> Iterator[Finding]:
    """Patterns that may never end are refused before any text is held to them."""
    for name, settings in parameters.items():
        schema = schemas[name]
        if "regex" not in (schema.get("format"), schema.get("items", {}).get("format")):
            continue
        for setting in settings:
            values = setting.value if isinstance(setting.value, list) else [setting.value]
            for fault, message in filter(None, map(pattern_problem, values)):
                remedy = say("Write a bounded pattern such as [0-9]{1,4}, or literal words.")
                where = document.locate("parameters", name)
                yield Finding(R13_7, fault, Effect.REFUSE, message, where, remedy, about=name)


def _unknown_limits(
    document: Document,
    limits: Iterable[Mapping[str, Any]],
    schemas: Mapping[str, Mapping[str, Any]],
) -> Iterator[Finding]:
    for index, limit in enumerate(limits):
        if limit["parameter"] not in schemas:
            message = say(
                "A limit names a parameter that no article owns: {name}.", name=limit["parameter"]
            )
            what, where = "limit-unowned {name}", document.locate("limits", index, "parameter")
            yield Finding(R18_1, what, Effect.REFUSE, message, where, _COMPARE)


def _marks(document: Document) -> Mapping[str | int, dict[Route, tuple[int, int]]]:
    """Parameter → marks below its name; one pass, for a policy has thousands of marks."""
    marks: defaultdict[str | int, dict[Route, tuple[int, int]]] = defaultdict(dict)
    for route, mark in document.marks.items():
        if len(route) > 1 and route[0] == "parameters":
            marks[route[1]][route[2:]] = mark
    return marks


def _unowned(document: Document, name: str, ahead: bool) -> Finding:
    """A parameter of no article: a typing error, or one that waits for its rule (0024)."""
    location = document.locate("parameters", name)
    if ahead:
        message = say("The policy states {name} ahead: no article has it yet.", name=name)
        remedy = say("Propose the rule that reads it.")
        return Finding(R13_7, "parameter-ahead {name}", Effect.NOTE, message, location, remedy)
    message = say("The policy states a parameter that no article owns: {name}.", name=name)
    return Finding(R13_7, "parameter-unowned {name}", Effect.REFUSE, message, location, _COMPARE)


def _unstated(document: Document, name: str) -> Finding:
    message = say("The policy does not state the parameter {name}.", name=name)
    location = document.locate("parameters", name)
    return Finding(R13_7, "parameter-unstated {name}", Effect.REFUSE, message, location, _COMPARE)


# Working days by year out of a tree; a year whose file contradicts itself is named.

CALENDAR = "content/registers/calendar/"
_FILE = re.compile(rf"{CALENDAR}(\d{{4}})\.yml")


def year_of(path: str) -> int | None:
    """The year a path of the calendar stands for; None for another path."""
    year = _FILE.fullmatch(path)
    return int(year[1]) if year else None


def calendar_problems(
    path: str, document: Document, value: Mapping[str, Any], clause: ClauseId
) -> Iterator[Finding]:
    """Contradictions within a year's typed value; none when it broke its schema."""
    for route, name, message in _contradictions(year_of(path), value) if value else ():
        remedy = say("Compare it with the notice of the State Council.")
        yield Finding(clause, name, Effect.REFUSE, message, document.locate(*route), remedy)


def _contradictions(
    year: int | None, value: Mapping[str, Any]
) -> Iterator[tuple[Route, str, Message]]:
    if value["year"] != year:
        yield ("year",), "year-differs", say("The year differs from the name of the file.")
    off: list[date] = value["off_days"]
    worked: list[date] = value["work_weekends"]
    for name, days in (("off_days", off), ("work_weekends", worked)):
        for index, day in enumerate(days):
            if day.year != year:
                message = say("{day} lies in another year.", day=day.isoformat())
                yield (name, index), "day-of-another-year {day}", message
    for index, day in enumerate(worked):
        if day in off:
            message = say("{day} is both off and worked.", day=day.isoformat())
            yield ("work_weekends", index), "day-off-and-worked {day}", message
        if day.weekday() < 5:
            message = say("{day} is no weekend.", day=day.isoformat())
            yield ("work_weekends", index), "day-no-weekend {day}", message


POLICY = "content/policy.yml"
REGISTERS = "content/registers/"
SCHEMAS = "schemas/registers/"
CALENDAR_SCHEMA = f"{SCHEMAS}calendar.json"
NAMES = ("people", "departments", "accounts", "sources", "roster")
Register = tuple[Document, Mapping[str, Any], Sequence[Finding]]
"""As it stands, its typed value or {}, its problems."""
T = TypeVar("T")
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def read_registers(
    tree: Files,
    schemas: Mapping[str, bytes],
    parameters: Mapping[str, Mapping[str, Any]],
    regulation_digest: Digest,
    calendars: Mapping[str, bytes],
    lists: Callable[[str, tuple[Fact, ...]], tuple[Fact, ...]] = shipped_lists.with_shipped,
) -> model.Registers:
    """Read all governance of a tree.

    `schemas`: path → bytes of the trusted schemas; `parameters`: name → schema of the value;
    `calendars`: path → bytes of the years that the program ships, `lists`: its entries beside the
    tree's own.
    A register that breaks its schema is left out whole, and named in `problems` and `unread`.
    """
    documents: dict[str, Document] = {}
    problems: list[Finding] = []
    clauses: dict[str, ClauseId] = {}
    unread: set[str] = set()

    def rows(name: str, path: str) -> Mapping[str, Any]:
        schema = schema_at(schemas, f"{SCHEMAS}{name}.json")
        documents[name], value, faults = _read_register(tree, path, schema)
        clauses[name] = schema.clause
        problems.extend(faults)
        if faults:
            unread.add(name)
        return value

    policy = read_policy(rows("policy", POLICY), documents["policy"], parameters, problems)
    listed = entry_registers(schemas)
    values = {name: rows(name, f"{REGISTERS}{name}.yml") for name in (*NAMES, *listed)}
    registers = model.Registers(
        policy=policy,
        people=_by_id(values["people"], "people", _person),
        departments=_by_id(values["departments"], "departments", _department),
        accounts=_by_id(values["accounts"], "accounts", _account),
        sources=_by_id(values["sources"], "sources", _source),
        roster=_roster(values["roster"], documents["roster"].digest),
        calendar=_calendar(tree, calendars, schema_at(schemas, CALENDAR_SCHEMA), problems),
        regulation_digest=regulation_digest,
        documents=documents,
        entries={
            **{n: lists(n, _entries(n, documents[n], values[n])) for n in listed},
            model.PUBLIC_NUMBERS: shipped_lists.shipped(model.PUBLIC_NUMBERS),
        },
        unread=frozenset(unread),
    )
    across = (*_repeated(documents), *cross_checks.register_problems(registers, clauses))
    return replace(registers, problems=(*problems, *across))


def _entries(name: str, document: Document, value: Mapping[str, Any]) -> tuple[Fact, ...]:
    """The entries of a register whose typed value is given, in file order."""
    rows = value.get(name, ())
    return tuple(Fact(name, row["id"], row, document, (name, i)) for i, row in enumerate(rows))


def entry_registers(schemas: Iterable[str]) -> tuple[str, ...]:
    """Names of the registers whose entries are facts: those with a schema and no class here."""
    names = {p.removeprefix(SCHEMAS).removesuffix(".json") for p in schemas if SCHEMAS in p}
    return tuple(sorted(names - {*NAMES, "policy", "calendar"}))


def _calendar(
    tree: Files, shipped_years: Mapping[str, bytes], schema: Conformance, problems: list[Finding]
) -> Calendar:
    years = {}
    for path in sorted({*shipped_years, *files_under(tree.files, CALENDAR)}):
        if (year := year_of(path)) is not None:
            raw = None if path in tree.files else shipped_years[path]
            document, value, faults = _read_register(tree, path, schema, raw)
            problems += [*faults, *calendar_problems(path, document, value, schema.clause)]
            if value:
                years[year] = value
    return Calendar.of(years)


def schema_at(schemas: Mapping[str, bytes], path: str, clause: ClauseId = R13_7) -> Conformance:
    """A schema by its path. Raises Fault for one that is missing or no schema."""
    try:
        return conformance_of(schemas[path], clause)
    except (KeyError, ValueError) as error:
        raise no_schema(path) from error


@per_run(256)
def conformance_of(schema: bytes, clause: ClauseId) -> Conformance:
    """Compiled once: the governance of a base and of what a change leaves have most in common."""
    return Conformance(schema_in(schema), clause)


def no_schema(path: str) -> Fault:
    """A schema of the archive's own cannot be used, or one that it carried is gone."""
    message = say("The schema {path} is missing or cannot be read.", path=path)
    remedy = say("Correct it or restore it; a copy of one that the program ships may be removed.")
    return Fault(message, remedy)


def _read_register(
    tree: Files, path: str, schema: Conformance, raw: bytes | None = None
) -> Register:
    """One register; `raw`: what the program ships."""
    try:
        raw = tree.read(path) if raw is None else raw
    except KeyError:
        missing = Document(path)
        if schema.schema.get("optional"):
            return missing, {}, ()
        message = say("The register {path} is missing.", path=path)
        remedy = say("Restore it, or write it anew with `sanshen init`.")
        finding = Finding(
            schema.clause, "register-missing", Effect.REFUSE, message, missing.locate(), remedy
        )
        return missing, {}, (finding,)
    return _parsed(path, raw, schema)


@per_run(256)
def _parsed(path: str, raw: bytes, schema: Conformance) -> Register:
    document = read_yaml(path, raw, schema.clause)
    if document.problems:
        return document, {}, document.problems
    faults = tuple(finding for finding, _ in schema.findings(document))
    return document, {} if faults else schema.convert(document.value), faults


def _repeated(documents: Mapping[str, Document]) -> Iterator[Finding]:
    """An id that stands twice in one register names two things."""
    for name, document in documents.items():
        seen = set()
        entries = document.value.get(name, ()) if isinstance(document.value, dict) else ()
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            key = entry.get("id") if isinstance(entry, dict) else None
            if isinstance(key, str) and key in seen:
                message = say("The id {id} is there twice.", id=key)
                remedy = say("Give every entry an id of its own, for ever.")
                where = document.locate(name, index, "id")
                yield Finding(R13_7, "id-twice {id}", Effect.REFUSE, message, where, remedy)
            seen.add(key if isinstance(key, str) else None)


def _by_id(
    value: Mapping[str, Any], name: str, make: Callable[[Mapping[str, Any]], T]
) -> dict[Any, T]:
    return {entry["id"]: make(entry) for entry in value.get(name, ())}


def _person(entry: Mapping[str, Any]) -> model.Person:
    return model.Person(
        entry["id"],
        entry["name"],
        entry.get("contractor", False),
        tuple(e.casefold() for e in entry.get("emails", ())),
        tuple(
            model.Tenure(r["role"], r["department"], r["from"], r.get("until"))
            for r in entry["roles"]
        ),
    )


def _department(entry: Mapping[str, Any]) -> model.Department:
    aliases = tuple(entry.get("aliases", ()))
    ends = entry.get("led_until"), entry.get("until")
    former = tuple((was["until"], was["name"]) for was in entry.get("former", ()))
    return model.Department(
        entry["id"], entry["name"], entry.get("lead", False), aliases, *ends, former
    )


def _account(entry: Mapping[str, Any]) -> model.Account:
    return model.Account(**{"verified_until": None, "closed_on": None, "filing": "", **entry})


def _source(entry: Mapping[str, Any]) -> model.Source:
    window = entry["from"], entry.get("until")
    hosts, accounts = (tuple(entry.get(key, ())) for key in ("hosts", "accounts"))
    return model.Source(entry["id"], entry["name"], entry["kind"], hosts, *window, accounts)


def _roster(value: Mapping[str, Any], digest: Digest) -> model.Roster:
    return model.Roster(
        value.get("serial", 0),
        value.get("previous"),
        digest,
        tuple(_key(k) for k in value.get("keys", ())),
        tuple(
            model.Delegation(
                d["delegator"], d["delegate"], d["role"], d["from"], d["until"], d["authority"]
            )
            for d in value.get("delegations", ())
        ),
        tuple(
            model.ForgeAccount(a["person"], a["forge"], a["id"], a["from"], a.get("until"))
            for a in value.get("forge_accounts", ())
        ),
    )


def _key(entry: Mapping[str, Any]) -> model.RosterKey:
    line = " ".join(entry["key"].split()[:2])
    window = entry.get("from") or _EVER, entry.get("until"), entry.get("revoked_at")
    revocation = entry.get("revocation", ""), entry.get("revoked_from", "")
    return model.RosterKey(entry["person"], line, _fingerprint(line), *window, *revocation)


def _fingerprint(line: str) -> str:
    """As ``ssh-keygen -l`` prints it; empty for what is no key (judged by `evidence.roster`)."""
    try:
        blob = base64.b64decode(line.split()[1], validate=True)
    except (IndexError, binascii.Error):
        return ""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
