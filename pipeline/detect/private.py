"""Private data in a text, after every way of writing it is brought to one (Article 13(3)).

The kinds and what each needs around it follow GB 11643, GB 32100, ISO/IEC 7812 and GB/T 35273
annex A. What is found is a place, never a value: `shown` is all that may be printed of it.
"""

from dataclasses import dataclass

from pipeline.detect.folding import fold
from pipeline.detect.private_numbers import private_numbers
from pipeline.detect.private_words import private_words
from pipeline.model.regex import regex

_NUMBERS = regex(
    r"(?<![0-9A-Za-z])(?:"
    r"[1-8]\d{5}(?:19|20)\d{9}[\dXx]"  # identity number, GB 11643
    r"|[1-8]\d{14}"  # identity number of the old kind
    r"|(?:\+?86)?1[3-9]\d{9}"  # mobile
    r"|\d{16,19}"  # bank card, ISO/IEC 7812
    r")(?![0-9A-Za-z])"
)
_MARKER = regex(r"[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793](?=[0-9])")
"""The mark of a list, such as ①, right before a number: no digit of it."""
NUMERIC = ("identity", "identity-old", "mobile", "bank-card", "passport")
"""Kinds of which the first three and the last two signs may be shown."""


@dataclass(frozen=True)
class Found:
    """One piece of private data: a place in the text that was given."""

    kind: str
    """identity, identity-old, mobile, landline, bank-card, passport, permit, plate, email,
    messenger, address, name, birth, minor, weak-mask."""
    start: int
    end: int
    certain: bool
    """Nothing else looks like this; otherwise a person has to look."""


def private_data(text: str) -> tuple[Found, ...]:
    """All private data of a text in order; offsets into the text as given.

    Full-width and other digits, signs without width, Chinese numerals and separators hide
    nothing. Masked values (``138****0000``), unified social credit codes and hotlines are none.
    """
    folded = fold(text)
    if not isinstance(folded.origin, range):  # of a text without odd signs it is one
        folded = fold(_MARKER.sub(" ", text))
    named = (*private_numbers(folded.text), *private_words(folded.text))
    found = {Found(kind, *folded.span(start, end), sure) for kind, start, end, sure in named}
    return tuple(sorted(found, key=lambda f: (f.start, f.end, f.kind)))


def shown(found: Found, text: str) -> str:
    """What may be printed: three signs and two of a number, the first sign of anything else."""
    value = "".join(fold(text[found.start : found.end]).text.upper().split())
    if found.kind in NUMERIC and len(value) > 10:
        return _masked(value)
    return f"{value[:1]}**"


def mask(text: str) -> str:
    """The text with private numbers reduced to three digits, stars and two digits (A36)."""
    plain = _NUMBERS.sub(lambda m: _masked(m[0]), text)
    for found in reversed(private_data(plain)):
        if found.kind in NUMERIC and found.end - found.start > 7:
            value = _masked(plain[found.start : found.end])
            plain = plain[: found.start] + value + plain[found.end :]
    return plain


def _masked(value: str) -> str:
    return f"{value[:3]}{'*' * (len(value) - 5)}{value[-2:]}"
