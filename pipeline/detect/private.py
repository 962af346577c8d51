"""Mask what looks like a private number before anything is printed (threats A36)."""

import re

_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"[1-8]\d{5}(?:19|20)\d{9}[\dXx]"  # identity number, GB 11643
    r"|[1-8]\d{14}"  # identity number of the old kind
    r"|(?:\+?86)?1[3-9]\d{9}"  # mobile
    r"|\d{16,19}"  # bank card, ISO/IEC 7812
    r")(?![0-9A-Za-z])"
)


def mask(text: str) -> str:
    """The text with private numbers reduced to three digits, stars and two digits."""
    return _NUMBERS.sub(lambda m: f"{m[0][:3]}{'*' * (len(m[0]) - 5)}{m[0][-2:]}", text)
