"""Whether the entries of word lists find what their own examples say."""

from collections.abc import Callable, Collection, Iterable, Iterator

from pipeline.detect.public_numbers import wrong_numbers
from pipeline.detect.terms import terms
from pipeline.detect.words import lexicon
from pipeline.model.archive import Archive, Change, Mode
from pipeline.model.findings import Complaint, say
from pipeline.model.law import ChangeCheck, NothingEntered, left_by, refuse
from pipeline.model.records import Fact
from pipeline.model.registers import PUBLIC_NUMBERS, Registers
from pipeline.model.run import PerRun

Failed = Callable[[Registers], Iterable[Complaint]]
"""Gives the entries of one list, the program's among them, that fail their own examples."""
_List = tuple[Fact, ...]
_Finds = Callable[[str], Collection[str]]
"""A text → ids of the entries that are found in it."""


def failed_terms(registers: Registers) -> Iterable[Complaint]:
    return _of_terms(registers.listed("terms"))


def failed_words(registers: Registers) -> Iterable[Complaint]:
    return _of_words(registers.listed("lexicons"))


def failed_numbers(registers: Registers) -> Iterable[Complaint]:
    return _of_numbers(registers.listed(PUBLIC_NUMBERS))


def examples_hold(failed: Failed) -> ChangeCheck:
    """A proposal leaves no entry of a list that fails its own examples."""

    def check(change: Change, archive: Archive) -> Iterator[Complaint]:
        if archive.mode is not Mode.CHANGE:
            raise NothingEntered
        yield from failed(left_by(change))

    return check


def _failed(entries: _List, finds: _Finds) -> Iterator[Complaint]:
    remedy = say("Correct the entry, or the example if it is wrong.")
    for entry in entries:
        for key, texts in entry.get("specs", {}).items():
            for index, text in enumerate(texts):
                if (entry.id in finds(text)) != (key == "hit"):
                    message = say(
                        "The entry {id} fails its own example: {words}", id=entry.id, words=text
                    )
                    where = entry.at("specs", key, index)
                    yield refuse("entry-example-fails {id} {words}", where, message, remedy)


def _once_for(finder: Callable[[_List], _Finds]) -> PerRun[_List, tuple[Complaint, ...]]:
    """What fails in a list, asked once for each list."""
    return PerRun(lambda entries: tuple(_failed(entries, finder(entries))))


def _terms_in(names: _List) -> _Finds:
    find = terms(names).find
    return lambda text: {miss.entry.id for miss in find(text)}


def _words_in(words: _List) -> _Finds:
    find = lexicon(words).find
    return lambda text: {hit.entry.id for hit in find(text)}


def _numbers_in(numbers: _List) -> _Finds:
    return lambda text: {wrong.purpose.id for wrong in wrong_numbers(text, numbers)}


_of_terms, _of_words, _of_numbers = map(_once_for, (_terms_in, _words_in, _numbers_in))
