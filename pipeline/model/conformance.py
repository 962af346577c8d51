"""Hold a document to its JSON Schema 2020-12: findings with lines, and typed dates.

jsonschema-rs accepts or refuses. What it refuses jsonschema explains; where that one has nothing to
say, the document is refused all the same.
What a pattern asks for stands beside it in the schema, as an example (`examples`).
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, partial, reduce
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

import jsonschema_rs

from pipeline.model.calendar import YEARS
from pipeline.model.documents import Document, Route
from pipeline.model.findings import Effect, Finding, Message, say
from pipeline.model.ids import ClauseId

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

# The sentence for each way in which a value can break its JSON Schema.

Sentence = tuple[str, Message, Message]
"""Name of the fault, what is wrong, and the remedy."""
"""What is wrong, and what to do."""

_TYPES: Mapping[str, Message] = {
    "string": say("text"),
    "integer": say("a whole number"),
    "number": say("a number"),
    "boolean": say("true or false"),
    "array": say("a list, each entry on a line of its own after `- `"),
    "object": say("keys and values"),
    "null": say("nothing"),
}
_ONE_LINE = say("Write it on one line, with no blank before or after.")
_FORMS: Mapping[str, Message] = {
    r"\S": say("Write something there."),
    r"^(?=.*\S)[^\n\t]+$": _ONE_LINE,
    r"^[^\n\t]+$": _ONE_LINE,
    r"^\S(.*\S)?$": _ONE_LINE,
}
"""What no example tells of a pattern."""
_EXAMPLES: Mapping[str, str] = {"date": "2026-11-03", "date-time": "2026-11-03T09:30:00+08:00"}


def sentence(keyword: str, want: Any, key: str, part: Mapping[str, Any]) -> Sentence:
    """The sentence for a keyword of a part of a schema and its value; values of the draft are never
    echoed."""
    name, what = _FAULTS.get(keyword, _OTHER)
    more = () if keyword in _FAULTS else (("keyword", keyword),)
    return name, Message(what.text, (("key", key), *more)), _remedy(keyword, want, part)


_DIALECT = "JSON Schema 2020-12"
_OTHER = ("schema-unsatisfied {key}", say("{key} does not satisfy its schema ({keyword})."))
_FAULTS: Mapping[str, tuple[str, Message]] = {
    "type": ("type-wrong {key}", say("{key} has the wrong type.")),
    **dict.fromkeys(
        ("enum", "const"),
        ("value-not-allowed {key}", say("{key} has a value that is not allowed.")),
    ),
    "format": ("date-invalid {key}", say("{key} is not a valid date or time.")),
    "pattern": ("form-wrong {key}", say("{key} does not have the required form.")),
    "uniqueItems": ("entry-twice {key}", say("{key} holds the same entry twice.")),
    **dict.fromkeys(
        ("minLength", "minItems", "minProperties"),
        ("value-too-short {key}", say("{key} is empty or too short.")),
    ),
    **dict.fromkeys(
        ("maxLength", "maxItems", "maxProperties"),
        ("value-too-long {key}", say("{key} is too long.")),
    ),
    **dict.fromkeys(
        ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        ("value-out-of-range {key}", say("{key} is out of range.")),
    ),
}
"""Keyword → name of the fault, and what is wrong."""


def _remedy(keyword: str, want: Any, part: Mapping[str, Any]) -> Message:
    match keyword if keyword in part else "":
        case "type":
            first, *more = [want] if isinstance(want, str) else want
            if more:
                return say("Write {type} or {other}.", type=_TYPES[first], other=_TYPES[more[0]])
            return say("Write {type}.", type=_TYPES[first])
        case "enum" | "const":
            allowed = ", ".join(map(str, want)) if isinstance(want, list) else str(want)
            return say("Choose one of: {allowed}.", allowed=allowed)
        case "format":
            return say("Write it like {example}.", example=_EXAMPLES.get(str(want), str(want)))
        case "pattern":
            return form_of(part)
        case "uniqueItems":
            return say("Remove the repetition.")
        case "minLength" | "minItems" | "minProperties":
            return say("At least {count} are needed.", count=want)
        case "maxLength" | "maxItems" | "maxProperties":
            return say("At most {count} are allowed.", count=want)
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return say("The limit is {limit}.", limit=want)
    return say("Compare it with the schema of its article under schemas/.")


def form_of(part: Mapping[str, Any]) -> Message:
    """What to write where a value must match a pattern: like its example, or what only a program
    writes."""
    for example in part.get("examples", ()):
        return say("Write it like {example}.", example=example)
    pattern = part["pattern"]
    return _FORMS.get(pattern) or say("It must match {pattern}.", pattern=pattern)


def _addition(name: str, part: Mapping[str, Any]) -> Message:
    """What to write where a key is missing: the line, and the choice there is."""
    if "enum" in part:
        allowed = ", ".join(map(str, part["enum"]))
        return say(
            "Write the line `{line}` with one of: {allowed}.", line=f"{name}: …", allowed=allowed
        )
    return say("Write the line `{line}`.", line=line_of(name, part))


def line_of(name: str, part: Mapping[str, Any]) -> str:
    """A key with a value of its form."""
    return f"{name}: {_sample(part)}"


def _sample(part: Mapping[str, Any]) -> str:
    """A value of its form, as YAML on one line; an ellipsis stands for what is to be filled in."""
    if "enum" in part:
        return "|".join(map(str, part["enum"]))
    if "const" in part:
        return json.dumps(part["const"], ensure_ascii=False)
    kind = part.get("type")
    if kind == "object":
        inner = part.get("properties", {})
        asked = (key for key, one in inner.items() if "asked_when" in one)
        keys = (*part.get("required", ()), *asked)
        rows = (f"{key}: {_sample(inner.get(key, {}))}" for key in keys)
        return f"{{{', '.join(rows)}}}"
    if kind == "array":
        return f"[{_sample(part.get('items', {}))}]"
    if example := _EXAMPLES.get(str(part.get("format"))):
        return f'"{example}"'
    return {"boolean": "true|false", "integer": "1"}.get(str(kind), "…")


_SPACES_OF_PYTHON = r"\x1c-\x1f\x85"
"""Whitespace to Python and to no browser: it fills in nothing either."""


def stricter(schema: Any) -> Any:
    """The schema with patterns that take these for spaces, too."""
    if isinstance(schema, Mapping):
        return {
            k: _with_spaces(v) if k == "pattern" and isinstance(v, str) else stricter(v)
            for k, v in schema.items()
        }
    return [stricter(v) for v in schema] if isinstance(schema, list) else schema


def _with_spaces(pattern: str) -> str:
    inside = re.sub(r"(?<!\\)\\s", lambda _: rf"\s{_SPACES_OF_PYTHON}", pattern)
    return re.sub(r"(?<!\\)\\S", lambda _: rf"[^\s{_SPACES_OF_PYTHON}]", inside)


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

    def __init__(self, schema: Mapping[str, Any], clause: ClauseId) -> None:
        self.schema = schema
        self.clause = ClauseId(str(schema.get("clause", clause)))

    def findings(self, document: Document) -> Iterator[tuple[Finding, Route]]:
        """Every violation, with the line and the route of the key it is about."""
        if self._accepts(document.value):
            return
        rows = [row for e in self._errors(document.value) for row in self._explain(document, e)]
        yield from rows or [self._finding(document, (), *sentence(_DIALECT, None, _name(()), {}))]

    def _accepts(self, value: Any) -> bool:
        try:
            return self._validator.is_valid(value)
        except (ValueError, TypeError):  # lone surrogates, which no file of ours can hold
            return False

    def _errors(self, value: Any) -> "Sequence[ValidationError]":
        """What is wrong with a refused value; nothing where Python reads no such pattern."""
        try:
            return [*self._explaining.iter_errors(value)]
        except (re.error, ValueError, TypeError):
            return ()

    @property
    def usable(self) -> bool:
        """Whether it is a schema."""
        try:
            return self._validator is not None
        except ValueError:
            return False

    def convert(self, value: Any) -> Any:
        """The same value with `date` and `date-time` strings turned into date and datetime."""
        return value if self._converter is None else self._converter(value)

    def part(self, route: Route) -> Mapping[str, Any]:
        """The schema of what stands at a route; empty when there is none."""
        return reduce(_below, route, self.schema)

    def clause_at(self, route: Route) -> ClauseId:
        """The clause that a fault at a route counts against."""
        return _clause_of(self.schema, route, self.clause)

    @cached_property
    def _validator(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(
            stricter(self.schema),
            formats={n: partial(_means, of) for n, of in FORMATS.items()},
            validate_formats=True,
        )

    @cached_property
    def _converter(self) -> Converter | None:
        return _converter(self.schema)

    @cached_property
    def _explaining(self) -> "Draft202012Validator":
        # Most runs explain nothing, and the import is a tenth of a short run.
        from jsonschema import Draft202012Validator, FormatChecker
        from jsonschema.validators import extend

        formats = FormatChecker(())
        for name, is_valid in FORMATS.items():
            formats.checks(name)(partial(_means, is_valid))
        held = cast(Any, extend)(Draft202012Validator, _OURS)
        return cast("Draft202012Validator", held(dict(self.schema), format_checker=formats))

    def _explain(
        self, document: Document, error: "ValidationError"
    ) -> Iterator[tuple[Finding, Route]]:
        route: Route = tuple(error.absolute_path)
        keyword, wanted = str(error.validator), cast(Any, error.validator_value)
        part = cast(Mapping[str, Any], error.schema)
        if keyword in ("required", "dependentRequired"):
            asked = wanted if keyword == "required" else chain(*wanted.values())
            name = next(k for k in asked if error.message.startswith(f"{k!r} is "))
            add = _addition(name, self.part((*route, name)))
            missed = "key-missing {key}", say("{key} is missing.", key=name), add
            yield self._finding(document, (*route, name), *missed)
        elif keyword in ("additionalProperties", "unevaluatedProperties"):
            for name in _unexpected(cast(Any, error.instance), part):
                message = say("The key {key} is not known.", key=name)
                remedy = say("Remove it, or correct its spelling; {known} are known.",
                             known=_list(part.get("properties", {})))  # fmt: skip
                what = "key-unknown {key}"
                yield self._finding(document, (*route, name), what, message, remedy)
        else:
            sentences = sentence(keyword, wanted, _name(route), part)
            yield self._finding(document, route, *sentences)

    def _finding(
        self, document: Document, route: Route, name: str, message: Message, remedy: Message
    ) -> tuple[Finding, Route]:
        clause, at = _clause_of(self.schema, route, self.clause), document.locate(*route)
        return Finding(clause, name, Effect.REFUSE, message, at, remedy), route


def _means(is_valid: Callable[[str], bool], value: object) -> bool:
    try:
        return not isinstance(value, str) or is_valid(value)
    except ValueError:
        return False


def _fits(pattern: str, value: str) -> bool:
    """By the one reader of patterns."""
    return jsonschema_rs.is_valid({"pattern": _with_spaces(pattern)}, value)


def _pattern(_: object, pattern: str, value: object, __: object) -> "Iterator[ValidationError]":
    from jsonschema.exceptions import ValidationError

    if isinstance(value, str) and not _fits(pattern, value):
        yield ValidationError("")


def _pattern_properties(
    validator: Any, parts: Mapping[str, Any], value: object, _: object
) -> "Iterator[ValidationError]":
    for pattern, part in parts.items() if isinstance(value, Mapping) else ():
        for key in filter(partial(_fits, pattern), cast(Mapping[str, Any], value)):
            yield from validator.descend(cast(Any, value)[key], part, path=key)


def _additional(
    validator: Any, part: Any, value: object, schema: Mapping[str, Any]
) -> "Iterator[ValidationError]":
    from jsonschema.exceptions import ValidationError

    keys = _unexpected(cast(Any, value), schema) if isinstance(value, Mapping) else ()
    if keys and part is False:
        yield ValidationError("")
    for key in keys if isinstance(part, Mapping) else ():
        yield from validator.descend(cast(Any, value)[key], part, path=key)


_OURS = {
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional,
}
"""Keywords that read patterns."""


def _unexpected(value: Mapping[str, Any], part: Mapping[str, Any]) -> list[str]:
    """The keys that a part of a schema does not know."""
    patterns = part.get("patternProperties", ())
    keys = (k for k in value if k not in part.get("properties", ()))
    return sorted(k for k in keys if not any(_fits(p, k) for p in patterns))


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(map(str, names)))


def _name(route: Route) -> str:
    return ".".join(str(part) for part in route) or "document"


def _clause_of(schema: Mapping[str, Any], route: Route, default: ClauseId) -> ClauseId:
    """The `clause` annotation of the deepest property on the route that carries one."""
    clause, node = default, schema
    for part in route:
        node = _below(node, part)
        clause = ClauseId(str(node.get("clause", clause)))
    return clause


def _below(schema: Mapping[str, Any], part: str | int) -> Mapping[str, Any]:
    """The subschema of a key or a list position; empty when there is none."""
    if isinstance(part, int):
        below = schema.get("items", {})
    else:
        patterns = schema.get("patternProperties", {})
        fits = (v for p, v in patterns.items() if _fits(p, part))
        fallback = next(fits, None)
        fallback = schema.get("additionalProperties", {}) if fallback is None else fallback
        below = schema.get("properties", {}).get(part, fallback)
    return below if isinstance(below, Mapping) else {}


def _converter(schema: Mapping[str, Any]) -> Converter | None:
    """What turns the dates of such a value into dates; None where the schema has none."""
    change = _CONVERT.get(str(schema.get("format", "")))
    items = _converter(_below(schema, 0)) if "items" in schema else None
    converters = {k: _converter(_below(schema, k)) for k in schema.get("properties", ())}
    others = any(
        _converter(s) is not None
        for s in (schema.get("additionalProperties"), *schema.get("patternProperties", {}).values())
        if isinstance(s, Mapping)
    )
    if change is None and items is None and not others and not any(converters.values()):
        return None

    dated = tuple((key, to) for key, to in converters.items() if to is not None)

    def convert(value: Any) -> Any:
        if isinstance(value, dict):
            made = {key: to(value[key]) for key, to in dated if key in value}
            if others:
                left = ((k, _converter(_below(schema, k))) for k in value if k not in converters)
                made |= {k: to(value[k]) for k, to in left if to is not None}
            return {**value, **made}
        if isinstance(value, list):
            return value if items is None else [items(v) for v in value]
        return change(value) if change and isinstance(value, str) else value

    return convert
