"""An act: what people sign, declared once; the verb of the terminal and the form of a page follow.

An act asks for the fields of a frozen dataclass. The terminal makes options of them, a page a form.
The front end shows, has it affirmed and signed, and stores or queues it; the act states and proves.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import MISSING, field, fields, replace
from datetime import date, datetime
from types import UnionType
from typing import Any, Generic, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from pipeline.errors import Misuse
from pipeline.model.findings import Message, say
from pipeline.model.frozen import dataclass
from pipeline.model.ids import PostId
from pipeline.model.registers import Person
from pipeline.new.fields import moment_of
from pipeline.sign.signing_context import Record, Sign, SigningContext, open_context
from pipeline.source.git.repository import Repository

Asked = TypeVar("Asked")


class SignedOutcome(NamedTuple):
    """What an act made."""

    record: Record
    done: Message
    """Says what was done; it is the message of the commit, too."""
    more: Mapping[str, bytes] = {}
    """Path → bytes of records that it completes."""


class Act(ABC, Generic[Asked]):
    """One act."""

    asks: type[Asked]
    """A frozen dataclass whose fields are made by `ask`."""
    question: Message
    """What is affirmed before it is signed."""
    affirmed: bool = True
    """Whether the terminal asks that too; a page always does."""

    def posts(self, asked: Asked) -> frozenset[PostId]:
        """Ids of the posts that it looks at."""
        return frozenset()

    def opened(self, asked: Asked, repository: Repository, now: datetime) -> SigningContext:
        """What a terminal signs by: HEAD, with the records of the working tree."""
        return open_context(repository, now, self.posts(asked))

    def refuse(self, asked: Asked) -> None:
        """Raise Misuse for what cannot be meant, before anything is read."""
        refuse_left_open(asked)

    def offer(self, asked: Asked, context: SigningContext, person: Person) -> Sequence[Asked]:
        """What the person may ask for, of what was begun."""
        return ()

    def show(self, asked: Asked, context: SigningContext, person: Person) -> Iterator[Message]:
        """What is about to be signed. Raises Fault for what cannot be."""
        yield from ()

    @abstractmethod
    def sign(
        self, asked: Asked, context: SigningContext, person: Person, now: datetime, sign: Sign
    ) -> SignedOutcome:
        """State it, have it signed, and prove that it counts. Raises Fault when it would not."""


# What it asks for.


@dataclass(frozen=True)
class Ask:
    """How one field is asked for."""

    label: Message
    """What a form calls it."""
    help: str = ""
    """What the terminal's help says of it."""
    short: str = ""
    option: str = ""
    """Name of its option, where it is not the field's own: ``from``, ``devices-returned/kept``."""
    metavar: str | None = None
    argument: bool = False
    """Whether the terminal takes it by its place."""
    required: bool = False
    """Whether it must be answered where the act is signed, though it may be begun without."""
    choices: Mapping[str, Message] = field(default_factory=dict)
    """Code → what a form calls it; empty: it is no choice."""


def ask(label: Message, help: str = "", default: Any = MISSING, **more: Any) -> Any:
    """A field of what an act asks; the rest as of `Ask`."""
    return field(default=default, metadata={"ask": Ask(label, help, **more)})


class Attached(NamedTuple):
    """A file that goes with an act; the terminal reads it."""

    name: str
    raw: bytes


class AskedField(NamedTuple):
    """One field of what an act asks."""

    name: str
    ask: Ask
    kind: Any
    """The type of one value: str, int, bool, date, datetime or `Attached`."""
    many: bool
    optional: bool
    """Whether it may be None."""
    default: Any
    """MISSING: it has none."""


def asked_fields(asks: type[Any]) -> Iterator[AskedField]:
    """The fields that are asked for, in their order."""
    hints = get_type_hints(asks)
    for each in fields(asks):
        if "ask" in each.metadata:
            kind, many = hints[each.name], get_origin(hints[each.name]) is tuple
            optional = isinstance(kind, UnionType)
            kind = get_args(kind)[0] if many or optional else kind
            yield AskedField(each.name, each.metadata["ask"], kind, many, optional, each.default)


def answered(begun: Asked, texts: Mapping[str, str], names: Collection[str]) -> Asked:
    """What was begun, with a form's answers of these names and no others. Raises Misuse for one
    that cannot be read."""
    answers = {
        each.name: _read_answer(each, texts[each.name].strip())
        for each in asked_fields(type(begun))
        if each.name in names and texts.get(each.name, "").strip()
    }
    return replace(begun, **answers)  # type: ignore[type-var]


def _read_answer(each: AskedField, text: str) -> Any:
    if each.ask.choices and text not in each.ask.choices:
        raise Misuse(
            say("{key} has a value that is not allowed.", key=each.ask.label),
            say("Choose one of: {allowed}.", allowed=", ".join(each.ask.choices)),
        )
    if each.many:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if each.kind is bool:
        return text in ("1", "true")
    try:
        return _READERS.get(each.kind, str)(text)
    except ValueError as error:
        like = {date: "2026-11-03", datetime: "2026-11-03T09:30"}.get(each.kind, "1")
        wrong = say("{key}: {value} cannot be read; write it like {like}.", key=each.ask.label,
                    value=text, like=like)  # fmt: skip
        raise Misuse(wrong) from error


def _moment(text: str) -> datetime:
    moment = moment_of(text)
    if moment is None:
        raise ValueError(text)
    return moment


def _number(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise ValueError(text)
    return int(text)


_READERS: Mapping[Any, Callable[[str], Any]] = {
    date: date.fromisoformat,
    datetime: _moment,
    int: _number,
}
"""Type of a field → what reads an answer, and raises ValueError for what is none."""


def refuse_left_open(asked: Any, *names: str) -> None:
    """Raise Misuse for what must be answered and is not; `names`: of more fields that must."""
    for each in asked_fields(type(asked)):
        value = getattr(asked, each.name)
        if (each.ask.required or each.name in names) and not (
            value.strip() if isinstance(value, str) else value
        ):
            raise Misuse(
                say("“{field}” is left open.", field=each.ask.label),
                say("Say it in words for all: what is signed stays for ever."),
            )
