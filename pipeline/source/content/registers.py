"""Policy, registers and calendar out of a tree, as typed values with their problems."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from pipeline.errors import Fault
from pipeline.model.calendar import Calendar
from pipeline.model.conformance import Conformance
from pipeline.model.documents import Document, Route, schema_in
from pipeline.model.findings import Effect, Finding, Message, say
from pipeline.model.records import Fact
from pipeline.model.registers import (
    Account,
    Delegation,
    Department,
    ForgeAccount,
    Person,
    Registers,
    Roster,
    RosterKey,
    Source,
    Tenure,
)
from pipeline.source.content.cross_checks import register_problems
from pipeline.source.content.policy import read_policy
from pipeline.source.content.post_paths import Files
from pipeline.source.content.yaml import read_yaml
from pipeline.source.git.tree_listing import files_under

# Working days by year out of a tree; a year whose file contradicts itself is named.

CALENDAR = "content/registers/calendar/"
_FILE = re.compile(rf"{CALENDAR}(\d{{4}})\.yml")


def year_of(path: str) -> int | None:
    """The year a path of the calendar stands for; None for another path."""
    year = _FILE.fullmatch(path)
    return int(year[1]) if year else None


def calendar_problems(
    path: str, document: Document, value: Mapping[str, Any], clause: str
) -> Iterator[Finding]:
    """Contradictions within a year's typed value; none when it broke its schema."""
    for route, message in _contradictions(year_of(path), value) if value else ():
        remedy = say("Compare it with the notice of the State Council.")
        yield Finding(clause, Effect.REFUSE, message, document.locate(*route), remedy)


def _contradictions(year: int | None, value: Mapping[str, Any]) -> Iterator[tuple[Route, Message]]:
    if value["year"] != year:
        yield ("year",), say("The year differs from the name of the file.")
    off: list[date] = value["off_days"]
    worked: list[date] = value["work_weekends"]
    for name, days in (("off_days", off), ("work_weekends", worked)):
        for index, day in enumerate(days):
            if day.year != year:
                yield (name, index), say("{day} lies in another year.", day=day.isoformat())
    for index, day in enumerate(worked):
        if day in off:
            message = say("{day} is both off and worked.", day=day.isoformat())
            yield ("work_weekends", index), message
        if day.weekday() < 5:
            yield ("work_weekends", index), say("{day} is no weekend.", day=day.isoformat())


POLICY = "content/policy.yml"
REGISTERS = "content/registers/"
SCHEMAS = "schemas/registers/"
NAMES = ("people", "departments", "accounts", "sources", "roster")
T = TypeVar("T")
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def read_registers(
    tree: Files,
    schemas: Mapping[str, bytes],
    parameters: Mapping[str, Mapping[str, Any]],
    regulation_digest: str,
) -> Registers:
    """Read all governance of a tree.

    `schemas`: path → bytes of the trusted schemas; `parameters`: name → schema of the value.
    A register that breaks its schema is left out whole, and named in `problems` and `unread`.
    """
    documents: dict[str, Document] = {}
    problems: list[Finding] = []
    clauses: dict[str, str] = {}
    unread: set[str] = set()

    def rows(name: str, path: str) -> Mapping[str, Any]:
        conformance = _conformance(schemas, name)
        documents[name], value, faults = _read(tree, path, conformance)
        clauses[name] = conformance.clause
        problems.extend(faults)
        if faults:
            unread.add(name)
        return value

    policy = read_policy(rows("policy", POLICY), documents["policy"], parameters, problems)
    values = {
        name: rows(name, f"{REGISTERS}{name}.yml") for name in (*NAMES, *entry_registers(schemas))
    }
    registers = Registers(
        policy=policy,
        people=_by_id(values["people"], "people", _person),
        departments=_by_id(values["departments"], "departments", _department),
        accounts=_by_id(values["accounts"], "accounts", _account),
        sources=_by_id(values["sources"], "sources", _source),
        roster=_roster(values["roster"], documents["roster"].digest),
        calendar=_calendar(tree, _conformance(schemas, "calendar"), problems),
        regulation_digest=regulation_digest,
        documents=documents,
        entries={n: _entries(n, documents[n], values[n]) for n in entry_registers(schemas)},
        unread=frozenset(unread),
    )
    across = (*_repeated(documents), *register_problems(registers, clauses))
    return replace(registers, problems=(*problems, *across))


def _entries(name: str, document: Document, value: Mapping[str, Any]) -> tuple[Fact, ...]:
    """The entries of a register whose typed value is given, in file order."""
    rows = value.get(name, ())
    return tuple(Fact(name, row["id"], row, document, (name, i)) for i, row in enumerate(rows))


