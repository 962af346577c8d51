"""Fields out of a schema: what the terminal asks one by one, and a page shows as a form.

A field is one leaf of the schema. How it is entered follows from its schema alone, so a key added
to an article's schema is asked for everywhere.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Any
from unicodedata import normalize

from pipeline.model.calendar import SHANGHAI
from pipeline.model.documents import Route

LONG = 200
"""Characters above which a text gets several lines."""
FEW = 10
"""Numbers in a range so small that one is chosen from it."""


class Input(Enum):
    """How one field is entered."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    DAY = "day"
    MOMENT = "moment"
    YES_NO = "yes-no"
    LINES = "lines"
    """Several texts, one a line."""
    ROWS = "rows"
    """Several small mappings, each with fields of its own."""


@dataclass(frozen=True)
class Field:
    """One leaf of a schema: a text, a number, a day, a list, or a list of small mappings."""

    route: tuple[str, ...]
    schema: Mapping[str, Any]
    required: bool

    @property
    def key(self) -> str:
        return self.route[-1]

    @property
    def name(self) -> str:
        """``alert.level``"""
        return ".".join(self.route)

    @property
    def single(self) -> Mapping[str, Any]:
        """The schema of one value: of a list that of its members."""
        part: Mapping[str, Any] = self.schema["items"] if self.many else self.schema
        return part

    @property
    def rows(self) -> bool:
        """Whether it is a list of mappings."""
        return self.many and bool(self.single.get("properties"))

    @property
    def many(self) -> bool:
        return bool(self.schema.get("type") == "array")

    @property
    def optional(self) -> bool:
        """Whether it is a list that may be empty."""
        return self.many and not self.schema.get("minItems")

    @cached_property
    def codes(self) -> tuple[Any, ...]:
        """The only values that it may have; empty: there is no closed list."""
        part = self.single
        if "const" in part:
            return (part["const"],)
        low = part.get("minimum")
        high = part.get("maximum") if part.get("type") == "integer" else None
        if low is not None and high is not None and high - low < FEW:
            return tuple(range(low, high + 1))
        return tuple(part.get("enum", ()))

    @cached_property
    def input(self) -> Input:
        if self.many:
            return Input.ROWS if self.rows else Input.CHOICES if self.codes else Input.LINES
        if self.codes:
            return Input.CHOICE
        kind, form = self.schema.get("type"), self.schema.get("format")
        by_form = {"date": Input.DAY, "date-time": Input.MOMENT}.get(str(form))
        by_type = {"integer": Input.NUMBER, "boolean": Input.YES_NO}.get(str(kind))
        free = self.schema.get("pattern", r"\S") == r"\S"
        long = free and self.schema.get("maxLength", 0) > LONG
        return by_form or by_type or (Input.LONG if long else Input.TEXT)


def fields(schema: Mapping[str, Any]) -> tuple[Field, ...]:
    """Every leaf of a schema, in its order."""
    return tuple(_fields(schema, (), needed=True))


def _fields(schema: Mapping[str, Any], route: tuple[str, ...], *, needed: bool) -> Iterator[Field]:
    for key, part in schema.get("properties", {}).items():
        required = needed and key in schema.get("required", ())
        if part.get("properties"):
            yield from _fields(part, (*route, key), needed=required)
        else:
            yield Field((*route, key), part, required)


