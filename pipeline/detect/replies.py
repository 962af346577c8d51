"""What the public writes and how it is answered (Article 12): reports, and answers that brush off.

Patterns are of causes, not lists of words: who is complained of or what is dangerous; who is sent
away, and how. A question about reporting is no report, and an answer that says who is responsible
and how to reach them sends no one away.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.detect.classes import classes
from pipeline.detect.folding import fold
from pipeline.detect.words import context
from pipeline.model.lazy import regex

_WORDS = classes("replies")

# Reports of a hazard or of a breach, and petitions, in the summary of an inquiry (Article 12 (2)).

_CLAUSE = regex(r"[^。；;！!？?\n]+[？?]?")


def reported(summary: str) -> str:
    """The words with which a summary reports a hazard, a breach or a grievance; empty: it asks."""
    for clause in _CLAUSE.finditer(fold(summary).text):
        accused = _WORDS["accuses"].search(clause[0])
        if accused and not _WORDS["asks"].search(clause[0], 0, accused.start()):
            return accused[0]
        danger = _WORDS["tells"].search(clause[0])
        if danger and not _WORDS["cleared"].search(danger[0][:-2]):
            part = clause[0].find("，", danger.end())
            if not _WORDS["asks"].search(clause[0], 0, part if part > 0 else len(clause[0])):
                return danger[0]
    return ""


# Answers that brush a person off.


@dataclass(frozen=True)
class BrushOff:
    """Words that send a person away, with their offsets."""

    start: int
    end: int
    certain: bool
    """False: it may be right, but says neither who is responsible nor how to reach them."""


def brush_offs(text: str) -> Iterator[BrushOff]:
    """Words of an answer that brush off; what it only quotes is left out."""
    folded = fold(text)
    hits = [(hit, True) for hit in _WORDS["curt"].finditer(folded.text)]
    if not _WORDS["points"].search(folded.text):
        hits += [(hit, False) for hit in _WORDS["sent away"].finditer(folded.text)]
    for hit, certain in hits:
        quoted = folded.text[max(0, hit.start() - 1) : hit.start()] in ("“", "「", "『")
        if not quoted and not context(folded.text, hit.start(), hit.end()):
            yield BrushOff(*folded.span(hit.start(), hit.end()), certain)