def entry_registers(schemas: Iterable[str]) -> tuple[str, ...]:
    """Names of the registers whose entries are facts: those with a schema and no class here."""
    names = {p.removeprefix(SCHEMAS).removesuffix(".json") for p in schemas if SCHEMAS in p}
    return tuple(sorted(names - {*NAMES, "policy", "calendar"}))


def _calendar(tree: Files, schema: Conformance, problems: list[Finding]) -> Calendar:
    years = {}
    for path in files_under(tree.files, CALENDAR):
        if (year := year_of(path)) is not None:
            document, value, faults = _read(tree, path, schema)
            problems += [*faults, *calendar_problems(path, document, value, schema.clause)]
            if value:
                years[year] = value
    return Calendar.of(years)


def _conformance(schemas: Mapping[str, bytes], name: str) -> Conformance:
    try:
        return Conformance(schema_in(schemas[f"{SCHEMAS}{name}.json"]), "R13-7")
    except (KeyError, ValueError) as error:
        raise Fault(
            say("The schema {path} is missing or cannot be read.", path=f"{SCHEMAS}{name}.json"),
            say("Restore it from the last release; `sanshen init` writes all schemas."),
        ) from error


def _read(
    tree: Files, path: str, schema: Conformance
) -> tuple[Document, Mapping[str, Any], list[Finding]]:
    """(document, typed value or {}, problems) of one register."""
    try:
        raw = tree.read(path)
    except KeyError:
        missing = Document(path)
        message = say("The register {path} is missing.", path=path)
        remedy = say("Restore it, or write it anew with `sanshen init`.")
        finding = Finding(schema.clause, Effect.REFUSE, message, missing.locate(), remedy)
        return missing, {}, [finding]
    document = read_yaml(path, raw, schema.clause)
    if document.problems:
        return document, {}, list(document.problems)
    faults = [finding for finding, _ in schema.findings(document)]
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
                yield Finding("R13-7", Effect.REFUSE, message, where, remedy)
            seen.add(key if isinstance(key, str) else None)


def _by_id(
    value: Mapping[str, Any], name: str, make: Callable[[Mapping[str, Any]], T]
) -> dict[str, T]:
    return {entry["id"]: make(entry) for entry in value.get(name, ())}


def _person(entry: Mapping[str, Any]) -> Person:
    return Person(
        entry["id"],
        entry["name"],
        entry.get("contractor", False),
        tuple(e.casefold() for e in entry.get("emails", ())),
        tuple(
            Tenure(r["role"], r["department"], r["from"], r.get("until")) for r in entry["roles"]
        ),
    )


def _department(entry: Mapping[str, Any]) -> Department:
    aliases = tuple(entry.get("aliases", ()))
    ends = entry.get("led_until"), entry.get("until")
    former = tuple((was["until"], was["name"]) for was in entry.get("former", ()))
    return Department(entry["id"], entry["name"], entry.get("lead", False), aliases, *ends, former)


def _account(entry: Mapping[str, Any]) -> Account:
    return Account(**{"verified_until": None, "closed_on": None, "filing": "", **entry})


def _source(entry: Mapping[str, Any]) -> Source:
    window = entry["from"], entry.get("until")
    hosts, accounts, feeds = (tuple(entry.get(key, ())) for key in ("hosts", "accounts", "feeds"))
    return Source(entry["id"], entry["name"], entry["kind"], hosts, *window, accounts, feeds)


def _roster(value: Mapping[str, Any], digest: str) -> Roster:
    return Roster(
        value.get("serial", 0),
        value.get("previous"),
        digest,
        tuple(_key(k) for k in value.get("keys", ())),
        tuple(
            Delegation(
                d["delegator"], d["delegate"], d["role"], d["from"], d["until"], d["authority"]
            )
            for d in value.get("delegations", ())
        ),
        tuple(
            ForgeAccount(a["person"], a["forge"], a["id"], a["from"], a.get("until"))
            for a in value.get("forge_accounts", ())
        ),
    )


def _key(entry: Mapping[str, Any]) -> RosterKey:
    line = " ".join(entry["key"].split()[:2])
    window = entry.get("from") or _EVER, entry.get("until"), entry.get("revoked_at")
    revocation = entry.get("revocation", ""), entry.get("revoked_from", "")
    return RosterKey(entry["person"], line, _fingerprint(line), *window, *revocation)


def _fingerprint(line: str) -> str:
    """As ``ssh-keygen -l`` prints it; empty for what is no key (judged by `evidence.roster`)."""
    try:
        blob = base64.b64decode(line.split()[1], validate=True)
    except (IndexError, binascii.Error):
        return ""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
