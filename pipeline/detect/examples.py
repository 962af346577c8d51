"""Whether the entries of word lists find what their own examples say."""

from collections.abc import Callable, Collection, Iterator

from pipeline.detect.public_numbers import wrong_numbers
from pipeline.detect.terms import terms
from pipeline.detect.words import lexicon
from pipeline.model.findings import Effect, Finding, say
from pipeline.model.records import Fact
from pipeline.model.registers import PUBLIC_NUMBERS, Registers


def failed_examples(registers: Registers) -> Iterator[Finding]:
    """Entries of word lists, the program's among them, that fail their own examples."""
    names, words, numbers = map(registers.listed, ("terms", "lexicons", PUBLIC_NUMBERS))
    find_name, find_word = terms(names).find, lexicon(words).find
    for entries, clause, finds in (
        (names, "R15-2", lambda text: {miss.entry.id for miss in find_name(text)}),
        (words, "R13-2", lambda text: {hit.entry.id for hit in find_word(text)}),
        (numbers, "R10-1", lambda text: {w.purpose.id for w in wrong_numbers(text, numbers)}),
    ):
        for entry in entries:
            yield from _failed(entry, clause, finds)


def _failed(entry: Fact, clause: str, finds: Callable[[str], Collection[str]]) -> Iterator[Finding]:
    """`finds`: a text → ids of the entries that are found in it."""
    remedy = say("Correct the entry, or the example if it is wrong.")
    for key, texts in entry.get("specs", {}).items():
        for index, text in enumerate(texts):
            if (entry.id in finds(text)) != (key == "hit"):
                message = say("The entry {id} fails its own example: {words}",
                              id=entry.id, words=text)  # fmt: skip
                where = entry.at("specs", key, index)
                what = "entry-example-fails {id} {words}"
                yield Finding(clause, what, Effect.REFUSE, message, where, remedy)
