"""The policy file as dated parameters, each held to the schema of the article that owns it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import prod
from typing import Any

from pipeline.model.conformance import Conformance
from pipeline.model.documents import Document, Route
from pipeline.model.findings import Effect, Finding, Message, say
from pipeline.model.lazy import regex
from pipeline.model.policy import Parameter, Policy

# Regular expressions from policy: only those that surely end (issue: a pattern that never ends).
#
# Words of lexicons and terms are taken literally and never reach a regular expression. A parameter
# whose schema says ``"format": "regex"`` may hold one, without anything that can backtrack beyond
# measure: no unbounded repetition, no repeated group, no reference back.

LONGEST = 200
WAYS = 4096
"""In how many ways a pattern may be tried at one offset: repetitions, options, alternatives."""
_CLASS = regex(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_ESCAPED = regex(r"\\(?:[^1-9])")
_UNBOUNDED = regex(r"[*+]|\{\d*,\}")
_REPEATED_GROUP = regex(r"\)[?*+{]")
_REFERENCE = regex(r"\\[1-9]|\(\?P=|\(\?\(")
_CHOICE = regex(r"(?<!\()\?|\|")
_REPEAT = regex(r"\{(\d+)(?:,(\d+))?\}")


def pattern_problem(pattern: str) -> Message | None:
    """Why a pattern is refused; None for one that compiles and always ends soon."""
    if len(pattern) > LONGEST:
        return say("The pattern is longer than {limit} characters.", limit=LONGEST)
    try:
        re.compile(pattern)
    except re.error:
        return say("The pattern is no regular expression.")
    # What stands in a class or behind a backslash repeats nothing.
    bare = _CLASS.sub("x", _ESCAPED.sub("x", pattern))
    if _REFERENCE.search(bare):
        return say("The pattern refers back to what it found.")
    if _UNBOUNDED.search(bare) or _REPEATED_GROUP.search(bare):
        return say("The pattern may repeat without end.")
    widths = [int(m[2] or m[1]) - int(m[1]) + 1 for m in _REPEAT.finditer(bare)]
    if prod(widths) * 2 ** len(_CHOICE.findall(bare)) > WAYS:
        return say("The pattern can be tried in more than {limit} ways.", limit=WAYS)
    return None


_COMPARE = say("Compare content/policy.yml with `sanshen rules --parameters`.")


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
        check = Conformance({"items": {"properties": {"value": schemas[name]}}}, "R13-7")
        faults = [f for f, _ in check.findings(Document(document.path, settings, marks[name]))]
        problems.extend(faults)
        if not faults:
            parameters[name] = tuple(
                Parameter(name, s["value"], s["unit"], s["source"], s["effective_from"])
                for s in sorted(settings, key=lambda s: s["effective_from"])
            )
    unstated = sorted(schemas.keys() - stated.keys()) if value else []
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
            for message in filter(None, map(pattern_problem, values)):
                remedy = say("Write a bounded pattern such as [0-9]{1,4}, or literal words.")
                where = document.locate("parameters", name)
                yield Finding("R13-7", Effect.REFUSE, message, where, remedy)


def _unknown_limits(
    document: Document,
    limits: Iterable[Mapping[str, Any]],
    schemas: Mapping[str, Mapping[str, Any]],
) -> Iterator[Finding]:
    for index, limit in enumerate(limits):
        if limit["parameter"] not in schemas:
            message = say("A limit names a parameter that no article owns: {name}.",
                          name=limit["parameter"])  # fmt: skip
            where = document.locate("limits", index, "parameter")
            yield Finding("R18-1", Effect.REFUSE, message, where, _COMPARE)


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
        return Finding(
            "R13-7", Effect.NOTE, message, location, say("Propose the rule that reads it.")
        )
    message = say("The policy states a parameter that no article owns: {name}.", name=name)
    return Finding("R13-7", Effect.REFUSE, message, location, _COMPARE)


def _unstated(document: Document, name: str) -> Finding:
    message = say("The policy does not state the parameter {name}.", name=name)
    location = document.locate("parameters", name)
    return Finding("R13-7", Effect.REFUSE, message, location, _COMPARE)
