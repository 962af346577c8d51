"""Profiles of law: what another place asks in numbers, with its sources (docs/decisions/0070).

A profile is a part of a policy: dated settings of parameters, limits of higher layers, and the
instruments that both cite. Those that ship stand in ``rules/profiles``, a file each.
"""

from collections.abc import Mapping, Sequence
from importlib.resources import files as resources
from typing import Any, NamedTuple

from pipeline.errors import Fault, Misuse
from pipeline.model.conformance import Conformance
from pipeline.model.documents import schema_in
from pipeline.model.findings import say
from pipeline.model.ids import R17_2
from pipeline.source.content.text import read_yaml
from pipeline.source.program import shipped


class Profile(NamedTuple):
    """What it sets, as `content/policy.yml` and `instruments.yml` write it."""

    title: str = ""
    parameters: Mapping[str, Sequence[Mapping[str, Any]]] = {}
    """Name → settings, oldest first."""
    limits: Sequence[Mapping[str, Any]] = ()
    instruments: Sequence[Mapping[str, Any]] = ()


def profile_named(name: str) -> Profile:
    """A profile that ships. Raises Misuse for an unknown one, and lists those there are."""
    folder = resources("pipeline") / "rules" / "profiles"
    there = {f.name.removesuffix(".yml"): f for f in folder.iterdir() if f.name.endswith(".yml")}
    if name not in there:
        rows = (f"{n} ({read_profile(there[n].name, there[n].read_bytes()).title})" for n in there)
        raise Misuse(
            say("There is no profile {name}.", name=name),
            say("Profiles: {names}.", names=", ".join(sorted(rows))),
        )
    return read_profile(there[name].name, there[name].read_bytes())


def read_profile(path: str, raw: bytes) -> Profile:
    """The profile that these bytes state. Raises Fault for the first thing that is wrong."""
    policy, listed = (
        schema_in(shipped(f"schemas/registers/{n}.json")[f"schemas/registers/{n}.json"])
        for n in ("policy", "instruments")
    )
    asked = {n: policy["properties"][n] for n in ("parameters", "limits")}
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["title", "parameters"],
        "properties": {"title": {"type": "string"}, **asked, **listed["properties"]},
    }
    document = read_yaml(path, raw, R17_2)
    faults = document.problems or [f for f, _ in Conformance(schema, R17_2).findings(document)]
    for fault in faults:
        where = say("{path}: {message}", path=fault.location.path, message=fault.message)
        raise Fault(where, fault.remedy)
    return Profile(**document.value)
