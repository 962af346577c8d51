"""Hold a document to its JSON Schema 2020-12: findings with lines, and typed dates.

Two validators read one schema. jsonschema-rs answers yes or no; whatever it does not plainly
accept goes to jsonschema, whose answer counts and whose errors become sentences. What is fast is
kept stricter than what explains, so it can cost time and never an acceptance.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import jsonschema_rs

from pipeline.model.calendar import YEARS
from pipeline.model.documents import Document, Route
from pipeline.model.findings import Effect, Finding, Message, say
from pipeline.model.patterns import patterns, same_in_both, stricter, whole
from pipeline.model.violations import sentence

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _is_date(value: str) -> bool:
    # Week dates (2026-W45-1) are ISO 8601 too, but do not sort as text and no reader expects them.
    return _DATE.fullmatch(value) is not None and date.fromisoformat(value).year in YEARS


def _is_moment(value: str) -> bool:
    moment = datetime.fromisoformat(value)
    plain = _DATE.fullmatch(value, 0, 10) is not None
    return plain and moment.tzinfo is not None and moment.year in YEARS


FORMATS: Mapping[str, Callable[[str], bool]] = {"date": _is_date, "date-time": _is_moment}
"""The only formats that are checked; each may raise ValueError for a text that is none."""

_CONVERT: Mapping[str, Callable[[str], object]] = {
    "date": date.fromisoformat,
    "date-time": datetime.fromisoformat,
}
Converter = Callable[[Any], Any]


class Conformance:
    """One compiled schema. `clause` is what a violation counts against unless a property says."""

    def __init__(self, schema: Mapping[str, Any], clause: str) -> None:
        self.schema = schema
        self.clause = str(schema.get("clause", clause))

    def findings(self, document: Document) -> Iterator[tuple[Finding, Route]]:
        """Every violation, with the line and the route of the key it is about."""
        if self.accepts(document.value):
            return
        for error in self._explaining.iter_errors(document.value):
            yield from self._explain(document, error)

    def accepts(self, value: Any) -> bool:
        """True only for a value without violations; False means that it is not plain."""
        try:
            return self._fast is not None and self._fast.is_valid(value)
        except (ValueError, TypeError):  # lone surrogates, numbers without bound, other types
            return False

    def convert(self, value: Any) -> Any:
        """The same value with `date` and `date-time` strings turned into date and datetime."""
        return value if self._converter is None else self._converter(value)

    @cached_property
    def _fast(self) -> jsonschema_rs.Draft202012Validator | None:
        if not all(map(same_in_both, patterns(self.schema))):
            return None
        return jsonschema_rs.Draft202012Validator(
            stricter(self.schema), formats=dict(FORMATS), validate_formats=True
        )

    @cached_property
    def _explaining(self) -> "Draft202012Validator":
        # Most runs explain nothing, and the import is a tenth of a short run.
        from jsonschema import Draft202012Validator, FormatChecker
        from jsonschema.validators import extend

        formats = FormatChecker(())
        for name, is_valid in FORMATS.items():
            formats.checks(name, raises=ValueError)(_of_text(is_valid))
        held = cast(Any, extend)(Draft202012Validator, {"pattern": whole})
        return cast("Draft202012Validator", held(dict(self.schema), format_checker=formats))

    @cached_property
    def _converter(self) -> Converter | None:
        return _converter(self.schema)

    def _explain(
        self, document: Document, error: "ValidationError"
    ) -> Iterator[tuple[Finding, Route]]:
        route: Route = tuple(error.absolute_path)
        keyword, wanted = str(error.validator), cast(Any, error.validator_value)
        if keyword == "required":
            missing = [k for k in wanted if k not in cast(Any, error.instance)]
            # One error per missing key is reported by jsonschema; name only the one it is about.
            name = next(k for k in missing if error.message.startswith(f"{k!r} "))
            add = say(
                "Add it; `sanshen explain {clause}` says what it is for.",
                clause=_clause_of(self.schema, (*route, name), self.clause),
            )
            yield self._finding(document, (*route, name), say("{key} is missing.", key=name), add)
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
            yield self._finding(document, route, *sentence(keyword, wanted, _name(route)))

    def _finding(
        self,
        document: Document,
        route: Route,
        message: Message,
        remedy: Message,
    ) -> tuple[Finding, Route]:
        finding = Finding(
            _clause_of(self.schema, route, self.clause),
            Effect.REFUSE,
            message,
            document.locate(*route),
            remedy,
        )
        return finding, route


def _of_text(is_valid: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or is_valid(value)


def _list(names: Iterable[str]) -> str:
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


def _converter(schema: Mapping[str, Any]) -> Converter | None:
    """What turns the dates of such a value into dates; None where the schema has none."""
    change = _CONVERT.get(str(schema.get("format", "")))
    items = _converter(_below(schema, 0)) if "items" in schema else None
    named = {k: _converter(_below(schema, k)) for k in schema.get("properties", ())}
    others = any(
        _converter(s) is not None
        for s in (schema.get("additionalProperties"), *schema.get("patternProperties", {}).values())
        if isinstance(s, Mapping)
    )
    if change is None and items is None and not others and not any(named.values()):
        return None

    dated = tuple((key, to) for key, to in named.items() if to is not None)

    def convert(value: Any) -> Any:
        if isinstance(value, dict):
            made = {key: to(value[key]) for key, to in dated if key in value}
            if others:
                left = ((k, _converter(_below(schema, k))) for k in value if k not in named)
                made |= {k: to(value[k]) for k, to in left if to is not None}
            return {**value, **made}
        if isinstance(value, list):
            return value if items is None else [items(v) for v in value]
        return change(value) if change and isinstance(value, str) else value

    return convert
