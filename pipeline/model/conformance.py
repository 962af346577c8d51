"""Hold a document to its JSON Schema 2020-12: findings with lines, and typed dates."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, cast

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from pipeline.model.documents import Document, Route
from pipeline.model.findings import Effect, Finding, Message, say

FORMATS = FormatChecker(())
"""Only the formats named here are checked; jsonschema has no date-time checker of its own."""


YEARS = range(1950, 2101)
"""Dates outside are slips of the pen, and would overflow the reckoning of days."""


@FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or (
        len(value) == 10 and date.fromisoformat(value).year in YEARS
    )


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    if not isinstance(value, str):
        return True
    moment = datetime.fromisoformat(value)
    return moment.tzinfo is not None and moment.year in YEARS


_CONVERT: Mapping[str, Callable[[str], object]] = {
    "date": date.fromisoformat,
    "date-time": datetime.fromisoformat,
}


class Conformance:
    """One compiled schema. `clause` is what a violation counts against unless a property says."""

    def __init__(self, schema: Mapping[str, Any], clause: str) -> None:
        self.schema = schema
        self.clause = str(schema.get("clause", clause))
        self._validator = Draft202012Validator(dict(schema), format_checker=FORMATS)

    def findings(self, document: Document) -> Iterator[tuple[Finding, Route]]:
        """Every violation, with the line and the route of the key it is about."""
        for error in self._validator.iter_errors(document.value):
            yield from self._explain(document, error)

    def convert(self, value: Any) -> Any:
        """The same value with `date` and `date-time` strings turned into date and datetime."""
        return _convert(value, self.schema)

    def _explain(
        self, document: Document, error: ValidationError
    ) -> Iterator[tuple[Finding, Route]]:
        route: Route = tuple(error.absolute_path)
        keyword, wanted = str(error.validator), cast(Any, error.validator_value)
        if keyword == "required":
            missing = [k for k in wanted if k not in cast(Any, error.instance)]
            # One error per missing key is reported by jsonschema; name only the one it is about.
            name = next(k for k in missing if error.message.startswith(f"{k!r} "))
            yield self._finding(document, (*route, name), say("{key} is missing.", key=name))
        elif keyword in ("additionalProperties", "unevaluatedProperties"):
            known = cast(Mapping[str, Any], error.schema).get("properties", {})
            for name in sorted(k for k in cast(Any, error.instance) if k not in known):
                yield self._finding(
                    document,
                    (*route, name),
                    say("The key {key} is not known.", key=name),
                    say(
                        "Remove it, or correct its spelling; {known} are known.",
                        known=_list(known),
                    ),
                )
        else:
            yield self._finding(document, route, *_sentence(keyword, error, _name(route)))

    def _finding(
        self,
        document: Document,
        route: Route,
        message: Message,
        remedy: Message | None = None,
    ) -> tuple[Finding, Route]:
        finding = Finding(
            _clause_of(self.schema, route, self.clause),
            Effect.REFUSE,
            message,
            document.locate(*route),
            remedy
            or say(
                "Correct the entry; `sanshen explain {clause}` says what it is for.",
                clause=_clause_of(self.schema, route, self.clause),
            ),
        )
        return finding, route


def _list(names: Mapping[str, Any]) -> str:
    return ", ".join(sorted(map(str, names)))


def _name(route: Route) -> str:
    return ".".join(str(part) for part in route) or "document"


def _clause_of(schema: Mapping[str, Any], route: Route, default: str) -> str:
    """The `clause` annotation of the deepest property on the route that carries one."""
    clause, node = default, schema
    for part in route:
        node = _below(node, part)
        clause = str(node.get("clause", clause))
    return clause


def _sentence(keyword: str, error: ValidationError, key: str) -> tuple[Message, Message]:
    """What is wrong and what to do, by schema keyword; values of the draft are never echoed."""
    want: Any = error.validator_value
    match keyword:
        case "type":
            wanted = want if isinstance(want, str) else " | ".join(want)
            return (
                say("{key} has the wrong type.", key=key),
                say("Write a value of type {type}.", type=wanted),
            )
        case "enum" | "const":
            allowed = ", ".join(map(str, want)) if isinstance(want, list) else str(want)
            return (
                say("{key} has a value that is not allowed.", key=key),
                say("Choose one of: {allowed}.", allowed=allowed),
            )
        case "format":
            example = {"date": "2026-11-03", "date-time": "2026-11-03T09:30:00+08:00"}
            return (
                say("{key} is not a valid date or time.", key=key),
                say(
                    "Write it like {example}.",
                    example=example.get(str(want), str(want)),
                ),
            )
        case "pattern":
            return (
                say("{key} does not have the required form.", key=key),
                say("It must match {pattern}.", pattern=want),
            )
        case "minLength" | "minItems" | "minProperties":
            return (
                say("{key} is empty or too short.", key=key),
                say("At least {count} are needed.", count=want),
            )
        case "maxLength" | "maxItems" | "maxProperties":
            return (
                say("{key} is too long.", key=key),
                say("At most {count} are allowed.", count=want),
            )
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return (
                say("{key} is out of range.", key=key),
                say("The limit is {limit}.", limit=want),
            )
        case "uniqueItems":
            return (
                say("{key} holds the same entry twice.", key=key),
                say("Remove the repetition."),
            )
    return (
        say("{key} does not satisfy its schema ({keyword}).", key=key, keyword=keyword),
        say("Compare it with the schema of its article under schemas/."),
    )


def _below(schema: Mapping[str, Any], part: str | int) -> Mapping[str, Any]:
    """The subschema of a key or a list position; empty when there is none."""
    if isinstance(part, int):
        found = schema.get("items", {})
    else:
        patterns = schema.get("patternProperties", {})
        fallback = next((v for p, v in patterns.items() if re.search(p, part)), None)
        fallback = schema.get("additionalProperties", {}) if fallback is None else fallback
        found = schema.get("properties", {}).get(part, fallback)
    return found if isinstance(found, Mapping) else {}


def _convert(value: Any, schema: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {k: _convert(v, _below(schema, k)) for k, v in value.items()}
    if isinstance(value, list):
        return [_convert(v, _below(schema, 0)) for v in value]
    change = _CONVERT.get(schema.get("format", ""))
    return change(value) if change and isinstance(value, str) else value
