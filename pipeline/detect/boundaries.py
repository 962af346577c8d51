"""Where words of Chinese begin and end: asked only about what another search has matched.

jieba's dictionary takes a fifth of a second to load (in Rust; three seconds in Python). It is
loaded with the first question, so a text without matches never waits for it.
"""

from collections.abc import Iterator
from functools import lru_cache

from pipeline.detect.folding import CJK
from pipeline.model.lazy import regex

AROUND = 8
"""Signs on either side that decide where a word ends."""
LONGEST = 3
"""Signs of the longest stretch that chance joins out of parts of other words."""
_FOREIGN = regex(f"[^{CJK}]")


@lru_cache(maxsize=256)
def _cut(text: str) -> tuple[str, ...]:
    from rjieba import cut  # loads the dictionary

    return tuple(cut(text, False))


def words_of(text: str) -> tuple[str, ...]:
    """The words and signs of a text, in order."""
    return _cut(text)


def words_around(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Words of two signs or more that share a sign with the stretch: offsets into the text."""
    before = _FOREIGN.split(text[max(0, start - AROUND) : start])[-1]
    behind = _FOREIGN.split(text[end : end + AROUND])[0]
    at = start - len(before)
    for word in _cut(before + text[start:end] + behind):
        if len(word) > 1 and at < end and at + len(word) > start:
            yield at, at + len(word)
        at += len(word)


def is_cut(text: str, start: int, end: int) -> bool:
    """Whether a short stretch, or its first or last sign alone, is part of a longer word."""
    return end - start <= LONGEST and any(
        (s < start and e in (start + 1, end)) or (e > end and s in (start, end - 1))
        for s, e in words_around(text, start, end)
    )


def is_other_word(text: str, start: int, end: int) -> bool:
    """Whether what looks like a name is another word, or shares a sign with one beyond it."""
    words = list(words_around(text, start, end))
    if (start, end) in words:
        from rjieba import tag

        return not any(kind.startswith("nr") for _, kind in tag(text[start:end], False))
    return any(s < start or e > end for s, e in words)
