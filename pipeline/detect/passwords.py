"""How good a password is, in two figures; the password itself goes no further (Article 14(1))."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Strength:
    """What may be known of a password."""

    classes: int
    """Kinds of characters it holds: digits, letters, symbols (0 to 3)."""
    long_enough: bool


def strength(password: str, least: int) -> Strength:
    """Measure a password against a least length in characters."""
    digits = any(c.isdigit() for c in password)
    letters = any(c.isalpha() for c in password)
    symbols = any(not c.isalnum() and not c.isspace() for c in password)
    return Strength(digits + letters + symbols, len(password) >= least)
