"""Words of the register ``lexicons`` in a text (Articles 10, 13, 15 and 16).

The entries are the bureau's own (content/registers/lexicons.yml). All words of all entries are
looked for in one pass (Aho and Corasick 1975); of overlapping words the longest counts, and a
word inside one of its entry's exceptions does not.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick

from pipeline.detect.folding import fold
from pipeline.detect.quoting import context
from pipeline.detect.span_index import Spans
from pipeline.model.findings import Complaint, Effect, say
from pipeline.model.memoize import Once
from pipeline.model.records import Fact
from pipeline.model.regex import regex

REMEMBERED = 256
"""Texts whose hits a lexicon remembers: the clauses of one post ask for the same ones."""
_SPEAKING = regex(r"\w.*\w", re.DOTALL)


@dataclass(frozen=True)
class Hit:
    """Words found: offsets into the original text, and the words as they stand there."""

    start: int
    end: int
    words: str
    entry: Fact
    context: str
    """``quoted`` or ``forbidden`` where the text only speaks of them; empty where it says them."""


@dataclass(frozen=True)
class _Pattern:
    entry: Fact
    exception: bool


@dataclass(frozen=True)
class Lexicon:
    """All words and exceptions, ready to be looked for."""

    patterns: Sequence[Sequence[_Pattern]]
    machine: AhoCorasick
    memory: dict[str, tuple[Hit, ...]] = field(default_factory=dict, repr=False, compare=False)

    def find(self, text: str) -> tuple[Hit, ...]:
        """Every hit in order of its place."""
        known = self.memory.get(text)
        if known is None:
            if len(self.memory) >= REMEMBERED:
                self.memory.clear()
            known = self.memory[text] = tuple(self._found(text))
        return known

    def _found(self, text: str) -> Iterator[Hit]:
        folded = fold(text)
        matches = self.machine.find_matches_as_indexes(folded.text, overlapping=True)
        if not matches:
            return
        words: list[tuple[int, int, Fact]] = []
        excepted: list[tuple[int, int, Fact]] = []
        for pattern, start, end in matches:
            for p in self.patterns[pattern]:
                (excepted if p.exception else words).append((start, end, p.entry))
        exceptions = Spans(excepted)
        allowed = Spans(w for w in words if not _excepted(w, exceptions))
        for word in allowed.all:
            if not _hidden(word, allowed):
                start, end, entry = word
                first, last = folded.span(start, end)
                spoken = context(folded.text, start, end)
                yield Hit(first, last, text[first:last], entry, spoken)


def _excepted(word: tuple[int, int, Fact], exceptions: Spans[Fact]) -> bool:
    return any(entry is word[2] for _, _, entry in exceptions.covering(*word[:2]))


def _hidden(word: tuple[int, int, Fact], others: Spans[Fact]) -> bool:
    """Whether a longer word covers this one, or one of its own entry began before and overlaps."""
    start, end, entry = word
    return any(
        (first <= start and end <= last and last - first > end - start)
        or (other is entry and first < start)
        for first, last, other in others.touching(start, end)
    )


def _build(entries: Sequence[Fact]) -> Lexicon:
    patterns: dict[str, list[_Pattern]] = {}
    for entry in entries:
        for exception, key in ((False, "words"), (True, "exceptions")):
            for word in entry.get(key, ()):
                plain = fold(word).text
                if plain:
                    patterns.setdefault(plain, []).append(_Pattern(entry, exception))
    return Lexicon(tuple(patterns.values()), AhoCorasick(list(patterns)))


_lexicon: Once[tuple[Fact, ...], Lexicon] = Once(_build)


def lexicon(entries: Iterable[Fact]) -> Lexicon:
    """The lexicon of a register's entries; the same tuple of entries gives the same lexicon."""
    return _lexicon(entries if isinstance(entries, tuple) else tuple(entries))


def lexicon_problems(entries: Iterable[Fact]) -> tuple[Complaint, ...]:
    """Entries that find nothing, find everything, or except all that they find."""
    return tuple(problem for entry in entries for problem in _problems(entry))


def _problems(entry: Fact) -> Iterator[Complaint]:
    words = [fold(word).text for word in entry.get("words", ())]
    remedy = say("Give whole words of two signs or more, as they stand in a text.")
    if not words:
        message = say("The entry {id} of the lexicon holds no word.", id=entry.id)
        yield Complaint(Effect.REFUSE, message, entry.at(), remedy)
    for index, word in enumerate(words):
        if not _SPEAKING.fullmatch(word):
            message = say("A word of the entry {id} would match nearly every text.", id=entry.id)
            yield Complaint(Effect.REFUSE, message, entry.at("words", index), remedy)
    for index, exception in enumerate(entry.get("exceptions", ())):
        plain = fold(exception).text
        if plain in words or not any(word in plain for word in words):
            message = say("An exception of the entry {id} excepts no use of it.", id=entry.id)
            remedy = say("An exception is longer than one of the entry's words and contains it.")
            yield Complaint(Effect.REFUSE, message, entry.at("exceptions", index), remedy)
