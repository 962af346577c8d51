"""The check code and the check phrase of a version of a post, from the digest of its manifest.

That digest stands on the page and in what was signed, so anyone can make both again: the code are
seven signs for its first 35 bits and one that tells a slip, the phrase is a word for each of the
bytes 5 to 8. ``authenticity_codes.js`` is their twin.
"""

from pathlib import Path
from typing import NamedTuple

from pipeline.model.ids import Digest

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U (Crockford's base 32)."""
WORDS = Path(__file__).with_name("words.txt").read_text("utf-8").split()
"""256 everyday words of two signs, none of which makes an unlucky phrase with another."""


class CheckCode(NamedTuple):
    """What a print carries."""

    code: str
    """``XXXX-XXXX``."""
    phrase: tuple[str, str, str, str]


def check_code_of(digest: Digest) -> CheckCode:
    """`digest`: sha256 (hex) of the manifest, as the page of the version shows it."""
    raw = bytes.fromhex(digest)
    number = int.from_bytes(raw[:5]) >> 5
    values = [number >> 5 * (6 - nth) & 31 for nth in range(7)]
    values.append(sum(value * (2 * nth + 1) for nth, value in enumerate(values)) % 32)
    signs = "".join(ALPHABET[value] for value in values)
    first, second, third, fourth = (WORDS[byte] for byte in raw[5:9])
    return CheckCode(f"{signs[:4]}-{signs[4:]}", (first, second, third, fourth))
