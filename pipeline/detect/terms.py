"""Near-misses of protected terms: one sign changed, left out or put in (Article 15(2)).

A term with one wrong sign still holds one of its two halves unharmed, so the halves of all terms
are looked for in one pass (Aho and Corasick 1975) and only what stands around them is compared:
a text without halves costs that pass alone. Signs are compared in the one form of `folding`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from pipeline.detect.folding import Folded, Spans, fold
from pipeline.model.findings import Complaint, Effect, say
from pipeline.model.memoize import Once
from pipeline.model.records import Fact
from pipeline.model.regex import regex

SHORTEST = 4
"""Signs of the shortest term: with three, every second word would be a neighbour."""


@dataclass(frozen=True)
class NearMiss:
    """Words one sign off a term: offsets into the original text."""

    start: int
    end: int
    words: str
    entry: Fact


@dataclass(frozen=True)
class _Term:
    entry: Fact
    text: str
    near: tuple[str, ...]
    stems: frozenset[str]
    """Neighbours that are the term's own beginning or end, and words by themselves."""


@dataclass(frozen=True)
class _Half:
    term: _Term
    first: bool
    at: int
    """Offset of the half in its term."""
    rest: str
    """The other half, read away from this one."""
    before: str
    """The sign of this half beside it."""

    @classmethod
    def of(cls, term: _Term, first: bool) -> "_Half":
        text, middle = term.text, len(term.text) // 2
        if first:
            return cls(term, True, 0, text[middle:], text[middle - 1 :][:1])
        return cls(term, False, middle, text[:middle][::-1], text[middle:][:1])


@dataclass(frozen=True)
class Terms:
    """All protected terms, ready to be compared."""

    whole: frozenset[int]
    """Patterns that are whole terms or legitimate neighbours."""
    halves: Sequence[Sequence[_Half]]
    machine: AhoCorasick

    def find(self, text: str) -> tuple[NearMiss, ...]:
        """Every near-miss in order; of overlapping ones, that of the longest term."""
        folded = fold(text)
        matches = self.machine.find_matches_as_indexes(folded.text, overlapping=True)
        near = [
            (window, half.term)
            for pattern, start, _ in matches
            for half in self.halves[pattern]
            if (window := _miss(half, start, folded.text))
        ]
        if not near:
            return ()
        right = Spans((s, e, None) for pattern, s, e in matches if pattern in self.whole)
        misses: dict[tuple[int, int], _Term] = {}
        for window, term in near:
            if not any(right.covering(*window[2:])):
                longest = misses.setdefault(window[:2], term)
                if len(term.text) > len(longest.text):
                    misses[window[:2]] = term
        return tuple(_without_overlaps(folded, text, misses))


def _without_overlaps(
    folded: Folded, text: str, misses: dict[tuple[int, int], _Term]
) -> Iterator[NearMiss]:
    """Misses by place, without what a longer term's miss overlaps."""
    spans = Spans((start, end, len(term.text)) for (start, end), term in misses.items())
    for start, end, length in spans.all:
        if not any((-length, start) > (-n, s) for s, _, n in spans.touching(start, end)):
            first, last = folded.span(start, end)
            yield NearMiss(first, last, text[first:last], misses[start, end].entry)


def _miss(half: _Half, start: int, text: str) -> tuple[int, int, int, int] | None:
    """(start, end) of the words, (start, end) of the wrong sign; None without one."""
    term, rest = half.term.text, half.rest
    if half.first:
        behind = start + len(term) - len(rest)
        beside = text[behind : behind + len(rest) + 1]
    else:
        beside = text[max(0, start - len(rest) - 1) : start][::-1]
    edit = _edit(rest, beside)
    if edit is None or _stands_alone(half, rest, beside, half.before, edit):
        return None
    at, used = edit
    if half.first:
        return start, behind + used, behind + at, behind + at + 1
    wrong = max(start - at - 1, 0)
    return start - used, start + len(term) - half.at, wrong, wrong + 1


def _edit(rest: str, beside: str) -> tuple[int, int] | None:
    """(place of the one edit, signs of `beside` used) that turns it into `rest`, or None."""
    size = len(rest)
    if beside.startswith(rest):
        return None
    at = 0
    for one, other in zip(rest, beside, strict=False):
        if one != other:
            break
        at += 1
    letter = beside[at : at + 1].isalnum()
    if letter and beside[at + 1 : size + 1] == rest[at:]:
        return at, size + 1
    if letter and beside[at + 1 : size] == rest[at + 1 :]:
        return at, size
    if rest[at].isalnum() and beside[at : size - 1] == rest[at + 1 :]:
        return at, size - 1
    return None


def _stands_alone(half: _Half, rest: str, beside: str, before: str, edit: tuple[int, int]) -> bool:
    """Whether only the outermost sign differs and the stem without it is a word of its own.

    A sign written twice is a slip all the same.
    """
    at, used = edit
    term = half.term.text
    stem = term[:-1] if half.first else term[1:]
    doubled = used > len(rest) and beside[at] in (rest[at], rest[at - 1] if at else before)
    return at == len(rest) - 1 and not doubled and stem in half.term.stems


def _build(entries: Sequence[Fact]) -> Terms:
    whole: set[str] = set()
    halves: dict[str, list[_Half]] = {}
    for entry in entries:
        term = _term(entry)
        whole |= {term.text, *(n for n in term.near if n not in term.stems)}
        middle = len(term.text) // 2
        halves.setdefault(term.text[:middle], []).append(_Half.of(term, True))
        halves.setdefault(term.text[middle:], []).append(_Half.of(term, False))
    patterns = list(dict.fromkeys([*halves, *sorted(whole)]))
    return Terms(
        frozenset(i for i, p in enumerate(patterns) if p in whole),
        tuple(tuple(halves.get(p, ())) for p in patterns),
        AhoCorasick(patterns),
    )


def _term(entry: Fact) -> _Term:
    text = fold(entry["text"]).text
    near = tuple(fold(word).text for word in entry.get("near", ()))
    stems = frozenset(n for n in near if text.startswith(n) or text.endswith(n))
    return _Term(entry, text, near, stems)


_terms: Once[tuple[Fact, ...], Terms] = Once(_build)


def terms(entries: Iterable[Fact]) -> Terms:
    """The terms of a register's entries; the same tuple of entries gives the same terms."""
    return _terms(entries if isinstance(entries, tuple) else tuple(entries))


_WORDS = regex(r"\w(?:[\w\s、，·“”]*\w)?")


def term_problems(entries: Iterable[Fact]) -> tuple[Complaint, ...]:
    """Terms that are too short, and neighbours that are the term itself."""
    return tuple(problem for entry in entries for problem in _problems(entry))


def _problems(entry: Fact) -> Iterator[Complaint]:
    text = fold(entry["text"]).text
    if len(text) < SHORTEST or not _WORDS.fullmatch(text):
        message = say("The term {id} has fewer than {count} signs.", id=entry.id, count=SHORTEST)
        remedy = say("Protect the longer name it stands in; short words go into a lexicon.")
        yield Complaint(Effect.REFUSE, message, entry.at("text"), remedy)
    for index, near in enumerate(entry.get("near", ())):
        if not fold(near).text or fold(near).text == text:
            message = say("A neighbour of the term {id} is the term itself.", id=entry.id)
            remedy = say("List only other words that are one sign off and right.")
            yield Complaint(Effect.REFUSE, message, entry.at("near", index), remedy)
