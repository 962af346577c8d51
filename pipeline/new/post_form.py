"""A post as a form: its front matter in sections of fields with labels, hints and choices.

Made from the schemas of the articles and from the registers, so that a new key or a new account
is there of itself. `post_bytes` writes what the form's answers make (`fields.entered`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.model.calendar import local_date
from pipeline.model.findings import Message, say
from pipeline.model.ids import AccountId
from pipeline.model.registers import Registers
from pipeline.new.fields import Field, Input, answers_of, at, fields, meets
from pipeline.new.yaml_writer import dump
from pipeline.report.front_matter import Wording
from pipeline.source.content.cross_checks import known_ids

SNAPSHOT = "source.txt"
"""Name of the copy of a reprint's original."""
FITTING: Mapping[str, int] = {"frontline": 4, "rumor": 5}
"""Kind of post → the one category of Article 9 that fits it."""
_GROUPS: tuple[tuple[Message, tuple[str, ...]], ...] = (
    (say("What it says"), ("kind", "title", "summary", "tags", "doc_no")),
    (say("Publication"), ("accounts", "publish_at", "topic", "category", "origin")),
    (
        say("Who answers for it"),
        ("author", "co_authors", "origin_dept", "created_on", "event_date", "ai"),
    ),
)
_FURTHER = say("Further particulars")
_EXAMPLES: Mapping[str, Message | str] = {
    "title": say("How to use a gas stove safely"),
    "tags": say("fire safety"),
    "url": "https://www.example.gov.cn/…",
    "licence": say("our own work"),
    "areas": say("the name of a county or district"),
}


def needed_by(schema: Mapping[str, Any], value: Mapping[str, Any]) -> set[str]:
    """Keys that a front matter needs beside those that every post needs, by its kind and the like.

    Each article's schema says so of its own keys: ``needed_when`` maps other keys to the values
    with which the law refuses a post that lacks it; ``asked_when`` to those with which a form asks.
    """
    return {*_when("needed_when", schema, value)}


def _when(word: str, schema: Mapping[str, Any], value: Mapping[str, Any]) -> Iterator[str]:
    """Keys of which all that the word names holds; one that names nothing always does."""
    for key, part in schema["properties"].items():
        if word in part and meets(word, part, value):
            yield key


def deciding(schema: Mapping[str, Any]) -> set[str]:
    """Keys on whose value it depends what a form asks."""
    parts = schema["properties"].values()
    words = ("needed_when", "asked_when")
    return {key for part in parts for word in words for key in part.get(word, ())}


def new_front_matter(
    kind: str, author: str, department: str, moment: datetime, accounts: list[AccountId]
) -> dict[str, Any]:
    """What a draft begins with; what only its writer can say is left open, `ai` among it."""
    day = local_date(moment).isoformat()
    value: dict[str, Any] = {"kind": kind, "revision": 1, "accounts": accounts, "author": author}
    value |= {"origin_dept": department, "created_on": day}
    value["origin"] = "reprint" if kind == "reprint" else "original"
    if kind in FITTING:
        value["category"] = FITTING[kind]
    return {k: v for k, v in value.items() if v not in ("", [])}


def post_bytes(front_matter: Mapping[str, Any], body: str) -> bytes:
    """The bytes of post.md; line ends are its own, and one ends the text."""
    text = re.sub("\r\n?", "\n", body).strip("\n")
    return b"---\n" + dump(front_matter) + b"---\n\n" + text.encode() + b"\n"


@dataclass(frozen=True)
class FormField:
    """One field as a page shows it."""

    name: str
    label: str
    hint: str
    example: str
    input: str
    """A value of `Input`; ``text`` for a value that the field's own kind could not show."""
    required: bool
    values: tuple[str, ...]
    choices: tuple[tuple[str, str], ...] = ()
    """(value, word); of a text they are suggestions."""
    rows: tuple[tuple["FormField", ...], ...] = ()
    """Of a list of mappings: those there are, and an empty one."""


@dataclass(frozen=True)
class Section:
    """Fields under one heading; `folded`: optional, and nothing in it yet."""

    label: str
    hint: str
    fields: tuple[FormField, ...]
    folded: bool
    needed: bool = False
    """Whether this kind of post lacks something without it."""
    more: bool = False
    """Whether this kind of post seldom needs any of it."""

    @property
    def key(self) -> str:
        """Of its first field, which no other section has."""
        return self.fields[0].name.split(".")[0]


