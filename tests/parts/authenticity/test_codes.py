"""The check code and phrase: from the digest alone, and a slip shows."""

import hashlib
import random
from itertools import pairwise

import pytest

from pipeline.parts.authenticity.codes import ALPHABET, WORDS, check_code_of

DIGESTS = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(2000)]


def valid(code: str) -> bool:
    """A second reading, from the description alone."""
    values = [ALPHABET.index(sign) for sign in code.replace("-", "")]
    return sum(v * (2 * place + 1) for place, v in enumerate(values[:7])) % 32 == values[7]


def test_words_are_256_different_ones_of_two_signs() -> None:
    assert len(WORDS) == len(set(WORDS)) == 256
    assert {len(word) for word in WORDS} == {2}
    assert not {"I", "L", "O", "U"} & set(ALPHABET) and len(ALPHABET) == 32


def test_the_code_is_that_of_the_digest() -> None:
    digest = "00" * 4 + "20" + "00010203" + "f" * 46
    made = check_code_of(digest)
    assert made.code == "0000-001D"  # value 1 in the seventh place, 13 times one
    assert made.phrase == tuple(WORDS[:4])


def test_codes_of_many_versions_differ_and_are_valid() -> None:
    codes = [check_code_of(digest).code for digest in DIGESTS]
    assert len(set(codes)) == len(codes)
    assert all(map(valid, codes))


@pytest.mark.parametrize("seed", range(5))
def test_one_wrong_sign_always_shows(seed: int) -> None:
    code = check_code_of(random.Random(seed).choice(DIGESTS)).code.replace("-", "")
    wrong = [code[:n] + sign + code[n + 1 :] for n in range(8) for sign in ALPHABET]
    assert [other for other in wrong if valid(other)] == [code] * 8


def test_most_turned_neighbours_show() -> None:
    turned = kept = 0
    for digest in DIGESTS[:200]:
        code = check_code_of(digest).code.replace("-", "")
        for at, (a, b) in enumerate(pairwise(code)):
            if a != b:
                turned += 1
                kept += valid(code[:at] + b + a + code[at + 2 :])
    assert kept / turned < 0.07