def meets(word: str, part: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    """Whether the keys that ``asked_when`` or ``needed_when`` of a part of a schema names have the
    values that it gives; a part without the word asks for none."""
    return all(value.get(key) in some for key, some in part.get(word, {}).items())


ABSENT = object()
"""What stands where there is no value."""


def at(value: Any, route: Route) -> Any:
    """What stands at a route, or ABSENT."""
    for key in route:
        if not isinstance(value, Mapping) or key not in value:
            return ABSENT
        value = value[key]
    return value


# A form's answers: texts by name, as a browser sends them.

Answers = Mapping[str, Sequence[str]]
"""Name of a field → its texts; a row's field is ``facts.0.claim``."""


def answers_of(chosen: Sequence[Field], value: Any, prefix: str = "") -> dict[str, list[str]]:
    """The texts that a form shows for a value."""
    shown: dict[str, list[str]] = {}
    for field in chosen:
        part = at(value, field.route)
        if field.rows and isinstance(part, list):
            inner = fields(field.single)
            for number, row in enumerate(part):
                shown |= answers_of(inner, row, f"{prefix}{field.name}.{number}.")
        else:
            shown[prefix + field.name] = _texts(field, part)
    return shown


def _texts(field: Field, value: Any) -> list[str]:
    if value is ABSENT or value is None:
        return []
    members = [_text(field, m) for m in (value if isinstance(value, list) else [value])]
    return ["\n".join(members)] if field.input is Input.LINES else members


def _text(field: Field, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if field.input is Input.MOMENT and (moment := moment_of(str(value))):
        return moment.replace(tzinfo=None).isoformat()
    return str(value)


def entered(
    chosen: Sequence[Field], answers: Answers, before: Mapping[str, Any], prefix: str = ""
) -> dict[str, Any]:
    """The value that a form's answers make of the one it showed.

    What was not asked stays as it is, and so does what is answered as it was shown. An answer that
    its schema does not allow is kept as typed: a draft half written can be saved.
    """
    value = _copied(before)
    for field in chosen:
        old = at(before, field.route)
        if field.rows:
            new = _rows(field, answers, old, prefix)
            if new is not old:
                _put(value, field.route, new)
        elif prefix + field.name in answers:
            new = parsed(field, answers[prefix + field.name])
            if new != parsed(field, _texts(field, old)):
                _put(value, field.route, new)
    return value


def _rows(field: Field, answers: Answers, old: Any, prefix: str) -> Any:
    """Rows as answered; one that was emptied goes, one that was not asked stays."""
    held = old if isinstance(old, list) else []
    begin = f"{prefix}{field.name}."
    asked = {int(m[1]) for n in answers if (m := re.match(rf"{re.escape(begin)}(\d{{1,4}})\.", n))}
    rows = list[Any]()
    for number in sorted({*range(len(held)), *asked}):
        row = held[number] if number < len(held) else ABSENT
        before = row if isinstance(row, Mapping) else {}
        after = entered(fields(field.single), answers, before, f"{begin}{number}.")
        rows.append(row if after == before else after or ABSENT)
    rows = [row for row in rows if row is not ABSENT]
    return rows or (ABSENT if held else old)


def parsed(field: Field, texts: Sequence[str]) -> Any:
    """What texts mean to a field; ABSENT for none."""
    lines = [re.sub("\r\n?", "\n", text) for text in texts]
    if field.input is Input.LINES:
        lines = [line for text in lines for line in text.split("\n")]
    elif field.input is not Input.LONG:  # a browser's single line drops line ends
        lines = [line.replace("\n", "") for line in lines]
    values = [_value(field, line.strip()) for line in lines if line.strip()]
    if field.many:
        return values or ABSENT
    return values[0] if values else ABSENT


_WHOLE = re.compile(r"-?(\d{1,9}|\d{1,3}(,\d{3}){1,2})", re.ASCII)
"""With commas between thousands, if need be."""


def _value(field: Field, text: str) -> Any:
    """One value as the file holds it; a text that means none is kept."""
    kind = field.single.get("type")
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind == "integer" and _WHOLE.fullmatch(plain := normalize("NFKC", text)):
        return int(plain.replace(",", ""))
    if field.input is Input.MOMENT and (moment := moment_of(text)):
        return moment.isoformat()
    return text


def moment_of(text: str) -> datetime | None:
    """A time in China's zone, which one without a zone is in."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(SHANGHAI) if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    except (ValueError, OverflowError):
        return None


def _put(value: dict[str, Any], route: tuple[str, ...], new: Any) -> None:
    """Set or take away what stands at a route, with the mappings that this leaves empty."""
    key, *below = route
    inner: Any = new
    if below:
        inner = value.get(key)
        inner = inner if isinstance(inner, dict) else {}
        if new is ABSENT and not inner:
            return
        _put(inner, tuple(below), new)
    if inner is ABSENT or inner == {}:
        value.pop(key, None)
    else:
        value[key] = inner


def _copied(value: Mapping[str, Any]) -> dict[str, Any]:
    return {k: _copied(v) if isinstance(v, Mapping) else v for k, v in value.items()}