def sections(
    schema: Mapping[str, Any], value: Mapping[str, Any], wording: Wording, day: date
) -> tuple[Section, ...]:
    """The form of a draft: every key of the schema once, but for the number of the revision. What
    its kind needs, what is asked of it and what it holds come first, all else behind `more`.

    `day`: the people, accounts and sources of that day are offered.
    """
    needed = needed_by(schema, value)
    required = {*schema.get("required", ()), *needed}
    asked = {*required, *value, *_when("asked_when", schema, value)}
    keyed: dict[str, list[Field]] = {}
    for field in fields({**schema, "required": sorted(required)}):
        keyed.setdefault(field.route[0], []).append(field)
    keyed.pop("revision", None)
    grouped = {key for _, keys in _GROUPS for key in keys}
    flat = [k for k, (field, *_) in keyed.items() if field.route == (k,) and not field.rows]
    maker = FieldMaker(wording, day)

    def section(label: str, hint: str, keys: Iterable[str]) -> Section:
        there = [key for key in keys if key in keyed]
        shown = tuple(maker.field(field, value) for key in there for field in keyed[key])
        folded = required.isdisjoint(there) and value.keys().isdisjoint(there)
        return Section(
            label, hint, shown, folded, not needed.isdisjoint(there), asked.isdisjoint(there)
        )

    groups = [*_GROUPS, (_FURTHER, tuple(key for key in flat if key not in grouped))]
    first, *others = (section(wording.tr(w), "", filter(asked.__contains__, k)) for w, k in groups)
    rest = (key for key in keyed if key not in flat)
    nested = [
        section(wording.label(key), maker.hint(schema["properties"][key]), [key])
        for key in sorted(rest, key=lambda key: key not in required | value.keys())
    ]
    nested.append(section(wording.tr(_FURTHER), "", [key for key in flat if key not in asked]))
    own = [each for each in nested if each.needed]
    some = (first, *own, *others, *(each for each in nested if not each.needed))
    return tuple(each for each in some if each.fields)


@dataclass(frozen=True)
class FieldMaker:
    """Fields as a page shows them, for one reader on one day."""

    wording: Wording
    day: date

    def field(self, field: Field, value: Any, prefix: str = "") -> FormField:
        """`value`: the mapping that the field is a part of; `prefix`: of the names in a row."""
        name, held = prefix + field.name, at(value, field.route)
        listed = [*held, {}] if isinstance(held, list) else [{}]
        rows = tuple(
            tuple(self.field(f, row, f"{name}.{number}.") for f in fields(field.single))
            for number, row in enumerate(listed if field.rows else ())
        )
        texts = () if field.rows else tuple(answers_of((field,), value)[field.name])
        offered = dict(self._choices(field))
        if offered:  # what was chosen before is not taken out unasked
            offered |= {text: offered.get(text, text) for text in texts}
        choices, tr = tuple(offered.items()), self.wording.tr
        example = _EXAMPLES.get(field.key, "")
        return FormField(
            name,
            self.wording.label(field.key),
            self.hint(field.schema),
            example if isinstance(example, str) else tr(say("like {example}", example=example)),
            self._input(field, texts, choices),
            field.required,
            texts,
            choices,
            rows,
        )

    def _input(self, field: Field, texts: tuple[str, ...], choices: tuple[Any, ...]) -> str:
        """How a browser can show it: a day that is none would vanish from its field for days."""
        kind = field.input
        if kind in _SHAPES and any(not _SHAPES[kind].fullmatch(text) for text in texts):
            return Input.TEXT.value
        if choices and kind is Input.LINES:
            return Input.CHOICES.value
        if choices and kind is Input.TEXT and field.name not in _SUGGESTED:
            return Input.CHOICE.value
        return kind.value

    def hint(self, part: Mapping[str, Any]) -> str:
        text = part.get("description", "")
        return _CODE.sub("", self.wording.tr(Message(text))) if text else ""

    def _choices(self, field: Field) -> Iterator[tuple[str, str]]:
        """What may be chosen: the schema's codes, or who and what the registers hold on the day."""
        if field.codes:
            yield from ((str(c), self.wording.value(field.key, c)) for c in field.codes)
        elif field.input is Input.YES_NO:
            tr = self.wording.tr
            yield from (("true", tr(say("yes"))), ("false", tr(say("no"))))
        else:
            registers = self.wording.registers
            for id in offered_ids(field, registers, self.day):
                yield id, self.wording.value(field.key, id)


_CODE = re.compile(r"（`[^`]*`）|`[^`]*` ?")
"""What a file holds for a word, which a page shows alone."""
_PEOPLE = frozenset({"person", "author", "co_authors", "approved_by", "ordered_by"})
_SUGGESTED = frozenset(("source.id", "source.account"))
"""Texts for which the register only makes suggestions: an unlisted source has an exception."""
_SHAPES = {
    Input.DAY: re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    Input.MOMENT: re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", re.ASCII),
}


def offered_ids(field: Field, registers: Registers, day: date) -> Iterator[str]:
    """Who and what the registers hold on a day that a field may name."""
    in_force = (
        s for s in registers.sources.values() if s.valid_from <= day <= (s.valid_until or day)
    )
    if field.name == "source.account":
        yield from (account["name"] for source in in_force for account in source.accounts)
    elif not str(field.single.get("pattern", "")).startswith("^[a-z0-9"):
        return  # words, though the key may be of the same name: the author of a picture
    elif field.key == "accounts":
        yield from (account.id for account in registers.accounts_in_use(day))
    elif field.key == "origin_dept":
        yield from registers.departments_on(day)
    elif field.name == "source.id":
        yield from (source.id for source in in_force)
    elif field.key in _PEOPLE:
        people = registers.people.values()
        yield from (p.id for p in people if any(t.covers(day) for t in p.tenures))
    else:
        yield from known_ids(field.key, registers) or ()
