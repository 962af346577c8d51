"""Options out of a schema, one a leaf; what they give is read as the answers of a form are."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import click

from pipeline.cli.options import YesNo
from pipeline.errors import Misuse
from pipeline.model.findings import say
from pipeline.new.fields import ABSENT, Answers, Field, Input, at, entered, fields

TODAY = ("on", "from", "changed_on", "known_as_of")
NOW = ("received_at", "found_at")
_LIKE = {Input.DAY: "YYYY-MM-DD", Input.MOMENT: "YYYY-MM-DDTHH:MM"}


def option_of(field: Field) -> str:
    """``--nda-signed-on``"""
    return "--" + "-".join(field.route).replace("_", "-")


def slot_of(field: Field) -> str:
    """Name of the parameter inside the program."""
    return "_".join(("field", *field.route))


def automatic(field: Field) -> bool:
    """Whether it is filled in unasked: who records, today, now."""
    usual = field.route[0] in ("person", *TODAY, *NOW) and len(field.route) == 1
    return field.required and usual


def parameter(field: Field, *names: str, required: bool = False) -> click.Option:
    """The option that gives the field; `names`: what else it is called."""
    part = field.single
    keys = ",".join(f"{k}=…" for k in part.get("properties", {}))
    chosen = click.Choice([str(code) for code in field.codes]) if field.codes else None
    yes_no = field.input is Input.YES_NO
    return click.Option(
        [option_of(field), *names, slot_of(field)],
        type=YesNo() if yes_no else chosen or click.STRING,
        is_flag=False,
        flag_value="yes" if yes_no else None,  # of an option without a value
        multiple=field.many,
        required=required and not field.optional,
        help=field.schema.get("description"),
        metavar=keys or _LIKE.get(field.input),
    )


def answers(chosen: tuple[Field, ...], given: Mapping[str, Any]) -> Answers:
    """What options gave, as a form sends it."""
    texts: dict[str, list[str]] = {}
    for field in chosen:
        answer = given.get(slot_of(field))
        if field.rows:
            for number, row in enumerate(answer or ()):
                texts |= _row(field, row, f"{field.name}.{number}.")
        elif answer not in (None, ()):
            texts[field.name] = [_text(one) for one in (answer if field.many else [answer])]
    return texts


def _text(given: Any) -> str:
    if isinstance(given, bool):
        return str(given).lower()
    return given.isoformat() if isinstance(given, datetime) else str(given)


def _row(field: Field, text: str, prefix: str) -> Iterator[tuple[str, list[str]]]:
    """``department=xjk,due=2026-11-03`` as the answers of a row; a comma ends a value before a
    known key, and blanks part the items of a list."""
    parts = {part.key: part for part in fields(field.single)}
    keys = "|".join(map(re.escape, parts))
    for piece in re.split(rf",(?=(?:{keys})=)", text):
        key, equals, value = piece.partition("=")
        if key not in parts or not equals:
            raise Misuse(
                say("{option} cannot be read.", option=option_of(field)),
                say("Write it like {example}.", example=",".join(f"{k}=…" for k in parts)),
            )
        many = parts[key].many
        yield prefix + key, re.split(r"[\s、；;]+", value.strip()) if many else [value]


def new_value(chosen: tuple[Field, ...], texts: Answers) -> dict[str, Any]:
    """The entry that answers make; a list that must be there is empty where none was given."""
    value = entered(chosen, texts, {})
    empty = {f.key: list[Any]() for f in chosen if f.required and f.optional and len(f.route) == 1}
    return {**value, **{k: v for k, v in empty.items() if at(value, (k,)) is ABSENT}}
