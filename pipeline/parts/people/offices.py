"""Who holds which office from when, and which setting holds from when: the registers rewritten.

Each function reads a tree and returns the files that change, so that a command and a page do the
same. They raise Misuse for what schema and registers would not accept.
"""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from pipeline.errors import Misuse
from pipeline.judge.load_governance import governing_files, trust
from pipeline.model.findings import say, say_day
from pipeline.model.ids import PersonId
from pipeline.model.law import parameter_schemas
from pipeline.new import new_archive, new_entry, profiles
from pipeline.new.yaml_writer import dump, rewritten
from pipeline.source.content.paths import Files
from pipeline.source.content.registers import POLICY, REGISTERS, SCHEMAS

PEOPLE, INSTRUMENTS = f"{REGISTERS}people.yml", f"{REGISTERS}instruments.yml"
FACTS = ("archive.", "unit.")
"""What the names of policy's facts begin with; all others are dated parameters."""


def end_offices(
    tree: Files, person: PersonId, last: date, role: str = "", department: str = ""
) -> dict[str, bytes]:
    """End what a person holds on a last day; empty `role` and `department`: all of it."""
    wanted = _value(tree, PEOPLE)
    _end(_person(wanted, person), last, role, department)
    return _rewritten(tree, PEOPLE, wanted)


def begin_office(
    tree: Files, person: PersonId, role: str, department: str, first: date
) -> dict[str, bytes]:
    """Give a person one more role."""
    wanted = _value(tree, PEOPLE)
    _begin(_person(wanted, person), role, department, first)
    return _rewritten(tree, PEOPLE, wanted)


def hand_over(
    tree: Files, old: PersonId, new: PersonId, role: str, first: date
) -> dict[str, bytes]:
    """End a role of one person and begin it for another, in every department it was held in
    and that the other does not serve in it already.

    `first`: the first day of the new holder; the old one's last is the day before.
    """
    wanted = _value(tree, PEOPLE)
    taker = _person(wanted, new)
    for tenure in _end(_person(wanted, old), first - timedelta(days=1), role, ""):
        same = (t for t in taker["roles"] if all(t[k] == tenure[k] for k in ("role", "department")))
        if all(t.get("until", "9999") < first.isoformat() for t in same):
            _begin(taker, role, tenure["department"], first)
    return _rewritten(tree, PEOPLE, wanted)


def _end(row: Any, last: date, role: str, department: str) -> list[dict[str, Any]]:
    """The rows that were given a last day. Misuse when there are none."""
    ended = [
        tenure
        for tenure in row["roles"]
        if tenure.get("until", "9999") > last.isoformat()
        and role in ("", tenure["role"])
        and department in ("", tenure["department"])
    ]
    for tenure in ended:
        tenure["until"] = last.isoformat()
    if not ended:
        raise Misuse(
            say(
                "{person} holds no such office after {day}.", person=row["name"], day=say_day(last)
            ),
            say("`content/registers/people.yml` lists what they hold."),
        )
    return ended


def _begin(row: Any, role: str, department: str, first: date) -> None:
    row["roles"].append({"role": role, "department": department, "from": first.isoformat()})


def _person(wanted: Any, person: PersonId) -> Any:
    for row in wanted["people"]:
        if row["id"] == person:
            return row
    raise Misuse(
        say("{person} is not among the people.", person=person),
        say("Enter them first in content/registers/people.yml."),
    )


def _value(tree: Files, path: str) -> Any:
    """What a governance file says. Misuse where it is not sound itself."""
    registers = trust(tree).registers
    name = next(n for n, d in registers.documents.items() if d.path == path)
    if name in registers.unread:
        raise Misuse(
            say("{path} cannot be altered by this command.", path=path),
            say("Mend it first: `sanshen verify` says where."),
        )
    return deepcopy(registers.documents[name].value)


def _rewritten(tree: Files, path: str, wanted: Any) -> dict[str, bytes]:
    contents = governing_files(tree)
    return new_entry.sound_registers(contents, {path: rewritten(path, contents[path], wanted)})


