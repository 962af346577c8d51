"""Options out of a schema: a field a leaf, and the value that they make together."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click
from click.types import OptionHelpExtra

from pipeline.cli.options import YesNo, agreed, ask, listed, plain, several
from pipeline.cli.session import Session
from pipeline.cli.terminal import Moment, in_words
from pipeline.errors import Misuse
from pipeline.model.calendar import local_date
from pipeline.model.conformance import Conformance
from pipeline.model.documents import Document
from pipeline.model.findings import Message, say
from pipeline.model.registers import Registers
from pipeline.model.zh_names import ROLES
from pipeline.new.fields import Field
from pipeline.source.content.cross_checks import known_ids, references

TODAY = ("on", "from", "changed_on", "known_as_of")
NOW = ("received_at", "found_at")


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


def parameter(field: Field, *, asked: bool = True) -> click.Option:
    """The option that gives the field; `asked`: where left out although it is required."""
    part = field.single
    keys = ",".join(f"{k}=…" for k in part.get("properties", {}))
    needed = asked and field.required and not automatic(field)
    return (Needed if needed else click.Option)(
        [option_of(field), slot_of(field)],
        type=type_of(part),
        multiple=field.many,
        help=field.schema.get("description"),
        metavar=keys or _LIKE.get(part.get("format", "")),
    )


_LIKE = {"date": "YYYY-MM-DD", "date-time": "YYYY-MM-DDTHH:MM"}


class Needed(click.Option):
    """An option that help calls required; left out, it is asked for, or refused."""

    def get_help_extra(self, ctx: click.Context) -> OptionHelpExtra:
        return {**super().get_help_extra(ctx), "required": "required"}


def type_of(part: Mapping[str, Any]) -> click.ParamType[Any]:
    """How the text of one value is read."""
    if "enum" in part:
        return click.Choice([str(choice) for choice in part["enum"]])
    if part.get("format") == "date-time":
        return Moment()
    return {"integer": WholeNumber(), "boolean": YesNo()}.get(str(part.get("type")), click.STRING)


class WholeNumber(click.ParamType[int]):
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
        answer = given.get(slot_of(field))
        if answer is None or (answer == () and not field.required):
            continue
        level = value
        for key in field.route[:-1]:
            level = level.setdefault(key, {})
        level[field.route[-1]] = _plain(field, answer)
    return value


def _plain(field: Field, answer: Any) -> Any:
    if field.rows:
        return [_row(field, row) if isinstance(row, str) else row for row in answer]
    if field.many:
        return [written(item) for item in answer]
    return written(answer)


def written(value: Any) -> Any:
    """A value as the file holds it."""
    return value.isoformat() if isinstance(value, datetime) else value


def _row(field: Field, text: str) -> dict[str, Any]:
    """``department=xjk,due=2026-11-03`` as a mapping; a comma ends a value before a known key, and
    blanks part the items of a list."""
    parts: Mapping[str, Any] = field.schema["items"]["properties"]
    keys = "|".join(map(re.escape, parts))
    pairs = [piece.partition("=") for piece in re.split(rf",(?=(?:{keys})=)", text)]
    row: dict[str, Any] = {}
    for key, equals, value in pairs:
        if key not in parts or not equals:
            raise Misuse(
                say("{option} cannot be read.", option=option_of(field)),
                say("Write it like {example}.", example=",".join(f"{k}=…" for k in parts)),
            )
        if parts[key].get("type") == "array":
            row[key] = re.split(r"[\s、；;]+", value.strip())
            continue
        row[key] = written(type_of(parts[key]).convert(value, None, click.get_current_context()))
    return row


# The fields of an entry, asked one by one at the terminal.

LIST_UP_TO = 12
"""So many people, accounts or departments are named in a question."""


@dataclass(frozen=True)
class Questions:
    """What answers mean: the schema's forms, the registers' ids, the ids that are taken."""

    session: Session
    registers: Registers
    taken: Collection[str] = ()
    """Ids of the register the entry goes into."""
    names_new: Collection[str] = ()
    """Keys that may name what is not entered yet (`Kind.names_new`)."""

    def field(self, field: Field, before: Any = None) -> Any:
        """The answer as the file holds it; `before`: an earlier answer, kept by Enter."""
        if field.rows:
            return self._rows(field, before or [])
        if field.many and _free(field.schema["items"]):
            return self._each(field, before or [])
        return self._value(option_of(field), field.route[-1], field.schema, before)

    def _rows(self, field: Field, before: list[Any]) -> list[Any]:
        """Small mappings one after another, each key of them a question."""
        parts, rows = field.schema["items"], list[Any]()
        what = say("{option}: {what}", option=option_of(field)[2:], what=self._about(field.schema))
        self.session.remark(what)
        another = say("Is there one?")
        least = max(len(before), not field.optional)
        while len(rows) < least or agreed(self.session, another):
            old = before[len(rows)] if len(rows) < len(before) else {}
            rows.append(
                {
                    key: self._value(key, key, part, old.get(key) or self._usual(key))
                    for key, part in parts["properties"].items()
                    if key in parts["required"]
                }
            )
            another = say("Is there another one?")
        self._check(field.route[-1], field.schema, rows)
        return rows

    def _each(self, field: Field, before: list[str]) -> list[str]:
        """Texts that may hold commas: one a question, until Enter alone."""
        texts: list[str] = []
        while True:
            old = before[len(texts)] if len(texts) < len(before) else ""
            ends = field.optional or bool(texts)
            part = {**field.schema["items"], "description": field.schema.get("description", "")}
            answer = self._value(option_of(field), field.route[-1], part, old, ends=ends)
            if not answer:
                return texts
            texts.append(answer)

    def _usual(self, key: str) -> str:
        """Today and now, where an answer mostly is."""
        now = self.session.now()
        return local_date(now).isoformat() if key in TODAY else now.isoformat() * (key in NOW)

    def _value(
        self, option: str, key: str, part: Mapping[str, Any], before: Any, *, ends: bool = False
    ) -> Any:
        """One answer, which is a list where the schema says so."""
        many = part.get("type") == "array"
        ends = ends or (many and not part.get("minItems"))
        kind = type_of(part["items"] if many else part)

        def read(answer: str) -> Any:
            if ends and not answer.strip():
                return [] if many else ""
            texts = several(answer) if many else [answer]
            exact = _free(part["items"] if many else part)
            context = click.get_current_context()
            values = [
                written(kind.convert(t.strip() if exact else plain(t), None, context))
                for t in texts
            ]
            value = values if many else values[0]
            self._check(key, part, value)
            return value

        what = self._about(part)
        question = say("{option}: {what}", option=option.removeprefix("--"), what=what)
        for hint in self._hints(key, part, ends=ends):
            question = say("{question} ({allowed})", question=question, allowed=hint)
        default = _shown(before) or ("" if ends else None)
        return ask(self.session, option, None, question, read, default)

    def _check(self, key: str, part: Mapping[str, Any], value: Any) -> None:
        """Raises Misuse for what schema and registers do not know."""
        document = Document("", {key: value})
        if key not in self.names_new:
            for finding in references(document, (), document.value, self.registers, ""):
                raise Misuse(finding.message, finding.remedy)
        whole = Conformance({"properties": {key: part}}, "")
        for finding, _ in whole.findings(document):
            raise Misuse(finding.message, finding.remedy)
        if key == "id" and value in self.taken:
            raise Misuse(
                say("The id {id} is there twice.", id=value),
                say("Give every entry an id of its own, for ever."),
            )

    def _hints(self, key: str, part: Mapping[str, Any], *, ends: bool) -> Iterator[Any]:
        """What may be answered, where the description does not say it."""
        single = part.get("items", part)
        codes = single.get("enum", ())
        description = self._about(part)
        if any(str(code) not in description for code in codes):
            yield listed(self.session, codes, ROLES)
        if ids := list(known_ids(key, self.registers) or ())[: LIST_UP_TO + 1]:
            yield (listed(self.session, ids, self._names(ids)) if len(ids) <= LIST_UP_TO else "…")
        if single.get("format") in _EXAMPLES:
            yield say("like {example}", example=_EXAMPLES[single["format"]])
        if single.get("type") == "boolean":
            yield say("yes or no")
        if part.get("type") == "array":
            yield say("several with commas between")
        if ends:
            yield say("Enter for no more")

    def _about(self, part: Mapping[str, Any]) -> str:
        """What the schema says of a field, without the full stop before the colon."""
        text = part.get("description") or part.get("items", {}).get("description", "")
        return self.session.tr(Message(text)).rstrip(".。") if text else ""

    def _names(self, ids: Collection[str]) -> Mapping[str, str]:
        """What people, departments and accounts are called."""
        held = (self.registers.people, self.registers.departments, self.registers.accounts)
        return {id: register[id].name for id in ids for register in held if id in register}


_EXAMPLES = {"date": "2026-11-03", "date-time": "2026-11-03T09:30"}


def _free(part: Mapping[str, Any]) -> bool:
    """Whether people write it in words of their own, which are not touched."""
    return part.get("type") == "string" and not {"pattern", "format", "enum"} & set(part)


def _shown(value: Any) -> str:
    """An earlier answer as it would be typed."""
    if isinstance(value, bool):
        return "y" if value else "n"
    if isinstance(value, datetime):
        return value.isoformat()
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value or "")
