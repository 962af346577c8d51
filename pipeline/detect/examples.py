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

Failed = Callable[[Registers], Iterator[Complaint]]
"""Gives the entries of one list, the program's among them, that fail their own examples."""


def failed_terms(registers: Registers) -> Iterator[Complaint]:
    names = registers.listed("terms")
    find = terms(names).find
    return _failed(names, lambda text: {miss.entry.id for miss in find(text)})


def failed_words(registers: Registers) -> Iterator[Complaint]:
    words = registers.listed("lexicons")
    find = lexicon(words).find
    return _failed(words, lambda text: {hit.entry.id for hit in find(text)})


def failed_numbers(registers: Registers) -> Iterator[Complaint]:
    numbers = registers.listed(PUBLIC_NUMBERS)
    return _failed(numbers, lambda text: {w.purpose.id for w in wrong_numbers(text, numbers)})


def examples_hold(failed: Failed) -> ChangeCheck:
    """A proposal leaves no entry of a list that fails its own examples."""

    def check(change: Change, archive: Archive) -> Iterator[Complaint]:
        if archive.mode is not Mode.CHANGE:
            raise NothingEntered
        yield from failed(left_by(change))

    return check


def _failed(
    entries: Iterable[Fact], finds: Callable[[str], Collection[str]]
) -> Iterator[Complaint]:
    """`finds`: a text → ids of the entries that are found in it."""
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
