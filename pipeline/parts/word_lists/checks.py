"""Checks across the entries of word lists, and of each against its own examples."""

from collections.abc import Iterable, Iterator

from pipeline.detect.terms import term_problems
from pipeline.detect.words import lexicon_problems
from pipeline.model.findings import Complaint, Finding
from pipeline.model.ids import ClauseId
from pipeline.model.registers import Registers


def term_faults(registers: Registers, clause: ClauseId) -> Iterator[Finding]:
    """Terms that contradict one another."""
    yield from _findings(term_problems(registers.listed("terms")), clause)


def lexicon_faults(registers: Registers, clause: ClauseId) -> Iterator[Finding]:
    """Entries of the lexicons that contradict one another."""
    yield from _findings(lexicon_problems(registers.listed("lexicons")), clause)


def _findings(complaints: Iterable[Complaint], clause: ClauseId) -> Iterator[Finding]:
    return (Finding(clause, **vars(c)) for c in complaints)
