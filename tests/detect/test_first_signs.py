"""What is searched for in every text begins with plain signs, so that a search passes over it."""

from collections.abc import Iterator

import pytest

from pipeline.detect import private, private_names, private_numbers

PATTERNS = [
    form.pattern
    for form in (
        private_names._WORDS["harm"],
        private_numbers._CALLED,
        private._WORDS["lives"],
        private._WORDS["dwells"],
        private._WORDS["built"],
        private._WORDS["document"],
    )
]


def ways(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern outside brackets."""
    depth = start = at = 0
    while at < len(pattern):
        sign = pattern[at]
        if sign == "[":
            at = pattern.index("]", at + 2)
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            yield pattern[start:at]
            start = at + 1
        at += 1 + (sign == "\\")
    yield pattern[start:]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p[:4])
def test_no_way_begins_with_a_class_a_group_or_an_option(pattern: str) -> None:
    slow = [w for w in ways(pattern) if w[0] in "[(.\\^" or w[1:2] in ("?", "*")]
    assert not slow
