"""What is told, by its name: the sentences of ``message_names.txt`` read as their name and the
values that they show (``record-unknown none inquiries``), so that no test holds their words; and
in its words, made of its name here, so that one line changes with them.
"""

import gettext
import html
import re
import string
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.model.findings import Message
from pipeline.report import language
from pipeline.report.language import Translate, translator


def _read(file: str) -> dict[str, str]:
    lines = (Path(__file__).parent / file).read_text("utf-8").splitlines()
    return {sentence: name for name, _, sentence in (line.partition("\t") for line in lines)}


NAMES = _read("message_names.txt")
"""Sentence → name, by which it is told in the language ``names``."""
WORDED = _read("sentence_names.txt")
"""Sentence → name of those that stand in their own words in every language, for `worded`."""
SENTENCES = {name: sentence for sentence, name in (NAMES | WORDED).items()}


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


def worded(name: str, lang: str = "en", /, **values: object) -> str:
    """The sentence of a name as a reader of a language sees it, with its values."""
    return translator(lang)(Message(SENTENCES[name], tuple(values.items())))


def shows(text: str, name: str, lang: str = "en", /, **values: object) -> bool:
    """Whether an output or a page holds the sentence of a name; values that are not given may be
    any. Line breaks and the marks of HTML count for nothing."""
    plain = html.unescape(re.sub(r"</?[a-z][^<>]*>", "", text))
    return re.search(like(name, lang, **values), " ".join(plain.split())) is not None


def like(name: str, lang: str = "en", /, **values: object) -> str:
    """The same as a pattern, for ``match``: the sentence with any values but those given."""
    sentence = language.catalogue(lang).gettext(SENTENCES[name])
    pieces = re.split(r"\{(\w+)[^}]*\}", " ".join(sentence.split()))
    assert values.keys() <= {*pieces[1::2]}, pieces[1::2]
    return "".join(re.escape(p) if n % 2 == 0 else _value(p, values) for n, p in enumerate(pieces))


def _value(name: str, values: Mapping[str, object]) -> str:
    return re.escape(str(values[name])) if name in values else ".+?"


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
