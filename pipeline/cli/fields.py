"""Options out of a schema: a field a leaf, and the value that they make together."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click
from click.types import OptionHelpExtra

from pipeline.cli.prompts import YesNo, plain
from pipeline.cli.session import Moment, in_words
from pipeline.errors import Misuse
from pipeline.model.documents import Route
from pipeline.model.findings import say

TODAY = ("on", "from", "changed_on", "known_as_of")
NOW = ("received_at", "found_at")


@dataclass(frozen=True)
class Field:
    """One leaf of an entry: a text, a number, a day, a list, or a list of small mappings."""

    route: tuple[str, ...]
    schema: Mapping[str, Any]
    required: bool

    @property
    def option(self) -> str:
        """``--nda-signed-on``"""
        return "--" + "-".join(self.route).replace("_", "-")

    @property
    def name(self) -> str:
        """The parameter's name inside the program."""
        return "_".join(("field", *self.route))

    @property
    def rows(self) -> bool:
        """Whether it is a list of mappings, written ``key=value,key=value``."""
        return self.many and bool(self.schema["items"].get("properties"))

    @property
    def many(self) -> bool:
        return bool(self.schema.get("type") == "array")

    @property
    def optional(self) -> bool:
        """Whether it is a list that may be empty."""
        return self.many and not self.schema.get("minItems")

    @property
    def known(self) -> bool:
        """Whether it is filled in unasked: who records, today, now."""
        return self.required and self.route[0] in ("person", *TODAY, *NOW) and len(self.route) == 1

    def parameter(self) -> click.Option:
        """The option that gives the field."""
        part = self.schema["items"] if self.many else self.schema
        keys = ",".join(f"{k}=…" for k in part.get("properties", {}))
        return (Needed if self.required and not self.known else click.Option)(
            [self.option, self.name],
            type=type_of(part),
            multiple=self.many,
            help=self.schema.get("description"),
            metavar=keys or _LIKE.get(part.get("format", "")),
        )


_LIKE = {"date": "YYYY-MM-DD", "date-time": "YYYY-MM-DDTHH:MM"}


class Needed(click.Option):
    """An option that help calls required; whoever leaves it out is asked, or told."""

    def get_help_extra(self, ctx: click.Context) -> OptionHelpExtra:
        return {**super().get_help_extra(ctx), "required": "required"}


def fields(schema: Mapping[str, Any]) -> tuple[Field, ...]:
    """Every leaf of an entry's schema, in its order."""
    return tuple(_fields(schema, (), needed=True))


def _fields(schema: Mapping[str, Any], route: tuple[str, ...], *, needed: bool) -> Iterator[Field]:
    for key, part in schema.get("properties", {}).items():
        required = needed and key in schema.get("required", ())
        if part.get("properties"):
            yield from _fields(part, (*route, key), needed=required)
        else:
            yield Field((*route, key), part, required)


def type_of(part: Mapping[str, Any]) -> click.ParamType[Any]:
    """How the text of one value is read."""
    if "enum" in part:
        return click.Choice([str(choice) for choice in part["enum"]])
    if part.get("format") == "date-time":
        return Moment()
    return {"integer": Whole(), "boolean": YesNo()}.get(str(part.get("type")), click.STRING)


class Whole(click.ParamType[int]):
    """A whole number, with commas between thousands if need be."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if not re.fullmatch(r"\d+|\d{1,3}(,\d{3})+", plain(str(value)), re.ASCII):
            wrong = say("{value} is no whole number; write digits, like 1200.", value=value)
            self.fail(in_words(wrong, ctx), param, ctx)
        return int(plain(str(value)).replace(",", ""))


def assembled(chosen: tuple[Field, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """The entry that the given fields make; those not given are left out."""
    value: dict[str, Any] = {}
    for field in chosen:
        found = given.get(field.name)
        if found is None or (found == () and not field.required):
            continue
        here = value
        for key in field.route[:-1]:
            here = here.setdefault(key, {})
        here[field.route[-1]] = _plain(field, found)
    return value


def _plain(field: Field, found: Any) -> Any:
    if field.rows:
        return [_row(field, row) if isinstance(row, str) else row for row in found]
    if field.many:
        return [written(item) for item in found]
    return written(found)


def written(value: Any) -> Any:
    """A value as the file holds it."""
    return value.isoformat() if isinstance(value, datetime) else value


def _row(field: Field, text: str) -> dict[str, Any]:
    """``department=xjk,due=2026-11-03`` as a mapping; a comma ends a value before a known key."""
    parts: Mapping[str, Any] = field.schema["items"]["properties"]
    keys = "|".join(map(re.escape, parts))
    found = [piece.partition("=") for piece in re.split(rf",(?=(?:{keys})=)", text)]
    row: dict[str, Any] = {}
    for key, equals, value in found:
        if key not in parts or not equals:
            raise Misuse(
                say("{option} cannot be read.", option=field.option),
                say("Write it like {example}.", example=",".join(f"{k}=…" for k in parts)),
            )
        row[key] = written(type_of(parts[key]).convert(value, None, click.get_current_context()))
    return row


def missing(chosen: tuple[Field, ...], value: Mapping[str, Any]) -> Iterator[Field]:
    """Required fields that the value does not hold."""
    for field in chosen:
        if field.required and not _holds(value, field.route):
            yield field


def _holds(value: Any, route: Route) -> bool:
    for key in route:
        if not isinstance(value, Mapping) or key not in value:
            return False
        value = value[key]
    return True
