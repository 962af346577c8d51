"""What is told, by its name: the sentences of ``message_names.txt`` read as their name and the
values that they show (``record-unknown none inquiries``), so that no test holds their words.
"""

import gettext
import string
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.model.findings import Message
from pipeline.report import language
from pipeline.report.language import Translate, translator

NAMES = {
    sentence: name
    for name, _, sentence in (
        line.partition("\t")
        for line in Path(__file__).with_suffix("").with_name("message_names.txt").read_text(
            "utf-8"
        ).splitlines()
    )
}  # fmt: skip
"""Sentence → name."""


class _Names(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        """The name of a sentence with the values behind it; a sentence without one, as it is."""
        if message not in NAMES:
            return message
        fields = [field for _, field, _, _ in string.Formatter().parse(message) if field]
        return " ".join([NAMES[message], *(f"{{{field}}}" for field in fields)])


@contextmanager
def telling_names() -> Iterator[None]:
    """Meanwhile English names what it tells."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "catalogue", lambda _: _Names())
        yield


def speaking(lang: str) -> Translate:
    """The translator of a language; of ``names``, one into names."""
    if lang != "names":
        return translator(lang)
    with telling_names():
        return translator("en")


def named(message: Message) -> str:
    """A message by its name."""
    return speaking("names")(message)


def fault_named(error: object) -> str:
    """A fault by the name of its finding, or that of its message, with the values it shows."""
    assert isinstance(error, Fault), error
    if not error.name:
        return named(error.message)
    return " ".join([error.name, *(str(value) for _, value in error.message.values)])


@contextmanager
def refuses(like: str, kind: type[Fault] = Fault) -> Iterator[pytest.ExceptionInfo[Fault]]:
    """A fault is raised that is called so, or whose values begin so."""
    with pytest.raises(kind) as caught:
        yield caught
    assert f"{fault_named(caught.value)} ".startswith(f"{like} "), fault_named(caught.value)
