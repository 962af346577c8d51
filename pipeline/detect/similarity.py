"""How much two texts share: of a reprint and the snapshot of its source (Article 9, paragraph 2).

The longest common subsequence of their letters and digits, found with one bit a sign (Hyyrö
2004): two texts of 2,000 signs take about a millisecond, and unlike a search for blocks the answer
is exact and does not depend on the order of the two.
"""

import unicodedata

LONGEST = 60_000
"""Signs of a text beyond which only what begins and ends alike is counted."""


def plain(text: str) -> str:
    """Letters and digits only, width and case evened out: form is no difference."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def likeness(one: str, other: str) -> float:
    """Share of what two texts have in common, from 0 to 1; of two empty texts 1."""
    a, b = plain(one), plain(other)
    total = len(a) + len(b)
    if not total:
        return 1.0
    head = _same(a, b)
    a, b = a[head:], b[head:]
    tail = _same(a[::-1], b[::-1])
    a, b = a[: len(a) - tail], b[: len(b) - tail]
    middle = _common(a, b) if max(len(a), len(b)) <= LONGEST else 0
    return 2 * (head + tail + middle) / total


def _same(one: str, other: str) -> int:
    """Length of what two texts begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common(one: str, other: str) -> int:
    """Length of the longest common subsequence, one bit of an integer for each sign of `one`."""
    if not one or not other:
        return 0
    places: dict[str, int] = {}
    for offset, sign in enumerate(one):
        places[sign] = places.get(sign, 0) | 1 << offset
    every = (1 << len(one)) - 1
    row = every
    for sign in other:
        matched = row & places.get(sign, 0)
        row = ((row + matched) | (row - matched)) & every
    return len(one) - row.bit_count()
