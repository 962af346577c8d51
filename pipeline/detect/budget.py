"""How much looking into the files of one post may cost, however they are made (threats A35)."""

from dataclasses import dataclass

LIMIT = 30_000_000
"""Bytes that the parts of all files of a post may unpack to; more is left unread."""


@dataclass
class Budget:
    """What is left of the work that the files of one post may cost together (threats A35)."""

    unpacked: int = LIMIT
    """Bytes."""
    parts: int = 20_000
    """Parts of documents, and streams of PDFs."""
    words: int = 400_000
    """Characters of documents and tables."""
    names: int = 2_000_000
    """Slashes in PDFs: each may begin a name that is looked for."""
    pixels: int = 60_000_000
    """Of pictures that are decoded; one of the largest allowed always is."""

    def take(self, text: str) -> str:
        """As much of a text as is looked at; `words` is negative when that is not all."""
        left, self.words = max(self.words, 0), self.words - len(text)
        return text[:left]
