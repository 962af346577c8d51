"""Sentences in the reader's language: Chinese first, English on request (gettext catalogues)."""

import gettext
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.model import calendar, run, zh_names
from pipeline.model.findings import Message
from pipeline.model.part import program
from pipeline.prepared import Prepared

if TYPE_CHECKING:  # the list of verbs is printed without any register
    from pipeline.model.registers import Registers

DEFAULT = "zh_CN"
LANGUAGES = ("zh", "en")
LOCALE = Path(__file__).parents[1] / "locale"
"""Not by importlib.resources, which takes as long to import as the whole catalogue to read."""
LONGEST_VALUE = 2000
"""Signs of one value in a sentence: all parameters of the policy fit, a draft cannot fill a log."""
Translate = Callable[[Message], str]


_READ = Prepared("sentences", __file__)


class _Catalogue(gettext.GNUTranslations):
    """As the library reads one, or read it before: that takes longer than all it is asked."""

    def _parse(self, fp: Any) -> None:
        raw, read = fp.read(), gettext.GNUTranslations
        self._catalog = _READ.of(DEFAULT, raw, lambda: vars(read(BytesIO(raw)))["_catalog"])
        self.plural = int


def catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of ``zh`` or ``en``; the English text is its own id."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("sanshen", LOCALE, [DEFAULT], _Catalogue)


def translator(language: str) -> Translate:
    """A function that makes a safe line of a Message: translated, filled, masked, no controls."""
    lookup = catalogue(language).gettext
    chinese = language != "en"

    def translate(message: Message) -> str:
        if not message.values:
            return lookup(message.text)
        values = {name: _shown(value, translate) for name, value in message.values}
        if not chinese or zh_names.TRANSLATED.isdisjoint(values):
            return lookup(message.text).format_map(values)
        labelled = {
            name: value
            if isinstance(value, _Value)
            else _Value(value, zh_names.in_chinese(name, value))
            for name, value in values.items()
        }
        return zh_names.naming(lookup(message.text)).format_map(labelled)

    return translate


def calling(tr: Translate, names: Mapping[str, str], *, keys: bool = True) -> Translate:
    """`tr` that calls people, accounts and departments of a register by their names.

    `names`: id → name. An id that is to be typed stays one, and so does each in English. `keys`:
    whether the reader may type keys of files, so that they stand behind what they are called.
    """

    def called(message: Message) -> Message:
        return Message(message.text, tuple((n, filled(n, v)) for n, v in message.values))

    def filled(name: str, value: object) -> object:
        if isinstance(value, str) and name in zh_names.REGISTERED and value in names:
            return _Value(value, names[value])
        if isinstance(value, str) and name in zh_names.KEYS and not keys:
            return _Value(value, zh_names.called_fields(value))
        return called(value) if isinstance(value, Message) else value

    if keys:
        return lambda message: tr(called(message))
    return lambda message: _BEHIND.sub("", tr(called(message)))


_BEHIND = re.compile(r"（`[^`]*`）")
"""What a file holds for a word, behind the word."""


class _Value(str):
    """A value that a sentence takes as it is, or as ``{role:zh}`` by its Chinese name."""

    def __new__(cls, value: str, name: str) -> "_Value":
        made = super().__new__(cls, value)
        made.name = name
        return made

    name: str

    def __format__(self, form: str) -> str:
        return self.name if form == "zh" else super().__format__(form)


def _shown(value: object, translate: Translate) -> str:
    """A value for people: nested messages translated, times local, the rest harmless."""
    if isinstance(value, Message):
        return translate(value)
    if isinstance(value, _Value):
        return _Value(harmless(value), harmless(value.name))
    if isinstance(value, datetime):
        return calendar.minute(value)
    return harmless(str(value))


@run.per_run(4096)  # an audit of years says the same names and places again and again
def harmless(text: str) -> str:
    """As `whole`, on no more than `LONGEST_VALUE` signs; what is cut ends in an ellipsis."""
    shown = whole(text)
    return shown if len(shown) <= LONGEST_VALUE else f"{shown[:LONGEST_VALUE]}…"


_UNSEEN = "\u200b"
"""A sign without width."""


def whole(text: str) -> str:
    """Text of a draft that may be printed: private numbers masked, controls made visible (A33)."""
    text = program().masked(text)
    if text.isprintable():
        return text
    # What is shown for a control would hide a number beside it, or around it, from `mask`.
    plain = program().masked("".join(c if c.isprintable() else _UNSEEN for c in text))
    signs = zip(plain, text, strict=True)
    return "".join(f"\\u{ord(old):04x}" if new == _UNSEEN else new for new, old in signs)


_SHANGHAI_TIME = re.compile(r"^([\d-]{10})T(\d\d:\d\d)(?::00)?\+08:00$")
"""A time as a record's file holds it, but for one with seconds, which is shown whole."""


def record_line(registers: "Registers", value: Any, titles: Mapping[str, str] = {}) -> str:
    """A value of a record as one line that may be printed; ids and choices by their names, posts by
    their titles where these are given."""
    if isinstance(value, Mapping):
        return " · ".join(record_line(registers, part, titles) for part in value.values())
    if isinstance(value, datetime):
        return calendar.minute(value)
    words = _SHANGHAI_TIME.sub(r"\1 \2", str(value))
    return zh_names.choice_word(words) or whole(titles.get(words) or registers.name_of(words))