def set_fact(tree: Files, name: str, text: str) -> dict[str, bytes]:
    """State a fact of the archive or of the unit anew: ``unit.footer.icp``."""
    part: Mapping[str, Any] = json.loads(trust(tree).schemas[f"{SCHEMAS}policy.json"])
    wanted = _value(tree, POLICY)
    holder, last = wanted, ""
    for key in name.split("."):
        holder, last = holder.setdefault(last, {}) if last else holder, key
        part = part.get("properties", {}).get(key, {})
    if not part:
        raise _unknown(name)
    if part["type"] not in ("string", "boolean"):
        fields = ", ".join(f"{key}: …" for key in part.get("items", part)["properties"])
        lines = f"[{{{fields}}}]" if part["type"] == "array" else f"{{{fields}}}"
        raise Misuse(
            say("{parameter} holds several values.", parameter=name),
            say(
                "Write it in {path} by hand, under `{key}`: `{lines}`",
                path=POLICY,
                key=name.rpartition(".")[0],
                lines=f"{last}: {lines}",
            ),
        )
    holder[last] = typed(part, text)
    return _rewritten(tree, POLICY, wanted)


def set_parameter(tree: Files, name: str, text: str, first: date, source: str) -> dict[str, bytes]:
    """Append a setting of a parameter; one that stands is never altered (R17-2).

    `text`: the value as typed, a list with commas between; `first`: the day from which it holds.
    """
    trusted = trust(tree)
    schema = parameter_schemas(trusted.rulebook).get(name)
    if schema is None:
        raise _unknown(name)
    settings = trusted.registers.policy.parameters.get(name, ())
    if settings and first <= settings[-1].effective_from:
        raise Misuse(
            say(
                "{parameter} is set from {day} on already.",
                parameter=name,
                day=say_day(settings[-1].effective_from),
            ),
            say("Choose a later day; what stands is never altered."),
        )
    setting = {
        "value": typed(schema, text),
        "unit": settings[-1].unit if settings else schema.get("unit", ""),
        "source": source,
        "effective_from": first.isoformat(),
        **new_archive.compared(source, trusted.registers.articles),
    }
    wanted = _value(tree, POLICY)
    wanted["parameters"].setdefault(name, []).append(setting)
    return _rewritten(tree, POLICY, wanted)


def with_profile(tree: Files, profile: profiles.Profile, first: date) -> dict[str, bytes]:
    """State what a profile sets, each parameter's latest setting from a day on, and its limits."""
    wanted, contents = _value(tree, POLICY), governing_files(tree)
    for name, settings in profile.parameters.items():
        stated = wanted["parameters"].setdefault(name, [])
        stated.append({**settings[-1], "effective_from": first.isoformat()})
    limits = wanted.setdefault("limits", [])
    limits += [dict(limit) for limit in profile.limits if limit not in limits]
    changed = {POLICY: rewritten(POLICY, contents[POLICY], wanted)}
    if profile.instruments:
        held = _value(tree, INSTRUMENTS)["instruments"] if INSTRUMENTS in contents else []
        there = {entry["id"] for entry in held}
        held += [dict(entry) for entry in profile.instruments if entry["id"] not in there]
        changed[INSTRUMENTS] = dump({"instruments": held})
    return new_entry.sound_registers(contents, changed)


def confirm_parameters(tree: Files, names: Sequence[str], today: date) -> dict[str, bytes]:
    """State beside numbers in force or to come the digest of the articles that they cite, as these
    read now: someone compared them, and they stay."""
    registers, wanted = trust(tree).registers, _value(tree, POLICY)
    for name in names:
        if not registers.policy.parameters.get(name):
            raise _unknown(name)
        current = registers.policy.setting(name, today).effective_from.isoformat()
        rows = [row for row in wanted["parameters"][name] if row["effective_from"] >= current]
        digests = [new_archive.compared(row["source"], registers.articles) for row in rows]
        if not any(digests):
            raise Misuse(
                say("The source of {name} names no article of the regulation.", name=name),
                say("Only the regulation's own numbers, marked [S], are compared with its text."),
            )
        for row, digest in zip(rows, digests, strict=True):
            row.update(digest)
    return _rewritten(tree, POLICY, wanted)


def typed(schema: Mapping[str, Any], text: str) -> Any:
    """A value as typed, read as its schema wants it. Raises Misuse."""
    kind = schema.get("type")
    if kind == "array" and not text.startswith("["):
        parts = [part.strip() for part in text.replace("，", ",").split(",")]
        return [typed(schema.get("items", {}), part) for part in parts if part]
    if kind == "string" or "enum" in schema:
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise Misuse(
            say("{value} cannot be read as a value.", value=text),
            say("Write a number, true, false or null."),
        ) from error


def _unknown(name: str) -> Misuse:
    return Misuse(
        say("There is no parameter {parameter}.", parameter=name),
        say("`sanshen rules --parameters` lists them all."),
    )
