"""What a judgement says: effects, outcomes and findings (design.md .2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, IntEnum

from pipeline.model.ids import ClauseId

EXIT_OK, EXIT_FAULT, EXIT_USAGE, EXIT_NOTHING, EXIT_HOLD, EXIT_REFUSE = (0, 1, 2, 3, 10, 11)
"""Exit codes of the command (design.md .6)."""


class Effect(IntEnum):
    """How much a finding weighs; a decision is the maximum, and only NOTE or nothing publishes."""

    NOTE = 1
    HOLD = 2
    REFUSE = 3


class Outcome(Enum):
    """What became of one clause on one subject."""

    SATISFIED = "satisfied"
    VIOLATED = "violated"
    DECLARED = "declared"
    """Someone answers by signature for all that it rests on."""
    ENTERED = "entered"
    """It rests on records that no one signed: entered, and not proven."""
    NOT_APPLICABLE = "not-applicable"
    NOT_EVALUATED = "not-evaluated"

    __hash__ = object.__hash__  # a member equals itself alone; Enum's own is slow by the million


@dataclass(frozen=True)
class Message:
    """A sentence for people: an English gettext id with named values, translated when printed."""

    text: str
    values: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return self.text.format_map(dict(self.values)) if self.values else self.text


def say(text: str = "", /, **values: object) -> Message:
    """Make a `Message`; the text is its gettext id, the values fill its ``{names}``. Without a text
    it is the sentence that a clause's text has under the name of the finding."""
    return Message(text, tuple(values.items()))


Reason = tuple[str, Message]
"""Why something does not count: the name that a complaint of it bears, and the sentence."""


def say_day(day: date) -> Message:
    """A day inside a sentence: ``2026-09-07``, in Chinese ``2026年9月7日`` (GB/T 9704)."""
    return say("{year}-{month:0>2}-{day:0>2}", year=day.year, month=day.month, day=day.day)


def say_names(names: Sequence[str | Message]) -> str | Message:
    """Names inside a sentence: ``A, B``, in Chinese ``A、B``; ``-`` for none."""
    if len(names) > 1:
        return say("{name}, {others}", name=names[0], others=say_names(names[1:]))
    return names[0] if names else "-"


def say_size(size: int) -> Message:
    """A number of bytes inside a sentence, as people name the size of a file."""
    if size >= 1_000_000:
        return say("{count} MB", count=size // 1_000_000)
    return say("{count} KB", count=size // 1_000)


@dataclass(frozen=True, order=True)
class Location:
    """Where: a path inside the archive, a line and a column from 1 (0: the whole file)."""

    path: str
    line: int = 0
    column: int = 0

    @property
    def at_line(self) -> str:
        """``path:line``; the path alone of a whole file."""
        return f"{self.path}:{self.line}" if self.line else self.path


def _part_name(given: "Complaint | Finding") -> None:
    """Part a name from the values that it is given with."""
    name, values, about = given.name.partition(" ")
    if values:
        object.__setattr__(given, "name", name)
        object.__setattr__(given, "about", about.format_map(dict(given.message.values)))


@dataclass(frozen=True)
class Complaint:
    """What a rule says is wrong; it names no clause, because the engine stamps that."""

    name: str
    """Kebab-case, the fault in two to four words; one in its clause, and the same for ever. Given
    with those values of the message behind it that tell two of one name at one path apart, and do
    not move by themselves: ``"picture-missing {file}"``. They become `about`."""
    effect: Effect
    message: Message
    location: Location
    remedy: Message | None = None
    owes: str = ""
    """Account or person a period duty falls on: one of an account holds no post of another."""
    due: datetime | None = None
    """When a duty falls or fell due; a NOTE with a due time is a duty still to come."""
    waivable: str = ""
    """The words found, when a signed waiver may excuse them; of a duty over time, which fault of
    the past it is, when it can be rectified; empty: nothing excuses it."""
    cause: str = ""
    """As of `Finding`."""
    about: str = ""

    def __post_init__(self) -> None:
        _part_name(self)


@dataclass(frozen=True)
class Finding:
    """One complaint of one clause."""

    clause: ClauseId
    name: str
    effect: Effect
    message: Message
    location: Location
    remedy: Message | None = None
    owes: str = ""
    due: datetime | None = None
    waivable: str = ""
    cause: str = ""
    """What this follows from: the path of another finding, or the commit that broke main (12 hex
    digits). A text counts it there; without a finding there, it is printed by itself.
    """
    about: str = ""
    """What tells it apart from another of its name at its path, such as a key, a file or a day;
    empty where there is one."""

    def __post_init__(self) -> None:
        _part_name(self)

    @property
    def mark(self) -> tuple[str, str, str, str]:
        """What stays the same of it when lines move and numbers change."""
        return self.clause, self.name, self.about or self.waivable or self.owes, self.location.path
